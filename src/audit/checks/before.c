/* before.c - against the lockfile of before (--against): what runs at install now and did not then,
 * and what has other bytes under the same version. */
#include "audit/audit.h"

typedef struct {
    const RtDependency *item; /* NULL: free */
    bool has_hook;            /* any of this name */
} Slot;

typedef struct {
    Slot *slots;
    size_t count; /* a power of two */
} Table;

/* `version` empty: by name alone. */
static Slot *slot_of(const Table *table, const RtDependency *item, bool with_version)
{
    uint64_t hash = rt_str_hash(item->name) ^ (rt_str_hash(item->ecosystem) << 1);
    if (with_version)
        hash ^= rt_str_hash(item->version) << 2;
    size_t at = (size_t)hash & (table->count - 1);
    for (;; at = (at + 1) & (table->count - 1)) {
        const RtDependency *other = table->slots[at].item;
        if (!other || (rt_str_equal(other->name, item->name) &&
                       rt_str_equal(other->ecosystem, item->ecosystem) &&
                       (!with_version || rt_str_equal(other->version, item->version))))
            return &table->slots[at];
    }
}

static Table table_of(RtArena *arena, const RtLock *lock, bool with_version)
{
    Table table = { .count = 64 };
    while (table.count < lock->count * 2)
        table.count *= 2;
    table.slots = RT_NEW_ARRAY(arena, Slot, table.count);
    for (size_t i = 0; i < lock->count; i++) {
        Slot *slot = slot_of(&table, &lock->items[i], with_version);
        slot->item = &lock->items[i];
        slot->has_hook |= (lock->items[i].flags & RT_DEP_HOOK) != 0;
    }
    return table;
}

/* A lockfile that says nothing of scripts makes none of today's new. */
static bool tells_hooks(const RtLock *lock)
{
    bool tells = rt_str_equal(lock->kind, RT_STR("bun")) ||
                 (rt_str_equal(lock->kind, RT_STR("npm")) && lock->wanted_kind == RT_WANTED_OWN);
    for (size_t i = 0; i < lock->count && !tells; i++)
        tells = (lock->items[i].flags & RT_DEP_HOOK) != 0;
    return tells;
}

static RtStr algorithm_of(RtStr integrity)
{
    size_t end = 0;
    while (end < integrity.len && integrity.at[end] != '-' && integrity.at[end] != ':')
        end++;
    return rt_str_sub(integrity, 0, end);
}

/* Both have sums of one kind, and none of them is the same. */
static bool has_other_bytes(const RtDependency *a, const RtDependency *b)
{
    bool compared = false;
    for (uint32_t i = 0; i < a->integrity_count && i < 200; i++)
        for (uint32_t k = 0; k < b->integrity_count && k < 200; k++) {
            if (rt_str_equal(a->integrity[i], b->integrity[k]))
                return false;
            compared |= rt_str_equal(algorithm_of(a->integrity[i]), algorithm_of(b->integrity[k]));
        }
    return compared;
}

static void run(RtAudit *audit)
{
    const RtLock *before = audit->before;
    if (!before)
        return;
    Table names = table_of(audit->arena, before, false),
          releases = table_of(audit->arena, before, true);
    bool tells = tells_hooks(before);
    for (size_t i = 0; i < audit->lock.count; i++) {
        const RtDependency *item = &audit->lock.items[i];
        const Slot *name = slot_of(&names, item, false), *release = slot_of(&releases, item, true);
        if (tells && (item->flags & RT_DEP_HOOK) && name->item && !name->has_hook)
            rt_audit_hit(audit, RT_AUDIT_NEW_HOOK, (uint32_t)i + 1, "%.*s had none in %.*s",
                         RT_FMT(rt_str_sub(name->item->version, 0, 60)),
                         RT_FMT(rt_str_sub(before->path, 0, 300)));
        if (release->item && has_other_bytes(item, release->item))
            rt_audit_hit(audit, RT_AUDIT_OTHER_BYTES, (uint32_t)i + 1, "in %.*s it is %.*s",
                         RT_FMT(rt_str_sub(before->path, 0, 300)),
                         RT_FMT(rt_str_sub(release->item->integrity[0], 0, 120)));
    }
}

const RtAuditCheck rt_audit_check_before = { .name = "before", .run = run };
