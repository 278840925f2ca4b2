/* examine.c - has the scan judge what runs by itself: start files, hooks, the tool files of
 * checkouts. The scan's own verdict decides; what is less than malicious is worth a look, no more.
 */
#include <string.h>
#include <sys/stat.h>

#include "judge/judge.h"
#include "model/attribution.h"
#include "scan/crew.h"
#include "sweep/sweep.h"

enum { FILES_TOLD = 8 }; /* of one checkout */

static RtStr describe(RtArena *arena, const RtReport *report, const RtFinding *finding)
{
    RtText text = { .arena = arena };
    rt_text_format(&text, "%.*s (%.*s)", RT_FMT(finding->title), RT_FMT(finding->rule));
    if (report->attributions != NULL && report->attributions->count != 0) {
        const RtAttribution *first = &report->attributions->items[0];
        if (first->level > RT_UNATTRIBUTED)
            rt_text_format(&text, "; methods like %.*s's (%.*s)", RT_FMT(first->title),
                           RT_FMT(rt_attribution_level_name(first->level)));
    }
    return rt_text_str(&text);
}

static int64_t changed_at(RtArena *arena, RtStr path)
{
    struct stat info;
    return lstat(rt_str_c(arena, path), &info) == 0 ? (int64_t)info.st_mtime : 0;
}

/* `finding` NULL: the verdict stands without one that says where. */
static void tell_one(RtSweep *sweep, size_t target, const RtReport *report,
                     const RtFinding *finding)
{
    const RtPlace *place = sweep->target_places[target];
    const RtTarget *given = &sweep->targets.items[target];
    const RtEvidence *evidence = finding == NULL ? NULL : &finding->evidence[0];
    bool has_file = given->is_tree && evidence != NULL && evidence->file.len != 0;
    RtStr where = has_file ? rt_sweep_join(sweep->arena, given->path, evidence->file) : given->path;
    RtSweepHit hit = { .place = place, .level = place->level, .where = where };
    if (report->verdict.level != RT_VERDICT_MALICIOUS)
        hit.level = RT_WEAK;
    hit.when = changed_at(sweep->arena, where);
    if (evidence != NULL) {
        hit.line = evidence->layer_count > 1 ? 0 : evidence->line; /* else of a decoded layer */
        hit.snippet = rt_str_copy(sweep->arena, rt_str_sub(evidence->snippet, 0, 240));
        hit.exactly = describe(sweep->arena, report, finding);
    }
    rt_sweep_hit(sweep, hit);
}

/* One hit a file: the gravest finding there. */
static void tell(RtSweep *sweep, size_t target, const RtReport *report)
{
    RtStr told[FILES_TOLD];
    size_t count = 0;
    for (int level = RT_CONCLUSIVE; level >= RT_WEAK; level--) {
        for (size_t i = 0; i < report->finding_count && count < FILES_TOLD; i++) {
            const RtFinding *finding = &report->findings[i];
            if ((int)finding->level != level || finding->evidence_count == 0 ||
                (count != 0 && level < RT_STRONG))
                continue;
            bool known = false;
            for (size_t k = 0; k < count; k++)
                known = known || rt_str_equal(told[k], finding->evidence[0].file);
            if (known)
                continue;
            told[count++] = finding->evidence[0].file;
            tell_one(sweep, target, report, finding);
        }
    }
    if (count == 0)
        tell_one(sweep, target, report, NULL);
}

static void watch(void *context, size_t target, const RtReport *given)
{
    RtSweep *sweep = context;
    RtReport report = *given;
    rt_judge(&report);
    for (size_t i = 0; i < report.unseen_count; i++) {
        RtStr path = sweep->targets.items[target].path;
        if (report.unseen[i].where.len != 0)
            path = rt_sweep_join(sweep->arena, path, report.unseen[i].where);
        rt_sweep_gap(sweep, path, rt_str_copy(sweep->arena, report.unseen[i].reason), true);
    }
    if (report.verdict.level >= RT_VERDICT_SUSPICIOUS)
        tell(sweep, target, &report);
}

RtErr rt_examine_run(RtSweep *sweep)
{
    RtRules *rules = NULL;
    if (sweep->targets.count == 0)
        return RT_FINE;
    RT_TRY(rt_engine_rules(sweep->engine, &rules));
    RtOutlet outlet = rt_outlet_open(sweep->engine, sweep->arena, false);
    RtErr err = rt_crew_scan(&outlet, rules, &sweep->targets, watch, sweep);
    rt_outlet_close(&outlet);
    rt_rules_close(rules);
    return err;
}
