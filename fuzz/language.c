/* language.c - fuzz target: every front end that bids for the input observes it, whatever its name.
 */
#include "facts/languages/languages.h"
#include "support/fake_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    size_t count = 0;
    const RtLanguage *const *languages = rt_languages(&count);
    for (size_t i = 0; i < count; i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("package/input"), (RtStr){ bytes, len });
        RtLayer layer = fake->layers[1];
        if (languages[i]->bid((RtStr){ 0 }, layer.bytes) == 0)
            continue;
        layer.via = RT_VIA_ENTRY;
        if (languages[i]->imports)
            languages[i]->imports(&layer, 1, &fake->sink);
        languages[i]->observe(&layer, 1, &fake->sink);
    }
    return 0;
}
