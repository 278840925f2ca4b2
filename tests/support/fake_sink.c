/* fake_sink.c - see fake_sink.h. */
#include "support/fake_sink.h"

static RtLayerId add_layer(RtSink *sink, RtLayer layer)
{
    FakeSink *fake = (FakeSink *)sink;
    if (fake->layer_count >= fake->budget.layers || layer.bytes.len > fake->budget.layer_bytes)
        return 0;
    layer.depth = (uint16_t)(fake->layers[layer.parent].depth + 1);
    RtLayerId id = (RtLayerId)fake->layer_count;
    RT_PUSH(sink->arena, fake->layers, fake->layer_count, fake->layer_capacity) = layer;
    return id;
}

static RtFactId add_fact(RtSink *sink, RtFact fact)
{
    FakeSink *fake = (FakeSink *)sink;
    RtFactId id = (RtFactId)fake->fact_count;
    RT_PUSH(sink->arena, fake->facts, fake->fact_count, fake->fact_capacity) = fact;
    return id;
}

static const RtLayer *get_layer(RtSink *sink, RtLayerId id)
{
    const FakeSink *fake = (const FakeSink *)sink;
    return id > 0 && id < fake->layer_count ? &fake->layers[id] : NULL;
}

static const RtFact *get_fact(RtSink *sink, RtFactId id)
{
    const FakeSink *fake = (const FakeSink *)sink;
    return id > 0 && id < fake->fact_count ? &fake->facts[id] : NULL;
}

/* Siblings by their exact name, "./" left away. */
static RtLayerId find(RtSink *sink, RtLayerId from, RtStr path)
{
    const FakeSink *fake = (const FakeSink *)sink;
    if (rt_str_starts(path, RT_STR("./")))
        path = rt_str_from(path, 2);
    for (RtLayerId id = 1; id < fake->layer_count; id++)
        if (fake->layers[id].parent == fake->layers[from].parent &&
            rt_str_equal(fake->layers[id].name, path))
            return id;
    return 0;
}

static void note_unseen(RtSink *sink, RtLayerId at, RtStr reason)
{
    (void)at;
    FakeSink *fake = (FakeSink *)sink;
    RT_PUSH(sink->arena, fake->unseen, fake->unseen_count, fake->unseen_capacity) = reason;
}

static uint32_t time_left(RtSink *sink) { return ((const FakeSink *)sink)->ms_left; }

FakeSink *fake_sink_open(RtStr name, RtStr bytes)
{
    RtArena *arena = rt_arena_open((size_t)rt_budget_default.arena_bytes, NULL, NULL);
    FakeSink *fake = RT_NEW(arena, FakeSink);
    fake->budget = rt_budget_default;
    fake->ms_left = 1000;
    fake->sink = (RtSink){
        .arena = arena,
        .budget = &fake->budget,
        .layer = add_layer,
        .fact = add_fact,
        .get_layer = get_layer,
        .get_fact = get_fact,
        .find = find,
        .unseen = note_unseen,
        .ms_left = time_left,
    };
    RT_PUSH(arena, fake->layers, fake->layer_count, fake->layer_capacity) = (RtLayer){ 0 };
    RT_PUSH(arena, fake->layers, fake->layer_count, fake->layer_capacity) =
        (RtLayer){ .name = name, .bytes = bytes };
    RT_PUSH(arena, fake->facts, fake->fact_count, fake->fact_capacity) = (RtFact){ 0 };
    return fake;
}

void fake_sink_close(FakeSink **fake)
{
    if (*fake)
        rt_arena_close((*fake)->sink.arena);
    *fake = NULL;
}

const RtLayer *fake_sink_layer(const FakeSink *fake, RtStr name)
{
    for (size_t i = 2; i < fake->layer_count; i++)
        if (rt_str_equal(fake->layers[i].name, name))
            return &fake->layers[i];
    return NULL;
}

const RtLayer *fake_sink_layer_of(const FakeSink *fake, RtStr text)
{
    for (size_t i = 2; i < fake->layer_count; i++)
        if (rt_str_equal(fake->layers[i].bytes, text))
            return &fake->layers[i];
    return NULL;
}

const RtLayer *fake_sink_layer_with(const FakeSink *fake, RtStr text)
{
    for (size_t i = 2; i < fake->layer_count; i++)
        if (rt_str_has(fake->layers[i].bytes, text))
            return &fake->layers[i];
    return NULL;
}

size_t fake_sink_facts(const FakeSink *fake, RtFactKind kind, RtStr arg0)
{
    size_t count = 0;
    for (size_t i = 1; i < fake->fact_count; i++)
        count += fake->facts[i].kind == kind &&
                 (arg0.len == 0 || rt_str_equal(fake->facts[i].args[0], arg0));
    return count;
}

bool fake_sink_was_unseen(const FakeSink *fake, RtStr reason)
{
    for (size_t i = 0; i < fake->unseen_count; i++)
        if (rt_str_equal(fake->unseen[i], reason))
            return true;
    return false;
}
