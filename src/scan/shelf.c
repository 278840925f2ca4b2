/* shelf.c - syntax trees kept while a scan lasts, for the files that import each other.
 *
 * A package of a thousand small modules asks for the same few of them from everywhere; a parse
 * costs a hundred times the look-up. The shelf is bounded: what no longer fits is parsed again. */
#include <string.h>

#include "scan/scan.h"

enum { SHELF_BYTES = 48 << 20, SLOTS = 1 << 12 };

typedef struct Kept Kept;
struct Kept {
    Kept *next;
    RtLayerId id;
    const char *who;
    const void *made;
    RtArena *arena;
};

struct RtShelf {
    Kept *slots[SLOTS];
    size_t bytes;
};

static const void *recall(RtSink *sink, RtLayerId id, const char *who)
{
    const struct RtShelf *shelf = ((RtScan *)sink)->shelf;
    for (const Kept *kept = shelf ? shelf->slots[id % SLOTS] : NULL; kept; kept = kept->next)
        if (kept->id == id && strcmp(kept->who, who) == 0)
            return kept->made;
    return NULL;
}

static bool keep(RtSink *sink, RtLayerId id, const char *who, const void *made, RtArena *arena)
{
    struct RtShelf *shelf = ((RtScan *)sink)->shelf;
    if (!shelf || shelf->bytes + rt_arena_used(arena) > SHELF_BYTES || recall(sink, id, who))
        return false;
    Kept *kept = RT_NEW(sink->arena, Kept);
    *kept = (Kept){ shelf->slots[id % SLOTS], id, who, made, arena };
    shelf->slots[id % SLOTS] = kept;
    shelf->bytes += rt_arena_used(arena);
    return true;
}

void rt_shelf_open(RtScan *scan)
{
    scan->shelf = RT_NEW(scan->sink.arena, struct RtShelf);
    scan->sink.recall = recall;
    scan->sink.keep = keep;
}

void rt_shelf_close(RtScan *scan)
{
    for (size_t i = 0; scan->shelf && i < SLOTS; i++)
        for (const Kept *kept = scan->shelf->slots[i]; kept; kept = kept->next)
            rt_arena_close(kept->arena);
    scan->shelf = NULL;
}
