/* engine.h - the JavaScript engine, as narrow as we need it; engine.c is the one file that knows
 * QuickJS.
 *
 * Two realms share one heap. The *world* realm runs our own scripts (world/), the *sample* realm
 * runs the package's; each has its own built-in objects, so that a sample that redefines
 * String.prototype.split changes nothing for us. Built once per process, the world is kept as an
 * image of its heap, and every run begins by putting it back. A script can be stopped anywhere,
 * inside a builtin too, because nothing of it has to be cleaned up. */
#ifndef RT_FACTS_EMULATOR_ENGINE_H
#define RT_FACTS_EMULATOR_ENGINE_H

#include "base/base.h"

typedef struct RtJs RtJs;

typedef enum {
    RT_JS_UNDEFINED,
    RT_JS_NULL,
    RT_JS_BOOL,
    RT_JS_NUMBER,
    RT_JS_TEXT,
    RT_JS_BYTES,
    RT_JS_OBJECT
} RtJsType;

/* A value on its way over the border. TEXT is UTF-8 (lone surrogates as WTF-8), BYTES become a
 * Uint8Array; an OBJECT has no content here. `text` lives until the call it belongs to returns. */
typedef struct {
    RtJsType type;
    double number;
    RtStr text;
} RtJsValue;
#define RT_JS_MAKE_TEXT(str)     ((RtJsValue){ .type = RT_JS_TEXT, .text = (str) })
#define RT_JS_MAKE_NUMBER(value) ((RtJsValue){ .type = RT_JS_NUMBER, .number = (double)(value) })
#define RT_JS_MAKE_BOOL(value)   ((RtJsValue){ .type = RT_JS_BOOL, .number = (value) ? 1 : 0 })

typedef enum { RT_JS_EVAL_DIRECT, RT_JS_EVAL_INDIRECT, RT_JS_EVAL_FUNCTION } RtJsEval;

/* What the host answers; all may be called at any time while a script runs, none may call back into
 * the engine. */
typedef struct {
    void *ctx;
    /* A call of `host.call(op, …)` by the world. */
    RtJsValue (*call)(void *ctx, int op, const RtJsValue *args, size_t count);
    /* Text is about to become code in the sample realm. False: do not run it (its value is
     * undefined, or an empty function). The name it runs under goes to `ret_name` (at most 63
     * bytes, NUL-terminated). For FUNCTION `skip` says where the body begins; `len` is its length.
     */
    bool (*eval)(void *ctx, RtJsEval kind, RtStr text, size_t skip, size_t len, char ret_name[64]);
    /* Evaluated text does not parse. True: its value is undefined and the script goes on. */
    bool (*broken)(void *ctx, RtStr text);
    /* A value of ours (or any text, with "darwin") is compared with a constant of the script. */
    void (*equal)(void *ctx, RtStr ours, RtStr constant);
} RtJsHost;

typedef struct {
    size_t heap_bytes, stack_bytes;
    RtStr mark; /* what our values contain: asked for before `equal` is called */
} RtJsSetup;

RtJs *rt_js_open(const RtJsSetup *setup); /* NULL: no memory */
void rt_js_close(RtJs *js);               /* accepts NULL */

/* Building the world: `source` is an expression that gives a function (host, sample global, world
 * object). False: it threw, and `ret_why` says what (static storage of the RtJs). */
bool rt_js_build(RtJs *js, RtStr source, const char *name, const char **ret_why) RT_MUST_USE;
bool rt_js_keep(RtJs *js) RT_MUST_USE;
/* Puts the kept world back and makes `host` the one that answers. Nothing of the run before
 * remains. */
void rt_js_start(RtJs *js, const RtJsHost *host);

typedef enum {
    RT_JS_FINE,
    RT_JS_THREW,   /* `ret_value` is the error's text */
    RT_JS_STOPPED, /* out of time; the realm is still usable */
    RT_JS_DEAD, /* had to be cut off inside a builtin, or is out of memory: only rt_js_start helps
                 */
} RtJsStatus;

/* Calls method `name` of the world object; `cpu_ms` for all it does. The value's text lives until
 * the next call. */
RtJsStatus rt_js_call(RtJs *js, const char *name, const RtJsValue *args, size_t count,
                      uint32_t cpu_ms, RtJsValue *ret_value);
/* Runs at most `limit` pending jobs (promise reactions). */
RtJsStatus rt_js_jobs(RtJs *js, size_t limit, uint32_t cpu_ms, bool *ret_more);

/* Where the sample's innermost running function stands: the name its source was given, 1-based line
 * and column. False when no sample code runs. `ret_name` is valid until the script goes on. */
bool rt_js_where(RtJs *js, RtStr *ret_name, uint32_t *ret_line, uint32_t *ret_column);
double rt_js_clock(const RtJs *js);            /* ms since this run was started */
void rt_js_clock_forward(RtJs *js, double ms); /* the virtual clock, in ms since 1970 */

#endif
