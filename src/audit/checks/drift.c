/* drift.c - lockfile against manifest: what one asks for and the other does not have (PROTOCOLS
 * 2.1, check 7). Lockfiles tell more or less of what was asked for; each is held to what it tells.
 */
#include "audit/audit.h"
#include "base/words.h"

/* Which manifest a lockfile was made from. */
static bool belongs(RtStr kind, RtStr manifest)
{
    static const struct {
        const char *manifest, *kinds;
    } pairs[] = { { "package.json", "npm yarn pnpm bun" },
                  { "pyproject.toml", "poetry uv pdm pylock" },
                  { "Pipfile", "pipenv" },
                  { "Cargo.toml", "cargo" },
                  { "composer.json", "composer" },
                  { "go.mod", "gosum" } };
    size_t slash = rt_str_rfind_byte(manifest, '/');
    RtStr name = slash == RT_NOT_FOUND ? manifest : rt_str_from(manifest, slash + 1);
    for (size_t i = 0; i < RT_COUNT(pairs); i++)
        if (rt_str_equal(name, rt_str_from_c(pairs[i].manifest)))
            return rt_word_in(kind, pairs[i].kinds);
    return false;
}

typedef struct {
    const RtWanted **slots;
    size_t count;
} Names;

static size_t slot_of(const Names *names, RtStr name, RtStr spec, bool with_spec)
{
    uint64_t hash = rt_str_hash(name) ^ (with_spec ? rt_str_hash(spec) * 31 : 0);
    size_t at = (size_t)hash & (names->count - 1);
    while (names->slots[at] && !(rt_str_equal(names->slots[at]->name, name) &&
                                 (!with_spec || rt_str_equal(names->slots[at]->spec, spec))))
        at = (at + 1) & (names->count - 1);
    return at;
}

static Names table_of(RtArena *arena, const RtWanted *wanted, size_t count, bool with_spec)
{
    Names names = { .count = 16 };
    while (names.count < count * 2)
        names.count *= 2;
    names.slots = RT_NEW_ARRAY(arena, const RtWanted *, names.count);
    for (size_t i = 0; i < count; i++)
        names.slots[slot_of(&names, wanted[i].name, wanted[i].spec, with_spec)] = &wanted[i];
    return names;
}

static bool is_remote(RtStr spec)
{
    return rt_str_has(spec, RT_STR("://")) || rt_str_starts(spec, RT_STR("npm:")) ||
           rt_str_starts(spec, RT_STR("github:")) || rt_str_starts(spec, RT_STR("file:"));
}

/* npm, pnpm, bun: the lockfile repeats the project's own requests. */
static void compare_own(RtAudit *audit)
{
    const RtProject *project = &audit->project;
    Names manifest = table_of(audit->arena, project->wanted, project->wanted_count, false);
    Names locked = table_of(audit->arena, audit->lock.wanted, audit->lock.wanted_count, false);
    for (size_t i = 0; i < audit->lock.wanted_count; i++) {
        const RtWanted *here = &audit->lock.wanted[i];
        const RtWanted *there = manifest.slots[slot_of(&manifest, here->name, here->spec, false)];
        bool peer = (here->flags & RT_DEP_OPTIONAL) != 0;
        if (!there && !peer)
            rt_audit_hit_line(audit, RT_AUDIT_DRIFT, RT_STR(""), here->line,
                              "%.*s %.*s is locked for the project, the manifest does not ask for "
                              "it",
                              RT_FMT(here->name), RT_FMT(here->spec));
        else if (there && !rt_str_equal(here->spec, there->spec))
            rt_audit_hit_line(
                audit,
                is_remote(here->spec) && !is_remote(there->spec) ? RT_AUDIT_DRIFT_SOURCE
                                                                 : RT_AUDIT_DRIFT,
                RT_STR(""), here->line, "%.*s: locked for %.*s, the manifest asks for %.*s",
                RT_FMT(here->name), RT_FMT(here->spec), RT_FMT(there->spec));
    }
    for (size_t i = 0; i < project->wanted_count; i++) {
        const RtWanted *here = &project->wanted[i];
        if (!locked.slots[slot_of(&locked, here->name, here->spec, false)])
            rt_audit_hit_line(audit, RT_AUDIT_DRIFT, project->manifest, here->line,
                              "%.*s %.*s is asked for and not locked", RT_FMT(here->name),
                              RT_FMT(here->spec));
    }
}

/* yarn: every request of anybody stands in the file, with its specification. Resolutions change
 * them, and workspaces are not listed by the older client. */
static void compare_all(RtAudit *audit)
{
    const RtProject *project = &audit->project;
    Names locked = table_of(audit->arena, audit->lock.wanted, audit->lock.wanted_count, false);
    Names exact = table_of(audit->arena, audit->lock.wanted, audit->lock.wanted_count, true);
    for (size_t i = 0; i < project->wanted_count; i++) {
        const RtWanted *here = &project->wanted[i];
        RtStr spec = here->spec;
        if (rt_str_starts(spec, RT_STR("workspace:")))
            continue;
        RtStr berry = rt_str_format(audit->arena, "npm:%.*s", RT_FMT(spec));
        bool found = exact.slots[slot_of(&exact, here->name, spec, true)] ||
                     exact.slots[slot_of(&exact, here->name, berry, true)];
        bool named = locked.slots[slot_of(&locked, here->name, spec, false)] != NULL;
        if (!found)
            rt_audit_hit_line(audit, RT_AUDIT_DRIFT, project->manifest, here->line,
                              named ? "%.*s %.*s is asked for, another request of it is locked"
                                    : "%.*s %.*s is asked for and not locked",
                              RT_FMT(here->name), RT_FMT(spec));
    }
}

static void compare_names(RtAudit *audit)
{
    const RtProject *project = &audit->project;
    RtWanted *items = RT_NEW_ARRAY(audit->arena, RtWanted, audit->lock.count);
    for (size_t i = 0; i < audit->lock.count; i++)
        items[i].name = audit->lock.items[i].name;
    Names locked = table_of(audit->arena, items, audit->lock.count, false);
    for (size_t i = 0; i < project->wanted_count; i++) {
        const RtWanted *here = &project->wanted[i];
        if (!locked.slots[slot_of(&locked, here->name, RT_STR(""), false)])
            rt_audit_hit_line(audit, RT_AUDIT_DRIFT, project->manifest, here->line,
                              "%.*s is asked for and not locked", RT_FMT(here->name));
    }
}

static void run(RtAudit *audit)
{
    if (audit->project.manifest.len == 0 || !audit->lock.complete ||
        !belongs(audit->lock.kind, audit->project.manifest))
        return;
    switch (audit->lock.wanted_kind) {
    case RT_WANTED_OWN:
        compare_own(audit);
        break;
    case RT_WANTED_ALL:
        compare_all(audit);
        break;
    case RT_WANTED_NAMES:
        compare_names(audit);
        break;
    case RT_WANTED_NOT_TOLD:
        if (rt_str_equal(audit->lock.kind, RT_STR("gosum")))
            compare_names(audit);
        break;
    }
}

const RtAuditCheck rt_audit_check_drift = { .name = "drift", .run = run };
