/* main.c - ratter: reads the first word and hands over. Everything it can say of itself comes from
 * tables. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"

#include "commands.h"
#include "output.h"
#include "ratter/ratter.h"

enum { ARENA_LIMIT = 512 << 20 }; /* lists of paths are the only thing that grows */

static const Command *const commands[] = { &command_scan,    &command_audit,      &command_sweep,
                                           &command_explain, &command_intel,      &command_link,
                                           &command_rules,   &command_completion, &command_help };
const Flag flag_help = { .name = "help", .letter = 'h', .help = "show this help" };

const Command *const *commands_all(size_t *ret_count)
{
    *ret_count = RT_COUNT(commands);
    return commands;
}

const Command *command_find(const char *name)
{
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

int complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("ratter: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return RATTER_FAILED;
}

const char *escaped_c(RtArena *arena, const char *text)
{
    return rt_str_c(arena, rt_escaped(arena, rt_str_from_c(text)));
}

int print(RtStr text)
{
    Output output = { .fd = STDOUT_FILENO };
    output_write(&output, text.at, text.len);
    if (output.is_closed)
        return STATUS_CLOSED_PIPE;
    RtErr error = output_close(&output, true);
    return error.code == RT_OK ? 0 : complain("%s", error.text);
}

const char *intel_store(RtArena *arena, const char *which)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (strcmp(which, "none") == 0)
        return NULL;
    if (strcmp(which, "auto") != 0 && strcmp(which, "required") != 0)
        return which;
    if (data && data[0] == '/')
        return rt_str_c(arena, rt_str_format(arena, "%s/ratter/intel.sqlite", data));
    if (home && home[0])
        return rt_str_c(arena, rt_str_format(arena, "%s/.local/share/ratter/intel.sqlite", home));
    return NULL;
}

int command_print_help(RtArena *arena, const Command *command)
{
    RtText out = { .arena = arena };
    rt_text_format(&out, "usage: ratter %s %s\n\n%s\n\n", command->name, command->usage,
                   command->summary);
    FlagSet flags = command->flags ? command->flags(arena) : (FlagSet){ &flag_help, 1 };
    flags_help(&out, flags);
    if (command->more_help)
        command->more_help(&out);
    if (command->details)
        rt_text_format(&out, "\n%s", command->details);
    return print(rt_text_str(&out));
}

static void overview(RtText *out)
{
    rt_text_format(out,
                   "usage: ratter COMMAND [FLAG]... [ARGUMENT]...\n\n"
                   "Tells, before it runs, whether a package or a repository carries malware.\n\n");
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        rt_text_format(out, "  %-12s%s\n", commands[i]->name, commands[i]->summary);
    rt_text_format(out, "\n  ratter help COMMAND   flags and examples of a command\n"
                        "  ratter --version      version; with --json for machines\n");
}

static int run_help(RtArena *arena, size_t count, char *const *words)
{
    if (count > 1)
        return complain("help takes one command");
    if (count == 1 && strcmp(words[0], "--help") != 0 && strcmp(words[0], "-h") != 0) {
        const Command *command = command_find(words[0]);
        if (command)
            return command_print_help(arena, command);
        return complain("no such command: %s; ratter help lists them", escaped_c(arena, words[0]));
    }
    RtText out = { .arena = arena };
    overview(&out);
    return print(rt_text_str(&out));
}

const Command command_help = {
    .name = "help",
    .summary = "show what a command does",
    .usage = "[COMMAND]",
    .operands = "scan audit sweep explain intel link rules completion help",
    .run = run_help,
};

static void count_rule(void *count, const ratter_rule *rule)
{
    (void)rule;
    ++*(size_t *)count;
}

static int version(RtArena *arena, size_t count, char *const *words)
{
    bool is_json = count == 1 && strcmp(words[0], "--json") == 0;
    if (count > 1 || (count == 1 && !is_json))
        return complain("--version takes nothing but --json");
    RtText out = { .arena = arena };
    if (!is_json) {
        rt_text_format(&out, "ratter %s\n", RATTER_VERSION);
        return print(rt_text_str(&out));
    }
    ratter_error error = { 0 };
    size_t rules = 0;
    ratter_engine *engine = ratter_open(&error);
    if (!engine || ratter_rules_list(engine, count_rule, &rules, &error) != 0) {
        ratter_close(engine);
        return complain("%s", escaped_c(arena, error.text));
    }
    ratter_close(engine);
    rt_text_format(&out, "{\"name\":\"ratter\",\"version\":\"%s\",\"api\":%d,\"rules\":%zu}\n",
                   RATTER_VERSION, RATTER_API_VERSION, rules);
    return print(rt_text_str(&out));
}

static int unknown_command(RtArena *arena, const char *word)
{
    const char *names[RT_COUNT(commands)];
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        names[i] = commands[i]->name;
    const char *meant = nearest(word, names, RT_COUNT(commands));
    const char *shown = escaped_c(arena, word);
    if (word[0] == '-')
        return complain("unknown flag %s before a command; ratter help lists the commands", shown);
    if (meant)
        return complain("unknown command %s; did you mean %s?", shown, meant);
    if (access(word, F_OK) == 0)
        return complain("unknown command %s; to scan it: ratter scan %s", shown, shown);
    return complain("unknown command %s; ratter help lists them", shown);
}

static void out_of_memory(void *context)
{
    (void)context;
    static const char text[] = "ratter: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(RATTER_FAILED);
}

int main(int argc, char **argv)
{
    RT_ARENA arena = rt_arena_open(ARENA_LIMIT, out_of_memory, NULL);
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an answer of write(2), not a death */
    if (argc < 2) {
        RtText out = { .arena = arena };
        overview(&out);
        fprintf(stderr, "%.*s", RT_FMT(rt_text_str(&out)));
        return RATTER_FAILED;
    }
    char *const *words = argv + 2;
    size_t count = (size_t)argc - 2;
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
        return version(arena, count, words);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return run_help(arena, 0, words);
    const Command *command = command_find(argv[1]);
    if (!command)
        return unknown_command(arena, argv[1]);
    return command->run(arena, count, words);
}
