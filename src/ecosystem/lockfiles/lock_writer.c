/* lock_writer.c - keeps what readers write, and finds the shortest ways when they are done.
 *
 * Every table here is linear in the file: keys are hashed, ways are found breadth first, lines by
 * bisection in a list of line starts that is made at the first question. */
#include "ecosystem/lockfiles/lock_writer.h"

#include "base/words.h"

enum {
    ITEMS_MOST = 500000,
    NEEDS_MOST = 4000000,
    NOTES_MOST = 1000,
    WANTED_MOST = 1000000,
    SEARCH_MOST = 512 << 20,
    INTEGRITY_MOST = 4096 /* files of one release: wheels for every platform */
};

uint32_t rt_lock_add(RtLockWriter *out, RtDependency dependency)
{
    if (out->count >= ITEMS_MOST) {
        if (!out->incomplete)
            rt_lock_broken(out, RT_STR("too-many"), RT_STR("more than 500000 dependencies"),
                           dependency.line);
        return 0;
    }
    RT_PUSH(out->arena, out->items, out->count, out->capacity) = dependency;
    return (uint32_t)out->count;
}

RtDependency *rt_lock_item(RtLockWriter *out, uint32_t id) { return &out->items[id - 1]; }

void rt_lock_note(RtLockWriter *out, RtStr what, RtStr detail, uint32_t line)
{
    if (out->note_count < NOTES_MOST)
        RT_PUSH(out->arena, out->notes, out->note_count, out->note_capacity) =
            (RtLockNote){ .what = what, .detail = rt_str_sub(detail, 0, 500), .line = line };
}

void rt_lock_broken(RtLockWriter *out, RtStr what, RtStr detail, uint32_t line)
{
    rt_lock_note(out, what, detail, line);
    out->incomplete = true;
}

void rt_lock_want(RtLockWriter *out, RtStr name, RtStr spec, uint32_t flags, uint32_t line)
{
    if (out->wanted_count < WANTED_MOST)
        RT_PUSH(out->arena, out->wanted, out->wanted_count, out->wanted_capacity) =
            (RtWanted){ .name = name, .spec = spec, .flags = flags, .line = line };
}

/* ---- keys */

static RtLockSlot *slot_of(RtLockSlot *slots, size_t slot_count, RtStr key)
{
    size_t at = (size_t)rt_str_hash(key) & (slot_count - 1);
    while (slots[at].id != 0 && !rt_str_equal(slots[at].key, key))
        at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static void grow_slots(RtLockWriter *out)
{
    size_t count = out->slot_count ? out->slot_count * 4 : 1024;
    RtLockSlot *slots = RT_NEW_ARRAY(out->arena, RtLockSlot, count);
    for (size_t i = 0; i < out->slot_count; i++)
        if (out->slots[i].id != 0)
            *slot_of(slots, count, out->slots[i].key) = out->slots[i];
    out->slots = slots;
    out->slot_count = count;
}

void rt_lock_key(RtLockWriter *out, RtStr key, uint32_t id)
{
    if (id == 0)
        return;
    if (out->key_count * 2 >= out->slot_count)
        grow_slots(out);
    RtLockSlot *slot = slot_of(out->slots, out->slot_count, key);
    out->key_count += slot->id == 0;
    *slot = (RtLockSlot){ key, id };
}

uint32_t rt_lock_find(const RtLockWriter *out, RtStr key)
{
    return out->slot_count ? slot_of(out->slots, out->slot_count, key)->id : 0;
}

uint32_t rt_lock_find_joined(RtLockWriter *out, const RtStr *pieces, size_t count)
{
    if (out->searched > SEARCH_MOST)
        return 0;
    out->scratch.arena = out->arena;
    out->scratch.len = 0;
    for (size_t i = 0; i < count; i++)
        rt_text_add(&out->scratch, pieces[i]);
    out->searched += out->scratch.len;
    if (out->searched > SEARCH_MOST)
        rt_lock_broken(out, RT_STR("too-many"), RT_STR("too many ways to follow"), 0);
    return rt_lock_find(out, rt_text_str(&out->scratch));
}

RtStr rt_lock_pair(RtLockWriter *out, RtStr a, RtStr b)
{
    RtText text = { .arena = out->arena };
    rt_text_add(&text, a);
    rt_text_byte(&text, ' ');
    rt_text_add(&text, b);
    return rt_text_str(&text);
}

/* ---- who needs whom */

void rt_lock_needs(RtLockWriter *out, uint32_t from, uint32_t to)
{
    if (to == 0 || from == to || out->need_count >= NEEDS_MOST)
        return;
    if (from == 0)
        rt_lock_item(out, to)->flags |= RT_DEP_DIRECT;
    RT_PUSH(out->arena, out->needs, out->need_count, out->need_capacity).from = from;
    out->needs[out->need_count - 1].to = to;
}

void rt_lock_guess_direct(RtLockWriter *out)
{
    bool *needed = RT_NEW_ARRAY(out->arena, bool, out->count + 1);
    for (size_t i = 0; i < out->need_count; i++)
        needed[out->needs[i].to] = true;
    for (uint32_t id = 1; id <= out->count; id++)
        if (!needed[id])
            rt_lock_needs(out, 0, id);
}

/* Breadth first from the project; `parent` of what was reached is who reached it first. */
static void find_ways(RtLockWriter *out)
{
    size_t nodes = out->count + 1;
    uint32_t *first = RT_NEW_ARRAY(out->arena, uint32_t, nodes + 1);
    uint32_t *targets = RT_NEW_ARRAY(out->arena, uint32_t, out->need_count + 1);
    uint32_t *queue = RT_NEW_ARRAY(out->arena, uint32_t, nodes);
    bool *seen = RT_NEW_ARRAY(out->arena, bool, nodes);
    for (size_t i = 0; i < out->need_count; i++)
        first[out->needs[i].from + 1]++;
    for (size_t i = 1; i <= nodes; i++)
        first[i] += first[i - 1];
    uint32_t *next = RT_NEW_ARRAY(out->arena, uint32_t, nodes);
    memcpy(next, first, nodes * sizeof *next);
    for (size_t i = 0; i < out->need_count; i++)
        targets[next[out->needs[i].from]++] = out->needs[i].to;
    size_t head = 0, tail = 0;
    queue[tail++] = 0;
    seen[0] = true;
    while (head < tail) {
        uint32_t from = queue[head++];
        for (uint32_t i = first[from]; i < first[from + 1]; i++) {
            uint32_t to = targets[i];
            if (seen[to])
                continue;
            seen[to] = true;
            out->items[to - 1].parent = from;
            queue[tail++] = to;
        }
    }
}

/* ---- lines */

static void find_lines(RtLockWriter *out)
{
    size_t count = 1;
    for (size_t i = 0; i < out->text.len; i++)
        count += out->text.at[i] == '\n';
    out->line_starts = RT_NEW_ARRAY(out->arena, uint32_t, count);
    out->line_count = 1;
    for (size_t i = 0; i < out->text.len; i++)
        if (out->text.at[i] == '\n')
            out->line_starts[out->line_count++] = (uint32_t)i + 1;
}

uint32_t rt_lock_line(RtLockWriter *out, size_t offset)
{
    if (!out->line_starts)
        find_lines(out);
    size_t low = 0, high = out->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (out->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low + 1;
}

uint32_t rt_lock_line_at(RtLockWriter *out, const uint8_t *at)
{
    if (!at || at < out->text.at || at > out->text.at + out->text.len)
        return 0;
    return rt_lock_line(out, (size_t)(at - out->text.at));
}

/* ---- words of lockfiles */

void rt_lock_one_integrity(RtLockWriter *out, RtDependency *dependency, RtStr text)
{
    if (text.len == 0 || dependency->integrity_count >= INTEGRITY_MOST)
        return;
    uint32_t count = dependency->integrity_count;
    /* Room doubles at powers of two, so that the capacity need not be kept. */
    if ((count & (count - 1)) == 0) {
        RtStr *grown = RT_NEW_ARRAY(out->arena, RtStr, count ? (size_t)count * 2 : 1);
        if (count)
            memcpy(grown, dependency->integrity, count * sizeof *grown);
        dependency->integrity = grown;
    }
    dependency->integrity[dependency->integrity_count++] = text;
}

void rt_lock_integrity(RtLockWriter *out, RtDependency *dependency, RtStr text)
{
    RtStr rest = text, word;
    while (rt_str_next(&rest, ' ', &word))
        rt_lock_one_integrity(out, dependency, rt_str_trim(word));
}

static bool is_repository_host(RtStr spec)
{
    return rt_str_starts(spec, RT_STR("github:")) || rt_str_starts(spec, RT_STR("gitlab:")) ||
           rt_str_starts(spec, RT_STR("bitbucket:")) || rt_str_starts(spec, RT_STR("gist:"));
}

/* "owner/repo" or "owner/repo#ref": npm takes it for a repository of its preferred host. */
static bool is_short_repository(RtStr spec)
{
    size_t slash = rt_str_find_byte(spec, '/');
    if (slash == RT_NOT_FOUND || slash == 0 || spec.at[0] == '@' || spec.at[0] == '.' ||
        spec.at[0] == '~' || rt_str_find_byte(spec, ':') != RT_NOT_FOUND ||
        rt_str_find_byte(spec, ' ') != RT_NOT_FOUND)
        return false;
    RtStr rest = rt_str_from(spec, slash + 1);
    size_t hash = rt_str_find_byte(rest, '#');
    rest = rt_str_sub(rest, 0, hash == RT_NOT_FOUND ? rest.len : hash);
    return rest.len > 0 && rt_str_find_byte(rest, '/') == RT_NOT_FOUND;
}

RtDependencySource rt_lock_source(RtStr spec)
{
    static const char *const paths[] = { "file:", "link:", "portal:", "workspace:",
                                         "./",    "../",   "/",       "~/" };
    if (rt_str_starts(spec, RT_STR("git+")) || rt_str_starts(spec, RT_STR("git:")) ||
        rt_str_starts(spec, RT_STR("git@")) || rt_str_starts(spec, RT_STR("ssh:")) ||
        is_repository_host(spec) || is_short_repository(spec))
        return RT_FROM_GIT;
    for (size_t i = 0; i < RT_COUNT(paths); i++)
        if (rt_str_starts(spec, rt_str_from_c(paths[i])))
            return RT_FROM_PATH;
    if (rt_str_starts(spec, RT_STR("http:")) || rt_str_starts(spec, RT_STR("https:"))) {
        size_t hash = rt_str_find_byte(spec, '#');
        RtStr plain = rt_str_sub(spec, 0, hash == RT_NOT_FOUND ? spec.len : hash);
        return rt_str_ends(plain, RT_STR(".git")) ? RT_FROM_GIT : RT_FROM_URL;
    }
    return RT_FROM_REGISTRY;
}

RtStr rt_lock_pypi_name(RtLockWriter *out, RtStr name)
{
    RtText text = { .arena = out->arena };
    for (size_t i = 0; i < name.len; i++) {
        uint8_t byte = name.at[i];
        bool is_joint = byte == '-' || byte == '_' || byte == '.';
        if (!is_joint)
            rt_text_byte(&text, byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte);
        else if (text.len > 0 && text.at[text.len - 1] != '-')
            rt_text_byte(&text, '-');
    }
    return rt_text_str(&text);
}

bool rt_lock_is_exact(RtStr version)
{
    if (version.len == 0 || rt_word_in(version, "latest LATEST RELEASE next x *"))
        return false;
    for (size_t i = 0; i < version.len; i++)
        if (rt_str_find_byte(RT_STR("^~<>=*|, []()"), version.at[i]) != RT_NOT_FOUND)
            return false;
    return !rt_str_ends(version, RT_STR("-SNAPSHOT")) && !rt_str_ends(version, RT_STR(".x"));
}

static uint8_t hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return (uint8_t)(byte - '0');
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? (uint8_t)(byte - 'a' + 10) : 0xFF;
}

static RtStr percent_decoded(RtArena *arena, RtStr text)
{
    if (rt_str_find_byte(text, '%') == RT_NOT_FOUND)
        return text;
    RtText plain = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        bool is_code = byte == '%' && i + 2 < text.len && hex_digit(text.at[i + 1]) < 16 &&
                       hex_digit(text.at[i + 2]) < 16;
        if (is_code) {
            byte = (uint8_t)(hex_digit(text.at[i + 1]) * 16 + hex_digit(text.at[i + 2]));
            i += 2;
        }
        rt_text_byte(&plain, byte);
    }
    return rt_text_str(&plain);
}

static RtStr cut_at(RtStr text, uint8_t byte)
{
    size_t at = rt_str_find_byte(text, byte);
    return at == RT_NOT_FOUND ? text : rt_str_sub(text, 0, at);
}

/* purl-spec: pkg:type/namespace/name@version?qualifiers#subpath */
bool rt_lock_purl(RtLockWriter *out, RtStr purl, RtDependency *ret_dependency)
{
    if (!rt_str_starts(purl, RT_STR("pkg:")) || purl.len > 4096)
        return false;
    RtStr rest = cut_at(cut_at(rt_str_from(purl, 4), '#'), '?');
    while (rest.len > 0 && rest.at[0] == '/')
        rest = rt_str_from(rest, 1);
    size_t slash = rt_str_find_byte(rest, '/');
    if (slash == RT_NOT_FOUND || slash == 0 || slash + 1 == rest.len)
        return false;
    RtStr type = rt_str_lower(out->arena, rt_str_sub(rest, 0, slash));
    rest = rt_str_from(rest, slash + 1);
    size_t at = rt_str_rfind_byte(rest, '@');
    RtStr version = { 0 };
    if (at != RT_NOT_FOUND && at > 0) {
        version = percent_decoded(out->arena, rt_str_from(rest, at + 1));
        rest = rt_str_sub(rest, 0, at);
    }
    RtStr name = percent_decoded(out->arena, rest);
    size_t last = rt_str_rfind_byte(name, '/');
    if (rt_str_equal(type, RT_STR("maven")) && last != RT_NOT_FOUND)
        name = rt_str_format(out->arena, "%.*s:%.*s", RT_FMT(rt_str_sub(name, 0, last)),
                             RT_FMT(rt_str_from(name, last + 1)));
    if (rt_str_equal(type, RT_STR("pypi")))
        name = rt_lock_pypi_name(out, name);
    ret_dependency->ecosystem = type;
    ret_dependency->name = name;
    ret_dependency->version = version;
    return name.len > 0;
}

/* ---- the registry, and a whole reading */

#define PLUG(name) extern const RtLockfile rt_lockfile_##name;
#include "ecosystem_lockfiles.list"
#undef PLUG

static const RtLockfile *const table[] = {
#define PLUG(name) &rt_lockfile_##name,
#include "ecosystem_lockfiles.list"
#undef PLUG
};

const RtLockfile *const *rt_lockfiles(size_t *ret_count)
{
    *ret_count = RT_COUNT(table);
    return table;
}

const RtLockfile *rt_lockfile_find(RtStr path, RtStr head)
{
    for (size_t i = 0; i < RT_COUNT(table); i++)
        if (table[i]->claims(path, RT_STR("")))
            return table[i];
    for (size_t i = 0; i < RT_COUNT(table) && head.len > 0; i++)
        if (table[i]->claims(path, head))
            return table[i];
    return NULL;
}

void rt_lockfile_read(RtArena *arena, const RtLockfile *lockfile, RtStr bytes, RtStr path,
                      RtLock *ret_lock)
{
    RtLockWriter out = { .arena = arena, .text = bytes };
    if (bytes.len >= UINT32_MAX)
        rt_lock_broken(&out, RT_STR("too-large"), RT_STR("4 GiB and more"), 0);
    else if (rt_str_trim(bytes).len == 0)
        rt_lock_broken(&out, RT_STR("empty"), RT_STR("the file holds nothing"), 1);
    else
        lockfile->read(bytes, path, &out);
    find_ways(&out);
    *ret_lock = (RtLock){ .path = path,
                          .kind = rt_str_from_c(lockfile->name),
                          .project = out.project,
                          .items = out.items,
                          .count = out.count,
                          .notes = out.notes,
                          .note_count = out.note_count,
                          .wanted = out.wanted,
                          .wanted_count = out.wanted_count,
                          .wanted_kind = out.wanted_kind,
                          .complete = !out.incomplete };
}
