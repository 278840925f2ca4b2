/* pool.c - hands artifacts to workers and takes reports back, in one thread and one poll().
 *
 * A worker that dies, hangs or answers nonsense costs its artifact a verdict (UNKNOWN, with the
 * reason) and itself its life; the next artifact gets a fresh one. The reply is read into a buffer
 * whose length was announced and checked before anything is believed (wire.c). */
#include "scan/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    JOBS_LIMIT = 64,
    ARTIFACTS_PER_WORKER = 2000,
    TICK_MS = 100,
    DEATH_WAIT_MS = 2000,
    REPORT_ARENA = 256 << 20
};

typedef struct {
    RtWorker worker;
    bool busy, ready;
    size_t target;
    RtCacheKey key; /* of the target */
    uint32_t served;
    int64_t started_ms;
    uint8_t *reply; /* head and body as they come */
    size_t have, capacity;
} Slot;

typedef struct {
    const RtPool *pool;
    const RtTargetList *targets;
    Slot slots[JOBS_LIMIT];
    size_t jobs, next, done;
    size_t looked;       /* targets before this one were looked for in the cache */
    RtCacheKey next_key; /* of target `next`, once looked for */
    bool stopped;
    RtErr failure;
} Run;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void deliver(Run *run, size_t target, RtReport *report, int64_t started_ms)
{
    report->artifact.path = run->targets->items[target].path;
    report->elapsed_ms = (uint32_t)(now_ms() - started_ms);
    run->done++;
    if (run->pool->done(run->pool->context, target, report) != 0)
        run->stopped = true;
}

/* The report of an artifact nobody could examine. */
static void deliver_unknown(Run *run, size_t target, RtStr reason, int64_t started_ms)
{
    RtUnseen unseen = { .reason = reason, .times = 1 };
    RtReport report = { .unseen = &unseen, .unseen_count = 1 };
    deliver(run, target, &report, started_ms);
}

static void retire(Slot *slot)
{
    rt_worker_stop(&slot->worker);
    slot->busy = slot->ready = false;
    slot->have = 0;
    slot->served = 0;
}

/* Reaps a worker that closed its socket and says in words what its status means, for `unseen`. */
static RtStr death_reason(RtArena *arena, RtWorker *worker)
{
    int status = 0;
    bool reaped = false;
    for (int i = 0; i < DEATH_WAIT_MS && !reaped;
         i++) { /* it closed its socket a moment before it ends */
        reaped = waitpid(worker->pid, &status, WNOHANG) == worker->pid;
        if (!reaped)
            usleep(1000);
    }
    if (!reaped)
        return RT_STR("the worker closed its connection");
    close(worker->socket);
    *worker = (RtWorker){ 0 };
    if (WIFEXITED(status) && WEXITSTATUS(status) == 9)
        return RT_STR("limit-arena-bytes");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return RT_STR("the worker was ended by the jail");
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return RT_STR("limit-cpu-ms");
    if (WIFSIGNALED(status))
        return rt_str_format(arena, "the worker died of signal %d", WTERMSIG(status));
    return rt_str_format(arena, "the worker ended with status %d", WEXITSTATUS(status));
}

static void bury(Run *run, Slot *slot, const char *instead)
{
    RtArena *arena = rt_arena_open(1 << 16, NULL, NULL);
    RtStr reason = instead != NULL ? rt_str_from_c(instead) : death_reason(arena, &slot->worker);
    size_t target = slot->target;
    int64_t started = slot->started_ms;
    bool was_busy = slot->busy;
    retire(slot);
    if (was_busy)
        deliver_unknown(run, target, reason, started);
    rt_arena_close(arena);
}

/* Reads one batch worth of entries from `*at` on, opening files as it goes. */
static uint32_t fill_batch(RtArena *arena, const RtTarget *target, int root_fd, size_t *at,
                           RtBatch *batch, int *fds)
{
    uint32_t fd_count = 0;
    size_t names = 0;
    batch->count = 0;
    while (batch->count < RT_WIRE_BATCH && *at < target->entry_count && names < 1 << 19) {
        const RtTargetEntry *entry = &target->entries[*at];
        RtGiven *given = &batch->given[batch->count++];
        *given = (RtGiven){ .name = entry->path,
                            .link = entry->link,
                            .kind = entry->kind,
                            .mode = entry->mode,
                            .size = entry->size };
        if (given->kind == RT_GIVEN_FILE) {
            int fd = rt_target_open(arena, target, root_fd, *at);
            if (fd < 0)
                given->kind = RT_GIVEN_UNREADABLE;
            else
                fds[fd_count++] = fd;
        }
        names += entry->path.len + entry->link.len;
        (*at)++;
    }
    batch->last = *at == target->entry_count;
    return fd_count;
}

static bool send_batch(const Run *run, const Slot *slot, RtArena *arena, const RtBatch *batch,
                       int *fds, uint32_t fd_count)
{
    RtText message = { .arena = arena };
    rt_wire_put_batch(&message, batch);
    bool sent = rt_worker_send(&slot->worker, rt_text_str(&message), fds, fd_count,
                               run->pool->setup.budget.wall_ms);
    for (uint32_t i = 0; i < fd_count; i++)
        close(fds[i]);
    return sent;
}

static bool send_tree(Run *run, Slot *slot, const RtTarget *target)
{
    RT_ARENA arena = rt_arena_open(256 << 20, NULL, NULL);
    RT_FD root = open(rt_str_c(arena, target->root), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    RtBatch *batch = RT_NEW(arena, RtBatch);
    *batch = (RtBatch){ .name = rt_target_name(target), .is_tree = true };
    size_t at = 0;
    do {
        int fds[RT_WIRE_BATCH];
        uint32_t fd_count = fill_batch(arena, target, root, &at, batch, fds);
        if (!send_batch(run, slot, arena, batch, fds, fd_count))
            return false;
    } while (!batch->last);
    return true;
}

/* A single file: 1 sent, 0 the worker is gone, -1 the file cannot be read (then `ret_reason` says
 * why). */
static int send_file(Run *run, Slot *slot, const RtTarget *target, RtStr *ret_reason)
{
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    int fd = target->fd >= 0 ? fcntl(target->fd, F_DUPFD_CLOEXEC, 3)
                             : rt_target_open(arena, target, -1, 0);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        *ret_reason = RT_STR("cannot be read");
        if (fd >= 0)
            close(fd);
        return -1;
    }
    RtBatch *batch = RT_NEW(arena, RtBatch);
    *batch = (RtBatch){ .name = rt_target_name(target), .last = true, .count = 1 };
    batch->given[0] = (RtGiven){ .name = rt_target_name(target),
                                 .kind = RT_GIVEN_FILE,
                                 .mode = info.st_mode & 07777,
                                 .size = (uint64_t)info.st_size };
    return send_batch(run, slot, arena, batch, &fd, 1) ? 1 : 0;
}

static bool is_stopped(Run *run, const RtTarget *target)
{
    run->stopped |=
        run->pool->tick != NULL &&
        run->pool->tick(run->pool->context, run->done, run->targets->count, target->path) != 0;
    return run->stopped;
}

static void hand_out(Run *run, Slot *slot)
{
    size_t index = run->next++;
    const RtTarget *target = &run->targets->items[index];
    int64_t started = now_ms();
    if (is_stopped(run, target))
        return;
    RtStr reason = RT_STR("");
    slot->target = index;
    slot->key = run->next_key;
    slot->started_ms = started;
    slot->busy = true;
    int sent =
        target->is_tree ? send_tree(run, slot, target) : send_file(run, slot, target, &reason);
    if (sent == 0) {
        bury(run, slot, NULL);
    } else if (sent < 0) {
        slot->busy = false;
        deliver_unknown(run, index, reason, started);
    }
}

static void add_unlisted(RtArena *arena, const RtTarget *target, RtReport *report)
{
    if (target->unseen.len == 0)
        return;
    RtUnseen *unseen = RT_NEW_ARRAY(arena, RtUnseen, report->unseen_count + 1);
    if (report->unseen_count != 0)
        memcpy(unseen, report->unseen, report->unseen_count * sizeof *unseen);
    unseen[report->unseen_count] = (RtUnseen){ .reason = target->unseen, .times = 1 };
    report->unseen = unseen;
    report->unseen_count++;
}

/* A whole message stands in the buffer. */
static void take_message(Run *run, Slot *slot, const RtWireHead *head)
{
    RtStr body = { slot->reply + sizeof *head, head->len };
    slot->have = 0;
    if (head->kind == RT_WIRE_READY && !slot->ready) {
        slot->ready = true;
        return;
    }
    if (head->kind == RT_WIRE_REFUSED && !slot->ready) {
        run->failure = rt_fail(
            RT_ERR_JAIL, "%.*s; --no-jail scans without a jail, for debugging only", RT_FMT(body));
        return;
    }
    RT_ARENA arena = rt_arena_open(REPORT_ARENA, NULL, NULL);
    RtReport report;
    if (head->kind != RT_WIRE_REPORT || !slot->busy || !rt_wire_get_report(arena, body, &report)) {
        bury(run, slot, "the worker's answer made no sense");
        return;
    }
    slot->busy = false;
    if (run->pool->cache != NULL)
        rt_cache_keep(run->pool->cache, &slot->key, &report, body);
    add_unlisted(arena, &run->targets->items[slot->target], &report);
    deliver(run, slot->target, &report, slot->started_ms);
    if (++slot->served >= ARTIFACTS_PER_WORKER || report.unseen_count != 0)
        retire(slot);
}

static void receive(Run *run, Slot *slot)
{
    if (slot->capacity - slot->have < 1 << 16) {
        size_t bigger = slot->capacity == 0 ? 1 << 18 : slot->capacity * 2;
        uint8_t *grown =
            bigger > (size_t)RT_WIRE_REPLY_LIMIT * 2 ? NULL : realloc(slot->reply, bigger);
        if (grown == NULL) {
            bury(run, slot, "the worker's answer was too long");
            return;
        }
        slot->reply = grown;
        slot->capacity = bigger;
    }
    ssize_t got = recv(slot->worker.socket, slot->reply + slot->have, slot->capacity - slot->have,
                       MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) {
        bury(run, slot, NULL);
        return;
    }
    slot->have += (size_t)got;
    RtWireHead head;
    if (slot->have < sizeof head)
        return;
    memcpy(&head, slot->reply, sizeof head);
    if (head.magic != RT_WIRE_MAGIC || head.len > RT_WIRE_REPLY_LIMIT)
        bury(run, slot, "the worker's answer made no sense");
    else if (slot->have == sizeof head + head.len)
        take_message(run, slot, &head);
    else if (slot->have > sizeof head + head.len)
        bury(run, slot, "the worker said more than it was asked");
}

static void enforce_wall(Run *run)
{
    for (size_t i = 0; i < run->jobs; i++) {
        Slot *slot = &run->slots[i];
        if (slot->busy && now_ms() - slot->started_ms > run->pool->setup.budget.wall_ms)
            bury(run, slot, "limit-wall-ms");
    }
}

/* Delivers what the cache knows, up to the first target that has to be scanned. */
static void deliver_known(Run *run)
{
    bool found = run->pool->cache != NULL;
    while (found && !run->stopped && run->next < run->targets->count && run->looked <= run->next) {
        RT_ARENA arena = rt_arena_open(REPORT_ARENA, NULL, NULL);
        const RtTarget *target = &run->targets->items[run->next];
        int64_t started = now_ms();
        RtReport report;
        run->looked = run->next + 1;
        found = rt_cache_find(run->pool->cache, arena, target, &run->next_key, &report);
        if (!found || is_stopped(run, target))
            continue;
        deliver(run, run->next++, &report, started);
    }
}

/* Gives every idle worker something to do; starts workers as they are needed. */
static void assign(Run *run)
{
    for (size_t i = 0; i < run->jobs && !run->stopped && run->failure.code == RT_OK; i++) {
        Slot *slot = &run->slots[i];
        if (slot->busy)
            continue;
        deliver_known(run);
        if (run->stopped || run->next == run->targets->count)
            return;
        if (slot->worker.pid == 0) {
            run->failure = rt_worker_start(&run->pool->setup, &slot->worker);
            if (run->failure.code != RT_OK)
                return;
        }
        if (slot->ready)
            hand_out(run, slot);
    }
}

static bool working(const Run *run)
{
    if (run->stopped)
        return false;
    for (size_t i = 0; i < run->jobs; i++) {
        if (run->slots[i].busy)
            return true;
    }
    return run->next < run->targets->count;
}

static void wait_for_workers(Run *run)
{
    struct pollfd ready[JOBS_LIMIT];
    for (size_t i = 0; i < run->jobs; i++)
        ready[i] =
            (struct pollfd){ .fd = run->slots[i].worker.pid != 0 ? run->slots[i].worker.socket : -1,
                             .events = POLLIN };
    if (poll(ready, run->jobs, TICK_MS) > 0) {
        for (size_t i = 0; i < run->jobs; i++) {
            if (ready[i].revents != 0 && run->slots[i].worker.pid != 0)
                receive(run, &run->slots[i]);
        }
    }
    enforce_wall(run);
    bool asked = run->pool->tick != NULL && run->pool->tick(run->pool->context, run->done,
                                                            run->targets->count, RT_STR("")) != 0;
    run->stopped |= asked;
}

RtErr rt_pool_run(const RtPool *pool, const RtTargetList *targets, size_t *ret_done)
{
    Run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return rt_fail(RT_ERR_IO, "out of memory");
    *run = (Run){ .pool = pool, .targets = targets, .failure = RT_FINE };
    run->jobs = pool->jobs == 0 ? 1 : pool->jobs > JOBS_LIMIT ? JOBS_LIMIT : pool->jobs;
    if (run->jobs > targets->count)
        run->jobs = targets->count;
    while (run->failure.code == RT_OK && working(run)) {
        assign(run);
        if (run->failure.code == RT_OK && working(run))
            wait_for_workers(run);
    }
    for (size_t i = 0; i < run->jobs; i++) {
        rt_worker_stop(&run->slots[i].worker);
        free(run->slots[i].reply);
    }
    RtErr failure = run->failure;
    *ret_done = run->done;
    free(run);
    return failure;
}
