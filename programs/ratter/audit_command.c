/* audit_command.c - ratter audit: which project, whose configuration, what was decided before; the
 * library does the rest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "output.h"
#include "ratter/audit.h"
#include "terminal.h"

enum { OUTPUTS = 16 };

enum {
    FORMAT,
    OUTPUT,
    INTEL,
    CONFIG,
    NEW_ONLY,
    WRITE_BASELINE,
    SCAN,
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
    [SCAN] = { "scan", 0, NULL, NULL,
               "examine dependencies too, from node_modules or npm's cache" },
    [NO_HOME] = { "no-home", 0, NULL, NULL, "do not read the clients' configuration in your home" },
    [COLOUR] = { "color", 0, "WHEN", "auto", "colour: auto, always or never" },
    [QUIET] = { "quiet", 'q', NULL, NULL, "nothing on standard output" },
    [HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    const char *format, *colour, *intel, *config;
    bool quiet;
    ratter_audit_setup setup;
    const char *files[OUTPUTS], *file_formats[OUTPUTS];
    size_t file_count;
    Output outputs[OUTPUTS + 1]; /* the last is standard output */
    const char **paths;
    size_t path_count, path_capacity;
} Audit;

static bool is_own(const char *name)
{
    for (size_t i = 0; i < OWN_FLAGS; i++)
        if (strcmp(own_flags[i].name, name) == 0)
            return true;
    return false;
}

/* Our flags, then every option of the library: with --scan all of them matter. */
static FlagSet audit_flags(RtArena *arena)
{
    size_t option_count = 0, count = 0;
    const ratter_option *options = ratter_options(&option_count);
    Flag *flags = RT_NEW_ARRAY(arena, Flag, OWN_FLAGS + option_count);
    for (; count < OWN_FLAGS; count++)
        flags[count] = own_flags[count];
    for (size_t i = 0; i < option_count; i++)
        if (!is_own(options[i].name))
            flags[count++] =
                (Flag){ options[i].name, strcmp(options[i].name, "verbose") == 0 ? 'v' : 0,
                        options[i].value, options[i].default_value, options[i].help };
    return (FlagSet){ flags, count };
}

static int take_output(Audit *audit, const char *value)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || !equals[1] || strcmp(equals + 1, "-") == 0)
        return complain("-o wants FORMAT=FILE, not %s", escaped_c(audit->arena, value));
    if (audit->file_count == OUTPUTS)
        return complain("more than %d times -o", OUTPUTS);
    audit->file_formats[audit->file_count] =
        rt_str_c(audit->arena, (RtStr){ (const uint8_t *)value, (size_t)(equals - value) });
    audit->files[audit->file_count++] = equals + 1;
    return 0;
}

static int take_flag(Audit *audit, FlagSet flags, const Arg *arg)
{
    ratter_error error = { 0 };
    switch (arg->flag - flags.items) {
    case FORMAT:
        audit->format = arg->value;
        return 0;
    case OUTPUT:
        return take_output(audit, arg->value);
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
    case SCAN:
        audit->setup.scan = 1;
        return 0;
    case NO_HOME:
        audit->setup.home = NULL;
        return 0;
    case COLOUR:
        audit->colour = arg->value;
        if (strcmp(arg->value, "auto") == 0 || strcmp(arg->value, "always") == 0 ||
            strcmp(arg->value, "never") == 0)
            return 0;
        return complain("--color wants auto, always or never, not %s",
                        escaped_c(audit->arena, arg->value));
    case QUIET:
        audit->quiet = true;
        return 0;
    default:
        if (ratter_set(audit->engine, arg->flag->name, arg->value ? arg->value : "", &error) == 0)
            return 0;
        return complain("%s", escaped_c(audit->arena, error.text));
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
    if (audit->setup.config && !audit->quiet)
        fprintf(stderr, "ratter: allow-list: %s\n", escaped_c(audit->arena, audit->setup.config));
}

/* As `ratter intel` has it: $XDG_DATA_HOME/ratter/intel.sqlite, else below ~/.local/share. */
static const char *default_store(RtArena *arena)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && data[0] == '/')
        return rt_str_c(arena, rt_str_format(arena, "%s/ratter/intel.sqlite", data));
    if (home && home[0])
        return rt_str_c(arena, rt_str_format(arena, "%s/.local/share/ratter/intel.sqlite", home));
    return NULL;
}

static void choose_intel(Audit *audit)
{
    const char *named = audit->intel ? audit->intel : "auto";
    bool required = strcmp(named, "required") == 0;
    audit->setup.intel_required = required;
    if (strcmp(named, "none") == 0)
        return;
    audit->setup.intel =
        required || strcmp(named, "auto") == 0 ? default_store(audit->arena) : named;
}

static int open_outputs(Audit *audit)
{
    ratter_error error = { 0 };
    Output *standard = &audit->outputs[OUTPUTS];
    *standard = (Output){ .fd = STDOUT_FILENO };
    if (!audit->quiet &&
        ratter_add_output(audit->engine, audit->format,
                          terminal_colour(audit->colour, STDOUT_FILENO),
                          terminal_width(STDOUT_FILENO), output_write, standard, &error) != 0)
        return complain("%s", escaped_c(audit->arena, error.text));
    for (size_t i = 0; i < audit->file_count; i++) {
        RtErr failed = output_open(audit->arena, audit->files[i], &audit->outputs[i]);
        if (failed.code != RT_OK)
            return complain("%s", escaped_c(audit->arena, failed.text));
        if (ratter_add_output(audit->engine, audit->file_formats[i], 0, 0, output_write,
                              &audit->outputs[i], &error) != 0)
            return complain("%s", escaped_c(audit->arena, error.text));
    }
    return 0;
}

static int close_outputs(Audit *audit, bool keep)
{
    int status = 0;
    for (size_t i = 0; i <= OUTPUTS; i++) {
        if (audit->outputs[i].fd < 0)
            continue;
        RtErr failed = output_close(&audit->outputs[i], keep);
        if (failed.code != RT_OK)
            status = complain("%s", escaped_c(audit->arena, failed.text));
    }
    return status;
}

static int audit_all(Audit *audit, size_t count, char *const *words)
{
    ratter_error error = { 0 };
    int status = read_arguments(audit, count, words);
    if (status != 0)
        return status < 0 ? 0 : status;
    choose_config(audit);
    choose_intel(audit);
    status = open_outputs(audit);
    if (status != 0) {
        (void)!close_outputs(audit, false);
        return status;
    }
    status = ratter_audit(audit->engine, audit->paths, audit->path_count, &audit->setup, &error);
    bool is_closed = audit->outputs[OUTPUTS].is_closed;
    bool failed = status == RATTER_FAILED || status == RATTER_OFFLINE;
    if (failed && !is_closed)
        complain("%s", error.text[0] ? escaped_c(audit->arena, error.text)
                                     : "the report could not be written");
    int closed = close_outputs(audit, !failed && !is_closed);
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
    Audit audit = { .arena = arena, .format = "text", .colour = "auto" };
    audit.setup.home = getenv("HOME");
    audit.setup.now = (int64_t)time(NULL);
    for (size_t i = 0; i <= OUTPUTS; i++)
        audit.outputs[i].fd = -1;
    audit.engine = ratter_open(&error);
    if (!audit.engine)
        return complain("%s", escaped_c(arena, error.text));
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
