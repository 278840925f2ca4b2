/* outlet.c - one way out for everything that makes reports: `scan` streams them as they come,
 * `audit` has few and keeps them, so that every format gets them sorted. */
#include "scan/outlet.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge/judge.h"
#include "scan/closure.h"
#include "scan/wire.h"

enum { PAIRS_TOLD = 100 };
static const size_t texts_limit = (size_t)2 << 30;

/* A clock for the summary only; nothing that is reported depends on it. */
static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

RtOutlet rt_outlet_open(ratter_engine *engine, RtArena *arena, bool in_order)
{
    RtOutlet outlet = { .engine = engine,
                        .arena = arena,
                        .texts = rt_arena_open(texts_limit, NULL, NULL),
                        .keeps_order = in_order,
                        .keeps = in_order,
                        .started_ms = clock_ms() };
    for (size_t i = 0; i < engine->output_count; i++)
        outlet.keeps |= engine->outputs[i].format->all != NULL;
    return outlet;
}

void rt_outlet_close(RtOutlet *outlet)
{
    rt_arena_close(outlet->texts);
    rt_linker_close(outlet->linker);
    outlet->texts = NULL;
    outlet->linker = NULL;
}

void rt_outlet_link(RtOutlet *outlet, bool keeps_likeness)
{
    if (outlet->linker == NULL)
        outlet->linker = rt_linker_open(!keeps_likeness);
}

RtStr rt_outlet_purl(RtArena *arena, RtStr ecosystem, RtStr name, RtStr version)
{
    if (ecosystem.len == 0 || name.len == 0)
        return RT_STR("");
    RtStr plain = RT_STR("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~:");
    bool is_maven = rt_str_equal(ecosystem, RT_STR("maven"));
    RtText purl = { .arena = arena, .limit = 1024 };
    rt_text_format(&purl, "pkg:%.*s/", RT_FMT(ecosystem));
    RtStr parts[2] = { name, version };
    for (size_t p = 0; p < 2; p++) {
        if (p == 1 && parts[1].len != 0)
            rt_text_byte(&purl, '@');
        for (size_t i = 0; i < parts[p].len; i++) {
            uint8_t byte = parts[p].at[i];
            bool parts_name = p == 0 && (byte == '/' || (is_maven && byte == ':'));
            if (parts_name)
                rt_text_byte(&purl, '/');
            else if (rt_str_find_byte(plain, byte) != RT_NOT_FOUND)
                rt_text_byte(&purl, byte);
            else
                rt_text_format(&purl, "%%%02X", byte);
        }
    }
    return rt_text_str(&purl);
}

static void flush(RtOutlet *outlet, RtOutput *output, RtText *text)
{
    if (text->len != 0 && !outlet->broken &&
        output->write(output->context, text->at, text->len) != 0)
        outlet->broken = true;
    text->len = 0;
}

static void count_report(RtOutlet *outlet, const RtReport *report)
{
    outlet->summary.by_verdict[report->verdict.level]++;
    outlet->summary.total++;
    outlet->summary.incomplete += !report->verdict.complete;
    if (report->verdict.level > outlet->worst)
        outlet->worst = report->verdict.level;
}

/* The copy goes the way over the wall, the one way there is to copy a report whole. */
static bool keep_report(RtOutlet *outlet, const RtReport *report)
{
    RtText bytes = { .arena = outlet->texts };
    rt_wire_put_report(&bytes, report);
    RtReport *copy = RT_NEW(outlet->arena, RtReport);
    if (!rt_wire_get_report(outlet->arena, rt_text_str(&bytes), copy))
        return false;
    copy->artifact.path = report->artifact.path;
    copy->artifact.purl = rt_str_copy(outlet->arena, report->artifact.purl);
    copy->verdict = report->verdict;
    copy->elapsed_ms = report->elapsed_ms;
    RT_PUSH(outlet->arena, outlet->kept, outlet->count, outlet->capacity) = copy;
    return true;
}

static void add_reason(RtArena *arena, RtReport *report, RtStr reason)
{
    RtUnseen *unseen = RT_NEW_ARRAY(arena, RtUnseen, report->unseen_count + 1);
    if (report->unseen_count != 0)
        memcpy(unseen, report->unseen, report->unseen_count * sizeof *unseen);
    unseen[report->unseen_count++] = (RtUnseen){ .reason = reason, .times = 1 };
    report->unseen = unseen;
}

static void stream(RtOutlet *outlet, const RtReport *report)
{
    for (size_t i = 0; i < outlet->engine->output_count; i++) {
        RtOutput *output = &outlet->engine->outputs[i];
        RtText text = { .arena = outlet->texts };
        if (output->format->each != NULL) {
            output->format->each(&text, &output->style, report);
            flush(outlet, output, &text);
        }
    }
}

void rt_outlet_add(RtOutlet *outlet, const RtReport *given)
{
    RtReport report = *given;
    RtArtifact *artifact = &report.artifact;
    if (artifact->purl.len == 0)
        artifact->purl =
            rt_outlet_purl(outlet->texts, artifact->ecosystem, artifact->name, artifact->version);
    rt_judge(&report);
    if (report.verdict.level < RT_VERDICT_SUSPICIOUS)
        report.attributions = NULL; /* whatever the worker said */
    if (outlet->linker != NULL)
        rt_linker_add(outlet->linker, &report);
    report.summary = NULL;       /* no format tells it */
    if (outlet->engine->no_jail) /* said in every report, but it hides nothing of the package */
        add_reason(outlet->texts, &report, RT_STR("examined without a jail"));
    if (outlet->keeps && !keep_report(outlet, &report)) {
        RtUnseen lost = { .reason = RT_STR("the report makes no sense"), .times = 1 };
        report = (RtReport){ .artifact = { .path = artifact->path },
                             .unseen = &lost,
                             .unseen_count = 1 };
        rt_judge(&report);
        (void)keep_report(outlet, &report);
    }
    count_report(outlet, &report);
    if (!outlet->keeps_order)
        stream(outlet, &report);
    rt_arena_reset(outlet->texts);
}

static int by_path(const void *a, const void *b)
{
    const RtReport *left = *(const RtReport *const *)a, *right = *(const RtReport *const *)b;
    return rt_str_compare(left->artifact.path, right->artifact.path);
}

/* The pairs that are malicious only together. */
static void add_pairs(RtOutlet *outlet)
{
    if (outlet->linker == NULL || rt_linker_count(outlet->linker) < 2)
        return;
    const RtLinks *links = rt_linker_run(outlet->linker);
    for (size_t i = 0; i < links->count && links->items[i].level == RT_CONCLUSIVE && i < PAIRS_TOLD;
         i++)
        rt_outlet_add(outlet, rt_closure_report(outlet->arena, links, &links->items[i]));
}

void rt_outlet_finish(RtOutlet *outlet)
{
    add_pairs(outlet);
    outlet->summary.elapsed_ms = clock_ms() - outlet->started_ms;
    if (outlet->count != 0)
        qsort(outlet->kept, outlet->count, sizeof *outlet->kept, by_path);
    for (size_t i = 0; outlet->keeps_order && i < outlet->count; i++) {
        stream(outlet, outlet->kept[i]);
        rt_arena_reset(outlet->texts);
    }
    for (size_t i = 0; i < outlet->engine->output_count && !outlet->broken; i++) {
        RtOutput *output = &outlet->engine->outputs[i];
        RtText text = { .arena = outlet->texts };
        if (output->format->all != NULL)
            output->format->all(&text, &output->style, outlet->kept, outlet->count,
                                &outlet->summary);
        else if (output->format->summary != NULL)
            output->format->summary(&text, &output->style, &outlet->summary);
        flush(outlet, output, &text);
        rt_arena_reset(outlet->texts);
    }
}

int rt_outlet_status(const RtOutlet *outlet)
{
    if (outlet->summary.total == 0)
        return RATTER_NOTHING;
    if (outlet->engine->fail_on != RT_VERDICT_UNKNOWN && outlet->worst >= outlet->engine->fail_on)
        return RATTER_FOUND;
    return outlet->summary.incomplete != 0 ? RATTER_INCOMPLETE : RATTER_DONE;
}
