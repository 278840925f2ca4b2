/* shell_engine.h - runs command languages abstractly: simple commands in order, variables and pipes
 * with the facts whose values they carry. sh and cmd.exe share it; the verbs live in tables
 * (shell_verbs_*.c). */
#ifndef RT_FACTS_LANGUAGES_SHELL_ENGINE_H
#define RT_FACTS_LANGUAGES_SHELL_ENGINE_H

#include "base/words.h"
#include "model/model.h"

enum { RT_SHELL_FLOWS = 8 };

/* The facts that flowed into a value; more than RT_SHELL_FLOWS are forgotten. */
typedef struct {
    RtFactId ids[RT_SHELL_FLOWS];
    size_t count;
} RtShellFlow;

typedef struct {
    RtStr text; /* what is known of it */
    RtShellFlow flow;
} RtShellValue;

typedef struct {
    RtStr name;
    RtShellValue value;
} RtShellVariable;

/* One script or line under examination. Zero-initialise, fill the first block. */
typedef struct {
    RtSink *sink;
    RtLayerId layer;
    RtWitness witness;
    RtPhase phase;
    bool deferred;
    RtFactId because;
    RtShellKind kind;
    uint64_t from, len; /* place of facts that stand in no text of the layer */

    RtStr
        source; /* the layer's bytes when the script is the layer; empty: every fact is at `from` */
    RtShellVariable *variables;
    size_t variable_count, variable_capacity;
    RtShellVariable *files; /* by path: what flowed into a file written here */
    size_t file_count, file_capacity;
    RtShellFlow gather;    /* what flowed into the words of the command being split */
    bool has_process_file; /* one of them was <(…) */
    size_t spent;          /* bytes of text expanded so far */
    uint32_t depth, commands;
} RtShellRun;

/* The simple command a verb looks at. */
typedef struct {
    RtShellRun *run;
    const RtWord *words; /* [0] is the program as written; redirections are gone */
    size_t count;
    RtStr program; /* base name, lower case, without .exe */
    RtStr text;    /* the command as written */
    RtShellValue in;
    bool has_in; /* something is piped in or stands in a here-document */
    RtShellValue out;
    RtShellFlow flow; /* of its words */
    bool has_process_file, is_background, is_hidden, is_detached, in_xargs;
} RtShellCommand;

typedef void (*RtShellVerb)(RtShellCommand *command);
typedef struct {
    const char *names; /* parted by blanks */
    RtShellVerb run;
} RtShellVerbs;
extern const RtShellVerbs rt_shell_verbs_net[], rt_shell_verbs_file[],
    rt_shell_verbs_run[]; /* end with a NULL */

/* Runs a script; its output is the value of its last command. */
RtShellValue rt_shell_run(RtShellRun *run, RtStr script);
/* Runs the words from `at` on as a command of their own (sudo, env, xargs …). */
void rt_shell_rerun(RtShellCommand *command, size_t at);

/* Pays for a copy of `len` bytes of a value; false when the script has copied enough. */
bool rt_shell_afford(RtShellRun *run, size_t len);

/* A fact of this command: because of its words, of `also` (may be NULL) and of run->because. */
RtFactId rt_shell_fact(RtShellCommand *command, RtFactKind kind, RtStr a0, RtStr a1, RtStr a2,
                       const RtShellFlow *also);
RtFactId rt_shell_fact4(RtShellCommand *command, RtFactKind kind, RtStr a0, RtStr a1, RtStr a2,
                        RtStr a3, const RtShellFlow *also);
void rt_shell_flow_add(RtShellFlow *flow, RtFactId id);
void rt_shell_flow_join(RtShellFlow *flow, const RtShellFlow *more);

/* True when running a file deserves a proc.exec of its own: always in scripts; in a hook's command
 * line, which the manifest's fact tells already, only when this line wrote the file or hides what
 * it starts. */
bool rt_shell_says_run(const RtShellCommand *command, const RtShellValue *written);
/* A file this script wrote, and what with. */
void rt_shell_file_written(RtShellCommand *command, RtStr path, RtFactId fact, RtStr text);
const RtShellValue *rt_shell_file(const RtShellRun *run,
                                  RtStr path); /* NULL when not written here */
void rt_shell_set(RtShellRun *run, RtStr name, RtShellValue value);

/* Text that is code of another language: a layer named "inline-script.SUFFIX". */
void rt_shell_inline(RtShellCommand *command, RtStr body, const char *suffix, RtVia via);

/* The value of an option: "-o x", "-ox", "--output x", "--output=x". Empty when absent. `names` as
 * in RtShellVerbs. */
RtStr rt_shell_option(const RtShellCommand *command, const char *names);
bool rt_shell_has_option(const RtShellCommand *command, const char *names);
/* The words from `at` on as one text. */
RtStr rt_shell_rest(const RtShellCommand *command, size_t at);

/* PowerShell text (a script, or what stands behind -Command). powershell.c */
void rt_powershell_run(RtShellRun *run, RtStr script);

/* Edges to files of the package that a script of words names: shared by the imports of all command
 * languages. */
void rt_shell_imports(const RtLayer *layer, RtLayerId self, RtSink *sink);

#endif
