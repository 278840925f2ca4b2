/* rubygems.c - gems: extensions are built (their extconf.rb runs) at install, rubygems_plugin.rb at
 * every later `gem` command, lib/NAME.rb on require. The specification is read as lines, from
 * metadata (YAML) or the .gemspec (Ruby). */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { LINE_LIMIT = 3000 };

static RtStr quoted(RtStr line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] != '"' && line.at[i] != '\'')
            continue;
        RtStr rest = rt_str_from(line, i + 1);
        size_t end = rt_str_find_byte(rest, line.at[i]);
        return end == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(rest, 0, end);
    }
    return RT_STR("");
}

static void extension(RtManifest *manifest, RtStr file)
{
    const char *program = rt_str_ends(file, RT_STR(".rb"))        ? "ruby"
                          : rt_str_ends(file, RT_STR("Rakefile")) ? "rake -f"
                                                                  : "sh";
    if (file.len > 0 && file.len < 1000)
        rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, file, RT_STR("extension"),
                         rt_str_format(manifest->sink->arena, "%s %.*s", program, RT_FMT(file)),
                         file);
}

static void read_gemspec(RtManifest *manifest)
{
    RtStr rest = manifest->text, line, name = { 0 }, version = { 0 };
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        RtStr text = rt_str_trim(line);
        if (rt_str_has(text, RT_STR(".name")) && name.len == 0)
            name = quoted(text);
        else if (rt_str_has(text, RT_STR(".version")) && version.len == 0)
            version = quoted(text);
        else if (rt_str_has(text, RT_STR(".extensions")) ||
                 rt_str_has(text, RT_STR("extensions <<"))) {
            RtStr file = quoted(text);
            size_t open = rt_str_find(text, RT_STR("%w"));
            if (open != RT_NOT_FOUND && open + 3 < text.len) {
                file = rt_str_trim(rt_str_from(text, open + 3));
                size_t end = 0;
                while (end < file.len &&
                       rt_str_find_byte(RT_STR(" ])}>"), file.at[end]) == RT_NOT_FOUND)
                    end++;
                file = rt_str_sub(file, 0, end);
            }
            extension(manifest, file);
        }
    }
    rt_manifest_package(manifest, RT_STR("rubygems"), name, version, RT_STR(""));
}

static void read_metadata(RtManifest *manifest)
{
    RtStr rest = manifest->text, line, name = { 0 };
    bool in_extensions = false;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        if (rt_str_starts(line, RT_STR("name: ")))
            name = rt_str_trim(rt_str_from(line, 6));
        if (in_extensions && rt_str_starts(line, RT_STR("- ")))
            extension(manifest, rt_str_trim(rt_str_from(line, 2)));
        else
            in_extensions = rt_str_starts(line, RT_STR("extensions:"));
    }
    if (name.len > 0)
        rt_manifest_package(manifest, RT_STR("rubygems"), name, RT_STR(""), RT_STR(""));
}

static bool claims(RtStr path)
{
    RtStr name = rt_path_name(path);
    return rt_str_ends(name, RT_STR(".gemspec")) ||
           rt_word_in(name, "extconf.rb rubygems_plugin.rb") ||
           rt_word_in(path, "metadata metadata.gz");
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    RtStr name = rt_path_name(layer->name);
    if (rt_str_ends(name, RT_STR(".gemspec")))
        read_gemspec(&reader);
    else if (rt_str_equal(name, RT_STR("extconf.rb")))
        extension(&reader, RT_STR("extconf.rb"));
    else if (rt_str_equal(name, RT_STR("rubygems_plugin.rb")))
        rt_manifest_fact(&reader, RT_FACT_ENTRY_POINT, RT_STR(""), RT_STR("plugin-auto"),
                         RT_STR("./rubygems_plugin.rb"), RT_STR(""));
    else if (rt_str_starts(layer->bytes, RT_STR("--- !ruby/object:Gem::Specification")))
        read_metadata(&reader);
}

const RtEcosystem rt_ecosystem_rubygems = { .name = "rubygems",
                                            .claims = claims,
                                            .manifest = manifest };
