/* sweep.c - hits and gaps, and where a found path goes. */
#include "sweep/sweep.h"

#include <stdlib.h>
#include <string.h>

RtStr rt_sweep_join(RtArena *arena, RtStr folder, RtStr name)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, folder);
    if (folder.len != 0)
        rt_text_byte(&text, '/');
    rt_text_add(&text, name);
    return rt_text_str(&text);
}

RtStr rt_sweep_shown(const RtSweep *sweep, RtStr path)
{
    RtText text = { .arena = sweep->arena };
    rt_text_add(&text, sweep->root);
    rt_text_byte(&text, '/');
    rt_text_add(&text, path);
    return rt_text_str(&text);
}

void rt_sweep_hit(RtSweep *sweep, RtSweepHit hit)
{
    if (sweep->hit_count < RT_HITS_MAX)
        RT_PUSH(sweep->arena, sweep->hits, sweep->hit_count, sweep->hit_capacity) = hit;
    else if (sweep->hit_count == RT_HITS_MAX && hit.level > RT_NOTE)
        rt_sweep_gap(sweep, hit.where, RT_STR("more than 10,000 traces"), true);
}

void rt_sweep_gap(RtSweep *sweep, RtStr where, RtStr why, bool matters)
{
    if (sweep->gap_count >= RT_GAPS_MAX && !matters)
        sweep->gaps_dropped++;
    else if (sweep->gap_count >= 2 * RT_GAPS_MAX)
        sweep->gaps_dropped++;
    else
        RT_PUSH(sweep->arena, sweep->gaps, sweep->gap_count, sweep->gap_capacity) =
            (RtSweepGap){ where, why, matters };
}

/* One file to scan: below its home, so that .claude/settings.json is known by its path; one that a
 * link led to by the link's name, which is what programs go by. */
static void take_target(RtSweep *sweep, const RtPlace *place, const RtFound *found)
{
    RtStr above = RT_STR(""), shown = rt_sweep_shown(sweep, found->path);
    RtTarget target = { .fd = -1, .root = shown, .path = shown, .name = found->named };
    if (rt_str_equal(found->path, found->named)) {
        for (size_t i = 0; i < sweep->home_count; i++)
            if (rt_layout_is_below(found->path, sweep->homes[i]))
                above = sweep->homes[i];
        RtTargetEntry *entry = RT_NEW(sweep->arena, RtTargetEntry);
        *entry = (RtTargetEntry){ .path = rt_str_from(found->path, above.len ? above.len + 1 : 0),
                                  .kind = RT_GIVEN_FILE,
                                  .mode = found->info.st_mode & 07777,
                                  .size = (uint64_t)found->info.st_size };
        shown = rt_sweep_shown(sweep, above);
        target = (RtTarget){ .path = shown,
                             .root = shown,
                             .is_tree = true,
                             .fd = -1,
                             .entries = entry,
                             .entry_count = 1 };
    }
    RT_PUSH(sweep->arena, sweep->targets.items, sweep->targets.count, sweep->targets.capacity) =
        target;
    RT_PUSH(sweep->arena, sweep->target_places, sweep->target_place_count,
            sweep->target_place_capacity) = place;
}

void rt_sweep_take(RtSweep *sweep, const RtPlace *place, const RtFound *found)
{
    bool is_file = S_ISREG(found->info.st_mode), is_folder = S_ISDIR(found->info.st_mode);
    RtSweepItem item = { found->path, place, (int64_t)found->info.st_mtime };
    switch (place->check) {
    case RT_CHECK_EXISTS:
        if ((is_file || !place->only_files) && (is_folder || !place->only_folders))
            rt_sweep_hit(sweep, (RtSweepHit){ .place = place,
                                              .level = place->level,
                                              .where = rt_sweep_shown(sweep, found->named),
                                              .when = item.when });
        return;
    case RT_CHECK_TEXT:
    case RT_CHECK_JSON:
    case RT_CHECK_NPM_CACHE:
    case RT_CHECK_NPM_LOG:
        if (is_file)
            RT_PUSH(sweep->arena, sweep->looks, sweep->look_count, sweep->look_capacity) = item;
        return;
    case RT_CHECK_CACHE_NAMES:
        RT_PUSH(sweep->arena, sweep->looks, sweep->look_count, sweep->look_capacity) = item;
        return;
    case RT_CHECK_SCAN:
        if (is_file)
            take_target(sweep, place, found);
        return;
    case RT_CHECK_LOCKFILE:
    case RT_CHECK_NODE_TREE:
    case RT_CHECK_PYTHON_TREE:
        if (is_folder != (place->check == RT_CHECK_LOCKFILE))
            RT_PUSH(sweep->arena, sweep->trees, sweep->tree_count, sweep->tree_capacity) = item;
        return;
    case RT_CHECK_PROCESS:
    case RT_CHECK_PORT:
    case RT_CHECK_CONNECTION:
    case RT_CHECKS:
        return; /* no paths */
    }
}

int rt_sweep_compare_items(const void *a, const void *b)
{
    const RtSweepItem *left = a, *right = b;
    int order = rt_str_compare(left->path, right->path);
    return order != 0 ? order : (left->place > right->place) - (left->place < right->place);
}

static int compare_hits(const void *a, const void *b)
{
    const RtSweepHit *left = a, *right = b;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    int order = rt_str_compare(left->where, right->where);
    if (order == 0 && left->line != right->line)
        order = left->line < right->line ? -1 : 1;
    if (order == 0 && left->place != right->place)
        order = left->place < right->place ? -1 : 1;
    return order != 0 ? order : rt_str_compare(left->exactly, right->exactly);
}

static int compare_gaps(const void *a, const void *b)
{
    const RtSweepGap *left = a, *right = b;
    int order = left->matters != right->matters ? (left->matters ? -1 : 1)
                                                : rt_str_compare(left->why, right->why);
    return order != 0 ? order : rt_str_compare(left->where, right->where);
}

void rt_sweep_settle(RtSweep *sweep)
{
    size_t kept = 0;
    if (sweep->hit_count != 0)
        qsort(sweep->hits, sweep->hit_count, sizeof *sweep->hits, compare_hits);
    for (size_t i = 0; i < sweep->hit_count; i++)
        if (kept == 0 || compare_hits(&sweep->hits[kept - 1], &sweep->hits[i]) != 0)
            sweep->hits[kept++] = sweep->hits[i];
    sweep->hit_count = kept;
    kept = 0;
    if (sweep->gap_count != 0)
        qsort(sweep->gaps, sweep->gap_count, sizeof *sweep->gaps, compare_gaps);
    for (size_t i = 0; i < sweep->gap_count; i++)
        if (kept == 0 || compare_gaps(&sweep->gaps[kept - 1], &sweep->gaps[i]) != 0)
            sweep->gaps[kept++] = sweep->gaps[i];
    sweep->gap_count = kept;
}
