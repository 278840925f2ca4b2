/* literals.c - see literals.h. */
#include "unpack/literals.h"

static bool is_quote(uint8_t byte) { return byte == '"' || byte == '\'' || byte == '`'; }

size_t rt_literal_start(RtStr text, size_t at, size_t floor, uint8_t *ret_quote)
{
    for (size_t i = at; i > floor; i--) {
        uint8_t byte = text.at[i - 1];
        if (byte == '\n')
            return RT_NOT_FOUND;
        if (is_quote(byte) && !(i >= 2 && text.at[i - 2] == '\\')) {
            *ret_quote = byte;
            return i;
        }
    }
    return RT_NOT_FOUND;
}

size_t rt_literal_end(RtStr text, size_t at, uint8_t quote, bool over_lines)
{
    for (; at < text.len; at++) {
        if (text.at[at] == quote)
            return at;
        if (text.at[at] == '\\')
            at++;
        else if (text.at[at] == '\n' && !over_lines && quote != '`')
            return at;
    }
    return text.len;
}

bool rt_literals_next(RtLiterals *literals, size_t longest, size_t *ret_from, RtStr *ret_body)
{
    RtStr text = literals->text;
    for (size_t at = literals->at; at < text.len; at++) {
        if (!is_quote(text.at[at]))
            continue;
        RtStr rest = rt_str_sub(text, at + 1, longest + 1);
        size_t end = rt_literal_end(rest, 0, text.at[at], false);
        if (end == rest.len || rest.at[end] != text.at[at])
            continue; /* too long, or an apostrophe: the next quote may open one */
        *ret_from = at + 1;
        *ret_body = rt_str_sub(text, at + 1, end);
        literals->at = at + 2 + end;
        return true;
    }
    literals->at = text.len;
    return false;
}
