/* javascript.c - the front end for JavaScript, TypeScript and JSX under any file name.
 *
 * Three depths, each only where the one before asked for it. Reachability (`imports`) and the
 * habits of obfuscators come from the lexer. The value flow needs a parse, which costs fifty times
 * as much: small files are parsed whole, of large ones only the pieces with telling words
 * (javascript_chunks.c), all of them as one program, so that a value flows from piece to piece
 * through their shared names. When the grammar stumbles, what stands appended in the last long line
 * is parsed once more by itself: an infected file need not be a correct one. */
#include "facts/flow/flow.h"
#include "facts/flow/tree_build.h"
#include "facts/languages/javascript_api.h"
#include "facts/languages/javascript_bid.h"
#include "facts/languages/javascript_chunks.h"
#include "facts/languages/javascript_lower.h"

/* A file up to this is parsed whole; an obfuscated one, whose words are not to be trusted, up to
 * the second. */
#define WHOLE_BYTES            ((size_t)64 << 10)
#define WHOLE_OBFUSCATED_BYTES ((size_t)512 << 10)
/* Memory the tree of one file may take; parse budgets end long before it. */
#define TREE_BYTES ((size_t)192 << 20)
/* Beyond this many errors per kilobyte the other grammar is tried. */
#define ERRORS_PER_KIB 1

extern const RtLanguage rt_language_javascript;

/* ---- parsing ---- */
typedef struct {
    RtArena *arena;
    RtSink *sink; /* NULL when code is parsed for the flow */
    RtParser *parser;
    const RtNode **nodes; /* statements of the program */
    size_t count, capacity;
    uint32_t broken;
} Program;

static void add_statements(Program *program, const RtNode *block, bool deferred)
{
    if (!deferred) {
        for (uint32_t i = 0; i < block->kid_count; i++)
            RT_PUSH(program->arena, program->nodes, program->count, program->capacity) =
                block->kids[i];
        return;
    }
    const RtNode *kids[] = { rt_node(program->arena, RT_N_PARAMS, block->from, 0, NULL, 0), block };
    RT_PUSH(program->arena, program->nodes, program->count, program->capacity) =
        rt_node(program->arena, RT_N_FUNCTION, block->from, block->len, kids, 2);
}

/* Parses bytes [from, to) of `text`, with something around them that makes them a program of their
 * own. */
static void add_piece(Program *program, RtStr text, const RtJsChunk *chunk)
{
    static const char *const before[] = { "", "(", "({", "(class{" };
    static const char *const after[] = { "", ")", "})", "})" };
    RtStr open = rt_str_from_c(before[chunk->wrap]), close = rt_str_from_c(after[chunk->wrap]);
    RtStr piece = rt_str_sub(text, chunk->from, chunk->to - chunk->from);
    size_t base = chunk->from;
    if (open.len && base >= open.len) {
        RtText wrapped = { .arena = program->arena };
        rt_text_add(&wrapped, open);
        rt_text_add(&wrapped, piece);
        rt_text_add(&wrapped, close);
        piece = rt_text_str(&wrapped);
        base -= open.len;
    }
    const RtSyntax *syntax = rt_parse(program->parser, piece, (uint32_t)base);
    program->broken += syntax->errors;
    add_statements(program, rt_javascript_lower(program->arena, syntax, piece, (uint32_t)base),
                   chunk->deferred);
}

/* Where an appended payload begins: the last line of 400 bytes or more, after its run of blanks. 0
 * when there is none. */
static size_t appended_at(RtStr text)
{
    size_t end = text.len;
    while (end > 0) {
        RtStr head = rt_str_sub(text, 0, end);
        size_t newline = rt_str_rfind_byte(head, '\n');
        size_t start = newline == RT_NOT_FOUND ? 0 : newline + 1;
        if (end - start >= 400) {
            size_t blanks = 0;
            for (size_t i = start; i < end; i++) {
                blanks = text.at[i] == ' ' || text.at[i] == '\t' ? blanks + 1 : 0;
                if (blanks >= 60)
                    start = i + 1;
            }
            return start;
        }
        if (start == 0 || text.len - start > 4096)
            return 0;
        end = start - 1;
    }
    return 0;
}

static void parse_whole(Program *program, RtStr text)
{
    add_piece(program, text, &(RtJsChunk){ .to = text.len });
    size_t tail = program->broken ? appended_at(text) : 0;
    if (tail)
        add_piece(program, text, &(RtJsChunk){ .from = tail, .to = text.len });
}

static const RtTree *finish(Program *program, RtLayerId layer, RtStr source)
{
    const RtNode *root = rt_node(program->arena, RT_N_BLOCK, 0, (uint32_t)source.len,
                                 program->nodes, program->count);
    RtTree *tree = RT_NEW(program->arena, RtTree);
    *tree = (RtTree){ .layer = layer, .source = source, .root = root, .broken = program->broken };
    return tree;
}

static bool is_broken(const Program *program, RtStr text)
{
    return program->broken > text.len / 1024 * ERRORS_PER_KIB;
}

/* A small file, or a large one that is worth it. When the grammar chosen by the name fails, the one
 * that knows both types and JSX is tried: what the name says proves nothing. */
static const RtTree *parse_small(RtArena *arena, RtSink *sink, RtLayerId layer, RtStr text,
                                 RtGrammar grammar)
{
    Program program = { .arena = arena, .sink = sink };
    RT_PARSER parser = rt_parser_open(grammar, &rt_javascript_names, layer, sink);
    program.parser = parser;
    parse_whole(&program, text);
    if (!is_broken(&program, text) || grammar == RT_GRAMMAR_TSX || text.len > WHOLE_BYTES)
        return finish(&program, layer, text);
    Program second = { .arena = arena, .sink = sink };
    RT_PARSER other = rt_parser_open(RT_GRAMMAR_TSX, &rt_javascript_names, layer, sink);
    second.parser = other;
    parse_whole(&second, text);
    return finish(second.broken < program.broken ? &second : &program, layer, text);
}

static const RtTree *parse_large(RtArena *arena, RtSink *sink, RtLayerId layer, RtStr text,
                                 const RtJsSurvey *survey, RtGrammar grammar)
{
    Program program = { .arena = arena, .sink = sink };
    RT_PARSER parser = rt_parser_open(grammar, &rt_javascript_names, layer, sink);
    program.parser = parser;
    RtJsChunks chunks = rt_js_chunks(arena, text, survey, sink);
    if (chunks.left_out && sink->unseen)
        sink->unseen(sink, layer, RT_STR("script too large to be parsed whole"));
    for (size_t i = 0; i < chunks.count && sink->ms_left(sink); i++)
        add_piece(&program, text, &chunks.chunks[i]);
    return finish(&program, layer, text);
}

static RtGrammar grammar_for(RtStr path)
{
    switch (rt_javascript_types(path)) {
    case 't':
        return RT_GRAMMAR_TYPESCRIPT;
    case 'x':
        return RT_GRAMMAR_TSX;
    default:
        return RT_GRAMMAR_JAVASCRIPT;
    }
}

/* ---- for the value flow: sibling modules, and code that eval gets ---- */
static uint32_t always(RtSink *sink)
{
    (void)sink;
    return 1000;
}

static const RtTree *lower(RtArena *arena, RtLayerId layer, RtStr path, RtStr source)
{
    const RtGrammar grammar = grammar_for(path);
    if (source.len > WHOLE_OBFUSCATED_BYTES)
        return NULL;
    RtSink bare = { .arena = arena, .budget = &rt_budget_default, .ms_left = always };
    if (source.len <= WHOLE_BYTES)
        return parse_small(arena, &bare, layer, source, grammar);
    RtJsSurvey survey;
    rt_js_survey(source, &bare, &survey);
    return rt_js_is_obfuscated(&survey)
               ? parse_small(arena, &bare, layer, source, grammar)
               : parse_large(arena, &bare, layer, source, &survey, grammar);
}

/* ---- what the lexer sees ---- */
static void note_obfuscation(const RtJsSurvey *survey, RtLayerId self, RtSink *sink)
{
    for (size_t i = 0; i < RT_JS_OBF_KINDS; i++) {
        if (!survey->is[i])
            continue;
        RtFact fact = { .kind = RT_FACT_OBFUSCATED, .witness = RT_SEEN_IN_TEXT, .layer = self };
        fact.from = survey->seen[i].first;
        fact.len = survey->seen[i].last - survey->seen[i].first;
        fact.args[0] = rt_str_from_c(rt_js_obfuscation_name((RtJsObfuscation)i));
        fact.args[1] = rt_str_format(sink->arena, "%u", (unsigned)survey->seen[i].count);
        sink->fact(sink, fact);
    }
}

#define IMPORTS_MAX 2048 /* per file */

typedef struct {
    RtStr text;
    RtLayerId self;
    RtSink *sink;
    uint64_t seen[256]; /* hashes of modules already told */
    size_t count;
} Imports;

static bool is_name_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '$' || byte >= 0x80;
}

/* Whether the place lies in a comment, as far as its line tells. */
static bool is_commented(RtStr text, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < 256 && text.at[start - 1] != '\n')
        start--;
    RtStr line = rt_str_trim(rt_str_sub(text, start, at - start));
    if (rt_str_starts(line, RT_STR("*")) || rt_str_starts(line, RT_STR("//")))
        return true;
    size_t slashes = rt_str_find(line, RT_STR("// "));
    return slashes != RT_NOT_FOUND;
}

static size_t skip_blanks(RtStr text, size_t at)
{
    while (at < text.len && text.at[at] <= ' ')
        at++;
    return at;
}

/* The module named after the word that ends at `at`: 'm', or ('m') when `call`. */
static void take_import(Imports *imports, size_t word, size_t at, bool call, const char *how)
{
    RtStr text = imports->text;
    at = skip_blanks(text, at);
    if (call && at < text.len && text.at[at] == '(')
        at = skip_blanks(text, at + 1);
    else if (call && how[0] == 'r')
        return;
    uint8_t quote = at < text.len ? text.at[at] : 0;
    if (quote != '\'' && quote != '"' && quote != '`')
        return;
    RtStr rest = rt_str_sub(text, at + 1, 512);
    size_t len = rt_str_find_byte(rest, quote);
    if (len == RT_NOT_FOUND || len == 0 ||
        rt_str_find_byte(rt_str_sub(rest, 0, len), '\n') != RT_NOT_FOUND)
        return;
    RtStr module = rt_str_sub(rest, 0, len);
    uint64_t hash = rt_str_hash(module) | 1;
    if (imports->seen[hash & 255] == hash || is_commented(text, word))
        return;
    imports->seen[hash & 255] = hash;
    imports->count++;
    RtFact fact = { .kind = RT_FACT_CODE_REQUIRE,
                    .witness = RT_SEEN_IN_TEXT,
                    .layer = imports->self };
    fact.from = at;
    fact.len = len + 2;
    fact.args[0] = rt_javascript_unescape(imports->sink->arena, module);
    fact.args[1] = rt_str_from_c(how);
    imports->sink->fact(imports->sink, fact);
}

/* Looks for one byte that is rare in programs, then at what stands around it. */
static size_t find_word(RtStr text, RtStr word, size_t rare)
{
    for (size_t at = rare; at < text.len; at++) {
        size_t found = rt_str_find_byte(rt_str_from(text, at), word.at[rare]);
        if (found == RT_NOT_FOUND)
            break;
        at += found;
        if (rt_str_starts(rt_str_from(text, at - rare), word))
            return at - rare;
    }
    return RT_NOT_FOUND;
}

static bool is_module(RtStr text)
{
    return rt_str_has(text, RT_STR("import")) || rt_str_has(text, RT_STR("export"));
}

/* Reads modules off the words that name them, without tokens: this runs over every script of a
 * package. */
static void imports(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    static const struct {
        const char *word, *how;
        bool call;
        size_t rare; /* where in the word its rarest letter stands */
    } words[] = { { "require", "require", true, 2 },
                  { "import", "import", true, 2 },
                  { "from", "import", false, 0 } };
    Imports found_imports = { .text = layer->bytes, .self = self, .sink = sink };
    Imports *imports = &found_imports;
    RtStr text = layer->bytes;
    for (size_t i = 0; i < RT_COUNT(words); i++) {
        RtStr word = rt_str_from_c(words[i].word);
        if (!words[i].call && !is_module(text))
            break; /* `from` stands in import and export statements only */
        for (size_t at = 0; imports->count < IMPORTS_MAX; at += word.len) {
            size_t found = find_word(rt_str_from(text, at), word, words[i].rare);
            if (found == RT_NOT_FOUND)
                break;
            at += found;
            bool whole = (at == 0 || (!is_name_byte(text.at[at - 1]) && text.at[at - 1] != '.')) &&
                         at + word.len < text.len && !is_name_byte(text.at[at + word.len]);
            if (whole)
                take_import(imports, at, at + word.len, words[i].call, words[i].how);
        }
    }
}

/* True when the script is small enough for a whole parse; its longest literal, a payload of
 * megabytes perhaps, is one token and does not count. */
static bool is_small(RtStr text, const RtJsSurvey *survey)
{
    const size_t limit = rt_js_is_obfuscated(survey) ? WHOLE_OBFUSCATED_BYTES : WHOLE_BYTES;
    const size_t literal = survey->longest_string < text.len ? (size_t)survey->longest_string : 0;
    return text.len - literal <= limit;
}

/* ---- the front end ---- */
static void observe(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr text = layer->bytes;
    RtStr path = layer->via == RT_VIA_ENTRY ? layer->name : (RtStr){ 0 };
    RtJsSurvey survey;
    if (text.len > UINT32_MAX / 2)
        return;
    rt_js_survey(text, sink, &survey);
    note_obfuscation(&survey, self, sink);
    RtGrammar grammar = grammar_for(path);
    RtArena *arena = rt_arena_open(TREE_BYTES, NULL, NULL);
    const RtTree *tree = is_small(text, &survey)
                             ? parse_small(arena, sink, self, text, grammar)
                             : parse_large(arena, sink, self, text, &survey, grammar);
    RtFlowLanguage language = {
        .name = "javascript",
        .dialect = RT_FLOW_JAVASCRIPT,
        .apis = rt_javascript_apis,
        .api_count = rt_javascript_api_count,
        .lower = lower,
        .later_methods = rt_javascript_later_methods,
    };
    language.patient = survey.is[RT_JS_OBF_STRING_ARRAY];
    if (tree->root->kid_count)
        rt_flow_run(&language, tree, sink);
    if (!sink->keep || !sink->keep(sink, self, language.name, tree, arena))
        rt_arena_close(arena);
}

const RtLanguage rt_language_javascript = {
    .name = "javascript",
    .bid = rt_javascript_bid,
    .suffixes = " js cjs mjs jsx ts cts mts tsx ",
    .observe = observe,
    .imports = imports,
};
