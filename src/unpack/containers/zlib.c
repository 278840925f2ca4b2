/* zlib.c - zlib (RFC 1950): what Python's zlib.compress and Node's deflateSync give; one child. */
#include "unpack/expand.h"

/* Two bytes are little to go by (RFC 1950): "x^" starts a text as well. So the third has to start a
 * block that can be, and the checksum of the whole decides how it is told. */
static int bid(RtStr bytes)
{
    if (bytes.len < 8 || (bytes.at[0] & 0x8F) != 0x08 || (bytes.at[1] & 0x20) != 0 ||
        (bytes.at[0] << 8 | bytes.at[1]) % 31 != 0)
        return 0;
    unsigned type = bytes.at[2] >> 1 & 3;
    if (type == 3)
        return 0;
    if (type == 0 && ((bytes.at[3] ^ bytes.at[5]) != 0xFF || (bytes.at[4] ^ bytes.at[6]) != 0xFF))
        return 0;
    return rt_str_is_text(bytes) ? 0 : 50;
}

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_zlib, RT_STR("zlib"), bytes, self, sink);
}

const RtContainer rt_container_zlib = { .name = "zlib", .bid = bid, .open = open_stream };
