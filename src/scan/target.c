/* target.c - walks folders on the host's side of the wall.
 *
 * Names are hostile but only names: they are joined to a path, opened with O_NOFOLLOW (openat2 with
 * RESOLVE_BENEATH where the kernel has it) and handed on as bytes. Symbolic links are listed, never
 * followed, so a cycle cannot happen and pnpm's store is met once. */
#include "scan/target.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { DEPTH_LIMIT = 128, ENTRY_LIMIT = 2000000 };

/* The artifact being filled: entries are relative to `root`. */
typedef struct {
    RtStr root, unseen;
    RtTargetEntry *entries;
    size_t count, capacity;
    bool is_package; /* of a node_modules or site-packages: always reported */
} Open;

typedef struct {
    RtArena *arena;
    RtTargetList *list;
    size_t entries;
} Walk;

typedef struct {
    RtStr name;
    uint8_t type;
} Name;

static int compare_names(const void *a, const void *b)
{
    return rt_str_compare(((const Name *)a)->name, ((const Name *)b)->name);
}

static RtStr path_join(RtArena *arena, RtStr a, RtStr b)
{
    if (a.len == 0)
        return b;
    bool slash = a.at[a.len - 1] == '/';
    RtText text = { .arena = arena };
    rt_text_add(&text, a);
    if (!slash)
        rt_text_byte(&text, '/');
    rt_text_add(&text, b);
    return rt_text_str(&text);
}

static Name *list_folder(Walk *walk, int fd, size_t *ret_count, bool *ret_failed)
{
    Name *names = NULL;
    size_t count = 0, capacity = 0;
    DIR *dir = fdopendir(fd); /* owns fd */
    if (dir == NULL)
        close(fd);
    *ret_failed = dir == NULL;
    struct dirent *entry;
    while (dir != NULL && (errno = 0, entry = readdir(dir)) != NULL) {
        RtStr name = rt_str_from_c(entry->d_name);
        if (rt_str_equal(name, RT_STR(".")) || rt_str_equal(name, RT_STR("..")))
            continue;
        if (walk->entries++ >= ENTRY_LIMIT) {
            *ret_failed = true;
            break;
        }
        RT_PUSH(walk->arena, names, count, capacity) =
            (Name){ rt_str_copy(walk->arena, name), entry->d_type };
    }
    *ret_failed |= dir != NULL && errno != 0;
    if (dir != NULL)
        closedir(dir);
    if (count != 0)
        qsort(names, count, sizeof *names, compare_names);
    *ret_count = count;
    return names;
}

static void add_entry(Walk *walk, Open *open, int folder, RtStr path, RtStr name)
{
    struct stat info;
    const char *c_name = rt_str_c(walk->arena, name);
    RtTargetEntry entry = { .path = path, .kind = RT_GIVEN_UNREADABLE };
    if (fstatat(folder, c_name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        entry.mode = info.st_mode & 07777;
        entry.size = (uint64_t)info.st_size;
        entry.kind = S_ISREG(info.st_mode)   ? RT_GIVEN_FILE
                     : S_ISLNK(info.st_mode) ? RT_GIVEN_LINK
                                             : RT_GIVEN_SPECIAL;
    }
    if (entry.kind == RT_GIVEN_LINK) {
        char target[1024];
        ssize_t len = readlinkat(folder, c_name, target, sizeof target);
        entry.link =
            rt_str_copy(walk->arena, (RtStr){ (const uint8_t *)target, len < 0 ? 0 : (size_t)len });
    }
    RT_PUSH(walk->arena, open->entries, open->count, open->capacity) = entry;
}

static void finish(Walk *walk, const Open *open)
{
    if (open->count == 0 && open->unseen.len == 0)
        return;
    RT_PUSH(walk->arena, walk->list->items, walk->list->count, walk->list->capacity) = (RtTarget){
        .path = open->root,
        .root = open->root,
        .is_tree = true,
        .fd = -1,
        .entries = open->entries,
        .entry_count = open->count,
        .unseen = open->unseen,
    };
}

static void walk_folder(Walk *walk, int fd, RtStr folder, RtStr relative, Open *open,
                        unsigned depth);

/* Starts an artifact of its own at `folder`, or goes on inside `open`. */
static void enter(Walk *walk, int parent, RtStr name, RtStr folder, RtStr relative, Open *open,
                  bool own, unsigned depth)
{
    int fd = openat(parent, rt_str_c(walk->arena, name),
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    Open fresh = { .root = folder, .is_package = own };
    Open *into = own ? &fresh : open;
    if (fd < 0 || depth >= DEPTH_LIMIT) {
        into->unseen =
            depth >= DEPTH_LIMIT ? RT_STR("limit-folder-depth") : RT_STR("a folder cannot be read");
        if (fd >= 0)
            close(fd);
    } else {
        walk_folder(walk, fd, folder, own ? RT_STR("") : relative, into, depth + 1);
    }
    if (own)
        finish(walk, &fresh);
}

/* node_modules/NAME and node_modules/@SCOPE/NAME are artifacts; what else lies there belongs to the
 * tree around. */
static void walk_node_modules(Walk *walk, int fd, RtStr folder, RtStr relative, Open *open,
                              unsigned depth)
{
    bool failed;
    size_t count;
    int again = dup(fd);
    Name *names = list_folder(walk, fd, &count, &failed);
    if (failed)
        open->unseen = RT_STR("a folder cannot be read");
    for (size_t i = 0; i < count && again >= 0; i++) {
        RtStr name = names[i].name;
        RtStr path = path_join(walk->arena, folder, name),
              below = path_join(walk->arena, relative, name);
        struct stat info;
        bool is_folder =
            fstatat(again, rt_str_c(walk->arena, name), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(info.st_mode);
        if (!is_folder)
            add_entry(walk, open, again, below, name);
        else if (name.at[0] == '@' || rt_str_equal(name, RT_STR(".pnpm")))
            enter(walk, again, name, path, below, open, false, depth);
        else
            enter(walk, again, name, path, below, open, name.at[0] != '.', depth);
    }
    if (again >= 0)
        close(again);
}

static bool ends_in(RtStr path, const char *name)
{
    RtStr tail = rt_str_from_c(name);
    return rt_str_ends(path, tail) &&
           (path.len == tail.len || path.at[path.len - tail.len - 1] == '/');
}

/* True when the children of `folder` are packages: a scope below node_modules, or a pnpm store
 * entry's node_modules. */
static bool holds_packages(RtStr folder)
{
    if (ends_in(folder, "node_modules"))
        return true;
    size_t slash = rt_str_rfind_byte(folder, '/');
    return slash != RT_NOT_FOUND && slash + 1 < folder.len && folder.at[slash + 1] == '@' &&
           ends_in(rt_str_sub(folder, 0, slash), "node_modules");
}

/* Of a .git only what can run or point elsewhere is looked at: the objects are the history, not the
 * checkout. */
static bool is_history(RtStr folder, RtStr name)
{
    return ends_in(folder, ".git") && !rt_str_equal(name, RT_STR("hooks")) &&
           !rt_str_equal(name, RT_STR("config"));
}

static bool is_installed_python(RtStr folder)
{
    return ends_in(folder, "site-packages") || ends_in(folder, "dist-packages");
}

static void walk_folder(Walk *walk, int fd, RtStr folder, RtStr relative, Open *open,
                        unsigned depth)
{
    if (holds_packages(folder)) {
        walk_node_modules(walk, fd, folder, relative, open, depth);
        return;
    }
    bool failed, installed = is_installed_python(folder);
    size_t count;
    int again = dup(fd);
    Name *names = list_folder(walk, fd, &count, &failed);
    if (failed || again < 0)
        open->unseen = RT_STR("a folder cannot be read");
    for (size_t i = 0; i < count && again >= 0; i++) {
        RtStr name = names[i].name;
        RtStr path = path_join(walk->arena, folder, name),
              below = path_join(walk->arena, relative, name);
        struct stat info;
        bool known = fstatat(again, rt_str_c(walk->arena, name), &info, AT_SYMLINK_NOFOLLOW) == 0;
        if (is_history(folder, name))
            continue;
        if (known && S_ISDIR(info.st_mode))
            enter(walk, again, name, path, below, open,
                  installed && !rt_str_ends(name, RT_STR("__pycache__")), depth);
        else
            add_entry(walk, open, again, below, name);
    }
    if (again >= 0)
        close(again);
}

static int compare_targets(const void *a, const void *b)
{
    return rt_str_compare(((const RtTarget *)a)->path, ((const RtTarget *)b)->path);
}

static RtStr without_slashes(RtStr path)
{
    while (path.len > 1 && path.at[path.len - 1] == '/')
        path.len--;
    return path;
}

RtErr rt_targets_add(RtArena *arena, RtStr path, RtTargetList *list)
{
    path = without_slashes(rt_str_copy(arena, path));
    const char *c_path = rt_str_c(arena, path);
    struct stat info;
    if (stat(c_path, &info) != 0) /* the path a person typed may be a link */
        return rt_fail(RT_ERR_IO, "%.*s: %s", RT_FMT(path), strerror(errno));
    if (!S_ISDIR(info.st_mode)) {
        if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode))
            return rt_fail(RT_ERR_IO, "%.*s: not a file or folder", RT_FMT(path));
        RT_PUSH(arena, list->items, list->count, list->capacity) =
            (RtTarget){ .path = path, .root = path, .fd = -1 };
        return RT_FINE;
    }
    int fd = open(c_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return rt_fail(RT_ERR_IO, "%.*s: %s", RT_FMT(path), strerror(errno));
    Walk walk = { .arena = arena, .list = list };
    Open open = { .root = path };
    size_t first = list->count;
    walk_folder(&walk, fd, path, RT_STR(""), &open, 0);
    finish(&walk, &open);
    if (list->count > first)
        qsort(list->items + first, list->count - first, sizeof *list->items, compare_targets);
    return RT_FINE;
}

RtStr rt_target_name(const RtTarget *target)
{
    if (target->is_tree)
        return RT_STR("");
    RtStr name = target->name.len != 0 ? target->name : target->path;
    size_t slash = rt_str_rfind_byte(name, '/');
    return slash == RT_NOT_FOUND ? name : rt_str_from(name, slash + 1);
}

int rt_target_open(RtArena *arena, const RtTarget *target, int root_fd, size_t i)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    if (!target->is_tree)
        return open(rt_str_c(arena, target->root), flags);
    return rt_file_open(root_fd, rt_str_c(arena, target->entries[i].path), flags);
}
