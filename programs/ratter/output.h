/* output.h - where a report goes: standard output, or a file that appears whole or not at all. */
#ifndef RATTER_OUTPUT_H
#define RATTER_OUTPUT_H

#include "base/str.h"

typedef struct {
    int fd;
    const char *path;               /* what the user called it; NULL for standard output */
    const char *temporary, *target; /* renamed one to the other when done; NULL: written in place */
    bool is_closed; /* the reader of our pipe has gone: not an error, nobody is listening */
    int error;      /* errno of the first failed write, 0 when all went well */
    void (*before)(
        void *ctx); /* called before bytes go out (wipes the progress line); may be NULL */
    void *ctx;
} Output;

/* Opens FILE for writing. A regular (or new) file is written beside itself under a temporary name;
 * a device, a pipe or a descriptor below /dev is written in place. Strings live in `arena`. */
RtErr output_open(RtArena *arena, const char *path, Output *ret_output) RT_MUST_USE;
/* A ratter_write: all bytes, or -1. */
int output_write(void *output, const void *bytes, size_t len);
/* Closes; on success the file gets its name, after a failure (or with `keep` false) it is removed.
 */
RtErr output_close(Output *output, bool keep) RT_MUST_USE;

#endif
