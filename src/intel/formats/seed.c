/* seed.c - the form of our own list: JSON, one object per entry, kept by hand and reviewed.
 *
 * {"type":"package","ecosystem":"npm","name":"…","versions":["1.0.1"]|null,"campaign":"…",
 *  "source":"who says so","confidence":"high|medium|low","victim":true|absent,"note":"…",
 *  "role":"actor|victim|target"|absent,"modified":"2026-11-21"}; everything but packages has
 * "value" in place of "name". */
#include "intel/formats.h"
#include "intel/names.h"

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    RtStr head = rt_str_trim(rt_str_sub(bytes, 0, 4096));
    if (head.len == 0 || (head.at[0] != '{' && head.at[0] != '['))
        return 0;
    return rt_str_has(head, RT_STR("\"type\"")) && rt_str_has(head, RT_STR("\"campaign\"")) &&
                   rt_str_has(head, RT_STR("\"confidence\""))
               ? 60
               : 0;
}

static uint8_t confidence_of(RtStr word)
{
    if (rt_str_equal(word, RT_STR("high")))
        return 90;
    return rt_str_equal(word, RT_STR("medium")) ? 60 : 30;
}

static RtStr set_of(RtArena *arena, const RtJson *versions)
{
    RtText set = { .arena = arena };
    for (size_t i = 0; versions != NULL && versions->kind == RT_JSON_ARRAY && i < versions->count;
         i++)
        rt_versions_add(&set, "", versions->items[i].text);
    return rt_text_str(&set);
}

static void record(const RtJson *json, RtIntelTaker *to)
{
    RtIntelEntry entry = { .role = RT_ROLE_NOT_SAID };
    RtStr type = rt_json_text(json, RT_STR("type"));
    if (!rt_intel_kind_find(type, &entry.kind)) {
        to->bad(to->context, rt_json_text(json, RT_STR("value")), "is of no known type");
        return;
    }
    const RtJson *victim = rt_json_get(json, RT_STR("victim"));
    const RtJson *versions = rt_json_get(json, RT_STR("versions"));
    bool is_package = entry.kind == RT_INTEL_PACKAGE;
    entry.ecosystem = rt_json_text(json, RT_STR("ecosystem"));
    entry.value = rt_json_text(json, is_package ? RT_STR("name") : RT_STR("value"));
    entry.versions = set_of(to->arena, versions);
    entry.campaign = rt_json_text(json, RT_STR("campaign"));
    entry.summary = rt_json_text(json, RT_STR("note"));
    entry.reference = rt_json_text(json, RT_STR("source"));
    entry.confidence = confidence_of(rt_json_text(json, RT_STR("confidence")));
    entry.modified = rt_time_read(rt_json_text(json, RT_STR("modified")));
    if (is_package)
        entry.role = entry.versions.len == 0 ? RT_ROLE_ACTOR : RT_ROLE_NOT_SAID;
    if (victim != NULL && victim->kind == RT_JSON_BOOL && victim->truth)
        entry.role = RT_ROLE_VICTIM;
    if (entry.kind == RT_INTEL_EXTENSION)
        entry.role = RT_ROLE_TARGET;
    (void)rt_intel_role_find(rt_json_text(json, RT_STR("role")), &entry.role);
    bool none_usable = versions != NULL && versions->kind == RT_JSON_ARRAY && versions->count > 0 &&
                       entry.versions.len == 0;
    if (none_usable)
        to->bad(to->context, entry.value, "none of its versions is one");
    else
        to->entry(to->context, &entry);
}

static void read_seed(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    rt_feed_json(name, bytes, to, record);
}

const RtIntelFormat rt_intel_format_seed = {
    .name = "seed",
    .title = "the list that ratter ships, in plain JSON",
    .bid = bid,
    .read = read_seed,
};
