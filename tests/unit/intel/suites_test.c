/* suites_test.c - the public suites of others, where they can be had: purl-spec's cases
 * (RATTER_PURL_SPEC names a checkout's tests folder) and the orders of versions that osv-scanner
 * carries (RATTER_VERSION_CASES names its internal/semantic/fixtures). They are not ours to ship;
 * tests/validators/run fetches the second and runs this. Each disagreement stands here with its
 * reason; one more fails, and so does one that has gone. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "intel/purl.h"
#include "intel/versions.h"

typedef struct {
    const char *where, *what, *why;
} Disagreement;

typedef struct {
    RtArena *arena;
    const Disagreement *known;
    size_t known_count;
    bool seen[64];
    size_t right, excused, wrong;
} Suite;

static void count(Suite *suite, bool agrees, RtStr where, RtStr what)
{
    if (agrees) {
        suite->right++;
        return;
    }
    for (size_t i = 0; i < suite->known_count; i++)
        if (rt_str_equal(where, rt_str_from_c(suite->known[i].where)) &&
            rt_str_equal(what, rt_str_from_c(suite->known[i].what))) {
            suite->seen[i] = true;
            suite->excused++;
            return;
        }
    print_message("# disagrees: %.*s: %.*s\n", RT_FMT(where), RT_FMT(what));
    suite->wrong++;
}

static void close_suite(Suite *suite, const char *name)
{
    size_t gone = 0;
    assert_true(suite->known_count <= RT_COUNT(suite->seen));
    for (size_t i = 0; i < suite->known_count; i++)
        if (!suite->seen[i]) {
            print_message("# no more a disagreement: %s: %s\n", suite->known[i].where,
                          suite->known[i].what);
            gone++;
        }
    print_message("# %s: %zu of %zu cases agree\n", name, suite->right,
                  suite->right + suite->excused + suite->wrong);
    assert_true(suite->right > 500);
    assert_int_equal(suite->wrong + gone, 0);
    rt_arena_close(suite->arena);
}

static RtStr read_file(RtArena *arena, const char *folder, const char *name)
{
    char path[4096];
    assert_true((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    RtText text = { .arena = arena };
    uint8_t part[65536];
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;)
        rt_text_add(&text, (RtStr){ part, got });
    fclose(file);
    return rt_text_str(&text);
}

/* ---- purl-spec: tests/spec and tests/types, each {"tests": [{"test_type", "input", …}]} */

/* Why we differ. */
#define EXTENSION_IDS "the form of an extension's id is not checked: look-ups compare it whole"
#define GIT_NAMES     "the case wants a name with a slash, or lower case that servers tell apart"
#define UPPER_KEYS    "the specification lowers the keys of qualifiers; only this case refuses them"
#define JULIA_ID      "a julia package without uuid is looked up by its name all the same"

static const Disagreement purl_known[] = {
    { "chrome-extension-test.json parse", "invalid chrome purl (name: invalid characters)",
      EXTENSION_IDS },
    { "chrome-extension-test.json parse", "invalid chrome purl (name: wrong length)",
      EXTENSION_IDS },
    { "chrome-extension-test.json parse", "invalid chrome purl (version: too many segments)",
      EXTENSION_IDS },
    { "chrome-extension-test.json parse", "invalid chrome purl (version: invalid characters)",
      EXTENSION_IDS },
    { "git-test.json validate",
      "git namespace and name should be lowercased. Validate an input purl.", GIT_NAMES },
    { "git-test.json parse", "Parse test for PURL type: git", GIT_NAMES },
    { "git-test.json build", "Build test  for PURL type: git", GIT_NAMES },
    { "gem-test.json parse", "Ruby gems can use qualifiers", UPPER_KEYS },
    { "rpm-test.json parse", "rpm often use qualifiers", UPPER_KEYS },
    { "julia-test.json parse", "invalid julia purl for package without uuid", JULIA_ID },
};

static RtPurl purl_of(const RtJson *parts)
{
    RtPurl purl = { .type = rt_json_text(parts, RT_STR("type")),
                    .namespace_ = rt_json_text(parts, RT_STR("namespace")),
                    .name = rt_json_text(parts, RT_STR("name")),
                    .version = rt_json_text(parts, RT_STR("version")),
                    .subpath = rt_json_text(parts, RT_STR("subpath")) };
    const RtJson *qualifiers = rt_json_get(parts, RT_STR("qualifiers"));
    for (size_t i = 0; qualifiers && i < qualifiers->count && i < RT_PURL_QUALIFIERS; i++)
        if (qualifiers->kind == RT_JSON_OBJECT)
            purl.qualifiers[purl.qualifier_count++] =
                (RtPurlQualifier){ qualifiers->keys[i], qualifiers->items[i].text };
    return purl;
}

static bool same_purl(const RtPurl *a, const RtPurl *b)
{
    bool same = rt_str_equal(a->type, b->type) && rt_str_equal(a->namespace_, b->namespace_) &&
                rt_str_equal(a->name, b->name) && rt_str_equal(a->version, b->version) &&
                rt_str_equal(a->subpath, b->subpath) && a->qualifier_count == b->qualifier_count;
    for (size_t i = 0; same && i < a->qualifier_count; i++) {
        bool found = false;
        for (size_t j = 0; j < b->qualifier_count; j++)
            found |= rt_str_equal(a->qualifiers[i].key, b->qualifiers[j].key) &&
                     rt_str_equal(a->qualifiers[i].value, b->qualifiers[j].value);
        same = found;
    }
    return same;
}

/* parse: text to parts; build: parts to text; validate: text to canonical text. */
static bool purl_agrees(RtArena *arena, const RtJson *test)
{
    RtStr type = rt_json_text(test, RT_STR("test_type")), text;
    const RtJson *input = rt_json_get(test, RT_STR("input"));
    const RtJson *expected = rt_json_get(test, RT_STR("expected_output"));
    const RtJson *failure = rt_json_get(test, RT_STR("expected_failure"));
    bool fails = failure && failure->truth;
    RtPurl purl = { 0 };
    if (rt_str_equal(type, RT_STR("build"))) {
        purl = purl_of(input);
        bool built = rt_purl_text(arena, &purl, &text);
        return fails ? !built : built && rt_str_equal(text, expected->text);
    }
    bool read = rt_purl_read(arena, input->text, &purl);
    if (fails || !read)
        return fails != read;
    if (rt_str_equal(type, RT_STR("parse"))) {
        RtPurl wanted = purl_of(expected);
        return same_purl(&purl, &wanted);
    }
    assert_true(rt_str_equal(type, RT_STR("validate")));
    return rt_purl_text(arena, &purl, &text) && rt_str_equal(text, expected->text);
}

static void purl_folder(Suite *suite, const char *folder)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        assert_true((size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) <
                    sizeof path);
        if (entry->d_type == DT_DIR)
            purl_folder(suite, path);
        if (!rt_str_ends(rt_str_from_c(entry->d_name), RT_STR("-test.json")))
            continue;
        const RtJson *tests = rt_json_get(
            rt_json_read(suite->arena, read_file(suite->arena, folder, entry->d_name), NULL),
            RT_STR("tests"));
        assert_non_null(tests);
        for (size_t i = 0; i < tests->count; i++) {
            const RtJson *test = &tests->items[i];
            RtText where = { .arena = suite->arena };
            rt_text_format(&where, "%s %.*s", entry->d_name,
                           RT_FMT(rt_json_text(test, RT_STR("test_type"))));
            count(suite, purl_agrees(suite->arena, test), rt_text_str(&where),
                  rt_json_text(test, RT_STR("description")));
        }
    }
    closedir(dir);
}

static void purl_spec(void **state)
{
    (void)state;
    const char *folder = getenv("RATTER_PURL_SPEC");
    if (!folder || !folder[0])
        skip();
    Suite suite = { .arena = rt_arena_open(256 << 20, NULL, NULL),
                    .known = purl_known,
                    .known_count = RT_COUNT(purl_known) };
    purl_folder(&suite, folder);
    close_suite(&suite, "purl-spec");
}

/* ---- orders of versions: lines "a < b" */

#define MAVEN_39   "Maven 3.9 reads .word as -word (MNG-7644); the list is from before"
#define PADDED     "Composer pads to four numbers before it compares"
#define WORDS      "Composer ranks its words whatever their case, and does not know post"
#define NO_VERSION "PHP's special # is in no version that Composer takes"

static const Disagreement version_known[] = {
    { "composer", "1.0.0 > 1.0", PADDED },
    { "composer", "1.2.3.# = 1.2.3", NO_VERSION },
    { "composer", "1.2.3.# = 1.2.3.1", NO_VERSION },
    { "composer", "1.2.3.#.1 > 1.2.3", NO_VERSION },
    { "composer", "1.2.3.#.p3 > 1.2.3", NO_VERSION },
    { "composer", "v3.0 < v3.0.0-beta", PADDED },
    { "composer", "v3.4 < v3.4.0-alpha", PADDED },
    { "composer", "v1.9.0-ALPHA.1 = v1.9.0-BETA.1", WORDS },
    { "composer", "v1.9.0-BETA.1 < v1.9.0-ALPHA.2", WORDS },
    { "composer", "v1.9.0-ALPHA.2 = v1.9.0-BETA.2", WORDS },
    { "composer", "3.0.0b1 < 3.0.0b1.post1", WORDS },
    { "composer", "3.0.0b2 < 3.0.0b2.post1", WORDS },
    { "composer", "3.1.0 < 3.1.0.post1", WORDS },
    { "composer", "3.2.0rc1 < 3.2.0rc1.post1", WORDS },
    { "composer", "3.5.2 < 3.5.2.post1", WORDS },
    { "composer", "v4.4 < v4.4.0-beta", PADDED },
    { "composer", "v6.5 < v6.5.0-beta-0", PADDED },
    { "composer", "v6.6 < v6.6.0-beta", PADDED },
    { "maven", "1.0.0-RC16 < 1.0.0.RC8-beta", MAVEN_39 },
    { "maven", "1.0.0-gradle-rework-beta3 < 1.0.0.RC7-3", MAVEN_39 },
    { "maven", "2.9.0-1 < 2.9.0.RC1", MAVEN_39 },
    { "maven", "3.6.2.FL.20090615 < 3.6.2-FL-2009-05-11", MAVEN_39 },
    { "maven", "6.1.12.rc5 < 6.1.12rc1", MAVEN_39 },
    { "maven", "1.1.31.sec10 < 1.1.31_noneautotype", MAVEN_39 },
    { "maven", "1.1.34.sec10 < 1.1.34_noneautotype", MAVEN_39 },
    { "maven", "1.1.46.sec10 < 1.1.46_noneautotype", MAVEN_39 },
    { "maven", "1.2.8.sec10_noneautotype < 1.2.8_noneautotype", MAVEN_39 },
    { "maven", "1.2.31.sec10 < 1.2.31_noneautotype", MAVEN_39 },
    { "maven", "1.2.48.sec10 < 1.2.48_noneautotype", MAVEN_39 },
    { "maven", "1.2.50.sec10 < 1.2.50_noneautotype", MAVEN_39 },
    { "maven", "1.2.54.sec10 < 1.2.54_noneautotype", MAVEN_39 },
    { "maven", "1.2.57.sec10 < 1.2.57_noneautotype", MAVEN_39 },
    { "maven", "1.2.60.sec10 < 1.2.60_noneautotype", MAVEN_39 },
    { "maven", "1.2.67.sec10 < 1.2.67_noneautotype", MAVEN_39 },
    { "maven", "1.0.0rc0 < 1.0.beta8", MAVEN_39 },
    { "maven", "1.5.9.RC1 < 1.5.9-RC0", MAVEN_39 },
    { "maven", "3.5.0-CR-2 < 3.5.0.Beta-1", MAVEN_39 },
    { "maven", "2.0GA < 2.0_rc9", MAVEN_39 },
    { "maven", "1.1.0-01-glassfish < 1.1.0.Beta1", MAVEN_39 },
};

static int sign(int value) { return (value > 0) - (value < 0); }

static void version_file(Suite *suite, const char *folder, const char *name, RtStr type)
{
    RtStr rest = read_file(suite->arena, folder, name), line;
    while (rt_str_next(&rest, '\n', &line)) {
        line = rt_str_trim(line);
        size_t first = rt_str_find_byte(line, ' '), last = rt_str_rfind_byte(line, ' ');
        if (line.len == 0 || line.at[0] == '#' || rt_str_starts(line, RT_STR("//")) ||
            first == RT_NOT_FOUND || last <= first + 1)
            continue;
        RtStr a = rt_str_sub(line, 0, first), b = rt_str_from(line, last + 1);
        uint8_t order = line.at[first + 1];
        int wanted = order == '<' ? -1 : order == '>' ? 1 : 0;
        bool agrees = sign(rt_version_compare(type, a, b)) == wanted &&
                      sign(rt_version_compare(type, b, a)) == -wanted;
        count(suite, agrees, type, line);
    }
}

static void version_orders(void **state)
{
    (void)state;
    const char *folder = getenv("RATTER_VERSION_CASES");
    if (!folder || !folder[0])
        skip();
    static const char *const types[][2] = {
        { "maven", "maven" }, { "nuget", "nuget" },  { "packagist", "composer" },
        { "pypi", "pypi" },   { "rubygems", "gem" }, { "semver", "npm" },
    };
    Suite suite = { .arena = rt_arena_open(256 << 20, NULL, NULL),
                    .known = version_known,
                    .known_count = RT_COUNT(version_known) };
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));)
        for (size_t i = 0; i < RT_COUNT(types); i++)
            if (rt_str_starts(rt_str_from_c(entry->d_name), rt_str_from_c(types[i][0])))
                version_file(&suite, folder, entry->d_name, rt_str_from_c(types[i][1]));
    closedir(dir);
    close_suite(&suite, "orders of versions");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(purl_spec),
        cmocka_unit_test(version_orders),
    };
    return cmocka_run_group_tests_name("public suites", tests, NULL, NULL);
}
