/* lockfiles_test.c - every reader against its golden listing (tests/lockfiles, BLESS=1 writes
 * them), cut off at every length, and fed what nobody's client would write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "ecosystem/lockfile.h"
#include "support/say_lock.h"

enum { LIMIT = 1 << 30 };

static const char *const files[] = {
    "npm-v1/package-lock.json",
    "npm-v2/package-lock.json",
    "npm-v3/package-lock.json",
    "npm-hidden/node_modules/.package-lock.json",
    "yarn-1/yarn.lock",
    "yarn-berry/yarn.lock",
    "pnpm-5/pnpm-lock.yaml",
    "pnpm-6/pnpm-lock.yaml",
    "pnpm-9/pnpm-lock.yaml",
    "bun/bun.lock",
    "bun/bun.lockb",
    "requirements/requirements.txt",
    "poetry/poetry.lock",
    "uv/uv.lock",
    "pdm/pdm.lock",
    "pipenv/Pipfile.lock",
    "pylock/pylock.toml",
    "composer/composer.lock",
    "bundler/Gemfile.lock",
    "cargo/Cargo.lock",
    "cargo-v1/Cargo.lock",
    "go/go.mod",
    "go/go.sum",
    "gradle/gradle.lockfile",
    "gradle/verification-metadata.xml",
    "maven/pom.xml",
    "deno/deno.lock",
    "cyclonedx/bom.json",
    "spdx/sbom.spdx.json",
    "installed/listing",
};

static RtStr load(RtArena *arena, const char *name, const char *suffix)
{
    char path[256];
    snprintf(path, sizeof path, "tests/lockfiles/%s%s", name, suffix);
    FILE *file = fopen(path, "rb");
    if (!file)
        return RT_STR("");
    uint8_t *bytes = rt_arena_bytes(arena, 1 << 20);
    size_t len = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return (RtStr){ bytes, len };
}

static RtLock read_bytes(RtArena *arena, const char *path, RtStr bytes)
{
    RtLock lock = { 0 };
    const RtLockfile *reader = rt_lockfile_find(rt_str_from_c(path), rt_str_sub(bytes, 0, 4096));
    assert_non_null(reader);
    rt_lockfile_read(arena, reader, bytes, rt_str_from_c(path), &lock);
    for (size_t i = 0; i < lock.count; i++)
        assert_true(lock.items[i].parent <= lock.count);
    return lock;
}

static void golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(files); i++) {
        RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
        RtStr bytes = load(arena, files[i], "");
        assert_true(bytes.len > 0);
        RtLock lock = read_bytes(arena, files[i], bytes);
        RtText said = { .arena = arena };
        say_lock(&said, &lock);
        if (getenv("BLESS")) {
            char path[256];
            snprintf(path, sizeof path, "tests/lockfiles/%s.golden", files[i]);
            FILE *file = fopen(path, "wb");
            assert_non_null(file);
            fwrite(said.at, 1, said.len, file);
            fclose(file);
        }
        RtStr wanted = load(arena, files[i], ".golden");
        if (!rt_str_equal(wanted, rt_text_str(&said)))
            fail_msg("%s reads as\n%.*s", files[i], RT_FMT(rt_text_str(&said)));
    }
}

/* A cut file gives what stood before the cut, or a note; it never dies and never claims to be
 * whole when the format could tell. */
static void every_truncation(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RT_ARENA scratch = rt_arena_open(LIMIT, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(files); i++) {
        RtStr bytes = load(arena, files[i], "");
        const RtLockfile *reader =
            rt_lockfile_find(rt_str_from_c(files[i]), rt_str_sub(bytes, 0, 4096));
        for (size_t len = 0; len < bytes.len; len++) {
            uint8_t *exact = malloc(len ? len : 1); /* so that a byte too many is seen */
            assert_non_null(exact);
            memcpy(exact, bytes.at, len);
            RtLock lock;
            rt_lockfile_read(scratch, reader, (RtStr){ exact, len }, rt_str_from_c(files[i]),
                             &lock);
            RtText said = { .arena = scratch };
            say_lock(&said, &lock);
            free(exact);
            rt_arena_reset(scratch);
        }
    }
}

typedef struct {
    const char *path, *text, *note; /* the note's `what` */
} Odd;

static const Odd odd[] = {
    { "package-lock.json", "", "empty" },
    { "package-lock.json", "[]", "wrong-type" },
    { "package-lock.json", "{\"packages\":[]}", "wrong-type" },
    { "package-lock.json", "{\"packages\":{\"node_modules/a\":7}}", "wrong-type" },
    { "package-lock.json", "{\"dependencies\":{\"a\":\"1\"}}", "wrong-type" },
    { "package-lock.json", "{\"packages\":{\"node_modules/a\":{},\"node_modules/a\":{}}}",
      "duplicate-keys" },
    { "package-lock.json", "{\"packages\":{}", "malformed" },
    { "package-lock.json",
      "{\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\"}},\"dependencies\":{\"a\":{"
      "\"version\":\"2.0.0\"}}}",
      "parts-disagree" },
    { "package-lock.json",
      "{\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\"}},\"dependencies\":{\"b\":{"
      "\"version\":\"1.0.0\"}}}",
      "parts-disagree" },
    { "package-lock.json",
      "{\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\",\"dependencies\":{\"ui\":\"http://"
      "192.0.2.1/ui\"}}}}",
      "remote-request" },
    { "yarn.lock", "<html>\n", "malformed" },
    { "yarn.lock", "__metadata:\n  version: 8\n\"a@npm:1\":\n  - x\n", "wrong-type" },
    { "pnpm-lock.yaml", "packages:\n  a@1: &x {}\n  b@1: *x\n", "malformed" },
    { "pnpm-lock.yaml", "packages:\n  a@1: text\n", "wrong-type" },
    { "bun.lock", "{\"packages\":{\"a\":[]}}", "wrong-type" },
    { "poetry.lock", "[[package]]\nversion = \"1\"\n", "wrong-type" },
    { "poetry.lock", "[[package]]\nname = \"a\"\nversion = \"1\n", "malformed" },
    { "uv.lock", "package = [[[[\n", "malformed" },
    { "uv.lock",
      "[[package]]\nname = \"a\"\nwheels = [{ url = \"https://one.invalid/a\" }, { url = "
      "\"https://two.invalid/a\" }]\n",
      "files-apart" },
    { "Cargo.lock", "[[package]]\nversion = \"1\"\n", "wrong-type" },
    { "Pipfile.lock", "{\"default\":{\"a\":1}}", "wrong-type" },
    { "composer.lock", "{\"packages\":[{}]}", "wrong-type" },
    { "go.sum", "what is this\n", "malformed" },
    { "gradle.lockfile", "what is this\n", "malformed" },
    { "pom.xml", "<project><dependencies>", "malformed" },
    { "pom.xml", "<project a=\"", "malformed" },
    { "bom.json", "{}", "wrong-type" },
};

static void what_no_client_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(odd); i++) {
        RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
        RtLock lock = read_bytes(arena, odd[i].path, rt_str_from_c(odd[i].text));
        bool found = false;
        for (size_t j = 0; j < lock.note_count; j++)
            found = found || rt_str_equal(lock.notes[j].what, rt_str_from_c(odd[i].note));
        if (!found)
            fail_msg("%s in `%s` is not noted", odd[i].note, odd[i].text);
    }
}

static RtStr repeated(RtArena *arena, const char *before, const char *piece, size_t times)
{
    RtText text = { .arena = arena };
    rt_text_format(&text, "%s", before);
    for (size_t i = 0; i < times; i++)
        rt_text_add(&text, rt_str_from_c(piece));
    return rt_text_str(&text);
}

/* Depth of a million, with each bracket there is. */
static void deep_nesting(void **state)
{
    (void)state;
    static const Odd deep[] = {
        { "package-lock.json", "{\"packages\":", "{\"a\":" },
        { "package-lock.json", "{\"packages\":", "[" },
        { "bun.lock", "{\"packages\":", "[" },
        { "pnpm-lock.yaml", "packages: ", "[" },
        { "pnpm-lock.yaml", "packages: ", "{a: " },
        { "poetry.lock", "a = ", "[" },
        { "poetry.lock", "a = ", "{a = " },
        { "poetry.lock", "[a", ".a" },
        { "poetry.lock", "a", ".a" },
        { "pom.xml", "", "<a>" },
    };
    for (size_t i = 0; i < RT_COUNT(deep); i++) {
        RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
        RtStr bytes = repeated(arena, deep[i].text, deep[i].note, 1000000);
        RtLock lock = read_bytes(arena, deep[i].path, bytes);
        assert_false(lock.complete);
        assert_true(lock.note_count > 0);
    }
}

static double seconds_for(const char *path, RtStr bytes)
{
    RT_ARENA arena = rt_arena_open((size_t)4 << 30, NULL, NULL);
    clock_t before = clock();
    (void)read_bytes(arena, path, bytes);
    return (double)(clock() - before) / CLOCKS_PER_SEC;
}

/* Half a megabyte of each reader's worst: nothing here may be quadratic. */
static void hostile_repetition(void **state)
{
    (void)state;
    static const Odd worst[] = {
        { "poetry.lock", "", "[a.b.c]\n" },
        { "poetry.lock", "", "[[package]]\nname=\"a\"\n" },
        { "poetry.lock", "", "a=1\n" },
        { "yarn.lock", "", "a@1:\n  dependencies:\n    a 1\n" },
        { "requirements.txt", "", "a==1 \\\n" },
        { "requirements.txt", "a==1 ", "--hash=sha256:0 " },
        { "go.mod", "", "replace a => b\n" },
        { "pom.xml", "<a ", "b=\"c\" " },
        { "pom.xml", "", "<!-- " },
        { "Gemfile.lock", "GEM\n  specs:\n", "    a (1)\n      a\n" },
        { "pnpm-lock.yaml", "packages:\n", "  a@1: {}\n" },
        { "package-lock.json", "", "{\"a\":[" },
    };
    for (size_t i = 0; i < RT_COUNT(worst); i++) {
        RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
        size_t times = (512 << 10) / strlen(worst[i].note);
        double took =
            seconds_for(worst[i].path, repeated(arena, worst[i].text, worst[i].note, times));
        if (took > 5)
            fail_msg("%s with `%s` takes %.1f s", worst[i].path, worst[i].note, took);
    }
}

/* Many requests that nobody can answer, from a deep place: the climb is bounded. */
static void unanswered_requests(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(LIMIT, NULL, NULL);
    RtText text = { .arena = arena };
    rt_text_format(&text, "{\"packages\":{\"");
    for (int i = 0; i < 60; i++)
        rt_text_format(&text, "node_modules/name%d/", i);
    rt_text_format(&text, "node_modules/z\":{\"version\":\"1\",\"dependencies\":{");
    for (int i = 0; i < 200000; i++)
        rt_text_format(&text, "%s\"d%d\":\"1\"", i ? "," : "", i);
    rt_text_format(&text, "}}}}");
    assert_true(seconds_for("package-lock.json", rt_text_str(&text)) < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),
        cmocka_unit_test(every_truncation),
        cmocka_unit_test(what_no_client_writes),
        cmocka_unit_test(deep_nesting),
        cmocka_unit_test(hostile_repetition),
        cmocka_unit_test(unanswered_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
