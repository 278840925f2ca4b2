/* explain.c - the event log of the mocked world for people: what each script did, in order, and the
 * text of every layer that was decoded, evaluated or written on the way. */
#include "model/trace.h"

#include "base/escape.h"
#include "report/wording.h"

enum { ARG_SHOWN = 160, TEXT_SHOWN = 2000 };

static void put_cut(RtText *out, RtStr text, size_t limit, bool keep_newlines)
{
    RtStr cut = rt_str_sub(text, 0, limit);
    RtText plain = { .arena = out->arena };
    rt_report_defang(&plain, cut);
    rt_escape_terminal(out, rt_text_str(&plain), keep_newlines);
    if (cut.len < text.len)
        rt_text_format(out, "… (%zu bytes)", text.len);
}

/* "src/x.js" or "src/x.js → eval #4". */
static void put_place(RtText *out, const RtTrace *trace, uint32_t index)
{
    const RtTraceLayer *layer = &trace->layers[index];
    uint32_t file = index;
    while (trace->layers[file].parent != file)
        file = trace->layers[file].parent;
    put_cut(out, trace->layers[file].name, 200, false);
    if (file == index)
        return;
    rt_text_add(out, RT_STR(" → "));
    put_cut(out, layer->name, 80, false);
    rt_text_format(out, " #%u", index);
}

static void put_event(RtText *out, const RtReportStyle *style, const RtTrace *trace, size_t i)
{
    const RtTraceEvent *event = &trace->events[i];
    rt_text_format(out, "%5zu  %6u ms  %-7.*s %s%.*s", i, event->at_ms,
                   RT_FMT(event->deferred ? RT_STR("called") : rt_phase_name(event->phase)),
                   event->because_count != 0 ? "→ " : "  ", RT_FMT(rt_fact_name(event->kind)));
    for (size_t k = 0; k < 4; k++) {
        if (event->args[k].len == 0)
            continue;
        rt_text_format(out, "  %.*s=", RT_FMT(rt_fact_arg_name(event->kind, k)));
        put_cut(out, event->args[k], style->verbose != 0 ? SIZE_MAX : ARG_SHOWN, false);
    }
    for (size_t k = 0; k < event->because_count; k++)
        rt_text_format(out, "%s%u", k == 0 ? "  from " : ", ", event->because[k]);
    rt_text_add(out, RT_STR("\n                 at "));
    put_place(out, trace, event->layer);
    rt_text_format(out, ":%u:%u\n", event->line, event->column);
}

static void put_layer(RtText *out, const RtReportStyle *style, const RtTrace *trace, size_t i)
{
    static const char *const vias[] = { "artifact", "file", "decoded", "evaluated", "written" };
    const RtTraceLayer *layer = &trace->layers[i];
    if (layer->parent == i)
        return;
    rt_text_format(out, "\n#%zu  %s  ", i, vias[layer->via]);
    put_cut(out, layer->name, 200, false);
    rt_text_format(out, "  %s bytes, from ",
                   rt_str_c(out->arena, rt_report_count(out->arena, layer->bytes)));
    put_place(out, trace, layer->parent);
    rt_text_format(out, ":%u\n", layer->line);
    put_cut(out, layer->text, style->verbose != 0 ? SIZE_MAX : TEXT_SHOWN, true);
    rt_text_byte(out, '\n');
}

static void each(RtText *out, const RtReportStyle *style, const RtReport *report)
{
    const RtTrace *trace = report->trace;
    rt_text_format(out, "%.*s  ", RT_FMT(rt_verdict_name(report->verdict.level)));
    put_cut(out, report->artifact.path, 400, false);
    if (trace == NULL || trace->scripts == 0) {
        rt_text_add(out, RT_STR("\nNo script of it was run in the mocked world.\n"));
    } else {
        rt_text_format(out, "\n%u %s run in the mocked world, %zu events", trace->scripts,
                       trace->scripts == 1 ? "script was" : "scripts were", trace->event_count);
        if (style->elapsed)
            rt_text_format(out, ", %u ms", trace->emulation_ms);
        rt_text_add(out, RT_STR(". Values in <> are the world's own; → marks what came from an "
                                "earlier event.\n\n"));
    }
    for (size_t i = 0; trace != NULL && i < trace->event_count; i++)
        put_event(out, style, trace, i);
    for (size_t i = 0; trace != NULL && i < trace->layer_count; i++)
        put_layer(out, style, trace, i);
    for (size_t i = 0; i < report->unseen_count; i++) {
        rt_text_add(out, RT_STR("not examined: "));
        put_cut(out, report->unseen[i].reason, 200, false);
        rt_text_byte(out, ' ');
        put_cut(out, report->unseen[i].where, 200, false);
        rt_text_byte(out, '\n');
    }
}

const RtReportFormat rt_report_format_explain = {
    .name = "explain",
    .media_type = "text/plain; charset=utf-8",
    .title = "what scripts did in the mocked world, and every decoded layer, for people",
    .traces = true,
    .each = each,
};
