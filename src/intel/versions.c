/* versions.c - picks the order of an ecosystem, compares semver, and asks sets of versions.
 *
 * Numbers are compared as text of digits: a version of forty digits is no overflow. */
#include "intel/versions.h"

bool rt_is_digits(RtStr text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.len > 0;
}

int rt_digits_compare(RtStr a, RtStr b)
{
    while (a.len > 0 && a.at[0] == '0')
        a = rt_str_from(a, 1);
    while (b.len > 0 && b.at[0] == '0')
        b = rt_str_from(b, 1);
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return rt_str_compare(a, b);
}

/* ---- semver: npm, cargo, go, nuget, hex, pub, and whatever is not known better -------------- */

static RtStr without_v(RtStr version)
{
    bool has_v =
        version.len > 1 && (version.at[0] == 'v' || version.at[0] == 'V' || version.at[0] == '=');
    return has_v ? rt_str_from(version, 1) : version;
}

/* Cuts "1.2.3-rc.1+build" into numbers and what comes before a release; the build says nothing. */
static void cut_semver(RtStr version, RtStr *ret_numbers, RtStr *ret_pre)
{
    version = without_v(rt_str_trim(version));
    version = rt_str_sub(version, 0, rt_str_find_byte(version, '+'));
    size_t dash = rt_str_find_byte(version, '-');
    *ret_numbers = rt_str_sub(version, 0, dash);
    *ret_pre = dash == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(version, dash + 1);
}

int rt_compare_nocase(RtStr a, RtStr b)
{
    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int x = a.at[i] >= 'A' && a.at[i] <= 'Z' ? a.at[i] | 0x20 : a.at[i];
        int y = b.at[i] >= 'A' && b.at[i] <= 'Z' ? b.at[i] | 0x20 : b.at[i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

static int compare_identifier(RtStr a, RtStr b, bool with_case)
{
    bool a_number = rt_is_digits(a), b_number = rt_is_digits(b);
    if (a_number && b_number)
        return rt_digits_compare(a, b);
    if (a_number != b_number)
        return a_number ? -1 : 1;
    return with_case ? rt_str_compare(a, b) : rt_compare_nocase(a, b);
}

/* Missing parts of a number are 0; a missing part of a pre-release is lower. */
static int compare_dotted(RtStr a, RtStr b, bool is_pre, bool with_case)
{
    RtStr from_a, from_b;
    for (;;) {
        bool has_a = rt_str_next(&a, '.', &from_a), has_b = rt_str_next(&b, '.', &from_b);
        if (!has_a && !has_b)
            return 0;
        if (is_pre && has_a != has_b)
            return has_a ? 1 : -1;
        int order = compare_identifier(has_a ? from_a : RT_STR("0"), has_b ? from_b : RT_STR("0"),
                                       with_case);
        if (order != 0)
            return order;
    }
}

static int compare_semver(RtStr a, RtStr b, bool with_case)
{
    RtStr a_numbers, b_numbers, a_pre, b_pre;
    cut_semver(a, &a_numbers, &a_pre);
    cut_semver(b, &b_numbers, &b_pre);
    int order = compare_dotted(a_numbers, b_numbers, false, with_case);
    if (order != 0 || (a_pre.len == 0 && b_pre.len == 0))
        return order;
    if (a_pre.len == 0 || b_pre.len == 0)
        return a_pre.len == 0 ? 1 : -1;
    return compare_dotted(a_pre, b_pre, true, with_case);
}

int rt_version_compare_semver(RtStr a, RtStr b) { return compare_semver(a, b, true); }
/* NuGet does not tell case apart, and knows a fourth number. */
static int compare_nuget(RtStr a, RtStr b) { return compare_semver(a, b, false); }

/* ---- by ecosystem --------------------------------------------------------------------------- */

int rt_version_compare(RtStr type, RtStr a, RtStr b)
{
    static const struct {
        const char *type;
        int (*compare)(RtStr a, RtStr b);
    } orders[] = {
        { "pypi", rt_version_compare_python },
        { "gem", rt_version_compare_ruby },
        { "maven", rt_version_compare_maven },
        { "composer", rt_version_compare_php },
        { "nuget", compare_nuget },
    };
    for (size_t i = 0; i < RT_COUNT(orders); i++)
        if (rt_str_equal(type, rt_str_from_c(orders[i].type)))
            return orders[i].compare(a, b);
    return rt_version_compare_semver(a, b);
}

bool rt_version_is_plain(RtStr version)
{
    if (version.len == 0 || version.len > 256 || version.at[0] == '<' || version.at[0] == '>')
        return false;
    for (size_t i = 0; i < version.len; i++)
        if (version.at[i] <= ' ' || version.at[i] == '|' || version.at[i] == 0x7f)
            return false;
    return true;
}

static bool bound_holds(RtStr type, RtStr bound, RtStr version)
{
    bool with_equal = bound.len > 1 && bound.at[1] == '=';
    int order = rt_version_compare(type, version, rt_str_from(bound, with_equal ? 2 : 1));
    if (order == 0)
        return with_equal;
    return bound.at[0] == '<' ? order < 0 : order > 0;
}

static bool item_has(RtStr type, RtStr item, RtStr version)
{
    if (item.len == 0)
        return false;
    if (item.at[0] != '<' && item.at[0] != '>')
        return rt_str_equal(item, version) || rt_version_compare(type, item, version) == 0;
    RtStr bound;
    while (rt_str_next(&item, ' ', &bound))
        if (bound.len > 0 && !bound_holds(type, bound, version))
            return false;
    return true;
}

bool rt_versions_have(RtStr type, RtStr versions, RtStr version)
{
    if (versions.len == 0)
        return true;
    RtStr item;
    while (rt_str_next(&versions, '|', &item))
        if (item_has(type, item, version))
            return true;
    return false;
}
