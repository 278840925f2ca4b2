/* intel_feed.h - a feed, read behind the wall, becomes entries of a store. */
#ifndef RT_SCAN_INTEL_FEED_H
#define RT_SCAN_INTEL_FEED_H

#include "intel/formats.h"
#include "intel/store.h"

typedef struct {
    RtStr path;   /* a file or a folder */
    RtStr source; /* under which name; empty: format and path */
    RtStr format; /* a name of formats/; empty: judged by content */
    uint8_t tlp;  /* at least */
    bool dry_run, no_jail;
    int64_t now;
    void (*say)(void *context, RtStr line); /* malformed records; may be NULL */
    RtStoreTell change;                     /* may be NULL */
    void *context;
} RtFeed;

typedef struct {
    RtStr source, format; /* as used */
    uint64_t malformed, others;
    bool unchanged;
    RtStoreChange change;
} RtFeedResult;

/* One transaction: after an error nothing has changed. */
RtErr rt_feed_import(RtStore *store, RtArena *arena, const RtFeed *feed,
                     RtFeedResult *ret_result) RT_MUST_USE;

/* Reads a feed and gives its entries (normalised), storing nothing: for reports that are exported
 * at once. */
RtErr rt_feed_entries(RtArena *arena, const RtFeed *feed, const RtIntelEntry **ret_entries,
                      size_t *ret_count, RtFeedResult *ret_result) RT_MUST_USE;

#endif
