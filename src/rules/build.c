/* build.c - from documents to rules: every key is known, every name is checked, every fault has its
 * line.
 *
 * The same code reads YAML (ratter-pack, `ratter rules check`) and packs (the program), so that
 * what compiles is what runs. An unknown key is a fault: a misspelt `unless` would silently widen a
 * rule. */
#include "rules/ruleset.h"

#include "rules/build.h"

#include <stdlib.h>

void rt_build_fault(RtBuilder *builder, const RtDoc *at, const char *format, RtStr name)
{
    RtStr text = rt_str_format(builder->rules->arena, format, RT_FMT(name));
    builder->faults++;
    builder->fault(builder->context, builder->path, at ? at->line : 1, text);
}

size_t rt_build_list(RtBuilder *builder, const RtDoc *doc, const RtStr **ret_items)
{
    *ret_items = NULL;
    if (!doc)
        return 0;
    size_t count = doc->kind == RT_DOC_LIST ? doc->count : 1;
    RtStr *items = RT_NEW_ARRAY(builder->rules->arena, RtStr, count);
    for (size_t i = 0; i < count; i++) {
        const RtDoc *item = doc->kind == RT_DOC_LIST ? &doc->items[i] : doc;
        if (item->kind != RT_DOC_TEXT)
            rt_build_fault(builder, item, "a text is wanted here%.*s", (RtStr){ 0 });
        items[i] = item->text;
    }
    *ret_items = items;
    return count;
}

static RtStr text_of(RtBuilder *builder, const RtDoc *map, const char *key, bool wanted)
{
    const RtDoc *value = rt_doc_get(map, rt_str_from_c(key));
    if (!value) {
        if (wanted)
            rt_build_fault(builder, map, "the rule has no `%.*s`", rt_str_from_c(key));
        return (RtStr){ 0 };
    }
    if (value->kind != RT_DOC_TEXT || (wanted && !value->text.len))
        rt_build_fault(builder, value, "`%.*s` must be a text", rt_str_from_c(key));
    return value->text;
}

/* A weight such as -1.5 or 3: sign, digits, at most three decimals; no locale. */
static bool weight_of(RtStr text, double *ret_weight)
{
    bool negative = text.len && text.at[0] == '-';
    RtStr rest = negative ? rt_str_from(text, 1) : text, whole = { 0 };
    uint64_t units = 0, thousandths = 0;
    if (!rt_str_next(&rest, '.', &whole) || !rt_str_number(whole, &units) || units > 100)
        return false;
    if (rest.len > 3 || (rest.len && !rt_str_number(rest, &thousandths)))
        return false;
    for (size_t i = rest.len; i < 3; i++)
        thousandths *= 10;
    double weight = (double)units + (double)thousandths / 1000;
    *ret_weight = negative ? -weight : weight;
    return true;
}

static void read_level(RtBuilder *builder, const RtDoc *doc, RtRuleInfo *info)
{
    static const double usual[] = {
        [RT_NOTE] = 0, [RT_WEAK] = 1, [RT_STRONG] = 3, [RT_CONCLUSIVE] = 8
    };
    RtStr name = text_of(builder, doc, "level", true);
    bool known = false;
    for (int level = RT_NOTE; level <= RT_CONCLUSIVE; level++) {
        if (!rt_str_equal(name, rt_finding_level_name((RtFindingLevel)level)))
            continue;
        info->level = (RtFindingLevel)level;
        info->weight = usual[level];
        known = true;
    }
    const RtDoc *weight = rt_doc_get(doc, RT_STR("weight"));
    if (!known)
        rt_build_fault(builder, rt_doc_get(doc, RT_STR("level")), "no level is called `%.*s`",
                       name);
    if (weight && !weight_of(weight->text, &info->weight))
        rt_build_fault(builder, weight, "`%.*s` is no weight (a number such as 2.5)", weight->text);
}

static void check_attack(RtBuilder *builder, const RtDoc *doc, const RtRuleInfo *info)
{
    for (size_t i = 0; i < info->attack_count; i++) {
        RtStr id = info->attack[i];
        bool fine = id.len >= 5 && id.at[0] == 'T';
        for (size_t j = 1; fine && j < id.len; j++)
            fine = (id.at[j] >= '0' && id.at[j] <= '9') || (id.at[j] == '.' && j == 5);
        if (!fine)
            rt_build_fault(builder, rt_doc_get(doc, RT_STR("attack")),
                           "`%.*s` is no ATT&CK technique", id);
    }
}

static void check_keys(RtBuilder *builder, const RtDoc *doc)
{
    static const char *const known[] = { "id",         "title",         "why",    "advice",
                                         "level",      "weight",        "family", "attack",
                                         "scope",      "everywhere",    "when",   "unless",
                                         "must_match", "must_not_match" };
    for (size_t i = 0; i < doc->count; i++) {
        bool found = false;
        for (size_t j = 0; j < RT_COUNT(known) && !found; j++)
            found = rt_str_equal(doc->keys[i].text, rt_str_from_c(known[j]));
        if (!found)
            rt_build_fault(builder, &doc->keys[i], "unknown key `%.*s` in a rule",
                           doc->keys[i].text);
    }
}

/* The id is the path without .yaml, so that a rule is found by its name and no two can have the
 * same. */
static void check_id(RtBuilder *builder, const RtDoc *doc, RtStr id)
{
    RtStr path = builder->path;
    if (rt_str_ends(path, RT_STR(".yaml")))
        path = rt_str_sub(path, 0, path.len - 5);
    if (id.len && !rt_str_equal(id, path))
        rt_build_fault(builder, rt_doc_get(doc, RT_STR("id")),
                       "the id must be the file's place: `%.*s`", path);
}

static void read_scope(RtBuilder *builder, const RtDoc *doc, RtRule *rule)
{
    const RtDoc *scope = rt_doc_get(doc, RT_STR("scope"));
    const RtDoc *everywhere = rt_doc_get(doc, RT_STR("everywhere"));
    if (everywhere)
        rule->everywhere = rt_str_equal(everywhere->text, RT_STR("true"));
    if (!scope || rt_str_equal(scope->text, RT_STR("file")))
        rule->scope = RT_SCOPE_FILE;
    else if (rt_str_equal(scope->text, RT_STR("layer")))
        rule->scope = RT_SCOPE_LAYER;
    else if (rt_str_equal(scope->text, RT_STR("package")))
        rule->scope = RT_SCOPE_PACKAGE;
    else
        rt_build_fault(builder, scope, "scope is file, layer or package, not `%.*s`", scope->text);
}

/* What a match cannot do without: the goals that stand in a row. */
static void collect_needs(RtArena *arena, const RtGoal *goal, RtRule *rule, size_t *capacity)
{
    if (goal->kind == RT_GOAL_FACT)
        rule->needs_facts |= UINT64_C(1) << goal->fact;
    if (goal->kind == RT_GOAL_TEXT) {
        uint32_t *patterns = (uint32_t *)(uintptr_t)rule->needs_patterns;
        RT_PUSH(arena, patterns, rule->needs_pattern_count, *capacity) = goal->pattern;
        rule->needs_patterns = patterns;
    }
    if (goal->kind == RT_GOAL_ALL)
        for (size_t i = 0; i < goal->kid_count; i++)
            collect_needs(arena, &goal->kids[i], rule, capacity);
}

static void check_examples(RtBuilder *builder, const RtDoc *doc)
{
    static const char *const lists[] = { "must_match", "must_not_match" };
    for (size_t i = 0; i < RT_COUNT(lists); i++) {
        const RtDoc *list = rt_doc_get(doc, rt_str_from_c(lists[i]));
        if (!list) {
            if (!builder->from_pack)
                rt_build_fault(builder, doc, "the rule has no `%.*s` example",
                               rt_str_from_c(lists[i]));
            continue;
        }
        if (list->kind != RT_DOC_LIST || !list->count)
            rt_build_fault(builder, list, "`%.*s` is a list of examples", rt_str_from_c(lists[i]));
        for (size_t j = 0; list->kind == RT_DOC_LIST && j < list->count; j++) {
            const RtDoc *files = rt_doc_get(&list->items[j], RT_STR("files"));
            bool fine =
                files && files->kind == RT_DOC_MAP && files->count && list->items[j].count == 1;
            for (size_t k = 0; fine && k < files->count; k++)
                fine = files->items[k].kind == RT_DOC_TEXT;
            if (!fine)
                rt_build_fault(builder, &list->items[j],
                               "an example is `files:`, a map of name to text%.*s", (RtStr){ 0 });
        }
    }
}

static void build_rule(RtBuilder *builder, const RtDoc *doc, RtRule *ret_rule)
{
    RtRule rule = { 0 };
    builder->var_count = 0;
    check_keys(builder, doc);
    rule.info.id = text_of(builder, doc, "id", true);
    rule.info.title = text_of(builder, doc, "title", true);
    rule.info.why = text_of(builder, doc, "why", true);
    rule.info.advice = text_of(builder, doc, "advice", false);
    rule.info.family = text_of(builder, doc, "family", false);
    if (!rule.info.family.len)
        rule.info.family = rule.info.id;
    rule.info.attack_count =
        rt_build_list(builder, rt_doc_get(doc, RT_STR("attack")), &rule.info.attack);
    check_id(builder, doc, rule.info.id);
    check_attack(builder, doc, &rule.info);
    read_level(builder, doc, &rule.info);
    read_scope(builder, doc, &rule);
    check_examples(builder, doc);
    const RtDoc *when = rt_doc_get(doc, RT_STR("when")),
                *unless = rt_doc_get(doc, RT_STR("unless"));
    if (!when)
        rt_build_fault(builder, doc, "the rule has no `when`%.*s", (RtStr){ 0 });
    else
        rule.when = rt_build_goal(builder, when);
    if (unless)
        rule.unless = rt_build_goal(builder, unless);
    size_t capacity = 0;
    if (rule.when)
        collect_needs(builder->rules->arena, rule.when, &rule, &capacity);
    *ret_rule = rule;
}

static void build_triage(RtBuilder *builder, const RtDoc *doc)
{
    static const struct {
        const char *name;
        RtTriageFamily family;
    } families[] = { { "any", RT_FAMILY_ANY },
                     { "js", RT_FAMILY_JS },
                     { "python", RT_FAMILY_PYTHON },
                     { "shell", RT_FAMILY_SHELL } };
    static const char *const classes[] = { "eval",   "proc",    "net",      "decode",
                                           "secret", "env",     "file",     "obfuscated",
                                           "hidden", "persist", "host",     "long",
                                           "chain",  "blob",    "reversed", "inflate" };
    RtStr family_name = text_of(builder, doc, "family", true);
    size_t family = 0;
    while (family < RT_COUNT(families) &&
           !rt_str_equal(family_name, rt_str_from_c(families[family].name)))
        family++;
    if (family == RT_COUNT(families)) {
        rt_build_fault(builder, doc, "no family of languages is called `%.*s`", family_name);
        return;
    }
    for (size_t i = 0; i < doc->count; i++) {
        RtStr key = doc->keys[i].text;
        if (rt_str_equal(key, RT_STR("family")))
            continue;
        if (rt_str_equal(key, RT_STR("hosts"))) {
            rt_build_host_pattern(builder, &doc->items[i], RT_ASKS_HOST, families[family].family,
                                  NULL);
            continue;
        }
        size_t class = 0;
        while (class < RT_COUNT(classes) && !rt_str_equal(key, rt_str_from_c(classes[class])))
            class ++;
        const RtStr *words = NULL;
        size_t count = rt_build_list(builder, &doc->items[i], &words);
        if (class == RT_COUNT(classes))
            rt_build_fault(builder, &doc->keys[i], "no class of triage words is called `%.*s`",
                           key);
        else
            for (size_t j = 0; j < count; j++)
                rt_build_pattern(builder, &doc->items[i], words[j], UINT32_C(1) << class,
                                 families[family].family);
    }
}

static int compare_rules(const void *a, const void *b)
{
    const RtRule *left = a, *right = b;
    return rt_str_compare(left->info.id, right->info.id);
}

static void add_rule(RtRules *rules, RtRule rule, size_t *capacity)
{
    for (size_t i = 0; i < rules->rule_count; i++) {
        if (!rt_str_equal(rules->rules[i].info.id, rule.info.id))
            continue;
        rules->rules[i] = rule;
        return;
    }
    RT_PUSH(rules->arena, rules->rules, rules->rule_count, *capacity) = rule;
}

static bool is_hosts(RtStr path) { return rt_str_equal(path, RT_STR("data/hosts.yaml")); }

void rt_rules_build(RtRules *rules, const RtDoc *docs, bool from_pack, RtFaultIn *fault,
                    void *context)
{
    RtBuilder builder = {
        .rules = rules, .from_pack = from_pack, .fault = fault, .context = context
    };
    size_t capacity = rules->rule_count;
    builder.first_pattern = rules->pattern_count;
    for (int turn = 0; turn < 2; turn++) { /* hosts first: rules name their classes */
        for (size_t i = 0; i < docs->count; i++) {
            const RtDoc *doc = rt_doc_get(&docs->items[i], RT_STR("doc"));
            const RtDoc *path = rt_doc_get(&docs->items[i], RT_STR("path"));
            if (!doc || !path)
                continue;
            builder.path = path->text;
            if (is_hosts(path->text) != (turn == 0))
                continue;
            if (turn == 0) {
                rt_build_hosts(&builder, doc);
            } else if (doc->kind != RT_DOC_MAP) {
                rt_build_fault(&builder, doc, "a rule is a map%.*s", (RtStr){ 0 });
            } else if (rt_str_starts(path->text, RT_STR("triage/"))) {
                build_triage(&builder, doc);
            } else {
                RtRule rule = { 0 };
                size_t before = builder.faults;
                build_rule(&builder, doc, &rule);
                if (before == builder.faults)
                    add_rule(rules, rule, &capacity);
            }
        }
    }
    if (rules->rule_count)
        qsort(rules->rules, rules->rule_count, sizeof *rules->rules, compare_rules);
}
