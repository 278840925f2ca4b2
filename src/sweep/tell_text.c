/* tell_text.c - the report for people: the answer in the first line. */
#include "base/escape.h"
#include "sweep/tell.h"

enum { GAPS_SHOWN = 12, HITS_SHOWN = 60, WIDTH = 100, NARROWEST = 40 };

/* Words of `text` in lines of `width`, each after `indent` blanks; the first line goes on at
 * `column`. A word longer than a line stands alone: paths stay whole, to be copied. */
static void wrap(RtText *out, RtStr text, unsigned indent, unsigned column, unsigned width)
{
    RtStr rest = text, word;
    bool first = true;
    while (rt_str_next(&rest, ' ', &word)) {
        if (word.len == 0)
            continue;
        if (!first && column + 1 + word.len > width) {
            rt_text_byte(out, '\n');
            for (unsigned i = 0; i < indent; i++)
                rt_text_byte(out, ' ');
            column = indent;
            first = true;
        }
        if (!first)
            rt_text_byte(out, ' ');
        rt_text_add(out, word);
        column += (unsigned)word.len + !first;
        first = false;
    }
    rt_text_byte(out, '\n');
}

static const char *headline(RtSweepAnswer answer)
{
    switch (answer) {
    case RT_SWEEP_NO_TRACE:
        return "No trace found";
    case RT_SWEEP_LOOK:
        return "Nothing certain, but something is worth a look";
    case RT_SWEEP_LIKELY:
        return "Signs of an infection";
    case RT_SWEEP_HIT:
        return "This machine was hit";
    }
    return "";
}

/* "This machine was hit: Contagious Interview (…), Shai-Hulud" */
static void add_headline(const RtSweep *sweep, RtText *out)
{
    RtSweepAnswer answer = rt_sweep_answer(sweep);
    rt_text_format(out, "%s",
                   sweep->root.len != 0 && answer == RT_SWEEP_HIT
                       ? "The machine of this image was hit"
                       : headline(answer));
    const char *mark = ": ";
    for (size_t f = 0; answer >= RT_SWEEP_LIKELY && f < sweep->places->family_count; f++) {
        bool seen = false;
        for (size_t i = 0; i < sweep->hit_count; i++)
            seen = seen || (sweep->hits[i].place->family == f && sweep->hits[i].level >= RT_STRONG);
        if (!seen)
            continue;
        rt_text_format(out, "%s%.*s", mark, RT_FMT(sweep->places->families[f].title));
        mark = "; ";
    }
    if (answer == RT_SWEEP_NO_TRACE && !rt_sweep_is_complete(sweep))
        rt_text_format(out, ", but not all could be read");
    rt_text_byte(out, '\n');
}

static void add_hit(const RtSweep *sweep, const RtSweepHit *hit, unsigned width, RtText *out)
{
    RtArena *arena = sweep->arena;
    RtStr level = rt_finding_level_name(hit->level);
    rt_text_format(out, "%-11.*s ", RT_FMT(level));
    wrap(out, hit->place->says, 12, 12, width);
    RtText where = { .arena = arena };
    rt_escape_terminal(&where, hit->where, false);
    if (hit->line != 0)
        rt_text_format(&where, ":%u", hit->line);
    rt_text_format(out, "            --> %.*s", RT_FMT(rt_text_str(&where)));
    if (hit->when > 0)
        rt_text_format(out, "  (written %.*s)", RT_FMT(rt_tell_time(arena, hit->when, false)));
    rt_text_byte(out, '\n');
    if (hit->exactly.len != 0) {
        rt_text_format(out, "            ");
        wrap(out, rt_escaped(arena, hit->exactly), 12, 12, width);
    }
    if (hit->snippet.len != 0) {
        RtText safe = { .arena = arena };
        rt_defang(&safe, hit->snippet);
        rt_text_format(out, "            | ");
        rt_escape_terminal(out, rt_str_trim(rt_str_sub(rt_text_str(&safe), 0, 200)), false);
        rt_text_byte(out, '\n');
    }
}

static void add_hits(const RtSweep *sweep, unsigned width, bool notes, RtText *out)
{
    size_t shown = 0, all = 0;
    for (size_t i = 0; i < sweep->hit_count; i++) {
        if ((sweep->hits[i].level == RT_NOTE) != notes)
            continue;
        if (all++ == 0)
            rt_text_format(out, notes ? "\nGood to know (no sign of an infection)\n"
                                      : "\nWhat was found\n");
        if (shown < HITS_SHOWN) {
            add_hit(sweep, &sweep->hits[i], width, out);
            shown++;
        }
    }
    if (all > shown)
        rt_text_format(out, "... and %zu more: --format json has all\n", all - shown);
}

static void add_advice(const RtSweep *sweep, unsigned width, RtText *out)
{
    const RtAdvice *steps;
    size_t count = rt_advise(sweep, &steps);
    uint32_t rotate = rt_advise_rotation(sweep);
    if (count == 0)
        return;
    rt_text_format(out, "\nWhat to do now, in this order\n");
    for (size_t i = 0; i < count; i++) {
        rt_text_format(out, "%3zu. ", i + 1);
        wrap(out,
             rt_str_format(sweep->arena, "%.*s: %.*s.", RT_FMT(steps[i].title),
                           RT_FMT(steps[i].what)),
             5, 5, width);
    }
    if (rotate == 0 || rt_sweep_answer(sweep) < RT_SWEEP_LIKELY)
        return;
    rt_text_format(out, "\nWhat to replace, most urgent first\n");
    for (int r = 0; r < RT_ROTATIONS; r++) {
        if (!(rotate & 1U << r))
            continue;
        rt_text_format(out, "  -  ");
        wrap(out,
             rt_str_format(sweep->arena, "%.*s: %.*s", RT_FMT(rt_rotate_title((RtRotate)r)),
                           RT_FMT(rt_rotate_what((RtRotate)r))),
             5, 5, width);
    }
}

static void add_gaps(const RtSweep *sweep, unsigned width, RtText *out)
{
    const RtStr *limits;
    size_t count = rt_sweep_limits(sweep, &limits), shown = 0;
    rt_text_format(out, "\nWhat was not read\n");
    for (; shown < sweep->gap_count && shown < GAPS_SHOWN; shown++) {
        const RtSweepGap *gap = &sweep->gaps[shown];
        rt_text_format(out, "  -  ");
        wrap(out,
             rt_str_format(sweep->arena, "%.*s: %.*s", RT_FMT(rt_escaped(sweep->arena, gap->where)),
                           RT_FMT(rt_escaped(sweep->arena, gap->why))),
             5, 5, width);
    }
    if (sweep->gap_count + sweep->gaps_dropped > shown)
        rt_text_format(out, "  -  ... and %llu more: --format json has them\n",
                       (unsigned long long)(sweep->gap_count + sweep->gaps_dropped - shown));
    for (size_t i = 0; i < count; i++) {
        rt_text_format(out, "  -  ");
        wrap(out, limits[i], 5, 5, width);
    }
}

void rt_tell_text(const RtSweep *sweep, unsigned width, RtText *out)
{
    const RtSweepCounts *counts = &sweep->counts;
    width = width == 0 ? WIDTH : width < NARROWEST ? NARROWEST : width;
    add_headline(sweep, out);
    add_hits(sweep, width, false, out);
    add_advice(sweep, width, out);
    add_hits(sweep, width, true, out);
    add_gaps(sweep, width, out);
    rt_text_format(out,
                   "\n%llu files of %zu places, %llu checkouts, %llu packages, %llu processes, "
                   "%llu connections\n",
                   (unsigned long long)(counts->files + counts->checkout_files),
                   sweep->places->count, (unsigned long long)counts->checkouts,
                   (unsigned long long)counts->packages, (unsigned long long)counts->processes,
                   (unsigned long long)counts->connections);
}
