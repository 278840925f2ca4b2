/* ecosystem.h - what each ecosystem's manifests say about when code runs, and what a file's place
 * says about it.
 *
 * The registry is the folder: src/ecosystem/NAME/NAME.c exports rt_ecosystem_NAME. Several
 * ecosystems may claim one path (an extension's package.json is npm's and vscode's); each is asked.
 */
#ifndef RT_ECOSYSTEM_ECOSYSTEM_H
#define RT_ECOSYSTEM_ECOSYSTEM_H

#include "model/model.h"

const RtEcosystem *const *rt_ecosystems(size_t *ret_count);
const RtEcosystem *rt_ecosystem_find(RtStr name); /* NULL when there is none */

/* Sets the role bits that `path` (with '/', inside its container) speaks for; others are kept. */
void rt_ecosystem_roles(RtStr path, RtLayer *layer);

/* True for names of lockfiles of any client, whatever folder they are in. */
bool rt_ecosystem_is_lockfile(RtStr path);

#endif
