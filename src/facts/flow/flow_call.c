/* flow_call.c - calls: whom, with what, and running functions and classes of the file itself.
 *
 * A call whose arguments tell nothing is not worth running again and again: after a few such runs
 * the last result stands. That, the depth cap and the step budget keep a bundle's call graph from
 * being walked exponentially. */
#include "facts/flow/flow_parts.h"

#include <string.h>

enum {
    CALL_DEPTH = 100,
    BLIND_RUNS = 2,                /* runs of one function with arguments that tell nothing */
    BUSY_BLIND = 2,                /* nested runs of one function with arguments not wholly known */
    PATIENT_KNOWN_STEPS = 8000000, /* RtFlowLanguage.patient */
    KNOWN_STEPS = 1500000, /* what all calls of one function may cost: arguments wholly known */
    TELLING_STEPS = 40000, /* something is known of them */
    ARGUMENT_LIMIT = 4096,
    FEW_ARGUMENTS = 6,
};

static void spread(RtRun *run, const RtNode *node, RtValue value, RtFlowCall *call,
                   size_t *capacity)
{
    const RtFlowArray *array = rt_flow_elements(run, node, value, false);

    for (size_t i = 0; i < array->count && call->count < ARGUMENT_LIMIT; i++)
        RT_PUSH(run->arena, call->args, call->count, *capacity) = array->items[i];
    if (array->open) {
        RT_PUSH(run->arena, call->args, call->count, *capacity) =
            rt_flow_unknown(rt_flow_deep(run, node, value));
        call->open = true;
    }
}

static void add_named(RtRun *run, RtFlowCall *call, RtStr name, RtValue value, size_t *names,
                      size_t *values)
{
    size_t count = call->named_count;

    RT_PUSH(run->arena, call->names, count, *names) = name;
    RT_PUSH(run->arena, call->named, call->named_count, *values) = value;
}

static void spread_named(RtRun *run, const RtNode *node, RtValue value, RtFlowCall *call,
                         size_t *names, size_t *values)
{
    if (value.kind != RT_V_OBJECT || value.object->scope) {
        add_named(run, call, RT_STR("**"), rt_flow_unknown(rt_flow_deep(run, node, value)), names,
                  values);
        return;
    }
    for (size_t i = 0; i < value.object->map.count && i < 64; i++)
        add_named(run, call, value.object->map.entries[i].key, value.object->map.entries[i].value,
                  names, values);
}

static bool has_spread(const RtNode *node)
{
    for (uint32_t i = 1; i < node->kid_count; i++)
        if (node->kids[i]->kind == RT_N_SPREAD)
            return true;
    return false;
}

/* `few`: room for FEW_ARGUMENTS that lives as long as the call; who keeps arguments for longer
 * copies them. */
static void evaluate_arguments(RtRun *run, const RtNode *node, RtFlowCall *call, RtValue *few)
{
    size_t capacity = 0, names = 0, values = 0;

    if (node->kid_count <= FEW_ARGUMENTS + 1 && !has_spread(node)) {
        call->args = few;
        capacity = FEW_ARGUMENTS + 1;
    } else if (node->kid_count > 1) {
        capacity = node->kid_count - 1;
        call->args = RT_NEW_ARRAY(run->arena, RtValue, capacity);
    }
    for (uint32_t i = 1; i < node->kid_count && call->count < ARGUMENT_LIMIT; i++) {
        const RtNode *kid = node->kids[i];
        if (kid->kind == RT_N_SPREAD)
            spread(run, kid, rt_flow_evaluate(run, kid->kids[0]), call, &capacity);
        else if (kid->kind == RT_N_KEYWORD && kid->text.len == 0)
            spread_named(run, kid, rt_flow_evaluate(run, kid->kids[0]), call, &names, &values);
        else if (kid->kind == RT_N_KEYWORD)
            add_named(run, call, kid->text, rt_flow_evaluate(run, kid->kids[0]), &names, &values);
        else
            RT_PUSH(run->arena, call->args, call->count, capacity) = rt_flow_evaluate(run, kid);
    }
}

/* What makes a run with such an argument worth its cost: where it came from, a text, a function. */
static bool tells(RtValue value)
{
    return value.from || value.kind == RT_V_TEXT || value.kind == RT_V_BYTES ||
           value.kind == RT_V_FUNCTION || value.kind == RT_V_BOUND;
}

static bool wholly_known(const RtFlowCall *call)
{
    for (size_t i = 0; i < call->count; i++)
        if (!rt_flow_known(call->args[i]) || call->args[i].kind == RT_V_NATIVE)
            return false;
    return call->count > 0 && !call->open;
}

static bool tells_anything(const RtFlowCall *call)
{
    for (size_t i = 0; i < call->count; i++)
        if (tells(call->args[i]))
            return true;
    for (size_t i = 0; i < call->named_count; i++)
        if (tells(call->named[i]))
            return true;
    return false;
}

/* Names of arguments that are secrets to whoever calls. */
static bool is_secret_name(RtStr name)
{
    static const char *const words[] = { "privatekey", "private_key", "secretkey",    "secret_key",
                                         "mnemonic",   "seedphrase",  "seed_phrase",  "password",
                                         "passwd",     "passphrase",  "priv_key",     "privkey",
                                         "keypair",    "credential",  "access_token", "accesstoken",
                                         "auth_token", "authtoken",   "apikey",       "api_key",
                                         "apisecret",  "api_secret",  "wallet_key",   "secret" };
    static const char *const whole[] = { "seed", "token", "pk",    "sk",    "key",
                                         "pwd",  "priv",  "seeds", "cookie" };

    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_find_nocase(name, rt_str_from_c(words[i])) != RT_NOT_FOUND)
            return true;
    for (size_t i = 0; i < RT_COUNT(whole); i++)
        if (rt_str_equal_nocase(name, rt_str_from_c(whole[i])))
            return true;
    return false;
}

static RtValue missing_argument(RtRun *run, const RtNode *param, const RtFlowCall *call)
{
    const RtNode *name = param->kind == RT_N_ASSIGN ? param->kids[0] : param;
    uint32_t fact;

    if (call)
        return call->open ? RT_UNKNOWN : run->python ? RT_UNKNOWN : RT_UNDEFINED;
    if (name->kind != RT_N_NAME || !is_secret_name(name->text))
        return RT_UNKNOWN;
    fact = rt_flow_fact2(run, name, RT_FACT_PARAMETER, name->text, (RtStr){ 0 }, NULL);
    return rt_flow_unknown(rt_flow_origin(run, fact));
}

static bool named_argument(const RtFlowCall *call, RtStr name, RtValue *ret_value)
{
    for (size_t i = 0; call && i < call->named_count; i++)
        if (rt_str_equal(call->names[i], name)) {
            *ret_value = call->named[i];
            return true;
        }
    return false;
}

static void bind_rest(RtRun *run, const RtNode *param, const RtFlowCall *call, size_t at)
{
    RtValue rest = rt_flow_array(run, 0);

    for (size_t i = at; call && i < call->count; i++)
        rt_flow_push(run, rest.array, call->args[i]);
    rest.array->open = !call || call->open;
    if (param->kid_count > 0)
        rt_flow_assign(run, param->kids[0], rest, RT_NODE_DECLARE);
}

static void bind_named_rest(RtRun *run, const RtNode *param, const RtFlowCall *call)
{
    RtValue rest = rt_flow_object(run);

    for (size_t i = 0; call && i < call->named_count; i++)
        rt_flow_map_set(run, &rest.object->map, call->names[i], rt_flow_hash(call->names[i]),
                        call->named[i]);
    rest.object->open = !call;
    if (param->kid_count > 0)
        rt_flow_assign(run, param->kids[0], rest, RT_NODE_DECLARE);
}

static void bind_params(RtRun *run, const RtNode *params, const RtFlowCall *call)
{
    size_t at = 0;

    for (uint32_t i = 0; i < params->kid_count; i++) {
        const RtNode *param = params->kids[i];
        const RtNode *target = param->kind == RT_N_ASSIGN ? param->kids[0] : param;
        RtValue value = RT_UNDEFINED;
        bool given = false;
        if (param->kind == RT_N_SPREAD) {
            bind_rest(run, param, call, at);
            at = SIZE_MAX;
            continue;
        }
        if (param->kind == RT_N_KEYWORD) {
            bind_named_rest(run, param, call);
            continue;
        }
        if (call && at < call->count) {
            value = call->args[at];
            given = value.kind != RT_V_UNDEFINED;
        }
        if (!given && target->kind == RT_N_NAME)
            given = named_argument(call, target->text, &value);
        if (!given && param->kind == RT_N_ASSIGN && (call || !is_secret_name(target->text)))
            value = rt_flow_evaluate(run, param->kids[1]);
        else if (!given)
            value = missing_argument(run, param, call);
        rt_flow_assign(run, target, value, RT_NODE_DECLARE);
        at = at == SIZE_MAX ? at : at + 1;
    }
}

static RtFlowEnd run_body(RtRun *run, const RtNode *body)
{
    if (body->kind == RT_N_BLOCK)
        return rt_flow_execute_block(run, body->kids, body->kid_count);
    run->frame->returned = rt_flow_evaluate(run, body);
    run->frame->has_returned = true;
    return RT_END_RETURN;
}

/* Runs the function; `call` NULL: with parameters of which nothing is known. */
static RtValue enter(RtRun *run, RtFlowFunction *function, RtValue self, RtFlowCall *call)
{
    const RtNode *node = function->node;
    RtFlowFrame frame = {
        .up = run->frame, .module = function->module, .function = function, .self = self
    };
    const uint32_t depth = run->depth, escapes = run->escapes;
    RtValue value;

    frame.scope = rt_flow_scope(run, function->scope);
    frame.scope->is_function = true;
    if (node->flags & RT_NODE_ARROW && function->self.kind && !run->python)
        frame.self = function->self;
    frame.call = call;
    frame.has_arguments = !run->python && !(node->flags & RT_NODE_ARROW);
    if (node->flags & RT_NODE_GENERATOR)
        frame.yields = rt_flow_array(run, 0).array;
    run->frame = &frame;
    run->calls++;
    if (function->named_expression)
        rt_flow_map_set(run, &frame.scope->vars, node->text, node->hash,
                        (RtValue){ .kind = RT_V_FUNCTION, .function = function });
    bind_params(run, node->kids[0], call);
    if (node->kids[1]->kind == RT_N_BLOCK)
        rt_flow_hoist(run, node, node->kids[1]->kids, node->kids[1]->kid_count);
    run_body(run, node->kids[1]);
    run->calls--;
    run->frame = frame.up;
    run->depth = depth;
    rt_flow_scope_done(run, frame.scope, escapes);
    value = frame.has_returned ? frame.returned : RT_UNDEFINED;
    if (frame.yields) {
        frame.yields->open = frame.maybe_left > 0;
        value = (RtValue){ .kind = RT_V_ARRAY, .array = frame.yields };
    }
    return value;
}

/* Whether running the function once more is worth it. */
static bool is_worth(const RtRun *run, const RtFlowCode *code, bool known, bool telling)
{
    if (run->stopped || run->has_thrown || run->calls >= CALL_DEPTH ||
        (run->spent && code->runs > 0))
        return false;
    if (known)
        return code->known_cost < (run->language->patient ? PATIENT_KNOWN_STEPS : KNOWN_STEPS);
    if (code->busy >= BUSY_BLIND)
        return false;
    return telling ? code->telling_cost < TELLING_STEPS : code->blind_runs < BLIND_RUNS;
}

RtValue rt_flow_call_function(RtRun *run, RtFlowFunction *function, RtValue self, RtFlowCall *call)
{
    RtFlowCode *code = function->code;
    const bool known = wholly_known(call);
    const bool telling = tells_anything(call);
    const uint64_t before = run->steps;
    RtValue value;

    rt_flow_tick(run, 2);
    if (!is_worth(run, code, known, telling)) {
        /* a text of other arguments would be a guess; what stands for a module is the same again */
        const bool guess = code->last.kind == RT_V_TEXT || code->last.kind == RT_V_NUMBER;
        value = known && guess ? rt_flow_unknown(code->last.from) : code->last;
        return rt_flow_with(run, value, rt_flow_call_origins(run, call));
    }
    code->runs++;
    code->blind_runs += !telling && !known;
    code->busy++;
    value = enter(run, function, self, call);
    code->busy--;
    code->last = value;
    if (known)
        code->known_cost += run->steps - before;
    else
        code->telling_cost += run->steps - before;
    return value;
}

RtFlowObject *rt_flow_shared_instance(RtRun *run, RtFlowClass *type)
{
    if (!type->shared) {
        type->shared = rt_flow_object(run).object;
        type->shared->type = type;
        type->shared->open = true;
    }
    return type->shared;
}

void rt_flow_run_blind(RtRun *run, RtFlowFunction *function)
{
    RtValue self = function->self;
    RtFlowFrame frame = { .up = NULL, .module = function->module, .scope = function->scope };
    RtFlowFrame *outer = run->frame;

    if (function->owner)
        self = (RtValue){ .kind = RT_V_OBJECT,
                          .object = rt_flow_shared_instance(run, function->owner) };
    function->code->runs++;
    function->code->blind_runs++;
    function->code->busy++;
    run->frame = &frame;
    if (function->owner && run->python && !(function->node->flags & RT_NODE_STATIC)) {
        RtFlowCall call = { .node = function->node, .args = &self, .count = 1, .open = true };
        const RtNode *params = function->node->kids[0];
        RtValue args[16];
        size_t count = params->kid_count < 16 ? params->kid_count : 16;
        args[0] = self;
        for (size_t i = 1; i < count; i++)
            args[i] = params->kids[i]->kind == RT_N_NAME
                          ? missing_argument(run, params->kids[i], NULL)
                          : RT_UNDEFINED;
        call.args = args;
        call.count = count ? count : 1;
        enter(run, function, self, &call);
    } else {
        enter(run, function, self, NULL);
    }
    function->code->busy--;
    run->has_thrown = false;
    run->frame = outer;
}

static RtValue base_native(const RtFlowClass *type)
{
    for (unsigned depth = 0; type && depth < 32; depth++) {
        if (type->base.kind == RT_V_NATIVE)
            return type->base;
        type = type->base.kind == RT_V_CLASS ? type->base.type : NULL;
    }
    return RT_UNKNOWN;
}

static void call_constructor(RtRun *run, RtFlowClass *type, RtValue self, RtFlowCall *call)
{
    const RtStr name = run->python ? RT_STR("__init__") : RT_STR("constructor");
    RtFlowFunction *constructor = rt_flow_class_method(type, name, rt_flow_hash(name));
    const RtValue native = base_native(type);
    RtFlowCall inner = *call;

    if (constructor && run->python) {
        inner.args = RT_NEW_ARRAY(run->arena, RtValue, call->count + 1);
        inner.args[0] = self;
        if (call->count > 0)
            memcpy(inner.args + 1, call->args, call->count * sizeof *call->args);
        inner.count = call->count + 1;
    }
    if (constructor) {
        rt_flow_call_function(run, constructor, self, &inner);
    } else if (native.kind == RT_V_NATIVE) {
        inner.callee = native;
        inner.self = RT_UNDEFINED;
        self.object->base_native = rt_flow_call_native(run, &inner);
    }
}

static RtValue instantiate(RtRun *run, RtFlowClass *type, RtFlowCall *call)
{
    RtValue self = rt_flow_object(run);
    const RtValue native = base_native(type);

    self.object->type = type;
    self.object->open = type->base.kind == RT_V_UNKNOWN || native.kind == RT_V_NATIVE;
    if (native.kind == RT_V_NATIVE)
        self.object->base_native = rt_flow_native_instance(
            run, rt_str_format(run->arena, "%.*s()", RT_FMT(native.native->path)), NULL);
    if (!type->shared)
        type->shared = self.object;
    call_constructor(run, type, self, call);
    return self;
}

static RtValue construct(RtRun *run, RtFlowFunction *function, RtFlowCall *call)
{
    RtValue self = rt_flow_object(run), given;
    RtNode name = { .kind = RT_N_NAME };

    name.text = RT_STR("prototype");
    given = rt_flow_get(run, &name, call->callee, name.text, rt_flow_hash(name.text));
    if (given.kind == RT_V_OBJECT)
        self.object->proto = given.object;
    given = rt_flow_call_function(run, function, self, call);
    return given.kind == RT_V_OBJECT || given.kind == RT_V_FUNCTION || given.kind == RT_V_ARRAY
               ? given
               : self;
}

static RtValue call_bound(RtRun *run, RtFlowCall *call)
{
    const RtFlowBound *bound = call->callee.bound;
    const bool pass_self = run->python && bound->has_self && bound->target.kind == RT_V_FUNCTION;
    RtFlowCall inner = *call;
    size_t at = 0;

    inner.callee = rt_flow_with(run, bound->target, call->callee.from);
    inner.self = bound->has_self ? bound->self : call->self;
    inner.count = call->count + bound->arg_count + pass_self;
    inner.args = RT_NEW_ARRAY(run->arena, RtValue, inner.count + 1);
    if (pass_self)
        inner.args[at++] = bound->self;
    for (size_t i = 0; i < bound->arg_count; i++)
        inner.args[at++] = bound->args[i];
    for (size_t i = 0; i < call->count; i++)
        inner.args[at++] = call->args[i];
    if (++run->depth > 1000) {
        run->depth--;
        return RT_UNKNOWN;
    }
    const RtValue value = rt_flow_call(run, &inner);
    run->depth--;
    return value;
}

static RtValue call_method(RtRun *run, RtFlowCall *call, RtValue receiver, RtStr name)
{
    const RtFlowBuiltin *builtin = rt_flow_method(run, receiver, name);
    RtValue value;

    call->self = receiver;
    if (builtin && builtin->run(run, call, &value))
        return value;
    return rt_flow_call_unknown(run, call, name);
}

RtValue rt_flow_call(RtRun *run, RtFlowCall *call)
{
    if (run->stopped || run->has_thrown)
        return RT_UNKNOWN;
    switch ((RtValueKind)call->callee.kind) {
    case RT_V_FUNCTION:
        if (call->is_new && !run->python)
            return construct(run, call->callee.function, call);
        return rt_flow_call_function(run, call->callee.function, call->self, call);
    case RT_V_CLASS:
        return instantiate(run, call->callee.type, call);
    case RT_V_NATIVE:
        return rt_flow_call_native(run, call);
    case RT_V_BOUND:
        return call_bound(run, call);
    case RT_V_METHOD:
        return call_method(run, call, call->callee.bound->target, call->callee.bound->name);
    case RT_V_OBJECT: {
        const RtStr name = RT_STR("__call__");
        RtFlowFunction *method =
            run->python && call->callee.object->type
                ? rt_flow_class_method(call->callee.object->type, name, rt_flow_hash(name))
                : NULL;
        RtNode node = { .kind = RT_N_NONE };
        if (!method)
            break;
        call->callee = rt_flow_get(run, &node, call->callee, name, rt_flow_hash(name));
        return call_bound(run, call);
    }
    case RT_V_UNKNOWN:
    case RT_V_UNDEFINED:
    case RT_V_NULL:
    case RT_V_BOOL:
    case RT_V_NUMBER:
    case RT_V_INT:
    case RT_V_TEXT:
    case RT_V_BYTES:
    case RT_V_REGEX:
    case RT_V_ARRAY:
        break;
    }
    return rt_flow_call_unknown(run, call, (RtStr){ 0 });
}

RtValue rt_flow_call_with(RtRun *run, const RtNode *node, RtValue callee, RtValue self,
                          RtValue *args, size_t count)
{
    RtFlowCall call = { .node = node, .callee = callee, .self = self, .count = count };

    if (count > 0) { /* copied: the callee's `arguments` may outlive the caller's array */
        call.args = RT_NEW_ARRAY(run->arena, RtValue, count);
        memcpy(call.args, args, count * sizeof *args);
    }
    return rt_flow_call(run, &call);
}

/* base.name(…) */
static RtValue call_member(RtRun *run, const RtNode *node, RtFlowCall *call, RtValue *few,
                           RtValue base, RtStr name, uint32_t hash)
{
    static const RtStr start = { (const uint8_t *)"start", 5 };
    RtFlowFunction *threaded;

    call->self = base;
    switch ((RtValueKind)base.kind) {
    case RT_V_TEXT:
    case RT_V_BYTES:
    case RT_V_ARRAY:
    case RT_V_NUMBER:
    case RT_V_INT:
    case RT_V_BOOL:
    case RT_V_REGEX:
    case RT_V_UNKNOWN:
    case RT_V_UNDEFINED:
    case RT_V_NULL:
        if (!run->python && rt_str_equal(name, RT_STR("constructor")))
            break;
        call->callee = rt_flow_unknown(NULL);
        evaluate_arguments(run, node, call, few);
        return call_method(run, call, base, name);
    case RT_V_OBJECT:
        threaded = base.object->type && base.object->base_native.kind && rt_str_equal(name, start)
                       ? rt_flow_class_method(base.object->type, RT_STR("run"),
                                              rt_flow_hash(RT_STR("run")))
                       : NULL;
        if (threaded) /* class T(Thread): t.start() */
            return rt_flow_call_with(
                run, node, rt_flow_get(run, node, base, RT_STR("run"), rt_flow_hash(RT_STR("run"))),
                base, NULL, 0);
        break;
    case RT_V_FUNCTION:
    case RT_V_CLASS:
    case RT_V_NATIVE:
    case RT_V_METHOD:
    case RT_V_BOUND:
        break;
    }
    call->callee = rt_flow_get(run, node->kids[0], base, name, hash);
    evaluate_arguments(run, node, call, few);
    if (call->callee.kind == RT_V_OBJECT && call->callee.object->view_of == NULL &&
        !call->callee.object->type)
        return rt_flow_call_unknown(run, call, name);
    if (call->callee.kind == RT_V_UNKNOWN || call->callee.kind == RT_V_UNDEFINED)
        return rt_flow_call_unknown(run, call, name);
    return rt_flow_call(run, call);
}

static RtValue call_super(RtRun *run, const RtNode *node, RtFlowCall *call, RtValue *few)
{
    RtFlowClass *owner = run->frame->function ? run->frame->function->owner : NULL;
    const RtValue self = run->frame->self;

    evaluate_arguments(run, node, call, few);
    if (!owner || self.kind != RT_V_OBJECT)
        return RT_UNKNOWN;
    if (owner->base.kind == RT_V_CLASS)
        call_constructor(run, owner->base.type, self, call);
    else if (owner->base.kind == RT_V_NATIVE) {
        call->callee = owner->base;
        self.object->base_native = rt_flow_call_native(run, call);
    } else if (owner->base.kind == RT_V_FUNCTION) {
        rt_flow_call_function(run, owner->base.function, self, call);
    }
    return RT_UNDEFINED;
}

RtValue rt_flow_call_node(RtRun *run, const RtNode *node)
{
    const RtNode *callee = node->kids[0];
    RtFlowCall call = { .node = node, .is_new = node->flags & RT_NODE_NEW };
    RtValue few[FEW_ARGUMENTS + 1];
    RtValue base, key;

    if (!rt_flow_is_whole(callee))
        return RT_UNKNOWN;
    if (callee->kind == RT_N_MEMBER) {
        base = rt_flow_evaluate(run, callee->kids[0]);
        return call_member(run, node, &call, few, base, callee->text, callee->hash);
    }
    if (callee->kind == RT_N_INDEX) {
        base = rt_flow_evaluate(run, callee->kids[0]);
        key = rt_flow_evaluate(run, callee->kids[1]);
        if (!run->python && key.kind == RT_V_TEXT && !key.text->partial && base.kind != RT_V_ARRAY)
            return call_member(run, node, &call, few, rt_flow_with(run, base, key.from),
                               key.text->str, rt_flow_hash(key.text->str));
        if (!run->python && key.kind == RT_V_TEXT && !key.text->partial &&
            rt_flow_method(run, base, key.text->str))
            return call_member(run, node, &call, few, base, key.text->str,
                               rt_flow_hash(key.text->str));
        call.self = base;
        call.callee = rt_flow_get_index(run, callee, base, key);
        evaluate_arguments(run, node, &call, few);
        return rt_flow_call(run, &call);
    }
    if (callee->kind == RT_N_NAME && !run->python && rt_str_equal(callee->text, RT_STR("super")))
        return call_super(run, node, &call, few);
    call.callee = rt_flow_evaluate(run, callee);
    evaluate_arguments(run, node, &call, few);
    return rt_flow_call(run, &call);
}
