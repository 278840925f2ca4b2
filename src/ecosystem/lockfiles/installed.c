/* installed.c - what lies in a node_modules or a site-packages when there is no lockfile. The audit
 * gathers the manifests into one listing ("ratter-installed 1", then per file its length, its path
 * and its bytes), so that this reader works behind the wall as the others do. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

#define MARK "ratter-installed 1\n"

static bool claims(RtStr path, RtStr head)
{
    (void)path;
    return rt_str_starts(head, RT_STR(MARK));
}

/* A package.json: npm's older clients wrote _resolved and _integrity into it. */
static void take_npm(RtLockWriter *out, RtStr path, RtStr bytes)
{
    RtDocFault fault = { 0 };
    uint32_t duplicates = 0;
    const RtDoc *root = rt_json_tree(out->arena, bytes, true, &fault, &duplicates);
    RtStr name = rt_doc_text(root, RT_STR("name"));
    if (name.len == 0) {
        rt_lock_broken(out, RT_STR("malformed"), path, 0);
        return;
    }
    RtStr folder = rt_path_folder(path);
    RtDependency item = { .ecosystem = RT_STR("npm"),
                          .name = name,
                          .version = rt_doc_text(root, RT_STR("version")),
                          .url = rt_doc_text(root, RT_STR("_resolved")),
                          .place = folder };
    rt_lock_integrity(out, &item, rt_doc_text(root, RT_STR("_integrity")));
    RtStr scoped = rt_path_name(rt_path_folder(folder));
    RtStr installed = rt_path_name(folder);
    if (scoped.len > 0 && scoped.at[0] == '@')
        installed = rt_str_format(out->arena, "%.*s/%.*s", RT_FMT(scoped), RT_FMT(installed));
    if (!rt_str_equal(installed, name))
        item.alias = installed;
    const RtDoc *scripts = rt_doc_map(root, RT_STR("scripts"));
    if (rt_doc_get(scripts, RT_STR("preinstall")) || rt_doc_get(scripts, RT_STR("install")) ||
        rt_doc_get(scripts, RT_STR("postinstall")))
        item.flags |= RT_DEP_HOOK;
    item.asks = rt_npm_asks(out->arena, name, root);
    rt_lock_add(out, item);
}

/* A METADATA: headers up to the first empty line. */
static void take_pypi(RtLockWriter *out, RtStr path, RtStr bytes)
{
    RtDependency item = { .ecosystem = RT_STR("pypi"), .place = rt_path_folder(path) };
    RtStr rest = bytes, line;
    while (rt_str_next(&rest, '\n', &line)) {
        line = rt_str_trim(line);
        if (line.len == 0)
            break;
        if (rt_str_starts(line, RT_STR("Name:")))
            item.name = rt_lock_pypi_name(out, rt_str_trim(rt_str_from(line, 5)));
        else if (rt_str_starts(line, RT_STR("Version:")))
            item.version = rt_str_trim(rt_str_from(line, 8));
    }
    if (item.name.len == 0)
        rt_lock_broken(out, RT_STR("malformed"), path, 0);
    else
        rt_lock_add(out, item);
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)path;
    RtStr rest = rt_str_from(bytes, sizeof MARK - 1), head, length;
    while (rt_str_next(&rest, '\n', &head)) {
        uint64_t len = 0;
        if (!rt_str_next(&head, ' ', &length) || !rt_str_number(length, &len) || len > rest.len) {
            rt_lock_broken(out, RT_STR("malformed"), RT_STR("the listing is cut off"), 0);
            return;
        }
        RtStr file = rt_str_sub(rest, 0, (size_t)len);
        rest = rt_str_from(rest, (size_t)len);
        if (rt_str_ends(head, RT_STR("package.json")))
            take_npm(out, head, file);
        else
            take_pypi(out, head, file);
    }
}

const RtLockfile rt_lockfile_installed = { .name = "installed",
                                           .claims = claims,
                                           .read = read_lock };
