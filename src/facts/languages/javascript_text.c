/* javascript_text.c - the value of a string literal: escapes decoded as ECMA-262 12.9.4 says, Annex
 * B octals too. */
#include "facts/languages/javascript_lower.h"

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Up to `most` hex digits at *at; the count read is 0 when there are fewer than `least`. */
static size_t take_hex(RtStr text, size_t at, size_t least, size_t most, uint32_t *ret_value)
{
    uint32_t value = 0;
    size_t count = 0;
    while (count < most && at + count < text.len && hex_digit(text.at[at + count]) >= 0) {
        value = (value << 4 | (uint32_t)hex_digit(text.at[at + count])) & 0xffffff;
        count++;
    }
    *ret_value = value;
    return count >= least ? count : 0;
}

/* \uXXXX or \u{…} whose `u` stands at `at`; returns what follows it, or `at` when it is malformed.
 */
static size_t take_unicode(RtStr text, size_t at, uint32_t *ret_rune)
{
    if (at + 1 < text.len && text.at[at + 1] == '{') {
        size_t count = take_hex(text, at + 2, 1, 8, ret_rune);
        size_t end = at + 2 + count;
        return count && end < text.len && text.at[end] == '}' ? end + 1 : at;
    }
    return take_hex(text, at + 1, 4, 4, ret_rune) ? at + 5 : at;
}

static bool is_high(uint32_t rune) { return rune >= 0xd800 && rune < 0xdc00; }
static bool is_low(uint32_t rune) { return rune >= 0xdc00 && rune < 0xe000; }

static size_t add_unicode(RtText *out, RtStr text, size_t at)
{
    uint32_t rune, low;
    size_t end = take_unicode(text, at, &rune);
    if (end == at) {
        rt_text_byte(out, 'u');
        return at + 1;
    }
    if (is_high(rune) && end + 1 < text.len && text.at[end] == '\\' && text.at[end + 1] == 'u') {
        size_t pair = take_unicode(text, end + 1, &low);
        if (pair != end + 1 && is_low(low)) {
            rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
            end = pair;
        }
    }
    rt_text_rune(out, rune);
    return end;
}

static size_t add_octal(RtText *out, RtStr text, size_t at)
{
    uint32_t value = 0;
    size_t end = at;
    while (end < text.len && end < at + 3 && text.at[end] >= '0' && text.at[end] <= '7' &&
           value * 8 + (uint32_t)(text.at[end] - '0') < 256) {
        value = value * 8 + (uint32_t)(text.at[end] - '0');
        end++;
    }
    rt_text_rune(out, value);
    return end;
}

/* The escape whose character after the backslash stands at `at`; returns what follows. */
static size_t add_escape(RtText *out, RtStr text, size_t at)
{
    static const char from[] = "nrtbfv";
    static const char to[] = "\n\r\t\b\f\v";
    uint32_t value;
    uint8_t byte = text.at[at];
    for (size_t i = 0; from[i]; i++)
        if (byte == (uint8_t)from[i]) {
            rt_text_byte(out, (uint8_t)to[i]);
            return at + 1;
        }
    if (byte == 'x' && take_hex(text, at + 1, 2, 2, &value)) {
        rt_text_rune(out, value);
        return at + 3;
    }
    if (byte == 'u')
        return add_unicode(out, text, at);
    if (byte >= '0' && byte <= '7')
        return add_octal(out, text, at);
    if (byte == '\r' && at + 1 < text.len && text.at[at + 1] == '\n')
        return at + 2; /* a line continued */
    if (byte != '\n' && byte != '\r')
        rt_text_byte(out, byte);
    return at + 1;
}

RtStr rt_javascript_unescape(RtArena *arena, RtStr text)
{
    size_t at = rt_str_find_byte(text, '\\');
    if (at == RT_NOT_FOUND)
        return text;
    RtText out = { .arena = arena };
    size_t done = 0;
    while (done < text.len) {
        RtStr rest = rt_str_from(text, done);
        at = rt_str_find_byte(rest, '\\');
        if (at == RT_NOT_FOUND || at + 1 >= rest.len) {
            rt_text_add(&out, at == RT_NOT_FOUND ? rest : rt_str_sub(rest, 0, at));
            break;
        }
        rt_text_add(&out, rt_str_sub(rest, 0, at));
        done = add_escape(&out, text, done + at + 1);
    }
    return rt_text_str(&out);
}
