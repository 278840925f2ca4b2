/* python_lower.c - the statements of Python, lowered; python_expression.c has the expressions. One
 * walk over the flat syntax tree; recursion is as deep as the source is nested and capped
 * (RT_SYNTAX_DEPTH). */
#include "facts/languages/python_lower.h"

#include "facts/languages/python_text.h"
#include "facts/languages/python_tree.h"

static void lower_statement(RtPythonLower *lower, uint32_t at, RtNodeList *out);

/* The statements under `at` (a block, an else clause, a module), in order. */
static void add_statements(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    if (lower->depth >= RT_SYNTAX_DEPTH)
        return;
    lower->depth++;
    for (uint32_t kid = at ? rt_py_first(lower, at) : 0; kid; kid = rt_py_following(lower, kid))
        lower_statement(lower, kid, out);
    lower->depth--;
}

const RtNode *rt_py_block(RtPythonLower *lower, uint32_t at)
{
    RtNodeList list = rt_py_list(lower);
    add_statements(lower, at, &list);
    return rt_py_node(lower, RT_N_BLOCK, at, &list);
}

/* The block inside a clause: else, finally, except. */
static const RtNode *clause_block(RtPythonLower *lower, uint32_t at)
{
    return rt_py_block(lower, at ? rt_syntax_find(lower->syntax, at, RT_PK_BLOCK) : 0);
}

/* ---- imports
 * ------------------------------------------------------------------------------------------- */

static void add_import(RtPythonLower *lower, uint32_t at, RtStr module, const RtNodeList *binds,
                       RtNodeList *out)
{
    const RtSyntaxNode *span = rt_py_at(lower, at);
    rt_node_list_add(out, rt_node_text(lower->arena, RT_N_IMPORT, span->from, span->to - span->from,
                                       module, binds->items, binds->count));
}

static RtNode *make_bind(RtPythonLower *lower, uint32_t at, RtStr what, RtStr local)
{
    const RtSyntaxNode *span = rt_py_at(lower, at);
    const RtNode *name = rt_py_text(lower, RT_N_NAME, at, local);
    return rt_node_text(lower->arena, RT_N_BIND, span->from, span->to - span->from, what, &name,
                        local.len ? 1 : 0);
}

/* Name and alias of one imported thing. */
static void read_imported(RtPythonLower *lower, uint32_t at, RtStr *ret_name, RtStr *ret_alias)
{
    bool aliased = rt_py_at(lower, at)->kind == RT_PK_ALIASED_IMPORT;
    *ret_name = rt_py_name(lower, aliased ? rt_py_field(lower, at, RT_PF_NAME) : at);
    *ret_alias = aliased ? rt_py_name(lower, rt_py_field(lower, at, RT_PF_ALIAS)) : (RtStr){ 0 };
}

static void lower_import(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        RtStr name, alias;
        RtNodeList binds = rt_py_list(lower);
        if (rt_py_at(lower, kid)->field != RT_PF_NAME)
            continue;
        read_imported(lower, kid, &name, &alias);
        size_t dot = rt_str_find_byte(name, '.');
        RtNode *bind =
            make_bind(lower, kid, RT_STR("*"), alias.len ? alias : rt_str_sub(name, 0, dot));
        if (!alias.len && dot != RT_NOT_FOUND)
            bind->flags = RT_NODE_OPTIONAL;
        rt_node_list_add(&binds, bind);
        size_t last = rt_str_rfind_byte(name, '.');
        rt_py_note_import(lower, name, rt_str_from(name, last == RT_NOT_FOUND ? 0 : last + 1),
                          alias);
        add_import(lower, kid, name, &binds, out);
    }
}

static void lower_import_from(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    uint32_t source = rt_py_field(lower, at, RT_PF_MODULE);
    RtStr module = rt_py_name(lower, source);
    RtNodeList binds = rt_py_list(lower);
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        RtStr name, alias;
        if (rt_py_at(lower, kid)->kind == RT_PK_WILDCARD) {
            rt_node_list_add(&binds, make_bind(lower, kid, RT_STR("*"), (RtStr){ 0 }));
            continue;
        }
        if (kid == source || rt_py_at(lower, kid)->field != RT_PF_NAME)
            continue;
        read_imported(lower, kid, &name, &alias);
        rt_py_note_import(lower, module, name, alias.len ? alias : name);
        rt_node_list_add(&binds, make_bind(lower, kid, name, alias.len ? alias : name));
    }
    add_import(lower, at, module, &binds, out);
}

/* ---- compound statements
 * --------------------------------------------------------------------------------- */

/* True for __name__ == '__main__', either way round, unless this file is run so anyway. */
static bool is_main_guard(const RtPythonLower *lower, const RtNode *condition)
{
    RtStr path = lower->file.path;
    if (condition->kind != RT_N_BINARY || condition->op != RT_OP_EQ || lower->file.is_setup ||
        rt_str_ends(path, RT_STR("__main__.py")) || rt_str_ends(path, RT_STR("setup.py")))
        return false;
    bool has_name = false, has_main = false;
    for (int i = 0; i < 2; i++) {
        has_name |= condition->kids[i]->kind == RT_N_NAME &&
                    rt_str_equal(condition->kids[i]->text, RT_STR("__name__"));
        has_main |= condition->kids[i]->kind == RT_N_STRING &&
                    rt_str_equal(condition->kids[i]->text, RT_STR("__main__"));
    }
    return has_name && has_main;
}

/* A chain of conditions longer than this goes on as the next statement: the interpreter recurses
 * into `else`. */
#define ELIF_CHAIN 64

/* IF nodes whose `else` is the next one, and `otherwise` behind the last. */
static const RtNode *chain_clauses(RtPythonLower *lower, uint32_t at, const RtNodeList *clauses,
                                   const RtNode *otherwise)
{
    RtNodeList groups = rt_py_list(lower);
    for (size_t i = 0; i < clauses->count; i++) {
        RtNode *clause = (RtNode *)(uintptr_t)clauses->items[i]; /* ours, just made */
        if (i % ELIF_CHAIN == 0)
            rt_node_list_add(&groups, clause);
        if (i + 1 == clauses->count && otherwise)
            clause->kids[2] = otherwise;
        else if (i + 1 < clauses->count && (i + 1) % ELIF_CHAIN != 0)
            clause->kids[2] = clauses->items[i + 1];
    }
    if (groups.count == 1)
        return groups.items[0];
    return groups.count ? rt_py_node(lower, RT_N_BLOCK, at, &groups) : otherwise;
}

static const RtNode *lower_if(RtPythonLower *lower, uint32_t at)
{
    RtNodeList clauses = rt_py_list(lower);
    const RtNode *otherwise = NULL;
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        uint16_t kind = rt_py_at(lower, kid)->kind;
        if (kind == RT_PK_ELIF) {
            const RtNode *test = rt_py_expression(lower, rt_py_field(lower, kid, RT_PF_CONDITION));
            const RtNode *then = rt_py_block(lower, rt_py_field(lower, kid, RT_PF_THEN));
            rt_node_list_add(&clauses, RT_PY_THREE(lower, RT_N_IF, kid, test, then, NULL));
        } else if (kind == RT_PK_ELSE) {
            otherwise = clause_block(lower, kid);
        }
    }
    otherwise = chain_clauses(lower, at, &clauses, otherwise);
    const RtNode *condition = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_CONDITION));
    const RtNode *then = rt_py_block(lower, rt_py_field(lower, at, RT_PF_THEN));
    RtNode *node = RT_PY_THREE(lower, RT_N_IF, at, condition, then, otherwise);
    if (is_main_guard(lower, condition))
        node->flags = RT_NODE_MAIN_GUARD;
    return node;
}

static void lower_loop(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    if (rt_py_at(lower, at)->kind == RT_PK_FOR) {
        const RtNode *target = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_LEFT));
        const RtNode *over = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_RIGHT));
        const RtNode *body = rt_py_block(lower, rt_py_field(lower, at, RT_PF_BODY));
        rt_node_list_add(out, RT_PY_THREE(lower, RT_N_FOR_EACH, at, target, over, body));
    } else {
        const RtNode *condition = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_CONDITION));
        const RtNode *body = rt_py_block(lower, rt_py_field(lower, at, RT_PF_BODY));
        rt_node_list_add(out, rt_py_kids(lower, RT_N_FOR, at, 4, NULL, condition, NULL, body));
    }
    uint32_t otherwise = rt_py_field(lower, at, RT_PF_OTHERWISE);
    if (otherwise)
        rt_node_list_add(out, clause_block(lower, otherwise));
}

/* The handler of one except clause; gives the name the error gets. */
static const RtNode *lower_except(RtPythonLower *lower, uint32_t at, const RtNode **ret_target)
{
    uint32_t alias = rt_py_field(lower, at, RT_PF_ALIAS),
             value = rt_py_field(lower, at, RT_PF_VALUE);
    const RtNode *target = alias ? rt_py_expression(lower, alias) : NULL;
    if (!alias && value && rt_py_at(lower, value)->kind == RT_PK_AS_PATTERN)
        target = rt_py_expression(lower, rt_py_field(lower, value, RT_PF_ALIAS));
    uint32_t second = value ? rt_py_following(lower, value) : 0; /* except X, e */
    if (!target && second && rt_py_at(lower, second)->kind == RT_PK_NAME)
        target = rt_py_expression(lower, second);
    if (target && target->kind == RT_N_NAME)
        *ret_target = target;
    return clause_block(lower, at);
}

static const RtNode *lower_try(RtPythonLower *lower, uint32_t at)
{
    const RtNode *target = NULL, *finally = NULL;
    RtNodeList body = rt_py_list(lower), handlers = rt_py_list(lower);
    add_statements(lower, rt_py_field(lower, at, RT_PF_BODY), &body);
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        uint16_t kind = rt_py_at(lower, kid)->kind;
        if (kind == RT_PK_EXCEPT)
            rt_node_list_add(&handlers, lower_except(lower, kid, &target));
        else if (kind == RT_PK_ELSE)
            add_statements(lower, rt_syntax_find(lower->syntax, kid, RT_PK_BLOCK), &body);
        else if (kind == RT_PK_FINALLY)
            finally = clause_block(lower, kid);
    }
    /* Which handler runs is not known: a chain of conditions nobody knows, lest a `return` in the
     * first hides the second. */
    for (size_t i = 0; handlers.count > 1 && i < handlers.count; i++)
        handlers.items[i] = RT_PY_THREE(lower, RT_N_IF, at, NULL, handlers.items[i], NULL);
    const RtNode *handler =
        handlers.count == 1 ? handlers.items[0] : chain_clauses(lower, at, &handlers, NULL);
    return rt_py_kids(lower, RT_N_TRY, at, 4, rt_py_node(lower, RT_N_BLOCK, at, &body), target,
                      handler, finally);
}

static const RtNode *lower_with(RtPythonLower *lower, uint32_t at)
{
    uint32_t items[64];
    size_t count = 0;
    uint32_t clause = rt_syntax_find(lower->syntax, at, RT_PK_WITH_CLAUSE);
    for (uint32_t kid = clause ? rt_py_first(lower, clause) : 0; kid;
         kid = rt_py_following(lower, kid)) {
        if (rt_py_at(lower, kid)->kind == RT_PK_WITH_ITEM && count < RT_COUNT(items))
            items[count++] = kid;
    }
    const RtNode *body = rt_py_block(lower, rt_py_field(lower, at, RT_PF_BODY));
    while (count-- > 0) {
        uint32_t value = rt_py_field(lower, items[count], RT_PF_VALUE);
        const RtNode *target = NULL;
        if (value && rt_py_at(lower, value)->kind == RT_PK_AS_PATTERN) {
            target = rt_py_expression(lower, rt_py_field(lower, value, RT_PF_ALIAS));
            value = rt_py_first(lower, value);
        }
        body = RT_PY_THREE(lower, RT_N_WITH, at, rt_py_expression(lower, value), target, body);
    }
    return body;
}

/* What `case` compares with: literals are themselves, `_` is the default, all else is unknown. */
static const RtNode *case_test(RtPythonLower *lower, uint32_t at)
{
    uint32_t inner = at ? rt_py_first(lower, at) : 0;
    if (!inner)
        return NULL; /* _ */
    switch (rt_py_at(lower, inner)->kind) {
    case RT_PK_STRING:
    case RT_PK_STRINGS:
    case RT_PK_INTEGER:
    case RT_PK_TRUE:
    case RT_PK_FALSE:
    case RT_PK_NONE:
        return rt_py_expression(lower, inner);
    default:
        return RT_PY_ONE(lower, RT_N_AWAIT, inner, NULL);
    }
}

/* A lone name in a pattern catches the value. */
static void add_capture(RtPythonLower *lower, uint32_t at, const RtNode *subject, RtNodeList *out)
{
    uint32_t inner = at ? rt_py_first(lower, at) : 0;
    if (inner && rt_py_at(lower, inner)->kind == RT_PK_DOTTED_NAME &&
        rt_str_find_byte(rt_py_source(lower, inner), '.') == RT_NOT_FOUND)
        rt_node_list_add(
            out, RT_PY_TWO(lower, RT_N_ASSIGN, inner, rt_py_expression(lower, inner), subject));
}

static const RtNode *lower_match(RtPythonLower *lower, uint32_t at)
{
    RtNodeList list = rt_py_list(lower);
    const RtNode *subject = rt_py_expression(lower, rt_py_field(lower, at, RT_PF_SUBJECT));
    rt_node_list_add(&list, subject);
    uint32_t body = rt_py_field(lower, at, RT_PF_BODY);
    for (uint32_t kid = body ? rt_py_first(lower, body) : 0; kid;
         kid = rt_py_following(lower, kid)) {
        if (rt_py_at(lower, kid)->kind != RT_PK_CASE)
            continue;
        uint32_t pattern = rt_syntax_find(lower->syntax, kid, RT_PK_CASE_PATTERN);
        uint32_t guard = rt_py_field(lower, kid, RT_PF_GUARD);
        RtNodeList parts = rt_py_list(lower);
        rt_node_list_add(&parts, case_test(lower, pattern));
        add_capture(lower, pattern, subject, &parts);
        const RtNode *then = rt_py_block(lower, rt_py_field(lower, kid, RT_PF_THEN));
        if (guard)
            then = RT_PY_THREE(lower, RT_N_IF, kid,
                               rt_py_expression(lower, rt_py_first(lower, guard)), then, NULL);
        rt_node_list_add(&parts, then);
        rt_node_list_add(&parts, rt_py_node(lower, RT_N_BREAK, kid, NULL));
        rt_node_list_add(&list, rt_py_node(lower, RT_N_CASE, kid, &parts));
    }
    return rt_py_node(lower, RT_N_SWITCH, at, &list);
}

/* ---- functions
 * -------------------------------------------------------------------------------------------- */

RtNode *rt_py_function(RtPythonLower *lower, uint32_t at)
{
    RtStr name = rt_py_name(lower, rt_py_field(lower, at, RT_PF_NAME));
    bool outer_yields = lower->yields;
    lower->yields = false;
    const RtNode *kids[2] = { rt_py_parameters(lower, rt_py_field(lower, at, RT_PF_PARAMETERS)),
                              rt_py_block(lower, rt_py_field(lower, at, RT_PF_BODY)) };
    const RtSyntaxNode *span = rt_py_at(lower, at);
    RtNode *node =
        rt_node_text(lower->arena, RT_N_FUNCTION, span->from, span->to - span->from, name, kids, 2);
    if (rt_syntax_find(lower->syntax, at, RT_PK_ASYNC))
        node->flags = RT_NODE_ASYNC;
    if (lower->yields)
        node->flags |= RT_NODE_GENERATOR;
    lower->yields = outer_yields;
    if (lower->defined.count < 2048)
        RT_PUSH(lower->arena, lower->defined.items, lower->defined.count, lower->defined.capacity) =
            name;
    return node;
}

/* ---- simple statements
 * -------------------------------------------------------------------------------------- */

static void lower_foreign(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid)) {
        RtNode *node = rt_py_text(lower, RT_N_NONE, kid, rt_py_name(lower, kid));
        node->flags = RT_NODE_STATIC;
        rt_node_list_add(out, node);
    }
}

static void add_expressions(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    for (uint32_t kid = rt_py_first(lower, at); kid; kid = rt_py_following(lower, kid))
        rt_node_list_add(out, rt_py_expression(lower, kid));
}

/* print and exec as statements: calls of what they are called. */
static const RtNode *lower_call_statement(RtPythonLower *lower, uint32_t at, RtStr name)
{
    RtNodeList list = rt_py_list(lower);
    rt_node_list_add(&list, rt_py_text(lower, RT_N_NAME, at, name));
    if (rt_py_at(lower, at)->kind == RT_PK_EXEC)
        rt_node_list_add(&list, rt_py_expression(lower, rt_py_field(lower, at, RT_PF_CODE)));
    else
        add_expressions(lower, at, &list);
    return rt_py_node(lower, RT_N_CALL, at, &list);
}

static const RtNode *lower_one(RtPythonLower *lower, uint32_t at, RtNodeKind kind)
{
    uint32_t kid = rt_py_first(lower, at);
    return rt_py_kids(lower, kind, at, kid ? 1 : 0, rt_py_expression(lower, kid), NULL, NULL, NULL);
}

static bool lower_simple(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_IMPORT:
        lower_import(lower, at, out);
        return true;
    case RT_PK_IMPORT_FROM:
        lower_import_from(lower, at, out);
        return true;
    case RT_PK_FUTURE_IMPORT:
    case RT_PK_PASS:
    case RT_PK_TYPE_ALIAS:
        return true;
    case RT_PK_EXPRESSION:
    case RT_PK_ASSERT:
        add_expressions(lower, at, out);
        return true;
    case RT_PK_PRINT:
        rt_node_list_add(out, lower_call_statement(lower, at, RT_STR("print")));
        return true;
    case RT_PK_EXEC:
        rt_node_list_add(out, lower_call_statement(lower, at, RT_STR("exec")));
        return true;
    case RT_PK_RETURN:
        rt_node_list_add(out, lower_one(lower, at, RT_N_RETURN));
        return true;
    case RT_PK_RAISE:
        rt_node_list_add(out, lower_one(lower, at, RT_N_THROW));
        return true;
    case RT_PK_DELETE:
        rt_node_list_add(out, lower_one(lower, at, RT_N_DELETE));
        return true;
    case RT_PK_BREAK:
        rt_node_list_add(out, rt_py_node(lower, RT_N_BREAK, at, NULL));
        return true;
    case RT_PK_CONTINUE:
        rt_node_list_add(out, rt_py_node(lower, RT_N_CONTINUE, at, NULL));
        return true;
    case RT_PK_GLOBAL:
    case RT_PK_NONLOCAL:
        lower_foreign(lower, at, out);
        return true;
    default:
        return false;
    }
}

static void lower_statement(RtPythonLower *lower, uint32_t at, RtNodeList *out)
{
    if (rt_arena_left(lower->arena) < lower->margin || lower_simple(lower, at, out))
        return;
    switch (rt_py_at(lower, at)->kind) {
    case RT_PK_IF:
        rt_node_list_add(out, lower_if(lower, at));
        break;
    case RT_PK_FOR:
    case RT_PK_WHILE:
        lower_loop(lower, at, out);
        break;
    case RT_PK_TRY:
        rt_node_list_add(out, lower_try(lower, at));
        break;
    case RT_PK_WITH:
        rt_node_list_add(out, lower_with(lower, at));
        break;
    case RT_PK_MATCH:
        rt_node_list_add(out, lower_match(lower, at));
        break;
    case RT_PK_FUNCTION:
        rt_node_list_add(out, rt_py_function(lower, at));
        break;
    case RT_PK_CLASS:
        rt_py_class(lower, at, out);
        break;
    case RT_PK_DECORATED:
        rt_py_decorated(lower, at, out);
        break;
    case RT_PK_BLOCK:
    case RT_PK_MODULE:
    case RT_PK_ERROR:
    case RT_PK_ELIF:
    case RT_PK_ELSE:
    case RT_PK_EXCEPT:
    case RT_PK_FINALLY:
        add_statements(lower, at, out); /* pieces of broken source: whatever is whole in them */
        break;
    default:
        rt_node_list_add(out, rt_py_expression(lower, at));
        break;
    }
}

/* The parser's memory is up to 210 bytes for each of such text: 27 MiB a piece, whatever comes. */
enum { PIECE_BYTES = 128 << 10, PIECE_MOST = 256 << 10 };

/* `else` and its kin go on with a statement that began above. */
static bool goes_on(RtStr word)
{
    return rt_str_equal(word, RT_STR("else")) || rt_str_equal(word, RT_STR("elif")) ||
           rt_str_equal(word, RT_STR("except")) || rt_str_equal(word, RT_STR("finally"));
}

/* Where the piece of `text` that begins at `from` ends: the end of the text, or the last statement
 * at column 0 that begins within PIECE_BYTES, or the first after it. Text without any is cut after
 * PIECE_MOST bytes, strings not counted: a megabyte of base64 is one node. */
static size_t piece_end(RtStr text, size_t from)
{
    RtStr rest = rt_str_from(text, from);
    if (text.len - from <= PIECE_BYTES)
        return text.len;
    RtPythonText reader = rt_python_text(rest);
    size_t best = 0, in_strings = 0;
    bool decorated = false;
    for (;;) {
        RtPythonToken token = rt_python_next(&reader);
        if (token.kind == RT_PY_END || (best && token.at > PIECE_BYTES))
            return from + (best ? best : rest.len);
        if (token.at - in_strings > PIECE_MOST)
            return from + token.at;
        in_strings += token.kind == RT_PY_STRING ? token.text.len : 0;
        bool starts = token.first && token.at > 0 && rest.at[token.at - 1] == '\n' &&
                      token.kind != RT_PY_COMMENT && token.kind != RT_PY_NEWLINE;
        if (!starts || goes_on(token.text))
            continue;
        if (!decorated)
            best = token.at;
        decorated = rest.at[token.at] == '@';
    }
}

const RtTree *rt_python_lower(RtArena *arena, RtSink *sink, RtLayerId layer, RtStr source,
                              RtPythonFile file)
{
    static const char *const kinds[RT_PK_COUNT] = {
        NULL,
#define KIND(name, text) text,
#include "facts/languages/python_syntax.list"
#undef KIND
    };
    static const char *const fields[RT_PF_COUNT] = {
        NULL,
#define FIELD(name, text) text,
#include "facts/languages/python_syntax.list"
#undef FIELD
    };
    static const RtSyntaxNames names = { kinds, RT_PK_COUNT, fields, RT_PF_COUNT };
    RT_PARSER parser = rt_parser_open(RT_GRAMMAR_PYTHON, &names, layer, sink);
    RtPythonLower lower = { .arena = arena, .sink = sink, .source = source, .file = file };
    RtNodeList list = rt_py_list(&lower);
    lower.margin = rt_arena_left(arena) / 3;
    lower.late = rt_py_list(&lower);
    RtStr text = file.parsed.len ? file.parsed : source;
    uint32_t broken = 0;
    for (size_t from = 0, end = 0; from < text.len && sink->ms_left(sink); from = end) {
        end = piece_end(text, from);
        RtStr piece = rt_str_sub(text, from, end - from);
        lower.syntax = rt_parse(parser, piece, (uint32_t)from);
        broken += lower.syntax->errors + (lower.syntax->cut ? 1 : 0);
        if (lower.syntax->count)
            add_statements(&lower, 1, &list);
    }
    for (size_t i = 0; i < lower.late.count; i++)
        rt_node_list_add(&list, lower.late.items[i]);
    RtTree *tree = RT_NEW(arena, RtTree);
    *tree = (RtTree){ .layer = layer, .source = source, .broken = broken };
    tree->root = rt_node(arena, RT_N_BLOCK, 0, (uint32_t)source.len, list.items, list.count);
    return tree;
}
