/* feed.c - fuzz target: the pieces of a feed, each read by every format of intelligence; what comes
 * out is normalised and written again. */
#include "intel/formats.h"
#include "intel/names.h"
#include "intel/purl.h"
#include "intel/sign.h"
#include "intel/versions.h"
#include "scan/intel_zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { ARENA_BYTES = 256 << 20, ENTRIES_MOST = 200 };

typedef struct {
    RtArena *arena, *kept;
    RtIntelEntry entries[ENTRIES_MOST];
    size_t count;
} Reader;

static void take(void *context, RtIntelEntry *entry)
{
    Reader *reader = context;
    const char *why = NULL;
    if (!rt_intel_normalise(reader->arena, entry, &why))
        return;
    (void)rt_versions_have(entry->ecosystem, entry->versions, entry->value);
    if (reader->count == ENTRIES_MOST)
        return;
    RtIntelEntry own = *entry;
    RtStr *const texts[] = { &own.ecosystem, &own.value,   &own.versions, &own.id,
                             &own.campaign,  &own.summary, &own.reference };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        *texts[i] = rt_str_copy(reader->kept, *texts[i]);
    reader->entries[reader->count++] = own;
}

static void pass(void *context, RtStr what, const char *why)
{
    (void)context;
    (void)rt_str_hash(what);
    (void)rt_str_hash(rt_str_from_c(why));
}

static bool on_piece(void *context, const RtFeedPiece *piece)
{
    Reader *reader = context;
    RtFeedFault fault = NULL;
    RtStr content = rt_feed_open(reader->arena, piece, &fault);
    size_t count = 0;
    const RtIntelFormat *const *formats = rt_intel_formats(&count);
    RtIntelTaker to = { .arena = reader->arena, .context = reader, .entry = take, .bad = pass };
    (void)rt_intel_format_for(piece->name, content);
    for (size_t i = 0; i < count && fault == NULL; i++)
        if (formats[i]->read != NULL)
            formats[i]->read(piece->name, content, &to);
    rt_arena_reset(reader->arena);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    RT_ARENA arena = rt_arena_open(ARENA_BYTES, NULL, NULL);
    RT_ARENA kept = rt_arena_open(ARENA_BYTES, NULL, NULL);
    RtStr text = { bytes, len };
    Reader reader = { .arena = arena, .kept = kept };
    RtPurl purl;
    RtStr again;
    (void)rt_feed_walk(text, RT_STR("fuzz"), on_piece, &reader);
    if (rt_purl_read(kept, text, &purl))
        (void)rt_purl_text(kept, &purl, &again);
    RtErr checked = rt_sign_check(kept, text, text, text);
    (void)rt_str_hash(rt_str_from_c(checked.text));
    size_t count = 0;
    const RtIntelFormat *const *formats = rt_intel_formats(&count);
    for (size_t i = 0; i < count; i++) {
        RtIntelExport what = { .entries = reader.entries, .count = reader.count };
        RtText out = { .arena = kept };
        if (formats[i]->write != NULL)
            formats[i]->write(&what, &out);
    }
    return 0;
}
