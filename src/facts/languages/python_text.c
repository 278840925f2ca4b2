/* python_text.c - see the header. What a Python tokenizer does with brackets, line ends and
 * indentation is here; what it does with numbers is not: `1_0e+5j` may come as several tokens,
 * which hurts nobody who reads these. */
#include "facts/languages/python_text.h"

#include <string.h>

static bool is_name_start(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           byte >= 0x80;
}

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static bool is_name_byte(uint8_t byte) { return is_name_start(byte) || is_digit(byte); }

static bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\f'; }

RtPythonText rt_python_text(RtStr text)
{
    RtPythonText reader = { .text = text, .fresh = true, .first = true };
    if (rt_str_starts(text, RT_STR("\xEF\xBB\xBF")))
        reader.at = 3;
    return reader;
}

static uint8_t peek(const RtPythonText *reader, size_t ahead)
{
    size_t at = reader->at + ahead;
    return at < reader->text.len ? reader->text.at[at] : 0;
}

/* Length of a string's prefix (r, b, u, f, t in any mix of up to three) when a quote follows it,
 * else SIZE_MAX. */
static size_t string_prefix(const RtPythonText *reader)
{
    for (size_t i = 0; i <= 3; i++) {
        uint8_t byte = peek(reader, i);
        if (byte == '"' || byte == '\'')
            return i;
        if (!byte || !strchr("rRbBuUfFtT", byte))
            break;
    }
    return SIZE_MAX;
}

/* Moves behind a string whose quote stands `prefix` bytes on; true when it ended. */
static bool skip_string(RtPythonText *reader, size_t prefix)
{
    reader->at += prefix;
    uint8_t quote = peek(reader, 0);
    bool triple = peek(reader, 1) == quote && peek(reader, 2) == quote;
    reader->at += triple ? 3 : 1;
    const uint8_t *bytes = reader->text.at;
    while (reader->at < reader->text.len) {
        uint8_t byte = bytes[reader->at];
        if (byte == '\\') {
            reader->at += reader->text.len - reader->at > 1 ? 2 : 1;
        } else if (byte == quote &&
                   (!triple || (peek(reader, 1) == quote && peek(reader, 2) == quote))) {
            reader->at += triple ? 3 : 1;
            return true;
        } else if (byte == '\n' && !triple) {
            return false;
        } else {
            reader->at++;
        }
    }
    return false;
}

/* Skips blanks and joined lines; gives how many blanks stood before the token. Sets the line's
 * indentation. */
static size_t skip_blanks(RtPythonText *reader)
{
    size_t gap = 0;
    uint32_t column = 0;
    while (reader->at < reader->text.len) {
        uint8_t byte = peek(reader, 0);
        if (is_blank(byte)) {
            column = byte == '\t' ? (column | 7) + 1 : column + 1;
            gap++;
            reader->at++;
        } else if (byte == '\\' && (peek(reader, 1) == '\n' ||
                                    (peek(reader, 1) == '\r' && peek(reader, 2) == '\n'))) {
            reader->at += peek(reader, 1) == '\n' ? 2 : 3;
            gap = 0;
        } else if (byte == '\r' || (byte == '\n' && (reader->brackets || reader->fresh))) {
            reader->at++;
            gap = 0;
            column = 0;
        } else {
            break;
        }
    }
    if (reader->fresh)
        reader->indent = column;
    return gap;
}

static void read_operator(RtPythonText *reader, RtPythonToken *token)
{
    uint8_t byte = peek(reader, 0);
    reader->at++;
    token->kind = RT_PY_OPERATOR;
    if (byte == '(' || byte == '[' || byte == '{')
        reader->brackets++;
    else if ((byte == ')' || byte == ']' || byte == '}') && reader->brackets)
        reader->brackets--;
    else if (byte == '$' || byte == '?' || byte == '`' || byte < ' ' || byte == 0x7F ||
             byte == '\\' || (byte == '!' && peek(reader, 0) != '='))
        token->kind = RT_PY_ALIEN;
}

RtPythonToken rt_python_next(RtPythonText *reader)
{
    size_t gap = skip_blanks(reader);
    RtPythonToken token = { .at = reader->at, .gap = gap, .indent = reader->indent };
    if (reader->at >= reader->text.len)
        return token;
    uint8_t byte = peek(reader, 0);
    size_t prefix = string_prefix(reader);
    token.first = reader->first;
    if (byte == '#') {
        token.kind = RT_PY_COMMENT;
        const uint8_t *end =
            memchr(reader->text.at + reader->at, '\n', reader->text.len - reader->at);
        reader->at = end ? (size_t)(end - reader->text.at) : reader->text.len;
        token.text = rt_str_sub(reader->text, token.at, reader->at - token.at);
        return token; /* a comment changes neither `fresh` nor `first` */
    }
    if (byte == '\n') {
        token.kind = RT_PY_NEWLINE;
        reader->at++;
        reader->fresh = reader->first = true;
        token.text = rt_str_sub(reader->text, token.at, 1);
        return token;
    }
    if (prefix != SIZE_MAX) {
        token.kind = RT_PY_STRING;
        token.unterminated = !skip_string(reader, prefix);
    } else if (is_name_start(byte)) {
        token.kind = RT_PY_NAME;
        while (reader->at < reader->text.len && is_name_byte(peek(reader, 0)))
            reader->at++;
    } else if (is_digit(byte)) {
        token.kind = RT_PY_NUMBER;
        while (reader->at < reader->text.len &&
               (is_name_byte(peek(reader, 0)) || peek(reader, 0) == '.'))
            reader->at++;
    } else {
        read_operator(reader, &token);
    }
    token.text = rt_str_sub(reader->text, token.at, reader->at - token.at);
    reader->fresh = false;
    reader->first = byte == ';' && !reader->brackets;
    return token;
}

RtStr rt_python_inside(RtStr string)
{
    size_t from = 0;
    while (from < string.len && string.at[from] != '"' && string.at[from] != '\'')
        from++;
    if (from >= string.len)
        return (RtStr){ 0 };
    uint8_t quote = string.at[from];
    size_t width =
        string.len - from >= 6 && string.at[from + 1] == quote && string.at[from + 2] == quote ? 3
                                                                                               : 1;
    size_t to = string.len;
    if (to >= from + 2 * width && string.at[to - 1] == quote)
        to -= width;
    return rt_str_sub(string, from + width, to - from - width);
}

bool rt_python_is_keyword(RtStr name)
{
    static const char *const words[] = {
        ['a' - 'a'] = "and as assert async await ",
        ['b' - 'a'] = "break ",
        ['c' - 'a'] = "case class continue ",
        ['d' - 'a'] = "def del ",
        ['e' - 'a'] = "elif else except exec ",
        ['f' - 'a'] = "finally for from ",
        ['g' - 'a'] = "global ",
        ['i' - 'a'] = "if import in is ",
        ['l' - 'a'] = "lambda ",
        ['m' - 'a'] = "match ",
        ['n' - 'a'] = "nonlocal not ",
        ['o' - 'a'] = "or ",
        ['p' - 'a'] = "pass print ",
        ['r' - 'a'] = "raise return ",
        ['t' - 'a'] = "try type ",
        ['w' - 'a'] = "while with ",
        ['y' - 'a'] = "yield ",
    };
    if (name.len < 2 || name.len > 8 || name.at[0] < 'a' || name.at[0] > 'y')
        return false;
    for (const char *word = words[name.at[0] - 'a']; word != NULL && *word;
         word = strchr(word, ' ') + 1)
        if (strncmp(word, (const char *)name.at, name.len) == 0 && word[name.len] == ' ')
            return true;
    return false;
}
