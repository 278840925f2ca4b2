/* seed.h - the intelligence that ships with the program: data/intel/seed.lines, encoded so that
 * other scanners do not take ratter for what it hunts (tools/intel-seed reads and makes it). */
#ifndef RT_INTEL_SEED_H
#define RT_INTEL_SEED_H

#include "intel/store.h"

/* Where each entry stands in the program: an entry is decoded when it is asked for. The whole of it
 * as a store (rt_seed_import) costs a thousand look-ups. */
typedef struct {
    struct RtSeedLine {
        uint64_t key;
        uint32_t at, len; /* of its base64 */
    } * lines;            /* sorted by key, then place */
    size_t count;
    uint64_t packages, indicators;
    int64_t newest; /* what its newest entry says of its own age */
} RtSeed;

/* `arena` keeps the table. */
RtSeed rt_seed_open(RtArena *arena);
/* As rt_store_find. */
void rt_seed_find(const RtSeed *seed, RtArena *arena, RtIntelKind kind, RtStr ecosystem,
                  RtStr value, const RtIntelEntry **ret_entries, size_t *ret_count);

/* Hex SHA-256 of the encoded seed, in `arena`. */
RtStr rt_seed_digest(RtArena *arena);
/* The seed in plain, as JSON lines in the form of formats/seed.c. */
RtStr rt_seed_text(RtArena *arena);
/* Writes it into the store under the source "seed", in a transaction of its own. `now` is the time
 * of the import. */
RtErr rt_seed_import(RtStore *store, int64_t now) RT_MUST_USE;

#endif
