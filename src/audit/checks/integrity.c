/* integrity.c - what holds an entry to its bytes: missing, broken, ambiguous, contradicting
 * (PROTOCOLS 2.1, check 2). Formats that know no hashes at all are left in peace: what counts is
 * what the neighbours have. */
#include "audit/audit.h"
#include "base/words.h"

typedef enum { SUM_NONE, SUM_WEAK, SUM_STRONG, SUM_OTHER, SUM_MALFORMED } Sum;

static bool is_made_of(RtStr text, const char *alphabet)
{
    for (size_t i = 0; i < text.len; i++)
        if (rt_str_find_byte(rt_str_from_c(alphabet), text.at[i]) == RT_NOT_FOUND)
            return false;
    return true;
}

/* "sha512-base64", "sha256:hex", "SHA-512:hex", "h1:base64", "10c0/hex" */
static Sum kind_of(RtStr text, RtStr *ret_name)
{
    static const struct {
        const char *names;
        size_t bytes;
        Sum kind;
    } known[] = { { "md5", 16, SUM_WEAK },
                  { "sha1 sha-1", 20, SUM_WEAK },
                  { "sha224 sha-224", 28, SUM_STRONG },
                  { "sha256 sha-256", 32, SUM_STRONG },
                  { "sha384 sha-384", 48, SUM_STRONG },
                  { "sha512 sha-512", 64, SUM_STRONG } };
    size_t colon = rt_str_find_byte(text, ':');
    size_t dash = rt_str_find_byte(text, '-');
    size_t end = colon != RT_NOT_FOUND ? colon : dash;
    *ret_name = rt_str_sub(text, 0, end == RT_NOT_FOUND ? 0 : end);
    RtStr value = end == RT_NOT_FOUND ? RT_STR("") : rt_str_from(text, end + 1);
    for (size_t i = 0; i < RT_COUNT(known); i++) {
        if (!rt_word_in(*ret_name, known[i].names))
            continue;
        size_t question = rt_str_find_byte(value, '?'); /* SRI options */
        value = rt_str_sub(value, 0, question == RT_NOT_FOUND ? value.len : question);
        bool hex = value.len == known[i].bytes * 2 && is_made_of(value, "0123456789abcdefABCDEF");
        bool base64 = value.len == (known[i].bytes + 2) / 3 * 4 &&
                      is_made_of(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789+/=");
        return hex || base64 ? known[i].kind : SUM_MALFORMED;
    }
    return SUM_OTHER;
}

static Sum best_of(const RtDependency *item)
{
    Sum best = SUM_NONE;
    for (uint32_t i = 0; i < item->integrity_count; i++) {
        RtStr name;
        Sum sum = kind_of(item->integrity[i], &name);
        if (sum == SUM_OTHER || sum == SUM_STRONG)
            return SUM_STRONG;
        if (best == SUM_NONE || sum == SUM_WEAK)
            best = sum;
    }
    return best;
}

/* Formats in which an entry is one archive, so that one hash of a kind is all there can be. */
static bool is_single(const RtDependency *item)
{
    return rt_str_equal(item->ecosystem, RT_STR("npm")) ||
           rt_str_equal(item->ecosystem, RT_STR("cargo")) ||
           rt_str_equal(item->ecosystem, RT_STR("golang"));
}

static void check_ambiguous(RtAudit *audit, uint32_t id)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    for (uint32_t i = 1; i < item->integrity_count && i < 8; i++) {
        RtStr name, before;
        (void)kind_of(item->integrity[i], &name);
        for (uint32_t j = 0; j < i; j++) {
            (void)kind_of(item->integrity[j], &before);
            if (rt_str_equal_nocase(name, before) &&
                !rt_str_equal(item->integrity[i], item->integrity[j])) {
                rt_audit_hit(audit, RT_AUDIT_MANY_INTEGRITIES, id, "%.*s or %.*s",
                             RT_FMT(item->integrity[j]), RT_FMT(item->integrity[i]));
                return;
            }
        }
    }
}

/* An entry that its client would hold to a hash. */
static bool should_have(const RtDependency *item)
{
    /* Composer's hashes are there only for registries that pack archives themselves. */
    return !rt_str_equal(item->ecosystem, RT_STR("composer")) && item->source == RT_FROM_REGISTRY &&
           !(item->flags & (RT_DEP_PATCHED | RT_DEP_LOOSE)) &&
           !rt_str_starts(item->url, RT_STR("patch:"));
}

/* Yarn berry has no checksum for what this platform never fetched; an SBOM may leave hashes out. */
static bool is_excused(const RtAudit *audit, const RtDependency *item)
{
    return rt_word_in(audit->lock.kind, "cyclonedx spdx installed") ||
           (rt_str_equal(audit->lock.kind, RT_STR("yarn")) && (item->flags & RT_DEP_NARROW));
}

static void check_each(RtAudit *audit)
{
    uint32_t with = 0, strong = 0, without = 0;
    for (size_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *item = &audit->lock.items[i];
        if (!should_have(item) || is_excused(audit, item))
            continue;
        Sum sum = best_of(item);
        with += sum != SUM_NONE;
        without += sum == SUM_NONE;
        strong += sum == SUM_STRONG;
    }
    for (uint32_t id = 1; id <= audit->lock.count; id++) {
        const RtDependency *item = &audit->lock.items[id - 1];
        Sum sum = best_of(item);
        for (uint32_t i = 0; i < item->integrity_count; i++) {
            RtStr name;
            if (kind_of(item->integrity[i], &name) == SUM_MALFORMED) {
                rt_audit_hit(audit, RT_AUDIT_BAD_INTEGRITY, id, "%.*s",
                             RT_FMT(rt_str_sub(item->integrity[i], 0, 200)));
                break;
            }
        }
        if (is_single(item))
            check_ambiguous(audit, id);
        if (!should_have(item) || is_excused(audit, item))
            continue;
        if (sum == SUM_NONE && with > 0 && with >= without)
            rt_audit_hit(audit, RT_AUDIT_NO_INTEGRITY, id, "no integrity, %u others have one",
                         with);
        else if (sum == SUM_WEAK && strong * 2 > with)
            rt_audit_hit(audit, RT_AUDIT_WEAK_INTEGRITY, id, "only %.*s",
                         RT_FMT(rt_str_sub(item->integrity[0], 0, 120)));
    }
}

/* ---- the same release twice */

typedef struct {
    uint32_t *slots;
    size_t count;
} Table;

static uint64_t key_of(const RtDependency *item)
{
    return rt_str_hash(item->name) ^ rt_str_hash(item->version) * 31 ^
           rt_str_hash(item->ecosystem) * 7;
}

static bool is_same_release(const RtDependency *a, const RtDependency *b)
{
    return rt_str_equal(a->name, b->name) && rt_str_equal(a->version, b->version) &&
           rt_str_equal(a->ecosystem, b->ecosystem);
}

/* Both name a hash of one kind, and no hash of that kind in common. */
static bool contradict(const RtDependency *a, const RtDependency *b)
{
    bool comparable = false;
    for (uint32_t i = 0; i < a->integrity_count && i < 64; i++)
        for (uint32_t j = 0; j < b->integrity_count && j < 64; j++) {
            RtStr left, right;
            (void)kind_of(a->integrity[i], &left);
            (void)kind_of(b->integrity[j], &right);
            if (left.len == 0 || !rt_str_equal_nocase(left, right))
                continue;
            if (rt_str_equal(a->integrity[i], b->integrity[j]))
                return false;
            comparable = true;
        }
    return comparable;
}

static void check_pairs(RtAudit *audit)
{
    Table table = { .count = 64 };
    while (table.count < audit->lock.count * 2)
        table.count *= 2;
    table.slots = RT_NEW_ARRAY(audit->arena, uint32_t, table.count);
    for (uint32_t id = 1; id <= audit->lock.count; id++) {
        const RtDependency *item = &audit->lock.items[id - 1];
        if (item->integrity_count == 0 || item->version.len == 0)
            continue;
        size_t at = (size_t)key_of(item) & (table.count - 1);
        while (table.slots[at] != 0 &&
               !is_same_release(&audit->lock.items[table.slots[at] - 1], item))
            at = (at + 1) & (table.count - 1);
        if (table.slots[at] == 0) {
            table.slots[at] = id;
            continue;
        }
        const RtDependency *first = &audit->lock.items[table.slots[at] - 1];
        if (contradict(first, item))
            rt_audit_hit(audit, RT_AUDIT_TWO_CONTENTS, id, "%.*s here, %.*s in line %u",
                         RT_FMT(rt_str_sub(item->integrity[0], 0, 120)),
                         RT_FMT(rt_str_sub(first->integrity[0], 0, 120)), first->line);
    }
}

static void run(RtAudit *audit)
{
    check_each(audit);
    check_pairs(audit);
}

const RtAuditCheck rt_audit_check_integrity = { .name = "integrity", .run = run };
