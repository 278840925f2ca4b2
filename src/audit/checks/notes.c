/* notes.c - what the reader itself saw: each note is a finding, or something that was not read. */
#include "audit/audit.h"

static const struct {
    const char *what;
    RtAuditFinding finding;
} table[] = {
    { "parts-disagree", RT_AUDIT_PARTS },
    { "duplicate-keys", RT_AUDIT_DUPLICATE_KEYS },
    { "remote-request", RT_AUDIT_REMOTE_REQUEST },
    { "files-apart", RT_AUDIT_FILES_APART },
    { "extra-index", RT_AUDIT_EXTRA_INDEX },
    { "find-links", RT_AUDIT_EXTRA_INDEX },
    { "trusted-host", RT_AUDIT_UNCHECKED_HOST },
    { "hashes-partly", RT_AUDIT_PART_HASHED },
    { "verification-off", RT_AUDIT_VERIFY_OFF },
    { "override", RT_AUDIT_OVERRIDE },
    { "patched", RT_AUDIT_PATCHED },
    { "pnpmfile", RT_AUDIT_RUNS_CODE },
    { "lock-inside", RT_AUDIT_LOCK_INSIDE },
};

static bool hit_note(RtAudit *audit, const RtLockNote *note, RtStr file)
{
    for (size_t i = 0; i < RT_COUNT(table); i++) {
        if (!rt_str_equal(note->what, rt_str_from_c(table[i].what)))
            continue;
        rt_audit_hit_line(audit, table[i].finding, file, note->line, "%.*s",
                          RT_FMT(rt_str_sub(note->detail, 0, 400)));
        return true;
    }
    return false;
}

static bool is_unread(RtStr what)
{
    static const char *const unread[] = { "malformed", "wrong-type", "too-many",
                                          "too-large", "empty",      "binary-lock" };
    for (size_t i = 0; i < RT_COUNT(unread); i++)
        if (rt_str_equal(what, rt_str_from_c(unread[i])))
            return true;
    return false;
}

static void run(RtAudit *audit)
{
    for (size_t i = 0; i < audit->lock.note_count; i++) {
        const RtLockNote *note = &audit->lock.notes[i];
        if (hit_note(audit, note, RT_STR("")) || !is_unread(note->what))
            continue;
        rt_audit_unseen(
            audit,
            rt_str_format(audit->arena, "%.*s: %.*s", RT_FMT(note->what),
                          RT_FMT(rt_str_sub(note->detail, 0, 200))),
            rt_str_format(audit->arena, "%.*s:%u", RT_FMT(audit->lock.path), note->line));
    }
    if (!audit->lock.complete && audit->unseen_count == 0)
        rt_audit_unseen(audit, RT_STR("not all of the lockfile could be read"), audit->lock.path);
    for (size_t i = 0; i < audit->project.note_count; i++) {
        const RtLockNote *note = &audit->project.notes[i];
        if (!hit_note(audit, note, note->detail))
            rt_audit_unseen(audit, note->what, note->detail);
    }
}

const RtAuditCheck rt_audit_check_notes = { .name = "notes", .run = run };
