/* parse.c - runs tree-sitter under a budget and flattens its tree.
 *
 * Why flatten: the library's cursor costs a fifth of a parse whichever way one walks, its nodes
 * cannot be stored small, and a lowering that recurses over them can be driven into the ground by a
 * million brackets. One loop turns the tree into an array (24 bytes a node); the library's memory
 * (up to 350 bytes per byte of hostile source, STACK 2c) is given back before anything else
 * happens. The array lives in an arena of the parser's own, reused from parse to parse, so that a
 * package with a thousand files does not keep a thousand trees. */
#include "facts/parse/parse.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_tsx(void);
const TSLanguage *tree_sitter_python(void);
const TSLanguage *tree_sitter_bash(void);

/* What a parse may cost, counted in what the library tells of itself, not in time: the same bytes
 * give the same tree on any machine.
 *   - Parse actions come in hundreds (a quarter of a microsecond each). Ordinary code needs 0.5 a
 *     byte, the densest minified code 2.3, a list of one-digit numbers 5, brackets 7.
 *   - Scanners run inside one action and may look ahead over any length, for each token anew (a
 *     million escaped line breaks: 300 us a byte). They get the text in small pieces, and each
 *     piece they ask for is counted; read once, a text needs one piece for each PIECE bytes. */
#define ACTIONS_FREE     ((uint64_t)200000)
#define ACTIONS_PER_BYTE 3
#define ACTIONS_PER_CALL 100
#define PIECE            256
#define READS_FREE       ((uint64_t)4096)
#define READS_PER_PIECE  32
/* And one measure in time, for repairs of broken code that cost more with each action (a million
 * `case 1:` outside of a switch: 40 us a byte). Code people write takes a tenth of it, so that only
 * what is made to be slow can differ from machine to machine. */
#define US_FREE     ((uint64_t)200000)
#define US_PER_BYTE 2

/* The array of one parse: 24 bytes a node, doubled while it grows. Reached only by hostile input.
 */
#define SCRATCH_BYTES ((size_t)256 << 20)
#define NODES_MAX     ((uint32_t)3 << 20)

struct RtParser {
    RtArena *scratch;
    RtLayerId layer;
    RtSink *sink;
    TSParser *parser;
    TSTreeCursor cursor;
    bool has_cursor;
    uint16_t *kind_of; /* by library symbol */
    size_t symbol_count;
    uint8_t *field_of; /* by library field id */
    size_t field_count;
    uint64_t bytes_left, actions_left, reads_left, until_us;
    uint32_t calls;
    RtStr text;
    bool gave_up;
    RtSyntax tree;
    RtSyntaxNode *nodes;
    size_t count, capacity;
};

static const TSLanguage *language_of(RtGrammar grammar)
{
    switch (grammar) {
    case RT_GRAMMAR_JAVASCRIPT:
        return tree_sitter_javascript();
    case RT_GRAMMAR_TYPESCRIPT:
        return tree_sitter_typescript();
    case RT_GRAMMAR_TSX:
        return tree_sitter_tsx();
    case RT_GRAMMAR_PYTHON:
        return tree_sitter_python();
    case RT_GRAMMAR_BASH:
        return tree_sitter_bash();
    }
    return NULL;
}

/* Small open table name → index, so that opening a parser stays linear in the grammar's symbols. */
typedef struct {
    const char *const *names;
    uint16_t *slots;
    size_t mask;
} NameTable;

static size_t hash_name(const char *name)
{
    size_t hash = 5381;
    for (; *name; name++)
        hash = hash * 33 + (uint8_t)*name;
    return hash ^ (hash >> 7);
}

static NameTable index_names(RtArena *arena, const char *const *names, size_t count)
{
    size_t size = 16;
    while (size < count * 2)
        size *= 2;
    NameTable table = { names, RT_NEW_ARRAY(arena, uint16_t, size), size - 1 };
    for (size_t i = 1; i < count; i++) {
        size_t slot = hash_name(names[i]) & table.mask;
        while (table.slots[slot])
            slot = (slot + 1) & table.mask;
        table.slots[slot] = (uint16_t)i;
    }
    return table;
}

static uint16_t find_name(const NameTable *table, const char *name)
{
    if (!name)
        return 0;
    for (size_t slot = hash_name(name) & table->mask; table->slots[slot];
         slot = (slot + 1) & table->mask)
        if (strcmp(table->names[table->slots[slot]], name) == 0)
            return table->slots[slot];
    return 0;
}

RtParser *rt_parser_open(RtGrammar grammar, const RtSyntaxNames *names, RtLayerId layer,
                         RtSink *sink)
{
    const TSLanguage *language = language_of(grammar);
    RtArena *scratch = rt_arena_open(SCRATCH_BYTES, NULL, NULL);
    RtParser *parser = RT_NEW(sink->arena, RtParser);
    *parser =
        (RtParser){ .scratch = scratch, .layer = layer, .sink = sink, .parser = ts_parser_new() };
    parser->bytes_left = sink->budget->parse_bytes;
    parser->actions_left = ACTIONS_FREE;
    parser->reads_left = READS_FREE;
    parser->symbol_count = ts_language_symbol_count(language);
    parser->field_count = (size_t)ts_language_field_count(language) + 1;
    parser->kind_of = RT_NEW_ARRAY(sink->arena, uint16_t, parser->symbol_count);
    parser->field_of = RT_NEW_ARRAY(sink->arena, uint8_t, parser->field_count);
    NameTable kinds = index_names(scratch, names->kinds, names->kind_count);
    for (size_t i = 0; i < parser->symbol_count; i++)
        parser->kind_of[i] = find_name(&kinds, ts_language_symbol_name(language, (TSSymbol)i));
    NameTable fields = index_names(scratch, names->fields, names->field_count);
    for (size_t i = 1; i < parser->field_count; i++)
        parser->field_of[i] =
            (uint8_t)find_name(&fields, ts_language_field_name_for_id(language, (TSFieldId)i));
    if (!ts_parser_set_language(parser->parser, language)) {
        ts_parser_delete(parser->parser); /* grammar and library of different ages: a build fault */
        parser->parser = NULL;
    }
    return parser;
}

void rt_parser_close(RtParser *parser)
{
    if (!parser)
        return;
    if (parser->has_cursor)
        ts_tree_cursor_delete(&parser->cursor);
    if (parser->parser)
        ts_parser_delete(parser->parser);
    rt_arena_close(parser->scratch);
}

void rt_parser_closep(RtParser **parser) { rt_parser_close(*parser); }

/* ---- parse --------------------------------------------------------------------------------------
 */
static const char *read_text(void *payload, uint32_t at, TSPoint point, uint32_t *ret_len)
{
    (void)point;
    RtParser *parser = payload;
    RtStr text = parser->text;
    *ret_len = 0;
    if (at >= text.len || parser->gave_up)
        return "";
    if (parser->reads_left-- == 0) {
        parser->gave_up = true; /* the scanner sees the end of the text and comes back */
        return "";
    }
    *ret_len = (uint32_t)(text.len - at < PIECE ? text.len - at : PIECE);
    return (const char *)text.at + at;
}

static uint64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool is_over(TSParseState *state)
{
    RtParser *parser = state->payload;
    parser->gave_up |= parser->actions_left < ACTIONS_PER_CALL;
    if (++parser->calls % 16 == 0)
        parser->gave_up |= cpu_us() > parser->until_us;
    parser->actions_left -= parser->gave_up ? 0 : ACTIONS_PER_CALL;
    return parser->gave_up || parser->sink->ms_left(parser->sink) == 0;
}

static uint32_t push_node(RtParser *parser, TSNode node, uint16_t kind, uint8_t field,
                          uint32_t base)
{
    uint8_t flags = 0;
    if (ts_node_is_named(node))
        flags |= RT_SYNTAX_NAMED;
    if (ts_node_is_error(node))
        flags |= RT_SYNTAX_ERROR;
    if (ts_node_is_missing(node))
        flags |= RT_SYNTAX_MISSING;
    if (flags & (RT_SYNTAX_ERROR | RT_SYNTAX_MISSING))
        parser->tree.errors++;
    RT_PUSH(parser->scratch, parser->nodes, parser->count, parser->capacity) = (RtSyntaxNode){
        .kind = kind,
        .field = field,
        .flags = flags,
        .from = base + ts_node_start_byte(node),
        .to = base + ts_node_end_byte(node),
    };
    return (uint32_t)(parser->count - 1);
}

/* Where the walk stands at one depth: the node pushed for the parent, and its last pushed child. */
typedef struct {
    uint32_t parent, last;
} Level;

typedef struct {
    Level *items;
    size_t count, capacity; /* count: depth of the current node, + 1 */
} Levels;

/* One step down, right, or up to the next right; false when the whole tree is done. */
static bool step(RtParser *parser, bool down, Levels *levels, uint32_t pushed)
{
    TSTreeCursor *cursor = &parser->cursor;
    if (down && ts_tree_cursor_goto_first_child(cursor)) {
        RT_PUSH(parser->scratch, levels->items, levels->count, levels->capacity) =
            (Level){ pushed, 0 };
        return true;
    }
    for (;;) {
        if (levels->count == 1)
            return false;
        if (ts_tree_cursor_goto_next_sibling(cursor))
            return true;
        if (!ts_tree_cursor_goto_parent(cursor))
            return false;
        levels->count--;
    }
}

/* Deeper than any walk of ours goes; what lies below is left out and makes the tree `cut`. */
#define DEPTH_MAX 8192

static void flatten(RtParser *parser, TSTree *tree, uint32_t base)
{
    Levels levels = { 0 };
    RT_PUSH(parser->scratch, levels.items, levels.count, levels.capacity) = (Level){ 0 };
    TSNode root = ts_tree_root_node(tree);
    if (parser->has_cursor)
        ts_tree_cursor_reset(&parser->cursor, root);
    else
        parser->cursor = ts_tree_cursor_new(root);
    parser->has_cursor = true;
    uint32_t seen = 0;
    bool down, more = true;
    while (more) {
        TSNode node = ts_tree_cursor_current_node(&parser->cursor);
        TSSymbol symbol = ts_node_symbol(node);
        TSFieldId field_id = ts_tree_cursor_current_field_id(&parser->cursor);
        uint16_t kind = symbol < parser->symbol_count ? parser->kind_of[symbol] : 0;
        uint8_t field = field_id < parser->field_count ? parser->field_of[field_id] : 0;
        bool wanted = kind || field || (ts_node_is_named(node) && !ts_node_is_extra(node)) ||
                      ts_node_is_error(node) || ts_node_is_missing(node);
        Level *level = &levels.items[levels.count - 1];
        uint32_t pushed = level->parent;
        if (wanted) {
            pushed = push_node(parser, node, kind, field, base);
            if (level->last)
                parser->nodes[level->last].next = pushed;
            else if (level->parent)
                parser->nodes[level->parent].kid = pushed;
            level->last = pushed;
        }
        bool bottom = levels.count > DEPTH_MAX;
        if (bottom && ts_node_child_count(node) > 0)
            parser->tree.cut = true;
        down = wanted && !bottom;
        more = step(parser, down, &levels, pushed);
        if (parser->count > NODES_MAX ||
            ((++seen & 0xffff) == 0 && parser->sink->ms_left(parser->sink) == 0)) {
            parser->tree.cut = true;
            more = false;
        }
    }
}

const RtSyntax *rt_parse(RtParser *parser, RtStr text, uint32_t base)
{
    rt_arena_reset(parser->scratch);
    parser->tree = (RtSyntax){ 0 };
    parser->nodes = NULL;
    parser->count = parser->capacity = 0;
    if (!parser->parser || text.len > parser->bytes_left || text.len > UINT32_MAX - base) {
        parser->tree.cut = true;
        return &parser->tree;
    }
    parser->bytes_left -= text.len;
    parser->actions_left += text.len * ACTIONS_PER_BYTE;
    parser->reads_left += text.len / PIECE * READS_PER_PIECE;
    parser->until_us = cpu_us() + US_FREE + text.len * US_PER_BYTE;
    parser->text = text;
    parser->gave_up = false;
    TSInput input = { .payload = parser, .read = read_text, .encoding = TSInputEncodingUTF8 };
    TSParseOptions options = { .payload = parser, .progress_callback = is_over };
    TSTree *tree = ts_parser_parse_with_options(parser->parser, NULL, input, options);
    if (parser->gave_up && parser->sink->unseen)
        parser->sink->unseen(parser->sink, parser->layer, RT_STR("code too tangled to be parsed"));
    if (!tree || parser->gave_up) {
        ts_tree_delete(tree);
        ts_parser_reset(parser->parser);
        parser->tree.cut = true;
        return &parser->tree;
    }
    RT_PUSH(parser->scratch, parser->nodes, parser->count, parser->capacity) = (RtSyntaxNode){ 0 };
    flatten(parser, tree, base);
    ts_tree_delete(tree);
    parser->tree.nodes = parser->nodes;
    parser->tree.count = (uint32_t)(parser->count - 1);
    return &parser->tree;
}

uint32_t rt_syntax_field(const RtSyntax *tree, uint32_t at, uint8_t field)
{
    for (uint32_t kid = tree->nodes[at].kid; kid; kid = tree->nodes[kid].next)
        if (tree->nodes[kid].field == field)
            return kid;
    return 0;
}

uint32_t rt_syntax_find(const RtSyntax *tree, uint32_t at, uint16_t kind)
{
    for (uint32_t kid = tree->nodes[at].kid; kid; kid = tree->nodes[kid].next)
        if (tree->nodes[kid].kind == kind)
            return kid;
    return 0;
}
