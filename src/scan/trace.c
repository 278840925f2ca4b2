/* trace.c - the running facts of a scan as a trace: events in the order they were told (causes
 * first), and the layers that came out of files, with their text. Written only when an output wants
 * it: texts are large, and a verdict needs none of them. */
#include "model/trace.h"

#include "scan/scan.h"

enum {
    DEPTH = 64, /* layers that showing one may add */
    TEXT_LIMIT = 1 << 20,
    ALL_TEXT = 24 << 20,
    ARG_LIMIT = 4096
};

typedef struct {
    RtScan *scan;
    RtTraceLayer *layers;
    size_t layer_count, layer_capacity;
    uint32_t *shown; /* per layer of the scan: its index plus one; 0: not in the trace */
    size_t text_bytes;
} Trace;

static uint32_t line_at(RtStr bytes, uint64_t at, uint32_t *ret_column)
{
    RtStr head = rt_str_sub(bytes, 0, (size_t)at);
    size_t last = rt_str_rfind_byte(head, '\n');
    *ret_column = (uint32_t)(last == RT_NOT_FOUND ? head.len : head.len - last - 1) + 1;
    return rt_str_line(bytes, at);
}

static bool is_derived(const RtLayer *layer)
{
    return layer->via != RT_VIA_ARTIFACT && layer->via != RT_VIA_ENTRY;
}

/* The index of `id` in the trace; its ancestors up to the file come before it. */
static uint32_t show_layer(Trace *trace, RtLayerId id)
{
    RtLayerId chain[DEPTH];
    size_t depth = 0;
    for (RtLayerId at = id; depth < RT_COUNT(chain); at = trace->scan->layers[at].parent) {
        chain[depth++] = at;
        if (trace->shown[at] != 0 || !is_derived(&trace->scan->layers[at]))
            break;
    }
    while (depth-- > 0) {
        RtLayerId at = chain[depth];
        const RtLayer *layer = &trace->scan->layers[at];
        if (trace->shown[at] != 0)
            continue;
        uint32_t number = (uint32_t)trace->layer_count, parent = trace->shown[layer->parent];
        bool has_parent = is_derived(layer) && parent != 0;
        RtTraceLayer shown = { .parent = has_parent ? parent - 1 : number,
                               .via = layer->via,
                               .name = layer->name,
                               .language = layer->language == NULL ? RT_STR("")
                                                                   : rt_str_from_c(layer->language),
                               .bytes = layer->bytes.len };
        uint32_t column;
        if (has_parent)
            shown.line =
                line_at(trace->scan->layers[layer->parent].bytes, layer->source.from, &column);
        if (is_derived(layer) && trace->text_bytes < ALL_TEXT)
            shown.text = rt_str_sub(layer->bytes, 0, TEXT_LIMIT);
        trace->text_bytes += shown.text.len;
        trace->shown[at] = number + 1;
        RT_PUSH(trace->scan->sink.arena, trace->layers, trace->layer_count, trace->layer_capacity) =
            shown;
    }
    return trace->shown[id] - 1;
}

const RtTrace *rt_trace_of(RtScan *scan)
{
    RtArena *arena = scan->sink.arena;
    Trace trace = { .scan = scan, .shown = RT_NEW_ARRAY(arena, uint32_t, scan->layer_count) };
    uint32_t *told = RT_NEW_ARRAY(arena, uint32_t, scan->fact_count); /* event plus one */
    RtTraceEvent *events = NULL;
    size_t count = 0, capacity = 0;
    for (RtFactId id = 1; id < scan->fact_count && count < RT_TRACE_EVENTS; id++) {
        const RtFact *fact = &scan->facts[id];
        if (fact->witness != RT_SEEN_RUNNING)
            continue;
        RtTraceEvent event = { .kind = fact->kind,
                               .phase = fact->phase,
                               .deferred = fact->deferred,
                               .at_ms = fact->at_ms,
                               .layer = show_layer(&trace, fact->layer) };
        event.line = line_at(scan->layers[fact->layer].bytes, fact->from, &event.column);
        for (size_t i = 0; i < 4; i++)
            event.args[i] = rt_str_sub(fact->args[i], 0, ARG_LIMIT);
        uint32_t *because = RT_NEW_ARRAY(arena, uint32_t, fact->because_count);
        for (size_t i = 0; i < fact->because_count; i++) {
            if (told[fact->because[i]] != 0)
                because[event.because_count++] = told[fact->because[i]] - 1;
        }
        event.because = because;
        told[id] = (uint32_t)count + 1;
        RT_PUSH(arena, events, count, capacity) = event;
    }
    for (RtLayerId id = 2; id < scan->layer_count && trace.layer_count + DEPTH < RT_TRACE_LAYERS;
         id++) {
        if (is_derived(&scan->layers[id]))
            show_layer(&trace, id);
    }
    RtTrace *result = RT_NEW(arena, RtTrace);
    *result = (RtTrace){ .events = events,
                         .event_count = count,
                         .layers = trace.layers,
                         .layer_count = trace.layer_count,
                         .emulation_ms = scan->emulation_ms,
                         .scripts = scan->rehearsals };
    return result;
}
