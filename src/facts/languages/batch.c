/* batch.c - cmd.exe scripts: ^ escapes, %var% and its slices, one command a line. Obfuscated batch
 * files slice their commands out of a few variables (%a:~3,1%); the engine's expander puts the
 * letters back. */
#include "facts/languages/shell_engine.h"

static int bid(RtStr path, RtStr bytes)
{
    RtStr head = rt_str_sub(bytes, 0, 4096);
    size_t dot = rt_str_rfind_byte(path, '.');
    RtStr suffix = dot == RT_NOT_FOUND ? RT_STR("") : rt_str_from(path, dot + 1);
    if (rt_str_find_nocase(rt_str_sub(head, 0, 64), RT_STR("@echo off")) != RT_NOT_FOUND)
        return 95;
    if (rt_word_in(suffix, "bat cmd"))
        return 85;
    if (rt_word_in(suffix, "js mjs cjs ts jsx tsx py php rb md json html css map yml yaml") ||
        rt_str_find_byte(head, '%') == RT_NOT_FOUND)
        return 0; /* asked of every file */
    int score = 0;
    score += rt_str_find_nocase(head, RT_STR("\nset \"")) != RT_NOT_FOUND ? 20 : 0;
    score += rt_str_has(head, RT_STR("%~dp0")) ? 40 : 0;
    score += rt_str_find_nocase(head, RT_STR("setlocal")) != RT_NOT_FOUND ? 30 : 0;
    score += rt_str_has(head, RT_STR(":~")) && rt_str_has(head, RT_STR("%")) &&
                     rt_str_find_nocase(head, RT_STR("set ")) != RT_NOT_FOUND
                 ? 30
                 : 0;
    score += rt_str_find_nocase(head, RT_STR(" >nul")) != RT_NOT_FOUND ? 20 : 0;
    return score >= 50 ? 60 : 0;
}

static void observe(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtShellRun run = { .sink = sink,
                       .layer = self,
                       .witness = RT_SEEN_IN_FLOW,
                       .kind = RT_SHELL_CMD,
                       .source = layer->bytes };
    (void)rt_shell_run(&run, layer->bytes);
}

const RtLanguage rt_language_batch = {
    .name = "batch",
    .bid = bid,
    .suffixes = " bat cmd ",
    .observe = observe,
    .imports = rt_shell_imports,
};
