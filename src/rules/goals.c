/* goals.c - conditions: what stands under `when` and `unless`, as goals the matcher solves. */
#include "rules/build.h"

static bool is_c(RtStr text, const char *word) { return rt_str_equal(text, rt_str_from_c(word)); }

/* ---- patterns and hosts
 * ------------------------------------------------------------------------------- */
/* Vectorscan has no lookaround, back references or atomic groups. */
static bool needs_confirming(RtStr regex)
{
    static const char *const marks[] = { "(?=", "(?!", "(?<", "(?>", "\\1", "\\2", "++", "*+" };
    for (size_t i = 0; i < RT_COUNT(marks); i++)
        if (rt_str_has(regex, rt_str_from_c(marks[i])))
            return true;
    return false;
}

uint32_t rt_build_pattern(RtBuilder *builder, const RtDoc *at, RtStr regex, uint32_t asks,
                          RtTriageFamily family)
{
    RtRules *rules = builder->rules;
    for (size_t i = builder->first_pattern; i < rules->pattern_count; i++) {
        const RtPattern *old = &rules->patterns[i];
        if (!old->shape && old->asks == asks && old->family == family &&
            rt_str_equal(old->regex, regex))
            return (uint32_t)i;
    }
    RtStr wrong = builder->from_pack ? (RtStr){ 0 } : rt_regex_fault(rules->arena, regex);
    if (wrong.len)
        rt_build_fault(builder, at, "%.*s", wrong);
    if (!regex.len)
        rt_build_fault(builder, at, "an empty pattern%.*s", (RtStr){ 0 });
    RT_PUSH(rules->arena, rules->patterns, rules->pattern_count, rules->pattern_capacity) =
        (RtPattern){
            .regex = regex, .asks = asks, .family = family, .prefilter = needs_confirming(regex)
        };
    return (uint32_t)rules->pattern_count - 1;
}

/* `shape: NAME` as a pattern that the engines never see. A shape is one pattern for all packs, but
 * takes a number in each: a pack's database was compiled with the pack alone, and its numbers count
 * from its first pattern. */
static uint32_t build_shape(RtBuilder *builder, const RtDoc *at)
{
    RtRules *rules = builder->rules;
    for (unsigned shape = 1; shape < RT_SHAPES; shape++) {
        if (!rt_str_equal(rt_shape_name((RtShape)shape), at->text))
            continue;
        if (!builder->has_shape[shape]) {
            RT_PUSH(rules->arena, rules->patterns, rules->pattern_count, rules->pattern_capacity) =
                (RtPattern){ .shape = (RtShape)shape };
            builder->has_shape[shape] = true;
            if (!rules->shapes[shape])
                rules->shapes[shape] = (uint32_t)rules->pattern_count;
        }
        return rules->shapes[shape] - 1;
    }
    rt_build_fault(builder, at, "no shape is called `%.*s`", at->text);
    return 0;
}

static uint32_t add_regex(RtBuilder *builder, const RtDoc *at, RtStr regex)
{
    RtRules *rules = builder->rules;
    RtStr wrong = builder->from_pack ? (RtStr){ 0 } : rt_regex_fault(rules->arena, regex);
    if (wrong.len)
        rt_build_fault(builder, at, "%.*s", wrong);
    for (size_t i = 0; i < rules->regex_count; i++)
        if (rt_str_equal(rules->regexes[i], regex))
            return (uint32_t)i;
    RT_PUSH(rules->arena, rules->regexes, rules->regex_count, rules->regex_capacity) = regex;
    return (uint32_t)rules->regex_count - 1;
}

static void host_fault(void *context, uint32_t line, RtStr text)
{
    RtBuilder *builder = context;
    RtDoc at = { .line = line };
    rt_build_fault(builder, &at, "%.*s", text);
}

void rt_build_hosts(RtBuilder *builder, const RtDoc *doc)
{
    rt_hosts_build(&builder->rules->hosts, builder->rules->arena, doc, host_fault, builder);
}

static uint64_t hosts_of(RtBuilder *builder, const RtDoc *doc)
{
    const RtStr *names = NULL;
    size_t count = rt_build_list(builder, doc, &names);
    uint64_t classes = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t bit = rt_hosts_class(&builder->rules->hosts, names[i]);
        if (!bit)
            rt_build_fault(builder, doc, "no class of hosts is called `%.*s`", names[i]);
        classes |= bit;
    }
    return classes;
}

uint32_t rt_build_host_pattern(RtBuilder *builder, const RtDoc *classes, uint32_t asks,
                               RtTriageFamily family, uint64_t *ret_classes)
{
    RtRules *rules = builder->rules;
    uint64_t bits = hosts_of(builder, classes);
    if (ret_classes)
        *ret_classes = bits;
    return rt_build_pattern(builder, classes, rt_hosts_pattern(&rules->hosts, rules->arena, bits),
                            asks, family);
}

/* ---- variables
 * ----------------------------------------------------------------------------------------- */
static uint8_t add_var(RtBuilder *builder, const RtDoc *doc, bool is_text, RtFactKind kind)
{
    const RtDoc *name = rt_doc_get(doc, RT_STR("as"));
    RtStr text = name ? name->text : (RtStr){ 0 };
    for (size_t i = 0; text.len && i < builder->var_count; i++)
        if (rt_str_equal(builder->vars[i].name, text) && builder->vars[i].is_text == is_text &&
            builder->vars[i].kind == kind)
            return (uint8_t)i; /* the same name in another branch of `any` */
    if (builder->var_count == RT_VARS) {
        rt_build_fault(builder, doc, "more than 16 facts and texts in one rule%.*s", (RtStr){ 0 });
        return RT_NO_VAR;
    }
    builder->vars[builder->var_count] =
        (RtBuildVar){ .name = text, .is_text = is_text, .kind = kind };
    return (uint8_t)builder->var_count++;
}

/* "x" or "x.arg"; `ret_arg` NULL when no argument may stand there. */
static uint8_t var_of(RtBuilder *builder, const RtDoc *doc, uint8_t *ret_arg)
{
    RtStr name = doc->text, arg = { 0 };
    size_t dot = rt_str_find_byte(name, '.');
    if (dot != RT_NOT_FOUND) {
        arg = rt_str_from(name, dot + 1);
        name = rt_str_sub(name, 0, dot);
    }
    for (size_t i = 0; name.len && i < builder->var_count; i++) {
        if (!rt_str_equal(builder->vars[i].name, name))
            continue;
        if (!ret_arg)
            return (uint8_t)i;
        for (size_t a = 0; !builder->vars[i].is_text && a < 4; a++) {
            RtStr known = rt_fact_arg_name(builder->vars[i].kind, a);
            if (known.len && rt_str_equal(known, arg)) {
                *ret_arg = (uint8_t)a;
                return (uint8_t)i;
            }
        }
        rt_build_fault(builder, doc, "`%.*s` names no argument", doc->text);
        return 0;
    }
    rt_build_fault(builder, doc, "nothing above is called `%.*s`", name);
    return 0;
}

/* ---- places
 * -------------------------------------------------------------------------------------------- */
typedef struct {
    const char *name;
    uint16_t bits;
} Bits;

static const Bits role_bits[] = {
    { "test", RT_ROLE_TEST },     { "docs", RT_ROLE_DOCS },         { "config", RT_ROLE_CONFIG },
    { "types", RT_ROLE_TYPES },   { "manifest", RT_ROLE_MANIFEST }, { "reached", RT_ROLE_REACHED },
    { "bundle", RT_ROLE_BUNDLE }, { "vendored", RT_ROLE_VENDORED },
};
#define PHASE(x) (1U << RT_WHEN_##x)
static const Bits phase_bits[] = {
    { "unknown", PHASE(UNKNOWN) },
    { "called", PHASE(CALLED) },
    { "import", PHASE(IMPORT) },
    { "build", PHASE(BUILD) },
    { "open-folder", PHASE(OPEN) },
    { "install", PHASE(INSTALL) },
    { "setup", PHASE(INSTALL) | PHASE(BUILD) | PHASE(OPEN) },
    { "load", PHASE(INSTALL) | PHASE(BUILD) | PHASE(OPEN) | PHASE(IMPORT) },
};
static const Bits witness_bits[] = {
    { "text", 1U << RT_SEEN_IN_TEXT },
    { "manifest", 1U << RT_SEEN_IN_MANIFEST },
    { "flow", 1U << RT_SEEN_IN_FLOW },
    { "running", 1U << RT_SEEN_RUNNING },
};
static const Bits via_bits[] = {
    { "raw", 1U << RT_VIA_ARTIFACT | 1U << RT_VIA_ENTRY },
    { "decoded", 1U << RT_VIA_DECODED },
    { "evaluated", 1U << RT_VIA_EVALUATED },
    { "written", 1U << RT_VIA_WRITTEN },
    { "inner", 1U << RT_VIA_DECODED | 1U << RT_VIA_EVALUATED | 1U << RT_VIA_WRITTEN },
    { "any", 0xff },
};

static uint16_t bits_of(RtBuilder *builder, const RtDoc *doc, const Bits *table, size_t count)
{
    const RtStr *names = NULL;
    size_t name_count = rt_build_list(builder, doc, &names);
    uint16_t bits = 0;
    for (size_t i = 0; i < name_count; i++) {
        size_t j = 0;
        while (j < count && !is_c(names[i], table[j].name))
            j++;
        if (j == count)
            rt_build_fault(builder, doc, "`%.*s` is not one of the words that may stand here",
                           names[i]);
        else
            bits |= table[j].bits;
    }
    return bits;
}
#define BITS_OF(builder, doc, table) bits_of((builder), (doc), (table), RT_COUNT(table))

/* Reads `key` into `place`; false when it is no key of a place. */
static bool read_place(RtBuilder *builder, RtStr key, const RtDoc *value, RtPlace *place)
{
    if (is_c(key, "roles"))
        place->roles_any = BITS_OF(builder, value, role_bits);
    else if (is_c(key, "not_roles"))
        place->roles_none = BITS_OF(builder, value, role_bits);
    else if (is_c(key, "phase"))
        place->phases = (uint8_t)BITS_OF(builder, value, phase_bits);
    else if (is_c(key, "witness"))
        place->witnesses = (uint8_t)BITS_OF(builder, value, witness_bits);
    else if (is_c(key, "in"))
        place->vias = (uint8_t)BITS_OF(builder, value, via_bits);
    else if (is_c(key, "deferred"))
        place->deferred = is_c(value->text, "true");
    else if (is_c(key, "files"))
        place->file_count = rt_build_list(builder, value, &place->files);
    else if (is_c(key, "not_files"))
        place->not_file_count = rt_build_list(builder, value, &place->not_files);
    else if (is_c(key, "language"))
        place->language_count = rt_build_list(builder, value, &place->languages);
    else
        return false;
    return true;
}

/* ---- tests of arguments
 * ----------------------------------------------------------------------------------- */
static bool read_test_kind(RtBuilder *builder, RtStr word, const RtDoc *value, RtTest *test)
{
    if (is_c(word, "is") || is_c(word, "one_of")) {
        test->kind = RT_TEST_WORDS;
        test->word_count = rt_build_list(builder, value, &test->words);
    } else if (is_c(word, "contains")) {
        test->kind = RT_TEST_CONTAINS;
        test->word_count = rt_build_list(builder, value, &test->words);
    } else if (is_c(word, "matches")) {
        test->kind = RT_TEST_REGEX;
        test->regex = add_regex(builder, value, value->text);
    } else if (is_c(word, "host")) {
        test->kind = RT_TEST_HOST;
        test->hosts = hosts_of(builder, value);
    } else if (is_c(word, "longer")) {
        test->kind = RT_TEST_LONGER;
        if (!rt_str_number(value->text, &test->number))
            rt_build_fault(builder, value, "`%.*s` is no number", value->text);
    } else if (is_c(word, "known")) {
        test->kind = RT_TEST_KNOWN;
        test->negated ^= is_c(value->text, "false");
    } else if (is_c(word, "same_as")) {
        test->kind = RT_TEST_SAME;
        test->other_var = var_of(builder, value, &test->other_arg);
    } else {
        return false;
    }
    return true;
}

typedef struct {
    RtTest *items;
    size_t count, capacity;
} Tests;

static void read_tests(RtBuilder *builder, uint8_t arg, const RtDoc *value, Tests *tests)
{
    RtArena *arena = builder->rules->arena;
    if (value->kind != RT_DOC_MAP) {
        RtTest test = { .kind = RT_TEST_WORDS, .arg = arg };
        test.word_count = rt_build_list(builder, value, &test.words);
        RT_PUSH(arena, tests->items, tests->count, tests->capacity) = test;
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        RtTest test = { .arg = arg };
        RtStr word = value->keys[i].text;
        if (rt_str_starts(word, RT_STR("not_"))) {
            test.negated = true;
            word = rt_str_from(word, 4);
        }
        if (!read_test_kind(builder, word, &value->items[i], &test))
            rt_build_fault(builder, &value->keys[i], "unknown test `%.*s`", value->keys[i].text);
        RT_PUSH(arena, tests->items, tests->count, tests->capacity) = test;
    }
}

static void read_where(RtBuilder *builder, const RtDoc *where, RtGoal *goal, Tests *tests)
{
    for (size_t i = 0; where->kind == RT_DOC_MAP && i < where->count; i++) {
        RtStr key = where->keys[i].text;
        uint8_t arg = 0;
        while (arg < 4 && !(key.len && rt_str_equal(rt_fact_arg_name(goal->fact, arg), key)))
            arg++;
        if (arg < 4)
            read_tests(builder, arg, &where->items[i], tests);
        else if (!read_place(builder, key, &where->items[i], &goal->place))
            rt_build_fault(builder, &where->keys[i], "`%.*s` is neither an argument nor a place",
                           key);
    }
    if (where->kind != RT_DOC_MAP)
        rt_build_fault(builder, where, "`where` is a map%.*s", (RtStr){ 0 });
}

/* ---- goals
 * ---------------------------------------------------------------------------------------------------
 */
static void build(RtBuilder *builder, const RtDoc *doc, RtGoal *goal);

static void build_kids(RtBuilder *builder, const RtDoc *list, RtGoal *goal)
{
    if (list->kind != RT_DOC_LIST || !list->count) {
        rt_build_fault(builder, list, "a list of conditions is wanted here%.*s", (RtStr){ 0 });
        return;
    }
    RtGoal *kids = RT_NEW_ARRAY(builder->rules->arena, RtGoal, list->count);
    for (size_t i = 0; i < list->count; i++)
        build(builder, &list->items[i], &kids[i]);
    goal->kids = kids;
    goal->kid_count = list->count;
}

static void build_fact(RtBuilder *builder, const RtDoc *doc, const RtDoc *name, RtGoal *goal)
{
    goal->kind = RT_GOAL_FACT;
    if (!rt_fact_find(name->text, &goal->fact)) {
        rt_build_fault(builder, name, "no behaviour is called `%.*s`", name->text);
        return;
    }
    Tests tests = { 0 };
    for (size_t i = 0; i < doc->count; i++) {
        RtStr key = doc->keys[i].text;
        if (is_c(key, "where"))
            read_where(builder, &doc->items[i], goal, &tests);
        else if (is_c(key, "quiet"))
            goal->quiet = is_c(doc->items[i].text, "true");
        else if (!is_c(key, "fact") && !is_c(key, "as"))
            rt_build_fault(builder, &doc->keys[i], "unknown key `%.*s` beside `fact`", key);
    }
    goal->tests = tests.items;
    goal->test_count = tests.count;
    goal->var = add_var(builder, doc, false, goal->fact);
}

typedef enum { BY_TEXT, BY_HOST, BY_SHAPE } By;

/* `text:`, `host:` and `shape:`; a list of texts is an ANY of them under one name. */
static void build_text(RtBuilder *builder, const RtDoc *doc, const RtDoc *text, By by, RtGoal *goal)
{
    RtGoal model = { .kind = RT_GOAL_TEXT, .number = 1, .place = { .deferred = -1 } };
    for (size_t i = 0; i < doc->count; i++) {
        RtStr key = doc->keys[i].text;
        uint64_t number = 0;
        if (is_c(key, "times") && rt_str_number(doc->items[i].text, &number) && number &&
            number <= 16)
            model.number = (uint32_t)number;
        else if (is_c(key, "quiet"))
            model.quiet = is_c(doc->items[i].text, "true");
        else if (!is_c(key, "text") && !is_c(key, "host") && !is_c(key, "shape") &&
                 !is_c(key, "as") && !read_place(builder, key, &doc->items[i], &model.place))
            rt_build_fault(builder, &doc->keys[i], "unknown key `%.*s` beside `text`", key);
    }
    model.var = add_var(builder, doc, true, RT_FACT_KINDS);
    if (by == BY_SHAPE) {
        *goal = model;
        goal->pattern = build_shape(builder, text);
        return;
    }
    if (by == BY_HOST) {
        *goal = model;
        goal->pattern = rt_build_host_pattern(builder, text, 0, RT_FAMILY_ANY, &goal->hosts);
        return;
    }
    const RtStr *regexes = NULL;
    size_t count = rt_build_list(builder, text, &regexes);
    if (count == 1) {
        *goal = model;
        goal->pattern = rt_build_pattern(builder, text, regexes[0], 0, RT_FAMILY_ANY);
        return;
    }
    RtGoal *kids = RT_NEW_ARRAY(builder->rules->arena, RtGoal, count);
    for (size_t i = 0; i < count; i++) {
        kids[i] = model;
        kids[i].pattern = rt_build_pattern(builder, text, regexes[i], 0, RT_FAMILY_ANY);
    }
    *goal = (RtGoal){ .kind = RT_GOAL_ANY, .kids = kids, .kid_count = count };
}

/* flows, same_file, same_layer, before: [a, b, …] holds for each neighbouring two. */
static void build_chain(RtBuilder *builder, const RtDoc *list, RtGoalKind kind, RtGoal *goal)
{
    if (list->kind != RT_DOC_LIST || list->count < 2) {
        rt_build_fault(builder, list, "a list of two or more names is wanted here%.*s",
                       (RtStr){ 0 });
        return;
    }
    RtGoal *kids = RT_NEW_ARRAY(builder->rules->arena, RtGoal, list->count - 1);
    bool with_args = kind == RT_GOAL_SAME_PATH;
    for (size_t i = 0; i + 1 < list->count; i++) {
        kids[i].kind = kind;
        kids[i].a = var_of(builder, &list->items[i], with_args ? &kids[i].a_arg : NULL);
        kids[i].b = var_of(builder, &list->items[i + 1], with_args ? &kids[i].b_arg : NULL);
    }
    *goal = (RtGoal){ .kind = RT_GOAL_ALL, .kids = kids, .kid_count = list->count - 1 };
}

static void build_near(RtBuilder *builder, const RtDoc *doc, const RtDoc *list, RtGoal *goal)
{
    const RtDoc *lines = rt_doc_get(doc, RT_STR("lines")),
                *bytes = rt_doc_get(doc, RT_STR("bytes"));
    uint64_t number = 0;
    const RtDoc *distance = lines ? lines : bytes;
    if (!distance || !rt_str_number(distance->text, &number) || number > 1000000 ||
        doc->count != 2) {
        rt_build_fault(builder, doc, "`near` goes with `lines: N` or `bytes: N`%.*s", (RtStr){ 0 });
        return;
    }
    build_chain(builder, list, RT_GOAL_NEAR, goal);
    RtGoal *kids = (RtGoal *)(uintptr_t)goal->kids;
    for (size_t i = 0; i < goal->kid_count; i++) {
        kids[i].number = (uint32_t)number;
        kids[i].lines = lines != NULL;
    }
}

static void build_count(RtBuilder *builder, const RtDoc *doc, const RtDoc *number, RtGoal *goal)
{
    const RtDoc *of = rt_doc_get(doc, RT_STR("of"));
    uint64_t count = 0;
    goal->kind = RT_GOAL_COUNT;
    if (!of || doc->count != 2 || !rt_str_number(number->text, &count) || !count || count > 64) {
        rt_build_fault(builder, doc, "`count: N` goes with `of:`, a list of conditions%.*s",
                       (RtStr){ 0 });
        return;
    }
    goal->number = (uint32_t)count;
    build_kids(builder, of, goal);
}

static void build(RtBuilder *builder, const RtDoc *doc, RtGoal *goal)
{
    static const struct {
        const char *word;
        RtGoalKind kind;
    } chains[] = { { "flows", RT_GOAL_FLOWS },
                   { "same_file", RT_GOAL_SAME_FILE },
                   { "same_layer", RT_GOAL_SAME_LAYER },
                   { "same_path", RT_GOAL_SAME_PATH },
                   { "before", RT_GOAL_BEFORE } };
    *goal = (RtGoal){ .kind = RT_GOAL_ANY, .place = { .deferred = -1 } };
    const RtDoc *value = NULL;
    if (doc->kind == RT_DOC_LIST) {
        goal->kind = RT_GOAL_ALL;
        build_kids(builder, doc, goal);
        return;
    }
    if ((value = rt_doc_get(doc, RT_STR("fact")))) {
        build_fact(builder, doc, value, goal);
        return;
    }
    static const char *const texts[] = {
        [BY_TEXT] = "text", [BY_HOST] = "host", [BY_SHAPE] = "shape"
    };
    for (size_t by = 0; by < RT_COUNT(texts); by++) {
        if ((value = rt_doc_get(doc, rt_str_from_c(texts[by])))) {
            build_text(builder, doc, value, (By)by, goal);
            return;
        }
    }
    if ((value = rt_doc_get(doc, RT_STR("count")))) {
        build_count(builder, doc, value, goal);
        return;
    }
    if ((value = rt_doc_get(doc, RT_STR("near")))) {
        build_near(builder, doc, value, goal);
        return;
    }
    if (doc->kind != RT_DOC_MAP || doc->count != 1) {
        rt_build_fault(builder, doc, "a condition is wanted here: all, any, not, fact, text …%.*s",
                       (RtStr){ 0 });
        return;
    }
    RtStr word = doc->keys[0].text;
    value = &doc->items[0];
    for (size_t i = 0; i < RT_COUNT(chains); i++) {
        if (is_c(word, chains[i].word)) {
            build_chain(builder, value, chains[i].kind, goal);
            return;
        }
    }
    if (is_c(word, "all") || is_c(word, "any")) {
        goal->kind = is_c(word, "all") ? RT_GOAL_ALL : RT_GOAL_ANY;
        build_kids(builder, value, goal);
    } else if (is_c(word, "not")) {
        RtGoal *kid = RT_NEW(builder->rules->arena, RtGoal);
        build(builder, value, kid);
        *goal = (RtGoal){ .kind = RT_GOAL_NOT, .kids = kid, .kid_count = 1 };
    } else {
        rt_build_fault(builder, &doc->keys[0], "unknown condition `%.*s`", word);
    }
}

const RtGoal *rt_build_goal(RtBuilder *builder, const RtDoc *doc)
{
    RtGoal *goal = RT_NEW(builder->rules->arena, RtGoal);
    build(builder, doc, goal);
    return goal;
}
