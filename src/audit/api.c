/* api.c - include/ratter/audit.h: finds lockfiles, has each read behind the wall, checks, judges,
 * writes. */
#include "ratter/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/content.h"
#include "audit/policy.h"
#include "audit/source.h"
#include "base/escape.h"

enum { OWN_FILE_MOST = 64 << 20 };
static const size_t arena_limit = (size_t)8 << 30;

typedef struct {
    RtArena *arena;
    const ratter_audit_setup *setup;
    RtIntel *intel;
    RtPolicy policy;
    RtText baseline;
    RtOutlet outlet;
    RtContents contents;
    RtRegistries registries;
    RtStr home;
    RtAudit **audits; /* per source */
    size_t audit_count, audit_capacity;
    RtAudit before; /* --against */
    bool compared;  /* some source is of its client */
} Run;

/* A file of the user's own: policy, baseline. */
static RtErr load_own(RtArena *arena, const char *path, RtStr *ret_bytes)
{
    RtStr shown = rt_escaped(arena, rt_str_from_c(path));
    RT_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        return rt_fail(RT_ERR_IO, "cannot read %.*s: %s", RT_FMT(shown), strerror(errno));
    if (!S_ISREG(info.st_mode) || info.st_size > OWN_FILE_MOST)
        return rt_fail(RT_ERR_IO, "%.*s is no file, or larger than 64 MiB", RT_FMT(shown));
    uint8_t *bytes = rt_arena_bytes(arena, (size_t)info.st_size + 1);
    size_t got = 0;
    for (ssize_t more; (more = read(fd, bytes + got, (size_t)info.st_size - got)) > 0;)
        got += (size_t)more;
    *ret_bytes = (RtStr){ bytes, got };
    return RT_FINE;
}

static RtErr read_policy(Run *run)
{
    const ratter_audit_setup *setup = run->setup;
    RtStr bytes;
    if (setup->config) {
        RT_TRY(load_own(run->arena, setup->config, &bytes));
        RT_TRY(rt_policy_read(run->arena, rt_escaped(run->arena, rt_str_from_c(setup->config)),
                              bytes, &run->policy));
    }
    if (setup->new_only) {
        RT_TRY(load_own(run->arena, setup->new_only, &bytes));
        RT_TRY(rt_policy_read_baseline(run->arena,
                                       rt_escaped(run->arena, rt_str_from_c(setup->new_only)),
                                       bytes, &run->policy));
    }
    return RT_FINE;
}

/* RT_ERR_ABSENT when intelligence is required and there is none worth the name. */
static RtErr open_intel(Run *run)
{
    const ratter_audit_setup *setup = run->setup;
    RtIntelStatus status = { 0 };
    if (setup->intel)
        RT_TRY(rt_intel_open(rt_str_from_c(setup->intel), false, &run->intel));
    if (run->intel && setup->intel_required)
        RT_TRY(rt_intel_status(run->intel, &status));
    if (setup->intel_required && status.imported == 0)
        return rt_fail(RT_ERR_ABSENT, "intelligence is required and none was imported; `ratter "
                                      "intel import` brings it in");
    return RT_FINE;
}

/* A source that could not be read is a report like any other: unknown, and why. */
static void audit_source(Run *run, const RtAuditSource *source, RtAuditSources *sources)
{
    RtAudit *audit = RT_NEW(run->arena, RtAudit);
    RT_PUSH(run->arena, run->audits, run->audit_count, run->audit_capacity) = audit;
    ratter_engine *engine = run->outlet.engine;
    *audit = (RtAudit){ .arena = run->arena, .intel = run->intel, .now = run->setup->now };
    RtErr err = rt_audit_read(audit, source, run->home, engine->no_jail);
    if (err.code == RT_OK) {
        for (size_t i = 0; i < audit->lock.note_count; i++)
            if (rt_str_equal(audit->lock.notes[i].what, RT_STR("other-file")))
                rt_audit_follow(audit, source, audit->lock.notes[i].detail, sources);
        bool is_kin =
            run->before.lock.kind.len > 0 && rt_str_equal(audit->lock.kind, run->before.lock.kind);
        audit->before = is_kin ? &run->before.lock : NULL;
        run->compared |= is_kin;
        rt_audit_run(audit);
        if (run->setup->scan)
            rt_content_find(audit, source, &run->contents);
    } else {
        audit->lock = (RtLock){ .path = source->path };
        audit->project = (RtProject){ 0 };
        rt_audit_unseen(audit, rt_str_copy(run->arena, rt_str_from_c(err.text)), source->path);
    }
}

static void report(Run *run, RtAudit *audit)
{
    RtReport made;
    rt_audit_report(audit, &made);
    rt_outlet_add(&run->outlet, &made);
}

static RtErr write_baseline(const Run *run)
{
    const char *path = run->setup->write_baseline;
    RtStr head = RT_STR("# ratter audit baseline 1\n"), body = rt_text_str(&run->baseline);
    RtStr shown = rt_escaped(run->arena, rt_str_from_c(path));
    const char *temporary =
        rt_str_c(run->arena, rt_str_format(run->arena, "%s.%d.tmp", path, (int)getpid()));
    RT_FD fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool fine = fd >= 0 && write(fd, head.at, head.len) == (ssize_t)head.len;
    for (size_t at = 0; fine && at < body.len;) {
        ssize_t wrote = write(fd, body.at + at, body.len - at);
        fine = wrote > 0;
        at += fine ? (size_t)wrote : 0;
    }
    if (fine && fsync(fd) == 0 && rename(temporary, path) == 0)
        return RT_FINE;
    RtErr err = rt_fail(RT_ERR_IO, "cannot write %.*s: %s", RT_FMT(shown), strerror(errno));
    if (fd >= 0)
        unlink(temporary);
    return err;
}

/* ratter.yaml first, then the person's own configuration. */
static void fill_gaps(Run *run)
{
    const ratter_audit_setup *setup = run->setup;
    RtContentSetup content = { .program = setup->fetcher,
                               .environment = setup->fetcher_environment,
                               .registries = &run->registries,
                               .ask = run->home.len ? setup->registry_of : NULL };
    RtStr bytes;
    for (size_t i = 0; i < run->policy.registry_count; i++)
        (void)rt_registry_add(&run->registries, run->policy.registries[i].client,
                              run->policy.registries[i].scope, run->policy.registries[i].url);
    if (setup->fetcher && run->home.len > 0 && run->contents.gap_count > 0 &&
        rt_audit_load(run->arena, rt_content_join(run->arena, run->home, RT_STR(".npmrc")),
                      OWN_FILE_MOST, &bytes)
                .code == RT_OK)
        rt_registry_read_npmrc(&run->registries, bytes);
    rt_content_fetch(&run->contents, &content);
    rt_content_tell(&run->contents);
}

static RtErr audit_all(Run *run, RtAuditSources *sources)
{
    for (size_t i = 0; i < sources->count; i++) { /* they grow: one names another */
        RtAuditSource source = sources->items[i];
        audit_source(run, &source, sources);
    }
    fill_gaps(run);
    RT_TRY(rt_content_scan(&run->outlet, &run->contents)); /* finds what only content tells */
    for (size_t i = 0; i < sources->count; i++)
        rt_policy_apply(&run->policy, run->audits[i],
                        run->setup->write_baseline ? &run->baseline : NULL);
    /* What the policy did is known only now; it is told once, where the first report is. */
    if (sources->count > 0)
        rt_policy_review(&run->policy, run->audits[0]);
    if (sources->count > 0 && run->setup->against && !run->compared)
        rt_audit_unseen(run->audits[0], RT_STR("no lockfile of its client to compare with"),
                        rt_str_from_c(run->setup->against));
    for (size_t i = 0; i < sources->unseen_count && sources->count > 0; i++)
        rt_audit_unseen(run->audits[0], sources->unseen[i].reason, sources->unseen[i].where);
    for (size_t i = 0; i < sources->count; i++)
        report(run, run->audits[i]);
    if (run->setup->write_baseline)
        RT_TRY(write_baseline(run));
    return RT_FINE;
}

static RtErr read_before(Run *run)
{
    if (!run->setup->against)
        return RT_FINE;
    RtAuditSource source = { .path = rt_str_from_c(run->setup->against) };
    run->before = (RtAudit){ .arena = run->arena };
    RtErr err = rt_audit_read(&run->before, &source, RT_STR(""), run->outlet.engine->no_jail);
    if (err.code != RT_OK)
        return rt_fail(err.code, "--against: %.200s", err.text);
    if (!run->before.lock.complete)
        return rt_fail(RT_ERR_FORMAT, "--against: not all of %.*s could be read",
                       RT_FMT(rt_escaped(run->arena, source.path)));
    return RT_FINE;
}

static RtErr run_all(Run *run, const char *const *paths, size_t count)
{
    RtAuditSources sources = { 0 };
    RT_TRY(read_policy(run));
    RT_TRY(open_intel(run));
    RT_TRY(read_before(run));
    for (size_t i = 0; i < count; i++)
        RT_TRY(rt_audit_find(run->arena, rt_str_from_c(paths[i]), &sources));
    ratter_engine *engine = run->outlet.engine;
    for (size_t i = 0; i < engine->output_count; i++) {
        engine->outputs[i].style.version = RT_STR(RATTER_VERSION);
        engine->outputs[i].style.ruleset = RT_STR("audit " RATTER_VERSION);
        engine->outputs[i].style.verbose = engine->verbose;
    }
    RT_TRY(audit_all(run, &sources));
    if (sources.count > 0)
        rt_outlet_finish(&run->outlet);
    return RT_FINE;
}

int ratter_audit(ratter_engine *engine, const char *const *paths, size_t count,
                 const ratter_audit_setup *setup, ratter_error *error)
{
    RT_ARENA arena = rt_arena_open(arena_limit, NULL, NULL);
    Run run = { .arena = arena,
                .setup = setup,
                .baseline = { .arena = arena },
                .outlet = rt_outlet_open(engine, arena, true),
                .contents = { .arena = arena,
                              .home = rt_str_from_c(setup->home),
                              .no_jail = engine->no_jail },
                .registries = { .arena = arena, .variable = setup->variable },
                .home = rt_str_from_c(setup->home) };
    RtErr err = run_all(&run, paths, count);
    for (size_t i = 0; i < run.contents.targets.count; i++)
        rt_fd_done(&run.contents.targets.items[i].fd);
    rt_intel_close(run.intel);
    rt_outlet_close(&run.outlet);
    if (err.code != RT_OK) {
        rt_engine_fail(error, err);
        bool offline = err.code == RT_ERR_ABSENT && setup->intel_required;
        if (error)
            error->status = offline ? RATTER_OFFLINE : RATTER_FAILED;
        return offline ? RATTER_OFFLINE : RATTER_FAILED;
    }
    return run.outlet.broken ? RATTER_FAILED : rt_outlet_status(&run.outlet);
}
