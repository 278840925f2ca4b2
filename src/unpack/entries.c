/* entries.c - see entries.h. The table of names is kept in the arena with open addressing: 100,000
 * entries cost 100,000 hashes, not a comparison of each with each. */
#include "unpack/entries.h"

enum { NAME_MOST = 4096, TOLD_MOST = 20, DETAIL_MOST = 256 };

struct RtEntrySlot {
    RtStr name, bytes;
    bool is_used;
};

static const char *const words[RT_ODD_KINDS] = {
    [RT_ODD_PATH_TRAVERSAL] = "path-traversal",
    [RT_ODD_ABSOLUTE_PATH] = "absolute-path",
    [RT_ODD_NAME_NUL] = "name-nul",
    [RT_ODD_NAME_CONTROL] = "name-control",
    [RT_ODD_NAME_BIDI] = "name-bidi",
    [RT_ODD_NAME_LONG] = "name-long",
    [RT_ODD_NAME_EMPTY] = "name-empty",
    [RT_ODD_DUPLICATE_ENTRY] = "duplicate-entry",
    [RT_ODD_LINK_OUT_OF_TREE] = "link-out-of-tree",
    [RT_ODD_DEVICE_ENTRY] = "device-entry",
    [RT_ODD_SEVERAL_TOP_DIRECTORIES] = "several-top-directories",
    [RT_ODD_TRUNCATED] = "truncated",
    [RT_ODD_CORRUPT] = "corrupt",
    [RT_ODD_BOMB] = "bomb",
    [RT_ODD_SEVERAL_STREAMS] = "several-streams",
    [RT_ODD_TRAILING_DATA] = "trailing-data",
    [RT_ODD_PREFIX_DATA] = "prefix-data",
    [RT_ODD_BAD_CHECKSUM] = "bad-checksum",
    [RT_ODD_SIZE_DISAGREEMENT] = "size-disagreement",
    [RT_ODD_HEADER_DISAGREEMENT] = "header-disagreement",
    [RT_ODD_UNKNOWN_TYPE] = "unknown-type",
    [RT_ODD_ENTRIES_AFTER_END] = "entries-after-end",
    [RT_ODD_ENCRYPTED_MEMBER] = "encrypted-member",
    [RT_ODD_OVERLAPPING_ENTRIES] = "overlapping-entries",
    [RT_ODD_HIDDEN_ENTRY] = "hidden-entry",
};

RtEntries rt_entries_start(RtLayerId self, RtSink *sink)
{
    return (RtEntries){ .sink = sink, .self = self };
}

void rt_entries_odd(RtEntries *entries, RtOddity kind, RtStr detail)
{
    if (entries->told[kind] >= TOLD_MOST)
        return;
    entries->told[kind]++;
    rt_sink_anomaly(entries->sink, entries->self, rt_str_from_c(words[kind]),
                    rt_str_copy(entries->sink->arena, rt_str_sub(detail, 0, DETAIL_MOST)));
}

static bool has_bidi(RtStr name)
{
    static const char *const marks[] = { "\xE2\x80\xAE", "\xE2\x80\xAD", "\xE2\x80\xAB",
                                         "\xE2\x80\xAA", "\xE2\x81\xA6", "\xE2\x81\xA7",
                                         "\xE2\x81\xA8", "\xE2\x80\xAC", "\xE2\x81\xA9" };
    if (rt_str_find_byte(name, 0xE2) == RT_NOT_FOUND)
        return false;
    for (size_t i = 0; i < RT_COUNT(marks); i++)
        if (rt_str_has(name, rt_str_from_c(marks[i])))
            return true;
    return false;
}

static bool is_control(uint8_t byte) { return byte < 0x20 || byte == 0x7F; }

/* True when the name is already what an extractor would write: nearly always, so it is found in one
 * pass. */
static bool is_plain(RtStr name)
{
    if (name.len == 0 || name.len > NAME_MOST || name.at[0] == '/')
        return false;
    size_t part = 0;
    for (size_t i = 0; i <= name.len; i++) {
        if (i < name.len && name.at[i] != '/') {
            if (is_control(name.at[i]) || name.at[i] == '\\' || name.at[i] >= 0x80 ||
                (name.at[i] == ':' && i == 1))
                return false;
            continue;
        }
        size_t len = i - part;
        if (len == 0 || (len <= 2 && name.at[part] == '.' && name.at[i - 1] == '.'))
            return false;
        part = i + 1;
    }
    return true;
}

/* Joins the parts of `name` behind those in *out, resolving "." and "..": false when it climbs
 * above the root. */
static bool join_parts(RtText *out, RtStr name)
{
    bool inside = true;
    RtStr rest = name, part;
    while (rt_str_next(&rest, '/', &part)) {
        if (part.len == 0 || rt_str_equal(part, RT_STR(".")))
            continue;
        if (rt_str_equal(part, RT_STR(".."))) {
            inside = inside && out->len > 0;
            size_t slash = rt_str_rfind_byte(rt_text_str(out), '/');
            out->len = slash == RT_NOT_FOUND ? 0 : slash;
            continue;
        }
        if (out->len > 0)
            rt_text_byte(out, '/');
        rt_text_add(out, part);
    }
    return inside;
}

/* Backslashes separate on Windows only, where pip and npm run as well. */
static RtStr with_slashes(RtArena *arena, RtStr name)
{
    if (rt_str_find_byte(name, '\\') == RT_NOT_FOUND)
        return name;
    uint8_t *copy = rt_arena_bytes(arena, name.len);
    for (size_t i = 0; i < name.len; i++)
        copy[i] = name.at[i] == '\\' ? '/' : name.at[i];
    return (RtStr){ copy, name.len };
}

static RtStr without_control(RtEntries *entries, RtStr name)
{
    RtText clean = { .arena = entries->sink->arena };
    bool found = false;
    for (size_t i = 0; i < name.len; i++) {
        bool odd = is_control(name.at[i]);
        found |= odd;
        rt_text_byte(&clean, odd ? '_' : name.at[i]);
    }
    if (!found)
        return name;
    rt_entries_odd(entries, RT_ODD_NAME_CONTROL, name);
    return rt_text_str(&clean);
}

static RtStr harmless(RtEntries *entries, RtStr name)
{
    if (is_plain(name))
        return name;
    RtStr whole = name;
    size_t nul = rt_str_find_byte(name, 0);
    if (nul != RT_NOT_FOUND) { /* readers in C stop here */
        rt_entries_odd(entries, RT_ODD_NAME_NUL, whole);
        name = rt_str_sub(name, 0, nul);
    }
    if (name.len > NAME_MOST) {
        rt_entries_odd(entries, RT_ODD_NAME_LONG, whole);
        name = rt_str_sub(name, 0, NAME_MOST);
    }
    if (has_bidi(name))
        rt_entries_odd(entries, RT_ODD_NAME_BIDI, whole);
    name = without_control(entries, with_slashes(entries->sink->arena, name));
    bool has_drive = name.len >= 2 && name.at[1] == ':';
    if (has_drive || (name.len > 0 && name.at[0] == '/')) {
        rt_entries_odd(entries, RT_ODD_ABSOLUTE_PATH, whole);
        name = has_drive ? rt_str_from(name, 2) : name;
    }
    RtText joined = { .arena = entries->sink->arena };
    if (!join_parts(&joined, name))
        rt_entries_odd(entries, RT_ODD_PATH_TRAVERSAL, whole);
    if (joined.len == 0) {
        rt_entries_odd(entries, RT_ODD_NAME_EMPTY, whole);
        return RT_STR("unnamed");
    }
    return rt_text_str(&joined);
}

static void grow(RtEntries *entries)
{
    size_t larger = entries->slot_count > 0 ? entries->slot_count * 2 : 64;
    RtEntrySlot *slots = RT_NEW_ARRAY(entries->sink->arena, RtEntrySlot, larger);
    for (size_t i = 0; i < entries->slot_count; i++) {
        if (!entries->slots[i].is_used)
            continue;
        size_t at = (size_t)rt_str_hash(entries->slots[i].name) & (larger - 1);
        while (slots[at].is_used)
            at = (at + 1) & (larger - 1);
        slots[at] = entries->slots[i];
    }
    entries->slots = slots;
    entries->slot_count = larger;
}

/* The slot of `name`, used or free. */
static RtEntrySlot *slot_of(RtEntries *entries, RtStr name)
{
    if ((entries->used + 1) * 2 > entries->slot_count)
        grow(entries);
    size_t at = (size_t)rt_str_hash(name) & (entries->slot_count - 1);
    while (entries->slots[at].is_used && !rt_str_equal(entries->slots[at].name, name))
        at = (at + 1) & (entries->slot_count - 1);
    return &entries->slots[at];
}

static bool count(RtEntries *entries)
{
    bool out_of_time = entries->entries % 256 == 255 && entries->sink->ms_left(entries->sink) == 0;
    if (entries->entries < entries->sink->budget->entries && !out_of_time) {
        entries->entries++;
        return true;
    }
    if (!entries->told_limit)
        entries->sink->unseen(entries->sink, entries->self,
                              out_of_time ? RT_STR("limit-cpu-ms") : RT_STR("limit-entries"));
    entries->told_limit = true;
    return false;
}

static bool add(RtEntries *entries, RtStr name, RtStr bytes, uint32_t mode)
{
    RtEntrySlot *slot = slot_of(entries, name);
    if (slot->is_used)
        rt_entries_odd(entries, RT_ODD_DUPLICATE_ENTRY, name);
    else
        entries->used++;
    *slot = (RtEntrySlot){ .name = name, .bytes = bytes, .is_used = true };
    (void)entries->sink->layer(entries->sink, (RtLayer){ .parent = entries->self,
                                                         .via = RT_VIA_ENTRY,
                                                         .name = name,
                                                         .bytes = bytes,
                                                         .mode = mode & 07777 });
    return true;
}

bool rt_entries_add(RtEntries *entries, RtStr name, RtStr bytes, uint32_t mode)
{
    return count(entries) && add(entries, harmless(entries, name), bytes, mode);
}

bool rt_entries_link(RtEntries *entries, RtStr name, RtStr target, bool is_hard, uint32_t mode)
{
    if (!count(entries))
        return false;
    RtArena *arena = entries->sink->arena;
    RtStr place = harmless(entries, name);
    RtStr to = with_slashes(arena, rt_str_sub(target, 0, NAME_MOST));
    RtText joined = { .arena = arena };
    size_t slash = rt_str_rfind_byte(place, '/');
    if (!is_hard && slash != RT_NOT_FOUND)
        rt_text_add(&joined, rt_str_sub(place, 0, slash));
    bool is_absolute = to.len > 0 && (to.at[0] == '/' || (to.len > 1 && to.at[1] == ':'));
    if (!join_parts(&joined, to) || is_absolute) {
        rt_entries_odd(entries, RT_ODD_LINK_OUT_OF_TREE,
                       rt_str_format(arena, "%.*s -> %.*s", RT_FMT(place), RT_FMT(to)));
        return true;
    }
    if (!is_hard || joined.len == 0)
        return true;
    const RtEntrySlot *original = slot_of(entries, rt_text_str(&joined));
    return original->is_used ? add(entries, place, original->bytes, mode) : true;
}

/* "./", how tar spells the folder it was called in. */
static bool is_root(RtStr name)
{
    return name.len == 0 || rt_str_equal(name, RT_STR(".")) || rt_str_equal(name, RT_STR("./"));
}

bool rt_entries_other(RtEntries *entries, RtStr name, bool is_device)
{
    if (!count(entries))
        return false;
    if (is_device)
        rt_entries_odd(entries, RT_ODD_DEVICE_ENTRY, name);
    else if (!is_plain(name) && !is_root(name))
        (void)harmless(entries,
                       rt_str_ends(name, RT_STR("/")) ? rt_str_sub(name, 0, name.len - 1) : name);
    return true;
}

void rt_entries_watch_top(RtEntries *entries, RtStr name)
{
    size_t slash = rt_str_find_byte(name, '/');
    if (slash == RT_NOT_FOUND || slash == 0 || rt_str_starts(name, RT_STR("./")))
        return;
    RtStr top = rt_str_sub(name, 0, slash);
    if (entries->top.len == 0)
        entries->top = top;
    else if (!rt_str_equal(entries->top, top) && entries->told[RT_ODD_SEVERAL_TOP_DIRECTORIES] == 0)
        rt_entries_odd(entries, RT_ODD_SEVERAL_TOP_DIRECTORIES, top);
}
