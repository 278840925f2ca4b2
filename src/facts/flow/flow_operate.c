/* flow_operate.c - operators and conversions, in the sense of either dialect. What one operand does
 * not tell stays unknown and keeps the origins of both; a text with an unknown piece keeps its
 * known ones. */
#include "facts/flow/flow_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

RtValue rt_flow_bool(bool truth) { return (RtValue){ .kind = RT_V_BOOL, .truth = truth }; }
RtValue rt_flow_number(double number) { return (RtValue){ .kind = RT_V_NUMBER, .number = number }; }

RtValue rt_flow_integer(RtRun *run, int64_t number)
{
    if (run->python)
        return (RtValue){ .kind = RT_V_INT, .integer = number };
    return rt_flow_number((double)number);
}

RtValue rt_flow_int(RtRun *run, double number)
{
    if (run->python && fabs(number) < 9.2e18)
        return (RtValue){ .kind = RT_V_INT, .integer = (int64_t)number };
    return rt_flow_number(number);
}

bool rt_flow_known(RtValue value)
{
    return value.kind != RT_V_UNKNOWN && !(value.kind == RT_V_TEXT && value.text->partial);
}

static RtFlowTruth plain_truth(RtValue value)
{
    switch ((RtValueKind)value.kind) {
    case RT_V_UNKNOWN:
    case RT_V_NATIVE:
        return RT_IS_UNSURE;
    case RT_V_UNDEFINED:
    case RT_V_NULL:
        return RT_IS_FALSE;
    case RT_V_BOOL:
        return value.truth ? RT_IS_TRUE : RT_IS_FALSE;
    case RT_V_NUMBER:
        return value.number != 0 && !isnan(value.number) ? RT_IS_TRUE : RT_IS_FALSE;
    case RT_V_INT:
        return value.integer != 0 ? RT_IS_TRUE : RT_IS_FALSE;
    case RT_V_TEXT:
        if (value.text->partial)
            return value.text->str.len > 3 ? RT_IS_TRUE : RT_IS_UNSURE;
        return value.text->str.len > 0 ? RT_IS_TRUE : RT_IS_FALSE;
    case RT_V_BYTES:
    case RT_V_ARRAY:
    case RT_V_OBJECT:
    case RT_V_REGEX:
    case RT_V_FUNCTION:
    case RT_V_CLASS:
    case RT_V_METHOD:
    case RT_V_BOUND:
        return RT_IS_TRUE;
    }
    return RT_IS_UNSURE;
}

/* In Python empty things are false. */
RtFlowTruth rt_flow_truth(const RtRun *run, RtValue value)
{
    if (run->python && value.kind == RT_V_BYTES)
        return value.text->str.len > 0 ? RT_IS_TRUE : RT_IS_FALSE;
    if (run->python && value.kind == RT_V_ARRAY)
        return value.array->open ? RT_IS_UNSURE : value.array->count > 0 ? RT_IS_TRUE : RT_IS_FALSE;
    if (run->python && value.kind == RT_V_OBJECT && !value.object->type && !value.object->scope)
        return value.object->open            ? RT_IS_UNSURE
               : value.object->map.count > 0 ? RT_IS_TRUE
                                             : RT_IS_FALSE;
    return plain_truth(value);
}

static double parse_digits(RtStr text, uint32_t radix)
{
    double number = 0;

    if (text.len == 0)
        return NAN;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t c = text.at[i];
        const uint32_t digit = c >= '0' && c <= '9'   ? c - '0' + 0u
                               : c >= 'a' && c <= 'z' ? c - 'a' + 10u
                               : c >= 'A' && c <= 'Z' ? c - 'A' + 10u
                                                      : 99u;
        if (digit >= radix)
            return NAN;
        number = number * radix + digit;
    }
    return number;
}

static double text_number(RtStr text)
{
    char plain[64];
    int used = 0;
    double number;

    text = rt_str_trim(text);
    if (text.len == 0)
        return 0;
    if (text.len > 2 && text.at[0] == '0') {
        const uint8_t c = text.at[1] | 0x20;
        if (c == 'x' || c == 'o' || c == 'b')
            return parse_digits(rt_str_from(text, 2), c == 'x' ? 16 : c == 'o' ? 8 : 2);
    }
    if (text.len >= sizeof plain)
        return NAN;
    for (size_t i = 0; i < text.len; i++)
        if (!((text.at[i] >= '0' && text.at[i] <= '9') || memchr("+-.eE", text.at[i], 5)))
            return rt_str_equal(text, RT_STR("Infinity")) ? INFINITY : NAN;
    memcpy(plain, text.at, text.len);
    plain[text.len] = '\0';
    if (sscanf(plain, "%lf%n", &number, &used) != 1 || (size_t)used != text.len)
        return NAN;
    return number;
}

bool rt_flow_to_number(RtRun *run, RtValue value, double *ret_number)
{
    switch ((RtValueKind)value.kind) {
    case RT_V_NUMBER:
        *ret_number = value.number;
        return true;
    case RT_V_INT:
        *ret_number = (double)value.integer;
        return true;
    case RT_V_BOOL:
        *ret_number = value.truth;
        return true;
    case RT_V_NULL:
        *ret_number = 0;
        return true;
    case RT_V_UNDEFINED:
        *ret_number = NAN;
        return true;
    case RT_V_TEXT:
        if (value.text->partial)
            return false;
        *ret_number = text_number(value.text->str);
        return true;
    case RT_V_ARRAY:
        if (value.array->count > 1 || value.array->open) {
            *ret_number = NAN;
            return true;
        }
        if (value.array->count == 0) {
            *ret_number = 0;
            return true;
        }
        if (value.array->items[0].kind == RT_V_ARRAY)
            return false;
        return rt_flow_to_number(run, value.array->items[0], ret_number);
    case RT_V_OBJECT:
    case RT_V_FUNCTION:
        *ret_number = NAN;
        return !run->python;
    case RT_V_UNKNOWN:
    case RT_V_BYTES:
    case RT_V_REGEX:
    case RT_V_CLASS:
    case RT_V_NATIVE:
    case RT_V_METHOD:
    case RT_V_BOUND:
        return false;
    }
    return false;
}

RtStr rt_flow_number_text(RtRun *run, double number, uint32_t radix)
{
    char digits[1100];
    size_t at = sizeof digits;
    double whole;
    const bool negative = number < 0;

    if (isnan(number))
        return RT_STR("NaN");
    if (isinf(number))
        return negative ? RT_STR("-Infinity") : RT_STR("Infinity");
    if (radix == 10 && (number != floor(number) || fabs(number) >= 1e21)) {
        for (int precision = 15; precision <= 17; precision++) {
            double again = 0;
            const int len = snprintf(digits, sizeof digits, "%.*g", precision, number);
            if (len > 0 && sscanf(digits, "%lf", &again) == 1 && again == number)
                break;
        }
        return rt_str_copy(run->arena, rt_str_from_c(digits));
    }
    number = fabs(number);
    whole = floor(number);
    if (number != whole) { /* fractions in other radices: Math.random().toString(36) and the like */
        size_t end = sizeof digits / 2, stop;
        double fraction = number - whole;
        at = end;
        digits[end++] = '.';
        stop = end + 50;
        while (fraction > 0 && end < stop) {
            fraction *= radix;
            digits[end++] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)floor(fraction)];
            fraction -= floor(fraction);
        }
        do {
            digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)fmod(whole, radix)];
            whole = floor(whole / radix);
        } while (whole > 0 && at > 1);
        if (negative)
            digits[--at] = '-';
        return rt_str_copy(run->arena, (RtStr){ (const uint8_t *)digits + at, end - at });
    }
    do {
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)fmod(whole, radix)];
        whole = floor(whole / radix);
    } while (whole > 0 && at > 1);
    if (negative)
        digits[--at] = '-';
    return rt_str_copy(run->arena, (RtStr){ (const uint8_t *)digits + at, sizeof digits - at });
}

static RtValue array_text(RtRun *run, RtValue value)
{
    RtValue text = rt_flow_text(run, RT_STR(""));

    if (run->depth > 200)
        return rt_flow_hole(run);
    run->depth += 20;
    for (size_t i = 0; i < value.array->count && !run->stopped; i++) {
        const RtValue item = value.array->items[i];
        if (i > 0)
            text = rt_flow_join(run, text, rt_flow_text(run, RT_STR(",")));
        if (item.kind != RT_V_NULL && item.kind != RT_V_UNDEFINED)
            text = rt_flow_join(run, text, rt_flow_to_text(run, item));
    }
    if (value.array->open)
        text = rt_flow_join(run, text, rt_flow_hole(run));
    run->depth -= 20;
    return text;
}

static RtValue hidden_text(RtRun *run, RtValue value)
{
    if (value.kind == RT_V_NATIVE && value.native->text.kind == RT_V_TEXT)
        return value.native->text;
    if (value.kind == RT_V_FUNCTION && !run->python)
        return rt_flow_text(run, rt_str_sub(value.function->module->source,
                                            value.function->node->from, value.function->node->len));
    if (value.kind == RT_V_OBJECT && !run->python && !value.object->type && !value.object->open)
        return rt_flow_c(run, "[object Object]");
    return rt_flow_hole(run);
}

RtValue rt_flow_to_text(RtRun *run, RtValue value)
{
    RtValue text;

    switch ((RtValueKind)value.kind) {
    case RT_V_TEXT:
        return value;
    case RT_V_UNDEFINED:
        text = rt_flow_c(run, run->python ? "None" : "undefined");
        break;
    case RT_V_NULL:
        text = rt_flow_c(run, run->python ? "None" : "null");
        break;
    case RT_V_BOOL:
        text = run->python ? rt_flow_c(run, value.truth ? "True" : "False")
                           : rt_flow_c(run, value.truth ? "true" : "false");
        break;
    case RT_V_NUMBER:
        text = rt_flow_text(run, rt_flow_number_text(run, value.number, 10));
        break;
    case RT_V_INT:
        text = rt_flow_text(run, rt_str_format(run->arena, "%lld", (long long)value.integer));
        break;
    case RT_V_BYTES:
        text = run->python ? rt_flow_hole(run) : rt_flow_text(run, value.text->str);
        break;
    case RT_V_ARRAY:
        text = array_text(run, value);
        break;
    case RT_V_REGEX:
        text = rt_flow_text(run, value.text->str);
        break;
    case RT_V_UNKNOWN:
    case RT_V_OBJECT:
    case RT_V_FUNCTION:
    case RT_V_CLASS:
    case RT_V_NATIVE:
    case RT_V_METHOD:
    case RT_V_BOUND:
        text = hidden_text(run, value);
        if (value.kind == RT_V_OBJECT)
            text.from = rt_flow_deep(run, NULL, value);
        break;
    }
    return rt_flow_with(run, text, value.from);
}

static RtFlowTruth same_text(RtValue a, RtValue b)
{
    if (!a.text->partial && !b.text->partial)
        return rt_str_equal(a.text->str, b.text->str) ? RT_IS_TRUE : RT_IS_FALSE;
    return RT_IS_UNSURE;
}

RtFlowTruth rt_flow_equal(RtRun *run, RtValue a, RtValue b, bool strict)
{
    double x, y;
    const bool a_nothing = a.kind == RT_V_NULL || a.kind == RT_V_UNDEFINED;
    const bool b_nothing = b.kind == RT_V_NULL || b.kind == RT_V_UNDEFINED;

    if (a.kind == RT_V_UNKNOWN || b.kind == RT_V_UNKNOWN)
        return RT_IS_UNSURE;
    if (a.kind == RT_V_NATIVE || b.kind == RT_V_NATIVE)
        return a.kind == b.kind && a.native == b.native ? RT_IS_TRUE : RT_IS_UNSURE;
    if (a_nothing || b_nothing)
        return (strict && !run->python ? a.kind == b.kind : a_nothing && b_nothing) ? RT_IS_TRUE
                                                                                    : RT_IS_FALSE;
    if (a.kind == b.kind && (a.kind == RT_V_TEXT || a.kind == RT_V_BYTES))
        return same_text(a, b);
    if (a.kind == RT_V_INT && b.kind == RT_V_INT)
        return a.integer == b.integer ? RT_IS_TRUE : RT_IS_FALSE;
    if (a.kind == b.kind &&
        (a.kind == RT_V_ARRAY || a.kind == RT_V_OBJECT || a.kind == RT_V_FUNCTION)) {
        if (a.object == b.object)
            return RT_IS_TRUE;
        return run->python && a.kind != RT_V_FUNCTION ? RT_IS_UNSURE : RT_IS_FALSE;
    }
    if (strict && a.kind != b.kind && !run->python)
        return RT_IS_FALSE;
    if (run->python && (a.kind == RT_V_TEXT) != (b.kind == RT_V_TEXT))
        return RT_IS_FALSE;
    if (rt_flow_to_number(run, a, &x) && rt_flow_to_number(run, b, &y))
        return x == y ? RT_IS_TRUE : RT_IS_FALSE;
    return a.kind == b.kind || !strict ? RT_IS_UNSURE : RT_IS_FALSE;
}

static int32_t to_int32(double number)
{
    if (isnan(number) || isinf(number))
        return 0;
    number = fmod(trunc(number), 4294967296.0);
    if (number < 0)
        number += 4294967296.0;
    return (int32_t)(uint32_t)number;
}

static double js_number(RtOp op, double x, double y)
{
    const int32_t a = to_int32(x), b = to_int32(y);

    if (op == RT_OP_SUB)
        return x - y;
    if (op == RT_OP_MUL)
        return x * y;
    if (op == RT_OP_DIV)
        return x / y;
    if (op == RT_OP_MOD)
        return fmod(x, y);
    if (op == RT_OP_POW)
        return pow(x, y);
    if (op == RT_OP_BIT_AND)
        return a & b;
    if (op == RT_OP_BIT_OR)
        return a | b;
    if (op == RT_OP_BIT_XOR)
        return a ^ b;
    if (op == RT_OP_SHL)
        return (int32_t)((uint32_t)a << (b & 31));
    if (op == RT_OP_SHR)
        return a >> (b & 31);
    if (op == RT_OP_USHR)
        return (uint32_t)a >> (b & 31);
    return op == RT_OP_ADD ? x + y : NAN;
}

static bool python_power(int64_t a, int64_t b, int64_t *ret)
{
    int64_t power = 1;

    if (b < 0 || b > 64)
        return false;
    for (int64_t i = 0; i < b; i++)
        if (__builtin_mul_overflow(power, a, &power))
            return false;
    *ret = power;
    return true;
}

/* Python's integers; false: does not fit 64 bits, or no integer. */
static bool python_int(RtOp op, int64_t a, int64_t b, int64_t *ret)
{
    if (op == RT_OP_ADD)
        return !__builtin_add_overflow(a, b, ret);
    if (op == RT_OP_SUB)
        return !__builtin_sub_overflow(a, b, ret);
    if (op == RT_OP_MUL)
        return !__builtin_mul_overflow(a, b, ret);
    if (op == RT_OP_POW)
        return python_power(a, b, ret);
    if (op == RT_OP_FLOOR_DIV || op == RT_OP_MOD) {
        int64_t quotient, rest;
        if (b == 0 || (a == INT64_MIN && b == -1))
            return false;
        quotient = a / b;
        rest = a % b;
        if (rest != 0 && (rest < 0) != (b < 0)) {
            quotient--;
            rest += b;
        }
        *ret = op == RT_OP_MOD ? rest : quotient;
        return true;
    }
    if (op == RT_OP_SHL) {
        if (b < 0 || b > 62 || (a != 0 && (a > (INT64_MAX >> b) || a < (INT64_MIN >> b))))
            return false;
        *ret = (int64_t)((uint64_t)a << b);
        return true;
    }
    if (op == RT_OP_SHR) {
        *ret = b < 0 ? 0 : b > 63 ? (a < 0 ? -1 : 0) : a >> b;
        return b >= 0;
    }
    *ret = op == RT_OP_BIT_AND ? (a & b) : op == RT_OP_BIT_OR ? (a | b) : (a ^ b);
    return op == RT_OP_BIT_AND || op == RT_OP_BIT_OR || op == RT_OP_BIT_XOR;
}

static RtValue python_number(RtOp op, RtValue a, RtValue b)
{
    const bool whole =
        (a.kind == RT_V_INT || a.kind == RT_V_BOOL) && (b.kind == RT_V_INT || b.kind == RT_V_BOOL);
    double x = a.kind == RT_V_NUMBER ? a.number : a.kind == RT_V_BOOL ? a.truth : (double)a.integer;
    double y = b.kind == RT_V_NUMBER ? b.number : b.kind == RT_V_BOOL ? b.truth : (double)b.integer;
    int64_t result;

    if (whole && op != RT_OP_DIV) {
        if (python_int(op, a.kind == RT_V_BOOL ? a.truth : a.integer,
                       b.kind == RT_V_BOOL ? b.truth : b.integer, &result))
            return (RtValue){ .kind = RT_V_INT, .integer = result };
        return RT_UNKNOWN;
    }
    if (op == RT_OP_FLOOR_DIV)
        return rt_flow_number(floor(x / y));
    if (op == RT_OP_MOD)
        return rt_flow_number(x - floor(x / y) * y);
    if (op == RT_OP_DIV && y == 0)
        return RT_UNKNOWN;
    return rt_flow_number(js_number(op, x, y));
}

static bool is_number(RtValue value)
{
    return value.kind == RT_V_NUMBER || value.kind == RT_V_INT || value.kind == RT_V_BOOL;
}

static RtValue join_arrays(RtRun *run, RtValue a, RtValue b)
{
    RtValue both = rt_flow_array(run, a.array->count + b.array->count);

    for (size_t i = 0; i < a.array->count; i++)
        rt_flow_push(run, both.array, a.array->items[i]);
    for (size_t i = 0; i < b.array->count; i++)
        rt_flow_push(run, both.array, b.array->items[i]);
    both.array->open |= a.array->open || b.array->open;
    both.array->tuple = a.array->tuple;
    rt_flow_tick(run, both.array->count / 8);
    return both;
}

/* 'ab' * 3, [0] * 16 */
static RtValue repeat(RtRun *run, RtValue what, int64_t times)
{
    RtValue out;

    if (what.kind == RT_V_ARRAY) {
        out = rt_flow_array(run, 0);
        for (int64_t i = 0; i < times && !out.array->open && rt_flow_tick(run, 1); i++)
            for (size_t at = 0; at < what.array->count; at++)
                rt_flow_push(run, out.array, what.array->items[at]);
        return out;
    }
    out = what.kind == RT_V_TEXT ? rt_flow_text(run, RT_STR("")) : rt_flow_bytes(run, RT_STR(""));
    if (what.text->str.len == 0 || times <= 0)
        return out;
    if ((uint64_t)times > RT_FLOW_TEXT_LIMIT / what.text->str.len)
        return RT_UNKNOWN;
    for (int64_t i = 0; i < times; i++)
        out = rt_flow_join(run, out, what);
    return out;
}

static RtValue python_mixed(RtRun *run, const RtNode *node, RtOp op, RtValue a, RtValue b)
{
    (void)node;
    if (op == RT_OP_ADD) {
        if (a.kind == b.kind && (a.kind == RT_V_TEXT || a.kind == RT_V_BYTES))
            return rt_flow_join(run, a, b);
        if (a.kind == RT_V_ARRAY && b.kind == RT_V_ARRAY)
            return join_arrays(run, a, b);
        if (a.kind == RT_V_TEXT || b.kind == RT_V_TEXT)
            return rt_flow_join(run, rt_flow_to_text(run, a), rt_flow_to_text(run, b));
    }
    if (op == RT_OP_MOD && a.kind == RT_V_TEXT)
        return rt_flow_python_percent(run, a, b);
    if (op == RT_OP_MUL && b.kind == RT_V_INT &&
        (a.kind == RT_V_TEXT || a.kind == RT_V_BYTES || a.kind == RT_V_ARRAY))
        return repeat(run, a, b.integer);
    if (op == RT_OP_MUL && a.kind == RT_V_INT &&
        (b.kind == RT_V_TEXT || b.kind == RT_V_BYTES || b.kind == RT_V_ARRAY))
        return repeat(run, b, a.integer);
    if (op == RT_OP_DIV && a.kind == RT_V_NATIVE &&
        a.native->text.kind == RT_V_TEXT) { /* pathlib */
        RtValue path = rt_flow_native_instance(run, a.native->path, a.from);
        path.native->text = rt_flow_join(
            run, rt_flow_join(run, a.native->text, rt_flow_c(run, "/")), rt_flow_to_text(run, b));
        return path;
    }
    return RT_UNKNOWN;
}

static RtFlowTruth compare(RtRun *run, RtOp op, RtValue a, RtValue b)
{
    double x, y;
    int order;

    if (!rt_flow_known(a) || !rt_flow_known(b))
        return RT_IS_UNSURE;
    if (a.kind == b.kind && (a.kind == RT_V_TEXT || a.kind == RT_V_BYTES)) {
        order = rt_str_compare(a.text->str, b.text->str);
        x = order;
        y = 0;
    } else if (!rt_flow_to_number(run, a, &x) || !rt_flow_to_number(run, b, &y)) {
        return RT_IS_UNSURE;
    }
    return (op == RT_OP_LT   ? x < y
            : op == RT_OP_LE ? x <= y
            : op == RT_OP_GT ? x > y
                             : x >= y)
               ? RT_IS_TRUE
               : RT_IS_FALSE;
}

static RtFlowTruth is_in(RtRun *run, RtValue needle, RtValue hay)
{
    if (hay.kind == RT_V_TEXT && needle.kind == RT_V_TEXT && !needle.text->partial) {
        if (rt_str_has(hay.text->str, needle.text->str))
            return RT_IS_TRUE;
        return hay.text->partial ? RT_IS_UNSURE : RT_IS_FALSE;
    }
    if (!rt_flow_known(needle))
        return RT_IS_UNSURE;
    if (hay.kind == RT_V_OBJECT && !hay.object->type) {
        const RtStr key = rt_flow_to_text(run, needle).text->str;
        if (rt_flow_own(hay.object, key, rt_flow_hash(key)))
            return RT_IS_TRUE;
        return hay.object->open || hay.object->global ? RT_IS_UNSURE : RT_IS_FALSE;
    }
    if (hay.kind == RT_V_ARRAY && run->python) {
        bool unsure = hay.array->open;
        for (size_t i = 0; i < hay.array->count; i++) {
            const RtFlowTruth same = rt_flow_equal(run, needle, hay.array->items[i], true);
            if (same == RT_IS_TRUE)
                return RT_IS_TRUE;
            unsure |= same == RT_IS_UNSURE;
        }
        return unsure ? RT_IS_UNSURE : RT_IS_FALSE;
    }
    return RT_IS_UNSURE;
}

static RtFlowTruth negate(RtFlowTruth truth_value)
{
    return truth_value == RT_IS_UNSURE ? RT_IS_UNSURE
           : truth_value == RT_IS_TRUE ? RT_IS_FALSE
                                       : RT_IS_TRUE;
}

static RtValue decide(RtFlowTruth truth_value)
{
    return truth_value == RT_IS_UNSURE ? RT_UNKNOWN : rt_flow_bool(truth_value == RT_IS_TRUE);
}

static RtValue js_operate(RtRun *run, RtOp op, RtValue a, RtValue b)
{
    double x, y;

    if (op == RT_OP_ADD && !(is_number(a) && is_number(b))) {
        const bool plain_a = is_number(a) || a.kind == RT_V_NULL || a.kind == RT_V_UNDEFINED;
        const bool plain_b = is_number(b) || b.kind == RT_V_NULL || b.kind == RT_V_UNDEFINED;
        if (a.kind == RT_V_UNKNOWN && b.kind == RT_V_UNKNOWN)
            return RT_UNKNOWN;
        if ((a.kind == RT_V_UNKNOWN && plain_b) || (b.kind == RT_V_UNKNOWN && plain_a))
            return RT_UNKNOWN;
        if (!plain_a || !plain_b)
            return rt_flow_join(run, rt_flow_to_text(run, a), rt_flow_to_text(run, b));
    }
    if (rt_flow_to_number(run, a, &x) && rt_flow_to_number(run, b, &y))
        return rt_flow_number(js_number(op, x, y));
    return RT_UNKNOWN;
}

RtValue rt_flow_operate(RtRun *run, const RtNode *node, RtOp op, RtValue a, RtValue b)
{
    const RtFlowOrigins *from = rt_flow_unite(run, a.from, b.from);
    RtValue result;

    if (op == RT_OP_EQ || op == RT_OP_EQ_STRICT || op == RT_OP_IS)
        result = decide(rt_flow_equal(run, a, b, op != RT_OP_EQ));
    else if (op == RT_OP_NE || op == RT_OP_NE_STRICT || op == RT_OP_IS_NOT)
        result = decide(negate(rt_flow_equal(run, a, b, op != RT_OP_NE)));
    else if (op >= RT_OP_LT && op <= RT_OP_GE)
        result = decide(compare(run, op, a, b));
    else if (op == RT_OP_IN)
        result = decide(is_in(run, a, b));
    else if (op == RT_OP_NOT_IN)
        result = decide(negate(is_in(run, a, b)));
    else if (op == RT_OP_INSTANCEOF)
        result = RT_UNKNOWN;
    else if (!run->python)
        result = js_operate(run, op, a, b);
    else if (is_number(a) && is_number(b))
        result = python_number(op, a, b);
    else
        result = python_mixed(run, node, op, a, b);
    return rt_flow_with(run, result, from);
}

static const char *type_name(RtValue value)
{
    switch ((RtValueKind)value.kind) {
    case RT_V_UNKNOWN:
    case RT_V_NATIVE:
        return NULL;
    case RT_V_UNDEFINED:
        return "undefined";
    case RT_V_BOOL:
        return "boolean";
    case RT_V_NUMBER:
    case RT_V_INT:
        return "number";
    case RT_V_TEXT:
        return "string";
    case RT_V_FUNCTION:
    case RT_V_CLASS:
    case RT_V_METHOD:
    case RT_V_BOUND:
        return "function";
    case RT_V_NULL:
    case RT_V_BYTES:
    case RT_V_ARRAY:
    case RT_V_OBJECT:
    case RT_V_REGEX:
        return "object";
    }
    return NULL;
}

RtValue rt_flow_unary(RtRun *run, RtOp op, RtValue value)
{
    RtValue result = RT_UNKNOWN;
    double number;

    if (op == RT_OP_NOT) {
        result = decide(negate(rt_flow_truth(run, value)));
    } else if (op == RT_OP_TYPEOF) {
        const char *name = type_name(value);
        if (name)
            result = rt_flow_c(run, name);
    } else if (op == RT_OP_VOID) {
        return RT_UNDEFINED;
    } else if (run->python && value.kind == RT_V_INT) {
        result = value;
        if (op == RT_OP_NEG)
            result.integer = value.integer == INT64_MIN ? INT64_MAX : -value.integer;
        if (op == RT_OP_BIT_NOT)
            result.integer = ~value.integer;
    } else if (value.kind != RT_V_UNKNOWN && rt_flow_to_number(run, value, &number)) {
        result = rt_flow_number(op == RT_OP_NEG       ? -number
                                : op == RT_OP_BIT_NOT ? ~to_int32(number)
                                                      : number);
    }
    return rt_flow_with(run, result, value.from);
}

/* How much a value tells: a weak assignment does not lose a function to a null. */
static int telling(RtValue value)
{
    if (value.kind == RT_V_NULL || value.kind == RT_V_UNDEFINED || value.kind == RT_V_BOOL)
        return 0;
    if (value.kind == RT_V_UNKNOWN)
        return value.from ? 1 : 0;
    if (value.kind == RT_V_TEXT && value.text->str.len == 0)
        return 1;
    return 2;
}

RtValue rt_flow_merge(RtRun *run, RtValue old, RtValue new_value)
{
    const RtFlowOrigins *from = rt_flow_unite(run, old.from, new_value.from);
    const bool unsure = new_value.kind != old.kind || new_value.kind == RT_V_BOOL ||
                        new_value.kind == RT_V_INT || new_value.kind == RT_V_NUMBER;
    RtValue both = telling(new_value) >= telling(old) ? new_value : old;

    /* two different plain numbers or truths: neither is known */
    if (unsure && telling(both) == 0 && rt_flow_equal(run, old, new_value, true) != RT_IS_TRUE)
        both = RT_UNKNOWN;
    if ((new_value.kind == RT_V_INT || new_value.kind == RT_V_NUMBER) && is_number(old) &&
        rt_flow_equal(run, old, new_value, true) != RT_IS_TRUE)
        both = RT_UNKNOWN;
    both.from = from;
    return both;
}
