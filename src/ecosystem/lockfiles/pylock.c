/* pylock.c - pylock.toml (PEP 751). */
#include "ecosystem/lockfiles/lock_python.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("pylock.toml")) ||
           (rt_str_starts(name, RT_STR("pylock.")) && rt_str_ends(name, RT_STR(".toml"))) ||
           (rt_str_has(head, RT_STR("lock-version")) && rt_str_has(head, RT_STR("[[packages]]")));
}

static void take_source(RtLockWriter *out, RtDependency *item, const RtDoc *package)
{
    const RtDoc *vcs = rt_doc_map(package, RT_STR("vcs"));
    const RtDoc *archive = rt_doc_map(package, RT_STR("archive"));
    const RtDoc *directory = rt_doc_map(package, RT_STR("directory"));
    if (vcs->count > 0) {
        item->source = RT_FROM_GIT;
        item->url = rt_str_format(out->arena, "%.*s#%.*s", RT_FMT(rt_doc_text(vcs, RT_STR("url"))),
                                  RT_FMT(rt_doc_text(vcs, RT_STR("commit-id"))));
    } else if (directory->count > 0) {
        item->source = RT_FROM_PATH;
        item->url = rt_doc_text(directory, RT_STR("path"));
    } else if (archive->count > 0) {
        item->source = rt_doc_text(archive, RT_STR("url")).len ? RT_FROM_URL : RT_FROM_PATH;
        rt_lock_python_file(out, item, archive);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_toml(out);
    const RtDoc *packages = rt_doc_list(root, RT_STR("packages"));
    uint32_t *ids = RT_NEW_ARRAY(out->arena, uint32_t, packages->count);
    for (size_t i = 0; i < packages->count; i++) {
        const RtDoc *package = &packages->items[i];
        RtDependency item = { .registry = rt_doc_text(package, RT_STR("index")) };
        const RtDoc *wheels = rt_doc_list(package, RT_STR("wheels"));
        for (size_t j = 0; j < wheels->count; j++)
            rt_lock_python_file(out, &item, &wheels->items[j]);
        rt_lock_python_file(out, &item, rt_doc_map(package, RT_STR("sdist")));
        take_source(out, &item, package);
        ids[i] = rt_lock_python_add(out, package, item);
    }
    for (size_t i = 0; i < packages->count; i++)
        if (ids[i] != 0)
            rt_lock_python_needs(out, ids[i],
                                 rt_doc_get(&packages->items[i], RT_STR("dependencies")));
    rt_lock_guess_direct(out);
    out->wanted_kind = RT_WANTED_NAMES;
}

const RtLockfile rt_lockfile_pylock = { .name = "pylock", .claims = claims, .read = read_lock };
