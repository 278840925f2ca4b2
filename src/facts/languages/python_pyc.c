/* python_pyc.c - see the header. A marshal stream is a tree written depth first, so it is read by
 * recursion with a cap; lengths in it are checked by the cursor, which cannot overrun, and a count
 * that lies ends at the last byte. Byte code itself is skipped: names and constants tell nearly all
 * that rules ask for, and a decompiler for eight layouts of opcodes would be a project of its own.
 */
#include "facts/languages/python_pyc.h"

#include "base/cursor.h"

#define DEPTH_LIMIT     64
#define TEXT_LIMIT      ((size_t)4 << 20)
#define REFERENCE_LIMIT ((size_t)1 << 18)

typedef enum { SILENT, CONSTANT, USED_NAME } Place;

typedef struct {
    RtCursor in;
    RtText out;
    RtArena *arena;
    RtStr *references; /* text of each remembered object, empty for what is no text */
    size_t reference_count, reference_capacity;
    RtStr *interned; /* Python 2 */
    size_t interned_count, interned_capacity;
    uint32_t version;
    bool broken;
} Reader;

static RtStr read_object(Reader *reader, Place place, int depth);

static uint32_t version_of(uint16_t magic)
{
    static const struct {
        uint16_t from, to, version;
    } known[] = {
        { 62041, 62061, 204 }, { 62071, 62131, 205 }, { 62151, 62161, 206 }, { 62171, 62211, 207 },
        { 3000, 3131, 300 },   { 3141, 3151, 301 },   { 3160, 3180, 302 },   { 3190, 3230, 303 },
        { 3250, 3310, 304 },   { 3320, 3351, 305 },   { 3360, 3379, 306 },   { 3390, 3394, 307 },
        { 3400, 3413, 308 },   { 3420, 3425, 309 },   { 3430, 3439, 310 },   { 3450, 3495, 311 },
        { 3500, 3531, 312 },   { 3550, 3599, 313 },   { 3600, 3649, 314 },   { 3650, 3699, 315 },
    };
    for (size_t i = 0; i < RT_COUNT(known); i++) {
        if (magic >= known[i].from && magic <= known[i].to)
            return known[i].version;
    }
    return 0;
}

bool rt_pyc_is(RtStr bytes, RtStr *ret_marshal, uint32_t *ret_version)
{
    RtCursor cursor = { .rest = bytes };
    uint32_t version = version_of(rt_take_u16le(&cursor));
    if (!version || rt_take_u16le(&cursor) != 0x0A0D)
        return false;
    /* date; size from 3.3 on; flags from 3.7 on */
    rt_take(&cursor, version >= 307 ? 12 : version >= 303 ? 8 : 4);
    if (cursor.short_read || !cursor.rest.len || (cursor.rest.at[0] & 0x7F) != 'c')
        return false;
    *ret_marshal = cursor.rest;
    *ret_version = version;
    return true;
}

/* One line of the text: a constant as a literal, a name as it is. */
static void write_text(Reader *reader, RtStr text, Place place, bool is_bytes)
{
    if (place == SILENT || text.len < 1)
        return;
    if (place == USED_NAME) {
        rt_text_byte(&reader->out, ' ');
        rt_text_add(&reader->out, text);
        return;
    }
    rt_text_add(&reader->out, is_bytes ? RT_STR("b'") : RT_STR("'"));
    for (size_t i = 0; i < text.len && !reader->out.cut; i++) {
        uint8_t byte = text.at[i];
        if (byte == '\'' || byte == '\\')
            rt_text_format(&reader->out, "\\%c", byte);
        else if (byte == '\n')
            rt_text_add(&reader->out, RT_STR("\\n"));
        else if (byte < ' ' || byte == 0x7F || (is_bytes && byte >= 0x80))
            rt_text_format(&reader->out, "\\x%02x", byte);
        else
            rt_text_byte(&reader->out, byte);
    }
    rt_text_add(&reader->out, RT_STR("'\n"));
}

static RtStr read_text(Reader *reader, size_t len, Place place, bool is_bytes, bool interned)
{
    RtStr text = rt_take(&reader->in, len);
    if (interned && reader->version < 300 && reader->interned_count < REFERENCE_LIMIT)
        RT_PUSH(reader->arena, reader->interned, reader->interned_count,
                reader->interned_capacity) = text;
    write_text(reader, text, place, is_bytes);
    return text;
}

static void read_many(Reader *reader, uint32_t count, Place place, int depth)
{
    for (uint32_t i = 0; i < count && !reader->in.short_read && !reader->broken; i++)
        read_object(reader, place, depth);
}

static void read_dict(Reader *reader, Place place, int depth)
{
    while (!reader->in.short_read && !reader->broken) {
        if (reader->in.rest.len && reader->in.rest.at[0] == '0') {
            rt_take_u8(&reader->in);
            return;
        }
        read_many(reader, 2, place, depth);
    }
}

/* Marshal writes code, constants and names before the object's own name: its heading stands behind
 * its body. */
static void read_code(Reader *reader, int depth)
{
    uint32_t version = reader->version;
    size_t numbers = version < 300 ? 4 : version < 308 ? 5 : version < 311 ? 6 : 5;
    rt_take(&reader->in, numbers * 4);
    read_object(reader, SILENT, depth); /* byte code */
    read_object(reader, CONSTANT, depth);
    rt_text_add(&reader->out, RT_STR("# uses:"));
    read_object(reader, USED_NAME, depth);
    rt_text_byte(&reader->out, '\n');
    read_many(reader, version < 311 ? 3 : 2, SILENT, depth); /* variables */
    RtStr file = read_object(reader, SILENT, depth);
    RtStr name = read_object(reader, SILENT, depth);
    if (version >= 311)
        read_object(reader, SILENT, depth); /* qualified name */
    rt_take_u32le(&reader->in);             /* first line */
    read_many(reader, version >= 311 ? 2 : 1, SILENT, depth);
    if (reader->in.short_read || reader->broken)
        return;
    rt_text_add(&reader->out, RT_STR("# code"));
    write_text(reader, name, USED_NAME, false);
    rt_text_add(&reader->out, RT_STR(" of"));
    write_text(reader, file, USED_NAME, false);
    rt_text_byte(&reader->out, '\n');
}

static void read_long(Reader *reader)
{
    int64_t digits = (int32_t)rt_take_u32le(&reader->in);
    rt_take(&reader->in, (size_t)(digits < 0 ? -digits : digits) * 2);
}

static RtStr remembered(Reader *reader, const RtStr *list, size_t count, Place place)
{
    uint32_t index = rt_take_u32le(&reader->in);
    if (index >= count) {
        reader->broken = true;
        return (RtStr){ 0 };
    }
    write_text(reader, list[index], place, false);
    return list[index];
}

static RtStr read_by_type(Reader *reader, uint8_t type, Place place, int depth)
{
    switch (type) {
    case 'N':
    case 'F':
    case 'T':
    case 'S':
    case '.':
    case '0':
        break;
    case 'i':
        rt_take(&reader->in, 4);
        break;
    case 'I':
    case 'g':
        rt_take(&reader->in, 8);
        break;
    case 'y':
        rt_take(&reader->in, 16);
        break;
    case 'f':
        rt_take(&reader->in, rt_take_u8(&reader->in));
        break;
    case 'x':
        rt_take(&reader->in, rt_take_u8(&reader->in));
        rt_take(&reader->in, rt_take_u8(&reader->in));
        break;
    case 'l':
        read_long(reader);
        break;
    case 's':
        return read_text(reader, rt_take_u32le(&reader->in), place, true, false);
    case 'u':
    case 'a':
        return read_text(reader, rt_take_u32le(&reader->in), place, false, false);
    case 't':
    case 'A':
        return read_text(reader, rt_take_u32le(&reader->in), place, false, true);
    case 'z':
    case 'Z':
        return read_text(reader, rt_take_u8(&reader->in), place, false, true);
    case 'R':
        return remembered(reader, reader->interned, reader->interned_count, place);
    case 'r':
        return remembered(reader, reader->references, reader->reference_count, place);
    case ')':
        read_many(reader, rt_take_u8(&reader->in), place, depth);
        break;
    case '(':
    case '[':
    case '<':
    case '>':
        read_many(reader, rt_take_u32le(&reader->in), place, depth);
        break;
    case ':':
        read_many(reader, 3, place, depth);
        break; /* slice, 3.14 */
    case '{':
        read_dict(reader, place, depth);
        break;
    case 'c':
        read_code(reader, depth);
        break;
    default:
        reader->broken = true;
        break;
    }
    return (RtStr){ 0 };
}

static RtStr read_object(Reader *reader, Place place, int depth)
{
    uint8_t type = rt_take_u8(&reader->in);
    if (reader->in.short_read || reader->broken || depth >= DEPTH_LIMIT) {
        reader->broken = true;
        return (RtStr){ 0 };
    }
    size_t slot = SIZE_MAX;
    if (type & 0x80 && reader->reference_count < REFERENCE_LIMIT) {
        slot = reader->reference_count;
        RT_PUSH(reader->arena, reader->references, reader->reference_count,
                reader->reference_capacity) = (RtStr){ 0 };
    }
    RtStr text = read_by_type(reader, type & 0x7F, place, depth + 1);
    if (slot != SIZE_MAX)
        reader->references[slot] = text;
    return text;
}

RtStr rt_marshal_text(RtArena *arena, RtStr marshal, uint32_t version)
{
    static const uint32_t layouts[] = { 311, 308, 300, 207 };
    RtStr best = { 0 };
    if (!marshal.len ||
        !rt_str_has(RT_STR("c([{<>)"),
                    rt_str_sub((RtStr){ (const uint8_t[]){ marshal.at[0] & 0x7F }, 1 }, 0, 1)))
        return best;
    for (size_t i = 0; i < RT_COUNT(layouts); i++) {
        Reader reader = { .in = { .rest = marshal },
                          .out = { .arena = arena, .limit = TEXT_LIMIT },
                          .arena = arena,
                          .version = version ? version : layouts[i] };
        read_object(&reader, CONSTANT, 0);
        RtStr text = rt_text_str(&reader.out);
        if (!reader.in.short_read && !reader.broken)
            return text;
        if (text.len > best.len)
            best = text;
        if (version)
            break;
    }
    return best;
}
