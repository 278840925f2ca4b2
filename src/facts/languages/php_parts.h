/* php_parts.h - what PHP's expression reader (php.c), its table of functions (php_calls.c) and the
 * inflater share. */
#ifndef RT_FACTS_LANGUAGES_PHP_PARTS_H
#define RT_FACTS_LANGUAGES_PHP_PARTS_H

#include "facts/languages/shell_engine.h"

/* A value: text as far as known, the facts that flowed in, elements when it is a list of texts. */
typedef struct {
    RtStr text;
    bool known;      /* `text` is the whole value */
    bool is_closure; /* made by create_function or a decoded name: calling it runs its code */
    RtStr *items, *keys;
    size_t count, capacity, key_capacity;
    RtShellFlow flow;
} RtPhpValue;

typedef struct {
    RtStr name; /* lower case for functions */
    RtPhpValue value;
} RtPhpVariable;

typedef struct {
    RtStr name;
    RtStr parameters[8];
    size_t parameter_count;
    size_t body_from, body_to; /* offsets in the text */
    bool called;
} RtPhpFunction;

typedef struct {
    RtShellRun *run;
    RtStr text;
    size_t at, end, spent;
    RtPhpVariable *variables;
    size_t variable_count, variable_capacity;
    RtPhpFunction *functions;
    size_t function_count, function_capacity;
    RtPhpValue returned;
    uint32_t depth, calls, steps;
} RtPhp;

enum { RT_PHP_ARGS = 6 };

/* Calls the function of that name (any case) with its values; `at` is where the call stands. */
RtPhpValue rt_php_call(RtPhp *php, RtStr name, RtPhpValue args[RT_PHP_ARGS], size_t count,
                       size_t at);
/* Text becomes code: the fact, the layer. */
RtPhpValue rt_php_eval(RtPhp *php, const RtPhpValue *code, const char *how,
                       const RtShellFlow *more);
/* A fact because of `flow`. */
RtFactId rt_php_fact(RtPhp *php, RtFactKind kind, RtStr a0, RtStr a1, RtStr a2,
                     const RtShellFlow *flow);
bool rt_php_afford(RtPhp *php, size_t len);

/* Inflates a raw deflate stream (RFC 1951), at most `limit` bytes; what came before an error is
 * kept. */
RtStr rt_php_inflate(RtArena *arena, RtStr packed, size_t limit);

#endif
