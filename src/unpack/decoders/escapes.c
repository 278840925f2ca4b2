/* escapes.c - string literals written in escapes: \xNN, \uNNNN, \u{N}, octal. Either text that
 * needed none of them
 * ("\x68\x74\x74\x70"), or bytes that begin like something that unpacks (Python's b'x\x9c…').
 * The text is not lexed: from an escape we go left to the nearest quote, then right to its end,
 * once. */
#include "unpack/decoded.h"
#include "unpack/literals.h"
#include "unpack/runs.h"

enum {
    LEAST = 4,
    WHOLE_DENSE = 3,
    GAP_MOST = 200
}; /* escapes of plain ASCII; a third of the result */

typedef struct {
    size_t escapes, plain; /* numeric escapes, and those of printable ASCII */
    size_t high;
} Tally;

/* Reads up to `most` digits of `base`; returns how many. */
static size_t read_digits(RtStr text, size_t at, size_t most, unsigned base, uint32_t *ret_value)
{
    size_t count = 0;
    uint32_t value = 0;
    while (count < most && at + count < text.len && rt_runs_hex[text.at[at + count]] &&
           rt_runs_hex[text.at[at + count]] - 1u < base) {
        value = value * base + (rt_runs_hex[text.at[at + count]] - 1u);
        count++;
    }
    *ret_value = value;
    return count;
}

static void put(RtText *out, uint32_t value, bool is_rune, Tally *tally)
{
    tally->escapes++;
    tally->plain += value >= 0x20 && value < 0x7F;
    tally->high += value >= 0x80;
    if (is_rune)
        rt_text_rune(out, value);
    else
        rt_text_byte(out, (uint8_t)value);
}

/* One escape at `at` (behind the backslash); returns the characters it took. */
static size_t read_escape(RtStr text, size_t at, RtText *out, Tally *tally)
{
    uint8_t kind = text.at[at];
    uint32_t value = 0;
    size_t count = 0;
    if (kind == 'x' && read_digits(text, at + 1, 2, 16, &value) == 2) {
        put(out, value, false, tally);
        return 3;
    }
    if (kind == 'u' && at + 1 < text.len && text.at[at + 1] == '{') {
        count = read_digits(text, at + 2, 6, 16, &value);
        put(out, value, true, tally);
        return count + 3;
    }
    if (kind == 'u' && read_digits(text, at + 1, 4, 16, &value) == 4) {
        put(out, value, true, tally);
        return 5;
    }
    if (kind >= '0' && kind <= '7') {
        count = read_digits(text, at, kind <= '3' ? 3 : 2, 8, &value);
        put(out, value, false, tally);
        return count;
    }
    static const char from[] = "ntrabfv0", to[] = "\n\t\r\a\b\f\v";
    size_t i = 0;
    while (from[i] && (uint8_t)from[i] != kind)
        i++;
    if (kind != '\n')
        rt_text_byte(out, from[i] ? (uint8_t)to[i] : kind);
    return 1;
}

/* Decodes text[from, to). */
static RtStr unescape(RtStr text, size_t from, size_t to, RtText *out, Tally *tally)
{
    RtStr body = rt_str_sub(text, 0, to);
    for (size_t at = from; at < to;) {
        size_t slash = rt_str_find_byte(rt_str_sub(body, at, to - at), '\\');
        size_t plain = slash == RT_NOT_FOUND ? to - at : slash;
        rt_text_add(out, rt_str_sub(body, at, plain));
        at += plain;
        if (at + 1 >= to)
            break;
        at += 1 + read_escape(body, at + 1, out, tally);
    }
    return rt_text_str(out);
}

/* Behind the closing quote at `end`: the body of a literal that continues it ("a" "b", b'a'\n b'b',
 * "a" + "b"), or RT_NOT_FOUND. */
static size_t next_literal(RtStr text, size_t end, uint8_t quote)
{
    size_t at = end + 1, most = end + GAP_MOST;
    bool has_operator = false;
    for (; at < text.len && at < most; at++) {
        uint8_t byte = text.at[at];
        if (byte == quote)
            return at + 1;
        if ((byte == '+' || byte == '.') && !has_operator)
            has_operator = true;
        else if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\\' &&
                 byte != 'b')
            break;
    }
    return RT_NOT_FOUND;
}

static bool is_numeric(RtStr text, size_t at)
{
    uint8_t kind = at + 1 < text.len ? text.at[at + 1] : 0;
    return kind == 'x' || kind == 'u' || (kind >= '0' && kind <= '7');
}

static void consider(RtDecoded *decoded, RtStr bytes, const Tally *tally, size_t from, size_t to)
{
    RtLooks looks = rt_decoded_looks(bytes);
    bool is_hidden_text = looks == RT_LOOKS_TEXT && tally->plain >= LEAST &&
                          tally->plain * WHOLE_DENSE >= bytes.len && tally->high * 4 <= bytes.len;
    bool is_blob = looks == RT_LOOKS_BINARY && tally->escapes >= 8 && bytes.len >= 24;
    if (is_hidden_text || is_blob)
        (void)rt_decoded_add(decoded, from, to - from, bytes);
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("escapes", self, sink);
    RtText out = { .arena = sink->arena, .limit = rt_arena_left(sink->arena) / 4 };
    size_t done = 0, floor = 0; /* looked at so far; end of the last literal */
    for (uint32_t i = 1;; i++) {
        size_t slash = rt_str_find_byte(rt_str_from(text, done), '\\');
        if (slash == RT_NOT_FOUND || (i % 4096 == 0 && sink->ms_left(sink) == 0))
            break;
        size_t at = done + slash;
        if (!is_numeric(text, at)) {
            done = at + 2;
            continue;
        }
        uint8_t quote = 0;
        size_t from = rt_literal_start(text, at, floor, &quote);
        bool is_open = from == RT_NOT_FOUND;
        from = is_open ? at : from;
        bool is_tripled =
            !is_open && from >= 3 && text.at[from - 2] == quote && text.at[from - 3] == quote;
        size_t end = rt_literal_end(text, at, is_open ? '"' : quote, is_tripled);
        Tally tally = { 0 };
        out.len = 0;
        RtStr bytes = unescape(text, from, end, &out, &tally);
        for (size_t next = end; !is_open && !is_tripled && end < text.len &&
                                text.at[end] == quote &&
                                (next = next_literal(text, end, quote)) != RT_NOT_FOUND;) {
            end = rt_literal_end(text, next, quote, false);
            bytes = unescape(text, next, end, &out, &tally);
        }
        consider(&decoded, bytes, &tally, from, end);
        floor = done = end + 1;
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_escapes = { .name = "escapes", .decode = decode, .wants = 0 };
