/* hash.h - digests of content; the one file that knows libcrypto's digests and xxhash. */
#ifndef RT_BASE_HASH_H
#define RT_BASE_HASH_H

#include "base/str.h"

void rt_sha256(RtStr bytes, uint8_t ret_digest[32]);
/* SHA-256 of a file read from `fd` from its start, by pread in blocks. */
RtErr rt_sha256_fd(int fd, uint8_t ret_digest[32], uint64_t *ret_bytes) RT_MUST_USE;
RtStr rt_hex(RtArena *arena, RtStr bytes); /* lower case */

#endif
