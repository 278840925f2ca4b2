/* content.h - `--scan`: what the dependencies themselves hold: as it lies on this machine, else as
 * the registry has it. */
#ifndef RT_AUDIT_CONTENT_H
#define RT_AUDIT_CONTENT_H

#include "audit/registry.h"
#include "audit/source.h"
#include "scan/outlet.h"

/* What is not on this machine, of one lockfile. */
typedef struct {
    RtAudit *audit;
    bool *found; /* per dependency */
    RtStr *why;  /* per dependency: why it could not be downloaded; empty: nobody tried */
} RtContentGap;

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
    RtContentGap *gaps;
    size_t gap_count, gap_capacity;
    RtStr home; /* whose caches are looked into; empty: nobody's */
    bool no_jail;
} RtContents;

/* Who downloads, and from whom. */
typedef struct {
    const char *program;      /* ratter-fetch; NULL: nothing is downloaded */
    char *const *environment; /* what it gets of ours */
    RtRegistries *registries;
    /* A client's own registry, as ratter_audit_setup has it; may be NULL. */
    int (*ask)(const char *client, char *ret_url, size_t size);
} RtContentSetup;

/* Adds what is there of the lockfile's dependencies: the folder in node_modules, else npm's cache
 * by integrity; what is installed in site-packages. What is not there becomes a gap. */
void rt_content_find(RtAudit *audit, const RtAuditSource *source, RtContents *contents);
/* Downloads what fills the gaps, from the registries of `setup` alone; nothing is kept that has not
 * the lockfile's own hash. npm's and Python's archives only. */
void rt_content_fetch(RtContents *contents, const RtContentSetup *setup);
/* Tells what is still missing in audit->unseen, with the command that brings it. */
void rt_content_tell(const RtContents *contents);
/* Scans them as `ratter scan` does; reports go to the outlet, and what they say otherwise than the
 * lockfile becomes findings of its audit. */
RtErr rt_content_scan(RtOutlet *outlet, RtContents *contents) RT_MUST_USE;

/* ---- inside */

/* `owner` may have no audit. A path that is there gets the owner it lacks. */
void rt_content_add(RtContents *contents, RtTarget target, struct RtContentOwner owner);
/* True when the bytes have one of the hashes that the lockfile gives for them. */
bool rt_content_has_hash(const RtDependency *item, int fd);
/* As the registry calls an npm archive, so that a scan of the same download is the same artifact.
 */
RtStr rt_content_archive(RtArena *arena, const RtDependency *item);
/* A path inside the folder it is about to be joined to: relative, no "..", no NUL. */
bool rt_content_is_tame(RtStr path);
RtStr rt_content_join(RtArena *arena, RtStr folder, RtStr name);
/* What pip, uv and their like installed. `found` (one per dependency) is set for what was added. */
void rt_content_python(RtAudit *audit, const RtAuditSource *source, RtContents *contents,
                       bool *found);

#endif
