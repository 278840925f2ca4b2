/* flags.h - command-line flags as tables: read, helped and completed from the same lines. */
#ifndef RATTER_FLAGS_H
#define RATTER_FLAGS_H

#include "base/str.h"

typedef struct {
    const char *name;          /* without the dashes */
    char letter;               /* short form, 0 for none */
    const char *value;         /* what it takes ("FILE"), NULL for a switch */
    const char *default_value; /* shown in help; NULL for none */
    const char *help;          /* one line */
} Flag;

typedef struct {
    const Flag *items;
    size_t count;
} FlagSet;

typedef enum { ARG_END, ARG_FLAG, ARG_OPERAND, ARG_BAD } ArgKind;

/* One step of reading. `flag` points into the set; `value` is NULL for a switch. */
typedef struct {
    ArgKind kind;
    const Flag *flag;
    const char *value;
} Arg;

/* Start with { .arena, .flags, .words = argv + 1, .count = argc - 1 }. */
typedef struct {
    RtArena *arena;
    FlagSet flags;
    char *const *words;
    size_t count, at;
    const char *bundle; /* rest of "-vvq" */
    bool only_operands; /* "--" was read */
    RtErr error;        /* set with ARG_BAD: one clear line, nearest suggestion included */
} ArgReader;

/* Reads the next argument: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, bundled switches, "--",
 * "-". */
Arg args_next(ArgReader *reader);

/* The candidate nearest to `word` if it is near enough to be meant, else NULL. */
const char *nearest(const char *word, const char *const *candidates, size_t count);

/* Writes to `out` one indented line per flag, aligned. */
void flags_help(RtText *out, FlagSet flags);

#endif
