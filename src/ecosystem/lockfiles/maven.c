/* maven.c - pom.xml: dependencies, the plugins and extensions that run in the build, and the
 * repositories it adds (maven.apache.org/pom.html). Versions given by a property of the same file
 * are filled in; what a parent gives stays unknown. */
#include "ecosystem/lockfiles/lock_xml.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("pom.xml")) ||
           (rt_str_ends(name, RT_STR(".pom")) && rt_str_has(head, RT_STR("<project")));
}

typedef struct {
    RtLockWriter *out;
    RtDependency item;
    RtStr group, artifact;
    bool inside; /* of a dependency, plugin or extension */
} Pom;

/* "${x}" by <properties><x>: one step, no expression. */
static RtStr filled(RtLockWriter *out, RtStr text)
{
    if (!rt_str_starts(text, RT_STR("${")) || text.at[text.len - 1] != '}')
        return text;
    uint32_t id = rt_lock_find(out, rt_str_sub(text, 2, text.len - 3));
    return id ? out->wanted[id - 1].spec : text;
}

static void end_item(Pom *pom)
{
    RtLockWriter *out = pom->out;
    pom->inside = false;
    if (pom->artifact.len == 0)
        return;
    RtStr group = pom->group.len ? pom->group : RT_STR("org.apache.maven.plugins");
    pom->item.name = rt_str_format(out->arena, "%.*s:%.*s", RT_FMT(group), RT_FMT(pom->artifact));
    rt_lock_needs(out, 0, rt_lock_add(out, pom->item));
}

static void begin_item(Pom *pom, const RtXml *xml, uint32_t flags)
{
    pom->item = (RtDependency){ .ecosystem = RT_STR("maven"), .line = xml->line, .flags = flags };
    pom->group = pom->artifact = RT_STR("");
    pom->inside = true;
}

static void take_field(Pom *pom, const RtXml *xml)
{
    RtStr name = xml->names[xml->depth - 1];
    if (rt_str_equal(name, RT_STR("groupId"))) {
        pom->group = xml->text;
    } else if (rt_str_equal(name, RT_STR("artifactId"))) {
        pom->artifact = xml->text;
    } else if (rt_str_equal(name, RT_STR("version"))) {
        pom->item.version = xml->text;
    } else if (rt_str_equal(name, RT_STR("scope"))) {
        pom->item.flags |= rt_str_equal(xml->text, RT_STR("test")) ? RT_DEP_DEV : 0;
    } else if (rt_str_equal(name, RT_STR("systemPath"))) {
        pom->item.source = RT_FROM_PATH;
        pom->item.url = xml->text;
    }
}

/* Only the fields of the item itself, not of the exclusions inside it. */
static bool is_field(const RtXml *xml)
{
    if (xml->depth < 2)
        return false;
    RtStr parent = xml->names[xml->depth - 2];
    return rt_str_equal(parent, RT_STR("dependency")) || rt_str_equal(parent, RT_STR("plugin")) ||
           rt_str_equal(parent, RT_STR("extension"));
}

static void take_element(void *context, const RtXml *xml, bool is_end)
{
    Pom *pom = context;
    bool is_dependency = rt_xml_is(xml, "dependencies/dependency");
    bool is_plugin = rt_xml_is(xml, "plugins/plugin") || rt_xml_is(xml, "extensions/extension");
    if (is_dependency || is_plugin) {
        if (!is_end) {
            if (pom->inside) /* a plugin's own dependencies stand inside it */
                end_item(pom);
            begin_item(pom, xml, is_plugin ? RT_DEP_PLUGIN : 0);
        } else if (pom->inside) {
            end_item(pom);
        }
        return;
    }
    if (!is_end)
        return;
    if (rt_xml_is(xml, "repositories/repository/url") ||
        rt_xml_is(xml, "pluginRepositories/pluginRepository/url"))
        rt_lock_note(pom->out, RT_STR("extra-index"), xml->text, xml->line);
    else if (pom->inside && is_field(xml))
        take_field(pom, xml);
    else if (xml->depth >= 2 && rt_str_equal(xml->names[xml->depth - 2], RT_STR("properties"))) {
        rt_lock_want(pom->out, xml->names[xml->depth - 1], xml->text, 0, xml->line);
        rt_lock_key(pom->out, xml->names[xml->depth - 1], (uint32_t)pom->out->wanted_count);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    Pom pom = { .out = out };
    rt_xml_read(out, take_element, &pom);
    for (size_t i = 0; i < out->count; i++) {
        RtDependency *item = &out->items[i];
        item->version = filled(out, item->version);
        if (!rt_lock_is_exact(item->version) || rt_str_starts(item->version, RT_STR("${")))
            item->flags |= RT_DEP_LOOSE;
    }
    out->wanted_count = 0; /* they were properties */
}

const RtLockfile rt_lockfile_maven = { .name = "maven", .claims = claims, .read = read_lock };
