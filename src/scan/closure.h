/* closure.h - several artifacts judged as one program: a conclusive pair among them becomes a
 * report of its own, told after theirs, so that every format and the exit status know it. */
#ifndef RT_SCAN_CLOSURE_H
#define RT_SCAN_CLOSURE_H

#include "model/links.h"

/* The report of one conclusive link: both halves as evidence, and in its story the order in which
 * they must run. Not judged yet; `arena`'s, and texts of `links`. */
RtReport *rt_closure_report(RtArena *arena, const RtLinks *links, const RtLink *link);

#endif
