/* report.h - the report formats there are: the files of formats/, found by name. */
#ifndef RT_REPORT_REPORT_H
#define RT_REPORT_REPORT_H

#include "model/report_format.h"

/* The format called `name` ("text", "json" …), or NULL. */
const RtReportFormat *rt_report_format_find(RtStr name);
/* All formats, sorted by name; the table is static. */
const RtReportFormat *const *rt_report_formats(size_t *ret_count);

#endif
