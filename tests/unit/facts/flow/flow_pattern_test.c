/* flow_pattern_test.c - the small matcher: what it finds, what it refuses, what hostile patterns
 * cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "facts/flow/flow_pattern.h"

static const struct {
    const char *pattern, *flags, *text;
    int from, to; /* from -1: no match; -2: does not compile */
} cases[] = {
    { "b+", "", "abbbc", 1, 4 },
    { "b+?", "", "abbbc", 1, 2 },
    { "x*", "", "abc", 0, 0 },
    { "[a-c]{2}", "", "xxabx", 2, 4 },
    { "[^a-c]", "", "abz", 2, 3 },
    { "[\\d_]+", "", "ab12_c", 2, 5 },
    { "^b", "", "ab", -1, 0 },
    { "^b", "m", "a\nb", 2, 3 },
    { "b$", "", "ab", 1, 2 },
    { "a.c", "", "a\nc", -1, 0 },
    { "a.c", "s", "a\nc", 0, 3 },
    { "HELLO", "i", "say hello", 4, 9 },
    { "[h]ELL", "i", "Hell", 0, 4 },
    { "(ab|cd|ef)+g", "", "xabcdefg", 1, 8 },
    { "a|b*|c", "", "bb", 0, 2 },
    { "(?:a|b){3}", "", "ababab", 0, 3 },
    { "a{2,3}", "", "aaaa", 0, 3 },
    { "a{2,}", "", "aaaa", 0, 4 },
    { "a{,2}", "", "a{,2}", 0, 5 },
    { "\\bword\\b", "", "a word.", 2, 6 },
    { "\\x41\\u0042", "", "AB", 0, 2 },
    { ".", "", "\xC3\xA9x", 0, 2 },
    { "(?<name>a)(?P<other>b)", "", "ab", 0, 2 },
    { "(a*)*b", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", -1, 0 },
    { "(?=a)b", "", "ab", -2, 0 },
    { "(a)\\1", "", "aa", -2, 0 },
    { "(a", "", "a", -2, 0 },
    { "a)", "", "a", -2, 0 },
    { "[a", "", "a", -2, 0 },
    { "a{9999}", "", "a", -2, 0 },
};

static void patterns_match(void **state)
{
    RtArena *arena = rt_arena_open((size_t)256 << 20, NULL, NULL);
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        const RtPattern *pattern = rt_pattern_compile(arena, rt_str_from_c(cases[i].pattern),
                                                      rt_str_from_c(cases[i].flags));
        uint64_t budget = 100000;
        RtPatternMatch match;
        int from = -2, to = 0;
        if (pattern)
            from = -1;
        if (pattern && rt_pattern_find(pattern, arena, rt_str_from_c(cases[i].text), 0, false,
                                       &budget, &match)) {
            from = (int)match.from[0];
            to = (int)match.to[0];
        }
        if (from != cases[i].from || (from >= 0 && to != cases[i].to)) {
            printf("/%s/%s on '%s': %d..%d\n", cases[i].pattern, cases[i].flags, cases[i].text,
                   from, to);
            failed++;
        }
    }
    rt_arena_close(arena);
    assert_int_equal(failed, 0);
}

static void groups_are_told(void **state)
{
    RtArena *arena = rt_arena_open((size_t)1 << 20, NULL, NULL);
    const RtPattern *pattern = rt_pattern_compile(arena, RT_STR("(\\w+)@(\\w+)(x)?"), RT_STR(""));
    uint64_t budget = 10000;
    RtPatternMatch match;

    (void)state;
    assert_non_null(pattern);
    assert_true(rt_pattern_find(pattern, arena, RT_STR("- me@home"), 0, false, &budget, &match));
    assert_int_equal(match.groups, 4);
    assert_int_equal(match.from[1], 2);
    assert_int_equal(match.to[1], 4);
    assert_int_equal(match.from[2], 5);
    assert_true(match.from[3] == RT_NOT_FOUND);
    rt_arena_close(arena);
}

/* Every prefix of every pattern compiles or does not, and ends. */
static void cut_patterns_are_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        const RtStr whole = rt_str_from_c(cases[i].pattern);
        for (size_t len = 0; len <= whole.len; len++) {
            RtArena *arena = rt_arena_open((size_t)64 << 20, NULL, NULL);
            const RtPattern *pattern = rt_pattern_compile(
                arena, rt_str_copy(arena, rt_str_sub(whole, 0, len)), RT_STR("i"));
            uint64_t budget = 2000;
            RtPatternMatch match;
            if (pattern)
                rt_pattern_find(pattern, arena, rt_str_from_c(cases[i].text), 0, false, &budget,
                                &match);
            rt_arena_close(arena);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match),
        cmocka_unit_test(groups_are_told),
        cmocka_unit_test(cut_patterns_are_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
