/* javascript_obfuscation.c - counts the habits of obfuscators in one run over the tokens.
 *
 * A ring of the last tokens is enough: every habit is a short sequence, or a density. Thresholds
 * come from the development corpus (ANATOMY 6): `_0x` names with the parseInt loop and the shuffle
 * were in no benign package but three copies of template compilers; long switch tables and \u
 * tables of parsers must not count. */
#include "facts/languages/javascript_obfuscation.h"

#define RING 64 /* power of two */

typedef struct {
    RtStr text;
    RtJsSurvey *survey;
    RtJsToken ring[RING];
    uint64_t count;
    uint64_t punct_run, punct_from;
    uint32_t punct_kinds;         /* which of []()!+ the run holds, as bits */
    uint64_t char_at, modulus[4]; /* token numbers of the last charAt and `% number`s */
    size_t char_at_from;
    uint64_t pair_regex; /* token number of /../g */
    size_t pair_regex_from;
} Survey;

const char *rt_js_obfuscation_name(RtJsObfuscation kind)
{
    static const char *const names[] = { "string-array",   "hex-names", "shuffle", "jsfuck",
                                         "packer",         "hex-table", "escapes", "flattening",
                                         "self-defending", "anti-debug" };
    return names[kind];
}

static void see(Survey *s, RtJsObfuscation kind, size_t from, size_t to)
{
    if (s->survey->seen[kind].count++ == 0)
        s->survey->seen[kind].first = from;
    s->survey->seen[kind].last = to;
}

/* The token `back` before the current one; kind PUNCT with first 0 when there is none. */
static const RtJsToken *before(const Survey *s, uint64_t back)
{
    static const RtJsToken none = { .kind = RT_JS_PUNCT };
    return back < s->count && back < RING ? &s->ring[(s->count - 1 - back) & (RING - 1)] : &none;
}

static bool is_punct(const RtJsToken *token, uint8_t byte)
{
    return token->kind == RT_JS_PUNCT && token->first == byte;
}

static bool is_hex_name(RtStr word)
{
    if (word.len < 5 || word.at[0] != '_' || word.at[1] != '0' || word.at[2] != 'x')
        return false;
    for (size_t i = 3; i < word.len; i++) {
        uint8_t byte = word.at[i] | 0x20;
        if (!((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f')))
            return false;
    }
    return true;
}

static bool holds(RtStr text, const RtJsToken *token, const char *word)
{
    RtStr inner = token->kind == RT_JS_STRING ? rt_js_string_inner(text, token)
                                              : rt_js_token_text(text, token);
    return rt_str_equal(inner, rt_str_from_c(word));
}

static void on_split(Survey *s, const RtJsToken *token);

/* ---- words ---- */
static void on_word(Survey *s, const RtJsToken *token)
{
    RtStr text = s->text;
    s->survey->words++;
    if (token->first == '_' && is_hex_name(rt_js_token_text(text, token)))
        see(s, RT_JS_OBF_HEX_NAMES, token->from, token->to);
    /* eval(function(p,a,c,k,e, */
    if (token->first == 'e' && rt_js_is(text, token, "e") && is_punct(before(s, 1), ',') &&
        holds(text, before(s, 2), "k") && holds(text, before(s, 4), "c") &&
        holds(text, before(s, 6), "a") && holds(text, before(s, 8), "p") &&
        holds(text, before(s, 10), "function"))
        see(s, RT_JS_OBF_PACKER, before(s, 10)->from, token->to);
    if (token->first == 's')
        on_split(s, token);
    if (token->first == 'c' && rt_js_is(text, token, "charAt")) {
        s->char_at = s->count;
        s->char_at_from = token->from;
        memset(s->modulus, 0, sizeof s->modulus);
    }
    if (token->first == 'p' && rt_js_is(text, token, "parseInt") && s->pair_regex &&
        s->count - s->pair_regex < 40) {
        see(s, RT_JS_OBF_HEX_TABLE, s->pair_regex_from, token->to);
        s->pair_regex = 0;
    }
}

/* charAt … %1234 … %5678 … %910: indices and the next seed come from moduli of one seed. */
static void on_number(Survey *s, const RtJsToken *token)
{
    if (!is_punct(before(s, 1), '%') || token->to - token->from < 3)
        return;
    if (!s->char_at || s->count - s->char_at > 160)
        return;
    for (size_t i = 0; i + 1 < RT_COUNT(s->modulus); i++)
        s->modulus[i] = s->modulus[i + 1];
    s->modulus[RT_COUNT(s->modulus) - 1] = s->count;
    if (s->modulus[1]) { /* the third */
        see(s, RT_JS_OBF_SHUFFLE, s->char_at_from, token->to);
        s->char_at = 0;
    }
}

/* parseInt(name(…)) / number, or parseInt(name(…)) * ( -parseInt : the terms of the rotation's
 * checksum. */
static void on_slash(Survey *s)
{
    if (!is_punct(before(s, 1), ')') || !is_punct(before(s, 2), ')'))
        return;
    for (uint64_t back = 4; back < 48; back++)
        if (before(s, back)->kind == RT_JS_WORD && holds(s->text, before(s, back), "parseInt") &&
            before(s, back - 2)->kind == RT_JS_WORD) {
            see(s, RT_JS_OBF_STRING_ARRAY, before(s, back)->from, before(s, 0)->to);
            return;
        }
}

/* ---- strings ---- */
/* Escapes that stand for plain letters and digits. */
static uint32_t needless_escapes(RtStr inner)
{
    uint32_t count = 0;
    for (size_t i = 0; i + 3 < inner.len; i++) {
        if (inner.at[i] != '\\')
            continue;
        uint8_t kind = inner.at[i + 1];
        size_t digits = i + 2;
        if (kind == 'u' && i + 5 < inner.len && inner.at[i + 2] == '0' && inner.at[i + 3] == '0')
            digits = i + 4;
        else if (kind != 'x') {
            i++;
            continue;
        }
        count += inner.at[digits] >= '2' && inner.at[digits] <= '7';
        i = digits + 1;
    }
    return count;
}

static bool is_order(RtStr inner)
{
    size_t bars = 0;
    for (size_t i = 0; i < inner.len; i++) {
        if (inner.at[i] == '|')
            bars++;
        else if (inner.at[i] < '0' || inner.at[i] > '9')
            return false;
    }
    return bars >= 2 && inner.len > bars;
}

/* "2|0|1".split("|"), also written ["split"]. */
static void on_split(Survey *s, const RtJsToken *token)
{
    const RtJsToken *order = before(s, 2);
    if (!holds(s->text, token, "split") || order->kind != RT_JS_STRING)
        return;
    if (is_order(rt_js_string_inner(s->text, order)))
        see(s, RT_JS_OBF_FLATTENING, order->from, token->to);
}

static void on_string(Survey *s, const RtJsToken *token)
{
    RtStr inner = rt_js_string_inner(s->text, token);
    s->survey->string_bytes += inner.len;
    if (inner.len > s->survey->longest_string)
        s->survey->longest_string = inner.len;
    if (token->escapes) {
        uint32_t needless = needless_escapes(inner);
        s->survey->string_escapes += needless;
        if (needless >= 4 && needless * 8 > inner.len)
            see(s, RT_JS_OBF_ESCAPES, token->from, token->to);
    }
    if (inner.len < 64 && rt_str_find(inner, RT_STR("(((.+)+)+)+$")) != RT_NOT_FOUND)
        see(s, RT_JS_OBF_SELF_DEFENDING, token->from, token->to);
    bool to_constructor =
        is_punct(before(s, 1), '(') && (holds(s->text, before(s, 2), "constructor") ||
                                        holds(s->text, before(s, 3), "constructor"));
    if ((to_constructor && rt_str_starts(inner, RT_STR("debu"))) ||
        (to_constructor && rt_str_starts(inner, RT_STR("while (true)"))))
        see(s, RT_JS_OBF_ANTI_DEBUG, token->from, token->to);
    on_split(s, token);
}

static void on_regex(Survey *s, const RtJsToken *token)
{
    RtStr text = rt_js_token_text(s->text, token);
    static const char *const pairs[] = { "/../g", "/.{2}/g", "/.{1,2}/g", "/(..)/g", "/[^]{2}/g" };
    for (size_t i = 0; i < RT_COUNT(pairs); i++)
        if (rt_str_starts(text, rt_str_from_c(pairs[i]))) {
            s->pair_regex = s->count;
            s->pair_regex_from = token->from;
        }
    if (rt_str_has(text, RT_STR("(((.+)+)+)+$")))
        see(s, RT_JS_OBF_SELF_DEFENDING, token->from, token->to);
}

/* A long run of nothing but brackets, plus and bang. */
static void on_punct(Survey *s, const RtJsToken *token)
{
    if (token->first == '/')
        on_slash(s);
    static const char six[] = "[]()!+";
    const char *fits = memchr(six, token->first, sizeof six - 1);
    if (!fits) {
        s->punct_run = 0;
        return;
    }
    if (s->punct_run++ == 0) {
        s->punct_from = token->from;
        s->punct_kinds = 0;
    }
    s->punct_kinds |= 1u << (fits - six);
    if (s->punct_run == 300 && __builtin_popcount(s->punct_kinds) >= 4)
        see(s, RT_JS_OBF_JSFUCK, s->punct_from, token->to);
    if (s->punct_run > 300)
        s->survey->seen[RT_JS_OBF_JSFUCK].last = token->to;
}

static void find_encoders(Survey *s)
{
    RtStr aa = rt_str_from_c("\xef\xbe\x9f\xcf\x89\xef\xbe\x9f\xef\xbe\x89"); /* ﾟωﾟﾉ */
    size_t at = rt_str_find(s->text, aa);
    if (at == RT_NOT_FOUND)
        at = rt_str_find(s->text, RT_STR("=~[];"));
    if (at != RT_NOT_FOUND)
        see(s, RT_JS_OBF_JSFUCK, at, s->text.len);
}

static void conclude(RtJsSurvey *survey)
{
    static const uint32_t enough[RT_JS_OBF_KINDS] = {
        [RT_JS_OBF_STRING_ARRAY] = 3, [RT_JS_OBF_HEX_NAMES] = 16, [RT_JS_OBF_SHUFFLE] = 1,
        [RT_JS_OBF_JSFUCK] = 1,       [RT_JS_OBF_PACKER] = 1,     [RT_JS_OBF_HEX_TABLE] = 1,
        [RT_JS_OBF_ESCAPES] = 4,      [RT_JS_OBF_FLATTENING] = 2, [RT_JS_OBF_SELF_DEFENDING] = 1,
        [RT_JS_OBF_ANTI_DEBUG] = 1,
    };
    for (size_t i = 0; i < RT_JS_OBF_KINDS; i++)
        survey->is[i] = survey->seen[i].count >= enough[i];
    if (survey->seen[RT_JS_OBF_HEX_NAMES].count * 20ull < survey->words)
        survey->is[RT_JS_OBF_HEX_NAMES] = false;
    if (survey->string_escapes * 5 < survey->string_bytes / 4)
        survey->is[RT_JS_OBF_ESCAPES] = false; /* a few spans in a file of plain strings */
}

void rt_js_survey(RtStr text, RtSink *sink, RtJsSurvey *ret_survey)
{
    *ret_survey = (RtJsSurvey){ 0 };
    Survey survey = { .text = text, .survey = ret_survey };
    RtJsLexer lexer;
    rt_js_lexer_start(&lexer, text, 0);
    RtJsToken token;
    while (rt_js_next(&lexer, &token)) {
        survey.ring[survey.count++ & (RING - 1)] = token;
        if (token.kind != RT_JS_PUNCT)
            survey.punct_run = 0;
        switch ((RtJsTokenKind)token.kind) {
        case RT_JS_WORD:
            on_word(&survey, &token);
            break;
        case RT_JS_NUMBER:
            on_number(&survey, &token);
            break;
        case RT_JS_STRING:
            on_string(&survey, &token);
            break;
        case RT_JS_REGEX:
            on_regex(&survey, &token);
            break;
        case RT_JS_PUNCT:
            on_punct(&survey, &token);
            break;
        case RT_JS_TEMPLATE:
            break;
        }
        if ((survey.count & 0xffff) == 0 && sink->ms_left(sink) == 0)
            break;
    }
    ret_survey->tokens = survey.count;
    find_encoders(&survey);
    conclude(ret_survey);
}

bool rt_js_is_obfuscated(const RtJsSurvey *survey)
{
    return survey->is[RT_JS_OBF_STRING_ARRAY] || survey->is[RT_JS_OBF_HEX_NAMES] ||
           survey->is[RT_JS_OBF_SHUFFLE] || survey->is[RT_JS_OBF_ESCAPES] ||
           survey->is[RT_JS_OBF_PACKER] || survey->is[RT_JS_OBF_SELF_DEFENDING];
}
