/* hash.h - digests of content, and the ciphers that packages hide text under; hash.c is the one
 * file that knows libcrypto and xxhash. */
#ifndef RT_BASE_HASH_H
#define RT_BASE_HASH_H

#include "base/str.h"

void rt_sha256(RtStr bytes, uint8_t ret_digest[32]);
/* SHA-256 of a file read from `fd` from its start, by pread in blocks. */
RtErr rt_sha256_fd(int fd, uint8_t ret_digest[32], uint64_t *ret_bytes) RT_MUST_USE;
RtStr rt_hex(RtArena *arena, RtStr bytes); /* lower case */
void rt_hmac_sha256(RtStr key, RtStr bytes, uint8_t ret_digest[32]);
/* AES in CBC mode with PKCS#7 padding; key of 16, 24 or 32 bytes, iv of 16. The text, in `arena`;
 * the empty view when sizes or padding are wrong (a wrong key gives wrong padding 255 times of
 * 256). */
RtStr rt_aes_cbc_decrypt(RtArena *arena, RtStr key, RtStr iv, RtStr bytes);

/* By OpenSSL's names ("md5", "sha512", "aes-256-cbc"); false when the name is not known or sizes do
 * not fit. Results are the arena's. No file is read: providers that need one (RC4, DES) count as
 * not known. */
bool rt_digest(RtArena *arena, RtStr name, RtStr bytes, RtStr *ret_digest);
bool rt_hmac(RtArena *arena, RtStr name, RtStr key, RtStr bytes, RtStr *ret_digest);
bool rt_cipher(RtArena *arena, RtStr name, bool encrypt, RtStr key, RtStr iv, RtStr bytes,
               RtStr *ret_bytes);
bool rt_pbkdf2(RtArena *arena, RtStr digest, RtStr password, RtStr salt, uint32_t rounds,
               size_t len, RtStr *ret_key);
bool rt_scrypt(RtArena *arena, RtStr password, RtStr salt, uint64_t cost, size_t len,
               RtStr *ret_key);

#endif
