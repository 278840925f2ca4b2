/* agent.c - what a checkout tells or gives an AI agent to run: hooks and servers in settings, and
 * sentences in instruction files that fetch, decode or send secrets (THREATS 2.14).
 *
 * An instruction file is prose: only lines with a command that fetches and runs, with a secret and
 * a way out, or with words that hide the act from the user give a fact. */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { HOOK_LIMIT = 100, LINE_LIMIT = 5000, DEPTH_LIMIT = 12, SENTENCE_BYTES = 1024 };

static void add_argument(RtText *out, RtStr word)
{
    rt_text_byte(out, ' ');
    bool blank =
        rt_str_find_byte(word, ' ') != RT_NOT_FOUND && rt_str_find_byte(word, '\'') == RT_NOT_FOUND;
    rt_text_add(out, blank ? RT_STR("'") : RT_STR(""));
    rt_text_add(out, word);
    rt_text_add(out, blank ? RT_STR("'") : RT_STR(""));
}

/* Every {"command": …, "args": […]} below, whatever the agent calls the way to it. */
static void find_commands(RtManifest *manifest, RtStr tool, const RtJson *value, int depth,
                          size_t *count)
{
    if (value == NULL || depth > DEPTH_LIMIT || *count >= HOOK_LIMIT)
        return;
    if (value->kind != RT_JSON_OBJECT && value->kind != RT_JSON_ARRAY)
        return;
    RtStr command = rt_json_text(value, RT_STR("command"));
    if (command.len == 0)
        command = rt_json_text(value, RT_STR("bash"));
    if (command.len > 0) {
        RtText line = { .arena = manifest->sink->arena, .limit = 64 * 1024 };
        const RtJson *args = rt_json_get(value, RT_STR("args"));
        rt_text_add(&line, command);
        for (size_t i = 0; args && args->kind == RT_JSON_ARRAY && i < args->count && i < HOOK_LIMIT;
             i++)
            if (args->items[i].kind == RT_JSON_STRING)
                add_argument(&line, args->items[i].text);
        rt_manifest_fact(manifest, RT_FACT_AGENT_HOOK, command, tool, rt_text_str(&line),
                         RT_STR(""));
        ++*count;
    }
    for (size_t i = 0; i < value->count && *count < HOOK_LIMIT; i++) {
        if (value->kind == RT_JSON_OBJECT && value->items[i].kind == RT_JSON_STRING &&
            rt_word_in(value->keys[i], "ANTHROPIC_BASE_URL OPENAI_BASE_URL OPENAI_API_BASE "
                                       "apiKeyHelper GEMINI_BASE_URL") &&
            !rt_str_has(value->items[i].text, RT_STR("127.0.0.1")) &&
            !rt_str_has(value->items[i].text, RT_STR("localhost")))
            rt_manifest_anomaly(manifest, RT_STR("agent-endpoint"),
                                rt_str_format(manifest->sink->arena, "%.*s=%.*s",
                                              RT_FMT(value->keys[i]),
                                              RT_FMT(value->items[i].text)));
        find_commands(manifest, tool, &value->items[i], depth + 1, count);
    }
}

static bool has_any(RtStr line, const char *list)
{
    RtStr rest = rt_str_from_c(list), word;
    while (rt_str_next(&rest, '\n', &word))
        if (rt_str_find_nocase(line, word) != RT_NOT_FOUND)
            return true;
    return false;
}

static bool is_telling(RtStr line)
{
    bool fetches = has_any(line, "curl \nwget \niwr \nInvoke-WebRequest\nirm \nfetch http");
    bool runs = has_any(line, "| sh\n|sh\n| bash\n|bash\n| sudo\n| node\n| "
                              "python\n|python\niex\n-o /tmp\n&& ./\nchmod +x");
    bool decodes = has_any(line, "base64 -d\nbase64 --decode\nbase64 -D\nFromBase64String\natob(");
    bool secret = has_any(line, "~/.ssh\nid_rsa\n.env file\n.env\nAPI key\nsecret key\nprivate "
                                "key\nseed phrase\nmnemonic\n~/.aws\n"
                                "credentials\nenvironment variables\npasswords");
    bool sends = has_any(line, "curl \nPOST \nsend \nsends \nupload\nexfiltrat\nwebhook");
    bool leaves = has_any(line, "http://\nhttps://\nwebhook");
    bool hides = has_any(
        line,
        "do not tell the user\ndon't tell the user\nwithout telling the user\nnever mention this\n"
        "do not mention this\nwithout the user's knowledge\nignore previous instructions\n"
        "ignore all previous instructions\ndo not inform the user\nwithout informing the "
        "user\nhide this from the user");
    return (fetches && runs) || decodes || (secret && sends && leaves) || hides;
}

static void read_instructions(RtManifest *manifest, RtStr tool)
{
    RtStr rest = manifest->text, line;
    size_t found = 0;
    for (size_t i = 0; i < LINE_LIMIT && found < HOOK_LIMIT && rt_str_next(&rest, '\n', &line);
         i++) {
        line = rt_str_trim(rt_str_sub(line, 0, 64 * 1024));
        if (line.len < 8 || !is_telling(line))
            continue;
        RtStr sentence = rt_str_sub(line, 0, SENTENCE_BYTES);
        rt_manifest_fact(manifest, RT_FACT_AGENT_HOOK, sentence, tool, sentence, RT_STR(""));
        found++;
    }
}

static const char *tool_of(RtStr path)
{
    static const char *const folders[][2] = {
        { ".claude", "claude" },  { ".cursor", "cursor" }, { ".gemini", "gemini" },
        { ".codex", "codex" },    { ".kiro", "kiro" },     { ".windsurf", "windsurf" },
        { ".roo", "roo" },        { ".cline", "cline" },   { ".continue", "continue" },
        { ".amazonq", "amazonq" }
    };
    for (size_t i = 0; i < RT_COUNT(folders); i++)
        if (rt_path_has_folder(path, rt_str_from_c(folders[i][0])))
            return folders[i][1];
    return NULL;
}

static bool is_instructions(RtStr path)
{
    RtStr name = rt_path_name(path);
    if (rt_word_in(name, "AGENTS.md CLAUDE.md GEMINI.md SKILL.md .cursorrules .windsurfrules "
                         ".clinerules .roorules copilot-instructions.md "
                         "AGENT.md CLAUDE.local.md llms.txt"))
        return true;
    return tool_of(path) != NULL && rt_word_in(rt_path_suffix(path), "md mdc txt");
}

static bool is_settings(RtStr path)
{
    RtStr name = rt_path_name(path);
    bool shared = rt_path_is(path, RT_STR(".vscode/mcp.json"));
    return shared ||
           rt_word_in(name, ".mcp.json mcp.json .claude.json claude_desktop_config.json") ||
           (tool_of(path) != NULL && rt_word_in(rt_path_suffix(path), "json hook"));
}

static bool claims(RtStr path)
{
    return is_instructions(path) || is_settings(path) ||
           rt_path_is(path, RT_STR(".codex/config.toml"));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes, .phase = RT_WHEN_OPEN };
    const char *known = tool_of(layer->name);
    RtStr tool = known ? rt_str_from_c(known) : rt_path_name(layer->name);
    if (!is_settings(layer->name)) {
        read_instructions(&reader, tool);
        return;
    }
    const RtJson *root = rt_manifest_json(&reader, true);
    size_t count = 0;
    find_commands(&reader, tool, root, 0, &count);
}

const RtEcosystem rt_ecosystem_agent = { .name = "agent", .claims = claims, .manifest = manifest };
