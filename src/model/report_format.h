/* report_format.h - the shape of a report writer (src/report/formats/NAME.c exports
 * rt_report_format_NAME). */
#ifndef RT_MODEL_REPORT_FORMAT_H
#define RT_MODEL_REPORT_FORMAT_H

#include "model/model.h"

typedef struct {
    RtStr version, ruleset; /* of ratter and its rules */
    bool colour;            /* terminal colours wanted */
    uint16_t width;         /* terminal columns, 0 when not a terminal */
    uint8_t verbose;
    bool elapsed; /* print times (off in tests: same bytes, same report) */
} RtReportStyle;

typedef struct {
    uint32_t by_verdict[RT_VERDICT_MALICIOUS + 1];
    uint32_t incomplete, total;
    uint64_t elapsed_ms;
} RtReportSummary;

/* A writer appends to `out`; the caller flushes and empties it between calls. Two kinds: one that
 * streams fills `each` (and may fill `summary`), one that needs everything at once fills `all`.
 * Reports arrive sorted by path when `all` is used, in order of completion when `each` is.
 * Everything in a report is hostile text: escape it. */
typedef struct {
    const char *name, *media_type, *title; /* title: one line for --help */
    bool traces;                           /* wants report->trace */
    void (*each)(RtText *out, const RtReportStyle *style, const RtReport *report);
    void (*summary)(RtText *out, const RtReportStyle *style, const RtReportSummary *summary);
    void (*all)(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary);
} RtReportFormat;

#endif
