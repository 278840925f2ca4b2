/* pypi.c - what a Python distribution runs and when: setup.py and in-tree build back ends at
 * install, `.pth` lines at every start of the interpreter, top-level packages at import, scripts
 * when called.
 *
 * Source: PEP 517, 621, 427; site.py (".pth": a line that begins with "import " is executed);
 * setuptools' entry points. A wheel has no install script, so RECORD, which says what it should
 * hold, is compared with what it does. */
#include "base/words.h"
#include "ecosystem/manifest.h"
#include "ecosystem/toml.h"

enum { LINE_LIMIT = 5000, ENTRY_LIMIT = 300 };

/* "a.b:c [x]" -> "PREFIX/a/b" */
static RtStr module_path(RtArena *arena, const char *prefix, RtStr target)
{
    RtText path = { .arena = arena, .limit = 1024 };
    rt_text_add(&path, rt_str_from_c(prefix));
    for (size_t i = 0;
         i < target.len && target.at[i] != ':' && target.at[i] != ' ' && target.at[i] != '['; i++)
        rt_text_byte(&path, target.at[i] == '.' ? '/' : target.at[i]);
    return rt_text_str(&path);
}

static void entry(RtManifest *manifest, const char *what, RtStr path, RtStr anchor)
{
    rt_manifest_fact(manifest, RT_FACT_ENTRY_POINT, anchor, rt_str_from_c(what), path, RT_STR(""));
}

/* One `name = module:function` of an entry point group. Some groups are loaded by tools unasked. */
static void read_entry_point(RtManifest *manifest, RtStr group, RtStr name, RtStr target,
                             const char *prefix)
{
    RtStr path = module_path(manifest->sink->arena, prefix, target);
    bool script = rt_word_in(group, "console_scripts gui_scripts scripts project.scripts "
                                    "project.gui-scripts tool.poetry.scripts");
    bool automatic = rt_word_in(
        group,
        "pytest11 flake8.extension distutils.commands distutils.setup_keywords egg_info.writers "
        "setuptools.finalize_distribution_options setuptools.file_finders sphinx.builders "
        "opentelemetry_distro sitecustomize mypy.plugins pylint.plugins");
    if (script &&
        rt_word_in(
            name,
            "pip pip3 python python3 git ssh curl wget sudo ls cat node npm sh bash docker aws"))
        rt_manifest_anomaly(manifest, RT_STR("bin-shadows-command"), name);
    entry(manifest, script ? "console-script" : automatic ? "plugin-auto" : "plugin", path, target);
}

static void read_setup_cfg(RtManifest *manifest)
{
    RtToml toml = { .rest = manifest->text, .arena = manifest->sink->arena, .is_ini = true };
    RtTomlEntry item;
    for (size_t i = 0; i < LINE_LIMIT && rt_toml_next(&toml, &item); i++) {
        if (rt_str_equal(item.table, RT_STR("options.entry_points"))) {
            for (size_t k = 0; k < item.item_count && k < ENTRY_LIMIT; k++) {
                size_t equals = rt_str_find_byte(item.items[k], '=');
                if (equals != RT_NOT_FOUND)
                    read_entry_point(manifest, item.key,
                                     rt_str_trim(rt_str_sub(item.items[k], 0, equals)),
                                     rt_str_trim(rt_str_from(item.items[k], equals + 1)), "./");
            }
        } else if (rt_str_equal(item.table, RT_STR("options")) &&
                   rt_str_equal(item.key, RT_STR("cmdclass"))) {
            rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, item.value, RT_STR("cmdclass"),
                             item.value, module_path(manifest->sink->arena, "./", item.value));
        } else if (rt_str_equal(item.table, RT_STR("options")) &&
                   rt_word_in(item.key, "setup_requires install_requires")) {
            for (size_t k = 0; k < item.item_count && k < ENTRY_LIMIT; k++)
                rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, item.items[k], item.items[k],
                                 RT_STR(""), item.key);
        } else if (rt_str_equal(item.table, RT_STR("metadata")) &&
                   rt_str_equal(item.key, RT_STR("name"))) {
            rt_manifest_package(manifest, RT_STR("pypi"), item.value, RT_STR(""), RT_STR(""));
        }
    }
}

/* PEP 508 name of a requirement. */
static void dependency(RtManifest *manifest, RtStr requirement, const char *kind)
{
    size_t len = 0;
    while (len < requirement.len &&
           rt_str_find_byte(RT_STR(" <>=!~;[@("), requirement.at[len]) == RT_NOT_FOUND)
        len++;
    bool direct = rt_str_find_byte(requirement, '@') != RT_NOT_FOUND &&
                  rt_str_has(requirement, RT_STR("://"));
    RtStr words =
        direct ? rt_str_format(manifest->sink->arena, "%s url", kind) : rt_str_from_c(kind);
    rt_manifest_fact(manifest, RT_FACT_DEPENDENCY, requirement, rt_str_sub(requirement, 0, len),
                     rt_str_trim(rt_str_from(requirement, len)), words);
}

static void read_pyproject(RtManifest *manifest)
{
    RtToml toml = { .rest = manifest->text, .arena = manifest->sink->arena };
    RtTomlEntry item;
    RtStr backend = { 0 }, backend_path = { 0 }, name = { 0 }, version = { 0 }, description = { 0 };
    for (size_t i = 0; i < LINE_LIMIT && rt_toml_next(&toml, &item); i++) {
        bool build = rt_str_equal(item.table, RT_STR("build-system"));
        bool project = rt_word_in(item.table, "project tool.poetry");
        if (build && rt_str_equal(item.key, RT_STR("build-backend")))
            backend = item.value;
        else if (build && rt_str_equal(item.key, RT_STR("backend-path")))
            backend_path = item.item_count > 0 ? item.items[0] : item.value;
        else if (project && rt_str_equal(item.key, RT_STR("name")))
            name = item.value;
        else if (project && rt_str_equal(item.key, RT_STR("version")))
            version = item.value;
        else if (project && rt_str_equal(item.key, RT_STR("description")))
            description = item.value;
        else if (rt_word_in(item.table, "project.scripts project.gui-scripts tool.poetry.scripts"))
            read_entry_point(manifest, item.table, item.key, item.value, "./");
        else if (rt_str_starts(item.table, RT_STR("project.entry-points.")))
            read_entry_point(manifest, rt_str_from(item.table, 21), item.key, item.value, "./");
        bool requires = (build && rt_str_equal(item.key, RT_STR("requires"))) ||
                        (project && rt_str_equal(item.key, RT_STR("dependencies")));
        for (size_t k = 0; requires && k < item.item_count && k < ENTRY_LIMIT; k++)
            dependency(manifest, item.items[k], build ? "build-requires" : "dependencies");
    }
    if (name.len > 0)
        rt_manifest_package(manifest, RT_STR("pypi"), name, version, description);
    if (backend_path.len > 0 && backend.len > 0) {
        RtStr prefix = rt_str_format(manifest->sink->arena, "./%.*s/", RT_FMT(backend_path));
        RtStr file =
            module_path(manifest->sink->arena, rt_str_c(manifest->sink->arena, prefix), backend);
        rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, backend, RT_STR("build-backend"), backend,
                         file);
    }
}

/* "Name <e-mail>" or the e-mail alone. */
static void read_person(RtManifest *manifest, RtStr key, RtStr value)
{
    size_t from = rt_str_find_byte(value, '<'), to = rt_str_find_byte(value, '>');
    bool is_both = from < to && to != RT_NOT_FOUND;
    RtStr email = is_both ? rt_str_sub(value, from + 1, to - from - 1) : value;
    RtStr name = is_both ? rt_str_trim(rt_str_sub(value, 0, from)) : (RtStr){ 0 };
    bool is_author = rt_str_starts(key, RT_STR("A"));
    rt_manifest_fact(manifest, RT_FACT_PERSON, email,
                     is_author ? RT_STR("author") : RT_STR("maintainer"), name, email);
}

static void read_metadata(RtManifest *manifest)
{
    RtStr rest = manifest->text, line, name = { 0 }, version = { 0 }, summary = { 0 };
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        line = rt_str_trim(line);
        if (line.len == 0)
            break; /* the description follows */
        size_t colon = rt_str_find_byte(line, ':');
        if (colon == RT_NOT_FOUND)
            continue;
        RtStr key = rt_str_sub(line, 0, colon), value = rt_str_trim(rt_str_from(line, colon + 1));
        if (rt_str_equal_nocase(key, RT_STR("Name")))
            name = value;
        else if (rt_str_equal_nocase(key, RT_STR("Version")))
            version = value;
        else if (rt_str_equal_nocase(key, RT_STR("Summary")))
            summary = value;
        else if (rt_str_equal_nocase(key, RT_STR("Author-email")) ||
                 rt_str_equal_nocase(key, RT_STR("Maintainer-email")))
            read_person(manifest, key, value);
        else if (rt_str_equal_nocase(key, RT_STR("Requires-Dist")))
            dependency(manifest, value, "dependencies");
    }
    if (name.len == 0) {
        rt_manifest_anomaly(manifest, RT_STR("manifest-malformed"), RT_STR("no Name"));
        return;
    }
    rt_manifest_package(manifest, RT_STR("pypi"), name, version, summary);
    if (rt_str_trim(rest).len < 100 && summary.len < 12)
        rt_manifest_anomaly(
            manifest, RT_STR("metadata-empty"),
            rt_str_format(manifest->sink->arena, "%zu bytes of description", rest.len));
}

static void read_entry_points(RtManifest *manifest)
{
    RtToml toml = { .rest = manifest->text, .arena = manifest->sink->arena, .is_ini = true };
    RtTomlEntry item;
    for (size_t i = 0; i < ENTRY_LIMIT && rt_toml_next(&toml, &item); i++)
        read_entry_point(manifest, item.table, item.key, item.value, "../");
}

static void read_top_level(RtManifest *manifest)
{
    RtStr rest = manifest->text, line;
    for (size_t i = 0; i < 50 && rt_str_next(&rest, '\n', &line); i++) {
        line = rt_str_trim(line);
        if (line.len > 0 && line.len < 200)
            entry(manifest, "import", module_path(manifest->sink->arena, "../", line), line);
    }
}

static void read_pth(RtManifest *manifest)
{
    RtStr rest = manifest->text, line;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        if (!rt_str_starts(line, RT_STR("import ")) && !rt_str_starts(line, RT_STR("import\t")))
            continue;
        line = rt_str_trim(line);
        entry(manifest, "pth", line, line);
        manifest->phase = RT_WHEN_IMPORT;
        rt_manifest_inline(manifest, line, "py");
        for (size_t k = 0; k + 9 < line.len;
             k++) /* modules the line loads: `import a, b; import c` */
            if (rt_str_starts(rt_str_from(line, k), RT_STR("import ")) && k < 64) {
                RtStr module = rt_str_from(line, k + 7);
                size_t len = 0;
                while (len < module.len &&
                       rt_str_find_byte(RT_STR(" ;,"), module.at[len]) == RT_NOT_FOUND)
                    len++;
                RtStr path = module_path(manifest->sink->arena, "./", rt_str_sub(module, 0, len));
                if (manifest->sink->find(manifest->sink, manifest->self, path) != 0)
                    entry(manifest, "import", path, module);
            }
    }
}

/* The paths RECORD lists, as a set of hashes: a wheel may hold ten thousand files. */
typedef struct {
    uint64_t *slots;
    size_t mask;
} PathSet;

static bool set_has(PathSet *set, RtStr path, bool add)
{
    uint64_t key = rt_str_hash(path) | 1;
    size_t at = (size_t)key & set->mask;
    while (set->slots[at] != 0 && set->slots[at] != key)
        at = (at + 1) & set->mask;
    bool had = set->slots[at] == key;
    if (add)
        set->slots[at] = key;
    return had;
}

/* Every file RECORD lists should be there. False when the file is too long to be judged. */
static bool read_record_lines(RtManifest *manifest, PathSet *set)
{
    RtArena *arena = manifest->sink->arena;
    RtStr rest = manifest->text, line, first_missing = { 0 };
    size_t lines = 0, missing = 0;
    for (; lines <= set->mask / 2 && rt_str_next(&rest, '\n', &line); lines++) {
        size_t comma = rt_str_find_byte(line, ',');
        if (comma == RT_NOT_FOUND || line.at[0] == '"')
            continue;
        RtStr path = rt_str_sub(line, 0, comma);
        set_has(set, path, true);
        if (rt_str_find_byte(path, '/') == RT_NOT_FOUND && rt_str_ends(path, RT_STR(".py")))
            entry(manifest, "import", rt_str_format(arena, "../%.*s", RT_FMT(path)), path);
        bool generated =
            rt_str_starts(path, RT_STR("../")) || rt_path_has_folder(path, RT_STR("__pycache__"));
        if (!generated &&
            manifest->sink->find(manifest->sink, manifest->self,
                                 rt_str_format(arena, "../%.*s", RT_FMT(path))) == 0 &&
            missing++ == 0)
            first_missing = path;
    }
    if (missing > 0)
        rt_manifest_anomaly(manifest, RT_STR("record-missing-file"), first_missing);
    return rest.len == 0;
}

/* And every file that could run should be listed: pip removes only what RECORD knows. */
static void read_record(RtManifest *manifest, RtStr own_path)
{
    RtSink *sink = manifest->sink;
    PathSet set = { .mask = 64 * 1024 - 1 };
    while (set.mask > 255 && set.mask / 8 > manifest->text.len / 16)
        set.mask /= 2;
    set.slots = RT_NEW_ARRAY(sink->arena, uint64_t, set.mask + 1);
    if (!read_record_lines(manifest, &set))
        return;
    RtStr root = rt_path_folder(rt_path_folder(own_path)), first = { 0 };
    size_t skip = root.len > 0 ? root.len + 1 : 0;
    const RtLayer *self = sink->get_layer(sink, manifest->self), *other;
    RtLayerId parent = self ? self->parent : 0;
    for (RtLayerId id = 1; first.len == 0 && (other = sink->get_layer(sink, id)) != NULL; id++) {
        if (other->parent != parent || other->via != RT_VIA_ENTRY || other->name.len <= skip ||
            !rt_str_starts(other->name, root))
            continue;
        RtStr path = rt_str_from(other->name, skip);
        if (rt_word_in(rt_path_suffix(path), "py pth so pyd dll exe sh bat ps1") &&
            !set_has(&set, path, false))
            first = path;
    }
    if (first.len > 0)
        rt_manifest_anomaly(manifest, RT_STR("record-unlisted-file"), first);
}

static bool is_shown_only(RtStr path)
{
    RtStr rest = rt_path_folder(path), piece;
    while (rt_str_next(&rest, '/', &piece))
        if (rt_word_in(piece, "test tests testing docs doc examples example fixtures node_modules"))
            return true;
    return false;
}

static void read_setup_py(RtManifest *manifest)
{
    if (rt_manifest_is_root(manifest, RT_STR("setup.py")))
        rt_manifest_fact(manifest, RT_FACT_INSTALL_HOOK, RT_STR(""), RT_STR("setup.py"),
                         RT_STR("python setup.py"), RT_STR("setup.py"));
}

static void read_init(RtManifest *manifest, RtStr path)
{
    if (is_shown_only(path) ||
        manifest->sink->find(manifest->sink, manifest->self, RT_STR("../__init__.py")) != 0)
        return;
    entry(manifest, "import", RT_STR("./__init__.py"), RT_STR(""));
}

static bool claims(RtStr path)
{
    RtStr name = rt_path_name(path);
    return rt_word_in(name, "setup.py setup.cfg pyproject.toml PKG-INFO METADATA entry_points.txt "
                            "top_level.txt RECORD __init__.py "
                            "__main__.py sitecustomize.py usercustomize.py") ||
           rt_str_ends(name, RT_STR(".pth")) || rt_str_has(path, RT_STR(".data/scripts/"));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    RtStr name = rt_path_name(layer->name),
          own = rt_str_format(sink->arena, "./%.*s", RT_FMT(name));
    bool info = rt_str_ends(rt_path_folder(layer->name), RT_STR("-info"));
    if (rt_str_equal(name, RT_STR("setup.py")))
        read_setup_py(&reader);
    else if (rt_str_equal(name, RT_STR("setup.cfg")))
        read_setup_cfg(&reader);
    else if (rt_str_equal(name, RT_STR("pyproject.toml")))
        read_pyproject(&reader);
    else if (rt_str_equal(name, RT_STR("PKG-INFO")) ||
             (info && rt_str_equal(name, RT_STR("METADATA"))))
        read_metadata(&reader);
    else if (info && rt_str_equal(name, RT_STR("entry_points.txt")))
        read_entry_points(&reader);
    else if (info && rt_str_equal(name, RT_STR("top_level.txt")))
        read_top_level(&reader);
    else if (info && rt_str_equal(name, RT_STR("RECORD")))
        read_record(&reader, layer->name);
    else if (rt_str_ends(name, RT_STR(".pth")))
        read_pth(&reader);
    else if (rt_str_equal(name, RT_STR("__init__.py")))
        read_init(&reader, layer->name);
    else if (rt_word_in(name, "sitecustomize.py usercustomize.py"))
        entry(&reader, "sitecustomize", own, RT_STR(""));
    else if (rt_str_equal(name, RT_STR("__main__.py")) && !is_shown_only(layer->name))
        entry(&reader, "main", own, RT_STR(""));
    else if (rt_str_has(layer->name, RT_STR(".data/scripts/")))
        entry(&reader, "bin", own, RT_STR(""));
}

const RtEcosystem rt_ecosystem_pypi = { .name = "pypi", .claims = claims, .manifest = manifest };
