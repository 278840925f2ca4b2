/* intel_feed.c - the two sides of an import: a jailed child that unpacks, parses and answers in
 * frames, and a parent that checks each answer and writes it into the store.
 *
 * The child is told which pieces the store already holds (8 bytes each) and neither unpacks nor
 * parses those: an all.zip in which twelve records are new costs twelve. A folder is packed into a
 * memory file first, because a child per file would cost a fork per record. */
#include "scan/intel_feed.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/escape.h"
#include "base/hash.h"
#include "scan/chore.h"
#include "scan/intel_zip.h"

enum {
    READERS = 1, /* raised when a reader learns more, so that unchanged feeds are read again */
    BATCH_BYTES = 1 << 20,
    BATCH_ROOM = BATCH_BYTES + (1 << 20), /* one message is below 1 MiB: see put_entry */
    WALL_MS = 30 * 60 * 1000,
    SAID_MOST = 50, /* malformed records told by name; all are counted */
    FOLDER_DEPTH = 16,
};
static const uint64_t arena_bytes = 2ULL << 30, file_limit = 8ULL << 30, pack_bytes = 64ULL << 20,
                      folder_file_limit = 512ULL << 20;

typedef enum {
    SAY_PIECE = 'p',
    SAY_KEPT = 'k',
    SAY_ENTRY = 'e',
    SAY_BAD = 'b',
    SAY_OTHERS = 'o',
    SAY_FORMAT = 'f',
    SAY_FAULT = '!'
} Say;

/* ---- the child ------------------------------------------------------------------------------ */

typedef struct {
    RtStr salt;   /* what keys are made with: source, marking, age of the readers */
    RtStr format; /* the one asked for; empty: any */
    const uint64_t *keys;
    size_t key_count;
} Order;

typedef struct {
    const Order *order;
    RtArena *arena;
    RtChoreOut *out;
    RtText batch;
    const RtIntelFormat *told; /* the format the parent knows of */
    RtStr piece;               /* its name, while it is read */
} Child;

static void flush(Child *child)
{
    if (child->batch.len > 0)
        rt_chore_say(child->out, rt_text_str(&child->batch));
    child->batch.len = 0;
}

static void put_tag(Child *child, Say tag)
{
    if (child->batch.len >= BATCH_BYTES)
        flush(child);
    rt_text_byte(&child->batch, (uint8_t)tag);
}

static void put_number(Child *child, uint64_t number)
{
    for (size_t i = 0; i < 8; i++)
        rt_text_byte(&child->batch, (uint8_t)(number >> (8 * i)));
}

static void put_text(Child *child, RtStr text)
{
    put_number(child, text.len);
    rt_text_add(&child->batch, text);
}

static void put_bad(void *context, RtStr what, const char *why)
{
    Child *child = context;
    put_tag(child, SAY_BAD);
    put_text(child, rt_str_sub(child->piece, 0, 300));
    put_text(child, rt_str_sub(what, 0, 300));
    put_text(child, rt_str_from_c(why));
}

static void put_entry(void *context, RtIntelEntry *entry)
{
    Child *child = context;
    const char *why = NULL;
    if (!rt_intel_normalise(child->arena, entry, &why)) {
        put_bad(child, entry->id.len > 0 ? entry->id : entry->value, why);
        return;
    }
    put_tag(child, SAY_ENTRY);
    const uint64_t numbers[] = { entry->kind,
                                 entry->role,
                                 entry->confidence,
                                 entry->tlp,
                                 (uint64_t)entry->modified,
                                 (uint64_t)entry->valid_from,
                                 (uint64_t)entry->valid_until,
                                 (uint64_t)entry->withdrawn };
    for (size_t i = 0; i < RT_COUNT(numbers); i++)
        put_number(child, numbers[i]);
    const RtStr texts[] = { entry->ecosystem, entry->value,   entry->versions, entry->id,
                            entry->campaign,  entry->summary, entry->reference };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        put_text(child, texts[i]);
}

static bool is_known(const Order *order, uint64_t key)
{
    size_t low = 0, high = order->key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (order->keys[middle] == key)
            return true;
        if (order->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void tell_format(Child *child, const RtIntelFormat *format)
{
    if (child->told != NULL)
        return;
    child->told = format;
    put_tag(child, SAY_FORMAT);
    put_text(child, rt_str_from_c(format->name));
}

static bool is_yara(RtStr content)
{
    RtStr head = rt_str_sub(content, 0, 64 << 10);
    return rt_str_has(head, RT_STR("rule ")) && rt_str_has(head, RT_STR("condition:")) &&
           rt_str_find_byte(head, '{') != RT_NOT_FOUND;
}

static void read_piece(Child *child, const RtFeedPiece *piece)
{
    RtFeedFault fault = NULL;
    RtStr content = rt_feed_open(child->arena, piece, &fault);
    const RtIntelFormat *format = NULL;
    if (fault == NULL && child->order->format.len > 0)
        format = rt_intel_format_find(child->order->format);
    else if (fault == NULL)
        format = rt_intel_format_for(piece->name, rt_str_sub(content, 0, 64 << 10));
    if (fault == NULL && (format == NULL || format->read == NULL))
        fault = is_yara(content) ? "holds YARA rules, which nothing here would run (docs/INTEL.md)"
                                 : "is in no format that is known here";
    if (fault != NULL) {
        put_bad(child, (RtStr){ 0 }, fault);
        return;
    }
    tell_format(child, format);
    RtIntelTaker to = {
        .arena = child->arena, .context = child, .entry = put_entry, .bad = put_bad
    };
    format->read(piece->name, content, &to);
    if (to.others > 0) {
        put_tag(child, SAY_OTHERS);
        put_number(child, to.others);
    }
}

static bool on_piece(void *context, const RtFeedPiece *piece)
{
    Child *child = context;
    bool known = piece->key != 0 && is_known(child->order, piece->key);
    put_tag(child, known ? SAY_KEPT : SAY_PIECE);
    put_number(child, piece->key);
    child->piece = piece->name;
    if (!known)
        read_piece(child, piece);
    rt_arena_reset(child->arena);
    return true;
}

static void work(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    RT_ARENA own = rt_arena_open(BATCH_ROOM * 2, NULL, NULL);
    Child child = { .order = context, .arena = arena, .out = out };
    child.batch =
        (RtText){ .arena = own, .at = rt_arena_bytes(own, BATCH_ROOM), .capacity = BATCH_ROOM };
    RtFeedFault fault = rt_feed_walk(bytes, child.order->salt, on_piece, &child);
    if (fault != NULL) {
        put_tag(&child, SAY_FAULT);
        put_text(&child, rt_str_from_c(fault));
    }
    flush(&child);
}

/* ---- the parent ------------------------------------------------------------------------------ */

typedef struct {
    RtStore *store; /* NULL: entries are collected */
    const RtFeed *feed;
    RtFeedResult *result;
    RtArena *arena;   /* of the result */
    RtArena *scratch; /* of a frame */
    Order order;
    uint64_t key; /* of the piece whose entries come */
    RtIntelEntry *entries;
    size_t count, capacity;
} Parent;

static RtErr nonsense(void) { return rt_fail(RT_ERR_FORMAT, "its reader answered nonsense"); }

static RtStr take_text(RtCursor *cursor)
{
    uint64_t len = rt_take_u64le(cursor);
    if (len > cursor->rest.len) {
        cursor->short_read = true;
        return (RtStr){ 0 };
    }
    return rt_take(cursor, (size_t)len);
}

static RtErr take_bad(Parent *parent, RtCursor *cursor)
{
    RtStr piece = take_text(cursor), what = take_text(cursor), why = take_text(cursor);
    if (cursor->short_read)
        return nonsense();
    if (parent->result->malformed++ >= SAID_MOST || parent->feed->say == NULL)
        return RT_FINE;
    RtText line = { .arena = parent->scratch };
    rt_escape_terminal(&line, piece, false);
    if (what.len > 0 && !rt_str_equal(what, piece)) {
        rt_text_add(&line, RT_STR(": "));
        rt_escape_terminal(&line, what, false);
    }
    rt_text_byte(&line, ' ');
    rt_escape_terminal(&line, why, false);
    parent->feed->say(parent->feed->context, rt_text_str(&line));
    return RT_FINE;
}

/* What the child normalised is normalised again: the child may be somebody else's by now. */
static RtErr take_entry(Parent *parent, RtCursor *cursor)
{
    uint64_t numbers[8];
    RtStr texts[7];
    for (size_t i = 0; i < RT_COUNT(numbers); i++)
        numbers[i] = rt_take_u64le(cursor);
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        texts[i] = take_text(cursor);
    if (cursor->short_read || numbers[0] >= RT_INTEL_KINDS || numbers[1] > RT_ROLE_NOT_SAID ||
        numbers[2] > 100 || numbers[3] > 4)
        return nonsense();
    RtIntelEntry entry = {
        .kind = (RtIntelKind)numbers[0],
        .role = (RtIntelRole)numbers[1],
        .confidence = (uint8_t)numbers[2],
        .tlp = (uint8_t)numbers[3],
        .modified = (int64_t)numbers[4],
        .valid_from = (int64_t)numbers[5],
        .valid_until = (int64_t)numbers[6],
        .withdrawn = (int64_t)numbers[7],
        .ecosystem = texts[0],
        .value = texts[1],
        .versions = texts[2],
        .id = texts[3],
        .campaign = texts[4],
        .summary = texts[5],
        .reference = texts[6],
    };
    entry.tlp = entry.tlp < parent->feed->tlp ? parent->feed->tlp : entry.tlp;
    const char *why = NULL;
    if (!rt_intel_normalise(parent->scratch, &entry, &why))
        return nonsense();
    if (parent->store != NULL)
        return rt_store_put(parent->store, parent->key, &entry);
    RtStr *const kept[] = { &entry.ecosystem, &entry.value,   &entry.versions, &entry.id,
                            &entry.campaign,  &entry.summary, &entry.reference };
    for (size_t i = 0; i < RT_COUNT(kept); i++)
        *kept[i] = rt_str_copy(parent->arena, *kept[i]);
    RT_PUSH(parent->arena, parent->entries, parent->count, parent->capacity) = entry;
    return RT_FINE;
}

static RtErr take_message(Parent *parent, RtCursor *cursor)
{
    uint8_t tag = rt_take_u8(cursor);
    switch (tag) {
    case SAY_PIECE:
    case SAY_KEPT:
        parent->key = rt_take_u64le(cursor);
        if (parent->store == NULL)
            return RT_FINE;
        return tag == SAY_KEPT ? rt_store_keep(parent->store, parent->key)
                               : rt_store_add(parent->store, parent->key);
    case SAY_ENTRY:
        return take_entry(parent, cursor);
    case SAY_BAD:
        return take_bad(parent, cursor);
    case SAY_OTHERS:
        parent->result->others += rt_take_u64le(cursor);
        return RT_FINE;
    case SAY_FORMAT: {
        const RtIntelFormat *format = rt_intel_format_find(take_text(cursor));
        if (format == NULL)
            return nonsense();
        parent->result->format = rt_str_from_c(format->name);
        return RT_FINE;
    }
    case SAY_FAULT: {
        RtStr fault = rt_escaped(parent->scratch, take_text(cursor));
        return rt_fail(RT_ERR_FORMAT, "%.*s", RT_FMT(fault));
    }
    default:
        return nonsense();
    }
}

static RtErr take_frame(void *taker, RtStr frame)
{
    Parent *parent = taker;
    RtCursor cursor = { .rest = frame };
    rt_arena_reset(parent->scratch);
    while (cursor.rest.len > 0) {
        RT_TRY(take_message(parent, &cursor));
        if (cursor.short_read)
            return nonsense();
    }
    return RT_FINE;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static RtErr run_chore(Parent *parent, int fd)
{
    const RtChore chore = { .work = work,
                            .context = &parent->order,
                            .arena_bytes = arena_bytes,
                            .file_limit = file_limit,
                            .wall_ms = WALL_MS,
                            .no_jail = parent->feed->no_jail,
                            .take = take_frame,
                            .taker = parent };
    return rt_chore_run(&chore, fd);
}

/* ---- folders --------------------------------------------------------------------------------- */

typedef struct {
    RtArena *arena;
    RtStr *names;
    size_t count, capacity;
} Listing;

/* Relative names of the regular files below; links are not followed, dot files are left out. */
static RtErr list_folder(Listing *listing, int folder_fd, RtStr prefix, unsigned depth)
{
    if (depth > FOLDER_DEPTH)
        return rt_fail(RT_ERR_IO, "folders are nested deeper than %d", FOLDER_DEPTH);
    DIR *folder = fdopendir(folder_fd);
    if (folder == NULL) {
        close(folder_fd);
        return rt_fail(RT_ERR_IO, "cannot read a folder: %s", strerror(errno));
    }
    RtErr err = RT_FINE;
    for (const struct dirent *at; err.code == RT_OK && (at = readdir(folder)) != NULL;) {
        struct stat info;
        if (at->d_name[0] == '.' ||
            fstatat(dirfd(folder), at->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        RtStr name = rt_str_format(listing->arena, "%.*s%s", RT_FMT(prefix), at->d_name);
        if (S_ISREG(info.st_mode)) {
            RT_PUSH(listing->arena, listing->names, listing->count, listing->capacity) = name;
        } else if (S_ISDIR(info.st_mode)) {
            int below =
                openat(dirfd(folder), at->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below >= 0)
                err = list_folder(listing, below,
                                  rt_str_format(listing->arena, "%.*s/", RT_FMT(name)), depth + 1);
        }
    }
    closedir(folder);
    return err;
}

static int by_name(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

static RtErr write_all(int fd, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    while (len > 0) {
        ssize_t done = write(fd, at, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return rt_fail(RT_ERR_IO, "cannot pack a folder: %s", strerror(errno));
        at += done;
        len -= (size_t)done;
    }
    return RT_FINE;
}

static RtErr copy_content(int from, int pack, uint64_t size)
{
    uint8_t block[64 << 10];
    while (size > 0) {
        ssize_t got = read(from, block, size < sizeof block ? (size_t)size : sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return rt_fail(RT_ERR_IO, "a file of the folder changed while it was read");
        RT_TRY(write_all(pack, block, (size_t)got));
        size -= (uint64_t)got;
    }
    return RT_FINE;
}

static RtErr pack_file(int folder, RtArena *arena, RtStr name, int pack, uint64_t *packed)
{
    struct stat info;
    RT_FD fd = openat(folder, rt_str_c(arena, name), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0 || (uint64_t)info.st_size > folder_file_limit)
        return rt_fail(RT_ERR_IO, "cannot read %.*s, or it is over 512 MiB", RT_FMT(name));
    uint8_t head[12];
    for (size_t i = 0; i < 4; i++)
        head[i] = (uint8_t)(name.len >> (8 * i));
    for (size_t i = 0; i < 8; i++)
        head[4 + i] = (uint8_t)((uint64_t)info.st_size >> (8 * i));
    RT_TRY(write_all(pack, head, sizeof head));
    RT_TRY(write_all(pack, name.at, name.len));
    RT_TRY(copy_content(fd, pack, (uint64_t)info.st_size));
    *packed += (uint64_t)info.st_size;
    return RT_FINE;
}

/* Packs files from *at on until the pack is large enough, and reads it. */
static RtErr read_pack(Parent *parent, int folder, const Listing *listing, size_t *at)
{
    uint64_t packed = 0;
    RT_FD pack = memfd_create("feed", MFD_CLOEXEC);
    if (pack < 0)
        return rt_fail(RT_ERR_IO, "cannot make a memory file: %s", strerror(errno));
    RT_TRY(write_all(pack, RT_FEED_PACK_MARK, sizeof RT_FEED_PACK_MARK - 1));
    while (*at < listing->count && packed < pack_bytes)
        RT_TRY(pack_file(folder, listing->arena, listing->names[(*at)++], pack, &packed));
    return run_chore(parent, pack);
}

static RtErr read_folder(Parent *parent, int fd)
{
    Listing listing = { .arena = parent->arena };
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own < 0)
        return rt_fail(RT_ERR_IO, "cannot be opened: %s", strerror(errno));
    RT_TRY(list_folder(&listing, own, (RtStr){ 0 }, 0));
    if (listing.count == 0)
        return rt_fail(RT_ERR_USAGE, "holds no file");
    qsort(listing.names, listing.count, sizeof *listing.names, by_name);
    for (size_t at = 0; at < listing.count;)
        RT_TRY(read_pack(parent, fd, &listing, &at));
    return RT_FINE;
}

/* ---- the import ------------------------------------------------------------------------------ */

static RtErr read_all(Parent *parent, int fd, bool is_folder)
{
    RtErr err = is_folder ? read_folder(parent, fd) : run_chore(parent, fd);
    if (err.code == RT_OK || err.code == RT_ERR_JAIL)
        return err;
    RtArena *arena = parent->scratch;
    return rt_fail(err.code, "%.*s: %s", RT_FMT(rt_escaped(arena, parent->feed->path)), err.text);
}

static RtErr import_into(Parent *parent, int fd, bool is_folder)
{
    const uint64_t *keys = NULL;
    size_t count = 0;
    RT_TRY(rt_store_keys(parent->store, parent->arena, &keys, &count));
    uint64_t *sorted = RT_NEW_ARRAY(parent->arena, uint64_t, count + 1);
    if (count > 0)
        memcpy(sorted, keys, count * sizeof *keys);
    qsort(sorted, count, sizeof *sorted, compare_keys);
    parent->order.keys = sorted;
    parent->order.key_count = count;
    RT_TRY(read_all(parent, fd, is_folder));
    RtFeedResult *result = parent->result;
    RT_TRY(rt_store_finish(parent->store, parent->feed->change, parent->feed->context,
                           &result->change));
    bool is_useless = result->malformed > 0 && result->change.entries_added == 0 &&
                      result->change.members_kept == 0 && result->others == 0;
    if (!is_useless)
        return RT_FINE;
    RtStr shown = rt_escaped(parent->scratch, parent->feed->path);
    return rt_fail(RT_ERR_FORMAT, "%.*s holds nothing that could be used; %s", RT_FMT(shown),
                   result->format.len > 0 ? "nothing was imported"
                                          : "it is in no format that is known here");
}

/* What the store last had from this source, and in which format; empty when it is new. */
static RtErr find_source(RtStore *store, RtArena *arena, RtStr name, RtStoreSource *ret_source)
{
    const RtStoreSource *sources = NULL;
    size_t count = 0;
    RT_TRY(rt_store_sources(store, arena, &sources, &count));
    *ret_source = (RtStoreSource){ 0 };
    for (size_t i = 0; i < count; i++)
        if (rt_str_equal(sources[i].name, name))
            *ret_source = sources[i];
    return RT_FINE;
}

/* Of the whole file and how it is read; empty for folders. */
static RtErr feed_digest(RtArena *arena, const RtFeed *feed, int fd, bool is_folder,
                         RtStr *ret_digest)
{
    uint8_t digest[32];
    uint64_t bytes = 0;
    *ret_digest = (RtStr){ 0 };
    if (is_folder)
        return RT_FINE;
    RT_TRY(rt_sha256_fd(fd, digest, &bytes));
    *ret_digest =
        rt_str_format(arena, "%d/%u/%.*s/%.*s", READERS, (unsigned)feed->tlp, RT_FMT(feed->format),
                      RT_FMT(rt_hex(arena, (RtStr){ digest, sizeof digest })));
    return RT_FINE;
}

static RtErr open_feed(const RtFeed *feed, RtArena *arena, int *ret_fd, bool *ret_is_folder)
{
    struct stat info;
    RtStr shown = rt_escaped(arena, feed->path);
    int fd = open(rt_str_c(arena, feed->path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return rt_fail(RT_ERR_IO, "cannot read %.*s: %s", RT_FMT(shown), strerror(errno));
    if (fstat(fd, &info) != 0 || (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))) {
        close(fd);
        return rt_fail(RT_ERR_IO, "%.*s is neither a file nor a folder", RT_FMT(shown));
    }
    *ret_fd = fd;
    *ret_is_folder = S_ISDIR(info.st_mode);
    return RT_FINE;
}

static RtStr source_name(RtArena *arena, const RtFeed *feed)
{
    if (feed->source.len > 0)
        return feed->source;
    char *real = realpath(rt_str_c(arena, feed->path), NULL);
    RtStr name =
        rt_str_copy(arena, rt_str_from_c(real != NULL ? real : rt_str_c(arena, feed->path)));
    free(real);
    return name;
}

static RtErr import_open(Parent *parent, int fd, bool is_folder)
{
    RtFeedResult *result = parent->result;
    const RtFeed *feed = parent->feed;
    RtStoreSource before;
    RtStr digest;
    RT_TRY(find_source(parent->store, parent->arena, result->source, &before));
    RT_TRY(feed_digest(parent->arena, feed, fd, is_folder, &digest));
    result->format = before.format;
    result->unchanged = digest.len > 0 && rt_str_equal(digest, before.digest);
    if (result->unchanged)
        return feed->dry_run ? RT_FINE : rt_store_touch(parent->store, result->source, feed->now);
    parent->order.salt = rt_str_format(parent->arena, "%.*s/%d/%u/%.*s", RT_FMT(result->source),
                                       READERS, (unsigned)feed->tlp, RT_FMT(feed->format));
    RT_TRY(rt_store_begin(parent->store, result->source));
    RtErr err = import_into(parent, fd, is_folder);
    bool commit = err.code == RT_OK && !feed->dry_run;
    RtErr end = rt_store_end(parent->store, commit, result->format, digest, feed->now);
    return err.code != RT_OK ? err : end;
}

static RtErr check_order(const RtFeed *feed)
{
    const RtIntelFormat *format = feed->format.len > 0 ? rt_intel_format_find(feed->format) : NULL;
    if (feed->format.len > 0 && (format == NULL || format->read == NULL))
        return rt_fail(RT_ERR_USAGE, "format %.*s cannot be imported", RT_FMT(feed->format));
    if (rt_str_equal(feed->source, RT_STR("seed")))
        return rt_fail(RT_ERR_USAGE, "the source seed is what ships with ratter; name another");
    return RT_FINE;
}

static RtErr with_feed(Parent *parent, RtErr (*then)(Parent *parent, int fd, bool is_folder))
{
    RT_FD fd = -1;
    bool is_folder = false;
    RT_TRY(check_order(parent->feed));
    RT_TRY(open_feed(parent->feed, parent->arena, &fd, &is_folder));
    parent->scratch = rt_arena_open(64 << 20, NULL, NULL);
    RtErr err = then(parent, fd, is_folder);
    rt_arena_close(parent->scratch);
    return err;
}

RtErr rt_feed_import(RtStore *store, RtArena *arena, const RtFeed *feed, RtFeedResult *ret_result)
{
    RtFeedResult result = { .source = source_name(arena, feed) };
    Parent parent = { .store = store, .feed = feed, .result = &result, .arena = arena };
    RT_TRY(with_feed(&parent, import_open));
    *ret_result = result;
    return RT_FINE;
}

RtErr rt_feed_entries(RtArena *arena, const RtFeed *feed, const RtIntelEntry **ret_entries,
                      size_t *ret_count, RtFeedResult *ret_result)
{
    RtFeedResult result = { .source = source_name(arena, feed) };
    Parent parent = { .feed = feed, .result = &result, .arena = arena };
    RT_TRY(with_feed(&parent, read_all));
    *ret_entries = parent.entries;
    *ret_count = parent.count;
    *ret_result = result;
    return RT_FINE;
}
