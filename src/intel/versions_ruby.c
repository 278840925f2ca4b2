/* versions_ruby.c - Gem::Version: runs of digits and runs of letters are segments, a word comes
 * before any number, and zeros at the end of the release say nothing. "-" reads as ".pre.". */
#include "intel/versions.h"

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
static bool is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Cuts the next segment off; the empty view at the end. */
static RtStr next_segment(RtStr *rest)
{
    while (rest->len > 0 && !is_digit(rest->at[0]) && !is_letter(rest->at[0])) {
        bool is_dash = rest->at[0] == '-';
        *rest = rt_str_from(*rest, 1);
        if (is_dash)
            return RT_STR("pre");
    }
    size_t len = 0;
    bool digits = rest->len > 0 && is_digit(rest->at[0]);
    while (len < rest->len && (digits ? is_digit(rest->at[len]) : is_letter(rest->at[len])))
        len++;
    RtStr segment = rt_str_sub(*rest, 0, len);
    *rest = rt_str_from(*rest, len);
    return segment;
}

static bool is_zero(RtStr segment)
{
    return rt_is_digits(segment) && rt_digits_compare(segment, RT_STR("0")) == 0;
}

/* True when only zeros stand from here to the end or, in the release, to the first word. */
static bool only_zeros(RtStr rest)
{
    for (RtStr segment = next_segment(&rest); segment.len > 0; segment = next_segment(&rest)) {
        if (!rt_is_digits(segment))
            return true;
        if (!is_zero(segment))
            return false;
    }
    return true;
}

/* The next segment that says something: zeros before a word or the end are passed over. */
static RtStr next_telling(RtStr *rest)
{
    RtStr before = *rest, segment = next_segment(rest);
    if (!is_zero(segment) || !only_zeros(before))
        return segment;
    do
        segment = next_segment(rest);
    while (is_zero(segment));
    return segment;
}

int rt_version_compare_ruby(RtStr a, RtStr b)
{
    a = rt_str_trim(a);
    b = rt_str_trim(b);
    for (;;) {
        RtStr from_a = next_telling(&a), from_b = next_telling(&b);
        if (from_a.len == 0 && from_b.len == 0)
            return 0;
        bool a_word = from_a.len > 0 && !rt_is_digits(from_a);
        bool b_word = from_b.len > 0 && !rt_is_digits(from_b);
        if (a_word != b_word)
            return a_word ? -1 : 1;
        int order = a_word ? rt_str_compare(from_a, from_b)
                           : rt_digits_compare(from_a.len > 0 ? from_a : RT_STR("0"),
                                               from_b.len > 0 ? from_b : RT_STR("0"));
        if (order != 0)
            return order;
    }
}
