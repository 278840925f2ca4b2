/* github.c - workflow commands: annotations on the files of a pull request (::error
 * file=…,line=…::…).
 *
 * A line that starts with :: in a job's log is obeyed, so every part of ours is escaped for its
 * place, and control bytes before that: a package must not speak to the runner. */
#include "base/escape.h"
#include "report/wording.h"

enum { MESSAGE_LIMIT = 1000 };

/* % CR LF always; , and : as well within a property. */
static void command_text(RtText *out, RtStr text, bool is_property)
{
    RtStr safe = rt_escaped(out->arena, text);
    for (size_t i = 0; i < safe.len; i++) {
        uint8_t byte = safe.at[i];
        bool special = byte == '%' || byte == '\r' || byte == '\n' ||
                       (is_property && (byte == ',' || byte == ':'));
        if (special)
            rt_text_format(out, "%%%02X", byte);
        else
            rt_text_byte(out, byte);
    }
}

static RtStr path_of(RtArena *arena, const RtReport *report, RtStr file)
{
    RtText path = { .arena = arena };
    RtStr base = report->artifact.path;
    if (rt_str_starts(base, RT_STR("./")))
        base = rt_str_from(base, 2);
    rt_text_add(&path, base);
    /* Of an archive only the archive itself is in the repository. */
    if (file.len && !report->artifact.has_sha256) {
        rt_text_byte(&path, '/');
        rt_text_add(&path, file);
    }
    return rt_text_str(&path);
}

static void annotate(RtText *out, const char *command, RtStr path, uint32_t line, RtStr title,
                     RtStr message)
{
    rt_text_format(out, "::%s file=", command);
    command_text(out, path, true);
    if (line)
        rt_text_format(out, ",line=%u", line);
    rt_text_add(out, RT_STR(",title="));
    command_text(out, title, true);
    rt_text_add(out, RT_STR("::"));
    command_text(out, rt_str_sub(message, 0, MESSAGE_LIMIT), false);
    rt_text_byte(out, '\n');
}

static void each(RtText *out, const RtReportStyle *style, const RtReport *report)
{
    (void)style;
    RtArena *arena = out->arena;
    if (report->verdict.level == RT_VERDICT_UNKNOWN) {
        RtStr reason = report->unseen_count ? report->unseen[0].reason : RT_STR("not examined");
        annotate(out, "warning", path_of(arena, report, (RtStr){ 0 }), 0, RT_STR("not examined"),
                 reason);
        return;
    }
    if (report->verdict.level < RT_VERDICT_SUSPICIOUS)
        return;
    const char *command = report->verdict.level == RT_VERDICT_MALICIOUS ? "error" : "warning";
    const RtFinding *const *findings = rt_report_findings(arena, report);
    for (size_t i = 0; i < report->finding_count; i++) {
        const RtFinding *finding = findings[i];
        if (finding->level < RT_STRONG && i > 0)
            break;
        static const RtEvidence none = { 0 };
        const RtEvidence *evidence = finding->evidence_count ? finding->evidence : &none;
        RtText title = { .arena = arena }, message = { .arena = arena };
        rt_text_add(&title, rt_verdict_name(report->verdict.level));
        rt_text_add(&title, RT_STR(": "));
        rt_text_add(&title, rt_report_label(arena, &report->artifact));
        rt_text_add(&message, finding->title);
        rt_text_add(&message, RT_STR(". "));
        rt_text_add(&message, finding->why);
        bool is_file = evidence->layer_count < 2 && !report->artifact.has_sha256;
        annotate(out, i ? "notice" : command, path_of(arena, report, evidence->file),
                 is_file ? evidence->line : 1, rt_text_str(&title), rt_text_str(&message));
    }
}

const RtReportFormat rt_report_format_github = {
    .name = "github",
    .media_type = "text/plain; charset=utf-8",
    .title = "workflow commands: annotations in a pull request",
    .each = each,
};
