/* look.h - the part of a look that runs behind the wall: one place against the bytes of one file.
 * Pure, so that tests and the fuzzer call it without a wall. */
#ifndef RT_SWEEP_LOOK_H
#define RT_SWEEP_LOOK_H

#include "base/cursor.h"
#include "sweep/place.h"

enum { RT_LOOK_SNIPPET = 240 };

/* Where answers go: item, place, line, snippet, and of a package ecosystem, name and version. */
typedef struct {
    const RtPlaces *places;
    RtText text;
    uint32_t item;
    size_t count; /* answers so far */
    /* The tree of `json_of`, which several places ask for; lives in the arena that was given. */
    const uint8_t *json_of;
    const struct RtJson *json;
} RtLookOut;

/* `arena` is for this file alone. `name` is the file's path; at most 25 answers for one place of
 * one file (npm's records: 5000). */
void rt_look_at(RtLookOut *out, RtArena *arena, uint32_t place, RtStr name, RtStr bytes);

#endif
