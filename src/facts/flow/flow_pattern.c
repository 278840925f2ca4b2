/* flow_pattern.c - a backtracking matcher with its own stack and a step budget. Patterns become a
 * short program (as in Pike and Thompson's matchers: char, class, split, save); counted repeats are
 * written out. */
#include "facts/flow/flow_pattern.h"

#include <string.h>

enum { CODE_LIMIT = 4000, DEPTH_LIMIT = 32, STACK_LIMIT = 100000, REPEAT_LIMIT = 256 };

typedef enum {
    DO_CHAR,
    DO_ANY,
    DO_CLASS,
    DO_SPLIT,
    DO_JUMP,
    DO_SAVE,
    DO_START,
    DO_END,
    DO_EDGE,
    DO_NO_EDGE,
    DO_MATCH
} Do;

typedef struct {
    uint8_t bits[32]; /* bytes below 0x80, and all of 0x80.. when `high` */
    bool high;
} Class;

typedef struct {
    uint8_t kind, byte;
    uint16_t class_at;
    uint32_t a, b; /* SPLIT: preferred, other; JUMP: a; SAVE: a */
} Step;

struct RtPattern {
    Step *steps;
    size_t count, capacity;
    Class *classes;
    size_t class_count, class_capacity;
    size_t groups;
    bool nocase, dot_all, multiline;
};

typedef struct {
    RtArena *arena;
    RtPattern *out;
    RtStr text;
    size_t at;
    unsigned depth;
    bool failed;
} Parser;

static size_t add(Parser *parser, Step step)
{
    if (parser->out->count >= CODE_LIMIT) {
        parser->failed = true;
        return 0;
    }
    RT_PUSH(parser->arena, parser->out->steps, parser->out->count, parser->out->capacity) = step;
    return parser->out->count - 1;
}

static bool more(const Parser *parser) { return parser->at < parser->text.len && !parser->failed; }
static uint8_t peek(const Parser *parser) { return more(parser) ? parser->text.at[parser->at] : 0; }

static void set_bit(Class *class, unsigned c) { class->bits[c >> 3] |= (uint8_t)(1u << (c & 7)); }

static void set_range(Class *class, unsigned from, unsigned to)
{
    for (unsigned c = from; c <= to && c < 0x80; c++)
        set_bit(class, c);
    if (to >= 0x80)
        class->high = true;
}

static void invert(Class *class)
{
    for (size_t i = 0; i < 16; i++)
        class->bits[i] = (uint8_t) ~class->bits[i];
    class->high = !class->high;
}

/* \d \w \s and their opposites; false: no class letter. */
static bool class_letter(Class *class, uint8_t letter)
{
    Class own = { 0 };

    switch (letter | 0x20) {
    case 'd':
        set_range(&own, '0', '9');
        break;
    case 'w':
        set_range(&own, '0', '9');
        set_range(&own, 'a', 'z');
        set_range(&own, 'A', 'Z');
        set_bit(&own, '_');
        break;
    case 's':
        set_range(&own, 9, 13);
        set_bit(&own, ' ');
        break;
    default:
        return false;
    }
    if (letter < 'a')
        invert(&own);
    for (size_t i = 0; i < 32; i++)
        class->bits[i] |= own.bits[i];
    class->high |= own.high;
    return true;
}

static unsigned hex_value(Parser *parser, unsigned digits)
{
    unsigned value = 0;

    for (unsigned i = 0; i < digits && more(parser); i++, parser->at++) {
        const uint8_t c = peek(parser);
        const unsigned digit = c >= '0' && c <= '9' ? c - '0' + 0u : ((c | 0x20) - 'a') + 10u;
        if (digit > 15) {
            parser->failed = true;
            return 0;
        }
        value = value * 16 + digit;
    }
    return value;
}

/* The character after a backslash, `at` behind it. */
static unsigned escaped(Parser *parser)
{
    const uint8_t c = peek(parser);

    parser->at++;
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    case '0':
        return 0;
    case 'x':
        return hex_value(parser, 2);
    case 'u':
        return hex_value(parser, 4);
    default:
        if (c >= '1' && c <= '9')
            parser->failed = true; /* a back-reference */
        return c;
    }
}

static unsigned take_char(Parser *parser)
{
    uint32_t rune;
    const size_t len = rt_utf8_take(parser->text, parser->at, &rune);

    if (len == 0) {
        parser->failed = true;
        return 0;
    }
    parser->at += len;
    return rune;
}

static void add_class(Parser *parser, const Class *class)
{
    RtPattern *out = parser->out;

    if (out->class_count >= 512) {
        parser->failed = true;
        return;
    }
    RT_PUSH(parser->arena, out->classes, out->class_count, out->class_capacity) = *class;
    if (out->nocase) {
        Class *own = &out->classes[out->class_count - 1];
        for (unsigned c = 'a'; c <= 'z'; c++) {
            const bool any = (own->bits[c >> 3] >> (c & 7) & 1) ||
                             (own->bits[(c - 32) >> 3] >> ((c - 32) & 7) & 1);
            if (any) {
                set_bit(own, c);
                set_bit(own, c - 32);
            }
        }
    }
    add(parser, (Step){ .kind = DO_CLASS, .class_at = (uint16_t)(out->class_count - 1) });
}

static void parse_class(Parser *parser)
{
    Class class = { 0 };
    bool negated = false;

    if (peek(parser) == '^') {
        negated = true;
        parser->at++;
    }
    while (more(parser) && (peek(parser) != ']')) {
        unsigned from, to;
        if (peek(parser) == '\\') {
            parser->at++;
            if (class_letter(&class, peek(parser))) {
                parser->at++;
                continue;
            }
            from = escaped(parser);
        } else {
            from = take_char(parser);
        }
        to = from;
        if (peek(parser) == '-' && parser->at + 1 < parser->text.len &&
            parser->text.at[parser->at + 1] != ']') {
            parser->at++;
            if (peek(parser) == '\\') {
                parser->at++;
                to = escaped(parser);
            } else {
                to = take_char(parser);
            }
        }
        set_range(&class, from, to);
        if (from >= 0x80)
            class.high = true;
    }
    if (!more(parser))
        parser->failed = true;
    parser->at++;
    if (negated)
        invert(&class);
    add_class(parser, &class);
}

static void add_char(Parser *parser, unsigned rune)
{
    uint8_t bytes[4];
    RtText text = {
        .at = bytes, .capacity = sizeof bytes, .limit = sizeof bytes, .arena = parser->arena
    };

    if (rune < 0x80) {
        add(parser, (Step){ .kind = DO_CHAR, .byte = (uint8_t)rune });
        return;
    }
    rt_text_rune(&text, rune);
    for (size_t i = 0; i < text.len; i++)
        add(parser, (Step){ .kind = DO_CHAR, .byte = text.at[i] });
}

static void parse_alternatives(Parser *parser);

static void parse_group(Parser *parser)
{
    size_t group = 0;

    if (peek(parser) == '?') {
        const uint8_t next =
            parser->at + 1 < parser->text.len ? parser->text.at[parser->at + 1] : 0;
        const RtStr rest = rt_str_from(parser->text, parser->at);
        if (next == ':') {
            parser->at += 2;
        } else if (rt_str_starts(rest, RT_STR("?P<")) ||
                   (next == '<' && rest.len > 2 && rest.at[2] != '=' && rest.at[2] != '!')) {
            while (more(parser) && peek(parser) != '>')
                parser->at++;
            parser->at++;
            group = ++parser->out->groups;
        } else {
            parser->failed = true; /* look-around */
            return;
        }
    } else {
        group = ++parser->out->groups;
    }
    if (group > 0 && group < RT_PATTERN_GROUPS)
        add(parser, (Step){ .kind = DO_SAVE, .a = (uint32_t)group * 2 });
    parse_alternatives(parser);
    if (group > 0 && group < RT_PATTERN_GROUPS)
        add(parser, (Step){ .kind = DO_SAVE, .a = (uint32_t)group * 2 + 1 });
    if (peek(parser) != ')')
        parser->failed = true;
    parser->at++;
}

static void parse_escape(Parser *parser)
{
    Class class = { 0 };
    const uint8_t c = peek(parser);

    if (c == 'b' || c == 'B') {
        parser->at++;
        add(parser, (Step){ .kind = c == 'b' ? DO_EDGE : DO_NO_EDGE });
    } else if (class_letter(&class, c)) {
        parser->at++;
        add_class(parser, &class);
    } else {
        add_char(parser, escaped(parser));
    }
}

static void parse_atom(Parser *parser)
{
    const uint8_t c = peek(parser);

    if (c == '[') {
        parser->at++;
        parse_class(parser);
    } else if (c == '(') {
        parser->at++;
        parse_group(parser);
    } else if (c == '\\') {
        parser->at++;
        parse_escape(parser);
    } else if (c == '.') {
        parser->at++;
        add(parser, (Step){ .kind = DO_ANY });
    } else if (c == '^' || c == '$') {
        parser->at++;
        add(parser, (Step){ .kind = c == '^' ? DO_START : DO_END });
    } else {
        add_char(parser, take_char(parser));
    }
}

static bool parse_counts(Parser *parser, unsigned *ret_least, unsigned *ret_most)
{
    size_t at = parser->at + 1;
    unsigned numbers[2] = { 0, 0 };
    unsigned which = 0;
    bool any[2] = { false, false };

    for (; at < parser->text.len && parser->text.at[at] != '}'; at++) {
        const uint8_t c = parser->text.at[at];
        if (c == ',' && which == 0) {
            which = 1;
        } else if (c >= '0' && c <= '9' && numbers[which] < 100000) {
            numbers[which] = numbers[which] * 10 + (c - '0' + 0u);
            any[which] = true;
        } else {
            return false;
        }
    }
    if (at >= parser->text.len || !any[0])
        return false;
    parser->at = at + 1;
    *ret_least = numbers[0];
    *ret_most = which == 0 ? numbers[0] : any[1] ? numbers[1] : UINT32_MAX;
    return true;
}

/* Copies the steps [from, to) to the end; jumps inside move along. */
static void repeat_code(Parser *parser, size_t from, size_t to)
{
    const size_t shift = parser->out->count - from;

    for (size_t i = from; i < to && !parser->failed; i++) {
        Step step = parser->out->steps[i];
        if (step.kind == DO_SPLIT || step.kind == DO_JUMP) {
            step.a += (uint32_t)shift;
            step.b += (uint32_t)shift;
        }
        add(parser, step);
    }
}

static void insert_split(Parser *parser, size_t at)
{
    RtPattern *out = parser->out;

    add(parser, (Step){ 0 });
    if (parser->failed)
        return;
    memmove(out->steps + at + 1, out->steps + at, (out->count - at - 1) * sizeof *out->steps);
    for (size_t i = at + 1; i < out->count; i++)
        if (out->steps[i].kind == DO_SPLIT || out->steps[i].kind == DO_JUMP) {
            out->steps[i].a += out->steps[i].a >= at;
            out->steps[i].b += out->steps[i].b >= at;
        }
    out->steps[at] = (Step){ .kind = DO_SPLIT };
}

static void set_split(Parser *parser, size_t at, size_t into, size_t past, bool lazy)
{
    if (parser->failed)
        return;
    parser->out->steps[at].a = (uint32_t)(lazy ? past : into);
    parser->out->steps[at].b = (uint32_t)(lazy ? into : past);
}

/* x{least,most} with the code of x at [from, count). */
static void repeat(Parser *parser, size_t from, unsigned least, unsigned most, bool lazy)
{
    const size_t to = parser->out->count;

    if (least > REPEAT_LIMIT || (most != UINT32_MAX && most > REPEAT_LIMIT)) {
        parser->failed = true;
        return;
    }
    if (least == 0 && (most == UINT32_MAX || most == 1)) {
        insert_split(parser, from);
        if (most == UINT32_MAX)
            add(parser, (Step){ .kind = DO_JUMP, .a = (uint32_t)from });
        set_split(parser, from, from + 1, parser->out->count, lazy);
        return;
    }
    if (least == 0) {
        parser->failed = true; /* x{0,5}: rare, and not worth a special case */
        return;
    }
    for (unsigned i = 1; i < least; i++)
        repeat_code(parser, from, to);
    if (most == UINT32_MAX) {
        const size_t last = parser->out->count - (to - from);
        const size_t split = add(parser, (Step){ .kind = DO_SPLIT });
        set_split(parser, split, last, split + 1, lazy);
        return;
    }
    for (unsigned i = least; i < most; i++) {
        const size_t split = add(parser, (Step){ .kind = DO_SPLIT });
        repeat_code(parser, from, to);
        set_split(parser, split, split + 1, parser->out->count, lazy);
    }
}

static void parse_repeats(Parser *parser, size_t from)
{
    unsigned least = 0, most = UINT32_MAX;
    const uint8_t c = peek(parser);
    bool lazy = false;

    if (c == '*' || c == '+' || c == '?') {
        least = c == '+';
        most = c == '?' ? 1 : UINT32_MAX;
        parser->at++;
    } else if (c != '{' || !parse_counts(parser, &least, &most)) {
        return;
    }
    if (peek(parser) == '?') {
        lazy = true;
        parser->at++;
    }
    repeat(parser, from, least, most, lazy);
}

static void parse_alternatives(Parser *parser)
{
    size_t from = parser->out->count;
    size_t jumps[64];
    size_t jump_count = 0;

    if (++parser->depth > DEPTH_LIMIT) {
        parser->failed = true;
        return;
    }
    while (more(parser) && peek(parser) != ')') {
        if (peek(parser) == '|') {
            parser->at++;
            insert_split(parser, from);
            if (jump_count < RT_COUNT(jumps))
                jumps[jump_count++] = add(parser, (Step){ .kind = DO_JUMP });
            else
                parser->failed = true;
            set_split(parser, from, from + 1, parser->out->count, false);
            from = parser->out->count;
            continue;
        }
        const size_t atom = parser->out->count;
        parse_atom(parser);
        parse_repeats(parser, atom);
    }
    for (size_t i = 0; i < jump_count && !parser->failed; i++)
        parser->out->steps[jumps[i]].a = (uint32_t)parser->out->count;
    parser->depth--;
}

const RtPattern *rt_pattern_compile(RtArena *arena, RtStr pattern, RtStr flags)
{
    RtPattern *out = RT_NEW(arena, RtPattern);
    Parser parser = { .arena = arena, .out = out, .text = pattern };

    out->nocase = rt_str_find_byte(flags, 'i') != RT_NOT_FOUND;
    out->dot_all = rt_str_find_byte(flags, 's') != RT_NOT_FOUND;
    out->multiline = rt_str_find_byte(flags, 'm') != RT_NOT_FOUND;
    parse_alternatives(&parser);
    if (parser.failed || parser.at < pattern.len)
        return NULL;
    add(&parser, (Step){ .kind = DO_MATCH });
    return parser.failed ? NULL : out;
}

typedef struct {
    uint32_t step, slot; /* slot UINT32_MAX: a place to go on; else a save to undo */
    size_t at;
} Frame;

typedef struct {
    const RtPattern *pattern;
    RtArena *arena;
    RtStr text;
    Frame *stack;
    size_t count, capacity;
    size_t saved[RT_PATTERN_GROUPS * 2];
} Matcher;

static uint8_t fold(uint8_t c) { return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c; }

static bool is_word_at(RtStr text, size_t at)
{
    const uint8_t c = at < text.len ? text.at[at] : ' ';

    return (c >= '0' && c <= '9') || (fold(c) >= 'a' && fold(c) <= 'z') || c == '_';
}

static size_t char_len(RtStr text, size_t at)
{
    uint32_t rune;
    const size_t len = rt_utf8_take(text, at, &rune);

    return len ? len : 1;
}

/* Does the step at the place; false: it fails here. */
static bool one(const Matcher *matcher, const Step *step, size_t *at)
{
    const RtStr text = matcher->text;
    const RtPattern *pattern = matcher->pattern;
    const uint8_t c = *at < text.len ? text.at[*at] : 0;
    bool edge;

    switch ((Do)step->kind) {
    case DO_CHAR:
        if (*at >= text.len ||
            !(c == step->byte || (pattern->nocase && fold(c) == fold(step->byte))))
            return false;
        ++*at;
        return true;
    case DO_ANY:
        if (*at >= text.len || (c == '\n' && !pattern->dot_all))
            return false;
        *at += char_len(text, *at);
        return true;
    case DO_CLASS: {
        const Class *class = &pattern->classes[step->class_at];
        if (*at >= text.len || !(c < 0x80 ? class->bits[c >> 3] >> (c & 7) & 1 : class->high))
            return false;
        *at += char_len(text, *at);
        return true;
    }
    case DO_START:
        return *at == 0 || (pattern->multiline && text.at[*at - 1] == '\n');
    case DO_END:
        return *at == text.len || (pattern->multiline && c == '\n');
    case DO_EDGE:
    case DO_NO_EDGE:
        edge = (*at > 0 && is_word_at(text, *at - 1)) != is_word_at(text, *at);
        return edge == (step->kind == DO_EDGE);
    case DO_SPLIT:
    case DO_JUMP:
    case DO_SAVE:
    case DO_MATCH:
        return true;
    }
    return false;
}

static bool push(Matcher *matcher, Frame frame)
{
    if (matcher->count >= STACK_LIMIT)
        return false;
    RT_PUSH(matcher->arena, matcher->stack, matcher->count, matcher->capacity) = frame;
    return true;
}

static bool match_at(Matcher *matcher, size_t at, uint64_t *budget, size_t *ret_end)
{
    uint32_t pc = 0;

    matcher->count = 0;
    for (;;) {
        const Step *step = &matcher->pattern->steps[pc];
        bool fine = true;
        if (*budget == 0)
            return false;
        --*budget;
        if (step->kind == DO_MATCH) {
            *ret_end = at;
            return true;
        }
        if (step->kind == DO_SPLIT) {
            fine = push(matcher, (Frame){ .step = step->b, .slot = UINT32_MAX, .at = at });
            pc = step->a;
        } else if (step->kind == DO_JUMP) {
            pc = step->a;
        } else if (step->kind == DO_SAVE) {
            fine = push(matcher, (Frame){ .slot = step->a, .at = matcher->saved[step->a] });
            matcher->saved[step->a] = at;
            pc++;
        } else {
            fine = one(matcher, step, &at);
            pc++;
        }
        while (!fine) {
            Frame frame;
            if (matcher->count == 0)
                return false;
            frame = matcher->stack[--matcher->count];
            if (frame.slot != UINT32_MAX) {
                matcher->saved[frame.slot] = frame.at;
                continue;
            }
            pc = frame.step;
            at = frame.at;
            fine = true;
        }
    }
}

bool rt_pattern_find(const RtPattern *pattern, RtArena *arena, RtStr text, size_t from,
                     bool anchored, uint64_t *budget, RtPatternMatch *ret_match)
{
    Matcher matcher = { .pattern = pattern, .arena = arena, .text = text };
    size_t end = 0;

    for (size_t start = from; start <= text.len && *budget > 0; start++) {
        for (size_t i = 0; i < RT_COUNT(matcher.saved); i++)
            matcher.saved[i] = RT_NOT_FOUND;
        if (match_at(&matcher, start, budget, &end)) {
            ret_match->groups =
                pattern->groups + 1 < RT_PATTERN_GROUPS ? pattern->groups + 1 : RT_PATTERN_GROUPS;
            for (size_t i = 0; i < RT_PATTERN_GROUPS; i++) {
                ret_match->from[i] = matcher.saved[2 * i];
                ret_match->to[i] = matcher.saved[2 * i + 1];
            }
            ret_match->from[0] = start;
            ret_match->to[0] = end;
            return true;
        }
        if (anchored)
            return false;
    }
    return false;
}
