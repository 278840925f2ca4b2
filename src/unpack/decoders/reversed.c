/* reversed.c - text written backwards: 'eriuqer', "sj.x/dilavni.a//:ptth", "[::-1]". The literal
 * around a reversed word is turned round; without one the line is. rules/triage/any.yaml has the
 * same words: the first pass says where to look. */
#include "unpack/decoded.h"
#include "unpack/literals.h"

#include <string.h>

enum { REACH = 16 * 1024, LEAST = 6, HITS_MOST = 512 };

static const char *const words[] = { "ptth",  "eriuqer",    "tropmi",  "noitcnuf", "(lave",
                                     "(cexe", "llehsrewop", "ssecorp", "dexe.dmc" };

/* Words that hold a reversed word by chance are none we know of; "ptth" needs its colon. */
static bool is_hit(RtStr text, size_t at, size_t word)
{
    if (word > 0)
        return true;
    RtStr before = at >= 4 ? rt_str_sub(text, at - 4, 4) : (RtStr){ 0 };
    return rt_str_has(before, RT_STR("//:"));
}

static void turn(RtDecoded *decoded, RtStr text, size_t from, size_t to)
{
    RtStr body = rt_str_sub(text, from, to - from);
    if (body.len < LEAST || body.len > rt_arena_left(decoded->sink->arena) / 4)
        return;
    uint8_t *out = rt_arena_bytes(decoded->sink->arena, body.len);
    for (size_t i = 0; i < body.len; i++)
        out[i] = body.at[body.len - 1 - i];
    (void)rt_decoded_add(decoded, from, to - from, (RtStr){ out, body.len });
}

static size_t line_end(RtStr text, size_t at)
{
    size_t end = rt_str_find_byte(rt_str_from(text, at), '\n');
    return end == RT_NOT_FOUND ? text.len : at + end;
}

static size_t line_start(RtStr text, size_t at, size_t floor)
{
    size_t start = rt_str_rfind_byte(rt_str_sub(text, floor, at - floor), '\n');
    return start == RT_NOT_FOUND ? floor : floor + start + 1;
}

/* Which three bytes may be a word's first or second three: a word of four shows in every second
 * three of the text, so half of them are looked up, by a hash of sixteen bits. */
typedef struct {
    uint8_t bits[8192];
} Triples;

static unsigned triple_at(const uint8_t *at)
{
    return (at[0] * 0x9E5u ^ at[1] * 0x3B1u ^ at[2] * 0x6Du) & 0xFFFF;
}

static void fill(Triples *triples)
{
    memset(triples, 0, sizeof *triples);
    for (size_t i = 0; i < RT_COUNT(words); i++)
        for (size_t j = 0; j < 2; j++) {
            unsigned triple = triple_at(rt_str_from_c(words[i]).at + j);
            triples->bits[triple >> 3] |= (uint8_t)(1u << (triple & 7));
        }
}

/* The word whose first or second byte stands at `at`: its place in *ret_at; false when there is
 * none. */
static bool word_around(RtStr text, size_t at, size_t *ret_at, size_t *ret_len)
{
    for (size_t i = 0; i < RT_COUNT(words); i++) {
        RtStr word = rt_str_from_c(words[i]);
        for (size_t back = 0; back < 2 && back <= at; back++)
            if (rt_str_starts(rt_str_from(text, at - back), word) && is_hit(text, at - back, i)) {
                *ret_at = at - back;
                *ret_len = word.len;
                return true;
            }
    }
    return false;
}

/* Turns the literal (or the line) around a word at `at`; returns where it ended. */
static size_t turn_around(RtDecoded *decoded, RtStr text, size_t at, size_t floor)
{
    uint8_t quote = 0;
    floor = at > floor + REACH ? at - REACH : floor;
    RtStr window = rt_str_sub(text, 0, at + REACH);
    size_t from = rt_literal_start(text, at, floor, &quote);
    size_t to =
        from == RT_NOT_FOUND ? line_end(window, at) : rt_literal_end(window, at, quote, false);
    if (from == RT_NOT_FOUND)
        from = line_start(text, at, floor);
    turn(decoded, text, from, to);
    return to;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("reversed", self, sink);
    Triples triples;
    fill(&triples);
    size_t floor = 0;
    uint32_t hits = 0;
    for (size_t at = 0; at + 2 < text.len && hits < HITS_MOST; at += 2) {
        unsigned triple = triple_at(text.at + at);
        if (!(triples.bits[triple >> 3] >> (triple & 7) & 1))
            continue;
        size_t place = 0, len = 0;
        if (!word_around(text, at, &place, &len) || place < floor)
            continue;
        size_t end = turn_around(&decoded, text, place, floor);
        floor = end > place + len ? end : place + len;
        at = floor;
        hits++;
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_reversed = { .name = "reversed",
                                        .decode = decode,
                                        .wants = RT_ASKS_REVERSED };
