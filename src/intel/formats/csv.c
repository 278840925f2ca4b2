/* csv.c - indicators as a table (RFC 4180), for people with spreadsheets and for tools without a
 * schema.
 *
 * The first line names the columns, in any order; "type" and "indicator" are understood for kind
 * and value. Without a column for the kind a value is judged by its looks. A cell that a
 * spreadsheet would run as a formula gets a quote in front, which reading takes away. */
#include "intel/formats.h"
#include "intel/names.h"

enum { COLUMNS = 14, CELLS_MOST = 64 };
static const char *const columns[COLUMNS] = {
    "kind", "ecosystem", "value",     "versions",   "role",        "confidence", "tlp",
    "id",   "campaign",  "reference", "valid_from", "valid_until", "modified",   "summary",
};
enum {
    KIND,
    ECOSYSTEM,
    VALUE,
    VERSIONS,
    ROLE,
    CONFIDENCE,
    TLP,
    ID,
    CAMPAIGN,
    REFERENCE,
    FROM,
    UNTIL,
    MODIFIED,
    SUMMARY
};

/* ---- reading -------------------------------------------------------------------------------- */

/* The next cell; *ret_last when a line ends behind it. */
static RtStr next_cell(RtArena *arena, RtStr *rest, bool *ret_last)
{
    RtText out = { .arena = arena };
    size_t at = 0;
    if (rest->len > 0 && rest->at[0] == '"') {
        for (at = 1; at < rest->len; at++) {
            bool is_quote = rest->at[at] == '"';
            if (is_quote && at + 1 < rest->len && rest->at[at + 1] == '"')
                at++;
            else if (is_quote)
                break;
            rt_text_byte(&out, rest->at[at]);
        }
        at += at < rest->len;
    }
    for (; at < rest->len && rest->at[at] != ',' && rest->at[at] != '\n'; at++)
        rt_text_byte(&out, rest->at[at]);
    *ret_last = at >= rest->len || rest->at[at] == '\n';
    *rest = rt_str_from(*rest, at + 1);
    RtStr cell = rt_str_trim(rt_text_str(&out));
    bool is_shielded = cell.len > 1 && cell.at[0] == '\'' &&
                       rt_str_find_byte(RT_STR("=+-@'"), cell.at[1]) != RT_NOT_FOUND;
    return is_shielded ? rt_str_from(cell, 1) : cell;
}

static size_t next_row(RtArena *arena, RtStr *rest, RtStr cells[CELLS_MOST])
{
    size_t count = 0;
    for (bool last = false; !last;) {
        RtStr cell = next_cell(arena, rest, &last);
        if (count < CELLS_MOST)
            cells[count++] = cell;
    }
    return count;
}

static int column_of(RtStr name)
{
    static const char *const others[][2] = { { "type", "kind" },          { "indicator", "value" },
                                             { "ioc", "value" },          { "name", "value" },
                                             { "version", "versions" },   { "source", "reference" },
                                             { "description", "summary" } };
    for (size_t i = 0; i < RT_COUNT(others); i++)
        if (rt_str_equal_nocase(name, rt_str_from_c(others[i][0])))
            name = rt_str_from_c(others[i][1]);
    for (int i = 0; i < COLUMNS; i++)
        if (rt_str_equal_nocase(name, rt_str_from_c(columns[i])))
            return i;
    return -1;
}

static bool has_value_column(RtStr line)
{
    RtStr cell;
    while (rt_str_next(&line, ',', &cell)) {
        cell = rt_str_trim(cell);
        if (cell.len > 2 && cell.at[0] == '"')
            cell = rt_str_sub(cell, 1, cell.len - 2);
        if (column_of(cell) == VALUE)
            return true;
    }
    return false;
}

static int bid(RtStr name, RtStr bytes)
{
    (void)name;
    RtStr rest = bytes, line;
    bool has_line = rt_str_next(&rest, '\n', &line) && rt_utf8_is_valid(line);
    return has_line && line.len < 4096 && line.at[0] != '{' && has_value_column(line) ? 40 : 0;
}

/* "1.0.0|1.0.1" as we write it, or parted by blanks or semicolons as people do. */
static RtStr set_of(RtArena *arena, RtStr text)
{
    if (rt_str_find_byte(text, '<') != RT_NOT_FOUND || rt_str_find_byte(text, '>') != RT_NOT_FOUND)
        return text;
    RtText set = { .arena = arena };
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && rt_str_find_byte(RT_STR("| ;"), text.at[i]) == RT_NOT_FOUND)
            continue;
        rt_versions_add(&set, "", rt_str_sub(text, from, i - from));
        from = i + 1;
    }
    return rt_text_str(&set);
}

/* The entry of a row; why not, or NULL. */
static const char *entry_of(RtArena *arena, const RtStr by_column[COLUMNS], RtIntelEntry *entry)
{
    uint64_t confidence = 50;
    *entry = (RtIntelEntry){
        .role = RT_ROLE_NOT_SAID,
        .ecosystem = by_column[ECOSYSTEM],
        .value = by_column[VALUE],
        .versions = set_of(arena, by_column[VERSIONS]),
        .id = by_column[ID],
        .campaign = by_column[CAMPAIGN],
        .reference = by_column[REFERENCE],
        .summary = by_column[SUMMARY],
        .valid_from = rt_time_read(by_column[FROM]),
        .valid_until = rt_time_read(by_column[UNTIL]),
        .modified = rt_time_read(by_column[MODIFIED]),
    };
    if (by_column[KIND].len > 0 && !rt_intel_kind_find(by_column[KIND], &entry->kind))
        return "is of no known kind";
    if (by_column[KIND].len == 0 && by_column[ECOSYSTEM].len > 0)
        entry->kind = RT_INTEL_PACKAGE;
    else if (by_column[KIND].len == 0 && !rt_intel_guess(entry->value, &entry->kind))
        return "is of no kind that can be told by its looks";
    if (by_column[ROLE].len > 0 && !rt_intel_role_find(by_column[ROLE], &entry->role))
        return "has a role that is not known";
    if (by_column[TLP].len > 0 && !rt_intel_tlp_find(by_column[TLP], &entry->tlp))
        return "has a marking that is not known";
    if (by_column[CONFIDENCE].len > 0 &&
        (!rt_str_number(by_column[CONFIDENCE], &confidence) || confidence > 100))
        return "has a confidence that is no number from 0 to 100";
    if (by_column[VERSIONS].len > 0 && entry->versions.len == 0)
        return "has versions that are none";
    entry->confidence = (uint8_t)confidence;
    return NULL;
}

static void read_csv(RtStr name, RtStr bytes, RtIntelTaker *to)
{
    RtStr cells[CELLS_MOST];
    int meaning[CELLS_MOST];
    if (rt_str_starts(bytes, RT_STR("\xEF\xBB\xBF")))
        bytes = rt_str_from(bytes, 3);
    size_t named = next_row(to->arena, &bytes, cells);
    bool has_value = false;
    for (size_t i = 0; i < named; i++) {
        meaning[i] = column_of(cells[i]);
        has_value = has_value || meaning[i] == VALUE;
    }
    if (!has_value) {
        to->bad(to->context, name, "its first line names no column value");
        return;
    }
    for (size_t row = 2; bytes.len > 0; row++) {
        RtStr by_column[COLUMNS] = { 0 };
        RtIntelEntry entry;
        size_t count = next_row(to->arena, &bytes, cells);
        if (count == 1 && cells[0].len == 0)
            continue;
        for (size_t i = 0; i < count && i < named; i++)
            if (meaning[i] >= 0)
                by_column[meaning[i]] = cells[i];
        const char *why = entry_of(to->arena, by_column, &entry);
        if (why != NULL)
            to->bad(to->context, rt_str_format(to->arena, "row %zu", row), why);
        else
            to->entry(to->context, &entry);
    }
}

/* ---- writing -------------------------------------------------------------------------------- */

static void write_cell(RtText *out, RtStr cell)
{
    bool formula = cell.len > 0 && rt_str_find_byte(RT_STR("=+-@'\t"), cell.at[0]) != RT_NOT_FOUND;
    rt_text_add(out, formula ? RT_STR("\"'") : RT_STR("\""));
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            rt_text_byte(out, '"');
        rt_text_byte(out, cell.at[i] < ' ' ? ' ' : cell.at[i]);
    }
    rt_text_byte(out, '"');
}

static RtStr time_cell(RtArena *arena, int64_t seconds)
{
    return seconds > 0 ? rt_time_text(arena, seconds) : (RtStr){ 0 };
}

static void write_csv(RtIntelExport *what, RtText *out)
{
    for (size_t i = 0; i < COLUMNS; i++)
        rt_text_format(out, "%s%s", i ? "," : "", columns[i]);
    rt_text_add(out, RT_STR("\r\n"));
    for (size_t i = 0; i < what->count; i++) {
        const RtIntelEntry *entry = &what->entries[i];
        const RtStr cells[COLUMNS] = {
            rt_intel_kind_name(entry->kind),
            entry->ecosystem,
            entry->value,
            entry->versions,
            rt_intel_role_name(entry->role),
            rt_str_format(out->arena, "%u", (unsigned)entry->confidence),
            rt_intel_tlp_name(entry->tlp),
            entry->id,
            entry->campaign,
            entry->reference,
            time_cell(out->arena, entry->valid_from),
            time_cell(out->arena, entry->valid_until),
            time_cell(out->arena, entry->modified),
            entry->summary,
        };
        for (size_t k = 0; k < COLUMNS; k++) {
            if (k > 0)
                rt_text_byte(out, ',');
            write_cell(out, cells[k]);
        }
        rt_text_add(out, RT_STR("\r\n"));
    }
}

const RtIntelFormat rt_intel_format_csv = {
    .name = "csv",
    .title = "a table of indicators",
    .bid = bid,
    .read = read_csv,
    .write = write_csv,
};
