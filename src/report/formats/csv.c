/* csv.c - RFC 4180, one row per finding (one without a finding for the others), for spreadsheets.
 *
 * A cell that starts like a formula gets a quote before it: the name of a package must not compute
 * in the spreadsheet of whoever triages it. */
#include "base/escape.h"
#include "report/wording.h"

static void cell(RtText *out, RtStr text)
{
    RtStr safe = rt_escaped(out->arena, text);
    bool is_formula =
        safe.len > 0 && rt_str_find_byte(RT_STR("=+-@\t"), safe.at[0]) != RT_NOT_FOUND;
    rt_text_byte(out, '"');
    if (is_formula)
        rt_text_byte(out, '\'');
    for (size_t i = 0; i < safe.len; i++) {
        if (safe.at[i] == '"')
            rt_text_byte(out, '"');
        rt_text_byte(out, safe.at[i]);
    }
    rt_text_add(out, RT_STR("\","));
}

static void number(RtText *out, uint64_t value)
{
    rt_text_format(out, "%llu,", (unsigned long long)value);
}

static void row(RtText *out, const RtReport *report, const RtFinding *finding)
{
    static const RtFinding no_finding = { 0 };
    static const RtEvidence no_evidence = { 0 };
    const RtFinding *shown = finding ? finding : &no_finding;
    const RtEvidence *evidence = shown->evidence_count ? &shown->evidence[0] : &no_evidence;
    RtText attack = { .arena = out->arena };
    for (size_t i = 0; i < shown->attack_count; i++) {
        rt_text_add(&attack, i ? RT_STR(" ") : RT_STR(""));
        rt_text_add(&attack, shown->attack[i]);
    }
    cell(out, report->artifact.path);
    cell(out, report->artifact.purl);
    cell(out, rt_verdict_name(report->verdict.level));
    rt_text_add(out, rt_report_score(out->arena, report->verdict.score, 4));
    rt_text_add(out, report->verdict.complete ? RT_STR(",true,") : RT_STR(",false,"));
    cell(out, shown->rule);
    cell(out, finding ? rt_finding_level_name(shown->level) : (RtStr){ 0 });
    cell(out, shown->title);
    cell(out, rt_text_str(&attack));
    cell(out, evidence->file);
    number(out, evidence->line);
    number(out, evidence->column);
    cell(out, rt_report_layer_path(out->arena, evidence));
    cell(out, evidence->says);
    out->len--; /* the comma after the last cell */
    rt_text_add(out, RT_STR("\r\n"));
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    (void)style;
    (void)summary;
    rt_text_add(out,
                RT_STR("path,purl,verdict,score,complete,rule,level,title,attack,file,line,column,"
                       "layer,says\r\n"));
    for (size_t i = 0; i < count; i++) {
        const RtFinding *const *findings = rt_report_findings(out->arena, reports[i]);
        for (size_t k = 0; k < reports[i]->finding_count; k++)
            row(out, reports[i], findings[k]);
        if (reports[i]->finding_count == 0)
            row(out, reports[i], NULL);
    }
}

const RtReportFormat rt_report_format_csv = {
    .name = "csv",
    .media_type = "text/csv; charset=utf-8",
    .title = "one row per finding, for spreadsheets",
    .all = all,
};
