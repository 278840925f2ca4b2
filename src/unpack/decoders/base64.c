/* base64.c - base64 (RFC 4648 §4 and §5, padding optional, as browsers, Python and Node take it)
 * and base32.
 *
 * Any run of symbols may be base64; a run is judged by what its first 48 symbols become, so that
 * identifiers and hashes cost a few dozen table look-ups. What attackers do with it is tried as
 * well: the text reversed, junk in front (the code slices it off, the alignment shifts), raw
 * deflate inside (PHP's gzinflate(base64_decode())). */
#include "unpack/decoded.h"
#include "unpack/expand.h"
#include "unpack/runs.h"

#include <string.h>

enum { LEAST = 16, HEAD = 48, JUNK_LEAST = 128, DEFLATE_LEAST = 64, BASE32_LEAST = 32 };

typedef struct {
    RtDecoded decoded;
    uint8_t *scratch;
    size_t scratch_len;
    bool inflates; /* the text speaks of inflating */
} Finder;

static uint8_t *scratch(Finder *finder, size_t len)
{
    if (len > finder->scratch_len) {
        RtArena *arena = finder->decoded.sink->arena;
        if (len > rt_arena_left(arena) / 4) {
            finder->decoded.sink->unseen(finder->decoded.sink, finder->decoded.self,
                                         RT_STR("limit-arena-bytes"));
            return NULL;
        }
        finder->scratch_len = len < 4096 ? 4096 : len;
        finder->scratch = rt_arena_bytes(arena, finder->scratch_len);
    }
    return finder->scratch;
}

/* Sixteen symbols settle nearly all; what stays is looked at again. */
static RtLooks head_looks(RtStr symbols)
{
    uint8_t head[HEAD];
    size_t len = rt_runs_decode_base64(rt_str_sub(symbols, 0, LEAST), head);
    RtLooks looks = rt_decoded_looks((RtStr){ head, len });
    if ((looks == RT_LOOKS_NOTHING && head[0] != 'x' && head[0] != 'M') || symbols.len <= LEAST)
        return looks;
    len = rt_runs_decode_base64(rt_str_sub(symbols, 0, HEAD), head);
    return rt_decoded_looks((RtStr){ head, len });
}

/* Words of a program (letters only, no quote before them) and hex digests, which are other
 * decoders' affair. */
static bool is_name(RtStr text, const RtRun *run)
{
    bool all_hex = true, all_letters = true;
    for (size_t i = 0; i < run->symbols.len && (all_hex || all_letters); i++) {
        uint8_t byte = run->symbols.at[i];
        all_hex &= rt_runs_hex[byte] != 0;
        all_letters &= ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '_';
    }
    uint8_t before = run->from > 0 ? text.at[run->from - 1] : '"';
    bool is_quoted = before == '"' || before == '\'' || before == '`';
    return all_hex || (all_letters && !is_quoted && run->symbols.len < 64);
}

static bool decode_run(Finder *finder, const RtRun *run, RtStr symbols)
{
    uint8_t *out = scratch(finder, symbols.len);
    if (!out)
        return true;
    size_t len = rt_runs_decode_base64(symbols, out);
    return rt_decoded_add(&finder->decoded, run->from, run->len, (RtStr){ out, len });
}

/* `'==QKpc…'[::-1]`: the padding, if any, stands in front and is not part of the run. */
static bool decode_reversed(Finder *finder, const RtRun *run)
{
    uint8_t tail[HEAD];
    size_t len = run->symbols.len < HEAD ? run->symbols.len : HEAD;
    for (size_t i = 0; i < len; i++)
        tail[i] = run->symbols.at[run->symbols.len - 1 - i];
    RtLooks looks = head_looks((RtStr){ tail, len });
    if (looks != RT_LOOKS_TEXT && looks != RT_LOOKS_BINARY)
        return false;
    uint8_t *all = scratch(finder, run->symbols.len * 2);
    if (!all)
        return true;
    for (size_t i = 0; i < run->symbols.len; i++)
        all[i] = run->symbols.at[run->symbols.len - 1 - i];
    uint8_t *out = all + run->symbols.len;
    size_t got = rt_runs_decode_base64((RtStr){ all, run->symbols.len }, out);
    return rt_decoded_add(&finder->decoded, run->from, run->len, (RtStr){ out, got });
}

/* Some symbols too many in front: text shows in the middle, at one of the other alignments. */
static bool decode_shifted(Finder *finder, const RtRun *run)
{
    if (run->symbols.len < JUNK_LEAST)
        return false;
    size_t middle = run->symbols.len / 2 & ~(size_t)3;
    for (size_t shift = 0; shift < 4; shift++) {
        if (head_looks(rt_str_from(run->symbols, middle + shift)) != RT_LOOKS_TEXT)
            continue;
        RtStr symbols = rt_str_from(run->symbols, shift);
        uint8_t *out = scratch(finder, symbols.len);
        if (!out)
            return true;
        RtStr bytes = { out, rt_runs_decode_base64(symbols, out) };
        size_t from = middle / 4 * 3;
        while (from > 0 && ((bytes.at[from - 1] >= 0x20 && bytes.at[from - 1] < 0x7F) ||
                            bytes.at[from - 1] == '\n' || bytes.at[from - 1] == '\t'))
            from--;
        return rt_decoded_add(&finder->decoded, run->from, run->len, rt_str_from(bytes, from));
    }
    return false;
}

static bool decode_deflated(Finder *finder, const RtRun *run)
{
    if (run->symbols.len < DEFLATE_LEAST || !finder->inflates)
        return false;
    uint8_t *out = scratch(finder, run->symbols.len);
    if (!out)
        return true;
    RtStr packed = { out, rt_runs_decode_base64(run->symbols, out) };
    RtStr limit;
    RtSink *sink = finder->decoded.sink;
    size_t room = rt_expand_room(sink, packed.len, &limit);
    RtExpanded content = rt_expand_deflate(sink->arena, packed, room);
    bool is_text =
        content.end == RT_EXPAND_WHOLE && rt_decoded_looks(content.bytes) == RT_LOOKS_TEXT;
    if (!is_text) {
        if (content.bytes.len > 0)
            rt_arena_trim(sink->arena, (uint8_t *)(uintptr_t)content.bytes.at, content.bytes.len,
                          0);
        return false;
    }
    (void)rt_decoded_keep(&finder->decoded, RT_STR("base64-deflate"), run->from, run->len,
                          content.bytes);
    return true;
}

static bool decode_base32(Finder *finder, const RtRun *run)
{
    if (run->symbols.len < BASE32_LEAST)
        return false;
    uint8_t *out = scratch(finder, run->symbols.len);
    uint64_t bits = 0;
    size_t count = 0, len = 0;
    for (size_t i = 0; out && i < run->symbols.len; i++) {
        uint8_t byte = run->symbols.at[i];
        bool is_letter = byte >= 'A' && byte <= 'Z';
        if (!is_letter && (byte < '2' || byte > '7'))
            return false;
        bits = bits << 5 | (is_letter ? byte - (unsigned)'A' : byte - (unsigned)'2' + 26);
        count += 5;
        if (count >= 8) {
            count -= 8;
            out[len++] = (uint8_t)(bits >> count);
        }
    }
    RtStr bytes = { out, len };
    RtLooks looks = rt_decoded_looks(bytes);
    if (looks != RT_LOOKS_TEXT && looks != RT_LOOKS_BINARY)
        return false;
    (void)rt_decoded_keep(&finder->decoded, RT_STR("base32"), run->from, run->len, bytes);
    return true;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    Finder finder = { .decoded = rt_decoded_start("base64", self, sink),
                      .inflates = (layer->interest & RT_ASKS_INFLATE) != 0 };
    RtRuns runs = rt_runs_start(sink->arena, layer->bytes, rt_runs_base64, LEAST);
    RtRun run;
    for (uint32_t i = 1; rt_runs_next(&runs, &run); i++) {
        if (i % 1024 == 0 && sink->ms_left(sink) == 0)
            break;
        if (is_name(layer->bytes, &run))
            continue;
        RtLooks looks = head_looks(run.symbols);
        if (looks == RT_LOOKS_MEDIA)
            continue;
        if (looks != RT_LOOKS_NOTHING && decode_run(&finder, &run, run.symbols))
            continue;
        if (!decode_reversed(&finder, &run) && !decode_base32(&finder, &run) &&
            !decode_shifted(&finder, &run))
            (void)decode_deflated(&finder, &run);
    }
    rt_decoded_done(&finder.decoded);
}

const RtDecoder rt_decoder_base64 = { .name = "base64",
                                      .decode = decode,
                                      .wants = RT_ASKS_BLOB | RT_ASKS_DECODE };
