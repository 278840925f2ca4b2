/* advise.c - from what was found to what to do, in order.
 *
 * The order matters: a thief still on the line takes the new secrets, too, so the machine goes off
 * the network first and everything is replaced from another one; a dead man's switch acts when its
 * token dies, so a family's caution comes before all. */
#include <time.h>

#include "sweep/tell.h"

RtStr rt_sweep_answer_word(RtSweepAnswer answer)
{
    switch (answer) {
    case RT_SWEEP_NO_TRACE:
        return RT_STR("no-trace-found");
    case RT_SWEEP_LOOK:
        return RT_STR("worth-a-look");
    case RT_SWEEP_LIKELY:
        return RT_STR("signs-of-infection");
    case RT_SWEEP_HIT:
        return RT_STR("hit");
    }
    return RT_STR("");
}

/* One conclusive trace, or two strong ones of one family that are not the same place. */
RtSweepAnswer rt_sweep_answer(const RtSweep *sweep)
{
    RtFindingLevel worst = RT_NOTE;
    for (size_t i = 0; i < sweep->hit_count; i++) {
        const RtSweepHit *hit = &sweep->hits[i];
        worst = hit->level > worst ? hit->level : worst;
        for (size_t k = 0; k < i && hit->level == RT_STRONG; k++)
            if (sweep->hits[k].level == RT_STRONG && sweep->hits[k].place != hit->place &&
                sweep->hits[k].place->family == hit->place->family)
                worst = RT_CONCLUSIVE;
    }
    return worst == RT_CONCLUSIVE ? RT_SWEEP_HIT
           : worst == RT_STRONG   ? RT_SWEEP_LIKELY
           : worst == RT_WEAK     ? RT_SWEEP_LOOK
                                  : RT_SWEEP_NO_TRACE;
}

bool rt_sweep_is_complete(const RtSweep *sweep)
{
    for (size_t i = 0; i < sweep->gap_count; i++)
        if (sweep->gaps[i].matters)
            return false;
    return true;
}

static const struct {
    const char *title, *what;
} rotations[RT_ROTATIONS] = {
#define ITEM(name, word, title, what) { title, what },
#include "sweep/rotate.list"
#undef ITEM
};

RtStr rt_rotate_title(RtRotate rotate) { return rt_str_from_c(rotations[rotate].title); }

RtStr rt_rotate_what(RtRotate rotate) { return rt_str_from_c(rotations[rotate].what); }

uint32_t rt_advise_rotation(const RtSweep *sweep)
{
    uint32_t rotate = 0;
    for (size_t i = 0; i < sweep->hit_count; i++)
        if (sweep->hits[i].level >= RT_STRONG)
            rotate |= sweep->places->families[sweep->hits[i].place->family].rotate;
    return rotate;
}

RtStr rt_tell_time(RtArena *arena, int64_t seconds, bool iso)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char text[40];
    if (gmtime_r(&time, &parts) == NULL ||
        strftime(text, sizeof text, iso ? "%Y-%m-%dT%H:%M:%SZ" : "%Y-%m-%d %H:%M UTC", &parts) == 0)
        return RT_STR("");
    return rt_str_copy(arena, rt_str_from_c(text));
}

static int64_t earliest(const RtSweep *sweep)
{
    int64_t first = 0;
    for (size_t i = 0; i < sweep->hit_count; i++) {
        const RtSweepHit *hit = &sweep->hits[i];
        if (hit->level >= RT_STRONG && hit->when > 0 && (first == 0 || hit->when < first))
            first = hit->when;
    }
    return first;
}

typedef struct {
    RtArena *arena;
    RtAdvice *items;
    size_t count, capacity;
} Steps;

static void add(Steps *steps, const char *title, RtStr what)
{
    RT_PUSH(steps->arena, steps->items, steps->count, steps->capacity) =
        (RtAdvice){ rt_str_from_c(title), what };
}

static void add_cautions(const RtSweep *sweep, Steps *steps)
{
    for (size_t f = 0; f < sweep->places->family_count; f++) {
        const RtFamily *family = &sweep->places->families[f];
        bool seen = false;
        for (size_t i = 0; i < sweep->hit_count; i++)
            seen = seen || (sweep->hits[i].place->family == f && sweep->hits[i].level >= RT_STRONG);
        if (seen && family->caution.len != 0)
            add(steps, "Before anything else", family->caution);
    }
}

static void add_grave(const RtSweep *sweep, Steps *steps, bool certain)
{
    int64_t first = earliest(sweep);
    if (!certain)
        add(steps, "Act as if it were certain until you know better",
            RT_STR("read the files above with a text viewer, no editor that runs tasks; "
                   "`ratter scan` says more of each"));
    add(steps, "Take this machine off the network now",
        RT_STR("cable, Wi-Fi, telephone as modem. Leave it switched on, log in nowhere from it, "
               "delete nothing: what stands above is evidence"));
    add(steps,
        "From another machine that you trust, replace what could be taken, in the order below",
        RT_STR("not from this one: what is typed here may be taken again"));
    add(steps, "Look at what your accounts did",
        first == 0
            ? RT_STR("commits, force pushes, new repositories, published versions, log-ins")
            : rt_str_format(steps->arena,
                            "commits, force pushes, new repositories, published versions, log-ins, "
                            "since some days before %.*s, when the earliest trace was written "
                            "(clocks can be forged)",
                            RT_FMT(rt_tell_time(steps->arena, first, false))));
    add(steps, "Set the machine up anew",
        RT_STR("from installation media; bring back documents, not programs, settings or "
               "checkouts. Deleting the traces is not enough: who could run code could leave "
               "more than is known here"));
    add(steps, "Tell those who depend on you",
        RT_STR("your team, whoever installs what you publish, the registry or host whose account "
               "was used"));
}

size_t rt_advise(const RtSweep *sweep, const RtAdvice **ret_steps)
{
    Steps steps = { .arena = sweep->arena };
    RtSweepAnswer answer = rt_sweep_answer(sweep);
    add_cautions(sweep, &steps);
    if (answer >= RT_SWEEP_LIKELY)
        add_grave(sweep, &steps, answer == RT_SWEEP_HIT);
    if (answer == RT_SWEEP_LOOK)
        add(&steps, "Look at each of the places above: did you put that there?",
            RT_STR("with a text viewer, no editor that runs tasks; `ratter scan FILE` says more. "
                   "If it is not yours, treat this machine as hit: take it off the network first"));
    *ret_steps = steps.items;
    return steps.count;
}

size_t rt_sweep_limits(const RtSweep *sweep, const RtStr **ret_limits)
{
    static const char *const always[] = {
        "memory of running programs, and what left no file",
        "what was removed again: many of these families clean up after themselves",
        "programs without source: nothing of them is taken apart",
        "what runs only when asked in a checkout: `ratter scan DIR` reads all of one",
        "containers, virtual machines, other machines and accounts in the net",
    };
    RtStr *limits = RT_NEW_ARRAY(sweep->arena, RtStr, RT_COUNT(always) + 1);
    size_t count = 0;
    for (size_t i = 0; i < RT_COUNT(always); i++)
        limits[count++] = rt_str_from_c(always[i]);
    if (sweep->root.len != 0)
        limits[count++] = RT_STR("processes and connections: an image has none");
    *ret_limits = limits;
    return count;
}
