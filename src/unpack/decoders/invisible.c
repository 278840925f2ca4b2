/* invisible.c - payloads in characters nobody sees: variation selectors (GlassWorm: a byte each),
 * tag characters (ASCII), and two kinds of zero-width or filler characters (a bit each). A run of
 * sixteen has no honest use (0 in 2,797 packages, THREATS 3.6), so it is a fact even when nothing
 * comes out. */
#include "unpack/decoded.h"

#include <string.h>

enum { LEAST = 16, FACTS_MOST = 32 };

/* The byte a character stands for, or -1; `*ret_is_bit` when it is one of the bit pairs. */
static int value_of(uint32_t rune, bool *ret_is_bit)
{
    *ret_is_bit = false;
    if (rune >= 0xFE00 && rune <= 0xFE0F)
        return (int)(rune - 0xFE00);
    if (rune >= 0xE0100 && rune <= 0xE01EF)
        return (int)(rune - 0xE0100 + 16);
    if (rune >= 0xE0000 && rune <= 0xE007F)
        return (int)(rune - 0xE0000);
    *ret_is_bit = true;
    if ((rune >= 0x200B && rune <= 0x200D) || rune == 0x2060 || rune == 0xFEFF || rune == 0x3164 ||
        rune == 0xFFA0 || (rune >= 0x2061 && rune <= 0x2064))
        return 0;
    return -1;
}

/* Two kinds of characters, eight a byte, the first bit the highest. */
static RtStr from_bits(RtArena *arena, RtStr run, bool is_flipped)
{
    RtText out = { .arena = arena };
    uint32_t zero = 0, rune = 0;
    unsigned byte = 0, bits = 0;
    for (size_t at = 0; at < run.len;) {
        size_t len = rt_utf8_take(run, at, &rune);
        if (len == 0)
            break;
        zero = at == 0 ? rune : zero;
        byte = byte << 1 | ((rune == zero) == is_flipped);
        if (++bits % 8 == 0)
            rt_text_byte(&out, (uint8_t)byte);
        at += len;
    }
    return rt_text_str(&out);
}

static RtStr from_values(RtArena *arena, RtStr run)
{
    RtText out = { .arena = arena };
    uint32_t rune = 0;
    bool is_bit = false;
    for (size_t at = 0; at < run.len; at += rt_utf8_take(run, at, &rune) + (rune == 0)) {
        if (rt_utf8_take(run, at, &rune) == 0)
            break;
        rt_text_byte(&out, (uint8_t)value_of(rune, &is_bit));
    }
    return rt_text_str(&out);
}

static void consider(RtDecoded *decoded, RtStr text, size_t from, size_t to, bool is_bits)
{
    RtStr run = rt_str_sub(text, from, to - from);
    RtArena *arena = decoded->sink->arena;
    if (run.len > rt_arena_left(arena) / 8)
        return;
    RtStr plain = is_bits ? from_bits(arena, run, false) : from_values(arena, run);
    if (is_bits && rt_decoded_looks(plain) == RT_LOOKS_NOTHING)
        plain = from_bits(arena, run, true);
    bool is_told = rt_decoded_looks(plain) == RT_LOOKS_TEXT || !is_bits;
    (void)decoded->sink->fact(
        decoded->sink, (RtFact){ .kind = RT_FACT_HIDDEN,
                                 .witness = RT_SEEN_IN_TEXT,
                                 .layer = decoded->self,
                                 .from = from,
                                 .len = to - from,
                                 .args = { RT_STR("invisible"),
                                           is_told ? rt_str_sub(plain, 0, 256) : (RtStr){ 0 } } });
    if (is_told)
        (void)rt_decoded_keep(decoded, decoded->name, from, to - from, plain);
}

/* Moves over ASCII eight bytes at a time. */
static size_t skip_ascii(RtStr text, size_t at)
{
    uint64_t word = 0;
    for (; text.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.at + at, sizeof word);
        if (word & 0x8080808080808080u)
            break;
    }
    while (at < text.len && text.at[at] < 0x80)
        at++;
    return at;
}

static bool is_candidate(uint8_t byte)
{
    return byte == 0xEF || byte == 0xF3 || byte == 0xE2 || byte == 0xE3;
}

/* Follows a run of one kind from `at`; returns its end, `*ret_count` the characters. */
static size_t follow(RtStr text, size_t at, size_t *ret_count, bool *ret_is_bits)
{
    size_t count = 0;
    bool is_bits = false, first_is_bits = false;
    uint32_t rune = 0;
    for (;; count++) {
        size_t len = rt_utf8_take(text, at, &rune);
        if (len == 0 || value_of(rune, &is_bits) < 0 || (count > 0 && is_bits != first_is_bits))
            break;
        first_is_bits = is_bits;
        at += len;
    }
    *ret_count = count;
    *ret_is_bits = first_is_bits;
    return at;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("invisible", self, sink);
    uint32_t told = 0;
    for (size_t at = 0; at < text.len && told < FACTS_MOST;) {
        if (!is_candidate(text.at[at])) {
            at = skip_ascii(text, at + 1);
            continue;
        }
        size_t count = 0;
        bool is_bits = false;
        size_t end = follow(text, at, &count, &is_bits);
        if (count >= LEAST) {
            consider(&decoded, text, at, end, is_bits);
            told++;
        }
        at = end > at ? end : at + 1;
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_invisible = { .name = "invisible", .decode = decode, .wants = 0 };
