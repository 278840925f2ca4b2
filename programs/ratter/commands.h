/* commands.h - the words of the command line, one table; help, completion and suggestions come from
 * it. */
#ifndef RATTER_COMMANDS_H
#define RATTER_COMMANDS_H

#include "flags.h"

typedef struct {
    const char *name, *summary;
    const char *usage;                /* what follows "ratter NAME " */
    const char *details;              /* paragraphs of help, after the flags */
    FlagSet (*flags)(RtArena *arena); /* NULL: --help only */
    void (*more_help)(RtText *out);   /* lists that come from the library; may be NULL */
    const char *operands; /* blank-separated words that may follow, for completion; NULL: files */
    int (*run)(RtArena *arena, size_t count, char *const *words); /* the exit status */
} Command;

extern const Command command_scan, command_audit, command_explain, command_intel, command_link,
    command_rules, command_sweep, command_completion, command_help;
const Command *const *commands_all(size_t *ret_count);
const Command *command_find(const char *name); /* NULL when there is none */

/* Exit statuses of our own, beside those of ratter.h. */
enum { STATUS_CLOSED_PIPE = 141, STATUS_SIGNAL = 128 };

/* "ratter: …" on standard error; gives RATTER_FAILED. Words of others must be escaped by the
 * caller. */
int complain(const char *format, ...) RT_PRINTF(1, 2);
/* Text of others as it may be shown on a terminal, NUL-terminated. */
const char *escaped_c(RtArena *arena, const char *text);
/* Writes to standard output: 0, or the exit status when that did not work. */
int print(RtStr text);
/* The store that --intel names: auto (also required) is $XDG_DATA_HOME/ratter/intel.sqlite, else
 * below ~/.local/share; none and an unknown home give NULL; anything else is a file. */
const char *intel_store(RtArena *arena, const char *which);
/* Prints the help of a command. */
int command_print_help(RtArena *arena, const Command *command);
/* The flags every command has. */
extern const Flag flag_help;

#endif
