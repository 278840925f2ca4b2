/* output.c - writes reports so that none is ever left half: a temporary name first, the real one at
 * the end.
 *
 * Bytes go straight to write(2): a line of jsonl should reach a pipe when its package is done, and
 * an error of the disk is seen by the call that caused it, not at exit. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file that `path` means, links followed; a new file is what it says. */
static const char *resolved(RtArena *arena, const char *path)
{
    char buffer[PATH_MAX];
    if (realpath(path, buffer))
        return rt_str_c(arena, rt_str_copy(arena, rt_str_from_c(buffer)));
    return path;
}

/* The mode of the file to be replaced, or what the umask leaves of 0666. */
static mode_t mode_for(const struct stat *old)
{
    if (old)
        return old->st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

RtErr output_open(RtArena *arena, const char *path, Output *ret_output)
{
    struct stat old;
    bool exists = stat(path, &old) == 0;
    Output output = { .fd = -1, .path = path };
    if (exists && S_ISDIR(old.st_mode))
        return rt_fail(RT_ERR_IO, "cannot write %s: it is a directory", path);
    if (exists && !S_ISREG(old.st_mode)) {
        output.fd = open(path, O_WRONLY | O_CLOEXEC);
        if (output.fd < 0)
            return rt_fail(RT_ERR_IO, "cannot write %s: %s", path, strerror(errno));
        *ret_output = output;
        return RT_FINE;
    }
    output.target = exists ? resolved(arena, path) : path;
    char *name =
        (char *)(uintptr_t)rt_str_c(arena, rt_str_format(arena, "%s.XXXXXX", output.target));
    output.fd = mkostemp(name, O_CLOEXEC);
    if (output.fd < 0)
        return rt_fail(RT_ERR_IO, "cannot write %s: %s", path, strerror(errno));
    output.temporary = name;
    if (fchmod(output.fd, mode_for(exists ? &old : NULL)) != 0)
        output.error = errno;
    *ret_output = output;
    return RT_FINE;
}

int output_write(void *context, const void *bytes, size_t len)
{
    Output *output = context;
    const uint8_t *at = bytes;
    if (output->error || output->is_closed)
        return -1;
    if (output->before)
        output->before(output->ctx);
    while (len > 0) {
        ssize_t done = write(output->fd, at, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && errno == EPIPE) {
            output->is_closed = true;
            return -1;
        }
        if (done <= 0) {
            output->error = done < 0 ? errno : EIO;
            return -1;
        }
        at += done;
        len -= (size_t)done;
    }
    return 0;
}

RtErr output_close(Output *output, bool keep)
{
    const char *shown = output->path ? output->path : "standard output";
    if (output->fd >= 0 && output->temporary && !output->error && keep && fsync(output->fd) != 0 &&
        errno != EINVAL && errno != ENOSYS)
        output->error = errno;
    if (output->fd >= 0 && close(output->fd) != 0 && !output->error)
        output->error = errno;
    output->fd = -1;
    if (output->temporary) {
        bool whole = keep && !output->error && !output->is_closed;
        if (whole && rename(output->temporary, output->target) != 0)
            output->error = errno;
        if (!whole || output->error)
            unlink(output->temporary);
    }
    if (output->error)
        return rt_fail(RT_ERR_IO, "cannot write %s: %s", shown, strerror(output->error));
    return RT_FINE;
}
