/* story.c - what crosses the wall when a scan is done: findings, what was not seen, and what
 * happens in which order.
 *
 * The story is written from facts only, in the order a victim meets them (install before import,
 * import before a call), and only when something was found: a clean package needs no biography. */
#include "scan/scan.h"

#include <string.h>

#include "judge/judge.h"
#include "link/attribute.h"
#include "link/summary.h"

enum {
    STORY_STEPS = 12,
    STORY_OF_KIND = 3, /* of one kind, while there are others */
    STORY_CANDIDATES = 96,
    STORY_WORDS = 200,
    STORY_FACTS = 20000
};

static RtStr brief(RtArena *arena, RtStr text)
{
    text = rt_str_trim(text);
    size_t end = rt_str_find_byte(text, '\n');
    bool cut = text.len > STORY_WORDS || end != RT_NOT_FOUND;
    text = rt_str_sub(text, 0, end < STORY_WORDS ? end : STORY_WORDS);
    return cut ? rt_str_format(arena, "%.*s…", RT_FMT(text)) : text;
}

typedef struct {
    RtFactKind kind;
    const char *with, *without; /* words when the first argument is known, and when it is not */
    uint8_t arg;
} Words;

static const Words words[] = {
    { RT_FACT_INSTALL_HOOK, "installing runs: %.*s", "installing runs code", 1 },
    { RT_FACT_OPEN_HOOK, "opening the folder runs: %.*s", "opening the folder runs a command", 1 },
    { RT_FACT_AGENT_HOOK, "tells an agent to run: %.*s", "configures an agent", 1 },
    { RT_FACT_NET_REQUEST, "asks %.*s", "asks a server whose address is computed", 0 },
    { RT_FACT_NET_CONNECT, "connects to %.*s", "opens a connection", 0 },
    { RT_FACT_NET_DNS, "looks up %.*s", "looks up a name", 0 },
    { RT_FACT_PROC_EXEC, "starts: %.*s", "starts a process", 0 },
    { RT_FACT_CODE_EVAL, "runs text as code: %.*s", "runs computed text as code", 0 },
    { RT_FACT_FILE_WRITE, "writes %.*s", "writes a file", 0 },
    { RT_FACT_FILE_RENAME, "renames %.*s", "renames a file", 0 },
    { RT_FACT_FILE_DELETE, "deletes %.*s", "deletes a file", 0 },
    { RT_FACT_SECRET_READ, "reads secrets: %.*s", "reads secrets", 0 },
    { RT_FACT_DATA_DECODE, "decodes %.*s", "decodes data", 0 },
    { RT_FACT_ENV_READ, "reads the environment: %.*s", "reads the environment", 0 },
    { RT_FACT_HOST_INFO, "asks who and where it is: %.*s", "asks who and where it is", 0 },
    { RT_FACT_GLOBAL_SET, "hands out a global: %.*s", "sets a global", 0 },
};

static const Words *words_for(RtFactKind kind)
{
    for (size_t i = 0; i < RT_COUNT(words); i++) {
        if (words[i].kind == kind)
            return &words[i];
    }
    return NULL;
}

static bool starts_it_all(RtFactKind kind)
{
    return kind == RT_FACT_INSTALL_HOOK || kind == RT_FACT_OPEN_HOOK || kind == RT_FACT_AGENT_HOOK;
}

/* A fact belongs in the story when it has words and stands in a file that a finding shows, or
 * starts it all. */
static bool belongs(const RtScan *scan, const RtFact *fact, const RtFindings *findings)
{
    if (words_for(fact->kind) == NULL)
        return false;
    if (starts_it_all(fact->kind))
        return findings->items[0].level >= RT_STRONG; /* the worst comes first */
    RtStr file = scan->layers[rt_scan_file_of(scan, fact->layer)].name;
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].level < RT_STRONG)
            continue;
        for (size_t j = 0; j < findings->items[i].evidence_count; j++) {
            if (rt_str_equal(findings->items[i].evidence[j].file, file))
                return true;
        }
    }
    return false;
}

static RtStr says_of(RtArena *arena, const RtFact *fact)
{
    const Words *how = words_for(fact->kind);
    RtStr what = brief(arena, fact->args[how->arg]);
    return what.len == 0 ? rt_str_from_c(how->without)
                         : rt_str_format(arena, how->with, RT_FMT(what));
}

static RtStep step_of(const RtScan *scan, const RtFact *fact, RtStr says)
{
    RtLayerId file = rt_scan_file_of(scan, fact->layer);
    bool in_file = file == fact->layer;
    return (RtStep){
        .phase = fact->phase,
        .witness = fact->witness,
        .says = says,
        .file = scan->layers[file].name,
        .line = in_file ? rt_str_line(scan->layers[file].bytes, fact->from) : 0,
    };
}

typedef struct {
    const RtFact *fact;
    RtStr says;
    bool is_told;
} Candidate;

static bool already_told(const Candidate *candidates, size_t count, RtStr says)
{
    for (size_t i = 0; i < count; i++) {
        if (rt_str_equal(candidates[i].says, says))
            return true;
    }
    return false;
}

/* What somebody does to a machine is told before how the code gets there. */
static bool is_aside(RtFactKind kind)
{
    return kind == RT_FACT_DATA_DECODE || kind == RT_FACT_ENV_READ || kind == RT_FACT_HOST_INFO ||
           kind == RT_FACT_GLOBAL_SET;
}

/* Acts first and a few of each kind, then more of them, then the rest. */
static bool has_turn(const Candidate *candidate, uint32_t told_of_kind, int turn)
{
    bool aside = is_aside(candidate->fact->kind);
    return turn == 0 ? !aside && told_of_kind < STORY_OF_KIND : turn == 2 || !aside;
}

static void choose_steps(Candidate *candidates, size_t count)
{
    uint32_t told[RT_FACT_KINDS] = { 0 };
    size_t left = STORY_STEPS;
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < count && left != 0; i++) {
            RtFactKind kind = candidates[i].fact->kind;
            if (candidates[i].is_told || !has_turn(&candidates[i], told[kind], turn))
                continue;
            candidates[i].is_told = true;
            told[kind]++;
            left--;
        }
    }
}

static size_t collect_steps(const RtScan *scan, const RtFindings *findings, Candidate *candidates)
{
    size_t count = 0, considered = 0;
    for (int phase = RT_WHEN_INSTALL; phase >= RT_WHEN_UNKNOWN && findings->count != 0; phase--) {
        for (RtFactId id = 1;
             id < scan->fact_count && count < STORY_CANDIDATES && considered < STORY_FACTS; id++) {
            const RtFact *fact = &scan->facts[id];
            if (fact->phase != (RtPhase)phase || !belongs(scan, fact, findings))
                continue;
            considered++;
            RtStr says = says_of(scan->sink.arena, fact);
            if (!already_told(candidates, count, says))
                candidates[count++] = (Candidate){ fact, says, false };
        }
    }
    return count;
}

/* Lines are counted for the few steps that are told, not for the many facts that say the same. */
static void write_story(RtScan *scan, const RtFindings *findings, RtReport *report)
{
    Candidate *candidates = RT_NEW_ARRAY(scan->sink.arena, Candidate, STORY_CANDIDATES);
    RtStep *steps = RT_NEW_ARRAY(scan->sink.arena, RtStep, STORY_STEPS);
    size_t count = collect_steps(scan, findings, candidates);
    choose_steps(candidates, count);
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].is_told)
            steps[report->step_count++] = step_of(scan, candidates[i].fact, candidates[i].says);
    }
    report->story = steps;
}

/* The package fact of the shallowest manifest names the artifact. */
static void name_artifact(const RtScan *scan, RtReport *report)
{
    size_t best = SIZE_MAX;
    for (RtFactId id = 1; id < scan->fact_count; id++) {
        const RtFact *fact = &scan->facts[id];
        if (fact->kind != RT_FACT_PACKAGE || fact->args[1].len == 0)
            continue;
        RtStr path = scan->layers[rt_scan_file_of(scan, fact->layer)].name;
        size_t depth = scan->layers[fact->layer].depth * 64u;
        for (size_t i = 0; i < path.len; i++)
            depth += path.at[i] == '/';
        if (depth >= best)
            continue;
        best = depth;
        report->artifact.ecosystem = fact->args[0];
        report->artifact.name = rt_str_sub(fact->args[1], 0, 300);
        report->artifact.version = rt_str_sub(fact->args[2], 0, 100);
    }
}

static RtLayerId file_of(const void *context, RtLayerId id) { return rt_scan_file_of(context, id); }

static uint32_t ms_left(const void *context) { return rt_scan_ms_left(context); }

/* The parent judges; what it will say is worked out here as well, because only what is suspicious
 * is compared with anybody's methods. What it shares with other packages is taken down of all. */
static void compare_with_others(RtScan *scan, RtReport *report)
{
    RtReport judged = *report;
    rt_judge(&judged);
    RtLinkView view = { .layers = scan->layers,
                        .layer_count = scan->layer_count,
                        .facts = scan->facts,
                        .fact_count = scan->fact_count,
                        .findings = report->findings,
                        .finding_count = report->finding_count,
                        .verdict = judged.verdict.level,
                        .file_of = file_of,
                        .ms_left = ms_left,
                        .context = scan };
    if (scan->profiles != NULL)
        report->attributions = rt_attribute(scan->profiles, &view, scan->sink.arena);
    report->summary = rt_summary_of(&view, report->artifact.name, scan->sink.arena);
}

RtReport *rt_story_report(RtScan *scan)
{
    RtArena *arena = scan->sink.arena;
    RtReport *report = RT_NEW(arena, RtReport);
    RtFindings findings = { 0 };
    if (scan->rules != NULL) {
        while (scan->hits_count < scan->layer_count)
            RT_PUSH(arena, scan->hits, scan->hits_count, scan->hits_capacity) = (RtHits){ 0 };
        RtRulesView view = { .layers = scan->layers,
                             .layer_count = scan->layer_count,
                             .facts = scan->facts,
                             .fact_count = scan->fact_count,
                             .hits = scan->hits };
        rt_rules_match(scan->rules, scan->scratch, &view, arena, &findings);
        if (findings.cut)
            scan->sink.unseen(&scan->sink, 1, RT_STR("limit-cpu-ms"));
    }
    report->findings = findings.items;
    report->finding_count = findings.count;
    write_story(scan, &findings, report);
    name_artifact(scan, report);
    report->unseen = scan->unseen;
    report->unseen_count = scan->unseen_count;
    compare_with_others(scan, report);
    report->trace = scan->traces ? rt_trace_of(scan) : NULL;
    report->layer_count = (uint32_t)(scan->layer_count - 1);
    report->file_count = scan->file_count;
    report->artifact.bytes = scan->packed_bytes;
    report->artifact.has_sha256 = scan->has_sha256;
    memcpy(report->artifact.sha256, scan->sha256, sizeof scan->sha256);
    return report;
}
