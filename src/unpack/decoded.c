/* decoded.c - see decoded.h. */
#include "unpack/decoded.h"

#include "unpack/expand.h"

#include <string.h>

enum {
    BINARY_LEAST = 20, /* a magic number by itself is a magic number */
    LOOK_AT = 4096,    /* judged by the head: the rest of a text is text */
    OWN_LAYER = 48,    /* results from here on get a layer each */
    WORDS_MOST = 1 << 20,
    FEW_WORDS = 3, /* fewer say nothing, unless they are telling ones */
};

typedef struct {
    const char *magic;
    uint8_t len;
    RtLooks looks;
} Magic;

static const Magic magics[] = {
    { "\x1f\x8b\x08", 3, RT_LOOKS_BINARY },
    { "BZh91AY&SY", 10, RT_LOOKS_BINARY },
    { "\xFD"
      "7zXZ",
      5, RT_LOOKS_BINARY },
    { "\x28\xB5\x2F\xFD", 4, RT_LOOKS_BINARY },
    { "]\0\0\x80\0", 5, RT_LOOKS_BINARY }, /* .lzma as Python writes it */
    { "PK\3\4", 4, RT_LOOKS_BINARY },
    { "7z\xBC\xAF", 4, RT_LOOKS_BINARY },
    { "Rar!", 4, RT_LOOKS_BINARY },
    { "\x7f"
      "ELF",
      4, RT_LOOKS_BINARY },
    { "\xCF\xFA\xED\xFE", 4, RT_LOOKS_BINARY },
    { "\xCE\xFA\xED\xFE", 4, RT_LOOKS_BINARY },
    { "\xCA\xFE\xBA\xBE", 4, RT_LOOKS_BINARY },
    { "\xE3\0\0\0\0", 5, RT_LOOKS_BINARY }, /* a marshalled Python code object */
    { "\x63\0\0\0\0", 5, RT_LOOKS_BINARY }, /* the same, as Python 2 wrote it */
    { "!<arch>\n", 8, RT_LOOKS_BINARY },
    { "\x89PNG", 4, RT_LOOKS_MEDIA },
    { "GIF8", 4, RT_LOOKS_MEDIA },
    { "\xFF\xD8\xFF", 3, RT_LOOKS_MEDIA },
    { "RIFF", 4, RT_LOOKS_MEDIA },
    { "wOFF", 4, RT_LOOKS_MEDIA },
    { "wOF2", 4, RT_LOOKS_MEDIA },
    { "\0\1\0\0\0", 5, RT_LOOKS_MEDIA },
    { "OTTO", 4, RT_LOOKS_MEDIA },
    { "\0asm", 4,
      RT_LOOKS_MEDIA }, /* wasm runs, but has no reader here; its loader shows in the parent */
    { "OggS", 4, RT_LOOKS_MEDIA },
    { "ID3", 3, RT_LOOKS_MEDIA },
    { "{\"version\":3,", 13, RT_LOOKS_MEDIA }, /* a source map */
};

static bool is_pe(RtStr bytes)
{
    if (bytes.len < 64 || bytes.at[0] != 'M' || bytes.at[1] != 'Z')
        return false;
    uint32_t header = bytes.at[60] | (uint32_t)bytes.at[61] << 8 | (uint32_t)bytes.at[62] << 16 |
                      (uint32_t)bytes.at[63] << 24;
    if (header >= bytes.len) /* the head only was given */
        return header < 4096;
    return rt_str_equal(rt_str_sub(bytes, header, 4), RT_STR("PE\0\0"));
}

/* Valid UTF-8 without control bytes. Noise of twelve bytes passes once in 100,000 times. */
static bool is_clean_text(RtStr bytes)
{
    size_t ascii = 0;
    for (size_t at = 0; at < bytes.len;) {
        uint8_t byte = bytes.at[at];
        if (byte < 0x80) {
            if ((byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r' && byte != 0x1B) ||
                byte == 0x7F)
                return false;
            ascii++;
            at++;
            continue;
        }
        uint32_t rune = 0;
        size_t len = rt_utf8_take(bytes, at, &rune);
        if (len == 0)
            return bytes.len - at < 4 && ascii >= 32; /* cut at the end of a head */
        at += len;
    }
    return ascii * 2 >= bytes.len; /* hashes give Chinese now and then */
}

static RtLooks magic_of(RtStr bytes)
{
    static const char firsts[] = "\x1f\x28\xFD]BP7R\x7f\xCF\xCE\xCA\xE3\x63!\x89G\xFFw\0OI{"
                                 "M\x78\x08\x18\x28\x38\x48\x58\x68";
    if (!memchr(firsts, bytes.at[0], sizeof firsts - 1))
        return RT_LOOKS_NOTHING;
    for (size_t i = 0; i < RT_COUNT(magics); i++)
        if (rt_str_starts(bytes, (RtStr){ (const uint8_t *)magics[i].magic, magics[i].len }))
            return magics[i].looks;
    return is_pe(bytes) || rt_expand_is_zlib(bytes) ? RT_LOOKS_BINARY : RT_LOOKS_NOTHING;
}

RtLooks rt_decoded_looks(RtStr bytes)
{
    if (bytes.len < 4)
        return RT_LOOKS_NOTHING;
    RtLooks looks = magic_of(bytes);
    if (looks != RT_LOOKS_NOTHING)
        return looks;
    bool is_big = false;
    if (is_clean_text(rt_str_sub(bytes, 0, LOOK_AT)) || rt_decoded_is_utf16(bytes, false, &is_big))
        return RT_LOOKS_TEXT;
    return RT_LOOKS_NOTHING;
}

bool rt_decoded_is_wordy(RtStr text)
{
    size_t letters = 0, steps = 0, plain = 0;
    text = rt_str_sub(text, 0, LOOK_AT);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        uint8_t folded = byte | 0x20;
        letters += folded >= 'a' && folded <= 'z';
        plain += byte == ' ' || byte == '.' || byte == '/' || byte == '_' || byte == '(' ||
                 byte == ')' || byte == '\n' || (byte >= '0' && byte <= '9') || byte >= 0x80;
        steps += i > 0 && (byte == text.at[i - 1] || byte == text.at[i - 1] + 1);
    }
    return letters * 2 >= text.len && (letters + plain) * 10 >= text.len * 7 &&
           steps * 2 < text.len;
}

bool rt_decoded_is_telling(RtStr text)
{
    static const char *const words[] = { "http://",    "https://", "import ",  "require",
                                         "eval(",      "exec(",    "function", "return ",
                                         "powershell", "#!/bin",   "#!/usr",   "const ",
                                         "process",    "socket",   "cmd.exe",  "/bin/" };
    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_has(text, rt_str_from_c(words[i])))
            return true;
    return false;
}

RtDecoded rt_decoded_start(const char *name, RtLayerId self, RtSink *sink)
{
    return (RtDecoded){ .sink = sink,
                        .self = self,
                        .name = rt_str_from_c(name),
                        .words = { .arena = sink->arena, .limit = WORDS_MOST } };
}

RtLayerId rt_decoded_keep(RtDecoded *decoded, RtStr name, uint64_t from, uint64_t len, RtStr bytes)
{
    if (decoded->layers == RT_DECODED_LAYERS)
        decoded->sink->unseen(decoded->sink, decoded->self, RT_STR("limit-layers"));
    if (decoded->layers++ >= RT_DECODED_LAYERS ||
        bytes.len > rt_arena_left(decoded->sink->arena) / 2)
        return 0;
    bool is_big = false;
    if (!rt_str_starts(bytes, RT_STR("\x1f\x8b")) && rt_decoded_is_utf16(bytes, false, &is_big))
        bytes = rt_decoded_from_utf16(decoded->sink->arena, bytes, is_big);
    else
        bytes = rt_str_copy(decoded->sink->arena, bytes);
    return decoded->sink->layer(decoded->sink, (RtLayer){ .parent = decoded->self,
                                                          .via = RT_VIA_DECODED,
                                                          .name = name,
                                                          .bytes = bytes,
                                                          .source = { from, len } });
}

/* Short text that runs or leads somewhere by itself. */
static bool is_code(RtStr text)
{
    return rt_str_find_byte(text, '(') != RT_NOT_FOUND || rt_str_has(text, RT_STR("://")) ||
           (rt_str_find_byte(text, ' ') != RT_NOT_FOUND &&
            rt_str_find_byte(text, '/') != RT_NOT_FOUND);
}

bool rt_decoded_add(RtDecoded *decoded, uint64_t from, uint64_t len, RtStr bytes)
{
    RtLooks looks = rt_decoded_looks(bytes);
    if (looks == RT_LOOKS_NOTHING)
        return false;
    if (looks == RT_LOOKS_BINARY && bytes.len < BINARY_LEAST)
        return false;
    if (looks == RT_LOOKS_MEDIA)
        return true;
    bool is_word = looks == RT_LOOKS_TEXT && bytes.len < OWN_LAYER && !is_code(bytes) &&
                   rt_str_find_byte(bytes, 0) == RT_NOT_FOUND;
    if (!is_word) {
        (void)rt_decoded_keep(decoded, decoded->name, from, len, bytes);
        return true;
    }
    if (decoded->words.len == 0)
        decoded->from = from;
    decoded->to = from + len;
    decoded->word_count++;
    rt_text_add(&decoded->words, bytes);
    rt_text_byte(&decoded->words, '\n');
    return true;
}

void rt_decoded_done(RtDecoded *decoded)
{
    if (decoded->word_count >= FEW_WORDS || rt_decoded_is_telling(rt_text_str(&decoded->words)))
        (void)decoded->sink->layer(decoded->sink,
                                   (RtLayer){
                                       .parent = decoded->self,
                                       .via = RT_VIA_DECODED,
                                       .name = decoded->name,
                                       .bytes = rt_text_str(&decoded->words),
                                       .source = { decoded->from, decoded->to - decoded->from },
                                   });
}

bool rt_decoded_is_utf16(RtStr bytes, bool trust_mark, bool *ret_is_big)
{
    if (bytes.len < 8)
        return false;
    bool has_mark = (bytes.at[0] == 0xFF && bytes.at[1] == 0xFE) ||
                    (bytes.at[0] == 0xFE && bytes.at[1] == 0xFF);
    size_t len = (bytes.len < 256 ? bytes.len : 256) & ~(size_t)1;
    size_t low = 0, high = 0;
    for (size_t i = 0; i < len; i += 2) {
        bool first_plain = bytes.at[i] >= 9 && bytes.at[i] < 0x7F;
        bool second_plain = bytes.at[i + 1] >= 9 && bytes.at[i + 1] < 0x7F;
        low += first_plain && bytes.at[i + 1] == 0;
        high += second_plain && bytes.at[i] == 0;
    }
    *ret_is_big = has_mark ? bytes.at[0] == 0xFE : high > low;
    return (has_mark && trust_mark) || low * 10 >= len * 4 || high * 10 >= len * 4;
}

RtStr rt_decoded_from_utf16(RtArena *arena, RtStr bytes, bool is_big)
{
    if (bytes.len / 2 > rt_arena_left(arena) / 8)
        return (RtStr){ 0 };
    size_t taken = bytes.len / 2 * 3; /* a unit gives at most three bytes */
    uint8_t *at = rt_arena_bytes(arena, taken);
    RtText text = { .arena = arena, .at = at, .capacity = taken };
    for (size_t i = 0; i + 1 < bytes.len; i += 2) {
        uint32_t unit = is_big ? (uint32_t)bytes.at[i] << 8 | bytes.at[i + 1]
                               : (uint32_t)bytes.at[i + 1] << 8 | bytes.at[i];
        if (unit == 0xFEFF && i == 0)
            continue;
        if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < bytes.len) {
            uint32_t low = is_big ? (uint32_t)bytes.at[i + 2] << 8 | bytes.at[i + 3]
                                  : (uint32_t)bytes.at[i + 3] << 8 | bytes.at[i + 2];
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        rt_text_rune(&text, unit);
    }
    rt_arena_trim(arena, at, taken, text.len);
    return rt_text_str(&text);
}
