/* formats_test.c - every format over hand-made reports: golden texts, and what must hold of any of
 * them.
 *
 * The golden files are tests/golden/NAME; after a wanted change `BLESS=1 …/formats_test` rewrites
 * them, and the diff is read. tests/cli checks the JSON ones against docs/report.schema.json. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "report/frame.h"
#include "report/report.h"
#include "report/wording.h"
#include "unit/report/sample_reports.h"

static RtArena *arena;
static int open_arena(void **state)
{
    (void)state;
    arena = rt_arena_open(64 << 20, NULL, NULL);
    return 0;
}
static int close_arena(void **state)
{
    (void)state;
    rt_arena_close(arena);
    return 0;
}

static const RtReportStyle plain = { .version = S("0.1.0"), .ruleset = S("2026.11.21") };

static RtStr render(const RtReportFormat *format, const RtReportStyle *style,
                    const RtReport *const *reports, size_t count)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i < count && format->each; i++)
        format->each(&out, style, reports[i]);
    if (format->all)
        format->all(&out, style, reports, count, &all_summary);
    else if (format->summary)
        format->summary(&out, style, &all_summary);
    return rt_text_str(&out);
}

static RtStr render_as(const char *name, const RtReportStyle *style, const RtReport *report)
{
    const RtReportFormat *format = rt_report_format_find(rt_str_from_c(name));
    assert_non_null(format);
    return render(format, style, &report, 1);
}

static void compare_golden(const char *name, RtStr text)
{
    char path[256];
    snprintf(path, sizeof path, "tests/golden/%s", name);
    if (getenv("BLESS")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fwrite(text.at, 1, text.len, file);
        fclose(file);
        return;
    }
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is missing; run with BLESS=1 from the root of the checkout", path);
    uint8_t *bytes = rt_arena_take(arena, 1, 1 << 20);
    size_t len = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    if (!rt_str_equal(text, (RtStr){ bytes, len }))
        fail_msg("%s differs from what is written now:\n%.*s", path, RT_FMT(text));
}

static void every_format_matches_its_golden_file(void **state)
{
    (void)state;
    size_t count = 0;
    const RtReportFormat *const *formats = rt_report_formats(&count);
    assert_true(count >= 4);
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "all.%s", formats[i]->name);
        compare_golden(name, render(formats[i], &plain, all_reports, RT_COUNT(all_reports)));
        assert_non_null(formats[i]->title);
        assert_non_null(formats[i]->media_type);
        assert_ptr_equal(rt_report_format_find(rt_str_from_c(formats[i]->name)), formats[i]);
    }
    assert_null(rt_report_format_find(RT_STR("nosuch")));
}

static void every_format_survives_nothing(void **state)
{
    (void)state;
    size_t count = 0;
    const RtReportFormat *const *formats = rt_report_formats(&count);
    static const RtReport empty = { 0 };
    const RtReport *const one[] = { &empty };
    for (size_t i = 0; i < count; i++) {
        render(formats[i], &plain, NULL, 0);
        RtStr text = render(formats[i], &plain, one, 1);
        assert_true(text.len > 0);
    }
}

/* No format lets through a byte that a terminal, a browser or an editor would obey. */
static void no_format_passes_control_bytes(void **state)
{
    (void)state;
    static const RtReportStyle styles[] = { { .verbose = 1 },
                                            { .width = 40 },
                                            { .verbose = 1, .width = 200 } };
    size_t count = 0;
    const RtReportFormat *const *formats = rt_report_formats(&count);
    const RtReport *const one[] = { &nasty_report };
    for (size_t i = 0; i < count; i++) {
        for (size_t s = 0; s < RT_COUNT(styles); s++) {
            RtStr text = render(formats[i], &styles[s], one, 1);
            assert_true(rt_utf8_is_valid(text));
            for (size_t at = 0; at < text.len;) {
                uint32_t rune = 0;
                at += rt_utf8_take(text, at, &rune);
                bool control = (rune < 0x20 && rune != '\n' && rune != '\t' && rune != '\r') ||
                               (rune >= 0x7F && rune < 0xA0);
                bool deceit = (rune >= 0x202A && rune <= 0x202E) ||
                              (rune >= 0x2066 && rune <= 0x2069) || rune == 0x200B;
                if (control || deceit)
                    fail_msg("%s lets U+%04X through", formats[i]->name, rune);
            }
        }
    }
}

static size_t lines_in(RtStr text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    return lines;
}

static void text_is_short_unless_asked(void **state)
{
    (void)state;
    RtFinding many[60];
    RtStep steps[60];
    for (size_t i = 0; i < 60; i++) {
        many[i] = bad_findings[i % 2];
        many[i].rule = rt_str_format(arena, "family/rule-%02zu", i);
        many[i].advice = rt_str_format(
            arena, "advice %zu, at length, so that it is wrapped on a narrow terminal", i);
        many[i].evidence_count = 1;
        RtEvidence *place = RT_NEW(arena, RtEvidence);
        *place = *bad_findings[i % 2].evidence;
        place->line = (uint32_t)i + 1;
        many[i].evidence = place;
        steps[i] = bad_story[i % 3];
    }
    RtReport report = bad_report;
    report.findings = many;
    report.finding_count = 60;
    report.story = steps;
    report.step_count = 60;
    static const uint16_t widths[] = { 0, 60, 80, 120, 400 };
    for (size_t i = 0; i < RT_COUNT(widths); i++) {
        RtReportStyle style = plain;
        style.width = widths[i];
        RtStr text = render_as("text", &style, &report);
        assert_true(lines_in(text) <= 40 + 2); /* and the blank line and the footer of the run */
        assert_true(rt_str_starts(
            text, RT_STR("MALICIOUS evil@1.0.0 (npm)  confidence 0.98  runs at: npm install\n")));
    }
    RtReportStyle style = plain;
    style.verbose = 1;
    RtStr text = render_as("text", &style, &report);
    assert_true(rt_str_has(text, RT_STR("family/rule-59")));
    assert_true(lines_in(text) > 200);
}

static void clean_takes_one_line(void **state)
{
    (void)state;
    RtStr text = render_as("text", &plain, &clean_report);
    assert_true(rt_str_starts(
        text, RT_STR("clean left-helper@1.3.0 (npm)  node_modules/left-helper\n1 malicious")));
    assert_int_equal(lines_in(text), 2); /* the footer is the run's */
}

static void many_clean_ones_are_counted(void **state)
{
    (void)state;
    const RtReport *reports[20];
    for (size_t i = 0; i < 20; i++)
        reports[i] = i == 7 ? &unknown_report : &clean_report;
    const RtReportFormat *format = rt_report_format_find(RT_STR("text"));
    RtStr text = render(format, &plain, reports, 20);
    assert_false(rt_str_has(text, RT_STR("left-helper")));
    assert_true(rt_str_has(text, RT_STR("UNKNOWN odd.bin")));
    assert_true(rt_str_has(text, RT_STR("-v lists")));
    RtReportStyle style = plain;
    style.verbose = 1;
    text = render(format, &style, reports, 20);
    assert_true(rt_str_has(text, RT_STR("left-helper")));
}

/* A notable report holding a conclusive-looking finding prints no red. */
static void colour_stays_under_the_verdict(void **state)
{
    (void)state;
    RtReport report = bad_report;
    report.verdict.level = RT_VERDICT_NOTABLE;
    RtReportStyle style = plain;
    style.colour = true;
    style.verbose = 1;
    RtStr text = render_as("text", &style, &report);
    assert_false(rt_str_has(text, RT_STR("\033[1;31m")));
    assert_true(rt_str_has(render_as("text", &style, &bad_report), RT_STR("\033[1;31m")));
    assert_false(rt_str_has(render_as("text", &plain, &bad_report), RT_STR("\033")));
}

static void frames_point_at_the_span(void **state)
{
    (void)state;
    static const struct {
        RtEvidence evidence;
        const char *line;
        uint32_t at, len;
    } cases[] = {
        { { .snippet = S("abc"), .mark_from = 1, .mark_len = 1 }, "abc", 1, 1 },
        { { .snippet = S("one\ntwo three\nfour"), .mark_from = 8, .mark_len = 99 },
          "two three",
          4,
          5 },
        { { .snippet = S("a\tb"), .mark_from = 2, .mark_len = 1 }, "a b", 2, 1 },
        { { .snippet = S("\033x"), .mark_from = 1, .mark_len = 1 }, "\\x1bx", 4, 1 },
        { { .snippet = S("日本x"), .mark_from = 6, .mark_len = 1 }, "日本x", 4, 1 },
        { { .snippet = S("e\314\201x"), .mark_from = 3, .mark_len = 1 }, "e\314\201x", 1, 1 },
        { { .snippet = S("\377\376x"), .mark_from = 2, .mark_len = 1 }, "\\xff\\xfex", 8, 1 },
        { { .snippet = S("get('https://a.invalid')"), .mark_from = 5, .mark_len = 17 },
          "get('hxxps://a.invalid')",
          5,
          17 },
        { { .snippet = S("x\r\ny"), .mark_from = 0, .mark_len = 1 }, "x", 0, 1 },
        { { .snippet = S(""), .mark_from = 7, .mark_len = 1 }, "", 0, 1 },
        { { .snippet = S("abc"), .mark_from = 3, .mark_len = 0 }, "abc", 3, 1 },
    };
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtFrame frame = rt_report_frame(arena, &cases[i].evidence, 80);
        if (!rt_str_equal(frame.line, rt_str_from_c(cases[i].line)) ||
            frame.mark_at != cases[i].at || frame.mark_len != cases[i].len)
            fail_msg("case %zu: '%.*s' %u %u", i, RT_FMT(frame.line), frame.mark_at,
                     frame.mark_len);
    }
}

static void frames_are_windows_of_long_lines(void **state)
{
    (void)state;
    uint8_t *line = rt_arena_take(arena, 1 << 20, 1);
    for (size_t i = 0; i < 1 << 20; i++)
        line[i] = (uint8_t)('a' + i % 26);
    for (uint32_t cells = 0; cells < 200; cells += 7) {
        RtEvidence evidence = { .snippet = { line, 1 << 20 }, .mark_from = 500000, .mark_len = 8 };
        RtFrame frame = rt_report_frame(arena, &evidence, cells);
        assert_true(frame.line.len <= (cells < 40 ? 40 : cells) + 2 * 3);
        assert_int_equal(frame.mark_len, 8);
        assert_int_equal(frame.line.at[frame.mark_at + 2],
                         line[500000]); /* after a … of three bytes, one cell */
    }
}

/* Any snippet cut anywhere with any span: no read beyond it, and the carets stay under the line. */
static void frames_survive_every_cut(void **state)
{
    (void)state;
    static const char text[] = NASTY "\n日本\303\251e\314\201\t" NASTY;
    for (size_t len = 0; len < sizeof text; len++) {
        uint8_t *copy = malloc(len ? len : 1); /* its own block: the sanitizer sees the edge */
        assert_non_null(copy);
        for (size_t i = 0; i < len; i++)
            copy[i] = (uint8_t)text[i];
        for (uint32_t from = 0; from <= len + 1; from += 1 + from % 3) {
            RtEvidence evidence = { .snippet = { copy, len },
                                    .mark_from = from,
                                    .mark_len = from % 7 };
            RtFrame frame = rt_report_frame(arena, &evidence, 40 + from % 50);
            assert_true(frame.mark_len >= 1);
            assert_true(frame.mark_at <= 100 && frame.mark_len <= 100);
            assert_true(rt_utf8_is_valid(frame.line));
        }
        free(copy);
        rt_arena_reset(arena);
    }
}

static void words_are_exact(void **state)
{
    (void)state;
    assert_true(rt_str_equal(rt_report_score(arena, 0.98126, 2), RT_STR("0.98")));
    assert_true(rt_str_equal(rt_report_score(arena, 0.99999, 2), RT_STR("1.00")));
    assert_true(rt_str_equal(rt_report_score(arena, -3, 4), RT_STR("0.0000")));
    assert_true(
        rt_str_equal(rt_report_score(arena, 0.0 / (arena ? 0.0 : 1.0), 4), RT_STR("0.0000")));
    assert_true(rt_str_equal(rt_report_count(arena, 0), RT_STR("0")));
    assert_true(rt_str_equal(rt_report_count(arena, 999), RT_STR("999")));
    assert_true(rt_str_equal(rt_report_count(arena, 1204), RT_STR("1,204")));
    assert_true(rt_str_equal(rt_report_count(arena, 12345678), RT_STR("12,345,678")));
    RtText text = { .arena = arena };
    rt_report_defang(&text,
                     RT_STR("GET HTTPS://a.b.invalid/x.js and ws://c.d and http: and httpx://"));
    assert_true(rt_str_equal(
        rt_text_str(&text),
        RT_STR("GET HxxPS://a[.]b[.]invalid/x.js and ws://c[.]d and http: and httpx://")));
    RtText uri = { .arena = arena };
    rt_report_uri_path(&uri, RT_STR("@scope/a b%\377.js"));
    assert_true(rt_str_equal(rt_text_str(&uri), RT_STR("%40scope/a%20b%25%FF.js")));
    assert_true(rt_str_equal(rt_report_layer_path(arena, &loader_places[0]),
                             RT_STR("raw → base64 → xor 0x5f")));
    assert_int_equal(rt_report_layer_path(arena, &env_places[0]).len, 0);
    assert_true(rt_str_has(rt_report_rotate(arena, &bad_report), RT_STR("environment")));
    assert_false(rt_str_has(rt_report_rotate(arena, &bad_report), RT_STR("wallets")));
    assert_true(rt_str_has(rt_report_rotate(arena, &clean_report), RT_STR("wallets")));
}

static void json_is_json(void **state)
{
    (void)state;
    const char *const names[] = { "json", "sarif" };
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        const RtReportFormat *format = rt_report_format_find(rt_str_from_c(names[i]));
        RtStr text = render(format, &plain, all_reports, RT_COUNT(all_reports));
        assert_non_null(rt_json_read(arena, text, NULL));
    }
    for (size_t i = 0; i < RT_COUNT(all_reports); i++) {
        RtReportStyle style = plain;
        style.elapsed = true;
        RtStr line = render_as("jsonl", &style, all_reports[i]);
        RtJsonOptions options = { 0 };
        const RtJson *json = rt_json_read(arena, line, &options);
        assert_non_null(json);
        assert_int_equal(options.duplicates, 0);
        assert_int_equal(lines_in(line), 1);
        assert_non_null(rt_json_get(json, RT_STR("elapsed_ms")));
        assert_null(
            rt_json_get(rt_json_read(arena, render_as("jsonl", &plain, all_reports[i]), NULL),
                        RT_STR("elapsed_ms")));
    }
}

static void order_of_arrival_does_not_show(void **state)
{
    (void)state;
    const RtReport *const turned[] = { &unknown_report, &notable_report, &clean_report, &bad_report,
                                       &nasty_report };
    const RtReportFormat *format = rt_report_format_find(RT_STR("text"));
    assert_true(
        rt_str_equal(render(format, &plain, all_reports, 5), render(format, &plain, turned, 5)));
    RtFinding swapped[] = { bad_findings[1], bad_findings[0] };
    RtReport report = bad_report;
    report.findings = swapped;
    assert_true(
        rt_str_equal(render_as("json", &plain, &report), render_as("json", &plain, &bad_report)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_matches_its_golden_file),
        cmocka_unit_test(every_format_survives_nothing),
        cmocka_unit_test(no_format_passes_control_bytes),
        cmocka_unit_test(text_is_short_unless_asked),
        cmocka_unit_test(clean_takes_one_line),
        cmocka_unit_test(many_clean_ones_are_counted),
        cmocka_unit_test(colour_stays_under_the_verdict),
        cmocka_unit_test(frames_point_at_the_span),
        cmocka_unit_test(frames_are_windows_of_long_lines),
        cmocka_unit_test(frames_survive_every_cut),
        cmocka_unit_test(words_are_exact),
        cmocka_unit_test(json_is_json),
        cmocka_unit_test(order_of_arrival_does_not_show),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
