/* run.h - one run of one entry in one world, and what it left behind. For the files of this room.
 */
#ifndef RT_FACTS_EMULATOR_RUN_H
#define RT_FACTS_EMULATOR_RUN_H

#include "facts/emulator/emulator.h"
#include "facts/emulator/engine.h"

/* Where a marked value comes from; the numbers are world/core.js's. */
typedef enum {
    RT_FROM_NET = 1,
    RT_FROM_FILE,
    RT_FROM_ENV,
    RT_FROM_HOST,
    RT_FROM_SECRET,
    RT_FROM_ARGUMENT,
    RT_FROM_MODULE
} RtFrom;

/* One value that has marks: the same in all runs of an emulation, so that runs can be compared. */
typedef struct {
    uint64_t key; /* of its name */
    RtStr name;
    RtFrom from;
    RtStr learned; /* what a script compared it with, given as the answer from the next run on;
                      empty: nothing */
    bool is_learned;
    uint32_t event; /* of the present run, that gave it; RT_NO_EVENT when none did */
} RtSlot;

typedef struct {
    RtArena *arena;
    RtSlot *items;
    size_t count, capacity;
} RtSlots;

#define RT_NO_EVENT  UINT32_MAX
#define RT_NO_SCRIPT UINT32_MAX
enum { RT_CAUSES = 12 };

typedef struct {
    RtFactKind kind;
    RtStr args[4];
    uint32_t script, line, column, times, at_ms;
    bool deferred;
    bool garbage; /* its text is one of our answers, decoded */
    uint32_t because[RT_CAUSES];
    size_t because_count;
    uint64_t place; /* kind, script, line, column; equal in runs of other salts */
    uint32_t turn;  /* how many of the same place came before */
} RtRunEvent;

/* A text that ran: a file of the package, evaluated text, a file that was written. */
typedef struct {
    RtStr name;                            /* what the engine calls it */
    RtLayerId layer;                       /* of a file; else 0 */
    RtStr text;                            /* what becomes the layer */
    RtStr shown;                           /* the written file's path; empty for evaluated text */
    uint32_t parent;                       /* script that brought it */
    uint32_t event;                        /* eval or write */
    uint32_t lines_before, columns_before; /* of our wrapping, in the source the engine saw */
    uint64_t hash;                         /* of the text, its marks left out */
    bool outside;                          /* mostly a mark: what would be an answer's own text */
} RtRunScript;

typedef struct {
    RtStr path, content;
    uint32_t event;
} RtRunFile;

/* What kind of world: everything that makes two runs of one entry differ. */
typedef struct {
    const char *platform; /* linux win32 darwin */
    const char *answers;  /* obj str err */
    bool ci, trigger, tail, night;
    int argued; /* words on the command line, learnt from comparisons: 1 all of them, 2..5 this one
                   and a value */
    uint32_t salt_net, salt_local; /* of network marks, of all others */
} RtWorld;

typedef struct {
    /* given */
    RtArena *arena; /* of the emulation */
    RtSink *sink;
    RtJs *js;
    RtSlots *slots;
    const RtEmulationEntry *entry;
    RtStr root;     /* folder of the package in its artifact, "" or "package" */
    RtLayerId from; /* a file of the artifact, for sink->find */
    RtWorld world;
    RtStr defined;   /* JSON list of globals to define */
    uint32_t cpu_ms; /* for this run */
    /* left behind */
    RtRunEvent *events;
    size_t event_count, event_capacity;
    RtRunScript *scripts;
    size_t script_count, script_capacity;
    RtRunFile *files;
    size_t file_count, file_capacity;
    RtStr missing[4]; /* globals that were not there */
    size_t missing_count;
    size_t per_kind[RT_FACT_KINDS];
    size_t text_bytes, evals, finds;
    double clock_from;
    uint32_t requests;
    bool page; /* a script handles a web page */
    bool deferring, saw_platform, saw_mac, saw_ci, saw_words, learned, threw, out_of_time, dead,
        left_out;
    RtStr host; /* "browser", "wsh" … */
} RtRun;

/* Runs; what was left behind is the arena's. */
void rt_run(RtRun *run);

/* Inside the room. */
RtJsValue rt_run_call(void *run, int op, const RtJsValue *args, size_t count);
uint32_t rt_run_event(RtRun *run, RtFactKind kind, const RtStr args[4]);
/* The file `relative` (to the package's root) as a layer, exactly or with Node's suffixes; 0 when
 * there is none. */
RtLayerId rt_run_find(RtRun *run, RtStr relative, RtStr *ret_name);
/* The text of `layer` as the engine shall see it: 'c' or 'm' (a module) and the source. `attempt`
 * 1: with TypeScript's types and JSX blanked. */
RtStr rt_run_source(RtRun *run, RtLayerId layer, RtStr name, int attempt);
uint32_t rt_run_script(RtRun *run, RtRunScript script);
/* Text that is nothing but an answer: there is no sense in running it. */
bool rt_run_is_outside(RtRun *run, RtStr text);
uint32_t rt_slot(RtSlots *slots, RtStr name, RtFrom from);
uint64_t rt_plain_hash(RtArena *arena, RtStr text); /* marks left out */

#endif
