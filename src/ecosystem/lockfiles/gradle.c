/* gradle.c - gradle.lockfile ("group:artifact:version=configurations"), which has no hashes, and
 * gradle/verification-metadata.xml, which has them (docs.gradle.org). */
#include "ecosystem/lockfiles/lock_xml.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    (void)head;
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("gradle.lockfile")) ||
           rt_str_equal(name, RT_STR("buildscript-gradle.lockfile")) ||
           rt_str_equal(name, RT_STR("verification-metadata.xml"));
}

static void read_lines(RtLockWriter *out)
{
    RtStr rest = out->text, line;
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        RtStr text = rt_str_trim(line);
        size_t equals = rt_str_find_byte(text, '=');
        if (text.len == 0 || text.at[0] == '#' || rt_str_starts(text, RT_STR("empty=")))
            continue;
        RtStr whole = rt_str_sub(text, 0, equals == RT_NOT_FOUND ? text.len : equals);
        size_t colon = rt_str_rfind_byte(whole, ':');
        if (colon == RT_NOT_FOUND || equals == RT_NOT_FOUND) {
            rt_lock_broken(out, RT_STR("malformed"),
                           RT_STR("not `group:artifact:version=configurations`"), number);
            continue;
        }
        RtDependency item = { .ecosystem = RT_STR("maven"),
                              .name = rt_str_sub(whole, 0, colon),
                              .version = rt_str_from(whole, colon + 1),
                              .line = number };
        rt_lock_add(out, item);
    }
}

static void take_element(void *context, const RtXml *xml, bool is_end)
{
    RtLockWriter *out = context;
    if (is_end)
        return;
    if (rt_xml_is(xml, "components/component")) {
        RtStr group = rt_xml_attribute(xml, "group"), name = rt_xml_attribute(xml, "name");
        RtDependency item = { .ecosystem = RT_STR("maven"),
                              .name = rt_str_format(out->arena, "%.*s:%.*s", RT_FMT(group),
                                                    RT_FMT(name)),
                              .version = rt_xml_attribute(xml, "version"),
                              .line = xml->line };
        rt_lock_add(out, item);
    } else if (rt_xml_is(xml, "artifact/sha256") || rt_xml_is(xml, "artifact/sha512") ||
               rt_xml_is(xml, "artifact/sha1") || rt_xml_is(xml, "artifact/md5")) {
        if (out->count > 0)
            rt_lock_one_integrity(out, &out->items[out->count - 1],
                                  rt_str_format(out->arena, "%.*s:%.*s",
                                                RT_FMT(xml->names[xml->depth - 1]),
                                                RT_FMT(rt_xml_attribute(xml, "value"))));
    } else if (rt_xml_is(xml, "trusted-artifacts/trust")) {
        rt_lock_note(out, RT_STR("verification-off"),
                     rt_str_format(out->arena, "%.*s:%.*s", RT_FMT(rt_xml_attribute(xml, "group")),
                                   RT_FMT(rt_xml_attribute(xml, "name"))),
                     xml->line);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    if (rt_str_ends(path, RT_STR(".xml")))
        rt_xml_read(out, take_element, out);
    else
        read_lines(out);
}

const RtLockfile rt_lockfile_gradle = { .name = "gradle", .claims = claims, .read = read_lock };
