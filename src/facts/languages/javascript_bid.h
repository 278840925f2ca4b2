/* javascript_bid.h - is this JavaScript? Judged by content, whatever the name says. */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_BID_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_BID_H

#include "model/model.h"

int rt_javascript_bid(RtStr path, RtStr bytes);
/* TypeScript by suffix: 't' .ts .mts .cts, 'x' .tsx, 0 otherwise. */
char rt_javascript_types(RtStr path);

#endif
