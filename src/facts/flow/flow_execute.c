/* flow_execute.c - statements. What is known to be true or false is obeyed; what is not is tried
 * both ways, and a loop nobody can count runs twice. */
#include "facts/flow/flow_parts.h"

enum {
    BLIND_TURNS = 2,    /* turns of a loop of unknown length */
    LISTED_TURNS = 64,  /* turns over a known list that call what we do not know */
    COUNTED_TURNS = 12, /* the same for a counted loop */
    ENDLESS_TURNS = 3,  /* and for while (true) */
    ELSE_IFS = 4096,
};

static bool hoists(const RtNode *node)
{
    return (node->kind == RT_N_FUNCTION && node->text.len > 0 && !(node->flags & RT_NODE_ARROW)) ||
           (node->kind == RT_N_EXPORT && node->kid_count > 0 &&
            node->kids[0]->kind == RT_N_FUNCTION && node->kids[0]->text.len > 0);
}

typedef struct {
    RtRun *run;
    const RtNode **items;
    size_t count, capacity;
    uint32_t depth;
} VarScan;

/* Names that var declares anywhere in a function but not in the functions inside. */
static void scan_vars(VarScan *scan, const RtNode *node)
{
    if (node->kind == RT_N_FUNCTION || node->kind == RT_N_CLASS || scan->depth > 200)
        return;
    if (node->kind == RT_N_ASSIGN && (node->flags & RT_NODE_VAR) && node->kid_count > 0 &&
        node->kids[0]->kind == RT_N_NAME)
        RT_PUSH(scan->run->arena, scan->items, scan->count, scan->capacity) = node->kids[0];
    scan->depth++;
    for (uint32_t i = 0; i < node->kid_count; i++)
        scan_vars(scan, node->kids[i]);
    scan->depth--;
}

void rt_flow_hoist(RtRun *run, const RtNode *body, const RtNode *const *kids, size_t count)
{
    RtFlowCode *code = rt_flow_code(run, body);
    RtFlowMap *vars = &run->frame->scope->vars;

    if (!code->scanned && !run->python) {
        VarScan scan = { .run = run };
        for (size_t i = 0; i < count; i++)
            scan_vars(&scan, kids[i]);
        code->vars = scan.items;
        code->var_count = scan.count;
        code->scanned = true;
    }
    for (size_t i = 0; i < code->var_count; i++)
        if (!rt_flow_map_find(vars, code->vars[i]->text, code->vars[i]->hash))
            rt_flow_map_set(run, vars, code->vars[i]->text, code->vars[i]->hash, RT_UNDEFINED);
}

static void declare_functions(RtRun *run, const RtNode *const *kids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const RtNode *node =
            kids[i]->kind == RT_N_EXPORT && kids[i]->kid_count > 0 ? kids[i]->kids[0] : kids[i];
        if (hoists(kids[i]))
            rt_flow_declare(run, node->text, node->hash, rt_flow_make_function(run, node), 0);
    }
}

RtFlowEnd rt_flow_execute_block(RtRun *run, const RtNode *const *kids, size_t count)
{
    if (!run->python)
        declare_functions(run, kids, count);
    for (size_t i = 0; i < count; i++) {
        RtFlowEnd end;
        if (run->stopped)
            return RT_END_NONE;
        end = rt_flow_execute(run, kids[i]);
        if (end == RT_END_THROW && !run->frame->function && run->frame->scope->is_module) {
            run->has_thrown = false; /* what throws at the top may throw by our mistake: go on */
            continue;
        }
        if (end != RT_END_NONE)
            return end;
    }
    return RT_END_NONE;
}

static RtFlowScope *open_scope(RtRun *run)
{
    RtFlowScope *outer = run->frame->scope;

    if (!run->python)
        run->frame->scope = rt_flow_scope(run, outer);
    return outer;
}

static void close_scope(RtRun *run, RtFlowScope *outer, uint32_t escapes)
{
    if (run->frame->scope != outer)
        rt_flow_scope_done(run, run->frame->scope, escapes);
    run->frame->scope = outer;
}

static RtFlowEnd block(RtRun *run, const RtNode *node)
{
    const uint32_t escapes = run->escapes;
    RtFlowScope *outer = node->flags & RT_NODE_SCOPE ? open_scope(run) : run->frame->scope;
    const RtFlowEnd end = rt_flow_execute_block(run, node->kids, node->kid_count);

    close_scope(run, outer, escapes);
    return end;
}

static RtStr constant_of(const RtNode *condition, unsigned depth)
{
    RtStr text = { 0 };

    if (condition->kind == RT_N_STRING)
        return condition->text;
    for (uint32_t i = 0; depth > 0 && text.len == 0 && i < condition->kid_count; i++)
        if (condition->kids[i]->kind != RT_N_FUNCTION)
            text = constant_of(condition->kids[i], depth - 1);
    return text;
}

/* A branch that depends on the machine it runs on. */
static void note_guard(RtRun *run, const RtNode *node, RtValue condition)
{
    const uint64_t machine = 1ull << RT_FACT_HOST_INFO | 1ull << RT_FACT_ENV_READ;

    for (uint32_t i = 0; condition.from && i < condition.from->count; i++) {
        const RtFlowFact *fact = &run->facts[condition.from->ids[i]];
        if (!(machine >> fact->kind & 1))
            continue;
        rt_flow_fact2(run, node, RT_FACT_GUARD, fact->args[0], constant_of(node, 4),
                      condition.from);
        return;
    }
}

/* Ends a branch that may not have happened. */
static RtFlowEnd settle(RtRun *run, RtFlowEnd end)
{
    if (end == RT_END_BREAK || end == RT_END_CONTINUE)
        run->frame->maybe_left++;
    if (end == RT_END_THROW)
        run->has_thrown = false;
    return end;
}

static RtFlowEnd both_ways(RtRun *run, const RtNode *then, const RtNode *otherwise)
{
    RtFlowBranch branch = rt_flow_branch(run);
    RtFlowAside aside = { 0 };
    const RtFlowEnd first = settle(run, rt_flow_execute(run, then));
    const bool left = first == RT_END_RETURN || first == RT_END_THROW;
    RtFlowEnd second;

    if (left)
        rt_flow_branch_end(run, branch, false);
    else
        rt_flow_branch_aside(run, branch, &aside);
    branch = rt_flow_branch(run);
    second = settle(run, rt_flow_execute(run, otherwise));
    if (second == RT_END_RETURN || second == RT_END_THROW) {
        rt_flow_branch_end(run, branch, false);
        if (left) {
            run->has_thrown = first == RT_END_THROW && second == RT_END_THROW;
            return first == second ? first : RT_END_RETURN;
        }
    } else {
        rt_flow_branch_end(run, branch, true);
    }
    rt_flow_branch_join(run, &aside);
    return first == second ? first : RT_END_NONE;
}

static RtFlowEnd if_statement(RtRun *run, const RtNode *node)
{
    for (unsigned turn = 0; turn < ELSE_IFS; turn++) {
        RtValue condition;
        RtFlowTruth truth;
        RtFlowEnd end;
        if (node->flags & RT_NODE_MAIN_GUARD) { /* runs only when somebody starts the file itself */
            run->deferred++;
            end = rt_flow_execute(run, node->kids[1]);
            run->deferred--;
            if (end == RT_END_THROW)
                run->has_thrown = false;
            return RT_END_NONE;
        }
        condition = rt_flow_evaluate(run, node->kids[0]);
        if (run->has_thrown)
            return RT_END_THROW;
        truth = rt_flow_truth(run, condition);
        if (truth == RT_IS_UNSURE) {
            note_guard(run, node->kids[0], condition);
            return both_ways(run, node->kids[1], node->kids[2]);
        }
        if (truth == RT_IS_TRUE)
            return rt_flow_execute(run, node->kids[1]);
        if (node->kids[2]->kind != RT_N_IF)
            return rt_flow_execute(run, node->kids[2]);
        node = node->kids[2];
    }
    return RT_END_NONE;
}

/* A body nobody knows how often it runs. */
static RtFlowEnd blind_body(RtRun *run, const RtNode *body, const RtNode *step)
{
    RtFlowBranch branch = rt_flow_branch(run);
    RtFlowEnd end = RT_END_NONE;

    for (unsigned turn = 0; turn < BLIND_TURNS; turn++) {
        end = rt_flow_execute(run, body);
        if (end != RT_END_NONE && end != RT_END_CONTINUE)
            break;
        if (step)
            rt_flow_evaluate(run, step);
    }
    settle(run, end);
    rt_flow_branch_end(run, branch, true);
    return RT_END_NONE;
}

typedef struct {
    uint32_t turns, left_turns, outside_turns, outside, left;
} Watch;

static void watch_start(const RtRun *run, Watch *watch)
{
    watch->outside = run->outside;
    watch->left = run->frame->maybe_left;
}

/* False: the loop has shown what it does. */
static bool watch_turn(const RtRun *run, Watch *watch, uint32_t limit)
{
    watch->turns++;
    watch->outside_turns += run->outside != watch->outside;
    watch->left_turns += run->frame->maybe_left != watch->left;
    watch_start(run, watch);
    return !run->spent && !run->stopped && watch->left_turns < BLIND_TURNS &&
           watch->outside_turns < limit;
}

static RtFlowEnd loop(RtRun *run, const RtNode *node)
{
    const RtNode *condition = node->kids[1], *step = node->kids[2], *body = node->kids[3];
    const bool endless = condition->kind == RT_N_NONE || condition->kind == RT_N_BOOL ||
                         condition->kind == RT_N_NUMBER;
    bool first = node->flags & RT_NODE_DO_FIRST;
    Watch watch = { 0 };

    watch_start(run, &watch);
    for (;;) {
        RtFlowTruth truth = RT_IS_TRUE;
        RtFlowEnd end;
        if (!first && condition->kind != RT_N_NONE)
            truth = rt_flow_truth(run, rt_flow_evaluate(run, condition));
        first = false;
        if (run->has_thrown)
            return RT_END_THROW;
        if (truth == RT_IS_FALSE)
            return RT_END_NONE;
        if (truth == RT_IS_UNSURE)
            return blind_body(run, body, step->kind == RT_N_NONE ? NULL : step);
        end = rt_flow_execute(run, body);
        if (end == RT_END_BREAK)
            return RT_END_NONE;
        if (end == RT_END_RETURN || end == RT_END_THROW)
            return end;
        if (step->kind != RT_N_NONE)
            rt_flow_evaluate(run, step);
        if (!watch_turn(run, &watch, endless ? ENDLESS_TURNS : COUNTED_TURNS))
            return RT_END_NONE;
    }
}

static RtFlowEnd for_statement(RtRun *run, const RtNode *node)
{
    RtFlowScope *outer = run->frame->scope;
    RtFlowEnd end;

    if (node->kids[0]->kind != RT_N_NONE) {
        if (!run->python)
            run->frame->scope = rt_flow_scope(run, outer);
        rt_flow_execute(run, node->kids[0]);
    }
    end = loop(run, node);
    run->frame->scope = outer;
    return end;
}

static void bind_target(RtRun *run, const RtNode *target, RtValue item)
{
    uint16_t flags = run->python ? RT_NODE_DECLARE : 0;

    if (target->kind == RT_N_ASSIGN) {
        flags |= target->flags & (RT_NODE_DECLARE | RT_NODE_VAR);
        target = target->kids[0];
    }
    rt_flow_assign(run, target, item, flags);
}

static RtFlowEnd for_each(RtRun *run, const RtNode *node)
{
    const RtValue over = rt_flow_evaluate(run, node->kids[1]);
    RtFlowArray *items = rt_flow_elements(run, node, over, node->flags & RT_NODE_KEYS);
    const RtFlowOrigins *from = items->open ? rt_flow_deep(run, node->kids[1], over) : over.from;
    RtFlowScope *outer = run->frame->scope;
    RtFlowEnd end = RT_END_NONE;
    uint32_t escapes;
    RtFlowBranch branch;
    Watch watch = { 0 };

    watch_start(run, &watch);
    for (size_t i = 0; i < items->count; i++) {
        escapes = run->escapes;
        open_scope(run);
        bind_target(run, node->kids[0], rt_flow_with(run, items->items[i], from));
        end = rt_flow_execute(run, node->kids[2]);
        close_scope(run, outer, escapes);
        if (end == RT_END_BREAK)
            return RT_END_NONE;
        if (end == RT_END_RETURN || end == RT_END_THROW)
            return end;
        if (!watch_turn(run, &watch, LISTED_TURNS))
            return RT_END_NONE;
    }
    if (!items->open)
        return RT_END_NONE;
    open_scope(run);
    branch = rt_flow_branch(run);
    for (unsigned turn = 0; turn < BLIND_TURNS; turn++) {
        bind_target(run, node->kids[0], rt_flow_unknown(from));
        end = rt_flow_execute(run, node->kids[2]);
        if (end != RT_END_NONE && end != RT_END_CONTINUE)
            break;
    }
    settle(run, end);
    rt_flow_branch_end(run, branch, true);
    run->frame->scope = outer;
    return RT_END_NONE;
}

static RtFlowEnd run_cases(RtRun *run, const RtNode *node, uint32_t from)
{
    for (uint32_t i = from; i < node->kid_count; i++) {
        const RtNode *one = node->kids[i];
        const RtFlowEnd end = one->kid_count > 1
                                  ? rt_flow_execute_block(run, one->kids + 1, one->kid_count - 1)
                                  : RT_END_NONE;
        if (end == RT_END_BREAK)
            return RT_END_NONE;
        if (end != RT_END_NONE || run->python)
            return end;
    }
    return RT_END_NONE;
}

static RtFlowEnd any_case(RtRun *run, const RtNode *node)
{
    for (uint32_t i = 1; i < node->kid_count; i++) {
        const RtNode *one = node->kids[i];
        RtFlowBranch branch = rt_flow_branch(run);
        RtFlowEnd end = one->kid_count > 1
                            ? rt_flow_execute_block(run, one->kids + 1, one->kid_count - 1)
                            : RT_END_NONE;
        if (end == RT_END_BREAK)
            end = RT_END_NONE;
        settle(run, end);
        rt_flow_branch_end(run, branch, end != RT_END_RETURN && end != RT_END_THROW);
    }
    return RT_END_NONE;
}

static RtFlowEnd switch_statement(RtRun *run, const RtNode *node)
{
    const RtValue value = rt_flow_evaluate(run, node->kids[0]);
    RtFlowScope *outer = run->frame->scope;
    const uint32_t escapes = run->escapes;
    uint32_t otherwise = 0, match = 0;
    bool unsure = !rt_flow_known(value);
    RtFlowEnd end;

    for (uint32_t i = 1; i < node->kid_count && !match && !unsure; i++) {
        const RtNode *test = node->kids[i]->kid_count > 0 ? node->kids[i]->kids[0] : NULL;
        RtFlowTruth same;
        if (!test || test->kind == RT_N_NONE) {
            otherwise = i;
            continue;
        }
        same = rt_flow_equal(run, value, rt_flow_evaluate(run, test), true);
        unsure = same == RT_IS_UNSURE;
        match = same == RT_IS_TRUE ? i : 0;
    }
    if (unsure)
        note_guard(run, node->kids[0], value);
    open_scope(run);
    end = unsure              ? any_case(run, node)
          : match + otherwise ? run_cases(run, node, match ? match : otherwise)
                              : RT_END_NONE;
    close_scope(run, outer, escapes);
    return end;
}

/* What an error may carry: the answers that were waited for (loaders hide code in
 * err.response.data). */
static const RtFlowOrigins *error_origins(RtRun *run, size_t facts_before)
{
    const uint64_t answers =
        1ull << RT_FACT_NET_REQUEST | 1ull << RT_FACT_NET_CONNECT | 1ull << RT_FACT_PROC_EXEC;
    const RtFlowOrigins *from = NULL;

    for (size_t i = facts_before ? facts_before : 1; i < run->fact_count; i++)
        if (answers >> run->facts[i].kind & 1)
            from = rt_flow_unite(run, from, rt_flow_origin(run, (uint32_t)i));
    return from;
}

static RtFlowEnd handler(RtRun *run, const RtNode *node, RtValue error)
{
    const uint32_t escapes = run->escapes;
    RtFlowScope *outer = open_scope(run);
    RtFlowEnd end;

    rt_flow_code(run, node)->runs++;
    if (node->kids[1]->kind != RT_N_NONE)
        rt_flow_assign(run, node->kids[1], error, RT_NODE_DECLARE);
    end = rt_flow_execute(run, node->kids[2]);
    close_scope(run, outer, escapes);
    return end;
}

/* A body that called nothing strange threw nothing: its handler must not touch what the program
 * computes (string tables are turned in `try … catch`), but what it does is still worth knowing,
 * later. */
static void put_off_handler(RtRun *run, const RtNode *node)
{
    RtFlowCode *code = rt_flow_code(run, node);

    if (code->queued || node->kids[2]->kind == RT_N_NONE || node->kids[2]->kid_count == 0)
        return;
    code->queued = true;
    run->escapes++;
    RT_PUSH(run->arena, run->handlers, run->handler_count, run->handler_capacity) =
        (RtFlowHandler){ .node = node, .frame = *run->frame, .deferred = run->deferred > 0 };
}

void rt_flow_run_handlers(RtRun *run)
{
    RtFlowFrame *outer = run->frame;
    const uint32_t deferred = run->deferred;

    for (size_t i = 0; i < run->handler_count && !run->stopped; i++) {
        RtFlowFrame frame = run->handlers[i].frame;
        RtFlowBranch branch;
        if (rt_flow_code(run, run->handlers[i].node)->runs > 0)
            continue;
        frame.up = NULL;
        frame.call = NULL;
        run->frame = &frame;
        run->deferred = run->handlers[i].deferred;
        branch = rt_flow_branch(run);
        handler(run, run->handlers[i].node, RT_UNKNOWN);
        rt_flow_branch_end(run, branch, true);
        run->has_thrown = false;
    }
    run->handler_count = 0;
    run->frame = outer;
    run->deferred = deferred;
}

static RtFlowEnd try_statement(RtRun *run, const RtNode *node)
{
    const size_t facts_before = run->fact_count;
    const uint32_t outside = run->outside, left = run->frame->maybe_left;
    RtFlowEnd end = rt_flow_execute(run, node->kids[0]), last;
    const RtFlowOrigins *from = error_origins(run, facts_before);

    if (end == RT_END_THROW) {
        const RtValue thrown = run->thrown;
        run->has_thrown = false;
        end = node->kids[2]->kind == RT_N_NONE
                  ? RT_END_NONE
                  : handler(run, node, rt_flow_with(run, thrown, from));
    } else if (run->outside == outside && run->frame->maybe_left == left) {
        put_off_handler(run, node);
    } else if (node->kids[2]->kind != RT_N_NONE) {
        RtFlowBranch branch = rt_flow_branch(run);
        last = settle(run, handler(run, node, rt_flow_unknown(from)));
        rt_flow_branch_end(run, branch, last != RT_END_RETURN && last != RT_END_THROW);
    }
    if (node->kids[3]->kind == RT_N_NONE)
        return end;
    last = rt_flow_execute(run, node->kids[3]);
    return last == RT_END_NONE ? end : last;
}

static RtFlowEnd with_statement(RtRun *run, const RtNode *node)
{
    RtValue value = rt_flow_evaluate(run, node->kids[0]);
    const RtStr enter = RT_STR("__enter__");

    if (value.kind == RT_V_OBJECT && value.object->type &&
        rt_flow_class_method(value.object->type, enter, rt_flow_hash(enter)))
        value = rt_flow_call_with(
            run, node, rt_flow_get(run, node, value, enter, rt_flow_hash(enter)), value, NULL, 0);
    if (node->kids[1]->kind != RT_N_NONE)
        rt_flow_assign(run, node->kids[1], value, RT_NODE_DECLARE);
    return rt_flow_execute(run, node->kids[2]);
}

static void export_value(RtRun *run, RtStr name, uint32_t hash, RtValue value)
{
    RtFlowObject *holder = run->frame->module->holder;
    const RtStr exports = RT_STR("exports");
    RtFlowEntry *entry =
        holder ? rt_flow_map_find(&holder->map, exports, rt_flow_hash(exports)) : NULL;

    if (entry && entry->value.kind == RT_V_OBJECT)
        rt_flow_map_set(run, &entry->value.object->map, name, hash, value);
}

static void export_statement(RtRun *run, const RtNode *node)
{
    const RtNode *kid = node->kid_count > 0 ? node->kids[0] : NULL;
    RtFlowScope *scope;
    RtValue value = RT_UNKNOWN;

    if (!kid)
        return;
    if (kid->kind == RT_N_IMPORT) {
        value = rt_flow_import(run, kid);
        if (rt_str_equal(node->text, RT_STR("*")) && value.kind == RT_V_OBJECT) {
            for (size_t i = 0; i < value.object->map.count; i++)
                export_value(run, value.object->map.entries[i].key,
                             value.object->map.entries[i].hash, value.object->map.entries[i].value);
            return;
        }
        if (kid->kid_count > 0 && !rt_str_equal(kid->kids[0]->text, RT_STR("*")))
            value = rt_flow_get(run, kid, value, kid->kids[0]->text, kid->kids[0]->hash);
    } else if (kid->kind == RT_N_FUNCTION && kid->text.len > 0) {
        const RtFlowEntry *entry = rt_flow_find_name(run, kid->text, kid->hash, &scope);
        value = entry ? entry->value : rt_flow_evaluate(run, kid);
    } else {
        value = rt_flow_evaluate(run, kid);
        if (kid->kind == RT_N_ASSIGN && kid->kids[0]->kind == RT_N_NAME) {
            const RtFlowEntry *entry =
                rt_flow_find_name(run, kid->kids[0]->text, kid->kids[0]->hash, &scope);
            value = entry ? entry->value : value;
        }
    }
    export_value(run, node->text, node->hash, value);
}

static void delete_member(RtRun *run, const RtNode *node)
{
    RtValue base;
    RtFlowEntry *entry;

    if (node->kind != RT_N_MEMBER && node->kind != RT_N_INDEX)
        return;
    base = rt_flow_evaluate(run, node->kids[0]);
    if (base.kind != RT_V_OBJECT || node->kind != RT_N_MEMBER)
        return;
    entry = rt_flow_own(base.object, node->text, node->hash);
    if (entry && run->weak == 0)
        entry->gone = true;
}

static RtFlowEnd return_value(RtRun *run, const RtNode *node)
{
    RtFlowFrame *frame = run->frame;
    const RtValue value = node->kid_count > 0 ? rt_flow_evaluate(run, node->kids[0]) : RT_UNDEFINED;

    if (run->has_thrown)
        return RT_END_THROW;
    frame->returned = frame->has_returned ? rt_flow_merge(run, frame->returned, value) : value;
    frame->has_returned = true;
    return RT_END_RETURN;
}

static RtFlowEnd execute(RtRun *run, const RtNode *node)
{
    switch (node->kind) {
    case RT_N_NONE:
        return RT_END_NONE;
    case RT_N_BLOCK:
        return block(run, node);
    case RT_N_IF:
        return if_statement(run, node);
    case RT_N_FOR:
        return for_statement(run, node);
    case RT_N_FOR_EACH:
        return for_each(run, node);
    case RT_N_SWITCH:
        return switch_statement(run, node);
    case RT_N_RETURN:
        return return_value(run, node);
    case RT_N_THROW:
        run->thrown = node->kid_count > 0 ? rt_flow_evaluate(run, node->kids[0]) : RT_UNKNOWN;
        run->has_thrown = true;
        return RT_END_THROW;
    case RT_N_BREAK:
        return RT_END_BREAK;
    case RT_N_CONTINUE:
        return RT_END_CONTINUE;
    case RT_N_TRY:
        return try_statement(run, node);
    case RT_N_WITH:
        return with_statement(run, node);
    case RT_N_EXPORT:
        export_statement(run, node);
        break;
    case RT_N_DELETE:
        if (node->kid_count > 0)
            delete_member(run, node->kids[0]);
        break;
    case RT_N_FUNCTION:
        if (node->text.len > 0 && !(node->flags & RT_NODE_ARROW)) {
            if (run->python)
                rt_flow_declare(run, node->text, node->hash, rt_flow_make_function(run, node), 0);
            break; /* JavaScript's was hoisted */
        }
        run->completion = rt_flow_evaluate(run, node);
        break;
    default:
        run->completion = rt_flow_evaluate(run, node);
        break;
    }
    return run->has_thrown ? RT_END_THROW : RT_END_NONE;
}

enum { STATEMENT_DEPTH = 900 };

RtFlowEnd rt_flow_execute(RtRun *run, const RtNode *node)
{
    RtFlowEnd end;

    if (!rt_flow_tick(run, 1) || run->depth >= STATEMENT_DEPTH || !rt_flow_is_whole(node))
        return RT_END_NONE;
    run->depth++;
    end = execute(run, node);
    run->depth--;
    return end;
}

/* A `for` clause of a comprehension; the clauses inside it have its span (see python_expression.c).
 */
static void clause(RtRun *run, const RtNode *node, RtValue out, bool is_pair)
{
    const RtNode *element = node->kids[0];
    const bool nested = element->kind == RT_N_COMPREHENSION && element->from == node->from &&
                        element->len == node->len && rt_flow_is_whole(element);
    const RtValue over = rt_flow_evaluate(run, node->kids[2]);
    const RtFlowArray *items = rt_flow_elements(run, node, over, false);
    const RtFlowOrigins *from = items->open ? rt_flow_deep(run, node->kids[2], over) : over.from;
    bool cut = false;
    const size_t turns = items->count + items->open;

    for (size_t i = 0; i < turns && rt_flow_tick(run, 1); i++) {
        if (run->spent) {
            cut = true;
            break;
        }
        const RtValue item = i < items->count ? items->items[i] : RT_UNKNOWN;
        RtFlowTruth wanted = RT_IS_TRUE;
        rt_flow_assign(run, node->kids[1], rt_flow_with(run, item, from), RT_NODE_DECLARE);
        if (node->kids[3]->kind != RT_N_NONE)
            wanted = rt_flow_truth(run, rt_flow_evaluate(run, node->kids[3]));
        if (wanted == RT_IS_FALSE)
            continue;
        if (nested && run->depth < STATEMENT_DEPTH) {
            run->depth++;
            clause(run, element, out, is_pair);
            run->depth--;
        } else if (element->kind == RT_N_PAIR) {
            const RtValue key = element->kid_count > 1 ? rt_flow_evaluate(run, element->kids[1])
                                                       : rt_flow_text(run, element->text);
            rt_flow_set_index(run, element, out, key, rt_flow_evaluate(run, element->kids[0]));
        } else {
            rt_flow_push(run, out.array, rt_flow_evaluate(run, element));
            out.array->open |= wanted == RT_IS_UNSURE;
        }
    }
    if (out.kind == RT_V_ARRAY)
        out.array->open |= items->open || cut;
    else
        out.object->open |= items->open || cut;
}

RtValue rt_flow_comprehend(RtRun *run, const RtNode *node)
{
    const RtNode *element = node;
    RtFlowScope *outer = run->frame->scope;
    RtValue out;

    while (element->kind == RT_N_COMPREHENSION && element->from == node->from &&
           element->len == node->len)
        element = element->kids[0];
    out = element->kind == RT_N_PAIR ? rt_flow_object(run) : rt_flow_array(run, 0);
    if (out.kind == RT_V_ARRAY)
        out.array->set = node->flags & RT_NODE_SET;
    run->frame->scope = rt_flow_scope(run, outer);
    run->frame->scope->is_function = true;
    clause(run, node, out, element->kind == RT_N_PAIR);
    run->frame->scope = outer;
    return out;
}
