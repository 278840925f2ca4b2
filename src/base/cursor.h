/* cursor.h - reads hostile binary records; it cannot overrun (models: openssh sshbuf, s2n stuffer).
 *
 * A read past the end gives zeros and the empty view and sets `short_read`, which sticks: read a
 * whole record, ask once at the end. */
#ifndef RT_BASE_CURSOR_H
#define RT_BASE_CURSOR_H

#include "base/str.h"

typedef struct {
    RtStr rest;
    bool short_read;
} RtCursor;

RtStr rt_take(RtCursor *cursor, size_t len);
uint8_t rt_take_u8(RtCursor *cursor);
uint16_t rt_take_u16le(RtCursor *cursor);
uint32_t rt_take_u32le(RtCursor *cursor);
uint64_t rt_take_u64le(RtCursor *cursor);
uint32_t rt_take_u32be(RtCursor *cursor);
uint64_t rt_take_varint(RtCursor *cursor); /* LEB128, at most 10 bytes */

/* What messages and packs are made of. A number beyond `most` counts as a short read; a count is
 * one that the bytes left could hold at one byte an item, so that a short message cannot ask for a
 * large array; a text is a view into the bytes. */
uint32_t rt_take_number(RtCursor *cursor, uint64_t most);
size_t rt_take_count(RtCursor *cursor);
RtStr rt_take_text(RtCursor *cursor);
void rt_put_number(RtText *out, uint64_t number);
void rt_put_text(RtText *out, RtStr text);

#endif
