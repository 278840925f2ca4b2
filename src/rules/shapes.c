/* shapes.c - what bytes look like where words do not help: runs of blanks that push code off the
 * screen, invisible characters, lists of numbers, escapes, base64, ids, long lines.
 *
 * A run of at least 24 bytes of one class holds a byte at a multiple of 24: only those are looked
 * at, and runs are measured from there, each once per class, so that the pass costs a fraction of a
 * nanosecond a byte. The same shapes as regular expressions (bounded repeats of classes) cost
 * Vectorscan a factor of ten in speed. */
#include "rules/shapes.h"

#include <string.h>

enum { STRIDE = 24, HALF = STRIDE / 2 };
enum { BLANK, BASE64, LETTERS_A_P, NUMBERS, ESCAPES, HIGH, CLASSES };
static const struct {
    uint32_t least; /* shortest run of interest */
} classes[CLASSES] = { [BLANK] = { 60 },    [BASE64] = { 24 },  [LETTERS_A_P] = { 32 },
                       [NUMBERS] = { 160 }, [ESCAPES] = { 40 }, [HIGH] = { 36 } };

static uint8_t class_bits(uint8_t byte)
{
    bool digit = byte >= '0' && byte <= '9';
    bool hex = digit || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
    bool alpha = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    bool space = byte == ' ' || byte == '\t';
    unsigned bits = 0;
    bits |= (unsigned)space << BLANK;
    bits |= (unsigned)(alpha || digit || byte == '+' || byte == '/') << BASE64;
    bits |= (unsigned)(byte >= 'a' && byte <= 'p') << LETTERS_A_P;
    bits |= (unsigned)(hex || space || byte == 'x' || byte == ',' || byte == '\n' || byte == '\r')
            << NUMBERS;
    bits |= (unsigned)(hex || byte == '\\' || byte == 'x' || byte == 'u') << ESCAPES;
    bits |= (unsigned)(byte >= 0x80) << HIGH;
    return (uint8_t)bits;
}

typedef struct {
    RtStr bytes;
    uint32_t asks;
    void (*found)(void *context, RtShape shape, uint64_t end);
    void *context;
    size_t line_known,
        line_head; /* of on_blanks: how far lines were followed, where the last one begins */
} Pass;

enum { REST_SEEN = 4096 };

static RtStr rest_of_line(RtStr bytes, size_t at)
{
    RtStr rest = rt_str_sub(bytes, at, REST_SEEN);
    size_t end = rt_str_find_byte(rest, '\n');
    return rt_str_sub(rest, 0, end == RT_NOT_FOUND ? rest.len : end);
}

/* The first byte of the line that holds `at` which is no blank. Runs come in order: only the bytes
 * since the last one are searched for a line break, so that a million runs in one line cost one
 * pass over it. */
static uint8_t head_of_line(Pass *pass, size_t at)
{
    RtStr since = rt_str_sub(pass->bytes, pass->line_known, at - pass->line_known);
    size_t newline = rt_str_rfind_byte(since, '\n');
    if (newline != RT_NOT_FOUND)
        pass->line_head = pass->line_known + newline + 1;
    while (pass->line_head < at &&
           (pass->bytes.at[pass->line_head] == ' ' || pass->bytes.at[pass->line_head] == '\t'))
        pass->line_head++;
    pass->line_known = at;
    return pass->bytes.at[pass->line_head];
}

static bool starts_code(RtStr rest)
{
    uint8_t first = rest.len ? rest.at[0] : 0;
    bool word = (first | 0x20) >= 'a' && (first | 0x20) <= 'z';
    return word || first == '_' || first == '$' || first == '(' || first == '[' || first == ';' ||
           first == '!' || first == '"' || first == '@' || first == '&' || first == '}' ||
           first == ',';
}

static bool has_act(RtStr rest)
{
    return rt_str_find_byte(rest, '(') != RT_NOT_FOUND ||
           rt_str_find_byte(rest, '=') != RT_NOT_FOUND ||
           rt_str_find_byte(rest, '"') != RT_NOT_FOUND || rt_str_starts(rest, RT_STR("import "));
}

/* Blanks inside a line that push what follows out of sight. Tables and comments are aligned by
 * fewer, and what follows there is no code. */
static void on_blanks(Pass *pass, size_t from, size_t end)
{
    RtStr rest = rest_of_line(pass->bytes, end);
    bool inside = from > 0 && pass->bytes.at[from - 1] != '\n' && pass->bytes.at[from - 1] != '\r';
    uint8_t head = head_of_line(pass, from);
    if (rest.len < 12 || !starts_code(rest) || !has_act(rest) || head == '*' || head == '#' ||
        head == '/' || head == '|')
        return;
    if (inside && end - from >= 60)
        pass->found(pass->context, RT_SHAPE_PAD_60, end);
    if (inside && end - from >= 100)
        pass->found(pass->context, RT_SHAPE_PAD_100, end);
    if (end - from >= 200 && (inside || rest.len >= 500))
        pass->found(pass->context, RT_SHAPE_PAD_200, end);
    if (inside || end - from >= 200)
        pass->asks |= RT_ASKS_HIDDEN;
}

static bool is_invisible(uint32_t rune)
{
    return (rune >= 0xfe00 && rune <= 0xfe0f) || (rune >= 0xe0000 && rune <= 0xe01ef) ||
           (rune >= 0x200b && rune <= 0x200f) || (rune >= 0x2060 && rune <= 0x2064) ||
           rune == 0x3164 || rune == 0xffa0 || rune == 0xfeff;
}

static void on_high(Pass *pass, size_t from, size_t end)
{
    uint32_t run = 0, rune = 0;
    for (size_t at = from; at < end;) {
        size_t len = rt_utf8_take(pass->bytes, at, &rune);
        run = len && is_invisible(rune) ? run + 1 : 0;
        at += len ? len : 1;
        if (run == 12)
            pass->asks |= RT_ASKS_HIDDEN;
        if (run == 16)
            pass->found(pass->context, RT_SHAPE_INVISIBLE, at);
    }
}

/* Plain letters written as \x61 or \u0061; what minifiers write so are letters beyond ASCII. */
static void on_escapes(Pass *pass, size_t from, size_t end)
{
    unsigned plain = 0;
    for (size_t at = from; at + 4 <= end; at++) {
        const uint8_t *bytes = pass->bytes.at + at;
        if (bytes[0] != '\\')
            continue;
        bool latin = bytes[1] == 'u' && at + 6 <= end && bytes[2] == '0' && bytes[3] == '0';
        uint8_t high = bytes[1] == 'x' ? bytes[2] : latin ? bytes[4] : '0';
        plain += high >= '2' && high <= '7';
    }
    if (plain < 10)
        return;
    pass->asks |= RT_ASKS_OBFUSCATED;
    pass->found(pass->context, RT_SHAPE_ESCAPES, end);
}

static void on_numbers(Pass *pass, size_t from, size_t end)
{
    unsigned commas = 0;
    for (size_t at = from; at < end; at++)
        commas += pass->bytes.at[at] == ',';
    if (commas * 6 < end - from || commas < 30)
        return;
    pass->asks |= RT_ASKS_DECODE;
    pass->found(pass->context, RT_SHAPE_NUMBERS, end);
}

/* Encoded bytes mix their symbols; the names and paths every program has in plenty do not. */
static bool is_mixed(RtStr run)
{
    unsigned upper = 0, lower = 0, digits = 0, hex = 0;
    RtStr head = rt_str_sub(run, 0, 64);
    for (size_t i = 0; i < head.len; i++) {
        uint8_t byte = head.at[i];
        upper += byte >= 'A' && byte <= 'Z';
        lower += byte >= 'a' && byte <= 'z';
        digits += byte >= '0' && byte <= '9';
        hex += (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');
    }
    size_t others = head.len - upper - lower - digits;
    if (hex == head.len || lower == 0 || upper == 0)
        return digits >= 2; /* a digest, a key; base32 */
    return upper >= 3 && others * 6 <= head.len && (digits >= 2 || head.len == 64);
}

static bool is_word(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 'a' && byte <= 'z') || byte == '_';
}

static void on_run(Pass *pass, unsigned class, size_t from, size_t end)
{
    RtStr bytes = pass->bytes;
    if (class == BLANK)
        on_blanks(pass, from, end);
    if (class == BASE64 && !(pass->asks & RT_ASKS_BLOB) &&
        (end - from >= 128 || is_mixed(rt_str_sub(bytes, from, end - from))))
        pass->asks |= RT_ASKS_BLOB;
    if (class == BASE64 && end - from >= 400)
        pass->found(pass->context, RT_SHAPE_BASE64, end);
    if (class == HIGH)
        on_high(pass, from, end);
    if (class == ESCAPES)
        on_escapes(pass, from, end);
    if (class == NUMBERS)
        on_numbers(pass, from, end);
    bool alone = (from == 0 || !is_word(bytes.at[from - 1])) &&
                 (end == bytes.len || !is_word(bytes.at[end]));
    if (class == LETTERS_A_P && end - from == 32 && alone) {
        pass->asks |= RT_ASKS_SECRET;
        pass->found(pass->context, RT_SHAPE_EXTENSION_ID, end);
    }
}

static void find_long_lines(Pass *pass)
{
    size_t at = 0, lines = 0, last_long = 0, last_end = 0;
    while (at < pass->bytes.len) {
        const uint8_t *newline = memchr(pass->bytes.at + at, '\n', pass->bytes.len - at);
        size_t end = newline ? (size_t)(newline - pass->bytes.at) : pass->bytes.len;
        lines++;
        if (end - at >= 1024)
            pass->asks |= RT_ASKS_LONG;
        if (end - at >= 2000) {
            last_long = lines;
            last_end = at + 1;
        }
        at = end + 1;
    }
    /* One of the last three lines of a file that is otherwise written for people. */
    if (last_long && lines >= 8 && lines - last_long < 3 && last_end / (lines - 1) < 120)
        pass->found(pass->context, RT_SHAPE_TAIL_LINE, last_end);
}

RtShapeTable rt_shape_table(void)
{
    RtShapeTable table = { 0 };
    for (unsigned i = 0; i < 256; i++)
        table.bits[i] = class_bits((uint8_t)i);
    return table;
}

/* The classes a run of 24 bytes through `at` may belong to: it must reach 12 bytes to one side, and
 * passes the bytes between. Ordinary text is turned away here. */
static unsigned likely_bits(const uint8_t *table, RtStr bytes, size_t at)
{
    const uint8_t *byte = bytes.at + at;
    unsigned here = table[byte[0]], right = 0, left = 0;
    if (at + HALF < bytes.len)
        right = table[byte[3]] & table[byte[6]] & table[byte[9]] & table[byte[HALF]];
    if (at >= HALF)
        left = table[byte[-3]] & table[byte[-6]] & table[byte[-9]] & table[byte[-HALF]];
    return here & (left | right);
}

uint32_t rt_shapes_find(const RtShapeTable *shapes, RtStr bytes,
                        void (*found)(void *context, RtShape shape, uint64_t end), void *context)
{
    const uint8_t *table = shapes->bits;
    size_t done[CLASSES] = { 0 };
    Pass pass = { .bytes = bytes, .found = found, .context = context };
    for (size_t i = STRIDE - 1; i < bytes.len; i += STRIDE) {
        for (unsigned bits = likely_bits(table, bytes, i); bits; bits &= bits - 1) {
            unsigned class = (unsigned)__builtin_ctz(bits);
            size_t from = i, end = i + 1;
            if (i < done[class])
                continue;
            while (from > done[class] && (table[bytes.at[from - 1]] >> class & 1))
                from--;
            while (end < bytes.len && (table[bytes.at[end]] >> class & 1))
                end++;
            done[class] = end;
            if (end - from >= classes[class].least)
                on_run(&pass, class, from, end);
        }
    }
    find_long_lines(&pass);
    return pass.asks;
}

RtStr rt_shape_name(RtShape shape)
{
    static const char *const names[] = {
        [RT_SHAPE_NONE] = "",
        [RT_SHAPE_PAD_60] = "pad-60",
        [RT_SHAPE_PAD_100] = "pad-100",
        [RT_SHAPE_PAD_200] = "pad-200",
        [RT_SHAPE_INVISIBLE] = "invisible",
        [RT_SHAPE_ESCAPES] = "escapes",
        [RT_SHAPE_NUMBERS] = "numbers",
        [RT_SHAPE_BASE64] = "base64-400",
        [RT_SHAPE_EXTENSION_ID] = "extension-id",
        [RT_SHAPE_TAIL_LINE] = "tail-line",
    };
    return rt_str_from_c(names[shape]);
}
