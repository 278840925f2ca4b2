/* build.h - what build.c (rules) and goals.c (their conditions) share. */
#ifndef RT_RULES_BUILD_H
#define RT_RULES_BUILD_H

#include "rules/ruleset.h"

typedef struct {
    RtStr name;
    bool is_text;
    RtFactKind kind;
} RtBuildVar;

typedef struct {
    RtRules *rules;
    RtStr path;
    bool from_pack; /* compiled before: engines need not check the expressions again */
    size_t faults;
    size_t first_pattern;      /* of this pack: older ones are in another database */
    bool has_shape[RT_SHAPES]; /* numbered in this pack */
    RtBuildVar vars[RT_VARS];
    size_t var_count;
    RtFaultIn *fault;
    void *context;
} RtBuilder;

/* Tells a fault; `format` has one %.*s for `name`. */
void rt_build_fault(RtBuilder *builder, const RtDoc *at, const char *format, RtStr name);
/* The texts of a list, or one text as a list of one. */
size_t rt_build_list(RtBuilder *builder, const RtDoc *doc, const RtStr **ret_items);
/* The pattern's number; one that stands there already is shared. */
uint32_t rt_build_pattern(RtBuilder *builder, const RtDoc *at, RtStr regex, uint32_t asks,
                          RtTriageFamily family);
/* The pattern that finds hosts of the listed classes in text; their bits go into `ret_classes` when
 * it is not NULL. */
uint32_t rt_build_host_pattern(RtBuilder *builder, const RtDoc *classes, uint32_t asks,
                               RtTriageFamily family, uint64_t *ret_classes);
void rt_build_hosts(RtBuilder *builder, const RtDoc *doc);
/* A condition as a goal; never NULL (a faulty one is an empty ANY, which fails). */
const RtGoal *rt_build_goal(RtBuilder *builder, const RtDoc *doc);

#endif
