/* javascript_test.c - source in, facts out: runs javascript.cases, then what a hostile author might
 * send.
 *
 * A case:
 *   === what it shows [file.ts]
 *   source …
 *   ---
 *   [!] kind [arg=text] [arg~part] … [<- kind]      separated by " ; " when there are several
 * arguments
 *   [!] layer text
 * A line holds when some fact of that kind has these arguments (= whole, ~ contains) and, after
 * `<-`, comes from a fact of the other kind by any number of steps. `!` negates.
 * `deferred`/`loaded` among the arguments asks for facts that wait to be called, or do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "facts/languages/javascript_lower.h"
#include "support/fake_sink.h"

extern const RtLanguage rt_language_javascript;

static bool comes_from(const FakeSink *fake, const RtFact *fact, RtFactKind kind, int depth)
{
    for (size_t i = 0; depth < 12 && i < fact->because_count; i++) {
        const RtFact *cause = &fake->facts[fact->because[i]];
        if (cause->kind == kind || comes_from(fake, cause, kind, depth + 1))
            return true;
    }
    return false;
}

static bool argument_holds(const RtFact *fact, RtStr term)
{
    if (rt_str_equal(term, RT_STR("deferred")))
        return fact->deferred;
    if (rt_str_equal(term, RT_STR("loaded")))
        return !fact->deferred;
    size_t at = 0;
    while (at < term.len && term.at[at] != '=' && term.at[at] != '~')
        at++;
    RtStr name = rt_str_sub(term, 0, at), text = rt_str_from(term, at + 1);
    for (size_t i = 0; i < 4; i++) {
        if (!rt_str_equal(rt_fact_arg_name(fact->kind, i), name))
            continue;
        return term.at[at] == '=' ? rt_str_equal(fact->args[i], text)
                                  : rt_str_has(fact->args[i], text);
    }
    fail_msg("no such argument: %.*s", RT_FMT(term));
    return false;
}

static bool fact_holds(const FakeSink *fake, const RtFact *fact, RtStr terms)
{
    while (terms.len) {
        size_t end = rt_str_find(terms, RT_STR(" ; "));
        RtStr term = rt_str_trim(rt_str_sub(terms, 0, end == RT_NOT_FOUND ? terms.len : end));
        terms = end == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(terms, end + 3);
        if (term.len && !argument_holds(fact, term))
            return false;
    }
    (void)fake;
    return true;
}

static bool expectation_holds(const FakeSink *fake, RtStr line)
{
    if (rt_str_starts(line, RT_STR("layer ")))
        return fake_sink_layer_with(fake, rt_str_from(line, 6)) != NULL;
    size_t arrow = rt_str_find(line, RT_STR(" <- "));
    RtFactKind cause = RT_FACT_KINDS, kind;
    if (arrow != RT_NOT_FOUND) {
        assert_true(rt_fact_find(rt_str_trim(rt_str_from(line, arrow + 4)), &cause));
        line = rt_str_trim(rt_str_sub(line, 0, arrow));
    }
    size_t blank = rt_str_find_byte(line, ' ');
    RtStr name = rt_str_sub(line, 0, blank == RT_NOT_FOUND ? line.len : blank);
    RtStr terms = blank == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_trim(rt_str_from(line, blank));
    if (!rt_fact_find(name, &kind))
        fail_msg("no such fact: %.*s", RT_FMT(name));
    for (size_t i = 1; i < fake->fact_count; i++) {
        const RtFact *fact = &fake->facts[i];
        if (fact->kind == kind && fact_holds(fake, fact, terms) &&
            (arrow == RT_NOT_FOUND || comes_from(fake, fact, cause, 0)))
            return true;
    }
    return false;
}

static void print_facts(const FakeSink *fake)
{
    for (size_t i = 1; i < fake->fact_count; i++) {
        const RtFact *fact = &fake->facts[i];
        print_message("    #%zu %.*s", i, RT_FMT(rt_fact_name(fact->kind)));
        for (size_t arg = 0; arg < 4; arg++)
            if (fact->args[arg].len)
                print_message(" ; %.*s=%.*s", RT_FMT(rt_fact_arg_name(fact->kind, arg)),
                              RT_FMT(fact->args[arg]));
        for (size_t k = 0; k < fact->because_count; k++)
            print_message(" #%u", fact->because[k]);
        print_message("%s\n", fact->deferred ? " (deferred)" : "");
    }
}

static size_t run_case(RtStr title, RtStr source, RtStr expected)
{
    RtStr name = RT_STR("index.js");
    size_t bracket = rt_str_rfind_byte(title, '[');
    if (bracket != RT_NOT_FOUND)
        name = rt_str_sub(title, bracket + 1, title.len - bracket - 2);
    FAKE_SINK fake = fake_sink_open(name, source);
    RtLayer layer = fake->layers[1];
    rt_language_javascript.imports(&layer, 1, &fake->sink);
    rt_language_javascript.observe(&layer, 1, &fake->sink);
    size_t failed = 0;
    RtStr line;
    while (rt_str_next(&expected, '\n', &line)) {
        line = rt_str_trim(line);
        bool negated = line.len > 1 && line.at[0] == '!';
        RtStr rest = negated ? rt_str_trim(rt_str_from(line, 1)) : line;
        if (line.len == 0 || expectation_holds(fake, rest) != negated)
            continue;
        print_message("case '%.*s': %.*s\n", RT_FMT(title), RT_FMT(line));
        failed++;
    }
    if (failed)
        print_facts(fake);
    return failed;
}

static RtStr read_cases(RtArena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *bytes = rt_arena_bytes(arena, (size_t)1 << 20);
    size_t len = fread(bytes, 1, (size_t)1 << 20, file);
    fclose(file);
    return (RtStr){ bytes, len };
}

static void cases_give_their_facts(void **state)
{
    (void)state;
    RtArena *arena = rt_arena_open((size_t)8 << 20, NULL, NULL);
    RtStr rest = read_cases(arena, "tests/unit/facts/languages/javascript.cases");
    size_t failed = 0, count = 0;
    for (;;) {
        size_t at = rt_str_find(rest, RT_STR("\n=== "));
        if (at == RT_NOT_FOUND)
            break;
        rest = rt_str_from(rest, at + 5);
        size_t end = rt_str_find(rest, RT_STR("\n=== "));
        RtStr one = rt_str_sub(rest, 0, end == RT_NOT_FOUND ? rest.len : end + 1);
        size_t title = rt_str_find_byte(one, '\n'), rule = rt_str_find(one, RT_STR("\n---\n"));
        assert_true(rule != RT_NOT_FOUND);
        failed += run_case(rt_str_sub(one, 0, title), rt_str_sub(one, title + 1, rule - title),
                           rt_str_from(one, rule + 5));
        count++;
    }
    rt_arena_close(arena);
    assert_true(count > 20);
    assert_int_equal(failed, 0);
}

/* ---- hostile ---- */
static void observe(RtStr text)
{
    FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), text);
    RtLayer layer = fake->layers[1];
    rt_language_javascript.bid(layer.name, text);
    rt_language_javascript.imports(&layer, 1, &fake->sink);
    rt_language_javascript.observe(&layer, 1, &fake->sink);
}

static RtStr repeat(RtArena *arena, const char *piece, size_t count, const char *tail)
{
    RtText text = { .arena = arena };
    for (size_t i = 0; i < count; i++)
        rt_text_add(&text, rt_str_from_c(piece));
    rt_text_add(&text, rt_str_from_c(tail));
    return rt_text_str(&text);
}

static void deep_and_long_code_is_survived(void **state)
{
    (void)state;
    RtArena *arena = rt_arena_open((size_t)256 << 20, NULL, NULL);
    static const struct {
        const char *piece, *tail;
        size_t count;
    } cases[] = {
        { "(", "", 1000000 },
        { "[", "", 60000 },
        { "{", "eval(x)", 60000 },
        { "a=>", "eval(a)", 20000 },
        { "a?b:", "c", 15000 },
        { "`${", "eval(x)", 20000 },
        { "f(", "eval(x)", 30000 },
        { "'a'+", "eval('b')", 15000 },
        { "x.y(1)", ".z()", 10000 },
        { "if(a){}else ", "eval(b)", 5000 },
        { "!", "x", 60000 },
        { "eval(x);", "", 700000 },
        { "<a>", "", 20000 },
        { "var a=1,b='2';", "require('child_process').exec('id')", 400000 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        observe(repeat(arena, cases[i].piece, cases[i].count, cases[i].tail));
    rt_arena_close(arena);
}

static void truncated_code_is_survived(void **state)
{
    (void)state;
    RtStr text = RT_STR(
        "import a, { b as c } from 'd';\nexport default class A extends B { static #x = 1; get y() "
        "{ return "
        "`${this.#x}\\u{41}`; } }\nconst { e = 1, ...f } = g?.[h] ?? /i[/]/u, [j, , k] = l;\n"
        "for await (const m of n()) { try { eval(m) } catch { } finally { o: break o } }\n"
        "switch (p) { case 1: default: q = <r s={t}>{...u}</r> }\n");
    for (size_t len = 0; len <= text.len; len++)
        observe(rt_str_sub(text, 0, len));
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text, *decoded;
    } cases[] = {
        { "abc", "abc" },
        { "\\x41\\u0042\\u{43}", "ABC" },
        { "\\n\\t\\0", "\n\t" },
        { "a\\\nb", "ab" },
        { "\\'\\\"\\\\", "'\"\\" },
        { "\\101", "A" },
        { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
        { "\\uZZ", "uZZ" },
        { "\\x4", "x4" },
        { "\\", "" },
        { "\\q", "q" },
    };
    RtArena *arena = rt_arena_open((size_t)1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr got = rt_javascript_unescape(arena, rt_str_from_c(cases[i].text));
        RtStr want = rt_str_from_c(cases[i].decoded);
        assert_true(rt_str_starts(got, want));
    }
    rt_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_give_their_facts),
        cmocka_unit_test(deep_and_long_code_is_survived),
        cmocka_unit_test(truncated_code_is_survived),
        cmocka_unit_test(escapes_are_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
