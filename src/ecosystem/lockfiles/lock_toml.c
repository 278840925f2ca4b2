/* lock_toml.c - TOML as a tree with lines (toml.io v1.0.0), for lockfiles.
 *
 * Kinds of scalars are not told apart (a date is a text), and a key given twice stands twice: what
 * is asked here is who could have meant what, not whether the file is nice. Tables are found again
 * by their last 256 keys only, which keeps a file of a million tables linear. */
#include "ecosystem/lockfiles/lock_tree.h"

enum { KEYS_LOOKED_AT = 256, NODES_MOST = 4000000 };

typedef struct Node Node;
struct Node {
    RtDocKind kind;
    uint32_t line;
    RtStr text;
    RtDoc *keys;
    Node **kids;
    size_t count, key_capacity, kid_capacity, key_count;
};

typedef struct {
    RtArena *arena;
    RtStr text;
    size_t at;
    uint32_t line, nodes;
    RtDocFault *fault;
} Toml;

static bool fault_at(Toml *toml, RtStr text)
{
    *toml->fault = (RtDocFault){ .line = toml->line, .text = text };
    return false;
}

static Node *new_node(Toml *toml, RtDocKind kind)
{
    Node *node = RT_NEW(toml->arena, Node);
    node->kind = kind;
    node->line = toml->line;
    toml->nodes++;
    return node;
}

static void put(Toml *toml, Node *to, RtStr key, uint32_t line, Node *value)
{
    if (to->kind == RT_DOC_MAP)
        RT_PUSH(toml->arena, to->keys, to->key_count, to->key_capacity) =
            (RtDoc){ .kind = RT_DOC_TEXT, .line = line, .text = key };
    RT_PUSH(toml->arena, to->kids, to->count, to->kid_capacity) = value;
}

static uint8_t peek(const Toml *toml)
{
    return toml->at < toml->text.len ? toml->text.at[toml->at] : 0;
}

static void skip_blanks(Toml *toml)
{
    while (peek(toml) == ' ' || peek(toml) == '\t' || peek(toml) == '\r')
        toml->at++;
}

/* Blanks, comments and line ends. */
static void skip_lines(Toml *toml)
{
    for (;;) {
        skip_blanks(toml);
        if (peek(toml) == '#')
            while (toml->at < toml->text.len && toml->text.at[toml->at] != '\n')
                toml->at++;
        if (peek(toml) != '\n' || toml->at >= toml->text.len)
            return;
        toml->at++;
        toml->line++;
    }
}

static void take_escape(Toml *toml, RtText *out)
{
    uint8_t byte = toml->at < toml->text.len ? toml->text.at[toml->at++] : 0;
    size_t digits = byte == 'u' ? 4 : byte == 'U' ? 8 : 0;
    if (digits > 0) {
        RtStr code = rt_str_sub(toml->text, toml->at, digits);
        uint64_t rune = 0;
        RtText hex = { .arena = toml->arena };
        rt_text_format(&hex, "0x%.*s", RT_FMT(code));
        if (code.len == digits && rt_str_number(rt_text_str(&hex), &rune) && rune <= 0x10FFFF)
            rt_text_rune(out, (uint32_t)rune);
        toml->at += code.len;
        return;
    }
    static const char letters[] = "btnfr", bytes[] = "\b\t\n\f\r";
    const char *found = byte ? strchr(letters, byte) : NULL;
    toml->line += byte == '\n';
    if (byte != '\n')
        rt_text_byte(out, found ? (uint8_t)bytes[found - letters] : byte);
}

static bool at_close(const Toml *toml, uint8_t quote, bool triple)
{
    if (peek(toml) != quote)
        return false;
    return !triple || (toml->at + 2 < toml->text.len && toml->text.at[toml->at + 1] == quote &&
                       toml->text.at[toml->at + 2] == quote);
}

static bool take_string(Toml *toml, RtStr *ret_text)
{
    uint8_t quote = peek(toml);
    RtStr ahead = rt_str_sub(toml->text, toml->at, 3);
    bool triple = ahead.len == 3 && ahead.at[1] == quote && ahead.at[2] == quote;
    toml->at += triple ? 3 : 1;
    size_t from = toml->at;
    RtText text = { .arena = toml->arena };
    bool escaped = false;
    while (toml->at < toml->text.len && !at_close(toml, quote, triple)) {
        uint8_t byte = toml->text.at[toml->at];
        if (byte == '\n' && !triple)
            return fault_at(toml, RT_STR("a string without its end"));
        if (byte == '\\' && quote == '"') {
            if (!escaped)
                rt_text_add(&text, rt_str_sub(toml->text, from, toml->at - from));
            escaped = true;
            toml->at++;
            take_escape(toml, &text);
            continue;
        }
        if (escaped)
            rt_text_byte(&text, byte);
        toml->line += byte == '\n';
        toml->at++;
    }
    if (toml->at >= toml->text.len)
        return fault_at(toml, RT_STR("a string without its end"));
    *ret_text = escaped ? rt_text_str(&text) : rt_str_sub(toml->text, from, toml->at - from);
    toml->at += triple ? 3 : 1;
    return true;
}

static RtStr take_bare(Toml *toml, RtStr ends)
{
    size_t from = toml->at;
    while (toml->at < toml->text.len &&
           rt_str_find_byte(ends, toml->text.at[toml->at]) == RT_NOT_FOUND)
        toml->at++;
    return rt_str_trim(rt_str_sub(toml->text, from, toml->at - from));
}

static bool take_key(Toml *toml, RtStr *ret_key)
{
    skip_blanks(toml);
    if (peek(toml) == '"' || peek(toml) == '\'') {
        if (!take_string(toml, ret_key))
            return false;
    } else {
        *ret_key = take_bare(toml, RT_STR(".=]#\n\"'[{},"));
        if (ret_key->len == 0)
            return fault_at(toml, RT_STR("a key is missing"));
    }
    skip_blanks(toml);
    return true;
}

/* The member of that name among the last ones; with `is_list` or without, a new one when there is
 * none. In a list the newest table is meant. */
static Node *enter(Toml *toml, Node *map, RtStr key)
{
    size_t looked = map->count < KEYS_LOOKED_AT ? map->count : KEYS_LOOKED_AT;
    for (size_t i = 0; i < looked; i++) {
        Node *kid = map->kids[map->count - 1 - i];
        if (!rt_str_equal(map->keys[map->count - 1 - i].text, key))
            continue;
        if (kid->kind == RT_DOC_LIST && kid->count > 0)
            kid = kid->kids[kid->count - 1];
        if (kid->kind == RT_DOC_MAP)
            return kid;
        break;
    }
    Node *made = new_node(toml, RT_DOC_MAP);
    put(toml, map, key, toml->line, made);
    return made;
}

static bool take_value(Toml *toml, uint32_t depth, Node **ret_node);

static bool take_pair(Toml *toml, Node *map, uint32_t depth)
{
    RtStr key;
    uint32_t line = toml->line, dots = 0;
    if (!take_key(toml, &key))
        return false;
    while (peek(toml) == '.' && toml->at < toml->text.len) {
        if (++dots + depth > RT_DOC_DEPTH)
            return fault_at(toml, RT_STR("nested deeper than 64 levels"));
        toml->at++;
        map = enter(toml, map, key);
        if (!take_key(toml, &key))
            return false;
    }
    if (peek(toml) != '=')
        return fault_at(toml, RT_STR("`=` is missing behind a key"));
    toml->at++;
    Node *value = NULL;
    if (!take_value(toml, depth + 1 + dots, &value))
        return false;
    put(toml, map, key, line, value);
    return true;
}

static bool take_members(Toml *toml, Node *into, uint8_t close, uint32_t depth)
{
    toml->at++;
    for (;;) {
        skip_lines(toml);
        if (toml->at >= toml->text.len)
            return fault_at(toml, RT_STR("a list or table without its end"));
        if (peek(toml) == close)
            break;
        if (peek(toml) == ',') {
            toml->at++;
            continue;
        }
        if (into->kind == RT_DOC_MAP) {
            if (!take_pair(toml, into, depth))
                return false;
            continue;
        }
        Node *item = NULL;
        if (!take_value(toml, depth + 1, &item))
            return false;
        put(toml, into, RT_STR(""), 0, item);
    }
    toml->at++;
    return true;
}

static bool take_value(Toml *toml, uint32_t depth, Node **ret_node)
{
    if (depth > RT_DOC_DEPTH)
        return fault_at(toml, RT_STR("nested deeper than 64 levels"));
    if (toml->nodes > NODES_MOST)
        return fault_at(toml, RT_STR("too many values in one file"));
    skip_blanks(toml);
    uint8_t first = peek(toml);
    *ret_node = new_node(toml, first == '['   ? RT_DOC_LIST
                               : first == '{' ? RT_DOC_MAP
                                              : RT_DOC_TEXT);
    if (first == '[' || first == '{')
        return take_members(toml, *ret_node, first == '[' ? ']' : '}', depth);
    if (first == '"' || first == '\'')
        return take_string(toml, &(*ret_node)->text);
    (*ret_node)->text = take_bare(toml, RT_STR(",]}#\n"));
    if ((*ret_node)->text.len == 0)
        return fault_at(toml, RT_STR("a value is missing"));
    return true;
}

/* "[a.b]" enters, "[[a.b]]" adds one more table to the list. */
static bool take_header(Toml *toml, Node *root, Node **ret_table)
{
    toml->at++;
    bool is_list = peek(toml) == '[';
    toml->at += is_list;
    Node *map = root;
    RtStr key;
    for (uint32_t depth = 0;; depth++) {
        if (depth > RT_DOC_DEPTH - 4)
            return fault_at(toml, RT_STR("nested deeper than 64 levels"));
        if (!take_key(toml, &key))
            return false;
        if (peek(toml) != '.')
            break;
        toml->at++;
        map = enter(toml, map, key);
    }
    if (peek(toml) != ']')
        return fault_at(toml, RT_STR("`]` is missing"));
    toml->at += is_list ? 2 : 1;
    if (!is_list) {
        *ret_table = enter(toml, map, key);
        return true;
    }
    Node *list = NULL;
    size_t looked = map->count < KEYS_LOOKED_AT ? map->count : KEYS_LOOKED_AT;
    for (size_t i = 0; i < looked && !list; i++)
        if (rt_str_equal(map->keys[map->count - 1 - i].text, key) &&
            map->kids[map->count - 1 - i]->kind == RT_DOC_LIST)
            list = map->kids[map->count - 1 - i];
    if (!list) {
        list = new_node(toml, RT_DOC_LIST);
        put(toml, map, key, toml->line, list);
    }
    *ret_table = new_node(toml, RT_DOC_MAP);
    put(toml, list, RT_STR(""), 0, *ret_table);
    return true;
}

/* Depth is bounded by the parse. */
static void freeze(RtArena *arena, const Node *node, RtDoc *to)
{
    *to = (RtDoc){ .kind = node->kind,
                   .line = node->line,
                   .text = node->text,
                   .count = node->count,
                   .keys = node->keys };
    if (node->kind == RT_DOC_TEXT)
        return;
    RtDoc *items = RT_NEW_ARRAY(arena, RtDoc, node->count);
    for (size_t i = 0; i < node->count; i++)
        freeze(arena, node->kids[i], &items[i]);
    to->items = items;
}

const RtDoc *rt_toml_tree(RtArena *arena, RtStr bytes, RtDocFault *ret_fault)
{
    Toml toml = { .arena = arena, .text = bytes, .line = 1, .fault = ret_fault };
    Node *root = new_node(&toml, RT_DOC_MAP), *table = root;
    for (;;) {
        skip_lines(&toml);
        if (toml.at >= toml.text.len)
            break;
        bool fine =
            peek(&toml) == '[' ? take_header(&toml, root, &table) : take_pair(&toml, table, 4);
        if (!fine)
            break;
        skip_blanks(&toml);
        if (toml.at < toml.text.len && peek(&toml) != '\n' && peek(&toml) != '#') {
            fault_at(&toml, RT_STR("more than a value in one line"));
            break;
        }
    }
    RtDoc *doc = RT_NEW(arena, RtDoc);
    freeze(arena, root, doc);
    return doc;
}
