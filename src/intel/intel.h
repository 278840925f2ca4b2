/* intel.h - what is already known: packages, indicators and campaigns that others reported, with
 * where each came from.
 *
 * A store holds entries under a source ("osv:…", "seed"); an import replaces what its source said
 * before, in one transaction (store.h). Look-ups never read more than they answer. The seed, which
 * is part of the program, is consulted beside every store that was opened for reading, so that
 * there is something to ask on a machine where nothing was ever imported. */
#ifndef RT_INTEL_INTEL_H
#define RT_INTEL_INTEL_H

#include "base/str.h"

typedef struct RtIntel RtIntel;
typedef struct RtStore RtStore;

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
RtStr rt_intel_kind_name(RtIntelKind kind);                 /* "package", "domain" … "ip-port" */
bool rt_intel_kind_find(RtStr name, RtIntelKind *ret_kind); /* also other feeds' words for it */

typedef enum { RT_ROLE_ACTOR, RT_ROLE_VICTIM, RT_ROLE_TARGET, RT_ROLE_NOT_SAID } RtIntelRole;
RtStr rt_intel_role_name(RtIntelRole role); /* actor victim target not-said */
bool rt_intel_role_find(RtStr name, RtIntelRole *ret_role);

RtStr rt_intel_tlp_name(uint8_t tlp);                 /* clear green amber amber+strict red */
bool rt_intel_tlp_find(RtStr name, uint8_t *ret_tlp); /* "TLP:WHITE" is clear */

typedef struct {
    RtIntelKind kind;
    RtIntelRole role; /* a hijacked package is a VICTIM: name and version must both match */
    RtStr ecosystem, value;
    RtStr versions; /* as versions.h writes them: exact ones and ranges; empty: all */
    RtStr id;       /* "MAL-2024-1234"; may be empty */
    RtStr campaign, source, summary;
    uint8_t confidence; /* 0..100 */
    uint8_t tlp;        /* 0 clear, 1 green, 2 amber, 3 amber+strict, 4 red */
    int64_t modified, valid_from, valid_until; /* seconds since 1970; 0: not said */
    int64_t withdrawn;                         /* 0: it stands */
    RtStr reference;                           /* who says so: an address or words; may be empty */
} RtIntelEntry;

/* Brings an entry into the form in which it is kept and found: names as their registry normalises
 * them, hosts and hashes in lower case, texts cut to what is kept. False when it is none that could
 * be kept (an empty value, a hash of the wrong length, an octet of 999); `ret_why` says it. */
bool rt_intel_normalise(RtArena *arena, RtIntelEntry *entry, const char **ret_why);
/* The kind that a bare value looks like: a hash by its length, ip, ip:port, url, domain. False for
 * anything else. */
bool rt_intel_guess(RtStr value, RtIntelKind *ret_kind);

/* Opens the store at `path` (created when `writable`). To read, the seed is consulted as well, and
 * alone when there is no store. RT_ERR_IO when the store is locked, full or cannot be opened;
 * RT_ERR_FORMAT when it is corrupt (the text says to run `ratter intel verify`). */
RtErr rt_intel_open(RtStr path, bool writable, RtIntel **ret_intel) RT_MUST_USE;
void rt_intel_close(RtIntel *intel); /* accepts NULL */

/* Entries that apply to a package; `version` empty: any entry of that name. Withdrawn ones are not
 * given, nor those that another source withdrew under the same id; expired ones are: whoever has a
 * clock compares `valid_until`. Strings live in `arena`. */
RtErr rt_intel_package(RtIntel *intel, RtArena *arena, RtStr ecosystem, RtStr name, RtStr version,
                       const RtIntelEntry **ret_entries, size_t *ret_count) RT_MUST_USE;
/* As above for a value; it is normalised first, and one that is none of its kind finds nothing. */
RtErr rt_intel_value(RtIntel *intel, RtArena *arena, RtIntelKind kind, RtStr value,
                     const RtIntelEntry **ret_entries, size_t *ret_count) RT_MUST_USE;

/* When the newest import was made and what the newest record says of its own age; 0 when empty.
 * The seed counts in `newest`, never in `imported`: a program is no news. */
typedef struct {
    uint64_t packages, indicators, withdrawn;
    int64_t imported, newest;
    bool seed_only; /* there is no store, or nothing in it */
} RtIntelStatus;
RtErr rt_intel_status(RtIntel *intel, RtIntelStatus *ret_status) RT_MUST_USE;

/* The store itself, for imports and exports; NULL when there is none. */
RtStore *rt_intel_store(RtIntel *intel);
/* The seed as a store in memory, made when it is asked for (35 ms); NULL when the store already
 * holds this very seed, or was opened for writing. */
RtErr rt_intel_seed(RtIntel *intel, RtStore **ret_store) RT_MUST_USE;

#endif
