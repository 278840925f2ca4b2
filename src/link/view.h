/* view.h - a finished scan as this room sees it, behind the wall. */
#ifndef RT_LINK_VIEW_H
#define RT_LINK_VIEW_H

#include "model/model.h"

/* Arrays are indexed by id: element 0 is unused, counts include it. */
typedef struct {
    const RtLayer *layers;
    size_t layer_count;
    const RtFact *facts;
    size_t fact_count;
    const RtFinding *findings;
    size_t finding_count;
    RtVerdictLevel verdict; /* what the findings will be judged to be */
    RtLayerId (*file_of)(const void *context, RtLayerId id); /* the file a layer lies in */
    uint32_t (*ms_left)(const void *context);                /* may be NULL: no limit */
    const void *context;
} RtLinkView;

/* False for documentation, tests and types that nothing reaches: they speak for nobody. */
bool rt_link_counts(const RtLayer *layer);

#endif
