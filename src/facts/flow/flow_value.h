/* flow_value.h - what a name can hold while flow runs. Internal to the folder.
 *
 * A value is 24 bytes and passed by value. `from` are its origins: the facts (indices of the run's
 * fact table) whose values it was made of. Texts are immutable UTF-8 (lone surrogates as WTF-8);
 * appending to the newest text of a buffer extends the buffer in place, so that `s += c` costs what
 * it adds. Everything lives in the run's arena. */
#ifndef RT_FACTS_FLOW_FLOW_VALUE_H
#define RT_FACTS_FLOW_FLOW_VALUE_H

#include "facts/flow/flow.h"

typedef enum {
    RT_V_UNKNOWN,
    RT_V_UNDEFINED,
    RT_V_NULL,
    RT_V_BOOL,
    RT_V_NUMBER, /* JavaScript's numbers, Python's floats */
    RT_V_INT,    /* Python's ints */
    RT_V_TEXT,
    RT_V_BYTES, /* Python bytes and bytearray; Buffer, Uint8Array */
    RT_V_REGEX,
    RT_V_ARRAY,
    RT_V_OBJECT,
    RT_V_FUNCTION,
    RT_V_CLASS,
    RT_V_NATIVE,
    RT_V_METHOD, /* a builtin method taken off its receiver */
    RT_V_BOUND,  /* a callable with receiver and first arguments */
} RtValueKind;

enum {
    RT_FLOW_TEXT_LIMIT = 4 << 20, /* bytes of one text */
    RT_FLOW_ARRAY_LIMIT = 256 << 10,
    RT_FLOW_ORIGINS = 16,
};

typedef struct {
    uint32_t count;
    uint32_t ids[]; /* ascending indices into the run's facts */
} RtFlowOrigins;

typedef struct RtFlowText RtFlowText;
typedef struct RtFlowArray RtFlowArray;
typedef struct RtFlowObject RtFlowObject;
typedef struct RtFlowFunction RtFlowFunction;
typedef struct RtFlowClass RtFlowClass;
typedef struct RtFlowNative RtFlowNative;
typedef struct RtFlowBound RtFlowBound;
typedef struct RtFlowScope RtFlowScope;
typedef struct RtFlowModule RtFlowModule;

typedef struct {
    uint8_t kind;
    const RtFlowOrigins *from; /* NULL: none */
    union {
        bool truth;
        double number;
        int64_t integer;
        RtFlowText *text; /* TEXT, BYTES; REGEX: pattern */
        RtFlowArray *array;
        RtFlowObject *object;
        RtFlowFunction *function;
        RtFlowClass *type;
        RtFlowNative *native;
        RtFlowBound *bound; /* METHOD, BOUND */
    };
} RtValue;

#define RT_UNKNOWN   ((RtValue){ .kind = RT_V_UNKNOWN })
#define RT_UNDEFINED ((RtValue){ .kind = RT_V_UNDEFINED })

/* Bytes that texts share; `used` is where the newest text ends. */
typedef struct {
    uint8_t *at;
    size_t used, capacity;
} RtFlowBuffer;

struct RtFlowText {
    RtStr str;
    union {
        RtFlowBuffer *buffer; /* NULL: not extendable */
        size_t last_index;    /* of a regex with g */
    };
    union {
        struct { /* of non-ASCII text once somebody indexed it; JavaScript: UTF-16, Python: runes */
            const uint32_t *units;
            size_t unit_count;
        };
        RtStr flags; /* of a regex */
    };
    bool ascii, partial, counted, writable;
};

struct RtFlowArray {
    RtValue *items;
    size_t count, capacity;
    bool tuple, set;
    bool cycle;          /* itertools.cycle: starts again at its end */
    bool open;           /* more elements may follow, and these may differ */
    RtFlowObject *named; /* JavaScript: properties that are no elements; NULL: none */
};

typedef struct {
    RtStr key;
    uint32_t hash;
    uint32_t stamp; /* the branch it was last assigned in */
    bool gone, number_key, getter;
    RtValue value;
} RtFlowEntry;

/* An ordered map; entries never move within the order, so an index is a stable iterator. */
typedef struct {
    RtFlowEntry *entries;
    size_t count, capacity;
    uint32_t *slots; /* index + 1 by hash, when there are more than a few */
    size_t slot_count;
} RtFlowMap;

struct RtFlowObject {
    RtFlowMap map;
    RtFlowClass *type; /* instance of; NULL: plain */
    RtFlowObject *proto;
    RtFlowObject *view_of;     /* super: these members, that type */
    RtFlowScope *scope;        /* a module's or namespace's names, instead of map */
    bool open;                 /* holds members we do not know */
    bool global;               /* JavaScript's globalThis */
    const RtFlowOrigins *rest; /* of what was stored under unknown names */
    RtValue base_native;       /* instance of a class derived from a native; kind 0 otherwise */
};

typedef struct { /* what is known of a FUNCTION node, for all its closures */
    uint32_t runs, blind_runs;
    uint64_t known_cost, telling_cost; /* steps its calls took, by what their arguments told */
    uint32_t busy;                     /* depth of running calls */
    const RtNode **vars;               /* NAME nodes declared by var */
    size_t var_count;
    bool scanned, queued;
    RtValue last; /* what it gave last */
} RtFlowCode;

struct RtFlowFunction {
    const RtNode *node;
    RtFlowScope *scope;
    RtFlowModule *module;
    RtFlowCode *code;
    RtValue self;       /* this of an arrow, the object a method was written in; kind 0: none */
    RtFlowClass *owner; /* whose method it is */
    RtFlowMap props;
    RtFlowObject *prototype;
    bool named_expression; /* its own name is known inside, and is not the outer one */
};

struct RtFlowClass {
    const RtNode *node;
    RtFlowScope *scope;
    RtFlowModule *module;
    RtStr name;
    RtValue base; /* CLASS, NATIVE or unknown */
    RtFlowMap methods, statics;
    RtFlowObject *shared; /* the instance its methods run on when nobody made one */
    RtFlowObject *prototype;
};

struct RtFlowNative {
    RtStr path;
    uint32_t hash;
    const RtFlowApi **apis; /* the entries of the path */
    size_t api_count, api_capacity;
    RtFlowNative *called;       /* what calling it gives by name: "p()" */
    const void *builtin;        /* RtFlowBuiltin or NULL */
    bool instance;              /* made by a call: has identity */
    uint32_t fact;              /* + 1: the fact an instance stands for */
    const RtFlowOrigins *extra; /* what flowed into the instance */
    RtValue text;               /* its text, where it has one (Path, URL); kind 0: none */
    RtValue *slot;              /* resolve of a promise: where the value goes */
};

struct RtFlowBound {
    RtValue target; /* BOUND: callable; METHOD: receiver */
    RtStr name;     /* METHOD */
    uint32_t hash;
    RtValue self;
    bool has_self;
    RtValue *args;
    size_t arg_count;
};

struct RtFlowScope {
    RtFlowMap vars;
    RtFlowScope *next_free;
    RtFlowScope *parent;
    bool is_function, is_module, is_class;
};

#endif
