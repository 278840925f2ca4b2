/* vscode.c - what an editor runs because a folder was opened: tasks.json, settings.json,
 * launch.json, dev containers, JetBrains' start-up tasks, direnv; and an extension's activation.
 *
 * The folder-open task is the main trigger of the "coding test" campaigns (THREATS 1.4.4,
 * T-REPO-01..04): the task is hidden, silent, closes its terminal, starts an interpreter on a font,
 * or stands hundreds of columns to the right. Each of these is a word in the fact's options, so
 * that a rule can ask for them. */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { TASK_LIMIT = 200, OFF_SCREEN = 100 };

typedef struct {
    RtManifest manifest;
    RtText options;
    RtStr command;
} Task;

static void add_option(Task *task, const char *word)
{
    if (task->options.len > 0)
        rt_text_byte(&task->options, ' ');
    rt_text_add(&task->options, rt_str_from_c(word));
}

static void add_word(RtText *out, RtStr word)
{
    if (word.len == 0)
        return;
    if (out->len > 0)
        rt_text_byte(out, ' ');
    bool blank =
        rt_str_find_byte(word, ' ') != RT_NOT_FOUND && rt_str_find_byte(word, '\'') == RT_NOT_FOUND;
    if (blank)
        rt_text_byte(out, '\'');
    rt_text_add(out, word);
    if (blank)
        rt_text_byte(out, '\'');
}

/* A command or an argument: a string, {value, quoting}, or a list of strings. */
static RtStr value_text(RtArena *arena, const RtJson *value)
{
    if (value == NULL || value->kind == RT_JSON_STRING)
        return value ? value->text : RT_STR("");
    if (value->kind == RT_JSON_OBJECT) {
        const RtJson *inner = rt_json_get(value, RT_STR("value"));
        return inner && inner->kind == RT_JSON_STRING ? inner->text : RT_STR("");
    }
    RtText out = { .arena = arena };
    for (size_t i = 0; value->kind == RT_JSON_ARRAY && i < value->count; i++)
        if (value->items[i].kind == RT_JSON_STRING)
            add_word(&out, value->items[i].text);
    return rt_text_str(&out);
}

/* command and args as one line. */
static RtStr command_line(RtArena *arena, const RtJson *from)
{
    RtText out = { .arena = arena, .limit = 64 * 1024 };
    rt_text_add(&out, value_text(arena, rt_json_get(from, RT_STR("command"))));
    const RtJson *args = rt_json_get(from, RT_STR("args"));
    for (size_t i = 0; args && args->kind == RT_JSON_ARRAY && i < args->count && i < TASK_LIMIT;
         i++)
        add_word(&out, value_text(arena, &args->items[i]));
    RtStr script = rt_json_text(from, RT_STR("script"));
    if (out.len == 0 && script.len > 0)
        rt_text_format(&out, "npm run %.*s", RT_FMT(script));
    return rt_text_str(&out);
}

static void visit_file(void *ctx, RtStr file, RtStr command)
{
    Task *task = ctx;
    (void)command;
    if (rt_path_is_asset(file))
        add_option(task, "asset-interpreter");
}

/* The longest run of blanks on the line where the command stands, or inside it. */
static bool stands_off_screen(const RtManifest *manifest, RtStr command)
{
    size_t run = 0, column = 0;
    for (size_t i = 0; i < command.len; i++) {
        run = command.at[i] == ' ' || command.at[i] == '\t' ? run + 1 : 0;
        if (run >= OFF_SCREEN)
            return true;
    }
    RtManifest search = *manifest;
    size_t end = 0, at = rt_manifest_locate(&search, rt_str_sub(command, 0, 40));
    if (at == RT_NOT_FOUND)
        return false;
    while (at > 0 && search.text.at[at - 1] != '\n' && column++ < 100000)
        at--;
    for (run = 0, end = at + column; at < end; at++) {
        run = search.text.at[at] == ' ' || search.text.at[at] == '\t' ? run + 1 : 0;
        if (run >= OFF_SCREEN)
            return true;
    }
    return false;
}

static void read_presentation(Task *task, const RtJson *from)
{
    const RtJson *look = rt_json_get(from, RT_STR("presentation")), *value;
    RtStr reveal = rt_json_text(look, RT_STR("reveal"));
    if ((value = rt_json_get(from, RT_STR("hide"))) && value->truth)
        add_option(task, "hidden");
    if (rt_word_in(reveal, "never silent"))
        add_option(task, "silent");
    if ((value = rt_json_get(look, RT_STR("echo"))) && value->kind == RT_JSON_BOOL && !value->truth)
        add_option(task, "no-echo");
    if ((value = rt_json_get(look, RT_STR("close"))) && value->truth)
        add_option(task, "close");
}

static void emit_task(Task *task, const RtJson *variant, const char *os)
{
    RtArena *arena = task->manifest.sink->arena;
    RtStr command = command_line(arena, variant);
    if (rt_str_trim(command).len == 0)
        return;
    size_t kept = task->options.len;
    if (os)
        add_option(task, os);
    if (stands_off_screen(&task->manifest, command))
        add_option(task, "off-screen");
    rt_manifest_command_files(&task->manifest, command, visit_file, task);
    RtStr options = rt_str_copy(arena, rt_text_str(&task->options));
    RtStr anchor = value_text(arena, rt_json_get(variant, RT_STR("command")));
    rt_manifest_fact(&task->manifest, RT_FACT_OPEN_HOOK, anchor, RT_STR("vscode-task"), command,
                     options);
    task->options.len = kept;
}

static const RtJson *find_task(const RtJson *tasks, RtStr label)
{
    for (size_t i = 0; tasks && tasks->kind == RT_JSON_ARRAY && i < tasks->count && i < TASK_LIMIT;
         i++)
        if (rt_str_equal(rt_json_text(&tasks->items[i], RT_STR("label")), label) && label.len > 0)
            return &tasks->items[i];
    return NULL;
}

static void read_task(RtManifest *manifest, const RtJson *tasks, const RtJson *task, int depth)
{
    static const char *const systems[] = { "windows", "linux", "osx" };
    Task reader = { .manifest = *manifest, .options = { .arena = manifest->sink->arena } };
    reader.manifest.phase = RT_WHEN_OPEN;
    add_option(&reader, "folder-open");
    read_presentation(&reader, task);
    emit_task(&reader, task, NULL);
    for (size_t i = 0; i < RT_COUNT(systems); i++)
        emit_task(&reader, rt_json_get(task, rt_str_from_c(systems[i])), systems[i]);
    const RtJson *needs = rt_json_get(task, RT_STR("dependsOn"));
    if (needs && depth < 4) {
        bool list = needs->kind == RT_JSON_ARRAY;
        for (size_t i = 0; i < (list ? needs->count : 1) && i < 16; i++) {
            const RtJson *name = list ? &needs->items[i] : needs;
            const RtJson *other =
                name->kind == RT_JSON_STRING ? find_task(tasks, name->text) : NULL;
            if (other && other != task)
                read_task(manifest, tasks, other, depth + 1);
        }
    }
}

static bool opens_with_folder(const RtJson *task)
{
    RtStr on = rt_json_text(rt_json_get(task, RT_STR("runOptions")), RT_STR("runOn"));
    if (on.len == 0)
        on = rt_json_text(
            task,
            RT_STR("runOn")); /* misplaced as in settings.json of lures: harmless, yet meant */
    return rt_str_equal_nocase(on, RT_STR("folderOpen"));
}

static void read_tasks(RtManifest *manifest, const RtJson *root)
{
    const RtJson *tasks = rt_json_get(root, RT_STR("tasks"));
    if (tasks && tasks->kind == RT_JSON_OBJECT && opens_with_folder(tasks))
        read_task(manifest, NULL, tasks, 0);
    if (opens_with_folder(root))
        read_task(manifest, NULL, root, 0);
    for (size_t i = 0; tasks && tasks->kind == RT_JSON_ARRAY && i < tasks->count && i < TASK_LIMIT;
         i++)
        if (opens_with_folder(&tasks->items[i]))
            read_task(manifest, tasks, &tasks->items[i], 0);
}

static bool points_into_folder(RtStr text)
{
    return rt_str_has(text, RT_STR("${workspaceFolder}")) ||
           rt_str_has(text, RT_STR("${workspaceRoot}")) || rt_str_starts(text, RT_STR("./")) ||
           rt_str_starts(text, RT_STR("../")) || rt_str_starts(text, RT_STR(".vscode"));
}

/* Keys that start something from the folder, or let tasks start unasked. */
static void read_setting(RtManifest *manifest, RtStr key, const RtJson *value)
{
    RtArena *arena = manifest->sink->arena;
    RtStr text = value->kind == RT_JSON_STRING                 ? value->text
                 : value->kind == RT_JSON_BOOL && value->truth ? RT_STR("true")
                                                               : RT_STR("");
    bool automatic =
        rt_str_equal(key, RT_STR("task.allowAutomaticTasks")) && rt_word_in(text, "on true");
    bool trust = (rt_str_equal(key, RT_STR("security.workspace.trust.enabled")) &&
                  value->kind == RT_JSON_BOOL && !value->truth) ||
                 (rt_str_equal(key, RT_STR("security.workspace.trust.startupPrompt")) &&
                  rt_str_equal(text, RT_STR("never")));
    bool program =
        rt_word_in(
            key, "git.path python.defaultInterpreterPath python.pythonPath python.envFile "
                 "eslint.nodePath eslint.runtime "
                 "php.validate.executablePath npm.packageManager typescript.npm deno.path "
                 "rust-analyzer.server.path "
                 "go.alternateTools clangd.path java.jdt.ls.java.home terminal.external.linuxExec "
                 "terminal.external.osxExec terminal.external.windowsExec prettier.prettierPath") &&
        points_into_folder(text);
    if (automatic || trust || program) {
        RtStr options = automatic ? RT_STR("automatic-tasks")
                        : trust   ? RT_STR("no-trust")
                                  : RT_STR("program");
        rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, key, RT_STR("vscode-settings"),
                         program ? text : RT_STR(""),
                         rt_str_format(arena, "%.*s %.*s", RT_FMT(options), RT_FMT(key)));
    }
    bool profiles = rt_str_starts(key, RT_STR("terminal.integrated.profiles.")) ||
                    rt_str_starts(key, RT_STR("terminal.integrated.automationProfile."));
    for (size_t i = 0;
         profiles && value->kind == RT_JSON_OBJECT && i < value->count && i < TASK_LIMIT; i++) {
        const RtJson *profile = value->items[i].kind == RT_JSON_OBJECT ? &value->items[i] : value;
        RtStr path = value_text(arena, rt_json_get(profile, RT_STR("path")));
        RtText line = { .arena = arena };
        rt_text_add(&line, path);
        add_word(&line, value_text(arena, rt_json_get(profile, RT_STR("args"))));
        if (points_into_folder(path) || line.len > path.len)
            rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, key, RT_STR("vscode-settings"),
                             rt_text_str(&line), RT_STR("terminal-profile"));
        if (profile == value)
            break;
    }
    bool env = rt_str_starts(key, RT_STR("terminal.integrated.env."));
    for (size_t i = 0; env && value->kind == RT_JSON_OBJECT && i < value->count && i < TASK_LIMIT;
         i++)
        if (rt_word_in(value->keys[i], "NODE_OPTIONS LD_PRELOAD PYTHONSTARTUP BASH_ENV PATH "
                                       "DYLD_INSERT_LIBRARIES ANTHROPIC_BASE_URL "
                                       "OPENAI_BASE_URL") &&
            value->items[i].kind == RT_JSON_STRING)
            rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, value->keys[i], RT_STR("vscode-settings"),
                             RT_STR(""),
                             rt_str_format(arena, "env %.*s=%.*s", RT_FMT(value->keys[i]),
                                           RT_FMT(value->items[i].text)));
}

static void read_settings(RtManifest *manifest, const RtJson *root)
{
    for (size_t i = 0; i < root->count && i < 2000; i++)
        read_setting(manifest, root->keys[i], &root->items[i]);
    read_tasks(manifest, root);
}

static void read_workspace(RtManifest *manifest, const RtJson *root)
{
    const RtJson *settings = rt_json_get(root, RT_STR("settings"));
    if (settings && settings->kind == RT_JSON_OBJECT)
        read_settings(manifest, settings);
    const RtJson *tasks = rt_json_get(root, RT_STR("tasks"));
    if (tasks && tasks->kind == RT_JSON_OBJECT)
        read_tasks(manifest, tasks);
}

static void read_launch(RtManifest *manifest, const RtJson *root)
{
    const RtJson *list = rt_json_get(root, RT_STR("configurations"));
    for (size_t i = 0; list && list->kind == RT_JSON_ARRAY && i < list->count && i < TASK_LIMIT;
         i++) {
        RtStr program = rt_json_text(&list->items[i], RT_STR("program"));
        RtStr before = rt_json_text(&list->items[i], RT_STR("preLaunchTask"));
        size_t close = rt_str_find_byte(program, '}');
        if (rt_str_starts(program, RT_STR("${")) && close != RT_NOT_FOUND)
            program = rt_str_format(manifest->sink->arena, "..%.*s",
                                    RT_FMT(rt_str_from(program, close + 1)));
        if (program.len > 0)
            rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, program, RT_STR("script"), program,
                             RT_STR(""));
        if (before.len > 0)
            rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, before, RT_STR("pre-launch-task"),
                             RT_STR(""), RT_STR(""));
    }
}

static void read_devcontainer(RtManifest *manifest, const RtJson *root)
{
    static const char *const keys[] = { "initializeCommand",    "onCreateCommand",
                                        "updateContentCommand", "postCreateCommand",
                                        "postStartCommand",     "postAttachCommand" };
    for (size_t i = 0; i < RT_COUNT(keys); i++) {
        const RtJson *value = rt_json_get(root, rt_str_from_c(keys[i]));
        bool many = value && value->kind == RT_JSON_OBJECT;
        for (size_t k = 0; value && k < (many ? value->count : 1) && k < TASK_LIMIT; k++) {
            RtStr command = value_text(manifest->sink->arena, many ? &value->items[k] : value);
            if (command.len > 0)
                rt_manifest_fact(
                    manifest, RT_FACT_OPEN_HOOK, command, RT_STR("devcontainer"), command,
                    i == 0 ? RT_STR("initializeCommand on-host") : rt_str_from_c(keys[i]));
        }
    }
}

/* An extension's manifest: what wakes it without being asked. */
static void read_extension(RtManifest *manifest, const RtJson *root)
{
    if (rt_json_get(rt_json_get(root, RT_STR("engines")), RT_STR("vscode")) == NULL)
        return;
    const RtJson *events = rt_json_get(root, RT_STR("activationEvents"));
    for (size_t i = 0;
         events && events->kind == RT_JSON_ARRAY && i < events->count && i < TASK_LIMIT; i++)
        if (events->items[i].kind == RT_JSON_STRING &&
            rt_word_in(events->items[i].text, "* onStartupFinished"))
            rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, events->items[i].text,
                             RT_STR("vscode-extension"), RT_STR(""), events->items[i].text);
    static const char *const lists[] = { "extensionPack", "extensionDependencies" };
    for (size_t k = 0; k < RT_COUNT(lists); k++) {
        const RtJson *list = rt_json_get(root, rt_str_from_c(lists[k]));
        for (size_t i = 0; list && list->kind == RT_JSON_ARRAY && i < list->count && i < TASK_LIMIT;
             i++)
            if (list->items[i].kind == RT_JSON_STRING)
                rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, list->items[i].text,
                                 list->items[i].text, RT_STR(""), rt_str_from_c(lists[k]));
    }
}

/* JetBrains: <option name="command" value="…"/> of start-up tasks, read as text. */
static void read_idea(RtManifest *manifest)
{
    static const char *const names[] = { "name=\"SCRIPT_TEXT\" value=\"",
                                         "name=\"SCRIPT_PATH\" value=\"", "<command value=\"",
                                         "name=\"PROGRAM\" value=\"" };
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        RtStr needle = rt_str_from_c(names[i]);
        size_t at = rt_str_find(manifest->text, needle);
        if (at == RT_NOT_FOUND)
            continue;
        RtStr value = rt_str_from(manifest->text, at + needle.len);
        size_t end = rt_str_find_byte(value, '"');
        value = rt_str_sub(value, 0, end == RT_NOT_FOUND ? 0 : end);
        if (value.len > 0)
            rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, value, RT_STR("script"), value,
                             RT_STR(""));
    }
}

static bool claims(RtStr path)
{
    return rt_path_is(path, RT_STR(".vscode/tasks.json")) ||
           rt_path_is(path, RT_STR(".vscode/settings.json")) ||
           rt_path_is(path, RT_STR(".vscode/launch.json")) ||
           rt_str_ends(path, RT_STR(".code-workspace")) ||
           rt_path_is(path, RT_STR("devcontainer.json")) ||
           rt_path_is(path, RT_STR(".devcontainer.json")) ||
           rt_path_is(path, RT_STR("package.json")) || rt_path_is(path, RT_STR(".envrc")) ||
           (rt_path_has_folder(path, RT_STR(".idea")) && rt_str_ends(path, RT_STR(".xml")));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes, .phase = RT_WHEN_OPEN };
    RtStr name = rt_path_name(layer->name);
    if (rt_str_equal(name, RT_STR(".envrc"))) {
        rt_manifest_fact(&reader, RT_FACT_OPEN_HOOK, RT_STR(""), RT_STR("direnv"),
                         RT_STR("sh ./.envrc"), RT_STR(".envrc"));
        return;
    }
    if (rt_str_ends(name, RT_STR(".xml"))) {
        read_idea(&reader);
        return;
    }
    bool extension = rt_str_equal(name, RT_STR("package.json"));
    if (extension && !rt_str_has(layer->bytes, RT_STR("\"vscode\"")))
        return;
    const RtJson *root =
        extension ? rt_json_read(sink->arena, layer->bytes, &(RtJsonOptions){ .lenient = true })
                  : rt_manifest_json(&reader, true);
    if (root == NULL || root->kind != RT_JSON_OBJECT)
        return;
    if (extension)
        read_extension(&reader, root);
    else if (rt_str_equal(name, RT_STR("tasks.json")))
        read_tasks(&reader, root);
    else if (rt_str_equal(name, RT_STR("settings.json")))
        read_settings(&reader, root);
    else if (rt_str_equal(name, RT_STR("launch.json")))
        read_launch(&reader, root);
    else if (rt_str_ends(name, RT_STR(".code-workspace")))
        read_workspace(&reader, root);
    else
        read_devcontainer(&reader, root);
}

const RtEcosystem rt_ecosystem_vscode = { .name = "vscode",
                                          .claims = claims,
                                          .manifest = manifest };
