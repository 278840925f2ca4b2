/* select.c - filters links by level, campaign and account, whole clusters at a time. */
#include "link/select.h"

static bool has_person(const RtLinked *package, RtStr account)
{
    for (size_t i = 0; i < package->person_count; i++) {
        RtStr person = package->people[i];
        size_t at = rt_str_find_byte(person, '@');
        if (rt_str_equal_nocase(person, account) ||
            (at != RT_NOT_FOUND && rt_str_equal_nocase(rt_str_sub(person, 0, at), account)))
            return true;
    }
    return false;
}

static bool fits(const RtLinked *package, const RtLinkWish *wish)
{
    return (wish->campaign.len == 0 || rt_str_equal(package->campaign, wish->campaign)) &&
           (wish->account.len == 0 || has_person(package, wish->account));
}

typedef struct {
    RtArena *arena;
    const RtLinks *links;
    const RtLinkWish *wish;
    bool *cluster_wanted; /* by 1 + index; 0: of no cluster */
    bool *wanted;         /* per package */
    uint32_t *moved;      /* new index plus one */
} Selection;

/* Packages that were asked for, and those their clusters and links bring along. */
static void mark(Selection *selection)
{
    const RtLinks *links = selection->links;
    bool asks = selection->wish->campaign.len != 0 || selection->wish->account.len != 0;
    for (size_t i = 0; i < links->package_count; i++) {
        bool here = asks && fits(&links->packages[i], selection->wish);
        selection->wanted[i] = here;
        selection->cluster_wanted[links->packages[i].cluster] |= here;
    }
    for (size_t i = 0; i < links->package_count; i++) {
        uint32_t cluster = links->packages[i].cluster;
        selection->wanted[i] |= cluster != 0 && (!asks || selection->cluster_wanted[cluster]);
    }
    for (size_t i = 0; i < links->count; i++) {
        const RtLink *link = &links->items[i];
        bool brings = !asks || selection->wanted[link->first] || selection->wanted[link->second];
        if (link->level >= selection->wish->least && brings)
            selection->wanted[link->first] = selection->wanted[link->second] = true;
    }
}

static void take_packages(Selection *selection, RtLinks *chosen)
{
    const RtLinks *links = selection->links;
    RtLinked *packages = RT_NEW_ARRAY(selection->arena, RtLinked, links->package_count + 1);
    for (size_t i = 0; i < links->package_count; i++) {
        if (!selection->wanted[i])
            continue;
        packages[chosen->package_count++] = links->packages[i];
        selection->moved[i] = (uint32_t)chosen->package_count;
    }
    chosen->packages = packages;
}

static void take_links(Selection *selection, RtLinks *chosen)
{
    const RtLinks *links = selection->links;
    RtLink *items = RT_NEW_ARRAY(selection->arena, RtLink, links->count + 1);
    for (size_t i = 0; i < links->count; i++) {
        RtLink link = links->items[i];
        uint32_t first = selection->moved[link.first], second = selection->moved[link.second];
        if (link.level < selection->wish->least || first == 0 || second == 0)
            continue;
        link.first = first - 1;
        link.second = second - 1;
        items[chosen->count++] = link;
    }
    chosen->items = items;
}

static void take_clusters(Selection *selection, RtLinks *chosen)
{
    const RtLinks *links = selection->links;
    RtCluster *clusters = RT_NEW_ARRAY(selection->arena, RtCluster, links->cluster_count + 1);
    for (size_t i = 0; i < links->cluster_count; i++) {
        const RtCluster *cluster = &links->clusters[i];
        if (selection->moved[cluster->members[0]] == 0)
            continue;
        uint32_t *members = RT_NEW_ARRAY(selection->arena, uint32_t, cluster->count);
        clusters[chosen->cluster_count++] =
            (RtCluster){ .members = members, .count = cluster->count, .level = cluster->level };
        for (size_t k = 0; k < cluster->count; k++) {
            members[k] = selection->moved[cluster->members[k]] - 1;
            ((RtLinked *)(uintptr_t)chosen->packages)[members[k]].cluster =
                (uint32_t)chosen->cluster_count;
        }
    }
    chosen->clusters = clusters;
}

const RtLinks *rt_links_select(RtArena *arena, const RtLinks *links, const RtLinkWish *wish)
{
    Selection selection = {
        .arena = arena,
        .links = links,
        .wish = wish,
        .cluster_wanted = RT_NEW_ARRAY(arena, bool, links->cluster_count + 1),
        .wanted = RT_NEW_ARRAY(arena, bool, links->package_count + 1),
        .moved = RT_NEW_ARRAY(arena, uint32_t, links->package_count + 1),
    };
    RtLinks *chosen = RT_NEW(arena, RtLinks);
    chosen->examined = links->examined;
    chosen->left_out = links->left_out;
    mark(&selection);
    take_packages(&selection, chosen);
    take_links(&selection, chosen);
    take_clusters(&selection, chosen);
    return chosen;
}
