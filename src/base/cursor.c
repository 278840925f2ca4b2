/* cursor.c - bounded reading of binary records; see cursor.h for the contract. */
#include "base/cursor.h"

RtStr rt_take(RtCursor *cursor, size_t len)
{
    if (len > cursor->rest.len) {
        cursor->short_read = true;
        cursor->rest = (RtStr){ 0 };
        return (RtStr){ 0 };
    }
    RtStr taken = { cursor->rest.at, len };
    if (len > 0) {
        cursor->rest.at += len;
        cursor->rest.len -= len;
    }
    return taken;
}

static uint64_t take_little(RtCursor *cursor, size_t len)
{
    RtStr bytes = rt_take(cursor, len);
    uint64_t value = 0;
    for (size_t i = bytes.len; i-- > 0;)
        value = value << 8 | bytes.at[i];
    return value;
}

uint8_t rt_take_u8(RtCursor *cursor) { return (uint8_t)take_little(cursor, 1); }

uint16_t rt_take_u16le(RtCursor *cursor) { return (uint16_t)take_little(cursor, 2); }

uint32_t rt_take_u32le(RtCursor *cursor) { return (uint32_t)take_little(cursor, 4); }

uint64_t rt_take_u64le(RtCursor *cursor) { return take_little(cursor, 8); }

uint32_t rt_take_u32be(RtCursor *cursor) { return __builtin_bswap32(rt_take_u32le(cursor)); }

uint64_t rt_take_varint(RtCursor *cursor)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint8_t byte = rt_take_u8(cursor);
        if (shift == 63 && byte > 1)
            break; /* more than 64 bits */
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return cursor->short_read ? 0 : value;
    }
    cursor->short_read = true;
    return 0;
}

uint32_t rt_take_number(RtCursor *cursor, uint64_t most)
{
    uint64_t number = rt_take_varint(cursor);
    if (number > most) {
        cursor->short_read = true;
        return 0;
    }
    return (uint32_t)number;
}

size_t rt_take_count(RtCursor *cursor)
{
    return cursor->short_read ? 0 : rt_take_number(cursor, cursor->rest.len);
}

RtStr rt_take_text(RtCursor *cursor) { return rt_take(cursor, rt_take_count(cursor)); }

void rt_put_number(RtText *out, uint64_t number)
{
    while (number >= 0x80) {
        rt_text_byte(out, (uint8_t)(number | 0x80));
        number >>= 7;
    }
    rt_text_byte(out, (uint8_t)number);
}

void rt_put_text(RtText *out, RtStr text)
{
    rt_put_number(out, text.len);
    rt_text_add(out, text);
}
