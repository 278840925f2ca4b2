/* javascript_chunks.c - cuts a large script at statement boundaries and keeps what holds telling
 * words.
 *
 * A parse runs at 8 MB/s, a lexer at some hundred: bundles of megabytes are lexed once, and the
 * largest pieces that stay under a size and hold a word of interest are parsed. A *unit* is what
 * stands between separators of one bracket level (a statement, an argument, a member); when a unit
 * ends and is small enough it swallows the chunks inside it, else they stand. So a call deep in a
 * bundle is seen with as much of its function as is affordable. Tokens, not bytes, are counted: a
 * megabyte in one string is one token. Short declarations of names that the chosen chunks use come
 * along. */
#include "facts/languages/javascript_chunks.h"

#define CHUNK_TOKENS      5000
#define CHUNK_BYTES       ((size_t)1 << 20)
#define STRONG_TOKENS     60000 /* in all, per file */
#define WEAK_TOKENS       12000
#define CHUNKS_MAX        4096
#define DEFINITION_TOKENS 160
#define DEFINITIONS_MAX   8192

typedef struct {
    size_t start; /* of the unit */
    uint64_t start_token;
    uint32_t weak, strong; /* in the unit so far */
    size_t mark;           /* chunks there were when the unit began */
    uint32_t serial;       /* of the bracket: units of one level may be joined */
    uint8_t bracket;
    bool deferred;
    RtJsToken owner, before_owner; /* what stood before the bracket */
} Level;

typedef struct {
    RtJsChunk chunk;
    uint64_t name; /* hash of what it declares */
} Definition;

typedef struct {
    RtStr text;
    RtArena *arena;
    const RtJsSurvey *survey;
    RtJsLexer lexer;
    Level *levels;
    size_t depth, level_capacity; /* levels[0..depth] */
    uint64_t token;
    RtJsToken last, before_last;   /* before the token at hand */
    uint32_t serials, last_serial; /* handed out; of the level that gave the last chunk */
    RtJsChunk *chunks;
    size_t count, capacity;
    Definition *definitions;
    size_t definition_count, definition_capacity;
    Level closed; /* the last level that was closed */
    bool may_end; /* a block just closed: the next token says whether the statement ends */
    bool left_out;
} Cutter;

/* ---- telling words ---- */
static const char *const strong_words[] = {
    "eval",
    "child_process",
    "execSync",
    "spawnSync",
    "execFile",
    "execFileSync",
    "_compile",
    "_load",
    "ActiveXObject",
    "WScript",
    "runInThisContext",
    "runInNewContext",
    "runInContext",
    "createDecipheriv",
    "dlopen",
    "clipboardy",
    "unprotectData",
    "keytar",
    "homedir",
    "networkInterfaces",
    "userInfo",
    "discord.com",
    "cross-spawn",
    "execa",
    "shelljs",
    "getBuiltinModule",
    "createDecipher",
    "adm-zip",
    "node:child_process",
    "sqlite3",
    "screenshot-desktop",
    "node-machine-id",
    "sendText",
    "powershell",
};
static const char *const weak_words[] = {
    "spawn",
    "fetch",
    "axios",
    "XMLHttpRequest",
    "WebSocket",
    "https",
    "request",
    "net",
    "dns",
    "tls",
    "vm",
    "node-fetch",
    "got",
    "superagent",
    "socket.io-client",
    "hostname",
    "readFileSync",
    "writeFileSync",
    "readFile",
    "writeFile",
    "cookie",
    "clipboard",
    "localStorage",
    "sendBeacon",
    "ethereum",
    "importScripts",
    "WebAssembly",
    "Worker",
    "createReadStream",
    "appendFileSync",
    "unlinkSync",
    "chmodSync",
    "fromCharCode",
    "atob",
    "env",
    "tronWeb",
    "solana",
    "privateKey",
    "mnemonic",
    "resolveTxt",
};

/* The hash set of telling words, made once per file: 0 none, 1 weak, 2 strong. */
#define WORD_SLOTS 256
typedef struct {
    RtStr words[WORD_SLOTS];
    uint8_t weight[WORD_SLOTS];
} WordSet;

static size_t word_slot(RtStr word)
{
    uint32_t hash = (uint32_t)word.len * 131u;
    hash += word.at[0] * 31u + word.at[word.len / 2] * 17u + word.at[word.len - 1] * 7u;
    return hash & (WORD_SLOTS - 1);
}

static void add_word(WordSet *set, const char *text, uint8_t weight)
{
    RtStr word = rt_str_from_c(text);
    size_t slot = word_slot(word);
    while (set->weight[slot])
        slot = (slot + 1) & (WORD_SLOTS - 1);
    set->words[slot] = word;
    set->weight[slot] = weight;
}

static void fill_words(WordSet *set)
{
    for (size_t i = 0; i < RT_COUNT(strong_words); i++)
        add_word(set, strong_words[i], 2);
    for (size_t i = 0; i < RT_COUNT(weak_words); i++)
        add_word(set, weak_words[i], 1);
}

static uint8_t word_weight(const WordSet *set, RtStr word)
{
    if (word.len < 2 || word.len > 24)
        return 0;
    for (size_t slot = word_slot(word); set->weight[slot]; slot = (slot + 1) & (WORD_SLOTS - 1))
        if (rt_str_equal(set->words[slot], word))
            return set->weight[slot];
    return 0;
}

static uint8_t token_weight(const Cutter *c, const WordSet *set, const RtJsToken *token)
{
    const RtJsToken *last = &c->last;
    if (token->kind == RT_JS_STRING) {
        RtStr inner = rt_js_string_inner(c->text, token);
        if (inner.len == 11 && rt_str_equal(inner, RT_STR("constructor")))
            return last->kind == RT_JS_PUNCT && last->first == '[' ? 2 : 0;
        return word_weight(set, inner);
    }
    if (token->kind == RT_JS_PUNCT && token->first == '(' && last->kind == RT_JS_WORD) {
        /* Function( and .constructor( make code of text; `constructor(` alone is a method's name */
        if (rt_js_is(c->text, last, "Function"))
            return 2;
        return rt_js_is(c->text, last, "constructor") && last->from &&
                       c->text.at[last->from - 1] == '.'
                   ? 2
                   : 0;
    }
    return token->kind == RT_JS_WORD ? word_weight(set, rt_js_token_text(c->text, token)) : 0;
}

/* ---- units ---- */
static RtJsWrap wrap_of(const Level *level)
{
    switch (level->bracket & RT_JS_BRACKET) {
    case RT_JS_PAREN:
        return level->bracket & RT_JS_CONTROL ? RT_JS_STATEMENTS : RT_JS_EXPRESSION;
    case RT_JS_SQUARE:
        return RT_JS_EXPRESSION;
    default:
        break;
    }
    if (level->bracket & RT_JS_IN_TEMPLATE)
        return RT_JS_EXPRESSION;
    if (level->bracket & RT_JS_CLASS)
        return RT_JS_CLASS_MEMBER;
    return level->bracket & RT_JS_OBJECT ? RT_JS_MEMBER : RT_JS_STATEMENTS;
}

/* True when the first pass saw an obfuscator's habit begin in the span. */
static bool is_marked(const Cutter *c, size_t from, size_t to)
{
    for (size_t i = 0; i < RT_JS_OBF_KINDS; i++)
        if (c->survey->is[i] && c->survey->seen[i].first >= from && c->survey->seen[i].first < to)
            return true;
    return false;
}

static void push_chunk(Cutter *c, const Level *level, size_t end, uint32_t tokens)
{
    RtJsChunk chunk = {
        .from = level->start,
        .to = end,
        .wrap = wrap_of(level),
        .deferred = level->deferred,
        .tokens = tokens,
        .weak = level->weak,
        .strong = level->strong,
    };
    RtJsChunk *last = c->count ? &c->chunks[c->count - 1] : NULL;
    bool joins = last && c->last_serial == level->serial && chunk.from - last->to <= 1 &&
                 last->tokens + tokens <= CHUNK_TOKENS;
    if (joins) {
        last->to = chunk.to;
        last->tokens += tokens;
        last->weak += chunk.weak;
        last->strong += chunk.strong;
        return;
    }
    if (c->count >= CHUNKS_MAX) {
        c->left_out = true;
        return;
    }
    RT_PUSH(c->arena, c->chunks, c->count, c->capacity) = chunk;
    c->last_serial = level->serial;
}

/* const name =, function name( : worth having when a chunk uses the name. */
static void note_definition(Cutter *c, const Level *level, size_t end, uint32_t tokens)
{
    if (tokens > DEFINITION_TOKENS || tokens < 3 || c->definition_count >= DEFINITIONS_MAX ||
        wrap_of(level) != RT_JS_STATEMENTS || end - level->start > 16384)
        return;
    RtJsLexer lexer;
    RtJsToken token;
    rt_js_lexer_start(&lexer, rt_str_sub(c->text, 0, end), level->start);
    if (!rt_js_next(&lexer, &token) || token.kind != RT_JS_WORD)
        return;
    if (!rt_js_is(c->text, &token, "const") && !rt_js_is(c->text, &token, "let") &&
        !rt_js_is(c->text, &token, "var") && !rt_js_is(c->text, &token, "function"))
        return;
    if (!rt_js_next(&lexer, &token) || token.kind != RT_JS_WORD)
        return;
    RtStr name = rt_js_token_text(c->text, &token);
    if (name.len < 2)
        return;
    RT_PUSH(c->arena, c->definitions, c->definition_count, c->definition_capacity) = (Definition){
        .chunk = { .from = level->start, .to = end, .tokens = tokens, .deferred = level->deferred },
        .name = rt_str_hash(name),
    };
}

static void end_unit(Cutter *c, Level *level, size_t end)
{
    uint32_t tokens = (uint32_t)(c->token - level->start_token);
    if (level->strong == 0 && is_marked(c, level->start, end))
        level->strong++;
    if (level->weak || level->strong) {
        if (tokens <= CHUNK_TOKENS && end - level->start <= CHUNK_BYTES) {
            if (c->count > level->mark) {
                c->count = level->mark;
                c->last_serial = 0;
            }
            push_chunk(c, level, end, tokens);
        } else if (c->count == level->mark && level->strong) {
            c->left_out = true;
        }
    } else {
        note_definition(c, level, end, tokens);
    }
}

static void begin_unit(Cutter *c, Level *level, size_t start)
{
    level->start = start;
    level->start_token = c->token;
    level->weak = level->strong = 0;
    level->mark = c->count;
}

/* Whether loading the file would run the function whose body opens here: callbacks, immediate
 * functions and bundlers' numbered modules do, named ones wait to be called. */
static bool opens_deferred(const Cutter *c, const RtJsToken *before)
{
    if (before->kind != RT_JS_PUNCT || (before->first != ')' && before->to - before->from != 2))
        return false; /* no function body */
    if (before->first == ')' && c->lexer.ended_control)
        return false;
    const RtJsToken *owner = &c->closed.owner, *outer = &c->closed.before_owner;
    if (before->first != ')') /* (…) => { */
        return owner->kind == RT_JS_PUNCT && owner->first == '=';
    if (owner->kind != RT_JS_WORD)
        return false;
    if (!rt_js_is(c->text, owner, "function"))
        return true;
    return outer->kind == RT_JS_PUNCT && outer->first == '=';
}

static void open_level(Cutter *c, const RtJsToken *token)
{
    bool deferred = c->levels[c->depth].deferred;
    uint8_t bracket = rt_js_bracket(&c->lexer, c->lexer.depth);
    if (token->first == '{')
        deferred = deferred || opens_deferred(c, &c->last);
    if (c->depth + 1 >= c->level_capacity)
        return;
    Level *level = &c->levels[++c->depth];
    *level = (Level){
        .serial = ++c->serials,
        .bracket = bracket,
        .deferred = deferred,
        .owner = c->last,
        .before_owner = c->before_last,
    };
    begin_unit(c, level, token->to);
}

static void close_levels(Cutter *c, const RtJsToken *token)
{
    while (c->depth > c->lexer.depth) {
        Level *level = &c->levels[c->depth];
        end_unit(c, level, token->from);
        c->closed = *level;
        Level *parent = &c->levels[--c->depth];
        parent->weak += level->weak;
        parent->strong += level->strong;
    }
}

static bool is_block(const Level *level)
{
    return wrap_of(level) == RT_JS_STATEMENTS || wrap_of(level) == RT_JS_CLASS_MEMBER;
}

/* A closed block ends its statement unless the next token goes on with it. */
static bool goes_on(const Cutter *c, const RtJsToken *token)
{
    static const char *const words[] = { "else", "catch", "finally", "while", "instanceof",
                                         "in",   "of",    "from",    "as",    "extends" };
    if (token->kind == RT_JS_PUNCT)
        return token->first != '@' && token->first != '#' && token->first != '*' &&
               token->first != '{';
    if (token->kind != RT_JS_WORD)
        return token->kind != RT_JS_STRING && token->kind != RT_JS_NUMBER;
    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_equal(rt_js_token_text(c->text, token), rt_str_from_c(words[i])))
            return true;
    return false;
}

/* Code without semicolons: these words at a line's start begin a statement. */
static bool begins_statement(const Cutter *c, const RtJsToken *token)
{
    static const char *const words[] = { "const", "let", "var", "function", "import", "export",
                                         "class", "if",  "for", "try",      "return", "async" };
    if (!token->newline || token->kind != RT_JS_WORD || token->to - token->from > 8)
        return false;
    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_equal(rt_js_token_text(c->text, token), rt_str_from_c(words[i])))
            return true;
    return false;
}

/* Sums of the unit go to the enclosing one when the level closes, so a new unit keeps what the
 * level had. */
static void next_unit(Cutter *c, Level *level, size_t end, size_t start)
{
    uint32_t weak = level->weak, strong = level->strong;
    end_unit(c, level, end);
    begin_unit(c, level, start);
    if (c->depth > 0) {
        Level *parent = level - 1;
        parent->weak += weak;
        parent->strong += strong;
    }
}

static void take_token(Cutter *c, const WordSet *set, const RtJsToken *token, size_t depth_before)
{
    Level *level = &c->levels[c->depth];
    if (c->may_end && !goes_on(c, token))
        next_unit(c, level, token->from, token->from);
    else if (is_block(level) && begins_statement(c, token) && c->lexer.depth == depth_before &&
             c->last.kind != RT_JS_PUNCT)
        next_unit(c, level, token->from, token->from);
    c->may_end = false;
    c->token++;
    uint8_t weight = token_weight(c, set, token);
    level->weak += weight == 1;
    level->strong += weight == 2;
    if (c->lexer.depth > depth_before) {
        open_level(c, token);
        return;
    }
    if (c->lexer.depth < depth_before) {
        close_levels(c, token);
        c->may_end =
            token->kind == RT_JS_PUNCT && token->first == '}' && is_block(&c->levels[c->depth]);
        return;
    }
    if (token->kind == RT_JS_PUNCT &&
        (token->first == ';' || (token->first == ',' && !is_block(level))))
        next_unit(c, level, token->from, token->to);
}

/* ---- choice ---- */
static int by_place(const void *a, const void *b)
{
    const RtJsChunk *left = a, *right = b;
    return left->from < right->from ? -1 : left->from > right->from;
}

/* Drops what does not fit: strong chunks first come first served, then weak ones. */
static size_t choose(Cutter *c)
{
    uint64_t strong = 0, weak = 0;
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++) {
        RtJsChunk chunk = c->chunks[i];
        uint64_t *sum = chunk.strong ? &strong : &weak;
        if (*sum + chunk.tokens > (chunk.strong ? STRONG_TOKENS : WEAK_TOKENS)) {
            c->left_out |= chunk.strong != 0;
            continue;
        }
        *sum += chunk.tokens;
        c->chunks[kept++] = chunk;
    }
    return kept;
}

#define USED_BITS 65536

static void note_used(Cutter *c, uint64_t *used)
{
    for (size_t i = 0; i < c->count; i++) {
        RtJsLexer lexer;
        RtJsToken token;
        rt_js_lexer_start(&lexer, rt_str_sub(c->text, 0, c->chunks[i].to), c->chunks[i].from);
        while (rt_js_next(&lexer, &token)) {
            if (token.kind != RT_JS_WORD)
                continue;
            uint64_t hash = rt_str_hash(rt_js_token_text(c->text, &token)) % USED_BITS;
            used[hash / 64] |= 1ull << (hash % 64);
        }
    }
}

/* Adds the declarations of names the chosen chunks use, as long as they lie outside of them. */
static void add_definitions(Cutter *c)
{
    if (c->count == 0 || c->definition_count == 0)
        return;
    uint64_t *used = RT_NEW_ARRAY(c->arena, uint64_t, USED_BITS / 64);
    note_used(c, used);
    size_t chosen = c->count, at = 0;
    uint64_t tokens = 0;
    for (size_t i = 0; i < c->definition_count; i++) {
        const Definition *definition = &c->definitions[i];
        uint64_t hash = definition->name % USED_BITS;
        while (at < chosen && c->chunks[at].to <= definition->chunk.from)
            at++;
        bool inside = at < chosen && definition->chunk.to > c->chunks[at].from;
        if (inside || !(used[hash / 64] >> (hash % 64) & 1) || tokens > WEAK_TOKENS)
            continue;
        tokens += definition->chunk.tokens;
        RT_PUSH(c->arena, c->chunks, c->count, c->capacity) = definition->chunk;
    }
    qsort(c->chunks, c->count, sizeof *c->chunks, by_place);
}

static int definition_by_place(const void *a, const void *b)
{
    return by_place(&((const Definition *)a)->chunk, &((const Definition *)b)->chunk);
}

RtJsChunks rt_js_chunks(RtArena *arena, RtStr text, const RtJsSurvey *survey, RtSink *sink)
{
    WordSet *set = RT_NEW(arena, WordSet);
    fill_words(set);
    Cutter *c = RT_NEW(arena, Cutter);
    *c = (Cutter){ .text = text, .arena = arena, .survey = survey, .level_capacity = RT_JS_NEST };
    c->levels = RT_NEW_ARRAY(arena, Level, RT_JS_NEST);
    rt_js_lexer_start(&c->lexer, text, 0);
    RtJsToken token;
    size_t depth_before = 0;
    while (rt_js_next(&c->lexer, &token)) {
        take_token(c, set, &token, depth_before);
        c->before_last = c->last;
        c->last = token;
        depth_before = c->lexer.depth;
        if ((c->token & 0xffff) == 0 && sink->ms_left(sink) == 0)
            break;
    }
    c->lexer.depth = 0;
    close_levels(c, &(RtJsToken){ .from = c->lexer.at });
    end_unit(c, &c->levels[0], c->lexer.at);
    c->count = choose(c);
    if (c->definition_count)
        qsort(c->definitions, c->definition_count, sizeof *c->definitions, definition_by_place);
    if (c->count)
        qsort(c->chunks, c->count, sizeof *c->chunks, by_place);
    add_definitions(c);
    return (RtJsChunks){ .chunks = c->chunks, .count = c->count, .left_out = c->left_out };
}
