/* arena.h - one arena per scan; everything a scan builds lives there and nobody frees it.
 *
 * A taking never fails: when the limit is reached the arena calls `full`, which must not return
 * (the worker ends itself there and the parent says so in the verdict), so there are no untested
 * out-of-memory branches. */
#ifndef RT_BASE_ARENA_H
#define RT_BASE_ARENA_H

#include "base/base.h"

typedef struct RtArena RtArena;

/* Opens an arena that may take `limit_bytes` in all. `full` is called with `ctx` when that is spent
 * (or the system has no memory) and must not return; NULL means abort(). Close with rt_arena_close.
 */
RtArena *rt_arena_open(size_t limit_bytes, void (*full)(void *ctx), void *ctx);
void rt_arena_close(RtArena *arena); /* accepts NULL */
void rt_arena_closep(RtArena **arena);
#define RT_ARENA __attribute__((cleanup(rt_arena_closep))) RtArena *

/* Forgets everything taken and keeps the memory for reuse (all but one block goes back to the
 * system). */
void rt_arena_reset(RtArena *arena);
/* Bytes handed out since open or reset. */
size_t rt_arena_used(const RtArena *arena);
/* What is left under the limit: ask before a big taking that package bytes control. */
size_t rt_arena_left(const RtArena *arena);

/* `count` × `size` zeroed bytes aligned for any type; overflow counts as full. Never NULL. */
void *rt_arena_take(RtArena *arena, size_t count, size_t size);
/* As rt_arena_take, not zeroed and not aligned: for text. */
uint8_t *rt_arena_bytes(RtArena *arena, size_t len);
/* Gives back the tail of the newest taking `at` of `taken` bytes, so that `keep` remain (0: all of
 * it). A taking that is no longer the newest of its kind stays as it is. For buffers whose final
 * size is known only afterwards. */
void rt_arena_trim(RtArena *arena, void *at, size_t taken, size_t keep);
#define RT_NEW(arena, type)              ((type *)rt_arena_take((arena), 1, sizeof(type)))
#define RT_NEW_ARRAY(arena, type, count) ((type *)rt_arena_take((arena), (count), sizeof(type)))

/* Grows an array kept as pointer, count, capacity so that one more fits; contents are kept.
 * RT_PUSH(arena, list.items, list.count, list.capacity) = item; */
void *rt_arena_grow(RtArena *arena, void *items, size_t count, size_t *capacity, size_t size);
#define RT_PUSH(arena, items, count, capacity)                                                     \
    (*(((items) = rt_arena_grow((arena), (items), (count), &(capacity), sizeof *(items))),         \
       &(items)[(count)++]))

#endif
