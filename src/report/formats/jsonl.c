/* jsonl.c - one line of JSON per artifact, as it completes, and nothing else (DESIGN 5). */
#include "report/record.h"

static void each(RtText *out, const RtReportStyle *style, const RtReport *report)
{
    rt_report_record(out, style, report);
    rt_text_byte(out, '\n');
}

const RtReportFormat rt_report_format_jsonl = {
    .name = "jsonl",
    .media_type = "application/x-ndjson",
    .title = "one JSON object per artifact and line, as each completes",
    .each = each,
};
