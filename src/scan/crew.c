/* crew.c - turns an engine's settings into a pool of workers, for whoever has artifacts to scan. */
#include "scan/crew.h"

#include <string.h>

#include "link/profile.h"
#include "scan/pool.h"

typedef struct {
    RtOutlet *outlet;
    bool *finished; /* per target */
    RtCrewWatch watch;
    void *context;
} Crew;

static int take_report(void *context, size_t target, const RtReport *report)
{
    Crew *crew = context;
    crew->finished[target] = true;
    if (crew->watch != NULL)
        crew->watch(crew->context, target, report);
    rt_outlet_add(crew->outlet, report);
    return crew->outlet->broken;
}

static int tick(void *context, size_t done, size_t known, RtStr current)
{
    Crew *crew = context;
    const ratter_engine *engine = crew->outlet->engine;
    if (engine->progress == NULL)
        return 0;
    char name[512];
    size_t len = current.len < sizeof name ? current.len : sizeof name - 1;
    if (len != 0)
        memcpy(name, current.at, len);
    name[len] = 0;
    return engine->progress(engine->progress_context, done, known, name);
}

static bool wants_trace(const ratter_engine *engine)
{
    for (size_t i = 0; i < engine->output_count; i++) {
        if (engine->outputs[i].format->traces)
            return true;
    }
    return false;
}

/* A report without a jail is nobody's word, and one with a trace is too large to keep. */
static RtErr open_cache(const ratter_engine *engine, const RtRules *rules, RtCache **ret_cache)
{
    *ret_cache = NULL;
    if (engine->cache_folder == NULL || engine->no_jail || wants_trace(engine))
        return RT_FINE;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtText setting = { .arena = arena };
    rt_text_add(&setting, rt_rules_version(rules));
    rt_text_byte(&setting, '\n');
    rt_engine_describe(engine, &setting);
    return rt_cache_open(rt_str_from_c(engine->cache_folder), rt_text_str(&setting), ret_cache);
}

static RtErr run_pool(Crew *crew, const RtRules *rules, RtRulesScratch *scratch,
                      const RtProfiles *profiles, const RtTargetList *targets)
{
    const ratter_engine *engine = crew->outlet->engine;
    RtJail *jail = NULL;
    uint64_t memory = engine->budget.arena_bytes * 2 +
                      (512ULL << 20); /* the arena, the parsers and the engine, the program */
    RtJailPolicy policy = { .memory_bytes = memory, .files = 256 };
    RtCache *cache;
    RT_TRY(open_cache(engine, rules, &cache));
    RtErr err = engine->no_jail ? RT_FINE : rt_jail_open(&policy, &jail);
    RtPool pool = {
        .setup = { .rules = rules,
                   .scratch = scratch,
                   .profiles = profiles,
                   .budget = engine->budget,
                   .jail = jail,
                   .emulate = engine->emulate,
                   .traces = wants_trace(engine),
                   .digests = cache != NULL },
        .cache = cache,
        .jobs = engine->jobs,
        .done = take_report,
        .tick = tick,
        .context = crew,
    };
    size_t done;
    if (err.code == RT_OK)
        err = rt_pool_run(&pool, targets, &done);
    rt_jail_close(jail);
    rt_cache_close(cache);
    return err;
}

static void report_unfinished(Crew *crew, const RtTargetList *targets)
{
    for (size_t i = 0; i < targets->count && !crew->outlet->broken; i++) {
        RtUnseen unseen = { .reason = RT_STR("interrupted"), .times = 1 };
        RtReport report = { .artifact = { .path = targets->items[i].path },
                            .unseen = &unseen,
                            .unseen_count = 1 };
        if (!crew->finished[i])
            rt_outlet_add(crew->outlet, &report);
    }
}

RtErr rt_crew_scan(RtOutlet *outlet, const RtRules *rules, const RtTargetList *targets,
                   RtCrewWatch watch, void *context)
{
    Crew crew = { .outlet = outlet,
                  .watch = watch,
                  .context = context,
                  .finished = RT_NEW_ARRAY(outlet->arena, bool, targets->count + 1) };
    RtRulesScratch *scratch = NULL;
    RtProfiles *profiles = NULL;
    RT_TRY(rt_profiles_open(rt_profiles_builtin(), &profiles));
    RtErr err = rt_rules_scratch_open(rules, &scratch);
    if (err.code == RT_OK && targets->count != 0)
        err = run_pool(&crew, rules, scratch, profiles, targets);
    if (err.code == RT_OK)
        report_unfinished(&crew, targets);
    rt_rules_scratch_close(scratch);
    rt_profiles_close(profiles);
    return err;
}
