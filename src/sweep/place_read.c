/* place_read.c - one family's places from YAML, every fault with its line.
 *
 * A key that does nothing for its check is a fault: a place that looks for less than its author
 * believes tells somebody that nothing is there. */
#include "sweep/place.h"

enum { PLACES_MOST = 200, PATHS_MOST = 200 };

typedef struct {
    RtPlaces *places;
    RtDocReader doc;
} Reader;

enum { HAS_PATHS = 1, HAS_MATCH = 2, HAS_KEYS = 4, HAS_ONLY = 8, HAS_PORTS = 16 };
static const struct {
    const char *word;
    unsigned wants, may;
} checks[RT_CHECKS] = {
    [RT_CHECK_EXISTS] = { "exists", HAS_PATHS, HAS_ONLY },
    [RT_CHECK_TEXT] = { "text", HAS_PATHS | HAS_MATCH, 0 },
    [RT_CHECK_JSON] = { "json", HAS_PATHS | HAS_MATCH | HAS_KEYS, 0 },
    [RT_CHECK_SCAN] = { "scan", HAS_PATHS, 0 },
    [RT_CHECK_LOCKFILE] = { "lockfile", HAS_PATHS, 0 },
    [RT_CHECK_NODE_TREE] = { "node-tree", HAS_PATHS, 0 },
    [RT_CHECK_PYTHON_TREE] = { "python-tree", HAS_PATHS, 0 },
    [RT_CHECK_CACHE_NAMES] = { "cache-names", HAS_PATHS, 0 },
    [RT_CHECK_NPM_CACHE] = { "npm-cache", HAS_PATHS, 0 },
    [RT_CHECK_NPM_LOG] = { "npm-log", HAS_PATHS, 0 },
    [RT_CHECK_PROCESS] = { "process", HAS_MATCH, 0 },
    [RT_CHECK_PORT] = { "port", HAS_PORTS, 0 },
    [RT_CHECK_CONNECTION] = { "connection", 0, 0 },
};

static const char *const rotate_words[RT_ROTATIONS] = {
#define ITEM(name, word, title, what) word,
#include "sweep/rotate.list"
#undef ITEM
};

RtStr rt_rotate_word(RtRotate rotate) { return rt_str_from_c(rotate_words[rotate]); }

static bool find_level(RtStr word, RtFindingLevel *ret_level)
{
    for (int level = RT_NOTE; level <= RT_CONCLUSIVE; level++) {
        if (!rt_str_equal(rt_finding_level_name((RtFindingLevel)level), word))
            continue;
        *ret_level = (RtFindingLevel)level;
        return true;
    }
    return false;
}

static bool find_check(RtStr word, RtCheck *ret_check)
{
    for (int check = 0; check < RT_CHECKS; check++) {
        if (!rt_str_equal(rt_str_from_c(checks[check].word), word))
            continue;
        *ret_check = (RtCheck)check;
        return true;
    }
    return false;
}

static void check_path(Reader *reader, uint32_t line, RtStr path)
{
    static const char *const heads[] = { "~/", "/", "$tmp/", "$editor/", "$checkout/" };
    bool known = false;
    for (size_t i = 0; i < RT_COUNT(heads); i++)
        known = known || rt_str_starts(path, rt_str_from_c(heads[i]));
    bool deep = rt_str_has(path, RT_STR("**")) && !rt_str_starts(path, RT_STR("$checkout/"));
    if (!known || path.at[path.len - 1] == '/' || rt_str_has(path, RT_STR("/../")))
        rt_doc_fault_word(&reader->doc, line,
                          "a path begins with ~/ / $tmp/ $editor/ or $checkout/, not", path);
    else if (deep)
        rt_doc_fault_word(&reader->doc, line, "** stands only below $checkout/, not in", path);
}

static RtStr read_expression(Reader *reader, const RtDoc *doc, const char *key)
{
    const RtDoc *node = rt_doc_get(doc, rt_str_from_c(key));
    if (node == NULL)
        return RT_STR("");
    RtStr wrong = node->kind == RT_DOC_TEXT && node->text.len != 0
                      ? rt_regex_fault(reader->doc.arena, node->text)
                      : RT_STR("an expression is a text");
    if (wrong.len != 0)
        rt_doc_fault(&reader->doc, node->line, wrong);
    return rt_str_copy(reader->doc.arena, node->text);
}

static void read_ports(Reader *reader, const RtDoc *doc, RtPlace *place)
{
    size_t count;
    const RtStr *words =
        rt_doc_read_texts(&reader->doc, doc, "ports", false, RT_PLACE_PORTS, &count);
    for (size_t i = 0; i < count; i++) {
        uint64_t port = 0;
        if (!rt_str_number(words[i], &port) || port == 0 || port > UINT16_MAX)
            rt_doc_fault_word(&reader->doc, doc->line, "no port:", words[i]);
        else
            place->ports[place->port_count++] = (uint16_t)port;
    }
}

/* What the check needs is there, and nothing else. */
static void check_parts(Reader *reader, const RtDoc *doc, const RtPlace *place)
{
    static const struct {
        unsigned bit;
        const char *key;
    } parts[] = { { HAS_PATHS, "paths" },
                  { HAS_MATCH, "match" },
                  { HAS_KEYS, "keys" },
                  { HAS_ONLY, "only" },
                  { HAS_PORTS, "ports" } };
    unsigned wants = checks[place->check].wants, may = checks[place->check].may;
    for (size_t i = 0; i < RT_COUNT(parts); i++) {
        bool has = rt_doc_get(doc, rt_str_from_c(parts[i].key)) != NULL;
        if (!has && (wants & parts[i].bit))
            rt_doc_fault_word(&reader->doc, doc->line, "missing", rt_str_from_c(parts[i].key));
        if (has && !((wants | may) & parts[i].bit))
            rt_doc_fault_word(&reader->doc, doc->line, "this check has no use for",
                              rt_str_from_c(parts[i].key));
    }
    if (place->unless.len != 0 && !(wants & HAS_MATCH))
        rt_doc_fault_word(&reader->doc, doc->line, "this check has no use for", RT_STR("unless"));
}

static void read_one(Reader *reader, const RtDoc *doc, RtPlace *place)
{
    static const char *const known[] = { "id",    "says",   "check", "level", "paths",
                                         "match", "unless", "keys",  "only",  "ports" };
    RtDocReader *in = &reader->doc;
    if (!rt_doc_check_map(in, doc, "a place", known, RT_COUNT(known)))
        return;
    place->id = rt_doc_need_text(in, doc, "id");
    place->says = rt_doc_need_text(in, doc, "says");
    RtStr check = rt_doc_need_text(in, doc, "check"), level = rt_doc_need_text(in, doc, "level");
    RtStr only = rt_doc_text(doc, RT_STR("only"));
    if (!find_check(check, &place->check))
        rt_doc_fault_word(in, doc->line, "no such check:", check);
    if (!find_level(level, &place->level))
        rt_doc_fault_word(in, doc->line, "level is note, weak, strong or conclusive, not", level);
    place->only_files = rt_str_equal(only, RT_STR("files"));
    place->only_folders = rt_str_equal(only, RT_STR("folders"));
    if (only.len != 0 && !place->only_files && !place->only_folders)
        rt_doc_fault_word(in, doc->line, "only is files or folders, not", only);
    place->paths = rt_doc_read_texts(in, doc, "paths", false, PATHS_MOST, &place->path_count);
    place->keys = rt_doc_read_texts(in, doc, "keys", false, PATHS_MOST, &place->key_count);
    for (size_t i = 0; i < place->path_count; i++)
        check_path(reader, doc->line, place->paths[i]);
    place->match = read_expression(reader, doc, "match");
    place->unless = read_expression(reader, doc, "unless");
    place->match_index = reader->places->expressions;
    reader->places->expressions += 2;
    read_ports(reader, doc, place);
    check_parts(reader, doc, place);
}

static uint32_t read_rotate(Reader *reader, const RtDoc *doc)
{
    size_t count;
    uint32_t rotate = 0;
    const RtStr *words =
        rt_doc_read_texts(&reader->doc, doc, "rotate", false, RT_ROTATIONS, &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t before = rotate;
        for (int r = 0; r < RT_ROTATIONS; r++)
            if (rt_str_equal(words[i], rt_rotate_word((RtRotate)r)))
                rotate |= 1U << r;
        if (rotate == before)
            rt_doc_fault_word(&reader->doc, doc->line, "nothing of that name to rotate:", words[i]);
    }
    return rotate;
}

static void read_places(Reader *reader, const RtDoc *list)
{
    RtPlaces *places = reader->places;
    for (size_t i = 0; i < list->count; i++) {
        RtPlace place = { .family = (uint32_t)places->family_count };
        read_one(reader, &list->items[i], &place);
        for (size_t k = 0; k < places->count; k++)
            if (place.id.len != 0 && places->items[k].family == place.family &&
                rt_str_equal(places->items[k].id, place.id))
                rt_doc_fault_word(&reader->doc, list->items[i].line, "a second place", place.id);
        if (places->count < RT_PLACES_MAX)
            RT_PUSH(places->arena, places->items, places->count, places->capacity) = place;
    }
}

size_t rt_place_read(RtPlaces *places, RtStr path, RtStr bytes, RtDocSay *say, void *context)
{
    static const char *const known[] = { "id",     "title",   "means", "caution",
                                         "rotate", "sources", "places" };
    Reader reader = {
        .places = places,
        .doc = { .arena = places->arena, .path = path, .say = say, .context = context },
    };
    RtDocReader *in = &reader.doc;
    RtDocFault wrong = { 0 };
    const RtDoc *doc = rt_doc_read_yaml(places->arena, bytes, NULL, &wrong);
    if (doc == NULL) {
        rt_doc_fault(in, wrong.line, wrong.text);
        return in->faults;
    }
    if (!rt_doc_check_map(in, doc, "a family", known, RT_COUNT(known)))
        return in->faults;
    RtFamily family = { .id = rt_doc_need_text(in, doc, "id"),
                        .title = rt_doc_need_text(in, doc, "title"),
                        .means = rt_doc_need_text(in, doc, "means"),
                        .caution = rt_str_copy(places->arena, rt_doc_text(doc, RT_STR("caution"))),
                        .rotate = read_rotate(&reader, doc) };
    size_t sources;
    (void)rt_doc_read_texts(in, doc, "sources", true, PATHS_MOST, &sources);
    RtStr file = rt_str_format(places->arena, "%.*s.yaml", RT_FMT(family.id));
    if (family.id.len != 0 && !rt_str_ends(path, file))
        rt_doc_fault_word(in, doc->line, "the file is not named after its id", family.id);
    const RtDoc *list = rt_doc_get(doc, RT_STR("places"));
    if (list == NULL || list->kind != RT_DOC_LIST || list->count == 0 || list->count > PLACES_MOST)
        rt_doc_fault(in, list == NULL ? doc->line : list->line,
                     RT_STR("places is a list of 1 to 200"));
    else
        read_places(&reader, list);
    RT_PUSH(places->arena, places->families, places->family_count, places->family_capacity) =
        family;
    return in->faults;
}
