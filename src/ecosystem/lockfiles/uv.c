/* uv.c - uv.lock: every file with its absolute address, hash and size (docs.astral.sh/uv). */
#include "ecosystem/lockfiles/lock_python.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    return rt_str_equal(rt_path_name(path), RT_STR("uv.lock")) ||
           (rt_str_has(head, RT_STR("[[package]]")) &&
            rt_str_has(head, RT_STR("source = { registry = ")));
}

static bool take_source(RtDependency *item, const RtDoc *package)
{
    static const struct {
        const char *key;
        RtDependencySource source;
        bool is_project;
    } kinds[] = { { "git", RT_FROM_GIT, false },      { "url", RT_FROM_URL, false },
                  { "path", RT_FROM_PATH, false },    { "directory", RT_FROM_PATH, false },
                  { "editable", RT_FROM_PATH, true }, { "virtual", RT_FROM_PATH, true } };
    const RtDoc *source = rt_doc_map(package, RT_STR("source"));
    item->registry = rt_doc_text(source, RT_STR("registry"));
    for (size_t i = 0; i < RT_COUNT(kinds); i++) {
        RtStr value = rt_doc_text(source, rt_str_from_c(kinds[i].key));
        if (value.len == 0)
            continue;
        item->source = kinds[i].source;
        item->url = value;
        return kinds[i].is_project;
    }
    return false;
}

static void take_needs(RtLockWriter *out, uint32_t from, const RtDoc *package)
{
    static const char *const groups[] = { "optional-dependencies", "dev-dependencies" };
    rt_lock_python_needs(out, from, rt_doc_get(package, RT_STR("dependencies")));
    for (size_t i = 0; i < RT_COUNT(groups); i++) {
        const RtDoc *map = rt_doc_map(package, rt_str_from_c(groups[i]));
        for (size_t j = 0; j < map->count; j++)
            if (map->items[j].kind == RT_DOC_LIST)
                rt_lock_python_needs(out, from, &map->items[j]);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_toml(out);
    const RtDoc *packages = rt_doc_list(root, RT_STR("package"));
    uint32_t *ids = RT_NEW_ARRAY(out->arena, uint32_t, packages->count);
    bool *own = RT_NEW_ARRAY(out->arena, bool, packages->count);
    for (size_t i = 0; i < packages->count; i++) {
        const RtDoc *package = &packages->items[i];
        RtDependency item = { 0 };
        own[i] = take_source(&item, package);
        const RtDoc *sdist = rt_doc_map(package, RT_STR("sdist"));
        const RtDoc *wheels = rt_doc_list(package, RT_STR("wheels"));
        for (size_t j = 0; j < wheels->count; j++)
            rt_lock_python_file(out, &item, &wheels->items[j]);
        rt_lock_python_file(out, &item, sdist);
        ids[i] = rt_lock_python_add(out, package, item);
    }
    for (size_t i = 0; i < packages->count; i++) {
        if (ids[i] == 0)
            continue;
        take_needs(out, ids[i], &packages->items[i]);
        if (own[i])
            rt_lock_needs(out, 0, ids[i]);
    }
    out->wanted_kind = RT_WANTED_NAMES;
}

const RtLockfile rt_lockfile_uv = { .name = "uv", .claims = claims, .read = read_lock };
