/* sources.c - code that no registry saw: addresses, repositories, paths and aliases, above all
 * where the project did not ask for them (PROTOCOLS 2.1, checks 3, 5 and 9). */
#include "audit/audit.h"

static bool is_direct(const RtDependency *item) { return item->flags & RT_DEP_DIRECT; }

/* A full commit somewhere in the address. */
static bool is_pinned(RtStr url)
{
    size_t run = 0;
    for (size_t i = 0; i < url.len; i++) {
        bool is_hex =
            (url.at[i] >= '0' && url.at[i] <= '9') || (url.at[i] >= 'a' && url.at[i] <= 'f');
        run = is_hex ? run + 1 : 0;
        if (run >= 40)
            return true;
    }
    return false;
}

/* An SBOM, a listing and a Deno lock say where things are, not who asked for an address. */
static bool tells_sources(const RtAudit *audit)
{
    static const char *const silent[] = { "cyclonedx", "spdx", "installed", "deno" };
    for (size_t i = 0; i < RT_COUNT(silent); i++)
        if (rt_str_equal(audit->lock.kind, rt_str_from_c(silent[i])))
            return false;
    return true;
}

/* Below a workspace or a path of the project, everything is the project's own business. */
static bool is_own(const RtAudit *audit, const RtDependency *item)
{
    if (is_direct(item) || item->parent == 0)
        return true;
    const RtDependency *parent = &audit->lock.items[item->parent - 1];
    return parent->source == RT_FROM_PATH && (parent->flags & RT_DEP_DIRECT);
}

static void check_source(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    bool own = is_own(audit, item);
    if (item->source == RT_FROM_URL)
        rt_audit_hit(audit, own ? RT_AUDIT_DIRECT_REMOTE : RT_AUDIT_DEEP_URL, id, "%.*s",
                     RT_FMT(item->url));
    if (item->source == RT_FROM_GIT) {
        rt_audit_hit(audit, own ? RT_AUDIT_DIRECT_REMOTE : RT_AUDIT_DEEP_GIT, id, "%.*s",
                     RT_FMT(item->url));
        if (!is_pinned(item->url) && item->url.len > 0)
            rt_audit_hit(audit, RT_AUDIT_LOOSE_GIT, id, "%.*s", RT_FMT(item->url));
    }
    if (item->source == RT_FROM_PATH && !own && item->url.len > 0)
        rt_audit_hit(audit, RT_AUDIT_DEEP_PATH, id, "%.*s", RT_FMT(item->url));
}

/* Only npm's own lockfiles list every request, so that "nobody asked" can be said. */
static void check_alias(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    if (item->alias.len == 0)
        return;
    bool knows_all =
        rt_str_equal(audit->lock.kind, RT_STR("npm")) && audit->lock.wanted_kind == RT_WANTED_OWN;
    bool silent = knows_all && !(item->flags & RT_DEP_ALIASED) && item->source == RT_FROM_REGISTRY;
    rt_audit_hit(audit, silent ? RT_AUDIT_SILENT_ALIAS : RT_AUDIT_ALIAS, id,
                 "%.*s is installed as %.*s", RT_FMT(item->name), RT_FMT(item->alias));
}

/* "@esbuild/linux-x64" belongs to esbuild, "fsevents" to nobody in particular. */
static RtStr family_of(RtStr name)
{
    if (name.len > 0 && name.at[0] == '@') {
        size_t slash = rt_str_find_byte(name, '/');
        return rt_str_sub(name, 1, slash == RT_NOT_FOUND ? name.len : slash - 1);
    }
    size_t dash = rt_str_find_byte(name, '-');
    return rt_str_sub(name, 0, dash == RT_NOT_FOUND ? name.len : dash);
}

static void check_platform(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    uint32_t wanted = RT_DEP_NARROW | RT_DEP_OPTIONAL;
    if ((item->flags & wanted) != wanted || item->parent == 0 || is_direct(item))
        return;
    const RtDependency *parent = &audit->lock.items[item->parent - 1];
    if (!rt_str_equal(family_of(item->name), family_of(parent->name)))
        rt_audit_hit(audit, RT_AUDIT_FOREIGN_PLATFORM, id, "asked for by %.*s",
                     RT_FMT(parent->name));
}

static void run(RtAudit *audit)
{
    for (uint32_t id = 1; id <= audit->lock.count; id++) {
        const RtDependency *item = &audit->lock.items[id - 1];
        if (tells_sources(audit))
            check_source(audit, id);
        check_alias(audit, id);
        check_platform(audit, id);
        if ((item->flags & RT_DEP_LOOSE) && item->source == RT_FROM_REGISTRY)
            rt_audit_hit(audit, RT_AUDIT_LOOSE, id, "%.*s", RT_FMT(item->version));
        if (item->flags & RT_DEP_PATCHED)
            rt_audit_hit(audit, RT_AUDIT_PATCHED, id, "%.*s", RT_FMT(item->url));
    }
}

const RtAuditCheck rt_audit_check_sources = { .name = "sources", .run = run };
