/* python_flow_test.c - runs python.cases: Python source in, facts out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/fake_sink.h"

extern const RtLanguage rt_language_python;

static const char path[] = "tests/unit/facts/languages/python.cases";

static bool text_fits(RtStr wanted, RtStr got)
{
    if (rt_str_equal(wanted, RT_STR("*")))
        return true;
    if (wanted.len && wanted.at[0] == '~')
        return rt_str_has(got, rt_str_from(wanted, 1));
    return rt_str_equal(wanted, got);
}

static bool flows_from(const FakeSink *fake, const RtFact *fact, RtFactKind kind, int depth)
{
    for (size_t i = 0; depth < 20 && i < fact->because_count; i++) {
        const RtFact *cause = &fake->facts[fact->because[i]];
        if (cause->kind == kind || flows_from(fake, cause, kind, depth + 1))
            return true;
    }
    return false;
}

static bool fits(const FakeSink *fake, const RtFact *fact, RtStr head, RtStr causes, bool deferred)
{
    RtStr word;
    RtFactKind kind;
    assert_true(rt_str_next(&head, '|', &word));
    if (!rt_fact_find(word, &kind))
        fail_msg("%.*s is no fact", RT_FMT(word));
    if (fact->kind != kind || fact->deferred != deferred)
        return false;
    for (size_t i = 0; i < 4 && rt_str_next(&head, '|', &word); i++) {
        if (!text_fits(word, fact->args[i]))
            return false;
    }
    while (rt_str_next(&causes, ' ', &word)) {
        if (word.len && (!rt_fact_find(word, &kind) || !flows_from(fake, fact, kind, 0)))
            return false;
    }
    return true;
}

static void print_facts(const FakeSink *fake)
{
    for (size_t i = 1; i < fake->fact_count; i++) {
        const RtFact *fact = &fake->facts[i];
        printf("#   %zu %s%.*s", i, fact->deferred ? "deferred " : "",
               RT_FMT(rt_fact_name(fact->kind)));
        for (size_t k = 0; k < 4; k++)
            printf("|%.*s", RT_FMT(rt_str_sub(fact->args[k], 0, 80)));
        for (size_t k = 0; k < fact->because_count; k++)
            printf(" <- %u", fact->because[k]);
        printf("\n");
    }
}

/* True when the expectation holds. */
static bool expect(const FakeSink *fake, RtStr line)
{
    bool never = line.at[0] == '!';
    line = rt_str_from(line, never);
    bool deferred = rt_str_starts(line, RT_STR("deferred "));
    line = rt_str_from(line, deferred ? 9 : 0);
    size_t arrow = rt_str_find(line, RT_STR(" <- "));
    RtStr head = rt_str_sub(line, 0, arrow);
    RtStr causes = arrow == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(line, arrow + 4);
    for (size_t i = 1; i < fake->fact_count; i++) {
        if (fits(fake, &fake->facts[i], head, causes, deferred))
            return !never;
    }
    return never;
}

typedef struct {
    FakeSink *fake;
    RtStr name;
    uint32_t failed;
} Case;

static void add_file(Case *the, RtStr name, const char *from, const char *to)
{
    RtStr bytes = { (const uint8_t *)from, (size_t)(to - from) };
    the->fake->sink.layer(
        &the->fake->sink,
        (RtLayer){ .parent = 1, .via = RT_VIA_ENTRY, .name = name, .bytes = bytes });
}

static void observe_all(Case *the)
{
    size_t entries = the->fake->layer_count;
    for (RtLayerId id = 2; id < entries; id++) {
        RtLayer layer = the->fake->layers[id];
        if (rt_language_python.bid(layer.name, layer.bytes) < 50)
            fail_msg("%.*s: nobody bids for %.*s", RT_FMT(the->name), RT_FMT(layer.name));
        rt_language_python.observe(&layer, id, &the->fake->sink);
    }
}

static void check_line(Case *the, RtStr line)
{
    if (expect(the->fake, line))
        return;
    if (!the->failed++)
        printf("# %.*s\n", RT_FMT(the->name));
    printf("#   not so: %.*s\n", RT_FMT(line));
}

static void cases(void **state)
{
    (void)state;
    static char text[256 << 10];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    RtStr rest = { (const uint8_t *)text, len }, line, name = { 0 };
    const char *from = NULL;
    Case the = { 0 };
    bool expecting = false;
    uint32_t failed = 0, count = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        bool is_case = rt_str_starts(line, RT_STR("=== ")),
             is_file = rt_str_starts(line, RT_STR("--- "));
        bool is_facts = rt_str_equal(line, RT_STR("+++"));
        if ((is_file || is_facts) && from)
            add_file(&the, name, from, (const char *)line.at);
        from = is_file ? (const char *)line.at + line.len + 1 : is_case || is_facts ? NULL : from;
        if (is_case) {
            fake_sink_close(&the.fake);
            the = (Case){ .fake = fake_sink_open(RT_STR("artifact"), (RtStr){ 0 }),
                          .name = rt_str_from(line, 4) };
            expecting = false;
            count++;
        } else if (is_file) {
            name = rt_str_from(line, 4);
        } else if (is_facts) {
            observe_all(&the);
            expecting = true;
        } else if (expecting && line.len && line.at[0] != '#') {
            uint32_t before = the.failed;
            check_line(&the, line);
            if (the.failed == 1 && !before)
                print_facts(the.fake);
            failed += the.failed - before;
        }
    }
    fake_sink_close(&the.fake);
    assert_true(count > 10);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(cases) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
