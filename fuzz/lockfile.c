/* lockfile.c - fuzz target: every lockfile reader and every reader of what stands beside one reads
 * the input; then what they say crosses the wall as the audit's bytes, and the input itself is
 * taken for such bytes. */
#include "ecosystem/lockfile.h"
#include "audit/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const beside[] = { "package.json", "pyproject.toml",    "Pipfile",
                                      "Cargo.toml",   "composer.json",     "go.mod",
                                      ".npmrc",       ".yarnrc",           ".yarnrc.yml",
                                      "bunfig.toml",  "pip.conf",          "pnpm-workspace.yaml",
                                      "uv.toml",      ".cargo/config.toml" };

static void cross(RtArena *arena, const RtLock *lock, const RtProject *project)
{
    RtText text = { .arena = arena };
    RtLock lock_back;
    RtProject project_back;
    rt_audit_put(&text, lock, project);
    if (!rt_audit_get(arena, rt_text_str(&text), &lock_back, &project_back) ||
        lock_back.count != lock->count || lock_back.note_count != lock->note_count)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    size_t count = 0;
    RtStr text = { bytes, len };
    const RtLockfile *const *readers = rt_lockfiles(&count);
    RT_ARENA arena = rt_arena_open((size_t)1 << 30, NULL, NULL);
    RtLock lock = { 0 };
    RtProject project = { 0 };
    for (size_t i = 0; i < count; i++) {
        rt_lockfile_read(arena, readers[i], text, RT_STR("a/lock.xml"), &lock);
        cross(arena, &lock, &project);
    }
    for (size_t i = 0; i < RT_COUNT(beside); i++) {
        RtAroundFile file = { .path = rt_str_from_c(beside[i]), .bytes = text };
        rt_project_read(arena, &file, 1, &project);
        cross(arena, &lock, &project);
    }
    if (rt_audit_get(arena, text, &lock, &project)) {
        RtAudit audit = { .arena = arena, .bytes = text, .lock = lock, .project = project };
        RtReport report;
        rt_audit_run(&audit);
        rt_audit_report(&audit, &report);
    }
    return 0;
}
