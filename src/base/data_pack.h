/* data_pack.h - a folder of data files of ours becomes one pack that is put inside the program: the
 * files as they are, masked, so that the markers in them are not found in ratter's own binary by
 * another scanner. Parsing them anew costs a millisecond or two. */
#ifndef RT_BASE_DATA_PACK_H
#define RT_BASE_DATA_PACK_H

#include "base/cursor.h"

typedef struct {
    RtStr path, bytes;
} RtDataFile;

/* Reads every *.yaml of `folder`, sorted by name, into the arena; `what` is what one of them is
 * called ("profile"). RT_ERR_IO when it cannot be read; RT_ERR_FORMAT when there is none, more than
 * `most`, or one of more than 256 KiB. */
RtErr rt_data_list(RtArena *arena, RtStr folder, const char *what, size_t most,
                   const RtDataFile **ret_files, size_t *ret_count) RT_MUST_USE;
/* Appends one file to a pack (which begins with its reader's magic). */
void rt_data_put(RtText *pack, const RtDataFile *file);
/* The next file; the cursor's short_read tells that the pack is damaged. */
RtDataFile rt_data_take(RtArena *arena, RtCursor *pack);

#endif
