/* policy.c - entries are matched by purl and rule; every one must give its reason, so that the next
 * reader can disagree. */
#include "audit/policy.h"

#include <stdlib.h>

#include "audit/registry.h"
#include "base/doc.h"
#include "base/escape.h"
#include "base/hash.h"

#define BASELINE_MARK "# ratter audit baseline 1"

static const int64_t day_seconds = 86400;

static RtErr wrong(RtStr path, uint32_t line, const char *why)
{
    return rt_fail(RT_ERR_FORMAT, "%.*s:%u: %s", RT_FMT(rt_str_sub(path, 0, 100)), line, why);
}

/* Days from 1970 to a date of the Gregorian calendar (H. Hinnant, days_from_civil). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2027-01-31": valid to the end of that day. */
static bool read_date(RtStr text, int64_t *ret_end)
{
    uint64_t year, month, day;
    RtStr rest = text, piece[3];
    for (size_t i = 0; i < 3; i++)
        if (!rt_str_next(&rest, '-', &piece[i]))
            return false;
    /* A leading zero is decimal here. */
    for (size_t i = 1; i < 3; i++)
        if (piece[i].len == 2 && piece[i].at[0] == '0')
            piece[i] = rt_str_from(piece[i], 1);
    if (text.len != 10 || !rt_str_number(piece[0], &year) || !rt_str_number(piece[1], &month) ||
        !rt_str_number(piece[2], &day) || month < 1 || month > 12 || day < 1 || day > 31 ||
        year < 1970)
        return false;
    *ret_end = (days_of((int64_t)year, (int64_t)month, (int64_t)day) + 1) * day_seconds;
    return true;
}

static RtErr read_entry(RtArena *arena, RtPolicy *policy, const RtDoc *entry)
{
    RtAllowed allowed = { .line = entry->line };
    if (entry->kind != RT_DOC_MAP)
        return wrong(policy->path, entry->line,
                     "an entry of `allow` is a map with rule and reason");
    for (size_t i = 0; i < entry->count; i++) {
        RtStr key = entry->keys[i].text, value = entry->items[i].text;
        if (entry->items[i].kind != RT_DOC_TEXT)
            return wrong(policy->path, entry->keys[i].line, "a text is wanted here");
        if (rt_str_equal(key, RT_STR("purl")))
            allowed.purl = value;
        else if (rt_str_equal(key, RT_STR("rule")))
            allowed.rule = value;
        else if (rt_str_equal(key, RT_STR("reason")))
            allowed.reason = value;
        else if (!rt_str_equal(key, RT_STR("expires")))
            return wrong(policy->path, entry->keys[i].line,
                         "unknown key; purl, rule, reason and expires are known");
        else if (!read_date(value, &allowed.expires))
            return wrong(policy->path, entry->keys[i].line, "`expires` wants a date: 2027-01-31");
    }
    if (rt_str_trim(allowed.reason).len == 0)
        return wrong(policy->path, entry->line, "an entry of `allow` must give its `reason`");
    if (allowed.rule.len == 0)
        return wrong(policy->path, entry->line, "an entry of `allow` must name a `rule`");
    bool known = false;
    for (size_t i = 0; i < RT_AUDIT_FINDINGS && !known; i++)
        known = rt_str_equal(allowed.rule, rt_audit_id((RtAuditFinding)i));
    if (!known)
        return wrong(policy->path, entry->line, "no such rule; docs/AUDIT.md lists them");
    RT_PUSH(arena, policy->items, policy->count, policy->capacity) = allowed;
    return RT_FINE;
}

static RtErr read_registry(RtArena *arena, RtPolicy *policy, RtStr key, const RtDoc *value)
{
    bool is_scope = key.len > 1 && key.at[0] == '@';
    bool is_npm = is_scope || rt_str_equal(key, RT_STR("npm"));
    if (!is_npm && !rt_str_equal(key, RT_STR("pypi")))
        return wrong(policy->path, value->line, "`registries` knows npm, pypi and @scope");
    RtRegistries tried = { .arena = arena };
    const char *client = is_npm ? "npm" : "pypi";
    if (value->kind != RT_DOC_TEXT || rt_audit_has_user(value->text) ||
        !rt_registry_add(&tried, client, RT_STR(""), value->text))
        return wrong(policy->path, value->line,
                     "a registry is an http address without a user; credentials belong into the "
                     "client's own configuration");
    RT_PUSH(arena, policy->registries, policy->registry_count, policy->registry_capacity) =
        (RtPolicyRegistry){ client, is_scope ? key : RT_STR(""), value->text };
    return RT_FINE;
}

/* "npm: ADDRESS", "pypi: [INDEX, WHERE ITS FILES LIE]" */
static RtErr read_registries(RtArena *arena, RtPolicy *policy, const RtDoc *map)
{
    if (map->kind != RT_DOC_MAP)
        return wrong(policy->path, map->line, "`registries` wants a map: npm: https://…");
    for (size_t i = 0; i < map->count; i++) {
        const RtDoc *value = &map->items[i];
        if (value->kind != RT_DOC_LIST)
            RT_TRY(read_registry(arena, policy, map->keys[i].text, value));
        for (size_t k = 0; value->kind == RT_DOC_LIST && k < value->count; k++)
            RT_TRY(read_registry(arena, policy, map->keys[i].text, &value->items[k]));
    }
    return RT_FINE;
}

RtErr rt_policy_read(RtArena *arena, RtStr path, RtStr bytes, RtPolicy *policy)
{
    RtDocFault fault = { 0 };
    policy->path = path;
    const RtDoc *root = rt_doc_read_yaml(arena, bytes, NULL, &fault);
    if (!root)
        return rt_fail(RT_ERR_FORMAT, "%.*s:%u: %.*s", RT_FMT(rt_str_sub(path, 0, 100)), fault.line,
                       RT_FMT(rt_escaped(arena, rt_str_sub(fault.text, 0, 100))));
    const RtDoc *audit = rt_doc_get(root, RT_STR("audit"));
    for (size_t i = 0; root->kind == RT_DOC_MAP && i < root->count; i++)
        if (!rt_str_equal(root->keys[i].text, RT_STR("audit")))
            return wrong(path, root->keys[i].line, "unknown key; `audit` is known");
    if (!audit)
        return wrong(path, root->line, "there is no `audit` in it");
    for (size_t i = 0; audit->kind == RT_DOC_MAP && i < audit->count; i++)
        if (!rt_str_equal(audit->keys[i].text, RT_STR("allow")) &&
            !rt_str_equal(audit->keys[i].text, RT_STR("registries")))
            return wrong(path, audit->keys[i].line,
                         "unknown key in `audit`; `allow` and `registries` are known");
    const RtDoc *allow = rt_doc_get(audit, RT_STR("allow"));
    const RtDoc *registries = rt_doc_get(audit, RT_STR("registries"));
    if (registries)
        RT_TRY(read_registries(arena, policy, registries));
    if ((!allow && !registries) || (allow && allow->kind != RT_DOC_LIST))
        return wrong(path, audit->line, "`audit` wants `allow`, a list, or `registries`, a map");
    for (size_t i = 0; allow && i < allow->count; i++)
        RT_TRY(read_entry(arena, policy, &allow->items[i]));
    return RT_FINE;
}

/* ---- the baseline: one fingerprint per line, then words for people */

static int compare(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

RtErr rt_policy_read_baseline(RtArena *arena, RtStr path, RtStr bytes, RtPolicy *policy)
{
    RtStr rest = bytes, line, mark;
    uint32_t number = 1;
    if (!rt_str_next(&rest, '\n', &mark) || !rt_str_equal(rt_str_trim(mark), RT_STR(BASELINE_MARK)))
        return wrong(path, 1, "no baseline of ratter audit; --write-baseline makes one");
    while (rt_str_next(&rest, '\n', &line)) {
        number++;
        RtStr word;
        line = rt_str_trim(line);
        if (line.len == 0 || line.at[0] == '#' || !rt_str_next(&line, ' ', &word))
            continue;
        if (word.len != 64)
            return wrong(path, number, "a line begins with 64 hex digits");
        RT_PUSH(arena, policy->known, policy->known_count, policy->known_capacity) = word;
    }
    if (policy->known_count)
        qsort(policy->known, policy->known_count, sizeof *policy->known, compare);
    return RT_FINE;
}

/* Lines move and paths are relative to who asks: neither takes part. */
static RtStr fingerprint(RtAudit *audit, const RtAuditHit *hit, RtStr purl)
{
    RtText text = { .arena = audit->arena };
    size_t slash = rt_str_rfind_byte(audit->lock.path, '/');
    RtStr name =
        slash == RT_NOT_FOUND ? audit->lock.path : rt_str_from(audit->lock.path, slash + 1);
    const RtStr pieces[] = { rt_audit_id(hit->finding), name, purl, hit->says };
    for (size_t i = 0; i < RT_COUNT(pieces); i++) {
        rt_text_add(&text, pieces[i]);
        rt_text_byte(&text, 0);
    }
    uint8_t digest[32];
    rt_sha256(rt_text_str(&text), digest);
    return rt_hex(audit->arena, (RtStr){ digest, sizeof digest });
}

static bool fits(RtStr pattern, RtStr purl)
{
    if (pattern.len == 0)
        return true;
    if (pattern.at[pattern.len - 1] == '*')
        return rt_str_starts(purl, rt_str_sub(pattern, 0, pattern.len - 1));
    return rt_str_equal(pattern, purl);
}

static bool is_allowed(RtPolicy *policy, const RtAudit *audit, const RtAuditHit *hit, RtStr purl)
{
    bool allowed = false;
    for (size_t i = 0; i < policy->count; i++) {
        RtAllowed *entry = &policy->items[i];
        bool expired = entry->expires != 0 && audit->now >= entry->expires;
        if (!expired && rt_str_equal(entry->rule, rt_audit_id(hit->finding)) &&
            fits(entry->purl, purl)) {
            entry->used++;
            allowed = true;
        }
    }
    return allowed;
}

void rt_policy_apply(RtPolicy *policy, RtAudit *audit, RtText *baseline)
{
    size_t kept = 0;
    for (size_t i = 0; i < audit->hit_count; i++) {
        const RtAuditHit hit = audit->hits[i];
        RtStr purl =
            hit.item ? rt_audit_purl(audit->arena, &audit->lock.items[hit.item - 1]) : RT_STR("");
        if (is_allowed(policy, audit, &hit, purl))
            continue;
        RtStr print = fingerprint(audit, &hit, purl);
        if (baseline)
            rt_text_format(baseline, "%.*s %.*s %.*s\n", RT_FMT(print),
                           RT_FMT(rt_audit_id(hit.finding)), RT_FMT(purl));
        bool was_known = policy->known_count > 0 && hit.finding != RT_AUDIT_KNOWN &&
                         bsearch(&print, policy->known, policy->known_count, sizeof print, compare);
        if (!was_known)
            audit->hits[kept++] = hit;
    }
    audit->hit_count = kept;
}

void rt_policy_review(const RtPolicy *policy, RtAudit *audit)
{
    for (size_t i = 0; i < policy->count; i++) {
        const RtAllowed *entry = &policy->items[i];
        bool expired = entry->expires != 0 && audit->now >= entry->expires;
        if (expired)
            rt_audit_hit_line(audit, RT_AUDIT_POLICY_EXPIRED, policy->path, entry->line,
                              "%.*s %.*s", RT_FMT(entry->rule), RT_FMT(entry->purl));
        else if (entry->used == 0)
            rt_audit_hit_line(audit, RT_AUDIT_POLICY_UNUSED, policy->path, entry->line, "%.*s %.*s",
                              RT_FMT(entry->rule), RT_FMT(entry->purl));
    }
}
