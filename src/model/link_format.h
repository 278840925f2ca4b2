/* link_format.h - the shape of a writer of links (src/report/graphs/NAME.c exports
 * rt_report_graph_NAME). Everything in links is hostile text: escape it. */
#ifndef RT_MODEL_LINK_FORMAT_H
#define RT_MODEL_LINK_FORMAT_H

#include "model/links.h"

typedef struct {
    const char *name, *media_type, *title; /* title: one line for --help */
    void (*write)(RtText *out, const RtLinks *links);
} RtLinkFormat;

#endif
