/* chore_test.c - what a chore says arrives in order, and every way to fail is told in words. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "scan/chore.h"

typedef struct {
    RtArena *arena;
    RtText heard;
    bool refuse;
} Ear;

static RtErr hear(void *taker, RtStr frame)
{
    Ear *ear = taker;
    if (ear->refuse)
        return rt_fail(RT_ERR_FORMAT, "refused");
    rt_text_add(&ear->heard, frame);
    rt_text_byte(&ear->heard, '|');
    return RT_FINE;
}

static void say_lines(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)arena, (void)context;
    RtStr line;
    while (rt_str_next(&bytes, '\n', &line))
        rt_chore_say(out, line);
}

static void die(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)bytes, (void)arena, (void)context;
    rt_chore_say(out, RT_STR("half"));
    signal(SIGILL, SIG_DFL); /* the test library has its own */
    __builtin_trap();
}

static void hang(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)bytes, (void)arena, (void)context, (void)out;
    for (volatile int i = 0;; i++) {
    }
}

static void eat(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)bytes, (void)context, (void)out;
    for (;;)
        rt_arena_take(arena, 1, 1 << 16);
}

static void reach_out(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)bytes, (void)arena, (void)context;
    if (socket(AF_INET, SOCK_STREAM, 0) < 0)
        die(bytes, arena, context, out); /* sanitizer builds are refused instead of killed */
    rt_chore_say(out, RT_STR("free"));
}

static RtErr run(Ear *ear, RtChoreWork work, const char *text)
{
    RT_FD fd = memfd_create("chore", MFD_CLOEXEC);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    RtChore chore = { .work = work,
                      .arena_bytes = 1 << 20,
                      .file_limit = 64,
                      .wall_ms = 500,
                      .take = hear,
                      .taker = ear };
    return rt_chore_run(&chore, fd);
}

static void frames_arrive(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    Ear ear = { .arena = arena, .heard = { .arena = arena } };
    assert_int_equal(run(&ear, say_lines, "one\ntwo\n\nfour").code, RT_OK);
    assert_true(rt_str_equal(rt_text_str(&ear.heard), RT_STR("one|two||four|")));
    ear.heard.len = 0;
    assert_int_equal(run(&ear, say_lines, "").code, RT_OK);
}

static void failures_are_told(void **state)
{
    (void)state;
    static const struct {
        RtChoreWork work;
        const char *text, *says;
        bool refuse;
    } cases[] = {
        { die, "", "died of signal 4", false },
        { hang, "", "longer than 500 ms", false },
        { eat, "", "limit-arena-bytes", false },
        { reach_out, "", "died of signal", false },
        { say_lines, "x", "refused", true },
        { say_lines, "0123456789012345678901234567890123456789012345678901234567890123456789",
          "larger than the limit", false },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        Ear ear = { .arena = arena, .heard = { .arena = arena }, .refuse = cases[i].refuse };
        RtErr err = run(&ear, cases[i].work, cases[i].text);
        assert_int_not_equal(err.code, RT_OK);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("case %zu: '%s' lacks '%s'", i, err.text, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(frames_arrive),
                                        cmocka_unit_test(failures_are_told) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
