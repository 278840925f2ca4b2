/* zip.c - zip archives: wheels, eggs, jars, vsix, nupkg, composer and GitHub downloads.
 *
 * A zip is read in two ways: from the directory at its end (pip, Composer, Windows) or from its
 * local headers in order (streaming readers, Java's ZipInputStream). An attacker lets the two
 * differ. So the directory is walked, each entry is compared with its local header, then the gaps
 * between entries are searched for local headers nobody listed. Entries that share bytes (the
 * overlap bomb, Fifield 2019) are found before anything is inflated. Source: APPNOTE 6.3.10. */
#include "base/cursor.h"
#include "unpack/entries.h"
#include "unpack/expand.h"

#include <stdlib.h>

enum {
    LOCAL_SIGNATURE = 0x04034b50,
    CENTRAL_SIGNATURE = 0x02014b50,
    END_SIGNATURE = 0x06054b50,
    END64_SIGNATURE = 0x06064b50,
    END64_LOCATOR = 0x07064b50,
    LOCAL_SIZE = 30,
    CENTRAL_SIZE = 46,
    END_SIZE = 22,
    TAIL_MOST = END_SIZE + 65535,
    FLAG_ENCRYPTED = 1,
    FLAG_DESCRIPTOR = 8,
    ZIP64_EXTRA = 1,
    DESCRIPTOR_MOST = 24,
};

typedef struct {
    RtStr name;
    uint16_t flags, method, made_by;
    uint32_t crc, attributes;
    uint64_t packed, size;
    uint64_t local;     /* offset of the local header */
    uint64_t data, end; /* what it covers: [local, end), content from `data` */
    bool is_bad;        /* not to be inflated */
    bool is_open_ended; /* sizes unknown: the stream ends itself, then `packed` is set */
} Entry;

typedef struct {
    RtStr bytes;
    RtEntries entries;
    uint64_t directory, directory_end, entry_count; /* as found */
    uint64_t shift; /* what stands before the archive: offsets are off by it */
    Entry *list;
    size_t count, capacity;
} Reader;

static RtCursor cursor_at(RtStr bytes, uint64_t at)
{
    return (RtCursor){ .rest = at > bytes.len ? (RtStr){ 0 } : rt_str_from(bytes, (size_t)at) };
}

static bool has_signature(RtStr bytes, uint64_t at, uint32_t signature)
{
    RtCursor cursor = cursor_at(bytes, at);
    return rt_take_u32le(&cursor) == signature && !cursor.short_read;
}

/* ---- the end record
 * -------------------------------------------------------------------------------- */

/* Reads the end record at `end`; false when what it says cannot be. Without anything in front
 * `shift` is 0. */
static bool read_end(RtStr bytes, size_t end, Reader *ret_reader)
{
    RtCursor cursor = cursor_at(bytes, end + 10);
    uint64_t count = rt_take_u16le(&cursor);
    uint64_t size = rt_take_u32le(&cursor), offset = rt_take_u32le(&cursor);
    uint64_t directory_end = end;
    if (cursor.short_read)
        return false;
    if (end >= 20 && has_signature(bytes, end - 20, END64_LOCATOR)) {
        RtCursor locator = cursor_at(bytes, end - 20 + 8);
        uint64_t end64 = rt_take_u64le(&locator);
        if (!has_signature(bytes, end64, END64_SIGNATURE) && end >= 20 + 56)
            end64 = end - 20 - 56; /* something was put in front */
        RtCursor record = cursor_at(bytes, end64);
        if (rt_take_u32le(&record) == END64_SIGNATURE) {
            (void)rt_take(&record, 28);
            count = rt_take_u64le(&record);
            size = rt_take_u64le(&record);
            offset = rt_take_u64le(&record);
            directory_end = end64;
            if (record.short_read)
                return false;
        }
    }
    if (size > directory_end || offset > directory_end - size)
        return false;
    if (count > 0 && !has_signature(bytes, directory_end - size, CENTRAL_SIGNATURE))
        return false;
    ret_reader->directory = directory_end - size;
    ret_reader->directory_end = directory_end;
    ret_reader->entry_count = count;
    ret_reader->shift = directory_end - size - offset;
    return true;
}

/* The last end record that holds together. */
static bool find_end(RtStr bytes, size_t *ret_end, Reader *ret_reader)
{
    if (bytes.len < END_SIZE)
        return false;
    size_t lowest = bytes.len > TAIL_MOST ? bytes.len - TAIL_MOST : 0;
    size_t at = bytes.len - END_SIZE + 1;
    while (at > lowest) {
        /* Backwards over 'P's: text has few that a signature follows. */
        size_t found = rt_str_rfind_byte(rt_str_sub(bytes, lowest, at - lowest), 'P');
        if (found == RT_NOT_FOUND)
            return false;
        at = lowest + found;
        if (has_signature(bytes, at, END_SIGNATURE) && read_end(bytes, at, ret_reader)) {
            *ret_end = at;
            return true;
        }
    }
    return false;
}

static int bid(RtStr bytes)
{
    if (has_signature(bytes, 0, LOCAL_SIGNATURE))
        return 95;
    if (has_signature(bytes, 0, END_SIGNATURE) && bytes.len >= END_SIZE)
        return 90;
    /* Something else in front (self-extractor, shebang, picture): the directory has to hold
     * together. */
    Reader reader = { 0 };
    size_t end = 0;
    RtStr tail = rt_str_from(bytes, bytes.len > TAIL_MOST ? bytes.len - TAIL_MOST : 0);
    if (rt_str_find_byte(tail, 5) == RT_NOT_FOUND) /* of the end record: no byte of text */
        return 0;
    return find_end(bytes, &end, &reader) && reader.entry_count > 0 ? 60 : 0;
}

/* ---- the directory
 * --------------------------------------------------------------------------------- */

/* The 64-bit sizes of an entry whose 32-bit fields are full (APPNOTE 4.5.3). */
static void read_zip64(RtStr extra, uint64_t *size, uint64_t *packed, uint64_t *local)
{
    RtCursor cursor = { .rest = extra };
    while (cursor.rest.len >= 4) {
        uint16_t id = rt_take_u16le(&cursor);
        RtCursor field = { .rest = rt_take(&cursor, rt_take_u16le(&cursor)) };
        if (id != ZIP64_EXTRA)
            continue;
        if (*size == UINT32_MAX)
            *size = rt_take_u64le(&field);
        if (*packed == UINT32_MAX)
            *packed = rt_take_u64le(&field);
        if (local && *local == UINT32_MAX)
            *local = rt_take_u64le(&field);
        return;
    }
}

static bool read_central(RtCursor *cursor, Entry *ret_entry)
{
    if (rt_take_u32le(cursor) != CENTRAL_SIGNATURE)
        return false;
    Entry entry = { .made_by = rt_take_u16le(cursor) };
    (void)rt_take_u16le(cursor);
    entry.flags = rt_take_u16le(cursor);
    entry.method = rt_take_u16le(cursor);
    (void)rt_take_u32le(cursor);
    entry.crc = rt_take_u32le(cursor);
    entry.packed = rt_take_u32le(cursor);
    entry.size = rt_take_u32le(cursor);
    uint16_t name_len = rt_take_u16le(cursor), extra_len = rt_take_u16le(cursor);
    uint16_t comment_len = rt_take_u16le(cursor);
    (void)rt_take_u32le(cursor); /* disk, internal attributes */
    entry.attributes = rt_take_u32le(cursor);
    entry.local = rt_take_u32le(cursor);
    entry.name = rt_take(cursor, name_len);
    read_zip64(rt_take(cursor, extra_len), &entry.size, &entry.packed, &entry.local);
    (void)rt_take(cursor, comment_len);
    *ret_entry = entry;
    return !cursor->short_read;
}

/* The local header at `at`, sizes included; false when there is none. */
static bool read_local(RtStr bytes, uint64_t at, Entry *ret_entry)
{
    RtCursor cursor = cursor_at(bytes, at);
    if (rt_take_u32le(&cursor) != LOCAL_SIGNATURE)
        return false;
    Entry entry = { .local = at };
    (void)rt_take_u16le(&cursor);
    entry.flags = rt_take_u16le(&cursor);
    entry.method = rt_take_u16le(&cursor);
    (void)rt_take_u32le(&cursor);
    entry.crc = rt_take_u32le(&cursor);
    entry.packed = rt_take_u32le(&cursor);
    entry.size = rt_take_u32le(&cursor);
    uint16_t name_len = rt_take_u16le(&cursor), extra_len = rt_take_u16le(&cursor);
    entry.name = rt_take(&cursor, name_len);
    read_zip64(rt_take(&cursor, extra_len), &entry.size, &entry.packed, NULL);
    if (cursor.short_read)
        return false;
    entry.data = at + LOCAL_SIZE + name_len + extra_len;
    *ret_entry = entry;
    return true;
}

static bool headers_agree(const Entry *central, const Entry *local)
{
    if (!rt_str_equal(central->name, local->name) || central->method != local->method ||
        (central->flags & FLAG_ENCRYPTED) != (local->flags & FLAG_ENCRYPTED))
        return false;
    if (local->flags & FLAG_DESCRIPTOR) /* then the local header may hold zeros */
        return (local->size == 0 || local->size == central->size) &&
               (local->packed == 0 || local->packed == central->packed);
    return local->size == central->size && local->packed == central->packed;
}

/* Finds an entry's content. The directory's sizes count: extractors go by them. */
static void locate(Reader *reader, Entry *entry)
{
    Entry local;
    uint64_t at = 0;
    if (__builtin_add_overflow(entry->local, reader->shift, &at) ||
        !read_local(reader->bytes, at, &local)) {
        rt_entries_odd(&reader->entries, RT_ODD_CORRUPT, entry->name);
        reader->entries.sink->unseen(reader->entries.sink, reader->entries.self, RT_STR("corrupt"));
        entry->is_bad = true;
        return;
    }
    entry->local = at;
    entry->data = local.data;
    if (!headers_agree(entry, &local))
        rt_entries_odd(&reader->entries, RT_ODD_HEADER_DISAGREEMENT,
                       rt_str_format(reader->entries.sink->arena, "%.*s / %.*s",
                                     RT_FMT(entry->name), RT_FMT(local.name)));
    if (entry->packed > reader->directory || entry->data > reader->directory - entry->packed) {
        rt_entries_odd(&reader->entries, RT_ODD_TRUNCATED, entry->name);
        reader->entries.sink->unseen(reader->entries.sink, reader->entries.self,
                                     RT_STR("truncated"));
        uint64_t most = reader->directory > entry->data ? reader->directory - entry->data : 0;
        entry->packed = most;
        entry->is_bad = most == 0;
    }
    entry->end = entry->data + entry->packed;
}

static void read_directory(Reader *reader)
{
    RtCursor cursor = { .rest = rt_str_sub(reader->bytes, (size_t)reader->directory,
                                           (size_t)(reader->directory_end - reader->directory)) };
    RtSink *sink = reader->entries.sink;
    while (cursor.rest.len >= CENTRAL_SIZE && reader->count <= sink->budget->entries) {
        Entry entry;
        if (!read_central(&cursor, &entry))
            break;
        locate(reader, &entry);
        RT_PUSH(sink->arena, reader->list, reader->count, reader->capacity) = entry;
    }
    if (reader->count != reader->entry_count && reader->count <= sink->budget->entries)
        rt_entries_odd(&reader->entries, RT_ODD_HEADER_DISAGREEMENT, RT_STR("entry count"));
}

/* ---- content
 * --------------------------------------------------------------------------------------- */

static const RtExpander expanders[] = {
    [8] = rt_expand_deflate, [12] = rt_expand_bzip2, [93] = rt_expand_zstd, [95] = rt_expand_xz
};

/* Expands into exactly what the directory promises first; a promise too low costs a second run. */
static RtExpanded expand(Reader *reader, Entry *entry, RtStr packed)
{
    RtSink *sink = reader->entries.sink;
    RtStr limit;
    size_t room = rt_expand_room(sink, packed.len, &limit);
    size_t promised = entry->size < room ? (size_t)entry->size : room;
    RtExpander expander = expanders[entry->method];
    RtExpanded content = expander(sink->arena, packed, promised);
    if (content.end == RT_EXPAND_LIMIT && promised < room) {
        rt_entries_odd(&reader->entries, RT_ODD_SIZE_DISAGREEMENT, entry->name);
        content = expander(sink->arena, packed, room);
    }
    if (entry->is_open_ended)
        entry->packed = content.used;
    if (content.end == RT_EXPAND_LIMIT) {
        if (rt_str_equal(limit, RT_STR("limit-ratio")))
            rt_entries_odd(&reader->entries, RT_ODD_BOMB, entry->name);
        sink->unseen(sink, reader->entries.self, limit);
    } else if (content.end == RT_EXPAND_REFUSED) {
        sink->unseen(sink, reader->entries.self, RT_STR("limit-arena-bytes"));
    } else if (content.end != RT_EXPAND_WHOLE) {
        rt_entries_odd(&reader->entries, RT_ODD_CORRUPT, entry->name);
        sink->unseen(sink, reader->entries.self, RT_STR("corrupt"));
    } else if (content.bytes.len != entry->size && !(entry->flags & FLAG_DESCRIPTOR)) {
        rt_entries_odd(&reader->entries, RT_ODD_SIZE_DISAGREEMENT, entry->name);
    }
    return content;
}

/* Unix permissions, when a Unix made the entry. */
static uint32_t mode_of(const Entry *entry)
{
    return entry->made_by >> 8 == 3 ? entry->attributes >> 16 : 0;
}

static bool emit(Reader *reader, Entry *entry)
{
    RtEntries *entries = &reader->entries;
    RtSink *sink = entries->sink;
    if (rt_str_ends(entry->name, RT_STR("/")) && entry->size == 0)
        return rt_entries_other(entries, entry->name, false);
    if (entry->flags & FLAG_ENCRYPTED) {
        rt_entries_odd(entries, RT_ODD_ENCRYPTED_MEMBER, entry->name);
        sink->unseen(sink, entries->self, RT_STR("encrypted member"));
        return rt_entries_other(entries, entry->name, false);
    }
    RtStr packed = rt_str_sub(reader->bytes, (size_t)entry->data, (size_t)entry->packed);
    RtStr content = packed;
    bool is_whole = true;
    if (entry->method != 0) {
        if (entry->method >= RT_COUNT(expanders) || !expanders[entry->method]) {
            sink->unseen(sink, entries->self,
                         rt_str_format(sink->arena, "zip method %u", entry->method));
            return rt_entries_other(entries, entry->name, false);
        }
        RtExpanded expanded = expand(reader, entry, packed);
        content = expanded.bytes;
        is_whole = expanded.end == RT_EXPAND_WHOLE;
    } else if (entry->size != entry->packed) {
        rt_entries_odd(entries, RT_ODD_SIZE_DISAGREEMENT, entry->name);
    }
    if (is_whole && entry->crc != 0 && rt_expand_crc32(content) != entry->crc)
        rt_entries_odd(entries, RT_ODD_BAD_CHECKSUM, entry->name);
    if ((mode_of(entry) & 0170000) == 0120000)
        return rt_entries_link(entries, entry->name, content, false, mode_of(entry));
    return rt_entries_add(entries, entry->name, content, mode_of(entry));
}

/* ---- what the directory does not tell
 * -------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const Entry *left = *(const Entry *const *)a, *right = *(const Entry *const *)b;
    if (left->local != right->local)
        return left->local < right->local ? -1 : 1;
    return (left->end > right->end) - (left->end < right->end);
}

/* Local headers that stand in [from, to) and that no directory lists. */
static void emit_hidden(Reader *reader, uint64_t from, uint64_t to)
{
    Entry entry;
    while (to > from && to - from >= LOCAL_SIZE && read_local(reader->bytes, from, &entry)) {
        if (entry.data > to)
            break;
        entry.is_open_ended = (entry.flags & FLAG_DESCRIPTOR) && entry.packed == 0;
        if (entry.is_open_ended) {
            entry.packed = to - entry.data;
            entry.size = UINT32_MAX;
        }
        if (entry.packed > to - entry.data) {
            rt_entries_odd(&reader->entries, RT_ODD_TRUNCATED, entry.name);
            reader->entries.sink->unseen(reader->entries.sink, reader->entries.self,
                                         RT_STR("truncated"));
            entry.packed = to - entry.data;
        }
        entry.crc = 0;
        if (reader->directory > 0)
            rt_entries_odd(&reader->entries, RT_ODD_HIDDEN_ENTRY, entry.name);
        if (!emit(reader, &entry))
            return;
        from = entry.data + entry.packed;
        RtStr next = rt_str_sub(reader->bytes, (size_t)from, DESCRIPTOR_MOST + 4);
        size_t skip = rt_str_find(next, RT_STR("PK\3\4"));
        from += skip == RT_NOT_FOUND ? 0 : skip;
    }
}

/* A gap may hold a data descriptor and alignment; what starts like an entry is one. */
static void search_gap(Reader *reader, uint64_t from, uint64_t to)
{
    if (to <= from || to - from < LOCAL_SIZE)
        return;
    RtStr gap = rt_str_sub(reader->bytes, (size_t)from, (size_t)(to - from));
    size_t at = rt_str_find(gap, RT_STR("PK\3\4"));
    if (at != RT_NOT_FOUND)
        emit_hidden(reader, from + at, to);
    else if (gap.len > DESCRIPTOR_MOST && rt_str_is_text(gap) && rt_str_trim(gap).len > 0)
        rt_entries_odd(&reader->entries, RT_ODD_HIDDEN_ENTRY, RT_STR("bytes between entries"));
}

static void emit_around(Reader *reader, RtStr name, RtOddity oddity, uint64_t from, uint64_t to)
{
    RtStr bytes = rt_str_sub(reader->bytes, (size_t)from, (size_t)(to - from));
    rt_entries_odd(&reader->entries, oddity, (RtStr){ 0 });
    RtSink *sink = reader->entries.sink;
    (void)sink->layer(sink, (RtLayer){ .parent = reader->entries.self,
                                       .via = RT_VIA_DECODED,
                                       .name = name,
                                       .bytes = bytes,
                                       .source = { from, bytes.len } });
}

/* Marks entries that share bytes with an earlier one, then looks at what lies between. */
static void search_places(Reader *reader)
{
    if (reader->count == 0)
        return;
    Entry **places = RT_NEW_ARRAY(reader->entries.sink->arena, Entry *, reader->count);
    size_t count = 0;
    for (size_t i = 0; i < reader->count; i++)
        if (!reader->list[i].is_bad)
            places[count++] = &reader->list[i];
    qsort(places, count, sizeof(Entry *), by_place);
    uint64_t reached = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 && places[i]->local > 0)
            emit_around(reader, RT_STR("prefix-data"), RT_ODD_PREFIX_DATA, 0, places[i]->local);
        else if (places[i]->local < reached) {
            rt_entries_odd(&reader->entries, RT_ODD_OVERLAPPING_ENTRIES, places[i]->name);
            places[i]->is_bad = true;
            continue;
        }
        if (i > 0)
            search_gap(reader, reached, places[i]->local);
        reached = places[i]->end;
    }
    search_gap(reader, reached, reader->directory);
}

static void open_zip(RtStr bytes, RtLayerId self, RtSink *sink)
{
    Reader reader = { .bytes = bytes, .entries = rt_entries_start(self, sink) };
    size_t end = 0;
    if (!find_end(bytes, &end, &reader)) {
        rt_entries_odd(&reader.entries, RT_ODD_TRUNCATED, RT_STR("no directory"));
        sink->unseen(sink, self, RT_STR("truncated"));
        emit_hidden(&reader, 0, bytes.len);
        return;
    }
    read_directory(&reader);
    search_places(&reader);
    for (size_t i = 0; i < reader.count; i++) {
        if (reader.list[i].is_bad) {
            sink->unseen(sink, self, RT_STR("zip entry not read"));
            continue;
        }
        if (!emit(&reader, &reader.list[i]))
            return;
    }
    RtCursor comment = cursor_at(bytes, end + END_SIZE - 2);
    uint64_t after = end + END_SIZE + (uint64_t)rt_take_u16le(&comment);
    if (after < bytes.len)
        emit_around(&reader, RT_STR("trailing-data"), RT_ODD_TRAILING_DATA, after, bytes.len);
}

const RtContainer rt_container_zip = { .name = "zip", .bid = bid, .open = open_zip };
