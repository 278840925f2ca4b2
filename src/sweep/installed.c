/* installed.c - what is installed, locked or cached, against intelligence. The audit's readers do
 * the reading, behind the wall. */
#include <stdlib.h>
#include <string.h>

#include "audit/source.h"
#include "sweep/sweep.h"

static bool counts(const RtSweep *sweep, const RtIntelEntry *entry)
{
    return entry->role != RT_ROLE_TARGET &&
           (entry->valid_until == 0 || sweep->now <= entry->valid_until);
}

/* An extension is known by a feed's package or by the bare id that reports name. */
static RtErr ask_extension(RtSweep *sweep, RtArena *arena, RtStr name, RtStr version,
                           const RtIntelEntry **ret_entries, size_t *ret_count)
{
    size_t dot = rt_str_find_byte(name, '.');
    if (dot != RT_NOT_FOUND) {
        RtStr whole = rt_str_format(arena, "%.*s/%.*s", RT_FMT(rt_str_sub(name, 0, dot)),
                                    RT_FMT(rt_str_from(name, dot + 1)));
        RT_TRY(rt_intel_package(sweep->intel, arena, RT_STR("vscode-extension"), whole, version,
                                ret_entries, ret_count));
        if (*ret_count == 0)
            RT_TRY(rt_intel_package(sweep->intel, arena, RT_STR("openvsx"), whole, version,
                                    ret_entries, ret_count));
    }
    return *ret_count != 0 ? RT_FINE
                           : rt_intel_value(sweep->intel, arena, RT_INTEL_EXTENSION, name,
                                            ret_entries, ret_count);
}

RtErr rt_installed_ask(RtSweep *sweep, RtSweepHit hit, RtStr ecosystem, RtStr name, RtStr version)
{
    const RtIntelEntry *entries = NULL;
    size_t count = 0;
    sweep->counts.packages++;
    if (sweep->intel == NULL || name.len == 0 || version.len == 0)
        return RT_FINE;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    if (rt_str_ends(ecosystem, RT_STR("-extension")))
        RT_TRY(ask_extension(sweep, arena, name, version, &entries, &count));
    else
        RT_TRY(rt_intel_package(sweep->intel, arena, ecosystem, name, version, &entries, &count));
    for (size_t i = 0; i < count; i++) {
        const RtIntelEntry *entry = &entries[i];
        if (!counts(sweep, entry))
            continue;
        RtText text = { .arena = sweep->arena, .limit = 600 };
        rt_text_format(&text, "%.*s %.*s %.*s", RT_FMT(ecosystem), RT_FMT(name), RT_FMT(version));
        if (entry->id.len != 0 || entry->campaign.len != 0)
            rt_text_format(&text, ": %.*s%s%.*s", RT_FMT(entry->id),
                           entry->id.len != 0 && entry->campaign.len != 0 ? ", " : "",
                           RT_FMT(entry->campaign));
        rt_text_format(&text, " (%.*s)", RT_FMT(rt_str_sub(entry->source, 0, 200)));
        hit.exactly = rt_text_str(&text);
        rt_sweep_hit(sweep, hit);
        return RT_FINE;
    }
    return RT_FINE;
}

static RtStr folder_of(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    return slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(path, 0, slash);
}

static RtErr ask_all(RtSweep *sweep, const RtSweepItem *item, const RtAudit *audit, bool is_tree)
{
    for (size_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *found = &audit->lock.items[i];
        if (found->source == RT_FROM_PATH || (found->flags & RT_DEP_LOOSE))
            continue;
        RtSweepHit hit = { .place = item->place,
                           .level = item->place->level,
                           .where =
                               is_tree && found->place.len != 0 ? found->place : audit->lock.path,
                           .line = is_tree ? 0 : found->line,
                           .when = item->when };
        RT_TRY(rt_installed_ask(sweep, hit, found->ecosystem, found->name, found->version));
    }
    return RT_FINE;
}

static RtErr read_one(RtSweep *sweep, const RtSweepItem *item)
{
    RtArena *arena = rt_arena_open((size_t)2 << 30, NULL, NULL);
    RtStr path = rt_sweep_shown(sweep, item->path);
    RtCheck check = item->place->check;
    bool is_tree = check != RT_CHECK_LOCKFILE;
    RtAuditSource source = { .path = path,
                             .folder = is_tree ? path : folder_of(path),
                             .root = is_tree ? path : folder_of(path),
                             .is_node = check == RT_CHECK_NODE_TREE,
                             .is_site = check == RT_CHECK_PYTHON_TREE };
    RtAudit audit = { .arena = arena, .now = sweep->now };
    bool ours = rt_layout_is_ours(sweep, item->path);
    RtErr err = rt_audit_read(&audit, &source, RT_STR(""), sweep->engine->no_jail);
    if (err.code == RT_ERR_JAIL) {
        rt_arena_close(arena);
        return err;
    }
    if (err.code != RT_OK)
        rt_sweep_gap(sweep, path, rt_str_copy(sweep->arena, rt_str_from_c(err.text)), ours);
    for (size_t i = 0; i < audit.unseen_count; i++)
        rt_sweep_gap(sweep, rt_str_copy(sweep->arena, audit.unseen[i].where),
                     rt_str_copy(sweep->arena, audit.unseen[i].reason), ours);
    if (err.code == RT_OK) {
        size_t before = sweep->hit_count;
        err = ask_all(sweep, item, &audit, is_tree);
        for (size_t i = before; i < sweep->hit_count; i++) /* the arena of this tree goes */
            sweep->hits[i].where = rt_str_copy(sweep->arena, sweep->hits[i].where);
    } else {
        err = RT_FINE;
    }
    rt_arena_close(arena);
    return err;
}

RtErr rt_installed_run(RtSweep *sweep)
{
    if (sweep->tree_count != 0)
        qsort(sweep->trees, sweep->tree_count, sizeof *sweep->trees, rt_sweep_compare_items);
    for (size_t i = 0; i < sweep->tree_count; i++) {
        bool again = i > 0 && rt_str_equal(sweep->trees[i].path, sweep->trees[i - 1].path);
        if (!again)
            RT_TRY(read_one(sweep, &sweep->trees[i]));
    }
    return RT_FINE;
}
