/* summary.h - what a finished scan shares with other packages: model/summary.h from facts and
 * layers. Runs behind the wall. */
#ifndef RT_LINK_SUMMARY_H
#define RT_LINK_SUMMARY_H

#include "link/view.h"
#include "model/summary.h"

/* `own_name` is the package's: what it keeps below its own folder is not shared. Never NULL; the
 * arena's. Linear in facts and in the text of what is fingerprinted. */
const RtSummary *rt_summary_of(const RtLinkView *view, RtStr own_name, RtArena *arena);

#endif
