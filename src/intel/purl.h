/* purl.h - package URLs, read and built by the rules of purl-spec (ECMA-427). */
#ifndef RT_INTEL_PURL_H
#define RT_INTEL_PURL_H

#include "base/str.h"

enum { RT_PURL_QUALIFIERS = 32 };

typedef struct {
    RtStr key, value;
} RtPurlQualifier;

/* All parts decoded; those that are absent are empty. */
typedef struct {
    RtStr type;       /* lower case: "npm" */
    RtStr namespace_; /* "@scope", "org.apache", "github.com/owner" */
    RtStr name, version;
    RtStr subpath;
    RtPurlQualifier qualifiers[RT_PURL_QUALIFIERS]; /* sorted by key */
    size_t qualifier_count;
} RtPurl;

/* Reads and normalises by the rules of the type. False when `text` is no purl. Strings live in
 * `arena` or in `text`. */
bool rt_purl_read(RtArena *arena, RtStr text, RtPurl *ret_purl);
/* The canonical form; false when type or name are missing or not to be had. The parts are
 * normalised as by rt_purl_read. */
bool rt_purl_text(RtArena *arena, const RtPurl *purl, RtStr *ret_text);

/* The name of the package as its registry and RtIntelEntry know it: "@scope/x", "group:artifact",
 * "vendor/x". */
RtStr rt_purl_package(RtArena *arena, const RtPurl *purl);
/* The purl of a package that is named so; empty when that is not to be had. `version` may be
 * empty. */
RtStr rt_purl_of(RtArena *arena, RtStr type, RtStr name, RtStr version);

#endif
