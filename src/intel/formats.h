/* formats.h - feeds in and out: one file of formats/ per format, and the folder is the list
 * (formats/osv.c exports rt_intel_format_osv).
 *
 * Feeds are hostile. A reader is a pure function over bytes: it runs behind the wall, takes linear
 * time, gives what it understands and says what it had to leave out. */
#ifndef RT_INTEL_FORMATS_H
#define RT_INTEL_FORMATS_H

#include "base/json.h"
#include "intel/intel.h"

/* Who takes what a reader finds. All texts live at least until the call returns. */
typedef struct {
    RtArena *arena; /* for the reader's own use; forgotten after each piece of a feed */
    void *context;
    void (*entry)(void *context, RtIntelEntry *entry); /* not normalised yet */
    /* A record that cannot be used: which (an id, a line, an offset) and why. */
    void (*bad)(void *context, RtStr what, const char *why);
    uint64_t others; /* counted by the reader: good records that speak of no malware */
} RtIntelTaker;

typedef struct {
    const RtIntelEntry *entries; /* sorted by kind, ecosystem, value */
    size_t count;
    uint8_t tlp;       /* what the whole is marked with */
    int64_t time;      /* of the newest entry: exports know no clock */
    uint64_t left_out; /* counted by the writer: entries the format has no words for */
    RtStr version;     /* of ratter */
} RtIntelExport;

typedef struct {
    const char *name, *title;
    /* 0 not mine … 100 certain. `name` is the file's; `bytes` its content or the start of it. NULL:
     * is not read. */
    int (*bid)(RtStr name, RtStr bytes);
    void (*read)(RtStr name, RtStr bytes, RtIntelTaker *to);
    void (*write)(RtIntelExport *what, RtText *out); /* NULL: is not written */
} RtIntelFormat;

const RtIntelFormat *const *rt_intel_formats(size_t *ret_count);
const RtIntelFormat *rt_intel_format_find(RtStr name);             /* NULL when there is none */
const RtIntelFormat *rt_intel_format_for(RtStr name, RtStr bytes); /* the highest bid, or NULL */

extern const RtIntelFormat rt_intel_format_seed; /* the one that is called by name */

/* ---- for the files of formats/ */

/* Reads `bytes` as JSON and calls `record` for it, for each member when it is an array, or for each
 * line when it is JSON lines. What is no JSON goes to `bad`. */
void rt_feed_json(RtStr name, RtStr bytes, RtIntelTaker *to,
                  void (*record)(const RtJson *json, RtIntelTaker *to));
/* Adds one version or bound to a set (versions.h); false when it is no plain version. `bounds` is
 * ">=" and the like, or "". */
bool rt_versions_add(RtText *set, const char *bounds, RtStr version);
/* A UUID made of a text (version 5 in the namespace; RFC 4122): the same text, the same UUID. */
RtStr rt_uuid(RtArena *arena, RtStr text);
/* `what` is an id, in lower case hex, of the first `bytes` bytes of SHA-256 over kind, ecosystem,
 * value, versions and id of the entry. */
RtStr rt_entry_digest(RtArena *arena, const RtIntelEntry *entry, size_t bytes);
/* Opens `"key":` with a comma where one is due, and the same with a text behind it; an empty text
 * is left out. */
void rt_json_key(RtText *out, const char *key);
void rt_json_pair(RtText *out, const char *key, RtStr value);
void rt_json_comma(RtText *out);

#endif
