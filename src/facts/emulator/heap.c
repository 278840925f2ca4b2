/* heap.c - size classes with free lists over one mapped region.
 *
 * Blocks carry eight bytes of head (their class) and are never joined or split: a script's life is
 * short, and what is lost to rounding (at most a quarter) is bounded by the region. Classes are 16
 * bytes apart up to 1 KiB, then four to a doubling. */
#include "facts/emulator/heap.h"

#include <sys/mman.h>

enum {
    SMALL_STEP = 16,
    SMALL_LIMIT = 1024,
    CLASSES = 64 + 4 * 24,
    HEAD = 8,
    KEEP_RESIDENT = 8 << 20
};

typedef struct Block Block;
struct Block {
    Block *next;
};

/* The part that belongs to the image: it lies at the start of the region. */
typedef struct {
    size_t used;
    Block *free[CLASSES];
} State;

struct RtHeap {
    uint8_t *region;
    size_t limit;
    uint8_t *image;
    size_t image_len;
};

static State *state_of(const RtHeap *heap) { return (State *)(void *)heap->region; }

/* The class of a size, and how many bytes that class holds. */
static size_t class_of(size_t size, size_t *ret_bytes)
{
    if (size <= SMALL_LIMIT) {
        size_t index = size == 0 ? 0 : (size - 1) / SMALL_STEP;
        *ret_bytes = (index + 1) * SMALL_STEP;
        return index;
    }
    size_t index = SMALL_LIMIT / SMALL_STEP, base = SMALL_LIMIT;
    while (size > base * 2) {
        base *= 2;
        index += 4;
    }
    size_t quarter = base / 4, step = (size - base + quarter - 1) / quarter;
    *ret_bytes = base + step * quarter;
    return index + step - 1;
}

static size_t bytes_of_class(size_t index)
{
    if (index < SMALL_LIMIT / SMALL_STEP)
        return (index + 1) * SMALL_STEP;
    size_t over = index - SMALL_LIMIT / SMALL_STEP;
    size_t base = (size_t)SMALL_LIMIT << (over / 4);
    return base + (over % 4 + 1) * (base / 4);
}

static uint64_t *head_of(const void *at) { return (uint64_t *)(void *)((uintptr_t)at - HEAD); }

RtHeap *rt_heap_open(size_t limit_bytes)
{
    RtHeap *heap = calloc(1, sizeof *heap);
    if (heap == NULL)
        return NULL;
    void *region = mmap(NULL, limit_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED) {
        free(heap);
        return NULL;
    }
    *heap = (RtHeap){ .region = region, .limit = limit_bytes };
    state_of(heap)->used = (sizeof(State) + 63) / 64 * 64;
    return heap;
}

void rt_heap_close(RtHeap *heap)
{
    if (heap == NULL)
        return;
    munmap(heap->region, heap->limit);
    free(heap->image);
    free(heap);
}

void *rt_heap_take(void *from, size_t size)
{
    RtHeap *heap = from;
    if (size > heap->limit / 2)
        return NULL;
    State *state = state_of(heap);
    size_t bytes, index = class_of(size, &bytes);
    if (index >= CLASSES)
        return NULL;
    Block *block = state->free[index];
    if (block != NULL) {
        state->free[index] = block->next;
        return block;
    }
    size_t whole = bytes + 2 * HEAD; /* payloads stay 16 bytes apart */
    if (whole > heap->limit - state->used)
        return NULL;
    uint8_t *at = heap->region + state->used + 2 * HEAD;
    state->used += whole;
    *head_of(at) = index;
    return at;
}

void *rt_heap_zeroed(void *heap, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *at = rt_heap_take(heap, count * size);
    return at == NULL ? NULL : memset(at, 0, count * size);
}

void rt_heap_give(void *heap, void *at)
{
    if (at == NULL)
        return;
    State *state = state_of(heap);
    size_t index = (size_t)*head_of(at);
    Block *block = at;
    block->next = state->free[index];
    state->free[index] = block;
}

size_t rt_heap_size(const void *at)
{
    return at == NULL ? 0 : bytes_of_class((size_t)*head_of(at));
}

void *rt_heap_resize(void *heap, void *at, size_t size)
{
    if (size == 0) {
        rt_heap_give(heap, at);
        return NULL;
    }
    if (at == NULL)
        return rt_heap_take(heap, size);
    size_t have = rt_heap_size(at);
    if (size <= have && size * 2 >= have)
        return at;
    void *fresh = rt_heap_take(heap, size);
    if (fresh == NULL)
        return size <= have ? at : NULL;
    memcpy(fresh, at, have < size ? have : size);
    rt_heap_give(heap, at);
    return fresh;
}

bool rt_heap_keep(RtHeap *heap)
{
    size_t len = state_of(heap)->used;
    uint8_t *image = malloc(len);
    if (image == NULL)
        return false;
    memcpy(image, heap->region, len);
    free(heap->image);
    heap->image = image;
    heap->image_len = len;
    return true;
}

void rt_heap_restore(RtHeap *heap)
{
    size_t used = state_of(heap)->used;
    memcpy(heap->region, heap->image, heap->image_len);
    size_t from = (heap->image_len + KEEP_RESIDENT) & ~(size_t)4095;
    if (used > from)
        madvise(heap->region + from, (used - from + 4095) & ~(size_t)4095, MADV_DONTNEED);
}
