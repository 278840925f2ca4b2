/* place_test.c - places from YAML: every fault with its line, the pack cut short, what ships. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sweep/place.h"

#define HEAD                                                                                       \
    "id: made-up\ntitle: Made Up\nmeans: nothing\nrotate: [ssh]\nsources: [a test]\nplaces:\n"

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

static const struct {
    const char *text, *fault;
} faulty[] = {
    { "id: [\n", "made-up.yaml:" },
    { "- a\n", "made-up.yaml:1: a family must be a map" },
    { "id: made-up\ntitle: t\nmeans: m\nsources: [s]\n", "made-up.yaml:1: places is a list" },
    { "id: other\ntitle: t\nmeans: m\nsources: [s]\nplaces:\n"
      "  - {id: a, says: b, check: exists, level: weak, paths: [~/x]}\n",
      "made-up.yaml:1: the file is not named after its id 'other'" },
    { HEAD "  - {id: a, says: b, check: listen, level: weak, paths: [~/x]}\n",
      "made-up.yaml:7: no such check: 'listen'" },
    { HEAD "  - {id: a, says: b, check: exists, level: loud, paths: [~/x]}\n",
      "made-up.yaml:7: level is note, weak, strong or conclusive, not 'loud'" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak}\n",
      "made-up.yaml:7: missing 'paths'" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [x]}\n",
      "made-up.yaml:7: a path begins with" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/a/../b]}\n",
      "made-up.yaml:7: a path begins with" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/**/x]}\n",
      "made-up.yaml:7: ** stands only below $checkout/" },
    { HEAD "  - {id: a, says: b, check: text, level: weak, paths: [~/x]}\n",
      "made-up.yaml:7: missing 'match'" },
    { HEAD "  - id: a\n    says: b\n    check: text\n    level: weak\n    paths: [~/x]\n"
           "    match: \"(\"\n",
      "made-up.yaml:12: missing closing parenthesis" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/x], match: y}\n",
      "made-up.yaml:7: this check has no use for 'match'" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/x], unless: y}\n",
      "made-up.yaml:7: this check has no use for 'unless'" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/x], only: links}\n",
      "made-up.yaml:7: only is files or folders, not 'links'" },
    { HEAD "  - {id: a, says: b, check: port, level: weak, ports: ['70000']}\n",
      "made-up.yaml:7: no port: '70000'" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/x], colour: red}\n",
      "made-up.yaml:7: unknown key 'colour'" },
    { HEAD "  - {id: a, says: b, check: exists, level: weak, paths: [~/x]}\n"
           "  - {id: a, says: b, check: exists, level: weak, paths: [~/y]}\n",
      "made-up.yaml:8: a second place 'a'" },
    { "id: made-up\ntitle: t\nmeans: m\nrotate: [hats]\nsources: [s]\nplaces:\n"
      "  - {id: a, says: b, check: exists, level: weak, paths: [~/x]}\n",
      "made-up.yaml:1: nothing of that name to rotate: 'hats'" },
};

static void faults_have_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(faulty); i++) {
        RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
        RtPlaces places = { .arena = arena };
        Faults faults = { .arena = arena };
        size_t count = rt_place_read(&places, RT_STR("made-up.yaml"), rt_str_from_c(faulty[i].text),
                                     note, &faults);
        assert_int_equal(count, faults.count);
        if (count == 0 || !rt_str_starts(faults.first, rt_str_from_c(faulty[i].fault)))
            fail_msg("case %zu: %zu faults, first: %.*s", i, count, RT_FMT(faults.first));
    }
}

static void reads_a_place(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtPlaces places = { .arena = arena };
    RtStr text =
        RT_STR(HEAD "  - {id: a, says: b, check: json, level: strong, paths: [~/x, /y], "
                    "keys: [k.*.l], match: z}\n"
                    "  - {id: c, says: d, check: port, level: note, ports: ['80', '443']}\n");
    assert_int_equal(rt_place_read(&places, RT_STR("made-up.yaml"), text, NULL, NULL), 0);
    assert_int_equal(places.family_count, 1);
    assert_int_equal(places.families[0].rotate, 1U << RT_ROTATE_SSH);
    assert_int_equal(places.count, 2);
    assert_int_equal(places.items[0].check, RT_CHECK_JSON);
    assert_int_equal(places.items[0].level, RT_STRONG);
    assert_int_equal(places.items[0].path_count, 2);
    assert_int_equal(places.items[1].port_count, 2);
    assert_int_equal(places.items[1].ports[1], 443);
    assert_true(places.items[0].match_index != places.items[1].match_index);
}

static void a_pack_cut_short_is_damaged(void **state)
{
    (void)state;
    RtStr pack = rt_places_builtin();
    RtPlaces *places = NULL;
    assert_true(pack.len > 1000);
    RtErr err = rt_places_open(pack, &places);
    assert_int_equal(err.code, RT_OK);
    assert_true(places->count > 50 && places->family_count >= 5);
    rt_places_close(places);
    for (size_t len = 1; len < pack.len; len += len < 64 ? 1 : pack.len / 50) {
        err = rt_places_open(rt_str_sub(pack, 0, len), &places);
        if (err.code == RT_OK) /* cut between two files: the first ones alone */
            rt_places_close(places);
        else
            assert_int_equal(err.code, RT_ERR_FORMAT);
    }
    assert_int_equal(rt_places_open(RT_STR("ratter-places-0"), &places).code, RT_ERR_FORMAT);
    rt_places_close(NULL);
}

/* What ships says in words what it looks for, and nothing that other scanners look for. */
static void what_ships_is_masked(void **state)
{
    (void)state;
    RtStr pack = rt_places_builtin();
    static const char *const words[] = { ".n2/pay", "temp_auto_push", "gh-token-monitor",
                                         "places:" };
    for (size_t i = 0; i < RT_COUNT(words); i++)
        assert_int_equal(rt_str_find(pack, rt_str_from_c(words[i])), RT_NOT_FOUND);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_have_lines),
        cmocka_unit_test(reads_a_place),
        cmocka_unit_test(a_pack_cut_short_is_damaged),
        cmocka_unit_test(what_ships_is_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
