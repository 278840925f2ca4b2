/* match.c - all rules against one artifact. Facts are sorted once by kind and file, hits by pattern
 * and file; a rule whose needs are not there costs two comparisons, others are tried only in the
 * files that hold their rarest need. */
#include "rules/solve.h"

#include <stdlib.h>

enum { STEPS = 4000000, EVIDENCE_KEPT = 6 };

/* Facts and hits are sorted by keys that hold everything the order needs (qsort has no context). */
typedef struct {
    uint64_t group; /* kind and file */
    uint32_t rank;  /* better first */
    RtFactId id;
} FactKey;

static int compare_facts(const void *a, const void *b)
{
    const FactKey *left = a, *right = b;
    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank > right->rank ? -1 : 1;
    return left->id < right->id ? -1 : left->id > right->id;
}

static int compare_hits(const void *a, const void *b)
{
    const RtPlacedHit *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    if (left->layer != right->layer)
        return left->layer < right->layer ? -1 : 1;
    return left->end < right->end ? -1 : left->end > right->end;
}

static void sort_facts(RtSolver *solver)
{
    const RtRulesView *view = solver->view;
    FactKey *keys = RT_NEW_ARRAY(solver->arena, FactKey, view->fact_count);
    size_t count = 0;
    for (size_t i = 1; i < view->fact_count; i++) {
        const RtFact *fact = &view->facts[i];
        if (fact->layer >= view->layer_count || fact->kind >= RT_FACT_KINDS)
            continue;
        keys[count++] =
            (FactKey){ .group = (uint64_t)fact->kind << 32 | solver->file_of[fact->layer],
                       .rank = (uint32_t)fact->phase << 8 | (uint32_t)fact->witness,
                       .id = (RtFactId)i };
    }
    if (count)
        qsort(keys, count, sizeof *keys, compare_facts);
    solver->facts = RT_NEW_ARRAY(solver->arena, RtFactId, count + 1);
    size_t at = 0;
    for (unsigned kind = 0; kind <= RT_FACT_KINDS; kind++) {
        solver->kind_start[kind] = at;
        for (; at < count && keys[at].group >> 32 == kind; at++)
            solver->facts[at] = keys[at].id;
    }
}

static void sort_hits(RtSolver *solver)
{
    const RtRulesView *view = solver->view;
    size_t total = 0, pattern_count = solver->rules->pattern_count;
    for (size_t i = 1; i < view->layer_count; i++)
        total += view->hits[i].count;
    solver->hits = RT_NEW_ARRAY(solver->arena, RtPlacedHit, total + 1);
    for (size_t i = 1; i < view->layer_count; i++)
        for (uint32_t j = 0; j < view->hits[i].count; j++) {
            RtHit hit = view->hits[i].hits[j];
            if (hit.pattern < pattern_count && hit.end <= view->layers[i].bytes.len)
                solver->hits[solver->hit_count++] =
                    (RtPlacedHit){ hit.pattern, solver->file_of[i], (RtLayerId)i, hit.end };
        }
    if (solver->hit_count)
        qsort(solver->hits, solver->hit_count, sizeof *solver->hits, compare_hits);
    solver->pattern_start = RT_NEW_ARRAY(solver->arena, uint32_t, pattern_count + 2);
    size_t at = 0;
    for (uint32_t pattern = 0; pattern <= pattern_count; pattern++) {
        solver->pattern_start[pattern] = (uint32_t)at;
        while (at < solver->hit_count && solver->hits[at].pattern == pattern)
            at++;
    }
}

static void open_solver(RtSolver *solver)
{
    const RtRulesView *view = solver->view;
    solver->file_of = RT_NEW_ARRAY(solver->arena, RtLayerId, view->layer_count + 1);
    for (size_t i = 1; i < view->layer_count; i++) {
        const RtLayer *layer = &view->layers[i];
        bool is_file = layer->via == RT_VIA_ENTRY || !layer->parent || layer->parent >= i;
        solver->file_of[i] = is_file ? (RtLayerId)i : solver->file_of[layer->parent];
    }
    solver->stamps = RT_NEW_ARRAY(solver->arena, uint32_t, view->fact_count + 1);
    solver->queue = RT_NEW_ARRAY(solver->arena, RtFactId, view->fact_count + 1);
    solver->steps = STEPS;
    sort_facts(solver);
    sort_hits(solver);
}

/* ---- where a rule is tried
 * ------------------------------------------------------------------------------------ */
typedef struct {
    RtLayerId *items;
    size_t count, capacity;
    uint32_t *seen; /* per layer: number of the rule that has it */
    uint32_t rule;
} Groups;

static void add_group(RtSolver *solver, Groups *groups, const RtRule *rule, RtLayerId layer)
{
    RtLayerId group = rule->scope == RT_SCOPE_LAYER ? layer : solver->file_of[layer];
    if (groups->seen[group] == groups->rule)
        return;
    groups->seen[group] = groups->rule;
    RT_PUSH(solver->arena, groups->items, groups->count, groups->capacity) = group;
}

static void add_fact_groups(RtSolver *solver, Groups *groups, const RtRule *rule, RtFactKind kind)
{
    for (size_t i = solver->kind_start[kind]; i < solver->kind_start[kind + 1]; i++)
        add_group(solver, groups, rule, solver->view->facts[solver->facts[i]].layer);
}

static void add_text_groups(RtSolver *solver, Groups *groups, const RtRule *rule, uint32_t pattern)
{
    for (size_t i = solver->pattern_start[pattern]; i < solver->pattern_start[pattern + 1]; i++)
        add_group(solver, groups, rule, solver->hits[i].layer);
}

/* Every place where anything the rule names was seen: for rules that need no single thing. */
static void add_all_groups(RtSolver *solver, Groups *groups, const RtRule *rule, const RtGoal *goal)
{
    if (goal->kind == RT_GOAL_FACT)
        add_fact_groups(solver, groups, rule, goal->fact);
    if (goal->kind == RT_GOAL_TEXT)
        add_text_groups(solver, groups, rule, goal->pattern);
    for (size_t i = 0; goal->kind != RT_GOAL_NOT && i < goal->kid_count; i++)
        add_all_groups(solver, groups, rule, &goal->kids[i]);
}

/* False when something the rule needs is nowhere in the artifact. */
static bool find_groups(RtSolver *solver, const RtRule *rule, Groups *groups)
{
    size_t least = SIZE_MAX, kind_at = RT_FACT_KINDS, pattern_at = SIZE_MAX;
    for (unsigned kind = 0; kind < RT_FACT_KINDS; kind++) {
        size_t count = solver->kind_start[kind + 1] - solver->kind_start[kind];
        if (!(rule->needs_facts >> kind & 1) || count >= least)
            continue;
        least = count;
        kind_at = kind;
    }
    for (size_t i = 0; i < rule->needs_pattern_count; i++) {
        uint32_t pattern = rule->needs_patterns[i];
        size_t count = solver->pattern_start[pattern + 1] - solver->pattern_start[pattern];
        if (count >= least)
            continue;
        least = count;
        pattern_at = i;
    }
    groups->count = 0;
    if (!least)
        return false;
    if (rule->scope == RT_SCOPE_PACKAGE) {
        RT_PUSH(solver->arena, groups->items, groups->count, groups->capacity) = 0;
    } else if (pattern_at != SIZE_MAX) {
        add_text_groups(solver, groups, rule, rule->needs_patterns[pattern_at]);
    } else if (kind_at != RT_FACT_KINDS) {
        add_fact_groups(solver, groups, rule, (RtFactKind)kind_at);
    } else {
        add_all_groups(solver, groups, rule, rule->when);
    }
    return groups->count != 0;
}

/* ---- from a proof to a finding
 * ---------------------------------------------------------------------------------- */
/* Docs, tests and type files are read by people and scanners, not run, unless something that runs
 * reaches them. What is proven wholly inside them is told with a fifth of its weight, and at most
 * as weak (THREATS 3.5). */
static bool is_aside(const RtSolver *solver)
{
    bool any = false;
    for (size_t i = 0; i < RT_VARS; i++) {
        const RtBinding *binding = &solver->bindings[i];
        if (!binding->goal || binding->goal->quiet)
            continue;
        uint16_t roles = rt_solve_roles(solver, binding->layer);
        any = true;
        if (!(roles & (RT_ROLE_DOCS | RT_ROLE_TEST | RT_ROLE_TYPES)) || (roles & RT_ROLE_REACHED))
            return false;
    }
    return any;
}

static RtEvidence show(RtSolver *solver, RtBinding binding)
{
    const RtRulesView *view = solver->view;
    if (binding.fact) {
        const RtFact *fact = &view->facts[binding.fact];
        return rt_evidence_at(view, solver->arena, binding.layer, binding.from, binding.len,
                              rt_evidence_words(solver->arena, fact));
    }
    RtPlacedHit hit = { .layer = binding.layer, .end = (uint32_t)(binding.from + binding.len) };
    (void)rt_solve_span(solver, binding.goal, &hit, &binding.from, &binding.len);
    return rt_evidence_at(view, solver->arena, binding.layer, binding.from, binding.len,
                          (RtStr){ 0 });
}

static void add_proof(RtSolver *solver, RtFinding *finding)
{
    RtEvidence *evidence = (RtEvidence *)(uintptr_t)finding->evidence;
    for (size_t i = 0; i < RT_VARS && finding->evidence_count < EVIDENCE_KEPT; i++) {
        const RtBinding *binding = &solver->bindings[i];
        if (binding->goal && !binding->goal->quiet)
            evidence[finding->evidence_count++] = show(solver, *binding);
    }
}

static void note_when_and_how(const RtSolver *solver, RtFinding *finding)
{
    for (size_t i = 0; i < RT_VARS; i++) {
        const RtBinding *binding = &solver->bindings[i];
        if (!binding->goal)
            continue;
        const RtFact *fact = binding->fact ? &solver->view->facts[binding->fact] : NULL;
        RtPhase phase = fact ? fact->phase : rt_solve_phase(solver, binding->layer);
        RtWitness witness = fact ? fact->witness : RT_SEEN_IN_TEXT;
        finding->phase = phase > finding->phase ? phase : finding->phase;
        finding->witness = witness > finding->witness ? witness : finding->witness;
    }
}

static bool match_rule(RtSolver *solver, const RtRule *rule, Groups *groups, RtFinding *ret_finding)
{
    if (!find_groups(solver, rule, groups))
        return false;
    RtFinding best = { 0 };
    uint32_t times = 0;
    bool best_aside = true;
    for (size_t i = 0; i < groups->count; i++) {
        if (!rt_solve(solver, rule, groups->items[i]))
            continue;
        bool aside = !rule->everywhere && is_aside(solver);
        bool better = times == 0 || (best_aside && !aside);
        times++;
        if (better) {
            best =
                (RtFinding){ .evidence = RT_NEW_ARRAY(solver->arena, RtEvidence, EVIDENCE_KEPT) };
            best_aside = aside;
        }
        if (better || aside == best_aside) {
            note_when_and_how(solver, &best);
            add_proof(solver, &best);
        }
    }
    if (!times)
        return false;
    best.rule = rule->info.id;
    best.family = rule->info.family;
    best.title = rule->info.title;
    best.why = rule->info.why;
    best.advice = rule->info.advice;
    best.attack = rule->info.attack;
    best.attack_count = rule->info.attack_count;
    best.level = best_aside && rule->info.level > RT_WEAK ? RT_WEAK : rule->info.level;
    best.weight = best_aside ? rule->info.weight / 5 : rule->info.weight;
    best.times = times;
    *ret_finding = best;
    return true;
}

static int compare_findings(const void *a, const void *b)
{
    const RtFinding *left = a, *right = b;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    if (left->weight > right->weight || left->weight < right->weight)
        return left->weight > right->weight ? -1 : 1;
    return rt_str_compare(left->rule, right->rule);
}

void rt_rules_match(const RtRules *rules, RtRulesScratch *scratch, const RtRulesView *view,
                    RtArena *arena, RtFindings *ret_findings)
{
    RtSolver *solver = RT_NEW(arena, RtSolver);
    *solver = (RtSolver){ .rules = rules, .scratch = scratch, .view = view, .arena = arena };
    open_solver(solver);
    Groups groups = { .seen = RT_NEW_ARRAY(arena, uint32_t, view->layer_count + 1) };
    RtFinding *findings = NULL;
    size_t count = 0, capacity = 0;
    for (size_t i = 0; i < rules->rule_count; i++) {
        RtFinding finding = { 0 };
        groups.rule = (uint32_t)i + 1;
        if (match_rule(solver, &rules->rules[i], &groups, &finding))
            RT_PUSH(arena, findings, count, capacity) = finding;
    }
    if (count)
        qsort(findings, count, sizeof *findings, compare_findings);
    *ret_findings = (RtFindings){ .items = findings, .count = count, .cut = solver->cut };
}
