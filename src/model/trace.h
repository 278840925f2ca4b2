/* trace.h - what the scripts of an artifact did in the mocked world, event by event, and every
 * layer that was decoded, evaluated or written on the way. Part of a report when some output asks
 * for it. */
#ifndef RT_MODEL_TRACE_H
#define RT_MODEL_TRACE_H

#include "model/model.h"

enum { RT_TRACE_EVENTS = 20000, RT_TRACE_LAYERS = 50000 }; /* more are left out */

/* A file that an event stands in, or a text that came out of one. */
typedef struct {
    uint32_t parent; /* index of an earlier layer, or its own index: it has none */
    RtVia via;
    RtStr name; /* path of a file, else the decoder's name or "eval" */
    RtStr language;
    uint32_t line;  /* in the parent, where it came from; 0 for files */
    uint64_t bytes; /* its whole length */
    RtStr text;     /* of it, perhaps cut; empty for files of the artifact */
} RtTraceLayer;

typedef struct {
    RtFactKind kind;
    RtPhase phase;
    bool deferred;  /* happened when an export was called, not at load */
    uint32_t at_ms; /* on the virtual clock, since the script was started */
    uint32_t layer; /* index */
    uint32_t line, column;
    RtStr args[4];
    const uint32_t *because; /* earlier events whose values flowed into this one */
    size_t because_count;
} RtTraceEvent;

typedef struct RtTrace {
    const RtTraceEvent *events;
    size_t event_count;
    const RtTraceLayer *layers;
    size_t layer_count;
    uint32_t emulation_ms; /* CPU, all scripts and worlds together */
    uint32_t scripts;      /* that were started */
} RtTrace;

#endif
