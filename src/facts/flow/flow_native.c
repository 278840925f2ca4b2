/* flow_native.c - values known by their API path, and what the language's table says of them.
 *
 * One RtFlowNative per path is interned; what a call makes is an instance, which has an identity:
 * facts can be bound to it and values can flow into it (request.write, form.append). */
#include "facts/flow/flow_parts.h"

#include <string.h>

enum {
    PATH_LIMIT = 160,
    ALIAS_LIMIT = 8,
    LATER_LIMIT = 4096,
    INPLACE_LIMIT = 3,
    CALLBACK_ARGS = 4,
};

static RtFlowNative *intern(RtRun *run, RtStr path, bool may_copy)
{
    const uint32_t hash = rt_flow_hash(path);
    RtFlowNative *native = rt_flow_table_get(&run->paths, path, hash);

    if (native)
        return native;
    native = RT_NEW(run->arena, RtFlowNative);
    native->path = may_copy ? rt_str_copy(run->arena, path) : path;
    native->hash = hash;
    rt_flow_table_put(run, &run->paths, native->path, hash, native);
    return native;
}

static void bind_builtins(RtRun *run, const RtFlowBuiltins *builtins, bool python_paths)
{
    static const char *const kinds[] = { "text.",     "bytes.",  "array.", "object.",
                                         "function.", "number.", "regex.", "any." };

    for (size_t i = 0; i < builtins->count; i++) {
        const RtStr name = rt_str_from_c(builtins->items[i].name);
        bool is_method = false;
        for (size_t kind = 0; kind < RT_COUNT(kinds); kind++)
            is_method |= rt_str_starts(name, rt_str_from_c(kinds[kind]));
        if (is_method)
            rt_flow_table_put(run, &run->methods, name, rt_flow_hash(name), &builtins->items[i]);
        else if (python_paths == run->python)
            intern(run, name, false)->builtin = &builtins->items[i];
    }
}

static const RtFlowApi python_constants[] = {
    { "string.ascii_lowercase",
      RT_FLOW_NO_FACT,
      { 0 },
      "'abcdefghijklmnopqrstuvwxyz",
      RT_FLOW_ON_READ,
      NULL },
    { "string.ascii_uppercase",
      RT_FLOW_NO_FACT,
      { 0 },
      "'ABCDEFGHIJKLMNOPQRSTUVWXYZ",
      RT_FLOW_ON_READ,
      NULL },
    { "string.ascii_letters",
      RT_FLOW_NO_FACT,
      { 0 },
      "'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
      RT_FLOW_ON_READ,
      NULL },
    { "string.digits", RT_FLOW_NO_FACT, { 0 }, "'0123456789", RT_FLOW_ON_READ, NULL },
    { "string.hexdigits",
      RT_FLOW_NO_FACT,
      { 0 },
      "'0123456789abcdefABCDEF",
      RT_FLOW_ON_READ,
      NULL },
    { "string.punctuation",
      RT_FLOW_NO_FACT,
      { 0 },
      "'!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
      RT_FLOW_ON_READ,
      NULL },
};

static void bind_apis(RtRun *run, const RtFlowApi *apis, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        RtFlowNative *native = intern(run, rt_str_from_c(apis[i].path), false);
        RT_PUSH(run->arena, native->apis, native->api_count, native->api_capacity) = &apis[i];
    }
}

void rt_flow_bind_tables(RtRun *run)
{

    bind_apis(run, run->language->apis, run->language->api_count);
    if (run->python)
        bind_apis(run, python_constants, RT_COUNT(python_constants));
    bind_builtins(run, &rt_flow_text_builtins, false);
    bind_builtins(run, &rt_flow_array_builtins, false);
    bind_builtins(run, &rt_flow_object_builtins, false);
    bind_builtins(run, &rt_flow_pattern_builtins, run->python);
    if (run->python) {
        bind_builtins(run, &rt_flow_python_builtins, true);
        bind_builtins(run, &rt_flow_python_text_builtins, true);
        bind_builtins(run, &rt_flow_python_codec_builtins, true);
        bind_builtins(run, &rt_flow_python_cipher_builtins, true);
    } else {
        bind_builtins(run, &rt_flow_js_builtins, false);
        bind_builtins(run, &rt_flow_js_codec_builtins, false);
    }
}

static void inherit_wildcard(RtRun *run, RtFlowNative *native)
{
    const size_t dot = rt_str_rfind_byte(native->path, '.');
    RtFlowNative *wild;
    RtStr path;

    if (dot == RT_NOT_FOUND)
        return;
    path = rt_str_format(run->arena, "%.*s.*", (int)dot, (const char *)native->path.at);
    wild = rt_flow_table_get(&run->paths, path, rt_flow_hash(path));
    if (!wild)
        return;
    native->apis = wild->apis;
    native->api_count = wild->api_count;
    native->api_capacity =
        wild->api_count; /* a shared array is never pushed to: tables are bound first */
}

static RtFlowNative *resolve(RtRun *run, RtStr path)
{
    for (unsigned turn = 0; turn < ALIAS_LIMIT; turn++) {
        RtFlowNative *native = rt_flow_table_get(&run->paths, path, rt_flow_hash(path));
        if (!native) {
            native = intern(run, path, true);
            inherit_wildcard(run, native);
        }
        if (native->api_count == 0 || !(native->apis[0]->flags & RT_FLOW_ALIAS) ||
            !native->apis[0]->result)
            return native;
        path = rt_str_from_c(native->apis[0]->result);
    }
    return intern(run, path, true);
}

RtValue rt_flow_native(RtRun *run, RtStr path)
{
    if (path.len == 0 || path.len > PATH_LIMIT)
        return RT_UNKNOWN;
    return (RtValue){ .kind = RT_V_NATIVE, .native = resolve(run, path) };
}

RtValue rt_flow_native_c(RtRun *run, const char *path)
{
    return rt_flow_native(run, rt_str_from_c(path));
}

static RtValue instance_of(RtRun *run, const RtFlowNative *like, const RtFlowOrigins *from)
{
    RtFlowNative *native = RT_NEW(run->arena, RtFlowNative);

    *native = *like;
    native->instance = true;
    native->extra = from;
    return (RtValue){ .kind = RT_V_NATIVE, .native = native, .from = from };
}

RtValue rt_flow_native_instance(RtRun *run, RtStr path, const RtFlowOrigins *from)
{
    const RtValue like = rt_flow_native(run, path);

    return like.kind == RT_V_NATIVE ? instance_of(run, like.native, from) : rt_flow_unknown(from);
}

static void take_args(RtRun *run, const RtFlowApi *api, RtFlowCall *call, RtStr key,
                      RtValue assigned, RtStr args[4])
{
    for (size_t i = 0; i < 4; i++)
        args[i] =
            api->args[i] ? rt_flow_take(run, api->args[i], call, key, assigned) : (RtStr){ 0 };
}

/* What the entry says the value is, once its fact is known. */
/* What a variable of the environment is when nobody set it says something when it is a place: the
 * address or file an author wrote down as default. Of "0", "" and the like nothing follows:
 * branches on them stay open. */
static bool is_address(RtValue value)
{
    return value.kind == RT_V_TEXT && value.text->str.len >= 4 &&
           (rt_str_find_byte(value.text->str, '.') != RT_NOT_FOUND ||
            rt_str_find_byte(value.text->str, '/') != RT_NOT_FOUND);
}

static RtValue result_of(RtRun *run, const RtFlowApi *api, const RtFlowCall *call, uint32_t fact,
                         const RtFlowOrigins *from)
{
    const RtStr result = rt_str_from_c(api->result);
    RtValue value;

    if (result.len == 0)
        return rt_flow_unknown(from);
    if (result.at[0] == '\'')
        return rt_flow_with(run, rt_flow_text(run, rt_str_from(result, 1)), from);
    if (result.len == 1 && result.at[0] >= '0' && result.at[0] <= '9') {
        value = rt_flow_arg(call, (size_t)(result.at[0] - '0'));
        if (api->kind == RT_FACT_ENV_READ && result.at[0] != '0' && !is_address(value))
            return rt_flow_unknown(from);
        return rt_flow_with(run, value, from);
    }
    value = rt_flow_native_instance(run, result, from);
    if (value.kind == RT_V_NATIVE)
        value.native->fact = fact;
    return value;
}

/* A native that was read: entries ON_READ turn it into facts and values. */
RtValue rt_flow_native_read(RtRun *run, const RtNode *node, RtValue value, RtStr key, bool index)
{
    const RtFlowNative *native = value.native;
    const uint16_t wanted = RT_FLOW_ON_READ | (index ? RT_FLOW_ON_INDEX : 0);
    RtFlowCall call = { .node = node, .callee = value };
    RtValue result = value;
    bool done = false;
    RtStr args[4];

    for (size_t i = 0; i < native->api_count; i++) {
        const RtFlowApi *api = native->apis[i];
        uint32_t fact = 0;
        if (!(api->flags & wanted))
            continue;
        if (api->kind != RT_FLOW_NO_FACT) {
            take_args(run, api, &call, key, RT_UNKNOWN, args);
            fact = rt_flow_fact(run, node, (RtFactKind)api->kind, args, value.from);
        }
        if (!done)
            result = result_of(run, api, &call, fact,
                               rt_flow_unite(run, value.from, rt_flow_origin(run, fact)));
        done = true;
    }
    return result;
}

RtValue rt_flow_native_member(RtRun *run, const RtNode *node, RtValue base, RtStr name, bool index)
{
    const RtFlowNative *native = base.native;
    const RtFlowOrigins *from = rt_flow_unite(run, base.from, native->extra);
    uint8_t path[PATH_LIMIT + 1];
    size_t len = native->path.len;
    RtValue member;

    if (native->text.kind == RT_V_TEXT && rt_str_equal(name, RT_STR("parent")) && run->python) {
        RtFlowCall call = { .node = node, .args = &base.native->text, .count = 1 };
        member = instance_of(run, native, from);
        if (!rt_flow_path_dirname(run, &call, &member.native->text))
            member.native->text = RT_UNKNOWN;
        return member;
    }
    if (len + name.len + 2 > PATH_LIMIT)
        return rt_flow_unknown(from);
    memcpy(path, native->path.at, len);
    if (index && run->python) {
        memcpy(path + len, "[]", 2);
        len += 2;
    } else {
        path[len++] = '.';
        if (name.len > 0)
            memcpy(path + len, name.at, name.len);
        len += name.len;
    }
    member = rt_flow_native(run, (RtStr){ path, len });
    if (member.kind != RT_V_NATIVE)
        return rt_flow_unknown(from);
    if (!run->python && member.native->api_count == 0 && rt_str_equal(name, RT_STR("default")))
        return base; /* (await import('m')).default */
    member.from = from;
    return rt_flow_native_read(run, node, member, name, index);
}

bool rt_flow_native_has(RtRun *run, RtValue base, RtStr name)
{
    const RtStr path =
        rt_str_format(run->arena, "%.*s.%.*s", RT_FMT(base.native->path), RT_FMT(name));
    const RtFlowNative *member = rt_flow_table_get(&run->paths, path, rt_flow_hash(path));

    return member && (member->api_count > 0 || member->builtin);
}

void rt_flow_native_write(RtRun *run, const RtNode *node, RtValue base, RtStr name, RtValue value,
                          bool index)
{
    RtFlowNative *native = base.kind == RT_V_NATIVE ? base.native : NULL;
    const RtStr path =
        base.kind != RT_V_NATIVE ? name
        : index && run->python
            ? rt_str_format(run->arena, "%.*s[]", RT_FMT(native->path))
            : rt_str_format(run->arena, "%.*s.%.*s", RT_FMT(native->path), RT_FMT(name));
    const RtValue member = rt_flow_native(run, path);
    RtFlowCall call = { .node = node, .callee = member };
    RtStr args[4];

    if (native && native->instance)
        native->extra = rt_flow_unite(run, native->extra, rt_flow_deep(run, node, value));
    for (size_t i = 0; member.kind == RT_V_NATIVE && i < member.native->api_count; i++) {
        const RtFlowApi *api = member.native->apis[i];
        if (!(api->flags & RT_FLOW_ON_WRITE) || api->kind == RT_FLOW_NO_FACT)
            continue;
        take_args(run, api, &call, name, value, args);
        rt_flow_fact(run, node, (RtFactKind)api->kind, args,
                     rt_flow_unite(run, base.from, rt_flow_deep(run, node, value)));
    }
}

/* Code that became known text: a layer, and it runs where it stands. */
static RtValue run_code(RtRun *run, RtFlowCall *call, const RtFlowApi *api, RtValue result)
{
    const RtFlowModule *module = run->frame->module;
    const bool compiles = rt_str_ends(call->callee.native->path, RT_STR("compile"));
    RtLayerId layer = 0;
    RtValue code, value;
    RtStr text;

    if (!api->args[0] || !rt_flow_take_value(api->args[0], call, &code))
        return result;
    text = rt_flow_str(code);
    if (text.len == 0 || !rt_flow_known(code) || !rt_str_is_text(text))
        return result;
    if (module->layer && !module->foreign)
        layer = run->sink->layer(
            run->sink, (RtLayer){
                           .parent = module->layer,
                           .via = RT_VIA_EVALUATED,
                           .name = rt_str_copy(run->sink->arena, call->callee.native->path),
                           .bytes = rt_str_copy(run->sink->arena, text),
                           .source = { call->node->from, call->node->len },
                       });
    if (compiles || module->foreign || run->inplace >= INPLACE_LIMIT || run->spent ||
        text.len > 256 << 10)
        return result;
    if (rt_str_equal(call->callee.native->path, RT_STR("Function")))
        return result; /* flow_js_builtin.c makes the function */
    value = rt_flow_eval_text(run, text, layer, call->node);
    return rt_flow_with(run, value, result.from);
}

static const char *callback_spec(const RtFlowNative *native)
{
    for (size_t i = 0; i < native->api_count; i++)
        if (native->apis[i]->callback)
            return native->apis[i]->callback;
    return NULL;
}

bool rt_flow_is_callable(RtValue value)
{
    return value.kind == RT_V_FUNCTION || value.kind == RT_V_BOUND;
}

static void run_callback(RtRun *run, RtFlowCall *call, RtValue callback, const char *spec,
                         const RtFlowOrigins *from, bool later)
{
    RtStr rest = rt_str_from_c(spec), path;
    RtValue args[CALLBACK_ARGS];
    RtFlowBranch branch;

    for (size_t i = 0; i < CALLBACK_ARGS; i++)
        args[i] = rt_flow_unknown(from);
    for (size_t i = 0; i < CALLBACK_ARGS && rt_str_next(&rest, ' ', &path); i++)
        if (path.len > 0 && path.at[0] != '?')
            args[i] = rt_flow_native_instance(run, path, from);
    if (later || run->spent) {
        if (run->later_count >= LATER_LIMIT)
            return;
        RtFlowLater *item = &RT_PUSH(run->arena, run->later, run->later_count, run->later_capacity);
        *item = (RtFlowLater){ .callee = callback,
                               .count = CALLBACK_ARGS,
                               .node = call->node,
                               .module = run->frame->module };
        item->args = RT_NEW_ARRAY(run->arena, RtValue, CALLBACK_ARGS);
        memcpy(item->args, args, sizeof args);
        return;
    }
    branch = rt_flow_branch(run);
    rt_flow_call_with(run, call->node, callback, rt_flow_unknown(from), args, CALLBACK_ARGS);
    rt_flow_branch_end(run, branch, true);
}

void rt_flow_callbacks(RtRun *run, RtFlowCall *call, const char *spec, const RtFlowOrigins *from,
                       bool later)
{
    for (size_t i = 0; i < call->count + call->named_count; i++) {
        const RtValue arg = i < call->count ? call->args[i] : call->named[i - call->count];
        if (rt_flow_is_callable(arg)) {
            run_callback(run, call, arg, spec, from, later);
        } else if (arg.kind == RT_V_OBJECT && !arg.object->type && !arg.object->scope &&
                   !arg.object->global) {
            const size_t count = arg.object->map.count;
            for (size_t at = 0; at < count && at < 32; at++)
                if (rt_flow_is_callable(arg.object->map.entries[at].value))
                    run_callback(run, call, arg.object->map.entries[at].value, spec, from, later);
        } else if (arg.kind == RT_V_ARRAY) {
            const size_t count = arg.array->count;
            for (size_t at = 0; at < count && at < 32; at++)
                if (rt_flow_is_callable(arg.array->items[at]))
                    run_callback(run, call, arg.array->items[at], spec, from, later);
        }
    }
}

static bool runs_later(RtRun *run, const RtFlowNative *native, RtStr method,
                       const RtFlowOrigins *receiver)
{
    const uint64_t net = 1ull << RT_FACT_NET_REQUEST | 1ull << RT_FACT_NET_CONNECT |
                         1ull << RT_FACT_PROC_EXEC | 1ull << RT_FACT_FILE_READ |
                         1ull << RT_FACT_NET_DNS;

    for (size_t i = 0; native && i < native->api_count; i++)
        if (native->apis[i]->flags & RT_FLOW_DEFERS)
            return true;
    if (native && native->api_count > 0) /* the table knows it: `http.get` is no route */
        return false;
    if (!run->language->later_methods || method.len == 0 || rt_flow_has_kind(run, receiver, net))
        return false;
    for (const char *const *name = run->language->later_methods; *name; name++)
        if (rt_str_equal(method, rt_str_from_c(*name)))
            return true;
    return false;
}

static RtStr last_segment(RtStr path)
{
    const size_t dot = rt_str_rfind_byte(path, '.');

    return dot == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(path, dot + 1);
}

/* Which argument of a fact is what is sent or written (vocabulary.list). */
static size_t data_slot(uint8_t kind)
{
    return kind == RT_FACT_FILE_WRITE ? 1 : kind == RT_FACT_PROC_EXEC ? 3 : 2;
}

/* FEEDS: arguments flow into the fact the receiver stands for. */
static void feed(RtRun *run, const RtFlowApi *api, RtFlowCall *call, const RtFlowOrigins *from)
{
    RtFlowNative *self = call->self.kind == RT_V_NATIVE ? call->self.native : NULL;
    RtStr args[4];

    if (!self || self->fact == 0)
        return;
    rt_flow_fact_feed(run, self->fact, from);
    take_args(run, api, call, last_segment(call->callee.native->path), RT_UNKNOWN, args);
    if (!api->args[0] && !api->args[1] && !api->args[2] && !api->args[3])
        args[data_slot(run->facts[self->fact].kind)] = rt_flow_arg_text(run, rt_flow_arg(call, 0));
    for (size_t i = 0; i < 4; i++)
        if (run->facts[self->fact].args[i].len == 0)
            run->facts[self->fact].args[i] = args[i];
}

static uint32_t call_fact(RtRun *run, const RtFlowApi *api, RtFlowCall *call,
                          const RtFlowOrigins *from)
{
    RtStr args[4];
    uint32_t fact;

    take_args(run, api, call, last_segment(call->callee.native->path), RT_UNKNOWN, args);
    fact = rt_flow_fact(run, call->node, (RtFactKind)api->kind, args, from);
    if ((api->flags & RT_FLOW_BINDS) && call->self.kind == RT_V_NATIVE) {
        call->self.native->fact = fact;
        call->self.native->extra =
            rt_flow_unite(run, call->self.native->extra, rt_flow_origin(run, fact));
    }
    return fact;
}

static RtValue plain_result(RtRun *run, RtFlowNative *native, const RtFlowOrigins *from)
{
    if (!native->called) {
        const RtValue called =
            rt_flow_native(run, rt_str_format(run->arena, "%.*s()", RT_FMT(native->path)));
        if (called.kind != RT_V_NATIVE)
            return rt_flow_unknown(from);
        native->called = called.native;
    }
    return instance_of(run, native->called, from);
}

typedef struct {
    RtValue value;
    const RtFlowOrigins *origin; /* of the facts of this call */
    bool done;
} Outcome;

static void apply_entry(RtRun *run, const RtFlowApi *api, RtFlowCall *call,
                        const RtFlowOrigins *from, Outcome *out)
{
    const RtFlowOrigins *origin;
    uint32_t fact = 0;

    if (api->flags & (RT_FLOW_ON_READ | RT_FLOW_ON_USE | RT_FLOW_ON_WRITE | RT_FLOW_ON_INDEX))
        return;
    if (api->flags & RT_FLOW_FEEDS)
        feed(run, api, call, from);
    if (api->kind != RT_FLOW_NO_FACT)
        fact = call_fact(run, api, call, from);
    origin = fact ? rt_flow_origin(run, fact) : (api->flags & RT_FLOW_CLEANS) ? NULL : from;
    if (fact &&
        api->kind ==
            RT_FACT_CODE_EVAL) /* what code gives, or throws, still comes from where it came from */
        origin = rt_flow_unite(run, origin, from);
    if (fact)
        out->origin = rt_flow_unite(run, out->origin, origin);
    if (out->done || (!api->result && !fact && !(api->flags & (RT_FLOW_FEEDS | RT_FLOW_CLEANS))))
        return;
    out->value = result_of(run, api, call, fact, origin);
    out->done = true;
    if (api->kind == RT_FACT_CODE_EVAL)
        out->value = run_code(run, call, api, out->value);
}

RtValue rt_flow_call_native(RtRun *run, RtFlowCall *call)
{
    RtFlowNative *native = call->callee.native;
    const RtFlowOrigins *given;
    const RtFlowBuiltin *builtin = native->builtin;
    const RtFlowOrigins *from = rt_flow_call_origins(run, call);
    Outcome out = { 0 };
    RtValue value;

    for (size_t i = 0; i < native->api_count; i++)
        apply_entry(run, native->apis[i], call, from, &out);
    if (builtin && builtin->run(run, call, &value)) {
        /* what require gives tells of its name's origins only, and of itself when it has any: a
         * module that is asked for by a name somebody hid */
        return rt_flow_has_kind(run, out.origin, 1ull << RT_FACT_CODE_REQUIRE) &&
                       value.kind != RT_V_UNKNOWN && !value.from
                   ? value
                   : rt_flow_with(run, value, out.origin);
    }
    if (native->slot) { /* resolve(x) */
        *native->slot = call->count > 0 ? call->args[0] : RT_UNDEFINED;
        return RT_UNDEFINED;
    }
    if (call->self.kind == RT_V_NATIVE && call->self.native->instance)
        call->self.native->extra = rt_flow_unite(run, call->self.native->extra, from);
    run->outside++;
    given = rt_flow_unite(run, out.origin, rt_flow_unite(run, call->self.from, call->callee.from));
    rt_flow_callbacks(run, call, callback_spec(native), given,
                      runs_later(run, native, last_segment(native->path), call->self.from));
    if (!out.done)
        out.value = plain_result(run, native, rt_flow_unite(run, from, out.origin));
    return out.value;
}

RtValue rt_flow_call_unknown(RtRun *run, RtFlowCall *call, RtStr method)
{
    const RtFlowOrigins *from = rt_flow_call_origins(run, call);
    Outcome out = { .value = rt_flow_unknown(from) };

    run->outside++;
    if (method.len > 0 && method.len < PATH_LIMIT - 2) {
        const RtStr path = rt_str_format(run->arena, "*.%.*s", RT_FMT(method));
        RtFlowNative *wild = rt_flow_table_get(&run->paths, path, rt_flow_hash(path));
        if (wild) {
            call->callee =
                (RtValue){ .kind = RT_V_NATIVE, .native = wild, .from = call->callee.from };
            for (size_t i = 0; i < wild->api_count; i++)
                apply_entry(run, wild->apis[i], call, from, &out);
        }
    }
    rt_flow_callbacks(
        run, call, NULL,
        rt_flow_unite(run, out.origin, rt_flow_unite(run, call->self.from, call->callee.from)),
        runs_later(run, NULL, method, call->self.from));
    return out.value;
}

static const char *kind_prefix(RtValue receiver)
{
    switch ((RtValueKind)receiver.kind) {
    case RT_V_TEXT:
        return "text.";
    case RT_V_BYTES:
        return "bytes.";
    case RT_V_ARRAY:
        return "array.";
    case RT_V_OBJECT:
        return "object.";
    case RT_V_FUNCTION:
    case RT_V_BOUND:
    case RT_V_METHOD:
    case RT_V_CLASS:
        return "function.";
    case RT_V_NATIVE: /* .call and .bind of an API; an instance's `bind` is its own */
        return receiver.native->instance ? NULL : "function.";
    case RT_V_NUMBER:
    case RT_V_INT:
    case RT_V_BOOL:
        return "number.";
    case RT_V_REGEX:
        return "regex.";
    case RT_V_UNKNOWN:
    case RT_V_UNDEFINED:
    case RT_V_NULL:
        return NULL;
    }
    return NULL;
}

static const RtFlowBuiltin *find_method(RtRun *run, const char *prefix, RtStr name)
{
    uint8_t path[64];
    const RtStr head = rt_str_from_c(prefix);
    RtStr key = { path, head.len + name.len };

    if (name.len == 0 || key.len > sizeof path)
        return NULL;
    memcpy(path, head.at, head.len);
    memcpy(path + head.len, name.at, name.len);
    return rt_flow_table_get(&run->methods, key, rt_flow_hash(key));
}

const RtFlowBuiltin *rt_flow_method(RtRun *run, RtValue receiver, RtStr name)
{
    const char *prefix = kind_prefix(receiver);
    const RtFlowBuiltin *builtin = prefix ? find_method(run, prefix, name) : NULL;

    return builtin ? builtin : find_method(run, "any.", name);
}

bool rt_flow_knows_module(RtRun *run, RtStr module)
{
    for (size_t i = 0; i < run->language->api_count; i++) {
        const RtStr path = rt_str_from_c(run->language->apis[i].path);
        if (rt_str_starts(path, module) && (path.len == module.len || path.at[module.len] == '.'))
            return true;
    }
    return false;
}
