/* javascript_bid_test.c - what is claimed as JavaScript, and how obfuscators are told, by text
 * alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "facts/languages/javascript_bid.h"
#include "facts/languages/javascript_obfuscation.h"
#include "support/fake_sink.h"

#define LOADER "const cp = require('child_process');\ncp.exec('echo hello');\n"

static int bid(const char *path, const char *text)
{
    return rt_javascript_bid(rt_str_from_c(path), rt_str_from_c(text));
}

static void scripts_are_claimed_under_any_name(void **state)
{
    (void)state;
    static const char *const names[] = { "a.js",   "font.woff2", "data.json", "logo.svg",
                                         "x.node", "x.map",      "notes.txt", "LICENSE",
                                         "",       "x.dat",      ".hidden" };
    for (size_t i = 0; i < RT_COUNT(names); i++)
        assert_true(bid(names[i], LOADER) >= 50);
    assert_true(bid("run", "#!/usr/bin/env node\nx()") >= 90);
    assert_true(bid("a.js", "#!/bin/bash\n" LOADER) >= 90);
    assert_true(bid("", "eval(atob('Y29uc29sZS5sb2coMSk='))") >= 50);
    assert_true(bid("", "import fs from 'fs'; export default () => fs.readFileSync('x')") >= 50);
    assert_true(
        bid("a.ts", "interface A { b: string }\nexport const c = (d: A): number => d.b.length;") >=
        90);
}

static void other_text_is_left_alone(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
    } cases[] = {
        { "package.json",
          "{\"name\": \"x\", \"main\": \"index.js\", \"ok\": true, \"n\": [1, 2, null]}" },
        { "x.map", "{\"version\":3,\"sources\":[\"a.js\"],\"mappings\":\"AAAA\",\"sourcesContent\":"
                   "[\"var a = "
                   "require('b')\"]}" },
        { "a.css", ".a > .b{color:#fff;margin:0 auto}.c:hover{background:url(x.png)}@media "
                   "print{.d{top:0}}" },
        { "", ".a > .b{color:#fff;margin:0 auto}.c:hover{background:url(x.png)}@media "
              "print{.d{top:0}}" },
        { "index.html", "<!doctype html><html><body><p>hello</p></body></html>" },
        { "logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>" },
        { "README.md", "# Name\n\nUse it:\n\n```js\nconst a = require('a');\na(() => 1);\n```\n" },
        { "LICENSE",
          "Permission is hereby granted, free of charge, to any person obtaining a copy of this "
          "software and associated documentation files, to deal in the Software without "
          "restriction" },
        { "a.py", "import os\ndef f(x):\n    return os.path.join(x, 'a')\nclass A:\n    pass\n" },
        { "", "import os\nfrom sys import argv\ndef f(x):\n    return os.path.join(x, 'a')\n" },
        { "run.sh", "#!/bin/sh\nset -eu\nfor x in a b; do echo \"$x\"; done\n" },
        { "a.c", "#include <stdio.h>\nint main(void) { return 0; }\n" },
        { "a.rs", "fn main() { let x = 1; println!(\"{}\", x); }\n" },
        { "a.yml", "on: push\njobs:\n  build:\n    runs-on: ubuntu\n" },
        { "a.bin", "\x7f"
                   "ELF\x02\x01\x01" },
        { "", "" },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        assert_true(bid(cases[i].path, cases[i].text) < 50);
    assert_true(bid("a.d.ts", "export declare function f(a: string): void;\n") < 20);
}

static bool is_told(RtStr text, RtJsObfuscation kind)
{
    FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), RT_STR(""));
    RtJsSurvey survey;
    rt_js_survey(text, &fake->sink, &survey);
    return survey.is[kind];
}

static void habits_of_obfuscators_are_told(void **state)
{
    (void)state;
    assert_true(
        is_told(RT_STR("eval(function(p,a,c,k,e,d){return p}('0',1,1,'x'.split('|'),0,{}))"),
                RT_JS_OBF_PACKER));
    assert_true(is_told(RT_STR("(function(t,n){const g=t();while(!![]){try{const "
                               "s=-parseInt(f(0x1))/0x1+parseInt(f(0x2))/0x2*"
                               "(parseInt(f(0x3))/0x3)+-parseInt(f(0x4))/0x4;if(s===n)break;else "
                               "g['push'](g['shift']());}"
                               "catch(e){g['push'](g['shift']());}}}(a,0x12345));"),
                        RT_JS_OBF_STRING_ARRAY));
    assert_true(is_told(RT_STR("function u(t){var s=123,l=t.length,b=[];for(var "
                               "i=0;i<l;i++){b[i]=t.charAt(i)}for(var i=0;i<l;i++)"
                               "{var q=s*(i+11)+(s%50332);var e=s*(i+12)+(s%52119);var "
                               "w=b[q%l];b[q%l]=b[e%l];b[e%l]=w;"
                               "s=(q+e)%4289487;}return b.join('')}"),
                        RT_JS_OBF_SHUFFLE));
    assert_true(is_told(RT_STR("k=function(h){return h.replace(/../g,function(p){return "
                               "String.fromCharCode(parseInt(p,16)^7)})}"),
                        RT_JS_OBF_HEX_TABLE));
    assert_true(is_told(
        RT_STR("var "
               "o='4|0|2|1|3'.split('|'),i=0;while(true){switch(o[i++]){case'0':a();continue}break}"
               "var p='1|2|0'['split']('|');"),
        RT_JS_OBF_FLATTENING));
    assert_true(is_told(RT_STR("x.toString().search('(((.+)+)+)+$')"), RT_JS_OBF_SELF_DEFENDING));
    assert_true(
        is_told(RT_STR("(function(){})['constructor']('debugger')()"), RT_JS_OBF_ANTI_DEBUG));
    assert_true(is_told(RT_STR("a('\\x68\\x65\\x6c\\x6c\\x6f','\\x77\\x6f\\x72\\x6c\\x64','"
                               "\\x68\\x65\\x6c\\x6c','\\x77\\x6f\\x72\\x6c')"),
                        RT_JS_OBF_ESCAPES));
    FAKE_SINK fake = fake_sink_open(RT_STR("x.js"), RT_STR(""));
    RtText text = { .arena = fake->sink.arena };
    for (int i = 0; i < 100; i++)
        rt_text_add(&text, RT_STR("[+!+[]]+(![]+[])"));
    assert_true(is_told(rt_text_str(&text), RT_JS_OBF_JSFUCK));
}

static void plain_and_minified_code_is_not_told(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "function pick(a,b){return parseInt(a(1),10)/2+parseInt(b(2),10)/3}",
        "var r=/[\\u0300-\\u036f]/g,s='\\u2028\\u2029',t='\\x1b[31m';",
        "!function(e,t){module.exports=t()}(this,function(){return 1});",
        "const order='1|2|3'; list.split('|'); switch(k[i++]){case 1:break}",
        "hash=(hash*31+s.charAt(i))%1000;",
    };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        for (size_t kind = 0; kind < RT_JS_OBF_KINDS; kind++)
            assert_false(is_told(rt_str_from_c(texts[i]), (RtJsObfuscation)kind));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_are_claimed_under_any_name),
        cmocka_unit_test(other_text_is_left_alone),
        cmocka_unit_test(habits_of_obfuscators_are_told),
        cmocka_unit_test(plain_and_minified_code_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
