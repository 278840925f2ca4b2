/* trace.c - the event log of the mocked world for machines: one JSON object per line, layers first
 * ("layer"), then events in order ("event"), then one line that ends an artifact ("end"). */
#include "model/trace.h"

#include "report/record.h"

static void number(RtText *out, const char *key, uint64_t value)
{
    rt_report_json_key(out, key);
    rt_text_format(out, "%llu", (unsigned long long)value);
}

static void begin(RtText *out, const RtReport *report, const char *kind)
{
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "kind", rt_str_from_c(kind));
    rt_report_json_pair(out, "artifact", report->artifact.path);
}

static void end(RtText *out) { rt_text_add(out, RT_STR("}\n")); }

static void write_layer(RtText *out, const RtReport *report, size_t i)
{
    static const char *const vias[] = { "artifact", "file", "decoded", "evaluated", "written" };
    const RtTraceLayer *layer = &report->trace->layers[i];
    begin(out, report, "layer");
    number(out, "layer", i);
    if (layer->parent != i)
        number(out, "parent", layer->parent);
    rt_report_json_pair(out, "via", rt_str_from_c(vias[layer->via]));
    rt_report_json_pair(out, "name", layer->name);
    rt_report_json_pair(out, "language", layer->language);
    number(out, "line", layer->line);
    number(out, "bytes", layer->bytes);
    rt_report_json_pair(out, "text", layer->text);
    end(out);
}

static void write_event(RtText *out, const RtReport *report, size_t i)
{
    const RtTraceEvent *event = &report->trace->events[i];
    begin(out, report, "event");
    number(out, "event", i);
    number(out, "at_ms", event->at_ms);
    rt_report_json_pair(out, "phase", rt_phase_name(event->phase));
    rt_report_json_key(out, "deferred");
    rt_text_add(out, event->deferred ? RT_STR("true") : RT_STR("false"));
    rt_report_json_pair(out, "what", rt_fact_name(event->kind));
    rt_report_json_key(out, "args");
    rt_text_byte(out, '{');
    for (size_t k = 0; k < 4; k++) {
        RtStr name = rt_fact_arg_name(event->kind, k);
        if (name.len == 0 || event->args[k].len == 0)
            continue;
        rt_report_json_comma(out);
        rt_text_format(out, "\"%.*s\":", RT_FMT(name));
        RtText quoted = { .arena = out->arena };
        rt_report_json_pair(&quoted, "", event->args[k]);
        rt_text_add(out, rt_str_from(rt_text_str(&quoted), 3)); /* after its empty key */
    }
    rt_text_byte(out, '}');
    number(out, "layer", event->layer);
    number(out, "line", event->line);
    number(out, "column", event->column);
    rt_report_json_key(out, "because");
    rt_text_byte(out, '[');
    for (size_t k = 0; k < event->because_count; k++) {
        rt_report_json_comma(out);
        rt_text_format(out, "%u", event->because[k]);
    }
    rt_text_byte(out, ']');
    end(out);
}

static void each(RtText *out, const RtReportStyle *style, const RtReport *report)
{
    const RtTrace *trace = report->trace;
    for (size_t i = 0; trace != NULL && i < trace->layer_count; i++)
        write_layer(out, report, i);
    for (size_t i = 0; trace != NULL && i < trace->event_count; i++)
        write_event(out, report, i);
    begin(out, report, "end");
    rt_report_json_pair(out, "verdict", rt_verdict_name(report->verdict.level));
    number(out, "scripts", trace == NULL ? 0 : trace->scripts);
    number(out, "events", trace == NULL ? 0 : trace->event_count);
    number(out, "layers", trace == NULL ? 0 : trace->layer_count);
    if (style->elapsed)
        number(out, "emulation_ms", trace == NULL ? 0 : trace->emulation_ms);
    rt_report_json_key(out, "unseen");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < report->unseen_count; i++) {
        rt_text_add(out, i == 0 ? RT_STR("{") : RT_STR(",{"));
        rt_report_json_pair(out, "reason", report->unseen[i].reason);
        rt_report_json_pair(out, "where", report->unseen[i].where);
        rt_text_byte(out, '}');
    }
    rt_text_byte(out, ']');
    end(out);
}

const RtReportFormat rt_report_format_trace = {
    .name = "trace",
    .media_type = "application/x-ndjson",
    .title = "what scripts did in the mocked world, and every decoded layer, as JSON lines",
    .traces = true,
    .each = each,
};
