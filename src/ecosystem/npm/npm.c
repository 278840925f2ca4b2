/* npm.c - package.json and its relatives: what runs at install, what at import, what is pulled in.
 *
 * Source: docs of npm 11 (scripts, package.json), @npmcli/run-script's is-server-package and
 * node-gyp steps, and PROTOCOLS 3 (what four clients were seen to run). npm looks for binding.gyp
 * on disk after extraction, so an implicit build needs no word in package.json. */
#include "base/words.h"
#include "ecosystem/manifest.h"
#include "ecosystem/npm/npm_files.h"

enum {
    SCRIPT_LIMIT = 200,
    DEPENDENCY_LIMIT = 2000,
    PEOPLE_LIMIT = 20,
    ENTRY_LIMIT = 200,
    FOLLOW_LIMIT = 4,
    EXPORT_DEPTH = 16
};

typedef struct {
    RtManifest manifest;
    const RtJson *root;
    const RtJson *scripts;
    RtStr hook;     /* the hook whose files are being visited; empty: a plain script */
    RtStr command;  /* its whole command */
    uint32_t files; /* files found for this command */
    uint32_t entries;
    int depth;
} Reader;

static bool is_hook(RtStr name)
{
    return rt_word_in(name, "preinstall install postinstall prepare preprepare postprepare "
                            "prepublish prepublishOnly prepack "
                            "postpack dependencies preuninstall uninstall postuninstall "
                            "vscode:uninstall preupdate postupdate");
}

static void entry(Reader *reader, const char *what, RtStr path)
{
    if (path.len == 0 || path.len > 4096 || reader->entries++ >= ENTRY_LIMIT)
        return;
    rt_manifest_fact(&reader->manifest, RT_FACT_ENTRY_POINT, path, rt_str_from_c(what), path,
                     RT_STR(""));
}

static void visit_file(void *ctx, RtStr file, RtStr command)
{
    Reader *reader = ctx;
    if (reader->files++ >= 16)
        return;
    if (reader->hook.len == 0)
        entry(reader, "script", file);
    else
        rt_manifest_fact(&reader->manifest, RT_FACT_INSTALL_HOOK, reader->command, reader->hook,
                         reader->files == 1 && reader->depth == 0 ? reader->command : command,
                         file);
}

static void follow_runs(Reader *reader, RtStr command);

static void read_command(Reader *reader, RtStr command)
{
    rt_manifest_command_files(&reader->manifest, command, visit_file, reader);
    follow_runs(reader, command);
}

/* `npm run build` in a hook: what runs is that script, and its pre and post ones. */
static void follow_runs(Reader *reader, RtStr command)
{
    const RtPiece *pieces;
    if (reader->depth >= FOLLOW_LIMIT)
        return;
    size_t count =
        rt_words_pieces(reader->manifest.sink->arena, command, RT_SHELL_POSIX, 16, &pieces);
    reader->depth++;
    for (size_t i = 0; i < count; i++) {
        const RtWord *words;
        size_t word_count = rt_words_split(reader->manifest.sink->arena, pieces[i].text,
                                           RT_SHELL_POSIX, NULL, &words);
        if (word_count < 2 ||
            !rt_word_in(words[0].text, "npm yarn pnpm bun run-s run-p npm-run-all"))
            continue;
        size_t at =
            rt_word_in(words[1].text, "run run-script -s --silent") && word_count > 2 ? 2 : 1;
        RtStr script = rt_json_text(reader->scripts, words[at].text);
        if (script.len > 0 && !rt_str_equal(script, command) && reader->files < 16)
            read_command(reader, script);
    }
    reader->depth--;
}

static void read_scripts(Reader *reader)
{
    const RtJson *scripts = rt_json_get(reader->root, RT_STR("scripts"));
    if (scripts == NULL)
        return;
    if (scripts->kind != RT_JSON_OBJECT) {
        rt_manifest_anomaly(&reader->manifest, RT_STR("manifest-wrong-type"), RT_STR("scripts"));
        return;
    }
    reader->scripts = scripts;
    size_t count = scripts->count > SCRIPT_LIMIT ? SCRIPT_LIMIT : scripts->count;
    if (count < scripts->count)
        rt_manifest_anomaly(&reader->manifest, RT_STR("manifest-too-many-scripts"), RT_STR(""));
    for (size_t i = 0; i < scripts->count; i++) {
        RtStr name = scripts->keys[i];
        bool hook = is_hook(name);
        if (scripts->items[i].kind != RT_JSON_STRING || (i >= count && !hook))
            continue;
        reader->hook = hook ? name : RT_STR("");
        reader->command = scripts->items[i].text;
        reader->files = 0;
        reader->depth = 0;
        reader->manifest.phase = hook ? RT_WHEN_INSTALL : RT_WHEN_BUILD;
        if (rt_str_trim(reader->command).len == 0)
            continue;
        read_command(reader, reader->command);
        if (hook && reader->files == 0)
            rt_manifest_fact(&reader->manifest, RT_FACT_INSTALL_HOOK, reader->command, name,
                             reader->command, RT_STR(""));
        else if (!hook)
            rt_manifest_fact(&reader->manifest, RT_FACT_ENTRY_POINT, name, RT_STR("script"),
                             RT_STR(""), RT_STR(""));
    }
}

/* npm builds a binding.gyp it finds even when no manifest speaks of it. */
static void read_implicit_build(Reader *reader)
{
    RtStr install = rt_json_text(reader->scripts, RT_STR("install"));
    RtStr preinstall = rt_json_text(reader->scripts, RT_STR("preinstall"));
    const RtJson *gypfile = rt_json_get(reader->root, RT_STR("gypfile"));
    RtSink *sink = reader->manifest.sink;
    if (install.len > 0 || preinstall.len > 0 ||
        (gypfile && gypfile->kind == RT_JSON_BOOL && !gypfile->truth))
        return;
    if (sink->find(sink, reader->manifest.self, RT_STR("./binding.gyp")) != 0)
        rt_manifest_fact(&reader->manifest, RT_FACT_INSTALL_HOOK, RT_STR(""), RT_STR("install"),
                         RT_STR("node-gyp rebuild"), RT_STR("binding.gyp"));
}

/* Every string below `exports`, `browser`, `imports`: all conditions count, types do not. */
static void read_export_paths(Reader *reader, const char *what, const RtJson *value, int depth)
{
    if (value == NULL || depth > EXPORT_DEPTH)
        return;
    if (value->kind == RT_JSON_STRING) {
        if (!rt_str_ends(value->text, RT_STR(".d.ts")) && !rt_str_has(value->text, RT_STR("*")))
            entry(reader, what, value->text);
        return;
    }
    if (value->kind != RT_JSON_OBJECT && value->kind != RT_JSON_ARRAY)
        return;
    for (size_t i = 0; i < value->count && reader->entries < ENTRY_LIMIT; i++)
        if (value->kind == RT_JSON_ARRAY || !rt_str_starts(value->keys[i], RT_STR("types")))
            read_export_paths(reader, what, &value->items[i], depth + 1);
}

static void check_bin(Reader *reader, RtStr name)
{
    if (rt_word_in(name, "node npm npx yarn pnpm bun git ssh scp curl wget sudo sh bash zsh python "
                         "python3 pip pip3 docker kubectl "
                         "gh code ls cat rm cp make gcc php composer ruby gem cargo go java brew "
                         "apt aws gcloud az"))
        rt_manifest_anomaly(&reader->manifest, RT_STR("bin-shadows-command"), name);
}

static void read_bin(Reader *reader, RtStr package_name)
{
    const RtJson *bin = rt_json_get(reader->root, RT_STR("bin"));
    bool own_name = false;
    if (bin && bin->kind == RT_JSON_STRING) {
        entry(reader, "bin", bin->text);
    } else if (bin && bin->kind == RT_JSON_OBJECT) {
        for (size_t i = 0; i < bin->count && i < ENTRY_LIMIT; i++) {
            own_name = rt_str_equal(bin->keys[i], package_name) ||
                       rt_str_equal(bin->keys[i], rt_path_name(package_name));
            if (!own_name)
                check_bin(reader, bin->keys[i]);
            if (bin->items[i].kind == RT_JSON_STRING)
                entry(reader, "bin", bin->items[i].text);
        }
    } else if (bin && bin->kind != RT_JSON_NULL) {
        rt_manifest_anomaly(&reader->manifest, RT_STR("manifest-wrong-type"), RT_STR("bin"));
    }
    entry(reader, "bin-folder",
          rt_json_text(rt_json_get(reader->root, RT_STR("directories")), RT_STR("bin")));
}

static void read_entries(Reader *reader, RtStr package_name)
{
    RtStr main_file = rt_json_text(reader->root, RT_STR("main"));
    const RtJson *exports = rt_json_get(reader->root, RT_STR("exports"));
    entry(reader, "main", main_file);
    entry(reader, "module", rt_json_text(reader->root, RT_STR("module")));
    entry(reader, "jsnext:main", rt_json_text(reader->root, RT_STR("jsnext:main")));
    entry(reader, "unpkg", rt_json_text(reader->root, RT_STR("unpkg")));
    read_export_paths(reader, "exports", exports, 0);
    read_export_paths(reader, "imports", rt_json_get(reader->root, RT_STR("imports")), 0);
    read_export_paths(reader, "browser", rt_json_get(reader->root, RT_STR("browser")), 0);
    read_bin(reader, package_name);
    RtSink *sink = reader->manifest.sink;
    if (main_file.len == 0 && exports == NULL &&
        sink->find(sink, reader->manifest.self, RT_STR("./index.js")) != 0)
        entry(reader, "main", RT_STR("index.js"));
}

/* Says what a dependency's spec is when it is no version range. */
static const char *odd_spec(RtStr spec)
{
    if (rt_str_starts(spec, RT_STR("http://")) || rt_str_starts(spec, RT_STR("https://")))
        return rt_str_has(spec, RT_STR(".git")) ? "git" : "url";
    if (rt_str_starts(spec, RT_STR("git")) || rt_str_starts(spec, RT_STR("ssh://")) ||
        rt_str_starts(spec, RT_STR("bitbucket:")))
        return "git";
    if (rt_str_starts(spec, RT_STR("file:")) || rt_str_starts(spec, RT_STR("link:")) ||
        rt_str_starts(spec, RT_STR("./")) || rt_str_starts(spec, RT_STR("../")))
        return "file";
    if (rt_str_starts(spec, RT_STR("npm:")))
        return "alias";
    size_t slash = rt_str_find_byte(spec, '/');
    bool range =
        rt_str_find_byte(spec, ' ') != RT_NOT_FOUND || rt_str_find_byte(spec, ':') != RT_NOT_FOUND;
    return slash != RT_NOT_FOUND && slash > 0 && !range && spec.at[0] != '@' ? "git" : NULL;
}

/* "Name <e-mail> (url)", or an object of the same parts. */
static void read_person(Reader *reader, const char *role, const RtJson *person)
{
    RtStr name = rt_json_text(person, RT_STR("name")),
          email = rt_json_text(person, RT_STR("email"));
    if (person->kind == RT_JSON_STRING) {
        size_t from = rt_str_find_byte(person->text, '<'), to = rt_str_find_byte(person->text, '>');
        name = rt_str_trim(rt_str_sub(person->text, 0, from));
        if (from < to && to != RT_NOT_FOUND)
            email = rt_str_sub(person->text, from + 1, to - from - 1);
    }
    if (name.len + email.len > 0)
        rt_manifest_fact(&reader->manifest, RT_FACT_PERSON, email.len > 0 ? email : name,
                         rt_str_from_c(role), name, email);
}

/* A registry adds _npmUser, who published it. */
static void read_people(Reader *reader)
{
    static const struct {
        const char *key, *role;
    } keys[] = { { "_npmUser", "publisher" },
                 { "author", "author" },
                 { "maintainers", "maintainer" },
                 { "contributors", "contributor" } };
    for (size_t i = 0; i < RT_COUNT(keys); i++) {
        const RtJson *value = rt_json_get(reader->root, rt_str_from_c(keys[i].key));
        if (value == NULL)
            continue;
        if (value->kind != RT_JSON_ARRAY)
            read_person(reader, keys[i].role, value);
        for (size_t k = 0; value->kind == RT_JSON_ARRAY && k < value->count && k < PEOPLE_LIMIT;
             k++)
            read_person(reader, keys[i].role, &value->items[k]);
    }
}

static void read_dependencies(Reader *reader)
{
    static const char *const kinds[] = { "dependencies", "optionalDependencies", "peerDependencies",
                                         "devDependencies" };
    RtArena *arena = reader->manifest.sink->arena;
    size_t seen = 0;
    for (size_t k = 0; k < RT_COUNT(kinds); k++) {
        const RtJson *list = rt_json_get(reader->root, rt_str_from_c(kinds[k]));
        if (list == NULL)
            continue;
        if (list->kind != RT_JSON_OBJECT) {
            if (list->count > 0)
                rt_manifest_anomaly(&reader->manifest, RT_STR("manifest-wrong-type"),
                                    rt_str_from_c(kinds[k]));
            continue;
        }
        for (size_t i = 0; i < list->count && seen < DEPENDENCY_LIMIT; i++, seen++) {
            const RtJson *item = &list->items[i];
            RtStr spec =
                item->kind == RT_JSON_STRING ? item->text : rt_json_text(item, RT_STR("version"));
            const char *odd = odd_spec(spec);
            RtStr kind =
                odd ? rt_str_format(arena, "%s %s", kinds[k], odd) : rt_str_from_c(kinds[k]);
            rt_manifest_fact(&reader->manifest, RT_FACT_DEPENDENCY, odd ? spec : list->keys[i],
                             list->keys[i], spec, kind);
        }
    }
    if (seen >= DEPENDENCY_LIMIT)
        rt_manifest_anomaly(&reader->manifest, RT_STR("manifest-too-many-dependencies"),
                            RT_STR(""));
    const RtJson *bundle = rt_json_get(reader->root, RT_STR("bundleDependencies"));
    bundle = bundle ? bundle : rt_json_get(reader->root, RT_STR("bundledDependencies"));
    for (size_t i = 0;
         bundle && bundle->kind == RT_JSON_ARRAY && i < bundle->count && i < ENTRY_LIMIT; i++)
        if (bundle->items[i].kind == RT_JSON_STRING)
            rt_manifest_fact(&reader->manifest, RT_FACT_DEPENDENCY, bundle->items[i].text,
                             bundle->items[i].text, RT_STR(""), RT_STR("bundleDependencies"));
}

static void read_workspaces(Reader *reader)
{
    const RtJson *list = rt_json_get(reader->root, RT_STR("workspaces"));
    if (list && list->kind == RT_JSON_OBJECT)
        list = rt_json_get(list, RT_STR("packages"));
    for (size_t i = 0; list && list->kind == RT_JSON_ARRAY && i < list->count && i < ENTRY_LIMIT;
         i++)
        if (list->items[i].kind == RT_JSON_STRING)
            rt_manifest_fact(&reader->manifest, RT_FACT_DEPENDENCY, list->items[i].text,
                             list->items[i].text, RT_STR(""), RT_STR("workspace"));
}

/* A template or fixture inside a package: nobody installs it from here. */
static bool is_displayed_only(RtStr path)
{
    RtStr rest = rt_path_folder(path), piece;
    while (rt_str_next(&rest, '/', &piece))
        if (rt_word_in(piece, "test tests __tests__ fixtures __fixtures__ template templates "
                              "testdata __mocks__ spec"))
            return true;
    return false;
}

static void read_package_json(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    Reader reader = { .manifest = { .sink = sink, .self = self, .text = layer->bytes } };
    bool is_root = rt_manifest_is_root(&reader.manifest, RT_STR("package.json"));
    bool template = !is_root && rt_str_has(layer->bytes, RT_STR("<%"));
    if (template || (!is_root && is_displayed_only(layer->name)))
        return;
    reader.root = rt_manifest_json(&reader.manifest, false);
    if (reader.root == NULL)
        return;
    RtStr name = rt_json_text(reader.root, RT_STR("name"));
    const RtJson *name_value = rt_json_get(reader.root, RT_STR("name"));
    if (name_value && name_value->kind != RT_JSON_STRING)
        rt_manifest_anomaly(&reader.manifest, RT_STR("manifest-wrong-type"), RT_STR("name"));
    if (is_root)
        read_people(&reader);
    if (is_root || rt_path_has_folder(layer->name, RT_STR("node_modules")))
        rt_manifest_package(&reader.manifest, RT_STR("npm"), name,
                            rt_json_text(reader.root, RT_STR("version")),
                            rt_json_text(reader.root, RT_STR("description")));
    read_scripts(&reader);
    read_implicit_build(&reader);
    read_entries(&reader, name);
    read_dependencies(&reader);
    read_workspaces(&reader);
}

/* A second manifest that waits to be swapped in: npm never reads it, so a reason to carry one is
 * hard to find. */
static void read_spare(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    if (text.len > 256 * 1024 || !rt_str_has(text, RT_STR("\"version\"")) ||
        !rt_str_has(text, RT_STR("\"name\"")) ||
        sink->find(sink, self, RT_STR("./package.json")) == 0)
        return;
    const RtJson *root = rt_json_read(sink->arena, text, &(RtJsonOptions){ .lenient = true });
    const RtJson *scripts = rt_json_get(root, RT_STR("scripts")),
                 *version = rt_json_get(root, RT_STR("version"));
    if (version == NULL || version->kind != RT_JSON_STRING ||
        rt_json_text(root, RT_STR("name")).len == 0)
        return;
    bool depends = rt_json_get(root, RT_STR("dependencies")) != NULL ||
                   rt_json_get(root, RT_STR("main")) != NULL;
    if ((scripts && scripts->kind == RT_JSON_OBJECT) || depends)
        rt_sink_anomaly(sink, self, RT_STR("spare-manifest"), rt_path_name(layer->name));
}

static bool is_spare_name(RtStr name)
{
    if (!rt_str_ends(name, RT_STR(".json")) ||
        rt_word_in(name, "package.json package-lock.json .package-lock.json"))
        return false;
    RtStr stem = rt_path_stem(name);
    return rt_word_in(stem, "pk pkg p mod m pack npm pak pkgs manifest") ||
           rt_str_find_nocase(stem, RT_STR("package")) != RT_NOT_FOUND;
}

static bool claims(RtStr path)
{
    RtStr name = rt_path_name(path);
    return rt_word_in(name, "package.json binding.gyp .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs "
                            "pnpmfile.js bunfig.toml") ||
           is_spare_name(name);
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr name = rt_path_name(layer->name);
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    if (rt_str_equal(name, RT_STR("package.json")))
        read_package_json(layer, self, sink);
    else if (rt_str_equal(name, RT_STR("binding.gyp")))
        rt_npm_read_gyp(&reader);
    else if (is_spare_name(name))
        read_spare(layer, self, sink);
    else
        rt_npm_read_config(&reader, name);
}

const RtEcosystem rt_ecosystem_npm = { .name = "npm", .claims = claims, .manifest = manifest };
