/* python.c - the Python front end: what counts as Python, what it imports, and the value flow over
 * it.
 *
 * The bid reads the first kilobytes with the cheap lexer and weighs what only Python writes against
 * what Python cannot be (two plain words side by side, `&&`, a line's last semicolon). Names of
 * files only tip the scale: a payload is as often called .txt, .dat or nothing at all. Grammars of
 * both Pythons are taken, .pth files are read as the interpreter's `site` reads them (Lib/site.py:
 * lines that begin with `import` are executed at every start). */
#include <string.h>

#include "facts/flow/flow.h"
#include "facts/languages/python_api.h"
#include "facts/languages/python_lower.h"
#include "facts/languages/python_marks.h"
#include "facts/languages/python_pyc.h"
#include "facts/languages/python_text.h"

/* ---- bid
 * -------------------------------------------------------------------------------------------------
 */

#define BID_BYTES ((size_t)8 << 10)

typedef struct {
    RtPythonToken line[8]; /* the first tokens of the statement */
    size_t count, length;
    RtPythonToken last, before_last;
    int good, bad;
} Weigher;

static bool is_word(const RtPythonToken *token, const char *word)
{
    return token->kind == RT_PY_NAME && token->text.len && token->text.at[0] == (uint8_t)*word &&
           rt_str_equal(token->text, rt_str_from_c(word));
}

static bool is_sign(const RtPythonToken *token, char sign)
{
    return token->kind == RT_PY_OPERATOR && token->text.len == 1 &&
           token->text.at[0] == (uint8_t)sign;
}

static bool is_one_of(const RtPythonToken *token, const char *const *words)
{
    for (; token->kind == RT_PY_NAME && *words; words++) {
        if (is_word(token, *words))
            return true;
    }
    return false;
}

/* One statement, from its first tokens and its last one. */
static void weigh_statement(Weigher *weigher)
{
    static const char *const openers[] = { "if",  "elif",   "else",    "for",  "while",
                                           "try", "except", "finally", "with", NULL };
    static const char *const callers[] = { "exec",    "__import__", "print", "eval",
                                           "getattr", "compile",    NULL };
    const RtPythonToken *line = weigher->line;
    bool colon = is_sign(&weigher->last, ':');
    if (!weigher->count)
        return;
    if (is_word(&line[0], "import") && weigher->count > 1 && line[1].kind == RT_PY_NAME &&
        (weigher->count == 2 || is_word(&line[2], "as") || is_sign(&line[2], ',') ||
         is_sign(&line[2], '.')))
        weigher->good += is_sign(&weigher->last, ';') ? 0 : 6;
    else if (is_word(&line[0], "from") && weigher->length > 3 && !is_word(&line[1], "import"))
        weigher->good +=
            is_word(&line[2], "import") || is_sign(&line[2], '.') || is_sign(&line[1], '.') ? 8 : 0;
    else if ((is_word(&line[0], "def") || is_word(&line[1], "def")) && weigher->count > 3)
        weigher->good += colon || weigher->length > 8 ? 8 : 2;
    else if (is_word(&line[0], "class") && weigher->count > 1 && colon)
        weigher->good += 8;
    else if (is_one_of(&line[0], openers) && colon)
        weigher->good += is_word(&line[0], "elif") || is_word(&line[0], "except") ? 6 : 3;
    else if (is_one_of(&line[0], callers) && is_sign(&line[1], '('))
        weigher->good += is_word(&line[0], "exec") || is_word(&line[0], "__import__") ? 5 : 2;
    else if (is_sign(&line[0], '@') && weigher->count > 1 && line[1].kind == RT_PY_NAME)
        weigher->good += 1;
    else if (line[0].kind == RT_PY_NAME && is_sign(&line[1], '=') && !is_sign(&line[2], '='))
        weigher->good +=
            weigher->last.kind == RT_PY_OPERATOR && is_sign(&weigher->last, ';') ? 0 : 1;
    else if (line[0].kind == RT_PY_NAME && is_sign(&line[1], ':') && weigher->count > 2)
        weigher->bad += 2; /* key: value */
    else if (line[0].kind == RT_PY_NAME && (is_sign(&line[1], '/') || is_sign(&line[1], '-')))
        weigher->bad += 2; /* paths, dashes */
    else if (line[0].kind == RT_PY_OPERATOR && strchr("<>/*-+=&|.,:#[", line[0].text.at[0]))
        weigher->bad += 2; /* markup, lists, comments of C */
}

static bool is_text_prefix(const RtPythonToken *token)
{
    return token->kind == RT_PY_STRING && token->text.len > 2 &&
           strchr("bBfF", token->text.at[0]) && !token->unterminated;
}

/* Two tokens side by side. */
static void weigh_pair(Weigher *weigher, const RtPythonToken *token)
{
    static const char *const only_python[] = { "elif", "None",     "True",   "False",
                                               "self", "__name__", "lambda", NULL };
    static const char *const lead[] = { "exec", "print", "match", "type", "case", NULL };
    const RtPythonToken *last = &weigher->last;
    bool touch = token->gap == 0;
    if (token->kind == RT_PY_ALIEN)
        weigher->bad += 4;
    if (token->kind == RT_PY_STRING && token->unterminated)
        weigher->bad += 4;
    if (is_one_of(token, only_python))
        weigher->good += 1;
    if (is_text_prefix(token))
        weigher->good += 2;
    if (token->kind == RT_PY_NAME && last->kind == RT_PY_NAME &&
        !rt_python_is_keyword(last->text) && !rt_python_is_keyword(token->text) &&
        !(last->first && is_one_of(last, lead)))
        weigher->bad += 4;
    if (token->kind == RT_PY_NAME && last->kind == RT_PY_STRING &&
        !rt_python_is_keyword(token->text))
        weigher->bad += 3;
    if (token->kind == RT_PY_OPERATOR && last->kind == RT_PY_OPERATOR && touch) {
        uint8_t a = last->text.at[0], b = token->text.at[0];
        if ((a == '=' && b == '>') || (a == '&' && b == '&') || (a == '|' && b == '|') ||
            (a == '<' && b == '/') ||
            (a == '=' && b == '=' && is_sign(&weigher->before_last, '=')) ||
            (a == '+' && b == '+') || (a == ')' && b == '{'))
            weigher->bad += 4;
    }
    if (token->kind == RT_PY_NEWLINE && is_sign(last, ';'))
        weigher->bad += 2;
}

/* A file by another name that is plainly something else needs no more reading. */
enum { HOPELESS = 48 };

static void weigh(Weigher *weigher, RtStr head, bool named)
{
    RtPythonText reader = rt_python_text(head);
    for (;;) {
        RtPythonToken token = rt_python_next(&reader);
        if (token.kind == RT_PY_COMMENT)
            continue;
        if (token.kind == RT_PY_STRING && token.at + token.text.len == head.len)
            token.unterminated = false; /* the head may have cut it */
        if (token.first || token.kind == RT_PY_END || token.kind == RT_PY_NEWLINE) {
            weigh_statement(weigher);
            weigher->count = weigher->length = 0;
            memset(weigher->line, 0, sizeof weigher->line);
        }
        if (token.kind == RT_PY_END ||
            (!named && weigher->bad >= HOPELESS && weigher->bad > weigher->good))
            return;
        weigh_pair(weigher, &token);
        weigher->before_last = weigher->last;
        weigher->last = token;
        if (token.kind == RT_PY_NEWLINE)
            continue;
        weigher->length++;
        if (weigher->count < RT_COUNT(weigher->line))
            weigher->line[weigher->count++] = token;
    }
}

static bool has_python_suffix(RtStr path)
{
    return rt_str_ends_nocase(path, RT_STR(".py")) || rt_str_ends_nocase(path, RT_STR(".pyw")) ||
           rt_str_ends_nocase(path, RT_STR(".pyi"));
}

static bool is_pth_import(RtStr line)
{
    return rt_str_starts(line, RT_STR("import ")) || rt_str_starts(line, RT_STR("import\t"));
}

static bool is_pth(RtStr path, RtStr bytes)
{
    RtStr line;
    if (!rt_str_ends_nocase(path, RT_STR(".pth")))
        return false;
    while (rt_str_next(&bytes, '\n', &line)) {
        if (is_pth_import(line))
            return true;
    }
    return false;
}

static bool has_shebang(RtStr bytes)
{
    RtStr line = rt_str_sub(bytes, 0, 128);
    line = rt_str_sub(line, 0, rt_str_find_byte(line, '\n'));
    return rt_str_starts(line, RT_STR("#!")) && rt_str_has(line, RT_STR("python"));
}

static int bid(RtStr path, RtStr bytes)
{
    RtStr marshal;
    uint32_t version;
    bool named = has_python_suffix(path);
    if (rt_pyc_is(bytes, &marshal, &version))
        return 100;
    if (!rt_str_is_text(bytes))
        return 0;
    if (has_shebang(bytes) || is_pth(path, bytes))
        return 95;
    Weigher weigher = { 0 };
    weigh(&weigher, rt_str_sub(bytes, 0, BID_BYTES), named);
    if (named)
        return weigher.good > weigher.bad ? 97 : weigher.good * 2 > weigher.bad ? 70 : 55;
    if (weigher.bad * 3 > weigher.good)
        return 0;
    return weigher.good >= 12 ? 90 : weigher.good >= 5 ? 70 : weigher.good >= 2 ? 35 : 0;
}

/* ---- imports
 * ------------------------------------------------------------------------------------------------
 */

/* More imports, or folders above the file, than this are not followed. */
#define IMPORTS_MAX 1024
#define CLIMB_MAX   8

typedef struct {
    RtSink *sink;
    RtLayerId self;
    uint32_t count, climb; /* climb: folders between the artifact's root and the file */
} Importer;

static bool emit_path(Importer *importer, const RtPythonToken *token, RtStr path)
{
    RtSink *sink = importer->sink;
    if (!sink->find || !sink->find(sink, importer->self, path))
        return false;
    sink->fact(sink, (RtFact){ .kind = RT_FACT_CODE_REQUIRE,
                               .witness = RT_SEEN_IN_TEXT,
                               .layer = importer->self,
                               .from = token->at,
                               .len = token->text.len,
                               .args = { path, RT_STR("import") } });
    return true;
}

/* The file a dotted name means: from the file's own folder upwards, since the root of the modules
 * is not known (a wheel's is the archive's, an sdist's may be src/). Relative names start where
 * their dots say. */
static bool emit_module(Importer *importer, const RtPythonToken *token, RtStr module)
{
    if (importer->count >= IMPORTS_MAX || !module.len || module.len > 256)
        return false;
    size_t dots = 0;
    while (dots < module.len && module.at[dots] == '.')
        dots++;
    for (size_t up = dots ? dots - 1 : 0; up <= (dots ? dots - 1 : importer->climb); up++) {
        RtText path = { .arena = importer->sink->arena };
        rt_text_add(&path, RT_STR("."));
        for (size_t i = 0; i < up && i < CLIMB_MAX; i++)
            rt_text_add(&path, RT_STR("/.."));
        for (size_t i = dots; i < module.len; i++) {
            if (i == dots || module.at[i - 1] == '.')
                rt_text_byte(&path, '/');
            if (module.at[i] != '.')
                rt_text_byte(&path, module.at[i]);
        }
        if (emit_path(importer, token, rt_text_str(&path))) {
            importer->count++;
            return true;
        }
    }
    return false;
}

/* Importing a.b.c runs a and a.b, too. */
static void emit_parents(Importer *importer, const RtPythonToken *token, RtStr module)
{
    emit_module(importer, token, module);
    for (size_t i = module.len; i-- > 1;) {
        if (module.at[i] == '.' && module.at[i - 1] != '.')
            emit_module(importer, token, rt_str_sub(module, 0, i));
    }
}

/* Reads a dotted name whose tokens touch; `token` is the first one and becomes the one behind it.
 */
static RtStr read_dotted(RtPythonText *reader, RtPythonToken *token)
{
    size_t from = token->at, to = from;
    while (token->kind == RT_PY_NAME || is_sign(token, '.')) {
        if (is_word(token, "import") || (to != from && token->at != to))
            break;
        to = token->at + token->text.len;
        *token = rt_python_next(reader);
    }
    return rt_str_sub(reader->text, from, to - from);
}

static void read_import(Importer *importer, RtPythonText *reader)
{
    RtPythonToken token = rt_python_next(reader);
    while (token.kind == RT_PY_NAME) {
        RtPythonToken start = token;
        emit_parents(importer, &start, read_dotted(reader, &token));
        if (is_word(&token, "as")) {
            rt_python_next(reader);
            token = rt_python_next(reader);
        }
        if (!is_sign(&token, ','))
            break;
        token = rt_python_next(reader);
    }
}

static void read_from(Importer *importer, RtPythonText *reader)
{
    RtPythonToken token = rt_python_next(reader), start = token;
    RtStr module = read_dotted(reader, &token);
    emit_parents(importer, &start, module);
    if (!is_word(&token, "import"))
        return;
    token = rt_python_next(reader);
    if (is_sign(&token, '('))
        token = rt_python_next(reader);
    while (token.kind == RT_PY_NAME) {
        bool dotted = module.len && module.at[module.len - 1] == '.';
        RtStr inner = rt_str_format(importer->sink->arena, "%.*s%s%.*s", RT_FMT(module),
                                    dotted ? "" : ".", RT_FMT(token.text));
        emit_module(importer, &token, inner);
        token = rt_python_next(reader);
        if (is_word(&token, "as")) {
            rt_python_next(reader);
            token = rt_python_next(reader);
        }
        if (!is_sign(&token, ','))
            break;
        token = rt_python_next(reader);
    }
}

/* __import__('x'), import_module('x'). */
static void read_call(Importer *importer, RtPythonText *reader)
{
    RtPythonText ahead = *reader;
    RtPythonToken token = rt_python_next(&ahead);
    if (!is_sign(&token, '('))
        return;
    token = rt_python_next(&ahead);
    if (token.kind == RT_PY_STRING)
        emit_parents(importer, &token, rt_python_inside(token.text));
}

static void imports(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    Importer importer = { .sink = sink, .self = self };
    for (size_t i = 0; i < layer->name.len && importer.climb < CLIMB_MAX; i++)
        importer.climb += layer->via == RT_VIA_ENTRY && layer->name.at[i] == '/';
    RtPythonText reader = rt_python_text(layer->bytes);
    for (;;) {
        RtPythonToken token = rt_python_next(&reader);
        if (token.kind == RT_PY_END || importer.count >= IMPORTS_MAX)
            return;
        if (token.first && is_word(&token, "import"))
            read_import(&importer, &reader);
        else if (token.first && is_word(&token, "from"))
            read_from(&importer, &reader);
        else if (is_word(&token, "__import__") || is_word(&token, "import_module"))
            read_call(&importer, &reader);
    }
}

/* ---- observe
 * -------------------------------------------------------------------------------------------------
 */

/* What `site` runs of a .pth file: the other lines become blanks, so that offsets stay. */
static RtStr mask_pth(RtArena *arena, RtStr bytes)
{
    uint8_t *copy = rt_arena_bytes(arena, bytes.len);
    RtStr rest = bytes, line;
    size_t at = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        bool runs = is_pth_import(line);
        for (size_t i = 0; i < line.len; i++)
            copy[at + i] = runs ? line.at[i] : ' ';
        at += line.len;
        if (at < bytes.len)
            copy[at++] = '\n';
    }
    return (RtStr){ copy, bytes.len };
}

static bool is_format_string(const RtPythonToken *token)
{
    for (size_t i = 0;
         i < token->text.len && i < 3 && token->text.at[i] != '"' && token->text.at[i] != '\'';
         i++) {
        if (strchr("fFtT", token->text.at[i]))
            return true;
    }
    return false;
}

/* Strings longer than this are hidden from the parser. */
#define LONG_STRING 256

/* True for exec followed by what starts an expression and is no bracket: a statement of Python 2.
 */
static bool is_exec_statement(const RtPythonText *reader, const RtPythonToken *token)
{
    RtPythonText ahead = *reader;
    if (!token->first || !is_word(token, "exec"))
        return false;
    RtPythonToken next = rt_python_next(&ahead);
    return next.gap && (next.kind == RT_PY_STRING ||
                        (next.kind == RT_PY_NAME && !rt_python_is_keyword(next.text)));
}

/* The text as the parser gets it, of the same length: the insides of long strings become plain
 * letters (a megabyte of escapes would be as many nodes; the lowering reads them from the source),
 * and Python 2's `exec code` becomes `exec=code`, which the grammar knows and the lowering knows
 * again. The source itself when nothing is to be done. */
static RtStr simplify(RtArena *arena, RtStr source)
{
    uint8_t *copy = NULL;
    RtPythonText reader = rt_python_text(source);
    for (;;) {
        RtPythonToken token = rt_python_next(&reader);
        if (token.kind == RT_PY_END)
            break;
        RtStr inside = token.kind == RT_PY_STRING && !token.unterminated
                           ? rt_python_inside(token.text)
                           : (RtStr){ 0 };
        bool is_long = inside.len > LONG_STRING && !is_format_string(&token);
        bool is_exec = is_exec_statement(&reader, &token);
        if (!is_long && !is_exec)
            continue;
        if (!copy) {
            copy = rt_arena_bytes(arena, source.len);
            memcpy(copy, source.at, source.len);
        }
        if (is_exec)
            copy[token.at + token.text.len] = '=';
        else
            memset(copy + (inside.at - source.at), 'a', inside.len);
    }
    return copy ? (RtStr){ copy, source.len } : source;
}

static RtStr base_name(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    return slash == RT_NOT_FOUND ? path : rt_str_from(path, slash + 1);
}

static bool is_setup(RtStr path, RtStr source)
{
    if (rt_str_equal(base_name(path), RT_STR("setup.py")))
        return true;
    return rt_str_has(source, RT_STR("setup(")) &&
           (rt_str_has(source, RT_STR("setuptools")) || rt_str_has(source, RT_STR("distutils")));
}

static const RtTree *lower_file(RtArena *arena, RtSink *sink, RtLayerId self, RtStr path,
                                RtStr bytes)
{
    RtStr source = is_pth(path, bytes) ? mask_pth(arena, bytes) : bytes;
    RtPythonFile file = { .path = path,
                          .parsed = simplify(arena, source),
                          .is_setup = is_setup(path, source) };
    return rt_python_lower(arena, sink, self, source, file);
}

static uint32_t plenty(RtSink *sink)
{
    (void)sink;
    return 60000; /* the run that asked for this text watches the clock itself */
}

/* For text that turns up while the flow runs: siblings, what exec gets. */
static const RtTree *lower_more(RtArena *arena, RtLayerId layer, RtStr path, RtStr source)
{
    RtSink sink = { .arena = arena, .budget = &rt_budget_default, .ms_left = plenty };
    return lower_file(arena, &sink, layer, path, source);
}

const RtFlowLanguage rt_python_flow = {
    .name = "python",
    .dialect = RT_FLOW_PYTHON,
    .apis = rt_python_apis,
    .lower = lower_more,
    .later_methods = rt_python_later_methods,
};

static void observe_pyc(RtLayerId self, RtStr marshal, uint32_t version, RtSink *sink)
{
    rt_sink_fact(sink, self, RT_FACT_BINARY, RT_SEEN_IN_TEXT, RT_STR("pyc"), (RtStr){ 0 });
    RtStr text = rt_marshal_text(sink->arena, marshal, version);
    if (text.len)
        sink->layer(sink, (RtLayer){ .parent = self,
                                     .via = RT_VIA_DECODED,
                                     .name = RT_STR("pyc"),
                                     .bytes = text });
}

static void observe(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtStr marshal, bytes = layer->bytes;
    RtStr path = layer->via == RT_VIA_ENTRY ? layer->name : (RtStr){ 0 };
    uint32_t version;
    if (rt_pyc_is(bytes, &marshal, &version)) {
        observe_pyc(self, marshal, version, sink);
        return;
    }
    rt_python_marks(bytes, self, sink);
    RtArena *arena = rt_arena_open(RT_PYTHON_TREE_BYTES, NULL, NULL);
    const RtTree *tree = lower_file(arena, sink, self, path, bytes);
    RtFlowLanguage language = rt_python_flow;
    language.api_count = rt_python_api_count;
    rt_flow_run(&language, tree, sink);
    if (!sink->keep || !sink->keep(sink, self, language.name, tree, arena))
        rt_arena_close(arena);
}

const RtLanguage rt_language_python = {
    .name = "python",
    .bid = bid,
    .suffixes = " py pyw pyi pth ",
    .observe = observe,
    .imports = imports,
};
