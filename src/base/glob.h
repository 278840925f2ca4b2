/* glob.h - file patterns, as rules and campaign profiles write them. */
#ifndef RT_BASE_GLOB_H
#define RT_BASE_GLOB_H

#include "base/str.h"

/* True when `path` fits `glob`: `*` within a name, `**` across folders, `?` one byte; a glob
 * without `/` is compared with the last name, others with the end of the path (at a folder's edge),
 * one that starts with `/` with the path below the package's folder. Linear. */
bool rt_glob_fits(RtStr glob, RtStr path);

#endif
