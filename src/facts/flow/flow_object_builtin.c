/* flow_object_builtin.c - methods of objects, dicts and functions; promises; JSON. */
#include <string.h>

#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

enum { JSON_DEPTH = 8 };

/* ---- functions ---- */

static RtValue call_again(RtRun *run, const RtFlowCall *call, RtValue self, RtValue *args,
                          size_t count)
{
    RtFlowCall inner = { .node = call->node,
                         .callee = call->self,
                         .self = self,
                         .args = args,
                         .count = count,
                         .open = call->open };

    return rt_flow_call(run, &inner);
}

BUILTIN(function_call)
{
    if (run->python)
        return false;
    *ret_value =
        call_again(run, call, rt_flow_arg(call, 0), call->count > 0 ? call->args + 1 : NULL,
                   call->count > 0 ? call->count - 1 : 0);
    return true;
}

BUILTIN(function_apply)
{
    const RtValue given = rt_flow_arg(call, 1);
    const RtFlowArray *list = rt_flow_elements(run, call->node, given, false);
    RtFlowCall inner = { .node = call->node, .callee = call->self, .self = rt_flow_arg(call, 0) };

    inner.args = RT_NEW_ARRAY(run->arena, RtValue, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        inner.args[inner.count++] = rt_flow_with(run, list->items[i], given.from);
    if (list->open && given.kind != RT_V_UNDEFINED && given.kind != RT_V_NULL) {
        inner.args[inner.count++] = rt_flow_unknown(rt_flow_deep(run, call->node, given));
        inner.open = true;
    }
    *ret_value = rt_flow_call(run, &inner);
    return true;
}

BUILTIN(function_bind)
{
    RtFlowBound *bound = RT_NEW(run->arena, RtFlowBound);

    bound->target = call->self;
    bound->self = rt_flow_arg(call, 0);
    bound->has_self = call->count > 0;
    if (call->count > 1) {
        bound->arg_count = call->count - 1;
        bound->args = RT_NEW_ARRAY(run->arena, RtValue, bound->arg_count);
        memcpy(bound->args, call->args + 1, bound->arg_count * sizeof *bound->args);
    }
    *ret_value = (RtValue){ .kind = RT_V_BOUND, .bound = bound, .from = call->self.from };
    return true;
}

BUILTIN(function_text)
{
    *ret_value = rt_flow_to_text(run, call->self);
    return true;
}

/* ---- promises are their values ---- */

static RtValue settle(RtRun *run, RtFlowCall *call, RtValue callback, RtValue value)
{
    return rt_flow_call_with(run, call->node, callback, RT_UNDEFINED, &value, 1);
}

BUILTIN(then)
{
    const RtValue done = rt_flow_arg(call, 0), failed = rt_flow_arg(call, 1);

    if (run->python)
        return false;
    if (rt_flow_is_callable(failed)) {
        const RtFlowBranch branch = rt_flow_branch(run);
        settle(run, call, failed, rt_flow_unknown(rt_flow_deep(run, call->node, call->self)));
        rt_flow_branch_end(run, branch, true);
    }
    *ret_value = call->self;
    if (done.kind == RT_V_NATIVE && done.native->slot)
        *done.native->slot = call->self;
    else if (done.kind != RT_V_UNDEFINED && done.kind != RT_V_NULL && done.kind != RT_V_UNKNOWN)
        *ret_value = settle(run, call, done, call->self);
    if (ret_value->kind == RT_V_UNDEFINED)
        *ret_value = rt_flow_unknown(call->self.from);
    return true;
}

BUILTIN(catch)
{
    const RtValue failed = rt_flow_arg(call, 0);
    RtFlowBranch branch;
    RtValue value;

    if (run->python)
        return false;
    *ret_value = call->self;
    if (!rt_flow_is_callable(failed))
        return true;
    branch = rt_flow_branch(run);
    value = settle(run, call, failed, rt_flow_unknown(rt_flow_deep(run, call->node, call->self)));
    rt_flow_branch_end(run, branch, true);
    run->has_thrown = false;
    *ret_value = rt_flow_with(run, call->self, value.from);
    return true;
}

BUILTIN(finally)
{
    const RtValue last = rt_flow_arg(call, 0);

    if (run->python)
        return false;
    if (rt_flow_is_callable(last))
        rt_flow_call_with(run, call->node, last, RT_UNDEFINED, NULL, 0);
    *ret_value = call->self;
    return true;
}

/* ---- objects and dicts ---- */

static const RtFlowMap *map_of(const RtFlowObject *object)
{
    return object->scope ? &object->scope->vars : &object->map;
}

static RtValue whole_key(RtRun *run, const RtFlowEntry *entry)
{
    double number;
    RtValue key = rt_flow_text(run, entry->key);

    if (entry->number_key && run->python && rt_flow_to_number(run, key, &number))
        return rt_flow_int(run, number);
    return key;
}

typedef enum { KEYS, VALUES, ITEMS } What;

static RtValue list_of(RtRun *run, const RtFlowObject *object, What what)
{
    const RtFlowMap *map = map_of(object);
    RtValue list = rt_flow_array(run, map->count);

    for (size_t i = 0; i < map->count && rt_flow_tick(run, 1); i++) {
        const RtFlowEntry *entry = &map->entries[i];
        RtValue pair;
        if (entry->gone)
            continue;
        if (what != ITEMS) {
            rt_flow_push(run, list.array, what == KEYS ? whole_key(run, entry) : entry->value);
            continue;
        }
        pair = rt_flow_array(run, 2);
        rt_flow_push(run, pair.array, whole_key(run, entry));
        rt_flow_push(run, pair.array, entry->value);
        rt_flow_push(run, list.array, pair);
    }
    list.array->open = object->open;
    return rt_flow_with(run, list, object->rest);
}

static bool list_any(RtRun *run, RtFlowCall *call, RtValue object, What what, RtValue *ret_value)
{
    if (object.kind != RT_V_OBJECT || object.object->global) {
        *ret_value = rt_flow_array(run, 0);
        ret_value->array->open = true;
        ret_value->from = rt_flow_deep(run, call->node, object);
        if (object.kind == RT_V_ARRAY && what == VALUES)
            *ret_value = object;
        return true;
    }
    *ret_value = rt_flow_with(run, list_of(run, object.object, what), object.from);
    return true;
}

BUILTIN(keys) { return list_any(run, call, call->self, KEYS, ret_value); }
BUILTIN(values) { return list_any(run, call, call->self, VALUES, ret_value); }
BUILTIN(items) { return list_any(run, call, call->self, ITEMS, ret_value); }
BUILTIN(object_keys) { return list_any(run, call, rt_flow_arg(call, 0), KEYS, ret_value); }
BUILTIN(object_values) { return list_any(run, call, rt_flow_arg(call, 0), VALUES, ret_value); }
BUILTIN(object_entries) { return list_any(run, call, rt_flow_arg(call, 0), ITEMS, ret_value); }

BUILTIN(get)
{
    const RtValue key = rt_flow_arg(call, 0);
    const RtFlowEntry *entry;
    RtStr name;

    if (!run->python || !rt_flow_known(key))
        return false;
    name = rt_flow_to_text(run, key).text->str;
    entry = rt_flow_own(call->self.object, name, rt_flow_hash(name));
    if (!entry && call->self.object->scope) {
        *ret_value = rt_flow_get_index(run, call->node, call->self, key);
        return true;
    }
    if (!entry && call->self.object->open)
        return false;
    *ret_value = entry             ? entry->value
                 : call->count > 1 ? call->args[1]
                                   : (RtValue){ .kind = RT_V_NULL };
    return true;
}

BUILTIN(has_own)
{
    const RtValue key = rt_flow_arg(call, 0);
    RtStr name;
    bool has;

    if (!rt_flow_known(key) || call->self.kind != RT_V_OBJECT)
        return false;
    name = rt_flow_to_text(run, key).text->str;
    has = rt_flow_own(call->self.object, name, rt_flow_hash(name)) != NULL;
    *ret_value = has || !call->self.object->open ? rt_flow_bool(has) : RT_UNKNOWN;
    return true;
}

static void add_all(RtRun *run, RtFlowCall *call, RtFlowObject *into, RtValue more)
{
    if (more.kind != RT_V_OBJECT || more.object->global) {
        into->open |= more.kind == RT_V_UNKNOWN || more.kind == RT_V_NATIVE;
        into->rest = rt_flow_unite(run, into->rest, rt_flow_deep(run, call->node, more));
        return;
    }
    for (size_t i = 0; i < map_of(more.object)->count; i++) {
        const RtFlowEntry *entry = &map_of(more.object)->entries[i];
        if (!entry->gone)
            rt_flow_map_set(run, &into->map, entry->key, entry->hash, entry->value);
    }
    into->open |= more.object->open;
    into->rest = rt_flow_unite(run, into->rest, more.object->rest);
}

BUILTIN(update)
{
    for (size_t i = 0; i < call->count; i++)
        add_all(run, call, call->self.object, call->args[i]);
    for (size_t i = 0; i < call->named_count; i++)
        rt_flow_map_set(run, &call->self.object->map, call->names[i], rt_flow_hash(call->names[i]),
                        call->named[i]);
    *ret_value = (RtValue){ .kind = RT_V_NULL };
    return true;
}

BUILTIN(copy)
{
    *ret_value = rt_flow_object(run);
    add_all(run, call, ret_value->object, call->self);
    return true;
}

BUILTIN(object_assign)
{
    const RtValue into = rt_flow_arg(call, 0);

    if (into.kind != RT_V_OBJECT || into.object->global)
        return false;
    for (size_t i = 1; i < call->count; i++)
        add_all(run, call, into.object, call->args[i]);
    *ret_value = into;
    return true;
}

BUILTIN(object_create)
{
    const RtValue proto = rt_flow_arg(call, 0);

    *ret_value = rt_flow_object(run);
    if (proto.kind == RT_V_OBJECT)
        ret_value->object->proto = proto.object;
    return true;
}

BUILTIN(first_argument)
{
    (void)run;
    *ret_value = rt_flow_arg(call, 0);
    return true;
}

BUILTIN(object_define)
{
    const RtValue into = rt_flow_arg(call, 0), how = rt_flow_arg(call, 2);

    *ret_value = into;
    if (how.kind == RT_V_OBJECT) {
        const RtFlowEntry *value =
            rt_flow_own(how.object, RT_STR("value"), rt_flow_hash(RT_STR("value")));
        const RtFlowEntry *get_it =
            rt_flow_own(how.object, RT_STR("get"), rt_flow_hash(RT_STR("get")));
        if (value)
            rt_flow_set_index(run, call->node, into, rt_flow_arg(call, 1), value->value);
        else if (get_it && rt_flow_is_callable(get_it->value))
            rt_flow_set_index(run, call->node, into, rt_flow_arg(call, 1),
                              rt_flow_call_with(run, call->node, get_it->value, into, NULL, 0));
    }
    return true;
}

BUILTIN(object_from_entries)
{
    const RtValue pairs = rt_flow_arg(call, 0);
    const RtFlowArray *list = rt_flow_elements(run, call->node, pairs, false);

    *ret_value = rt_flow_object(run);
    for (size_t i = 0; i < list->count && rt_flow_tick(run, 1); i++)
        if (list->items[i].kind == RT_V_ARRAY && list->items[i].array->count == 2)
            rt_flow_set_index(run, call->node, *ret_value, list->items[i].array->items[0],
                              list->items[i].array->items[1]);
    ret_value->object->open = list->open;
    ret_value->object->rest = list->open ? rt_flow_deep(run, call->node, pairs) : NULL;
    return true;
}

/* Object.getPrototypeOf(f).constructor is Function, whatever kind of function f is. */
BUILTIN(prototype_of)
{
    const RtValue value = rt_flow_arg(call, 0);

    (void)run;
    if (value.kind == RT_V_FUNCTION || value.kind == RT_V_BOUND || value.kind == RT_V_METHOD) {
        *ret_value = value;
        return true;
    }
    if (value.kind == RT_V_OBJECT && value.object->proto) {
        *ret_value = (RtValue){ .kind = RT_V_OBJECT, .object = value.object->proto };
        return true;
    }
    return false;
}

/* ---- JSON ---- */

static void write_json(RtRun *run, RtText *out, RtValue value, unsigned depth)
{
    if (depth == 0 || out->cut || !rt_flow_tick(run, 1)) {
        rt_text_add(out, RT_STR("\xEF\xBF\xBC"));
    } else if (value.kind == RT_V_TEXT) {
        rt_json_quote(out, value.text->str);
    } else if (value.kind == RT_V_ARRAY) {
        rt_text_byte(out, '[');
        for (size_t i = 0; i < value.array->count; i++) {
            if (i > 0)
                rt_text_byte(out, ',');
            write_json(run, out, value.array->items[i], depth - 1);
        }
        if (value.array->open)
            rt_text_add(out, RT_STR(",\xEF\xBF\xBC"));
        rt_text_byte(out, ']');
    } else if (value.kind == RT_V_OBJECT && !value.object->global && !value.object->scope) {
        bool first = true;
        rt_text_byte(out, '{');
        for (size_t i = 0; i < value.object->map.count; i++) {
            const RtFlowEntry *entry = &value.object->map.entries[i];
            if (entry->gone || entry->value.kind == RT_V_FUNCTION ||
                entry->value.kind == RT_V_UNDEFINED)
                continue;
            if (!first)
                rt_text_byte(out, ',');
            first = false;
            rt_json_quote(out, entry->key);
            rt_text_byte(out, ':');
            write_json(run, out, entry->value, depth - 1);
        }
        if (value.object->open)
            rt_text_add(out, RT_STR("\xEF\xBF\xBC"));
        rt_text_byte(out, '}');
    } else if (value.kind == RT_V_BOOL) {
        rt_text_add(out, value.truth ? RT_STR("true") : RT_STR("false"));
    } else if (value.kind == RT_V_NULL || value.kind == RT_V_UNDEFINED) {
        rt_text_add(out, RT_STR("null"));
    } else {
        rt_text_add(out, rt_flow_to_text(run, value).text->str);
    }
}

RtValue rt_flow_json(RtRun *run, RtValue value)
{
    RtText out = { .arena = run->arena, .limit = 256 << 10 };
    RtValue text;

    write_json(run, &out, value, JSON_DEPTH);
    text = rt_flow_text(run, rt_text_str(&out));
    if (text.kind == RT_V_TEXT && rt_str_has(text.text->str, RT_STR("\xEF\xBF\xBC")))
        text.text->partial = true;
    return text;
}

BUILTIN(json_stringify)
{
    const RtValue value = rt_flow_arg(call, 0);
    const RtFlowOrigins *from = rt_flow_deep(run, call->node, value);

    if (value.kind == RT_V_UNKNOWN || value.kind == RT_V_NATIVE)
        *ret_value = rt_flow_unknown(from);
    else
        *ret_value = rt_flow_with(run, rt_flow_json(run, value), from);
    return true;
}

RtValue rt_flow_from_json(RtRun *run, const RtJson *json)
{
    RtValue value = (RtValue){ .kind = RT_V_NULL };

    if (!json)
        return RT_UNKNOWN;
    rt_flow_tick(run, 1);
    switch (json->kind) {
    case RT_JSON_NONE:
    case RT_JSON_NULL:
        return value;
    case RT_JSON_BOOL:
        return rt_flow_bool(json->truth);
    case RT_JSON_NUMBER:
        return json->number == __builtin_floor(json->number) ? rt_flow_int(run, json->number)
                                                             : rt_flow_number(json->number);
    case RT_JSON_STRING:
        return rt_flow_text(run, json->text);
    case RT_JSON_ARRAY:
        value = rt_flow_array(run, json->count);
        for (size_t i = 0; i < json->count; i++)
            rt_flow_push(run, value.array, rt_flow_from_json(run, &json->items[i]));
        return value;
    case RT_JSON_OBJECT:
        value = rt_flow_object(run);
        for (size_t i = 0; i < json->count; i++)
            rt_flow_map_set(run, &value.object->map, json->keys[i], rt_flow_hash(json->keys[i]),
                            rt_flow_from_json(run, &json->items[i]));
        return value;
    }
    return value;
}

BUILTIN(json_parse)
{
    const RtValue text = rt_flow_arg(call, 0);
    const RtJson *json;

    if ((text.kind != RT_V_TEXT && text.kind != RT_V_BYTES) || !rt_flow_known(text))
        return false;
    json = rt_json_read(run->arena, text.text->str, NULL);
    rt_flow_tick(run, text.text->str.len / 8);
    *ret_value = rt_flow_with(run, rt_flow_from_json(run, json), text.from);
    if (ret_value->kind == RT_V_OBJECT)
        ret_value->object->rest = text.from;
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "function.call", function_call },
    { "function.apply", function_apply },
    { "function.bind", function_bind },
    { "function.toString", function_text },
    { "any.then", then },
    { "any.catch", catch },
    { "any.finally", finally },
    { "object.keys", keys },
    { "object.values", values },
    { "object.items", items },
    { "object.get", get },
    { "object.hasOwnProperty", has_own },
    { "object.__contains__", has_own },
    { "object.has_key", has_own },
    { "object.update", update },
    { "object.copy", copy },
    { "Object.keys", object_keys },
    { "Object.getOwnPropertyNames", object_keys },
    { "Reflect.ownKeys", object_keys },
    { "Object.values", object_values },
    { "Object.entries", object_entries },
    { "Object.assign", object_assign },
    { "Object.create", object_create },
    { "Object.freeze", first_argument },
    { "Object.seal", first_argument },
    { "Object.defineProperty", object_define },
    { "Object.fromEntries", object_from_entries },
    { "Object.getPrototypeOf", prototype_of },
    { "Reflect.getPrototypeOf", prototype_of },
    { "JSON.stringify", json_stringify },
    { "JSON.parse", json_parse },
};
const RtFlowBuiltins rt_flow_object_builtins = { builtins, RT_COUNT(builtins) };
