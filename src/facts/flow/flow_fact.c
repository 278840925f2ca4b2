/* flow_fact.c - the facts of a run, kept in a table until its end.
 *
 * A loop or two calls may pass the same node many times: what is the same kind, place and first
 * argument is one fact, whose `because` grows. Only at the end are facts given to the sink, causes
 * first, so that ids exist when they are named; a cycle is cut where it closes. Facts of other
 * files (modules run for their values) are left to the run that observes that file, unless they
 * touch ours: a cause or an effect of a fact of this file counts. */
#include "facts/flow/flow_parts.h"

#include <string.h>

enum {
    FACT_LIMIT = 20000,
    SAME_PLACE = 32, /* facts of one kind at one node that differ in their arguments */
    SLOTS = 1 << 12,
    ARG_LIMIT = 4096,
    LAYER_COUNT = 200,
    LAYER_BYTES = 24 << 20,
    LAYER_SMALLEST = 16,
};

static bool one_per_place(RtFactKind kind)
{
    return kind == RT_FACT_DATA_DECODE || kind == RT_FACT_GUARD || kind == RT_FACT_TIMER;
}

static uint32_t find_same(RtRun *run, uint32_t slot, const RtFlowFact *like)
{
    uint32_t same_place = 0, last = 0;

    for (uint32_t at = run->fact_slots[slot]; at; at = run->facts[at].next) {
        const RtFlowFact *fact = &run->facts[at];
        if (fact->kind != like->kind || fact->layer != like->layer || fact->from != like->from ||
            fact->len != like->len)
            continue;
        if (one_per_place((RtFactKind)like->kind) || (rt_str_equal(fact->args[0], like->args[0]) &&
                                                      rt_str_equal(fact->args[1], like->args[1])))
            return at;
        last = at;
        if (++same_place >= SAME_PLACE)
            return last;
    }
    return 0;
}

/* True when code of another file runs because this file called it, at load time: that file's own
 * run cannot know. */
static bool called_by_ours(const RtRun *run)
{
    if (run->deferred > 0)
        return false;
    for (const RtFlowFrame *frame = run->frame; frame; frame = frame->up)
        if (!frame->module->foreign)
            return true;
        else if (!frame->function)
            return false; /* while it is imported */
    return false;
}

uint32_t rt_flow_fact(RtRun *run, const RtNode *node, RtFactKind kind, const RtStr args[4],
                      const RtFlowOrigins *because)
{
    const RtFlowModule *module = run->frame ? run->frame->module : run->main;
    const RtNode *span = module->fixed_span ? module->span : node;
    RtFlowFact fact = { .kind = (uint8_t)kind,
                        .layer = module->layer,
                        .because = because,
                        .deferred = run->deferred > 0,
                        .foreign = module->foreign && !called_by_ours(run) };
    uint32_t slot, at;

    if (span) {
        fact.from = span->from;
        fact.len = span->len;
    }
    for (size_t i = 0; args && i < 4; i++)
        fact.args[i] = rt_str_sub(args[i], 0, ARG_LIMIT);
    slot = (uint32_t)((fact.from * 31 + fact.len + kind * 7 + fact.layer) % SLOTS);
    at = find_same(run, slot, &fact);
    if (at) {
        RtFlowFact *old = &run->facts[at];
        old->because = rt_flow_unite(run, old->because, because);
        old->deferred &= fact.deferred;
        for (size_t i = 0; i < 4; i++)
            if (old->args[i].len == 0)
                old->args[i] = fact.args[i];
        return at;
    }
    if (run->fact_count >= FACT_LIMIT)
        return 0;
    if (run->fact_count == 0)
        RT_PUSH(run->arena, run->facts, run->fact_count, run->fact_capacity) = (RtFlowFact){ 0 };
    fact.next = run->fact_slots[slot];
    RT_PUSH(run->arena, run->facts, run->fact_count, run->fact_capacity) = fact;
    run->fact_slots[slot] = (uint32_t)run->fact_count - 1;
    return (uint32_t)run->fact_count - 1;
}

uint32_t rt_flow_fact2(RtRun *run, const RtNode *node, RtFactKind kind, RtStr arg0, RtStr arg1,
                       const RtFlowOrigins *because)
{
    const RtStr args[4] = { arg0, arg1, { 0 }, { 0 } };

    return rt_flow_fact(run, node, kind, args, because);
}

void rt_flow_fact_feed(RtRun *run, uint32_t fact, const RtFlowOrigins *because)
{
    if (fact > 0 && fact < run->fact_count)
        run->facts[fact].because = rt_flow_unite(run, run->facts[fact].because, because);
}

bool rt_flow_has_kind(RtRun *run, const RtFlowOrigins *from, uint64_t kinds)
{
    for (uint32_t i = 0; from && i < from->count; i++)
        if (kinds >> run->facts[from->ids[i]].kind & 1)
            return true;
    return false;
}

/* Foreign facts that come of ours, or of which ours come, are ours to tell. */
static void choose(RtRun *run)
{
    bool *of_ours = RT_NEW_ARRAY(run->sink->arena, bool, run->fact_count + 1);
    bool changed = true;

    for (unsigned pass = 0; changed && pass < 16; pass++) {
        changed = false;
        for (size_t at = 1; at < run->fact_count; at++) {
            const RtFlowFact *fact = &run->facts[at];
            bool ours = !fact->foreign && fact->kind != RT_FACT_PARAMETER;
            for (uint32_t i = 0;
                 !ours && fact->foreign && fact->because && i < fact->because->count; i++)
                ours =
                    of_ours[fact->because->ids[i]] || (!run->facts[fact->because->ids[i]].foreign);
            changed |= ours && !of_ours[at];
            of_ours[at] |= ours;
        }
    }
    for (size_t at = 1; at < run->fact_count; at++)
        run->facts[at].wanted = of_ours[at];
}

enum { CHAIN_LIMIT = 400 };

static RtFact out_copy(RtRun *run, RtFact out)
{
    for (size_t i = 0; i < 4; i++)
        out.args[i] = rt_str_copy(run->sink->arena, out.args[i]);
    return out;
}

static RtFactId emit(RtRun *run, uint32_t at, unsigned depth)
{
    RtFlowFact *fact = &run->facts[at];
    RtFactId because[RT_FLOW_ORIGINS];
    size_t count = 0;
    RtFact out = { .kind = (RtFactKind)fact->kind,
                   .witness = RT_SEEN_IN_FLOW,
                   .deferred = fact->deferred,
                   .layer = fact->layer,
                   .from = fact->from,
                   .len = fact->len };

    for (size_t i = 0; i < 4; i++)
        out.args[i] = fact->args[i];
    /* A cycle: what a command prints goes back to the connection it came from. The fact is told
     * twice, first without its causes, so that both directions can be followed. */
    if (fact->busy && fact->id == 0 && depth <= CHAIN_LIMIT)
        fact->id = run->sink->fact(run->sink, out_copy(run, out));
    if (fact->emitted || fact->busy || depth > CHAIN_LIMIT)
        return fact->id;
    fact->busy = true;
    for (uint32_t i = 0; fact->because && i < fact->because->count; i++) {
        if (fact->because->ids[i] == at)
            continue; /* what an instance was fed may come from itself */
        const RtFactId id = emit(run, fact->because->ids[i], depth + 1);
        if (id)
            because[count++] = id;
    }
    out = out_copy(run, out);
    if (count > 0) {
        RtFactId *ids = RT_NEW_ARRAY(run->sink->arena, RtFactId, count);
        memcpy(ids, because, count * sizeof *ids);
        out.because = ids;
        out.because_count = count;
    }
    fact->id = run->sink->fact(run->sink, out);
    fact->emitted = true;
    fact->busy = false;
    return fact->id;
}

enum { PAIRS_MOST = 20000, PATH_LEAST = 4 };

static RtStr base_name(RtStr path)
{
    size_t at = path.len;

    while (at > 0 && path.at[at - 1] != '/' && path.at[at - 1] != '\\')
        at--;
    return rt_str_from(path, at);
}

static bool is_word_byte(uint8_t byte)
{
    const uint8_t small = byte | 0x20;

    return (small >= 'a' && small <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' ||
           byte == '-';
}

/* True when `command` names the file: its path, or its last part as a whole word with a suffix. */
static bool names_file(RtStr command, RtStr path)
{
    const RtStr name = base_name(path);
    size_t at;

    if (path.len >= PATH_LEAST && rt_str_has(command, path))
        return true;
    if (name.len < PATH_LEAST || rt_str_find_byte(name, '.') == RT_NOT_FOUND ||
        rt_str_has(name, RT_STR("\xEF\xBF\xBC")))
        return false;
    at = rt_str_find(command, name);
    return at != RT_NOT_FOUND && (at == 0 || !is_word_byte(command.at[at - 1])) &&
           (at + name.len == command.len || !is_word_byte(command.at[at + name.len]));
}

/* What one call writes to a file, another reads or starts from there: the path is the wire between
 * them. */
static void link_files(RtRun *run)
{
    const size_t count = run->fact_count;
    size_t pairs = 0;

    for (size_t write = 1; write < count; write++) {
        const RtFlowFact *from = &run->facts[write];
        if (from->kind != RT_FACT_FILE_WRITE || from->args[0].len < PATH_LEAST)
            continue;
        for (size_t use = 1; use < count && pairs < PAIRS_MOST; use++) {
            RtFlowFact *to = &run->facts[use];
            const bool starts =
                to->kind == RT_FACT_PROC_EXEC && names_file(to->args[0], from->args[0]);
            const bool reads =
                to->kind == RT_FACT_FILE_READ && rt_str_equal(to->args[0], from->args[0]);
            pairs += to->kind == RT_FACT_PROC_EXEC || to->kind == RT_FACT_FILE_READ;
            if ((starts || reads) && (to->layer != from->layer || to->from > from->from))
                to->because = rt_flow_unite(run, to->because, rt_flow_origin(run, (uint32_t)write));
        }
    }
}

void rt_flow_emit(RtRun *run)
{
    if (run->fact_count < 2)
        return;
    link_files(run);
    choose(run);
    for (uint32_t at = 1; at < run->fact_count; at++)
        if (run->facts[at].wanted)
            emit(run, at, 0);
}

RtValue rt_flow_decoded(RtRun *run, const RtNode *node, const char *how, RtValue in, RtValue out)
{
    const RtStr bytes = rt_flow_str(out);
    const uint32_t fact = rt_flow_fact2(run, node, RT_FACT_DATA_DECODE, rt_str_from_c(how),
                                        rt_str_sub(rt_flow_str(in), 0, 128), in.from);
    const RtFlowModule *module = run->frame->module;

    out.from = rt_flow_unite(run, rt_flow_unite(run, out.from, in.from), rt_flow_origin(run, fact));
    if (bytes.len < LAYER_SMALLEST || module->foreign || run->decoded_layers >= LAYER_COUNT ||
        run->decoded_bytes + bytes.len > LAYER_BYTES || !rt_flow_known(out) || module->layer == 0)
        return out;
    run->decoded_layers++;
    run->decoded_bytes += bytes.len;
    run->sink->layer(run->sink, (RtLayer){
                                    .parent = module->layer,
                                    .via = RT_VIA_DECODED,
                                    .name = rt_str_from_c(how),
                                    .bytes = rt_str_copy(run->sink->arena, bytes),
                                    .source = { node ? node->from : 0, node ? node->len : 0 },
                                });
    return out;
}
