/* policy.h - what the project has decided to accept: the allow-list of ratter.yaml, and a baseline
 * of findings that were there before. */
#ifndef RT_AUDIT_POLICY_H
#define RT_AUDIT_POLICY_H

#include "audit/audit.h"

typedef struct {
    RtStr purl, rule, reason; /* purl may end in `*`; empty: any */
    int64_t expires;          /* 0: never; the first second after the day */
    uint32_t line, used;
} RtAllowed;

/* Where content may be downloaded from. */
typedef struct {
    const char *client; /* "npm", "pypi" */
    RtStr scope, url;
} RtPolicyRegistry;

typedef struct {
    RtStr path;
    RtPolicyRegistry *registries;
    size_t registry_count, registry_capacity;
    RtAllowed *items;
    size_t count, capacity;
    RtStr *known; /* fingerprints of a baseline, sorted */
    size_t known_count, known_capacity;
} RtPolicy;

/* Reads `audit: allow: [...]` and `registries: {...}`; RT_ERR_FORMAT with the line when something
 * in it is wrong: a policy that is half understood is none. */
RtErr rt_policy_read(RtArena *arena, RtStr path, RtStr bytes, RtPolicy *policy) RT_MUST_USE;
RtErr rt_policy_read_baseline(RtArena *arena, RtStr path, RtStr bytes,
                              RtPolicy *policy) RT_MUST_USE;

/* Drops the hits that are allowed or known; findings of known malware are dropped by the allow-list
 * only. `baseline` (may be NULL) gets a line per hit that is left. */
void rt_policy_apply(RtPolicy *policy, RtAudit *audit, RtText *baseline);
/* Hits about the policy itself: entries that expired or allowed nothing. */
void rt_policy_review(const RtPolicy *policy, RtAudit *audit);

#endif
