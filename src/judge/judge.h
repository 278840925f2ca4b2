/* judge.h - from findings to a verdict: the only room that writes an RtVerdict. */
#ifndef RT_JUDGE_JUDGE_H
#define RT_JUDGE_JUDGE_H

#include "model/model.h"

/* Sets report->verdict from its findings and what was not seen. A conclusive finding decides; short
 * of one, the additive score does. Attribution plays no part. */
void rt_judge(RtReport *report);

#endif
