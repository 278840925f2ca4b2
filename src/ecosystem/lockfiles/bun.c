/* bun.c - bun.lock (JSON with comments and trailing commas): "key": ["name@version", "address",
 * {needs}, "sha512-…"] (bun.sh/docs/install/lockfile). bun.lockb, the older binary form, is named
 * and not read. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    return rt_str_equal(name, RT_STR("bun.lock")) || rt_str_equal(name, RT_STR("bun.lockb")) ||
           rt_str_has(head, RT_STR("bun-lockfile-format")) ||
           (rt_str_has(head, RT_STR("\"lockfileVersion\"")) &&
            rt_str_has(head, RT_STR("\"workspaces\": {")));
}

static void take_package(RtLockWriter *out, const RtDoc *key, const RtDoc *entry)
{
    RtDependency item = { .ecosystem = RT_STR("npm"), .line = key->line, .place = key->text };
    if (entry->kind != RT_DOC_LIST || entry->count == 0 || entry->items[0].text.len < 2) {
        rt_lock_broken(out, RT_STR("wrong-type"), key->text, key->line);
        return;
    }
    RtStr whole = entry->items[0].text;
    size_t at = rt_str_find_byte(rt_str_from(whole, 1), '@');
    item.name = at == RT_NOT_FOUND ? whole : rt_str_sub(whole, 0, at + 1);
    item.version = at == RT_NOT_FOUND ? RT_STR("") : rt_str_from(whole, at + 2);
    item.source = rt_lock_source(item.version);
    if (item.source != RT_FROM_REGISTRY) {
        item.url = item.version;
        item.version = RT_STR("");
    } else if (entry->count > 1 && entry->items[1].kind == RT_DOC_TEXT) {
        item.url = entry->items[1].text;
    }
    for (size_t i = 1; i < entry->count; i++) {
        const RtDoc *part = &entry->items[i];
        if (part->kind == RT_DOC_TEXT && rt_str_starts(part->text, RT_STR("sha")))
            rt_lock_integrity(out, &item, part->text);
        if (rt_doc_is_true(part, RT_STR("hasInstallScript")))
            item.flags |= RT_DEP_HOOK;
        if (rt_doc_get(part, RT_STR("os")) || rt_doc_get(part, RT_STR("cpu")))
            item.flags |= RT_DEP_NARROW;
        if (rt_doc_is_true(part, RT_STR("bundled")))
            item.source = RT_FROM_PARENT;
    }
    size_t slash = rt_str_rfind_byte(key->text, '/');
    RtStr last = rt_str_ends(key->text, item.name) ? item.name : rt_str_from(key->text, slash + 1);
    if (slash == RT_NOT_FOUND || key->text.at[0] == '@')
        last = rt_str_ends(key->text, item.name) ? item.name : key->text;
    if (!rt_str_equal(last, item.name))
        item.alias = last;
    rt_lock_key(out, key->text, rt_lock_add(out, item));
}

/* Keys are ways: "a/b" is the b that only a gets. */
static uint32_t resolve(RtLockWriter *out, RtStr place, RtStr name)
{
    for (int i = 0; i < 64; i++) {
        uint32_t id = RT_LOCK_FIND(out, place, place.len ? RT_STR("/") : RT_STR(""), name);
        if (id != 0 || place.len == 0)
            return id;
        size_t slash = rt_str_rfind_byte(place, '/');
        place = slash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(place, 0, slash);
    }
    return 0;
}

static void take_needs(RtLockWriter *out, uint32_t from, RtStr place, const RtDoc *needer,
                       bool is_root)
{
    static const struct {
        const char *key;
        uint32_t flags;
    } fields[] = { { "dependencies", 0 },
                   { "optionalDependencies", RT_DEP_OPTIONAL },
                   { "devDependencies", RT_DEP_DEV },
                   { "peerDependencies", RT_DEP_OPTIONAL } };
    for (size_t f = 0; f < RT_COUNT(fields); f++) {
        const RtDoc *map = rt_doc_map(needer, rt_str_from_c(fields[f].key));
        for (size_t i = 0; i < map->count && place.len < 4096; i++) {
            RtStr spec = map->items[i].text;
            uint32_t to = resolve(out, place, map->keys[i].text);
            if (to != 0 &&
                (rt_str_starts(spec, RT_STR("npm:")) || rt_lock_source(spec) != RT_FROM_REGISTRY))
                rt_lock_item(out, to)->flags |= RT_DEP_ALIASED;
            if (to != 0)
                rt_lock_item(out, to)->flags |= from == 0 ? fields[f].flags : 0;
            rt_lock_needs(out, from, to);
            if (is_root)
                rt_lock_want(out, map->keys[i].text, spec, fields[f].flags, map->keys[i].line);
        }
    }
}

static void take_names(RtLockWriter *out, const RtDoc *root, RtStr key, RtStr what)
{
    const RtDoc *found = rt_doc_get(root, key);
    for (size_t i = 0; found && found->kind != RT_DOC_TEXT && i < found->count; i++) {
        const RtDoc *named = found->kind == RT_DOC_MAP ? &found->keys[i] : &found->items[i];
        rt_lock_note(out, what, named->text, named->line);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    if (rt_str_ends(path, RT_STR(".lockb")) ||
        rt_str_has(rt_str_sub(bytes, 0, 64), RT_STR("bun-lockfile-format"))) {
        rt_lock_broken(
            out, RT_STR("binary-lock"),
            RT_STR("bun.lockb is binary; bun writes bun.lock, as text, with `bun install "
                   "--save-text-lockfile`"),
            0);
        return;
    }
    const RtDoc *root = rt_lock_json(out, true);
    const RtDoc *packages = rt_doc_map(root, RT_STR("packages"));
    const RtDoc *workspaces = rt_doc_map(root, RT_STR("workspaces"));
    out->project = rt_doc_text(rt_doc_get(workspaces, RT_STR("")), RT_STR("name"));
    for (size_t i = 0; i < packages->count; i++)
        take_package(out, &packages->keys[i], &packages->items[i]);
    for (size_t i = 0; i < workspaces->count; i++)
        take_needs(out, 0, RT_STR(""), &workspaces->items[i], workspaces->keys[i].text.len == 0);
    for (size_t i = 0; i < packages->count; i++) {
        uint32_t from = rt_lock_find(out, packages->keys[i].text);
        for (size_t j = 1; from != 0 && j < packages->items[i].count; j++)
            if (packages->items[i].kind == RT_DOC_LIST)
                take_needs(out, from, packages->keys[i].text, &packages->items[i].items[j], false);
    }
    take_names(out, root, RT_STR("trustedDependencies"), RT_STR("trusted"));
    take_names(out, root, RT_STR("patchedDependencies"), RT_STR("patched"));
    take_names(out, root, RT_STR("overrides"), RT_STR("override"));
    out->wanted_kind = workspaces->count ? RT_WANTED_OWN : RT_WANTED_NOT_TOLD;
}

const RtLockfile rt_lockfile_bun = { .name = "bun", .claims = claims, .read = read_lock };
