/* flow_member.c - names, x.y and x[y], read and written. */
#include "facts/flow/flow_parts.h"

#include <string.h>

#include "base/words.h"

RtFlowEntry *rt_flow_find_name(RtRun *run, RtStr name, uint32_t hash, RtFlowScope **ret_scope)
{
    for (RtFlowScope *scope = run->frame->scope; scope; scope = scope->parent) {
        RtFlowEntry *entry = rt_flow_map_find(&scope->vars, name, hash);
        if (entry) {
            *ret_scope = scope;
            return entry;
        }
    }
    return NULL;
}

RtValue rt_flow_scope_object(RtRun *run, RtFlowScope *scope)
{
    RtValue value = rt_flow_object(run);

    run->escapes++;
    value.object->scope = scope;
    value.object->open = true;
    return value;
}

RtValue rt_flow_super(RtRun *run)
{
    const RtFlowFrame *frame = run->frame;
    RtFlowClass *owner = frame->function ? frame->function->owner : NULL;
    RtValue value;

    if (!owner)
        return RT_UNKNOWN;
    if (owner->base.kind != RT_V_CLASS)
        return owner->base;
    value = rt_flow_object(run);
    value.object->type = owner->base.type;
    value.object->view_of = frame->self.kind == RT_V_OBJECT ? frame->self.object : NULL;
    return value;
}

static bool is_global_name(RtStr name)
{
    static const char *const names[] = {
        "globalThis", "global", "window", "self", "top", "frames"
    };

    for (size_t i = 0; i < RT_COUNT(names); i++)
        if (rt_str_equal(name, rt_str_from_c(names[i])))
            return true;
    return false;
}

static RtValue python_free_name(RtRun *run, const RtNode *node)
{
    const RtStr name = node->text;
    RtValue value;

    if (name.len + 9 > 120)
        return RT_UNKNOWN;
    if (rt_str_equal(name, RT_STR("__builtins__")))
        return rt_flow_native_c(run, "builtins");
    if (rt_str_equal(name, RT_STR("__name__")) || rt_str_equal(name, RT_STR("__doc__")))
        return RT_UNKNOWN;
    value = rt_flow_native(run, rt_str_format(run->arena, "builtins.%.*s", RT_FMT(name)));
    return value.kind == RT_V_NATIVE ? rt_flow_native_read(run, node, value, name, false) : value;
}

/* A name that neither the language, its hosts nor this file explain: another package may have set
 * it. Capitals are classes of hosts and libraries. */
static bool is_left_behind(RtStr name, RtValue value)
{
    static const char usual[] =
        "process console document location navigator localstorage sessionstorage crypto "
        "performance history screen parent top self exports module require define";

    return value.kind == RT_V_NATIVE && value.native->api_count == 0 && !value.native->builtin &&
           !value.from && name.len > 2 && !(name.at[0] >= 'A' && name.at[0] <= 'Z') &&
           !rt_word_in(name, usual);
}

static RtValue left_behind(RtRun *run, const RtNode *node, RtStr name, RtValue value)
{
    if (!is_left_behind(name, value))
        return value;
    return rt_flow_with(run, value,
                        rt_flow_origin(run, rt_flow_fact2(run, node, RT_FACT_GLOBAL_READ, name,
                                                          (RtStr){ 0 }, NULL)));
}

static RtValue free_name(RtRun *run, const RtNode *node)
{
    const RtStr name = node->text;
    const RtFlowEntry *entry;
    RtValue value;

    if (run->python)
        return python_free_name(run, node);
    entry = rt_flow_map_find(&run->global->map, name, node->hash);
    if (entry)
        return entry->value;
    if (is_global_name(name))
        return (RtValue){ .kind = RT_V_OBJECT, .object = run->global };
    if (rt_str_equal(name, RT_STR("undefined")))
        return RT_UNDEFINED;
    if (rt_str_equal(name, RT_STR("NaN")))
        return rt_flow_number(__builtin_nan(""));
    if (rt_str_equal(name, RT_STR("Infinity")))
        return rt_flow_number(__builtin_inf());
    value = rt_flow_native(run, name);
    if (value.kind == RT_V_NATIVE)
        value = rt_flow_native_read(run, node, value, name, false);
    return name.len > 0 && name.at[0] == '_' ? left_behind(run, node, name, value) : value;
}

static RtValue arguments_of(RtRun *run)
{
    for (RtFlowFrame *frame = run->frame; frame; frame = frame->up) {
        if (!frame->has_arguments)
            continue;
        if (!frame->arguments) {
            frame->arguments = rt_flow_array(run, 0).array;
            frame->arguments->open = !frame->call || frame->call->open;
            for (size_t i = 0; frame->call && i < frame->call->count; i++)
                rt_flow_push(run, frame->arguments, frame->call->args[i]);
        }
        return (RtValue){ .kind = RT_V_ARRAY, .array = frame->arguments };
    }
    return RT_UNKNOWN;
}

RtValue rt_flow_name(RtRun *run, const RtNode *node)
{
    RtFlowScope *scope;
    RtFlowEntry *entry = rt_flow_find_name(run, node->text, node->hash, &scope);

    if (entry && !entry->gone)
        return entry->value;
    if (!run->python) {
        if (rt_str_equal(node->text, RT_STR("this")))
            return run->frame->self;
        if (rt_str_equal(node->text, RT_STR("arguments")))
            return arguments_of(run);
        if (rt_str_equal(node->text, RT_STR("super")))
            return rt_flow_super(run);
    }
    return free_name(run, node);
}

RtFlowEntry *rt_flow_own(const RtFlowObject *object, RtStr name, uint32_t hash)
{
    const RtFlowMap *map = object->view_of ? &object->view_of->map
                           : object->scope ? &object->scope->vars
                                           : &object->map;

    return rt_flow_map_find(map, name, hash);
}

RtFlowFunction *rt_flow_class_method(RtFlowClass *type, RtStr name, uint32_t hash)
{
    for (unsigned depth = 0; type && depth < 32; depth++) {
        const RtFlowEntry *entry = rt_flow_map_find(&type->methods, name, hash);
        if (entry)
            return entry->value.kind == RT_V_FUNCTION ? entry->value.function : NULL;
        type = type->base.kind == RT_V_CLASS ? type->base.type : NULL;
    }
    return NULL;
}

static bool class_member(const RtFlowClass *type, RtStr name, uint32_t hash,
                         RtFlowEntry **ret_entry)
{
    for (unsigned depth = 0; type && depth < 32; depth++) {
        RtFlowEntry *entry = rt_flow_map_find(&type->methods, name, hash);
        if (!entry)
            entry = rt_flow_map_find(&type->statics, name, hash);
        if (!entry && type->prototype)
            entry = rt_flow_map_find(&type->prototype->map, name, hash);
        if (entry) {
            *ret_entry = entry;
            return true;
        }
        type = type->base.kind == RT_V_CLASS ? type->base.type : NULL;
    }
    return false;
}

static RtValue method_of(RtRun *run, RtValue receiver, RtStr name, uint32_t hash)
{
    RtFlowBound *bound = RT_NEW(run->arena, RtFlowBound);

    *bound = (RtFlowBound){ .target = receiver, .name = name, .hash = hash };
    return (RtValue){ .kind = RT_V_METHOD, .bound = bound, .from = receiver.from };
}

static const char *constructor_of(RtValue value)
{
    switch ((RtValueKind)value.kind) {
    case RT_V_TEXT:
        return "String";
    case RT_V_NUMBER:
    case RT_V_INT:
        return "Number";
    case RT_V_BOOL:
        return "Boolean";
    case RT_V_ARRAY:
        return "Array";
    case RT_V_REGEX:
        return "RegExp";
    case RT_V_OBJECT:
        return "Object";
    case RT_V_FUNCTION:
    case RT_V_CLASS:
    case RT_V_METHOD:
    case RT_V_BOUND:
        return "Function";
    case RT_V_BYTES:
        return "Uint8Array";
    case RT_V_UNKNOWN:
    case RT_V_UNDEFINED:
    case RT_V_NULL:
    case RT_V_NATIVE:
        return NULL;
    }
    return NULL;
}

/* What all values of a kind share: length, constructor, builtin methods. */
static RtValue common(RtRun *run, RtValue base, RtStr name, uint32_t hash)
{
    if (rt_flow_method(run, base, name))
        return method_of(run, base, name, hash);
    if (!run->python && rt_str_equal(name, RT_STR("constructor")) && constructor_of(base))
        return rt_flow_with(run, rt_flow_native_c(run, constructor_of(base)), base.from);
    return RT_UNDEFINED;
}

static RtValue get_property(RtRun *run, const RtNode *node, RtValue base, const RtFlowEntry *entry)
{
    if (entry->getter && entry->value.kind == RT_V_FUNCTION)
        return rt_flow_call_with(run, node, entry->value, base, NULL, 0);
    return entry->value;
}

/* A method read off an instance remembers the instance (Python); JavaScript passes it when calling.
 */
static RtValue bind_self(RtRun *run, RtValue base, RtValue value)
{
    RtFlowBound *bound;

    if (!run->python || value.kind != RT_V_FUNCTION ||
        (value.function->node->flags & RT_NODE_STATIC))
        return value;
    bound = RT_NEW(run->arena, RtFlowBound);
    *bound = (RtFlowBound){ .target = value, .self = base, .has_self = true };
    if (base.kind == RT_V_OBJECT && base.object->view_of)
        bound->self =
            (RtValue){ .kind = RT_V_OBJECT, .object = base.object->view_of, .from = base.from };
    return (RtValue){ .kind = RT_V_BOUND, .bound = bound, .from = value.from };
}

static RtValue get_object(RtRun *run, const RtNode *node, RtValue base, RtStr name, uint32_t hash)
{
    RtFlowObject *object = base.object;
    const RtFlowEntry *entry = rt_flow_own(object, name, hash);
    RtFlowEntry *member;
    RtValue value;

    if (entry && !object->view_of)
        return get_property(run, node, base, entry);
    if (object->type && class_member(object->type, name, hash, &member))
        return bind_self(run, base, get_property(run, node, base, member));
    if (entry)
        return entry->value;
    for (const RtFlowObject *proto = object->proto; proto; proto = proto->proto) {
        entry = rt_flow_map_find(&proto->map, name, hash);
        if (entry)
            return get_property(run, node, base, entry);
    }
    if (object->global) {
        RtNode free_node = {
            .kind = RT_N_NAME, .from = node->from, .len = node->len, .hash = hash
        };
        free_node.text = name;
        entry = rt_flow_map_find(&run->main->scope->vars, name, hash);
        return entry ? entry->value : left_behind(run, node, name, free_name(run, &free_node));
    }
    if (object->base_native.kind == RT_V_NATIVE)
        return rt_flow_native_member(run, node, object->base_native, name, false);
    if (object->type && !run->python && rt_str_equal(name, RT_STR("constructor")))
        return (RtValue){ .kind = RT_V_CLASS, .type = object->type };
    value = common(run, base, name, hash);
    if (value.kind == RT_V_UNDEFINED && (object->open || object->type || run->python))
        return rt_flow_unknown(rt_flow_unite(run, base.from, object->rest));
    return value;
}

static RtFlowObject *prototype_of(RtRun *run, RtFlowFunction *function)
{
    if (!function->prototype) {
        function->prototype = rt_flow_object(run).object;
        rt_flow_put(run, function->prototype, "constructor",
                    (RtValue){ .kind = RT_V_FUNCTION, .function = function });
    }
    return function->prototype;
}

static RtValue get_function(RtRun *run, RtValue base, RtStr name, uint32_t hash)
{
    const RtFlowEntry *entry = rt_flow_map_find(&base.function->props, name, hash);

    if (entry)
        return entry->value;
    if (run->python) {
        if (rt_str_equal(name, RT_STR("__globals__")))
            return rt_flow_scope_object(run, base.function->module->scope);
        return RT_UNKNOWN;
    }
    if (rt_str_equal(name, RT_STR("prototype")))
        return (RtValue){ .kind = RT_V_OBJECT, .object = prototype_of(run, base.function) };
    if (rt_str_equal(name, RT_STR("name")))
        return rt_flow_text(run, base.function->node->text);
    if (rt_str_equal(name, RT_STR("length")))
        return rt_flow_number(base.function->node->kids[0]->kid_count);
    return common(run, base, name, hash);
}

static RtValue get_class(RtRun *run, const RtNode *node, RtValue base, RtStr name, uint32_t hash)
{
    RtFlowClass *type = base.type;
    RtFlowEntry *entry;

    entry = rt_flow_map_find(&type->statics, name, hash);
    if (entry)
        return get_property(run, node, base, entry);
    if (run->python && class_member(type, name, hash, &entry))
        return entry->value;
    if (!run->python && rt_str_equal(name, RT_STR("prototype"))) {
        if (!type->prototype) {
            type->prototype = rt_flow_object(run).object;
            type->prototype->type = type;
        }
        return (RtValue){ .kind = RT_V_OBJECT, .object = type->prototype };
    }
    if (class_member(type, name, hash, &entry))
        return entry->value;
    if (type->base.kind == RT_V_NATIVE)
        return rt_flow_native_member(run, node, type->base, name, false);
    return run->python ? RT_UNKNOWN : common(run, base, name, hash);
}

/* A property of an array that is no element: obfuscators keep caches there (arguments[key] =
 * value). */
static RtValue get_named(RtRun *run, RtValue base, RtStr name, uint32_t hash)
{
    RtFlowObject *named = base.array->named;
    const RtFlowEntry *entry = named ? rt_flow_map_find(&named->map, name, hash) : NULL;
    RtValue value = entry ? entry->value : common(run, base, name, hash);

    static const char *const given[] = { "index", "input", "groups",
                                         "raw" }; /* by match, by templates */
    bool open = base.array->open;

    for (size_t i = 0; i < RT_COUNT(given); i++)
        open = open || rt_str_equal(name, rt_str_from_c(given[i]));
    return value.kind == RT_V_UNDEFINED && open ? rt_flow_unknown(base.from) : value;
}

RtValue rt_flow_get(RtRun *run, const RtNode *node, RtValue base, RtStr name, uint32_t hash)
{
    RtValue value;

    switch ((RtValueKind)base.kind) {
    case RT_V_UNKNOWN:
        return base;
    case RT_V_UNDEFINED:
    case RT_V_NULL:
        return rt_flow_unknown(base.from);
    case RT_V_TEXT:
    case RT_V_BYTES:
        if (!run->python && rt_str_equal(name, RT_STR("length"))) {
            if (base.text->partial)
                return rt_flow_unknown(base.from);
            return rt_flow_number((double)(base.kind == RT_V_BYTES
                                               ? base.text->str.len
                                               : rt_flow_units(run, base.text)));
        }
        break;
    case RT_V_ARRAY:
        if (!run->python && rt_str_equal(name, RT_STR("length")))
            return base.array->open ? rt_flow_unknown(base.from)
                                    : rt_flow_number((double)base.array->count);
        return run->python ? common(run, base, name, hash) : get_named(run, base, name, hash);
    case RT_V_OBJECT:
        return get_object(run, node, base, name, hash);
    case RT_V_FUNCTION:
        return get_function(run, base, name, hash);
    case RT_V_CLASS:
        return get_class(run, node, base, name, hash);
    case RT_V_NATIVE:
        if (rt_flow_method(run, base, name) && !rt_flow_native_has(run, base, name) &&
            !run->python) /* any.then on a client object */
            return method_of(run, base, name, hash);
        return rt_flow_native_member(run, node, base, name, false);
    case RT_V_REGEX:
        if (rt_str_equal(name, RT_STR("source")) || rt_str_equal(name, RT_STR("pattern")))
            return rt_flow_text(run, base.text->str);
        break;
    case RT_V_BOOL:
    case RT_V_NUMBER:
    case RT_V_INT:
    case RT_V_METHOD:
    case RT_V_BOUND:
        break;
    }
    value = common(run, base, name, hash);
    return value.kind == RT_V_UNDEFINED ? rt_flow_unknown(base.from) : value;
}

static bool number_index(RtValue key, int64_t *ret_index)
{
    if (key.kind == RT_V_INT) {
        *ret_index = key.integer;
        return true;
    }
    if (key.kind == RT_V_NUMBER && key.number == (double)(int64_t)key.number) {
        *ret_index = (int64_t)key.number;
        return true;
    }
    if (key.kind == RT_V_TEXT && key.text->str.len < 10) {
        uint64_t number;
        if (key.text->str.len > 0 && key.text->str.at[0] <= '9' &&
            rt_str_number(key.text->str, &number)) {
            *ret_index = (int64_t)number;
            return true;
        }
    }
    return false;
}

static RtValue item_at(RtRun *run, RtValue base, int64_t index)
{
    const bool bytes = base.kind == RT_V_BYTES;
    const size_t count = base.kind == RT_V_ARRAY ? base.array->count
                         : bytes                 ? base.text->str.len
                                                 : rt_flow_units(run, base.text);

    if (index < 0 && run->python)
        index += (int64_t)count;
    if (index < 0 || (uint64_t)index >= count)
        return run->python || (base.kind == RT_V_ARRAY && base.array->open)
                   ? rt_flow_unknown(base.from)
                   : RT_UNDEFINED;
    if (base.kind == RT_V_ARRAY)
        return rt_flow_with(run, base.array->items[index], base.from);
    if (bytes)
        return rt_flow_with(run, rt_flow_integer(run, base.text->str.at[index]), base.from);
    return rt_flow_cut(run, base, (size_t)index, (size_t)index + 1);
}

RtValue rt_flow_get_index(RtRun *run, const RtNode *node, RtValue base, RtValue key)
{
    const RtFlowOrigins *from = rt_flow_unite(run, base.from, key.from);
    int64_t index;
    RtStr name;

    if ((base.kind == RT_V_ARRAY || base.kind == RT_V_TEXT || base.kind == RT_V_BYTES) &&
        number_index(key, &index)) {
        if (base.kind == RT_V_TEXT && base.text->partial)
            return rt_flow_unknown(from);
        return item_at(run, base, index);
    }
    if (base.kind == RT_V_NATIVE) {
        name = rt_flow_known(key) && key.kind != RT_V_NATIVE ? rt_flow_to_text(run, key).text->str
                                                             : (RtStr){ 0 };
        return rt_flow_native_member(run, node, rt_flow_with(run, base, key.from), name, true);
    }
    if (!rt_flow_known(key) || key.kind == RT_V_NATIVE) {
        if (base.kind == RT_V_OBJECT && base.object->global)
            return rt_flow_unknown(from);
        return rt_flow_unknown(rt_flow_unite(run, from, rt_flow_deep(run, node, base)));
    }
    name = rt_flow_to_text(run, key).text->str;
    if (run->python && base.kind == RT_V_OBJECT && !base.object->type) {
        const RtFlowEntry *entry = rt_flow_own(base.object, name, rt_flow_hash(name));
        if (!entry && base.object->scope) { /* globals()['exec'] */
            RtNode free_node = { .kind = RT_N_NAME, .from = node->from, .len = node->len };
            free_node.text = name;
            return free_name(run, &free_node);
        }
        return entry ? entry->value : rt_flow_unknown(rt_flow_unite(run, from, base.object->rest));
    }
    if (run->python && base.kind != RT_V_OBJECT)
        return rt_flow_unknown(from);
    return rt_flow_get(run, node, base, name, rt_flow_hash(name));
}

static void set_global(RtRun *run, const RtNode *node, RtStr name, uint32_t hash, RtValue value)
{
    RtFlowEntry *entry = rt_flow_map_find(&run->main->scope->vars, name, hash);

    rt_flow_fact2(run, node, RT_FACT_GLOBAL_SET, name,
                  value.kind == RT_V_NATIVE ? value.native->path : rt_flow_arg_text(run, value),
                  value.from);
    rt_flow_native_write(run, node, RT_UNKNOWN, name, value, false);
    if (entry)
        rt_flow_store(run, &run->main->scope->vars, entry, value);
    else
        rt_flow_map_set(run, &run->global->map, name, hash, value);
}

static void set_object(RtRun *run, const RtNode *node, RtFlowObject *object, RtStr name,
                       uint32_t hash, RtValue value)
{
    RtFlowMap *map;

    if (object->view_of)
        object = object->view_of;
    if (object->global) {
        set_global(run, node, name, hash, value);
        return;
    }
    map = object->scope ? &object->scope->vars : &object->map;
    if (value.kind == RT_V_FUNCTION && value.function->self.kind == 0 &&
        !(value.function->node->flags & RT_NODE_ARROW) && !object->scope)
        value.function->self = (RtValue){ .kind = RT_V_OBJECT, .object = object };
    rt_flow_map_set(run, map, name, hash, value);
}

void rt_flow_set(RtRun *run, const RtNode *node, RtValue base, RtStr name, uint32_t hash,
                 RtValue value)
{
    if (base.kind == RT_V_OBJECT) {
        set_object(run, node, base.object, name, hash, value);
    } else if (base.kind == RT_V_FUNCTION) {
        if (rt_str_equal(name, RT_STR("prototype")) && value.kind == RT_V_OBJECT)
            base.function->prototype = value.object;
        else
            rt_flow_map_set(run, &base.function->props, name, hash, value);
    } else if (base.kind == RT_V_CLASS) {
        rt_flow_map_set(run, &base.type->statics, name, hash, value);
    } else if (base.kind == RT_V_NATIVE) {
        rt_flow_native_write(run, node, base, name, value, false);
    } else if (base.kind == RT_V_ARRAY && rt_str_equal(name, RT_STR("length"))) {
        if (value.kind == RT_V_NUMBER && value.number >= 0 &&
            value.number <= (double)base.array->count)
            base.array->count = (size_t)value.number;
    } else if (base.kind == RT_V_ARRAY && !run->python) {
        if (!base.array->named)
            base.array->named = rt_flow_object(run).object;
        set_object(run, node, base.array->named, name, hash, value);
    }
}

static void set_item(RtRun *run, RtValue base, int64_t index, RtValue value)
{
    double number;

    if (base.kind == RT_V_BYTES) {
        if (index >= 0 && (uint64_t)index < base.text->str.len && base.text->writable &&
            rt_flow_to_number(run, value, &number)) {
            uint8_t *at = base.text->buffer->at + (base.text->str.at - base.text->buffer->at);
            at[index] = (uint8_t)(int64_t)(number == number ? number : 0);
        }
        return;
    }
    if (index < 0 && run->python)
        index += (int64_t)base.array->count;
    if (index < 0 || index >= RT_FLOW_ARRAY_LIMIT)
        return;
    while (base.array->count < (uint64_t)index && rt_flow_push(run, base.array, RT_UNDEFINED))
        rt_flow_tick(run, 1);
    if ((uint64_t)index == base.array->count)
        rt_flow_push(run, base.array, value);
    else if ((uint64_t)index < base.array->count)
        base.array->items[index] = value;
}

void rt_flow_set_index(RtRun *run, const RtNode *node, RtValue base, RtValue key, RtValue value)
{
    int64_t index;
    RtStr name;

    if ((base.kind == RT_V_ARRAY || base.kind == RT_V_BYTES) && number_index(key, &index)) {
        set_item(run, base, index, value);
        return;
    }
    if (!rt_flow_known(key) || key.kind == RT_V_NATIVE) {
        if (base.kind == RT_V_OBJECT && base.object->global) {
            rt_flow_fact2(run, node, RT_FACT_GLOBAL_SET, (RtStr){ 0 }, rt_flow_arg_text(run, value),
                          value.from);
        } else if (base.kind == RT_V_OBJECT) {
            base.object->open = true;
            base.object->rest =
                rt_flow_unite(run, base.object->rest, rt_flow_deep(run, node, value));
        } else if (base.kind == RT_V_ARRAY) {
            base.array->open = true;
            rt_flow_push(run, base.array, value);
        } else if (base.kind == RT_V_NATIVE) {
            rt_flow_native_write(run, node, base, (RtStr){ 0 }, value, true);
        }
        return;
    }
    name = rt_flow_to_text(run, key).text->str;
    if (base.kind == RT_V_NATIVE) {
        rt_flow_native_write(run, node, base, name, value, true);
        return;
    }
    if (run->python && base.kind == RT_V_OBJECT && !base.object->type && !base.object->global) {
        RtFlowMap *map = base.object->scope ? &base.object->scope->vars : &base.object->map;
        rt_flow_map_set(run, map, name, rt_flow_hash(name), value)->number_key =
            key.kind == RT_V_INT;
        return;
    }
    rt_flow_set(run, node, base, name, rt_flow_hash(name), value);
}

static void add_chars(RtRun *run, RtValue text, RtFlowArray *out)
{
    const size_t count = rt_flow_units(run, text.text);

    for (size_t i = 0; i < count && rt_flow_tick(run, 1); i++)
        if (!rt_flow_push(run, out, rt_flow_cut(run, text, i, i + 1)))
            return;
}

RtFlowArray *rt_flow_elements(RtRun *run, const RtNode *node, RtValue value, bool keys)
{
    RtFlowArray *out;

    if (value.kind == RT_V_ARRAY && !keys)
        return value.array;
    out = rt_flow_array(run, 0).array;
    if (value.kind == RT_V_ARRAY) {
        for (size_t i = 0; i < value.array->count; i++)
            rt_flow_push(run, out, rt_flow_text(run, rt_str_format(run->arena, "%zu", i)));
        out->open = value.array->open;
    } else if (value.kind == RT_V_TEXT && !value.text->partial) {
        add_chars(run, value, out);
    } else if (value.kind == RT_V_BYTES) {
        for (size_t i = 0; i < value.text->str.len && rt_flow_tick(run, 1); i++)
            if (!rt_flow_push(
                    run, out,
                    rt_flow_with(run, rt_flow_integer(run, value.text->str.at[i]), value.from)))
                break;
    } else if (value.kind == RT_V_OBJECT && !value.object->scope && !value.object->global &&
               (keys || (run->python && !value.object->type))) {
        const RtFlowMap *map = &value.object->map;
        for (size_t i = 0; i < map->count; i++) {
            RtValue key = rt_flow_text(run, map->entries[i].key);
            double number = 0;
            if (map->entries[i].gone)
                continue;
            if (map->entries[i].number_key && run->python && rt_flow_to_number(run, key, &number))
                key = rt_flow_int(run, number);
            rt_flow_push(run, out, key);
        }
        out->open = value.object->open;
    } else {
        out->open = true;
    }
    (void)node;
    return out;
}
