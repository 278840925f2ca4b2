/* gzip.c - gzip (RFC 1952): one child, whatever it is; all members, as gunzip and tar read them. */
#include "unpack/expand.h"

static int bid(RtStr bytes)
{
    /* Method 8 is the only one; the upper three flag bits are reserved. */
    return bytes.len >= 18 && rt_str_starts(bytes, RT_STR("\x1f\x8b\x08")) && bytes.at[3] < 0x20
               ? 95
               : 0;
}

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_gzip, RT_STR("gzip"), bytes, self, sink);
}

const RtContainer rt_container_gzip = { .name = "gzip", .bid = bid, .open = open_stream };
