/* wire.c - fuzz target: the input is what a worker that was taken over answers, and what a parent
 * would send. A report that is believed must survive being written and read again. */
#include <stdlib.h>

#include "scan/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    RT_ARENA arena = rt_arena_open((size_t)256 << 20, NULL, NULL);
    RtReport report = { 0 }, again = { 0 };
    if (rt_wire_get_report(arena, (RtStr){ bytes, len }, &report)) {
        RtText out = { .arena = arena };
        rt_wire_put_report(&out, &report);
        if (!rt_wire_get_report(arena, rt_text_str(&out), &again) ||
            again.finding_count != report.finding_count ||
            again.unseen_count != report.unseen_count)
            abort();
    }
    static const int fds[RT_WIRE_BATCH] = { 0 };
    RtBatch *batch = RT_NEW(arena, RtBatch);
    for (size_t fd_count = 0; fd_count <= RT_WIRE_BATCH; fd_count += RT_WIRE_BATCH / 4)
        if (rt_wire_get_batch((RtStr){ bytes, len }, fds, fd_count, batch))
            for (uint32_t i = 0; i < batch->count; i++)
                (void)rt_str_hash(batch->given[i].name);
    return 0;
}
