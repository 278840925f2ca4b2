/* wording.h - what several report formats say in the same way: names, numbers, order, layer paths.
 *
 * Texts that come out of here are raw unless said otherwise: they hold package bytes, and the
 * format that prints them escapes them in its own way. */
#ifndef RT_REPORT_WORDING_H
#define RT_REPORT_WORDING_H

#include "model/attribution.h"
#include "model/report_format.h"

/* "name@version", "name", or the path when the package has no name. */
RtStr rt_report_label(RtArena *arena, const RtArtifact *artifact);
/* 0..1 with `digits` decimals (1..4); rounded half up, anything else (NaN too) is cut to the range.
 * Does not depend on the locale. */
RtStr rt_report_score(RtArena *arena, double score, unsigned digits);
/* The score as it is told to people, two decimals: never more than 0.99, because nobody is certain.
 */
RtStr rt_report_confidence(RtArena *arena, const RtReport *report);
/* 1204 → "1,204". */
RtStr rt_report_count(RtArena *arena, uint64_t count);

/* The findings, strongest first: level, phase, witness, rule id. Pointers into the report. */
const RtFinding *const *rt_report_findings(RtArena *arena, const RtReport *report);
/* The reports, worst verdict first, then by path. */
const RtReport *const *rt_report_worst_first(RtArena *arena, const RtReport *const *reports,
                                             size_t count);

/* How the innermost layer came to be: "raw → base64 → xor" (raw is the file); empty when it is the
 * file. */
RtStr rt_report_layer_path(RtArena *arena, const RtEvidence *evidence);
/* The file of an evidence, or the artifact's own path when it is a single file. */
RtStr rt_report_file(const RtReport *report, const RtEvidence *evidence);

/* The best-armed phase among what makes the verdict: findings from `strong` up, else the story's.
 */
RtPhase rt_report_phase(const RtReport *report);
/* What a person does to make that happen: "npm install", "opening the folder"; empty when unknown.
 */
RtStr rt_report_trigger(const RtReport *report, RtPhase phase);

/* The distinct advice of the findings from `weak` up, at most `limit`. */
size_t rt_report_advice(const RtReport *report, const RtFinding *const *findings, RtStr *ret_advice,
                        size_t limit);
/* What to rotate if it has run: from what the evidence says it reads; a general list when that is
 * not known. */
RtStr rt_report_rotate(RtArena *arena, const RtReport *report);

/* A feature in words: "F2 shuffled-strings: … (file:12)". */
RtStr rt_report_trait(RtArena *arena, const RtTrait *trait);
/* The best attribution and its reasons: "PolinRider (strong): …; …". Empty without one. */
RtStr rt_report_resembles(RtArena *arena, const RtReport *report);

/* Appends `text` with every http(s) and ws(s) address in it defanged: hxxps://a[.]b/c. */
void rt_report_defang(RtText *out, RtStr text);
/* Appends `path` percent-encoded for a URI: RFC 3986 unreserved bytes and '/' stay. */
void rt_report_uri_path(RtText *out, RtStr path);

#endif
