/* finding.c - from hits to a report: where in the lockfile, by which way from the project. */
#include <stdarg.h>
#include <stdio.h>

#include "audit/audit.h"
#include "scan/outlet.h"

enum {
    EACH_MOST = 25,
    WAY_MOST = 12,
    SNIPPET_MOST = 400,
    SAYS_MOST = 700,
    RAW_MOST = 8192,
    VERSION_SHOWN = 60
};

typedef struct {
    const char *id;
    RtFindingLevel level;
    const char *family, *title, *why, *advice;
} Kind;

static const Kind kinds[] = {
#define ITEM(name, id, level, family, title, why, advice)                                          \
    { id, level, "audit-" family, title, why, advice },
#include "audit/findings.list"
#undef ITEM
};

/* Log-odds by level: one weak finding is notable, one strong one suspicious (judge.c). */
static const double weights[] = {
    [RT_NOTE] = 0, [RT_WEAK] = 1.7, [RT_STRONG] = 4.5, [RT_CONCLUSIVE] = 8
};

RtStr rt_audit_id(RtAuditFinding finding) { return rt_str_from_c(kinds[finding].id); }

static RtStr say(RtArena *arena, const char *format, va_list args)
{
    char text[RAW_MOST]; /* a secret that is cut in two could not be recognised */
    int len = vsnprintf(text, sizeof text, format, args);
    size_t used = len < 0 ? 0 : (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    RtStr raw = { (const uint8_t *)text, used };
    return rt_str_copy(arena, rt_audit_masked(arena, raw, SAYS_MOST));
}

void rt_audit_hit(RtAudit *audit, RtAuditFinding finding, uint32_t item, const char *says, ...)
{
    va_list args;
    va_start(args, says);
    RtStr text = say(audit->arena, says, args);
    va_end(args);
    uint32_t line = item > 0 ? audit->lock.items[item - 1].line : 0;
    RT_PUSH(audit->arena, audit->hits, audit->hit_count, audit->hit_capacity) =
        (RtAuditHit){ .finding = finding, .item = item, .line = line, .says = text };
}

void rt_audit_hit_line(RtAudit *audit, RtAuditFinding finding, RtStr file, uint32_t line,
                       const char *says, ...)
{
    va_list args;
    va_start(args, says);
    RtStr text = say(audit->arena, says, args);
    va_end(args);
    RT_PUSH(audit->arena, audit->hits, audit->hit_count, audit->hit_capacity) =
        (RtAuditHit){ .finding = finding, .line = line, .file = file, .says = text };
}

void rt_audit_unseen(RtAudit *audit, RtStr reason, RtStr where)
{
    RT_PUSH(audit->arena, audit->unseen, audit->unseen_count, audit->unseen_capacity) =
        (RtUnseen){ .reason = rt_audit_masked(audit->arena, reason, SAYS_MOST),
                    .where = rt_audit_masked(audit->arena, where, SAYS_MOST),
                    .times = 1 };
}

/* Parents may be hostile: the walk is bounded, and a circle just ends. */
RtStr rt_audit_way(const RtAudit *audit, uint32_t item)
{
    uint32_t way[WAY_MOST];
    size_t count = 0;
    for (uint32_t at = item; at != 0 && count < WAY_MOST; at = audit->lock.items[at - 1].parent)
        way[count++] = at;
    RtText text = { .arena = audit->arena, .limit = 1000 };
    RtStr own = audit->lock.project.len ? audit->lock.project : audit->project.name;
    bool is_step = count > 0 && rt_str_equal(audit->lock.items[way[count - 1] - 1].name, own);
    if (own.len > 0 && count < WAY_MOST && !is_step) /* a workspace is a step of its own */
        rt_text_format(&text, "%.*s > ", RT_FMT(rt_str_sub(own, 0, 120)));
    for (size_t i = count; i-- > 0;) {
        const RtDependency *step = &audit->lock.items[way[i] - 1];
        RtStr name = step->alias.len ? step->alias : step->name;
        rt_text_format(&text, "%.*s%s", RT_FMT(rt_str_sub(name, 0, 120)), i > 0 ? " > " : "");
        if (i == 0 && step->version.len > 0)
            rt_text_format(&text, " %.*s",
                           RT_FMT(rt_audit_masked(audit->arena, step->version, VERSION_SHOWN)));
    }
    return rt_text_str(&text);
}

RtStr rt_audit_purl(RtArena *arena, const RtDependency *item)
{
    return rt_outlet_purl(arena, item->ecosystem, item->name,
                          rt_audit_masked(arena, item->version, item->version.len));
}

/* The line itself, for the report's frame. */
static void show_line(const RtAudit *audit, const uint32_t *starts, size_t count, uint32_t line,
                      RtEvidence *evidence)
{
    if (line == 0 || line > count)
        return;
    RtStr rest = rt_str_from(audit->bytes, starts[line - 1]);
    size_t end = rt_str_find_byte(rest, '\n');
    RtStr text = rt_str_sub(rest, 0, end == RT_NOT_FOUND ? rest.len : end);
    size_t blank = 0;
    while (blank < text.len && (text.at[blank] == ' ' || text.at[blank] == '\t'))
        blank++;
    evidence->column = (uint32_t)blank + 1;
    evidence->snippet = rt_audit_masked(audit->arena, rt_str_from(text, blank), SNIPPET_MOST);
    evidence->mark_len = (uint32_t)evidence->snippet.len;
}

static const uint32_t *line_starts(const RtAudit *audit, size_t *ret_count)
{
    size_t count = 1, at = 0;
    for (size_t i = 0; i < audit->bytes.len; i++)
        count += audit->bytes.at[i] == '\n';
    uint32_t *starts = RT_NEW_ARRAY(audit->arena, uint32_t, count);
    for (size_t i = 0; i < audit->bytes.len; i++)
        if (audit->bytes.at[i] == '\n')
            starts[++at] = (uint32_t)i + 1;
    *ret_count = count;
    return starts;
}

static void fill(const RtAudit *audit, const RtAuditHit *hit, const uint32_t *starts, size_t lines,
                 RtFinding *finding)
{
    const Kind *kind = &kinds[hit->finding];
    RtEvidence *evidence = RT_NEW(audit->arena, RtEvidence);
    RtStr *layers = RT_NEW_ARRAY(audit->arena, RtStr, 1);
    layers[0] = hit->file.len ? hit->file : audit->lock.path;
    *evidence = (RtEvidence){ .layers = layers,
                              .layer_count = 1,
                              .file = layers[0],
                              .line = hit->line ? hit->line : 1,
                              .column = 1,
                              .says = hit->says };
    if (hit->file.len == 0)
        show_line(audit, starts, lines, hit->line, evidence);
    if (hit->item > 0)
        evidence->says = rt_str_format(audit->arena, "%.*s: %.*s",
                                       RT_FMT(rt_audit_way(audit, hit->item)), RT_FMT(hit->says));
    *finding = (RtFinding){ .rule = rt_str_from_c(kind->id),
                            .family = rt_str_from_c(kind->family),
                            .title = rt_str_from_c(kind->title),
                            .why = rt_str_from_c(kind->why),
                            .advice = rt_str_from_c(kind->advice),
                            .level = kind->level,
                            .weight = weights[kind->level],
                            .phase = RT_WHEN_INSTALL,
                            .witness = RT_SEEN_IN_MANIFEST,
                            .times = 1,
                            .evidence = evidence,
                            .evidence_count = 1 };
}

void rt_audit_report(const RtAudit *audit, RtReport *ret_report)
{
    uint32_t counts[RT_AUDIT_FINDINGS] = { 0 }, last[RT_AUDIT_FINDINGS] = { 0 };
    size_t most = audit->hit_count < (size_t)RT_AUDIT_FINDINGS * EACH_MOST
                      ? audit->hit_count
                      : (size_t)RT_AUDIT_FINDINGS * EACH_MOST;
    RtFinding *findings = RT_NEW_ARRAY(audit->arena, RtFinding, most + 1);
    size_t count = 0, lines = 0;
    const uint32_t *starts = audit->hit_count ? line_starts(audit, &lines) : NULL;
    for (size_t i = 0; i < audit->hit_count; i++) {
        const RtAuditHit *hit = &audit->hits[i];
        if (counts[hit->finding]++ >= EACH_MOST) {
            findings[last[hit->finding]].times++;
            continue;
        }
        last[hit->finding] = (uint32_t)count;
        fill(audit, hit, starts, lines, &findings[count++]);
    }
    *ret_report = (RtReport){ .artifact = { .path = audit->lock.path, .bytes = audit->bytes.len },
                              .findings = findings,
                              .finding_count = count,
                              .unseen = audit->unseen,
                              .unseen_count = audit->unseen_count,
                              .layer_count = 1,
                              .file_count = 1 };
    if (audit->lock.count > 0)
        ret_report->artifact.ecosystem = audit->lock.items[0].ecosystem;
}

#define PLUG(name) extern const RtAuditCheck rt_audit_check_##name;
#include "audit_checks.list"
#undef PLUG

void rt_audit_run(RtAudit *audit)
{
    static const RtAuditCheck *const checks[] = {
#define PLUG(name) &rt_audit_check_##name,
#include "audit_checks.list"
#undef PLUG
    };
    for (size_t i = 0; i < RT_COUNT(checks); i++)
        checks[i]->run(audit);
}
