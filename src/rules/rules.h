/* rules.h - from YAML rule files to findings (docs/RULES.md is the language).
 *
 * Three turns. `ratter-pack` compiles a folder of rules into a pack, which the Makefile puts inside
 * the program; rt_rules_open reads packs; then per layer rt_rules_first_pass runs one multi-pattern
 * scan over its bytes, and per artifact rt_rules_match joins facts and text hits into findings. The
 * pack is stored encoded, so that other scanners do not take ratter for what it hunts. */
#ifndef RT_RULES_RULES_H
#define RT_RULES_RULES_H

#include "model/model.h"

typedef struct RtRules RtRules;
typedef struct RtRulesScratch RtRulesScratch;

/* Compiles every *.yaml below `folder` (rules, triage/, data/) into `ret_pack`. Each fault is given
 * to `say` as one line "path:line: what"; RT_ERR_FORMAT when there was one, RT_ERR_IO when the
 * folder cannot be read. */
RtErr rt_rules_compile(RtArena *arena, RtStr folder, void (*say)(void *context, RtStr fault),
                       void *context, RtText *ret_pack) RT_MUST_USE;

/* The pack inside this program; empty in ratter-pack, which makes it. */
RtStr rt_rules_builtin(void);
/* Opens `count` packs as one rule set; a later rule replaces an earlier one of the same id. The
 * packs' bytes may be freed afterwards. Costs about a millisecond: once per program, before
 * forking. */
RtErr rt_rules_open(const RtStr *packs, size_t count, RtRules **ret_rules) RT_MUST_USE;
void rt_rules_close(RtRules *rules); /* accepts NULL */
/* Names the rule set in reports: twelve hex digits over the packs' content. Lives as long as
 * `rules`. */
RtStr rt_rules_version(const RtRules *rules);

typedef struct {
    RtStr id, family, title, why, advice;
    RtFindingLevel level;
    double weight;
    const RtStr *attack;
    size_t attack_count;
} RtRuleInfo;
/* Visits every rule, sorted by id. */
void rt_rules_each(const RtRules *rules, void (*visit)(void *context, const RtRuleInfo *rule),
                   void *context);

/* One of a rule's own examples: a small package as files. `matches` says what the rule must do with
 * it. */
typedef struct {
    RtStr name; /* path inside the package, e.g. "package.json" */
    RtStr text;
} RtRuleExampleFile;
typedef struct {
    RtStr rule;
    uint32_t number; /* 1-based among the rule's must_match or must_not_match */
    bool matches;
    const RtRuleExampleFile *files;
    size_t file_count;
} RtRuleExample;
/* Visits every example, sorted by rule; views are valid during the call. */
RtErr rt_rules_examples(const RtRules *rules,
                        void (*visit)(void *context, const RtRuleExample *example),
                        void *context) RT_MUST_USE;

/* ---- the first pass
 * --------------------------------------------------------------------------------- */
/* Working memory of the pattern engines; one per process at a time. */
RtErr rt_rules_scratch_open(const RtRules *rules, RtRulesScratch **ret_scratch) RT_MUST_USE;
void rt_rules_scratch_close(RtRulesScratch *scratch); /* accepts NULL */

/* Triage words mean different things per language: `exec(` is code in Python, a method of RegExp in
 * JavaScript. */
typedef enum {
    RT_FAMILY_ANY,
    RT_FAMILY_JS,
    RT_FAMILY_PYTHON,
    RT_FAMILY_SHELL,
    RT_FAMILIES
} RtTriageFamily;

typedef struct {
    uint32_t pattern;
    uint32_t end; /* offset in the layer of the byte after the match */
} RtHit;
/* What the first pass saw in one layer; sorted by pattern, then end; at most 16 hits of a pattern
 * are kept. */
typedef struct {
    const RtHit *hits;
    uint32_t count;
    uint32_t asks[RT_FAMILIES]; /* RT_ASKS_* per family; [RT_FAMILY_ANY] holds for every language */
} RtHits;

/* Scans a layer's bytes once with the patterns of all rules and the triage words. Returns the
 * RT_ASKS_* bits over all families; `ret_hits` (its array is in `arena`) is for rt_rules_asks and
 * RtRulesView.hits. Linear in the length: ≥ 500 MB/s. */
uint32_t rt_rules_first_pass(const RtRules *rules, RtRulesScratch *scratch, RtArena *arena,
                             RtStr bytes, RtHits *ret_hits);
/* The bits that count for a layer of `language` (RtLayer.language; NULL: all families): for
 * RtLayer.interest. */
uint32_t rt_rules_asks(const RtHits *hits, const char *language);
/* True when a syntax front end should read the layer: looks at interest, roles, phase, via,
 * language, size. Argued from the corpus in docs/RULES.md (triage). */
bool rt_rules_worth_parsing(const RtLayer *layer);

/* ---- matching
 * --------------------------------------------------------------------------------------- */
/* A scan as the matcher sees it. Arrays are indexed by id: element 0 is unused, `*_count` includes
 * it. */
typedef struct {
    const RtLayer *layers;
    size_t layer_count;
    const RtFact *facts;
    size_t fact_count;
    const RtHits *hits; /* per layer, same index; a zeroed element when the layer was not scanned */
    uint32_t (*ms_left)(void *context); /* may be NULL: no limit */
    void *context;
} RtRulesView;
typedef struct {
    const RtFinding *items;
    size_t count;
    bool cut; /* time ran out: some rules were not tried */
} RtFindings;

/* Joins facts and hits into findings, sorted: worst level first, then weight, then rule id.
 * Snippets and names point into the layers; the rest is in `arena`. */
void rt_rules_match(const RtRules *rules, RtRulesScratch *scratch, const RtRulesView *view,
                    RtArena *arena, RtFindings *ret_findings);

/* ---- hosts
 * ------------------------------------------------------------------------------------------ */
/* True when the host of `url` (a URL, host:port or bare host) is of the class called `name`:
 * loopback, private, doc-range, raw-ip, webhook, paste … (rules/data/hosts.yaml). False for a class
 * nobody knows. */
bool rt_rules_host_is(const RtRules *rules, RtStr url, RtStr name);

#endif
