/* onebyte.c - see onebyte.h. */
#include "unpack/onebyte.h"

enum { LEAST = 16, SEARCH_MOST = 4096 };

static const char *const needles[] = { "http",   "import", "require",    "eval(",
                                       "exec(",  "#!/bin", "#!/usr",     "function",
                                       "const ", "return", "powershell", "cmd " };

static RtStr apply(RtArena *arena, RtStr bytes, uint8_t key, bool is_xor)
{
    uint8_t *out = rt_arena_bytes(arena, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        out[i] = is_xor ? bytes.at[i] ^ key : (uint8_t)(bytes.at[i] - key);
    return (RtStr){ out, bytes.len };
}

/* Emits `bytes` under `key` when the result is text or a program. */
static bool keep(RtDecoded *decoded, uint64_t from, uint64_t len, RtStr bytes, uint8_t key,
                 bool is_xor)
{
    RtArena *arena = decoded->sink->arena;
    if (key == 0 || bytes.len > rt_arena_left(arena) / 4)
        return false;
    RtStr head = apply(arena, rt_str_sub(bytes, 0, 512), key, is_xor);
    RtLooks looks = rt_decoded_looks(head);
    rt_arena_trim(arena, (uint8_t *)(uintptr_t)head.at, head.len, 0);
    if (looks != RT_LOOKS_TEXT && looks != RT_LOOKS_BINARY)
        return false;
    RtStr plain = apply(arena, bytes, key, is_xor);
    looks = rt_decoded_looks(plain);
    if (looks != RT_LOOKS_TEXT && looks != RT_LOOKS_BINARY)
        return false;
    (void)rt_decoded_keep(decoded, is_xor ? RT_STR("xor-byte") : RT_STR("shift-byte"), from, len,
                          plain);
    return true;
}

/* The row of neighbours: what the key does not change. */
static void neighbours(RtStr bytes, bool is_xor, uint8_t *out)
{
    for (size_t i = 0; i + 1 < bytes.len; i++)
        out[i] = is_xor ? bytes.at[i] ^ bytes.at[i + 1] : (uint8_t)(bytes.at[i + 1] - bytes.at[i]);
}

static bool try_needles(RtDecoded *decoded, uint64_t from, uint64_t len, RtStr bytes, bool is_xor)
{
    uint8_t row[SEARCH_MOST], wanted[16];
    RtStr head = rt_str_sub(bytes, 0, SEARCH_MOST);
    neighbours(head, is_xor, row);
    RtStr where = { row, head.len - 1 };
    for (size_t i = 0; i < RT_COUNT(needles); i++) {
        RtStr needle = rt_str_from_c(needles[i]);
        neighbours(needle, is_xor, wanted);
        size_t at = rt_str_find(where, (RtStr){ wanted, needle.len - 1 });
        if (at == RT_NOT_FOUND)
            continue;
        uint8_t key = is_xor ? bytes.at[at] ^ needle.at[0] : (uint8_t)(bytes.at[at] - needle.at[0]);
        if (keep(decoded, from, len, bytes, key, is_xor))
            return true;
    }
    return false;
}

bool rt_onebyte_try_program(RtDecoded *decoded, RtStr bytes)
{
    static const RtStr heads[] = { { (const uint8_t *)"MZ", 2 },
                                   { (const uint8_t *)"\x7F\x45LF", 4 },
                                   { (const uint8_t *)"PK\3\4", 4 },
                                   { (const uint8_t *)"#!/bin", 6 },
                                   { (const uint8_t *)"#!/usr", 6 } };
    if (bytes.len < 64)
        return false;
    for (size_t i = 0; i < RT_COUNT(heads); i++) {
        uint8_t key = bytes.at[0] ^ heads[i].at[0];
        size_t j = 1;
        while (j < heads[i].len && (bytes.at[j] ^ key) == heads[i].at[j])
            j++;
        if (j == heads[i].len && keep(decoded, 0, bytes.len, bytes, key, true))
            return true;
    }
    return false;
}

bool rt_onebyte_try(RtDecoded *decoded, uint64_t from, uint64_t len, RtStr bytes)
{
    if (bytes.len < LEAST)
        return false;
    return try_needles(decoded, from, len, bytes, true) ||
           try_needles(decoded, from, len, bytes, false) || rt_onebyte_try_program(decoded, bytes);
}
