/* zlib.c - zlib (RFC 1950): what Python's zlib.compress and Node's deflateSync give; one child. */
#include "unpack/expand.h"

/* Low, because a text may begin with "x^" and still inflate for a few bytes. */
static int bid(RtStr bytes) { return rt_expand_is_zlib(bytes) && !rt_str_is_text(bytes) ? 50 : 0; }

static void open_stream(RtStr bytes, RtLayerId self, RtSink *sink)
{
    rt_expand_open(rt_expand_zlib, RT_STR("zlib"), bytes, self, sink);
}

const RtContainer rt_container_zlib = { .name = "zlib", .bid = bid, .open = open_stream };
