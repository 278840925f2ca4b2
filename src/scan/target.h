/* target.h - what there is to scan: finds the artifacts below a path, without reading what is in
 * them.
 *
 * One path can hold many artifacts: every package of a node_modules (npm's, yarn's and pnpm's
 * layouts; each once, for symbolic links are not followed), every distribution of a site-packages,
 * and the tree that is left without them. */
#ifndef RT_SCAN_TARGET_H
#define RT_SCAN_TARGET_H

#include "scan/wire.h"

typedef struct {
    RtStr path; /* below the root, '/' between names */
    RtStr link; /* where a symbolic link leads */
    RtGivenKind kind;
    uint32_t mode;
    uint64_t size;
} RtTargetEntry;

/* One artifact to be. A file has no entries and `root` is its path; an open descriptor has `fd` and
 * a name to show. */
typedef struct {
    RtStr path; /* to show */
    RtStr root; /* folder or file on this machine */
    RtStr name; /* what a worker is told that a file is called; empty: the end of `path` */
    bool is_tree;
    int fd; /* -1: open `root` */
    const RtTargetEntry *entries;
    size_t entry_count;
    RtStr unseen; /* why not all of it could be listed, or empty */
} RtTarget;

typedef struct {
    RtTarget *items;
    size_t count, capacity;
} RtTargetList;

/* Adds the artifacts of `path` to `list`, sorted by path. Lists folders down to depth 128 and 2
 * million entries; what is beyond is told in `unseen`. Fails with RT_ERR_IO when `path` itself
 * cannot be had. */
RtErr rt_targets_add(RtArena *arena, RtStr path, RtTargetList *list) RT_MUST_USE;

/* What a worker is told. Of a tree nothing: the same content gives the same report wherever it
 * lies. */
RtStr rt_target_name(const RtTarget *target);

/* Opens entry `i` of a tree (or the file itself, `i` 0) for reading, never through a symbolic link;
 * -1 when that is not possible any more. The caller closes. */
int rt_target_open(RtArena *arena, const RtTarget *target, int root_fd, size_t i);

#endif
