/* marks.c - see marks.h. A mark is "q7x", three digits of base 36 that name the slot, one for the
 * salt and one that checks the rest, so that chance does not make marks. */
#include "facts/emulator/marks.h"

#include "base/base64.h"
#include "facts/emulator/inflate.h"

enum { DEPTH = 4, TEXT_LIMIT = 1 << 20, RUN_MIN = 12, WORK_LIMIT = 4 << 20 };

static uint8_t digit(uint32_t value)
{
    return (uint8_t)(value < 10 ? '0' + value : 'a' + value - 10);
}

static int value_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

static uint32_t check_of(uint32_t slot, uint32_t salt)
{
    return (slot * 7 + salt * 13 + slot / 36 + 5) % 36;
}

void rt_mark_write(uint32_t slot, uint32_t salt, uint8_t ret_mark[RT_MARK_LEN])
{
    uint8_t mark[RT_MARK_LEN] = { 'q',
                                  '7',
                                  'x',
                                  digit(slot / 1296 % 36),
                                  digit(slot / 36 % 36),
                                  digit(slot % 36),
                                  digit(salt % 36),
                                  digit(check_of(slot, salt % 36)) };
    memcpy(ret_mark, mark, sizeof mark);
}

/* The slot of the mark at `at` (every `step`th byte, negative: backwards), or -1. */
static int32_t slot_at(const uint8_t *at, ptrdiff_t step)
{
    if ((at[0] | 0x20) != 'q' || at[step] != '7' || (at[2 * step] | 0x20) != 'x')
        return -1;
    int digits[5];
    for (int i = 0; i < 5; i++) {
        digits[i] = value_of(at[(3 + i) * step]);
        if (digits[i] < 0)
            return -1;
    }
    uint32_t slot = (uint32_t)(digits[0] * 1296 + digits[1] * 36 + digits[2]);
    return check_of(slot, (uint32_t)digits[3]) == (uint32_t)digits[4] ? (int32_t)slot : -1;
}

typedef struct {
    RtArena *arena;
    uint32_t *slots;
    size_t count, limit, work;
} Search;

static void found(Search *search, uint32_t slot)
{
    for (size_t i = 0; i < search->count; i++) {
        if (search->slots[i] == slot)
            return;
    }
    if (search->count < search->limit)
        search->slots[search->count++] = slot;
}

static bool scan(Search *search, RtStr text)
{
    size_t before = search->count;
    bool any = false;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t *at =
            memchr(text.at + i, '7', text.len - i); /* the rarest letter of the head */
        if (at == NULL)
            break;
        i = (size_t)(at - text.at);
        int32_t slot = -1;
        if (i >= 1 && i + RT_MARK_LEN - 1 <= text.len)
            slot = slot_at(at - 1, 1);
        if (slot < 0 && i >= 6 && i + 1 < text.len)
            slot = slot_at(at + 1, -1);
        if (slot < 0 && i >= 2 && i + 2 * (RT_MARK_LEN - 1) - 1 <= text.len)
            slot = slot_at(at - 2, 2);
        if (slot >= 0) {
            found(search, (uint32_t)slot);
            any = true;
        }
    }
    return any || search->count > before;
}

static bool is_base64(uint8_t c)
{
    return value_of(c) >= 0 || c == '+' || c == '/' || c == '-' || c == '_';
}
static int hex_value(uint8_t c)
{
    int value = value_of(c);
    return value < 16 ? value : -1;
}

static void look(Search *search, RtStr text, int depth);

/* Whole-buffer undoing of escapes: %41 \x41 \u0041, and lists of codes "65,66". */
static RtStr unescape(Search *search, RtStr text)
{
    uint8_t *out = rt_arena_bytes(search->arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        size_t skip = 0, digits = 2;
        if (text.at[i] == '%')
            skip = 1;
        else if (text.at[i] == '\\' && i + 1 < text.len &&
                 (text.at[i + 1] == 'x' || text.at[i + 1] == 'u')) {
            digits = text.at[i + 1] == 'x' ? 2 : 4;
            skip = 2;
        }
        int value = 0;
        bool good = skip != 0 && i + skip + digits <= text.len;
        for (size_t k = 0; good && k < digits; k++) {
            int one = hex_value(text.at[i + skip + k]);
            good = one >= 0;
            value = value * 16 + one;
        }
        out[len++] = good ? (uint8_t)value : text.at[i];
        i += good ? skip + digits : 1;
    }
    return (RtStr){ out, len };
}

static RtStr from_codes(Search *search, RtStr text)
{
    uint8_t *out = rt_arena_bytes(search->arena, text.len / 2 + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        unsigned value = 0;
        size_t from = i;
        while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9' && i - from < 3)
            value = value * 10 + (unsigned)(text.at[i++] - '0');
        if (i > from && value < 256)
            out[len++] = (uint8_t)value;
        if (i == from)
            i++;
    }
    return (RtStr){ out, len };
}

/* Runs of base64 letters and of hex digits, decoded one by one. */
static void look_in_runs(Search *search, RtStr text, int depth)
{
    for (size_t i = 0; i < text.len;) {
        if (!is_base64(text.at[i])) {
            i++;
            continue;
        }
        size_t from = i;
        bool all_hex = true;
        while (i < text.len && is_base64(text.at[i]))
            all_hex &= hex_value(text.at[i++]) >= 0;
        RtStr run = rt_str_sub(text, from, i - from);
        if (run.len < RUN_MIN || search->work > WORK_LIMIT)
            continue;
        search->work += run.len;
        if (run.len > 2 && run.at[0] == '0' && (run.at[1] | 0x20) == 'x') {
            run = rt_str_from(run, 2);
            all_hex = true;
            for (size_t k = 0; k < run.len; k++)
                all_hex &= hex_value(run.at[k]) >= 0;
        }
        if (all_hex) {
            uint8_t *bytes = rt_arena_bytes(search->arena, run.len / 2 + 1);
            for (size_t k = 0; k + 1 < run.len; k += 2)
                bytes[k / 2] = (uint8_t)(hex_value(run.at[k]) * 16 + hex_value(run.at[k + 1]));
            look(search, (RtStr){ bytes, run.len / 2 }, depth - 1);
        }
        RtStr bytes;
        if (rt_base64_decode(search->arena,
                             rt_str_sub(run, 0, run.len / 4 * 4 == run.len ? run.len : run.len),
                             &bytes))
            look(search, bytes, depth - 1);
    }
}

static void look(Search *search, RtStr text, int depth)
{
    if (text.len < RT_MARK_LEN || search->work > WORK_LIMIT || search->count >= search->limit)
        return;
    search->work += text.len;
    if (scan(search, text) && depth < DEPTH)
        return; /* in the open: deeper copies add nothing */
    if (depth == 0 || rt_arena_left(search->arena) < text.len * 4 + (1 << 20))
        return;
    RtStr plain;
    if (text.len > 4 &&
        ((text.at[0] == 0x1f && text.at[1] == 0x8b) ||
         (text.at[0] == 0x78 && text.at[1] % 31 <= 30)) &&
        rt_inflate(search->arena, RT_INFLATE_ANY, text, 1 << 20, &plain))
        look(search, plain, depth - 1);
    if (rt_str_find_byte(text, '%') != RT_NOT_FOUND || rt_str_find_byte(text, '\\') != RT_NOT_FOUND)
        look(search, unescape(search, text), depth - 1);
    if (rt_str_has(text, RT_STR("113,55,120")) || rt_str_has(text, RT_STR("113, 55, 120")))
        look(search, from_codes(search, text), 0);
    look_in_runs(search, text, depth);
}

size_t rt_marks_find(RtArena *arena, RtStr text, uint32_t *ret_slots, size_t limit)
{
    Search search = { .arena = arena, .slots = ret_slots, .limit = limit };
    look(&search, rt_str_sub(text, 0, TEXT_LIMIT), DEPTH);
    return search.count;
}

bool rt_marks_first(RtStr text, uint32_t *ret_slot)
{
    for (size_t i = 0; i + RT_MARK_LEN <= text.len; i++) {
        int32_t slot = text.at[i] == 'q' || text.at[i] == 'Q' ? slot_at(text.at + i, 1) : -1;
        if (slot >= 0) {
            *ret_slot = (uint32_t)slot;
            return true;
        }
    }
    return false;
}

size_t rt_marks_weight(RtStr text)
{
    size_t weight = 0;
    for (size_t i = 0; i + RT_MARK_LEN <= text.len; i++) {
        if (text.at[i] == 'q' && slot_at(text.at + i, 1) >= 0) {
            weight += RT_MARK_LEN;
            i += RT_MARK_LEN - 1;
        }
    }
    return weight;
}

RtStr rt_marks_replace(RtArena *arena, RtStr text, RtStr (*name)(void *ctx, uint32_t slot),
                       void *ctx)
{
    uint32_t slot;
    if (!rt_marks_first(text, &slot))
        return text;
    RtText out = { .arena = arena };
    RtStr last = { 0 };
    size_t kept = 0;
    for (size_t i = 0; i < text.len;) {
        int32_t at = i + RT_MARK_LEN <= text.len && (text.at[i] | 0x20) == 'q'
                         ? slot_at(text.at + i, 1)
                         : -1;
        if (at < 0) {
            rt_text_byte(&out, text.at[i++]);
            kept = 1;
            continue;
        }
        RtStr word = name(ctx, (uint32_t)at);
        if (kept != 0 || !rt_str_equal(word, last))
            rt_text_add(&out, word);
        last = word;
        kept = 0;
        i += RT_MARK_LEN;
    }
    return rt_text_str(&out);
}
