/* content.h - `--scan`: what the dependencies themselves hold, as far as it is on this machine. */
#ifndef RT_AUDIT_CONTENT_H
#define RT_AUDIT_CONTENT_H

#include "audit/source.h"
#include "scan/outlet.h"

/* Artifacts to scan, each path once, and which dependency each is. */
typedef struct {
    RtArena *arena;
    RtTargetList targets;
    struct RtContentOwner {
        RtAudit *audit;         /* NULL: no dependency of its own (bundled, or in no lockfile) */
        uint32_t item;          /* 1 + index */
        bool is_manifest_there; /* a folder with its package.json */
    } * owners;                 /* per target */
    size_t owner_count, owner_capacity;
    uint32_t *slots; /* 1 + target by path */
    size_t slot_count;
    RtStr home; /* whose caches are looked into; empty: nobody's */
    bool no_jail;
} RtContents;

/* Adds what is there of the lockfile's dependencies: the folder in node_modules, else npm's cache
 * by integrity; what is installed in site-packages. What cannot be had is told in audit->unseen,
 * with the command that brings it. */
void rt_content_find(RtAudit *audit, const RtAuditSource *source, RtContents *contents);
/* Scans them as `ratter scan` does; reports go to the outlet, and what they say otherwise than the
 * lockfile becomes findings of its audit. */
RtErr rt_content_scan(RtOutlet *outlet, RtContents *contents) RT_MUST_USE;

/* ---- inside */

/* `owner` may have no audit. A path that is there gets the owner it lacks. */
void rt_content_add(RtContents *contents, RtTarget target, struct RtContentOwner owner);
/* A path inside the folder it is about to be joined to: relative, no "..", no NUL. */
bool rt_content_is_tame(RtStr path);
RtStr rt_content_join(RtArena *arena, RtStr folder, RtStr name);
/* What pip, uv and their like installed. `found` (one per dependency) is set for what was added. */
void rt_content_python(RtAudit *audit, const RtAuditSource *source, RtContents *contents,
                       bool *found);

#endif
