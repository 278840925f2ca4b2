/* flow_run.h - the running interpreter, as its own files see it. Internal to the folder.
 *
 *   flow_run.c        a run from start to end: modules, functions nobody called, budget
 *   flow_execute.c    statements        flow_evaluate.c  expressions     flow_assign.c  targets
 *   flow_call.c       calls of known functions and classes              flow_native.c  paths and
 * API tables flow_member.c     x.y and x[y]      flow_operate.c   operators, conversions
 *   flow_fact.c       the fact table    flow_take.c      arguments of facts
 *   flow_text.c flow_map.c              values
 *   flow_NAME_builtin.c                 what is bound by path or by method name */
#ifndef RT_FACTS_FLOW_FLOW_RUN_H
#define RT_FACTS_FLOW_FLOW_RUN_H

#include <setjmp.h>

#include "base/json.h"
#include "facts/flow/flow_value.h"

typedef enum { RT_END_NONE, RT_END_BREAK, RT_END_CONTINUE, RT_END_RETURN, RT_END_THROW } RtFlowEnd;

struct RtFlowModule {
    RtLayerId layer;
    RtStr source;
    const RtNode *root;
    RtFlowScope *scope;
    RtValue
        exports; /* JavaScript: module.exports lives in `module`; Python: object over the scope */
    RtFlowObject *holder; /* JavaScript's `module` */
    bool foreign;         /* another file: its facts count only where they touch ours */
    bool fixed_span;      /* evaluated text without layer: all facts stand at `span` */
    const RtNode *span;
};

/* A call on its way: arguments by position and by name. */
typedef struct {
    const RtNode *node; /* the CALL, for spans */
    RtValue callee, self;
    RtValue *args;
    size_t count;
    RtStr *names;
    RtValue *named;
    size_t named_count;
    bool is_new, open; /* open: a spread of unknown length ended the arguments */
} RtFlowCall;

typedef struct RtFlowFrame RtFlowFrame;
struct RtFlowFrame {
    RtFlowFrame *up;
    RtFlowScope *scope;
    RtFlowModule *module;
    RtFlowFunction *function;
    RtValue self;
    RtValue returned;
    bool has_returned;   /* some path returned */
    uint32_t maybe_left; /* times a branch that may be taken left a loop */
    RtFlowArray *yields;
    RtFlowCall *call;       /* NULL: run blindly */
    RtFlowArray *arguments; /* made when somebody asks */
    bool has_arguments;
};

typedef struct {
    uint8_t kind;
    bool deferred, foreign, emitted, busy, wanted;
    RtLayerId layer;
    uint64_t from, len;
    RtStr args[4];
    const RtFlowOrigins *because;
    uint32_t next; /* in the hash chain, + 1 */
    RtFactId id;
} RtFlowFact;

typedef struct RtRun RtRun;
/* A bound function. Returns false when it does not know what to do with these arguments: the
 * generic rules go on. */
typedef bool (*RtFlowBuiltinRun)(RtRun *run, RtFlowCall *call, RtValue *ret_value);
typedef struct {
    const char *name; /* API path, or "text.split" (kinds: text bytes array object function) */
    RtFlowBuiltinRun run;
} RtFlowBuiltin;
typedef struct {
    const RtFlowBuiltin *items;
    size_t count;
} RtFlowBuiltins;

typedef struct {
    RtValue callee;
    RtValue *args;
    size_t count;
    const RtNode *node;
    RtFlowModule *module;
} RtFlowLater;

typedef struct { /* what a map's entry held before the branch that may not happen */
    RtFlowMap *map;
    uint32_t index, stamp;
    RtValue value;
} RtFlowUndo;

typedef struct {
    size_t undo_count;
    uint32_t branch_start;
} RtFlowBranch;

typedef struct { /* a handler of errors that did not happen */
    const RtNode *node;
    RtFlowFrame frame;
    bool deferred;
} RtFlowHandler;

typedef struct {
    uint32_t hash;
    RtStr key; /* a key without length is compared by its address */
    const void *value;
} RtFlowTableSlot;
typedef struct {
    RtFlowTableSlot *slots;
    size_t mask, count;
} RtFlowTable;

enum { RT_FLOW_UNION_CACHE = 64 };

struct RtRun {
    RtArena *arena;
    size_t arena_limit;
    jmp_buf out;
    RtSink *sink;
    const RtFlowLanguage *language;
    bool python;
    RtFlowTable paths;    /* path -> RtFlowNative, entries of the tables and natives seen */
    RtFlowTable methods;  /* "text.split" -> RtFlowBuiltin */
    RtFlowTable codes;    /* node address -> RtFlowCode */
    RtFlowTable literals; /* node address -> RtFlowText */
    RtFlowFrame *frame;
    RtFlowModule *main;
    RtFlowModule **modules;
    size_t module_count, module_capacity, module_bytes;
    RtFlowObject *global;
    RtFlowFunction **functions; /* one closure of each FUNCTION node, in order of sight */
    size_t function_count, function_capacity;
    RtFlowClass **types;
    size_t type_count, type_capacity;
    RtFlowLater *later;
    size_t later_count, later_capacity;
    RtFlowHandler *handlers;
    size_t handler_count, handler_capacity;
    RtFlowFact *facts; /* [0] is not used */
    size_t fact_count, fact_capacity;
    uint32_t *fact_slots;
    uint32_t weak;                       /* > 0: what runs may not happen */
    uint32_t branch_count, branch_start; /* stamps: see rt_flow_branch */
    RtFlowUndo *undo;
    size_t undo_count, undo_capacity;
    uint32_t deferred; /* > 0: nobody calls this at load time */
    uint32_t unrolled; /* > 0: in the body of a loop of unknown length */
    uint32_t calls;    /* depth of calls */
    uint32_t depth;    /* depth of nodes */
    uint32_t escapes;  /* times a scope may have been kept: closures, locals() */
    RtFlowScope *free_scopes;
    uint32_t outside; /* calls so far of what no builtin knows */
    uint32_t inplace; /* depth of evaluated code */
    uint64_t steps, soft_limit, hard_limit;
    bool spent, stopped, flow_limit;
    bool has_thrown;
    RtValue thrown;
    RtValue completion; /* value of the last expression statement: what eval gives */
    uint32_t deep_left;
    uint32_t decoded_layers;
    size_t decoded_bytes;
    const RtFlowOrigins *union_a[RT_FLOW_UNION_CACHE], *union_b[RT_FLOW_UNION_CACHE],
        *union_of[RT_FLOW_UNION_CACHE];
    RtFlowText *chars[128]; /* the one-letter ASCII texts */
};

/* flow_run.c */
bool rt_flow_tick(RtRun *run, uint64_t steps); /* false: stop */
RtFlowModule *rt_flow_module(RtRun *run, RtLayerId from,
                             RtStr path); /* a sibling, run once; or NULL */
RtValue rt_flow_module_value(RtRun *run, RtFlowModule *module);
RtValue rt_flow_eval_text(RtRun *run, RtStr code, RtLayerId layer, const RtNode *span);
RtFlowCode *rt_flow_code(RtRun *run, const RtNode *node);
void *rt_flow_table_get(const RtFlowTable *table, RtStr key, uint32_t hash);
void rt_flow_table_put(RtRun *run, RtFlowTable *table, RtStr key, uint32_t hash, const void *value);

/* flow_text.c */
RtValue rt_flow_text(RtRun *run, RtStr str); /* a view: bytes must live as long as the run */
RtValue rt_flow_text_copy(RtRun *run, RtStr str);
RtValue rt_flow_bytes(RtRun *run, RtStr str);
RtValue rt_flow_c(RtRun *run, const char *text);
RtValue rt_flow_hole(RtRun *run);                       /* U+FFFC, partial */
RtValue rt_flow_join(RtRun *run, RtValue a, RtValue b); /* both TEXT or both BYTES */
size_t rt_flow_units(RtRun *run, RtFlowText *text);
uint32_t rt_flow_unit(RtRun *run, RtFlowText *text, size_t at);
RtValue rt_flow_cut(RtRun *run, RtValue text, size_t from, size_t to); /* by units; clamps */
RtValue rt_flow_from_units(RtRun *run, const uint32_t *units, size_t count);
RtStr rt_flow_str(RtValue value);                 /* of TEXT or BYTES, else empty */
bool rt_flow_is(RtValue value, const char *text); /* a TEXT that equals */

/* flow_map.c */
RtFlowEntry *rt_flow_map_find(const RtFlowMap *map, RtStr key, uint32_t hash);
RtFlowEntry *rt_flow_map_set(RtRun *run, RtFlowMap *map, RtStr key, uint32_t hash, RtValue value);
uint32_t rt_flow_hash(RtStr key);
RtValue rt_flow_array(RtRun *run, size_t capacity);
bool rt_flow_push(RtRun *run, RtFlowArray *array, RtValue value);
RtValue rt_flow_object(RtRun *run);
void rt_flow_put(RtRun *run, RtFlowObject *object, const char *key, RtValue value);
RtFlowScope *rt_flow_scope(RtRun *run, RtFlowScope *parent);
void rt_flow_scope_done(RtRun *run, RtFlowScope *scope, uint32_t escapes); /* as it was when made */
const RtFlowOrigins *rt_flow_unite(RtRun *run, const RtFlowOrigins *a, const RtFlowOrigins *b);
const RtFlowOrigins *rt_flow_origin(RtRun *run, uint32_t fact);
RtValue rt_flow_with(RtRun *run, RtValue value, const RtFlowOrigins *from);
RtValue rt_flow_unknown(const RtFlowOrigins *from);
/* Origins of a value and of what it holds; reading it whole counts as a use (RT_FLOW_ON_USE). */
const RtFlowOrigins *rt_flow_deep(RtRun *run, const RtNode *node, RtValue value);
const RtFlowOrigins *rt_flow_call_origins(RtRun *run, const RtFlowCall *call);

/* Code that may not happen runs between begin and end: what it assigned is merged with what was
 * there. `keep` false: it left by return or throw, so its assignments never meet the code that
 * follows. With `ret_other`, the values are put aside and the old ones restored, for the other
 * branch; rt_flow_branch_join merges them in. */
typedef struct {
    RtFlowUndo *items;
    size_t count;
} RtFlowAside;
RtFlowBranch rt_flow_branch(RtRun *run);
void rt_flow_branch_end(RtRun *run, RtFlowBranch branch, bool keep);
void rt_flow_branch_aside(RtRun *run, RtFlowBranch branch, RtFlowAside *ret_other);
void rt_flow_branch_join(RtRun *run, const RtFlowAside *other);
/* Assigns an entry that exists, remembering what it held. */
void rt_flow_store(RtRun *run, RtFlowMap *map, RtFlowEntry *entry, RtValue value);

/* flow_operate.c */
RtValue rt_flow_bool(bool truth);
RtValue rt_flow_number(double number);
RtValue rt_flow_int(RtRun *run, double number); /* an integer in the dialect's kind */
RtValue rt_flow_integer(RtRun *run, int64_t number);
typedef enum { RT_IS_FALSE, RT_IS_TRUE, RT_IS_UNSURE } RtFlowTruth;
RtFlowTruth rt_flow_truth(const RtRun *run, RtValue value);
bool rt_flow_known(RtValue value); /* anything but unknown and partial text */
bool rt_flow_to_number(RtRun *run, RtValue value, double *ret_number);
RtValue rt_flow_to_text(RtRun *run, RtValue value); /* TEXT always; holes for what is not known */
RtValue rt_flow_python_percent(RtRun *run, RtValue format, RtValue args); /* 'a%s' % x */
RtValue rt_flow_operate(RtRun *run, const RtNode *node, RtOp op, RtValue a, RtValue b);
RtValue rt_flow_unary(RtRun *run, RtOp op, RtValue value);
RtFlowTruth rt_flow_equal(RtRun *run, RtValue a, RtValue b, bool strict);
RtValue rt_flow_merge(RtRun *run, RtValue old, RtValue new_value);
RtStr rt_flow_number_text(RtRun *run, double number, uint32_t radix);

/* flow_evaluate.c, flow_execute.c, flow_assign.c */
RtValue rt_flow_evaluate(RtRun *run, const RtNode *node);
RtFlowEnd rt_flow_execute(RtRun *run, const RtNode *node);
RtFlowEnd rt_flow_execute_block(RtRun *run, const RtNode *const *kids, size_t count);
RtValue rt_flow_make_function(RtRun *run, const RtNode *node);
RtValue rt_flow_make_class(RtRun *run, const RtNode *node);
RtValue rt_flow_comprehend(RtRun *run, const RtNode *node);
void rt_flow_hoist(RtRun *run, const RtNode *body, const RtNode *const *kids, size_t count);
void rt_flow_assign(RtRun *run, const RtNode *target, RtValue value, uint16_t flags);
void rt_flow_declare(RtRun *run, RtStr name, uint32_t hash, RtValue value, uint16_t flags);
void rt_flow_run_handlers(RtRun *run); /* of tries that went well */
RtValue rt_flow_import(RtRun *run, const RtNode *node);
RtValue rt_flow_import_module(RtRun *run, const RtNode *node, RtStr module, bool emit);

/* flow_member.c */
RtValue rt_flow_name(RtRun *run, const RtNode *node);
RtValue rt_flow_get(RtRun *run, const RtNode *node, RtValue base, RtStr name, uint32_t hash);
RtValue rt_flow_get_index(RtRun *run, const RtNode *node, RtValue base, RtValue key);
void rt_flow_set(RtRun *run, const RtNode *node, RtValue base, RtStr name, uint32_t hash,
                 RtValue value);
void rt_flow_set_index(RtRun *run, const RtNode *node, RtValue base, RtValue key, RtValue value);
/* The elements an iteration would give; an open array when they are not known. `keys`: for-in. */
RtFlowArray *rt_flow_elements(RtRun *run, const RtNode *node, RtValue value, bool keys);
RtFlowEntry *rt_flow_own(const RtFlowObject *object, RtStr name, uint32_t hash);
RtFlowEntry *rt_flow_find_name(RtRun *run, RtStr name, uint32_t hash, RtFlowScope **ret_scope);
RtValue rt_flow_super(RtRun *run);
RtValue rt_flow_scope_object(RtRun *run, RtFlowScope *scope); /* globals(), a Python module */

/* flow_call.c */
RtValue rt_flow_call_node(RtRun *run, const RtNode *node);
RtValue rt_flow_call(RtRun *run, RtFlowCall *call);
RtValue rt_flow_call_with(RtRun *run, const RtNode *node, RtValue callee, RtValue self,
                          RtValue *args, size_t count);
RtValue rt_flow_call_function(RtRun *run, RtFlowFunction *function, RtValue self, RtFlowCall *call);
void rt_flow_run_blind(RtRun *run, RtFlowFunction *function);
RtFlowObject *rt_flow_shared_instance(RtRun *run, RtFlowClass *type);
RtFlowFunction *rt_flow_class_method(RtFlowClass *type, RtStr name, uint32_t hash);
bool rt_flow_is_callable(RtValue value);

/* flow_native.c */
void rt_flow_bind_tables(RtRun *run);
RtValue rt_flow_native(RtRun *run, RtStr path);
RtValue rt_flow_native_c(RtRun *run, const char *path);
RtValue rt_flow_native_read(RtRun *run, const RtNode *node, RtValue value, RtStr key, bool index);
RtValue rt_flow_native_member(RtRun *run, const RtNode *node, RtValue base, RtStr name, bool index);
RtValue rt_flow_call_native(RtRun *run, RtFlowCall *call);
RtValue rt_flow_call_unknown(RtRun *run, RtFlowCall *call, RtStr method);
void rt_flow_native_write(RtRun *run, const RtNode *node, RtValue base, RtStr name, RtValue value,
                          bool index);
RtValue rt_flow_native_instance(RtRun *run, RtStr path, const RtFlowOrigins *from);
/* Runs the functions among the arguments with values of `from`. */
void rt_flow_callbacks(RtRun *run, RtFlowCall *call, const char *spec, const RtFlowOrigins *from,
                       bool later);
const RtFlowBuiltin *rt_flow_method(RtRun *run, RtValue receiver, RtStr name);
bool rt_flow_knows_module(RtRun *run, RtStr module);

/* flow_fact.c */
/* Notes a fact at `node`; args may be NULL. Returns its index, 0 when refused. */
uint32_t rt_flow_fact(RtRun *run, const RtNode *node, RtFactKind kind, const RtStr args[4],
                      const RtFlowOrigins *because);
uint32_t rt_flow_fact2(RtRun *run, const RtNode *node, RtFactKind kind, RtStr arg0, RtStr arg1,
                       const RtFlowOrigins *because);
void rt_flow_fact_feed(RtRun *run, uint32_t fact, const RtFlowOrigins *because);
void rt_flow_emit(RtRun *run);
/* `out` came from decoding `in`: a data.decode fact, a layer when it is worth one; returns out with
 * the origin. */
RtValue rt_flow_decoded(RtRun *run, const RtNode *node, const char *how, RtValue in, RtValue out);

/* flow_take.c */
RtStr rt_flow_take(RtRun *run, const char *take, RtFlowCall *call, RtStr key, RtValue assigned);
bool rt_flow_take_value(const char *take, RtFlowCall *call, RtValue *ret_value);
RtStr rt_flow_arg_text(RtRun *run, RtValue value); /* empty when nothing is known */
RtValue rt_flow_from_json(RtRun *run, const RtJson *json);
RtValue rt_flow_json(RtRun *run, RtValue value); /* JSON text, with holes */
bool rt_flow_has_kind(RtRun *run, const RtFlowOrigins *from, uint64_t kinds); /* any of 1 << kind */

/* the builtins, by file */
extern const RtFlowBuiltins rt_flow_text_builtins, rt_flow_array_builtins, rt_flow_object_builtins,
    rt_flow_pattern_builtins, rt_flow_js_builtins, rt_flow_js_codec_builtins,
    rt_flow_python_builtins, rt_flow_python_text_builtins, rt_flow_python_codec_builtins,
    rt_flow_python_cipher_builtins;

/* builtins of more than one table */
bool rt_flow_path_join(RtRun *run, RtFlowCall *call, RtValue *ret_value);
bool rt_flow_path_dirname(RtRun *run, RtFlowCall *call, RtValue *ret_value);
bool rt_flow_path_basename(RtRun *run, RtFlowCall *call, RtValue *ret_value);
bool rt_flow_split_pattern(RtRun *run, RtFlowCall *call, RtValue *ret_value);
bool rt_flow_replace_pattern(RtRun *run, RtFlowCall *call, bool all, RtValue *ret_value);

/* Arguments of a builtin: positional or unknown/undefined when absent. */
RtValue rt_flow_arg(const RtFlowCall *call, size_t at);
RtValue rt_flow_named(const RtFlowCall *call, const char *name,
                      size_t at); /* undefined when absent */
bool rt_flow_arg_number(RtRun *run, const RtFlowCall *call, size_t at, double otherwise,
                        double *ret_number);

#endif
