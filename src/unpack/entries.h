/* entries.h - what all archives share: entry names made harmless, twins and links found, oddities
 * told.
 *
 * A name from an archive never becomes a path on the host, but readers and rules see it, and other
 * entries are looked up by it: so it is brought into the form an extractor would write ("./a/../b"
 * is "b"), and whatever was strange about it becomes an anomaly fact of the archive. */
#ifndef RT_UNPACK_ENTRIES_H
#define RT_UNPACK_ENTRIES_H

#include "model/model.h"

/* What can be odd about an archive; the words of the anomaly facts stand in entries.c. */
typedef enum {
    RT_ODD_PATH_TRAVERSAL,
    RT_ODD_ABSOLUTE_PATH,
    RT_ODD_NAME_NUL,
    RT_ODD_NAME_CONTROL,
    RT_ODD_NAME_BIDI,
    RT_ODD_NAME_LONG,
    RT_ODD_NAME_EMPTY,
    RT_ODD_DUPLICATE_ENTRY,
    RT_ODD_LINK_OUT_OF_TREE,
    RT_ODD_DEVICE_ENTRY,
    RT_ODD_SEVERAL_TOP_DIRECTORIES,
    RT_ODD_TRUNCATED,
    RT_ODD_CORRUPT,
    RT_ODD_BOMB,
    RT_ODD_SEVERAL_STREAMS,
    RT_ODD_TRAILING_DATA,
    RT_ODD_PREFIX_DATA,
    RT_ODD_BAD_CHECKSUM,
    RT_ODD_SIZE_DISAGREEMENT,
    RT_ODD_HEADER_DISAGREEMENT,
    RT_ODD_UNKNOWN_TYPE,
    RT_ODD_ENTRIES_AFTER_END,
    RT_ODD_ENCRYPTED_MEMBER,
    RT_ODD_OVERLAPPING_ENTRIES,
    RT_ODD_HIDDEN_ENTRY,
    RT_ODD_KINDS
} RtOddity;

typedef struct RtEntrySlot RtEntrySlot;
typedef struct {
    RtSink *sink;
    RtLayerId self;
    RtEntrySlot *slots; /* by name */
    size_t slot_count, used;
    uint32_t entries; /* seen so far, links and devices included */
    RtStr top;        /* the first entry's top directory */
    bool told_limit;
    uint16_t told[RT_ODD_KINDS]; /* at most a few facts of each kind: a flood must not use up the
                                    budget */
} RtEntries;

RtEntries rt_entries_start(RtLayerId self, RtSink *sink);

/* An anomaly fact about the archive; `detail` may be empty. */
void rt_entries_odd(RtEntries *entries, RtOddity kind, RtStr detail);

/* Emits one file as an ENTRY layer. `name` is the archive's own bytes, `bytes` live in the arena or
 * in the archive. False when a limit was met and going on makes no sense (then it is in the
 * report). */
bool rt_entries_add(RtEntries *entries, RtStr name, RtStr bytes, uint32_t mode);
/* A symbolic or hard link: told when it leads out of the tree; a hard link to an earlier entry is
 * that entry under another name. A symbolic link's target is relative to the link, a hard link's to
 * the archive's root. */
bool rt_entries_link(RtEntries *entries, RtStr name, RtStr target, bool is_hard, uint32_t mode);
/* A directory, a device or whatever has no content. */
bool rt_entries_other(RtEntries *entries, RtStr name, bool is_device);
/* Tells when entries stand under more than one top directory: call after each name when that is
 * unusual. */
void rt_entries_watch_top(RtEntries *entries, RtStr name);

#endif
