/* address.c - addresses cut apart, as far as checks need it. */
#include "audit/audit.h"
#include "base/words.h"

/* What stands between "://" and the next '/', '?' or '#'. */
static RtStr authority_of(RtStr url)
{
    size_t scheme = rt_str_find(rt_str_sub(url, 0, 40), RT_STR("://"));
    if (scheme == RT_NOT_FOUND)
        return RT_STR("");
    RtStr rest = rt_str_from(url, scheme + 3);
    size_t end = 0;
    while (end < rest.len && rt_str_find_byte(RT_STR("/?#\\"), rest.at[end]) == RT_NOT_FOUND)
        end++;
    return rt_str_sub(rest, 0, end);
}

RtStr rt_audit_host(RtStr url)
{
    RtStr authority = authority_of(url);
    size_t at = rt_str_rfind_byte(authority, '@');
    return at == RT_NOT_FOUND ? authority : rt_str_from(authority, at + 1);
}

/* "git@host" in ssh addresses is how ssh is used, and no trick. */
bool rt_audit_has_user(RtStr url)
{
    RtStr authority = authority_of(url);
    size_t at = rt_str_rfind_byte(authority, '@');
    if (at == RT_NOT_FOUND || rt_str_starts(url, RT_STR("ssh:")) ||
        rt_str_starts(url, RT_STR("git+ssh:")))
        return false;
    return !rt_str_equal(rt_str_sub(authority, 0, at), RT_STR("git"));
}

bool rt_audit_is_plain(RtStr url)
{
    if (!rt_str_starts(url, RT_STR("http://")) && !rt_str_starts(url, RT_STR("git+http://")) &&
        !rt_str_starts(url, RT_STR("git://")) && !rt_str_starts(url, RT_STR("registry+http://")))
        return false;
    RtStr host = rt_audit_host(url);
    return !rt_str_starts(host, RT_STR("127.")) && !rt_str_starts(host, RT_STR("[::1]")) &&
           !rt_str_equal(host, RT_STR("localhost")) && !rt_str_starts(host, RT_STR("localhost:"));
}

bool rt_audit_same_family(RtStr client, RtStr ecosystem)
{
    static const struct {
        const char *ecosystem, *clients;
    } families[] = { { "npm", "npm yarn pnpm bun" },
                     { "pypi", "pip uv poetry pdm" },
                     { "cargo", "cargo" },
                     { "composer", "composer" },
                     { "golang", "go" } };
    for (size_t i = 0; i < RT_COUNT(families); i++)
        if (rt_str_equal(ecosystem, rt_str_from_c(families[i].ecosystem)))
            return rt_word_in(client, families[i].clients);
    return false;
}
