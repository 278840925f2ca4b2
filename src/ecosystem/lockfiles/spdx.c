/* spdx.c - an SPDX 2.x document in JSON (spdx.github.io/spdx-spec): packages with a purl among
 * their references, checksums in hex, relationships in either direction. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    return rt_str_ends(rt_path_name(path), RT_STR(".spdx.json")) ||
           rt_str_has(head, RT_STR("\"spdxVersion\""));
}

static bool take_purl(RtLockWriter *out, const RtDoc *package, RtDependency *item)
{
    const RtDoc *references = rt_doc_list(package, RT_STR("externalRefs"));
    for (size_t i = 0; i < references->count; i++)
        if (rt_lock_purl(out, rt_doc_text(&references->items[i], RT_STR("referenceLocator")), item))
            return true;
    return false;
}

static void take_package(RtLockWriter *out, const RtDoc *package)
{
    RtDependency item = { .line = package->line };
    if (!take_purl(out, package, &item))
        return;
    RtStr from = rt_doc_text(package, RT_STR("downloadLocation"));
    if (rt_str_starts(from, RT_STR("http")))
        item.url = from;
    const RtDoc *sums = rt_doc_list(package, RT_STR("checksums"));
    for (size_t i = 0; i < sums->count; i++)
        rt_lock_one_integrity(
            out, &item,
            rt_str_format(out->arena, "%.*s:%.*s",
                          RT_FMT(rt_doc_text(&sums->items[i], RT_STR("algorithm"))),
                          RT_FMT(rt_doc_text(&sums->items[i], RT_STR("checksumValue")))));
    rt_lock_key(out, rt_doc_text(package, RT_STR("SPDXID")), rt_lock_add(out, item));
}

static void take_relationship(RtLockWriter *out, const RtDoc *relationship, uint32_t own)
{
    RtStr type = rt_doc_text(relationship, RT_STR("relationshipType"));
    uint32_t a = rt_lock_find(out, rt_doc_text(relationship, RT_STR("spdxElementId")));
    uint32_t b = rt_lock_find(out, rt_doc_text(relationship, RT_STR("relatedSpdxElement")));
    bool backwards = rt_str_ends(type, RT_STR("DEPENDENCY_OF"));
    if (!backwards && !rt_str_equal(type, RT_STR("DEPENDS_ON")))
        return;
    uint32_t from = backwards ? b : a, to = backwards ? a : b;
    rt_lock_needs(out, from == own ? 0 : from, to == own ? 0 : to);
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_json(out, false);
    const RtDoc *packages = rt_doc_list(root, RT_STR("packages"));
    const RtDoc *relationships = rt_doc_list(root, RT_STR("relationships"));
    for (size_t i = 0; i < packages->count; i++)
        take_package(out, &packages->items[i]);
    uint32_t own = 0;
    for (size_t i = 0; i < relationships->count && own == 0; i++)
        if (rt_str_equal(rt_doc_text(&relationships->items[i], RT_STR("relationshipType")),
                         RT_STR("DESCRIBES")))
            own = rt_lock_find(out,
                               rt_doc_text(&relationships->items[i], RT_STR("relatedSpdxElement")));
    for (size_t i = 0; i < relationships->count; i++)
        take_relationship(out, &relationships->items[i], own);
    if (own != 0)
        rt_lock_item(out, own)->source = RT_FROM_PATH; /* what the document is about */
}

const RtLockfile rt_lockfile_spdx = { .name = "spdx", .claims = claims, .read = read_lock };
