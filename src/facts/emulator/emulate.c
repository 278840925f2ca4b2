/* emulate.c - which worlds an entry is run in, and what becomes of the runs.
 *
 * The first run is a Linux desktop whose servers answer with objects. What it shows decides about
 * the rest: globals that were missing are defined, constants that answers were compared with are
 * given as answers, servers fail or answer with plain text, the machine is a Windows one or a build
 * server. When something was asked of the network and something opaque was run or written after it,
 * the run is repeated with other marks: what differs depends on them. The runs are merged place by
 * place, then told once. */
#include "facts/emulator/emulator.h"

#include <time.h>

#include "facts/emulator/marks.h"
#include "facts/emulator/run.h"

enum {
    HEAP_BYTES = 128 << 20,
    STACK_BYTES = 512 << 10,
    ARENA_BYTES = 128 << 20,
    RUN_MS = 1800,
    REST_MS = 150, /* for a further world when a whole flow is known */
    LOOK_MS = 120, /* for all second looks of an artifact: what loads that long is an application */
    RERUNS = 4,
    FACT_ARG = 16 << 10,
    FACTS_PER_ENTRY = 600,
    LAYER_MIN = 24
};

struct RtEmulator {
    RtJs *js;
    RtArena *arena;
    bool is_built;
};

#define PLUG(name)                                                                                 \
    extern const uint8_t rt_data_world_##name##_start[], rt_data_world_##name##_end[];
#include "emulator_world.list"
#undef PLUG

static const struct {
    const char *name;
    const uint8_t *from, *to;
} world_files[] = {
#define PLUG(name) { #name, rt_data_world_##name##_start, rt_data_world_##name##_end },
#include "emulator_world.list"
#undef PLUG
};

/* ---- opening
 * ----------------------------------------------------------------------------------------------------------
 */

RtErr rt_emulator_open(RtEmulator **ret_emulator)
{
    RtEmulator *emulator = calloc(1, sizeof *emulator);
    RtArena *arena = rt_arena_open(ARENA_BYTES, NULL, NULL);
    RtJs *js = rt_js_open(
        &(RtJsSetup){ .heap_bytes = HEAP_BYTES, .stack_bytes = STACK_BYTES, .mark = RT_MARK_HEAD });
    if (emulator == NULL || arena == NULL || js == NULL) {
        rt_arena_close(arena);
        rt_js_close(js);
        free(emulator);
        return rt_fail(RT_ERR_IO, "out of memory for the emulator");
    }
    *emulator = (RtEmulator){ .js = js, .arena = arena };
    *ret_emulator = emulator;
    return RT_FINE;
}

static RtErr build(RtEmulator *emulator, const char *name)
{
    for (size_t i = 0; i < RT_COUNT(world_files); i++) {
        bool first = strcmp(world_files[i].name, "core") == 0;
        if (name != NULL ? strcmp(world_files[i].name, name) != 0 : first)
            continue;
        char title[80];
        const char *why = "";
        snprintf(title, sizeof title, "node:%s", world_files[i].name);
        RtStr text = { world_files[i].from, (size_t)(world_files[i].to - world_files[i].from) };
        if (!rt_js_build(emulator->js, text, title, &why))
            return rt_fail(RT_ERR_FORMAT, "world/%s.js: %.180s", world_files[i].name, why);
    }
    return RT_FINE;
}

RtErr rt_emulator_prepare(RtEmulator *emulator)
{
    if (emulator->is_built)
        return RT_FINE;
    /* the others stand on these */
    static const char *const first[] = { "core", "buffer", "events" };
    for (size_t i = 0; i < RT_COUNT(first); i++)
        RT_TRY(build(emulator, first[i]));
    for (size_t i = 0; i < RT_COUNT(world_files); i++) {
        const char *name = world_files[i].name;
        bool done =
            strcmp(name, "core") == 0 || strcmp(name, "buffer") == 0 || strcmp(name, "events") == 0;
        if (!done)
            RT_TRY(build(emulator, name));
    }
    if (!rt_js_keep(emulator->js))
        return rt_fail(RT_ERR_IO, "out of memory for the emulator's image");
    emulator->is_built = true;
    return RT_FINE;
}

void rt_emulator_close(RtEmulator *emulator)
{
    if (emulator == NULL)
        return;
    rt_js_close(emulator->js);
    rt_arena_close(emulator->arena);
    free(emulator);
}

/* ---- merging runs
 * --------------------------------------------------------------------------------------------------------
 */

/* What all runs of one entry say. Scripts are told apart by what they are, events by what they are
 * and where. */
typedef struct {
    RtRunScript script;
    RtLayerId layer;        /* 0: not yet told */
    uint32_t parent, event; /* in the merged lists */
    bool garbage; /* differs with the network's marks: an answer decoded, not code of the package */
} Script;

typedef struct {
    RtRunEvent event;
    uint32_t script;
    uint32_t because[RT_CAUSES * 2];
    size_t because_count;
    uint64_t key;
    RtFactId fact;
    bool telling, changed;
} Event;

typedef struct {
    RtStr path, content;
    uint32_t event;
} File;

typedef struct {
    RtEmulator *emulator;
    RtSink *sink;
    RtSlots slots;
    const RtEmulationEntry *entry;
    Script *scripts;
    size_t script_count, script_capacity;
    Event *events;
    size_t event_count, event_capacity;
    File *files;
    size_t file_count, file_capacity;
    size_t told;
    bool told_all; /* a run showed a whole flow */
    uint32_t budget_ms, started_ms;
    RtStr root;
    RtLayerId from;
    RtText defined;
    size_t defined_count;
} Merge;

static uint32_t cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

static uint32_t left_ms(const Merge *merge)
{
    uint32_t spent = cpu_ms() - merge->started_ms;
    return spent >= merge->budget_ms ? 0 : merge->budget_ms - spent;
}

static RtStr slot_word(void *ctx, uint32_t slot)
{
    static const char *const words[] = { "<?>",    "<net>",    "<file>",     "<env>",
                                         "<host>", "<secret>", "<argument>", "<module>" };
    const RtSlots *slots = ctx;
    return rt_str_from_c(slot < slots->count ? words[slots->items[slot].from % RT_COUNT(words)]
                                             : "<?>");
}

static RtStr readable(Merge *merge, RtStr text)
{
    return rt_marks_replace(merge->emulator->arena, text, slot_word, &merge->slots);
}

static uint32_t merged_script(Merge *merge, const RtRun *run, uint32_t index)
{
    if (index == RT_NO_SCRIPT)
        return RT_NO_SCRIPT;
    const RtRunScript *script = &run->scripts[index];
    for (size_t i = 0; i < merge->script_count; i++) {
        if (merge->scripts[i].script.hash == script->hash &&
            merge->scripts[i].script.layer == script->layer)
            return (uint32_t)i;
    }
    RT_PUSH(merge->emulator->arena, merge->scripts, merge->script_count, merge->script_capacity) =
        (Script){
            .script = *script, .layer = script->layer, .parent = RT_NO_SCRIPT, .event = RT_NO_EVENT
        };
    return (uint32_t)merge->script_count - 1;
}

static void add_because(Event *event, uint32_t cause)
{
    for (size_t i = 0; i < event->because_count; i++) {
        if (event->because[i] == cause)
            return;
    }
    if (event->because_count < RT_COUNT(event->because))
        event->because[event->because_count++] = cause;
}

static uint64_t event_key(Merge *merge, const RtRunEvent *event, uint32_t script)
{
    uint64_t key = (uint64_t)event->kind * 0x9e3779b97f4a7c15ULL + script;
    for (size_t i = 0; i < 3; i++)
        key = (key ^ rt_plain_hash(merge->emulator->arena, rt_str_sub(event->args[i], 0, 400))) *
              0xff51afd7ed558ccdULL;
    return key ^ ((uint64_t)event->line << 20) ^ event->column ^ (event->deferred ? 1ULL << 60 : 0);
}

/* Puts what a run left behind into the merged lists. */
static void merge_run(Merge *merge, const RtRun *run)
{
    RtArena *arena = merge->emulator->arena;
    uint32_t *at = RT_NEW_ARRAY(arena, uint32_t, run->event_count + 1);
    for (size_t i = 0; i < run->event_count; i++) {
        const RtRunEvent *event = &run->events[i];
        uint32_t script = merged_script(merge, run, event->script);
        uint64_t key = event_key(merge, event, script);
        size_t found = 0;
        while (found < merge->event_count && merge->events[found].key != key)
            found++;
        if (found == merge->event_count)
            RT_PUSH(arena, merge->events, merge->event_count, merge->event_capacity) =
                (Event){ .event = *event, .script = script, .key = key };
        at[i] = (uint32_t)found;
        for (size_t k = 0; k < event->because_count; k++) {
            if (event->because[k] < i && at[event->because[k]] != found)
                add_because(&merge->events[found], at[event->because[k]]);
        }
    }
    for (size_t i = 0; i < run->script_count; i++) {
        uint32_t script = merged_script(merge, run, (uint32_t)i);
        if (merge->scripts[script].event == RT_NO_EVENT &&
            run->scripts[i].event < run->event_count) {
            merge->scripts[script].event = at[run->scripts[i].event];
            merge->scripts[script].parent = merged_script(merge, run, run->scripts[i].parent);
        }
    }
    for (size_t i = 0; i < run->file_count; i++) {
        if (run->files[i].event < run->event_count)
            RT_PUSH(arena, merge->files, merge->file_count, merge->file_capacity) =
                (File){ .path = run->files[i].path,
                        .content = run->files[i].content,
                        .event = at[run->files[i].event] };
    }
}

static bool asks_network(RtFactKind kind)
{
    return kind == RT_FACT_NET_REQUEST || kind == RT_FACT_NET_CONNECT || kind == RT_FACT_NET_DNS;
}
static bool acts(RtFactKind kind)
{
    return kind == RT_FACT_CODE_EVAL || kind == RT_FACT_PROC_EXEC || kind == RT_FACT_FILE_WRITE ||
           kind == RT_FACT_CODE_REQUIRE;
}
static bool is_source(RtFactKind kind)
{
    return kind == RT_FACT_FILE_READ || kind == RT_FACT_ENV_READ || kind == RT_FACT_SECRET_READ ||
           kind == RT_FACT_HOST_INFO || kind == RT_FACT_PROC_EXEC;
}

/* Does a cause of `event` (at any depth) satisfy `is`? */
static bool leads_back(const RtRun *run, const RtRunEvent *event, bool (*is)(RtFactKind kind),
                       int depth)
{
    for (size_t i = 0; i < event->because_count && depth > 0; i++) {
        const RtRunEvent *cause = &run->events[event->because[i]];
        if (is(cause->kind) || leads_back(run, cause, is, depth - 1))
            return true;
    }
    return false;
}

/* A complete flow: network → code or process, or something of the machine → network. */
static bool has_flow(const RtRun *run)
{
    for (size_t i = 0; i < run->event_count; i++) {
        const RtRunEvent *event = &run->events[i];
        bool runs = event->kind == RT_FACT_CODE_EVAL || event->kind == RT_FACT_PROC_EXEC ||
                    event->kind == RT_FACT_CODE_REQUIRE;
        if ((runs && leads_back(run, event, asks_network, 4)) ||
            (asks_network(event->kind) && leads_back(run, event, is_source, 3)))
            return true;
    }
    return false;
}

static bool same_text(RtArena *arena, RtStr a, RtStr b)
{
    return rt_plain_hash(arena, a) == rt_plain_hash(arena, b);
}

/* Compares a run with one of other marks: what differs at the same place depends on the marks. */
static void compare(Merge *merge, RtRun *base, const RtRun *salted, bool of_network)
{
    RtArena *arena = merge->emulator->arena;
    for (size_t i = 0; i < base->event_count; i++) {
        RtRunEvent *event = &base->events[i];
        if (of_network ? !acts(event->kind) && !asks_network(event->kind)
                       : !asks_network(event->kind))
            continue;
        const RtRunEvent *twin = NULL;
        for (size_t k = 0; k < salted->event_count && twin == NULL; k++) {
            if (salted->events[k].kind == event->kind && salted->events[k].place == event->place &&
                salted->events[k].turn == event->turn)
                twin = &salted->events[k];
        }
        bool differs = false;
        for (size_t k = 0; twin != NULL && k < 4; k++)
            differs |= !same_text(arena, event->args[k], twin->args[k]);
        if (!differs)
            continue;
        size_t given = 0;
        for (size_t k = i; k-- > 0 && given < 4 && event->because_count < RT_CAUSES;) {
            bool fits =
                of_network ? asks_network(base->events[k].kind) : is_source(base->events[k].kind);
            if (fits) {
                event->because[event->because_count++] = (uint32_t)k;
                given++;
            }
        }
        for (size_t k = 0; k < base->script_count; k++)
            base->scripts[k].outside |= of_network && base->scripts[k].event == i;
    }
}

/* ---- the worlds
 * ---------------------------------------------------------------------------------------------------------
 */

static RtRun run_in(Merge *merge, RtWorld world)
{
    uint32_t left = left_ms(merge), share = merge->told_all ? REST_MS : RUN_MS;
    RtRun run = { .arena = merge->emulator->arena,
                  .sink = merge->sink,
                  .js = merge->emulator->js,
                  .slots = &merge->slots,
                  .entry = merge->entry,
                  .root = merge->root,
                  .from = merge->from,
                  .world = world,
                  .defined = rt_str_copy(merge->emulator->arena, rt_text_str(&merge->defined)),
                  .cpu_ms = left < share ? left : share };
    if (left != 0 && rt_arena_left(run.arena) > (24 << 20))
        rt_run(&run);
    else
        run.out_of_time = true;
    return run;
}

static bool define_missing(Merge *merge, const RtRun *run)
{
    bool news = false;
    for (size_t i = 0; i < run->missing_count && merge->defined_count < RERUNS * 2; i++) {
        RtStr quoted = rt_str_format(merge->emulator->arena, "\"%.*s\"", RT_FMT(run->missing[i]));
        if (rt_str_has(rt_text_str(&merge->defined), quoted))
            continue;
        RtStr old = rt_str_copy(merge->emulator->arena, rt_text_str(&merge->defined));
        merge->defined = (RtText){ .arena = merge->emulator->arena };
        if (old.len == 0)
            rt_text_format(&merge->defined, "[%.*s]", RT_FMT(quoted));
        else
            rt_text_format(&merge->defined, "%.*s,%.*s]", (int)old.len - 1, (const char *)old.at,
                           RT_FMT(quoted));
        merge->defined_count++;
        news = true;
    }
    return news;
}

static size_t count_kind(const RtRun *run, bool (*is)(RtFactKind kind))
{
    size_t count = 0;
    for (size_t i = 0; i < run->event_count; i++)
        count += is(run->events[i].kind);
    return count;
}

static bool sends(const RtRun *run)
{
    for (size_t i = 0; i < run->event_count; i++) {
        const RtRunEvent *event = &run->events[i];
        if (asks_network(event->kind) && event->args[2].len > 8 &&
            !leads_back(run, event, is_source, 3))
            return true;
    }
    return false;
}

/* Text became code, or a command ran, after the network was asked, and nothing says where it came
 * from. */
static bool opaque_after_network(const RtRun *run)
{
    bool asked = false;
    for (size_t i = 0; i < run->event_count; i++) {
        const RtRunEvent *event = &run->events[i];
        asked |= asks_network(event->kind);
        bool runs = event->kind == RT_FACT_CODE_EVAL || event->kind == RT_FACT_PROC_EXEC;
        if (asked && runs && event->because_count == 0)
            return true;
    }
    return false;
}

/* The same world with other marks, where that can show more: each is a run of its own. True: the
 * run has a flow now. */
static bool salt(Merge *merge, RtRun *run)
{
    if (count_kind(run, asks_network) != 0 && count_kind(run, acts) != 0 &&
        (!has_flow(run) || opaque_after_network(run))) {
        RtWorld other = run->world;
        other.salt_net = 1;
        RtRun salted = run_in(merge, other);
        compare(merge, run, &salted, true);
    }
    if (!has_flow(run) && sends(run) && count_kind(run, is_source) != 0) {
        RtWorld other = run->world;
        other.salt_local = 1;
        RtRun salted = run_in(merge, other);
        compare(merge, run, &salted, false);
    }
    return has_flow(run);
}

static bool is_interesting(const RtRun *run)
{
    return count_kind(run, asks_network) != 0 || run->per_kind[RT_FACT_PROC_EXEC] != 0;
}

static bool finish_world(Merge *merge, RtRun *run, bool told)
{
    merge->told_all = told || salt(merge, run);
    merge_run(merge, run);
    return merge->told_all;
}

/* First runs until nothing that was missing can be given; then the worlds that the behaviour asks
 * for. */
static RtRun first_run(Merge *merge, RtWorld *world)
{
    RtRun run = run_in(merge, *world);
    for (int i = 0; i < RERUNS && run.missing_count != 0 && define_missing(merge, &run); i++)
        run = run_in(merge, *world);
    if (run.threw && !is_interesting(&run)) {
        RtWorld tail = *world;
        tail.tail = true;
        RtRun alone = run_in(merge, tail);
        for (int i = 0; i < 2 && alone.missing_count != 0 && define_missing(merge, &alone); i++)
            alone = run_in(merge, tail);
        if (is_interesting(&alone)) {
            merge_run(merge, &run);
            *world = tail;
            run = alone;
        }
    }
    return run;
}

/* Some wait for a word on the command line: what they compare its words with is what they get,
 * first all of them, then each alone with a value behind it. */
static bool run_argued(Merge *merge, RtWorld world)
{
    bool flow = false, learned = false, more = true;
    world.argued = 1;
    for (int i = 0; i < 3 && more && !flow; i++) {
        RtRun run = run_in(merge, world);
        flow = finish_world(merge, &run, false);
        more = run.learned;
        learned |= more;
        if (is_interesting(&run))
            return flow;
    }
    for (world.argued = 2; world.argued <= 5 && learned && !flow; world.argued++) {
        RtRun run = run_in(merge, world);
        flow = finish_world(merge, &run, false);
    }
    return flow;
}

static void tell_cut_short(RtSink *sink, const RtEmulationEntry *entry)
{
    if (!entry->is_second_look)
        sink->unseen(sink, entry->layer, RT_STR("limit-emulation-ms"));
}

static void run_worlds(Merge *merge)
{
    RtWorld world = { .platform = "linux", .answers = "obj", .trigger = true };
    RtRun run = first_run(merge, &world);
    bool flow = finish_world(merge, &run, false), asked = run.requests != 0;
    for (int i = 0; i < 2 && !flow && run.learned; i++) {
        run = run_in(merge, world);
        flow = finish_world(merge, &run, flow);
    }
    static const char *const answers[] = { "err", "leaf", "str", "errstr" };
    for (size_t i = 0; i < RT_COUNT(answers) && asked && !flow; i++) {
        RtWorld other = world;
        other.answers = answers[i];
        RtRun again = run_in(merge, other);
        flow = finish_world(merge, &again, flow);
    }
    if (run.page && !flow && !is_interesting(&run)) {
        RtWorld other = world;
        other.night = true;
        rt_text_add(&merge->defined,
                    merge->defined.len == 0 ? RT_STR("[\"document\"]") : RT_STR(""));
        RtRun again = run_in(merge, other);
        flow |= finish_world(merge, &again, flow);
    }
    static const char *const platforms[] = { "win32", "darwin" };
    for (size_t i = 0; i < RT_COUNT(platforms); i++) {
        if (!run.saw_platform || (i == 1 && !run.saw_mac) || (flow && !is_interesting(&run)))
            continue;
        RtWorld other = world;
        other.platform = platforms[i];
        other.trigger = !flow;
        RtRun again = run_in(merge, other);
        flow |= finish_world(merge, &again, flow);
    }
    if (run.saw_words && !flow && !is_interesting(&run))
        flow |= run_argued(merge, world);
    if (run.saw_ci && !flow) {
        RtWorld other = world;
        other.ci = true;
        RtRun again = run_in(merge, other);
        finish_world(merge, &again, flow);
    }
    if (run.dead || (run.out_of_time && !flow))
        tell_cut_short(merge->sink, merge->entry);
}

/* ---- telling
 * --------------------------------------------------------------------------------------------------------------
 */

/* Byte offset of a line and column in `text`; columns count UTF-8 bytes well enough. */
static uint64_t offset_of(RtStr text, uint32_t line, uint32_t column)
{
    size_t at = 0;
    for (uint32_t i = 1; i < line; i++) {
        size_t next = rt_str_find_byte(rt_str_from(text, at), '\n');
        if (next == RT_NOT_FOUND)
            return 0;
        at += next + 1;
    }
    at += column - 1;
    return at < text.len ? at : 0;
}

static RtFactId tell_event(Merge *merge, uint32_t index, int depth);

/* The layer of a script, told when first needed; the entry's own where there is none. */
static RtLayerId layer_of(Merge *merge, uint32_t index, int depth)
{
    if (index == RT_NO_SCRIPT || depth <= 0)
        return merge->entry->layer;
    Script *script = &merge->scripts[index];
    if (script->layer != 0)
        return script->layer;
    RtStr text = readable(merge, script->script.text);
    bool written = script->script.shown.len != 0;
    RtLayerId parent = layer_of(merge, script->parent, depth - 1);
    uint32_t at = script->event;
    uint64_t from = at == RT_NO_EVENT
                        ? 0
                        : offset_of(merge->sink->get_layer(merge->sink, parent)->bytes,
                                    merge->events[at].event.line, merge->events[at].event.column);
    RtLayerId id = 0;
    if (!script->script.outside && text.len >= LAYER_MIN)
        id = merge->sink->layer(
            merge->sink,
            (RtLayer){ .parent = parent,
                       .via = written ? RT_VIA_WRITTEN : RT_VIA_EVALUATED,
                       .name = written ? rt_str_copy(merge->sink->arena, script->script.shown)
                                       : RT_STR("eval"),
                       .bytes = rt_str_copy(merge->sink->arena, text),
                       .source = { from, 1 } });
    script = &merge->scripts[index];
    script->layer = id != 0 ? id : parent;
    script->garbage = id == 0;
    return script->layer;
}

static RtStr fact_arg(Merge *merge, RtStr text)
{
    RtStr shown = readable(merge, rt_str_sub(text, 0, FACT_ARG));
    return rt_str_copy(merge->sink->arena, shown);
}

static RtFactId tell_event(Merge *merge, uint32_t index, int depth)
{
    Event *event = &merge->events[index];
    if (event->fact != 0 || event->telling || depth <= 0 || merge->told >= FACTS_PER_ENTRY)
        return event->fact;
    event->telling = true;
    RtFactId *because = RT_NEW_ARRAY(merge->sink->arena, RtFactId, event->because_count);
    size_t count = 0;
    for (size_t i = 0; i < event->because_count; i++) {
        RtFactId id = tell_event(merge, event->because[i], depth - 1);
        if (id != 0)
            because[count++] = id;
    }
    RtLayerId layer = layer_of(merge, event->script, 32);
    RtFact fact = { .kind = event->event.kind,
                    .witness = RT_SEEN_RUNNING,
                    .deferred = event->event.deferred,
                    .at_ms = event->event.at_ms,
                    .layer = layer,
                    .because = because,
                    .because_count = count };
    fact.phase = fact.deferred ? RT_WHEN_UNKNOWN : merge->entry->phase;
    bool own = event->script != RT_NO_SCRIPT && !merge->scripts[event->script].garbage;
    if (own) {
        const RtRunScript *script = &merge->scripts[event->script].script;
        uint32_t line =
            event->event.line > script->lines_before ? event->event.line - script->lines_before : 1;
        uint32_t column = line == 1 && event->event.column > script->columns_before
                              ? event->event.column - script->columns_before
                              : event->event.column;
        fact.from = offset_of(merge->sink->get_layer(merge->sink, layer)->bytes, line, column);
        fact.len = 1;
    }
    for (size_t i = 0; i < 4; i++)
        fact.args[i] = fact_arg(merge, event->event.args[i]);
    event->fact = merge->sink->fact(merge->sink, fact);
    event->telling = false;
    merge->told++;
    return event->fact;
}

static bool worth_a_layer(RtStr content)
{
    return content.len >= LAYER_MIN && rt_marks_weight(content) * 4 < content.len;
}

static void tell(Merge *merge)
{
    for (uint32_t i = 0; i < merge->event_count; i++)
        tell_event(merge, i, 64);
    for (uint32_t i = 0; i < merge->script_count; i++)
        layer_of(merge, i, 32);
    for (size_t i = 0; i < merge->file_count; i++) {
        File *file = &merge->files[i];
        if (!worth_a_layer(file->content))
            continue;
        RtLayerId parent = layer_of(merge, merge->events[file->event].script, 32);
        merge->sink->layer(
            merge->sink,
            (RtLayer){ .parent = parent,
                       .via = RT_VIA_WRITTEN,
                       .name = rt_str_copy(merge->sink->arena, file->path),
                       .bytes = rt_str_copy(merge->sink->arena, readable(merge, file->content)) });
    }
}

static RtStr root_of(const RtEmulation *emulation, RtSink *sink)
{
    const RtLayer *manifest =
        emulation->manifest == 0 ? NULL : sink->get_layer(sink, emulation->manifest);
    if (manifest == NULL)
        return RT_STR("");
    size_t slash = rt_str_rfind_byte(manifest->name, '/');
    return slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(manifest->name, 0, slash);
}

void rt_emulate(RtEmulator *emulator, const RtEmulation *emulation, RtSink *sink)
{
    RtErr err = rt_emulator_prepare(emulator);
    uint32_t started = cpu_ms(),
             budget = emulation->cpu_ms == 0 ? RT_EMULATION_MS : emulation->cpu_ms, looked = 0;
    for (size_t i = 0; i < emulation->count; i++) {
        const RtEmulationEntry *entry = &emulation->entries[i];
        if (sink->get_layer(sink, entry->layer) == NULL)
            continue;
        if (err.code != RT_OK) {
            sink->unseen(sink, entry->layer, RT_STR("emulator: world not built"));
            return;
        }
        uint32_t begun = cpu_ms() - started, most = begun + LOOK_MS - looked;
        if (!entry->is_second_look || most > budget)
            most = budget;
        if (begun >= most || sink->ms_left(sink) == 0) {
            tell_cut_short(sink, entry);
            if (!entry->is_second_look)
                return;
            continue;
        }
        rt_arena_reset(emulator->arena);
        Merge merge = { .emulator = emulator,
                        .sink = sink,
                        .slots = { .arena = emulator->arena },
                        .entry = entry,
                        .budget_ms = most,
                        .started_ms = started,
                        .root = root_of(emulation, sink),
                        .from = entry->layer,
                        .defined = { .arena = emulator->arena } };
        run_worlds(&merge);
        tell(&merge);
        uint32_t spent = cpu_ms() - started - begun;
        if (entry->is_second_look)
            looked = spent < LOOK_MS - looked ? looked + spent : LOOK_MS;
    }
}
