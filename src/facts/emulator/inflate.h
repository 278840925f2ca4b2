/* inflate.h - small deflate streams in memory, for scripts that unpack themselves (RFC 1950, 1951,
 * 1952). */
#ifndef RT_FACTS_EMULATOR_INFLATE_H
#define RT_FACTS_EMULATOR_INFLATE_H

#include "base/str.h"

typedef enum { RT_INFLATE_ANY, RT_INFLATE_GZIP, RT_INFLATE_ZLIB, RT_INFLATE_RAW } RtInflateForm;

/* False when the stream is damaged, cut, or gives more than `limit` bytes. The bytes are the
 * arena's. */
bool rt_inflate(RtArena *arena, RtInflateForm form, RtStr packed, size_t limit, RtStr *ret_bytes);
/* The bytes in stored blocks, in the given form (never ANY): what a script's own compression gives
 * back. */
RtStr rt_deflate_stored(RtArena *arena, RtInflateForm form, RtStr bytes);

#endif
