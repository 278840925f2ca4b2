/* ratter.h - the library: scan packages for malicious behaviour.
 *
 * Handles are opaque; strings are UTF-8 and NUL-terminated; nothing here prints, exits or reads the
 * environment. One engine serves one thread at a time. Package bytes are only ever read in jailed
 * child processes, so the calling program must be able to fork: open the engine before starting
 * threads.
 *
 *     ratter_error error;
 *     ratter_engine *engine = ratter_open(&error);
 *     ratter_set(engine, "jobs", "2", &error);
 *     ratter_add_output(engine, "jsonl", write_to_stdout, NULL, &error);
 *     ratter_add_path(engine, "left-pad-1.3.0.tgz", &error);
 *     int status = ratter_scan(engine, &error);   // exit status of the contract
 *     ratter_close(engine);
 */
#ifndef RATTER_RATTER_H
#define RATTER_RATTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RATTER_API_VERSION 1
#define RATTER_VERSION     "0.1.0"

typedef struct ratter_engine ratter_engine;

/* One clear line: what, where, what to do; no newline. */
typedef struct ratter_error {
    int status; /* the exit status that fits (2, 4 …) */
    char text[512];
} ratter_error;

/* Exit status of a scan, the same everywhere (DESIGN 5). */
enum {
    RATTER_DONE = 0,       /* all examined, nothing at or above fail-on */
    RATTER_FOUND = 1,      /* something is at or above fail-on */
    RATTER_FAILED = 2,     /* wrong use, bad configuration, or our own failure */
    RATTER_INCOMPLETE = 3, /* nothing found, but something could not be read or finished */
    RATTER_NOTHING = 4,    /* nothing to scan */
    RATTER_OFFLINE = 5     /* intelligence or network needed and not to be had */
};

/* Opens an engine with the built-in rules and default limits. NULL on failure. */
ratter_engine *ratter_open(ratter_error *error);
void ratter_close(ratter_engine *engine); /* accepts NULL */

/* Sets one option by its command-line name, without the dashes. 0, or -1 with `error` when the
 * option or the value is unknown. ratter_options lists them. */
int ratter_set(ratter_engine *engine, const char *option, const char *value, ratter_error *error);

typedef struct ratter_option {
    const char *name;  /* "limit-depth" */
    const char *value; /* what the value is: "N", "BYTES", "LEVEL", "DIR", or NULL for a switch */
    const char *default_value; /* as text, or NULL */
    const char *help;          /* one line */
} ratter_option;
const ratter_option *ratter_options(size_t *count);

/* What is written, and where: `format` is a name of ratter_formats. `write` gets bytes in order and
 * returns 0, or -1 to stop the scan (a closed pipe). Several outputs may be added. `colour` 0/1,
 * `width` in columns or 0. */
typedef int (*ratter_write)(void *context, const void *bytes, size_t len);
int ratter_add_output(ratter_engine *engine, const char *format, int colour, unsigned width,
                      ratter_write write, void *context, ratter_error *error);
typedef struct ratter_format {
    const char *name, *media_type, *title;
} ratter_format;
const ratter_format *ratter_formats(size_t *count);

/* Something to scan: an archive, a directory or a file by path; or an open descriptor with a name
 * to show (its content is read from the start when it can seek, else to its end). */
int ratter_add_path(ratter_engine *engine, const char *path, ratter_error *error);
int ratter_add_fd(ratter_engine *engine, int fd, const char *name, ratter_error *error);

/* Called now and then while a scan runs; a return other than 0 stops it (Ctrl-C): what was finished
 * is reported, the rest is told as not examined. */
typedef int (*ratter_progress)(void *context, uint64_t done, uint64_t known, const char *current);
void ratter_on_progress(ratter_engine *engine, ratter_progress progress, void *context);

/* Scans all that was added, writes the outputs, forgets the list. Returns the exit status; 2 sets
 * `error`. */
int ratter_scan(ratter_engine *engine, ratter_error *error);

/* Rules. `visit` is called for each rule loaded, sorted by id. */
typedef struct ratter_rule {
    const char *id, *family, *level, *title, *why;
} ratter_rule;
int ratter_rules_list(ratter_engine *engine, void (*visit)(void *context, const ratter_rule *rule),
                      void *context, ratter_error *error);
/* Checks the rule files below `folder` (syntax, names, ids); every fault is given to `say` as one
 * line "file:line: …". Returns the number of faults. */
int ratter_rules_check(const char *folder, void (*say)(void *context, const char *line),
                       void *context, ratter_error *error);
/* Runs every rule's own examples (must_match, must_not_match) through the whole scan; `say` gets
 * one line per failure and `passed`/`failed` the counts. Returns 0, or -1 on failure of ours.
 * `folder` NULL: the built-in rules. */
int ratter_rules_test(ratter_engine *engine, const char *folder,
                      void (*say)(void *context, const char *line), void *context, size_t *passed,
                      size_t *failed, ratter_error *error);

#ifdef __cplusplus
}
#endif
#endif
