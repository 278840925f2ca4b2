/* python_text.h - a cheap lexer for Python: enough to tell code from strings and comments without a
 * parse.
 *
 * It serves the bid (is this Python at all?), the list of imports, and the marks of obfuscators. It
 * never fails: a string that does not end goes on to the end of its line, or of the text when it is
 * a triple one. Each byte is looked at once. */
#ifndef RT_FACTS_LANGUAGES_PYTHON_TEXT_H
#define RT_FACTS_LANGUAGES_PYTHON_TEXT_H

#include "base/str.h"

typedef enum {
    RT_PY_END,
    RT_PY_NAME,
    RT_PY_NUMBER,
    RT_PY_STRING,
    RT_PY_OPERATOR, /* one byte, `**` being two of them; bytes that are no Python are RT_PY_ALIEN */
    RT_PY_ALIEN,    /* $ ? ` ! (but not !=), control bytes */
    RT_PY_NEWLINE,  /* the end of a logical line: never inside brackets */
    RT_PY_COMMENT,
} RtPythonTokenKind;

typedef struct {
    RtPythonTokenKind kind;
    RtStr text;        /* as written, prefix and quotes of strings included */
    size_t at;         /* offset in the text */
    size_t gap;        /* blanks in front of it on its line */
    bool first;        /* first of a statement: after a line's start or a semicolon */
    uint32_t indent;   /* of its logical line, tabs to the next multiple of 8 */
    bool unterminated; /* a string without its end */
} RtPythonToken;

typedef struct {
    RtStr text;
    size_t at;
    uint32_t brackets, indent;
    bool fresh, first; /* fresh: at the start of a logical line */
} RtPythonText;

RtPythonText rt_python_text(RtStr text);
/* The next token; RT_PY_END for ever after the last one. */
RtPythonToken rt_python_next(RtPythonText *reader);
/* The inside of a string token: without prefix letters and quotes, escapes left as written. */
RtStr rt_python_inside(RtStr string);
bool rt_python_is_keyword(RtStr name);

#endif
