/* sweep_command.c - ratter sweep: says what it will read, then was this machine hit, and what to do
 * now. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "output.h"
#include "ratter/sweep.h"
#include "reporting.h"
#include "terminal.h"

enum { FORMAT, ROOT, HOME, CHECKOUTS, INTEL, DRY_RUN, NO_PROCESSES, CHECK, QUIET, HELP, OWN_FLAGS };
static const Flag own_flags[OWN_FLAGS] = {
    [FORMAT] = { "format", 'f', "NAME", "text", "text, json or jsonl" },
    [ROOT] = { "root", 0, "DIR", NULL, "sweep a mounted image in place of this machine" },
    [HOME] = { "home", 0, "DIR", NULL,
               "the home directory (inside --root); default: yours, or all of the image" },
    [CHECKOUTS] = { "checkouts", 0, "DIR", NULL, "look for checkouts here, too; may be repeated" },
    [INTEL] = { "intel", 0, "WHICH", "auto", "store to consult: auto, none or a FILE" },
    [DRY_RUN] = { "dry-run", 'n', NULL, NULL, "list every place that would be read, and stop" },
    [NO_PROCESSES] = { "no-processes", 0, NULL, NULL, "no running programs, no connections" },
    [CHECK] = { "check", 0, "DIR", NULL, "check the places in DIR: 1 when there are faults" },
    [QUIET] = { "quiet", 'q', NULL, NULL, "do not say first what will be read" },
    [HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    Reporting reporting;
    const char *intel, *check;
    ratter_sweep_setup setup;
    const char **checkouts;
    size_t checkout_count, checkout_capacity;
    bool dry_run, quiet;
} Sweep;

static FlagSet sweep_flags(RtArena *arena) { return reporting_flags(arena, own_flags, OWN_FLAGS); }

static int set_format(Sweep *sweep, const char *name)
{
    static const char *const names[] = { "text", "json", "jsonl" };
    sweep->setup.format = name;
    for (size_t i = 0; i < RT_COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return 0;
    return complain("a sweep is told as text, json or jsonl, not %s",
                    escaped_c(sweep->arena, name));
}

static int take_flag(Sweep *sweep, FlagSet flags, const Arg *arg)
{
    switch (arg->flag - flags.items) {
    case FORMAT:
        return set_format(sweep, arg->value);
    case ROOT:
        sweep->setup.root = arg->value;
        return 0;
    case HOME:
        sweep->setup.home = arg->value;
        return 0;
    case CHECKOUTS:
        RT_PUSH(sweep->arena, sweep->checkouts, sweep->checkout_count, sweep->checkout_capacity) =
            arg->value;
        return 0;
    case INTEL:
        sweep->intel = arg->value;
        return 0;
    case DRY_RUN:
        sweep->dry_run = true;
        return 0;
    case NO_PROCESSES:
        sweep->setup.proc = NULL;
        return 0;
    case CHECK:
        sweep->check = arg->value;
        return 0;
    case QUIET:
        sweep->quiet = true;
        return 0;
    default:
        return reporting_set_option(&sweep->reporting, arg->flag, arg->value);
    }
}

/* -1: help was shown and all is said, 0: go on, else the exit status. */
static int read_arguments(Sweep *sweep, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = sweep->arena, .flags = sweep_flags(sweep->arena), .words = words, .count = count
    };
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_OPERAND)
            return complain("sweep takes no names; --checkouts %s looks there, ratter scan %s "
                            "scans all of it",
                            escaped_c(sweep->arena, arg.value), escaped_c(sweep->arena, arg.value));
        if (arg.flag == &reader.flags.items[HELP]) {
            int status = command_print_help(sweep->arena, &command_sweep);
            return status ? status : -1;
        }
        int status = take_flag(sweep, reader.flags, &arg);
        if (status != 0)
            return status;
    }
    sweep->setup.checkouts = sweep->checkouts;
    sweep->setup.checkout_count = sweep->checkout_count;
    if (sweep->setup.root == NULL && sweep->setup.home == NULL)
        sweep->setup.home = getenv("HOME");
    return 0;
}

static int keep(void *context, const void *bytes, size_t len)
{
    rt_text_add(context, (RtStr){ bytes, len });
    return 0;
}

static void say_line(void *context, const char *line)
{
    rt_text_format(context, "%s\n", escaped_c(((RtText *)context)->arena, line));
}

static int check_places(Sweep *sweep)
{
    RtText out = { .arena = sweep->arena };
    ratter_error error = { 0 };
    int faults = ratter_places_check(sweep->check, say_line, &out, &error);
    if (faults < 0)
        return complain("%s", escaped_c(sweep->arena, error.text));
    rt_text_format(&out, "%d faults\n", faults);
    int printed = print(rt_text_str(&out));
    return printed ? printed : faults > 0 ? RATTER_FOUND : 0;
}

static int sweep_all(Sweep *sweep)
{
    ratter_error error = { 0 };
    RtText plan = { .arena = sweep->arena };
    if (ratter_sweep_plan(&sweep->setup, sweep->dry_run, keep, &plan, &error) != 0)
        return complain("%s", escaped_c(sweep->arena, error.text));
    if (sweep->dry_run)
        return print(rt_text_str(&plan));
    if (!sweep->quiet)
        fprintf(stderr, "%.*s\n", RT_FMT(rt_text_str(&plan)));
    Output output = { .fd = STDOUT_FILENO };
    sweep->setup.width = terminal_width(STDOUT_FILENO);
    int status = ratter_sweep(sweep->engine, &sweep->setup, output_write, &output, &error);
    if (output.is_closed)
        return STATUS_CLOSED_PIPE;
    if (status == RATTER_FAILED)
        return complain("%s", error.text[0] ? escaped_c(sweep->arena, error.text)
                                            : "the report could not be written");
    RtErr closed = output_close(&output, true);
    return closed.code == RT_OK ? status : complain("%s", escaped_c(sweep->arena, closed.text));
}

static int run_sweep(RtArena *arena, size_t count, char *const *words)
{
    ratter_error error = { 0 };
    Sweep sweep = { .arena = arena, .engine = ratter_open(&error), .intel = "auto" };
    if (!sweep.engine)
        return complain("%s", escaped_c(arena, error.text));
    sweep.reporting = reporting_open(arena, sweep.engine);
    sweep.setup.proc = "/proc";
    sweep.setup.now = (int64_t)time(NULL);
    int status = read_arguments(&sweep, count, words);
    if (status == 0 && sweep.check)
        status = check_places(&sweep);
    else if (status == 0) {
        sweep.setup.intel = intel_store(arena, sweep.intel);
        status = sweep_all(&sweep);
    }
    ratter_close(sweep.engine);
    return status < 0 ? 0 : status;
}

const Command command_sweep = {
    .name = "sweep",
    .summary = "tell whether this machine was hit, and what to do now",
    .usage = "[FLAG]...",
    .details =
        "Looks for what known families leave on a developer's machine: dropped files, start-up\n"
        "entries, changed shell, git, editor and agent settings, checkouts that run code by\n"
        "themselves, packages that are known, running programs and connections. Reads only, and\n"
        "nothing leaves the machine. docs/SWEEP.md tells what is looked at and what is not.\n"
        "\n"
        "Exit status: 0 no trace was found; 1 something weak or graver was; 2 wrong use, or\n"
        "ratter failed; 3 no trace, but something of the home directory could not be read.\n"
        "\n"
        "Examples:\n"
        "  ratter sweep\n"
        "  ratter sweep --dry-run\n"
        "  ratter sweep --root /mnt/image --format json >sweep.json\n",
    .flags = sweep_flags,
    .run = run_sweep,
};
