/* javascript_lower_statements.c - statements, functions, classes and modules of the JavaScript
 * family to flow nodes.
 *
 * `var` belongs to its function wherever it stands and says so with a flag; only blocks that
 * declare with let, const or class get a scope of their own. All others are just sequences, which
 * keeps the evaluator's scopes few. */
#include "facts/flow/tree_build.h"
#include "facts/languages/javascript_lower_parts.h"

static bool has_word(const RtJsLowering *l, uint32_t at, uint16_t kind)
{
    return rt_syntax_find(l->tree, at, kind) != 0;
}

/* ---- declarations ---- */
static void push_declaration(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    uint16_t flags = nodes[at].kind == KIND_VAR ? RT_NODE_DECLARE | RT_NODE_VAR : RT_NODE_DECLARE;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        if (nodes[kid].kind != KIND_DECLARATOR)
            continue;
        const RtNode *target = rt_js_lower_field(l, kid, FIELD_NAME);
        const RtNode *value = rt_js_lower_field(l, kid, FIELD_VALUE);
        RtNode *node = rt_js_node(l, RT_N_ASSIGN, kid, target, value, NULL, NULL);
        node->flags = flags;
        rt_js_push(l, node);
    }
}

/* ---- functions and classes ---- */
/* TypeScript: constructor(private key: string) also assigns this.key. */
static void push_parameter_property(RtJsLowering *l, uint32_t parameter)
{
    if (!has_word(l, parameter, KIND_ACCESSIBILITY))
        return;
    uint32_t pattern = rt_syntax_field(l->tree, parameter, FIELD_PATTERN);
    if (!pattern || l->tree->nodes[pattern].kind != KIND_NAME)
        return;
    RtStr name = rt_js_key(l, pattern);
    RtNode *member =
        rt_js_node(l, RT_N_MEMBER, parameter, rt_js_leaf(l, RT_N_NAME, parameter, RT_STR("this")),
                   NULL, NULL, NULL);
    rt_js_set_text(member, name);
    rt_js_push(l, rt_js_node(l, RT_N_ASSIGN, parameter, member,
                             rt_js_leaf(l, RT_N_NAME, parameter, name), NULL, NULL));
}

static const RtNode *lower_parameter(RtJsLowering *l, uint32_t at)
{
    uint16_t kind = l->tree->nodes[at].kind;
    if (kind != KIND_REQUIRED_PARAMETER && kind != KIND_OPTIONAL_PARAMETER)
        return rt_js_lower(l, at);
    const RtNode *pattern = rt_js_lower_field(l, at, FIELD_PATTERN);
    uint32_t value = rt_syntax_field(l->tree, at, FIELD_VALUE);
    return value ? rt_js_node(l, RT_N_ASSIGN, at, pattern, rt_js_lower(l, value), NULL, NULL)
                 : pattern;
}

static const RtNode *lower_parameters(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    size_t mark = l->height;
    uint32_t single = rt_syntax_field(l->tree, at, FIELD_PARAMETER);
    uint32_t list = rt_syntax_field(l->tree, at, FIELD_PARAMETERS);
    if (single)
        rt_js_push(l, rt_js_lower(l, single));
    for (uint32_t kid = list ? nodes[list].kid : 0; kid; kid = nodes[kid].next)
        if (nodes[kid].flags & RT_SYNTAX_NAMED)
            rt_js_push(l, lower_parameter(l, kid));
    return rt_js_take(l, mark, RT_N_PARAMS, list ? list : at);
}

static const RtNode *lower_body(RtJsLowering *l, uint32_t at, uint32_t body)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    if (!body)
        return rt_js_node(l, RT_N_BLOCK, at, NULL, NULL, NULL, NULL);
    if (nodes[body].kind != KIND_BLOCK)
        return rt_js_lower(l, body);
    size_t mark = l->height;
    uint32_t list = rt_syntax_field(l->tree, at, FIELD_PARAMETERS);
    for (uint32_t kid = list ? nodes[list].kid : 0; kid; kid = nodes[kid].next)
        push_parameter_property(l, kid);
    for (uint32_t kid = nodes[body].kid; kid; kid = nodes[kid].next)
        rt_js_push_statement(l, kid);
    return rt_js_take(l, mark, RT_N_BLOCK, body);
}

const RtNode *rt_js_lower_function(RtJsLowering *l, uint32_t at, uint16_t flags)
{
    uint16_t kind = l->tree->nodes[at].kind;
    const RtNode *params = lower_parameters(l, at);
    uint32_t body = rt_syntax_field(l->tree, at, FIELD_BODY);
    RtNode *node = rt_js_node(l, RT_N_FUNCTION, at, params, lower_body(l, at, body), NULL, NULL);
    node->flags = flags;
    if (kind == KIND_ARROW)
        node->flags |= RT_NODE_ARROW;
    if (kind == KIND_GENERATOR || kind == KIND_GENERATOR_DECLARATION ||
        (kind == KIND_METHOD && has_word(l, at, KIND_WORD_STAR)))
        node->flags |= RT_NODE_GENERATOR;
    if (has_word(l, at, KIND_WORD_ASYNC))
        node->flags |= RT_NODE_ASYNC;
    if (kind == KIND_METHOD && has_word(l, at, KIND_WORD_STATIC))
        node->flags |= RT_NODE_STATIC;
    if (kind == KIND_METHOD && has_word(l, at, KIND_WORD_GET))
        node->flags |= RT_NODE_KEYS; /* a getter */
    uint32_t name = rt_syntax_field(l->tree, at, FIELD_NAME);
    if (name && l->tree->nodes[name].kind != KIND_COMPUTED_NAME)
        rt_js_set_text(node, rt_js_key(l, name));
    return node;
}

static void push_heritage(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    uint32_t heritage = rt_syntax_find(l->tree, at, KIND_CLASS_HERITAGE);
    for (uint32_t kid = heritage ? nodes[heritage].kid : 0; kid; kid = nodes[kid].next) {
        if (nodes[kid].kind == KIND_EXTENDS)
            rt_js_push(l, rt_js_lower_field(l, kid, FIELD_VALUE));
        else if (nodes[kid].kind != KIND_IMPLEMENTS && (nodes[kid].flags & RT_SYNTAX_NAMED))
            rt_js_push(l, rt_js_lower(l, kid));
    }
}

static void push_field(RtJsLowering *l, uint32_t at)
{
    uint32_t value = rt_syntax_field(l->tree, at, FIELD_VALUE);
    uint32_t name = rt_syntax_field(l->tree, at, FIELD_PROPERTY);
    if (!name)
        name = rt_syntax_field(l->tree, at, FIELD_NAME);
    if (!value || !name)
        return;
    const RtNode *target = rt_js_leaf(l, RT_N_NAME, name, rt_js_key(l, name));
    RtNode *node = rt_js_node(l, RT_N_ASSIGN, at, target, rt_js_lower(l, value), NULL, NULL);
    if (has_word(l, at, KIND_WORD_STATIC))
        node->flags = RT_NODE_STATIC;
    rt_js_push(l, node);
}

static void push_class_member(RtJsLowering *l, uint32_t at)
{
    switch (l->tree->nodes[at].kind) {
    case KIND_METHOD:
        rt_js_push(l, rt_js_lower_function(l, at, RT_NODE_METHOD));
        return;
    case KIND_FIELD:
    case KIND_PUBLIC_FIELD:
        push_field(l, at);
        return;
    case KIND_STATIC_BLOCK: {
        uint32_t body = rt_syntax_field(l->tree, at, FIELD_BODY);
        if (body)
            rt_js_push(l, rt_js_lower_block(l, body, true));
        return;
    }
    default:
        return;
    }
}

const RtNode *rt_js_lower_class(RtJsLowering *l, uint32_t at, uint16_t flags)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    size_t mark = l->height;
    push_heritage(l, at);
    const RtNode *bases = rt_js_take(l, mark, RT_N_ARRAY, at);
    uint32_t body = rt_syntax_field(l->tree, at, FIELD_BODY);
    for (uint32_t kid = body ? nodes[body].kid : 0; kid; kid = nodes[kid].next)
        push_class_member(l, kid);
    const RtNode *members = rt_js_take(l, mark, RT_N_BLOCK, body ? body : at);
    RtNode *node = rt_js_node(l, RT_N_CLASS, at, bases, members, NULL, NULL);
    node->flags = flags;
    uint32_t name = rt_syntax_field(l->tree, at, FIELD_NAME);
    rt_js_set_text(node, name ? rt_js_key(l, name) : (RtStr){ 0 });
    return node;
}

/* ---- blocks ---- */
static bool declares_lexically(const RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next)
        if (nodes[kid].kind == KIND_LEXICAL || nodes[kid].kind == KIND_USING ||
            nodes[kid].kind == KIND_CLASS_DECLARATION)
            return true;
    return false;
}

const RtNode *rt_js_lower_block(RtJsLowering *l, uint32_t at, bool scope)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    if (l->depth >= RT_SYNTAX_DEPTH)
        return l->none;
    scope = scope && declares_lexically(l, at);
    l->depth++;
    size_t mark = l->height;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next)
        rt_js_push_statement(l, kid);
    l->depth--;
    RtNode *block = rt_js_take(l, mark, RT_N_BLOCK, at);
    if (scope)
        block->flags = RT_NODE_SCOPE;
    return block;
}

const RtNode *rt_js_lower_statement(RtJsLowering *l, uint32_t at)
{
    if (!at)
        return l->none;
    size_t mark = l->height;
    rt_js_push_statement(l, at);
    if (l->height == mark + 1)
        return l->stack[--l->height];
    return rt_js_take(l, mark, RT_N_BLOCK, at);
}

static const RtNode *lower_statement_field(RtJsLowering *l, uint32_t at, uint8_t field)
{
    return rt_js_lower_statement(l, rt_syntax_field(l->tree, at, field));
}

/* ---- control ---- */
/* An `else if` ladder is as deep as it is long: gather the rungs, then nest the nodes from the last
 * one up. */
static const RtNode *lower_if(RtJsLowering *l, uint32_t at)
{
    uint32_t *rungs = NULL;
    size_t count = 0, capacity = 0;
    uint32_t rest = at;
    while (rest && l->tree->nodes[rest].kind == KIND_IF) {
        RT_PUSH(l->arena, rungs, count, capacity) = rest;
        uint32_t clause = rt_syntax_field(l->tree, rest, FIELD_ALTERNATIVE);
        rest = clause ? rt_js_first_named(l, clause) : 0;
    }
    const RtNode *otherwise = rt_js_lower_statement(l, rest);
    while (count-- > 0) {
        const RtNode *condition = rt_js_lower_field(l, rungs[count], FIELD_CONDITION);
        const RtNode *then = lower_statement_field(l, rungs[count], FIELD_CONSEQUENCE);
        otherwise = rt_js_node(l, RT_N_IF, rungs[count], condition, then, otherwise, NULL);
    }
    return otherwise;
}

static const RtNode *lower_for(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    uint32_t init = rt_syntax_field(l->tree, at, FIELD_INITIALIZER);
    bool scope = init && nodes[init].kind == KIND_LEXICAL;
    const RtNode *before = rt_js_lower_statement(l, init);
    const RtNode *condition = lower_statement_field(l, at, FIELD_CONDITION);
    const RtNode *after = rt_js_lower_field(l, at, FIELD_INCREMENT);
    const RtNode *body = lower_statement_field(l, at, FIELD_BODY);
    RtNode *node = rt_js_node(l, RT_N_FOR, at, before, condition, after, body);
    if (scope)
        node->flags = RT_NODE_SCOPE;
    return node;
}

static const RtNode *lower_loop(RtJsLowering *l, uint32_t at, bool do_first)
{
    const RtNode *condition = rt_js_lower_field(l, at, FIELD_CONDITION);
    const RtNode *body = lower_statement_field(l, at, FIELD_BODY);
    RtNode *node = rt_js_node(l, RT_N_FOR, at, l->none, condition, l->none, body);
    if (do_first)
        node->flags = RT_NODE_DO_FIRST;
    return node;
}

static const RtNode *lower_for_in(RtJsLowering *l, uint32_t at)
{
    const RtNode *target = rt_js_lower_field(l, at, FIELD_LEFT);
    const RtNode *iterable = rt_js_lower_field(l, at, FIELD_RIGHT);
    uint32_t op_at = rt_syntax_field(l->tree, at, FIELD_OPERATOR);
    uint32_t kind = rt_syntax_field(l->tree, at, FIELD_KIND);
    if (kind) {
        RtNode *declared = rt_js_node(l, RT_N_ASSIGN, at, target, l->none, NULL, NULL);
        bool var = rt_str_equal(rt_js_text(l, kind), RT_STR("var"));
        declared->flags = var ? RT_NODE_DECLARE | RT_NODE_VAR : RT_NODE_DECLARE;
        target = declared;
    }
    RtNode *node = rt_js_node(l, RT_N_FOR_EACH, at, target, iterable,
                              lower_statement_field(l, at, FIELD_BODY), NULL);
    if (op_at && rt_str_equal(rt_js_text(l, op_at), RT_STR("in")))
        node->flags = RT_NODE_KEYS;
    return node;
}

static const RtNode *lower_switch(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    size_t mark = l->height;
    rt_js_push(l, rt_js_lower_field(l, at, FIELD_VALUE));
    uint32_t body = rt_syntax_field(l->tree, at, FIELD_BODY);
    for (uint32_t one = body ? nodes[body].kid : 0; one; one = nodes[one].next) {
        if (nodes[one].kind != KIND_SWITCH_CASE && nodes[one].kind != KIND_SWITCH_DEFAULT)
            continue;
        size_t inner = l->height;
        rt_js_push(l, rt_js_lower_field(l, one, FIELD_VALUE));
        for (uint32_t kid = nodes[one].kid; kid; kid = nodes[kid].next)
            if (nodes[kid].field == FIELD_BODY)
                rt_js_push_statement(l, kid);
        rt_js_push(l, rt_js_take(l, inner, RT_N_CASE, one));
    }
    return rt_js_take(l, mark, RT_N_SWITCH, at);
}

static const RtNode *lower_try(RtJsLowering *l, uint32_t at)
{
    uint32_t handler = rt_syntax_field(l->tree, at, FIELD_HANDLER);
    uint32_t finalizer = rt_syntax_field(l->tree, at, FIELD_FINALIZER);
    const RtNode *body = lower_statement_field(l, at, FIELD_BODY);
    const RtNode *caught = handler ? rt_js_lower_field(l, handler, FIELD_PARAMETER) : l->none;
    const RtNode *handled = handler ? lower_statement_field(l, handler, FIELD_BODY) : l->none;
    const RtNode *last = finalizer ? lower_statement_field(l, finalizer, FIELD_BODY) : l->none;
    return rt_js_node(l, RT_N_TRY, at, body, caught, handled, last);
}

static const RtNode *lower_jump(RtJsLowering *l, uint32_t at, RtNodeKind kind)
{
    uint32_t value = rt_js_first_named(l, at);
    return rt_js_node(l, kind, at, value ? rt_js_lower(l, value) : NULL, NULL, NULL, NULL);
}

/* ---- modules ---- */
static void push_bind(RtJsLowering *l, uint32_t at, RtStr what, uint32_t local)
{
    if (!local)
        return;
    const RtNode *name = rt_js_leaf(l, RT_N_NAME, local, rt_js_key(l, local));
    RtNode *bind = rt_js_node(l, RT_N_BIND, at, name, NULL, NULL, NULL);
    rt_js_set_text(bind, what);
    rt_js_push(l, bind);
}

static void push_specifiers(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        if (nodes[kid].kind != KIND_IMPORT_SPECIFIER || has_word(l, kid, KIND_WORD_TYPE))
            continue;
        uint32_t name = rt_syntax_field(l->tree, kid, FIELD_NAME);
        uint32_t alias = rt_syntax_field(l->tree, kid, FIELD_ALIAS);
        if (name)
            push_bind(l, kid, rt_js_key(l, name), alias ? alias : name);
    }
}

static void push_import_clause(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        if (nodes[kid].kind == KIND_NAME)
            push_bind(l, kid, RT_STR("default"), kid);
        else if (nodes[kid].kind == KIND_NAMESPACE_IMPORT)
            push_bind(l, kid, RT_STR("*"), rt_js_first_named(l, kid));
        else if (nodes[kid].kind == KIND_NAMED_IMPORTS)
            push_specifiers(l, kid);
    }
}

static void push_import(RtJsLowering *l, uint32_t at)
{
    if (has_word(l, at, KIND_WORD_TYPE))
        return;
    uint32_t source = rt_syntax_field(l->tree, at, FIELD_SOURCE);
    uint32_t clause = rt_syntax_find(l->tree, at, KIND_IMPORT_CLAUSE);
    uint32_t require = rt_syntax_find(l->tree, at, KIND_IMPORT_REQUIRE);
    size_t mark = l->height;
    if (clause)
        push_import_clause(l, clause);
    if (require) { /* TypeScript: import fs = require("fs") */
        source = rt_syntax_field(l->tree, require, FIELD_SOURCE);
        push_bind(l, require, RT_STR("*"), rt_syntax_find(l->tree, require, KIND_NAME));
    }
    RtNode *node = rt_js_take(l, mark, RT_N_IMPORT, at);
    rt_js_set_text(node, source ? rt_js_key(l, source) : (RtStr){ 0 });
    if (source)
        rt_js_push(l, node);
}

static void push_export_node(RtJsLowering *l, uint32_t at, RtStr name, const RtNode *value)
{
    RtNode *node = rt_js_node(l, RT_N_EXPORT, at, value, NULL, NULL, NULL);
    rt_js_set_text(node, name);
    rt_js_push(l, node);
}

/* What a lowered declaration declares, as exports. */
static void push_exported_declaration(RtJsLowering *l, uint32_t at, uint32_t declaration,
                                      bool is_default)
{
    size_t mark = l->height;
    rt_js_push_statement(l, declaration);
    for (size_t i = mark; i < l->height; i++) {
        const RtNode *node = l->stack[i];
        bool named = node->kind == RT_N_FUNCTION || node->kind == RT_N_CLASS;
        bool assigned = node->kind == RT_N_ASSIGN && node->kids[0]->kind == RT_N_NAME;
        if (!named && !assigned)
            continue;
        RtNode *export_node = rt_js_node(l, RT_N_EXPORT, at, node, NULL, NULL, NULL);
        rt_js_set_text(export_node, is_default ? RT_STR("default")
                                    : named    ? node->text
                                               : node->kids[0]->text);
        l->stack[i] = export_node;
    }
}

/* export { a as b }; with a source, `a` is a name of that module. */
static void push_export_clause(RtJsLowering *l, uint32_t clause, uint32_t source)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[clause].kid; kid; kid = nodes[kid].next) {
        uint32_t name = rt_syntax_field(l->tree, kid, FIELD_NAME);
        uint32_t alias = rt_syntax_field(l->tree, kid, FIELD_ALIAS);
        if (nodes[kid].kind != KIND_EXPORT_SPECIFIER || !name)
            continue;
        const RtNode *value;
        if (source) {
            const RtNode *bind = rt_js_leaf(l, RT_N_BIND, kid, rt_js_key(l, name));
            RtNode *import = rt_js_node(l, RT_N_IMPORT, kid, bind, NULL, NULL, NULL);
            rt_js_set_text(import, rt_js_key(l, source));
            value = import;
        } else {
            value = rt_js_lower(l, name);
        }
        push_export_node(l, kid, rt_js_key(l, alias ? alias : name), value);
    }
}

static void push_export(RtJsLowering *l, uint32_t at)
{
    uint32_t source = rt_syntax_field(l->tree, at, FIELD_SOURCE);
    uint32_t declaration = rt_syntax_field(l->tree, at, FIELD_DECLARATION);
    uint32_t value = rt_syntax_field(l->tree, at, FIELD_VALUE);
    uint32_t clause = rt_syntax_find(l->tree, at, KIND_EXPORT_CLAUSE);
    bool is_default = has_word(l, at, KIND_WORD_DEFAULT);
    if (has_word(l, at, KIND_WORD_TYPE))
        return;
    if (declaration) {
        push_exported_declaration(l, at, declaration, is_default);
    } else if (value) {
        push_export_node(l, at, is_default ? RT_STR("default") : RT_STR("*"),
                         rt_js_lower(l, value));
    } else if (clause) {
        push_export_clause(l, clause, source);
    } else if (source) {
        push_export_node(l, at, RT_STR("*"), rt_js_leaf(l, RT_N_IMPORT, at, rt_js_key(l, source)));
    } else if (rt_js_first_named(l, at)) { /* TypeScript: export = value */
        push_export_node(l, at, RT_STR("default"), rt_js_lower(l, rt_js_first_named(l, at)));
    }
}

/* ---- TypeScript's own ---- */
static const RtNode *lower_enum(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    uint32_t body = rt_syntax_field(l->tree, at, FIELD_BODY);
    uint32_t name = rt_syntax_field(l->tree, at, FIELD_NAME);
    size_t mark = l->height;
    double next = 0;
    for (uint32_t kid = body ? nodes[body].kid : 0; kid; kid = nodes[kid].next) {
        if (!(nodes[kid].flags & RT_SYNTAX_NAMED))
            continue;
        bool given = nodes[kid].kind == KIND_ENUM_ASSIGNMENT;
        uint32_t key = given ? rt_syntax_field(l->tree, kid, FIELD_NAME) : kid;
        RtNode *counted = rt_js_leaf(l, RT_N_NUMBER, kid, (RtStr){ 0 });
        counted->number = next;
        const RtNode *value = given ? rt_js_lower_field(l, kid, FIELD_VALUE) : counted;
        next = value->kind == RT_N_NUMBER ? value->number + 1 : next + 1;
        RtNode *pair = rt_js_node(l, RT_N_PAIR, kid, value, NULL, NULL, NULL);
        rt_js_set_text(pair, key ? rt_js_key(l, key) : (RtStr){ 0 });
        rt_js_push(l, pair);
    }
    const RtNode *object = rt_js_take(l, mark, RT_N_OBJECT, at);
    RtNode *node = rt_js_node(l, RT_N_ASSIGN, at, rt_js_lower(l, name), object, NULL, NULL);
    node->flags = RT_NODE_DECLARE;
    return node;
}

static void push_decorators(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next)
        if (nodes[kid].kind == KIND_DECORATOR)
            rt_js_push(l, rt_js_lower(l, kid));
}

/* ---- statements ---- */
static const RtNode *lower_control(RtJsLowering *l, uint32_t at, uint16_t kind)
{
    switch (kind) {
    case KIND_IF:
        return lower_if(l, at);
    case KIND_FOR:
        return lower_for(l, at);
    case KIND_FOR_IN:
        return lower_for_in(l, at);
    case KIND_WHILE:
    case KIND_DO:
        return lower_loop(l, at, kind == KIND_DO);
    case KIND_SWITCH:
        return lower_switch(l, at);
    case KIND_RETURN:
        return lower_jump(l, at, RT_N_RETURN);
    case KIND_THROW:
        return lower_jump(l, at, RT_N_THROW);
    case KIND_BREAK:
        return rt_js_node(l, RT_N_BREAK, at, NULL, NULL, NULL, NULL);
    case KIND_CONTINUE:
        return rt_js_node(l, RT_N_CONTINUE, at, NULL, NULL, NULL, NULL);
    default:
        return lower_try(l, at);
    }
}

static void push_statements(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next)
        rt_js_push_statement(l, kid);
}

static void push_kind(RtJsLowering *l, uint32_t at, uint16_t kind)
{
    const RtSyntaxNode *node = &l->tree->nodes[at];
    switch (kind) {
    case KIND_VAR:
    case KIND_LEXICAL:
    case KIND_USING:
        push_declaration(l, at);
        return;
    case KIND_FUNCTION_DECLARATION:
    case KIND_GENERATOR_DECLARATION:
        rt_js_push(l, rt_js_lower_function(l, at, RT_NODE_DECLARE));
        return;
    case KIND_CLASS_DECLARATION:
    case KIND_ABSTRACT_CLASS:
        push_decorators(l, at);
        rt_js_push(l, rt_js_lower_class(l, at, RT_NODE_DECLARE));
        return;
    case KIND_BLOCK:
        rt_js_push(l, rt_js_lower_block(l, at, true));
        return;
    case KIND_IF:
    case KIND_FOR:
    case KIND_FOR_IN:
    case KIND_WHILE:
    case KIND_DO:
    case KIND_SWITCH:
    case KIND_RETURN:
    case KIND_THROW:
    case KIND_BREAK:
    case KIND_CONTINUE:
    case KIND_TRY:
        rt_js_push(l, lower_control(l, at, kind));
        return;
    case KIND_EXPRESSION_STATEMENT:
        if (rt_js_first_named(l, at))
            rt_js_push_statement(l, rt_js_first_named(l, at));
        return;
    case KIND_LABELED:
        rt_js_push_statement(l, rt_syntax_field(l->tree, at, FIELD_BODY));
        return;
    case KIND_WITH:
        rt_js_push(l, rt_js_lower_field(l, at, FIELD_OBJECT));
        rt_js_push_statement(l, rt_syntax_field(l->tree, at, FIELD_BODY));
        return;
    case KIND_IMPORT_STATEMENT:
        push_import(l, at);
        return;
    case KIND_EXPORT_STATEMENT:
        push_decorators(l, at);
        push_export(l, at);
        return;
    case KIND_ENUM:
        rt_js_push(l, lower_enum(l, at));
        return;
    case KIND_NAMESPACE:
    case KIND_MODULE: {
        uint32_t body = rt_syntax_field(l->tree, at, FIELD_BODY);
        if (body)
            push_statements(l, body);
        return;
    }
    case KIND_HASH_BANG:
    case KIND_AMBIENT:
    case KIND_INTERFACE:
    case KIND_TYPE_ALIAS:
    case KIND_FUNCTION_SIGNATURE:
        return;
    default:
        if (node->flags & RT_SYNTAX_ERROR)
            push_statements(l, at);
        else if (node->flags & RT_SYNTAX_NAMED)
            rt_js_push(l, rt_js_lower(l, at));
        return;
    }
}

void rt_js_push_statement(RtJsLowering *l, uint32_t at)
{
    if (!at || l->depth >= RT_SYNTAX_DEPTH)
        return;
    l->depth++;
    push_kind(l, at, l->tree->nodes[at].kind);
    l->depth--;
}

const RtNode *rt_javascript_lower(RtArena *arena, const RtSyntax *tree, RtStr source, uint32_t base)
{
    RtJsLowering lowering = {
        .arena = arena, .tree = tree, .source = source, .base = base, .none = rt_node_none()
    };
    if (tree->count == 0)
        return rt_node(arena, RT_N_BLOCK, base, 0, NULL, 0);
    push_statements(&lowering, 1);
    return rt_js_take(&lowering, 0, RT_N_BLOCK, 1);
}
