/* deno.c - deno.lock of versions 3 to 5: jsr and npm packages, and modules by address with the
 * SHA-256 of their text (docs.deno.com, and the lockfile crate). */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    return rt_str_equal(rt_path_name(path), RT_STR("deno.lock")) ||
           (rt_str_has(head, RT_STR("\"specifiers\"")) && rt_str_has(head, RT_STR("\"jsr:")));
}

/* "debug@4.4.3_peer@1" -> name and version. */
static void split_key(RtStr key, RtDependency *item)
{
    size_t at = rt_str_find_byte(rt_str_from(key, 1), '@');
    item->name = at == RT_NOT_FOUND ? key : rt_str_sub(key, 0, at + 1);
    item->version = at == RT_NOT_FOUND ? RT_STR("") : rt_str_from(key, at + 2);
    size_t peers = rt_str_find_byte(item->version, '_');
    if (peers != RT_NOT_FOUND)
        item->version = rt_str_sub(item->version, 0, peers);
}

static void take_packages(RtLockWriter *out, const RtDoc *map, const char *ecosystem)
{
    for (size_t i = 0; i < map->count; i++) {
        RtDependency item = { .ecosystem = rt_str_from_c(ecosystem),
                              .line = map->keys[i].line,
                              .place = map->keys[i].text };
        split_key(map->keys[i].text, &item);
        RtStr sum = rt_doc_text(&map->items[i], RT_STR("integrity"));
        if (sum.len == 64 && rt_str_find_byte(sum, '-') == RT_NOT_FOUND)
            sum = rt_str_format(out->arena, "sha256:%.*s", RT_FMT(sum));
        rt_lock_integrity(out, &item, sum);
        RtStr tarball = rt_doc_text(&map->items[i], RT_STR("tarball"));
        item.url = tarball;
        uint32_t id = rt_lock_add(out, item);
        rt_lock_key(out, map->keys[i].text, id);
        rt_lock_key(out, item.name, id);
    }
}

static uint32_t resolve(RtLockWriter *out, RtStr need)
{
    bool has_kind = rt_str_starts(need, RT_STR("npm:")) || rt_str_starts(need, RT_STR("jsr:"));
    RtStr plain = has_kind ? rt_str_from(need, 4) : need;
    uint32_t id = rt_lock_find(out, plain);
    if (id != 0 || plain.len == 0)
        return id;
    size_t at = rt_str_find_byte(rt_str_from(plain, 1), '@');
    return rt_lock_find(out, at == RT_NOT_FOUND ? plain : rt_str_sub(plain, 0, at + 1));
}

static void take_needs(RtLockWriter *out, const RtDoc *map)
{
    for (size_t i = 0; i < map->count; i++) {
        uint32_t from = rt_lock_find(out, map->keys[i].text);
        const RtDoc *needs = rt_doc_get(&map->items[i], RT_STR("dependencies"));
        for (size_t j = 0; from != 0 && needs && needs->kind != RT_DOC_TEXT && j < needs->count;
             j++)
            rt_lock_needs(out, from, resolve(out, needs->items[j].text));
    }
}

static void take_remote(RtLockWriter *out, const RtDoc *remote)
{
    for (size_t i = 0; i < remote->count; i++) {
        RtDependency item = { .ecosystem = RT_STR("deno"),
                              .name = remote->keys[i].text,
                              .url = remote->keys[i].text,
                              .source = RT_FROM_URL,
                              .line = remote->keys[i].line };
        rt_lock_one_integrity(
            out, &item, rt_str_format(out->arena, "sha256:%.*s", RT_FMT(remote->items[i].text)));
        rt_lock_needs(out, 0, rt_lock_add(out, item));
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_json(out, false);
    const RtDoc *packages = rt_doc_map(root, RT_STR("packages")); /* version 3 keeps them below */
    const RtDoc *base = packages->count > 0 ? packages : root;
    const RtDoc *jsr = rt_doc_map(base, RT_STR("jsr")), *npm = rt_doc_map(base, RT_STR("npm"));
    take_packages(out, jsr, "jsr");
    take_packages(out, npm, "npm");
    take_needs(out, jsr);
    take_needs(out, npm);
    take_remote(out, rt_doc_map(root, RT_STR("remote")));
    const RtDoc *workspace = rt_doc_map(root, RT_STR("workspace"));
    const RtDoc *lists[2] = { rt_doc_list(workspace, RT_STR("dependencies")),
                              rt_doc_list(rt_doc_map(workspace, RT_STR("packageJson")),
                                          RT_STR("dependencies")) };
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            rt_lock_needs(out, 0, resolve(out, lists[i]->items[j].text));
    if (lists[0]->count + lists[1]->count == 0)
        rt_lock_guess_direct(out);
}

const RtLockfile rt_lockfile_deno = { .name = "deno", .claims = claims, .read = read_lock };
