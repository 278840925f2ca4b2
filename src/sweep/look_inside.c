/* look_inside.c - expressions, JSON values, and npm's own records: cache index and logs. */
#include <string.h>

#include "base/json.h"
#include "sweep/look.h"

enum { MATCHES_MOST = 25, RECORDS_MOST = 5000, KEY_PARTS = 16 };

static void answer(RtLookOut *out, uint32_t place, uint32_t line, RtStr snippet, RtStr ecosystem,
                   RtStr name, RtStr version)
{
    rt_put_number(&out->text, out->item);
    rt_put_number(&out->text, place);
    rt_put_number(&out->text, line);
    rt_put_text(&out->text, rt_str_sub(snippet, 0, RT_LOOK_SNIPPET));
    rt_put_text(&out->text, ecosystem);
    rt_put_text(&out->text, name);
    rt_put_text(&out->text, version);
    out->count++;
}

/* A window of the line around byte `at`. */
static RtStr window(RtStr bytes, size_t at)
{
    size_t from = at, end = at;
    while (from > 0 && at - from < 80 && bytes.at[from - 1] != '\n')
        from--;
    while (end < bytes.len && end - from < RT_LOOK_SNIPPET && bytes.at[end] != '\n')
        end++;
    return rt_str_trim(rt_str_sub(bytes, from, end - from));
}

static bool matches(const RtPlaces *places, const RtPlace *place, RtStr text, size_t from,
                    size_t *ret_at, size_t *ret_end)
{
    return rt_regex_find(places->regexes, place->match_index, place->match, text, from, ret_at,
                         ret_end);
}

/* Something in the text says that it is no trace after all. */
static bool is_excused(const RtPlaces *places, const RtPlace *place, RtStr text)
{
    size_t at, end;
    return place->unless.len != 0 && rt_regex_find(places->regexes, place->match_index + 1,
                                                   place->unless, text, 0, &at, &end);
}

static void look_for_text(RtLookOut *out, uint32_t index, RtStr bytes)
{
    const RtPlace *place = &out->places->items[index];
    uint32_t line = 1, told = 0;
    size_t counted = 0, at, end;
    if (is_excused(out->places, place, bytes))
        return;
    for (size_t from = 0; matches(out->places, place, bytes, from, &at, &end);) {
        line += rt_str_line(rt_str_sub(bytes, counted, at - counted), at - counted) - 1;
        counted = at;
        answer(out, index, line, window(bytes, at), RT_STR(""), RT_STR(""), RT_STR(""));
        if (++told == MATCHES_MOST)
            return;
        const uint8_t *newline = /* one answer a line */
            end < bytes.len ? memchr(bytes.at + end, '\n', bytes.len - end) : NULL;
        if (newline == NULL)
            return;
        from = (size_t)(newline - bytes.at) + 1;
    }
}

/* ---- JSON */

typedef struct {
    RtLookOut *out;
    uint32_t index, told;
    RtStr bytes;
} JsonLook;

/* Recursion is bounded by the parts of our own key. */
static void walk_json(JsonLook *look, const RtJson *value, RtStr keys)
{
    RtStr key, rest = keys;
    const RtPlace *place = &look->out->places->items[look->index];
    size_t at, end;
    if (value == NULL || look->told == MATCHES_MOST)
        return;
    if (!rt_str_next(&rest, '.', &key)) {
        RtStr text = value->kind == RT_JSON_BOOL ? (value->truth ? RT_STR("true") : RT_STR("false"))
                                                 : value->text;
        bool is_plain = value->kind == RT_JSON_STRING || value->kind == RT_JSON_NUMBER ||
                        value->kind == RT_JSON_BOOL;
        if (!is_plain || !matches(look->out->places, place, text, 0, &at, &end) ||
            is_excused(look->out->places, place, text))
            return;
        look->told++;
        answer(look->out, look->index, value->at ? rt_str_line(look->bytes, value->at) : 0, text,
               RT_STR(""), RT_STR(""), RT_STR(""));
        return;
    }
    bool any = rt_str_equal(key, RT_STR("*"));
    if (!any)
        walk_json(look, rt_json_get(value, key), rest);
    for (size_t i = 0; any && i < value->count; i++)
        walk_json(look, &value->items[i], rest);
}

static void look_for_json(RtLookOut *out, RtArena *arena, uint32_t index, RtStr bytes)
{
    const RtPlace *place = &out->places->items[index];
    RtJsonOptions options = { .lenient = true };
    if (out->json_of != bytes.at || bytes.at == NULL)
        out->json = rt_json_read(arena, bytes, &options);
    out->json_of = bytes.at;
    const RtJson *root = out->json;
    for (size_t i = 0; root != NULL && i < place->key_count; i++) {
        JsonLook look = { .out = out, .index = index, .bytes = bytes };
        walk_json(&look, root, place->keys[i]);
    }
}

/* ---- packages that npm and other caches name */

/* "left-pad-1.3.0" parts before the first digit after a dash that a version can begin with. */
static bool part_name(RtStr text, RtStr name, RtStr *ret_version)
{
    if (!rt_str_starts(text, name) || text.len < name.len + 2 || text.at[name.len] != '-')
        return false;
    *ret_version = rt_str_from(text, name.len + 1);
    return ret_version->at[0] >= '0' && ret_version->at[0] <= '9';
}

static RtStr last_part(RtStr path)
{
    size_t slash = rt_str_rfind_byte(path, '/');
    return slash == RT_NOT_FOUND ? path : rt_str_from(path, slash + 1);
}

/* ".../@scope/name/-/name-1.0.0.tgz" as npm's registries have it. */
static bool part_archive(RtArena *arena, RtStr url, RtStr *ret_name, RtStr *ret_version)
{
    size_t query = rt_str_find_byte(url, '?');
    url = rt_str_sub(url, 0, query);
    size_t mark = rt_str_find(url, RT_STR("/-/"));
    if (mark == RT_NOT_FOUND || !rt_str_ends(url, RT_STR(".tgz")))
        return false;
    RtStr file = last_part(url), above = rt_str_sub(url, 0, mark), version;
    RtStr name = last_part(above), scope = RT_STR("");
    size_t escaped = rt_str_find_nocase(name, RT_STR("%2f"));
    if (escaped != RT_NOT_FOUND) {
        scope = rt_str_sub(name, 0, escaped);
        name = rt_str_from(name, escaped + 3);
    } else if (above.len > name.len + 1) {
        scope = last_part(rt_str_sub(above, 0, above.len - name.len - 1));
    }
    if (!part_name(rt_str_sub(file, 0, file.len - 4), name, &version))
        return false;
    bool scoped = scope.len > 1 && scope.at[0] == '@';
    *ret_name = scoped ? rt_str_format(arena, "%.*s/%.*s", RT_FMT(scope), RT_FMT(name)) : name;
    *ret_version = version;
    return true;
}

/* One entry a line: a hash, a tab, JSON. */
static void look_at_npm_cache(RtLookOut *out, RtArena *arena, uint32_t index, RtStr bytes)
{
    RtStr rest = bytes, line, name, version;
    uint32_t at = 0;
    for (uint32_t records = 0; rt_str_next(&rest, '\n', &line) && records < RECORDS_MOST;) {
        at++;
        size_t tab = rt_str_find_byte(line, '\t');
        if (tab == RT_NOT_FOUND || !rt_str_has(line, RT_STR(".tgz")))
            continue;
        const RtJson *entry = rt_json_read(arena, rt_str_from(line, tab + 1), NULL);
        if (!part_archive(arena, rt_json_text(entry, RT_STR("key")), &name, &version))
            continue;
        records++;
        answer(out, index, at, RT_STR(""), RT_STR("npm"), name, version);
    }
}

/* "name@1.0.0"; the at sign of a scope is not the one. */
static bool part_spec(RtStr spec, RtStr *ret_name, RtStr *ret_version)
{
    size_t at = rt_str_rfind_byte(spec, '@');
    if (at == RT_NOT_FOUND || at == 0 || at + 1 == spec.len)
        return false;
    *ret_name = rt_str_sub(spec, 0, at);
    *ret_version = rt_str_from(spec, at + 1);
    return true;
}

static bool is_install_script(RtStr word)
{
    return rt_str_equal(word, RT_STR("preinstall")) || rt_str_equal(word, RT_STR("install")) ||
           rt_str_equal(word, RT_STR("postinstall")) || rt_str_equal(word, RT_STR("prepare"));
}

/* "19 info run NAME@VERSION postinstall …" (npm 7 and later), "info lifecycle NAME@VERSION~install:
 * …" before. The line of a script's end ("{ code: 0 …") is passed over. */
static void look_at_npm_log(RtLookOut *out, uint32_t index, RtStr bytes)
{
    static const struct {
        const char *mark;
        uint8_t after;
    } forms[] = { { " info run ", ' ' }, { " info lifecycle ", '~' } };
    RtStr rest = bytes, line, name, version;
    uint32_t at = 0;
    for (uint32_t records = 0; rt_str_next(&rest, '\n', &line) && records < RECORDS_MOST;) {
        at++;
        line = rt_str_sub(line, 0, 4096);
        for (size_t f = 0; f < RT_COUNT(forms); f++) {
            RtStr mark = rt_str_from_c(forms[f].mark);
            size_t found = rt_str_find(line, mark);
            if (found == RT_NOT_FOUND || found > 24)
                continue;
            RtStr words = rt_str_from(line, found + mark.len), spec, script;
            if (!rt_str_next(&words, forms[f].after, &spec) ||
                !rt_str_next(&words, f == 0 ? ' ' : ':', &script) || !is_install_script(script) ||
                rt_str_starts(words, RT_STR("{ code")) || !part_spec(spec, &name, &version))
                continue;
            records++;
            answer(out, index, at, rt_str_trim(line), RT_STR("npm"), name, version);
        }
    }
}

/* "publisher.name-1.2.3-linux-x64" below a folder of extensions, and "ID/1.2.3_0" of a browser. */
static bool part_extension(RtStr path, RtStr *ret_ecosystem, RtStr *ret_name, RtStr *ret_version)
{
    RtStr file = last_part(path), above = rt_str_sub(path, 0, path.len - file.len);
    RtStr folder = last_part(rt_str_sub(above, 0, above.len ? above.len - 1 : 0));
    *ret_version = rt_str_sub(file, 0, rt_str_find_byte(file, '_'));
    if (rt_str_has(above, RT_STR("/Extensions/")) && folder.len == 32) {
        *ret_ecosystem = RT_STR("chrome-extension");
        *ret_name = folder;
        return true;
    }
    if (!rt_str_equal(folder, RT_STR("extensions")))
        return false;
    *ret_ecosystem = RT_STR("vscode-extension");
    for (size_t i = 1; i + 1 < file.len; i++) {
        if (file.at[i] != '-' || file.at[i + 1] < '0' || file.at[i + 1] > '9')
            continue;
        RtStr rest = rt_str_from(file, i + 1);
        *ret_name = rt_str_sub(file, 0, i);
        (void)rt_str_next(&rest, '-', ret_version);
        return true;
    }
    return false;
}

/* What a cache calls a file tells the package:
 *   wheel       NAME-VERSION-py3-none-any.whl, NAME-VERSION.tar.gz
 *   yarn 1      npm-[@scope-]NAME-VERSION-HASH-integrity
 *   yarn berry  [@scope-]NAME-npm-VERSION-HASH-8.zip
 *   pnpm        HASH-NAME@VERSION.json, a scope's slash as + */
static void look_at_name(RtLookOut *out, RtArena *arena, uint32_t index, RtStr path)
{
    RtStr file = last_part(path), name = RT_STR(""), version = RT_STR(""), eco;
    size_t dash = rt_str_find_byte(file, '-');
    size_t berry = rt_str_find(file, RT_STR("-npm-"));
    if (part_extension(path, &eco, &name, &version)) {
        answer(out, index, 0, RT_STR(""), eco, name, version);
        return;
    }
    eco = RT_STR("npm");
    name = version = RT_STR("");
    if (dash == RT_NOT_FOUND)
        return;
    if (rt_str_ends(file, RT_STR(".whl"))) {
        eco = RT_STR("pypi");
        name = rt_str_sub(file, 0, dash);
        RtStr rest = rt_str_from(file, dash + 1);
        (void)rt_str_next(&rest, '-', &version);
    } else if (rt_str_ends(file, RT_STR(".zip")) && berry != RT_NOT_FOUND) {
        name = rt_str_sub(file, 0, berry);
        RtStr rest = rt_str_from(file, berry + 5); /* VERSION-HASH-N.zip */
        size_t last = rt_str_rfind_byte(rest, '-');
        size_t hash =
            last == RT_NOT_FOUND ? last : rt_str_rfind_byte(rt_str_sub(rest, 0, last), '-');
        version = hash == RT_NOT_FOUND ? RT_STR("") : rt_str_sub(rest, 0, hash);
    } else if (rt_str_starts(file, RT_STR("npm-")) && rt_str_ends(file, RT_STR("-integrity"))) {
        RtStr rest = rt_str_sub(file, 4, file.len - 14); /* NAME-VERSION-HASH */
        rest = rt_str_sub(rest, 0, rt_str_rfind_byte(rest, '-'));
        for (size_t i = 1; i + 1 < rest.len && version.len == 0; i++)
            if (rest.at[i] == '-' && rest.at[i + 1] >= '0' && rest.at[i + 1] <= '9' &&
                rt_str_find_byte(rt_str_from(rest, i), '.') != RT_NOT_FOUND) {
                name = rt_str_sub(rest, 0, i);
                version = rt_str_from(rest, i + 1);
            }
    } else if (rt_str_ends(file, RT_STR(".json"))) {
        (void)part_spec(rt_str_sub(file, dash + 1, file.len - dash - 6), &name, &version);
    }
    /* A scope is flattened: @scope-name and @scope+name. */
    if (name.len > 1 && name.at[0] == '@') {
        size_t part = rt_str_find_byte(name, '+');
        part = part == RT_NOT_FOUND ? rt_str_find_byte(name, '-') : part;
        if (part != RT_NOT_FOUND)
            name = rt_str_format(arena, "%.*s/%.*s", RT_FMT(rt_str_sub(name, 0, part)),
                                 RT_FMT(rt_str_from(name, part + 1)));
    }
    if (name.len != 0 && version.len != 0)
        answer(out, index, 0, RT_STR(""), eco, name, version);
}

void rt_look_at(RtLookOut *out, RtArena *arena, uint32_t place, RtStr name, RtStr bytes)
{
    switch (out->places->items[place].check) {
    case RT_CHECK_TEXT:
    case RT_CHECK_PROCESS:
        look_for_text(out, place, bytes);
        break;
    case RT_CHECK_JSON:
        look_for_json(out, arena, place, bytes);
        break;
    case RT_CHECK_NPM_CACHE:
        look_at_npm_cache(out, arena, place, bytes);
        break;
    case RT_CHECK_NPM_LOG:
        look_at_npm_log(out, place, bytes);
        break;
    case RT_CHECK_CACHE_NAMES:
        look_at_name(out, arena, place, name);
        break;
    case RT_CHECK_EXISTS:
    case RT_CHECK_SCAN:
    case RT_CHECK_LOCKFILE:
    case RT_CHECK_NODE_TREE:
    case RT_CHECK_PYTHON_TREE:
    case RT_CHECK_PORT:
    case RT_CHECK_CONNECTION:
    case RT_CHECKS:
        break; /* nothing of theirs is read here */
    }
}
