/* walk.c - the yardstick: inflates and walks tarballs with the library ratter uses, and does
 * nothing with them.
 *
 * usage: walk < list-of-paths ; prints "packages packed-bytes unpacked-bytes cpu-seconds". What a
 * scan costs is told as a multiple of this, measured in the same run on the same machine
 * (bench/run). */
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Steps from header to header of a ustar archive; returns the number of entries. */
static size_t walk_tar(const uint8_t *bytes, size_t len)
{
    size_t entries = 0;
    for (size_t at = 0; at + 512 <= len && bytes[at] != 0; entries++) {
        size_t size = 0;
        for (size_t i = 124; i < 135 && bytes[at + i] >= '0' && bytes[at + i] <= '7'; i++)
            size = size * 8 + (size_t)(bytes[at + i] - '0');
        if (size > len - at - 512)
            break;
        at += 512 + (size + 511) / 512 * 512;
    }
    return entries;
}

int main(void)
{
    enum { MOST = 1 << 29 };
    uint8_t *packed = malloc(MOST), *plain = malloc(MOST);
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    char path[4096];
    size_t packages = 0, entries = 0, packed_bytes = 0, plain_bytes = 0;
    double started = cpu_seconds();
    while (fgets(path, sizeof path, stdin) != NULL) {
        path[strcspn(path, "\n")] = 0;
        FILE *file = fopen(path, "rb");
        if (file == NULL)
            continue;
        size_t len = fread(packed, 1, MOST, file), used, got;
        fclose(file);
        if (libdeflate_gzip_decompress_ex(inflater, packed, len, plain, MOST, &used, &got) !=
            LIBDEFLATE_SUCCESS)
            continue;
        entries += walk_tar(plain, got);
        packages++;
        packed_bytes += len;
        plain_bytes += got;
    }
    printf("%zu %zu %zu %zu %.4f\n", packages, entries, packed_bytes, plain_bytes,
           cpu_seconds() - started);
    return 0;
}
