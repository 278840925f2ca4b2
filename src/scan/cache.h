/* cache.h - verdicts by content: what these bytes were found to be, by this very program with these
 * rules and these options.
 *
 * An entry is a worker's answer as it crossed the wall, and is believed as little: it is checked on
 * reading like the answer itself. Only whole reports are kept: what met a limit once may not meet
 * it on an idle machine. Nothing here can fail a scan: a cache that cannot be read or written is an
 * empty one. */
#ifndef RT_SCAN_CACHE_H
#define RT_SCAN_CACHE_H

#include "scan/target.h"

typedef struct RtCache RtCache;

/* One artifact's content and the name of its entry. */
typedef struct {
    uint8_t content[32], entry[32];
    bool is_known; /* false: not to be cached (too large, unreadable, partly listed) */
} RtCacheKey;

/* Makes the folder when it is missing. RT_ERR_IO when that is not possible, when it is not this
 * user's own or when others may write there (an entry decides what is called clean), or when this
 * program carries no build id to tell its verdicts from another build's. */
RtErr rt_cache_prepare(RtStr folder) RT_MUST_USE;
/* `setting` is all that changes a verdict beside content and program: rules and options. */
RtErr rt_cache_open(RtStr folder, RtStr setting, RtCache **ret_cache) RT_MUST_USE;
void rt_cache_close(RtCache *cache); /* accepts NULL */

/* Reads the target's content to know its key; true when there is a sound report, whose texts are
 * then the arena's and whose path is not set. */
bool rt_cache_find(RtCache *cache, RtArena *arena, const RtTarget *target, RtCacheKey *ret_key,
                   RtReport *ret_report);
/* Keeps `bytes`, the report as it crossed the wall, when it is whole and of the content that the
 * key was made of: the worker must have read the same bytes. The oldest entries make room. */
void rt_cache_keep(RtCache *cache, const RtCacheKey *key, const RtReport *report, RtStr bytes);

/* Of a tree's file. Not SHA-256: most processors have no instruction for it, and BLAKE2b takes a
 * third of the time (measured: 645 against 248 MB/s). */
void rt_cache_digest(RtArena *arena, RtStr bytes, uint8_t ret_digest[32]);
/* One entry of a tree's digest, the same on both sides of the wall; `list` grows by it. */
void rt_cache_note(RtText *list, const RtGiven *given, const uint8_t digest[32]);

#endif
