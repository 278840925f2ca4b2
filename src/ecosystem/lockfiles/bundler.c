/* bundler.c - Gemfile.lock: sections by source, specs with four blanks, their needs with six
 * (bundler's LockfileParser). Two remotes in one GEM section are searched both. */
#include "ecosystem/lockfiles/lock_writer.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("Gemfile.lock")) ||
           rt_str_equal(name, RT_STR("gems.locked")) ||
           (rt_str_has(head, RT_STR("GEM\n  remote: ")) && rt_str_has(head, RT_STR("\n  specs:")));
}

typedef struct {
    RtLockWriter *out;
    RtDependencySource source;
    RtStr section, remote, revision;
    uint32_t remotes, last; /* last: the gem whose needs follow */
    struct {
        uint32_t from;
        RtStr name;
    } * needs;
    size_t need_count, need_capacity;
} Bundler;

/* "name (1.2.3)" */
static RtStr name_in(RtStr text, RtStr *ret_version)
{
    size_t open = rt_str_find(text, RT_STR(" ("));
    RtStr name = rt_str_sub(text, 0, open == RT_NOT_FOUND ? text.len : open);
    *ret_version = RT_STR("");
    if (open != RT_NOT_FOUND) {
        RtStr rest = rt_str_from(text, open + 2);
        size_t close = rt_str_find_byte(rest, ')');
        *ret_version = rt_str_sub(rest, 0, close == RT_NOT_FOUND ? rest.len : close);
    }
    if (name.len > 0 && name.at[name.len - 1] == '!')
        name.len--;
    return name;
}

static void begin_section(Bundler *bundler, RtStr name)
{
    bundler->section = name;
    bundler->remote = bundler->revision = RT_STR("");
    bundler->remotes = 0;
    bundler->last = 0;
    bundler->source = rt_str_equal(name, RT_STR("GIT"))    ? RT_FROM_GIT
                      : rt_str_equal(name, RT_STR("PATH")) ? RT_FROM_PATH
                                                           : RT_FROM_REGISTRY;
}

static void take_option(Bundler *bundler, RtStr text, uint32_t line)
{
    if (rt_str_starts(text, RT_STR("remote: "))) {
        bundler->remote = rt_str_from(text, 8);
        if (++bundler->remotes > 1)
            rt_lock_note(bundler->out, RT_STR("extra-index"), bundler->remote, line);
    } else if (rt_str_starts(text, RT_STR("revision: "))) {
        bundler->revision = rt_str_from(text, 10);
    }
}

static void take_gem(Bundler *bundler, RtStr text, uint32_t line)
{
    RtLockWriter *out = bundler->out;
    RtDependency item = { .ecosystem = RT_STR("gem"), .source = bundler->source, .line = line };
    item.name = name_in(text, &item.version);
    if (bundler->source == RT_FROM_REGISTRY)
        item.registry = bundler->remote;
    else if (bundler->source == RT_FROM_GIT)
        item.url = rt_str_format(out->arena, "%.*s#%.*s", RT_FMT(bundler->remote),
                                 RT_FMT(bundler->revision));
    else
        item.url = bundler->remote;
    if (rt_str_equal(bundler->section, RT_STR("PLUGIN SOURCE")))
        item.flags |= RT_DEP_PLUGIN;
    bundler->last = rt_lock_add(out, item);
    rt_lock_key(out, item.name, bundler->last);
    rt_lock_key(out, rt_lock_pair(out, item.name, item.version), bundler->last);
}

static void take_checksum(Bundler *bundler, RtStr text)
{
    RtStr version, name = name_in(text, &version);
    size_t close = rt_str_find(text, RT_STR(") sha256="));
    uint32_t id = rt_lock_find(bundler->out, rt_lock_pair(bundler->out, name, version));
    if (id != 0 && close != RT_NOT_FOUND)
        rt_lock_one_integrity(bundler->out, rt_lock_item(bundler->out, id),
                              rt_str_format(bundler->out->arena, "sha256:%.*s",
                                            RT_FMT(rt_str_from(text, close + 9))));
}

static void take_line(Bundler *bundler, RtStr line, size_t indent, uint32_t number)
{
    RtStr text = rt_str_trim(line), version;
    bool has_specs = rt_str_equal(bundler->section, RT_STR("GEM")) ||
                     rt_str_equal(bundler->section, RT_STR("GIT")) ||
                     rt_str_equal(bundler->section, RT_STR("PATH")) ||
                     rt_str_equal(bundler->section, RT_STR("PLUGIN SOURCE"));
    if (indent == 0) {
        begin_section(bundler, text);
    } else if (has_specs && indent == 2) {
        take_option(bundler, text, number);
    } else if (has_specs && indent == 4) {
        take_gem(bundler, text, number);
    } else if (has_specs && indent == 6 && bundler->last != 0) {
        RT_PUSH(bundler->out->arena, bundler->needs, bundler->need_count, bundler->need_capacity)
            .from = bundler->last;
        bundler->needs[bundler->need_count - 1].name = name_in(text, &version);
    } else if (rt_str_equal(bundler->section, RT_STR("DEPENDENCIES"))) {
        RtStr name = name_in(text, &version);
        rt_lock_want(bundler->out, name, version, 0, number);
        rt_lock_needs(bundler->out, 0, rt_lock_find(bundler->out, name));
    } else if (rt_str_equal(bundler->section, RT_STR("CHECKSUMS"))) {
        take_checksum(bundler, text);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)path;
    Bundler bundler = { .out = out };
    RtStr rest = bytes, line;
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        size_t indent = 0;
        while (indent < line.len && line.at[indent] == ' ')
            indent++;
        if (rt_str_trim(line).len > 0)
            take_line(&bundler, line, indent, number);
    }
    for (size_t i = 0; i < bundler.need_count; i++)
        rt_lock_needs(out, bundler.needs[i].from, rt_lock_find(out, bundler.needs[i].name));
    out->wanted_kind = RT_WANTED_NAMES;
}

const RtLockfile rt_lockfile_bundler = { .name = "bundler", .claims = claims, .read = read_lock };
