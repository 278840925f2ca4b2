/* flow_python_text_builtin.c - join, strip, translate, and the two ways of formatting. */
#include <string.h>

#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

enum { WIDTH_LIMIT = 1000 };

BUILTIN(join)
{
    const RtValue list = rt_flow_arg(call, 0);
    const RtFlowArray *items = rt_flow_elements(run, call->node, list, false);
    RtValue text = call->self.kind == RT_V_BYTES ? rt_flow_bytes(run, RT_STR(""))
                                                 : rt_flow_text(run, RT_STR(""));

    if (items->open && items->count == 0) {
        *ret_value = rt_flow_unknown(rt_flow_deep(run, call->node, list));
        return true;
    }
    for (size_t i = 0; i < items->count && rt_flow_tick(run, 1); i++) {
        RtValue item = items->items[i];
        if (i > 0)
            text = rt_flow_join(run, text, call->self);
        if (call->self.kind == RT_V_BYTES && item.kind != RT_V_BYTES)
            return false;
        text = rt_flow_join(run, text,
                            call->self.kind == RT_V_BYTES ? item : rt_flow_to_text(run, item));
    }
    if (items->open && text.kind == RT_V_TEXT)
        text = rt_flow_join(run, text, rt_flow_hole(run));
    *ret_value = rt_flow_with(run, text, list.from);
    return true;
}

static bool strip_any(RtRun *run, RtFlowCall *call, bool left, bool right, RtValue *ret_value)
{
    const RtValue given = rt_flow_arg(call, 0);
    const RtStr chars = given.kind == RT_V_TEXT || given.kind == RT_V_BYTES ? given.text->str
                                                                            : RT_STR(" \t\n\r\v\f");
    RtStr str = call->self.text->str;

    if (call->self.text->partial)
        return false;
    while (left && str.len > 0 && rt_str_find_byte(chars, str.at[0]) != RT_NOT_FOUND)
        str = rt_str_from(str, 1);
    while (right && str.len > 0 && rt_str_find_byte(chars, str.at[str.len - 1]) != RT_NOT_FOUND)
        str.len--;
    *ret_value = call->self.kind == RT_V_BYTES ? rt_flow_bytes(run, str) : rt_flow_text(run, str);
    ret_value->from = call->self.from;
    return true;
}

BUILTIN(strip) { return strip_any(run, call, true, true, ret_value); }
BUILTIN(lstrip) { return strip_any(run, call, true, false, ret_value); }
BUILTIN(rstrip) { return strip_any(run, call, false, true, ret_value); }

BUILTIN(splitlines)
{
    RtStr rest = call->self.text->str, line;

    *ret_value = rt_flow_array(run, 0);
    while (rt_str_next(&rest, '\n', &line) && rt_flow_tick(run, 1))
        rt_flow_push(run, ret_value->array,
                     rt_flow_with(run, rt_flow_text(run, line), call->self.from));
    return !call->self.text->partial;
}

BUILTIN(swapcase)
{
    const RtStr in = call->self.text->str;
    uint8_t *out = rt_arena_bytes(run->arena, in.len + 1);

    for (size_t i = 0; i < in.len; i++)
        out[i] = (in.at[i] | 0x20) >= 'a' && (in.at[i] | 0x20) <= 'z' ? in.at[i] ^ 0x20 : in.at[i];
    *ret_value = rt_flow_with(run, rt_flow_text(run, (RtStr){ out, in.len }), call->self.from);
    return !call->self.text->partial;
}

/* str.maketrans(a, b[, gone]): an object from code to text; a dict is used as it is */
BUILTIN(maketrans)
{
    const RtValue from = rt_flow_arg(call, 0), to = rt_flow_arg(call, 1),
                  gone = rt_flow_arg(call, 2);

    *ret_value = rt_flow_object(run);
    if (from.kind == RT_V_OBJECT && call->count == 1) {
        *ret_value = from;
        return true;
    }
    if (from.kind != RT_V_TEXT || to.kind != RT_V_TEXT)
        return false;
    for (size_t i = 0; i < rt_flow_units(run, from.text) && rt_flow_tick(run, 1); i++)
        rt_flow_set_index(run, call->node, *ret_value,
                          rt_flow_integer(run, rt_flow_unit(run, from.text, i)),
                          rt_flow_cut(run, to, i, i + 1));
    for (size_t i = 0; gone.kind == RT_V_TEXT && i < rt_flow_units(run, gone.text); i++)
        rt_flow_set_index(run, call->node, *ret_value,
                          rt_flow_integer(run, rt_flow_unit(run, gone.text, i)),
                          rt_flow_text(run, RT_STR("")));
    return true;
}

BUILTIN(translate)
{
    const RtValue table = rt_flow_arg(call, 0);
    RtValue out = rt_flow_text(run, RT_STR(""));

    if (table.kind != RT_V_OBJECT || call->self.text->partial)
        return false;
    for (size_t i = 0; i < rt_flow_units(run, call->self.text) && rt_flow_tick(run, 2); i++) {
        const RtValue one = rt_flow_cut(run, call->self, i, i + 1);
        const RtStr code =
            rt_str_format(run->arena, "%u", (unsigned)rt_flow_unit(run, call->self.text, i));
        RtFlowEntry *entry = rt_flow_own(table.object, code, rt_flow_hash(code));
        if (!entry)
            entry = rt_flow_own(table.object, one.text->str, rt_flow_hash(one.text->str));
        if (entry && entry->value.kind == RT_V_INT) {
            const uint32_t unit = (uint32_t)entry->value.integer;
            out = rt_flow_join(run, out, rt_flow_from_units(run, &unit, 1));
        } else if (!entry || entry->value.kind != RT_V_NULL) {
            out = rt_flow_join(run, out, entry ? rt_flow_to_text(run, entry->value) : one);
        }
    }
    *ret_value = rt_flow_decoded(run, call->node, "translate", call->self, out);
    return true;
}

BUILTIN(rsplit)
{
    const RtValue separator = rt_flow_named(call, "sep", 0);
    RtStr rest = call->self.text->str;
    double limit;

    if (separator.kind != RT_V_TEXT || separator.text->str.len == 0 || call->self.text->partial ||
        !rt_flow_arg_number(run, call, 1, RT_FLOW_ARRAY_LIMIT, &limit) || limit != 1)
        return false;
    *ret_value = rt_flow_array(run, 2);
    for (size_t at = rest.len; at-- > 0;)
        if (rt_str_starts(rt_str_from(rest, at), separator.text->str)) {
            rt_flow_push(run, ret_value->array, rt_flow_text(run, rt_str_sub(rest, 0, at)));
            rest = rt_str_from(rest, at + separator.text->str.len);
            break;
        }
    rt_flow_push(run, ret_value->array, rt_flow_text(run, rest));
    return true;
}

BUILTIN(zfill)
{
    double width;
    RtValue padding = rt_flow_text(run, RT_STR(""));

    if (!rt_flow_arg_number(run, call, 0, 0, &width) || width > WIDTH_LIMIT ||
        call->self.text->partial)
        return false;
    for (size_t i = call->self.text->str.len; (double)i < width; i++)
        padding = rt_flow_join(run, padding, rt_flow_text(run, RT_STR("0")));
    *ret_value = rt_flow_join(run, padding, call->self);
    return true;
}

/* One value in the words of a format: "02x", "s", "d", ">8", ".2f". */
static RtValue format_value(RtRun *run, RtValue value, RtStr spec)
{
    const uint8_t type = spec.len > 0 ? spec.at[spec.len - 1] : 's';
    uint64_t width = 0;
    RtStr digits = spec;
    RtValue text;
    double number;
    bool zero;

    while (digits.len > 0 && (digits.at[0] == '#' || digits.at[0] == '<' || digits.at[0] == '>' ||
                              digits.at[0] == '-'))
        digits = rt_str_from(digits, 1);
    zero = digits.len > 0 && digits.at[0] == '0';
    for (size_t i = 0;
         i < digits.len && digits.at[i] >= '0' && digits.at[i] <= '9' && width < WIDTH_LIMIT; i++)
        width = width * 10 + (digits.at[i] - '0' + 0u);
    if ((type == 'x' || type == 'X' || type == 'o' || type == 'b' || type == 'd' || type == 'i' ||
         type == 'c') &&
        value.kind != RT_V_TEXT && rt_flow_known(value) && rt_flow_to_number(run, value, &number)) {
        const uint32_t unit = (uint32_t)number;
        if (type == 'c')
            text = rt_flow_from_units(run, &unit, 1);
        else
            text = rt_flow_text(run, rt_flow_number_text(run, number,
                                                         type == 'x' || type == 'X' ? 16
                                                         : type == 'o'              ? 8
                                                         : type == 'b'              ? 2
                                                                                    : 10));
        text.from = value.from;
    } else {
        text = rt_flow_to_text(run, value);
    }
    for (size_t len = text.text->str.len; zero && len < width && len < WIDTH_LIMIT; len++)
        text = rt_flow_join(run, rt_flow_text(run, RT_STR("0")), text);
    return text;
}

static RtValue percent_argument(RtRun *run, RtValue args, RtStr name, size_t *at)
{
    if (name.len > 0) {
        const RtFlowEntry *entry =
            args.kind == RT_V_OBJECT ? rt_flow_own(args.object, name, rt_flow_hash(name)) : NULL;
        return entry ? entry->value : rt_flow_unknown(args.from);
    }
    if (args.kind == RT_V_ARRAY && args.array->tuple)
        return *at < args.array->count ? args.array->items[(*at)++] : rt_flow_unknown(args.from);
    (void)run;
    return args;
}

RtValue rt_flow_python_percent(RtRun *run, RtValue format, RtValue args)
{
    const RtStr in = format.text->str;
    RtValue out = rt_flow_text(run, RT_STR(""));
    size_t done = 0, at = 0;

    for (size_t i = 0; i + 1 < in.len && rt_flow_tick(run, 1); i++) {
        RtStr name = { 0 };
        size_t end;
        if (in.at[i] != '%')
            continue;
        out = rt_flow_join(run, out, rt_flow_text(run, rt_str_sub(in, done, i - done)));
        if (in.at[i + 1] == '%') {
            out = rt_flow_join(run, out, rt_flow_text(run, RT_STR("%")));
            done = ++i + 1;
            continue;
        }
        end = i + 1;
        if (in.at[end] == '(') {
            const size_t close = rt_str_find_byte(rt_str_from(in, end), ')');
            if (close == RT_NOT_FOUND)
                break;
            name = rt_str_sub(in, end + 1, close - 1);
            end += close + 1;
        }
        while (end < in.len && !((in.at[end] | 0x20) >= 'a' && (in.at[end] | 0x20) <= 'z'))
            end++;
        out = rt_flow_join(run, out,
                           format_value(run, percent_argument(run, args, name, &at),
                                        rt_str_sub(in, i + 1, end - i)));
        i = end;
        done = end + 1;
    }
    out = rt_flow_join(run, out, rt_flow_text(run, rt_str_from(in, done)));
    return rt_flow_with(run, out, format.from);
}

static RtValue braces_argument(RtRun *run, const RtFlowCall *call, RtStr field, size_t *at)
{
    const size_t dot = rt_str_find_byte(field, '.'), bracket = rt_str_find_byte(field, '[');
    const size_t end = dot < bracket ? dot : bracket;
    const RtStr name = end == RT_NOT_FOUND ? field : rt_str_sub(field, 0, end);
    RtValue value = RT_UNKNOWN;
    uint64_t index;

    if (name.len == 0)
        value = rt_flow_arg(call, (*at)++);
    else if (rt_str_number(name, &index))
        value = rt_flow_arg(call, (size_t)index);
    else
        for (size_t i = 0; i < call->named_count; i++)
            if (rt_str_equal(call->names[i], name))
                value = call->named[i];
    (void)run;
    return end == RT_NOT_FOUND ? value : rt_flow_unknown(value.from);
}

BUILTIN(format)
{
    const RtStr in = call->self.text->str;
    RtValue out = rt_flow_text(run, RT_STR(""));
    size_t done = 0, at = 0;

    for (size_t i = 0; i < in.len && rt_flow_tick(run, 1); i++) {
        const bool open = in.at[i] == '{';
        size_t close, colon;
        RtStr field;
        if (!open && in.at[i] != '}')
            continue;
        out = rt_flow_join(run, out, rt_flow_text(run, rt_str_sub(in, done, i - done)));
        if (i + 1 < in.len && in.at[i + 1] == in.at[i]) {
            out = rt_flow_join(run, out, rt_flow_text(run, rt_str_sub(in, i, 1)));
            done = ++i + 1;
            continue;
        }
        close = rt_str_find_byte(rt_str_from(in, i), '}');
        if (!open || close == RT_NOT_FOUND) {
            done = i;
            break;
        }
        field = rt_str_sub(in, i + 1, close - 1);
        colon = rt_str_find_byte(field, ':');
        out = rt_flow_join(
            run, out,
            format_value(run,
                         braces_argument(
                             run, call,
                             rt_str_sub(field, 0, colon == RT_NOT_FOUND ? field.len : colon), &at),
                         colon == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(field, colon + 1)));
        i += close;
        done = i + 1;
    }
    out = rt_flow_join(run, out, rt_flow_text(run, rt_str_from(in, done)));
    *ret_value = rt_flow_with(run, out, call->self.from);
    return true;
}

BUILTIN(python_format)
{
    const RtValue spec = rt_flow_arg(call, 1);

    *ret_value = format_value(run, rt_flow_arg(call, 0), rt_flow_str(spec));
    return true;
}

BUILTIN(is_digit)
{
    bool digits = call->self.text->str.len > 0;

    (void)run;
    for (size_t i = 0; i < call->self.text->str.len; i++)
        digits &= call->self.text->str.at[i] >= '0' && call->self.text->str.at[i] <= '9';
    *ret_value = rt_flow_bool(digits);
    return !call->self.text->partial;
}

BUILTIN(count)
{
    const RtValue what = rt_flow_arg(call, 0);
    RtStr rest = call->self.text->str;
    int64_t found = 0;
    size_t at;

    if (what.kind != call->self.kind || what.text->str.len == 0 || call->self.text->partial)
        return false;
    while ((at = rt_str_find(rest, what.text->str)) != RT_NOT_FOUND && rt_flow_tick(run, 1)) {
        found++;
        rest = rt_str_from(rest, at + what.text->str.len);
    }
    *ret_value = rt_flow_integer(run, found);
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "text.join", join },           { "bytes.join", join },
    { "text.strip", strip },         { "text.lstrip", lstrip },
    { "text.rstrip", rstrip },       { "bytes.strip", strip },
    { "bytes.rstrip", rstrip },      { "text.splitlines", splitlines },
    { "text.swapcase", swapcase },   { "builtins.str.maketrans", maketrans },
    { "text.maketrans", maketrans }, { "text.translate", translate },
    { "text.rsplit", rsplit },       { "text.zfill", zfill },
    { "text.format", format },       { "builtins.format", python_format },
    { "text.isdigit", is_digit },    { "text.isnumeric", is_digit },
    { "text.count", count },
};
const RtFlowBuiltins rt_flow_python_text_builtins = { builtins, RT_COUNT(builtins) };
