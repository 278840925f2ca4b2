/* explain_command.c - ratter explain: what the scripts of one thing do in the mocked world, event
 * by event, and every decoded layer. It accuses nobody, so its status says only whether it worked.
 */
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "output.h"
#include "ratter/ratter.h"
#include "terminal.h"

enum { WHOLE, HELP };
static const Flag explain_flags[] = {
    [WHOLE] = { "verbose", 'v', NULL, NULL, "show arguments and layers whole" },
    [HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

static FlagSet flags_of_explain(RtArena *arena)
{
    (void)arena;
    return (FlagSet){ explain_flags, RT_COUNT(explain_flags) };
}

static int explain(RtArena *arena, ratter_engine *engine, const char *path, bool whole)
{
    ratter_error error = { 0 };
    Output output = { .fd = STDOUT_FILENO };
    bool is_stdin = strcmp(path, "-") == 0;
    if (ratter_set(engine, "emulate", "always", &error) != 0 ||
        ratter_set(engine, "fail-on", "none", &error) != 0 ||
        (whole && ratter_set(engine, "verbose", "", &error) != 0) ||
        ratter_add_output(engine, "explain", 0, terminal_width(STDOUT_FILENO), output_write,
                          &output, &error) != 0 ||
        (is_stdin ? ratter_add_fd(engine, STDIN_FILENO, "-", &error)
                  : ratter_add_path(engine, path, &error)) != 0)
        return complain("%s", escaped_c(arena, error.text));
    int status = ratter_scan(engine, &error);
    if (output.is_closed)
        return STATUS_CLOSED_PIPE;
    if (status == RATTER_FAILED)
        return complain("%s", error.text[0] ? escaped_c(arena, error.text) : "the scan failed");
    if (status == RATTER_NOTHING)
        complain("nothing to explain: there is no file in what was named");
    return status;
}

static int run_explain(RtArena *arena, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = arena, .flags = flags_of_explain(arena), .words = words, .count = count
    };
    const char *path = NULL;
    bool whole = false;
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_FLAG && arg.flag == &explain_flags[HELP])
            return command_print_help(arena, &command_explain);
        if (arg.kind == ARG_FLAG)
            whole = true;
        else if (path != NULL)
            return complain("explain takes one path");
        else
            path = arg.value;
    }
    if (path == NULL)
        return complain(
            "nothing to explain is named; ratter explain PATH, or - for standard input");
    ratter_error error = { 0 };
    ratter_engine *engine = ratter_open(&error);
    if (!engine)
        return complain("%s", escaped_c(arena, error.text));
    int status = explain(arena, engine, path, whole);
    ratter_close(engine);
    return status;
}

const Command command_explain = {
    .name = "explain",
    .summary = "show what scripts do in the mocked world, and decoded layers",
    .usage = "[-v] PATH|-",
    .details =
        "Runs every entry point in the mocked world (nothing of this machine is there) and\n"
        "prints what happened, in order: time on the virtual clock, phase, arguments, which\n"
        "earlier event a value came from; then the text of each layer that was decoded,\n"
        "evaluated or written. `ratter scan --trace FILE` writes the same for machines.\n"
        "\n"
        "Exit status: 0 shown; 2 wrong use, or ratter failed; 3 shown, but something could\n"
        "not be examined; 4 nothing to explain.\n",
    .flags = flags_of_explain,
    .run = run_explain,
};
