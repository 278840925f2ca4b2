/* runs.h - finds runs of base64 or hex symbols in text, sewn together across the line breaks and
 * string concatenations that source code cuts them with. One linear pass. */
#ifndef RT_UNPACK_RUNS_H
#define RT_UNPACK_RUNS_H

#include "base/str.h"

typedef struct {
    RtStr text;
    size_t at;
    const uint8_t *is_symbol; /* 256 entries, not 0 for a symbol */
    size_t least;             /* symbols a run must have */
    RtText sewn;              /* symbols of a run that was cut; reused */
} RtRuns;

typedef struct {
    size_t from, len; /* the span in the text, cuts included */
    RtStr symbols;    /* without the cuts; valid until the next run */
} RtRun;

extern const uint8_t rt_runs_base64[256]; /* A-Z a-z 0-9 + / - _ ; value 1 + the six bits */
extern const uint8_t rt_runs_hex[256];    /* 0-9 a-f A-F; value 1 + the four bits */

RtRuns rt_runs_start(RtArena *arena, RtStr text, const uint8_t is_symbol[256], size_t least);
bool rt_runs_next(RtRuns *runs, RtRun *ret_run);

/* Decode what rt_runs_next found into `out`, which has room for symbols.len bytes; give the length.
 */
size_t rt_runs_decode_base64(RtStr symbols, uint8_t *out);
size_t rt_runs_decode_hex(RtStr symbols, uint8_t *out);

/* A blob whose decoded bytes mean nothing as they stand: food for ciphers. Walks base64 and hex
 * runs of at least `least` decoded bytes; *ret_bytes lives until the next call. */
typedef struct {
    RtRuns base64, hex;
    uint8_t *scratch;
    size_t scratch_len;
    RtArena *arena;
} RtBlobs;
RtBlobs rt_blobs_start(RtArena *arena, RtStr text);
bool rt_blobs_next(RtBlobs *blobs, size_t least, RtRun *ret_run, RtStr *ret_bytes);

#endif
