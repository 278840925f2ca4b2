/* resource.c - paths, hosts and keys in one spelling.
 *
 * The value flow already folds joins and writes the home folder as "~"; the emulator answers with
 * the folders of its world; shells and manifests write variables. All of them meet here. Windows
 * and POSIX are told apart by nothing: a pair may be written on either. */
#include "link/resource.h"

#include "base/glob.h"

enum { PARTS = 32, RAW_MOST = 1024 };

typedef struct {
    const char *written; /* compared without regard to case */
    const char *head;
} Head;

/* Longer ones before those they begin with. */
static const Head heads[] = {
    { "C:/Users/dev/AppData/Local/Temp", "$TMP" },
    { "C:/Users/dev/project", "$PROJ" },
    { "C:/Users/dev", "$HOME" },
    { "C:/Windows/Temp", "$TMP" },
    { "/home/dev/project", "$PROJ" },
    { "/Users/dev/project", "$PROJ" },
    { "/home/*", "$HOME" },
    { "/Users/*", "$HOME" },
    { "C:/Users/*", "$HOME" },
    { "/root", "$HOME" },
    { "~/AppData/Local/Temp", "$TMP" },
    { "~", "$HOME" },
    { "$HOME", "$HOME" },
    { "${HOME}", "$HOME" },
    { "$env:USERPROFILE", "$HOME" },
    { "$env:HOME", "$HOME" },
    { "$env:APPDATA", "$HOME/AppData/Roaming" },
    { "$env:LOCALAPPDATA", "$HOME/AppData/Local" },
    { "$env:TEMP", "$TMP" },
    { "$env:TMP", "$TMP" },
    { "%USERPROFILE%", "$HOME" },
    { "%HOMEDRIVE%%HOMEPATH%", "$HOME" },
    { "%HOMEPATH%", "$HOME" },
    { "%APPDATA%", "$HOME/AppData/Roaming" },
    { "%LOCALAPPDATA%", "$HOME/AppData/Local" },
    { "%TEMP%", "$TMP" },
    { "%TMP%", "$TMP" },
    { "$TMPDIR", "$TMP" },
    { "${TMPDIR}", "$TMP" },
    { "$TMP", "$TMP" },
    { "/private/tmp", "$TMP" },
    { "/var/folders/zz/T", "$TMP" },
    { "/var/tmp", "$TMP" },
    { "/tmp", "$TMP" },
    { "$INIT_CWD", "$PROJ" },
    { "${INIT_CWD}", "$PROJ" },
    { "%INIT_CWD%", "$PROJ" },
    { "$PWD", "$PROJ" },
    { "%CD%", "$PROJ" },
    { "$PROJ", "$PROJ" },
    { "$NM", "$NM" },
};

static bool is_letter(uint8_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

/* The bytes of `path` that `written` covers, up to a slash or the end; 0: it is another head. */
static size_t covers(RtStr path, RtStr written)
{
    bool any = rt_str_ends(written, RT_STR("*"));
    written.len -= any;
    if (path.len < written.len || !rt_str_equal_nocase(rt_str_sub(path, 0, written.len), written))
        return 0;
    size_t end = written.len;
    while (any && end < path.len && path.at[end] != '/')
        end++;
    if (any && end == written.len)
        return 0;
    return end == path.len || path.at[end] == '/' ? end : 0;
}

static RtStr with_slashes(RtArena *arena, RtStr raw)
{
    uint8_t *bytes = rt_arena_bytes(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        uint8_t c = raw.at[i] == '\\' ? '/' : raw.at[i];
        if (c != '/' || len == 0 || bytes[len - 1] != '/')
            bytes[len++] = c;
    }
    return (RtStr){ bytes, len };
}

/* Cuts the head off *path; what it stands for. */
static RtStr take_head(RtStr *path)
{
    for (size_t i = 0; i < RT_COUNT(heads); i++) {
        size_t end = covers(*path, rt_str_from_c(heads[i].written));
        if (end == 0)
            continue;
        *path = rt_str_from(*path, end);
        return rt_str_from_c(heads[i].head);
    }
    if (path->len >= 2 && is_letter(path->at[0]) && path->at[1] == ':') {
        RtStr drive = rt_str_sub(*path, 0, 2);
        *path = rt_str_from(*path, 2);
        return drive;
    }
    return path->len != 0 && path->at[0] == '/' ? RT_STR("") : RT_STR("$PROJ");
}

static bool has_holes(RtStr raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] < 0x20 || raw.at[i] == '<' || raw.at[i] == '>' || raw.at[i] == '|' ||
            raw.at[i] == '*' || raw.at[i] == '"')
            return true;
    return rt_str_has(raw, RT_STR("\xEF\xBF\xBC"));
}

/* What stands behind the last "/node_modules/", or nothing. */
static RtStr below_modules(RtStr path)
{
    RtStr mark = RT_STR("node_modules/"), found = { 0 };
    for (RtStr rest = path;;) {
        size_t at = rt_str_find(rest, mark);
        if (at == RT_NOT_FOUND)
            return found;
        if (at == 0 || rest.at[at - 1] == '/')
            found = rt_str_from(rest, at + mark.len);
        rest = rt_str_from(rest, at + mark.len);
    }
}

RtStr rt_resource_path(RtArena *arena, RtStr raw)
{
    RtStr none = { 0 }, parts[PARTS], part;
    raw = rt_str_trim(raw);
    if (rt_str_starts(raw, RT_STR("file://")))
        raw = rt_str_from(raw, 7);
    if (raw.len < 2 || raw.len > RAW_MOST || has_holes(raw) || rt_str_has(raw, RT_STR("://")))
        return none;
    RtStr path = with_slashes(arena, raw), head, inside = below_modules(path);
    if (inside.len != 0) {
        path = inside;
        head = RT_STR("$NM");
    } else {
        head = take_head(&path);
    }
    size_t count = 0;
    while (rt_str_next(&path, '/', &part)) {
        if (part.len == 0 || rt_str_equal(part, RT_STR(".")))
            continue;
        bool is_up = rt_str_equal(part, RT_STR(".."));
        if ((is_up && count == 0) || (!is_up && count == PARTS))
            return none;
        count -= is_up;
        if (!is_up)
            parts[count++] = part;
    }
    RtText text = { .arena = arena, .limit = RT_SUMMARY_TEXT };
    rt_text_add(&text, head);
    for (size_t i = 0; i < count; i++) {
        rt_text_byte(&text, '/');
        rt_text_add(&text, parts[i]);
    }
    return count == 0 || text.cut ? none : rt_text_str(&text);
}

RtStr rt_resource_host(RtArena *arena, RtStr url, uint32_t *ret_port)
{
    RtStr none = { 0 };
    size_t at = rt_str_find(url, RT_STR("://"));
    RtStr rest = at == RT_NOT_FOUND ? url : rt_str_from(url, at + 3);
    *ret_port = 0;
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] == '/' || rest.at[i] == '?' || rest.at[i] == '#')
            rest.len = i;
    }
    at = rt_str_rfind_byte(rest, '@');
    if (at != RT_NOT_FOUND)
        rest = rt_str_from(rest, at + 1);
    at = rt_str_rfind_byte(rest, ':');
    bool is_v6 = at != RT_NOT_FOUND && rt_str_find_byte(rest, ':') != at &&
                 !(rest.at[0] == '[' && rest.at[at - 1] == ']');
    uint64_t port = 0;
    if (at != RT_NOT_FOUND && !is_v6 && rt_str_number(rt_str_from(rest, at + 1), &port)) {
        rest.len = at;
        *ret_port = port < 65536 ? (uint32_t)port : 0;
    }
    for (size_t i = 0; i < rest.len; i++) {
        uint8_t c = rest.at[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_' &&
            c != ':' && c != '[' && c != ']')
            return none;
    }
    return rest.len > 253 ? none : rt_str_lower(arena, rest);
}

bool rt_resource_is_local(RtStr host)
{
    return rt_str_equal(host, RT_STR("localhost")) || rt_str_starts(host, RT_STR("127.")) ||
           rt_str_equal(host, RT_STR("0.0.0.0")) || rt_str_equal(host, RT_STR("[::1]")) ||
           rt_str_equal(host, RT_STR("::1")) || rt_str_equal(host, RT_STR("::")) ||
           rt_str_ends(host, RT_STR(".localhost"));
}

RtStr rt_resource_key(RtArena *arena, RtStr raw)
{
    static const struct {
        const char *written, *meant;
    } roots[] = { { "HKEY_CURRENT_USER", "HKCU" },
                  { "HKEY_LOCAL_MACHINE", "HKLM" },
                  { "HKEY_CLASSES_ROOT", "HKCR" },
                  { "HKEY_USERS", "HKU" },
                  { "HKCU:", "HKCU" },
                  { "HKLM:", "HKLM" },
                  { "HKCU", "HKCU" },
                  { "HKLM", "HKLM" },
                  { "HKCR", "HKCR" },
                  { "HKU", "HKU" } };
    RtStr path = with_slashes(arena, rt_str_trim(raw));
    if (path.len > RT_SUMMARY_TEXT || has_holes(path))
        return (RtStr){ 0 };
    for (size_t i = 0; i < RT_COUNT(roots); i++) {
        size_t end = covers(path, rt_str_from_c(roots[i].written));
        if (end == 0 || end == path.len)
            continue;
        return rt_str_lower(
            arena, rt_str_format(arena, "%s%.*s", roots[i].meant, RT_FMT(rt_str_from(path, end))));
    }
    return (RtStr){ 0 };
}

bool rt_resource_is_known(RtResourceKind kind, RtStr text)
{
    static const struct {
        RtResourceKind kind;
        const char *glob;
    } known[] = {
#define KNOWN(kind, glob) { RT_RESOURCE_##kind, glob },
#include "link/known_resources.list"
#undef KNOWN
    };
    for (size_t i = 0; i < RT_COUNT(known); i++)
        if (known[i].kind == kind && rt_glob_fits(rt_str_from_c(known[i].glob), text))
            return true;
    return false;
}
