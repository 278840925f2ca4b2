/* look.c - fuzz target: what a sweep reads behind the wall, for every place that ships. Up to the
 * first newline stands the file's name, the rest is its content. */
#include "sweep/look.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    RtPlaces *places = NULL;
    if (rt_places_open(rt_places_builtin(), &places).code != RT_OK)
        abort();
    RtStr rest = { bytes, len }, name = RT_STR("");
    (void)rt_str_next(&rest, '\n', &name);
    RT_ARENA arena = rt_arena_open((size_t)1 << 30, NULL, NULL);
    RtLookOut out = { .places = places, .text = { .arena = arena }, .item = 1 };
    for (size_t i = 0; i < places->count; i++)
        rt_look_at(&out, arena, (uint32_t)i, name, rest);
    RtCursor in = { .rest = rt_text_str(&out.text) };
    for (size_t i = 0; i < out.count; i++) {
        (void)rt_take_number(&in, UINT32_MAX);
        (void)rt_take_number(&in, UINT32_MAX);
        (void)rt_take_number(&in, UINT32_MAX);
        for (int k = 0; k < 4; k++)
            (void)rt_take_text(&in);
    }
    if (in.short_read || in.rest.len != 0)
        abort();
    rt_places_close(places);
    return 0;
}
