/* base64.c - as lenient as the interpreters that will read the same text: what they accept must not
 * pass us by. */
#include "base/base64.h"

static int letter_value(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' || byte == '-' ? 62 : byte == '/' || byte == '_' ? 63 : -1;
}

bool rt_base64_decode(RtArena *arena, RtStr text, RtStr *ret_bytes)
{
    size_t letters = 0;
    bool padded = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        if (byte == '=')
            padded = true;
        else if (letter_value(byte) >= 0 && !padded)
            letters++;
        else if (byte != ' ' && byte != '\n' && byte != '\r' && byte != '\t')
            return false;
    }
    if (letters < 4 || letters % 4 == 1)
        return false;
    uint8_t *bytes = rt_arena_bytes(arena, letters / 4 * 3 + 3);
    size_t len = 0;
    uint32_t bits = 0, held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = letter_value(text.at[i]);
        if (value < 0)
            continue;
        bits = (bits << 6) | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[len++] = (uint8_t)(bits >> held);
        }
    }
    *ret_bytes = (RtStr){ .at = bytes, .len = len };
    return true;
}

RtStr rt_utf16le_text(RtArena *arena, RtStr bytes)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        uint32_t unit = bytes.at[i] | (uint32_t)bytes.at[i + 1] << 8;
        if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < bytes.len) {
            uint32_t low = bytes.at[i + 2] | (uint32_t)bytes.at[i + 3] << 8;
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        if (unit != 0xFEFF || i != 0)
            rt_text_rune(&out, unit);
    }
    return rt_text_str(&out);
}
