/* attribute.c - tries every profile's features against a finished scan.
 *
 * Only packages that were found suspicious come here, so expressions may be dear; still every look
 * is bounded: text is read only in files that have findings (a README that tells of a campaign is
 * not its work), the first megabyte of each, eight in all. Documentation and tests that nothing
 * reaches speak for nobody. */
#include "link/attribute.h"

#include <stdlib.h>

#include "base/glob.h"

enum { TEXT_LAYERS = 400, TEXT_BYTES = 1 << 20, TEXT_ALL = 8 << 20, SHOWN = 4 };
static const double near_enough = 2; /* points by which a runner-up may be behind */

typedef struct {
    const RtProfiles *profiles;
    const RtLinkView *view;
    RtArena *arena;
    RtLayerId texts[TEXT_LAYERS]; /* layers whose text is looked at */
    size_t text_count;
} Search;

/* Where a clue was seen. */
typedef struct {
    RtLayerId layer; /* 0: nowhere in particular */
    uint64_t from;
    RtStr file; /* of a finding, when there is no layer */
    uint32_t line;
} Spot;

static bool out_of_time(const Search *search)
{
    return search->view->ms_left != NULL && search->view->ms_left(search->view->context) == 0;
}

bool rt_link_counts(const RtLayer *layer)
{
    return !(layer->roles & (RT_ROLE_DOCS | RT_ROLE_TEST | RT_ROLE_TYPES)) ||
           (layer->roles & RT_ROLE_REACHED);
}

static RtLayerId file_of(const Search *search, RtLayerId id)
{
    return search->view->file_of(search->view->context, id);
}

static bool has_finding(const Search *search, RtStr file)
{
    for (size_t i = 0; i < search->view->finding_count; i++) {
        const RtFinding *finding = &search->view->findings[i];
        for (size_t k = 0; k < finding->evidence_count; k++)
            if (rt_str_equal(finding->evidence[k].file, file))
                return true;
    }
    return false;
}

static void choose_texts(Search *search)
{
    const RtLinkView *view = search->view;
    size_t bytes = 0;
    RtLayerId last_file = 0;
    bool last_wanted = false;
    for (RtLayerId id = 1; id < view->layer_count && search->text_count < TEXT_LAYERS; id++) {
        const RtLayer *layer = &view->layers[id];
        if (layer->bytes.len == 0 || !rt_str_is_text(layer->bytes))
            continue;
        RtLayerId file = file_of(search, id);
        if (file != last_file) {
            last_file = file;
            last_wanted =
                rt_link_counts(&view->layers[file]) && has_finding(search, view->layers[file].name);
        }
        if (!last_wanted)
            continue;
        bytes += layer->bytes.len < TEXT_BYTES ? layer->bytes.len : TEXT_BYTES;
        if (bytes > TEXT_ALL)
            return;
        search->texts[search->text_count++] = id;
    }
}

static RtStr text_of(const Search *search, size_t at)
{
    return rt_str_sub(search->view->layers[search->texts[at]].bytes, 0, TEXT_BYTES);
}

static bool matches(const Search *search, uint32_t regex, RtStr text, size_t *ret_from)
{
    size_t end;
    return rt_regex_find(search->profiles->regexes, regex, search->profiles->expressions[regex],
                         text, 0, ret_from, &end);
}

static bool find_text(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    for (size_t i = 0; i < search->text_count && !out_of_time(search); i++) {
        size_t from;
        if (!matches(search, clue->regex, text_of(search, i), &from))
            continue;
        *ret_spot = (Spot){ .layer = search->texts[i], .from = from };
        return true;
    }
    return false;
}

static bool fact_counts(const Search *search, const RtFact *fact)
{
    return rt_link_counts(&search->view->layers[file_of(search, fact->layer)]);
}

static bool find_fact(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    const RtLinkView *view = search->view;
    for (RtFactId id = 1; id < view->fact_count; id++) {
        const RtFact *fact = &view->facts[id];
        if (fact->kind != clue->fact || !fact_counts(search, fact))
            continue;
        bool fits = true;
        for (size_t k = 0; k < 4 && fits; k++) {
            size_t from;
            fits = clue->args[k] == RT_NO_REGEX ||
                   matches(search, clue->args[k], rt_str_sub(fact->args[k], 0, TEXT_BYTES), &from);
        }
        if (fits) {
            *ret_spot = (Spot){ .layer = fact->layer, .from = fact->from };
            return true;
        }
    }
    return false;
}

static bool find_word(const Search *search, RtStr word, Spot *ret_spot)
{
    const RtLinkView *view = search->view;
    for (RtFactId id = 1; id < view->fact_count; id++) {
        const RtFact *fact = &view->facts[id];
        for (size_t k = 0; k < 4; k++) {
            if (fact->args[k].len < word.len || !rt_str_has(fact->args[k], word) ||
                !fact_counts(search, fact))
                continue;
            *ret_spot = (Spot){ .layer = fact->layer, .from = fact->from };
            return true;
        }
    }
    for (size_t i = 0; i < search->text_count; i++) {
        size_t from = rt_str_find(text_of(search, i), word);
        if (from == RT_NOT_FOUND)
            continue;
        *ret_spot = (Spot){ .layer = search->texts[i], .from = from };
        return true;
    }
    return false;
}

static bool find_words(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    uint32_t found = 0;
    for (size_t i = 0; i < clue->word_count && found < clue->number && !out_of_time(search); i++)
        found += find_word(search, clue->words[i], ret_spot);
    return found >= clue->number;
}

static bool find_rule(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    RtStr stem = clue->word;
    bool open = rt_str_ends(stem, RT_STR("*"));
    stem.len -= open;
    for (size_t i = 0; i < search->view->finding_count; i++) {
        const RtFinding *finding = &search->view->findings[i];
        if (open ? !rt_str_starts(finding->rule, stem) : !rt_str_equal(finding->rule, stem))
            continue;
        *ret_spot = (Spot){ 0 };
        if (finding->evidence_count != 0) {
            ret_spot->file = finding->evidence[0].file;
            ret_spot->line = finding->evidence[0].line;
        }
        return true;
    }
    return false;
}

static bool find_file(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    for (RtLayerId id = 1; id < search->view->layer_count; id++) {
        const RtLayer *layer = &search->view->layers[id];
        if (layer->via != RT_VIA_ENTRY || !rt_glob_fits(clue->word, layer->name))
            continue;
        *ret_spot = (Spot){ .layer = id };
        return true;
    }
    return false;
}

static bool find_found(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    for (size_t i = 0; i < search->view->finding_count; i++) {
        const RtFinding *finding = &search->view->findings[i];
        for (size_t k = 0; k < finding->evidence_count && finding->level >= RT_STRONG; k++) {
            if (!rt_glob_fits(clue->word, finding->evidence[k].file))
                continue;
            *ret_spot =
                (Spot){ .file = finding->evidence[k].file, .line = finding->evidence[k].line };
            return true;
        }
    }
    return false;
}

/* Clues nest at most RT_CLUE_DEPTH deep: profile_read.c saw to it. */
static bool find_clue(const Search *search, const RtClue *clue, Spot *ret_spot);

static bool find_kids(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    uint32_t found = 0, wanted = clue->kind == RT_CLUE_ALL   ? (uint32_t)clue->kid_count
                                 : clue->kind == RT_CLUE_ANY ? 1
                                                             : clue->number;
    for (size_t i = 0; i < clue->kid_count && found < wanted; i++) {
        bool here = find_clue(search, &clue->kids[i], ret_spot);
        if (!here && clue->kind == RT_CLUE_ALL)
            return false;
        found += here;
    }
    return found >= wanted;
}

static bool find_clue(const Search *search, const RtClue *clue, Spot *ret_spot)
{
    switch (clue->kind) {
    case RT_CLUE_ALL:
    case RT_CLUE_ANY:
    case RT_CLUE_COUNT:
        return find_kids(search, clue, ret_spot);
    case RT_CLUE_RULE:
        return find_rule(search, clue, ret_spot);
    case RT_CLUE_FACT:
        return find_fact(search, clue, ret_spot);
    case RT_CLUE_TEXT:
        return find_text(search, clue, ret_spot);
    case RT_CLUE_FILE:
        return find_file(search, clue, ret_spot);
    case RT_CLUE_FOUND:
        return find_found(search, clue, ret_spot);
    case RT_CLUE_WORDS:
        return find_words(search, clue, ret_spot);
    }
    return false;
}

static RtTrait trait_of(const Search *search, const RtFeature *feature, Spot spot)
{
    RtTrait trait = { .family = feature->family,
                      .weight = feature->weight,
                      .id = feature->id,
                      .says = feature->says,
                      .file = spot.file,
                      .line = spot.line };
    if (spot.layer == 0)
        return trait;
    RtLayerId file = file_of(search, spot.layer);
    trait.file = search->view->layers[file].name;
    trait.line = file == spot.layer ? rt_str_line(search->view->layers[file].bytes, spot.from) : 0;
    return trait;
}

static int compare_traits(const void *a, const void *b)
{
    const RtTrait *left = a, *right = b;
    if (left->weight != right->weight)
        return left->weight > right->weight ? -1 : 1;
    return rt_str_compare(left->id, right->id);
}

static RtAttribution try_profile(const Search *search, const RtProfile *profile)
{
    RtTrait *traits = RT_NEW_ARRAY(search->arena, RtTrait, profile->feature_count);
    size_t count = 0;
    for (size_t i = 0; i < profile->feature_count; i++) {
        Spot spot = { 0 };
        if (find_clue(search, &profile->features[i].clue, &spot))
            traits[count++] = trait_of(search, &profile->features[i], spot);
    }
    qsort(traits, count, sizeof *traits, compare_traits);
    RtStanding standing = rt_standing(traits, count, search->view->verdict);
    return (RtAttribution){ .campaign = profile->id,
                            .title = profile->title,
                            .actor = profile->actor,
                            .level = standing.level,
                            .points = standing.points,
                            .traits = traits,
                            .trait_count = count };
}

/* Best first. Levels go first, so that a runner-up with more scraps does not pass for the nearest.
 */
static int compare_attributions(const void *a, const void *b)
{
    const RtAttribution *left = a, *right = b;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    if (left->points != right->points)
        return left->points > right->points ? -1 : 1;
    return rt_str_compare(left->campaign, right->campaign);
}

static void say_alternatives(RtText *out, const RtProfiles *profiles, const RtProfile *profile,
                             const RtAttribution *items, size_t count)
{
    if (count > 1) {
        rt_text_format(out, " Alternatives: %.*s (%.1f points).", RT_FMT(items[1].title),
                       items[1].points);
        return;
    }
    rt_text_add(out, RT_STR(" Alternatives considered:"));
    for (size_t i = 0; i < profile->confusable_count; i++) {
        const RtProfile *other = rt_profiles_find(profiles, profile->confusables[i].profile);
        rt_text_format(out, "%s %.*s", i ? "," : "",
                       RT_FMT(other == NULL ? profile->confusables[i].profile : other->title));
    }
    rt_text_byte(out, '.');
}

/* Says no more than the evidence gives (THREATS 4.3): the method is compared, nobody is named as
 * having done it. */
static RtStr wording(const RtProfiles *profiles, RtArena *arena, const RtAttribution *items,
                     size_t count)
{
    static const char *const opening[] = {
        [RT_UNATTRIBUTED] = "Shares some methods with",
        [RT_CONSISTENT_WITH] = "Works as published for",
        [RT_STRONG_LINK] = "Strongly resembles what is published of",
        [RT_EXACT_MATCH] = "Holds constants published of",
    };
    const RtProfile *profile = rt_profiles_find(profiles, items->campaign);
    RtText out = { .arena = arena, .limit = 4096 };
    rt_text_format(&out, "%s %.*s (%.*s); consistent with activity attributed to %.*s.",
                   opening[items->level], RT_FMT(items->title), RT_FMT(profile->sources[0]),
                   RT_FMT(items->actor));
    rt_text_add(&out, RT_STR(" Tools and code are public and copied: code alone attributes "
                             "nothing."));
    bool against = false;
    for (size_t i = 0; i < items->trait_count; i++) {
        if (items->traits[i].weight >= 0)
            continue;
        rt_text_format(&out, "%s %.*s", against ? ";" : " Against:", RT_FMT(items->traits[i].says));
        against = true;
    }
    rt_text_add(&out, against ? RT_STR(".") : RT_STR(""));
    if (profile->caution.len != 0)
        rt_text_format(&out, " %.*s", RT_FMT(profile->caution));
    say_alternatives(&out, profiles, profile, items, count);
    return rt_text_str(&out);
}

const RtAttributions *rt_attribute(const RtProfiles *profiles, const RtLinkView *view,
                                   RtArena *arena)
{
    if (view->verdict < RT_VERDICT_SUSPICIOUS || profiles->count == 0)
        return NULL;
    Search *search = RT_NEW(arena, Search);
    *search = (Search){ .profiles = profiles, .view = view, .arena = arena };
    choose_texts(search);
    RtAttribution *items = RT_NEW_ARRAY(arena, RtAttribution, profiles->count);
    for (size_t i = 0; i < profiles->count; i++)
        items[i] = try_profile(search, &profiles->items[i]);
    qsort(items, profiles->count, sizeof *items, compare_attributions);
    if (items[0].level == RT_UNATTRIBUTED)
        return NULL;
    size_t count = 1;
    while (count < profiles->count && count < SHOWN &&
           (items[count].level != RT_UNATTRIBUTED ||
            (items[count].points > 0 && items[count].points + near_enough >= items[0].points)))
        count++;
    for (size_t i = 0; i < count; i++)
        items[i].says = wording(profiles, arena, &items[i], count - i);
    RtAttributions *result = RT_NEW(arena, RtAttributions);
    *result = (RtAttributions){ items, count };
    return result;
}
