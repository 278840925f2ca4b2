/* arena.c - blocks from the system, handed out by moving a mark.
 *
 * Small takings share blocks of 64 KiB to 1 MiB. A taking over a quarter of a block gets pages of
 * its own straight from mmap: they are zero and cost nothing until they are written, so an unpacker
 * may take what a stream could become and trim it to what it was (rt_arena_trim) without a copy.
 * Under AddressSanitizer whatever is not handed out is poisoned, so that a read past a taking is
 * still found. */
#include "base/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif
#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(at, len)   __asan_poison_memory_region((at), (len))
#define UNPOISON(at, len) __asan_unpoison_memory_region((at), (len))
enum { GAP = 16 }; /* poisoned bytes after each taking */
#else
#define POISON(at, len)   ((void)(at), (void)(len))
#define UNPOISON(at, len) ((void)(at), (void)(len))
enum { GAP = 0 };
#endif

enum {
    ALIGN = 16,
    FIRST_BLOCK = 64 * 1024,
    LAST_BLOCK = 1024 * 1024,
    PAGE = 4096,
};

/* Sits at the head of its own memory. */
typedef struct Block Block;
struct Block {
    Block *next;
    size_t size; /* of the whole mapping, this header included */
    size_t used; /* from the start of the header */
};
enum { HEADER = (sizeof(Block) + ALIGN - 1) / ALIGN * ALIGN };

struct RtArena {
    Block *small; /* newest first; takings come from the first one only */
    Block *large; /* one taking each */
    size_t used, limit;
    size_t next_block;
    void (*full)(void *ctx);
    void *ctx;
};

static _Noreturn void spent(const RtArena *arena)
{
    if (arena->full)
        arena->full(arena->ctx);
    abort();
}

RtArena *rt_arena_open(size_t limit_bytes, void (*full)(void *ctx), void *ctx)
{
    RtArena *arena = malloc(sizeof *arena);
    const RtArena first = {
        .limit = limit_bytes, .next_block = FIRST_BLOCK, .full = full, .ctx = ctx
    };
    if (!arena)
        spent(&first);
    *arena = first;
    return arena;
}

static Block *map_block(const RtArena *arena, size_t size)
{
    Block *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        spent(arena);
    block->size = size;
    block->used = HEADER;
    block->next = NULL;
    POISON((uint8_t *)block + HEADER, size - HEADER);
    return block;
}

static void unmap_block(Block *block)
{
    size_t size = block->size;
    UNPOISON(block, size);
    (void)munmap(block, size);
}

static void unmap_list(Block *block)
{
    while (block) {
        Block *next = block->next;
        unmap_block(block);
        block = next;
    }
}

void rt_arena_close(RtArena *arena)
{
    if (!arena)
        return;
    unmap_list(arena->small);
    unmap_list(arena->large);
    free(arena);
}

void rt_arena_closep(RtArena **arena)
{
    rt_arena_close(*arena);
    *arena = NULL;
}

void rt_arena_reset(RtArena *arena)
{
    unmap_list(arena->large);
    arena->large = NULL;
    if (arena->small) { /* the newest is the largest: that one stays */
        unmap_list(arena->small->next);
        arena->small->next = NULL;
        arena->small->used = HEADER;
        POISON((uint8_t *)arena->small + HEADER, arena->small->size - HEADER);
    }
    arena->used = 0;
}

size_t rt_arena_used(const RtArena *arena) { return arena->used; }

size_t rt_arena_left(const RtArena *arena) { return arena->limit - arena->used; }

static uint8_t *take_large(RtArena *arena, size_t len)
{
    if (len > SIZE_MAX - HEADER - GAP - PAGE)
        spent(arena);
    size_t size = (HEADER + len + GAP + PAGE - 1) / PAGE * PAGE;
    Block *block = map_block(arena, size);
    block->used = HEADER + len;
    block->next = arena->large;
    arena->large = block;
    uint8_t *at = (uint8_t *)block + HEADER;
    UNPOISON(at, len);
    return at;
}

/* `ret_fresh`: the bytes are zero because they come straight from the system. */
static uint8_t *take(RtArena *arena, size_t len, size_t align, bool *ret_fresh)
{
    if (len > arena->limit - arena->used)
        spent(arena);
    arena->used += len;
    *ret_fresh = len > LAST_BLOCK / 4;
    if (*ret_fresh)
        return take_large(arena, len);
    Block *block = arena->small;
    size_t from = block ? (block->used + align - 1) / align * align : 0;
    if (!block || from + len + GAP > block->size) {
        size_t size = arena->next_block;
        while (size < HEADER + len + GAP)
            size *= 2;
        block = map_block(arena, size);
        block->next = arena->small;
        arena->small = block;
        if (arena->next_block < LAST_BLOCK)
            arena->next_block *= 2;
        from = HEADER;
    }
    block->used = from + len + GAP;
    uint8_t *at = (uint8_t *)block + from;
    UNPOISON(at, len);
    return at;
}

void *rt_arena_take(RtArena *arena, size_t count, size_t size)
{
    size_t len = 0;
    if (__builtin_mul_overflow(count, size, &len))
        spent(arena);
    bool fresh = false;
    uint8_t *at = take(arena, len, ALIGN, &fresh);
    return fresh ? at : memset(at, 0, len);
}

uint8_t *rt_arena_bytes(RtArena *arena, size_t len)
{
    bool fresh = false;
    return take(arena, len, GAP ? ALIGN : 1, &fresh);
}

void rt_arena_trim(RtArena *arena, void *at, size_t taken, size_t keep)
{
    assert(keep <= taken);
    Block *large = arena->large;
    if (large && at == (uint8_t *)large + HEADER) {
        assert(large->used == HEADER + taken);
        arena->used -= taken - keep;
        if (keep == 0) {
            arena->large = large->next;
            unmap_block(large);
            return;
        }
        size_t size = (HEADER + keep + GAP + PAGE - 1) / PAGE * PAGE;
        UNPOISON((uint8_t *)large + size, large->size - size);
        if (size < large->size)
            (void)munmap((uint8_t *)large + size, large->size - size);
        POISON((uint8_t *)large + HEADER + keep, size - HEADER - keep);
        large->size = size;
        large->used = HEADER + keep;
        return;
    }
    Block *small = arena->small;
    if (small && (uint8_t *)at + taken + GAP == (uint8_t *)small + small->used) {
        arena->used -= taken - keep;
        POISON((uint8_t *)at + keep, taken - keep);
        small->used -= taken - keep;
    }
}

void *rt_arena_grow(RtArena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t larger = *capacity < 8 ? 8 : *capacity * 2;
    if (larger < *capacity)
        spent(arena);
    void *at = rt_arena_take(arena, larger, size);
    if (count > 0)
        memcpy(at, items, count * size);
    *capacity = larger;
    return at;
}
