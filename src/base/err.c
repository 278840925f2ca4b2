/* err.c - errors with words, and descriptors that close themselves. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

RtErr rt_fail(RtErrCode code, const char *format, ...)
{
    RtErr err = { .code = code };
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err.text, sizeof err.text, format, args);
    va_end(args);
    return err;
}

void rt_fd_done(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}
