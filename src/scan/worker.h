/* worker.h - the process behind the wall: takes artifacts from a socket, answers reports.
 *
 * The parent keeps a worker for many artifacts (a round trip costs 20 µs, a fork 0.3 to 4 ms: STACK
 * 8) and replaces it after trouble: a death, a limit, memory that grew. Nothing of one artifact
 * outlives its scan. */
#ifndef RT_SCAN_WORKER_H
#define RT_SCAN_WORKER_H

#include <sys/types.h>

#include "model/model.h"
#include "rules/rules.h"
#include "scan/jail.h"
#include "scan/scan.h"
#include "scan/wire.h"

typedef struct {
    const RtRules *rules;
    RtRulesScratch *scratch;
    const RtProfiles *profiles; /* campaigns; NULL: no attribution */
    RtBudget budget;
    const RtJail *jail; /* NULL: --no-jail */
    RtEmulatePolicy emulate;
    bool traces;
    bool digests; /* of trees, for the cache */
} RtWorkerSetup;

typedef struct {
    pid_t pid;
    int socket;
} RtWorker;

/* Forks a worker. Its first message (READY, or REFUSED with words) says whether it is behind the
 * wall. */
RtErr rt_worker_start(const RtWorkerSetup *setup, RtWorker *ret_worker) RT_MUST_USE;
/* Kills and reaps it; accepts one that never started (pid 0). */
void rt_worker_stop(RtWorker *worker);

/* Sends one message with descriptors; false when the worker is gone. Blocks at most `wall_ms`. */
bool rt_worker_send(const RtWorker *worker, RtStr bytes, const int *fds, size_t fd_count,
                    uint32_t wall_ms);

#endif
