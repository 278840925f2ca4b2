/* place_pack.c - the folder of places becomes a pack (base/data_pack.h), and a pack becomes places.
 */
#include "base/data_pack.h"
#include "sweep/place.h"

static const RtStr magic = { (const uint8_t *)"ratter-places-1", 15 };
static const size_t arena_limit = (size_t)64 << 20;

RtErr rt_places_pack(RtArena *arena, RtStr folder, RtDocSay *say, void *context, RtText *ret_pack)
{
    const RtDataFile *files;
    size_t count, faults = 0;
    RT_TRY(rt_data_list(arena, folder, "places file", RT_FAMILIES_MAX, &files, &count));
    RtPlaces trial = { .arena = arena };
    rt_text_add(ret_pack, magic);
    for (size_t i = 0; i < count; i++) {
        faults += rt_place_read(&trial, files[i].path, files[i].bytes, say, context);
        rt_data_put(ret_pack, &files[i]);
    }
    if (trial.count == RT_PLACES_MAX)
        return rt_fail(RT_ERR_FORMAT, "%d places or more in %.*s", (int)RT_PLACES_MAX,
                       RT_FMT(folder));
    return faults == 0 ? RT_FINE
                       : rt_fail(RT_ERR_FORMAT, "%zu fault%s in the places of %.*s", faults,
                                 faults == 1 ? "" : "s", RT_FMT(folder));
}

static RtErr read_pack(RtPlaces *places, RtStr pack)
{
    RtCursor in = { .rest = pack };
    size_t faults = 0;
    if (!rt_str_equal(rt_take(&in, magic.len), magic))
        return rt_fail(RT_ERR_FORMAT, "not a pack of places of this version");
    while (in.rest.len != 0 && !in.short_read && faults == 0) {
        RtDataFile file = rt_data_take(places->arena, &in);
        if (!in.short_read)
            faults = rt_place_read(places, file.path, file.bytes, NULL, NULL);
    }
    if (in.short_read || faults != 0)
        return rt_fail(RT_ERR_FORMAT, "the pack of places is damaged; build ratter again");
    places->regexes = rt_regexes_open(places->expressions);
    return places->regexes == NULL ? rt_fail(RT_ERR_IO, "out of memory") : RT_FINE;
}

RtErr rt_places_open(RtStr pack, RtPlaces **ret_places)
{
    RtArena *arena = rt_arena_open(arena_limit, NULL, NULL);
    if (arena == NULL)
        return rt_fail(RT_ERR_IO, "out of memory");
    RtPlaces *places = RT_NEW(arena, RtPlaces);
    places->arena = arena;
    RtErr err = pack.len == 0 ? RT_FINE : read_pack(places, pack);
    if (err.code != RT_OK) {
        rt_places_close(places);
        return err;
    }
    *ret_places = places;
    return RT_FINE;
}

void rt_places_close(RtPlaces *places)
{
    if (places == NULL)
        return;
    rt_regexes_close(places->regexes);
    rt_arena_close(places->arena);
}
