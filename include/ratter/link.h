/* link.h - which packages belong together (docs/LINK.md), and the campaign profiles that reports
 * are compared with (docs/ATTRIBUTION.md). Same manners as ratter.h. */
#ifndef RATTER_LINK_H
#define RATTER_LINK_H

#include "ratter/ratter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ratter_link_setup {
    const char *format;   /* a name of ratter_link_formats */
    const char *campaign; /* id of a profile: only clusters that resemble it; NULL: all */
    const char *account;  /* author, maintainer, publisher or e-mail: only their clusters; NULL */
    const char *home;     /* whose package caches hold what lockfiles name; NULL: nobody's */
    int weak;             /* tell weak links, too */
} ratter_link_setup;

/* Scans the packages at `paths` (archives, folders, a node_modules, a folder full of archives, what
 * a lockfile names and is on this machine) with the engine's options, and writes what links them.
 * Outputs of the engine get nothing. Returns RATTER_FOUND when a pair is conclusive, else
 * RATTER_DONE, RATTER_INCOMPLETE, RATTER_NOTHING, or RATTER_FAILED with `error`. */
int ratter_link(ratter_engine *engine, const char *const *paths, size_t count,
                const ratter_link_setup *setup, ratter_write write, void *context,
                ratter_error *error);
const ratter_format *ratter_link_formats(size_t *count);

/* Visits every profile built in, sorted by id. 0, or -1 with `error`. */
int ratter_profiles_list(void (*visit)(void *context, const char *id, const char *title),
                         void *context, ratter_error *error);
/* Writes two profiles' methods side by side as text of `columns` (80 to 200). -1 with `error` when
 * one is not known. */
int ratter_profiles_compare(const char *left, const char *right, unsigned columns,
                            ratter_write write, void *context, ratter_error *error);
/* Checks the profiles of `folder`; every fault is given to `say` as one line "file:line: …".
 * Returns the number of faults, or -1 with `error`. */
int ratter_profiles_check(const char *folder, void (*say)(void *context, const char *line),
                          void *context, ratter_error *error);

#ifdef __cplusplus
}
#endif
#endif
