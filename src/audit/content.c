/* content.c - finds a dependency's bytes where its client put them, and has the scan look at them.
 *
 * npm's cache is addressed by content (cacache, content-v2/ALGORITHM/aa/bb/rest): what is found
 * under an integrity is that content, and it is hashed again because anybody could have put a file
 * there. A folder in node_modules has no integrity: what its package.json says is compared with
 * the lockfile instead. */
#include "audit/content.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/words.h"
#include "scan/crew.h"

enum { CACHE_MOST = 256 << 20, NAMES_SHOWN = 5, HASHES_MOST = 256, REASONS_MOST = 16 };

RtStr rt_content_join(RtArena *arena, RtStr folder, RtStr name)
{
    return rt_str_format(arena, "%.*s%s%.*s", RT_FMT(folder), folder.len ? "/" : "", RT_FMT(name));
}

bool rt_content_is_tame(RtStr path)
{
    RtStr rest = path, name;
    if (path.len == 0 || path.len > 1000 || path.at[0] == '/' ||
        rt_str_find_byte(path, 0) != RT_NOT_FOUND)
        return false;
    while (rt_str_next(&rest, '/', &name))
        if (name.len == 0 || rt_str_equal(name, RT_STR("..")) || rt_str_equal(name, RT_STR(".")))
            return false;
    return true;
}

/* ---- the list */

static uint32_t *slot_of(RtContents *contents, RtStr path)
{
    size_t at = (size_t)rt_str_hash(path) & (contents->slot_count - 1);
    while (contents->slots[at] != 0 &&
           !rt_str_equal(contents->targets.items[contents->slots[at] - 1].path, path))
        at = (at + 1) & (contents->slot_count - 1);
    return &contents->slots[at];
}

static void grow(RtContents *contents)
{
    contents->slot_count = contents->slot_count ? contents->slot_count * 2 : 1024;
    contents->slots = RT_NEW_ARRAY(contents->arena, uint32_t, contents->slot_count);
    for (size_t i = 0; i < contents->targets.count; i++)
        *slot_of(contents, contents->targets.items[i].path) = (uint32_t)i + 1;
}

void rt_content_add(RtContents *contents, RtTarget target, struct RtContentOwner owner)
{
    RtTargetList *list = &contents->targets;
    if (contents->slot_count < 2 * (list->count + 1))
        grow(contents);
    uint32_t *slot = slot_of(contents, target.path);
    if (*slot != 0) {
        if (contents->owners[*slot - 1].audit == NULL)
            contents->owners[*slot - 1] = owner;
        rt_fd_done(&target.fd);
        return;
    }
    RT_PUSH(contents->arena, list->items, list->count, list->capacity) = target;
    RT_PUSH(contents->arena, contents->owners, contents->owner_count, contents->owner_capacity) =
        owner;
    *slot = (uint32_t)list->count;
}

/* ---- node_modules */

static bool is_folder(RtArena *arena, RtStr path)
{
    struct stat info;
    return lstat(rt_str_c(arena, path), &info) == 0 && S_ISDIR(info.st_mode);
}

/* pnpm keeps each package apart, and links to it: .pnpm/@scope+name@1.0.0/node_modules/@scope/name
 */
static RtStr pnpm_place(RtArena *arena, const RtDependency *item)
{
    RtText flat = { .arena = arena };
    for (size_t i = 0; i < item->name.len; i++)
        rt_text_byte(&flat, item->name.at[i] == '/' ? '+' : item->name.at[i]);
    return rt_str_format(arena, "node_modules/.pnpm/%.*s@%.*s/node_modules/%.*s",
                         RT_FMT(rt_text_str(&flat)), RT_FMT(item->version), RT_FMT(item->name));
}

/* Where the lockfile's client puts it; empty when that is no place of the project. */
static RtStr installed_path(RtAudit *audit, const RtAuditSource *source, const RtDependency *item)
{
    RtArena *arena = audit->arena;
    RtStr place = item->place;
    if (source->is_node) { /* whole paths there; the reader may have been taken over */
        size_t above = source->path.len + 1;
        bool inside = rt_str_starts(place, source->path) && place.len > above &&
                      place.at[above - 1] == '/' && rt_content_is_tame(rt_str_from(place, above));
        return inside && is_folder(arena, place) ? place : RT_STR("");
    }
    if (!rt_str_starts(place, RT_STR("node_modules/")))
        place = rt_str_format(arena, "node_modules/%.*s",
                              RT_FMT(item->alias.len ? item->alias : item->name));
    RtStr places[2] = { place, pnpm_place(arena, item) };
    for (size_t i = 0; i < RT_COUNT(places); i++) {
        RtStr folder = source->folder;
        if (rt_str_ends(folder, RT_STR("node_modules"))) /* npm's own listing lies inside */
            folder = rt_str_sub(folder, 0, folder.len - (folder.len > 12 ? 13 : 12));
        RtStr path = rt_content_join(arena, folder, places[i]);
        if (rt_content_is_tame(places[i]) && is_folder(arena, path))
            return path;
    }
    return RT_STR("");
}

static bool find_installed(RtAudit *audit, const RtAuditSource *source, uint32_t item,
                           RtContents *contents)
{
    RtStr path = installed_path(audit, source, &audit->lock.items[item - 1]);
    RtTargetList list = { 0 };
    if (path.len == 0 || rt_targets_add(audit->arena, path, &list).code != RT_OK)
        return false;
    for (size_t i = 0; i < list.count; i++) {
        bool is_it = rt_str_equal(list.items[i].path, path);
        struct RtContentOwner owner = { is_it ? audit : NULL, item, is_it };
        rt_content_add(contents, list.items[i], owner);
    }
    return list.count > 0;
}

/* ---- npm's cache */

static RtStr read_all(RtArena *arena, int fd, size_t len)
{
    uint8_t *bytes = rt_arena_bytes(arena, len + 1);
    size_t have = 0;
    while (have < len) {
        ssize_t got = pread(fd, bytes + have, len - have, (off_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return (RtStr){ bytes, have };
}

/* `wanted` in hex. */
static bool has_digest(int fd, RtStr algorithm, RtStr wanted)
{
    RT_ARENA arena = rt_arena_open((size_t)CACHE_MOST + (1 << 20), NULL, NULL);
    struct stat info;
    RtStr digest;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0 &&
           info.st_size < CACHE_MOST &&
           rt_digest(arena, algorithm, read_all(arena, fd, (size_t)info.st_size), &digest) &&
           rt_str_equal(rt_hex(arena, digest), wanted);
}

/* "sha512-BASE64" (npm) or "sha256:HEX" (Python) taken apart; false for what is neither. */
static bool read_hash(RtArena *arena, RtStr text, RtStr *ret_algorithm, RtStr *ret_hex)
{
    size_t mark = 0;
    while (mark < text.len && text.at[mark] != '-' && text.at[mark] != ':')
        mark++;
    RtStr algorithm = rt_str_lower(arena, rt_str_sub(text, 0, mark));
    RtStr value = rt_str_from(text, mark + 1), bytes;
    if (!rt_word_in(algorithm, "sha1 sha256 sha384 sha512") || value.len < 20 || value.len > 130)
        return false;
    *ret_algorithm = algorithm;
    *ret_hex = rt_str_lower(arena, value);
    if (text.at[mark] == ':')
        return true;
    bool is_fine = rt_base64_decode(arena, value, &bytes) && bytes.len >= 20;
    *ret_hex = is_fine ? rt_hex(arena, bytes) : RT_STR("");
    return is_fine;
}

bool rt_content_has_hash(const RtDependency *item, int fd)
{
    RT_ARENA arena = rt_arena_open(1 << 24, NULL, NULL);
    RtStr algorithm, digest;
    bool has_strong = false;
    for (uint32_t i = 0; i < item->integrity_count && i < HASHES_MOST; i++)
        has_strong |= read_hash(arena, item->integrity[i], &algorithm, &digest) &&
                      !rt_str_equal(algorithm, RT_STR("sha1"));
    for (uint32_t i = 0; i < item->integrity_count && i < HASHES_MOST; i++)
        if (read_hash(arena, item->integrity[i], &algorithm, &digest) &&
            !(has_strong && rt_str_equal(algorithm, RT_STR("sha1"))) &&
            has_digest(fd, algorithm, digest))
            return true;
    return false;
}

/* The archive's descriptor when the cache holds the very content that the lockfile promises. */
static int open_cached(RtAudit *audit, RtStr home, const RtDependency *item, RtStr integrity)
{
    size_t dash = rt_str_find_byte(integrity, '-');
    RtStr algorithm = rt_str_sub(integrity, 0, dash == RT_NOT_FOUND ? 0 : dash), wanted;
    if (!rt_word_in(algorithm, "sha1 sha256 sha384 sha512") ||
        !rt_base64_decode(audit->arena, rt_str_sub(integrity, dash + 1, 120), &wanted) ||
        wanted.len < 20)
        return -1;
    RtStr hex = rt_hex(audit->arena, wanted);
    RtStr path = rt_str_format(audit->arena, "%.*s/.npm/_cacache/content-v2/%.*s/%.*s/%.*s/%.*s",
                               RT_FMT(home), RT_FMT(algorithm), RT_FMT(rt_str_sub(hex, 0, 2)),
                               RT_FMT(rt_str_sub(hex, 2, 2)), RT_FMT(rt_str_from(hex, 4)));
    int fd = open(rt_str_c(audit->arena, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || has_digest(fd, algorithm, hex))
        return fd;
    rt_audit_unseen(audit,
                    rt_str_format(audit->arena,
                                  "npm's cache holds other bytes for %.*s than it says; `npm cache "
                                  "verify` removes them",
                                  RT_FMT(rt_str_sub(item->name, 0, 100))),
                    path);
    close(fd);
    return -1;
}

RtStr rt_content_archive(RtArena *arena, const RtDependency *item)
{
    size_t slash = rt_str_rfind_byte(item->name, '/');
    RtStr name = slash == RT_NOT_FOUND ? item->name : rt_str_from(item->name, slash + 1);
    return rt_str_format(arena, "%.*s-%.*s.tgz", RT_FMT(name), RT_FMT(item->version));
}

static bool find_cached(RtAudit *audit, uint32_t id, RtContents *contents)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    for (uint32_t i = 0; contents->home.len > 0 && i < item->integrity_count && i < 4; i++) {
        int fd = open_cached(audit, contents->home, item, item->integrity[i]);
        if (fd < 0)
            continue;
        RtStr shown = rt_audit_purl(audit->arena, item);
        RtTarget target = {
            .path = shown, .root = shown, .name = rt_content_archive(audit->arena, item), .fd = fd
        };
        rt_content_add(contents, target, (struct RtContentOwner){ audit, id, false });
        return true;
    }
    return false;
}

/* ---- what is not there */

/* Brings the content without running any of it, to a place that is read. */
static const char *fetch_command(RtStr kind)
{
    static const struct {
        const char *kinds, *command;
    } commands[] = {
        { "npm installed", "npm ci --ignore-scripts" },
        { "yarn", "npm_config_ignore_scripts=true yarn install" },
        { "pnpm", "pnpm install --frozen-lockfile --ignore-scripts" },
        { "bun", "bun install --frozen-lockfile --ignore-scripts" },
        { "requirements", "python3 -m venv .venv && .venv/bin/pip install --only-binary :all: -r" },
        { "uv", "uv sync --frozen --no-build --no-install-project" },
        { "poetry", "POETRY_VIRTUALENVS_IN_PROJECT=1 POETRY_INSTALLER_ONLY_BINARY=:all: poetry "
                    "install --no-root" },
        { "cargo", "cargo vendor && ratter scan vendor" },
        { "gomod gosum", "go mod vendor && ratter scan vendor" },
        { "composer", "composer install --no-scripts --no-plugins && ratter scan vendor" },
        { "bundler", "bundle cache --no-install && ratter scan vendor/cache" },
    };
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        if (rt_word_in(kind, commands[i].kinds))
            return commands[i].command;
    return NULL;
}

/* Tells those that are missing for the reason `why`, or for whatever reason; each once. */
static void tell_missing(const RtContentGap *gap, bool *told, const RtStr *why)
{
    RtAudit *audit = gap->audit;
    RtText names = { .arena = audit->arena, .limit = 600 };
    uint32_t missing = 0;
    for (size_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *item = &audit->lock.items[i];
        if (told[i] || (why && !rt_str_equal(gap->why[i], *why)))
            continue;
        told[i] = true;
        if (missing++ >= NAMES_SHOWN)
            continue;
        rt_text_format(&names, "%s%.*s", missing > 1 ? ", " : "",
                       RT_FMT(rt_str_sub(item->name, 0, 60)));
        if (item->source == RT_FROM_URL || item->source == RT_FROM_GIT)
            rt_text_format(&names, " from %.*s",
                           RT_FMT(rt_audit_masked(audit->arena, item->url, 100)));
    }
    const char *command = fetch_command(audit->lock.kind);
    bool is_listed = rt_str_equal(audit->lock.kind, RT_STR("requirements"));
    RtStr reason = why ? *why : RT_STR("for various reasons");
    rt_audit_unseen(audit,
                    rt_str_format(audit->arena,
                                  "the content of %u dependenc%s is not on this machine and was "
                                  "not examined (%.*s%s)%s%.*s%s%s%s%s",
                                  missing, missing == 1 ? "y" : "ies", RT_FMT(rt_text_str(&names)),
                                  missing > NAMES_SHOWN ? ", ..." : "", reason.len ? ": " : "",
                                  RT_FMT(reason), command ? "; fetch it with `" : "",
                                  command ? command : "", command && is_listed ? " FILE" : "",
                                  command ? "`" : ""),
                    audit->lock.path);
}

void rt_content_tell(const RtContents *contents)
{
    for (size_t k = 0; k < contents->gap_count; k++) {
        const RtContentGap *gap = &contents->gaps[k];
        size_t count = gap->audit->lock.count, reasons = 0;
        bool *told = RT_NEW_ARRAY(gap->audit->arena, bool, count + 1);
        for (size_t i = 0; i < count; i++)
            told[i] = gap->found[i];
        for (size_t i = 0; i < count; i++)
            if (!told[i])
                tell_missing(gap, told, ++reasons < REASONS_MOST ? &gap->why[i] : NULL);
    }
}

void rt_content_find(RtAudit *audit, const RtAuditSource *source, RtContents *contents)
{
    bool *found = RT_NEW_ARRAY(audit->arena, bool, audit->lock.count + 1);
    uint32_t missing = 0;
    rt_content_python(audit, source, contents, found);
    for (size_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *item = &audit->lock.items[i];
        uint32_t id = (uint32_t)i + 1;
        if (item->source == RT_FROM_PATH || item->source == RT_FROM_PARENT)
            found[i] = true; /* part of the project or of another dependency */
        else if (rt_str_equal(item->ecosystem, RT_STR("npm")))
            found[i] =
                find_installed(audit, source, id, contents) || find_cached(audit, id, contents);
        missing += !found[i];
    }
    if (missing > 0)
        RT_PUSH(contents->arena, contents->gaps, contents->gap_count, contents->gap_capacity) =
            (RtContentGap){ .audit = audit,
                            .found = found,
                            .why = RT_NEW_ARRAY(audit->arena, RtStr, audit->lock.count + 1) };
}

/* ---- what the content says of itself */

/* A lockfile that repeats for each package whether it runs scripts. */
static bool tells_hooks(const RtLock *lock)
{
    return rt_str_equal(lock->kind, RT_STR("npm")) && lock->wanted_kind == RT_WANTED_OWN;
}

static void compare_name(RtAudit *audit, uint32_t id, RtStr name, RtStr version)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    bool same_name = rt_str_equal(name, item->name),
         same_version = rt_str_equal(version, item->version);
    if (item->source != RT_FROM_REGISTRY || name.len == 0 || (same_name && same_version) ||
        (same_name && version.len == 0))
        return;
    rt_audit_hit(audit, RT_AUDIT_OTHER_CONTENT, id, "the content calls itself %.*s %.*s",
                 RT_FMT(rt_str_sub(name, 0, 100)), RT_FMT(rt_str_sub(version, 0, 60)));
}

/* The first line that stands in one of two sorted lists alone; `ret_here`: in `here`. False when
 * they are the same. */
static bool first_difference(RtStr here, RtStr there, RtStr *ret_line, bool *ret_here)
{
    RtStr left = { 0 }, right = { 0 };
    do {
        if (!rt_str_next(&here, '\n', &left))
            left = (RtStr){ 0 };
        if (!rt_str_next(&there, '\n', &right))
            right = (RtStr){ 0 };
    } while (left.len > 0 && rt_str_equal(left, right));
    *ret_here = left.len > 0 && (right.len == 0 || rt_str_compare(left, right) < 0);
    *ret_line = *ret_here ? left : right;
    return ret_line->len > 0;
}

/* What is installed against what the registry's manifest said when it was locked. */
static void compare_asks(RtAudit *audit, uint32_t id, const RtDependency *installed)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    RtStr line;
    bool is_installed;
    if (item->source == RT_FROM_REGISTRY &&
        first_difference(installed->asks, item->asks, &line, &is_installed))
        rt_audit_hit(audit, RT_AUDIT_OTHER_MANIFEST, id, "\"%.*s\" stands in %s only",
                     RT_FMT(rt_str_sub(line, 0, 200)),
                     is_installed ? "its package.json" : "the lockfile");
}

static void compare_manifests(RtContents *contents)
{
    RtStr *folders = RT_NEW_ARRAY(contents->arena, RtStr, contents->targets.count + 1);
    size_t count = 0;
    for (size_t i = 0; i < contents->targets.count; i++)
        if (contents->owners[i].is_manifest_there)
            folders[count++] = contents->targets.items[i].path;
    RtLock read = { 0 };
    if (count == 0 ||
        rt_audit_manifests(contents->arena, folders, count, contents->no_jail, &read).code != RT_OK)
        return; /* the scan itself tells what it cannot read */
    for (size_t i = 0; i < read.count; i++) {
        uint32_t slot = *slot_of(contents, read.items[i].place);
        const struct RtContentOwner *owner = slot ? &contents->owners[slot - 1] : NULL;
        if (!owner || !owner->audit || !tells_hooks(&owner->audit->lock))
            continue;
        compare_asks(owner->audit, owner->item, &read.items[i]);
        bool told = owner->audit->lock.items[owner->item - 1].flags & RT_DEP_HOOK;
        if (!told && (read.items[i].flags & RT_DEP_HOOK))
            rt_audit_hit(owner->audit, RT_AUDIT_HIDDEN_HOOK, owner->item,
                         "%.*s/package.json has one",
                         RT_FMT(rt_str_sub(read.items[i].place, 0, 300)));
    }
}

static void watch(void *context, size_t target, const RtReport *report)
{
    RtContents *contents = context;
    const struct RtContentOwner *owner = &contents->owners[target];
    if (owner->audit && rt_str_equal(report->artifact.ecosystem, RT_STR("npm")))
        compare_name(owner->audit, owner->item, rt_str_copy(contents->arena, report->artifact.name),
                     rt_str_copy(contents->arena, report->artifact.version));
}

RtErr rt_content_scan(RtOutlet *outlet, RtContents *contents)
{
    RtRules *rules = NULL;
    if (contents->targets.count == 0)
        return RT_FINE;
    compare_manifests(contents);
    rt_outlet_link(outlet, false);
    RT_TRY(rt_engine_rules(outlet->engine, &rules));
    RtErr err = rt_crew_scan(outlet, rules, &contents->targets, watch, contents);
    rt_rules_close(rules);
    return err;
}
