/* cache.c - one file per verdict: FOLDER/ab/cdef… is named by the digest of everything that decides
 * it.
 *
 * Files instead of a database: an entry appears whole by rename or not at all, two processes cannot
 * hurt each other, and what is broken is simply absent. Each of the 256 folders keeps its own
 * bound, so that making room never reads more than one of them. */
#include "scan/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/hash.h"

enum {
    ENTRY_MOST = 256 << 10,
    FOLDER_MOST = 1 << 20, /* of disk, each; 256 MiB in all */
    FILES_MOST = 1024,
    HEAD_LEN = 8 + 32 + 32, /* magic, entry name, digest of what follows */
    PATH_MOST = 4000,
    TREE_MOST = 100000,        /* entries of a tree */
    TREE_FILE_MOST = 64 << 20, /* a larger file of a tree is not read by a worker either */
};
static const uint64_t content_most = 512ULL << 20; /* hashing more costs more than it is worth */
static const size_t arena_limit = (size_t)4 << 30; /* TREE_MOST of the longest names fit */
static const RtStr magic = { (const uint8_t *)"RATVER1\n", 8 };

struct RtCache {
    RtArena *arena, *bytes; /* of one look-up, of one file */
    int fd;
    uint8_t setting[32]; /* program, rules, options */
};

/* ---- the program */

typedef struct {
    uintptr_t here; /* an address of ours: the library may be a shared one */
    uint8_t id[64];
    size_t len;
} BuildId;

static void read_notes(const uint8_t *at, size_t len, BuildId *build)
{
    while (len >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        memcpy(&note, at, sizeof note);
        size_t name = ((size_t)note.n_namesz + 3) & ~(size_t)3,
               text = ((size_t)note.n_descsz + 3) & ~(size_t)3;
        if (name > len - sizeof note || text > len - sizeof note - name)
            return;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
            memcmp(at + sizeof note, "GNU", 4) == 0 && note.n_descsz <= sizeof build->id) {
            memcpy(build->id, at + sizeof note + name, note.n_descsz);
            build->len = note.n_descsz;
            return;
        }
        at += sizeof note + name + text;
        len -= sizeof note + name + text;
    }
}

static int visit_object(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    BuildId *build = context;
    bool ours = false;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t from = (uintptr_t)(info->dlpi_addr + part->p_vaddr);
        ours |=
            part->p_type == PT_LOAD && build->here >= from && build->here - from < part->p_memsz;
    }
    for (size_t i = 0; i < info->dlpi_phnum && ours && build->len == 0; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_NOTE)
            read_notes((const uint8_t *)(uintptr_t)(info->dlpi_addr + part->p_vaddr),
                       (size_t)part->p_memsz, build);
    }
    return ours;
}

/* The linker's digest of this program: version numbers do not change with every change. */
static RtErr find_build(BuildId *build)
{
    *build = (BuildId){ .here = (uintptr_t)(const void *)&magic };
    dl_iterate_phdr(visit_object, build);
    if (build->len == 0)
        return rt_fail(RT_ERR_IO, "this program was linked without a build id, so that its "
                                  "verdicts cannot be cached; --no-cache goes without");
    return RT_FINE;
}

/* ---- the folder */

/* Every missing folder of the way, for this user alone. */
static void make_folders(char *path)
{
    for (char *at = path + 1; *at != 0; at++) {
        if (*at != '/')
            continue;
        *at = 0;
        mkdir(path, 0700);
        *at = '/';
    }
    mkdir(path, 0700);
}

static RtErr open_folder(RtStr folder, int *ret_fd)
{
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtStr shown = rt_escaped(arena, rt_str_sub(folder, 0, 100));
    if (folder.len == 0 || folder.len > PATH_MOST)
        return rt_fail(RT_ERR_USAGE, "--cache: no folder can have this name");
    char *path = (char *)(uintptr_t)rt_str_c(arena, folder);
    make_folders(path);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        RtErr err = rt_fail(RT_ERR_IO, "--cache %.*s: %s", RT_FMT(shown), strerror(errno));
        if (fd >= 0)
            close(fd);
        return err;
    }
    if (info.st_uid != geteuid() || (info.st_mode & 022) != 0) {
        close(fd);
        return rt_fail(RT_ERR_IO,
                       "--cache %.*s: others may write there, and an entry decides what is called "
                       "clean; use a folder of your own",
                       RT_FMT(shown));
    }
    *ret_fd = fd;
    return RT_FINE;
}

RtErr rt_cache_prepare(RtStr folder)
{
    BuildId build;
    RT_TRY(find_build(&build));
    int fd = -1;
    RT_TRY(open_folder(folder, &fd));
    close(fd);
    return RT_FINE;
}

RtErr rt_cache_open(RtStr folder, RtStr setting, RtCache **ret_cache)
{
    BuildId build;
    RT_TRY(find_build(&build));
    int fd = -1;
    RT_TRY(open_folder(folder, &fd));
    RtArena *arena = rt_arena_open(arena_limit, NULL, NULL);
    RtText text = { .arena = arena };
    rt_text_add(&text, magic);
    rt_text_add(&text, (RtStr){ build.id, build.len });
    rt_text_add(&text, setting);
    RtCache *cache = calloc(1, sizeof *cache);
    if (!cache) {
        rt_arena_close(arena);
        close(fd);
        return rt_fail(RT_ERR_IO, "out of memory");
    }
    cache->arena = arena;
    cache->bytes = rt_arena_open(arena_limit, NULL, NULL);
    cache->fd = fd;
    rt_sha256(rt_text_str(&text), cache->setting);
    *ret_cache = cache;
    return RT_FINE;
}

void rt_cache_close(RtCache *cache)
{
    if (!cache)
        return;
    rt_arena_close(cache->arena);
    rt_arena_close(cache->bytes);
    close(cache->fd);
    free(cache);
}

/* ---- keys */

void rt_cache_digest(RtArena *arena, RtStr bytes, uint8_t ret_digest[32])
{
    RtStr digest = { 0 };
    if (rt_digest(arena, RT_STR("blake2b512"), bytes, &digest) && digest.len >= 32)
        memcpy(ret_digest, digest.at, 32);
    else
        rt_sha256(bytes, ret_digest);
}

void rt_cache_note(RtText *list, const RtGiven *given, const uint8_t digest[32])
{
    rt_text_format(list, "%u %u %zu %zu ", (unsigned)given->kind, given->mode, given->name.len,
                   given->link.len);
    rt_text_add(list, given->name);
    rt_text_add(list, given->link);
    rt_text_add(list, (RtStr){ digest, 32 });
}

/* Exactly the bytes a worker is told to read. */
static bool digest_entry(RtCache *cache, const RtTarget *target, int root, size_t i,
                         uint8_t ret_digest[32])
{
    size_t len = (size_t)target->entries[i].size, have = 0;
    if (target->entries[i].size > TREE_FILE_MOST)
        return false;
    uint8_t *bytes = rt_arena_bytes(cache->bytes, len + 1);
    RT_FD fd = rt_target_open(cache->bytes, target, root, i);
    for (ssize_t got; fd >= 0 && have < len; have += (size_t)got) {
        got = pread(fd, bytes + have, len - have, (off_t)have);
        if (got <= 0)
            break;
    }
    rt_cache_digest(cache->bytes, (RtStr){ bytes, have }, ret_digest);
    rt_arena_reset(cache->bytes);
    return fd >= 0 && have == len;
}

static bool digest_tree(RtCache *cache, const RtTarget *target, uint8_t ret_content[32])
{
    RT_FD root = open(rt_str_c(cache->arena, target->root), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    RtText list = { .arena = cache->arena };
    uint64_t total = 0;
    if (root < 0 || target->entry_count > TREE_MOST)
        return false;
    for (size_t i = 0; i < target->entry_count; i++) {
        const RtTargetEntry *entry = &target->entries[i];
        RtGiven given = {
            .name = entry->path, .link = entry->link, .kind = entry->kind, .mode = entry->mode
        };
        uint8_t digest[32] = { 0 };
        total += entry->size;
        if (given.kind == RT_GIVEN_UNREADABLE || total > content_most)
            return false;
        if (given.kind == RT_GIVEN_FILE && !digest_entry(cache, target, root, i, digest))
            return false;
        rt_cache_note(&list, &given, digest);
    }
    rt_sha256(rt_text_str(&list), ret_content);
    return true;
}

static bool digest_file(RtCache *cache, const RtTarget *target, uint8_t ret_content[32])
{
    RT_FD own = target->fd >= 0 ? -1 : rt_target_open(cache->arena, target, -1, 0);
    int fd = target->fd >= 0 ? target->fd : own;
    struct stat info;
    uint64_t len = 0;
    return fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
           (uint64_t)info.st_size <= content_most &&
           rt_sha256_fd(fd, ret_content, &len).code == RT_OK && len == (uint64_t)info.st_size;
}

static RtCacheKey key_of(RtCache *cache, const RtTarget *target)
{
    RtCacheKey key = { 0 };
    if (target->unseen.len != 0)
        return key;
    key.is_known = target->is_tree ? digest_tree(cache, target, key.content)
                                   : digest_file(cache, target, key.content);
    /* A lone file's name says what language it is in, and stands in the evidence. */
    RtStr name = target->is_tree ? RT_STR("/") : rt_target_name(target);
    RtText text = { .arena = cache->arena };
    rt_text_add(&text, (RtStr){ cache->setting, sizeof cache->setting });
    rt_text_add(&text, (RtStr){ key.content, sizeof key.content });
    rt_text_add(&text, name);
    rt_sha256(rt_text_str(&text), key.entry);
    return key;
}

/* ---- entries */

static RtStr entry_path(const RtCache *cache, const RtCacheKey *key)
{
    RtStr hex = rt_hex(cache->arena, (RtStr){ key->entry, sizeof key->entry });
    return rt_str_format(cache->arena, "%.*s/%.*s", 2, (const char *)hex.at,
                         RT_FMT(rt_str_from(hex, 2)));
}

/* The report's bytes; empty when there is no sound entry. */
static RtStr load(RtCache *cache, const RtCacheKey *key)
{
    RtStr none = { 0 };
    RT_FD fd = openat(cache->fd, rt_str_c(cache->arena, entry_path(cache, key)),
                      O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= HEAD_LEN ||
        info.st_size > HEAD_LEN + ENTRY_MOST)
        return none;
    size_t len = (size_t)info.st_size;
    uint8_t *bytes = rt_arena_bytes(cache->arena, len), digest[32];
    if (pread(fd, bytes, len, 0) != (ssize_t)len)
        return none;
    RtStr body = { bytes + HEAD_LEN, len - HEAD_LEN };
    rt_sha256(body, digest);
    if (memcmp(bytes, magic.at, magic.len) != 0 || memcmp(bytes + 8, key->entry, 32) != 0 ||
        memcmp(bytes + 40, digest, 32) != 0)
        return none;
    (void)!futimens(fd, NULL); /* used: the last to make room */
    return body;
}

bool rt_cache_find(RtCache *cache, RtArena *arena, const RtTarget *target, RtCacheKey *ret_key,
                   RtReport *ret_report)
{
    *ret_key = key_of(cache, target);
    RtReport report;
    bool found = false;
    if (ret_key->is_known) {
        RtStr bytes = load(cache, ret_key);
        found =
            bytes.len != 0 && rt_wire_get_report(arena, bytes, &report) && report.unseen_count == 0;
    }
    rt_arena_reset(cache->arena);
    if (found)
        *ret_report = report;
    return found;
}

typedef struct {
    struct timespec used;
    off_t size;
    char name[80];
} Entry;

static int by_age(const void *a, const void *b)
{
    const Entry *left = a, *right = b;
    if (left->used.tv_sec != right->used.tv_sec)
        return left->used.tv_sec < right->used.tv_sec ? -1 : 1;
    if (left->used.tv_nsec != right->used.tv_nsec)
        return left->used.tv_nsec < right->used.tv_nsec ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* The oldest go until a quarter of the folder is free. */
static void make_room(RtArena *arena, int folder)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    Entry *entries = NULL;
    size_t count = 0, capacity = 0, kept = 0;
    off_t total = 0;
    for (struct dirent *at; dir && count < 4 * FILES_MOST && (at = readdir(dir));) {
        struct stat info;
        size_t len = strlen(at->d_name);
        if (len >= sizeof entries->name ||
            fstatat(folder, at->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(info.st_mode))
            continue;
        Entry *entry = &RT_PUSH(arena, entries, count, capacity);
        *entry = (Entry){ .used = info.st_mtim, .size = (off_t)info.st_blocks * 512 };
        memcpy(entry->name, at->d_name, len + 1);
        total += entry->size;
    }
    if (dir)
        closedir(dir);
    kept = count;
    if (total <= FOLDER_MOST && count <= FILES_MOST)
        return;
    qsort(entries, count, sizeof *entries, by_age);
    for (size_t i = 0; i < count && (total > FOLDER_MOST / 4 * 3 || kept > FILES_MOST / 4 * 3);
         i++, kept--) {
        unlinkat(folder, entries[i].name, 0);
        total -= entries[i].size;
    }
}

static bool write_entry(int folder, const char *name, RtStr bytes)
{
    RT_FD fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    while (fd >= 0 && bytes.len != 0) {
        ssize_t wrote = write(fd, bytes.at, bytes.len);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            break;
        bytes = rt_str_from(bytes, (size_t)wrote);
    }
    return fd >= 0 && bytes.len == 0;
}

static void store(RtCache *cache, const RtCacheKey *key, RtStr bytes)
{
    uint8_t digest[32];
    rt_sha256(bytes, digest);
    RtText text = { .arena = cache->arena };
    rt_text_add(&text, magic);
    rt_text_add(&text, (RtStr){ key->entry, 32 });
    rt_text_add(&text, (RtStr){ digest, 32 });
    rt_text_add(&text, bytes);
    RtStr path = entry_path(cache, key);
    const char *place = rt_str_c(cache->arena, rt_str_sub(path, 0, 2)),
               *name = rt_str_c(cache->arena, rt_str_from(path, 3)),
               *fresh = rt_str_c(cache->arena,
                                 rt_str_format(cache->arena, "%.16s.%d", name, (int)getpid()));
    mkdirat(cache->fd, place, 0700);
    RT_FD folder = openat(cache->fd, place, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder < 0)
        return;
    if (!write_entry(folder, fresh, rt_text_str(&text)) ||
        renameat(folder, fresh, folder, name) != 0)
        unlinkat(folder, fresh, 0);
    make_room(cache->arena, folder);
}

void rt_cache_keep(RtCache *cache, const RtCacheKey *key, const RtReport *report, RtStr bytes)
{
    const RtArtifact *artifact = &report->artifact;
    bool has_digest = artifact->has_sha256 || artifact->has_tree_digest;
    if (!key->is_known || !has_digest || report->unseen_count != 0 || report->trace ||
        bytes.len > ENTRY_MOST || memcmp(artifact->sha256, key->content, 32) != 0)
        return;
    store(cache, key, bytes);
    rt_arena_reset(cache->arena);
}
