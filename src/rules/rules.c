/* rules.c - opening packs, and going through what is in them. */
#include "rules/ruleset.h"

#include "base/hash.h"
#include "rules/pack.h"

extern const uint8_t rt_rules_pack_start[], rt_rules_pack_end[]; /* the Makefile embeds them */

#define RULES_ARENA_BYTES ((size_t)64 << 20)

RtStr rt_rules_builtin(void)
{
    return (RtStr){ rt_rules_pack_start, (size_t)(rt_rules_pack_end - rt_rules_pack_start) };
}

typedef struct {
    size_t count;
    RtStr first;
    uint32_t line;
    RtStr path;
} PackFaults;

static void note_fault(void *context, RtStr path, uint32_t line, RtStr text)
{
    PackFaults *faults = context;
    if (faults->count++ == 0)
        *faults = (PackFaults){ 1, text, line, path };
}

static RtErr open_pack(RtRules *rules, RtStr bytes)
{
    if (rules->pack_count == RT_COUNT(rules->packs))
        return rt_fail(RT_ERR_USAGE, "at most %zu rule folders at once", RT_COUNT(rules->packs));
    RtPack pack = { 0 };
    RT_TRY(rt_pack_read(rules->arena, bytes, &pack));
    RtCursor cursor = { .rest = pack.docs };
    const RtDoc *docs = rt_doc_read(rules->arena, &cursor);
    if (!docs || docs->kind != RT_DOC_LIST)
        return rt_fail(RT_ERR_FORMAT, "the rule pack is damaged; compile the rules again");
    uint32_t first = (uint32_t)rules->pattern_count;
    PackFaults faults = { 0 };
    rt_rules_build(rules, docs, true, note_fault, &faults);
    if (faults.count)
        return rt_fail(RT_ERR_FORMAT, "rule pack: %.*s:%u: %.*s", RT_FMT(faults.path), faults.line,
                       RT_FMT(faults.first));
    uint32_t count = (uint32_t)rules->pattern_count - first;
    RT_TRY(rt_patterns_open(pack.patterns, rules->patterns, first, count,
                            &rules->packs[rules->pack_count].db));
    rules->packs[rules->pack_count].first_pattern = first;
    rules->packs[rules->pack_count].pattern_count = count;
    rules->packs[rules->pack_count].examples = rt_str_copy(rules->arena, pack.examples);
    rules->pack_count++;
    return RT_FINE;
}

RtErr rt_rules_open(const RtStr *packs, size_t count, RtRules **ret_rules)
{
    RtArena *arena = rt_arena_open(RULES_ARENA_BYTES, NULL, NULL);
    RtRules *rules = RT_NEW(arena, RtRules);
    rules->arena = arena;
    RtText digests = { .arena = arena };
    for (size_t i = 0; i < count; i++) {
        RtErr err = open_pack(rules, packs[i]);
        if (err.code != RT_OK) {
            rt_rules_close(rules);
            return err;
        }
        uint8_t digest[32];
        rt_sha256(packs[i], digest);
        rt_text_add(&digests, (RtStr){ digest, sizeof digest });
    }
    uint8_t digest[32];
    rt_sha256(rt_text_str(&digests), digest);
    RtText version = { .arena = arena };
    for (unsigned i = 0; i < 6; i++)
        rt_text_format(&version, "%02x", digest[i]);
    rules->version = rt_text_str(&version);
    *ret_rules = rules;
    return RT_FINE;
}

void rt_rules_close(RtRules *rules)
{
    if (!rules)
        return;
    for (size_t i = 0; i < rules->pack_count; i++)
        rt_patterns_close(rules->packs[i].db);
    rt_arena_close(rules->arena);
}

RtStr rt_rules_version(const RtRules *rules) { return rules->version; }

void rt_rules_each(const RtRules *rules, void (*visit)(void *context, const RtRuleInfo *rule),
                   void *context)
{
    for (size_t i = 0; i < rules->rule_count; i++)
        visit(context, &rules->rules[i].info);
}

/* ---- examples
 * -------------------------------------------------------------------------------------------- */
typedef void Visit(void *context, const RtRuleExample *example);

/* What YAML cannot write down: `hex:` files are bytes. */
static RtStr file_text(RtArena *arena, RtStr text)
{
    static const RtStr hex = { (const uint8_t *)"hex:", 4 };
    if (!rt_str_starts(text, hex))
        return text;
    RtText out = { .arena = arena };
    int high = -1;
    for (size_t i = hex.len; i < text.len; i++) {
        uint8_t c = text.at[i] | 0x20;
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit >= 0 && high >= 0)
            rt_text_byte(&out, (uint8_t)(high << 4 | digit));
        if (digit >= 0)
            high = high >= 0 ? -1 : digit;
    }
    return rt_text_str(&out);
}

static void visit_examples(RtArena *arena, RtStr rule, const RtDoc *list, bool matches,
                           Visit *visit, void *context)
{
    for (size_t i = 0; list && i < list->count; i++) {
        const RtDoc *files = rt_doc_get(&list->items[i], RT_STR("files"));
        if (!files || files->kind != RT_DOC_MAP)
            continue;
        RtRuleExampleFile *items = RT_NEW_ARRAY(arena, RtRuleExampleFile, files->count);
        for (size_t j = 0; j < files->count; j++)
            items[j] =
                (RtRuleExampleFile){ files->keys[j].text, file_text(arena, files->items[j].text) };
        visit(context, &(RtRuleExample){ .rule = rule,
                                         .number = (uint32_t)i + 1,
                                         .matches = matches,
                                         .files = items,
                                         .file_count = files->count });
    }
}

RtErr rt_rules_examples(const RtRules *rules,
                        void (*visit)(void *context, const RtRuleExample *example), void *context)
{
    RT_ARENA arena = rt_arena_open(RULES_ARENA_BYTES, NULL, NULL);
    for (size_t i = 0; i < rules->pack_count; i++) {
        RtCursor cursor = { .rest = rt_pack_examples(arena, rules->packs[i].examples) };
        const RtDoc *docs = rt_doc_read(arena, &cursor);
        if (!docs || docs->kind != RT_DOC_LIST)
            return rt_fail(RT_ERR_FORMAT, "the rule pack is damaged; compile the rules again");
        for (size_t j = 0; j < docs->count; j++) {
            const RtDoc *path = rt_doc_get(&docs->items[j], RT_STR("path"));
            const RtDoc *doc = rt_doc_get(&docs->items[j], RT_STR("doc"));
            if (!path || !doc || path->text.len < 5)
                continue;
            RtStr rule = rt_str_sub(path->text, 0, path->text.len - 5);
            visit_examples(arena, rule, rt_doc_get(doc, RT_STR("must_match")), true, visit,
                           context);
            visit_examples(arena, rule, rt_doc_get(doc, RT_STR("must_not_match")), false, visit,
                           context);
        }
    }
    return RT_FINE;
}
