/* magic.c - what the first bytes say a file is, and what its suffix claims; content decides, a lie
 * is a fact.
 *
 * Only kinds that matter to a decision are told apart: what runs, what can hide code, what is
 * inert. */
#include "scan/scan.h"

typedef struct {
    RtStr kind;
    uint16_t at;
    RtStr bytes;
} Magic;

#define TEXT(literal)                                                                              \
    {                                                                                              \
        (const uint8_t *)("" literal), sizeof(literal) - 1                                         \
    }
#define MAGIC(kind, at, bytes)                                                                     \
    {                                                                                              \
        TEXT(kind), at, TEXT(bytes)                                                                \
    }
static const Magic magics[] = {
    MAGIC("elf", 0,
          "\x7f"
          "ELF"),
    MAGIC("macho", 0, "\xfe\xed\xfa\xce"),
    MAGIC("macho", 0, "\xfe\xed\xfa\xcf"),
    MAGIC("macho", 0, "\xce\xfa\xed\xfe"),
    MAGIC("macho", 0, "\xcf\xfa\xed\xfe"),
    MAGIC("wasm", 0, "\0asm"),
    MAGIC("png", 0, "\x89PNG\r\n"),
    MAGIC("jpeg", 0, "\xff\xd8\xff"),
    MAGIC("gif", 0, "GIF8"),
    MAGIC("webp", 8, "WEBP"),
    MAGIC("wav", 8, "WAVE"),
    MAGIC("bmp", 0, "BM"),
    MAGIC("ico", 0, "\0\0\1\0"),
    MAGIC("ico", 0, "\0\0\2\0"),
    MAGIC("tiff", 0, "II*\0"),
    MAGIC("tiff", 0, "MM\0*"),
    MAGIC("woff2", 0, "wOF2"),
    MAGIC("woff", 0, "wOFF"),
    MAGIC("otf", 0, "OTTO"),
    MAGIC("ttf", 0, "\0\1\0\0\0"),
    MAGIC("ttf", 0, "true"),
    MAGIC("ttf", 0, "ttcf"),
    MAGIC("pdf", 0, "%PDF-"),
    MAGIC("mp4", 4, "ftyp"),
    MAGIC("ogg", 0, "OggS"),
    MAGIC("mp3", 0, "ID3"),
    MAGIC("mp3", 0, "\xff\xfb"),
    MAGIC("webm", 0, "\x1a\x45\xdf\xa3"),
    MAGIC("flac", 0, "fLaC"),
    MAGIC("sqlite", 0, "SQLite format 3"),
    MAGIC("hdf5", 0, "\x89HDF"),
    MAGIC("npy", 0, "\x93NUMPY"),
    MAGIC("cfb", 0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    MAGIC("zip", 0, "PK\3\4"),
    MAGIC("zip", 0, "PK\5\6"),
    MAGIC("gzip", 0, "\x1f\x8b"),
    MAGIC("bzip2", 0, "BZh"),
    MAGIC("xz", 0,
          "\xfd"
          "7zXZ"),
    MAGIC("zstd", 0, "\x28\xb5\x2f\xfd"),
    MAGIC("7z", 0, "7z\xbc\xaf\x27\x1c"),
    MAGIC("rar", 0, "Rar!\x1a\x07"),
    MAGIC("class", 0, "\xca\xfe\xba\xbe"),
    MAGIC("asar", 0, "\4\0\0\0"),
    MAGIC("lfs", 0, "version https://git-lfs"),
};

/* A DOS stub that leads to a PE header. */
static bool is_pe(RtStr bytes)
{
    if (bytes.len < 64 || bytes.at[0] != 'M' || bytes.at[1] != 'Z')
        return false;
    uint32_t at = bytes.at[60] | (uint32_t)bytes.at[61] << 8 | (uint32_t)bytes.at[62] << 16 |
                  (uint32_t)bytes.at[63] << 24;
    return at < bytes.len - 4 && bytes.at[at] == 'P' && bytes.at[at + 1] == 'E' &&
           bytes.at[at + 2] == 0;
}

RtStr rt_magic_kind(RtStr bytes)
{
    if (is_pe(bytes))
        return RT_STR("pe");
    for (size_t i = 0; i < RT_COUNT(magics); i++) {
        const Magic *magic = &magics[i];
        if (bytes.len < magic->at + magic->bytes.len || bytes.at[magic->at] != magic->bytes.at[0] ||
            !rt_str_equal(rt_str_sub(bytes, magic->at, magic->bytes.len), magic->bytes))
            continue;
        bool wordy = magic->bytes.len <= 4 &&
                     rt_str_is_text(bytes); /* "true", "BM…", "GIF8" begin texts, too */
        if (!wordy)
            return magic->kind;
    }
    return RT_STR("");
}

static const RtStr media[] = { TEXT("png"),    TEXT("jpeg"), TEXT("gif"),  TEXT("webp"),
                               TEXT("wav"),    TEXT("bmp"),  TEXT("ico"),  TEXT("tiff"),
                               TEXT("woff2"),  TEXT("woff"), TEXT("otf"),  TEXT("ttf"),
                               TEXT("pdf"),    TEXT("mp4"),  TEXT("ogg"),  TEXT("mp3"),
                               TEXT("webm"),   TEXT("flac"), TEXT("hdf5"), TEXT("npy"),
                               TEXT("sqlite"), TEXT("lfs") };

bool rt_magic_is_media(RtStr kind)
{
    for (size_t i = 0; i < RT_COUNT(media); i++) {
        if (rt_str_equal(kind, media[i]))
            return true;
    }
    return false;
}

static const RtStr claims[][2] = {
    { TEXT("png"), TEXT("png") },   { TEXT("jpg"), TEXT("jpeg") },
    { TEXT("jpeg"), TEXT("jpeg") }, { TEXT("gif"), TEXT("gif") },
    { TEXT("webp"), TEXT("webp") }, { TEXT("ico"), TEXT("ico") },
    { TEXT("bmp"), TEXT("bmp") },   { TEXT("woff2"), TEXT("woff2") },
    { TEXT("woff"), TEXT("woff") }, { TEXT("ttf"), TEXT("ttf") },
    { TEXT("otf"), TEXT("otf") },   { TEXT("eot"), TEXT("eot") },
    { TEXT("pdf"), TEXT("pdf") },   { TEXT("mp4"), TEXT("mp4") },
    { TEXT("mp3"), TEXT("mp3") },   { TEXT("wav"), TEXT("wav") },
    { TEXT("ogg"), TEXT("ogg") },   { TEXT("webm"), TEXT("webm") },
    { TEXT("zip"), TEXT("zip") },   { TEXT("gz"), TEXT("gzip") },
    { TEXT("tgz"), TEXT("gzip") },  { TEXT("whl"), TEXT("zip") },
    { TEXT("jar"), TEXT("zip") },   { TEXT("xz"), TEXT("xz") },
    { TEXT("bz2"), TEXT("bzip2") }, { TEXT("wasm"), TEXT("wasm") },
    { TEXT("node"), TEXT("elf") },  { TEXT("so"), TEXT("elf") },
    { TEXT("dll"), TEXT("pe") },    { TEXT("exe"), TEXT("pe") },
};

RtStr rt_magic_claimed(RtStr name)
{
    size_t dot = rt_str_rfind_byte(name, '.');
    RtStr suffix = dot == RT_NOT_FOUND ? RT_STR("") : rt_str_from(name, dot + 1);
    for (size_t i = 0; i < RT_COUNT(claims) && suffix.len <= 5; i++) {
        if (rt_str_equal_nocase(suffix, claims[i][0]))
            return claims[i][1];
    }
    return RT_STR("");
}
