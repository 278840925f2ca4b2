/* intel_zip.c - finds the pieces of a feed without trusting a byte of it.
 *
 * Not src/unpack's zip reader: that one reports every oddity of an archive to a sink, entry by
 * entry, which is right for packages and wrong for 200,000 records of which 199,990 are known. This
 * one reads the directory only, and believes it once: entries that overlap, or whose packed sizes
 * exceed the file, are a bomb (Fifield 2019) and refuse the feed. Source: APPNOTE 6.3.10. */
#include "scan/intel_zip.h"

#include "base/cursor.h"
#include "base/hash.h"
#include "unpack/expand.h"

enum {
    PIECE_MOST = 32 << 20, /* unpacked; the largest record known is under 2 MiB */
    PIECES_MOST = 4 << 20,
    LOCAL_SIZE = 30,
    CENTRAL_SIGNATURE = 0x02014b50,
    LOCAL_SIGNATURE = 0x04034b50,
    END_SIGNATURE = 0x06054b50,
    END64_SIGNATURE = 0x06064b50,
    END64_LOCATOR = 0x07064b50,
    END_SIZE = 22,
    RATIO_MOST = 1032, /* deflate's own limit */
};

static uint64_t key_of(RtStr source, RtStr name, const void *content, size_t len)
{
    uint8_t room[1024], digest[32];
    size_t used = 0;
    const RtStr parts[] = { source, name, { content, len } };
    for (size_t i = 0; i < RT_COUNT(parts); i++) {
        RtStr part = parts[i];
        if (part.len > 300) { /* long ones by their digest, so that the room is enough */
            rt_sha256(part, digest);
            part = (RtStr){ digest, sizeof digest };
        }
        memcpy(room + used, part.len ? part.at : room, part.len);
        used += part.len;
        room[used++] = 0;
    }
    rt_sha256((RtStr){ room, used }, digest);
    uint64_t key = 0;
    for (size_t i = 0; i < sizeof key; i++)
        key = key << 8 | digest[i];
    return key;
}

static uint64_t content_key(RtStr source, RtStr name, RtStr content)
{
    uint8_t digest[32];
    rt_sha256(content, digest);
    return key_of(source, name, digest, sizeof digest);
}

/* ---- zip ----------------------------------------------------------------------------------- */

typedef struct {
    uint64_t at, size, count;
} Directory;

static RtCursor cursor_at(RtStr bytes, uint64_t at)
{
    return (RtCursor){ .rest = at > bytes.len ? (RtStr){ 0 } : rt_str_from(bytes, (size_t)at) };
}

static bool read_end64(RtStr bytes, uint64_t end, Directory *directory)
{
    if (end < 20)
        return true;
    RtCursor locator = cursor_at(bytes, end - 20);
    if (rt_take_u32le(&locator) != END64_LOCATOR)
        return true;
    (void)rt_take_u32le(&locator);
    RtCursor record = cursor_at(bytes, rt_take_u64le(&locator));
    if (rt_take_u32le(&record) != END64_SIGNATURE)
        return false;
    (void)rt_take(&record, 28);
    directory->count = rt_take_u64le(&record);
    directory->size = rt_take_u64le(&record);
    directory->at = rt_take_u64le(&record);
    return !record.short_read && !locator.short_read;
}

static bool find_directory(RtStr bytes, Directory *ret_directory)
{
    size_t lowest = bytes.len > END_SIZE + 65535 ? bytes.len - END_SIZE - 65535 : 0;
    for (size_t at = bytes.len < END_SIZE ? 0 : bytes.len - END_SIZE + 1; at > lowest;) {
        RtCursor cursor = cursor_at(bytes, --at);
        if (rt_take_u32le(&cursor) != END_SIGNATURE)
            continue;
        (void)rt_take(&cursor, 6);
        Directory directory = { .count = rt_take_u16le(&cursor) };
        directory.size = rt_take_u32le(&cursor);
        directory.at = rt_take_u32le(&cursor);
        if (cursor.short_read || !read_end64(bytes, at, &directory))
            return false;
        *ret_directory = directory;
        return directory.at <= at && directory.size <= at - directory.at;
    }
    return false;
}

typedef struct {
    uint64_t packed, size, local;
    uint32_t crc;
    uint16_t flags, method;
    RtStr name;
} Entry;

/* The 64-bit sizes of an entry whose 32-bit fields are full (APPNOTE 4.5.3). */
static void take_extra(RtStr extra, Entry *entry)
{
    RtCursor cursor = { .rest = extra };
    while (cursor.rest.len >= 4) {
        uint16_t id = rt_take_u16le(&cursor);
        RtCursor field = { .rest = rt_take(&cursor, rt_take_u16le(&cursor)) };
        if (id != 1)
            continue;
        entry->size = entry->size == UINT32_MAX ? rt_take_u64le(&field) : entry->size;
        entry->packed = entry->packed == UINT32_MAX ? rt_take_u64le(&field) : entry->packed;
        entry->local = entry->local == UINT32_MAX ? rt_take_u64le(&field) : entry->local;
        return;
    }
}

static bool take_entry(RtCursor *cursor, Entry *ret_entry)
{
    if (rt_take_u32le(cursor) != CENTRAL_SIGNATURE)
        return false;
    (void)rt_take(cursor, 4);
    Entry entry = { .flags = rt_take_u16le(cursor) };
    entry.method = rt_take_u16le(cursor);
    (void)rt_take(cursor, 4);
    entry.crc = rt_take_u32le(cursor);
    entry.packed = rt_take_u32le(cursor);
    entry.size = rt_take_u32le(cursor);
    uint16_t name = rt_take_u16le(cursor), extra = rt_take_u16le(cursor);
    uint16_t comment = rt_take_u16le(cursor);
    (void)rt_take(cursor, 8);
    entry.local = rt_take_u32le(cursor);
    entry.name = rt_take(cursor, name);
    take_extra(rt_take(cursor, extra), &entry);
    (void)rt_take(cursor, comment);
    *ret_entry = entry;
    return !cursor->short_read;
}

/* Where the content lies; false when the local header is not there or the content leaves the
 * file. */
static bool find_content(RtStr bytes, const Entry *entry, RtStr *ret_content)
{
    RtCursor cursor = cursor_at(bytes, entry->local);
    if (rt_take_u32le(&cursor) != LOCAL_SIGNATURE)
        return false;
    (void)rt_take(&cursor, LOCAL_SIZE - 4 - 4);
    uint16_t name = rt_take_u16le(&cursor), extra = rt_take_u16le(&cursor);
    (void)rt_take(&cursor, (size_t)name + extra);
    if (cursor.short_read || entry->packed > cursor.rest.len)
        return false;
    *ret_content = rt_str_sub(cursor.rest, 0, (size_t)entry->packed);
    return true;
}

static uint64_t zip_key(RtStr source, const Entry *entry)
{
    uint8_t content[12];
    for (size_t i = 0; i < 4; i++)
        content[i] = (uint8_t)(entry->crc >> (8 * i));
    for (size_t i = 0; i < 8; i++)
        content[4 + i] = (uint8_t)(entry->size >> (8 * i));
    return key_of(source, entry->name, content, sizeof content);
}

static RtFeedFault walk_zip(RtStr bytes, RtStr source,
                            bool (*piece)(void *context, const RtFeedPiece *piece), void *context)
{
    Directory directory;
    if (!find_directory(bytes, &directory))
        return "is a zip without a directory at its end; is it whole?";
    RtCursor cursor = { .rest = rt_str_sub(bytes, (size_t)directory.at, (size_t)directory.size) };
    uint64_t packed = 0, count = 0;
    while (cursor.rest.len > 0) {
        Entry entry;
        if (!take_entry(&cursor, &entry))
            return "has a directory that does not hold together";
        packed += entry.packed < bytes.len ? entry.packed + LOCAL_SIZE : bytes.len + 1;
        if (packed > bytes.len || ++count > PIECES_MOST)
            return "is a bomb: its entries share bytes";
        RtFeedPiece found = {
            .name = entry.name, .size = entry.size, .crc = entry.crc, .is_packed = entry.method == 8
        };
        if (rt_str_ends(entry.name, RT_STR("/")))
            continue;
        bool can_read = (entry.method == 0 || entry.method == 8) && !(entry.flags & 1) &&
                        find_content(bytes, &entry, &found.bytes);
        found.key = can_read ? zip_key(source, &entry) : 0;
        if (!piece(context, &found))
            return NULL;
    }
    return NULL;
}

/* ---- the others ----------------------------------------------------------------------------- */

static RtFeedFault walk_pack(RtStr bytes, RtStr source,
                             bool (*piece)(void *context, const RtFeedPiece *piece), void *context)
{
    RtCursor cursor = { .rest = rt_str_from(bytes, sizeof RT_FEED_PACK_MARK - 1) };
    while (cursor.rest.len > 0) {
        uint32_t name = rt_take_u32le(&cursor);
        uint64_t size = rt_take_u64le(&cursor);
        RtFeedPiece found = { .name = rt_take(&cursor, name), .size = size };
        if (cursor.short_read || size > cursor.rest.len)
            return "is cut off";
        found.bytes = rt_take(&cursor, (size_t)size);
        found.key = content_key(source, found.name, found.bytes);
        if (!piece(context, &found))
            return NULL;
    }
    return NULL;
}

/* JSON lines: the first line is an object by itself, and another follows. */
static bool is_lines(RtStr bytes)
{
    RtStr rest = bytes, first, second = { 0 };
    if (!rt_str_next(&rest, '\n', &first))
        return false;
    first = rt_str_trim(first);
    while (second.len == 0 && rt_str_next(&rest, '\n', &second))
        second = rt_str_trim(second);
    return rt_str_starts(first, RT_STR("{")) && rt_str_ends(first, RT_STR("}")) &&
           rt_str_starts(second, RT_STR("{"));
}

static RtFeedFault walk_lines(RtStr bytes, RtStr source,
                              bool (*piece)(void *context, const RtFeedPiece *piece), void *context)
{
    RtStr line;
    for (size_t number = 1; rt_str_next(&bytes, '\n', &line); number++) {
        char room[32];
        int len = snprintf(room, sizeof room, "line %zu", number);
        line = rt_str_trim(line);
        RtFeedPiece found = { .name = { (const uint8_t *)room, (size_t)len },
                              .bytes = line,
                              .size = line.len };
        /* Without the number: a line put in front changes none behind it. */
        found.key = content_key(source, (RtStr){ 0 }, line);
        if (line.len > 0 && !piece(context, &found))
            return NULL;
    }
    return NULL;
}

RtFeedFault rt_feed_walk(RtStr bytes, RtStr source,
                         bool (*piece)(void *context, const RtFeedPiece *piece), void *context)
{
    if (rt_str_starts(bytes, RT_STR("PK\3\4")) || rt_str_starts(bytes, RT_STR("PK\5\6")))
        return walk_zip(bytes, source, piece, context);
    if (rt_str_starts(bytes, RT_STR(RT_FEED_PACK_MARK)))
        return walk_pack(bytes, source, piece, context);
    if (is_lines(bytes))
        return walk_lines(bytes, source, piece, context);
    RtFeedPiece whole = { .name = RT_STR("the file"),
                          .bytes = bytes,
                          .size = bytes.len,
                          .key = content_key(source, (RtStr){ 0 }, bytes) };
    piece(context, &whole);
    return NULL;
}

RtStr rt_feed_open(RtArena *arena, const RtFeedPiece *piece, RtFeedFault *ret_fault)
{
    *ret_fault = NULL;
    if (piece->key == 0)
        *ret_fault = "is encrypted, packed in a way not known, or not where the directory says";
    else if (!piece->is_packed) {
        if (piece->bytes.len != piece->size ||
            (piece->crc != 0 && rt_expand_crc32(piece->bytes) != piece->crc))
            *ret_fault = "is damaged";
        return piece->bytes;
    }
    if (*ret_fault == NULL && piece->size > PIECE_MOST)
        *ret_fault = "would be larger than 32 MiB";
    else if (*ret_fault == NULL && piece->size / RATIO_MOST > piece->bytes.len)
        *ret_fault = "says a size that it cannot have";
    if (*ret_fault != NULL)
        return (RtStr){ 0 };
    RtExpanded content = rt_expand_deflate(arena, piece->bytes, (size_t)piece->size + 1);
    if (content.end != RT_EXPAND_WHOLE || content.bytes.len != piece->size ||
        rt_expand_crc32(content.bytes) != piece->crc)
        *ret_fault = "is damaged";
    return content.bytes;
}
