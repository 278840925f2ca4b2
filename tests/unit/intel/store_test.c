/* store_test.c - what a store promises: look-ups, withdrawals, imports that are all or nothing, and
 * one clear error when the file is locked, damaged, somebody else's or cannot grow. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "intel/intel.h"
#include "intel/seed.h"
#include "intel/store.h"

static char folder[] = "/tmp/ratter-store-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command); /* a folder that mkdtemp named */
}

static RtStr path_of(RtArena *arena, const char *name)
{
    return rt_str_format(arena, "%s/%s", folder, name);
}

static RtIntelEntry package(const char *name, const char *versions)
{
    return (RtIntelEntry){ .kind = RT_INTEL_PACKAGE,
                           .role = RT_ROLE_NOT_SAID,
                           .ecosystem = RT_STR("npm"),
                           .value = rt_str_from_c(name),
                           .versions = rt_str_from_c(versions),
                           .confidence = 90,
                           .modified = 1000 };
}

static void must(RtErr err)
{
    if (err.code != RT_OK)
        fail_msg("%s", err.text);
}

static void put_one(RtStore *store, const char *source, uint64_t key, RtIntelEntry entry)
{
    RtStoreChange change;
    must(rt_store_begin(store, rt_str_from_c(source)));
    must(rt_store_add(store, key));
    must(rt_store_put(store, key, &entry));
    must(rt_store_finish(store, NULL, NULL, &change));
    must(rt_store_end(store, true, RT_STR("test"), RT_STR("d"), 2000));
}

static size_t count_of(RtIntel *intel, const char *name, const char *version)
{
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    const RtIntelEntry *entries = NULL;
    size_t count = 0;
    must(rt_intel_package(intel, arena, RT_STR("npm"), rt_str_from_c(name), rt_str_from_c(version),
                          &entries, &count));
    return count;
}

static void look_ups(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtIntel *intel = NULL;
    must(rt_intel_open(path_of(arena, "a"), true, &intel));
    RtStore *store = rt_intel_store(intel);
    RtIntelEntry hijacked = package("hijacked", "1.0.1|>=3.0.0 <3.0.2");
    hijacked.role = RT_ROLE_VICTIM;
    put_one(store, "one", 1, hijacked);
    put_one(store, "two", 1, package("evil", ""));
    assert_int_equal(count_of(intel, "hijacked", "1.0.1"), 1);
    assert_int_equal(count_of(intel, "hijacked", "1.0.2"), 0);
    assert_int_equal(count_of(intel, "hijacked", "3.0.1"), 1);
    assert_int_equal(count_of(intel, "hijacked", ""), 1);
    assert_int_equal(count_of(intel, "evil", "9.9.9"), 1);
    assert_int_equal(count_of(intel, "evi", ""), 0);
    rt_intel_close(intel);
}

static void withdrawn_entries_are_not_given(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtIntel *intel = NULL;
    must(rt_intel_open(path_of(arena, "w"), true, &intel));
    RtIntelEntry entry = package("once-bad", "");
    entry.id = RT_STR("MAL-2026-1");
    put_one(rt_intel_store(intel), "copy", 1, entry);
    assert_int_equal(count_of(intel, "once-bad", "1.0.0"), 1);
    entry.withdrawn = 1500; /* and the copy of another source, under the same id, with it */
    entry.modified = 1500;
    put_one(rt_intel_store(intel), "origin", 1, entry);
    assert_int_equal(count_of(intel, "once-bad", "1.0.0"), 0);
    RtIntelStatus status;
    must(rt_intel_status(intel, &status));
    assert_int_equal(status.withdrawn, 1);
    assert_int_equal(status.imported, 2000);
    assert_int_equal(status.newest, 1500);
    rt_intel_close(intel);
}

static void an_import_replaces_what_its_source_said(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtIntel *intel = NULL;
    must(rt_intel_open(path_of(arena, "r"), true, &intel));
    RtStore *store = rt_intel_store(intel);
    RtStoreChange change;
    RtIntelEntry first = package("first", ""), second = package("second", "");
    put_one(store, "feed", 1, first);
    must(rt_store_begin(store, RT_STR("feed")));
    must(rt_store_keep(store, 1));
    must(rt_store_add(store, 2));
    must(rt_store_put(store, 2, &second));
    must(rt_store_finish(store, NULL, NULL, &change));
    must(rt_store_end(store, true, RT_STR("test"), RT_STR(""), 1));
    assert_int_equal(change.members_kept, 1);
    assert_int_equal(change.entries_added, 1);
    assert_int_equal(change.entries_dropped, 0);
    put_one(store, "other", 1, package("third", ""));
    put_one(store, "feed", 2, second); /* the first is gone from the feed */
    assert_int_equal(count_of(intel, "first", ""), 0);
    assert_int_equal(count_of(intel, "second", ""), 1);
    assert_int_equal(count_of(intel, "third", ""), 1);

    must(rt_store_begin(store, RT_STR("feed"))); /* an import that fails */
    must(rt_store_add(store, 9));
    must(rt_store_put(store, 9, &first));
    must(rt_store_finish(store, NULL, NULL, &change));
    must(rt_store_end(store, false, (RtStr){ 0 }, (RtStr){ 0 }, 1));
    assert_int_equal(count_of(intel, "first", ""), 0);
    assert_int_equal(count_of(intel, "second", ""), 1);
    rt_intel_close(intel);
}

static void a_locked_store_says_so(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtStore *one = NULL, *two = NULL;
    must(rt_store_open(path_of(arena, "l"), RT_STORE_WRITE, &one));
    must(rt_store_open(path_of(arena, "l"), RT_STORE_WRITE, &two));
    must(rt_store_begin(one, RT_STR("x")));
    RtErr err = rt_store_begin(two, RT_STR("y"));
    assert_int_equal(err.code, RT_ERR_IO);
    assert_non_null(strstr(err.text, "another process"));
    must(rt_store_end(one, true, (RtStr){ 0 }, (RtStr){ 0 }, 1));
    must(rt_store_begin(two, RT_STR("y")));
    must(rt_store_end(two, true, (RtStr){ 0 }, (RtStr){ 0 }, 1));
    rt_store_close(one);
    rt_store_close(two);
}

/* Fills a store until a file may not grow any more; what was there before must still be. */
static void fill_up(const char *path)
{
    struct rlimit small = { 512 << 10, 512 << 10 };
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    RtStore *store = NULL;
    RtErr err = rt_store_open(rt_str_from_c(path), RT_STORE_WRITE, &store);
    if (err.code == RT_OK)
        err = rt_store_begin(store, RT_STR("big"));
    char name[32];
    for (uint64_t key = 1; key < 400000 && err.code == RT_OK; key++) {
        snprintf(name, sizeof name, "package-%llu", (unsigned long long)(key * 7919 % 400009));
        RtIntelEntry entry = package(name, "1.0.0|1.0.1|1.0.2|1.0.3|1.0.4|1.0.5|1.0.6");
        err = rt_store_add(store, key);
        if (err.code == RT_OK)
            err = rt_store_put(store, key, &entry);
    }
    rt_store_close(store);
    _exit(err.code == RT_ERR_IO && strstr(err.text, "nothing was changed") ? 0 : 1);
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtStr path = path_of(arena, "f");
    RtIntel *intel = NULL;
    must(rt_intel_open(path, true, &intel));
    put_one(rt_intel_store(intel), "kept", 1, package("evil", ""));
    rt_intel_close(intel);
    pid_t child = fork();
    if (child == 0)
        fill_up(rt_str_c(arena, path));
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    must(rt_intel_open(path, true, &intel));
    assert_int_equal(count_of(intel, "evil", "1.0.0"), 1);
    assert_int_equal(count_of(intel, "package-7919", "1.0.0"), 0);
    rt_intel_close(intel);
}

static void count_line(void *context, RtStr line)
{
    (void)line;
    ++*(size_t *)context;
}

/* Every kilobyte overwritten in turn, and the file cut at every kilobyte: an error in words or a
 * fault found, or an answer; never a crash. */
static void a_damaged_store_is_found(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtStr good = path_of(arena, "c"), bad = path_of(arena, "d");
    RtStore *store = NULL;
    must(rt_store_open(good, RT_STORE_WRITE, &store));
    char name[32];
    RtStoreChange change;
    must(rt_store_begin(store, RT_STR("feed")));
    for (uint64_t key = 1; key < 300; key++) {
        snprintf(name, sizeof name, "package-%llu", (unsigned long long)key);
        RtIntelEntry entry = package(name, "1.0.0");
        must(rt_store_add(store, key));
        must(rt_store_put(store, key, &entry));
    }
    must(rt_store_finish(store, NULL, NULL, &change));
    must(rt_store_end(store, true, RT_STR("test"), RT_STR(""), 1));
    size_t lines = 0;
    uint64_t faults = 0;
    must(rt_store_verify(store, count_line, &lines, &faults));
    assert_int_equal(faults, 0);
    rt_store_close(store);
    store = NULL;

    FILE *file = fopen(rt_str_c(arena, good), "rb");
    static char bytes[1 << 20];
    size_t size = fread(bytes, 1, sizeof bytes, file), found = 0, tried = 0;
    fclose(file);
    for (size_t at = 0; at < 2 * size; at += 1024) {
        bool cut = at >= size;
        FILE *out = fopen(rt_str_c(arena, bad), "wb");
        fwrite(bytes, 1, cut ? at - size : size, out);
        if (!cut && fseek(out, (long)at, SEEK_SET) == 0)
            for (size_t i = 0; i < 1024 && at + i < size; i++)
                fputc((int)(bytes[at + i] ^ 0x5a), out);
        fclose(out);
        RtErr err = rt_store_open(bad, RT_STORE_READ, &store);
        faults = 0;
        if (err.code == RT_OK)
            err = rt_store_verify(store, count_line, &lines, &faults);
        if (err.code == RT_OK) {
            const RtIntelEntry *entries = NULL;
            size_t count = 0;
            RtErr asked = rt_store_find(store, arena, RT_INTEL_PACKAGE, RT_STR("npm"),
                                        RT_STR("package-7"), &entries, &count);
            assert_true(asked.code == RT_OK || asked.text[0] != 0);
        }
        if (err.code != RT_ERR_ABSENT || !cut) {
            tried++;
            found += err.code != RT_OK || faults > 0;
        }
        rt_store_close(store);
        store = NULL;
    }
    if (found * 10 < tried * 9) /* a page that holds nothing may change unseen */
        fail_msg("%zu of %zu damages found", found, tried);
}

static void another_database_is_refused(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtStr path = path_of(arena, "text");
    FILE *file = fopen(rt_str_c(arena, path), "w");
    fputs("no database at all, but long enough to be looked at by one who expects a header of "
          "one hundred bytes, which this has\n",
          file);
    fclose(file);
    RtIntel *intel = NULL;
    RtErr err = rt_intel_open(path, false, &intel);
    assert_int_equal(err.code, RT_ERR_FORMAT);
    assert_non_null(strstr(err.text, "verify"));
    err = rt_intel_open(path, true, &intel);
    assert_int_equal(err.code, RT_ERR_FORMAT);
}

static void the_seed_answers_without_a_store(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtIntel *intel = NULL;
    must(rt_intel_open(path_of(arena, "none"), false, &intel));
    RtIntelStatus status;
    must(rt_intel_status(intel, &status));
    assert_true(status.seed_only);
    assert_true(status.packages > 900 && status.indicators > 700);
    assert_int_equal(status.imported, 0);
    assert_true(status.newest > 0);
    rt_intel_close(intel);
    assert_int_equal(access(rt_str_c(arena, path_of(arena, "none")), F_OK), -1);
    /* In the store or beside it: asked once. */
    RtStore *store = NULL;
    must(rt_store_open(path_of(arena, "seeded"), RT_STORE_WRITE, &store));
    must(rt_seed_import(store, 5));
    rt_store_close(store);
    RtIntelStatus stored;
    must(rt_intel_open(path_of(arena, "seeded"), false, &intel));
    must(rt_intel_status(intel, &stored));
    assert_int_equal(stored.packages, status.packages);
    assert_int_equal(stored.indicators, status.indicators);
    assert_int_equal(stored.newest, status.newest); /* the head of the file says what is in it */
    must(rt_intel_seed(intel, &store));
    assert_null(store);
    rt_intel_close(intel);
}

/* Each entry is found by the hash that stands before it, in the form in which a store gives it. */
static RtErr find_entry(void *context, const RtIntelEntry *entry)
{
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    const RtIntelEntry *found = NULL;
    size_t count = 0;
    rt_seed_find(context, arena, entry->kind, entry->ecosystem, entry->value, &found, &count);
    for (size_t i = 0; i < count; i++)
        if (rt_str_equal(found[i].campaign, entry->campaign) &&
            rt_str_equal(found[i].versions, entry->versions) && found[i].role == entry->role &&
            found[i].confidence == entry->confidence && found[i].modified == entry->modified &&
            rt_str_equal(found[i].reference, entry->reference) &&
            rt_str_equal(found[i].source, entry->source))
            return RT_FINE;
    print_message("# not found: %.*s %.*s\n", RT_FMT(entry->ecosystem), RT_FMT(entry->value));
    return rt_fail(RT_ERR_FORMAT, "tools/intel-seed hashes an entry otherwise than seed.c");
}

static void the_seed_is_found_without_a_store(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtSeed seed = rt_seed_open(arena);
    RtStore *store = NULL;
    const RtIntelEntry *found = NULL;
    size_t count = 7;
    assert_int_equal(seed.count, seed.packages + seed.indicators);
    must(rt_store_open((RtStr){ 0 }, RT_STORE_MEMORY, &store));
    must(rt_seed_import(store, 5));
    must(rt_store_each(store, find_entry, &seed));
    rt_store_close(store);
    rt_seed_find(&seed, arena, RT_INTEL_PACKAGE, RT_STR("npm"), RT_STR("no-such-package"), &found,
                 &count);
    assert_int_equal(count, 0);
}

static RtErr check_entry(void *context, const RtIntelEntry *entry)
{
    (void)context;
    if (entry->kind == RT_INTEL_EMAIL || entry->kind == RT_INTEL_ACCOUNT)
        return rt_fail(RT_ERR_FORMAT, "a person is in the seed");
    if (entry->kind == RT_INTEL_EXTENSION && entry->role != RT_ROLE_TARGET)
        return rt_fail(RT_ERR_FORMAT, "a wallet extension is no actor");
    if (entry->reference.len == 0 || entry->campaign.len == 0)
        return rt_fail(RT_ERR_FORMAT, "an entry without its origin");
    return RT_FINE;
}

static void every_line_of_the_seed_is_good(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtStore *store = NULL;
    const RtStoreSource *sources = NULL;
    size_t count = 0, lines = 0;
    must(rt_store_open((RtStr){ 0 }, RT_STORE_MEMORY, &store));
    must(rt_seed_import(store, 5));
    must(rt_store_each(store, check_entry, NULL));
    must(rt_store_sources(store, arena, &sources, &count));
    RtStr text = rt_seed_text(arena), line;
    while (rt_str_next(&text, '\n', &line))
        lines += line.len > 0;
    assert_int_equal(count, 1);
    assert_int_equal(sources[0].packages + sources[0].indicators, lines);
    rt_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(look_ups),
        cmocka_unit_test(withdrawn_entries_are_not_given),
        cmocka_unit_test(an_import_replaces_what_its_source_said),
        cmocka_unit_test(a_locked_store_says_so),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(a_damaged_store_is_found),
        cmocka_unit_test(another_database_is_refused),
        cmocka_unit_test(the_seed_answers_without_a_store),
        cmocka_unit_test(the_seed_is_found_without_a_store),
        cmocka_unit_test(every_line_of_the_seed_is_good),
    };
    return cmocka_run_group_tests_name("intel.store", tests, make_folder, remove_folder);
}
