/* expand_lzma.c - xz (streams one after another and their padding included) and the older .lzma. */
#include "unpack/expand.h"

#include <lzma.h>

enum { MEMORY = 80 << 20 }; /* a dictionary of 64 MiB and its decoder */

static RtExpanded expand(RtArena *arena, RtStr packed, size_t room, lzma_stream *stream)
{
    RtExpandBuffer buffer = rt_expand_start(arena, room);
    stream->next_in = packed.at;
    stream->avail_in = packed.len;
    stream->next_out = buffer.at;
    stream->avail_out = buffer.taken;
    lzma_ret status;
    do
        status = lzma_code(stream, LZMA_FINISH);
    while (status == LZMA_OK && stream->avail_out > 0);
    buffer.len = buffer.taken - stream->avail_out;
    size_t used = packed.len - stream->avail_in;
    bool is_full = stream->avail_out == 0;
    lzma_end(stream);
    switch ((int)status) {
    case LZMA_STREAM_END:
        return rt_expand_done(&buffer, used, 1, RT_EXPAND_WHOLE);
    case LZMA_OK:
        return rt_expand_done(&buffer, used, 1, RT_EXPAND_LIMIT);
    case LZMA_BUF_ERROR:
        return rt_expand_done(&buffer, used, 1, is_full ? RT_EXPAND_LIMIT : RT_EXPAND_CUT);
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
        return rt_expand_done(&buffer, used, 1, RT_EXPAND_REFUSED);
    default:
        return rt_expand_done(&buffer, used, 1, RT_EXPAND_BROKEN);
    }
}

RtExpanded rt_expand_xz(RtArena *arena, RtStr packed, size_t room)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&stream, MEMORY, 0) != LZMA_OK)
        return (RtExpanded){ .end = RT_EXPAND_REFUSED };
    return expand(arena, packed, room, &stream);
}

RtExpanded rt_expand_lzma(RtArena *arena, RtStr packed, size_t room)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    if (lzma_alone_decoder(&stream, MEMORY) != LZMA_OK)
        return (RtExpanded){ .end = RT_EXPAND_REFUSED };
    return expand(arena, packed, room, &stream);
}
