/* intel.c - the words for kinds, roles and markings, the form in which values are kept, and
 * look-ups over the store and the seed. */
#include "intel/intel.h"

#include <stdlib.h>
#include <string.h>

#include "intel/names.h"
#include "intel/seed.h"
#include "intel/store.h"
#include "intel/versions.h"

enum { VALUE_MOST = 2048, VERSIONS_MOST = 256 << 10, WORDS_MOST = 400, NAME_MOST = 256 };

static const struct {
    const char *name, *others; /* `others`: what feeds say for it, blank-separated */
} kinds[RT_INTEL_KINDS] = {
    [RT_INTEL_PACKAGE] = { "package", "purl" },
    [RT_INTEL_DOMAIN] = { "domain", "hostname domain-name host" },
    [RT_INTEL_URL] = { "url", "uri" },
    [RT_INTEL_IP] = { "ip", "ipv4 ipv6 ip-dst ip-src ipv4-addr ipv6-addr" },
    [RT_INTEL_IP_PORT] = { "ip-port", "ip_port ip-dst|port ip-src|port" },
    [RT_INTEL_SHA256] = { "sha256", "hash_sha256 filehash-sha256 sha-256" },
    [RT_INTEL_SHA512] = { "sha512", "hash_sha512 filehash-sha512 sha-512" },
    [RT_INTEL_SHA1] = { "sha1", "hash_sha1 filehash-sha1 sha-1" },
    [RT_INTEL_MARKER] = { "marker", "string pattern-in-file" },
    [RT_INTEL_WALLET] = { "wallet", "btc xmr cryptocurrency-wallet" },
    [RT_INTEL_PATH] = { "path", "filename file-path" },
    [RT_INTEL_ACCOUNT] = { "account", "github-username user-account" },
    [RT_INTEL_EMAIL] = { "email", "email-src email-dst email-addr" },
    [RT_INTEL_EXTENSION] = { "extension", "extension_id chrome-extension-id" },
};

RtStr rt_intel_kind_name(RtIntelKind kind) { return rt_str_from_c(kinds[kind].name); }

static bool is_among(RtStr word, const char *list)
{
    RtStr rest = rt_str_from_c(list), piece;
    while (rt_str_next(&rest, ' ', &piece))
        if (rt_str_equal_nocase(word, piece))
            return true;
    return false;
}

bool rt_intel_kind_find(RtStr name, RtIntelKind *ret_kind)
{
    for (size_t i = 0; i < RT_COUNT(kinds); i++)
        if (rt_str_equal_nocase(name, rt_str_from_c(kinds[i].name)) ||
            is_among(name, kinds[i].others)) {
            *ret_kind = (RtIntelKind)i;
            return true;
        }
    return false;
}

static const char *const roles[] = { "actor", "victim", "target", "not-said" };
RtStr rt_intel_role_name(RtIntelRole role) { return rt_str_from_c(roles[role]); }

bool rt_intel_role_find(RtStr name, RtIntelRole *ret_role)
{
    for (size_t i = 0; i < RT_COUNT(roles); i++)
        if (rt_str_equal_nocase(name, rt_str_from_c(roles[i]))) {
            *ret_role = (RtIntelRole)i;
            return true;
        }
    return false;
}

static const char *const markings[] = { "clear", "green", "amber", "amber+strict", "red" };
RtStr rt_intel_tlp_name(uint8_t tlp) { return rt_str_from_c(markings[tlp > 4 ? 4 : tlp]); }

bool rt_intel_tlp_find(RtStr name, uint8_t *ret_tlp)
{
    if (name.len > 4 && rt_str_equal_nocase(rt_str_sub(name, 0, 4), RT_STR("tlp:")))
        name = rt_str_from(name, 4);
    if (rt_str_equal_nocase(name, RT_STR("white")))
        name = RT_STR("clear");
    for (size_t i = 0; i < RT_COUNT(markings); i++)
        if (rt_str_equal_nocase(name, rt_str_from_c(markings[i]))) {
            *ret_tlp = (uint8_t)i;
            return true;
        }
    return false;
}

/* ---- normal forms -------------------------------------------------------------------------- */

static bool is_hex(RtStr text, size_t len)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i] | 0x20;
        if (!(text.at[i] >= '0' && text.at[i] <= '9') && !(byte >= 'a' && byte <= 'f'))
            return false;
    }
    return text.len == len;
}

static size_t hash_len(RtIntelKind kind)
{
    return kind == RT_INTEL_SHA256 ? 64 : kind == RT_INTEL_SHA512 ? 128 : 40;
}

/* Scheme and host of an address in lower case; an address without a scheme stays without. */
static RtStr normal_url(RtArena *arena, RtStr text)
{
    RtStr url = rt_refang(arena, text);
    size_t scheme = rt_str_find(url, RT_STR("://"));
    size_t host = scheme == RT_NOT_FOUND ? 0 : scheme + 3;
    size_t end = host;
    while (end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#')
        end++;
    url.len = rt_str_sub(url, 0, rt_str_find_byte(url, '#')).len;
    end = end > url.len ? url.len : end;
    RtText out = { .arena = arena };
    rt_text_add(&out, rt_str_lower(arena, rt_str_sub(url, 0, end)));
    rt_text_add(&out, rt_str_from(url, end));
    return end > host ? rt_text_str(&out) : (RtStr){ 0 };
}

static bool is_ip_port(RtStr text)
{
    size_t colon = rt_str_rfind_byte(text, ':');
    uint64_t port = 0;
    return colon != RT_NOT_FOUND && rt_is_ip(rt_str_sub(text, 0, colon)) &&
           rt_str_number(rt_str_from(text, colon + 1), &port) && port > 0 && port < 65536;
}

/* The value as it is kept; empty when it is none of its kind. */
static RtStr normal_value(RtArena *arena, RtIntelKind kind, RtStr ecosystem, RtStr value)
{
    switch (kind) {
    case RT_INTEL_PACKAGE:
        return ecosystem.len > 0 ? rt_package_name(arena, ecosystem, value) : (RtStr){ 0 };
    case RT_INTEL_DOMAIN: {
        RtStr host = rt_host_name(arena, value);
        return rt_is_ip(host) ? (RtStr){ 0 } : host;
    }
    case RT_INTEL_URL:
        return normal_url(arena, value);
    case RT_INTEL_IP:
        value = rt_str_lower(arena, rt_refang(arena, value));
        return rt_is_ip(value) ? value : (RtStr){ 0 };
    case RT_INTEL_IP_PORT:
        value = rt_str_lower(arena, rt_refang(arena, value));
        return is_ip_port(value) ? value : (RtStr){ 0 };
    case RT_INTEL_SHA256:
    case RT_INTEL_SHA512:
    case RT_INTEL_SHA1:
        value = rt_str_lower(arena, rt_str_trim(value));
        return is_hex(value, hash_len(kind)) ? value : (RtStr){ 0 };
    case RT_INTEL_EMAIL:
    case RT_INTEL_ACCOUNT:
    case RT_INTEL_EXTENSION:
        return rt_str_lower(arena, rt_str_trim(value));
    case RT_INTEL_MARKER:
    case RT_INTEL_WALLET:
    case RT_INTEL_PATH:
    case RT_INTEL_KINDS:
        return rt_str_trim(value);
    }
    return (RtStr){ 0 };
}

/* Cut at a character, and what is not UTF-8 left out: the store holds text. */
static RtStr kept_text(RtArena *arena, RtStr text, size_t most)
{
    text = rt_str_trim(text);
    if (text.len <= most && rt_utf8_is_valid(text))
        return text;
    RtText out = { .arena = arena };
    for (size_t at = 0; at < text.len && out.len + 4 <= most;) {
        uint32_t rune = 0;
        size_t step = rt_utf8_take(text, at, &rune);
        rt_text_rune(&out, step ? rune : 0xFFFD);
        at += step ? step : 1;
    }
    return rt_text_str(&out);
}

static bool has_control(RtStr text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] == 0x7f)
            return true;
    return false;
}

static int64_t held_time(int64_t seconds)
{
    return seconds < 0 || seconds > 253402300799 ? 0 : seconds;
}

bool rt_intel_normalise(RtArena *arena, RtIntelEntry *entry, const char **ret_why)
{
    if ((unsigned)entry->kind >= RT_INTEL_KINDS || (unsigned)entry->role > RT_ROLE_NOT_SAID) {
        *ret_why = "of no known kind";
        return false;
    }
    bool is_package = entry->kind == RT_INTEL_PACKAGE;
    RtStr type = is_package ? rt_ecosystem_type(arena, entry->ecosystem) : (RtStr){ 0 };
    RtStr value = { 0 };
    if (entry->value.len <= VALUE_MOST && type.len <= 64)
        value = normal_value(arena, entry->kind, type, entry->value);
    if (value.len == 0 || has_control(value) || has_control(type) || !rt_utf8_is_valid(value) ||
        !rt_utf8_is_valid(type)) {
        *ret_why = is_package ? "a package without a usable name or ecosystem"
                              : "a value that is none of its kind";
        return false;
    }
    if (entry->versions.len > VERSIONS_MOST || !rt_utf8_is_valid(entry->versions) ||
        has_control(entry->versions)) {
        *ret_why = "more versions than are kept, or none that can be";
        return false;
    }
    if (is_package && entry->role == RT_ROLE_VICTIM && entry->versions.len == 0) {
        *ret_why = "a hijacked package without the versions that are bad";
        return false;
    }
    entry->ecosystem = type;
    entry->value = value;
    entry->id = kept_text(arena, entry->id, NAME_MOST);
    entry->campaign = kept_text(arena, entry->campaign, NAME_MOST);
    entry->summary = kept_text(arena, entry->summary, WORDS_MOST);
    entry->reference = kept_text(arena, entry->reference, WORDS_MOST);
    entry->confidence = entry->confidence > 100 ? 100 : entry->confidence;
    entry->tlp = entry->tlp > 4 ? 4 : entry->tlp;
    entry->modified = held_time(entry->modified);
    entry->valid_from = held_time(entry->valid_from);
    entry->valid_until = held_time(entry->valid_until);
    entry->withdrawn = held_time(entry->withdrawn);
    return true;
}

bool rt_intel_guess(RtStr value, RtIntelKind *ret_kind)
{
    uint8_t room[512];
    value = rt_str_trim(value);
    size_t at = rt_str_find(value, RT_STR("://"));
    if (at != RT_NOT_FOUND && at > 0 && at < 12)
        return *ret_kind = RT_INTEL_URL, true;
    for (size_t i = 0; i < 3; i++)
        if (is_hex(value, hash_len((RtIntelKind)(RT_INTEL_SHA256 + i))))
            return *ret_kind = (RtIntelKind)(RT_INTEL_SHA256 + i), true;
    if (rt_is_ip(value))
        return *ret_kind = RT_INTEL_IP, true;
    if (is_ip_port(value))
        return *ret_kind = RT_INTEL_IP_PORT, true;
    if (value.len == 0 || value.len > sizeof room || rt_str_find_byte(value, '.') == RT_NOT_FOUND)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] <= ' ' || value.at[i] == '@' || value.at[i] == ':')
            return false;
    *ret_kind = rt_str_find_byte(value, '/') == RT_NOT_FOUND ? RT_INTEL_DOMAIN : RT_INTEL_URL;
    return true;
}

/* ---- the store and the seed ---------------------------------------------------------------- */

struct RtIntel {
    RtStore *store; /* NULL: there is none */
    bool asks_seed; /* the store does not hold it */
    RtArena *arena; /* of `seed` */
    RtSeed seed;
    RtStore *seed_store; /* the whole of it, once somebody wanted that */
};

/* True when the store holds the seed of this program: then that is not asked twice. */
static bool holds_seed(RtStore *store)
{
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    const RtStoreSource *sources = NULL;
    size_t count = 0;
    if (rt_store_sources(store, arena, &sources, &count).code != RT_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        if (rt_str_equal(sources[i].name, RT_STR("seed")))
            return rt_str_equal(sources[i].digest, rt_seed_digest(arena));
    return false;
}

RtErr rt_intel_open(RtStr path, bool writable, RtIntel **ret_intel)
{
    RtIntel opened = { 0 };
    RtErr err = rt_store_open(path, writable ? RT_STORE_WRITE : RT_STORE_READ, &opened.store);
    if (err.code != RT_OK && (err.code != RT_ERR_ABSENT || writable))
        return err;
    opened.asks_seed = !writable && (opened.store == NULL || !holds_seed(opened.store));
    if (opened.asks_seed) {
        opened.arena = rt_arena_open(1 << 20, NULL, NULL);
        opened.seed = rt_seed_open(opened.arena);
    }
    RtIntel *intel = malloc(sizeof *intel);
    if (intel == NULL) {
        rt_store_close(opened.store);
        rt_arena_close(opened.arena);
        return rt_fail(RT_ERR_IO, "out of memory");
    }
    *intel = opened;
    *ret_intel = intel;
    return RT_FINE;
}

void rt_intel_close(RtIntel *intel)
{
    if (intel == NULL)
        return;
    rt_store_close(intel->store);
    rt_store_close(intel->seed_store);
    rt_arena_close(intel->arena);
    free(intel);
}

RtStore *rt_intel_store(RtIntel *intel) { return intel->store; }

RtErr rt_intel_seed(RtIntel *intel, RtStore **ret_store)
{
    if (intel->asks_seed && intel->seed_store == NULL) {
        RT_TRY(rt_store_open((RtStr){ 0 }, RT_STORE_MEMORY, &intel->seed_store));
        RT_TRY(rt_seed_import(intel->seed_store, 0));
    }
    *ret_store = intel->seed_store;
    return RT_FINE;
}

/* Everything under the value from both; the seed's part of the store is left out when this
 * program's seed is asked instead. */
static RtErr find_both(RtIntel *intel, RtArena *arena, RtIntelKind kind, RtStr ecosystem,
                       RtStr value, RtIntelEntry **ret_entries, size_t *ret_count)
{
    const RtIntelEntry *found = NULL, *seeded = NULL;
    size_t found_count = 0, seeded_count = 0, count = 0;
    if (intel->store != NULL)
        RT_TRY(rt_store_find(intel->store, arena, kind, ecosystem, value, &found, &found_count));
    if (intel->asks_seed)
        rt_seed_find(&intel->seed, arena, kind, ecosystem, value, &seeded, &seeded_count);
    RtIntelEntry *all = RT_NEW_ARRAY(arena, RtIntelEntry, found_count + seeded_count + 1);
    for (size_t i = 0; i < found_count; i++)
        if (!intel->asks_seed || !rt_str_equal(found[i].source, RT_STR("seed")))
            all[count++] = found[i];
    for (size_t i = 0; i < seeded_count; i++)
        all[count++] = seeded[i];
    *ret_entries = all;
    *ret_count = count;
    return RT_FINE;
}

static bool is_withdrawn(const RtIntelEntry *entries, size_t count, const RtIntelEntry *entry)
{
    if (entry->withdrawn != 0)
        return true;
    for (size_t i = 0; i < count && entry->id.len > 0; i++)
        if (entries[i].withdrawn != 0 && entries[i].modified >= entry->modified &&
            rt_str_equal(entries[i].id, entry->id))
            return true;
    return false;
}

/* Leaves what stands and speaks of `version`. */
static size_t applying(RtArena *arena, RtIntelEntry *entries, size_t count, RtStr version)
{
    RtIntelEntry *kept = entries;
    bool *stands = RT_NEW_ARRAY(arena, bool, count + 1);
    for (size_t i = 0; i < count; i++)
        stands[i] = !is_withdrawn(entries, count, &entries[i]) &&
                    (version.len == 0 ||
                     rt_versions_have(entries[i].ecosystem, entries[i].versions, version));
    for (size_t i = 0; i < count; i++)
        if (stands[i])
            *kept++ = entries[i];
    return (size_t)(kept - entries);
}

RtErr rt_intel_package(RtIntel *intel, RtArena *arena, RtStr ecosystem, RtStr name, RtStr version,
                       const RtIntelEntry **ret_entries, size_t *ret_count)
{
    RtStr type = rt_ecosystem_type(arena, ecosystem);
    RtIntelEntry *entries = NULL;
    size_t count = 0;
    RT_TRY(find_both(intel, arena, RT_INTEL_PACKAGE, type, rt_package_name(arena, type, name),
                     &entries, &count));
    *ret_count = applying(arena, entries, count, version);
    *ret_entries = entries;
    return RT_FINE;
}

RtErr rt_intel_value(RtIntel *intel, RtArena *arena, RtIntelKind kind, RtStr value,
                     const RtIntelEntry **ret_entries, size_t *ret_count)
{
    RtIntelEntry *entries = NULL;
    size_t count = 0;
    RtStr normal =
        value.len <= VALUE_MOST ? normal_value(arena, kind, (RtStr){ 0 }, value) : (RtStr){ 0 };
    if (normal.len > 0)
        RT_TRY(find_both(intel, arena, kind, (RtStr){ 0 }, normal, &entries, &count));
    *ret_count = applying(arena, entries, count, (RtStr){ 0 });
    *ret_entries = entries;
    return RT_FINE;
}

static RtErr add_status(RtStore *store, bool skip_seed, RtIntelStatus *status)
{
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    const RtStoreSource *sources = NULL;
    size_t count = 0;
    RT_TRY(rt_store_sources(store, arena, &sources, &count));
    for (size_t i = 0; i < count; i++) {
        bool is_seed = rt_str_equal(sources[i].name, RT_STR("seed"));
        if (is_seed && skip_seed)
            continue;
        status->packages += sources[i].packages;
        status->indicators += sources[i].indicators;
        status->withdrawn += sources[i].withdrawn;
        if (sources[i].newest > status->newest)
            status->newest = sources[i].newest;
        if (!is_seed && sources[i].imported > status->imported)
            status->imported = sources[i].imported;
        status->seed_only = status->seed_only && is_seed;
    }
    return RT_FINE;
}

RtErr rt_intel_status(RtIntel *intel, RtIntelStatus *ret_status)
{
    RtIntelStatus status = { .seed_only = true };
    if (intel->store != NULL)
        RT_TRY(add_status(intel->store, intel->asks_seed, &status));
    if (intel->asks_seed) {
        status.packages += intel->seed.packages;
        status.indicators += intel->seed.indicators;
        status.newest = status.newest > intel->seed.newest ? status.newest : intel->seed.newest;
    }
    *ret_status = status;
    return RT_FINE;
}
