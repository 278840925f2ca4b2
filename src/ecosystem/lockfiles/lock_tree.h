/* lock_tree.h - JSON, YAML and TOML lockfiles as one kind of tree, every node with its line. What
 * is wrong with the file becomes a note and NULL. */
#ifndef RT_ECOSYSTEM_LOCKFILES_LOCK_TREE_H
#define RT_ECOSYSTEM_LOCKFILES_LOCK_TREE_H

#include "base/doc.h"
#include "ecosystem/lockfiles/lock_writer.h"

const RtDoc *rt_lock_json(RtLockWriter *out, bool lenient);
const RtDoc *rt_lock_yaml(RtLockWriter *out, bool many);
const RtDoc *rt_lock_toml(RtLockWriter *out);

/* The tree of any bytes, for manifests; lines count from `bytes`. TOML ends at the first fault and
 * gives what stood before it; of JSON there is all or NULL. */
const RtDoc *rt_toml_tree(RtArena *arena, RtStr bytes, RtDocFault *ret_fault);
const RtDoc *rt_json_tree(RtArena *arena, RtStr bytes, bool lenient, RtDocFault *ret_fault,
                          uint32_t *ret_duplicates);

/* The value of `key` when it is a map (a list); else the empty one. */
const RtDoc *rt_doc_map(const RtDoc *map, RtStr key);
const RtDoc *rt_doc_list(const RtDoc *map, RtStr key);
/* RtDependency.asks of a package.json, or of an entry of a lockfile that repeats one. Peers are not
 * in it: clients write them each in their own way. */
RtStr rt_npm_asks(RtArena *arena, RtStr name, const RtDoc *manifest);
bool rt_doc_is_true(const RtDoc *map, RtStr key);

#endif
