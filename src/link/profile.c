/* profile.c - a folder of profiles becomes a pack (base/data_pack.h), and a pack becomes profiles.
 */
#include "link/profile.h"

#include <stdlib.h>

#include "base/data_pack.h"

static const RtStr magic = { (const uint8_t *)"ratter-profiles1", 16 };
static const size_t arena_limit = (size_t)64 << 20;

RtErr rt_profiles_pack(RtArena *arena, RtStr folder, RtDocSay *say, void *context, RtText *ret_pack)
{
    const RtDataFile *files;
    size_t count, faults = 0;
    RT_TRY(rt_data_list(arena, folder, "profile", RT_PROFILES_MAX, &files, &count));
    RtProfiles trial = { .arena = arena };
    rt_text_add(ret_pack, magic);
    for (size_t i = 0; i < count; i++) {
        faults += rt_profile_read(&trial, files[i].path, files[i].bytes, say, context);
        rt_data_put(ret_pack, &files[i]);
    }
    faults += rt_profiles_settle(&trial, say, context);
    return faults == 0 ? RT_FINE
                       : rt_fail(RT_ERR_FORMAT, "%zu fault%s in the profiles of %.*s", faults,
                                 faults == 1 ? "" : "s", RT_FMT(folder));
}

const RtProfile *rt_profiles_find(const RtProfiles *profiles, RtStr id)
{
    for (size_t i = 0; i < profiles->count; i++)
        if (rt_str_equal(profiles->items[i].id, id))
            return &profiles->items[i];
    return NULL;
}

static int compare_profiles(const void *a, const void *b)
{
    return rt_str_compare(((const RtProfile *)a)->id, ((const RtProfile *)b)->id);
}

size_t rt_profiles_settle(RtProfiles *profiles, RtDocSay *say, void *context)
{
    size_t faults = 0;
    for (size_t i = 0; i < profiles->count; i++) {
        const RtProfile *profile = &profiles->items[i];
        for (size_t k = 0; k < profile->confusable_count; k++) {
            if (rt_profiles_find(profiles, profile->confusables[k].profile) != NULL)
                continue;
            faults++;
            if (say != NULL)
                say(context,
                    rt_str_format(profiles->arena,
                                  "%.*s.yaml:1: alternatives names no profile: '%.*s'",
                                  RT_FMT(profile->id), RT_FMT(profile->confusables[k].profile)));
        }
    }
    if (profiles->count != 0)
        qsort(profiles->items, profiles->count, sizeof *profiles->items, compare_profiles);
    return faults;
}

static RtErr read_pack(RtProfiles *profiles, RtStr pack)
{
    RtCursor in = { .rest = pack };
    size_t faults = 0;
    if (!rt_str_equal(rt_take(&in, magic.len), magic))
        return rt_fail(RT_ERR_FORMAT, "not a pack of profiles of this version");
    while (in.rest.len != 0 && !in.short_read && faults == 0) {
        RtDataFile file = rt_data_take(profiles->arena, &in);
        if (!in.short_read)
            faults = rt_profile_read(profiles, file.path, file.bytes, NULL, NULL);
    }
    if (in.short_read || faults != 0)
        return rt_fail(RT_ERR_FORMAT, "the pack of profiles is damaged; build ratter again");
    (void)rt_profiles_settle(profiles, NULL, NULL);
    profiles->regexes = rt_regexes_open(profiles->expression_count);
    return profiles->regexes == NULL ? rt_fail(RT_ERR_IO, "out of memory") : RT_FINE;
}

RtErr rt_profiles_open(RtStr pack, RtProfiles **ret_profiles)
{
    RtArena *arena = rt_arena_open(arena_limit, NULL, NULL);
    if (arena == NULL)
        return rt_fail(RT_ERR_IO, "out of memory");
    RtProfiles *profiles = RT_NEW(arena, RtProfiles);
    profiles->arena = arena;
    RtErr err = pack.len == 0 ? RT_FINE : read_pack(profiles, pack);
    if (err.code != RT_OK) {
        rt_profiles_close(profiles);
        return err;
    }
    *ret_profiles = profiles;
    return RT_FINE;
}

void rt_profiles_close(RtProfiles *profiles)
{
    if (profiles == NULL)
        return;
    rt_regexes_close(profiles->regexes);
    rt_arena_close(profiles->arena);
}
