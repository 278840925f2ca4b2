/* seek.c - finds the paths that a pattern names, without reading what is there.
 *
 * A part without a wildcard costs nothing of its own: the next folder that must be listed is opened
 * by its whole path. Links are followed as they look from the root, because a home of links into a
 * dotfiles folder is usual; what is found is then called by its real path, which is not walked. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/glob.h"
#include "sweep/sweep.h"

enum { NAMES_MOST = 200000, PARTS_MOST = 32 };

typedef struct {
    RtSweep *sweep;
    const RtPlace *place;
    RtSeekFound *found;
} Seek;

static bool is_wild(RtStr part)
{
    return rt_str_find_byte(part, '*') != RT_NOT_FOUND ||
           rt_str_find_byte(part, '?') != RT_NOT_FOUND;
}

static void tell_error(const Seek *seek, RtStr path)
{
    if (errno != EACCES && errno != EPERM && errno != EIO)
        return; /* it is not there */
    rt_sweep_gap(seek->sweep, rt_sweep_shown(seek->sweep, path),
                 rt_str_from_c(errno == EIO ? "read error" : "permission denied"),
                 rt_layout_is_ours(seek->sweep, path));
}

/* Where an open descriptor really lies, below the root. */
static RtStr real_path(const RtSweep *sweep, int fd, RtStr named)
{
    char link[64], target[4096], root[4096] = "";
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, target, sizeof target);
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", sweep->root_fd);
    ssize_t above = readlink(link, root, sizeof root);
    if (len <= 0 || len == (ssize_t)sizeof target || above <= 0)
        return named;
    RtStr path = { (const uint8_t *)target, (size_t)len },
          base = { (const uint8_t *)root, above == 1 ? 0 : (size_t)above };
    if (!rt_str_starts(path, base))
        return named;
    return rt_str_copy(sweep->arena, rt_str_from(path, base.len + 1));
}

static void take(const Seek *seek, RtStr path)
{
    RtSweep *sweep = seek->sweep;
    const char *c_path = rt_str_c(sweep->arena, path);
    RtFound found = { .path = path, .named = path };
    RT_FD straight = rt_file_open(sweep->root_fd, c_path, O_PATH);
    bool fine = straight >= 0 && fstat(straight, &found.info) == 0;
    if (!fine && errno != ELOOP) {
        tell_error(seek, path);
        return;
    }
    if (!fine || S_ISLNK(found.info.st_mode)) {
        RT_FD fd = rt_file_open_inside(sweep->root_fd, c_path, O_PATH);
        if (fd < 0 || fstat(fd, &found.info) != 0)
            return; /* it leads nowhere */
        found.path = real_path(sweep, fd, path);
        if (found.path.len == 0)
            return; /* the root itself */
    }
    sweep->counts.files++;
    seek->found(sweep, seek->place, &found);
}

/* Recursion is bounded by the parts of our own pattern. */
static void step(const Seek *seek, RtStr done, RtStr rest, unsigned depth)
{
    RtSweep *sweep = seek->sweep;
    RtStr part;
    for (;;) {
        if (!rt_str_next(&rest, '/', &part)) {
            take(seek, done);
            return;
        }
        if (is_wild(part))
            break;
        done = rt_sweep_join(sweep->arena, done, part);
    }
    int fd = depth == PARTS_MOST
                 ? -1
                 : rt_file_open_inside(sweep->root_fd,
                                       rt_str_c(sweep->arena, done.len ? done : RT_STR(".")),
                                       O_RDONLY | O_DIRECTORY);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        tell_error(seek, done);
        if (fd >= 0)
            close(fd);
        return;
    }
    size_t names = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL && names++ < NAMES_MOST;) {
        RtStr name = rt_str_from_c(entry->d_name);
        bool hidden = name.at[0] == '.' && part.at[0] != '.'; /* as a shell has it */
        if (!hidden && rt_glob_fits(part, name))
            step(seek, rt_sweep_join(sweep->arena, done, name), rest, depth + 1);
    }
    if (names > NAMES_MOST)
        rt_sweep_gap(sweep, rt_sweep_shown(sweep, done),
                     RT_STR("more than 200,000 names in one folder"), true);
    closedir(dir);
}

void rt_seek(RtSweep *sweep, const RtPlace *place, RtStr pattern, RtSeekFound *found)
{
    Seek seek = { .sweep = sweep, .place = place, .found = found };
    step(&seek, RT_STR(""), pattern, 0);
}
