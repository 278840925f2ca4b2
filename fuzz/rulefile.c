/* rulefile.c - fuzz target: the input is a rule file somebody wrote, and a compiled pack somebody
 * spoilt. */
#include <stdlib.h>

#include "rules/pack.h"
#include "rules/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void hear(void *context, RtStr path, uint32_t line, RtStr text)
{
    (void)context;
    (void)line;
    (void)rt_str_hash(path);
    (void)rt_str_hash(text);
}

/* As compile.c gives it to build.c: a list of {path, doc}. */
static void build(RtArena *arena, const RtDoc *doc)
{
    RtDoc keys[2] = { { .text = RT_STR("path") }, { .text = RT_STR("doc") } };
    RtDoc items[2] = { { .text = RT_STR("a/b.yaml") }, *doc };
    RtDoc entry = { .kind = RT_DOC_MAP, .count = 2, .keys = keys, .items = items };
    RtDoc docs = { .kind = RT_DOC_LIST, .count = 1, .items = &entry };
    RtRules rules = { .arena = arena };
    rt_rules_build(&rules, &docs, false, hear, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    RT_ARENA arena = rt_arena_open((size_t)256 << 20, NULL, NULL);
    RtDocFault fault = { 0 };
    const RtDoc *doc = rt_doc_read_yaml(arena, (RtStr){ bytes, len }, NULL, &fault);
    if (doc) {
        RtText out = { .arena = arena };
        rt_doc_write(&out, doc);
        RtCursor cursor = { .rest = rt_text_str(&out) };
        if (!rt_doc_read(arena, &cursor))
            abort();
        build(arena, doc);
    }
    RtPack pack = { 0 };
    if (rt_pack_read(arena, (RtStr){ bytes, len }, &pack).code == RT_OK) {
        RtCursor cursor = { .rest = pack.docs };
        (void)rt_doc_read(arena, &cursor);
    }
    RtCursor raw = { .rest = { bytes, len } };
    (void)rt_doc_read(arena, &raw);
    return 0;
}
