/* audit.h - the library: audit what a project's lockfiles depend on. See ratter.h for handles,
 * errors and exit statuses; options and outputs are those of the engine. */
#ifndef RATTER_AUDIT_H
#define RATTER_AUDIT_H

#include "ratter/ratter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ratter_audit_setup {
    const char *intel;          /* store to consult; NULL: none, and every report says so */
    int intel_required;         /* without imported intelligence: RATTER_OFFLINE, nothing audited */
    const char *config;         /* ratter.yaml with the allow-list; NULL: none */
    const char *new_only;       /* file of a former run: what stands in it is left out; NULL */
    const char *against;        /* older lockfile to compare those of its client with; NULL: none */
    const char *write_baseline; /* what was found is written there; NULL */
    const char *home; /* whose client configuration tells the registries; NULL: nobody's */
    int scan;         /* examine the content of dependencies */
    /* What is not on this machine is downloaded by this program (ratter-fetch), from registries of
     * the person's configuration and of `config` alone; NULL: nothing is. */
    const char *fetcher;
    char *const *fetcher_environment; /* what it gets: proxies, certificates; NULL-terminated */
    const char *(*variable)(const char *name); /* for "${NAME}" in configuration; NULL: none */
    /* Asks "npm" itself when nothing names its registry: 1 and an address in `ret_url`, or 0; NULL:
     * nobody is asked. */
    int (*registry_of)(const char *client, char *ret_url, size_t size);
    int64_t now; /* seconds since 1970: for expiry dates and the age of intelligence */
} ratter_audit_setup;

/* Audits every lockfile, manifest, SBOM and installed tree below `paths`, one report each, written
 * to the engine's outputs. Returns the exit status; RATTER_FAILED and RATTER_OFFLINE set `error`.
 */
int ratter_audit(ratter_engine *engine, const char *const *paths, size_t count,
                 const ratter_audit_setup *setup, ratter_error *error);

#ifdef __cplusplus
}
#endif
#endif
