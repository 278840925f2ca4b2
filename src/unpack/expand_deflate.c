/* expand_deflate.c - gzip, zlib and raw deflate. libdeflate does the work (whole buffers, twice
 * zlib's speed), but tells nothing about how far it came; so when it fails, zlib goes over the same
 * stream again to save what is whole and to tell a cut stream from a damaged one. */
#include "unpack/expand.h"

#include <libdeflate.h>
#include <zlib.h>

enum { HEAD_MOST = 64, DEFLATE_RATIO = 1040, RAW = -15, ZLIB = 15, GZIP = 31 };

typedef struct libdeflate_decompressor Decompressor;
static void free_decompressor(Decompressor **decompressor)
{
    libdeflate_free_decompressor(*decompressor);
}

static enum libdeflate_result run(Decompressor *with, int window, RtStr packed, uint8_t *out,
                                  size_t room, size_t *ret_used, size_t *ret_len)
{
    if (!with)
        return LIBDEFLATE_BAD_DATA;
    if (window == GZIP)
        return libdeflate_gzip_decompress_ex(with, packed.at, packed.len, out, room, ret_used,
                                             ret_len);
    if (window == ZLIB)
        return libdeflate_zlib_decompress_ex(with, packed.at, packed.len, out, room, ret_used,
                                             ret_len);
    return libdeflate_deflate_decompress_ex(with, packed.at, packed.len, out, room, ret_used,
                                            ret_len);
}

/* The slow and careful way. Appends to `buffer`, which is full at RT_EXPAND_LIMIT. */
static RtExpandEnd save(RtExpandBuffer *buffer, int window, RtStr packed, size_t *ret_used)
{
    z_stream stream = { 0 };
    if (inflateInit2(&stream, window) != Z_OK)
        return RT_EXPAND_BROKEN;
    size_t fed = 0;
    int status = Z_OK;
    do {
        if (stream.avail_in == 0) {
            size_t more = packed.len - fed < (1u << 30) ? packed.len - fed : (1u << 30);
            stream.next_in = (Bytef *)(uintptr_t)(packed.at + fed);
            stream.avail_in = (uInt)more;
            fed += more;
        }
        size_t space =
            buffer->taken - buffer->len < (1u << 30) ? buffer->taken - buffer->len : (1u << 30);
        stream.next_out = buffer->at + buffer->len;
        stream.avail_out = (uInt)space;
        status = inflate(&stream, Z_NO_FLUSH);
        buffer->len += space - stream.avail_out;
    } while (status == Z_OK && buffer->len < buffer->taken);
    *ret_used = fed - stream.avail_in;
    (void)inflateEnd(&stream);
    if (status == Z_STREAM_END)
        return RT_EXPAND_WHOLE;
    if (status == Z_OK || (status == Z_BUF_ERROR && buffer->len == buffer->taken))
        return RT_EXPAND_LIMIT;
    return status == Z_BUF_ERROR ? RT_EXPAND_CUT : RT_EXPAND_BROKEN;
}

/* One stream into the buffer. */
static RtExpandEnd add(RtExpandBuffer *buffer, Decompressor *with, int window, RtStr packed,
                       size_t *ret_used)
{
    size_t len = 0;
    if (run(with, window, packed, buffer->at + buffer->len, buffer->taken - buffer->len, ret_used,
            &len) == LIBDEFLATE_SUCCESS) {
        buffer->len += len;
        return RT_EXPAND_WHOLE;
    }
    return save(buffer, window, packed, ret_used);
}

static RtExpanded expand(RtArena *arena, RtStr packed, size_t room, int window)
{
    __attribute__((cleanup(free_decompressor))) Decompressor *with =
        libdeflate_alloc_decompressor();
    size_t most =
        packed.len < SIZE_MAX / DEFLATE_RATIO / 2 ? packed.len * DEFLATE_RATIO + 1024 : room;
    RtExpandBuffer buffer = rt_expand_start(arena, most < room ? most : room);
    size_t used = 0;
    uint32_t runs = 0;
    RtExpandEnd end = RT_EXPAND_CUT;
    if (packed.len == 0)
        return rt_expand_done(&buffer, 0, 0, end);
    do {
        size_t more = 0;
        end = add(&buffer, with, window, rt_str_from(packed, used), &more);
        used += more;
        runs++;
    } while (window == GZIP && end == RT_EXPAND_WHOLE &&
             rt_str_starts(rt_str_from(packed, used), RT_STR("\x1f\x8b")));
    return rt_expand_done(&buffer, used, runs, end);
}

/* Small archives are the rule: when the last four bytes (the size, modulo 2^32) tell the truth,
 * nothing larger than needed is ever reserved. */
static bool expand_by_hint(RtArena *arena, RtStr packed, size_t room, RtExpanded *ret_content)
{
    RtStr tail = rt_str_from(packed, packed.len - 4);
    size_t size =
        tail.at[0] | (size_t)tail.at[1] << 8 | (size_t)tail.at[2] << 16 | (size_t)tail.at[3] << 24;
    if (size == 0 || size > room || size / DEFLATE_RATIO > packed.len)
        return false;
    __attribute__((cleanup(free_decompressor))) Decompressor *with =
        libdeflate_alloc_decompressor();
    uint8_t *at = rt_arena_bytes(arena, size);
    size_t used = 0, len = 0;
    if (run(with, GZIP, packed, at, size, &used, &len) != LIBDEFLATE_SUCCESS ||
        used != packed.len) {
        rt_arena_trim(arena, at, size, 0);
        return false;
    }
    rt_arena_trim(arena, at, size, len);
    *ret_content = (RtExpanded){ .bytes = { at, len }, .used = used, .runs = 1 };
    return true;
}

RtExpanded rt_expand_gzip(RtArena *arena, RtStr packed, size_t room)
{
    RtExpanded content;
    if (packed.len >= 18 && expand_by_hint(arena, packed, room, &content))
        return content;
    return expand(arena, packed, room, GZIP);
}

RtExpanded rt_expand_zlib(RtArena *arena, RtStr packed, size_t room)
{
    return expand(arena, packed, room, ZLIB);
}

RtExpanded rt_expand_deflate(RtArena *arena, RtStr packed, size_t room)
{
    return expand(arena, packed, room, RAW);
}

bool rt_expand_is_zlib(RtStr bytes)
{
    if (bytes.len < 12 || (bytes.at[0] & 0x8F) != 0x08 || (bytes.at[1] & 0x20) != 0 ||
        (bytes.at[0] << 8 | bytes.at[1]) % 31 != 0)
        return false;
    uint8_t out[512];
    z_stream stream = { .next_in = (Bytef *)(uintptr_t)bytes.at,
                        .avail_in = bytes.len < 4096 ? (uInt)bytes.len : 4096,
                        .next_out = out,
                        .avail_out = sizeof out };
    if (inflateInit(&stream) != Z_OK)
        return false;
    int status = inflate(&stream, Z_SYNC_FLUSH);
    /* A head may be too short for the tables that lead a block: then it fits as far as one can
     * tell. */
    bool gave_bytes = stream.avail_out < sizeof out - 8 || bytes.len < HEAD_MOST;
    (void)inflateEnd(&stream);
    return status == Z_STREAM_END || ((status == Z_OK || status == Z_BUF_ERROR) && gave_bytes);
}

uint32_t rt_expand_crc32(RtStr bytes) { return libdeflate_crc32(0, bytes.at, bytes.len); }
