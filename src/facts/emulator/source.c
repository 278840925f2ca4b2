/* source.c - a layer's text as the engine shall see it: same bytes at the same places.
 *
 * Scripts that defend themselves look at their own text, so nothing is ever printed anew. What the
 * engine does not know (TypeScript's types, JSX, a hash-bang) is overwritten with blanks in a copy.
 * When a host file cannot run at all (a React page, a configuration with aliases of its own) the
 * tail that was put behind it can still be tried alone. */
#include "facts/emulator/run.h"

#include "facts/parse/parse.h"

enum { SOURCE_LIMIT = 6 << 20, BLANK_LIMIT = 1 << 20, PADDING = 60, LONG_LINE = 400 };

static bool is_blank(uint8_t c) { return c == ' ' || c == '\t'; }

/* "import x", "import{", "export default" … at the start of a statement on its own line. */
static bool is_module(RtStr text, RtStr name)
{
    if (rt_str_ends(name, RT_STR(".mjs")) || rt_str_ends(name, RT_STR(".mts")))
        return true;
    if (rt_str_ends(name, RT_STR(".cjs")))
        return false;
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        while (from < text.len &&
               (is_blank(text.at[from]) || text.at[from] == ';' || text.at[from] == '}'))
            from++;
        RtStr rest = rt_str_sub(text, from, 24);
        bool starts =
            rt_str_starts(rest, RT_STR("import")) || rt_str_starts(rest, RT_STR("export"));
        uint8_t next = rest.len > 6 ? rest.at[6] : 0;
        bool word = next == ' ' || next == '{' || next == '*' || next == '"' || next == '\'' ||
                    next == '\t';
        if (starts && word && !rt_str_starts(rt_str_trim(rt_str_from(rest, 6)), RT_STR("(")) &&
            !rt_str_starts(rt_str_trim(rt_str_from(rest, 6)), RT_STR("=")))
            return true;
        size_t line = rt_str_find_byte(rt_str_from(text, at), '\n');
        if (line == RT_NOT_FOUND)
            return false;
        at += line + 1;
    }
    return false;
}

static void blank(uint8_t *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (bytes[i] != '\n' && bytes[i] != '\r')
            bytes[i] = ' ';
    }
}

/* Where the part that was put behind a host file begins: after a wide gap inside a line, or at a
 * long last line. */
static size_t tail_of(RtStr text)
{
    size_t gap = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (is_blank(text.at[i])) {
            gap++;
            continue;
        }
        if (gap >= PADDING && text.at[i] != '\n' && text.at[i] != '\r' && text.len - i > 200)
            return i;
        gap = 0;
    }
    size_t end = text.len;
    while (end > 0 &&
           (text.at[end - 1] == '\n' || text.at[end - 1] == '\r' || is_blank(text.at[end - 1])))
        end--;
    size_t line = end;
    while (line > 0 && text.at[line - 1] != '\n')
        line--;
    return line > 0 && end - line >= LONG_LINE ? line : RT_NOT_FOUND;
}

/* ---- TypeScript and JSX
 * ------------------------------------------------------------------------------------------ */

enum {
    K_OTHER,
    K_DROP,
    K_CAST,
    K_NOT_NULL,
    K_ELEMENT,
    K_IMPORT,
    K_EXPORT,
    K_TYPE,
    K_QUESTION,
    K_ENUM,
    K_PARAMETER
};
typedef struct {
    const char *kind;
    int is;
} Meaning;
static const Meaning meanings[] = {
    { "type_annotation", K_DROP },
    { "type_arguments", K_DROP },
    { "type_parameters", K_DROP },
    { "interface_declaration", K_DROP },
    { "type_alias_declaration", K_DROP },
    { "ambient_declaration", K_DROP },
    { "function_signature", K_DROP },
    { "abstract_method_signature", K_DROP },
    { "method_signature", K_DROP },
    { "implements_clause", K_DROP },
    { "accessibility_modifier", K_DROP },
    { "override_modifier", K_DROP },
    { "readonly", K_DROP },
    { "abstract", K_DROP },
    { "declare", K_DROP },
    { "type_predicate_annotation", K_DROP },
    { "asserts_annotation", K_DROP },
    { "index_signature", K_DROP },
    { "decorator", K_DROP },
    { "as_expression", K_CAST },
    { "satisfies_expression", K_CAST },
    { "non_null_expression", K_NOT_NULL },
    { "jsx_element", K_ELEMENT },
    { "jsx_self_closing_element", K_ELEMENT },
    { "jsx_fragment", K_ELEMENT },
    { "import_statement", K_IMPORT },
    { "export_statement", K_EXPORT },
    { "type", K_TYPE },
    { "?", K_QUESTION },
    { "enum_declaration", K_ENUM },
    { "optional_parameter", K_PARAMETER },
    { "public_field_definition", K_PARAMETER },
    { "import_specifier", K_IMPORT },
    { "export_specifier", K_IMPORT },
};

static int meaning_of(uint16_t kind) { return kind == 0 ? K_OTHER : meanings[kind - 1].is; }

static void blank_node(uint8_t *bytes, const RtSyntax *tree, uint32_t at)
{
    const RtSyntaxNode *node = &tree->nodes[at];
    switch (meaning_of(node->kind)) {
    case K_DROP:
        blank(bytes, node->from, node->to);
        break;
    case K_CAST: /* the value is the first child */
        if (node->kid != 0)
            blank(bytes, tree->nodes[node->kid].to, node->to);
        break;
    case K_NOT_NULL:
        blank(bytes, node->to - 1, node->to);
        break;
    case K_ELEMENT:
        blank(bytes, node->from, node->to);
        if (node->to - node->from >= 4)
            memcpy(bytes + node->from, "null", 4);
        break;
    case K_IMPORT: /* import type …, import { type X } */
    case K_EXPORT:
        for (uint32_t kid = node->kid; kid != 0; kid = tree->nodes[kid].next) {
            int is = meaning_of(tree->nodes[kid].kind);
            bool typed = is == K_TYPE || (meaning_of(node->kind) == K_EXPORT && is == K_DROP &&
                                          tree->nodes[kid].to + 1 >= node->to);
            if (typed)
                blank(bytes, node->from, node->to);
        }
        break;
    case K_PARAMETER:
        for (uint32_t kid = node->kid; kid != 0; kid = tree->nodes[kid].next) {
            if (meaning_of(tree->nodes[kid].kind) == K_QUESTION)
                blank(bytes, tree->nodes[kid].from, tree->nodes[kid].to);
        }
        break;
    case K_ENUM: /* its members are constants nobody here needs */
        blank(bytes, node->from, node->to);
        break;
    case K_OTHER:
    case K_TYPE:
    case K_QUESTION:
        break;
    }
}

/* A copy of `text` without types and markup. */
static RtStr without_types(RtRun *run, RtStr text, RtGrammar grammar)
{
    const char *kinds[RT_COUNT(meanings) + 1] = { NULL };
    for (size_t i = 0; i < RT_COUNT(meanings); i++)
        kinds[i + 1] = meanings[i].kind;
    RtSyntaxNames names = { .kinds = kinds, .kind_count = RT_COUNT(kinds) };
    RT_PARSER parser = rt_parser_open(grammar, &names, 0, run->sink); /* no layer to blame */
    const RtSyntax *tree = rt_parse(parser, text, 0);
    uint8_t *bytes = rt_arena_bytes(run->arena, text.len);
    memcpy(bytes, text.at, text.len);
    uint32_t gone = 0; /* parents stand before their children: what lies in a blank is blank */
    for (uint32_t at = 1; at <= tree->count; at++) {
        const RtSyntaxNode *node = &tree->nodes[at];
        if (node->from < gone)
            continue;
        blank_node(bytes, tree, at);
        int is = meaning_of(node->kind);
        if (is == K_DROP || is == K_ELEMENT || is == K_ENUM)
            gone = node->to;
    }
    return (RtStr){ bytes, text.len };
}

static bool grammar_of(RtStr name, int attempt, RtGrammar *ret_grammar)
{
    *ret_grammar = RT_GRAMMAR_JAVASCRIPT;
    if (rt_str_ends(name, RT_STR(".ts")) || rt_str_ends(name, RT_STR(".mts")) ||
        rt_str_ends(name, RT_STR(".cts")))
        *ret_grammar = RT_GRAMMAR_TYPESCRIPT;
    else if (rt_str_ends(name, RT_STR(".tsx")) || attempt > 0)
        *ret_grammar = RT_GRAMMAR_TSX;
    return attempt > 0 || *ret_grammar != RT_GRAMMAR_JAVASCRIPT ||
           rt_str_ends(name, RT_STR(".jsx"));
}

/* Works with a page's document and talks to a server: asks for a browser. */
static bool handles_page(RtStr text)
{
    static const char *const page[] = { "document.cookie", "document.forms", "document.location",
                                        "document.createElement", "document.querySelector" },
                             *const talks[] = { "fetch(", "XMLHttpRequest", "sendBeacon", ".src",
                                                ".href" };
    bool has_page = false, has_talk = false;
    for (size_t i = 0; i < RT_COUNT(page); i++)
        has_page = has_page || rt_str_has(text, rt_str_from_c(page[i]));
    for (size_t i = 0; has_page && i < RT_COUNT(talks); i++)
        has_talk = has_talk || rt_str_has(text, rt_str_from_c(talks[i]));
    return has_talk;
}

RtStr rt_run_source(RtRun *run, RtLayerId layer, RtStr name, int attempt)
{
    RtStr text = run->sink->get_layer(run->sink, layer)->bytes;
    if (text.len == 0 || text.len > SOURCE_LIMIT ||
        rt_arena_left(run->arena) < text.len * 3 + (8 << 20)) {
        run->left_out |= text.len != 0;
        return RT_STR("");
    }
    run->page |= handles_page(text);
    bool main = layer == run->entry->layer, module = is_module(text, name);
    RtGrammar grammar;
    if (grammar_of(name, attempt, &grammar) && text.len <= BLANK_LIMIT)
        text = without_types(run, text, grammar);
    uint8_t *source = rt_arena_bytes(run->arena, text.len + 1);
    memcpy(source + 1, text.at, text.len);
    source[0] = module ? 'm' : 'c';
    if (text.len > 2 && source[1] == 0xef && source[2] == 0xbb && source[3] == 0xbf)
        blank(source, 1, 4);
    if (text.len > 2 && source[1] == '#' && source[2] == '!')
        source[1] = source[2] = '/';
    if (run->world.tail && main) {
        size_t tail = tail_of(text);
        if (tail != RT_NOT_FOUND)
            blank(source, 1, tail + 1);
        source[0] = is_module((RtStr){ source + 1, text.len }, RT_STR("")) ? 'm' : 'c';
    }
    return (RtStr){ source, text.len + 1 };
}
