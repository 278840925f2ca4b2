/* stix.c - STIX 2.1 bundles: indicators with their patterns, the campaigns they indicate, TLP 2.0.
 *
 * Of patterns those are understood that say one thing or the other ("[a = 'x' OR b = 'y']"): an AND
 * or a FOLLOWED BY names a combination, and half of a combination is no indicator. Packages have no
 * object in STIX; ours are `software` patterns that carry their purl and versions as external
 * references, which every consumer keeps. Source: STIX 2.1 §4.7, §9. */
#include "intel/formats.h"
#include "intel/names.h"
#include "intel/purl.h"

#include <stdlib.h>
#include <string.h>

enum { CONFIDENCE = 60 };

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    RtStr head = rt_str_trim(bytes);
    return head.len > 0 && head.at[0] == '{' && rt_str_has(head, RT_STR("\"spec_version\"")) &&
                   (rt_str_has(head, RT_STR("bundle--")) || rt_str_has(head, RT_STR("indicator--")))
               ? 80
               : 0;
}

/* ---- reading: what belongs to what ---------------------------------------------------------- */

typedef struct {
    RtStr from, to; /* ids, or an id and a name */
} Link;

typedef struct {
    Link *items;
    size_t count, capacity;
} Links;

typedef struct {
    Links campaigns; /* id of a campaign, malware or intrusion set: its name */
    Links indicates; /* id of an indicator: id of what it indicates */
    Links markings;  /* id of a marking definition: its TLP */
    RtIntelTaker *to;
} Bundle;

static int by_from(const void *a, const void *b)
{
    return rt_str_compare(((const Link *)a)->from, ((const Link *)b)->from);
}

static RtStr find_link(const Links *links, RtStr from)
{
    const Link key = { .from = from };
    const Link *found =
        links->count > 0 ? bsearch(&key, links->items, links->count, sizeof key, by_from) : NULL;
    return found != NULL ? found->to : (RtStr){ 0 };
}

static void add_link(Bundle *bundle, Links *links, RtStr from, RtStr to)
{
    if (from.len > 0 && to.len > 0)
        RT_PUSH(bundle->to->arena, links->items, links->count, links->capacity) =
            (Link){ from, to };
}

static void collect(Bundle *bundle, const RtJson *object)
{
    RtStr type = rt_json_text(object, RT_STR("type")), id = rt_json_text(object, RT_STR("id"));
    if (rt_str_equal(type, RT_STR("campaign")) || rt_str_equal(type, RT_STR("malware")) ||
        rt_str_equal(type, RT_STR("intrusion-set")))
        add_link(bundle, &bundle->campaigns, id, rt_json_text(object, RT_STR("name")));
    else if (rt_str_equal(type, RT_STR("relationship")) &&
             rt_str_equal(rt_json_text(object, RT_STR("relationship_type")), RT_STR("indicates")))
        add_link(bundle, &bundle->indicates, rt_json_text(object, RT_STR("source_ref")),
                 rt_json_text(object, RT_STR("target_ref")));
    else if (rt_str_equal(type, RT_STR("marking-definition")))
        add_link(bundle, &bundle->markings, id,
                 rt_json_text(rt_json_get(object, RT_STR("definition")), RT_STR("tlp")));
}

/* The TLP 2.0 markings are fixed objects that bundles need not carry (OASIS extension 60a3c5c5). */
static const char *const tlp_ids[] = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

static uint8_t marking_of(const Bundle *bundle, const RtJson *object)
{
    const RtJson *refs = rt_json_get(object, RT_STR("object_marking_refs"));
    uint8_t highest = 0;
    for (size_t i = 0; refs != NULL && refs->kind == RT_JSON_ARRAY && i < refs->count; i++) {
        uint8_t tlp = 0;
        RtStr old = find_link(&bundle->markings, refs->items[i].text);
        bool known = old.len > 0 && rt_intel_tlp_find(old, &tlp);
        for (uint8_t k = 0; k < RT_COUNT(tlp_ids) && !known; k++)
            if (rt_str_equal(refs->items[i].text, rt_str_from_c(tlp_ids[k])))
                tlp = k;
        highest = tlp > highest ? tlp : highest;
    }
    return highest;
}

/* ---- reading: patterns ---------------------------------------------------------------------- */

static const struct {
    const char *path;
    RtIntelKind kind;
} paths[] = {
    { "domain-name:value", RT_INTEL_DOMAIN },
    { "url:value", RT_INTEL_URL },
    { "ipv4-addr:value", RT_INTEL_IP },
    { "ipv6-addr:value", RT_INTEL_IP },
    { "email-addr:value", RT_INTEL_EMAIL },
    { "file:hashes.'SHA-256'", RT_INTEL_SHA256 },
    { "file:hashes.\"SHA-256\"", RT_INTEL_SHA256 },
    { "file:hashes.SHA256", RT_INTEL_SHA256 },
    { "file:hashes.'SHA-512'", RT_INTEL_SHA512 },
    { "file:hashes.'SHA-1'", RT_INTEL_SHA1 },
    { "file:hashes.\"SHA-1\"", RT_INTEL_SHA1 },
};

static RtStr skip_blanks(RtStr rest)
{
    while (rest.len > 0 && rt_str_find_byte(RT_STR(" \t\r\n[]()"), rest.at[0]) != RT_NOT_FOUND)
        rest = rt_str_from(rest, 1);
    return rest;
}

/* Takes "path = 'value'"; false when something else stands there. */
static bool take_comparison(RtArena *arena, RtStr *rest, RtIntelKind *ret_kind, RtStr *ret_value)
{
    for (size_t i = 0; i < RT_COUNT(paths); i++) {
        RtStr path = rt_str_from_c(paths[i].path);
        if (!rt_str_starts(*rest, path))
            continue;
        RtStr at = skip_blanks(rt_str_from(*rest, path.len));
        if (!rt_str_starts(at, RT_STR("=")))
            continue;
        at = skip_blanks(rt_str_from(at, 1));
        if (!rt_str_starts(at, RT_STR("'")))
            return false;
        RtText value = { .arena = arena };
        size_t end = 1;
        for (; end < at.len && at.at[end] != '\''; end++) {
            if (at.at[end] == '\\' && end + 1 < at.len)
                end++;
            rt_text_byte(&value, at.at[end]);
        }
        *ret_kind = paths[i].kind;
        *ret_value = rt_text_str(&value);
        *rest = skip_blanks(rt_str_from(at, end + 1));
        return end < at.len;
    }
    return false;
}

/* Our own form of an address with a port. */
static bool take_ip_port(RtArena *arena, RtStr pattern, RtStr *ret_value)
{
    RtStr rest = skip_blanks(pattern);
    static const char first[] = "network-traffic:dst_ref.value = '";
    static const char second[] = "' AND network-traffic:dst_port = ";
    if (!rt_str_starts(rest, rt_str_from_c(first)))
        return false;
    rest = rt_str_from(rest, sizeof first - 1);
    size_t at = rt_str_find(rest, rt_str_from_c(second));
    RtStr port = rt_str_from(rest, at == RT_NOT_FOUND ? rest.len : at + sizeof second - 1);
    port = rt_str_sub(port, 0, rt_str_find_byte(port, ']'));
    if (at == RT_NOT_FOUND || !rt_str_ends(rt_str_trim(pattern), RT_STR("]")))
        return false;
    *ret_value = rt_str_format(arena, "%.*s:%.*s", RT_FMT(rt_str_sub(rest, 0, at)),
                               RT_FMT(rt_str_trim(port)));
    return true;
}

/* False when the pattern is more than a choice of values. */
static bool take_pattern(const RtIntelEntry *common, RtStr pattern, RtIntelTaker *to, bool dry)
{
    RtStr rest = skip_blanks(pattern), value;
    RtIntelEntry entry = *common;
    if (take_ip_port(to->arena, pattern, &value)) {
        entry.kind = RT_INTEL_IP_PORT;
        entry.value = value;
        if (!dry)
            to->entry(to->context, &entry);
        return true;
    }
    for (;;) {
        if (!take_comparison(to->arena, &rest, &entry.kind, &entry.value))
            return false;
        if (!dry)
            to->entry(to->context, &entry);
        if (rest.len == 0)
            return true;
        if (!rt_str_starts(rest, RT_STR("OR")))
            return false;
        rest = skip_blanks(rt_str_from(rest, 2));
    }
}

/* ---- reading: indicators -------------------------------------------------------------------- */

/* The external reference of a source: its id, or its address for any source but ours. */
static RtStr reference_id(const RtJson *object, RtStr source)
{
    const RtJson *list = rt_json_get(object, RT_STR("external_references"));
    for (size_t i = 0; list != NULL && list->kind == RT_JSON_ARRAY && i < list->count; i++)
        if (rt_str_equal(rt_json_text(&list->items[i], RT_STR("source_name")), source))
            return rt_json_text(&list->items[i], RT_STR("external_id"));
    return (RtStr){ 0 };
}

static RtStr reference_url(const RtJson *object)
{
    const RtJson *list = rt_json_get(object, RT_STR("external_references"));
    for (size_t i = 0; list != NULL && list->kind == RT_JSON_ARRAY && i < list->count; i++) {
        RtStr url = rt_json_text(&list->items[i], RT_STR("url"));
        if (url.len > 0)
            return url;
    }
    return (RtStr){ 0 };
}

static bool has_word(const RtJson *list, RtStr word)
{
    for (size_t i = 0; list != NULL && list->kind == RT_JSON_ARRAY && i < list->count; i++)
        if (rt_str_equal(list->items[i].text, word))
            return true;
    return false;
}

static void take_package(const RtJson *object, RtIntelEntry *entry, RtStr text, RtIntelTaker *to)
{
    RtPurl purl;
    if (!rt_purl_read(to->arena, text, &purl)) {
        to->bad(to->context, text, "is no package URL");
        return;
    }
    RtText set = { .arena = to->arena };
    rt_versions_add(&set, "", purl.version);
    RtStr versions = reference_id(object, RT_STR("vers"));
    entry->kind = RT_INTEL_PACKAGE;
    entry->ecosystem = purl.type;
    entry->value = rt_purl_package(to->arena, &purl);
    entry->versions = versions.len > 0 ? versions : rt_text_str(&set);
    if (has_word(rt_json_get(object, RT_STR("indicator_types")), RT_STR("compromised")) &&
        entry->versions.len > 0)
        entry->role = RT_ROLE_VICTIM;
    to->entry(to->context, entry);
}

static void take_indicator(const Bundle *bundle, const RtJson *object)
{
    RtIntelTaker *to = bundle->to;
    const RtJson *confidence = rt_json_get(object, RT_STR("confidence"));
    const RtJson *revoked = rt_json_get(object, RT_STR("revoked"));
    RtStr id = rt_json_text(object, RT_STR("id")),
          pattern = rt_json_text(object, RT_STR("pattern"));
    RtIntelEntry entry = {
        .role = RT_ROLE_NOT_SAID,
        .id = reference_id(object, RT_STR("osv")),
        .summary = rt_json_text(object, RT_STR("description")),
        .campaign = find_link(&bundle->campaigns, find_link(&bundle->indicates, id)),
        .reference = reference_url(object),
        .tlp = marking_of(bundle, object),
        .confidence = CONFIDENCE,
        .modified = rt_time_read(rt_json_text(object, RT_STR("modified"))),
        .valid_from = rt_time_read(rt_json_text(object, RT_STR("valid_from"))),
        .valid_until = rt_time_read(rt_json_text(object, RT_STR("valid_until"))),
    };
    if (confidence != NULL && confidence->kind == RT_JSON_NUMBER && confidence->number >= 0 &&
        confidence->number <= 100)
        entry.confidence = (uint8_t)confidence->number;
    if (revoked != NULL && revoked->truth)
        entry.withdrawn = entry.modified > 0 ? entry.modified : 1;
    if (has_word(rt_json_get(object, RT_STR("indicator_types")), RT_STR("benign"))) {
        to->others++;
        return;
    }
    entry.id = entry.id.len > 0 ? entry.id : id;
    RtStr purl = reference_id(object, RT_STR("package-url"));
    if (purl.len > 0)
        take_package(object, &entry, purl, to);
    else if (!rt_str_equal(rt_json_text(object, RT_STR("pattern_type")), RT_STR("stix")))
        to->bad(to->context, id, "has a pattern that is not STIX's own");
    else if (take_pattern(&entry, pattern, to, true))
        (void)take_pattern(&entry, pattern, to, false);
    else
        to->bad(to->context, id, "has a pattern that is more than a choice of values");
}

static void record(const RtJson *json, RtIntelTaker *to)
{
    const RtJson *objects = rt_json_get(json, RT_STR("objects"));
    RtJson single = { .kind = RT_JSON_ARRAY, .count = 1, .items = json };
    Bundle bundle = { .to = to };
    if (objects == NULL || objects->kind != RT_JSON_ARRAY)
        objects = &single;
    for (size_t i = 0; i < objects->count; i++)
        collect(&bundle, &objects->items[i]);
    Links *const sorted[] = { &bundle.campaigns, &bundle.indicates, &bundle.markings };
    for (size_t i = 0; i < RT_COUNT(sorted); i++)
        if (sorted[i]->count > 0)
            qsort(sorted[i]->items, sorted[i]->count, sizeof(Link), by_from);
    for (size_t i = 0; i < objects->count; i++) {
        if (rt_str_equal(rt_json_text(&objects->items[i], RT_STR("type")), RT_STR("indicator")))
            take_indicator(&bundle, &objects->items[i]);
        else
            to->others++;
    }
}

static void read_stix(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    rt_feed_json(name, bytes, to, record);
}

/* ---- writing -------------------------------------------------------------------------------- */

static const char maker_id[] = "identity--6ae9f0a4-5d0c-5f3b-9e0e-6b1f3a3c7d11";
/* Objects that are the same in every bundle were made once. */
static const char maker_time[] = "2026-01-01T00:00:00.000Z";

static RtStr stix_time(RtArena *arena, int64_t seconds)
{
    RtStr text = rt_time_text(arena, seconds);
    return rt_str_format(arena, "%.*s.000Z", RT_FMT(rt_str_sub(text, 0, 19)));
}

static void pattern_string(RtText *out, RtStr value)
{
    rt_text_byte(out, '\'');
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '\'' || value.at[i] == '\\')
            rt_text_byte(out, '\\');
        rt_text_byte(out, value.at[i]);
    }
    rt_text_byte(out, '\'');
}

static void package_pattern(RtText *out, const RtIntelEntry *entry)
{
    rt_text_add(out, RT_STR("[software:name = "));
    pattern_string(out, entry->value);
    rt_text_add(out, RT_STR(" AND software:vendor = "));
    pattern_string(out, entry->ecosystem);
    bool has_range = rt_str_find_byte(entry->versions, '<') != RT_NOT_FOUND ||
                     rt_str_find_byte(entry->versions, '>') != RT_NOT_FOUND;
    RtStr rest = entry->versions, item;
    for (bool first = true; !has_range && rt_str_next(&rest, '|', &item); first = false) {
        if (item.len == 0)
            break;
        rt_text_add(out, first ? RT_STR(" AND software:version IN (") : RT_STR(", "));
        pattern_string(out, item);
    }
    rt_text_add(out, !has_range && entry->versions.len > 0 ? RT_STR(")]") : RT_STR("]"));
}

/* The pattern of an entry; false when STIX has no words for it. */
static bool write_pattern(RtText *out, const RtIntelEntry *entry)
{
    static const char *const by_kind[RT_INTEL_KINDS] = {
        [RT_INTEL_DOMAIN] = "domain-name:value",     [RT_INTEL_URL] = "url:value",
        [RT_INTEL_SHA256] = "file:hashes.'SHA-256'", [RT_INTEL_SHA512] = "file:hashes.'SHA-512'",
        [RT_INTEL_SHA1] = "file:hashes.'SHA-1'",     [RT_INTEL_IP] = "ipv4-addr:value",
    };
    const char *path = by_kind[entry->kind];
    if (entry->kind == RT_INTEL_PACKAGE) {
        package_pattern(out, entry);
        return true;
    }
    if (entry->kind == RT_INTEL_IP_PORT) {
        size_t colon = rt_str_rfind_byte(entry->value, ':');
        rt_text_add(out, RT_STR("[network-traffic:dst_ref.value = "));
        pattern_string(out, rt_str_sub(entry->value, 0, colon));
        rt_text_format(out, " AND network-traffic:dst_port = %.*s]",
                       RT_FMT(rt_str_from(entry->value, colon + 1)));
        return true;
    }
    if (path == NULL)
        return false;
    if (entry->kind == RT_INTEL_IP && rt_str_find_byte(entry->value, ':') != RT_NOT_FOUND)
        path = "ipv6-addr:value";
    rt_text_format(out, "[%s = ", path);
    pattern_string(out, entry->value);
    rt_text_byte(out, ']');
    return true;
}

static void write_head(RtText *out, const char *type, RtStr id, RtStr created, RtStr modified)
{
    rt_json_comma(out);
    rt_text_format(out, "{\"type\":\"%s\",\"spec_version\":\"2.1\"", type);
    rt_json_pair(out, "id", id);
    rt_json_pair(out, "created_by_ref", rt_str_from_c(maker_id));
    rt_json_pair(out, "created", created);
    rt_json_pair(out, "modified", modified);
}

static void write_marking(RtText *out, uint8_t tlp)
{
    rt_json_key(out, "object_marking_refs");
    rt_text_format(out, "[\"%s\"]", tlp_ids[tlp]);
}

static void write_references(RtText *out, const RtIntelEntry *entry)
{
    RtText list = { .arena = out->arena };
    bool is_package = entry->kind == RT_INTEL_PACKAGE;
    const RtStr ids[][2] = {
        { RT_STR("package-url"),
          is_package ? rt_purl_of(out->arena, entry->ecosystem, entry->value, (RtStr){ 0 })
                     : (RtStr){ 0 } },
        { RT_STR("vers"), is_package ? entry->versions : (RtStr){ 0 } },
        { RT_STR("osv"), rt_str_starts(entry->id, RT_STR("MAL-")) ? entry->id : (RtStr){ 0 } },
    };
    for (size_t i = 0; i < RT_COUNT(ids); i++) {
        if (ids[i][1].len == 0)
            continue;
        rt_json_comma(&list);
        rt_text_byte(&list, '{');
        rt_json_pair(&list, "source_name", ids[i][0]);
        rt_json_pair(&list, "external_id", ids[i][1]);
        rt_text_byte(&list, '}');
    }
    if (rt_str_starts(entry->reference, RT_STR("http"))) {
        rt_json_comma(&list);
        rt_text_add(&list, RT_STR("{\"source_name\":\"report\""));
        rt_json_pair(&list, "url", entry->reference);
        rt_text_byte(&list, '}');
    }
    if (list.len == 0)
        return;
    rt_json_key(out, "external_references");
    rt_text_byte(out, '[');
    rt_text_add(out, rt_text_str(&list));
    rt_text_byte(out, ']');
}

static RtStr object_id(RtArena *arena, const char *type, RtStr what)
{
    return rt_str_format(
        arena, "%s--%.*s", type,
        RT_FMT(rt_uuid(arena, rt_str_format(arena, "%s/%.*s", type, RT_FMT(what)))));
}

static void write_link(RtText *out, const RtIntelExport *what, RtStr campaign, RtStr indicator)
{
    RtArena *arena = out->arena;
    RtStr created = rt_str_from_c(maker_time), id = object_id(arena, "campaign", campaign);
    write_head(out, "relationship", object_id(arena, "relationship", indicator), created, created);
    rt_json_pair(out, "relationship_type", RT_STR("indicates"));
    rt_json_pair(out, "source_ref", indicator);
    rt_json_pair(out, "target_ref", id);
    write_marking(out, what->tlp);
    rt_text_byte(out, '}');
}

static int by_text(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

/* Each campaign once, before what refers to it. */
static void write_campaigns(RtText *out, const RtIntelExport *what)
{
    RtArena *arena = out->arena;
    RtStr *names = RT_NEW_ARRAY(arena, RtStr, what->count + 1);
    RtStr created = rt_str_from_c(maker_time);
    size_t count = 0;
    for (size_t i = 0; i < what->count; i++)
        if (what->entries[i].campaign.len > 0)
            names[count++] = what->entries[i].campaign;
    qsort(names, count, sizeof *names, by_text);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && rt_str_equal(names[i], names[i - 1]))
            continue;
        write_head(out, "campaign", object_id(arena, "campaign", names[i]), created, created);
        rt_json_pair(out, "name", names[i]);
        write_marking(out, what->tlp);
        rt_text_byte(out, '}');
    }
}

static void write_indicator(RtIntelExport *what, const RtIntelEntry *entry, RtText *out)
{
    RtArena *arena = out->arena;
    RtText pattern = { .arena = arena };
    if (!write_pattern(&pattern, entry)) {
        what->left_out++;
        return;
    }
    bool is_victim = entry->role == RT_ROLE_VICTIM;
    int64_t modified = entry->modified > 0 ? entry->modified : what->time;
    int64_t from = entry->valid_from > 0 ? entry->valid_from : modified;
    RtStr id = object_id(arena, "indicator", rt_entry_digest(arena, entry, 32));
    RtStr time = stix_time(arena, modified);
    write_head(out, "indicator", id, time, time);
    rt_json_pair(out, "name",
                 rt_str_format(arena, "%.*s %.*s",
                               RT_FMT(is_victim ? RT_STR("hijacked package")
                                                : rt_intel_kind_name(entry->kind)),
                               RT_FMT(rt_str_sub(entry->value, 0, 500))));
    rt_json_pair(out, "description", entry->summary);
    rt_json_key(out, "indicator_types");
    rt_text_add(out, is_victim ? RT_STR("[\"compromised\"]") : RT_STR("[\"malicious-activity\"]"));
    rt_json_pair(out, "pattern", rt_text_str(&pattern));
    rt_text_add(out, RT_STR(",\"pattern_type\":\"stix\",\"pattern_version\":\"2.1\""));
    rt_json_pair(out, "valid_from", stix_time(arena, from));
    if (entry->valid_until > from)
        rt_json_pair(out, "valid_until", stix_time(arena, entry->valid_until));
    rt_text_format(out, ",\"confidence\":%u", (unsigned)entry->confidence);
    write_references(out, entry);
    write_marking(out, what->tlp);
    rt_text_byte(out, '}');
    if (entry->campaign.len > 0)
        write_link(out, what, entry->campaign, id);
}

static void write_stix(RtIntelExport *what, RtText *out)
{
    RtArena *arena = out->arena;
    RtText all = { .arena = arena };
    for (size_t i = 0; i < what->count; i++)
        rt_text_add(&all, rt_entry_digest(arena, &what->entries[i], 16));
    RtStr word = rt_intel_tlp_name(what->tlp);
    rt_text_add(out, RT_STR("{\"type\":\"bundle\""));
    rt_json_pair(out, "id", object_id(arena, "bundle", rt_text_str(&all)));
    rt_text_format(out,
                   ",\"objects\":[{\"type\":\"identity\",\"spec_version\":\"2.1\",\"id\":\"%s\","
                   "\"created\":\"%s\",\"modified\":\"%s\",\"name\":\"ratter\","
                   "\"identity_class\":\"system\"}",
                   maker_id, maker_time, maker_time);
    rt_text_format(out,
                   ",{\"type\":\"marking-definition\",\"spec_version\":\"2.1\",\"id\":\"%s\","
                   "\"created\":\"2022-10-01T00:00:00.000Z\",\"name\":\"TLP:",
                   tlp_ids[what->tlp]);
    for (size_t i = 0; i < word.len; i++)
        rt_text_byte(out, word.at[i] >= 'a' ? word.at[i] - 32 : word.at[i]);
    rt_text_format(out,
                   "\",\"extensions\":{\"extension-definition--60a3c5c5-0d10-413e-aab3-"
                   "9e08dde9e88d\":{\"extension_type\":\"property-extension\",\"tlp_2_0\":"
                   "\"%.*s\"}}}",
                   RT_FMT(word));
    write_campaigns(out, what);
    for (size_t i = 0; i < what->count; i++)
        write_indicator(what, &what->entries[i], out);
    rt_text_add(out, RT_STR("]}\n"));
}

const RtIntelFormat rt_intel_format_stix = {
    .name = "stix",
    .title = "STIX 2.1 bundles",
    .bid = bid,
    .read = read_stix,
    .write = write_stix,
};
