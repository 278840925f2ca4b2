/* shell.c - sh and bash scripts. An own tokenizer instead of a grammar: what matters is words,
 * pipes and variables, and a script that no parser accepts still runs up to its first error. */
#include "facts/languages/shell_engine.h"

static bool has_line_starting(RtStr text, const char *word)
{
    RtStr rest = rt_str_sub(text, 0, 4096), line, needle = rt_str_from_c(word);
    while (rt_str_next(&rest, '\n', &line))
        if (rt_str_starts(rt_str_trim(line), needle))
            return true;
    return false;
}

static int bid(RtStr path, RtStr bytes)
{
    static const char *const starts[] = { "curl ",    "wget ",    "export ", "sudo ",
                                          "apt-get ", "chmod +x", "if [ ",   "if [[ ",
                                          "fi",       "nohup ",   "done",    "#!/bin/sh",
                                          "rm -rf ",  "crontab ", "echo \"" };
    if (rt_str_starts(bytes, RT_STR("#!"))) {
        RtStr line = rt_str_sub(bytes, 0, rt_str_find_byte(rt_str_sub(bytes, 0, 256), '\n'));
        line = rt_str_sub(line, 0, 256);
        bool other = rt_str_has(line, RT_STR("node")) || rt_str_has(line, RT_STR("python")) ||
                     rt_str_has(line, RT_STR("php"));
        bool shell = rt_str_has(line, RT_STR("sh")) && !rt_str_has(line, RT_STR("pwsh"));
        return shell && !other ? 95 : 0;
    }
    size_t dot = rt_str_rfind_byte(path, '.'), slash = rt_str_rfind_byte(path, '/');
    RtStr suffix = dot == RT_NOT_FOUND ? RT_STR("") : rt_str_from(path, dot + 1);
    RtStr folder = slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(path, 0, slash);
    RtStr name = slash == RT_NOT_FOUND ? path : rt_str_from(path, slash + 1);
    if (rt_word_in(suffix, "sh bash zsh command ksh") ||
        rt_word_in(name, ".bashrc .zshrc .profile .bash_profile .envrc"))
        return 80;
    if (rt_str_ends(folder, RT_STR(".husky")) || rt_str_ends(folder, RT_STR(".githooks")) ||
        rt_str_ends(folder, RT_STR(".git/hooks")))
        return dot == RT_NOT_FOUND || dot < slash + 1 ? 70 : 0;
    int score = 0;
    for (size_t i = 0; i < RT_COUNT(starts); i++)
        score += has_line_starting(bytes, starts[i]) ? 20 : 0;
    bool program = rt_word_in(
        suffix, "js mjs cjs ts jsx tsx py php rb md json html css yml yaml toml txt rst");
    return program       ? (score >= 80 && rt_word_in(suffix, "txt json css") ? 40 : 0)
           : score > 60  ? 60
           : score >= 40 ? score
                         : 0;
}

static void observe(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtShellRun run = { .sink = sink,
                       .layer = self,
                       .witness = RT_SEEN_IN_FLOW,
                       .kind = RT_SHELL_POSIX,
                       .source = layer->bytes };
    (void)rt_shell_run(&run, layer->bytes);
}

const RtLanguage rt_language_shell = {
    .name = "shell", .bid = bid, .observe = observe, .imports = rt_shell_imports
};
