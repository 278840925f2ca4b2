/* lock_writer.h - what a lockfile reader writes into, and what all readers need: lines, a table of
 * keys, and who needs whom. */
#ifndef RT_ECOSYSTEM_LOCKFILES_LOCK_WRITER_H
#define RT_ECOSYSTEM_LOCKFILES_LOCK_WRITER_H

#include "ecosystem/lockfile.h"

typedef struct {
    RtStr key;
    uint32_t id;
} RtLockSlot;

struct RtLockWriter {
    RtArena *arena;
    RtStr text;    /* the whole file */
    RtStr project; /* the project's own name, where the file has it */
    RtDependency *items;
    size_t count, capacity;
    RtLockNote *notes;
    size_t note_count, note_capacity;
    RtWanted *wanted;
    size_t wanted_count, wanted_capacity;
    RtWantedKind wanted_kind;
    struct {
        uint32_t from, to;
    } * needs;
    size_t need_count, need_capacity;
    RtLockSlot *slots; /* open addressing; a power of two, or none yet */
    size_t slot_count, key_count;
    uint32_t *line_starts;
    size_t line_count;
    RtText scratch;    /* for keys that are only looked up */
    uint64_t searched; /* bytes of keys built for that */
    bool incomplete;
};

/* Adds a dependency and gives its id (1 + index), 0 when there are too many. A line of 0 stays. */
uint32_t rt_lock_add(RtLockWriter *out, RtDependency dependency);
RtDependency *rt_lock_item(RtLockWriter *out, uint32_t id); /* valid until the next add */
void rt_lock_note(RtLockWriter *out, RtStr what, RtStr detail, uint32_t line);
/* As rt_lock_note, and the lock is not complete. */
void rt_lock_broken(RtLockWriter *out, RtStr what, RtStr detail, uint32_t line);
void rt_lock_want(RtLockWriter *out, RtStr name, RtStr spec, uint32_t flags, uint32_t line);

/* A table of keys for finding dependencies again; the last of equal keys counts. */
void rt_lock_key(RtLockWriter *out, RtStr key, uint32_t id);
uint32_t rt_lock_find(const RtLockWriter *out, RtStr key); /* 0: none */
/* As rt_lock_find, of the key that `pieces` make together; nothing is kept. After 512 MiB of such
 * keys (a file made to be slow) it finds nothing any more, and a note says so. */
uint32_t rt_lock_find_joined(RtLockWriter *out, const RtStr *pieces, size_t count);
#define RT_LOCK_FIND(out, ...)                                                                     \
    rt_lock_find_joined((out), (const RtStr[]){ __VA_ARGS__ },                                     \
                        sizeof((const RtStr[]){ __VA_ARGS__ }) / sizeof(RtStr))
/* The key "A B" (a blank between), for "name version". */
RtStr rt_lock_pair(RtLockWriter *out, RtStr a, RtStr b);

/* Says that `from` (0: the project) needs `to`; ids of 0 as `to` are passed over. From these the
 * shortest ways and RT_DEP_DIRECT follow when the reader is done. */
void rt_lock_needs(RtLockWriter *out, uint32_t from, uint32_t to);

/* For files that do not say what the project asks for: what nobody else needs, it does. */
void rt_lock_guess_direct(RtLockWriter *out);

/* Line of a byte of the text, by offset or by address (0 when it is not of the text). */
uint32_t rt_lock_line(RtLockWriter *out, size_t offset);
uint32_t rt_lock_line_at(RtLockWriter *out, const uint8_t *at);

/* Sets the integrity from texts parted by blanks. */
void rt_lock_integrity(RtLockWriter *out, RtDependency *dependency, RtStr text);
void rt_lock_one_integrity(RtLockWriter *out, RtDependency *dependency, RtStr text);

/* What an address or specification means: RT_FROM_REGISTRY for a version, a range, a tag. */
RtDependencySource rt_lock_source(RtStr spec);
/* PEP 503: lower case, runs of "-_." become "-". */
RtStr rt_lock_pypi_name(RtLockWriter *out, RtStr name);
/* True when a version specification pins one version: no operator, no wildcard. */
bool rt_lock_is_exact(RtStr version);
/* A "pkg:type/ns/name@version?…#…" taken apart; false when it is none. */
bool rt_lock_purl(RtLockWriter *out, RtStr purl, RtDependency *ret_dependency);

#endif
