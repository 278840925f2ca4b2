/* bzip2.c - bzip2: one child; streams one after another are one content. */
#include "unpack/expand.h"

static int bid(RtStr bytes)
{
    bool is_magic = bytes.len >= 14 && rt_str_starts(bytes, RT_STR("BZh")) && bytes.at[3] >= 0x31 &&
                    bytes.at[3] <= 0x39;
    RtStr block = rt_str_sub(bytes, 4, 6);
    return is_magic && (rt_str_equal(block, RT_STR("1AY&SY")) ||
                        rt_str_equal(block, RT_STR("\x17\x72\x45\x38\x50\x90")))
               ? 95
               : 0;
}

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_bzip2, RT_STR("bzip2"), bytes, self, sink);
}

const RtContainer rt_container_bzip2 = { .name = "bzip2", .bid = bid, .open = open_stream };
