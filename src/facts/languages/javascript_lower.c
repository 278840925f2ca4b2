/* javascript_lower.c - expressions, patterns, functions and classes of JavaScript, TypeScript and
 * JSX to flow nodes.
 *
 * Recursion follows the nesting of the source and stops at RT_SYNTAX_DEPTH; what would nest deep in
 * honest code (long `a + b + c …` chains, which obfuscators love, `else if` ladders) is unrolled in
 * loops instead. A chain of
 * `+` in which text stands becomes one TEMPLATE: joined text is what the language makes of it. */
#include "facts/languages/javascript_lower.h"

#include "facts/languages/javascript_lower_parts.h"

static const char *const kinds[] = {
    NULL,
#define KIND(name, text) text,
#include "facts/languages/javascript_syntax.list"
#undef KIND
};
static const char *const fields[] = {
    NULL,
#define FIELD(name, text) text,
#include "facts/languages/javascript_syntax.list"
#undef FIELD
};
const RtSyntaxNames rt_javascript_names = { kinds, RT_COUNT(kinds), fields, RT_COUNT(fields) };

/* ---- making nodes ---- */
void rt_js_push(RtJsLowering *l, const RtNode *node)
{
    RT_PUSH(l->arena, l->stack, l->height, l->capacity) = node;
}

static RtNode *new_node(RtJsLowering *l, RtNodeKind kind, uint32_t at, size_t kid_count)
{
    const RtSyntaxNode *syntax = &l->tree->nodes[at];
    RtNode *node = RT_NEW(l->arena, RtNode);
    node->kind = (uint8_t)kind;
    node->from = syntax->from;
    node->len = syntax->to - syntax->from;
    node->kid_count = (uint32_t)kid_count;
    if (kid_count)
        node->kids = RT_NEW_ARRAY(l->arena, const RtNode *, kid_count);
    return node;
}

RtNode *rt_js_take(RtJsLowering *l, size_t mark, RtNodeKind kind, uint32_t at)
{
    RtNode *node = new_node(l, kind, at, l->height - mark);
    for (size_t i = mark; i < l->height; i++)
        node->kids[i - mark] = l->stack[i];
    l->height = mark;
    return node;
}

RtNode *rt_js_node(RtJsLowering *l, RtNodeKind kind, uint32_t at, const RtNode *first,
                   const RtNode *second, const RtNode *third, const RtNode *fourth)
{
    const RtNode *given[] = { first, second, third, fourth };
    size_t count = 0;
    while (count < RT_COUNT(given) && given[count])
        count++;
    RtNode *node = new_node(l, kind, at, count);
    for (size_t i = 0; i < count; i++)
        node->kids[i] = given[i];
    return node;
}

void rt_js_set_text(RtNode *node, RtStr text)
{
    node->text = text;
    node->hash = (uint32_t)rt_str_hash(text);
}

RtNode *rt_js_leaf(RtJsLowering *l, RtNodeKind kind, uint32_t at, RtStr text)
{
    RtNode *node = new_node(l, kind, at, 0);
    rt_js_set_text(node, text);
    return node;
}

static const RtNode *unary_node(RtJsLowering *l, RtNodeKind kind, uint32_t at, const RtNode *kid)
{
    return rt_js_node(l, kind, at, kid, NULL, NULL, NULL);
}

RtStr rt_js_text(const RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *syntax = &l->tree->nodes[at];
    return rt_str_sub(l->source, syntax->from - l->base, syntax->to - syntax->from);
}

uint32_t rt_js_first_named(const RtJsLowering *l, uint32_t at)
{
    for (uint32_t kid = l->tree->nodes[at].kid; kid; kid = l->tree->nodes[kid].next)
        if (l->tree->nodes[kid].flags & RT_SYNTAX_NAMED)
            return kid;
    return 0;
}

static bool has_word(const RtJsLowering *l, uint32_t at, uint16_t kind)
{
    return rt_syntax_find(l->tree, at, kind) != 0;
}

/* ---- text ---- */
static RtStr without_quotes(RtStr text)
{
    if (text.len == 0)
        return text;
    uint8_t quote = text.at[0];
    bool closed = text.len > 1 && text.at[text.len - 1] == quote;
    return rt_str_sub(text, 1, text.len - (closed ? 2 : 1));
}

RtStr rt_js_key(RtJsLowering *l, uint32_t at)
{
    RtStr text = rt_js_text(l, at);
    if (l->tree->nodes[at].kind == KIND_STRING)
        return rt_javascript_unescape(l->arena, without_quotes(text));
    return rt_javascript_unescape(l->arena, text);
}

static const RtNode *lower_template(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    size_t mark = l->height;
    uint32_t from = nodes[at].from + 1;
    uint32_t end = nodes[at].to > from ? nodes[at].to - 1 : from;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        if (nodes[kid].kind != KIND_SUBSTITUTION)
            continue;
        if (nodes[kid].from > from) {
            RtStr piece = rt_str_sub(l->source, from - l->base, nodes[kid].from - from);
            rt_js_push(l, rt_js_leaf(l, RT_N_STRING, at, rt_javascript_unescape(l->arena, piece)));
        }
        uint32_t inner = rt_js_first_named(l, kid);
        rt_js_push(l, inner ? rt_js_lower(l, inner) : l->none);
        from = nodes[kid].to;
    }
    RtStr last = end > from ? rt_str_sub(l->source, from - l->base, end - from) : (RtStr){ 0 };
    const RtNode *tail = rt_js_leaf(l, RT_N_STRING, at, rt_javascript_unescape(l->arena, last));
    if (l->height == mark)
        return tail;
    if (last.len)
        rt_js_push(l, tail);
    return rt_js_take(l, mark, RT_N_TEMPLATE, at);
}

/* ---- numbers ---- */
static const RtNode *lower_number(RtJsLowering *l, uint32_t at)
{
    RtStr text = rt_js_text(l, at);
    char digits[72];
    size_t count = 0;
    for (size_t i = 0; i < text.len && count < sizeof digits - 1; i++)
        if (text.at[i] != '_')
            digits[count++] = (char)text.at[i];
    if (count && digits[count - 1] == 'n')
        count--; /* BigInt: its value, as far as a double holds it */
    digits[count] = '\0';
    RtNode *node = rt_js_leaf(l, RT_N_NUMBER, at, (RtStr){ 0 });
    int radix = 10;
    char mark = count > 1 && digits[0] == '0' ? (char)(digits[1] | 0x20) : '\0';
    if (mark == 'b' || mark == 'o')
        radix = mark == 'b' ? 2 : 8;
    if (radix != 10) {
        node->number = (double)strtoull(digits + 2, NULL, radix);
        return node;
    }
    bool octal = mark >= '0' && mark <= '7';
    for (size_t i = 1; octal && i < count; i++)
        octal = digits[i] >= '0' && digits[i] <= '7';
    node->number = octal ? (double)strtoull(digits, NULL, 8) : strtod(digits, NULL);
    return node;
}

/* ---- operators ---- */
RtOp rt_js_operator(RtStr text)
{
    static const struct {
        const char *text;
        RtOp op;
    } table[] = {
        { "+", RT_OP_ADD },         { "-", RT_OP_SUB },
        { "*", RT_OP_MUL },         { "/", RT_OP_DIV },
        { "%", RT_OP_MOD },         { "**", RT_OP_POW },
        { "&", RT_OP_BIT_AND },     { "|", RT_OP_BIT_OR },
        { "^", RT_OP_BIT_XOR },     { "<<", RT_OP_SHL },
        { ">>", RT_OP_SHR },        { ">>>", RT_OP_USHR },
        { "==", RT_OP_EQ },         { "!=", RT_OP_NE },
        { "===", RT_OP_EQ_STRICT }, { "!==", RT_OP_NE_STRICT },
        { "<", RT_OP_LT },          { "<=", RT_OP_LE },
        { ">", RT_OP_GT },          { ">=", RT_OP_GE },
        { "in", RT_OP_IN },         { "instanceof", RT_OP_INSTANCEOF },
        { "&&", RT_OP_AND },        { "||", RT_OP_OR },
        { "??", RT_OP_COALESCE },   { "!", RT_OP_NOT },
        { "~", RT_OP_BIT_NOT },     { "typeof", RT_OP_TYPEOF },
        { "void", RT_OP_VOID },     { "delete", RT_OP_DELETE },
        { "++", RT_OP_ADD },        { "--", RT_OP_SUB },
    };
    for (size_t i = 0; i < RT_COUNT(table); i++)
        if (rt_str_equal(text, rt_str_from_c(table[i].text)))
            return table[i].op;
    return RT_OP_NONE;
}

static RtOp operator_of(const RtJsLowering *l, uint32_t at)
{
    uint32_t op_at = rt_syntax_field(l->tree, at, FIELD_OPERATOR);
    return op_at ? rt_js_operator(rt_js_text(l, op_at)) : RT_OP_NONE;
}

static const RtNode *binary_node(RtJsLowering *l, uint32_t at, RtOp op, const RtNode *left,
                                 const RtNode *right)
{
    bool logical = op == RT_OP_AND || op == RT_OP_OR || op == RT_OP_COALESCE;
    RtNode *node = rt_js_node(l, logical ? RT_N_LOGICAL : RT_N_BINARY, at, left, right, NULL, NULL);
    node->op = (uint8_t)op;
    return node;
}

static bool is_text_node(const RtNode *node)
{
    return node->kind == RT_N_STRING || node->kind == RT_N_TEMPLATE;
}

/* The operands and operators of a left-leaning chain, last first. */
typedef struct {
    uint32_t at;
    RtOp op;
} ChainLink;

/* a + b + "c" + d: from the first text on (or the operand after it) everything is joined as text.
 */
static const RtNode *fold_chain(RtJsLowering *l, const RtNode *value, const ChainLink *links,
                                size_t count)
{
    size_t mark = l->height;
    bool joining = false;
    uint32_t at = 0;
    while (count-- > 0) {
        at = links[count].at;
        const RtNode *right = rt_js_lower_field(l, at, FIELD_RIGHT);
        bool plus = links[count].op == RT_OP_ADD;
        if (joining && !plus) {
            value = rt_js_take(l, mark, RT_N_TEMPLATE, at);
            joining = false;
        }
        if (!joining && plus && count > 0 && (is_text_node(value) || is_text_node(right))) {
            joining = true;
            rt_js_push(l, value);
        }
        if (joining)
            rt_js_push(l, right);
        else
            value = binary_node(l, at, links[count].op, value, right);
    }
    return joining ? rt_js_take(l, mark, RT_N_TEMPLATE, at) : value;
}

static const RtNode *lower_binary(RtJsLowering *l, uint32_t at)
{
    ChainLink *links = NULL;
    size_t count = 0, capacity = 0;
    uint32_t left = at;
    while (left && l->tree->nodes[left].kind == KIND_BINARY) {
        RT_PUSH(l->arena, links, count, capacity) = (ChainLink){ left, operator_of(l, left) };
        left = rt_syntax_field(l->tree, left, FIELD_LEFT);
    }
    return fold_chain(l, left ? rt_js_lower(l, left) : l->none, links, count);
}

static const RtNode *lower_unary(RtJsLowering *l, uint32_t at)
{
    RtOp op = operator_of(l, at);
    const RtNode *operand = rt_js_lower_field(l, at, FIELD_ARGUMENT);
    if (op == RT_OP_DELETE)
        return unary_node(l, RT_N_DELETE, at, operand);
    RtNode *node = rt_js_node(l, RT_N_UNARY, at, operand, NULL, NULL, NULL);
    node->op = (uint8_t)(op == RT_OP_ADD ? RT_OP_POS : op == RT_OP_SUB ? RT_OP_NEG : op);
    return node;
}

static const RtNode *lower_update(RtJsLowering *l, uint32_t at)
{
    uint32_t op_at = rt_syntax_field(l->tree, at, FIELD_OPERATOR);
    uint32_t argument = rt_syntax_field(l->tree, at, FIELD_ARGUMENT);
    RtNode *node = rt_js_node(l, RT_N_UPDATE, at, rt_js_lower(l, argument), NULL, NULL, NULL);
    node->op = (uint8_t)operator_of(l, at);
    if (op_at && l->tree->nodes[op_at].from < l->tree->nodes[argument].from)
        node->flags = RT_NODE_PREFIX;
    return node;
}

static const RtNode *lower_assignment(RtJsLowering *l, uint32_t at)
{
    const RtNode *target = rt_js_lower_field(l, at, FIELD_LEFT);
    const RtNode *value = rt_js_lower_field(l, at, FIELD_RIGHT);
    RtNode *node = rt_js_node(l, RT_N_ASSIGN, at, target, value, NULL, NULL);
    if (l->tree->nodes[at].kind == KIND_AUGMENTED) {
        uint32_t op_at = rt_syntax_field(l->tree, at, FIELD_OPERATOR);
        RtStr text = op_at ? rt_js_text(l, op_at) : (RtStr){ 0 };
        node->op = (uint8_t)rt_js_operator(rt_str_sub(text, 0, text.len ? text.len - 1 : 0));
    }
    return node;
}

/* ---- members, calls, literals ---- */
static const RtNode *lower_member(RtJsLowering *l, uint32_t at)
{
    bool subscript = l->tree->nodes[at].kind == KIND_SUBSCRIPT;
    const RtNode *object = rt_js_lower_field(l, at, FIELD_OBJECT);
    RtNode *node;
    if (subscript) {
        node = rt_js_node(l, RT_N_INDEX, at, object, rt_js_lower_field(l, at, FIELD_INDEX), NULL,
                          NULL);
    } else {
        uint32_t property = rt_syntax_field(l->tree, at, FIELD_PROPERTY);
        node = rt_js_node(l, RT_N_MEMBER, at, object, NULL, NULL, NULL);
        rt_js_set_text(node, property ? rt_js_key(l, property) : (RtStr){ 0 });
    }
    if (has_word(l, at, KIND_OPTIONAL_CHAIN))
        node->flags = RT_NODE_OPTIONAL;
    return node;
}

static void push_kids(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next)
        if (nodes[kid].flags & RT_SYNTAX_NAMED)
            rt_js_push(l, rt_js_lower(l, kid));
}

static const RtNode *lower_call(RtJsLowering *l, uint32_t at)
{
    bool is_new = l->tree->nodes[at].kind == KIND_NEW;
    size_t mark = l->height;
    rt_js_push(l, rt_js_lower_field(l, at, is_new ? FIELD_CONSTRUCTOR : FIELD_FUNCTION));
    uint32_t arguments = rt_syntax_field(l->tree, at, FIELD_ARGUMENTS);
    if (arguments && l->tree->nodes[arguments].kind == KIND_ARGUMENTS)
        push_kids(l, arguments);
    else if (arguments)
        rt_js_push(l, rt_js_lower(l, arguments)); /* tag`text` */
    RtNode *node = rt_js_take(l, mark, RT_N_CALL, at);
    if (is_new)
        node->flags |= RT_NODE_NEW;
    if (has_word(l, at, KIND_OPTIONAL_CHAIN))
        node->flags |= RT_NODE_OPTIONAL;
    return node;
}

/* key: value, [key]: value, method() {} and their patterns. */
static const RtNode *pair_node(RtJsLowering *l, uint32_t at, uint32_t key, const RtNode *value)
{
    if (key && l->tree->nodes[key].kind == KIND_COMPUTED_NAME) {
        uint32_t inner = rt_js_first_named(l, key);
        return rt_js_node(l, RT_N_PAIR, at, value, inner ? rt_js_lower(l, inner) : l->none, NULL,
                          NULL);
    }
    RtNode *node = rt_js_node(l, RT_N_PAIR, at, value, NULL, NULL, NULL);
    rt_js_set_text(node, key ? rt_js_key(l, key) : (RtStr){ 0 });
    return node;
}

static const RtNode *shorthand_node(RtJsLowering *l, uint32_t at)
{
    RtStr name = rt_js_key(l, at);
    RtNode *node =
        rt_js_node(l, RT_N_PAIR, at, rt_js_leaf(l, RT_N_NAME, at, name), NULL, NULL, NULL);
    rt_js_set_text(node, name);
    return node;
}

/* { a = 1 } in a pattern: the name is key and target. */
static const RtNode *defaulted_shorthand(RtJsLowering *l, uint32_t at)
{
    uint32_t left = rt_syntax_field(l->tree, at, FIELD_LEFT);
    RtNode *target = rt_js_leaf(l, RT_N_NAME, at, left ? rt_js_key(l, left) : (RtStr){ 0 });
    const RtNode *value = rt_js_lower_field(l, at, FIELD_RIGHT);
    RtNode *node =
        rt_js_node(l, RT_N_PAIR, at, rt_js_node(l, RT_N_ASSIGN, at, target, value, NULL, NULL),
                   NULL, NULL, NULL);
    rt_js_set_text(node, target->text);
    return node;
}

static const RtNode *lower_property(RtJsLowering *l, uint32_t at)
{
    switch (l->tree->nodes[at].kind) {
    case KIND_PAIR:
    case KIND_PAIR_PATTERN:
        return pair_node(l, at, rt_syntax_field(l->tree, at, FIELD_KEY),
                         rt_js_lower_field(l, at, FIELD_VALUE));
    case KIND_METHOD:
        return pair_node(l, at, rt_syntax_field(l->tree, at, FIELD_NAME),
                         rt_js_lower_function(l, at, RT_NODE_METHOD));
    case KIND_SHORTHAND:
    case KIND_SHORTHAND_PATTERN:
        return shorthand_node(l, at);
    case KIND_OBJECT_ASSIGNMENT_PATTERN:
        return defaulted_shorthand(l, at);
    default:
        return rt_js_lower(l, at);
    }
}

static const RtNode *lower_object(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    size_t mark = l->height;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        if (!(nodes[kid].flags & RT_SYNTAX_NAMED))
            continue;
        const RtNode *member = lower_property(l, kid);
        if (member->kind == RT_N_PAIR || member->kind == RT_N_SPREAD)
            rt_js_push(l, member);
    }
    return rt_js_take(l, mark, RT_N_OBJECT, at);
}

/* Commas between two elements, less the one that parts them: [, a] and [a, , b] have holes. */
static void push_holes(RtJsLowering *l, uint32_t from, uint32_t to, bool first)
{
    RtStr gap = to > from ? rt_str_sub(l->source, from - l->base, to - from) : (RtStr){ 0 };
    size_t commas = 0;
    for (size_t i = 0; i < gap.len && gap.at[i] != '/'; i++)
        commas += gap.at[i] == ',';
    for (size_t holes = first ? commas : commas - (commas > 0); holes > 0; holes--)
        rt_js_push(l, l->none);
}

static const RtNode *lower_array(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    size_t mark = l->height;
    uint32_t done = nodes[at].from + 1;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        if (!(nodes[kid].flags & RT_SYNTAX_NAMED))
            continue;
        push_holes(l, done, nodes[kid].from, l->height == mark);
        rt_js_push(l, rt_js_lower(l, kid));
        done = nodes[kid].to;
    }
    return rt_js_take(l, mark, RT_N_ARRAY, at);
}

static const RtNode *lower_list(RtJsLowering *l, uint32_t at, RtNodeKind kind)
{
    size_t mark = l->height;
    push_kids(l, at);
    return rt_js_take(l, mark, kind, at);
}

static const RtNode *lower_regex(RtJsLowering *l, uint32_t at)
{
    uint32_t pattern = rt_syntax_field(l->tree, at, FIELD_PATTERN);
    uint32_t flags = rt_syntax_field(l->tree, at, FIELD_FLAGS);
    const RtNode *text =
        rt_js_leaf(l, RT_N_STRING, at, flags ? rt_js_text(l, flags) : (RtStr){ 0 });
    RtNode *node = rt_js_node(l, RT_N_REGEX, at, text, NULL, NULL, NULL);
    rt_js_set_text(node, pattern ? rt_js_text(l, pattern) : (RtStr){ 0 });
    return node;
}

static const RtNode *wrap_first(RtJsLowering *l, uint32_t at, RtNodeKind kind)
{
    uint32_t inner = rt_js_first_named(l, at);
    return unary_node(l, kind, at, inner ? rt_js_lower(l, inner) : l->none);
}

/* The expressions inside an element, in order; the element itself has no value of interest. */
static void push_jsx(RtJsLowering *l, uint32_t at)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    if (++l->depth > RT_SYNTAX_DEPTH) {
        l->depth--;
        return;
    }
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next) {
        switch (nodes[kid].kind) {
        case KIND_JSX_ELEMENT:
        case KIND_JSX_OPENING:
        case KIND_JSX_SELF_CLOSING:
        case KIND_JSX_ATTRIBUTE:
            push_jsx(l, kid);
            break;
        case KIND_JSX_EXPRESSION: {
            uint32_t inner = rt_js_first_named(l, kid);
            if (inner)
                rt_js_push(l, rt_js_lower(l, inner));
            break;
        }
        default:
            break;
        }
    }
    l->depth--;
}

static const RtNode *lower_jsx(RtJsLowering *l, uint32_t at)
{
    size_t mark = l->height;
    push_jsx(l, at);
    return rt_js_take(l, mark, RT_N_ARRAY, at);
}

/* import.meta and new.target, as one name without blanks. */
static const RtNode *lower_meta(RtJsLowering *l, uint32_t at)
{
    bool import = rt_str_starts(rt_js_text(l, at), RT_STR("import"));
    return rt_js_leaf(l, RT_N_NAME, at, import ? RT_STR("import.meta") : RT_STR("new.target"));
}

/* A type assertion or whatever else stands around one value: the value. */
static const RtNode *lower_inner(RtJsLowering *l, uint32_t at, bool last)
{
    const RtSyntaxNode *nodes = l->tree->nodes;
    uint32_t inner = 0;
    for (uint32_t kid = nodes[at].kid; kid; kid = nodes[kid].next)
        if ((nodes[kid].flags & RT_SYNTAX_NAMED) && nodes[kid].kind != KIND_TYPE_ARGUMENTS &&
            (!inner || last))
            inner = kid;
    return inner ? rt_js_lower(l, inner) : l->none;
}

static const RtNode *lower_broken(RtJsLowering *l, uint32_t at)
{
    if (!(l->tree->nodes[at].flags & RT_SYNTAX_ERROR))
        return l->none;
    size_t mark = l->height;
    push_kids(l, at);
    return rt_js_take(l, mark, RT_N_SEQUENCE, at);
}

static const RtNode *lower_literal(RtJsLowering *l, uint32_t at, uint16_t kind)
{
    switch (kind) {
    case KIND_STRING:
        return rt_js_leaf(l, RT_N_STRING, at, rt_js_key(l, at));
    case KIND_NUMBER:
        return lower_number(l, at);
    case KIND_TRUE:
    case KIND_FALSE: {
        RtNode *node = rt_js_leaf(l, RT_N_BOOL, at, (RtStr){ 0 });
        node->number = kind == KIND_TRUE;
        return node;
    }
    case KIND_NULL:
        return rt_js_leaf(l, RT_N_NULL, at, (RtStr){ 0 });
    case KIND_UNDEFINED:
        return rt_js_leaf(l, RT_N_UNDEFINED, at, (RtStr){ 0 });
    case KIND_REGEX:
        return lower_regex(l, at);
    case KIND_TEMPLATE:
        return lower_template(l, at);
    default:
        return rt_js_leaf(l, RT_N_NAME, at, rt_js_key(l, at));
    }
}

static const RtNode *lower_pattern(RtJsLowering *l, uint32_t at, uint16_t kind)
{
    switch (kind) {
    case KIND_ASSIGNMENT_PATTERN:
    case KIND_OBJECT_ASSIGNMENT_PATTERN:
        return rt_js_node(l, RT_N_ASSIGN, at, rt_js_lower_field(l, at, FIELD_LEFT),
                          rt_js_lower_field(l, at, FIELD_RIGHT), NULL, NULL);
    case KIND_REST_PATTERN:
        return wrap_first(l, at, RT_N_SPREAD);
    case KIND_ARRAY_PATTERN:
        return lower_array(l, at);
    default:
        return lower_object(l, at);
    }
}

static const RtNode *lower_operation(RtJsLowering *l, uint32_t at, uint16_t kind)
{
    switch (kind) {
    case KIND_BINARY:
        return lower_binary(l, at);
    case KIND_UNARY:
        return lower_unary(l, at);
    case KIND_UPDATE:
        return lower_update(l, at);
    case KIND_TERNARY:
        return rt_js_node(l, RT_N_CONDITIONAL, at, rt_js_lower_field(l, at, FIELD_CONDITION),
                          rt_js_lower_field(l, at, FIELD_CONSEQUENCE),
                          rt_js_lower_field(l, at, FIELD_ALTERNATIVE), NULL);
    case KIND_SEQUENCE:
        return lower_list(l, at, RT_N_SEQUENCE);
    case KIND_AWAIT:
        return wrap_first(l, at, RT_N_AWAIT);
    case KIND_YIELD:
        return wrap_first(l, at, RT_N_YIELD);
    case KIND_SPREAD:
        return wrap_first(l, at, RT_N_SPREAD);
    default:
        return lower_assignment(l, at);
    }
}

static const RtNode *lower_kind(RtJsLowering *l, uint32_t at, uint16_t kind)
{
    switch (kind) {
    case KIND_NAME:
    case KIND_THIS:
    case KIND_SUPER:
    case KIND_IMPORT:
    case KIND_PROPERTY_NAME:
    case KIND_PRIVATE_NAME:
    case KIND_STATEMENT_NAME:
    case KIND_STRING:
    case KIND_NUMBER:
    case KIND_TRUE:
    case KIND_FALSE:
    case KIND_NULL:
    case KIND_UNDEFINED:
    case KIND_REGEX:
    case KIND_TEMPLATE:
        return lower_literal(l, at, kind);
    case KIND_SHORTHAND:
    case KIND_SHORTHAND_PATTERN:
        return rt_js_leaf(l, RT_N_NAME, at, rt_js_key(l, at));
    case KIND_MEMBER:
    case KIND_SUBSCRIPT:
    case KIND_NESTED_NAME:
        return lower_member(l, at);
    case KIND_CALL:
    case KIND_NEW:
        return lower_call(l, at);
    case KIND_BINARY:
    case KIND_UNARY:
    case KIND_UPDATE:
    case KIND_TERNARY:
    case KIND_SEQUENCE:
    case KIND_AWAIT:
    case KIND_YIELD:
    case KIND_SPREAD:
    case KIND_ASSIGNMENT:
    case KIND_AUGMENTED:
        return lower_operation(l, at, kind);
    case KIND_ASSIGNMENT_PATTERN:
    case KIND_OBJECT_ASSIGNMENT_PATTERN:
    case KIND_REST_PATTERN:
    case KIND_ARRAY_PATTERN:
    case KIND_OBJECT_PATTERN:
    case KIND_OBJECT:
        return lower_pattern(l, at, kind);
    case KIND_ARRAY:
        return lower_array(l, at);
    case KIND_ARROW:
    case KIND_FUNCTION:
    case KIND_GENERATOR:
    case KIND_METHOD:
    case KIND_FUNCTION_DECLARATION:
    case KIND_GENERATOR_DECLARATION:
        return rt_js_lower_function(l, at, 0);
    case KIND_CLASS:
    case KIND_CLASS_DECLARATION:
    case KIND_ABSTRACT_CLASS:
        return rt_js_lower_class(l, at, 0);
    case KIND_JSX_ELEMENT:
    case KIND_JSX_SELF_CLOSING:
        return lower_jsx(l, at);
    case KIND_META:
        return lower_meta(l, at);
    case KIND_PARENTHESIZED:
    case KIND_AS:
    case KIND_SATISFIES:
    case KIND_NON_NULL:
    case KIND_INSTANTIATION:
    case KIND_JSX_EXPRESSION:
    case KIND_DECORATOR:
    case KIND_COMPUTED_NAME:
        return lower_inner(l, at, false);
    case KIND_TYPE_ASSERTION:
        return lower_inner(l, at, true);
    default:
        return lower_broken(l, at);
    }
}

const RtNode *rt_js_lower(RtJsLowering *l, uint32_t at)
{
    if (!at || l->depth >= RT_SYNTAX_DEPTH)
        return l->none;
    l->depth++;
    const RtNode *node = lower_kind(l, at, l->tree->nodes[at].kind);
    l->depth--;
    return node;
}

const RtNode *rt_js_lower_field(RtJsLowering *l, uint32_t at, uint8_t field)
{
    return rt_js_lower(l, rt_syntax_field(l->tree, at, field));
}
