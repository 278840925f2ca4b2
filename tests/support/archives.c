/* archives.c - see archives.h. */
#include "support/archives.h"

#include <assert.h>
#include <bzlib.h>
#include <lzma.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

void tar_fix_checksum(uint8_t *at)
{
    unsigned sum = 0;
    memset(at + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += at[i];
    (void)snprintf((char *)at + 148, 8, "%06o", sum);
}

void tar_add(RtText *tar, const char *name, char type, RtStr content, const char *link)
{
    uint8_t header[512] = { 0 };
    size_t name_len = strlen(name);
    memcpy(header, name, name_len < 100 ? name_len : 100);
    memcpy(header + 100, "0000644", 7);
    (void)snprintf((char *)header + 124, 12, "%011zo", content.len);
    header[156] = (uint8_t)type;
    if (link)
        memcpy(header + 157, link, strlen(link));
    memcpy(header + 257, "ustar\00000", 8);
    tar_fix_checksum(header);
    rt_text_add(tar, (RtStr){ header, 512 });
    rt_text_add(tar, content);
    static const uint8_t zeros[512] = { 0 };
    rt_text_add(tar, (RtStr){ zeros, (512 - content.len % 512) % 512 });
}

void tar_end(RtText *tar)
{
    static const uint8_t zeros[1024] = { 0 };
    rt_text_add(tar, (RtStr){ zeros, 1024 });
}

static RtStr deflate_with(RtArena *arena, RtStr plain, int window)
{
    z_stream stream = { 0 };
    int status = deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    assert(status == Z_OK);
    size_t room = plain.len + plain.len / 100 + 128;
    uint8_t *out = rt_arena_bytes(arena, room);
    stream.next_in = (Bytef *)(uintptr_t)plain.at;
    stream.avail_in = (uInt)plain.len;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    status = deflate(&stream, Z_FINISH);
    assert(status == Z_STREAM_END);
    size_t len = room - stream.avail_out;
    (void)deflateEnd(&stream);
    return (RtStr){ out, len };
}

RtStr pack_gzip(RtArena *arena, RtStr plain) { return deflate_with(arena, plain, 31); }
RtStr pack_zlib(RtArena *arena, RtStr plain) { return deflate_with(arena, plain, 15); }
RtStr pack_deflate(RtArena *arena, RtStr plain) { return deflate_with(arena, plain, -15); }

RtStr pack_bzip2(RtArena *arena, RtStr plain)
{
    unsigned len = (unsigned)(plain.len + plain.len / 50 + 1024);
    uint8_t *out = rt_arena_bytes(arena, len);
    int status = BZ2_bzBuffToBuffCompress((char *)out, &len, (char *)(uintptr_t)plain.at,
                                          (unsigned)plain.len, 9, 0, 0);
    assert(status == BZ_OK);
    return (RtStr){ out, len };
}

RtStr pack_xz(RtArena *arena, RtStr plain)
{
    size_t room = lzma_stream_buffer_bound(plain.len), len = 0;
    uint8_t *out = rt_arena_bytes(arena, room);
    lzma_ret status =
        lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, plain.at, plain.len, out, &len, room);
    assert(status == LZMA_OK);
    return (RtStr){ out, len };
}

RtStr pack_lzma(RtArena *arena, RtStr plain)
{
    lzma_options_lzma options;
    assert(!lzma_lzma_preset(&options, 1));
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_ret status = lzma_alone_encoder(&stream, &options);
    assert(status == LZMA_OK);
    size_t room = plain.len + plain.len / 10 + 1024;
    uint8_t *out = rt_arena_bytes(arena, room);
    stream.next_in = plain.at;
    stream.avail_in = plain.len;
    stream.next_out = out;
    stream.avail_out = room;
    status = lzma_code(&stream, LZMA_FINISH);
    assert(status == LZMA_STREAM_END);
    size_t len = room - stream.avail_out;
    lzma_end(&stream);
    return (RtStr){ out, len };
}

RtStr pack_zstd(RtArena *arena, RtStr plain)
{
    size_t room = ZSTD_compressBound(plain.len);
    uint8_t *out = rt_arena_bytes(arena, room);
    size_t len = ZSTD_compress(out, room, plain.at, plain.len, 3);
    assert(!ZSTD_isError(len));
    return (RtStr){ out, len };
}

RtStr pack_base64(RtArena *arena, RtStr plain)
{
    static const char symbols[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    RtText out = { .arena = arena };
    for (size_t i = 0; i < plain.len; i += 3) {
        uint32_t word = 0;
        for (size_t j = 0; j < 3; j++)
            word = word << 8 | (i + j < plain.len ? plain.at[i + j] : 0u);
        for (size_t j = 0; j < 4; j++)
            rt_text_byte(&out,
                         i + j > plain.len ? '=' : (uint8_t)symbols[word >> (18 - 6 * j) & 63]);
    }
    return rt_text_str(&out);
}

static void put(RtText *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        rt_text_byte(out, (uint8_t)(value >> (8 * i)));
}

typedef struct {
    RtStr packed;
    uint32_t crc, size, at;
} Written;

static Written write_local(RtText *out, RtArena *arena, const ZipEntry *entry)
{
    Written written = { .at = (uint32_t)out->len };
    written.packed = entry->method == 8 ? pack_deflate(arena, entry->content) : entry->content;
    written.crc = (uint32_t)crc32(0, entry->content.at, (uInt)entry->content.len);
    written.size = entry->size_lie ? entry->size_lie : (uint32_t)entry->content.len;
    bool later = (entry->flags & 8) != 0;
    RtStr name = rt_str_from_c(entry->local_name ? entry->local_name : entry->name);
    put(out, 0x04034b50, 4);
    put(out, 20, 2);
    put(out, entry->flags, 2);
    put(out, entry->method, 2);
    put(out, 0, 4);
    put(out, later ? 0 : written.crc, 4);
    put(out, later ? 0 : written.packed.len, 4);
    put(out, later ? 0 : written.size, 4);
    put(out, name.len, 2);
    put(out, 0, 2);
    rt_text_add(out, name);
    rt_text_add(out, written.packed);
    if (later) {
        put(out, 0x08074b50, 4);
        put(out, written.crc, 4);
        put(out, written.packed.len, 4);
        put(out, written.size, 4);
    }
    return written;
}

static void write_central(RtText *out, const ZipEntry *entry, const Written *written)
{
    RtStr name = rt_str_from_c(entry->name);
    put(out, 0x02014b50, 4);
    put(out, entry->mode ? 3 << 8 : 20, 2);
    put(out, 20, 2);
    put(out, entry->flags, 2);
    put(out, entry->method, 2);
    put(out, 0, 4);
    put(out, written->crc, 4);
    put(out, written->packed.len, 4);
    put(out, written->size, 4);
    put(out, name.len, 2);
    put(out, 0, 8);
    put(out, (uint64_t)entry->mode << 16, 4);
    put(out, entry->local_at_plus1 ? entry->local_at_plus1 - 1 : written->at, 4);
    rt_text_add(out, name);
}

RtStr zip_of(RtArena *arena, const ZipEntry *entries, size_t count)
{
    RtText out = { .arena = arena };
    Written *written = RT_NEW_ARRAY(arena, Written, count + 1);
    for (size_t i = 0; i < count; i++)
        written[i] = write_local(&out, arena, &entries[i]);
    size_t directory = out.len, listed = 0;
    for (size_t i = 0; i < count; i++)
        if (!entries[i].unlisted) {
            write_central(&out, &entries[i], &written[i]);
            listed++;
        }
    size_t end = out.len;
    put(&out, 0x06054b50, 4);
    put(&out, 0, 4);
    put(&out, listed, 2);
    put(&out, listed, 2);
    put(&out, end - directory, 4);
    put(&out, directory, 4);
    put(&out, 0, 2);
    return rt_text_str(&out);
}
