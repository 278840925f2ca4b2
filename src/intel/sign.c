/* sign.c - minisign's files (jedisct1.github.io/minisign) by libsodium.
 *
 * Only the prehashed form ("ED") is made; the older one ("Ed"), which signs the bytes themselves,
 * is accepted as minisign accepts it. */
#include "intel/sign.h"

#include <string.h>

#include <sodium.h>

#include "base/base64.h"

enum {
    KEY_ID = 8,
    PUBLIC_SIZE = 2 + KEY_ID + 32,
    SIGNATURE_SIZE = 2 + KEY_ID + 64,
    SECRET_SIZE = 2 + 2 + 2 + 32 + 8 + 8 + KEY_ID + 64 + 32,
    HASH = 64,
    PART_AT = 54
};

static RtErr ready(void)
{
    return sodium_init() < 0 ? rt_fail(RT_ERR_IO, "libsodium cannot start") : RT_FINE;
}

static void add_base64(RtText *out, const uint8_t *bytes, size_t len)
{
    char text[sodium_base64_ENCODED_LEN(SECRET_SIZE, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(text, sizeof text, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    rt_text_add(out, rt_str_from_c(text));
    rt_text_byte(out, '\n');
}

/* BLAKE2b-256 over algorithm, id and key, as minisign guards secret keys with. */
static void secret_checksum(const uint8_t *key, uint8_t ret_sum[32])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    crypto_generichash_update(&state, key, 2);
    crypto_generichash_update(&state, key + PART_AT, KEY_ID + 64);
    crypto_generichash_final(&state, ret_sum, 32);
}

RtErr rt_sign_keys(RtText *secret, RtText *public_)
{
    uint8_t key[SECRET_SIZE] = { 'E', 'd', 0, 0, 'B', '2' }, open_key[PUBLIC_SIZE] = { 'E', 'd' };
    RT_TRY(ready());
    randombytes_buf(key + PART_AT, KEY_ID);
    memcpy(open_key + 2, key + PART_AT, KEY_ID);
    crypto_sign_keypair(open_key + 2 + KEY_ID, key + PART_AT + KEY_ID);
    secret_checksum(key, key + PART_AT + KEY_ID + 64);
    rt_text_add(secret, RT_STR("untrusted comment: ratter secret key\n"));
    add_base64(secret, key, sizeof key);
    rt_text_add(public_, RT_STR("untrusted comment: ratter public key\n"));
    add_base64(public_, open_key, sizeof open_key);
    sodium_memzero(key, sizeof key);
    return RT_FINE;
}

/* The line that is base64 of `size` bytes: the second, or the only one. */
static bool key_bytes(RtArena *arena, RtStr text, size_t size, RtStr *ret_bytes)
{
    RtStr rest = rt_str_trim(text), line;
    while (rt_str_next(&rest, '\n', &line))
        if (rt_base64_decode(arena, rt_str_trim(line), ret_bytes) && ret_bytes->len == size)
            return true;
    return false;
}

static void hash_of(RtStr bytes, uint8_t ret_hash[HASH])
{
    crypto_generichash(ret_hash, HASH, bytes.at, bytes.len, NULL, 0);
}

/* What the second signature covers: the first one and the comment. */
static RtStr global_text(RtArena *arena, const uint8_t *signature, RtStr comment)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, (RtStr){ signature, 64 });
    rt_text_add(&text, comment);
    return rt_text_str(&text);
}

RtErr rt_sign_make(RtStr secret, RtStr bytes, RtStr comment, RtText *signature)
{
    RtStr key;
    uint8_t sum[32], hash[HASH], made[SIGNATURE_SIZE] = { 'E', 'D' }, second[64];
    RT_TRY(ready());
    if (!key_bytes(signature->arena, secret, SECRET_SIZE, &key) || key.at[0] != 'E' ||
        key.at[1] != 'd')
        return rt_fail(RT_ERR_USAGE, "that is no secret key of minisign's kind");
    if (key.at[2] != 0 || key.at[3] != 0)
        return rt_fail(RT_ERR_USAGE, "the secret key is under a password; sign with minisign, or "
                                     "make one with ratter intel keygen");
    secret_checksum(key.at, sum);
    if (sodium_memcmp(sum, key.at + PART_AT + KEY_ID + 64, sizeof sum) != 0)
        return rt_fail(RT_ERR_USAGE, "the secret key is damaged");
    const uint8_t *seed = key.at + PART_AT + KEY_ID;
    hash_of(bytes, hash);
    memcpy(made + 2, key.at + PART_AT, KEY_ID);
    crypto_sign_detached(made + 2 + KEY_ID, NULL, hash, sizeof hash, seed);
    RtStr global = global_text(signature->arena, made + 2 + KEY_ID, comment);
    crypto_sign_detached(second, NULL, global.at, global.len, seed);
    rt_text_add(signature, RT_STR("untrusted comment: signature from ratter\n"));
    add_base64(signature, made, sizeof made);
    rt_text_format(signature, "trusted comment: %.*s\n", RT_FMT(comment));
    add_base64(signature, second, sizeof second);
    return RT_FINE;
}

static bool take_line(RtStr *rest, RtStr *ret_line)
{
    if (!rt_str_next(rest, '\n', ret_line))
        return false;
    if (rt_str_ends(*ret_line, RT_STR("\r")))
        ret_line->len--;
    return true;
}

RtErr rt_sign_check(RtArena *arena, RtStr public_, RtStr signature, RtStr bytes)
{
    static const char mark[] = "trusted comment: ";
    RtStr key, first, second, untrusted, line, comment, last;
    uint8_t hash[HASH];
    RT_TRY(ready());
    if (!key_bytes(arena, public_, PUBLIC_SIZE, &key) || key.at[0] != 'E' || key.at[1] != 'd')
        return rt_fail(RT_ERR_USAGE, "that is no public key of minisign's kind");
    if (!take_line(&signature, &untrusted) || !take_line(&signature, &line) ||
        !take_line(&signature, &comment) || !take_line(&signature, &last) ||
        !rt_str_starts(comment, rt_str_from_c(mark)) || !rt_base64_decode(arena, line, &first) ||
        first.len != SIGNATURE_SIZE || !rt_base64_decode(arena, last, &second) || second.len != 64)
        return rt_fail(RT_ERR_FORMAT, "the signature is not of minisign's form");
    if (memcmp(first.at + 2, key.at + 2, KEY_ID) != 0)
        return rt_fail(RT_ERR_FORMAT, "the signature is by another key than the one given");
    bool is_hashed = first.at[0] == 'E' && first.at[1] == 'D';
    hash_of(bytes, hash);
    RtStr covered = is_hashed ? (RtStr){ hash, sizeof hash } : bytes;
    const uint8_t *verify = key.at + 2 + KEY_ID;
    RtStr global = global_text(arena, first.at + 2 + KEY_ID, rt_str_from(comment, sizeof mark - 1));
    bool good =
        first.at[0] == 'E' && (is_hashed || first.at[1] == 'd') &&
        crypto_sign_verify_detached(first.at + 2 + KEY_ID, covered.at, covered.len, verify) == 0 &&
        crypto_sign_verify_detached(second.at, global.at, global.len, verify) == 0;
    return good ? RT_FINE
                : rt_fail(RT_ERR_FORMAT, "the signature does not fit: the feed is not what was "
                                         "signed");
}
