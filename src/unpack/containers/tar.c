/* tar.c - tar archives: ustar, pax and GNU, as npm, pip, gem, cargo and GNU tar read them.
 *
 * Readers disagree on damaged and tricky archives, and that is what an attacker plays with: so
 * everything any of them would see is emitted (entries behind the end mark, behind a bad header,
 * second entries of one name) and what is strange becomes an anomaly fact. Entries are views of the
 * archive: nothing is copied but odd names. Sources: POSIX pax ("ustar Interchange Format", "pax
 * Header"), GNU tar manual ("Basic Tar Format"), node-tar and tarfile.py for what they accept. */
#include "base/cursor.h"
#include "unpack/entries.h"

enum { BLOCK = 512, PAX_MOST = 1 << 20, NAME_FIELD = 100, PREFIX_FIELD = 155 };

/* What extended headers say about the next entry (or, from 'g', about all that follow). */
typedef struct {
    RtStr path, link;
    uint64_t size;
    bool has_size, is_sparse;
} Override;

typedef struct {
    RtStr bytes;
    size_t at; /* start of the block looked at */
    RtEntries entries;
    Override next, always;
    bool after_end;
} Reader;

/* Octal with blanks around it, or base-256 when the first bit is set. */
static bool read_number(RtStr field, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (field.len > 0 && (field.at[0] & 0x80)) {
        if (field.at[0] != 0x80)
            return false; /* negative, or more than we could ever read */
        for (size_t i = 1; i < field.len; i++) {
            if (number >> 55 != 0)
                return false;
            number = number << 8 | field.at[i];
        }
        *ret_number = number;
        return true;
    }
    size_t i = 0;
    while (i < field.len && field.at[i] == ' ')
        i++;
    for (; i < field.len && field.at[i] >= '0' && field.at[i] <= '7'; i++)
        number = number << 3 | (field.at[i] & 7u);
    *ret_number = number;
    return i == field.len || field.at[i] == 0 || field.at[i] == ' ';
}

/* The sum of the header with its own field as blanks; old archives summed signed bytes. */
static bool has_checksum(RtStr header)
{
    uint64_t wanted = 0;
    if (!read_number(rt_str_sub(header, 148, 8), &wanted))
        return false;
    uint64_t sum = 0, signed_off = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        uint8_t byte = i >= 148 && i < 156 ? ' ' : header.at[i];
        sum += byte;
        signed_off += byte >= 0x80 ? 256 : 0;
    }
    return wanted == sum || wanted == sum - signed_off;
}

static RtStr until_nul(RtStr field)
{
    size_t nul = rt_str_find_byte(field, 0);
    return nul == RT_NOT_FOUND ? field : rt_str_sub(field, 0, nul);
}

static bool is_zero(RtStr block)
{
    for (size_t i = 0; i < block.len; i++)
        if (block.at[i] != 0)
            return false;
    return true;
}

static int bid(RtStr bytes)
{
    if (bytes.len < BLOCK)
        return 0;
    RtStr header = rt_str_sub(bytes, 0, BLOCK);
    bool is_ustar = rt_str_equal(rt_str_sub(header, 257, 5), RT_STR("ustar"));
    if (!is_ustar &&
        (header.at[0] == 0 || rt_str_find_byte(rt_str_sub(header, 100, 56), 0) == RT_NOT_FOUND))
        return 0;
    if (!has_checksum(header))
        return 0;
    return is_ustar ? 98 : 80;
}

/* "LEN KEY=VALUE\n", LEN counting itself. */
static void read_pax(Reader *reader, RtStr records, Override *ret_override)
{
    while (records.len > 0) {
        size_t blank = rt_str_find_byte(rt_str_sub(records, 0, 20), ' ');
        uint64_t len = 0;
        if (blank == RT_NOT_FOUND || !rt_str_number(rt_str_sub(records, 0, blank), &len) ||
            len < blank + 3 || len > records.len) {
            if (!is_zero(records))
                rt_entries_odd(&reader->entries, RT_ODD_CORRUPT, RT_STR("pax header"));
            return;
        }
        RtStr record = rt_str_sub(records, blank + 1, (size_t)len - blank - 2);
        records = rt_str_from(records, (size_t)len);
        size_t equals = rt_str_find_byte(record, '=');
        if (equals == RT_NOT_FOUND)
            continue;
        RtStr key = rt_str_sub(record, 0, equals), value = rt_str_from(record, equals + 1);
        if (rt_str_equal(key, RT_STR("path")) || rt_str_equal(key, RT_STR("GNU.sparse.name")))
            ret_override->path = value;
        else if (rt_str_equal(key, RT_STR("linkpath")))
            ret_override->link = value;
        else if (rt_str_equal(key, RT_STR("size")))
            ret_override->has_size = rt_str_number(value, &ret_override->size);
        else if (rt_str_starts(key, RT_STR("GNU.sparse.")))
            ret_override->is_sparse = true;
    }
}

static RtStr entry_name(const Reader *reader, RtStr header)
{
    if (reader->next.path.len > 0)
        return reader->next.path;
    if (reader->always.path.len > 0)
        return reader->always.path;
    RtStr name = until_nul(rt_str_sub(header, 0, NAME_FIELD));
    RtStr prefix = until_nul(rt_str_sub(header, 345, PREFIX_FIELD));
    /* GNU's own format ("ustar  ") has times where ustar has the prefix. */
    bool is_posix = rt_str_equal(rt_str_sub(header, 257, 6), RT_STR("ustar\0"));
    if (!is_posix || prefix.len == 0)
        return name;
    return rt_str_format(reader->entries.sink->arena, "%.*s/%.*s", RT_FMT(prefix), RT_FMT(name));
}

/* Two sizes for one entry let one reader see files another does not (the desync of tar parsers,
 * 2025). */
static uint64_t entry_size(Reader *reader, RtStr header, bool *ret_is_known)
{
    uint64_t size = 0;
    *ret_is_known = read_number(rt_str_sub(header, 124, 12), &size);
    const Override *says = reader->next.has_size ? &reader->next : &reader->always;
    if (!says->has_size)
        return size;
    if (*ret_is_known && size != 0 && size != says->size)
        rt_entries_odd(&reader->entries, RT_ODD_SIZE_DISAGREEMENT, entry_name(reader, header));
    *ret_is_known = true;
    return says->size;
}

static bool is_extension(uint8_t type)
{
    return type == 'x' || type == 'g' || type == 'L' || type == 'K' || type == 'X';
}

static void read_extension(Reader *reader, uint8_t type, RtStr content)
{
    if (content.len > PAX_MOST) {
        rt_entries_odd(&reader->entries, RT_ODD_NAME_LONG, (RtStr){ 0 });
        content = rt_str_sub(content, 0, PAX_MOST);
    }
    if (type == 'x' || type == 'X')
        read_pax(reader, content, &reader->next);
    else if (type == 'g')
        read_pax(reader, content, &reader->always);
    else if (type == 'L')
        reader->next.path = until_nul(content);
    else
        reader->next.link = until_nul(content);
}

static bool emit_file(Reader *reader, RtStr name, RtStr content, uint32_t mode)
{
    if (reader->next.is_sparse || reader->always.is_sparse)
        reader->entries.sink->unseen(reader->entries.sink, reader->entries.self,
                                     RT_STR("sparse tar entry"));
    return rt_entries_add(&reader->entries, name, content, mode);
}

/* False when the archive's limit of entries is met. */
static bool emit(Reader *reader, RtStr header, RtStr content)
{
    RtEntries *entries = &reader->entries;
    RtStr name = entry_name(reader, header);
    RtStr link = reader->next.link.len > 0 ? reader->next.link
                                           : until_nul(rt_str_sub(header, 157, NAME_FIELD));
    uint64_t mode = 0;
    if (!read_number(rt_str_sub(header, 100, 8), &mode))
        mode = 0;
    rt_entries_watch_top(entries, name);
    switch (header.at[156]) {
    case '1':
        return rt_entries_link(entries, name, link, true, (uint32_t)mode);
    case '2':
        return rt_entries_link(entries, name, link, false, (uint32_t)mode);
    case '3':
    case '4':
    case '6':
        return rt_entries_other(entries, name, true);
    case '5':
    case 'D':
    case 'V':
        return rt_entries_other(entries, name, false);
    case 'S':
        entries->sink->unseen(entries->sink, entries->self, RT_STR("sparse tar entry"));
        break;
    case 0:
    case '0':
    case '7':
        break;
    default:
        rt_entries_odd(entries, RT_ODD_UNKNOWN_TYPE, name);
        break;
    }
    if (rt_str_ends(name, RT_STR("/"))) /* how archives before ustar spelled a directory */
        return rt_entries_other(entries, name, false);
    return emit_file(reader, name, content, (uint32_t)mode);
}

/* Reads the entry whose header stands at `at` and moves behind it; false: stop. */
static bool read_entry(Reader *reader)
{
    RtStr header = rt_str_sub(reader->bytes, reader->at, BLOCK);
    uint8_t type = header.at[156];
    bool is_known = false;
    uint64_t size = is_extension(type) ? 0 : entry_size(reader, header, &is_known);
    if (is_extension(type))
        is_known = read_number(rt_str_sub(header, 124, 12), &size);
    size_t from = reader->at + BLOCK;
    /* Links and directories may carry a size that no reader skips by; files and unknown types do.
     */
    bool has_content = type < '1' || type > '6';
    if (!has_content)
        size = 0;
    else if (!is_known)
        rt_entries_odd(&reader->entries, RT_ODD_CORRUPT, RT_STR("size"));
    RtStr content = rt_str_sub(reader->bytes, from, size > SIZE_MAX ? SIZE_MAX : (size_t)size);
    bool is_cut = size > content.len;
    if (reader->after_end && !is_extension(type)) {
        rt_entries_odd(&reader->entries, RT_ODD_ENTRIES_AFTER_END, entry_name(reader, header));
        reader->after_end = false;
    }
    bool go_on = true;
    if (is_extension(type)) {
        read_extension(reader, type, content);
    } else {
        go_on = emit(reader, header, content);
        reader->next = (Override){ 0 };
    }
    if (is_cut) {
        rt_entries_odd(&reader->entries, RT_ODD_TRUNCATED, (RtStr){ 0 });
        reader->entries.sink->unseen(reader->entries.sink, reader->entries.self,
                                     RT_STR("truncated"));
        return false;
    }
    size_t end = from + content.len;
    size_t padding = (BLOCK - content.len % BLOCK) % BLOCK;
    reader->at = padding > reader->bytes.len - end ? reader->bytes.len : end + padding;
    return go_on;
}

static void open_tar(RtStr bytes, RtLayerId self, RtSink *sink)
{
    Reader reader = { .bytes = bytes, .entries = rt_entries_start(self, sink) };
    size_t zero_blocks = 0;
    bool has_bad_header = false, saw_end = false;
    while (bytes.len - reader.at >= BLOCK) {
        RtStr header = rt_str_sub(bytes, reader.at, BLOCK);
        if (header.at[0] == 0 && is_zero(header)) {
            zero_blocks++;
            saw_end = true;
            reader.at += BLOCK;
            continue;
        }
        if (!has_checksum(header)) { /* skipped by some readers, the end for others */
            if (!has_bad_header)
                rt_entries_odd(&reader.entries,
                               saw_end ? RT_ODD_TRAILING_DATA : RT_ODD_BAD_CHECKSUM, (RtStr){ 0 });
            has_bad_header = true;
            reader.at += BLOCK;
            continue;
        }
        reader.after_end = zero_blocks > 0;
        zero_blocks = 0;
        if (!read_entry(&reader))
            return;
    }
    if (!saw_end && bytes.len % BLOCK != 0) { /* inside a header, or inside an entry's padding */
        rt_entries_odd(&reader.entries, RT_ODD_TRUNCATED, (RtStr){ 0 });
        sink->unseen(sink, self, RT_STR("truncated"));
    }
}

const RtContainer rt_container_tar = { .name = "tar", .bid = bid, .open = open_tar };
