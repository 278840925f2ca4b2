/* What crosses the wall survives the crossing, and nothing that was tampered with is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/attribution.h"
#include "model/summary.h"
#include "model/trace.h"
#include "scan/wire.h"

static const RtAttributions *sample_likeness(RtArena *arena)
{
    RtTrait *trait = RT_NEW_ARRAY(arena, RtTrait, 1);
    trait[0] = (RtTrait){ RT_TRAIT_AGAINST, -2.5, RT_STR("t"), RT_STR("no"), RT_STR("x.js"), 8 };
    RtAttribution *likeness = RT_NEW_ARRAY(arena, RtAttribution, 1);
    likeness[0] = (RtAttribution){ .campaign = RT_STR("c"),
                                   .title = RT_STR("C"),
                                   .level = RT_STRONG_LINK,
                                   .points = 7.5,
                                   .traits = trait,
                                   .trait_count = 1 };
    RtAttributions *attributions = RT_NEW(arena, RtAttributions);
    *attributions = (RtAttributions){ likeness, 1 };
    return attributions;
}

static const RtSummary *sample_summary(RtArena *arena)
{
    RtResource *resources = RT_NEW_ARRAY(arena, RtResource, 2);
    resources[0] = (RtResource){ .kind = RT_RESOURCE_FILE,
                                 .deed = RT_DEED_WRITES,
                                 .taint = RT_TAINT_FROM_NET,
                                 .phase = RT_WHEN_INSTALL,
                                 .text = RT_STR("$HOME/.x/token"),
                                 .file = RT_STR("index.js"),
                                 .line = 7 };
    resources[1] = (RtResource){ .kind = RT_RESOURCE_PERSON,
                                 .deed = RT_DEED_HOLDS,
                                 .text = RT_STR("a@example.invalid") };
    RtShape *shape = RT_NEW(arena, RtShape);
    *shape = (RtShape){ .slots = { 1, 2, UINT32_MAX }, .tokens = 99, .file = RT_STR("index.js") };
    RtSummary *summary = RT_NEW(arena, RtSummary);
    *summary = (RtSummary){ resources, 2, shape, 1, 3 };
    return summary;
}

static RtReport sample(RtArena *arena)
{
    RtEvidence *evidence = RT_NEW_ARRAY(arena, RtEvidence, 1);
    RtStr *layers = RT_NEW_ARRAY(arena, RtStr, 2);
    layers[0] = RT_STR("package/x.js");
    layers[1] = RT_STR("base64");
    evidence[0] = (RtEvidence){ .layers = layers,
                                .layer_count = 2,
                                .file = RT_STR("package/x.js"),
                                .line = 3,
                                .column = 14,
                                .snippet = RT_STR("eval(body)"),
                                .mark_from = 0,
                                .mark_len = 4,
                                .says = RT_STR("code.eval") };
    RtStr *attack = RT_NEW_ARRAY(arena, RtStr, 1);
    attack[0] = RT_STR("T1059.007");
    RtFinding *finding = RT_NEW_ARRAY(arena, RtFinding, 1);
    finding[0] = (RtFinding){ .rule = RT_STR("remote-code/x"),
                              .family = RT_STR("remote-code"),
                              .title = RT_STR("t"),
                              .why = RT_STR("w"),
                              .advice = RT_STR("a"),
                              .level = RT_CONCLUSIVE,
                              .weight = 4.5,
                              .attack = attack,
                              .attack_count = 1,
                              .phase = RT_WHEN_INSTALL,
                              .witness = RT_SEEN_IN_FLOW,
                              .times = 2,
                              .evidence = evidence,
                              .evidence_count = 1 };
    RtUnseen *unseen = RT_NEW_ARRAY(arena, RtUnseen, 1);
    unseen[0] = (RtUnseen){ RT_STR("limit-depth"), RT_STR("a/b"), 7 };
    RtStep *step = RT_NEW_ARRAY(arena, RtStep, 1);
    step[0] =
        (RtStep){ RT_WHEN_INSTALL, RT_SEEN_IN_MANIFEST, RT_STR("runs"), RT_STR("package.json"), 4 };
    static const uint32_t because[] = { 0 };
    RtTraceLayer *traced = RT_NEW_ARRAY(arena, RtTraceLayer, 2);
    traced[0] = (RtTraceLayer){ .via = RT_VIA_ENTRY, .name = RT_STR("x.js"), .bytes = 90 };
    traced[1] = (RtTraceLayer){ .parent = 0,
                                .via = RT_VIA_EVALUATED,
                                .name = RT_STR("eval"),
                                .line = 3,
                                .bytes = 9,
                                .text = RT_STR("a = 1 + 2") };
    RtTraceEvent *events = RT_NEW_ARRAY(arena, RtTraceEvent, 2);
    events[0] = (RtTraceEvent){ .kind = RT_FACT_NET_REQUEST, .phase = RT_WHEN_IMPORT, .line = 1 };
    events[1] = (RtTraceEvent){ .kind = RT_FACT_CODE_EVAL,
                                .phase = RT_WHEN_IMPORT,
                                .at_ms = 20,
                                .layer = 1,
                                .args = { RT_STR("a = 1 + 2"), RT_STR("eval") },
                                .because = because,
                                .because_count = 1 };
    RtTrace *trace = RT_NEW(arena, RtTrace);
    *trace = (RtTrace){ .events = events,
                        .event_count = 2,
                        .layers = traced,
                        .layer_count = 2,
                        .emulation_ms = 12,
                        .scripts = 1 };
    RtReport report = { .trace = trace,
                        .attributions = sample_likeness(arena),
                        .summary = sample_summary(arena),
                        .artifact = { .ecosystem = RT_STR("npm"),
                                      .name = RT_STR("x"),
                                      .version = RT_STR("1.0.0"),
                                      .has_sha256 = true,
                                      .bytes = 1234567 },
                        .findings = finding,
                        .finding_count = 1,
                        .unseen = unseen,
                        .unseen_count = 1,
                        .story = step,
                        .step_count = 1,
                        .layer_count = 9,
                        .file_count = 4 };
    memset(report.artifact.sha256, 0xab, 32);
    return report;
}

static RtStr written(RtArena *arena)
{
    RtReport report = sample(arena);
    RtText out = { .arena = arena };
    rt_wire_put_report(&out, &report);
    return rt_text_str(&out);
}

static void report_survives(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtReport got;
    assert_true(rt_wire_get_report(arena, written(arena), &got));
    assert_int_equal(got.finding_count, 1);
    const RtFinding *finding = &got.findings[0];
    assert_true(rt_str_equal(finding->rule, RT_STR("remote-code/x")));
    assert_int_equal(finding->level, RT_CONCLUSIVE);
    assert_true(finding->weight == 4.5);
    assert_int_equal(finding->phase, RT_WHEN_INSTALL);
    assert_int_equal(finding->evidence[0].column, 14);
    assert_int_equal(finding->evidence[0].mark_len, 4);
    assert_true(rt_str_equal(finding->evidence[0].layers[1], RT_STR("base64")));
    assert_true(rt_str_equal(finding->attack[0], RT_STR("T1059.007")));
    assert_int_equal(got.unseen[0].times, 7);
    assert_true(rt_str_equal(got.story[0].file, RT_STR("package.json")));
    assert_int_equal(got.artifact.bytes, 1234567);
    assert_int_equal(got.artifact.sha256[31], 0xab);
    assert_int_equal(got.attributions->count, 1);
    assert_int_equal(got.attributions->items[0].level, RT_STRONG_LINK);
    assert_true(got.attributions->items[0].points == 7.5);
    assert_int_equal(got.attributions->items[0].traits[0].line, 8);
    assert_int_equal(got.summary->resource_count, 2);
    assert_int_equal(got.summary->resources[0].taint, RT_TAINT_FROM_NET);
    assert_int_equal(got.summary->resources[0].line, 7);
    assert_true(rt_str_equal(got.summary->resources[1].text, RT_STR("a@example.invalid")));
    assert_int_equal(got.summary->shapes[0].slots[2], UINT32_MAX);
    assert_int_equal(got.summary->left_out, 3);
    assert_int_equal(got.trace->event_count, 2);
    assert_int_equal(got.trace->events[1].because[0], 0);
    assert_true(rt_str_equal(got.trace->layers[1].text, RT_STR("a = 1 + 2")));
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    RtStr whole = written(arena);
    RtReport got;
    for (size_t len = 0; len < whole.len; len++)
        assert_false(rt_wire_get_report(arena, rt_str_sub(whole, 0, len), &got));
}

static void trailing_bytes_are_refused(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtText out = { .arena = arena };
    rt_text_add(&out, written(arena));
    rt_text_byte(&out, 0);
    RtReport got;
    assert_false(rt_wire_get_report(arena, rt_text_str(&out), &got));
}

/* Every byte set to every one of a few hostile values: accepted or refused, never a wild read (the
 * sanitizer build looks), and what is accepted has enums in range and marks inside the snippet. */
static void tampering_never_escapes(void **state)
{
    (void)state;
    static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
    RT_ARENA arena = rt_arena_open(16 << 20, NULL, NULL);
    RT_ARENA scratch = rt_arena_open(512 << 20, NULL, NULL);
    RtStr whole = written(arena);
    uint8_t *copy = rt_arena_bytes(arena, whole.len);
    for (size_t at = 0; at < whole.len; at++) {
        for (size_t v = 0; v < RT_COUNT(values); v++) {
            memcpy(copy, whole.at, whole.len);
            copy[at] = values[v];
            RtReport got;
            rt_arena_reset(scratch);
            if (!rt_wire_get_report(scratch, (RtStr){ copy, whole.len }, &got))
                continue;
            for (size_t i = 0; i < got.finding_count; i++) {
                assert_in_range(got.findings[i].level, RT_NOTE, RT_CONCLUSIVE);
                for (size_t j = 0; j < got.findings[i].evidence_count; j++) {
                    const RtEvidence *evidence = &got.findings[i].evidence[j];
                    assert_true(evidence->mark_from + evidence->mark_len <= evidence->snippet.len);
                }
            }
            for (size_t i = 0; got.summary != NULL && i < got.summary->resource_count; i++) {
                const RtResource *resource = &got.summary->resources[i];
                assert_in_range(resource->kind, 0, RT_RESOURCE_KINDS - 1);
                assert_in_range(resource->deed, 0, RT_DEEDS - 1);
                assert_in_range(resource->phase, 0, RT_WHEN_INSTALL);
            }
        }
    }
}

static void huge_counts_take_no_memory(void **state)
{
    (void)state;
    RT_ARENA arena =
        rt_arena_open(1 << 20, NULL, NULL); /* an allocation by the count would abort */
    static const uint8_t body[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0,    0,    0,   0, 0,
                                    0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0,    0,    0,   0, 0,
                                    0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x7f };
    RtReport got;
    assert_false(rt_wire_get_report(arena, (RtStr){ body, sizeof body }, &got));
}

static void batches_survive_and_lies_do_not(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(8 << 20, NULL, NULL);
    RtBatch *batch = RT_NEW(arena, RtBatch), *got = RT_NEW(arena, RtBatch);
    *batch = (RtBatch){ .name = RT_STR("tree"), .is_tree = true, .last = true, .count = 3 };
    batch->given[0] =
        (RtGiven){ .name = RT_STR("a"), .kind = RT_GIVEN_FILE, .mode = 0755, .size = 5 };
    batch->given[1] =
        (RtGiven){ .name = RT_STR("b"), .link = RT_STR("../../etc"), .kind = RT_GIVEN_LINK };
    batch->given[2] = (RtGiven){ .name = RT_STR("c"), .kind = RT_GIVEN_FILE, .size = 1ULL << 40 };
    RtText out = { .arena = arena };
    rt_wire_put_batch(&out, batch);
    RtStr bytes = rt_text_str(&out);
    int fds[3] = { 40, 41, 42 };
    assert_true(rt_wire_get_batch(bytes, fds, 2, got));
    assert_int_equal(got->given[0].fd, 40);
    assert_int_equal(got->given[1].fd, -1);
    assert_int_equal(got->given[2].fd, 41);
    assert_int_equal(got->given[2].size, 1ULL << 40);
    assert_false(rt_wire_get_batch(bytes, fds, 1, got));
    assert_false(rt_wire_get_batch(bytes, fds, 3, got));
    for (size_t len = 0; len < bytes.len; len++)
        assert_false(rt_wire_get_batch(rt_str_sub(bytes, 0, len), fds, 2, got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_survives),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(trailing_bytes_are_refused),
        cmocka_unit_test(tampering_never_escapes),
        cmocka_unit_test(huge_counts_take_no_memory),
        cmocka_unit_test(batches_survive_and_lies_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
