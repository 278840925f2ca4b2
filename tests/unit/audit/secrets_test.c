/* secrets_test.c - what is masked in words that go out, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/audit.h"

static void masks(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "https://user:pass@h.invalid/x", "https://***@h.invalid/x" },
        { "https://t0ken@h.invalid", "https://***@h.invalid" },
        { "see git+https://a:b%40c@h.invalid:8443/x.git#main, too",
          "see git+https://***@h.invalid:8443/x.git#main, too" },
        { "https://a@b:c@h.invalid?x", "https://***@h.invalid?x" },
        { "x::__archiveUrl=https%3A%2F%2Fu%3Ap%40h.invalid%2Fx.tgz",
          "x::__archiveUrl=https%3A%2F%2F***%40h.invalid%2Fx.tgz" },
        { "https://h.invalid/x.tgz?token=abc&y=1", "https://h.invalid/x.tgz?token=***&y=1" },
        { "https://h.invalid/?y=1&X-Amz-Signature=abc#z",
          "https://h.invalid/?y=1&X-Amz-Signature=***#z" },
        { "https://h.invalid/?sv=1&sig=a%2Fb\",", "https://h.invalid/?sv=1&sig=***\"," },
        { "//h.invalid/:_authToken=abc-def", "//h.invalid/:_authToken=***" },
        { "npmAuthToken: \"abc\"", "npmAuthToken: \"***\"" },
        { "key ghp_0123456789abcdefghijABCDEFGHIJ012345.", "key ghp_***." },
        { "https://user:pas", "https://***" }, /* cut */
    };
    RT_ARENA arena = rt_arena_open(1 << 24, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr text = rt_audit_masked(arena, rt_str_from_c(cases[i][0]), 1000);
        if (!rt_str_equal(text, rt_str_from_c(cases[i][1])))
            fail_msg("%s became %.*s", cases[i][0], RT_FMT(text));
        RtStr again = rt_audit_masked(arena, text, 1000);
        if (!rt_str_equal(text, again))
            fail_msg("%.*s became %.*s", RT_FMT(text), RT_FMT(again));
    }
}

static void leaves(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "git+ssh://git@h.invalid/a/b.git#0123456789abcdef",
        "https://h.invalid:8443/@scope/name/-/name-1.0.0.tgz",
        "http://[::1]:4873/x",
        "https://h.invalid:4873",
        "\"token\": \"^1.0.0\", \"js-tokens\": \"^4.0.0\", \"password\": \"1.0.0\"",
        "\"resolved\": \"https://h.invalid/x.tgz\", \"integrity\": \"sha512-a@b\"",
        "mail me@h.invalid, https://h.invalid/a?b=c&d=e",
        "npm_config_ignore_scripts=true yarn install",
        "pkg:npm/%40scope/name@1.0.0",
        "https://h.invalid/x.whl#sha256=0123456789",
        "://",
        "%3A%2F%2F",
        "?",
        "&token=",
        "_authToken",
        "ghp_",
        "",
    };
    RT_ARENA arena = rt_arena_open(1 << 24, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr text = rt_audit_masked(arena, rt_str_from_c(cases[i]), 1000);
        if (!rt_str_equal(text, rt_str_from_c(cases[i])))
            fail_msg("%s became %.*s", cases[i], RT_FMT(text));
    }
}

/* However a text is cut, before or by the call, no run of the secret's bytes is shown. */
static void cut(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 26, NULL, NULL);
    RtStr text = RT_STR("see https://user:SECRETSECRET@h.invalid/x?token=SECRETSECRET&a=b "
                        "and https%3A%2F%2Fu:SECRETSECRET%40h and _authToken=SECRETSECRET");
    for (size_t most = 0; most <= text.len; most++) {
        RtStr out = rt_audit_masked(arena, text, most);
        assert_true(out.len <= most);
        assert_false(rt_str_has(out, RT_STR("SE")));
        assert_false(
            rt_str_has(rt_audit_masked(arena, rt_str_sub(text, 0, most), 1000), RT_STR("SE")));
    }
    RtText deep = { .arena = arena };
    rt_text_add(&deep, RT_STR("https://"));
    for (size_t i = 0; i < 100000; i++)
        rt_text_add(&deep, RT_STR("SE"));
    RtStr out = rt_audit_masked(arena, rt_text_str(&deep), 100);
    assert_true(out.len <= 100 && rt_str_starts(out, RT_STR("https://***")));
    RtText many = { .arena = arena }; /* linear: each "://" ends the one before it */
    for (size_t i = 0; i < 300000; i++)
        rt_text_add(&many, RT_STR("a://"));
    assert_true(rt_audit_masked(arena, rt_text_str(&many), many.len).len <= many.len);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks),
        cmocka_unit_test(leaves),
        cmocka_unit_test(cut),
    };
    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
