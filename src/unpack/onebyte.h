/* onebyte.h - breaks ciphers whose key is one byte: each byte xored with, or moved by, a constant.
 *
 * Not by 512 trials: the xor (and the difference) of neighbours does not depend on the key, so a
 * word like "http" is looked for in the row of neighbours, and where it stands tells the key.
 * Programs (MZ, ELF, PK) are known by their first bytes. Known answers: THREATS 1.6 (blobs moved by
 * 201, 234, 248), 1.11 (PE under 0xe8). */
#ifndef RT_UNPACK_ONEBYTE_H
#define RT_UNPACK_ONEBYTE_H

#include "unpack/decoded.h"

/* Tries `bytes` (at least 16) and emits what comes out as a layer of `decoded` named "xor-byte" or
 * "shift-byte". False when no key fits. */
bool rt_onebyte_try(RtDecoded *decoded, uint64_t from, uint64_t len, RtStr bytes);

/* As above for a whole file that is binary: only a program or an archive under a constant xor
 * counts. */
bool rt_onebyte_try_program(RtDecoded *decoded, RtStr bytes);

#endif
