/* tree_build.c - node constructors. Nodes hold a hash of their text, so that scopes and objects
 * never hash a name while the interpreter runs. */
#include "facts/flow/tree_build.h"

#include <string.h>

static const RtNode none_node = { .kind = RT_N_NONE };

const RtNode *rt_node_none(void) { return &none_node; }

RtNode *rt_node(RtArena *arena, RtNodeKind kind, uint32_t from, uint32_t len,
                const RtNode *const *kids, size_t kid_count)
{
    RtNode *node = RT_NEW(arena, RtNode);

    node->kind = (uint8_t)kind;
    node->from = from;
    node->len = len;
    if (kid_count == 0)
        return node;
    node->kids = RT_NEW_ARRAY(arena, const RtNode *, kid_count);
    node->kid_count = (uint32_t)kid_count;
    for (size_t i = 0; i < kid_count; i++)
        node->kids[i] = kids[i] ? kids[i] : &none_node;
    return node;
}

RtNode *rt_node_text(RtArena *arena, RtNodeKind kind, uint32_t from, uint32_t len, RtStr text,
                     const RtNode *const *kids, size_t kid_count)
{
    RtNode *node = rt_node(arena, kind, from, len, kids, kid_count);

    node->text = text;
    node->hash = (uint32_t)rt_str_hash(text);
    return node;
}

RtNode *rt_node_number(RtArena *arena, RtNodeKind kind, uint32_t from, uint32_t len, double number)
{
    RtNode *node = rt_node(arena, kind, from, len, NULL, 0);

    node->number = number;
    return node;
}

void rt_node_list_add(RtNodeList *list, const RtNode *node)
{
    RT_PUSH(list->arena, list->items, list->count, list->capacity) = node ? node : &none_node;
}
