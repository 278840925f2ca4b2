/* wire.h - what crosses the wall: requests with descriptors going in, one report coming out.
 *
 * The parent believes nothing a worker says: rt_wire_get_report checks every length, count and enum
 * against the bytes that arrived and gives nothing at all when one is off. */
#ifndef RT_SCAN_WIRE_H
#define RT_SCAN_WIRE_H

#include "base/cursor.h"
#include "model/model.h"

/* Every message of either direction starts with this; numbers are little-endian. */
typedef struct {
    uint32_t magic, kind, count, len; /* kind: RtWireKind; len: bytes that follow the head */
} RtWireHead;
enum {
    RT_WIRE_MAGIC = 0x52415431 /* "RAT1" */,
    RT_WIRE_BATCH = 48,
    RT_WIRE_REPLY_LIMIT = 64 << 20
};
typedef enum { RT_WIRE_ENTRIES = 1, RT_WIRE_REPORT, RT_WIRE_READY, RT_WIRE_REFUSED } RtWireKind;

/* What is known of one thing handed in. */
typedef enum { RT_GIVEN_FILE, RT_GIVEN_LINK, RT_GIVEN_UNREADABLE, RT_GIVEN_SPECIAL } RtGivenKind;
typedef struct {
    RtStr name; /* path in the artifact; for a link `link` is its target */
    RtStr link;
    RtGivenKind kind;
    uint32_t mode;
    uint64_t size;
    int fd; /* FILE only; the receiver owns it */
} RtGiven;

/* The first batch of a request carries the artifact's own name and form; `last` ends the request.
 */
typedef struct {
    RtStr name;
    bool is_tree, last;
    RtGiven given[RT_WIRE_BATCH];
    uint32_t count;
} RtBatch;

void rt_wire_put_batch(RtText *out, const RtBatch *batch);
/* False when the bytes are not a batch. Descriptors are matched to FILE entries in order. */
bool rt_wire_get_batch(RtStr bytes, const int *fds, size_t fd_count, RtBatch *ret_batch);

/* Part of a report; also the form in which summaries are stored. */
void rt_wire_put_summary(RtText *out, const struct RtSummary *summary);
/* NULL: there is none, or the bytes are short of one (then `in` says so). */
const struct RtSummary *rt_wire_take_summary(RtArena *arena, RtCursor *in);

void rt_wire_put_report(RtText *out, const RtReport *report);
/* False when anything is off. Strings are copied into `arena`. */
bool rt_wire_get_report(RtArena *arena, RtStr bytes, RtReport *ret_report);

#endif
