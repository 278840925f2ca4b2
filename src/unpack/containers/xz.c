/* xz.c - xz (the .xz file format 1.2): one child. */
#include "unpack/expand.h"

static int bid(RtStr bytes)
{
    return bytes.len >= 24 && rt_str_starts(bytes, RT_STR("\xFD"
                                                          "7zXZ\0"))
               ? 95
               : 0;
}

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_xz, RT_STR("xz"), bytes, self, sink);
}

const RtContainer rt_container_xz = { .name = "xz", .bid = bid, .open = open_stream };
