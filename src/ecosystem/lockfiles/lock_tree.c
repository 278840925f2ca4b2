/* lock_tree.c - JSON with lines. yyjson reads, json.c copies with offsets, and here offsets become
 * lines: keys come in file order, so one cursor that only moves forward finds them all. */
#include "ecosystem/lockfiles/lock_tree.h"

#include "base/json.h"

enum { NODES_MOST = 8000000 };

typedef struct {
    RtArena *arena;
    RtStr text;
    size_t at;
    uint32_t line;
} Lines;

/* Offsets that step back (none do in a tree read in order) keep the line reached so far. */
static uint32_t line_of(Lines *lines, size_t offset)
{
    while (lines->at < offset && lines->at < lines->text.len)
        lines->line += lines->text.at[lines->at++] == '\n';
    return lines->line;
}

/* Recursion is bounded by the depth that rt_json_read allows. */
static void convert(Lines *lines, const RtJson *from, RtDoc *to)
{
    uint32_t line = line_of(lines, from->at);
    *to = (RtDoc){ .kind = RT_DOC_TEXT, .line = line, .text = from->text };
    if (from->kind == RT_JSON_BOOL)
        to->text = from->truth ? RT_STR("true") : RT_STR("false");
    if (from->kind != RT_JSON_ARRAY && from->kind != RT_JSON_OBJECT)
        return;
    RtDoc *items = RT_NEW_ARRAY(lines->arena, RtDoc, from->count);
    RtDoc *keys = NULL;
    if (from->kind == RT_JSON_OBJECT)
        keys = RT_NEW_ARRAY(lines->arena, RtDoc, from->count);
    for (size_t i = 0; i < from->count; i++) {
        convert(lines, &from->items[i], &items[i]);
        if (keys)
            keys[i] = (RtDoc){ .kind = RT_DOC_TEXT, .line = items[i].line, .text = from->keys[i] };
    }
    /* A map inside a list has no key of its own: it stands where its first key does. */
    if (from->at == 0 && from->count > 0)
        line = items[0].line;
    *to = (RtDoc){ .kind = keys ? RT_DOC_MAP : RT_DOC_LIST,
                   .line = line,
                   .count = from->count,
                   .keys = keys,
                   .items = items };
}

const RtDoc *rt_json_tree(RtArena *arena, RtStr bytes, bool lenient, RtDocFault *ret_fault,
                          uint32_t *ret_duplicates)
{
    RtJsonOptions options = { .lenient = lenient, .depth = RT_DOC_DEPTH };
    const RtJson *json = rt_json_read(arena, bytes, &options);
    *ret_duplicates = options.duplicates;
    Lines lines = { .arena = arena, .text = bytes, .line = 1 };
    if (!json) {
        RtStr why = options.too_deep       ? RT_STR("nested deeper than 64 levels")
                    : options.error_at > 0 ? RT_STR("not JSON from here on")
                                           : RT_STR("not JSON, or too large");
        *ret_fault = (RtDocFault){ .line = line_of(&lines, options.error_at), .text = why };
        return NULL;
    }
    RtDoc *doc = RT_NEW(arena, RtDoc);
    convert(&lines, json, doc);
    return doc;
}

/* Some clients write a mark before the text; none of the formats has one inside. */
static RtStr without_mark(RtStr text)
{
    return rt_str_starts(text, RT_STR("\xEF\xBB\xBF")) ? rt_str_from(text, 3) : text;
}

static const RtDoc *checked(RtLockWriter *out, const RtDoc *doc, RtDocFault fault)
{
    if (fault.text.len > 0)
        rt_lock_broken(out, RT_STR("malformed"), fault.text, fault.line);
    return doc;
}

const RtDoc *rt_lock_json(RtLockWriter *out, bool lenient)
{
    RtDocFault fault = { 0 };
    uint32_t duplicates = 0;
    const RtDoc *doc =
        rt_json_tree(out->arena, without_mark(out->text), lenient, &fault, &duplicates);
    if (duplicates > 0)
        rt_lock_note(out, RT_STR("duplicate-keys"),
                     rt_str_format(out->arena, "%u keys stand twice in one object", duplicates), 0);
    if (doc && doc->kind != RT_DOC_MAP) {
        rt_lock_broken(out, RT_STR("wrong-type"), RT_STR("not an object"), 1);
        return NULL;
    }
    return checked(out, doc, fault);
}

const RtDoc *rt_lock_yaml(RtLockWriter *out, bool many)
{
    RtDocFault fault = { 0 };
    RtDocOptions options = { .nodes = NODES_MOST, .keep_duplicates = true, .many = many };
    const RtDoc *doc = rt_doc_read_yaml(out->arena, without_mark(out->text), &options, &fault);
    return checked(out, doc, fault);
}

const RtDoc *rt_lock_toml(RtLockWriter *out)
{
    RtDocFault fault = { 0 };
    const RtDoc *doc = rt_toml_tree(out->arena, without_mark(out->text), &fault);
    return checked(out, doc, fault);
}

static const RtDoc nothing;

const RtDoc *rt_doc_map(const RtDoc *map, RtStr key)
{
    const RtDoc *value = rt_doc_get(map, key);
    return value && value->kind == RT_DOC_MAP ? value : &nothing;
}

const RtDoc *rt_doc_list(const RtDoc *map, RtStr key)
{
    const RtDoc *value = rt_doc_get(map, key);
    return value && value->kind == RT_DOC_LIST ? value : &nothing;
}

bool rt_doc_is_true(const RtDoc *map, RtStr key)
{
    return rt_str_equal(rt_doc_text(map, key), RT_STR("true"));
}
