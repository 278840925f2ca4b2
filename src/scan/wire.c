/* wire.c - puts batches and reports into bytes and takes them out again, believing nothing.
 *
 * Lengths are varints; a list is its count and its items. A count is checked against the bytes that
 * are left (each item takes at least one), so that a short message cannot ask for a large array. */
#include "scan/wire.h"

#include <string.h>

#include "model/attribution.h"
#include "model/trace.h"

static void put_number(RtText *out, uint64_t number)
{
    while (number >= 0x80) {
        rt_text_byte(out, (uint8_t)(number | 0x80));
        number >>= 7;
    }
    rt_text_byte(out, (uint8_t)number);
}

static void put_str(RtText *out, RtStr text)
{
    put_number(out, text.len);
    rt_text_add(out, text);
}

static void put_double(RtText *out, double number)
{
    uint8_t bytes[sizeof number];
    memcpy(bytes, &number, sizeof number);
    rt_text_add(out, (RtStr){ bytes, sizeof bytes });
}

static uint32_t take_number(RtCursor *in, uint64_t limit)
{
    uint64_t number = rt_take_varint(in);
    if (number > limit) {
        in->short_read = true;
        return 0;
    }
    return (uint32_t)number;
}

static RtStr take_str(RtCursor *in)
{
    uint64_t len = rt_take_varint(in);
    if (len > in->rest.len) {
        in->short_read = true;
        return RT_STR("");
    }
    return rt_take(in, (size_t)len);
}

static RtStr take_copy(RtArena *arena, RtCursor *in) { return rt_str_copy(arena, take_str(in)); }

static double take_double(RtCursor *in)
{
    double number = 0;
    RtStr bytes = rt_take(in, sizeof number);
    if (bytes.len == sizeof number)
        memcpy(&number, bytes.at, sizeof number);
    return number == number ? number : 0;
}

static size_t take_count(RtCursor *in) { return take_number(in, in->rest.len); }

void rt_wire_put_batch(RtText *out, const RtBatch *batch)
{
    put_str(out, batch->name);
    rt_text_byte(out, batch->is_tree);
    rt_text_byte(out, batch->last);
    put_number(out, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        const RtGiven *given = &batch->given[i];
        rt_text_byte(out, (uint8_t)given->kind);
        put_str(out, given->name);
        put_str(out, given->link);
        put_number(out, given->mode);
        put_number(out, given->size);
    }
}

bool rt_wire_get_batch(RtStr bytes, const int *fds, size_t fd_count, RtBatch *ret_batch)
{
    RtCursor in = { .rest = bytes };
    RtBatch batch = { .name = take_str(&in) };
    batch.is_tree = rt_take_u8(&in) != 0;
    batch.last = rt_take_u8(&in) != 0;
    batch.count = take_number(&in, RT_WIRE_BATCH);
    size_t used = 0;
    for (size_t i = 0; i < batch.count && !in.short_read; i++) {
        RtGiven *given = &batch.given[i];
        uint8_t kind = rt_take_u8(&in);
        if (kind > RT_GIVEN_SPECIAL)
            return false;
        given->kind = (RtGivenKind)kind;
        given->name = take_str(&in);
        given->link = take_str(&in);
        given->mode = take_number(&in, UINT32_MAX);
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
    put_number(out, evidence->layer_count);
    for (size_t i = 0; i < evidence->layer_count; i++)
        put_str(out, evidence->layers[i]);
    put_str(out, evidence->file);
    put_number(out, evidence->line);
    put_number(out, evidence->column);
    put_str(out, evidence->snippet);
    put_number(out, evidence->mark_from);
    put_number(out, evidence->mark_len);
    put_str(out, evidence->says);
}

static void put_finding(RtText *out, const RtFinding *finding)
{
    put_str(out, finding->rule);
    put_str(out, finding->family);
    put_str(out, finding->title);
    put_str(out, finding->why);
    put_str(out, finding->advice);
    rt_text_byte(out, (uint8_t)finding->level);
    put_double(out, finding->weight);
    put_number(out, finding->attack_count);
    for (size_t i = 0; i < finding->attack_count; i++)
        put_str(out, finding->attack[i]);
    rt_text_byte(out, (uint8_t)finding->phase);
    rt_text_byte(out, (uint8_t)finding->witness);
    put_number(out, finding->times);
    put_number(out, finding->evidence_count);
    for (size_t i = 0; i < finding->evidence_count; i++)
        put_evidence(out, &finding->evidence[i]);
}

static void put_trace(RtText *out, const RtTrace *trace)
{
    rt_text_byte(out, trace != NULL);
    if (trace == NULL)
        return;
    put_number(out, trace->emulation_ms);
    put_number(out, trace->scripts);
    put_number(out, trace->layer_count);
    for (size_t i = 0; i < trace->layer_count; i++) {
        const RtTraceLayer *layer = &trace->layers[i];
        put_number(out, layer->parent);
        rt_text_byte(out, (uint8_t)layer->via);
        put_str(out, layer->name);
        put_str(out, layer->language);
        put_number(out, layer->line);
        put_number(out, layer->bytes);
        put_str(out, layer->text);
    }
    put_number(out, trace->event_count);
    for (size_t i = 0; i < trace->event_count; i++) {
        const RtTraceEvent *event = &trace->events[i];
        put_number(out, event->kind);
        rt_text_byte(out, (uint8_t)event->phase);
        rt_text_byte(out, event->deferred);
        put_number(out, event->at_ms);
        put_number(out, event->layer);
        put_number(out, event->line);
        put_number(out, event->column);
        for (size_t k = 0; k < 4; k++)
            put_str(out, event->args[k]);
        put_number(out, event->because_count);
        for (size_t k = 0; k < event->because_count; k++)
            put_number(out, event->because[k]);
    }
}

static void put_attributions(RtText *out, const RtAttributions *attributions)
{
    size_t count = attributions == NULL ? 0 : attributions->count;
    put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        const RtAttribution *item = &attributions->items[i];
        put_str(out, item->campaign);
        put_str(out, item->title);
        put_str(out, item->actor);
        rt_text_byte(out, (uint8_t)item->level);
        put_double(out, item->points);
        put_str(out, item->says);
        put_number(out, item->trait_count);
        for (size_t k = 0; k < item->trait_count; k++) {
            const RtTrait *trait = &item->traits[k];
            rt_text_byte(out, (uint8_t)trait->family);
            put_double(out, trait->weight);
            put_str(out, trait->id);
            put_str(out, trait->says);
            put_str(out, trait->file);
            put_number(out, trait->line);
        }
    }
}

void rt_wire_put_report(RtText *out, const RtReport *report)
{
    put_str(out, report->artifact.ecosystem);
    put_str(out, report->artifact.name);
    put_str(out, report->artifact.version);
    rt_text_byte(out, report->artifact.has_sha256);
    rt_text_byte(out, report->artifact.has_tree_digest);
    rt_text_add(out, (RtStr){ report->artifact.sha256, sizeof report->artifact.sha256 });
    put_number(out, report->artifact.bytes);
    put_number(out, report->layer_count);
    put_number(out, report->file_count);
    put_number(out, report->finding_count);
    for (size_t i = 0; i < report->finding_count; i++)
        put_finding(out, &report->findings[i]);
    put_number(out, report->unseen_count);
    for (size_t i = 0; i < report->unseen_count; i++) {
        put_str(out, report->unseen[i].reason);
        put_str(out, report->unseen[i].where);
        put_number(out, report->unseen[i].times);
    }
    put_number(out, report->step_count);
    for (size_t i = 0; i < report->step_count; i++) {
        const RtStep *step = &report->story[i];
        rt_text_byte(out, (uint8_t)step->phase);
        rt_text_byte(out, (uint8_t)step->witness);
        put_str(out, step->says);
        put_str(out, step->file);
        put_number(out, step->line);
    }
    put_attributions(out, report->attributions);
    put_trace(out, report->trace);
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
    size_t count = take_count(in);
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
    evidence.line = take_number(in, UINT32_MAX);
    evidence.column = take_number(in, UINT32_MAX);
    evidence.snippet = take_copy(arena, in);
    evidence.mark_from = take_number(in, evidence.snippet.len);
    evidence.mark_len = take_number(in, evidence.snippet.len - evidence.mark_from);
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
    finding.times = take_number(in, UINT32_MAX);
    finding.evidence_count = take_count(in);
    RtEvidence *evidence = RT_NEW_ARRAY(arena, RtEvidence, finding.evidence_count);
    for (size_t i = 0; i < finding.evidence_count && !in->short_read; i++)
        evidence[i] = take_evidence(arena, in);
    finding.evidence = evidence;
    return finding;
}

static void take_unseen(RtArena *arena, RtCursor *in, RtReport *report)
{
    report->unseen_count = take_count(in);
    RtUnseen *unseen = RT_NEW_ARRAY(arena, RtUnseen, report->unseen_count);
    for (size_t i = 0; i < report->unseen_count && !in->short_read; i++) {
        unseen[i].reason = take_copy(arena, in);
        unseen[i].where = take_copy(arena, in);
        unseen[i].times = take_number(in, UINT32_MAX);
    }
    report->unseen = unseen;
}

static void take_story(RtArena *arena, RtCursor *in, RtReport *report)
{
    report->step_count = take_count(in);
    RtStep *story = RT_NEW_ARRAY(arena, RtStep, report->step_count);
    for (size_t i = 0; i < report->step_count && !in->short_read; i++) {
        story[i].phase = (RtPhase)take_enum(in, RT_WHEN_INSTALL);
        story[i].witness = (RtWitness)take_enum(in, RT_SEEN_RUNNING);
        story[i].says = take_copy(arena, in);
        story[i].file = take_copy(arena, in);
        story[i].line = take_number(in, UINT32_MAX);
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
    item.trait_count = take_count(in);
    RtTrait *traits = RT_NEW_ARRAY(arena, RtTrait, item.trait_count);
    for (size_t k = 0; k < item.trait_count && !in->short_read; k++) {
        traits[k].family = (RtTraitFamily)take_enum(in, RT_TRAIT_AGAINST);
        traits[k].weight = take_points(in);
        traits[k].id = take_copy(arena, in);
        traits[k].says = take_copy(arena, in);
        traits[k].file = take_copy(arena, in);
        traits[k].line = take_number(in, UINT32_MAX);
    }
    item.traits = traits;
    return item;
}

static void take_attributions(RtArena *arena, RtCursor *in, RtReport *report)
{
    size_t count = take_count(in);
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
    size_t count = take_number(in, RT_TRACE_LAYERS);
    RtTraceLayer *layers = RT_NEW_ARRAY(arena, RtTraceLayer, count);
    for (size_t i = 0; i < count && !in->short_read; i++) {
        layers[i].parent = take_number(in, i);
        layers[i].via = (RtVia)take_enum(in, RT_VIA_WRITTEN);
        layers[i].name = take_copy(arena, in);
        layers[i].language = take_copy(arena, in);
        layers[i].line = take_number(in, UINT32_MAX);
        layers[i].bytes = rt_take_varint(in);
        layers[i].text = take_copy(arena, in);
    }
    *ret_count = count;
    return layers;
}

static RtTraceEvent take_event(RtArena *arena, RtCursor *in, size_t number, size_t layer_count)
{
    RtTraceEvent event = { .kind = (RtFactKind)take_number(in, RT_FACT_KINDS - 1) };
    event.phase = (RtPhase)take_enum(in, RT_WHEN_INSTALL);
    event.deferred = rt_take_u8(in) != 0;
    event.at_ms = take_number(in, UINT32_MAX);
    event.layer = take_number(in, layer_count - 1);
    event.line = take_number(in, UINT32_MAX);
    event.column = take_number(in, UINT32_MAX);
    for (size_t k = 0; k < 4; k++)
        event.args[k] = take_copy(arena, in);
    event.because_count = take_count(in);
    uint32_t *because = RT_NEW_ARRAY(arena, uint32_t, event.because_count);
    for (size_t k = 0; k < event.because_count && !in->short_read; k++) {
        because[k] = take_number(in, UINT32_MAX);
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
    trace->emulation_ms = take_number(in, UINT32_MAX);
    trace->scripts = take_number(in, UINT32_MAX);
    trace->layers = take_trace_layers(arena, in, &trace->layer_count);
    trace->event_count = take_number(in, RT_TRACE_EVENTS);
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
    report.layer_count = take_number(&in, UINT32_MAX);
    report.file_count = take_number(&in, UINT32_MAX);
    report.finding_count = take_count(&in);
    RtFinding *findings = RT_NEW_ARRAY(arena, RtFinding, report.finding_count);
    for (size_t i = 0; i < report.finding_count && !in.short_read; i++)
        findings[i] = take_finding(arena, &in);
    report.findings = findings;
    take_unseen(arena, &in, &report);
    take_story(arena, &in, &report);
    take_attributions(arena, &in, &report);
    take_trace(arena, &in, &report);
    if (in.short_read || in.rest.len != 0)
        return false;
    *ret_report = report;
    return true;
}
