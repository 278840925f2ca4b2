/* linker_test.c - which packages belong together: cases as data, in both orders of arrival. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "link/linker.h"

enum { RESOURCES = 6 };

/* A package in short: name, verdict, and its deeds as "kind deed taint text". */
typedef struct {
    const char *name;
    RtVerdictLevel verdict;
    const char *deeds[RESOURCES];
} Given;

/* The pair that is looked for, its level (RT_NOTE: none), and the signal that decides. */
static const struct {
    const char *what;
    Given packages[4];
    RtFindingLevel level;
    const char *first;
    int signal;
} cases[] = {
    { "a file: token and reader",
      { { "alpha", 0, { "file writes N $HOME/.x/token", "host connects - a.example.invalid" } },
        { "omega", 0, { "file reads SP $HOME/.x/token" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_FILE },
    { "the environment",
      { { "omega", 0, { "env writes N XQ_TOKEN" } }, { "alpha", 0, { "env reads C XQ_TOKEN" } } },
      RT_CONCLUSIVE,
      "omega",
      RT_SIGNAL_NAME },
    { "a global, decoded here",
      { { "alpha", 0, { "global writes D __xq" } }, { "omega", 0, { "global reads C __xq" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_NAME },
    { "a key of the registry",
      { { "alpha", 0, { "registry-key writes N hkcu/software/xq" } },
        { "omega", 0, { "registry-key reads P hkcu/software/xq" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_NAME },
    { "a port",
      { { "omega", 0, { "port listens - 45117", "host connects - a.example.invalid" } },
        { "alpha", 0, { "port connects C 45117" } } },
      RT_CONCLUSIVE,
      "omega",
      RT_SIGNAL_LISTENS },
    { "a package's name",
      { { "alpha", 0, { "host connects - a.example.invalid" } },
        { "omega", 0, { "package requires HC alpha" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_PACKAGE },
    { "downloads, runs",
      { { "alpha", 0, { "file writes N $TMP/x.bin" } },
        { "omega", 0, { "file runs - $TMP/x.bin" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_RUNS },
    { "a token that is exchanged for what is run, in one scope",
      { { "@x/a", 0, { "file writes N $HOME/.x/t" } },
        { "@x/b", 0, { "file reads SP $HOME/.x/t" } } },
      RT_CONCLUSIVE,
      "@x/a",
      RT_SIGNAL_FILE },
    { "a third package that looks on changes nothing",
      { { "alpha", 0, { "file writes N $HOME/.x/token" } },
        { "other", 0, { "file reads - $HOME/.x/token" } },
        { "omega", 0, { "file reads C $HOME/.x/token" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_FILE },
    { "stored and sent elsewhere, not run",
      { { "alpha", 0, { "file writes N $HOME/.x/token" } },
        { "omega", 0, { "file reads S $HOME/.x/token" } } },
      RT_STRONG,
      "alpha",
      RT_SIGNAL_FILE },
    { "installs by a hidden name",
      { { "alpha", 0, { "package installs H omega" } }, { "omega", 0, { "file reads - ./x" } } },
      RT_STRONG,
      "alpha",
      RT_SIGNAL_PACKAGE },
    /* what honest packages do: never above weak */
    { "written here, not fetched",
      { { "alpha", 0, { "file writes - $HOME/.x/c" } },
        { "omega", 0, { "file reads C $HOME/.x/c" } } },
      RT_NOTE,
      NULL,
      0 },
    { "a browser and its driver",
      { { "puppeteer",
          0,
          { "file writes N $HOME/.cache/pup/chrome", "package declares - puppeteer-core" } },
        { "puppeteer-core", 0, { "file runs - $HOME/.cache/pup/chrome" } } },
      RT_WEAK,
      "puppeteer",
      RT_SIGNAL_RUNS },
    { "an engine and its client",
      { { "prisma", 0, { "file writes N $HOME/.cache/engines/q" } },
        { "@prisma/client", 0, { "file reads P $HOME/.cache/engines/q" } } },
      RT_WEAK,
      "prisma",
      RT_SIGNAL_FILE },
    { "a compiler for this platform",
      { { "esbuild",
          0,
          { "file writes N $NM/@esbuild/linux/bin", "package declares - @esbuild/linux" } },
        { "@esbuild/linux", 0, { "file runs - $NM/@esbuild/linux/bin" } } },
      RT_WEAK,
      "esbuild",
      RT_SIGNAL_RUNS },
    { "a login and its library",
      { { "acme-cli", 0, { "file writes N $HOME/.acme/token", "package declares - acme" } },
        { "acme", 0, { "file reads S $HOME/.acme/token" } } },
      RT_WEAK,
      "acme-cli",
      RT_SIGNAL_FILE },
    { "hooks of a repository, by two tools",
      { { "husky", 0, { "file writes - $PROJ/.hooks/pre-commit" } },
        { "lint-staged", 0, { "file runs - $PROJ/.hooks/pre-commit" } } },
      RT_NOTE,
      NULL,
      0 },
    { "a cache of compiled code",
      { { "@babel/register",
          0,
          { "file writes - $HOME/.cache/babel.json", "file reads C $HOME/.cache/babel.json" } },
        { "@babel/node", 0, { "file reads C $HOME/.cache/babel.json" } } },
      RT_NOTE,
      NULL,
      0 },
    { "a socket of a daemon",
      { { "nx", 0, { "port listens - 45118" } }, { "@nx/js", 0, { "port connects - 45118" } } },
      RT_WEAK,
      "nx",
      RT_SIGNAL_LISTENS },
    { "a variable that says where a program is",
      { { "alpha", 0, { "env writes - XQ_BIN" } }, { "omega", 0, { "env reads P XQ_BIN" } } },
      RT_WEAK,
      "alpha",
      RT_SIGNAL_NAME },
    { "a dependency that is declared and loaded",
      { { "alpha", 0, { "package declares - omega", "package installs - omega" } },
        { "omega", 0, { "host connects - a.example.invalid" } } },
      RT_WEAK,
      "alpha",
      RT_SIGNAL_PACKAGE },
    { "one host, nothing found in either",
      { { "alpha", 0, { "host connects - a.example.invalid", "person holds - a@example.invalid" } },
        { "omega",
          0,
          { "host connects - a.example.invalid", "person holds - a@example.invalid" } } },
      RT_NOTE,
      NULL,
      0 },
    { "two versions of one package",
      { { "alpha", 0, { "file writes N $HOME/.x/t" } },
        { "alpha", 0, { "file reads C $HOME/.x/t" } } },
      RT_NOTE,
      NULL,
      0 },
    /* likeness of what is suspicious */
    { "one host and one person, both suspicious",
      { { "alpha",
          RT_VERDICT_MALICIOUS,
          { "host connects - a.example.invalid", "person holds - a@example.invalid" } },
        { "omega",
          RT_VERDICT_SUSPICIOUS,
          { "host connects - a.example.invalid", "person holds - a@example.invalid" } } },
      RT_STRONG,
      "alpha",
      RT_SIGNAL_CONSTANT },
    { "one host alone",
      { { "alpha", RT_VERDICT_MALICIOUS, { "host connects - a.example.invalid" } },
        { "omega", RT_VERDICT_MALICIOUS, { "host connects - a.example.invalid" } } },
      RT_WEAK,
      "alpha",
      RT_SIGNAL_CONSTANT },
    { "one project, and nobody else, asks for both",
      { { "alpha", 0, { "file writes N $HOME/.x/t" } },
        { "lure", 0, { "package declares - alpha", "package declares - omega" } },
        { "omega", 0, { "file reads C $HOME/.x/t" } } },
      RT_CONCLUSIVE,
      "alpha",
      RT_SIGNAL_COREQUIRED },
};

static uint8_t taint_of(RtStr letters)
{
    static const char all[] = "NDSCPH";
    uint8_t taint = 0;
    for (size_t i = 0; i < sizeof all - 1; i++)
        if (rt_str_find_byte(letters, (uint8_t)all[i]) != RT_NOT_FOUND)
            taint |= (uint8_t)(1u << i);
    return taint;
}

static RtResource resource_of(const char *line)
{
    RtStr rest = rt_str_from_c(line), word;
    RtResource resource = { .phase = RT_WHEN_INSTALL, .file = RT_STR("index.js"), .line = 3 };
    assert_true(rt_str_next(&rest, ' ', &word));
    while (!rt_str_equal(word, rt_resource_kind_name(resource.kind)))
        assert_true(++resource.kind < RT_RESOURCE_KINDS);
    assert_true(rt_str_next(&rest, ' ', &word));
    while (!rt_str_equal(word, rt_deed_name(resource.deed)))
        assert_true(++resource.deed < RT_DEEDS);
    assert_true(rt_str_next(&rest, ' ', &word));
    resource.taint = taint_of(word);
    resource.text = rest;
    return resource;
}

static void add(RtLinker *linker, const Given *given, size_t number)
{
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL); /* the linker takes copies */
    RtResource resources[RESOURCES];
    RtSummary summary = { .resources = resources };
    for (size_t i = 0; i < RESOURCES && given->deeds[i] != NULL; i++)
        resources[summary.resource_count++] = resource_of(given->deeds[i]);
    RtReport report = { .artifact = { .path = rt_str_format(arena, "p/%s-%zu", given->name, number),
                                      .ecosystem = RT_STR("npm"),
                                      .name = rt_str_copy(arena, rt_str_from_c(given->name)) },
                        .verdict = { .level =
                                         given->verdict == 0 ? RT_VERDICT_CLEAN : given->verdict },
                        .summary = &summary };
    rt_linker_add(linker, &report);
}

static void check(size_t at, bool backwards, bool halves_only)
{
    RtLinker *linker = rt_linker_open(halves_only);
    size_t count = 0;
    while (count < 4 && cases[at].packages[count].name != NULL)
        count++;
    for (size_t i = 0; i < count; i++) {
        size_t number = backwards ? count - 1 - i : i;
        add(linker, &cases[at].packages[number], number);
    }
    const RtLinks *links = rt_linker_run(linker);
    if (cases[at].level == RT_NOTE) {
        if (links->count != 0)
            fail_msg("%s: linked", cases[at].what);
        rt_linker_close(linker);
        return;
    }
    if (links->count == 0)
        fail_msg("%s: not linked", cases[at].what);
    const RtLink *link = &links->items[0];
    RtStr first = links->packages[link->first].name;
    bool has = false;
    for (size_t i = 0; i < link->signal_count; i++)
        has |= link->signals[i].number == cases[at].signal;
    if (link->level != cases[at].level || !has ||
        !rt_str_equal(first, rt_str_from_c(cases[at].first)))
        fail_msg("%s: %.*s, first %.*s, signal %d, %.1f points", cases[at].what,
                 RT_FMT(rt_finding_level_name(link->level)), RT_FMT(first), link->signals[0].number,
                 link->points);
    assert_int_equal(links->cluster_count, link->level >= RT_STRONG ? 1 : 0);
    rt_linker_close(linker);
}

static void every_case_in_both_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        check(i, false, false);
        check(i, true, false);
    }
}

/* A scan keeps halves only, and must find the same conclusive pairs. */
static void halves_alone_are_enough(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        if (cases[i].level == RT_CONCLUSIVE)
            check(i, false, true);
}

/* What many share says nothing: two of fifty are no pair, and all of them are not compared each
 * with each. */
static void the_common_drops_out(void **state)
{
    (void)state;
    RtLinker *linker = rt_linker_open(false);
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    for (size_t i = 0; i < 50; i++) {
        Given writer = { rt_str_c(arena, rt_str_format(arena, "w%zu", i)),
                         0,
                         { "file writes N $HOME/.common/x" } };
        add(linker, &writer, i);
    }
    Given reader = { "reader", 0, { "file reads C $HOME/.common/x" } };
    add(linker, &reader, 50);
    const RtLinks *links = rt_linker_run(linker);
    for (size_t i = 0; i < links->count; i++)
        assert_true(links->items[i].level <= RT_WEAK);
    rt_linker_close(linker);

    linker = rt_linker_open(false);
    for (size_t i = 0; i < 2000; i++) {
        Given one = { rt_str_c(arena, rt_str_format(arena, "m%zu", i)),
                      RT_VERDICT_MALICIOUS,
                      { "host connects - c2.example.invalid",
                        "person holds - x@example.invalid" } };
        add(linker, &one, i);
    }
    links = rt_linker_run(linker);
    assert_int_equal(links->cluster_count, 1);
    assert_int_equal(links->clusters[0].count, 2000);
    assert_true(links->count < 4000);
    rt_linker_close(linker);
}

static void nothing_gives_nothing(void **state)
{
    (void)state;
    RtLinker *linker = rt_linker_open(false);
    rt_linker_add(linker, &(RtReport){ .artifact = { .path = RT_STR("x") } });
    assert_int_equal(rt_linker_count(linker), 0);
    const RtLinks *links = rt_linker_run(linker);
    assert_int_equal(links->count + links->package_count + links->cluster_count, 0);
    rt_linker_close(linker);
    rt_linker_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_in_both_orders),
        cmocka_unit_test(halves_alone_are_enough),
        cmocka_unit_test(the_common_drops_out),
        cmocka_unit_test(nothing_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
