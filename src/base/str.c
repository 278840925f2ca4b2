/* str.c - comparing, searching, cutting and building views. Searching leans on memmem and memchr:
 * glibc's are vectorised and linear, and nothing here was faster. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static bool is_blank(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

RtStr rt_str_from_c(const char *text)
{
    return text ? (RtStr){ (const uint8_t *)text, strlen(text) } : (RtStr){ 0 };
}

bool rt_str_equal(RtStr a, RtStr b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool rt_str_equal_nocase(RtStr a, RtStr b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int rt_str_compare(RtStr a, RtStr b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool rt_str_starts(RtStr text, RtStr prefix)
{
    return text.len >= prefix.len && rt_str_equal((RtStr){ text.at, prefix.len }, prefix);
}

bool rt_str_ends(RtStr text, RtStr suffix)
{
    return text.len >= suffix.len && rt_str_equal(rt_str_from(text, text.len - suffix.len), suffix);
}

bool rt_str_ends_nocase(RtStr text, RtStr suffix)
{
    return text.len >= suffix.len &&
           rt_str_equal_nocase(rt_str_from(text, text.len - suffix.len), suffix);
}

size_t rt_str_find(RtStr text, RtStr needle)
{
    if (needle.len == 0)
        return 0;
    if (needle.len > text.len)
        return RT_NOT_FOUND;
    const uint8_t *at = memmem(text.at, text.len, needle.at, needle.len);
    return at ? (size_t)(at - text.at) : RT_NOT_FOUND;
}

/* Jumps by the needle's last byte (Horspool, folded): linear for the short words it is asked for.
 */
size_t rt_str_find_nocase(RtStr text, RtStr needle)
{
    if (needle.len == 0)
        return 0;
    size_t jump[256];
    for (size_t i = 0; i < RT_COUNT(jump); i++)
        jump[i] = needle.len;
    for (size_t i = 0; i + 1 < needle.len; i++) {
        uint8_t byte = lower(needle.at[i]);
        jump[byte] = needle.len - 1 - i;
        if (byte >= 'a' && byte <= 'z')
            jump[byte - 32] = needle.len - 1 - i;
    }
    size_t at = 0;
    while (text.len - at >= needle.len) {
        if (rt_str_equal_nocase((RtStr){ text.at + at, needle.len }, needle))
            return at;
        at += jump[text.at[at + needle.len - 1]];
        if (at > text.len)
            break;
    }
    return RT_NOT_FOUND;
}

size_t rt_str_find_byte(RtStr text, uint8_t byte)
{
    const uint8_t *at = text.len > 0 ? memchr(text.at, byte, text.len) : NULL;
    return at ? (size_t)(at - text.at) : RT_NOT_FOUND;
}

size_t rt_str_rfind_byte(RtStr text, uint8_t byte)
{
    const uint8_t *at = text.len > 0 ? memrchr(text.at, byte, text.len) : NULL;
    return at ? (size_t)(at - text.at) : RT_NOT_FOUND;
}

bool rt_str_has(RtStr text, RtStr needle) { return rt_str_find(text, needle) != RT_NOT_FOUND; }

RtStr rt_str_sub(RtStr text, size_t from, size_t len)
{
    if (from >= text.len)
        return (RtStr){ 0 };
    size_t left = text.len - from;
    return (RtStr){ text.at + from, len < left ? len : left };
}

RtStr rt_str_from(RtStr text, size_t from) { return rt_str_sub(text, from, SIZE_MAX); }

RtStr rt_str_trim(RtStr text)
{
    size_t from = 0, to = text.len;
    while (from < to && is_blank(text.at[from]))
        from++;
    while (to > from && is_blank(text.at[to - 1]))
        to--;
    return rt_str_sub(text, from, to - from);
}

bool rt_str_next(RtStr *rest, uint8_t separator, RtStr *ret_piece)
{
    if (!rest->at)
        return false;
    size_t at = rt_str_find_byte(*rest, separator);
    if (at == RT_NOT_FOUND) {
        *ret_piece = *rest;
        *rest = (RtStr){ 0 };
        return true;
    }
    *ret_piece = (RtStr){ rest->at, at };
    /* Not rt_str_from: after "a," comes one more, empty piece. */
    *rest = (RtStr){ rest->at + at + 1, rest->len - at - 1 };
    return true;
}

static unsigned digit_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - (unsigned)'0';
    byte = lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - (unsigned)'a' + 10 : 99;
}

bool rt_str_number(RtStr text, uint64_t *ret_number)
{
    unsigned base = 10;
    if (text.len > 2 && text.at[0] == '0' && lower(text.at[1]) == 'x') {
        base = 16;
        text = rt_str_from(text, 2);
    }
    uint64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = digit_value(text.at[i]);
        if (digit >= base || __builtin_mul_overflow(number, base, &number) ||
            __builtin_add_overflow(number, digit, &number))
            return false;
    }
    if (text.len == 0)
        return false;
    *ret_number = number;
    return true;
}

RtStr rt_str_copy(RtArena *arena, RtStr text)
{
    if (text.len == 0)
        return (RtStr){ 0 };
    return (RtStr){ memcpy(rt_arena_bytes(arena, text.len), text.at, text.len), text.len };
}

RtStr rt_str_lower(RtArena *arena, RtStr text)
{
    if (text.len == 0)
        return (RtStr){ 0 };
    uint8_t *at = rt_arena_bytes(arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        at[i] = lower(text.at[i]);
    return (RtStr){ at, text.len };
}

/* Prints into `arena`; the terminator that vsnprintf writes is not part of the view. */
static RtStr print(RtArena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len <= 0)
        return (RtStr){ 0 };
    uint8_t *at = rt_arena_bytes(arena, (size_t)len + 1);
    (void)vsnprintf((char *)at, (size_t)len + 1, format, args);
    return (RtStr){ at, (size_t)len };
}

RtStr rt_str_format(RtArena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    RtStr text = print(arena, format, args);
    va_end(args);
    return text;
}

const char *rt_str_c(RtArena *arena, RtStr text)
{
    size_t nul = rt_str_find_byte(text, 0);
    size_t len = nul == RT_NOT_FOUND ? text.len : nul;
    uint8_t *at = rt_arena_bytes(arena, len + 1);
    if (len > 0)
        memcpy(at, text.at, len);
    at[len] = 0;
    return (const char *)at;
}

void rt_text_add(RtText *text, RtStr more)
{
    if (text->cut)
        return;
    if (text->limit > 0 && more.len > text->limit - text->len) {
        more.len = text->limit - text->len;
        text->cut = true;
    }
    if (more.len == 0)
        return;
    if (more.len > text->capacity - text->len) {
        size_t wanted = text->capacity < 64 ? 128 : text->capacity * 2;
        if (wanted < text->len + more.len)
            wanted = text->len + more.len;
        uint8_t *larger = rt_arena_bytes(text->arena, wanted);
        if (text->len > 0)
            memcpy(larger, text->at, text->len);
        text->at = larger;
        text->capacity = wanted;
    }
    memcpy(text->at + text->len, more.at, more.len);
    text->len += more.len;
}

void rt_text_byte(RtText *text, uint8_t byte) { rt_text_add(text, (RtStr){ &byte, 1 }); }

void rt_text_rune(RtText *text, uint32_t rune)
{
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
        rune = 0xFFFD;
    uint8_t bytes[4];
    size_t len = 0;
    if (rune < 0x80) {
        bytes[len++] = (uint8_t)rune;
    } else if (rune < 0x800) {
        bytes[len++] = (uint8_t)(0xC0 | rune >> 6);
        bytes[len++] = (uint8_t)(0x80 | (rune & 0x3F));
    } else if (rune < 0x10000) {
        bytes[len++] = (uint8_t)(0xE0 | rune >> 12);
        bytes[len++] = (uint8_t)(0x80 | (rune >> 6 & 0x3F));
        bytes[len++] = (uint8_t)(0x80 | (rune & 0x3F));
    } else {
        bytes[len++] = (uint8_t)(0xF0 | rune >> 18);
        bytes[len++] = (uint8_t)(0x80 | (rune >> 12 & 0x3F));
        bytes[len++] = (uint8_t)(0x80 | (rune >> 6 & 0x3F));
        bytes[len++] = (uint8_t)(0x80 | (rune & 0x3F));
    }
    rt_text_add(text, (RtStr){ bytes, len });
}

void rt_text_format(RtText *text, const char *format, ...)
{
    char small[256];
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, format, args);
    if (len > 0 && (size_t)len < sizeof small)
        rt_text_add(text, (RtStr){ (const uint8_t *)small, (size_t)len });
    else if (len > 0)
        rt_text_add(text, print(text->arena, format, again));
    va_end(again);
    va_end(args);
}

RtStr rt_text_str(const RtText *text)
{
    return text->len > 0 ? (RtStr){ text->at, text->len } : (RtStr){ 0 };
}

size_t rt_utf8_take(RtStr text, size_t at, uint32_t *ret_rune)
{
    RtStr rest = rt_str_from(text, at);
    if (rest.len == 0)
        return 0;
    uint8_t first = rest.at[0];
    if (first < 0x80) {
        *ret_rune = first;
        return 1;
    }
    size_t len = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || len > rest.len)
        return 0;
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint32_t rune = first & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((rest.at[i] & 0xC0) != 0x80)
            return 0;
        rune = rune << 6 | (rest.at[i] & 0x3F);
    }
    if (rune < least[len] || rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
        return 0;
    *ret_rune = rune;
    return len;
}

bool rt_utf8_is_valid(RtStr text)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = 0;
        size_t len = rt_utf8_take(text, at, &rune);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

uint32_t rt_str_line(RtStr text, uint64_t at)
{
    uint32_t line = 1;
    RtStr head = rt_str_sub(text, 0, (size_t)at);
    for (size_t i = 0; i < head.len; i++)
        line += head.at[i] == '\n';
    return line;
}

/* A control character; ESC is at home in scripts that colour their output. */
static inline uint8_t is_odd(uint8_t byte)
{
    return (uint8_t)((byte < 0x20) & (byte != 0x1B) & !((byte >= '\t') & (byte <= '\r')));
}

bool rt_str_is_text(RtStr bytes)
{
    if (bytes.len >= 2 && ((bytes.at[0] == 0xFF && bytes.at[1] == 0xFE) ||
                           (bytes.at[0] == 0xFE && bytes.at[1] == 0xFF)))
        return true;
    enum { BLOCK = 64 };
    size_t len = bytes.len < 4096 ? bytes.len : 4096;
    size_t odd = 0, at = 0;
    if (rt_str_find_byte(rt_str_sub(bytes, 0, len), 0) != RT_NOT_FOUND)
        return false;
    /* Asked of every file several times: blocks of one size are compared side by side. */
    for (; at + BLOCK <= len; at += BLOCK) {
        uint8_t count = 0;
        for (size_t i = 0; i < BLOCK; i++)
            count = (uint8_t)(count + is_odd(bytes.at[at + i]));
        odd += count;
    }
    for (; at < len; at++)
        odd += is_odd(bytes.at[at]);
    return odd <= len / 32;
}
