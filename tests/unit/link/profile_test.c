/* profile_test.c - profiles from YAML: every fault with its line, clues against a small scan, packs
 * cut short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "link/attribute.h"

#define HEAD                                                                                       \
    "id: made-up\ntitle: Made Up\nactor: nobody\nnames: [x]\nsources: [a test]\n"                  \
    "method:\n  entry: none\nalternatives:\n  made-up: itself\nfeatures:\n"

typedef struct {
    RtArena *arena;
    RtStr first;
    size_t count;
} Faults;

static void note(void *context, RtStr line)
{
    Faults *faults = context;
    if (faults->count++ == 0)
        faults->first = rt_str_copy(faults->arena, line);
}

static RtProfiles *read_one(RtArena *arena, const char *text, Faults *faults)
{
    RtProfiles *profiles = RT_NEW(arena, RtProfiles);
    profiles->arena = arena;
    *faults = (Faults){ .arena = arena };
    size_t count =
        rt_profile_read(profiles, RT_STR("made-up.yaml"), rt_str_from_c(text), note, faults) +
        rt_profiles_settle(profiles, note, faults);
    assert_int_equal(count, faults->count);
    return profiles;
}

static const struct {
    const char *text, *fault;
} faulty[] = {
    { "id: [\n", "made-up.yaml:" },
    { "- a\n", "made-up.yaml:1: a profile must be a map" },
    { HEAD "  - {id: a, family: F9, weight: 1, says: b, match: {rule: c/d}}\n",
      "made-up.yaml:11: family is F1 to F7 or Neg, not 'F9'" },
    { HEAD "  - {id: a, family: F2, weight: many, says: b, match: {rule: c/d}}\n",
      "made-up.yaml:11: weight is no number" },
    { HEAD "  - {id: a, family: F2, weight: -2, says: b, match: {rule: c/d}}\n",
      "made-up.yaml:11: only family Neg" },
    { HEAD "  - id: a\n    family: F2\n    weight: 2\n    says: b\n    match:\n      text: \"(\"\n",
      "made-up.yaml:16: missing closing parenthesis" },
    { HEAD "  - id: a\n    family: F2\n    weight: 2\n    says: b\n    match:\n      fact: net.x\n",
      "made-up.yaml:16: no such fact: 'net.x'" },
    { HEAD "  - {id: a, family: F2, weight: 2, says: b, match: {fact: net.request, path: x}}\n",
      "made-up.yaml:11: the fact has no argument 'path'" },
    { HEAD "  - {id: a, family: F2, weight: 2, says: b, match: {hex: [zz00zz00]}}\n",
      "made-up.yaml:11: not four or more bytes" },
    { HEAD "  - {id: a, family: F2, weight: 2, says: b, match: {at_least: 3, words: [x, y]}}\n",
      "made-up.yaml:11: at_least is no number" },
    { HEAD "  - {id: a, family: F2, weight: 2, says: b, match: {rule: a, file: b}}\n",
      "made-up.yaml:11: nothing may stand beside" },
    { HEAD "  - {id: a, family: F2, weight: 2, says: b, colour: red, match: {rule: a}}\n",
      "made-up.yaml:11: unknown key 'colour'" },
    { HEAD "  - {id: a, family: F2, weight: 2, says: b, match: {all: [{all: [{all: [{all: [{all: "
           "[{all: [{all: [{all: [{rule: a}]}]}]}]}]}]}]}]}}\n",
      "made-up.yaml:11: clues nest too deep" },
};

static void faults_have_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(faulty); i++) {
        RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
        Faults faults;
        (void)read_one(arena, faulty[i].text, &faults);
        if (faults.count == 0 || !rt_str_starts(faults.first, rt_str_from_c(faulty[i].fault)))
            fail_msg("case %zu: %zu faults, first: %.*s", i, faults.count, RT_FMT(faults.first));
    }
}

static RtLayerId own_file(const void *context, RtLayerId id)
{
    (void)context;
    return id == 3 ? 2 : id;
}

static const char sample[] =
    HEAD "  - {id: words, family: F2, weight: 3, says: w, match: {hex: [6d61726b6572]}}\n"
         "  - {id: path, family: F3, weight: 2, says: p, match: {fact: net.request, url: "
         "\"/c/\\\\d+$\"}}\n"
         "  - {id: place, family: F5, weight: 2, says: f, match: {all: [{found_in: \"lib/*.js\"}, "
         "{rule: \"a/*\"}, {file: b.js}]}}\n"
         "  - {id: text, family: F4, weight: 1, says: t, match: {of: [{text: \"inn[e]r\"}, "
         "{text: no-such}], at_least: 1}}\n";

static void clues_match_a_scan(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    Faults faults;
    RtProfiles *profiles = read_one(arena, sample, &faults);
    assert_int_equal(faults.count, 0);
    profiles->regexes = rt_regexes_open(profiles->expression_count);
    const RtLayer layers[] = {
        { 0 },
        { .via = RT_VIA_ARTIFACT },
        { .parent = 1,
          .via = RT_VIA_ENTRY,
          .name = RT_STR("lib/b.js"),
          .bytes = RT_STR("one\ntwo marker\n") },
        { .parent = 2,
          .via = RT_VIA_DECODED,
          .name = RT_STR("base64"),
          .bytes = RT_STR("the inner text") },
        { .parent = 1,
          .via = RT_VIA_ENTRY,
          .name = RT_STR("docs/marker.md"),
          .roles = RT_ROLE_DOCS,
          .bytes = RT_STR("inner marker") },
    };
    const RtFact facts[] = {
        { 0 },
        { .kind = RT_FACT_NET_REQUEST, .layer = 2, .args = { RT_STR("http://x.invalid/c/7") } },
    };
    const RtEvidence evidence = { .file = RT_STR("lib/b.js"), .line = 2 };
    const RtFinding finding = {
        .rule = RT_STR("a/b"), .level = RT_CONCLUSIVE, .evidence = &evidence, .evidence_count = 1
    };
    RtLinkView view = { .layers = layers,
                        .layer_count = RT_COUNT(layers),
                        .facts = facts,
                        .fact_count = RT_COUNT(facts),
                        .findings = &finding,
                        .finding_count = 1,
                        .verdict = RT_VERDICT_MALICIOUS,
                        .file_of = own_file };
    const RtAttributions *got = rt_attribute(profiles, &view, arena);
    assert_non_null(got);
    assert_int_equal(got->count, 1);
    assert_int_equal(got->items[0].level, RT_STRONG_LINK);
    assert_int_equal(got->items[0].trait_count, 4);
    assert_true(rt_str_equal(got->items[0].traits[0].id, RT_STR("words")));
    assert_int_equal(got->items[0].traits[0].line, 2);
    assert_true(rt_str_has(got->items[0].says, RT_STR("code alone attributes nothing")));
    view.verdict = RT_VERDICT_NOTABLE;
    assert_null(rt_attribute(profiles, &view, arena));
    view.verdict = RT_VERDICT_MALICIOUS;
    view.finding_count = 0; /* text of files without findings says nothing */
    view.fact_count = 1;
    assert_null(rt_attribute(profiles, &view, arena));
    rt_regexes_close(profiles->regexes);
}

/* Our own profiles read without a fault, and no shorter pack does. */
static void packs_cut_short_are_refused(void **state)
{
    (void)state;
    RtStr pack = rt_profiles_builtin();
    RtProfiles *profiles = NULL;
    if (pack.len == 0)
        skip();
    assert_int_equal(rt_profiles_open(pack, &profiles).code, RT_OK);
    assert_non_null(rt_profiles_find(profiles, RT_STR("polinrider")));
    rt_profiles_close(profiles);
    static const size_t lengths[] = { 1, 15, 17, 19, 20, 40, 200 };
    for (size_t i = 0; i < RT_COUNT(lengths); i++)
        assert_int_not_equal(rt_profiles_open(rt_str_sub(pack, 0, lengths[i]), &profiles).code,
                             RT_OK);
    assert_int_not_equal(rt_profiles_open(rt_str_sub(pack, 0, pack.len - 1), &profiles).code,
                         RT_OK);
}

/* Two columns never lose a word, and never loop on one that is wider than its column. */
static void comparing_keeps_every_word(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    Faults faults;
    const RtProfile *one = &read_one(arena, sample, &faults)->items[0];
    RtProfile other = *one;
    other.method[1] = RT_STR("averyveryveryveryveryveryveryveryveryveryveryveryverylongword last");
    RtText out = { .arena = arena };
    rt_profiles_compare(&out, one, &other, 1);
    assert_true(rt_str_has(rt_text_str(&out), RT_STR("Made Up")));
    assert_true(rt_str_has(rt_text_str(&out), RT_STR("last")));
    assert_false(rt_str_has(rt_text_str(&out), RT_STR(" \n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_have_lines),
        cmocka_unit_test(clues_match_a_scan),
        cmocka_unit_test(packs_cut_short_are_refused),
        cmocka_unit_test(comparing_keeps_every_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
