/* link_command.c - ratter link: the campaign profiles, listed, compared, checked. */
#include <string.h>

#include "base/escape.h"

#include "commands.h"
#include "ratter/link.h"

enum { PLAIN_COLUMNS = 120 };

static const Flag flags[] = {
    { .name = "list", .help = "list the campaigns that reports are compared with" },
    { .name = "compare", .help = "show the methods of two campaigns, A and B, side by side" },
    { .name = "check",
      .value = "DIR",
      .help = "check the profiles in DIR: 1 when there are faults" },
    { .name = "help", .letter = 'h', .help = "show this help" },
};

static FlagSet link_flags(RtArena *arena)
{
    (void)arena;
    return (FlagSet){ flags, RT_COUNT(flags) };
}

static void list_one(void *context, const char *id, const char *title)
{
    rt_text_format(context, "%-22s%s\n", id, title);
}

static void say_line(void *context, const char *line)
{
    rt_escape_terminal(context, rt_str_from_c(line), false);
    rt_text_byte(context, '\n');
}

static int keep(void *context, const void *bytes, size_t len)
{
    rt_text_add(context, (RtStr){ bytes, len });
    return 0;
}

/* What was asked for: one of the flags, and up to two names. */
typedef struct {
    const char *what, *folder, *names[2];
    size_t name_count;
} Request;

static int carry_out(RtArena *arena, const Request *request)
{
    ratter_error error = { 0 };
    RtText out = { .arena = arena };
    int failed = 0, status = 0;
    if (strcmp(request->what, "compare") == 0) {
        if (request->name_count != 2)
            return complain("link --compare wants two campaigns; ratter link --list lists them");
        failed = ratter_profiles_compare(request->names[0], request->names[1], PLAIN_COLUMNS, keep,
                                         &out, &error);
    } else if (request->name_count != 0) {
        return complain("link --%s takes no names", request->what);
    } else if (strcmp(request->what, "list") == 0) {
        failed = ratter_profiles_list(list_one, &out, &error);
    } else {
        int faults = ratter_profiles_check(request->folder, say_line, &out, &error);
        failed = faults < 0 ? -1 : 0;
        status = faults > 0 ? RATTER_FOUND : 0;
        rt_text_format(&out, "%d faults\n", faults);
    }
    if (failed != 0)
        return complain("%s", escaped_c(arena, error.text));
    int printed = print(rt_text_str(&out));
    return printed ? printed : status;
}

static int run_link(RtArena *arena, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = arena, .flags = link_flags(arena), .words = words, .count = count
    };
    Request request = { 0 };
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_OPERAND) {
            if (request.name_count == RT_COUNT(request.names))
                return complain("link takes two names at most");
            request.names[request.name_count++] = arg.value;
            continue;
        }
        if (strcmp(arg.flag->name, "help") == 0)
            return command_print_help(arena, &command_link);
        if (request.what != NULL)
            return complain("link does one thing at a time: --%s or --%s", request.what,
                            arg.flag->name);
        request.what = arg.flag->name;
        request.folder = arg.value;
    }
    if (request.what == NULL)
        return complain("link what? --list, --compare A B or --check DIR");
    return carry_out(arena, &request);
}

const Command command_link = {
    .name = "link",
    .summary = "show whose methods reports are compared with",
    .usage = "--list | --compare A B | --check DIR",
    .flags = link_flags,
    .details =
        "Reports of `ratter scan` say whose published methods a suspicious package resembles,\n"
        "with the evidence for and against. It never changes a verdict.\n\n"
        "Exit status: 0 shown; 1 --check found faults; 2 wrong use, or ratter failed.\n",
    .operands = "--list --compare --check",
    .run = run_link,
};
