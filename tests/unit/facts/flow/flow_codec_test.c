/* flow_codec_test.c - the codecs and the inflater of the value flow: known answers, damage,
 * truncation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "facts/flow/flow_codec.h"

enum { ROOM = 4096 };

static const char fox[] =
    "the quick brown fox jumps over the lazy dog, the quick brown fox again and again and again ";
/* `fox` three times, by zlib: dynamic trees with a zlib head; fixed trees without any. */
static const char dynamic_hex[] =
    "78da2bc94855282ccd4cce56482aca2fcf5348cbaf50c82acd2d2856c82f4b2d5228014ae7245655"
    "2aa4e4a7eb8079e88a13d31333f31412f35230582543d26800b2d361db";
static const char fixed_hex[] =
    "2bc94855282ccd4cce56482aca2fcf5348cbaf50c82acd2d2856c82f4b2d5228014ae72456552aa4"
    "e4a7eb8079e88a13d31333f31412f35230582543d26800";
static const char stored_hex[] =
    "7801011d00e2ff73746f7265642062797465732073746179206173207468657920617265a72f0ae0";
static const char gzip_hex[] =
    "1f8b08000000000002034bafca2c50c8484d4c5128cf2cc9504854c84bcc4d050000b7429b150000"
    "00";

static RtStr from_hex(RtArena *arena, const char *hex)
{
    RtStr bytes = { 0 };

    assert_true(rt_codec_hex(arena, rt_str_from_c(hex), &bytes));
    return bytes;
}

static void streams_open(void **state)
{
    RtArena *arena = rt_arena_open((size_t)1 << 20, NULL, NULL);
    const RtStr thrice = rt_str_format(arena, "%s%s%s", fox, fox, fox);
    RtStr out;

    (void)state;
    assert_true(rt_codec_inflate(arena, from_hex(arena, dynamic_hex), ROOM, &out));
    assert_true(rt_str_equal(out, thrice));
    assert_true(rt_codec_inflate(arena, from_hex(arena, fixed_hex), ROOM, &out));
    assert_true(rt_str_equal(out, thrice));
    assert_true(rt_codec_inflate(arena, from_hex(arena, stored_hex), ROOM, &out));
    assert_true(rt_str_equal(out, RT_STR("stored bytes stay as they are")));
    assert_true(rt_codec_inflate(arena, from_hex(arena, gzip_hex), ROOM, &out));
    assert_true(rt_str_equal(out, RT_STR("gzip head with a name")));
    assert_false(rt_codec_inflate(arena, from_hex(arena, dynamic_hex), 100, &out));
    rt_arena_close(arena);
}

static void damage_is_survived(void **state)
{
    static const char *const streams[] = { dynamic_hex, fixed_hex, stored_hex, gzip_hex };
    RtArena *arena = rt_arena_open((size_t)64 << 20, NULL, NULL);
    RtStr out;

    (void)state;
    for (size_t i = 0; i < RT_COUNT(streams); i++) {
        const RtStr whole = from_hex(arena, streams[i]);
        for (size_t len = 0; len < whole.len; len++) {
            const RtStr cut = rt_str_copy(arena, rt_str_sub(whole, 0, len));
            rt_codec_inflate(arena, cut, ROOM, &out);
        }
        for (size_t at = 0; at < whole.len * 8; at++) {
            const RtStr bent = rt_str_copy(arena, whole);
            ((uint8_t *)(uintptr_t)bent.at)[at / 8] ^= (uint8_t)(1u << (at % 8));
            rt_codec_inflate(arena, bent, ROOM, &out);
        }
    }
    rt_arena_close(arena);
}

static void texts_decode(void **state)
{
    RtArena *arena = rt_arena_open((size_t)1 << 20, NULL, NULL);
    RtStr out;

    (void)state;
    assert_true(rt_codec_base32(arena, RT_STR("NBUSA5DIMVZGK==="), &out));
    assert_true(rt_str_equal(out, RT_STR("hi there")));
    assert_false(rt_codec_base32(arena, RT_STR("NBUS!"), &out));
    assert_true(rt_codec_base85(arena, RT_STR("XlWpHXk~I`"), false, &out));
    assert_true(rt_str_equal(out, RT_STR("hi there")));
    assert_true(rt_codec_base85(arena, RT_STR("BOu!rDZ"), true, &out));
    assert_true(rt_str_equal(out, RT_STR("hello")));
    assert_false(rt_codec_hex(arena, RT_STR("0g"), &out));
    assert_true(rt_str_equal(rt_codec_base64_text(arena, RT_STR("hi!!")), RT_STR("aGkhIQ==")));
    assert_true(rt_str_equal(rt_codec_hex_text(arena, RT_STR("\x01\xFE")), RT_STR("01fe")));
    assert_true(
        rt_str_equal(rt_codec_percent(arena, RT_STR("%u0041%42%zz%4"), false), RT_STR("AB%zz%4")));
    assert_true(rt_str_equal(rt_codec_percent(arena, RT_STR("%E9"), true), RT_STR("\xC3\xA9")));
    assert_true(rt_str_equal(rt_codec_rot13(arena, RT_STR("Uryyb, 1!")), RT_STR("Hello, 1!")));
    assert_true(rt_codec_latin1_bytes(arena, RT_STR("\xC3\xA9"), &out));
    assert_true(rt_str_equal(out, RT_STR("\xE9")));
    assert_true(rt_str_equal(rt_codec_latin1_text(arena, out), RT_STR("\xC3\xA9")));
    assert_true(rt_str_equal(rt_codec_utf8_text(arena, RT_STR("a\xFF")), RT_STR("a\xEF\xBF\xBD")));
    rt_arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_open),
        cmocka_unit_test(damage_is_survived),
        cmocka_unit_test(texts_decode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
