/* lock_python.h - the [[package]] tables that Python's TOML lockfiles share. */
#ifndef RT_ECOSYSTEM_LOCKFILES_LOCK_PYTHON_H
#define RT_ECOSYSTEM_LOCKFILES_LOCK_PYTHON_H

#include "ecosystem/lockfiles/lock_tree.h"

/* Adds the dependency of a package table (name, version, line); 0 when it has no name. Its key is
 * the normalised name, and "name version". */
uint32_t rt_lock_python_add(RtLockWriter *out, const RtDoc *package, RtDependency item);
/* The hash of a file table {url|file, hash} or {hashes = {sha256 = …}}; the first address becomes
 * the item's. */
void rt_lock_python_file(RtLockWriter *out, RtDependency *item, const RtDoc *file);
/* Needs written as {name = …} tables, as "name>=1" texts or as keys of a map. */
void rt_lock_python_needs(RtLockWriter *out, uint32_t from, const RtDoc *needs);

#endif
