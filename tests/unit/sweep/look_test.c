/* look_test.c - what runs behind the wall: expressions, JSON, npm's records, names of caches; each
 * input cut off at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sweep/look.h"

static RtPlaces *places_of(RtArena *arena, const char *place)
{
    RtPlaces *places = RT_NEW(arena, RtPlaces);
    places->arena = arena;
    RtStr text = rt_str_format(arena,
                               "id: made-up\ntitle: t\nmeans: m\nsources: [s]\nplaces:\n"
                               "  - {id: a, says: b, level: weak, paths: [~/x], %s}\n",
                               place);
    assert_int_equal(rt_place_read(places, RT_STR("made-up.yaml"), text, NULL, NULL), 0);
    places->regexes = rt_regexes_open(places->expressions);
    return places;
}

/* Answers as "line snippet|ecosystem|name|version;". */
static RtStr look(RtArena *arena, const RtPlaces *places, RtStr name, RtStr bytes)
{
    RtLookOut out = { .places = places, .text = { .arena = arena }, .item = 7 };
    rt_look_at(&out, arena, 0, name, bytes);
    RtCursor in = { .rest = rt_text_str(&out.text) };
    RtText said = { .arena = arena };
    size_t count = 0;
    while (in.rest.len != 0) {
        assert_int_equal(rt_take_number(&in, UINT32_MAX), 7);
        assert_int_equal(rt_take_number(&in, UINT32_MAX), 0);
        rt_text_format(&said, "%u ", (unsigned)rt_take_number(&in, UINT32_MAX));
        for (int i = 0; i < 4; i++) {
            RtStr part = rt_take_text(&in);
            assert_true(i != 0 || part.len <= RT_LOOK_SNIPPET);
            rt_text_add(&said, part);
            rt_text_byte(&said, i == 3 ? ';' : '|');
        }
        count++;
        assert_false(in.short_read);
    }
    assert_int_equal(count, out.count);
    return rt_text_str(&said);
}

static const struct {
    const char *place, *name, *bytes, *said;
} cases[] = {
    { "check: text, match: 'b+c'", "x", "aa\n  abbc d\n\nbc", "2 abbc d|||;4 bc|||;" },
    { "check: text, match: 'b+c', unless: 'fine'", "x", "bc\nall is fine\n", "" },
    { "check: text, match: 'b+c'", "x", "", "" },
    { "check: json, keys: ['a.*.b'], match: '^x'", "x",
      "{\"a\": {\"k\": {\"b\": \"xy\"},\n \"l\": [1], \"m\": {\"b\": \"no\"}}}", "1 xy|||;" },
    { "check: json, keys: [a], match: 'true'", "x", "// mine\n{\"a\": true,}", "2 true|||;" },
    { "check: json, keys: [a], match: x", "x", "{\"a\": \"x\"", "" },
    { "check: npm-cache", "x",
      "\nabc\t{\"key\":\"make-fetch-happen:request-cache:https://r.invalid/left-pad/-/"
      "left-pad-1.3.0.tgz\"}\nabc\t{\"key\":\"x:https://r.invalid/@s%2fnode-9/-/"
      "node-9-2.0.0-rc.1.tgz?a=b\"}\nabc\t{\"key\":\"x:https://r.invalid/@s/n/-/n-1.0.0.tgz\"}\n",
      "2 |npm|left-pad|1.3.0;3 |npm|@s/node-9|2.0.0-rc.1;4 |npm|@s/n|1.0.0;" },
    { "check: npm-cache", "x",
      "abc\t{\"key\":\"x:https://r.invalid/a/-/b-1.0.0.tgz\"}\nabc\t.tgz\n", "" },
    { "check: npm-log", "x",
      "0 verbose cli\n19 info run @s/n@1.0.0 postinstall node_modules/@s/n true\n"
      "20 info run @s/n@1.0.0 postinstall { code: 0, signal: null }\n"
      "21 info run n@1.0.0 test x\n3 info lifecycle o@2.0.0~preinstall: o@2.0.0\n",
      "2 19 info run @s/n@1.0.0 postinstall node_modules/@s/n true|npm|@s/n|1.0.0;"
      "5 3 info lifecycle o@2.0.0~preinstall: o@2.0.0|npm|o|2.0.0;" },
    { "check: npm-log", "x", "1 info run @@@ postinstall\n2 info run  postinstall\n info run ",
      "" },
    { "check: cache-names", "c/v6/npm-@s-left-pad-1.3.0-0a1b-integrity", "",
      "0 |npm|@s/left-pad|1.3.0;" },
    { "check: cache-names", "c/left-pad-npm-1.3.0-0a1b-8.zip", "", "0 |npm|left-pad|1.3.0;" },
    { "check: cache-names", "c/@s-pad-npm-1.3.0-rc.1-0a1b-8.zip", "", "0 |npm|@s/pad|1.3.0-rc.1;" },
    { "check: cache-names", "c/0a1b-@s+pad@1.3.0.json", "", "0 |npm|@s/pad|1.3.0;" },
    { "check: cache-names", "c/some_thing-1.2-py3-none-any.whl", "", "0 |pypi|some_thing|1.2;" },
    { "check: cache-names", "x/extensions/pub.some-name-1.2.3-linux-x64", "",
      "0 |vscode-extension|pub.some-name|1.2.3;" },
    { "check: cache-names", "x/extensions/extensions.json", "", "" },
    { "check: cache-names", "x/Extensions/abcdefghijklmnopabcdefghijklmnop/1.2_0", "",
      "0 |chrome-extension|abcdefghijklmnopabcdefghijklmnop|1.2;" },
    { "check: cache-names", "x/Extensions/Temp/1.2_0", "", "" },
    { "check: cache-names", "c/npm--integrity", "", "" },
    { "check: cache-names", "-", "", "" },
};

static void looks(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
        RtPlaces *places = places_of(arena, cases[i].place);
        RtStr bytes = rt_str_from_c(cases[i].bytes), name = rt_str_from_c(cases[i].name);
        RtStr said = look(arena, places, name, bytes);
        if (!rt_str_equal(said, rt_str_from_c(cases[i].said)))
            fail_msg("case %zu: %.*s", i, RT_FMT(said));
        for (size_t len = 0; len <= bytes.len; len++) /* exact copies, so that ASan sees */
            (void)look(arena, places, name, rt_str_copy(arena, rt_str_sub(bytes, 0, len)));
        for (size_t len = 0; len <= name.len; len++)
            (void)look(arena, places, rt_str_copy(arena, rt_str_sub(name, 0, len)), bytes);
        rt_regexes_close(places->regexes);
    }
}

/* Half a megabyte of near-matches: at most so many answers, in linear time. */
static void much_of_it(void **state)
{
    (void)state;
    static const char *const places[] = { "check: text, match: a", "check: npm-log",
                                          "check: npm-cache" };
    static const char *const lines[] = { "a\n", "1 info run a@1 install x\n",
                                         "x\t{\"key\":\"x/a/-/a-1.tgz\"}\n" };
    for (size_t i = 0; i < RT_COUNT(places); i++) {
        RT_ARENA arena = rt_arena_open((size_t)512 << 20, NULL, NULL);
        RtPlaces *made = places_of(arena, places[i]);
        RtText text = { .arena = arena };
        while (text.len < 1 << 19)
            rt_text_add(&text, rt_str_from_c(lines[i]));
        RtLookOut out = { .places = made, .text = { .arena = arena } };
        rt_look_at(&out, arena, 0, RT_STR("x"), rt_text_str(&text));
        assert_int_equal(out.count, i == 0 ? 25 : 5000);
        rt_regexes_close(made->regexes);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks),
        cmocka_unit_test(much_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
