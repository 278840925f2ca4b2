/* known.c - is it known? Name and version, and the very bytes by their hash. What was consulted,
 * and how old it is, is always said; without intelligence nothing is called clean. */
#include "audit/audit.h"
#include "base/base64.h"
#include "base/hash.h"

static const int64_t day = 86400;

static bool has_expired(const RtAudit *audit, const RtIntelEntry *entry)
{
    return entry->valid_until != 0 && audit->now > entry->valid_until;
}

static void tell(RtAudit *audit, uint32_t id, const RtIntelEntry *entry)
{
    RtStr summary = rt_str_sub(entry->summary.len ? entry->summary : entry->campaign, 0, 200);
    bool has_words = entry->id.len > 0 || summary.len > 0;
    rt_audit_hit(audit, RT_AUDIT_KNOWN, id, "%.*s%s%.*s%s%.*s%s", RT_FMT(entry->id),
                 entry->id.len > 0 && summary.len > 0 ? ": " : "", RT_FMT(summary),
                 has_words ? " (" : "named by ", RT_FMT(entry->source), has_words ? ")" : "");
}

static RtErr look_up(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    const RtIntelEntry *entries = NULL;
    size_t count = 0;
    bool told = false;
    if (item->source == RT_FROM_PATH || item->name.len == 0)
        return RT_FINE;
    if (item->version.len > 0 && !(item->flags & RT_DEP_LOOSE)) {
        RT_TRY(rt_intel_package(audit->intel, audit->arena, item->ecosystem, item->name,
                                item->version, &entries, &count));
        for (size_t i = 0; i < count && !told; i++)
            if (!has_expired(audit, &entries[i])) {
                tell(audit, id, &entries[i]);
                told = true;
            }
    }
    if (told)
        return RT_FINE;
    RT_TRY(rt_intel_package(audit->intel, audit->arena, item->ecosystem, item->name, RT_STR(""),
                            &entries, &count));
    if (count > 0)
        rt_audit_hit(audit, RT_AUDIT_KNOWN_NAME, id, "%.*s names %.*s", RT_FMT(entries[0].id),
                     RT_FMT(entries[0].versions.len ? rt_str_sub(entries[0].versions, 0, 200)
                                                    : RT_STR("it")));
    return RT_FINE;
}

/* The hash in hex, and its kind; false for hashes that say nothing about the archive. */
static bool archive_hash(RtArena *arena, RtStr text, RtIntelKind *ret_kind, RtStr *ret_hex)
{
    static const struct {
        const char *prefix;
        RtIntelKind kind;
        bool base64;
    } forms[] = { { "sha512-", RT_INTEL_SHA512, true },   { "sha256-", RT_INTEL_SHA256, true },
                  { "sha1-", RT_INTEL_SHA1, true },       { "sha512:", RT_INTEL_SHA512, false },
                  { "sha256:", RT_INTEL_SHA256, false },  { "sha1:", RT_INTEL_SHA1, false },
                  { "SHA-512:", RT_INTEL_SHA512, false }, { "SHA-256:", RT_INTEL_SHA256, false },
                  { "SHA-1:", RT_INTEL_SHA1, false },     { "SHA512:", RT_INTEL_SHA512, false },
                  { "SHA256:", RT_INTEL_SHA256, false },  { "SHA1:", RT_INTEL_SHA1, false } };
    for (size_t i = 0; i < RT_COUNT(forms); i++) {
        RtStr prefix = rt_str_from_c(forms[i].prefix);
        if (!rt_str_starts(text, prefix))
            continue;
        RtStr value = rt_str_from(text, prefix.len);
        *ret_kind = forms[i].kind;
        *ret_hex = value;
        if (forms[i].base64) {
            RtStr bytes = { 0 };
            if (!rt_base64_decode(arena, rt_str_sub(value, 0, 128), &bytes))
                return false;
            *ret_hex = rt_hex(arena, bytes);
        }
        return ret_hex->len > 0;
    }
    return false;
}

static RtErr look_up_bytes(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    for (uint32_t i = 0; i < item->integrity_count && i < 256; i++) {
        RtIntelKind kind;
        RtStr hex;
        const RtIntelEntry *entries = NULL;
        size_t count = 0;
        if (!archive_hash(audit->arena, item->integrity[i], &kind, &hex))
            continue;
        RT_TRY(rt_intel_value(audit->intel, audit->arena, kind, hex, &entries, &count));
        if (count > 0 && !has_expired(audit, &entries[0])) {
            tell(audit, id, &entries[0]);
            return RT_FINE;
        }
    }
    return RT_FINE;
}

/* The age of what was consulted is part of the answer. */
static void tell_age(RtAudit *audit)
{
    RtIntelStatus status = { 0 };
    RtErr err = rt_intel_status(audit->intel, &status);
    if (err.code != RT_OK) {
        rt_audit_unseen(audit, rt_str_copy(audit->arena, rt_str_from_c(err.text)), RT_STR(""));
        return;
    }
    if (status.imported == 0) {
        rt_audit_unseen(audit,
                        RT_STR("no intelligence was imported: known packages were compared with "
                               "the built-in list only (ratter intel import)"),
                        RT_STR(""));
        return;
    }
    int64_t newest = status.newest ? status.newest : status.imported;
    int64_t days = audit->now > newest ? (audit->now - newest) / day : 0;
    if (days > 30)
        rt_audit_unseen(audit,
                        rt_str_format(audit->arena,
                                      "the newest intelligence is %lld days old (ratter intel "
                                      "import)",
                                      (long long)days),
                        RT_STR(""));
}

static void run(RtAudit *audit)
{
    if (!audit->intel) {
        rt_audit_unseen(audit,
                        RT_STR("no intelligence was consulted: whether a dependency is known "
                               "to be malicious was not asked"),
                        RT_STR(""));
        return;
    }
    RtErr err = RT_FINE;
    for (uint32_t id = 1; id <= audit->lock.count && err.code == RT_OK; id++) {
        size_t before = audit->hit_count;
        err = look_up(audit, id);
        bool known = audit->hit_count > before &&
                     audit->hits[audit->hit_count - 1].finding == RT_AUDIT_KNOWN;
        if (err.code == RT_OK && !known)
            err = look_up_bytes(audit, id);
    }
    if (err.code != RT_OK)
        rt_audit_unseen(audit, rt_str_copy(audit->arena, rt_str_from_c(err.text)), RT_STR(""));
    tell_age(audit);
}

const RtAuditCheck rt_audit_check_known = { .name = "known", .run = run };
