/* solve.c - does a rule hold in this file? A search with backtracking over the rule's goals in the
 * order they are written, each FACT and TEXT goal trying its candidates, best witness first.
 *
 * The work is bounded by steps, not by candidates per goal: whoever hides one bad act behind ten
 * thousand good ones should still be found, and only a package made to exhaust the matcher is cut
 * (and then said to be). */
#include "rules/solve.h"

enum {
    WINDOW_BEFORE = 2048,
    WINDOW_AFTER = 512,
    SPANS_TRIED = 64,
    URL_SHOWN = 200,
    SHAPE_SHOWN = 60
};

/* What is still to be solved: a goal (NULL: the end of the rule), from its kid number `kid` on. */
typedef struct Todo Todo;
struct Todo {
    const RtGoal *goal;
    size_t kid;
    const Todo *next;
};

static bool solve(RtSolver *solver, const Todo *todo);

/* ---- places
 * ------------------------------------------------------------------------------------------------
 */
uint16_t rt_solve_roles(const RtSolver *solver, RtLayerId layer)
{
    const RtLayer *layers = solver->view->layers;
    return layers[layer].roles | layers[solver->file_of[layer]].roles;
}

RtPhase rt_solve_phase(const RtSolver *solver, RtLayerId layer)
{
    const RtLayer *layers = solver->view->layers;
    RtPhase phase = layers[layer].phase;
    return phase != RT_WHEN_UNKNOWN ? phase : layers[solver->file_of[layer]].phase;
}

static bool fits_files(const RtPlace *place, RtStr path)
{
    for (size_t i = 0; i < place->not_file_count; i++)
        if (rt_glob_fits(place->not_files[i], path))
            return false;
    for (size_t i = 0; i < place->file_count; i++)
        if (rt_glob_fits(place->files[i], path))
            return true;
    return place->file_count == 0;
}

static bool fits_language(const RtPlace *place, const RtLayer *layer)
{
    for (size_t i = 0; i < place->language_count; i++)
        if (rt_str_equal(place->languages[i], rt_str_from_c(layer->language)))
            return true;
    return place->language_count == 0;
}

static bool fits_place(const RtSolver *solver, const RtPlace *place, RtLayerId id, RtPhase phase)
{
    const RtLayer *layer = &solver->view->layers[id];
    uint16_t roles = rt_solve_roles(solver, id), barred = roles;
    if (roles &
        RT_ROLE_REACHED) /* a test or example folder is no excuse for what is run (THREATS 3.5) */
        barred &= (uint16_t) ~(RT_ROLE_DOCS | RT_ROLE_TEST);
    if (place->roles_any && !(roles & place->roles_any))
        return false;
    if ((barred & place->roles_none) || (place->phases && !(place->phases >> phase & 1)))
        return false;
    if (place->vias && !(place->vias >> layer->via & 1))
        return false;
    return fits_language(place, layer) &&
           fits_files(place, solver->view->layers[solver->file_of[id]].name);
}

/* ---- arguments
 * ---------------------------------------------------------------------------------------------- */
static bool equals_one(const RtTest *test, RtStr arg)
{
    for (size_t i = 0; i < test->word_count; i++)
        if (rt_str_equal(test->words[i], arg))
            return true;
    return false;
}

static bool contains_one(const RtTest *test, RtStr arg)
{
    for (size_t i = 0; i < test->word_count; i++)
        if (rt_str_find_nocase(arg, test->words[i]) != RT_NOT_FOUND)
            return true;
    return false;
}

static RtStr arg_of(const RtSolver *solver, uint8_t var, uint8_t arg)
{
    const RtBinding *binding = &solver->bindings[var];
    if (!binding->goal || !binding->fact)
        return (RtStr){ 0 };
    return solver->view->facts[binding->fact].args[arg];
}

static bool passes(RtSolver *solver, const RtTest *test, const RtFact *fact)
{
    RtStr arg = fact->args[test->arg];
    size_t from = 0, end = 0;
    switch (test->kind) {
    case RT_TEST_WORDS:
        return equals_one(test, arg);
    case RT_TEST_CONTAINS:
        return contains_one(test, arg);
    case RT_TEST_REGEX:
        return rt_regex_find(solver->scratch->regexes, test->regex,
                             solver->rules->regexes[test->regex],
                             rt_str_sub(arg, 0, (size_t)1 << 16), 0, &from, &end);
    case RT_TEST_HOST:
        return (rt_hosts_classes(&solver->rules->hosts, arg) & test->hosts) != 0;
    case RT_TEST_LONGER:
        return arg.len > test->number;
    case RT_TEST_KNOWN:
        return arg.len != 0;
    case RT_TEST_SAME:
        return arg.len && rt_str_equal(arg, arg_of(solver, test->other_var, test->other_arg));
    }
    return false;
}

static bool fits_fact(RtSolver *solver, const RtGoal *goal, const RtFact *fact)
{
    const RtPlace *place = &goal->place;
    if (place->witnesses && !(place->witnesses >> fact->witness & 1))
        return false;
    if (place->deferred >= 0 && fact->deferred != (place->deferred == 1))
        return false;
    if (!fits_place(solver, place, fact->layer, fact->phase))
        return false;
    for (size_t i = 0; i < goal->test_count; i++)
        if (passes(solver, &goal->tests[i], fact) == goal->tests[i].negated)
            return false;
    return true;
}

/* ---- candidates
 * -----------------------------------------------------------------------------------------------
 */
/* Spends a step; false when none is left. */
static bool step(RtSolver *solver)
{
    if (solver->steps && solver->steps % 4096 == 0 && solver->view->ms_left &&
        !solver->view->ms_left(solver->view->context))
        solver->steps = 0;
    if (!solver->steps) {
        solver->cut = true;
        return false;
    }
    solver->steps--;
    return true;
}

static bool in_group(const RtSolver *solver, RtLayerId layer)
{
    if (!solver->group)
        return true;
    return solver->rule->scope == RT_SCOPE_LAYER ? layer == solver->group
                                                 : solver->file_of[layer] == solver->group;
}

/* First fact of `kind` in the file `file` (or of any file, 0). */
static size_t first_fact(const RtSolver *solver, RtFactKind kind, RtLayerId file)
{
    size_t low = solver->kind_start[kind], high = solver->kind_start[kind + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        RtLayerId there = solver->file_of[solver->view->facts[solver->facts[middle]].layer];
        if (there < file)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool try_binding(RtSolver *solver, const RtGoal *goal, RtBinding binding, const Todo *next)
{
    if (goal->var == RT_NO_VAR)
        return false;
    RtBinding before = solver->bindings[goal->var];
    solver->bindings[goal->var] = binding;
    if (solve(solver, next))
        return true;
    solver->bindings[goal->var] = before;
    return false;
}

static bool solve_fact(RtSolver *solver, const RtGoal *goal, const Todo *next)
{
    RtLayerId file = solver->group ? solver->file_of[solver->group] : 0;
    size_t end = solver->kind_start[goal->fact + 1];
    for (size_t i = first_fact(solver, goal->fact, file); i < end; i++) {
        RtFactId id = solver->facts[i];
        const RtFact *fact = &solver->view->facts[id];
        if (file && solver->file_of[fact->layer] != file)
            return false;
        if (!step(solver))
            return false;
        if (!in_group(solver, fact->layer) || !fits_fact(solver, goal, fact))
            continue;
        RtBinding binding = { goal, id, fact->layer, fact->from, fact->len };
        if (try_binding(solver, goal, binding, next))
            return true;
    }
    return false;
}

bool rt_solve_span(RtSolver *solver, const RtGoal *goal, const RtPlacedHit *hit, uint64_t *ret_from,
                   uint64_t *ret_len)
{
    RtStr bytes = solver->view->layers[hit->layer].bytes;
    const RtPattern *pattern = &solver->rules->patterns[goal->pattern];
    if (pattern->shape) {
        *ret_from = hit->end;
        *ret_len = bytes.len - hit->end < SHAPE_SHOWN ? bytes.len - hit->end : SHAPE_SHOWN;
        return true;
    }
    size_t start = hit->end > WINDOW_BEFORE ? hit->end - WINDOW_BEFORE : 0;
    RtStr window = rt_str_sub(bytes, start, hit->end - start + WINDOW_AFTER);
    size_t at = 0, from = 0, end = 0;
    for (unsigned i = 0; i < SPANS_TRIED; i++) {
        if (!rt_regex_find(solver->scratch->regexes, solver->rules->regex_count + goal->pattern,
                           pattern->regex, window, at, &from, &end))
            break;
        bool here = start + from < hit->end && start + end >= hit->end;
        if (here || pattern->prefilter) {
            *ret_from = start + from;
            *ret_len = end - from;
            return true;
        }
        at = end > at ? end : at + 1;
    }
    *ret_from = hit->end ? hit->end - 1 : 0;
    *ret_len = 1;
    return !pattern->prefilter;
}

static bool confirms(RtSolver *solver, const RtGoal *goal, const RtPlacedHit *hit,
                     RtBinding *binding)
{
    const RtPattern *pattern = &solver->rules->patterns[goal->pattern];
    if (!pattern->prefilter && !goal->hosts)
        return true;
    if (!rt_solve_span(solver, goal, hit, &binding->from, &binding->len))
        return false;
    if (!goal->hosts)
        return true;
    RtStr url =
        rt_str_sub(solver->view->layers[hit->layer].bytes, (size_t)binding->from, URL_SHOWN);
    size_t end = 0;
    while (end < url.len && url.at[end] > ' ' && url.at[end] != '"' && url.at[end] != '\'' &&
           url.at[end] != '`')
        end++;
    return (rt_hosts_classes(&solver->rules->hosts, rt_str_sub(url, 0, end)) & goal->hosts) != 0;
}

static size_t hits_in_layer(const RtSolver *solver, size_t at, size_t end)
{
    size_t count = 1;
    while (at + count < end && solver->hits[at + count].layer == solver->hits[at].layer)
        count++;
    return count;
}

static bool solve_text(RtSolver *solver, const RtGoal *goal, const Todo *next)
{
    RtLayerId file = solver->group ? solver->file_of[solver->group] : 0;
    size_t end = solver->pattern_start[goal->pattern + 1];
    size_t i = solver->pattern_start[goal->pattern];
    while (i < end) {
        const RtPlacedHit *hit = &solver->hits[i];
        if (!step(solver))
            return false;
        size_t in_layer = hits_in_layer(solver, i, end);
        bool fits =
            (!file || hit->file == file) && in_group(solver, hit->layer) &&
            in_layer >= goal->number &&
            fits_place(solver, &goal->place, hit->layer, rt_solve_phase(solver, hit->layer));
        for (size_t j = 0; fits && j < in_layer; j++) {
            RtBinding binding = { goal, 0, hit[j].layer, hit[j].end ? hit[j].end - 1 : 0, 1 };
            if (!step(solver))
                return false;
            if (confirms(solver, goal, &hit[j], &binding) &&
                try_binding(solver, goal, binding, next))
                return true;
        }
        i += in_layer;
    }
    return false;
}

/* ---- questions about bound variables
 * ----------------------------------------------------------------------------- */
static bool flows(RtSolver *solver, RtFactId from, RtFactId to)
{
    const RtFact *facts = solver->view->facts;
    if (!from || !to || from == to)
        return false;
    if (++solver->stamp == 0)
        return false; /* 2^32 questions: the steps end first */
    size_t head = 0, tail = 0;
    solver->queue[tail++] = to;
    solver->stamps[to] = solver->stamp;
    while (head < tail && step(solver)) {
        const RtFact *fact = &facts[solver->queue[head++]];
        for (size_t i = 0; i < fact->because_count; i++) {
            RtFactId id = fact->because[i];
            if (id == from)
                return true;
            if (!id || id >= solver->view->fact_count || solver->stamps[id] == solver->stamp)
                continue;
            solver->stamps[id] = solver->stamp;
            solver->queue[tail++] = id;
        }
    }
    return false;
}

static RtStr last_name(RtStr path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/' || path.at[i - 1] == '\\')
            return rt_str_from(path, i);
    return path;
}

/* The same path, as far as two pieces of code name it: equal, one inside the other, or the same
 * last name. */
static bool same_path(RtStr a, RtStr b)
{
    RtStr a_name = last_name(rt_str_trim(a)), b_name = last_name(rt_str_trim(b));
    if (!a.len || !b.len)
        return false;
    if (a_name.len >= 3 && rt_str_has(b, a_name))
        return true;
    return b_name.len >= 3 && rt_str_has(a, b_name);
}

static bool near(const RtSolver *solver, const RtGoal *goal, const RtBinding *a, const RtBinding *b)
{
    if (a->layer != b->layer)
        return false;
    uint64_t from = a->from < b->from ? a->from : b->from,
             to = a->from < b->from ? b->from : a->from;
    if (!goal->lines)
        return to - from <= goal->number;
    RtStr bytes = solver->view->layers[a->layer].bytes;
    uint32_t lines = 0;
    if (to - from > (uint64_t)goal->number * 4096 + 4096)
        return false;
    for (uint64_t i = from; i < to && i < bytes.len; i++)
        lines += bytes.at[i] == '\n';
    return lines <= goal->number;
}

static bool holds(RtSolver *solver, const RtGoal *goal)
{
    const RtBinding *a = &solver->bindings[goal->a], *b = &solver->bindings[goal->b];
    if (!a->goal || !b->goal)
        return false;
    if (goal->kind == RT_GOAL_FLOWS)
        return flows(solver, a->fact, b->fact);
    if (goal->kind == RT_GOAL_SAME_FILE)
        return solver->file_of[a->layer] == solver->file_of[b->layer];
    if (goal->kind == RT_GOAL_SAME_LAYER)
        return a->layer == b->layer;
    if (goal->kind == RT_GOAL_SAME_PATH)
        return same_path(arg_of(solver, goal->a, goal->a_arg),
                         arg_of(solver, goal->b, goal->b_arg));
    if (goal->kind == RT_GOAL_BEFORE)
        return a->layer == b->layer && a->from < b->from;
    return near(solver, goal, a, b);
}

/* ---- the search
 * -------------------------------------------------------------------------------------------------------
 */
static bool solve_alone(RtSolver *solver, const RtGoal *goal)
{
    return solve(solver, &(Todo){ goal, 0, NULL });
}

static bool solve_not(RtSolver *solver, const RtGoal *goal, const Todo *next)
{
    RtBinding kept[RT_VARS];
    for (size_t i = 0; i < RT_VARS; i++)
        kept[i] = solver->bindings[i];
    if (!solve_alone(solver, &goal->kids[0]))
        return solve(solver, next);
    for (size_t i = 0; i < RT_VARS; i++)
        solver->bindings[i] = kept[i];
    return false;
}

static bool solve_count(RtSolver *solver, const RtGoal *goal, const Todo *next)
{
    uint32_t held = 0;
    for (size_t i = 0; i < goal->kid_count && held < goal->number; i++)
        held += solve_alone(solver, &goal->kids[i]);
    return held >= goal->number && solve(solver, next);
}

static bool solve_unless(RtSolver *solver)
{
    RtBinding kept[RT_VARS];
    if (!solver->rule->unless)
        return true;
    for (size_t i = 0; i < RT_VARS; i++)
        kept[i] = solver->bindings[i];
    bool excused = solve_alone(solver, solver->rule->unless);
    for (size_t i = 0; i < RT_VARS; i++)
        solver->bindings[i] = kept[i];
    return !excused;
}

/* Depth is bounded by the rule: a handful of goals, nested at most 64 deep. */
static bool solve(RtSolver *solver, const Todo *todo)
{
    if (!todo)
        return true;
    const RtGoal *goal = todo->goal;
    if (!goal)
        return solve_unless(solver);
    const Todo *next = todo->next;
    switch (goal->kind) {
    case RT_GOAL_ALL: {
        if (todo->kid == goal->kid_count)
            return solve(solver, next);
        Todo rest = { goal, todo->kid + 1, next };
        return solve(solver, &(Todo){ &goal->kids[todo->kid], 0, &rest });
    }
    case RT_GOAL_ANY:
        for (size_t i = 0; i < goal->kid_count; i++)
            if (solve(solver, &(Todo){ &goal->kids[i], 0, next }))
                return true;
        return false;
    case RT_GOAL_NOT:
        return solve_not(solver, goal, next);
    case RT_GOAL_COUNT:
        return solve_count(solver, goal, next);
    case RT_GOAL_FACT:
        return solve_fact(solver, goal, next);
    case RT_GOAL_TEXT:
        return solve_text(solver, goal, next);
    case RT_GOAL_FLOWS:
    case RT_GOAL_SAME_FILE:
    case RT_GOAL_SAME_LAYER:
    case RT_GOAL_SAME_PATH:
    case RT_GOAL_NEAR:
    case RT_GOAL_BEFORE:
        return holds(solver, goal) && solve(solver, next);
    }
    return false;
}

bool rt_solve(RtSolver *solver, const RtRule *rule, RtLayerId group)
{
    solver->rule = rule;
    solver->group = group;
    for (size_t i = 0; i < RT_VARS; i++)
        solver->bindings[i] = (RtBinding){ 0 };
    Todo end = { NULL, 0, NULL };
    return solve(solver, &(Todo){ rule->when, 0, &end });
}
