/* python_marks.c - see the header. Thresholds come from the census of the development corpus: 60
 * blanks before code on a line stand in 3 % of malicious families and in no benign wheel; O0/Il
 * names in 3 % and in none. */
#include "facts/languages/python_marks.h"

#include <string.h>

#include "facts/languages/python_text.h"

#define BLANKS_FROM     60
#define CONFUSABLE_FROM 6 /* such names before it counts */
#define HUGE_LITERAL    ((size_t)16 << 10)
#define ESCAPES_FROM    64 /* \x.. escapes in one string */

typedef enum {
    CONFUSABLE,
    LOOKALIKE,
    LAMBDA_CHAIN,
    HEX_NAMES,
    MARSHAL,
    HUGE,
    TOOL,
    CODING,
    ESCAPES,
    MARK_KINDS
} Mark;

static const char *const mark_names[MARK_KINDS] = {
    "confusable-names", "lookalike-names", "lambda-chain", "hex-names",
    "marshal",          "huge-literal",    "tool",         "coding",
    "escapes"
};

typedef struct {
    RtStr source;
    RtLayerId self;
    RtSink *sink;
    uint32_t seen[MARK_KINDS];
    size_t first[MARK_KINDS], last[MARK_KINDS];
    RtStr detail[MARK_KINDS];
    bool hidden;
    RtPythonToken before[3]; /* the last tokens, the youngest first */
} Survey;

static void note(Survey *survey, Mark mark, const RtPythonToken *token, RtStr detail)
{
    if (!survey->seen[mark]++) {
        survey->first[mark] = token->at;
        survey->detail[mark] = detail;
    }
    survey->last[mark] = token->at + token->text.len;
}

static bool is_made_of(RtStr name, const char *letters)
{
    size_t rest = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] != '_')
            rest++;
        if (name.at[i] != '_' && !strchr(letters, name.at[i]))
            return false;
    }
    return rest >= 5;
}

static bool is_hex_name(RtStr name)
{
    size_t at = rt_str_find(name, RT_STR("_0x"));
    if (at == RT_NOT_FOUND || name.len - at < 6)
        return false;
    for (size_t i = at + 3; i < name.len; i++) {
        if (!strchr("0123456789abcdefABCDEF", name.at[i]))
            return false;
    }
    return true;
}

/* Names whose letters only look like Latin ones. Letters of real scripts are no mark. */
static bool is_lookalike(RtStr name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint32_t rune;
        if (name.at[i] < 0x80 || !rt_utf8_take(name, i, &rune))
            continue;
        if ((rune >= 0x1D400 && rune <= 0x1D7FF) || (rune >= 0xFF21 && rune <= 0xFF5A))
            return true;
    }
    return false;
}

static void look_at_name(Survey *survey, const RtPythonToken *token)
{
    RtStr name = token->text;
    static const char *const tools[] = { "__pyarmor__", "pyarmor_runtime", "pytransform",
                                         "__pyarmor_enter__" };
    if (name.len < 4)
        return;
    if (is_made_of(name, "O0o") || is_made_of(name, "Il1") || is_made_of(name, "XxNn") ||
        is_made_of(name, "WwMm"))
        note(survey, CONFUSABLE, token, name);
    if (name.at[0] == '_' && is_hex_name(name))
        note(survey, HEX_NAMES, token, name);
    if (is_lookalike(name))
        note(survey, LOOKALIKE, token, name);
    for (size_t i = 0; i < RT_COUNT(tools); i++) {
        if (rt_str_equal(name, rt_str_from_c(tools[i])))
            note(survey, TOOL, token, RT_STR("pyarmor"));
    }
    /* _ = lambda __ : __import__(… */
    if (rt_str_equal(name, RT_STR("__import__")) && survey->before[0].kind == RT_PY_OPERATOR &&
        rt_str_equal(survey->before[0].text, RT_STR(":")) && survey->before[1].kind == RT_PY_NAME &&
        rt_str_equal(survey->before[2].text, RT_STR("lambda")))
        note(survey, LAMBDA_CHAIN, token, name);
}

static void look_at_string(Survey *survey, const RtPythonToken *token)
{
    RtStr inside = rt_python_inside(token->text);
    if (token->text.len >= HUGE_LITERAL && !token->first)
        note(survey, HUGE, token, (RtStr){ 0 });
    bool loads = rt_str_equal(survey->before[1].text, RT_STR("loads")) &&
                 rt_str_equal(survey->before[0].text, RT_STR("(")) && token->text.at[0] == 'b';
    if (loads && inside.len > 64 && rt_str_starts(rt_str_from(inside, 0), RT_STR("\\x")))
        note(survey, MARSHAL, token, (RtStr){ 0 });
    size_t escapes = 0;
    RtStr head = rt_str_sub(inside, 0, 4096);
    for (size_t i = 0; i + 3 < head.len; i++)
        escapes += head.at[i] == '\\' && head.at[i + 1] == 'x';
    if (escapes >= ESCAPES_FROM && escapes * 5 >= head.len)
        note(survey, ESCAPES, token, (RtStr){ 0 });
}

static void look_at_comment(Survey *survey, const RtPythonToken *token)
{
    static const char *const tools[] = { "obfuscated by", "obfuscated with",
                                         "pyobfuscate",   "hyperion",
                                         "pyfuscate",     "development-tools.net",
                                         "pyminifier",    "oxyry",
                                         "blankobf",      "kramer",
                                         "berserker",     "anubis",
                                         "wodx",          "py-fuscate" };
    static const char *const ciphers[] = {
        "rot13", "rot_13", "rot-13",         "utf-7",
        "utf7",  "utf_7",  "unicode_escape", "raw_unicode_escape",
        "hex",   "base64", "zlib",           "uu"
    };
    RtStr text = rt_str_sub(token->text, 0, 512);
    for (size_t i = 0; i < RT_COUNT(tools); i++) {
        if (rt_str_find_nocase(text, rt_str_from_c(tools[i])) != RT_NOT_FOUND)
            note(survey, TOOL, token, rt_str_from_c(tools[i]));
    }
    /* PEP 263: in the first two lines */
    size_t coding = rt_str_find(text, RT_STR("coding"));
    if (coding == RT_NOT_FOUND || token->at > 512)
        return;
    RtStr head = rt_str_sub(survey->source, 0, token->at), line;
    size_t lines = 0;
    while (rt_str_next(&head, '\n', &line))
        lines++;
    RtStr value = rt_str_trim(rt_str_from(text, coding + 7));
    for (size_t i = 0; lines <= 2 && i < RT_COUNT(ciphers); i++) {
        RtStr cipher = rt_str_from_c(ciphers[i]);
        bool ends = value.len == cipher.len ||
                    (value.len > cipher.len && strchr(" -*;\r", value.at[cipher.len]));
        if (rt_str_starts(value, cipher) && ends)
            note(survey, CODING, token, cipher);
    }
}

/* Code far to the right of other code on its line, where an editor does not show it. Tables are
 * aligned inside brackets, comments anywhere: neither counts. */
static void look_at_gap(Survey *survey, const RtPythonToken *token, uint32_t brackets)
{
    bool at_line_start = survey->before[0].kind == RT_PY_NEWLINE ||
                         survey->before[0].kind == RT_PY_END ||
                         survey->before[0].kind == RT_PY_COMMENT;
    bool is_code = token->kind == RT_PY_NAME || token->kind == RT_PY_OPERATOR;
    if (survey->hidden || brackets || !is_code || token->gap < BLANKS_FROM ||
        (at_line_start && token->gap < 200))
        return;
    survey->hidden = true;
    size_t end =
        rt_str_find_byte(rt_str_sub(rt_str_from(survey->source, token->at), 0, 4096), '\n');
    RtStr text = rt_str_sub(survey->source, token->at, end == RT_NOT_FOUND ? 200 : end);
    survey->sink->fact(survey->sink,
                       (RtFact){ .kind = RT_FACT_HIDDEN,
                                 .layer = survey->self,
                                 .from = token->at,
                                 .len = rt_str_sub(text, 0, 200).len,
                                 .args = { RT_STR("after-blanks"), rt_str_sub(text, 0, 200) } });
}

static void report(Survey *survey)
{
    for (int mark = 0; mark < MARK_KINDS; mark++) {
        uint32_t from = mark == CONFUSABLE || mark == HEX_NAMES ? CONFUSABLE_FROM : 1;
        if (survey->seen[mark] < from)
            continue;
        bool is_tool = mark == TOOL;
        RtStr how = is_tool ? survey->detail[mark] : rt_str_from_c(mark_names[mark]);
        size_t len = survey->last[mark] - survey->first[mark];
        survey->sink->fact(
            survey->sink,
            (RtFact){ .kind = RT_FACT_OBFUSCATED,
                      .layer = survey->self,
                      .from = survey->first[mark],
                      .len = len < 200 ? len : 200,
                      .args = { how, is_tool ? (RtStr){ 0 } : survey->detail[mark] } });
    }
}

void rt_python_marks(RtStr source, RtLayerId self, RtSink *sink)
{
    Survey survey = { .source = source, .self = self, .sink = sink };
    RtPythonText reader = rt_python_text(source);
    for (uint32_t count = 0;; count++) {
        RtPythonToken token = rt_python_next(&reader);
        if (token.kind == RT_PY_END || ((count & 0xFFFF) == 0xFFFF && !sink->ms_left(sink)))
            break;
        bool opened = token.kind == RT_PY_OPERATOR && strchr("([{", token.text.at[0]);
        look_at_gap(&survey, &token, reader.brackets - (opened && reader.brackets ? 1 : 0));
        if (token.kind == RT_PY_NAME)
            look_at_name(&survey, &token);
        else if (token.kind == RT_PY_STRING)
            look_at_string(&survey, &token);
        else if (token.kind == RT_PY_COMMENT)
            look_at_comment(&survey, &token);
        survey.before[2] = survey.before[1];
        survey.before[1] = survey.before[0];
        survey.before[0] = token;
    }
    report(&survey);
}
