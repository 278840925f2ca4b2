/* npm.c - package-lock.json and npm-shrinkwrap.json of versions 1 to 3, and the hidden lock of a
 * node_modules (docs.npmjs, configuring-npm/package-lock-json).
 *
 * Version 1 is a tree, 2 and 3 list every place of node_modules; a version 2 file holds both, npm 6
 * reads the one and later ones the other, so that two people may install two different things from
 * it: parts that disagree are told. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

enum { CLIMB_MOST = 64, PLACE_MOST = 4096 };

static bool claims(RtStr path, RtStr head)
{
    RtStr name = rt_path_name(path);
    if (rt_str_equal(name, RT_STR("package-lock.json")) ||
        rt_str_equal(name, RT_STR("npm-shrinkwrap.json")) ||
        rt_str_equal(name, RT_STR(".package-lock.json")))
        return true;
    return rt_str_has(head, RT_STR("\"lockfileVersion\"")) &&
           !rt_str_has(head, RT_STR("\"workspaces\": {")) &&
           (rt_str_has(head, RT_STR("\"packages\"")) ||
            rt_str_has(head, RT_STR("\"dependencies\"")));
}

/* "a/node_modules/@s/b" -> "@s/b"; a place outside of node_modules has none. */
static RtStr name_of_place(RtStr place)
{
    RtStr mark = RT_STR("node_modules/"), rest = place;
    bool found = false;
    for (size_t at; (at = rt_str_find(rest, mark)) != RT_NOT_FOUND; found = true)
        rest = rt_str_from(rest, at + mark.len);
    return found ? rest : RT_STR("");
}

static RtStr below(RtLockWriter *out, RtStr place, RtStr name)
{
    RtText text = { .arena = out->arena };
    rt_text_add(&text, place);
    if (place.len > 0)
        rt_text_byte(&text, '/');
    rt_text_add(&text, RT_STR("node_modules/"));
    rt_text_add(&text, name);
    return rt_text_str(&text);
}

/* Where node would find `name` from `place`: the nearest node_modules above. */
static uint32_t resolve(RtLockWriter *out, RtStr place, RtStr name)
{
    if (place.len > PLACE_MOST || name.len > PLACE_MOST)
        return 0;
    for (int i = 0; i < CLIMB_MOST; i++) {
        uint32_t id = RT_LOCK_FIND(out, place, place.len ? RT_STR("/") : RT_STR(""),
                                   RT_STR("node_modules/"), name);
        if (id != 0 || place.len == 0)
            return id;
        /* Backwards from the end, so that the whole climb reads the place once. */
        size_t last = place.len;
        while (last > 0 && (place.at[last - 1] != 'n' ||
                            !rt_str_starts(rt_str_from(place, last - 1), RT_STR("node_modules/"))))
            last--;
        /* A workspace folder climbs to the project in one step. */
        place = rt_str_sub(place, 0, last > 1 ? last - 2 : 0);
    }
    return 0;
}

static void take_need(RtLockWriter *out, uint32_t from, RtStr place, RtStr name, const RtDoc *spec,
                      uint32_t flags)
{
    uint32_t id = resolve(out, place, name);
    if (from == 0 && place.len == 0)
        rt_lock_want(out, name, spec->text, flags, spec->line);
    if (id == 0) {
        RtDependencySource source = rt_lock_source(spec->text);
        if (from != 0 && (source == RT_FROM_GIT || source == RT_FROM_URL))
            rt_lock_note(out, RT_STR("remote-request"),
                         rt_str_format(out->arena, "%.*s asks for %.*s from %.*s",
                                       RT_FMT(rt_lock_item(out, from)->name), RT_FMT(name),
                                       RT_FMT(spec->text)),
                         spec->line);
        return;
    }
    RtDependency *item = rt_lock_item(out, id);
    RtDependencySource source = rt_lock_source(spec->text);
    if (rt_str_starts(spec->text, RT_STR("npm:")))
        item->flags |= RT_DEP_ALIASED;
    if (source == RT_FROM_URL || source == RT_FROM_GIT) {
        item->flags |= RT_DEP_ALIASED; /* an address has the name its package.json has */
        if (item->source == RT_FROM_REGISTRY)
            item->source = source;
    }
    rt_lock_needs(out, from, id);
}

static void take_needs(RtLockWriter *out, uint32_t from, RtStr place, const RtDoc *entry)
{
    static const struct {
        const char *key;
        uint32_t flags;
    } fields[] = { { "dependencies", 0 },
                   { "requires", 0 },
                   { "optionalDependencies", RT_DEP_OPTIONAL },
                   { "peerDependencies", RT_DEP_OPTIONAL },
                   { "devDependencies", RT_DEP_DEV } };
    for (size_t i = 0; i < RT_COUNT(fields); i++) {
        const RtDoc *map = rt_doc_map(entry, rt_str_from_c(fields[i].key));
        for (size_t j = 0; j < map->count; j++)
            if (map->items[j].kind == RT_DOC_TEXT)
                take_need(out, from, place, map->keys[j].text, &map->items[j], fields[i].flags);
    }
}

static uint32_t flags_of(const RtDoc *entry)
{
    uint32_t flags = 0;
    bool either = rt_doc_is_true(entry, RT_STR("devOptional"));
    flags |= rt_doc_is_true(entry, RT_STR("dev")) || either ? RT_DEP_DEV : 0;
    flags |= rt_doc_is_true(entry, RT_STR("optional")) ? RT_DEP_OPTIONAL : 0;
    flags |= rt_doc_is_true(entry, RT_STR("hasInstallScript")) ? RT_DEP_HOOK : 0;
    flags |=
        rt_doc_get(entry, RT_STR("os")) || rt_doc_get(entry, RT_STR("cpu")) ? RT_DEP_NARROW : 0;
    return flags;
}

static void wrong_type(RtLockWriter *out, RtStr key, uint32_t line)
{
    rt_lock_broken(out, RT_STR("wrong-type"), key, line);
}

/* ---- versions 2 and 3 */

static void take_package(RtLockWriter *out, const RtDoc *key, const RtDoc *entry)
{
    RtStr place = key->text;
    if (place.len == 0)
        return;
    if (entry->kind != RT_DOC_MAP) {
        wrong_type(out, place, key->line);
        return;
    }
    RtStr installed = name_of_place(place), own = rt_doc_text(entry, RT_STR("name"));
    RtDependency item = { .ecosystem = RT_STR("npm"),
                          .name = own.len ? own : installed,
                          .version = rt_doc_text(entry, RT_STR("version")),
                          .place = place,
                          .url = rt_doc_text(entry, RT_STR("resolved")),
                          .line = key->line,
                          .flags = flags_of(entry) };
    if (own.len > 0 && installed.len > 0 && !rt_str_equal(own, installed))
        item.alias = installed;
    if (rt_doc_is_true(entry, RT_STR("link")) || installed.len == 0) {
        item.source = RT_FROM_PATH;
        item.name = item.name.len ? item.name : rt_path_name(place);
    } else if (rt_doc_is_true(entry, RT_STR("inBundle"))) {
        item.source = RT_FROM_PARENT;
    } else if (item.url.len > 0) {
        RtDependencySource source = rt_lock_source(item.url);
        item.source = source == RT_FROM_URL ? RT_FROM_REGISTRY : source;
    }
    rt_lock_integrity(out, &item, rt_doc_text(entry, RT_STR("integrity")));
    if (item.version.len == 0 && item.source == RT_FROM_REGISTRY)
        item.flags |= RT_DEP_LOOSE;
    item.asks = rt_npm_asks(out->arena, item.name, entry);
    rt_lock_key(out, place, rt_lock_add(out, item));
    if (rt_doc_is_true(entry, RT_STR("hasShrinkwrap")))
        rt_lock_note(out, RT_STR("lock-inside"), place, key->line);
}

static void take_packages(RtLockWriter *out, const RtDoc *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        take_package(out, &packages->keys[i], &packages->items[i]);
    for (size_t i = 0; i < packages->count; i++) {
        RtStr place = packages->keys[i].text;
        uint32_t from = rt_lock_find(out, place);
        if (from == 0 && place.len > 0)
            continue;
        take_needs(out, from, place, &packages->items[i]);
        /* A workspace is the project's own: what it asks for is asked for directly. */
        if (from != 0 && name_of_place(place).len == 0)
            rt_lock_needs(out, 0, from);
    }
}

/* ---- version 1, alone or beside `packages` */

typedef struct {
    RtLockWriter *out;
    bool compare; /* with what `packages` gave */
    uint32_t seen;
} Tree;

static void differ(Tree *tree, RtStr place, const char *what, RtStr here, RtStr there,
                   uint32_t line)
{
    rt_lock_note(
        tree->out, RT_STR("parts-disagree"),
        rt_str_format(tree->out->arena, "%.*s: %s is %.*s in `dependencies` and %.*s in `packages`",
                      RT_FMT(rt_str_sub(place, 0, 200)), what, RT_FMT(here), RT_FMT(there)),
        line);
}

static void compare(Tree *tree, const RtDependency *here, RtStr place, uint32_t line)
{
    uint32_t id = rt_lock_find(tree->out, place);
    if (id == 0) {
        rt_lock_note(tree->out, RT_STR("parts-disagree"),
                     rt_str_format(tree->out->arena, "%.*s stands in `dependencies` only",
                                   RT_FMT(rt_str_sub(place, 0, 300))),
                     line);
        return;
    }
    const RtDependency *there = rt_lock_item(tree->out, id);
    tree->seen++;
    if (there->source == RT_FROM_PATH)
        return;
    if (!rt_str_equal(here->name, there->name) && here->source == RT_FROM_REGISTRY)
        differ(tree, place, "the name", here->name, there->name, line);
    else if (here->version.len > 0 && here->source == RT_FROM_REGISTRY &&
             !rt_str_equal(here->version, there->version))
        differ(tree, place, "the version", here->version, there->version, line);
    else if (here->url.len > 0 && there->url.len > 0 && !rt_str_equal(here->url, there->url))
        differ(tree, place, "the address", here->url, there->url, line);
    else if (here->integrity_count > 0 && there->integrity_count > 0 &&
             !rt_str_equal(here->integrity[0], there->integrity[0]))
        differ(tree, place, "the integrity", here->integrity[0], there->integrity[0], line);
}

static RtDependency old_entry(RtLockWriter *out, RtStr name, const RtDoc *entry)
{
    RtStr version = rt_doc_text(entry, RT_STR("version"));
    RtDependency item = { .ecosystem = RT_STR("npm"),
                          .name = name,
                          .version = version,
                          .url = rt_doc_text(entry, RT_STR("resolved")),
                          .flags = flags_of(entry) };
    item.source = rt_lock_source(version);
    if (rt_str_starts(version, RT_STR("npm:"))) {
        RtStr target = rt_str_from(version, 4);
        size_t at = rt_str_rfind_byte(target, '@');
        bool has_version = at != RT_NOT_FOUND && at > 0;
        item.alias = name;
        item.flags |= RT_DEP_ALIASED;
        item.name = has_version ? rt_str_sub(target, 0, at) : target;
        item.version = has_version ? rt_str_from(target, at + 1) : RT_STR("");
    } else if (item.source != RT_FROM_REGISTRY) {
        item.url = version;
        item.version = RT_STR("");
    }
    if (rt_doc_is_true(entry, RT_STR("bundled")))
        item.source = RT_FROM_PARENT;
    if (item.source == RT_FROM_REGISTRY && item.version.len == 0)
        item.flags |= RT_DEP_LOOSE;
    rt_lock_integrity(out, &item, rt_doc_text(entry, RT_STR("integrity")));
    return item;
}

/* Depth is bounded by the JSON reader. */
static void take_tree(Tree *tree, RtStr place, const RtDoc *map)
{
    for (size_t i = 0; i < map->count && place.len <= PLACE_MOST; i++) {
        const RtDoc *entry = &map->items[i];
        if (entry->kind != RT_DOC_MAP) {
            wrong_type(tree->out, map->keys[i].text, map->keys[i].line);
            continue;
        }
        RtStr here = below(tree->out, place, map->keys[i].text);
        RtDependency item = old_entry(tree->out, map->keys[i].text, entry);
        item.place = here;
        item.line = map->keys[i].line;
        if (tree->compare)
            compare(tree, &item, here, item.line);
        else
            rt_lock_key(tree->out, here, rt_lock_add(tree->out, item));
        take_tree(tree, here, rt_doc_map(entry, RT_STR("dependencies")));
    }
}

static void take_tree_needs(RtLockWriter *out, RtStr place, const RtDoc *map)
{
    for (size_t i = 0; i < map->count && place.len <= PLACE_MOST; i++) {
        const RtDoc *entry = &map->items[i];
        RtStr here = below(out, place, map->keys[i].text);
        uint32_t from = rt_lock_find(out, here);
        const RtDoc *requires = rt_doc_map(entry, RT_STR("requires"));
        for (size_t j = 0; from != 0 && j < requires->count; j++)
            if (requires->items[j].kind == RT_DOC_TEXT)
                take_need(out, from, here, requires->keys[j].text, &requires->items[j], 0);
        take_tree_needs(out, here, rt_doc_map(entry, RT_STR("dependencies")));
    }
}

/* Entries below node_modules that `dependencies` must know, too, in a version 2 file. */
static void find_missing(Tree *tree, const RtDoc *dependencies)
{
    RtLockWriter *out = tree->out;
    uint32_t installed = 0;
    for (size_t i = 0; i < out->count; i++)
        installed += rt_str_starts(out->items[i].place, RT_STR("node_modules/"));
    if (tree->seen >= installed)
        return;
    RtLockWriter old = { .arena = out->arena, .text = out->text };
    Tree other = { .out = &old };
    take_tree(&other, RT_STR(""), dependencies);
    for (size_t i = 0; i < out->count; i++) {
        RtDependency *item = &out->items[i];
        if (rt_str_starts(item->place, RT_STR("node_modules/")) &&
            rt_lock_find(&old, item->place) == 0)
            rt_lock_note(out, RT_STR("parts-disagree"),
                         rt_str_format(out->arena, "%.*s stands in `packages` only",
                                       RT_FMT(rt_str_sub(item->place, 0, 300))),
                         item->line);
    }
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)bytes;
    (void)path;
    const RtDoc *root = rt_lock_json(out, false);
    if (!root)
        return;
    const RtDoc *packages = rt_doc_get(root, RT_STR("packages"));
    const RtDoc *dependencies = rt_doc_get(root, RT_STR("dependencies"));
    if (packages && packages->kind != RT_DOC_MAP)
        wrong_type(out, RT_STR("packages"), packages->line);
    if (dependencies && dependencies->kind != RT_DOC_MAP)
        wrong_type(out, RT_STR("dependencies"), dependencies->line);
    Tree tree = { .out = out };
    out->project = rt_doc_text(root, RT_STR("name"));
    dependencies = rt_doc_map(root, RT_STR("dependencies"));
    if (packages && packages->kind == RT_DOC_MAP) {
        if (rt_doc_get(packages, RT_STR("")))
            out->wanted_kind = RT_WANTED_OWN;
        take_packages(out, packages);
        if (out->wanted_kind == RT_WANTED_NOT_TOLD)
            rt_lock_guess_direct(out); /* the hidden lock: all there is, and no project */
        tree.compare = true;
        if (dependencies->count > 0) {
            take_tree(&tree, RT_STR(""), dependencies);
            find_missing(&tree, dependencies);
        }
        return;
    }
    take_tree(&tree, RT_STR(""), dependencies);
    take_tree_needs(out, RT_STR(""), dependencies);
    rt_lock_guess_direct(out); /* version 1 does not say what the project itself asks for */
}

const RtLockfile rt_lockfile_npm = { .name = "npm", .claims = claims, .read = read_lock };
