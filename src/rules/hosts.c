/* hosts.c - what kind of place a URL points to.
 *
 * Names of services are data (rules/data/hosts.yaml); addresses are judged by their numbers:
 * loopback, private (RFC 1918, 6598, 4193), link-local with the clouds' metadata address,
 * documentation ranges (RFC 5737, 3849, 6761) and what is left, raw-ip. Look-alikes of registries
 * are judged by spelling. Every class has an inert alias for tests: `CLASS.class.invalid` is a host
 * of class CLASS, and nobody can ever own it (RFC 6761). */
#include "rules/ruleset.h"

#include <stdlib.h>

static const char *const judged_classes[] = {
    "loopback", "private",   "metadata", "doc-range", "raw-ip",
    "resolver", "lookalike", "onion",    "odd-port",  "registry",
};

uint64_t rt_hosts_class(const RtHosts *hosts, RtStr name)
{
    for (uint32_t i = 0; i < hosts->class_count; i++)
        if (rt_str_equal(hosts->class_names[i], name))
            return UINT64_C(1) << i;
    return 0;
}

static uint64_t class_c(const RtHosts *hosts, const char *name)
{
    return rt_hosts_class(hosts, rt_str_from_c(name));
}

/* ---- cutting a URL
 * ------------------------------------------------------------------------------------ */
typedef struct {
    RtStr host, path; /* path without its first slash */
    uint64_t port;    /* 0 when none is written */
} Place;

static Place place_of(RtStr url)
{
    Place place = { 0 };
    size_t scheme = rt_str_find(url, RT_STR("://"));
    if (scheme != RT_NOT_FOUND && scheme < 12)
        url = rt_str_from(url, scheme + 3);
    else if (rt_str_starts(url, RT_STR("//")))
        url = rt_str_from(url, 2);
    size_t end = 0;
    while (end < url.len && url.at[end] != '/' && url.at[end] != '?' && url.at[end] != '#' &&
           url.at[end] > ' ')
        end++;
    RtStr authority = rt_str_sub(url, 0, end);
    place.path =
        end < url.len && url.at[end] == '/' ? rt_str_from(url, end + 1) : rt_str_from(url, end);
    size_t at = rt_str_rfind_byte(authority, '@');
    if (at != RT_NOT_FOUND)
        authority = rt_str_from(authority, at + 1);
    if (authority.len && authority.at[0] == '[') {
        size_t close = rt_str_find_byte(authority, ']');
        place.host = rt_str_sub(authority, 1, close == RT_NOT_FOUND ? authority.len : close - 1);
        return place;
    }
    size_t colon = rt_str_rfind_byte(authority, ':');
    if (colon != RT_NOT_FOUND) {
        (void)rt_str_number(rt_str_from(authority, colon + 1), &place.port);
        authority = rt_str_sub(authority, 0, colon);
    }
    while (authority.len && authority.at[authority.len - 1] == '.')
        authority.len--;
    place.host = authority;
    return place;
}

/* ---- addresses
 * ------------------------------------------------------------------------------------------ */
/* Dotted decimal of four parts, or one number as browsers accept it (0x7f000001, 2130706433). */
static bool ipv4_of(RtStr host, uint32_t *ret_address)
{
    uint32_t address = 0;
    uint64_t number = 0;
    RtStr rest = host, part = { 0 };
    size_t parts = 0;
    while (rt_str_next(&rest, '.', &part)) {
        if (!rt_str_number(part, &number) || ++parts > 4 ||
            number > (parts == 1 && !rest.len ? UINT32_MAX : 255U))
            return false;
        address = parts == 1 && number > 255 ? (uint32_t)number : address << 8 | (uint32_t)number;
    }
    *ret_address = address;
    return parts == 4 || (parts == 1 && number > 0xffffff);
}

static const char *class_of_ipv4(uint32_t address)
{
    static const struct {
        uint32_t net, mask;
        const char *name;
    } nets[] = {
        { 0x7f000000, 0xff000000, "loopback" },
        { 0x00000000, 0xff000000, "loopback" },
        { 0x0a000000, 0xff000000, "private" },
        { 0xac100000, 0xfff00000, "private" },
        { 0xc0a80000, 0xffff0000, "private" },
        { 0x64400000, 0xffc00000, "private" },
        { 0xa9fea9fe, 0xffffffff, "metadata" },
        { 0xa9fe0000, 0xffff0000, "private" },
        { 0xc0000200, 0xffffff00, "doc-range" },
        { 0xc6336400, 0xffffff00, "doc-range" },
        { 0xcb007100, 0xffffff00, "doc-range" },
        { 0xe0000000, 0xe0000000, "private" },
        /* Public resolvers: named in code to ask "am I on line", and to learn the own address. */
        { 0x08080808, 0xffffffff, "resolver" },
        { 0x08080404, 0xffffffff, "resolver" },
        { 0x01010101, 0xffffffff, "resolver" },
        { 0x01000001, 0xffffffff, "resolver" },
        { 0x09090909, 0xffffffff, "resolver" },
    };
    for (size_t i = 0; i < RT_COUNT(nets); i++)
        if ((address & nets[i].mask) == nets[i].net)
            return nets[i].name;
    return "raw-ip";
}

static const char *class_of_ipv6(RtStr host)
{
    if (rt_str_equal(host, RT_STR("::1")) || rt_str_equal(host, RT_STR("::")))
        return "loopback";
    if (rt_str_starts(host, RT_STR("fe80:")) || rt_str_starts(host, RT_STR("fc")) ||
        rt_str_starts(host, RT_STR("fd")))
        return "private";
    return rt_str_starts(host, RT_STR("2001:db8")) ? "doc-range" : "raw-ip";
}

/* ---- look-alikes
 * ------------------------------------------------------------------------------------------ */
/* A label that holds the name of a registry or vendor and more: npmjs-cdn, pypi-files. The bare
 * name is its owner's, so that no registry host need be listed here. */
static bool is_lookalike(RtStr host)
{
    static const char *const stems[] = { "npmjs",       "npm-registry", "registry-npm",
                                         "pypi",        "pythonhosted", "githubusercontent",
                                         "azurestatic", "vscode-",      "nodejs-" };
    static const char *const owners[] = { "azurestaticapps.net", "vscode-cdn.net",
                                          "vscode-unpkg.net",    "readthedocs.io",
                                          "github.io",           "microsoft.com",
                                          "visualstudio.com",    "azureedge.net" };
    for (size_t i = 0; i < RT_COUNT(owners); i++)
        if (rt_str_ends(host, rt_str_from_c(owners[i])))
            return false;
    RtStr rest = host, label = { 0 };
    while (rt_str_next(&rest, '.', &label))
        for (size_t i = 0; i < RT_COUNT(stems) && rest.len; i++)
            if (label.len > rt_str_from_c(stems[i]).len &&
                rt_str_has(label, rt_str_from_c(stems[i])))
                return true;
    return false;
}

/* ---- names
 * --------------------------------------------------------------------------------------------------
 */
static RtStr host_part(RtStr name)
{
    size_t slash = rt_str_find_byte(name, '/');
    return rt_str_sub(name, 0, slash == RT_NOT_FOUND ? name.len : slash);
}

static RtStr path_part(RtStr name)
{
    size_t slash = rt_str_find_byte(name, '/');
    return slash == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(name, slash + 1);
}

static uint64_t classes_of_suffix(const RtHosts *hosts, RtStr suffix, RtStr path)
{
    size_t low = 0, high = hosts->name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rt_str_compare(host_part(hosts->names[middle].name), suffix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    uint64_t classes = 0;
    for (; low < hosts->name_count && rt_str_equal(host_part(hosts->names[low].name), suffix);
         low++)
        if (rt_str_starts(path, path_part(hosts->names[low].name)))
            classes |= hosts->names[low].classes;
    return classes;
}

static uint64_t classes_of_name(const RtHosts *hosts, RtStr host, RtStr path)
{
    static const RtStr inert = { (const uint8_t *)".class.invalid", 14 };
    uint64_t classes = 0;
    for (RtStr suffix = host; suffix.len;) {
        classes |= classes_of_suffix(hosts, suffix, path);
        size_t dot = rt_str_find_byte(suffix, '.');
        if (dot == RT_NOT_FOUND)
            break;
        suffix = rt_str_from(suffix, dot + 1);
    }
    if (rt_str_ends(host, inert)) {
        RtStr rest = rt_str_sub(host, 0, host.len - inert.len), label = { 0 };
        while (rt_str_next(&rest, '.', &label))
            classes |= rt_hosts_class(hosts, label);
    }
    if (rt_str_equal(host, RT_STR("localhost")) || rt_str_ends(host, RT_STR(".localhost")))
        classes |= class_c(hosts, "loopback");
    if (rt_str_ends(host, RT_STR(".local")) || rt_str_ends(host, RT_STR(".internal")) ||
        rt_str_ends(host, RT_STR(".lan")))
        classes |= class_c(hosts, "private");
    if (rt_str_ends(host, RT_STR(".onion")))
        classes |= class_c(hosts, "onion");
    if (rt_str_ends(host, RT_STR("example.com")) || rt_str_ends(host, RT_STR("example.org")) ||
        rt_str_ends(host, RT_STR(".example")) || rt_str_ends(host, RT_STR(".test")))
        classes |= class_c(hosts, "doc-range");
    if (rt_str_starts(host, RT_STR("registry.")))
        classes |= class_c(hosts, "registry");
    if (is_lookalike(host))
        classes |= class_c(hosts, "lookalike");
    return classes;
}

uint64_t rt_hosts_classes(const RtHosts *hosts, RtStr url)
{
    uint8_t lower[256];
    Place place = place_of(rt_str_trim(url));
    if (!place.host.len || place.host.len > sizeof lower)
        return 0;
    for (size_t i = 0; i < place.host.len; i++)
        lower[i] = place.host.at[i] >= 'A' && place.host.at[i] <= 'Z'
                       ? (uint8_t)(place.host.at[i] | 0x20)
                       : place.host.at[i];
    RtStr host = { lower, place.host.len };
    uint64_t classes = 0;
    uint32_t address = 0;
    if (ipv4_of(host, &address)) {
        classes = class_c(hosts, class_of_ipv4(address));
        classes |= rt_str_equal(host, RT_STR("169.254.169.254")) ? class_c(hosts, "metadata") : 0;
    } else if (rt_str_find_byte(host, ':') != RT_NOT_FOUND) {
        classes = class_c(hosts, class_of_ipv6(host));
    } else {
        classes = classes_of_name(hosts, host, place.path);
    }
    static const uint64_t usual[] = { 0, 80, 443, 8080, 8443, 3000, 8000, 5000 };
    for (size_t i = 0; i < RT_COUNT(usual); i++)
        if (place.port == usual[i])
            return classes;
    return classes | class_c(hosts, "odd-port");
}

bool rt_rules_host_is(const RtRules *rules, RtStr url, RtStr name)
{
    return (rt_hosts_classes(&rules->hosts, url) & rt_hosts_class(&rules->hosts, name)) != 0;
}

/* ---- as a pattern
 * --------------------------------------------------------------------------------------------- */
static void add_quoted(RtText *out, RtStr text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '.' || text.at[i] == '+' || text.at[i] == '?' || text.at[i] == '*')
            rt_text_byte(out, '\\');
        rt_text_byte(out, text.at[i]);
    }
}

RtStr rt_hosts_pattern(const RtHosts *hosts, RtArena *arena, uint64_t classes)
{
    RtText out = { .arena = arena };
    rt_text_add(&out, RT_STR("(?i)(?:"));
    for (size_t i = 0; i < hosts->name_count; i++) {
        if (!(hosts->names[i].classes & classes))
            continue;
        rt_text_add(&out, RT_STR("\\b"));
        add_quoted(&out, hosts->names[i].name);
        rt_text_add(&out, path_part(hosts->names[i].name).len ? RT_STR("|") : RT_STR("\\b|"));
    }
    if (classes & class_c(hosts, "raw-ip"))
        rt_text_add(&out, RT_STR("\\b(?:https?|wss?|tcp)://(?:\\d{1,3}\\.){3}\\d{1,3}\\b|"));
    rt_text_add(&out, RT_STR("\\b(?:"));
    bool first = true;
    for (uint32_t i = 0; i < hosts->class_count; i++) {
        if (!(classes >> i & 1))
            continue;
        if (!first)
            rt_text_byte(&out, '|');
        first = false;
        rt_text_add(&out, hosts->class_names[i]);
    }
    rt_text_add(&out, RT_STR(")\\.class\\.invalid)"));
    return rt_text_str(&out);
}

/* ---- from the data file
 * --------------------------------------------------------------------------------------- */
static int compare_names(const void *a, const void *b)
{
    const RtHostName *left = a, *right = b;
    int order = rt_str_compare(host_part(left->name), host_part(right->name));
    return order ? order : rt_str_compare(path_part(left->name), path_part(right->name));
}

static void add_class(RtHosts *hosts, RtStr name)
{
    if (!rt_hosts_class(hosts, name) && hosts->class_count < RT_HOST_CLASSES)
        hosts->class_names[hosts->class_count++] = name;
}

void rt_hosts_build(RtHosts *hosts, RtArena *arena, const RtDoc *doc, RtFaultAt *fault,
                    void *context)
{
    for (size_t i = 0; i < RT_COUNT(judged_classes); i++)
        add_class(hosts, rt_str_from_c(judged_classes[i]));
    if (!doc || doc->kind != RT_DOC_MAP) {
        if (doc)
            fault(context, doc->line, RT_STR("hosts are a map: class to list of names"));
        return;
    }
    size_t capacity = hosts->name_count;
    for (size_t i = 0; i < doc->count; i++) {
        const RtDoc *list = &doc->items[i];
        if (list->kind != RT_DOC_LIST) {
            fault(context, doc->keys[i].line, RT_STR("a host class is a list of names"));
            continue;
        }
        add_class(hosts, doc->keys[i].text);
        uint64_t bit = rt_hosts_class(hosts, doc->keys[i].text);
        if (!bit)
            fault(context, doc->keys[i].line, RT_STR("more than 64 host classes"));
        for (size_t j = 0; j < list->count; j++) {
            if (list->items[j].kind != RT_DOC_TEXT || !list->items[j].text.len)
                fault(context, list->items[j].line, RT_STR("a host name is a text"));
            else
                RT_PUSH(arena, hosts->names, hosts->name_count, capacity) =
                    (RtHostName){ .name = list->items[j].text, .classes = bit };
        }
    }
    if (hosts->name_count)
        qsort(hosts->names, hosts->name_count, sizeof *hosts->names, compare_names);
}
