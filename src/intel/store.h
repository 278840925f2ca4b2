/* store.h - where entries are kept: what a database has to do for us, and nothing of how.
 *
 * store_sqlite.c is the one implementation; whoever brings another (PostgreSQL) writes these
 * functions again. A source is a feed under a name. It consists of members (the files of an
 * all.zip, the lines of a file), each known by a key made of its content, so that an import writes
 * only what is new and drops only what is gone. */
#ifndef RT_INTEL_STORE_H
#define RT_INTEL_STORE_H

#include "intel/intel.h"

typedef enum { RT_STORE_READ, RT_STORE_WRITE, RT_STORE_MEMORY } RtStoreMode;

/* RT_ERR_ABSENT when there is none to read; see rt_intel_open for the others. `path` is not used
 * for a store in memory. */
RtErr rt_store_open(RtStr path, RtStoreMode mode, RtStore **ret_store) RT_MUST_USE;
void rt_store_close(RtStore *store); /* accepts NULL */

/* All entries under one normalised value, withdrawn ones included; `ecosystem` is empty for
 * everything but packages. Strings live in `arena`. Sorted by source, member, order of writing. */
RtErr rt_store_find(RtStore *store, RtArena *arena, RtIntelKind kind, RtStr ecosystem, RtStr value,
                    const RtIntelEntry **ret_entries, size_t *ret_count) RT_MUST_USE;

/* Every entry, sorted by kind, ecosystem, value; an error of `visit` ends the walk and is returned.
 * The entry's strings live until `visit` returns. */
typedef RtErr (*RtStoreVisit)(void *context, const RtIntelEntry *entry);
RtErr rt_store_each(RtStore *store, RtStoreVisit visit, void *context) RT_MUST_USE;

typedef struct {
    RtStr name, format;
    RtStr digest; /* of the whole feed at its last import; may be empty */
    int64_t imported, newest;
    uint64_t packages, indicators, withdrawn, members;
} RtStoreSource;
RtErr rt_store_sources(RtStore *store, RtArena *arena, const RtStoreSource **ret_sources,
                       size_t *ret_count) RT_MUST_USE;

/* An import: begin, then for each member of the feed `keep` or `add` and its entries, then end.
 * Between begin
 * and end nobody else sees a change; with `commit` false, or after any error, nothing
 * has changed. What was neither kept nor added is dropped at the end. */
RtErr rt_store_begin(RtStore *store, RtStr source) RT_MUST_USE;
/* The keys of the source's members, in `arena`, in no order to be relied on. */
RtErr rt_store_keys(RtStore *store, RtArena *arena, const uint64_t **ret_keys,
                    size_t *ret_count) RT_MUST_USE;
RtErr rt_store_keep(RtStore *store, uint64_t key) RT_MUST_USE;
RtErr rt_store_add(RtStore *store, uint64_t key) RT_MUST_USE; /* adding twice is no error */
RtErr rt_store_put(RtStore *store, uint64_t key, const RtIntelEntry *entry) RT_MUST_USE;

typedef struct {
    uint64_t members_added, members_kept, members_dropped;
    uint64_t entries_added, entries_dropped;
} RtStoreChange;
/* Called for each entry that is dropped (-1) or was added (1), sorted. */
typedef void (*RtStoreTell)(void *context, int sign, const RtIntelEntry *entry);
/* Drops what is gone and counts; `tell` may be NULL. */
RtErr rt_store_finish(RtStore *store, RtStoreTell tell, void *context,
                      RtStoreChange *ret_change) RT_MUST_USE;
RtErr rt_store_end(RtStore *store, bool commit, RtStr format, RtStr digest,
                   int64_t now) RT_MUST_USE;
/* Notes that the source was looked at again and says what it said. */
RtErr rt_store_touch(RtStore *store, RtStr source, int64_t now) RT_MUST_USE;

/* Reads all of it; every fault is given to `say` as one line. RT_FINE also when there are faults:
 * they are counted. */
RtErr rt_store_verify(RtStore *store, void (*say)(void *context, RtStr line), void *context,
                      uint64_t *ret_faults) RT_MUST_USE;

#endif
