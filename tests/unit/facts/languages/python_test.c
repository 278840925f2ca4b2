/* python_test.c - what the Python front end knows without the value flow: tokens, bids, imports,
 * byte code, the lowering's shape, and that hostile text costs little. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "facts/languages/python_lower.h"
#include "facts/languages/python_marks.h"
#include "facts/languages/python_pyc.h"
#include "facts/languages/python_text.h"
#include "support/fake_sink.h"

extern const RtLanguage rt_language_python;

/* ---- tokens
 * ------------------------------------------------------------------------------------------ */

static void assert_tokens(const char *source, const char *kinds)
{
    RtPythonText reader = rt_python_text(rt_str_from_c(source));
    for (size_t i = 0;; i++) {
        RtPythonToken token = rt_python_next(&reader);
        char kind = "$nds+!;#"[token.kind];
        if (kinds[i] != kind)
            fail_msg("%s: token %zu is %c", source, i, kind);
        if (token.kind == RT_PY_END)
            return;
    }
}

static void tokens(void **state)
{
    (void)state;
    assert_tokens("", "$");
    assert_tokens("a = 1\n", "n+d;$");
    assert_tokens("f(a,\n b)\n", "n+n+n+;$");
    assert_tokens("x = '''a\n\"b''' # c\n", "n+s#;$");
    assert_tokens("rb'\\'' f\"{x}\"", "ss$");
    assert_tokens("a \\\n b", "nn$");
    assert_tokens("'open\nb", "s;n$");
    assert_tokens("a $ b ? !c != d", "n!n!!n++n$");
    assert_tokens("'''never", "s$");
}

static void inside_of_strings(void **state)
{
    (void)state;
    static const char *const cases[][2] = { { "'a'", "a" },         { "b\"x\"", "x" },
                                            { "'''a'b'''", "a'b" }, { "''", "" },
                                            { "''''''", "" },       { "'open", "open" },
                                            { "rb''", "" },         { "'", "" },
                                            { "noquote", "" } };
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        assert_true(
            rt_str_equal(rt_python_inside(rt_str_from_c(cases[i][0])), rt_str_from_c(cases[i][1])));
}

/* ---- bids
 * ---------------------------------------------------------------------------------------------- */

static void bids(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text;
        int from, to;
    } cases[] = {
        { "x", "#!/usr/bin/env python3\nprint(1)\n", 90, 100 },
        { "x.txt", "import os\nos.system('true')\n", 50, 100 },
        { "", "import os;exec('1')", 50, 100 },
        { "", "from os import (path,\n  system)\n", 50, 100 },
        { "x.dat", "def f(a):\n    return a\n\nclass B(object):\n    pass\n", 50, 100 },
        { "x", "print \"hello\"\nimport sys\nexec \"x = 1\"\n", 50, 100 },
        { "a.py", "", 50, 100 },
        { "a.py", "DATA = [1, 2, 3]\n", 50, 100 },
        { "a.py", "this is not python at all you know\n", 50, 60 },
        { "a.pth", "import os; os.getpid()\n", 90, 100 },
        { "a.pth", "./src\n", 0, 49 },
        { "_ = lambda", "_ = lambda __ : __import__('zlib').decompress(__);exec(_(b'x'))\n", 35,
          100 },
        { "readme.md",
          "# Title\n\nThis package is nice, you know. Don't use it\n\n- item one\n- item two\n", 0,
          0 },
        { "x.yaml",
          "on: push\njobs:\n  build:\n    runs-on: ubuntu\n    steps:\n      - run: make all\n", 0,
          34 },
        { "x.js",
          "const a = require('b');\nfunction f(x) {\n  return x && a;\n}\nif (a === b) { f(); }\n",
          0, 34 },
        { "x.js", "import a from 'b';\nexport default function () { a(); }\n", 0, 34 },
        { "x.java", "import java.util.List;\npublic class A { int x; }\n", 0, 34 },
        { "x.sh", "set -e\nif [ -f x ]; then\n  echo hi\nfi\nfor f in *; do cat \"$f\"; done\n", 0,
          34 },
        { "RECORD", "pkg/__init__.py,sha256=abc,10\npkg/a.py,sha256=def,20\n", 0, 34 },
        { "x.html", "<html>\n<body class=\"a\">import this from that</body>\n</html>\n", 0, 34 },
        { "x.txt",
          "Import of goods from Spain is what the class discussed with them for a while.\n", 0,
          34 },
        { "x.ini", "[section]\nkey = value with words\nother = 1\n", 0, 34 },
        { "x.py",
          "\x7f"
          "ELF\0\0\0\1",
          0, 60 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        int bid =
            rt_language_python.bid(rt_str_from_c(cases[i].path), rt_str_from_c(cases[i].text));
        if (bid < cases[i].from || bid > cases[i].to)
            fail_msg("case %zu (%s) bids %d", i, cases[i].text, bid);
    }
}

/* ---- imports
 * ------------------------------------------------------------------------------------------- */

static void imports(void **state)
{
    (void)state;
    RtStr source = RT_STR(
        "import os, pkg.inner as p\nfrom .near import thing\nfrom . import side\n"
        "try:\n    import lazy\nexcept ImportError: pass\nx = 'import string'\n# import comment\n"
        "m = __import__('called')\n");
    FAKE_SINK fake = fake_sink_open(RT_STR("artifact"), (RtStr){ 0 });
    static const char *const files[] = { "main.py", "pkg/inner", "near",   "side",
                                         "lazy",    "called",    "string", "comment" };
    for (size_t i = 0; i < RT_COUNT(files); i++)
        fake->sink.layer(
            &fake->sink,
            (RtLayer){ .parent = 1, .name = rt_str_from_c(files[i]), .bytes = source });
    RtLayer layer = fake->layers[2];
    rt_language_python.imports(&layer, 2, &fake->sink);
    static const char *const found[] = { "./pkg/inner", "./near", "./side", "./lazy", "./called" };
    for (size_t i = 0; i < RT_COUNT(found); i++)
        assert_int_equal(fake_sink_facts(fake, RT_FACT_CODE_REQUIRE, rt_str_from_c(found[i])), 1);
    assert_int_equal(fake->fact_count - 1, RT_COUNT(found));
}

/* ---- byte code
 * ----------------------------------------------------------------------------------------- */

static uint8_t hex_digit(char letter)
{
    return (uint8_t)(letter <= '9' ? letter - '0' : letter - 'a' + 10);
}

static void check_pyc(unsigned wanted_version, RtStr bytes)
{
    FAKE_SINK fake = fake_sink_open(RT_STR("m.pyc"), bytes);
    RtArena *arena = fake->sink.arena;
    RtStr marshal;
    uint32_t version;
    assert_true(rt_pyc_is(bytes, &marshal, &version));
    assert_int_equal(version, wanted_version);
    RtStr text = rt_marshal_text(arena, marshal, version);
    static const char *const words[] = { "'marker-text'", "'inner-text'",     " join",
                                         " os",           "# code f of m.py", " WORD" };
    for (size_t i = 0; i < RT_COUNT(words); i++) {
        if (!rt_str_has(text, rt_str_from_c(words[i])) &&
            !(i < 2 && rt_str_has(text, RT_STR("b'marker-text'")))) /* Python 2: bytes */
            fail_msg("%u: %s is not in: %.*s", version, words[i], RT_FMT(text));
    }
    assert_true(rt_str_has(rt_marshal_text(arena, marshal, 0), RT_STR("marker-text")));
    for (size_t len = 0; len < marshal.len; len++)
        rt_marshal_text(arena, rt_str_sub(marshal, 0, len), len % 2 ? version : 0);
    for (size_t len = 0; len < 17; len++)
        (void)rt_pyc_is(rt_str_sub(bytes, 0, len), &marshal, &version);
    rt_language_python.observe(&fake->layers[1], 1, &fake->sink);
    assert_int_equal(fake_sink_facts(fake, RT_FACT_BINARY, RT_STR("pyc")), 1);
    assert_non_null(fake_sink_layer_with(fake, RT_STR("inner-text")));
}

static void byte_code(void **state)
{
    (void)state;
    static uint8_t bytes[4096];
    static char line[256];
    FILE *file = fopen("tests/unit/facts/languages/python_pyc.cases", "r");
    assert_non_null(file);
    size_t len = 0, count = 0;
    unsigned version = 0;
    while (fgets(line, sizeof line, file)) {
        const char *text = line;
        if (line[0] == '#')
            continue;
        if (line[3] == ' ') {
            if (version)
                check_pyc(version, (RtStr){ bytes, len });
            version = (unsigned)(line[0] - '0') * 100 + (unsigned)(line[1] - '0') * 10 +
                      (unsigned)(line[2] - '0');
            len = 0;
            count++;
            text += 4;
        }
        for (; text[0] && text[0] != '\n' && len < sizeof bytes; text += 2)
            bytes[len++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
    }
    fclose(file);
    check_pyc(version, (RtStr){ bytes, len });
    assert_int_equal(count, 8);
}

static void marshal_bombs(void **state)
{
    (void)state;
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), (RtStr){ 0 });
    static uint8_t nested[100000];
    memset(nested, ')', sizeof nested); /* tuples of 41 tuples of 41 tuples … */
    rt_marshal_text(fake->sink.arena, (RtStr){ nested, sizeof nested }, 311);
    assert_int_equal(rt_marshal_text(fake->sink.arena, RT_STR("("), 0).len, 0);
    assert_int_equal(rt_marshal_text(fake->sink.arena, RT_STR("(\xff\xff\xff\x7f"), 0).len, 0);
    assert_int_equal(rt_marshal_text(fake->sink.arena, RT_STR("hello"), 0).len, 0);
}

/* ---- lowering
 * ------------------------------------------------------------------------------------------ */

static const RtTree *lower(FakeSink *fake, RtStr source, bool is_setup)
{
    RtPythonFile file = { .path = is_setup ? RT_STR("setup.py") : RT_STR("m.py"),
                          .is_setup = is_setup };
    return rt_python_lower(fake->sink.arena, &fake->sink, 1, source, file);
}

static size_t count_kind(const RtNode *node, RtNodeKind kind, const char *text)
{
    size_t count = node->kind == kind && (!text || rt_str_equal(node->text, rt_str_from_c(text)));
    for (uint32_t i = 0; i < node->kid_count; i++)
        count += count_kind(node->kids[i], kind, text);
    return count;
}

static void lowering(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        RtNodeKind kind;
        const char *text;
        size_t count;
        bool is_setup;
    } cases[] = {
        { "x = 'a\\x41\\n' \"b\"\n", RT_N_STRING, "aA\nb", 1, false },
        { "x = b'\\x41\\101'\n", RT_N_BYTES, "AA", 1, false },
        { "x = r'\\n'\n", RT_N_STRING, "\\n", 1, false },
        { "x = f'a{b}c{{'\n", RT_N_STRING, "c{", 1, false },
        { "x = f'{b:02x}'\n", RT_N_NAME, "format", 1, false },
        { "x = u'\\u00e9\\N{DASH}'\n", RT_N_STRING, "\xc3\xa9\\N{DASH}", 1, false },
        { "\xf0\x9d\x90\x9e\xf0\x9d\x90\xb1\xf0\x9d\x90\x9e\xf0\x9d\x90\x9c('x')\n", RT_N_NAME,
          "exec", 1, false },
        { "print 'x' % y\n", RT_N_NAME, "print", 1, false },
        { "import a.b.c\n", RT_N_IMPORT, "a.b.c", 1, false },
        { "from ..p import q as r\n", RT_N_IMPORT, "..p", 1, false },
        { "f = open('a', 'wb')\n", RT_N_NAME, "open_for_writing", 1, false },
        { "f = open('a', 'r')\n", RT_N_NAME, "open_for_writing", 0, false },
        { "class T(Thread):\n  def run(self): pass\n", RT_N_FUNCTION, "start", 1, false },
        { "from setuptools.command.install import install as i\nclass C(i):\n  def run(self): "
          "f()\n",
          RT_N_MEMBER, "run", 1, true },
        { "from setuptools.command.install import install as i\nclass C(i):\n  def run(self): "
          "f()\n",
          RT_N_MEMBER, "run", 0, false },
        { "setup(cmdclass={'install': C})\n", RT_N_MEMBER, "run", 1, true },
        { "@atexit.register\ndef f(): pass\n", RT_N_MEMBER, "register", 1, false },
        { "@app.route('/')\ndef f(): pass\n", RT_N_ASSIGN, NULL, 0, false },
        { "def f(:\n    os.system('x')\ny = 1\n", RT_N_MEMBER, "system", 1, false },
        { "try: a()\nexcept A: b()\nexcept B: c()\nelse: d()\nfinally: e()\n", RT_N_CALL, NULL, 5,
          false },
        { "match c:\n  case 'a': f()\n  case _: g()\n", RT_N_CASE, NULL, 2, false },
        { "if a:\n  pass\nelif b:\n  f()\nelse:\n  g()\n", RT_N_IF, NULL, 2, false },
        { "a < b < c\n", RT_N_LOGICAL, NULL, 1, false },
        { "x[1:2:3], x[::-1]\n", RT_N_SLICE, NULL, 2, false },
        { "[i for i in a if i for j in b]\n", RT_N_COMPREHENSION, NULL, 2, false },
        { "import os          ;                    os.system('x')\n", RT_N_CALL, NULL, 1, false },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("m.py"), (RtStr){ 0 });
        const RtTree *tree = lower(fake, rt_str_from_c(cases[i].source), cases[i].is_setup);
        size_t count = count_kind(tree->root, cases[i].kind, cases[i].text);
        if (count != cases[i].count)
            fail_msg("case %zu: %s: %zu", i, cases[i].source, count);
    }
}

static void main_guards(void **state)
{
    (void)state;
    RtStr source = RT_STR("if __name__ == '__main__':\n    f()\n");
    FAKE_SINK fake = fake_sink_open(RT_STR("m.py"), (RtStr){ 0 });
    assert_true(lower(fake, source, false)->root->kids[0]->flags & RT_NODE_MAIN_GUARD);
    assert_false(lower(fake, source, true)->root->kids[0]->flags & RT_NODE_MAIN_GUARD);
}

static RtStr repeat(RtArena *arena, const char *head, const char *body, size_t times,
                    const char *tail)
{
    RtText text = { .arena = arena };
    rt_text_add(&text, rt_str_from_c(head));
    for (size_t i = 0; i < times; i++)
        rt_text_add(&text, rt_str_from_c(body));
    rt_text_add(&text, rt_str_from_c(tail));
    return rt_text_str(&text);
}

static size_t depth_of(const RtNode *node)
{
    size_t deepest = 0;
    for (uint32_t i = 0; i < node->kid_count; i++) {
        size_t depth = depth_of(node->kids[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static void hostile_text(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body;
        size_t times;
        const char *tail;
    } cases[] = {
        { "x = ", "(", 50000, "" },
        { "x = ", "[", 50000, "1" },
        { "x = ", "lambda:", 20000, "1" },
        { "x = 'a'", "+'a'", 7000, "\n" },
        { "", "if a:", 2000, "" },
        { "if a: b\n", "elif c: d\n", 2000, "" },
        { "x = a", ".b()", 2000, "\n" },
        { "x = '", "QUJD", 200000, "'\n" },
        { "x = b'", "\\x41", 100000, "'\n" },
        { "", "def f(:\n", 5000, "" },
        { "x = f'", "{f'", 2000, "" },
        { "", "'''", 9999, "" },
        { "try: a()\n", "except E: b()\n", 2000, "" },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("m.py"), (RtStr){ 0 });
        RtStr source =
            repeat(fake->sink.arena, cases[i].head, cases[i].body, cases[i].times, cases[i].tail);
        const RtTree *tree = lower(fake, source, true);
        assert_non_null(tree->root);
        if (depth_of(tree->root) > 1000)
            fail_msg("case %zu: a tree of depth %zu", i, depth_of(tree->root));
        rt_python_marks(source, 1, &fake->sink);
        (void)rt_language_python.bid(RT_STR("x.py"), source);
    }
}

static void truncation(void **state)
{
    (void)state;
    RtStr source = RT_STR(
        "import os\nclass C(install, metaclass=M):\n    @staticmethod\n    def run(self, *a, k=1, "
        "**w):\n"
        "        exec(f'{x!r:>{w}}' b'\\x41' if y else z)\n        with open('a', 'w') as f: "
        "f.write(1)\n"
        "        return [i for i in x if i]\ntry:\n    pass\nexcept (A, B) as e:\n    raise\n");
    for (size_t len = 0; len <= source.len; len++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("setup.py"), (RtStr){ 0 });
        RtStr head = rt_str_sub(source, 0, len);
        (void)lower(fake, head, true);
        rt_python_marks(head, 1, &fake->sink);
        (void)rt_language_python.bid(RT_STR(""), head);
    }
}

/* ---- marks
 * --------------------------------------------------------------------------------------------- */

static void marks(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        RtFactKind kind;
        const char *how;
        size_t count;
    } cases[] = {
        { "O0O00O=1;OO0O0O=2;O00OO0=3;OOO00O=4;O0000O=5;OO00OO=6\n", RT_FACT_OBFUSCATED,
          "confusable-names", 1 },
        { "OOOOO = 1\n", RT_FACT_OBFUSCATED, "confusable-names", 0 },
        { "_ = lambda __ : __import__('zlib').decompress(__)\n", RT_FACT_OBFUSCATED, "lambda-chain",
          1 },
        { "# obfuscated by Hyperion 1.0\nx = 1\n", RT_FACT_OBFUSCATED, "obfuscated by", 1 },
        { "from pytransform import pyarmor_runtime\n", RT_FACT_OBFUSCATED, "pyarmor", 1 },
        { "# -*- coding: rot13 -*-\nvzcbeg bf\n", RT_FACT_OBFUSCATED, "coding", 1 },
        { "# -*- coding: utf-8 -*-\nimport os\n", RT_FACT_OBFUSCATED, "coding", 0 },
        { "\xf0\x9d\x90\x9e\xf0\x9d\x90\xb1\xf0\x9d\x90\x9e\xf0\x9d\x90\x9c('x')\n",
          RT_FACT_OBFUSCATED, "lookalike-names", 1 },
        { "x = 1  # a comment\nna\xc3\xafve = 2\n", RT_FACT_OBFUSCATED, "", 0 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("m.py"), (RtStr){ 0 });
        rt_python_marks(rt_str_from_c(cases[i].source), 1, &fake->sink);
        if (fake_sink_facts(fake, cases[i].kind, rt_str_from_c(cases[i].how)) != cases[i].count)
            fail_msg("case %zu: %s", i, cases[i].source);
    }
}

static void code_behind_blanks(void **state)
{
    (void)state;
    static const struct {
        const char *head, *tail;
        size_t blanks, count;
    } cases[] = {
        { "import os", ";exec('x')\n", 200, 1 }, { "import os;", "exec('x')\n", 60, 1 },
        { "import os;", "exec('x')\n", 20, 0 },  { "x = 1", "# comment\n", 200, 0 },
        { "x = [1,", "a, b]\n", 100, 0 },        { "x = {'a': 1,\n", "b: 2}\n", 300, 0 },
        { "if a:\n", "b()\n", 80, 0 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("m.py"), (RtStr){ 0 });
        RtStr source = repeat(fake->sink.arena, cases[i].head, " ", cases[i].blanks, cases[i].tail);
        rt_python_marks(source, 1, &fake->sink);
        if (fake_sink_facts(fake, RT_FACT_HIDDEN, RT_STR("after-blanks")) != cases[i].count)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens),       cmocka_unit_test(inside_of_strings),
        cmocka_unit_test(bids),         cmocka_unit_test(imports),
        cmocka_unit_test(byte_code),    cmocka_unit_test(marshal_bombs),
        cmocka_unit_test(lowering),     cmocka_unit_test(main_guards),
        cmocka_unit_test(hostile_text), cmocka_unit_test(truncation),
        cmocka_unit_test(marks),        cmocka_unit_test(code_behind_blanks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
