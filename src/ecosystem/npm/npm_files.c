/* npm_files.c - binding.gyp is Python literals with comments; nothing here parses it: every quoted
 * command expansion and every list after 'action' is found in the text, which holds for any layout.
 * Source: gyp's input format reference, "command expansions". */
#include "ecosystem/npm/npm_files.h"

#include "base/words.h"

enum { COMMAND_BYTES = 64 * 1024, GYP_LIMIT = 64, LINE_LIMIT = 2000 };

/* Asking Node or pkg-config for a folder is what nearly every native module does (THREATS
 * T-TRIG-06). */
static bool is_known_idiom(RtStr command)
{
    static const char *const idioms[] = { "require('node-addon-api')",
                                          "require(\"node-addon-api\")",
                                          "require('nan')",
                                          "require(\"nan\")",
                                          "require(\\\"nan\\\")",
                                          "require(\\'nan\\')",
                                          "require('napi-thread-safe-callback')",
                                          "require('node-api-headers')",
                                          "require.resolve(",
                                          "node_modules/nan",
                                          "node-addon-api" };
    RtStr text = rt_str_trim(command);
    bool chained = rt_str_has(text, RT_STR("curl")) || rt_str_has(text, RT_STR("http")) ||
                   rt_str_has(text, RT_STR("child_process")) || rt_str_has(text, RT_STR("eval")) ||
                   rt_str_has(text, RT_STR("/dev/null")) || rt_str_has(text, RT_STR(">nul"));
    if (chained)
        return false;
    if (rt_str_starts(text, RT_STR("pkg-config")) || rt_str_starts(text, RT_STR("uname")) ||
        rt_str_starts(text, RT_STR("sw_vers")) || rt_str_starts(text, RT_STR("xcode-select")) ||
        rt_str_starts(text, RT_STR("llvm-config")))
        return true;
    for (size_t i = 0; i < RT_COUNT(idioms); i++)
        if (rt_str_has(text, rt_str_from_c(idioms[i])))
            return true;
    bool alone = rt_str_find_byte(text, ';') == RT_NOT_FOUND &&
                 rt_str_find_byte(text, '&') == RT_NOT_FOUND &&
                 rt_str_find_byte(text, '>') == RT_NOT_FOUND;
    bool asks =
        (rt_str_starts(text, RT_STR("echo ")) || rt_str_has(text, RT_STR("-dumpversion"))) &&
        rt_str_find_byte(text, '`') == RT_NOT_FOUND && !rt_str_has(text, RT_STR("$(")) &&
        !rt_str_has(text, RT_STR("sh"));
    bool prints = (rt_str_starts(text, RT_STR("node -p \"process.")) ||
                   rt_str_starts(text, RT_STR("node -p 'process."))) &&
                  text.len < 80;
    return alone && (asks || prints);
}

typedef struct {
    RtManifest *manifest;
    RtStr command;
    bool any;
} GypVisit;

static void visit_gyp(void *ctx, RtStr file, RtStr command)
{
    GypVisit *visit = ctx;
    (void)command;
    if (!visit->any)
        rt_manifest_fact(visit->manifest, RT_FACT_INSTALL_HOOK, visit->command, RT_STR("gyp"),
                         visit->command, file);
    visit->any = true;
}

static void gyp_command(RtManifest *manifest, RtStr command)
{
    if (rt_str_trim(command).len == 0 || is_known_idiom(command))
        return;
    GypVisit visit = { .manifest = manifest, .command = command };
    rt_manifest_command_files(manifest, command, visit_gyp, &visit);
    if (!visit.any)
        rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, command, RT_STR("gyp"), command,
                         RT_STR(""));
}

/* The text between the bracket at `at` and its match, quotes of any kind ignored. */
static RtStr bracketed(RtStr text, size_t at, uint8_t open, uint8_t close)
{
    size_t from = at + 1, limit = text.len - at < COMMAND_BYTES ? text.len : at + COMMAND_BYTES;
    uint32_t depth = 0;
    for (; at < limit; at++) {
        if (text.at[at] == open)
            depth++;
        else if (text.at[at] == close && --depth == 0)
            return rt_str_sub(text, from, at - from);
    }
    return rt_str_from(rt_str_sub(text, 0, limit), from);
}

/* The strings of a Python list as one command line. */
static RtStr joined_list(RtArena *arena, RtStr list)
{
    RtText out = { .arena = arena, .limit = 16 * 1024 };
    for (size_t at = 0; at < list.len; at++) {
        uint8_t quote = list.at[at];
        if (quote != '\'' && quote != '"')
            continue;
        size_t end = at + 1;
        while (end < list.len && list.at[end] != quote)
            end += list.at[end] == '\\' ? 2 : 1;
        if (out.len > 0)
            rt_text_byte(&out, ' ');
        rt_text_add(&out, rt_str_sub(list, at + 1, end - at - 1));
        at = end;
    }
    return rt_text_str(&out);
}

/* Gyp strings are Python literals: \" and \' mean the quote. */
static RtStr unescaped(RtArena *arena, RtStr text)
{
    if (rt_str_find_byte(text, '\\') == RT_NOT_FOUND)
        return text;
    RtText out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\' && i + 1 < text.len &&
            (text.at[i + 1] == '"' || text.at[i + 1] == '\'' || text.at[i + 1] == '\\'))
            i++;
        rt_text_byte(&out, text.at[i]);
    }
    return rt_text_str(&out);
}

void rt_npm_read_gyp(RtManifest *manifest)
{
    RtStr text = manifest->text;
    uint32_t found = 0;
    manifest->phase = RT_WHEN_INSTALL;
    for (size_t at = 0; at + 3 < text.len && found < GYP_LIMIT; at++) {
        if ((text.at[at] == '<' || text.at[at] == '>' || text.at[at] == '^') &&
            text.at[at + 1] == '!') {
            size_t open = text.at[at + 2] == '@' ? at + 3 : at + 2;
            if (open >= text.len || text.at[open] != '(')
                continue;
            RtStr command = bracketed(text, open, '(', ')');
            gyp_command(manifest, unescaped(manifest->sink->arena, command));
            at = open + command.len;
            found++;
        } else if (rt_str_starts(rt_str_sub(text, at, 9), RT_STR("'action'")) ||
                   rt_str_starts(rt_str_sub(text, at, 9), RT_STR("\"action\""))) {
            size_t open = at + 8;
            while (open < text.len &&
                   (text.at[open] == ' ' || text.at[open] == ':' || text.at[open] == '\n' ||
                    text.at[open] == '\r' || text.at[open] == '\t'))
                open++;
            if (open >= text.len || text.at[open] != '[')
                continue;
            RtStr list = bracketed(text, open, '[', ']');
            RtStr command = joined_list(manifest->sink->arena, list);
            if (!rt_word_in(command, "cp copy mkdir touch"))
                gyp_command(manifest, command);
            at = open + list.len;
            found++;
        }
    }
    if (found >= GYP_LIMIT)
        rt_manifest_anomaly(manifest, RT_STR("manifest-too-many-commands"), RT_STR("binding.gyp"));
}

/* `key = value`, `key: value`, `key "value"`. */
static bool split_setting(RtStr line, RtStr *ret_key, RtStr *ret_value)
{
    RtStr text = rt_str_trim(line);
    if (text.len == 0 || text.at[0] == '#' || text.at[0] == ';')
        return false;
    size_t at = 0;
    while (at < text.len && text.at[at] != '=' && text.at[at] != ' ' &&
           !(text.at[at] == ':' && at + 1 < text.len && text.at[at + 1] == ' '))
        at++;
    if (at >= text.len)
        return false;
    *ret_key = rt_str_sub(text, 0, at);
    RtStr value = rt_str_trim(rt_str_from(text, at + 1));
    while (value.len > 0 && (value.at[0] == '=' || value.at[0] == ' '))
        value = rt_str_from(value, 1);
    if (value.len >= 2 && (value.at[0] == '"' || value.at[0] == '\'') &&
        value.at[value.len - 1] == value.at[0])
        value = rt_str_sub(value, 1, value.len - 2);
    *ret_value = value;
    return true;
}

void rt_npm_read_config(RtManifest *manifest, RtStr file_name)
{
    RtStr empty = RT_STR(""),
          tool = rt_str_format(manifest->sink->arena, "%.*s", RT_FMT(file_name));
    if (rt_word_in(file_name, ".pnpmfile.cjs pnpmfile.js")) {
        rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, empty, RT_STR("pnpmfile"), empty,
                         file_name);
        return;
    }
    RtStr rest = manifest->text, line, key, value;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        if (!split_setting(line, &key, &value))
            continue;
        bool runs =
            rt_word_in(key, "script-shell shell git node-options node_options yarnPath yarn-path "
                            "onload-script init-module "
                            "nodeOptions pnpmfile globalPnpmfile editor viewer browser preload");
        bool weakens = rt_word_in(key, "ignore-scripts strict-ssl enableScripts "
                                       "dangerously-allow-all-builds enable-pre-post-scripts "
                                       "enableStrictSsl unsafe-perm");
        bool moves =
            rt_word_in(
                key, "registry npmRegistryServer proxy https-proxy httpsProxy httpProxy cafile") ||
            rt_str_ends(key, RT_STR(":registry"));
        if (!runs && !weakens && !moves)
            continue;
        RtStr setting =
            rt_str_format(manifest->sink->arena, "%.*s=%.*s", RT_FMT(key), RT_FMT(value));
        if (runs)
            rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, key, tool, value, setting);
        else
            rt_manifest_anomaly(manifest,
                                weakens ? RT_STR("client-setting-weakens")
                                        : RT_STR("client-setting-registry"),
                                setting);
    }
}
