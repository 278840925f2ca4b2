/* osv.c - OSV records of malicious packages (schema 1.7; ossf.github.io/osv-schema), as
 * ossf/malicious-packages publishes them.
 *
 * An OSV dump holds vulnerabilities as well; a record speaks of malware when its id or an alias is
 * MAL-…, when it names origins of malicious packages, or when its weakness is CWE-506. Versions and
 * ranges add up. `introduced: "0"` without an end means every version there will ever be, the
 * registry's own placeholder included: then the package as such is the attacker's. */
#include "intel/formats.h"
#include "intel/names.h"
#include "intel/versions.h"

enum { CONFIDENCE = 90, EVENTS_MOST = 256 };

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    RtStr head = rt_str_trim(bytes);
    if (head.len == 0 || (head.at[0] != '{' && head.at[0] != '['))
        return 0;
    bool has_id = rt_str_has(head, RT_STR("\"id\"")),
         is_dated = rt_str_has(head, RT_STR("\"modified\""));
    if (!has_id || !is_dated)
        return 0;
    return rt_str_has(head, RT_STR("\"affected\"")) ||
                   rt_str_has(head, RT_STR("\"schema_version\""))
               ? 70
               : 0;
}

static bool is_mal(RtStr id)
{
    return rt_str_starts(id, RT_STR("MAL-")) || rt_str_starts(id, RT_STR("x_ratter-"));
}

static bool names_malware_weakness(const RtJson *specific)
{
    const RtJson *cwes = rt_json_get(specific, RT_STR("cwe_ids"));
    for (size_t i = 0; cwes != NULL && cwes->kind == RT_JSON_ARRAY && i < cwes->count; i++)
        if (rt_str_equal(cwes->items[i].text, RT_STR("CWE-506")))
            return true;
    return false;
}

static bool is_malware(const RtJson *json)
{
    const RtJson *aliases = rt_json_get(json, RT_STR("aliases"));
    const RtJson *specific = rt_json_get(json, RT_STR("database_specific"));
    if (is_mal(rt_json_text(json, RT_STR("id"))) || names_malware_weakness(specific) ||
        rt_json_get(specific, RT_STR("malicious-packages-origins")) != NULL)
        return true;
    for (size_t i = 0; aliases != NULL && aliases->kind == RT_JSON_ARRAY && i < aliases->count; i++)
        if (is_mal(aliases->items[i].text))
            return true;
    return false;
}

/* ---- versions ------------------------------------------------------------------------------ */

typedef struct {
    RtStr version;
    char what; /* i(ntroduced), f(ixed), l(ast affected) */
} Event;

/* Stable insertion: the schema wants events sorted, and almost all are. */
static size_t take_events(RtArena *arena, RtStr type, const RtJson *range, Event **ret_events)
{
    static const char *const names[] = { "introduced", "fixed", "last_affected" };
    const RtJson *events = rt_json_get(range, RT_STR("events"));
    size_t most = events != NULL && events->kind == RT_JSON_ARRAY ? events->count : 0;
    Event *list = RT_NEW_ARRAY(arena, Event, (most > EVENTS_MOST ? EVENTS_MOST : most) * 3 + 1);
    size_t count = 0;
    for (size_t i = 0; i < most && i < EVENTS_MOST; i++)
        for (size_t k = 0; k < RT_COUNT(names); k++) {
            RtStr version = rt_json_text(&events->items[i], rt_str_from_c(names[k]));
            if (version.len == 0)
                continue;
            bool is_start = rt_str_equal(version, RT_STR("0"));
            size_t at = count++;
            while (at > 0 &&
                   (is_start || rt_version_compare(type, list[at - 1].version, version) > 0)) {
                list[at] = list[at - 1];
                at--;
            }
            list[at] = (Event){ version, names[k][0] };
        }
    *ret_events = list;
    return count;
}

static void add_bounds(RtText *set, RtStr from, const char *sign, RtStr until)
{
    if (!rt_str_equal(from, RT_STR("0")) && rt_versions_add(set, ">=", from))
        rt_text_byte(set, ' ');
    rt_versions_add(set, sign, until);
}

/* Adds a range to the set; true when it holds every version. */
static bool add_range(RtArena *arena, RtStr type, const RtJson *range, RtText *set)
{
    RtStr kind = rt_json_text(range, RT_STR("type")), from = { 0 };
    if (rt_str_equal(kind, RT_STR("GIT")))
        return false;
    Event *events = NULL;
    size_t count = take_events(arena, type, range, &events);
    for (size_t i = 0; i < count; i++) {
        if (events[i].what == 'i') {
            from = from.len > 0 ? from : events[i].version;
            continue;
        }
        if (from.len > 0)
            add_bounds(set, from, events[i].what == 'f' ? "<" : "<=", events[i].version);
        from = (RtStr){ 0 };
    }
    if (from.len > 0 && rt_str_equal(from, RT_STR("0")))
        return true;
    if (from.len > 0)
        rt_versions_add(set, ">=", from);
    return false;
}

/* Fills `versions`; false when the record names none at all. */
static bool take_versions(RtArena *arena, RtStr type, const RtJson *affected, RtStr *ret_versions)
{
    const RtJson *listed = rt_json_get(affected, RT_STR("versions"));
    const RtJson *ranges = rt_json_get(affected, RT_STR("ranges"));
    RtText set = { .arena = arena };
    bool all = false;
    for (size_t i = 0; ranges != NULL && ranges->kind == RT_JSON_ARRAY && i < ranges->count; i++)
        all = add_range(arena, type, &ranges->items[i], &set) || all;
    for (size_t i = 0; listed != NULL && listed->kind == RT_JSON_ARRAY && i < listed->count; i++)
        if (listed->items[i].kind == RT_JSON_STRING)
            rt_versions_add(&set, "", listed->items[i].text);
    *ret_versions = all ? (RtStr){ 0 } : rt_text_str(&set);
    return all || set.len > 0;
}

/* ---- records ------------------------------------------------------------------------------- */

static RtStr first_reference(const RtJson *json)
{
    const RtJson *list = rt_json_get(json, RT_STR("references"));
    RtStr any = { 0 };
    for (size_t i = 0; list != NULL && list->kind == RT_JSON_ARRAY && i < list->count; i++) {
        RtStr url = rt_json_text(&list->items[i], RT_STR("url"));
        if (url.len > 0 &&
            !rt_str_equal(rt_json_text(&list->items[i], RT_STR("type")), RT_STR("PACKAGE")))
            return url;
        any = any.len > 0 ? any : url;
    }
    return any;
}

/* What we wrote ourselves beyond the schema. */
static void take_own(const RtJson *specific, RtIntelEntry *entry)
{
    const RtJson *own = rt_json_get(specific, RT_STR("ratter"));
    const RtJson *confidence = rt_json_get(own, RT_STR("confidence"));
    if (own == NULL)
        return;
    entry->campaign = rt_json_text(own, RT_STR("campaign"));
    (void)rt_intel_role_find(rt_json_text(own, RT_STR("role")), &entry->role);
    (void)rt_intel_tlp_find(rt_json_text(own, RT_STR("tlp")), &entry->tlp);
    if (confidence != NULL && confidence->kind == RT_JSON_NUMBER && confidence->number >= 0 &&
        confidence->number <= 100)
        entry->confidence = (uint8_t)confidence->number;
}

static void take_affected(const RtJson *affected, const RtIntelEntry *common, RtIntelTaker *to)
{
    const RtJson *package = rt_json_get(affected, RT_STR("package"));
    RtIntelEntry entry = *common;
    entry.kind = RT_INTEL_PACKAGE;
    entry.value = rt_json_text(package, RT_STR("name"));
    entry.ecosystem = rt_ecosystem_type(to->arena, rt_json_text(package, RT_STR("ecosystem")));
    if (entry.value.len == 0 || entry.ecosystem.len == 0) {
        to->bad(to->context, common->id, "an affected package without name or ecosystem");
        return;
    }
    if (!take_versions(to->arena, entry.ecosystem, affected, &entry.versions)) {
        to->bad(to->context, common->id, "an affected package without versions or ranges");
        return;
    }
    entry.role = entry.versions.len == 0 ? RT_ROLE_ACTOR : RT_ROLE_NOT_SAID;
    take_own(rt_json_get(affected, RT_STR("database_specific")), &entry);
    if (entry.role == RT_ROLE_VICTIM && entry.versions.len == 0)
        entry.role = RT_ROLE_NOT_SAID;
    to->entry(to->context, &entry);
}

static void take_indicators(const RtJson *iocs, const RtIntelEntry *common, RtIntelTaker *to)
{
    static const struct {
        const char *key;
        RtIntelKind kind;
    } lists[] = { { "domains", RT_INTEL_DOMAIN },
                  { "urls", RT_INTEL_URL },
                  { "ips", RT_INTEL_IP } };
    for (size_t i = 0; i < RT_COUNT(lists); i++) {
        const RtJson *list = rt_json_get(iocs, rt_str_from_c(lists[i].key));
        for (size_t k = 0; list != NULL && list->kind == RT_JSON_ARRAY && k < list->count; k++) {
            RtIntelEntry entry = *common;
            entry.kind = lists[i].kind;
            entry.value = list->items[k].text;
            to->entry(to->context, &entry);
        }
    }
}

static void record(const RtJson *json, RtIntelTaker *to)
{
    RtIntelEntry common = {
        .role = RT_ROLE_NOT_SAID,
        .id = rt_json_text(json, RT_STR("id")),
        .summary = rt_json_text(json, RT_STR("summary")),
        .reference = first_reference(json),
        .confidence = CONFIDENCE,
        .modified = rt_time_read(rt_json_text(json, RT_STR("modified"))),
        .valid_from = rt_time_read(rt_json_text(json, RT_STR("published"))),
        .withdrawn = rt_time_read(rt_json_text(json, RT_STR("withdrawn"))),
    };
    const RtJson *withdrawn = rt_json_get(json, RT_STR("withdrawn"));
    if (json->kind != RT_JSON_OBJECT || common.id.len == 0) {
        to->bad(to->context, RT_STR("a record"), "has no id");
        return;
    }
    if (!is_malware(json)) {
        to->others++;
        return;
    }
    if (withdrawn != NULL && withdrawn->kind == RT_JSON_STRING && common.withdrawn == 0)
        common.withdrawn = common.modified > 0 ? common.modified : 1; /* a time we cannot read */
    const RtJson *affected = rt_json_get(json, RT_STR("affected"));
    if (common.modified == 0 || affected == NULL || affected->kind != RT_JSON_ARRAY) {
        to->bad(to->context, common.id, "has no time of modification, or nothing affected");
        return;
    }
    for (size_t i = 0; i < affected->count; i++)
        take_affected(&affected->items[i], &common, to);
    take_indicators(rt_json_get(rt_json_get(json, RT_STR("database_specific")), RT_STR("iocs")),
                    &common, to);
}

static void read_osv(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    rt_feed_json(name, bytes, to, record);
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Items of the set as events of one range each; single versions go to `versions`. */
static void write_sets(RtText *out, const RtIntelEntry *entry)
{
    RtStr rest = entry->versions, item, bound;
    rt_json_key(out, "versions");
    rt_text_byte(out, '[');
    while (rt_str_next(&rest, '|', &item))
        if (item.len > 0 && item.at[0] != '<' && item.at[0] != '>') {
            rt_json_comma(out);
            rt_json_quote(out, item);
        }
    rt_text_byte(out, ']');
    RtText ranges = { .arena = out->arena };
    for (rest = entry->versions; rt_str_next(&rest, '|', &item);) {
        if (item.len == 0 || (item.at[0] != '<' && item.at[0] != '>'))
            continue;
        rt_json_comma(&ranges);
        rt_text_add(&ranges, RT_STR("{\"type\":\"ECOSYSTEM\",\"events\":["));
        if (item.at[0] == '<')
            rt_text_add(&ranges, RT_STR("{\"introduced\":\"0\"}"));
        while (rt_str_next(&item, ' ', &bound)) {
            bool with_equal = bound.len > 1 && bound.at[1] == '=';
            rt_json_comma(&ranges);
            rt_text_format(&ranges, "{\"%s\":",
                           bound.at[0] == '>' ? "introduced"
                           : with_equal       ? "last_affected"
                                              : "fixed");
            rt_json_quote(&ranges, rt_str_from(bound, with_equal ? 2 : 1));
            rt_text_byte(&ranges, '}');
        }
        rt_text_add(&ranges, RT_STR("]}"));
    }
    if (entry->versions.len == 0)
        rt_text_add(&ranges,
                    RT_STR("{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"}]}"));
    if (ranges.len > 0) {
        rt_json_key(out, "ranges");
        rt_text_byte(out, '[');
        rt_text_add(out, rt_text_str(&ranges));
        rt_text_byte(out, ']');
    }
}

static void write_affected(RtText *out, const RtIntelEntry *entry)
{
    rt_json_key(out, "affected");
    rt_text_add(out, RT_STR("[{\"package\":{"));
    rt_json_pair(out, "ecosystem", rt_ecosystem_osv(entry->ecosystem));
    rt_json_pair(out, "name", entry->value);
    rt_text_byte(out, '}');
    write_sets(out, entry);
    rt_json_key(out, "database_specific");
    rt_text_add(out,
                RT_STR("{\"cwes\":[{\"cweId\":\"CWE-506\",\"name\":\"Embedded Malicious Code\","
                       "\"description\":\"The product contains code that appears to be "
                       "malicious in nature.\"}],\"ratter\":{"));
    rt_json_pair(out, "role", rt_intel_role_name(entry->role));
    rt_json_pair(out, "tlp", rt_intel_tlp_name(entry->tlp));
    rt_json_pair(out, "campaign", entry->campaign);
    rt_json_key(out, "confidence");
    rt_text_format(out, "%u}}}]", (unsigned)entry->confidence);
}

/* Ids of others stand; our own take the form in which ossf/malicious-packages is sent reports. */
static RtStr record_id(RtArena *arena, const RtIntelEntry *entry)
{
    if (is_mal(entry->id))
        return entry->id;
    RtText id = { .arena = arena };
    rt_text_add(&id, RT_STR("MAL-0000-"));
    for (size_t i = 0; i < entry->value.len; i++) {
        uint8_t byte = entry->value.at[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
        rt_text_byte(&id, plain ? byte : '-');
    }
    rt_text_format(&id, "-%.*s", RT_FMT(rt_entry_digest(arena, entry, 4)));
    return rt_text_str(&id);
}

static void write_record(RtIntelExport *what, const RtIntelEntry *entry, RtText *out)
{
    RtArena *arena = out->arena;
    RtStr time = rt_time_text(arena, entry->modified ? entry->modified : what->time);
    rt_text_add(out, RT_STR("{\"schema_version\":\"1.7.4\""));
    rt_json_pair(out, "id", record_id(arena, entry));
    rt_json_pair(out, "modified", time);
    rt_json_pair(out, "published",
                 entry->valid_from ? rt_time_text(arena, entry->valid_from) : time);
    if (entry->withdrawn)
        rt_json_pair(out, "withdrawn", rt_time_text(arena, entry->withdrawn));
    RtStr summary = rt_str_format(arena, "Malicious code in %.*s (%.*s)", RT_FMT(entry->value),
                                  RT_FMT(rt_ecosystem_osv(entry->ecosystem)));
    rt_json_pair(out, "summary", summary);
    if (entry->summary.len > 0 && !rt_str_equal(entry->summary, summary))
        rt_json_pair(out, "details", entry->summary);
    write_affected(out, entry);
    if (rt_str_starts(entry->reference, RT_STR("http"))) {
        rt_json_key(out, "references");
        rt_text_add(out, RT_STR("[{\"type\":\"REPORT\""));
        rt_json_pair(out, "url", entry->reference);
        rt_text_add(out, RT_STR("}]"));
    }
    rt_json_key(out, "credits");
    rt_text_add(out, RT_STR("[{\"name\":\"ratter\",\"type\":\"TOOL\"}]}\n"));
}

static void write_osv(RtIntelExport *what, RtText *out)
{
    for (size_t i = 0; i < what->count; i++) {
        if (what->entries[i].kind == RT_INTEL_PACKAGE)
            write_record(what, &what->entries[i], out);
        else
            what->left_out++;
    }
}

const RtIntelFormat rt_intel_format_osv = {
    .name = "osv",
    .title = "OSV records of malicious packages, one per line",
    .bid = bid,
    .read = read_osv,
    .write = write_osv,
};
