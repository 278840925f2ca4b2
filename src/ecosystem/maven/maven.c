/* maven.c - pom.xml and its relatives: plugins that run commands or scripts when the project is
 * built (T-JV-02). XML is searched as text between tags: no entities are expanded, nothing can blow
 * up. */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { PLUGIN_LIMIT = 20, PLUGIN_BYTES = 32 * 1024 };

/* The text of the first <tag>…</tag> of `xml`. */
static RtStr tag_text(RtStr xml, const char *open, const char *close)
{
    size_t at = rt_str_find(xml, rt_str_from_c(open));
    if (at == RT_NOT_FOUND)
        return RT_STR("");
    RtStr rest = rt_str_from(xml, at + rt_str_from_c(open).len);
    size_t end = rt_str_find(rt_str_sub(rest, 0, PLUGIN_BYTES), rt_str_from_c(close));
    return end == RT_NOT_FOUND ? RT_STR("") : rt_str_trim(rt_str_sub(rest, 0, end));
}

static RtStr plugin_command(RtArena *arena, RtStr plugin)
{
    RtText line = { .arena = arena, .limit = 16 * 1024 };
    rt_text_add(&line, tag_text(plugin, "<executable>", "</executable>"));
    RtStr rest = plugin;
    for (int i = 0; i < 50; i++) {
        size_t at = rt_str_find(rest, RT_STR("<argument>"));
        if (at == RT_NOT_FOUND)
            break;
        RtStr argument = tag_text(rest, "<argument>", "</argument>");
        rest = rt_str_from(rest, at + 10);
        rt_text_format(&line, " '%.*s'", RT_FMT(argument));
    }
    return rt_text_str(&line);
}

static void read_pom(RtManifest *manifest)
{
    static const char *const plugins[] = { "<artifactId>exec-maven-plugin<",
                                           "<artifactId>maven-antrun-plugin<",
                                           "<artifactId>groovy-maven-plugin<",
                                           "<artifactId>gmavenplus-plugin<",
                                           "<artifactId>gmaven-plugin<" };
    RtStr head = rt_str_sub(manifest->text, 0, 64 * 1024);
    rt_manifest_package(manifest, RT_STR("maven"), tag_text(head, "<artifactId>", "</artifactId>"),
                        tag_text(head, "<version>", "</version>"), RT_STR(""));
    for (size_t k = 0; k < RT_COUNT(plugins); k++) {
        RtStr needle = rt_str_from_c(plugins[k]);
        RtStr rest = manifest->text;
        for (size_t i = 0; i < PLUGIN_LIMIT; i++) {
            size_t at = rt_str_find(rest, needle);
            if (at == RT_NOT_FOUND)
                break;
            rest = rt_str_from(rest, at);
            RtStr plugin = rt_str_sub(
                rest, 0, rt_str_find(rt_str_sub(rest, 0, PLUGIN_BYTES), RT_STR("</plugin>")));
            plugin = rt_str_sub(plugin, 0, PLUGIN_BYTES);
            rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, needle, RT_STR("maven-plugin"),
                             plugin_command(manifest->sink->arena, plugin), RT_STR(""));
            rest = rt_str_from(rest, needle.len);
        }
    }
}

static bool claims(RtStr path)
{
    return rt_path_is(path, RT_STR("pom.xml")) || rt_path_is(path, RT_STR(".mvn/extensions.xml")) ||
           rt_path_is(path, RT_STR(".mvn/jvm.config")) ||
           rt_word_in(
               rt_path_name(path),
               "build.gradle settings.gradle init.gradle build.gradle.kts settings.gradle.kts");
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    RtStr name = rt_path_name(layer->name);
    if (rt_str_equal(name, RT_STR("pom.xml")))
        read_pom(&reader);
    else if (rt_str_equal(name, RT_STR("extensions.xml")))
        rt_manifest_fact(&reader, RT_FACT_DEPENDENCY, RT_STR("<artifactId>"),
                         tag_text(layer->bytes, "<artifactId>", "</artifactId>"), RT_STR(""),
                         RT_STR("maven-extension"));
    else if (rt_str_equal(name, RT_STR("jvm.config")) &&
             rt_str_has(layer->bytes, RT_STR("-javaagent")))
        rt_manifest_fact(&reader, RT_FACT_OPEN_HOOK, RT_STR("-javaagent"), RT_STR("maven"),
                         rt_str_trim(rt_str_sub(layer->bytes, 0, 1024)), RT_STR("jvm.config"));
    else if (rt_str_has(name, RT_STR(".gradle")))
        rt_manifest_fact(&reader, RT_FACT_ENTRY_POINT, RT_STR(""), RT_STR("script"),
                         rt_str_format(sink->arena, "./%.*s", RT_FMT(name)), RT_STR(""));
}

const RtEcosystem rt_ecosystem_maven = { .name = "maven", .claims = claims, .manifest = manifest };
