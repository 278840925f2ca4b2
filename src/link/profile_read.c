/* profile_read.c - one profile from YAML, every fault with its line.
 *
 * Strict on purpose: a key nobody knows, a weight that is no number or an expression that does not
 * compile is a fault, because a profile with a silent mistake accuses somebody. */
#include "link/profile.h"

#include "base/doc_reader.h"

enum { FEATURES_MAX = 64, WORDS_MAX = 400 };

const char *const rt_method_steps[RT_METHOD_STEPS] = {
    "entry", "trigger", "hiding", "staging", "payload", "targets", "cleanup", "infrastructure",
};

typedef struct {
    RtProfiles *profiles;
    RtDocReader doc;
} Reader;

/* "2", "-3", "0.5": at most 10 either way. Not strtod, whose point depends on the locale. */
static bool read_weight(RtStr text, double *ret_weight)
{
    bool negative = text.len != 0 && text.at[0] == '-';
    text = rt_str_from(text, negative ? 1 : 0);
    size_t point = rt_str_find_byte(text, '.');
    RtStr tail = point == RT_NOT_FOUND ? RT_STR("0") : rt_str_from(text, point + 1);
    uint64_t whole, part;
    if (!rt_str_number(rt_str_sub(text, 0, point), &whole) || tail.len != 1 ||
        !rt_str_number(tail, &part) || whole > 9)
        return false;
    double weight = (double)whole + (double)part / 10;
    *ret_weight = negative ? -weight : weight;
    return true;
}

static uint32_t add_regex(Reader *reader, const RtDoc *doc)
{
    RtProfiles *profiles = reader->profiles;
    RtStr wrong = doc->kind == RT_DOC_TEXT && doc->text.len != 0
                      ? rt_regex_fault(profiles->arena, doc->text)
                      : RT_STR("an expression is a text");
    if (wrong.len != 0)
        rt_doc_fault(&reader->doc, doc->line, wrong);
    RT_PUSH(profiles->arena, profiles->expressions, profiles->expression_count,
            profiles->expression_capacity) = rt_str_copy(profiles->arena, doc->text);
    return (uint32_t)(profiles->expression_count - 1);
}

static int nibble(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Words that other scanners look for stand in hex. */
static bool unhex(RtArena *arena, RtStr text, RtStr *ret_bytes)
{
    uint8_t *bytes = rt_arena_bytes(arena, text.len / 2);
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        int high = nibble(text.at[i]), low = nibble(text.at[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i / 2] = (uint8_t)(high * 16 + low);
    }
    *ret_bytes = (RtStr){ bytes, text.len / 2 };
    return text.len >= 8 && text.len % 2 == 0;
}

static void read_clue(Reader *reader, const RtDoc *doc, unsigned depth, RtClue *clue);

static void read_number(Reader *reader, const RtDoc *doc, size_t most, RtClue *clue)
{
    const RtDoc *number = rt_doc_get(doc, RT_STR("at_least"));
    uint64_t value = 1;
    if (number != NULL && (!rt_str_number(number->text, &value) || value == 0 || value > most))
        rt_doc_fault_word(&reader->doc, number->line,
                          "at_least is no number from 1 to the list's length:", number->text);
    clue->number = (uint32_t)value;
}

static void read_kids(Reader *reader, const RtDoc *list, unsigned depth, RtClue *clue)
{
    if (list->kind != RT_DOC_LIST || list->count == 0 || depth == RT_CLUE_DEPTH) {
        rt_doc_fault(&reader->doc, list->line,
                     depth == RT_CLUE_DEPTH ? RT_STR("clues nest too deep")
                                            : RT_STR("a list of clues is wanted"));
        return;
    }
    RtClue *kids = RT_NEW_ARRAY(reader->profiles->arena, RtClue, list->count);
    for (size_t i = 0; i < list->count; i++)
        read_clue(reader, &list->items[i], depth + 1, &kids[i]);
    clue->kids = kids;
    clue->kid_count = list->count;
}

static void read_words(Reader *reader, const RtDoc *doc, RtClue *clue)
{
    bool coded = rt_doc_get(doc, RT_STR("hex")) != NULL;
    const RtStr *given = rt_doc_read_texts(&reader->doc, doc, coded ? "hex" : "words", true,
                                           WORDS_MAX, &clue->word_count);
    RtStr *words = RT_NEW_ARRAY(reader->profiles->arena, RtStr, clue->word_count);
    for (size_t i = 0; i < clue->word_count; i++) {
        words[i] = given[i];
        if (coded && !unhex(reader->profiles->arena, given[i], &words[i]))
            rt_doc_fault_word(&reader->doc, doc->line,
                              "not four or more bytes in lower-case hex:", given[i]);
    }
    clue->words = words;
    read_number(reader, doc, clue->word_count, clue);
}

static void read_fact(Reader *reader, const RtDoc *doc, RtClue *clue)
{
    RtStr name = rt_doc_text(doc, RT_STR("fact"));
    for (size_t k = 0; k < 4; k++)
        clue->args[k] = RT_NO_REGEX;
    if (!rt_fact_find(name, &clue->fact)) {
        rt_doc_fault_word(&reader->doc, doc->line, "no such fact:", name);
        return;
    }
    for (size_t i = 0; i < doc->count; i++) {
        RtStr key = doc->keys[i].text;
        bool known = rt_str_equal(key, RT_STR("fact"));
        for (size_t k = 0; k < 4 && !known; k++) {
            if (!rt_str_equal(rt_fact_arg_name(clue->fact, k), key))
                continue;
            clue->args[k] = add_regex(reader, &doc->items[i]);
            known = true;
        }
        if (!known)
            rt_doc_fault_word(&reader->doc, doc->keys[i].line, "the fact has no argument", key);
    }
}

static void read_clue(Reader *reader, const RtDoc *doc, unsigned depth, RtClue *clue)
{
    static const struct {
        const char *key;
        RtClueKind kind;
        bool alone; /* no other key may stand beside it */
    } kinds[] = {
        { "all", RT_CLUE_ALL, true },      { "any", RT_CLUE_ANY, true },
        { "of", RT_CLUE_COUNT, false },    { "rule", RT_CLUE_RULE, true },
        { "fact", RT_CLUE_FACT, false },   { "text", RT_CLUE_TEXT, true },
        { "file", RT_CLUE_FILE, true },    { "found_in", RT_CLUE_FOUND, true },
        { "words", RT_CLUE_WORDS, false }, { "hex", RT_CLUE_WORDS, false },
    };
    static const char *const beside[] = { "of", "words", "hex", "at_least" };
    const RtDoc *value = NULL;
    size_t at = 0;
    for (; doc->kind == RT_DOC_MAP && at < RT_COUNT(kinds) && value == NULL; at++)
        value = rt_doc_get(doc, rt_str_from_c(kinds[at].key));
    if (value == NULL) {
        rt_doc_fault(
            &reader->doc, doc->line,
            RT_STR("a clue has one of: all any of rule fact text file found_in words hex"));
        return;
    }
    clue->kind = kinds[at - 1].kind;
    if (kinds[at - 1].alone && doc->count != 1)
        rt_doc_fault_word(&reader->doc, doc->line, "nothing may stand beside",
                          rt_str_from_c(kinds[at - 1].key));
    else if (clue->kind == RT_CLUE_COUNT || clue->kind == RT_CLUE_WORDS)
        (void)rt_doc_check_map(&reader->doc, doc, "a clue", beside, RT_COUNT(beside));
    switch (clue->kind) {
    case RT_CLUE_ALL:
    case RT_CLUE_ANY:
    case RT_CLUE_COUNT:
        read_kids(reader, value, depth, clue);
        read_number(reader, doc, clue->kid_count, clue);
        break;
    case RT_CLUE_RULE:
    case RT_CLUE_FILE:
    case RT_CLUE_FOUND:
        if (value->kind != RT_DOC_TEXT || value->text.len == 0)
            rt_doc_fault(&reader->doc, value->line, RT_STR("a text is wanted"));
        clue->word = rt_str_copy(reader->profiles->arena, value->text);
        break;
    case RT_CLUE_FACT:
        read_fact(reader, doc, clue);
        break;
    case RT_CLUE_TEXT:
        clue->regex = add_regex(reader, value);
        break;
    case RT_CLUE_WORDS:
        read_words(reader, doc, clue);
        break;
    }
}

static bool find_family(RtStr name, RtTraitFamily *ret_family)
{
    for (int f = 0; f < RT_TRAIT_FAMILIES; f++) {
        if (!rt_str_equal(rt_trait_family_name((RtTraitFamily)f), name))
            continue;
        *ret_family = (RtTraitFamily)f;
        return true;
    }
    return false;
}

static void read_feature(Reader *reader, const RtDoc *doc, RtFeature *feature)
{
    static const char *const known[] = { "id", "family", "weight", "says", "match" };
    if (!rt_doc_check_map(&reader->doc, doc, "a feature", known, RT_COUNT(known)))
        return;
    feature->id = rt_doc_need_text(&reader->doc, doc, "id");
    feature->says = rt_doc_need_text(&reader->doc, doc, "says");
    RtStr family = rt_doc_need_text(&reader->doc, doc, "family"),
          weight = rt_doc_need_text(&reader->doc, doc, "weight");
    if (!find_family(family, &feature->family))
        rt_doc_fault_word(&reader->doc, doc->line, "family is F1 to F7 or Neg, not", family);
    else if (!read_weight(weight, &feature->weight))
        rt_doc_fault_word(&reader->doc, doc->line, "weight is no number such as 2 or 0.5:", weight);
    else if ((feature->family == RT_TRAIT_AGAINST) != (feature->weight < 0))
        rt_doc_fault_word(&reader->doc, doc->line,
                          "only family Neg has weights below 0, and no other:", weight);
    const RtDoc *match = rt_doc_get(doc, RT_STR("match"));
    if (match == NULL)
        rt_doc_fault_word(&reader->doc, doc->line, "missing", RT_STR("match"));
    else
        read_clue(reader, match, 1, &feature->clue);
}

static void read_features(Reader *reader, const RtDoc *doc, RtProfile *profile)
{
    const RtDoc *list = rt_doc_get(doc, RT_STR("features"));
    if (list == NULL || list->kind != RT_DOC_LIST || list->count == 0 ||
        list->count > FEATURES_MAX) {
        rt_doc_fault(&reader->doc, list == NULL ? doc->line : list->line,
                     RT_STR("features is a list of 1 to 64"));
        return;
    }
    RtFeature *features = RT_NEW_ARRAY(reader->profiles->arena, RtFeature, list->count);
    for (size_t i = 0; i < list->count; i++) {
        read_feature(reader, &list->items[i], &features[i]);
        for (size_t k = 0; k < i; k++)
            if (features[i].id.len != 0 && rt_str_equal(features[i].id, features[k].id))
                rt_doc_fault_word(&reader->doc, list->items[i].line, "a second feature",
                                  features[i].id);
    }
    profile->features = features;
    profile->feature_count = list->count;
}

static void read_method(Reader *reader, const RtDoc *doc, RtProfile *profile)
{
    const RtDoc *method = rt_doc_get(doc, RT_STR("method"));
    if (method == NULL ||
        !rt_doc_check_map(&reader->doc, method, "method", rt_method_steps, RT_METHOD_STEPS)) {
        if (method == NULL)
            rt_doc_fault_word(&reader->doc, doc->line, "missing", RT_STR("method"));
        return;
    }
    for (size_t i = 0; i < RT_METHOD_STEPS; i++)
        profile->method[i] = rt_str_copy(reader->profiles->arena,
                                         rt_doc_text(method, rt_str_from_c(rt_method_steps[i])));
}

static void read_confusables(Reader *reader, const RtDoc *doc, RtProfile *profile)
{
    const RtDoc *map = rt_doc_get(doc, RT_STR("alternatives"));
    if (map == NULL || map->kind != RT_DOC_MAP || map->count == 0) {
        rt_doc_fault(&reader->doc, map == NULL ? doc->line : map->line,
                     RT_STR("alternatives is a map: another profile, and what tells them apart"));
        return;
    }
    RtConfusable *items = RT_NEW_ARRAY(reader->profiles->arena, RtConfusable, map->count);
    for (size_t i = 0; i < map->count; i++)
        items[i] = (RtConfusable){
            .profile = rt_str_copy(reader->profiles->arena, map->keys[i].text),
            .why = rt_str_copy(reader->profiles->arena, map->items[i].text),
        };
    profile->confusables = items;
    profile->confusable_count = map->count;
}

size_t rt_profile_read(RtProfiles *profiles, RtStr path, RtStr bytes, RtDocSay *say, void *context)
{
    static const char *const known[] = { "id",      "title",  "actor",        "names",   "sources",
                                         "caution", "method", "alternatives", "features" };
    Reader reader = {
        .profiles = profiles,
        .doc = { .arena = profiles->arena, .path = path, .say = say, .context = context }
    };
    RtDocFault wrong = { 0 };
    const RtDoc *doc = rt_doc_read_yaml(profiles->arena, bytes, NULL, &wrong);
    if (doc == NULL) {
        rt_doc_fault(&reader.doc, wrong.line, wrong.text);
        return reader.doc.faults;
    }
    if (!rt_doc_check_map(&reader.doc, doc, "a profile", known, RT_COUNT(known)))
        return reader.doc.faults;
    RtProfile profile = { .id = rt_doc_need_text(&reader.doc, doc, "id"),
                          .title = rt_doc_need_text(&reader.doc, doc, "title"),
                          .actor = rt_doc_need_text(&reader.doc, doc, "actor"),
                          .caution =
                              rt_str_copy(profiles->arena, rt_doc_text(doc, RT_STR("caution"))) };
    RtStr file = rt_str_format(profiles->arena, "%.*s.yaml", RT_FMT(profile.id));
    if (profile.id.len != 0 && !rt_str_ends(path, file))
        rt_doc_fault_word(&reader.doc, doc->line, "the file is not named after its id", profile.id);
    if (rt_profiles_find(profiles, profile.id) != NULL)
        rt_doc_fault_word(&reader.doc, doc->line, "a second profile", profile.id);
    profile.names =
        rt_doc_read_texts(&reader.doc, doc, "names", true, WORDS_MAX, &profile.name_count);
    profile.sources =
        rt_doc_read_texts(&reader.doc, doc, "sources", true, WORDS_MAX, &profile.source_count);
    read_method(&reader, doc, &profile);
    read_confusables(&reader, doc, &profile);
    read_features(&reader, doc, &profile);
    RT_PUSH(profiles->arena, profiles->items, profiles->count, profiles->capacity) = profile;
    return reader.doc.faults;
}
