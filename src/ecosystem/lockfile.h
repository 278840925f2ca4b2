/* lockfile.h - readers of what a project depends on: one file of lockfiles/ per client, found by
 * the folder (src/ecosystem/lockfiles/NAME.c exports rt_lockfile_NAME).
 *
 * Files are hostile: a reader runs behind the wall, takes linear time, and says what it could not
 * read in a note instead of failing. Formats: docs/AUDIT.md. */
#ifndef RT_ECOSYSTEM_LOCKFILE_H
#define RT_ECOSYSTEM_LOCKFILE_H

#include "model/dependency.h"

typedef struct RtLockWriter RtLockWriter;

typedef struct {
    const char *name;
    /* True when `path` has a name of its kind. With a `head` (the first bytes of the file; empty
     * while folders are walked) a file of any name whose content is unmistakable may be claimed. */
    bool (*claims)(RtStr path, RtStr head);
    void (*read)(RtStr bytes, RtStr path, RtLockWriter *out);
} RtLockfile;

const RtLockfile *const *rt_lockfiles(size_t *ret_count);
/* Who reads `path`, by name first and content second; NULL when nobody does. */
const RtLockfile *rt_lockfile_find(RtStr path, RtStr head);

/* Reads a whole lockfile; all of the result points into `arena` or `bytes`. */
void rt_lockfile_read(RtArena *arena, const RtLockfile *lockfile, RtStr bytes, RtStr path,
                      RtLock *ret_lock);

/* ---- what stands around it */

typedef enum { RT_AROUND_NOTHING, RT_AROUND_MANIFEST, RT_AROUND_SETTINGS } RtAroundKind;
/* What a file beside a lockfile is: a manifest, a client's configuration, or neither. */
RtAroundKind rt_project_kind(RtStr path);

typedef struct {
    RtStr path, bytes;
    bool is_personal;
} RtAroundFile;
/* Reads manifests and configuration together; files that are neither are passed over. */
void rt_project_read(RtArena *arena, const RtAroundFile *files, size_t count,
                     RtProject *ret_project);

#endif
