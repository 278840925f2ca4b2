/* rehearse.c - which scripts are run in the mocked world, and when.
 *
 * Running costs milliseconds where reading costs microseconds, so the cheap observers must ask for
 * it: a script that is obfuscated, that turns text it computes into code, that hides a tail, that
 * does two things which together can be a story, or that runs at install or when a folder is opened
 * and could act; hook commands; decoded scripts. Under RT_EMULATE_ALWAYS every
 * entry point runs as well. What is run is chosen after the static walk has ended, earliest phase
 * first, and what it gives (facts, evaluated code, written files) goes through the walk in its
 * turn. */
#include "scan/scan.h"

enum {
    ENTRIES = 6,
    SCRIPT_BYTES = 2 << 20,
    BUNDLE_BYTES = 512 << 10,
    LOADER_BYTES = 64 << 10,
    TEXT_MIN = 40
};
/* What the facts say of a file. */
enum {
    OBFUSCATED = 1 << 0,
    COMPUTED_CODE = 1 << 1,
    HIDDEN = 1 << 2,
    NETWORK = 1 << 3,
    PROCESS = 1 << 4,
    SECRET = 1 << 5,
    WRITES = 1 << 6,
    DECODES = 1 << 7,
    CODE = 1 << 8,
};

static uint16_t mark_of(const RtFact *fact)
{
    if (fact->kind == RT_FACT_OBFUSCATED)
        return OBFUSCATED;
    if (fact->kind == RT_FACT_HIDDEN)
        return HIDDEN;
    if (fact->kind == RT_FACT_CODE_EVAL)
        return fact->args[0].len == 0 || fact->because_count != 0 ? COMPUTED_CODE | CODE : CODE;
    if (fact->kind == RT_FACT_NET_REQUEST || fact->kind == RT_FACT_NET_CONNECT ||
        fact->kind == RT_FACT_NET_DNS)
        return NETWORK;
    if (fact->kind == RT_FACT_PROC_EXEC)
        return PROCESS;
    if (fact->kind == RT_FACT_SECRET_READ || fact->kind == RT_FACT_PARAMETER ||
        fact->kind == RT_FACT_HOST_INFO ||
        (fact->kind == RT_FACT_ENV_READ && rt_str_equal(fact->args[0], RT_STR("*"))))
        return SECRET;
    if (fact->kind == RT_FACT_FILE_WRITE)
        return WRITES;
    return fact->kind == RT_FACT_DATA_DECODE ? DECODES : 0;
}

static uint16_t *marks_of(RtScan *scan)
{
    uint16_t *marks = RT_NEW_ARRAY(scan->sink.arena, uint16_t, scan->layer_count);
    for (RtFactId id = 1; id < scan->fact_count; id++)
        marks[rt_scan_file_of(scan, scan->facts[id].layer)] |= mark_of(&scan->facts[id]);
    return marks;
}

static bool is_javascript(const RtLayer *layer)
{
    return layer->language != NULL && layer->bytes.len <= SCRIPT_BYTES &&
           rt_str_equal(rt_str_from_c(layer->language), RT_STR("javascript"));
}

static bool is_script(const RtLayer *layer)
{
    uint16_t described = RT_ROLE_TEST | RT_ROLE_DOCS | RT_ROLE_TYPES;
    bool set_aside = (layer->roles & described) != 0 && (layer->roles & RT_ROLE_REACHED) == 0;
    return layer->via == RT_VIA_ENTRY && is_javascript(layer) && !set_aside &&
           (layer->roles & RT_ROLE_TYPES) == 0;
}

/* One act is what packages are for; two in one file can be a story. */
static bool tells_story(uint16_t marks)
{
    bool talks = (marks & NETWORK) != 0;
    return (talks && (marks & (PROCESS | SECRET | CODE)) != 0) ||
           ((marks & PROCESS) != 0 && (marks & (DECODES | WRITES)) == (DECODES | WRITES)) ||
           ((marks & CODE) != 0 && (marks & DECODES) != 0);
}

static bool is_alone(const RtScan *scan) { return !scan->has_manifest && scan->file_count <= 2; }

static bool is_asked_for(const RtScan *scan, const RtLayer *layer, uint16_t marks)
{
    uint32_t acts = RT_ASKS_NET | RT_ASKS_PROC | RT_ASKS_EVAL | RT_ASKS_DECODE;
    if ((marks & NETWORK) != 0 && (layer->interest & RT_ASKS_EVAL) != 0)
        marks |= CODE; /* by a name that only running it shows to be one */
    bool tells = (marks & COMPUTED_CODE) != 0 || tells_story(marks);
    if ((marks & (OBFUSCATED | HIDDEN)) != 0 || (tells && layer->bytes.len <= BUNDLE_BYTES))
        return true;
    if (layer->phase >= RT_WHEN_OPEN || is_alone(scan))
        return (layer->interest & acts) != 0;
    return scan->emulate == RT_EMULATE_ALWAYS && layer->phase >= RT_WHEN_IMPORT;
}

/* Does the verdict rest on reading, and running only adds to it? Not where reading saw little: what
 * is obfuscated, hidden, or small and makes its code; nor where all that counts is what happens
 * unasked. A bundle that is imported and takes long says nothing by that. */
static bool is_second_look(const RtScan *scan, const RtLayer *layer, uint16_t marks)
{
    bool makes_code = (marks & COMPUTED_CODE) != 0 && layer->bytes.len <= LOADER_BYTES;
    return layer->phase < RT_WHEN_OPEN && !is_alone(scan) && (marks & (OBFUSCATED | HIDDEN)) == 0 &&
           !makes_code;
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

typedef struct {
    RtEmulationEntry entries[ENTRIES];
    size_t count;
} Choice;

static bool is_chosen(const Choice *choice, RtLayerId id)
{
    for (size_t i = 0; i < choice->count; i++) {
        if (choice->entries[i].layer == id)
            return true;
    }
    return false;
}

static void choose_scripts(RtScan *scan, Choice *choice, const uint16_t *marks, RtPhase phase)
{
    for (RtLayerId id = 2; id < scan->layer_count && choice->count < ENTRIES; id++) {
        const RtLayer *layer = &scan->layers[id];
        if (layer->phase != phase || !is_script(layer) || !is_asked_for(scan, layer, marks[id]))
            continue;
        choice->entries[choice->count++] = (RtEmulationEntry){
            .kind = phase >= RT_WHEN_OPEN ? RT_RUN_FILE : RT_RUN_IMPORT,
            .layer = id,
            .phase = phase,
            .hook = phase == RT_WHEN_INSTALL ? RT_STR("postinstall") : RT_STR(""),
            .is_second_look = is_second_look(scan, layer, marks[id]),
        };
    }
}

/* Not "prepare" and its kin, which npm runs for whoever develops the package. */
static bool runs_always(RtStr hook)
{
    return rt_str_equal(hook, RT_STR("preinstall")) || rt_str_equal(hook, RT_STR("install")) ||
           rt_str_equal(hook, RT_STR("postinstall"));
}

/* Hook commands run whole, with the scripts and one-liners they name, unless the script that one
 * names was chosen already. */
static void choose_commands(RtScan *scan, Choice *choice, RtPhase phase)
{
    bool has_script = false;
    for (size_t i = 0; i < choice->count; i++)
        has_script |= choice->entries[i].phase == phase;
    for (RtFactId id = 1; id < scan->fact_count && choice->count < ENTRIES; id++) {
        const RtFact *fact = &scan->facts[id];
        bool fits = phase == RT_WHEN_INSTALL
                        ? fact->kind == RT_FACT_INSTALL_HOOK && runs_always(fact->args[0])
                        : fact->kind == RT_FACT_OPEN_HOOK;
        RtStr command = fact->args[1];
        bool names_node = rt_str_has(command, RT_STR("node "));
        if (!fits || has_script || command.len == 0 || is_chosen(choice, fact->layer) ||
            !rt_str_ends(scan->layers[fact->layer].name, RT_STR(".json")) ||
            (phase == RT_WHEN_OPEN && !names_node))
            continue;
        choice->entries[choice->count++] =
            (RtEmulationEntry){ .kind = RT_RUN_COMMAND,
                                .layer = fact->layer,
                                .phase = phase,
                                .hook = phase == RT_WHEN_INSTALL ? fact->args[0] : RT_STR(""),
                                .command = command };
    }
}

/* Decoded text that is a script and stands in what is none: a font, a picture, a table of data. */
static void choose_texts(RtScan *scan, Choice *choice)
{
    uint32_t acts = RT_ASKS_NET | RT_ASKS_PROC | RT_ASKS_EVAL;
    for (RtLayerId id = 2; id < scan->layer_count && choice->count < ENTRIES; id++) {
        const RtLayer *layer = &scan->layers[id];
        RtLayerId file = rt_scan_file_of(scan, id);
        if (layer->via != RT_VIA_DECODED || !is_javascript(layer) || layer->bytes.len < TEXT_MIN ||
            (layer->interest & acts) == 0 || is_script(&scan->layers[file]) ||
            is_chosen(choice, file))
            continue;
        choice->entries[choice->count++] =
            (RtEmulationEntry){ .kind = RT_RUN_TEXT, .layer = id, .phase = layer->phase };
    }
}

/* Earliest phase first, then by place: at most ENTRIES. */
static void choose(RtScan *scan, Choice *choice)
{
    const uint16_t *marks = marks_of(scan);
    for (int phase = RT_WHEN_INSTALL; phase >= RT_WHEN_UNKNOWN; phase--) {
        choose_scripts(scan, choice, marks, (RtPhase)phase);
        if (phase >= RT_WHEN_OPEN)
            choose_commands(scan, choice, (RtPhase)phase);
    }
    choose_texts(scan, choice);
}

bool rt_rehearse(RtScan *scan)
{
    if (scan->emulator == NULL || scan->emulate == RT_EMULATE_NEVER || scan->rehearsed)
        return false;
    scan->rehearsed = true;
    Choice choice = { 0 };
    choose(scan, &choice);
    RtEmulation emulation = { .entries = choice.entries,
                              .count = choice.count,
                              .manifest = manifest_of(scan) };
    if (emulation.count == 0)
        return false;
    uint32_t started = rt_scan_ms_left(scan);
    rt_emulate(scan->emulator, &emulation, &scan->sink);
    scan->emulation_ms += started - rt_scan_ms_left(scan);
    scan->rehearsals += (uint32_t)emulation.count;
    return true;
}
