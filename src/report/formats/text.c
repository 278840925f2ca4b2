/* text.c - the report for a person at a terminal (FORMATS 3.4): verdict first, proof second, what
 * to do last.
 *
 * Everything at once and sorted (worst first, then by path), so that two runs over the same bytes
 * read the same whatever order the workers finished in. One artifact takes at most 40 lines unless
 * -v asks for all: the plans below give up frames first and steps of the story last. */
#include "base/escape.h"
#include "base/hash.h"
#include "report/frame.h"
#include "report/wording.h"

enum {
    LINES = 40,    /* of one artifact, by default */
    FEW = 10,      /* artifacts up to which clean and notable ones are listed, not only counted */
    WIDEST = 160,  /* columns: a longer line is not read */
    QUOTED = 160,  /* bytes of a sentence that quotes code, without -v */
    LONGEST = 600, /* bytes of one foreign text: name, path, sentence */
    UNPIPED = 100, /* columns of a frame when the width is unknown */
};

/* How much of each section is shown. */
typedef struct {
    size_t frames, steps, whys, advice, unseen;
    size_t claims; /* of the attribution: its reasons, and its wording */
} Plan;
static const Plan plans[] = { { 3, 6, 5, 4, 3, 2 },
                              { 2, 6, 4, 3, 3, 2 },
                              { 1, 5, 3, 3, 2, 2 },
                              { 1, 3, 2, 1, 1, 1 },
                              { 1, 2, 1, 1, 1, 0 } };
static const Plan everything = { SIZE_MAX, SIZE_MAX, SIZE_MAX, 64, SIZE_MAX, 2 };

/* What one artifact is written with. */
typedef struct {
    RtText *out;
    const RtReportStyle *style;
    const RtReport *report;
    const RtFinding *const *findings;
    const char *hue; /* colour ceiling: nothing in this report is redder than its verdict */
} Page;

static const char *hue_of(RtVerdictLevel level)
{
    switch (level) {
    case RT_VERDICT_MALICIOUS:
        return "\033[1;31m";
    case RT_VERDICT_SUSPICIOUS:
        return "\033[1;33m";
    case RT_VERDICT_NOTABLE:
        return "\033[36m";
    case RT_VERDICT_CLEAN:
        return "\033[32m";
    case RT_VERDICT_UNKNOWN:
        break;
    }
    return "\033[1;35m";
}

static void literal(RtText *out, const char *text) { rt_text_add(out, rt_str_from_c(text)); }

static void paint(const Page *page, const char *hue)
{
    if (page->style->colour)
        literal(page->out, hue);
}
#define PLAIN "\033[0m"
#define BOLD  "\033[1m"
#define DIM   "\033[2m"

/* Untrusted text, escaped, in one line, and cut where nobody reads on. */
static void shown_up_to(RtText *out, RtStr text, size_t limit)
{
    if (text.len <= limit) {
        rt_escape_terminal(out, text, false);
        return;
    }
    size_t end = limit;
    while (end > limit - 4 && (text.at[end] & 0xC0) == 0x80)
        end--;
    rt_escape_terminal(out, rt_str_sub(text, 0, end), false);
    rt_text_add(out, RT_STR("…"));
}
static void shown(RtText *out, RtStr text) { shown_up_to(out, text, LONGEST); }

/* The same with its web addresses defanged, and shorter: these sentences quote code. */
static RtStr told(const Page *page, RtStr text)
{
    RtArena *arena = page->out->arena;
    RtText raw = { .arena = arena }, safe = { .arena = arena };
    rt_report_defang(&raw, text);
    shown_up_to(&safe, rt_text_str(&raw), page->style->verbose ? LONGEST : QUOTED);
    return rt_text_str(&safe);
}

static size_t cells_of(RtStr text)
{
    size_t cells = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t rune = 0;
        size_t len = rt_utf8_take(text, at, &rune);
        cells += len ? rt_report_rune_cells(rune) : 1;
        at += len ? len : 1;
    }
    return cells;
}

static uint32_t width_of(const RtReportStyle *style)
{
    if (style->width == 0)
        return UNPIPED;
    return style->width > WIDEST ? WIDEST : style->width;
}

/* Words of `text` (escaped already), wrapped at the width of the terminal; `column` cells are used
 * already and further lines start `indent` cells in. Not wrapped at all when the output is no
 * terminal: grep. */
static void wrapped(const Page *page, size_t column, size_t indent, RtStr text)
{
    size_t width = page->style->width ? width_of(page->style) : SIZE_MAX;
    RtStr rest = text, word;
    bool first = true;
    while (rt_str_next(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        size_t cells = cells_of(word);
        if (!first && column + 1 + cells > width) {
            rt_text_byte(page->out, '\n');
            for (size_t i = 0; i < indent; i++)
                rt_text_byte(page->out, ' ');
            column = indent;
        } else if (!first) {
            rt_text_byte(page->out, ' ');
            column++;
        }
        rt_text_add(page->out, word);
        column += cells;
        first = false;
    }
    rt_text_byte(page->out, '\n');
}

static void heading(const Page *page, const char *text)
{
    rt_text_byte(page->out, '\n');
    paint(page, BOLD);
    literal(page->out, text);
    paint(page, PLAIN);
}

static void upper(RtText *out, RtStr text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_small = text.at[i] >= 'a' && text.at[i] <= 'z';
        rt_text_byte(out, is_small ? (uint8_t)(text.at[i] - 0x20) : text.at[i]);
    }
}

/* MALICIOUS name@version (npm)  confidence 0.98  runs at: npm install */
static void headline(const Page *page)
{
    const RtReport *report = page->report;
    const RtArtifact *artifact = &report->artifact;
    RtText *out = page->out;
    RtVerdictLevel level = report->verdict.level;
    paint(page, page->hue);
    if (level >= RT_VERDICT_SUSPICIOUS || level == RT_VERDICT_UNKNOWN)
        upper(out, rt_verdict_name(level));
    else
        rt_text_add(out, rt_verdict_name(level));
    rt_text_byte(out, ' ');
    shown(out, rt_report_label(out->arena, artifact));
    if (artifact->ecosystem.len) {
        rt_text_add(out, RT_STR(" ("));
        shown(out, artifact->ecosystem);
        rt_text_byte(out, ')');
    }
    if (level >= RT_VERDICT_SUSPICIOUS) {
        rt_text_add(out, RT_STR("  confidence "));
        rt_text_add(out, rt_report_confidence(out->arena, report));
        RtStr trigger = rt_report_trigger(report, rt_report_phase(report));
        if (trigger.len) {
            rt_text_add(out, RT_STR("  runs at: "));
            rt_text_add(out, trigger);
        }
    }
    paint(page, PLAIN);
    if (level < RT_VERDICT_SUSPICIOUS && artifact->name.len) {
        rt_text_add(out, RT_STR("  "));
        shown(out, artifact->path);
    }
    rt_text_byte(out, '\n');
}

static void whereabouts(const Page *page)
{
    const RtArtifact *artifact = &page->report->artifact;
    RtText *out = page->out;
    if (artifact->name.len == 0 && !artifact->has_sha256)
        return;
    rt_text_add(out, RT_STR("  "));
    paint(page, DIM);
    if (artifact->name.len)
        shown(out, artifact->path);
    if (artifact->has_sha256) {
        if (artifact->name.len)
            rt_text_add(out, RT_STR("  "));
        rt_text_add(out, RT_STR("sha256 "));
        rt_text_add(out, rt_hex(out->arena, (RtStr){ artifact->sha256, sizeof artifact->sha256 }));
    }
    paint(page, PLAIN);
    rt_text_byte(out, '\n');
}

static void story(const Page *page, size_t limit)
{
    const RtReport *report = page->report;
    RtText *out = page->out;
    if (report->step_count == 0)
        return;
    heading(page, "What happens");
    RtStr trigger = rt_report_trigger(report, report->story[0].phase);
    if (trigger.len) {
        rt_text_add(out, RT_STR(" on "));
        rt_text_add(out, trigger);
    }
    rt_text_byte(out, '\n');
    for (size_t i = 0; i < report->step_count && i < limit; i++) {
        const RtStep *step = &report->story[i];
        rt_text_format(out, "  %zu  ", i + 1);
        RtText line = { .arena = out->arena };
        rt_text_add(&line, told(page, step->says));
        if (step->file.len) {
            rt_text_add(&line, RT_STR(" ["));
            shown(&line, step->file);
            if (step->line)
                rt_text_format(&line, ":%u", step->line);
            rt_text_byte(&line, ']');
        }
        wrapped(page, 5, 5, rt_text_str(&line));
    }
    if (report->step_count > limit)
        rt_text_format(out, "  +%zu more steps: -v shows them\n", report->step_count - limit);
}

static bool same_place(const RtEvidence *a, const RtEvidence *b)
{
    return a->line == b->line && a->column == b->column && a->layer_count == b->layer_count &&
           rt_str_equal(a->file, b->file);
}

/* Text in the colour of the finding's level, never above the verdict's. */
static const char *level_hue(const Page *page, RtFindingLevel level)
{
    return level >= RT_STRONG ? page->hue : hue_of(RT_VERDICT_NOTABLE);
}

static void frame(const Page *page, const RtFinding *finding, const RtEvidence *evidence)
{
    RtText *out = page->out;
    RtStr number = rt_str_format(out->arena, "%u", evidence->line);
    int gutter = (int)number.len;
    paint(page, level_hue(page, finding->level));
    rt_text_add(out, rt_finding_level_name(finding->level));
    paint(page, PLAIN);
    rt_text_add(out, RT_STR(": "));
    paint(page, BOLD);
    shown(out, finding->title);
    paint(page, PLAIN);
    rt_text_format(out, "\n%*s--> ", gutter + 1, "");
    shown(out, rt_report_file(page->report, evidence));
    rt_text_format(out, ":%u:%u", evidence->line, evidence->column);
    RtStr layers = rt_report_layer_path(out->arena, evidence);
    if (layers.len) {
        rt_text_add(out, RT_STR("  (layer "));
        shown(out, layers);
        rt_text_byte(out, ')');
    }
    rt_text_byte(out, '\n');
    RtFrame drawn = { .mark_len = 1 };
    uint32_t width = width_of(page->style), edge = (uint32_t)gutter + 4;
    drawn = rt_report_frame(out->arena, evidence, width > edge ? width - edge : 0);
    if (drawn.line.len == 0)
        return;
    rt_text_format(out, " %u | ", evidence->line);
    rt_text_add(out, drawn.line);
    rt_text_format(out, "\n%*s | %*s", gutter + 1, "", (int)drawn.mark_at, "");
    paint(page, level_hue(page, finding->level));
    for (uint32_t i = 0; i < drawn.mark_len; i++)
        rt_text_byte(out, '^');
    if (evidence->says.len) {
        RtStr says = told(page, evidence->says);
        size_t used = edge + drawn.mark_at + drawn.mark_len + 1;
        if (page->style->width && used + cells_of(says) > width)
            rt_text_format(out, "\n%*s = ", gutter + 1, "");
        else
            rt_text_byte(out, ' ');
        rt_text_add(out, says);
    }
    paint(page, PLAIN);
    rt_text_byte(out, '\n');
}

/* The first evidence of each finding in turn, no place twice; with -v everything. */
static void evidence_frames(const Page *page, size_t limit)
{
    const RtReport *report = page->report;
    bool is_all = limit == SIZE_MAX;
    const RtEvidence *drawn[8] = { 0 };
    size_t count = 0, left_out = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const RtFinding *finding = page->findings[i];
        if (!is_all && finding->level == RT_NOTE)
            continue;
        for (size_t k = 0; k < finding->evidence_count; k++) {
            bool known = false;
            for (size_t d = 0; d < count && d < RT_COUNT(drawn) && !is_all; d++)
                known = known || same_place(drawn[d], &finding->evidence[k]);
            if (known)
                continue;
            if (!is_all && (k > 0 || count >= limit)) {
                left_out++;
                continue;
            }
            if (count == 0) {
                heading(page, "Evidence");
                rt_text_byte(page->out, '\n');
            }
            frame(page, finding, &finding->evidence[k]);
            if (count < RT_COUNT(drawn))
                drawn[count] = &finding->evidence[k];
            count++;
        }
    }
    if (left_out)
        rt_text_format(page->out, "  +%zu more places: -v shows them\n", left_out);
}

static void reasons(const Page *page, size_t limit)
{
    const RtReport *report = page->report;
    RtText *out = page->out;
    if (report->finding_count == 0)
        return;
    heading(page, "Why we believe it");
    rt_text_byte(out, '\n');
    size_t shown_count = 0;
    for (size_t i = 0; i < report->finding_count && shown_count < limit; i++, shown_count++) {
        const RtFinding *finding = page->findings[i];
        RtText line = { .arena = out->arena };
        shown(&line, finding->rule);
        if (finding->attack_count) {
            rt_text_add(&line, RT_STR(" ("));
            for (size_t k = 0; k < finding->attack_count; k++) {
                if (k)
                    rt_text_add(&line, RT_STR(", "));
                shown(&line, finding->attack[k]);
            }
            rt_text_byte(&line, ')');
        }
        rt_text_add(&line, RT_STR(": "));
        shown(&line, finding->why.len ? finding->why : finding->title);
        RtStr level = rt_finding_level_name(finding->level);
        rt_text_add(out, RT_STR("  "));
        paint(page, level_hue(page, finding->level));
        rt_text_add(out, level);
        paint(page, PLAIN);
        rt_text_format(out, "%*s", (int)(level.len < 11 ? 11 - level.len : 1), "");
        wrapped(page, 13, 13, rt_text_str(&line));
    }
    if (report->finding_count > shown_count)
        rt_text_format(out, "  +%zu more findings: -v shows them\n",
                       report->finding_count - shown_count);
}

static void item(const Page *page, RtStr text)
{
    rt_text_add(page->out, RT_STR("  - "));
    wrapped(page, 4, 4, text);
}

static void what_to_do(const Page *page, size_t limit)
{
    const RtReport *report = page->report;
    RtArena *arena = page->out->arena;
    RtStr advice[64];
    size_t count = rt_report_advice(report, page->findings, advice, limit < 64 ? limit : 64);
    heading(page, "What to do");
    rt_text_byte(page->out, '\n');
    if (report->verdict.level == RT_VERDICT_MALICIOUS) {
        item(page, RT_STR("Do not install, import, build or open it; keep this file as evidence."));
        RtText rotate = { .arena = arena };
        rt_text_add(&rotate,
                    RT_STR("If it may have run: take the machine off the network and, from a "
                           "clean one, rotate "));
        rt_text_add(&rotate, rt_report_rotate(arena, report));
        rt_text_byte(&rotate, '.');
        item(page, rt_text_str(&rotate));
    } else {
        item(page,
             RT_STR("Before you install it, read the places above: is there a good reason for "
                    "each of them in a package that does what this one says it does?"));
    }
    for (size_t i = 0; i < count; i++) {
        RtText line = { .arena = arena };
        shown(&line, advice[i]);
        item(page, rt_text_str(&line));
    }
}

/* Two lines: what it resembles and why, and how much that may claim. */
static void resembles(const Page *page, size_t claims)
{
    const RtAttributions *attributions = page->report->attributions;
    if (attributions == NULL || attributions->count == 0)
        return;
    heading(page, "Whose methods");
    rt_text_byte(page->out, '\n');
    RtText line = { .arena = page->out->arena };
    RtStr best = rt_report_resembles(page->out->arena, page->report);
    size_t name_len = rt_str_find(best, RT_STR("):"));
    shown(&line,
          claims == 0 && name_len != RT_NOT_FOUND ? rt_str_sub(best, 0, name_len + 1) : best);
    item(page, rt_text_str(&line));
    if (claims < 2)
        return;
    line.len = 0;
    shown(&line, attributions->items[0].says);
    item(page, rt_text_str(&line));
}

static void not_examined(const Page *page, size_t limit)
{
    const RtReport *report = page->report;
    RtText *out = page->out;
    if (report->unseen_count == 0)
        return;
    if (report->verdict.level >= RT_VERDICT_SUSPICIOUS || page->style->verbose) {
        heading(page, "Not examined");
        rt_text_byte(out, '\n');
    }
    for (size_t i = 0; i < report->unseen_count && i < limit; i++) {
        const RtUnseen *unseen = &report->unseen[i];
        RtText line = { .arena = out->arena };
        shown(&line, unseen->reason);
        if (unseen->where.len) {
            rt_text_add(&line, RT_STR(": "));
            shown(&line, unseen->where);
        }
        if (unseen->times > 1)
            rt_text_format(&line, " (%u times)", unseen->times);
        item(page, rt_text_str(&line));
    }
    if (report->unseen_count > limit)
        rt_text_format(out, "  +%zu more: -v shows them\n", report->unseen_count - limit);
}

static void grave(const Page *page, Plan plan)
{
    headline(page);
    whereabouts(page);
    story(page, plan.steps);
    evidence_frames(page, plan.frames);
    reasons(page, plan.whys);
    resembles(page, plan.claims);
    what_to_do(page, plan.advice);
    not_examined(page, plan.unseen);
}

/* One line for each finding: enough for a package nobody accuses. */
static void mild(const Page *page, size_t limit)
{
    headline(page);
    for (size_t i = 0; i < page->report->finding_count && i < limit; i++) {
        const RtFinding *finding = page->findings[i];
        RtText line = { .arena = page->out->arena };
        shown(&line, finding->title);
        if (finding->evidence_count) {
            rt_text_add(&line, RT_STR(" ["));
            shown(&line, rt_report_file(page->report, &finding->evidence[0]));
            rt_text_format(&line, ":%u]", finding->evidence[0].line);
        }
        item(page, rt_text_str(&line));
    }
    if (page->report->finding_count > limit)
        rt_text_format(page->out, "  +%zu more: -v shows them\n",
                       page->report->finding_count - limit);
    not_examined(page, limit);
}

static size_t lines_in(RtStr text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    return lines;
}

static void one(RtText *out, const RtReportStyle *style, const RtReport *report)
{
    Page page = { .out = out,
                  .style = style,
                  .report = report,
                  .findings = rt_report_findings(out->arena, report),
                  .hue = hue_of(report->verdict.level) };
    bool is_grave = report->verdict.level >= RT_VERDICT_SUSPICIOUS;
    if (style->verbose && report->finding_count) {
        grave(&page, everything);
    } else if (!is_grave) {
        mild(&page, style->verbose ? SIZE_MAX : report->verdict.level == RT_VERDICT_CLEAN ? 0 : 3);
    } else {
        for (size_t i = 0; i < RT_COUNT(plans); i++) {
            RtText draft = { .arena = out->arena };
            page.out = &draft;
            grave(&page, plans[i]);
            if (lines_in(rt_text_str(&draft)) <= LINES || i + 1 == RT_COUNT(plans)) {
                rt_text_add(out, rt_text_str(&draft));
                break;
            }
        }
    }
    if (is_grave || style->verbose)
        rt_text_byte(out, '\n');
}

static void footer(RtText *out, const RtReportStyle *style, const RtReportSummary *summary,
                   bool hidden)
{
    RtArena *arena = out->arena;
    for (int level = RT_VERDICT_MALICIOUS; level >= RT_VERDICT_CLEAN; level--) {
        uint32_t count = summary->by_verdict[level];
        if (count == 0 && level != RT_VERDICT_CLEAN)
            continue;
        rt_text_add(out, rt_report_count(arena, count));
        rt_text_byte(out, ' ');
        rt_text_add(out, rt_verdict_name((RtVerdictLevel)level));
        rt_text_add(out, RT_STR(", "));
    }
    uint32_t unknown = summary->by_verdict[RT_VERDICT_UNKNOWN];
    uint32_t partly = summary->incomplete > unknown ? summary->incomplete - unknown : 0;
    rt_text_add(out, rt_report_count(arena, unknown));
    rt_text_add(out, RT_STR(" not examined"));
    if (partly) {
        rt_text_add(out, RT_STR(", "));
        rt_text_add(out, rt_report_count(arena, partly));
        rt_text_add(out, RT_STR(" in part"));
    }
    rt_text_add(out, RT_STR("  rules "));
    shown(out, style->ruleset);
    if (style->elapsed) {
        uint64_t tenths = (summary->elapsed_ms + 50) / 100;
        rt_text_format(out, "  %llu.%llu s", (unsigned long long)(tenths / 10),
                       (unsigned long long)(tenths % 10));
    }
    if (hidden)
        rt_text_add(out, RT_STR("  (-v lists the clean and the notable)"));
    rt_text_byte(out, '\n');
}

static void all(RtText *out, const RtReportStyle *style, const RtReport *const *reports,
                size_t count, const RtReportSummary *summary)
{
    const RtReport *const *sorted = rt_report_worst_first(out->arena, reports, count);
    bool is_brief = count > FEW && !style->verbose, hidden = false;
    for (size_t i = 0; i < count; i++) {
        RtVerdictLevel level = sorted[i]->verdict.level;
        bool is_quiet = level == RT_VERDICT_CLEAN || level == RT_VERDICT_NOTABLE;
        if (is_brief && is_quiet && sorted[i]->verdict.complete)
            hidden = true;
        else
            one(out, style, sorted[i]);
    }
    footer(out, style, summary, hidden);
}

const RtReportFormat rt_report_format_text = {
    .name = "text",
    .media_type = "text/plain; charset=utf-8",
    .title = "for people: verdict, story, evidence, what to do",
    .all = all,
};
