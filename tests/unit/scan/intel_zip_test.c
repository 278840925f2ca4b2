/* intel_zip_test.c - the pieces of a feed: of a zip, cut off at every byte and with every bit
 * turned, of lines, of a pack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scan/intel_zip.h"

typedef struct {
    RtArena *arena;
    size_t pieces, faults;
} Walk;

static bool on_piece(void *context, const RtFeedPiece *piece)
{
    Walk *walk = context;
    RtFeedFault fault = NULL;
    RtStr content = rt_feed_open(walk->arena, piece, &fault);
    (void)rt_str_hash(fault == NULL ? content : (RtStr){ 0 });
    (void)rt_str_hash(piece->name);
    walk->pieces++;
    walk->faults += fault != NULL;
    return true;
}

static void put16(RtText *out, uint32_t number)
{
    rt_text_byte(out, (uint8_t)number);
    rt_text_byte(out, (uint8_t)(number >> 8));
}

static void put32(RtText *out, uint32_t number)
{
    put16(out, number & 0xffff);
    put16(out, number >> 16);
}

/* A zip of two stored members; CRCs are 0, which says nothing. */
static RtStr small_zip(RtArena *arena)
{
    RtText out = { .arena = arena };
    uint32_t places[2];
    for (size_t i = 0; i < 2; i++) {
        places[i] = (uint32_t)out.len;
        put32(&out, 0x04034b50);
        for (size_t k = 0; k < 5; k++)
            put16(&out, 0);
        put32(&out, 0);
        put32(&out, 4);
        put32(&out, 4);
        put16(&out, 1);
        put16(&out, 0);
        rt_text_add(&out, i ? RT_STR("bBODY") : RT_STR("aTEXT"));
    }
    uint32_t directory = (uint32_t)out.len;
    for (size_t i = 0; i < 2; i++) {
        put32(&out, 0x02014b50);
        for (size_t k = 0; k < 6; k++)
            put16(&out, 0);
        put32(&out, 0);
        put32(&out, 4);
        put32(&out, 4);
        put16(&out, 1);
        for (size_t k = 0; k < 6; k++)
            put16(&out, 0);
        put32(&out, places[i]);
        rt_text_byte(&out, i ? 'b' : 'a');
    }
    uint32_t size = (uint32_t)out.len - directory;
    put32(&out, 0x06054b50);
    put32(&out, 0);
    put16(&out, 2);
    put16(&out, 2);
    put32(&out, size);
    put32(&out, directory);
    put16(&out, 0);
    return rt_text_str(&out);
}

static void pieces_of_a_zip(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtStr zip = small_zip(arena);
    Walk walk = { .arena = arena };
    assert_null(rt_feed_walk(zip, RT_STR("s"), on_piece, &walk));
    assert_int_equal(walk.pieces, 2);
    assert_int_equal(walk.faults, 0);
    for (size_t len = 4; len < zip.len; len++) { /* cut off: refused as a whole */
        uint8_t *exact = rt_arena_take(arena, 1, len);
        memcpy(exact, zip.at, len);
        assert_non_null(rt_feed_walk((RtStr){ exact, len }, RT_STR("s"), on_piece, &walk));
    }
    for (size_t at = 0; at < zip.len; at++) /* each byte another: any answer but a crash */
        for (unsigned bit = 0; bit < 8; bit++) {
            uint8_t *changed = rt_arena_take(arena, 1, zip.len);
            memcpy(changed, zip.at, zip.len);
            changed[at] ^= (uint8_t)(1U << bit);
            (void)rt_feed_walk((RtStr){ changed, zip.len }, RT_STR("s"), on_piece, &walk);
        }
}

static void pieces_of_others(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t pieces;
    } cases[] = {
        { "{\"a\":1}\n{\"b\":2}\n\n{\"c\":3}", 3 },
        { "{\"a\":1}\n", 1 },
        { "{\n\"a\":1}\n", 1 },
        { "", 1 },
        { "value\n192.0.2.1\n", 1 },
        { RT_FEED_PACK_MARK, 0 },
    };
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        Walk walk = { .arena = arena };
        assert_null(rt_feed_walk(rt_str_from_c(cases[i].bytes), RT_STR("s"), on_piece, &walk));
        assert_int_equal(walk.pieces, cases[i].pieces);
    }
    Walk walk = { .arena = arena };
    assert_non_null(
        rt_feed_walk(RT_STR(RT_FEED_PACK_MARK "\xff\xff\xff\xff"), RT_STR("s"), on_piece, &walk));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_a_zip),
        cmocka_unit_test(pieces_of_others),
    };
    return cmocka_run_group_tests_name("scan.intel_zip", tests, NULL, NULL);
}
