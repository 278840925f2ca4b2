/* php_inflate.c - a small inflater for gzinflate('…') in PHP text: web shells pack themselves so,
 * and the room of containers, which owns the fast library, is not ours to call. Bit by bit after
 * RFC 1951 3.2; output is capped. */
#include "facts/languages/php_parts.h"

enum { CODE_BITS = 15, LITERALS = 288, DISTANCES = 30 };

typedef struct {
    RtStr in;
    size_t at;
    uint32_t bits, bit_count;
    RtText out;
    bool broken;
} Inflate;

typedef struct {
    uint16_t count[CODE_BITS + 1], symbol[LITERALS];
} Huffman;

static uint32_t take_bits(Inflate *state, uint32_t wanted)
{
    while (state->bit_count < wanted) {
        if (state->at >= state->in.len) {
            state->broken = true;
            return 0;
        }
        state->bits |= (uint32_t)state->in.at[state->at++] << state->bit_count;
        state->bit_count += 8;
    }
    uint32_t value = wanted == 0 ? 0 : state->bits & ((1u << wanted) - 1);
    state->bits >>= wanted;
    state->bit_count -= wanted;
    return value;
}

static void build(Huffman *code, const uint8_t *lengths, size_t count)
{
    uint16_t offsets[CODE_BITS + 2] = { 0 };
    *code = (Huffman){ 0 };
    for (size_t i = 0; i < count; i++)
        code->count[lengths[i]]++;
    for (size_t i = 1; i <= CODE_BITS; i++)
        offsets[i + 1] = (uint16_t)(offsets[i] + code->count[i]);
    for (size_t i = 0; i < count; i++)
        if (lengths[i] != 0)
            code->symbol[offsets[lengths[i]]++] = (uint16_t)i;
    code->count[0] = 0;
}

static uint32_t take_symbol(Inflate *state, const Huffman *code)
{
    int32_t value = 0, first = 0, index = 0;
    for (int len = 1; len <= CODE_BITS && !state->broken; len++) {
        value |= (int32_t)take_bits(state, 1);
        int32_t count = code->count[len];
        if (value - count < first)
            return code->symbol[index + (value - first)];
        index += count;
        first = (first + count) << 1;
        value <<= 1;
    }
    state->broken = true;
    return 0;
}

static void take_codes(Inflate *state, const Huffman *literals, const Huffman *distances)
{
    static const uint16_t base[29] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                       15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                       67, 83, 99, 115, 131, 163, 195, 227, 258 };
    static const uint8_t extra[29] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
    static const uint16_t far_base[30] = { 1,    2,    3,    4,     5,     7,    9,    13,
                                           17,   25,   33,   49,    65,    97,   129,  193,
                                           257,  385,  513,  769,   1025,  1537, 2049, 3073,
                                           4097, 6145, 8193, 12289, 16385, 24577 };
    static const uint8_t far_extra[30] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                           6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };
    while (!state->broken && !state->out.cut) {
        uint32_t symbol = take_symbol(state, literals);
        if (symbol < 256) {
            if (!state->broken)
                rt_text_byte(&state->out, (uint8_t)symbol);
            continue;
        }
        if (symbol == 256)
            return;
        symbol -= 257;
        if (symbol >= 29) {
            state->broken = true;
            return;
        }
        uint32_t len = base[symbol] + take_bits(state, extra[symbol]);
        uint32_t distance_symbol = take_symbol(state, distances);
        if (distance_symbol >= DISTANCES) {
            state->broken = true;
            return;
        }
        uint32_t distance =
            far_base[distance_symbol] + take_bits(state, far_extra[distance_symbol]);
        if (distance > state->out.len) {
            state->broken = true;
            return;
        }
        for (; len > 0 && !state->out.cut; len--)
            rt_text_byte(&state->out, state->out.at[state->out.len - distance]);
    }
}

static void take_stored(Inflate *state)
{
    state->bits = state->bit_count = 0;
    if (state->in.len - state->at < 4) {
        state->broken = true;
        return;
    }
    size_t len = state->in.at[state->at] | (size_t)state->in.at[state->at + 1] << 8;
    state->at += 4;
    rt_text_add(&state->out, rt_str_sub(state->in, state->at, len));
    state->broken = len > state->in.len - state->at;
    state->at += state->broken ? 0 : len;
}

static void take_dynamic(Inflate *state, Huffman *literals, Huffman *distances)
{
    static const uint8_t order[19] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                       11, 4,  12, 3, 13, 2, 14, 1, 15 };
    uint8_t lengths[LITERALS + 32] = { 0 };
    uint32_t literal_count = take_bits(state, 5) + 257, distance_count = take_bits(state, 5) + 1,
             code_count = take_bits(state, 4) + 4;
    if (literal_count > 286 || distance_count > DISTANCES) {
        state->broken = true;
        return;
    }
    for (uint32_t i = 0; i < code_count; i++)
        lengths[order[i]] = (uint8_t)take_bits(state, 3);
    build(literals, lengths, 19);
    uint8_t all[LITERALS + 32] = { 0 };
    uint32_t at = 0;
    while (at < literal_count + distance_count && !state->broken) {
        uint32_t symbol = take_symbol(state, literals);
        if (symbol < 16) {
            all[at++] = (uint8_t)symbol;
            continue;
        }
        uint8_t value = symbol == 16 && at > 0 ? all[at - 1] : 0;
        uint32_t times = symbol == 16   ? 3 + take_bits(state, 2)
                         : symbol == 17 ? 3 + take_bits(state, 3)
                                        : 11 + take_bits(state, 7);
        if (at + times > literal_count + distance_count) {
            state->broken = true;
            return;
        }
        while (times-- > 0)
            all[at++] = value;
    }
    build(literals, all, literal_count);
    build(distances, all + literal_count, distance_count);
}

static void fixed_codes(Huffman *literals, Huffman *distances)
{
    uint8_t lengths[LITERALS];
    for (size_t i = 0; i < LITERALS; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    build(literals, lengths, LITERALS);
    for (size_t i = 0; i < DISTANCES; i++)
        lengths[i] = 5;
    build(distances, lengths, DISTANCES);
}

RtStr rt_php_inflate(RtArena *arena, RtStr packed, size_t limit)
{
    Inflate state = { .in = packed, .out = { .arena = arena, .limit = limit } };
    Huffman literals, distances;
    bool last = false;
    while (!last && !state.broken && !state.out.cut) {
        last = take_bits(&state, 1) != 0;
        uint32_t type = take_bits(&state, 2);
        if (state.broken || type == 3)
            break;
        if (type == 0) {
            take_stored(&state);
            continue;
        }
        if (type == 1)
            fixed_codes(&literals, &distances);
        else
            take_dynamic(&state, &literals, &distances);
        if (!state.broken)
            take_codes(&state, &literals, &distances);
    }
    return rt_text_str(&state.out);
}
