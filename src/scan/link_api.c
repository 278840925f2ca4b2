/* link_api.c - include/ratter/link.h on top of the link room. */
#include "ratter/link.h"

#include "link/attribute.h"
#include "scan/engine.h"

int ratter_profiles_list(void (*visit)(void *context, const char *id, const char *title),
                         void *context, ratter_error *error)
{
    RtProfiles *profiles = NULL;
    RtErr err = rt_profiles_open(rt_profiles_builtin(), &profiles);
    if (err.code != RT_OK)
        return rt_engine_fail(error, err);
    for (size_t i = 0; i < profiles->count; i++)
        visit(context, rt_str_c(profiles->arena, profiles->items[i].id),
              rt_str_c(profiles->arena, profiles->items[i].title));
    rt_profiles_close(profiles);
    return 0;
}

static RtErr compare(const RtProfiles *profiles, const char *const names[2], unsigned columns,
                     RtText *out)
{
    const RtProfile *pair[2];
    for (size_t i = 0; i < 2; i++) {
        pair[i] = rt_profiles_find(profiles, rt_str_from_c(names[i]));
        if (pair[i] == NULL)
            return rt_fail(RT_ERR_USAGE,
                           "no profile is called '%.60s'; `ratter link --list` lists them",
                           names[i]);
    }
    rt_profiles_compare(out, pair[0], pair[1], columns);
    return RT_FINE;
}

int ratter_profiles_compare(const char *left, const char *right, unsigned columns,
                            ratter_write write, void *context, ratter_error *error)
{
    RtProfiles *profiles = NULL;
    RtErr err = rt_profiles_open(rt_profiles_builtin(), &profiles);
    if (err.code != RT_OK)
        return rt_engine_fail(error, err);
    const char *const names[2] = { left, right };
    RtText out = { .arena = profiles->arena };
    err = compare(profiles, names, columns, &out);
    int status = err.code == RT_OK ? write(context, out.at, out.len) : rt_engine_fail(error, err);
    rt_profiles_close(profiles);
    return status;
}

int ratter_profiles_check(const char *folder, void (*say)(void *context, const char *line),
                          void *context, ratter_error *error)
{
    return rt_engine_check(rt_profiles_pack, folder, say, context, error);
}
