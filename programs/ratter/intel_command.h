/* intel_command.h - what the words of `ratter intel` share. */
#ifndef RATTER_INTEL_COMMAND_H
#define RATTER_INTEL_COMMAND_H

#include "base/json.h"

#include "commands.h"
#include "ratter/intel.h"

enum {
    INTEL_STORE,
    INTEL_JSON,
    INTEL_SEED,
    INTEL_SOURCE,
    INTEL_FORMAT,
    INTEL_TLP,
    INTEL_NO_JAIL,
    INTEL_OUTPUT,
    INTEL_FINDINGS,
    INTEL_SIGN,
    INTEL_VERIFY,
    INTEL_HELP,
    INTEL_FLAGS
};

typedef struct {
    RtArena *arena;
    const char *store;
    bool has_store_flag;
    unsigned given;                  /* bits of the flags that were given */
    const char *values[INTEL_FLAGS]; /* NULL for those that were not */
    const char *const *operands;
    size_t count;
    ratter_intel *handle;
    RtText out;        /* what standard output gets at the end */
    const char *asked; /* by lookup */
    void *changes;     /* of diff */
    size_t sources;    /* seen by status */
} Intel;

/* Opens the store: 0, or an exit status. */
int intel_open(Intel *intel, bool writable);
/* A day as 2026-11-21, or "unknown". */
void intel_day(RtText *out, int64_t seconds);

int intel_import(Intel *intel);
int intel_lookup(Intel *intel);
int intel_status(Intel *intel);
int intel_diff(Intel *intel);
int intel_verify(Intel *intel);
int intel_export(Intel *intel);
int intel_keygen(Intel *intel);

#endif
