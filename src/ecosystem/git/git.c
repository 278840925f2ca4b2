/* git.c - what git runs in a checkout: committed hooks, filters, settings; and build files whose
 * recipes fetch.
 *
 * Hooks in .git are never cloned, but .husky and .githooks are, and one `prepare` script arms them
 * (T-REPO-05, -08, -12). The file itself is a script and read as such; here it is only said that
 * opening the repository runs it. */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { LINE_LIMIT = 5000, RECIPE_LIMIT = 40 };

static bool in_hook_folder(RtStr path)
{
    RtStr folder = rt_path_folder(path), name = rt_path_name(path);
    bool hooks = rt_path_is(folder, RT_STR(".husky")) || rt_path_is(folder, RT_STR(".githooks")) ||
                 rt_path_is(folder, RT_STR(".git-hooks")) ||
                 rt_path_is(folder, RT_STR(".git/hooks"));
    return hooks && !rt_str_ends(name, RT_STR(".sample")) && !rt_str_ends(name, RT_STR(".md")) &&
           !rt_str_equal(name, RT_STR(".gitignore"));
}

static void hook_file(RtManifest *manifest, RtStr name)
{
    RtArena *arena = manifest->sink->arena;
    bool interpreted = rt_str_starts(manifest->text, RT_STR("#!"));
    RtStr line =
        interpreted
            ? rt_str_trim(rt_str_sub(manifest->text, 2, rt_str_find_byte(manifest->text, '\n') - 2))
            : RT_STR("sh");
    const char *program = rt_str_has(line, RT_STR("node"))     ? "node"
                          : rt_str_has(line, RT_STR("python")) ? "python3"
                                                               : "sh";
    rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, RT_STR(""), RT_STR("git-hook"),
                     rt_str_format(arena, "%s ./%.*s", program, RT_FMT(name)), name);
}

static void read_config(RtManifest *manifest)
{
    RtStr rest = manifest->text, line;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        size_t equals = rt_str_find_byte(line, '=');
        if (equals == RT_NOT_FOUND)
            continue;
        RtStr key = rt_str_trim(rt_str_sub(line, 0, equals)),
              value = rt_str_trim(rt_str_from(line, equals + 1));
        bool runs = rt_word_in(key, "hooksPath fsmonitor sshCommand smudge clean process gitProxy "
                                    "pager editor textconv askPass program "
                                    "helper external driver");
        bool alias = rt_str_starts(value, RT_STR("!"));
        bool known =
            rt_str_starts(value, RT_STR("git-lfs")) || rt_str_starts(value, RT_STR("git lfs"));
        bool remote = rt_str_starts(value, RT_STR("ext::"));
        if ((runs || alias || remote) && !known)
            rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, value, RT_STR("git-config"),
                             alias ? rt_str_from(value, 1) : value, key);
        if (rt_str_equal(key, RT_STR("url")) && rt_str_has(manifest->text, RT_STR("[submodule")))
            rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, value, value, RT_STR(""),
                             RT_STR("submodule"));
    }
}

static void read_attributes(RtManifest *manifest)
{
    RtStr rest = manifest->text, line;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        size_t at = rt_str_find(line, RT_STR("filter="));
        RtStr filter = at == RT_NOT_FOUND ? RT_STR("") : rt_str_trim(rt_str_from(line, at + 7));
        if (filter.len > 0 && !rt_str_starts(filter, RT_STR("lfs")) &&
            !rt_str_starts(filter, RT_STR("git-crypt")) && line.at[0] != '#')
            rt_manifest_anomaly(manifest, RT_STR("git-filter"), rt_str_trim(line));
    }
}

/* Recipes that fetch or decode: the rest of a Makefile is the user's to run. */
static void read_recipes(RtManifest *manifest, RtStr name)
{
    static const char *const marks[] = { "curl",    "wget",      "base64",     "Invoke-WebRequest",
                                         "node -e", "python -c", "python3 -c", "/dev/tcp" };
    RtStr rest = manifest->text, line;
    size_t found = 0;
    for (size_t i = 0; i < LINE_LIMIT && found < RECIPE_LIMIT && rt_str_next(&rest, '\n', &line);
         i++) {
        bool recipe = line.len > 0 && (line.at[0] == '\t' || line.at[0] == ' ');
        for (size_t k = 0; recipe && k < RT_COUNT(marks); k++) {
            if (!rt_str_has(line, rt_str_from_c(marks[k])))
                continue;
            RtStr command = rt_str_trim(line);
            while (command.len > 0 &&
                   (command.at[0] == '@' || command.at[0] == '-' || command.at[0] == '+'))
                command = rt_str_from(command, 1);
            rt_manifest_fact(manifest, RT_FACT_WORKFLOW_STEP, command, name, command, RT_STR(""));
            found++;
            break;
        }
    }
}

static bool is_recipe_file(RtStr name)
{
    return rt_word_in(name,
                      "Makefile makefile GNUmakefile justfile Justfile Taskfile.yml Dockerfile");
}

static bool claims(RtStr path)
{
    RtStr name = rt_path_name(path);
    return in_hook_folder(path) || is_recipe_file(name) ||
           rt_word_in(name, ".gitattributes .gitmodules .gitconfig .lfsconfig") ||
           rt_path_is(path, RT_STR(".git/config"));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes, .phase = RT_WHEN_OPEN };
    RtStr name = rt_path_name(layer->name);
    if (in_hook_folder(layer->name))
        hook_file(&reader, name);
    else if (is_recipe_file(name))
        read_recipes(&reader, name);
    else if (rt_str_equal(name, RT_STR(".gitattributes")))
        read_attributes(&reader);
    else
        read_config(&reader);
}

const RtEcosystem rt_ecosystem_git = { .name = "git", .claims = claims, .manifest = manifest };
