/* versions_test.c - orders, sets, names, times and purls, as tables of cases. The public suites
 * (osv-scalibr's, purl-spec's) are not ours to ship; docs/INTEL.md says how they came out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "intel/intel.h"
#include "intel/names.h"
#include "intel/purl.h"
#include "intel/versions.h"

static void orders(void **state)
{
    (void)state;
    static const struct {
        const char *type, *a, *order, *b;
    } cases[] = {
        { "npm", "1.0.0", "<", "1.0.1" },
        { "npm", "1.0.0-rc.1", "<", "1.0.0" },
        { "npm", "1.0.0-alpha.9", "<", "1.0.0-alpha.10" },
        { "npm", "1.0.0-1", "<", "1.0.0-a" },
        { "npm", "v1.2.3", "=", "1.2.3+build" },
        { "npm", "1.0.0-BETA", "<", "1.0.0-beta" },
        { "nuget", "1.0.0-BETA", "=", "1.0.0-beta" },
        { "golang", "v0.0.0-20200101000000-abc", "<", "v0.0.1" },
        { "npm", "99999999999999999999999999.0.0", ">", "9.0.0" },
        { "pypi", "1.0", "=", "1.0.0" },
        { "pypi", "1.0.dev1", "<", "1.0a1" },
        { "pypi", "1.0a1", "<", "1.0b1" },
        { "pypi", "1.0rc1", "<", "1.0" },
        { "pypi", "1.0", "<", "1.0.post1" },
        { "pypi", "1.0", "<", "1.0+local.1" },
        { "pypi", "1!0.1", ">", "2022.1" },
        { "pypi", "1.0-1", "=", "1.0.post1" },
        { "pypi", "not a version", "<", "0" },
        { "gem", "1.0.0.pre", "<", "1.0.0" },
        { "gem", "1.0", "=", "1.0.0" },
        { "gem", "1.0.a10", ">", "1.0.a9" },
        { "gem", "1.0-1", "<", "1.0" },
        { "maven", "1", "=", "1.0.0" },
        { "maven", "1-alpha", "<", "1-beta" },
        { "maven", "1-rc", "<", "1-snapshot" },
        { "maven", "1-snapshot", "<", "1" },
        { "maven", "1", "<", "1-sp" },
        { "maven", "1-sp", "<", "1-foo" },
        { "maven", "1-foo", "<", "1-1" },
        { "maven", "1-1", "<", "1.1" },
        { "maven", "1.0.RC2", "<", "1.0-RC3" },
        { "maven", "1-ga", "=", "1-final" },
        { "composer", "1.0.0-beta", "<", "1.0.0-RC1" },
        { "composer", "1.0.0-dev", "<", "1.0.0-alpha" },
        { "composer", "v1.0.0", "=", "1.0.0.0" },
        { "composer", "1.0.0", "<", "1.0.0-patch1" },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr type = rt_str_from_c(cases[i].type);
        RtStr a = rt_str_from_c(cases[i].a), b = rt_str_from_c(cases[i].b);
        int there = rt_version_compare(type, a, b), back = rt_version_compare(type, b, a);
        int wanted = cases[i].order[0] == '<' ? -1 : cases[i].order[0] == '>';
        if ((there > 0) - (there < 0) != wanted || (back > 0) - (back < 0) != -wanted)
            fail_msg("%s: %s %s %s, got %d and %d", cases[i].type, cases[i].a, cases[i].order,
                     cases[i].b, there, back);
    }
}

/* An order that contradicts itself would make ranges depend on who asks: every pair both ways, and
 * every triple in a row, over texts that are no versions as well. */
static void orders_hold_together(void **state)
{
    (void)state;
    static const char *const types[] = { "npm", "pypi", "gem", "maven", "composer", "nuget" };
    static const char *const texts[] = { "",      "0",     "1",    "1.0",   "1.0-a",  "1.0.a1",
                                         "1a",    "-",     "..",   "v",     "1..2",   "1.0+x",
                                         "1!2",   "a.b",   "1_0",  "1.0rc", "1.0.0-", "dev-main",
                                         "1.sp",  "1-sp-", "01",   "1.00",  "x1y2",   "\xff\x01",
                                         "1.0-1", "1.0.1", "final" };
    for (size_t t = 0; t < RT_COUNT(types); t++)
        for (size_t i = 0; i < RT_COUNT(texts); i++)
            for (size_t k = 0; k < RT_COUNT(texts); k++) {
                RtStr type = rt_str_from_c(types[t]);
                RtStr a = rt_str_from_c(texts[i]), b = rt_str_from_c(texts[k]);
                int there = rt_version_compare(type, a, b), back = rt_version_compare(type, b, a);
                if ((there > 0) - (there < 0) != (back < 0) - (back > 0) || (i == k && there != 0))
                    fail_msg("%s: '%s' and '%s': %d and %d", types[t], texts[i], texts[k], there,
                             back);
            }
}

static void sets(void **state)
{
    (void)state;
    static const struct {
        const char *type, *set, *version;
        bool has;
    } cases[] = {
        { "npm", "", "1.2.3", true },
        { "npm", "1.0.1|1.0.2", "1.0.2", true },
        { "npm", "1.0.1|1.0.2", "1.0.3", false },
        { "npm", ">=1.0.0 <2.0.0", "1.9.9", true },
        { "npm", ">=1.0.0 <2.0.0", "2.0.0", false },
        { "npm", ">=1.0.0 <=2.0.0", "2.0.0", true },
        { "npm", "<2.0.0", "0.0.1", true },
        { "npm", ">=3", "2.9.9", false },
        { "npm", "0.1.0|>=3", "3.0.0", true },
        { "pypi", "1.0", "1.0.0", true },
        { "composer", "dev-main", "dev-main", true },
        { "composer", "dev-main", "dev-master", false },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        if (rt_versions_have(rt_str_from_c(cases[i].type), rt_str_from_c(cases[i].set),
                             rt_str_from_c(cases[i].version)) != cases[i].has)
            fail_msg("%s in \"%s\"", cases[i].version, cases[i].set);
}

static void purls(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical, *package; /* NULL: is none */
    } cases[] = {
        { "pkg:npm/left-pad@1.3.0", "pkg:npm/left-pad@1.3.0", "left-pad" },
        { "pkg:npm/%40scope/x@1.0.0", "pkg:npm/%40scope/x@1.0.0", "@scope/x" },
        { "pkg:npm/@scope/x", "pkg:npm/%40scope/x", "@scope/x" },
        { "PKG:PyPI/Django_x@1.0", "pkg:pypi/django-x@1.0", "django-x" },
        { "pkg://maven/org.a/b@1?type=jar&classifier=x",
          "pkg:maven/org.a/b@1?classifier=x&type=jar", "org.a:b" },
        { "pkg:golang/Example.invalid/A/B@v1.0.0#/./sub/../dir/",
          "pkg:golang/example.invalid/a/b@v1.0.0#sub/dir", "example.invalid/a/b" },
        { "pkg:npm", NULL, NULL },
        { "pkg:npm/", NULL, NULL },
        { "pkg:/x", NULL, NULL },
        { "pkg:n&m/x", NULL, NULL },
        { "pkg:npm/x?a", NULL, NULL },
        { "pkg:npm/x?a=1&a=2", NULL, NULL },
        { "pkg:maven/x", NULL, NULL },
        { "npm/x", NULL, NULL },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtPurl purl;
        RtStr text = { 0 };
        bool is_purl = rt_purl_read(arena, rt_str_from_c(cases[i].text), &purl);
        if (is_purl != (cases[i].canonical != NULL))
            fail_msg("%s: %s", cases[i].text, is_purl ? "read" : "refused");
        if (!is_purl)
            continue;
        assert_true(rt_purl_text(arena, &purl, &text));
        assert_string_equal(rt_str_c(arena, text), cases[i].canonical);
        assert_string_equal(rt_str_c(arena, rt_purl_package(arena, &purl)), cases[i].package);
    }
    assert_string_equal(
        rt_str_c(arena, rt_purl_of(arena, RT_STR("maven"), RT_STR("org.a:b"), RT_STR("1"))),
        "pkg:maven/org.a/b@1");
}

static void purls_cut_off(void **state)
{
    (void)state;
    static const char whole[] = "pkg:maven/org.a%2/b%41@1%20?type=jar&x=%F&y=#sub/%2e%2e/d";
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t len = 0; len < sizeof whole; len++) {
        uint8_t *exact = rt_arena_take(arena, 1, len + 1); /* ASan sees a read beyond */
        memcpy(exact, whole, len);
        RtPurl purl;
        RtStr text;
        if (rt_purl_read(arena, (RtStr){ exact, len }, &purl))
            (void)rt_purl_text(arena, &purl, &text);
    }
}

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *ecosystem, *name, *type, *kept;
    } cases[] = {
        { "PyPI", "Flask_Login.Ext", "pypi", "flask-login-ext" },
        { "npm", "JSONStream", "npm", "JSONStream" },
        { "crates.io", "Foo_Bar", "cargo", "foo-bar" },
        { "Packagist", "Vendor/Name", "composer", "vendor/name" },
        { "Maven:https://maven.example.invalid", "org.a/b", "maven", "org.a:b" },
        { "Go", "Example.invalid/X", "golang", "example.invalid/x" },
        { "RubyGems", "Rails", "gem", "Rails" },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr type = rt_ecosystem_type(arena, rt_str_from_c(cases[i].ecosystem));
        RtStr name = rt_package_name(arena, type, rt_str_from_c(cases[i].name));
        assert_string_equal(rt_str_c(arena, type), cases[i].type);
        assert_string_equal(rt_str_c(arena, name), cases[i].kept);
    }
}

static void times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        { "1970-01-02", 86400 },
        { "2026-11-21T16:12:00Z", 1795277520 },
        { "2026-11-21T16:12:00.123456Z", 1795277520 },
        { "2026-11-21T17:12:00+01:00", 1795277520 },
        { "2026-13-21", 0 },
        { "2026-11-21T25:00:00Z", 0 },
        { "yesterday", 0 },
        { "2026-11", 0 },
        { "", 0 },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        if (rt_time_read(rt_str_from_c(cases[i].text)) != cases[i].seconds)
            fail_msg("%s", cases[i].text);
    assert_string_equal(rt_str_c(arena, rt_time_text(arena, 1795277520)), "2026-11-21T16:12:00Z");
    assert_string_equal(rt_str_c(arena, rt_time_text(arena, 951782400)), "2000-02-29T00:00:00Z");
}

static void values(void **state)
{
    (void)state;
    static const struct {
        RtIntelKind kind;
        const char *given, *kept; /* NULL: is none */
    } cases[] = {
        { RT_INTEL_DOMAIN, "Bad.Example.INVALID.", "bad.example.invalid" },
        { RT_INTEL_DOMAIN, "bad[.]example[.]invalid", "bad.example.invalid" },
        { RT_INTEL_DOMAIN, "nodot", NULL },
        { RT_INTEL_DOMAIN, "192.0.2.1", NULL },
        { RT_INTEL_DOMAIN, "a b.example", NULL },
        { RT_INTEL_URL, "hxxp://Bad.Example/Path?Q#f", "http://bad.example/Path?Q" },
        { RT_INTEL_IP, "192[.]0[.]2[.]1", "192.0.2.1" },
        { RT_INTEL_IP, "192.0.2.999", NULL },
        { RT_INTEL_IP, "2001:DB8::1", "2001:db8::1" },
        { RT_INTEL_IP_PORT, "192.0.2.1:443", "192.0.2.1:443" },
        { RT_INTEL_IP_PORT, "192.0.2.1:70000", NULL },
        { RT_INTEL_SHA1, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
          "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
        { RT_INTEL_SHA256, "abc", NULL },
        { RT_INTEL_MARKER, " x ", "x" },
        { RT_INTEL_MARKER, "a\nb", NULL },
        { RT_INTEL_MARKER, "\xff\xfe", NULL },
        { RT_INTEL_PACKAGE, "x", NULL }, /* of no ecosystem */
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtIntelEntry entry = { .kind = cases[i].kind, .value = rt_str_from_c(cases[i].given) };
        const char *why = NULL;
        bool good = rt_intel_normalise(arena, &entry, &why);
        if (good != (cases[i].kept != NULL))
            fail_msg("%s: %s", cases[i].given, good ? "kept" : why);
        if (good)
            assert_string_equal(rt_str_c(arena, entry.value), cases[i].kept);
    }
    RtIntelEntry victim = { .role = RT_ROLE_VICTIM,
                            .ecosystem = RT_STR("npm"),
                            .value = RT_STR("x") };
    const char *why = NULL;
    assert_false(rt_intel_normalise(arena, &victim, &why)); /* a victim has versions */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders),        cmocka_unit_test(orders_hold_together),
        cmocka_unit_test(sets),          cmocka_unit_test(purls),
        cmocka_unit_test(purls_cut_off), cmocka_unit_test(names),
        cmocka_unit_test(times),         cmocka_unit_test(values),
    };
    return cmocka_run_group_tests_name("intel.versions", tests, NULL, NULL);
}
