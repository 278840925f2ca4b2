/* sarif.c - SARIF 2.1.0 (OASIS), shaped for the consumers of FORMATS 1.2: code scanning, SARIF
 * viewers.
 *
 * Everything at once: the rules stand before the results, and both are sorted, so that two runs
 * compare by diff. Columns are UTF-16 code units and ours are bytes of a line of which only a
 * window is known: a column is given only where the window shows the line from its start, never
 * guessed. Findings in decoded layers point to the file that holds the layer; the message says the
 * way down. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "report/record.h"
#include "report/wording.h"

enum {
    RESULTS = 25000, /* a run; code scanning refuses more */
    RELATED = 99,    /* further locations of a result */
    FLOW = 100,      /* steps of a code flow */
    TAGS = 18,       /* of a rule, besides ours; 20 in all */
};

/* One result: a finding of a report, and its rule's place in the table. */
typedef struct {
    const RtReport *report;
    const RtFinding *finding;
} Result;

typedef struct {
    RtText *out;
    const RtReportStyle *style;
    const RtReport *const *reports;
    size_t report_count;
    Result *results;
    size_t result_count, left_out;
    const RtFinding **rules; /* one finding per rule, sorted by rule id */
    size_t rule_count;
} Sarif;

static int compare_rules(const void *left, const void *right)
{
    const RtFinding *a = *(const RtFinding *const *)left, *b = *(const RtFinding *const *)right;
    int order = rt_str_compare(a->rule, b->rule);
    return order ? order : (a->level < b->level) - (a->level > b->level);
}

static void collect(Sarif *sarif)
{
    RtArena *arena = sarif->out->arena;
    size_t total = 0;
    for (size_t i = 0; i < sarif->report_count; i++)
        total += sarif->reports[i]->finding_count;
    size_t kept = total < RESULTS ? total : RESULTS;
    sarif->left_out = total - kept;
    sarif->results = RT_NEW_ARRAY(arena, Result, kept + 1);
    sarif->rules = RT_NEW_ARRAY(arena, const RtFinding *, kept + 1);
    for (size_t i = 0; i < sarif->report_count; i++) {
        const RtReport *report = sarif->reports[i];
        const RtFinding *const *findings = rt_report_findings(arena, report);
        for (size_t k = 0; k < report->finding_count && sarif->result_count < kept; k++) {
            sarif->rules[sarif->result_count] = findings[k];
            sarif->results[sarif->result_count++] = (Result){ report, findings[k] };
        }
    }
    qsort(sarif->rules, sarif->result_count, sizeof *sarif->rules, compare_rules);
    for (size_t i = 0; i < sarif->result_count; i++)
        if (i == 0 || !rt_str_equal(sarif->rules[i]->rule, sarif->rules[i - 1]->rule))
            sarif->rules[sarif->rule_count++] = sarif->rules[i];
}

static size_t rule_index(const Sarif *sarif, RtStr rule)
{
    size_t from = 0, to = sarif->rule_count;
    while (from + 1 < to) {
        size_t middle = from + (to - from) / 2;
        if (rt_str_compare(sarif->rules[middle]->rule, rule) <= 0)
            from = middle;
        else
            to = middle;
    }
    return from;
}

static const char *severity(RtFindingLevel level)
{
    switch (level) {
    case RT_CONCLUSIVE:
        return "9.5";
    case RT_STRONG:
        return "7.5";
    case RT_WEAK:
        return "4.5";
    case RT_NOTE:
        break;
    }
    return "2.0";
}

static const char *sarif_level(RtFindingLevel level)
{
    switch (level) {
    case RT_CONCLUSIVE:
        return "error";
    case RT_STRONG:
        return "warning";
    case RT_WEAK:
    case RT_NOTE:
        break;
    }
    return "note";
}

static const char *problem_severity(RtFindingLevel level)
{
    return level == RT_CONCLUSIVE ? "error" : level == RT_STRONG ? "warning" : "recommendation";
}

/* "key":{"text":…} */
static void message(RtText *out, const char *key, RtStr text)
{
    rt_report_json_key(out, key);
    rt_text_add(out, RT_STR("{\"text\":"));
    rt_json_quote(out, text);
    rt_text_byte(out, '}');
}

static void c_pair(RtText *out, const char *key, const char *value)
{
    rt_report_json_pair(out, key, rt_str_from_c(value));
}

static void write_rule(RtText *out, const RtFinding *rule)
{
    RtStr why = rule->why.len ? rule->why : rule->title;
    RtText help = { .arena = out->arena };
    rt_text_add(&help, why);
    if (rule->advice.len) {
        rt_text_add(&help, RT_STR(" What to do: "));
        rt_text_add(&help, rule->advice);
    }
    rt_text_add(out, out->at[out->len - 1] == '[' ? RT_STR("\n{") : RT_STR(",\n{"));
    rt_report_json_pair(out, "id", rule->rule);
    message(out, "shortDescription", rule->title.len ? rule->title : rule->rule);
    message(out, "fullDescription", why.len ? why : rule->rule);
    message(out, "help", help.len ? rt_text_str(&help) : rule->rule);
    rt_report_json_key(out, "defaultConfiguration");
    rt_text_byte(out, '{');
    c_pair(out, "level", sarif_level(rule->level));
    rt_text_byte(out, '}');
    rt_report_json_key(out, "properties");
    rt_text_byte(out, '{');
    c_pair(out, "precision", rule->level >= RT_STRONG ? "high" : "medium");
    c_pair(out, "problem.severity", problem_severity(rule->level));
    c_pair(out, "security-severity", severity(rule->level));
    rt_report_json_key(out, "tags");
    rt_text_add(out, RT_STR("[\"security\",\"malware\""));
    for (size_t i = 0; i < rule->attack_count && i < TAGS; i++) {
        bool known = false;
        for (size_t k = 0; k < i; k++)
            known = known || rt_str_equal(rule->attack[k], rule->attack[i]);
        if (known)
            continue;
        RtText tag = { .arena = out->arena };
        rt_text_add(&tag, RT_STR("external/attack/"));
        rt_text_add(&tag, rule->attack[i]);
        rt_report_json_comma(out);
        rt_json_quote(out, rt_text_str(&tag));
    }
    rt_text_add(out, RT_STR("]}}"));
}

/* The file of a finding as a URI reference: below the artifact, relative when its path was. */
static RtStr uri_of(RtArena *arena, const RtReport *report, RtStr file)
{
    RtText path = { .arena = arena }, uri = { .arena = arena };
    RtStr base = report->artifact.path;
    while (rt_str_starts(base, RT_STR("./")))
        base = rt_str_from(base, 2);
    while (base.len > 1 && rt_str_ends(base, RT_STR("/")))
        base.len--;
    if (!rt_str_equal(base, RT_STR(".")) && base.len > 0)
        rt_text_add(&path, base);
    if (file.len && !rt_str_equal(file, base) &&
        !rt_str_ends(base, rt_str_format(arena, "/%.*s", RT_FMT(file)))) {
        if (path.len && path.at[path.len - 1] != '/')
            rt_text_byte(&path, '/');
        rt_text_add(&path, file);
    }
    RtStr whole = rt_text_str(&path);
    if (whole.len == 0)
        whole = RT_STR("-");
    if (whole.at[0] == '/')
        rt_text_add(&uri, RT_STR("file://"));
    rt_report_uri_path(&uri, whole);
    return rt_text_str(&uri);
}

/* The column in UTF-16 code units, 1-based; 0 when the window does not show the line from its
 * start. */
static uint32_t utf16_column(const RtEvidence *evidence)
{
    if (evidence->mark_from > evidence->snippet.len || evidence->column == 0)
        return 0;
    RtStr before = rt_str_sub(evidence->snippet, 0, evidence->mark_from);
    size_t newline = rt_str_rfind_byte(before, '\n');
    before = rt_str_from(before, newline == RT_NOT_FOUND ? 0 : newline + 1);
    if (before.len != evidence->column - 1)
        return 0;
    uint32_t units = 1;
    for (size_t at = 0; at < before.len;) {
        uint32_t rune = 0;
        size_t len = rt_utf8_take(before, at, &rune);
        units += rune > 0xFFFF ? 2 : 1;
        at += len ? len : 1;
    }
    return units;
}

static void write_place(RtText *out, RtStr uri, uint32_t line, uint32_t column, RtStr snippet)
{
    rt_report_json_key(out, "physicalLocation");
    rt_text_add(out, RT_STR("{\"artifactLocation\":{"));
    rt_report_json_pair(out, "uri", uri);
    rt_text_format(out, "},\"region\":{\"startLine\":%u", line ? line : 1);
    if (column)
        rt_text_format(out, ",\"startColumn\":%u", column);
    if (snippet.len)
        message(out, "snippet", snippet);
    rt_text_add(out, RT_STR("}}"));
}

static void write_location(RtText *out, const RtReport *report, const RtEvidence *evidence)
{
    RtStr uri = uri_of(out->arena, report, evidence->file);
    bool is_file = rt_report_layer_path(out->arena, evidence).len == 0;
    write_place(out, uri, is_file ? evidence->line : 1, is_file ? utf16_column(evidence) : 0,
                evidence->snippet);
}

static RtStr evidence_text(RtArena *arena, const RtEvidence *evidence)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, evidence->says);
    RtStr layers = rt_report_layer_path(arena, evidence);
    if (layers.len) {
        rt_text_format(&text, "%sline %u, column %u of layer ", text.len ? " at " : "",
                       evidence->line, evidence->column);
        rt_text_add(&text, layers);
    }
    if (text.len == 0)
        rt_text_add(&text, RT_STR("here"));
    return rt_text_str(&text);
}

static void write_related(RtText *out, const Result *result)
{
    const RtFinding *finding = result->finding;
    if (finding->evidence_count < 2)
        return;
    rt_report_json_key(out, "relatedLocations");
    rt_text_byte(out, '[');
    for (size_t i = 1; i < finding->evidence_count && i <= RELATED; i++) {
        rt_report_json_comma(out);
        rt_text_format(out, "{\"id\":%zu", i);
        message(out, "message", evidence_text(out->arena, &finding->evidence[i]));
        write_location(out, result->report, &finding->evidence[i]);
        rt_text_byte(out, '}');
    }
    rt_text_byte(out, ']');
}

static void write_flow(RtText *out, const RtReport *report)
{
    rt_report_json_key(out, "codeFlows");
    rt_text_add(out, RT_STR("[{"));
    message(out, "message", RT_STR("what runs, in order"));
    rt_text_add(out, RT_STR(",\"threadFlows\":[{\"locations\":["));
    for (size_t i = 0; i < report->step_count && i < FLOW; i++) {
        const RtStep *step = &report->story[i];
        rt_report_json_comma(out);
        rt_text_add(out, RT_STR("{\"location\":{"));
        message(out, "message", step->says);
        write_place(out, uri_of(out->arena, report, step->file), step->line, 0, (RtStr){ 0 });
        rt_text_add(out, RT_STR("}}"));
    }
    rt_text_add(out, RT_STR("]}]}]"));
}

/* Stable between runs and when lines move: rule, file, layers and the marked text, not the line
 * number. */
static RtStr fingerprint(RtArena *arena, const Result *result)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, result->finding->rule);
    if (result->finding->evidence_count) {
        const RtEvidence *evidence = &result->finding->evidence[0];
        rt_text_byte(&text, 0);
        rt_text_add(&text, uri_of(arena, result->report, evidence->file));
        for (size_t i = 1; i < evidence->layer_count; i++) {
            rt_text_byte(&text, 0);
            rt_text_add(&text, evidence->layers[i]);
        }
        rt_text_byte(&text, 0);
        rt_text_add(&text, rt_str_sub(evidence->snippet, evidence->mark_from, evidence->mark_len));
    } else {
        rt_text_add(&text, result->report->artifact.path);
    }
    uint8_t digest[32];
    rt_sha256(rt_text_str(&text), digest);
    return rt_hex(arena, (RtStr){ digest, 8 });
}

static RtStr result_text(RtArena *arena, const Result *result)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, rt_report_label(arena, &result->report->artifact));
    rt_text_add(&text, RT_STR(": "));
    rt_text_add(&text, result->finding->title.len ? result->finding->title : result->finding->rule);
    if (result->finding->evidence_count) {
        rt_text_add(&text, RT_STR(" ("));
        rt_text_add(&text, evidence_text(arena, &result->finding->evidence[0]));
        rt_text_byte(&text, ')');
    }
    return rt_text_str(&text);
}

static void write_result(const Sarif *sarif, const Result *result)
{
    RtText *out = sarif->out;
    const RtArtifact *artifact = &result->report->artifact;
    rt_text_add(out, out->at[out->len - 1] == '[' ? RT_STR("\n{") : RT_STR(",\n{"));
    rt_report_json_pair(out, "ruleId", result->finding->rule);
    rt_text_format(out, ",\"ruleIndex\":%zu", rule_index(sarif, result->finding->rule));
    c_pair(out, "level", sarif_level(result->finding->level));
    message(out, "message", result_text(out->arena, result));
    rt_report_json_key(out, "locations");
    rt_text_add(out, RT_STR("[{"));
    if (result->finding->evidence_count)
        write_location(out, result->report, &result->finding->evidence[0]);
    else
        write_place(out, uri_of(out->arena, result->report, (RtStr){ 0 }), 1, 0, (RtStr){ 0 });
    RtStr name = artifact->purl.len ? artifact->purl : artifact->path;
    rt_report_json_key(out, "logicalLocations");
    rt_text_add(out, RT_STR("[{"));
    rt_report_json_pair(out, "fullyQualifiedName", name);
    rt_text_add(out, RT_STR(",\"kind\":\"package\"}]}]"));
    write_related(out, result);
    if (result->finding->level == RT_CONCLUSIVE && result->report->step_count)
        write_flow(out, result->report);
    RtStr print = fingerprint(out->arena, result);
    rt_report_json_key(out, "partialFingerprints");
    rt_text_byte(out, '{');
    rt_text_format(out, "\"primaryLocationLineHash\":\"%.*s:1\",\"ratterFinding/v1\":\"%.*s\"}",
                   RT_FMT(print), RT_FMT(print));
    rt_report_json_key(out, "properties");
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "verdict", rt_verdict_name(result->report->verdict.level));
    rt_report_json_key(out, "score");
    rt_text_add(out, rt_report_score(out->arena, result->report->verdict.score, 4));
    rt_report_json_pair(out, "phase", rt_phase_name(result->finding->phase));
    rt_report_json_pair(out, "witness", rt_witness_name(result->finding->witness));
    RtStr resembles = rt_report_resembles(out->arena, result->report);
    if (resembles.len != 0)
        rt_report_json_pair(out, "resembles", resembles);
    rt_text_add(out, RT_STR("}}"));
}

static void notification(RtText *out, RtStr text, RtStr uri)
{
    rt_report_json_comma(out);
    rt_text_add(out, RT_STR("{\"level\":\"warning\""));
    message(out, "message", text);
    if (uri.len) {
        rt_report_json_key(out, "locations");
        rt_text_add(out, RT_STR("[{\"physicalLocation\":{\"artifactLocation\":{"));
        rt_report_json_pair(out, "uri", uri);
        rt_text_add(out, RT_STR("}}}]"));
    }
    rt_text_byte(out, '}');
}

/* What was not examined stands where SARIF keeps what the tool has to say of itself. */
static void write_invocation(const Sarif *sarif, const RtReportSummary *summary)
{
    RtText *out = sarif->out;
    bool is_done = summary->by_verdict[RT_VERDICT_UNKNOWN] == 0;
    rt_text_format(out, ",\"invocations\":[{\"executionSuccessful\":%s",
                   is_done ? "true" : "false");
    rt_report_json_key(out, "toolExecutionNotifications");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < sarif->report_count; i++) {
        const RtReport *report = sarif->reports[i];
        for (size_t k = 0; k < report->unseen_count; k++) {
            RtText text = { .arena = out->arena };
            rt_text_add(&text, RT_STR("not examined: "));
            rt_text_add(&text, report->unseen[k].reason);
            notification(out, rt_text_str(&text),
                         uri_of(out->arena, report, report->unseen[k].where));
        }
    }
    if (sarif->left_out)
        notification(out,
                     rt_str_format(out->arena,
                                   "%zu results beyond the limit of SARIF consumers "
                                   "were left out; see the json report",
                                   sarif->left_out),
                     (RtStr){ 0 });
    rt_text_add(out, RT_STR("]}]"));
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    Sarif sarif = { .out = out, .style = style, .reports = reports, .report_count = count };
    collect(&sarif);
    rt_text_add(out, RT_STR("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                            "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"));
    c_pair(out, "name", "ratter");
    rt_report_json_pair(out, "version", style->version);
    rt_report_json_pair(out, "semanticVersion", style->version);
    rt_report_json_key(out, "properties");
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "ruleset", style->ruleset);
    rt_text_byte(out, '}');
    rt_report_json_key(out, "rules");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < sarif.rule_count; i++)
        write_rule(out, sarif.rules[i]);
    rt_text_add(out, RT_STR("]}},\"automationDetails\":{\"id\":\"ratter/scan/\"},"
                            "\"columnKind\":\"utf16CodeUnits\""));
    write_invocation(&sarif, summary);
    rt_report_json_key(out, "results");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < sarif.result_count; i++)
        write_result(&sarif, &sarif.results[i]);
    rt_text_add(out, RT_STR("]}]}\n"));
}

const RtReportFormat rt_report_format_sarif = {
    .name = "sarif",
    .media_type = "application/sarif+json",
    .title = "SARIF 2.1.0, for code scanning and editors",
    .all = all,
};
