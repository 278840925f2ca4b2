/* audit.h - the inside of this room: one lockfile being audited, and what checks see of it.
 *
 * A lockfile and what stands around it are read behind the wall; checks run in the parent over data
 * that wire.c has checked, and never parse. */
#ifndef RT_AUDIT_AUDIT_H
#define RT_AUDIT_AUDIT_H

#include "intel/intel.h"
#include "model/dependency.h"

typedef enum {
#define ITEM(name, id, level, family, title, why, advice) RT_AUDIT_##name,
#include "audit/findings.list"
#undef ITEM
    RT_AUDIT_FINDINGS
} RtAuditFinding;
RtStr rt_audit_id(RtAuditFinding finding);

/* One finding at one place. */
typedef struct {
    RtAuditFinding finding;
    uint32_t item; /* 1 + index of the dependency, 0: the file as a whole */
    uint32_t line; /* in `file` */
    RtStr file;    /* empty: the lockfile */
    RtStr says;    /* what exactly, without the way from the project */
} RtAuditHit;

typedef struct {
    RtArena *arena;
    RtStr bytes; /* the lockfile, for snippets */
    RtLock lock;
    RtProject project;
    RtIntel *intel;       /* NULL: none is consulted */
    const RtLock *before; /* a lockfile of the same client to compare with, or NULL */
    int64_t now;          /* seconds since 1970 */
    RtAuditHit *hits;
    size_t hit_count, hit_capacity;
    RtUnseen *unseen;
    size_t unseen_count, unseen_capacity;
} RtAudit;

/* A check looks at the whole lockfile and says what it finds. src/audit/checks/NAME.c exports
 * rt_audit_check_NAME. */
typedef struct {
    const char *name;
    void (*run)(RtAudit *audit);
} RtAuditCheck;

/* About dependency `item` (1 + index); `says` as for printf. */
void rt_audit_hit(RtAudit *audit, RtAuditFinding finding, uint32_t item, const char *says, ...)
    RT_PRINTF(4, 5);
/* About a line of the lockfile, or of another file. */
void rt_audit_hit_line(RtAudit *audit, RtAuditFinding finding, RtStr file, uint32_t line,
                       const char *says, ...) RT_PRINTF(5, 6);
void rt_audit_unseen(RtAudit *audit, RtStr reason, RtStr where);

/* Runs every check. */
void rt_audit_run(RtAudit *audit);
/* "my-app > left-helper > right-helper 1.0.5", at most 12 names. */
RtStr rt_audit_way(const RtAudit *audit, uint32_t item);
/* "pkg:npm/%40scope/name@version" */
RtStr rt_audit_purl(RtArena *arena, const RtDependency *item);
/* The report: hits as findings, at most 25 of each kind (the last says how often more). Not judged
 * yet. */
void rt_audit_report(const RtAudit *audit, RtReport *ret_report);

/* ---- addresses, as checks need them */
RtStr rt_audit_host(RtStr url); /* "h.invalid:1", lower case not forced; empty: none */
bool rt_audit_has_user(RtStr url);
bool rt_audit_is_plain(RtStr url); /* http to another machine */
/* The first `most` bytes of `text`, passwords and tokens in it as "***"; `text` itself when there
 * are none. What leaves this room as words goes through here. */
RtStr rt_audit_masked(RtArena *arena, RtStr text, size_t most);
/* "npm" for npm, yarn, pnpm and bun; "pypi" for pip, uv, poetry …: clients that share sources. */
bool rt_audit_same_family(RtStr client, RtStr ecosystem);

/* ---- across the wall */
void rt_audit_put(RtText *out, const RtLock *lock, const RtProject *project);
/* False when anything is off; texts are copied. */
bool rt_audit_get(RtArena *arena, RtStr bytes, RtLock *ret_lock, RtProject *ret_project);

#endif
