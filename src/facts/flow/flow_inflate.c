/* flow_inflate.c - deflate (RFC 1951) with the heads of zlib (RFC 1950) and gzip (RFC 1952).
 *
 * Layers are inflated by the unpack room with a library; this one serves literals a program
 * inflates itself, a few kilobytes each, where a room may not reach into another. Written after the
 * RFC's own description; checksums are not asked for, because an interpreter that is wrong by a
 * byte earlier should still show what it got. */
#include "facts/flow/flow_codec.h"

enum { LONGEST = 15, LITERALS = 288, DISTANCES = 32 };

typedef struct {
    RtStr in;
    size_t at;
    uint32_t bits;
    unsigned bit_count;
    bool failed;
    RtText out;
} Inflate;

typedef struct {
    uint16_t counts[LONGEST + 1];
    uint16_t symbols[LITERALS];
} Tree;

static uint32_t take(Inflate *state, unsigned count)
{
    uint32_t value;

    while (state->bit_count < count) {
        if (state->at >= state->in.len) {
            state->failed = true;
            return 0;
        }
        state->bits |= (uint32_t)state->in.at[state->at++] << state->bit_count;
        state->bit_count += 8;
    }
    value = state->bits & ((1u << count) - 1);
    state->bits >>= count;
    state->bit_count -= count;
    return value;
}

static void build(Tree *tree, const uint8_t *lengths, size_t count)
{
    uint16_t offsets[LONGEST + 1] = { 0 };

    for (size_t i = 0; i <= LONGEST; i++)
        tree->counts[i] = 0;
    for (size_t i = 0; i < count; i++)
        tree->counts[lengths[i]]++;
    tree->counts[0] = 0;
    for (size_t i = 1; i < LONGEST; i++)
        offsets[i + 1] = (uint16_t)(offsets[i] + tree->counts[i]);
    for (size_t i = 0; i < count; i++)
        if (lengths[i])
            tree->symbols[offsets[lengths[i]]++] = (uint16_t)i;
}

static unsigned symbol(Inflate *state, const Tree *tree)
{
    int code = 0, first = 0, index = 0;

    for (unsigned len = 1; len <= LONGEST; len++) {
        const int count = tree->counts[len];
        code |= (int)take(state, 1);
        if (state->failed || code < first)
            break; /* more codes than their lengths allow */
        if (code - count < first)
            return tree->symbols[index + (code - first)];
        index += count;
        first = (first + count) << 1;
        code <<= 1;
    }
    state->failed = true;
    return 0;
}

static void stored(Inflate *state)
{
    uint32_t len;

    state->bits = 0;
    state->bit_count = 0;
    if (state->in.len - state->at < 4) {
        state->failed = true;
        return;
    }
    len = state->in.at[state->at] | (uint32_t)state->in.at[state->at + 1] << 8;
    state->at += 4;
    rt_text_add(&state->out, rt_str_sub(state->in, state->at, len));
    state->failed |= state->in.len - state->at < len;
    state->at += len;
}

static void copy(Inflate *state, unsigned code, const Tree *distances)
{
    static const uint16_t bases[] = { 3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                      15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                      67, 83, 99, 115, 131, 163, 195, 227, 258 };
    static const uint8_t extra[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
    static const uint16_t far_bases[] = { 1,    2,    3,    4,     5,     7,    9,    13,
                                          17,   25,   33,   49,    65,    97,   129,  193,
                                          257,  385,  513,  769,   1025,  1537, 2049, 3073,
                                          4097, 6145, 8193, 12289, 16385, 24577 };
    static const uint8_t far_extra[] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                         6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };
    unsigned len, far_code;
    size_t distance;

    if (code - 257 >= RT_COUNT(bases)) {
        state->failed = true;
        return;
    }
    len = bases[code - 257] + take(state, extra[code - 257]);
    far_code = symbol(state, distances);
    if (far_code >= RT_COUNT(far_bases)) {
        state->failed = true;
        return;
    }
    distance = far_bases[far_code] + take(state, far_extra[far_code]);
    if (distance > state->out.len || state->failed) {
        state->failed = true;
        return;
    }
    for (unsigned i = 0; i < len && !state->out.cut; i++)
        rt_text_byte(&state->out, state->out.at[state->out.len - distance]);
}

static void codes(Inflate *state, const Tree *literals, const Tree *distances)
{
    while (!state->failed && !state->out.cut) {
        const unsigned code = symbol(state, literals);
        if (state->failed || code == 256)
            return;
        if (code < 256)
            rt_text_byte(&state->out, (uint8_t)code);
        else
            copy(state, code, distances);
    }
}

static void fixed(Inflate *state)
{
    uint8_t lengths[LITERALS];
    Tree literals, distances;

    for (unsigned i = 0; i < LITERALS; i++)
        lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    build(&literals, lengths, LITERALS);
    for (unsigned i = 0; i < 30; i++)
        lengths[i] = 5;
    build(&distances, lengths, 30);
    codes(state, &literals, &distances);
}

static void dynamic(Inflate *state)
{
    static const uint8_t order[] = { 16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                     11, 4,  12, 3, 13, 2, 14, 1, 15 };
    const unsigned literal_count = take(state, 5) + 257, distance_count = take(state, 5) + 1;
    const unsigned code_count = take(state, 4) + 4;
    uint8_t lengths[LITERALS + DISTANCES] = { 0 };
    Tree literals, distances;
    unsigned at = 0;

    for (unsigned i = 0; i < code_count; i++)
        lengths[order[i]] = (uint8_t)take(state, 3);
    build(&literals, lengths, 19);
    for (unsigned i = 0; i < 19; i++)
        lengths[i] = 0;
    while (at < literal_count + distance_count && !state->failed) {
        const unsigned code = symbol(state, &literals);
        unsigned times = 1;
        uint8_t value = (uint8_t)code;
        if (code == 16) {
            value = at > 0 ? lengths[at - 1] : 0;
            times = 3 + take(state, 2);
        } else if (code > 16) {
            value = 0;
            times = code == 17 ? 3 + take(state, 3) : 11 + take(state, 7);
        }
        if (at + times > literal_count + distance_count || literal_count > LITERALS) {
            state->failed = true;
            return;
        }
        while (times-- > 0)
            lengths[at++] = value;
    }
    if (state->failed)
        return;
    build(&literals, lengths, literal_count);
    build(&distances, lengths + literal_count, distance_count);
    codes(state, &literals, &distances);
}

/* Where the deflate data of a gzip member start; SIZE_MAX when its head is cut. */
static size_t after_gzip_head(RtStr in)
{
    const uint8_t flags = in.len > 3 ? in.at[3] : 0;
    size_t at = 10;

    if (flags & 4)
        at += in.len > 11 ? 2 + (size_t)in.at[10] + ((size_t)in.at[11] << 8) : in.len;
    for (unsigned field = 8; field <= 16; field *= 2) {
        if (!(flags & field))
            continue;
        while (at < in.len && in.at[at] != 0)
            at++;
        at++;
    }
    at += flags & 2 ? 2 : 0;
    return at < in.len ? at : SIZE_MAX;
}

bool rt_codec_inflate(RtArena *arena, RtStr packed, size_t room, RtStr *ret_bytes)
{
    Inflate state = { .in = packed, .out = { .arena = arena, .limit = room } };
    bool last = false;

    if (packed.len > 18 && packed.at[0] == 0x1F && packed.at[1] == 0x8B)
        state.at = after_gzip_head(packed);
    else if (packed.len > 2 && (packed.at[0] & 15) == 8 &&
             ((unsigned)packed.at[0] << 8 | packed.at[1]) % 31 == 0)
        state.at = 2;
    if (state.at >= packed.len)
        return false;
    while (!last && !state.failed && !state.out.cut) {
        last = take(&state, 1);
        switch (take(&state, 2)) {
        case 0:
            stored(&state);
            break;
        case 1:
            fixed(&state);
            break;
        case 2:
            dynamic(&state);
            break;
        default:
            state.failed = true;
            break;
        }
    }
    *ret_bytes = rt_text_str(&state.out);
    return !state.failed && !state.out.cut && state.out.len > 0;
}
