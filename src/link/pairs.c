/* pairs.c - what flows from one package to another: one writes it from outside, the other reads it
 * into code.
 *
 * Neither half of such a pair need be suspicious alone; that is what pairs are for. What keeps
 * honest packages out: both ends of the flow must be there (from the network or a decoder; into
 * code or a process), the thing must be rare, and an installer that fetches a program for the rest
 * of its own family is explained (`is_explained`). */
#include "link/linker_parts.h"

/* Base weights: THREATS 4.5. */
static const double base_points[RT_SIGNALS] = {
    [RT_SIGNAL_FILE] = 5,       [RT_SIGNAL_NAME] = 4,    [RT_SIGNAL_RUNS] = 4,
    [RT_SIGNAL_CONSTANT] = 4,   [RT_SIGNAL_SHAPE] = 3,   [RT_SIGNAL_PACKAGE] = 4,
    [RT_SIGNAL_PERSON] = 2,     [RT_SIGNAL_README] = 1,  [RT_SIGNAL_COREQUIRED] = 2,
    [RT_SIGNAL_REGISTRIES] = 2, [RT_SIGNAL_LISTENS] = 3,
};

enum {
    OUTSIDE = RT_TAINT_FROM_NET | RT_TAINT_FROM_DECODED,
    ACTS = RT_TAINT_TO_CODE | RT_TAINT_TO_PROCESS,
};

/* ---- words */

static RtStr says_of(const RtLinker *linker, const RtEntry *entry)
{
    RtStr what = linker->terms[entry->text].text;
    RtText out = { .arena = linker->arena, .limit = 600 };
    uint8_t taint = entry->taint;
    bool is_name = entry->kind == RT_RESOURCE_ENV || entry->kind == RT_RESOURCE_GLOBAL ||
                   entry->kind == RT_RESOURCE_REGISTRY;
    RtStr deed = rt_deed_name((RtDeed)entry->deed), kind = rt_resource_kind_name(entry->kind);
    if (entry->deed == RT_DEED_WRITES && is_name)
        deed = RT_STR("sets");
    rt_text_format(&out, "%.*s ", RT_FMT(deed));
    if (entry->deed == RT_DEED_LISTENS || entry->deed == RT_DEED_CONNECTS)
        rt_text_format(&out, "%s", entry->deed == RT_DEED_LISTENS ? "on " : "to ");
    if (entry->deed == RT_DEED_PROBES)
        rt_text_add(&out, RT_STR("whether there is "));
    if (entry->kind != RT_RESOURCE_FILE)
        rt_text_format(&out, "%.*s ", RT_FMT(kind));
    rt_text_add(&out, what);
    if (taint & RT_TAINT_FROM_NET)
        rt_text_add(&out, RT_STR(", with what a server sent"));
    else if (taint & RT_TAINT_FROM_DECODED)
        rt_text_add(&out, RT_STR(", with something decoded"));
    if (taint & RT_TAINT_HIDDEN_NAME)
        rt_text_add(&out, RT_STR(", by a hidden name"));
    if (taint & RT_TAINT_TO_NET)
        rt_text_add(&out, RT_STR(", sends it"));
    if (taint & RT_TAINT_TO_CODE)
        rt_text_add(&out, RT_STR(", runs it as code"));
    if (taint & RT_TAINT_TO_PROCESS)
        rt_text_add(&out, RT_STR(", starts a process with it"));
    return rt_text_str(&out);
}

static RtLinkHalf half_of(const RtLinker *linker, const RtEntry *entry)
{
    return (RtLinkHalf){ .says = says_of(linker, entry),
                         .file = linker->terms[entry->file].text,
                         .line = entry->line,
                         .phase = (RtPhase)entry->phase };
}

/* ---- signals */

double rt_signal_points(uint8_t number) { return base_points[number]; }

void rt_pair_signal(RtLinker *linker, const RtEntry *from, const RtEntry *to, uint8_t number,
                    double points, RtFindingLevel level)
{
    RtPair *pair = points > 0 ? rt_linker_pair(linker, from->package, to->package) : NULL;
    if (pair == NULL)
        return;
    bool better = pair->signals[number].points < points || level > pair->level;
    if (level > pair->level)
        pair->level = level;
    if (!better)
        return;
    bool turned = pair->link.first != from->package;
    RtLinkSignal *signal = &pair->signals[number];
    signal->number = number;
    signal->points = points;
    signal->kind = (RtResourceKind)to->kind;
    signal->what = linker->terms[to->text].text;
    signal->halves[turned] = half_of(linker, from);
    signal->halves[!turned] = half_of(linker, to);
}

/* "scope" of "@scope/x", else the whole name. */
static RtStr family_of(RtStr name)
{
    if (name.len == 0 || name.at[0] != '@')
        return name;
    RtStr family = rt_str_from(name, 1);
    return rt_str_sub(family, 0, rt_str_find_byte(family, '/'));
}

/* x and x, x and x-core, but not x-a and x-b: half of all packages begin alike. */
static bool is_branch(RtStr stem, RtStr name)
{
    return stem.len > 2 && rt_str_starts(name, stem) &&
           (name.len == stem.len || name.at[stem.len] == '-');
}

static bool declares(const RtLinker *linker, uint32_t package, uint32_t other)
{
    uint32_t term = rt_linker_term(linker, RT_RESOURCE_PACKAGE, linker->members[other].name);
    for (uint32_t i = 0; term != UINT32_MAX && i < linker->terms[term].count; i++) {
        const RtEntry *entry = &linker->entries[linker->terms[term].first + i];
        if (entry->package == package && entry->deed == RT_DEED_DECLARES)
            return true;
    }
    return false;
}

bool rt_linker_are_kin(const RtLinker *linker, uint32_t a, uint32_t b)
{
    RtStr left = family_of(linker->members[a].name), right = family_of(linker->members[b].name);
    return is_branch(left, right) || is_branch(right, left) || declares(linker, a, b) ||
           declares(linker, b, a);
}

/* An installer fetches a program and its kin start it (a browser and its driver, a compiler and its
 * wrapper), a command line stores settings that its library reads. Text from the network that kin
 * run as code, or send in exchange for what they start, is nothing of the kind. */
static bool is_explained(const RtLinker *linker, const RtEntry *from, const RtEntry *to)
{
    bool exchanges = (to->taint & RT_TAINT_TO_NET) && (to->taint & RT_TAINT_TO_PROCESS);
    bool runs_text = (to->taint & RT_TAINT_TO_CODE) || exchanges;
    return !((from->taint & OUTSIDE) && runs_text) &&
           rt_linker_are_kin(linker, from->package, to->package);
}

/* ---- which deeds meet */

typedef struct {
    uint8_t number; /* 0: nothing */
    RtFindingLevel level;
} Meeting;

static Meeting meet_names(const RtEntry *from, const RtEntry *to)
{
    if (!(to->taint & ACTS))
        return (Meeting){ 0 };
    return (Meeting){ RT_SIGNAL_NAME, from->taint & OUTSIDE ? RT_CONCLUSIVE : RT_WEAK };
}

static Meeting meet_files(const RtEntry *to)
{
    if (to->deed == RT_DEED_RUNS)
        return (Meeting){ RT_SIGNAL_RUNS, RT_CONCLUSIVE };
    if (to->deed != RT_DEED_READS || !(to->taint & (ACTS | RT_TAINT_TO_NET)))
        return (Meeting){ 0 };
    return (Meeting){ RT_SIGNAL_FILE, to->taint & ACTS ? RT_CONCLUSIVE : RT_STRONG };
}

/* The signal that `from` before `to` gives, and what it would say alone, were it rare and without
 * an honest reason. */
static Meeting meet(const RtLinker *linker, const RtEntry *from, const RtEntry *to)
{
    if (from->deed == RT_DEED_LISTENS && to->deed == RT_DEED_CONNECTS) {
        bool obtains = linker->members[from->package].origin.deed == RT_DEED_CONNECTS;
        bool runs = to->taint & ACTS;
        return (Meeting){ RT_SIGNAL_LISTENS, obtains && runs ? RT_CONCLUSIVE : RT_WEAK };
    }
    if (from->deed != RT_DEED_WRITES)
        return (Meeting){ 0 };
    if (from->kind != RT_RESOURCE_FILE)
        return to->deed == RT_DEED_READS ? meet_names(from, to) : (Meeting){ 0 };
    return from->taint & OUTSIDE ? meet_files(to) : (Meeting){ 0 };
}

/* A package that brings the thing by itself needs no other half: two of one campaign are alike, not
 * a pair. */
static bool brings_itself(const RtLinker *linker, const RtTerm *term, const RtEntry *to)
{
    for (uint32_t i = 0; i < term->count; i++) {
        const RtEntry *entry = &linker->entries[term->first + i];
        if (entry->package == to->package && entry->deed == RT_DEED_WRITES &&
            (entry->taint & OUTSIDE))
            return true;
    }
    return false;
}

static void link_entries(RtLinker *linker, const RtTerm *term, const RtEntry *from,
                         const RtEntry *to, double rarity)
{
    Meeting meeting = meet(linker, from, to);
    if (meeting.number == 0)
        return;
    double points = base_points[meeting.number] * rarity;
    bool explained = is_explained(linker, from, to);
    if (explained || rarity < 0.5)
        meeting.level = RT_WEAK;
    if (meeting.level > RT_STRONG && brings_itself(linker, term, to))
        meeting.level = RT_STRONG;
    rt_pair_signal(linker, from, to, meeting.number, explained ? points / 2 : points,
                   meeting.level);
}

static void link_term(RtLinker *linker, const RtTerm *term)
{
    const RtEntry *entries = linker->entries + term->first;
    if (term->count > RT_LINK_HOLDERS) {
        linker->left_out += term->count;
        return;
    }
    double rarity = rt_linker_rarity(linker, term);
    for (uint32_t i = 0; i < term->count; i++) {
        bool gives = entries[i].deed == RT_DEED_WRITES || entries[i].deed == RT_DEED_LISTENS;
        for (uint32_t k = 0; gives && k < term->count; k++)
            link_entries(linker, term, &entries[i], &entries[k], rarity);
    }
}

/* `entry` names package `other` in code. What it requires must be there before it; what it installs
 * comes after. */
static void link_named(RtLinker *linker, const RtEntry *entry, uint32_t other)
{
    const RtEntry *origin = &linker->members[other].origin;
    bool hidden = entry->taint & RT_TAINT_HIDDEN_NAME, loads = entry->deed == RT_DEED_REQUIRES;
    bool obtains = origin->deed == RT_DEED_CONNECTS;
    if (!hidden && loads)
        return;
    RtFindingLevel level = RT_WEAK;
    if (hidden)
        level = loads && obtains && (entry->taint & ACTS) ? RT_CONCLUSIVE : RT_STRONG;
    if (rt_linker_are_kin(linker, entry->package, other))
        level = RT_WEAK;
    rt_pair_signal(linker, loads ? origin : entry, loads ? entry : origin, RT_SIGNAL_PACKAGE,
                   base_points[RT_SIGNAL_PACKAGE] * (level == RT_WEAK ? 0.5 : 1), level);
}

/* Names of packages that are among those linked. */
static void link_packages(RtLinker *linker)
{
    uint32_t *by_term = RT_NEW_ARRAY(linker->arena, uint32_t, linker->term_count + 1);
    for (size_t i = 0; i < linker->member_count; i++) {
        uint32_t term = linker->members[i].name.len == 0
                            ? UINT32_MAX
                            : rt_linker_term(linker, RT_RESOURCE_PACKAGE, linker->members[i].name);
        if (term != UINT32_MAX && by_term[term] == 0)
            by_term[term] = (uint32_t)i + 1;
    }
    for (size_t i = 0; i < linker->entry_count; i++) {
        const RtEntry *entry = &linker->entries[i];
        if (entry->kind == RT_RESOURCE_PACKAGE && entry->deed != RT_DEED_DECLARES &&
            by_term[entry->text] != 0)
            link_named(linker, entry, by_term[entry->text] - 1);
    }
}

void rt_pairs_by_flow(RtLinker *linker)
{
    for (size_t i = 0; i < linker->term_count; i++) {
        const RtTerm *term = &linker->terms[i];
        if (term->count > 1 && term->kind <= RT_RESOURCE_PORT)
            link_term(linker, term);
    }
    link_packages(linker);
}
