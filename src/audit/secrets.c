/* secrets.c - passwords and tokens that stand in lockfiles and configuration do not reach a report,
 * a baseline or a terminal: reports are kept by CI systems and shown to many.
 *
 * Masked are the user part of addresses (a token often stands there alone), parameters and settings
 * whose name says that they are secret, and tokens that their issuers made to be recognised. What
 * is no such thing stays byte for byte: a version called "token" is no secret. */
#include "audit/audit.h"
#include "base/words.h"

enum { AUTHORITY_MOST = 4096, KEY_MOST = 48, TOKEN_LEAST = 20 };

#define MASK "***"

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

/* Ends a value: blanks, quotes, and what parts parameters. */
static bool ends_value(uint8_t byte)
{
    return byte <= ' ' || rt_str_find_byte(RT_STR("\"'`<>&#;,)]}"), byte) != RT_NOT_FOUND;
}

static bool starts_nocase(RtStr text, RtStr prefix)
{
    return rt_str_equal_nocase(rt_str_sub(text, 0, prefix.len), prefix);
}

/* After "://" (or "%3A%2F%2F", inside of another address): how much of `rest` is the user part with
 * its '@'; 0: there is none. An authority that does not end within bounds counts as one. */
static size_t user_len(RtStr rest, bool is_encoded)
{
    RtStr mark = is_encoded ? RT_STR("%40") : RT_STR("@");
    RtStr slash = is_encoded ? RT_STR("%2f") : RT_STR("/");
    size_t user = 0, i = 0;
    for (; i < rest.len && i < AUTHORITY_MOST; i++) {
        RtStr here = rt_str_from(rest, i);
        if (ends_value(rest.at[i]) || rest.at[i] == '?' || rest.at[i] == '\\' ||
            starts_nocase(here, slash))
            break;
        if (starts_nocase(here, mark))
            user = i + mark.len;
    }
    if (i == AUTHORITY_MOST)
        return i;
    size_t colon = rt_str_find_byte(rt_str_sub(rest, 0, i), ':'); /* cut in the middle of one */
    if (user == 0 && i == rest.len && colon + 1 < i && rest.at[0] != '[' &&
        (rest.at[colon + 1] < '0' || rest.at[colon + 1] > '9'))
        return i;
    return rt_str_equal(rt_str_sub(rest, 0, user), RT_STR("git@")) ? 0 : user; /* ssh's own */
}

static bool is_secret_key(RtStr key)
{
    static const char *const ends[] = { "token",      "password",  "passwd",     "passphrase",
                                        "secret",     "api_key",   "api-key",    "apikey",
                                        "access_key", "signature", "credential", "_auth" };
    for (size_t i = 0; i < RT_COUNT(ends); i++)
        if (rt_str_ends_nocase(key, rt_str_from_c(ends[i])))
            return true;
    return rt_word_in(key, "auth pwd sig key jwt code");
}

/* At '?' or '&': the length of "name=" when its value is a secret, else 0. */
static size_t parameter_len(RtStr rest)
{
    size_t end = 0;
    while (end < rest.len && end < KEY_MOST && is_word_byte(rest.at[end]))
        end++;
    bool is_named = end > 0 && end < rest.len && rest.at[end] == '=';
    return is_named && is_secret_key(rt_str_sub(rest, 0, end)) ? end + 1 : 0;
}

/* Settings of npm, yarn and bun: "_authToken=…", "npmAuthToken: …"; the length up to the value. */
static size_t setting_len(RtStr rest)
{
    static const char *const keys[] = { "_authToken",   "_auth",        "_password",
                                        "npmAuthToken", "npmAuthIdent", "authToken" };
    for (size_t i = 0; i < RT_COUNT(keys); i++) {
        RtStr key = rt_str_from_c(keys[i]);
        size_t at = key.len;
        if (!starts_nocase(rest, key))
            continue;
        while (at < rest.len && (rest.at[at] == '"' || rest.at[at] == '\'' || rest.at[at] == ' '))
            at++;
        if (at >= rest.len || (rest.at[at] != '=' && rest.at[at] != ':'))
            continue;
        at++;
        while (at < rest.len && (rest.at[at] == '"' || rest.at[at] == '\'' || rest.at[at] == ' '))
            at++;
        return at;
    }
    return 0;
}

/* The length of a token that begins here by its issuer's own mark, or 0; `ret_mark` of it is shown.
 */
static size_t token_len(RtStr rest, size_t *ret_mark)
{
    static const char *const marks[] = { "ghp_", "gho_",   "ghu_",        "ghs_",    "ghr_",
                                         "npm_", "glpat-", "github_pat_", "pypi-AgE" };
    for (size_t i = 0; i < RT_COUNT(marks); i++) {
        RtStr mark = rt_str_from_c(marks[i]);
        size_t len = mark.len;
        bool has_digit = false; /* npm_config_ignore_scripts has none */
        if (!rt_str_starts(rest, mark))
            continue;
        for (; len < rest.len && is_word_byte(rest.at[len]) && rest.at[len] != '.'; len++)
            has_digit |= rest.at[len] >= '0' && rest.at[len] <= '9';
        *ret_mark = mark.len;
        return has_digit && len - mark.len >= TOKEN_LEAST ? len : 0;
    }
    return 0;
}

/* What of `rest` is shown and then left out; false: its first byte is as harmless as it looks. */
static bool secret_at(RtStr rest, bool is_word_start, size_t *ret_shown, size_t *ret_hidden)
{
    static const char *const schemes[] = { "://", "%3A%2F%2F" };
    for (size_t i = 0; i < RT_COUNT(schemes); i++) {
        RtStr scheme = rt_str_from_c(schemes[i]);
        if (starts_nocase(rest, scheme)) {
            RtStr mark = i == 0 ? RT_STR("@") : RT_STR("%40");
            size_t user = user_len(rt_str_from(rest, scheme.len), i > 0);
            if (user == 0)
                return false;
            *ret_shown = scheme.len;
            bool is_whole = starts_nocase(rt_str_from(rest, scheme.len + user - mark.len), mark);
            *ret_hidden = is_whole && user > mark.len ? user - mark.len : user;
            return true;
        }
    }
    size_t key = 0;
    if (rest.at[0] == '?' || rest.at[0] == '&')
        key = parameter_len(rt_str_from(rest, 1)) + 1;
    if (key <= 1)
        key = is_word_start || rest.at[0] == '_' ? setting_len(rest) : 0;
    if (key > 0) {
        size_t end = key;
        while (end < rest.len && !ends_value(rest.at[end]))
            end++;
        *ret_shown = key;
        *ret_hidden = end - key;
        return end > key;
    }
    size_t mark = 0, token = is_word_start ? token_len(rest, &mark) : 0;
    *ret_shown = mark;
    *ret_hidden = token - mark;
    return token > 0;
}

RtStr rt_audit_masked(RtArena *arena, RtStr text, size_t most)
{
    RtText out = { .arena = arena };
    size_t clean = 0; /* first byte that is not yet in `out` */
    bool is_word_start = true;
    for (size_t i = 0; i < text.len && out.len + (i - clean) < most;) {
        size_t shown = 0, hidden = 0;
        uint8_t byte = text.at[i];
        bool may = is_word_start || byte == ':' || byte == '%' || byte == '?' || byte == '&' ||
                   byte == '_';
        if (may && secret_at(rt_str_from(text, i), is_word_start, &shown, &hidden)) {
            rt_text_add(&out, rt_str_sub(text, clean, i + shown - clean));
            rt_text_add(&out, RT_STR(MASK));
            clean = i += shown + hidden;
        } else {
            i++;
        }
        is_word_start = i > 0 && i < text.len && !is_word_byte(text.at[i - 1]);
    }
    if (clean == 0)
        return rt_str_sub(text, 0, most);
    if (out.len < most)
        rt_text_add(&out, rt_str_sub(text, clean, most - out.len));
    return rt_str_sub(rt_text_str(&out), 0, most);
}
