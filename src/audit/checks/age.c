/* age.c - releases of the last days. Most malicious ones are gone from their registry within a
 * week, so that nobody who waits that long ever installs them. Known only where the lockfile
 * repeats when the files were uploaded (uv, PEP 751). */
#include "audit/audit.h"
#include "intel/names.h"

static const int64_t day = 86400, fresh_days = 7;

static void run(RtAudit *audit)
{
    for (uint32_t id = 1; id <= audit->lock.count; id++) {
        const RtDependency *item = &audit->lock.items[id - 1];
        int64_t released = item->released.len ? rt_time_read(item->released) : 0;
        int64_t age = audit->now - released;
        if (released > 0 && age >= 0 && age < fresh_days * day)
            rt_audit_hit(audit, RT_AUDIT_FRESH, id, "uploaded %lld day%s ago (%.*s)",
                         (long long)(age / day), age / day == 1 ? "" : "s",
                         RT_FMT(rt_str_sub(item->released, 0, 30)));
    }
}

const RtAuditCheck rt_audit_check_age = { .name = "age", .run = run };
