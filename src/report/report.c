/* report.c - the registry of report formats. Nobody keeps it: the build writes report_formats.list
 * from the names of the files in formats/ (PLUG(text) for text.c), and a file whose symbol does not
 * bear its name does not link. */
#include "report/report.h"

#define PLUG(name) extern const RtReportFormat rt_report_format_##name;
#include "report_formats.list"
#undef PLUG

static const RtReportFormat *const formats[] = {
#define PLUG(name) &rt_report_format_##name,
#include "report_formats.list"
#undef PLUG
};

const RtReportFormat *rt_report_format_find(RtStr name)
{
    for (size_t i = 0; i < RT_COUNT(formats); i++)
        if (rt_str_equal(name, rt_str_from_c(formats[i]->name)))
            return formats[i];
    return NULL;
}

const RtReportFormat *const *rt_report_formats(size_t *ret_count)
{
    *ret_count = RT_COUNT(formats);
    return formats;
}
