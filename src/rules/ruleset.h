/* ruleset.h - rules as the matcher walks them; the shared inside of this room (others see rules.h
 * only).
 *
 * A rule's `when` is a small logic program: FACT and TEXT goals bind a variable to a fact or to a
 * text hit, the other goals ask about bound variables. build.c makes it from a document, match.c
 * solves it. */
#ifndef RT_RULES_RULESET_H
#define RT_RULES_RULESET_H

#include "base/glob.h"
#include "base/regex.h"
#include "rules/docbytes.h"
#include "rules/rules.h"
#include "rules/shapes.h"

/* Most variables one rule may bind. */
#define RT_VARS         16
#define RT_NO_VAR       UINT8_MAX
#define RT_HOST_CLASSES 64

/* ---- hosts
 * ------------------------------------------------------------------------------------------- */
typedef struct {
    RtStr name; /* "example.org" with an optional path: "example.org/api/webhooks" */
    uint64_t classes;
} RtHostName;
typedef struct {
    RtStr class_names[RT_HOST_CLASSES];
    uint32_t class_count;
    RtHostName *names; /* sorted by host part, then by path */
    size_t name_count;
} RtHosts;
/* The bits of the classes `url` belongs to. */
uint64_t rt_hosts_classes(const RtHosts *hosts, RtStr url);
/* The bit of the class called `name`, 0 when there is none. */
uint64_t rt_hosts_class(const RtHosts *hosts, RtStr name);
/* A regular expression that finds hosts of `classes` in text. */
RtStr rt_hosts_pattern(const RtHosts *hosts, RtArena *arena, uint64_t classes);
typedef void RtFaultAt(void *context, uint32_t line, RtStr text);
void rt_hosts_build(RtHosts *hosts, RtArena *arena, const RtDoc *doc, RtFaultAt *fault,
                    void *context);

/* ---- where a fact or a text may stand
 * ----------------------------------------------------------------- */
typedef struct {
    uint16_t roles_any, roles_none; /* RT_ROLE_* */
    uint8_t phases;                 /* bit per RtPhase, 0: any */
    uint8_t witnesses;              /* bit per RtWitness, 0: any */
    uint8_t vias;                   /* bit per RtVia, 0: any */
    int8_t deferred;                /* -1 any, 0 no, 1 yes */
    const RtStr *files, *not_files; /* globs over the path of the file the layer lies in */
    size_t file_count, not_file_count;
    const RtStr *languages;
    size_t language_count;
} RtPlace;

/* ---- tests of one argument
 * ------------------------------------------------------------------------------ */
typedef enum {
    RT_TEST_WORDS, /* equals one of the words */
    RT_TEST_REGEX,
    RT_TEST_HOST,
    RT_TEST_CONTAINS, /* holds one of the words, ASCII case ignored */
    RT_TEST_LONGER,
    RT_TEST_KNOWN,
    RT_TEST_SAME, /* equals an argument of an earlier variable */
} RtTestKind;
typedef struct {
    RtTestKind kind;
    uint8_t arg;
    bool negated;
    uint8_t other_var, other_arg; /* SAME */
    uint32_t regex;               /* REGEX: index in RtRules.regexes */
    uint64_t hosts;               /* HOST */
    uint64_t number;              /* LONGER */
    const RtStr *words;
    size_t word_count;
} RtTest;

typedef enum {
    RT_GOAL_ALL,
    RT_GOAL_ANY,
    RT_GOAL_NOT,
    RT_GOAL_COUNT,
    RT_GOAL_FACT,
    RT_GOAL_TEXT,
    RT_GOAL_FLOWS,
    RT_GOAL_SAME_FILE,
    RT_GOAL_SAME_LAYER,
    RT_GOAL_SAME_PATH,
    RT_GOAL_NEAR,
    RT_GOAL_BEFORE,
} RtGoalKind;

typedef struct RtGoal RtGoal;
struct RtGoal {
    RtGoalKind kind;
    uint8_t var;  /* FACT, TEXT: what is bound (RT_NO_VAR: evidence without a name) */
    bool quiet;   /* bound but not shown as evidence */
    uint8_t a, b; /* checks: variables */
    uint8_t a_arg, b_arg;
    uint32_t number; /* COUNT: how many; NEAR: distance; TEXT: least number of hits */
    bool lines;      /* NEAR: distance in lines */
    RtFactKind fact;
    uint32_t pattern; /* TEXT: index in RtRules.patterns */
    uint64_t hosts;   /* TEXT of `host:`: the classes one of which the place must have */
    RtPlace place;
    const RtTest *tests;
    size_t test_count;
    const RtGoal *kids;
    size_t kid_count;
};

typedef enum { RT_SCOPE_FILE, RT_SCOPE_LAYER, RT_SCOPE_PACKAGE } RtScope;

typedef struct {
    RtRuleInfo info;
    RtScope scope;
    bool everywhere;             /* docs, tests and type files weigh as much as code */
    const RtGoal *when, *unless; /* unless may be NULL */
    /* What must be there for a match to be possible at all: kinds as bits, patterns as a list. */
    uint64_t needs_facts;
    const uint32_t *needs_patterns;
    size_t needs_pattern_count;
} RtRule;

typedef struct {
    RtStr regex;
    RtShape shape;         /* not a regular expression: found by shapes.c */
    uint32_t asks;         /* triage word: RT_ASKS_*, else 0 */
    RtTriageFamily family; /* triage word */
    bool prefilter; /* lookaround, back reference: Vectorscan sees a superset, PCRE2 confirms */
} RtPattern;

typedef struct RtPatternDb RtPatternDb;
struct RtRules {
    RtArena *arena;
    RtStr version;
    RtHosts hosts;
    RtRule *rules; /* sorted by id */
    size_t rule_count;
    RtPattern *patterns;
    size_t pattern_count, pattern_capacity;
    uint32_t shapes[RT_SHAPES]; /* the pattern of each shape that a rule names, plus one */
    RtStr *regexes;             /* PCRE2 only: tests of arguments */
    size_t regex_count, regex_capacity;
    struct {
        RtPatternDb *db;
        uint32_t first_pattern, pattern_count;
        RtStr examples; /* encoded documents */
    } packs[8];
    size_t pack_count;
};

/* Builds the rules of one pack's document list (a LIST of MAPs {path, doc}) into `rules`; faults go
 * to `fault` with the path before them. Patterns are numbered in order from rules->pattern_count
 * on. */
typedef void RtFaultIn(void *context, RtStr path, uint32_t line, RtStr text);
void rt_rules_build(RtRules *rules, const RtDoc *docs, bool from_pack, RtFaultIn *fault,
                    void *context);

/* ---- engines
 * -------------------------------------------------------------------------------------------- */
/* Compiles patterns [first, first+count) to a database for any processor of this kind. The faulty
 * pattern's index is put into `ret_bad`. */
RtErr rt_patterns_compile(const RtPattern *patterns, uint32_t first, uint32_t count,
                          RtText *ret_bytes, uint32_t *ret_bad) RT_MUST_USE;
/* Opens a compiled database; compiles anew when it was made for something else. */
RtErr rt_patterns_open(RtStr bytes, const RtPattern *patterns, uint32_t first, uint32_t count,
                       RtPatternDb **ret_db) RT_MUST_USE;
void rt_patterns_close(RtPatternDb *db);

typedef struct RtPatternScratch RtPatternScratch;
RtErr rt_patterns_scratch_open(const RtRules *rules, RtPatternScratch **ret_scratch) RT_MUST_USE;
void rt_patterns_scratch_close(RtPatternScratch *scratch);
/* Calls `hit` for every match of every database; from ascending ends within one database. */
void rt_patterns_scan(const RtRules *rules, RtPatternScratch *scratch, RtStr bytes,
                      void (*hit)(void *context, uint32_t pattern, uint64_t end), void *context);

struct RtRulesScratch {
    RtArena *arena;
    RtPatternScratch *patterns;
    RtRegexes *regexes; /* rules->regexes first, then the patterns */
    RtShapeTable shapes;
    uint8_t *hit_counts; /* per pattern, zero between scans */
};

/* ---- evidence
 * --------------------------------------------------------------------------------------------- */
/* Makes evidence of a span in a layer; `says` may be empty. */
RtEvidence rt_evidence_at(const RtRulesView *view, RtArena *arena, RtLayerId layer, uint64_t from,
                          uint64_t len, RtStr says);
RtStr rt_evidence_words(RtArena *arena, const RtFact *fact);
/* The path of the file a layer lies in: the name of the nearest entry above it. */
RtLayerId rt_layer_file(const RtRulesView *view, RtLayerId layer);

#endif
