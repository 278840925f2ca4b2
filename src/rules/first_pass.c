/* first_pass.c - one look at every byte of a layer: which patterns hit where, and which classes of
 * words it has.
 *
 * Hits are counted per pattern and dropped beyond a cap, so that a file of a million near-matches
 * costs a million increments and no memory. */
#include "rules/ruleset.h"

#include <stdlib.h>
#include <string.h>

enum { HITS_KEPT = 16, PREFILTER_HITS_KEPT = 64 };

RtErr rt_rules_scratch_open(const RtRules *rules, RtRulesScratch **ret_scratch)
{
    RtArena *arena = rt_arena_open((size_t)16 << 20, NULL, NULL);
    RtRulesScratch *scratch = RT_NEW(arena, RtRulesScratch);
    scratch->arena = arena;
    scratch->shapes = rt_shape_table();
    scratch->hit_counts = RT_NEW_ARRAY(arena, uint8_t, rules->pattern_count + 1);
    scratch->regexes = rt_regexes_open(rules->regex_count + rules->pattern_count);
    RtErr err = rt_patterns_scratch_open(rules, &scratch->patterns);
    if (err.code == RT_OK && !scratch->regexes)
        err = rt_fail(RT_ERR_IO, "no memory for the pattern engine");
    if (err.code != RT_OK) {
        rt_rules_scratch_close(scratch);
        return err;
    }
    *ret_scratch = scratch;
    return RT_FINE;
}

void rt_rules_scratch_close(RtRulesScratch *scratch)
{
    if (!scratch)
        return;
    rt_patterns_scratch_close(scratch->patterns);
    rt_regexes_close(scratch->regexes);
    rt_arena_close(scratch->arena);
}

typedef struct {
    const RtRules *rules;
    RtRulesScratch *scratch;
    RtArena *arena;
    RtHit *hits;
    size_t count, capacity;
    uint32_t asks[RT_FAMILIES];
} Pass;

static void on_hit(void *context, uint32_t index, uint64_t end)
{
    Pass *pass = context;
    const RtPattern *pattern = &pass->rules->patterns[index];
    pass->asks[pattern->family] |= pattern->asks;
    unsigned kept = pattern->prefilter ? PREFILTER_HITS_KEPT : HITS_KEPT;
    if (pattern->asks || pass->scratch->hit_counts[index] >= kept || end > UINT32_MAX)
        return;
    pass->scratch->hit_counts[index]++;
    RT_PUSH(pass->arena, pass->hits, pass->count, pass->capacity) =
        (RtHit){ .pattern = index, .end = (uint32_t)end };
}

static void on_shape(void *context, RtShape shape, uint64_t end)
{
    Pass *pass = context;
    if (pass->rules->shapes[shape])
        on_hit(context, pass->rules->shapes[shape] - 1, end);
}

static int compare_hits(const void *a, const void *b)
{
    const RtHit *left = a, *right = b;
    if (left->pattern != right->pattern)
        return left->pattern < right->pattern ? -1 : 1;
    return left->end < right->end ? -1 : left->end > right->end;
}

uint32_t rt_rules_first_pass(const RtRules *rules, RtRulesScratch *scratch, RtArena *arena,
                             RtStr bytes, RtHits *ret_hits)
{
    Pass pass = { .rules = rules, .scratch = scratch, .arena = arena };
    rt_patterns_scan(rules, scratch->patterns, bytes, on_hit, &pass);
    pass.asks[RT_FAMILY_ANY] |= rt_shapes_find(&scratch->shapes, bytes, on_shape, &pass);
    for (size_t i = 0; i < pass.count; i++)
        scratch->hit_counts[pass.hits[i].pattern] = 0;
    if (pass.count)
        qsort(pass.hits, pass.count, sizeof *pass.hits, compare_hits);
    RtHits hits = { .hits = pass.hits, .count = (uint32_t)pass.count };
    uint32_t asks = 0;
    for (size_t i = 0; i < RT_FAMILIES; i++) {
        hits.asks[i] = pass.asks[i];
        asks |= pass.asks[i];
    }
    *ret_hits = hits;
    return asks;
}
