/* container.c - fuzz target: every container opens the input, whoever bids on it. */
#include "support/fake_sink.h"
#include "unpack/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    size_t count = 0;
    const RtContainer *const *containers = rt_unpack_containers(&count);
    for (size_t i = 0; i < count; i++) {
        RtStr input = { bytes, len };
        if (len > 0 && containers[i]->bid(input) == 0)
            continue;
        FAKE_SINK fake = fake_sink_open(RT_STR("input"), input);
        fake->budget.layer_bytes = 4 << 20;
        fake->budget.entries = 2000;
        if (containers[i]->bid(input) > 0)
            containers[i]->open(input, 1, &fake->sink);
        for (size_t layer = 2; layer < fake->layer_count;
             layer++) /* views must be readable to their end */
            (void)rt_str_hash(fake->layers[layer].bytes);
    }
    return 0;
}
