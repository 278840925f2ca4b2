/* seed.c - takes the seed out of the program: each line is a hash of what the entry is found by,
 * and base64 of the entry as JSON under XOR with a text that anybody may know.
 *
 * This hides nothing from people (`tools/intel-seed show` prints it); it keeps addresses and
 * markers of malware from standing in our binary and repository as plain text, where every other
 * scanner would find them. One line per entry, so that a change of the list is a change of lines.
 */
#include "intel/seed.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "intel/formats.h"
#include "intel/names.h"

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

/* One entry as JSON, or empty. */
static RtStr decoded(RtArena *arena, RtStr base64)
{
    static const char key[] = "ratter: known malware, not malware";
    RtStr bytes;
    if (!rt_base64_decode(arena, base64, &bytes))
        return RT_STR("");
    uint8_t *plain = rt_arena_bytes(arena, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        plain[i] = bytes.at[i] ^ (uint8_t)key[i % (sizeof key - 1)];
    return (RtStr){ plain, bytes.len };
}

/* The next entry's hash and base64; false at the end. */
static bool next_entry(RtStr *rest, RtStr *ret_hash, RtStr *ret_base64)
{
    RtStr line;
    while (rt_str_next(rest, '\n', &line)) {
        if (line.len < 18 || line.at[0] == '#' || line.at[16] != ' ')
            continue;
        *ret_hash = rt_str_sub(line, 0, 16);
        *ret_base64 = rt_str_from(line, 17);
        return true;
    }
    return false;
}

RtStr rt_seed_text(RtArena *arena)
{
    RtText out = { .arena = arena };
    RtStr rest = encoded(), hash, base64;
    while (next_entry(&rest, &hash, &base64)) {
        rt_text_add(&out, decoded(arena, base64));
        rt_text_byte(&out, '\n');
    }
    return rt_text_str(&out);
}

/* ---- look-ups ------------------------------------------------------------------------------- */

static uint64_t hashed(uint64_t hash, RtStr text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 0x100000001b3;
    return hash;
}

/* FNV-1a (tools/intel-seed, key): everyone may make a text of the same hash, so what is found is
 * compared whole. */
static uint64_t key_of(RtIntelKind kind, RtStr ecosystem, RtStr value)
{
    static const RtStr nul = { (const uint8_t *)"", 1 };
    uint64_t hash = hashed(0xcbf29ce484222325, rt_intel_kind_name(kind));
    hash = hashed(hashed(hash, nul), ecosystem);
    return hashed(hashed(hash, nul), value);
}

static int compare_lines(const void *a, const void *b)
{
    const struct RtSeedLine *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

static uint64_t from_hex(RtStr text)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        value = value << 4 | (uint64_t)(byte <= '9' ? byte - '0' : byte - 'a' + 10);
    }
    return value;
}

/* "# packages 975 indicators 837 newest 2026-11-21" */
static void read_head(RtSeed *seed)
{
    RtStr rest = encoded(), line = { 0 }, words[7] = { 0 };
    for (size_t i = 0; i < 2; i++)
        (void)rt_str_next(&rest, '\n', &line);
    for (size_t i = 0; i < RT_COUNT(words); i++)
        (void)rt_str_next(&line, ' ', &words[i]);
    (void)rt_str_number(words[2], &seed->packages);
    (void)rt_str_number(words[4], &seed->indicators);
    seed->newest = rt_time_read(words[6]);
}

RtSeed rt_seed_open(RtArena *arena)
{
    RtSeed seed = { 0 };
    read_head(&seed);
    seed.lines = RT_NEW_ARRAY(arena, struct RtSeedLine, seed.packages + seed.indicators + 1);
    RtStr rest = encoded(), hash, base64;
    while (seed.count < seed.packages + seed.indicators && next_entry(&rest, &hash, &base64))
        seed.lines[seed.count++] = (struct RtSeedLine){
            .key = from_hex(hash),
            .at = (uint32_t)(base64.at - rt_data_intel_seed_start),
            .len = (uint32_t)base64.len,
        };
    if (seed.count > 0)
        qsort(seed.lines, seed.count, sizeof *seed.lines, compare_lines);
    return seed;
}

typedef struct {
    RtArena *arena;
    RtIntelEntry wanted; /* kind, ecosystem, value */
    RtIntelEntry *entries;
    size_t count, capacity;
} Finder;

static void keep(void *context, RtIntelEntry *entry)
{
    Finder *finder = context;
    const char *why = NULL;
    if (!rt_intel_normalise(finder->arena, entry, &why) || entry->kind != finder->wanted.kind ||
        !rt_str_equal(entry->ecosystem, finder->wanted.ecosystem) ||
        !rt_str_equal(entry->value, finder->wanted.value))
        return;
    entry->source = RT_STR("seed");
    RT_PUSH(finder->arena, finder->entries, finder->count, finder->capacity) = *entry;
}

static void passed(void *context, RtStr what, const char *why)
{
    (void)context, (void)what, (void)why; /* a test holds that every line of the seed is good */
}

void rt_seed_find(const RtSeed *seed, RtArena *arena, RtIntelKind kind, RtStr ecosystem,
                  RtStr value, const RtIntelEntry **ret_entries, size_t *ret_count)
{
    Finder finder = { .arena = arena,
                      .wanted = { .kind = kind, .ecosystem = ecosystem, .value = value } };
    RtIntelTaker to = { .arena = arena, .context = &finder, .entry = keep, .bad = passed };
    uint64_t key = key_of(kind, ecosystem, value);
    size_t low = 0, high = seed->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (seed->lines[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < seed->count && seed->lines[low].key == key; low++) {
        RtStr base64 = rt_str_sub(encoded(), seed->lines[low].at, seed->lines[low].len);
        rt_intel_format_seed.read(RT_STR("seed"), decoded(arena, base64), &to);
    }
    *ret_entries = finder.entries;
    *ret_count = finder.count;
}

/* ---- the whole of it ------------------------------------------------------------------------ */

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
