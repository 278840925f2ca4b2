/* process.c - what runs, and with whom it talks, from /proc.
 *
 * Names of programs and their arguments are their owners' words: they are only copied here and
 * looked at behind the wall. Tables of sockets are the kernel's own and are read in place. A
 * process that ends while it is read is nothing. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "sweep/sweep.h"

enum { PROCESSES_MOST = 100000, COMMAND_MOST = 16384, TABLE_MOST = 8 << 20, SOCKETS_MOST = 100000 };

typedef struct {
    RtSweep *sweep;
    RtStr proc;
    RtArena *arena;
    RtStr *wheres, *texts;
    size_t count, capacity, text_capacity;
    uint64_t hidden; /* processes of others: no program, no folder */
} Processes;

/* Files of /proc have no size. */
static RtStr read_small(RtArena *arena, const char *path, size_t most)
{
    RT_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    uint8_t *bytes = rt_arena_bytes(arena, most);
    size_t have = 0;
    while (fd >= 0 && have < most) {
        ssize_t got = read(fd, bytes + have, most - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    rt_arena_trim(arena, bytes, most, have);
    return (RtStr){ bytes, have };
}

static RtStr read_link(RtArena *arena, const char *path)
{
    char target[4096];
    ssize_t len = readlink(path, target, sizeof target);
    return rt_str_copy(arena, (RtStr){ (const uint8_t *)target, len < 0 ? 0 : (size_t)len });
}

/* One line; the NULs between arguments become blanks, and so does what would begin a line. */
static void add_line(RtText *text, const char *label, RtStr value)
{
    while (value.len != 0 && value.at[value.len - 1] == 0)
        value.len--;
    rt_text_format(text, "%s: ", label);
    for (size_t i = 0; i < value.len; i++)
        rt_text_byte(text, value.at[i] < ' ' ? ' ' : value.at[i]);
    rt_text_byte(text, '\n');
}

static RtStr below(Processes *all, const char *pid, const char *name)
{
    return rt_str_format(all->arena, "%.*s/%s/%s", RT_FMT(all->proc), pid, name);
}

static const char *below_c(Processes *all, const char *pid, const char *name)
{
    return rt_str_c(all->arena, below(all, pid, name));
}

static RtStr name_of(Processes *all, const char *pid)
{
    RtStr name = rt_str_trim(read_small(all->arena, below_c(all, pid, "comm"), 64));
    return rt_str_format(all->sweep->arena, "process %s (%.*s)", pid, RT_FMT(name));
}

static void read_one(Processes *all, const char *pid)
{
    RtStr command = read_small(all->arena, below_c(all, pid, "cmdline"), COMMAND_MOST);
    RtStr exe = read_link(all->arena, below_c(all, pid, "exe"));
    int error = errno;
    RtStr cwd = read_link(all->arena, below_c(all, pid, "cwd"));
    if (command.len == 0 && exe.len == 0)
        return; /* the kernel's own, or gone */
    all->hidden += exe.len == 0 && error == EACCES;
    all->sweep->counts.processes++;
    RtText text = { .arena = all->arena };
    add_line(&text, "exe", exe);
    add_line(&text, "cwd", cwd);
    add_line(&text, "command", command);
    size_t texts = all->count;
    RT_PUSH(all->arena, all->wheres, all->count, all->capacity) = name_of(all, pid);
    RT_PUSH(all->arena, all->texts, texts, all->text_capacity) = rt_text_str(&text);
}

static bool is_number(const char *name)
{
    size_t len = strspn(name, "0123456789");
    return len != 0 && name[len] == 0;
}

static RtErr read_processes(Processes *all)
{
    DIR *dir = opendir(rt_str_c(all->arena, all->proc));
    char own[16];
    (void)snprintf(own, sizeof own, "%d", (int)getpid());
    if (dir == NULL) {
        rt_sweep_gap(all->sweep, all->proc, RT_STR("there is no list of processes"), true);
        return RT_FINE;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL && all->count < PROCESSES_MOST;)
        if (is_number(entry->d_name) && strcmp(entry->d_name, own) != 0)
            read_one(all, entry->d_name);
    closedir(dir);
    if (all->hidden != 0)
        rt_sweep_gap(all->sweep, RT_STR("processes"),
                     rt_str_format(all->sweep->arena,
                                   "%llu of other users: only their arguments were read",
                                   (unsigned long long)all->hidden),
                     false);
    return rt_look_texts(all->sweep, all->wheres, all->texts, all->count, RT_CHECK_PROCESS);
}

/* ---- connections */

/* One line of /proc/net/tcp or tcp6, as far as it is asked for. */
typedef struct {
    char address[INET6_ADDRSTRLEN];
    uint16_t port;
    uint64_t inode;
    bool is_public;
} Socket;

static bool take_hex(RtStr text, uint32_t *ret_number)
{
    uint32_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        uint32_t digit = byte >= '0' && byte <= '9'   ? byte - 48U
                         : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10U
                                                      : 16;
        if (digit > 15)
            return false;
        number = number << 4 | digit;
    }
    *ret_number = number;
    return text.len != 0 && text.len <= 8;
}

static bool is_public4(const uint8_t *ip)
{
    return ip[0] != 0 && ip[0] != 10 && ip[0] != 127 && ip[0] < 224 &&
           !(ip[0] == 172 && ip[1] >= 16 && ip[1] < 32) && !(ip[0] == 192 && ip[1] == 168) &&
           !(ip[0] == 169 && ip[1] == 254) && !(ip[0] == 100 && ip[1] >= 64 && ip[1] < 128);
}

/* The kernel prints addresses as words in its own byte order. */
static bool read_address(RtStr hex, Socket *socket)
{
    uint32_t words[4];
    size_t count = hex.len / 8;
    if (hex.len != 8 && hex.len != 32)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take_hex(rt_str_sub(hex, i * 8, 8), &words[i]))
            return false;
    const uint8_t *bytes = (const uint8_t *)words;
    bool mapped = count == 4 && words[0] == 0 && words[1] == 0 && words[2] == htonl(0xFFFF);
    if (count == 1 || mapped) {
        bytes += mapped ? 12 : 0;
        socket->is_public = is_public4(bytes);
        return inet_ntop(AF_INET, bytes, socket->address, sizeof socket->address) != NULL;
    }
    socket->is_public = (bytes[0] & 0xE0) == 0x20; /* 2000::/3 */
    return inet_ntop(AF_INET6, bytes, socket->address, sizeof socket->address) != NULL;
}

static bool read_socket(RtStr line, Socket *ret_socket)
{
    RtStr fields[10], rest = rt_str_trim(line), part;
    size_t count = 0;
    while (count < RT_COUNT(fields) && rt_str_next(&rest, ' ', &part))
        if (part.len != 0)
            fields[count++] = part;
    uint32_t port, state;
    *ret_socket = (Socket){ 0 };
    if (count < RT_COUNT(fields) || !take_hex(fields[3], &state) || state > 2 || state == 0)
        return false; /* established, or on its way */
    size_t colon = rt_str_find_byte(fields[2], ':');
    if (colon == RT_NOT_FOUND || !take_hex(rt_str_from(fields[2], colon + 1), &port) ||
        !read_address(rt_str_sub(fields[2], 0, colon), ret_socket) ||
        !rt_str_number(fields[9], &ret_socket->inode))
        return false;
    ret_socket->port = (uint16_t)port;
    return true;
}

/* Whose socket it is, as far as this user may know. */
static RtStr owner_of(Processes *all, uint64_t inode)
{
    DIR *dir = opendir(rt_str_c(all->arena, all->proc));
    RtStr wanted = rt_str_format(all->arena, "socket:[%llu]", (unsigned long long)inode);
    RtStr owner = RT_STR("");
    for (struct dirent *entry; dir != NULL && owner.len == 0 && (entry = readdir(dir)) != NULL;) {
        DIR *files = is_number(entry->d_name) ? opendir(below_c(all, entry->d_name, "fd")) : NULL;
        for (struct dirent *file; files != NULL && (file = readdir(files)) != NULL;) {
            char target[64];
            ssize_t len = readlinkat(dirfd(files), file->d_name, target, sizeof target);
            if (len > 0 && rt_str_equal((RtStr){ (const uint8_t *)target, (size_t)len }, wanted))
                owner = name_of(all, entry->d_name);
        }
        if (files != NULL)
            closedir(files);
    }
    if (dir != NULL)
        closedir(dir);
    return owner;
}

static void tell(Processes *all, const RtPlace *place, RtFindingLevel level, const Socket *socket,
                 RtStr exactly)
{
    RtArena *arena = all->sweep->arena;
    RtStr owner = owner_of(all, socket->inode);
    bool is_six = strchr(socket->address, ':') != NULL;
    rt_sweep_hit(
        all->sweep,
        (RtSweepHit){ .place = place,
                      .level = level,
                      .where = rt_str_format(arena, "connection to %s%s%s:%u%s%.*s",
                                             is_six ? "[" : "", socket->address, is_six ? "]" : "",
                                             socket->port, owner.len ? " of " : "", RT_FMT(owner)),
                      .exactly = exactly });
}

/* The address with and without its port. */
static RtErr ask(Processes *all, const RtPlace *place, const Socket *socket, bool *ret_known)
{
    static const RtIntelKind kinds[] = { RT_INTEL_IP_PORT, RT_INTEL_IP };
    RtSweep *sweep = all->sweep;
    *ret_known = false;
    for (size_t k = 0; k < RT_COUNT(kinds) && sweep->intel != NULL && !*ret_known; k++) {
        RtStr value = kinds[k] == RT_INTEL_IP
                          ? rt_str_from_c(socket->address)
                          : rt_str_format(all->arena, "%s:%u", socket->address, socket->port);
        const RtIntelEntry *entries = NULL;
        size_t count = 0;
        RT_TRY(rt_intel_value(sweep->intel, all->arena, kinds[k], value, &entries, &count));
        for (size_t i = 0; i < count && !*ret_known; i++) {
            const RtIntelEntry *entry = &entries[i];
            if (entry->role == RT_ROLE_TARGET || entry->role == RT_ROLE_VICTIM ||
                (entry->valid_until != 0 && sweep->now > entry->valid_until))
                continue;
            *ret_known = true;
            tell(all, place, kinds[k] == RT_INTEL_IP_PORT ? RT_CONCLUSIVE : RT_STRONG, socket,
                 rt_str_format(sweep->arena, "known server: %.*s (%.*s)", RT_FMT(entry->campaign),
                               RT_FMT(rt_str_sub(entry->source, 0, 200))));
        }
    }
    return RT_FINE;
}

static RtErr look_at_socket(Processes *all, const Socket *socket)
{
    const RtPlaces *places = all->sweep->places;
    bool known = false;
    for (size_t i = 0; i < places->count && !known; i++)
        if (places->items[i].check == RT_CHECK_CONNECTION)
            RT_TRY(ask(all, &places->items[i], socket, &known));
    for (size_t i = 0; i < places->count && !known && socket->is_public; i++) {
        const RtPlace *place = &places->items[i];
        for (size_t k = 0; place->check == RT_CHECK_PORT && k < place->port_count; k++)
            if (place->ports[k] == socket->port)
                tell(all, place, place->level, socket, RT_STR(""));
    }
    return RT_FINE;
}

static RtErr read_connections(Processes *all, const char *table)
{
    RtStr rest = read_small(all->arena, below_c(all, "net", table), TABLE_MOST), line;
    for (size_t i = 0; rt_str_next(&rest, '\n', &line) && i < SOCKETS_MOST; i++) {
        Socket socket;
        if (!read_socket(line, &socket))
            continue;
        all->sweep->counts.connections++;
        RT_TRY(look_at_socket(all, &socket));
    }
    return RT_FINE;
}

RtErr rt_processes_run(RtSweep *sweep, RtStr proc)
{
    RT_ARENA arena = rt_arena_open((size_t)2 << 30, NULL, NULL);
    Processes all = { .sweep = sweep, .proc = proc, .arena = arena };
    RT_TRY(read_processes(&all));
    RT_TRY(read_connections(&all, "tcp"));
    return read_connections(&all, "tcp6");
}
