/* graphs_test.c - links in every format: hostile names are data, never markup, and what was asked
 * for is what is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/json.h"
#include "report/graphs.h"

/* Ends strings, comments, tags and lines of all five formats; escapes, bidi, bad UTF-8, a link. */
#define EVIL                                                                                       \
    "\"];}\\N<script>alert(1)</script>]]>--><!--\x1b[2J\n\xe2\x80\xae\xff{|\"' &lt; "              \
    "http://e.example.invalid/"

static RtLinks *sample(RtArena *arena, const char *name)
{
    RtStr evil = rt_str_from_c(name);
    RtStr *people = RT_NEW_ARRAY(arena, RtStr, 1);
    people[0] = evil;
    RtLinked *packages = RT_NEW_ARRAY(arena, RtLinked, 3);
    for (size_t i = 0; i < 3; i++)
        packages[i] = (RtLinked){ .path = evil,
                                  .ecosystem = evil,
                                  .name = i == 2 ? RT_STR("") : evil,
                                  .version = evil,
                                  .campaign = evil,
                                  .people = people,
                                  .person_count = 1,
                                  .verdict = RT_VERDICT_MALICIOUS,
                                  .cluster = i < 2 };
    RtLinkSignal *signal = RT_NEW(arena, RtLinkSignal);
    *signal = (RtLinkSignal){ .number = RT_SIGNAL_FILE, .points = 5, .what = evil };
    for (size_t i = 0; i < 2; i++)
        signal->halves[i] =
            (RtLinkHalf){ .says = evil, .file = evil, .line = 3, .phase = RT_WHEN_INSTALL };
    RtLink *links = RT_NEW_ARRAY(arena, RtLink, 2);
    links[0] = (RtLink){ 0, 1, true, RT_CONCLUSIVE, 5, signal, 1 };
    links[1] = (RtLink){ 1, 2, false, RT_WEAK, 2, signal, 1 };
    uint32_t *members = RT_NEW_ARRAY(arena, uint32_t, 2);
    members[1] = 1;
    RtCluster *cluster = RT_NEW(arena, RtCluster);
    *cluster = (RtCluster){ members, 2, RT_CONCLUSIVE };
    RtLinks *all = RT_NEW(arena, RtLinks);
    *all = (RtLinks){ packages, 3, 3, links, 2, cluster, 1, 9 };
    return all;
}

static RtStr written(RtArena *arena, const char *format, const RtLinks *links)
{
    const RtLinkFormat *found = rt_report_graph_find(rt_str_from_c(format));
    assert_non_null(found);
    RtText out = { .arena = arena };
    found->write(&out, links);
    return rt_text_str(&out);
}

static bool has(RtStr text, const char *what) { return rt_str_has(text, rt_str_from_c(what)); }

/* No format lets a control byte, an override of direction or broken UTF-8 through. */
static void nothing_raw_in_any(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    size_t count = 0;
    const RtLinkFormat *const *formats = rt_report_graphs(&count);
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        RtStr text = written(arena, formats[i]->name, sample(arena, EVIL));
        assert_false(has(text, "\x1b"));
        assert_false(has(text, "\xe2\x80\xae"));
        assert_true(rt_utf8_is_valid(text));
        assert_true(text.len > 0 && text.at[text.len - 1] == '\n');
    }
}

static void markup_stays_text(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    static const char *const marked[] = { "html", "graphml" };
    for (size_t i = 0; i < 2; i++) {
        RtStr text = written(arena, marked[i], sample(arena, EVIL));
        assert_false(has(text, "<script"));
        assert_false(has(text, "]]>"));
        assert_false(has(text, "<!--"));
        assert_true(has(text, "&lt;script&gt;"));
        assert_true(has(text, "&amp;lt;"));
    }
    assert_true(has(written(arena, "html", sample(arena, "a")), "default-src 'none'"));
}

/* Every quoted string of the DOT text ends where the writer ended it: outside of strings stand only
 * the words of the language, our own ids and attributes. */
static void dot_strings_hold(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtStr text = written(arena, "dot", sample(arena, EVIL));
    bool inside = false;
    RtText outside = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        if (inside && text.at[i] == '\\')
            i++;
        else if (text.at[i] == '"')
            inside = !inside;
        else if (!inside)
            rt_text_byte(&outside, text.at[i]);
        if (inside)
            assert_int_not_equal(text.at[i], '\n');
    }
    assert_false(inside);
    assert_false(has(rt_text_str(&outside), "script"));
    assert_false(has(rt_text_str(&outside), "alert"));
    assert_true(has(rt_text_str(&outside), "subgraph cluster_1"));
    assert_true(has(rt_text_str(&outside), "p0 -> p1"));
}

static void json_is_json(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    const RtJson *root = rt_json_read(arena, written(arena, "json", sample(arena, EVIL)), NULL);
    assert_non_null(root);
    assert_int_equal(rt_json_get(root, RT_STR("packages"))->count, 3);
    const RtJson *links = rt_json_get(root, RT_STR("links"));
    assert_int_equal(links->count, 2);
    assert_true(
        rt_str_equal(rt_json_text(&links->items[0], RT_STR("level")), RT_STR("conclusive")));
    assert_true(has(rt_json_text(&rt_json_get(root, RT_STR("packages"))->items[0], RT_STR("name")),
                    "<script>"));
}

static void text_tells_both_halves(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtStr text = written(arena, "text", sample(arena, "left"));
    assert_true(has(text, "Cluster 1: 2 packages, conclusive"));
    assert_true(has(text, "left@left -> left@left"));
    assert_true(has(text, "1. left@left left (install) [left:3]"));
    assert_true(has(text, "2. left@left left (install) [left:3]"));
    assert_true(has(text, "In no cluster"));
    assert_true(has(text, "9 likely pairs were left out"));
    assert_false(has(written(arena, "text", sample(arena, EVIL)), "http://e"));
}

/* Nothing at all is a whole document, too. */
static void nothing_is_a_document(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtLinks none = { 0 };
    assert_non_null(rt_json_read(arena, written(arena, "json", &none), NULL));
    assert_true(has(written(arena, "graphml", &none), "</graphml>"));
    assert_true(has(written(arena, "html", &none), "</html>"));
    assert_true(has(written(arena, "dot", &none), "}\n"));
    assert_true(has(written(arena, "text", &none), "0 clusters, 0 links"));
    assert_null(rt_report_graph_find(RT_STR("pdf")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_raw_in_any),     cmocka_unit_test(markup_stays_text),
        cmocka_unit_test(dot_strings_hold),       cmocka_unit_test(json_is_json),
        cmocka_unit_test(text_tells_both_halves), cmocka_unit_test(nothing_is_a_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
