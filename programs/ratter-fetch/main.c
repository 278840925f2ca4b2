/* main.c - ratter-fetch: reads what is wanted from standard input, goes into its cage, downloads.
 * Started by ratter audit; fetch.h tells the stream. */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fetch.h"

static bool read_all(void *into, size_t len)
{
    char *at = into;
    while (len != 0) {
        ssize_t got = read(STDIN_FILENO, at, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

static bool read_number(unsigned bytes, uint64_t *ret_number)
{
    unsigned char raw[8];
    uint64_t number = 0;
    if (!read_all(raw, bytes))
        return false;
    for (unsigned i = bytes; i-- > 0;)
        number = number << 8 | raw[i];
    *ret_number = number;
    return true;
}

static char *read_text(void)
{
    uint64_t len = 0;
    if (!read_number(4, &len) || len > FETCH_TEXT)
        return NULL;
    char *text = calloc(1, (size_t)len + 1);
    if (text == NULL || !read_all(text, (size_t)len) || strlen(text) != len) {
        free(text);
        return NULL;
    }
    return text;
}

static FetchRequest *read_requests(uint32_t *ret_count)
{
    uint64_t count = 0;
    if (!read_number(4, &count) || count > FETCH_REQUESTS)
        return NULL;
    FetchRequest *requests = calloc((size_t)count + 1, sizeof *requests);
    for (uint64_t i = 0; requests != NULL && i < count; i++)
        if (!read_number(8, &requests[i].limit) || (requests[i].url = read_text()) == NULL ||
            (requests[i].headers = read_text()) == NULL)
            return NULL; /* the process ends */
    *ret_count = (uint32_t)count;
    return requests;
}

int main(void)
{
    uint32_t count = 0;
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    if (getsockname(STDIN_FILENO, (struct sockaddr *)&address, &len) != 0) {
        fputs("ratter-fetch: started by `ratter audit --scan`; it does nothing by itself\n",
              stderr);
        return 2;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !fetch_enter_cage())
        return 3;
    FetchRequest *requests = read_requests(&count);
    if (requests == NULL || !fetch_run(STDIN_FILENO, requests, count))
        return 4;
    return 0;
}
