/* audit_command.c - ratter audit: which project, whose configuration, what was decided before; the
 * library does the rest. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "client_registry.h"
#include "commands.h"
#include "ratter/audit.h"
#include "reporting.h"

enum {
    FORMAT,
    OUTPUT,
    INTEL,
    CONFIG,
    NEW_ONLY,
    WRITE_BASELINE,
    AGAINST,
    SCAN,
    OFFLINE,
    NO_HOME,
    COLOUR,
    QUIET,
    HELP,
    OWN_FLAGS
};
static const Flag own_flags[OWN_FLAGS] = {
    [FORMAT] = { "format", 'f', "NAME", "text", "what standard output gets; as for scan" },
    [OUTPUT] = { "output", 'o', "FORMAT=FILE", NULL,
                 "write a report to FILE as well; may be repeated" },
    [INTEL] = { "intel", 0, "WHICH", "auto", "store to consult: auto, required, none or a FILE" },
    [CONFIG] = { "config", 0, "FILE", "ratter.yaml", "allow-list; none: not even ./ratter.yaml" },
    [NEW_ONLY] = { "new-only", 0, "FILE", NULL, "leave out what stands in this baseline" },
    [WRITE_BASELINE] = { "write-baseline", 0, "FILE", NULL, "write what was found as a baseline" },
    [AGAINST] = { "against", 0, "LOCKFILE", NULL,
                  "tell what is worse than in this older lockfile" },
    [SCAN] = { "scan", 0, NULL, NULL, "examine the content of the dependencies, too" },
    [OFFLINE] = { "offline", 0, NULL, NULL, "with --scan: download nothing" },
    [NO_HOME] = { "no-home", 0, NULL, NULL, "do not read the clients' configuration in your home" },
    [COLOUR] = { "color", 0, "WHEN", "auto", "colour: auto, always or never" },
    [QUIET] = { "quiet", 'q', NULL, NULL, "nothing on standard output" },
    [HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    Reporting reporting;
    const char *intel, *config;
    bool offline;
    ratter_audit_setup setup;
    const char **paths;
    size_t path_count, path_capacity;
} Audit;

static FlagSet audit_flags(RtArena *arena) { return reporting_flags(arena, own_flags, OWN_FLAGS); }

static int take_flag(Audit *audit, FlagSet flags, const Arg *arg)
{
    switch (arg->flag - flags.items) {
    case FORMAT:
        return reporting_set_format(&audit->reporting, arg->value);
    case OUTPUT:
        return reporting_add_file(&audit->reporting, arg->value);
    case INTEL:
        audit->intel = arg->value;
        return 0;
    case CONFIG:
        audit->config = arg->value;
        return 0;
    case NEW_ONLY:
        audit->setup.new_only = arg->value;
        return 0;
    case WRITE_BASELINE:
        audit->setup.write_baseline = arg->value;
        return 0;
    case AGAINST:
        audit->setup.against = arg->value;
        return 0;
    case SCAN:
        audit->setup.scan = 1;
        return 0;
    case OFFLINE:
        audit->offline = true;
        return 0;
    case NO_HOME:
        audit->setup.home = NULL;
        return 0;
    case COLOUR:
        return reporting_set_colour(&audit->reporting, arg->value);
    case QUIET:
        audit->reporting.quiet = true;
        return 0;
    default:
        return reporting_set_option(&audit->reporting, arg->flag, arg->value);
    }
}

/* -1: help was shown and all is said, 0: go on, else the exit status. */
static int read_arguments(Audit *audit, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = audit->arena, .flags = audit_flags(audit->arena), .words = words, .count = count
    };
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_OPERAND) {
            RT_PUSH(audit->arena, audit->paths, audit->path_count, audit->path_capacity) =
                arg.value;
            continue;
        }
        if (arg.flag == &reader.flags.items[HELP]) {
            int status = command_print_help(audit->arena, &command_audit);
            return status ? status : -1;
        }
        int status = take_flag(audit, reader.flags, &arg);
        if (status != 0)
            return status;
    }
    if (audit->path_count == 0)
        RT_PUSH(audit->arena, audit->paths, audit->path_count, audit->path_capacity) = ".";
    return 0;
}

/* Only the file where the command runs, or the one that is named: a ratter.yaml inside the tree
 * that is audited belongs to whoever wrote that tree. */
static void choose_config(Audit *audit)
{
    if (!audit->config && access("ratter.yaml", F_OK) == 0)
        audit->setup.config = "ratter.yaml";
    else if (audit->config && strcmp(audit->config, "none") != 0)
        audit->setup.config = audit->config;
    if (audit->setup.config && !audit->reporting.quiet)
        fprintf(stderr, "ratter: allow-list: %s\n", escaped_c(audit->arena, audit->setup.config));
}

/* 0, or the exit status after a complaint: a store that is named has to be there. */
static int choose_intel(Audit *audit)
{
    const char *named = audit->intel ? audit->intel : "auto";
    bool is_word = strcmp(named, "auto") == 0 || strcmp(named, "none") == 0;
    audit->setup.intel_required = strcmp(named, "required") == 0;
    audit->setup.intel = intel_store(audit->arena, named);
    if (is_word || audit->setup.intel_required || access(named, F_OK) == 0)
        return 0;
    return complain("--intel: cannot read %s: %s", escaped_c(audit->arena, named), strerror(errno));
}

static const char *variable(const char *name) { return getenv(name); }

/* ratter-fetch lies beside this program; it gets what says how a network is reached, no more. Each
 * archive is an open descriptor, so as many are allowed as can be. */
static void choose_fetcher(Audit *audit)
{
    static const char *const names[] = { "http_proxy",    "https_proxy",   "HTTPS_PROXY",
                                         "all_proxy",     "ALL_PROXY",     "no_proxy",
                                         "NO_PROXY",      "SSL_CERT_FILE", "SSL_CERT_DIR",
                                         "CURL_CA_BUNDLE" };
    char **environment = RT_NEW_ARRAY(audit->arena, char *, RT_COUNT(names) + 1);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    RtStr own = { (const uint8_t *)path, len > 0 ? (size_t)len : 0 };
    size_t slash = rt_str_rfind_byte(own, '/');
    if (audit->offline || slash == RT_NOT_FOUND)
        return;
    const char *fetcher = rt_str_c(audit->arena, rt_str_format(audit->arena, "%.*s/ratter-fetch",
                                                               RT_FMT(rt_str_sub(own, 0, slash))));
    size_t count = 0;
    for (size_t i = 0; i < RT_COUNT(names); i++)
        if (getenv(names[i]))
            environment[count++] = (char *)(uintptr_t)rt_str_c(
                audit->arena, rt_str_format(audit->arena, "%s=%s", names[i], getenv(names[i])));
    audit->setup.fetcher_environment = environment;
    audit->setup.variable = variable;
    audit->setup.registry_of = client_registry;
    if (access(fetcher, X_OK) == 0)
        audit->setup.fetcher = fetcher;
    else
        fprintf(stderr, "ratter: nothing is downloaded: %s is missing\n",
                escaped_c(audit->arena, fetcher));
}

static int audit_all(Audit *audit, size_t count, char *const *words)
{
    ratter_error error = { 0 };
    int status = read_arguments(audit, count, words);
    if (status != 0)
        return status < 0 ? 0 : status;
    choose_config(audit);
    status = choose_intel(audit);
    if (status != 0)
        return status;
    if (audit->setup.scan)
        choose_fetcher(audit);
    status = reporting_start(&audit->reporting, NULL, NULL);
    if (status != 0) {
        (void)!reporting_finish(&audit->reporting, false);
        return status;
    }
    status = ratter_audit(audit->engine, audit->paths, audit->path_count, &audit->setup, &error);
    bool is_closed = reporting_is_closed(&audit->reporting);
    bool failed = status == RATTER_FAILED || status == RATTER_OFFLINE;
    if (failed && !is_closed)
        complain("%s", error.text[0] ? escaped_c(audit->arena, error.text)
                                     : "the report could not be written");
    int closed = reporting_finish(&audit->reporting, !failed && !is_closed);
    if (closed)
        return closed;
    if (is_closed)
        return STATUS_CLOSED_PIPE;
    if (status == RATTER_NOTHING)
        complain("nothing to audit: no lockfile, manifest or installed tree in what was named");
    return status;
}

static int run_audit(RtArena *arena, size_t count, char *const *words)
{
    ratter_error error = { 0 };
    Audit audit = { .arena = arena, .engine = ratter_open(&error) };
    audit.setup.home = getenv("HOME");
    audit.setup.now = (int64_t)time(NULL);
    if (!audit.engine)
        return complain("%s", escaped_c(arena, error.text));
    audit.reporting = reporting_open(arena, audit.engine);
    int status = audit_all(&audit, count, words);
    ratter_close(audit.engine);
    return status;
}

const Command command_audit = {
    .name = "audit",
    .summary = "check what a project's lockfiles depend on",
    .usage = "[FLAG]... [DIR|LOCKFILE]...",
    .details =
        "Looks below DIR (the working directory when nothing is named) for lockfiles of npm,\n"
        "yarn, pnpm, bun, pip, poetry, uv, pdm, pipenv, composer, bundler, cargo, go, gradle,\n"
        "maven and deno, for SBOMs, and for installed trees without a lockfile. Each is one\n"
        "report; docs/AUDIT.md lists what is checked.\n"
        "\n"
        "--scan examines the content as well: from node_modules, site-packages and npm's cache,\n"
        "else (npm and PyPI) as the registry has it that your own npm or pip is configured for,\n"
        "or that ratter.yaml names; only what has the lockfile's hash, and from no other host.\n"
        "\n"
        "Exit status: 0 all was examined and nothing is at or above --fail-on; 1 something is;\n"
        "2 wrong use, or ratter failed; 3 nothing found, but something was not examined (also\n"
        "when no intelligence was imported: then nothing is called clean); 4 nothing to audit;\n"
        "5 --intel required, and none was imported.\n"
        "\n"
        "Examples:\n"
        "  ratter audit\n"
        "  ratter audit --fail-on suspicious -o sarif=audit.sarif services/api\n"
        "  ratter audit --write-baseline known.txt && ratter audit --new-only known.txt\n",
    .flags = audit_flags,
    .run = run_audit,
};
