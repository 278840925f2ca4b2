/* whitespace.c - text coded in blanks: tabs and spaces as bits, eight or seven a character, in one
 * run or one character a line. Only a run of at least 64 that becomes text counts; indentation
 * never does. */
#include "unpack/decoded.h"

enum { LEAST = 64 };

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static RtStr from_bits(RtArena *arena, RtStr run, unsigned width, uint8_t one)
{
    RtText out = { .arena = arena };
    unsigned byte = 0, bits = 0;
    for (size_t i = 0; i < run.len; i++) {
        if (run.at[i] != ' ' && run.at[i] != '\t')
            continue;
        byte = byte << 1 | (run.at[i] == one);
        if (++bits % width == 0) {
            rt_text_byte(&out, (uint8_t)byte);
            byte = 0;
        }
    }
    return rt_text_str(&out);
}

static void consider(RtDecoded *decoded, RtStr text, size_t from, size_t to)
{
    RtStr run = rt_str_sub(text, from, to - from);
    size_t tabs = 0, spaces = 0;
    for (size_t i = 0; i < run.len; i++) {
        tabs += run.at[i] == '\t';
        spaces += run.at[i] == ' ';
    }
    if (tabs < 16 || spaces < 16 || run.len > rt_arena_left(decoded->sink->arena) / 8)
        return;
    static const struct {
        unsigned width;
        uint8_t one;
    } ways[] = { { 8, '\t' }, { 8, ' ' }, { 7, '\t' }, { 7, ' ' } };
    for (size_t i = 0; i < RT_COUNT(ways); i++) {
        RtStr plain = from_bits(decoded->sink->arena, run, ways[i].width, ways[i].one);
        if (plain.len < 8 || rt_decoded_looks(plain) != RT_LOOKS_TEXT ||
            !rt_decoded_is_wordy(plain))
            continue;
        (void)decoded->sink->fact(
            decoded->sink, (RtFact){ .kind = RT_FACT_HIDDEN,
                                     .witness = RT_SEEN_IN_TEXT,
                                     .layer = decoded->self,
                                     .from = from,
                                     .len = to - from,
                                     .args = { RT_STR("whitespace"), rt_str_sub(plain, 0, 256) } });
        (void)rt_decoded_keep(decoded, decoded->name, from, to - from, plain);
        return;
    }
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("whitespace", self, sink);
    size_t done = 0;
    /* A run of 64 covers every 64th byte: look there only. */
    for (size_t probe = LEAST - 1; probe < text.len; probe += LEAST) {
        if (!is_blank(text.at[probe]) || probe < done)
            continue;
        size_t from = probe, to = probe;
        while (from > done && is_blank(text.at[from - 1]))
            from--;
        while (to < text.len && is_blank(text.at[to]))
            to++;
        done = to;
        if (to - from >= LEAST)
            consider(&decoded, text, from, to);
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_whitespace = { .name = "whitespace", .decode = decode, .wants = 0 };
