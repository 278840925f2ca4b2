/* registry_test.c - whom content may be asked of, and which credential goes with what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/registry.h"

static RtArena *arena_of(void) { return rt_arena_open(64 << 20, NULL, NULL); }

static void same(RtStr got, const char *wanted, const char *what)
{
    if (!rt_str_equal(got, rt_str_from_c(wanted)))
        fail_msg("%s: %.*s, not %s", what, RT_FMT(got), wanted);
}

static void origins(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "https://H.invalid/x", "https://h.invalid" },
        { "https://h.invalid:443/x", "https://h.invalid" },
        { "http://h.invalid:80", "http://h.invalid" },
        { "http://h.invalid:443/", "http://h.invalid:443" },
        { "https://h.invalid?x", "https://h.invalid" },
        { "https://user@h.invalid/", "" },
        { "https://a.invalid@b.invalid/", "" },
        { "https://h.invalid\\@b.invalid/", "" },
        { "https://h.invalid/a b", "" },
        { "https://h.invalid/\n", "" },
        { "file:///etc/passwd", "" },
        { "ftp://h.invalid/", "" },
        { "//h.invalid/", "" },
        { "https://", "" },
        { "https:///x", "" },
        { "", "" },
    };
    RT_ARENA arena = arena_of();
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        same(rt_url_origin(arena, rt_str_from_c(cases[i][0])), cases[i][1], cases[i][0]);
}

static void joins(void **state)
{
    (void)state;
    static const char base[] = "https://h.invalid/root/simple/name/";
    static const char *const cases[][2] = {
        { "x.whl", "https://h.invalid/root/simple/name/x.whl" },
        { "./x.whl", "https://h.invalid/root/simple/name/x.whl" },
        { "../../files/x.whl", "https://h.invalid/root/files/x.whl" },
        { "../../../../../x.whl", "https://h.invalid/x.whl" },
        { "/x.whl", "https://h.invalid/x.whl" },
        { "//o.invalid/x.whl", "https://o.invalid/x.whl" },
        { "https://o.invalid/x.whl", "https://o.invalid/x.whl" },
        { "javascript:alert(1)", "https://h.invalid/root/simple/name/javascript:alert(1)" },
        { "file:///etc/passwd", "" },
        { "a b", "" },
        { "", "" },
    };
    RT_ARENA arena = arena_of();
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        same(rt_url_join(arena, rt_str_from_c(base), rt_str_from_c(cases[i][0])), cases[i][1],
             cases[i][0]);
    same(rt_url_join(arena, RT_STR("https://h.invalid"), RT_STR("x")), "https://h.invalid/x", "x");
}

static const char *variable(const char *name)
{
    return strcmp(name, "TOKEN") == 0 ? "from-the-environment" : NULL;
}

static void npmrc(void **state)
{
    (void)state;
    RT_ARENA arena = arena_of();
    RtRegistries registries = { .arena = arena, .variable = variable };
    rt_registry_read_npmrc(
        &registries, RT_STR("; words\nregistry = https://r.invalid/npm\n"
                            "@acme:registry=https://acme.invalid/\n"
                            "//r.invalid/npm/:_authToken=${TOKEN}\n"
                            "//r.invalid/:_authToken=${OTHER}\n"
                            "//acme.invalid/:username=bot\n//acme.invalid/:_password=cGFzcw==\n"
                            "//odd.invalid/:_authToken=a\rb\n//:_authToken=x\nnonsense\n="));
    same(rt_registry_for(&registries, "npm", RT_STR("left")), "https://r.invalid/npm/", "registry");
    same(rt_registry_for(&registries, "npm", RT_STR("@acme/x")), "https://acme.invalid/", "scope");
    same(rt_registry_for(&registries, "npm", RT_STR("@other/x")), "https://r.invalid/npm/",
         "other");
    same(rt_registry_for(&registries, "pypi", RT_STR("left")), "", "another client");
    same(rt_registry_header(&registries, RT_STR("https://r.invalid/npm/left/-/l.tgz")),
         "Authorization: Bearer from-the-environment", "the longest place");
    same(rt_registry_header(&registries, RT_STR("https://r.invalid/x")),
         "Authorization: Bearer ${OTHER}", "an unknown variable");
    same(rt_registry_header(&registries, RT_STR("https://acme.invalid/x")),
         "Authorization: Basic Ym90OnBhc3M=", "user and password");
    same(rt_registry_header(&registries, RT_STR("https://r.invalid.evil.invalid/npm/x")), "",
         "another host");
    same(rt_registry_header(&registries, RT_STR("https://r.invalid:8443/npm/x")), "", "a port");
    same(rt_registry_header(&registries, RT_STR("https://odd.invalid/x")), "", "a broken header");
    assert_true(rt_registry_may(&registries, "npm", RT_STR("https://r.invalid/anything")));
    assert_false(rt_registry_may(&registries, "npm", RT_STR("http://r.invalid/npm/x")));
    assert_false(rt_registry_may(&registries, "npm", RT_STR("https://odd.invalid/x")));
    assert_false(rt_registry_may(&registries, "pypi", RT_STR("https://r.invalid/x")));
    assert_false(rt_registry_add(&registries, "npm", RT_STR(""), RT_STR("file:///x")));
}

static void settings(void **state)
{
    (void)state;
    RT_ARENA arena = arena_of();
    const RtSetting all[] = {
        { RT_STR("pip"), RT_STR("extra-index"), RT_STR("https://extra.invalid/"), RT_STR(""), 1,
          true },
        { RT_STR("pip"), RT_STR("index"), RT_STR("https://u:p%40w@i.invalid/simple"), RT_STR(""), 1,
          true },
        { RT_STR("npm"), RT_STR("registry"), RT_STR("https://project.invalid/"), RT_STR(""), 1,
          false },
        { RT_STR("npm"), RT_STR("@acme:registry"), RT_STR("https://x:y@known.invalid/npm/"),
          RT_STR(""), 1, false },
    };
    RtProject project = { .settings = all, .setting_count = RT_COUNT(all) };
    RtRegistries registries = { .arena = arena };
    rt_registry_read_npmrc(&registries, RT_STR("//known.invalid/npm/:_auth=dTpw\n"));
    rt_registry_take_settings(&registries, &project);
    same(rt_registry_for(&registries, "pypi", RT_STR("a")), "https://i.invalid/simple/", "index");
    same(rt_registry_header(&registries, RT_STR("https://i.invalid/files/a")),
         "Authorization: Basic dTpwQHc=", "the index's user");
    assert_true(rt_registry_may(&registries, "pypi", RT_STR("https://extra.invalid/a")));
    same(rt_registry_for(&registries, "npm", RT_STR("left")), "", "the project's own registry");
    same(rt_registry_for(&registries, "npm", RT_STR("@acme/x")), "https://known.invalid/npm/",
         "the project's scope on a known host");
    same(rt_registry_header(&registries, RT_STR("https://known.invalid/npm/x")),
         "Authorization: Basic dTpw", "with the person's credential, not the project's");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origins),
        cmocka_unit_test(joins),
        cmocka_unit_test(npmrc),
        cmocka_unit_test(settings),
    };
    return cmocka_run_group_tests_name("registries", tests, NULL, NULL);
}
