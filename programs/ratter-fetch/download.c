/* download.c - a few downloads side by side over libcurl. What is asked for comes from one host and
 * one only: a way to another host is an error, so that a registry cannot send us (and a credential)
 * elsewhere. */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fetch.h"

enum { SIDE_BY_SIDE = 8, HOPS_MOST = 3, CONNECT_S = 15, STALL_S = 30, WALL_S = 300, PIECE = 65536 };

typedef struct {
    int socket;
    bool gone; /* nobody reads the answers any more */
} Parent;

typedef struct {
    Parent *parent;
    const FetchRequest *request;
    uint32_t number;
    CURL *easy;
    struct curl_slist *headers;
    uint64_t taken;
    unsigned hops;
    char *url;
    char words[256]; /* why it failed */
} Download;

/* ---- answers */

static void send_all(Parent *parent, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len != 0 && !parent->gone) {
        ssize_t sent = send(parent->socket, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        parent->gone = sent <= 0;
        at += sent > 0 ? sent : 0;
        len -= sent > 0 ? (size_t)sent : 0;
    }
}

static void send_u32(Parent *parent, uint32_t number)
{
    unsigned char bytes[4];
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    send_all(parent, bytes, sizeof bytes);
}

static void send_end(Parent *parent, uint32_t number, const char *words)
{
    send_u32(parent, number);
    send_u32(parent, FETCH_END);
    send_u32(parent, (uint32_t)strlen(words));
    send_all(parent, words, strlen(words));
}

/* libcurl's write callback. The body of anything but a success is nobody's. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    Download *download = context;
    size_t len = size * count;
    long status = 0;
    curl_easy_getinfo(download->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200)
        return len;
    if (len > download->request->limit - download->taken) {
        snprintf(download->words, sizeof download->words, "larger than %llu bytes",
                 (unsigned long long)download->request->limit);
        return 0;
    }
    download->taken += len;
    for (size_t at = 0; at < len; at += PIECE) {
        size_t piece = len - at < PIECE ? len - at : PIECE;
        send_u32(download->parent, download->number);
        send_u32(download->parent, (uint32_t)piece);
        send_all(download->parent, bytes + at, piece);
    }
    return download->parent->gone ? 0 : len;
}

/* ---- one download */

static struct curl_slist *header_list(const char *lines)
{
    struct curl_slist *list = NULL;
    for (const char *at = lines; *at != '\0';) {
        char line[FETCH_TEXT];
        size_t len = strcspn(at, "\n");
        if (len > 0 && len < sizeof line) {
            memcpy(line, at, len);
            line[len] = '\0';
            list = curl_slist_append(list, line);
        }
        at += len + (at[len] == '\n');
    }
    return list;
}

static bool set_up(Download *download)
{
    CURL *easy = download->easy = curl_easy_init();
    if (easy == NULL)
        return false;
    download->headers = header_list(download->request->headers);
    curl_easy_setopt(easy, CURLOPT_URL, download->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, download->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ratter");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)WALL_S);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)STALL_S);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, download);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, download);
    return true;
}

static bool start(CURLM *multi, Download *download)
{
    return download->url != NULL && set_up(download) &&
           curl_multi_add_handle(multi, download->easy) == CURLM_OK;
}

static void clean(CURLM *multi, Download *download)
{
    curl_multi_remove_handle(multi, download->easy);
    curl_easy_cleanup(download->easy);
    curl_slist_free_all(download->headers);
    download->easy = NULL;
    download->headers = NULL;
}

/* Scheme, host and port are the same, and none of them names a user. */
static bool same_origin(const char *a, const char *b)
{
    static const CURLUPart parts[] = { CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT };
    CURLU *left = curl_url(), *right = curl_url();
    char *user = NULL;
    bool same = left != NULL && right != NULL &&
                curl_url_set(left, CURLUPART_URL, a, 0) == CURLUE_OK &&
                curl_url_set(right, CURLUPART_URL, b, 0) == CURLUE_OK &&
                curl_url_get(right, CURLUPART_USER, &user, 0) == CURLUE_NO_USER;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && same; i++) {
        char *one = NULL, *other = NULL;
        same = curl_url_get(left, parts[i], &one, CURLU_DEFAULT_PORT) == CURLUE_OK &&
               curl_url_get(right, parts[i], &other, CURLU_DEFAULT_PORT) == CURLUE_OK &&
               strcasecmp(one, other) == 0;
        curl_free(one);
        curl_free(other);
    }
    curl_free(user);
    curl_url_cleanup(left);
    curl_url_cleanup(right);
    return same;
}

/* True when the answer was a way on the same host, which is now taken. */
static bool go_on(CURLM *multi, Download *download, long status)
{
    const char *next = NULL;
    curl_easy_getinfo(download->easy, CURLINFO_REDIRECT_URL, &next);
    if (status < 301 || status > 308 || next == NULL)
        return false;
    if (!same_origin(download->url, next)) {
        snprintf(download->words, sizeof download->words, "it points to another host: %.200s",
                 next);
        return false;
    }
    if (++download->hops > HOPS_MOST) {
        snprintf(download->words, sizeof download->words, "it points on and on");
        return false;
    }
    char *url = strdup(next);
    clean(multi, download);
    free(download->url);
    download->url = url;
    if (start(multi, download))
        return true;
    snprintf(download->words, sizeof download->words, "out of memory");
    return false;
}

/* True when the download is over. */
static bool finish(CURLM *multi, Download *download, CURLcode result)
{
    long status = 0;
    curl_easy_getinfo(download->easy, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK && go_on(multi, download, status))
        return false;
    if (download->words[0] == '\0' && result != CURLE_OK)
        snprintf(download->words, sizeof download->words, "%s", curl_easy_strerror(result));
    else if (download->words[0] == '\0' && status != 200)
        snprintf(download->words, sizeof download->words, "it answers %ld", status);
    send_end(download->parent, download->number, download->words);
    clean(multi, download);
    free(download->url);
    return true;
}

bool fetch_run(int socket, FetchRequest *requests, uint32_t count)
{
    Parent parent = { .socket = socket };
    Download *downloads = calloc(count + 1, sizeof *downloads);
    CURLM *multi = curl_multi_init();
    uint32_t next = 0, running = 0;
    while (downloads != NULL && multi != NULL && !parent.gone && (next < count || running > 0)) {
        for (; next < count && running < SIDE_BY_SIDE; next++, running++) {
            downloads[next] = (Download){ .parent = &parent,
                                          .request = &requests[next],
                                          .number = next,
                                          .url = strdup(requests[next].url) };
            if (!start(multi, &downloads[next]))
                running -= finish(multi, &downloads[next], CURLE_OUT_OF_MEMORY);
        }
        int busy = 0, left = 0;
        curl_multi_perform(multi, &busy);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
            Download *download = NULL;
            if (message->msg != CURLMSG_DONE)
                continue;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&download);
            running -= finish(multi, download, message->data.result);
        }
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    bool fine = downloads != NULL && multi != NULL && !parent.gone;
    curl_multi_cleanup(multi);
    free(downloads);
    return fine;
}
