/* purl.c - the grammar of package URLs is small; what a name means is each type's own matter, and
 * those rules stand in one table. Source: package-url/purl-spec, PURL-SPECIFICATION.rst and the
 * type definitions; docs/INTEL.md says how the public suite of cases comes out. */
#include "intel/purl.h"

#include <string.h>

enum { LONGEST = 16 << 10 };

/* ---- percent signs -------------------------------------------------------------------------- */

static int hex_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static RtStr decoded(RtArena *arena, RtStr text)
{
    if (rt_str_find_byte(text, '%') == RT_NOT_FOUND)
        return text;
    uint8_t *at = rt_arena_bytes(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len ? hex_value(text.at[i + 1]) : -1;
        int low = i + 2 < text.len ? hex_value(text.at[i + 2]) : -1;
        if (text.at[i] == '%' && high >= 0 && low >= 0) {
            at[len++] = (uint8_t)(high * 16 + low);
            i += 2;
        } else {
            at[len++] = text.at[i];
        }
    }
    return (RtStr){ at, len };
}

/* All but letters, digits and ". - _ ~ :"; `also` stays as it is, too. */
static void encode(RtText *out, RtStr text, uint8_t also)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || byte == '.' || byte == '-' || byte == '_' ||
                     byte == '~' || byte == ':' || (also != 0 && byte == also);
        if (plain)
            rt_text_byte(out, byte);
        else
            rt_text_format(out, "%%%02X", byte);
    }
}

/* ---- what types say of their parts ---------------------------------------------------------- */

enum {
    LOWER_NAME = 1 << 0,
    LOWER_SPACE = 1 << 1,
    NO_SPACE = 1 << 3,
    NEEDS_SPACE = 1 << 4,
    LOWER_VERSION = 1 << 5,
    NEEDS_VERSION = 1 << 6,
    DASHES_PYPI = 1 << 7,
};

static const struct {
    const char *type;
    unsigned rules;
} types[] = {
    { "alpm", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "apk", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "bazel", NO_SPACE },
    { "bitbucket", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "brew", LOWER_NAME | LOWER_SPACE },
    { "bitnami", LOWER_NAME | NO_SPACE },
    { "cargo", NO_SPACE },
    { "cocoapods", NO_SPACE },
    { "composer", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "conda", NO_SPACE | LOWER_NAME },

    { "cran", NO_SPACE | NEEDS_VERSION },
    { "deb", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "gem", NO_SPACE },
    { "github", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "golang", LOWER_NAME | LOWER_SPACE },
    { "hackage", NO_SPACE },
    { "hex", LOWER_NAME | LOWER_SPACE },
    { "huggingface", LOWER_VERSION },
    { "julia", NO_SPACE },
    { "luarocks", LOWER_NAME | LOWER_SPACE },
    { "maven", NEEDS_SPACE },
    { "mlflow", NO_SPACE },
    { "npm", LOWER_NAME | LOWER_SPACE },
    { "nuget", NO_SPACE },
    { "oci", LOWER_NAME | NO_SPACE },
    { "opam", NO_SPACE },
    { "otp", LOWER_NAME | NO_SPACE },
    { "pub", LOWER_NAME | NO_SPACE },
    { "pypi", LOWER_NAME | NO_SPACE | DASHES_PYPI },
    { "qpkg", LOWER_SPACE | NEEDS_SPACE },
    { "rpm", LOWER_SPACE | NEEDS_SPACE },
    { "swift", NEEDS_SPACE | NEEDS_VERSION },
    { "vcpkg", NO_SPACE },
    { "vscode-extension", LOWER_NAME | LOWER_SPACE | NEEDS_SPACE },
    { "yocto", LOWER_NAME },
};

static unsigned rules_of(RtStr type)
{
    for (size_t i = 0; i < RT_COUNT(types); i++)
        if (rt_str_equal(type, rt_str_from_c(types[i].type)))
            return types[i].rules;
    return 0;
}

static RtStr dashed(RtArena *arena, RtStr name)
{
    uint8_t *at = rt_arena_bytes(arena, name.len);
    for (size_t i = 0; i < name.len; i++)
        at[i] = name.at[i] == '_' ? '-' : name.at[i];
    return (RtStr){ at, name.len };
}

static const RtPurlQualifier *qualifier(const RtPurl *purl, const char *key)
{
    for (size_t i = 0; i < purl->qualifier_count; i++)
        if (rt_str_equal(purl->qualifiers[i].key, rt_str_from_c(key)))
            return &purl->qualifiers[i];
    return NULL;
}

/* Normalises by the type; false when a part is missing that the type needs, or is there that it
 * forbids. */
static bool normalise(RtArena *arena, RtPurl *purl)
{
    unsigned rules = rules_of(purl->type);
    if (purl->name.len == 0)
        return false;
    if (rules & LOWER_NAME)
        purl->name = rt_str_lower(arena, purl->name);
    if (rules & LOWER_SPACE)
        purl->namespace_ = rt_str_lower(arena, purl->namespace_);
    if (rules & LOWER_VERSION)
        purl->version = rt_str_lower(arena, purl->version);
    if (rules & DASHES_PYPI)
        purl->name = dashed(arena, purl->name);
    if (rt_str_equal(purl->type, RT_STR("mlflow"))) {
        const RtPurlQualifier *host = qualifier(purl, "repository_url");
        if (host != NULL && rt_str_has(host->value, RT_STR("azuredatabricks")))
            purl->name = rt_str_lower(arena, purl->name);
    }
    if (rt_str_equal(purl->type, RT_STR("cpan")) && rt_str_has(purl->name, RT_STR("::")))
        return false; /* a module; the type wants its distribution */
    return !((rules & NO_SPACE) && purl->namespace_.len > 0) &&
           !((rules & NEEDS_SPACE) && purl->namespace_.len == 0) &&
           !((rules & NEEDS_VERSION) && purl->version.len == 0);
}

static bool is_word(RtStr word, const char *also)
{
    for (size_t i = 0; i < word.len; i++) {
        uint8_t byte = word.at[i];
        bool letter = byte >= 'a' && byte <= 'z', digit = byte >= '0' && byte <= '9';
        if (!letter && !(digit && i > 0) && (i == 0 || strchr(also, byte) == NULL || byte == 0))
            return false;
    }
    return word.len > 0;
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Segments decoded and joined by '/'; empty ones are dropped, and dots where `is_subpath`. */
static bool take_segments(RtArena *arena, RtStr text, bool is_subpath, RtStr *ret_joined)
{
    RtText out = { .arena = arena };
    RtStr segment;
    while (rt_str_next(&text, '/', &segment)) {
        segment = decoded(arena, segment);
        bool is_dots = rt_str_equal(segment, RT_STR(".")) || rt_str_equal(segment, RT_STR(".."));
        if (segment.len == 0 || (is_subpath && is_dots))
            continue;
        if (rt_str_find_byte(segment, '/') != RT_NOT_FOUND)
            return false;
        if (out.len > 0)
            rt_text_byte(&out, '/');
        rt_text_add(&out, segment);
    }
    *ret_joined = rt_text_str(&out);
    return true;
}

static bool add_qualifier(RtPurl *purl, RtPurlQualifier pair)
{
    size_t at = purl->qualifier_count;
    if (at == RT_PURL_QUALIFIERS || !is_word(pair.key, ".-_") || qualifier(purl, "") != NULL)
        return false;
    while (at > 0 && rt_str_compare(purl->qualifiers[at - 1].key, pair.key) > 0) {
        purl->qualifiers[at] = purl->qualifiers[at - 1];
        at--;
    }
    if (at > 0 && rt_str_equal(purl->qualifiers[at - 1].key, pair.key))
        return false;
    purl->qualifiers[at] = pair;
    purl->qualifier_count++;
    return true;
}

static bool take_qualifiers(RtArena *arena, RtStr text, RtPurl *purl)
{
    RtStr pair;
    while (rt_str_next(&text, '&', &pair)) {
        size_t equals = rt_str_find_byte(pair, '=');
        if (pair.len == 0)
            continue;
        if (equals == RT_NOT_FOUND)
            return false;
        RtStr value = decoded(arena, rt_str_from(pair, equals + 1));
        RtStr key = rt_str_lower(arena, rt_str_sub(pair, 0, equals));
        if (!is_word(key, ".-_"))
            return false;
        if (value.len > 0 && !add_qualifier(purl, (RtPurlQualifier){ key, value }))
            return false;
    }
    return true;
}

/* "type/namespace/name@version" into its parts. */
static bool take_path(RtArena *arena, RtStr rest, RtPurl *purl)
{
    while (rt_str_starts(rest, RT_STR("/")))
        rest = rt_str_from(rest, 1);
    size_t slash = rt_str_find_byte(rest, '/');
    if (slash == RT_NOT_FOUND)
        return false;
    purl->type = rt_str_lower(arena, rt_str_sub(rest, 0, slash));
    rest = rt_str_from(rest, slash + 1);
    while (rt_str_ends(rest, RT_STR("/")))
        rest.len--;
    size_t at = rt_str_rfind_byte(rest, '@'), last = rt_str_rfind_byte(rest, '/');
    bool is_scope = at != RT_NOT_FOUND && last != RT_NOT_FOUND && at < last &&
                    (at == 0 || rest.at[at - 1] == '/'); /* "@scope/name", not encoded */
    if (at != RT_NOT_FOUND && !is_scope) {
        purl->version = decoded(arena, rt_str_from(rest, at + 1));
        rest = rt_str_sub(rest, 0, at);
    }
    slash = rt_str_rfind_byte(rest, '/');
    RtStr name = slash == RT_NOT_FOUND ? rest : rt_str_from(rest, slash + 1);
    purl->name = decoded(arena, name);
    return take_segments(arena, slash == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_sub(rest, 0, slash),
                         false, &purl->namespace_);
}

bool rt_purl_read(RtArena *arena, RtStr text, RtPurl *ret_purl)
{
    RtPurl purl = { 0 };
    if (text.len < 4 || text.len > LONGEST || !rt_utf8_is_valid(text) ||
        !rt_str_equal_nocase(rt_str_sub(text, 0, 4), RT_STR("pkg:")))
        return false;
    RtStr rest = rt_str_from(text, 4);
    size_t mark = rt_str_rfind_byte(rest, '#');
    if (mark != RT_NOT_FOUND) {
        if (!take_segments(arena, rt_str_from(rest, mark + 1), true, &purl.subpath))
            return false;
        rest = rt_str_sub(rest, 0, mark);
    }
    mark = rt_str_rfind_byte(rest, '?');
    if (mark != RT_NOT_FOUND) {
        if (!take_qualifiers(arena, rt_str_from(rest, mark + 1), &purl))
            return false;
        rest = rt_str_sub(rest, 0, mark);
    }
    if (!take_path(arena, rest, &purl) || !is_word(purl.type, ".-") || !normalise(arena, &purl))
        return false;
    *ret_purl = purl;
    return true;
}

/* ---- building ------------------------------------------------------------------------------- */

bool rt_purl_text(RtArena *arena, const RtPurl *given, RtStr *ret_text)
{
    RtPurl purl = *given;
    purl.type = rt_str_lower(arena, purl.type);
    purl.qualifier_count = 0;
    if (!is_word(purl.type, ".-"))
        return false;
    for (size_t i = 0; i < given->qualifier_count; i++) {
        RtPurlQualifier pair = { rt_str_lower(arena, given->qualifiers[i].key),
                                 given->qualifiers[i].value };
        if (pair.value.len > 0 && !add_qualifier(&purl, pair))
            return false;
    }
    while (rt_str_starts(purl.namespace_, RT_STR("/")))
        purl.namespace_ = rt_str_from(purl.namespace_, 1);
    while (rt_str_ends(purl.namespace_, RT_STR("/")))
        purl.namespace_.len--;
    if (!normalise(arena, &purl))
        return false;
    RtText out = { .arena = arena };
    rt_text_format(&out, "pkg:%.*s/", RT_FMT(purl.type));
    if (purl.namespace_.len > 0) {
        encode(&out, purl.namespace_, '/');
        rt_text_byte(&out, '/');
    }
    encode(&out, purl.name, 0);
    if (purl.version.len > 0) {
        rt_text_byte(&out, '@');
        encode(&out, purl.version, 0);
    }
    for (size_t i = 0; i < purl.qualifier_count; i++) {
        rt_text_byte(&out, i == 0 ? '?' : '&');
        rt_text_add(&out, purl.qualifiers[i].key);
        rt_text_byte(&out, '=');
        encode(&out, purl.qualifiers[i].value, 0);
    }
    RtStr subpath = { 0 };
    (void)take_segments(arena, purl.subpath, true, &subpath);
    if (subpath.len > 0) {
        rt_text_byte(&out, '#');
        encode(&out, subpath, '/');
    }
    *ret_text = rt_text_str(&out);
    return true;
}

RtStr rt_purl_package(RtArena *arena, const RtPurl *purl)
{
    bool is_maven = rt_str_equal(purl->type, RT_STR("maven"));
    if (purl->namespace_.len == 0)
        return purl->name;
    return rt_str_format(arena, "%.*s%c%.*s", RT_FMT(purl->namespace_), is_maven ? ':' : '/',
                         RT_FMT(purl->name));
}

RtStr rt_purl_of(RtArena *arena, RtStr type, RtStr name, RtStr version)
{
    RtPurl purl = { .type = type, .name = name, .version = version };
    bool is_maven = rt_str_equal(type, RT_STR("maven"));
    bool can_split = !(rules_of(type) & NO_SPACE);
    size_t at = can_split ? rt_str_rfind_byte(name, is_maven ? ':' : '/') : RT_NOT_FOUND;
    if (at != RT_NOT_FOUND) {
        purl.namespace_ = rt_str_sub(name, 0, at);
        purl.name = rt_str_from(name, at + 1);
    }
    RtStr text = { 0 };
    (void)rt_purl_text(arena, &purl, &text);
    return text;
}
