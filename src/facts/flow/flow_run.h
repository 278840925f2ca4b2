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

enum { RT_FLOW_MODULES = 24 }; /* files one run may follow, the first included */

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
    uint32_t calls;    /* depth of calls */
    uint32_t depth;    /* depth of nodes */
    uint32_t escapes;  /* times a scope may have been kept: closures, locals() */
    RtFlowScope *free_scopes;
    uint32_t outside; /* calls so far of what no builtin knows */
    uint32_t inplace; /* depth of evaluated code */
    uint64_t steps, soft_limit, hard_limit;
    RtArena *trees[RT_FLOW_MODULES]; /* of siblings, when nobody keeps them */
    size_t tree_count;
    bool spent, stopped;
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

#endif
