/* reporting.h - what every command that writes reports shares: its flags, the library's options
 * under their own names, and the outputs from opening to closing. */
#ifndef RATTER_REPORTING_H
#define RATTER_REPORTING_H

#include "flags.h"
#include "output.h"
#include "ratter/ratter.h"

enum { REPORTING_OUTPUTS = 16 /* -o may be given that often */ };

/* Start with reporting_open. */
typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    const char *format, *colour;
    bool quiet, cache_chosen;
    const char *files[REPORTING_OUTPUTS], *file_formats[REPORTING_OUTPUTS];
    size_t file_count;
    Output outputs[REPORTING_OUTPUTS + 1]; /* the last is standard output */
} Reporting;

Reporting reporting_open(RtArena *arena, ratter_engine *engine);

/* The command's own flags, then every option of the library that is none of them. */
FlagSet reporting_flags(RtArena *arena, const Flag *own, size_t own_count);
/* The values of --format, -o, --color, and an option of the library: 0, or the exit status after a
 * complaint. */
int reporting_set_format(Reporting *reporting, const char *name);
int reporting_add_file(Reporting *reporting, const char *value);
int reporting_set_colour(Reporting *reporting, const char *when);
int reporting_set_option(Reporting *reporting, const Flag *flag, const char *value);

/* Opens what was asked for; `before` (NULL: nothing) runs before each write to standard output. */
int reporting_start(Reporting *reporting, void (*before)(void *ctx), void *ctx);
/* Closes all; files keep their new content only with `keep`. */
int reporting_finish(Reporting *reporting, bool keep);
bool reporting_is_closed(const Reporting *reporting); /* nobody reads standard output any more */
bool reporting_is_broken(const Reporting *reporting); /* a write failed */

void reporting_list_formats(RtText *out);

#endif
