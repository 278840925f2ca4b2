/* misp.c - MISP events: attributes for indicators, the object malicious-package-report (template 4)
 * for packages. Only attributes marked for detection (to_ids) are taken: the rest is context. */
#include "intel/formats.h"
#include "intel/names.h"
#include "intel/purl.h"

#include <string.h>

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    RtStr head = rt_str_sub(bytes, 0, 4096);
    return rt_str_has(head, RT_STR("\"Event\"")) && (rt_str_has(bytes, RT_STR("\"Attribute\"")) ||
                                                     rt_str_has(bytes, RT_STR("\"Object\"")))
               ? 75
               : 0;
}

/* ---- reading -------------------------------------------------------------------------------- */

static const RtJson *list_of(const RtJson *json, RtStr key)
{
    const RtJson *list = rt_json_get(json, key);
    return list != NULL && list->kind == RT_JSON_ARRAY ? list : NULL;
}

static bool is_true(const RtJson *json, RtStr key)
{
    const RtJson *value = rt_json_get(json, key);
    return value != NULL && ((value->kind == RT_JSON_BOOL && value->truth) ||
                             rt_str_equal(value->text, RT_STR("1")));
}

static void take_tags(const RtJson *json, RtIntelEntry *entry)
{
    const RtJson *tags = list_of(json, RT_STR("Tag"));
    for (size_t i = 0; tags != NULL && i < tags->count; i++) {
        RtStr tag = rt_json_text(&tags->items[i], RT_STR("name"));
        uint8_t tlp = 0;
        if (rt_intel_tlp_find(tag, &tlp) && tlp > entry->tlp)
            entry->tlp = tlp;
        if (rt_str_starts(tag, RT_STR("misp-galaxy:threat-actor=\"")))
            entry->campaign = rt_str_sub(tag, 26, tag.len - 27);
        if (rt_str_starts(tag, RT_STR("ratter:campaign=\"")))
            entry->campaign = rt_str_sub(tag, 17, tag.len - 18);
    }
}

static int64_t timestamp(const RtJson *json)
{
    const RtJson *value = rt_json_get(json, RT_STR("timestamp"));
    uint64_t seconds = 0;
    return value != NULL && rt_str_number(value->text, &seconds)
               ? (int64_t)(seconds < INT64_MAX ? seconds : 0)
               : 0;
}

/* Values of types that join two: "host|1.2.3.4", "name|sha256", "1.2.3.4|443". */
static void take_joined(RtStr type, RtIntelEntry *entry, RtIntelTaker *to)
{
    static const struct {
        const char *type;
        RtIntelKind first, second; /* RT_INTEL_KINDS: context only */
    } joined[] = { { "domain|ip", RT_INTEL_DOMAIN, RT_INTEL_IP },
                   { "hostname|port", RT_INTEL_DOMAIN, RT_INTEL_KINDS },
                   { "filename|sha256", RT_INTEL_KINDS, RT_INTEL_SHA256 },
                   { "filename|sha512", RT_INTEL_KINDS, RT_INTEL_SHA512 },
                   { "filename|sha1", RT_INTEL_KINDS, RT_INTEL_SHA1 } };
    size_t bar = rt_str_find_byte(entry->value, '|');
    RtStr parts[2] = { rt_str_sub(entry->value, 0, bar),
                       bar == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(entry->value, bar + 1) };
    if (rt_str_ends(type, RT_STR("|port")) && rt_str_starts(type, RT_STR("ip-"))) {
        entry->kind = RT_INTEL_IP_PORT;
        entry->value = rt_str_format(to->arena, "%.*s:%.*s", RT_FMT(parts[0]), RT_FMT(parts[1]));
        to->entry(to->context, entry);
        return;
    }
    for (size_t i = 0; i < RT_COUNT(joined); i++) {
        const RtIntelKind kinds[2] = { joined[i].first, joined[i].second };
        for (size_t k = 0; k < 2 && rt_str_equal(type, rt_str_from_c(joined[i].type)); k++) {
            entry->kind = kinds[k];
            entry->value = parts[k];
            if (kinds[k] != RT_INTEL_KINDS)
                to->entry(to->context, entry);
        }
    }
}

static void take_attribute(const RtJson *json, const RtIntelEntry *event, RtIntelTaker *to)
{
    RtIntelEntry entry = *event;
    RtStr type = rt_json_text(json, RT_STR("type")),
          category = rt_json_text(json, RT_STR("category"));
    entry.value = rt_json_text(json, RT_STR("value"));
    entry.summary = rt_json_text(json, RT_STR("comment"));
    int64_t changed = timestamp(json);
    entry.modified = changed > 0 ? changed : event->modified;
    entry.valid_from = rt_time_read(rt_json_text(json, RT_STR("first_seen")));
    take_tags(json, &entry);
    bool is_victim =
        rt_str_equal(category, RT_STR("Targeting data")) || rt_str_starts(type, RT_STR("target-"));
    if (!is_true(json, RT_STR("to_ids")) || is_true(json, RT_STR("deleted")) || is_victim) {
        to->others++;
        return;
    }
    if (rt_str_find_byte(type, '|') != RT_NOT_FOUND)
        take_joined(type, &entry, to);
    else if (rt_intel_kind_find(type, &entry.kind) && entry.kind != RT_INTEL_PACKAGE)
        to->entry(to->context, &entry);
    else
        to->others++;
}

static void take_package(const RtJson *attributes, const RtIntelEntry *event, RtIntelTaker *to)
{
    RtIntelEntry entry = *event;
    RtText set = { .arena = to->arena };
    bool all = false;
    RtPurl purl;
    entry.kind = RT_INTEL_PACKAGE;
    for (size_t i = 0; i < attributes->count; i++) {
        const RtJson *one = &attributes->items[i];
        RtStr relation = rt_json_text(one, RT_STR("object_relation"));
        RtStr value = rt_json_text(one, RT_STR("value"));
        if (rt_str_equal(relation, RT_STR("package-name")))
            entry.value = value;
        else if (rt_str_equal(relation, RT_STR("ecosystem")))
            entry.ecosystem = value;
        else if (rt_str_equal(relation, RT_STR("report-id")))
            entry.id = value;
        else if (rt_str_equal(relation, RT_STR("analysis")))
            entry.summary = value;
        else if (rt_str_equal(relation, RT_STR("reference")))
            entry.reference = value;
        else if (rt_str_equal(relation, RT_STR("affected-version")))
            rt_versions_add(&set, "", value);
        else if (rt_str_equal(relation, RT_STR("affected-range")) &&
                 rt_str_equal(value, RT_STR("*")))
            all = true;
        else if (rt_str_equal(relation, RT_STR("package-purl")) && entry.ecosystem.len == 0 &&
                 rt_purl_read(to->arena, value, &purl))
            entry.ecosystem = purl.type;
        else if (rt_str_starts(relation, RT_STR("ioc-")))
            take_attribute(one, event, to);
    }
    entry.versions = all ? (RtStr){ 0 } : rt_text_str(&set);
    if (!all && set.len == 0)
        to->bad(to->context, entry.value, "is a package without versions that are affected");
    else
        to->entry(to->context, &entry);
}

static void record(const RtJson *json, RtIntelTaker *to)
{
    const RtJson *event = rt_json_get(json, RT_STR("Event"));
    if (event == NULL || event->kind != RT_JSON_OBJECT) {
        to->others++; /* a feed's manifest */
        return;
    }
    RtIntelEntry common = { .role = RT_ROLE_NOT_SAID,
                            .confidence = 60,
                            .reference = rt_json_text(event, RT_STR("info")),
                            .modified = timestamp(event) };
    if (common.modified == 0)
        common.modified = rt_time_read(rt_json_text(event, RT_STR("date")));
    take_tags(event, &common);
    const RtJson *attributes = list_of(event, RT_STR("Attribute"));
    const RtJson *objects = list_of(event, RT_STR("Object"));
    for (size_t i = 0; attributes != NULL && i < attributes->count; i++)
        take_attribute(&attributes->items[i], &common, to);
    for (size_t i = 0; objects != NULL && i < objects->count; i++) {
        const RtJson *inner = list_of(&objects->items[i], RT_STR("Attribute"));
        bool is_report = rt_str_equal(rt_json_text(&objects->items[i], RT_STR("name")),
                                      RT_STR("malicious-package-report"));
        if (inner == NULL || is_true(&objects->items[i], RT_STR("deleted")))
            to->others++;
        else if (is_report)
            take_package(inner, &common, to);
        else
            for (size_t k = 0; k < inner->count; k++)
                take_attribute(&inner->items[k], &common, to);
    }
}

static void read_misp(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    rt_feed_json(name, bytes, to, record);
}

/* ---- writing -------------------------------------------------------------------------------- */

static const struct {
    const char *type, *category; /* NULL: MISP has no word for it */
} types[RT_INTEL_KINDS] = {
    [RT_INTEL_DOMAIN] = { "domain", "Network activity" },
    [RT_INTEL_URL] = { "url", "Network activity" },
    [RT_INTEL_IP] = { "ip-dst", "Network activity" },
    [RT_INTEL_IP_PORT] = { "ip-dst|port", "Network activity" },
    [RT_INTEL_SHA256] = { "sha256", "Payload delivery" },
    [RT_INTEL_SHA512] = { "sha512", "Payload delivery" },
    [RT_INTEL_SHA1] = { "sha1", "Payload delivery" },
    [RT_INTEL_MARKER] = { "pattern-in-file", "Payload delivery" },
    [RT_INTEL_PATH] = { "filename", "Artifacts dropped" },
};

static RtStr uuid_of(RtArena *arena, const RtIntelEntry *entry, const char *part, RtStr value)
{
    return rt_uuid(arena,
                   rt_str_format(arena, "misp/%.*s/%s/%.*s",
                                 RT_FMT(rt_entry_digest(arena, entry, 32)), part, RT_FMT(value)));
}

static void write_attribute(RtIntelExport *what, const RtIntelEntry *entry, RtText *out)
{
    RtStr value = entry->value;
    size_t colon = rt_str_rfind_byte(value, ':');
    if (entry->kind == RT_INTEL_IP_PORT)
        value = rt_str_format(out->arena, "%.*s|%.*s", RT_FMT(rt_str_sub(value, 0, colon)),
                              RT_FMT(rt_str_from(value, colon + 1)));
    rt_json_comma(out);
    rt_text_byte(out, '{');
    rt_json_pair(out, "uuid", uuid_of(out->arena, entry, "attribute", value));
    rt_json_pair(out, "type", rt_str_from_c(types[entry->kind].type));
    rt_json_pair(out, "category", rt_str_from_c(types[entry->kind].category));
    rt_json_pair(out, "value", value);
    rt_json_pair(out, "comment", entry->summary);
    rt_json_pair(out, "timestamp",
                 rt_str_format(out->arena, "%lld",
                               (long long)(entry->modified ? entry->modified : what->time)));
    rt_text_add(out,
                RT_STR(",\"to_ids\":true,\"distribution\":\"5\",\"disable_correlation\":false"));
    if (entry->campaign.len > 0) {
        rt_json_key(out, "Tag");
        rt_text_add(out, RT_STR("[{"));
        RtText tag = { .arena = out->arena };
        rt_text_add(&tag, RT_STR("ratter:campaign=\""));
        for (size_t i = 0; i < entry->campaign.len; i++)
            rt_text_byte(&tag, entry->campaign.at[i] == '"' ? '\'' : entry->campaign.at[i]);
        rt_text_byte(&tag, '"');
        rt_json_pair(out, "name", rt_text_str(&tag));
        rt_text_add(out, RT_STR("}]"));
    }
    rt_text_byte(out, '}');
}

static void write_part(RtText *out, const RtIntelEntry *entry, const char *relation,
                       const char *type, RtStr value)
{
    if (value.len == 0)
        return;
    bool is_link = strcmp(type, "link") == 0;
    rt_json_comma(out);
    rt_text_byte(out, '{');
    rt_json_pair(out, "uuid", uuid_of(out->arena, entry, relation, value));
    rt_json_pair(out, "object_relation", rt_str_from_c(relation));
    rt_json_pair(out, "type", rt_str_from_c(type));
    rt_json_pair(out, "category", is_link ? RT_STR("External analysis") : RT_STR("Other"));
    rt_json_pair(out, "value", value);
    rt_text_add(out, RT_STR(",\"to_ids\":false,\"disable_correlation\":true}"));
}

static void write_object(RtText *out, const RtIntelEntry *entry)
{
    RtArena *arena = out->arena;
    rt_json_comma(out);
    rt_text_add(out, RT_STR("{\"name\":\"malicious-package-report\",\"meta-category\":\"misc\","
                            "\"template_uuid\":\"2f8a8711-6ef8-4a9d-89de-f547670573cb\","
                            "\"template_version\":\"4\",\"distribution\":\"5\""));
    rt_json_pair(out, "uuid", uuid_of(arena, entry, "object", (RtStr){ 0 }));
    rt_json_key(out, "Attribute");
    rt_text_byte(out, '[');
    RtStr id = entry->id.len > 0
                   ? entry->id
                   : rt_str_format(arena, "ratter-%.*s", RT_FMT(rt_entry_digest(arena, entry, 8)));
    write_part(out, entry, "package-name", "text", entry->value);
    write_part(out, entry, "report-id", "text", id);
    write_part(out, entry, "ecosystem", "text", rt_ecosystem_osv(entry->ecosystem));
    write_part(out, entry, "package-purl", "text",
               rt_purl_of(arena, entry->ecosystem, entry->value, (RtStr){ 0 }));
    RtStr rest = entry->versions, item;
    while (rt_str_next(&rest, '|', &item)) {
        bool is_range = item.len > 0 && (item.at[0] == '<' || item.at[0] == '>');
        write_part(out, entry, is_range ? "affected-range" : "affected-version", "text", item);
    }
    if (entry->versions.len == 0)
        write_part(out, entry, "affected-range", "text", RT_STR("*"));
    write_part(out, entry, "analysis", "text", entry->summary);
    if (rt_str_starts(entry->reference, RT_STR("http")))
        write_part(out, entry, "reference", "link", entry->reference);
    rt_text_add(out, RT_STR("]}"));
}

static void write_misp(RtIntelExport *what, RtText *out)
{
    RtArena *arena = out->arena;
    RtText all = { .arena = arena };
    for (size_t i = 0; i < what->count; i++)
        rt_text_add(&all, rt_entry_digest(arena, &what->entries[i], 16));
    RtStr time = rt_time_text(arena, what->time);
    rt_text_add(out, RT_STR("{\"Event\":{"));
    rt_json_pair(out, "uuid", rt_uuid(arena, rt_text_str(&all)));
    rt_json_pair(out, "info", RT_STR("ratter: malicious packages and what belongs to them"));
    rt_json_pair(out, "date", rt_str_sub(time, 0, 10));
    rt_json_pair(out, "timestamp", rt_str_format(arena, "%lld", (long long)what->time));
    rt_text_add(out, RT_STR(",\"threat_level_id\":\"1\",\"analysis\":\"2\",\"distribution\":\"0\","
                            "\"published\":false,\"Tag\":[{"));
    rt_json_pair(out, "name",
                 rt_str_format(arena, "tlp:%.*s", RT_FMT(rt_intel_tlp_name(what->tlp))));
    rt_text_add(out, RT_STR("}],\"Attribute\":["));
    for (size_t i = 0; i < what->count; i++)
        if (what->entries[i].kind != RT_INTEL_PACKAGE) {
            if (types[what->entries[i].kind].type != NULL)
                write_attribute(what, &what->entries[i], out);
            else
                what->left_out++;
        }
    rt_text_add(out, RT_STR("],\"Object\":["));
    for (size_t i = 0; i < what->count; i++)
        if (what->entries[i].kind == RT_INTEL_PACKAGE)
            write_object(out, &what->entries[i]);
    rt_text_add(out, RT_STR("]}}\n"));
}

const RtIntelFormat rt_intel_format_misp = {
    .name = "misp",
    .title = "MISP events",
    .bid = bid,
    .read = read_misp,
    .write = write_misp,
};
