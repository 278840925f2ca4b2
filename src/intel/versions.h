/* versions.h - the order of versions in each ecosystem, and which versions an entry speaks of.
 *
 * Kept form of a set of versions: items parted by '|'. An item is one version ("1.0.1") or bounds
 * that all hold, parted by blanks (">=1.0.0 <2.0.0", ">=1 <=3"). Empty: every version. */
#ifndef RT_INTEL_VERSIONS_H
#define RT_INTEL_VERSIONS_H

#include "base/str.h"

/* Below, at or above 0 as `a` comes before, with or after `b`. Total: text that is no version of
 * its ecosystem has a place, too. Sources: semver.org 2.0, PEP 440, Gem::Version, the Maven POM
 * reference ("Version Order Specification"), PHP's version_compare. */
int rt_version_compare(RtStr type, RtStr a, RtStr b);
/* One per scheme; versions.c picks. */
int rt_version_compare_semver(RtStr a, RtStr b);
int rt_version_compare_python(RtStr a, RtStr b);
int rt_version_compare_ruby(RtStr a, RtStr b);
int rt_version_compare_maven(RtStr a, RtStr b);
int rt_version_compare_php(RtStr a, RtStr b);

/* True when `version` is in the set. */
bool rt_versions_have(RtStr type, RtStr versions, RtStr version);

/* True when the text could be a version in a set: not empty, no blank, bar or control byte, not
 * beginning with a comparison, at most 256 bytes. */
bool rt_version_is_plain(RtStr version);

/* For those files: compares runs of digits by value whatever their length. */
int rt_digits_compare(RtStr a, RtStr b);
bool rt_is_digits(RtStr text);           /* not empty, digits alone */
int rt_compare_nocase(RtStr a, RtStr b); /* by bytes, ASCII letters of either case the same */

#endif
