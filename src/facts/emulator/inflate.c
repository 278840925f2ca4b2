/* inflate.c - see inflate.h. Canonical Huffman decoding by counting, as in zlib's puff: slow,
 * short, and every read bounded. The libraries that unpack artifacts belong to the unpack room,
 * which facts may not know. */
#include "facts/emulator/inflate.h"

enum { MAX_BITS = 15, LITERALS = 288, DISTANCES = 30 };

typedef struct {
    RtStr in;
    size_t at;
    uint32_t bits, bit_count;
    RtText out;
    size_t limit;
    bool bad;
} Stream;

typedef struct {
    uint16_t count[MAX_BITS + 1], symbol[LITERALS];
} Huffman;

static uint32_t take_bits(Stream *s, uint32_t need)
{
    while (s->bit_count < need) {
        if (s->at >= s->in.len) {
            s->bad = true;
            return 0;
        }
        s->bits |= (uint32_t)s->in.at[s->at++] << s->bit_count;
        s->bit_count += 8;
    }
    uint32_t value = s->bits & ((1u << need) - 1);
    s->bits >>= need;
    s->bit_count -= need;
    return value;
}

static int take_symbol(Stream *s, const Huffman *table)
{
    int code = 0, first = 0, index = 0;
    for (int len = 1; len <= MAX_BITS && !s->bad; len++) {
        code |= (int)take_bits(s, 1);
        int count = table->count[len];
        if (code - count < first)
            return table->symbol[index + code - first];
        index += count;
        first = (first + count) << 1;
        code <<= 1;
    }
    s->bad = true;
    return -1;
}

static void make_table(Huffman *table, const uint8_t *lengths, int count)
{
    uint16_t offsets[MAX_BITS + 1] = { 0 };
    memset(table, 0, sizeof *table);
    for (int i = 0; i < count; i++)
        table->count[lengths[i]]++;
    table->count[0] = 0;
    for (int len = 1; len < MAX_BITS; len++)
        offsets[len + 1] = (uint16_t)(offsets[len] + table->count[len]);
    for (int i = 0; i < count; i++) {
        if (lengths[i] != 0)
            table->symbol[offsets[lengths[i]]++] = (uint16_t)i;
    }
}

static void copy_back(Stream *s, uint32_t distance, uint32_t len)
{
    if (distance > s->out.len || s->out.len + len > s->limit) {
        s->bad = true;
        return;
    }
    for (uint32_t i = 0; i < len; i++)
        rt_text_byte(&s->out, s->out.at[s->out.len - distance]);
}

static void coded_block(Stream *s, const Huffman *literals, const Huffman *distances)
{
    static const uint16_t length_base[] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                            15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                            67, 83, 99, 115, 131, 163, 195, 227, 258 };
    static const uint8_t length_extra[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                            2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
    static const uint16_t distance_base[] = { 1,    2,    3,    4,     5,     7,    9,    13,
                                              17,   25,   33,   49,    65,    97,   129,  193,
                                              257,  385,  513,  769,   1025,  1537, 2049, 3073,
                                              4097, 6145, 8193, 12289, 16385, 24577 };
    static const uint8_t distance_extra[] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                              6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };
    while (!s->bad) {
        int symbol = take_symbol(s, literals);
        if (symbol < 0 || symbol == 256)
            return;
        if (symbol < 256) {
            s->bad |= s->out.len >= s->limit;
            rt_text_byte(&s->out, (uint8_t)symbol);
            continue;
        }
        symbol -= 257;
        if (symbol >= (int)RT_COUNT(length_base)) {
            s->bad = true;
            return;
        }
        uint32_t len = length_base[symbol] + take_bits(s, length_extra[symbol]);
        int distance = take_symbol(s, distances);
        if (distance < 0 || distance >= DISTANCES) {
            s->bad = true;
            return;
        }
        copy_back(s, distance_base[distance] + take_bits(s, distance_extra[distance]), len);
    }
}

static void fixed_block(Stream *s)
{
    uint8_t lengths[LITERALS];
    for (int i = 0; i < LITERALS; i++)
        lengths[i] = (uint8_t)(i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8);
    Huffman literals, distances;
    make_table(&literals, lengths, LITERALS);
    memset(lengths, 5, DISTANCES);
    make_table(&distances, lengths, DISTANCES);
    coded_block(s, &literals, &distances);
}

static void dynamic_block(Stream *s)
{
    static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                       11, 4,  12, 3, 13, 2, 14, 1, 15 };
    uint8_t lengths[LITERALS + 32] = { 0 };
    int literal_count = (int)take_bits(s, 5) + 257, distance_count = (int)take_bits(s, 5) + 1,
        code_count = (int)take_bits(s, 4) + 4;
    if (s->bad || literal_count > 286 || distance_count > DISTANCES) {
        s->bad = true;
        return;
    }
    for (int i = 0; i < code_count; i++)
        lengths[order[i]] = (uint8_t)take_bits(s, 3);
    Huffman codes, literals, distances;
    make_table(&codes, lengths, 19);
    memset(lengths, 0, sizeof lengths);
    for (int i = 0; i < literal_count + distance_count && !s->bad;) {
        int symbol = take_symbol(s, &codes);
        if (symbol < 16) {
            lengths[i++] = (uint8_t)(symbol < 0 ? 0 : symbol);
            continue;
        }
        uint8_t previous = symbol == 16 && i > 0 ? lengths[i - 1] : 0;
        int times = symbol == 16   ? 3 + (int)take_bits(s, 2)
                    : symbol == 17 ? 3 + (int)take_bits(s, 3)
                                   : 11 + (int)take_bits(s, 7);
        if ((symbol == 16 && i == 0) || i + times > literal_count + distance_count)
            s->bad = true;
        for (; times > 0 && !s->bad; times--)
            lengths[i++] = previous;
    }
    make_table(&literals, lengths, literal_count);
    make_table(&distances, lengths + literal_count, distance_count);
    coded_block(s, &literals, &distances);
}

static void stored_block(Stream *s)
{
    s->bits = s->bit_count = 0;
    if (s->in.len - s->at < 4) {
        s->bad = true;
        return;
    }
    size_t len = (size_t)s->in.at[s->at] | (size_t)s->in.at[s->at + 1] << 8;
    s->at += 4;
    if (len > s->in.len - s->at || s->out.len + len > s->limit) {
        s->bad = true;
        return;
    }
    rt_text_add(&s->out, rt_str_sub(s->in, s->at, len));
    s->at += len;
}

static bool inflate_raw(RtArena *arena, RtStr packed, size_t limit, RtStr *ret_bytes)
{
    Stream s = { .in = packed, .out = { .arena = arena }, .limit = limit };
    for (bool last = false; !last && !s.bad;) {
        last = take_bits(&s, 1) != 0;
        switch (take_bits(&s, 2)) {
        case 0:
            stored_block(&s);
            break;
        case 1:
            fixed_block(&s);
            break;
        case 2:
            dynamic_block(&s);
            break;
        default:
            s.bad = true;
        }
    }
    *ret_bytes = rt_text_str(&s.out);
    return !s.bad;
}

/* Past the gzip head, or RT_NOT_FOUND. */
static size_t gzip_head(RtStr packed)
{
    if (packed.len < 18 || packed.at[0] != 0x1f || packed.at[1] != 0x8b || packed.at[2] != 8)
        return RT_NOT_FOUND;
    uint8_t flags = packed.at[3];
    size_t at = 10;
    if ((flags & 4) != 0)
        at += 2 + ((size_t)packed.at[10] | (size_t)packed.at[11] << 8);
    for (uint8_t bit = 8; bit <= 16; bit = (uint8_t)(bit * 2)) {
        if ((flags & bit) == 0)
            continue;
        while (at < packed.len && packed.at[at] != 0)
            at++;
        at++;
    }
    at += (flags & 2) != 0 ? 2 : 0;
    return at < packed.len ? at : RT_NOT_FOUND;
}

bool rt_inflate(RtArena *arena, RtInflateForm form, RtStr packed, size_t limit, RtStr *ret_bytes)
{
    size_t head = gzip_head(packed);
    if (form == RT_INFLATE_GZIP || (form == RT_INFLATE_ANY && head != RT_NOT_FOUND))
        return head != RT_NOT_FOUND &&
               inflate_raw(arena, rt_str_from(packed, head), limit, ret_bytes);
    bool zlib =
        packed.len > 2 && (packed.at[0] & 15) == 8 && (packed.at[0] * 256 + packed.at[1]) % 31 == 0;
    if (form == RT_INFLATE_ZLIB || (form == RT_INFLATE_ANY && zlib))
        return zlib && inflate_raw(arena, rt_str_from(packed, 2), limit, ret_bytes);
    return inflate_raw(arena, packed, limit, ret_bytes);
}

static uint32_t adler32(RtStr bytes)
{
    uint32_t a = 1, b = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        a = (a + bytes.at[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

RtStr rt_deflate_stored(RtArena *arena, RtInflateForm form, RtStr bytes)
{
    static const uint8_t gzip[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
    RtText out = { .arena = arena };
    if (form == RT_INFLATE_GZIP)
        rt_text_add(&out, (RtStr){ gzip, sizeof gzip });
    if (form == RT_INFLATE_ZLIB)
        rt_text_add(&out, RT_STR("\x78\x01"));
    size_t at = 0;
    do {
        size_t len = bytes.len - at < 65535 ? bytes.len - at : 65535;
        rt_text_byte(&out, at + len == bytes.len);
        rt_text_byte(&out, (uint8_t)len);
        rt_text_byte(&out, (uint8_t)(len >> 8));
        rt_text_byte(&out, (uint8_t)~len);
        rt_text_byte(&out, (uint8_t)(~len >> 8));
        rt_text_add(&out, rt_str_sub(bytes, at, len));
        at += len;
    } while (at < bytes.len);
    uint32_t sum = form == RT_INFLATE_ZLIB ? adler32(bytes) : 0;
    for (int i = 3; form == RT_INFLATE_ZLIB && i >= 0; i--)
        rt_text_byte(&out, (uint8_t)(sum >> (8 * i)));
    for (int i = 0; form == RT_INFLATE_GZIP && i < 8; i++)
        rt_text_byte(&out, (uint8_t)(i < 4 ? 0 : bytes.len >> (8 * (i - 4))));
    return rt_text_str(&out);
}
