/* run.c - drives one run: begins the world, enters the package, lets its tasks come, calls what it
 * exports; and takes down what happens. Events are counted per kind and per place, so that a script
 * that probes two hundred browser profiles cannot push its one upload out of the list. */
#include "facts/emulator/run.h"

#include <time.h>

#include "facts/emulator/marks.h"

enum {
    LOAD_MS = 1500,
    TASK_MS = 200,
    TRIGGER_MS = 50,
    TRIGGERS_MS = 160,
    TRIGGERS = 40,
    TASKS = 700,
    JOBS = 20000,
    EVENTS = 1500,
    PER_KIND = 250,
    SCRIPTS = 400,
    ARG_LIMIT = 64 << 10,
    TEXT_LIMIT = 6 << 20,
    EVALS = 3000,
    SLOTS = 8000,
    ARENA_RESERVE = 8 << 20
};
/* From Monday morning to Saturday night: some wait until nobody looks. */
static const double NIGHT_MS = (5 * 24 + 14) * 3600e3;
/* What Node puts in front of a module; only its length matters here. */
#define WRAPPER "(function (exports, require, module, __filename, __dirname) { "

static uint32_t cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* ---- slots
 * ------------------------------------------------------------------------------------------------------
 */

uint32_t rt_slot(RtSlots *slots, RtStr name, RtFrom from)
{
    uint64_t key = rt_str_hash(name);
    for (size_t i = slots->count; i-- > 0;) {
        if (slots->items[i].key == key && rt_str_equal(slots->items[i].name, name))
            return (uint32_t)i;
    }
    if (slots->count >= SLOTS)
        return SLOTS - 1;
    RT_PUSH(slots->arena, slots->items, slots->count, slots->capacity) = (RtSlot){
        .key = key, .name = rt_str_copy(slots->arena, name), .from = from, .event = RT_NO_EVENT
    };
    return (uint32_t)slots->count - 1;
}

static RtStr no_name(void *ctx, uint32_t slot)
{
    (void)ctx;
    (void)slot;
    return RT_STR("*");
}

uint64_t rt_plain_hash(RtArena *arena, RtStr text)
{
    return rt_str_hash(rt_marks_replace(arena, text, no_name, NULL));
}

bool rt_run_is_outside(RtRun *run, RtStr text)
{
    uint32_t slot;
    if (!rt_marks_first(text, &slot) || slot >= run->slots->count)
        return false;
    RtFrom from = run->slots->items[slot].from;
    if (from == RT_FROM_ENV || from == RT_FROM_HOST)
        return false;
    size_t weight = rt_marks_weight(text);
    return weight * 3 >= text.len || text.len - weight < 24;
}

/* ---- scripts
 * --------------------------------------------------------------------------------------------------------
 */

uint32_t rt_run_script(RtRun *run, RtRunScript script)
{
    for (size_t i = 0; i < run->script_count; i++) {
        if (rt_str_equal(run->scripts[i].name, script.name))
            return (uint32_t)i;
    }
    if (run->script_count >= SCRIPTS)
        return RT_NO_SCRIPT;
    RT_PUSH(run->arena, run->scripts, run->script_count, run->script_capacity) = script;
    return (uint32_t)run->script_count - 1;
}

static uint32_t script_named(const RtRun *run, RtStr name)
{
    for (size_t i = run->script_count; i-- > 0;) {
        if (rt_str_equal(run->scripts[i].name, name))
            return (uint32_t)i;
    }
    return RT_NO_SCRIPT;
}

/* ---- events
 * ----------------------------------------------------------------------------------------------------------
 */

static void add_cause(RtRunEvent *event, uint32_t cause)
{
    if (cause == RT_NO_EVENT || event->because_count >= RT_CAUSES)
        return;
    for (size_t i = 0; i < event->because_count; i++) {
        if (event->because[i] == cause)
            return;
    }
    event->because[event->because_count++] = cause;
}

static bool is_word_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
}

static bool names_path(RtStr text, RtStr path)
{
    size_t cut = rt_str_rfind_byte(path, '/'), back = rt_str_rfind_byte(path, '\\');
    size_t from = cut == RT_NOT_FOUND ? 0 : cut + 1;
    if (back != RT_NOT_FOUND && back + 1 > from)
        from = back + 1;
    RtStr tail = rt_str_from(path, from);
    if (tail.len < 3)
        return false;
    for (size_t at = 0; at + tail.len <= text.len;) {
        size_t found = rt_str_find(rt_str_from(text, at), tail);
        if (found == RT_NOT_FOUND)
            return false;
        at += found;
        bool starts = at == 0 || !is_word_byte(text.at[at - 1]),
             ends = at + tail.len == text.len || !is_word_byte(text.at[at + tail.len]);
        if (starts && ends)
            return true;
        at++;
    }
    return false;
}

/* The writing of a file that this event runs, reads, loads or renames. */
static void add_trail(RtRun *run, RtRunEvent *event)
{
    if (event->kind != RT_FACT_PROC_EXEC && event->kind != RT_FACT_FILE_READ &&
        event->kind != RT_FACT_CODE_REQUIRE && event->kind != RT_FACT_FILE_CHMOD &&
        event->kind != RT_FACT_FILE_RENAME)
        return;
    for (size_t i = run->file_count; i-- > 0 && event->because_count < RT_CAUSES;) {
        if (names_path(event->args[0], run->files[i].path))
            add_cause(event, run->files[i].event);
    }
}

/* The server itself is named by a setting: where to, not what. */
static bool is_configured(const RtRun *run, RtFactKind kind, RtStr target)
{
    if (kind != RT_FACT_NET_REQUEST && kind != RT_FACT_NET_CONNECT && kind != RT_FACT_NET_DNS)
        return false;
    size_t scheme = rt_str_find(target, RT_STR("://"));
    RtStr host = scheme == RT_NOT_FOUND ? target : rt_str_from(target, scheme + 3);
    uint32_t slot;
    return rt_marks_first(rt_str_sub(host, 0, RT_MARK_LEN), &slot) && slot < run->slots->count &&
           run->slots->items[slot].from == RT_FROM_ENV;
}

static void add_marks(RtRun *run, RtRunEvent *event, const RtStr args[4])
{
    uint32_t slots[RT_CAUSES];
    for (size_t i = is_configured(run, event->kind, args[0]) ? 1 : 0; i < 4; i++) {
        size_t count = rt_marks_find(run->arena, args[i], slots, RT_CAUSES);
        for (size_t k = 0; k < count; k++) {
            if (slots[k] < run->slots->count)
                add_cause(event, run->slots->items[slots[k]].event);
        }
    }
}

/* Bytes that no code and no command holds: our answers, decoded with the key of others. */
static bool is_garbage(RtStr text)
{
    size_t control = 0, high = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        control += (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f;
        high += c >= 0x80;
    }
    return text.len >= 16 && (control * 16 > text.len || (control != 0 && high * 4 > text.len));
}

/* Code or a command that is garbage after the network was asked came from there: what the script
 * itself brought would make sense. Saves the run with other marks that would show it. */
static void add_garbage(RtRun *run, RtRunEvent *event, RtStr text)
{
    bool runs = event->kind == RT_FACT_CODE_EVAL || event->kind == RT_FACT_PROC_EXEC;
    if (!runs || event->because_count != 0 || run->requests == 0 || !is_garbage(text))
        return;
    size_t given = 0;
    for (size_t i = run->event_count; i-- > 0 && given < 4;) {
        RtFactKind kind = run->events[i].kind;
        if (kind == RT_FACT_NET_REQUEST || kind == RT_FACT_NET_CONNECT || kind == RT_FACT_NET_DNS) {
            add_cause(event, (uint32_t)i);
            given++;
        }
    }
    event->garbage = given != 0;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    return (a ^ (b + 0x9e3779b97f4a7c15ULL)) * 0xff51afd7ed558ccdULL;
}

static void place(RtRun *run, RtRunEvent *event)
{
    RtStr name;
    uint32_t line, column;
    event->script = RT_NO_SCRIPT;
    if (rt_js_where(run->js, &name, &line, &column)) {
        event->script = script_named(run, name);
        event->line = line;
        event->column = column;
    }
    uint64_t script = event->script == RT_NO_SCRIPT ? 1 : run->scripts[event->script].hash;
    event->place = mix(mix(mix(script, (uint64_t)event->kind), event->line), event->column);
}

static RtStr keep(RtRun *run, RtStr text)
{
    size_t limit =
        run->text_bytes > TEXT_LIMIT || rt_arena_left(run->arena) < ARENA_RESERVE ? 200 : ARG_LIMIT;
    RtStr cut = rt_str_sub(text, 0, limit);
    run->text_bytes += cut.len;
    return rt_str_copy(run->arena, cut);
}

/* The earlier event that says the same, or RT_NO_EVENT. */
static uint32_t same_event(const RtRun *run, const RtRunEvent *event, const RtStr args[4],
                           uint32_t *ret_turn)
{
    *ret_turn = 0;
    for (size_t i = 0; i < run->event_count; i++) {
        const RtRunEvent *other = &run->events[i];
        if (other->kind != event->kind)
            continue;
        *ret_turn += other->place == event->place;
        bool same = other->deferred == event->deferred;
        for (size_t k = 0; same && k < 4; k++)
            same = rt_str_equal(rt_str_sub(other->args[k], 0, 200), rt_str_sub(args[k], 0, 200)) &&
                   (other->args[k].len == args[k].len || args[k].len > 200);
        if (same)
            return (uint32_t)i;
    }
    return RT_NO_EVENT;
}

uint32_t rt_run_event(RtRun *run, RtFactKind kind, const RtStr args[4])
{
    RtRunEvent event = { .kind = kind,
                         .times = 1,
                         .at_ms = (uint32_t)(rt_js_clock(run->js) - run->clock_from),
                         .deferred = run->deferring };
    place(run, &event);
    uint32_t old = same_event(run, &event, args, &event.turn);
    if (old != RT_NO_EVENT) {
        run->events[old].times++;
        return old;
    }
    size_t limit =
        kind == RT_FACT_FILE_READ || kind == RT_FACT_FILE_LIST || kind == RT_FACT_ENV_READ
            ? 90
            : PER_KIND;
    if (run->event_count >= EVENTS || run->per_kind[kind] >= limit ||
        rt_arena_left(run->arena) < ARENA_RESERVE) {
        run->left_out = true;
        return RT_NO_EVENT;
    }
    run->per_kind[kind]++;
    run->requests +=
        kind == RT_FACT_NET_REQUEST || kind == RT_FACT_NET_CONNECT || kind == RT_FACT_NET_DNS;
    add_marks(run, &event, args);
    for (size_t i = 0; i < 4; i++)
        event.args[i] = keep(run, args[i]);
    add_trail(run, &event);
    add_garbage(run, &event, args[0]);
    RT_PUSH(run->arena, run->events, run->event_count, run->event_capacity) = event;
    return (uint32_t)run->event_count - 1;
}

/* ---- the engine's questions
 * -----------------------------------------------------------------------------------------------
 */

static uint32_t newlines(RtStr text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

static bool on_eval(void *ctx, RtJsEval kind, RtStr text, size_t skip, size_t len,
                    char ret_name[64])
{
    RtRun *run = ctx;
    static const RtStr hows[] = { { (const uint8_t *)"eval", 4 },
                                  { (const uint8_t *)"eval", 4 },
                                  { (const uint8_t *)"Function", 8 } };
    RtStr body = rt_str_sub(text, skip, len);
    if (++run->evals > EVALS || body.len == 0)
        return run->evals <= EVALS * 4;
    if (body.len <= 16 &&
        (rt_str_has(body, RT_STR("return this")) || rt_str_has(body, RT_STR("debugger"))))
        return true; /* what obfuscators ask by the thousand */
    if (body.len <= 20 && rt_str_starts(body, RT_STR("while")) && rt_str_has(body, RT_STR("{}")))
        return false; /* and what they hang a debugger with */
    uint32_t event = rt_run_event(run, RT_FACT_CODE_EVAL, (const RtStr[4]){ body, hows[kind] });
    bool outside =
        rt_run_is_outside(run, body) || (event != RT_NO_EVENT && run->events[event].garbage);
    uint64_t hash = rt_plain_hash(run->arena, body);
    snprintf(ret_name, 64, "eval#%016llx", (unsigned long long)hash);
    RtStr name = rt_str_from_c(ret_name);
    if (script_named(run, name) == RT_NO_SCRIPT && run->text_bytes < TEXT_LIMIT &&
        event != RT_NO_EVENT) {
        run->text_bytes += body.len;
        rt_run_script(run, (RtRunScript){ .name = rt_str_copy(run->arena, name),
                                          .text = rt_str_copy(run->arena, body),
                                          .hash = hash,
                                          .outside = outside,
                                          .parent = run->events[event].script,
                                          .event = event,
                                          .lines_before = newlines(rt_str_sub(text, 0, skip)) });
    }
    return !outside;
}

static bool on_broken(void *ctx, RtStr text)
{
    RtRun *run = ctx;
    uint32_t slot;
    return run->requests != 0 || rt_marks_first(text, &slot);
}

/* One word of the command line for each constant: the first that is compared with it. */
static bool is_given_word(const RtRun *run, const RtSlot *slot, RtStr constant)
{
    if (!rt_str_starts(slot->name, RT_STR("argv:")))
        return false;
    for (size_t i = 0; i < run->slots->count; i++) {
        const RtSlot *other = &run->slots->items[i];
        if (other->is_learned && rt_str_starts(other->name, RT_STR("argv:")) &&
            rt_str_equal(other->learned, constant))
            return true;
    }
    return false;
}

static void on_equal(void *ctx, RtStr ours, RtStr constant)
{
    RtRun *run = ctx;
    uint32_t slot;
    run->saw_mac |= rt_str_equal(constant, RT_STR("darwin"));
    if (!rt_marks_first(ours, &slot) || slot >= run->slots->count || constant.len == 0 ||
        constant.len > 300)
        return;
    RtSlot *found = &run->slots->items[slot];
    if (found->is_learned || found->from == RT_FROM_MODULE || found->from == RT_FROM_ARGUMENT ||
        found->from == RT_FROM_FILE || is_given_word(run, found, constant))
        return;
    found->is_learned = true; /* given from the next run on: rt_run begins with a fresh world */
    found->learned = rt_str_copy(run->arena, constant);
    run->learned |= found->from == RT_FROM_NET || found->from == RT_FROM_ENV;
}

/* ---- driving
 * ----------------------------------------------------------------------------------------------------------------
 */

static uint32_t left_ms(const RtRun *run, uint32_t started, uint32_t at_most)
{
    uint32_t spent = cpu_ms() - started, sink = run->sink->ms_left(run->sink);
    uint32_t left = spent >= run->cpu_ms ? 0 : run->cpu_ms - spent;
    left = left < sink ? left : sink;
    return left < at_most ? left : at_most;
}

static bool note_status(RtRun *run, RtJsStatus status)
{
    run->dead |= status == RT_JS_DEAD;
    run->out_of_time |= status == RT_JS_STOPPED || status == RT_JS_DEAD;
    return status != RT_JS_DEAD;
}

/* Jobs and tasks until none is left, or the time. */
static bool settle(RtRun *run, uint32_t started)
{
    for (size_t i = 0; i < TASKS; i++) {
        bool more;
        uint32_t ms = left_ms(run, started, TASK_MS);
        if (ms == 0) {
            run->out_of_time = true;
            return false;
        }
        if (!note_status(run, rt_js_jobs(run->js, JOBS, ms, &more)))
            return false;
        RtJsValue ran;
        RtJsStatus status = rt_js_call(run->js, "next", NULL, 0, ms, &ran);
        if (!note_status(run, status))
            return false;
        if (status == RT_JS_FINE && ran.number == 0)
            return true;
    }
    return true;
}

static void trigger(RtRun *run, uint32_t started)
{
    RtJsValue count;
    uint32_t begun = cpu_ms();
    run->deferring = true;
    if (!note_status(run, rt_js_call(run->js, "triggers", NULL, 0,
                                     left_ms(run, started, TRIGGER_MS), &count)))
        return;
    bool timely = run->out_of_time;
    for (uint32_t i = 0; i < count.number && i < TRIGGERS && cpu_ms() - begun < TRIGGERS_MS; i++) {
        RtJsValue arg = RT_JS_MAKE_NUMBER(i), ignored;
        uint32_t ms = left_ms(run, started, TRIGGER_MS);
        if (ms == 0 || !note_status(run, rt_js_call(run->js, "trigger", &arg, 1, ms, &ignored)))
            return;
        bool more;
        if (!note_status(run, rt_js_jobs(run->js, JOBS, ms, &more)))
            return;
    }
    uint32_t whole = run->cpu_ms;
    run->cpu_ms = whole < cpu_ms() - started + 100 ? whole : cpu_ms() - started + 100;
    settle(run, started);
    run->cpu_ms = whole;
    run->out_of_time =
        timely ||
        run->dead; /* calls that were cut short are no gap: nobody said they would happen */
}

static RtStr entry_name(RtRun *run)
{
    const RtLayer *layer = run->sink->get_layer(run->sink, run->entry->layer);
    RtStr name = layer->name;
    if (run->root.len != 0 && rt_str_starts(name, run->root) && name.len > run->root.len + 1)
        name = rt_str_from(name, run->root.len + 1);
    return name;
}

static void enter(RtRun *run, uint32_t started)
{
    static const char *const kinds[] = { "file", "import", "text", "command" };
    RtJsValue args[3] = { RT_JS_MAKE_TEXT(rt_str_from_c(kinds[run->entry->kind])),
                          RT_JS_MAKE_TEXT(entry_name(run)),
                          { 0 } };
    size_t count = 2;
    if (run->entry->kind == RT_RUN_COMMAND)
        args[1] = RT_JS_MAKE_TEXT(run->entry->command);
    if (run->entry->kind == RT_RUN_TEXT) {
        RtStr source = rt_run_source(run, run->entry->layer, RT_STR("entry"), 0);
        rt_run_script(run, (RtRunScript){ .name = RT_STR("entry"),
                                          .layer = run->entry->layer,
                                          .parent = RT_NO_SCRIPT,
                                          .columns_before = sizeof WRAPPER - 1,
                                          .hash = run->entry->layer });
        args[1] = RT_JS_MAKE_TEXT(RT_STR("entry"));
        args[2] = RT_JS_MAKE_TEXT(rt_str_from(source, 1));
        count = 3;
    }
    RtJsValue outcome;
    RtJsStatus status =
        rt_js_call(run->js, "enter", args, count, left_ms(run, started, LOAD_MS), &outcome);
    run->threw |= status == RT_JS_THREW || (status == RT_JS_FINE && outcome.type == RT_JS_TEXT);
    note_status(run, status);
}

void rt_run(RtRun *run)
{
    static const RtJsHost host = {
        .call = rt_run_call, .eval = on_eval, .broken = on_broken, .equal = on_equal
    };
    uint32_t started = cpu_ms();
    RtJsHost mine = host;
    mine.ctx = run;
    rt_js_start(run->js, &mine);
    for (size_t i = 0; i < run->slots->count; i++)
        run->slots->items[i].event = RT_NO_EVENT;
    if (run->world.night)
        rt_js_clock_forward(run->js, NIGHT_MS);
    run->clock_from = rt_js_clock(run->js);
    RtJsValue ignored;
    RtJsStatus status = rt_js_call(run->js, "begin", NULL, 0, LOAD_MS, &ignored);
    if (status != RT_JS_FINE) {
        run->dead = true;
        return;
    }
    enter(run, started);
    if (!run->dead && settle(run, started) && run->world.trigger)
        trigger(run, started);
}
