/* versions_maven.c - Maven's order (POM reference, "Version Order Specification"; ComparableVersion
 * of Maven 3.9): tokens parted by '.', '-', '_' and by every change between digits and letters,
 * the latter counting as '-'; tokens that say nothing are dropped before each '-' and at the end.
 *
 * Done as a walk over two token streams, not as Java's nested lists: a list inside a list is "-",
 * and that is a property of the token's prefix. At most 64 tokens count. */
#include "intel/versions.h"

enum { TOKENS_MOST = 64 };

typedef struct {
    RtStr text;
    bool is_number, is_dash; /* `is_dash`: the mark before it is '-' or a change of kind */
    int rank;                /* of a qualifier; 5 says nothing ("", ga, final, release) */
} Token;

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

enum { RANK_NOTHING = 5, RANK_OTHER = 7 };

/* "a", "b", "m" mean alpha, beta, milestone when a digit follows at once. */
static int rank_of(RtStr word, bool digit_follows)
{
    static const struct {
        const char *word;
        int rank;
        bool needs_digit;
    } words[] = {
        { "alpha", 0, false },     { "a", 0, true },   { "beta", 1, false }, { "b", 1, true },
        { "milestone", 2, false }, { "m", 2, true },   { "rc", 3, false },   { "cr", 3, false },
        { "snapshot", 4, false },  { "", 5, false },   { "ga", 5, false },   { "final", 5, false },
        { "release", 5, false },   { "sp", 6, false },
    };
    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_equal_nocase(word, rt_str_from_c(words[i].word)) &&
            (!words[i].needs_digit || digit_follows))
            return words[i].rank;
    return RANK_OTHER;
}

static bool says_nothing(const Token *token)
{
    return token->is_number ? rt_digits_compare(token->text, RT_STR("0")) == 0
                            : token->rank == RANK_NOTHING;
}

/* Drops what says nothing at the end, before each '-', and before each qualifier (so that 1.0.RC2
 * comes before 1.0-RC3: MNG-7644). */
static size_t trim(Token *tokens, size_t count)
{
    size_t end = count;
    while (end > 0) {
        size_t from = end;
        while (from > 0 && says_nothing(&tokens[from - 1]))
            from--;
        /* Tokens [from, end) say nothing and what stands at `end` starts with '-' (or is the end).
         */
        size_t moved = count - end;
        for (size_t i = 0; i < moved; i++)
            tokens[from + i] = tokens[end + i];
        count -= end - from;
        /* On to the token before the '-' or the word that comes before. */
        end = from;
        while (end > 0 && !tokens[end - 1].is_dash && tokens[end - 1].is_number)
            end--;
        end = end > 0 ? end - 1 : 0;
    }
    return count;
}

static size_t read_tokens(RtStr text, Token tokens[TOKENS_MOST])
{
    size_t count = 0, at = 0;
    bool is_dash = false;
    text = rt_str_trim(text);
    while (at <= text.len && count < TOKENS_MOST) {
        size_t from = at;
        bool number = at < text.len && is_digit(text.at[at]);
        while (at < text.len && text.at[at] != '.' && text.at[at] != '-' && text.at[at] != '_' &&
               is_digit(text.at[at]) == number)
            at++;
        bool changes =
            at < text.len && text.at[at] != '.' && text.at[at] != '-' && text.at[at] != '_';
        Token token = { .text = rt_str_sub(text, from, at - from), .is_dash = is_dash };
        token.is_number = number || token.text.len == 0; /* an empty token is "0" */
        if (token.text.len == 0)
            token.text = RT_STR("0");
        token.rank = token.is_number ? 0 : rank_of(token.text, changes);
        tokens[count++] = token;
        is_dash = changes || (at < text.len && text.at[at] != '.');
        at += changes ? 0 : 1;
    }
    return trim(tokens, count);
}

/* ".qualifier" = "-qualifier" < "-number" < ".number". */
static int kind_of(const Token *token) { return !token->is_number ? 0 : token->is_dash ? 1 : 2; }

static int compare_words(const Token *a, const Token *b)
{
    if (a->rank != b->rank || a->rank != RANK_OTHER)
        return (a->rank > b->rank) - (a->rank < b->rank);
    return rt_compare_nocase(a->text, b->text);
}

/* A token against the nothing with which the shorter version is padded. */
static int compare_nothing(const Token *token)
{
    if (token->is_number)
        return rt_digits_compare(token->text, RT_STR("0"));
    return (token->rank > RANK_NOTHING) - (token->rank < RANK_NOTHING);
}

int rt_version_compare_maven(RtStr a, RtStr b)
{
    Token from_a[TOKENS_MOST], from_b[TOKENS_MOST];
    size_t a_count = read_tokens(a, from_a), b_count = read_tokens(b, from_b);
    for (size_t i = 0; i < a_count || i < b_count; i++) {
        int order;
        if (i >= a_count || i >= b_count)
            order = i < a_count ? compare_nothing(&from_a[i]) : -compare_nothing(&from_b[i]);
        else if (kind_of(&from_a[i]) != kind_of(&from_b[i]))
            order = kind_of(&from_a[i]) < kind_of(&from_b[i]) ? -1 : 1;
        else
            order = from_a[i].is_number ? rt_digits_compare(from_a[i].text, from_b[i].text)
                                        : compare_words(&from_a[i], &from_b[i]);
        if (order != 0)
            return order;
    }
    return 0;
}
