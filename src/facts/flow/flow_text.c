/* flow_text.c - texts and bytes of the value flow.
 *
 * Appending in a loop is the decoder's favourite, so a text may own the tail of a buffer: whoever
 * appends to the newest text of a buffer writes behind it and shares the front. (Ropes were
 * dropped: a left-deep rope of a million pieces needs flattening with its own stack, and every
 * reader has to know of them.) Indexing counts UTF-16 units in JavaScript and runes in Python;
 * ASCII, nearly everything, needs no table. */
#include "facts/flow/flow_parts.h"

#include <string.h>

static bool is_ascii(RtStr str)
{
    size_t i = 0;
    uint64_t word;

    for (; i + 8 <= str.len; i += 8) {
        memcpy(&word, str.at + i, 8);
        if (word & 0x8080808080808080u)
            return false;
    }
    for (; i < str.len; i++)
        if (str.at[i] >= 0x80)
            return false;
    return true;
}

static RtValue make(RtRun *run, RtStr str, uint8_t kind, RtFlowBuffer *buffer, bool ascii)
{
    RtFlowText *text = RT_NEW(run->arena, RtFlowText);

    text->str = str;
    text->buffer = buffer;
    text->ascii = ascii;
    return (RtValue){ .kind = kind, .text = text };
}

RtValue rt_flow_text(RtRun *run, RtStr str)
{
    if (str.len == 1 && str.at[0] < 0x80) {
        RtFlowText **shared = &run->chars[str.at[0]];
        if (!*shared)
            *shared = make(run, rt_str_copy(run->arena, str), RT_V_TEXT, NULL, true).text;
        return (RtValue){ .kind = RT_V_TEXT, .text = *shared };
    }
    rt_flow_tick(run, str.len / 64);
    return make(run, str, RT_V_TEXT, NULL, is_ascii(str));
}

RtValue rt_flow_text_copy(RtRun *run, RtStr str)
{
    return rt_flow_text(run, str.len == 1 && str.at[0] < 0x80 ? str : rt_str_copy(run->arena, str));
}

RtValue rt_flow_bytes(RtRun *run, RtStr str) { return make(run, str, RT_V_BYTES, NULL, true); }

RtValue rt_flow_c(RtRun *run, const char *text) { return rt_flow_text(run, rt_str_from_c(text)); }

RtValue rt_flow_hole(RtRun *run)
{
    RtValue hole = make(run, RT_STR("\xEF\xBF\xBC"), RT_V_TEXT, NULL, false);

    hole.text->partial = true;
    return hole;
}

/* WTF-8: a high surrogate followed by a low one is one character of four bytes. */
static bool halves_meet(RtStr a, RtStr b)
{
    return a.len >= 3 && b.len >= 3 && a.at[a.len - 3] == 0xED && a.at[a.len - 2] >= 0xA0 &&
           a.at[a.len - 2] < 0xB0 && b.at[0] == 0xED && b.at[1] >= 0xB0;
}

static RtValue join_halves(RtRun *run, RtStr a, RtStr b)
{
    const uint32_t high =
        0xD000u | (uint32_t)(a.at[a.len - 2] & 0x3F) << 6 | (a.at[a.len - 1] & 0x3F);
    const uint32_t low = 0xD000u | (uint32_t)(b.at[1] & 0x3F) << 6 | (b.at[2] & 0x3F);
    RtText text = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };

    rt_text_add(&text, rt_str_sub(a, 0, a.len - 3));
    rt_text_rune(&text, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00));
    rt_text_add(&text, rt_str_from(b, 3));
    return make(run, rt_text_str(&text), RT_V_TEXT, NULL, false);
}

RtValue rt_flow_join(RtRun *run, RtValue a, RtValue b)
{
    const RtStr left = a.text->str, right = b.text->str;
    RtFlowBuffer *buffer = a.text->buffer;
    RtValue both;

    if (right.len == 0 || left.len == 0 || left.len + right.len > RT_FLOW_TEXT_LIMIT) {
        both = right.len == 0 || left.len != 0 ? a : b;
        both.from = rt_flow_unite(run, a.from, b.from);
        return both;
    }
    if (a.kind == RT_V_TEXT && halves_meet(left, right))
        return rt_flow_with(run, join_halves(run, left, right), rt_flow_unite(run, a.from, b.from));
    if (!buffer || left.at + left.len != buffer->at + buffer->used ||
        buffer->capacity - buffer->used < right.len) {
        const size_t need = left.len + right.len;
        const size_t capacity = need < 32 ? need + 16 : need * 2;
        rt_flow_tick(run, left.len / 64);
        buffer = RT_NEW(run->arena, RtFlowBuffer);
        buffer->at = rt_arena_bytes(run->arena, capacity);
        buffer->capacity = capacity;
        memcpy(buffer->at, left.at, left.len);
        buffer->used = left.len;
    }
    memcpy(buffer->at + buffer->used, right.at, right.len);
    buffer->used += right.len;
    rt_flow_tick(run, right.len / 64);
    both =
        make(run, (RtStr){ buffer->at + buffer->used - right.len - left.len, left.len + right.len },
             a.kind, buffer, a.text->ascii && b.text->ascii);
    both.text->partial = a.text->partial || b.text->partial;
    both.from = rt_flow_unite(run, a.from, b.from);
    return both;
}

/* Decodes one character, surrogates allowed; bytes that are no UTF-8 count as one character each.
 */
static size_t take_rune(RtStr str, size_t at, uint32_t *ret_rune)
{
    size_t len = rt_utf8_take(str, at, ret_rune);

    if (len > 0)
        return len;
    if (str.len - at >= 3 && str.at[at] == 0xED) {
        *ret_rune = 0xD000u | (uint32_t)(str.at[at + 1] & 0x3F) << 6 | (str.at[at + 2] & 0x3F);
        return 3;
    }
    *ret_rune = str.at[at];
    return 1;
}

static void count_units(RtRun *run, RtFlowText *text)
{
    const RtStr str = text->str;
    uint32_t *units;
    size_t count = 0, at = 0;
    uint32_t rune;

    units = RT_NEW_ARRAY(run->arena, uint32_t, str.len + 1);
    while (at < str.len) {
        at += take_rune(str, at, &rune);
        if (rune >= 0x10000 && !run->python) {
            units[count++] = 0xD800 + ((rune - 0x10000) >> 10);
            rune = 0xDC00 + ((rune - 0x10000) & 0x3FF);
        }
        units[count++] = rune;
    }
    rt_flow_tick(run, str.len / 4);
    text->units = units;
    text->unit_count = count;
    text->counted = true;
}

size_t rt_flow_units(RtRun *run, RtFlowText *text)
{
    if (text->ascii)
        return text->str.len;
    if (!text->counted)
        count_units(run, text);
    return text->unit_count;
}

uint32_t rt_flow_unit(RtRun *run, RtFlowText *text, size_t at)
{
    if (text->ascii)
        return at < text->str.len ? text->str.at[at] : 0;
    return at < rt_flow_units(run, text) ? text->units[at] : 0;
}

static void add_unit(RtText *out, uint32_t unit)
{
    if (unit < 0xD800 || unit > 0xDFFF) {
        rt_text_rune(out, unit);
        return;
    }
    rt_text_byte(out, 0xED);
    rt_text_byte(out, (uint8_t)(0x80 | ((unit >> 6) & 0x3F)));
    rt_text_byte(out, (uint8_t)(0x80 | (unit & 0x3F)));
}

RtValue rt_flow_from_units(RtRun *run, const uint32_t *units, size_t count)
{
    RtText out = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };
    RtValue value;

    for (size_t i = 0; i < count; i++) {
        uint32_t unit = units[i];
        if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < count && units[i + 1] >= 0xDC00 &&
            units[i + 1] <= 0xDFFF) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (units[i + 1] - 0xDC00);
            i++;
        }
        add_unit(&out, unit);
    }
    value = rt_flow_text(run, rt_text_str(&out));
    return value;
}

RtValue rt_flow_cut(RtRun *run, RtValue text, size_t from, size_t to)
{
    const size_t count = rt_flow_units(run, text.text);
    RtValue cut;

    to = to > count ? count : to;
    from = from > to ? to : from;
    if (from == 0 && to == count)
        return text;
    if (text.kind == RT_V_BYTES)
        cut = rt_flow_bytes(run, rt_str_sub(text.text->str, from, to - from));
    else if (text.text->ascii && to - from == 1)
        cut = rt_flow_text(run, rt_str_sub(text.text->str, from, 1));
    else if (text.text->ascii)
        cut = make(run, rt_str_sub(text.text->str, from, to - from), RT_V_TEXT, NULL, true);
    else
        cut = rt_flow_from_units(run, text.text->units + from, to - from);
    if (text.text->partial && rt_str_has(cut.text->str, RT_STR("\xEF\xBF\xBC")))
        cut.text->partial = true;
    cut.from = text.from;
    return cut;
}

RtStr rt_flow_str(RtValue value)
{
    if (value.kind != RT_V_TEXT && value.kind != RT_V_BYTES)
        return (RtStr){ 0 };
    return value.text->str;
}

bool rt_flow_is(RtValue value, const char *text)
{
    return value.kind == RT_V_TEXT && rt_str_equal(value.text->str, rt_str_from_c(text));
}
