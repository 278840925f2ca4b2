/* percent.c - text written as %XX (and %uXXXX, JavaScript's unescape): kept when plain letters are
 * escaped, which no honest encoder does, or when most of the text is escapes. Pictures in data:
 * URLs fall away. */
#include "unpack/decoded.h"
#include "unpack/runs.h"

enum { LEAST = 8 };

static bool is_body(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == '%' || byte == '.' || byte == '_' || byte == '~' || byte == '-' || byte == '+' ||
           byte == '/' || byte == '*' || byte == '(' || byte == ')' || byte == '!' || byte == ':' ||
           byte == '=' || byte == '@' || byte == ';' || byte == ',' || byte == '?' || byte == '&';
}

static bool is_hex(RtStr text, size_t at, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at + i >= text.len || !rt_runs_hex[text.at[at + i]])
            return false;
    return true;
}

static uint32_t read_hex(RtStr text, size_t at, size_t count)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 4 | (rt_runs_hex[text.at[at + i]] - 1u);
    return value;
}

static bool is_alnum(uint32_t rune)
{
    return (rune >= '0' && rune <= '9') || ((rune | 0x20) >= 'a' && (rune | 0x20) <= 'z');
}

/* Decodes from the first '%' of a run to its end; returns the end. */
static size_t decode_run(RtDecoded *decoded, RtStr text, size_t from, RtText *out)
{
    size_t at = from, escapes = 0, needless = 0;
    out->len = 0;
    while (at < text.len && is_body(text.at[at])) {
        bool is_wide = text.at[at] == '%' && at + 1 < text.len && text.at[at + 1] == 'u' &&
                       is_hex(text, at + 2, 4);
        if (is_wide || (text.at[at] == '%' && is_hex(text, at + 1, 2))) {
            uint32_t value = is_wide ? read_hex(text, at + 2, 4) : read_hex(text, at + 1, 2);
            if (is_wide)
                rt_text_rune(out, value);
            else
                rt_text_byte(out, (uint8_t)value);
            needless += is_alnum(value);
            escapes++;
            at += is_wide ? 6 : 3;
        } else {
            rt_text_byte(out, text.at[at++]);
        }
    }
    RtStr bytes = rt_text_str(out);
    bool is_dense = escapes >= LEAST && (needless >= LEAST || escapes * 5 >= bytes.len * 2);
    bool is_picture =
        rt_str_starts(bytes, RT_STR("%3Csvg")) || rt_str_starts(bytes, RT_STR("<svg"));
    if (is_dense && (!is_picture || needless >= LEAST))
        (void)rt_decoded_add(decoded, from, at - from, bytes);
    return at;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("percent", self, sink);
    RtText out = { .arena = sink->arena, .limit = rt_arena_left(sink->arena) / 4 };
    for (size_t done = 0; done < text.len;) {
        size_t found = rt_str_find_byte(rt_str_from(text, done), '%');
        if (found == RT_NOT_FOUND)
            break;
        size_t at = done + found;
        bool is_escape = is_hex(text, at + 1, 2) ||
                         (at + 1 < text.len && text.at[at + 1] == 'u' && is_hex(text, at + 2, 4));
        done = is_escape ? decode_run(&decoded, text, at, &out) : at + 1;
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_percent = { .name = "percent",
                                       .decode = decode,
                                       .wants = RT_ASKS_DECODE | RT_ASKS_EVAL | RT_ASKS_OBFUSCATED |
                                                RT_ASKS_LONG };
