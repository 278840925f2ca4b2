/* arena.c - blocks from the system, handed out by moving a mark.
 *
 * Small takings share blocks of 64 KiB to 1 MiB. A taking over a quarter of a block gets pages of
 * its own straight from mmap: they are zero and cost nothing until they are written, so an unpacker
 * may take what a stream could become and trim it to what it was (rt_arena_trim) without a copy.
 * Blocks that are given back are kept for the next arena of the thread, within a bound: to fault a
 * fresh page in costs more than most of what is done with its bytes.
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
    SIZES = 5, /* of small blocks, each twice the one before */
    SPARE_SMALL = 8 << 20,
    SPARE_LARGE = 32 << 20,
};
static_assert(FIRST_BLOCK << (SIZES - 1) == LAST_BLOCK, "the sizes of small blocks");

/* Sits at the head of its own memory. */
typedef struct Block Block;
struct Block {
    Block *next;
    size_t size;   /* of the whole mapping, this header included */
    size_t used;   /* from the start of the header */
    bool is_whole; /* was spare: its pages are there already, and trimming keeps them */
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

static _Thread_local struct {
    Block *small[SIZES]; /* by size */
    size_t small_bytes;
    Block *large; /* one, for takings that need no zeros; NULL: none */
} spare;

/* The index of a small block's size; SIZES when it has none. */
static size_t size_index(size_t size)
{
    size_t index = 0;
    while (index < SIZES && (size_t)FIRST_BLOCK << index != size)
        index++;
    return index;
}

static Block *clean_block(Block *block)
{
    block->used = HEADER;
    block->next = NULL;
    block->is_whole = false;
    POISON((uint8_t *)block + HEADER, block->size - HEADER);
    return block;
}

static Block *map_block(const RtArena *arena, size_t size)
{
    Block *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED)
        spent(arena);
    block->size = size;
    return clean_block(block);
}

static Block *small_block(const RtArena *arena, size_t size)
{
    size_t index = size_index(size);
    Block *block = index < SIZES ? spare.small[index] : NULL;
    if (block == NULL)
        return map_block(arena, size);
    spare.small[index] = block->next;
    spare.small_bytes -= size;
    return clean_block(block);
}

static Block *large_block(const RtArena *arena, size_t size, bool zeroed)
{
    Block *block = spare.large;
    if (zeroed || block == NULL || block->size < size)
        return map_block(arena, size);
    spare.large = NULL;
    clean_block(block)->is_whole = true;
    return block;
}

static void unmap_block(Block *block)
{
    size_t size = block->size;
    UNPOISON(block, size);
    (void)munmap(block, size);
}

static void put_by(Block *block)
{
    size_t size = block->size, index = size_index(size);
    if (index < SIZES && size <= SPARE_SMALL - spare.small_bytes) {
        block->next = spare.small[index];
        spare.small[index] = clean_block(block);
        spare.small_bytes += size;
    } else if (size > LAST_BLOCK && size <= SPARE_LARGE &&
               (spare.large == NULL || spare.large->size < size)) {
        if (spare.large != NULL)
            unmap_block(spare.large);
        spare.large = clean_block(block);
    } else {
        unmap_block(block);
    }
}

static void put_list_by(Block *block)
{
    while (block) {
        Block *next = block->next;
        put_by(block);
        block = next;
    }
}

void rt_arena_close(RtArena *arena)
{
    if (!arena)
        return;
    put_list_by(arena->small);
    put_list_by(arena->large);
    free(arena);
}

void rt_arena_closep(RtArena **arena)
{
    rt_arena_close(*arena);
    *arena = NULL;
}

void rt_arena_reset(RtArena *arena)
{
    put_list_by(arena->large);
    arena->large = NULL;
    if (arena->small) { /* the newest is the largest: that one stays */
        put_list_by(arena->small->next);
        arena->small->next = NULL;
        arena->small->used = HEADER;
        POISON((uint8_t *)arena->small + HEADER, arena->small->size - HEADER);
    }
    arena->used = 0;
}

size_t rt_arena_used(const RtArena *arena) { return arena->used; }

size_t rt_arena_left(const RtArena *arena) { return arena->limit - arena->used; }

static uint8_t *take_large(RtArena *arena, size_t len, bool zeroed)
{
    if (len > SIZE_MAX - HEADER - GAP - PAGE)
        spent(arena);
    size_t size = (HEADER + len + GAP + PAGE - 1) / PAGE * PAGE;
    Block *block = large_block(arena, size, zeroed);
    block->used = HEADER + len;
    block->next = arena->large;
    arena->large = block;
    uint8_t *at = (uint8_t *)block + HEADER;
    UNPOISON(at, len);
    return at;
}

/* `zeroed`: the bytes are wanted as zeros. */
static uint8_t *take(RtArena *arena, size_t len, size_t align, bool zeroed)
{
    if (len > arena->limit - arena->used)
        spent(arena);
    arena->used += len;
    if (len > LAST_BLOCK / 4)
        return take_large(arena, len, zeroed);
    Block *block = arena->small;
    size_t from = block ? (block->used + align - 1) / align * align : 0;
    if (!block || from + len + GAP > block->size) {
        size_t size = arena->next_block;
        while (size < HEADER + len + GAP)
            size *= 2;
        block = small_block(arena, size);
        block->next = arena->small;
        arena->small = block;
        if (arena->next_block < LAST_BLOCK)
            arena->next_block *= 2;
        from = HEADER;
    }
    block->used = from + len + GAP;
    uint8_t *at = (uint8_t *)block + from;
    UNPOISON(at, len);
    return zeroed ? memset(at, 0, len) : at;
}

void *rt_arena_take(RtArena *arena, size_t count, size_t size)
{
    size_t len = 0;
    if (__builtin_mul_overflow(count, size, &len))
        spent(arena);
    return take(arena, len, ALIGN, true);
}

uint8_t *rt_arena_bytes(RtArena *arena, size_t len)
{
    return take(arena, len, GAP ? ALIGN : 1, false);
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
            put_by(large);
            return;
        }
        size_t size = (HEADER + keep + GAP + PAGE - 1) / PAGE * PAGE;
        if (large->is_whole)
            size = large->size;
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
