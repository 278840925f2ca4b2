/* javascript_lexer.c - the tokenizer: one pass, no allocation, no look-back further than two
 * tokens.
 *
 * The only hard question of such a lexer is whether `/` divides or begins a regular expression. It
 * is answered from the token before: after a value it divides. `)` is a value unless it closes `if
 * (…)`, `}` unless it closes a block, so the open brackets are remembered. A wrong answer costs at
 * most the line, since neither a regular expression nor a quoted string runs over a line end; in a
 * one-line file it costs more, hence the care. */
#include "facts/languages/javascript_lexer.h"

/* Bytes of identifiers: letters, digits, $ _ \ (an escape in a name) and all beyond ASCII. */
static inline bool is_word(uint8_t byte)
{
    static const uint64_t set[4] = { 0x03ff001000000000u, 0x07fffffe97fffffeu, ~0ull, ~0ull };
    return set[byte >> 6] >> (byte & 63) & 1;
}

/* What a byte begins: 0 other punctuation, 1 blank, and the kinds below. */
enum {
    BEGINS_WORD = 2,
    BEGINS_NUMBER,
    BEGINS_STRING,
    BEGINS_TEMPLATE,
    BEGINS_SLASH,
    BEGINS_DOT,
    BEGINS_BRACKET
};
/* clang-format off */
static const uint8_t begins[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 0, 4, 0, 2, 0, 0, 4, 8, 8, 0, 0, 0, 0, 7, 6, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 8, 0, 0,
    0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 8, 2, 8, 0, 2,
    5, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 8, 0, 8, 0, 0,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2
};
/* clang-format on */

static inline bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

void rt_js_lexer_start(RtJsLexer *lexer, RtStr text, size_t from)
{
    lexer->text = text;
    lexer->at = from;
    lexer->depth = 0;
    lexer->last = lexer->before_last = (RtJsToken){ 0 };
    lexer->started = lexer->in_class_head = lexer->ended_object = lexer->ended_control = false;
}

uint8_t rt_js_bracket(const RtJsLexer *lexer, size_t depth)
{
    return depth && depth <= RT_JS_NEST && depth <= lexer->depth ? lexer->open[depth - 1] : 0;
}

RtStr rt_js_string_inner(RtStr text, const RtJsToken *token)
{
    RtStr whole = rt_js_token_text(text, token);
    bool closed = whole.len > 1 && whole.at[whole.len - 1] == whole.at[0];
    return rt_str_sub(whole, 1, whole.len - (closed ? 2 : 1));
}

/* ---- what stood before ---- */
/* True when the word is a keyword after which an operand follows. */
static bool expects_operand(RtStr text, const RtJsToken *token)
{
    if (token->to - token->from > 10 || memchr("rtciodvnyeaw", token->first, 12) == NULL)
        return false;
    return rt_js_is(text, token, "return") || rt_js_is(text, token, "typeof") ||
           rt_js_is(text, token, "case") || rt_js_is(text, token, "in") ||
           rt_js_is(text, token, "of") || rt_js_is(text, token, "delete") ||
           rt_js_is(text, token, "void") || rt_js_is(text, token, "instanceof") ||
           rt_js_is(text, token, "new") || rt_js_is(text, token, "throw") ||
           rt_js_is(text, token, "do") || rt_js_is(text, token, "else") ||
           rt_js_is(text, token, "yield") || rt_js_is(text, token, "await") ||
           rt_js_is(text, token, "default");
}

static bool regex_may_start(const RtJsLexer *lexer)
{
    const RtJsToken *last = &lexer->last;
    if (!lexer->started)
        return true;
    if (last->kind == RT_JS_WORD)
        return expects_operand(lexer->text, last) &&
               !(lexer->before_last.kind == RT_JS_PUNCT && lexer->before_last.first == '.');
    if (last->kind == RT_JS_TEMPLATE)
        return lexer->text.at[last->to - 1] == '{';
    if (last->kind != RT_JS_PUNCT)
        return false;
    if (last->first == ')')
        return lexer->ended_control;
    if (last->first == '}')
        return !lexer->ended_object;
    return last->first != ']';
}

/* Whether `{` here begins an object literal, a class body or a block. */
static uint8_t brace_flags(RtJsLexer *lexer)
{
    const RtJsToken *last = &lexer->last;
    if (lexer->in_class_head) {
        lexer->in_class_head = false;
        return RT_JS_CLASS;
    }
    if (!lexer->started)
        return 0;
    if (last->kind == RT_JS_TEMPLATE)
        return RT_JS_OBJECT;
    if (last->kind == RT_JS_WORD) {
        bool block = rt_js_is(lexer->text, last, "do") || rt_js_is(lexer->text, last, "else");
        return expects_operand(lexer->text, last) && !block ? RT_JS_OBJECT : 0;
    }
    if (last->kind != RT_JS_PUNCT || last->first == ')' || last->first == ';' ||
        last->first == '{' || last->first == '}' || last->to - last->from == 2)
        return 0;
    return RT_JS_OBJECT;
}

static bool is_control_word(RtStr text, const RtJsToken *token)
{
    return token->kind == RT_JS_WORD &&
           (rt_js_is(text, token, "if") || rt_js_is(text, token, "while") ||
            rt_js_is(text, token, "for") || rt_js_is(text, token, "with"));
}

/* ---- brackets ---- */
static void open_bracket(RtJsLexer *lexer, uint8_t flags)
{
    if (lexer->depth < RT_JS_NEST)
        lexer->open[lexer->depth] = flags;
    lexer->depth++;
}

/* Closes the innermost bracket when it is of that kind. A stray `}` also closes what was left open
 * inside its block, so that one missing parenthesis does not shift the rest of the file. */
static uint8_t close_bracket(RtJsLexer *lexer, uint8_t kind)
{
    if (lexer->depth == 0)
        return 0;
    if (lexer->depth > RT_JS_NEST) {
        lexer->depth--;
        return kind;
    }
    uint8_t top = lexer->open[lexer->depth - 1];
    if ((top & RT_JS_BRACKET) == kind) {
        lexer->depth--;
        return top;
    }
    if (kind != RT_JS_BRACE)
        return 0;
    for (size_t depth = lexer->depth - 1; depth > 0; depth--)
        if ((lexer->open[depth - 1] & RT_JS_BRACKET) == RT_JS_BRACE) {
            lexer->depth = depth - 1;
            return lexer->open[depth - 1];
        }
    return 0;
}

/* ---- pieces ---- */
/* Skips blanks and comments; true when a line end was among them. */
static bool skip_blanks(RtJsLexer *lexer)
{
    RtStr text = lexer->text;
    size_t at = lexer->at;
    bool newline = false;
    for (;;) {
        while (at < text.len && text.at[at] <= ' ')
            newline |= text.at[at++] == '\n';
        if (at + 1 >= text.len || text.at[at] != '/')
            break;
        if (text.at[at + 1] == '/') {
            const uint8_t *end = memchr(text.at + at, '\n', text.len - at);
            at = end ? (size_t)(end - text.at) : text.len;
        } else if (text.at[at + 1] == '*') {
            const uint8_t *end = memmem(text.at + at + 2, text.len - at - 2, "*/", 2);
            at = end ? (size_t)(end - text.at) + 2 : text.len;
        } else {
            break;
        }
    }
    lexer->at = at;
    return newline;
}

static size_t string_end(RtStr text, size_t at, uint32_t *ret_escapes)
{
    uint8_t quote = text.at[at++];
    uint32_t escapes = 0;
    while (at < text.len && text.at[at] != quote) {
        if (text.at[at] == '\\') {
            escapes++;
            at++;
            if (at + 1 < text.len && text.at[at] == '\r' && text.at[at + 1] == '\n')
                at++;
        } else if (text.at[at] == '\n') {
            *ret_escapes = escapes;
            return at;
        }
        at++;
    }
    *ret_escapes = escapes;
    return at < text.len ? at + 1 : text.len;
}

/* A template piece whose text begins at `at`; says whether it ends in ${. */
static size_t template_end(RtStr text, size_t at, uint32_t *ret_escapes, bool *ret_opens)
{
    uint32_t escapes = 0;
    *ret_opens = false;
    while (at < text.len && text.at[at] != '`') {
        if (text.at[at] == '\\') {
            escapes++;
            at++;
        } else if (text.at[at] == '$' && at + 1 < text.len && text.at[at + 1] == '{') {
            *ret_opens = true;
            at++;
            break;
        }
        at++;
    }
    *ret_escapes = escapes;
    return at < text.len ? at + 1 : text.len;
}

/* The end of a regular expression that begins at `at`, or `at` when the line holds no end. */
static size_t regex_end(RtStr text, size_t at)
{
    bool in_class = false;
    for (size_t i = at + 1; i < text.len && text.at[i] != '\n'; i++) {
        uint8_t byte = text.at[i];
        if (byte == '\\')
            i++;
        else if (byte == '[')
            in_class = true;
        else if (byte == ']')
            in_class = false;
        else if (byte == '/' && !in_class) {
            i++;
            while (i < text.len && is_word(text.at[i]))
                i++;
            return i;
        }
    }
    return at;
}

static size_t number_end(RtStr text, size_t at)
{
    while (at < text.len && (is_word(text.at[at]) || text.at[at] == '.')) {
        bool exponent = (text.at[at] | 0x20) == 'e';
        at++;
        if (exponent && at < text.len && (text.at[at] == '+' || text.at[at] == '-') &&
            at + 1 < text.len && is_digit(text.at[at + 1]))
            at++;
    }
    return at;
}

/* ---- tokens ---- */
static void take_template(RtJsLexer *lexer, RtJsToken *token)
{
    bool opens;
    token->kind = RT_JS_TEMPLATE;
    token->to = template_end(lexer->text, token->from + 1, &token->escapes, &opens);
    if (opens)
        open_bracket(lexer, RT_JS_BRACE | RT_JS_IN_TEMPLATE);
}

static void take_punct(RtJsLexer *lexer, RtJsToken *token)
{
    RtStr text = lexer->text;
    token->kind = RT_JS_PUNCT;
    token->to = token->from + 1;
    switch (token->first) {
    case '(':
        open_bracket(lexer,
                     RT_JS_PAREN | (is_control_word(text, &lexer->last) ? RT_JS_CONTROL : 0));
        return;
    case '[':
        open_bracket(lexer, RT_JS_SQUARE);
        return;
    case '{':
        open_bracket(lexer, (uint8_t)(RT_JS_BRACE | brace_flags(lexer)));
        return;
    case ')':
        lexer->ended_control = close_bracket(lexer, RT_JS_PAREN) & RT_JS_CONTROL;
        return;
    case ']':
        close_bracket(lexer, RT_JS_SQUARE);
        return;
    case '}': {
        uint8_t closed = close_bracket(lexer, RT_JS_BRACE);
        lexer->ended_object = closed & RT_JS_OBJECT;
        if (closed & RT_JS_IN_TEMPLATE)
            take_template(lexer, token);
        return;
    }
    case '=':
        if (token->to < text.len && text.at[token->to] == '>')
            token->to++;
        return;
    default:
        return;
    }
}

static void take_slash(RtJsLexer *lexer, RtJsToken *token)
{
    size_t end = regex_may_start(lexer) ? regex_end(lexer->text, token->from) : token->from;
    token->kind = end > token->from ? RT_JS_REGEX : RT_JS_PUNCT;
    token->to = end > token->from ? end : token->from + 1;
}

static void take_number(RtJsLexer *lexer, RtJsToken *token)
{
    token->kind = RT_JS_NUMBER;
    token->to = number_end(lexer->text, token->from);
}

static void take_word(RtJsLexer *lexer, RtJsToken *token)
{
    RtStr text = lexer->text;
    size_t at = token->from;
    while (at < text.len && is_word(text.at[at]))
        at++;
    token->kind = RT_JS_WORD;
    token->to = at;
    if (token->first == 'c' && rt_js_is(text, token, "class") &&
        !(lexer->last.kind == RT_JS_PUNCT && lexer->last.first == '.' && lexer->started))
        lexer->in_class_head = true;
}

bool rt_js_next(RtJsLexer *lexer, RtJsToken *ret_token)
{
    RtStr text = lexer->text;
    bool newline = skip_blanks(lexer);
    if (lexer->at >= text.len)
        return false;
    RtJsToken token = { .from = lexer->at, .first = text.at[lexer->at], .newline = newline };
    switch (begins[token.first]) {
    case BEGINS_WORD:
        take_word(lexer, &token);
        break;
    case BEGINS_NUMBER:
        take_number(lexer, &token);
        break;
    case BEGINS_STRING:
        token.kind = RT_JS_STRING;
        token.to = string_end(text, token.from, &token.escapes);
        break;
    case BEGINS_TEMPLATE:
        take_template(lexer, &token);
        break;
    case BEGINS_SLASH:
        take_slash(lexer, &token);
        break;
    case BEGINS_BRACKET:
        take_punct(lexer, &token);
        break;
    case BEGINS_DOT:
        if (token.from + 1 < text.len && is_digit(text.at[token.from + 1])) {
            take_number(lexer, &token);
            break;
        }
        /* fall through */
    default:
        token.kind = RT_JS_PUNCT;
        token.to = token.from + 1;
        break;
    }
    lexer->at = token.to;
    lexer->before_last = lexer->last;
    lexer->last = token;
    lexer->started = true;
    *ret_token = token;
    return true;
}
