/* api.c - include/ratter/ratter.h on top of the pool: what was added is scanned, judged and
 * written. */
#include "ratter/ratter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "judge/judge.h"
#include "report/report.h"
#include "scan/engine.h"
#include "scan/pool.h"
#include "scan/scan.h"

static const size_t list_arena = (size_t)2 << 30, kept_arena_limit = (size_t)2 << 30;

int rt_engine_fail(ratter_error *error, RtErr err)
{
    if (error != NULL) {
        error->status = err.code == RT_ERR_ABSENT ? RATTER_NOTHING : RATTER_FAILED;
        size_t len = strnlen(err.text, sizeof err.text);
        len = len < sizeof error->text ? len : sizeof error->text - 1;
        memcpy(error->text, err.text, len);
        error->text[len] = 0;
    }
    return -1;
}

ratter_engine *ratter_open(ratter_error *error)
{
    ratter_engine *engine = calloc(1, sizeof *engine);
    RtArena *arena = engine == NULL ? NULL : rt_arena_open(list_arena, NULL, NULL);
    if (arena == NULL) {
        free(engine);
        rt_engine_fail(error, rt_fail(RT_ERR_IO, "out of memory"));
        return NULL;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *engine = (ratter_engine){
        .arena = arena,
        .budget = rt_budget_default,
        .jobs = processors < 1    ? 1
                : processors > 16 ? 16
                                  : (uint32_t)processors,
        .fail_on = RT_VERDICT_MALICIOUS,
    };
    return engine;
}

void ratter_close(ratter_engine *engine)
{
    if (engine == NULL)
        return;
    rt_arena_close(engine->arena);
    free(engine->rules_folder);
    free(engine);
}

int ratter_add_output(ratter_engine *engine, const char *format, int colour, unsigned width,
                      ratter_write write, void *context, ratter_error *error)
{
    const RtReportFormat *found = rt_report_format_find(rt_str_from_c(format));
    if (found == NULL)
        return rt_engine_fail(
            error,
            rt_fail(RT_ERR_USAGE, "unknown format '%.40s'; `ratter help scan` lists them", format));
    if (engine->output_count == RT_OUTPUT_LIMIT)
        return rt_engine_fail(
            error, rt_fail(RT_ERR_USAGE, "too many outputs; %d is the most", (int)RT_OUTPUT_LIMIT));
    engine->outputs[engine->output_count++] = (RtOutput){
        .format = found,
        .style = { .colour = colour != 0,
                   .width = (uint16_t)(width > UINT16_MAX ? UINT16_MAX : width),
                   .elapsed = true },
        .write = write,
        .context = context,
    };
    return 0;
}

const ratter_format *ratter_formats(size_t *count)
{
    static ratter_format shown[64];
    size_t have;
    const RtReportFormat *const *formats = rt_report_formats(&have);
    for (size_t i = 0; i < have && i < RT_COUNT(shown); i++)
        shown[i] = (ratter_format){ formats[i]->name, formats[i]->media_type, formats[i]->title };
    *count = have < RT_COUNT(shown) ? have : RT_COUNT(shown);
    return shown;
}

/* A path that cannot be had is an input like any other: its report says unknown and why. */
int ratter_add_path(ratter_engine *engine, const char *path, ratter_error *error)
{
    if (path == NULL || *path == 0)
        return rt_engine_fail(error, rt_fail(RT_ERR_USAGE, "an empty path"));
    RtStr text = rt_str_copy(engine->arena, rt_str_from_c(path));
    RtErr err = rt_targets_add(engine->arena, text, &engine->targets);
    if (err.code == RT_OK)
        return 0;
    RtTargetList *list = &engine->targets;
    RT_PUSH(engine->arena, list->items, list->count, list->capacity) =
        (RtTarget){ .path = text,
                    .root = text,
                    .fd = -1,
                    .unseen = rt_str_copy(engine->arena, rt_str_from_c(err.text)) };
    return 0;
}

/* What cannot seek is read into memory first: a worker is only ever given something with a size. */
static RtErr copy_stream(int from, uint64_t limit, int *ret_fd)
{
    int to = memfd_create("input", MFD_CLOEXEC);
    if (to < 0)
        return rt_fail(RT_ERR_IO, "cannot keep standard input: %s", strerror(errno));
    static uint8_t block[1 << 16];
    uint64_t total = 0;
    for (;;) {
        ssize_t got = read(from, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        total += (uint64_t)got;
        if (total > limit || write(to, block, (size_t)got) != got) {
            close(to);
            return rt_fail(RT_ERR_IO, "standard input is larger than --limit-input-bytes (%llu)",
                           (unsigned long long)limit);
        }
    }
    *ret_fd = to;
    return RT_FINE;
}

int ratter_add_fd(ratter_engine *engine, int fd, const char *name, ratter_error *error)
{
    int own = -1;
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    } else {
        RtErr err = copy_stream(fd, engine->budget.input_bytes, &own);
        if (err.code != RT_OK)
            return rt_engine_fail(error, err);
    }
    RtTargetList *list = &engine->targets;
    RtStr text = rt_str_copy(engine->arena, rt_str_from_c(name));
    RT_PUSH(engine->arena, list->items, list->count, list->capacity) =
        (RtTarget){ .path = text, .root = text, .fd = own };
    return 0;
}

void ratter_on_progress(ratter_engine *engine, ratter_progress progress, void *context)
{
    engine->progress = progress;
    engine->progress_context = context;
}

static RtErr compile_folder(RtArena *arena, const char *folder, RtText *pack)
{
    pack->arena = arena;
    return rt_rules_compile(arena, rt_str_from_c(folder), NULL, NULL, pack);
}

RtErr rt_engine_rules(const ratter_engine *engine, RtRules **ret_rules)
{
    RtStr packs[2] = { rt_rules_builtin() };
    size_t count = packs[0].len != 0; /* a program built without rules lives on --rules alone */
    RT_ARENA arena = rt_arena_open(256 << 20, NULL, NULL);
    RtText pack = { 0 };
    if (engine->rules_folder != NULL) {
        RT_TRY(compile_folder(arena, engine->rules_folder, &pack));
        packs[count++] = rt_text_str(&pack);
    }
    return rt_rules_open(packs, count, ret_rules);
}

/* ---- a run
 * -------------------------------------------------------------------------------------------------
 */

typedef struct {
    ratter_engine *engine;
    RtArena *text_arena, *kept_arena;
    const RtReport **kept; /* per target; NULL until it is done (only when some output needs all) */
    bool *finished;        /* per target */
    bool keep, broken;     /* broken: a writer gave up */
    RtReportSummary summary;
    RtVerdictLevel worst;
} Run;

static RtStr purl_of(RtArena *arena, const RtArtifact *artifact)
{
    if (artifact->ecosystem.len == 0 || artifact->name.len == 0)
        return RT_STR("");
    RtStr plain = RT_STR("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~/:");
    RtText purl = { .arena = arena, .limit = 1024 };
    rt_text_format(&purl, "pkg:%.*s/", RT_FMT(artifact->ecosystem));
    RtStr parts[2] = { artifact->name, artifact->version };
    for (size_t p = 0; p < 2; p++) {
        if (p == 1 && parts[1].len != 0)
            rt_text_byte(&purl, '@');
        for (size_t i = 0; i < parts[p].len; i++) {
            bool kept = rt_str_find_byte(plain, parts[p].at[i]) != RT_NOT_FOUND;
            if (kept)
                rt_text_byte(&purl, parts[p].at[i]);
            else
                rt_text_format(&purl, "%%%02X", parts[p].at[i]);
        }
    }
    return rt_text_str(&purl);
}

static void flush(Run *run, RtOutput *output, RtText *text)
{
    if (text->len != 0 && !run->broken && output->write(output->context, text->at, text->len) != 0)
        run->broken = true;
    text->len = 0;
}

static void count_report(Run *run, const RtReport *report)
{
    run->summary.by_verdict[report->verdict.level]++;
    run->summary.total++;
    run->summary.incomplete += !report->verdict.complete;
    if (report->verdict.level > run->worst)
        run->worst = report->verdict.level;
}

static const RtReport *keep_report(Run *run, const RtReport *report)
{
    RtText bytes = { .arena = run->kept_arena };
    rt_wire_put_report(&bytes, report);
    RtReport *copy = RT_NEW(run->kept_arena, RtReport);
    if (!rt_wire_get_report(run->kept_arena, rt_text_str(&bytes), copy))
        return NULL;
    copy->artifact.path = report->artifact.path;
    copy->artifact.purl = rt_str_copy(run->kept_arena, report->artifact.purl);
    copy->verdict = report->verdict;
    copy->elapsed_ms = report->elapsed_ms;
    return copy;
}

static void add_reason(RtArena *arena, RtReport *report, RtStr reason)
{
    RtUnseen *unseen = RT_NEW_ARRAY(arena, RtUnseen, report->unseen_count + 1);
    if (report->unseen_count != 0)
        memcpy(unseen, report->unseen, report->unseen_count * sizeof *unseen);
    unseen[report->unseen_count++] = (RtUnseen){ .reason = reason, .times = 1 };
    report->unseen = unseen;
}

static int take_report(void *context, size_t target, const RtReport *given)
{
    Run *run = context;
    ratter_engine *engine = run->engine;
    RtReport report = *given;
    report.artifact.purl = purl_of(run->text_arena, &report.artifact);
    rt_judge(&report);
    if (engine->no_jail) /* said in every report, but it hides nothing of the package: judged before
                          */
        add_reason(run->text_arena, &report, RT_STR("scanned without a jail"));
    count_report(run, &report);
    run->finished[target] = true;
    if (run->keep)
        run->kept[target] = keep_report(run, &report);
    for (size_t i = 0; i < engine->output_count; i++) {
        RtOutput *output = &engine->outputs[i];
        RtText text = { .arena = run->text_arena };
        if (output->format->each != NULL) {
            output->format->each(&text, &output->style, &report);
            flush(run, output, &text);
        }
    }
    rt_arena_reset(run->text_arena);
    return run->broken;
}

static int tick(void *context, size_t done, size_t known, RtStr current)
{
    Run *run = context;
    if (run->engine->progress == NULL)
        return 0;
    char name[512];
    size_t len = current.len < sizeof name ? current.len : sizeof name - 1;
    if (len != 0)
        memcpy(name, current.at, len);
    name[len] = 0;
    return run->engine->progress(run->engine->progress_context, done, known, name);
}

/* Artifacts that got no report: the run was stopped. */
static void report_unfinished(Run *run, const RtTargetList *targets, RtStr reason)
{
    for (size_t i = 0; i < targets->count && !run->broken; i++) {
        if (run->finished[i])
            continue;
        RtUnseen unseen = { .reason = reason, .times = 1 };
        RtReport report = { .artifact = { .path = targets->items[i].path },
                            .unseen = &unseen,
                            .unseen_count = 1 };
        take_report(run, i, &report);
    }
}

static void close_outputs(Run *run, size_t count)
{
    for (size_t i = 0; i < run->engine->output_count && !run->broken; i++) {
        RtOutput *output = &run->engine->outputs[i];
        RtText text = { .arena = run->kept_arena };
        if (output->format->all != NULL)
            output->format->all(&text, &output->style, run->kept, count, &run->summary);
        else if (output->format->summary != NULL)
            output->format->summary(&text, &output->style, &run->summary);
        flush(run, output, &text);
    }
}

static int compare_paths(const void *a, const void *b)
{
    const RtReport *left = *(const RtReport *const *)a, *right = *(const RtReport *const *)b;
    return rt_str_compare(left->artifact.path, right->artifact.path);
}

/* Only what was done and kept, sorted by path. */
static size_t settle_kept(Run *run, size_t count)
{
    size_t have = 0;
    for (size_t i = 0; i < count; i++) {
        if (run->kept[i] != NULL)
            run->kept[have++] = run->kept[i];
    }
    if (have != 0)
        qsort(run->kept, have, sizeof *run->kept, compare_paths);
    return have;
}

static int exit_status(const Run *run)
{
    const ratter_engine *engine = run->engine;
    if (run->summary.total == 0)
        return RATTER_NOTHING;
    if (engine->fail_on != RT_VERDICT_UNKNOWN && run->worst >= engine->fail_on)
        return RATTER_FOUND;
    return run->summary.incomplete != 0 ? RATTER_INCOMPLETE : RATTER_DONE;
}

/* A clock for the summary only; nothing that is reported depends on it. */
static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool wants_trace(const ratter_engine *engine)
{
    for (size_t i = 0; i < engine->output_count; i++) {
        if (engine->outputs[i].format->traces)
            return true;
    }
    return false;
}

static RtErr run_pool(Run *run, const RtRules *rules, RtRulesScratch *scratch)
{
    ratter_engine *engine = run->engine;
    RtJail *jail = NULL;
    uint64_t memory = engine->budget.arena_bytes * 2 +
                      (512ULL << 20); /* the arena, the parsers and the engine, the program */
    RtJailPolicy policy = { .memory_bytes = memory, .files = 256 };
    if (!engine->no_jail)
        RT_TRY(rt_jail_open(&policy, &jail));
    RtPool pool = {
        .setup = { .rules = rules,
                   .scratch = scratch,
                   .budget = engine->budget,
                   .jail = jail,
                   .emulate = engine->emulate,
                   .traces = wants_trace(engine) },
        .jobs = engine->jobs,
        .done = take_report,
        .tick = tick,
        .context = run,
    };
    size_t done;
    RtErr err = rt_pool_run(&pool, &engine->targets, &done);
    rt_jail_close(jail);
    return err;
}

static void forget_targets(ratter_engine *engine)
{
    for (size_t i = 0; i < engine->targets.count; i++)
        rt_fd_done(&engine->targets.items[i].fd);
    engine->targets = (RtTargetList){ 0 };
    rt_arena_reset(engine->arena);
}

static RtErr scan_all(Run *run)
{
    ratter_engine *engine = run->engine;
    size_t count = engine->targets.count;
    RtRules *rules = NULL;
    RtRulesScratch *scratch = NULL;
    RT_TRY(rt_engine_rules(engine, &rules));
    RtErr err = rt_rules_scratch_open(rules, &scratch);
    uint64_t started = clock_ms();
    for (size_t i = 0; i < engine->output_count; i++) {
        RtReportStyle *style = &engine->outputs[i].style;
        style->version = RT_STR(RATTER_VERSION);
        style->ruleset = rt_rules_version(rules);
        style->verbose = engine->verbose;
    }
    if (err.code == RT_OK && count != 0)
        err = run_pool(run, rules, scratch);
    if (err.code == RT_OK) {
        report_unfinished(run, &engine->targets, RT_STR("interrupted"));
        run->summary.elapsed_ms = clock_ms() - started;
        close_outputs(run, run->keep ? settle_kept(run, count) : 0);
    }
    rt_rules_scratch_close(scratch);
    rt_rules_close(rules);
    return err;
}

int ratter_scan(ratter_engine *engine, ratter_error *error)
{
    size_t count = engine->targets.count;
    Run run = { .engine = engine,
                .text_arena = rt_arena_open(kept_arena_limit, NULL, NULL),
                .kept_arena = rt_arena_open(kept_arena_limit, NULL, NULL) };
    for (size_t i = 0; i < engine->output_count; i++)
        run.keep |= engine->outputs[i].format->all != NULL;
    run.kept = RT_NEW_ARRAY(run.kept_arena, const RtReport *, count + 1);
    run.finished = RT_NEW_ARRAY(run.kept_arena, bool, count + 1);
    RtErr err = scan_all(&run);
    int status = exit_status(&run);
    rt_arena_close(run.text_arena);
    rt_arena_close(run.kept_arena);
    forget_targets(engine);
    if (err.code != RT_OK) {
        rt_engine_fail(error, err);
        return RATTER_FAILED;
    }
    return status;
}
