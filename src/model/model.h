/* model.h - the nouns every room shares, and the sink through which observers speak. Plain data: a
 * scan's arena owns all of it. Ids index the arrays of the scan; 0 is "none" for both kinds. */
#ifndef RT_MODEL_MODEL_H
#define RT_MODEL_MODEL_H

#include "base/str.h"

typedef uint32_t RtLayerId;
typedef uint32_t RtFactId;

typedef enum {
#define FACT(kind, name, a0, a1, a2, a3) RT_FACT_##kind,
#include "model/vocabulary.list"
#undef FACT
    RT_FACT_KINDS
} RtFactKind;
RtStr rt_fact_name(RtFactKind kind);                 /* "net.request" */
RtStr rt_fact_arg_name(RtFactKind kind, size_t arg); /* "url"; empty when unused */
bool rt_fact_find(RtStr name, RtFactKind *ret_kind);

/* How we know. Ordered: a later witness is the better one. */
typedef enum { RT_SEEN_IN_TEXT, RT_SEEN_IN_MANIFEST, RT_SEEN_IN_FLOW, RT_SEEN_RUNNING } RtWitness;
/* When it happens. Ordered by how little the victim must do. */
/* clang-format off */
typedef enum { RT_WHEN_UNKNOWN, RT_WHEN_CALLED, RT_WHEN_IMPORT, RT_WHEN_BUILD, RT_WHEN_OPEN, RT_WHEN_INSTALL } RtPhase;
/* clang-format on */
RtStr rt_witness_name(RtWitness witness); /* text manifest flow running */
RtStr rt_phase_name(RtPhase phase);       /* unknown called import build open-folder install */

/* clang-format off */
typedef enum { RT_VIA_ARTIFACT, RT_VIA_ENTRY, RT_VIA_DECODED, RT_VIA_EVALUATED, RT_VIA_WRITTEN } RtVia;
/* clang-format on */

/* What a file is for, as far as its place says; evidence from docs and tests weighs less unless it
 * is reached. */
enum {
    RT_ROLE_TEST = 1 << 0,
    RT_ROLE_DOCS = 1 << 1,
    RT_ROLE_CONFIG = 1 << 2,   /* *.config.*, dot files that tools execute */
    RT_ROLE_TYPES = 1 << 3,    /* .d.ts, .pyi, .map: described, never run */
    RT_ROLE_MANIFEST = 1 << 4, /* package.json, setup.py, tasks.json … */
    RT_ROLE_REACHED = 1 << 5,  /* a hook, an entry point or a reached file names it */
    RT_ROLE_BUNDLE = 1 << 6,   /* minified or bundled by a known tool */
    RT_ROLE_VENDORED = 1 << 7, /* inside node_modules, vendor, third_party of the artifact */
};

/* Any byte string that could be code or data: an archive entry, a decoded blob, an eval'd string, a
 * written file. */
typedef struct {
    RtLayerId parent; /* 0 only for layer 1, the artifact */
    RtVia via;
    RtStr name; /* entry: path inside its container; decoded: the decoder's name ("base64") */
    RtStr bytes;
    struct {
        uint64_t from, len;
    } source;      /* span in the parent's bytes that gave this layer (0,0 for entries) */
    uint32_t mode; /* entry's permission bits, 0 if unknown */
    uint16_t depth;
    uint16_t roles;       /* RT_ROLE_*: set by the scan */
    RtPhase phase;        /* when its top level runs: set by the scan from manifests and requires */
    const char *language; /* the front end that claimed it, or NULL: set by the scan */
    uint32_t interest;    /* RT_ASKS_* classes the first pass saw: set by the scan */
    RtStr claimed_kind;   /* what the first bytes say ("elf", "gzip"): set by the scan */
} RtLayer;

/* One behaviour. */
typedef struct {
    RtFactKind kind;
    RtWitness witness;
    RtPhase phase; /* observers leave UNKNOWN; the scan resolves it from `deferred` */
    bool deferred; /* stands in a function that nothing at load time calls */
    RtLayerId layer;
    uint32_t at_ms;          /* seen running: the virtual clock since the script was started */
    uint64_t from, len;      /* span in the layer's bytes */
    RtStr args[4];           /* meaning per kind in vocabulary.list; unknown = empty */
    const RtFactId *because; /* facts whose values flowed into this one (direct) */
    size_t because_count;
} RtFact;

/* Every limit has a name, a default, a flag (--limit-NAME); one met is named in `unseen`. */
typedef struct {
    uint64_t input_bytes;    /* size of one artifact file */
    uint64_t unpacked_bytes; /* all layers together */
    uint64_t layer_bytes;    /* one layer */
    uint64_t arena_bytes;    /* memory of one scan */
    uint32_t ratio;          /* unpacked : packed of one container */
    uint32_t entries;        /* entries of one container */
    uint32_t layers;         /* all layers */
    uint32_t facts;
    uint16_t depth;           /* nesting of layers */
    uint32_t parse_bytes;     /* one file given to a syntax front end */
    uint32_t cpu_ms, wall_ms; /* one artifact */
} RtBudget;
extern const RtBudget rt_budget_default;

/* All an observer sees of the scan. The sink owns the budget, so no observer counts anything: when
 * a limit is met `layer` and `fact` return 0 and note it in the report themselves. */
typedef struct RtSink RtSink;
struct RtSink {
    RtArena *arena;
    const RtBudget *budget;
    /* Adds a layer (bytes must live in the arena or in the parent's bytes); 0 when refused. Same
     * bytes under the same parent twice give the first id. */
    RtLayerId (*layer)(RtSink *sink, RtLayer layer);
    /* Adds a fact; 0 when refused. */
    RtFactId (*fact)(RtSink *sink, RtFact fact);
    const RtLayer *(*get_layer)(RtSink *sink, RtLayerId id); /* valid until the next layer() */
    const RtFact *(*get_fact)(RtSink *sink, RtFactId id);
    /* The sibling file that `path` means seen from layer `from` ("./lib/x", "../LICENSE",
     * "data.json"; Node's and Python's suffix and index rules are tried), or 0. */
    RtLayerId (*find)(RtSink *sink, RtLayerId from, RtStr path);
    /* Says what was not examined (limit or reason) and where: the verdict is incomplete. */
    void (*unseen)(RtSink *sink, RtLayerId at, RtStr reason);
    /* CPU milliseconds left for this artifact (0: stop now). Ask in long loops. */
    uint32_t (*ms_left)(RtSink *sink);
    /* What front end `who` made of a file, for the files that import it: `recall` gives it or NULL,
     * `keep` takes over `arena` or says false (full). Both may be NULL. */
    const void *(*recall)(RtSink *sink, RtLayerId id, const char *who);
    bool (*keep)(RtSink *sink, RtLayerId id, const char *who, const void *made, RtArena *arena);
};
/* Shorthands. `because` may be 0. */
RtFactId rt_sink_fact(RtSink *sink, RtLayerId layer, RtFactKind kind, RtWitness witness, RtStr arg0,
                      RtStr arg1);
void rt_sink_anomaly(RtSink *sink, RtLayerId layer, RtStr what, RtStr detail);

/* The plug shapes. Each file of a plug folder exports one constant named after the folder and
 * itself (src/unpack/containers/zip.c: rt_container_zip); the tables are generated from the
 * folders. Nothing here can fail: malformed input becomes an anomaly fact. */
typedef struct {
    const char *name;
    int (*bid)(RtStr bytes); /* 0 not mine … 100 certain, from magic bytes only */
    void (*open)(RtStr bytes, RtLayerId self, RtSink *sink);
} RtContainer;
typedef struct {
    const char *name;
    /* Finds what it can decode in a text layer and emits DECODED layers with their source spans. */
    void (*decode)(const RtLayer *layer, RtLayerId self, RtSink *sink);
    uint32_t wants; /* RT_ASKS_* that must have been seen in the layer; 0: always asked */
} RtDecoder;
typedef struct {
    const char *name;
    int (*bid)(RtStr path, RtStr bytes); /* 0..100, by content first and suffix second */
    const char *suffixes; /* " py pyi ": files called so are shown to it first; may be NULL */
    void (*observe)(const RtLayer *layer, RtLayerId self, RtSink *sink);
    /* Modules the file names at its top level, without a parse: for reachability. May be NULL. */
    void (*imports)(const RtLayer *layer, RtLayerId self, RtSink *sink);
} RtLanguage;
typedef struct {
    const char *name; /* purl type: npm, pypi … */
    bool (*claims)(RtStr path);
    /* Reads a manifest: emits package, dependency, install.hook, entry.point, open.hook … facts. */
    void (*manifest)(const RtLayer *layer, RtLayerId self, RtSink *sink);
} RtEcosystem;

/* What the first pass looks for; classes, so that a file is judged worth a parse by what it could
 * do. */
enum {
    RT_ASKS_EVAL = 1 << 0,   /* text becomes code */
    RT_ASKS_PROC = 1 << 1,   /* starts a process */
    RT_ASKS_NET = 1 << 2,    /* talks to a host */
    RT_ASKS_DECODE = 1 << 3, /* decodes text or bytes */
    RT_ASKS_SECRET = 1 << 4, /* names a credential, wallet or key place */
    RT_ASKS_ENV = 1 << 5,    /* reads the environment as a whole, or the host's identity */
    RT_ASKS_FILE = 1 << 6,   /* writes, renames, deletes files */
    RT_ASKS_OBFUSCATED = 1 << 7,
    RT_ASKS_HIDDEN = 1 << 8,    /* padding, invisible characters */
    RT_ASKS_PERSIST = 1 << 9,   /* start-up places, hooks */
    RT_ASKS_HOST = 1 << 10,     /* webhook, paste, tunnel, raw IP, JSON store … */
    RT_ASKS_LONG = 1 << 11,     /* a string literal or line of 1 KiB or more */
    RT_ASKS_CHAIN = 1 << 12,    /* chain RPC dead drops */
    RT_ASKS_BLOB = 1 << 13,     /* a run of ≥ 24 characters of base64 or hex */
    RT_ASKS_REVERSED = 1 << 14, /* a word of programs written backwards */
    RT_ASKS_INFLATE = 1 << 15,  /* speaks of inflating */
};

/* A finding: a rule that matched, with where. */
typedef enum { RT_NOTE, RT_WEAK, RT_STRONG, RT_CONCLUSIVE } RtFindingLevel;
RtStr rt_finding_level_name(RtFindingLevel level); /* note weak strong conclusive */

typedef struct {
    const RtStr *layers; /* names from the artifact's entry down: {"package/x.js", "base64"} */
    size_t layer_count;
    RtStr file;                   /* the entry's path in the artifact */
    uint32_t line, column;        /* 1-based, in the innermost layer; column counts bytes */
    RtStr snippet;                /* a window of the layer around the span, raw bytes */
    uint32_t mark_from, mark_len; /* the span inside the snippet */
    RtStr says; /* the fact in words: "net.request https://… (flow)" ; may be empty */
} RtEvidence;

typedef struct {
    RtStr rule, family, title, why, advice;
    RtFindingLevel level;
    double weight; /* log-odds added to the score; data of the rule */
    const RtStr *attack;
    size_t attack_count;
    RtPhase phase;
    RtWitness witness;
    uint32_t times; /* how often it matched; evidence keeps the first few */
    const RtEvidence *evidence;
    size_t evidence_count;
} RtFinding;

/* clang-format off */
typedef enum { RT_VERDICT_UNKNOWN, RT_VERDICT_CLEAN, RT_VERDICT_NOTABLE, RT_VERDICT_SUSPICIOUS, RT_VERDICT_MALICIOUS } RtVerdictLevel;
/* clang-format on */
RtStr rt_verdict_name(RtVerdictLevel level);

typedef struct {
    RtVerdictLevel level;
    double score; /* 0..1: probability of malice by the additive model */
    bool complete;
} RtVerdict;

typedef struct {
    RtStr reason; /* a limit's name ("limit-depth") or what happened ("encrypted member") */
    RtStr where;  /* path in the artifact, may be empty */
    uint32_t times;
} RtUnseen;

/* One step of what runs when: for the story in the text report. */
typedef struct {
    RtPhase phase;
    RtWitness witness;
    RtStr says, file;
    uint32_t line;
} RtStep;

typedef struct {
    RtStr path, purl, ecosystem, name, version;
    uint8_t sha256[32];
    bool has_sha256, has_tree_digest; /* of one file; of a tree's names and contents: cache.h */
    uint64_t bytes;
} RtArtifact;

typedef struct {
    RtArtifact artifact;
    RtVerdict verdict;
    const RtFinding *findings;
    size_t finding_count;
    const RtUnseen *unseen;
    size_t unseen_count;
    const RtStep *story;
    size_t step_count;
    uint32_t layer_count, file_count, elapsed_ms;
    const struct RtAttributions *attributions; /* model/attribution.h; NULL: none */
    const struct RtSummary *summary;           /* model/summary.h; NULL: of an audit */
    const struct RtTrace *trace; /* model/trace.h; NULL unless an output asked for it */
} RtReport;

#endif
