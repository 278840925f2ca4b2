/* project_manifest.c - what a manifest asks for, and what it changes about what others ask for:
 * package.json, pyproject.toml, Pipfile, Cargo.toml, composer.json, go.mod. */
#include "base/words.h"
#include "ecosystem/lockfiles/project_around.h"
#include "ecosystem/manifest.h"

bool rt_around_manifest(RtStr path)
{
    return rt_word_in(rt_path_name(path),
                      "package.json pyproject.toml Pipfile Cargo.toml composer.json go.mod");
}

/* Every member of `map` is a request: its value a text, or a table with a version or an address. */
static void want_each(RtAround *around, const RtDoc *map, uint32_t flags)
{
    static const char *const specs[] = { "version", "git", "url", "path", "workspace" };
    for (size_t i = 0; i < map->count; i++) {
        const RtDoc *item = &map->items[i];
        RtStr spec = item->text, name = map->keys[i].text;
        for (size_t j = 0; j < RT_COUNT(specs) && item->kind == RT_DOC_MAP && spec.len == 0; j++)
            spec = rt_doc_text(item, rt_str_from_c(specs[j]));
        RtStr package = rt_doc_text(item, RT_STR("package")); /* Cargo: another name */
        rt_around_want(around, package.len ? package : name, spec, flags, map->keys[i].line);
    }
}

static void read_npm(RtAround *around)
{
    const RtDoc *root = rt_around_json(around);
    around->name = rt_doc_text(root, RT_STR("name"));
    want_each(around, rt_doc_map(root, RT_STR("dependencies")), 0);
    want_each(around, rt_doc_map(root, RT_STR("devDependencies")), RT_DEP_DEV);
    want_each(around, rt_doc_map(root, RT_STR("optionalDependencies")), RT_DEP_OPTIONAL);
    const RtDoc *pnpm = rt_doc_map(root, RT_STR("pnpm"));
    rt_around_set_each(around, "npm", "override", rt_doc_get(root, RT_STR("overrides")));
    rt_around_set_each(around, "yarn", "override", rt_doc_get(root, RT_STR("resolutions")));
    rt_around_set_each(around, "pnpm", "override", rt_doc_get(pnpm, RT_STR("overrides")));
    rt_around_set_each(around, "pnpm", "patched", rt_doc_get(pnpm, RT_STR("patchedDependencies")));
    rt_around_set_each(around, "bun", "patched", rt_doc_get(root, RT_STR("patchedDependencies")));
}

/* "name[extra]>=1; marker" or "name @ address" */
static void want_text(RtAround *around, const RtDoc *text, uint32_t flags)
{
    RtLockWriter writer = { .arena = around->arena };
    size_t end = 0;
    RtStr ends = RT_STR(" \t[(<>=!~;@,");
    while (end < text->text.len && rt_str_find_byte(ends, text->text.at[end]) == RT_NOT_FOUND)
        end++;
    rt_around_want(around, rt_lock_pypi_name(&writer, rt_str_sub(text->text, 0, end)),
                   rt_str_trim(rt_str_from(text->text, end)), flags, text->line);
}

static void want_list(RtAround *around, const RtDoc *list, uint32_t flags)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == RT_DOC_TEXT)
            want_text(around, &list->items[i], flags);
}

static void want_poetry(RtAround *around, const RtDoc *map, uint32_t flags)
{
    RtLockWriter writer = { .arena = around->arena };
    for (size_t i = 0; i < map->count; i++) {
        RtStr name = rt_lock_pypi_name(&writer, map->keys[i].text);
        if (!rt_str_equal(name, RT_STR("python")))
            rt_around_want(around, name, map->items[i].text,
                           flags | (rt_doc_is_true(&map->items[i], RT_STR("optional"))
                                        ? (uint32_t)RT_DEP_OPTIONAL
                                        : 0),
                           map->keys[i].line);
    }
}

static void set_sources(RtAround *around, const char *client, const RtDoc *list)
{
    for (size_t i = 0; i < list->count; i++) {
        RtStr url = rt_doc_text(&list->items[i], RT_STR("url"));
        bool is_first =
            rt_doc_is_true(&list->items[i], RT_STR("default")) ||
            rt_str_equal(rt_doc_text(&list->items[i], RT_STR("priority")), RT_STR("primary"));
        rt_around_set(around, client, is_first ? RT_STR("index") : RT_STR("extra-index"), url,
                      list->items[i].line);
    }
}

static void read_python(RtAround *around)
{
    const RtDoc *root = rt_around_toml(around);
    const RtDoc *project = rt_doc_map(root, RT_STR("project"));
    const RtDoc *tool = rt_doc_map(root, RT_STR("tool"));
    const RtDoc *poetry = rt_doc_map(tool, RT_STR("poetry"));
    const RtDoc *uv = rt_doc_map(tool, RT_STR("uv"));
    around->name = rt_doc_text(project, RT_STR("name"));
    want_list(around, rt_doc_list(project, RT_STR("dependencies")), 0);
    const RtDoc *groups = rt_doc_map(root, RT_STR("dependency-groups"));
    for (size_t i = 0; i < groups->count; i++)
        if (groups->items[i].kind == RT_DOC_LIST)
            want_list(around, &groups->items[i], RT_DEP_DEV);
    want_poetry(around, rt_doc_map(poetry, RT_STR("dependencies")), 0);
    set_sources(around, "poetry", rt_doc_list(poetry, RT_STR("source")));
    set_sources(around, "pdm", rt_doc_list(rt_doc_map(tool, RT_STR("pdm")), RT_STR("source")));
    set_sources(around, "uv", rt_doc_list(uv, RT_STR("index")));
    rt_around_set(around, "uv", RT_STR("index"), rt_doc_text(uv, RT_STR("index-url")), uv->line);
    rt_around_set_each(around, "uv", "override", rt_doc_get(uv, RT_STR("override-dependencies")));
}

static void read_pipfile(RtAround *around)
{
    const RtDoc *root = rt_around_toml(around);
    want_poetry(around, rt_doc_map(root, RT_STR("packages")), 0);
    want_poetry(around, rt_doc_map(root, RT_STR("dev-packages")), RT_DEP_DEV);
    const RtDoc *sources = rt_doc_list(root, RT_STR("source"));
    for (size_t i = 0; i < sources->count; i++)
        rt_around_set(around, "pip", i == 0 ? RT_STR("index") : RT_STR("extra-index"),
                      rt_doc_text(&sources->items[i], RT_STR("url")), sources->items[i].line);
}

static void read_cargo(RtAround *around)
{
    const RtDoc *root = rt_around_toml(around);
    want_each(around, rt_doc_map(root, RT_STR("dependencies")), 0);
    want_each(around, rt_doc_map(root, RT_STR("dev-dependencies")), RT_DEP_DEV);
    want_each(around, rt_doc_map(root, RT_STR("build-dependencies")), 0);
    const RtDoc *patch = rt_doc_map(root, RT_STR("patch"));
    for (size_t i = 0; i < patch->count; i++)
        rt_around_set_each(around, "cargo", "override", &patch->items[i]);
}

static void read_composer(RtAround *around)
{
    const RtDoc *root = rt_around_json(around);
    static const char *const fields[] = { "require", "require-dev" };
    for (size_t f = 0; f < RT_COUNT(fields); f++) {
        const RtDoc *map = rt_doc_map(root, rt_str_from_c(fields[f]));
        for (size_t i = 0; i < map->count; i++) /* "php" and "ext-…" are the platform */
            if (rt_str_find_byte(map->keys[i].text, '/') != RT_NOT_FOUND)
                rt_around_want(around, rt_str_lower(around->arena, map->keys[i].text),
                               map->items[i].text, f == 1 ? RT_DEP_DEV : 0, map->keys[i].line);
    }
    const RtDoc *repositories = rt_doc_get(root, RT_STR("repositories"));
    for (size_t i = 0; repositories && repositories->kind != RT_DOC_TEXT && i < repositories->count;
         i++)
        rt_around_set(around, "composer", RT_STR("extra-index"),
                      rt_doc_text(&repositories->items[i], RT_STR("url")),
                      repositories->items[i].line);
    const RtDoc *config = rt_doc_map(root, RT_STR("config"));
    const RtDoc *secure = rt_doc_get(config, RT_STR("secure-http"));
    if (secure)
        rt_around_set(around, "composer", RT_STR("secure-http"), secure->text, secure->line);
}

static void read_go(RtAround *around)
{
    static const RtStr name = { (const uint8_t *)"go.mod", 6 };
    RtLock lock;
    rt_lockfile_read(around->arena, rt_lockfile_find(name, RT_STR("")), around->file->bytes,
                     around->file->path, &lock);
    for (size_t i = 0; i < lock.wanted_count; i++)
        rt_around_want(around, lock.wanted[i].name, lock.wanted[i].spec, 0, lock.wanted[i].line);
    for (size_t i = 0; i < lock.note_count; i++)
        if (rt_str_equal(lock.notes[i].what, RT_STR("override")))
            rt_around_set(around, "go", RT_STR("override"), lock.notes[i].detail,
                          lock.notes[i].line);
}

void rt_around_read_manifest(RtAround *around)
{
    static const struct {
        const char *name;
        void (*read)(RtAround *around);
    } readers[] = { { "package.json", read_npm },       { "pyproject.toml", read_python },
                    { "Pipfile", read_pipfile },        { "Cargo.toml", read_cargo },
                    { "composer.json", read_composer }, { "go.mod", read_go } };
    for (size_t i = 0; i < RT_COUNT(readers); i++)
        if (rt_str_equal(rt_path_name(around->file->path), rt_str_from_c(readers[i].name)))
            readers[i].read(around);
}
