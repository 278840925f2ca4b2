/* chore.h - one function run behind the wall over one file; what it says streams back in frames.
 *
 * For hostile input that is no artifact: a lockfile, an intelligence feed. The child is forked for
 * the chore, enters the jail, and can only compute and answer. */
#ifndef RT_SCAN_CHORE_H
#define RT_SCAN_CHORE_H

#include "base/arena.h"
#include "base/str.h"

typedef struct RtChoreOut RtChoreOut;

/* Runs in the child. `bytes` is the whole file. What it allocates in `arena` dies with it; when the
 * arena is full the chore ends as "limit-arena-bytes". */
typedef void (*RtChoreWork)(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out);
/* Called by the work: sends one frame (at most 64 MiB); blocks while the parent is busy. */
void rt_chore_say(RtChoreOut *out, RtStr frame);

typedef struct {
    RtChoreWork work;
    const void *context;
    uint64_t arena_bytes; /* of the child; its RLIMIT_AS is the file, twice this, and 512 MiB */
    uint64_t file_limit;  /* a larger file is refused */
    uint32_t wall_ms;     /* from start to end; the child is killed then */
    bool no_jail;         /* for debugging, as --no-jail */
    /* Runs in the parent, once per frame: hostile bytes, to be checked. An error stops the chore
     * and is returned. */
    RtErr (*take)(void *taker, RtStr frame);
    void *taker;
} RtChore;

/* `fd` is a regular file, read from its start; the caller keeps it. Fails with RT_ERR_FORMAT when
 * the child died or overstayed (in words), RT_ERR_JAIL when there is no wall to be had, RT_ERR_IO
 * when the file cannot be read, or what `take` failed with. */
RtErr rt_chore_run(const RtChore *chore, int fd) RT_MUST_USE;

#endif
