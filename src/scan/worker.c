/* worker.c - the loop behind the wall, and how it is started.
 *
 * Running out of memory ends the process, not the branch: the arena's `full` hook leaves with
 * RT_WORKER_FULL and the parent says "limit-arena-bytes" in the verdict. Files are read whole with
 * pread, never mapped: a file that shrinks under a mapping would be a SIGBUS somebody outside could
 * cause. */
#include "scan/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "scan/cache.h"
#include "scan/scan.h"

enum { RT_WORKER_FULL = 9, RT_WORKER_PROTOCOL = 10, MESSAGE_LIMIT = 1 << 20, HEAD_OF_MEDIA = 4096 };

static _Noreturn void arena_full(void *context)
{
    (void)context;
    _exit(RT_WORKER_FULL);
}

static bool write_all(int fd, RtStr bytes)
{
    while (bytes.len != 0) {
        ssize_t sent = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes = rt_str_from(bytes, (size_t)sent);
    }
    return true;
}

static bool send_message(int fd, RtWireKind kind, RtStr body)
{
    RtWireHead head = { .magic = RT_WIRE_MAGIC, .kind = (uint32_t)kind, .len = (uint32_t)body.len };
    return write_all(fd, (RtStr){ (const uint8_t *)&head, sizeof head }) && write_all(fd, body);
}

/* Fills `into` and collects descriptors that arrive on the way; 0 at the end of the stream. */
static int read_exactly(int fd, uint8_t *into, size_t len, int *fds, size_t *fd_count)
{
    while (len != 0) {
        union {
            struct cmsghdr align;
            char bytes[CMSG_SPACE(sizeof(int) * RT_WIRE_BATCH)];
        } control;
        struct iovec part = { .iov_base = into, .iov_len = len };
        struct msghdr message = { .msg_iov = &part,
                                  .msg_iovlen = 1,
                                  .msg_control = &control,
                                  .msg_controllen = sizeof control };
        ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? 0 : -1;
        for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
            size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
                *fd_count + count > RT_WIRE_BATCH)
                return -1;
            memcpy(fds + *fd_count, CMSG_DATA(c), count * sizeof(int));
            *fd_count += count;
        }
        into += got;
        len -= (size_t)got;
    }
    return 1;
}

/* As much of the file as was said to be there; less when it shrank. Returns how much. */
static size_t read_into(int fd, uint8_t *bytes, size_t want)
{
    size_t have = 0;
    while (have < want) {
        ssize_t got = pread(fd, bytes + have, want - have, (off_t)have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return have;
}

static RtStr read_file(RtArena *arena, int fd, uint64_t size, uint64_t limit)
{
    size_t want = (size_t)(size < limit ? size : limit);
    uint8_t *bytes = rt_arena_bytes(arena, want);
    return (RtStr){ bytes, read_into(fd, bytes, want) };
}

static void note_unreadable(RtScan *scan, RtLayerId tree, const RtGiven *given, RtStr reason)
{
    RtStr name = rt_str_copy(scan->sink.arena, given->name);
    RtLayerId id = scan->sink.layer(&scan->sink,
                                    (RtLayer){ .parent = tree, .via = RT_VIA_ENTRY, .name = name });
    scan->sink.unseen(&scan->sink, id != 0 ? id : tree, reason);
}

/* A file over the layer limit: its head decides whether it is media nobody runs, or a gap in what
 * was seen. */
static void take_oversize(RtScan *scan, RtLayerId tree, const RtGiven *given)
{
    RtStr head = read_file(scan->sink.arena, given->fd, given->size, HEAD_OF_MEDIA);
    if (rt_magic_is_media(rt_magic_kind(head)))
        rt_scan_give_entry(scan, tree, rt_str_copy(scan->sink.arena, given->name), head,
                           given->mode);
    else
        note_unreadable(scan, tree, given, RT_STR("limit-layer-bytes"));
}

/* A link that leaves its tree is a way to make a reader (or a later write) touch the host. */
static void take_link(RtScan *scan, RtLayerId tree, const RtGiven *given)
{
    bool climbs = given->link.len != 0 && given->link.at[0] == '/';
    size_t up = 0, down = 0;
    RtStr rest = given->link, part;
    while (rt_str_next(&rest, '/', &part))
        up += rt_str_equal(part, RT_STR(".."));
    for (size_t i = 0; i < given->name.len; i++)
        down += given->name.at[i] == '/';
    if (!climbs && up <= down)
        return;
    RtStr name = rt_str_copy(scan->sink.arena, given->name);
    RtLayerId id = scan->sink.layer(&scan->sink,
                                    (RtLayer){ .parent = tree, .via = RT_VIA_ENTRY, .name = name });
    if (id != 0)
        rt_sink_anomaly(&scan->sink, id, RT_STR("link-out-of-tree"),
                        rt_str_copy(scan->sink.arena, given->link));
}

/* A file of a tree that fits. `digests` (NULL: not wanted) tells the cache which bytes it was. */
static void take_file(RtScan *scan, RtLayerId tree, const RtGiven *given, RtText *digests)
{
    RtStr bytes =
        read_file(scan->sink.arena, given->fd, given->size, scan->sink.budget->layer_bytes);
    if (digests != NULL) {
        uint8_t digest[32];
        rt_cache_digest(scan->sink.arena, bytes, digest);
        rt_cache_note(digests, given, digest);
    }
    rt_scan_give_entry(scan, tree, rt_str_copy(scan->sink.arena, given->name), bytes, given->mode);
}

/* False when not all of it was read. */
static bool take_given(RtScan *scan, RtLayerId tree, const RtGiven *given, RtText *digests)
{
    static const uint8_t no_content[32];
    const RtBudget *budget = scan->sink.budget;
    switch (given->kind) {
    case RT_GIVEN_FILE:
        if (given->size > budget->layer_bytes || given->size > rt_scan_bytes_left(scan)) {
            take_oversize(scan, tree, given);
            return false;
        }
        take_file(scan, tree, given, digests);
        return true;
    case RT_GIVEN_LINK:
        take_link(scan, tree, given);
        break;
    case RT_GIVEN_UNREADABLE:
        note_unreadable(scan, tree, given, RT_STR("cannot be read"));
        return false;
    case RT_GIVEN_SPECIAL: /* sockets, pipes, devices: nothing in them is the artifact's */
        break;
    }
    if (digests != NULL)
        rt_cache_note(digests, given, no_content);
    return true;
}

typedef struct {
    const RtWorkerSetup *setup;
    int socket;
    RtArena *arena;
    uint8_t *message; /* MESSAGE_LIMIT bytes */
    RtScan *scan;
    RtLayerId tree;
    RtText digests;    /* of a tree: cache.h */
    bool partly_noted; /* some of the tree is not in `digests` */
    uint8_t *artifact; /* a single file, mapped outside the arena so that it can go as soon as it is
                          inflated */
    size_t artifact_len;
    RtEmulator *emulator;
} Loop;

static void release_artifact(void *context)
{
    Loop *loop = context;
    if (loop->artifact != NULL)
        munmap(loop->artifact, loop->artifact_len);
    loop->artifact = NULL;
}

/* Reads the one file of a request. False when it is over the limit or there is no memory for it. */
static bool take_artifact(Loop *loop, const RtGiven *given)
{
    const RtBudget *budget = &loop->setup->budget;
    if (given->size > budget->input_bytes || given->size > budget->arena_bytes / 2)
        return false;
    if (given->size == 0) {
        rt_scan_give_file(loop->scan, RT_STR(""));
        return true;
    }
    void *at =
        mmap(NULL, (size_t)given->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        return false;
    loop->artifact = at;
    loop->artifact_len = (size_t)given->size;
    loop->scan->release = release_artifact;
    loop->scan->release_context = loop;
    rt_scan_give_file(loop->scan, (RtStr){ at, read_into(given->fd, at, (size_t)given->size) });
    return true;
}

static void take_batch(Loop *loop, const RtBatch *batch)
{
    if (loop->scan == NULL) {
        loop->scan = rt_scan_open(loop->arena, &loop->setup->budget, loop->setup->rules,
                                  loop->setup->scratch, batch->name);
        loop->scan->profiles = loop->setup->profiles;
        loop->scan->emulator = loop->emulator;
        loop->scan->emulate = loop->setup->emulate;
        loop->scan->traces = loop->setup->traces;
        if (batch->is_tree)
            loop->tree = rt_scan_give_tree(loop->scan);
        loop->digests = (RtText){ .arena = loop->arena };
        loop->partly_noted = !batch->is_tree || !loop->setup->digests;
    }
    for (size_t i = 0; i < batch->count; i++) {
        const RtGiven *given = &batch->given[i];
        if (batch->is_tree) {
            loop->partly_noted |= !take_given(loop->scan, loop->tree, given,
                                              loop->setup->digests ? &loop->digests : NULL);
        } else if (given->kind != RT_GIVEN_FILE || !take_artifact(loop, given)) {
            rt_scan_give_tree(loop->scan); /* nothing of it was read: not an empty file */
            loop->scan->sink.unseen(&loop->scan->sink, 1, RT_STR("limit-input-bytes"));
        }
        if (given->kind == RT_GIVEN_FILE)
            close(given->fd);
    }
}

static bool answer(Loop *loop)
{
    RtReport *report = rt_scan_run(loop->scan);
    if (!loop->partly_noted) {
        report->artifact.has_tree_digest = true;
        rt_sha256(rt_text_str(&loop->digests), report->artifact.sha256);
    }
    RtText reply = { .arena = loop->arena, .limit = RT_WIRE_REPLY_LIMIT };
    rt_wire_put_report(&reply, report);
    bool sent = send_message(loop->socket, RT_WIRE_REPORT, rt_text_str(&reply));
    loop->scan = NULL;
    release_artifact(loop);
    rt_arena_reset(loop->arena);
    return sent;
}

/* One message in; false ends the worker. */
static bool turn(Loop *loop)
{
    RtWireHead head;
    int fds[RT_WIRE_BATCH];
    size_t fd_count = 0;
    if (read_exactly(loop->socket, (uint8_t *)&head, sizeof head, fds, &fd_count) != 1)
        return false;
    if (head.magic != RT_WIRE_MAGIC || head.kind != RT_WIRE_ENTRIES || head.len > MESSAGE_LIMIT ||
        read_exactly(loop->socket, loop->message, head.len, fds, &fd_count) != 1)
        _exit(RT_WORKER_PROTOCOL);
    RtBatch batch;
    if (!rt_wire_get_batch((RtStr){ loop->message, head.len }, fds, fd_count, &batch))
        _exit(RT_WORKER_PROTOCOL);
    take_batch(loop, &batch);
    return !batch.last || answer(loop);
}

static _Noreturn void run(const RtWorkerSetup *setup, int fd)
{
    Loop loop = { .setup = setup,
                  .socket = fd,
                  .arena = rt_arena_open(setup->budget.arena_bytes, arena_full, NULL) };
    loop.message = malloc(MESSAGE_LIMIT);
    RtErr err =
        loop.arena == NULL || loop.message == NULL ? rt_fail(RT_ERR_IO, "out of memory") : RT_FINE;
    if (err.code == RT_OK && setup->emulate != RT_EMULATE_NEVER)
        err = rt_emulator_open(&loop.emulator);
    if (err.code == RT_OK && setup->jail != NULL)
        err = rt_jail_enter(setup->jail, fd);
    if (err.code != RT_OK) {
        send_message(fd, RT_WIRE_REFUSED, rt_str_from_c(err.text));
        _exit(RT_WORKER_PROTOCOL);
    }
    if (!send_message(fd, RT_WIRE_READY, RT_STR("")))
        _exit(RT_WORKER_PROTOCOL);
    while (turn(&loop)) {
    }
    _exit(0);
}

RtErr rt_worker_start(const RtWorkerSetup *setup, RtWorker *ret_worker)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return rt_fail(RT_ERR_IO, "cannot make a socket pair for a worker: %s", strerror(errno));
    pid_t pid = fork();
    if (pid < 0) {
        int why = errno;
        close(pair[0]);
        close(pair[1]);
        return rt_fail(RT_ERR_IO, "cannot start a worker: %s", strerror(why));
    }
    if (pid == 0) {
        signal(SIGINT, SIG_IGN); /* Ctrl-C is the parent's to handle; it ends its workers */
        signal(SIGPIPE, SIG_IGN);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        run(setup, pair[1]);
    }
    close(pair[1]);
    *ret_worker = (RtWorker){ .pid = pid, .socket = pair[0] };
    return RT_FINE;
}

void rt_worker_stop(RtWorker *worker)
{
    if (worker->pid == 0)
        return;
    kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    close(worker->socket);
    *worker = (RtWorker){ 0 };
}

bool rt_worker_send(const RtWorker *worker, RtStr bytes, const int *fds, size_t fd_count,
                    uint32_t wall_ms)
{
    RtWireHead head = { .magic = RT_WIRE_MAGIC,
                        .kind = RT_WIRE_ENTRIES,
                        .len = (uint32_t)bytes.len };
    struct iovec parts[2] = { { &head, sizeof head }, { (void *)(uintptr_t)bytes.at, bytes.len } };
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int) * RT_WIRE_BATCH)];
    } control;
    size_t sent = 0, total = sizeof head + bytes.len;
    while (sent < total) {
        size_t first = sent < sizeof head ? 0 : 1;
        size_t skip = first == 0 ? sent : sent - sizeof head;
        struct iovec rest[2] = { parts[first], parts[1] };
        rest[0].iov_base = (uint8_t *)rest[0].iov_base + skip;
        rest[0].iov_len -= skip;
        struct msghdr message = { .msg_iov = rest, .msg_iovlen = first == 0 ? 2 : 1 };
        if (sent == 0 && fd_count != 0) {
            memset(&control, 0, sizeof control);
            message.msg_control = &control;
            message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
            control.align = (struct cmsghdr){ .cmsg_len = CMSG_LEN(fd_count * sizeof(int)),
                                              .cmsg_level = SOL_SOCKET,
                                              .cmsg_type = SCM_RIGHTS };
            memcpy(CMSG_DATA(&control.align), fds, fd_count * sizeof(int));
        }
        ssize_t done = sendmsg(worker->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done >= 0) {
            sent += (size_t)done;
            continue;
        }
        struct pollfd ready = { .fd = worker->socket, .events = POLLOUT };
        if (errno != EINTR && (errno != EAGAIN || poll(&ready, 1, (int)wall_ms) <= 0))
            return false;
    }
    return true;
}
