/* likeness.c - what packages have in common without anything flowing between them, and what bears
 * out a pair that is known.
 *
 * Honest packages of one maker share hosts, people and code, too; a likeness therefore counts only
 * between packages in each of which something was found, and otherwise supports what a flow says.
 * Many with one thing in common are linked in a row, not each with each: the cluster is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "link/linker_parts.h"
#include "link/shape.h"

enum { BANDS = 8, ROWS = RT_SHAPE_SLOTS / BANDS, ALIKE = 20, SAME = 28 };

static bool is_suspect(const RtLinker *linker, uint32_t package)
{
    return linker->members[package].verdict >= RT_VERDICT_SUSPICIOUS;
}

static uint8_t signal_of(uint8_t kind)
{
    switch (kind) {
    case RT_RESOURCE_HOST:
    case RT_RESOURCE_CONSTANT:
        return RT_SIGNAL_CONSTANT;
    case RT_RESOURCE_PERSON:
        return RT_SIGNAL_PERSON;
    case RT_RESOURCE_README:
        return RT_SIGNAL_README;
    default:
        return 0;
    }
}

static void link_holders(RtLinker *linker, const RtTerm *term)
{
    uint8_t number = signal_of(term->kind);
    double points = rt_signal_points(number) * rt_linker_rarity(linker, term);
    const RtEntry *before[RT_LINK_EVERY];
    size_t count = 0;
    for (uint32_t i = 0; i < term->count; i++) {
        const RtEntry *entry = &linker->entries[term->first + i];
        if (!is_suspect(linker, entry->package))
            continue;
        size_t known = count < RT_LINK_EVERY ? count : RT_LINK_EVERY;
        size_t first = known == RT_LINK_EVERY ? known - 1 : 0;
        for (size_t k = first; k < known; k++)
            rt_pair_signal(linker, before[k], entry, number, points, RT_WEAK);
        before[count < RT_LINK_EVERY ? count : RT_LINK_EVERY - 1] = entry;
        count++;
    }
}

/* ---- shapes */

typedef struct {
    uint64_t key; /* of a band: its rows, mixed */
    uint32_t shape;
} Band;

static int by_key(const void *a, const void *b)
{
    const Band *left = a, *right = b;
    if (left->key != right->key)
        return left->key < right->key ? -1 : 1;
    return left->shape < right->shape ? -1 : left->shape > right->shape;
}

static RtEntry entry_of(const RtLinker *linker, const RtMemberShape *shape)
{
    uint32_t file = rt_linker_term(linker, RT_RESOURCE_KINDS, shape->shape.file);
    return (RtEntry){ .package = shape->package,
                      .text = file,
                      .file = file,
                      .line = 1,
                      .kind = RT_RESOURCE_FILE,
                      .deed = RT_DEED_HOLDS };
}

static void compare_shapes(RtLinker *linker, const RtMemberShape *a, const RtMemberShape *b)
{
    uint32_t common = rt_shape_common(&a->shape, &b->shape);
    if (a->package == b->package || common < ALIKE)
        return;
    RtEntry left = entry_of(linker, a), right = entry_of(linker, b);
    double points = rt_signal_points(RT_SIGNAL_SHAPE) + (common >= SAME ? 2 : 0);
    rt_pair_signal(linker, &left, &right, RT_SIGNAL_SHAPE, points, RT_WEAK);
}

/* Locality-sensitive hashing: shapes that share four slots in a row are compared. */
static void link_shapes(RtLinker *linker)
{
    Band *bands = RT_NEW_ARRAY(linker->arena, Band, linker->shape_count * BANDS + 1);
    size_t count = 0;
    for (size_t i = 0; i < linker->shape_count; i++) {
        for (size_t k = 0; k < BANDS && is_suspect(linker, linker->shapes[i].package); k++) {
            uint64_t key = k;
            for (size_t r = 0; r < ROWS; r++)
                key = (key ^ linker->shapes[i].shape.slots[k * ROWS + r]) * 0x9e3779b97f4a7c15u;
            bands[count++] = (Band){ key, (uint32_t)i };
        }
    }
    qsort(bands, count, sizeof *bands, by_key);
    for (size_t from = 0, i = 1; i < count; i++) {
        if (bands[i].key != bands[from].key)
            from = i;
        size_t k = i - from > RT_LINK_EVERY ? i - 1 : from;
        for (; k < i; k++)
            compare_shapes(linker, &linker->shapes[bands[k].shape],
                           &linker->shapes[bands[i].shape]);
    }
}

void rt_pairs_by_likeness(RtLinker *linker)
{
    for (size_t i = 0; i < linker->term_count; i++) {
        const RtTerm *term = &linker->terms[i];
        if (term->count > 1 && signal_of(term->kind) != 0)
            link_holders(linker, term);
    }
    link_shapes(linker);
}

/* ---- support */

/* One entry of `package` on the term of a package's name, when it declares it. */
static const RtEntry *next_declarer(const RtLinker *linker, const RtTerm *term, uint32_t *at)
{
    while (*at < term->count) {
        const RtEntry *entry = &linker->entries[term->first + (*at)++];
        if (entry->deed == RT_DEED_DECLARES)
            return entry;
    }
    return NULL;
}

/* The only ones that ask for either ask for both. Entries of a term are in order of package. */
static bool are_corequired(const RtLinker *linker, const RtLink *link, RtEntry *ret_a,
                           RtEntry *ret_b)
{
    uint32_t terms[2], at[2] = { 0, 0 }, both = 0;
    for (size_t i = 0; i < 2; i++) {
        RtStr name = linker->members[i == 0 ? link->first : link->second].name;
        terms[i] = name.len == 0 ? UINT32_MAX : rt_linker_term(linker, RT_RESOURCE_PACKAGE, name);
        if (terms[i] == UINT32_MAX)
            return false;
    }
    for (;;) {
        const RtEntry *a = next_declarer(linker, &linker->terms[terms[0]], &at[0]);
        const RtEntry *b = next_declarer(linker, &linker->terms[terms[1]], &at[1]);
        if (a == NULL && b == NULL)
            return both != 0;
        if (a == NULL || b == NULL || a->package != b->package)
            return false;
        *ret_a = *a;
        *ret_b = *b;
        both++;
    }
}

static void support(RtLinker *linker, RtPair *pair)
{
    const RtLink *link = &pair->link;
    const RtMember *a = &linker->members[link->first], *b = &linker->members[link->second];
    RtEntry left = { 0 }, right = { 0 };
    if (are_corequired(linker, link, &left, &right)) {
        left.package = link->first;
        right.package = link->second;
        rt_pair_signal(linker, &left, &right, RT_SIGNAL_COREQUIRED,
                       rt_signal_points(RT_SIGNAL_COREQUIRED), RT_WEAK);
    }
    if (a->name.len != 0 && rt_str_equal(a->name, b->name) &&
        !rt_str_equal(a->ecosystem, b->ecosystem))
        rt_pair_signal(linker, &a->origin, &b->origin, RT_SIGNAL_REGISTRIES,
                       rt_signal_points(RT_SIGNAL_REGISTRIES), RT_WEAK);
}

void rt_pairs_support(RtLinker *linker)
{
    for (size_t i = 0; i < linker->pair_count; i++)
        support(linker, linker->pairs[i]);
}

/* ---- the level */

void rt_pair_judge(const RtLinker *linker, RtPair *pair)
{
    static const uint8_t flows[] = { RT_SIGNAL_FILE, RT_SIGNAL_NAME, RT_SIGNAL_RUNS,
                                     RT_SIGNAL_PACKAGE, RT_SIGNAL_LISTENS };
    enum { STRONG_FROM = 5, WEAK_FROM = 2 };
    RtLink *link = &pair->link;
    for (size_t i = 0; i < RT_SIGNALS; i++)
        link->points += pair->signals[i].points;
    for (size_t i = 0; i < RT_COUNT(flows); i++)
        link->is_ordered |= pair->signals[flows[i]].points > 0;
    bool suspects = is_suspect(linker, link->first) && is_suspect(linker, link->second);
    link->level = link->points >= WEAK_FROM ? RT_WEAK : RT_NOTE;
    if (pair->level > link->level)
        link->level = pair->level;
    if (suspects && link->points >= STRONG_FROM && link->level < RT_STRONG)
        link->level = RT_STRONG;
}
