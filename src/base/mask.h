/* mask.h - a keystream over data of ours that names what malware says, so that no scanner that
 * looks for the same words finds them in ratter's own binary. It keeps nothing secret. */
#ifndef RT_BASE_MASK_H
#define RT_BASE_MASK_H

#include "base/str.h"

/* `text` masked, or unmasked: the same thing. The result is the arena's. */
RtStr rt_masked(RtArena *arena, RtStr text);

#endif
