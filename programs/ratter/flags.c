/* flags.c - reads a command line against a table of flags, and says what was meant when it does not
 * fit.
 *
 * getopt_long was left out: it accepts abbreviations (a new flag breaks old scripts), prints by
 * itself, and its tables cannot be built at run time from ratter_options(). */
#include "flags.h"

#include <stdio.h>
#include <string.h>

enum { WORD_LONGEST = 64 };

/* Levenshtein distance, with words cut at WORD_LONGEST. */
static size_t distance(const char *a, const char *b)
{
    size_t row[WORD_LONGEST + 1];
    size_t a_len = strnlen(a, WORD_LONGEST), b_len = strnlen(b, WORD_LONGEST);
    for (size_t k = 0; k <= b_len; k++)
        row[k] = k;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b_len; k++) {
            size_t best = diagonal + (a[i - 1] != b[k - 1]);
            diagonal = row[k];
            if (row[k] + 1 < best)
                best = row[k] + 1;
            if (row[k - 1] + 1 < best)
                best = row[k - 1] + 1;
            row[k] = best;
        }
    }
    return row[b_len];
}

const char *nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t len = strlen(word), limit = len < 4 ? 1 : len < 8 ? 2 : 3;
    size_t best = limit + 1;
    const char *found = NULL;
    for (size_t i = 0; i < count; i++) {
        bool starts = len >= 3 && strncmp(word, candidates[i], len) == 0;
        size_t far = starts ? 1 : distance(word, candidates[i]);
        if (far < best) {
            best = far;
            found = candidates[i];
        }
    }
    return found;
}

static Arg bad(ArgReader *reader, RtErr error)
{
    reader->error = error;
    return (Arg){ .kind = ARG_BAD };
}

/* A word of the command line as it may be shown. */
static const char *safe(const ArgReader *reader, const char *word)
{
    RtText text = { .arena = reader->arena, .limit = 80 };
    for (const char *c = word; *c; c++) {
        if (*c < ' ' || *c > '~')
            rt_text_format(&text, "\\x%02x", (uint8_t)*c);
        else
            rt_text_byte(&text, (uint8_t)*c);
    }
    return rt_str_c(reader->arena, rt_text_str(&text));
}

static Arg unknown(ArgReader *reader, const char *name)
{
    const char **names = RT_NEW_ARRAY(reader->arena, const char *, reader->flags.count + 1);
    for (size_t i = 0; i < reader->flags.count; i++)
        names[i] = reader->flags.items[i].name;
    const char *meant = nearest(name, names, reader->flags.count);
    if (meant)
        return bad(reader, rt_fail(RT_ERR_USAGE, "unknown flag --%s; did you mean --%s?",
                                   safe(reader, name), meant));
    return bad(reader,
               rt_fail(RT_ERR_USAGE, "unknown flag --%s; --help lists them", safe(reader, name)));
}

static Arg take_value(ArgReader *reader, const Flag *flag, const char *shown)
{
    if (reader->at == reader->count)
        return bad(reader,
                   rt_fail(RT_ERR_USAGE, "%s needs a value: %s %s", shown, shown, flag->value));
    return (Arg){ .kind = ARG_FLAG, .flag = flag, .value = reader->words[reader->at++] };
}

static Arg long_flag(ArgReader *reader, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    for (size_t i = 0; i < reader->flags.count; i++) {
        const Flag *flag = &reader->flags.items[i];
        if (strlen(flag->name) != len || memcmp(flag->name, word, len) != 0)
            continue;
        if (equals && !flag->value)
            return bad(reader, rt_fail(RT_ERR_USAGE, "--%s takes no value", flag->name));
        if (equals)
            return (Arg){ .kind = ARG_FLAG, .flag = flag, .value = equals + 1 };
        if (!flag->value)
            return (Arg){ .kind = ARG_FLAG, .flag = flag };
        return take_value(
            reader, flag,
            rt_str_c(reader->arena, rt_str_format(reader->arena, "--%s", flag->name)));
    }
    return unknown(reader, rt_str_c(reader->arena, (RtStr){ (const uint8_t *)word, len }));
}

static Arg short_flag(ArgReader *reader)
{
    char letter = *reader->bundle++;
    const char *rest = *reader->bundle ? reader->bundle : NULL;
    for (size_t i = 0; i < reader->flags.count; i++) {
        const Flag *flag = &reader->flags.items[i];
        if (flag->letter != letter)
            continue;
        if (!flag->value) {
            reader->bundle = rest;
            return (Arg){ .kind = ARG_FLAG, .flag = flag };
        }
        reader->bundle = NULL;
        if (rest)
            return (Arg){ .kind = ARG_FLAG, .flag = flag, .value = rest };
        char shown[3] = { '-', letter, 0 };
        return take_value(reader, flag, shown);
    }
    char word[2] = { letter, 0 };
    return bad(reader,
               rt_fail(RT_ERR_USAGE, "unknown flag -%s; --help lists them", safe(reader, word)));
}

Arg args_next(ArgReader *reader)
{
    if (reader->bundle)
        return short_flag(reader);
    if (reader->at == reader->count)
        return (Arg){ .kind = ARG_END };
    const char *word = reader->words[reader->at++];
    if (reader->only_operands || word[0] != '-' || word[1] == 0)
        return (Arg){ .kind = ARG_OPERAND, .value = word };
    if (strcmp(word, "--") == 0) {
        reader->only_operands = true;
        return args_next(reader);
    }
    if (word[1] == '-')
        return long_flag(reader, word + 2);
    reader->bundle = word + 1;
    return short_flag(reader);
}

void flags_help(RtText *out, FlagSet flags)
{
    size_t widest = 0;
    for (size_t i = 0; i < flags.count; i++) {
        const Flag *flag = &flags.items[i];
        size_t width = strlen(flag->name) + (flag->value ? strlen(flag->value) + 1 : 0);
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < flags.count; i++) {
        const Flag *flag = &flags.items[i];
        size_t width = strlen(flag->name) + (flag->value ? strlen(flag->value) + 1 : 0);
        if (flag->letter)
            rt_text_format(out, "  -%c, ", flag->letter);
        else
            rt_text_format(out, "      ");
        rt_text_format(out, "--%s%s%s%*s  %s", flag->name, flag->value ? " " : "",
                       flag->value ? flag->value : "", (int)(widest - width), "", flag->help);
        if (flag->default_value && flag->default_value[0])
            rt_text_format(out, " (%s)", flag->default_value);
        rt_text_byte(out, '\n');
    }
}
