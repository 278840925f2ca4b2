/* utf16.c - UTF-16 text, with a byte order mark or plainly so, as UTF-8: half of all tools do not
 * read it. */
#include "unpack/decoded.h"

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    bool is_big = false;
    if (!rt_decoded_is_utf16(layer->bytes, true, &is_big))
        return;
    RtStr text = rt_decoded_from_utf16(sink->arena, layer->bytes, is_big);
    if (text.len > 0)
        (void)sink->layer(sink, (RtLayer){ .parent = self,
                                           .via = RT_VIA_DECODED,
                                           .name = RT_STR("utf16"),
                                           .bytes = text,
                                           .source = { 0, layer->bytes.len } });
}

const RtDecoder rt_decoder_utf16 = { .name = "utf16", .decode = decode, .wants = 0 };
