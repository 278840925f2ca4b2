/* pack.c - rules as one file inside the program.
 *
 * The content is masked with a keystream, not to keep it secret (the rules are public) but so that
 * no scanner that looks for the same words finds them in ratter's own binary. A mask costs 0.2 ms a
 * megabyte to undo; compression was dropped because it would tie this room to an inflater for the
 * sake of half a megabyte. */
#include "rules/pack.h"

#include "base/cursor.h"
#include "base/mask.h"

static const RtStr magic = { (const uint8_t *)"ratter-pack 1\n\0\0", 16 };

static void add_part(RtText *out, RtStr part)
{
    for (unsigned i = 0; i < 4; i++)
        rt_text_byte(out, (uint8_t)(part.len >> (8 * i)));
    rt_text_add(out, rt_masked(out->arena, part));
}

void rt_pack_write(RtText *out, const RtPack *pack)
{
    rt_text_add(out, magic);
    add_part(out, pack->docs);
    add_part(out, pack->examples);
    add_part(out, pack->patterns);
}

RtErr rt_pack_read(RtArena *arena, RtStr bytes, RtPack *ret_pack)
{
    RtCursor cursor = { .rest = bytes };
    bool mine = rt_str_equal(rt_take(&cursor, magic.len), magic);
    RtStr docs = rt_take(&cursor, rt_take_u32le(&cursor));
    RtStr examples = rt_take(&cursor, rt_take_u32le(&cursor));
    RtStr patterns = rt_take(&cursor, rt_take_u32le(&cursor));
    if (!mine || cursor.short_read || cursor.rest.len)
        return rt_fail(RT_ERR_FORMAT, "not a rule pack of this version; compile the rules again");
    *ret_pack = (RtPack){ rt_masked(arena, docs), examples, rt_masked(arena, patterns) };
    return RT_FINE;
}

RtStr rt_pack_examples(RtArena *arena, RtStr encoded) { return rt_masked(arena, encoded); }
