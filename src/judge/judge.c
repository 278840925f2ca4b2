/* judge.c - from findings to a verdict.
 *
 * A conclusive finding is a whole chain (trigger, obtain, act) that honest packages do not have: it
 * decides alone. Short of one, evidence adds up as log-odds: a prior, and for each family of rules
 * the weight of its best finding, since two rules that look at the same thing are one observation.
 * The sum is a probability, so that a verdict can be explained term by term. Who is suspected
 * behind a package, how popular it is, how old: none of it enters here.
 *
 * The thresholds stand on the development corpus (docs/RULES.md has the figures and the command).
 */
#include "judge/judge.h"

#include <math.h>

/* Log-odds of malice before anything is seen: one package in about 150. */
#define PRIOR (-5.0)
/* Probabilities from which on a verdict is given. */
#define SUSPICIOUS_FROM 0.25
#define NOTABLE_FROM    0.03
/* A chain that is conclusive lifts the score at least to this. */
#define CONCLUSIVE_SCORE 0.98

static bool is_best_of_family(const RtReport *report, size_t at)
{
    const RtFinding *finding = &report->findings[at];
    for (size_t i = 0; i < report->finding_count; i++) {
        const RtFinding *other = &report->findings[i];
        bool stronger =
            other->weight > finding->weight || (i < at && other->weight >= finding->weight);
        if (i != at && stronger && rt_str_equal(other->family, finding->family))
            return false;
    }
    return true;
}

static double score_of(const RtReport *report)
{
    double sum = PRIOR;
    for (size_t i = 0; i < report->finding_count; i++)
        if (is_best_of_family(report, i))
            sum += report->findings[i].weight;
    return 1 / (1 + exp(-sum));
}

static bool has_level(const RtReport *report, RtFindingLevel level)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].level >= level)
            return true;
    return false;
}

void rt_judge(RtReport *report)
{
    RtVerdict verdict = { .score = score_of(report), .complete = report->unseen_count == 0 };
    if (has_level(report, RT_CONCLUSIVE)) {
        verdict.level = RT_VERDICT_MALICIOUS;
        if (verdict.score < CONCLUSIVE_SCORE)
            verdict.score = CONCLUSIVE_SCORE;
    } else if (verdict.score >= SUSPICIOUS_FROM) {
        verdict.level = RT_VERDICT_SUSPICIOUS;
    } else if (verdict.score >= NOTABLE_FROM) {
        verdict.level = RT_VERDICT_NOTABLE;
    } else if (verdict.complete) {
        verdict.level = RT_VERDICT_CLEAN;
    }
    report->verdict = verdict;
}
