/* record.h - one report as one JSON object: the contract of DESIGN 5, docs/report.schema.json. */
#ifndef RT_REPORT_RECORD_H
#define RT_REPORT_RECORD_H

#include "model/report_format.h"

/* Appends the object, in one line, without a newline. Findings and unseen are sorted; with
 * !style->elapsed there is no elapsed_ms, so that the same bytes and rules give the same text. */
void rt_report_record(RtText *out, const RtReportStyle *style, const RtReport *report);

/* Appends `,"attribution":[…]`. */
void rt_report_json_attribution(RtText *out, const RtReport *report);

/* Appends `,"key":` (no comma after an opening bracket) and, the second, a string value. */
void rt_report_json_key(RtText *out, const char *key);
void rt_report_json_pair(RtText *out, const char *key, RtStr value);
/* Appends a comma unless the text ends with an opening bracket. */
void rt_report_json_comma(RtText *out);

#endif
