/* select_test.c - of all links, those that were asked for, with everything that goes with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "link/select.h"

/* Packages 0-1 and 2-3 are clusters, 4 is weakly linked to 1, 5 is alone. */
static RtStr people[] = { { (const uint8_t *)"eve@example.invalid", 19 } };
static const RtLinked packages[] = {
    { .name = { (const uint8_t *)"a", 1 }, .cluster = 1 },
    { .name = { (const uint8_t *)"b", 1 }, .cluster = 1 },
    { .name = { (const uint8_t *)"c", 1 }, .cluster = 2, .campaign = { (const uint8_t *)"x", 1 } },
    { .name = { (const uint8_t *)"d", 1 }, .cluster = 2 },
    { .name = { (const uint8_t *)"e", 1 } },
    { .name = { (const uint8_t *)"f", 1 }, .people = people, .person_count = 1 },
};
static const RtLink items[] = {
    { .first = 0, .second = 1, .level = RT_CONCLUSIVE },
    { .first = 2, .second = 3, .level = RT_STRONG },
    { .first = 1, .second = 4, .level = RT_WEAK },
};
static const uint32_t one[] = { 0, 1 }, two[] = { 2, 3 };
static const RtCluster clusters[] = { { one, 2, RT_CONCLUSIVE }, { two, 2, RT_STRONG } };
static const RtLinks all = { packages, 6, 6, items, 3, clusters, 2, 0 };

static void names(const RtLinks *links, char *ret_names)
{
    for (size_t i = 0; i < links->package_count; i++)
        *ret_names++ = (char)links->packages[i].name.at[0];
    *ret_names = 0;
}

static void what_was_asked_for(void **state)
{
    (void)state;
    static const struct {
        RtFindingLevel least;
        const char *campaign, *account, *packages;
        size_t links, clusters;
    } cases[] = {
        { RT_STRONG, "", "", "abcd", 2, 2 },
        { RT_WEAK, "", "", "abcde", 3, 2 },
        { RT_CONCLUSIVE, "", "", "abcd", 1, 2 },
        { RT_STRONG, "x", "", "cd", 1, 1 },
        { RT_STRONG, "y", "", "", 0, 0 },
        { RT_STRONG, "", "eve@example.invalid", "f", 0, 0 },
        { RT_STRONG, "", "EVE", "f", 0, 0 },
        { RT_STRONG, "", "ev", "", 0, 0 },
        { RT_STRONG, "x", "eve", "", 0, 0 },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtLinkWish wish = { cases[i].least, rt_str_from_c(cases[i].campaign),
                            rt_str_from_c(cases[i].account) };
        const RtLinks *got = rt_links_select(arena, &all, &wish);
        char said[8];
        names(got, said);
        assert_string_equal(said, cases[i].packages);
        assert_int_equal(got->count, cases[i].links);
        assert_int_equal(got->cluster_count, cases[i].clusters);
        assert_int_equal(got->examined, 6);
        for (size_t k = 0; k < got->count; k++)
            assert_true(got->items[k].first < got->package_count &&
                        got->items[k].second < got->package_count);
        for (size_t k = 0; k < got->cluster_count; k++)
            for (size_t m = 0; m < got->clusters[k].count; m++)
                assert_int_equal(got->packages[got->clusters[k].members[m]].cluster, k + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_asked_for) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
