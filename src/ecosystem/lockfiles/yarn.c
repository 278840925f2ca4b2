/* yarn.c - yarn.lock of yarn 1 (its own format) and of berry (YAML).
 *
 * Yarn 1: blocks of "pattern, pattern:" and indented fields. Berry names what it resolved to in
 * `resolution`; its checksum is of its own zip and can be compared with nothing else. Sources:
 * yarn's lockfile parser as documented, PROTOCOLS 2. */
#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

static bool claims(RtStr path, RtStr head)
{
    return rt_str_equal(rt_path_name(path), RT_STR("yarn.lock")) ||
           rt_str_has(head, RT_STR("# yarn lockfile v1")) ||
           rt_str_has(head, RT_STR("\n__metadata:"));
}

/* "@s/name@spec" -> name and spec. */
static bool split_pattern(RtStr pattern, RtStr *ret_name, RtStr *ret_spec)
{
    size_t at = rt_str_find_byte(rt_str_from(pattern, 1), '@');
    if (pattern.len == 0 || at == RT_NOT_FOUND)
        return false;
    *ret_name = rt_str_sub(pattern, 0, at + 1);
    *ret_spec = rt_str_from(pattern, at + 2);
    return true;
}

static RtStr unquoted(RtStr text)
{
    text = rt_str_trim(text);
    if (text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"')
        return rt_str_sub(text, 1, text.len - 2);
    return text;
}

/* ---- yarn 1 */

typedef struct {
    RtLockWriter *out;
    uint32_t id; /* of the block being read, 0 before the first */
    bool in_needs;
    struct {
        uint32_t from;
        RtStr pattern;
    } * requests;
    size_t request_count, request_capacity;
} Yarn;

static void take_patterns(Yarn *yarn, RtStr line, uint32_t number)
{
    RtLockWriter *out = yarn->out;
    RtDependency item = { .ecosystem = RT_STR("npm"), .line = number };
    yarn->id = rt_lock_add(out, item);
    if (yarn->id == 0)
        return;
    RtStr rest = rt_str_sub(line, 0, line.len - 1), piece;
    while (rt_str_next(&rest, ',', &piece)) {
        RtStr name, spec, pattern = unquoted(piece);
        if (!split_pattern(pattern, &name, &spec))
            continue;
        rt_lock_key(out, pattern, yarn->id);
        rt_lock_want(out, name, spec, 0, number);
        RtDependency *to = rt_lock_item(out, yarn->id);
        to->source = rt_lock_source(spec);
        to->place = to->place.len ? to->place : pattern;
        to->name = to->name.len ? to->name : name;
        if (rt_str_starts(spec, RT_STR("npm:"))) {
            RtStr other, ignored;
            if (!split_pattern(rt_str_from(spec, 4), &other, &ignored))
                other = rt_str_from(spec, 4);
            to->alias = name;
            to->name = other;
            to->flags |= RT_DEP_ALIASED;
        }
    }
}

static void take_resolved(RtLockWriter *out, RtDependency *item, RtStr value)
{
    item->url = value;
    size_t hash = rt_str_rfind_byte(value, '#');
    if (item->source == RT_FROM_GIT || rt_lock_source(value) == RT_FROM_GIT) {
        item->source = RT_FROM_GIT;
        return;
    }
    /* The fragment is the SHA-1 of the archive, yarn 1's older integrity. */
    if (hash != RT_NOT_FOUND && value.len - hash == 41) {
        item->url = rt_str_sub(value, 0, hash);
        rt_lock_one_integrity(
            out, item,
            rt_str_format(out->arena, "sha1:%.*s", RT_FMT(rt_str_from(value, hash + 1))));
    }
}

static void take_field(Yarn *yarn, RtStr line)
{
    RtStr text = rt_str_trim(line);
    size_t blank = rt_str_find_byte(text, ' ');
    RtDependency *item = rt_lock_item(yarn->out, yarn->id);
    yarn->in_needs = text.len > 0 && text.at[text.len - 1] == ':';
    if (blank == RT_NOT_FOUND)
        return;
    RtStr key = rt_str_sub(text, 0, blank), value = unquoted(rt_str_from(text, blank + 1));
    if (rt_str_equal(key, RT_STR("version")))
        item->version = value;
    else if (rt_str_equal(key, RT_STR("resolved")))
        take_resolved(yarn->out, item, value);
    else if (rt_str_equal(key, RT_STR("integrity")))
        rt_lock_integrity(yarn->out, item, value);
}

static void take_request(Yarn *yarn, RtStr line)
{
    RtStr text = rt_str_trim(line), name;
    size_t end = text.len > 0 && text.at[0] == '"'
                     ? rt_str_find(rt_str_from(text, 1), RT_STR("\" "))
                     : rt_str_find_byte(text, ' ');
    if (end == RT_NOT_FOUND)
        return;
    bool quoted = text.at[0] == '"';
    name = rt_str_sub(text, quoted, end);
    RtStr spec = unquoted(rt_str_from(text, end + (quoted ? 2 : 1)));
    RtStr pattern = rt_str_format(yarn->out->arena, "%.*s@%.*s", RT_FMT(name), RT_FMT(spec));
    RT_PUSH(yarn->out->arena, yarn->requests, yarn->request_count, yarn->request_capacity).from =
        yarn->id;
    yarn->requests[yarn->request_count - 1].pattern = pattern;
}

static void read_classic(RtLockWriter *out)
{
    Yarn yarn = { .out = out };
    RtStr rest = out->text, line;
    uint32_t number = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        size_t indent = 0;
        while (indent < line.len && line.at[indent] == ' ')
            indent++;
        if (indent == 0 && line.at[line.len - 1] == ':') {
            take_patterns(&yarn, line, number);
            yarn.in_needs = false;
        } else if (indent == 0) {
            rt_lock_broken(out, RT_STR("malformed"), RT_STR("neither a comment nor an entry"),
                           number);
        } else if (yarn.id != 0 && indent <= 2) {
            take_field(&yarn, line);
        } else if (yarn.id != 0 && yarn.in_needs) {
            take_request(&yarn, line);
        }
    }
    for (size_t i = 0; i < yarn.request_count; i++)
        rt_lock_needs(out, yarn.requests[i].from, rt_lock_find(out, yarn.requests[i].pattern));
    rt_lock_guess_direct(out); /* the file does not say what the project asks for */
    out->wanted_kind = RT_WANTED_ALL;
}

/* ---- berry */

/* "npm:1.2.3", "npm:@s/x@1.2.3", "patch:x@npm%3A1#…", "https://…#commit=…", "workspace:." */
static void take_reference(RtLockWriter *out, RtDependency *item, RtStr reference)
{
    item->url = reference;
    if (rt_str_starts(reference, RT_STR("npm:"))) {
        RtStr mark = RT_STR("::__archiveUrl=");
        size_t at = rt_str_find(reference, mark);
        item->url = RT_STR("");
        if (at != RT_NOT_FOUND) {
            RtDependency decoded = { 0 };
            RtStr archive = rt_str_from(reference, at + mark.len);
            /* The address is percent-encoded; purl decoding is the same. */
            RtStr purl = rt_str_format(out->arena, "pkg:x/%.*s", RT_FMT(archive));
            if (rt_lock_purl(out, purl, &decoded))
                item->url = decoded.name;
        }
        item->source = RT_FROM_REGISTRY;
    } else if (rt_str_starts(reference, RT_STR("patch:"))) {
        /* Yarn's own patches ("builtin<compat/…>") change nobody's package in secret. */
        item->flags |= rt_str_has(reference, RT_STR("!builtin<")) ? 0 : RT_DEP_PATCHED;
        item->source = RT_FROM_REGISTRY;
    } else if (rt_str_has(reference, RT_STR("#commit=")) ||
               rt_str_has(reference, RT_STR("&commit="))) {
        item->source = RT_FROM_GIT;
    } else {
        item->source = rt_lock_source(reference);
    }
}

static void take_berry_entry(RtLockWriter *out, const RtDoc *key, const RtDoc *entry)
{
    RtDependency item = { .ecosystem = RT_STR("npm"), .line = key->line, .place = key->text };
    RtStr name, reference, resolution = rt_doc_text(entry, RT_STR("resolution"));
    if (entry->kind != RT_DOC_MAP || !split_pattern(resolution, &name, &reference)) {
        rt_lock_broken(out, RT_STR("wrong-type"), key->text, key->line);
        return;
    }
    item.name = name;
    item.version = rt_doc_text(entry, RT_STR("version"));
    take_reference(out, &item, reference);
    rt_lock_one_integrity(out, &item, rt_doc_text(entry, RT_STR("checksum")));
    if (rt_doc_get(entry, RT_STR("conditions")))
        item.flags |= RT_DEP_NARROW;
    uint32_t id = rt_lock_add(out, item);
    if (id == 0)
        return;
    bool is_project = rt_str_starts(reference, RT_STR("workspace:"));
    rt_lock_key(out, name, id);
    if (is_project)
        rt_lock_needs(out, 0, id);
    RtStr rest = key->text, piece;
    while (rt_str_next(&rest, ',', &piece)) {
        RtStr asked, spec, pattern = rt_str_trim(piece);
        if (!split_pattern(pattern, &asked, &spec))
            continue;
        rt_lock_key(out, pattern, id);
        if (!is_project)
            rt_lock_want(out, asked, spec, 0, key->line);
        if (!rt_str_equal(asked, name)) {
            rt_lock_item(out, id)->alias = asked;
            if (rt_str_starts(spec, RT_STR("npm:")))
                rt_lock_item(out, id)->flags |= RT_DEP_ALIASED;
        }
    }
}

static void take_berry_needs(RtLockWriter *out, uint32_t from, const RtDoc *needs)
{
    for (size_t i = 0; i < needs->count; i++) {
        RtStr name = needs->keys[i].text, spec = needs->items[i].text;
        uint32_t to = RT_LOCK_FIND(out, name, RT_STR("@"), spec);
        if (to == 0) /* older files leave "npm:" away here and not in the keys */
            to = RT_LOCK_FIND(out, name, RT_STR("@npm:"), spec);
        if (to == 0) /* a resolution of the project changed what is asked for */
            to = rt_lock_find(out, name);
        rt_lock_needs(out, from, to);
        bool is_project = rt_str_starts(rt_lock_item(out, from)->url, RT_STR("workspace:"));
        if (is_project && to != 0)
            rt_lock_item(out, to)->flags |= RT_DEP_DIRECT;
    }
}

static void read_berry(RtLockWriter *out)
{
    const RtDoc *root = rt_lock_yaml(out, false);
    if (!root)
        return;
    for (size_t i = 0; root->kind == RT_DOC_MAP && i < root->count; i++)
        if (!rt_str_equal(root->keys[i].text, RT_STR("__metadata")))
            take_berry_entry(out, &root->keys[i], &root->items[i]);
    for (size_t i = 0; root->kind == RT_DOC_MAP && i < root->count; i++) {
        RtStr rest = root->keys[i].text, first;
        uint32_t from = 0;
        if (rt_str_next(&rest, ',', &first))
            from = rt_lock_find(out, rt_str_trim(first));
        if (from == 0)
            continue;
        take_berry_needs(out, from, rt_doc_map(&root->items[i], RT_STR("dependencies")));
        take_berry_needs(out, from, rt_doc_map(&root->items[i], RT_STR("optionalDependencies")));
    }
    out->wanted_kind = RT_WANTED_ALL;
}

static void read_lock(RtStr bytes, RtStr path, RtLockWriter *out)
{
    (void)path;
    if (rt_str_has(bytes, RT_STR("\n__metadata:")) || rt_str_starts(bytes, RT_STR("__metadata:")))
        read_berry(out);
    else
        read_classic(out);
}

const RtLockfile rt_lockfile_yarn = { .name = "yarn", .claims = claims, .read = read_lock };
