/* outlet.c - an audit has few reports, so all are kept, and every format gets them sorted. */
#include "audit/outlet.h"

#include <stdlib.h>

void rt_outlet_add(RtOutlet *outlet, const RtReport *report)
{
    RtReport *copy = RT_NEW(outlet->arena, RtReport);
    *copy = *report;
    RT_PUSH(outlet->arena, outlet->kept, outlet->count, outlet->capacity) = copy;
    outlet->summary.by_verdict[report->verdict.level]++;
    outlet->summary.total++;
    outlet->summary.incomplete += !report->verdict.complete;
    if (report->verdict.level > outlet->worst)
        outlet->worst = report->verdict.level;
}

static int by_path(const void *a, const void *b)
{
    const RtReport *left = *(const RtReport *const *)a, *right = *(const RtReport *const *)b;
    return rt_str_compare(left->artifact.path, right->artifact.path);
}

static void flush(RtOutlet *outlet, RtOutput *output, RtText *text)
{
    if (text->len != 0 && !outlet->broken &&
        output->write(output->context, text->at, text->len) != 0)
        outlet->broken = true;
    text->len = 0;
}

void rt_outlet_write(RtOutlet *outlet)
{
    ratter_engine *engine = outlet->engine;
    if (outlet->count > 0)
        qsort(outlet->kept, outlet->count, sizeof *outlet->kept, by_path);
    for (size_t i = 0; i < engine->output_count && !outlet->broken; i++) {
        RtOutput *output = &engine->outputs[i];
        RtText text = { .arena = outlet->arena };
        if (output->format->all != NULL) {
            output->format->all(&text, &output->style, outlet->kept, outlet->count,
                                &outlet->summary);
            flush(outlet, output, &text);
            continue;
        }
        for (size_t j = 0; j < outlet->count; j++) {
            output->format->each(&text, &output->style, outlet->kept[j]);
            flush(outlet, output, &text);
        }
        if (output->format->summary != NULL)
            output->format->summary(&text, &output->style, &outlet->summary);
        flush(outlet, output, &text);
    }
}

int rt_outlet_status(const RtOutlet *outlet)
{
    if (outlet->summary.total == 0)
        return RATTER_NOTHING;
    if (outlet->engine->fail_on != RT_VERDICT_UNKNOWN && outlet->worst >= outlet->engine->fail_on)
        return RATTER_FOUND;
    return outlet->summary.incomplete != 0 ? RATTER_INCOMPLETE : RATTER_DONE;
}
