/* project_settings.c - the clients' own configuration as data: which registry, what runs beside an
 * install. Only keys that say such a thing are kept; tokens and passwords never leave the file. */
#include "base/words.h"
#include "ecosystem/lockfiles/project_around.h"
#include "ecosystem/manifest.h"

static bool is_cargo_config(RtStr path)
{
    return rt_path_is(path, RT_STR(".cargo/config.toml")) ||
           rt_path_is(path, RT_STR(".cargo/config"));
}

bool rt_around_settings(RtStr path)
{
    return rt_word_in(rt_path_name(path),
                      ".npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pnpmfile.mjs pnpmfile.js "
                      "pnpm-workspace.yaml bunfig.toml pip.conf pip.ini uv.toml") ||
           is_cargo_config(path);
}

static bool is_npm_key(RtStr key)
{
    return rt_str_ends(key, RT_STR(":registry")) ||
           rt_word_in(key, "registry script-shell node-options ignore-scripts git shell strict-ssl "
                           "cafile onload-script init-module allow-remote allow-git "
                           "allow-scripts pnpmfile global-pnpmfile proxy https-proxy");
}

static RtStr unquoted(RtStr text)
{
    text = rt_str_trim(text);
    bool quoted = text.len >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
                  text.at[text.len - 1] == text.at[0];
    return quoted ? rt_str_sub(text, 1, text.len - 2) : text;
}

/* `key = value` (npm), `key "value"` (yarn 1). */
static void read_lines(RtAround *around, uint8_t separator, bool is_npm)
{
    RtStr rest = around->file->bytes, line;
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        line = rt_str_trim(line);
        size_t at = rt_str_find_byte(line, separator);
        if (line.len == 0 || line.at[0] == '#' || line.at[0] == ';' || at == RT_NOT_FOUND)
            continue;
        RtStr key = unquoted(rt_str_sub(line, 0, at)), value = unquoted(rt_str_from(line, at + 1));
        if (is_npm && !is_npm_key(key))
            continue;
        if (!is_npm && !rt_word_in(key, "registry yarn-path") &&
            !rt_str_ends(key, RT_STR(":registry")))
            continue;
        rt_around_set(around, is_npm ? "npm" : "yarn", key, value, number);
    }
}

static void read_npmrc(RtAround *around) { read_lines(around, '=', true); }
static void read_yarnrc(RtAround *around) { read_lines(around, ' ', false); }

static void set_text(RtAround *around, const char *client, const RtDoc *map, const char *from,
                     const char *to)
{
    const RtDoc *value = rt_doc_get(map, rt_str_from_c(from));
    if (value && value->kind == RT_DOC_TEXT)
        rt_around_set(around, client, rt_str_from_c(to), value->text, value->line);
}

static void read_berry(RtAround *around)
{
    const RtDoc *root = rt_around_yaml(around);
    set_text(around, "yarn", root, "npmRegistryServer", "registry");
    set_text(around, "yarn", root, "yarnPath", "yarn-path");
    set_text(around, "yarn", root, "enableStrictSsl", "strict-ssl");
    const RtDoc *plugins = rt_doc_list(root, RT_STR("plugins"));
    for (size_t i = 0; i < plugins->count; i++) {
        const RtDoc *plugin = &plugins->items[i];
        RtStr path =
            plugin->kind == RT_DOC_TEXT ? plugin->text : rt_doc_text(plugin, RT_STR("path"));
        rt_around_set(around, "yarn", RT_STR("plugin"), path, plugin->line);
    }
    const RtDoc *scopes = rt_doc_map(root, RT_STR("npmScopes"));
    for (size_t i = 0; i < scopes->count; i++)
        rt_around_set(around, "yarn",
                      rt_str_format(around->arena, "@%.*s:registry",
                                    RT_FMT(rt_str_sub(scopes->keys[i].text, 0, 200))),
                      rt_doc_text(&scopes->items[i], RT_STR("npmRegistryServer")),
                      scopes->keys[i].line);
    rt_around_set_each(around, "yarn", "insecure-host",
                       rt_doc_get(root, RT_STR("unsafeHttpWhitelist")));
}

static void read_pnpmfile(RtAround *around)
{
    rt_around_set(around, "pnpm", RT_STR("pnpmfile"), rt_path_name(around->file->path), 1);
}

static void read_workspace(RtAround *around)
{
    const RtDoc *root = rt_around_yaml(around);
    rt_around_set_each(around, "pnpm", "override", rt_doc_get(root, RT_STR("overrides")));
    rt_around_set_each(around, "pnpm", "patched", rt_doc_get(root, RT_STR("patchedDependencies")));
    rt_around_set_each(around, "pnpm", "config-dependency",
                       rt_doc_get(root, RT_STR("configDependencies")));
    set_text(around, "pnpm", root, "pnpmfile", "pnpmfile");
    set_text(around, "pnpm", root, "scriptShell", "script-shell");
    set_text(around, "pnpm", root, "nodeOptions", "node-options");
}

static void read_bunfig(RtAround *around)
{
    const RtDoc *root = rt_around_toml(around), *install = rt_doc_map(root, RT_STR("install"));
    const RtDoc *preload = rt_doc_get(root, RT_STR("preload"));
    set_text(around, "bun", root, "preload", "preload");
    if (preload && preload->kind == RT_DOC_LIST)
        rt_around_set_each(around, "bun", "preload", preload);
    set_text(around, "bun", install, "registry", "registry");
    set_text(around, "bun", rt_doc_map(install, RT_STR("registry")), "url", "registry");
    const RtDoc *scopes = rt_doc_map(install, RT_STR("scopes"));
    for (size_t i = 0; i < scopes->count; i++) {
        RtStr url = scopes->items[i].kind == RT_DOC_TEXT
                        ? scopes->items[i].text
                        : rt_doc_text(&scopes->items[i], RT_STR("url"));
        rt_around_set(around, "bun",
                      rt_str_format(around->arena, "@%.*s:registry",
                                    RT_FMT(rt_str_sub(scopes->keys[i].text, 0, 200))),
                      url, scopes->keys[i].line);
    }
}

/* INI with values that go on over indented lines, one address each. */
static void read_pip(RtAround *around)
{
    RtStr rest = around->file->bytes, line, key = { 0 };
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        RtStr text = rt_str_trim(line);
        if (text.len == 0 || text.at[0] == '#' || text.at[0] == ';' || text.at[0] == '[')
            continue;
        RtStr value = text;
        size_t at = rt_str_find_byte(text, '=');
        bool goes_on = line.at[0] == ' ' || line.at[0] == '\t';
        if (!goes_on && at != RT_NOT_FOUND) {
            key = rt_str_trim(rt_str_sub(text, 0, at));
            value = rt_str_trim(rt_str_from(text, at + 1));
        }
        RtStr piece;
        while (rt_str_next(&value, ' ', &piece)) {
            if (piece.len == 0)
                continue;
            if (rt_word_in(key, "index-url index_url"))
                rt_around_set(around, "pip", RT_STR("index"), piece, number);
            else if (rt_word_in(key, "extra-index-url extra_index_url"))
                rt_around_set(around, "pip", RT_STR("extra-index"), piece, number);
            else if (rt_word_in(key, "find-links trusted-host no-index"))
                rt_around_set(around, "pip", key, piece, number);
        }
    }
}

static void read_uv(RtAround *around)
{
    const RtDoc *root = rt_around_toml(around), *list = rt_doc_list(root, RT_STR("index"));
    set_text(around, "uv", root, "index-url", "index");
    rt_around_set_each(around, "uv", "extra-index", rt_doc_get(root, RT_STR("extra-index-url")));
    for (size_t i = 0; i < list->count; i++)
        rt_around_set(around, "uv",
                      rt_doc_is_true(&list->items[i], RT_STR("default")) ? RT_STR("index")
                                                                         : RT_STR("extra-index"),
                      rt_doc_text(&list->items[i], RT_STR("url")), list->items[i].line);
}

static void read_cargo(RtAround *around)
{
    const RtDoc *root = rt_around_toml(around), *build = rt_doc_map(root, RT_STR("build"));
    const RtDoc *sources = rt_doc_map(root, RT_STR("source"));
    for (size_t i = 0; i < sources->count; i++)
        set_text(around, "cargo", &sources->items[i], "registry", "registry");
    const RtDoc *registries = rt_doc_map(root, RT_STR("registries"));
    for (size_t i = 0; i < registries->count; i++)
        set_text(around, "cargo", &registries->items[i], "index", "registry");
    static const char *const runners[] = { "rustc", "rustc-wrapper", "rustc-workspace-wrapper",
                                           "rustdoc" };
    for (size_t i = 0; i < RT_COUNT(runners); i++)
        set_text(around, "cargo", build, runners[i], "rustc-wrapper");
    const RtDoc *targets = rt_doc_map(root, RT_STR("target"));
    for (size_t i = 0; i < targets->count; i++) {
        set_text(around, "cargo", &targets->items[i], "runner", "runner");
        set_text(around, "cargo", &targets->items[i], "linker", "linker");
    }
}

void rt_around_read_settings(RtAround *around)
{
    static const struct {
        const char *names;
        void (*read)(RtAround *around);
    } readers[] = { { ".npmrc", read_npmrc },
                    { ".yarnrc", read_yarnrc },
                    { ".yarnrc.yml", read_berry },
                    { ".pnpmfile.cjs .pnpmfile.mjs pnpmfile.js", read_pnpmfile },
                    { "pnpm-workspace.yaml", read_workspace },
                    { "bunfig.toml", read_bunfig },
                    { "pip.conf pip.ini", read_pip },
                    { "uv.toml", read_uv },
                    { "config.toml config", read_cargo } };
    for (size_t i = 0; i < RT_COUNT(readers); i++)
        if (rt_word_in(rt_path_name(around->file->path), readers[i].names))
            readers[i].read(around);
}
