/* addresses.c - where entries are fetched from: hosts that differ from their neighbours', archives
 * of another name, http, user names. No host is built in: what counts is the clients' own
 * configuration, and what nearly all of the lockfile does (PROTOCOLS 2.1, check 1). */
#include "audit/audit.h"
#include "base/words.h"

enum { HOSTS_MOST = 256 };

typedef struct {
    RtStr host;
    uint32_t count;
    bool configured;
} Host;

typedef struct {
    Host hosts[HOSTS_MOST];
    size_t count;
} Hosts;

static Host *host_of(Hosts *hosts, RtStr name)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (rt_str_equal_nocase(hosts->hosts[i].host, name))
            return &hosts->hosts[i];
    return NULL;
}

static void count_host(Hosts *hosts, RtStr name)
{
    Host *host = name.len ? host_of(hosts, name) : NULL;
    if (host)
        host->count++;
    else if (name.len && hosts->count < HOSTS_MOST)
        hosts->hosts[hosts->count++] = (Host){ .host = name, .count = 1 };
}

static RtStr host_in(const RtDependency *item, bool of_registry)
{
    return rt_audit_host(of_registry ? item->registry : item->url);
}

static void mark_configured(const RtAudit *audit, Hosts *hosts)
{
    for (size_t i = 0; i < audit->project.setting_count; i++) {
        const RtSetting *setting = &audit->project.settings[i];
        bool names_one = rt_word_in(setting->key, "registry index extra-index find-links") ||
                         rt_str_ends(setting->key, RT_STR(":registry"));
        Host *host = names_one ? host_of(hosts, rt_audit_host(setting->value)) : NULL;
        if (host)
            host->configured = true;
    }
}

/* Composer's archives come from wherever each repository lives. */
static bool is_scattered(const RtDependency *item)
{
    return rt_str_equal(item->ecosystem, RT_STR("composer"));
}

static void compare_hosts(RtAudit *audit, bool of_registry)
{
    Hosts *hosts = RT_NEW(audit->arena, Hosts);
    for (size_t i = 0; i < audit->lock.count; i++)
        if (audit->lock.items[i].source == RT_FROM_REGISTRY && !is_scattered(&audit->lock.items[i]))
            count_host(hosts, host_in(&audit->lock.items[i], of_registry));
    if (hosts->count < 2)
        return;
    mark_configured(audit, hosts);
    const Host *most = &hosts->hosts[0];
    for (size_t i = 1; i < hosts->count; i++)
        if (hosts->hosts[i].count > most->count)
            most = &hosts->hosts[i];
    for (uint32_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *item = &audit->lock.items[i];
        RtStr name = host_in(item, of_registry);
        const Host *host = name.len ? host_of(hosts, name) : NULL;
        if (item->source != RT_FROM_REGISTRY || is_scattered(item) || name.len == 0 ||
            host == most || (host && host->configured))
            continue;
        bool is_rare = !host || host->count * 5 <= most->count;
        rt_audit_hit(audit, is_rare ? RT_AUDIT_SWAPPED_HOST : RT_AUDIT_SECOND_HOST, i + 1,
                     "fetched from %.*s, %u others from %.*s", RT_FMT(name), most->count,
                     RT_FMT(most->host));
    }
}

/* ---- the archive's own name */

static RtStr last_name(RtStr url)
{
    size_t end = 0;
    while (end < url.len && url.at[end] != '?' && url.at[end] != '#')
        end++;
    url = rt_str_sub(url, 0, end);
    size_t slash = rt_str_rfind_byte(url, '/');
    return slash == RT_NOT_FOUND ? url : rt_str_from(url, slash + 1);
}

static RtStr without_scope(RtStr name)
{
    size_t slash = rt_str_rfind_byte(name, '/');
    return slash == RT_NOT_FOUND ? name : rt_str_from(name, slash + 1);
}

static bool starts_then(RtStr text, RtStr first, RtStr then)
{
    return rt_str_starts(text, first) && rt_str_starts(rt_str_from(text, first.len), then);
}

/* ".../@scope/name/-/name-1.2.3.tgz": both names and the version must be the entry's. */
static bool npm_differs(RtAudit *audit, const RtDependency *item)
{
    size_t mark = rt_str_find(item->url, RT_STR("/-/"));
    if (mark == RT_NOT_FOUND)
        return false;
    RtStr folder = rt_str_sub(item->url, 0, mark), file = last_name(item->url);
    RtStr base = without_scope(item->name), version = item->version;
    size_t build = rt_str_find_byte(version, '+');
    version = rt_str_sub(version, 0, build == RT_NOT_FOUND ? version.len : build);
    RtStr scope = rt_str_sub(item->name, 0, item->name.len - base.len);
    RtText escaped = { .arena = audit->arena };
    rt_text_format(&escaped, "%.*s%%2f%.*s",
                   RT_FMT(rt_str_sub(scope, 0, scope.len ? scope.len - 1 : 0)), RT_FMT(base));
    RtStr slashed = rt_str_format(audit->arena, "/%.*s", RT_FMT(item->name));
    bool folder_fits =
        rt_str_ends_nocase(folder, slashed) ||
        (scope.len > 0 && rt_str_ends_nocase(folder, rt_text_str(&escaped))) ||
        (scope.len > 1 &&
         rt_str_ends_nocase(
             folder, rt_str_format(audit->arena, "/%%40%.*s", RT_FMT(rt_str_from(item->name, 1)))));
    RtStr wanted = rt_str_format(audit->arena, "%.*s-%.*s", RT_FMT(base), RT_FMT(version));
    return !folder_fits || !starts_then(file, wanted, RT_STR("."));
}

static uint8_t plain_byte(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return (uint8_t)(byte + 32);
    return byte == '_' || byte == '.' ? '-' : byte;
}

/* "Left_Helper-1.2.3-py3-none-any.whl", "left-helper-1.2.3.tar.gz" */
static bool pypi_differs(const RtDependency *item)
{
    RtStr file = last_name(item->url);
    bool is_archive = rt_str_ends(file, RT_STR(".whl")) || rt_str_ends(file, RT_STR(".tar.gz")) ||
                      rt_str_ends(file, RT_STR(".zip"));
    if (!is_archive)
        return false;
    size_t at = 0;
    for (size_t i = 0; i < item->name.len; i++, at++)
        if (at >= file.len || plain_byte(file.at[at]) != plain_byte(item->name.at[i]))
            return true;
    return at >= file.len || file.at[at] != '-';
}

static void check_item(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    if (item->source == RT_FROM_REGISTRY && item->url.len > 0) {
        bool differs = rt_str_equal(item->ecosystem, RT_STR("npm"))    ? npm_differs(audit, item)
                       : rt_str_equal(item->ecosystem, RT_STR("pypi")) ? pypi_differs(item)
                                                                       : false;
        if (differs)
            rt_audit_hit(audit, RT_AUDIT_NAME_IN_ADDRESS, id,
                         "the entry is %.*s %.*s, its address is %.*s", RT_FMT(item->name),
                         RT_FMT(item->version), RT_FMT(item->url));
    }
    const RtStr addresses[] = { item->url, item->registry };
    for (size_t i = 0; i < RT_COUNT(addresses); i++) {
        if (rt_audit_is_plain(addresses[i]))
            rt_audit_hit(audit, RT_AUDIT_PLAIN_HTTP, id, "%.*s", RT_FMT(addresses[i]));
        if (rt_audit_has_user(addresses[i])) /* what it is stays out of the report: a password? */
            rt_audit_hit(audit, RT_AUDIT_USER_IN_ADDRESS, id,
                         "an address at %.*s holds a user name",
                         RT_FMT(rt_audit_host(addresses[i])));
    }
}

static void run(RtAudit *audit)
{
    compare_hosts(audit, false);
    compare_hosts(audit, true);
    for (uint32_t id = 1; id <= audit->lock.count; id++)
        check_item(audit, id);
}

const RtAuditCheck rt_audit_check_addresses = { .name = "addresses", .run = run };
