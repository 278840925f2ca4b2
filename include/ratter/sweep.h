/* sweep.h - the library: was this machine hit, and what to do now. See ratter.h for handles, errors
 * and exit statuses. Nothing is written and nothing leaves the machine. */
#ifndef RATTER_SWEEP_H
#define RATTER_SWEEP_H

#include "ratter/ratter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ratter_sweep_setup {
    const char *root;  /* a mounted image in place of this machine; NULL: this machine */
    const char *home;  /* the home directory, inside `root` if there is one; NULL: all that the
                          image has; without `root` it must be given */
    const char *proc;  /* "/proc"; NULL: no processes (always so with `root`) */
    const char *intel; /* store to consult; NULL: none */
    const char *const *checkouts; /* further folders to look for checkouts in, inside `root` */
    size_t checkout_count;
    const char *format; /* "text", "json" or "jsonl" */
    unsigned width;     /* columns of text; 0: 100 */
    int64_t now;        /* seconds since 1970: for the age of intelligence */
} ratter_sweep_setup;

/* Writes, as text, what a sweep with this setup would read: a few lines, or with `all` each
 * pattern of each place. 0, or -1 with `error`. */
int ratter_sweep_plan(const ratter_sweep_setup *setup, int all, ratter_write write, void *context,
                      ratter_error *error);

/* Sweeps and writes the report. Limits, jobs and jail are the engine's; its outputs are not used.
 * RATTER_DONE: no trace; RATTER_FOUND: something weak or graver; RATTER_INCOMPLETE: no trace, but
 * something of the home could not be read; RATTER_FAILED sets `error`. */
int ratter_sweep(ratter_engine *engine, const ratter_sweep_setup *setup, ratter_write write,
                 void *context, ratter_error *error);

/* Checks the places of `folder`; every fault is given to `say` as one line "file:line: …". Returns
 * the number of faults, or -1 with `error`. */
int ratter_places_check(const char *folder, void (*say)(void *context, const char *line),
                        void *context, ratter_error *error);

#ifdef __cplusplus
}
#endif
#endif
