/* source.h - what there is to audit below a path, and how it is read behind the wall. */
#ifndef RT_AUDIT_SOURCE_H
#define RT_AUDIT_SOURCE_H

#include "audit/audit.h"
#include "scan/chore.h"

/* One lockfile, or an installed tree without one. */
typedef struct {
    RtStr path;            /* as shown */
    RtStr folder;          /* where it lies; empty: the working directory */
    RtStr root;            /* what was named: configuration may lie there, too */
    bool is_node, is_site; /* an installed tree: its manifests are gathered */
    bool is_requirements;  /* whatever its name: a requirements file named another */
} RtAuditSource;

typedef struct {
    RtAuditSource *items;
    size_t count, capacity;
    RtUnseen *unseen; /* folders that could not be listed */
    size_t unseen_count, unseen_capacity;
} RtAuditSources;

/* Finds lockfiles below a folder (sorted; node_modules only where no lockfile speaks for it; no
 * symbolic link is followed), or takes the one file that is named. RT_ERR_IO when `path` cannot be
 * had, RT_ERR_USAGE when it is a file that no reader claims. */
RtErr rt_audit_find(RtArena *arena, RtStr path, RtAuditSources *sources) RT_MUST_USE;

/* Adds the file that a source names (`-r other.txt`) when it lies below what was audited and is not
 * there yet; else it is told in audit->unseen. */
void rt_audit_follow(RtAudit *audit, const RtAuditSource *source, RtStr other,
                     RtAuditSources *sources);

/* Reads one source behind the wall into audit->bytes, lock and project. `home` may be empty. A
 * failure is of this source: its report says it could not be read. */
RtErr rt_audit_read(RtAudit *audit, const RtAuditSource *source, RtStr home,
                    bool no_jail) RT_MUST_USE;
/* What the package.json of each of these folders says; `place` is the folder. */
RtErr rt_audit_manifests(RtArena *arena, const RtStr *folders, size_t count, bool no_jail,
                         RtLock *ret_lock) RT_MUST_USE;

/* A whole file of at most `most` bytes, no symbolic link. */
RtErr rt_audit_load(RtArena *arena, RtStr path, uint64_t most, RtStr *ret_bytes) RT_MUST_USE;
/* Runs a chore over bytes in memory. */
RtErr rt_audit_chore(const RtChore *chore, RtStr bytes) RT_MUST_USE;

#endif
