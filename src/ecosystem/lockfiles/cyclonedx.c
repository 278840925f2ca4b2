/* cyclonedx.c - a CycloneDX bill of materials in JSON (ECMA-424): components by purl, hashes in
 * hex, who depends on whom by reference. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("bom.json")) || rt_str_ends(name, RT_STR(".cdx.json")) ||
           rt_str_ends(name, RT_STR(".cyclonedx.json")) ||
           (rt_str_has(head, RT_STR("\"bomFormat\"")) && rt_str_has(head, RT_STR("CycloneDX")));
}

static RtStr distribution(const RtDoc *component)
{
    const RtDoc *references = rt_doc_list(component, RT_STR("externalReferences"));
    for (size_t i = 0; i < references->count; i++)
        if (rt_str_equal(rt_doc_text(&references->items[i], RT_STR("type")),
                         RT_STR("distribution")))
            return rt_doc_text(&references->items[i], RT_STR("url"));
    return RT_STR("");
}

/* Depth is bounded by the JSON reader. */
static void take_components(RtLockWriter *out, const RtDoc *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const RtDoc *component = &list->items[i];
        RtDependency item = { .line = component->line, .url = distribution(component) };
        bool has_purl = rt_lock_purl(out, rt_doc_text(component, RT_STR("purl")), &item);
        if (has_purl) {
            const RtDoc *hashes = rt_doc_list(component, RT_STR("hashes"));
            for (size_t j = 0; j < hashes->count; j++)
                rt_lock_one_integrity(
                    out, &item,
                    rt_str_format(out->arena, "%.*s:%.*s",
                                  RT_FMT(rt_doc_text(&hashes->items[j], RT_STR("alg"))),
                                  RT_FMT(rt_doc_text(&hashes->items[j], RT_STR("content")))));
            RtStr scope = rt_doc_text(component, RT_STR("scope"));
            item.flags |= rt_str_equal(scope, RT_STR("optional")) ? RT_DEP_OPTIONAL : 0;
            rt_lock_key(out, rt_doc_text(component, RT_STR("bom-ref")), rt_lock_add(out, item));
        }
        take_components(out, rt_doc_list(component, RT_STR("components")));
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_json(out, false);
    if (root && !rt_doc_get(root, RT_STR("bomFormat"))) {
        rt_lock_broken(out, RT_STR("wrong-type"), RT_STR("no CycloneDX document"), 1);
        return;
    }
    take_components(out, rt_doc_list(root, RT_STR("components")));
    RtStr own = rt_doc_text(rt_doc_map(rt_doc_map(root, RT_STR("metadata")), RT_STR("component")),
                            RT_STR("bom-ref"));
    const RtDoc *needs = rt_doc_list(root, RT_STR("dependencies"));
    for (size_t i = 0; i < needs->count; i++) {
        RtStr reference = rt_doc_text(&needs->items[i], RT_STR("ref"));
        uint32_t from = rt_lock_find(out, reference);
        const RtDoc *on = rt_doc_list(&needs->items[i], RT_STR("dependsOn"));
        if (from == 0 && !rt_str_equal(reference, own))
            continue;
        for (size_t j = 0; j < on->count; j++)
            rt_lock_needs(out, from, rt_lock_find(out, on->items[j].text));
    }
}

const RtLockfile rt_lockfile_cyclonedx = { .name = "cyclonedx",
                                           .claims = claims,
                                           .read = read_lock };
