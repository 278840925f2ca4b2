/* javascript_lexer.h - a linear tokenizer for JavaScript, TypeScript and (by and large) JSX.
 *
 * It knows strings, templates, comments and regular expressions well enough to keep brackets apart
 * from their look-alikes, at some hundred MB/s; a parse costs fifty times that. It accepts any
 * bytes. */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_LEXER_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_LEXER_H

#include "model/model.h"

typedef enum {
    RT_JS_WORD, /* identifier or keyword */
    RT_JS_NUMBER,
    RT_JS_STRING,   /* with its quotes; an unclosed one ends with its line */
    RT_JS_TEMPLATE, /* a piece of a template: from ` or } to ` or ${ */
    RT_JS_REGEX,
    RT_JS_PUNCT, /* one byte; only `=>` has two */
} RtJsTokenKind;

typedef struct {
    size_t from, to;
    uint32_t escapes; /* STRING, TEMPLATE: backslashes */
    uint8_t kind;     /* RtJsTokenKind */
    uint8_t first;    /* its first byte: which punctuation */
    bool newline;     /* a line end stands before it */
} RtJsToken;

enum { /* what an open bracket is: one of the first three, with flags */
       RT_JS_PAREN = 1,
       RT_JS_SQUARE = 2,
       RT_JS_BRACE = 3,
       RT_JS_BRACKET = 3,      /* mask */
       RT_JS_CONTROL = 4,      /* paren after if, while, for, with */
       RT_JS_OBJECT = 8,       /* brace of an object literal, not of a block */
       RT_JS_IN_TEMPLATE = 16, /* brace of ${ */
       RT_JS_CLASS = 32,       /* brace of a class body */
};

/* Brackets nested deeper are counted, not remembered. */
#define RT_JS_NEST 4096

typedef struct {
    RtStr text;
    size_t at;
    size_t depth; /* brackets open before the next token */
    RtJsToken last, before_last;
    bool started, in_class_head;
    bool ended_object;  /* the last `}` closed an object literal */
    bool ended_control; /* the last `)` closed if (…), while (…) … */
    uint8_t open[RT_JS_NEST];
} RtJsLexer;

void rt_js_lexer_start(RtJsLexer *lexer, RtStr text, size_t from);
/* The next token; false at the end. Comments and blanks are skipped. */
bool rt_js_next(RtJsLexer *lexer, RtJsToken *ret_token);
/* Flags of the bracket at depth `depth` (1 = outermost), 0 when not remembered. */
uint8_t rt_js_bracket(const RtJsLexer *lexer, size_t depth);

static inline RtStr rt_js_token_text(RtStr text, const RtJsToken *token)
{
    return (RtStr){ text.at + token->from, token->to - token->from };
}
/* A STRING without its quotes, escapes as they stand. */
RtStr rt_js_string_inner(RtStr text, const RtJsToken *token);
#define rt_js_is(text, token, literal)                                                             \
    ((token)->to - (token)->from == sizeof(literal) - 1 &&                                         \
     memcmp((text).at + (token)->from, literal, sizeof(literal) - 1) == 0)

#endif
