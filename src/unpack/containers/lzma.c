/* lzma.c - the older .lzma ("alone"), which Python calls FORMAT_ALONE: one child. */
#include "base/cursor.h"
#include "unpack/expand.h"

/* No magic: the properties byte is nearly always 0x5D, the dictionary a power of two (or one and a
 * half), the size unknown or believable. */
static int bid(RtStr bytes)
{
    RtCursor cursor = { .rest = bytes };
    uint8_t properties = rt_take_u8(&cursor);
    uint32_t dictionary = rt_take_u32le(&cursor);
    uint64_t size = rt_take_u64le(&cursor);
    if (cursor.short_read || cursor.rest.len < 5 || properties != 0x5D || cursor.rest.at[0] != 0)
        return 0;
    uint32_t lowest = dictionary & (~dictionary + 1u);
    bool is_usual = dictionary >= 4096 && (dictionary == lowest || dictionary == lowest * 3);
    return is_usual && (size == UINT64_MAX || size < 1ull << 38) ? 60 : 0;
}

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_lzma, RT_STR("lzma"), bytes, self, sink);
}

const RtContainer rt_container_lzma = { .name = "lzma", .bid = bid, .open = open_stream };
