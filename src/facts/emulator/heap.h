/* heap.h - the memory a script runs in: one region, an image of it that can be put back, nothing
 * freed one by one.
 *
 * The engine's runtime lives in the region whole. So a run is ended by forgetting it, whatever
 * state it was in (even in the middle of a builtin that never ends), and the next one starts from
 * the image of a world already built: a copy of a megabyte, at the same addresses, which also makes
 * runs repeat to the byte. */
#ifndef RT_FACTS_EMULATOR_HEAP_H
#define RT_FACTS_EMULATOR_HEAP_H

#include "base/base.h"

typedef struct RtHeap RtHeap;

/* Reserves `limit_bytes` of address space; NULL when the system has none. */
RtHeap *rt_heap_open(size_t limit_bytes);
void rt_heap_close(RtHeap *heap); /* accepts NULL */

/* As malloc and its kin; `heap` is an RtHeap. NULL when the region is full; aligned to 16. */
void *rt_heap_take(void *heap, size_t size);
void *rt_heap_zeroed(void *heap, size_t count, size_t size);
void rt_heap_give(void *heap, void *at);                 /* accepts NULL */
void *rt_heap_resize(void *heap, void *at, size_t size); /* size 0 gives it back */
size_t rt_heap_size(const void *at);                     /* what a taking may use */

/* Keeps a copy of everything taken so far; rt_heap_restore goes back to it. False: no memory for
 * the copy. */
bool rt_heap_keep(RtHeap *heap);
void rt_heap_restore(RtHeap *heap);

#endif
