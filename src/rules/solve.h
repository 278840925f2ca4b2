/* solve.h - what match.c (which rules, where) and solve.c (does this rule hold here) share. */
#ifndef RT_RULES_SOLVE_H
#define RT_RULES_SOLVE_H

#include "rules/ruleset.h"

/* A text hit with its place, for sorting by pattern and file. */
typedef struct {
    uint32_t pattern;
    RtLayerId file, layer;
    uint32_t end;
} RtPlacedHit;

/* What a variable stands for. */
typedef struct {
    const RtGoal *goal; /* NULL: not bound */
    RtFactId fact;      /* 0: a text hit */
    RtLayerId layer;
    uint64_t from, len;
} RtBinding;

typedef struct {
    const RtRules *rules;
    RtRulesScratch *scratch;
    const RtRulesView *view;
    RtArena *arena;
    RtLayerId *file_of; /* per layer */
    RtFactId *facts;    /* by kind, file, how good a witness */
    size_t kind_start[RT_FACT_KINDS + 1];
    RtPlacedHit *hits; /* by pattern, file, layer, end */
    size_t hit_count;
    uint32_t *pattern_start; /* per pattern, and one more */
    uint32_t *stamps;        /* per fact: visited by the flow question number `stamp` */
    uint32_t stamp;
    RtFactId *queue; /* per fact: the flow question's queue */

    const RtRule *rule;
    RtLayerId group; /* file or layer the rule is confined to; 0: the package */
    RtBinding bindings[RT_VARS];
    uint32_t steps; /* left for this artifact */
    bool cut;
} RtSolver;

/* True when the rule holds in the group; bindings are then the proof. */
bool rt_solve(RtSolver *solver, const RtRule *rule, RtLayerId group);
/* Where the text of a hit starts; false when PCRE2 does not confirm it. */
bool rt_solve_span(RtSolver *solver, const RtGoal *goal, const RtPlacedHit *hit, uint64_t *ret_from,
                   uint64_t *ret_len);

/* Roles and phase of a layer, its file's included. */
uint16_t rt_solve_roles(const RtSolver *solver, RtLayerId layer);
RtPhase rt_solve_phase(const RtSolver *solver, RtLayerId layer);

#endif
