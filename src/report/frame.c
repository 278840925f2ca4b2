/* frame.c - cuts a window out of a hostile line and counts where the carets go.
 *
 * Each character is escaped on its own and its drawn width measured, so that carets stay under the
 * span whatever the escaping did to the text before it. */
#include "report/frame.h"

#include "base/escape.h"

enum {
    ROOM_AROUND = 60,   /* cells kept on each side of the span (FORMATS 3.4) */
    BYTES_AROUND = 480, /* bytes looked at on each side: 60 characters of combining marks and all */
    NARROWEST = 40,
};

uint32_t rt_report_rune_cells(uint32_t rune)
{
    static const struct {
        uint32_t from, to;
        uint8_t cells;
    } ranges[] = {
        { 0x0300, 0x036F, 0 }, { 0x1AB0, 0x1AFF, 0 },   { 0x1DC0, 0x1DFF, 0 },
        { 0x20D0, 0x20FF, 0 }, { 0xFE00, 0xFE0F, 0 },   { 0xFE20, 0xFE2F, 0 },
        { 0x1100, 0x115F, 2 }, { 0x2E80, 0xA4CF, 2 },   { 0xAC00, 0xD7A3, 2 },
        { 0xF900, 0xFAFF, 2 }, { 0xFE30, 0xFE6F, 2 },   { 0xFF00, 0xFF60, 2 },
        { 0xFFE0, 0xFFE6, 2 }, { 0x1F300, 0x1FAFF, 2 }, { 0x20000, 0x3FFFD, 2 },
    };
    if (rune < ranges[0].from)
        return 1;
    for (size_t i = 0; i < RT_COUNT(ranges); i++)
        if (rune >= ranges[i].from && rune <= ranges[i].to)
            return ranges[i].cells;
    return 1;
}

/* One character as it will be drawn. */
typedef struct {
    RtStr drawn;
    uint32_t cells;
    size_t len; /* bytes it takes of the line */
} Drawn;

static Drawn draw(RtArena *arena, RtStr line, size_t at)
{
    uint32_t rune = 0;
    size_t len = rt_utf8_take(line, at, &rune);
    if (len == 0)
        len = 1;
    if (len == 1 && line.at[at] == '\t')
        return (Drawn){ .drawn = RT_STR(" "), .cells = 1, .len = 1 };
    RtStr raw = rt_str_sub(line, at, len);
    if (len == 1 && line.at[at] >= ' ' && line.at[at] < 0x7F)
        return (Drawn){ .drawn = raw, .cells = 1, .len = 1 };
    RtText text = { .arena = arena };
    rt_escape_terminal(&text, raw, false);
    RtStr drawn = rt_text_str(&text);
    bool escaped = !rt_str_equal(drawn, raw);
    return (Drawn){ .drawn = drawn,
                    .cells = escaped ? (uint32_t)drawn.len : rt_report_rune_cells(rune),
                    .len = len };
}

/* The line of the snippet in which the span starts; *ret_at is the span's start in it. */
static RtStr line_of(const RtEvidence *evidence, size_t *ret_at)
{
    RtStr snippet = evidence->snippet;
    size_t at = evidence->mark_from < snippet.len ? evidence->mark_from : snippet.len;
    RtStr before = rt_str_sub(snippet, 0, at);
    size_t newline = rt_str_rfind_byte(before, '\n');
    size_t from = newline == RT_NOT_FOUND ? 0 : newline + 1;
    RtStr line = rt_str_from(snippet, from);
    size_t end = rt_str_find_byte(rt_str_from(line, at - from), '\n');
    if (end != RT_NOT_FOUND)
        line = rt_str_sub(line, 0, at - from + end);
    if (line.len > 0 && line.at[line.len - 1] == '\r' && line.len > at - from)
        line.len--;
    *ret_at = at - from;
    return line;
}

/* Where the window starts: at most `room` cells (and BYTES_AROUND bytes) before `at`, on a
 * character. */
static size_t window_start(RtArena *arena, RtStr line, size_t at, uint32_t room)
{
    size_t from = at > BYTES_AROUND ? at - BYTES_AROUND : 0;
    while (from > 0 && from < at && (line.at[from] & 0xC0) == 0x80)
        from++;
    uint32_t cells = 0;
    for (size_t i = from; i < at;) {
        Drawn one = draw(arena, line, i);
        cells += one.cells;
        i += one.len;
    }
    while (from < at && cells > room) {
        Drawn one = draw(arena, line, from);
        cells -= one.cells;
        from += one.len;
    }
    return from;
}

/* "http" and "ws" before "://" lose their t and w: a terminal must not offer the address for a
 * click. */
static RtStr unclick(RtArena *arena, RtStr line)
{
    if (!rt_str_has(line, RT_STR("://")))
        return line;
    RtStr copy = rt_str_copy(arena, line);
    uint8_t *bytes = (uint8_t *)(uintptr_t)copy.at; /* ours: the copy just made */
    for (size_t i = 0; i + 3 <= copy.len; i++) {
        if (!rt_str_equal(rt_str_sub(copy, i, 3), RT_STR("://")))
            continue;
        size_t end = i > 0 && (bytes[i - 1] | 0x20) == 's' ? i - 1 : i;
        if (end >= 4 && rt_str_equal_nocase(rt_str_sub(copy, end - 4, 4), RT_STR("http"))) {
            bytes[end - 3] = 'x';
            bytes[end - 2] = 'x';
        } else if (i >= 2 && rt_str_equal_nocase(rt_str_sub(copy, i - 2, 2), RT_STR("ws"))) {
            bytes[i - 2] = 'x';
        } else if (i >= 3 && rt_str_equal_nocase(rt_str_sub(copy, i - 3, 3), RT_STR("wss"))) {
            bytes[i - 3] = 'x';
        }
    }
    return copy;
}

RtFrame rt_report_frame(RtArena *arena, const RtEvidence *evidence, uint32_t cells)
{
    size_t at = 0;
    RtStr line = line_of(evidence, &at);
    if (line.len == 0)
        return (RtFrame){ .mark_len = 1 };
    if (cells < NARROWEST)
        cells = NARROWEST;
    size_t mark_end = at;
    mark_end += evidence->mark_len < line.len - at ? evidence->mark_len : line.len - at;
    uint32_t before = cells / 3 < ROOM_AROUND ? cells / 3 : ROOM_AROUND;
    size_t from = window_start(arena, line, at, before);
    RtText text = { .arena = arena };
    RtFrame frame = { .mark_at = 0 };
    uint32_t used = 0, after = 0;
    if (from > 0) {
        rt_text_add(&text, RT_STR("…"));
        used = 1;
    }
    frame.mark_at = used;
    size_t i = from;
    while (i < line.len) {
        Drawn one = draw(arena, line, i);
        bool too_far =
            i >= mark_end && (after + one.cells > ROOM_AROUND || i - mark_end > BYTES_AROUND);
        if (used + one.cells + 1 > cells || too_far || text.len > 4096)
            break;
        if (i < at)
            frame.mark_at += one.cells;
        else if (i < mark_end)
            frame.mark_len += one.cells;
        else
            after += one.cells;
        used += one.cells;
        rt_text_add(&text, one.drawn);
        i += one.len;
    }
    if (i < line.len)
        rt_text_add(&text, RT_STR("…"));
    if (frame.mark_len == 0)
        frame.mark_len = 1;
    frame.line = unclick(arena, rt_text_str(&text));
    return frame;
}
