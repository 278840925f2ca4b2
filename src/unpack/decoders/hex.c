/* hex.c - bytes written as pairs of hex digits: in one run ("68747470", Python's bytes.fromhex, the
 * HexEval helper's string tables) or with one and the same separator between pairs ("68 74 74",
 * "68:74:74"). Hashes, keys and colours decode to noise and fall away; only digits is a number
 * unless the text is made of words. */
#include "unpack/decoded.h"
#include "unpack/runs.h"

enum { LEAST = 8, SPACED_LEAST = 12, DIGITS_LEAST = 24, WORD_LEAST = 6, HEAD = 64 };

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
    if (bytes.len < 6 && !rt_decoded_is_wordy(bytes))
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

/* How many characters "SS" separators from `at` on stay the same: pairs with one byte between them.
 */
static size_t spaced_pairs(RtStr text, size_t at)
{
    size_t pairs = 1;
    uint8_t separator = text.at[at + 2];
    if (rt_runs_hex[separator] || separator == '\n' || separator == '"' || separator == '\'')
        return 1;
    while (text.len - at >= pairs * 3 + 2 && text.at[at + pairs * 3 - 1] == separator &&
           rt_runs_hex[text.at[at + pairs * 3]] && rt_runs_hex[text.at[at + pairs * 3 + 1]])
        pairs++;
    return pairs;
}

static void decode_spaced(Finder *finder, RtStr text)
{
    size_t at = 0;
    while (text.len >= SPACED_LEAST * 3 && at < text.len - SPACED_LEAST * 3) {
        /* Within a run of pairs each third byte is the same separator. */
        const uint8_t *here = text.at + at;
        if (here[2] != here[5] || here[5] != here[8] || !rt_runs_hex[here[0]] ||
            !rt_runs_hex[here[1]] || !rt_runs_hex[here[3]]) {
            at++;
            continue;
        }
        size_t pairs = spaced_pairs(text, at);
        uint8_t *out = pairs >= SPACED_LEAST ? scratch(finder, pairs) : NULL;
        for (size_t i = 0; out && i < pairs; i++)
            out[i] =
                (uint8_t)((rt_runs_hex[here[i * 3]] - 1) << 4 | (rt_runs_hex[here[i * 3 + 1]] - 1));
        RtStr bytes = { out, pairs };
        if (out && (rt_decoded_looks(bytes) != RT_LOOKS_TEXT || rt_decoded_is_wordy(bytes)))
            (void)rt_decoded_add(&finder->decoded, at, pairs * 3 - 1, bytes);
        at += pairs >= SPACED_LEAST ? pairs * 3 - 1 : 1;
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
