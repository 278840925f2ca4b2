/* completion_command.c - ratter completion: scripts for bash, zsh and fish, made from the tables of
 * flags. */
#include <string.h>

#include "commands.h"
#include "ratter/ratter.h"

static FlagSet flags_of(RtArena *arena, const Command *command)
{
    return command->flags ? command->flags(arena) : (FlagSet){ &flag_help, 1 };
}

static void add_formats(RtText *out)
{
    size_t count = 0;
    const ratter_format *formats = ratter_formats(&count);
    for (size_t i = 0; i < count; i++)
        rt_text_format(out, "%s%s", i ? " " : "", formats[i].name);
}

static void bash(RtText *out)
{
    size_t count = 0;
    const Command *const *commands = commands_all(&count);
    rt_text_format(out,
                   "_ratter() {\n"
                   "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
                   "    COMPREPLY=()\n"
                   "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                   "        COMPREPLY=($(compgen -W '");
    for (size_t i = 0; i < count; i++)
        rt_text_format(out, "%s ", commands[i]->name);
    rt_text_format(out, "--version --help' -- \"$word\"))\n        return\n    fi\n"
                        "    case $before in\n    -f|--format) COMPREPLY=($(compgen -W '");
    add_formats(out);
    rt_text_format(
        out, "' -- \"$word\")); return ;;\n"
             "    --color) COMPREPLY=($(compgen -W 'auto always never' -- \"$word\")); return ;;\n"
             "    --fail-on) COMPREPLY=($(compgen -W 'malicious suspicious notable none' -- "
             "\"$word\")); return ;;\n    esac\n    case ${COMP_WORDS[1]}:$word in\n");
    for (size_t i = 0; i < count; i++) {
        FlagSet flags = flags_of(out->arena, commands[i]);
        rt_text_format(out, "    %s:-*) COMPREPLY=($(compgen -W '", commands[i]->name);
        for (size_t k = 0; k < flags.count; k++)
            rt_text_format(out, "%s--%s", k ? " " : "", flags.items[k].name);
        rt_text_format(out, "' -- \"$word\")) ;;\n");
        if (commands[i]->operands)
            rt_text_format(out, "    %s:*) COMPREPLY=($(compgen -W '%s' -- \"$word\")) ;;\n",
                           commands[i]->name, commands[i]->operands);
    }
    rt_text_format(out, "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n    esac\n}\n"
                        "complete -o filenames -o bashdefault -F _ratter ratter\n");
}

/* Text within single quotes of zsh or fish; our own help lines, so that only quotes and brackets
 * matter. */
static void quoted(RtText *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            rt_text_add(out, RT_STR("’"));
        else if (*c == '[' || *c == ']' || *c == ':')
            rt_text_byte(out, ' ');
        else
            rt_text_byte(out, (uint8_t)*c);
    }
}

static void zsh(RtText *out)
{
    size_t count = 0;
    const Command *const *commands = commands_all(&count);
    rt_text_format(out, "#compdef ratter\n_ratter() {\n    if (( CURRENT == 2 )); then\n"
                        "        local -a commands=(");
    for (size_t i = 0; i < count; i++) {
        rt_text_format(out, " '%s:", commands[i]->name);
        quoted(out, commands[i]->summary);
        rt_text_byte(out, '\'');
    }
    rt_text_format(out, " )\n        _describe command commands\n        return\n    fi\n"
                        "    local command=$words[2]\n    shift words; (( CURRENT-- ))\n"
                        "    case $command in\n");
    for (size_t i = 0; i < count; i++) {
        FlagSet flags = flags_of(out->arena, commands[i]);
        rt_text_format(out, "    %s) _arguments", commands[i]->name);
        for (size_t k = 0; k < flags.count; k++) {
            rt_text_format(out, " '%s--%s%s[",
                           strcmp(flags.items[k].name, "output") == 0 ? "*" : "",
                           flags.items[k].name, flags.items[k].value ? "=" : "");
            quoted(out, flags.items[k].help);
            rt_text_format(out, "]%s%s%s'", flags.items[k].value ? ":" : "",
                           flags.items[k].value ? flags.items[k].value : "",
                           flags.items[k].value ? ":_files" : "");
        }
        if (commands[i]->operands)
            rt_text_format(out, " '1:word:(%s)'", commands[i]->operands);
        rt_text_format(out, " '*:file:_files' ;;\n");
    }
    rt_text_format(out, "    esac\n}\ncompdef _ratter ratter\n");
}

static void fish(RtText *out)
{
    size_t count = 0;
    const Command *const *commands = commands_all(&count);
    for (size_t i = 0; i < count; i++) {
        rt_text_format(out, "complete -c ratter -n __fish_use_subcommand -a %s -d '",
                       commands[i]->name);
        quoted(out, commands[i]->summary);
        rt_text_format(out, "'\n");
        FlagSet flags = flags_of(out->arena, commands[i]);
        for (size_t k = 0; k < flags.count; k++) {
            rt_text_format(out, "complete -c ratter -n '__fish_seen_subcommand_from %s' -l %s",
                           commands[i]->name, flags.items[k].name);
            if (flags.items[k].letter)
                rt_text_format(out, " -s %c", flags.items[k].letter);
            if (strcmp(flags.items[k].name, "format") == 0) {
                rt_text_format(out, " -xa '");
                add_formats(out);
                rt_text_byte(out, '\'');
            } else if (flags.items[k].value) {
                rt_text_format(out, " -r");
            }
            rt_text_format(out, " -d '");
            quoted(out, flags.items[k].help);
            rt_text_format(out, "'\n");
        }
        if (commands[i]->operands)
            rt_text_format(out, "complete -c ratter -n '__fish_seen_subcommand_from %s' -xa '%s'\n",
                           commands[i]->name, commands[i]->operands);
    }
}

static int run_completion(RtArena *arena, size_t count, char *const *words)
{
    static const struct {
        const char *name;
        void (*write)(RtText *out);
    } shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
    if (count == 1 && (strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0))
        return command_print_help(arena, &command_completion);
    RtText out = { .arena = arena };
    for (size_t i = 0; count == 1 && i < RT_COUNT(shells); i++) {
        if (strcmp(words[0], shells[i].name) != 0)
            continue;
        shells[i].write(&out);
        return print(rt_text_str(&out));
    }
    return complain("completion for which shell? bash, zsh or fish");
}

const Command command_completion = {
    .name = "completion",
    .summary = "print a completion script for bash, zsh or fish",
    .usage = "bash|zsh|fish",
    .details = "  bash: ratter completion bash >~/.local/share/bash-completion/completions/ratter\n"
               "  zsh:  ratter completion zsh >\"${fpath[1]}/_ratter\"\n"
               "  fish: ratter completion fish >~/.config/fish/completions/ratter.fish\n",
    .operands = "bash zsh fish",
    .run = run_completion,
};
