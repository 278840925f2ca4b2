/* content.c - finds a dependency's bytes where its client put them, and has the scan look at them.
 *
 * npm's cache is addressed by content (cacache, content-v2/ALGORITHM/aa/bb/rest): what is found
 * under an integrity is that content, and it is hashed again because anybody could have put a file
 * there. A folder in node_modules has no integrity; its package.json must at least name the same
 * package and version, which the scan itself reports. */
#include "audit/content.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/hash.h"
#include "scan/crew.h"

enum { CACHE_MOST = 256 << 20 };

static bool is_folder(RtArena *arena, RtStr path)
{
    struct stat info;
    return lstat(rt_str_c(arena, path), &info) == 0 && S_ISDIR(info.st_mode);
}

static RtStr under(RtArena *arena, RtStr folder, RtStr name)
{
    return rt_str_format(arena, "%.*s%s%.*s", RT_FMT(folder), folder.len ? "/" : "", RT_FMT(name));
}

/* A place in the lockfile is hostile text: it may not lead out of node_modules. */
static bool is_tame(RtStr place)
{
    RtStr rest = place, name;
    if (place.len == 0 || place.len > 1000 || place.at[0] == '/' ||
        rt_str_find_byte(place, 0) != RT_NOT_FOUND)
        return false;
    while (rt_str_next(&rest, '/', &name))
        if (name.len == 0 || rt_str_equal(name, RT_STR("..")) || rt_str_equal(name, RT_STR(".")))
            return false;
    return true;
}

static bool find_installed(RtAudit *audit, const RtAuditSource *source, const RtDependency *item,
                           RtTargetList *targets)
{
    RtStr place = item->place;
    if (!rt_str_starts(place, RT_STR("node_modules/")))
        place = rt_str_format(audit->arena, "node_modules/%.*s",
                              RT_FMT(item->alias.len ? item->alias : item->name));
    RtStr path = under(audit->arena, source->folder, place);
    if (source->is_node) { /* places are whole paths there; the reader may have been taken over */
        size_t above = source->path.len + 1;
        path = item->place;
        place = rt_str_from(path, above);
        if (!rt_str_starts(path, source->path) || path.len <= above || path.at[above - 1] != '/')
            return false;
    }
    if (!is_tame(place) || !is_folder(audit->arena, path))
        return false;
    return rt_targets_add(audit->arena, path, targets).code == RT_OK;
}

/* The archive's descriptor when the cache holds the very content that the lockfile promises. */
static int open_cached(RtAudit *audit, RtStr home, RtStr integrity)
{
    size_t dash = rt_str_find_byte(integrity, '-');
    RtStr name = rt_str_sub(integrity, 0, dash == RT_NOT_FOUND ? 0 : dash), wanted, digest;
    if (name.len == 0 || name.len > 8 ||
        !rt_base64_decode(audit->arena, rt_str_sub(integrity, dash + 1, 120), &wanted) ||
        wanted.len < 20)
        return -1;
    RtStr hex = rt_hex(audit->arena, wanted);
    RtStr path = rt_str_format(audit->arena, "%.*s/.npm/_cacache/content-v2/%.*s/%.*s/%.*s/%.*s",
                               RT_FMT(home), RT_FMT(name), RT_FMT(rt_str_sub(hex, 0, 2)),
                               RT_FMT(rt_str_sub(hex, 2, 2)), RT_FMT(rt_str_from(hex, 4)));
    int fd = open(rt_str_c(audit->arena, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
        info.st_size < CACHE_MOST) {
        void *map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        bool same = map != MAP_FAILED &&
                    rt_digest(audit->arena, name, (RtStr){ map, (size_t)info.st_size }, &digest) &&
                    rt_str_equal(digest, wanted);
        if (map != MAP_FAILED)
            munmap(map, (size_t)info.st_size);
        if (same)
            return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool find_cached(RtAudit *audit, RtStr home, const RtDependency *item, RtTargetList *targets)
{
    for (uint32_t i = 0; home.len > 0 && i < item->integrity_count && i < 4; i++) {
        int fd = open_cached(audit, home, item->integrity[i]);
        if (fd < 0)
            continue;
        RtStr shown = rt_audit_purl(audit->arena, item);
        RT_PUSH(audit->arena, targets->items, targets->count, targets->capacity) =
            (RtTarget){ .path = shown, .root = shown, .fd = fd };
        return true;
    }
    return false;
}

void rt_content_find(RtAudit *audit, const RtAuditSource *source, RtStr home, RtTargetList *targets)
{
    uint32_t missing = 0;
    RtText names = { .arena = audit->arena, .limit = 300 };
    for (size_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *item = &audit->lock.items[i];
        bool is_npm = rt_str_equal(item->ecosystem, RT_STR("npm"));
        if (item->source == RT_FROM_PATH || item->source == RT_FROM_PARENT)
            continue; /* part of the project or of another dependency */
        if (is_npm && (find_installed(audit, source, item, targets) ||
                       find_cached(audit, home, item, targets)))
            continue;
        if (missing++ < 5)
            rt_text_format(&names, "%s%.*s", names.len ? ", " : "",
                           RT_FMT(rt_str_sub(item->name, 0, 60)));
    }
    if (missing > 0)
        rt_audit_unseen(audit,
                        rt_str_format(audit->arena,
                                      "the content of %u dependencies is not on this machine and "
                                      "was not examined (%.*s%s)",
                                      missing, RT_FMT(rt_text_str(&names)),
                                      missing > 5 ? ", ..." : ""),
                        audit->lock.path);
}

RtErr rt_content_scan(RtOutlet *outlet, const RtTargetList *targets)
{
    RtRules *rules = NULL;
    RT_TRY(rt_engine_rules(outlet->engine, &rules));
    RtErr err = rt_crew_scan(outlet, rules, targets);
    rt_rules_close(rules);
    return err;
}
