/* expand.c - what all compressed streams share: the ceiling, the output buffer, and how a
 * single-stream container becomes one child layer. */
#include "unpack/expand.h"

#include "unpack/entries.h"

enum { RATIO_FLOOR = 8 << 20 };

size_t rt_expand_room(const RtSink *sink, size_t packed_len, RtStr *ret_limit)
{
    const RtBudget *budget = sink->budget;
    uint64_t room = budget->layer_bytes;
    *ret_limit = RT_STR("limit-layer-bytes");
    /* A full arena ends the worker: the last eighth is for facts and trees. */
    uint64_t memory = rt_arena_left(sink->arena) / 8 * 7;
    if (memory < room) {
        room = memory;
        *ret_limit = RT_STR("limit-arena-bytes");
    }
    uint64_t ratio = UINT64_MAX;
    if (__builtin_mul_overflow((uint64_t)packed_len, budget->ratio, &ratio))
        ratio = UINT64_MAX;
    if (ratio < RATIO_FLOOR)
        ratio = RATIO_FLOOR;
    if (ratio < room) {
        room = ratio;
        *ret_limit = RT_STR("limit-ratio");
    }
    return (size_t)room;
}

RtExpandBuffer rt_expand_start(RtArena *arena, size_t room)
{
    return (RtExpandBuffer){ .arena = arena, .at = rt_arena_bytes(arena, room), .taken = room };
}

RtExpanded rt_expand_done(RtExpandBuffer *buffer, size_t used, uint32_t runs, RtExpandEnd end)
{
    rt_arena_trim(buffer->arena, buffer->at, buffer->taken, buffer->len);
    RtStr bytes = { 0 };
    if (buffer->len > 0)
        bytes = (RtStr){ buffer->at, buffer->len };
    return (RtExpanded){ .bytes = bytes, .used = used, .runs = runs, .end = end };
}

/* "x.tar.gz" → "x.tar", "x.tgz" → "x.tar", "data.xz" → "data"; the name inside a gzip header is the
 * attacker's choice and no tool in our world uses it. */
static RtStr child_name(const RtLayer *parent, RtStr method, RtArena *arena)
{
    static const struct {
        RtStr suffix, becomes;
    } suffixes[] = {
#define PAIR(from, to)                                                                             \
    {                                                                                              \
        { (const uint8_t *)from, sizeof(from) - 1 }, { (const uint8_t *)to, sizeof(to) - 1 }       \
    }
        PAIR(".tgz", ".tar"),  PAIR(".tbz2", ".tar"), PAIR(".tbz", ".tar"),   PAIR(".txz", ".tar"),
        PAIR(".tzst", ".tar"), PAIR(".gz", ""),       PAIR(".bz2", ""),       PAIR(".xz", ""),
        PAIR(".lzma", ""),     PAIR(".zst", ""),      PAIR(".crate", ".tar"), PAIR(".svgz", ".svg"),
    };
    if (!parent)
        return method;
    RtStr name = parent->name;
    size_t slash = rt_str_rfind_byte(name, '/');
    if (slash != RT_NOT_FOUND)
        name = rt_str_from(name, slash + 1);
    for (size_t i = 0; i < RT_COUNT(suffixes); i++)
        if (name.len > suffixes[i].suffix.len && rt_str_ends_nocase(name, suffixes[i].suffix)) {
            RtText text = { .arena = arena };
            rt_text_add(&text, rt_str_sub(name, 0, name.len - suffixes[i].suffix.len));
            rt_text_add(&text, suffixes[i].becomes);
            return rt_text_str(&text);
        }
    return name.len > 0 ? name : method;
}

static bool is_all_zero(RtStr bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.at[i] != 0)
            return false;
    return true;
}

static void tell_end(RtExpandEnd end, RtStr limit, RtEntries *entries)
{
    switch (end) {
    case RT_EXPAND_WHOLE:
        return;
    case RT_EXPAND_CUT:
        rt_entries_odd(entries, RT_ODD_TRUNCATED, (RtStr){ 0 });
        entries->sink->unseen(entries->sink, entries->self, RT_STR("truncated"));
        return;
    case RT_EXPAND_BROKEN:
        rt_entries_odd(entries, RT_ODD_CORRUPT, (RtStr){ 0 });
        entries->sink->unseen(entries->sink, entries->self, RT_STR("corrupt"));
        return;
    case RT_EXPAND_LIMIT:
        if (rt_str_equal(limit, RT_STR("limit-ratio")))
            rt_entries_odd(entries, RT_ODD_BOMB, (RtStr){ 0 });
        entries->sink->unseen(entries->sink, entries->self, limit);
        return;
    case RT_EXPAND_REFUSED:
        entries->sink->unseen(entries->sink, entries->self, RT_STR("limit-arena-bytes"));
        return;
    }
}

void rt_expand_open(RtExpander expander, RtStr method, RtStr packed, RtLayerId self, RtSink *sink)
{
    RtStr limit;
    size_t room = rt_expand_room(sink, packed.len, &limit);
    RtExpanded content = expander(sink->arena, packed, room);
    const RtLayer *parent = sink->get_layer(sink, self);
    bool is_file = !parent || parent->via == RT_VIA_ENTRY || parent->via == RT_VIA_ARTIFACT;
    /* A decoder's guess that did not hold, or held for a while: nothing that was there stays
     * unread. */
    bool is_guess = !is_file && (content.end == RT_EXPAND_CUT || content.end == RT_EXPAND_BROKEN);
    if (is_guess && content.bytes.len == 0)
        return;
    RtEntries entries = rt_entries_start(self, sink);
    if (!is_guess)
        tell_end(content.end, limit, &entries);
    if (content.runs > 1)
        rt_entries_odd(&entries, RT_ODD_SEVERAL_STREAMS, (RtStr){ 0 });
    if (content.bytes.len > 0)
        (void)sink->layer(sink,
                          (RtLayer){
                              .parent = self,
                              .via = is_file ? RT_VIA_ENTRY : RT_VIA_DECODED,
                              .name = is_file ? child_name(parent, method, sink->arena) : method,
                              .bytes = content.bytes,
                              .source = { 0, is_file ? 0 : content.used },
                          });
    RtStr rest = rt_str_from(packed, content.used);
    if (content.end == RT_EXPAND_WHOLE && !is_all_zero(rest)) {
        rt_entries_odd(&entries, RT_ODD_TRAILING_DATA, (RtStr){ 0 });
        (void)sink->layer(sink, (RtLayer){ .parent = self,
                                           .via = RT_VIA_DECODED,
                                           .name = RT_STR("trailing-data"),
                                           .bytes = rest,
                                           .source = { content.used, rest.len } });
    }
}
