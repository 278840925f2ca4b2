/* versions_php.c - Packagist: Composer hands what it normalised to PHP's version_compare, which
 * cuts at . - + _ and between digits and letters, and ranks words: any other < dev < alpha < beta <
 * RC < a number < patch. A branch ("dev-main") is below every release. */
#include "intel/versions.h"

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static bool is_mark(uint8_t byte)
{
    return byte == '.' || byte == '-' || byte == '+' || byte == '_';
}

static RtStr next_part(RtStr *rest)
{
    while (rest->len > 0 && is_mark(rest->at[0]))
        *rest = rt_str_from(*rest, 1);
    size_t len = 0;
    bool digits = rest->len > 0 && is_digit(rest->at[0]);
    while (len < rest->len && !is_mark(rest->at[len]) && is_digit(rest->at[len]) == digits)
        len++;
    RtStr part = rt_str_sub(*rest, 0, len);
    *rest = rt_str_from(*rest, len);
    return part;
}

/* The table of php_compare_version's special forms. */
static int rank(RtStr part)
{
    static const struct {
        const char *word;
        int rank;
    } words[] = { { "dev", 0 }, { "alpha", 1 }, { "a", 1 },  { "beta", 2 },  { "b", 2 },
                  { "RC", 3 },  { "rc", 3 },    { "pl", 5 }, { "patch", 5 }, { "p", 5 } };
    if (rt_is_digits(part))
        return 4;
    for (size_t i = 0; i < RT_COUNT(words); i++)
        if (rt_str_equal_nocase(part, rt_str_from_c(words[i].word)))
            return words[i].rank;
    return -1;
}

/* What a longer version has more: a number makes it greater (zeros apart, as Composer pads), a
 * word is measured against a number. */
static int rest_against_none(RtStr part, RtStr rest)
{
    for (; part.len > 0; part = next_part(&rest)) {
        if (rank(part) != 4)
            return rank(part) < 4 ? -1 : 1;
        if (rt_digits_compare(part, RT_STR("0")) != 0)
            return 1;
    }
    return 0;
}

int rt_version_compare_php(RtStr a, RtStr b)
{
    a = rt_str_trim(a);
    b = rt_str_trim(b);
    a = rt_str_from(a, a.len > 1 && (a.at[0] | 0x20) == 'v' && is_digit(a.at[1]));
    b = rt_str_from(b, b.len > 1 && (b.at[0] | 0x20) == 'v' && is_digit(b.at[1]));
    for (;;) {
        RtStr from_a = next_part(&a), from_b = next_part(&b);
        if (from_a.len == 0 || from_b.len == 0)
            return from_a.len > 0 ? rest_against_none(from_a, a) : -rest_against_none(from_b, b);
        int x = rank(from_a), y = rank(from_b);
        if (x != y)
            return x < y ? -1 : 1;
        int order = x == 4  ? rt_digits_compare(from_a, from_b)
                    : x < 0 ? rt_str_compare(from_a, from_b)
                            : 0;
        if (order != 0)
            return order;
    }
}
