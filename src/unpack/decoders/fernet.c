/* fernet.c - Fernet tokens (Python's cryptography; spec github.com/fernet/spec) whose key stands in
 * the same file: `exec(Fernet(b'key=').decrypt(b'gAAAA…'))` was a quarter of all malicious PyPI
 * families (ANATOMY 1). The HMAC tells the right key before anything is decrypted. */
#include "base/hash.h"
#include "unpack/decoded.h"
#include "unpack/literals.h"
#include "unpack/runs.h"

#include <string.h>

enum {
    KEYS_MOST = 16,
    KEY_SYMBOLS = 44, /* 32 bytes with one '=' */
    TOKEN_LEAST = 100,
    HEADER = 25, /* version, time, iv */
    MAC = 32,
    WORK_MOST = 64 << 20, /* bytes that may be hashed for one layer */
};

typedef struct {
    uint8_t bytes[KEYS_MOST][32];
    size_t count;
} Keys;

static bool is_key(RtStr body, uint8_t ret_key[32])
{
    if (body.len != KEY_SYMBOLS || body.at[KEY_SYMBOLS - 1] != '=')
        return false;
    for (size_t i = 0; i < KEY_SYMBOLS - 1; i++)
        if (!rt_runs_base64[body.at[i]])
            return false;
    uint8_t out[KEY_SYMBOLS];
    if (rt_runs_decode_base64(rt_str_sub(body, 0, KEY_SYMBOLS - 1), out) != 32)
        return false;
    memcpy(ret_key, out, 32);
    return true;
}

static void find_keys(RtStr text, Keys *keys)
{
    RtLiterals literals = { .text = text };
    size_t from = 0;
    RtStr body;
    while (keys->count < KEYS_MOST && rt_literals_next(&literals, KEY_SYMBOLS, &from, &body))
        keys->count += is_key(body, keys->bytes[keys->count]);
}

static bool open_token(RtDecoded *decoded, const RtRun *run, RtStr token, const uint8_t key[32])
{
    uint8_t mac[MAC];
    rt_hmac_sha256((RtStr){ key, 16 }, rt_str_sub(token, 0, token.len - MAC), mac);
    if (memcmp(mac, token.at + token.len - MAC, MAC) != 0)
        return false;
    RtStr plain =
        rt_aes_cbc_decrypt(decoded->sink->arena, (RtStr){ key + 16, 16 }, rt_str_sub(token, 9, 16),
                           rt_str_sub(token, HEADER, token.len - HEADER - MAC));
    if (plain.len > 0)
        (void)rt_decoded_keep(decoded, decoded->name, run->from, run->len, plain);
    return true;
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    size_t first = rt_str_find(text, RT_STR("gAAAA"));
    if (first == RT_NOT_FOUND)
        return;
    Keys keys = { 0 };
    find_keys(text, &keys);
    if (keys.count == 0)
        return;
    RtDecoded decoded = rt_decoded_start("fernet", self, sink);
    RtRuns runs = rt_runs_start(sink->arena, text, rt_runs_base64, TOKEN_LEAST);
    RtRun run;
    size_t work = 0;
    while (rt_runs_next(&runs, &run) && work < WORK_MOST) {
        if (!rt_str_starts(run.symbols, RT_STR("gAAAA")) ||
            run.symbols.len > rt_arena_left(sink->arena) / 4)
            continue;
        uint8_t *out = rt_arena_bytes(sink->arena, run.symbols.len);
        RtStr token = { out, rt_runs_decode_base64(run.symbols, out) };
        if (token.len < HEADER + 16 + MAC || token.at[0] != 0x80)
            continue;
        for (size_t i = 0; i < keys.count && work < WORK_MOST; i++, work += token.len)
            if (open_token(&decoded, &run, token, keys.bytes[i]))
                break;
    }
    rt_decoded_done(&decoded);
}

const RtDecoder rt_decoder_fernet = { .name = "fernet",
                                      .decode = decode,
                                      .wants = RT_ASKS_BLOB | RT_ASKS_LONG };
