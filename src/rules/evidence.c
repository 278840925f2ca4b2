/* evidence.c - what a person is shown of a match: which file, through which layers, which line, and
 * a window of text around the span that never holds half a character. */
#include "rules/ruleset.h"

enum { COLUMNS_AROUND = 60, SPAN_SHOWN = 160, LAYERS_SHOWN = 32, ARG_SHOWN = 200 };

RtLayerId rt_layer_file(const RtRulesView *view, RtLayerId layer)
{
    RtLayerId at = layer;
    for (size_t i = 0; i < view->layer_count && at && at < view->layer_count; i++) {
        if (view->layers[at].via == RT_VIA_ENTRY || !view->layers[at].parent)
            return at;
        at = view->layers[at].parent;
    }
    return layer;
}

static bool is_inside_rune(RtStr bytes, uint64_t at)
{
    return at < bytes.len && (bytes.at[at] & 0xc0) == 0x80;
}

static uint64_t window_start(RtStr bytes, uint64_t from)
{
    uint64_t at = from;
    for (unsigned i = 0; i < COLUMNS_AROUND && at > 0 && bytes.at[at - 1] != '\n'; i++)
        at--;
    for (unsigned i = 0; i < 3 && at < from && is_inside_rune(bytes, at); i++)
        at++;
    return at;
}

static uint64_t window_end(RtStr bytes, uint64_t end)
{
    uint64_t at = end;
    for (unsigned i = 0; i < COLUMNS_AROUND && at < bytes.len && bytes.at[at] != '\n'; i++)
        at++;
    for (unsigned i = 0; i < 3 && at > end && is_inside_rune(bytes, at); i++)
        at--;
    return at;
}

static void set_position(RtEvidence *evidence, RtStr bytes, uint64_t from)
{
    uint32_t line = 1;
    uint64_t line_start = 0;
    for (uint64_t i = 0; i < from; i++) {
        if (bytes.at[i] != '\n')
            continue;
        line++;
        line_start = i + 1;
    }
    evidence->line = line;
    evidence->column =
        from - line_start < UINT32_MAX ? (uint32_t)(from - line_start) + 1 : UINT32_MAX;
}

/* Names from the artifact's entry down to the layer. */
static void set_layers(RtEvidence *evidence, const RtRulesView *view, RtArena *arena,
                       RtLayerId layer)
{
    RtLayerId chain[LAYERS_SHOWN];
    size_t count = 0;
    for (RtLayerId at = layer; at && at < view->layer_count && count < LAYERS_SHOWN;
         at = view->layers[at].parent) {
        if (view->layers[at].parent == 0 && count)
            break; /* the artifact itself has a name of its own in the report */
        chain[count++] = at;
    }
    RtStr *names = RT_NEW_ARRAY(arena, RtStr, count);
    for (size_t i = 0; i < count; i++)
        names[i] = view->layers[chain[count - 1 - i]].name;
    evidence->layers = names;
    evidence->layer_count = count;
    evidence->file = view->layers[rt_layer_file(view, layer)].name;
}

RtEvidence rt_evidence_at(const RtRulesView *view, RtArena *arena, RtLayerId layer, uint64_t from,
                          uint64_t len, RtStr says)
{
    RtEvidence evidence = { .says = says };
    if (!layer || layer >= view->layer_count)
        return evidence;
    RtStr bytes = view->layers[layer].bytes;
    if (from > bytes.len)
        from = bytes.len;
    if (len > bytes.len - from)
        len = bytes.len - from;
    if (len > SPAN_SHOWN)
        len = SPAN_SHOWN;
    uint64_t start = window_start(bytes, from), end = window_end(bytes, from + len);
    set_layers(&evidence, view, arena, layer);
    set_position(&evidence, bytes, from);
    evidence.snippet = rt_str_sub(bytes, (size_t)start, (size_t)(end - start));
    evidence.mark_from = (uint32_t)(from - start);
    evidence.mark_len = (uint32_t)len;
    return evidence;
}

RtStr rt_evidence_words(RtArena *arena, const RtFact *fact)
{
    RtText out = { .arena = arena };
    rt_text_add(&out, rt_fact_name(fact->kind));
    for (size_t i = 0; i < RT_COUNT(fact->args); i++) {
        if (!fact->args[i].len)
            continue;
        rt_text_add(&out, i ? RT_STR(", ") : RT_STR(" "));
        rt_text_add(&out, rt_str_sub(fact->args[i], 0, ARG_SHOWN));
        if (fact->args[i].len > ARG_SHOWN)
            rt_text_add(&out, RT_STR(" ..."));
    }
    rt_text_format(&out, " (%.*s)", RT_FMT(rt_witness_name(fact->witness)));
    return rt_text_str(&out);
}
