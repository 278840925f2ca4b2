/* flow_cases_test.c - source in, facts out, for what both front ends share: runs flow.cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/say_facts.h"

extern const RtLanguage rt_language_javascript, rt_language_python;

static const char path[] = "tests/unit/facts/flow/flow.cases";
enum { CASES_BYTES = 1 << 18 };

static RtStr read_cases(RtArena *arena)
{
    FILE *file = fopen(path, "rb");
    RtStr text = { rt_arena_bytes(arena, CASES_BYTES), 0 };

    assert_non_null(file);
    text.len = fread((void *)(uintptr_t)text.at, 1, CASES_BYTES, file);
    fclose(file);
    assert_true(text.len < CASES_BYTES);
    return text;
}

/* Cuts the next part up to `mark` off *rest. */
static RtStr part(RtStr *rest, RtStr mark)
{
    const size_t at = rt_str_find(*rest, mark);
    const RtStr cut = rt_str_sub(*rest, 0, at == RT_NOT_FOUND ? rest->len : at + 1);

    *rest = at == RT_NOT_FOUND ? (RtStr){ 0 } : rt_str_from(*rest, at + mark.len);
    return cut;
}

/* Siblings by name, with the suffix a language may leave away. */
static RtLayerId find(RtSink *sink, RtLayerId from, RtStr wanted)
{
    static const char *const suffixes[] = { "", ".js", ".py", ".json" };
    const FakeSink *fake = (const FakeSink *)sink;

    (void)from;
    wanted = rt_str_from(wanted, rt_str_starts(wanted, RT_STR("./")) ? 2 : 0);
    for (RtLayerId id = 1; id < fake->layer_count; id++)
        for (size_t i = 0; i < RT_COUNT(suffixes); i++)
            if (rt_str_starts(fake->layers[id].name, wanted) &&
                rt_str_equal(rt_str_from(fake->layers[id].name, wanted.len),
                             rt_str_from_c(suffixes[i])))
                return id;
    return 0;
}

static int run_case(RtStr text)
{
    const RtStr title = part(&text, RT_STR("\n--- "));
    RtStr files = part(&text, RT_STR("\n---\n"));
    RtStr first = part(&files, RT_STR("\n--- "));
    const RtStr name = part(&first, RT_STR("\n"));
    const RtStr file_name = rt_str_trim(name);
    FAKE_SINK fake = fake_sink_open(file_name, first);
    const RtLanguage *language =
        rt_str_ends(file_name, RT_STR(".py")) ? &rt_language_python : &rt_language_javascript;
    RtLayer layer;

    while (files.len > 0) {
        RtStr sibling = part(&files, RT_STR("\n--- "));
        const RtStr sibling_name = rt_str_trim(part(&sibling, RT_STR("\n")));
        RT_PUSH(fake->sink.arena, fake->layers, fake->layer_count, fake->layer_capacity) =
            (RtLayer){ .name = sibling_name, .bytes = sibling };
    }
    fake->sink.find = find;
    layer = fake->layers[1];
    language->observe(&layer, 1, &fake->sink);
    return miss_facts(rt_str_c(fake->sink.arena, rt_str_trim(title)), say_facts(fake),
                      rt_str_c(fake->sink.arena, text));
}

static void cases_give_their_facts(void **state)
{
    RtArena *arena = rt_arena_open((size_t)8 << 20, NULL, NULL);
    RtStr rest = read_cases(arena);
    int missing = 0, count = 0;

    (void)state;
    part(&rest, RT_STR("\n\n=== "));
    while (rest.len > 0) {
        missing += run_case(part(&rest, RT_STR("\n\n=== ")));
        count++;
    }
    rt_arena_close(arena);
    assert_true(count > 20);
    assert_int_equal(missing, 0);
}

/* A megabyte of base64 in one literal is one node for a parser and one value for the flow. */
static void huge_literals_are_decoded(void **state)
{
    static const struct {
        const char *name, *before, *after;
    } cases[] = {
        { "setup.py", "from base64 import b64decode\ntry:\n    exec(b64decode('",
          "'))\nexcept: pass\n" },
        { "index.js", "const { exec } = require('child_process');\neval(atob('", "'));\n" },
    };

    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtArena *arena = rt_arena_open((size_t)16 << 20, NULL, NULL);
        RtText text = { .arena = arena };
        rt_text_add(&text, rt_str_from_c(cases[i].before));
        for (size_t at = 0; at < 1 << 18; at++)
            rt_text_add(&text, RT_STR("IyMj"));
        rt_text_add(&text, rt_str_from_c(cases[i].after));
        FAKE_SINK fake = fake_sink_open(rt_str_from_c(cases[i].name), rt_text_str(&text));
        RtLayer layer = fake->layers[1];
        (i == 0 ? &rt_language_python : &rt_language_javascript)->observe(&layer, 1, &fake->sink);
        assert_int_equal(fake_sink_facts(fake, RT_FACT_CODE_EVAL, (RtStr){ 0 }), 1);
        assert_int_equal(fake_sink_facts(fake, RT_FACT_DATA_DECODE, RT_STR("base64")), 1);
        rt_arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_give_their_facts),
        cmocka_unit_test(huge_literals_are_decoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
