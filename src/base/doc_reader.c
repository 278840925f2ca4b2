/* doc_reader.c - see doc_reader.h; whoever reads a file goes on after a fault, so that one build
 * tells all of them. */
#include "base/doc_reader.h"

void rt_doc_fault(RtDocReader *reader, uint32_t line, RtStr text)
{
    reader->faults++;
    if (reader->say != NULL)
        reader->say(reader->context, rt_str_format(reader->arena, "%.*s:%u: %.*s",
                                                   RT_FMT(reader->path), line, RT_FMT(text)));
}

void rt_doc_fault_word(RtDocReader *reader, uint32_t line, const char *what, RtStr word)
{
    rt_doc_fault(reader, line,
                 rt_str_format(reader->arena, "%s '%.*s'", what, RT_FMT(rt_str_sub(word, 0, 80))));
}

static bool is_one_of(RtStr key, const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rt_str_equal(key, rt_str_from_c(known[i])))
            return true;
    return false;
}

bool rt_doc_check_map(RtDocReader *reader, const RtDoc *doc, const char *what,
                      const char *const *known, size_t count)
{
    if (doc->kind != RT_DOC_MAP) {
        rt_doc_fault(reader, doc->line, rt_str_format(reader->arena, "%s must be a map", what));
        return false;
    }
    for (size_t i = 0; i < doc->count; i++)
        if (!is_one_of(doc->keys[i].text, known, count))
            rt_doc_fault_word(reader, doc->keys[i].line, "unknown key", doc->keys[i].text);
    return true;
}

RtStr rt_doc_need_text(RtDocReader *reader, const RtDoc *map, const char *key)
{
    RtStr text = rt_doc_text(map, rt_str_from_c(key));
    if (text.len == 0)
        rt_doc_fault_word(reader, map->line, "missing", rt_str_from_c(key));
    return rt_str_copy(reader->arena, text);
}

const RtStr *rt_doc_read_texts(RtDocReader *reader, const RtDoc *map, const char *key, bool needed,
                               size_t most, size_t *ret_count)
{
    const RtDoc *list = rt_doc_get(map, rt_str_from_c(key));
    *ret_count = 0;
    if (list == NULL || list->kind != RT_DOC_LIST || list->count == 0 || list->count > most) {
        if (list != NULL || needed)
            rt_doc_fault_word(reader, list == NULL ? map->line : list->line,
                              "not a list of texts:", rt_str_from_c(key));
        return NULL;
    }
    RtStr *texts = RT_NEW_ARRAY(reader->arena, RtStr, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind != RT_DOC_TEXT || list->items[i].text.len == 0)
            rt_doc_fault_word(reader, list->items[i].line, "not a text in", rt_str_from_c(key));
        texts[i] = rt_str_copy(reader->arena, list->items[i].text);
    }
    *ret_count = list->count;
    return texts;
}
