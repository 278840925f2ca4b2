/* json.c - one JSON document with every report, sorted by path, and a summary
 * (docs/report.schema.json). */
#include "report/record.h"

static void write_summary(RtText *out, const RtReportStyle *style, const RtReportSummary *summary)
{
    rt_report_json_key(out, "summary");
    rt_text_format(out, "{\"total\":%u", summary->total);
    for (int level = RT_VERDICT_MALICIOUS; level >= RT_VERDICT_UNKNOWN; level--) {
        rt_text_add(out, RT_STR(",\""));
        rt_text_add(out, rt_verdict_name((RtVerdictLevel)level));
        rt_text_format(out, "\":%u", summary->by_verdict[level]);
    }
    rt_text_format(out, ",\"incomplete\":%u", summary->incomplete);
    if (style->elapsed)
        rt_text_format(out, ",\"elapsed_ms\":%llu", (unsigned long long)summary->elapsed_ms);
    rt_text_byte(out, '}');
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    rt_text_add(out, RT_STR("{\"schema\":\"ratter-reports/1\""));
    rt_report_json_pair(out, "version", style->version);
    rt_report_json_pair(out, "ruleset", style->ruleset);
    write_summary(out, style, summary);
    rt_report_json_key(out, "reports");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        rt_text_add(out, i ? RT_STR(",\n") : RT_STR("\n"));
        rt_report_record(out, style, reports[i]);
    }
    rt_text_add(out, RT_STR("\n]}\n"));
}

const RtReportFormat rt_report_format_json = {
    .name = "json",
    .media_type = "application/json",
    .title = "one JSON document with every report and a summary",
    .all = all,
};
