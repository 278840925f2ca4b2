/* report.c - what `ratter scan --format json|jsonl` found, as intelligence: an artifact judged
 * malicious gives its package in that one version and the digest of its file.
 *
 * Only what was judged malicious: a suspicion is for the person who scanned, not for a feed. The
 * hosts in a report's evidence are left out as well: malware talks to honest hosts, too. */
#include "intel/formats.h"
#include "intel/purl.h"

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    return rt_str_has(rt_str_sub(bytes, 0, 512), RT_STR("\"ratter-report/1\"")) ? 95 : 0;
}

static RtStr why_of(RtArena *arena, const RtJson *json)
{
    const RtJson *findings = rt_json_get(json, RT_STR("findings"));
    RtText why = { .arena = arena, .limit = 380 };
    for (size_t i = 0;
         findings != NULL && findings->kind == RT_JSON_ARRAY && i < findings->count && i < 3; i++) {
        if (why.len > 0)
            rt_text_add(&why, RT_STR("; "));
        rt_text_add(&why, rt_json_text(&findings->items[i], RT_STR("title")));
    }
    return rt_text_str(&why);
}

static void artifact(const RtJson *json, RtIntelTaker *to)
{
    const RtJson *about = rt_json_get(json, RT_STR("artifact"));
    const RtJson *score = rt_json_get(json, RT_STR("score"));
    if (!rt_str_equal(rt_json_text(json, RT_STR("verdict")), RT_STR("malicious"))) {
        to->others++;
        return;
    }
    RtPurl purl;
    RtIntelEntry entry = { .role = RT_ROLE_NOT_SAID, .summary = why_of(to->arena, json) };
    if (score != NULL && score->kind == RT_JSON_NUMBER && score->number >= 0 && score->number <= 1)
        entry.confidence = (uint8_t)(score->number * 100);
    RtStr digest = rt_json_text(about, RT_STR("sha256"));
    bool has_purl = rt_purl_read(to->arena, rt_json_text(about, RT_STR("purl")), &purl);
    RtText set = { .arena = to->arena };
    if (has_purl && rt_versions_add(&set, "", purl.version)) {
        RtIntelEntry package = entry;
        package.kind = RT_INTEL_PACKAGE;
        package.ecosystem = purl.type;
        package.value = rt_purl_package(to->arena, &purl);
        package.versions = rt_text_str(&set);
        to->entry(to->context, &package);
    }
    if (digest.len > 0) {
        entry.kind = RT_INTEL_SHA256;
        entry.value = digest;
        to->entry(to->context, &entry);
    }
    if (digest.len == 0 && set.len == 0)
        to->bad(to->context, rt_json_text(about, RT_STR("path")),
                "has neither a version nor a digest");
}

static void record(const RtJson *json, RtIntelTaker *to)
{
    const RtJson *reports = rt_json_get(json, RT_STR("reports"));
    if (reports == NULL) {
        artifact(json, to);
        return;
    }
    for (size_t i = 0; reports->kind == RT_JSON_ARRAY && i < reports->count; i++)
        artifact(&reports->items[i], to);
}

static void read_report(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    rt_feed_json(name, bytes, to, record);
}

const RtIntelFormat rt_intel_format_report = {
    .name = "report",
    .title = "what ratter scan judged malicious (json, jsonl)",
    .bid = bid,
    .read = read_report,
};
