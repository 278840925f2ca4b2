/* names.h - what feeds and registries call the same thing by: ecosystems, package names, hosts. */
#ifndef RT_INTEL_NAMES_H
#define RT_INTEL_NAMES_H

#include "base/str.h"

/* The purl type of an ecosystem as OSV, a client or a purl names it: "PyPI" is pypi, "crates.io"
 * cargo, "Packagist" composer; what stands behind a ':' ("Maven:https://…") is cut. An unknown one
 * comes back in lower case. In `arena` or static. */
RtStr rt_ecosystem_type(RtArena *arena, RtStr name);
/* OSV's spelling of a purl type; the type itself when OSV has none. */
RtStr rt_ecosystem_osv(RtStr type);

/* A package's name as its registry compares it: PEP 503 for pypi, '-' for '_' in cargo, lower case
 * where the registry does not tell case apart. npm and maven do: left alone. */
RtStr rt_package_name(RtArena *arena, RtStr type, RtStr name);

/* A host: lower case, without the dot at its end; "[.]" and "hxxp" of reports are undone first
 * (rt_refang). Empty when it is none. */
RtStr rt_host_name(RtArena *arena, RtStr text);
/* hxxp://a[.]b[:]80 as it was before somebody made it harmless. */
RtStr rt_refang(RtArena *arena, RtStr text);
/* A dotted quad in canonical form, or an IPv6 address in lower case. */
bool rt_is_ip(RtStr text);

/* Seconds since 1970 of an RFC 3339 time or date; 0 when it is none. */
int64_t rt_time_read(RtStr text);
/* "2026-11-21T16:12:00Z"; years 1970 to 9999, others are held to that range. */
RtStr rt_time_text(RtArena *arena, int64_t seconds);

#endif
