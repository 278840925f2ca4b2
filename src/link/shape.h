/* shape.h - the fingerprint of a loader: what stays when names, literals and comments are changed.
 */
#ifndef RT_LINK_SHAPE_H
#define RT_LINK_SHAPE_H

#include "model/summary.h"

/* Shortest text, in tokens, that says anything; the longest, in bytes, that is read. */
enum { RT_SHAPE_TOKENS = 60, RT_SHAPE_BYTES = 64 << 10 };

/* False when `code` has too few tokens. `hash_comments`: `#` starts a comment (Python, shells). */
bool rt_shape_of(RtStr code, bool hash_comments, RtShape *ret_shape);
/* How many slots are equal. */
uint32_t rt_shape_common(const RtShape *a, const RtShape *b);

#endif
