/* content.h - `--scan`: what the dependencies themselves hold, as far as it is on this machine. */
#ifndef RT_AUDIT_CONTENT_H
#define RT_AUDIT_CONTENT_H

#include "audit/source.h"
#include "scan/outlet.h"

/* Adds what is there of the lockfile's dependencies to `targets`: the folder in node_modules, else
 * npm's cache by integrity. What cannot be had is told in audit->unseen. */
void rt_content_find(RtAudit *audit, const RtAuditSource *source, RtStr home,
                     RtTargetList *targets);
/* Scans them as `ratter scan` does; reports go to the outlet. */
RtErr rt_content_scan(RtOutlet *outlet, const RtTargetList *targets) RT_MUST_USE;

#endif
