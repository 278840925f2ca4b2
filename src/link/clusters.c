/* clusters.c - union-find over the links from strong up. */
#include <stdlib.h>

#include "link/linker_parts.h"

static uint32_t root_of(uint32_t *parents, uint32_t at)
{
    while (parents[at] != at) {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    return at;
}

static int largest_first(const void *a, const void *b)
{
    const RtCluster *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return left->members[0] < right->members[0] ? -1 : 1;
}

/* The smaller index becomes the root, so that no order of links changes anything. */
static uint32_t *join(const RtLinker *linker, const RtLinks *links)
{
    uint32_t *parents = RT_NEW_ARRAY(linker->arena, uint32_t, linker->member_count + 1);
    for (size_t i = 0; i < linker->member_count; i++)
        parents[i] = (uint32_t)i;
    for (size_t i = 0; i < links->count; i++) {
        if (links->items[i].level < RT_STRONG)
            continue;
        uint32_t a = root_of(parents, links->items[i].first),
                 b = root_of(parents, links->items[i].second);
        parents[a < b ? b : a] = a < b ? a : b;
    }
    return parents;
}

void rt_linker_clusters(const RtLinker *linker, RtLinked *packages, RtLinks *links)
{
    size_t all = linker->member_count, count = 0, at = 0;
    uint32_t *parents = join(linker, links);
    uint32_t *sizes = RT_NEW_ARRAY(linker->arena, uint32_t, all + 1);
    uint32_t *number = RT_NEW_ARRAY(linker->arena, uint32_t, all + 1);
    uint32_t *members = RT_NEW_ARRAY(linker->arena, uint32_t, all + 1);
    for (size_t i = 0; i < all; i++)
        sizes[root_of(parents, (uint32_t)i)]++;
    for (size_t i = 0; i < all; i++)
        count += sizes[i] > 1;
    RtCluster *clusters = RT_NEW_ARRAY(linker->arena, RtCluster, count + 1);
    count = 0;
    for (size_t i = 0; i < all; i++) {
        if (sizes[i] < 2)
            continue;
        number[i] = (uint32_t)count;
        clusters[count++] = (RtCluster){ .members = members + at };
        at += sizes[i];
    }
    for (size_t i = 0; i < all; i++) {
        uint32_t root = root_of(parents, (uint32_t)i);
        RtCluster *cluster = &clusters[number[root]];
        if (sizes[root] > 1)
            members[(size_t)(cluster->members - members) + cluster->count++] = (uint32_t)i;
    }
    for (size_t i = 0; i < links->count; i++) {
        const RtLink *link = &links->items[i];
        RtCluster *cluster = &clusters[number[root_of(parents, link->first)]];
        if (link->level >= RT_STRONG && link->level > cluster->level)
            cluster->level = link->level;
    }
    qsort(clusters, count, sizeof *clusters, largest_first);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < clusters[i].count; k++)
            packages[clusters[i].members[k]].cluster = (uint32_t)i + 1;
    links->clusters = clusters;
    links->cluster_count = count;
}
