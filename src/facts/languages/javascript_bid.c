/* javascript_bid.c - claims script text under any name, and leaves JSON, markup, prose and other
 * languages alone.
 *
 * The first and the last kilobytes are lexed and judged apart (a payload is often appended). Each
 * telling token sequence adds points, and sequences of other languages take them away; a suffix
 * only shifts the threshold. JSON never reaches it (no words but true, false, null), CSS and
 * Markdown fail for want of operators and by the share of words that follow words. */
#include "facts/languages/javascript_bid.h"

#include "facts/languages/javascript_lexer.h"

#define WINDOW     ((size_t)6 << 10)
#define TOKENS_MAX 600
/* After so many tokens a script that speaks clearly is not read on; sooner when its name says the
 * same. */
#define TOKENS_ENOUGH       160
#define TOKENS_ENOUGH_NAMED 48

typedef struct {
    int points;
    int against;
    uint32_t tokens, words, pairs; /* pairs: a word after a word that is no keyword */
    uint32_t names;                /* words other than true, false, null */
} Judgement;

static bool is_any(RtStr text, const RtJsToken *token, const char *const *words)
{
    RtStr word = rt_js_token_text(text, token);
    for (; word.len && *words; words++)
        if ((uint8_t) * *words == word.at[0] && rt_str_equal(word, rt_str_from_c(*words)))
            return true;
    return false;
}

static bool is_punct(const RtJsToken *token, uint8_t byte)
{
    return token->kind == RT_JS_PUNCT && token->first == byte;
}

static const char *const keywords[] = {
    "var",       "let",    "const",      "function",  "return",    "if",       "else",
    "for",       "while",  "do",         "switch",    "case",      "break",    "continue",
    "new",       "typeof", "instanceof", "in",        "of",        "void",     "delete",
    "throw",     "try",    "catch",      "finally",   "class",     "extends",  "import",
    "export",    "from",   "default",    "async",     "await",     "yield",    "static",
    "get",       "set",    "as",         "type",      "interface", "enum",     "declare",
    "namespace", "public", "private",    "protected", "readonly",  "abstract", NULL
};

/* Marks of other languages, each word weighed when it stands before another word. */
static const char *const foreign[] = {
    "def",      "elif",   "fn",      "impl",    "pub",    "mut",    "func",   "package",
    "struct",   "local",  "sub",     "my",      "echo",   "fi",     "then",   "esac",
    "unless",   "module", "include", "using",   "void",   "int",    "char",   "unsigned",
    "template", "use",    "defp",    "proc",    "val",    "fun",    "lambda", "except",
    "raise",    "final",  "public",  "private", "CREATE", "SELECT", NULL
};

static int word_points(RtStr text, const RtJsToken *a, const RtJsToken *b, const RtJsToken *c)
{
    /* a is a word; b and c follow */
    static const char *const declare[] = { "var", "let", "const", NULL };
    static const char *const exported[] = { "const", "default", "function",  "class",
                                            "async", "type",    "interface", "let",
                                            "var",   "enum",    "abstract",  NULL };
    static const char *const calls[] = {
        "parseInt", "setTimeout",         "setInterval",        "fetch",      "Function",
        "atob",     "encodeURIComponent", "decodeURIComponent", "charCodeAt", NULL
    };
    static const char *const objects[] = { "console", "process", "exports",   "document",
                                           "window",  "JSON",    "Object",    "Math",
                                           "Promise", "Buffer",  "prototype", "globalThis",
                                           "global",  "Array",   "String",    NULL };
    if (rt_js_is(text, a, "require"))
        return is_punct(b, '(') && c->kind == RT_JS_STRING ? 6 : 0;
    if (rt_js_is(text, a, "module"))
        return is_punct(b, '.') && c->kind == RT_JS_WORD && rt_js_is(text, c, "exports") ? 6 : 0;
    if (rt_js_is(text, a, "from"))
        return b->kind == RT_JS_STRING ? 5 : 0;
    if (rt_js_is(text, a, "import"))
        return b->kind == RT_JS_STRING || is_punct(b, '{') || is_punct(b, '*') || is_punct(b, '(')
                   ? 3
                   : 0;
    if (rt_js_is(text, a, "export"))
        return is_punct(b, '{') || is_punct(b, '*') || is_any(text, b, exported) ? 4 : 0;
    if (rt_js_is(text, a, "function"))
        return is_punct(b, '(') || is_punct(c, '(') || is_punct(b, '*') ? 3 : 0;
    if (is_any(text, a, declare))
        return (b->kind == RT_JS_WORD &&
                (is_punct(c, '=') || is_punct(c, ',') || is_punct(c, ';') || is_punct(c, ':'))) ||
                       is_punct(b, '{') || is_punct(b, '[')
                   ? 3
                   : 0;
    if (rt_js_is(text, a, "typeof") || rt_js_is(text, a, "instanceof") ||
        rt_js_is(text, a, "undefined"))
        return 3;
    if (rt_js_is(text, a, "eval") || is_any(text, a, calls))
        return is_punct(b, '(') ? 3 : 0;
    if (is_any(text, a, objects))
        return is_punct(b, '.') || is_punct(b, '[') ? 2 : 0;
    if (rt_js_is(text, a, "await") || rt_js_is(text, a, "async") || rt_js_is(text, a, "new"))
        return b->kind == RT_JS_WORD ? 1 : 0;
    if (rt_js_is(text, a, "return") || rt_js_is(text, a, "this"))
        return 1;
    return 0;
}

static int punct_points(RtStr text, const RtJsToken *a, const RtJsToken *b, const RtJsToken *c)
{
    if (a->first != '=')
        return is_punct(a, '!') && is_punct(b, '!') && is_punct(c, '[') ? 3 : 0;
    if (a->to - a->from == 2)
        return 2; /* => */
    if (is_punct(b, '=') && is_punct(c, '=') && a->to == b->from && b->to == c->from)
        return 3; /* === */
    (void)text;
    return 0;
}

static void weigh(RtStr text, Judgement *j, const RtJsToken *a, const RtJsToken *b,
                  const RtJsToken *c)
{
    j->tokens++;
    if (a->kind == RT_JS_PUNCT) {
        j->points += punct_points(text, a, b, c);
        return;
    }
    if (a->kind != RT_JS_WORD)
        return;
    j->words++;
    if (!rt_js_is(text, a, "true") && !rt_js_is(text, a, "false") && !rt_js_is(text, a, "null"))
        j->names++;
    j->points += word_points(text, a, b, c);
    if (b->kind == RT_JS_WORD && !b->newline) {
        if (!is_any(text, a, keywords) && !is_any(text, b, keywords))
            j->pairs++;
        if (is_any(text, a, foreign))
            j->against += 2;
    }
}

/* Points per hundred tokens. */
static int density(const Judgement *j)
{
    return (j->points - j->against) * 100 / (int)(j->tokens + 20);
}

static bool is_clear(const Judgement *j) { return density(j) >= 16 && j->pairs * 8 <= j->tokens; }

static Judgement judge(RtStr text, uint32_t enough)
{
    Judgement j = { 0 };
    RtJsLexer lexer;
    RtJsToken token[3] = { { .kind = RT_JS_PUNCT },
                           { .kind = RT_JS_PUNCT },
                           { .kind = RT_JS_PUNCT } };
    rt_js_lexer_start(&lexer, text, 0);
    uint32_t count = 0;
    RtJsToken next;
    while (count < TOKENS_MAX && rt_js_next(&lexer, &next)) {
        token[0] = token[1];
        token[1] = token[2];
        token[2] = next;
        if (++count >= 3)
            weigh(text, &j, &token[0], &token[1], &token[2]);
        if (count == enough && is_clear(&j))
            return j;
    }
    static const RtJsToken end = { .kind = RT_JS_PUNCT };
    if (count >= 2)
        weigh(text, &j, &token[1], &token[2], &end);
    if (count >= 1)
        weigh(text, &j, &token[2], &end, &end);
    return j;
}

/* 0..100: how sure the text alone makes us. */
static int certainty(RtStr text, uint32_t enough)
{
    Judgement j = judge(text, enough);
    if (j.names == 0 && j.points == 0)
        return 0;
    int points = j.points - j.against;
    if (j.pairs * 4 > j.tokens && points < (int)j.tokens / 8)
        return 0; /* prose */
    if (points < 3)
        return 0;
    int dense = density(&j);
    int sure = dense >= 12 ? 80 : dense >= 6 ? 65 : dense >= 3 ? 50 : 25;
    return points < 6 && sure > 60 ? 60 : sure;
}

/* ---- what it starts with ---- */
static bool is_shebang(RtStr line, bool *ret_ours)
{
    static const char *const names[] = { "node", "deno", "bun", "tsx", "ts-node", "zx" };
    *ret_ours = false;
    if (!rt_str_starts(line, RT_STR("#!")))
        return false;
    for (size_t i = 0; i < RT_COUNT(names); i++)
        *ret_ours |= rt_str_has(line, rt_str_from_c(names[i]));
    return true;
}

/* Beginnings that no script has. */
static bool is_something_else(RtStr text)
{
    static const char *const starts[] = {
        "<?",  "<!",    "<html",  "<svg",  "%PDF",    "#include", "@charset", "-----BEGIN", "# ",
        "## ", "---\n", "{\\rtf", "From ", "#define", "#pragma",  "#ifndef",  "<Project",   "<xml"
    };
    for (size_t i = 0; i < RT_COUNT(starts); i++)
        if (rt_str_starts(text, rt_str_from_c(starts[i])))
            return true;
    return false;
}

/* Markdown: fences and headings among its lines. */
static bool is_markdown(RtStr text)
{
    return rt_str_has(text, RT_STR("\n```")) || rt_str_has(text, RT_STR("\n## ")) ||
           rt_str_starts(text, RT_STR("```"));
}

/* The suffix of the last path component without its dot, at most 8 bytes; empty when there is none.
 */
static RtStr suffix_of(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    RtStr name = slash == RT_NOT_FOUND ? path : rt_str_from(path, slash + 1);
    size_t dot = rt_str_rfind_byte(name, '.');
    return dot == RT_NOT_FOUND || dot == 0 ? (RtStr){ 0 } : rt_str_from(name, dot + 1);
}

static bool is_script_suffix(RtStr suffix)
{
    static const char *const suffixes[] = { "js",  "cjs", "mjs", "jsx", "ts",
                                            "mts", "cts", "tsx", "es6", "jse" };
    for (size_t i = 0; i < RT_COUNT(suffixes); i++)
        if (rt_str_equal_nocase(suffix, rt_str_from_c(suffixes[i])))
            return true;
    return false;
}

/* Suffixes of other languages: their files are ours only when the content leaves no doubt. */
static bool is_other_suffix(RtStr suffix)
{
    static const char *const suffixes[] = {
        "py",   "pyi",   "rb",      "php",    "sh",   "bash",   "c",     "h",        "cc",  "cpp",
        "hpp",  "java",  "go",      "rs",     "cs",   "swift",  "kt",    "lua",      "pl",  "css",
        "scss", "less",  "html",    "htm",    "vue",  "svelte", "md",    "markdown", "rst", "xml",
        "yml",  "yaml",  "toml",    "coffee", "dart", "scala",  "sql",   "m",        "ps1", "bat",
        "flow", "proto", "graphql", "hbs",    "ejs",  "pug",    "astro", "mdx",      "sol", "vy"
    };
    for (size_t i = 0; i < RT_COUNT(suffixes); i++)
        if (rt_str_equal_nocase(suffix, rt_str_from_c(suffixes[i])))
            return true;
    return false;
}

char rt_javascript_types(RtStr path)
{
    RtStr suffix = suffix_of(path);
    if (rt_str_equal_nocase(suffix, RT_STR("tsx")))
        return 'x';
    bool types = rt_str_equal_nocase(suffix, RT_STR("ts")) ||
                 rt_str_equal_nocase(suffix, RT_STR("mts")) ||
                 rt_str_equal_nocase(suffix, RT_STR("cts"));
    return types ? 't' : 0;
}

static int by_content(RtStr text, bool named)
{
    RtStr head = rt_str_sub(text, 0, WINDOW);
    uint32_t enough = named ? TOKENS_ENOUGH_NAMED : TOKENS_ENOUGH;
    bool other = is_something_else(rt_str_trim(head)) || (!named && is_markdown(head));
    int sure = other ? 0 : certainty(head, enough);
    if (sure < 50 && text.len > WINDOW) {
        RtStr tail = rt_str_from(text, text.len - WINDOW);
        int late = is_markdown(tail) ? 0 : certainty(tail, enough);
        sure = late >= 65 && late > sure ? late - 10 : sure;
    }
    return sure;
}

int rt_javascript_bid(RtStr path, RtStr bytes)
{
    RtStr text = bytes;
    if (rt_str_starts(text, RT_STR("\xef\xbb\xbf")))
        text = rt_str_from(text, 3);
    if (text.len == 0 || !rt_str_is_text(text))
        return 0;
    bool ours;
    size_t line_end = rt_str_find_byte(rt_str_sub(text, 0, 256), '\n');
    RtStr line = rt_str_sub(text, 0, line_end == RT_NOT_FOUND ? 256 : line_end);
    RtStr suffix = suffix_of(path);
    if (is_shebang(line, &ours)) {
        if (ours)
            return 95;
        /* Node skips the line whatever it names: #!/bin/bash above a script changes nothing */
        int rest = by_content(rt_str_from(text, line.len), false);
        return rest < 65 ? 0 : is_script_suffix(suffix) ? 92 : 40;
    }
    bool described = rt_str_ends_nocase(path, RT_STR(".d.ts")) ||
                     rt_str_ends_nocase(path, RT_STR(".d.mts")) ||
                     rt_str_ends_nocase(path, RT_STR(".d.cts"));
    if (described)
        return 15; /* types only, which nothing runs: any other language's claim is better */
    int sure = by_content(text, is_script_suffix(suffix));
    if (is_script_suffix(suffix)) {
        RtStr start = rt_str_trim(rt_str_sub(text, 0, 64));
        if (sure == 0 && is_something_else(start))
            return 0;
        return sure >= 50 ? 92 : sure ? 70 : 30;
    }
    if (is_other_suffix(suffix))
        return sure >= 80 ? 45 : 0;
    if (rt_str_equal_nocase(suffix, RT_STR("map")) && (text.at[0] == '{' || text.at[0] == ')'))
        return 0;
    return sure >= 50 ? sure : 0;
}
