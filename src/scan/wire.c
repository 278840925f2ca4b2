/* wire.c - puts batches and reports into bytes and takes them out again, believing nothing.
 *
 * Lengths are varints; a list is its count and its items (base/cursor.h). */
#include "scan/wire.h"

#include <string.h>

#include "model/attribution.h"
#include "model/trace.h"

static void put_double(RtText *out, double number)
{
    uint8_t bytes[sizeof number];
    memcpy(bytes, &number, sizeof number);
    rt_text_add(out, (RtStr){ bytes, sizeof bytes });
}

static RtStr take_copy(RtArena *arena, RtCursor *in)
{
    return rt_str_copy(arena, rt_take_text(in));
}

static double take_double(RtCursor *in)
{
    double number = 0;
    RtStr bytes = rt_take(in, sizeof number);
    if (bytes.len == sizeof number)
        memcpy(&number, bytes.at, sizeof number);
    return number == number ? number : 0;
}

void rt_wire_put_batch(RtText *out, const RtBatch *batch)
{
    rt_put_text(out, batch->name);
    rt_text_byte(out, batch->is_tree);
    rt_text_byte(out, batch->last);
    rt_put_number(out, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        const RtGiven *given = &batch->given[i];
        rt_text_byte(out, (uint8_t)given->kind);
        rt_put_text(out, given->name);
        rt_put_text(out, given->link);
        rt_put_number(out, given->mode);
        rt_put_number(out, given->size);
    }
}

bool rt_wire_get_batch(RtStr bytes, const int *fds, size_t fd_count, RtBatch *ret_batch)
{
    RtCursor in = { .rest = bytes };
    RtBatch batch = { .name = rt_take_text(&in) };
    batch.is_tree = rt_take_u8(&in) != 0;
    batch.last = rt_take_u8(&in) != 0;
    batch.count = rt_take_number(&in, RT_WIRE_BATCH);
    size_t used = 0;
    for (size_t i = 0; i < batch.count && !in.short_read; i++) {
        RtGiven *given = &batch.given[i];
        uint8_t kind = rt_take_u8(&in);
        if (kind > RT_GIVEN_SPECIAL)
            return false;
        given->kind = (RtGivenKind)kind;
        given->name = rt_take_text(&in);
        given->link = rt_take_text(&in);
        given->mode = rt_take_number(&in, UINT32_MAX);
        given->size = rt_take_varint(&in);
        given->fd = -1;
        if (given->kind == RT_GIVEN_FILE) {
            if (used == fd_count)
                return false;
            given->fd = fds[used++];
        }
    }
    if (in.short_read || in.rest.len != 0 || used != fd_count)
        return false;
    *ret_batch = batch;
    return true;
}

static void put_evidence(RtText *out, const RtEvidence *evidence)
{
    rt_put_number(out, evidence->layer_count);
    for (size_t i = 0; i < evidence->layer_count; i++)
        rt_put_text(out, evidence->layers[i]);
    rt_put_text(out, evidence->file);
    rt_put_number(out, evidence->line);
    rt_put_number(out, evidence->column);
    rt_put_text(out, evidence->snippet);
    rt_put_number(out, evidence->mark_from);
    rt_put_number(out, evidence->mark_len);
    rt_put_text(out, evidence->says);
}

static void put_finding(RtText *out, const RtFinding *finding)
{
    rt_put_text(out, finding->rule);
    rt_put_text(out, finding->family);
    rt_put_text(out, finding->title);
    rt_put_text(out, finding->why);
    rt_put_text(out, finding->advice);
    rt_text_byte(out, (uint8_t)finding->level);
    put_double(out, finding->weight);
    rt_put_number(out, finding->attack_count);
    for (size_t i = 0; i < finding->attack_count; i++)
        rt_put_text(out, finding->attack[i]);
    rt_text_byte(out, (uint8_t)finding->phase);
    rt_text_byte(out, (uint8_t)finding->witness);
    rt_put_number(out, finding->times);
    rt_put_number(out, finding->evidence_count);
    for (size_t i = 0; i < finding->evidence_count; i++)
        put_evidence(out, &finding->evidence[i]);
}

static void put_trace(RtText *out, const RtTrace *trace)
{
    rt_text_byte(out, trace != NULL);
    if (trace == NULL)
        return;
    rt_put_number(out, trace->emulation_ms);
    rt_put_number(out, trace->scripts);
    rt_put_number(out, trace->layer_count);
    for (size_t i = 0; i < trace->layer_count; i++) {
        const RtTraceLayer *layer = &trace->layers[i];
        rt_put_number(out, layer->parent);
        rt_text_byte(out, (uint8_t)layer->via);
        rt_put_text(out, layer->name);
        rt_put_text(out, layer->language);
        rt_put_number(out, layer->line);
        rt_put_number(out, layer->bytes);
        rt_put_text(out, layer->text);
    }
    rt_put_number(out, trace->event_count);
    for (size_t i = 0; i < trace->event_count; i++) {
        const RtTraceEvent *event = &trace->events[i];
        rt_put_number(out, event->kind);
        rt_text_byte(out, (uint8_t)event->phase);
        rt_text_byte(out, event->deferred);
        rt_put_number(out, event->at_ms);
        rt_put_number(out, event->layer);
        rt_put_number(out, event->line);
        rt_put_number(out, event->column);
        for (size_t k = 0; k < 4; k++)
            rt_put_text(out, event->args[k]);
        rt_put_number(out, event->because_count);
        for (size_t k = 0; k < event->because_count; k++)
            rt_put_number(out, event->because[k]);
    }
}

static void put_attributions(RtText *out, const RtAttributions *attributions)
{
    size_t count = attributions == NULL ? 0 : attributions->count;
    rt_put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        const RtAttribution *item = &attributions->items[i];
        rt_put_text(out, item->campaign);
        rt_put_text(out, item->title);
        rt_put_text(out, item->actor);
        rt_text_byte(out, (uint8_t)item->level);
        put_double(out, item->points);
        rt_put_text(out, item->says);
        rt_put_number(out, item->trait_count);
        for (size_t k = 0; k < item->trait_count; k++) {
            const RtTrait *trait = &item->traits[k];
            rt_text_byte(out, (uint8_t)trait->family);
            put_double(out, trait->weight);
            rt_put_text(out, trait->id);
            rt_put_text(out, trait->says);
            rt_put_text(out, trait->file);
            rt_put_number(out, trait->line);
        }
    }
}

void rt_wire_put_report(RtText *out, const RtReport *report)
{
    rt_put_text(out, report->artifact.ecosystem);
    rt_put_text(out, report->artifact.name);
    rt_put_text(out, report->artifact.version);
    rt_text_byte(out, report->artifact.has_sha256);
    rt_text_byte(out, report->artifact.has_tree_digest);
    rt_text_add(out, (RtStr){ report->artifact.sha256, sizeof report->artifact.sha256 });
    rt_put_number(out, report->artifact.bytes);
    rt_put_number(out, report->layer_count);
    rt_put_number(out, report->file_count);
    rt_put_number(out, report->finding_count);
    for (size_t i = 0; i < report->finding_count; i++)
        put_finding(out, &report->findings[i]);
    rt_put_number(out, report->unseen_count);
    for (size_t i = 0; i < report->unseen_count; i++) {
        rt_put_text(out, report->unseen[i].reason);
        rt_put_text(out, report->unseen[i].where);
        rt_put_number(out, report->unseen[i].times);
    }
    rt_put_number(out, report->step_count);
    for (size_t i = 0; i < report->step_count; i++) {
        const RtStep *step = &report->story[i];
        rt_text_byte(out, (uint8_t)step->phase);
        rt_text_byte(out, (uint8_t)step->witness);
        rt_put_text(out, step->says);
        rt_put_text(out, step->file);
        rt_put_number(out, step->line);
    }
    put_attributions(out, report->attributions);
    put_trace(out, report->trace);
    rt_wire_put_summary(out, report->summary);
}

static uint8_t take_enum(RtCursor *in, uint8_t last)
{
    uint8_t value = rt_take_u8(in);
    if (value > last) {
        in->short_read = true;
        return 0;
    }
    return value;
}

static const RtStr *take_names(RtArena *arena, RtCursor *in, size_t *ret_count)
{
    size_t count = rt_take_count(in);
    RtStr *names = RT_NEW_ARRAY(arena, RtStr, count);
    for (size_t i = 0; i < count && !in->short_read; i++)
        names[i] = take_copy(arena, in);
    *ret_count = count;
    return names;
}

static RtEvidence take_evidence(RtArena *arena, RtCursor *in)
{
    RtEvidence evidence = { 0 };
    evidence.layers = take_names(arena, in, &evidence.layer_count);
    evidence.file = take_copy(arena, in);
    evidence.line = rt_take_number(in, UINT32_MAX);
    evidence.column = rt_take_number(in, UINT32_MAX);
    evidence.snippet = take_copy(arena, in);
    evidence.mark_from = rt_take_number(in, evidence.snippet.len);
    evidence.mark_len = rt_take_number(in, evidence.snippet.len - evidence.mark_from);
    evidence.says = take_copy(arena, in);
    return evidence;
}

static RtFinding take_finding(RtArena *arena, RtCursor *in)
{
    RtFinding finding = { .rule = take_copy(arena, in) };
    finding.family = take_copy(arena, in);
    finding.title = take_copy(arena, in);
    finding.why = take_copy(arena, in);
    finding.advice = take_copy(arena, in);
    finding.level = (RtFindingLevel)take_enum(in, RT_CONCLUSIVE);
    finding.weight = take_double(in);
    finding.attack = take_names(arena, in, &finding.attack_count);
    finding.phase = (RtPhase)take_enum(in, RT_WHEN_INSTALL);
    finding.witness = (RtWitness)take_enum(in, RT_SEEN_RUNNING);
    finding.times = rt_take_number(in, UINT32_MAX);
    finding.evidence_count = rt_take_count(in);
    RtEvidence *evidence = RT_NEW_ARRAY(arena, RtEvidence, finding.evidence_count);
    for (size_t i = 0; i < finding.evidence_count && !in->short_read; i++)
        evidence[i] = take_evidence(arena, in);
    finding.evidence = evidence;
    return finding;
}

static void take_unseen(RtArena *arena, RtCursor *in, RtReport *report)
{
    report->unseen_count = rt_take_count(in);
    RtUnseen *unseen = RT_NEW_ARRAY(arena, RtUnseen, report->unseen_count);
    for (size_t i = 0; i < report->unseen_count && !in->short_read; i++) {
        unseen[i].reason = take_copy(arena, in);
        unseen[i].where = take_copy(arena, in);
        unseen[i].times = rt_take_number(in, UINT32_MAX);
    }
    report->unseen = unseen;
}

static void take_story(RtArena *arena, RtCursor *in, RtReport *report)
{
    report->step_count = rt_take_count(in);
    RtStep *story = RT_NEW_ARRAY(arena, RtStep, report->step_count);
    for (size_t i = 0; i < report->step_count && !in->short_read; i++) {
        story[i].phase = (RtPhase)take_enum(in, RT_WHEN_INSTALL);
        story[i].witness = (RtWitness)take_enum(in, RT_SEEN_RUNNING);
        story[i].says = take_copy(arena, in);
        story[i].file = take_copy(arena, in);
        story[i].line = rt_take_number(in, UINT32_MAX);
    }
    report->story = story;
}

/* Points and weights are small numbers; anything else is no attribution of ours. */
static double take_points(RtCursor *in)
{
    double points = take_double(in);
    if (!(points > -1000 && points < 1000)) {
        in->short_read = true;
        return 0;
    }
    return points;
}

static RtAttribution take_attribution(RtArena *arena, RtCursor *in)
{
    RtAttribution item = { .campaign = take_copy(arena, in) };
    item.title = take_copy(arena, in);
    item.actor = take_copy(arena, in);
    item.level = (RtAttributionLevel)take_enum(in, RT_EXACT_MATCH);
    item.points = take_points(in);
    item.says = take_copy(arena, in);
    item.trait_count = rt_take_count(in);
    RtTrait *traits = RT_NEW_ARRAY(arena, RtTrait, item.trait_count);
    for (size_t k = 0; k < item.trait_count && !in->short_read; k++) {
        traits[k].family = (RtTraitFamily)take_enum(in, RT_TRAIT_AGAINST);
        traits[k].weight = take_points(in);
        traits[k].id = take_copy(arena, in);
        traits[k].says = take_copy(arena, in);
        traits[k].file = take_copy(arena, in);
        traits[k].line = rt_take_number(in, UINT32_MAX);
    }
    item.traits = traits;
    return item;
}

static void take_attributions(RtArena *arena, RtCursor *in, RtReport *report)
{
    size_t count = rt_take_count(in);
    if (count == 0)
        return;
    RtAttribution *items = RT_NEW_ARRAY(arena, RtAttribution, count);
    for (size_t i = 0; i < count && !in->short_read; i++)
        items[i] = take_attribution(arena, in);
    RtAttributions *attributions = RT_NEW(arena, RtAttributions);
    *attributions = (RtAttributions){ items, count };
    report->attributions = attributions;
}

static const RtTraceLayer *take_trace_layers(RtArena *arena, RtCursor *in, size_t *ret_count)
{
    size_t count = rt_take_number(in, RT_TRACE_LAYERS);
    RtTraceLayer *layers = RT_NEW_ARRAY(arena, RtTraceLayer, count);
    for (size_t i = 0; i < count && !in->short_read; i++) {
        layers[i].parent = rt_take_number(in, i);
        layers[i].via = (RtVia)take_enum(in, RT_VIA_WRITTEN);
        layers[i].name = take_copy(arena, in);
        layers[i].language = take_copy(arena, in);
        layers[i].line = rt_take_number(in, UINT32_MAX);
        layers[i].bytes = rt_take_varint(in);
        layers[i].text = take_copy(arena, in);
    }
    *ret_count = count;
    return layers;
}

static RtTraceEvent take_event(RtArena *arena, RtCursor *in, size_t number, size_t layer_count)
{
    RtTraceEvent event = { .kind = (RtFactKind)rt_take_number(in, RT_FACT_KINDS - 1) };
    event.phase = (RtPhase)take_enum(in, RT_WHEN_INSTALL);
    event.deferred = rt_take_u8(in) != 0;
    event.at_ms = rt_take_number(in, UINT32_MAX);
    event.layer = rt_take_number(in, layer_count - 1);
    event.line = rt_take_number(in, UINT32_MAX);
    event.column = rt_take_number(in, UINT32_MAX);
    for (size_t k = 0; k < 4; k++)
        event.args[k] = take_copy(arena, in);
    event.because_count = rt_take_count(in);
    uint32_t *because = RT_NEW_ARRAY(arena, uint32_t, event.because_count);
    for (size_t k = 0; k < event.because_count && !in->short_read; k++) {
        because[k] = rt_take_number(in, UINT32_MAX);
        in->short_read |= because[k] >= number;
    }
    event.because = because;
    return event;
}

/* Layers and causes stand before what refers to them, so that no reader meets a circle. */
static void take_trace(RtArena *arena, RtCursor *in, RtReport *report)
{
    if (rt_take_u8(in) == 0)
        return;
    RtTrace *trace = RT_NEW(arena, RtTrace);
    trace->emulation_ms = rt_take_number(in, UINT32_MAX);
    trace->scripts = rt_take_number(in, UINT32_MAX);
    trace->layers = take_trace_layers(arena, in, &trace->layer_count);
    trace->event_count = rt_take_number(in, RT_TRACE_EVENTS);
    in->short_read |= trace->event_count != 0 && trace->layer_count == 0;
    RtTraceEvent *events = RT_NEW_ARRAY(arena, RtTraceEvent, trace->event_count);
    for (size_t i = 0; i < trace->event_count && !in->short_read; i++)
        events[i] = take_event(arena, in, i, trace->layer_count);
    trace->events = events;
    report->trace = trace;
}

bool rt_wire_get_report(RtArena *arena, RtStr bytes, RtReport *ret_report)
{
    RtCursor in = { .rest = bytes };
    RtReport report = { 0 };
    report.artifact.ecosystem = take_copy(arena, &in);
    report.artifact.name = take_copy(arena, &in);
    report.artifact.version = take_copy(arena, &in);
    report.artifact.has_sha256 = rt_take_u8(&in) != 0;
    report.artifact.has_tree_digest = rt_take_u8(&in) != 0;
    RtStr digest = rt_take(&in, sizeof report.artifact.sha256);
    if (digest.len == sizeof report.artifact.sha256)
        memcpy(report.artifact.sha256, digest.at, digest.len);
    report.artifact.bytes = rt_take_varint(&in);
    report.layer_count = rt_take_number(&in, UINT32_MAX);
    report.file_count = rt_take_number(&in, UINT32_MAX);
    report.finding_count = rt_take_count(&in);
    RtFinding *findings = RT_NEW_ARRAY(arena, RtFinding, report.finding_count);
    for (size_t i = 0; i < report.finding_count && !in.short_read; i++)
        findings[i] = take_finding(arena, &in);
    report.findings = findings;
    take_unseen(arena, &in, &report);
    take_story(arena, &in, &report);
    take_attributions(arena, &in, &report);
    take_trace(arena, &in, &report);
    report.summary = rt_wire_take_summary(arena, &in);
    if (in.short_read || in.rest.len != 0)
        return false;
    *ret_report = report;
    return true;
}
