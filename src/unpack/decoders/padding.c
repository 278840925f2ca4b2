/* padding.c - code pushed out of sight by blanks: behind at least 60 on a line that has something
 * before them, or behind at least 200 at a line's start (PolinRider and its kin, THREATS 1.5,
 * T-OBF-03).
 *
 * The measured false alarms (THREATS 3.6) are comments that a compiler re-indented, tables and
 * aligned columns, and strings. So the tail must look like code, must not be a comment or stand in
 * one, the lines around must not have their blanks at the same place, and inside a string it must
 * do something. */
#include "unpack/decoded.h"

enum {
    MIDDLE_LEAST = 60,
    START_LEAST = 200,
    TAIL_LEAST = 16,
    START_TAIL_LEAST = 40,
    ALIGNED_LEAST = 12,
    STRING_LEAST = 100,
    FACTS_MOST = 16,
    JUDGED = 1024,       /* of a line's sides */
    COLUMN_MOST = 65536, /* tables are narrower */
};

static bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\t'; }

static size_t line_start(RtStr text, size_t at)
{
    size_t start = rt_str_rfind_byte(rt_str_sub(text, 0, at), '\n');
    return start == RT_NOT_FOUND ? 0 : start + 1;
}

static size_t line_end(RtStr text, size_t at)
{
    size_t end = rt_str_find_byte(rt_str_from(text, at), '\n');
    return end == RT_NOT_FOUND ? text.len : at + end;
}

static bool starts_comment(RtStr text)
{
    static const char *const marks[] = { "//", "/*", "*",    "#",    "<!--",
                                         "--", "|",  "REM ", "rem ", "%" };
    for (size_t i = 0; i < RT_COUNT(marks); i++)
        if (rt_str_starts(text, rt_str_from_c(marks[i])))
            return true;
    return false;
}

/* Words that do something: a tail with one is code even inside a string (a task's command line). */
static bool acts(RtStr tail)
{
    static const char *const words[] = {
        "eval(",      "require(", "Function(", "exec(",      "global[",    "global.",
        "import(",    "import ",  "process.",  "fetch(",     "curl ",      "wget ",
        "powershell", "| sh",     "|sh",       "| bash",     "|bash",      "node -e",
        "node ./",    "node .",   "http://",   "https://",   "atob(",      "spawn",
        "system(",    "base64",   "urlopen",   "subprocess", "__import__", "_$_"
    };
    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_has(tail, rt_str_from_c(words[i])))
            return true;
    return false;
}

static bool is_code(RtStr tail)
{
    size_t marks = 0, letters = 0;
    for (size_t i = 0; i < tail.len; i++) {
        uint8_t byte = tail.at[i];
        marks += byte == '(' || byte == ')' || byte == ';' || byte == '=' || byte == '{' ||
                 byte == '[' || byte == '$';
        letters += (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
    }
    return marks >= 3 && letters >= 6;
}

/* Does the line that holds `at` have a gap, or its first text, at the same column? */
static bool is_aligned(RtStr text, size_t start, size_t end, size_t column)
{
    if (column >= end - start)
        return false;
    size_t first = column > 3 ? column - 3 : 0;
    for (size_t i = first; i <= column + 3 && start + i < end; i++) {
        if (is_blank(text.at[start + i]) || i < ALIGNED_LEAST)
            continue;
        size_t gap = i;
        while (gap > 0 && i - gap < ALIGNED_LEAST && is_blank(text.at[start + gap - 1]))
            gap--;
        if (i - gap >= ALIGNED_LEAST)
            return true;
    }
    return false;
}

static bool has_aligned_neighbour(RtStr text, size_t start, size_t end, size_t column)
{
    if (column > COLUMN_MOST)
        return false;
    if (start > 0) {
        size_t floor = start > COLUMN_MOST ? start - COLUMN_MOST : 0;
        size_t before = rt_str_rfind_byte(rt_str_sub(text, floor, start - 1 - floor), '\n');
        before = before == RT_NOT_FOUND ? floor : floor + before + 1;
        if (is_aligned(text, before, start - 1, column))
            return true;
    }
    RtStr below = rt_str_sub(text, end + 1, column + 8);
    return is_aligned(below, 0, line_end(below, 0), column);
}

/* An odd number of quotes before it on the line. */
static bool in_string(RtStr before)
{
    uint8_t open = 0;
    for (size_t i = 0; i < before.len; i++) {
        uint8_t byte = before.at[i];
        if (byte == '\\')
            i++;
        else if (open == byte)
            open = 0;
        else if (!open && (byte == '"' || byte == '\'' || byte == '`'))
            open = byte;
    }
    return open != 0;
}

static bool in_comment(RtStr before)
{
    RtStr head = rt_str_trim(before);
    if (rt_str_starts(head, RT_STR("//")) || rt_str_starts(head, RT_STR("#")))
        return true;
    if (rt_str_starts(head, RT_STR("*")) || rt_str_starts(head, RT_STR("/*")))
        return !rt_str_has(head, RT_STR("*/"));
    return false;
}

static bool is_hidden_code(RtStr text, size_t start, size_t from, size_t to, size_t end)
{
    size_t run = to - from;
    RtStr tail = rt_str_trim(rt_str_sub(text, to, end - to < JUDGED ? end - to : JUDGED));
    RtStr before = rt_str_sub(text, start, from - start);
    bool is_start = before.len == 0;
    if (tail.len < (is_start ? (size_t)START_TAIL_LEAST : (size_t)TAIL_LEAST) ||
        starts_comment(tail))
        return false;
    if (before.len > JUDGED)
        before = rt_str_from(before, before.len - JUDGED);
    if (in_comment(before) || (!is_code(tail) && !acts(tail)))
        return false;
    if (has_aligned_neighbour(text, start, end, to - start))
        return false;
    return is_start || !in_string(before) || (run >= STRING_LEAST && acts(tail));
}

static void tell(RtDecoded *decoded, RtStr text, size_t start, size_t to, size_t end)
{
    RtSink *sink = decoded->sink;
    RtStr tail = rt_str_sub(text, to, end - to);
    (void)sink->fact(sink,
                     (RtFact){ .kind = RT_FACT_HIDDEN,
                               .witness = RT_SEEN_IN_TEXT,
                               .layer = decoded->self,
                               .from = to,
                               .len = tail.len,
                               .args = { RT_STR("padding"), rt_str_sub(tail, 0, 256),
                                         rt_str_format(sink->arena, "%zu", to - start + 1) } });
    (void)sink->layer(sink, (RtLayer){ .parent = decoded->self,
                                       .via = RT_VIA_DECODED,
                                       .name = RT_STR("padding-tail"),
                                       .bytes = tail,
                                       .source = { to, tail.len } });
}

/* The line of [from, to), found anew only when the last one is left: a line may be megabytes. */
static void find_line(RtStr text, size_t from, size_t to, size_t *start, size_t *end)
{
    if (from <= *end && *end > 0)
        return;
    *start = line_start(text, from);
    *end = line_end(text, to);
}

static void decode(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    if (layer->via == RT_VIA_DECODED && rt_str_equal(layer->name, RT_STR("padding-tail")))
        return; /* all of it is in sight now; tails of tails would multiply */
    RtStr text = layer->bytes;
    RtDecoded decoded = rt_decoded_start("padding", self, sink);
    size_t done = 0, start = 0, end = 0;
    uint32_t told = 0;
    /* A run of 60 covers every 60th byte: look there only. */
    for (size_t probe = MIDDLE_LEAST - 1; probe < text.len && told < FACTS_MOST;
         probe += MIDDLE_LEAST) {
        if (!is_blank(text.at[probe]) || probe < done)
            continue;
        size_t from = probe, to = probe;
        while (from > done && is_blank(text.at[from - 1]))
            from--;
        while (to < text.len && is_blank(text.at[to]))
            to++;
        done = to;
        bool is_start = from == 0 || text.at[from - 1] == '\n';
        if (to - from < (is_start ? (size_t)START_LEAST : (size_t)MIDDLE_LEAST) || to == text.len)
            continue;
        find_line(text, from, to, &start, &end);
        if (is_hidden_code(text, start, from, to, end)) {
            tell(&decoded, text, start, to, end);
            told++;
            done = end; /* the tail is the rest of the line */
        }
    }
}

const RtDecoder rt_decoder_padding = { .name = "padding", .decode = decode, .wants = 0 };
