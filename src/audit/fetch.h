/* fetch.h - content from a registry, by way of ratter-fetch (programs/ratter-fetch/fetch.h): a
 * process of its own that is told what to bring and sees nothing else. */
#ifndef RT_AUDIT_FETCH_H
#define RT_AUDIT_FETCH_H

#include "base/str.h"

enum { RT_FETCH_URL_MOST = 2000, RT_FETCH_REQUESTS_MOST = 20000 };

typedef struct {
    RtStr url, headers; /* header lines parted by newlines: credentials of this very host */
    uint64_t limit;     /* largest body that is taken */
    int fd;             /* out: the body in memory, the caller's to close; -1: it failed */
    uint64_t bytes;     /* out */
    RtStr words;        /* out: why it failed; hostile text */
} RtFetch;

/* Downloads all of them, a few side by side. Each fails for itself; RT_ERR_IO when `program` cannot
 * be started or ends early, and then those that were not finished have failed, too. `environment`:
 * what the process gets of ours ("https_proxy=…"), NULL-terminated. */
RtErr rt_fetch_all(RtArena *arena, const char *program, char *const *environment, RtFetch *items,
                   size_t count) RT_MUST_USE;

#endif
