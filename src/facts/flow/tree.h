/* tree.h - the small tree every syntax front end lowers to, so that one value flow serves all
 * languages.
 *
 * A front end (javascript_lower.c, python_lower.c) walks its tree-sitter tree once and builds these
 * nodes in the scan's arena; evaluate.c runs them abstractly. Only what matters for values is kept:
 * types, decorators' order, labels and comments are gone. Broken source gives NONE nodes in the
 * broken places and whole nodes around them. */
#ifndef RT_FACTS_FLOW_TREE_H
#define RT_FACTS_FLOW_TREE_H

#include "model/model.h"

typedef enum {
    RT_N_NONE,   /* a hole: missing or not understood; evaluates to unknown */
    RT_N_STRING, /* text: the value, escapes decoded, UTF-8 */
    RT_N_BYTES,  /* text: the value (Python b'…') */
    RT_N_NUMBER, /* number */
    RT_N_BOOL,   /* number 0 or 1 */
    RT_N_NULL,   /* null, None */
    RT_N_UNDEFINED,
    RT_N_REGEX,    /* text: pattern; kids[0] STRING: flags */
    RT_N_TEMPLATE, /* kids: STRING and expressions, joined as text (template literals, f-strings) */
    RT_N_NAME,     /* text: identifier; `this`, `super`, `arguments`, `self` included */
    RT_N_MEMBER,   /* kids[0].text */
    RT_N_INDEX,    /* kids[0][kids[1]] */
    RT_N_SLICE,    /* kids[0][kids[1]:kids[2]:kids[3]]; missing ones are NONE */
    RT_N_CALL,     /* kids[0](kids[1..]); flags NEW; args may be SPREAD or KEYWORD */
    RT_N_KEYWORD,  /* text=name, kids[0]=value; empty name: ** spread */
    RT_N_SPREAD,   /* ...kids[0], *kids[0] */
    RT_N_FUNCTION, /* text: name or empty; kids[0] PARAMS, kids[1] body (BLOCK, or an expression:
                      returned) */
    RT_N_PARAMS,   /* kids: NAME, patterns, ASSIGN (default), SPREAD (rest), KEYWORD (** rest) */
    RT_N_CLASS, /* text: name or empty; kids[0] ARRAY of bases, kids[1] BLOCK of FUNCTION and ASSIGN
                 */
    RT_N_ASSIGN,  /* kids[0] op= kids[1]; op 0 plain; targets: NAME MEMBER INDEX SLICE ARRAY OBJECT
                     (destructuring); flag DECLARE */
    RT_N_BINARY,  /* kids[0] op kids[1] */
    RT_N_LOGICAL, /* op RT_OP_AND, OR, COALESCE */
    RT_N_UNARY,   /* op kids[0] */
    RT_N_UPDATE,  /* ++ or -- of kids[0]: op ADD or SUB; flag PREFIX */
    RT_N_CONDITIONAL,   /* kids[0] ? kids[1] : kids[2] */
    RT_N_ARRAY,         /* kids: elements, SPREAD, NONE for holes; flag TUPLE, SET */
    RT_N_OBJECT,        /* kids: PAIR, SPREAD */
    RT_N_PAIR,          /* text: key, or kids[1] = computed key; kids[0]: value */
    RT_N_SEQUENCE,      /* comma: value of the last kid */
    RT_N_AWAIT,         /* kids[0] */
    RT_N_YIELD,         /* kids[0] */
    RT_N_COMPREHENSION, /* kids[0] element (PAIR for dicts), kids[1] target, kids[2] iterable,
                           kids[3] condition or NONE; nested: kids[0] is another */
    RT_N_BLOCK,         /* kids: statements; flag SCOPE when it opens a lexical scope */
    RT_N_IF,            /* kids[0] condition, kids[1] then, kids[2] else or NONE */
    RT_N_FOR,      /* kids: init, condition, step, body; while: init and step NONE; flag DO_FIRST */
    RT_N_FOR_EACH, /* kids: target, iterable, body; flag KEYS for JavaScript's for-in */
    RT_N_SWITCH,   /* kids[0] value, then CASE */
    RT_N_CASE,     /* kids[0] test or NONE (default), then statements */
    RT_N_RETURN,   /* kids[0] or none */
    RT_N_THROW,
    RT_N_BREAK,
    RT_N_CONTINUE,
    RT_N_TRY, /* kids: body, target of the caught error or NONE, handler or NONE, finally or NONE */
    RT_N_WITH,   /* kids: context value, target or NONE, body (Python) */
    RT_N_IMPORT, /* text: module as written; kids: BIND. No kids: for its effects. Python: "a.b";
                    leading dots kept */
    RT_N_BIND,   /* text: what is imported ("default", "*" the whole module, or a name); kids[0]:
                    local NAME */
    RT_N_EXPORT, /* text: exported name ("default"); kids[0]: value or declaration */
    RT_N_DELETE, /* kids[0] */
} RtNodeKind;

enum { /* flags */
       RT_NODE_NEW = 1,
       RT_NODE_DECLARE = 2,
       RT_NODE_ASYNC = 4,
       RT_NODE_PREFIX = 8,
       RT_NODE_SCOPE = 16,
       RT_NODE_KEYS = 32,
       RT_NODE_DO_FIRST = 64,
       RT_NODE_ARROW = 128,
       RT_NODE_METHOD = 256,
       RT_NODE_TUPLE = 512,
       RT_NODE_OPTIONAL = 1024,
       RT_NODE_GENERATOR = 2048,
       RT_NODE_STATIC = 4096,
       RT_NODE_SET = 8192,
       RT_NODE_MAIN_GUARD = 16384, /* Python: if __name__ == '__main__' */
       RT_NODE_VAR =
           32768, /* with DECLARE: JavaScript's var, declared in the function, not in the block */
};

typedef enum {
    RT_OP_NONE,
    RT_OP_ADD,
    RT_OP_SUB,
    RT_OP_MUL,
    RT_OP_DIV,
    RT_OP_FLOOR_DIV,
    RT_OP_MOD,
    RT_OP_POW,
    RT_OP_BIT_AND,
    RT_OP_BIT_OR,
    RT_OP_BIT_XOR,
    RT_OP_SHL,
    RT_OP_SHR,
    RT_OP_USHR,
    RT_OP_EQ,
    RT_OP_NE,
    RT_OP_EQ_STRICT,
    RT_OP_NE_STRICT,
    RT_OP_LT,
    RT_OP_LE,
    RT_OP_GT,
    RT_OP_GE,
    RT_OP_IN,
    RT_OP_NOT_IN,
    RT_OP_IS,
    RT_OP_IS_NOT,
    RT_OP_INSTANCEOF,
    RT_OP_AND,
    RT_OP_OR,
    RT_OP_COALESCE,
    RT_OP_NOT,
    RT_OP_NEG,
    RT_OP_POS,
    RT_OP_BIT_NOT,
    RT_OP_TYPEOF,
    RT_OP_VOID,
    RT_OP_DELETE,
} RtOp;

typedef struct RtNode RtNode;
struct RtNode {
    uint8_t kind, op; /* RtNodeKind, RtOp */
    uint16_t flags;
    uint32_t from, len; /* span in the layer */
    uint32_t kid_count;
    uint32_t hash;       /* of text: set by tree_build.c, for fast look-ups; 0 when there is none */
    const RtNode **kids; /* never NULL entries: holes are NONE nodes */
    union {
        RtStr text;
        double number;
    };
};

/* One source file, lowered. */
typedef struct {
    RtLayerId layer;
    RtStr source;
    const RtNode *root; /* BLOCK */
    uint32_t broken;    /* syntax errors tree-sitter recovered from */
} RtTree;

#endif
