/* flow_js_builtin.c - JavaScript's own functions by path: modules, reflection, numbers, Math,
 * promises, timers, and the few of Node that compute and do nothing else (path.join). */
#include <math.h>
#include <string.h>

#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

/* ---- modules and reflection ---- */

BUILTIN(require)
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

BUILTIN(create_require)
{
    (void)call;
    *ret_value = rt_flow_native_c(run, "require");
    return true;
}

BUILTIN(reflect_get)
{
    *ret_value = rt_flow_get_index(run, call->node, rt_flow_arg(call, 0), rt_flow_arg(call, 1));
    return true;
}

BUILTIN(reflect_set)
{
    rt_flow_set_index(run, call->node, rt_flow_arg(call, 0), rt_flow_arg(call, 1),
                      rt_flow_arg(call, 2));
    *ret_value = rt_flow_bool(true);
    return true;
}

static bool apply(RtRun *run, RtFlowCall *call, RtValue self, RtValue list, bool is_new,
                  RtValue *ret_value)
{
    RtFlowCall inner = {
        .node = call->node, .callee = rt_flow_arg(call, 0), .self = self, .is_new = is_new
    };
    const RtFlowArray *items = rt_flow_elements(run, call->node, list, false);

    inner.args = RT_NEW_ARRAY(run->arena, RtValue, items->count + 1);
    for (size_t i = 0; i < items->count; i++)
        inner.args[inner.count++] = items->items[i];
    if (items->open)
        inner.args[inner.count++] = rt_flow_unknown(rt_flow_deep(run, call->node, list));
    inner.open = items->open;
    *ret_value = rt_flow_call(run, &inner);
    return true;
}

BUILTIN(reflect_apply)
{
    return apply(run, call, rt_flow_arg(call, 1), rt_flow_arg(call, 2), false, ret_value);
}
BUILTIN(reflect_construct)
{
    return apply(run, call, RT_UNDEFINED, rt_flow_arg(call, 1), true, ret_value);
}

/* new Function('a', 'b', 'return a + b') */
BUILTIN(make_function)
{
    RtText code = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };
    RtValue body = rt_flow_arg(call, 0);

    rt_text_add(&code, RT_STR("(function("));
    for (size_t i = 0; i < call->count; i++) {
        body = call->args[i];
        if (body.kind != RT_V_TEXT || body.text->partial)
            return false;
        if (i + 1 < call->count) {
            rt_text_add(&code, body.text->str);
            if (i + 2 < call->count)
                rt_text_byte(&code, ',');
        }
    }
    if (call->count == 0 || code.len + body.text->str.len > 256 << 10 || run->spent)
        return false;
    rt_text_add(&code, RT_STR("\n){"));
    rt_text_add(&code, body.text->str);
    rt_text_add(&code, RT_STR("\n})"));
    *ret_value = rt_flow_eval_text(run, rt_text_str(&code), 0, call->node);
    if (ret_value->kind != RT_V_FUNCTION)
        return false;
    ret_value->from = rt_flow_unite(run, ret_value->from, rt_flow_call_origins(run, call));
    return true;
}

BUILTIN(promisify)
{
    (void)run;
    *ret_value = rt_flow_arg(call, 0);
    return true;
}

/* ---- promises and timers ---- */

BUILTIN(new_promise)
{
    const RtValue executor = rt_flow_arg(call, 0);
    RtValue *slot = RT_NEW_ARRAY(run->arena, RtValue, 2);
    RtValue args[2];

    if (!rt_flow_is_callable(executor))
        return false;
    for (size_t i = 0; i < 2; i++) {
        args[i] = rt_flow_native_instance(
            run, i ? RT_STR("Promise.reject") : RT_STR("Promise.resolve"), NULL);
        args[i].native->slot = &slot[i];
        args[i].native->builtin = NULL;
    }
    rt_flow_call_with(run, call->node, executor, RT_UNDEFINED, args, 2);
    run->has_thrown = false;
    *ret_value = rt_flow_with(run, slot[0], slot[1].from);
    return true;
}

BUILTIN(promise_resolve)
{
    (void)run;
    *ret_value = rt_flow_arg(call, 0);
    return true;
}

BUILTIN(promise_all)
{
    (void)run;
    *ret_value = rt_flow_arg(call, 0);
    return ret_value->kind == RT_V_ARRAY;
}

static bool timer(RtRun *run, RtFlowCall *call, size_t skip, RtValue *ret_value)
{
    const RtValue callback = rt_flow_arg(call, 0);

    if (!rt_flow_is_callable(callback) || run->spent)
        return false;
    if (callback.kind == RT_V_FUNCTION &&
        callback.function->code->busy > 0) { /* sets itself again */
        *ret_value = RT_UNKNOWN;
        return true;
    }
    rt_flow_call_with(run, call->node, callback, RT_UNDEFINED,
                      call->args + (call->count < skip ? call->count : skip),
                      call->count < skip ? 0 : call->count - skip);
    run->has_thrown = false;
    *ret_value = RT_UNKNOWN;
    return true;
}

BUILTIN(set_timeout) { return timer(run, call, 2, ret_value); }
BUILTIN(next_tick) { return timer(run, call, 1, ret_value); }

/* ---- texts and numbers ---- */

static void note_charcodes(RtRun *run, RtFlowCall *call, RtValue *value)
{
    const uint32_t fact = rt_flow_fact2(run, call->node, RT_FACT_DATA_DECODE, RT_STR("charcode"),
                                        (RtStr){ 0 }, value->from);
    value->from = rt_flow_unite(run, value->from, rt_flow_origin(run, fact));
}

BUILTIN(from_char_code)
{
    uint32_t *units = RT_NEW_ARRAY(run->arena, uint32_t, call->count * 2 + 1);
    const RtFlowOrigins *from = NULL;
    size_t count = 0;
    bool unknown = call->open;
    double code;

    for (size_t i = 0; i < call->count; i++) {
        from = rt_flow_unite(run, from, call->args[i].from);
        if (call->args[i].kind == RT_V_UNKNOWN || !rt_flow_to_number(run, call->args[i], &code)) {
            unknown = true;
            continue;
        }
        if (code > 0xFFFF && code <= 0x10FFFF) {
            units[count++] = 0xD800 + (((uint32_t)code - 0x10000) >> 10);
            units[count++] = 0xDC00 + (((uint32_t)code - 0x10000) & 0x3FF);
        } else {
            units[count++] = code == code ? (uint32_t)(int64_t)code & 0xFFFF : 0;
        }
    }
    *ret_value = unknown ? rt_flow_hole(run) : rt_flow_from_units(run, units, count);
    ret_value->from = rt_flow_unite(run, ret_value->from, from);
    note_charcodes(run, call, ret_value);
    return true;
}

BUILTIN(string)
{
    *ret_value =
        call->count == 0 ? rt_flow_text(run, RT_STR("")) : rt_flow_to_text(run, call->args[0]);
    return true;
}

BUILTIN(number)
{
    double value = 0;

    if (call->count > 0 &&
        (!rt_flow_known(call->args[0]) || !rt_flow_to_number(run, call->args[0], &value)))
        return false;
    *ret_value = rt_flow_number(value);
    ret_value->from = rt_flow_arg(call, 0).from;
    return true;
}

BUILTIN(boolean)
{
    const RtFlowTruth truth = rt_flow_truth(run, rt_flow_arg(call, 0));

    if (truth == RT_IS_UNSURE)
        return false;
    *ret_value = rt_flow_bool(truth == RT_IS_TRUE);
    return true;
}

static int digit_of(uint8_t c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'z' ? c - 'a' + 10
           : c >= 'A' && c <= 'Z' ? c - 'A' + 10
                                  : 99;
}

BUILTIN(parse_int)
{
    const RtValue text = rt_flow_to_text(run, rt_flow_arg(call, 0));
    RtStr str = rt_str_trim(text.text->str);
    double radix, value = 0;
    bool negative = false;
    size_t at = 0;

    if (!rt_flow_arg_number(run, call, 1, 0, &radix) || text.text->partial)
        return false;
    if (str.len > 0 && (str.at[0] == '-' || str.at[0] == '+')) {
        negative = str.at[0] == '-';
        str = rt_str_from(str, 1);
    }
    if ((radix == 0 || radix == 16) && str.len > 1 && str.at[0] == '0' &&
        (str.at[1] | 0x20) == 'x') {
        str = rt_str_from(str, 2);
        radix = 16;
    }
    radix = radix == 0 ? 10 : radix;
    for (; at < str.len && digit_of(str.at[at]) < radix; at++)
        value = value * radix + digit_of(str.at[at]);
    *ret_value = rt_flow_number(at == 0 ? NAN : negative ? -value : value);
    ret_value->from = text.from;
    return true;
}

BUILTIN(parse_float)
{
    const RtValue text = rt_flow_to_text(run, rt_flow_arg(call, 0));
    RtStr str = rt_str_trim(text.text->str);
    RtValue longest = rt_flow_number(NAN);
    size_t end = 0;
    double value;

    if (text.text->partial)
        return false;
    while (end < str.len && end < 40 &&
           ((str.at[end] >= '0' && str.at[end] <= '9') || memchr("+-.eE", str.at[end], 5)))
        end++;
    for (; end > 0; end--)
        if (rt_flow_to_number(run, rt_flow_text(run, rt_str_sub(str, 0, end)), &value) &&
            !isnan(value)) {
            longest = rt_flow_number(value);
            break;
        }
    *ret_value = rt_flow_with(run, longest, text.from);
    return true;
}

BUILTIN(number_to_string)
{
    double radix, value;

    if (!rt_flow_arg_number(run, call, 0, 10, &radix) || radix < 2 || radix > 36 ||
        !rt_flow_to_number(run, call->self, &value))
        return false;
    if (call->self.kind == RT_V_BOOL)
        *ret_value = rt_flow_to_text(run, call->self);
    else
        *ret_value = rt_flow_text(run, rt_flow_number_text(run, value, (uint32_t)radix));
    ret_value->from = call->self.from;
    return true;
}

BUILTIN(to_fixed)
{
    double digits, value;

    if (!rt_flow_arg_number(run, call, 0, 0, &digits) || digits < 0 || digits > 20 ||
        !rt_flow_to_number(run, call->self, &value))
        return false;
    *ret_value = rt_flow_text(run, rt_str_format(run->arena, "%.*f", (int)digits, value));
    return true;
}

BUILTIN(is_nan)
{
    double value;

    if (!rt_flow_known(rt_flow_arg(call, 0)) ||
        !rt_flow_to_number(run, rt_flow_arg(call, 0), &value))
        return false;
    *ret_value = rt_flow_bool(isnan(value));
    return true;
}

BUILTIN(is_array)
{
    const RtValue value = rt_flow_arg(call, 0);

    (void)run;
    if (value.kind == RT_V_UNKNOWN || value.kind == RT_V_NATIVE)
        return false;
    *ret_value = rt_flow_bool(value.kind == RT_V_ARRAY);
    return true;
}

/* Array(3), new Array(a, b) */
BUILTIN(make_array)
{
    double count;

    *ret_value = rt_flow_array(run, 0);
    if (call->count == 1 && call->args[0].kind == RT_V_NUMBER) {
        count = call->args[0].number;
        for (double i = 0; i < count && i < RT_FLOW_ARRAY_LIMIT && rt_flow_tick(run, 1); i++)
            rt_flow_push(run, ret_value->array, RT_UNDEFINED);
        return true;
    }
    for (size_t i = 0; i < call->count; i++)
        rt_flow_push(run, ret_value->array, call->args[i]);
    ret_value->array->open = call->open || (call->count == 1 && call->args[0].kind == RT_V_UNKNOWN);
    return true;
}

BUILTIN(array_of)
{
    *ret_value = rt_flow_array(run, call->count);
    for (size_t i = 0; i < call->count; i++)
        rt_flow_push(run, ret_value->array, call->args[i]);
    return true;
}

/* Array.from(list, map) and Array.from({length: n}, map) */
BUILTIN(array_from)
{
    const RtValue from = rt_flow_arg(call, 0), map = rt_flow_arg(call, 1);
    const RtFlowArray *items = rt_flow_elements(run, call->node, from, false);
    double count = (double)items->count;

    if (from.kind == RT_V_OBJECT) {
        const RtFlowEntry *length =
            rt_flow_own(from.object, RT_STR("length"), rt_flow_hash(RT_STR("length")));
        if (!length || length->value.kind != RT_V_NUMBER)
            return false;
        count = fmin(length->value.number, RT_FLOW_ARRAY_LIMIT);
    } else if (items->open && items->count == 0) {
        return false;
    }
    *ret_value = rt_flow_array(run, 0);
    for (double i = 0; i < count && rt_flow_tick(run, 1) && !run->spent; i++) {
        RtValue args[2] = { (size_t)i < items->count
                                ? rt_flow_with(run, items->items[(size_t)i], from.from)
                                : RT_UNDEFINED,
                            rt_flow_number(i) };
        rt_flow_push(run, ret_value->array,
                     rt_flow_is_callable(map)
                         ? rt_flow_call_with(run, call->node, map, RT_UNDEFINED, args, 2)
                         : args[0]);
    }
    ret_value->from = from.from;
    return true;
}

/* ---- Math ---- */

static bool math(RtRun *run, RtFlowCall *call, double (*function)(double), RtValue *ret_value)
{
    double value;

    if (!rt_flow_known(rt_flow_arg(call, 0)) ||
        !rt_flow_to_number(run, rt_flow_arg(call, 0), &value))
        return false;
    *ret_value = rt_flow_number(function(value));
    ret_value->from = rt_flow_arg(call, 0).from;
    return true;
}

static double js_round(double value) { return floor(value + 0.5); }
BUILTIN(math_floor) { return math(run, call, floor, ret_value); }
BUILTIN(math_ceil) { return math(run, call, ceil, ret_value); }
BUILTIN(math_round) { return math(run, call, js_round, ret_value); }
BUILTIN(math_abs) { return math(run, call, fabs, ret_value); }
BUILTIN(math_sqrt) { return math(run, call, sqrt, ret_value); }
BUILTIN(math_trunc) { return math(run, call, trunc, ret_value); }
BUILTIN(math_log) { return math(run, call, log, ret_value); }
BUILTIN(math_log2) { return math(run, call, log2, ret_value); }
BUILTIN(math_sin) { return math(run, call, sin, ret_value); }
BUILTIN(math_cos) { return math(run, call, cos, ret_value); }

BUILTIN(math_pow)
{
    double a, b;

    if (!rt_flow_arg_number(run, call, 0, NAN, &a) || !rt_flow_arg_number(run, call, 1, NAN, &b))
        return false;
    *ret_value = rt_flow_number(pow(a, b));
    return true;
}

static bool extreme(RtRun *run, RtFlowCall *call, bool largest, RtValue *ret_value)
{
    double best = largest ? -INFINITY : INFINITY, value;

    for (size_t i = 0; i < call->count; i++) {
        if (!rt_flow_arg_number(run, call, i, NAN, &value))
            return false;
        best = largest ? fmax(best, value) : fmin(best, value);
    }
    *ret_value = rt_flow_number(best);
    return !call->open;
}

BUILTIN(math_max) { return extreme(run, call, true, ret_value); }
BUILTIN(math_min) { return extreme(run, call, false, ret_value); }

/* ---- paths ---- */

static void normalize(RtText *path)
{
    size_t out = 0;

    for (size_t i = 0; i < path->len;) {
        if (path->at[i] == '/' && out > 0 && path->at[out - 1] == '/') {
            i++;
        } else if (path->at[i] == '.' && i + 1 < path->len && path->at[i + 1] == '/' && out > 0 &&
                   path->at[out - 1] == '/') {
            i += 2;
        } else {
            path->at[out++] = path->at[i++];
        }
    }
    path->len = out;
}

bool rt_flow_path_join(RtRun *run, RtFlowCall *call, RtValue *ret_value)
{
    RtText path = { .arena = run->arena, .limit = 8192 };
    const RtFlowOrigins *from = NULL;
    bool partial = false;

    for (size_t i = 0; i < call->count; i++) {
        const RtValue part = rt_flow_to_text(run, call->args[i]);
        from = rt_flow_unite(run, from, part.from);
        partial |= part.text->partial;
        if (part.text->str.len == 0)
            continue;
        if (part.text->str.at[0] == '/' && run->python)
            path.len = 0;
        else if (path.len > 0)
            rt_text_byte(&path, '/');
        rt_text_add(&path, part.text->str);
    }
    normalize(&path);
    *ret_value = rt_flow_text(run, rt_text_str(&path));
    if (partial && ret_value->text->str.len > 1)
        ret_value->text->partial = true;
    ret_value->from = from;
    return true;
}

bool rt_flow_path_dirname(RtRun *run, RtFlowCall *call, RtValue *ret_value)
{
    const RtValue path = rt_flow_arg(call, 0);
    size_t slash;

    if (path.kind != RT_V_TEXT)
        return false;
    slash = rt_str_rfind_byte(path.text->str, '/');
    *ret_value = slash == RT_NOT_FOUND
                     ? rt_flow_text(run, RT_STR("."))
                     : rt_flow_text(run, rt_str_sub(path.text->str, 0, slash ? slash : 1));
    if (path.text->partial && ret_value->text->str.len > 1)
        ret_value->text->partial = true;
    ret_value->from = path.from;
    return true;
}

bool rt_flow_path_basename(RtRun *run, RtFlowCall *call, RtValue *ret_value)
{
    const RtValue path = rt_flow_arg(call, 0);
    size_t slash;

    if (path.kind != RT_V_TEXT || path.text->partial)
        return false;
    slash = rt_str_rfind_byte(path.text->str, '/');
    *ret_value = rt_flow_text(run, slash == RT_NOT_FOUND ? path.text->str
                                                         : rt_str_from(path.text->str, slash + 1));
    ret_value->from = path.from;
    return true;
}

/* new URL(text, base): an object whose text is known */
BUILTIN(new_url)
{
    const RtValue text = rt_flow_arg(call, 0), base = rt_flow_arg(call, 1);

    if (text.kind != RT_V_TEXT)
        return false;
    *ret_value = rt_flow_native_instance(run, RT_STR("URL()"), text.from);
    ret_value->native->text = base.kind == RT_V_TEXT && !rt_str_has(text.text->str, RT_STR("://"))
                                  ? rt_flow_join(run, base, text)
                                  : text;
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "require", require },
    { "import", require },
    { "module.require", require },
    { "module._load", require },
    { "module.Module._load", require },
    { "module.createRequire", create_require },
    { "module.createRequireFromPath", create_require },
    { "Reflect.get", reflect_get },
    { "Reflect.set", reflect_set },
    { "Reflect.apply", reflect_apply },
    { "Reflect.construct", reflect_construct },
    { "Function", make_function },
    { "util.promisify", promisify },
    { "util.callbackify", promisify },
    { "Promise", new_promise },
    { "Promise.resolve", promise_resolve },
    { "Promise.all", promise_all },
    { "Promise.allSettled", promise_all },
    { "setTimeout", set_timeout },
    { "setInterval", set_timeout },
    { "setImmediate", next_tick },
    { "process.nextTick", next_tick },
    { "queueMicrotask", next_tick },
    { "String.fromCharCode", from_char_code },
    { "String.fromCodePoint", from_char_code },
    { "String", string },
    { "Number", number },
    { "BigInt", number },
    { "Boolean", boolean },
    { "parseInt", parse_int },
    { "Number.parseInt", parse_int },
    { "parseFloat", parse_float },
    { "Number.parseFloat", parse_float },
    { "number.toString", number_to_string },
    { "number.toFixed", to_fixed },
    { "isNaN", is_nan },
    { "Number.isNaN", is_nan },
    { "Array.isArray", is_array },
    { "Array", make_array },
    { "Array.of", array_of },
    { "Array.from", array_from },
    { "Math.floor", math_floor },
    { "Math.ceil", math_ceil },
    { "Math.round", math_round },
    { "Math.abs", math_abs },
    { "Math.sqrt", math_sqrt },
    { "Math.trunc", math_trunc },
    { "Math.log", math_log },
    { "Math.log2", math_log2 },
    { "Math.sin", math_sin },
    { "Math.cos", math_cos },
    { "Math.pow", math_pow },
    { "Math.max", math_max },
    { "Math.min", math_min },
    { "path.join", rt_flow_path_join },
    { "path.resolve", rt_flow_path_join },
    { "path.posix.join", rt_flow_path_join },
    { "path.dirname", rt_flow_path_dirname },
    { "path.basename", rt_flow_path_basename },
    { "path.normalize", rt_flow_path_join },
    { "URL", new_url },
    { "url.URL", new_url },
};
const RtFlowBuiltins rt_flow_js_builtins = { builtins, RT_COUNT(builtins) };
