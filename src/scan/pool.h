/* pool.h - the supervisor: N jailed workers, one artifact each at a time, killed from outside when
 * they overstay. */
#ifndef RT_SCAN_POOL_H
#define RT_SCAN_POOL_H

#include "scan/cache.h"
#include "scan/worker.h"

typedef struct {
    RtWorkerSetup setup;
    RtCache *cache; /* NULL: none */
    uint32_t jobs;
    /* Called in the order of completion; `report` lives until the call returns unless the pool was
     * asked to keep them. A return other than 0 stops the pool. */
    int (*done)(void *context, size_t target, const RtReport *report);
    /* Called before each artifact is handed out and while waiting; a return other than 0 stops
     * handing out. May be NULL. */
    int (*tick)(void *context, size_t done, size_t known, RtStr current);
    void *context;
} RtPool;

/* Scans every target that the cache does not know. Artifacts that were not begun when the pool was
 * stopped get no report; the count of reports given is returned in *ret_done. Fails only for our
 * own reasons (no worker can be started, the jail refuses). */
RtErr rt_pool_run(const RtPool *pool, const RtTargetList *targets, size_t *ret_done) RT_MUST_USE;

#endif
