/* reach.c - when does each file run? Manifests name the first files, imports lead on.
 *
 * A hook's file runs at install and so does all it loads; an entry point's at import; what a
 * tasks.json starts when the folder is opened. A file no hook, entry or import leads to keeps phase
 * UNKNOWN: "unreached" is not "safe", it only weighs less. In an artifact without any manifest (a
 * loose file, a sample of a repository) everything counts as loaded. */
#include "scan/scan.h"

#include <string.h>

static bool raise_phase(RtScan *scan, RtLayerId id, RtPhase phase)
{
    RtLayer *layer = &scan->layers[id];
    layer->roles |= RT_ROLE_REACHED;
    if (layer->phase >= phase)
        return false;
    layer->phase = phase;
    scan->phase_rose = true;
    return true;
}

/* The file a word of a command means: from the manifest's own folder, or from one above (a task of
 * .vscode/ runs in the folder that was opened). */
static RtLayerId find_word(RtScan *scan, RtLayerId from, RtStr word)
{
    uint8_t path[512];
    for (size_t up = 0; up < 4 && word.len + 3 * up <= sizeof path; up++) {
        for (size_t i = 0; i < up; i++)
            memcpy(path + 3 * i, "../", 3);
        memcpy(path + 3 * up, word.at, word.len);
        RtLayerId id = rt_scan_find(scan, from, (RtStr){ path, 3 * up + word.len });
        if (id != 0)
            return id;
    }
    return 0;
}

/* Every word of a command that is a file of the artifact runs when the command does. */
static void reach_command(RtScan *scan, const RtFact *fact, RtStr command, RtPhase phase)
{
    size_t at = 0, words = 0;
    while (at < command.len && words++ < 64) {
        static const char blanks[] = " \t\n\r\"'`;&|<>()";
        size_t from = at;
        while (at < command.len &&
               rt_str_find_byte(rt_str_from_c(blanks), command.at[at]) == RT_NOT_FOUND)
            at++;
        RtStr word = rt_str_sub(command, from, at - from);
        at++;
        if (word.len < 2 || word.at[0] == '-')
            continue;
        RtLayerId id = find_word(scan, fact->layer, word);
        if (id != 0)
            raise_phase(scan, id, phase);
    }
}

static RtPhase entry_phase(RtStr what)
{
    return rt_str_equal(what, RT_STR("script")) ? RT_WHEN_BUILD : RT_WHEN_IMPORT;
}

static void reach_from_fact(RtScan *scan, const RtFact *fact)
{
    RtLayerId id;
    if (fact->kind == RT_FACT_INSTALL_HOOK) {
        id = rt_scan_find(scan, fact->layer, fact->args[2]);
        if (id != 0)
            raise_phase(scan, id, RT_WHEN_INSTALL);
        reach_command(scan, fact, fact->args[1], RT_WHEN_INSTALL);
    } else if (fact->kind == RT_FACT_ENTRY_POINT) {
        id = rt_scan_find(scan, fact->layer, fact->args[1]);
        if (id != 0)
            raise_phase(scan, id, entry_phase(fact->args[0]));
    } else if (fact->kind == RT_FACT_OPEN_HOOK || fact->kind == RT_FACT_AGENT_HOOK) {
        reach_command(scan, fact, fact->args[1], RT_WHEN_OPEN);
    } else if (fact->kind == RT_FACT_WORKFLOW_STEP) {
        reach_command(scan, fact, fact->args[1], RT_WHEN_BUILD);
    }
}

static bool tells_when(RtFactKind kind)
{
    return kind == RT_FACT_INSTALL_HOOK || kind == RT_FACT_ENTRY_POINT || kind == RT_FACT_PACKAGE;
}

/* Edges sorted by where they start: first[id] .. first[id + 1] in `to`. */
typedef struct {
    uint32_t *first;
    RtLayerId *to;
} Graph;

static Graph sort_edges(const RtScan *scan, RtArena *arena)
{
    Graph graph = { .first = RT_NEW_ARRAY(arena, uint32_t, scan->layer_count + 2),
                    .to = RT_NEW_ARRAY(arena, RtLayerId, scan->edge_count + 1) };
    uint32_t *next =
        graph.first +
        1; /* next[id]: where id's next edge goes; in the end, where its last one is behind */
    for (size_t i = 0; i < scan->edge_count; i++)
        next[scan->edges[i].from + 1]++;
    for (size_t id = 1; id <= scan->layer_count; id++)
        next[id] += next[id - 1];
    for (size_t i = 0; i < scan->edge_count; i++)
        graph.to[next[scan->edges[i].from]++] = scan->edges[i].to;
    return graph;
}

/* Imports lead on until nothing rises. A file is looked at again only when its phase rose, at most
 * once for each of the six: a chain of twenty thousand files is twenty thousand steps in whatever
 * order they lie. */
static void follow_edges(RtScan *scan)
{
    RT_ARENA arena = rt_arena_open((size_t)64 << 20, NULL, NULL);
    Graph graph = sort_edges(scan, arena);
    RtLayerId *waiting = NULL;
    size_t count = 0, capacity = 0;
    for (RtLayerId id = 1; id < scan->layer_count; id++) {
        if (graph.first[id] != graph.first[id + 1] &&
            (scan->layers[id].roles & RT_ROLE_REACHED) != 0 &&
            scan->layers[id].phase != RT_WHEN_UNKNOWN)
            RT_PUSH(arena, waiting, count, capacity) = id;
    }
    while (count != 0) {
        RtLayerId from = waiting[--count];
        for (uint32_t i = graph.first[from]; i < graph.first[from + 1]; i++) {
            if (raise_phase(scan, graph.to[i], scan->layers[from].phase))
                RT_PUSH(arena, waiting, count, capacity) = graph.to[i];
        }
    }
}

/* Every module of a Python package is there to be imported, whether or not its __init__ does it;
 * what stands in tests, documents and examples is not. */
static bool is_module(const RtLayer *layer)
{
    return layer->via == RT_VIA_ENTRY &&
           (layer->roles & (RT_ROLE_TEST | RT_ROLE_DOCS | RT_ROLE_TYPES)) == 0 &&
           rt_str_equal(rt_str_from_c(layer->language), RT_STR("python"));
}

static void default_phases(RtScan *scan, RtLayerId first)
{
    for (RtLayerId id = first; id < scan->layer_count; id++) {
        RtLayer *layer = &scan->layers[id];
        if (layer->via == RT_VIA_DECODED || layer->via == RT_VIA_EVALUATED ||
            layer->via == RT_VIA_WRITTEN) {
            const RtLayer *parent = &scan->layers[layer->parent];
            layer->phase = parent->phase > layer->phase ? parent->phase : layer->phase;
            layer->roles |= parent->roles & RT_ROLE_REACHED;
        } else if (layer->phase == RT_WHEN_UNKNOWN && layer->language != NULL) {
            if (!scan->has_manifest)
                layer->phase = RT_WHEN_IMPORT;
            else if ((layer->roles & RT_ROLE_CONFIG) != 0)
                layer->phase = RT_WHEN_BUILD;
            else if (is_module(layer))
                layer->phase = RT_WHEN_IMPORT;
        }
    }
}

void rt_reach_resolve(RtScan *scan)
{
    if (scan->reached_layers == scan->layer_count && scan->reached_facts == scan->fact_count)
        return;
    for (RtFactId id = (RtFactId)(scan->reached_facts == 0 ? 1 : scan->reached_facts);
         id < scan->fact_count; id++) {
        RtFact fact = scan->facts[id];
        scan->has_manifest |= tells_when(fact.kind);
        reach_from_fact(scan, &fact);
    }
    bool all =
        scan->phase_rose || scan->reached_edges != scan->edge_count || scan->reached_layers < 2;
    if (all)
        follow_edges(scan);
    default_phases(scan, all ? 2 : (RtLayerId)scan->reached_layers);
    scan->phase_rose = false;
    scan->reached_edges = scan->edge_count;
    scan->reached_layers = scan->layer_count;
    scan->reached_facts = scan->fact_count;
}

void rt_reach_facts(RtScan *scan)
{
    for (RtFactId id = 1; id < scan->fact_count; id++) {
        RtFact *fact = &scan->facts[id];
        if (fact->phase != RT_WHEN_UNKNOWN)
            continue;
        if (fact->kind == RT_FACT_INSTALL_HOOK)
            fact->phase = RT_WHEN_INSTALL;
        else if (fact->kind == RT_FACT_OPEN_HOOK || fact->kind == RT_FACT_AGENT_HOOK)
            fact->phase = RT_WHEN_OPEN;
        else
            fact->phase = fact->deferred ? RT_WHEN_CALLED : scan->layers[fact->layer].phase;
    }
}
