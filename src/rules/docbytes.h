/* docbytes.h - a document tree (base/doc.h) as compact bytes, which is how rules travel inside a
 * pack. */
#ifndef RT_RULES_DOCBYTES_H
#define RT_RULES_DOCBYTES_H

#include "base/cursor.h"
#include "base/doc.h"

void rt_doc_write(RtText *out, const RtDoc *doc);
/* Reads what rt_doc_write wrote; texts point into the cursor's bytes. NULL when the bytes are
 * malformed. */
const RtDoc *rt_doc_read(RtArena *arena, RtCursor *bytes);

#endif
