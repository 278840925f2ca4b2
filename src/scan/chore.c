/* chore.c - fork, map the file, enter the jail, work; the parent reads frames until the end mark.
 *
 * The file is mapped before the jail is entered (mapping reads nothing). One that shrinks under the
 * mapping costs the child its life (SIGBUS), which the parent tells like any other death. */
#include "scan/chore.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scan/jail.h"

enum { FRAME_LIMIT = 64 << 20, CHORE_FULL = 9, CHORE_REFUSED = 10, CHORE_GONE = 11, FILES = 16 };
static const uint32_t end_mark = UINT32_MAX; /* in place of a length: the work returned */

struct RtChoreOut {
    int socket;
};

static void send_all(int socket, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    while (len != 0) {
        ssize_t sent = send(socket, at, len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            _exit(CHORE_GONE);
        at += sent;
        len -= (size_t)sent;
    }
}

void rt_chore_say(RtChoreOut *out, RtStr frame)
{
    uint32_t len = (uint32_t)frame.len;
    if (frame.len > FRAME_LIMIT)
        _exit(CHORE_GONE);
    send_all(out->socket, &len, sizeof len);
    send_all(out->socket, frame.at, frame.len);
}

static _Noreturn void arena_full(void *context)
{
    (void)context;
    _exit(CHORE_FULL);
}

static _Noreturn void run_child(const RtChore *chore, const RtJail *jail, RtStr bytes, int socket)
{
    RtArena *arena = rt_arena_open(chore->arena_bytes, arena_full, NULL);
    if (arena == NULL || (jail != NULL && rt_jail_enter(jail, socket).code != RT_OK))
        _exit(CHORE_REFUSED);
    RtChoreOut out = { .socket = socket };
    chore->work(bytes, arena, chore->context, &out);
    send_all(socket, &end_mark, sizeof end_mark);
    _exit(0);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 1 filled, 0 the child closed its end, -1 the time is over. */
static int take_exactly(int socket, void *into, size_t len, int64_t until)
{
    uint8_t *at = into;
    while (len != 0) {
        int64_t left = until - now_ms();
        struct pollfd ready = { .fd = socket, .events = POLLIN };
        int polled = left <= 0 ? 0 : poll(&ready, 1, left > 1000 ? 1000 : (int)left);
        if (polled == 0 && left <= 0)
            return -1;
        if (polled <= 0)
            continue;
        ssize_t got = recv(socket, at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return 0;
        at += got;
        len -= (size_t)got;
    }
    return 1;
}

/* Frames until the end mark. RT_ERR_WORKER without words: ask how the child died. */
static RtErr take_frames(const RtChore *chore, int socket)
{
    int64_t until = now_ms() + chore->wall_ms;
    uint8_t *buffer = NULL;
    size_t capacity = 0;
    RtErr err = RT_FINE;
    for (;;) {
        uint32_t len;
        int got = take_exactly(socket, &len, sizeof len, until);
        if (got == 1 && len == end_mark)
            break;
        if (got == 1 && len > capacity && len <= FRAME_LIMIT) {
            free(buffer);
            capacity = len < 1 << 16 ? 1 << 16 : len;
            buffer = malloc(capacity);
        }
        if (got == 1 && (len > FRAME_LIMIT || buffer == NULL) && len != 0)
            err = rt_fail(RT_ERR_FORMAT, "its reader answered nonsense");
        else if (got == 1)
            got = take_exactly(socket, buffer, len, until);
        if (err.code == RT_OK && got < 0)
            err = rt_fail(RT_ERR_FORMAT, "reading it took longer than %u ms",
                          (unsigned)chore->wall_ms);
        else if (err.code == RT_OK && got == 0)
            err = rt_fail(RT_ERR_WORKER, "died");
        else if (err.code == RT_OK)
            err = chore->take(chore->taker, (RtStr){ buffer, len });
        if (err.code != RT_OK)
            break;
    }
    free(buffer);
    return err;
}

static RtErr death(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHORE_FULL)
        return rt_fail(RT_ERR_FORMAT, "reading it needs more memory than limit-arena-bytes");
    if (WIFEXITED(status) && WEXITSTATUS(status) == CHORE_REFUSED)
        return rt_fail(RT_ERR_JAIL, "the jail could not be entered");
    if (WIFSIGNALED(status))
        return rt_fail(RT_ERR_FORMAT, "its reader died of signal %d", WTERMSIG(status));
    return rt_fail(RT_ERR_FORMAT, "its reader ended with status %d", WEXITSTATUS(status));
}

static RtErr supervise(const RtChore *chore, const RtJail *jail, RtStr bytes)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return rt_fail(RT_ERR_IO, "cannot make a socket pair: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGINT, SIG_IGN); /* Ctrl-C is the parent's to handle */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(pair[0]);
        run_child(chore, jail, bytes, pair[1]);
    }
    close(pair[1]);
    RtErr err = pid < 0 ? rt_fail(RT_ERR_IO, "cannot start a reader: %s", strerror(errno))
                        : take_frames(chore, pair[0]);
    close(pair[0]);
    if (pid > 0) {
        int status = 0;
        if (err.code != RT_OK && err.code != RT_ERR_WORKER)
            kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        if (err.code == RT_ERR_WORKER)
            err = death(status);
    }
    return err;
}

RtErr rt_chore_run(const RtChore *chore, int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return rt_fail(RT_ERR_IO, "not a file that can be read");
    if ((uint64_t)info.st_size > chore->file_limit)
        return rt_fail(RT_ERR_IO, "larger than the limit of %llu bytes",
                       (unsigned long long)chore->file_limit);
    RtStr bytes = { (const uint8_t *)"", (size_t)info.st_size };
    void *map = NULL;
    if (bytes.len != 0) {
        map = mmap(NULL, bytes.len, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED)
            return rt_fail(RT_ERR_IO, "cannot be mapped: %s", strerror(errno));
        bytes.at = map;
    }
    RtJail *jail = NULL;
    RtJailPolicy policy = { .memory_bytes = bytes.len + chore->arena_bytes * 2 + (512 << 20),
                            .cpu_seconds = chore->wall_ms / 1000 + 1,
                            .files = FILES };
    RtErr err = chore->no_jail ? RT_FINE : rt_jail_open(&policy, &jail);
    if (err.code == RT_OK)
        err = supervise(chore, jail, bytes);
    rt_jail_close(jail);
    if (map != NULL)
        munmap(map, bytes.len);
    return err;
}
