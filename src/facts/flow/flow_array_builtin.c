/* flow_array_builtin.c - methods of arrays and lists. */
#include <math.h>
#include <string.h>

#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

enum { SORT_LIMIT = 4096, CALLBACK_ITEMS = 65536, STRANGE_ITEMS = 200 };

static RtFlowArray *list(const RtFlowCall *call) { return call->self.array; }

static RtValue copy_of(RtRun *run, const RtFlowArray *array)
{
    RtValue copy = rt_flow_array(run, array->count);

    if (array->count > 0 && copy.array->capacity >= array->count)
        memcpy(copy.array->items, array->items, array->count * sizeof *array->items);
    copy.array->count = array->count;
    copy.array->open = array->open;
    copy.array->tuple = array->tuple;
    return copy;
}

static bool is_reversed_chars(const RtFlowArray *array)
{
    for (size_t i = 0; i < array->count && i < 8; i++)
        if (array->items[i].kind != RT_V_TEXT || array->items[i].text->str.len > 4)
            return false;
    return array->count >= 8;
}

BUILTIN(join)
{
    const RtValue given = rt_flow_arg(call, 0);
    const RtValue separator =
        given.kind == RT_V_UNDEFINED ? rt_flow_text(run, RT_STR(",")) : rt_flow_to_text(run, given);
    RtValue text = rt_flow_text(run, RT_STR(""));
    const RtFlowArray *array = list(call);

    for (size_t i = 0; i < array->count && rt_flow_tick(run, 1); i++) {
        const RtValue item = array->items[i];
        if (i > 0)
            text = rt_flow_join(run, text, separator);
        if (item.kind != RT_V_UNDEFINED && item.kind != RT_V_NULL)
            text = rt_flow_join(run, text, rt_flow_to_text(run, item));
    }
    if (array->open)
        text = rt_flow_join(run, text, rt_flow_hole(run));
    *ret_value = rt_flow_with(run, text, call->self.from);
    return true;
}

BUILTIN(reverse)
{
    RtFlowArray *array = list(call);

    for (size_t i = 0; i < array->count / 2; i++) {
        const RtValue other = array->items[i];
        array->items[i] = array->items[array->count - 1 - i];
        array->items[array->count - 1 - i] = other;
    }
    rt_flow_tick(run, array->count / 8);
    if (is_reversed_chars(array)) {
        const uint32_t fact = rt_flow_fact2(run, call->node, RT_FACT_DATA_DECODE, RT_STR("reverse"),
                                            (RtStr){ 0 }, call->self.from);
        call->self = rt_flow_with(run, call->self, rt_flow_origin(run, fact));
    }
    *ret_value = run->python ? (RtValue){ .kind = RT_V_NULL } : call->self;
    return true;
}

BUILTIN(push)
{
    for (size_t i = 0; i < call->count; i++)
        rt_flow_push(run, list(call), call->args[i]);
    list(call)->open |= call->open;
    *ret_value =
        run->python ? (RtValue){ .kind = RT_V_NULL } : rt_flow_number((double)list(call)->count);
    return true;
}

BUILTIN(pop)
{
    RtFlowArray *array = list(call);
    double at = (double)array->count - 1;

    if (run->python && call->count > 0) {
        if (!rt_flow_to_number(run, call->args[0], &at))
            return false;
        at = at < 0 ? at + (double)array->count : at;
    }
    if (at < 0 || at >= (double)array->count) {
        *ret_value = array->open || run->python ? rt_flow_unknown(call->self.from) : RT_UNDEFINED;
        return true;
    }
    *ret_value = rt_flow_with(run, array->items[(size_t)at], call->self.from);
    memmove(array->items + (size_t)at, array->items + (size_t)at + 1,
            (array->count - (size_t)at - 1) * sizeof *array->items);
    rt_flow_tick(run, (array->count - (size_t)at) / 32);
    array->count--;
    return true;
}

/* The front is given up, not moved: string tables are rotated by thousands of shifts. */
BUILTIN(shift)
{
    RtFlowArray *array = list(call);

    if (array->count == 0) {
        *ret_value = array->open ? rt_flow_unknown(call->self.from) : RT_UNDEFINED;
        return true;
    }
    *ret_value = rt_flow_with(run, array->items[0], call->self.from);
    array->items++;
    array->count--;
    array->capacity--;
    return true;
}

static void insert(RtRun *run, RtFlowArray *array, size_t at, RtValue value)
{
    if (!rt_flow_push(run, array, value))
        return;
    rt_flow_tick(run, (array->count - at) / 32);
    memmove(array->items + at + 1, array->items + at,
            (array->count - at - 1) * sizeof *array->items);
    array->items[at] = value;
}

BUILTIN(unshift)
{
    for (size_t i = 0; i < call->count; i++)
        insert(run, list(call), i < list(call)->count ? i : list(call)->count, call->args[i]);
    *ret_value = rt_flow_number((double)list(call)->count);
    return true;
}

BUILTIN(insert_at)
{
    double at;

    if (!rt_flow_arg_number(run, call, 0, 0, &at))
        return false;
    at = at < 0 ? fmax(at + (double)list(call)->count, 0) : fmin(at, (double)list(call)->count);
    insert(run, list(call), (size_t)at, rt_flow_arg(call, 1));
    *ret_value = (RtValue){ .kind = RT_V_NULL };
    return true;
}

static size_t index_from(double at, size_t count)
{
    at = at < 0 ? at + (double)count : at;
    return at < 0 ? 0 : at > (double)count ? count : (size_t)at;
}

BUILTIN(slice)
{
    const RtFlowArray *array = list(call);
    double from, to;
    size_t a, b;

    if (!rt_flow_arg_number(run, call, 0, 0, &from) ||
        !rt_flow_arg_number(run, call, 1, (double)array->count, &to))
        return false;
    a = index_from(from, array->count);
    b = index_from(to, array->count);
    *ret_value = rt_flow_array(run, b > a ? b - a : 0);
    for (size_t i = a; i < b; i++)
        rt_flow_push(run, ret_value->array, array->items[i]);
    ret_value->array->open = array->open;
    ret_value->from = call->self.from;
    return true;
}

BUILTIN(splice)
{
    RtFlowArray *array = list(call);
    double from, gone;
    size_t at, count;

    if (!rt_flow_arg_number(run, call, 0, 0, &from) ||
        !rt_flow_arg_number(run, call, 1, (double)array->count, &gone))
        return false;
    at = index_from(from, array->count);
    count = gone < 0 ? 0 : gone > (double)(array->count - at) ? array->count - at : (size_t)gone;
    *ret_value = rt_flow_array(run, count);
    for (size_t i = at; i < at + count; i++)
        rt_flow_push(run, ret_value->array, array->items[i]);
    if (count > 0)
        memmove(array->items + at, array->items + at + count,
                (array->count - at - count) * sizeof *array->items);
    array->count -= count;
    for (size_t i = 2; i < call->count; i++)
        insert(run, array, at + i - 2, call->args[i]);
    rt_flow_tick(run, array->count / 32);
    return true;
}

BUILTIN(concat)
{
    *ret_value = copy_of(run, list(call));
    ret_value->from = call->self.from;
    for (size_t i = 0; i < call->count; i++) {
        if (call->args[i].kind != RT_V_ARRAY) {
            rt_flow_push(run, ret_value->array, call->args[i]);
            continue;
        }
        for (size_t at = 0; at < call->args[i].array->count; at++)
            rt_flow_push(run, ret_value->array, call->args[i].array->items[at]);
        ret_value->array->open |= call->args[i].array->open;
        ret_value->from = rt_flow_unite(run, ret_value->from, call->args[i].from);
    }
    return true;
}

BUILTIN(extend)
{
    const RtValue more = rt_flow_arg(call, 0);
    const RtFlowArray *items = rt_flow_elements(run, call->node, more, false);
    const size_t count = items->count;

    for (size_t i = 0; i < count && rt_flow_tick(run, 1); i++)
        if (!rt_flow_push(run, list(call), items->items[i]))
            break; /* full: a list that extends itself in a loop doubles each time */
    if (items->open) {
        rt_flow_push(run, list(call), rt_flow_unknown(rt_flow_deep(run, call->node, more)));
        list(call)->open = true;
    }
    *ret_value = (RtValue){ .kind = RT_V_NULL };
    return true;
}

static bool find(RtRun *run, const RtFlowCall *call, size_t *ret_at, bool *ret_unsure)
{
    const RtValue what = rt_flow_arg(call, 0);

    *ret_unsure = list(call)->open || !rt_flow_known(what);
    for (size_t i = 0; i < list(call)->count && rt_flow_tick(run, 1); i++) {
        const RtFlowTruth same = rt_flow_equal(run, what, list(call)->items[i], true);
        if (same == RT_IS_TRUE) {
            *ret_at = i;
            *ret_unsure = false;
            return true;
        }
        *ret_unsure |= same == RT_IS_UNSURE;
    }
    return false;
}

BUILTIN(index_of)
{
    size_t at = 0;
    bool unsure;
    const bool found = find(run, call, &at, &unsure);

    if (unsure)
        return false;
    *ret_value = rt_flow_integer(run, found ? (int64_t)at : -1);
    return true;
}

BUILTIN(includes)
{
    size_t at = 0;
    bool unsure;
    const bool found = find(run, call, &at, &unsure);

    if (unsure)
        return false;
    *ret_value = rt_flow_bool(found);
    return true;
}

static RtValue ask(RtRun *run, RtFlowCall *call, RtValue item, size_t at)
{
    RtValue args[3] = { rt_flow_with(run, item, call->self.from), rt_flow_number((double)at),
                        call->self };

    return rt_flow_call_with(run, call->node, rt_flow_arg(call, 0), rt_flow_arg(call, 1), args, 3);
}

/* A turn of map, filter and friends; false when it has gone on for long enough. */
static bool turn(RtRun *run, uint32_t outside, size_t at)
{
    return rt_flow_tick(run, 1) && !run->spent && at < CALLBACK_ITEMS &&
           (at < STRANGE_ITEMS || run->outside == outside);
}

static bool known_callback(RtFlowCall *call)
{
    const RtValue callback = rt_flow_arg(call, 0);

    return callback.kind != RT_V_UNKNOWN && callback.kind != RT_V_UNDEFINED &&
           callback.kind != RT_V_NULL;
}

/* Elements nobody knows are stood for by one. */
static void ask_rest(RtRun *run, RtFlowCall *call, RtValue *ret_answer)
{
    const RtFlowBranch branch = rt_flow_branch(run);

    *ret_answer = ask(run, call, rt_flow_unknown(rt_flow_deep(run, call->node, call->self)), 0);
    rt_flow_branch_end(run, branch, true);
}

BUILTIN(map)
{
    const RtFlowArray *array = list(call);
    const uint32_t outside = run->outside;
    RtValue answer;

    if (!known_callback(call))
        return false;
    *ret_value = rt_flow_array(run, array->count);
    for (size_t i = 0; i < array->count && turn(run, outside, i); i++)
        rt_flow_push(run, ret_value->array, ask(run, call, array->items[i], i));
    ret_value->array->open = array->open || ret_value->array->count < array->count;
    if (array->open) {
        ask_rest(run, call, &answer);
        ret_value->from = answer.from;
        if (ret_value->array->count == 0)
            rt_flow_push(run, ret_value->array, answer);
    }
    return true;
}

BUILTIN(for_each)
{
    RtValue answer;

    if (!map(run, call, &answer))
        return false;
    *ret_value = RT_UNDEFINED;
    return true;
}

BUILTIN(flat_map)
{
    RtValue mapped;

    if (!map(run, call, &mapped))
        return false;
    *ret_value = rt_flow_array(run, 0);
    for (size_t i = 0; i < mapped.array->count; i++) {
        const RtValue item = mapped.array->items[i];
        if (item.kind != RT_V_ARRAY)
            rt_flow_push(run, ret_value->array, item);
        for (size_t at = 0; item.kind == RT_V_ARRAY && at < item.array->count; at++)
            rt_flow_push(run, ret_value->array, item.array->items[at]);
    }
    ret_value->array->open = mapped.array->open;
    return true;
}

BUILTIN(filter)
{
    const RtFlowArray *array = list(call);
    const uint32_t outside = run->outside;
    RtValue answer;

    if (!known_callback(call))
        return false;
    *ret_value = rt_flow_array(run, 0);
    ret_value->from = call->self.from;
    for (size_t i = 0; i < array->count && turn(run, outside, i); i++) {
        const RtFlowTruth wanted = rt_flow_truth(run, ask(run, call, array->items[i], i));
        if (wanted != RT_IS_FALSE)
            rt_flow_push(run, ret_value->array, array->items[i]);
        ret_value->array->open |= wanted == RT_IS_UNSURE;
    }
    ret_value->array->open |= array->open;
    if (array->open)
        ask_rest(run, call, &answer);
    return true;
}

/* find, some, every, findIndex */
static bool search(RtRun *run, RtFlowCall *call, RtFlowTruth until, size_t *ret_at,
                   bool *ret_unsure)
{
    const RtFlowArray *array = list(call);
    const uint32_t outside = run->outside;
    RtValue answer;

    *ret_unsure = array->open;
    for (size_t i = 0; i < array->count && turn(run, outside, i); i++) {
        const RtFlowTruth truth = rt_flow_truth(run, ask(run, call, array->items[i], i));
        *ret_unsure |= truth == RT_IS_UNSURE;
        if (truth == until) {
            *ret_at = i;
            return true;
        }
    }
    if (array->open)
        ask_rest(run, call, &answer);
    return false;
}

BUILTIN(find_item)
{
    size_t at = 0;
    bool unsure;

    if (!known_callback(call))
        return false;
    if (search(run, call, RT_IS_TRUE, &at, &unsure) && !unsure)
        *ret_value = rt_flow_with(run, list(call)->items[at], call->self.from);
    else
        *ret_value =
            unsure ? rt_flow_unknown(rt_flow_deep(run, call->node, call->self)) : RT_UNDEFINED;
    return true;
}

BUILTIN(find_index)
{
    size_t at = 0;
    bool unsure;
    bool found;

    if (!known_callback(call))
        return false;
    found = search(run, call, RT_IS_TRUE, &at, &unsure);
    *ret_value = unsure ? RT_UNKNOWN : rt_flow_number(found ? (double)at : -1);
    return true;
}

BUILTIN(some)
{
    size_t at = 0;
    bool unsure, found;

    if (!known_callback(call))
        return false;
    found = search(run, call, RT_IS_TRUE, &at, &unsure);
    *ret_value = unsure && !found ? RT_UNKNOWN : rt_flow_bool(found);
    return true;
}

BUILTIN(every)
{
    size_t at = 0;
    bool unsure, found;

    if (!known_callback(call))
        return false;
    found = search(run, call, RT_IS_FALSE, &at, &unsure);
    *ret_value = unsure && !found ? RT_UNKNOWN : rt_flow_bool(!found);
    return true;
}

static bool reduce_any(RtRun *run, RtFlowCall *call, bool backwards, RtValue *ret_value)
{
    const RtFlowArray *array = list(call);
    const uint32_t outside = run->outside;
    const size_t skip = call->count < 2;
    RtValue sum = call->count > 1 ? call->args[1] : RT_UNKNOWN;

    if (!known_callback(call))
        return false;
    if (skip && array->count > 0)
        sum = array->items[backwards ? array->count - 1 : 0];
    for (size_t i = skip; i < array->count && turn(run, outside, i); i++) {
        const size_t at = backwards ? array->count - 1 - i : i;
        RtValue args[4] = { sum, rt_flow_with(run, array->items[at], call->self.from),
                            rt_flow_number((double)at), call->self };
        sum = rt_flow_call_with(run, call->node, call->args[0], RT_UNDEFINED, args, 4);
    }
    if (array->open)
        sum = rt_flow_unknown(
            rt_flow_unite(run, sum.from, rt_flow_deep(run, call->node, call->self)));
    *ret_value = sum;
    return true;
}

BUILTIN(reduce) { return reduce_any(run, call, false, ret_value); }
BUILTIN(reduce_right) { return reduce_any(run, call, true, ret_value); }

static bool in_order(RtRun *run, RtFlowCall *call, RtValue compare, RtValue a, RtValue b)
{
    double order;

    if (rt_flow_is_callable(compare)) {
        RtValue args[2] = { a, b };
        const RtValue answer = rt_flow_call_with(run, call->node, compare, RT_UNDEFINED, args, 2);
        return answer.kind == RT_V_UNKNOWN || !rt_flow_to_number(run, answer, &order) || order <= 0;
    }
    if (run->python && a.kind != RT_V_TEXT) {
        const RtValue answer = rt_flow_operate(run, call->node, RT_OP_GT, a, b);
        return rt_flow_truth(run, answer) != RT_IS_TRUE;
    }
    return rt_str_compare(rt_flow_to_text(run, a).text->str, rt_flow_to_text(run, b).text->str) <=
           0;
}

static void merge_sort(RtRun *run, RtFlowCall *call, RtValue compare, RtValue *items,
                       RtValue *spare, size_t count)
{
    for (size_t width = 1; width < count && !run->stopped; width *= 2) {
        for (size_t from = 0; from < count; from += 2 * width) {
            size_t a = from, b = from + width, out = from;
            const size_t a_end = b < count ? b : count,
                         end = from + 2 * width < count ? from + 2 * width : count;
            while (a < a_end || b < end) {
                const bool take_a =
                    b >= end || (a < a_end && in_order(run, call, compare, items[a], items[b]));
                spare[out++] = take_a ? items[a++] : items[b++];
            }
        }
        memcpy(items, spare, count * sizeof *items);
    }
}

BUILTIN(sort)
{
    RtFlowArray *array = list(call);
    const RtValue compare = run->python ? RT_UNDEFINED : rt_flow_arg(call, 0);

    *ret_value = run->python ? (RtValue){ .kind = RT_V_NULL } : call->self;
    if (array->count > SORT_LIMIT || (run->python && call->named_count > 0)) {
        array->open = true;
        return true;
    }
    merge_sort(run, call, compare, array->items,
               RT_NEW_ARRAY(run->arena, RtValue, array->count + 1), array->count);
    return true;
}

static void flatten(RtRun *run, const RtFlowArray *array, unsigned depth, RtFlowArray *out)
{
    for (size_t i = 0; i < array->count && rt_flow_tick(run, 1); i++) {
        if (array->items[i].kind == RT_V_ARRAY && depth > 0)
            flatten(run, array->items[i].array, depth - 1, out);
        else
            rt_flow_push(run, out, array->items[i]);
    }
    out->open |= array->open;
}

BUILTIN(flat)
{
    double depth;

    if (!rt_flow_arg_number(run, call, 0, 1, &depth))
        return false;
    *ret_value = rt_flow_array(run, 0);
    flatten(run, list(call), depth > 8 ? 8 : (unsigned)fmax(depth, 0), ret_value->array);
    return true;
}

BUILTIN(fill)
{
    for (size_t i = 0; i < list(call)->count; i++)
        list(call)->items[i] = rt_flow_arg(call, 0);
    rt_flow_tick(run, list(call)->count / 16);
    *ret_value = call->self;
    return true;
}

BUILTIN(keys)
{
    *ret_value = rt_flow_array(run, list(call)->count);
    for (size_t i = 0; i < list(call)->count; i++)
        rt_flow_push(run, ret_value->array, rt_flow_number((double)i));
    return true;
}

BUILTIN(entries)
{
    *ret_value = rt_flow_array(run, list(call)->count);
    for (size_t i = 0; i < list(call)->count && rt_flow_tick(run, 1); i++) {
        RtValue pair = rt_flow_array(run, 2);
        rt_flow_push(run, pair.array, rt_flow_integer(run, (int64_t)i));
        rt_flow_push(run, pair.array, rt_flow_with(run, list(call)->items[i], call->self.from));
        rt_flow_push(run, ret_value->array, pair);
    }
    ret_value->array->open = list(call)->open;
    ret_value->from = call->self.from;
    return true;
}

BUILTIN(itself)
{
    (void)run;
    *ret_value = call->self;
    return true;
}

BUILTIN(copy)
{
    *ret_value = rt_flow_with(run, copy_of(run, list(call)), call->self.from);
    return true;
}

BUILTIN(at)
{
    double index;

    if (!rt_flow_arg_number(run, call, 0, 0, &index))
        return false;
    index = index < 0 ? index + (double)list(call)->count : index;
    *ret_value = index < 0 || index >= (double)list(call)->count
                     ? RT_UNDEFINED
                     : rt_flow_with(run, list(call)->items[(size_t)index], call->self.from);
    return true;
}

BUILTIN(clear)
{
    (void)run;
    list(call)->count = 0;
    *ret_value = (RtValue){ .kind = RT_V_NULL };
    return true;
}

BUILTIN(count)
{
    int64_t found = 0;

    for (size_t i = 0; i < list(call)->count && rt_flow_tick(run, 1); i++)
        found += rt_flow_equal(run, rt_flow_arg(call, 0), list(call)->items[i], true) == RT_IS_TRUE;
    *ret_value = list(call)->open ? RT_UNKNOWN : rt_flow_integer(run, found);
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "array.join", join },
    { "array.toString", join },
    { "array.reverse", reverse },
    { "array.push", push },
    { "array.append", push },
    { "array.add", push },
    { "array.pop", pop },
    { "array.popleft", shift },
    { "array.shift", shift },
    { "array.unshift", unshift },
    { "array.insert", insert_at },
    { "array.slice", slice },
    { "array.splice", splice },
    { "array.concat", concat },
    { "array.extend", extend },
    { "array.update", extend },
    { "array.indexOf", index_of },
    { "array.index", index_of },
    { "array.includes", includes },
    { "array.map", map },
    { "array.forEach", for_each },
    { "array.flatMap", flat_map },
    { "array.filter", filter },
    { "array.find", find_item },
    { "array.findIndex", find_index },
    { "array.some", some },
    { "array.every", every },
    { "array.reduce", reduce },
    { "array.reduceRight", reduce_right },
    { "array.sort", sort },
    { "array.flat", flat },
    { "array.fill", fill },
    { "array.keys", keys },
    { "array.entries", entries },
    { "array.values", itself },
    { "array.copy", copy },
    { "array.at", at },
    { "array.clear", clear },
    { "array.count", count },
};
const RtFlowBuiltins rt_flow_array_builtins = { builtins, RT_COUNT(builtins) };
