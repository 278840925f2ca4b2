/* md.c - Markdown for a job summary or a comment: a table of what matters, then each in a few
 * lines.
 *
 * Foreign text stands in code spans only, with back-ticks and pipes taken out, so that no package
 * can link, mention or draw. */
#include "base/escape.h"
#include "report/wording.h"

enum { ROWS = 200, TEXT_LIMIT = 300 };

static void code(RtText *out, RtStr text)
{
    RtStr safe = rt_escaped(out->arena, rt_str_sub(text, 0, TEXT_LIMIT));
    rt_text_byte(out, '`');
    for (size_t i = 0; i < safe.len; i++) {
        if (safe.at[i] == '`')
            rt_text_byte(out, '\'');
        else if (safe.at[i] == '|')
            rt_text_add(out, RT_STR("¦"));
        else
            rt_text_byte(out, safe.at[i] == '\t' ? ' ' : safe.at[i]);
    }
    rt_text_add(out, safe.len ? RT_STR("`") : RT_STR("-`"));
}

/* Our own or a rule's words: plain, but harmless whoever wrote the rule. */
static void words(RtText *out, RtStr text)
{
    RtStr safe = rt_escaped(out->arena, rt_str_sub(text, 0, TEXT_LIMIT));
    for (size_t i = 0; i < safe.len; i++) {
        if (rt_str_find_byte(RT_STR("\\`*_{}[]<>#|!@~&"), safe.at[i]) != RT_NOT_FOUND)
            rt_text_byte(out, '\\');
        rt_text_byte(out, safe.at[i]);
    }
}

static void table(RtText *out, const RtReport *const *sorted, size_t count)
{
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        const RtReport *report = sorted[i];
        bool is_fine = report->verdict.level == RT_VERDICT_CLEAN ||
                       report->verdict.level == RT_VERDICT_NOTABLE;
        if (is_fine && report->verdict.complete)
            continue;
        if (rows++ == 0)
            rt_text_add(out, RT_STR("\n| verdict | package | confidence | runs at | why |\n"
                                    "|---|---|---|---|---|\n"));
        if (rows > ROWS)
            continue;
        rt_text_add(out, RT_STR("| "));
        rt_text_add(out, rt_verdict_name(report->verdict.level));
        rt_text_add(out, RT_STR(" | "));
        code(out, rt_report_label(out->arena, &report->artifact));
        rt_text_add(out, RT_STR(" | "));
        rt_text_add(out, rt_report_confidence(out->arena, report));
        rt_text_add(out, RT_STR(" | "));
        rt_text_add(out, rt_report_trigger(report, rt_report_phase(report)));
        rt_text_add(out, RT_STR(" | "));
        const RtFinding *const *findings = rt_report_findings(out->arena, report);
        if (report->finding_count)
            words(out, findings[0]->title);
        else if (report->unseen_count)
            words(out, report->unseen[0].reason);
        rt_text_add(out, RT_STR(" |\n"));
    }
    if (rows > ROWS)
        rt_text_format(out, "\n%zu more are in the json report.\n", rows - ROWS);
}

static void details(RtText *out, const RtReport *report)
{
    const RtFinding *const *findings = rt_report_findings(out->arena, report);
    rt_text_add(out, RT_STR("\n### "));
    code(out, rt_report_label(out->arena, &report->artifact));
    rt_text_add(out, RT_STR("\n\n"));
    for (size_t i = 0; i < report->finding_count && i < 5; i++) {
        rt_text_add(out, RT_STR("- **"));
        words(out, findings[i]->title);
        rt_text_add(out, RT_STR("** ("));
        words(out, findings[i]->rule);
        rt_text_byte(out, ')');
        if (findings[i]->evidence_count) {
            RtText place = { .arena = out->arena };
            rt_text_add(&place, rt_report_file(report, findings[i]->evidence));
            rt_text_format(&place, ":%u", findings[i]->evidence->line);
            rt_text_add(out, RT_STR(" at "));
            code(out, rt_text_str(&place));
        }
        rt_text_byte(out, '\n');
    }
    RtStr resembles = rt_report_resembles(out->arena, report);
    if (resembles.len != 0) {
        rt_text_add(out, RT_STR("- Resembles "));
        words(out, resembles);
        rt_text_byte(out, '\n');
    }
    if (report->verdict.level == RT_VERDICT_MALICIOUS) {
        rt_text_add(out, RT_STR("- Do not install it. If it may have run, rotate "));
        words(out, rt_report_rotate(out->arena, report));
        rt_text_add(out, RT_STR(".\n"));
    }
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    const RtReport *const *sorted = rt_report_worst_first(out->arena, reports, count);
    rt_text_add(out, RT_STR("## ratter: "));
    for (int level = RT_VERDICT_MALICIOUS; level >= RT_VERDICT_CLEAN; level--) {
        rt_text_add(out, rt_report_count(out->arena, summary->by_verdict[level]));
        rt_text_byte(out, ' ');
        rt_text_add(out, rt_verdict_name((RtVerdictLevel)level));
        rt_text_add(out, RT_STR(", "));
    }
    rt_text_add(out, rt_report_count(out->arena, summary->by_verdict[RT_VERDICT_UNKNOWN]));
    rt_text_add(out, RT_STR(" not examined\n"));
    table(out, sorted, count);
    for (size_t i = 0, shown = 0; i < count && shown < 20; i++) {
        if (sorted[i]->verdict.level < RT_VERDICT_SUSPICIOUS)
            break;
        details(out, sorted[i]);
        shown++;
    }
    rt_text_add(out, RT_STR("\nrules "));
    code(out, style->ruleset);
    rt_text_byte(out, '\n');
}

const RtReportFormat rt_report_format_md = {
    .name = "md",
    .media_type = "text/markdown; charset=utf-8",
    .title = "Markdown, for a job summary or a comment",
    .all = all,
};
