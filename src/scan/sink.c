/* sink.c - what observers say is taken down here, and here only is counted against the budget.
 *
 * Refusing is silent towards the observer (0) and loud in the report (`unseen`). The same bytes
 * under the same parent are kept once, so that a decoder and the value flow that found the same
 * plain text do not make two layers. */
#include "scan/scan.h"

#include <string.h>
#include <time.h>

#include "base/hash.h"

typedef struct {
    uint64_t key;
    RtLayerId id;
} Slot;
struct RtSeenTable {
    Slot *slots;
    size_t used, size; /* size: a power of two */
};
struct RtNameTable {
    Slot *slots;
    size_t used, size;
};

static int64_t cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint32_t rt_scan_ms_left(const RtScan *scan)
{
    int64_t spent = cpu_ms() - scan->started_cpu_ms;
    return spent >= scan->sink.budget->cpu_ms ? 0 : (uint32_t)(scan->sink.budget->cpu_ms - spent);
}

static uint32_t sink_ms_left(RtSink *sink) { return rt_scan_ms_left((const RtScan *)sink); }

/* Open addressing; `equal` settles what the hash only suggests. Returns the slot of `key`, found or
 * free. */
static void table_grow(RtArena *arena, Slot **slots, size_t *size)
{
    size_t bigger = *size == 0 ? 256 : *size * 2;
    Slot *fresh = RT_NEW_ARRAY(arena, Slot, bigger);
    for (size_t i = 0; i < *size; i++) {
        if ((*slots)[i].id == 0)
            continue;
        size_t at = (*slots)[i].key & (bigger - 1);
        while (fresh[at].id != 0)
            at = (at + 1) & (bigger - 1);
        fresh[at] = (*slots)[i];
    }
    *slots = fresh;
    *size = bigger;
}

static void table_add(RtArena *arena, Slot **slots, size_t *used, size_t *size, uint64_t key,
                      RtLayerId id)
{
    if ((*used + 1) * 2 > *size)
        table_grow(arena, slots, size);
    size_t at = key & (*size - 1);
    while ((*slots)[at].id != 0)
        at = (at + 1) & (*size - 1);
    (*slots)[at] = (Slot){ .key = key, .id = id };
    (*used)++;
}

static void note_unseen(RtScan *scan, RtStr reason, RtStr where)
{
    for (size_t i = 0; i < scan->unseen_count; i++) {
        RtUnseen *old = &scan->unseen[i];
        if (rt_str_equal(old->reason, reason) &&
            (scan->unseen_count >= 64 || rt_str_equal(old->where, where))) {
            old->times++;
            return;
        }
    }
    RT_PUSH(scan->sink.arena, scan->unseen, scan->unseen_count, scan->unseen_capacity) =
        (RtUnseen){ .reason = rt_str_copy(scan->sink.arena, reason), .where = where, .times = 1 };
}

/* Below a decoded layer everything is a guess of ours: bytes that only look compressed and end
 * early are no gap in what was seen. A limit that was met there still is one. */
static bool is_mere_guess(const RtScan *scan, RtLayerId at, RtStr reason)
{
    if (rt_str_starts(reason, RT_STR("limit-")))
        return false;
    for (; at > 1 && at < scan->layer_count; at = scan->layers[at].parent) {
        if (scan->layers[at].via == RT_VIA_DECODED)
            return true;
    }
    return false;
}

static void sink_unseen(RtSink *sink, RtLayerId at, RtStr reason)
{
    RtScan *scan = (RtScan *)sink;
    if (is_mere_guess(scan, at, reason))
        return;
    RtLayerId file = at < scan->layer_count ? rt_scan_file_of(scan, at) : 0;
    note_unseen(scan, reason, file == 0 ? RT_STR("") : scan->layers[file].name);
}

uint64_t rt_scan_bytes_left(const RtScan *scan)
{
    uint64_t most = scan->sink.budget->unpacked_bytes;
    return scan->layer_bytes < most ? most - scan->layer_bytes : 0;
}

/* Decoded layers are read again like files, views into their parents among them. All together they
 * may be this many times what the files are (real nestings of encodings stay below twice), and
 * something on top for small artifacts: a decoder that finds a layer at every other byte costs a
 * constant factor, not a square. */
enum { DERIVED_RATIO = 8, DERIVED_FREE = 16 << 20 };

/* The name of the limit a layer would break, or empty. */
static RtStr layer_refused(const RtScan *scan, const RtLayer *layer)
{
    const RtBudget *budget = scan->sink.budget;
    if (layer->depth > budget->depth)
        return RT_STR("limit-depth");
    if (scan->layer_count >= budget->layers)
        return RT_STR("limit-layers");
    if (layer->via == RT_VIA_ENTRY && scan->file_count >= budget->entries)
        return RT_STR("limit-entries");
    if (layer->bytes.len > budget->layer_bytes)
        return RT_STR("limit-layer-bytes");
    if (layer->bytes.len > rt_scan_bytes_left(scan))
        return RT_STR("limit-unpacked-bytes");
    if (layer->via != RT_VIA_ENTRY &&
        scan->derived_bytes > DERIVED_FREE + DERIVED_RATIO * scan->entry_bytes)
        return RT_STR("limit-layers");
    return RT_STR("");
}

static bool is_view_of(RtStr inner, RtStr outer)
{
    return inner.len != 0 && inner.at >= outer.at && inner.at + inner.len <= outer.at + outer.len;
}

static uint64_t copy_key(const RtLayer *layer)
{
    return rt_str_hash(layer->bytes) ^ ((uint64_t)layer->parent * 0x9e3779b97f4a7c15ULL);
}

static RtLayerId find_copy(const RtScan *scan, const RtLayer *layer, uint64_t key)
{
    const struct RtSeenTable *table = scan->copies;
    if (table->size == 0)
        return 0;
    for (size_t at = key & (table->size - 1); table->slots[at].id != 0;
         at = (at + 1) & (table->size - 1)) {
        const RtLayer *other = &scan->layers[table->slots[at].id];
        if (table->slots[at].key == key && other->parent == layer->parent &&
            rt_str_equal(other->bytes, layer->bytes))
            return table->slots[at].id;
    }
    return 0;
}

static RtLayerId sink_layer(RtSink *sink, RtLayer layer)
{
    RtScan *scan = (RtScan *)sink;
    if (layer.parent == 0 || layer.parent >= scan->layer_count)
        return 0; /* an id nobody handed out */
    const RtLayer *parent = &scan->layers[layer.parent];
    layer.depth = (uint16_t)(parent->depth + 1);
    RtStr refused = layer_refused(scan, &layer);
    if (refused.len != 0) {
        sink_unseen(sink, layer.parent, refused);
        return 0;
    }
    bool derived = layer.via != RT_VIA_ENTRY;
    uint64_t key = derived ? copy_key(&layer) : 0;
    if (derived) {
        RtLayerId twin =
            rt_str_equal(layer.bytes, parent->bytes) ? layer.parent : find_copy(scan, &layer, key);
        if (twin != 0)
            return twin;
        layer.roles = parent->roles & (uint16_t)~RT_ROLE_MANIFEST;
        if (layer.phase < parent->phase)
            layer.phase = parent->phase;
    }
    if (!is_view_of(layer.bytes, parent->bytes))
        scan->layer_bytes += layer.bytes.len;
    *(derived ? &scan->derived_bytes : &scan->entry_bytes) += layer.bytes.len;
    RtLayerId id = (RtLayerId)scan->layer_count;
    RT_PUSH(sink->arena, scan->layers, scan->layer_count, scan->layer_capacity) = layer;
    if (derived) {
        table_add(sink->arena, &scan->copies->slots, &scan->copies->used, &scan->copies->size, key,
                  id);
    } else {
        scan->file_count++;
        rt_scan_names_add(scan, id);
    }
    return id;
}

enum { EDGES_MOST = 1000000 };

static RtFactId sink_fact(RtSink *sink, RtFact fact)
{
    RtScan *scan = (RtScan *)sink;
    if (fact.layer == 0 || fact.layer >= scan->layer_count || fact.kind >= RT_FACT_KINDS)
        return 0;
    if (fact.kind == RT_FACT_CODE_REQUIRE && fact.witness == RT_SEEN_IN_TEXT) {
        RtLayerId to = rt_scan_find(
            scan, fact.layer, fact.args[0]); /* the cheap import lists are edges, not evidence */
        if (to != 0 && scan->edge_count >= EDGES_MOST)
            sink_unseen(sink, fact.layer, RT_STR("limit-facts"));
        else if (to != 0)
            RT_PUSH(sink->arena, scan->edges, scan->edge_count, scan->edge_capacity) =
                (RtEdge){ .from = rt_scan_file_of(scan, fact.layer), .to = to };
        return 0;
    }
    if (scan->fact_count >= sink->budget->facts) {
        sink_unseen(sink, fact.layer, RT_STR("limit-facts"));
        return 0;
    }
    size_t kept = 0;
    RtFactId *because = RT_NEW_ARRAY(sink->arena, RtFactId, fact.because_count);
    for (size_t i = 0; i < fact.because_count; i++) {
        if (fact.because[i] != 0 && fact.because[i] < scan->fact_count)
            because[kept++] = fact.because[i]; /* flows point backwards only: no cycles */
    }
    fact.because = because;
    fact.because_count = kept;
    RtFactId id = (RtFactId)scan->fact_count;
    RT_PUSH(sink->arena, scan->facts, scan->fact_count, scan->fact_capacity) = fact;
    return id;
}

static const RtLayer *sink_get_layer(RtSink *sink, RtLayerId id)
{
    const RtScan *scan = (const RtScan *)sink;
    return id == 0 || id >= scan->layer_count ? NULL : &scan->layers[id];
}

static const RtFact *sink_get_fact(RtSink *sink, RtFactId id)
{
    const RtScan *scan = (const RtScan *)sink;
    return id == 0 || id >= scan->fact_count ? NULL : &scan->facts[id];
}

static RtLayerId sink_find(RtSink *sink, RtLayerId from, RtStr path)
{
    return rt_scan_find((RtScan *)sink, from, path);
}

RtLayerId rt_scan_file_of(const RtScan *scan, RtLayerId id)
{
    while (id > 1 && scan->layers[id].via != RT_VIA_ENTRY)
        id = scan->layers[id].parent;
    return id;
}

/* ---- files by name
 * ------------------------------------------------------------------------------------------- */

static uint64_t name_key(RtLayerId parent, RtStr path)
{
    return rt_str_hash(path) ^ ((uint64_t)parent * 0x9e3779b97f4a7c15ULL);
}

static Slot *slot_named(const RtScan *scan, RtLayerId parent, RtStr path)
{
    const struct RtNameTable *table = scan->names;
    if (table->size == 0)
        return NULL;
    uint64_t key = name_key(parent, path);
    for (size_t at = key & (table->size - 1); table->slots[at].id != 0;
         at = (at + 1) & (table->size - 1)) {
        const RtLayer *layer = &scan->layers[table->slots[at].id];
        if (table->slots[at].key == key && layer->parent == parent &&
            rt_str_equal(layer->name, path))
            return &table->slots[at];
    }
    return NULL;
}

/* Of two entries with one name the later wins, as in npm. */
void rt_scan_names_add(RtScan *scan, RtLayerId id)
{
    const RtLayer *layer = &scan->layers[id];
    Slot *older = slot_named(scan, layer->parent, layer->name);
    if (older != NULL)
        older->id = id;
    else
        table_add(scan->sink.arena, &scan->names->slots, &scan->names->used, &scan->names->size,
                  name_key(layer->parent, layer->name), id);
}

static RtLayerId named(const RtScan *scan, RtLayerId parent, RtStr path)
{
    const Slot *slot = slot_named(scan, parent, path);
    return slot == NULL ? 0 : slot->id;
}

/* Joins `path` to the folder of `base` and takes out "." and "..": false when it climbs out of the
 * artifact. */
static bool join(RtArena *arena, RtStr base, RtStr path, RtStr *ret_path)
{
    RtStr parts[64];
    size_t count = 0;
    bool absolute = path.len != 0 && path.at[0] == '/';
    RtStr sources[2] = { absolute ? RT_STR("") : base, path };
    if (!absolute) {
        size_t slash = rt_str_rfind_byte(base, '/');
        sources[0] = slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(base, 0, slash);
    }
    for (size_t i = 0; i < 2; i++) {
        RtStr rest = sources[i], part;
        while (rt_str_next(&rest, '/', &part)) {
            if (part.len == 0 || rt_str_equal(part, RT_STR(".")))
                continue;
            if (!rt_str_equal(part, RT_STR(".."))) {
                if (count == RT_COUNT(parts))
                    return false;
                parts[count++] = part;
            } else if (count-- == 0) {
                return false;
            }
        }
    }
    RtText text = { .arena = arena };
    for (size_t i = 0; i < count; i++) {
        if (i != 0)
            rt_text_byte(&text, '/');
        rt_text_add(&text, parts[i]);
    }
    *ret_path = rt_text_str(&text);
    return true;
}

/* Node's and Python's ways to leave a suffix away, in their order; TypeScript's ".js" that means
 * ".ts" last. */
static const char suffixes[][16] = {
    "",           ".js",       ".cjs",       ".mjs",         ".json",        ".ts",
    ".tsx",       ".jsx",      ".py",        ".node",        "/index.js",    "/index.cjs",
    "/index.mjs", "/index.ts", "/index.tsx", "/__init__.py", "/package.json"
};

static RtLayerId find_with_suffixes(const RtScan *scan, RtLayerId parent, RtStr path)
{
    uint8_t candidate[1024 + 1024 + sizeof suffixes[0]];
    if (path.len > sizeof candidate - sizeof suffixes[0])
        return 0;
    if (path.len != 0)
        memcpy(candidate, path.at, path.len);
    for (size_t i = 0; i < RT_COUNT(suffixes); i++) {
        size_t len = strlen(suffixes[i]);
        memcpy(candidate + path.len, suffixes[i], len);
        RtLayerId id = named(scan, parent, (RtStr){ candidate, path.len + len });
        if (id != 0)
            return id;
    }
    if (!rt_str_ends(path, RT_STR(".js")) && !rt_str_ends(path, RT_STR(".mjs")))
        return 0;
    size_t stem = rt_str_rfind_byte(path, '.');
    memcpy(candidate + stem, ".ts", 3);
    return named(scan, parent, (RtStr){ candidate, stem + 3 });
}

RtLayerId rt_scan_find(RtScan *scan, RtLayerId from, RtStr path)
{
    if (path.len == 0 || path.len > 1024 || rt_str_find_byte(path, 0) != RT_NOT_FOUND)
        return 0;
    RtLayerId file = rt_scan_file_of(scan, from);
    if (file <= 1)
        return 0;
    RtStr joined;
    if (!join(scan->sink.arena, scan->layers[file].name, path, &joined))
        return 0;
    return find_with_suffixes(scan, scan->layers[file].parent, joined);
}

RtScan *rt_scan_open(RtArena *arena, const RtBudget *budget, const RtRules *rules,
                     RtRulesScratch *scratch, RtStr name)
{
    RtScan *scan = RT_NEW(arena, RtScan);
    *scan = (RtScan){
        .sink = { .arena = arena,
                  .budget = budget,
                  .layer = sink_layer,
                  .fact = sink_fact,
                  .get_layer = sink_get_layer,
                  .get_fact = sink_get_fact,
                  .find = sink_find,
                  .unseen = sink_unseen,
                  .ms_left = sink_ms_left },
        .rules = rules,
        .scratch = scratch,
        .name = rt_str_copy(arena, name),
        .names = RT_NEW(arena, struct RtNameTable),
        .copies = RT_NEW(arena, struct RtSeenTable),
        .started_cpu_ms = cpu_ms(),
    };
    rt_shelf_open(scan);
    RT_PUSH(arena, scan->layers, scan->layer_count, scan->layer_capacity) = (RtLayer){ 0 };
    RT_PUSH(arena, scan->facts, scan->fact_count, scan->fact_capacity) = (RtFact){ 0 };
    return scan;
}
