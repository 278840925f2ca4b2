/* standing_test.c - from features to a level: caps, families, and no claim above its evidence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "link/attribute.h"

enum { F1, F2, F3, F4, F5, F6, F7, NEG };

static const struct {
    const char *what;
    struct {
        int family;
        double weight;
    } traits[6];
    RtVerdictLevel verdict;
    RtAttributionLevel level;
    double points;
} cases[] = {
    { "nothing", { { 0 } }, RT_VERDICT_MALICIOUS, RT_UNATTRIBUTED, 0 },
    { "code alone, however much",
      { { F2, 3 }, { F2, 3 }, { F2, 3 } },
      RT_VERDICT_MALICIOUS,
      RT_UNATTRIBUTED,
      4 },
    { "two families", { { F2, 3 }, { F3, 2 } }, RT_VERDICT_MALICIOUS, RT_CONSISTENT_WITH, 5 },
    { "two families, many points",
      { { F1, 4 }, { F2, 4 } },
      RT_VERDICT_MALICIOUS,
      RT_CONSISTENT_WITH,
      8 },
    { "three families",
      { { F2, 3 }, { F3, 3 }, { F5, 1 } },
      RT_VERDICT_MALICIOUS,
      RT_STRONG_LINK,
      7 },
    { "three families without code",
      { { F3, 3 }, { F4, 3 }, { F5, 2 } },
      RT_VERDICT_MALICIOUS,
      RT_CONSISTENT_WITH,
      8 },
    { "a scrap is no family",
      { { F2, 4 }, { F3, 3 }, { F5, 0.5 } },
      RT_VERDICT_MALICIOUS,
      RT_CONSISTENT_WITH,
      7.5 },
    { "time is no family",
      { { F2, 4 }, { F3, 3 }, { F7, 2 } },
      RT_VERDICT_MALICIOUS,
      RT_CONSISTENT_WITH,
      7.5 },
    { "a constant alone", { { F1, 6 } }, RT_VERDICT_MALICIOUS, RT_CONSISTENT_WITH, 6 },
    { "a constant and a protocol",
      { { F1, 6 }, { F3, 2 } },
      RT_VERDICT_MALICIOUS,
      RT_EXACT_MATCH,
      8 },
    { "the same of a suspect",
      { { F1, 6 }, { F3, 2 } },
      RT_VERDICT_SUSPICIOUS,
      RT_CONSISTENT_WITH,
      8 },
    { "what speaks against",
      { { F2, 3 }, { F3, 2 }, { NEG, -3 } },
      RT_VERDICT_MALICIOUS,
      RT_UNATTRIBUTED,
      2 },
    { "a package nobody suspects",
      { { F1, 6 }, { F2, 3 }, { F3, 3 } },
      RT_VERDICT_NOTABLE,
      RT_UNATTRIBUTED,
      12 },
};

static void features_give_a_level(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtTrait traits[6];
        size_t count = 0;
        for (; count < 6 && cases[i].traits[count].weight != 0; count++)
            traits[count] = (RtTrait){ .family = (RtTraitFamily)cases[i].traits[count].family,
                                       .weight = cases[i].traits[count].weight };
        RtStanding got = rt_standing(traits, count, cases[i].verdict);
        if (got.level != cases[i].level || got.points < cases[i].points - 0.001 ||
            got.points > cases[i].points + 0.001)
            fail_msg("%s: level %d, %f points", cases[i].what, (int)got.level, got.points);
    }
}

/* No sum of any two features from one family gives more than consistent-with. */
static void one_family_is_never_more(void **state)
{
    (void)state;
    for (int family = F1; family <= F7; family++) {
        RtTrait traits[3];
        for (size_t i = 0; i < 3; i++)
            traits[i] = (RtTrait){ .family = (RtTraitFamily)family, .weight = 9 };
        assert_true(rt_standing(traits, 3, RT_VERDICT_MALICIOUS).level <= RT_CONSISTENT_WITH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_give_a_level),
        cmocka_unit_test(one_family_is_never_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
