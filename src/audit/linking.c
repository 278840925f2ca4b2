/* linking.c - `ratter link PATH...` of include/ratter/link.h: finds the packages, has them scanned
 * as `ratter scan` does, and writes what links them. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/content.h"
#include "base/escape.h"
#include "base/words.h"
#include "ecosystem/lockfile.h"
#include "link/select.h"
#include "ratter/link.h"
#include "report/graphs.h"
#include "scan/crew.h"

enum { SHELF_MOST = 200000 };
static const size_t arena_limit = (size_t)8 << 30;

typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    const ratter_link_setup *setup;
    RtTargetList targets;
    RtContents contents;
    uint32_t missing; /* dependencies of lockfiles that are not on this machine */
} Linking;

static int by_name(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

static RtStr *list(RtArena *arena, RtStr folder, size_t *ret_count)
{
    RtStr *names = NULL;
    size_t count = 0, capacity = 0;
    DIR *dir = opendir(rt_str_c(arena, folder));
    for (struct dirent *at; dir != NULL && count < SHELF_MOST && (at = readdir(dir)) != NULL;)
        if (at->d_name[0] != '.')
            RT_PUSH(arena, names, count, capacity) = rt_str_copy(arena, rt_str_from_c(at->d_name));
    if (dir != NULL)
        closedir(dir);
    if (count != 0)
        qsort(names, count, sizeof *names, by_name);
    *ret_count = count;
    return names;
}

/* What makes a folder one project; a folder without is a shelf: each archive and folder on it is a
 * package. */
static bool is_project(const RtStr *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rt_word_in(names[i], "package.json setup.py setup.cfg pyproject.toml composer.json "
                                 "cargo.toml go.mod gemfile node_modules index.js"))
            return true;
    return count == 0;
}

static RtErr add_folder(Linking *linking, RtStr path)
{
    size_t count;
    const RtStr *names = list(linking->arena, path, &count);
    bool is_tree =
        rt_str_ends(path, RT_STR("node_modules")) || rt_str_ends(path, RT_STR("site-packages"));
    if (is_tree || is_project(names, count))
        return rt_targets_add(linking->arena, path, &linking->targets);
    for (size_t i = 0; i < count; i++) {
        RtStr below = rt_content_join(linking->arena, path, names[i]);
        struct stat info;
        if (lstat(rt_str_c(linking->arena, below), &info) == 0 &&
            (S_ISDIR(info.st_mode) || S_ISREG(info.st_mode)))
            RT_TRY(rt_targets_add(linking->arena, below, &linking->targets));
    }
    return RT_FINE;
}

/* The content of what a lockfile names, as far as it is on this machine. */
static RtErr add_lockfile(Linking *linking, RtStr path)
{
    RtAuditSources sources = { 0 };
    RT_TRY(rt_audit_find(linking->arena, path, &sources));
    for (size_t i = 0; i < sources.count; i++) {
        RtAudit *audit = RT_NEW(linking->arena, RtAudit);
        RtAuditSource source = sources.items[i];
        *audit = (RtAudit){ .arena = linking->arena };
        RT_TRY(rt_audit_read(audit, &source, linking->contents.home, linking->engine->no_jail));
        rt_content_find(audit, &source, &linking->contents);
    }
    return RT_FINE;
}

static RtErr add_path(Linking *linking, RtStr path)
{
    struct stat info;
    while (path.len > 1 && path.at[path.len - 1] == '/')
        path.len--;
    if (stat(rt_str_c(linking->arena, path), &info) != 0)
        return rt_fail(RT_ERR_IO, "cannot read %.*s: %s", RT_FMT(rt_escaped(linking->arena, path)),
                       strerror(errno));
    if (S_ISDIR(info.st_mode))
        return add_folder(linking, path);
    return rt_lockfile_find(path, RT_STR("")) != NULL
               ? add_lockfile(linking, path)
               : rt_targets_add(linking->arena, path, &linking->targets);
}

static void gather_contents(Linking *linking)
{
    RtTargetList *all = &linking->targets;
    for (size_t i = 0; i < linking->contents.targets.count; i++)
        RT_PUSH(linking->arena, all->items, all->count, all->capacity) =
            linking->contents.targets.items[i];
    for (size_t i = 0; i < linking->contents.gap_count; i++) {
        const RtContentGap *gap = &linking->contents.gaps[i];
        for (size_t k = 0; k < gap->audit->lock.count; k++)
            linking->missing += !gap->found[k];
    }
}

static RtErr compare(Linking *linking, RtOutlet *outlet)
{
    RtRules *rules = NULL;
    RT_TRY(rt_engine_rules(linking->engine, &rules));
    RtErr err = rt_crew_scan(outlet, rules, &linking->targets, NULL, NULL);
    rt_rules_close(rules);
    return err;
}

static int tell(Linking *linking, const RtOutlet *outlet, const RtLinkFormat *format,
                ratter_write write, void *context)
{
    const ratter_link_setup *setup = linking->setup;
    RtLinkWish wish = { .least = setup->weak ? RT_WEAK : RT_STRONG,
                        .campaign = rt_str_from_c(setup->campaign),
                        .account = rt_str_from_c(setup->account) };
    const RtLinks *links = rt_links_select(linking->arena, rt_linker_run(outlet->linker), &wish);
    RtText out = { .arena = linking->arena };
    format->write(&out, links);
    if (write(context, out.at, out.len) != 0)
        return RATTER_FAILED;
    if (links->count != 0 && links->items[0].level == RT_CONCLUSIVE)
        return RATTER_FOUND;
    return linking->missing != 0 || outlet->summary.incomplete != 0 ? RATTER_INCOMPLETE
                                                                    : RATTER_DONE;
}

static RtErr gather(Linking *linking, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        RT_TRY(add_path(linking, rt_str_copy(linking->arena, rt_str_from_c(paths[i]))));
    gather_contents(linking);
    return RT_FINE;
}

int ratter_link(ratter_engine *engine, const char *const *paths, size_t count,
                const ratter_link_setup *setup, ratter_write write, void *context,
                ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(arena_limit, NULL, NULL);
    const RtLinkFormat *format = rt_report_graph_find(rt_str_from_c(setup->format));
    Linking linking = { .arena = arena,
                        .engine = engine,
                        .setup = setup,
                        .contents = { .arena = arena,
                                      .home = rt_str_from_c(setup->home),
                                      .no_jail = engine->no_jail } };
    RtOutlet outlet = rt_outlet_open(engine, arena, false);
    rt_outlet_link(&outlet, true);
    RtErr err = format != NULL ? gather(&linking, paths, count)
                               : rt_fail(RT_ERR_USAGE, "unknown format '%.40s'", setup->format);
    if (err.code == RT_OK)
        err = compare(&linking, &outlet);
    int status = err.code != RT_OK            ? RATTER_FAILED
                 : linking.targets.count == 0 ? RATTER_NOTHING
                                              : tell(&linking, &outlet, format, write, context);
    for (size_t i = 0; i < linking.targets.count; i++)
        rt_fd_done(&linking.targets.items[i].fd);
    rt_outlet_close(&outlet);
    if (err.code != RT_OK)
        rt_engine_fail(error, err);
    return status;
}

const ratter_format *ratter_link_formats(size_t *count)
{
    static ratter_format shown[16]; /* filled with the same words at every call */
    size_t have;
    const RtLinkFormat *const *formats = rt_report_graphs(&have);
    *count = have < RT_COUNT(shown) ? have : RT_COUNT(shown);
    for (size_t i = 0; i < *count; i++)
        shown[i] = (ratter_format){ formats[i]->name, formats[i]->media_type, formats[i]->title };
    return shown;
}
