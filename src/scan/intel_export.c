/* intel_export.c - the part of ratter/intel.h that lets intelligence out: which entries may go,
 * formats, keys and signatures. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "intel/formats.h"
#include "intel/sign.h"
#include "intel/store.h"
#include "ratter/intel.h"
#include "scan/engine.h"
#include "scan/intel_feed.h"

static const uint64_t export_bytes = 4ULL << 30, signed_most = 1ULL << 30;
enum { KEY_FILE_MOST = 4096 };

/* ---- what may go ---------------------------------------------------------------------------- */

typedef struct {
    RtArena *arena;
    RtStr source; /* empty: all */
    uint8_t tlp;
    bool with_withdrawn;
    RtIntelEntry *entries;
    size_t count, capacity;
    uint64_t left_out;
} Collection;

static bool may_go(const Collection *all, const RtIntelEntry *entry)
{
    bool person = entry->kind == RT_INTEL_ACCOUNT || entry->kind == RT_INTEL_EMAIL;
    bool victim = entry->role == RT_ROLE_VICTIM &&
                  (entry->kind != RT_INTEL_PACKAGE || entry->versions.len == 0);
    return entry->tlp <= all->tlp && !person && !victim && entry->role != RT_ROLE_TARGET &&
           (entry->withdrawn == 0 || all->with_withdrawn);
}

static RtErr collect(void *context, const RtIntelEntry *entry)
{
    Collection *all = context;
    if (all->source.len > 0 && !rt_str_equal(entry->source, all->source))
        return RT_FINE;
    if (!may_go(all, entry)) {
        all->left_out++;
        return RT_FINE;
    }
    RtIntelEntry own = *entry;
    RtStr *const texts[] = { &own.ecosystem, &own.value,   &own.versions,  &own.id,
                             &own.campaign,  &own.summary, &own.reference, &own.source };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        *texts[i] = rt_str_copy(all->arena, *texts[i]);
    RT_PUSH(all->arena, all->entries, all->count, all->capacity) = own;
    return RT_FINE;
}

static int by_key(const void *a, const void *b)
{
    const RtIntelEntry *x = a, *y = b;
    int order = x->kind != y->kind ? (x->kind < y->kind ? -1 : 1)
                                   : rt_str_compare(x->ecosystem, y->ecosystem);
    order = order != 0 ? order : rt_str_compare(x->value, y->value);
    order = order != 0 ? order : rt_str_compare(x->versions, y->versions);
    return order != 0 ? order : rt_str_compare(x->id, y->id);
}

/* Sorted by what ids in documents are made of; a repetition by another source goes: an id must not
 * come twice. */
static void sort_entries(Collection *all)
{
    size_t kept = 0;
    if (all->count > 0)
        qsort(all->entries, all->count, sizeof *all->entries, by_key);
    for (size_t i = 0; i < all->count; i++)
        if (kept == 0 || by_key(&all->entries[kept - 1], &all->entries[i]) != 0)
            all->entries[kept++] = all->entries[i];
    all->count = kept;
}

typedef struct {
    const ratter_intel_export_options *options;
    RtArena *arena;
} Sayer;

static void say_line(void *context, RtStr line)
{
    const Sayer *sayer = context;
    sayer->options->say(sayer->options->context, rt_str_c(sayer->arena, line));
}

/* Findings are as old as the report's file: an export knows no clock. */
static RtErr collect_findings(Collection *all, const ratter_intel_export_options *options)
{
    Sayer sayer = { options, all->arena };
    struct stat info;
    RtFeed feed = { .path = rt_str_from_c(options->findings),
                    .format = RT_STR("report"),
                    .no_jail = options->no_jail != 0,
                    .say = options->say != NULL ? say_line : NULL,
                    .context = &sayer };
    const RtIntelEntry *entries = NULL;
    size_t count = 0;
    RtFeedResult result;
    RT_TRY(rt_feed_entries(all->arena, &feed, &entries, &count, &result));
    int64_t time = stat(options->findings, &info) == 0 ? (int64_t)info.st_mtime : 0;
    for (size_t i = 0; i < count; i++) {
        RtIntelEntry entry = entries[i];
        entry.modified = entry.modified > 0 ? entry.modified : time;
        RT_TRY(collect(all, &entry));
    }
    return RT_FINE;
}

static RtErr collect_store(Collection *all, RtIntel *intel)
{
    RtStore *store = intel != NULL ? rt_intel_store(intel) : NULL;
    if (store == NULL)
        return rt_fail(RT_ERR_USAGE, "there is no store to export from; import something first");
    RT_TRY(rt_store_each(store, collect, all));
    if (all->source.len > 0 && all->count == 0 && all->left_out == 0)
        return rt_fail(RT_ERR_USAGE, "the store has nothing from %.*s",
                       RT_FMT(rt_escaped(all->arena, all->source)));
    return RT_FINE;
}

static RtErr export_all(RtIntel *intel, const ratter_intel_export_options *options, RtArena *arena,
                        RtText *out, ratter_intel_export_result *result)
{
    const RtIntelFormat *format = rt_intel_format_find(rt_str_from_c(options->format));
    Collection all = { .arena = arena, .source = rt_str_from_c(options->source) };
    if (format == NULL || format->write == NULL)
        return rt_fail(RT_ERR_USAGE, "format %.*s cannot be exported; ratter help intel lists them",
                       RT_FMT(rt_escaped(arena, rt_str_from_c(options->format))));
    if (options->tlp != NULL && !rt_intel_tlp_find(rt_str_from_c(options->tlp), &all.tlp))
        return rt_fail(RT_ERR_USAGE, "a marking is clear, green, amber, amber+strict or red");
    all.with_withdrawn = rt_str_equal(rt_str_from_c(format->name), RT_STR("osv")) ||
                         rt_str_equal(rt_str_from_c(format->name), RT_STR("bundle"));
    if (options->findings != NULL)
        RT_TRY(collect_findings(&all, options));
    else
        RT_TRY(collect_store(&all, intel));
    sort_entries(&all);
    RtIntelExport what = { .entries = all.entries,
                           .count = all.count,
                           .tlp = all.tlp,
                           .version = RT_STR(RATTER_VERSION) };
    for (size_t i = 0; i < all.count; i++)
        what.time = all.entries[i].modified > what.time ? all.entries[i].modified : what.time;
    format->write(&what, out);
    result->written = all.count - what.left_out;
    result->left_out = all.left_out + what.left_out;
    return RT_FINE;
}

int ratter_intel_export(ratter_intel *intel, const ratter_intel_export_options *options,
                        ratter_write write, void *context, ratter_intel_export_result *result,
                        ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(export_bytes, NULL, NULL);
    RtText out = { .arena = arena };
    *result = (ratter_intel_export_result){ 0 };
    RtErr err = export_all((RtIntel *)(void *)intel, options, arena, &out, result);
    if (err.code == RT_OK && write(context, out.at, out.len) != 0)
        err = rt_fail(RT_ERR_IO, "the export could not be written");
    return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
}

/* ---- keys and signatures -------------------------------------------------------------------- */

static RtErr read_file(RtArena *arena, const char *path, uint64_t most, RtStr *ret_bytes)
{
    struct stat info;
    RT_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    RtStr shown = rt_escaped(arena, rt_str_from_c(path));
    if (fd < 0)
        return rt_fail(RT_ERR_IO, "cannot read %.*s: %s", RT_FMT(shown), strerror(errno));
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || (uint64_t)info.st_size > most)
        return rt_fail(RT_ERR_USAGE, "%.*s is no file of a size that is expected", RT_FMT(shown));
    uint8_t *at = rt_arena_bytes(arena, (size_t)info.st_size + 1);
    size_t len = 0;
    for (ssize_t got = 1; got > 0 && len<(size_t)info.st_size; len += got> 0 ? (size_t)got : 0)
        got = read(fd, at + len, (size_t)info.st_size - len);
    *ret_bytes = (RtStr){ at, len };
    return RT_FINE;
}

static RtErr write_new(const char *path, int flags, mode_t mode, RtStr bytes)
{
    RT_FD fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, mode);
    if (fd < 0)
        return rt_fail(RT_ERR_IO, "cannot make a file: %s", strerror(errno));
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t got = write(fd, bytes.at + done, bytes.len - done);
        if (got <= 0 && errno != EINTR)
            return rt_fail(RT_ERR_IO, "cannot write a file: %s", strerror(errno));
        done += got > 0 ? (size_t)got : 0;
    }
    return fsync(fd) == 0 || errno == EINVAL
               ? RT_FINE
               : rt_fail(RT_ERR_IO, "cannot keep a file: %s", strerror(errno));
}

int ratter_intel_keygen(const char *secret_path, const char *public_path, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText secret = { .arena = arena }, open_key = { .arena = arena };
    RtErr err = rt_sign_keys(&secret, &open_key);
    if (err.code == RT_OK)
        err = write_new(secret_path, O_EXCL, 0600, rt_text_str(&secret));
    if (err.code == RT_OK)
        err = write_new(public_path, O_EXCL, 0644, rt_text_str(&open_key));
    return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
}

static RtErr sign_file(RtArena *arena, const char *path, const char *secret_key)
{
    RtStr key, bytes, name = rt_str_from_c(path);
    size_t slash = rt_str_rfind_byte(name, '/');
    RtText signature = { .arena = arena };
    RT_TRY(read_file(arena, secret_key, KEY_FILE_MOST, &key));
    RT_TRY(read_file(arena, path, signed_most, &bytes));
    name = rt_escaped(arena, slash == RT_NOT_FOUND ? name : rt_str_from(name, slash + 1));
    RT_TRY(rt_sign_make(key, bytes, rt_str_format(arena, "file:%.*s", RT_FMT(name)), &signature));
    const char *beside = rt_str_c(arena, rt_str_format(arena, "%s.minisig", path));
    return write_new(beside, O_TRUNC, 0644, rt_text_str(&signature));
}

int ratter_intel_sign(const char *path, const char *secret_key, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(signed_most + (64 << 20), NULL, NULL);
    RtErr err = sign_file(arena, path, secret_key);
    return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
}

/* Checks the feed and leaves what was checked in a memory file, so that nothing else is read
 * afterwards. */
static RtErr checked_copy(RtArena *arena, const char *path, const char *public_key, int *ret_fd)
{
    RtStr key, bytes, signature;
    RT_TRY(read_file(arena, public_key, KEY_FILE_MOST, &key));
    RT_TRY(read_file(arena, rt_str_c(arena, rt_str_format(arena, "%s.minisig", path)),
                     KEY_FILE_MOST, &signature));
    RT_TRY(read_file(arena, path, signed_most, &bytes));
    RtErr err = rt_sign_check(arena, key, signature, bytes);
    if (err.code != RT_OK)
        return rt_fail(err.code, "%.*s: %s; nothing was imported",
                       RT_FMT(rt_escaped(arena, rt_str_from_c(path))), err.text);
    int fd = memfd_create("feed", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < bytes.len) {
        ssize_t got = write(fd, bytes.at + done, bytes.len - done);
        if (got <= 0 && errno != EINTR)
            break;
        done += got > 0 ? (size_t)got : 0;
    }
    if (fd >= 0 && done == bytes.len) {
        *ret_fd = fd;
        return RT_FINE;
    }
    if (fd >= 0)
        close(fd);
    return rt_fail(RT_ERR_IO, "cannot make a memory file: %s", strerror(errno));
}

int ratter_intel_import_signed(ratter_intel *intel, const char *path, const char *public_key,
                               const ratter_intel_import_options *options,
                               ratter_intel_import_result *result, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(signed_most + (64 << 20), NULL, NULL);
    RT_FD fd = -1;
    RtErr err = checked_copy(arena, path, public_key, &fd);
    if (err.code != RT_OK)
        return rt_engine_fail(error, err);
    char *real = realpath(path, NULL);
    ratter_intel_import_options with = *options;
    if (with.source == NULL)
        with.source = rt_str_c(arena, rt_str_from_c(real != NULL ? real : path));
    free(real);
    const char *copy = rt_str_c(arena, rt_str_format(arena, "/proc/self/fd/%d", fd));
    return ratter_intel_import(intel, copy, &with, result, error);
}
