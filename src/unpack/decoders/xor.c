/* xor.c - blobs (base64, hex) that mean nothing until they are xored, or moved, by a key: one byte
 * (any: onebyte.h), a string literal of the same file, or the blob's own first bytes
 * (InvisibleFerret carries its key in front). Keys are tried on the blob's head only; 64 keys × 64
 * blobs × 32 bytes is the most that is ever done. */
#include "unpack/expand.h"
#include "unpack/literals.h"
#include "unpack/onebyte.h"
#include "unpack/runs.h"

enum {
    LEAST = 16,
    BLOBS_MOST = 64,
    KEYS_MOST = 64,
    KEY_MOST = 64,
    HEAD = 32,
    OWN_KEY = 8,
    BRUTE_MOST = 4096, /* blobs of one layer that one-byte keys are tried on */
};

typedef struct {
    RtStr items[KEYS_MOST];
    size_t count;
} Keys;

static bool has_key(const Keys *keys, RtStr key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (rt_str_equal(keys->items[i], key))
            return true;
    return false;
}

/* Literals that could be keys: no blanks, nothing every program has. */
static void find_keys(RtStr text, Keys *keys)
{
    RtLiterals literals = { .text = text };
    size_t from = 0;
    RtStr body;
    while (keys->count < KEYS_MOST && rt_literals_next(&literals, KEY_MOST, &from, &body)) {
        if (body.len < 2 || rt_str_find_byte(body, ' ') != RT_NOT_FOUND ||
            rt_str_equal(body, RT_STR("utf-8")) || rt_str_equal(body, RT_STR("utf8")) ||
            rt_str_equal(body, RT_STR("base64")) || rt_str_equal(body, RT_STR("hex")) ||
            has_key(keys, body))
            continue;
        keys->items[keys->count++] = body;
    }
}

static void apply(RtStr bytes, RtStr key, uint8_t *out)
{
    for (size_t i = 0; i < bytes.len; i++)
        out[i] = bytes.at[i] ^ key.at[i % key.len];
}

/* Blanks where a language has them: one in twenty at least. */
static bool has_words(RtStr text)
{
    size_t blanks = 0;
    for (size_t i = 0; i < text.len; i++)
        blanks += text.at[i] == ' ' || text.at[i] == '\n';
    return blanks * 20 >= text.len;
}

static bool try_key(RtDecoded *decoded, const RtRun *run, RtStr bytes, RtStr key)
{
    uint8_t head[HEAD];
    RtStr start = rt_str_sub(bytes, 0, HEAD);
    apply(start, key, head);
    RtStr opened = { head, start.len };
    RtLooks looks = rt_decoded_looks(opened);
    bool is_program = looks == RT_LOOKS_BINARY &&
                      !rt_expand_is_zlib(opened); /* too weak a magic for so many keys */
    if (looks != RT_LOOKS_TEXT && !is_program)
        return false;
    RtArena *arena = decoded->sink->arena;
    if (bytes.len > rt_arena_left(arena) / 4)
        return false;
    uint8_t *out = rt_arena_bytes(arena, bytes.len);
    apply(bytes, key, out);
    RtStr plain = { out, bytes.len };
    looks = rt_decoded_looks(plain);
    if (looks != RT_LOOKS_TEXT && looks != RT_LOOKS_BINARY)
        return false;
    bool is_sentence = plain.len >= 2 * HEAD && rt_decoded_is_wordy(plain) && has_words(plain);
    if (looks == RT_LOOKS_TEXT && !is_sentence && !rt_decoded_is_telling(plain))
        return false;
    (void)rt_decoded_keep(decoded, RT_STR("xor"), run->from, run->len, plain);
    return true;
}

/* Zeros under a key are the key: no plain text. */
static bool is_varied(RtStr bytes)
{
    bool seen[256] = { false };
    size_t distinct = 0;
    bytes = rt_str_sub(bytes, 0, HEAD);
    for (size_t i = 0; i < bytes.len; i++) {
        distinct += !seen[bytes.at[i]];
        seen[bytes.at[i]] = true;
    }
    return distinct * 2 > bytes.len;
}

static bool try_keys(RtDecoded *decoded, const RtRun *run, RtStr bytes, const Keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        if (try_key(decoded, run, bytes, keys->items[i]))
            return true;
    return bytes.len >= OWN_KEY * 4 &&
           try_key(decoded, run, rt_str_from(bytes, OWN_KEY), rt_str_sub(bytes, 0, OWN_KEY));
}

static void decode_text(RtStr text, bool is_code, RtDecoded *decoded)
{
    RtSink *sink = decoded->sink;
    bool speaks_of_xor =
        is_code && (rt_str_find_byte(text, '^') != RT_NOT_FOUND ||
                    rt_str_has(text, RT_STR("xor")) || rt_str_has(text, RT_STR("XOR")));
    Keys keys = { 0 };
    if (speaks_of_xor)
        find_keys(text, &keys);
    RtBlobs blobs = rt_blobs_start(sink->arena, text);
    RtRun run;
    RtStr bytes;
    size_t tried = 0, opaque = 0;
    while (tried < BRUTE_MOST && rt_blobs_next(&blobs, LEAST, &run, &bytes)) {
        if (++tried % 64 == 0 && sink->ms_left(sink) == 0)
            break;
        if (rt_decoded_looks(rt_str_sub(bytes, 0, 256)) != RT_LOOKS_NOTHING)
            continue;
        if (rt_onebyte_try(decoded, run.from, run.len, bytes))
            continue;
        if (speaks_of_xor && is_varied(bytes) && opaque++ < BLOBS_MOST)
            (void)try_keys(decoded, &run, bytes, &keys);
    }
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtDecoded decoded = rt_decoded_start("xor", self, sink);
    uint32_t asks = RT_ASKS_BLOB | RT_ASKS_DECODE | RT_ASKS_OBFUSCATED;
    /* First the program that calls itself test.py. */
    if (rt_onebyte_try_program(&decoded, layer->bytes))
        rt_sink_fact(sink, self, RT_FACT_OBFUSCATED, RT_SEEN_IN_TEXT, RT_STR("keyed-program"),
                     RT_STR(""));
    else if (layer->interest & asks)
        decode_text(layer->bytes, layer->language != NULL, &decoded);
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_xor = { .name = "xor", .decode = decode, .wants = 0 };
