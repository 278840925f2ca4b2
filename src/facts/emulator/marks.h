/* marks.h - the marked values: eight letters that name a source, found again through the usual
 * encodings. */
#ifndef RT_FACTS_EMULATOR_MARKS_H
#define RT_FACTS_EMULATOR_MARKS_H

#include "base/str.h"

enum { RT_MARK_LEN = 8, RT_MARK_SLOTS = 36 * 36 * 36 };
#define RT_MARK_HEAD RT_STR("q7x")

/* Writes the mark of slot `slot` (< RT_MARK_SLOTS) under salt 0..35. Lower-case letters and digits
 * only, so that it survives being put into names, addresses and queries. */
void rt_mark_write(uint32_t slot, uint32_t salt, uint8_t ret_mark[RT_MARK_LEN]);

/* The distinct slots whose marks stand in `text`: as they are, in capitals, backwards, as UTF-16,
 * or below base64, hex, percent and backslash escapes, lists of character codes, and deflate, up to
 * four of these deep. At most `limit`. */
size_t rt_marks_find(RtArena *arena, RtStr text, uint32_t *ret_slots, size_t limit);
/* The first mark that stands in `text` as it is; false when there is none. */
bool rt_marks_first(RtStr text, uint32_t *ret_slot);
/* How many bytes of `text` are marks. */
size_t rt_marks_weight(RtStr text);
/* `text` with each run of marks replaced by what `name` gives for its slot; a copy in `arena` when
 * it has any. */
RtStr rt_marks_replace(RtArena *arena, RtStr text, RtStr (*name)(void *ctx, uint32_t slot),
                       void *ctx);

#endif
