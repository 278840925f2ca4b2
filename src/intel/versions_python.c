/* versions_python.c - PEP 440, as `packaging` orders it: epoch, release without trailing zeros,
 * then dev < pre < final < post, a local part last. What is no PEP 440 version ("legacy") comes
 * before all that are and is compared as text. */
#include "intel/versions.h"

typedef struct {
    RtStr epoch, release; /* digits; dotted digits */
    int pre;              /* 0 dev only, 1 a, 2 b, 3 rc, 4 none */
    RtStr pre_number, post_number, dev_number, local;
    bool has_post, has_dev;
} Version;

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
static bool is_joint(uint8_t byte) { return byte == '.' || byte == '-' || byte == '_'; }

static RtStr take_digits(RtStr *rest)
{
    size_t len = 0;
    while (len < rest->len && is_digit(rest->at[len]))
        len++;
    RtStr digits = rt_str_sub(*rest, 0, len);
    *rest = rt_str_from(*rest, len);
    return digits;
}

/* Takes one of the words, a joint before it and a joint and number behind; -1 when none stands
 * there. */
static int take_word(RtStr *rest, const char *const *words, size_t count, RtStr *ret_number)
{
    RtStr at = rt_str_from(*rest, rest->len > 0 && is_joint(rest->at[0]));
    for (size_t i = 0; i < count; i++) {
        RtStr word = rt_str_from_c(words[i]);
        if (!rt_str_equal_nocase(rt_str_sub(at, 0, word.len), word))
            continue;
        RtStr behind = rt_str_from(at, word.len);
        RtStr number =
            rt_str_from(behind, behind.len > 1 && is_joint(behind.at[0]) && is_digit(behind.at[1]));
        *ret_number = take_digits(&number);
        *rest = number;
        return (int)i;
    }
    return -1;
}

static bool take_release(RtStr *rest, RtStr *ret_release)
{
    size_t len = 0;
    while (len < rest->len && (is_digit(rest->at[len]) ||
                               (rest->at[len] == '.' && len > 0 && len + 1 < rest->len &&
                                is_digit(rest->at[len - 1]) && is_digit(rest->at[len + 1]))))
        len++;
    *ret_release = rt_str_sub(*rest, 0, len);
    *rest = rt_str_from(*rest, len);
    return len > 0;
}

static void take_pre(RtStr *rest, Version *version)
{
    static const char *const words[] = { "alpha", "a", "beta", "b", "preview", "pre", "rc", "c" };
    static const int ranks[] = { 1, 1, 2, 2, 3, 3, 3, 3 };
    int word = take_word(rest, words, RT_COUNT(words), &version->pre_number);
    version->pre = word < 0 ? 4 : ranks[word];
}

static void take_post(RtStr *rest, Version *version)
{
    static const char *const words[] = { "post", "rev", "r" };
    if (rest->len > 1 && rest->at[0] == '-' && is_digit(rest->at[1])) { /* "1.0-1" */
        *rest = rt_str_from(*rest, 1);
        version->post_number = take_digits(rest);
        version->has_post = true;
        return;
    }
    version->has_post = take_word(rest, words, RT_COUNT(words), &version->post_number) >= 0;
}

static bool is_local(RtStr local)
{
    for (size_t i = 0; i < local.len; i++) {
        uint8_t byte = local.at[i] | 0x20;
        if (!is_digit(local.at[i]) && !is_joint(local.at[i]) && !(byte >= 'a' && byte <= 'z'))
            return false;
    }
    return local.len > 0;
}

static bool read_version(RtStr text, Version *ret_version)
{
    static const char *const dev[] = { "dev" };
    Version version = { 0 };
    RtStr rest = rt_str_trim(text);
    if (rest.len > 0 && (rest.at[0] | 0x20) == 'v')
        rest = rt_str_from(rest, 1);
    size_t bang = rt_str_find_byte(rest, '!');
    if (bang != RT_NOT_FOUND) {
        version.epoch = rt_str_sub(rest, 0, bang);
        if (!rt_is_digits(version.epoch))
            return false;
        rest = rt_str_from(rest, bang + 1);
    }
    size_t plus = rt_str_find_byte(rest, '+');
    if (plus != RT_NOT_FOUND) {
        version.local = rt_str_from(rest, plus + 1);
        if (!is_local(version.local))
            return false;
        rest = rt_str_sub(rest, 0, plus);
    }
    if (!take_release(&rest, &version.release))
        return false;
    take_pre(&rest, &version);
    take_post(&rest, &version);
    version.has_dev = take_word(&rest, dev, 1, &version.dev_number) >= 0;
    if (version.has_dev && version.pre == 4 && !version.has_post)
        version.pre = 0;
    *ret_version = version;
    return rest.len == 0;
}

static int compare_release(RtStr a, RtStr b)
{
    RtStr from_a, from_b;
    for (;;) {
        bool has_a = rt_str_next(&a, '.', &from_a), has_b = rt_str_next(&b, '.', &from_b);
        if (!has_a && !has_b)
            return 0;
        int order = rt_digits_compare(has_a ? from_a : RT_STR("0"), has_b ? from_b : RT_STR("0"));
        if (order != 0)
            return order;
    }
}

static RtStr next_local(RtStr *rest)
{
    size_t len = 0;
    while (len < rest->len && !is_joint(rest->at[len]))
        len++;
    RtStr part = rt_str_sub(*rest, 0, len);
    *rest = rt_str_from(*rest, len + 1);
    return part;
}

static int compare_local(RtStr a, RtStr b)
{
    while (a.len > 0 && b.len > 0) {
        RtStr from_a = next_local(&a), from_b = next_local(&b);
        bool a_number = rt_is_digits(from_a), b_number = rt_is_digits(from_b);
        if (a_number != b_number)
            return a_number ? 1 : -1; /* words come before numbers */
        int order =
            a_number ? rt_digits_compare(from_a, from_b) : rt_compare_nocase(from_a, from_b);
        if (order != 0)
            return order;
    }
    return a.len > 0 ? 1 : b.len > 0 ? -1 : 0;
}

static int compare_part(bool has_a, RtStr a, bool has_b, RtStr b, int absent)
{
    if (has_a != has_b)
        return has_a ? -absent : absent;
    return has_a ? rt_digits_compare(a, b) : 0;
}

int rt_version_compare_python(RtStr a, RtStr b)
{
    Version x, y;
    bool a_good = read_version(a, &x), b_good = read_version(b, &y);
    if (!a_good || !b_good)
        return a_good != b_good ? (a_good ? 1 : -1) : rt_compare_nocase(a, b);
    int order = rt_digits_compare(x.epoch, y.epoch);
    order = order != 0 ? order : compare_release(x.release, y.release);
    order = order != 0 ? order : (x.pre > y.pre) - (x.pre < y.pre);
    order = order != 0 ? order : rt_digits_compare(x.pre_number, y.pre_number);
    order =
        order != 0 ? order : compare_part(x.has_post, x.post_number, y.has_post, y.post_number, -1);
    order = order != 0 ? order : compare_part(x.has_dev, x.dev_number, y.has_dev, y.dev_number, 1);
    return order != 0 ? order : compare_local(x.local, y.local);
}
