/* wording.c - the engine's error texts in V8's words.
 *
 * Only texts that say no more in V8 than the engine knows are here: where V8 quotes the source ("f
 * is not a function") we say what it says of an expression without a name. */
#include "facts/emulator/wording.h"

#include <stdio.h>
#include <string.h>

/* `*` stands for one piece of text, the same on both sides. */
static const struct {
    const char *ours, *theirs;
} words[] = {
    { "cannot read property '*' of undefined",
      "Cannot read properties of undefined (reading '*')" },
    { "cannot read property '*' of null", "Cannot read properties of null (reading '*')" },
    { "cannot set property '*' of undefined", "Cannot set properties of undefined (setting '*')" },
    { "cannot set property '*' of null", "Cannot set properties of null (setting '*')" },
    { "'*' is read-only", "Assignment to constant variable." },
    { "* is not initialized", "Cannot access '*' before initialization" },
    { "class constructors must be invoked with 'new'",
      "Class constructor  cannot be invoked without 'new'" },
    { "not a function", "(intermediate value) is not a function" },
    { "not a constructor", "(intermediate value) is not a constructor" },
    { "value is not iterable",
      "object is not iterable (cannot read property Symbol(Symbol.iterator))" },
    { "cannot convert to object", "Cannot convert undefined or null to object" },
    { "cannot convert symbol to string", "Cannot convert a Symbol value to a string" },
    { "cannot convert symbol to number", "Cannot convert a Symbol value to a number" },
    { "cannot convert BigInt to number",
      "Cannot mix BigInt and other types, use explicit conversions" },
    { "toPrimitive", "Cannot convert object to primitive value" },
    { "circular reference", "Converting circular structure to JSON" },
    { "unexpected token in expression: ''", "Unexpected end of input" },
    { "unexpected token in expression: '*'", "Unexpected token '*'" },
    { "expecting ';'", "Unexpected identifier" },
    { "expecting ')'", "missing ) after argument list" },
    { "unexpected end of string", "Invalid or unexpected token" },
    { "unexpected end of comment", "Invalid or unexpected token" },
    { "unexpected end of regexp", "Invalid regular expression: missing /" },
    { "return not in a function", "Illegal return statement" },
    { "break must be inside loop or switch", "Illegal break statement" },
    { "function name expected", "Function statements require a function name" },
    { "missing initializer for variable", "Missing initializer in const declaration" },
    { "invalid assignment left-hand side", "Invalid left-hand side in assignment" },
    { "invalid array length", "Invalid array length" },
    { "invalid string length", "Invalid string length" },
    { "expecting hex digit", "URI malformed" },
    { "malformed UTF-8", "URI malformed" },
};

const char *rt_v8_words(const char *message, char *buffer, size_t size)
{
    RtStr text = rt_str_from_c(message);
    for (size_t i = 0; i < RT_COUNT(words); i++) {
        RtStr ours = rt_str_from_c(words[i].ours), theirs = rt_str_from_c(words[i].theirs);
        size_t star = rt_str_find_byte(ours, '*'), put = rt_str_find_byte(theirs, '*');
        if (star == RT_NOT_FOUND) {
            if (rt_str_equal(text, ours))
                return words[i].theirs;
            continue;
        }
        RtStr head = rt_str_sub(ours, 0, star), tail = rt_str_from(ours, star + 1);
        if (text.len < ours.len || !rt_str_starts(text, head) || !rt_str_ends(text, tail))
            continue;
        if (put == RT_NOT_FOUND)
            return words[i].theirs;
        RtStr piece = rt_str_sub(text, star, text.len - head.len - tail.len);
        snprintf(buffer, size, "%.*s%.*s%.*s", (int)put, words[i].theirs, RT_FMT(piece),
                 RT_FMT(rt_str_from(theirs, put + 1)));
        return buffer;
    }
    return message;
}
