/* find.c - walks a project for lockfiles: by name only, nothing is read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/source.h"
#include "base/escape.h"
#include "base/words.h"
#include "ecosystem/lockfile.h"

enum { DEPTH_MOST = 64, SOURCES_MOST = 20000, NAMED_MOST = 1000, NAMED_PARTS = 64 };

typedef struct {
    RtArena *arena;
    RtAuditSources *sources;
    RtStr root;
} Walk;

typedef struct {
    bool node, python; /* a lockfile here or above speaks for installed trees */
} Spoken;

static RtStr join(RtArena *arena, RtStr folder, RtStr name)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, folder);
    if (folder.len > 0 && folder.at[folder.len - 1] != '/')
        rt_text_byte(&text, '/');
    rt_text_add(&text, name);
    return rt_text_str(&text);
}

static void add(Walk *walk, RtAuditSource source)
{
    RtAuditSources *sources = walk->sources;
    source.root = walk->root;
    for (size_t i = 0; i < sources->count && i < NAMED_MOST; i++)
        if (rt_str_equal(sources->items[i].path, source.path))
            return; /* named twice */
    if (sources->count < SOURCES_MOST)
        RT_PUSH(walk->arena, sources->items, sources->count, sources->capacity) = source;
}

static void cannot(Walk *walk, RtStr folder, const char *why)
{
    RtAuditSources *sources = walk->sources;
    RT_PUSH(walk->arena, sources->unseen, sources->unseen_count, sources->unseen_capacity) =
        (RtUnseen){ .reason = rt_str_from_c(why), .where = folder, .times = 1 };
}

typedef struct {
    RtStr *names;
    size_t count, capacity;
} Listing;

static int compare_names(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

/* Names of regular files and folders, sorted. */
static bool list(Walk *walk, RtStr folder, Listing *files, Listing *folders)
{
    DIR *dir = opendir(rt_str_c(walk->arena, folder.len ? folder : RT_STR(".")));
    if (!dir) {
        cannot(walk, folder, strerror(errno));
        return false;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        RtStr name = rt_str_copy(walk->arena, rt_str_from_c(entry->d_name));
        struct stat info;
        if (rt_word_in(name, ". ..") ||
            fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        Listing *to = S_ISDIR(info.st_mode) ? folders : S_ISREG(info.st_mode) ? files : NULL;
        if (to)
            RT_PUSH(walk->arena, to->names, to->count, to->capacity) = name;
    }
    closedir(dir);
    if (files->count)
        qsort(files->names, files->count, sizeof *files->names, compare_names);
    if (folders->count)
        qsort(folders->names, folders->count, sizeof *folders->names, compare_names);
    return true;
}

static bool exists(RtArena *arena, RtStr path)
{
    struct stat info;
    return lstat(rt_str_c(arena, path), &info) == 0 && S_ISREG(info.st_mode);
}

/* An installed tree that no lockfile speaks for: npm's own listing, else its manifests. */
static void take_installed(Walk *walk, RtStr folder, bool is_node)
{
    RtStr hidden = join(walk->arena, folder, RT_STR(".package-lock.json"));
    if (is_node && exists(walk->arena, hidden))
        add(walk, (RtAuditSource){ .path = hidden, .folder = folder });
    else
        add(walk, (RtAuditSource){
                      .path = folder, .folder = folder, .is_node = is_node, .is_site = !is_node });
}

/* Recursion is bounded by DEPTH_MOST. */
static void visit(Walk *walk, RtStr folder, uint32_t depth, Spoken spoken)
{
    Listing files = { 0 }, folders = { 0 };
    if (depth > DEPTH_MOST) {
        cannot(walk, folder, "deeper than 64 folders");
        return;
    }
    if (!list(walk, folder, &files, &folders))
        return;
    for (size_t i = 0; i < files.count; i++) {
        const RtLockfile *reader = rt_lockfile_find(files.names[i], RT_STR(""));
        RtStr path = join(walk->arena, folder, files.names[i]);
        if (!reader) /* requirements/dev.txt is known by its folder */
            reader = rt_lockfile_find(path, RT_STR(""));
        if (!reader)
            continue;
        spoken.node = spoken.node || rt_word_in(rt_str_from_c(reader->name), "npm yarn pnpm bun");
        spoken.python = spoken.python || rt_word_in(rt_str_from_c(reader->name),
                                                    "poetry uv pdm pipenv pylock requirements");
        add(walk, (RtAuditSource){ .path = path, .folder = folder });
    }
    for (size_t i = 0; i < folders.count; i++) {
        RtStr name = folders.names[i], path = join(walk->arena, folder, name);
        if (rt_str_equal(name, RT_STR("node_modules"))) {
            if (!spoken.node)
                take_installed(walk, path, true);
        } else if (rt_str_equal(name, RT_STR("site-packages"))) {
            if (!spoken.python)
                take_installed(walk, path, false);
        } else if (!rt_str_equal(name, RT_STR(".git"))) {
            visit(walk, path, depth + 1, spoken);
        }
    }
}

static RtStr folder_of(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    return slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(path, 0, slash ? slash : 1);
}

/* "a/./b/../c" is "a/c"; false when it leaves `root`, which it must begin with, or is not
 * there, or goes through a symbolic link. */
static bool settle(RtArena *arena, RtStr root, RtStr path, RtStr *ret_path)
{
    RtStr parts[NAMED_PARTS], rest = rt_str_from(path, root.len), part;
    size_t count = 0;
    while (rt_str_next(&rest, '/', &part)) {
        if (part.len == 0 || rt_str_equal(part, RT_STR(".")))
            continue;
        bool up = rt_str_equal(part, RT_STR(".."));
        if ((up && count == 0) || (!up && count == RT_COUNT(parts)))
            return false;
        if (up)
            count--;
        else
            parts[count++] = part;
    }
    RtText text = { .arena = arena };
    rt_text_add(&text, root);
    for (size_t i = 0; i < count; i++) {
        if (text.len > 0 && text.at[text.len - 1] != '/')
            rt_text_byte(&text, '/');
        rt_text_add(&text, parts[i]);
        struct stat info;
        if (lstat(rt_str_c(arena, rt_text_str(&text)), &info) != 0 || S_ISLNK(info.st_mode))
            return false;
    }
    *ret_path = rt_text_str(&text);
    return count > 0;
}

void rt_audit_follow(RtAudit *audit, const RtAuditSource *source, RtStr other,
                     RtAuditSources *sources)
{
    Walk walk = { .arena = audit->arena, .sources = sources, .root = source->root };
    RtStr path = join(audit->arena, source->folder, other);
    bool is_tame = other.len > 0 && other.len < 1000 && other.at[0] != '/' &&
                   rt_str_find_byte(other, 0) == RT_NOT_FOUND &&
                   rt_str_find(other, RT_STR("://")) == RT_NOT_FOUND &&
                   rt_str_starts(path, source->root) &&
                   settle(audit->arena, source->root, path, &path) && exists(audit->arena, path);
    if (is_tame)
        add(&walk,
            (RtAuditSource){ .path = path, .folder = folder_of(path), .is_requirements = true });
    else
        rt_audit_unseen(audit, RT_STR("a file that it names was not found below what is audited"),
                        rt_str_sub(other, 0, 300));
}

RtErr rt_audit_find(RtArena *arena, RtStr path, RtAuditSources *sources)
{
    Walk walk = { .arena = arena, .sources = sources, .root = path };
    struct stat info;
    RtStr plain = rt_escaped(arena, path);
    if (stat(rt_str_c(arena, path), &info) != 0)
        return rt_fail(RT_ERR_IO, "cannot read %.*s: %s", RT_FMT(plain), strerror(errno));
    if (S_ISDIR(info.st_mode)) {
        bool is_node = rt_str_ends(path, RT_STR("node_modules"));
        if (is_node || rt_str_ends(path, RT_STR("site-packages")))
            take_installed(&walk, path, is_node);
        else
            visit(&walk, path, 0, (Spoken){ 0 });
        return RT_FINE;
    }
    if (!S_ISREG(info.st_mode))
        return rt_fail(RT_ERR_USAGE, "%.*s is neither a folder nor a file", RT_FMT(plain));
    walk.root = folder_of(path);
    add(&walk, (RtAuditSource){ .path = path, .folder = walk.root });
    return RT_FINE;
}
