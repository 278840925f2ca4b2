/* wire_summary.c - a summary into bytes and out of them again; wire.h has the manners. */
#include "model/summary.h"
#include "scan/wire.h"

void rt_wire_put_summary(RtText *out, const RtSummary *summary)
{
    rt_text_byte(out, summary != NULL);
    if (summary == NULL)
        return;
    rt_put_number(out, summary->resource_count);
    for (size_t i = 0; i < summary->resource_count; i++) {
        const RtResource *resource = &summary->resources[i];
        rt_text_byte(out, (uint8_t)resource->kind);
        rt_text_byte(out, (uint8_t)resource->deed);
        rt_text_byte(out, resource->taint);
        rt_text_byte(out, (uint8_t)resource->phase);
        rt_put_text(out, resource->text);
        rt_put_text(out, resource->file);
        rt_put_number(out, resource->line);
    }
    rt_put_number(out, summary->shape_count);
    for (size_t i = 0; i < summary->shape_count; i++) {
        for (size_t k = 0; k < RT_SHAPE_SLOTS; k++)
            rt_put_number(out, summary->shapes[i].slots[k]);
        rt_put_number(out, summary->shapes[i].tokens);
        rt_put_text(out, summary->shapes[i].file);
    }
    rt_put_number(out, summary->left_out);
}

static uint8_t take_below(RtCursor *in, uint8_t end)
{
    uint8_t value = rt_take_u8(in);
    in->short_read |= value >= end;
    return value < end ? value : 0;
}

static RtResource take_resource(RtArena *arena, RtCursor *in)
{
    RtResource resource = { .kind = (RtResourceKind)take_below(in, RT_RESOURCE_KINDS) };
    resource.deed = (RtDeed)take_below(in, RT_DEEDS);
    resource.taint = take_below(in, RT_TAINT_ALL + 1);
    resource.phase = (RtPhase)take_below(in, RT_WHEN_INSTALL + 1);
    resource.text = rt_str_copy(arena, rt_take_text(in));
    in->short_read |= resource.text.len > RT_SUMMARY_TEXT;
    resource.file = rt_str_copy(arena, rt_take_text(in));
    resource.line = rt_take_number(in, UINT32_MAX);
    return resource;
}

static RtShape take_shape(RtArena *arena, RtCursor *in)
{
    RtShape shape = { 0 };
    for (size_t k = 0; k < RT_SHAPE_SLOTS; k++)
        shape.slots[k] = rt_take_number(in, UINT32_MAX);
    shape.tokens = rt_take_number(in, UINT32_MAX);
    shape.file = rt_str_copy(arena, rt_take_text(in));
    return shape;
}

const RtSummary *rt_wire_take_summary(RtArena *arena, RtCursor *in)
{
    if (take_below(in, 2) == 0)
        return NULL;
    RtSummary *summary = RT_NEW(arena, RtSummary);
    summary->resource_count = rt_take_number(in, RT_SUMMARY_RESOURCES);
    RtResource *resources = RT_NEW_ARRAY(arena, RtResource, summary->resource_count);
    for (size_t i = 0; i < summary->resource_count && !in->short_read; i++)
        resources[i] = take_resource(arena, in);
    summary->resources = resources;
    summary->shape_count = rt_take_number(in, RT_SUMMARY_SHAPES);
    RtShape *shapes = RT_NEW_ARRAY(arena, RtShape, summary->shape_count);
    for (size_t i = 0; i < summary->shape_count && !in->short_read; i++)
        shapes[i] = take_shape(arena, in);
    summary->shapes = shapes;
    summary->left_out = rt_take_number(in, UINT32_MAX);
    return summary;
}
