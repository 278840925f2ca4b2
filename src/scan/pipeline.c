/* pipeline.c - the walk: bytes → layers → facts, until nothing new turns up.
 *
 * Two rounds over one growing queue. The first looks at every layer cheaply: is it a container
 * (then its entries join the queue), a manifest, text worth decoding, which language, and what did
 * the multi-pattern pass see. Then the manifests' hooks and the files' imports say when each file
 * runs (reach.c), and the second round gives the few layers that are worth a parse to their front
 * end. Whatever that brings (decoded text, code that reached eval, the body of a `node -e`) is a
 * layer and goes through both rounds in its turn, so that ten nested encodings are ten turns of one
 * loop. Ordering and budget are this file's only business: there is no `if (npm)` here. */
#include "scan/scan.h"

#include "base/hash.h"
#include "ecosystem/ecosystem.h"
#include "facts/languages/command.h"
#include "facts/languages/languages.h"
#include "unpack/unpack.h"

static bool says_archive(RtStr name)
{
    static const char *const suffixes[] = { ".tgz",  ".tar", ".gz",    ".bz2",  ".xz",
                                            ".zst",  ".zip", ".whl",   ".egg",  ".jar",
                                            ".vsix", ".gem", ".crate", ".nupkg" };
    for (size_t i = 0; i < RT_COUNT(suffixes); i++) {
        RtStr suffix = rt_str_from_c(suffixes[i]);
        if (name.len > suffix.len &&
            rt_str_equal_nocase(rt_str_from(name, name.len - suffix.len), suffix))
            return true;
    }
    return false;
}

/* A lone file we have no reader for is never "clean": a download that failed, a half-written
 * archive, bytes of a kind nobody here knows. Inside a package such files are data among others. */
static void note_not_understood(RtScan *scan, RtStr name, RtStr bytes)
{
    if (bytes.len == 0)
        scan->sink.unseen(&scan->sink, 1, RT_STR("empty file"));
    else if (says_archive(name))
        scan->sink.unseen(&scan->sink, 2, RT_STR("not an archive"));
    else if (!rt_str_is_text(bytes) && rt_magic_kind(bytes).len == 0 &&
             rt_languages_best(name, bytes) == NULL)
        scan->sink.unseen(&scan->sink, 2, RT_STR("unknown kind of file"));
}

void rt_scan_give_file(RtScan *scan, RtStr bytes)
{
    RtStr name = scan->name;
    size_t slash = rt_str_rfind_byte(name, '/');
    if (slash != RT_NOT_FOUND)
        name = rt_str_from(name, slash + 1);
    RtArena *arena = scan->sink.arena;
    scan->packed_bytes = bytes.len;
    RT_PUSH(arena, scan->layers, scan->layer_count, scan->layer_capacity) =
        (RtLayer){ .via = RT_VIA_ARTIFACT, .name = name };
    rt_sha256(bytes, scan->sha256);
    scan->has_sha256 = true;
    if (rt_unpack_container_for(bytes) != NULL) {
        scan->layers[1].bytes = bytes;
        scan->layer_bytes = bytes.len;
    } else {
        rt_scan_give_entry(scan, 1, name, bytes, 0); /* a loose file is a tree of one */
        note_not_understood(scan, name, bytes);
    }
}

RtLayerId rt_scan_give_tree(RtScan *scan)
{
    RT_PUSH(scan->sink.arena, scan->layers, scan->layer_count, scan->layer_capacity) =
        (RtLayer){ .via = RT_VIA_ARTIFACT, .name = scan->name };
    return 1;
}

void rt_scan_give_entry(RtScan *scan, RtLayerId tree, RtStr path, RtStr bytes, uint32_t mode)
{
    scan->packed_bytes += bytes.len;
    scan->sink.layer(
        &scan->sink,
        (RtLayer){
            .parent = tree, .via = RT_VIA_ENTRY, .name = path, .bytes = bytes, .mode = mode });
}

/* A suffix that promises one kind and bytes that are another: pictures and fonts that are text,
 * text that is a program. */
static void note_mismatch(RtScan *scan, RtLayerId id, RtStr claimed, RtStr actual)
{
    const RtLayer *layer = &scan->layers[id];
    bool native = rt_str_equal(claimed, RT_STR("elf")) || rt_str_equal(claimed, RT_STR("pe"));
    bool binary = rt_str_equal(actual, RT_STR("elf")) || rt_str_equal(actual, RT_STR("pe")) ||
                  rt_str_equal(actual, RT_STR("macho"));
    if (claimed.len == 0 || layer->bytes.len == 0 || rt_str_equal(claimed, actual) ||
        (native && binary))
        return;
    if (rt_str_equal(actual, RT_STR("lfs")) || (actual.len == 0 && layer->language == NULL))
        return; /* a Git LFS pointer, or bytes we have no word for */
    if (rt_magic_is_media(claimed) && rt_magic_is_media(actual))
        return; /* a PNG called .jpg */
    RtStr is = actual.len != 0 ? actual : rt_str_from_c(layer->language);
    rt_sink_fact(&scan->sink, id, RT_FACT_MISMATCH, RT_SEEN_IN_TEXT, claimed, is);
}

static void note_binary(RtScan *scan, RtLayerId id, RtStr kind)
{
    static const char *const programs[] = { "elf", "pe", "macho", "wasm", "class" };
    for (size_t i = 0; i < RT_COUNT(programs); i++) {
        if (rt_str_equal(kind, rt_str_from_c(programs[i])))
            rt_sink_fact(&scan->sink, id, RT_FACT_BINARY, RT_SEEN_IN_TEXT, kind, RT_STR(""));
    }
}

static void read_manifests(RtScan *scan, RtLayerId id)
{
    size_t count;
    const RtEcosystem *const *ecosystems = rt_ecosystems(&count);
    RtStr path = scan->layers[id].name;
    for (size_t i = 0; i < count; i++) {
        if (!ecosystems[i]->claims(path))
            continue;
        scan->layers[id].roles |= RT_ROLE_MANIFEST;
        RtLayer layer =
            scan->layers[id]; /* a copy: the array may move while facts and layers come in */
        ecosystems[i]->manifest(&layer, id, &scan->sink);
    }
}

/* Records, as far as the first byte tells: words in them are data and ask for nothing. */
static bool is_record(const RtLayer *layer)
{
    RtStr head = rt_str_trim(rt_str_sub(layer->bytes, 0, 64));
    return layer->language == NULL && head.len != 0 && head.at[0] == '{';
}

static void decode(RtScan *scan, RtLayerId id)
{
    const uint32_t shapes = RT_ASKS_BLOB | RT_ASKS_LONG | RT_ASKS_HIDDEN | RT_ASKS_OBFUSCATED |
                            RT_ASKS_HOST | RT_ASKS_REVERSED | RT_ASKS_INFLATE;
    size_t count;
    const RtDecoder *const *decoders = rt_unpack_decoders(&count);
    uint32_t heard = is_record(&scan->layers[id]) ? shapes : UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        RtLayer layer = scan->layers[id];
        layer.interest &= heard;
        if (decoders[i]->wants == 0 || (decoders[i]->wants & layer.interest) != 0)
            decoders[i]->decode(&layer, id, &scan->sink);
    }
}

static void first_pass(RtScan *scan, RtLayerId id)
{
    if (scan->rules == NULL)
        return;
    while (scan->hits_count <= id)
        RT_PUSH(scan->sink.arena, scan->hits, scan->hits_count, scan->hits_capacity) =
            (RtHits){ 0 };
    RtHits hits = { 0 };
    rt_rules_first_pass(scan->rules, scan->scratch, scan->sink.arena, scan->layers[id].bytes,
                        &hits);
    scan->hits[id] = hits;
    scan->layers[id].interest = rt_rules_asks(&hits, scan->layers[id].language);
}

/* An artifact that is one compressed stream is not needed once it is inflated: its memory goes
 * back. Archives keep theirs: names and stored entries are views into it. */
void rt_scan_release(RtScan *scan, RtLayerId id)
{
    static const char *const streams[] = { "gzip", "xz", "bzip2", "zstd", "lzma" };
    RtLayer *layer = &scan->layers[id];
    bool is_stream = false;
    for (size_t i = 0; i < RT_COUNT(streams); i++)
        is_stream |= rt_str_equal(layer->claimed_kind, rt_str_from_c(streams[i]));
    if (id != 1 || scan->release == NULL || !is_stream)
        return;
    scan->release(scan->release_context);
    scan->release = NULL;
    layer->bytes = RT_STR("");
}

/* Is a source map what it is called? Its first bytes are no program. */
static bool is_source_map(RtStr bytes)
{
    RtStr head = rt_str_trim(rt_str_sub(bytes, 0, 64));
    if (head.len != 0 && head.at[0] == '{')
        return rt_str_starts(rt_str_trim(rt_str_from(head, 1)), RT_STR("\""));
    return rt_str_starts(head, RT_STR(")]}'"));
}

static void give_roles(RtScan *scan, RtLayerId id)
{
    RtLayer *layer = &scan->layers[id];
    /* It is what was asked. A tarball's own bytes are gone as well once they are inflated, but its
     * entries lie a layer deeper. */
    bool is_alone = scan->has_sha256 && scan->layers[1].bytes.len == 0 && layer->parent == 1;
    rt_ecosystem_roles(layer->name, layer);
    if (is_alone ||
        (rt_str_ends_nocase(layer->name, RT_STR(".map")) && !is_source_map(layer->bytes)))
        layer->roles &= (uint16_t)~RT_ROLE_TYPES;
}

/* Reads what stands in a layer that is no container. */
static void read_text(RtScan *scan, RtLayerId id, RtStr kind)
{
    RtLayer layer = scan->layers[id];
    bool named = layer.via == RT_VIA_ENTRY || rt_str_starts(layer.name, RT_STR("inline-script."));
    RtStr path =
        named ? layer.name : RT_STR(""); /* a decoder's name says nothing about the language */
    bool text = rt_str_is_text(layer.bytes);
    const RtLanguage *language =
        text || kind.len == 0 ? rt_languages_best(path, layer.bytes) : NULL;
    scan->layers[id].language = language == NULL ? NULL : language->name;
    note_binary(scan, id, kind);
    if (layer.via == RT_VIA_ENTRY) {
        note_mismatch(scan, id, rt_magic_claimed(layer.name), kind);
        read_manifests(scan, id);
    }
    if (!text && language == NULL) {
        if (kind.len == 0 && named && rt_languages_called(path) != NULL)
            decode(scan, id); /* called source, and is none: a program under a key, perhaps */
        return;
    }
    first_pass(scan, id);
    layer = scan->layers[id];
    if (language != NULL && language->imports != NULL)
        language->imports(&layer, id, &scan->sink);
    decode(scan, id);
}

/* The first round, for one layer. Source maps and declarations, a third of the text of published
 * packages, wait until something that runs names them. */
static void examine(RtScan *scan, RtLayerId id)
{
    RtLayer layer = scan->layers[id];
    if (layer.bytes.len == 0)
        return;
    const RtContainer *container = rt_unpack_container_for(layer.bytes);
    RtStr kind = rt_magic_kind(layer.bytes);
    scan->layers[id].claimed_kind = container != NULL ? rt_str_from_c(container->name) : kind;
    if (layer.via == RT_VIA_ENTRY)
        give_roles(scan, id);
    if (container != NULL) {
        if (layer.via == RT_VIA_ENTRY)
            note_mismatch(scan, id, rt_magic_claimed(layer.name), scan->layers[id].claimed_kind);
        container->open(layer.bytes, id, &scan->sink);
        rt_scan_release(scan, id);
        return;
    }
    if ((scan->layers[id].roles & RT_ROLE_TYPES) == 0)
        read_text(scan, id, kind);
}

static const RtLanguage *language_of(const RtScan *scan, RtLayerId id)
{
    const char *name = scan->layers[id].language;
    return name == NULL ? NULL : rt_languages_find(rt_str_from_c(name));
}

/* The second round, for one layer. */
static void observe(RtScan *scan, RtLayerId id)
{
    if ((scan->layers[id].roles & RT_ROLE_TYPES) && (scan->layers[id].roles & RT_ROLE_REACHED))
        read_text(scan, id, scan->layers[id].claimed_kind);
    RtLayer layer = scan->layers[id];
    const RtLanguage *language = language_of(scan, id);
    if (language == NULL || (scan->rules != NULL && !rt_rules_worth_parsing(&layer)))
        return;
    if (layer.bytes.len > scan->sink.budget->parse_bytes && layer.phase >= RT_WHEN_BUILD)
        scan->sink.unseen(&scan->sink, id, RT_STR("limit-parse-bytes"));
    language->observe(&layer, id, &scan->sink);
}

static bool names_command(RtFactKind kind, size_t *ret_arg)
{
    *ret_arg = kind == RT_FACT_PROC_EXEC ? 0 : 1;
    return kind == RT_FACT_PROC_EXEC || kind == RT_FACT_INSTALL_HOOK || kind == RT_FACT_OPEN_HOOK ||
           kind == RT_FACT_AGENT_HOOK || kind == RT_FACT_WORKFLOW_STEP;
}

/* Command lines inside facts say more: what they fetch, what they pipe where. */
static void observe_command(RtScan *scan, RtFactId id)
{
    RtFact fact = scan->facts[id];
    size_t arg;
    if (!names_command(fact.kind, &arg) || fact.args[arg].len == 0)
        return;
    if (fact.kind == RT_FACT_INSTALL_HOOK && rt_str_equal(fact.args[0], RT_STR("setup.py")))
        return;
    rt_command_observe(fact.args[arg], fact.layer, fact.from, fact.len, fact.witness, fact.deferred,
                       &scan->sink, id);
}

static bool out_of_time(RtScan *scan)
{
    if (rt_scan_ms_left(scan) != 0)
        return false;
    scan->sink.unseen(&scan->sink, 1, RT_STR("limit-cpu-ms"));
    return true;
}

static void walk(RtScan *scan)
{
    RtLayerId examined = 1, observed = 1;
    RtFactId commanded = 1;
    for (;;) {
        for (; examined < scan->layer_count; examined++) {
            if (out_of_time(scan))
                return;
            examine(scan, examined);
        }
        rt_reach_resolve(scan);
        if (observed < scan->layer_count) {
            if (out_of_time(scan))
                return;
            observe(scan, observed++);
        } else if (commanded < scan->fact_count) {
            observe_command(scan, commanded++);
        } else if (!rt_rehearse(scan)) {
            return;
        }
    }
}

RtReport *rt_scan_run(RtScan *scan)
{
    walk(scan);
    rt_shelf_close(scan);
    rt_reach_facts(scan);
    rt_trail_join(scan);
    return rt_story_report(scan);
}
