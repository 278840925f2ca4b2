/* seed.c - takes the seed out of the program: each line is base64 of one JSON entry under XOR with
 * a text that anybody may know.
 *
 * This hides nothing from people (`tools/intel-seed show` prints it); it keeps addresses and
 * markers of malware from standing in our binary and repository as plain text, where every other
 * scanner would find them. One line per entry, so that a change of the list is a change of lines.
 */
#include "intel/seed.h"

#include "base/base64.h"
#include "base/hash.h"
#include "intel/formats.h"

extern const uint8_t rt_data_intel_seed_start[], rt_data_intel_seed_end[];

static RtStr encoded(void)
{
    return (RtStr){ rt_data_intel_seed_start,
                    (size_t)(rt_data_intel_seed_end - rt_data_intel_seed_start) };
}

RtStr rt_seed_digest(RtArena *arena)
{
    uint8_t digest[32];
    rt_sha256(encoded(), digest);
    return rt_hex(arena, (RtStr){ digest, sizeof digest });
}

RtStr rt_seed_text(RtArena *arena)
{
    static const char key[] = "ratter: known malware, not malware";
    RtText out = { .arena = arena };
    RtStr rest = encoded(), line;
    while (rt_str_next(&rest, '\n', &line)) {
        RtStr bytes;
        if (line.len == 0 || line.at[0] == '#' || !rt_base64_decode(arena, line, &bytes))
            continue;
        for (size_t i = 0; i < bytes.len; i++)
            rt_text_byte(&out, bytes.at[i] ^ (uint8_t)key[i % (sizeof key - 1)]);
        rt_text_byte(&out, '\n');
    }
    return rt_text_str(&out);
}

typedef struct {
    RtStore *store;
    uint64_t key;
    RtErr err;
    RtArena *arena;
} Writer;

static void put(void *context, RtIntelEntry *entry)
{
    Writer *writer = context;
    const char *why = NULL;
    if (writer->err.code == RT_OK && rt_intel_normalise(writer->arena, entry, &why))
        writer->err = rt_store_put(writer->store, writer->key, entry);
}

static void passed(void *context, RtStr what, const char *why)
{
    (void)context, (void)what, (void)why; /* a test holds that every line of the seed is good */
}

static RtErr write_entries(RtStore *store, RtArena *arena)
{
    Writer writer = { .store = store, .key = 1, .arena = arena };
    RtIntelTaker to = { .arena = arena, .context = &writer, .entry = put, .bad = passed };
    RT_TRY(rt_store_add(store, writer.key));
    rt_intel_format_seed.read(RT_STR("seed"), rt_seed_text(arena), &to);
    RT_TRY(writer.err);
    RtStoreChange change;
    return rt_store_finish(store, NULL, NULL, &change);
}

RtErr rt_seed_import(RtStore *store, int64_t now)
{
    RT_ARENA arena = rt_arena_open(256 << 20, NULL, NULL);
    RT_TRY(rt_store_begin(store, RT_STR("seed")));
    RtErr err = write_entries(store, arena);
    RtErr end = rt_store_end(store, err.code == RT_OK, RT_STR("seed"), rt_seed_digest(arena), now);
    return err.code != RT_OK ? err : end;
}
