/* patterns.c - all patterns of all rules in one pass; the one file that knows Vectorscan.
 *
 * Start offsets are not asked for (HS_FLAG_SOM_LEFTMOST makes databases large and refuses
 * patterns): evidence needs them for the few hits that become findings, and PCRE2 finds them there
 * (regex.c). Patterns Vectorscan cannot express (lookaround, back references) are compiled as
 * prefilters and confirmed by PCRE2 as well. */
#include "rules/ruleset.h"

#include <stdlib.h>

#include <hs/hs.h>

struct RtPatternDb {
    hs_database_t *db;
    uint32_t first;
};
struct RtPatternScratch {
    hs_scratch_t *scratch;
};

static unsigned flags_of(const RtPattern *pattern)
{
    unsigned flags = 0;
    if (pattern->asks)
        flags |= HS_FLAG_SINGLEMATCH;
    if (pattern->prefilter)
        flags |= HS_FLAG_PREFILTER;
    return flags;
}

/* Any x86-64: the database may be built on one machine and read on another. */
static const hs_platform_info_t any_platform = { .tune = HS_TUNE_FAMILY_GENERIC,
                                                 .cpu_features = 0 };

/* One pattern alone, for a fault that names it; tens of microseconds. */
static RtErr probe(const RtPattern *pattern, const char *text)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *error = NULL;
    hs_error_t code = hs_expression_info(text, flags_of(pattern), &info, &error);
    bool empty = code == HS_SUCCESS && info->min_width == 0;
    free(info);
    if (empty)
        return rt_fail(RT_ERR_FORMAT, "the pattern matches the empty text");
    if (code == HS_SUCCESS)
        return RT_FINE;
    RtErr err = rt_fail(RT_ERR_FORMAT, "%s", error ? error->message : "pattern refused");
    hs_free_compile_error(error);
    return err;
}

static RtErr compile(const RtPattern *patterns, uint32_t first, uint32_t count,
                     hs_database_t **ret_db, uint32_t *ret_bad)
{
    RT_ARENA arena = rt_arena_open((size_t)64 << 20, NULL, NULL);
    const char **texts = RT_NEW_ARRAY(arena, const char *, count);
    unsigned *flags = RT_NEW_ARRAY(arena, unsigned, count);
    unsigned *ids = RT_NEW_ARRAY(arena, unsigned, count);
    unsigned used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (patterns[first + i].shape)
            continue;
        texts[used] = rt_str_c(arena, patterns[first + i].regex);
        *ret_bad = first + i;
        RT_TRY(probe(&patterns[first + i], texts[used]));
        flags[used] = flags_of(&patterns[first + i]);
        ids[used++] = i;
    }
    hs_compile_error_t *error = NULL;
    hs_error_t code =
        hs_compile_multi(texts, flags, ids, used, HS_MODE_BLOCK, &any_platform, ret_db, &error);
    if (code == HS_SUCCESS)
        return RT_FINE;
    if (error && error->expression >= 0)
        *ret_bad = first + ids[error->expression];
    RtErr err = rt_fail(RT_ERR_FORMAT, "%s", error ? error->message : "patterns refused");
    hs_free_compile_error(error);
    return err;
}

RtErr rt_patterns_compile(const RtPattern *patterns, uint32_t first, uint32_t count,
                          RtText *ret_bytes, uint32_t *ret_bad)
{
    if (!count)
        return RT_FINE;
    hs_database_t *db = NULL;
    RT_TRY(compile(patterns, first, count, &db, ret_bad));
    char *bytes = NULL;
    size_t len = 0;
    hs_error_t code = hs_serialize_database(db, &bytes, &len);
    hs_free_database(db);
    if (code != HS_SUCCESS)
        return rt_fail(RT_ERR_FORMAT, "Vectorscan cannot write its database (error %d)", code);
    rt_text_add(ret_bytes, (RtStr){ (const uint8_t *)bytes, len });
    free(bytes);
    return RT_FINE;
}

RtErr rt_patterns_open(RtStr bytes, const RtPattern *patterns, uint32_t first, uint32_t count,
                       RtPatternDb **ret_db)
{
    if (hs_valid_platform() != HS_SUCCESS)
        return rt_fail(RT_ERR_USAGE,
                       "this processor is too old for the pattern engine (SSE4.2 is needed)");
    hs_database_t *db = NULL;
    if (count) {
        uint32_t bad = 0;
        if (hs_deserialize_database((const char *)bytes.at, bytes.len, &db) != HS_SUCCESS)
            RT_TRY(compile(patterns, first, count, &db, &bad));
    }
    RtPatternDb *open = calloc(1, sizeof *open);
    if (!open) {
        hs_free_database(db);
        return rt_fail(RT_ERR_IO, "no memory for the pattern engine");
    }
    *open = (RtPatternDb){ .db = db, .first = first };
    *ret_db = open;
    return RT_FINE;
}

void rt_patterns_close(RtPatternDb *db)
{
    if (!db)
        return;
    hs_free_database(db->db);
    free(db);
}

RtErr rt_patterns_scratch_open(const RtRules *rules, RtPatternScratch **ret_scratch)
{
    RtPatternScratch *open = calloc(1, sizeof *open);
    if (!open)
        return rt_fail(RT_ERR_IO, "no memory for the pattern engine");
    for (size_t i = 0; i < rules->pack_count; i++) {
        const RtPatternDb *db = rules->packs[i].db;
        if (db && db->db && hs_alloc_scratch(db->db, &open->scratch) != HS_SUCCESS) {
            rt_patterns_scratch_close(open);
            return rt_fail(RT_ERR_IO, "no memory for the pattern engine");
        }
    }
    *ret_scratch = open;
    return RT_FINE;
}

void rt_patterns_scratch_close(RtPatternScratch *scratch)
{
    if (!scratch)
        return;
    hs_free_scratch(scratch->scratch);
    free(scratch);
}

typedef struct {
    void (*hit)(void *context, uint32_t pattern, uint64_t end);
    void *context;
    uint64_t offset;
    uint32_t first;
} Listener;

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *context)
{
    (void)from;
    (void)flags;
    const Listener *listener = context;
    listener->hit(listener->context, listener->first + id, listener->offset + to);
    return 0;
}

void rt_patterns_scan(const RtRules *rules, RtPatternScratch *scratch, RtStr bytes,
                      void (*hit)(void *context, uint32_t pattern, uint64_t end), void *context)
{
    /* hs_scan takes 32-bit lengths: longer layers go in pieces that overlap by more than any
     * pattern spans. */
    const size_t piece = (size_t)1 << 30, overlap = 4096;
    for (size_t i = 0; i < rules->pack_count; i++) {
        const RtPatternDb *db = rules->packs[i].db;
        if (!db || !db->db)
            continue;
        for (size_t at = 0; at < bytes.len; at += piece) {
            Listener listener = { hit, context, at, db->first };
            RtStr part = rt_str_sub(bytes, at, piece + overlap);
            (void)hs_scan(db->db, (const char *)part.at, (unsigned)part.len, 0, scratch->scratch,
                          on_match, &listener);
        }
    }
}
