/* pipenv.c - Pipfile.lock: default and develop, each with hashes, and the indexes by name
 * (pipenv.pypa.io). Who needs whom is not in it. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    return rt_str_equal(rt_path_name(path), RT_STR("Pipfile.lock")) ||
           rt_str_has(head, RT_STR("\"pipfile-spec\""));
}

static RtStr index_url(const RtDoc *sources, RtStr name)
{
    for (size_t i = 0; i < sources->count && i < 64; i++)
        if (rt_str_equal(rt_doc_text(&sources->items[i], RT_STR("name")), name))
            return rt_doc_text(&sources->items[i], RT_STR("url"));
    return RT_STR("");
}

static void take_source(RtDependency *item, const RtDoc *entry)
{
    static const struct {
        const char *key;
        RtDependencySource source;
    } kinds[] = { { "git", RT_FROM_GIT }, { "file", RT_FROM_URL }, { "path", RT_FROM_PATH } };
    for (size_t i = 0; i < RT_COUNT(kinds); i++) {
        RtStr value = rt_doc_text(entry, rt_str_from_c(kinds[i].key));
        if (value.len == 0)
            continue;
        item->url = value;
        item->source = kinds[i].source;
    }
}

static void take_section(RtLockWriter *out, const RtDoc *root, const char *section, uint32_t flags,
                         const RtDoc *sources)
{
    const RtDoc *map = rt_doc_map(root, rt_str_from_c(section));
    for (size_t i = 0; i < map->count; i++) {
        const RtDoc *entry = &map->items[i];
        if (entry->kind != RT_DOC_MAP) {
            rt_lock_broken(out, RT_STR("wrong-type"), map->keys[i].text, map->keys[i].line);
            continue;
        }
        RtDependency item = { .ecosystem = RT_STR("pypi"),
                              .name = rt_lock_pypi_name(out, map->keys[i].text),
                              .version = rt_doc_text(entry, RT_STR("version")),
                              .line = map->keys[i].line,
                              .flags = flags };
        while (item.version.len > 0 && item.version.at[0] == '=')
            item.version = rt_str_from(item.version, 1);
        take_source(&item, entry);
        item.registry = index_url(sources, rt_doc_text(entry, RT_STR("index")));
        const RtDoc *hashes = rt_doc_list(entry, RT_STR("hashes"));
        for (size_t j = 0; j < hashes->count; j++)
            rt_lock_one_integrity(out, &item, hashes->items[j].text);
        if (item.source == RT_FROM_REGISTRY && !rt_lock_is_exact(item.version))
            item.flags |= RT_DEP_LOOSE;
        rt_lock_add(out, item);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_json(out, false);
    const RtDoc *sources = rt_doc_list(rt_doc_map(root, RT_STR("_meta")), RT_STR("sources"));
    for (size_t i = 0; i < sources->count; i++) {
        RtStr url = rt_doc_text(&sources->items[i], RT_STR("url"));
        if (i > 0)
            rt_lock_note(out, RT_STR("extra-index"), url, sources->items[i].line);
        if (rt_str_starts(url, RT_STR("https:")) &&
            rt_str_equal(rt_doc_text(&sources->items[i], RT_STR("verify_ssl")), RT_STR("false")))
            rt_lock_note(out, RT_STR("trusted-host"), url, sources->items[i].line);
    }
    take_section(out, root, "default", 0, sources);
    take_section(out, root, "develop", RT_DEP_DEV, sources);
    out->wanted_kind = RT_WANTED_NAMES;
}

const RtLockfile rt_lockfile_pipenv = { .name = "pipenv", .claims = claims, .read = read_lock };
