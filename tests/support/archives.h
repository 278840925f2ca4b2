/* archives.h - writes small archives and streams for tests, hostile ones included. */
#ifndef SUPPORT_ARCHIVES_H
#define SUPPORT_ARCHIVES_H

#include "base/str.h"

/* Appends a tar entry: header with a right checksum, content, padding. */
void tar_add(RtText *tar, const char *name, char type, RtStr content, const char *link);
void tar_end(RtText *tar);
/* The header block alone, for tests that spoil it: `at` points to 512 bytes. */
void tar_fix_checksum(uint8_t *at);

RtStr pack_gzip(RtArena *arena, RtStr plain);
RtStr pack_zlib(RtArena *arena, RtStr plain);
RtStr pack_deflate(RtArena *arena, RtStr plain);
RtStr pack_bzip2(RtArena *arena, RtStr plain);
RtStr pack_xz(RtArena *arena, RtStr plain);
RtStr pack_lzma(RtArena *arena, RtStr plain);
RtStr pack_zstd(RtArena *arena, RtStr plain);
RtStr pack_base64(RtArena *arena, RtStr plain);

/* One zip entry; fields left at zero are derived from `content`. */
typedef struct {
    const char *name;
    RtStr content;           /* plain */
    uint16_t method;         /* 0 or 8 */
    uint16_t flags;          /* 8: sizes in a descriptor behind the data; 1: say it is encrypted */
    const char *local_name;  /* when the local header shall lie */
    bool unlisted;           /* not in the directory */
    uint32_t size_lie;       /* claimed size */
    uint32_t mode;           /* Unix mode, 0: none */
    uint32_t local_at_plus1; /* directory points there (plus one) instead */
} ZipEntry;
RtStr zip_of(RtArena *arena, const ZipEntry *entries, size_t count);

#endif
