/* intel_api.c - implements include/ratter/intel.h: look-ups in the intel room, feeds behind the
 * wall. */
#include "ratter/intel.h"

#include <string.h>

#include "intel/formats.h"
#include "intel/intel.h"
#include "intel/names.h"
#include "intel/purl.h"
#include "intel/seed.h"
#include "intel/store.h"
#include "scan/engine.h"
#include "scan/intel_feed.h"

enum { ANSWER_BYTES = 256 << 20 };

/* The public handle is the room's. */
static RtIntel *inner(ratter_intel *intel) { return (RtIntel *)(void *)intel; }

ratter_intel *ratter_intel_open(const char *path, int writable, ratter_error *error)
{
    RtIntel *intel = NULL;
    RtErr err = rt_intel_open(rt_str_from_c(path), writable != 0, &intel);
    if (err.code != RT_OK)
        rt_engine_fail(error, err);
    return (ratter_intel *)(void *)intel;
}

void ratter_intel_close(ratter_intel *intel) { rt_intel_close(inner(intel)); }

static ratter_intel_entry shown(RtArena *arena, const RtIntelEntry *entry)
{
    return (ratter_intel_entry){
        .kind = rt_str_c(arena, rt_intel_kind_name(entry->kind)),
        .role = rt_str_c(arena, rt_intel_role_name(entry->role)),
        .ecosystem = rt_str_c(arena, entry->ecosystem),
        .value = rt_str_c(arena, entry->value),
        .versions = rt_str_c(arena, entry->versions),
        .id = rt_str_c(arena, entry->id),
        .campaign = rt_str_c(arena, entry->campaign),
        .source = rt_str_c(arena, entry->source),
        .reference = rt_str_c(arena, entry->reference),
        .summary = rt_str_c(arena, entry->summary),
        .tlp = rt_str_c(arena, rt_intel_tlp_name(entry->tlp)),
        .confidence = entry->confidence,
        .modified = entry->modified,
        .valid_from = entry->valid_from,
        .valid_until = entry->valid_until,
    };
}

/* ---- look-up -------------------------------------------------------------------------------- */

typedef struct {
    RtIntel *intel;
    RtArena *arena;
    ratter_intel_visit visit;
    void *context;
    int found;
} Answer;

static void give(Answer *answer, const RtIntelEntry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ratter_intel_entry entry = shown(answer->arena, &entries[i]);
        answer->visit(answer->context, &entry);
        answer->found++;
    }
}

static RtErr ask_package(Answer *answer, RtStr type, RtStr name, RtStr version)
{
    const RtIntelEntry *entries = NULL;
    size_t count = 0;
    RT_TRY(rt_intel_package(answer->intel, answer->arena, type, name, version, &entries, &count));
    give(answer, entries, count);
    return RT_FINE;
}

static RtErr ask_value(Answer *answer, RtIntelKind kind, RtStr value)
{
    const RtIntelEntry *entries = NULL;
    size_t count = 0;
    RT_TRY(rt_intel_value(answer->intel, answer->arena, kind, value, &entries, &count));
    give(answer, entries, count);
    return RT_FINE;
}

/* A name without an ecosystem is asked for in each; the '@' of a scope parts no version. */
static RtErr ask_everywhere(Answer *answer, RtStr what)
{
    static const char *const types[] = { "npm",    "pypi",  "gem",           "cargo",
                                         "golang", "maven", "composer",      "nuget",
                                         "hex",    "pub",   "githubactions", "vscode-extension",
                                         "openvsx" };
    size_t at = rt_str_rfind_byte(what, '@');
    bool has_version = at != RT_NOT_FOUND && at > 0;
    RtStr name = has_version ? rt_str_sub(what, 0, at) : what;
    RtStr version = has_version ? rt_str_from(what, at + 1) : (RtStr){ 0 };
    for (size_t i = 0; i < RT_COUNT(types); i++)
        RT_TRY(ask_package(answer, rt_str_from_c(types[i]), name, version));
    return RT_FINE;
}

/* Also the parts of an address: its host, and the address without its port. */
static RtErr ask_indicator(Answer *answer, RtIntelKind kind, RtStr what)
{
    RT_TRY(ask_value(answer, kind, what));
    if (kind != RT_INTEL_URL && kind != RT_INTEL_IP_PORT)
        return RT_FINE;
    RtStr host = rt_refang(answer->arena, what);
    size_t scheme = rt_str_find(host, RT_STR("://"));
    host = scheme == RT_NOT_FOUND ? host : rt_str_from(host, scheme + 3);
    host = rt_str_sub(host, 0, rt_str_find_byte(host, '/'));
    RtIntelKind part;
    if (kind == RT_INTEL_URL && rt_intel_guess(host, &part) && part == RT_INTEL_IP_PORT)
        RT_TRY(ask_value(answer, RT_INTEL_IP_PORT, host));
    host = rt_str_sub(host, 0, rt_str_rfind_byte(host, ':'));
    if (rt_is_ip(host))
        return ask_value(answer, RT_INTEL_IP, host);
    return ask_value(answer, RT_INTEL_DOMAIN, host);
}

static RtErr ask(Answer *answer, RtStr what)
{
    RtPurl purl;
    RtIntelKind kind;
    if (rt_str_starts(what, RT_STR("pkg:"))) {
        if (!rt_purl_read(answer->arena, what, &purl))
            return rt_fail(RT_ERR_USAGE, "%.*s is no package URL", RT_FMT(what));
        return ask_package(answer, purl.type, rt_purl_package(answer->arena, &purl), purl.version);
    }
    bool is_value = rt_intel_guess(what, &kind);
    if (is_value)
        RT_TRY(ask_indicator(answer, kind, rt_refang(answer->arena, what)));
    RT_TRY(ask_value(answer, RT_INTEL_WALLET, what));
    RT_TRY(ask_value(answer, RT_INTEL_EXTENSION, what));
    RT_TRY(ask_value(answer, RT_INTEL_MARKER, what));
    return is_value && kind != RT_INTEL_DOMAIN && kind != RT_INTEL_URL
               ? RT_FINE
               : ask_everywhere(answer, what);
}

int ratter_intel_lookup(ratter_intel *intel, const char *what, ratter_intel_visit visit,
                        void *context, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(ANSWER_BYTES, NULL, NULL);
    Answer answer = { inner(intel), arena, visit, context, 0 };
    RtErr err = ask(&answer, rt_str_trim(rt_str_from_c(what)));
    return err.code == RT_OK ? answer.found : rt_engine_fail(error, err);
}

/* ---- status --------------------------------------------------------------------------------- */

static RtErr each_source(RtStore *store, RtArena *arena, bool skip_seed,
                         void (*visit)(void *context, const ratter_intel_source *source),
                         void *context)
{
    const RtStoreSource *sources = NULL;
    size_t count = 0;
    RT_TRY(rt_store_sources(store, arena, &sources, &count));
    for (size_t i = 0; i < count; i++) {
        if (skip_seed && rt_str_equal(sources[i].name, RT_STR("seed")))
            continue;
        ratter_intel_source source = {
            .name = rt_str_c(arena, sources[i].name),
            .format = rt_str_c(arena, sources[i].format),
            .imported = sources[i].imported,
            .newest = sources[i].newest,
            .packages = sources[i].packages,
            .indicators = sources[i].indicators,
            .withdrawn = sources[i].withdrawn,
        };
        visit(context, &source);
    }
    return RT_FINE;
}

int ratter_intel_status(ratter_intel *intel,
                        void (*visit)(void *context, const ratter_intel_source *source),
                        void *context, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(ANSWER_BYTES, NULL, NULL);
    RtStore *store = rt_intel_store(inner(intel)), *seed = NULL;
    RtErr err = rt_intel_seed(inner(intel), &seed);
    if (err.code == RT_OK && store != NULL)
        err = each_source(store, arena, seed != NULL, visit, context);
    if (err.code == RT_OK && seed != NULL)
        err = each_source(seed, arena, false, visit, context);
    return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
}

/* ---- import --------------------------------------------------------------------------------- */

typedef struct {
    const ratter_intel_import_options *options;
    RtArena *arena;
} Teller;

static void say_line(void *context, RtStr line)
{
    const Teller *teller = context;
    teller->options->say(teller->options->context, rt_str_c(teller->arena, line));
}

static void tell_change(void *context, int sign, const RtIntelEntry *entry)
{
    const Teller *teller = context;
    ratter_intel_entry public_entry = shown(teller->arena, entry);
    teller->options->change(teller->options->context, sign, &public_entry);
}

static RtErr feed_of(const char *path, const ratter_intel_import_options *options, Teller *teller,
                     RtFeed *ret_feed)
{
    RtFeed feed = {
        .path = rt_str_from_c(path),
        .source = rt_str_from_c(options->source),
        .format = rt_str_from_c(options->format),
        .dry_run = options->dry_run != 0,
        .no_jail = options->no_jail != 0,
        .now = options->now,
        .say = options->say != NULL ? say_line : NULL,
        .change = options->change != NULL ? tell_change : NULL,
        .context = teller,
    };
    if (options->tlp != NULL && !rt_intel_tlp_find(rt_str_from_c(options->tlp), &feed.tlp))
        return rt_fail(RT_ERR_USAGE, "a marking is clear, green, amber, amber+strict or red");
    *ret_feed = feed;
    return RT_FINE;
}

int ratter_intel_import(ratter_intel *intel, const char *path,
                        const ratter_intel_import_options *options,
                        ratter_intel_import_result *result, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(4ULL << 30, NULL, NULL);
    Teller teller = { options, arena };
    RtFeed feed;
    RtFeedResult done = { 0 };
    RtErr err = feed_of(path, options, &teller, &feed);
    if (err.code == RT_OK)
        err = rt_feed_import(rt_intel_store(inner(intel)), arena, &feed, &done);
    if (err.code != RT_OK)
        return rt_engine_fail(error, err);
    *result = (ratter_intel_import_result){
        .added = done.change.entries_added,
        .dropped = done.change.entries_dropped,
        .kept = done.change.members_kept,
        .malformed = done.malformed,
        .ignored = done.others,
        .unchanged = done.unchanged,
    };
    snprintf(result->source, sizeof result->source, "%.*s", RT_FMT(done.source));
    snprintf(result->format, sizeof result->format, "%.*s", RT_FMT(done.format));
    return 0;
}

int ratter_intel_import_seed(ratter_intel *intel, int64_t now, ratter_error *error)
{
    RtErr err = rt_seed_import(rt_intel_store(inner(intel)), now);
    return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
}

/* ---- verify --------------------------------------------------------------------------------- */

typedef struct {
    void (*say)(void *context, const char *line);
    void *context;
    RtArena *arena;
} Faults;

static void say_fault(void *context, RtStr line)
{
    const Faults *faults = context;
    faults->say(faults->context, rt_str_c(faults->arena, line));
}

int ratter_intel_verify(const char *path, void (*say)(void *context, const char *line),
                        void *context, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(ANSWER_BYTES, NULL, NULL);
    Faults faults = { say, context, arena };
    RtStore *store = NULL;
    uint64_t count = 0;
    RtErr err = rt_store_open(rt_str_from_c(path), RT_STORE_READ, &store);
    if (err.code == RT_OK)
        err = rt_store_verify(store, say_fault, &faults, &count);
    rt_store_close(store);
    if (err.code == RT_ERR_FORMAT) { /* so damaged that it cannot be walked: that is the finding */
        say(context, err.text);
        return 1;
    }
    return err.code == RT_OK ? (int)(count < 100000 ? count : 100000) : rt_engine_fail(error, err);
}

const ratter_intel_format *ratter_intel_formats(size_t *count)
{
    static ratter_intel_format list[32]; /* filled with the same words at every call */
    const RtIntelFormat *const *formats = rt_intel_formats(count);
    for (size_t i = 0; i < *count && i < RT_COUNT(list); i++)
        list[i] = (ratter_intel_format){ formats[i]->name, formats[i]->title,
                                         formats[i]->read != NULL, formats[i]->write != NULL };
    return list;
}
