/* json_test.c - what rt_json_read takes and refuses, and that quoting is safe to print. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

enum { LIMIT = 8 << 20 };

static void values(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtJsonOptions options = { 0 };
    const RtJson *root = rt_json_read(
        arena, RT_STR("{\"a\":[1,-2.5e1,true,null],\"b\":\"x\\u0000y\",\"a\":\"last\"}"), &options);
    assert_non_null(root);
    assert_int_equal(root->count, 3);
    assert_int_equal(options.duplicates, 1);
    const RtJson *list = &root->items[0];
    assert_int_equal(list->count, 4);
    assert_true(list->items[1].number == -25.0);
    assert_memory_equal(list->items[1].text.at, "-2.5e1", 6);
    assert_int_equal(list->items[2].truth, true);
    assert_int_equal(list->items[3].kind, RT_JSON_NULL);
    assert_true(rt_str_equal(rt_json_text(root, RT_STR("a")), RT_STR("last")));
    assert_int_equal(rt_json_text(root, RT_STR("b")).len, 3);
    assert_int_equal(root->items[1].at, 27); /* of its key, inside the quotes */
    assert_int_equal(list->items[1].at, 8);
    assert_null(rt_json_get(root, RT_STR("c")));
    assert_null(rt_json_get(NULL, RT_STR("c")));
    assert_null(rt_json_get(list, RT_STR("c")));
}

static void refusals(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    static const char *const strict[] = { "",     " ",       "{",   "{\"a\":1,}",
                                          "[1]x", "// c\n1", "'a'", "\xEF\xBB\xBF{}" };
    for (size_t i = 0; i < RT_COUNT(strict); i++)
        assert_null(rt_json_read(arena, rt_str_from_c(strict[i]), NULL));
    static const char *const lenient[] = { "{\"a\":1,}", "// c\n1", "\xEF\xBB\xBF{}",
                                           "/* c */ [1,]" };
    for (size_t i = 0; i < RT_COUNT(lenient); i++) {
        RtJsonOptions options = { .lenient = true };
        assert_non_null(rt_json_read(arena, rt_str_from_c(lenient[i]), &options));
    }
    RtJsonOptions options = { 0 };
    assert_null(rt_json_read(arena, RT_STR("[1, x]"), &options));
    assert_int_equal(options.error_at, 4);
    assert_non_null(rt_json_read(arena, RT_STR("\"\xFF\""), NULL)); /* Node reads it, too */
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtStr text =
        RT_STR("{\"name\":\"x\",\"scripts\":{\"install\":\"node \\u0061.js\"},\"n\":[1.5,{}]}");
    for (size_t len = 0; len < text.len; len++)
        assert_null(rt_json_read(arena, (RtStr){ text.at, len }, NULL));
    assert_non_null(rt_json_read(arena, text, NULL));
}

static void depth_is_capped(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtText text = { .arena = arena };
    for (int i = 0; i < 20000; i++)
        rt_text_byte(&text, '[');
    for (int i = 0; i < 20000; i++)
        rt_text_byte(&text, ']');
    RtJsonOptions options = { .depth = UINT16_MAX };
    assert_null(rt_json_read(arena, rt_text_str(&text), &options));
    assert_true(options.too_deep);
    options = (RtJsonOptions){ .depth = 2 };
    assert_non_null(rt_json_read(arena, RT_STR("[[1]]"), &options));
    assert_null(rt_json_read(arena, RT_STR("[[[]]]"), &options));
}

static void many_duplicates_are_counted(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtText text = { .arena = arena };
    rt_text_byte(&text, '{');
    for (int i = 0; i < 500; i++)
        rt_text_format(&text, "%s\"k%d\":%d", i > 0 ? "," : "", i % 400, i);
    rt_text_byte(&text, '}');
    RtJsonOptions options = { 0 };
    const RtJson *root = rt_json_read(arena, rt_text_str(&text), &options);
    assert_non_null(root);
    assert_int_equal(options.duplicates, 100);
    assert_true(rt_json_get(root, RT_STR("k7"))->number == 407.0);
}

static void too_large_for_the_arena_is_refused(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(256 * 1024, NULL, NULL);
    RtText text = { .arena = arena };
    rt_text_byte(&text, '[');
    for (int i = 0; i < 10000; i++)
        rt_text_add(&text, RT_STR("0,"));
    rt_text_add(&text, RT_STR("0]"));
    assert_null(rt_json_read(arena, rt_text_str(&text), NULL));
}

static void quoting(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "plain", "\"plain\"" },          { "\"\\\n\t\r", "\"\\\"\\\\\\n\\t\\r\"" },
        { "\x1b[31m", "\"\\u001b[31m\"" }, { "\x7F\xC2\x85", "\"\\u007f\\u0085\"" },
        { "\xE2\x80\xAE", "\"\\u202e\"" }, { "\xF3\xA0\x84\x80", "\"\\udb40\\udd00\"" },
        { "\xC3\xA9", "\"\xC3\xA9\"" },    { "a\xFFz", "\"a\xEF\xBF\xBDz\"" },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtText out = { .arena = arena };
        rt_json_quote(&out, rt_str_from_c(cases[i].from));
        rt_text_byte(&out, 0);
        assert_string_equal((const char *)out.at, cases[i].to);
        out.len--;
        if (rt_utf8_is_valid(rt_str_from_c(cases[i].from))) {
            const RtJson *back = rt_json_read(arena, rt_text_str(&out), NULL);
            assert_non_null(back);
            assert_true(rt_str_equal(back->text, rt_str_from_c(cases[i].from)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(refusals),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(depth_is_capped),
        cmocka_unit_test(many_duplicates_are_counted),
        cmocka_unit_test(too_large_for_the_arena_is_refused),
        cmocka_unit_test(quoting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
