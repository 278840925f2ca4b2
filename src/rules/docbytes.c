/* docbytes.c - the document tree's form in a pack (kind, line, count or length, content). */
#include "rules/docbytes.h"

#include "base/cursor.h"

void rt_doc_write(RtText *out, const RtDoc *doc)
{
    rt_text_byte(out, (uint8_t)doc->kind);
    rt_put_number(out, doc->line);
    if (doc->kind == RT_DOC_TEXT) {
        rt_put_text(out, doc->text);
        return;
    }
    rt_put_number(out, doc->count);
    for (size_t i = 0; i < doc->count; i++) {
        if (doc->kind == RT_DOC_MAP)
            rt_doc_write(out, &doc->keys[i]);
        rt_doc_write(out, &doc->items[i]);
    }
}

static bool read_node(RtArena *arena, RtCursor *bytes, uint32_t depth, RtDoc *ret_doc)
{
    RtDoc doc = { .kind = (RtDocKind)rt_take_u8(bytes), .line = (uint32_t)rt_take_varint(bytes) };
    uint64_t count = rt_take_varint(bytes);
    if (bytes->short_read || doc.kind > RT_DOC_MAP || count > bytes->rest.len ||
        depth > RT_DOC_DEPTH)
        return false;
    if (doc.kind == RT_DOC_TEXT) {
        doc.text = rt_take(bytes, (size_t)count);
        *ret_doc = doc;
        return !bytes->short_read;
    }
    doc.count = (size_t)count;
    RtDoc *items = RT_NEW_ARRAY(arena, RtDoc, doc.count);
    RtDoc *keys = doc.kind == RT_DOC_MAP ? RT_NEW_ARRAY(arena, RtDoc, doc.count) : NULL;
    for (size_t i = 0; i < doc.count; i++) {
        if (keys && (!read_node(arena, bytes, depth + 1, &keys[i]) || keys[i].kind != RT_DOC_TEXT))
            return false;
        if (!read_node(arena, bytes, depth + 1, &items[i]))
            return false;
    }
    doc.items = items;
    doc.keys = keys;
    *ret_doc = doc;
    return true;
}

const RtDoc *rt_doc_read(RtArena *arena, RtCursor *bytes)
{
    RtDoc *doc = RT_NEW(arena, RtDoc);
    return read_node(arena, bytes, 1, doc) ? doc : NULL;
}
