/* hex.c - bytes written as pairs of hex digits: in one run ("68747470", Python's bytes.fromhex, the
 * HexEval helper's string tables) or with one and the same separator between pairs ("68 74 74",
 * "68:74:74"). Hashes, keys and colours decode to noise and fall away; only digits is a number
 * unless the text is made of words. */
#include "unpack/decoded.h"
#include "unpack/runs.h"

enum { LEAST = 8, SPACED_LEAST = 12, DIGITS_LEAST = 24, WORD_LEAST = 6, STRIDE = 18, HEAD = 64 };

typedef struct {
    RtDecoded decoded;
    uint8_t *scratch;
    size_t scratch_len;
} Finder;

static uint8_t *scratch(Finder *finder, size_t len)
{
    if (len > finder->scratch_len) {
        RtArena *arena = finder->decoded.sink->arena;
        if (len > rt_arena_left(arena) / 4)
            return NULL;
        finder->scratch_len = len < 4096 ? 4096 : len;
        finder->scratch = rt_arena_bytes(arena, finder->scratch_len);
    }
    return finder->scratch;
}

static bool is_all_digits(RtStr symbols)
{
    for (size_t i = 0; i < symbols.len; i++)
        if (symbols.at[i] > '9')
            return false;
    return true;
}

/* Letters only: seven pairs of digits are by chance once in 100,000 times. */
static bool is_word(RtStr bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if ((bytes.at[i] | 0x20) < 'a' || (bytes.at[i] | 0x20) > 'z')
            return false;
    return true;
}

static bool is_worth(RtStr symbols, RtStr bytes)
{
    if (rt_decoded_looks(bytes) != RT_LOOKS_TEXT)
        return true; /* rt_decoded_add sees to it */
    /* Test vectors count up: 00 01 02 … has its printable part, too. */
    if (!rt_decoded_is_wordy(bytes) && !rt_decoded_is_telling(bytes))
        return false;
    return !is_all_digits(symbols) || (bytes.len >= WORD_LEAST && is_word(bytes)) ||
           (symbols.len >= DIGITS_LEAST && rt_decoded_is_wordy(bytes));
}

static void decode_run(Finder *finder, const RtRun *run)
{
    if (run->symbols.len % 2 != 0)
        return;
    uint8_t head[HEAD / 2];
    RtStr start = { head, rt_runs_decode_hex(rt_str_sub(run->symbols, 0, HEAD), head) };
    RtLooks looks = rt_decoded_looks(start);
    if ((looks != RT_LOOKS_TEXT && looks != RT_LOOKS_BINARY) || !is_worth(run->symbols, start))
        return;
    uint8_t *out = scratch(finder, run->symbols.len / 2);
    if (!out)
        return;
    RtStr bytes = { out, rt_runs_decode_hex(run->symbols, out) };
    (void)rt_decoded_add(&finder->decoded, run->from, run->len, bytes);
}

/* Whether a pair stands at `at`, followed by `separator`. */
static bool is_pair(RtStr text, size_t at, uint8_t separator)
{
    return text.len - at > 2 && rt_runs_hex[text.at[at]] && rt_runs_hex[text.at[at + 1]] &&
           text.at[at + 2] == separator;
}

/* A separator that stands at `at` and three, six and nine further on: pairs around it? Decodes
 * them; returns where they end, or `at`. */
static size_t decode_pairs(Finder *finder, RtStr text, size_t floor, size_t at)
{
    uint8_t separator = text.at[at];
    size_t from = at + 1;
    while (from >= floor + 3 && is_pair(text, from - 3, separator))
        from -= 3;
    size_t pairs = 0;
    while (from + pairs * 3 < text.len && is_pair(text, from + pairs * 3, separator))
        pairs++;
    size_t last = from + pairs * 3;
    bool has_last =
        text.len - last > 1 && rt_runs_hex[text.at[last]] && rt_runs_hex[text.at[last + 1]];
    size_t end = last + (has_last ? 2 : 0);
    pairs += has_last;
    uint8_t *out = pairs >= SPACED_LEAST ? scratch(finder, pairs) : NULL;
    if (!out)
        return at;
    for (size_t i = 0; i < pairs; i++)
        out[i] = (uint8_t)((rt_runs_hex[text.at[from + i * 3]] - 1) << 4 |
                           (rt_runs_hex[text.at[from + i * 3 + 1]] - 1));
    RtStr bytes = { out, pairs };
    if (rt_decoded_looks(bytes) != RT_LOOKS_TEXT || rt_decoded_is_wordy(bytes))
        (void)rt_decoded_add(&finder->decoded, from, end - from, bytes);
    return end;
}

/* Twelve pairs cover 35 bytes, so it is enough to look at three neighbours every STRIDE bytes. */
static void decode_spaced(Finder *finder, RtStr text)
{
    size_t floor = 0;
    for (size_t at = 2; at + 12 <= text.len; at += STRIDE) {
        for (size_t phase = 0; phase < 3; phase++) {
            const uint8_t *here = text.at + at + phase;
            if (at + phase + 9 >= text.len || here[0] != here[3] || here[3] != here[6] ||
                here[6] != here[9] || rt_runs_hex[here[0]] || !rt_runs_hex[here[1]] ||
                !rt_runs_hex[here[2]] || here[0] == '\n' || here[0] == '"' || here[0] == '\'')
                continue;
            size_t end = decode_pairs(finder, text, floor, at + phase);
            if (end > at + phase) {
                floor = end;
                at = end;
                break;
            }
        }
    }
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    Finder finder = { .decoded = rt_decoded_start("hex", self, sink) };
    RtRuns runs = rt_runs_start(sink->arena, layer->bytes, rt_runs_hex, LEAST);
    RtRun run;
    for (uint32_t i = 1; rt_runs_next(&runs, &run); i++) {
        if (i % 1024 == 0 && sink->ms_left(sink) == 0)
            break;
        decode_run(&finder, &run);
    }
    decode_spaced(&finder, layer->bytes);
    rt_decoded_done(&finder.decoded);
}

const RtDecoder rt_decoder_hex = { .name = "hex",
                                   .decode = decode,
                                   .wants = RT_ASKS_BLOB | RT_ASKS_DECODE | RT_ASKS_OBFUSCATED };
