/* junit.c - JUnit XML: an artifact is a test case; malicious and suspicious ones fail, unknown ones
 * err. */
#include "base/escape.h"
#include "report/wording.h"

static void attribute(RtText *out, const char *name, RtStr value)
{
    rt_text_format(out, " %s=\"", name);
    rt_escape_html(out, rt_escaped(out->arena, value));
    rt_text_byte(out, '"');
}

static void lines(RtText *out, const RtReport *report)
{
    const RtFinding *const *findings = rt_report_findings(out->arena, report);
    for (size_t i = 0; i < report->finding_count; i++) {
        const RtFinding *finding = findings[i];
        RtText line = { .arena = out->arena };
        rt_text_add(&line, rt_finding_level_name(finding->level));
        rt_text_byte(&line, ' ');
        rt_text_add(&line, finding->rule);
        rt_text_add(&line, RT_STR(": "));
        rt_text_add(&line, finding->title);
        if (finding->evidence_count) {
            rt_text_add(&line, RT_STR(" at "));
            rt_text_add(&line, rt_report_file(report, &finding->evidence[0]));
            rt_text_format(&line, ":%u", finding->evidence[0].line);
        }
        rt_escape_html(out, rt_escaped(out->arena, rt_text_str(&line)));
        rt_text_byte(out, '\n');
    }
    for (size_t i = 0; i < report->unseen_count; i++) {
        rt_text_add(out, RT_STR("not examined: "));
        rt_escape_html(out, rt_escaped(out->arena, report->unseen[i].reason));
        rt_text_byte(out, '\n');
    }
}

static void test_case(RtText *out, const RtReport *report)
{
    RtVerdictLevel level = report->verdict.level;
    rt_text_add(out, RT_STR("    <testcase"));
    attribute(out, "name", rt_report_label(out->arena, &report->artifact));
    attribute(out, "classname", report->artifact.path);
    if (level != RT_VERDICT_UNKNOWN && level < RT_VERDICT_SUSPICIOUS) {
        rt_text_add(out, RT_STR("/>\n"));
        return;
    }
    const char *element = level == RT_VERDICT_UNKNOWN ? "error" : "failure";
    rt_text_format(out, ">\n      <%s", element);
    attribute(out, "type", rt_verdict_name(level));
    RtText message = { .arena = out->arena };
    rt_text_add(&message, rt_verdict_name(level));
    if (level != RT_VERDICT_UNKNOWN) {
        rt_text_add(&message, RT_STR(", confidence "));
        rt_text_add(&message, rt_report_confidence(out->arena, report));
    }
    attribute(out, "message", rt_text_str(&message));
    rt_text_byte(out, '>');
    lines(out, report);
    rt_text_format(out, "</%s>\n    </testcase>\n", element);
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    (void)style;
    uint32_t failures =
        summary->by_verdict[RT_VERDICT_MALICIOUS] + summary->by_verdict[RT_VERDICT_SUSPICIOUS];
    RtStr counts = rt_str_format(out->arena, "tests=\"%zu\" failures=\"%u\" errors=\"%u\"", count,
                                 failures, summary->by_verdict[RT_VERDICT_UNKNOWN]);
    rt_text_format(out,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"ratter\" %.*s>\n"
                   "  <testsuite name=\"ratter scan\" %.*s>\n",
                   RT_FMT(counts), RT_FMT(counts));
    for (size_t i = 0; i < count; i++)
        test_case(out, reports[i]);
    rt_text_add(out, RT_STR("  </testsuite>\n</testsuites>\n"));
}

const RtReportFormat rt_report_format_junit = {
    .name = "junit",
    .media_type = "application/xml",
    .title = "JUnit XML, for CI systems",
    .all = all,
};
