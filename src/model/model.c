/* model.c - the names of the nouns, in one place, so that rules, reports and tests spell them
 * alike. */
#include "model/model.h"

#define NAME(literal)                                                                              \
    {                                                                                              \
        (const uint8_t *)("" literal), sizeof(literal) - 1                                         \
    }

static const RtStr fact_names[RT_FACT_KINDS][5] = {
#define FACT(kind, name, a0, a1, a2, a3)                                                           \
    [RT_FACT_##kind] = { NAME(name), NAME(a0), NAME(a1), NAME(a2), NAME(a3) },
#include "model/vocabulary.list"
#undef FACT
};

RtStr rt_fact_name(RtFactKind kind)
{
    return (size_t)kind < RT_FACT_KINDS ? fact_names[kind][0] : (RtStr){ 0 };
}

RtStr rt_fact_arg_name(RtFactKind kind, size_t arg)
{
    return (size_t)kind < RT_FACT_KINDS && arg < 4 ? fact_names[kind][arg + 1] : (RtStr){ 0 };
}

bool rt_fact_find(RtStr name, RtFactKind *ret_kind)
{
    for (size_t i = 0; i < RT_FACT_KINDS; i++)
        if (rt_str_equal(fact_names[i][0], name)) {
            *ret_kind = (RtFactKind)i;
            return true;
        }
    return false;
}

static RtStr name_in(const RtStr *names, size_t count, size_t at)
{
    return at < count ? names[at] : (RtStr){ 0 };
}

RtStr rt_witness_name(RtWitness witness)
{
    static const RtStr names[] = {
        [RT_SEEN_IN_TEXT] = NAME("text"),
        [RT_SEEN_IN_MANIFEST] = NAME("manifest"),
        [RT_SEEN_IN_FLOW] = NAME("flow"),
        [RT_SEEN_RUNNING] = NAME("running"),
    };
    return name_in(names, RT_COUNT(names), (size_t)witness);
}

RtStr rt_phase_name(RtPhase phase)
{
    static const RtStr names[] = {
        [RT_WHEN_UNKNOWN] = NAME("unknown"),  [RT_WHEN_CALLED] = NAME("called"),
        [RT_WHEN_IMPORT] = NAME("import"),    [RT_WHEN_BUILD] = NAME("build"),
        [RT_WHEN_OPEN] = NAME("open-folder"), [RT_WHEN_INSTALL] = NAME("install"),
    };
    return name_in(names, RT_COUNT(names), (size_t)phase);
}

RtStr rt_finding_level_name(RtFindingLevel level)
{
    static const RtStr names[] = {
        [RT_NOTE] = NAME("note"),
        [RT_WEAK] = NAME("weak"),
        [RT_STRONG] = NAME("strong"),
        [RT_CONCLUSIVE] = NAME("conclusive"),
    };
    return name_in(names, RT_COUNT(names), (size_t)level);
}

RtStr rt_verdict_name(RtVerdictLevel level)
{
    static const RtStr names[] = {
        [RT_VERDICT_UNKNOWN] = NAME("unknown"),     [RT_VERDICT_CLEAN] = NAME("clean"),
        [RT_VERDICT_NOTABLE] = NAME("notable"),     [RT_VERDICT_SUSPICIOUS] = NAME("suspicious"),
        [RT_VERDICT_MALICIOUS] = NAME("malicious"),
    };
    return name_in(names, RT_COUNT(names), (size_t)level);
}

/* The goal is a worker below 256 MiB whatever the input (DESIGN 8). What is resident is the arena
 * (inflated bytes, trees, facts) and the pages of the input, which is mapped from its file and may
 * be dropped: so the arena gets 192 MiB, and the largest single layer, a package's whole tar, 160
 * of them. Stored members are views of their parent and cost no memory, so that all layers together
 * may count 512 MiB. Deflate itself ends at 1,032 to 1, hence a ratio of 1,000; below 8 MiB nobody
 * asks for the ratio (a page of zeros is honest). The rest are round figures well above what
 * packages hold, to be refined by the corpus. */
const RtBudget rt_budget_default = {
    .input_bytes = 1024ull << 20,
    .unpacked_bytes = 512ull << 20,
    .layer_bytes = 192ull << 20,
    .arena_bytes = 224ull << 20,
    .ratio = 1000,
    .entries = 100 * 1000,
    .layers = 200 * 1000,
    .facts = 100 * 1000,
    .depth = 256, /* a sample met nests its literals more than 64 deep */
    .parse_bytes = 4u << 20,
    .cpu_ms = 20 * 1000,
    .wall_ms = 60 * 1000,
};

RtFactId rt_sink_fact(RtSink *sink, RtLayerId layer, RtFactKind kind, RtWitness witness, RtStr arg0,
                      RtStr arg1)
{
    return sink->fact(
        sink, (RtFact){ .kind = kind, .witness = witness, .layer = layer, .args = { arg0, arg1 } });
}

void rt_sink_anomaly(RtSink *sink, RtLayerId layer, RtStr what, RtStr detail)
{
    (void)rt_sink_fact(sink, layer, RT_FACT_ANOMALY, RT_SEEN_IN_TEXT, what, detail);
}
