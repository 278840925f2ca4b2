/* ecosystem.c - the table of ecosystems, and the roles a path gives. A role is a hint about weight,
 * never an excuse: "test" folders have carried payloads (THREATS 3.5), so rules only use roles of
 * files nothing reaches. */
#include "ecosystem/ecosystem.h"

#include "base/words.h"
#include "ecosystem/manifest.h"

#define PLUG(name) extern const RtEcosystem rt_ecosystem_##name;
#include "ecosystems.list"
#undef PLUG

static const RtEcosystem *const table[] = {
#define PLUG(name) &rt_ecosystem_##name,
#include "ecosystems.list"
#undef PLUG
};

const RtEcosystem *const *rt_ecosystems(size_t *ret_count)
{
    *ret_count = RT_COUNT(table);
    return table;
}

const RtEcosystem *rt_ecosystem_find(RtStr name)
{
    for (size_t i = 0; i < RT_COUNT(table); i++)
        if (rt_str_equal(rt_str_from_c(table[i]->name), name))
            return table[i];
    return NULL;
}

bool rt_ecosystem_is_lockfile(RtStr path)
{
    return rt_word_in(
        rt_path_name(path),
        "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb "
        "poetry.lock pdm.lock uv.lock Pipfile.lock pylock.toml composer.lock Gemfile.lock "
        "Cargo.lock go.sum deno.lock .package-lock.json");
}

static uint16_t folder_role(RtStr folder)
{
    if (rt_word_in(
            folder,
            "test tests __tests__ __test__ spec specs testing fixtures __fixtures__ __mocks__ e2e "
            "testdata bench benchmark benchmarks"))
        return RT_ROLE_TEST;
    if (rt_word_in(folder, "doc docs example examples sample samples demo demos man"))
        return RT_ROLE_DOCS;
    if (rt_word_in(
            folder,
            "node_modules vendor _vendor third_party third-party bower_components site-packages"))
        return RT_ROLE_VENDORED;
    return 0;
}

static uint16_t name_role(RtStr name)
{
    uint16_t roles = 0;
    RtStr stem = rt_path_stem(name), suffix = rt_path_suffix(name);
    if (rt_str_ends_nocase(stem, RT_STR(".test")) || rt_str_ends_nocase(stem, RT_STR(".spec")) ||
        rt_str_ends_nocase(stem, RT_STR("_test")) || rt_str_starts(name, RT_STR("test_")) ||
        rt_str_equal(name, RT_STR("conftest.py")))
        roles |= RT_ROLE_TEST;
    if (rt_word_in(suffix, "md markdown rst adoc pod") ||
        rt_word_in(stem, "readme changelog history license licence copying "
                         "notice authors contributors security"))
        roles |= RT_ROLE_DOCS;
    if (rt_word_in(suffix, "map pyi") || rt_str_ends(name, RT_STR(".d.ts")) ||
        rt_str_ends(name, RT_STR(".d.mts")) || rt_str_ends(name, RT_STR(".d.cts")) ||
        rt_str_ends(name, RT_STR(".js.flow")))
        roles |= RT_ROLE_TYPES;
    bool script = rt_word_in(suffix, "js cjs mjs ts cts mts jsx tsx");
    if (script &&
        (rt_str_ends_nocase(stem, RT_STR(".config")) || rt_str_ends_nocase(stem, RT_STR(".conf")) ||
         name.at[0] == '.' || rt_word_in(stem, "gulpfile gruntfile webpackfile jakefile")))
        roles |= RT_ROLE_CONFIG;
    if (name.at[0] == '.' && name.len > 3 && rt_str_ends(name, RT_STR("rc")))
        roles |= RT_ROLE_CONFIG;
    if (script && name.len > 4 && rt_str_ends_nocase(stem, RT_STR(".min")))
        roles |= RT_ROLE_BUNDLE;
    if (rt_word_in(name, "package.json setup.py setup.cfg pyproject.toml composer.json Cargo.toml "
                         "build.rs binding.gyp "
                         "tasks.json PKG-INFO METADATA extconf.rb pom.xml"))
        roles |= RT_ROLE_MANIFEST;
    return roles;
}

void rt_ecosystem_roles(RtStr path, RtLayer *layer)
{
    RtStr rest = path, piece;
    uint16_t roles = 0;
    while (rt_str_next(&rest, '/', &piece)) {
        bool is_last = rest.len == 0;
        if (piece.len > 0)
            roles |= is_last ? name_role(piece) : folder_role(piece);
    }
    layer->roles |= roles;
}
