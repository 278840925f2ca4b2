/* json.c - yyjson's tree, copied into an arena with a depth cap and a count of keys that stand
 * twice.
 *
 * yyjson gives no memory back until its document is freed, and ten bytes of tree for each byte of
 * text at worst, so both trees are weighed before they are built: text too large for what the arena
 * has left is "not JSON" for us (npm's own limit for a manifest is far below). Bytes that are not
 * UTF-8 are let through: Node and pip read such a manifest, so we must. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

enum { DEPTH_DEFAULT = 64, DEPTH_MOST = 512, FEW_KEYS = 12 };

typedef struct {
    RtArena *arena;
    RtJsonOptions *options;
    uint16_t depth_most;
    const char *start; /* yyjson's own copy of the text: strings are unescaped in place there, so
                          that their addresses tell where they stand */
    size_t skipped;
} Reader;

static void free_doc(yyjson_doc **doc) { yyjson_doc_free(*doc); }

static RtStr text_of(const Reader *reader, const char *at, size_t len)
{
    return rt_str_copy(reader->arena, (RtStr){ (const uint8_t *)at, len });
}

static size_t offset_of(const Reader *reader, const char *at)
{
    return reader->start ? (size_t)(at - reader->start) + reader->skipped : 0;
}

static uint32_t count_few_duplicates(const RtStr *keys, size_t count)
{
    uint32_t duplicates = 0;
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (rt_str_equal(keys[i], keys[j])) {
                duplicates++;
                break;
            }
    return duplicates;
}

/* A table with open addressing, given back at once. */
static uint32_t count_duplicates(RtArena *arena, const RtStr *keys, size_t count)
{
    if (count <= FEW_KEYS)
        return count_few_duplicates(keys, count);
    size_t slots = 32;
    while (slots < count * 2)
        slots *= 2;
    if (slots > rt_arena_left(arena) / sizeof(uint32_t))
        return 0;
    uint32_t *table = RT_NEW_ARRAY(arena, uint32_t, slots);
    uint32_t duplicates = 0;
    for (size_t i = 0; i < count; i++) {
        size_t slot = (size_t)rt_str_hash(keys[i]) & (slots - 1);
        while (table[slot] != 0 && !rt_str_equal(keys[table[slot] - 1], keys[i]))
            slot = (slot + 1) & (slots - 1);
        if (table[slot] != 0)
            duplicates++;
        else
            table[slot] = (uint32_t)i + 1;
    }
    rt_arena_trim(arena, table, slots * sizeof *table, 0);
    return duplicates;
}

static bool convert(Reader *reader, yyjson_val *from, uint16_t depth, RtJson *to);

static bool convert_array(Reader *reader, yyjson_val *from, uint16_t depth, RtJson *to)
{
    RtJson *items = RT_NEW_ARRAY(reader->arena, RtJson, yyjson_arr_size(from));
    yyjson_arr_iter iter = yyjson_arr_iter_with(from);
    size_t count = 0;
    for (yyjson_val *item; (item = yyjson_arr_iter_next(&iter)); count++)
        if (!convert(reader, item, depth, &items[count]))
            return false;
    *to = (RtJson){ .kind = RT_JSON_ARRAY, .count = count, .items = items };
    return true;
}

static bool convert_object(Reader *reader, yyjson_val *from, uint16_t depth, RtJson *to)
{
    size_t size = yyjson_obj_size(from);
    RtJson *items = RT_NEW_ARRAY(reader->arena, RtJson, size);
    RtStr *keys = RT_NEW_ARRAY(reader->arena, RtStr, size);
    yyjson_obj_iter iter = yyjson_obj_iter_with(from);
    size_t count = 0;
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&iter)); count++) {
        keys[count] = text_of(reader, yyjson_get_str(key), yyjson_get_len(key));
        if (!convert(reader, yyjson_obj_iter_get_val(key), depth, &items[count]))
            return false;
        items[count].at = offset_of(reader, yyjson_get_str(key));
    }
    reader->options->duplicates += count_duplicates(reader->arena, keys, count);
    *to = (RtJson){ .kind = RT_JSON_OBJECT, .count = count, .keys = keys, .items = items };
    return true;
}

static void convert_number(const Reader *reader, yyjson_val *from, RtJson *to)
{
    yyjson_val value = { 0 };
    double number = 0;
    if (yyjson_read_number(yyjson_get_raw(from), &value, YYJSON_READ_ALLOW_INF_AND_NAN, NULL, NULL))
        number = yyjson_get_num(&value);
    *to = (RtJson){ .kind = RT_JSON_NUMBER,
                    .number = number,
                    .at = offset_of(reader, yyjson_get_raw(from)),
                    .text = text_of(reader, yyjson_get_raw(from), yyjson_get_len(from)) };
}

/* Recursion is bounded by depth_most. */
static bool convert(Reader *reader, yyjson_val *from, uint16_t depth, RtJson *to)
{
    switch (yyjson_get_type(from)) {
    case YYJSON_TYPE_NULL:
        *to = (RtJson){ .kind = RT_JSON_NULL };
        return true;
    case YYJSON_TYPE_BOOL:
        *to = (RtJson){ .kind = RT_JSON_BOOL, .truth = yyjson_get_bool(from) };
        return true;
    case YYJSON_TYPE_RAW:
        convert_number(reader, from, to);
        return true;
    case YYJSON_TYPE_STR:
        *to = (RtJson){ .kind = RT_JSON_STRING,
                        .at = offset_of(reader, yyjson_get_str(from)),
                        .text = text_of(reader, yyjson_get_str(from), yyjson_get_len(from)) };
        return true;
    case YYJSON_TYPE_ARR:
    case YYJSON_TYPE_OBJ:
        if (depth >= reader->depth_most) {
            reader->options->too_deep = true;
            return false;
        }
        return yyjson_is_arr(from) ? convert_array(reader, from, depth + 1, to)
                                   : convert_object(reader, from, depth + 1, to);
    default:
        *to = (RtJson){ .kind = RT_JSON_NULL };
        return true;
    }
}

const RtJson *rt_json_read(RtArena *arena, RtStr text, RtJsonOptions *options)
{
    RtJsonOptions defaults = { 0 };
    options = options ? options : &defaults;
    options->duplicates = 0;
    options->too_deep = false;
    options->error_at = 0;
    uint16_t depth = options->depth > 0 ? options->depth : DEPTH_DEFAULT;
    Reader reader = { .arena = arena,
                      .options = options,
                      .depth_most = depth < DEPTH_MOST ? depth : DEPTH_MOST };

    size_t skipped = 0;
    yyjson_read_flag flags = YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_ALLOW_INVALID_UNICODE;
    if (options->lenient) {
        flags |= YYJSON_READ_ALLOW_COMMENTS | YYJSON_READ_ALLOW_TRAILING_COMMAS |
                 YYJSON_READ_ALLOW_INF_AND_NAN;
        if (rt_str_starts(text, RT_STR("\xEF\xBB\xBF")))
            skipped = 3;
    }
    RtStr body = rt_str_from(text, skipped);
    if (body.len == 0 || yyjson_read_max_memory_usage(body.len, flags) > rt_arena_left(arena))
        return NULL;
    yyjson_read_err err = { 0 };
    __attribute__((cleanup(free_doc))) yyjson_doc *doc =
        yyjson_read_opts((char *)(uintptr_t)body.at, body.len, flags, NULL, &err);
    if (!doc) {
        options->error_at = err.pos + skipped;
        return NULL;
    }
    size_t tree = yyjson_doc_get_val_count(doc) * (sizeof(RtJson) + sizeof(RtStr)) + body.len * 2;
    if (tree > rt_arena_left(arena))
        return NULL;
    reader.start = doc->str_pool;
    reader.skipped = skipped;
    RtJson *root = RT_NEW(arena, RtJson);
    return convert(&reader, yyjson_doc_get_root(doc), 0, root) ? root : NULL;
}

const RtJson *rt_json_get(const RtJson *object, RtStr key)
{
    if (!object || object->kind != RT_JSON_OBJECT)
        return NULL;
    for (size_t i = object->count; i-- > 0;)
        if (rt_str_equal(object->keys[i], key))
            return &object->items[i];
    return NULL;
}

RtStr rt_json_text(const RtJson *object, RtStr key)
{
    const RtJson *value = rt_json_get(object, key);
    return value && value->kind == RT_JSON_STRING ? value->text : (RtStr){ 0 };
}
