/* shell.c - sh and bash scripts. An own tokenizer instead of a grammar: what matters is words,
 * pipes and variables, and a script that no parser accepts still runs up to its first error. */
#include "facts/languages/shell_engine.h"

/* How many kinds of lines only a shell has: asked of every file, so one pass over its head. */
static int score_lines(RtStr text)
{
    static const char *const starts[] = { "curl ",  "wget ",   "export ",  "sudo ", "apt-get ",
                                          "chmod ", "if [ ",   "if [[ ",   "fi",    "nohup ",
                                          "done",   "rm -rf ", "crontab ", "echo ", "#!/bin/sh" };
    RtStr rest = rt_str_sub(text, 0, 4096), line;
    uint32_t seen = 0;
    int score = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        line = rt_str_trim(line);
        if (line.len < 2 || rt_str_find_byte(RT_STR("cwesiafndr#"), line.at[0]) == RT_NOT_FOUND)
            continue;
        for (size_t i = 0; i < RT_COUNT(starts); i++) {
            RtStr start = rt_str_from_c(starts[i]);
            bool whole = start.len > 4 || line.len == start.len;
            if ((seen & 1u << i) != 0 || !whole || !rt_str_starts(line, start))
                continue;
            seen |= 1u << i;
            score += 20;
        }
    }
    return score;
}

/* A decoded text of one line: fetched, then run or kept. */
static bool is_fetching_line(RtStr text)
{
    static const char *const ends[] = { "| sh", "|sh", "| bash", "|bash", "chmod ", " -o ", " -O" };
    RtStr head = rt_str_trim(rt_str_sub(text, 0, 1024));
    if (!rt_str_starts(head, RT_STR("curl ")) && !rt_str_starts(head, RT_STR("wget ")) &&
        !rt_str_starts(head, RT_STR("cd ")) && !rt_str_starts(head, RT_STR("(curl ")))
        return false;
    for (size_t i = 0; i < RT_COUNT(ends); i++)
        if (rt_str_has(head, rt_str_from_c(ends[i])))
            return rt_str_has(head, RT_STR("curl ")) || rt_str_has(head, RT_STR("wget "));
    return false;
}

static int bid(RtStr path, RtStr bytes)
{
    if (rt_str_starts(bytes, RT_STR("#!"))) {
        RtStr line = rt_str_sub(bytes, 0, rt_str_find_byte(rt_str_sub(bytes, 0, 256), '\n'));
        line = rt_str_sub(line, 0, 256);
        bool other = rt_str_has(line, RT_STR("node")) || rt_str_has(line, RT_STR("python")) ||
                     rt_str_has(line, RT_STR("php"));
        bool shell = rt_str_has(line, RT_STR("sh")) && !rt_str_has(line, RT_STR("pwsh"));
        bool named = rt_str_ends(path, RT_STR("js")) || rt_str_ends(path, RT_STR(".py"));
        return !shell || other ? 0 : named ? 40 : 95; /* node skips a first line that lies */
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
    int score = score_lines(bytes) + (path.len == 0 && is_fetching_line(bytes) ? 60 : 0);
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
    .name = "shell",
    .bid = bid,
    .suffixes = " sh bash zsh ",
    .observe = observe,
    .imports = rt_shell_imports,
};
