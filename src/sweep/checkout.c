/* checkout.c - finds checkouts and unpacked projects below a home, and in them the files that run
 * without being asked or that families are known to change.
 *
 * Names only: nothing is opened but folders. No symbolic link is followed, so that there are no
 * cycles; other file systems are entered only when they are local. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/glob.h"
#include "base/words.h"
#include "sweep/sweep.h"

enum {
    DEPTH_MOST = 24,
    ENTRIES_MOST = 3000000,
    SCANNED_MOST = 2000, /* files of one checkout that the scan looks at */
    SCANNED_BYTES = 8 << 20,
    PATH_MOST = 4096
};

/* One glob of one place, with the literal ends at which most paths fail at once. One that does not
 * begin with a wildcard holds at the top of the checkout only. */
typedef struct {
    const RtPlace *place;
    RtStr glob, head, tail;
    size_t slashes; /* SIZE_MAX: any number */
} Wanted;

typedef struct {
    RtStr path; /* below the root */
    RtTargetEntry *entries;
    size_t count, capacity;
    const RtPlace *place;
    bool is_unmarked; /* only named by the user: projects in it stand for themselves */
} Checkout;

typedef struct {
    RtSweep *sweep;
    Wanted *wanted;
    size_t wanted_count, wanted_capacity;
    char path[PATH_MOST]; /* below the root; of the folder being walked */
    size_t len;
    uint64_t entries;
} Walk;

/* Folders that hold caches, installed things or other people's packages, not work. */
static const char passed_over[] =
    "node_modules .cache .npm .cargo .rustup .gradle .m2 .pyenv .rbenv .nvm .fnm .volta .conda "
    "miniconda3 anaconda3 .tox .nox .venv venv __pycache__ .mypy_cache .pytest_cache .pnpm-store "
    ".yarn .bun .deno .terraform .Trash snap .var .wine .steam .mozilla .thunderbird .docker "
    ".local .config .vscode-server .cursor-server .gem .bundle Caches Containers AppData";

static RtStr here(const Walk *walk) { return (RtStr){ (const uint8_t *)walk->path, walk->len }; }

static bool is_foreign(int fd, dev_t above, const char **ret_why)
{
    static const unsigned long remote[] = {
        0x6969,
        0x517B,
        0xFF534D42,
        0xFE534D42,
        0x01021997,
        0x00C36400,
        0x5346414F,
        0x65735546 /* FUSE */,
        0x0187 /* autofs */,
    };
    static const unsigned long kernel[] = { 0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720 };
    struct stat info;
    struct statfs system;
    if (fstat(fd, &info) != 0 || info.st_dev == above || fstatfs(fd, &system) != 0)
        return false;
    for (size_t i = 0; i < RT_COUNT(remote); i++)
        if ((unsigned long)system.f_type == remote[i]) {
            *ret_why = "another machine's or a user's own file system is mounted here: not entered";
            return true;
        }
    for (size_t i = 0; i < RT_COUNT(kernel); i++)
        if ((unsigned long)system.f_type == kernel[i]) {
            *ret_why = "the kernel's file system: not entered";
            return true;
        }
    return false;
}

/* ---- what a checkout holds */

static void take_scanned(Walk *walk, Checkout *checkout, const RtPlace *place, RtStr below,
                         const struct stat *info)
{
    RtSweep *sweep = walk->sweep;
    const char *why = info->st_size > SCANNED_BYTES     ? "larger than 8 MiB: use ratter scan"
                      : checkout->count >= SCANNED_MOST ? "more than 2,000 files that run by "
                                                          "themselves: use ratter scan"
                                                        : NULL;
    if (why != NULL) {
        if (checkout->count <= SCANNED_MOST)
            rt_sweep_gap(sweep,
                         rt_sweep_shown(sweep, rt_sweep_join(sweep->arena, checkout->path, below)),
                         rt_str_from_c(why), true);
        return;
    }
    RT_PUSH(sweep->arena, checkout->entries, checkout->count, checkout->capacity) =
        (RtTargetEntry){ .path = rt_str_copy(sweep->arena, below),
                         .kind = RT_GIVEN_FILE,
                         .mode = info->st_mode & 07777,
                         .size = (uint64_t)info->st_size };
    if (checkout->place == NULL || place->level > checkout->place->level)
        checkout->place = place;
}

static size_t count_slashes(RtStr path)
{
    size_t count = 0;
    for (size_t i = 0; i < path.len; i++)
        count += path.at[i] == '/';
    return count;
}

static bool fits(const Wanted *wanted, RtStr below, size_t slashes)
{
    return rt_str_ends(below, wanted->tail) && rt_str_starts(below, wanted->head) &&
           (wanted->slashes == SIZE_MAX || wanted->slashes == slashes) &&
           rt_glob_fits(wanted->glob, below);
}

/* `fd` is the folder that `name` lies in; walk->path names the file itself. */
static void take_file(Walk *walk, Checkout *checkout, int fd, const char *name)
{
    RtSweep *sweep = walk->sweep;
    RtStr below = rt_str_from(here(walk), checkout->path.len ? checkout->path.len + 1 : 0);
    bool known = false, scanned = false;
    size_t slashes = count_slashes(below);
    RtFound found = { 0 };
    for (size_t i = 0; i < walk->wanted_count; i++) {
        const Wanted *wanted = &walk->wanted[i];
        if (!fits(wanted, below, slashes))
            continue;
        if (!known) {
            if (fstatat(fd, name, &found.info, AT_SYMLINK_NOFOLLOW) != 0)
                return;
            found.path = found.named = rt_str_copy(sweep->arena, here(walk));
            known = true;
        }
        if (wanted->place->check != RT_CHECK_SCAN)
            rt_sweep_take(sweep, wanted->place, &found);
        else if (!scanned && S_ISREG(found.info.st_mode))
            take_scanned(walk, checkout, wanted->place, below, &found.info);
        scanned = scanned || wanted->place->check == RT_CHECK_SCAN;
    }
    sweep->counts.checkout_files++;
}

static int compare_entries(const void *a, const void *b)
{
    return rt_str_compare(((const RtTargetEntry *)a)->path, ((const RtTargetEntry *)b)->path);
}

static void finish(Walk *walk, Checkout *checkout)
{
    RtSweep *sweep = walk->sweep;
    sweep->counts.checkouts++;
    if (checkout->count == 0)
        return;
    qsort(checkout->entries, checkout->count, sizeof *checkout->entries, compare_entries);
    RtStr shown = rt_sweep_shown(sweep, checkout->path);
    RT_PUSH(sweep->arena, sweep->targets.items, sweep->targets.count, sweep->targets.capacity) =
        (RtTarget){ .path = shown,
                    .root = shown,
                    .is_tree = true,
                    .fd = -1,
                    .entries = checkout->entries,
                    .entry_count = checkout->count };
    RT_PUSH(sweep->arena, sweep->target_places, sweep->target_place_count,
            sweep->target_place_capacity) = checkout->place;
}

/* ---- the walk */

/* Appends a name to walk->path; the length to go back to, or 0 when it is too long. */
static size_t descend(Walk *walk, const char *name)
{
    size_t before = walk->len, len = strlen(name), slash = before != 0;
    if (before + slash + len >= PATH_MOST)
        return 0;
    if (slash)
        walk->path[walk->len++] = '/';
    memcpy(walk->path + walk->len, name, len + 1);
    walk->len += len;
    return before + 1;
}

static void ascend(Walk *walk, size_t mark)
{
    walk->len = mark - 1;
    walk->path[walk->len] = 0;
}

static bool is_there(int fd, const char *name)
{
    struct stat info;
    return fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The mark of a project that came as an archive, without .git. */
static bool is_project(int fd)
{
    static const char *const marks[] = { "package.json",  "pyproject.toml", "setup.py",
                                         "composer.json", ".vscode",        "Cargo.toml",
                                         "go.mod",        "Gemfile" };
    for (size_t i = 0; i < RT_COUNT(marks); i++)
        if (is_there(fd, marks[i]))
            return true;
    return false;
}

static bool is_passed_over(const Walk *walk, const char *name, const Checkout *checkout)
{
    RtStr text = rt_str_from_c(name);
    if (rt_str_ends(here(walk), RT_STR("/go/pkg/mod"))) /* what go fetched */
        return true;
    bool of_project = checkout != NULL && rt_word_in(text, ".config .yarn .docker .cargo");
    return !of_project && rt_word_in(text, passed_over);
}

static void take_one(Walk *walk, Checkout *checkout, int fd, const char *name)
{
    size_t mark = is_there(fd, name) ? descend(walk, name) : 0;
    if (mark == 0)
        return;
    take_file(walk, checkout, fd, name);
    ascend(walk, mark);
}

/* The files of one folder, not of those below. Owns `fd`. */
static void take_all(Walk *walk, Checkout *checkout, int fd)
{
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            walk->entries++ < ENTRIES_MOST)
            take_one(walk, checkout, fd, entry->d_name);
    if (dir != NULL)
        closedir(dir);
    else if (fd >= 0)
        close(fd);
}

/* .git holds what git runs, and history, which is not looked at; node_modules has npm's own list of
 * what it installed. */
static void take_inside(Walk *walk, Checkout *checkout, int fd, const char *name)
{
    static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    size_t mark = checkout == NULL ? 0 : descend(walk, name);
    if (mark == 0)
        return;
    RT_FD inner = openat(fd, name, flags);
    size_t hooks = 0;
    if (inner >= 0 && strcmp(name, ".git") == 0) {
        take_one(walk, checkout, inner, "config");
        hooks = descend(walk, "hooks");
        if (hooks != 0)
            take_all(walk, checkout, openat(inner, "hooks", flags));
    } else if (inner >= 0) {
        take_one(walk, checkout, inner, ".package-lock.json");
    }
    if (hooks != 0)
        ascend(walk, hooks);
    ascend(walk, mark);
}

typedef enum { BELOW, HOME, NAMED } Standing;
static void walk_folder(Walk *walk, int fd, Checkout *checkout, unsigned depth, dev_t device,
                        Standing standing);

static void enter(Walk *walk, int fd, const char *name, Checkout *checkout, unsigned depth,
                  dev_t device)
{
    RtSweep *sweep = walk->sweep;
    const char *why = depth >= DEPTH_MOST ? "deeper than 24 folders" : NULL;
    int inner =
        why != NULL ? -1 : openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool matters = true;
    if (why == NULL && inner < 0)
        why = errno == EACCES || errno == EPERM ? "permission denied"
              : errno == EMFILE                 ? "too many open files"
                                                : NULL;
    else if (inner >= 0 && is_foreign(inner, device, &why))
        matters = false;
    if (why != NULL) {
        rt_sweep_gap(sweep, rt_sweep_shown(sweep, here(walk)), rt_str_from_c(why), matters);
        if (inner >= 0)
            close(inner);
    } else if (inner >= 0) {
        walk_folder(walk, inner, checkout, depth + 1, device, BELOW);
    }
}

/* A home is none, whatever lies in it: else all of it would be read. */
static bool begins_checkout(int fd, const Checkout *around, Standing standing)
{
    if (standing != BELOW)
        return standing == NAMED;
    return is_there(fd, ".git") || ((around == NULL || around->is_unmarked) && is_project(fd));
}

/* Recursion is bounded by DEPTH_MOST. Owns `fd`. */
static void walk_folder(Walk *walk, int fd, Checkout *checkout, unsigned depth, dev_t device,
                        Standing standing)
{
    RtSweep *sweep = walk->sweep;
    DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        close(fd);
        return;
    }
    Checkout own = { 0 };
    struct stat info;
    device = fstat(fd, &info) == 0 ? info.st_dev : device;
    if (begins_checkout(fd, checkout, standing)) {
        own.path = rt_str_copy(sweep->arena, here(walk));
        own.is_unmarked = !is_there(fd, ".git") && !is_project(fd);
        checkout = &own;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (walk->entries++ >= ENTRIES_MOST)
            break;
        size_t mark;
        bool is_folder = entry->d_type == DT_DIR;
        if (entry->d_type == DT_UNKNOWN)
            is_folder = fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
        if (is_folder && (strcmp(name, ".git") == 0 || strcmp(name, "node_modules") == 0)) {
            take_inside(walk, checkout, fd, name);
        } else if ((mark = descend(walk, name)) == 0) {
            rt_sweep_gap(sweep, rt_sweep_shown(sweep, here(walk)),
                         RT_STR("a path longer than 4096 bytes"), true);
        } else {
            if (!is_folder && checkout != NULL)
                take_file(walk, checkout, fd, name);
            if (is_folder && !is_passed_over(walk, name, checkout))
                enter(walk, fd, name, checkout, depth, device);
            ascend(walk, mark);
        }
    }
    closedir(dir);
    if (checkout == &own)
        finish(walk, &own);
}

static Wanted wanted_of(const RtPlace *place, RtStr glob)
{
    Wanted wanted = { .place = place, .glob = glob, .slashes = SIZE_MAX };
    size_t from = 0, at = glob.len;
    while (from < glob.len && glob.at[from] != '*' && glob.at[from] != '?')
        from++;
    while (at > 0 && glob.at[at - 1] != '*' && glob.at[at - 1] != '?')
        at--;
    wanted.head = rt_str_sub(glob, 0, from);
    wanted.tail = rt_str_from(glob, at);
    if (wanted.tail.len != 0 && wanted.tail.at[0] == '/')
        wanted.tail = rt_str_from(wanted.tail, 1); /* a/[**]/b fits b as well */
    if (from > 0 && !rt_str_has(glob, RT_STR("**")))
        wanted.slashes = count_slashes(glob);
    return wanted;
}

static void list_wanted(Walk *walk)
{
    const RtPlaces *places = walk->sweep->places;
    RtStr head = RT_STR("$checkout/");
    for (size_t i = 0; i < places->count; i++)
        for (size_t k = 0; k < places->items[i].path_count; k++)
            if (rt_str_starts(places->items[i].paths[k], head))
                RT_PUSH(walk->sweep->arena, walk->wanted, walk->wanted_count,
                        walk->wanted_capacity) =
                    wanted_of(&places->items[i], rt_str_from(places->items[i].paths[k], head.len));
}

static void walk_from(Walk *walk, RtStr path, Standing standing)
{
    RtSweep *sweep = walk->sweep;
    struct stat info;
    if (path.len >= PATH_MOST)
        return;
    int fd = rt_file_open(sweep->root_fd, rt_str_c(sweep->arena, path.len ? path : RT_STR(".")),
                          O_RDONLY | O_DIRECTORY);
    if (fd < 0 || fstat(fd, &info) != 0) {
        rt_sweep_gap(sweep, rt_sweep_shown(sweep, path),
                     rt_str_copy(sweep->arena, rt_str_from_c(strerror(errno))), true);
        return;
    }
    walk->len = 0;
    walk->path[0] = 0;
    if (path.len != 0 && descend(walk, rt_str_c(sweep->arena, path)) == 0) {
        close(fd);
        return;
    }
    walk_folder(walk, fd, NULL, 0, info.st_dev, standing);
}

void rt_checkouts_find(RtSweep *sweep, const RtStr *extra, size_t count)
{
    Walk *walk = RT_NEW(sweep->arena, Walk);
    walk->sweep = sweep;
    list_wanted(walk);
    for (size_t i = 0; i < sweep->home_count; i++)
        walk_from(walk, sweep->homes[i], HOME);
    for (size_t i = 0; i < count; i++)
        walk_from(walk, extra[i], NAMED);
    if (walk->entries >= ENTRIES_MOST)
        rt_sweep_gap(sweep, RT_STR("home directories"),
                     RT_STR("more than 3,000,000 names: name the folders of your work with "
                            "--checkouts"),
                     true);
}
