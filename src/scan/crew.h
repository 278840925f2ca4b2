/* crew.h - an engine's settings at work: rules, limits and jail over a list of artifacts. */
#ifndef RT_SCAN_CREW_H
#define RT_SCAN_CREW_H

#include "scan/outlet.h"

/* Sees each report of a worker before the outlet does; may be NULL. */
typedef void (*RtCrewWatch)(void *context, size_t target, const RtReport *report);

/* Scans every target and hands each report to the outlet; an artifact that was not finished when
 * the run was stopped gets one that says so. Fails only for our own reasons. */
RtErr rt_crew_scan(RtOutlet *outlet, const RtRules *rules, const RtTargetList *targets,
                   RtCrewWatch watch, void *context) RT_MUST_USE;

#endif
