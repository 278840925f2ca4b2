/* intel.h - what is already known: packages, indicators and campaigns that others reported, with
 * where each came from.
 *
 * A store holds entries under a source ("osv", "seed", "misp:…"); an import replaces what its
 * source said before, in one transaction. Look-ups never read more than they answer. */
#ifndef RT_INTEL_INTEL_H
#define RT_INTEL_INTEL_H

#include "base/str.h"

typedef struct RtIntel RtIntel;

typedef enum {
    RT_INTEL_PACKAGE, /* value: name as the registry normalises it; ecosystem and versions apply */
    RT_INTEL_DOMAIN,
    RT_INTEL_URL,
    RT_INTEL_IP,
    RT_INTEL_IP_PORT,
    RT_INTEL_SHA256, /* hex */
    RT_INTEL_SHA512, /* hex */
    RT_INTEL_SHA1,   /* hex */
    RT_INTEL_MARKER, /* a text that stands in the code */
    RT_INTEL_WALLET,
    RT_INTEL_PATH, /* a file a family drops */
    RT_INTEL_ACCOUNT,
    RT_INTEL_EMAIL,
    RT_INTEL_EXTENSION,
    RT_INTEL_KINDS
} RtIntelKind;
RtStr rt_intel_kind_name(RtIntelKind kind);

typedef enum { RT_ROLE_ACTOR, RT_ROLE_VICTIM, RT_ROLE_TARGET, RT_ROLE_NOT_SAID } RtIntelRole;

typedef struct {
    RtIntelKind kind;
    RtIntelRole role; /* a hijacked package is a VICTIM: name and version must both match */
    RtStr ecosystem, value;
    RtStr versions; /* exact versions and ranges as stored; empty: all */
    RtStr id;       /* "MAL-2024-1234"; may be empty */
    RtStr campaign, source, summary;
    uint8_t confidence; /* 0..100 */
    uint8_t tlp;        /* 0 clear, 1 green, 2 amber, 3 amber+strict, 4 red */
    int64_t modified, valid_from, valid_until; /* seconds since 1970; 0: not said */
} RtIntelEntry;

/* Opens (and creates when `writable`) the store at `path`. RT_ERR_ABSENT when there is none to
 * read; RT_ERR_IO when it is locked or full; RT_ERR_FORMAT when it is corrupt (the text says to run
 * `ratter intel verify`). */
RtErr rt_intel_open(RtStr path, bool writable, RtIntel **ret_intel) RT_MUST_USE;
void rt_intel_close(RtIntel *intel); /* accepts NULL */

/* Entries that apply to a package; `version` empty: any entry of that name. Withdrawn ones are not
 * given. Strings live in `arena`. */
RtErr rt_intel_package(RtIntel *intel, RtArena *arena, RtStr ecosystem, RtStr name, RtStr version,
                       const RtIntelEntry **ret_entries, size_t *ret_count) RT_MUST_USE;
RtErr rt_intel_value(RtIntel *intel, RtArena *arena, RtIntelKind kind, RtStr value,
                     const RtIntelEntry **ret_entries, size_t *ret_count) RT_MUST_USE;

/* When the newest import was made and what the newest record says of its own age; 0 when empty. */
typedef struct {
    uint64_t packages, indicators, withdrawn;
    int64_t imported, newest;
} RtIntelStatus;
RtErr rt_intel_status(RtIntel *intel, RtIntelStatus *ret_status) RT_MUST_USE;

#endif
