/* pack.h - the file a folder of rules becomes: documents, pattern database, examples; stored
 * encoded. */
#ifndef RT_RULES_PACK_H
#define RT_RULES_PACK_H

#include "base/str.h"

/* The three parts of a pack. */
typedef struct {
    RtStr docs;     /* rt_doc_write of a LIST of MAPs {path, doc} */
    RtStr examples; /* the same shape: {path, doc} with must_match and must_not_match only; still
                       encoded after reading */
    RtStr patterns; /* Vectorscan's database */
} RtPack;

void rt_pack_write(RtText *out, const RtPack *pack);
/* Parts are decoded into `arena`, `examples` apart. Fails on anything that is not a pack of this
 * version. */
RtErr rt_pack_read(RtArena *arena, RtStr bytes, RtPack *ret_pack) RT_MUST_USE;
/* Decodes what rt_pack_read left encoded. */
RtStr rt_pack_examples(RtArena *arena, RtStr encoded);

#endif
