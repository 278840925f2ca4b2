/* html.c - one page that needs nothing else: no script, no font, no network (a CSP in the page
 * forbids them). Every foreign text passes rt_escape_terminal and then rt_escape_html: what
 * deceives a reader is spelled out, what a browser would obey is not markup. */
#include "base/escape.h"
#include "base/hash.h"
#include "report/frame.h"
#include "report/wording.h"

enum { FRAME_CELLS = 140 };

static const char page_head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>ratter report</title>\n<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}\n"
    "article{border-left:.4rem solid #767676;padding:.1rem 1rem;margin:1.5rem 0}\n"
    ".malicious{border-color:#c1121f}.suspicious{border-color:#b35900}.notable{border-color:#"
    "1f6feb}\n"
    ".clean{border-color:#2da44e}\n"
    "h2{font-size:1.15rem;overflow-wrap:anywhere}h3{font-size:1rem;margin-bottom:.2rem}\n"
    "pre{overflow-x:auto;padding:.5rem;border:1px solid #8886;margin:.3rem 0}\n"
    "mark{background:#ffd33d;color:#000}.dim{opacity:.8;overflow-wrap:anywhere}\n"
    "</style>\n</head>\n<body>\n<main>\n<h1>ratter report</h1>\n";

static void text(RtText *out, RtStr foreign)
{
    rt_escape_html(out, rt_escaped(out->arena, foreign));
}

static void heading(RtText *out, const RtReport *report)
{
    const RtArtifact *artifact = &report->artifact;
    RtStr verdict = rt_verdict_name(report->verdict.level);
    rt_text_format(out, "<article class=\"%.*s\">\n<h2>%.*s: ", RT_FMT(verdict), RT_FMT(verdict));
    text(out, rt_report_label(out->arena, artifact));
    rt_text_add(out, RT_STR("</h2>\n<p class=\"dim\">"));
    text(out, artifact->path);
    if (artifact->purl.len) {
        rt_text_add(out, RT_STR(" · "));
        text(out, artifact->purl);
    }
    if (artifact->has_sha256) {
        rt_text_add(out, RT_STR(" · sha256 "));
        rt_text_add(out, rt_hex(out->arena, (RtStr){ artifact->sha256, sizeof artifact->sha256 }));
    }
    if (report->verdict.level >= RT_VERDICT_SUSPICIOUS) {
        rt_text_add(out, RT_STR(" · confidence "));
        rt_text_add(out, rt_report_confidence(out->arena, report));
        RtStr trigger = rt_report_trigger(report, rt_report_phase(report));
        if (trigger.len) {
            rt_text_add(out, RT_STR(" · runs at: "));
            rt_text_add(out, trigger);
        }
    }
    rt_text_add(out, RT_STR("</p>\n"));
}

static void story(RtText *out, const RtReport *report)
{
    if (report->step_count == 0)
        return;
    rt_text_add(out, RT_STR("<h3>What happens</h3>\n<ol>\n"));
    for (size_t i = 0; i < report->step_count; i++) {
        RtText safe = { .arena = out->arena };
        rt_report_defang(&safe, report->story[i].says);
        rt_text_add(out, RT_STR("<li>"));
        text(out, rt_text_str(&safe));
        if (report->story[i].file.len) {
            rt_text_add(out, RT_STR(" <span class=\"dim\">"));
            text(out, report->story[i].file);
            rt_text_format(out, ":%u</span>", report->story[i].line);
        }
        rt_text_add(out, RT_STR("</li>\n"));
    }
    rt_text_add(out, RT_STR("</ol>\n"));
}

/* The frame's line with its marked cells in <mark>; cells are counted as the frame counted them. */
static void marked(RtText *out, const RtFrame *frame)
{
    uint32_t cell = 0, end = frame->mark_at + frame->mark_len;
    bool is_open = false;
    for (size_t at = 0; at < frame->line.len;) {
        uint32_t rune = 0;
        size_t len = rt_utf8_take(frame->line, at, &rune);
        len = len ? len : 1;
        if (!is_open && cell >= frame->mark_at && cell < end) {
            rt_text_add(out, RT_STR("<mark>"));
            is_open = true;
        } else if (is_open && cell >= end) {
            rt_text_add(out, RT_STR("</mark>"));
            is_open = false;
        }
        rt_escape_html(out, rt_str_sub(frame->line, at, len));
        cell += rt_report_rune_cells(rune);
        at += len;
    }
    if (is_open)
        rt_text_add(out, RT_STR("</mark>"));
}

static void finding_section(RtText *out, const RtReport *report, const RtFinding *finding)
{
    rt_text_add(out, RT_STR("<h3>"));
    text(out, finding->title);
    rt_text_add(out, RT_STR("</h3>\n<p>"));
    rt_text_add(out, rt_finding_level_name(finding->level));
    rt_text_add(out, RT_STR(" · <code>"));
    text(out, finding->rule);
    rt_text_add(out, RT_STR("</code>"));
    for (size_t i = 0; i < finding->attack_count; i++) {
        rt_text_add(out, RT_STR(" · "));
        text(out, finding->attack[i]);
    }
    rt_text_add(out, RT_STR("<br>"));
    text(out, finding->why);
    rt_text_add(out, RT_STR("</p>\n"));
    for (size_t i = 0; i < finding->evidence_count; i++) {
        const RtEvidence *evidence = &finding->evidence[i];
        rt_text_add(out, RT_STR("<p class=\"dim\">"));
        text(out, rt_report_file(report, evidence));
        rt_text_format(out, ":%u:%u ", evidence->line, evidence->column);
        text(out, rt_report_layer_path(out->arena, evidence));
        rt_text_add(out, RT_STR(" "));
        RtText says = { .arena = out->arena };
        rt_report_defang(&says, evidence->says);
        text(out, rt_text_str(&says));
        rt_text_add(out, RT_STR("</p>\n<pre>"));
        RtFrame frame = rt_report_frame(out->arena, evidence, FRAME_CELLS);
        marked(out, &frame);
        rt_text_add(out, RT_STR("</pre>\n"));
    }
}

static void resembles(RtText *out, const RtReport *report)
{
    if (report->attributions == NULL || report->attributions->count == 0)
        return;
    rt_text_add(out, RT_STR("<h3>Whose methods</h3>\n<ul>\n"));
    for (size_t i = 0; i < report->attributions->count; i++) {
        const RtAttribution *one = &report->attributions->items[i];
        rt_text_add(out, RT_STR("<li>"));
        text(out, one->title);
        rt_text_format(out, " (%.*s)", RT_FMT(rt_attribution_level_name(one->level)));
        for (size_t k = 0; k < one->trait_count; k++) {
            rt_text_add(out, RT_STR("<br><span class=\"dim\">"));
            text(out, rt_report_trait(out->arena, &one->traits[k]));
            rt_text_add(out, RT_STR("</span>"));
        }
        rt_text_add(out, RT_STR("<br>"));
        text(out, one->says);
        rt_text_add(out, RT_STR("</li>\n"));
    }
    rt_text_add(out, RT_STR("</ul>\n"));
}

static void article(RtText *out, const RtReport *report)
{
    const RtFinding *const *findings = rt_report_findings(out->arena, report);
    heading(out, report);
    story(out, report);
    for (size_t i = 0; i < report->finding_count; i++)
        finding_section(out, report, findings[i]);
    resembles(out, report);
    if (report->verdict.level == RT_VERDICT_MALICIOUS) {
        rt_text_add(
            out, RT_STR("<h3>What to do</h3>\n<p>Do not install it. If it may have run, rotate "));
        text(out, rt_report_rotate(out->arena, report));
        rt_text_add(out, RT_STR(".</p>\n"));
    }
    if (report->unseen_count) {
        rt_text_add(out, RT_STR("<h3>Not examined</h3>\n<ul>\n"));
        for (size_t i = 0; i < report->unseen_count; i++) {
            rt_text_add(out, RT_STR("<li>"));
            text(out, report->unseen[i].reason);
            rt_text_add(out, RT_STR(" "));
            text(out, report->unseen[i].where);
            rt_text_add(out, RT_STR("</li>\n"));
        }
        rt_text_add(out, RT_STR("</ul>\n"));
    }
    rt_text_add(out, RT_STR("</article>\n"));
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    const RtReport *const *sorted = rt_report_worst_first(out->arena, reports, count);
    rt_text_add(out, rt_str_from_c(page_head));
    rt_text_add(out, RT_STR("<p>"));
    for (int level = RT_VERDICT_MALICIOUS; level >= RT_VERDICT_CLEAN; level--) {
        rt_text_add(out, rt_report_count(out->arena, summary->by_verdict[level]));
        rt_text_byte(out, ' ');
        rt_text_add(out, rt_verdict_name((RtVerdictLevel)level));
        rt_text_add(out, RT_STR(", "));
    }
    rt_text_add(out, rt_report_count(out->arena, summary->by_verdict[RT_VERDICT_UNKNOWN]));
    rt_text_add(out, RT_STR(" not examined. ratter "));
    text(out, style->version);
    rt_text_add(out, RT_STR(", rules "));
    text(out, style->ruleset);
    rt_text_add(out, RT_STR(".</p>\n"));
    for (size_t i = 0; i < count; i++)
        article(out, sorted[i]);
    rt_text_add(out, RT_STR("</main>\n</body>\n</html>\n"));
}

const RtReportFormat rt_report_format_html = {
    .name = "html",
    .media_type = "text/html; charset=utf-8",
    .title = "one self-contained page, no script",
    .all = all,
};
