/* python_tree.h - shared by the two halves of the Python lowering (statements: python_lower.c,
 * expressions: python_expression.c, literals: python_literal.c). Nobody else includes it. */
#ifndef RT_FACTS_LANGUAGES_PYTHON_TREE_H
#define RT_FACTS_LANGUAGES_PYTHON_TREE_H

#include "facts/flow/tree_build.h"
#include "facts/languages/python_lower.h"
#include "facts/parse/parse.h"

/* Node types (RT_PK_…) and fields (RT_PF_…) of the grammar that are told apart. */
typedef enum {
    RT_PK_OTHER,
#define KIND(name, text) RT_PK_##name,
#include "facts/languages/python_syntax.list"
#undef KIND
    RT_PK_COUNT
} RtPythonKind;

typedef enum {
    RT_PF_NONE,
#define FIELD(name, text) RT_PF_##name,
#include "facts/languages/python_syntax.list"
#undef FIELD
    RT_PF_COUNT
} RtPythonField;

/* A list of names. */
typedef struct {
    RtStr *items;
    size_t count, capacity;
} RtPythonNames;

typedef struct {
    RtArena *arena;
    RtSink *sink;
    const RtSyntax *syntax;
    RtStr source;
    RtPythonFile file;
    uint32_t depth;
    bool yields;            /* the function being lowered holds a yield */
    size_t margin;          /* with less than this left in the arena no more nodes are made */
    RtNodeList late;        /* calls that an install makes: behind the file's last statement */
    RtPythonNames defined;  /* functions and classes so far: decorators may be among them */
    RtPythonNames commands; /* names bound to setuptools or distutils commands */
    RtPythonNames called;   /* classes that got their late call */
    RtPythonNames hooked;   /* classes with an __init_subclass__ */
} RtPythonLower;

/* Nodes of flow/tree.h with the span of syntax node `at`; 0: no span. Kids may be NULL: a hole. */
RtNode *rt_py_node(RtPythonLower *lower, RtNodeKind kind, uint32_t at, const RtNodeList *kids);
RtNode *rt_py_text(RtPythonLower *lower, RtNodeKind kind, uint32_t at, RtStr text);
RtNode *rt_py_kids(RtPythonLower *lower, RtNodeKind kind, uint32_t at, size_t count,
                   const RtNode *a, const RtNode *b, const RtNode *c, const RtNode *d);
#define RT_PY_ONE(lower, kind, at, a)         rt_py_kids(lower, kind, at, 1, a, NULL, NULL, NULL)
#define RT_PY_TWO(lower, kind, at, a, b)      rt_py_kids(lower, kind, at, 2, a, b, NULL, NULL)
#define RT_PY_THREE(lower, kind, at, a, b, c) rt_py_kids(lower, kind, at, 3, a, b, c, NULL)
RtNode *rt_py_call(RtPythonLower *lower, uint32_t at, const RtNode *function,
                   const RtNode *argument);
static inline RtNodeList rt_py_list(const RtPythonLower *lower)
{
    return (RtNodeList){ .arena = lower->arena };
}

static inline const RtSyntaxNode *rt_py_at(const RtPythonLower *lower, uint32_t at)
{
    return &lower->syntax->nodes[at];
}
static inline RtStr rt_py_source(const RtPythonLower *lower, uint32_t at)
{
    const RtSyntaxNode *node = rt_py_at(lower, at);
    return rt_str_sub(lower->source, node->from, node->to - node->from);
}
static inline uint32_t rt_py_field(const RtPythonLower *lower, uint32_t at, RtPythonField field)
{
    return rt_syntax_field(lower->syntax, at, (uint8_t)field);
}
/* The first named child, or 0. */
uint32_t rt_py_first(const RtPythonLower *lower, uint32_t at);

/* python_expression.c. A missing expression (`at` 0) is a hole. */
const RtNode *rt_py_expression(RtPythonLower *lower, uint32_t at);
/* Arguments of a call or a class: positional ones, SPREAD, KEYWORD. */
void rt_py_arguments(RtPythonLower *lower, uint32_t at, RtNodeList *list);
const RtNode *rt_py_parameters(RtPythonLower *lower, uint32_t at);
/* The identifier or dotted name at `at`, normalised. */
RtStr rt_py_name(RtPythonLower *lower, uint32_t at);
RtOp rt_py_operator(RtStr text);

/* python_literal.c */
const RtNode *rt_py_string(RtPythonLower *lower, uint32_t at); /* string or concatenated_string */
const RtNode *rt_py_number(RtPythonLower *lower, uint32_t at);
/* The name as Python's compiler sees it: look-alikes of ASCII letters (mathematical, full-width …)
 * are those letters (PEP 3131 says NFKC; its single letters are done here). The same view when
 * there is nothing to do. */
RtStr rt_python_normal_name(RtArena *arena, RtStr name);

/* python_class.c: classes, decorators, and what setuptools calls without being asked. All add to
 * `out`. */
void rt_py_class(RtPythonLower *lower, uint32_t at, RtNodeList *out);
void rt_py_decorated(RtPythonLower *lower, uint32_t at, RtNodeList *out);
/* Notes what an import binds: names of setuptools commands. */
void rt_py_note_import(RtPythonLower *lower, RtStr module, RtStr name, RtStr local);
/* Notes setup(cmdclass={…}). */
void rt_py_note_call(RtPythonLower *lower, const RtNode *call);

/* python_lower.c */
const RtNode *rt_py_block(RtPythonLower *lower, uint32_t at);
RtNode *rt_py_function(RtPythonLower *lower, uint32_t at);
uint32_t rt_py_following(const RtPythonLower *lower,
                         uint32_t at); /* the next named sibling, or 0 */
const RtNode *rt_py_with_text(RtPythonLower *lower, RtNodeKind kind, uint32_t at, RtStr text,
                              const RtNode *kid);

#endif
