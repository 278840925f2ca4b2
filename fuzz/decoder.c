/* decoder.c - fuzz target: every decoder reads the input as a text layer. */
#include "support/fake_sink.h"
#include "unpack/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    size_t count = 0;
    const RtDecoder *const *decoders = rt_unpack_decoders(&count);
    for (size_t i = 0; i < count; i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("input.js"), (RtStr){ bytes, len });
        fake->layers[1].interest = UINT32_MAX;
        RtLayer layer = fake->layers[1];
        decoders[i]->decode(&layer, 1, &fake->sink);
        for (size_t at = 2; at < fake->layer_count; at++)
            (void)rt_str_hash(fake->layers[at].bytes);
    }
    return 0;
}
