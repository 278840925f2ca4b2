/* ar.c - Unix archives: Debian packages and static libraries. GNU and BSD spellings of long names.
 */
#include "base/cursor.h"
#include "unpack/entries.h"

enum { HEADER = 60 };

static int bid(RtStr bytes) { return rt_str_starts(bytes, RT_STR("!<arch>\n")) ? 95 : 0; }

static RtStr field(RtStr header, size_t from, size_t len)
{
    return rt_str_trim(rt_str_sub(header, from, len));
}

/* "name/", "/123" (offset in the table of long names) or "#1/12" (the name leads the content). */
static RtStr name_of(RtStr header, RtStr long_names, RtStr *content)
{
    RtStr name = field(header, 0, 16);
    uint64_t number = 0;
    if (rt_str_starts(name, RT_STR("#1/")) && rt_str_number(rt_str_from(name, 3), &number)) {
        RtCursor cursor = { .rest = *content };
        name = rt_take(&cursor, number < content->len ? (size_t)number : content->len);
        *content = cursor.rest;
        size_t nul = rt_str_find_byte(name, 0);
        return nul == RT_NOT_FOUND ? name : rt_str_sub(name, 0, nul);
    }
    if (name.len > 1 && name.at[0] == '/' && rt_str_number(rt_str_from(name, 1), &number)) {
        name = rt_str_from(long_names, number < long_names.len ? (size_t)number : long_names.len);
        size_t end = rt_str_find_byte(name, '\n');
        name = end == RT_NOT_FOUND ? name : rt_str_sub(name, 0, end);
    }
    return name.len > 1 && rt_str_ends(name, RT_STR("/")) ? rt_str_sub(name, 0, name.len - 1)
                                                          : name;
}

static void open_ar(RtStr bytes, RtLayerId self, RtSink *sink)
{
    RtEntries entries = rt_entries_start(self, sink);
    RtCursor cursor = { .rest = rt_str_from(bytes, 8) };
    RtStr long_names = { 0 };
    while (cursor.rest.len >= HEADER) {
        RtStr header = rt_take(&cursor, HEADER);
        uint64_t size = 0;
        if (!rt_str_equal(rt_str_sub(header, 58, 2), RT_STR("`\n")) ||
            !rt_str_number(field(header, 48, 10), &size)) {
            rt_entries_odd(&entries, RT_ODD_CORRUPT, RT_STR("member header"));
            sink->unseen(sink, self, RT_STR("corrupt"));
            return;
        }
        bool is_cut = size > cursor.rest.len;
        RtStr content = rt_take(&cursor, is_cut ? cursor.rest.len : (size_t)size);
        if (rt_str_equal(field(header, 0, 16), RT_STR("//")))
            long_names = content;
        else if (!rt_entries_add(&entries, name_of(header, long_names, &content), content, 0))
            return;
        if (is_cut)
            break;
        if (size % 2 == 1 && cursor.rest.len > 0)
            (void)rt_take(&cursor, 1);
        if (cursor.rest.len == 0)
            return;
    }
    rt_entries_odd(&entries, RT_ODD_TRUNCATED, (RtStr){ 0 });
    sink->unseen(sink, self, RT_STR("truncated"));
}

const RtContainer rt_container_ar = { .name = "ar", .bid = bid, .open = open_ar };
