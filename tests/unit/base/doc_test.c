/* doc_test.c - YAML trees: lines, what is refused and what a caller may allow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/doc.h"

enum { LIMIT = 64 << 20 };

static const RtDoc *read_one(RtArena *arena, const char *text, const RtDocOptions *options,
                             RtDocFault *fault)
{
    return rt_doc_read_yaml(arena, rt_str_from_c(text), options, fault);
}

static void lines(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtDocFault fault = { 0 };
    const RtDoc *doc = read_one(arena, "a: 1\nb:\n  - x\n  - {c: d}\n", NULL, &fault);
    assert_non_null(doc);
    assert_true(rt_str_equal(rt_doc_text(doc, RT_STR("a")), RT_STR("1")));
    const RtDoc *list = rt_doc_get(doc, RT_STR("b"));
    assert_int_equal(list->count, 2);
    assert_int_equal(list->items[1].line, 4);
    assert_null(rt_doc_get(list, RT_STR("a")));
    assert_int_equal(rt_doc_text(doc, RT_STR("b")).len, 0);
}

static void refusals(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    static const char *const bad[] = {
        "",           "a: &x 1\nb: *x\n", "a: !!str 1\n",  "a: 1\na: 2\n", "a: 1\n---\nb: 2\n",
        "a: [1, 2\n", "? [a]\n: 1\n",     "a: *nothing\n",
    };
    for (size_t i = 0; i < RT_COUNT(bad); i++) {
        RtDocFault fault = { 0 };
        assert_null(read_one(arena, bad[i], NULL, &fault));
        assert_true(fault.text.len > 0);
    }
}

static void what_a_caller_may_allow(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtDocFault fault = { 0 };
    RtDocOptions options = { .keep_duplicates = true, .many = true };
    const RtDoc *doc = read_one(arena, "a: 1\na: 2\n---\nb: 3\n", &options, &fault);
    assert_non_null(doc);
    assert_int_equal(doc->count, 2);
    assert_int_equal(doc->items[0].count, 2);
    assert_true(rt_str_equal(rt_doc_text(&doc->items[0], RT_STR("a")), RT_STR("2")));
    options = (RtDocOptions){ .nodes = 3 };
    assert_null(read_one(arena, "[1, 2, 3]", &options, &fault));
}

/* The duplicate among many keys is found, without comparing each with each. */
static void many_keys(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtText text = { .arena = arena };
    for (int i = 0; i < 40000; i++)
        rt_text_format(&text, "k%d: 1\n", i);
    RtDocFault fault = { 0 };
    assert_non_null(rt_doc_read_yaml(arena, rt_text_str(&text), NULL, &fault));
    rt_text_format(&text, "k7: 1\n");
    assert_null(rt_doc_read_yaml(arena, rt_text_str(&text), NULL, &fault));
    assert_int_equal(fault.line, 40001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(refusals),
        cmocka_unit_test(what_a_caller_may_allow),
        cmocka_unit_test(many_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
