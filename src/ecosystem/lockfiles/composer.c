/* composer.c - composer.lock: archives and repositories with a commit, SHA-1 when the registry
 * tells one (getcomposer.org, doc/01 and the schema). A composer-plugin runs inside composer. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    return rt_str_equal(rt_path_name(path), RT_STR("composer.lock")) ||
           (rt_str_has(head, RT_STR("\"content-hash\"")) &&
            rt_str_has(head, RT_STR("\"packages\"")));
}

static void take_package(RtLockWriter *out, const RtDoc *package, uint32_t flags)
{
    const RtDoc *dist = rt_doc_map(package, RT_STR("dist"));
    const RtDoc *source = rt_doc_map(package, RT_STR("source"));
    RtDependency item = { .ecosystem = RT_STR("composer"),
                          .name = rt_str_lower(out->arena, rt_doc_text(package, RT_STR("name"))),
                          .version = rt_doc_text(package, RT_STR("version")),
                          .url = rt_doc_text(dist, RT_STR("url")),
                          .line = package->line,
                          .flags = flags };
    if (item.name.len == 0) {
        rt_lock_broken(out, RT_STR("wrong-type"), RT_STR("a package without a name"),
                       package->line);
        return;
    }
    if (rt_str_equal(rt_doc_text(dist, RT_STR("type")), RT_STR("path")))
        item.source = RT_FROM_PATH;
    if (item.url.len == 0 && source->count > 0) {
        item.source = RT_FROM_GIT;
        item.url =
            rt_str_format(out->arena, "%.*s#%.*s", RT_FMT(rt_doc_text(source, RT_STR("url"))),
                          RT_FMT(rt_doc_text(source, RT_STR("reference"))));
    }
    RtStr sum = rt_doc_text(dist, RT_STR("shasum"));
    if (sum.len > 0)
        rt_lock_one_integrity(out, &item, rt_str_format(out->arena, "sha1:%.*s", RT_FMT(sum)));
    RtStr type = rt_doc_text(package, RT_STR("type"));
    if (rt_str_equal(type, RT_STR("composer-plugin")) ||
        rt_str_equal(type, RT_STR("composer-installer")))
        item.flags |= RT_DEP_PLUGIN;
    rt_lock_key(out, item.name, rt_lock_add(out, item));
}

static void take_needs(RtLockWriter *out, const RtDoc *package)
{
    uint32_t from =
        rt_lock_find(out, rt_str_lower(out->arena, rt_doc_text(package, RT_STR("name"))));
    const RtDoc *needs = rt_doc_map(package, RT_STR("require"));
    for (size_t i = 0; from != 0 && i < needs->count; i++)
        rt_lock_needs(out, from, rt_lock_find(out, rt_str_lower(out->arena, needs->keys[i].text)));
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_json(out, false);
    const RtDoc *lists[2] = { rt_doc_list(root, RT_STR("packages")),
                              rt_doc_list(root, RT_STR("packages-dev")) };
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            take_package(out, &lists[i]->items[j], i == 1 ? RT_DEP_DEV : 0);
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            take_needs(out, &lists[i]->items[j]);
    rt_lock_guess_direct(out);
    out->wanted_kind = RT_WANTED_NAMES;
}

const RtLockfile rt_lockfile_composer = { .name = "composer", .claims = claims, .read = read_lock };
