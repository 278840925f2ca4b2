/* substitutes.h - which functions of QuickJS are ours: macros that engine.c has in force while it
 * swallows quickjs.c.
 *
 * A function is put in place of one of the library's by a macro whose first argument decides: in a
 * definition it is "JSContext *ctx" and becomes the old name with _plain behind it, in a call it is
 * "ctx" and becomes ours. */
#ifndef RT_FACTS_EMULATOR_SUBSTITUTES_H
#define RT_FACTS_EMULATOR_SUBSTITUTES_H

#define js__gettimeofday_us rt_clock_us
#define js__hrtime_ns       rt_clock_ns
#define localtime_r         rt_local_time
#define lre_exec            rt_regexp
#define lre_check_timeout   rt_regexp_plain_timeout
#define js_eq_slow(a, ...) RT_EQ_##a, __VA_ARGS__)
#define RT_EQ_JSContext js_eq_slow_plain(JSContext
#define RT_EQ_ctx rt_eq(ctx
#define js_strict_eq_slow(a, ...) RT_STRICT_EQ_##a, __VA_ARGS__)
#define RT_STRICT_EQ_JSContext js_strict_eq_slow_plain(JSContext
#define RT_STRICT_EQ_ctx rt_strict_eq(ctx
#define JS_EvalObject(a, ...) RT_EVAL_OBJECT_##a, __VA_ARGS__)
#define RT_EVAL_OBJECT_JSContext JS_EvalObject_plain(JSContext
#define RT_EVAL_OBJECT_ctx rt_eval_object(ctx
#define js_dynamic_import(a, ...) RT_IMPORT_##a, __VA_ARGS__)
#define RT_IMPORT_JSContext js_dynamic_import_plain(JSContext
#define RT_IMPORT_ctx rt_import(ctx
#define JS_GetPropertyValue(a, ...) RT_GET_VALUE_##a, __VA_ARGS__)
#define RT_GET_VALUE_JSContext JS_GetPropertyValue_plain(JSContext
#define RT_GET_VALUE_ctx rt_get_value(ctx
#define JS_SetPropertyValue(a, ...) RT_SET_VALUE_##a, __VA_ARGS__)
#define RT_SET_VALUE_JSContext JS_SetPropertyValue_plain(JSContext
#define RT_SET_VALUE_ctx rt_set_value(ctx
#define JS_MakeError2(a, ...) RT_MAKE_ERROR_##a, __VA_ARGS__)
#define RT_MAKE_ERROR_JSContext JS_MakeError2_plain(JSContext
#define RT_MAKE_ERROR_ctx rt_make_error(ctx

int rt_regexp_plain_timeout(void *opaque); /* the library's own name for it */
#endif
