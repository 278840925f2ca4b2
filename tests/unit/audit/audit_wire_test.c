/* audit_wire_test.c - a lock across the wall: whole as it was, nothing when it is cut or spoiled;
 * and the checks over data that no reader would give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "support/say_lock.h"

enum { LIMIT = 256 << 20 };

static RtStr put(RtArena *arena)
{
    RtStr sums[] = { RT_STR("sha512-a"), RT_STR("sha1:b") };
    const RtDependency items[] = {
        { .ecosystem = RT_STR("npm"),
          .name = RT_STR("left"),
          .version = RT_STR("1.0.0"),
          .integrity = sums,
          .integrity_count = 2,
          .flags = RT_DEP_DIRECT,
          .line = 7 },
        { .ecosystem = RT_STR("npm"),
          .name = RT_STR("right"),
          .source = RT_FROM_GIT,
          .url = RT_STR("git+https://git.example.invalid/a/b.git#main"),
          .parent = 1,
          .line = 9 },
    };
    const RtLockNote notes[] = { { RT_STR("malformed"), RT_STR("x"), 3 } };
    const RtWanted wanted[] = { { RT_STR("left"), RT_STR("^1"), RT_DEP_DEV, 2 } };
    const RtSetting settings[] = { { RT_STR("npm"), RT_STR("registry"),
                                     RT_STR("https://r.invalid/"), RT_STR(".npmrc"), 1, true } };
    RtLock lock = { .kind = RT_STR("npm"),
                    .items = items,
                    .count = 2,
                    .notes = notes,
                    .note_count = 1,
                    .wanted = wanted,
                    .wanted_count = 1,
                    .wanted_kind = RT_WANTED_OWN };
    RtProject project = { .manifest = RT_STR("package.json"),
                          .wanted = wanted,
                          .wanted_count = 1,
                          .settings = settings,
                          .setting_count = 1 };
    RtText text = { .arena = arena };
    rt_audit_put(&text, &lock, &project);
    return rt_text_str(&text);
}

static void there_and_back(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtLock lock;
    RtProject project;
    assert_true(rt_audit_get(arena, put(arena), &lock, &project));
    assert_int_equal(lock.count, 2);
    assert_int_equal(lock.items[1].parent, 1);
    assert_true(rt_str_equal(lock.items[0].integrity[1], RT_STR("sha1:b")));
    assert_true(project.settings[0].is_personal);
    assert_false(lock.complete);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtStr whole = put(arena);
    RtLock lock;
    RtProject project;
    for (size_t len = 0; len < whole.len; len++) {
        uint8_t *exact = malloc(len ? len : 1);
        assert_non_null(exact);
        memcpy(exact, whole.at, len);
        assert_false(rt_audit_get(arena, (RtStr){ exact, len }, &lock, &project));
        free(exact);
    }
}

/* Whatever byte is spoiled: it is refused, or it is a lock that every check survives. */
static void every_spoiled_byte_is_survived(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtStr whole = put(arena);
    static const uint8_t marks[] = { 0, 1, 0x7F, 0xFF };
    for (size_t i = 0; i < whole.len * RT_COUNT(marks); i++) {
        RT_ARENA scratch = rt_arena_open(LIMIT, NULL, NULL);
        RtStr copy = rt_str_copy(scratch, whole);
        ((uint8_t *)(uintptr_t)copy.at)[i / RT_COUNT(marks)] = marks[i % RT_COUNT(marks)];
        RtAudit audit = { .arena = scratch };
        if (!rt_audit_get(scratch, copy, &audit.lock, &audit.project))
            continue;
        RtReport report;
        rt_audit_run(&audit);
        rt_audit_report(&audit, &report);
        assert_true(report.unseen_count > 0); /* no intelligence: said in every report */
    }
}

/* Two that name each other as parent: the way ends. */
static void a_circle_of_parents(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtDependency round[] = { { .name = RT_STR("a"), .parent = 2 },
                             { .name = RT_STR("b"), .parent = 1 } };
    RtAudit audit = { .arena = arena, .lock = { .items = round, .count = 2 } };
    assert_true(rt_audit_way(&audit, 1).len < 200);
}

static void addresses(void **state)
{
    (void)state;
    assert_true(
        rt_str_equal(rt_audit_host(RT_STR("https://u:p@h.invalid:8/x")), RT_STR("h.invalid:8")));
    assert_int_equal(rt_audit_host(RT_STR("file")).len, 0);
    assert_true(rt_audit_has_user(RT_STR("https://registry.invalid@192.0.2.1/x")));
    assert_false(rt_audit_has_user(RT_STR("https://h.invalid/@scope/x")));
    assert_false(rt_audit_has_user(RT_STR("git+ssh://git@h.invalid/x")));
    assert_true(rt_audit_is_plain(RT_STR("http://h.invalid/")));
    assert_false(rt_audit_is_plain(RT_STR("http://127.0.0.1:4873/")));
    assert_false(rt_audit_is_plain(RT_STR("https://h.invalid/")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_spoiled_byte_is_survived),
        cmocka_unit_test(a_circle_of_parents),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
