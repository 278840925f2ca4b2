/* yaml.c - YAML to document trees; the one file that knows libyaml.
 *
 * The event interface is used, never the document one: libyaml's composer expands aliases, which is
 * how a small file becomes a large one. Neither rules nor lockfiles need an alias, an anchor or a
 * tag, so they are faults; and since a twice-given key is nearly always a mistake that silences
 * half a rule (or a trick that hides half a lockfile), that is a fault as well unless the caller
 * wants to see both. */
#include "base/doc.h"

#include <yaml.h>

enum { NODES_DEFAULT = 100000, FEW_KEYS = 16 };

typedef struct {
    RtArena *arena;
    yaml_parser_t parser;
    RtDocFault *fault;
    RtDocOptions options;
    uint32_t nodes;
} Reader;

static bool fault_at(Reader *reader, uint32_t line, RtStr text)
{
    *reader->fault = (RtDocFault){ .line = line, .text = text };
    return false;
}

static bool next_event(Reader *reader, yaml_event_t *ret_event)
{
    if (yaml_parser_parse(&reader->parser, ret_event))
        return true;
    const char *problem = reader->parser.problem ? reader->parser.problem : "not YAML";
    fault_at(reader, (uint32_t)reader->parser.problem_mark.line + 1,
             rt_str_copy(reader->arena, rt_str_from_c(problem)));
    return false;
}

static bool read_node(Reader *reader, yaml_event_t *event, uint32_t depth, RtDoc *ret_doc);

static bool read_scalar(Reader *reader, const yaml_event_t *event, RtDoc *ret_doc)
{
    uint32_t line = (uint32_t)event->start_mark.line + 1;
    if (event->data.scalar.anchor || event->data.scalar.tag)
        return fault_at(reader, line, RT_STR("anchors and tags are not read"));
    RtStr text = { event->data.scalar.value, event->data.scalar.length };
    *ret_doc =
        (RtDoc){ .kind = RT_DOC_TEXT, .line = line, .text = rt_str_copy(reader->arena, text) };
    return true;
}

/* Where the first key stands that an earlier one equals; NULL when there is none. Few are compared,
 * many go through a table with open addressing, which is given back. */
static const RtDoc *find_duplicate(RtArena *arena, const RtDoc *keys, size_t count)
{
    size_t slots = 32;
    while (slots < count * 2)
        slots *= 2;
    uint32_t *table = RT_NEW_ARRAY(arena, uint32_t, slots);
    const RtDoc *found = NULL;
    for (size_t i = 0; i < count && !found; i++) {
        size_t slot = (size_t)rt_str_hash(keys[i].text) & (slots - 1);
        while (table[slot] != 0 && !rt_str_equal(keys[table[slot] - 1].text, keys[i].text))
            slot = (slot + 1) & (slots - 1);
        if (table[slot] != 0)
            found = &keys[i];
        table[slot] = (uint32_t)i + 1;
    }
    rt_arena_trim(arena, table, slots * sizeof *table, 0);
    return found;
}

static bool has_key(const RtDoc *keys, size_t count, RtStr key)
{
    for (size_t i = 0; i < count; i++)
        if (rt_str_equal(keys[i].text, key))
            return true;
    return false;
}

static bool read_members(Reader *reader, bool is_map, uint32_t depth, RtDoc *doc)
{
    RtDoc *keys = NULL, *items = NULL;
    size_t key_count = 0, key_capacity = 0, item_count = 0, item_capacity = 0;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            break;
        }
        RtDoc member = { 0 };
        bool fine = read_node(reader, &event, depth + 1, &member);
        yaml_event_delete(&event);
        if (!fine)
            return false;
        if (is_map && key_count == item_count) {
            if (member.kind != RT_DOC_TEXT)
                return fault_at(reader, member.line, RT_STR("a key must be a text"));
            if (!reader->options.keep_duplicates && key_count < FEW_KEYS &&
                has_key(keys, key_count, member.text))
                return fault_at(reader, member.line, RT_STR("the key stands here twice"));
            RT_PUSH(reader->arena, keys, key_count, key_capacity) = member;
        } else {
            RT_PUSH(reader->arena, items, item_count, item_capacity) = member;
        }
    }
    if (!reader->options.keep_duplicates && key_count >= FEW_KEYS) {
        const RtDoc *twice = find_duplicate(reader->arena, keys, key_count);
        if (twice)
            return fault_at(reader, twice->line, RT_STR("the key stands here twice"));
    }
    doc->keys = keys;
    doc->items = items;
    doc->count = item_count;
    return true;
}

static bool read_node(Reader *reader, yaml_event_t *event, uint32_t depth, RtDoc *ret_doc)
{
    uint32_t line = (uint32_t)event->start_mark.line + 1;
    if (depth > RT_DOC_DEPTH)
        return fault_at(reader, line, RT_STR("nested deeper than 64 levels"));
    if (++reader->nodes > reader->options.nodes)
        return fault_at(reader, line, RT_STR("too many values in one file"));
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(reader, event, ret_doc);
    if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
        bool is_map = event->type == YAML_MAPPING_START_EVENT;
        *ret_doc = (RtDoc){ .kind = is_map ? RT_DOC_MAP : RT_DOC_LIST, .line = line };
        return read_members(reader, is_map, depth, ret_doc);
    }
    return fault_at(reader, line, RT_STR("aliases and empty documents are not read"));
}

/* Takes what one event begins: a whole document, or nothing for the frame around documents. */
static bool take_event(Reader *reader, yaml_event_t *event, RtDoc **documents, size_t *count,
                       size_t *capacity)
{
    yaml_event_type_t type = event->type;
    if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
        type == YAML_DOCUMENT_END_EVENT || type == YAML_STREAM_END_EVENT)
        return true;
    if (*count != 0 && !reader->options.many)
        return fault_at(reader, (uint32_t)event->start_mark.line + 1,
                        RT_STR("a second document; one is read per file"));
    RtDoc document = { 0 };
    if (!read_node(reader, event, 1, &document))
        return false;
    RT_PUSH(reader->arena, *documents, *count, *capacity) = document;
    return true;
}

static bool read_stream(Reader *reader, RtDoc *ret_doc)
{
    RtDoc *documents = NULL;
    size_t count = 0, capacity = 0;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        bool is_end = event.type == YAML_STREAM_END_EVENT;
        bool fine = take_event(reader, &event, &documents, &count, &capacity);
        yaml_event_delete(&event);
        if (!fine)
            return false;
        if (is_end)
            break;
    }
    if (count == 0)
        return fault_at(reader, 1, RT_STR("the file is empty"));
    *ret_doc = documents[0];
    if (reader->options.many)
        *ret_doc = (RtDoc){ .kind = RT_DOC_LIST, .line = 1, .count = count, .items = documents };
    return true;
}

const RtDoc *rt_doc_read_yaml(RtArena *arena, RtStr bytes, const RtDocOptions *options,
                              RtDocFault *ret_fault)
{
    Reader reader = { .arena = arena, .fault = ret_fault };
    if (options)
        reader.options = *options;
    if (reader.options.nodes == 0)
        reader.options.nodes = NODES_DEFAULT;
    RtDoc *doc = RT_NEW(arena, RtDoc);
    if (!yaml_parser_initialize(&reader.parser)) {
        fault_at(&reader, 0, RT_STR("no memory for the YAML parser"));
        return NULL;
    }
    yaml_parser_set_input_string(&reader.parser, bytes.at ? bytes.at : (const uint8_t *)"",
                                 bytes.len);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    bool fine = read_stream(&reader, doc);
    yaml_parser_delete(&reader.parser);
    return fine ? doc : NULL;
}
