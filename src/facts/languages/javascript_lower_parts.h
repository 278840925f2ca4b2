/* javascript_lower_parts.h - what the two halves of the lowering share: javascript_lower.c
 * (expressions) and javascript_lower_statements.c. */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_LOWER_PARTS_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_LOWER_PARTS_H

#include "facts/languages/javascript_lower.h"

enum {
    KIND_OTHER,
#define KIND(name, text) KIND_##name,
#include "facts/languages/javascript_syntax.list"
#undef KIND
    KIND_COUNT
};
enum {
    FIELD_NONE,
#define FIELD(name, text) FIELD_##name,
#include "facts/languages/javascript_syntax.list"
#undef FIELD
    FIELD_COUNT
};

typedef struct {
    RtArena *arena;
    const RtSyntax *tree;
    RtStr source;
    uint32_t base;
    uint32_t depth;
    const RtNode *none;
    /* A stack of children being gathered: mark its height, push, and make a node of what lies
     * above. */
    const RtNode **stack;
    size_t height, capacity;
} RtJsLowering;

/* Expressions and patterns. Never NULL. */
const RtNode *rt_js_lower(RtJsLowering *l, uint32_t at);
/* Lowers field `field` of `at`, NONE when absent. */
const RtNode *rt_js_lower_field(RtJsLowering *l, uint32_t at, uint8_t field);
/* One statement: pushes one node or several. */
void rt_js_push_statement(RtJsLowering *l, uint32_t at);
/* A node's text and its hash, which scopes and objects are searched by. */
void rt_js_set_text(RtNode *node, RtStr text);
/* A statement as one node (a block when it gave several). */
const RtNode *rt_js_lower_statement(RtJsLowering *l, uint32_t at);
/* The statements under `at` as a BLOCK; `scope` when it may declare names of its own. */
const RtNode *rt_js_lower_block(RtJsLowering *l, uint32_t at, bool scope);
/* A function of any kind; `flags` as in tree.h. */
const RtNode *rt_js_lower_function(RtJsLowering *l, uint32_t at, uint16_t flags);
const RtNode *rt_js_lower_class(RtJsLowering *l, uint32_t at, uint16_t flags);

void rt_js_push(RtJsLowering *l, const RtNode *node);
/* Makes a node of everything pushed since `mark`. */
RtNode *rt_js_take(RtJsLowering *l, size_t mark, RtNodeKind kind, uint32_t at);
/* A node with the given children (NULL ends the list early) at the span of syntax node `at`. */
RtNode *rt_js_node(RtJsLowering *l, RtNodeKind kind, uint32_t at, const RtNode *first,
                   const RtNode *second, const RtNode *third, const RtNode *fourth);
RtNode *rt_js_leaf(RtJsLowering *l, RtNodeKind kind, uint32_t at, RtStr text);
/* The bytes of a syntax node; of a property or module name: without quotes, unescaped. */
RtStr rt_js_text(const RtJsLowering *l, uint32_t at);
RtStr rt_js_key(RtJsLowering *l, uint32_t at);
uint32_t rt_js_first_named(const RtJsLowering *l, uint32_t at);
RtOp rt_js_operator(RtStr text);

#endif
