/* python_literal.c - strings, numbers and names of Python as values. A literal without escapes is a
 * view of the source, so that the megabyte of base64 in a set-up file costs nothing here. */
#include "facts/languages/python_tree.h"

#include <math.h>
#include <string.h>

typedef struct {
    bool is_bytes, is_raw, is_format;
} Prefix;

static Prefix read_prefix(RtStr start)
{
    Prefix prefix = { 0 };
    for (size_t i = 0; i < start.len; i++) {
        uint8_t letter = start.at[i] | 0x20;
        prefix.is_bytes |= letter == 'b';
        prefix.is_raw |= letter == 'r';
        prefix.is_format |= letter == 'f' || letter == 't';
    }
    return prefix;
}

static uint32_t digit_of(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10u : 99;
}

/* Reads at most `most` digits; returns how many there were. */
static size_t read_digits(RtStr text, size_t at, size_t most, uint32_t base, uint32_t *ret_value)
{
    size_t count = 0;
    uint32_t value = 0;
    while (count < most && at + count < text.len && digit_of(text.at[at + count]) < base) {
        value = value * base + digit_of(text.at[at + count]);
        count++;
    }
    *ret_value = value;
    return count;
}

static void add_char(RtText *out, uint32_t value, bool is_bytes)
{
    if (is_bytes)
        rt_text_byte(out, (uint8_t)value);
    else
        rt_text_rune(out, value);
}

/* Decodes the escape whose backslash is at `at`; returns its length. (Reference manual 2.4.1.) */
static size_t decode_escape(RtText *out, RtStr text, size_t at, bool is_bytes)
{
    static const char plain[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v";
    uint8_t letter = at + 1 < text.len ? text.at[at + 1] : 0;
    uint32_t value;
    size_t wide = letter == 'x' ? 2 : is_bytes ? 0 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (letter == '\n')
        return 2;
    if (letter == '\r')
        return at + 2 < text.len && text.at[at + 2] == '\n' ? 3 : 2;
    for (size_t i = 0; letter && i + 1 < sizeof plain - 1; i += 2) {
        if (letter == (uint8_t)plain[i]) {
            rt_text_byte(out, (uint8_t)plain[i + 1]);
            return 2;
        }
    }
    if (wide && read_digits(text, at + 2, wide, 16, &value) == wide) {
        add_char(out, value, is_bytes);
        return 2 + wide;
    }
    size_t octal = read_digits(text, at + 1, 3, 8, &value);
    if (octal) {
        add_char(out, value, is_bytes);
        return 1 + octal;
    }
    rt_text_byte(out, '\\');
    return 1;
}

static RtStr decode_text(RtPythonLower *lower, RtStr text, Prefix prefix)
{
    bool has_escape = !prefix.is_raw && text.len && memchr(text.at, '\\', text.len);
    bool has_brace = prefix.is_format && text.len &&
                     (memchr(text.at, '{', text.len) || memchr(text.at, '}', text.len));
    if (!has_escape && !has_brace)
        return text;
    RtText out = { .arena = lower->arena };
    for (size_t i = 0; i < text.len;) {
        uint8_t byte = text.at[i];
        if (byte == '\\' && has_escape) {
            i += decode_escape(&out, text, i, prefix.is_bytes);
        } else {
            bool doubled = has_brace && (byte == '{' || byte == '}') && i + 1 < text.len &&
                           text.at[i + 1] == byte;
            rt_text_byte(&out, byte);
            i += doubled ? 2 : 1;
        }
    }
    return rt_text_str(&out);
}

/* `{expression!r:format}`: with a format it is what the builtin format() would give. */
static const RtNode *lower_interpolation(RtPythonLower *lower, uint32_t at)
{
    const RtNode *value = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_EXPRESSION));
    uint32_t format = rt_syntax_find(lower->syntax, at, RT_PK_FORMAT);
    if (!format)
        return value;
    RtNodeList list = rt_py_list(lower);
    rt_node_list_add(&list, rt_py_text(lower, RT_N_NAME, 0, RT_STR("format")));
    rt_node_list_add(&list, value);
    rt_node_list_add(
        &list, rt_py_text(lower, RT_N_STRING, format, rt_str_from(rt_py_source(lower, format), 1)));
    return rt_py_node(lower, RT_N_CALL, at, &list);
}

/* Adds the parts of one string token to `parts`; text next to text is joined by the caller. */
static Prefix lower_parts(RtPythonLower *lower, uint32_t at, RtNodeList *parts)
{
    uint32_t start = rt_syntax_find(lower->syntax, at, RT_PK_STRING_START);
    uint32_t end = rt_syntax_find(lower->syntax, at, RT_PK_STRING_END);
    Prefix prefix = read_prefix(start ? rt_py_source(lower, start) : (RtStr){ 0 });
    RtNodeKind kind = prefix.is_bytes ? RT_N_BYTES : RT_N_STRING;
    if (!prefix.is_format) {
        uint32_t from = start ? rt_py_at(lower, start)->to : rt_py_at(lower, at)->from;
        uint32_t to = end && rt_py_at(lower, end)->from >= from ? rt_py_at(lower, end)->from
                                                                : rt_py_at(lower, at)->to;
        RtStr text = rt_str_sub(lower->source, from, to > from ? to - from : 0);
        rt_node_list_add(parts, rt_py_text(lower, kind, at, decode_text(lower, text, prefix)));
        return prefix;
    }
    for (uint32_t kid = rt_py_at(lower, at)->kid; kid; kid = rt_py_at(lower, kid)->next) {
        if (rt_py_at(lower, kid)->kind == RT_PK_STRING_CONTENT)
            rt_node_list_add(
                parts,
                rt_py_text(lower, kind, kid, decode_text(lower, rt_py_source(lower, kid), prefix)));
        else if (rt_py_at(lower, kid)->kind == RT_PK_INTERPOLATION)
            rt_node_list_add(parts, lower_interpolation(lower, kid));
    }
    return prefix;
}

/* All parts plain text: one literal. */
static const RtNode *join_parts(RtPythonLower *lower, uint32_t at, const RtNodeList *parts,
                                bool is_bytes)
{
    RtNodeKind kind = is_bytes ? RT_N_BYTES : RT_N_STRING;
    if (parts->count == 1)
        return rt_py_text(lower, kind, at, parts->items[0]->text);
    RtText out = { .arena = lower->arena };
    for (size_t i = 0; i < parts->count; i++)
        rt_text_add(&out, parts->items[i]->text);
    return rt_py_text(lower, kind, at, rt_text_str(&out));
}

const RtNode *rt_py_string(RtPythonLower *lower, uint32_t at)
{
    RtNodeList parts = rt_py_list(lower);
    bool is_bytes = false;
    if (rt_py_at(lower, at)->kind == RT_PK_STRINGS) {
        for (uint32_t kid = rt_py_at(lower, at)->kid; kid; kid = rt_py_at(lower, kid)->next) {
            if (rt_py_at(lower, kid)->kind == RT_PK_STRING)
                is_bytes |= lower_parts(lower, kid, &parts).is_bytes;
        }
    } else {
        is_bytes = lower_parts(lower, at, &parts).is_bytes;
    }
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.items[i]->kind != RT_N_STRING && parts.items[i]->kind != RT_N_BYTES)
            return rt_py_node(lower, RT_N_TEMPLATE, at, &parts);
    }
    return join_parts(lower, at, &parts, is_bytes);
}

const RtNode *rt_py_number(RtPythonLower *lower, uint32_t at)
{
    RtStr text = rt_py_source(lower, at);
    double value = 0;
    uint8_t second = text.len > 1 ? text.at[1] | 0x20 : 0;
    bool based =
        text.len > 1 && text.at[0] == '0' && (second == 'x' || second == 'o' || second == 'b');
    bool is_float = rt_py_at(lower, at)->kind == RT_PK_FLOAT;
    if (is_float && text.len < 64) {
        char digits[64];
        size_t len = 0;
        for (size_t i = 0; i < text.len; i++) {
            if (text.at[i] != '_')
                digits[len++] = (char)text.at[i];
        }
        digits[len] = 0;
        value = strtod(digits, NULL);
    } else {
        double base = second == 'x' ? 16 : second == 'o' ? 8 : second == 'b' && based ? 2 : 10;
        base = based ? base : text.len > 1 && text.at[0] == '0' ? 8 : 10; /* 0777: Python 2 */
        for (size_t i = based ? 2 : 0; i < text.len; i++) {
            uint32_t digit = digit_of(text.at[i]);
            if (digit < base)
                value = value * base + digit;
        }
    }
    uint32_t len = (uint32_t)text.len;
    return rt_node_number(lower->arena, RT_N_NUMBER, rt_py_at(lower, at)->from, len, value);
}

/* One character of a name as NFKC would have it: Unicode's look-alikes of ASCII letters and digits,
 * or itself. */
static uint32_t normal_rune(uint32_t rune)
{
    static const struct {
        uint16_t rune;
        char letter;
    } single[] = {
        { 0x2102, 'C' }, { 0x210A, 'g' }, { 0x210B, 'H' }, { 0x210C, 'H' }, { 0x210D, 'H' },
        { 0x210E, 'h' }, { 0x2110, 'I' }, { 0x2111, 'I' }, { 0x2112, 'L' }, { 0x2113, 'l' },
        { 0x2115, 'N' }, { 0x2119, 'P' }, { 0x211A, 'Q' }, { 0x211B, 'R' }, { 0x211C, 'R' },
        { 0x211D, 'R' }, { 0x2124, 'Z' }, { 0x2128, 'Z' }, { 0x212C, 'B' }, { 0x212D, 'C' },
        { 0x212F, 'e' }, { 0x2130, 'E' }, { 0x2131, 'F' }, { 0x2133, 'M' }, { 0x2134, 'o' },
        { 0x2071, 'i' }, { 0x207F, 'n' }, { 0x1D62, 'i' }, { 0x1D63, 'r' }, { 0x1D64, 'u' },
        { 0x1D65, 'v' }, { 0x2090, 'a' }, { 0x2091, 'e' }, { 0x2092, 'o' }, { 0x2093, 'x' },
        { 0x2095, 'h' }, { 0x2096, 'k' }, { 0x2097, 'l' }, { 0x2098, 'm' }, { 0x2099, 'n' },
        { 0x209A, 'p' }, { 0x209B, 's' }, { 0x209C, 't' }, { 0x017F, 's' }, { 0x00AA, 'a' },
        { 0x00BA, 'o' }, { 0x02B0, 'h' }, { 0x02B2, 'j' }, { 0x02B3, 'r' }, { 0x02B7, 'w' },
        { 0x02B8, 'y' }, { 0x02E1, 'l' }, { 0x02E2, 's' }, { 0x02E3, 'x' }
    };
    if (rune >= 0x1D400 && rune <= 0x1D6A3) {
        uint32_t letter = (rune - 0x1D400) % 52;
        return letter < 26 ? 'A' + letter : 'a' + letter - 26;
    }
    if (rune >= 0x1D7CE && rune <= 0x1D7FF)
        return '0' + (rune - 0x1D7CE) % 10;
    if (rune >= 0xFF10 && rune <= 0xFF5A)
        return rune - 0xFF00 + 0x20;
    for (size_t i = 0; i < RT_COUNT(single); i++) {
        if (single[i].rune == rune)
            return (uint32_t)single[i].letter;
    }
    return rune;
}

RtStr rt_python_normal_name(RtArena *arena, RtStr name)
{
    bool plain = true;
    for (size_t i = 0; i < name.len && plain; i++)
        plain = name.at[i] < 0x80;
    if (plain)
        return name;
    RtText out = { .arena = arena };
    for (size_t i = 0; i < name.len;) {
        uint32_t rune;
        size_t len = rt_utf8_take(name, i, &rune);
        if (len)
            rt_text_rune(&out, normal_rune(rune));
        else
            rt_text_byte(&out, name.at[i]);
        i += len ? len : 1;
    }
    return rt_text_str(&out);
}
