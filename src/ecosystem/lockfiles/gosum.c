/* gosum.c - go.sum: "module version h1:hash", and the same for the module's go.mod alone
 * (go.dev/ref/mod#go-sum-files). It may hold more than is built. */
#include "ecosystem/lockfiles/lock_writer.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    (void)head;
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("go.sum")) || rt_str_equal(name, RT_STR("go.work.sum"));
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)path;
    RtStr rest = bytes, line;
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        RtStr text = rt_str_trim(line), name, version, hash;
        if (text.len == 0)
            continue;
        if (!rt_str_next(&text, ' ', &name) || !rt_str_next(&text, ' ', &version) ||
            !rt_str_next(&text, ' ', &hash) || !rt_str_starts(hash, RT_STR("h1:"))) {
            rt_lock_broken(out, RT_STR("malformed"), RT_STR("not `module version h1:hash`"),
                           number);
            continue;
        }
        if (rt_str_ends(version, RT_STR("/go.mod")))
            continue;
        RtStr key = rt_lock_pair(out, name, version);
        uint32_t id = rt_lock_find(out, key);
        if (id == 0) {
            RtDependency item = {
                .ecosystem = RT_STR("golang"), .name = name, .version = version, .line = number
            };
            id = rt_lock_add(out, item);
            rt_lock_key(out, key, id);
        }
        if (id != 0)
            rt_lock_one_integrity(out, rt_lock_item(out, id), hash);
    }
}

const RtLockfile rt_lockfile_gosum = { .name = "gosum", .claims = claims, .read = read_lock };
