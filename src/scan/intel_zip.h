/* intel_zip.h - the pieces of a feed: members of a zip, lines of a JSON lines file, files of a
 * folder packed together, or the file itself. Runs behind the wall. */
#ifndef RT_SCAN_INTEL_ZIP_H
#define RT_SCAN_INTEL_ZIP_H

#include "base/arena.h"
#include "base/str.h"

typedef struct {
    RtStr name;
    uint64_t key; /* of source, name and content: the same key, the same piece */
    RtStr bytes;  /* packed, or as it is */
    uint64_t size;
    uint32_t crc;
    bool is_packed; /* raw deflate */
} RtFeedPiece;

/* What stands in the way of reading on; NULL: nothing. */
typedef const char *RtFeedFault;

/* Walks `bytes`; `piece` returns false to stop. The keys of a zip are made of name, CRC-32 and
 * size, so that a piece is known without being unpacked. A zip whose entries overlap or whose
 * directory does not hold together is refused as a whole. */
RtFeedFault rt_feed_walk(RtStr bytes, RtStr source,
                         bool (*piece)(void *context, const RtFeedPiece *piece), void *context);

/* The content of a piece, in `arena`; NULL in *ret_fault when it could be had. */
RtStr rt_feed_open(RtArena *arena, const RtFeedPiece *piece, RtFeedFault *ret_fault);

/* How files of a folder are packed for the walk: a mark, then for each file u32 length of its name,
 * u64 length of its content (little-endian), name, content. */
#define RT_FEED_PACK_MARK "ratter-feed-pack\n"

#endif
