/* link.h - whose methods: the campaign profiles that reports are compared with
 * (docs/ATTRIBUTION.md). Same manners as ratter.h. */
#ifndef RATTER_LINK_H
#define RATTER_LINK_H

#include "ratter/ratter.h"

#ifdef __cplusplus
extern "C" {
#endif

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
