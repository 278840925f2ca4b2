/* charcodes.c - text written as numbers: [104,116,…], chr(104)+chr(116)…, "104|116|…", 0x68,0x74.
 * A list is numbers with the same separator between them, whatever that is (blanks apart), so that
 * all spellings of all languages are one case. Each number may be a small sum ("chr(10+94)"). Bytes
 * only: 9…255. When the codes are no text, the same step added to or xored with each may make it
 * one. */
#include "unpack/decoded.h"
#include "unpack/onebyte.h"

#include <string.h>

enum { LEAST = 12, GAP_MOST = 40, WORDY_BELOW = 4096 };

typedef struct {
    RtStr text;
    size_t at;
} Scanner;

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static bool is_word(uint8_t byte)
{
    return is_digit(byte) || byte == '_' || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* A number of at most three decimal or "0x" and two hex digits; false otherwise. `at` moves behind
 * it. */
static bool read_code(RtStr text, size_t *at, uint32_t *ret_code)
{
    size_t here = *at;
    uint32_t value = 0;
    if (text.len - here > 2 && text.at[here] == '0' && (text.at[here + 1] | 0x20) == 'x') {
        size_t digits = 0;
        for (here += 2; here < text.len && digits < 3; here++, digits++) {
            uint8_t byte = text.at[here] | 0x20;
            if (is_digit(text.at[here]))
                value = value << 4 | (text.at[here] - (unsigned)'0');
            else if (byte >= 'a' && byte <= 'f')
                value = value << 4 | (byte - (unsigned)'a' + 10);
            else
                break;
        }
        if (digits == 0 || digits > 2)
            return false;
    } else {
        size_t digits = 0;
        for (; here < text.len && is_digit(text.at[here]) && digits < 4; here++, digits++)
            value = value * 10 + (text.at[here] - (unsigned)'0');
        if (digits == 0 || digits > 3)
            return false;
    }
    *at = here;
    *ret_code = value;
    return true;
}

/* A number, or a few added and taken away: "10+94", "(200-96)" without the parentheses. */
static bool read_sum(RtStr text, size_t *at, bool allow_sum, uint32_t *ret_code)
{
    if (!read_code(text, at, ret_code))
        return false;
    while (allow_sum && text.len - *at > 1 && (text.at[*at] == '+' || text.at[*at] == '-') &&
           is_digit(text.at[*at + 1])) {
        bool is_minus = text.at[*at] == '-';
        size_t next = *at + 1;
        uint32_t more = 0;
        if (!read_code(text, &next, &more))
            break;
        *ret_code = is_minus ? *ret_code - more : *ret_code + more;
        *at = next;
    }
    return true;
}

/* What stands between two numbers, blanks left out, in `key`; its length, or 0 when no number
 * follows in reach. */
static size_t read_gap(RtStr text, size_t *at, uint8_t key[GAP_MOST])
{
    size_t len = 0, here = *at;
    while (here < text.len && !is_digit(text.at[here]) && len < GAP_MOST) {
        if (!is_blank(text.at[here]))
            key[len++] = text.at[here];
        here++;
        if (here - *at > 4 * GAP_MOST)
            return 0;
    }
    if (here >= text.len || len == GAP_MOST)
        return 0;
    if (len == 0) { /* "104 116": blanks alone */
        if (here == *at)
            return 0;
        key[len++] = ' ';
    }
    *at = here;
    return len;
}

/* Collects a list that starts at `at`; returns how many codes, and where it ended. */
static size_t read_list(RtStr text, size_t *at, RtText *out)
{
    uint8_t separator[GAP_MOST], key[GAP_MOST];
    size_t separator_len = 0, count = 0, here = *at;
    bool in_calls = false;
    out->len = 0;
    for (;;) {
        uint32_t code = 0;
        size_t next = here;
        if (!read_sum(text, &next, count == 0 || in_calls, &code) || code > 255)
            break;
        here = next;
        *at = here;
        rt_text_byte(out, (uint8_t)code);
        count++;
        size_t len = read_gap(text, &here, key);
        if (len == 0)
            break;
        if (count == 1) {
            separator_len = len;
            memcpy(separator, key, len);
            in_calls = len > 2; /* ")+chr(" */
        } else if (len != separator_len || memcmp(separator, key, len) != 0) {
            break;
        }
    }
    return count;
}

static bool is_worth(RtStr bytes)
{
    RtLooks looks = rt_decoded_looks(bytes);
    if (looks == RT_LOOKS_TEXT)
        return bytes.len > WORDY_BELOW || rt_decoded_is_wordy(bytes) ||
               rt_decoded_is_telling(bytes);
    return looks == RT_LOOKS_BINARY && bytes.len >= 24;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("charcodes", self, sink);
    RtText codes = { .arena = sink->arena, .limit = rt_arena_left(sink->arena) / 4 };
    uint32_t lists = 0;
    for (size_t at = 0; at < text.len;) {
        if (!is_digit(text.at[at]) || (at > 0 && is_word(text.at[at - 1]))) {
            at++;
            continue;
        }
        size_t from = at;
        size_t count = read_list(text, &at, &codes);
        at = at > from ? at : from + 1;
        if (count < LEAST)
            continue;
        if (++lists % 256 == 0 && sink->ms_left(sink) == 0)
            break;
        RtStr bytes = rt_text_str(&codes);
        if (is_worth(bytes))
            (void)rt_decoded_add(&decoded, from, at - from, bytes);
        else if (rt_decoded_looks(bytes) == RT_LOOKS_NOTHING)
            (void)rt_onebyte_try(&decoded, from, at - from, bytes);
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_charcodes = { .name = "charcodes",
                                         .decode = decode,
                                         .wants = RT_ASKS_DECODE | RT_ASKS_OBFUSCATED };
