/* packagist.c - composer.json: plugins run at install, `autoload.files` at every request, scripts
 * only when the package is the root project. Source: getcomposer.org, schema and "scripts";
 * PROTOCOLS 3. */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { LIST_LIMIT = 500 };

typedef struct {
    RtManifest *manifest;
    RtStr hook, command;
    bool any;
} Visit;

static void visit_file(void *ctx, RtStr file, RtStr command)
{
    Visit *visit = ctx;
    rt_manifest_fact(visit->manifest, RT_FACT_INSTALL_HOOK, visit->command, visit->hook,
                     visit->any ? command : visit->command, file);
    visit->any = true;
}

static void read_script(RtManifest *manifest, RtStr hook, RtStr command)
{
    RtArena *arena = manifest->sink->arena;
    RtStr line = command;
    if (rt_str_starts(line, RT_STR("@php ")))
        line = rt_str_from(line, 1);
    else if (line.len > 0 && line.at[0] == '@')
        return; /* @composer, @other-script */
    Visit visit = { .manifest = manifest, .hook = hook, .command = line };
    bool is_class = rt_str_has(line, RT_STR("::")) && rt_str_find_byte(line, ' ') == RT_NOT_FOUND;
    if (!is_class)
        rt_manifest_command_files(manifest, line, visit_file, &visit);
    if (!visit.any && line.len > 0)
        rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, command, hook,
                         is_class ? rt_str_format(arena, "php %.*s", RT_FMT(line)) : line,
                         RT_STR(""));
}

static void read_scripts(RtManifest *manifest, const RtJson *scripts)
{
    for (size_t i = 0;
         scripts && scripts->kind == RT_JSON_OBJECT && i < scripts->count && i < LIST_LIMIT; i++) {
        RtStr name = scripts->keys[i];
        const RtJson *value = &scripts->items[i];
        if (!rt_str_starts(name, RT_STR("post-")) && !rt_str_starts(name, RT_STR("pre-")))
            continue;
        manifest->phase = RT_WHEN_INSTALL;
        if (value->kind == RT_JSON_STRING)
            read_script(manifest, name, value->text);
        for (size_t k = 0; value->kind == RT_JSON_ARRAY && k < value->count && k < 50; k++)
            if (value->items[k].kind == RT_JSON_STRING)
                read_script(manifest, name, value->items[k].text);
    }
}

/* "Vendor\\Plugin\\Main" under the psr-4 map {"Vendor\\Plugin\\": "src/"} -> "src/Main.php" */
static RtStr class_file(RtManifest *manifest, const RtJson *root, RtStr class_name)
{
    const RtJson *map = rt_json_get(rt_json_get(root, RT_STR("autoload")), RT_STR("psr-4"));
    for (size_t i = 0; map && map->kind == RT_JSON_OBJECT && i < map->count && i < LIST_LIMIT;
         i++) {
        if (map->items[i].kind != RT_JSON_STRING || !rt_str_starts(class_name, map->keys[i]))
            continue;
        RtText path = { .arena = manifest->sink->arena, .limit = 1024 };
        rt_text_add(&path, map->items[i].text);
        if (path.len > 0 && path.at[path.len - 1] != '/')
            rt_text_byte(&path, '/');
        for (size_t k = map->keys[i].len; k < class_name.len; k++)
            rt_text_byte(&path, class_name.at[k] == '\\' ? '/' : class_name.at[k]);
        rt_text_add(&path, RT_STR(".php"));
        return rt_text_str(&path);
    }
    return RT_STR("");
}

static void read_plugin(RtManifest *manifest, const RtJson *root)
{
    const RtJson *class_name = rt_json_get(rt_json_get(root, RT_STR("extra")), RT_STR("class"));
    if (!rt_str_equal(rt_json_text(root, RT_STR("type")), RT_STR("composer-plugin")) ||
        class_name == NULL)
        return;
    bool list = class_name->kind == RT_JSON_ARRAY;
    for (size_t i = 0; i < (list ? class_name->count : 1) && i < 20; i++) {
        const RtJson *item = list ? &class_name->items[i] : class_name;
        if (item->kind == RT_JSON_STRING)
            rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, item->text, RT_STR("composer-plugin"),
                             RT_STR(""), class_file(manifest, root, item->text));
    }
}

static void read_strings(RtManifest *manifest, const RtJson *list, const char *what)
{
    if (list && list->kind == RT_JSON_STRING)
        rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, list->text, rt_str_from_c(what), list->text,
                         RT_STR(""));
    for (size_t i = 0; list && list->kind == RT_JSON_ARRAY && i < list->count && i < LIST_LIMIT;
         i++)
        if (list->items[i].kind == RT_JSON_STRING)
            rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, list->items[i].text,
                             rt_str_from_c(what), list->items[i].text, RT_STR(""));
}

static void read_requires(RtManifest *manifest, const RtJson *root)
{
    static const char *const kinds[] = { "require", "require-dev" };
    for (size_t k = 0; k < RT_COUNT(kinds); k++) {
        const RtJson *list = rt_json_get(root, rt_str_from_c(kinds[k]));
        for (size_t i = 0;
             list && list->kind == RT_JSON_OBJECT && i < list->count && i < LIST_LIMIT; i++)
            rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, list->keys[i], list->keys[i],
                             rt_json_text(list, list->keys[i]), rt_str_from_c(kinds[k]));
    }
    const RtJson *sources = rt_json_get(root, RT_STR("repositories"));
    for (size_t i = 0; sources && sources->kind == RT_JSON_ARRAY && i < sources->count && i < 50;
         i++) {
        RtStr url = rt_json_text(&sources->items[i], RT_STR("url"));
        if (url.len > 0)
            rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, url, RT_STR(""), url,
                             RT_STR("repository"));
    }
}

static bool claims(RtStr path) { return rt_path_is(path, RT_STR("composer.json")); }

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    const RtJson *root = rt_manifest_json(&reader, false);
    if (root == NULL)
        return;
    if (rt_manifest_is_root(&reader, RT_STR("composer.json")))
        rt_manifest_package(&reader, RT_STR("packagist"), rt_json_text(root, RT_STR("name")),
                            rt_json_text(root, RT_STR("version")),
                            rt_json_text(root, RT_STR("description")));
    read_scripts(&reader, rt_json_get(root, RT_STR("scripts")));
    read_plugin(&reader, root);
    const RtJson *autoload = rt_json_get(root, RT_STR("autoload"));
    read_strings(&reader, rt_json_get(autoload, RT_STR("files")), "autoload");
    read_strings(&reader, rt_json_get(root, RT_STR("bin")), "bin");
    read_requires(&reader, root);
}

const RtEcosystem rt_ecosystem_packagist = { .name = "packagist",
                                             .claims = claims,
                                             .manifest = manifest };
