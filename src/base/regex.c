/* regex.c - regular expressions on short texts: arguments of facts, and the start of a pattern's
 * hit.
 *
 * The one file that knows PCRE2. Bytes, not characters: layers hold any encoding. Limits on
 * backtracking make an expression that runs wild not match, so that nothing foreign can be turned
 * against the scanner. They hold for one start of a match, and a text has as many starts as bytes
 * (`\w+\.x` in half a megabyte of letters is a minute), so a long text is searched some thousand
 * starts at a time, and no longer than WILD_MS. */
#include "base/regex.h"

#include <stdlib.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum {
    MATCH_LIMIT = 200000,
    DEPTH_LIMIT = 2000,
    HEAP_LIMIT_KIB = 4096,
    STEPS = 16 << 20, /* in one go, at first, were each start to read all; more when that is fast */
    STARTS_LEAST = 32,
    FAST_MS = 2,
    SLOW_MS = 20,
    WILD_MS = 200,
};

struct RtRegexes {
    size_t count;
    pcre2_match_context *limits;
    pcre2_match_data *spans;
    struct {
        pcre2_code *code;
        bool tried;
    } compiled[];
};

RtRegexes *rt_regexes_open(size_t count)
{
    RtRegexes *regexes = calloc(1, sizeof *regexes + count * sizeof regexes->compiled[0]);
    if (!regexes)
        return NULL;
    regexes->count = count;
    regexes->limits = pcre2_match_context_create(NULL);
    regexes->spans = pcre2_match_data_create(1, NULL);
    if (!regexes->limits || !regexes->spans) {
        rt_regexes_close(regexes);
        return NULL;
    }
    pcre2_set_match_limit(regexes->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(regexes->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(regexes->limits, HEAP_LIMIT_KIB);
    return regexes;
}

void rt_regexes_close(RtRegexes *regexes)
{
    if (!regexes)
        return;
    for (size_t i = 0; i < regexes->count; i++)
        pcre2_code_free(regexes->compiled[i].code);
    pcre2_match_data_free(regexes->spans);
    pcre2_match_context_free(regexes->limits);
    free(regexes);
}

static pcre2_code *compile(RtStr regex, int *ret_error, size_t *ret_at)
{
    return pcre2_compile(regex.at, regex.len,
                         PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT,
                         ret_error, ret_at, NULL);
}

static int64_t cpu_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool search(RtRegexes *regexes, const pcre2_code *code, RtStr text, size_t from)
{
    size_t starts = STEPS / (text.len + 1) + STARTS_LEAST;
    int64_t begun = 0, before = 0;
    for (size_t at = from;;) {
        bool last = text.len - at <= starts;
        if (!last && begun == 0)
            begun = before = cpu_ms();
        pcre2_set_offset_limit(regexes->limits, last ? PCRE2_UNSET : at + starts);
        int found = pcre2_match(code, text.at, text.len, at, 0, regexes->spans, regexes->limits);
        if (last || found != PCRE2_ERROR_NOMATCH)
            return found >= 0;
        at += starts + 1;
        int64_t now = cpu_ms();
        if (now - begun > WILD_MS)
            return false;
        if (now - before < FAST_MS)
            starts *= 2;
        else if (now - before > SLOW_MS && starts > STARTS_LEAST)
            starts /= 2;
        before = now;
    }
}

bool rt_regex_find(RtRegexes *regexes, size_t index, RtStr regex, RtStr text, size_t from,
                   size_t *ret_from, size_t *ret_end)
{
    if (index >= regexes->count || from > text.len)
        return false;
    if (!regexes->compiled[index].tried) {
        int error = 0;
        size_t at = 0;
        regexes->compiled[index].code = compile(regex, &error, &at);
        regexes->compiled[index].tried = true;
    }
    pcre2_code *code = regexes->compiled[index].code;
    if (!code)
        return false;
    if (text.at == NULL)
        text = (RtStr){ (const uint8_t *)"", 0 };
    if (!search(regexes, code, text, from))
        return false;
    const size_t *spans = pcre2_get_ovector_pointer(regexes->spans);
    *ret_from = spans[0];
    *ret_end = spans[1];
    return true;
}

RtStr rt_regex_fault(RtArena *arena, RtStr regex)
{
    int error = 0;
    size_t at = 0;
    pcre2_code *code = compile(regex, &error, &at);
    pcre2_code_free(code);
    if (code)
        return (RtStr){ 0 };
    char words[160] = "";
    (void)pcre2_get_error_message(error, (uint8_t *)words, sizeof words);
    return rt_str_format(arena, "%s at byte %zu of the expression", words, at);
}
