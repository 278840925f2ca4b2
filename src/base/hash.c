/* hash.c - digests and ciphers by libcrypto, table hashes by xxhash; nobody else includes their
 * headers. EVP is used one-shot: its context costs 0.3 µs, nothing beside the smallest file. */
#include "base/hash.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

void rt_sha256(RtStr bytes, uint8_t ret_digest[32])
{
    unsigned len = 32;
    if (EVP_Digest(bytes.at, bytes.len, ret_digest, &len, EVP_sha256(), NULL) != 1)
        abort(); /* only when libcrypto itself has no memory or no SHA-256 */
}

static void free_context(EVP_MD_CTX **context) { EVP_MD_CTX_free(*context); }

RtErr rt_sha256_fd(int fd, uint8_t ret_digest[32], uint64_t *ret_bytes)
{
    __attribute__((cleanup(free_context))) EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
        return rt_fail(RT_ERR_IO, "libcrypto cannot start SHA-256");
    uint8_t block[64 * 1024];
    uint64_t at = 0;
    for (;;) {
        ssize_t got = pread(fd, block, sizeof block, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rt_fail(RT_ERR_IO, "cannot read at byte %llu: %s", (unsigned long long)at,
                           strerror(errno));
        if (got == 0)
            break;
        if (EVP_DigestUpdate(context, block, (size_t)got) != 1)
            return rt_fail(RT_ERR_IO, "libcrypto failed in SHA-256");
        at += (uint64_t)got;
    }
    uint8_t digest[32];
    if (EVP_DigestFinal_ex(context, digest, NULL) != 1)
        return rt_fail(RT_ERR_IO, "libcrypto failed in SHA-256");
    memcpy(ret_digest, digest, sizeof digest);
    *ret_bytes = at;
    return RT_FINE;
}

RtStr rt_hex(RtArena *arena, RtStr bytes)
{
    if (bytes.len == 0)
        return (RtStr){ 0 };
    static const char digits[] = "0123456789abcdef";
    uint8_t *at = rt_arena_take(arena, bytes.len, 2);
    for (size_t i = 0; i < bytes.len; i++) {
        at[2 * i] = (uint8_t)digits[bytes.at[i] >> 4];
        at[2 * i + 1] = (uint8_t)digits[bytes.at[i] & 15];
    }
    return (RtStr){ at, bytes.len * 2 };
}

void rt_hmac_sha256(RtStr key, RtStr bytes, uint8_t ret_digest[32])
{
    unsigned len = 32;
    if (key.len > INT_MAX ||
        !HMAC(EVP_sha256(), key.at, (int)key.len, bytes.at, bytes.len, ret_digest, &len))
        memset(ret_digest, 0, 32);
}

static void free_cipher(EVP_CIPHER_CTX **context) { EVP_CIPHER_CTX_free(*context); }

RtStr rt_aes_cbc_decrypt(RtArena *arena, RtStr key, RtStr iv, RtStr bytes)
{
    const EVP_CIPHER *cipher = key.len == 16   ? EVP_aes_128_cbc()
                               : key.len == 24 ? EVP_aes_192_cbc()
                               : key.len == 32 ? EVP_aes_256_cbc()
                                               : NULL;
    if (!cipher || iv.len != 16 || bytes.len == 0 || bytes.len % 16 != 0 ||
        bytes.len > INT_MAX - 32 || bytes.len > rt_arena_left(arena) / 2)
        return (RtStr){ 0 };
    __attribute__((cleanup(free_cipher))) EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context || EVP_DecryptInit_ex(context, cipher, NULL, key.at, iv.at) != 1)
        return (RtStr){ 0 };
    uint8_t *out = rt_arena_bytes(arena, bytes.len + 16);
    int len = 0, rest = 0;
    bool is_right = EVP_DecryptUpdate(context, out, &len, bytes.at, (int)bytes.len) == 1 &&
                    EVP_DecryptFinal_ex(context, out + len, &rest) == 1;
    size_t kept = is_right ? (size_t)len + (size_t)rest : 0;
    rt_arena_trim(arena, out, bytes.len + 16, kept);
    return kept > 0 ? (RtStr){ out, kept } : (RtStr){ 0 };
}

uint64_t rt_str_hash(RtStr text) { return XXH3_64bits(text.at, text.len); }

/* The text as a name for the library, in `buffer`; NULL when it is too long to be one. */
static const char *library_name(RtStr name, char buffer[40])
{
    if (name.len == 0 || name.len >= 40)
        return NULL;
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    memcpy(buffer, name.at, name.len);
    buffer[name.len] = 0;
    return buffer;
}

static const EVP_MD *digest_named(RtStr name)
{
    char buffer[40];
    const char *plain = library_name(name, buffer);
    return plain == NULL ? NULL : EVP_get_digestbyname(plain);
}

bool rt_digest(RtArena *arena, RtStr name, RtStr bytes, RtStr *ret_digest)
{
    const EVP_MD *digest = digest_named(name);
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (digest == NULL || EVP_Digest(bytes.at, bytes.len, out, &len, digest, NULL) != 1)
        return false;
    *ret_digest = rt_str_copy(arena, (RtStr){ out, len });
    return true;
}

bool rt_hmac(RtArena *arena, RtStr name, RtStr key, RtStr bytes, RtStr *ret_digest)
{
    const EVP_MD *digest = digest_named(name);
    uint8_t out[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    static const uint8_t none;
    if (digest == NULL || key.len > INT32_MAX ||
        HMAC(digest, key.at == NULL ? &none : key.at, (int)key.len,
             bytes.at == NULL ? &none : bytes.at, bytes.len, out, &len) == NULL)
        return false;
    *ret_digest = rt_str_copy(arena, (RtStr){ out, len });
    return true;
}

bool rt_cipher(RtArena *arena, RtStr name, bool encrypt, RtStr key, RtStr iv, RtStr bytes,
               RtStr *ret_bytes)
{
    char buffer[40];
    const char *plain = library_name(name, buffer);
    const EVP_CIPHER *cipher = plain == NULL ? NULL : EVP_get_cipherbyname(plain);
    if (cipher == NULL || bytes.len > INT32_MAX / 2 ||
        key.len != (size_t)EVP_CIPHER_get_key_length(cipher))
        return false;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    uint8_t *out = rt_arena_bytes(arena, bytes.len + 64);
    int len = 0, tail = 0;
    bool good =
        context != NULL && EVP_CipherInit_ex(context, cipher, NULL, NULL, NULL, encrypt) == 1;
    size_t iv_len = (size_t)EVP_CIPHER_get_iv_length(cipher);
    bool counts = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_GCM_MODE;
    if (good && counts && iv.len != iv_len && iv.len != 0 && iv.len < 64)
        good = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, (int)iv.len, NULL) == 1;
    else
        good = good && iv.len >= iv_len;
    good = good && EVP_CipherInit_ex(context, NULL, NULL, key.at, iv.at, encrypt) == 1 &&
           EVP_CipherUpdate(context, out, &len, bytes.at, (int)bytes.len) == 1;
    if (good && !(counts && !encrypt)) /* a tag is not checked: the text is what counts */
        good = EVP_CipherFinal_ex(context, out + len, &tail) == 1;
    EVP_CIPHER_CTX_free(context);
    if (good)
        *ret_bytes = (RtStr){ out, (size_t)(len + tail) };
    return good;
}

bool rt_pbkdf2(RtArena *arena, RtStr digest, RtStr password, RtStr salt, uint32_t rounds,
               size_t len, RtStr *ret_key)
{
    const EVP_MD *named = digest_named(digest);
    uint8_t *out = rt_arena_bytes(arena, len);
    if (named == NULL || len == 0 || len > 4096 || rounds == 0 || password.len > INT32_MAX ||
        salt.len > INT32_MAX ||
        PKCS5_PBKDF2_HMAC((const char *)password.at, (int)password.len, salt.at, (int)salt.len,
                          (int)rounds, named, (int)len, out) != 1)
        return false;
    *ret_key = (RtStr){ out, len };
    return true;
}

bool rt_scrypt(RtArena *arena, RtStr password, RtStr salt, uint64_t cost, size_t len,
               RtStr *ret_key)
{
    if (len == 0 || len > 4096 || cost < 2 || cost > 65536 || (cost & (cost - 1)) != 0)
        return false;
    uint8_t *out = rt_arena_bytes(arena, len);
    if (EVP_PBE_scrypt((const char *)password.at, password.len, salt.at, salt.len, cost, 8, 1,
                       80 << 20, out, len) != 1)
        return false;
    *ret_key = (RtStr){ out, len };
    return true;
}
