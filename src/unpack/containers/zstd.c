/* zstd.c - Zstandard (RFC 8878): one child. */
#include "unpack/expand.h"

static int bid(RtStr bytes)
{
    return bytes.len >= 9 && rt_str_starts(bytes, RT_STR("\x28\xB5\x2F\xFD")) ? 95 : 0;
}

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_zstd, RT_STR("zstd"), bytes, self, sink);
}

const RtContainer rt_container_zstd = { .name = "zstd", .bid = bid, .open = open_stream };
