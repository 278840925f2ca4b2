/* formats_test.c - every format reads what it writes; cut off at every byte it says less and never
 * falls over; signatures fit nothing but what was signed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "intel/formats.h"
#include "intel/sign.h"

enum { MOST = 64 };

typedef struct {
    RtArena *arena;
    RtIntelEntry entries[MOST];
    size_t count, bad;
} Reader;

static void take(void *context, RtIntelEntry *entry)
{
    Reader *reader = context;
    const char *why = NULL;
    if (!rt_intel_normalise(reader->arena, entry, &why))
        reader->bad++;
    else if (reader->count < MOST)
        reader->entries[reader->count++] = *entry;
}

static void refuse(void *context, RtStr what, const char *why)
{
    Reader *reader = context;
    (void)rt_str_hash(what);
    assert_non_null(why);
    reader->bad++;
}

static void read_as(Reader *reader, const char *format, RtStr bytes)
{
    const RtIntelFormat *found = rt_intel_format_find(rt_str_from_c(format));
    RtIntelTaker to = { .arena = reader->arena, .context = reader, .entry = take, .bad = refuse };
    reader->count = reader->bad = 0;
    assert_non_null(found);
    found->read(RT_STR("test"), bytes, &to);
}

/* In the order of exports: kind, ecosystem, value. */
static const RtIntelEntry *samples(size_t *ret_count)
{
    static RtIntelEntry list[3];
    list[0] = (RtIntelEntry){ .kind = RT_INTEL_PACKAGE,
                              .role = RT_ROLE_VICTIM,
                              .ecosystem = RT_STR("pypi"),
                              .value = RT_STR("hijacked"),
                              .versions = RT_STR("1.0.1|1.0.2"),
                              .id = RT_STR("MAL-2026-9"),
                              .summary = RT_STR("says \"it\", and\\more = x"),
                              .confidence = 95,
                              .tlp = 1,
                              .modified = 1777593600,
                              .reference = RT_STR("https://report.example.invalid/") };
    list[1] = (RtIntelEntry){ .kind = RT_INTEL_URL,
                              .role = RT_ROLE_NOT_SAID,
                              .value = RT_STR("http://bad.example.invalid/'\\"),
                              .campaign = RT_STR("a \"campaign\""),
                              .confidence = 80,
                              .modified = 1777593600,
                              .valid_from = 1777593600 };
    list[2] = (RtIntelEntry){ .kind = RT_INTEL_IP_PORT,
                              .role = RT_ROLE_NOT_SAID,
                              .value = RT_STR("192.0.2.7:443"),
                              .confidence = 50,
                              .modified = 1777593600 };
    *ret_count = RT_COUNT(list);
    return list;
}

static RtStr written(RtArena *arena, const char *format)
{
    RtText out = { .arena = arena };
    RtIntelExport what = { .tlp = 1, .time = 1777593600, .version = RT_STR("0") };
    what.entries = samples(&what.count);
    rt_intel_format_find(rt_str_from_c(format))->write(&what, &out);
    return rt_text_str(&out);
}

static const char *const both_ways[] = { "bundle", "csv", "misp", "osv", "stix" };

static void formats_read_what_they_write(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    Reader reader = { .arena = arena };
    for (size_t i = 0; i < RT_COUNT(both_ways); i++) {
        RtStr text = written(arena, both_ways[i]);
        const RtIntelFormat *bidder = rt_intel_format_for(RT_STR("x"), text);
        assert_non_null(bidder);
        assert_string_equal(bidder->name, both_ways[i]);
        read_as(&reader, both_ways[i], text);
        bool packages_only = strcmp(both_ways[i], "osv") == 0;
        size_t package = 0;
        assert_int_equal(reader.bad, 0);
        assert_int_equal(reader.count, packages_only ? 1 : 3);
        while (reader.entries[package].kind != RT_INTEL_PACKAGE)
            package++;
        const RtIntelEntry *entry = &reader.entries[package];
        assert_true(rt_str_equal(entry->value, RT_STR("hijacked")));
        assert_true(rt_str_equal(entry->versions, RT_STR("1.0.1|1.0.2")));
        assert_true(rt_str_equal(entry->id, RT_STR("MAL-2026-9")));
        assert_int_equal(entry->tlp, 1);
        if (strcmp(both_ways[i], "misp") != 0)
            assert_int_equal(entry->role, RT_ROLE_VICTIM);
        for (size_t k = 0; k < reader.count; k++)
            if (reader.entries[k].kind == RT_INTEL_URL)
                assert_true(rt_str_equal(reader.entries[k].value,
                                         RT_STR("http://bad.example.invalid/'\\")));
    }
}

static void formats_cut_off_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(both_ways); i++) {
        RT_ARENA whole = rt_arena_open(64 << 20, NULL, NULL);
        RtStr text = written(whole, both_ways[i]);
        for (size_t len = 0; len < text.len; len++) {
            RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
            Reader reader = { .arena = arena };
            uint8_t *exact = rt_arena_take(arena, 1, len + 1);
            memcpy(exact, text.at, len);
            read_as(&reader, both_ways[i], (RtStr){ exact, len });
            (void)rt_intel_format_for(RT_STR("x"), (RtStr){ exact, len });
        }
    }
}

static void records_of_osv(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t entries, bad, others;
    } cases[] = {
        { "{\"id\":\"MAL-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[]}", 0, 0, 0 },
        { "{\"id\":\"CVE-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[]}", 0, 0, 1 },
        { "{\"id\":\"GHSA-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"database_specific\":"
          "{\"cwe_ids\":[\"CWE-506\"]},\"affected\":[{\"package\":{\"ecosystem\":\"npm\","
          "\"name\":\"x\"},\"versions\":[\"1\"]}]}",
          1, 0, 0 },
        { "{\"id\":\"MAL-1\",\"modified\":\"never\",\"affected\":[]}", 0, 1, 0 },
        { "{\"id\":\"MAL-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":{}}", 0, 1, 0 },
        { "{\"modified\":\"2026-01-01T00:00:00Z\"}", 0, 1, 0 },
        { "[[],7,null,\"x\"]", 0, 4, 0 },
        { "7", 0, 1, 0 },
        { "", 0, 1, 0 },
        { "{\"id\":\"MAL-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[{\"package\":"
          "{\"ecosystem\":\"npm\",\"name\":\"x\"},\"versions\":[\"a b\",\"|\",\">1\",7]}]}",
          0, 1, 0 },
        { "{\"id\":\"MAL-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[{\"package\":"
          "{\"ecosystem\":\"npm\",\"name\":\"x\"},\"ranges\":[{\"type\":\"GIT\",\"events\":"
          "[{\"introduced\":\"0\"}]}]}]}",
          0, 1, 0 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
        Reader reader = { .arena = arena };
        RtIntelTaker to = { .arena = arena, .context = &reader, .entry = take, .bad = refuse };
        rt_intel_format_find(RT_STR("osv"))->read(RT_STR("t"), rt_str_from_c(cases[i].text), &to);
        if (reader.count != cases[i].entries || reader.bad != cases[i].bad ||
            to.others != cases[i].others)
            fail_msg("%s: %zu entries, %zu bad, %zu others", cases[i].text, reader.count,
                     reader.bad, (size_t)to.others);
    }
}

static void sets_of_osv(void **state)
{
    (void)state;
    static const struct {
        const char *affected, *versions;
    } cases[] = {
        { "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"}]}]", "" },
        { "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"},"
          "{\"fixed\":\"2.0.0\"}]}]",
          "<2.0.0" },
        { "\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"fixed\":\"2.0.0\"},"
          "{\"introduced\":\"1.0.0\"},{\"introduced\":\"3.0.0\"}]}]",
          ">=1.0.0 <2.0.0|>=3.0.0" },
        { "\"versions\":[\"0.1\"],\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":"
          "[{\"introduced\":\"1\"},{\"last_affected\":\"2\"}]}]",
          ">=1 <=2|0.1" },
        { "\"versions\":[\"0.1\"],\"ranges\":[{\"type\":\"SEMVER\",\"events\":"
          "[{\"introduced\":\"0\"}]}]",
          "" },
    };
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        Reader reader = { .arena = arena };
        RtText text = { .arena = arena };
        rt_text_format(&text,
                       "{\"id\":\"MAL-1\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":"
                       "[{\"package\":{\"ecosystem\":\"npm\",\"name\":\"x\"},%s}]}",
                       cases[i].affected);
        read_as(&reader, "osv", rt_text_str(&text));
        assert_int_equal(reader.count, 1);
        assert_string_equal(rt_str_c(arena, reader.entries[0].versions), cases[i].versions);
        assert_int_equal(reader.entries[0].role,
                         cases[i].versions[0] ? RT_ROLE_NOT_SAID : RT_ROLE_ACTOR);
    }
}

static void patterns_of_stix(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        size_t entries;
    } cases[] = {
        { "[domain-name:value = 'a.example.invalid']", 1 },
        { "[domain-name:value = 'a.example.invalid' OR url:value='http://b.example.invalid/']", 2 },
        { "[ipv4-addr:value = '192.0.2.1'] OR [ipv4-addr:value = '192.0.2.2']", 2 },
        { "[network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 443]", 1 },
        { "[domain-name:value = 'a.example.invalid' AND url:value = 'http://b.invalid/']", 0 },
        { "[domain-name:value = 'a.example.invalid'] FOLLOWEDBY [url:value = 'http://b/']", 0 },
        { "[domain-name:value != 'a.example.invalid']", 0 },
        { "[domain-name:value = 'a.example.invalid", 0 },
        { "[process:name = 'x']", 0 },
        { "", 0 },
    };
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        Reader reader = { .arena = arena };
        RtText text = { .arena = arena };
        rt_text_add(&text,
                    RT_STR("{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"id\":"
                           "\"indicator--1\",\"spec_version\":\"2.1\",\"pattern_type\":"
                           "\"stix\",\"pattern\":"));
        rt_json_quote(&text, rt_str_from_c(cases[i].pattern));
        rt_text_add(&text, RT_STR("}]}"));
        read_as(&reader, "stix", rt_text_str(&text));
        if (reader.count != cases[i].entries || (cases[i].entries == 0) != (reader.bad == 1))
            fail_msg("%s: %zu entries, %zu bad", cases[i].pattern, reader.count, reader.bad);
    }
}

static void signatures_fit_what_was_signed(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtText secret = { .arena = arena }, open_key = { .arena = arena }, other = { .arena = arena };
    RtText signature = { .arena = arena }, unused = { .arena = arena };
    RtStr bytes = RT_STR("what is signed"), good_key, made;
    assert_int_equal(rt_sign_keys(&secret, &open_key).code, RT_OK);
    assert_int_equal(rt_sign_keys(&unused, &other).code, RT_OK);
    assert_int_equal(rt_sign_make(rt_text_str(&secret), bytes, RT_STR("file:x"), &signature).code,
                     RT_OK);
    good_key = rt_text_str(&open_key);
    made = rt_text_str(&signature);
    assert_int_equal(rt_sign_check(arena, good_key, made, bytes).code, RT_OK);
    assert_int_not_equal(rt_sign_check(arena, rt_text_str(&other), made, bytes).code, RT_OK);
    assert_int_not_equal(rt_sign_check(arena, good_key, made, RT_STR("What is signed")).code,
                         RT_OK);
    size_t first = rt_str_find_byte(made, '\n') + 1; /* the first line is signed by nobody */
    for (size_t at = first; at + 1 < made.len; at++) {
        uint8_t *changed = rt_arena_bytes(arena, made.len);
        if (made.at[at] == '=' || made.at[at + 1] == '=')
            continue; /* bits of base64 that carry nothing */
        memcpy(changed, made.at, made.len);
        changed[at] ^= 4; /* another letter of base64, another of the comment */
        if (rt_sign_check(arena, good_key, (RtStr){ changed, made.len }, bytes).code == RT_OK)
            fail_msg("byte %zu may change", at);
        (void)rt_sign_check(arena, good_key, rt_str_sub(made, 0, at), bytes).code;
    }
    for (size_t len = 0; len < good_key.len - 1; len++)
        assert_int_not_equal(rt_sign_check(arena, rt_str_sub(good_key, 0, len), made, bytes).code,
                             RT_OK);
    RtStr hidden = rt_text_str(&secret);
    for (size_t len = 0; len + 1 < hidden.len; len += 7) {
        RtText out = { .arena = arena };
        RtErr err = rt_sign_make(rt_str_sub(hidden, 0, len), bytes, RT_STR("c"), &out);
        assert_int_not_equal(err.code, RT_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_read_what_they_write),
        cmocka_unit_test(formats_cut_off_at_every_byte),
        cmocka_unit_test(records_of_osv),
        cmocka_unit_test(sets_of_osv),
        cmocka_unit_test(patterns_of_stix),
        cmocka_unit_test(signatures_fit_what_was_signed),
    };
    return cmocka_run_group_tests_name("intel.formats", tests, NULL, NULL);
}
