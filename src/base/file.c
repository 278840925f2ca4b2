/* file.c - see file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_how(int folder, const char *path, int flags, uint64_t resolve)
{
    struct open_how how = { .flags = (uint64_t)(unsigned)flags, .resolve = resolve };
    int fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (fd < 0 && errno == ENOSYS)
        fd = openat(folder, path, flags | O_NOFOLLOW);
    return fd;
}

int rt_file_open(int folder, const char *path, int flags)
{
    return open_how(folder, path, flags | O_NOFOLLOW | O_CLOEXEC,
                    RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int rt_file_open_inside(int root, const char *path, int flags)
{
    return open_how(root, path, flags | O_CLOEXEC, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

RtStr rt_file_read(RtArena *arena, int fd, size_t most)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return (RtStr){ 0 };
    size_t want = (uint64_t)info.st_size < most ? (size_t)info.st_size : most, have = 0;
    uint8_t *bytes = rt_arena_bytes(arena, want + 1);
    while (have < want) {
        ssize_t got = pread(fd, bytes + have, want - have, (off_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return (RtStr){ bytes, have };
}
