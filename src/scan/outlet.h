/* outlet.h - reports on their way to the engine's outputs: judged, counted, written. */
#ifndef RT_SCAN_OUTLET_H
#define RT_SCAN_OUTLET_H

#include "link/linker.h"
#include "scan/engine.h"

typedef struct {
    ratter_engine *engine;
    RtArena *arena;   /* of everything kept */
    RtArena *texts;   /* of one report on its way; empty between two */
    bool keeps_order; /* nothing is written before rt_outlet_finish, and then sorted by path */
    bool keeps;       /* some output wants all reports at once */
    const RtReport **kept;
    size_t count, capacity;
    RtReportSummary summary;
    RtVerdictLevel worst;
    uint64_t started_ms;
    bool broken;      /* a writer gave up */
    RtLinker *linker; /* what the artifacts share; NULL: one alone is nobody's half */
} RtOutlet;

/* `arena` is the caller's and must outlive the outlet; rt_outlet_close gives back the rest. With
 * `in_order` false, formats that stream get each report as it is added. */
RtOutlet rt_outlet_open(ratter_engine *engine, RtArena *arena, bool in_order);
void rt_outlet_close(RtOutlet *outlet);
/* From here on artifacts are judged as one program, too: rt_outlet_finish tells the conclusive
 * pairs among them. With `keeps_likeness`, what packages have in common is kept as well. */
void rt_outlet_link(RtOutlet *outlet, bool keeps_likeness);

/* Takes a report that is not judged yet: names it by purl, judges it, says when there was no jail,
 * and hands it to the outputs. What is kept is a copy, but for the path, which must live as long as
 * the outlet. A report that cannot be copied becomes one that says so. */
void rt_outlet_add(RtOutlet *outlet, const RtReport *report);
/* Writes what waits for all reports: the kept ones, sorted by path, and the summaries. */
void rt_outlet_finish(RtOutlet *outlet);
/* The exit status that follows. */
int rt_outlet_status(const RtOutlet *outlet);

/* "pkg:npm/%40scope/name@version"; the empty text without ecosystem or name. */
RtStr rt_outlet_purl(RtArena *arena, RtStr ecosystem, RtStr name, RtStr version);

#endif
