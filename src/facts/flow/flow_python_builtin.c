/* flow_python_builtin.c - Python's own functions, and those modules that compute, reflect or start
 * functions. */
#include <math.h>
#include <string.h>

#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

static RtValue none(void) { return (RtValue){ .kind = RT_V_NULL }; }

/* ---- texts, numbers ---- */

BUILTIN(chr)
{
    const RtValue code = rt_flow_arg(call, 0);
    uint32_t unit, fact;
    double number;

    if (code.kind == RT_V_UNKNOWN || !rt_flow_to_number(run, code, &number) || number < 0 ||
        number > 0x10FFFF)
        return false;
    unit = (uint32_t)number;
    *ret_value = rt_flow_from_units(run, &unit, 1);
    fact = rt_flow_fact2(run, call->node, RT_FACT_DATA_DECODE, RT_STR("charcode"), (RtStr){ 0 },
                         code.from);
    ret_value->from = rt_flow_unite(run, code.from, rt_flow_origin(run, fact));
    return true;
}

BUILTIN(ord)
{
    const RtValue text = rt_flow_arg(call, 0);

    if ((text.kind != RT_V_TEXT && text.kind != RT_V_BYTES) || !rt_flow_known(text) ||
        text.text->str.len == 0)
        return false;
    *ret_value = rt_flow_integer(run, text.kind == RT_V_BYTES ? text.text->str.at[0]
                                                              : rt_flow_unit(run, text.text, 0));
    ret_value->from = text.from;
    return true;
}

static bool bytes_of(RtRun *run, RtFlowCall *call, RtValue list, RtValue *ret_value)
{
    const RtFlowArray *items = rt_flow_elements(run, call->node, list, false);
    uint8_t *out = rt_arena_bytes(run->arena, items->count + 1);
    const RtFlowOrigins *from = rt_flow_deep(run, call->node, list);
    double number;

    if (items->open)
        return false;
    for (size_t i = 0; i < items->count; i++) {
        if (!rt_flow_to_number(run, items->items[i], &number))
            return false;
        from = i < 4 ? rt_flow_unite(run, from, items->items[i].from) : from;
        out[i] = (uint8_t)(int64_t)number;
    }
    rt_flow_tick(run, items->count / 8);
    *ret_value = rt_flow_with(run, rt_flow_bytes(run, (RtStr){ out, items->count }), from);
    return true;
}

BUILTIN(bytes)
{
    const RtValue value = rt_flow_arg(call, 0);

    if (value.kind == RT_V_BYTES) {
        *ret_value = value;
        return true;
    }
    if (value.kind == RT_V_TEXT && rt_flow_known(value)) {
        *ret_value = rt_flow_with(run, rt_flow_bytes(run, value.text->str), value.from);
        return true;
    }
    if (value.kind == RT_V_ARRAY)
        return bytes_of(run, call, value, ret_value);
    if (value.kind == RT_V_UNDEFINED) {
        *ret_value = rt_flow_bytes(run, RT_STR(""));
        return true;
    }
    return false;
}

BUILTIN(bytearray)
{
    RtFlowBuffer *buffer;
    RtStr copy;

    if (!bytes(run, call, ret_value))
        return false;
    copy = rt_str_copy(run->arena, ret_value->text->str);
    buffer = RT_NEW(run->arena, RtFlowBuffer);
    *buffer = (RtFlowBuffer){ .at = (uint8_t *)(uintptr_t)copy.at,
                              .used = copy.len,
                              .capacity = copy.len };
    ret_value->text = rt_flow_bytes(run, copy).text;
    ret_value->text->buffer = buffer;
    ret_value->text->writable = true;
    return true;
}

BUILTIN(make_int)
{
    const RtValue value = rt_flow_arg(call, 0);
    RtStr text;
    double base, number = 0;
    int64_t whole = 0;
    bool negative;

    if (!rt_flow_known(value) || !rt_flow_arg_number(run, call, 1, 10, &base))
        return false;
    if (value.kind != RT_V_TEXT && value.kind != RT_V_BYTES) {
        if (!rt_flow_to_number(run, value, &number) || isnan(number))
            return false;
        *ret_value = rt_flow_with(
            run, value.kind == RT_V_INT ? value : rt_flow_int(run, trunc(number)), value.from);
        return true;
    }
    text = rt_str_trim(value.text->str);
    negative = text.len > 0 && text.at[0] == '-';
    text = rt_str_from(text, negative);
    if (text.len > 2 && text.at[0] == '0' && (text.at[1] | 0x20) == 'x' &&
        (base == 16 || base == 0)) {
        text = rt_str_from(text, 2);
        base = 16;
    }
    base = base == 0 ? 10 : base;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];
        const int digit = c >= '0' && c <= '9' ? c - '0'
                          : (c | 0x20) >= 'a'  ? (c | 0x20) - 'a' + 10
                                               : 99;
        if (c == '_')
            continue;
        if (digit >= base || __builtin_mul_overflow(whole, (int64_t)base, &whole) ||
            __builtin_add_overflow(whole, digit, &whole))
            return false;
    }
    *ret_value = rt_flow_with(run, rt_flow_integer(run, negative ? -whole : whole), value.from);
    return text.len > 0;
}

BUILTIN(str)
{
    const RtValue value = rt_flow_arg(call, 0);

    if (value.kind == RT_V_BYTES && call->count > 1) {
        *ret_value = rt_flow_with(run, rt_flow_text(run, value.text->str), value.from);
        return true;
    }
    *ret_value = call->count == 0 ? rt_flow_text(run, RT_STR("")) : rt_flow_to_text(run, value);
    return true;
}

BUILTIN(len)
{
    const RtValue value = rt_flow_arg(call, 0);

    if (value.kind == RT_V_TEXT && rt_flow_known(value))
        *ret_value = rt_flow_integer(run, (int64_t)rt_flow_units(run, value.text));
    else if (value.kind == RT_V_BYTES)
        *ret_value = rt_flow_integer(run, (int64_t)value.text->str.len);
    else if (value.kind == RT_V_ARRAY && !value.array->open)
        *ret_value = rt_flow_integer(run, (int64_t)value.array->count);
    else if (value.kind == RT_V_OBJECT && !value.object->open && !value.object->type)
        *ret_value = rt_flow_integer(run, (int64_t)value.object->map.count);
    else
        *ret_value = RT_UNKNOWN;
    return true;
}

static bool in_radix(RtRun *run, RtFlowCall *call, uint32_t radix, const char *head,
                     RtValue *ret_value)
{
    const RtValue value = rt_flow_arg(call, 0);

    if (value.kind != RT_V_INT || value.integer < 0)
        return false;
    *ret_value =
        rt_flow_join(run, rt_flow_c(run, head),
                     rt_flow_text(run, rt_flow_number_text(run, (double)value.integer, radix)));
    return true;
}

BUILTIN(hex) { return in_radix(run, call, 16, "0x", ret_value); }
BUILTIN(oct) { return in_radix(run, call, 8, "0o", ret_value); }
BUILTIN(bin) { return in_radix(run, call, 2, "0b", ret_value); }

BUILTIN(absolute)
{
    const RtValue value = rt_flow_arg(call, 0);

    (void)run;
    if (value.kind != RT_V_INT && value.kind != RT_V_NUMBER)
        return false;
    *ret_value = value;
    if (value.kind == RT_V_INT)
        ret_value->integer =
            value.integer < 0 && value.integer != INT64_MIN ? -value.integer : value.integer;
    else
        ret_value->number = fabs(value.number);
    return true;
}

BUILTIN(power)
{
    const RtValue base = rt_flow_arg(call, 0), exponent = rt_flow_arg(call, 1),
                  modulus = rt_flow_arg(call, 2);
    uint64_t result = 1, square;

    if (base.kind != RT_V_INT || exponent.kind != RT_V_INT)
        return false;
    if (call->count < 3) {
        *ret_value = rt_flow_operate(run, call->node, RT_OP_POW, base, exponent);
        return true;
    }
    if (modulus.kind != RT_V_INT || modulus.integer <= 0 || modulus.integer > INT32_MAX ||
        exponent.integer < 0)
        return false;
    square =
        (uint64_t)(base.integer % modulus.integer + modulus.integer) % (uint64_t)modulus.integer;
    for (uint64_t left = (uint64_t)exponent.integer; left; left >>= 1) {
        if (left & 1)
            result = result * square % (uint64_t)modulus.integer;
        square = square * square % (uint64_t)modulus.integer;
    }
    *ret_value = rt_flow_integer(run, (int64_t)(result % (uint64_t)modulus.integer));
    return true;
}

static bool fold_numbers(RtRun *run, RtFlowCall *call, int what, RtValue *ret_value)
{
    const RtValue first = rt_flow_arg(call, 0);
    const RtFlowArray given = { .items = call->args, .count = call->count };
    const RtFlowArray *items = first.kind == RT_V_ARRAY || first.kind == RT_V_BYTES
                                   ? rt_flow_elements(run, call->node, first, false)
                                   : &given;

    if (items->open || call->named_count > 0 || (what == 0 && call->count > 1))
        return false;
    *ret_value = what == 0 ? rt_flow_integer(run, 0) : items->count ? items->items[0] : RT_UNKNOWN;
    for (size_t i = what != 0; i < items->count && rt_flow_tick(run, 1); i++) {
        if (what == 0)
            *ret_value = rt_flow_operate(run, call->node, RT_OP_ADD, *ret_value, items->items[i]);
        else if (rt_flow_truth(run, rt_flow_operate(run, call->node, what > 0 ? RT_OP_GT : RT_OP_LT,
                                                    items->items[i], *ret_value)) == RT_IS_TRUE)
            *ret_value = items->items[i];
    }
    return true;
}

BUILTIN(sum) { return fold_numbers(run, call, 0, ret_value); }
BUILTIN(max) { return fold_numbers(run, call, 1, ret_value); }
BUILTIN(min) { return fold_numbers(run, call, -1, ret_value); }

/* ---- sequences ---- */

BUILTIN(range)
{
    double from, to, step;

    if (!rt_flow_arg_number(run, call, 0, 0, &from) || !rt_flow_arg_number(run, call, 1, 0, &to) ||
        !rt_flow_arg_number(run, call, 2, 1, &step) || step == 0)
        return false;
    if (call->count == 1) {
        to = from;
        from = 0;
    }
    *ret_value = rt_flow_array(run, 0);
    for (double i = from; (step > 0 ? i < to : i > to) && rt_flow_tick(run, 1); i += step)
        if (!rt_flow_push(run, ret_value->array, rt_flow_integer(run, (int64_t)i)))
            break;
    return true;
}

static bool listed(RtRun *run, RtFlowCall *call, bool tuple, bool set, RtValue *ret_value)
{
    const RtValue value = rt_flow_arg(call, 0);
    const RtFlowArray *items;

    *ret_value = rt_flow_array(run, 0);
    ret_value->array->tuple = tuple;
    ret_value->array->set = set;
    if (value.kind == RT_V_UNDEFINED)
        return true;
    items = rt_flow_elements(run, call->node, value, false);
    for (size_t i = 0; i < items->count; i++)
        rt_flow_push(run, ret_value->array, items->items[i]);
    ret_value->array->open = items->open;
    ret_value->from = items->open ? rt_flow_deep(run, call->node, value) : value.from;
    rt_flow_tick(run, items->count / 8);
    return true;
}

BUILTIN(list) { return listed(run, call, false, false, ret_value); }
BUILTIN(tuple) { return listed(run, call, true, false, ret_value); }
BUILTIN(set) { return listed(run, call, false, true, ret_value); }

BUILTIN(dict)
{
    const RtValue value = rt_flow_arg(call, 0);
    const RtFlowArray *pairs;

    *ret_value = rt_flow_object(run);
    if (value.kind == RT_V_OBJECT && !value.object->scope) {
        for (size_t i = 0; i < value.object->map.count; i++)
            rt_flow_map_set(run, &ret_value->object->map, value.object->map.entries[i].key,
                            value.object->map.entries[i].hash, value.object->map.entries[i].value);
    } else if (value.kind != RT_V_UNDEFINED) {
        pairs = rt_flow_elements(run, call->node, value, false);
        for (size_t i = 0; i < pairs->count && rt_flow_tick(run, 1); i++)
            if (pairs->items[i].kind == RT_V_ARRAY && pairs->items[i].array->count == 2)
                rt_flow_set_index(run, call->node, *ret_value, pairs->items[i].array->items[0],
                                  pairs->items[i].array->items[1]);
        ret_value->object->open = pairs->open;
        ret_value->object->rest = rt_flow_deep(run, call->node, value);
    }
    for (size_t i = 0; i < call->named_count; i++)
        rt_flow_map_set(run, &ret_value->object->map, call->names[i], rt_flow_hash(call->names[i]),
                        call->named[i]);
    return true;
}

BUILTIN(reversed)
{
    const RtFlowArray *items = rt_flow_elements(run, call->node, rt_flow_arg(call, 0), false);
    uint32_t fact;

    *ret_value = rt_flow_array(run, items->count);
    for (size_t i = items->count; i-- > 0;)
        rt_flow_push(run, ret_value->array, items->items[i]);
    ret_value->array->open = items->open;
    ret_value->from = rt_flow_arg(call, 0).from;
    if (rt_flow_arg(call, 0).kind == RT_V_TEXT && items->count >= 8) {
        fact = rt_flow_fact2(run, call->node, RT_FACT_DATA_DECODE, RT_STR("reverse"), (RtStr){ 0 },
                             ret_value->from);
        ret_value->from = rt_flow_unite(run, ret_value->from, rt_flow_origin(run, fact));
    }
    return true;
}

BUILTIN(sorted)
{
    RtFlowCall inner = *call;
    RtValue ignored;
    const RtFlowBuiltin *sort;

    if (!list(run, call, ret_value))
        return false;
    inner.self = *ret_value;
    sort = rt_flow_method(run, inner.self, RT_STR("sort"));
    return sort && sort->run(run, &inner, &ignored);
}

BUILTIN(enumerate)
{
    const RtValue value = rt_flow_arg(call, 0);
    const RtFlowArray *items = rt_flow_elements(run, call->node, value, false);
    double from;

    if (!rt_flow_arg_number(run, call, 1, 0, &from))
        return false;
    *ret_value = rt_flow_array(run, items->count + items->open);
    for (size_t i = 0; i < items->count + items->open && rt_flow_tick(run, 1); i++) {
        RtValue pair = rt_flow_array(run, 2);
        rt_flow_push(run, pair.array,
                     i < items->count ? rt_flow_integer(run, (int64_t)from + (int64_t)i)
                                      : RT_UNKNOWN);
        rt_flow_push(run, pair.array,
                     i < items->count ? rt_flow_with(run, items->items[i], value.from)
                                      : rt_flow_unknown(rt_flow_deep(run, call->node, value)));
        rt_flow_push(run, ret_value->array, pair);
    }
    return true;
}

/* itertools.cycle(key): zip takes its items round and round */
BUILTIN(cycle)
{
    if (!list(run, call, ret_value) || ret_value->array->open || ret_value->array->count == 0)
        return false;
    ret_value->array->cycle = true;
    return true;
}

BUILTIN(zip)
{
    const RtFlowArray *lists[8];
    size_t count = SIZE_MAX;
    bool open = false;

    if (call->count == 0 || call->count > RT_COUNT(lists))
        return false;
    for (size_t i = 0; i < call->count; i++) {
        lists[i] = rt_flow_elements(run, call->node, call->args[i], false);
        open |= lists[i]->open;
        if (!lists[i]->cycle && lists[i]->count < count)
            count = lists[i]->count;
    }
    if (open || count == SIZE_MAX)
        return false;
    *ret_value = rt_flow_array(run, count);
    for (size_t at = 0; at < count && rt_flow_tick(run, 1); at++) {
        RtValue row = rt_flow_array(run, call->count);
        row.array->tuple = true;
        for (size_t i = 0; i < call->count; i++)
            rt_flow_push(
                run, row.array,
                rt_flow_with(run, lists[i]->items[at % lists[i]->count], call->args[i].from));
        rt_flow_push(run, ret_value->array, row);
    }
    return true;
}

BUILTIN(map)
{
    const RtValue function = rt_flow_arg(call, 0);
    const RtFlowArray *lists[4];
    size_t count = SIZE_MAX;
    const uint32_t outside = run->outside;
    bool open = false;

    if (call->count < 2 || call->count > RT_COUNT(lists) + 1 || function.kind == RT_V_UNKNOWN)
        return false;
    for (size_t i = 0; i + 1 < call->count; i++) {
        lists[i] = rt_flow_elements(run, call->node, call->args[i + 1], false);
        open |= lists[i]->open;
        count = lists[i]->cycle || lists[i]->count > count ? count : lists[i]->count;
    }
    *ret_value = rt_flow_array(run, count == SIZE_MAX ? 0 : count);
    for (size_t at = 0;
         count != SIZE_MAX && at < count + open && rt_flow_tick(run, 1) && !run->spent; at++) {
        RtValue args[4];
        if (at > 200 && run->outside != outside)
            break;
        for (size_t i = 0; i + 1 < call->count; i++)
            args[i] = at < lists[i]->count || lists[i]->cycle
                          ? rt_flow_with(run, lists[i]->items[at % lists[i]->count],
                                         call->args[i + 1].from)
                          : rt_flow_unknown(rt_flow_deep(run, call->node, call->args[i + 1]));
        rt_flow_push(
            run, ret_value->array,
            rt_flow_call_with(run, call->node, function, RT_UNDEFINED, args, call->count - 1));
    }
    ret_value->array->open = open || ret_value->array->count < count;
    return true;
}

BUILTIN(filter)
{
    const RtValue function = rt_flow_arg(call, 0), value = rt_flow_arg(call, 1);
    const RtFlowArray *items = rt_flow_elements(run, call->node, value, false);

    if (!rt_flow_is_callable(function) || items->open)
        return false;
    *ret_value = rt_flow_array(run, 0);
    for (size_t i = 0; i < items->count && rt_flow_tick(run, 1); i++) {
        RtValue item = rt_flow_with(run, items->items[i], value.from);
        if (rt_flow_truth(run, rt_flow_call_with(run, call->node, function, RT_UNDEFINED, &item,
                                                 1)) != RT_IS_FALSE)
            rt_flow_push(run, ret_value->array, item);
    }
    return true;
}

BUILTIN(reduce)
{
    const RtValue function = rt_flow_arg(call, 0), value = rt_flow_arg(call, 1);
    const RtFlowArray *items = rt_flow_elements(run, call->node, value, false);
    const size_t from = call->count < 3;

    if (items->open || items->count < from)
        return false;
    *ret_value = from ? items->items[0] : call->args[2];
    for (size_t i = from; i < items->count && rt_flow_tick(run, 1) && !run->spent; i++) {
        RtValue args[2] = { *ret_value, rt_flow_with(run, items->items[i], value.from) };
        *ret_value = rt_flow_call_with(run, call->node, function, RT_UNDEFINED, args, 2);
    }
    return true;
}

BUILTIN(first_of)
{
    const RtFlowArray *items = rt_flow_elements(run, call->node, rt_flow_arg(call, 0), false);

    if (items->count == 0)
        return false;
    *ret_value = rt_flow_with(run, items->items[0], rt_flow_arg(call, 0).from);
    return true;
}

BUILTIN(itself)
{
    (void)run;
    *ret_value = rt_flow_arg(call, 0);
    return true;
}

BUILTIN(memory_of_self)
{
    (void)run;
    *ret_value = call->self;
    return true;
}

BUILTIN(xor)
{
    *ret_value =
        rt_flow_operate(run, call->node, RT_OP_BIT_XOR, rt_flow_arg(call, 0), rt_flow_arg(call, 1));
    return true;
}

/* ---- reflection ---- */

BUILTIN(get_attribute)
{
    const RtValue name = rt_flow_arg(call, 1);

    if (name.kind != RT_V_TEXT || name.text->partial) {
        *ret_value = rt_flow_unknown(rt_flow_unite(run, name.from, rt_flow_arg(call, 0).from));
        return true;
    }
    *ret_value = rt_flow_get(run, call->node, rt_flow_arg(call, 0), name.text->str,
                             rt_flow_hash(name.text->str));
    if (ret_value->kind == RT_V_UNKNOWN && call->count > 2)
        *ret_value = rt_flow_merge(run, *ret_value, call->args[2]);
    ret_value->from = rt_flow_unite(run, ret_value->from, name.from);
    return true;
}

BUILTIN(set_attribute)
{
    const RtValue name = rt_flow_arg(call, 1);

    if (name.kind == RT_V_TEXT && !name.text->partial)
        rt_flow_set(run, call->node, rt_flow_arg(call, 0), name.text->str,
                    rt_flow_hash(name.text->str), rt_flow_arg(call, 2));
    *ret_value = none();
    return true;
}

BUILTIN(import_name)
{
    const RtValue name = rt_flow_arg(call, 0), list_of_names = rt_flow_named(call, "fromlist", 3);
    RtStr module;
    size_t dot;

    if (name.kind != RT_V_TEXT || name.text->partial) {
        *ret_value = rt_flow_unknown(rt_flow_deep(run, call->node, name));
        return true;
    }
    module = name.text->str;
    dot = rt_str_find_byte(module, '.');
    if (dot != RT_NOT_FOUND && dot > 0 &&
        (list_of_names.kind == RT_V_UNDEFINED || list_of_names.kind == RT_V_NULL))
        module = rt_str_sub(module, 0, dot);
    *ret_value =
        rt_flow_with(run, rt_flow_import_module(run, call->node, module, false), name.from);
    return true;
}

BUILTIN(import_module)
{
    const RtValue name = rt_flow_arg(call, 0);

    if (name.kind != RT_V_TEXT || name.text->partial) {
        *ret_value = rt_flow_unknown(rt_flow_deep(run, call->node, name));
        return true;
    }
    *ret_value =
        rt_flow_with(run, rt_flow_import_module(run, call->node, name.text->str, false), name.from);
    return true;
}

BUILTIN(globals)
{
    (void)call;
    *ret_value = rt_flow_scope_object(run, run->frame->module->scope);
    return true;
}

BUILTIN(locals)
{
    RtFlowScope *scope = run->frame->scope;

    if (call->count > 0) { /* vars(module) */
        *ret_value = rt_flow_arg(call, 0);
        return true;
    }
    while (!scope->is_function && scope->parent)
        scope = scope->parent;
    *ret_value = rt_flow_scope_object(run, scope);
    return true;
}

BUILTIN(super_object)
{
    (void)call;
    *ret_value = rt_flow_super(run);
    return true;
}

BUILTIN(partial)
{
    RtFlowBound *bound = RT_NEW(run->arena, RtFlowBound);

    if (call->count == 0)
        return false;
    bound->target = call->args[0];
    bound->arg_count = call->count - 1;
    bound->args = RT_NEW_ARRAY(run->arena, RtValue, call->count);
    memcpy(bound->args, call->args + 1, bound->arg_count * sizeof *bound->args);
    *ret_value = (RtValue){ .kind = RT_V_BOUND, .bound = bound, .from = call->args[0].from };
    return true;
}

/* ---- functions that are started ---- */

static RtValue start(RtRun *run, RtFlowCall *call, RtValue function, RtValue args)
{
    const RtFlowArray *items = args.kind == RT_V_ARRAY ? args.array : NULL;
    RtValue value;

    value = rt_flow_call_with(run, call->node, function, RT_UNDEFINED, items ? items->items : NULL,
                              items ? items->count : 0);
    run->has_thrown = false;
    return value;
}

BUILTIN(thread)
{
    const RtValue target = rt_flow_named(call, "target", 1);

    if (target.kind == RT_V_UNDEFINED || target.kind == RT_V_NULL || target.kind == RT_V_UNKNOWN)
        return false;
    start(run, call, target, rt_flow_named(call, "args", 3));
    *ret_value = rt_flow_native_instance(run, RT_STR("threading.Thread()"), NULL);
    return true;
}

/* atexit.register(f, a, b), executor.submit(f, a, b) */
BUILTIN(register_call)
{
    if (call->count == 0 || call->args[0].kind == RT_V_UNKNOWN)
        return false;
    *ret_value = rt_flow_call_with(run, call->node, call->args[0], RT_UNDEFINED, call->args + 1,
                                   call->count - 1);
    run->has_thrown = false;
    return true;
}

BUILTIN(start_new_thread)
{
    *ret_value = start(run, call, rt_flow_arg(call, 0), rt_flow_arg(call, 1));
    return true;
}

BUILTIN(timer)
{
    const RtValue function = rt_flow_named(call, "function", 1);

    if (!rt_flow_is_callable(function))
        return false;
    start(run, call, function, rt_flow_named(call, "args", 2));
    *ret_value = rt_flow_native_instance(run, RT_STR("threading.Timer()"), NULL);
    return true;
}

/* ---- paths ---- */

BUILTIN(path_object)
{
    RtValue text;

    if (call->count == 0)
        return false;
    if (!rt_flow_path_join(run, call, &text))
        return false;
    *ret_value = rt_flow_native_instance(run, RT_STR("pathlib.Path()"), text.from);
    ret_value->native->text = text;
    return true;
}

BUILTIN(path_joined)
{
    RtFlowCall inner = *call;
    RtValue text;

    if (call->self.kind != RT_V_NATIVE || call->self.native->text.kind != RT_V_TEXT)
        return false;
    inner.args = RT_NEW_ARRAY(run->arena, RtValue, call->count + 1);
    inner.args[0] = call->self.native->text;
    if (call->count > 0)
        memcpy(inner.args + 1, call->args, call->count * sizeof *call->args);
    inner.count = call->count + 1;
    rt_flow_path_join(run, &inner, &text);
    *ret_value = rt_flow_native_instance(run, RT_STR("pathlib.Path()"), text.from);
    ret_value->native->text = text;
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "builtins.chr", chr },
    { "builtins.unichr", chr },
    { "builtins.ord", ord },
    { "builtins.bytes", bytes },
    { "builtins.bytearray", bytearray },
    { "builtins.int", make_int },
    { "builtins.str", str },
    { "builtins.len", len },
    { "builtins.hex", hex },
    { "builtins.oct", oct },
    { "builtins.bin", bin },
    { "builtins.abs", absolute },
    { "builtins.pow", power },
    { "builtins.sum", sum },
    { "builtins.max", max },
    { "builtins.min", min },
    { "builtins.range", range },
    { "builtins.xrange", range },
    { "builtins.list", list },
    { "builtins.tuple", tuple },
    { "builtins.set", set },
    { "builtins.frozenset", set },
    { "builtins.iter", list },
    { "builtins.dict", dict },
    { "builtins.reversed", reversed },
    { "builtins.sorted", sorted },
    { "builtins.enumerate", enumerate },
    { "itertools.cycle", cycle },
    { "builtins.zip", zip },
    { "builtins.map", map },
    { "builtins.filter", filter },
    { "functools.reduce", reduce },
    { "builtins.reduce", reduce },
    { "builtins.next", first_of },
    { "builtins.memoryview", itself },
    { "builtins.property", itself },
    { "builtins.staticmethod", itself },
    { "builtins.classmethod", itself },
    { "operator.xor", xor},
    { "builtins.getattr", get_attribute },
    { "builtins.setattr", set_attribute },
    { "builtins.__import__", import_name },
    { "importlib.import_module", import_module },
    { "importlib.__import__", import_name },
    { "builtins.globals", globals },
    { "builtins.locals", locals },
    { "builtins.vars", locals },
    { "builtins.super", super_object },
    { "functools.partial", partial },
    { "threading.Thread", thread },
    { "multiprocessing.Process", thread },
    { "threading.Timer", timer },
    { "_thread.start_new_thread", start_new_thread },
    { "thread.start_new_thread", start_new_thread },
    { "atexit.register", register_call },
    { "asyncio.run", itself },
    { "asyncio.get_event_loop().run_until_complete", itself },
    { "asyncio.create_task", itself },
    { "concurrent.futures.ThreadPoolExecutor().submit", register_call },
    { "os.path.join", rt_flow_path_join },
    { "posixpath.join", rt_flow_path_join },
    { "ntpath.join", rt_flow_path_join },
    { "os.path.dirname", rt_flow_path_dirname },
    { "os.path.basename", rt_flow_path_basename },
    { "os.path.abspath", itself },
    { "os.path.realpath", itself },
    { "os.path.normpath", itself },
    { "os.fspath", itself },
    { "pathlib.Path", path_object },
    { "pathlib.PurePath", path_object },
    { "pathlib.Path().joinpath", path_joined },
    { "pathlib.Path().resolve", memory_of_self },
    { "pathlib.Path().absolute", memory_of_self },
    { "pathlib.Path().expanduser", memory_of_self },
};
const RtFlowBuiltins rt_flow_python_builtins = { builtins, RT_COUNT(builtins) };
