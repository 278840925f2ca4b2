/* judge_test.c - findings add up as families, one whole chain decides, and nothing unseen is called
 * clean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "judge/judge.h"

typedef struct {
    const char *family;
    RtFindingLevel level;
    double weight;
} Found;

static const struct {
    const char *what;
    Found found[3];
    size_t count, unseen;
    RtVerdictLevel level;
} cases[] = {
    { .what = "nothing found, all seen", .level = RT_VERDICT_CLEAN },
    { .what = "nothing found, not all seen", .unseen = 1, .level = RT_VERDICT_UNKNOWN },
    { "one light finding", { { "a", RT_WEAK, 1 } }, 1, 0, RT_VERDICT_CLEAN },
    { "one weak finding", { { "a", RT_WEAK, 2 } }, 1, 0, RT_VERDICT_NOTABLE },
    { "one strong finding", { { "a", RT_STRONG, 4 } }, 1, 0, RT_VERDICT_SUSPICIOUS },
    { "three of one family are one",
      { { "a", RT_STRONG, 3 }, { "a", RT_STRONG, 3 }, { "a", RT_WEAK, 2 } },
      3,
      0,
      RT_VERDICT_NOTABLE },
    { "two families add up",
      { { "a", RT_STRONG, 3 }, { "b", RT_WEAK, 2 } },
      2,
      0,
      RT_VERDICT_SUSPICIOUS },
    { "something that speaks against it",
      { { "a", RT_STRONG, 4 }, { "b", RT_NOTE, -3 } },
      2,
      0,
      RT_VERDICT_CLEAN },
    { "a whole chain decides, whatever was not seen",
      { { "a", RT_CONCLUSIVE, 1 } },
      1,
      3,
      RT_VERDICT_MALICIOUS },
    { "pieces never make a chain",
      { { "a", RT_STRONG, 9 }, { "b", RT_STRONG, 9 } },
      2,
      0,
      RT_VERDICT_SUSPICIOUS },
};

static void findings_become_a_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtFinding findings[3] = { { .level = RT_NOTE } };
        for (size_t j = 0; j < cases[i].count; j++)
            findings[j] = (RtFinding){ .family = rt_str_from_c(cases[i].found[j].family),
                                       .level = cases[i].found[j].level,
                                       .weight = cases[i].found[j].weight };
        RtReport report = { .findings = findings,
                            .finding_count = cases[i].count,
                            .unseen_count = cases[i].unseen };
        rt_judge(&report);
        if (report.verdict.level != cases[i].level)
            fail_msg("%s: %.*s", cases[i].what, RT_FMT(rt_verdict_name(report.verdict.level)));
        assert_true(report.verdict.score > 0 && report.verdict.score < 1);
        assert_int_equal(report.verdict.complete, cases[i].unseen == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(findings_become_a_verdict) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
