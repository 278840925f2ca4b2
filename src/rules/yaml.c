/* yaml.c - YAML to document trees; the one file that knows libyaml.
 *
 * The event interface is used, never the document one: libyaml's composer expands aliases, which is
 * how a small file becomes a large one. Rule files need no alias, no anchor and no tag, so they are
 * faults; and since a twice-given key is nearly always a mistake that silences half a rule, that is
 * a fault as well. */
#include "rules/doc.h"

#include <yaml.h>

enum { NODES_MAX = 100000 };

typedef struct {
    RtArena *arena;
    yaml_parser_t parser;
    RtDocFault *fault;
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
        return fault_at(reader, line, RT_STR("anchors and tags are not used in rules"));
    RtStr text = { event->data.scalar.value, event->data.scalar.length };
    *ret_doc =
        (RtDoc){ .kind = RT_DOC_TEXT, .line = line, .text = rt_str_copy(reader->arena, text) };
    return true;
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
            if (has_key(keys, key_count, member.text))
                return fault_at(reader, member.line, RT_STR("the key stands here twice"));
            RT_PUSH(reader->arena, keys, key_count, key_capacity) = member;
        } else {
            RT_PUSH(reader->arena, items, item_count, item_capacity) = member;
        }
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
    if (++reader->nodes > NODES_MAX)
        return fault_at(reader, line, RT_STR("more than 100000 values in one file"));
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(reader, event, ret_doc);
    if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
        bool is_map = event->type == YAML_MAPPING_START_EVENT;
        *ret_doc = (RtDoc){ .kind = is_map ? RT_DOC_MAP : RT_DOC_LIST, .line = line };
        return read_members(reader, is_map, depth, ret_doc);
    }
    return fault_at(reader, line, RT_STR("aliases and empty documents are not used in rules"));
}

static bool read_stream(Reader *reader, RtDoc *ret_doc)
{
    bool have_document = false;
    for (;;) {
        yaml_event_t event;
        if (!next_event(reader, &event))
            return false;
        yaml_event_type_t type = event.type;
        bool starts = type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
                      type == YAML_DOCUMENT_END_EVENT;
        bool fine = true;
        if (type != YAML_STREAM_END_EVENT && !starts) {
            if (have_document)
                fine = fault_at(reader, (uint32_t)event.start_mark.line + 1,
                                RT_STR("a second document; one file is one rule"));
            else
                fine = read_node(reader, &event, 1, ret_doc);
            have_document = true;
        }
        yaml_event_delete(&event);
        if (!fine)
            return false;
        if (type == YAML_STREAM_END_EVENT)
            return have_document || fault_at(reader, 1, RT_STR("the file is empty"));
    }
}

const RtDoc *rt_doc_read_yaml(RtArena *arena, RtStr bytes, RtDocFault *ret_fault)
{
    Reader reader = { .arena = arena, .fault = ret_fault };
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
