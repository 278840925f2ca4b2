/* rehearse.c - which scripts are run in the mocked world, and when.
 *
 * Running costs milliseconds where reading costs microseconds, so the cheap observers must ask for
 * it: a script that is obfuscated, that turns text it computes into code, that hides a tail, or
 * that runs at install or when a folder is opened and could act. Under RT_EMULATE_ALWAYS every
 * entry point runs as well. What is run is chosen after the static walk has ended, earliest phase
 * first, and what it gives (facts, evaluated code, written files) goes through the walk in its
 * turn. */
#include "scan/scan.h"

enum { ENTRIES = 6, SCRIPT_BYTES = 2 << 20 };
enum { OBFUSCATED = 1, COMPUTED_CODE = 2, HIDDEN = 4 };

/* What the facts say of each layer. */
static uint8_t *marks_of(RtScan *scan)
{
    uint8_t *marks = RT_NEW_ARRAY(scan->sink.arena, uint8_t, scan->layer_count);
    for (RtFactId id = 1; id < scan->fact_count; id++) {
        const RtFact *fact = &scan->facts[id];
        RtLayerId file = rt_scan_file_of(scan, fact->layer);
        if (fact->kind == RT_FACT_OBFUSCATED)
            marks[file] |= OBFUSCATED;
        else if (fact->kind == RT_FACT_HIDDEN)
            marks[file] |= HIDDEN;
        else if (fact->kind == RT_FACT_CODE_EVAL &&
                 (fact->args[0].len == 0 || fact->because_count != 0))
            marks[file] |= COMPUTED_CODE;
    }
    return marks;
}

static bool is_script(const RtLayer *layer)
{
    uint16_t described = RT_ROLE_TEST | RT_ROLE_DOCS | RT_ROLE_TYPES;
    bool set_aside = (layer->roles & described) != 0 && (layer->roles & RT_ROLE_REACHED) == 0;
    return layer->via == RT_VIA_ENTRY && layer->language != NULL &&
           layer->bytes.len <= SCRIPT_BYTES && !set_aside && (layer->roles & RT_ROLE_TYPES) == 0 &&
           rt_str_equal(rt_str_from_c(layer->language), RT_STR("javascript"));
}

static bool is_asked_for(const RtLayer *layer, uint8_t marks, RtEmulatePolicy policy)
{
    uint32_t acts = RT_ASKS_NET | RT_ASKS_PROC | RT_ASKS_EVAL | RT_ASKS_DECODE;
    if (marks != 0)
        return true;
    if (layer->phase >= RT_WHEN_OPEN)
        return (layer->interest & acts) != 0;
    return policy == RT_EMULATE_ALWAYS && layer->phase >= RT_WHEN_IMPORT;
}

static RtLayerId manifest_of(const RtScan *scan)
{
    for (RtFactId id = 1; id < scan->fact_count; id++) {
        if (scan->facts[id].kind == RT_FACT_PACKAGE &&
            rt_str_equal(scan->facts[id].args[0], RT_STR("npm")))
            return scan->facts[id].layer;
    }
    return 0;
}

/* Earliest phase first, then marked ones, then by name: at most ENTRIES. */
static size_t choose(RtScan *scan, RtEmulationEntry entries[ENTRIES])
{
    const uint8_t *marks = marks_of(scan);
    size_t count = 0;
    for (int phase = RT_WHEN_INSTALL; phase >= RT_WHEN_UNKNOWN; phase--) {
        for (RtLayerId id = 2; id < scan->layer_count && count < ENTRIES; id++) {
            const RtLayer *layer = &scan->layers[id];
            if (layer->phase != (RtPhase)phase || !is_script(layer) ||
                !is_asked_for(layer, marks[id], scan->emulate))
                continue;
            bool started = layer->phase >= RT_WHEN_OPEN;
            entries[count++] = (RtEmulationEntry){
                .kind = started ? RT_RUN_FILE : RT_RUN_IMPORT,
                .layer = id,
                .phase = layer->phase,
                .hook = layer->phase == RT_WHEN_INSTALL ? RT_STR("postinstall") : RT_STR(""),
            };
        }
    }
    return count;
}

bool rt_rehearse(RtScan *scan)
{
    if (scan->emulator == NULL || scan->emulate == RT_EMULATE_NEVER || scan->rehearsed)
        return false;
    scan->rehearsed = true;
    RtEmulationEntry entries[ENTRIES];
    RtEmulation emulation = { .entries = entries,
                              .count = choose(scan, entries),
                              .manifest = manifest_of(scan) };
    if (emulation.count == 0)
        return false;
    uint32_t started = rt_scan_ms_left(scan);
    rt_emulate(scan->emulator, &emulation, &scan->sink);
    scan->emulation_ms += started - rt_scan_ms_left(scan);
    scan->rehearsals += (uint32_t)emulation.count;
    return true;
}
