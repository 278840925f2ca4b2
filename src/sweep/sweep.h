/* sweep.h - the inside of this room: one sweep of a machine, or of an image of one.
 *
 * `layout.c` knows where homes and temporary folders lie, `seek.c` finds the paths of places,
 * `checkout.c` finds checkouts, `process.c` reads /proc; what a file holds is looked at behind the
 * wall (`look.c`), by the scan (`examine.c`) or by the audit's readers (`installed.c`). Nothing is
 * written anywhere, and nothing is followed out of the root. */
#ifndef RT_SWEEP_SWEEP_H
#define RT_SWEEP_SWEEP_H

#include <sys/stat.h>

#include "intel/intel.h"
#include "scan/engine.h"
#include "sweep/place.h"

/* One trace. Texts of others are raw: writers escape them. */
typedef struct {
    const RtPlace *place;
    RtFindingLevel level;
    RtStr where;   /* a path as shown, or "process 123 (node)", or "192.0.2.1:1224" */
    uint32_t line; /* 1-based; 0: none */
    RtStr snippet; /* of the file; may be empty */
    RtStr exactly; /* which package, what the scan says; may be empty */
    int64_t when;  /* the file's modification, seconds since 1970; 0: not known */
} RtSweepHit;

/* What was not read. Those of the person's own files make the answer incomplete; what a user of
 * this machine cannot read anyway (others' processes, the system's spools) does not. */
typedef struct {
    RtStr where, why;
    bool matters;
} RtSweepGap;

typedef struct {
    uint64_t files, checkouts, checkout_files, processes, connections, packages;
} RtSweepCounts;

enum { RT_HOMES_MAX = 256, RT_GAPS_MAX = 1000, RT_HITS_MAX = 10000 };

/* A file waiting to be looked at for a place. */
typedef struct {
    RtStr path; /* below the root */
    const RtPlace *place;
    int64_t when;
} RtSweepItem;

typedef struct RtSweep {
    RtArena *arena;
    ratter_engine *engine;
    const RtPlaces *places;
    RtIntel *intel;
    int64_t now;
    RtStr root; /* as named, without its last slash; empty: this machine */
    int root_fd;
    RtStr homes[RT_HOMES_MAX]; /* below the root, without a slash at either end */
    size_t home_count;

    RtSweepItem *looks; /* for look.c */
    size_t look_count, look_capacity;
    RtSweepItem *trees; /* for installed.c */
    size_t tree_count, tree_capacity;
    RtTargetList targets; /* for examine.c */
    const RtPlace **target_places;
    size_t target_place_count, target_place_capacity;

    RtSweepHit *hits;
    size_t hit_count, hit_capacity;
    RtSweepGap *gaps;
    size_t gap_count, gap_capacity;
    uint64_t gaps_dropped;
    RtSweepCounts counts;
} RtSweep;

/* A path that is there. */
typedef struct {
    RtStr path;  /* below the root */
    RtStr named; /* as it was asked for; another than `path` when a link led there */
    struct stat info;
} RtFound;
typedef void RtSeekFound(RtSweep *sweep, const RtPlace *place, const RtFound *found);

void rt_sweep_hit(RtSweep *sweep, RtSweepHit hit);
void rt_sweep_gap(RtSweep *sweep, RtStr where, RtStr why, bool matters);
RtStr rt_sweep_shown(const RtSweep *sweep, RtStr path); /* with the root before it */
RtStr rt_sweep_join(RtArena *arena, RtStr folder, RtStr name);
int rt_sweep_compare_items(const void *a, const void *b); /* RtSweepItem: by path, then place */
/* Sorted and each once. */
void rt_sweep_settle(RtSweep *sweep);

/* Fills `homes`: the one that is named, else those of the image. */
RtErr rt_layout_homes(RtSweep *sweep, RtStr home) RT_MUST_USE;
/* The patterns below the root that a place's path stands for; none for $checkout. */
size_t rt_layout_patterns(const RtSweep *sweep, RtStr path, const RtStr **ret_patterns);
bool rt_layout_is_below(RtStr path, RtStr folder);
bool rt_layout_is_ours(const RtSweep *sweep, RtStr path); /* below a home: a gap there matters */

/* Every path that fits the pattern (`*` and `?` within a name). */
void rt_seek(RtSweep *sweep, const RtPlace *place, RtStr pattern, RtSeekFound *found);

/* Takes one path for one place: a hit at once, or put where it is looked at. */
void rt_sweep_take(RtSweep *sweep, const RtPlace *place, const RtFound *found);
/* Finds checkouts below each home and below `extra` (paths below the root), and takes their files.
 */
void rt_checkouts_find(RtSweep *sweep, const RtStr *extra, size_t count);
/* Has the files of `looks` read behind the wall. */
RtErr rt_look_run(RtSweep *sweep) RT_MUST_USE;
/* Has the scan judge the targets. */
RtErr rt_examine_run(RtSweep *sweep) RT_MUST_USE;
/* Has installed trees and lockfiles read, and asks intelligence for what is in them. */
RtErr rt_installed_run(RtSweep *sweep) RT_MUST_USE;
/* What intelligence says of a package becomes a hit; `hit` says where it was seen. */
RtErr rt_installed_ask(RtSweep *sweep, RtSweepHit hit, RtStr ecosystem, RtStr name,
                       RtStr version) RT_MUST_USE;
/* Processes and connections; `proc` is "/proc", or a tree made like it. */
RtErr rt_processes_run(RtSweep *sweep, RtStr proc) RT_MUST_USE;
/* Looks at texts that are no files: the lines of processes. */
RtErr rt_look_texts(RtSweep *sweep, const RtStr *wheres, const RtStr *texts, size_t count,
                    RtCheck check) RT_MUST_USE;

#endif
