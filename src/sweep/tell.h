/* tell.h - what a sweep says: the answer first, then the evidence, then what to do now, then what
 * was not read. */
#ifndef RT_SWEEP_TELL_H
#define RT_SWEEP_TELL_H

#include "sweep/sweep.h"

/* The answer. There is no "clean": what leaves no trace is not found. */
typedef enum { RT_SWEEP_NO_TRACE, RT_SWEEP_LOOK, RT_SWEEP_LIKELY, RT_SWEEP_HIT } RtSweepAnswer;
RtStr rt_sweep_answer_word(RtSweepAnswer answer); /* no-trace-found worth-a-look … */
RtSweepAnswer rt_sweep_answer(const RtSweep *sweep);
bool rt_sweep_is_complete(const RtSweep *sweep);

/* One thing to do. */
typedef struct {
    RtStr title, what; /* what may be empty */
} RtAdvice;
/* In the order in which it is to be done; the families of grave hits decide. */
size_t rt_advise(const RtSweep *sweep, const RtAdvice **ret_steps);
/* What is to be replaced, most urgent first: 1 << RtRotate. */
uint32_t rt_advise_rotation(const RtSweep *sweep);
RtStr rt_rotate_title(RtRotate rotate);
RtStr rt_rotate_what(RtRotate rotate);
/* What no sweep reads, whatever the machine. */
size_t rt_sweep_limits(const RtSweep *sweep, const RtStr **ret_limits);

/* The report of a settled sweep. */
void rt_tell_text(const RtSweep *sweep, unsigned width, RtText *out);
void rt_tell_json(const RtSweep *sweep, RtText *out);
void rt_tell_jsonl(const RtSweep *sweep, RtText *out);

/* "2026-11-02 14:03 UTC"; with `iso` "2026-11-02T14:03:00Z". */
RtStr rt_tell_time(RtArena *arena, int64_t seconds, bool iso);

#endif
