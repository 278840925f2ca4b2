/* javascript_lexer_test.c - tokens, brackets, the two readings of a slash, and what broken text
 * does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "facts/languages/javascript_chunks.h"
#include "facts/languages/javascript_lexer.h"
#include "support/fake_sink.h"

/* One letter per token: w n s t r, and punctuation as it is (`=>` as >). */
static void lex(RtStr text, char *ret, size_t size)
{
    RtJsLexer lexer;
    RtJsToken token;
    size_t count = 0;
    rt_js_lexer_start(&lexer, text, 0);
    while (rt_js_next(&lexer, &token) && count + 1 < size) {
        static const char letters[] = "wnstr";
        ret[count++] = token.kind == RT_JS_PUNCT
                           ? (token.to - token.from == 2 ? '>' : (char)token.first)
                           : letters[token.kind];
    }
    ret[count] = '\0';
}

static void tokens_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *tokens;
    } cases[] = {
        { "", "" },
        { "a.b(1, 'x')", "w.w(n,s)" },
        { "a / b / c", "w/w/w" },
        { "x = /[/'\"]/g.test(y)", "w=r.w(w)" },
        { "return /'/", "wr" },
        { "a.return / 2 / b", "w.w/n/w" },
        { "if (x) /a'b/.test(y); 'z'", "w(w)r.w(w);s" },
        { "f(x) / 2 / 'y'", "w(w)/n/s" },
        { "({a:1}) / 2", "({w:n})/n" },
        { "function f() {} /a\"b/.exec(x)", "ww(){}r.w(w)" },
        { "x = {} / 2 / 3", "w={}/n/n" },
        { "`a${b + `c${d}`}e` + 'f'", "tw+twtt+s" },
        { "`\\``", "t" },
        { "// no 'string\n/* nor \" here */ a", "w" },
        { "'don\nb'", "sws" },
        { "a => b", "w>w" },
        { "1.5e-3 + .5 + 0xff_ffn", "n+n+n" },
        { "\xc3\xa9t\xc3\xa9 = 1", "w=n" },
        { "'a\\'b' \"c\\\\\"", "ss" },
        { "'unclosed", "s" },
        { "`unclosed ${", "t" },
        { "/* unclosed", "" },
        { "a /", "w/" },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        char got[256];
        lex(rt_str_from_c(cases[i].text), got, sizeof got);
        assert_string_equal(got, cases[i].tokens);
    }
}

static void brackets_are_remembered_and_mended(void **state)
{
    (void)state;
    RtJsLexer lexer;
    RtJsToken token;
    RtStr text = RT_STR("f(function(){ g( } ); class A { m() {} } x = {");
    rt_js_lexer_start(&lexer, text, 0);
    size_t deepest = 0;
    while (rt_js_next(&lexer, &token))
        deepest = lexer.depth > deepest ? lexer.depth : deepest;
    assert_int_equal(deepest, 3);
    assert_int_equal(lexer.depth, 1);
    assert_true(rt_js_bracket(&lexer, 1) & RT_JS_OBJECT);
}

/* Any prefix and any run of brackets ends, in linear time. */
static void broken_text_ends(void **state)
{
    (void)state;
    RtStr text =
        RT_STR("const a = `x${b ? /[\\]/]/g : \"\\x41\"}` /* c */ + '\\u{1f600}' // d\n=> {}");
    for (size_t len = 0; len <= text.len; len++) {
        char got[256];
        lex(rt_str_sub(text, 0, len), got, sizeof got);
    }
    FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), RT_STR(""));
    size_t size = (size_t)1 << 20;
    uint8_t *bytes = rt_arena_bytes(fake->sink.arena, size);
    static const char runs[] = "({[`}/<'\"\\$";
    for (size_t i = 0; runs[i]; i++) {
        memset(bytes, runs[i], size);
        RtJsSurvey survey;
        rt_js_survey((RtStr){ bytes, size }, &fake->sink, &survey);
        rt_js_chunks(fake->sink.arena, (RtStr){ bytes, size }, &survey, &fake->sink);
    }
}

static bool chunk_holds(const RtJsChunks *chunks, RtStr text, RtStr needle)
{
    for (size_t i = 0; i < chunks->count; i++) {
        RtStr piece =
            rt_str_sub(text, chunks->chunks[i].from, chunks->chunks[i].to - chunks->chunks[i].from);
        if (rt_str_has(piece, needle))
            return true;
    }
    return false;
}

/* A bundle: what tells is cut out with its surroundings and its definitions, the bulk is not. */
static void chunks_hold_what_tells(void **state)
{
    (void)state;
    FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), RT_STR(""));
    RtText text = { .arena = fake->sink.arena };
    rt_text_add(&text, RT_STR("(function(){\nconst target = 'https://c2.example.invalid/';\n"));
    for (int i = 0; i < 4000; i++)
        rt_text_format(&text, "function filler%d(a, b) { return [a + b, { k: %d }]; }\n", i, i);
    rt_text_add(&text, RT_STR("var table = { one: function () { return 1 }, two(a) { return "
                              "eval(target + a) } };\n"));
    for (int i = 0; i < 4000; i++)
        rt_text_format(&text, "function more%d(a, b) { return a * b; }\n", i);
    rt_text_add(&text, RT_STR("})();\n"));
    RtStr source = rt_text_str(&text);
    RtJsSurvey survey;
    rt_js_survey(source, &fake->sink, &survey);
    RtJsChunks chunks = rt_js_chunks(fake->sink.arena, source, &survey, &fake->sink);
    assert_false(chunks.left_out);
    assert_true(chunk_holds(&chunks, source, RT_STR("eval(target + a)")));
    assert_true(chunk_holds(&chunks, source, RT_STR("const target =")));
    size_t total = 0;
    for (size_t i = 0; i < chunks.count; i++) {
        total += chunks.chunks[i].to - chunks.chunks[i].from;
        assert_true(i == 0 || chunks.chunks[i].from >= chunks.chunks[i - 1].to);
    }
    assert_true(total < 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_told_apart),
        cmocka_unit_test(brackets_are_remembered_and_mended),
        cmocka_unit_test(broken_text_ends),
        cmocka_unit_test(chunks_hold_what_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
