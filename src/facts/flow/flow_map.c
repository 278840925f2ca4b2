/* flow_map.c - ordered maps, arrays, scopes, and origin sets. */
#include "facts/flow/flow_parts.h"

#include <string.h>

enum { FEW = 8, FEW_ENTRIES = 4 };

uint32_t rt_flow_hash(RtStr key) { return (uint32_t)rt_str_hash(key); }

static bool same_key(const RtFlowEntry *entry, RtStr key, uint32_t hash)
{
    return entry->hash == hash && entry->key.len == key.len && !entry->gone &&
           (key.len == 0 || memcmp(entry->key.at, key.at, key.len) == 0);
}

RtFlowEntry *rt_flow_map_find(const RtFlowMap *map, RtStr key, uint32_t hash)
{
    if (!map->slots) {
        for (size_t i = map->count; i-- > 0;)
            if (same_key(&map->entries[i], key, hash))
                return &map->entries[i];
        return NULL;
    }
    for (size_t slot = hash & (map->slot_count - 1); map->slots[slot];
         slot = (slot + 1) & (map->slot_count - 1)) {
        RtFlowEntry *entry = &map->entries[map->slots[slot] - 1];
        if (same_key(entry, key, hash))
            return entry;
    }
    return NULL;
}

static void put_slot(RtFlowMap *map, uint32_t hash, size_t index)
{
    size_t slot = hash & (map->slot_count - 1);

    while (map->slots[slot])
        slot = (slot + 1) & (map->slot_count - 1);
    map->slots[slot] = (uint32_t)index + 1;
}

static void reslot(RtRun *run, RtFlowMap *map)
{
    map->slot_count = map->slot_count ? map->slot_count * 2 : 32;
    map->slots = RT_NEW_ARRAY(run->arena, uint32_t, map->slot_count);
    for (size_t i = 0; i < map->count; i++)
        put_slot(map, map->entries[i].hash, i);
}

RtFlowEntry *rt_flow_map_set(RtRun *run, RtFlowMap *map, RtStr key, uint32_t hash, RtValue value)
{
    RtFlowEntry *entry = rt_flow_map_find(map, key, hash);

    if (entry) {
        rt_flow_store(run, map, entry, value);
        return entry;
    }
    if (map->count >= RT_FLOW_ARRAY_LIMIT) {
        entry = &map->entries[map->count - 1];
        entry->value = value;
        return entry;
    }
    if (map->count == map->capacity) {
        const size_t capacity = map->capacity ? map->capacity * 2 : FEW_ENTRIES;
        RtFlowEntry *entries = RT_NEW_ARRAY(run->arena, RtFlowEntry, capacity);
        if (map->count > 0)
            memcpy(entries, map->entries, map->count * sizeof *entries);
        map->entries = entries;
        map->capacity = capacity;
    }
    map->entries[map->count++] =
        (RtFlowEntry){ .key = key, .hash = hash, .stamp = run->branch_count, .value = value };
    if (map->slots && map->count * 2 <= map->slot_count)
        put_slot(map, hash, map->count - 1);
    else if (map->count > FEW)
        reslot(run, map);
    return &map->entries[map->count - 1];
}

RtFlowBranch rt_flow_branch(RtRun *run)
{
    const RtFlowBranch branch = { run->undo_count, run->branch_start };

    run->branch_start = ++run->branch_count;
    run->weak++;
    return branch;
}

/* The branch around needs to know only of what it has not noted itself: an older value is in its
 * own notes. */
static void leave(RtRun *run, RtFlowBranch branch)
{
    size_t kept = branch.undo_count;

    run->branch_start = branch.branch_start;
    run->weak--;
    for (size_t i = branch.undo_count; run->weak > 0 && i < run->undo_count; i++)
        if (run->undo[i].stamp < run->branch_start)
            run->undo[kept++] = run->undo[i];
    run->undo_count = kept;
}

static void put_back(const RtRun *run, size_t from)
{
    for (size_t i = run->undo_count; i-- > from;) {
        const RtFlowUndo *undo = &run->undo[i];
        undo->map->entries[undo->index].value = undo->value;
        undo->map->entries[undo->index].stamp = undo->stamp;
    }
}

void rt_flow_branch_end(RtRun *run, RtFlowBranch branch, bool keep)
{
    if (!keep)
        put_back(run, branch.undo_count);
    for (size_t i = branch.undo_count; keep && i < run->undo_count; i++) {
        RtFlowEntry *entry = &run->undo[i].map->entries[run->undo[i].index];
        entry->value = rt_flow_merge(run, run->undo[i].value, entry->value);
    }
    leave(run, branch);
}

void rt_flow_branch_aside(RtRun *run, RtFlowBranch branch, RtFlowAside *ret_other)
{
    const size_t count = run->undo_count - branch.undo_count;

    ret_other->count = count;
    ret_other->items = count ? RT_NEW_ARRAY(run->arena, RtFlowUndo, count) : NULL;
    for (size_t i = 0; i < count; i++) {
        RtFlowUndo *item = &ret_other->items[i];
        *item = run->undo[branch.undo_count + i];
        item->value = item->map->entries[item->index].value;
    }
    put_back(run, branch.undo_count);
    leave(run, branch);
}

void rt_flow_branch_join(RtRun *run, const RtFlowAside *other)
{
    for (size_t i = 0; i < other->count; i++) {
        RtFlowEntry *entry = &other->items[i].map->entries[other->items[i].index];
        rt_flow_store(run, other->items[i].map, entry,
                      rt_flow_merge(run, entry->value, other->items[i].value));
    }
}

void rt_flow_store(RtRun *run, RtFlowMap *map, RtFlowEntry *entry, RtValue value)
{
    if (run->weak > 0 && entry->stamp < run->branch_start) {
        RT_PUSH(run->arena, run->undo, run->undo_count, run->undo_capacity) =
            (RtFlowUndo){ .map = map,
                          .index = (uint32_t)(entry - map->entries),
                          .stamp = entry->stamp,
                          .value = entry->value };
        entry->stamp = run->branch_count;
    }
    entry->value = value;
}

RtValue rt_flow_array(RtRun *run, size_t capacity)
{
    RtFlowArray *array = RT_NEW(run->arena, RtFlowArray);

    if (capacity > RT_FLOW_ARRAY_LIMIT)
        capacity = RT_FLOW_ARRAY_LIMIT;
    if (capacity > 0)
        array->items = RT_NEW_ARRAY(run->arena, RtValue, capacity);
    array->capacity = capacity;
    rt_flow_tick(run, capacity / 16);
    return (RtValue){ .kind = RT_V_ARRAY, .array = array };
}

bool rt_flow_push(RtRun *run, RtFlowArray *array, RtValue value)
{
    if (array->count >= RT_FLOW_ARRAY_LIMIT) {
        array->open = true;
        return false;
    }
    rt_flow_tick(run, 1); /* lists of lists of themselves grow exponentially */
    RT_PUSH(run->arena, array->items, array->count, array->capacity) = value;
    return true;
}

RtValue rt_flow_object(RtRun *run)
{
    return (RtValue){ .kind = RT_V_OBJECT, .object = RT_NEW(run->arena, RtFlowObject) };
}

void rt_flow_put(RtRun *run, RtFlowObject *object, const char *key, RtValue value)
{
    const RtStr name = rt_str_from_c(key);

    rt_flow_map_set(run, &object->map, name, rt_flow_hash(name), value);
}

RtFlowScope *rt_flow_scope(RtRun *run, RtFlowScope *parent)
{
    RtFlowScope *scope = run->free_scopes;

    if (scope)
        run->free_scopes = scope->next_free;
    else
        scope = RT_NEW(run->arena, RtFlowScope);
    scope->next_free = NULL;
    scope->parent = parent;
    return scope;
}

/* A scope nothing can have kept serves the next call. */
void rt_flow_scope_done(RtRun *run, RtFlowScope *scope, uint32_t escapes)
{
    if (run->escapes != escapes || scope->vars.slots)
        return;
    scope->vars.count = 0;
    scope->is_function = scope->is_module = scope->is_class = false;
    scope->next_free = run->free_scopes;
    run->free_scopes = scope;
}

static bool contains(const RtFlowOrigins *all, const RtFlowOrigins *some)
{
    uint32_t at = 0;

    for (uint32_t i = 0; i < some->count; i++) {
        while (at < all->count && all->ids[at] < some->ids[i])
            at++;
        if (at == all->count || all->ids[at] != some->ids[i])
            return false;
    }
    return true;
}

static const RtFlowOrigins *merge(RtRun *run, const RtFlowOrigins *a, const RtFlowOrigins *b)
{
    uint32_t ids[2 * RT_FLOW_ORIGINS];
    uint32_t count = 0, i = 0, j = 0;
    RtFlowOrigins *both;

    while (i < a->count || j < b->count) {
        if (j == b->count || (i < a->count && a->ids[i] < b->ids[j]))
            ids[count++] = a->ids[i++];
        else if (i == a->count || b->ids[j] < a->ids[i])
            ids[count++] = b->ids[j++];
        else
            ids[count++] = a->ids[i++], j++;
    }
    if (count > RT_FLOW_ORIGINS)
        count = RT_FLOW_ORIGINS; /* the first sources of a program are its most telling */
    both = rt_arena_take(run->arena, 1, sizeof *both + count * sizeof ids[0]);
    both->count = count;
    memcpy(both->ids, ids, count * sizeof ids[0]);
    return both;
}

const RtFlowOrigins *rt_flow_unite(RtRun *run, const RtFlowOrigins *a, const RtFlowOrigins *b)
{
    size_t slot;

    if (!a || a == b)
        return b;
    if (!b)
        return a;
    slot = (((uintptr_t)a >> 4) * 31 + ((uintptr_t)b >> 4)) % RT_FLOW_UNION_CACHE;
    if (run->union_a[slot] == a && run->union_b[slot] == b)
        return run->union_of[slot];
    run->union_a[slot] = a;
    run->union_b[slot] = b;
    run->union_of[slot] = contains(a, b) ? a : contains(b, a) ? b : merge(run, a, b);
    return run->union_of[slot];
}

const RtFlowOrigins *rt_flow_origin(RtRun *run, uint32_t fact)
{
    RtFlowOrigins *one;

    if (fact == 0)
        return NULL;
    one = rt_arena_take(run->arena, 1, sizeof *one + sizeof one->ids[0]);
    one->count = 1;
    one->ids[0] = fact;
    return one;
}

RtValue rt_flow_with(RtRun *run, RtValue value, const RtFlowOrigins *from)
{
    value.from = rt_flow_unite(run, value.from, from);
    return value;
}

RtValue rt_flow_unknown(const RtFlowOrigins *from)
{
    return (RtValue){ .kind = RT_V_UNKNOWN, .from = from };
}

enum { DEEP_LEVELS = 4, DEEP_ITEMS = 200 };

static const RtFlowOrigins *use(RtRun *run, const RtNode *node, RtValue value)
{
    const RtFlowNative *native = value.native;
    const RtFlowOrigins *from = rt_flow_unite(run, value.from, native->extra);
    RtFlowCall call = { .node = node, .callee = value };
    RtStr args[4];

    from = rt_flow_unite(run, from, native->text.from);
    for (size_t i = 0; i < native->api_count; i++) {
        const RtFlowApi *api = native->apis[i];
        uint32_t fact;
        if (!(api->flags & RT_FLOW_ON_USE))
            continue;
        for (size_t arg = 0; arg < 4; arg++)
            args[arg] = rt_flow_take(run, api->args[arg], &call, RT_STR("*"), RT_UNKNOWN);
        if (api->args[0] && rt_str_equal(rt_str_from_c(api->args[0]), RT_STR("key")))
            args[0] = RT_STR("*");
        fact = rt_flow_fact(run, node, (RtFactKind)api->kind, args, value.from);
        from = rt_flow_unite(run, from, rt_flow_origin(run, fact));
    }
    return from;
}

static const RtFlowOrigins *deep(RtRun *run, const RtNode *node, RtValue value, unsigned level)
{
    const RtFlowOrigins *from = value.from;
    const RtFlowMap *map;

    if (level == 0 || run->deep_left == 0)
        return from;
    run->deep_left--;
    if (value.kind == RT_V_ARRAY) {
        for (size_t i = 0; i < value.array->count && run->deep_left > 0; i++)
            from = rt_flow_unite(run, from, deep(run, node, value.array->items[i], level - 1));
    } else if (value.kind == RT_V_OBJECT && !value.object->global && !value.object->scope) {
        map = &value.object->map;
        from = rt_flow_unite(run, from, value.object->rest);
        for (size_t i = 0; i < map->count && run->deep_left > 0; i++)
            if (map->entries[i].value.kind != RT_V_FUNCTION)
                from = rt_flow_unite(run, from, deep(run, node, map->entries[i].value, level - 1));
        if (value.object->base_native.kind)
            from = rt_flow_unite(run, from, deep(run, node, value.object->base_native, level - 1));
    } else if (value.kind == RT_V_NATIVE) {
        from = use(run, node, value);
    } else if (value.kind == RT_V_BOUND) {
        for (size_t i = 0; i < value.bound->arg_count; i++)
            from = rt_flow_unite(run, from, deep(run, node, value.bound->args[i], level - 1));
    }
    return from;
}

const RtFlowOrigins *rt_flow_deep(RtRun *run, const RtNode *node, RtValue value)
{
    const RtFlowOrigins *from;

    run->deep_left = DEEP_ITEMS;
    from = deep(run, node, value, DEEP_LEVELS);
    rt_flow_tick(run, (DEEP_ITEMS - run->deep_left) / 4);
    return from;
}

const RtFlowOrigins *rt_flow_call_origins(RtRun *run, const RtFlowCall *call)
{
    const RtFlowOrigins *from = call->callee.from;

    /* process.env.hasOwnProperty(x) does not use the environment as a whole; an instance is not its
     * members */
    from = rt_flow_unite(run, from, call->self.from);
    if (call->self.kind == RT_V_NATIVE)
        from = rt_flow_unite(run, from, call->self.native->extra);
    else if (call->self.kind == RT_V_OBJECT)
        from = rt_flow_unite(run, from, call->self.object->rest);
    else if (call->self.kind == RT_V_ARRAY)
        from = rt_flow_unite(run, from, rt_flow_deep(run, call->node, call->self));
    for (size_t i = 0; i < call->count; i++)
        from = rt_flow_unite(run, from, rt_flow_deep(run, call->node, call->args[i]));
    for (size_t i = 0; i < call->named_count; i++)
        from = rt_flow_unite(run, from, rt_flow_deep(run, call->node, call->named[i]));
    return from;
}
