/* reversed.c - text written backwards: 'eriuqer', "sj.x/dilavni.a//:ptth", "[::-1]". The literal
 * around a reversed word is turned round; without one the line is. */
#include "unpack/decoded.h"
#include "unpack/literals.h"

enum { REACH = 16 * 1024, LEAST = 6, HITS_MOST = 64 };

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

static size_t line_start(RtStr text, size_t at)
{
    size_t start = rt_str_rfind_byte(rt_str_sub(text, 0, at), '\n');
    return start == RT_NOT_FOUND ? 0 : start + 1;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("reversed", self, sink);
    for (size_t word = 0; word < RT_COUNT(words); word++) {
        RtStr needle = rt_str_from_c(words[word]);
        size_t done = 0;
        for (uint32_t hits = 0; hits < HITS_MOST; hits++) {
            size_t found = rt_str_find(rt_str_from(text, done), needle);
            if (found == RT_NOT_FOUND)
                break;
            size_t at = done + found;
            done = at + needle.len;
            if (!is_hit(text, at, word))
                continue;
            uint8_t quote = 0;
            size_t floor = at > REACH ? at - REACH : 0;
            size_t from = rt_literal_start(text, at, floor, &quote);
            size_t to =
                from == RT_NOT_FOUND ? line_end(text, at) : rt_literal_end(text, at, quote, false);
            if (from == RT_NOT_FOUND) {
                from = line_start(text, at);
                from = from < floor ? floor : from;
            }
            if (to - from > 2 * REACH)
                to = at + REACH < to ? at + REACH : to;
            turn(&decoded, text, from, to);
            done = to > done ? to : done;
        }
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_reversed = { .name = "reversed",
                                        .decode = decode,
                                        .wants = RT_ASKS_EVAL | RT_ASKS_DECODE |
                                                 RT_ASKS_OBFUSCATED | RT_ASKS_LONG | RT_ASKS_NET };
