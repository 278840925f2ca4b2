/* A worker that dies, hangs, runs out of memory or is stopped costs its artifact a verdict and
 * nobody else anything. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
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
    size_t reports, complete;
    char reasons[8][64]; /* first reason not seen, per target */
    int kill_with;       /* signal for every child at the first tick after a hand-out, or 0 */
    size_t stop_after;   /* 0: never */
} Seen;

static int take(void *context, size_t target, const RtReport *report)
{
    Seen *seen = context;
    seen->reports++;
    seen->complete += report->unseen_count == 0;
    if (report->unseen_count != 0 && target < RT_COUNT(seen->reasons))
        snprintf(seen->reasons[target], sizeof seen->reasons[0], "%.*s",
                 RT_FMT(report->unseen[0].reason));
    return seen->stop_after != 0 && seen->reports >= seen->stop_after;
}

static void signal_children(int signal_number)
{
    char path[64], line[256] = { 0 };
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        line[0] = 0;
    if (file != NULL)
        fclose(file);
    for (char *at = line, *end; *at != 0; at = end) {
        long pid = strtol(at, &end, 10);
        if (end == at)
            break;
        kill((pid_t)pid, signal_number);
    }
}

static int tick(void *context, size_t done, size_t known, RtStr current)
{
    Seen *seen = context;
    (void)done;
    (void)known;
    if (current.len != 0 && seen->kill_with != 0) {
        signal_children(seen->kill_with);
        seen->kill_with = 0;
    }
    return 0;
}

static int memory_file(const char *text, size_t len)
{
    int fd = memfd_create("artifact", MFD_CLOEXEC);
    assert_int_equal(write(fd, text, len), (ssize_t)len);
    return fd;
}

static void fill(RtArena *arena, RtTargetList *list, size_t count, size_t len)
{
    char *text = calloc(1, len);
    memset(text, 'a', len);
    for (size_t i = 0; i < count; i++) {
        RtStr name = rt_str_format(arena, "artifact-%zu.txt", i);
        RT_PUSH(arena, list->items, list->count, list->capacity) =
            (RtTarget){ .path = name, .root = name, .fd = memory_file(text, len) };
    }
    free(text);
}

static void run(Seen *seen, const RtTargetList *list, RtBudget budget, uint32_t jobs, bool jailed)
{
    RtJailPolicy policy = { .memory_bytes = budget.arena_bytes + (512ULL << 20), .files = 128 };
    RtJail *jail = NULL;
    if (jailed)
        assert_int_equal(rt_jail_open(&policy, &jail).code, RT_OK);
    RtPool pool = { .setup = { .budget = budget, .jail = jail },
                    .jobs = jobs,
                    .done = take,
                    .tick = tick,
                    .context = seen };
    size_t done = 0;
    RtErr err = rt_pool_run(&pool, list, &done);
    assert_int_equal(err.code, RT_OK);
    assert_int_equal(done, seen->reports);
    for (size_t i = 0; i < list->count; i++)
        rt_fd_done(&list->items[i].fd);
    rt_jail_close(jail);
}

static void all_are_reported_once(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtTargetList list = { 0 };
    fill(arena, &list, 7, 1000);
    Seen seen = { 0 };
    run(&seen, &list, rt_budget_default, 3, true);
    assert_int_equal(seen.reports, 7);
    assert_int_equal(seen.complete, 7);
}

static void a_dead_worker_costs_one_verdict(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtTargetList list = { 0 };
    fill(arena, &list, 4, 1000);
    Seen seen = { .kill_with = SIGKILL };
    run(&seen, &list, rt_budget_default, 1, true);
    assert_int_equal(seen.reports, 4);
    assert_int_equal(seen.complete, 3);
    assert_non_null(strstr(seen.reasons[0], "signal 9"));
}

static void a_hanging_worker_is_killed(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtTargetList list = { 0 };
    fill(arena, &list, 3, 1000);
    RtBudget budget = rt_budget_default;
    budget.wall_ms = 300;
    Seen seen = { .kill_with = SIGSTOP };
    run(&seen, &list, budget, 1, true);
    assert_int_equal(seen.reports, 3);
    assert_string_equal(seen.reasons[0], "limit-wall-ms");
    assert_int_equal(seen.complete, 2);
}

static void memory_is_a_limit_with_a_name(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtTargetList list = { 0 };
    fill(arena, &list, 2, 3 << 20);
    RtBudget budget = rt_budget_default;
    budget.arena_bytes = 4 << 20;
    Seen seen = { 0 };
    run(&seen, &list, budget, 1, true);
    assert_int_equal(seen.reports, 2);
    assert_int_equal(seen.complete, 0);
    assert_string_equal(seen.reasons[0], "limit-input-bytes");
}

static void an_absent_file_is_unknown(void **state)
{
    (void)state;
    RtTarget target = { .path = RT_STR("no"), .root = RT_STR("/nonexistent/ratter"), .fd = -1 };
    RtTargetList list = { .items = &target, .count = 1 };
    Seen seen = { 0 };
    run(&seen, &list, rt_budget_default, 1, true);
    assert_int_equal(seen.reports, 1);
    assert_string_equal(seen.reasons[0], "cannot be read");
}

static void stopping_stops(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtTargetList list = { 0 };
    fill(arena, &list, 6, 1000);
    Seen seen = { .stop_after = 2 };
    run(&seen, &list, rt_budget_default, 1, true);
    assert_int_equal(seen.reports, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_reported_once),
        cmocka_unit_test(a_dead_worker_costs_one_verdict),
        cmocka_unit_test(a_hanging_worker_is_killed),
        cmocka_unit_test(memory_is_a_limit_with_a_name),
        cmocka_unit_test(an_absent_file_is_unknown),
        cmocka_unit_test(stopping_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
