/* engine.h - what a ratter_engine holds; options.c sets it, api.c runs it. */
#ifndef RT_SCAN_ENGINE_H
#define RT_SCAN_ENGINE_H

#include "model/report_format.h"
#include "ratter/ratter.h"
#include "rules/rules.h"
#include "scan/scan.h"
#include "scan/target.h"

typedef struct {
    const RtReportFormat *format;
    RtReportStyle style;
    ratter_write write;
    void *context;
} RtOutput;

enum { RT_OUTPUT_LIMIT = 16 };

struct ratter_engine {
    RtArena *arena; /* targets and what belongs to one run */
    RtBudget budget;
    uint32_t jobs;
    bool no_jail, verbose;
    RtEmulatePolicy emulate;
    RtVerdictLevel fail_on; /* RT_VERDICT_UNKNOWN: none */
    char *rules_folder;     /* malloc'd or NULL */
    char *cache_folder;     /* malloc'd or NULL: nothing is cached */
    RtOutput outputs[RT_OUTPUT_LIMIT];
    size_t output_count;
    RtTargetList targets;
    ratter_progress progress;
    void *progress_context;
};

/* Every limit and policy that changes what a scan finds, as text: one setting, one text. */
void rt_engine_describe(const ratter_engine *engine, RtText *out);
/* Copies the words of `err` and picks the exit status that fits; returns -1. */
int rt_engine_fail(ratter_error *error, RtErr err);
/* Compiles the files below `folder` with `pack` for their faults alone: each is given to `say` as
 * one line. Their number, or -1 with `error` when the folder cannot be read. */
typedef RtErr (*RtPackFolder)(RtArena *arena, RtStr folder, void (*fault)(void *context, RtStr),
                              void *context, RtText *ret_pack);
int rt_engine_check(RtPackFolder pack, const char *folder,
                    void (*say)(void *context, const char *line), void *context,
                    ratter_error *error);
/* The rules the engine uses: the built-in ones, and --rules DIR over them. */
RtErr rt_engine_rules(const ratter_engine *engine, RtRules **ret_rules) RT_MUST_USE;

#endif
