/* closure.c - a link in the shape of a report.
 *
 * The report stands at the folder both halves lie in, so that a file of either is a path below it,
 * which is what SARIF and code review need. */
#include "scan/closure.h"

#include <string.h>

typedef struct {
    const char *rule, *title;
} Words;

static const Words words[RT_SIGNALS] = {
    [RT_SIGNAL_FILE] = { "closure/file", "One package stores what another reads and runs" },
    [RT_SIGNAL_NAME] = { "closure/name", "One package sets what another reads and runs" },
    [RT_SIGNAL_RUNS] = { "closure/download", "One package downloads what another runs" },
    [RT_SIGNAL_PACKAGE] = { "closure/package",
                            "One package loads another by a hidden name and runs what it gives" },
    [RT_SIGNAL_LISTENS] = { "closure/port",
                            "One package offers on this machine what another fetches and runs" },
};

static const RtStr attack[] = { { (const uint8_t *)"T1195.002", 9 } };

/* The longest folder both paths lie in, without the slash. */
static RtStr common_folder(RtStr a, RtStr b)
{
    size_t end = 0;
    for (size_t i = 0; i < a.len && i < b.len && a.at[i] == b.at[i]; i++)
        if (a.at[i] == '/')
            end = i;
    return rt_str_sub(a, 0, end);
}

static RtStr label(RtArena *arena, const RtLinked *package)
{
    if (package->name.len == 0)
        return package->path;
    return rt_str_format(arena, "%.*s%s%.*s", RT_FMT(package->name),
                         package->version.len != 0 ? "@" : "", RT_FMT(package->version));
}

/* A file of a half, below `folder`. */
static RtStr file_of(RtArena *arena, RtStr folder, const RtLinked *package, RtStr file)
{
    RtStr below = rt_str_from(package->path, folder.len == 0 ? 0 : folder.len + 1);
    if (file.len == 0 || rt_str_equal(file, below))
        return below;
    return rt_str_format(arena, "%.*s/%.*s", RT_FMT(below), RT_FMT(file));
}

static const RtLinkSignal *deciding(const RtLink *link)
{
    for (size_t i = 0; i < link->signal_count; i++)
        if (words[link->signals[i].number].rule != NULL)
            return &link->signals[i];
    return &link->signals[0];
}

static RtEvidence evidence_of(RtArena *arena, RtStr file, const RtLinkHalf *half, RtStr name)
{
    return (RtEvidence){
        .file = file,
        .line = half->line,
        .column = 1,
        .says = rt_str_format(arena, "%.*s %.*s", RT_FMT(name), RT_FMT(half->says)),
    };
}

RtReport *rt_closure_report(RtArena *arena, const RtLinks *links, const RtLink *link)
{
    const RtLinkSignal *signal = deciding(link);
    const RtLinked *packages[2] = { &links->packages[link->first], &links->packages[link->second] };
    RtStr folder = common_folder(packages[0]->path, packages[1]->path), labels[2];
    RtEvidence *evidence = RT_NEW_ARRAY(arena, RtEvidence, 2);
    RtStep *story = RT_NEW_ARRAY(arena, RtStep, 2);
    for (size_t i = 0; i < 2; i++) {
        const RtLinkHalf *half = &signal->halves[i];
        RtStr file = file_of(arena, folder, packages[i], half->file);
        labels[i] = label(arena, packages[i]);
        evidence[i] = evidence_of(arena, file, half, labels[i]);
        story[i] = (RtStep){
            .phase = half->phase,
            .witness = RT_SEEN_IN_FLOW,
            .says = rt_str_format(arena, "%s: %.*s", i == 0 ? "first" : "then",
                                  RT_FMT(evidence[i].says)),
            .file = file,
            .line = half->line,
        };
    }
    RtFinding *finding = RT_NEW(arena, RtFinding);
    *finding = (RtFinding){
        .rule = rt_str_from_c(words[signal->number].rule),
        .family = RT_STR("closure"),
        .title = rt_str_from_c(words[signal->number].title),
        .why = rt_str_format(
            arena,
            "Neither half need look like much alone: %.*s obtains %.*s, and %.*s, which has to run "
            "after it on the same machine, acts on it. Installed together they are one program.",
            RT_FMT(labels[0]), RT_FMT(signal->what), RT_FMT(labels[1])),
        .advice = rt_str_format(arena,
                                "Remove both packages and whoever brought them; treat a machine "
                                "where both have run as compromised. %.*s shows where.",
                                RT_FMT(signal->what)),
        .level = RT_CONCLUSIVE,
        .weight = 8,
        .attack = attack,
        .attack_count = RT_COUNT(attack),
        .phase = signal->halves[1].phase,
        .witness = RT_SEEN_IN_FLOW,
        .times = 1,
        .evidence = evidence,
        .evidence_count = 2,
    };
    RtReport *report = RT_NEW(arena, RtReport);
    *report = (RtReport){
        .artifact = { .path = folder.len == 0 ? RT_STR(".") : folder,
                      .name = rt_str_format(arena, "%.*s with %.*s", RT_FMT(labels[0]),
                                            RT_FMT(labels[1])) },
        .findings = finding,
        .finding_count = 1,
        .story = story,
        .step_count = 2,
    };
    return report;
}
