/* engine.c - QuickJS-ng inside our program: the one file that knows it, by swallowing its source.
 *
 * The library is not patched. Including quickjs.c here gives access to what its interface lacks:
 * the hook in front of every eval, the comparison operators, the regular expression engine, dynamic
 * import and the clock (substitutes.h says how).
 *
 * Three walls stop a script. Its own interrupt, asked every few thousand bytecodes. A budget per
 * regular expression, beyond which it counts as not matching (obfuscators defend themselves with
 * ((.+)+)+$). And a timer signal, for one-line builtins that never ask: the handler leaves with
 * siglongjmp. That is safe because nothing the engine holds is ever used again (heap.h), it never
 * calls malloc, and while our own code runs the signal only leaves a note. */
#include <time.h>

#include "cutils.h"
#include "libregexp.h"
#include "quickjs.h"

static int64_t rt_clock_us(void);
static uint64_t rt_clock_ns(void);
static struct tm *rt_local_time(const time_t *at, struct tm *ret_tm);
static int rt_regexp(uint8_t **capture, const uint8_t *code, const uint8_t *text, int from, int len,
                     int shift, void *opaque);
static int rt_eq(JSContext *ctx, JSValue *sp, bool is_neq);
static int rt_strict_eq(JSContext *ctx, JSValue *sp, bool is_neq);
static JSValue rt_eval_object(JSContext *ctx, JSValueConst this_obj, JSValueConst val, int flags,
                              int scope_idx);
static JSValue rt_import(JSContext *ctx, JSValueConst specifier, JSValueConst options);
static JSValue rt_make_error(JSContext *ctx, int kind, bool with_stack, const char *message);
static JSValue rt_get_value(JSContext *ctx, JSValueConst object, JSValue key);
static int rt_set_value(JSContext *ctx, JSValueConst object, JSValue key, JSValue value, int flags);

#include "facts/emulator/substitutes.h"

JSValue JS_GetPropertyValue_plain(JSContext *ctx, JSValueConst object, JSValue key);
int JS_SetPropertyValue_plain(JSContext *ctx, JSValueConst object, JSValue key, JSValue value,
                              int flags);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion" /* what our macros bring into its lines */
#include "quickjs.c"
#pragma GCC diagnostic pop
#undef lre_exec
#undef lre_check_timeout

#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>

#include "facts/emulator/engine.h"
#include "facts/emulator/heap.h"
#include "facts/emulator/wording.h"

enum {
    GRACE_MS = 60,
    REGEXP_MS = 25,
    REGEXP_RUN_MS = 300,
    COMPARE_LIMIT = 512,
    NAME_SIZE = 64,
    REJECTIONS = 50
};

struct RtJs {
    RtHeap *heap;
    JSRuntime *rt;
    JSContext *world, *sample;
    JSValue world_object;
    RtJsHost host;
    RtStr mark;
    void *permissive; /* the handler object of the world's permissive proxies */
    int64_t deadline_us, regexp_from_us, regexp_until_us, regexp_spent_us;
    uint32_t rejections;
    bool in_regexp, building;
    double clock_ms;
    char why[400];
    sigjmp_buf jump;
    volatile sig_atomic_t in_engine, in_host, must_stop;
};

/* The script that runs on this thread: signal handlers, the engine's clock and its regular
 * expressions have no argument to find it by. NULL while none runs. */
static _Thread_local RtJs *volatile running;

static int64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- time ---- */

/* Asking moves the clock on, so that a loop that waits for a time comes to its end. */
static int64_t rt_clock_us(void)
{
    RtJs *js = running;
    if (js == NULL)
        return 1;
    js->clock_ms += 5;
    return (int64_t)(js->clock_ms * 1000);
}

static uint64_t rt_clock_ns(void) { return (uint64_t)rt_clock_us() * 1000; }

/* UTC everywhere: the system's own function would open files, which the jail answers with death. */
static struct tm *rt_local_time(const time_t *at, struct tm *ret_tm)
{
    (void)at;
    memset(ret_tm, 0, sizeof *ret_tm);
    return ret_tm;
}

static const double STARTED_MS = 1781515800000.0; /* Monday, 15 June 2026, 09:30 UTC */

double rt_js_clock(const RtJs *js) { return js->clock_ms - STARTED_MS; }

void rt_js_clock_forward(RtJs *js, double ms)
{
    if (ms > 0)
        js->clock_ms += ms;
}

static int interrupted(JSContext *ctx, void *opaque)
{
    (void)ctx;
    RtJs *js = opaque;
    return js->must_stop != 0 || cpu_us() > js->deadline_us;
}

int lre_check_timeout(void *opaque)
{
    RtJs *js = JS_GetRuntimeOpaque(((JSContext *)opaque)->rt);
    int64_t now = cpu_us();
    if (js->in_regexp && js->regexp_until_us == 0) {
        int64_t left = (int64_t)REGEXP_RUN_MS * 1000 - js->regexp_spent_us;
        int64_t budget = (int64_t)REGEXP_MS * 1000;
        js->regexp_from_us = now;
        js->regexp_until_us = now + (left < budget ? (left > 1000 ? left : 1000) : budget);
    }
    return js->must_stop != 0 || now > js->deadline_us ||
           (js->in_regexp && now > js->regexp_until_us);
}

/* The clock is a system call: it is not asked before the matcher first asks whether to go on. */
static int rt_regexp(uint8_t **capture, const uint8_t *code, const uint8_t *text, int from, int len,
                     int shift, void *opaque)
{
    RtJs *js = JS_GetRuntimeOpaque(((JSContext *)opaque)->rt);
    js->regexp_until_us = 0;
    js->in_regexp = true;
    int result = lre_exec(capture, code, text, from, len, shift, opaque);
    js->in_regexp = false;
    if (result == LRE_RET_TIMEOUT) {
        js->regexp_spent_us += cpu_us() - js->regexp_from_us;
        if (!interrupted(opaque, js))
            return 0;
    }
    return result;
}

/* ---- calls of the host ---- */

static void leave_engine(RtJs *js) { js->in_host = js->in_host + 1; }

static void enter_engine(RtJs *js)
{
    js->in_host = js->in_host - 1;
    if (js->must_stop != 0 && js->in_host == 0 && js->in_engine != 0)
        siglongjmp(js->jump, 1);
}

static void on_timer(int number)
{
    (void)number;
    RtJs *js = running;
    if (js == NULL || js->in_engine == 0)
        return;
    js->must_stop = 1;
    if (js->in_host == 0)
        siglongjmp(js->jump, 1);
}

static RtStr text_of(JSContext *ctx, JSValueConst value)
{
    size_t len = 0;
    const char *text = JS_ToCStringLen(ctx, &len, value);
    if (text == NULL) {
        JS_FreeValue(ctx, JS_GetException(ctx));
        return (RtStr){ 0 };
    }
    return (RtStr){ (const uint8_t *)text, len }; /* stays in the heap until the run ends */
}

static RtJsValue out_value(JSContext *ctx, JSValueConst value)
{
    size_t len;
    switch (JS_VALUE_GET_NORM_TAG(value)) {
    case JS_TAG_BOOL:
        return RT_JS_MAKE_BOOL(JS_VALUE_GET_BOOL(value));
    case JS_TAG_NULL:
        return (RtJsValue){ .type = RT_JS_NULL };
    case JS_TAG_INT:
        return RT_JS_MAKE_NUMBER(JS_VALUE_GET_INT(value));
    case JS_TAG_FLOAT64:
        return RT_JS_MAKE_NUMBER(JS_VALUE_GET_FLOAT64(value));
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return RT_JS_MAKE_TEXT(text_of(ctx, value));
    case JS_TAG_OBJECT:
        if (JS_GetTypedArrayType(value) == JS_TYPED_ARRAY_UINT8) {
            uint8_t *bytes = JS_GetUint8Array(ctx, &len, value);
            if (bytes != NULL)
                return (RtJsValue){ .type = RT_JS_BYTES, .text = { bytes, len } };
            JS_FreeValue(ctx, JS_GetException(ctx));
        }
        return (RtJsValue){ .type = RT_JS_OBJECT };
    default:
        return (RtJsValue){ .type = RT_JS_UNDEFINED };
    }
}

static JSValue in_value(JSContext *ctx, const RtJsValue *value)
{
    switch (value->type) {
    case RT_JS_NULL:
        return JS_NULL;
    case RT_JS_BOOL:
        return JS_NewBool(ctx, value->number != 0);
    case RT_JS_NUMBER:
        return JS_NewFloat64(ctx, value->number);
    case RT_JS_TEXT:
        return JS_NewStringLen(ctx, (const char *)value->text.at, value->text.len);
    case RT_JS_BYTES:
        return JS_NewArrayBufferCopy(ctx, value->text.at, value->text.len);
    case RT_JS_UNDEFINED:
    case RT_JS_OBJECT:
        break;
    }
    return JS_UNDEFINED;
}

enum {
    HOST_CALL,
    HOST_COMPILE,
    HOST_MODULE,
    HOST_PERMISSIVE,
    HOST_CHAIN,
    HOST_IS_PROXY,
    HOST_JOBS,
    HOST_SEED
};

static JSValue host_call(RtJs *js, JSContext *ctx, int argc, JSValueConst *argv)
{
    RtJsValue args[8];
    int op = 0;
    size_t count = 0;
    JS_ToInt32(ctx, &op, argv[0]);
    for (int i = 1; i < argc && count < countof(args); i++)
        args[count++] = out_value(ctx, argv[i]);
    if (js->host.call == NULL)
        return JS_UNDEFINED;
    leave_engine(js);
    RtJsValue result = js->host.call(js->host.ctx, op, args, count);
    enter_engine(js);
    return in_value(ctx, &result);
}

/* [promise of the evaluation, namespace] */
static JSValue evaluate_module(JSContext *ctx, JSContext *sample, const char *text, size_t len,
                               const char *name)
{
    JSValue code = __JS_EvalInternal(sample, JS_UNDEFINED, text, len, name, 1,
                                     JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY, -1);
    if (JS_IsException(code))
        return code;
    JSModuleDef *m = JS_VALUE_GET_PTR(code);
    JSValue promise = JS_EvalFunction(sample, code);
    if (JS_IsException(promise))
        return promise;
    JSValue pair = JS_NewArray(ctx);
    JS_SetPropertyUint32(ctx, pair, 0, promise);
    JS_SetPropertyUint32(ctx, pair, 1, JS_GetModuleNamespace(sample, m));
    return pair;
}

static JSValue host_function(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv,
                             int magic)
{
    (void)this_val;
    RtJs *js = JS_GetRuntimeOpaque(ctx->rt);
    if (magic == HOST_CALL)
        return argc == 0 ? JS_UNDEFINED : host_call(js, ctx, argc, argv);
    if (magic == HOST_COMPILE || magic == HOST_MODULE) {
        size_t len, name_len;
        const char *text = JS_ToCStringLen(ctx, &len, argv[0]),
                   *name = JS_ToCStringLen(ctx, &name_len, argv[1]);
        if (text == NULL || name == NULL)
            return JS_EXCEPTION;
        if (magic == HOST_COMPILE)
            return __JS_EvalInternal(js->sample, js->sample->global_obj, text, len, name, 1,
                                     JS_EVAL_TYPE_GLOBAL, -1);
        return evaluate_module(ctx, js->sample, text, len, name);
    }
    if (magic == HOST_PERMISSIVE) {
        js->permissive = JS_VALUE_GET_PTR(argv[0]);
    } else if (magic == HOST_CHAIN) {
        if (JS_SetPrototypeInternal(ctx, argv[0], argv[1], true) < 0)
            return JS_EXCEPTION;
    } else if (magic == HOST_IS_PROXY) {
        return JS_NewBool(ctx, JS_IsProxy(argv[0]));
    } else if (magic == HOST_SEED) {
        js->sample->random_state = 0x9e3779b97f4a7c15ULL;
    }
    return JS_UNDEFINED;
}

/* ---- natives look native ---- */

static bool is_ours(JSContext *ctx, const JSFunctionBytecode *b)
{
    char buffer[ATOM_GET_STR_BUF_SIZE];
    const char *name = b->filename ? JS_AtomGetStr(ctx, buffer, sizeof buffer, b->filename) : "";
    return strncmp(name, "node:", 5) == 0;
}

/* As V8 prints them: on one line. Functions of the world are natives too. */
static JSValue function_text(JSContext *ctx, JSValueConst this_val, int argc, JSValueConst *argv)
{
    if (!JS_IsFunction(ctx, this_val))
        return js_function_toString(ctx, this_val, argc, argv);
    JSObject *p = JS_VALUE_GET_OBJ(this_val);
    if (js_class_has_bytecode(p->class_id) && !is_ours(ctx, p->u.func.function_bytecode))
        return js_function_toString(ctx, this_val, argc, argv);
    const char *name = "";
    if (p->class_id != JS_CLASS_PROXY)
        name = get_func_name(ctx, this_val);
    char line[200];
    int len = snprintf(line, sizeof line, "function %.120s() { [native code] }",
                       name == NULL ? "" : name);
    return JS_NewStringLen(ctx, line, (size_t)len);
}

static JSValue rt_make_error(JSContext *ctx, int kind, bool with_stack, const char *message)
{
    char words[320];
    return JS_MakeError2_plain(ctx, (JSErrorEnum)kind, with_stack,
                               rt_v8_words(message, words, sizeof words));
}

/* ---- eval ---- */

static bool is_permissive(RtJs *js, JSValueConst value)
{
    if (JS_VALUE_GET_TAG(value) != JS_TAG_OBJECT ||
        JS_VALUE_GET_OBJ(value)->class_id != JS_CLASS_PROXY)
        return false;
    const JSProxyData *proxy = JS_VALUE_GET_OBJ(value)->u.proxy_data;
    return proxy != NULL && js->permissive != NULL &&
           JS_VALUE_GET_TAG(proxy->handler) == JS_TAG_OBJECT &&
           JS_VALUE_GET_PTR(proxy->handler) == js->permissive;
}

/* eval(x) of anything but text gives x back; an answer of ours that is not text yet counts as text
 * here. */
static JSValue rt_eval_object(JSContext *ctx, JSValueConst this_obj, JSValueConst val, int flags,
                              int scope_idx)
{
    RtJs *js = JS_GetRuntimeOpaque(ctx->rt);
    if (!is_permissive(js, val))
        return JS_EvalObject_plain(ctx, this_obj, val, flags, scope_idx);
    JSValue text = JS_ToString(ctx, val);
    if (JS_IsException(text))
        return text;
    JSValue result = JS_EvalObject_plain(ctx, this_obj, text, flags, scope_idx);
    JS_FreeValue(ctx, text);
    return result;
}

static bool in_function_constructor(const JSRuntime *rt)
{
    const JSStackFrame *frame = rt->current_stack_frame;
    if (frame == NULL || JS_VALUE_GET_TAG(frame->cur_func) != JS_TAG_OBJECT)
        return false;
    const JSObject *p = JS_VALUE_GET_OBJ(frame->cur_func);
    return p->class_id == JS_CLASS_C_FUNCTION &&
           p->u.cfunc.c_function.generic_magic == (JSCFunctionMagic *)js_function_constructor;
}

/* Where the body stands in "(function anonymous(a,b\n) {\nBODY\n})". */
static size_t body_of(RtStr text, size_t *ret_len)
{
    static const char head[] = "\n) {\n";
    const uint8_t *at = memmem(text.at, text.len, head, sizeof head - 1);
    size_t from = at == NULL ? 0 : (size_t)(at - text.at) + sizeof head - 1;
    *ret_len = text.len - from >= 3 ? text.len - from - 3 : 0;
    return from;
}

static JSValue nothing(JSContext *ctx, bool is_function)
{
    static const char empty[] = "(function anonymous(\n) {\n\n})";
    if (!is_function)
        return JS_UNDEFINED;
    return __JS_EvalInternal(ctx, ctx->global_obj, empty, sizeof empty - 1, "eval", 1,
                             JS_EVAL_TYPE_INDIRECT, -1);
}

static JSValue eval_hook(JSContext *ctx, JSValueConst this_obj, const char *input, size_t input_len,
                         const char *filename, int line, int flags, int scope_idx)
{
    RtJs *js = JS_GetRuntimeOpaque(ctx->rt);
    int type = flags & JS_EVAL_TYPE_MASK;
    if (js->building || (type != JS_EVAL_TYPE_DIRECT && type != JS_EVAL_TYPE_INDIRECT))
        return __JS_EvalInternal(ctx, this_obj, input, input_len, filename, line, flags, scope_idx);
    if (ctx == js->world) { /* reached through an object of ours: it runs among the sample's */
        ctx = js->sample;
        this_obj = ctx->global_obj;
    }
    RtStr text = { (const uint8_t *)input, input_len };
    bool is_function = type == JS_EVAL_TYPE_INDIRECT && in_function_constructor(ctx->rt);
    size_t len = input_len, skip = is_function ? body_of(text, &len) : 0;
    char name[NAME_SIZE] = "eval";
    RtJsEval kind = is_function                   ? RT_JS_EVAL_FUNCTION
                    : type == JS_EVAL_TYPE_DIRECT ? RT_JS_EVAL_DIRECT
                                                  : RT_JS_EVAL_INDIRECT;
    leave_engine(js);
    bool run = js->host.eval == NULL || js->host.eval(js->host.ctx, kind, text, skip, len, name);
    enter_engine(js);
    if (!run)
        return nothing(ctx, is_function);
    JSValue code = __JS_EvalInternal(ctx, this_obj, input, input_len, name, line,
                                     flags | JS_EVAL_FLAG_COMPILE_ONLY, scope_idx);
    if (JS_IsException(code)) {
        leave_engine(js);
        bool go_on = js->host.broken != NULL && js->host.broken(js->host.ctx, text);
        enter_engine(js);
        if (!go_on)
            return code;
        JS_FreeValue(ctx, JS_GetException(ctx));
        return nothing(ctx, is_function);
    }
    JSStackFrame *frame = type == JS_EVAL_TYPE_DIRECT ? ctx->rt->current_stack_frame : NULL;
    JSVarRef **refs = frame == NULL ? NULL : JS_VALUE_GET_OBJ(frame->cur_func)->u.func.var_refs;
    return JS_EvalFunctionInternal(ctx, code, this_obj, refs, frame);
}

/* What arithmetic on large numbers leaves is a double even when it is whole, and a[double] goes by
 * way of text. Decoders that shuffle tables do little else. */
static JSValue whole(JSValue key)
{
    if (!JS_TAG_IS_FLOAT64(JS_VALUE_GET_TAG(key)))
        return key;
    double number = JS_VALUE_GET_FLOAT64(key);
    return number >= 0 && number < INT32_MAX && number == (int32_t)number
               ? js_int32((int32_t)number)
               : key;
}

static JSValue rt_get_value(JSContext *ctx, JSValueConst object, JSValue key)
{
    return JS_GetPropertyValue_plain(ctx, object, whole(key));
}

static int rt_set_value(JSContext *ctx, JSValueConst object, JSValue key, JSValue value, int flags)
{
    return JS_SetPropertyValue_plain(ctx, object, whole(key), value, flags);
}

/* ---- comparisons ---- */

static bool has_mark(const RtJs *js, JSValueConst value)
{
    if (JS_VALUE_GET_TAG(value) != JS_TAG_STRING)
        return false;
    JSString *text = JS_VALUE_GET_STRING(value);
    return !text->is_wide_char && text->len >= js->mark.len && text->len <= COMPARE_LIMIT &&
           memmem(str8(text), text->len, js->mark.at, js->mark.len) != NULL;
}

/* The one platform that is not tried unless a script names it. */
static bool is_mac(JSValueConst value)
{
    if (JS_VALUE_GET_TAG(value) != JS_TAG_STRING)
        return false;
    JSString *text = JS_VALUE_GET_STRING(value);
    return !text->is_wide_char && text->len == 6 && memcmp(str8(text), "darwin", 6) == 0;
}

static bool is_constant(JSValueConst value)
{
    int tag = JS_VALUE_GET_NORM_TAG(value);
    return JS_IsString(value) || tag == JS_TAG_INT || tag == JS_TAG_BOOL;
}

static void tell_equal(RtJs *js, JSContext *ctx, JSValueConst ours, JSValueConst constant)
{
    RtStr left = text_of(ctx, ours), right = text_of(ctx, constant);
    leave_engine(js);
    js->host.equal(js->host.ctx, left, right);
    enter_engine(js);
}

/* A value of ours against one of the script's: remembered, so that the next run can give the right
 * answer. */
static void compare(JSContext *ctx, JSValueConst a, JSValueConst b)
{
    RtJs *js = JS_GetRuntimeOpaque(ctx->rt);
    if (ctx != js->sample || js->host.equal == NULL)
        return;
    bool mark_a = is_permissive(js, a) || has_mark(js, a) || (is_mac(b) && JS_IsString(a)),
         mark_b = is_permissive(js, b) || has_mark(js, b) || (is_mac(a) && JS_IsString(b));
    if (mark_a == mark_b)
        return;
    if (mark_a && is_constant(b))
        tell_equal(js, ctx, a, b);
    else if (mark_b && is_constant(a))
        tell_equal(js, ctx, b, a);
}

static int rt_eq(JSContext *ctx, JSValue *sp, bool is_neq)
{
    compare(ctx, sp[-2], sp[-1]);
    return js_eq_slow_plain(ctx, sp, is_neq);
}

static int rt_strict_eq(JSContext *ctx, JSValue *sp, bool is_neq)
{
    compare(ctx, sp[-2], sp[-1]);
    return js_strict_eq_slow_plain(ctx, sp, is_neq);
}

/* ---- modules: the world says what a name means ---- */

static JSValue world_method(RtJs *js, const char *name, int argc, JSValueConst *argv)
{
    JSContext *ctx = js->world;
    JSValue method = JS_GetPropertyStr(ctx, js->world_object, name);
    if (!JS_IsFunction(ctx, method))
        return JS_ThrowTypeError(ctx, "the world has no method %s", name);
    JSValue result = JS_Call(ctx, method, js->world_object, argc, argv);
    JS_FreeValue(ctx, method);
    return result;
}

static JSValue rt_import(JSContext *ctx, JSValueConst specifier, JSValueConst options)
{
    RtJs *js = JS_GetRuntimeOpaque(ctx->rt);
    JSAtom base = JS_GetScriptOrModuleName(ctx, 0);
    JSValue args[2] = { js_dup(specifier),
                        base == JS_ATOM_NULL ? JS_NULL : JS_AtomToValue(ctx, base) };
    JSValue result = world_method(js, "dynamicImport", 2, (JSValueConst *)args);
    JS_FreeValue(ctx, args[0]);
    JS_FreeValue(ctx, args[1]);
    JS_FreeAtom(ctx, base);
    return JS_IsUndefined(result) ? js_dynamic_import_plain(ctx, specifier, options) : result;
}

/* A promise failed with nobody listening: the world reads from the reason what was missing. */
static void rejected(JSContext *ctx, JSValueConst promise, JSValueConst reason, bool is_handled,
                     void *opaque)
{
    (void)ctx;
    (void)promise;
    RtJs *js = opaque;
    if (is_handled || js->building || js->rejections++ > REJECTIONS)
        return;
    JSValue result = world_method(js, "thrown", 1, &reason);
    if (JS_IsException(result) && !JS_IsUncatchableError(js->rt->current_exception))
        JS_FreeValue(js->world, JS_GetException(js->world));
}

static char *normalize(JSContext *ctx, const char *base, const char *name, void *opaque)
{
    RtJs *js = opaque;
    JSValue args[2] = { JS_NewString(ctx, base), JS_NewString(ctx, name) };
    JSValue result = world_method(js, "moduleName", 2, (JSValueConst *)args);
    if (JS_IsException(result))
        return NULL;
    RtStr text = text_of(ctx, result);
    return js_strndup(ctx, (const char *)text.at, text.len);
}

/* The names that loaded modules want of the module called `name`, as an array for the world. */
static JSValue wanted_names(JSContext *ctx, const char *name)
{
    JSValue list = JS_NewArray(ctx);
    uint32_t count = 0;
    struct list_head *at;
    list_for_each(at, &ctx->loaded_modules)
    {
        JSModuleDef *m = list_entry(at, JSModuleDef, link);
        for (int i = 0; i < m->import_entries_count + m->export_entries_count; i++) {
            bool is_import = i < m->import_entries_count;
            const JSExportEntry *ex =
                is_import ? NULL : &m->export_entries[i - m->import_entries_count];
            if (!is_import && ex->export_type != JS_EXPORT_TYPE_INDIRECT)
                continue;
            int from = is_import ? m->import_entries[i].req_module_idx : ex->u.req_module_idx;
            JSAtom atom = is_import ? m->import_entries[i].import_name : ex->local_name;
            if (from < 0 || from >= m->req_module_entries_count || count > 2000)
                continue;
            JSValue args[2] = { JS_AtomToValue(ctx, m->module_name),
                                JS_AtomToValue(ctx, m->req_module_entries[from].module_name) };
            JSValue means =
                world_method(JS_GetRuntimeOpaque(ctx->rt), "moduleName", 2, (JSValueConst *)args);
            RtStr text = JS_IsException(means) ? (RtStr){ 0 } : text_of(ctx, means);
            if (text.len == strlen(name) && memcmp(text.at, name, text.len) == 0)
                JS_SetPropertyUint32(ctx, list, count++, JS_AtomToValue(ctx, atom));
        }
    }
    return list;
}

static int fill_module(JSContext *ctx, JSModuleDef *m)
{
    RtJs *js = JS_GetRuntimeOpaque(ctx->rt);
    JSValue name = JS_AtomToValue(ctx, m->module_name);
    for (int i = 0; i < m->export_entries_count; i++) {
        JSValue args[2] = { name, JS_AtomToValue(ctx, m->export_entries[i].export_name) };
        JSValue value = world_method(js, "moduleValue", 2, (JSValueConst *)args);
        if (JS_IsException(value))
            return -1;
        char buffer[ATOM_GET_STR_BUF_SIZE];
        JS_SetModuleExport(
            ctx, m, JS_AtomGetStr(ctx, buffer, sizeof buffer, m->export_entries[i].export_name),
            value);
    }
    return 0;
}

/* Text from the world is a module of the package; an array of names is one of ours, filled when it
 * is evaluated. */
static JSModuleDef *load_module(JSContext *ctx, const char *name, void *opaque)
{
    RtJs *js = opaque;
    JSValue args[2] = { JS_NewString(ctx, name), wanted_names(ctx, name) };
    JSValue found = world_method(js, "moduleSource", 2, (JSValueConst *)args);
    if (JS_IsException(found))
        return NULL;
    if (JS_IsString(found)) {
        size_t len;
        const char *text = JS_ToCStringLen(ctx, &len, found);
        JSValue code = __JS_EvalInternal(ctx, JS_UNDEFINED, text, len, name, 1,
                                         JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY, -1);
        return JS_IsException(code) ? NULL : JS_VALUE_GET_PTR(code);
    }
    JSModuleDef *m = JS_NewCModule(ctx, name, fill_module);
    int64_t count = 0;
    if (m == NULL || JS_GetLength(ctx, found, &count) < 0)
        return NULL;
    for (int64_t i = 0; i < count && i < 4000; i++) {
        RtStr text = text_of(ctx, JS_GetPropertyUint32(ctx, found, (uint32_t)i));
        JS_AddModuleExport(ctx, m, (const char *)text.at);
    }
    return m;
}

/* ---- opening, building, running ---- */

static void add_host(JSContext *ctx, JSValue object, const char *name, int magic)
{
    JS_SetPropertyStr(
        ctx, object, name,
        JS_NewCFunctionMagic(ctx, host_function, name, 2, JS_CFUNC_generic_magic, magic));
}

static JSContext *realm(RtJs *js)
{
    JSContext *ctx = JS_NewContext(js->rt);
    if (ctx == NULL)
        return NULL;
    ctx->eval_internal = eval_hook;
    ctx->random_state = 0x9e3779b97f4a7c15ULL;
    ctx->hash_seed = 0x1234567;
    JSValue proto = ctx->function_proto;
    JS_DefinePropertyValueStr(ctx, proto, "toString",
                              JS_NewCFunction(ctx, function_text, "toString", 0),
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    return ctx;
}

RtJs *rt_js_open(const RtJsSetup *setup)
{
    static const JSMallocFunctions functions = { rt_heap_zeroed, rt_heap_take, rt_heap_give,
                                                 rt_heap_resize, rt_heap_size };
    RtJs *js = calloc(1, sizeof *js);
    RtHeap *heap = rt_heap_open(setup->heap_bytes);
    if (js == NULL || heap == NULL) {
        rt_heap_close(heap);
        free(js);
        return NULL;
    }
    *js = (RtJs){ .heap = heap,
                  .mark = setup->mark,
                  .building = true,
                  .deadline_us = INT64_MAX,
                  .clock_ms = 1e12 };
    js->rt = JS_NewRuntime2(&functions, heap);
    if (js->rt == NULL) {
        rt_js_close(js);
        return NULL;
    }
    JS_SetRuntimeOpaque(js->rt, js);
    JS_SetMemoryLimit(js->rt, setup->heap_bytes / 4 * 3);
    JS_SetMaxStackSize(js->rt, setup->stack_bytes);
    JS_SetInterruptHandler(js->rt, interrupted, js);
    JS_SetCanBlock(js->rt, false);
    JS_SetHostPromiseRejectionTracker(js->rt, rejected, js);
    JS_SetModuleLoaderFunc(js->rt, normalize, load_module, js);
    js->world = realm(js);
    js->sample = js->world == NULL ? NULL : realm(js);
    if (js->sample == NULL) {
        rt_js_close(js);
        return NULL;
    }
    js->world_object = JS_NewObject(js->world);
    return js;
}

void rt_js_close(RtJs *js)
{
    if (js == NULL)
        return;
    rt_heap_close(js->heap); /* and with it all the engine ever had */
    free(js);
}

static void note_exception(RtJs *js, JSContext *ctx)
{
    JSValue error = JS_GetException(ctx);
    RtStr text = text_of(ctx, error);
    RtStr stack = { 0 };
    if (js->building)
        stack = text_of(ctx, JS_GetPropertyStr(ctx, error, "stack"));
    snprintf(js->why, sizeof js->why, "%.*s%s%.*s", RT_FMT(text), stack.len != 0 ? "\n" : "",
             (int)(stack.len > 200 ? 200 : stack.len),
             stack.len == 0 ? "" : (const char *)stack.at);
}

bool rt_js_build(RtJs *js, RtStr source, const char *name, const char **ret_why)
{
    JSContext *ctx = js->world;
    JS_UpdateStackTop(js->rt);
    JSValue host = JS_NewObject(ctx);
    add_host(ctx, host, "call", HOST_CALL);
    add_host(ctx, host, "compile", HOST_COMPILE);
    add_host(ctx, host, "module", HOST_MODULE);
    add_host(ctx, host, "permissive", HOST_PERMISSIVE);
    add_host(ctx, host, "chain", HOST_CHAIN);
    add_host(ctx, host, "isProxy", HOST_IS_PROXY);
    add_host(ctx, host, "seed", HOST_SEED);
    char *text = js_strndup(ctx, (const char *)source.at, source.len);
    JSValue made = text == NULL ? JS_EXCEPTION
                                : __JS_EvalInternal(ctx, ctx->global_obj, text, source.len, name, 1,
                                                    JS_EVAL_TYPE_GLOBAL, -1);
    JSValueConst args[3] = { host, js->sample->global_obj, js->world_object };
    JSValue done = JS_IsException(made) ? made : JS_Call(ctx, made, JS_UNDEFINED, 3, args);
    if (JS_IsException(done)) {
        note_exception(js, ctx);
        *ret_why = js->why;
        return false;
    }
    js_free(ctx, text);
    return true;
}

bool rt_js_keep(RtJs *js)
{
    JS_RunGC(js->rt);
    js->building = false;
    return rt_heap_keep(js->heap);
}

void rt_js_start(RtJs *js, const RtJsHost *host)
{
    rt_heap_restore(js->heap);
    js->host = *host;
    js->regexp_spent_us = 0;
    js->rejections = 0;
    js->in_regexp = false;
    js->clock_ms = STARTED_MS;
}

static void arm(uint32_t ms)
{
    struct itimerval timer = { .it_value = { ms / 1000, (suseconds_t)(ms % 1000) * 1000 } };
    if (ms != 0)
        timer.it_interval = (struct timeval){ 0, 20000 };
    setitimer(ITIMER_PROF, &timer, NULL);
}

static void begin(RtJs *js, uint32_t cpu_ms, struct sigaction *ret_old)
{
    struct sigaction action = { .sa_handler = on_timer };
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGPROF, &action, ret_old);
    js->deadline_us = cpu_us() + (int64_t)cpu_ms * 1000;
    js->must_stop = 0;
    js->in_host = 0;
    running = js;
    js->rt->current_stack_frame = NULL; /* a call that was stopped may leave its own behind */
    JS_UpdateStackTop(js->rt);
    arm(cpu_ms + GRACE_MS);
    js->in_engine = 1;
}

static void end(RtJs *js, const struct sigaction *old)
{
    js->in_engine = 0;
    arm(0);
    running = NULL;
    sigaction(SIGPROF, old, NULL);
}

static RtJsStatus failed(RtJs *js, RtJsValue *ret_value)
{
    JSContext *ctx = js->world;
    bool stopped = JS_IsUncatchableError(js->rt->current_exception);
    if (stopped)
        JS_FreeValue(ctx, JS_GetException(ctx));
    else
        note_exception(js, ctx);
    *ret_value = stopped ? (RtJsValue){ 0 }
                         : RT_JS_MAKE_TEXT(((RtStr){ (const uint8_t *)js->why, strlen(js->why) }));
    return stopped ? RT_JS_STOPPED : RT_JS_THREW;
}

RtJsStatus rt_js_call(RtJs *js, const char *name, const RtJsValue *args, size_t count,
                      uint32_t cpu_ms, RtJsValue *ret_value)
{
    struct sigaction old;
    volatile RtJsStatus status = RT_JS_DEAD;
    RtJsValue value = { 0 };
    if (sigsetjmp(js->jump, 1) == 0) {
        begin(js, cpu_ms, &old);
        JSValue in[8];
        for (size_t i = 0; i < count && i < countof(in); i++)
            in[i] = in_value(js->world, &args[i]);
        JSValue result = world_method(js, name, (int)count, (JSValueConst *)in);
        if (JS_IsException(result)) {
            status = failed(js, &value);
        } else {
            value = out_value(js->world, result);
            status = RT_JS_FINE;
        }
        *ret_value = value;
    } else {
        *ret_value = (RtJsValue){ 0 };
    }
    end(js, &old);
    return status;
}

RtJsStatus rt_js_jobs(RtJs *js, size_t limit, uint32_t cpu_ms, bool *ret_more)
{
    struct sigaction old;
    volatile RtJsStatus status = RT_JS_DEAD;
    *ret_more = false;
    if (sigsetjmp(js->jump, 1) == 0) {
        begin(js, cpu_ms, &old);
        status = RT_JS_FINE;
        for (size_t i = 0; i < limit && JS_IsJobPending(js->rt); i++) {
            JSContext *ctx = NULL;
            if (JS_ExecutePendingJob(js->rt, &ctx) >= 0)
                continue;
            RtJsValue ignored;
            if (failed(js, &ignored) == RT_JS_STOPPED) {
                status = RT_JS_STOPPED;
                break;
            }
        }
        *ret_more = JS_IsJobPending(js->rt);
    }
    end(js, &old);
    return status;
}

bool rt_js_where(RtJs *js, RtStr *ret_name, uint32_t *ret_line, uint32_t *ret_column)
{
    for (JSStackFrame *frame = js->rt->current_stack_frame; frame != NULL;
         frame = frame->prev_frame) {
        if (JS_VALUE_GET_TAG(frame->cur_func) != JS_TAG_OBJECT)
            continue;
        JSObject *p = JS_VALUE_GET_OBJ(frame->cur_func);
        if (!js_class_has_bytecode(p->class_id))
            continue;
        JSFunctionBytecode *b = p->u.func.function_bytecode;
        if (is_ours(js->sample, b) || b->filename == 0)
            continue;
        int column = 0;
        uint32_t pc = frame->cur_pc == NULL ? 0 : (uint32_t)(frame->cur_pc - b->byte_code_buf - 1);
        int line = find_line_num(js->sample, b, pc, &column);
        *ret_name = text_of(js->sample, JS_AtomToString(js->sample, b->filename));
        *ret_line = line > 0 ? (uint32_t)line : 1;
        *ret_column = column > 0 ? (uint32_t)column : 1;
        return true;
    }
    return false;
}
