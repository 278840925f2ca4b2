/* flow_assign.c - where values go: declarations, destructuring, imports. */
#include "facts/flow/flow_parts.h"

static RtFlowScope *function_scope(RtFlowScope *scope)
{
    while (scope->parent && !scope->is_function && !scope->is_module && !scope->is_class)
        scope = scope->parent;
    return scope;
}

static RtFlowScope *module_scope(RtFlowScope *scope)
{
    while (scope->parent && !scope->is_module)
        scope = scope->parent;
    return scope;
}

void rt_flow_declare(RtRun *run, RtStr name, uint32_t hash, RtValue value, uint16_t flags)
{
    RtFlowScope *scope = run->frame->scope;

    if (run->python || (flags & RT_NODE_VAR))
        scope = function_scope(scope);
    rt_flow_map_set(run, &scope->vars, name, hash, value);
}

static void assign_name(RtRun *run, const RtNode *target, RtValue value, uint16_t flags)
{
    RtFlowScope *scope;
    RtFlowEntry *entry;

    if ((flags & RT_NODE_DECLARE) || (run->python && run->frame->scope->is_class)) {
        rt_flow_declare(run, target->text, target->hash, value, flags);
        return;
    }
    entry = rt_flow_find_name(run, target->text, target->hash, &scope);
    if (entry)
        rt_flow_store(run, &scope->vars, entry, value);
    else if (!run->python && rt_flow_map_find(&run->global->map, target->text, target->hash))
        rt_flow_map_set(run, &run->global->map, target->text, target->hash, value);
    else
        rt_flow_map_set(run, &module_scope(run->frame->scope)->vars, target->text, target->hash,
                        value);
    if (!entry && !run->python) { /* `fetch = …`: a function others use may be replaced */
        rt_flow_native_write(run, target, RT_UNKNOWN, target->text, value, false);
    }
}

static void assign_array(RtRun *run, const RtNode *target, RtValue value, uint16_t flags)
{
    const RtFlowArray *array = rt_flow_elements(run, target, value, false);
    const RtFlowOrigins *from =
        value.kind == RT_V_ARRAY ? value.from : rt_flow_deep(run, target, value);
    size_t at = 0;

    for (uint32_t i = 0; i < target->kid_count; i++) {
        const RtNode *kid = target->kids[i];
        RtValue item = array->open || run->python ? RT_UNKNOWN : RT_UNDEFINED;
        if (kid->kind == RT_N_SPREAD && kid->kid_count > 0) {
            const size_t after = target->kid_count - i - 1;
            RtValue rest = rt_flow_array(run, 0);
            for (; at + after < array->count; at++)
                rt_flow_push(run, rest.array, array->items[at]);
            rest.array->open = array->open;
            rt_flow_assign(run, kid->kids[0], rt_flow_with(run, rest, from), flags);
            continue;
        }
        if (at < array->count)
            item = array->items[at];
        at++;
        rt_flow_assign(run, kid, rt_flow_with(run, item, from), flags);
    }
}

static void assign_object(RtRun *run, const RtNode *target, RtValue value, uint16_t flags)
{
    for (uint32_t i = 0; i < target->kid_count; i++) {
        const RtNode *kid = target->kids[i];
        if (kid->kind == RT_N_PAIR && kid->kid_count > 0) {
            const RtValue item =
                kid->kid_count > 1
                    ? rt_flow_get_index(run, kid, value, rt_flow_evaluate(run, kid->kids[1]))
                    : rt_flow_get(run, kid, value, kid->text, kid->hash);
            rt_flow_assign(run, kid->kids[0], item, flags);
        } else if (kid->kind == RT_N_SPREAD && kid->kid_count > 0) {
            rt_flow_assign(run, kid->kids[0], value, flags);
        }
    }
}

void rt_flow_assign(RtRun *run, const RtNode *target, RtValue value, uint16_t flags)
{
    RtValue base;

    if (!rt_flow_tick(run, 1) || run->depth > 1000 || !rt_flow_is_whole(target))
        return;
    run->depth++;
    switch (target->kind) {
    case RT_N_NAME:
        assign_name(run, target, value, flags);
        break;
    case RT_N_MEMBER:
        base = rt_flow_evaluate(run, target->kids[0]);
        rt_flow_set(run, target, base, target->text, target->hash, value);
        break;
    case RT_N_INDEX:
        base = rt_flow_evaluate(run, target->kids[0]);
        rt_flow_set_index(run, target, base, rt_flow_evaluate(run, target->kids[1]), value);
        break;
    case RT_N_SLICE:
        base = rt_flow_evaluate(run, target->kids[0]);
        if (base.kind == RT_V_ARRAY)
            base.array->open = true;
        break;
    case RT_N_ARRAY:
        assign_array(run, target, value, flags);
        break;
    case RT_N_OBJECT:
        assign_object(run, target, value, flags);
        break;
    case RT_N_ASSIGN: /* a target with a default */
        if (value.kind == RT_V_UNDEFINED && target->kids[1]->kind != RT_N_NONE)
            value = rt_flow_evaluate(run, target->kids[1]);
        else if (value.kind == RT_V_UNKNOWN && target->kids[1]->kind != RT_N_NONE)
            value = rt_flow_merge(run, value, rt_flow_evaluate(run, target->kids[1]));
        rt_flow_assign(run, target->kids[0], value,
                       flags | (target->flags & (RT_NODE_DECLARE | RT_NODE_VAR)));
        break;
    default: /* a hole, or what is no target */
        break;
    }
    run->depth--;
}

static RtStr first_part(RtStr module)
{
    const size_t dot = rt_str_find_byte(module, '.');

    return dot == RT_NOT_FOUND ? module : rt_str_sub(module, 0, dot);
}

/* ".a.b" -> "./a/b", "..a" -> "../a", "a.b" -> "./a/b" */
static RtStr python_path(RtRun *run, RtStr module)
{
    RtText path = { .arena = run->arena, .limit = 4096 };
    size_t dots = 0;

    while (dots < module.len && module.at[dots] == '.')
        dots++;
    rt_text_add(&path, RT_STR("./"));
    for (size_t i = 1; i < dots; i++)
        rt_text_add(&path, RT_STR("../"));
    for (size_t i = dots; i < module.len; i++)
        rt_text_byte(&path, module.at[i] == '.' ? '/' : module.at[i]);
    return rt_text_str(&path);
}

static RtFlowModule *python_sibling(RtRun *run, RtStr module)
{
    RtStr path = python_path(run, module);
    const RtLayerId layer = run->frame->module->layer;
    RtFlowModule *found;

    if (module.len > 0 && module.at[0] != '.' && rt_flow_knows_module(run, first_part(module)))
        return NULL;
    found = rt_flow_module(run, layer, path);
    for (unsigned up = 0; !found && up < 2 && module.len > 0 && module.at[0] != '.'; up++) {
        path = rt_str_format(run->arena, "../%.*s", RT_FMT(path));
        found = rt_flow_module(run, layer, path);
    }
    return found;
}

static bool is_path(RtStr module)
{
    return rt_str_starts(module, RT_STR("./")) || rt_str_starts(module, RT_STR("../")) ||
           rt_str_starts(module, RT_STR("/")) || rt_str_equal(module, RT_STR(".")) ||
           rt_str_equal(module, RT_STR(".."));
}

/* The value of a module by the name it is asked for. */
RtValue rt_flow_import_module(RtRun *run, const RtNode *node, RtStr module, bool emit)
{
    RtFlowModule *found = NULL;

    (void)node;
    (void)emit;
    if (run->python) {
        found = python_sibling(run, module);
    } else {
        if (rt_str_starts(module, RT_STR("node:")))
            module = rt_str_from(module, 5);
        if (is_path(module))
            found = rt_flow_module(run, run->frame->module->layer, module);
        if (is_path(module) && !found)
            return RT_UNKNOWN;
    }
    if (found)
        return rt_flow_module_value(run, found);
    if (module.len > 0 && module.at[0] == '.')
        return RT_UNKNOWN;
    return rt_flow_native(run, module);
}

static RtValue imported(RtRun *run, const RtNode *bind, RtValue module, const RtNode *node)
{
    RtValue value;

    if (rt_str_equal(bind->text, RT_STR("*")))
        return module;
    if (!run->python && rt_str_equal(bind->text, RT_STR("default"))) {
        const RtFlowEntry *entry =
            module.kind == RT_V_OBJECT ? rt_flow_own(module.object, bind->text, bind->hash) : NULL;
        return entry ? entry->value : module;
    }
    value = rt_flow_get(run, bind, module, bind->text, bind->hash);
    if (run->python && (value.kind == RT_V_UNKNOWN || value.kind == RT_V_UNDEFINED) &&
        module.kind != RT_V_NATIVE) {
        const bool dotted = node->text.len > 0 && node->text.at[node->text.len - 1] == '.';
        RtFlowModule *sub =
            python_sibling(run, rt_str_format(run->arena, "%.*s%s%.*s", RT_FMT(node->text),
                                              dotted ? "" : ".", RT_FMT(bind->text)));
        if (sub)
            return rt_flow_module_value(run, sub);
    }
    return value;
}

static void import_all(RtRun *run, RtValue module)
{
    const RtFlowMap *map;

    if (module.kind != RT_V_OBJECT)
        return;
    map = module.object->scope ? &module.object->scope->vars : &module.object->map;
    for (size_t i = 0; i < map->count && i < 4096; i++)
        rt_flow_declare(run, map->entries[i].key, map->entries[i].hash, map->entries[i].value, 0);
}

/* from os import * : the names the table knows */
static void import_native_names(RtRun *run, RtValue module)
{
    const RtStr path = module.native->path;

    for (size_t i = 0; i < run->language->api_count; i++) {
        const RtStr entry = rt_str_from_c(run->language->apis[i].path);
        RtStr name;
        if (!rt_str_starts(entry, path) || entry.len <= path.len + 1 || entry.at[path.len] != '.')
            continue;
        name = first_part(rt_str_from(entry, path.len + 1));
        if (rt_str_find_byte(name, '(') != RT_NOT_FOUND ||
            rt_str_find_byte(name, '[') != RT_NOT_FOUND)
            continue;
        rt_flow_declare(run, name, rt_flow_hash(name),
                        rt_flow_native(run, rt_str_sub(entry, 0, path.len + 1 + name.len)), 0);
    }
}

RtValue rt_flow_import(RtRun *run, const RtNode *node)
{
    RtValue module = rt_flow_import_module(run, node, node->text, true);

    for (uint32_t i = 0; i < node->kid_count; i++) {
        const RtNode *bind = node->kids[i];
        if (bind->kind != RT_N_BIND)
            continue;
        if (bind->kid_count == 0) {
            if (run->python && module.kind == RT_V_NATIVE)
                import_native_names(run, module);
            else if (run->python)
                import_all(run, module);
            continue;
        }
        if ((bind->flags & RT_NODE_OPTIONAL) && run->python) /* import a.b: binds a */
            module = rt_flow_import_module(run, node, first_part(node->text), false);
        rt_flow_assign(run, bind->kids[0], imported(run, bind, module, node), RT_NODE_DECLARE);
    }
    return module;
}
