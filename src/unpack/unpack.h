/* unpack.h - bytes → child layers: archives and streams (containers/), encoded text (decoders/).
 *
 * A folder is a list: each file of containers/ and decoders/ whose name holds no '_' exports one
 * constant named after itself, and the tables below are generated from the folders. Nothing here
 * recurses: what comes out is given to the sink, and the scan's queue brings it back, so that ten
 * nestings are ten turns of one loop. */
#ifndef RT_UNPACK_UNPACK_H
#define RT_UNPACK_UNPACK_H

#include "model/model.h"

/* The container that bids highest on `bytes`, by content only, or NULL when nobody bids. */
const RtContainer *rt_unpack_container_for(RtStr bytes);

/* All of them, in the order of their names. */
const RtContainer *const *rt_unpack_containers(size_t *ret_count);
const RtDecoder *const *rt_unpack_decoders(size_t *ret_count);

#endif
