/* sweep_api.c - include/ratter/sweep.h: finds, looks, asks, tells. */
#include "ratter/sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "scan/engine.h"
#include "sweep/tell.h"

static const size_t arena_limit = (size_t)2 << 30;

typedef struct {
    RtSweep sweep;
    RtPlaces *places;
    RtStr *extra; /* --checkouts, below the root */
    size_t extra_count;
} Run;

/* What the user wrote as a path becomes one below the root. */
static RtErr settle_path(RtSweep *sweep, const char *path, RtStr *ret_path)
{
    RtStr text = rt_str_from_c(path);
    char *real = sweep->root.len != 0 || text.len == 0 ? NULL : realpath(path, NULL);
    if (real != NULL) {
        text = rt_str_copy(sweep->arena, rt_str_from_c(real));
        free(real);
    } else if (sweep->root.len == 0 && text.len != 0) {
        return rt_fail(RT_ERR_USAGE, "cannot read %.*s: %s", RT_FMT(rt_escaped(sweep->arena, text)),
                       strerror(errno));
    }
    while (text.len != 0 && text.at[0] == '/')
        text = rt_str_from(text, 1);
    while (text.len != 0 && text.at[text.len - 1] == '/')
        text.len--;
    *ret_path = text;
    return RT_FINE;
}

static RtErr start(Run *run, RtArena *arena, const ratter_sweep_setup *setup)
{
    RtSweep *sweep = &run->sweep;
    *sweep = (RtSweep){ .arena = arena, .root_fd = -1, .now = setup->now };
    RtStr root = rt_str_from_c(setup->root ? setup->root : "");
    while (root.len != 0 && root.at[root.len - 1] == '/')
        root.len--;
    sweep->root = root;
    sweep->root_fd = open(setup->root ? setup->root : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (sweep->root_fd < 0)
        return rt_fail(RT_ERR_USAGE, "cannot open the folder %.*s: %s",
                       RT_FMT(rt_escaped(arena, rt_str_from_c(setup->root))), strerror(errno));
    RT_TRY(rt_places_open(rt_places_builtin(), &run->places));
    sweep->places = run->places;
    RtStr home = { 0 };
    if (setup->home == NULL && setup->root == NULL)
        return rt_fail(RT_ERR_USAGE, "no home directory is known; name one with --home");
    if (setup->home != NULL)
        RT_TRY(settle_path(sweep, setup->home, &home));
    RT_TRY(rt_layout_homes(sweep, home));
    run->extra = RT_NEW_ARRAY(arena, RtStr, setup->checkout_count + 1);
    for (size_t i = 0; i < setup->checkout_count; i++)
        RT_TRY(settle_path(sweep, setup->checkouts[i], &run->extra[run->extra_count++]));
    return RT_FINE;
}

static void finish(Run *run)
{
    rt_intel_close(run->sweep.intel);
    rt_places_close(run->places);
    rt_fd_done(&run->sweep.root_fd);
}

/* ---- what will be read */

static void plan_briefly(const Run *run, const ratter_sweep_setup *setup, RtText *out)
{
    const RtSweep *sweep = &run->sweep;
    rt_text_format(out, "ratter sweep reads, changes nothing, and sends nothing anywhere:\n");
    for (size_t i = 0; i < sweep->home_count; i++)
        rt_text_format(out, "  home directory %.*s\n",
                       RT_FMT(rt_escaped(out->arena, rt_sweep_shown(sweep, sweep->homes[i]))));
    for (size_t i = 0; i < run->extra_count; i++)
        rt_text_format(out, "  folder %.*s\n",
                       RT_FMT(rt_escaped(out->arena, rt_sweep_shown(sweep, run->extra[i]))));
    rt_text_format(out,
                   "  - places where %zu families leave traces (%zu, --dry-run lists them), "
                   "temporary folders, start-up of the system\n"
                   "  - checkouts below them: git hooks, tool configurations, editor and agent "
                   "settings, workflows, lockfiles\n"
                   "  - caches, logs and global installs of npm, yarn, pnpm, pip and their like\n",
                   sweep->places->family_count, sweep->places->count);
    if (setup->proc != NULL && setup->root == NULL)
        rt_text_format(out, "  - running programs and their connections\n");
}

static void plan_fully(const Run *run, RtText *out)
{
    const RtPlaces *places = run->sweep.places;
    for (size_t f = 0; f < places->family_count; f++) {
        rt_text_format(out, "\n%.*s\n", RT_FMT(places->families[f].title));
        for (size_t i = 0; i < places->count; i++) {
            const RtPlace *place = &places->items[i];
            if (place->family != f)
                continue;
            rt_text_format(out, "  %-11.*s %.*s\n", RT_FMT(rt_finding_level_name(place->level)),
                           RT_FMT(place->says));
            for (size_t k = 0; k < place->path_count; k++)
                rt_text_format(out, "              %.*s\n", RT_FMT(place->paths[k]));
            for (size_t k = 0; k < place->port_count; k++)
                rt_text_format(out, "              port %u\n", place->ports[k]);
        }
    }
}

int ratter_sweep_plan(const ratter_sweep_setup *setup, int all, ratter_write write, void *context,
                      ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(arena_limit, NULL, NULL);
    Run run = { 0 };
    RtText out = { .arena = arena };
    RtErr err = start(&run, arena, setup);
    if (err.code == RT_OK) {
        plan_briefly(&run, setup, &out);
        if (all)
            plan_fully(&run, &out);
    }
    finish(&run);
    if (err.code != RT_OK)
        return rt_engine_fail(error, err);
    return write(context, out.at, out.len);
}

/* ---- the sweep */

static void find_files(RtSweep *sweep)
{
    for (size_t i = 0; i < sweep->places->count; i++) {
        const RtPlace *place = &sweep->places->items[i];
        for (size_t k = 0; k < place->path_count; k++) {
            const RtStr *patterns = NULL;
            size_t count = rt_layout_patterns(sweep, place->paths[k], &patterns);
            for (size_t p = 0; p < count; p++)
                rt_seek(sweep, place, patterns[p], rt_sweep_take);
        }
    }
}

static RtErr open_intel(RtSweep *sweep, const char *store)
{
    RtIntelStatus status = { 0 };
    if (store == NULL) {
        rt_sweep_gap(
            sweep, RT_STR("intelligence"),
            RT_STR("none was consulted: packages and addresses were compared with nothing"), false);
        return RT_FINE;
    }
    RT_TRY(rt_intel_open(rt_str_from_c(store), false, &sweep->intel));
    RT_TRY(rt_intel_status(sweep->intel, &status));
    if (status.imported == 0)
        rt_sweep_gap(sweep, RT_STR("intelligence"),
                     RT_STR("none was imported: packages and addresses were compared with the "
                            "built-in list only (ratter intel import)"),
                     false);
    return RT_FINE;
}

static RtErr sweep_all(Run *run, const ratter_sweep_setup *setup)
{
    RtSweep *sweep = &run->sweep;
    RT_TRY(open_intel(sweep, setup->intel));
    find_files(sweep);
    rt_checkouts_find(sweep, run->extra, run->extra_count);
    RT_TRY(rt_look_run(sweep));
    RT_TRY(rt_installed_run(sweep));
    RT_TRY(rt_examine_run(sweep));
    if (setup->proc != NULL && setup->root == NULL)
        RT_TRY(rt_processes_run(sweep, rt_str_from_c(setup->proc)));
    rt_sweep_settle(sweep);
    return RT_FINE;
}

static RtErr tell(const RtSweep *sweep, const ratter_sweep_setup *setup, RtText *out)
{
    const char *format = setup->format ? setup->format : "text";
    if (strcmp(format, "text") == 0)
        rt_tell_text(sweep, setup->width, out);
    else if (strcmp(format, "json") == 0)
        rt_tell_json(sweep, out);
    else if (strcmp(format, "jsonl") == 0)
        rt_tell_jsonl(sweep, out);
    else
        return rt_fail(RT_ERR_USAGE, "a sweep is told as text, json or jsonl, not %.40s", format);
    return RT_FINE;
}

int ratter_sweep(ratter_engine *engine, const ratter_sweep_setup *setup, ratter_write write,
                 void *context, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(arena_limit, NULL, NULL);
    Run run = { 0 };
    RtText out = { .arena = arena };
    RtErr err = start(&run, arena, setup);
    run.sweep.engine = engine;
    if (err.code == RT_OK)
        err = sweep_all(&run, setup);
    if (err.code == RT_OK)
        err = tell(&run.sweep, setup, &out);
    RtSweepAnswer answer = RT_SWEEP_NO_TRACE;
    bool complete = false;
    if (err.code == RT_OK) {
        answer = rt_sweep_answer(&run.sweep);
        complete = rt_sweep_is_complete(&run.sweep);
    }
    finish(&run);
    if (err.code != RT_OK) {
        rt_engine_fail(error, err);
        return RATTER_FAILED;
    }
    if (write(context, out.at, out.len) != 0)
        return RATTER_FAILED;
    return answer > RT_SWEEP_NO_TRACE ? RATTER_FOUND : complete ? RATTER_DONE : RATTER_INCOMPLETE;
}

int ratter_places_check(const char *folder, void (*say)(void *context, const char *line),
                        void *context, ratter_error *error)
{
    return rt_engine_check(rt_places_pack, folder, say, context, error);
}
