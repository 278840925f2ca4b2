/* intel.h - the library's intelligence: what is known of packages and indicators, in and out.
 *
 * Handles are opaque, strings UTF-8 and NUL-terminated, nothing here prints, exits or reads the
 * environment. Feeds are read in jailed child processes (see ratter.h). A handle serves one thread
 * at a time. */
#ifndef RATTER_INTEL_H
#define RATTER_INTEL_H

#include "ratter/ratter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ratter_intel ratter_intel;

/* Opens the store at `path`. To write, it is created when it is not there; to read, what ships with
 * the program is asked as well, and alone when there is no store. NULL on failure. */
ratter_intel *ratter_intel_open(const char *path, int writable, ratter_error *error);
void ratter_intel_close(ratter_intel *intel); /* accepts NULL */

/* One thing that is known. Strings live until the callback returns. */
typedef struct ratter_intel_entry {
    const char *kind;      /* "package", "domain", "url", "ip", "ip-port", "sha256" … */
    const char *role;      /* "actor", "victim", "target", "not-said" */
    const char *ecosystem; /* purl type; empty for all but packages */
    const char *value;
    const char *versions; /* "1.0.1|>=2.0.0 <2.0.3"; empty: all */
    const char *id, *campaign, *source, *reference, *summary;
    const char *tlp;     /* "clear", "green", "amber", "amber+strict", "red" */
    unsigned confidence; /* 0..100 */
    int64_t modified, valid_from, valid_until; /* seconds since 1970; 0: not said */
} ratter_intel_entry;
typedef void (*ratter_intel_visit)(void *context, const ratter_intel_entry *entry);

/* What is known of `what`: a purl, name@version, a name, a domain, an address, a URL or a hash.
 * Returns the number of entries, or -1. */
int ratter_intel_lookup(ratter_intel *intel, const char *what, ratter_intel_visit visit,
                        void *context, ratter_error *error);

typedef struct ratter_intel_source {
    const char *name, *format;
    int64_t imported, newest; /* seconds since 1970; `newest` of its records, 0: not said */
    uint64_t packages, indicators, withdrawn;
} ratter_intel_source;
/* Every source of the store, and what ships with the program. 0, or -1. */
int ratter_intel_status(ratter_intel *intel,
                        void (*visit)(void *context, const ratter_intel_source *source),
                        void *context, ratter_error *error);

/* What an import did, or would do. */
typedef struct ratter_intel_import_result {
    char source[4200], format[16];
    uint64_t added, dropped,
        kept;           /* entries added and dropped; pieces of the feed left as they were */
    uint64_t malformed; /* records that could not be used: `say` got the first of them */
    uint64_t ignored;   /* good records that speak of no malware */
    int unchanged;      /* the feed is the one imported last */
} ratter_intel_import_result;

typedef struct ratter_intel_import_options {
    const char *source; /* under which name; NULL: format and path */
    const char *format; /* NULL: judged by content */
    const char *tlp;    /* at least this marking for all of it; NULL: as the feed says */
    int dry_run;        /* tell, and change nothing */
    int no_jail;
    int64_t now; /* time of the import */
    void (*say)(void *context,
                const char *line); /* malformed records, one line each; may be NULL */
    void (*change)(void *context, int sign, const ratter_intel_entry *entry); /* may be NULL */
    void *context;
} ratter_intel_import_options;

/* Imports the feed at `path` (a file, a zip, a folder) in one transaction: what the source said
 * before and says no more is dropped. 0, or -1: then nothing has changed. */
int ratter_intel_import(ratter_intel *intel, const char *path,
                        const ratter_intel_import_options *options,
                        ratter_intel_import_result *result, ratter_error *error);
/* Checks a feed against a signature of minisign's form beside it (PATH.minisig) and a public key's
 * file, and imports what was checked. As above. */
int ratter_intel_import_signed(ratter_intel *intel, const char *path, const char *public_key,
                               const ratter_intel_import_options *options,
                               ratter_intel_import_result *result, ratter_error *error);
/* Writes what ships with the program into the store. */
int ratter_intel_import_seed(ratter_intel *intel, int64_t now, ratter_error *error);

typedef struct ratter_intel_export_options {
    const char *format;   /* one that writes */
    const char *tlp;      /* what the whole is marked with; entries marked stricter stay here */
    const char *source;   /* of this source alone; NULL: all */
    const char *findings; /* a report of `ratter scan` (json, jsonl) in place of the store */
    int no_jail;
    void (*say)(void *context, const char *line); /* what of the report was left out; or NULL */
    void *context;
} ratter_intel_export_options;
typedef struct ratter_intel_export_result {
    uint64_t written;
    uint64_t left_out; /* marked stricter, victims, persons, or of a kind the format cannot say */
} ratter_intel_export_result;
/* Victims are never published as actors: a hijacked package goes out with its bad versions only,
 * what malware looks for (wallet extensions) and people do not go out at all. The same entries give
 * the same bytes. `intel` may be NULL with `findings`. 0, or -1. */
int ratter_intel_export(ratter_intel *intel, const ratter_intel_export_options *options,
                        ratter_write write, void *context, ratter_intel_export_result *result,
                        ratter_error *error);

/* Fresh keys into two new files, the secret one for this user alone. 0, or -1. */
int ratter_intel_keygen(const char *secret_path, const char *public_path, ratter_error *error);
/* Signs the file at `path` with a secret key's file: PATH.minisig. 0, or -1. */
int ratter_intel_sign(const char *path, const char *secret_key, ratter_error *error);

/* Reads all of the store at `path`; each fault is given to `say`. The number of faults, or -1 when
 * it cannot be read at all. */
int ratter_intel_verify(const char *path, void (*say)(void *context, const char *line),
                        void *context, ratter_error *error);

typedef struct ratter_intel_format {
    const char *name, *title;
    int reads, writes;
} ratter_intel_format;
const ratter_intel_format *ratter_intel_formats(size_t *count);

#ifdef __cplusplus
}
#endif
#endif
