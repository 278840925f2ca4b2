/* flow_parts.h - what the files of the interpreter call of one another. Internal to the folder. */
#ifndef RT_FACTS_FLOW_FLOW_PARTS_H
#define RT_FACTS_FLOW_FLOW_PARTS_H

#include "facts/flow/flow_run.h"

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
bool rt_flow_is_whole(const RtNode *node);
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
bool rt_flow_native_has(RtRun *run, RtValue base, RtStr name); /* the tables know the member */
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
