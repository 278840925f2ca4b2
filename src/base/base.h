/* base.h - the floor: views of bytes, errors with words, and the functions nobody may call.
 *
 * Everything that comes from a package is a view (`RtStr`): a pointer and a length, never a
 * NUL-terminated string, so that a NUL in a file name or a script cannot hide what follows it.
 * Errors are values with words in them; they tell of *our* failures only (HOUSE 1: status,
 * observation and conclusion never mix). */
#ifndef RT_BASE_BASE_H
#define RT_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* Here, so that a system header after the poison below still compiles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RT_MUST_USE                   __attribute__((warn_unused_result))
#define RT_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#define RT_COUNT(array)               (sizeof(array) / sizeof((array)[0]))

/* A view of bytes somebody else owns. `at` may be NULL only when `len` is 0. May hold NULs. */
typedef struct {
    const uint8_t *at;
    size_t len;
} RtStr;

/* A view of a string literal, its terminator left out. */
#define RT_STR(literal) ((RtStr){ (const uint8_t *)("" literal), sizeof(literal) - 1 })
/* For printf's "%.*s". */
#define RT_FMT(str)                                                                                \
    (int)((str).len > 4096 ? 4096 : (str).len),                                                    \
        (const char *)((str).at ? (str).at : (const uint8_t *)"")

typedef enum {
    RT_OK = 0,
    RT_ERR_USAGE, /* the caller asked for something that makes no sense: exit 2 */
    RT_ERR_IO,    /* the system refused: exit 2 (or 3 when it is an input that could not be read) */
    RT_ERR_FORMAT, /* one of *our* files (rule, policy, data) is malformed: exit 2 */
    RT_ERR_JAIL,   /* the jail could not be set up: exit 2 */
    RT_ERR_WORKER, /* the jailed worker died, hung or answered nonsense */
    RT_ERR_ABSENT, /* what was asked for is not there */
} RtErrCode;

/* One failure of ours. `text` says what, which thing, what to do; it lives in static storage or in
 * `held`. */
typedef struct {
    RtErrCode code;
    char text[240];
} RtErr;

#define RT_FINE ((RtErr){ .code = RT_OK })
/* Makes an error from a format; cut at the size of `text`. */
RtErr rt_fail(RtErrCode code, const char *format, ...) RT_PRINTF(2, 3);
#define RT_TRY(call)                                                                               \
    do {                                                                                           \
        RtErr rt_try_err = (call);                                                                 \
        if (rt_try_err.code != RT_OK)                                                              \
            return rt_try_err;                                                                     \
    } while (0)

/* A file descriptor that closes itself: `RT_FD fd = open(...)`. */
void rt_fd_done(int *fd);
#define RT_FD __attribute__((cleanup(rt_fd_done))) int

/* Text that forgets its length or its bounds does not compile. Some are macros in libc. */
#undef alloca
#undef sprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof strncpy strncat alloca

#endif
