/* linker.c - takes summaries in, keeps every text once, and turns pairs into links. */
#include "link/linker_parts.h"

#include <math.h>
#include <stdlib.h>

static const size_t arena_limit = (size_t)4 << 30;

RtLinker *rt_linker_open(bool halves_only)
{
    RtLinker *linker = calloc(1, sizeof *linker);
    if (linker == NULL)
        return NULL;
    linker->arena = rt_arena_open(arena_limit, NULL, NULL);
    linker->halves_only = halves_only;
    return linker;
}

void rt_linker_close(RtLinker *linker)
{
    if (linker == NULL)
        return;
    rt_arena_close(linker->arena);
    free(linker);
}

size_t rt_linker_count(const RtLinker *linker) { return linker->member_count; }

/* ---- texts */

static size_t slot_of(const RtLinker *linker, uint8_t kind, RtStr text)
{
    size_t slot =
        (size_t)(rt_str_hash(text) + kind * 0x9e3779b97f4a7c15u) & (linker->slot_count - 1);
    for (; linker->term_slots[slot] != 0; slot = (slot + 1) & (linker->slot_count - 1)) {
        const RtTerm *term = &linker->terms[linker->term_slots[slot] - 1];
        if (term->kind == kind && rt_str_equal(term->text, text))
            break;
    }
    return slot;
}

uint32_t rt_linker_term(const RtLinker *linker, uint8_t kind, RtStr text)
{
    if (linker->slot_count == 0)
        return UINT32_MAX;
    uint32_t found = linker->term_slots[slot_of(linker, kind, text)];
    return found == 0 ? UINT32_MAX : found - 1;
}

static void grow_slots(RtLinker *linker)
{
    linker->slot_count = linker->slot_count == 0 ? 1024 : linker->slot_count * 4;
    linker->term_slots = RT_NEW_ARRAY(linker->arena, uint32_t, linker->slot_count);
    for (size_t i = 0; i < linker->term_count; i++)
        linker->term_slots[slot_of(linker, linker->terms[i].kind, linker->terms[i].text)] =
            (uint32_t)i + 1;
}

static uint32_t intern(RtLinker *linker, uint8_t kind, RtStr text)
{
    if ((linker->term_count + 1) * 2 > linker->slot_count)
        grow_slots(linker);
    size_t slot = slot_of(linker, kind, text);
    if (linker->term_slots[slot] != 0)
        return linker->term_slots[slot] - 1;
    RT_PUSH(linker->arena, linker->terms, linker->term_count, linker->term_capacity) =
        (RtTerm){ .text = rt_str_copy(linker->arena, text), .kind = kind };
    linker->term_slots[slot] = (uint32_t)linker->term_count;
    return (uint32_t)linker->term_count - 1;
}

/* ---- packages */

/* What can make a conclusive pair, or says in which order the halves run. */
static bool is_wanted(const RtLinker *linker, const RtResource *resource)
{
    if (!linker->halves_only)
        return true;
    if (resource->kind == RT_RESOURCE_HOST || resource->deed == RT_DEED_HOLDS)
        return false;
    return resource->taint != 0 || resource->deed == RT_DEED_RUNS ||
           resource->deed == RT_DEED_LISTENS || resource->deed == RT_DEED_DECLARES ||
           resource->deed == RT_DEED_INSTALLS;
}

static void add_resources(RtLinker *linker, RtMember *member, const RtSummary *summary)
{
    uint32_t package = (uint32_t)linker->member_count - 1;
    for (size_t i = 0; i < summary->resource_count; i++) {
        const RtResource *resource = &summary->resources[i];
        bool is_origin = resource->kind == RT_RESOURCE_HOST && member->origin.deed == RT_DEED_HOLDS;
        if (!is_origin && !is_wanted(linker, resource))
            continue;
        RtEntry entry = { .package = package,
                          .text = intern(linker, (uint8_t)resource->kind, resource->text),
                          .file = intern(linker, RT_RESOURCE_KINDS, resource->file),
                          .line = resource->line,
                          .kind = (uint8_t)resource->kind,
                          .deed = (uint8_t)resource->deed,
                          .taint = resource->taint,
                          .phase = (uint8_t)resource->phase };
        if (is_origin)
            member->origin = entry;
        if (is_wanted(linker, resource))
            RT_PUSH(linker->arena, linker->entries, linker->entry_count, linker->entry_capacity) =
                entry;
    }
}

void rt_linker_add(RtLinker *linker, const RtReport *report)
{
    const RtSummary *summary = report->summary;
    const RtArtifact *artifact = &report->artifact;
    if (summary == NULL || linker->member_count == UINT32_MAX / 2)
        return;
    RtMember *member =
        &RT_PUSH(linker->arena, linker->members, linker->member_count, linker->member_capacity);
    *member = (RtMember){ .path = rt_str_copy(linker->arena, artifact->path),
                          .ecosystem = rt_str_copy(linker->arena, artifact->ecosystem),
                          .name = rt_str_copy(linker->arena, artifact->name),
                          .version = rt_str_copy(linker->arena, artifact->version),
                          .verdict = report->verdict.level };
    if (report->attributions != NULL && report->attributions->count != 0 &&
        report->attributions->items[0].level != RT_UNATTRIBUTED)
        member->campaign = rt_str_copy(linker->arena, report->attributions->items[0].campaign);
    RtStr identity = artifact->name.len == 0
                         ? artifact->path
                         : rt_str_format(linker->arena, "%.*s:%.*s", RT_FMT(artifact->ecosystem),
                                         RT_FMT(artifact->name));
    member->identity = intern(linker, RT_RESOURCE_KINDS, identity);
    member->origin = (RtEntry){ .package = (uint32_t)linker->member_count - 1,
                                .text = intern(linker, RT_RESOURCE_PACKAGE, artifact->name),
                                .file = intern(linker, RT_RESOURCE_KINDS, RT_STR("")),
                                .kind = RT_RESOURCE_PACKAGE,
                                .deed = RT_DEED_HOLDS };
    add_resources(linker, member, summary);
    for (size_t i = 0; i < summary->shape_count && !linker->halves_only; i++) {
        RtMemberShape *shape =
            &RT_PUSH(linker->arena, linker->shapes, linker->shape_count, linker->shape_capacity);
        *shape = (RtMemberShape){ summary->shapes[i], (uint32_t)linker->member_count - 1 };
        uint32_t file = intern(linker, RT_RESOURCE_KINDS, shape->shape.file);
        shape->shape.file = linker->terms[file].text;
    }
}

/* ---- pairs */

static uint64_t pair_key(uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    uint64_t key = (uint64_t)low << 32 | high;
    return (key ^ key >> 29) * 0xbf58476d1ce4e5b9u;
}

static size_t pair_slot(const RtLinker *linker, uint32_t a, uint32_t b)
{
    size_t slot = (size_t)(pair_key(a, b) >> 20) & (linker->pair_slot_count - 1);
    for (; linker->pair_slots[slot] != 0; slot = (slot + 1) & (linker->pair_slot_count - 1)) {
        const RtLink *link = &linker->pairs[linker->pair_slots[slot] - 1]->link;
        if ((link->first == a && link->second == b) || (link->first == b && link->second == a))
            break;
    }
    return slot;
}

RtPair *rt_linker_pair(RtLinker *linker, uint32_t a, uint32_t b)
{
    if (linker->members[a].identity == linker->members[b].identity)
        return NULL;
    if ((linker->pair_count + 1) * 2 > linker->pair_slot_count) {
        linker->pair_slot_count = linker->pair_slot_count == 0 ? 1024 : linker->pair_slot_count * 4;
        linker->pair_slots = RT_NEW_ARRAY(linker->arena, uint32_t, linker->pair_slot_count);
        for (size_t i = 0; i < linker->pair_count; i++) {
            const RtLink *link = &linker->pairs[i]->link;
            linker->pair_slots[pair_slot(linker, link->first, link->second)] = (uint32_t)i + 1;
        }
    }
    size_t slot = pair_slot(linker, a, b);
    if (linker->pair_slots[slot] != 0)
        return linker->pairs[linker->pair_slots[slot] - 1];
    if (linker->pair_count == RT_LINK_PAIRS) {
        linker->left_out++;
        return NULL;
    }
    RtPair *pair = RT_NEW(linker->arena, RtPair);
    pair->link = (RtLink){ .first = a, .second = b };
    RT_PUSH(linker->arena, linker->pairs, linker->pair_count, linker->pair_capacity) = pair;
    linker->pair_slots[slot] = (uint32_t)linker->pair_count;
    return pair;
}

/* ---- rarity */

double rt_linker_rarity(const RtLinker *linker, const RtTerm *term)
{
    enum { FREE = 3, LEAST = 200 };
    uint32_t innocent = 0, last = UINT32_MAX;
    for (uint32_t i = term->first; i < term->first + term->count; i++) {
        const RtMember *member = &linker->members[linker->entries[i].package];
        innocent += member->identity != last && member->verdict < RT_VERDICT_SUSPICIOUS;
        last = member->identity;
    }
    if (innocent <= FREE)
        return 1;
    double all = linker->member_count < LEAST ? LEAST : (double)linker->member_count;
    double rarity = log(all / innocent) / log(all / FREE);
    return rarity > 0 ? rarity : 0;
}

/* ---- the run */

typedef struct {
    RtStr path;
    uint32_t index;
} Order;

static int by_path(const void *a, const void *b)
{
    const Order *left = a, *right = b;
    int order = rt_str_compare(left->path, right->path);
    if (order != 0)
        return order;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Packages by path: the same set gives the same links in whatever order it came. */
static void sort_members(RtLinker *linker)
{
    size_t count = linker->member_count;
    Order *order = RT_NEW_ARRAY(linker->arena, Order, count + 1);
    RtMember *members = RT_NEW_ARRAY(linker->arena, RtMember, count + 1);
    uint32_t *moved = RT_NEW_ARRAY(linker->arena, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        order[i] = (Order){ linker->members[i].path, (uint32_t)i };
    qsort(order, count, sizeof *order, by_path);
    for (size_t i = 0; i < count; i++) {
        members[i] = linker->members[order[i].index];
        members[i].origin.package = (uint32_t)i;
        moved[order[i].index] = (uint32_t)i;
    }
    linker->members = members;
    for (size_t i = 0; i < linker->entry_count; i++)
        linker->entries[i].package = moved[linker->entries[i].package];
    for (size_t i = 0; i < linker->shape_count; i++)
        linker->shapes[i].package = moved[linker->shapes[i].package];
}

/* One stable counting sort, by package or by term; `starts` has room for one more than there are
 * keys. */
static RtEntry *sort_entries(RtLinker *linker, bool by_term, size_t keys, uint32_t *starts)
{
    RtEntry *sorted = RT_NEW_ARRAY(linker->arena, RtEntry, linker->entry_count + 1);
    for (size_t i = 0; i < linker->entry_count; i++)
        starts[(by_term ? linker->entries[i].text : linker->entries[i].package) + 1]++;
    for (size_t i = 0; i < keys; i++)
        starts[i + 1] += starts[i];
    for (size_t i = 0; i < linker->entry_count; i++) {
        const RtEntry *entry = &linker->entries[i];
        sorted[starts[by_term ? entry->text : entry->package]++] = *entry;
    }
    return sorted;
}

static void index_entries(RtLinker *linker)
{
    uint32_t *starts = RT_NEW_ARRAY(linker->arena, uint32_t, linker->member_count + 2);
    linker->entries = sort_entries(linker, false, linker->member_count, starts);
    starts = RT_NEW_ARRAY(linker->arena, uint32_t, linker->term_count + 2);
    linker->entries = sort_entries(linker, true, linker->term_count, starts);
    for (size_t i = 0; i < linker->term_count; i++) { /* starts are ends by now */
        linker->terms[i].first = i == 0 ? 0 : starts[i - 1];
        linker->terms[i].count = starts[i] - linker->terms[i].first;
    }
}

static int by_strength(const void *a, const void *b)
{
    const RtLinkSignal *left = a, *right = b;
    if (left->points != right->points)
        return left->points > right->points ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number;
}

static RtLink settled(RtLinker *linker, const RtPair *pair)
{
    RtLink link = pair->link;
    RtLinkSignal *signals = RT_NEW_ARRAY(linker->arena, RtLinkSignal, RT_SIGNALS);
    for (size_t i = 0; i < RT_SIGNALS; i++)
        if (pair->signals[i].points > 0)
            signals[link.signal_count++] = pair->signals[i];
    qsort(signals, link.signal_count, sizeof *signals, by_strength);
    link.signals = signals;
    return link;
}

static int best_first(const void *a, const void *b)
{
    const RtLink *left = a, *right = b;
    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    if (left->points != right->points)
        return left->points > right->points ? -1 : 1;
    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return left->second < right->second ? -1 : left->second > right->second;
}

static void add_person(const RtLinker *linker, RtLinked *package, RtStr person)
{
    if (package->person_count == RT_LINKED_PEOPLE)
        return;
    RtStr *people = package->person_count == 0
                        ? RT_NEW_ARRAY(linker->arena, RtStr, RT_LINKED_PEOPLE)
                        : (RtStr *)(uintptr_t)package->people;
    people[package->person_count++] = person;
    package->people = people;
}

static RtLinked *tell_packages(const RtLinker *linker)
{
    RtLinked *packages = RT_NEW_ARRAY(linker->arena, RtLinked, linker->member_count + 1);
    for (size_t i = 0; i < linker->member_count; i++) {
        const RtMember *member = &linker->members[i];
        packages[i] = (RtLinked){ .path = member->path,
                                  .ecosystem = member->ecosystem,
                                  .name = member->name,
                                  .version = member->version,
                                  .campaign = member->campaign,
                                  .verdict = member->verdict };
    }
    for (size_t i = 0; i < linker->entry_count; i++) {
        const RtEntry *entry = &linker->entries[i];
        if (entry->kind == RT_RESOURCE_PERSON)
            add_person(linker, &packages[entry->package], linker->terms[entry->text].text);
    }
    return packages;
}

const RtLinks *rt_linker_run(RtLinker *linker)
{
    RtLinks *links = RT_NEW(linker->arena, RtLinks);
    sort_members(linker);
    index_entries(linker);
    rt_pairs_by_flow(linker);
    if (!linker->halves_only)
        rt_pairs_by_likeness(linker);
    rt_pairs_support(linker);
    RtLink *items = RT_NEW_ARRAY(linker->arena, RtLink, linker->pair_count + 1);
    for (size_t i = 0; i < linker->pair_count; i++) {
        rt_pair_judge(linker, linker->pairs[i]);
        if (linker->pairs[i]->link.level >= RT_WEAK)
            items[links->count++] = settled(linker, linker->pairs[i]);
    }
    qsort(items, links->count, sizeof *items, best_first);
    RtLinked *packages = tell_packages(linker);
    links->items = items;
    links->packages = packages;
    links->package_count = links->examined = linker->member_count;
    links->left_out = linker->left_out;
    rt_linker_clusters(linker, packages, links);
    return links;
}
