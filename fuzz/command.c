/* command.c - fuzz target: the input is a command line of a manifest, in each kind of shell. */
#include "facts/languages/command.h"
#include "support/fake_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    RtStr command = { bytes, len };
    FAKE_SINK fake = fake_sink_open(RT_STR("package.json"), command);
    fake->budget.layers = 1000;
    RtFactId hook = rt_sink_fact(&fake->sink, 1, RT_FACT_INSTALL_HOOK, RT_SEEN_IN_MANIFEST,
                                 RT_STR("postinstall"), command);
    rt_command_observe(command, 1, 0, len, RT_SEEN_IN_MANIFEST, false, &fake->sink, hook);
    for (size_t at = 1; at < fake->fact_count; at++)
        for (size_t arg = 0; arg < RT_COUNT(fake->facts[at].args); arg++)
            (void)rt_str_hash(fake->facts[at].args[arg]);
    return 0;
}
