/* flow_text_builtin.c - methods of texts: JavaScript's, and those of Python that mean the same.
 * Where a text has holes, only what does not count characters is done. */
#include <math.h>

#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

static bool whole(const RtFlowCall *call)
{
    return call->self.kind == RT_V_TEXT && !call->self.text->partial;
}

static size_t clamp(double at, size_t count)
{
    return at < 0 ? 0 : at > (double)count ? count : (size_t)at;
}

BUILTIN(char_at)
{
    double at;

    if (!whole(call) || !rt_flow_arg_number(run, call, 0, 0, &at))
        return false;
    *ret_value = at < 0 ? rt_flow_text(run, RT_STR(""))
                        : rt_flow_cut(run, call->self, (size_t)at, (size_t)at + 1);
    *ret_value = rt_flow_with(run, *ret_value, call->self.from);
    return true;
}

BUILTIN(char_code_at)
{
    double at;
    uint32_t unit;

    if (!whole(call) || !rt_flow_arg_number(run, call, 0, 0, &at))
        return false;
    if (at < 0 || at >= (double)rt_flow_units(run, call->self.text)) {
        *ret_value = rt_flow_number(NAN);
        return true;
    }
    unit = rt_flow_unit(run, call->self.text, (size_t)at);
    *ret_value = rt_flow_with(run, rt_flow_integer(run, unit), call->self.from);
    return true;
}

BUILTIN(code_point_at)
{
    double at;
    uint32_t high, low;

    if (!char_code_at(run, call, ret_value))
        return false;
    if (!rt_flow_arg_number(run, call, 0, 0, &at) || isnan(ret_value->number))
        return true;
    high = rt_flow_unit(run, call->self.text, (size_t)at);
    low = rt_flow_unit(run, call->self.text, (size_t)at + 1);
    if (high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF)
        ret_value->number = 0x10000 + (double)((high - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

BUILTIN(at_index)
{
    double at;
    size_t count;

    if (!whole(call) || !rt_flow_arg_number(run, call, 0, 0, &at))
        return false;
    count = rt_flow_units(run, call->self.text);
    at = at < 0 ? at + (double)count : at;
    *ret_value = at < 0 || at >= (double)count
                     ? RT_UNDEFINED
                     : rt_flow_cut(run, call->self, (size_t)at, (size_t)at + 1);
    return true;
}

static bool bounds(RtRun *run, RtFlowCall *call, double *ret_from, double *ret_to,
                   size_t *ret_count)
{
    if (!whole(call))
        return false;
    *ret_count = rt_flow_units(run, call->self.text);
    return rt_flow_arg_number(run, call, 0, 0, ret_from) &&
           rt_flow_arg_number(run, call, 1, (double)*ret_count, ret_to);
}

BUILTIN(slice)
{
    double from, to;
    size_t count;

    if (!bounds(run, call, &from, &to, &count))
        return false;
    from = from < 0 ? from + (double)count : from;
    to = to < 0 ? to + (double)count : to;
    *ret_value = rt_flow_cut(run, call->self, clamp(from, count), clamp(to, count));
    return true;
}

BUILTIN(substring)
{
    double from, to;
    size_t count, a, b;

    if (!bounds(run, call, &from, &to, &count))
        return false;
    a = clamp(from, count);
    b = clamp(to, count);
    *ret_value = rt_flow_cut(run, call->self, a < b ? a : b, a < b ? b : a);
    return true;
}

BUILTIN(substr)
{
    double from, len;
    size_t count;

    if (!bounds(run, call, &from, &len, &count))
        return false;
    from = from < 0 ? fmax(from + (double)count, 0) : from;
    *ret_value =
        rt_flow_cut(run, call->self, clamp(from, count), clamp(from + fmax(len, 0), count));
    return true;
}

/* The unit index of a byte offset. */
static size_t unit_index(RtRun *run, RtFlowText *text, size_t byte)
{
    size_t units = 0;

    if (text->ascii)
        return byte;
    for (size_t i = 0; i < byte && i < text->str.len; i++) {
        const uint8_t c = text->str.at[i];
        units += (c & 0xC0) != 0x80;
        units += c >= 0xF0 && !run->python;
    }
    return units;
}

static size_t byte_index(RtRun *run, RtFlowText *text, double unit)
{
    size_t at = 0;
    const size_t wanted = clamp(unit, rt_flow_units(run, text));

    if (text->ascii)
        return wanted;
    while (at < text->str.len && unit_index(run, text, at) < wanted)
        at++;
    return at;
}

static bool needle_of(const RtFlowCall *call, RtValue *ret_needle)
{
    *ret_needle = rt_flow_arg(call, 0);
    return ret_needle->kind == call->self.kind && rt_flow_known(*ret_needle);
}

BUILTIN(index_of)
{
    RtValue needle;
    double from;
    size_t start, found;

    if (!whole(call) || !needle_of(call, &needle) || !rt_flow_arg_number(run, call, 1, 0, &from))
        return false;
    start = byte_index(run, call->self.text, from);
    found = rt_str_find(rt_str_from(call->self.text->str, start), needle.text->str);
    rt_flow_tick(run, call->self.text->str.len / 64);
    *ret_value =
        found == RT_NOT_FOUND
            ? rt_flow_integer(run, -1)
            : rt_flow_integer(run, (int64_t)unit_index(run, call->self.text, start + found));
    return true;
}

BUILTIN(last_index_of)
{
    RtValue needle;
    RtStr text;
    size_t at;

    if (!whole(call) || !needle_of(call, &needle))
        return false;
    text = call->self.text->str;
    *ret_value = rt_flow_integer(run, -1);
    if (needle.text->str.len > text.len)
        return true;
    rt_flow_tick(run, text.len / 16);
    for (at = text.len - needle.text->str.len + 1; at-- > 0;)
        if (rt_str_starts(rt_str_from(text, at), needle.text->str)) {
            *ret_value = rt_flow_integer(run, (int64_t)unit_index(run, call->self.text, at));
            return true;
        }
    return true;
}

static bool answer(RtRun *run, const RtFlowCall *call, bool holds, RtValue *ret_value)
{
    if (!holds && call->self.text->partial)
        return false;
    *ret_value = rt_flow_with(run, rt_flow_bool(holds), call->self.from);
    return true;
}

BUILTIN(includes)
{
    RtValue needle;

    return needle_of(call, &needle) &&
           answer(run, call, rt_str_has(call->self.text->str, needle.text->str), ret_value);
}

BUILTIN(starts_with)
{
    RtValue needle;

    return needle_of(call, &needle) &&
           answer(run, call, rt_str_starts(call->self.text->str, needle.text->str), ret_value);
}

BUILTIN(ends_with)
{
    RtValue needle;

    return needle_of(call, &needle) &&
           answer(run, call, rt_str_ends(call->self.text->str, needle.text->str), ret_value);
}

static void split_chars(RtRun *run, RtValue text, RtFlowArray *out)
{
    const size_t count = rt_flow_units(run, text.text);

    for (size_t i = 0; i < count && rt_flow_tick(run, 1); i++)
        if (!rt_flow_push(run, out, rt_flow_cut(run, text, i, i + 1)))
            return;
}

static void split_blanks(RtRun *run, RtValue text, RtFlowArray *out)
{
    const RtStr str = text.text->str;
    size_t from = 0;

    for (size_t i = 0; i <= str.len && rt_flow_tick(run, 1); i++) {
        if (i < str.len && str.at[i] > ' ')
            continue;
        if (i > from)
            rt_flow_push(
                run, out,
                rt_flow_with(run, rt_flow_text(run, rt_str_sub(str, from, i - from)), text.from));
        from = i + 1;
    }
}

static RtValue piece(RtRun *run, RtValue whole_text, RtStr str)
{
    RtValue value =
        whole_text.kind == RT_V_BYTES ? rt_flow_bytes(run, str) : rt_flow_text(run, str);

    if (whole_text.text->partial && rt_str_has(str, RT_STR("\xEF\xBF\xBC"))) {
        value = rt_flow_text_copy(run, str);
        value.text->partial = true;
    }
    return rt_flow_with(run, value, whole_text.from);
}

BUILTIN(split)
{
    const RtValue separator = run->python ? rt_flow_named(call, "sep", 0) : rt_flow_arg(call, 0);
    RtValue out = rt_flow_array(run, 0);
    RtStr rest = call->self.text->str;
    double limit;

    if (separator.kind == RT_V_REGEX)
        return rt_flow_split_pattern(run, call, ret_value);
    if (!rt_flow_arg_number(run, call, 1, RT_FLOW_ARRAY_LIMIT, &limit) || limit < 0)
        limit = RT_FLOW_ARRAY_LIMIT;
    *ret_value = out;
    if (run->python && (separator.kind == RT_V_UNDEFINED || separator.kind == RT_V_NULL)) {
        split_blanks(run, call->self, out.array);
        return true;
    }
    if (separator.kind == RT_V_UNDEFINED) {
        rt_flow_push(run, out.array, call->self);
        return true;
    }
    if (separator.kind != call->self.kind || !rt_flow_known(separator))
        return false;
    if (separator.text->str.len == 0) {
        split_chars(run, call->self, out.array);
        return true;
    }
    while (rt_flow_tick(run, 1)) {
        const size_t at = rt_str_find(rest, separator.text->str);
        if (at == RT_NOT_FOUND || (run->python && (double)out.array->count >= limit))
            break;
        if (!run->python && (double)out.array->count >= limit)
            return true;
        rt_flow_push(run, out.array, piece(run, call->self, rt_str_sub(rest, 0, at)));
        rest = rt_str_from(rest, at + separator.text->str.len);
    }
    rt_flow_push(run, out.array, piece(run, call->self, rest));
    return true;
}

BUILTIN(concat)
{
    *ret_value = call->self;
    for (size_t i = 0; i < call->count; i++)
        *ret_value = rt_flow_join(run, *ret_value, rt_flow_to_text(run, call->args[i]));
    return true;
}

BUILTIN(repeat)
{
    double times;

    if (!rt_flow_arg_number(run, call, 0, 0, &times) || times < 0 ||
        times * (double)call->self.text->str.len > RT_FLOW_TEXT_LIMIT || times > RT_FLOW_TEXT_LIMIT)
        return false;
    *ret_value = rt_flow_with(run, rt_flow_text(run, RT_STR("")), call->self.from);
    for (double i = 0; i < times && rt_flow_tick(run, 1); i++)
        *ret_value = rt_flow_join(run, *ret_value, call->self);
    return true;
}

static bool pad(RtRun *run, RtFlowCall *call, bool before, RtValue *ret_value)
{
    const RtValue with = call->count > 1 ? rt_flow_arg(call, 1) : rt_flow_text(run, RT_STR(" "));
    RtValue padding = rt_flow_text(run, RT_STR(""));
    double wanted;
    size_t count;

    if (!whole(call) || with.kind != RT_V_TEXT || with.text->str.len == 0 ||
        !rt_flow_arg_number(run, call, 0, 0, &wanted) || wanted > RT_FLOW_TEXT_LIMIT)
        return false;
    count = rt_flow_units(run, call->self.text);
    *ret_value = call->self;
    if (wanted <= (double)count)
        return true;
    while ((double)(rt_flow_units(run, padding.text) + count) < wanted && rt_flow_tick(run, 1))
        padding = rt_flow_join(run, padding, with);
    padding = rt_flow_cut(run, padding, 0, (size_t)wanted - count);
    *ret_value =
        before ? rt_flow_join(run, padding, call->self) : rt_flow_join(run, call->self, padding);
    return true;
}

BUILTIN(pad_start) { return pad(run, call, true, ret_value); }
BUILTIN(pad_end) { return pad(run, call, false, ret_value); }

BUILTIN(trim)
{
    *ret_value = piece(run, call->self, rt_str_trim(call->self.text->str));
    return true;
}

static bool change_case(RtRun *run, const RtFlowCall *call, bool up, RtValue *ret_value)
{
    const RtStr in = call->self.text->str;
    uint8_t *out = rt_arena_bytes(run->arena, in.len + 1);

    for (size_t i = 0; i < in.len; i++) {
        const uint8_t c = in.at[i];
        out[i] = up && c >= 'a' && c <= 'z'    ? (uint8_t)(c - 32)
                 : !up && c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32)
                                               : c;
    }
    *ret_value = piece(run, call->self, (RtStr){ out, in.len });
    return true;
}

BUILTIN(upper) { return change_case(run, call, true, ret_value); }
BUILTIN(lower) { return change_case(run, call, false, ret_value); }

BUILTIN(itself)
{
    (void)run;
    *ret_value = call->self;
    return true;
}

/* replace with a text on both sides; patterns and functions are flow_pattern_builtin.c's. */
static bool replace_text(RtRun *run, RtFlowCall *call, bool all, RtValue *ret_value)
{
    const RtValue what = rt_flow_arg(call, 0), with = rt_flow_arg(call, 1);
    RtText out = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };
    RtStr rest = call->self.text->str;
    double limit = all ? INFINITY : 1;

    if (what.kind == RT_V_REGEX || (rt_flow_is_callable(with) && what.kind == RT_V_TEXT))
        return rt_flow_replace_pattern(run, call, all, ret_value);
    if (what.kind != call->self.kind || with.kind != call->self.kind || !rt_flow_known(what))
        return false;
    if (run->python && call->count > 2 && !rt_flow_to_number(run, call->args[2], &limit))
        return false;
    if (what.text->str.len == 0)
        return false;
    for (double turn = 0; turn < limit && rt_flow_tick(run, 1); turn++) {
        const size_t at = rt_str_find(rest, what.text->str);
        if (at == RT_NOT_FOUND)
            break;
        rt_text_add(&out, rt_str_sub(rest, 0, at));
        rt_text_add(&out, with.text->str);
        rest = rt_str_from(rest, at + what.text->str.len);
    }
    rt_text_add(&out, rest);
    rt_flow_tick(run, out.len / 64);
    *ret_value = rt_flow_with(run, piece(run, call->self, rt_text_str(&out)), with.from);
    if (call->self.kind == RT_V_TEXT && (call->self.text->partial || with.text->partial) &&
        ret_value->text->str.len > 1)
        ret_value->text->partial = true;
    return true;
}

BUILTIN(replace) { return replace_text(run, call, run->python, ret_value); }
BUILTIN(replace_all) { return replace_text(run, call, true, ret_value); }

static const RtFlowBuiltin builtins[] = {
    { "text.charAt", char_at },
    { "text.charCodeAt", char_code_at },
    { "text.codePointAt", code_point_at },
    { "text.at", at_index },
    { "text.slice", slice },
    { "text.substring", substring },
    { "text.substr", substr },
    { "text.indexOf", index_of },
    { "text.find", index_of },
    { "text.index", index_of },
    { "text.lastIndexOf", last_index_of },
    { "text.rfind", last_index_of },
    { "text.rindex", last_index_of },
    { "text.includes", includes },
    { "text.__contains__", includes },
    { "text.startsWith", starts_with },
    { "text.startswith", starts_with },
    { "text.endsWith", ends_with },
    { "text.endswith", ends_with },
    { "bytes.startswith", starts_with },
    { "bytes.endswith", ends_with },
    { "text.split", split },
    { "bytes.split", split },
    { "text.concat", concat },
    { "text.repeat", repeat },
    { "text.padStart", pad_start },
    { "text.padEnd", pad_end },
    { "text.rjust", pad_start },
    { "text.ljust", pad_end },
    { "text.trim", trim },
    { "text.trimStart", trim },
    { "text.trimEnd", trim },
    { "text.toUpperCase", upper },
    { "text.toLocaleUpperCase", upper },
    { "text.upper", upper },
    { "text.toLowerCase", lower },
    { "text.toLocaleLowerCase", lower },
    { "text.lower", lower },
    { "text.casefold", lower },
    { "text.toString", itself },
    { "text.valueOf", itself },
    { "text.normalize", itself },
    { "text.__str__", itself },
    { "text.replace", replace },
    { "bytes.replace", replace },
    { "text.replaceAll", replace_all },
};
const RtFlowBuiltins rt_flow_text_builtins = { builtins, RT_COUNT(builtins) };
