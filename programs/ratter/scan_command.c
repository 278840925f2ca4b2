/* scan_command.c - ratter scan: what to scan, where the reports go, and which exit status that
 * makes.
 *
 * The library decides about packages; this file decides about the process: signals, pipes, full
 * disks. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "reporting.h"
#include "terminal.h"

enum {
    LIST_LIMIT = 128 << 20,   /* bytes of a --paths-from list */
    PROGRESS_ARENA = 1 << 20, /* one line */
};

enum {
    FORMAT,
    OUTPUT,
    TRACE,
    PATHS_FROM,
    PATHS_FROM0,
    COLOUR,
    QUIET,
    NO_PROGRESS,
    HELP,
    OWN_FLAGS
};
static const Flag own_flags[OWN_FLAGS] = {
    [FORMAT] = { "format", 'f', "NAME", "text",
                 "what standard output gets; formats are listed below" },
    [OUTPUT] = { "output", 'o', "FORMAT=FILE", NULL,
                 "write a report to FILE as well; may be repeated" },
    [TRACE] = { "trace", 0, "FILE", NULL,
                "write what scripts did in the mocked world to FILE; short for -o trace=FILE" },
    [PATHS_FROM] = { "paths-from", 0, "FILE", NULL, "scan the paths in FILE (or -), one per line" },
    [PATHS_FROM0] = { "paths-from0", 0, "FILE", NULL, "the same, with a NUL after each path" },
    [COLOUR] = { "color", 0, "WHEN", "auto", "colour: auto, always or never" },
    [QUIET] = { "quiet", 'q', NULL, NULL,
                "nothing on standard output: the exit status and -o tell" },
    [NO_PROGRESS] = { "no-progress", 0, NULL, NULL, "no progress line on the terminal" },
    [HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

/* Everything one call of `ratter scan` knows. */
typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    Reporting reporting;
    const char *list; /* --paths-from */
    char list_end;
    bool no_progress, reads_stdin;
    const char **paths;
    size_t path_count, path_capacity;
    Progress progress;
    size_t added;
    int worst_input; /* exit status that inputs we could not even add ask for */
} Scan;

/* The one thing that must be global: what a signal handler may touch. */
static volatile sig_atomic_t caught_signal;
static void on_signal(int number) { caught_signal = number; }

static FlagSet scan_flags(RtArena *arena) { return reporting_flags(arena, own_flags, OWN_FLAGS); }

static int take_list(Scan *scan, const char *file, char end)
{
    if (scan->list)
        return complain("--paths-from is given twice");
    scan->list = file;
    scan->list_end = end;
    return 0;
}

static int take_flag(Scan *scan, FlagSet flags, const Arg *arg)
{
    switch (arg->flag - flags.items) {
    case FORMAT:
        return reporting_set_format(&scan->reporting, arg->value);
    case OUTPUT:
        return reporting_add_file(&scan->reporting, arg->value);
    case TRACE:
        return reporting_add_file(
            &scan->reporting,
            rt_str_c(scan->arena, rt_str_format(scan->arena, "trace=%s", arg->value)));
    case PATHS_FROM:
        return take_list(scan, arg->value, '\n');
    case PATHS_FROM0:
        return take_list(scan, arg->value, '\0');
    case COLOUR:
        return reporting_set_colour(&scan->reporting, arg->value);
    case QUIET:
        scan->reporting.quiet = true;
        return 0;
    case NO_PROGRESS:
        scan->no_progress = true;
        return 0;
    default:
        return reporting_set_option(&scan->reporting, arg->flag, arg->value);
    }
}

/* Reads the command line; -1: help was shown and all is said, 0: go on, else the exit status. */
static int read_arguments(Scan *scan, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = scan->arena, .flags = scan_flags(scan->arena), .words = words, .count = count
    };
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_OPERAND) {
            RT_PUSH(scan->arena, scan->paths, scan->path_count, scan->path_capacity) = arg.value;
            continue;
        }
        if (arg.flag == &reader.flags.items[HELP]) {
            int status = command_print_help(scan->arena, &command_scan);
            return status ? status : -1;
        }
        int status = take_flag(scan, reader.flags, &arg);
        if (status != 0)
            return status;
    }
    if (scan->path_count == 0 && !scan->list)
        return complain("nothing to scan is named; ratter scan PATH..., or - for standard input");
    return 0;
}

/* Adds one path; a path we cannot add is told at once and remembered, and the others are scanned.
 */
static int add_path(Scan *scan, const char *path)
{
    ratter_error error = { 0 };
    if (strncmp(path, "pkg:", 4) == 0 && access(path, F_OK) != 0) {
        complain("%s needs the registry client, not in this version; download it with `npm pack` "
                 "and scan the file",
                 escaped_c(scan->arena, path));
        return RATTER_OFFLINE;
    }
    if (strcmp(path, "-") == 0 && scan->reads_stdin)
        return complain("standard input can be read once");
    bool is_stdin = strcmp(path, "-") == 0;
    scan->reads_stdin = scan->reads_stdin || is_stdin;
    int failed = is_stdin ? ratter_add_fd(scan->engine, STDIN_FILENO, "-", &error)
                          : ratter_add_path(scan->engine, path, &error);
    if (failed == 0) {
        scan->added++;
        return 0;
    }
    complain("%s", escaped_c(scan->arena, error.text));
    int status = error.status ? error.status : RATTER_FAILED;
    if (scan->worst_input == 0 || status == RATTER_FAILED)
        scan->worst_input = status;
    return 0;
}

/* The whole list, in the arena. */
static RtErr read_list(Scan *scan, RtStr *ret_text)
{
    bool is_stdin = strcmp(scan->list, "-") == 0;
    const char *shown = is_stdin ? "standard input" : escaped_c(scan->arena, scan->list);
    int fd = is_stdin ? dup(STDIN_FILENO) : open(scan->list, O_RDONLY | O_CLOEXEC);
    RT_FD owned = fd;
    if (owned < 0)
        return rt_fail(RT_ERR_IO, "cannot read %s: %s", shown, strerror(errno));
    RtText text = { .arena = scan->arena };
    uint8_t block[1 << 16];
    for (;;) {
        ssize_t got = read(owned, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rt_fail(RT_ERR_IO, "cannot read %s: %s", shown, strerror(errno));
        if (got == 0)
            break;
        if (text.len + (size_t)got > LIST_LIMIT)
            return rt_fail(RT_ERR_IO, "%s: a list of paths may have %d MiB", shown,
                           LIST_LIMIT >> 20);
        rt_text_add(&text, (RtStr){ block, (size_t)got });
    }
    *ret_text = rt_text_str(&text);
    return RT_FINE;
}

static int add_list(Scan *scan)
{
    RtStr rest, line;
    RtErr error = read_list(scan, &rest);
    if (error.code != RT_OK)
        return complain("%s", error.text);
    bool is_stdin = strcmp(scan->list, "-") == 0;
    scan->reads_stdin = scan->reads_stdin || is_stdin;
    while (rt_str_next(&rest, (uint8_t)scan->list_end, &line)) {
        if (line.len == 0)
            continue;
        if (rt_str_find_byte(line, 0) != RT_NOT_FOUND)
            return complain("the list of paths holds a NUL; is it for --paths-from0?");
        int status = add_path(scan, rt_str_c(scan->arena, line));
        if (status != 0)
            return status;
    }
    return 0;
}

static int add_inputs(Scan *scan)
{
    for (size_t i = 0; i < scan->path_count; i++) {
        int status = add_path(scan, scan->paths[i]);
        if (status != 0)
            return status;
    }
    return scan->list ? add_list(scan) : 0;
}

static int on_progress(void *context, uint64_t done, uint64_t known, const char *current)
{
    Scan *scan = context;
    progress_draw(&scan->progress, done, known, current);
    return caught_signal != 0;
}

/* The first Ctrl-C ends the scan in order, the second ends the process. A signal that whoever
 * started us ignores (nohup, a shell's background job) stays ignored. */
static void catch_signals(void)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND }, old;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < RT_COUNT(signals); i++)
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
}

static int run_engine(Scan *scan)
{
    ratter_error error = { 0 };
    ratter_on_progress(scan->engine, on_progress, scan);
    int status = ratter_scan(scan->engine, &error);
    progress_wipe(&scan->progress);
    bool is_closed = reporting_is_closed(&scan->reporting);
    bool is_broken = reporting_is_broken(&scan->reporting);
    if (status == RATTER_FAILED && !is_closed && !is_broken && !caught_signal)
        complain("%s", error.text[0] ? escaped_c(scan->arena, error.text) : "the scan failed");
    bool keep = status != RATTER_FAILED && !is_closed && !is_broken;
    int failed = reporting_finish(&scan->reporting, keep);
    if (caught_signal) {
        complain("stopped by a signal: what was not finished is reported as not examined");
        return STATUS_SIGNAL + caught_signal;
    }
    if (failed)
        return failed;
    if (is_closed)
        return STATUS_CLOSED_PIPE;
    if (status == RATTER_FOUND || status == RATTER_FAILED)
        return status;
    if (status == RATTER_NOTHING && scan->worst_input == 0)
        complain("nothing to scan: there is no file in what was named");
    return scan->worst_input ? scan->worst_input : status;
}

static int scan_all(Scan *scan, size_t count, char *const *words)
{
    int status = read_arguments(scan, count, words);
    if (status != 0)
        return status < 0 ? 0 : status;
    status = add_inputs(scan); /* a signal up to here just ends us: there is nothing to tell yet */
    if (status != 0)
        return status;
    if (scan->added == 0 && scan->worst_input)
        return scan->worst_input;
    if (scan->added == 0) {
        complain("nothing to scan: the list of paths is empty");
        return RATTER_NOTHING;
    }
    scan->progress = progress_open(rt_arena_open(PROGRESS_ARENA, NULL, NULL),
                                   !scan->reporting.quiet && !scan->no_progress);
    status = reporting_start(&scan->reporting, progress_wipe, &scan->progress);
    catch_signals();
    if (status == 0)
        status = run_engine(scan);
    else
        (void)!reporting_finish(&scan->reporting, false);
    rt_arena_close(scan->progress.arena);
    return status;
}

static int run_scan(RtArena *arena, size_t count, char *const *words)
{
    ratter_error error = { 0 };
    Scan scan = { .arena = arena, .engine = ratter_open(&error) };
    if (!scan.engine)
        return complain("%s", escaped_c(arena, error.text));
    scan.reporting = reporting_open(arena, scan.engine);
    int status = scan_all(&scan, count, words);
    ratter_close(scan.engine);
    return status;
}

const Command command_scan = {
    .name = "scan",
    .summary = "scan packages, repositories or single files",
    .usage = "[FLAG]... PATH...|-",
    .details =
        "A PATH is an archive (npm tgz, wheel, sdist, zip, gem, crate, vsix ...), a directory (a\n"
        "package, a node_modules, a checkout) or a single file; - is an archive on standard "
        "input.\n"
        "\n"
        "Exit status: 0 all was examined and nothing is at or above --fail-on; 1 something is;\n"
        "2 wrong use, or ratter failed; 3 nothing found, but something could not be examined;\n"
        "4 nothing to scan; 5 the network would be needed; 130, 143 stopped by a signal;\n"
        "141 nobody reads standard output any more.\n"
        "\n"
        "Examples:\n"
        "  ratter scan left-pad-1.3.0.tgz\n"
        "  ratter scan --fail-on suspicious -o sarif=ratter.sarif node_modules\n"
        "  npm pack left-pad | ratter scan --paths-from -\n",
    .flags = scan_flags,
    .more_help = reporting_list_formats,
    .run = run_scan,
};
