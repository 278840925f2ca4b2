/* registry.c - reads whom the person trusts, and answers for each address whether it is one of
 * those. npm keys credentials by place (npm's "nerf dart": "//host/path/"); the same form serves
 * the user part of an index address of pip. */
#include "audit/registry.h"

#include "audit/audit.h"
#include "base/base64.h"
#include "base/words.h"

enum { URL_MOST = 2000, VARIABLE_MOST = 200 };

/* ---- addresses */

static bool is_plain_url(RtStr url)
{
    if (url.len > URL_MOST)
        return false;
    for (size_t i = 0; i < url.len; i++)
        if (url.at[i] <= ' ' || url.at[i] >= 0x7f || url.at[i] == '\\' || url.at[i] == '"')
            return false;
    return rt_str_starts(url, RT_STR("https://")) || rt_str_starts(url, RT_STR("http://"));
}

RtStr rt_url_origin(RtArena *arena, RtStr url)
{
    RtStr host = rt_audit_host(url);
    bool is_secure = rt_str_starts(url, RT_STR("https://"));
    size_t start = is_secure ? 8 : 7;
    if (!is_plain_url(url) || host.len == 0 || url.len < start + host.len ||
        !rt_str_equal(rt_str_sub(url, start, host.len), host)) /* a user part */
        return RT_STR("");
    RtStr port = is_secure ? RT_STR(":443") : RT_STR(":80");
    if (rt_str_ends(host, port))
        host = rt_str_sub(host, 0, host.len - port.len);
    return rt_str_format(arena, "%s%.*s", is_secure ? "https://" : "http://",
                         RT_FMT(rt_str_lower(arena, host)));
}

/* The page's own path with the last name cut off and "../" taken back. */
static RtStr joined_path(RtArena *arena, RtStr base, size_t origin_len, RtStr to)
{
    size_t slash = rt_str_rfind_byte(base, '/');
    RtStr folder =
        rt_str_sub(base, 0, slash == RT_NOT_FOUND || slash < origin_len ? origin_len : slash);
    RtStr rest = to, piece;
    RtText out = { .arena = arena };
    size_t kept = 0; /* of `to` */
    while (rt_str_next(&rest, '/', &piece) &&
           (rt_str_equal(piece, RT_STR("..")) || rt_str_equal(piece, RT_STR(".")))) {
        kept += piece.len + 1;
        size_t up = rt_str_rfind_byte(folder, '/');
        if (piece.len == 2)
            folder = rt_str_sub(folder, 0, up == RT_NOT_FOUND || up < origin_len ? origin_len : up);
    }
    rt_text_format(&out, "%.*s/%.*s", RT_FMT(folder),
                   RT_FMT(rt_str_from(to, kept < to.len ? kept : to.len)));
    return rt_text_str(&out);
}

RtStr rt_url_join(RtArena *arena, RtStr base, RtStr to)
{
    size_t scheme = rt_str_find(base, RT_STR("://"));
    if (scheme == RT_NOT_FOUND || to.len == 0)
        return RT_STR("");
    size_t query = rt_str_find_byte(base, '?');
    base = rt_str_sub(base, 0, query == RT_NOT_FOUND ? base.len : query);
    size_t path = rt_str_find_byte(rt_str_from(base, scheme + 3), '/');
    size_t origin_len = path == RT_NOT_FOUND ? base.len : scheme + 3 + path;
    RtStr url = to;
    if (rt_str_starts(to, RT_STR("//")))
        url = rt_str_format(arena, "%.*s:%.*s", RT_FMT(rt_str_sub(base, 0, scheme)), RT_FMT(to));
    else if (to.at[0] == '/')
        url = rt_str_format(arena, "%.*s%.*s", RT_FMT(rt_str_sub(base, 0, origin_len)), RT_FMT(to));
    else if (rt_str_find(rt_str_sub(to, 0, 40), RT_STR("://")) == RT_NOT_FOUND)
        url = joined_path(arena, base, origin_len, to);
    return is_plain_url(url) ? url : RT_STR("");
}

/* ---- what is known */

static RtStr encoded(RtArena *arena, RtStr bytes)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    RtText out = { .arena = arena };
    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < bytes.len ? bytes.at[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            rt_text_byte(&out,
                         i + k > bytes.len ? '=' : (uint8_t)letters[group >> (18 - 6 * k) & 63]);
    }
    return rt_text_str(&out);
}

static bool is_header_text(RtStr text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < ' ' || text.at[i] == 0x7f)
            return false;
    return text.len > 0 && text.len < 8000;
}

static void add_credential(RtRegistries *registries, RtStr place, const char *scheme, RtStr value)
{
    bool has_host = rt_str_starts(place, RT_STR("//")) && rt_str_ends(place, RT_STR("/")) &&
                    place.len > 3 && place.at[2] != '/'; /* "//" alone is below every address */
    if (!is_header_text(value) || !has_host)
        return;
    RtStr header =
        rt_str_format(registries->arena, "Authorization: %s %.*s", scheme, RT_FMT(value));
    RT_PUSH(registries->arena, registries->credentials, registries->credential_count,
            registries->credential_capacity) =
        (RtCredential){ .place = rt_str_copy(registries->arena, place), .header = header };
}

static RtStr percent_decoded(RtArena *arena, RtStr text)
{
    static const char digits[] = "0123456789abcdef";
    RtText out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        size_t high = 16, low = 16;
        if (text.at[i] == '%' && i + 2 < text.len) {
            high = rt_str_find_byte(rt_str_from_c(digits), text.at[i + 1] | 0x20);
            low = rt_str_find_byte(rt_str_from_c(digits), text.at[i + 2] | 0x20);
        }
        bool is_coded = high < 16 && low < 16;
        rt_text_byte(&out, is_coded ? (uint8_t)(high * 16 + low) : text.at[i]);
        i += is_coded ? 2 : 0;
    }
    return rt_text_str(&out);
}

/* "https://user:pass@host/path" -> "https://host/path", and the user part as a credential. */
static RtStr without_user(RtRegistries *registries, RtStr url, RtStr *ret_user)
{
    RtStr host = rt_audit_host(url);
    size_t start = rt_str_starts(url, RT_STR("https://")) ? 8 : 7;
    size_t at = host.len ? (size_t)(host.at - url.at) : start;
    *ret_user = RT_STR("");
    if (at <= start)
        return url;
    *ret_user = percent_decoded(registries->arena, rt_str_sub(url, start, at - start - 1));
    return rt_str_format(registries->arena, "%.*s%.*s", RT_FMT(rt_str_sub(url, 0, start)),
                         RT_FMT(rt_str_from(url, at)));
}

/* "//host:1/path/": what npm keys credentials by. */
static RtStr place_of(RtStr url)
{
    size_t colon = rt_str_find_byte(url, ':');
    return rt_str_from(url, colon == RT_NOT_FOUND ? url.len : colon + 1);
}

bool rt_registry_add(RtRegistries *registries, const char *client, RtStr scope, RtStr url)
{
    RtStr user;
    if (!is_plain_url(url))
        return false;
    url = without_user(registries, url, &user);
    if (url.len > 0 && url.at[url.len - 1] != '/')
        url = rt_str_format(registries->arena, "%.*s/", RT_FMT(url));
    if (rt_url_origin(registries->arena, url).len == 0)
        return false;
    if (user.len > 0) {
        RtText both = { .arena = registries->arena };
        rt_text_format(&both, "%.*s%s", RT_FMT(user),
                       rt_str_find_byte(user, ':') == RT_NOT_FOUND ? ":" : "");
        add_credential(registries,
                       rt_str_format(registries->arena, "%.*s/",
                                     RT_FMT(place_of(rt_url_origin(registries->arena, url)))),
                       "Basic", encoded(registries->arena, rt_text_str(&both)));
    }
    RT_PUSH(registries->arena, registries->items, registries->count, registries->capacity) =
        (RtRegistry){ .client = rt_str_from_c(client),
                      .scope = rt_str_copy(registries->arena, scope),
                      .url = rt_str_copy(registries->arena, url) };
    return true;
}

/* ---- .npmrc */

/* "${NAME}" by its value; as it is when nobody knows it, as npm does. */
static RtStr expanded(const RtRegistries *registries, RtStr text)
{
    RtText out = { .arena = registries->arena };
    for (size_t i = 0; i < text.len;) {
        RtStr rest = rt_str_from(text, i);
        size_t end = rt_str_starts(rest, RT_STR("${")) ? rt_str_find_byte(rest, '}') : RT_NOT_FOUND;
        const char *value = NULL;
        if (end != RT_NOT_FOUND && end < VARIABLE_MOST && registries->variable)
            value = registries->variable(rt_str_c(registries->arena, rt_str_sub(rest, 2, end - 2)));
        if (value) {
            rt_text_add(&out, rt_str_from_c(value));
            i += end + 1;
        } else {
            rt_text_byte(&out, text.at[i++]);
        }
    }
    return rt_text_str(&out);
}

typedef struct {
    RtStr place, user, password; /* of the place that was read last */
} Pair;

static void take_secret(RtRegistries *registries, Pair *pair, RtStr key, RtStr value)
{
    size_t colon = rt_str_rfind_byte(key, ':');
    RtStr place = rt_str_sub(key, 0, colon), what = rt_str_from(key, colon + 1), plain;
    if (!rt_str_equal(place, pair->place))
        *pair = (Pair){ .place = place };
    if (rt_str_equal(what, RT_STR("_authToken")))
        add_credential(registries, place, "Bearer", value);
    else if (rt_str_equal(what, RT_STR("_auth")))
        add_credential(registries, place, "Basic", value);
    else if (rt_str_equal(what, RT_STR("username")))
        pair->user = value;
    else if (rt_str_equal(what, RT_STR("_password")) &&
             rt_base64_decode(registries->arena, value, &plain))
        pair->password = plain;
    if (pair->user.len > 0 && pair->password.len > 0) {
        RtStr both = rt_str_format(registries->arena, "%.*s:%.*s", RT_FMT(pair->user),
                                   RT_FMT(pair->password));
        add_credential(registries, place, "Basic", encoded(registries->arena, both));
        *pair = (Pair){ .place = place };
    }
}

static RtStr unquoted(RtStr text)
{
    text = rt_str_trim(text);
    bool quoted = text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"';
    return quoted ? rt_str_sub(text, 1, text.len - 2) : text;
}

void rt_registry_read_npmrc(RtRegistries *registries, RtStr bytes)
{
    RtStr rest = bytes, line;
    Pair pair = { 0 };
    while (rt_str_next(&rest, '\n', &line)) {
        line = rt_str_trim(line);
        size_t equals = rt_str_find_byte(line, '=');
        if (equals == RT_NOT_FOUND || line.at[0] == '#' || line.at[0] == ';')
            continue;
        RtStr key = rt_str_trim(rt_str_sub(line, 0, equals));
        RtStr value = expanded(registries, unquoted(rt_str_from(line, equals + 1)));
        if (rt_str_starts(key, RT_STR("//")) && rt_str_has(key, RT_STR("/:")))
            take_secret(registries, &pair, key, value);
        else if (rt_str_equal(key, RT_STR("registry")))
            (void)rt_registry_add(registries, "npm", RT_STR(""), value);
        else if (key.len > 0 && key.at[0] == '@' && rt_str_ends(key, RT_STR(":registry")))
            (void)rt_registry_add(registries, "npm", rt_str_sub(key, 0, key.len - 9), value);
    }
}

/* ---- other clients' settings, read behind the wall */

static bool is_known_host(const RtRegistries *registries, RtStr url)
{
    RtStr origin = rt_url_origin(registries->arena, url);
    for (size_t i = 0; i < registries->count && origin.len > 0; i++)
        if (rt_str_equal(origin, rt_url_origin(registries->arena, registries->items[i].url)))
            return true;
    RtStr host = rt_audit_host(url);
    for (size_t i = 0; i < registries->credential_count && origin.len > 0; i++)
        if (rt_str_equal_nocase(
                host, rt_audit_host(rt_str_format(registries->arena, "https:%.*s",
                                                  RT_FMT(registries->credentials[i].place)))))
            return true;
    return false;
}

/* `further`: those that are asked after the first. */
static void take_setting(RtRegistries *registries, const RtSetting *setting, bool further)
{
    bool is_npm = rt_word_in(setting->client, "npm yarn pnpm bun");
    bool is_python = rt_word_in(setting->client, "pip uv poetry pdm");
    RtStr key = setting->key, scope = RT_STR(""), user, url = setting->value;
    if (key.len > 0 && key.at[0] == '@' && rt_str_ends(key, RT_STR(":registry")))
        scope = rt_str_sub(key, 0, key.len - 9);
    bool is_first = (is_npm && (scope.len > 0 || rt_str_equal(key, RT_STR("registry")))) ||
                    (is_python && rt_str_equal(key, RT_STR("index")));
    bool is_further = is_python && rt_str_equal(key, RT_STR("extra-index"));
    if (!(further ? is_further : is_first) || !is_plain_url(url))
        return;
    if (!setting->is_personal) {
        url = without_user(registries, url, &user);
        if (!is_known_host(registries, url))
            return;
    }
    (void)rt_registry_add(registries, is_npm ? "npm" : "pypi", scope, url);
}

void rt_registry_take_settings(RtRegistries *registries, const RtProject *project)
{
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < project->setting_count; i++)
            take_setting(registries, &project->settings[i], pass > 0);
}

/* ---- answers */

RtStr rt_registry_for(const RtRegistries *registries, const char *client, RtStr name)
{
    size_t slash = rt_str_find_byte(name, '/');
    RtStr scope = name.len > 0 && name.at[0] == '@' ? rt_str_sub(name, 0, slash) : RT_STR("");
    const RtRegistry *found = NULL;
    for (size_t i = 0; i < registries->count; i++) {
        const RtRegistry *registry = &registries->items[i];
        bool is_client = rt_str_equal(registry->client, rt_str_from_c(client));
        if (is_client && scope.len > 0 && rt_str_equal(registry->scope, scope))
            return registry->url;
        if (is_client && registry->scope.len == 0 && !found)
            found = registry;
    }
    return found ? found->url : RT_STR("");
}

bool rt_registry_may(const RtRegistries *registries, const char *client, RtStr url)
{
    RtStr origin = rt_url_origin(registries->arena, url);
    for (size_t i = 0; i < registries->count && origin.len > 0; i++)
        if (rt_str_equal(registries->items[i].client, rt_str_from_c(client)) &&
            rt_str_equal(origin, rt_url_origin(registries->arena, registries->items[i].url)))
            return true;
    return false;
}

RtStr rt_registry_header(const RtRegistries *registries, RtStr url)
{
    const RtCredential *found = NULL;
    RtStr place = place_of(url);
    for (size_t i = 0; i < registries->credential_count; i++) {
        const RtCredential *credential = &registries->credentials[i];
        bool is_below =
            rt_str_starts(place, credential->place) && rt_str_ends(credential->place, RT_STR("/"));
        if (is_below && (!found || credential->place.len > found->place.len))
            found = credential;
    }
    return found ? found->header : RT_STR("");
}
