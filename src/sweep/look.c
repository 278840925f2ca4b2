/* look.c - what files hold, looked at behind the wall.
 *
 * The parent copies the bytes of many files into one bundle, a child in the jail matches
 * expressions, walks JSON and reads npm's own records, and answers with places and lines; the
 * parent checks every number of it. A home holds tens of thousands of small files (npm's cache
 * index), so that one child for each would cost more than all the rest. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/source.h"
#include "base/file.h"
#include "base/json.h"
#include "sweep/look.h"
#include "sweep/sweep.h"

enum {
    FILE_MOST = 4 << 20,
    LOG_MOST = 16 << 20,
    BUNDLE_MOST = 12 << 20,
    ANSWERS_MOST = 100000, /* of one bundle */
    WALL_MS = 30000
};
static const uint64_t child_arena = 1ULL << 30;

/* ---- the child */

static void work(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    const RtPlaces *places = context;
    RtCursor in = { .rest = bytes };
    RtLookOut answers = { .places = places, .text = { .arena = arena } };
    RT_ARENA scratch = rt_arena_open(child_arena, NULL, NULL); /* of one file */
    while (in.rest.len != 0 && !in.short_read) {
        answers.item = (uint32_t)rt_take_number(&in, UINT32_MAX);
        RtStr name = rt_take_text(&in);
        size_t place_at[64], count = rt_take_count(&in);
        for (size_t i = 0; i < count; i++) {
            size_t at = (size_t)rt_take_number(&in, UINT32_MAX);
            if (i < RT_COUNT(place_at))
                place_at[i] = at;
        }
        RtStr content = rt_take_text(&in);
        for (size_t i = 0; i < count && i < RT_COUNT(place_at) && !in.short_read; i++)
            if (place_at[i] < places->count && answers.count < ANSWERS_MOST)
                rt_look_at(&answers, scratch, (uint32_t)place_at[i], name, content);
        rt_arena_reset(scratch);
        answers.json_of = NULL;
        if (answers.text.len > 1 << 20) {
            rt_chore_say(out, rt_text_str(&answers.text));
            answers.text.len = 0;
        }
    }
    rt_chore_say(out, rt_text_str(&answers.text));
}

/* ---- the parent */

/* What one bundle is about: where each item was found. */
typedef struct {
    RtSweep *sweep;
    RtArena *arena; /* of the bundle */
    RtText bundle;
    RtStr *wheres;
    int64_t *whens;
    size_t count, capacity, when_capacity;
} Batch;

static RtErr take_answer(Batch *batch, RtCursor *in)
{
    RtSweep *sweep = batch->sweep;
    size_t item = (size_t)rt_take_number(in, UINT32_MAX),
           at = (size_t)rt_take_number(in, UINT32_MAX);
    uint32_t line = (uint32_t)rt_take_number(in, UINT32_MAX);
    RtStr snippet = rt_take_text(in), ecosystem = rt_take_text(in), name = rt_take_text(in),
          version = rt_take_text(in);
    if (in->short_read || item >= batch->count || at >= sweep->places->count ||
        snippet.len > RT_LOOK_SNIPPET || ecosystem.len > 32 || name.len > 1000 ||
        version.len > 1000)
        return rt_fail(RT_ERR_FORMAT, "the reader's answer makes no sense");
    const RtPlace *place = &sweep->places->items[at];
    RtSweepHit hit = { .place = place,
                       .level = place->level,
                       .where = batch->wheres[item],
                       .line = line,
                       .when = batch->whens[item],
                       .snippet = rt_str_copy(sweep->arena, snippet) };
    if (ecosystem.len == 0) {
        rt_sweep_hit(sweep, hit);
        return RT_FINE;
    }
    return rt_installed_ask(sweep, hit, ecosystem, name, version);
}

static RtErr take(void *taker, RtStr frame)
{
    RtCursor in = { .rest = frame };
    while (in.rest.len != 0)
        RT_TRY(take_answer(taker, &in));
    return RT_FINE;
}

static Batch open_batch(RtSweep *sweep, RtArena *arena)
{
    rt_arena_reset(arena);
    return (Batch){ .sweep = sweep, .arena = arena, .bundle = { .arena = arena } };
}

static RtErr run_batch(Batch *batch)
{
    RtChore chore = { .work = work,
                      .context = batch->sweep->places,
                      .arena_bytes = child_arena,
                      .file_limit = 1ULL << 30,
                      .wall_ms = WALL_MS,
                      .no_jail = batch->sweep->engine->no_jail,
                      .take = take,
                      .taker = batch };
    return batch->count == 0 ? RT_FINE : rt_audit_chore(&chore, rt_text_str(&batch->bundle));
}

static void put_item(Batch *batch, RtStr where, int64_t when, RtStr name, const RtSweepItem *items,
                     size_t count, RtStr bytes)
{
    const RtPlaces *places = batch->sweep->places;
    rt_put_number(&batch->bundle, batch->count);
    rt_put_text(&batch->bundle, name);
    rt_put_number(&batch->bundle, count);
    for (size_t i = 0; i < count; i++)
        rt_put_number(&batch->bundle, (uint64_t)(items[i].place - places->items));
    rt_put_text(&batch->bundle, bytes);
    size_t whens = batch->count;
    RT_PUSH(batch->arena, batch->wheres, batch->count, batch->capacity) = where;
    RT_PUSH(batch->arena, batch->whens, whens, batch->when_capacity) = when;
}

/* The bytes of one file, or the empty view and a gap. Caches' names need no bytes. */
static RtStr read_file(Batch *batch, const RtSweepItem *item)
{
    RtSweep *sweep = batch->sweep;
    if (item->place->check == RT_CHECK_CACHE_NAMES)
        return RT_STR("");
    RtStr shown = rt_sweep_shown(sweep, item->path);
    RT_FD fd = rt_file_open(sweep->root_fd, rt_str_c(batch->arena, item->path),
                            O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        if (errno != ENOENT) /* gone meanwhile is nothing */
            rt_sweep_gap(sweep, shown, rt_str_copy(sweep->arena, rt_str_from_c(strerror(errno))),
                         rt_layout_is_ours(sweep, item->path));
        return RT_STR("");
    }
    size_t most = item->place->check == RT_CHECK_NPM_LOG ? LOG_MOST : FILE_MOST;
    if (info.st_size > (off_t)most)
        rt_sweep_gap(sweep, shown,
                     most == LOG_MOST ? RT_STR("larger than 16 MiB: its start was read")
                                      : RT_STR("larger than 4 MiB: its start was read"),
                     true);
    return rt_file_read(batch->arena, fd, most);
}

/* The items of one path stand together; where those of the next begin. */
static size_t next_path(const RtSweep *sweep, size_t at)
{
    size_t next = at + 1;
    while (next < sweep->look_count && rt_str_equal(sweep->looks[next].path, sweep->looks[at].path))
        next++;
    return next;
}

static RtErr look_all(RtSweep *sweep, RtArena *arena, size_t from, size_t to);

/* A bundle that kills its reader is halved until one file is left, which is told: nobody can hide
 * other files behind one of his. Recursion is bounded by the halving. */
static RtErr look_again(RtSweep *sweep, RtArena *arena, size_t from, size_t to, size_t paths,
                        RtErr err)
{
    if (paths == 1) {
        rt_sweep_gap(sweep, rt_sweep_shown(sweep, sweep->looks[from].path),
                     rt_str_format(sweep->arena, "its reader failed: %.150s", err.text), true);
        return RT_FINE;
    }
    size_t middle = from;
    for (size_t i = 0; i < paths / 2; i++)
        middle = next_path(sweep, middle);
    RT_TRY(look_all(sweep, arena, from, middle));
    return look_all(sweep, arena, middle, to);
}

static RtErr look_all(RtSweep *sweep, RtArena *arena, size_t from, size_t to)
{
    while (from < to) {
        Batch batch = open_batch(sweep, arena);
        size_t end = from;
        while (end < to && batch.bundle.len < BUNDLE_MOST) {
            const RtSweepItem *item = &sweep->looks[end];
            size_t next = next_path(sweep, end);
            RtStr bytes = read_file(&batch, item);
            put_item(&batch, rt_sweep_shown(sweep, item->path), item->when, item->path, item,
                     next - end, bytes);
            end = next;
        }
        RtErr err = run_batch(&batch);
        if (err.code == RT_ERR_FORMAT)
            err = look_again(sweep, arena, from, end, batch.count, err);
        if (err.code != RT_OK)
            return err;
        from = end;
    }
    return RT_FINE;
}

RtErr rt_look_run(RtSweep *sweep)
{
    RT_ARENA arena = rt_arena_open((size_t)1 << 30, NULL, NULL);
    if (sweep->look_count != 0)
        qsort(sweep->looks, sweep->look_count, sizeof *sweep->looks, rt_sweep_compare_items);
    return look_all(sweep, arena, 0, sweep->look_count);
}

RtErr rt_look_texts(RtSweep *sweep, const RtStr *wheres, const RtStr *texts, size_t count,
                    RtCheck check)
{
    RT_ARENA arena = rt_arena_open((size_t)1 << 30, NULL, NULL);
    Batch batch = open_batch(sweep, arena);
    RtSweepItem *items = NULL;
    size_t item_count = 0, capacity = 0;
    for (size_t i = 0; i < sweep->places->count; i++)
        if (sweep->places->items[i].check == check)
            RT_PUSH(sweep->arena, items, item_count, capacity) =
                (RtSweepItem){ .place = &sweep->places->items[i] };
    for (size_t i = 0; i < count && item_count != 0; i++)
        put_item(&batch, wheres[i], 0, RT_STR(""), items, item_count, texts[i]);
    RtErr err = run_batch(&batch);
    if (err.code != RT_ERR_FORMAT || count == 0)
        return err;
    if (count > 1) {
        RT_TRY(rt_look_texts(sweep, wheres, texts, count / 2, check));
        return rt_look_texts(sweep, wheres + count / 2, texts + count / 2, count - count / 2,
                             check);
    }
    rt_sweep_gap(sweep, wheres[0],
                 rt_str_format(sweep->arena, "its reader failed: %.150s", err.text), true);
    return RT_FINE;
}
