/* fetch.h - the two halves of ratter-fetch: the cage it puts itself into, and the downloads.
 *
 * ratter-fetch brings content of dependencies from the registries that its parent names. It is a
 * program of its own so that the process that speaks to the network holds nothing: no lockfile, no
 * configuration, no environment but proxies and certificates, and no file of the user's.
 *
 * Standard input is a stream socket. In: u32 count, then per request u64 limit, u32 length and the
 * address, u32 length and header lines parted by newlines. Out: frames u32 request, u32 length,
 * bytes of the body; a length of FETCH_END ends a request and is followed by u32 length and words,
 * empty when all is fine. Numbers are little-endian. */
#ifndef RATTER_FETCH_FETCH_H
#define RATTER_FETCH_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FETCH_END      UINT32_MAX
#define FETCH_REQUESTS 20000u
#define FETCH_TEXT     16384u /* the longest address or header */

typedef struct {
    uint64_t limit; /* largest body that is taken */
    char *url, *headers;
} FetchRequest;

/* No new privileges, no files but the system's own to read (resolver, certificates, libraries),
 * nothing to write or execute. False when that cannot be had. */
bool fetch_enter_cage(void);
/* Answers every request on `socket`; false when the parent is gone. */
bool fetch_run(int socket, FetchRequest *requests, uint32_t count);

#endif
