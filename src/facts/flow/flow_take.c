/* flow_take.c - how a table says which argument becomes which word of a fact (the little language
 * of flow.h). */
#include "facts/flow/flow_parts.h"

#include <string.h>

RtValue rt_flow_arg(const RtFlowCall *call, size_t at)
{
    if (at < call->count)
        return call->args[at];
    return call->open ? RT_UNKNOWN : RT_UNDEFINED;
}

RtValue rt_flow_named(const RtFlowCall *call, const char *name, size_t at)
{
    for (size_t i = 0; i < call->named_count; i++)
        if (rt_str_equal(call->names[i], rt_str_from_c(name)))
            return call->named[i];
    return at < call->count ? call->args[at] : RT_UNDEFINED;
}

bool rt_flow_arg_number(RtRun *run, const RtFlowCall *call, size_t at, double otherwise,
                        double *ret_number)
{
    if (at >= call->count || call->args[at].kind == RT_V_UNDEFINED ||
        call->args[at].kind == RT_V_NULL) {
        *ret_number = otherwise;
        return !call->open;
    }
    return rt_flow_to_number(run, call->args[at], ret_number) && *ret_number == *ret_number;
}

/* True for the options after which an interpreter takes its program. */
static bool takes_program(RtStr option)
{
    static const char *const options[] = { "-c", "-e", "--eval" };

    for (size_t i = 0; i < RT_COUNT(options); i++)
        if (rt_str_equal(option, rt_str_from_c(options[i])))
            return true;
    return false;
}

/* A program of several words is one word of the command line: quoted as a POSIX shell reads it, so
 * that who reads the line finds the program whole. */
static void add_quoted(RtText *out, RtStr item)
{
    RtStr rest = item, piece;
    bool first = true;

    rt_text_byte(out, '\'');
    while (rt_str_next(&rest, '\'', &piece)) {
        if (!first)
            rt_text_add(out, RT_STR("'\\''"));
        first = false;
        rt_text_add(out, piece);
    }
    rt_text_byte(out, '\'');
}

static RtStr list_text(RtRun *run, const RtFlowArray *array)
{
    RtText out = { .arena = run->arena, .limit = 4096 };
    RtStr before = { 0 };

    for (size_t i = 0; i < array->count && !out.cut; i++) {
        const RtStr item = rt_flow_to_text(run, array->items[i]).text->str;
        const bool blanks = rt_str_find_byte(item, ' ') != RT_NOT_FOUND ||
                            rt_str_find_byte(item, '\n') != RT_NOT_FOUND;
        if (i > 0)
            rt_text_byte(&out, ' ');
        if (blanks && takes_program(before))
            add_quoted(&out, item);
        else
            rt_text_add(&out, item);
        before = item;
    }
    return rt_text_str(&out);
}

RtStr rt_flow_arg_text(RtRun *run, RtValue value)
{
    RtStr text = { 0 };

    if (value.kind == RT_V_TEXT || value.kind == RT_V_BYTES || value.kind == RT_V_REGEX)
        text = value.text->str;
    else if (value.kind == RT_V_BOOL || value.kind == RT_V_NUMBER || value.kind == RT_V_INT)
        text = rt_flow_to_text(run, value).text->str;
    else if (value.kind == RT_V_ARRAY)
        text = list_text(run, value.array);
    else if (value.kind == RT_V_NATIVE && value.native->text.kind == RT_V_TEXT)
        text = value.native->text.text->str;
    else if (value.kind == RT_V_OBJECT && !value.object->global && !value.object->scope)
        text = rt_flow_json(run, value).text->str;
    if (rt_str_equal(text, RT_STR("\xEF\xBF\xBC")))
        return (RtStr){ 0 };
    return rt_str_sub(text, 0, 4096);
}

static bool is_there(RtValue value)
{
    return value.kind != RT_V_UNDEFINED && value.kind != RT_V_NULL;
}

/* The value a path of properties leads to, without facts of reading. */
static RtValue walk(RtValue value, RtStr rest)
{
    RtStr name;

    while (rt_str_next(&rest, '.', &name)) {
        if (value.kind == RT_V_OBJECT) {
            const RtFlowEntry *entry = rt_flow_own(value.object, name, rt_flow_hash(name));
            value = entry ? entry->value : RT_UNDEFINED;
        } else if (value.kind == RT_V_ARRAY) {
            uint64_t index;
            value = rt_str_number(name, &index) && index < value.array->count
                        ? value.array->items[index]
                        : RT_UNDEFINED;
        } else {
            return RT_UNDEFINED;
        }
    }
    return value;
}

static RtValue options(const RtFlowCall *call)
{
    for (size_t i = call->count; i-- > 0;)
        if (call->args[i].kind == RT_V_OBJECT && !call->args[i].object->global)
            return call->args[i];
    return RT_UNDEFINED;
}

static RtValue one(RtStr take, const RtFlowCall *call)
{
    const size_t dot = rt_str_find_byte(take, '.');
    const RtStr head = dot == RT_NOT_FOUND ? take : rt_str_sub(take, 0, dot);
    const RtStr rest = dot == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(take, dot + 1);
    RtValue value = RT_UNDEFINED;
    uint64_t index;

    if (rt_str_equal(head, RT_STR("this")))
        value = call->self;
    else if (rt_str_equal(head, RT_STR("$")))
        value = options(call);
    else if (rt_str_equal(head, RT_STR("-1")))
        value = call->count > 0 ? call->args[call->count - 1] : RT_UNDEFINED;
    else if (rt_str_number(head, &index))
        value = index < call->count ? call->args[index] : RT_UNDEFINED;
    else
        for (size_t i = 0; i < call->named_count; i++)
            if (rt_str_equal(call->names[i], head))
                value = call->named[i];
    return rest.len > 0 ? walk(value, rest) : value;
}

bool rt_flow_take_value(const char *take, RtFlowCall *call, RtValue *ret_value)
{
    RtStr rest = rt_str_from_c(take), piece;

    while (rt_str_next(&rest, '|', &piece)) {
        const size_t colon = rt_str_find_byte(piece, ':');
        const RtValue value =
            one(colon != RT_NOT_FOUND && colon < 4 ? rt_str_from(piece, colon + 1) : piece, call);
        if (is_there(value)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static void add_part(RtRun *run, RtText *out, RtValue object, const char *name, const char *before)
{
    const RtValue value = walk(object, rt_str_from_c(name));

    if (!is_there(value))
        return;
    rt_text_add(out, rt_str_from_c(before));
    rt_text_add(out, rt_flow_to_text(run, value).text->str);
}

static RtStr url_text(RtRun *run, RtValue value)
{
    static const char *const whole[] = { "href", "url", "uri" };
    RtText out = { .arena = run->arena, .limit = 4096 };
    RtValue protocol;

    if (value.kind != RT_V_OBJECT)
        return rt_flow_arg_text(run, value);
    for (size_t i = 0; i < RT_COUNT(whole); i++) {
        const RtValue text = walk(value, rt_str_from_c(whole[i]));
        if (!is_there(text))
            continue;
        add_part(run, &out, value, "baseURL", "");
        rt_text_add(&out, url_text(run, text.kind == RT_V_OBJECT ? RT_UNDEFINED : text));
        return rt_text_str(&out);
    }
    if (!is_there(walk(value, RT_STR("hostname"))) && !is_there(walk(value, RT_STR("host"))))
        return (RtStr){ 0 };
    protocol = walk(value, RT_STR("protocol"));
    rt_text_add(&out,
                is_there(protocol) ? rt_flow_to_text(run, protocol).text->str : RT_STR("http:"));
    rt_text_add(&out, RT_STR("//"));
    if (is_there(walk(value, RT_STR("hostname"))))
        add_part(run, &out, value, "hostname", "");
    else
        add_part(run, &out, value, "host", "");
    add_part(run, &out, value, "port", ":");
    if (is_there(walk(value, RT_STR("path"))))
        add_part(run, &out, value, "path", "");
    else
        add_part(run, &out, value, "pathname", "");
    return rt_text_str(&out);
}

static RtStr command_text(RtRun *run, RtStr take, const RtFlowCall *call)
{
    RtText out = { .arena = run->arena, .limit = 4096 };
    uint64_t index;

    rt_text_add(&out, rt_flow_arg_text(run, one(take, call)));
    if (rt_str_number(take, &index) && index + 1 < call->count &&
        call->args[index + 1].kind == RT_V_ARRAY) {
        rt_text_byte(&out, ' ');
        rt_text_add(&out, list_text(run, call->args[index + 1].array));
    }
    return rt_text_str(&out);
}

static RtStr all_text(RtRun *run, RtStr take, const RtFlowCall *call)
{
    RtText out = { .arena = run->arena, .limit = 4096 };
    uint64_t index = 0;

    if (!rt_str_number(take, &index))
        return (RtStr){ 0 };
    for (size_t i = index; i < call->count; i++) {
        if (i > index)
            rt_text_byte(&out, ' ');
        rt_text_add(&out, rt_flow_arg_text(run, call->args[i]));
    }
    return rt_text_str(&out);
}

/* "detached=$.detached,ignore=$.stdio~ignore" */
static RtStr words_text(RtRun *run, RtStr list, const RtFlowCall *call)
{
    RtText out = { .arena = run->arena, .limit = 256 };
    RtStr item;

    while (rt_str_next(&list, ',', &item)) {
        const size_t equals = rt_str_find_byte(item, '=');
        const size_t tilde = rt_str_find_byte(item, '~');
        RtStr take;
        RtValue value;
        bool holds;
        if (equals == RT_NOT_FOUND)
            continue;
        take =
            rt_str_sub(item, equals + 1, (tilde == RT_NOT_FOUND ? item.len : tilde) - equals - 1);
        value = one(take, call);
        holds = tilde == RT_NOT_FOUND
                    ? rt_flow_truth(run, value) == RT_IS_TRUE
                    : rt_str_has(rt_flow_arg_text(run, value), rt_str_from(item, tilde + 1));
        if (!holds)
            continue;
        if (out.len > 0)
            rt_text_byte(&out, ' ');
        rt_text_add(&out, rt_str_sub(item, 0, equals));
    }
    return rt_text_str(&out);
}

static bool piece_text(RtRun *run, RtStr piece, RtFlowCall *call, RtStr key, RtValue assigned,
                       RtStr *ret_text)
{
    RtValue value;

    if (rt_str_starts(piece, RT_STR("="))) {
        *ret_text = rt_str_from(piece, 1);
    } else if (rt_str_equal(piece, RT_STR("key"))) {
        *ret_text = key;
    } else if (rt_str_equal(piece, RT_STR("value"))) {
        *ret_text = rt_flow_arg_text(run, assigned);
    } else if (rt_str_equal(piece, RT_STR("path"))) {
        *ret_text = call->callee.kind == RT_V_NATIVE ? call->callee.native->path : (RtStr){ 0 };
    } else if (rt_str_starts(piece, RT_STR("url:"))) {
        value = one(rt_str_from(piece, 4), call);
        *ret_text = url_text(run, value);
        return is_there(value);
    } else if (rt_str_starts(piece, RT_STR("cmd:"))) {
        *ret_text = command_text(run, rt_str_from(piece, 4), call);
        return ret_text->len > 0;
    } else if (rt_str_starts(piece, RT_STR("all:"))) {
        *ret_text = all_text(run, rt_str_from(piece, 4), call);
    } else {
        value = one(piece, call);
        *ret_text = rt_flow_arg_text(run, value);
        return is_there(value);
    }
    return true;
}

RtStr rt_flow_take(RtRun *run, const char *take, RtFlowCall *call, RtStr key, RtValue assigned)
{
    RtStr rest = rt_str_from_c(take), piece, text = { 0 };

    if (rt_str_starts(rest, RT_STR("words:")))
        return words_text(run, rt_str_from(rest, 6), call);
    while (rt_str_next(&rest, '|', &piece))
        if (piece_text(run, piece, call, key, assigned, &text))
            return text;
    return text;
}
