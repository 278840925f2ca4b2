/* flow_evaluate.c - expressions. */
#include "facts/flow/flow_parts.h"

#include <math.h>
#include <string.h>

enum {
    NODE_DEPTH = 900, /* nested nodes; each costs a few hundred bytes of stack */
    LONG_CHAIN = 24, /* operands of a + b + c … from which on the chain is walked, not descended */
    CACHED_LITERAL = 48,
};

static RtValue literal(RtRun *run, const RtNode *node)
{
    RtFlowText *text;
    RtValue value;

    if (node->text.len < CACHED_LITERAL)
        return rt_flow_text(run, node->text);
    text = rt_flow_table_get(&run->literals, (RtStr){ (const uint8_t *)node, 0 },
                             (uint32_t)((uintptr_t)node >> 4));
    if (text)
        return (RtValue){ .kind = RT_V_TEXT, .text = text };
    value = rt_flow_text(run, node->text);
    rt_flow_table_put(run, &run->literals, (RtStr){ (const uint8_t *)node, 0 },
                      (uint32_t)((uintptr_t)node >> 4), value.text);
    return value;
}

static RtValue number(const RtRun *run, const RtNode *node)
{
    if (run->python && node->number == floor(node->number) && fabs(node->number) < 9e15)
        return (RtValue){ .kind = RT_V_INT, .integer = (int64_t)node->number };
    return rt_flow_number(node->number);
}

static RtValue template(RtRun *run, const RtNode *node)
{
    RtValue text = rt_flow_text(run, RT_STR(""));

    for (uint32_t i = 0; i < node->kid_count; i++)
        text = rt_flow_join(run, text, rt_flow_to_text(run, rt_flow_evaluate(run, node->kids[i])));
    return text;
}

static RtValue array(RtRun *run, const RtNode *node)
{
    RtValue value = rt_flow_array(run, node->kid_count);

    value.array->tuple = node->flags & RT_NODE_TUPLE;
    value.array->set = node->flags & RT_NODE_SET;
    for (uint32_t i = 0; i < node->kid_count && !run->stopped; i++) {
        const RtNode *kid = node->kids[i];
        if (kid->kind == RT_N_SPREAD && kid->kid_count > 0) {
            const RtValue inner = rt_flow_evaluate(run, kid->kids[0]);
            const RtFlowArray *items = rt_flow_elements(run, kid, inner, false);
            for (size_t at = 0; at < items->count; at++)
                rt_flow_push(run, value.array, items->items[at]);
            value.array->open |= items->open;
            if (items->open)
                value.from = rt_flow_unite(run, value.from, rt_flow_deep(run, kid, inner));
        } else {
            rt_flow_push(run, value.array,
                         kid->kind == RT_N_NONE ? RT_UNDEFINED : rt_flow_evaluate(run, kid));
        }
    }
    return value;
}

static void spread_object(RtRun *run, const RtNode *node, RtFlowObject *object, RtValue inner)
{
    object->rest = rt_flow_unite(run, object->rest, rt_flow_deep(run, node, inner));
    if (inner.kind != RT_V_OBJECT || inner.object->scope || inner.object->global) {
        object->open |= inner.kind != RT_V_UNDEFINED && inner.kind != RT_V_NULL;
        return;
    }
    object->open |= inner.object->open;
    for (size_t i = 0; i < inner.object->map.count; i++) {
        const RtFlowEntry *entry = &inner.object->map.entries[i];
        if (!entry->gone)
            rt_flow_map_set(run, &object->map, entry->key, entry->hash, entry->value);
    }
}

static RtValue object(RtRun *run, const RtNode *node)
{
    RtValue value = rt_flow_object(run);

    for (uint32_t i = 0; i < node->kid_count && !run->stopped; i++) {
        const RtNode *kid = node->kids[i];
        RtValue item;
        RtStr key = kid->text;
        uint32_t hash = kid->hash;
        if (kid->kind == RT_N_SPREAD && kid->kid_count > 0)
            spread_object(run, kid, value.object, rt_flow_evaluate(run, kid->kids[0]));
        if (kid->kind != RT_N_PAIR || kid->kid_count == 0)
            continue;
        bool number_key = false;
        if (kid->kid_count > 1) {
            const RtValue computed = rt_flow_evaluate(run, kid->kids[1]);
            item = rt_flow_evaluate(run, kid->kids[0]);
            if (!rt_flow_known(computed) || computed.kind == RT_V_NATIVE) {
                value.object->open = true;
                value.object->rest =
                    rt_flow_unite(run, value.object->rest, rt_flow_deep(run, kid, item));
                continue;
            }
            number_key = computed.kind == RT_V_INT;
            key = rt_flow_to_text(run, computed).text->str;
            hash = rt_flow_hash(key);
        } else {
            item = rt_flow_evaluate(run, kid->kids[0]);
        }
        if (item.kind == RT_V_FUNCTION && item.function->self.kind == 0 &&
            item.function->node == kid->kids[0])
            item.function->self = value;
        RtFlowEntry *entry = rt_flow_map_set(run, &value.object->map, key, hash, item);
        entry->number_key = number_key;
        entry->getter = kid->kids[0]->kind == RT_N_FUNCTION &&
                        (kid->kids[0]->flags & RT_NODE_METHOD) &&
                        (kid->kids[0]->flags & RT_NODE_KEYS);
    }
    return value;
}

RtValue rt_flow_make_function(RtRun *run, const RtNode *node)
{
    RtFlowFunction *function = RT_NEW(run->arena, RtFlowFunction);

    if (node->kid_count < 2)
        return RT_UNKNOWN;
    run->escapes++;
    function->node = node;
    function->scope = run->frame->scope;
    while (function->scope->is_class && function->scope->parent)
        function->scope = function->scope->parent;
    function->module = run->frame->module;
    function->code = rt_flow_code(run, node);
    if ((node->flags & RT_NODE_ARROW) && !run->python)
        function->self = run->frame->self.kind ? run->frame->self : RT_UNDEFINED;
    if (!function->code->queued) {
        function->code->queued = true;
        RT_PUSH(run->arena, run->functions, run->function_count, run->function_capacity) = function;
    }
    return (RtValue){ .kind = RT_V_FUNCTION, .function = function };
}

static void add_method(RtRun *run, RtFlowClass *type, const RtNode *node)
{
    const RtValue value = rt_flow_make_function(run, node);
    RtFlowMap *map =
        (node->flags & RT_NODE_STATIC) && !run->python ? &type->statics : &type->methods;

    if (value.kind != RT_V_FUNCTION)
        return;
    value.function->owner = type;
    rt_flow_map_set(run, map, node->text, node->hash, value)->getter = node->flags & RT_NODE_KEYS;
}

static void class_body(RtRun *run, RtFlowClass *type, const RtNode *body)
{
    for (uint32_t i = 0; i < body->kid_count && !run->stopped; i++) {
        const RtNode *kid = body->kids[i];
        if (kid->kind == RT_N_FUNCTION && kid->text.len > 0) {
            add_method(run, type, kid);
        } else if (kid->kind == RT_N_ASSIGN && kid->kid_count == 2 &&
                   kid->kids[0]->kind == RT_N_NAME && !run->python) {
            const RtNode *name = kid->kids[0];
            RtFlowMap *map = kid->flags & RT_NODE_STATIC ? &type->statics : &type->methods;
            rt_flow_map_set(run, map, name->text, name->hash, rt_flow_evaluate(run, kid->kids[1]));
        } else {
            rt_flow_execute(run, kid);
        }
    }
}

RtValue rt_flow_make_class(RtRun *run, const RtNode *node)
{
    RtFlowClass *type = RT_NEW(run->arena, RtFlowClass);
    RtFlowFrame frame = *run->frame;

    if (node->kid_count < 2)
        return RT_UNKNOWN;
    run->escapes++;
    type->node = node;
    type->name = node->text;
    type->module = frame.module;
    type->base = RT_UNDEFINED;
    if (node->kids[0]->kid_count > 0)
        type->base = rt_flow_evaluate(run, node->kids[0]->kids[0]);
    for (uint32_t i = 1; i < node->kids[0]->kid_count; i++) {
        const RtValue other = rt_flow_evaluate(run, node->kids[0]->kids[i]);
        if (type->base.kind != RT_V_CLASS && other.kind != RT_V_UNKNOWN &&
            other.kind != RT_V_UNDEFINED)
            type->base = other;
    }
    frame.scope = rt_flow_scope(run, run->frame->scope);
    frame.scope->is_class = true;
    frame.up = run->frame;
    frame.self = (RtValue){ .kind = RT_V_OBJECT, .object = rt_flow_shared_instance(run, type) };
    if (type->base.kind == RT_V_NATIVE)
        type->shared->base_native = rt_flow_native_instance(
            run, rt_str_format(run->arena, "%.*s()", RT_FMT(type->base.native->path)), NULL);
    type->scope = frame.scope;
    run->frame = &frame;
    class_body(run, type, node->kids[1]);
    run->frame = frame.up;
    for (size_t i = 0; i < frame.scope->vars.count; i++) { /* Python: what the body assigned */
        const RtFlowEntry *entry = &frame.scope->vars.entries[i];
        rt_flow_map_set(run, &type->methods, entry->key, entry->hash, entry->value);
    }
    RT_PUSH(run->arena, run->types, run->type_count, run->type_capacity) = type;
    return (RtValue){ .kind = RT_V_CLASS, .type = type };
}

static RtValue binary(RtRun *run, const RtNode *node)
{
    uint32_t length = 0;
    const RtNode *at = node;
    const RtNode **spine;
    RtValue value;

    while (at->kind == RT_N_BINARY && at->kid_count == 2 && length < 1u << 20) {
        at = at->kids[0];
        length++;
    }
    if (length < LONG_CHAIN) {
        value = rt_flow_evaluate(run, node->kids[0]);
        return rt_flow_operate(run, node, (RtOp)node->op, value,
                               rt_flow_evaluate(run, node->kids[1]));
    }
    spine = RT_NEW_ARRAY(run->arena, const RtNode *, length);
    at = node;
    for (uint32_t i = length; i-- > 0; at = at->kids[0])
        spine[i] = at;
    value = rt_flow_evaluate(run, at);
    for (uint32_t i = 0; i < length && !run->stopped; i++)
        value = rt_flow_operate(run, spine[i], (RtOp)spine[i]->op, value,
                                rt_flow_evaluate(run, spine[i]->kids[1]));
    return value;
}

static bool is_nothing(RtValue value)
{
    return value.kind == RT_V_NULL || value.kind == RT_V_UNDEFINED;
}

/* Whether `a op b` goes on to b. */
static RtFlowTruth goes_on(RtRun *run, RtOp op, RtValue left)
{
    const RtFlowTruth truth = rt_flow_truth(run, left);

    if (op == RT_OP_COALESCE)
        return left.kind == RT_V_UNKNOWN ? RT_IS_UNSURE
               : is_nothing(left)        ? RT_IS_TRUE
                                         : RT_IS_FALSE;
    if (op == RT_OP_AND || truth == RT_IS_UNSURE)
        return truth;
    return truth == RT_IS_TRUE ? RT_IS_FALSE : RT_IS_TRUE;
}

static RtValue logical_right(RtRun *run, RtOp op, RtValue left, const RtNode *right)
{
    const RtFlowTruth on = goes_on(run, op, left);
    RtFlowBranch branch;
    RtValue value;

    if (on == RT_IS_FALSE)
        return left;
    if (on == RT_IS_TRUE)
        return rt_flow_with(run, rt_flow_evaluate(run, right), op == RT_OP_AND ? NULL : left.from);
    branch = rt_flow_branch(run);
    value = rt_flow_evaluate(run, right);
    rt_flow_branch_end(run, branch, !run->has_thrown);
    run->has_thrown = false;
    if (op == RT_OP_AND && value.kind != RT_V_UNKNOWN && value.kind != RT_V_BOOL)
        return value;
    if (op != RT_OP_AND && left.kind == RT_V_NATIVE)
        return rt_flow_with(run, left, value.from);
    return rt_flow_merge(run, left, value);
}

static RtValue conditional(RtRun *run, const RtNode *node)
{
    const RtValue condition = rt_flow_evaluate(run, node->kids[0]);
    const RtFlowTruth truth = rt_flow_truth(run, condition);
    RtFlowBranch branch;
    RtFlowAside then;
    RtValue a, b;

    if (truth != RT_IS_UNSURE)
        return rt_flow_evaluate(run, node->kids[truth == RT_IS_TRUE ? 1 : 2]);
    branch = rt_flow_branch(run);
    a = rt_flow_evaluate(run, node->kids[1]);
    run->has_thrown = false;
    rt_flow_branch_aside(run, branch, &then);
    branch = rt_flow_branch(run);
    b = rt_flow_evaluate(run, node->kids[2]);
    run->has_thrown = false;
    rt_flow_branch_end(run, branch, true);
    rt_flow_branch_join(run, &then);
    return rt_flow_merge(run, b, a);
}

static RtValue assign_op(RtRun *run, const RtNode *node)
{
    const RtNode *target = node->kids[0];
    const RtOp op = (RtOp)node->op;
    const bool logical = op == RT_OP_AND || op == RT_OP_OR || op == RT_OP_COALESCE;
    RtValue base = RT_UNKNOWN, key = RT_UNKNOWN, old, value;

    if (target->kind == RT_N_MEMBER || target->kind == RT_N_INDEX) {
        base = rt_flow_evaluate(run, target->kids[0]);
        if (target->kind == RT_N_INDEX)
            key = rt_flow_evaluate(run, target->kids[1]);
        old = target->kind == RT_N_MEMBER
                  ? rt_flow_get(run, target, base, target->text, target->hash)
                  : rt_flow_get_index(run, target, base, key);
    } else {
        old = rt_flow_evaluate(run, target);
    }
    value = logical ? logical_right(run, op, old, node->kids[1])
                    : rt_flow_operate(run, node, op, old, rt_flow_evaluate(run, node->kids[1]));
    if (op == RT_OP_ADD && run->python && old.kind == RT_V_ARRAY && value.kind == RT_V_ARRAY) {
        *old.array = *value.array; /* list += changes the list itself */
        value = rt_flow_with(run, old, value.from);
    }
    if (target->kind == RT_N_MEMBER)
        rt_flow_set(run, target, base, target->text, target->hash, value);
    else if (target->kind == RT_N_INDEX)
        rt_flow_set_index(run, target, base, key, value);
    else
        rt_flow_assign(run, target, value, node->flags);
    return value;
}

static RtValue assign(RtRun *run, const RtNode *node)
{
    RtFlowScope *scope;
    RtValue value;

    if (node->kids[1]->kind == RT_N_NONE && node->op == RT_OP_NONE) {
        const RtNode *target = node->kids[0];
        if ((node->flags & RT_NODE_DECLARE) && target->kind == RT_N_NAME && !run->python &&
            !((node->flags & RT_NODE_VAR) &&
              rt_flow_find_name(run, target->text, target->hash, &scope)))
            rt_flow_declare(run, target->text, target->hash, RT_UNDEFINED, node->flags);
        else if (!(node->flags & RT_NODE_DECLARE))
            rt_flow_assign(run, target, RT_UNKNOWN, node->flags); /* a hole was assigned */
        return RT_UNDEFINED;
    }
    if (node->op != RT_OP_NONE)
        return assign_op(run, node);
    value = rt_flow_evaluate(run, node->kids[1]);
    rt_flow_assign(run, node->kids[0], value, node->flags);
    return value;
}

static RtValue update(RtRun *run, const RtNode *node)
{
    const RtNode *target = node->kids[0];
    const RtValue old = rt_flow_evaluate(run, target);
    RtValue next = RT_UNKNOWN;
    double count;

    if (old.kind != RT_V_UNKNOWN && rt_flow_to_number(run, old, &count))
        next = rt_flow_number(node->op == RT_OP_SUB ? count - 1 : count + 1);
    next.from = old.from;
    rt_flow_assign(run, target, next, 0);
    return node->flags & RT_NODE_PREFIX ? next : old;
}

static RtValue slice(RtRun *run, const RtNode *node)
{
    const RtValue base = rt_flow_evaluate(run, node->kids[0]);
    double bounds[3] = { NAN, NAN, 1 };
    RtValue out;
    double count;
    int64_t from, to, step;

    for (uint32_t i = 0; i < 3 && i + 1 < node->kid_count; i++) {
        RtValue bound;
        if (node->kids[i + 1]->kind == RT_N_NONE)
            continue;
        bound = rt_flow_evaluate(run, node->kids[i + 1]);
        if (bound.kind != RT_V_NULL && !rt_flow_to_number(run, bound, &bounds[i]))
            return rt_flow_unknown(rt_flow_unite(run, rt_flow_deep(run, node, base), bound.from));
    }
    if ((base.kind != RT_V_TEXT && base.kind != RT_V_BYTES && base.kind != RT_V_ARRAY) ||
        (base.kind == RT_V_TEXT && base.text->partial) || bounds[2] == 0)
        return rt_flow_unknown(rt_flow_deep(run, node, base));
    count = base.kind == RT_V_ARRAY  ? (double)base.array->count
            : base.kind == RT_V_TEXT ? (double)rt_flow_units(run, base.text)
                                     : (double)base.text->str.len;
    step = (int64_t)bounds[2];
    for (int i = 0; i < 2; i++) {
        if (isnan(bounds[i]))
            bounds[i] = (i == 0) == (step > 0) ? 0 : count;
        else if (bounds[i] < 0)
            bounds[i] += count;
        bounds[i] = fmin(fmax(bounds[i], 0), count);
    }
    from = (int64_t)bounds[0];
    to = (int64_t)bounds[1];
    if (step == 1 && base.kind != RT_V_ARRAY)
        return rt_flow_cut(run, base, (size_t)from, (size_t)(to < from ? from : to));
    if (step < 0 && from >= (int64_t)count)
        from = (int64_t)count - 1;
    if (step < 0 && node->kid_count > 2 && node->kids[2]->kind == RT_N_NONE)
        to = -1;
    out = rt_flow_array(run, 0);
    for (int64_t i = from; (step > 0 ? i < to : i > to) && i >= 0 && rt_flow_tick(run, 1);
         i += step)
        rt_flow_push(run, out.array,
                     base.kind == RT_V_ARRAY
                         ? base.array->items[i]
                         : rt_flow_number(rt_flow_unit(run, base.text, (size_t)i)));
    if (base.kind != RT_V_ARRAY) {
        uint32_t *units = RT_NEW_ARRAY(run->arena, uint32_t, out.array->count + 1);
        uint8_t *bytes = rt_arena_bytes(run->arena, out.array->count + 1);
        for (size_t i = 0; i < out.array->count; i++) {
            units[i] = (uint32_t)out.array->items[i].number;
            bytes[i] = base.kind == RT_V_BYTES ? base.text->str.at[from + (int64_t)i * step] : 0;
        }
        const size_t len = out.array->count;
        out = base.kind == RT_V_BYTES ? rt_flow_bytes(run, (RtStr){ bytes, len })
                                      : rt_flow_from_units(run, units, len);
        if (step == -1 && len >= 8)
            out = rt_flow_decoded(run, node, "reverse", base, out);
    }
    out.from = rt_flow_unite(run, out.from, base.from);
    return out;
}

static RtValue function_expression(RtRun *run, const RtNode *node)
{
    const RtValue value = rt_flow_make_function(run, node);

    if (value.kind == RT_V_FUNCTION && node->text.len > 0 && !run->python &&
        !(node->flags & (RT_NODE_METHOD | RT_NODE_ARROW)))
        value.function->named_expression = true;
    return value;
}

static RtValue regex(RtRun *run, const RtNode *node)
{
    RtValue value = { .kind = RT_V_REGEX, .text = RT_NEW(run->arena, RtFlowText) };

    value.text->str = node->text;
    value.text->flags = node->kid_count > 0 ? node->kids[0]->text : (RtStr){ 0 };
    return value;
}

static RtValue class_value(RtRun *run, const RtNode *node)
{
    const RtValue value = rt_flow_make_class(run, node);

    if (node->text.len > 0 && value.kind == RT_V_CLASS)
        rt_flow_declare(run, node->text, node->hash, value, 0);
    return value;
}

static RtValue unary(RtRun *run, const RtNode *node)
{
    const RtNode *kid = node->kids[0];
    RtFlowScope *scope;

    if (node->op == RT_OP_TYPEOF && kid->kind == RT_N_NAME && !run->python &&
        !rt_flow_find_name(run, kid->text, kid->hash, &scope))
        return RT_UNKNOWN; /* asking for a type reads nothing */
    return rt_flow_unary(run, (RtOp)node->op, rt_flow_evaluate(run, kid));
}

static RtValue yield(RtRun *run, const RtNode *node)
{
    const RtValue value = node->kid_count > 0 ? rt_flow_evaluate(run, node->kids[0]) : RT_UNDEFINED;

    if (run->frame->yields)
        rt_flow_push(run, run->frame->yields, value);
    return RT_UNKNOWN;
}

static RtValue sequence(RtRun *run, const RtNode *node)
{
    RtValue value = RT_UNKNOWN;

    for (uint32_t i = 0; i < node->kid_count; i++)
        value = rt_flow_evaluate(run, node->kids[i]);
    return value;
}

static RtValue constant(RtRun *run, const RtNode *node)
{
    switch (node->kind) {
    case RT_N_STRING:
        return literal(run, node);
    case RT_N_BYTES:
        return rt_flow_bytes(run, node->text);
    case RT_N_NUMBER:
        return number(run, node);
    case RT_N_BOOL:
        return rt_flow_bool(node->number != 0);
    case RT_N_NULL:
        return (RtValue){ .kind = RT_V_NULL };
    case RT_N_UNDEFINED:
        return RT_UNDEFINED;
    case RT_N_REGEX:
        return regex(run, node);
    default: /* a statement where an expression is wanted, or a hole */
        return RT_UNKNOWN;
    }
}

static RtValue evaluate(RtRun *run, const RtNode *node)
{
    RtValue value;

    switch (node->kind) {
    case RT_N_TEMPLATE:
        return template(run, node);
    case RT_N_NAME:
        return rt_flow_name(run, node);
    case RT_N_MEMBER:
        return rt_flow_get(run, node, rt_flow_evaluate(run, node->kids[0]), node->text, node->hash);
    case RT_N_INDEX:
        value = rt_flow_evaluate(run, node->kids[0]);
        return rt_flow_get_index(run, node, value, rt_flow_evaluate(run, node->kids[1]));
    case RT_N_SLICE:
        return slice(run, node);
    case RT_N_CALL:
        return rt_flow_call_node(run, node);
    case RT_N_FUNCTION:
        return function_expression(run, node);
    case RT_N_CLASS:
        return class_value(run, node);
    case RT_N_ASSIGN:
        return assign(run, node);
    case RT_N_BINARY:
        return binary(run, node);
    case RT_N_LOGICAL:
        return logical_right(run, (RtOp)node->op, rt_flow_evaluate(run, node->kids[0]),
                             node->kids[1]);
    case RT_N_UNARY:
        return unary(run, node);
    case RT_N_UPDATE:
        return update(run, node);
    case RT_N_CONDITIONAL:
        return conditional(run, node);
    case RT_N_ARRAY:
        return array(run, node);
    case RT_N_OBJECT:
        return object(run, node);
    case RT_N_SEQUENCE:
        return sequence(run, node);
    case RT_N_AWAIT:
    case RT_N_SPREAD:
    case RT_N_KEYWORD:
        return rt_flow_evaluate(run, node->kids[0]);
    case RT_N_YIELD:
        return yield(run, node);
    case RT_N_COMPREHENSION:
        return rt_flow_comprehend(run, node);
    case RT_N_IMPORT:
        return rt_flow_import(run, node);
    default:
        return constant(run, node);
    }
}

/* Kids a node must have to be looked at: a lowering that met broken source may have left some out.
 */
bool rt_flow_is_whole(const RtNode *node)
{
    static const uint8_t least[] = {
        [RT_N_MEMBER] = 1,  [RT_N_INDEX] = 2,  [RT_N_SLICE] = 1,         [RT_N_CALL] = 1,
        [RT_N_KEYWORD] = 1, [RT_N_SPREAD] = 1, [RT_N_FUNCTION] = 2,      [RT_N_CLASS] = 2,
        [RT_N_ASSIGN] = 2,  [RT_N_BINARY] = 2, [RT_N_LOGICAL] = 2,       [RT_N_UNARY] = 1,
        [RT_N_UPDATE] = 1,  [RT_N_PAIR] = 1,   [RT_N_CONDITIONAL] = 3,   [RT_N_AWAIT] = 1,
        [RT_N_IF] = 3,      [RT_N_FOR] = 4,    [RT_N_FOR_EACH] = 3,      [RT_N_SWITCH] = 1,
        [RT_N_TRY] = 4,     [RT_N_WITH] = 3,   [RT_N_COMPREHENSION] = 4, [RT_N_DELETE] = 1,
    };

    return node->kind >= RT_COUNT(least) || node->kid_count >= least[node->kind];
}

RtValue rt_flow_evaluate(RtRun *run, const RtNode *node)
{
    RtValue value;

    if (!rt_flow_tick(run, 1) || run->has_thrown || run->depth >= NODE_DEPTH ||
        !rt_flow_is_whole(node))
        return RT_UNKNOWN;
    run->depth++;
    value = evaluate(run, node);
    run->depth--;
    return value;
}
