/* graphs.h - the formats links are written in: the files of graphs/, found by name, and what they
 * say alike. */
#ifndef RT_REPORT_GRAPHS_H
#define RT_REPORT_GRAPHS_H

#include "model/link_format.h"

/* The format called `name` ("text", "dot" …), or NULL. */
const RtLinkFormat *rt_report_graph_find(RtStr name);
/* All, sorted by name; the table is static. */
const RtLinkFormat *const *rt_report_graphs(size_t *ret_count);

/* "name@version", or the path. Raw. */
RtStr rt_report_linked_label(RtArena *arena, const RtLinked *package);
/* "T-XPKG-01" */
RtStr rt_report_signal_id(RtArena *arena, uint8_t number);
/* What a signal says in general: "the same rare host, wallet or key". */
RtStr rt_report_signal_title(uint8_t number);
/* The packages of one cluster, or of none (number 0), hold the link. */
bool rt_report_link_is_in(const RtLinks *links, const RtLink *link, uint32_t cluster);

#endif
