/* What the cache knows costs no worker, what it does not know costs one, and a worker's word counts
 * only for the bytes that were asked about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "scan/pool.h"

typedef struct {
    char folder[64];
    RtArena *arena;
    RtTargetList list;
} Fixture;

typedef struct {
    size_t reports, complete, workers;
} Seen;

static int take(void *context, size_t target, const RtReport *report)
{
    (void)target;
    Seen *seen = context;
    seen->reports++;
    seen->complete += report->unseen_count == 0;
    return 0;
}

/* Counts the children that live while the pool waits. */
static int tick(void *context, size_t done, size_t known, RtStr current)
{
    (void)done;
    (void)known;
    (void)current;
    Seen *seen = context;
    char path[64], line[256] = { 0 };
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    size_t count = 0;
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        for (const char *at = line; *at != 0; at++)
            count += *at == ' ';
    if (file != NULL)
        fclose(file);
    seen->workers = count > seen->workers ? count : seen->workers;
    return 0;
}

static Seen run(const Fixture *fixture, const char *setting)
{
    RtJail *jail = NULL;
    RtCache *cache = NULL;
    RtJailPolicy policy = { .memory_bytes = 4ULL << 30, .files = 256 };
    assert_int_equal(rt_jail_open(&policy, &jail).code, RT_OK);
    assert_int_equal(
        rt_cache_open(rt_str_from_c(fixture->folder), rt_str_from_c(setting), &cache).code, RT_OK);
    Seen seen = { 0 };
    RtPool pool = { .setup = { .budget = rt_budget_default, .jail = jail, .digests = true },
                    .cache = cache,
                    .jobs = 1,
                    .done = take,
                    .tick = tick,
                    .context = &seen };
    size_t done = 0;
    assert_int_equal(rt_pool_run(&pool, &fixture->list, &done).code, RT_OK);
    assert_int_equal(done, seen.reports);
    rt_cache_close(cache);
    rt_jail_close(jail);
    return seen;
}

static int open_fixture(void **state)
{
    Fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/ratter-cache-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->arena = rt_arena_open(8 << 20, NULL, NULL);
    for (size_t i = 0; i < 3; i++) {
        int fd = memfd_create("artifact", MFD_CLOEXEC);
        RtStr text = rt_str_format(fixture->arena, "const number = %zu;\n", i);
        assert_int_equal(write(fd, text.at, text.len), (ssize_t)text.len);
        RtStr name = rt_str_format(fixture->arena, "artifact-%zu.js", i);
        RT_PUSH(fixture->arena, fixture->list.items, fixture->list.count, fixture->list.capacity) =
            (RtTarget){ .path = name, .root = name, .fd = fd };
    }
    *state = fixture;
    return 0;
}

static int close_fixture(void **state)
{
    Fixture *fixture = *state;
    for (size_t i = 0; i < fixture->list.count; i++)
        rt_fd_done(&fixture->list.items[i].fd);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", fixture->folder);
    (void)!system(command);
    rt_arena_close(fixture->arena);
    free(fixture);
    return 0;
}

static void known_content_needs_no_worker(void **state)
{
    const Fixture *fixture = *state;
    Seen first = run(fixture, "one"), second = run(fixture, "one"), other = run(fixture, "two");
    assert_int_equal(first.reports, 3);
    assert_int_equal(first.complete, 3);
    assert_true(first.workers > 0);
    assert_int_equal(second.reports, 3);
    assert_int_equal(second.complete, 3);
    assert_int_equal(second.workers, 0);
    assert_int_equal(other.reports, 3);
    assert_true(other.workers > 0);
}

static void new_content_among_known_is_scanned(void **state)
{
    const Fixture *fixture = *state;
    run(fixture, "one");
    int fd = fixture->list.items[1].fd;
    assert_int_equal(pwrite(fd, "let", 3, 0), 3);
    Seen again = run(fixture, "one");
    assert_int_equal(again.reports, 3);
    assert_true(again.workers > 0);
    assert_int_equal(run(fixture, "one").workers, 0);
}

static void a_report_of_other_bytes_is_not_kept(void **state)
{
    const Fixture *fixture = *state;
    RtCache *cache = NULL;
    RtCacheKey key;
    RtReport report = { .artifact = { .has_sha256 = true } }, found;
    assert_int_equal(rt_cache_open(rt_str_from_c(fixture->folder), RT_STR(""), &cache).code, RT_OK);
    const RtTarget *target = &fixture->list.items[0];
    assert_false(rt_cache_find(cache, fixture->arena, target, &key, &found));
    assert_true(key.is_known);
    RtText bytes = { .arena = fixture->arena };
    rt_wire_put_report(&bytes, &report);
    rt_cache_keep(cache, &key, &report, rt_text_str(&bytes));
    assert_false(rt_cache_find(cache, fixture->arena, target, &key, &found));
    memcpy(report.artifact.sha256, key.content, sizeof key.content);
    rt_cache_keep(cache, &key, &report, rt_text_str(&bytes));
    assert_true(rt_cache_find(cache, fixture->arena, target, &key, &found));
    rt_cache_close(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(known_content_needs_no_worker, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(new_content_among_known_is_scanned, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(a_report_of_other_bytes_is_not_kept, open_fixture,
                                        close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
