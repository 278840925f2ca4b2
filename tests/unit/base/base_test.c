/* base_test.c - views, text, numbers, cursor, arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "base/str.h"

enum { LIMIT = 8 << 20 };

#define assert_text(got, wanted)                                                                   \
    do {                                                                                           \
        RtStr got_str = (got);                                                                     \
        assert_int_equal(got_str.len, sizeof(wanted) - 1);                                         \
        assert_memory_equal(got_str.at, wanted, sizeof(wanted) - 1);                               \
    } while (0)

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_number;
        uint64_t number;
    } cases[] = {
        { "0", true, 0 },
        { "42", true, 42 },
        { "0x1F", true, 31 },
        { "18446744073709551615", true, UINT64_MAX },
        { "18446744073709551616", false, 0 },
        { "0x", false, 0 },
        { "", false, 0 },
        { "-1", false, 0 },
        { "1a", false, 0 },
        { " 1", false, 0 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        uint64_t number = 0;
        assert_int_equal(rt_str_number(rt_str_from_c(cases[i].text), &number), cases[i].is_number);
        assert_int_equal(number, cases[i].number);
    }
}

static void searching(void **state)
{
    (void)state;
    RtStr text = RT_STR("one Two three two");
    assert_int_equal(rt_str_find(text, RT_STR("two")), 14);
    assert_int_equal(rt_str_find_nocase(text, RT_STR("tWO")), 4);
    assert_int_equal(rt_str_find_nocase(text, RT_STR("twx")), RT_NOT_FOUND);
    assert_int_equal(rt_str_find_nocase((RtStr){ 0 }, RT_STR("x")), RT_NOT_FOUND);
    assert_int_equal(rt_str_find_nocase(RT_STR("aab"), RT_STR("ab")), 1);
    assert_int_equal(rt_str_find((RtStr){ 0 }, RT_STR("")), 0);
    assert_int_equal(rt_str_find_byte(text, 'z'), RT_NOT_FOUND);
    assert_int_equal(rt_str_rfind_byte(text, 't'), 14);
    assert_true(rt_str_ends_nocase(text, RT_STR("TWO")));
    assert_false(rt_str_starts(RT_STR("a"), RT_STR("ab")));
    assert_true(rt_str_compare(RT_STR("a"), RT_STR("ab")) < 0);
    assert_true(rt_str_compare(RT_STR("b"), RT_STR("ab")) > 0);
    assert_text(rt_str_sub(text, 4, 3), "Two");
    assert_int_equal(rt_str_sub(text, 99, 3).len, 0);
    assert_text(rt_str_trim(RT_STR(" \n a b \t")), "a b");
}

static void every_piece_is_cut(void **state)
{
    (void)state;
    RtStr rest = RT_STR("a,,b,"), piece;
    size_t count = 0, total = 0;
    while (rt_str_next(&rest, ',', &piece)) {
        count++;
        total += piece.len;
    }
    assert_int_equal(count, 4);
    assert_int_equal(total, 2);
}

static void utf8(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        uint32_t rune;
    } cases[] = {
        { "a", 1, 'a' },
        { "\xC3\xA9", 2, 0xE9 },
        { "\xE2\x80\x8B", 3, 0x200B },
        { "\xF3\xA0\x84\x80", 4, 0xE0100 },
        { "\xC0\x80", 0, 0 },         /* overlong */
        { "\xE0\x80\x80", 0, 0 },     /* overlong */
        { "\xED\xA0\x80", 0, 0 },     /* surrogate */
        { "\xF4\x90\x80\x80", 0, 0 }, /* beyond U+10FFFF */
        { "\x80", 0, 0 },
        { "\xE2\x80", 0, 0 }, /* cut */
        { "\xFF", 0, 0 },
    };
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        uint32_t rune = 0;
        RtStr bytes = rt_str_from_c(cases[i].bytes);
        assert_int_equal(rt_utf8_take(bytes, 0, &rune), cases[i].len);
        assert_int_equal(rune, cases[i].rune);
        if (cases[i].len > 0) {
            RtText text = { .arena = arena };
            rt_text_rune(&text, rune);
            assert_true(rt_str_equal(rt_text_str(&text), bytes));
        }
    }
}

static void text_grows_and_stops_at_its_limit(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtText text = { .arena = arena };
    for (int i = 0; i < 1000; i++)
        rt_text_format(&text, "%d,", i);
    assert_int_equal(text.len, 3890);
    RtText big = { .arena = arena };
    rt_text_format(&big, "%0300d", 7);
    assert_int_equal(big.len, 300);
    RtText cut = { .arena = arena, .limit = 5 };
    rt_text_add(&cut, RT_STR("abc"));
    rt_text_add(&cut, RT_STR("defg"));
    rt_text_add(&cut, RT_STR("h"));
    assert_true(cut.cut);
    assert_text(rt_text_str(&cut), "abcde");
}

static void cursor_does_not_overrun(void **state)
{
    (void)state;
    RtCursor cursor = { .rest = RT_STR("\x01\x02\x00\x03\x00\x00\x00\x00\x00\x00\x04") };
    assert_int_equal(rt_take_u8(&cursor), 1);
    assert_int_equal(rt_take_u16le(&cursor), 2);
    assert_int_equal(rt_take_u32le(&cursor), 3);
    assert_int_equal(rt_take_u32be(&cursor), 4);
    assert_false(cursor.short_read);
    assert_int_equal(rt_take_u64le(&cursor), 0);
    assert_true(cursor.short_read);
    cursor = (RtCursor){ .rest = RT_STR("\xFF") };
    assert_int_equal(rt_take_varint(&cursor), 0);
    assert_true(cursor.short_read);
    cursor = (RtCursor){ .rest = RT_STR("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01") };
    assert_int_equal(rt_take_varint(&cursor), 0);
    assert_true(cursor.short_read);
    cursor = (RtCursor){ .rest = RT_STR("\xE5\x8E\x26") };
    assert_int_equal(rt_take_varint(&cursor), 624485);
}

static void arena_keeps_its_count(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    uint8_t *text = rt_arena_bytes(arena, 10);
    memset(text, 'x', 10);
    uint64_t *word = RT_NEW(arena, uint64_t);
    assert_int_equal((uintptr_t)word % 16, 0);
    assert_int_equal(*word, 0);
    assert_int_equal(rt_arena_used(arena), 18);
    uint8_t *large = rt_arena_take(arena, 1, 3 << 20);
    assert_int_equal(large[(3 << 20) - 1], 0);
    memset(large, 1, 3 << 20);
    rt_arena_trim(arena, large, 3 << 20, 5000);
    assert_int_equal(large[4999], 1);
    assert_int_equal(rt_arena_used(arena), 18 + 5000);
    rt_arena_trim(arena, large, 5000, 0);
    uint8_t *small = rt_arena_bytes(arena, 100);
    rt_arena_trim(arena, small, 100, 4);
    assert_int_equal(rt_arena_used(arena), 22);
    assert_int_equal(rt_arena_left(arena), LIMIT - 22);
    rt_arena_reset(arena);
    assert_int_equal(rt_arena_used(arena), 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(*(uint8_t *)rt_arena_take(arena, 1, 777), 0);
    rt_arena_close(NULL);
}

static jmp_buf full_jump;
static void full(void *ctx)
{
    ++*(int *)ctx;
    longjmp(full_jump, 1);
}

static void arena_that_is_full_says_so(void **state)
{
    (void)state;
    static int times;
    times = 0;
    RT_ARENA arena = rt_arena_open(1000, full, &times);
    if (setjmp(full_jump) == 0)
        rt_arena_take(arena, 1, 1001);
    if (setjmp(full_jump) == 0)
        rt_arena_take(arena, SIZE_MAX / 2, 3);
    assert_int_equal(times, 2);
    assert_int_equal(rt_arena_used(arena), 0);
}

static void arrays_grow(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    int *items = NULL;
    size_t count = 0, capacity = 0;
    for (int i = 0; i < 100; i++)
        RT_PUSH(arena, items, count, capacity) = i;
    assert_int_equal(count, 100);
    assert_int_equal(items[99], 99);
    assert_int_equal(items[0], 0);
}

static void digests(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    uint8_t digest[32];
    rt_sha256(RT_STR("abc"), digest);
    assert_text(rt_hex(arena, (RtStr){ digest, 32 }),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    rt_sha256((RtStr){ 0 }, digest);
    assert_int_equal(digest[0], 0xe3);
    uint64_t bytes = 1;
    assert_int_equal(rt_sha256_fd(-1, digest, &bytes).code, RT_ERR_IO);
    assert_int_equal(bytes, 1);
    assert_int_equal(rt_str_hash(RT_STR("a")), rt_str_hash(RT_STR("a")));
}

static void text_is_told_from_bytes(void **state)
{
    (void)state;
    assert_true(rt_str_is_text(RT_STR("#!/bin/sh\necho \x1b[1mhi\n")));
    assert_true(rt_str_is_text(RT_STR("\xFF\xFEh\0i\0")));
    assert_false(rt_str_is_text(RT_STR("\x7F"
                                       "ELF\0\0")));
    assert_false(rt_str_is_text(RT_STR("\x01\x02\x03\x04 abc")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(searching),
        cmocka_unit_test(every_piece_is_cut),
        cmocka_unit_test(utf8),
        cmocka_unit_test(text_grows_and_stops_at_its_limit),
        cmocka_unit_test(cursor_does_not_overrun),
        cmocka_unit_test(arena_keeps_its_count),
        cmocka_unit_test(arena_that_is_full_says_so),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(digests),
        cmocka_unit_test(text_is_told_from_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
