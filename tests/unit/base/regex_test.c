/* regex_test.c - long texts are searched piece by piece: nothing is lost between the pieces, and
 * an expression whose cost grows with the square of the text gives up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/regex.h"

enum { LONG = 1 << 20 };

static uint8_t *letters(size_t len)
{
    uint8_t *text = malloc(len);
    assert_non_null(text);
    memset(text, 'a', len);
    return text;
}

static void finds_at_every_place(void **state)
{
    (void)state;
    static const size_t places[] = { 0, 1, 4095, 4096, 4097, 8192, 12290, 60000, LONG - 3 };
    uint8_t *text = letters(LONG);
    RtRegexes *regexes = rt_regexes_open(1);
    for (size_t i = 0; i < RT_COUNT(places); i++) {
        size_t from = 0, end = 0;
        memcpy(text + places[i], "x.y", 3);
        assert_true(
            rt_regex_find(regexes, 0, RT_STR("x\\.y"), (RtStr){ text, LONG }, 0, &from, &end));
        assert_int_equal(from, places[i]);
        assert_int_equal(end, places[i] + 3);
        assert_false(rt_regex_find(regexes, 0, RT_STR("x\\.y"), (RtStr){ text, LONG },
                                   places[i] + 1, &from, &end));
        memcpy(text + places[i], "aaa", 3);
    }
    rt_regexes_close(regexes);
    free(text);
}

static void looks_back_over_a_seam(void **state)
{
    (void)state;
    uint8_t *text = letters(20000);
    RtRegexes *regexes = rt_regexes_open(1);
    size_t from = 0, end = 0;
    memcpy(text + 4095, "-b", 2);
    assert_true(
        rt_regex_find(regexes, 0, RT_STR("(?<=-)b"), (RtStr){ text, 20000 }, 0, &from, &end));
    assert_int_equal(from, 4096);
    rt_regexes_close(regexes);
    free(text);
}

/* Half a million starts of up to half a million steps: this test would not end. */
static void gives_up_where_it_runs_wild(void **state)
{
    (void)state;
    uint8_t *text = letters(LONG);
    RtRegexes *regexes = rt_regexes_open(1);
    size_t from = 0, end = 0;
    assert_false(
        rt_regex_find(regexes, 0, RT_STR("\\w+\\.data"), (RtStr){ text, LONG }, 0, &from, &end));
    rt_regexes_close(regexes);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_at_every_place),
        cmocka_unit_test(looks_back_over_a_seam),
        cmocka_unit_test(gives_up_where_it_runs_wild),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
