/* python_expression.c - the expressions of Python, lowered. What the grammar nests to the left (a +
 * b + c …, x.y().z()) is walked by a loop, so that an honest chain of thousands does not count as
 * deep. */
#include <string.h>

#include "facts/languages/python_tree.h"

static const RtNode *lower_other(RtPythonLower *lower, uint32_t at);

/* ---- nodes
 * --------------------------------------------------------------------------------------- */

static void span_of(const RtPythonLower *lower, uint32_t at, uint32_t *ret_from, uint32_t *ret_len)
{
    *ret_from = at ? rt_py_at(lower, at)->from : 0;
    *ret_len = at ? rt_py_at(lower, at)->to - *ret_from : 0;
}

RtNode *rt_py_node(RtPythonLower *lower, RtNodeKind kind, uint32_t at, const RtNodeList *kids)
{
    uint32_t from, len;
    span_of(lower, at, &from, &len);
    return rt_node(lower->arena, kind, from, len, kids ? kids->items : NULL,
                   kids ? kids->count : 0);
}

RtNode *rt_py_text(RtPythonLower *lower, RtNodeKind kind, uint32_t at, RtStr text)
{
    uint32_t from, len;
    span_of(lower, at, &from, &len);
    return rt_node_text(lower->arena, kind, from, len, text, NULL, 0);
}

RtNode *rt_py_kids(RtPythonLower *lower, RtNodeKind kind, uint32_t at, size_t count,
                   const RtNode *a, const RtNode *b, const RtNode *c, const RtNode *d)
{
    const RtNode *kids[4] = { a, b, c, d };
    uint32_t from, len;
    span_of(lower, at, &from, &len);
    return rt_node(lower->arena, kind, from, len, kids, count);
}

RtNode *rt_py_call(RtPythonLower *lower, uint32_t at, const RtNode *function,
                   const RtNode *argument)
{
    return rt_py_kids(lower, RT_N_CALL, at, argument ? 2 : 1, function, argument, NULL, NULL);
}

const RtNode *rt_py_with_text(RtPythonLower *lower, RtNodeKind kind, uint32_t at, RtStr text,
                              const RtNode *kid)
{
    uint32_t from, len;
    span_of(lower, at, &from, &len);
    return rt_node_text(lower->arena, kind, from, len, text, &kid, 1);
}

static uint32_t next_named(const RtPythonLower *lower, uint32_t kid)
{
    while (kid && !(rt_py_at(lower, kid)->flags & RT_SYNTAX_NAMED))
        kid = rt_py_at(lower, kid)->next;
    return kid;
}

uint32_t rt_py_first(const RtPythonLower *lower, uint32_t at)
{
    return next_named(lower, rt_py_at(lower, at)->kid);
}

uint32_t rt_py_following(const RtPythonLower *lower, uint32_t at)
{
    return next_named(lower, rt_py_at(lower, at)->next);
}

RtStr rt_py_name(RtPythonLower *lower, uint32_t at)
{
    return at ? rt_python_normal_name(lower->arena, rt_py_source(lower, at)) : (RtStr){ 0 };
}

RtOp rt_py_operator(RtStr text)
{
    static const struct {
        const char *text;
        RtOp op;
    } table[] = { { "+", RT_OP_ADD },     { "-", RT_OP_SUB },        { "*", RT_OP_MUL },
                  { "/", RT_OP_DIV },     { "//", RT_OP_FLOOR_DIV }, { "%", RT_OP_MOD },
                  { "**", RT_OP_POW },    { "&", RT_OP_BIT_AND },    { "|", RT_OP_BIT_OR },
                  { "^", RT_OP_BIT_XOR }, { "<<", RT_OP_SHL },       { ">>", RT_OP_SHR },
                  { "==", RT_OP_EQ },     { "!=", RT_OP_NE },        { "<>", RT_OP_NE },
                  { "<", RT_OP_LT },      { "<=", RT_OP_LE },        { ">", RT_OP_GT },
                  { ">=", RT_OP_GE },     { "in", RT_OP_IN },        { "is", RT_OP_IS },
                  { "~", RT_OP_BIT_NOT }, { "and", RT_OP_AND },      { "or", RT_OP_OR } };
    for (size_t i = 0; i < RT_COUNT(table); i++) {
        if (rt_str_equal(text, rt_str_from_c(table[i].text)))
            return table[i].op;
    }
    if (rt_str_starts(text, RT_STR("not")))
        return RT_OP_NOT_IN;
    return rt_str_starts(text, RT_STR("is")) ? RT_OP_IS_NOT : RT_OP_NONE;
}

/* ---- chains to the left
 * ---------------------------------------------------------------------------- */

/* The child a chain goes on with, or 0 when `at` is no link of one. */
static uint32_t left_of(const RtPythonLower *lower, uint32_t at)
{
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_BINARY:
    case RT_PK_BOOLEAN:
        return rt_py_field(lower, at, RT_PF_LEFT);
    case RT_PK_CALL:
        return rt_py_field(lower, at, RT_PF_FUNCTION);
    case RT_PK_ATTRIBUTE:
        return rt_py_field(lower, at, RT_PF_OBJECT);
    case RT_PK_SUBSCRIPT:
        return rt_py_field(lower, at, RT_PF_VALUE);
    default:
        return 0;
    }
}

static const RtNode *lower_slice(RtPythonLower *lower, uint32_t at, const RtNode *value,
                                 uint32_t slice)
{
    const RtNode *parts[3] = { NULL, NULL, NULL };
    size_t part = 0;
    for (uint32_t kid = rt_py_at(lower, slice)->kid; kid && part < 3;
         kid = rt_py_at(lower, kid)->next) {
        if (rt_py_at(lower, kid)->kind == RT_PK_COLON)
            part++;
        else
            parts[part] = rt_py_expression(lower, kid);
    }
    return rt_py_kids(lower, RT_N_SLICE, at, 4, value, parts[0], parts[1], parts[2]);
}

static const RtNode *lower_subscript(RtPythonLower *lower, uint32_t at, const RtNode *value)
{
    RtNodeList keys = rt_py_list(lower);
    for (uint32_t kid = rt_py_at(lower, at)->kid; kid; kid = rt_py_at(lower, kid)->next) {
        if (rt_py_at(lower, kid)->field != RT_PF_SUBSCRIPT)
            continue;
        if (rt_py_at(lower, kid)->kind == RT_PK_SLICE)
            return lower_slice(lower, at, value, kid);
        rt_node_list_add(&keys, rt_py_expression(lower, kid));
    }
    /* m.__dict__['x'] is getattr(m, 'x') */
    if (keys.count == 1 && value && value->kind == RT_N_MEMBER &&
        rt_str_equal(value->text, RT_STR("__dict__")))
        return rt_py_kids(lower, RT_N_CALL, at, 3,
                          rt_py_text(lower, RT_N_NAME, at, RT_STR("getattr")), value->kids[0],
                          keys.items[0], NULL);
    if (keys.count == 1)
        return RT_PY_TWO(lower, RT_N_INDEX, at, value, keys.items[0]);
    RtNode *tuple = rt_py_node(lower, RT_N_ARRAY, at, &keys);
    tuple->flags = RT_NODE_TUPLE;
    return RT_PY_TWO(lower, RT_N_INDEX, at, value, tuple);
}

/* True when the mode of this call of open() says that it writes. */
static bool opens_for_writing(const RtNodeList *call)
{
    const RtNode *mode =
        call->count > 2 && call->items[2]->kind != RT_N_KEYWORD ? call->items[2] : NULL;
    for (size_t i = 1; i < call->count; i++) {
        if (call->items[i]->kind == RT_N_KEYWORD &&
            rt_str_equal(call->items[i]->text, RT_STR("mode")))
            mode = call->items[i]->kids[0];
    }
    if (!mode || mode->kind != RT_N_STRING || mode->text.len > 4)
        return false;
    for (size_t i = 0; i < mode->text.len; i++) {
        if (strchr("wax+", mode->text.at[i]))
            return true;
    }
    return false;
}

/* What open() is depends on its mode: two names for two acts (python_api.list has both). */
static const RtNode *name_opener(RtPythonLower *lower, const RtNodeList *call)
{
    static const char *const modules[] = { "io",   "codecs",   "gzip",    "bz2",
                                           "lzma", "aiofiles", "builtins" };
    const RtNode *function = call->items[0];
    if (!rt_str_equal(function->text, RT_STR("open")) || !opens_for_writing(call))
        return function;
    uint32_t from = function->from, len = function->len;
    RtStr name = RT_STR("open_for_writing");
    if (function->kind == RT_N_NAME)
        return rt_node_text(lower->arena, RT_N_NAME, from, len, name, NULL, 0);
    for (size_t i = 0; function->kind == RT_N_MEMBER && i < RT_COUNT(modules); i++) {
        if (function->kids[0]->kind == RT_N_NAME &&
            rt_str_equal(function->kids[0]->text, rt_str_from_c(modules[i])))
            return rt_node_text(lower->arena, RT_N_MEMBER, from, len, name, function->kids, 1);
    }
    return function;
}

/* target.write(content) */
static const RtNode *make_write(RtPythonLower *lower, uint32_t at, const RtNode *target,
                                const RtNode *content)
{
    return rt_py_call(lower, at, rt_py_with_text(lower, RT_N_MEMBER, at, RT_STR("write"), target),
                      content);
}

/* Calls that write their argument to a file they are handed, with the write in words: print(x,
 * file=f), json.dump(x, f), shutil.copyfileobj(a, b). NULL for all others. */
static const RtNode *write_of_call(RtPythonLower *lower, uint32_t at, const RtNodeList *call)
{
    const RtNode *function = call->items[0];
    if (call->count < 3)
        return NULL;
    const RtNode *last = call->items[call->count - 1];
    if (function->kind == RT_N_NAME && rt_str_equal(function->text, RT_STR("print")) &&
        last->kind == RT_N_KEYWORD && rt_str_equal(last->text, RT_STR("file")))
        return make_write(lower, at, last->kids[0], call->items[1]);
    if (function->kind != RT_N_MEMBER || call->items[2]->kind == RT_N_KEYWORD)
        return NULL;
    const RtNode *source = call->items[1];
    if (rt_str_equal(function->text, RT_STR("copyfileobj")))
        source = rt_py_call(lower, at,
                            rt_py_with_text(lower, RT_N_MEMBER, at, RT_STR("read"), source), NULL);
    else if (!rt_str_equal(function->text, RT_STR("dump")))
        return NULL;
    return make_write(lower, at, call->items[2], source);
}

static const RtNode *lower_call(RtPythonLower *lower, uint32_t at, const RtNode *left)
{
    RtNodeList list = rt_py_list(lower);
    rt_node_list_add(&list, left);
    rt_py_arguments(lower, rt_py_field(lower, at, RT_PF_ARGUMENTS), &list);
    if (list.items[0]->kind == RT_N_NAME || list.items[0]->kind == RT_N_MEMBER)
        list.items[0] = name_opener(lower, &list);
    const RtNode *call = rt_py_node(lower, RT_N_CALL, at, &list);
    rt_py_note_call(lower, call);
    const RtNode *write = write_of_call(lower, at, &list);
    return write ? RT_PY_TWO(lower, RT_N_SEQUENCE, at, write, call) : call;
}

/* One link of a chain, its left side being lowered already. */
static const RtNode *lower_link(RtPythonLower *lower, uint32_t at, const RtNode *left)
{
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_BINARY:
    case RT_PK_BOOLEAN: {
        uint32_t word = rt_py_field(lower, at, RT_PF_OPERATOR);
        RtOp op = word ? rt_py_operator(rt_py_source(lower, word)) : RT_OP_NONE;
        const RtNode *right = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_RIGHT));
        bool logical = rt_py_at(lower, at)->kind == RT_PK_BOOLEAN;
        RtNode *node = RT_PY_TWO(lower, logical ? RT_N_LOGICAL : RT_N_BINARY, at, left, right);
        node->op = (uint8_t)op;
        return node;
    }
    case RT_PK_CALL:
        return lower_call(lower, at, left);
    case RT_PK_ATTRIBUTE:
        return rt_py_with_text(lower, RT_N_MEMBER, at,
                               rt_py_name(lower, rt_py_field(lower, at, RT_PF_ATTRIBUTE)), left);
    default:
        return lower_subscript(lower, at, left);
    }
}

/* How many links of the same operator + make a chain worth balancing: the interpreter recurses,
 * too. */
#define BALANCE_FROM 32

/* a + b + c + … as a tree of even depth: addition of texts, lists and numbers does not mind. */
static const RtNode *balance(RtPythonLower *lower, uint32_t at, const RtNode *const *terms,
                             size_t count)
{
    if (count == 1)
        return terms[0];
    const RtNode *left = balance(lower, at, terms, count / 2);
    RtNode *node = RT_PY_TWO(lower, RT_N_BINARY, at, left,
                             balance(lower, at, terms + count / 2, count - count / 2));
    node->op = RT_OP_ADD;
    return node;
}

static bool is_addition(const RtPythonLower *lower, uint32_t at)
{
    uint32_t word =
        rt_py_at(lower, at)->kind == RT_PK_BINARY ? rt_py_field(lower, at, RT_PF_OPERATOR) : 0;
    return word && rt_str_equal(rt_py_source(lower, word), RT_STR("+"));
}

/* Links of other kinds in one piece: longer chains go on as another piece, whose left side is
 * unknown. */
#define CHAIN_MAX 200

static const RtNode *lower_chain(RtPythonLower *lower, uint32_t at)
{
    uint32_t *links = NULL, top = at;
    size_t count = 0, capacity = 0, built = 0;
    RtNodeList pieces = rt_py_list(lower);
    for (; left_of(lower, at); at = left_of(lower, at))
        RT_PUSH(lower->arena, links, count, capacity) = at;
    const RtNode *left = lower_other(lower, at);
    while (count) {
        size_t run = 0;
        while (run < count && is_addition(lower, links[count - 1 - run]))
            run++;
        if (run < BALANCE_FROM) {
            left = lower_link(lower, links[--count], left);
            if (++built % CHAIN_MAX == 0) {
                rt_node_list_add(&pieces, left);
                left = NULL;
            }
            continue;
        }
        RtNodeList terms = rt_py_list(lower);
        rt_node_list_add(&terms, left);
        for (size_t i = 0; i < run; i++)
            rt_node_list_add(
                &terms,
                rt_py_expression(lower, rt_py_field(lower, links[count - 1 - i], RT_PF_RIGHT)));
        count -= run;
        left = balance(lower, links[count], terms.items, terms.count);
    }
    if (!pieces.count)
        return left;
    rt_node_list_add(&pieces, left);
    return rt_py_node(lower, RT_N_SEQUENCE, top, &pieces);
}

/* ---- all others
 * -------------------------------------------------------------------------------------- */

static void add_kids(RtPythonLower *lower, uint32_t at, RtNodeList *list)
{
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid))
        rt_node_list_add(list, rt_py_expression(lower, kid));
}

static const RtNode *lower_list(RtPythonLower *lower, uint32_t at, RtNodeKind kind, uint16_t flags)
{
    RtNodeList list = rt_py_list(lower);
    add_kids(lower, at, &list);
    RtNode *node = rt_py_node(lower, kind, at, &list);
    node->flags = flags;
    return node;
}

static const RtNode *lower_pair(RtPythonLower *lower, uint32_t at)
{
    const RtNode *key = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_KEY));
    const RtNode *value = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_VALUE));
    if (key->kind == RT_N_STRING)
        return rt_py_with_text(lower, RT_N_PAIR, at, key->text, value);
    return RT_PY_TWO(lower, RT_N_PAIR, at, value, key);
}

/* a < b < c is a < b and b < c. */
static const RtNode *lower_comparison(RtPythonLower *lower, uint32_t at)
{
    const RtNode *left = NULL, *whole = NULL;
    RtOp op = RT_OP_NONE;
    for (uint32_t kid = rt_py_at(lower, at)->kid; kid; kid = rt_py_at(lower, kid)->next) {
        if (rt_py_at(lower, kid)->field == RT_PF_OPERATORS) {
            op = rt_py_operator(rt_py_source(lower, kid));
            continue;
        }
        const RtNode *right = rt_py_expression(lower, kid);
        if (left) {
            RtNode *pair = RT_PY_TWO(lower, RT_N_BINARY, at, left, right);
            pair->op = (uint8_t)op;
            RtNode *both = whole ? RT_PY_TWO(lower, RT_N_LOGICAL, at, whole, pair) : pair;
            if (whole)
                both->op = RT_OP_AND;
            whole = both;
        }
        left = right;
    }
    return whole ? whole : left;
}

/* From the inside out: the last `for` holds the element, the ones before it hold that. */
static const RtNode *lower_clauses(RtPythonLower *lower, uint32_t at, uint32_t clause,
                                   const RtNode *body)
{
    while (clause && rt_py_at(lower, clause)->kind != RT_PK_FOR_IN)
        clause = rt_py_following(lower, clause);
    if (!clause || lower->depth > RT_SYNTAX_DEPTH)
        return body;
    const RtNode *target = rt_py_expression(lower, rt_py_field(lower, clause, RT_PF_LEFT));
    const RtNode *over = rt_py_expression(lower, rt_py_field(lower, clause, RT_PF_RIGHT));
    const RtNode *condition = NULL;
    uint32_t next = rt_py_following(lower, clause);
    for (; next && rt_py_at(lower, next)->kind == RT_PK_IF_CLAUSE;
         next = rt_py_following(lower, next)) {
        const RtNode *test = rt_py_expression(lower, rt_py_first(lower, next));
        RtNode *both = condition ? RT_PY_TWO(lower, RT_N_LOGICAL, next, condition, test) : NULL;
        if (both)
            both->op = RT_OP_AND;
        condition = both ? both : test;
    }
    lower->depth++;
    const RtNode *inner = lower_clauses(lower, at, next, body);
    lower->depth--;
    return rt_py_kids(lower, RT_N_COMPREHENSION, at, 4, inner, target, over, condition);
}

static const RtNode *lower_comprehension(RtPythonLower *lower, uint32_t at, uint16_t flags)
{
    uint32_t body_at = rt_py_field(lower, at, RT_PF_BODY);
    const RtNode *body = rt_py_expression(lower, body_at);
    RtNode *node = (RtNode *)(uintptr_t)lower_clauses(
        lower, at, body_at ? rt_py_following(lower, body_at) : 0, body);
    if (node->kind == RT_N_COMPREHENSION)
        node->flags |= flags;
    return node;
}

static const RtNode *lower_unary(RtPythonLower *lower, uint32_t at)
{
    uint32_t word = rt_py_field(lower, at, RT_PF_OPERATOR);
    RtStr sign = word ? rt_py_source(lower, word) : RT_STR("not");
    RtNode *node = RT_PY_ONE(lower, RT_N_UNARY, at,
                             rt_py_expression(lower, rt_py_field(lower, at, RT_PF_ARGUMENT)));
    node->op = rt_str_equal(sign, RT_STR("-"))   ? RT_OP_NEG
               : rt_str_equal(sign, RT_STR("+")) ? RT_OP_POS
               : rt_str_equal(sign, RT_STR("~")) ? RT_OP_BIT_NOT
                                                 : RT_OP_NOT;
    return node;
}

static const RtNode *lower_lambda(RtPythonLower *lower, uint32_t at)
{
    const RtNode *parameters = rt_py_parameters(lower, rt_py_field(lower, at, RT_PF_PARAMETERS));
    const RtNode *body = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_BODY));
    RtNode *node = RT_PY_TWO(lower, RT_N_FUNCTION, at, parameters, body);
    node->flags = RT_NODE_ARROW;
    return node;
}

static const RtNode *lower_conditional(RtPythonLower *lower, uint32_t at)
{
    uint32_t then = rt_py_first(lower, at);
    uint32_t condition = then ? rt_py_following(lower, then) : 0;
    uint32_t other = condition ? rt_py_following(lower, condition) : 0;
    const RtNode *test = rt_py_expression(lower, condition);
    const RtNode *yes = rt_py_expression(lower, then);
    return RT_PY_THREE(lower, RT_N_CONDITIONAL, at, test, yes, rt_py_expression(lower, other));
}

/* x = exec 'code': written "exec 'code'" (Python 2) before python.c put the sign there. */
static bool is_patched_statement(const RtPythonLower *lower, uint32_t left)
{
    RtStr name = left ? rt_py_source(lower, left) : (RtStr){ 0 };
    size_t end = left ? rt_py_at(lower, left)->to : 0;
    RtStr parsed = lower->file.parsed;
    return rt_str_equal(name, RT_STR("exec")) && end < parsed.len && parsed.at[end] == '=' &&
           lower->source.at[end] != '=';
}

static const RtNode *lower_assignment(RtPythonLower *lower, uint32_t at)
{
    uint32_t left = rt_py_field(lower, at, RT_PF_LEFT), right = rt_py_field(lower, at, RT_PF_RIGHT);
    uint32_t type = rt_py_field(lower, at, RT_PF_TYPE);
    if (!right)
        return type ? rt_py_expression(lower, rt_py_first(lower, type)) : rt_node_none();
    const RtNode *value = rt_py_expression(lower, right);
    if (is_patched_statement(lower, left)) {
        bool has_scope = value->kind == RT_N_BINARY && value->op == RT_OP_IN;
        const RtNode *code = has_scope ? value->kids[0] : value;
        return rt_py_call(lower, at, rt_py_text(lower, RT_N_NAME, left, RT_STR("exec")), code);
    }
    RtNode *node = RT_PY_TWO(lower, RT_N_ASSIGN, at, rt_py_expression(lower, left), value);
    uint32_t word = rt_py_field(lower, at, RT_PF_OPERATOR);
    if (rt_py_at(lower, at)->kind == RT_PK_AUGMENTED && word) {
        RtStr sign = rt_py_source(lower, word);
        node->op = (uint8_t)rt_py_operator(rt_str_sub(sign, 0, sign.len ? sign.len - 1 : 0));
    }
    return node;
}

/* `(x)`, `*x`, `await x`: one thing inside. */
static const RtNode *lower_inner(RtPythonLower *lower, uint32_t at)
{
    return rt_py_expression(lower, rt_py_first(lower, at));
}

static const RtNode *lower_constant(RtPythonLower *lower, uint32_t at, RtNodeKind kind,
                                    double number)
{
    const RtSyntaxNode *node = rt_py_at(lower, at);
    return rt_node_number(lower->arena, kind, node->from, node->to - node->from, number);
}

static const RtNode *lower_as(RtPythonLower *lower, uint32_t at)
{
    uint32_t value = rt_py_first(lower, at);
    uint32_t alias = rt_py_field(lower, at, RT_PF_ALIAS);
    if (!alias)
        return rt_py_expression(lower, value);
    return RT_PY_TWO(lower, RT_N_ASSIGN, at, rt_py_expression(lower, alias),
                     rt_py_expression(lower, value));
}

/* The library could not parse this span: whatever whole nodes are in it, one after the other. */
static const RtNode *lower_error(RtPythonLower *lower, uint32_t at)
{
    if (!rt_py_at(lower, at)->kid)
        return rt_node_none();
    return lower_list(lower, at, RT_N_SEQUENCE, 0);
}

/* Literals, names and collections. */
static const RtNode *lower_atom(RtPythonLower *lower, uint32_t at)
{
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_NAME:
    case RT_PK_DOTTED_NAME:
        return rt_py_text(lower, RT_N_NAME, at, rt_py_name(lower, at));
    case RT_PK_STRING:
    case RT_PK_STRINGS:
        return rt_py_string(lower, at);
    case RT_PK_INTEGER:
    case RT_PK_FLOAT:
        return rt_py_number(lower, at);
    case RT_PK_TRUE:
    case RT_PK_FALSE:
        return lower_constant(lower, at, RT_N_BOOL, rt_py_at(lower, at)->kind == RT_PK_TRUE);
    case RT_PK_NONE:
        return rt_py_node(lower, RT_N_NULL, at, NULL);
    case RT_PK_LIST:
    case RT_PK_LIST_PATTERN:
        return lower_list(lower, at, RT_N_ARRAY, 0);
    case RT_PK_TUPLE:
    case RT_PK_EXPRESSION_LIST:
    case RT_PK_TUPLE_PATTERN:
    case RT_PK_PATTERN_LIST:
        return lower_list(lower, at, RT_N_ARRAY, RT_NODE_TUPLE);
    case RT_PK_SET:
        return lower_list(lower, at, RT_N_ARRAY, RT_NODE_SET);
    case RT_PK_DICT:
        return lower_list(lower, at, RT_N_OBJECT, 0);
    case RT_PK_PAIR:
        return lower_pair(lower, at);
    case RT_PK_LIST_SPLAT:
    case RT_PK_LIST_SPLAT_PATTERN:
    case RT_PK_DICT_SPLAT:
        return RT_PY_ONE(lower, RT_N_SPREAD, at, lower_inner(lower, at));
    default:
        return rt_py_at(lower, at)->flags & RT_SYNTAX_ERROR ? lower_error(lower, at)
                                                            : rt_node_none();
    }
}

static const RtNode *lower_other(RtPythonLower *lower, uint32_t at)
{
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_COMPARISON:
        return lower_comparison(lower, at);
    case RT_PK_NOT:
    case RT_PK_UNARY:
        return lower_unary(lower, at);
    case RT_PK_LAMBDA:
        return lower_lambda(lower, at);
    case RT_PK_CONDITIONAL:
        return lower_conditional(lower, at);
    case RT_PK_NAMED: {
        const RtNode *target = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_NAME));
        return RT_PY_TWO(lower, RT_N_ASSIGN, at, target,
                         rt_py_expression(lower, rt_py_field(lower, at, RT_PF_VALUE)));
    }
    case RT_PK_ASSIGNMENT:
    case RT_PK_AUGMENTED:
        return lower_assignment(lower, at);
    case RT_PK_AS_PATTERN:
        return lower_as(lower, at);
    case RT_PK_LIST_COMPREHENSION:
    case RT_PK_DICT_COMPREHENSION:
        return lower_comprehension(lower, at, 0);
    case RT_PK_SET_COMPREHENSION:
        return lower_comprehension(lower, at, RT_NODE_SET);
    case RT_PK_GENERATOR:
        return lower_comprehension(lower, at, RT_NODE_GENERATOR);
    case RT_PK_AWAIT:
        return RT_PY_ONE(lower, RT_N_AWAIT, at, lower_inner(lower, at));
    case RT_PK_YIELD:
        lower->yields = true;
        return RT_PY_ONE(lower, RT_N_YIELD, at, lower_inner(lower, at));
    case RT_PK_PARENTHESES:
    case RT_PK_AS_TARGET:
    case RT_PK_TYPE:
    case RT_PK_CHEVRON:
    case RT_PK_EXPRESSION:
        return lower_inner(lower, at);
    default:
        return lower_atom(lower, at);
    }
}

const RtNode *rt_py_expression(RtPythonLower *lower, uint32_t at)
{
    if (!at || lower->depth >= RT_SYNTAX_DEPTH || rt_arena_left(lower->arena) < lower->margin)
        return rt_node_none();
    lower->depth++;
    const RtNode *node = left_of(lower, at) ? lower_chain(lower, at) : lower_other(lower, at);
    lower->depth--;
    return node;
}

/* ---- arguments and parameters
 * ------------------------------------------------------------------------- */

void rt_py_arguments(RtPythonLower *lower, uint32_t at, RtNodeList *list)
{
    if (!at)
        return;
    if (rt_py_at(lower, at)->kind == RT_PK_GENERATOR) {
        rt_node_list_add(list, rt_py_expression(lower, at));
        return;
    }
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        const RtNode *node;
        if (rt_py_at(lower, kid)->kind == RT_PK_KEYWORD_ARGUMENT)
            node = rt_py_with_text(lower, RT_N_KEYWORD, kid,
                                   rt_py_name(lower, rt_py_field(lower, kid, RT_PF_NAME)),
                                   rt_py_expression(lower, rt_py_field(lower, kid, RT_PF_VALUE)));
        else if (rt_py_at(lower, kid)->kind == RT_PK_DICT_SPLAT)
            node = rt_py_with_text(lower, RT_N_KEYWORD, kid, (RtStr){ 0 }, lower_inner(lower, kid));
        else
            node = rt_py_expression(lower, kid);
        rt_node_list_add(list, node);
    }
}

static const RtNode *lower_parameter(RtPythonLower *lower, uint32_t at)
{
    uint32_t name = rt_py_field(lower, at, RT_PF_NAME);
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_DEFAULT_PARAMETER:
    case RT_PK_TYPED_DEFAULT_PARAMETER: {
        const RtNode *target = rt_py_expression(lower, name);
        return RT_PY_TWO(lower, RT_N_ASSIGN, at, target,
                         rt_py_expression(lower, rt_py_field(lower, at, RT_PF_VALUE)));
    }
    case RT_PK_TYPED_PARAMETER:
        return rt_py_first(lower, at) ? lower_parameter(lower, rt_py_first(lower, at)) : NULL;
    case RT_PK_DICT_SPLAT_PATTERN: {
        RtStr text = rt_py_name(lower, rt_py_first(lower, at));
        return rt_py_with_text(lower, RT_N_KEYWORD, at, text,
                               rt_py_text(lower, RT_N_NAME, at, text));
    }
    case RT_PK_SEPARATOR:
    case RT_PK_SLASH:
        return NULL;
    default:
        return rt_py_expression(lower, at);
    }
}

const RtNode *rt_py_parameters(RtPythonLower *lower, uint32_t at)
{
    RtNodeList list = rt_py_list(lower);
    for (uint32_t kid = at ? rt_py_first(lower, at) : 0; kid; kid = rt_py_following(lower, kid)) {
        const RtNode *parameter = lower_parameter(lower, kid);
        if (parameter)
            rt_node_list_add(&list, parameter);
    }
    return rt_py_node(lower, RT_N_PARAMS, at, &list);
}
