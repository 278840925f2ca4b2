/* rules_command.c - ratter rules: list what is known, check and test rule files. */
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

#include "commands.h"
#include "ratter/ratter.h"

typedef struct {
    RtArena *arena;
    RtText out;
} Listing;

static void list_one(void *context, const ratter_rule *rule)
{
    Listing *listing = context;
    const char *parts[] = { rule->level, rule->id, rule->title };
    for (size_t i = 0; i < RT_COUNT(parts); i++) {
        size_t from = listing->out.len;
        rt_escape_terminal(&listing->out, rt_str_from_c(parts[i]), false);
        size_t width = listing->out.len - from, wanted = i == 0 ? 11 : 44;
        while (i < 2 && width++ < wanted)
            rt_text_byte(&listing->out, ' ');
        rt_text_byte(&listing->out, i < 2 ? ' ' : '\n');
    }
}

static void say_line(void *context, const char *line)
{
    Listing *listing = context;
    rt_escape_terminal(&listing->out, rt_str_from_c(line), false);
    rt_text_byte(&listing->out, '\n');
}

/* Prints what was collected and gives the status: `status`, unless standard output fails. */
static int finish(Listing *listing, int status)
{
    int printed = print(rt_text_str(&listing->out));
    return printed ? printed : status;
}

static int list_rules(Listing *listing, ratter_engine *engine)
{
    ratter_error error = { 0 };
    if (ratter_rules_list(engine, list_one, listing, &error) != 0)
        return complain("%s", escaped_c(listing->arena, error.text));
    return finish(listing, 0);
}

static int check_rules(Listing *listing, const char *folder)
{
    ratter_error error = { 0 };
    int faults = ratter_rules_check(folder, say_line, listing, &error);
    if (faults < 0)
        return complain("%s", escaped_c(listing->arena, error.text));
    rt_text_format(&listing->out, "%d faults\n", faults);
    return finish(listing, faults ? RATTER_FOUND : 0);
}

static int test_rules(Listing *listing, ratter_engine *engine, const char *folder)
{
    ratter_error error = { 0 };
    size_t passed = 0, failed = 0;
    if (ratter_rules_test(engine, folder, say_line, listing, &passed, &failed, &error) != 0)
        return complain("%s", escaped_c(listing->arena, error.text));
    rt_text_format(&listing->out, "%zu passed, %zu failed\n", passed, failed);
    return finish(listing, failed ? RATTER_FOUND : 0);
}

static int with_engine(Listing *listing, const char *word, const char *folder)
{
    ratter_error error = { 0 };
    ratter_engine *engine = ratter_open(&error);
    if (!engine)
        return complain("%s", escaped_c(listing->arena, error.text));
    int status = strcmp(word, "list") == 0 ? list_rules(listing, engine)
                                           : test_rules(listing, engine, folder);
    ratter_close(engine);
    return status;
}

static int run_rules(RtArena *arena, size_t count, char *const *words)
{
    ArgReader reader = {
        .arena = arena, .flags = { &flag_help, 1 }, .words = words, .count = count
    };
    const char *operands[3] = { NULL };
    size_t operand_count = 0;
    for (;;) {
        Arg arg = args_next(&reader);
        if (arg.kind == ARG_END)
            break;
        if (arg.kind == ARG_BAD)
            return complain("%s", reader.error.text);
        if (arg.kind == ARG_FLAG)
            return command_print_help(arena, &command_rules);
        if (operand_count < RT_COUNT(operands))
            operands[operand_count++] = arg.value;
    }
    if (operand_count == 0)
        return complain("rules what? list, check or test");
    const char *word = operands[0];
    static const char *const known[] = { "list", "check", "test" };
    Listing listing = { .arena = arena, .out = { .arena = arena } };
    size_t most = strcmp(word, "list") == 0 ? 1 : 2;
    if (operand_count > most)
        return complain("rules %s takes %s", escaped_c(arena, word),
                        most == 1 ? "nothing" : "one folder");
    if (strcmp(word, "check") == 0)
        return operands[1] ? check_rules(&listing, operands[1])
                           : complain("rules check wants a folder: ratter rules check DIR");
    if (strcmp(word, "list") == 0 || strcmp(word, "test") == 0)
        return with_engine(&listing, word, operands[1]);
    const char *meant = nearest(word, known, RT_COUNT(known));
    return complain("rules has no %s; %s%s%s", escaped_c(arena, word), meant ? "did you mean " : "",
                    meant ? meant : "it has list, check and test", meant ? "?" : "");
}

const Command command_rules = {
    .name = "rules",
    .summary = "list, check or test rules",
    .usage = "list | check DIR | test [DIR]",
    .details = "  list          level, id and title of every rule built in\n"
               "  check DIR     syntax, names and ids of the rule files below DIR; 1 when there "
               "are faults\n"
               "  test [DIR]    scan every rule's own examples; 1 when one is judged wrongly\n",
    .operands = "list check test",
    .run = run_rules,
};
