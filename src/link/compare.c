/* compare.c - two profiles next to each other: how each works step by step, and the features that
 * speak for it, as two columns of wrapped text. */
#include "link/attribute.h"

enum { LABEL = 16, GAP = 3, NARROWEST = 80, WIDEST = 200 };

/* The next line of at most `cells` bytes, cut at a blank when there is one; texts of profiles are
 * ours and nearly ASCII. */
static RtStr next_line(RtStr *rest, size_t cells)
{
    *rest = rt_str_trim(*rest);
    size_t cut = rest->len;
    if (cut > cells) {
        cut = rt_str_rfind_byte(rt_str_sub(*rest, 0, cells + 1), ' ');
        if (cut == RT_NOT_FOUND || cut == 0)
            cut = cells;
    }
    while (cut < rest->len && (rest->at[cut] & 0xc0) == 0x80)
        cut++;
    RtStr line = rt_str_sub(*rest, 0, cut);
    *rest = rt_str_from(*rest, cut);
    return line;
}

static size_t width_of(RtStr text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.len; i++)
        width += (text.at[i] & 0xc0) != 0x80;
    return width;
}

static void pad(RtText *out, RtStr text, size_t cells)
{
    rt_text_add(out, text);
    for (size_t width = width_of(text); width < cells; width++)
        rt_text_byte(out, ' ');
}

static void row(RtText *out, const char *label, RtStr left, RtStr right, size_t cells)
{
    bool first = true;
    do {
        pad(out, first ? rt_str_from_c(label) : RT_STR(""), LABEL);
        pad(out, next_line(&left, cells), cells + GAP);
        rt_text_add(out, next_line(&right, cells));
        while (out->len != 0 && out->at[out->len - 1] == ' ')
            out->len--;
        rt_text_byte(out, '\n');
        left = rt_str_trim(left);
        right = rt_str_trim(right);
        first = false;
    } while (left.len != 0 || right.len != 0);
}

static RtStr joined(RtArena *arena, const RtStr *texts, size_t count)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i < count; i++)
        rt_text_format(&out, "%s%.*s", i ? "; " : "", RT_FMT(texts[i]));
    return rt_text_str(&out);
}

/* What speaks for `profile` within a family. */
static RtStr features_of(RtArena *arena, const RtProfile *profile, RtTraitFamily family)
{
    RtText out = { .arena = arena };
    for (size_t i = 0; i < profile->feature_count; i++) {
        const RtFeature *feature = &profile->features[i];
        if (feature->family == family)
            rt_text_format(&out, "%s%.*s (%.1f)", out.len ? "; " : "", RT_FMT(feature->says),
                           feature->weight);
    }
    return rt_text_str(&out);
}

static RtStr told_apart(const RtProfile *profile, const RtProfile *other)
{
    for (size_t i = 0; i < profile->confusable_count; i++)
        if (rt_str_equal(profile->confusables[i].profile, other->id))
            return profile->confusables[i].why;
    return RT_STR("");
}

void rt_profiles_compare(RtText *out, const RtProfile *left, const RtProfile *right,
                         uint32_t columns)
{
    columns = columns < NARROWEST ? NARROWEST : columns > WIDEST ? WIDEST : columns;
    size_t cells = (columns - LABEL - GAP) / 2;
    RtArena *arena = out->arena;
    row(out, "", left->title, right->title, cells);
    row(out, "actor", left->actor, right->actor, cells);
    row(out, "also called", joined(arena, left->names, left->name_count),
        joined(arena, right->names, right->name_count), cells);
    for (size_t i = 0; i < RT_METHOD_STEPS; i++) {
        if (left->method[i].len != 0 || right->method[i].len != 0)
            row(out, rt_method_steps[i], left->method[i], right->method[i], cells);
    }
    for (int f = 0; f < RT_TRAIT_FAMILIES; f++) {
        RtStr ours = features_of(arena, left, (RtTraitFamily)f);
        RtStr theirs = features_of(arena, right, (RtTraitFamily)f);
        const char *label =
            rt_str_c(arena, rt_str_format(arena, "features %.*s",
                                          RT_FMT(rt_trait_family_name((RtTraitFamily)f))));
        if (ours.len != 0 || theirs.len != 0)
            row(out, label, ours, theirs, cells);
    }
    if (told_apart(left, right).len != 0 || told_apart(right, left).len != 0)
        row(out, "told apart by", told_apart(left, right), told_apart(right, left), cells);
    if (left->caution.len != 0 || right->caution.len != 0)
        row(out, "caution", left->caution, right->caution, cells);
    row(out, "sources", joined(arena, left->sources, left->source_count),
        joined(arena, right->sources, right->source_count), cells);
}
