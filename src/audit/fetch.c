/* fetch.c - starts ratter-fetch, hands it the requests, and keeps what comes back in memory. The
 * answers are a foreign process's: each number is checked, and the sizes are counted here again. */
#include "audit/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STALL_MS = 120000, PIECE_MOST = 1 << 16, WORDS_MOST = 1024 };
static const uint32_t end_mark = UINT32_MAX;
static const uint64_t all_most = 1ULL << 30; /* of one run: it lies in memory */

typedef struct {
    RtArena *arena;
    int socket;
    RtFetch *items;
    size_t count, open;
    uint64_t taken;
} Talk;

static bool send_all(int socket, RtStr bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(socket, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes = rt_str_from(bytes, (size_t)sent);
    }
    return true;
}

static void put_number(RtText *out, uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        rt_text_byte(out, (uint8_t)(number >> (8 * i)));
}

static RtStr requests_of(const Talk *talk)
{
    RtText out = { .arena = talk->arena };
    put_number(&out, talk->count, 4);
    for (size_t i = 0; i < talk->count; i++) {
        const RtFetch *item = &talk->items[i];
        put_number(&out, item->limit, 8);
        put_number(&out, item->url.len, 4);
        rt_text_add(&out, item->url);
        put_number(&out, item->headers.len, 4);
        rt_text_add(&out, item->headers);
    }
    return rt_text_str(&out);
}

/* False when the process is gone or has been silent for too long. */
static bool take_exactly(int socket, uint8_t *at, size_t len)
{
    while (len > 0) {
        struct pollfd ready = { .fd = socket, .events = POLLIN };
        int polled = poll(&ready, 1, STALL_MS);
        if (polled < 0 && errno == EINTR)
            continue;
        ssize_t got = polled > 0 ? recv(socket, at, len, 0) : 0;
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

static bool take_u32(int socket, uint32_t *ret_number)
{
    uint8_t raw[4];
    if (!take_exactly(socket, raw, sizeof raw))
        return false;
    *ret_number =
        (uint32_t)raw[0] | (uint32_t)raw[1] << 8 | (uint32_t)raw[2] << 16 | (uint32_t)raw[3] << 24;
    return true;
}

static bool keep(RtFetch *item, const uint8_t *bytes, size_t len)
{
    if (item->fd < 0)
        item->fd = memfd_create("fetched", MFD_CLOEXEC);
    for (size_t at = 0; item->fd >= 0 && at < len;) {
        ssize_t wrote = write(item->fd, bytes + at, len - at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += (size_t)wrote;
    }
    item->bytes += len;
    return item->fd >= 0;
}

static void drop(RtFetch *item, RtStr words)
{
    if (item->fd >= 0)
        close(item->fd);
    item->fd = -1;
    item->words = words;
}

/* One frame; false when it makes no sense or there is none. */
static bool take_frame(Talk *talk, bool *is_over)
{
    uint8_t bytes[PIECE_MOST];
    uint32_t number, len;
    if (!take_u32(talk->socket, &number) || !take_u32(talk->socket, &len) ||
        number >= talk->count || is_over[number])
        return false;
    RtFetch *item = &talk->items[number];
    if (len == end_mark) {
        if (!take_u32(talk->socket, &len) || len > WORDS_MOST ||
            !take_exactly(talk->socket, bytes, len))
            return false;
        is_over[number] = true;
        talk->open--;
        if (len > 0)
            drop(item, rt_str_copy(talk->arena, (RtStr){ bytes, len }));
        else if (item->fd < 0)
            drop(item, item->words.len ? item->words : RT_STR("it is empty"));
        return true;
    }
    if (len > sizeof bytes || !take_exactly(talk->socket, bytes, len))
        return false;
    talk->taken += len;
    bool is_failed = item->words.len > 0;
    if (!is_failed && (len > item->limit - item->bytes || talk->taken > all_most))
        drop(item, RT_STR("more bytes than are kept in one run"));
    else if (!is_failed && !keep(item, bytes, len))
        drop(item, RT_STR("there is no memory for it"));
    return true;
}

static _Noreturn void become(const char *program, char *const *environment, int socket)
{
    char *const words[] = { (char *)(uintptr_t) "ratter-fetch", NULL };
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (dup2(socket, STDIN_FILENO) >= 0 && dup2(nowhere, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0 && syscall(SYS_close_range, 3u, ~0u, 0) == 0 &&
        chdir("/") == 0)
        execve(program, words, environment);
    _exit(127);
}

static RtErr talk_to(Talk *talk, pid_t pid)
{
    bool *is_over = RT_NEW_ARRAY(talk->arena, bool, talk->count + 1);
    bool fine = send_all(talk->socket, requests_of(talk));
    while (fine && talk->open > 0)
        fine = take_frame(talk, is_over);
    for (size_t i = 0; i < talk->count; i++)
        if (!is_over[i])
            drop(&talk->items[i], RT_STR("the download did not end"));
    int status = 0;
    kill(pid, SIGKILL); /* it has nothing left to say */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (fine)
        return RT_FINE;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return rt_fail(RT_ERR_IO, "ratter-fetch ended early%s",
                   code == 127 ? ": it could not be started"
                   : code == 3 ? ": it could not enter its cage"
                               : "");
}

RtErr rt_fetch_all(RtArena *arena, const char *program, char *const *environment, RtFetch *items,
                   size_t count)
{
    Talk talk = { .arena = arena, .items = items, .count = count, .open = count };
    int pair[2];
    for (size_t i = 0; i < count; i++)
        items[i].fd = -1;
    if (count == 0)
        return RT_FINE;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return rt_fail(RT_ERR_IO, "cannot make a socket pair: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        become(program, environment, pair[1]);
    close(pair[1]);
    talk.socket = pair[0];
    RtErr err = pid < 0 ? rt_fail(RT_ERR_IO, "cannot start a process: %s", strerror(errno))
                        : talk_to(&talk, pid);
    close(pair[0]);
    return err;
}
