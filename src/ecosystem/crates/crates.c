/* crates.c - Cargo.toml: build.rs runs when anybody compiles a dependent crate, a proc-macro inside
 * the compiler; a checkout's .cargo/config.toml can name the programs cargo starts. Source: the
 * Cargo book, "Build scripts", "Config". */
#include "base/words.h"
#include "ecosystem/manifest.h"
#include "ecosystem/toml.h"

enum { ENTRY_LIMIT = 2000 };

static void build_script(RtManifest *manifest, RtStr file, RtStr anchor)
{
    rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, anchor, RT_STR("build.rs"),
                     RT_STR("cargo build"), file);
}

static void read_cargo(RtManifest *manifest)
{
    RtToml toml = { .rest = manifest->text, .arena = manifest->sink->arena };
    RtTomlEntry item;
    RtStr name = { 0 }, version = { 0 }, description = { 0 }, build = { 0 },
          library = RT_STR("src/lib.rs");
    bool macro = false;
    for (size_t i = 0; i < ENTRY_LIMIT && rt_toml_next(&toml, &item); i++) {
        bool package = rt_str_equal(item.table, RT_STR("package")),
             lib = rt_str_equal(item.table, RT_STR("lib"));
        if (package && rt_str_equal(item.key, RT_STR("name")))
            name = item.value;
        else if (package && rt_str_equal(item.key, RT_STR("version")))
            version = item.value;
        else if (package && rt_str_equal(item.key, RT_STR("description")))
            description = item.value;
        else if (package && rt_str_equal(item.key, RT_STR("build")))
            build = item.value;
        else if (lib && rt_str_equal(item.key, RT_STR("path")))
            library = item.value;
        else if (lib && rt_word_in(item.key, "proc-macro proc_macro"))
            macro = rt_str_equal(item.value, RT_STR("true"));
        else if (rt_str_ends(item.table, RT_STR("dependencies")))
            rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, item.key, item.key, item.value,
                             rt_str_has(item.value, RT_STR("git")) && item.item_count > 0
                                 ? RT_STR("dependencies git")
                                 : item.table);
    }
    if (name.len > 0)
        rt_manifest_package(manifest, RT_STR("crates"), name, version, description);
    RtSink *sink = manifest->sink;
    if (build.len > 0 && !rt_str_equal(build, RT_STR("false")))
        build_script(manifest, rt_str_equal(build, RT_STR("true")) ? RT_STR("build.rs") : build,
                     build);
    else if (build.len == 0 && sink->find(sink, manifest->self, RT_STR("./build.rs")) != 0)
        build_script(manifest, RT_STR("build.rs"), RT_STR(""));
    rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, library,
                     macro ? RT_STR("proc-macro") : RT_STR("lib"), library, RT_STR(""));
}

static void read_config(RtManifest *manifest)
{
    RtToml toml = { .rest = manifest->text, .arena = manifest->sink->arena };
    RtTomlEntry item;
    for (size_t i = 0; i < ENTRY_LIMIT && rt_toml_next(&toml, &item); i++) {
        bool runs = rt_word_in(
            item.key,
            "runner linker rustc rustc-wrapper rustc-workspace-wrapper rustdoc credential-provider "
            "global-credential-providers");
        RtStr value = item.item_count > 0 ? item.items[0] : item.value;
        if (runs)
            rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, value, RT_STR("cargo-config"), value,
                             item.key);
    }
}

static bool claims(RtStr path)
{
    return rt_path_is(path, RT_STR("Cargo.toml")) ||
           rt_path_is(path, RT_STR(".cargo/config.toml")) ||
           rt_path_is(path, RT_STR(".cargo/config"));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    if (rt_path_is(layer->name, RT_STR("Cargo.toml")))
        read_cargo(&reader);
    else
        read_config(&reader);
}

const RtEcosystem rt_ecosystem_crates = { .name = "crates",
                                          .claims = claims,
                                          .manifest = manifest };
