/* escape_test.c - nothing that deceives a terminal, a browser or a reader comes through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/escape.h"

static const char *c_text(RtText *text)
{
    rt_text_byte(text, 0);
    return (const char *)text->at;
}

static void terminal_and_html(void **state)
{
    (void)state;
    static const struct {
        const char *from, *terminal, *html;
    } cases[] = {
        { "a b", "a b", "a b" },
        { "\x1b[2J", "\\x1b[2J", "\\x1b[2J" },
        { "a\nb\tc", "a\\nb\tc", "a\nb\tc" },
        { "\xE2\x80\xAE", "\\u{202e}", "\\u{202e}" },
        { "\xE2\x80\x8B", "\\u{200b}", "\\u{200b}" },
        { "\xF3\xA0\x81\x81", "\\u{e0041}", "\\u{e0041}" },
        { "\xC2\x9B", "\\x9b", "\\x9b" },
        { "\xFF", "\\xff", "\\xff" },
        { "\xEF\xBF\xBF", "\xEF\xBF\xBF", "\\u{ffff}" },
        { "<a href='\"&", "<a href='\"&", "&lt;a href=&#39;&quot;&amp;" },
        { "\xC3\xA9", "\xC3\xA9", "\xC3\xA9" },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtText terminal = { .arena = arena }, html = { .arena = arena };
        rt_escape_terminal(&terminal, rt_str_from_c(cases[i].from), false);
        rt_escape_html(&html, rt_str_from_c(cases[i].from));
        assert_string_equal(c_text(&terminal), cases[i].terminal);
        assert_string_equal(c_text(&html), cases[i].html);
    }
    RtText kept = { .arena = arena };
    rt_escape_terminal(&kept, RT_STR("a\nb\r"), true);
    assert_string_equal(c_text(&kept), "a\nb\\x0d");
    assert_true(rt_str_equal(rt_escaped(arena, RT_STR("\0")), RT_STR("\\x00")));
}

static void defanging(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "http://a.invalid/x.js", "hxxp://a[.]invalid/x.js" },
        { "HTTPS://a.b.invalid?q=c.d", "hxxpS://a[.]b[.]invalid?q=c.d" },
        { "a.invalid", "a[.]invalid" },
        { "", "" },
        { "wss://a.invalid", "wxss://a[.]invalid" },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtText out = { .arena = arena };
        rt_defang(&out, rt_str_from_c(cases[i].from));
        assert_string_equal(c_text(&out), cases[i].to);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminal_and_html),
        cmocka_unit_test(defanging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
