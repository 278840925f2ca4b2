/* link_command.c - ratter link: which packages belong together; and the campaign profiles, listed,
 * compared, checked. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"

#include "commands.h"
#include "ratter/link.h"
#include "reporting.h"

enum { PLAIN_COLUMNS = 120 };

enum { FORMAT, WEAK, CAMPAIGN, ACCOUNT, NO_HOME, LIST, COMPARE, CHECK, HELP, OWN_FLAGS };
static const Flag own_flags[OWN_FLAGS] = {
    [FORMAT] = { "format", 'f', "NAME", "text", "how links are written; formats are listed below" },
    [WEAK] = { "weak", 0, NULL, NULL, "tell weak links, too" },
    [CAMPAIGN] = { "campaign", 0, "ID", NULL,
                   "only clusters with a package that resembles this campaign" },
    [ACCOUNT] = { "account", 0, "NAME", NULL,
                  "only clusters with this author, maintainer, publisher or e-mail" },
    [NO_HOME] = { "no-home", 0, NULL, NULL,
                  "do not look into the package caches in your home for what a lockfile names" },
    [LIST] = { "list", 0, NULL, NULL, "list the campaigns that reports are compared with" },
    [COMPARE] = { "compare", 0, NULL, NULL,
                  "show the methods of two campaigns, A and B, side by side" },
    [CHECK] = { "check", 0, "DIR", NULL, "check the profiles in DIR: 1 when there are faults" },
    [HELP] = { "help", 'h', NULL, NULL, "show this help" },
};

/* What was asked for: one of list, compare and check, or links between what the names name. */
typedef struct {
    RtArena *arena;
    ratter_engine *engine;
    Reporting reporting;
    ratter_link_setup setup;
    const char *what, *folder; /* NULL: links */
    const char **names;
    size_t name_count, name_capacity;
} Request;

static FlagSet link_flags(RtArena *arena) { return reporting_flags(arena, own_flags, OWN_FLAGS); }

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

static int show_profiles(const Request *request)
{
    ratter_error error = { 0 };
    RtText out = { .arena = request->arena };
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
        return complain("%s", escaped_c(request->arena, error.text));
    int printed = print(rt_text_str(&out));
    return printed ? printed : status;
}

static int check_format(const Request *request)
{
    size_t count = 0;
    const ratter_format *formats = ratter_link_formats(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(formats[i].name, request->setup.format) == 0)
            return 0;
    return complain("unknown format %s; ratter link --help lists them",
                    escaped_c(request->arena, request->setup.format));
}

static int check_campaign(const Request *request)
{
    RtText known = { .arena = request->arena };
    ratter_error error = { 0 };
    if (request->setup.campaign == NULL)
        return 0;
    if (ratter_profiles_list(list_one, &known, &error) != 0)
        return complain("%s", escaped_c(request->arena, error.text));
    RtStr rest = rt_text_str(&known), line;
    while (rt_str_next(&rest, '\n', &line)) {
        RtStr id = rt_str_sub(line, 0, rt_str_find_byte(line, ' '));
        if (id.len != 0 && rt_str_equal(id, rt_str_from_c(request->setup.campaign)))
            return 0;
    }
    return complain("no campaign is called %s; ratter link --list lists them",
                    escaped_c(request->arena, request->setup.campaign));
}

static int show_links(Request *request)
{
    ratter_error error = { 0 };
    RtText out = { .arena = request->arena };
    if (request->name_count == 0)
        return complain("link what? PATH..., --list, --compare A B or --check DIR");
    int status = check_format(request);
    if (status == 0)
        status = check_campaign(request);
    request->reporting.quiet = true; /* no reports: only what links them */
    if (status == 0)
        status = reporting_start(&request->reporting, NULL, NULL);
    if (status != 0)
        return status;
    status = ratter_link(request->engine, request->names, request->name_count, &request->setup,
                         keep, &out, &error);
    if (status == RATTER_FAILED)
        return complain("%s", escaped_c(request->arena, error.text));
    if (status == RATTER_NOTHING)
        complain("nothing to link in what was named");
    int printed = print(rt_text_str(&out));
    return printed ? printed : status;
}

/* A choice that excludes the other two; 0, or a complaint. */
static int choose(Request *request, const Arg *arg)
{
    if (request->what != NULL)
        return complain("link does one thing at a time: --%s or --%s", request->what,
                        arg->flag->name);
    request->what = arg->flag->name;
    request->folder = arg->value;
    return 0;
}

static int take_flag(Request *request, FlagSet flags, const Arg *arg)
{
    switch (arg->flag - flags.items) {
    case FORMAT:
        request->setup.format = arg->value;
        return 0;
    case WEAK:
        request->setup.weak = 1;
        return 0;
    case CAMPAIGN:
        request->setup.campaign = arg->value;
        return 0;
    case ACCOUNT:
        request->setup.account = arg->value;
        return 0;
    case NO_HOME:
        request->setup.home = NULL;
        return 0;
    case LIST:
    case COMPARE:
    case CHECK:
        return choose(request, arg);
    default:
        return reporting_set_option(&request->reporting, arg->flag, arg->value);
    }
}

static int link_all(Request *request, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = request->arena, .flags = link_flags(request->arena), .words = words, .count = count
    };
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_OPERAND) {
            RT_PUSH(request->arena, request->names, request->name_count, request->name_capacity) =
                arg.value;
            continue;
        }
        if (arg.flag == &reader.flags.items[HELP])
            return command_print_help(request->arena, &command_link);
        int status = take_flag(request, reader.flags, &arg);
        if (status != 0)
            return status;
    }
    return request->what != NULL ? show_profiles(request) : show_links(request);
}

static int run_link(RtArena *arena, size_t count, char *const *words)
{
    ratter_error error = { 0 };
    Request request = { .arena = arena,
                        .engine = ratter_open(&error),
                        .setup = { .format = "text", .home = getenv("HOME") } };
    if (request.engine == NULL)
        return complain("%s", escaped_c(arena, error.text));
    request.reporting = reporting_open(arena, request.engine);
    int status = link_all(&request, count, words);
    ratter_close(request.engine);
    return status;
}

static void list_formats(RtText *out)
{
    size_t count = 0;
    const ratter_format *formats = ratter_link_formats(&count);
    rt_text_format(out, "\nFormats:\n");
    for (size_t i = 0; i < count; i++)
        rt_text_format(out, "  %-8s %s\n", formats[i].name, formats[i].title);
}

const Command command_link = {
    .name = "link",
    .summary = "show which packages belong together, and whose methods there are",
    .usage = "[FLAG]... PATH... | --list | --compare A B | --check DIR",
    .flags = link_flags,
    .more_help = list_formats,
    .details =
        "Scans the packages at PATH (archives, folders, a node_modules, a folder full of\n"
        "archives, or what a lockfile names as far as it is on this machine) and compares what\n"
        "they share: one stores what the other runs, the same hosts, people, code. Told are the\n"
        "pairs with the evidence of both halves and their order, and the clusters they make;\n"
        "docs/LINK.md says how much each says.\n"
        "\n"
        "--list, --compare and --check show the profiles of campaigns that reports of\n"
        "`ratter scan` are compared with. Neither ever changes a verdict.\n"
        "\n"
        "Exit status: 0 no pair is conclusive; 1 one is, or --check found faults; 2 wrong use,\n"
        "or ratter failed; 3 none is, but something was not examined; 4 nothing to link.\n"
        "\n"
        "Examples:\n"
        "  ratter link node_modules\n"
        "  ratter link --format dot suspicious/ | dot -Tsvg > links.svg\n"
        "  ratter link --account someone@example.com --format json package-lock.json\n",
    .run = run_link,
};
