/* parse.h - source text to a flat syntax tree; parse.c is the one file that knows tree-sitter.
 *
 * A front end names the node types and fields it cares about once; the tree then comes back as an
 * array in preorder with small integers, so that a lowering is a `switch` and no library type
 * leaks. The array is walked by index: nothing recurses but the caller, who caps its own depth
 * (RT_SYNTAX_DEPTH). The library's tree is gone when rt_parse returns. */
#ifndef RT_FACTS_PARSE_PARSE_H
#define RT_FACTS_PARSE_PARSE_H

#include "model/model.h"

/* clang-format off */
/*     enum { KIND_OTHER, KIND_CALL, KIND_NAME };
 *     static const char *const kinds[] = { NULL, "call", "identifier" };   [0] stands for all others
 *     enum { FIELD_NONE, FIELD_FUNCTION };
 *     static const char *const fields[] = { NULL, "function" };
 *     const RtSyntaxNames names = { kinds, 3, fields, 2 };
 *     RT_PARSER parser = rt_parser_open(RT_GRAMMAR_PYTHON, &names, layer, sink);
 *     const RtSyntax *tree = rt_parse(parser, layer->bytes, 0);
 *     for (uint32_t kid = tree->nodes[1].kid; kid; kid = tree->nodes[kid].next) … */
/* clang-format on */
typedef enum {
    RT_GRAMMAR_JAVASCRIPT, /* with JSX */
    RT_GRAMMAR_TYPESCRIPT,
    RT_GRAMMAR_TSX,
    RT_GRAMMAR_PYTHON,
    RT_GRAMMAR_BASH,
} RtGrammar;

/* What a front end wants to tell apart. Index 0 of both tables is unused (NULL). Anonymous nodes
 * (keywords, punctuation) are named as they are written: "async", "+". A name may stand twice
 * (named and anonymous). */
typedef struct {
    const char *const *kinds;
    size_t kind_count;
    const char *const *fields;
    size_t field_count;
} RtSyntaxNames;

enum {
    RT_SYNTAX_NAMED = 1,
    RT_SYNTAX_ERROR =
        2, /* the library could not make sense of this span; kids may still be whole */
    RT_SYNTAX_MISSING = 4, /* the library put it there to go on; empty span */
};

typedef struct {
    uint16_t kind; /* index into names.kinds, 0 when not listed */
    uint8_t field; /* role in the parent: index into names.fields, 0 when none or not listed */
    uint8_t flags;
    uint32_t from, to; /* bytes, `base` included */
    uint32_t kid;      /* first child, 0 when none */
    uint32_t next;     /* next sibling, 0 when none */
} RtSyntaxNode;

/* Anonymous nodes are left out unless their kind is listed or they carry a listed field; comments
 * ("extras") are left out unless listed. nodes[0] is no node; nodes[1] is the root. Valid until the
 * parser's next parse. */
typedef struct {
    const RtSyntaxNode *nodes;
    uint32_t count;  /* nodes[1..count] */
    uint32_t errors; /* ERROR and MISSING nodes */
    bool cut;        /* the time or the memory ran out: what is here is a part */
} RtSyntax;

/* A recursive walk over a tree goes no deeper than this; deeper code counts as not understood. */
#define RT_SYNTAX_DEPTH 200

typedef struct RtParser RtParser;

/* `names` must outlive the parser. Close it (RT_PARSER does). `sink` is asked for ms_left and the
 * byte budget, and told of `layer` when its text costs more than any code people write. */
RtParser *rt_parser_open(RtGrammar grammar, const RtSyntaxNames *names, RtLayerId layer,
                         RtSink *sink);
void rt_parser_close(RtParser *parser); /* accepts NULL */
void rt_parser_closep(RtParser **parser);
#define RT_PARSER __attribute__((cleanup(rt_parser_closep))) RtParser *

/* Parses `text`, of which byte 0 is byte `base` of the layer (for a chunk of a larger file). Text
 * beyond budget->parse_bytes (summed over the parser's life) is not parsed: the tree is empty
 * (count 0) and `cut`. Never NULL. Broken source gives a tree with errors, any bytes are accepted.
 */
const RtSyntax *rt_parse(RtParser *parser, RtStr text, uint32_t base);

/* Child `field` of node `at`, or 0. */
uint32_t rt_syntax_field(const RtSyntax *tree, uint32_t at, uint8_t field);
/* First child of kind `kind`, or 0. */
uint32_t rt_syntax_find(const RtSyntax *tree, uint32_t at, uint16_t kind);

#endif
