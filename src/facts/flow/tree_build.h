/* tree_build.h - makes the nodes of tree.h in an arena: what front ends and tests call.
 *
 * Kids come as an array that is copied; a NULL kid becomes a NONE node. Text is not copied: it must
 * live as long as the tree (a view of the source, or text in the same arena).
 *
 * How lowerings say things tree.h leaves open:
 *   - A FUNCTION or CLASS that stands directly in a BLOCK (or in an EXPORT) and has a name is a
 * declaration.
 *   - `var` is DECLARE | VAR (function scope), let/const/class DECLARE (nearest SCOPE block).
 *     Python: names a function assigns carry DECLARE unless `global` or `nonlocal` names them; a
 *     plain assignment goes where the name is already, else to the module (in a class body: there).
 *   - A declaration without value is ASSIGN with a NONE value (it leaves a value that is there
 * alone).
 *   - `for (const x of y)`: target is ASSIGN(DECLARE) with a NONE value, or a plain target.
 *   - Nested `for` clauses of a comprehension are nested COMPREHENSIONs of the same span; an
 *     element that is a comprehension itself has its own.
 *   - A decorated function or class: a CALL of the decorator around it, assigned to its name.
 *   - Methods in CLASS: FUNCTION with METHOD (STATIC; a getter is METHOD | KEYS); "constructor" /
 * "__init__" make instances. Python's methods have `self` in their PARAMS; JavaScript's use NAME
 * "this".
 *   - `import a.b as c`: IMPORT "a.b" with BIND "*"; `import a.b` binds its first part: BIND "*"
 * with flag RT_NODE_OPTIONAL and local NAME "a". `from m import *`: BIND "*" with no kid.
 *   - import('m') and require('m') are plain CALLs of the NAMEs "import", "require". `import.meta`
 * is NAME "import.meta"; `export * from 'm'` is EXPORT "*" with kid IMPORT; `export {a as b} from
 * 'm'` EXPORT "b" with kid IMPORT whose BIND "a" has no kid; `module.exports = …` is a plain
 * ASSIGN.
 *   - Optional chaining sets OPTIONAL on MEMBER, INDEX, CALL; it changes nothing.
 *   - Python `except A as e`: TRY's caught target is NAME e; several handlers become one BLOCK of
 * them in order.
 *   - Python's `else` of loops and try is a statement after them; `assert x` is the expression x;
 * `del` DELETE.
 *   - Chained comparison a<b<c is LOGICAL AND; `match` is SWITCH; a lambda is a FUNCTION with
 * ARROW. */
#ifndef RT_FACTS_FLOW_TREE_BUILD_H
#define RT_FACTS_FLOW_TREE_BUILD_H

#include "facts/flow/tree.h"

/* A node with `kid_count` kids (kids may be NULL when 0). */
RtNode *rt_node(RtArena *arena, RtNodeKind kind, uint32_t from, uint32_t len,
                const RtNode *const *kids, size_t kid_count);
/* As rt_node for the kinds that have text (NAME, STRING, MEMBER, FUNCTION, PAIR, IMPORT …). */
RtNode *rt_node_text(RtArena *arena, RtNodeKind kind, uint32_t from, uint32_t len, RtStr text,
                     const RtNode *const *kids, size_t kid_count);
/* NUMBER or BOOL. */
RtNode *rt_node_number(RtArena *arena, RtNodeKind kind, uint32_t from, uint32_t len, double number);
/* The one shared NONE node. */
const RtNode *rt_node_none(void);

/* A growing list of kids: { .arena = arena }; then rt_node(…, list.items, list.count). */
typedef struct {
    RtArena *arena;
    const RtNode **items;
    size_t count, capacity;
} RtNodeList;
void rt_node_list_add(RtNodeList *list, const RtNode *node); /* NULL adds NONE */

#endif
