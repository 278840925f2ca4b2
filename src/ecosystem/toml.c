/* toml.c - line by line; a value that opens a bracket or triple quote runs until it closes. */
#include "ecosystem/toml.h"

enum { ITEM_LIMIT = 1000 };

/* Past the string that opens at `at`; its content in *ret. */
static size_t take_string(RtArena *arena, RtStr text, size_t at, RtStr *ret)
{
    uint8_t quote = text.at[at];
    bool triple = at + 2 < text.len && text.at[at + 1] == quote && text.at[at + 2] == quote;
    size_t from = at + (triple ? 3 : 1), end = from;
    bool escaped = false;
    while (end < text.len) {
        if (quote == '"' && text.at[end] == '\\') {
            escaped = true;
            end += 2;
            continue;
        }
        bool closes =
            text.at[end] == quote && (!triple || (end + 2 < text.len && text.at[end + 1] == quote &&
                                                  text.at[end + 2] == quote));
        if (closes || (!triple && text.at[end] == '\n'))
            break;
        end++;
    }
    if (end > text.len)
        end = text.len;
    RtStr raw = rt_str_sub(text, from, end - from);
    *ret = raw;
    if (escaped) {
        RtText out = { .arena = arena };
        for (size_t i = 0; i < raw.len; i++) {
            if (raw.at[i] == '\\' && i + 1 < raw.len) {
                i++;
                rt_text_byte(&out, raw.at[i] == 'n' ? '\n' : raw.at[i] == 't' ? '\t' : raw.at[i]);
            } else {
                rt_text_byte(&out, raw.at[i]);
            }
        }
        *ret = rt_text_str(&out);
    }
    return end + (triple ? 3 : 1);
}

/* The value at the start of `text`; returns the bytes it takes. */
static size_t take_value(RtToml *toml, RtStr text, RtTomlEntry *entry)
{
    if (text.len > 0 && (text.at[0] == '"' || text.at[0] == '\'')) {
        size_t end = take_string(toml->arena, text, 0, &entry->value);
        return end < text.len ? end : text.len;
    }
    bool nested = text.len > 0 && (text.at[0] == '[' || text.at[0] == '{');
    RtStr *items = NULL;
    size_t count = 0, capacity = 0, at = 0;
    uint32_t depth = 0;
    while (at < text.len) {
        uint8_t byte = text.at[at];
        if (byte == '"' || byte == '\'') {
            RtStr item;
            at = take_string(toml->arena, text, at, &item);
            if (count < ITEM_LIMIT)
                RT_PUSH(toml->arena, items, count, capacity) = item;
            continue;
        }
        if (byte == '#') {
            while (at < text.len && text.at[at] != '\n')
                at++;
            continue;
        }
        if (byte == '[' || byte == '{')
            depth++;
        if ((byte == ']' || byte == '}') && depth > 0 && --depth == 0) {
            at++;
            break;
        }
        if (byte == '\n' && (!nested || depth == 0))
            break;
        at++;
    }
    at = at < text.len ? at : text.len;
    entry->value = rt_str_trim(rt_str_sub(text, 0, at));
    entry->items = items;
    entry->item_count = count;
    return at;
}

/* INI: lines that begin with blanks belong to the value above. */
static void take_ini_value(RtToml *toml, RtStr first, RtTomlEntry *entry)
{
    RtStr *items = NULL;
    size_t count = 0, capacity = 0;
    const uint8_t *start = first.at;
    if (first.len > 0)
        RT_PUSH(toml->arena, items, count, capacity) = first;
    size_t total = first.len;
    while (toml->rest.len > 0 && (toml->rest.at[0] == ' ' || toml->rest.at[0] == '\t')) {
        RtStr line;
        if (!rt_str_next(&toml->rest, '\n', &line))
            break;
        line = rt_str_trim(line);
        if (line.len == 0 || line.at[0] == '#' || line.at[0] == ';')
            continue;
        if (start == NULL || total == 0)
            start = line.at;
        total = (size_t)(line.at + line.len - start);
        if (count < ITEM_LIMIT)
            RT_PUSH(toml->arena, items, count, capacity) = line;
    }
    entry->value = (RtStr){ .at = start, .len = total };
    entry->items = items;
    entry->item_count = count;
}

bool rt_toml_next(RtToml *toml, RtTomlEntry *ret_entry)
{
    while (toml->rest.len > 0) {
        RtStr here = toml->rest, line;
        if (!rt_str_next(&toml->rest, '\n', &line))
            return false;
        RtStr text = rt_str_trim(line);
        if (text.len == 0 || text.at[0] == '#' || (toml->is_ini && text.at[0] == ';'))
            continue;
        if (text.at[0] == '[') {
            size_t from = 1, end = rt_str_find_byte(text, ']');
            while (from < text.len && text.at[from] == '[')
                from++;
            toml->table = end == RT_NOT_FOUND || end < from
                              ? RT_STR("")
                              : rt_str_trim(rt_str_sub(text, from, end - from));
            continue;
        }
        size_t equals = rt_str_find_byte(line, '=');
        if (toml->is_ini && equals == RT_NOT_FOUND)
            equals = rt_str_find_byte(line, ':');
        if (equals == RT_NOT_FOUND || equals == 0)
            continue;
        *ret_entry = (RtTomlEntry){ .table = toml->table };
        RtStr key = rt_str_trim(rt_str_sub(line, 0, equals));
        if (key.len >= 2 && (key.at[0] == '"' || key.at[0] == '\'') &&
            key.at[key.len - 1] == key.at[0])
            key = rt_str_sub(key, 1, key.len - 2);
        ret_entry->key = key;
        if (toml->is_ini) {
            take_ini_value(toml, rt_str_trim(rt_str_from(line, equals + 1)), ret_entry);
            return true;
        }
        size_t at = equals + 1;
        while (at < here.len && (here.at[at] == ' ' || here.at[at] == '\t'))
            at++;
        RtStr value = rt_str_from(here, at);
        size_t used = take_value(toml, value, ret_entry);
        toml->rest = rt_str_from(value, used);
        RtStr tail;
        if (toml->rest.len > 0) /* the rest of the value's last line: a comment at most */
            (void)rt_str_next(&toml->rest, '\n', &tail);
        return true;
    }
    return false;
}
