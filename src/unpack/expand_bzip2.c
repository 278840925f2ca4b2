/* expand_bzip2.c - bzip2, streams one after another included. */
#include "unpack/expand.h"

#include <bzlib.h>

enum { CHUNK = 1 << 20 };

static RtExpandEnd add(RtExpandBuffer *buffer, RtStr packed, size_t *ret_used)
{
    bz_stream stream = { 0 };
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
        return RT_EXPAND_BROKEN;
    size_t fed = 0;
    int status = BZ_OK;
    while (status == BZ_OK) {
        if (stream.avail_in == 0) {
            RtStr more = rt_str_sub(packed, fed, CHUNK);
            stream.next_in = (char *)(uintptr_t)more.at;
            stream.avail_in = (unsigned)more.len;
            fed += more.len;
        }
        size_t space = buffer->taken - buffer->len < CHUNK ? buffer->taken - buffer->len : CHUNK;
        bool starved = stream.avail_in == 0;
        stream.next_out = (char *)buffer->at + buffer->len;
        stream.avail_out = (unsigned)space;
        status = BZ2_bzDecompress(&stream);
        size_t came = space - stream.avail_out;
        buffer->len += came;
        if (status == BZ_OK && (buffer->len == buffer->taken || (starved && came == 0)))
            break;
    }
    *ret_used = fed - stream.avail_in;
    (void)BZ2_bzDecompressEnd(&stream);
    if (status == BZ_STREAM_END)
        return RT_EXPAND_WHOLE;
    if (status != BZ_OK)
        return RT_EXPAND_BROKEN;
    return buffer->len == buffer->taken ? RT_EXPAND_LIMIT : RT_EXPAND_CUT;
}

RtExpanded rt_expand_bzip2(RtArena *arena, RtStr packed, size_t room)
{
    RtExpandBuffer buffer = rt_expand_start(arena, room);
    size_t used = 0;
    uint32_t runs = 0;
    RtExpandEnd end;
    do {
        size_t more = 0;
        end = add(&buffer, rt_str_from(packed, used), &more);
        used += more;
        runs++;
    } while (end == RT_EXPAND_WHOLE && rt_str_starts(rt_str_from(packed, used), RT_STR("BZh")));
    return rt_expand_done(&buffer, used, runs, end);
}
