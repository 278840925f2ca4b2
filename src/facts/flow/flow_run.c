/* flow_run.c - a run from start to end.
 *
 * First the file's top level, then what runs at load time without being called (classes a framework
 * starts), then what was handed over for later, then every function nobody called, with unknown
 * arguments: the facts of the last two are deferred. A run has an arena of its own, because values
 * are many and short-lived; what leaves it (facts, layers) is copied to the sink's. When that arena
 * is spent a longjmp ends the run where it stands, and the facts found so far are told. */
#include <string.h>

#include "base/json.h"
#include "facts/flow/flow_parts.h"
#include "facts/flow/tree_build.h"

enum {
    SOFT_STEPS = 3000000,
    PATIENT_STEPS = 12000000,  /* RtFlowLanguage.patient */
    SOFT_STEPS_PLAIN = 100000, /* when nothing in the file asks for decoding */
    SOFT_STEPS_SOME = 400000,  /* more, when something might */
    STEPS_PER_BYTE = 3,
    ARENA_LIMIT = 96 << 20,
    ARENA_SLACK = 24 << 20,
    TREE_BYTES = 96 << 20,
    MODULE_BYTES = 256 << 10,
    SMALL_MODULE_BYTES = 4 << 10,
    EVAL_DEPTH = 3,
    FACT_SLOTS = 1 << 12,
    BLIND_ROUNDS = 100000,
    FIRST_SLOTS = 512,
};

/* ---- tables ---- */

static RtFlowTableSlot *find_slot(const RtFlowTable *table, RtStr key, uint32_t hash)
{
    size_t at = hash & table->mask;

    while (table->slots[at].value) {
        const RtFlowTableSlot *slot = &table->slots[at];
        if (slot->hash == hash && slot->key.len == key.len &&
            (key.len == 0 ? slot->key.at == key.at : memcmp(slot->key.at, key.at, key.len) == 0))
            return &table->slots[at];
        at = (at + 1) & table->mask;
    }
    return &table->slots[at];
}

void *rt_flow_table_get(const RtFlowTable *table, RtStr key, uint32_t hash)
{
    return table->slots ? (void *)(uintptr_t)find_slot(table, key, hash)->value : NULL;
}

void rt_flow_table_put(RtRun *run, RtFlowTable *table, RtStr key, uint32_t hash, const void *value)
{
    if (!table->slots || table->count * 2 > table->mask) {
        const RtFlowTable old = *table;
        const size_t count = old.slots ? (old.mask + 1) * 2 : FIRST_SLOTS;
        table->slots = RT_NEW_ARRAY(run->arena, RtFlowTableSlot, count);
        table->mask = count - 1;
        for (size_t i = 0; old.slots && i <= old.mask; i++)
            if (old.slots[i].value)
                *find_slot(table, old.slots[i].key, old.slots[i].hash) = old.slots[i];
    }
    RtFlowTableSlot *slot = find_slot(table, key, hash);
    table->count += slot->value == NULL;
    *slot = (RtFlowTableSlot){ .hash = hash, .key = key, .value = value };
}

RtFlowCode *rt_flow_code(RtRun *run, const RtNode *node)
{
    const RtStr key = { (const uint8_t *)node, 0 };
    const uint32_t hash = (uint32_t)((uintptr_t)node >> 4) * 2654435761u;
    RtFlowCode *code = rt_flow_table_get(&run->codes, key, hash);

    if (!code) {
        code = RT_NEW(run->arena, RtFlowCode);
        rt_flow_table_put(run, &run->codes, key, hash, code);
    }
    return code;
}

/* ---- budget ---- */

bool rt_flow_tick(RtRun *run, uint64_t steps)
{
    const uint64_t before = run->steps;

    run->steps += steps;
    if ((before ^ run->steps) >> 12) {
        if (run->steps > run->soft_limit)
            run->spent = true;
        if (run->steps > run->hard_limit || run->sink->ms_left(run->sink) == 0 ||
            rt_arena_used(run->arena) + ARENA_SLACK > run->arena_limit)
            run->stopped = true;
    }
    return !run->stopped;
}

static void arena_full(void *ctx)
{
    RtRun *run = ctx;

    longjmp(run->out, 1);
}

/* ---- modules ---- */

static RtStr base_name(RtStr path)
{
    const size_t slash = rt_str_rfind_byte(path, '/');

    return slash == RT_NOT_FOUND ? path : rt_str_from(path, slash + 1);
}

static RtFlowModule *new_module(RtRun *run, RtLayerId id, const RtNode *root, RtStr source,
                                RtStr name)
{
    RtFlowModule *module = RT_NEW(run->arena, RtFlowModule);
    RtFlowMap *vars;
    RtValue exports;

    module->layer = id;
    module->root = root;
    module->source = source;
    module->scope = rt_flow_scope(run, NULL);
    module->scope->is_module = true;
    module->scope->is_function = true;
    vars = &module->scope->vars;
    name = rt_str_format(run->arena, "./%.*s", RT_FMT(base_name(name)));
    if (run->python) {
        module->exports = rt_flow_scope_object(run, module->scope);
        rt_flow_map_set(run, vars, RT_STR("__file__"), rt_flow_hash(RT_STR("__file__")),
                        rt_flow_text(run, name));
        return module;
    }
    exports = rt_flow_object(run);
    module->holder = rt_flow_object(run).object;
    module->holder->open = true;
    rt_flow_put(run, module->holder, "exports", exports);
    rt_flow_put(run, module->holder, "require", rt_flow_native_c(run, "require"));
    rt_flow_put(run, module->holder, "constructor", rt_flow_native_c(run, "module"));
    const struct {
        const char *name;
        RtValue value;
    } given[] = {
        { "module", { .kind = RT_V_OBJECT, .object = module->holder } },
        { "exports", exports },
        { "__dirname", rt_flow_text(run, RT_STR(".")) },
        { "__filename", rt_flow_text(run, name) },
    };
    for (size_t i = 0; i < RT_COUNT(given); i++) {
        const RtStr key = rt_str_from_c(given[i].name);
        rt_flow_map_set(run, vars, key, rt_flow_hash(key), given[i].value);
    }
    module->exports = exports;
    return module;
}

RtValue rt_flow_module_value(RtRun *run, RtFlowModule *module)
{
    const RtStr exports = RT_STR("exports");
    const RtFlowEntry *entry;

    if (!module->holder)
        return module->exports;
    entry = rt_flow_map_find(&module->holder->map, exports, rt_flow_hash(exports));
    (void)run;
    return entry ? entry->value : module->exports;
}

static void run_module(RtRun *run, RtFlowModule *module)
{
    RtFlowFrame frame = { .up = run->frame, .module = module, .scope = module->scope };
    const uint32_t depth = run->depth, inplace = run->inplace;

    frame.self = run->python ? RT_UNKNOWN : module->exports;
    run->frame = &frame;
    rt_flow_hoist(run, module->root, module->root->kids, module->root->kid_count);
    rt_flow_execute_block(run, module->root->kids, module->root->kid_count);
    run->has_thrown = false;
    run->frame = frame.up;
    run->depth = depth;
    run->inplace = inplace;
}

static RtValue json_module(RtRun *run, RtStr source);

/* A sibling costs a parse, and big packages import all of themselves from everywhere: it is
 * followed when its words and those of the file that runs are the two halves of something (one
 * obtains, the other acts; one holds what is secret, the other sends), and at first when it is so
 * small that it holds names and addresses or hands on what others hold. Without a first pass (no
 * interest known) everything is followed. */
static bool worth_following(const RtRun *run, const RtLayer *layer)
{
    const uint32_t obtains =
        RT_ASKS_NET | RT_ASKS_DECODE | RT_ASKS_CHAIN | RT_ASKS_HOST | RT_ASKS_BLOB | RT_ASKS_LONG;
    const uint32_t acts = RT_ASKS_EVAL | RT_ASKS_PROC, takes = RT_ASKS_SECRET | RT_ASKS_ENV;
    const uint32_t sends = RT_ASKS_NET | RT_ASKS_HOST;
    const RtLayer *asker = run->sink->get_layer(run->sink, run->main->layer);
    uint32_t own, other = layer->interest;
    if (!asker || asker->interest == 0 ||
        (run->python && rt_str_ends(asker->name, RT_STR("setup.py"))))
        return true; /* a set-up file acts by calling others, whatever its own words are */
    own = asker->interest;
    if (((own & acts) && (other & obtains)) || ((own & obtains) && (other & acts)) ||
        ((own & takes) && (other & sends)) || ((own & sends) && (other & takes)))
        return true;
    return run->module_count < 4 && layer->bytes.len <= SMALL_MODULE_BYTES &&
           (own & (acts | sends | takes)) != 0;
}

/* The tree of a file another one imports: kept by the sink when it was made before. */
static const RtTree *sibling_tree(RtRun *run, RtLayerId id, const RtLayer *layer)
{
    RtSink *sink = run->sink;
    const RtTree *tree = sink->recall ? sink->recall(sink, id, run->language->name) : NULL;
    RtArena *arena;

    if (tree)
        return tree;
    if (!sink->keep)
        return run->language->lower(run->arena, id, layer->name, layer->bytes);
    arena = rt_arena_open(TREE_BYTES, arena_full, run);
    run->trees[run->tree_count++] = arena;
    tree = run->language->lower(arena, id, layer->name, layer->bytes);
    if (tree == NULL || sink->keep(sink, id, run->language->name, tree, arena))
        run->tree_count--;
    if (tree == NULL)
        rt_arena_close(arena);
    return tree;
}

RtFlowModule *rt_flow_module(RtRun *run, RtLayerId from, RtStr path)
{
    const RtLayerId id = from ? run->sink->find(run->sink, from, path) : 0;
    const RtLayer *layer = id ? run->sink->get_layer(run->sink, id) : NULL;
    RtFlowModule *module;
    const RtTree *tree;
    RtStr source, name;

    if (!layer)
        return NULL;
    for (size_t i = 0; i < run->module_count; i++)
        if (run->modules[i]->layer == id)
            return run->modules[i];
    source = layer->bytes;
    name = layer->name;
    if (run->module_count >= RT_FLOW_MODULES || run->module_bytes + source.len > MODULE_BYTES ||
        run->spent || run->calls > 20 || !worth_following(run, layer))
        return NULL;
    run->module_bytes += source.len;
    if (rt_str_ends_nocase(name, RT_STR(".json"))) {
        module = new_module(run, id, rt_node_none(), source, name);
        if (module->holder)
            rt_flow_put(run, module->holder, "exports", json_module(run, source));
        module->foreign = true;
        RT_PUSH(run->arena, run->modules, run->module_count, run->module_capacity) = module;
        return module;
    }
    tree = sibling_tree(run, id, layer);
    if (!tree)
        return NULL;
    module = new_module(run, id, tree->root, source, name);
    module->foreign = true;
    RT_PUSH(run->arena, run->modules, run->module_count, run->module_capacity) = module;
    run_module(run, module);
    return module;
}

static RtValue json_module(RtRun *run, RtStr source)
{
    RtJsonOptions options = { .lenient = true };

    return rt_flow_from_json(run, rt_json_read(run->arena, source, &options));
}

/* Runs code that became text, in the scope of whoever evaluates it. */
RtValue rt_flow_eval_text(RtRun *run, RtStr code, RtLayerId layer, const RtNode *span)
{
    RtFlowModule *module;
    RtFlowFrame frame = *run->frame;
    const RtTree *tree;
    const RtValue outer = run->completion;
    RtValue value;

    if (run->inplace >= EVAL_DEPTH || !run->language->lower)
        return RT_UNKNOWN;
    tree = run->language->lower(run->arena, layer, RT_STR(""), code);
    if (!tree)
        return RT_UNKNOWN;
    module = RT_NEW(run->arena, RtFlowModule);
    *module = *run->frame->module;
    module->root = tree->root;
    module->source = code;
    module->layer = layer ? layer : run->frame->module->layer;
    module->fixed_span = layer == 0;
    module->span = span;
    frame.up = run->frame;
    frame.module = module;
    frame.has_returned = false;
    run->frame = &frame;
    run->inplace++;
    run->completion = RT_UNKNOWN;
    rt_flow_execute_block(run, tree->root->kids, tree->root->kid_count);
    value = run->completion;
    run->completion = outer;
    run->inplace--;
    run->frame = frame.up;
    return value;
}

/* ---- the phases of a run ---- */

static RtStr native_path(const RtFlowClass *type)
{
    for (unsigned depth = 0; type && depth < 32; depth++) {
        if (type->base.kind == RT_V_NATIVE)
            return type->base.native->path;
        type = type->base.kind == RT_V_CLASS ? type->base.type : NULL;
    }
    return (RtStr){ 0 };
}

static void run_started_classes(RtRun *run)
{
    for (size_t i = 0; i < run->type_count && !run->stopped && run->language->runs_at_load; i++) {
        RtFlowClass *type = run->types[i];
        const RtStr base = native_path(type);
        for (size_t at = 0; base.len > 0 && at < type->methods.count; at++) {
            const RtFlowEntry *entry = &type->methods.entries[at];
            if (entry->value.kind == RT_V_FUNCTION && entry->value.function->code->runs == 0 &&
                run->language->runs_at_load(base, entry->key))
                rt_flow_run_blind(run, entry->value.function);
        }
    }
}

static void run_later(RtRun *run)
{
    for (size_t i = 0; i < run->later_count && !run->stopped; i++) {
        RtFlowLater *item = &run->later[i];
        RtFlowFrame frame = { .module = item->module, .scope = item->module->scope };
        if (item->callee.kind == RT_V_FUNCTION && item->callee.function->code->runs > 2)
            continue;
        run->frame = &frame;
        const RtFlowBranch branch = rt_flow_branch(run);
        rt_flow_call_with(run, item->node, item->callee, RT_UNKNOWN, item->args, item->count);
        rt_flow_branch_end(run, branch, true);
        run->has_thrown = false;
    }
}

static bool is_ours(const RtRun *run, const RtFlowFunction *function)
{
    return !function->module->foreign && function->module->layer == run->main->layer;
}

static void run_uncalled(RtRun *run)
{
    for (size_t i = 0; i < run->function_count && i < BLIND_ROUNDS && !run->stopped; i++) {
        RtFlowFunction *function = run->functions[i];
        const RtStr constructor = run->python ? RT_STR("__init__") : RT_STR("constructor");
        if (function->code->runs > 0 || !is_ours(run, function))
            continue;
        if (function->owner) { /* what a constructor leaves in `this` is what the methods find */
            RtFlowFunction *first =
                rt_flow_class_method(function->owner, constructor, rt_flow_hash(constructor));
            if (first && first->code->runs == 0)
                rt_flow_run_blind(run, first);
        }
        if (function->code->runs == 0)
            rt_flow_run_blind(run, function);
    }
}

static void run_all(RtRun *run)
{
    RtFlowBranch branch;

    run_module(run, run->main);
    run_started_classes(run);
    run->deferred = 1;
    run->depth = run->calls = 0;
    branch = rt_flow_branch(run);
    run_later(run);
    rt_flow_branch_end(run, branch, true);
    run_uncalled(run);
    rt_flow_run_handlers(run); /* last: what they do to the program's state must mislead nobody */
}

/* What a file may cost depends on what the first pass saw in it. A layer it did not look at gets
 * all. */
static uint64_t soft_limit(const RtLayer *layer, size_t bytes)
{
    const uint32_t hides = RT_ASKS_DECODE | RT_ASKS_BLOB | RT_ASKS_LONG | RT_ASKS_HIDDEN;
    const uint32_t interest = layer ? layer->interest : 0;
    uint64_t limit = SOFT_STEPS_PLAIN + (uint64_t)bytes * STEPS_PER_BYTE;

    if (interest == 0 || (interest & RT_ASKS_OBFUSCATED) ||
        ((interest & RT_ASKS_EVAL) && (interest & hides)))
        return SOFT_STEPS;
    if (interest & (RT_ASKS_EVAL | hides))
        limit += SOFT_STEPS_SOME;
    return limit < SOFT_STEPS ? limit : SOFT_STEPS;
}

void rt_flow_run(const RtFlowLanguage *language, const RtTree *tree, RtSink *sink)
{
    RtRun first = { .language = language,
                    .sink = sink,
                    .python = language->dialect == RT_FLOW_PYTHON };
    const RtLayer *layer = sink->get_layer(sink, tree->layer);
    RtRun *run;

    first.arena_limit = ARENA_LIMIT;
    RT_ARENA arena = rt_arena_open(ARENA_LIMIT, arena_full, &first);
    first.arena = arena;
    run = &first;
    run->soft_limit = language->patient ? PATIENT_STEPS : soft_limit(layer, tree->source.len);
    run->hard_limit = run->soft_limit * 2 + (uint64_t)tree->source.len * 8;
    run->fact_slots = RT_NEW_ARRAY(arena, uint32_t, FACT_SLOTS);
    if (setjmp(run->out) == 0) {
        rt_flow_bind_tables(run);
        run->global = rt_flow_object(run).object;
        run->global->global = true;
        run->global->open = true;
        run->main = new_module(run, tree->layer, tree->root, tree->source,
                               layer ? layer->name : (RtStr){ 0 });
        RT_PUSH(arena, run->modules, run->module_count, run->module_capacity) = run->main;
        run_all(run);
    } else {
        run->stopped = true;
    }
    run->frame = NULL;
    run->arena = sink->arena; /* the run's own may be spent */
    if (run->stopped)
        rt_sink_anomaly(sink, tree->layer, RT_STR("flow-limit"), (RtStr){ 0 });
    rt_flow_emit(run);
    while (run->tree_count > 0)
        rt_arena_close(run->trees[--run->tree_count]);
}
