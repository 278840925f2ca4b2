/* flow_codec.c - hex, base32, base85, percent, Latin-1. Base64 is base/base64.h's. */
#include "facts/flow/flow_codec.h"

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

bool rt_codec_hex(RtArena *arena, RtStr text, RtStr *ret_bytes)
{
    uint8_t *out = rt_arena_bytes(arena, text.len / 2 + 1);
    size_t len = 0;

    for (size_t i = 0; i + 1 < text.len; i += 2) {
        while (i + 1 < text.len && text.at[i] == ' ')
            i++;
        if (i + 1 >= text.len)
            break;
        if (hex_digit(text.at[i]) < 0 || hex_digit(text.at[i + 1]) < 0)
            return false;
        out[len++] = (uint8_t)(hex_digit(text.at[i]) << 4 | hex_digit(text.at[i + 1]));
    }
    *ret_bytes = (RtStr){ out, len };
    return true;
}

bool rt_codec_base32(RtArena *arena, RtStr text, RtStr *ret_bytes)
{
    uint8_t *out = rt_arena_bytes(arena, text.len * 5 / 8 + 1);
    size_t len = 0;
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];
        uint32_t digit;
        if (c == '=' || c <= ' ')
            continue;
        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            digit = (c | 0x20) - 'a' + 0u;
        else if (c >= '2' && c <= '7')
            digit = c - '2' + 26u;
        else
            return false;
        bits = bits << 5 | digit;
        count += 5;
        if (count >= 8) {
            count -= 8;
            out[len++] = (uint8_t)(bits >> count);
        }
    }
    *ret_bytes = (RtStr){ out, len };
    return true;
}

static int base85_digit(uint8_t c, bool ascii85)
{
    static const char digits[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

    if (ascii85)
        return c >= '!' && c <= 'u' ? c - '!' : -1;
    for (int i = 0; i < 85; i++)
        if ((uint8_t)digits[i] == c)
            return i;
    return -1;
}

bool rt_codec_base85(RtArena *arena, RtStr text, bool ascii85, RtStr *ret_bytes)
{
    RtText out = { .arena = arena };
    uint64_t group = 0;
    unsigned count = 0;

    for (size_t i = 0; i < text.len; i++) {
        const int digit = base85_digit(text.at[i], ascii85);
        if (ascii85 && text.at[i] == 'z' && count == 0) {
            rt_text_add(&out, (RtStr){ (const uint8_t *)"\0\0\0\0", 4 });
            continue;
        }
        if (text.at[i] <= ' ' || (ascii85 && text.at[i] == '~'))
            continue;
        if (digit < 0)
            return false;
        group = group * 85 + (uint64_t)digit;
        if (++count < 5)
            continue;
        for (int shift = 24; shift >= 0; shift -= 8)
            rt_text_byte(&out, (uint8_t)(group >> shift));
        group = 0;
        count = 0;
    }
    if (count > 1) {
        for (unsigned i = count; i < 5; i++)
            group = group * 85 + 84;
        for (unsigned i = 0; i < count - 1; i++)
            rt_text_byte(&out, (uint8_t)(group >> (24 - 8 * i)));
    }
    *ret_bytes = rt_text_str(&out);
    return true;
}

RtStr rt_codec_base64_text(RtArena *arena, RtStr bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t *out = rt_arena_bytes(arena, bytes.len / 3 * 4 + 8);
    size_t len = 0;

    for (size_t i = 0; i < bytes.len; i += 3) {
        const uint32_t word = (uint32_t)bytes.at[i] << 16 |
                              (i + 1 < bytes.len ? (uint32_t)bytes.at[i + 1] << 8 : 0) |
                              (i + 2 < bytes.len ? bytes.at[i + 2] : 0u);
        out[len++] = (uint8_t)digits[word >> 18 & 63];
        out[len++] = (uint8_t)digits[word >> 12 & 63];
        out[len++] = i + 1 < bytes.len ? (uint8_t)digits[word >> 6 & 63] : '=';
        out[len++] = i + 2 < bytes.len ? (uint8_t)digits[word & 63] : '=';
    }
    return (RtStr){ out, len };
}

RtStr rt_codec_hex_text(RtArena *arena, RtStr bytes)
{
    uint8_t *out = rt_arena_bytes(arena, bytes.len * 2 + 1);

    for (size_t i = 0; i < bytes.len; i++) {
        out[2 * i] = (uint8_t) "0123456789abcdef"[bytes.at[i] >> 4];
        out[2 * i + 1] = (uint8_t) "0123456789abcdef"[bytes.at[i] & 15];
    }
    return (RtStr){ out, bytes.len * 2 };
}

static bool hex_run(RtStr text, size_t at, unsigned digits, uint32_t *ret)
{
    *ret = 0;
    if (text.len - at < digits)
        return false;
    for (unsigned i = 0; i < digits; i++) {
        if (hex_digit(text.at[at + i]) < 0)
            return false;
        *ret = *ret * 16 + (uint32_t)hex_digit(text.at[at + i]);
    }
    return true;
}

RtStr rt_codec_percent(RtArena *arena, RtStr text, bool latin1)
{
    RtText out = { .arena = arena };
    uint32_t value;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '%' && i + 1 < text.len && text.at[i + 1] == 'u' &&
            hex_run(text, i + 2, 4, &value)) {
            rt_text_rune(&out, value);
            i += 5;
        } else if (text.at[i] == '%' && hex_run(text, i + 1, 2, &value)) {
            if (latin1)
                rt_text_rune(&out, value);
            else
                rt_text_byte(&out, (uint8_t)value);
            i += 2;
        } else {
            rt_text_byte(&out, text.at[i]);
        }
    }
    return rt_text_str(&out);
}

RtStr rt_codec_latin1_text(RtArena *arena, RtStr bytes)
{
    RtText out = { .arena = arena };
    bool ascii = true;

    for (size_t i = 0; i < bytes.len && ascii; i++)
        ascii = bytes.at[i] < 0x80;
    if (ascii)
        return bytes;
    for (size_t i = 0; i < bytes.len; i++)
        rt_text_rune(&out, bytes.at[i]);
    return rt_text_str(&out);
}

bool rt_codec_latin1_bytes(RtArena *arena, RtStr text, RtStr *ret_bytes)
{
    uint8_t *out = rt_arena_bytes(arena, text.len + 1);
    size_t len = 0, at = 0;

    while (at < text.len) {
        uint32_t rune;
        const size_t step = rt_utf8_take(text, at, &rune);
        if (step == 0)
            return false;
        out[len++] = (uint8_t)rune;
        at += step;
    }
    *ret_bytes = (RtStr){ out, len };
    return true;
}

RtStr rt_codec_utf8_text(RtArena *arena, RtStr bytes)
{
    RtText out = { .arena = arena };

    if (rt_utf8_is_valid(bytes))
        return bytes;
    for (size_t at = 0; at < bytes.len;) {
        uint32_t rune;
        const size_t step = rt_utf8_take(bytes, at, &rune);
        rt_text_rune(&out, step ? rune : 0xFFFD);
        at += step ? step : 1;
    }
    return rt_text_str(&out);
}

RtStr rt_codec_rot13(RtArena *arena, RtStr text)
{
    uint8_t *out = rt_arena_bytes(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i], low = c | 0x20;
        out[i] = low >= 'a' && low <= 'z' ? (uint8_t)((c & 0xE0) + (low - 0x60 + 12) % 26 + 1) : c;
    }
    return (RtStr){ out, text.len };
}
