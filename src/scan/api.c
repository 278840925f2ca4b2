/* api.c - include/ratter/ratter.h on top of the pool: what was added is scanned, judged and
 * written. */
#include "ratter/ratter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/report.h"
#include "scan/crew.h"

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
    free(engine->cache_folder);
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

static void forget_targets(ratter_engine *engine)
{
    for (size_t i = 0; i < engine->targets.count; i++)
        rt_fd_done(&engine->targets.items[i].fd);
    engine->targets = (RtTargetList){ 0 };
    rt_arena_reset(engine->arena);
}

static RtErr scan_all(ratter_engine *engine, RtOutlet *outlet)
{
    RtRules *rules = NULL;
    RT_TRY(rt_engine_rules(engine, &rules));
    for (size_t i = 0; i < engine->output_count; i++) {
        RtReportStyle *style = &engine->outputs[i].style;
        style->version = RT_STR(RATTER_VERSION);
        style->ruleset = rt_rules_version(rules);
        style->verbose = engine->verbose;
    }
    if (engine->targets.count > 1)
        rt_outlet_link(outlet, false);
    RtErr err = rt_crew_scan(outlet, rules, &engine->targets, NULL, NULL);
    if (err.code == RT_OK)
        rt_outlet_finish(outlet);
    rt_rules_close(rules);
    return err;
}

int ratter_scan(ratter_engine *engine, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(kept_arena_limit, NULL, NULL);
    RtOutlet outlet = rt_outlet_open(engine, arena, false);
    RtErr err = scan_all(engine, &outlet);
    int status = rt_outlet_status(&outlet);
    rt_outlet_close(&outlet);
    forget_targets(engine);
    if (err.code != RT_OK) {
        rt_engine_fail(error, err);
        return RATTER_FAILED;
    }
    return status;
}
