/* containers_test.c - what archives give, and what they cannot do to us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/archives.h"
#include "support/fake_sink.h"
#include "unpack/unpack.h"

/* Opens `bytes` by whatever container bids; asserts its name. */
static void open_as(FakeSink *fake, const char *name)
{
    const RtContainer *container = rt_unpack_container_for(fake->layers[1].bytes);
    assert_non_null(container);
    assert_string_equal(container->name, name);
    container->open(fake->layers[1].bytes, 1, &fake->sink);
}

/* As open_as on a copy that ends where its memory ends, so that ASan sees each byte read behind it.
 */
static FakeSink *open_copy(RtStr bytes)
{
    uint8_t *copy = malloc(bytes.len > 0 ? bytes.len : 1);
    assert_non_null(copy);
    if (bytes.len > 0)
        memcpy(copy, bytes.at, bytes.len);
    FakeSink *fake = fake_sink_open(RT_STR("x"), (RtStr){ copy, bytes.len });
    const RtContainer *container = rt_unpack_container_for(fake->layers[1].bytes);
    if (container)
        container->open(fake->layers[1].bytes, 1, &fake->sink);
    for (size_t i = 2; i < fake->layer_count; i++)
        for (size_t j = 0; j < fake->layers[i].bytes.len; j++)
            (void)*(volatile const uint8_t *)&fake->layers[i].bytes.at[j];
    free(copy);
    return fake;
}

static bool said(const FakeSink *fake, const char *anomaly)
{
    return fake_sink_facts(fake, RT_FACT_ANOMALY, rt_str_from_c(anomaly)) > 0;
}

/* ---- tar
 * ------------------------------------------------------------------------------------------- */

static RtStr good_tar(RtArena *arena)
{
    RtText tar = { .arena = arena };
    tar_add(&tar, "package/package.json", '0', RT_STR("{\"name\":\"x\"}"), NULL);
    tar_add(&tar, "package/lib/", '5', (RtStr){ 0 }, NULL);
    tar_add(&tar, "package/lib/a.js", '0', RT_STR("module.exports = 1;\n"), NULL);
    tar_end(&tar);
    return rt_text_str(&tar);
}

static void tar_gives_its_files(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    FAKE_SINK fake = fake_sink_open(RT_STR("x.tar"), good_tar(arena));
    open_as(fake, "tar");
    assert_int_equal(fake->layer_count, 4);
    assert_int_equal(fake->fact_count, 1);
    assert_int_equal(fake->unseen_count, 0);
    const RtLayer *layer = fake_sink_layer(fake, RT_STR("package/lib/a.js"));
    assert_non_null(layer);
    assert_int_equal(layer->mode, 0644);
    assert_true(layer->bytes.at > fake->layers[1].bytes.at); /* a view, not a copy */
    assert_true(rt_str_equal(layer->bytes, RT_STR("module.exports = 1;\n")));
}

static void tar_names_are_made_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *name, *becomes, *anomaly;
    } cases[] = {
        { "../../etc/passwd", "etc/passwd", "path-traversal" },
        { "package/../../x", "x", "path-traversal" },
        { "/etc/passwd", "etc/passwd", "absolute-path" },
        { "C:\\windows\\x.dll", "windows/x.dll", "absolute-path" },
        { "a\\..\\..\\x", "x", "path-traversal" },
        { "package/a\x1b[2J.js", "package/a_[2J.js", "name-control" },
        { "package/a\xE2\x80\xAEsj.exe", "package/a\xE2\x80\xAEsj.exe", "name-bidi" },
        { "./package/./a.js", "package/a.js", NULL },
        { "package//a.js", "package/a.js", NULL },
        { "package/x/../a.js", "package/a.js", NULL },
        { "..", "unnamed", "path-traversal" },
        { "...", "...", NULL },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
        RtText tar = { .arena = arena };
        tar_add(&tar, cases[i].name, '0', RT_STR("x"), NULL);
        tar_end(&tar);
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
        open_as(fake, "tar");
        assert_int_equal(fake->layer_count, 3);
        assert_true(rt_str_equal(fake->layers[2].name, rt_str_from_c(cases[i].becomes)));
        assert_true(cases[i].anomaly ? said(fake, cases[i].anomaly) : fake->fact_count == 1);
    }
}

static void tar_links_and_devices(void **state)
{
    (void)state;
    static const struct {
        char type;
        const char *link, *anomaly;
    } cases[] = {
        { '2', "../../../etc/passwd", "link-out-of-tree" },
        { '2', "/etc/passwd", "link-out-of-tree" },
        { '1', "../x", "link-out-of-tree" },
        { '2', "../a.js", NULL },
        { '3', NULL, "device-entry" },
        { '6', NULL, "device-entry" },
        { '9', NULL, "unknown-type" },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
        RtText tar = { .arena = arena };
        tar_add(&tar, "package/x/l", cases[i].type, (RtStr){ 0 }, cases[i].link);
        tar_end(&tar);
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
        open_as(fake, "tar");
        assert_true(cases[i].anomaly ? said(fake, cases[i].anomaly) : fake->fact_count == 1);
    }
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText tar = { .arena = arena };
    tar_add(&tar, "p/a.js", '0', RT_STR("code"), NULL);
    tar_add(&tar, "p/b.js", '1', (RtStr){ 0 }, "p/a.js");
    tar_end(&tar);
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    open_as(fake, "tar");
    assert_true(rt_str_equal(fake_sink_layer(fake, RT_STR("p/b.js"))->bytes, RT_STR("code")));
}

static void tar_oddities_are_told(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText tar = { .arena = arena };
    tar_add(&tar, "package/a.js", '0', RT_STR("one"), NULL);
    tar_add(&tar, "package/a.js", '0', RT_STR("two"), NULL);
    tar_add(&tar, "other/b.js", '0', RT_STR("b"), NULL);
    tar_end(&tar);
    tar_add(&tar, "package/late.js", '0', RT_STR("late"), NULL);
    tar_end(&tar);
    rt_text_add(&tar, RT_STR("#!/bin/sh\necho hidden\n"));
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    open_as(fake, "tar");
    assert_true(said(fake, "duplicate-entry"));
    assert_true(said(fake, "several-top-directories"));
    assert_true(said(fake, "entries-after-end"));
    assert_non_null(fake_sink_layer(fake, RT_STR("package/late.js")));
    assert_int_equal(fake->layer_count, 6);
}

static void tar_long_names(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText tar = { .arena = arena };
    RtText name = { .arena = arena };
    for (int i = 0; i < 20; i++)
        rt_text_format(&name, "directory-%02d/", i);
    rt_text_add(&name, RT_STR("x.js"));
    tar_add(&tar, "././@LongLink", 'L', rt_text_str(&name), NULL);
    tar_add(&tar, "short", '0', RT_STR("gnu"), NULL);
    tar_add(&tar, "PaxHeader", 'x', RT_STR("22 path=package/pax.js\n"), NULL);
    tar_add(&tar, "short", '0', RT_STR("pax"), NULL);
    tar_add(&tar, "plain", '0', RT_STR("plain"), NULL);
    tar_end(&tar);
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    open_as(fake, "tar");
    assert_true(rt_str_equal(fake_sink_layer(fake, rt_text_str(&name))->bytes, RT_STR("gnu")));
    assert_non_null(fake_sink_layer_of(fake, RT_STR("pax")));
    assert_true(rt_str_equal(fake_sink_layer_of(fake, RT_STR("plain"))->name, RT_STR("plain")));
    assert_null(fake_sink_layer(fake, RT_STR("short")));
}

static void tar_two_sizes_are_told(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText tar = { .arena = arena };
    tar_add(&tar, "PaxHeader", 'x', RT_STR("8 size=0\n"), NULL); /* a length that lies: refused */
    tar_add(&tar, "a", '0', RT_STR("12345"), NULL);
    tar_add(&tar, "PaxHeader", 'x', RT_STR("10 size=3\n"), NULL);
    tar_add(&tar, "b", '0', RT_STR("12345"), NULL);
    tar_end(&tar);
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    open_as(fake, "tar");
    assert_true(said(fake, "size-disagreement"));
    assert_int_equal(fake_sink_layer(fake, RT_STR("b"))->bytes.len, 3);
}

static void tar_goes_on_behind_a_bad_header(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText tar = { .arena = arena };
    tar_add(&tar, "a", '0', RT_STR("a"), NULL);
    size_t bad = tar.len;
    tar_add(&tar, "b", '0', RT_STR("b"), NULL);
    tar_add(&tar, "c", '0', RT_STR("c"), NULL);
    tar_end(&tar);
    tar.at[bad] = 'x';
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    open_as(fake, "tar");
    assert_true(said(fake, "bad-checksum"));
    assert_non_null(fake_sink_layer(fake, RT_STR("c")));
    /* The largest size base-256 can say. */
    memset(tar.at + 124, 0xFF, 12);
    tar.at[124] = 0x80;
    tar_fix_checksum(tar.at);
    FAKE_SINK huge = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    open_as(huge, "tar");
}

static void entries_are_limited(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(4 << 20, NULL, NULL);
    RtText tar = { .arena = arena };
    for (int i = 0; i < 50; i++)
        tar_add(&tar, "../same", '0', RT_STR("x"), NULL);
    tar_end(&tar);
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&tar));
    fake->budget.entries = 30;
    open_as(fake, "tar");
    assert_int_equal(fake->layer_count, 32);
    assert_true(fake_sink_was_unseen(fake, RT_STR("limit-entries")));
    assert_true(fake->fact_count <= 1 + 2 * 20); /* a flood of oddities is dammed */
}

/* ---- streams
 * --------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    RtStr (*pack)(RtArena *, RtStr);
} streams[] = { { "gzip", pack_gzip }, { "zlib", pack_zlib }, { "bzip2", pack_bzip2 },
                { "xz", pack_xz },     { "lzma", pack_lzma }, { "zstd", pack_zstd } };

static RtStr some_text(RtArena *arena, size_t lines)
{
    RtText text = { .arena = arena };
    for (size_t i = 0; i < lines; i++)
        rt_text_format(&text, "const value_%zu = require('./lib/%zu');\n", i, i * i % 97);
    return rt_text_str(&text);
}

static void streams_give_one_child(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(32 << 20, NULL, NULL);
    RtStr plain = some_text(arena, 3000);
    for (size_t i = 0; i < RT_COUNT(streams); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("a/data.tgz"), streams[i].pack(arena, plain));
        open_as(fake, streams[i].name);
        assert_int_equal(fake->layer_count, 3);
        assert_true(rt_str_equal(fake->layers[2].bytes, plain));
        assert_true(rt_str_equal(fake->layers[2].name, RT_STR("data.tar")));
        assert_int_equal(fake->layers[2].via, RT_VIA_ENTRY);
        assert_int_equal(fake->fact_count, 1);
        assert_int_equal(fake->unseen_count, 0);
        assert_true(rt_arena_used(fake->sink.arena) < plain.len + 65536); /* trimmed */
    }
}

static void a_stream_in_a_decoded_layer_is_decoded(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(4 << 20, NULL, NULL);
    FAKE_SINK fake = fake_sink_open(RT_STR("base64"), pack_zlib(arena, some_text(arena, 9)));
    fake->layers[1].via = RT_VIA_DECODED;
    open_as(fake, "zlib");
    assert_int_equal(fake->layers[2].via, RT_VIA_DECODED);
    assert_true(rt_str_equal(fake->layers[2].name, RT_STR("zlib")));
}

static void cut_streams_give_what_is_whole(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(32 << 20, NULL, NULL);
    RtStr plain = some_text(arena, 20000);
    for (size_t i = 0; i < RT_COUNT(streams); i++) {
        RtStr packed = streams[i].pack(arena, plain);
        packed.len = packed.len * 3 / 4;
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), packed);
        open_as(fake, streams[i].name);
        assert_true(fake_sink_was_unseen(fake, RT_STR("truncated")));
        assert_true(said(fake, "truncated"));
        if (i != 2) { /* bzip2 has one block here, whole or nothing */
            assert_int_equal(fake->layer_count, 3);
            assert_true(rt_str_starts(plain, fake->layers[2].bytes));
        }
    }
}

static void damaged_streams_are_told(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(16 << 20, NULL, NULL);
    RtStr plain = some_text(arena, 3000);
    for (size_t i = 0; i < RT_COUNT(streams); i++) {
        RtStr packed = rt_str_copy(arena, streams[i].pack(arena, plain));
        memset((uint8_t *)(uintptr_t)packed.at + packed.len / 2, 0xFF, 64);
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), packed);
        open_as(fake, streams[i].name);
        assert_true(fake->unseen_count > 0);
        assert_true(said(fake, "corrupt") || said(fake, "truncated"));
    }
}

static void bombs_are_capped(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(512u << 20, NULL, NULL);
    RtStr zeros = { rt_arena_take(arena, 1, 40 << 20), 40 << 20 };
    for (size_t i = 0; i < RT_COUNT(streams); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), streams[i].pack(arena, zeros));
        fake->budget.ratio = 10;
        open_as(fake, streams[i].name);
        assert_true(fake_sink_was_unseen(fake, RT_STR("limit-ratio")));
        assert_true(said(fake, "bomb"));
        assert_int_equal(fake->layers[2].bytes.len, 8 << 20);
    }
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), pack_gzip(arena, zeros));
    fake->budget.layer_bytes = 1 << 20;
    open_as(fake, "gzip");
    assert_true(fake_sink_was_unseen(fake, RT_STR("limit-layer-bytes")));
    assert_false(said(fake, "bomb"));
}

static void gzip_members_and_trailing_data(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(4 << 20, NULL, NULL);
    RtText two = { .arena = arena };
    rt_text_add(&two, pack_gzip(arena, RT_STR("first ")));
    rt_text_add(&two, pack_gzip(arena, RT_STR("second")));
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_text_str(&two));
    open_as(fake, "gzip");
    assert_true(rt_str_equal(fake->layers[2].bytes, RT_STR("first second")));
    assert_true(said(fake, "several-streams"));
    rt_text_add(&two, RT_STR("eval(payload)"));
    FAKE_SINK tail = fake_sink_open(RT_STR("x"), rt_text_str(&two));
    open_as(tail, "gzip");
    assert_true(said(tail, "trailing-data"));
    assert_true(rt_str_equal(fake_sink_layer(tail, RT_STR("trailing-data"))->bytes,
                             RT_STR("eval(payload)")));
}

/* ---- zip
 * ------------------------------------------------------------------------------------------- */

static void zip_gives_its_files(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(4 << 20, NULL, NULL);
    RtStr text = some_text(arena, 100);
    const ZipEntry entries[] = {
        { .name = "pkg/__init__.py", .content = RT_STR("import os\n") },
        { .name = "pkg/", .content = { 0 } },
        { .name = "pkg/a.py", .content = text, .method = 8 },
        { .name = "pkg/b.py", .content = text, .method = 8, .flags = 8, .mode = 0100755 },
        { .name = "empty", .content = { 0 }, .method = 8 },
    };
    FAKE_SINK fake = fake_sink_open(RT_STR("x.whl"), zip_of(arena, entries, RT_COUNT(entries)));
    open_as(fake, "zip");
    assert_int_equal(fake->fact_count, 1);
    assert_int_equal(fake->unseen_count, 0);
    assert_int_equal(fake->layer_count, 6);
    assert_true(rt_str_equal(fake_sink_layer(fake, RT_STR("pkg/a.py"))->bytes, text));
    assert_true(rt_str_equal(fake_sink_layer(fake, RT_STR("pkg/b.py"))->bytes, text));
    assert_int_equal(fake_sink_layer(fake, RT_STR("pkg/b.py"))->mode, 0755);
}

static void zip_oddities_are_told(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    const RtStr text = RT_STR("print('a text that is a few characters long')\n");
    const struct {
        ZipEntry entries[3];
        size_t count;
        const char *anomaly, *unseen;
        size_t layers;
    } cases[] = {
        { { { .name = "a", .content = text, .flags = 1 } },
          1,
          "encrypted-member",
          "encrypted member",
          0 },
        { { { .name = "a", .content = text, .local_name = "b" } },
          1,
          "header-disagreement",
          NULL,
          1 },
        { { { .name = "a", .content = text },
            { .name = "b", .content = text, .local_at_plus1 = 1 } },
          2,
          "overlapping-entries",
          "zip entry not read",
          2 },
        { { { .name = "a", .content = text },
            { .name = "b", .content = text, .unlisted = true },
            { .name = "c", .content = text } },
          3,
          "hidden-entry",
          NULL,
          3 },
        { { { .name = "a", .content = text },
            { .name = "b", .content = text, .method = 8, .flags = 8, .unlisted = true } },
          2,
          "hidden-entry",
          NULL,
          2 },
        { { { .name = "a", .content = text, .method = 8, .size_lie = 10 } },
          1,
          "size-disagreement",
          NULL,
          1 },
        { { { .name = "a", .content = text, .method = 8, .size_lie = 4000 } },
          1,
          "size-disagreement",
          NULL,
          1 },
        { { { .name = "a", .content = text, .method = 99 } }, 1, NULL, "zip method 99", 0 },
        { { { .name = "../a", .content = text } }, 1, "path-traversal", NULL, 1 },
        { { { .name = "l", .content = RT_STR("../../etc/passwd"), .mode = 0120777 } },
          1,
          "link-out-of-tree",
          NULL,
          0 },
        { { { .name = "a", .content = text }, { .name = "a", .content = text } },
          2,
          "duplicate-entry",
          NULL,
          2 },
        { { { .name = "a", .content = text, .local_at_plus1 = 90000 } },
          1,
          "corrupt",
          "corrupt",
          1 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake =
            fake_sink_open(RT_STR("x"), zip_of(arena, cases[i].entries, cases[i].count));
        open_as(fake, "zip");
        if (cases[i].anomaly && !said(fake, cases[i].anomaly))
            fail_msg("case %zu did not say %s", i, cases[i].anomaly);
        if (cases[i].unseen)
            assert_true(fake_sink_was_unseen(fake, rt_str_from_c(cases[i].unseen)));
        else
            assert_int_equal(fake->unseen_count, 0);
        assert_int_equal(fake->layer_count, 2 + cases[i].layers);
    }
}

static void zip_with_a_prefix_and_a_tail(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    const ZipEntry entry = { .name = "__main__.py", .content = RT_STR("print(1)\n") };
    RtText both = { .arena = arena };
    rt_text_add(&both, RT_STR("#!/usr/bin/env python3\n"));
    rt_text_add(&both, zip_of(arena, &entry, 1));
    rt_text_add(&both, RT_STR("tail of some bytes"));
    FAKE_SINK fake = fake_sink_open(RT_STR("x.pyz"), rt_text_str(&both));
    open_as(fake, "zip");
    assert_non_null(fake_sink_layer_of(fake, RT_STR("print(1)\n")));
    assert_true(said(fake, "prefix-data"));
    assert_non_null(fake_sink_layer_of(fake, RT_STR("#!/usr/bin/env python3\n")));
    assert_true(said(fake, "trailing-data"));
}

/* Fifield's shape: many directory entries over one kernel. */
static void overlap_bomb_is_not_inflated(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtStr zeros = { rt_arena_take(arena, 1, 4 << 20), 4 << 20 };
    ZipEntry *entries = RT_NEW_ARRAY(arena, ZipEntry, 500);
    for (size_t i = 0; i < 500; i++)
        entries[i] = (ZipEntry){ .name = rt_str_c(arena, rt_str_format(arena, "%zu", i)),
                                 .content = i == 0 ? zeros : RT_STR("x"),
                                 .method = 8,
                                 .local_at_plus1 = 1 };
    FAKE_SINK fake = fake_sink_open(RT_STR("x"), zip_of(arena, entries, 500));
    open_as(fake, "zip");
    assert_true(said(fake, "overlapping-entries"));
    assert_true(rt_arena_used(fake->sink.arena) < 12 << 20);
}

/* ---- ar, sealed, all
 * ------------------------------------------------------------------------------- */

static void ar_gives_its_members(void **state)
{
    (void)state;
    FAKE_SINK fake = fake_sink_open(
        RT_STR("x.deb"),
        RT_STR("!<arch>\n"
               "debian-binary   0           0     0     100644  4         `\n2.0\n"
               "odd.txt/        0           0     0     100644  3         `\nabc\n"
               "#1/8            0           0     0     100644  10        `\nlongnamexy"));
    open_as(fake, "ar");
    assert_true(
        rt_str_equal(fake_sink_layer(fake, RT_STR("debian-binary"))->bytes, RT_STR("2.0\n")));
    assert_true(rt_str_equal(fake_sink_layer(fake, RT_STR("odd.txt"))->bytes, RT_STR("abc")));
    assert_true(rt_str_equal(fake_sink_layer(fake, RT_STR("longname"))->bytes, RT_STR("xy")));
    assert_int_equal(fake->fact_count, 1);
}

static void sealed_archives_are_never_clean(void **state)
{
    (void)state;
    FAKE_SINK fake = fake_sink_open(
        RT_STR("x"), RT_STR("7z\xBC\xAF\x27\x1C\0\4________________________________"));
    open_as(fake, "sealed");
    assert_true(fake_sink_was_unseen(fake, RT_STR("7z archive")));
}

static void byte_code_gives_its_strings(void **state)
{
    (void)state;
#define CODE                                                                                       \
    "\xE3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0@\0\0\0s\x0c\0\0\0\xda\x08requests\xda\x03get"
#define LITERAL(text)                                                                              \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
    static const RtStr both[] = { LITERAL(CODE),
                                  LITERAL("\xA7\r\r\n\0\0\0\0\1\2\3\4\5\6\7\x08" CODE) };
    for (size_t i = 0; i < RT_COUNT(both); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x.pyc"), both[i]);
        open_as(fake, "pyc");
        assert_non_null(fake_sink_layer_with(fake, RT_STR("requests\nget\n")));
        assert_int_equal(fake_sink_facts(fake, RT_FACT_BINARY, RT_STR("pyc")), 1);
    }
}

static void text_is_no_container(void **state)
{
    (void)state;
    static const char *const texts[] = { "",
                                         "x^2 + y^2 is a formula, not zlib",
                                         "hello world",
                                         "PK",
                                         "BZh9 is a name",
                                         "{}",
                                         "]\0\0",
                                         "x\x9c" };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        assert_null(rt_unpack_container_for(rt_str_from_c(texts[i])));
}

static void every_truncation_is_survived(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(4 << 20, NULL, NULL);
    RtStr text = some_text(arena, 12);
    const ZipEntry entries[] = { { .name = "a.py", .content = text, .method = 8 },
                                 { .name = "b.py", .content = RT_STR("x=1\n") },
                                 { .name = "c.py", .content = text, .method = 8, .flags = 8 } };
    RtStr all[] = { good_tar(arena),
                    zip_of(arena, entries, RT_COUNT(entries)),
                    pack_gzip(arena, text),
                    pack_zlib(arena, text),
                    pack_bzip2(arena, text),
                    pack_xz(arena, text),
                    pack_lzma(arena, text),
                    pack_zstd(arena, text),
                    RT_STR("!<arch>\n"
                           "a/              0           0     0     100644  4         `\n2.0\n") };
    for (size_t i = 0; i < RT_COUNT(all); i++)
        for (size_t len = 0; len < all[i].len; len++) {
            FAKE_SINK fake = open_copy((RtStr){ all[i].at, len });
            /* Cut archives are told of, unless nothing knows them any more (or only padding is
             * missing). */
            bool is_known = rt_unpack_container_for((RtStr){ all[i].at, len }) != NULL;
            if (is_known && i > 0)
                assert_true(fake->unseen_count > 0 || fake->fact_count > 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tar_gives_its_files),
        cmocka_unit_test(tar_names_are_made_harmless),
        cmocka_unit_test(tar_links_and_devices),
        cmocka_unit_test(tar_oddities_are_told),
        cmocka_unit_test(tar_long_names),
        cmocka_unit_test(tar_two_sizes_are_told),
        cmocka_unit_test(tar_goes_on_behind_a_bad_header),
        cmocka_unit_test(entries_are_limited),
        cmocka_unit_test(streams_give_one_child),
        cmocka_unit_test(a_stream_in_a_decoded_layer_is_decoded),
        cmocka_unit_test(cut_streams_give_what_is_whole),
        cmocka_unit_test(damaged_streams_are_told),
        cmocka_unit_test(bombs_are_capped),
        cmocka_unit_test(gzip_members_and_trailing_data),
        cmocka_unit_test(zip_gives_its_files),
        cmocka_unit_test(zip_oddities_are_told),
        cmocka_unit_test(zip_with_a_prefix_and_a_tail),
        cmocka_unit_test(overlap_bomb_is_not_inflated),
        cmocka_unit_test(ar_gives_its_members),
        cmocka_unit_test(sealed_archives_are_never_clean),
        cmocka_unit_test(byte_code_gives_its_strings),
        cmocka_unit_test(text_is_no_container),
        cmocka_unit_test(every_truncation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
