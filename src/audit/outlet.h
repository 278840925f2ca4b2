/* outlet.h - reports on their way to the engine's outputs: judged, counted, written. */
#ifndef RT_AUDIT_OUTLET_H
#define RT_AUDIT_OUTLET_H

#include "scan/engine.h"

typedef struct {
    ratter_engine *engine;
    RtArena *arena; /* of everything kept */
    const RtReport **kept;
    size_t count, capacity;
    RtReportSummary summary;
    RtVerdictLevel worst;
    bool broken; /* a writer gave up */
} RtOutlet;

/* Keeps a judged report (its texts must live in outlet->arena or longer). */
void rt_outlet_add(RtOutlet *outlet, const RtReport *report);
/* Writes all of them, sorted by path, and the summaries. */
void rt_outlet_write(RtOutlet *outlet);
/* The exit status that follows. */
int rt_outlet_status(const RtOutlet *outlet);

#endif
