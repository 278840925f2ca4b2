/* record.c - writes the machine-readable form of a report, key by key, in the order of the
 * contract.
 *
 * Written by hand and not through a JSON tree: the order of keys is part of the contract (a diff of
 * two runs should show what changed and nothing else), and a line goes out without a second copy of
 * the report. */
#include "report/record.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "model/attribution.h"
#include "report/wording.h"

void rt_report_json_comma(RtText *out)
{
    if (out->len == 0)
        return;
    uint8_t last = out->at[out->len - 1];
    if (last != '{' && last != '[')
        rt_text_byte(out, ',');
}

void rt_report_json_key(RtText *out, const char *key)
{
    rt_report_json_comma(out);
    rt_text_format(out, "\"%s\":", key);
}

void rt_report_json_pair(RtText *out, const char *key, RtStr value)
{
    rt_report_json_key(out, key);
    rt_json_quote(out, value);
}

static void pair_or_null(RtText *out, const char *key, RtStr value)
{
    if (value.len > 0) {
        rt_report_json_pair(out, key, value);
        return;
    }
    rt_report_json_key(out, key);
    rt_text_add(out, RT_STR("null"));
}

static void number(RtText *out, const char *key, uint64_t value)
{
    rt_report_json_key(out, key);
    rt_text_format(out, "%llu", (unsigned long long)value);
}

static void strings(RtText *out, const char *key, const RtStr *items, size_t count)
{
    rt_report_json_key(out, key);
    rt_text_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        rt_report_json_comma(out);
        rt_json_quote(out, items[i]);
    }
    rt_text_byte(out, ']');
}

static void write_artifact(RtText *out, const RtArtifact *artifact)
{
    rt_report_json_key(out, "artifact");
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "path", artifact->path);
    pair_or_null(out, "purl", artifact->purl);
    RtStr digest = { 0 };
    if (artifact->has_sha256)
        digest = rt_hex(out->arena, (RtStr){ artifact->sha256, sizeof artifact->sha256 });
    pair_or_null(out, "sha256", digest);
    number(out, "bytes", artifact->bytes);
    rt_text_byte(out, '}');
}

static int compare_unseen(const void *left, const void *right)
{
    const RtUnseen *a = *(const RtUnseen *const *)left;
    const RtUnseen *b = *(const RtUnseen *const *)right;
    int order = rt_str_compare(a->reason, b->reason);
    return order ? order : rt_str_compare(a->where, b->where);
}

static void write_unseen(RtText *out, const RtReport *report)
{
    const RtUnseen **sorted = RT_NEW_ARRAY(out->arena, const RtUnseen *, report->unseen_count + 1);
    for (size_t i = 0; i < report->unseen_count; i++)
        sorted[i] = &report->unseen[i];
    qsort(sorted, report->unseen_count, sizeof(RtUnseen *), compare_unseen);
    rt_report_json_key(out, "unseen");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < report->unseen_count; i++) {
        rt_report_json_comma(out);
        rt_text_byte(out, '{');
        rt_report_json_pair(out, "reason", sorted[i]->reason);
        rt_report_json_pair(out, "where", sorted[i]->where);
        number(out, "times", sorted[i]->times ? sorted[i]->times : 1);
        rt_text_byte(out, '}');
    }
    rt_text_byte(out, ']');
}

static void write_evidence(RtText *out, const RtEvidence *evidence)
{
    rt_report_json_comma(out);
    rt_text_byte(out, '{');
    strings(out, "layer", evidence->layers, evidence->layer_count);
    rt_report_json_pair(out, "file", evidence->file);
    number(out, "line", evidence->line);
    number(out, "column", evidence->column);
    rt_report_json_pair(out, "snippet", evidence->snippet);
    rt_report_json_pair(out, "says", evidence->says);
    rt_text_byte(out, '}');
}

static void write_finding(RtText *out, const RtFinding *finding)
{
    rt_report_json_comma(out);
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "rule", finding->rule);
    rt_report_json_pair(out, "level", rt_finding_level_name(finding->level));
    rt_report_json_pair(out, "title", finding->title);
    strings(out, "attack", finding->attack, finding->attack_count);
    rt_report_json_pair(out, "phase", rt_phase_name(finding->phase));
    rt_report_json_pair(out, "witness", rt_witness_name(finding->witness));
    rt_report_json_key(out, "evidence");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < finding->evidence_count; i++)
        write_evidence(out, &finding->evidence[i]);
    rt_text_byte(out, ']');
    number(out, "times", finding->times ? finding->times : 1);
    rt_report_json_pair(out, "why", finding->why);
    rt_report_json_pair(out, "advice", finding->advice);
    rt_text_byte(out, '}');
}

static void write_story(RtText *out, const RtReport *report)
{
    rt_report_json_key(out, "story");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < report->step_count; i++) {
        const RtStep *step = &report->story[i];
        rt_report_json_comma(out);
        rt_text_byte(out, '{');
        rt_report_json_pair(out, "phase", rt_phase_name(step->phase));
        rt_report_json_pair(out, "witness", rt_witness_name(step->witness));
        rt_report_json_pair(out, "says", step->says);
        rt_report_json_pair(out, "file", step->file);
        number(out, "line", step->line);
        rt_text_byte(out, '}');
    }
    rt_text_byte(out, ']');
}

/* Weights below 0 speak against. */
static void write_traits(RtText *out, const char *key, const RtAttribution *item, bool against)
{
    rt_report_json_key(out, key);
    rt_text_byte(out, '[');
    for (size_t i = 0; i < item->trait_count; i++) {
        if ((item->traits[i].weight < 0) != against)
            continue;
        rt_report_json_comma(out);
        rt_json_quote(out, rt_report_trait(out->arena, &item->traits[i]));
    }
    rt_text_byte(out, ']');
}

void rt_report_json_attribution(RtText *out, const RtReport *report)
{
    const RtAttributions *attributions = report->attributions;
    rt_report_json_key(out, "attribution");
    rt_text_byte(out, '[');
    for (size_t i = 0; attributions != NULL && i < attributions->count; i++) {
        const RtAttribution *item = &attributions->items[i];
        rt_report_json_comma(out);
        rt_text_byte(out, '{');
        rt_report_json_pair(out, "campaign", item->campaign);
        rt_report_json_pair(out, "level", rt_attribution_level_name(item->level));
        rt_report_json_key(out, "score");
        rt_text_add(out, rt_report_score(out->arena, item->points / RT_ATTRIBUTION_FULL, 4));
        rt_report_json_pair(out, "title", item->title);
        rt_report_json_pair(out, "actor", item->actor);
        write_traits(out, "because", item, false);
        write_traits(out, "against", item, true);
        rt_report_json_pair(out, "says", item->says);
        rt_text_byte(out, '}');
    }
    rt_text_byte(out, ']');
}

void rt_report_record(RtText *out, const RtReportStyle *style, const RtReport *report)
{
    rt_text_add(out, RT_STR("{\"schema\":\"ratter-report/1\""));
    write_artifact(out, &report->artifact);
    rt_report_json_pair(out, "verdict", rt_verdict_name(report->verdict.level));
    rt_report_json_key(out, "score");
    rt_text_add(out, rt_report_score(out->arena, report->verdict.score, 4));
    rt_report_json_key(out, "complete");
    rt_text_add(out, report->verdict.complete ? RT_STR("true") : RT_STR("false"));
    write_unseen(out, report);
    const RtFinding *const *findings = rt_report_findings(out->arena, report);
    rt_report_json_key(out, "findings");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(out, findings[i]);
    rt_text_byte(out, ']');
    write_story(out, report);
    rt_report_json_attribution(out, report);
    if (style->elapsed)
        number(out, "elapsed_ms", report->elapsed_ms);
    rt_text_byte(out, '}');
}
