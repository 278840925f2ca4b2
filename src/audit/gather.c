/* gather.c - puts a lockfile and what stands around it into one file in memory, and has a child
 * behind the wall read it. The parent copies bytes and parses none. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/source.h"
#include "base/cursor.h"
#include "base/escape.h"
#include "ecosystem/lockfile.h"

enum {
    LOCK_MOST = 256 << 20,
    AROUND_MOST = 4 << 20,
    MANIFEST_MOST = 1 << 20, /* of an installed package */
    INSTALLED_MOST = 200 << 20,
    NESTED_MOST = 16,
    WALL_MS = 60000
};
static const uint64_t child_arena = 2ULL << 30;

/* ---- the bundle: role, path, bytes, each with its length */

static void put(RtText *bundle, char role, RtStr path, RtStr bytes)
{
    uint8_t head[17] = { (uint8_t)role };
    for (size_t i = 0; i < 8; i++) {
        head[1 + i] = (uint8_t)((uint64_t)path.len >> (8 * i));
        head[9 + i] = (uint8_t)((uint64_t)bytes.len >> (8 * i));
    }
    rt_text_add(bundle, (RtStr){ head, sizeof head });
    rt_text_add(bundle, path);
    rt_text_add(bundle, bytes);
}

static void work(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)context;
    RtCursor in = { .rest = bytes };
    RtAroundFile *around = NULL;
    size_t count = 0, capacity = 0;
    RtStr path = { 0 }, content = { 0 };
    bool is_requirements = false;
    while (in.rest.len > 0 && !in.short_read) {
        uint8_t role = rt_take_u8(&in);
        uint64_t path_len = rt_take_u64le(&in), len = rt_take_u64le(&in);
        RtAroundFile file = { .path = rt_take(&in, (size_t)path_len) };
        file.bytes = rt_take(&in, (size_t)len);
        file.is_personal = role == 'P';
        is_requirements |= role == 'R';
        if (role != 'L' && role != 'R') {
            RT_PUSH(arena, around, count, capacity) = file;
            continue;
        }
        path = file.path;
        content = file.bytes;
    }
    RtLock lock = { 0 };
    RtProject project = { 0 };
    const RtLockfile *reader = is_requirements
                                   ? rt_lockfile_find(RT_STR("requirements.txt"), RT_STR(""))
                                   : rt_lockfile_find(path, rt_str_sub(content, 0, 4096));
    if (reader)
        rt_lockfile_read(arena, reader, content, path, &lock);
    rt_project_read(arena, around, count, &project);
    RtText text = { .arena = arena };
    rt_audit_put(&text, &lock, &project);
    rt_chore_say(out, rt_text_str(&text));
}

static RtErr take(void *taker, RtStr frame)
{
    RtAudit *audit = taker;
    if (!rt_audit_get(audit->arena, frame, &audit->lock, &audit->project))
        return rt_fail(RT_ERR_FORMAT, "the reader's answer makes no sense");
    return RT_FINE;
}

/* ---- files */

static RtStr join(RtArena *arena, RtStr folder, RtStr name)
{
    if (folder.len == 0)
        return name;
    return rt_str_format(arena, "%.*s%s%.*s", RT_FMT(folder),
                         folder.at[folder.len - 1] == '/' ? "" : "/", RT_FMT(name));
}

/* The whole file; no symbolic link, nothing larger than `most`. */
static RtErr load(RtArena *arena, RtStr path, uint64_t most, bool follow, RtStr *ret_bytes)
{
    RtStr shown = rt_escaped(arena, path);
    RT_FD fd =
        open(rt_str_c(arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        return rt_fail(RT_ERR_IO, "cannot read %.*s: %s", RT_FMT(shown), strerror(errno));
    if (!S_ISREG(info.st_mode))
        return rt_fail(RT_ERR_IO, "%.*s is no file", RT_FMT(shown));
    if ((uint64_t)info.st_size > most)
        return rt_fail(RT_ERR_IO, "%.*s is larger than %llu MiB", RT_FMT(shown),
                       (unsigned long long)(most >> 20));
    size_t len = (size_t)info.st_size, got = 0;
    uint8_t *bytes = rt_arena_bytes(arena, len + 1);
    while (got < len) {
        ssize_t more = pread(fd, bytes + got, len - got, (off_t)got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            break;
        got += (size_t)more;
    }
    *ret_bytes = (RtStr){ bytes, got };
    return RT_FINE;
}

static void put_around(RtAudit *audit, RtText *bundle, RtStr folder, char role, RtStr name)
{
    RtStr path = join(audit->arena, folder, name), bytes;
    if (load(audit->arena, path, AROUND_MOST, role == 'P', &bytes).code == RT_OK)
        put(bundle, role, path, bytes);
}

static void put_project(RtAudit *audit, RtText *bundle, const RtAuditSource *source, RtStr home)
{
    static const char *const beside[] = { "package.json",
                                          "pyproject.toml",
                                          "Pipfile",
                                          "Cargo.toml",
                                          "composer.json",
                                          "go.mod",
                                          ".npmrc",
                                          ".yarnrc",
                                          ".yarnrc.yml",
                                          ".pnpmfile.cjs",
                                          ".pnpmfile.mjs",
                                          "pnpmfile.js",
                                          "bunfig.toml",
                                          "pnpm-workspace.yaml",
                                          "pip.conf",
                                          "uv.toml",
                                          ".cargo/config.toml",
                                          ".cargo/config" };
    static const char *const personal[] = {
        ".npmrc",        ".yarnrc",      ".yarnrc.yml",        ".config/pip/pip.conf",
        ".pip/pip.conf", ".bunfig.toml", ".config/uv/uv.toml", ".cargo/config.toml"
    };
    /* One manifest is enough; a lockfile that names its own comes first in drift.c's table. */
    for (size_t i = 0; i < RT_COUNT(beside); i++)
        put_around(audit, bundle, source->folder, 'A', rt_str_from_c(beside[i]));
    for (size_t i = 6; i < RT_COUNT(beside) && !rt_str_equal(source->root, source->folder); i++)
        put_around(audit, bundle, source->root, 'A', rt_str_from_c(beside[i]));
    for (size_t i = 0; i < RT_COUNT(personal) && home.len > 0; i++)
        put_around(audit, bundle, home, 'P', rt_str_from_c(personal[i]));
}

/* ---- installed trees */

static void put_installed(RtAudit *audit, RtText *listing, RtStr path)
{
    RtStr bytes;
    if (listing->len < INSTALLED_MOST &&
        load(audit->arena, path, MANIFEST_MOST, false, &bytes).code == RT_OK) {
        rt_text_format(listing, "%zu %.*s\n", bytes.len, RT_FMT(path));
        rt_text_add(listing, bytes);
    }
}

/* Recursion is bounded: scopes and nested node_modules, NESTED_MOST deep. */
static void list_installed(RtAudit *audit, RtText *listing, RtStr folder, bool is_node,
                           uint32_t depth)
{
    DIR *dir = depth < NESTED_MOST ? opendir(rt_str_c(audit->arena, folder)) : NULL;
    if (!dir) {
        rt_audit_unseen(audit, RT_STR("could not be listed"), folder);
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        RtStr name = rt_str_copy(audit->arena, rt_str_from_c(entry->d_name));
        struct stat info;
        if (name.at[0] == '.' ||
            fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISDIR(info.st_mode))
            continue;
        RtStr path = join(audit->arena, folder, name);
        if (!is_node) {
            if (rt_str_ends(name, RT_STR(".dist-info")))
                put_installed(audit, listing, join(audit->arena, path, RT_STR("METADATA")));
            continue;
        }
        if (name.at[0] == '@') {
            list_installed(audit, listing, path, true, depth + 1);
            continue;
        }
        put_installed(audit, listing, join(audit->arena, path, RT_STR("package.json")));
        RtStr nested = join(audit->arena, path, RT_STR("node_modules"));
        if (lstat(rt_str_c(audit->arena, nested), &info) == 0 && S_ISDIR(info.st_mode))
            list_installed(audit, listing, nested, true, depth + 1);
    }
    closedir(dir);
}

RtErr rt_audit_load(RtArena *arena, RtStr path, uint64_t most, RtStr *ret_bytes)
{
    return load(arena, path, most, false, ret_bytes);
}

RtErr rt_audit_chore(const RtChore *chore, RtStr bytes)
{
    RT_FD fd = memfd_create("audit", MFD_CLOEXEC);
    for (size_t at = 0; fd >= 0 && at < bytes.len;) {
        ssize_t wrote = write(fd, bytes.at + at, bytes.len - at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return rt_fail(RT_ERR_IO, "no memory for the lockfile: %s", strerror(errno));
        at += (size_t)wrote;
    }
    if (fd < 0)
        return rt_fail(RT_ERR_IO, "no memory for the lockfile: %s", strerror(errno));
    return rt_chore_run(chore, fd);
}

static RtErr run_chore(RtAudit *audit, RtStr bundle, bool no_jail)
{
    RtChore chore = { .work = work,
                      .arena_bytes = child_arena,
                      .file_limit = 1ULL << 30,
                      .wall_ms = WALL_MS,
                      .no_jail = no_jail,
                      .take = take,
                      .taker = audit };
    return rt_audit_chore(&chore, bundle);
}

RtErr rt_audit_manifests(RtArena *arena, const RtStr *folders, size_t count, bool no_jail,
                         RtLock *ret_lock)
{
    RtAudit audit = { .arena = arena };
    RtText listing = { .arena = arena }, bundle = { .arena = arena };
    rt_text_add(&listing, RT_STR("ratter-installed 1\n"));
    for (size_t i = 0; i < count; i++)
        put_installed(&audit, &listing, join(arena, folders[i], RT_STR("package.json")));
    put(&bundle, 'L', RT_STR(""), rt_text_str(&listing));
    RT_TRY(run_chore(&audit, rt_text_str(&bundle), no_jail));
    *ret_lock = audit.lock;
    return RT_FINE;
}

/* What the manifest asks for by name is direct, whatever the lockfile could not tell. */
static void mark_direct(RtAudit *audit)
{
    size_t slots = 64;
    while (slots < audit->project.wanted_count * 2)
        slots *= 2;
    RtStr *names = RT_NEW_ARRAY(audit->arena, RtStr, slots);
    for (size_t i = 0; i < audit->project.wanted_count; i++) {
        size_t at = (size_t)rt_str_hash(audit->project.wanted[i].name) & (slots - 1);
        while (names[at].len > 0)
            at = (at + 1) & (slots - 1);
        names[at] = audit->project.wanted[i].name;
    }
    RtDependency *items = (RtDependency *)(uintptr_t)audit->lock.items; /* the arena's, and ours */
    for (size_t i = 0; i < audit->lock.count; i++) {
        RtStr name = items[i].alias.len ? items[i].alias : items[i].name;
        size_t at = (size_t)rt_str_hash(name) & (slots - 1);
        while (names[at].len > 0 && !rt_str_equal(names[at], name))
            at = (at + 1) & (slots - 1);
        bool nested = rt_str_has(items[i].place, RT_STR("/node_modules/"));
        if (names[at].len > 0 && !nested && audit->lock.wanted_kind != RT_WANTED_OWN) {
            items[i].flags |= RT_DEP_DIRECT;
            items[i].parent = 0;
        }
    }
}

RtErr rt_audit_read(RtAudit *audit, const RtAuditSource *source, RtStr home, bool no_jail)
{
    RtText bundle = { .arena = audit->arena };
    if (source->is_node || source->is_site) {
        RtText listing = { .arena = audit->arena };
        rt_text_add(&listing, RT_STR("ratter-installed 1\n"));
        list_installed(audit, &listing, source->path, source->is_node, 0);
        put(&bundle, 'L', source->path, rt_text_str(&listing));
    } else {
        RT_TRY(load(audit->arena, source->path, LOCK_MOST, false, &audit->bytes));
        put(&bundle, source->is_requirements ? 'R' : 'L', source->path, audit->bytes);
    }
    put_project(audit, &bundle, source, home);
    RT_TRY(run_chore(audit, rt_text_str(&bundle), no_jail));
    audit->lock.path = source->path;
    if (audit->lock.kind.len == 0)
        return rt_fail(RT_ERR_FORMAT, "it is no lockfile, manifest or SBOM that ratter knows");
    mark_direct(audit);
    return RT_FINE;
}
