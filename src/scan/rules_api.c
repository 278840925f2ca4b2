/* rules_api.c - the part of ratter.h that lists, checks and tests rules.
 *
 * A rule's examples are our own files (or the rule writer's), so they are scanned in this process,
 * through the whole pipeline: an example that only matches in a unit test of the matcher would
 * prove nothing. */
#include "judge/judge.h"
#include "ratter/ratter.h"
#include "scan/engine.h"
#include "scan/scan.h"

typedef struct {
    void (*visit)(void *context, const ratter_rule *rule);
    void *context;
    RtArena *arena;
} Lister;

static void list_rule(void *context, const RtRuleInfo *info)
{
    Lister *lister = context;
    RtStr level = rt_finding_level_name(info->level);
    ratter_rule rule = {
        .id = rt_str_c(lister->arena, info->id),
        .family = rt_str_c(lister->arena, info->family),
        .level = rt_str_c(lister->arena, level),
        .title = rt_str_c(lister->arena, info->title),
        .why = rt_str_c(lister->arena, info->why),
    };
    lister->visit(lister->context, &rule);
}

int ratter_rules_list(ratter_engine *engine, void (*visit)(void *context, const ratter_rule *rule),
                      void *context, ratter_error *error)
{
    RtRules *rules = NULL;
    RtErr err = rt_engine_rules(engine, &rules);
    if (err.code != RT_OK)
        return rt_engine_fail(error, err);
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    Lister lister = { visit, context, arena };
    rt_rules_each(rules, list_rule, &lister);
    rt_rules_close(rules);
    return 0;
}

typedef struct {
    void (*say)(void *context, const char *line);
    void *context;
    RtArena *arena;
    int faults;
} Checker;

static void say_fault(void *context, RtStr fault)
{
    Checker *checker = context;
    checker->faults++;
    checker->say(checker->context, rt_str_c(checker->arena, fault));
}

int rt_engine_check(RtPackFolder pack_folder, const char *folder,
                    void (*say)(void *context, const char *line), void *context,
                    ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(256 << 20, NULL, NULL);
    Checker checker = { say, context, arena, 0 };
    RtText pack = { .arena = arena };
    RtErr err = pack_folder(arena, rt_str_from_c(folder), say_fault, &checker, &pack);
    if (err.code != RT_OK && checker.faults == 0)
        return rt_engine_fail(error, err);
    return checker.faults;
}

int ratter_rules_check(const char *folder, void (*say)(void *context, const char *line),
                       void *context, ratter_error *error)
{
    return rt_engine_check(rt_rules_compile, folder, say, context, error);
}

typedef struct {
    Checker checker;
    const RtRules *rules;
    RtRulesScratch *scratch;
    RtEmulator *emulator; /* for the rules that want to see things run */
    size_t passed, failed;
} Tester;

static bool example_matches(const Tester *tester, const RtRuleExample *example, RtArena *arena)
{
    RtScan *scan =
        rt_scan_open(arena, &rt_budget_default, tester->rules, tester->scratch, RT_STR("example"));
    scan->emulator = tester->emulator;
    scan->emulate = RT_EMULATE_AUTO;
    RtLayerId tree = rt_scan_give_tree(scan);
    for (size_t i = 0; i < example->file_count; i++)
        rt_scan_give_entry(scan, tree, rt_str_copy(arena, example->files[i].name),
                           rt_str_copy(arena, example->files[i].text), 0644);
    const RtReport *report = rt_scan_run(scan);
    for (size_t i = 0; i < report->finding_count; i++) {
        if (rt_str_equal(report->findings[i].rule, example->rule))
            return true;
    }
    return false;
}

static void test_example(void *context, const RtRuleExample *example)
{
    Tester *tester = context;
    RT_ARENA arena = rt_arena_open(rt_budget_default.arena_bytes, NULL, NULL);
    if (example_matches(tester, example, arena) == example->matches) {
        tester->passed++;
        return;
    }
    tester->failed++;
    RtStr line =
        rt_str_format(arena, "%.*s: %s example %u %s", RT_FMT(example->rule),
                      example->matches ? "must_match" : "must_not_match", (unsigned)example->number,
                      example->matches ? "does not match" : "matches");
    tester->checker.say(tester->checker.context, rt_str_c(arena, line));
}

int ratter_rules_test(ratter_engine *engine, const char *folder,
                      void (*say)(void *context, const char *line), void *context, size_t *passed,
                      size_t *failed, ratter_error *error)
{
    ratter_engine with = *engine;
    if (folder != NULL)
        with.rules_folder = (char *)(uintptr_t)folder;
    RtRules *rules = NULL;
    RtErr err = rt_engine_rules(&with, &rules);
    Tester tester = { .checker = { .say = say, .context = context }, .rules = rules };
    if (err.code == RT_OK)
        err = rt_rules_scratch_open(rules, &tester.scratch);
    if (err.code == RT_OK)
        err = rt_emulator_open(&tester.emulator);
    if (err.code == RT_OK)
        err = rt_rules_examples(rules, test_example, &tester);
    rt_emulator_close(tester.emulator);
    rt_rules_scratch_close(tester.scratch);
    rt_rules_close(rules);
    *passed = tester.passed;
    *failed = tester.failed;
    return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
}
