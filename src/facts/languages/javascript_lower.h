/* javascript_lower.h - from a syntax tree of the JavaScript family to the nodes of flow/tree.h. */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_LOWER_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_LOWER_H

#include "facts/flow/tree.h"
#include "facts/parse/parse.h"

/* What rt_parser_open wants for the grammars of the family. */
extern const RtSyntaxNames rt_javascript_names;

/* Lowers the statements of `tree`, whose spans index `source` (a window of the layer that starts at
 * `base`), into `arena`. Returns a BLOCK, never NULL. Types are dropped; what is nested deeper than
 * RT_SYNTAX_DEPTH, or was not understood, becomes NONE. */
const RtNode *rt_javascript_lower(RtArena *arena, const RtSyntax *tree, RtStr source,
                                  uint32_t base);

/* The value of a string or template piece between its quotes: escapes decoded, lone surrogates
 * become U+FFFD unless a pair completes them. */
RtStr rt_javascript_unescape(RtArena *arena, RtStr text);

#endif
