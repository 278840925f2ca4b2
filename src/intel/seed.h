/* seed.h - the intelligence that ships with the program: data/intel/seed.lines, encoded so that
 * other scanners do not take ratter for what it hunts (tools/intel-seed reads and makes it). */
#ifndef RT_INTEL_SEED_H
#define RT_INTEL_SEED_H

#include "intel/store.h"

/* Hex SHA-256 of the encoded seed, in `arena`. */
RtStr rt_seed_digest(RtArena *arena);
/* The seed in plain, as JSON lines in the form of formats/seed.c. */
RtStr rt_seed_text(RtArena *arena);
/* Writes it into the store under the source "seed", in a transaction of its own. `now` is the time
 * of the import. */
RtErr rt_seed_import(RtStore *store, int64_t now) RT_MUST_USE;

#endif
