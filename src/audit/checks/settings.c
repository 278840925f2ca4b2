/* settings.c - the project's own client configuration: what it redirects, switches off, or runs
 * (PROTOCOLS 2.1, check 9). A person's own configuration is that person's business: it only tells
 * which registries are meant. */
#include "audit/audit.h"
#include "base/words.h"

static const struct {
    const char *keys, *values; /* values: NULL for any */
    RtAuditFinding finding;
} table[] = {
    { "script-shell shell node-options onload-script git init-module", NULL,
      RT_AUDIT_CLIENT_OPTIONS },
    { "pnpmfile global-pnpmfile yarn-path plugin preload rustc-wrapper runner linker "
      "config-dependency",
      NULL, RT_AUDIT_RUNS_CODE },
    { "extra-index find-links", NULL, RT_AUDIT_EXTRA_INDEX },
    { "trusted-host insecure-host", NULL, RT_AUDIT_UNCHECKED_HOST },
    { "strict-ssl secure-http", "false", RT_AUDIT_UNCHECKED_HOST },
    { "override", NULL, RT_AUDIT_OVERRIDE },
    { "patched", NULL, RT_AUDIT_PATCHED },
};

/* "x -> git+https://…" */
static bool is_remote(RtStr value)
{
    size_t arrow = rt_str_find(value, RT_STR(" -> "));
    RtStr target = arrow == RT_NOT_FOUND ? value : rt_str_from(value, arrow + 4);
    return rt_str_has(target, RT_STR("://")) || rt_str_starts(target, RT_STR("github:")) ||
           rt_str_starts(target, RT_STR("git"));
}

static void check(RtAudit *audit, const RtSetting *setting)
{
    for (size_t i = 0; i < RT_COUNT(table); i++) {
        if (!rt_word_in(setting->key, table[i].keys) ||
            (table[i].values && !rt_word_in(setting->value, table[i].values)))
            continue;
        RtAuditFinding finding = table[i].finding;
        if (finding == RT_AUDIT_OVERRIDE && is_remote(setting->value))
            finding = RT_AUDIT_OVERRIDE_SOURCE;
        rt_audit_hit_line(audit, finding, setting->file, setting->line, "%.*s: %.*s = %.*s",
                          RT_FMT(setting->client), RT_FMT(setting->key),
                          RT_FMT(rt_str_sub(setting->value, 0, 300)));
        return;
    }
    bool is_registry = rt_word_in(setting->key, "registry index") ||
                       rt_str_ends(setting->key, RT_STR(":registry"));
    if (is_registry && rt_audit_is_plain(setting->value))
        rt_audit_hit_line(audit, RT_AUDIT_PLAIN_HTTP, setting->file, setting->line, "%.*s: %.*s",
                          RT_FMT(setting->key), RT_FMT(setting->value));
}

static void run(RtAudit *audit)
{
    for (size_t i = 0; i < audit->project.setting_count; i++)
        if (!audit->project.settings[i].is_personal)
            check(audit, &audit->project.settings[i]);
}

const RtAuditCheck rt_audit_check_settings = { .name = "settings", .run = run };
