/* expand_zstd.c - zstd, frames one after another included. */
#include "unpack/expand.h"

#include <zstd.h>
#include <zstd_errors.h>

enum { WINDOW_LOG = 26 }; /* 64 MiB; zstd --ultra -22 asks for 128 */

static void free_context(ZSTD_DCtx **context) { (void)ZSTD_freeDCtx(*context); }

RtExpanded rt_expand_zstd(RtArena *arena, RtStr packed, size_t room)
{
    __attribute__((cleanup(free_context))) ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context || ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG)))
        return (RtExpanded){ .end = RT_EXPAND_REFUSED };
    RtExpandBuffer buffer = rt_expand_start(arena, room);
    ZSTD_inBuffer in = { packed.at, packed.len, 0 };
    ZSTD_outBuffer out = { buffer.at, buffer.taken, 0 };
    RtExpandEnd end = RT_EXPAND_CUT;
    uint32_t runs = 0;
    while (in.pos < in.size) {
        size_t in_before = in.pos, out_before = out.pos;
        size_t status = ZSTD_decompressStream(context, &out, &in);
        if (ZSTD_isError(status)) {
            end = ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge
                      ? RT_EXPAND_REFUSED
                      : RT_EXPAND_BROKEN;
            break;
        }
        if (status == 0) { /* a frame is done */
            runs++;
            end = RT_EXPAND_WHOLE;
            if (!rt_str_starts(rt_str_from(packed, in.pos), RT_STR("\x28\xB5\x2F\xFD")))
                break;
            end = RT_EXPAND_CUT;
        } else if (out.pos == out.size || (in.pos == in_before && out.pos == out_before)) {
            end = out.pos == out.size ? RT_EXPAND_LIMIT : RT_EXPAND_CUT;
            break;
        }
    }
    buffer.len = out.pos;
    return rt_expand_done(&buffer, in.pos, runs, end);
}
