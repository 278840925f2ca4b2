/* expand.h - compressed streams into memory, one function per method, each with a ceiling.
 *
 * Output goes straight into pages of the arena (reserved lazily, trimmed to what came), so a tar is
 * inflated once and its entries are views of it. Each foreign library is known to one file:
 * expand_METHOD.c. */
#ifndef RT_UNPACK_EXPAND_H
#define RT_UNPACK_EXPAND_H

#include "model/model.h"

typedef enum {
    RT_EXPAND_WHOLE,  /* the stream ended where it says */
    RT_EXPAND_CUT,    /* the input ended first */
    RT_EXPAND_BROKEN, /* not of this method, or damaged; what came before stands in `bytes` */
    RT_EXPAND_LIMIT,  /* `room` was used up */
    RT_EXPAND_REFUSED /* the stream asks for a dictionary larger than we allow (64 MiB) */
} RtExpandEnd;

typedef struct {
    RtStr bytes;   /* in the arena; whatever could be had, whatever the end */
    size_t used;   /* bytes of the input that belong to the stream(s) */
    uint32_t runs; /* streams that followed one another (gzip members) */
    RtExpandEnd end;
} RtExpanded;

/* `packed` starts with the stream; at most `room` bytes come out. gzip, bzip2, xz and zstd go on
 * with a next stream when one follows at once. */
typedef RtExpanded (*RtExpander)(RtArena *arena, RtStr packed, size_t room);
RtExpanded rt_expand_gzip(RtArena *arena, RtStr packed, size_t room);
RtExpanded rt_expand_zlib(RtArena *arena, RtStr packed, size_t room);
RtExpanded rt_expand_deflate(RtArena *arena, RtStr packed, size_t room);
RtExpanded rt_expand_bzip2(RtArena *arena, RtStr packed, size_t room);
RtExpanded rt_expand_xz(RtArena *arena, RtStr packed, size_t room);
RtExpanded rt_expand_lzma(RtArena *arena, RtStr packed, size_t room); /* the old ".lzma" */
RtExpanded rt_expand_zstd(RtArena *arena, RtStr packed, size_t room);

/* True when `bytes` start a zlib stream (RFC 1950) whose first block can be inflated: two bytes of
 * header are too little to go by. Cheap when the header does not fit. */
bool rt_expand_is_zlib(RtStr bytes);

/* CRC-32 as gzip and zip use it. */
uint32_t rt_expand_crc32(RtStr bytes);

/* How many bytes `packed_len` bytes may become under the budget, and the name of the limit that
 * says so. */
size_t rt_expand_room(const RtSink *sink, size_t packed_len, RtStr *ret_limit);

/* Opens a container that is one stream: expands it, emits the content as one child, tells of
 * damage, bombs and trailing data. `method` names the child when its parent is no file ("zlib"). */
void rt_expand_open(RtExpander expander, RtStr method, RtStr packed, RtLayerId self, RtSink *sink);

/* For the files that wrap a library: an output buffer of `room` bytes, whose pages exist once
 * written. */
typedef struct {
    RtArena *arena;
    uint8_t *at;
    size_t len, taken;
} RtExpandBuffer;
RtExpandBuffer rt_expand_start(RtArena *arena, size_t room);
RtExpanded rt_expand_done(RtExpandBuffer *buffer, size_t used, uint32_t runs, RtExpandEnd end);

#endif
