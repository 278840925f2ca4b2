/* doc.c - look-up in the document tree. */
#include "base/doc.h"

const RtDoc *rt_doc_get(const RtDoc *map, RtStr key)
{
    if (!map || map->kind != RT_DOC_MAP)
        return NULL;
    for (size_t i = map->count; i-- > 0;)
        if (rt_str_equal(map->keys[i].text, key))
            return &map->items[i];
    return NULL;
}

RtStr rt_doc_text(const RtDoc *map, RtStr key)
{
    const RtDoc *value = rt_doc_get(map, key);
    return value && value->kind == RT_DOC_TEXT ? value->text : (RtStr){ 0 };
}
