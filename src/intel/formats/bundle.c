/* bundle.c - ratter's own form: everything an entry holds, one JSON object per line. What signed
 * bundles carry between organisations (docs/INTEL.md). */
#include "intel/formats.h"
#include "intel/names.h"

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    return rt_str_starts(rt_str_trim(rt_str_sub(bytes, 0, 256)), RT_STR("{\"ratter-intel\":1,"))
               ? 95
               : 0;
}

static uint8_t small_number(const RtJson *json, RtStr key, uint8_t most)
{
    const RtJson *number = rt_json_get(json, key);
    bool good = number != NULL && number->kind == RT_JSON_NUMBER && number->number >= 0 &&
                number->number <= most;
    return good ? (uint8_t)number->number : 0;
}

static int64_t time_of(const RtJson *json, RtStr key)
{
    return rt_time_read(rt_json_text(json, key));
}

static void record(const RtJson *json, RtIntelTaker *to)
{
    RtIntelEntry entry = {
        .ecosystem = rt_json_text(json, RT_STR("ecosystem")),
        .value = rt_json_text(json, RT_STR("value")),
        .versions = rt_json_text(json, RT_STR("versions")),
        .id = rt_json_text(json, RT_STR("id")),
        .campaign = rt_json_text(json, RT_STR("campaign")),
        .summary = rt_json_text(json, RT_STR("summary")),
        .reference = rt_json_text(json, RT_STR("reference")),
        .confidence = small_number(json, RT_STR("confidence"), 100),
        .modified = time_of(json, RT_STR("modified")),
        .valid_from = time_of(json, RT_STR("valid_from")),
        .valid_until = time_of(json, RT_STR("valid_until")),
        .withdrawn = time_of(json, RT_STR("withdrawn")),
    };
    if (small_number(json, RT_STR("ratter-intel"), 100) != 1)
        to->bad(to->context, entry.value, "is of a version of the bundle that is not known");
    else if (!rt_intel_kind_find(rt_json_text(json, RT_STR("kind")), &entry.kind) ||
             !rt_intel_role_find(rt_json_text(json, RT_STR("role")), &entry.role) ||
             !rt_intel_tlp_find(rt_json_text(json, RT_STR("tlp")), &entry.tlp))
        to->bad(to->context, entry.value, "has a kind, role or marking that is not known");
    else
        to->entry(to->context, &entry);
}

static void read_bundle(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    rt_feed_json(name, bytes, to, record);
}

static void pair_time(RtText *out, const char *key, int64_t seconds)
{
    if (seconds > 0)
        rt_json_pair(out, key, rt_time_text(out->arena, seconds));
}

static void write_bundle(RtIntelExport *what, RtText *out)
{
    for (size_t i = 0; i < what->count; i++) {
        const RtIntelEntry *entry = &what->entries[i];
        rt_text_add(out, RT_STR("{\"ratter-intel\":1"));
        rt_json_pair(out, "kind", rt_intel_kind_name(entry->kind));
        rt_json_pair(out, "role", rt_intel_role_name(entry->role));
        rt_json_pair(out, "tlp", rt_intel_tlp_name(entry->tlp));
        rt_json_key(out, "confidence");
        rt_text_format(out, "%u", (unsigned)entry->confidence);
        rt_json_pair(out, "ecosystem", entry->ecosystem);
        rt_json_pair(out, "value", entry->value);
        rt_json_pair(out, "versions", entry->versions);
        rt_json_pair(out, "id", entry->id);
        rt_json_pair(out, "campaign", entry->campaign);
        rt_json_pair(out, "summary", entry->summary);
        rt_json_pair(out, "reference", entry->reference);
        pair_time(out, "modified", entry->modified);
        pair_time(out, "valid_from", entry->valid_from);
        pair_time(out, "valid_until", entry->valid_until);
        pair_time(out, "withdrawn", entry->withdrawn);
        rt_text_add(out, RT_STR("}\n"));
    }
}

const RtIntelFormat rt_intel_format_bundle = {
    .name = "bundle",
    .title = "ratter's own, with everything that is known; may be signed",
    .bid = bid,
    .read = read_bundle,
    .write = write_bundle,
};
