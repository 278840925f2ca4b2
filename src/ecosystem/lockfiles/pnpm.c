/* pnpm.c - pnpm-lock.yaml of versions 5 to 9 (pnpm's lockfile types).
 *
 * Packages are keyed "/name/1.0.0" (5), "/name@1.0.0" (6), "name@1.0.0" (7, 9), peers behind them
 * in brackets (5: behind "_"); since 9 the needs stand in `snapshots`. There are no addresses for
 * the default registry. Since pnpm 11 a first document may hold the package manager's own lock. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

typedef struct {
    RtLockWriter *out;
    bool slashes; /* version 5: the version stands behind the last slash */
} Pnpm;

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("pnpm-lock.yaml")) ||
           (rt_str_starts(head, RT_STR("lockfileVersion: ")) && rt_str_ends(name, RT_STR(".yaml")));
}

/* Without peers: "a@1.0.0(b@2.0.0)", "/a/1.0.0_b@2.0.0". */
static RtStr without_peers(const Pnpm *pnpm, RtStr key)
{
    size_t at = rt_str_find_byte(key, '(');
    if (at != RT_NOT_FOUND)
        return rt_str_sub(key, 0, at);
    size_t slash = rt_str_rfind_byte(key, '/');
    if (pnpm->slashes && slash != RT_NOT_FOUND) {
        size_t mark = rt_str_find_byte(rt_str_from(key, slash), '_');
        if (mark != RT_NOT_FOUND)
            return rt_str_sub(key, 0, slash + mark);
    }
    return key;
}

static bool split_key(const Pnpm *pnpm, RtStr key, RtStr *ret_name, RtStr *ret_version)
{
    key = without_peers(pnpm, key);
    if (key.len > 0 && key.at[0] == '/')
        key = rt_str_from(key, 1);
    if (key.len < 2)
        return false;
    size_t at;
    if (pnpm->slashes) {
        at = rt_str_rfind_byte(key, '/');
    } else {
        at = rt_str_find_byte(rt_str_from(key, 1), '@');
        at = at == RT_NOT_FOUND ? at : at + 1;
    }
    if (at == RT_NOT_FOUND || at == 0)
        return false;
    *ret_name = rt_str_sub(key, 0, at);
    *ret_version = rt_str_from(key, at + 1);
    return true;
}

static void take_resolution(RtLockWriter *out, RtDependency *item, const RtDoc *entry)
{
    const RtDoc *resolution = rt_doc_map(entry, RT_STR("resolution"));
    RtStr type = rt_doc_text(resolution, RT_STR("type"));
    RtStr tarball = rt_doc_text(resolution, RT_STR("tarball"));
    rt_lock_integrity(out, item, rt_doc_text(resolution, RT_STR("integrity")));
    if (rt_str_equal(type, RT_STR("git"))) {
        item->source = RT_FROM_GIT;
        item->url =
            rt_str_format(out->arena, "%.*s#%.*s", RT_FMT(rt_doc_text(resolution, RT_STR("repo"))),
                          RT_FMT(rt_doc_text(resolution, RT_STR("commit"))));
    } else if (rt_str_equal(type, RT_STR("directory"))) {
        item->source = RT_FROM_PATH;
        item->url = rt_doc_text(resolution, RT_STR("directory"));
    } else if (tarball.len > 0) {
        item->url = tarball;
        item->source = rt_lock_source(tarball);
        if (item->source == RT_FROM_URL && rt_lock_is_exact(item->version) &&
            rt_str_find_byte(item->version, ':') == RT_NOT_FOUND)
            item->source = RT_FROM_REGISTRY; /* of a registry whose addresses do not follow from the
                                                name */
    }
    RtStr registry = rt_doc_text(resolution, RT_STR("registry"));
    if (registry.len > 0)
        item->registry = registry;
}

static uint32_t flags_of(const RtDoc *entry)
{
    uint32_t flags = 0;
    flags |= rt_doc_is_true(entry, RT_STR("dev")) ? RT_DEP_DEV : 0;
    flags |= rt_doc_is_true(entry, RT_STR("optional")) ? RT_DEP_OPTIONAL : 0;
    flags |= rt_doc_is_true(entry, RT_STR("requiresBuild")) ? RT_DEP_HOOK : 0;
    flags |= rt_doc_is_true(entry, RT_STR("patched")) ? RT_DEP_PATCHED : 0;
    flags |=
        rt_doc_get(entry, RT_STR("os")) || rt_doc_get(entry, RT_STR("cpu")) ? RT_DEP_NARROW : 0;
    return flags;
}

static void take_package(Pnpm *pnpm, const RtDoc *key, const RtDoc *entry)
{
    RtLockWriter *out = pnpm->out;
    RtDependency item = { .ecosystem = RT_STR("npm"), .line = key->line, .place = key->text };
    if (entry->kind != RT_DOC_MAP) {
        rt_lock_broken(out, RT_STR("wrong-type"), key->text, key->line);
        return;
    }
    RtStr name = rt_doc_text(entry, RT_STR("name"));
    RtStr version = rt_doc_text(entry, RT_STR("version"));
    if (!split_key(pnpm, key->text, &item.name, &item.version))
        item.name = without_peers(pnpm, key->text);
    take_resolution(out, &item, entry);
    if (name.len > 0)
        item.name = name;
    if (version.len > 0)
        item.version = version;
    item.flags = flags_of(entry);
    uint32_t id = rt_lock_add(out, item);
    rt_lock_key(out, without_peers(pnpm, key->text), id);
    rt_lock_key(out, key->text, id);
}

/* What `name: reference` of a needs list leads to: a version of that name, or another key. */
static uint32_t resolve(Pnpm *pnpm, RtStr name, RtStr reference, bool *ret_alias)
{
    RtLockWriter *out = pnpm->out;
    RtStr plain = without_peers(pnpm, reference);
    *ret_alias = false;
    for (size_t i = 0; i < 3; i++) {
        uint32_t id = RT_LOCK_FIND(out, i > 0 ? RT_STR("/") : RT_STR(""), name,
                                   i == 2 ? RT_STR("/") : RT_STR("@"),
                                   i == 2 && pnpm->slashes ? reference : plain);
        if (id != 0)
            return id;
    }
    uint32_t id = rt_lock_find(out, reference);
    if (id == 0)
        id = rt_lock_find(out, plain);
    *ret_alias = id != 0;
    return id;
}

static void take_needs(Pnpm *pnpm, uint32_t from, const RtDoc *entry)
{
    static const char *const fields[] = { "dependencies", "optionalDependencies" };
    for (size_t f = 0; f < RT_COUNT(fields); f++) {
        const RtDoc *needs = rt_doc_map(entry, rt_str_from_c(fields[f]));
        for (size_t i = 0; i < needs->count; i++) {
            bool is_alias;
            uint32_t to = resolve(pnpm, needs->keys[i].text, needs->items[i].text, &is_alias);
            if (to != 0 && is_alias &&
                !rt_str_equal(needs->keys[i].text, rt_lock_item(pnpm->out, to)->name)) {
                rt_lock_item(pnpm->out, to)->alias = needs->keys[i].text;
                rt_lock_item(pnpm->out, to)->flags |= RT_DEP_ALIASED;
            }
            rt_lock_needs(pnpm->out, from, to);
        }
    }
}

/* `importer` holds what a project asks for: {specifier, version} (6, 9), or versions with the
 * specifiers apart (5). */
static void take_importer(Pnpm *pnpm, const RtDoc *importer, bool is_root)
{
    static const struct {
        const char *key;
        uint32_t flags;
    } fields[] = { { "dependencies", 0 },
                   { "devDependencies", RT_DEP_DEV },
                   { "optionalDependencies", RT_DEP_OPTIONAL } };
    const RtDoc *specifiers = rt_doc_map(importer, RT_STR("specifiers"));
    for (size_t f = 0; f < RT_COUNT(fields); f++) {
        const RtDoc *map = rt_doc_map(importer, rt_str_from_c(fields[f].key));
        for (size_t i = 0; i < map->count; i++) {
            RtStr name = map->keys[i].text, version = map->items[i].text, spec = { 0 };
            if (map->items[i].kind == RT_DOC_MAP) {
                version = rt_doc_text(&map->items[i], RT_STR("version"));
                spec = rt_doc_text(&map->items[i], RT_STR("specifier"));
            }
            bool is_alias;
            uint32_t to = resolve(pnpm, name, version, &is_alias);
            if (to != 0 && !rt_str_equal(name, rt_lock_item(pnpm->out, to)->name)) {
                rt_lock_item(pnpm->out, to)->alias = name;
                rt_lock_item(pnpm->out, to)->flags |= RT_DEP_ALIASED;
            }
            rt_lock_needs(pnpm->out, 0, to);
            if (is_root && spec.len > 0)
                rt_lock_want(pnpm->out, name, spec, fields[f].flags, map->keys[i].line);
        }
    }
    for (size_t i = 0; is_root && i < specifiers->count; i++)
        rt_lock_want(pnpm->out, specifiers->keys[i].text, specifiers->items[i].text, 0,
                     specifiers->keys[i].line);
}

static void take_document(RtLockWriter *out, const RtDoc *root)
{
    Pnpm pnpm = { .out = out };
    RtStr version = rt_doc_text(root, RT_STR("lockfileVersion"));
    pnpm.slashes = rt_str_starts(version, RT_STR("5"));
    const RtDoc *packages = rt_doc_map(root, RT_STR("packages"));
    const RtDoc *snapshots = rt_doc_map(root, RT_STR("snapshots"));
    for (size_t i = 0; i < packages->count; i++)
        take_package(&pnpm, &packages->keys[i], &packages->items[i]);
    const RtDoc *needers = snapshots->count ? snapshots : packages;
    for (size_t i = 0; i < needers->count; i++) {
        RtStr key = needers->keys[i].text;
        uint32_t from = rt_lock_find(out, without_peers(&pnpm, key));
        if (from == 0)
            continue;
        if (snapshots->count)
            rt_lock_item(out, from)->flags |= flags_of(&needers->items[i]);
        take_needs(&pnpm, from, &needers->items[i]);
    }
    const RtDoc *importers = rt_doc_map(root, RT_STR("importers"));
    for (size_t i = 0; i < importers->count; i++)
        take_importer(&pnpm, &importers->items[i],
                      rt_str_equal(importers->keys[i].text, RT_STR(".")));
    if (importers->count == 0)
        take_importer(&pnpm, root, true);
    const RtDoc *patches = rt_doc_get(root, RT_STR("patchedDependencies"));
    for (size_t i = 0; patches && patches->kind == RT_DOC_MAP && i < patches->count; i++)
        rt_lock_note(out, RT_STR("patched"), patches->keys[i].text, patches->keys[i].line);
    const RtDoc *overrides = rt_doc_map(root, RT_STR("overrides"));
    for (size_t i = 0; i < overrides->count; i++)
        rt_lock_note(out, RT_STR("override"),
                     rt_str_format(out->arena, "%.*s -> %.*s", RT_FMT(overrides->keys[i].text),
                                   RT_FMT(overrides->items[i].text)),
                     overrides->keys[i].line);
    const RtDoc *hook = rt_doc_get(root, RT_STR("pnpmfileChecksum"));
    if (hook)
        rt_lock_note(out, RT_STR("pnpmfile"), hook->text, hook->line);
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *documents = rt_lock_yaml(out, true);
    for (size_t i = 0; documents && i < documents->count; i++)
        take_document(out, &documents->items[i]);
    out->wanted_kind = out->wanted_count ? RT_WANTED_OWN : RT_WANTED_NOT_TOLD;
}

const RtLockfile rt_lockfile_pnpm = { .name = "pnpm", .claims = claims, .read = read_lock };
