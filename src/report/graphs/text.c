/* text.c - links for people: cluster by cluster, each pair with both halves and their order. */
#include "base/escape.h"
#include "report/graphs.h"
#include "report/wording.h"

enum { MEMBERS_SHOWN = 40, LINKS_SHOWN = 12 };

static void put(RtText *out, RtStr foreign)
{
    RtText safe = { .arena = out->arena };
    rt_report_defang(&safe, foreign);
    rt_escape_terminal(out, rt_text_str(&safe), false);
}

static void put_label(RtText *out, const RtLinked *package)
{
    put(out, rt_report_linked_label(out->arena, package));
}

static void put_half(RtText *out, const RtLinked *package, const RtLinkHalf *half, const char *lead)
{
    rt_text_format(out, "      %s", lead);
    put_label(out, package);
    rt_text_byte(out, ' ');
    put(out, half->says);
    if (half->phase != RT_WHEN_UNKNOWN)
        rt_text_format(out, " (%.*s)", RT_FMT(rt_phase_name(half->phase)));
    if (half->file.len != 0) {
        rt_text_add(out, RT_STR(" ["));
        put(out, half->file);
        rt_text_format(out, ":%u]", half->line);
    }
    rt_text_byte(out, '\n');
}

static void put_link(RtText *out, const RtLinks *links, const RtLink *link)
{
    const RtLinked *first = &links->packages[link->first], *second = &links->packages[link->second];
    rt_text_format(out, "  %.*s: ", RT_FMT(rt_finding_level_name(link->level)));
    put_label(out, first);
    rt_text_add(out, link->is_ordered ? RT_STR(" -> ") : RT_STR(" -- "));
    put_label(out, second);
    rt_text_format(out, "  (%.1f points)\n", link->points);
    for (size_t i = 0; i < link->signal_count; i++) {
        const RtLinkSignal *signal = &link->signals[i];
        rt_text_format(out,
                       "    %.*s %.*s: ", RT_FMT(rt_report_signal_id(out->arena, signal->number)),
                       RT_FMT(rt_report_signal_title(signal->number)));
        put(out, signal->what);
        rt_text_format(out, "  (%.1f)\n", signal->points);
        put_half(out, first, &signal->halves[0], link->is_ordered ? "1. " : "");
        put_half(out, second, &signal->halves[1], link->is_ordered ? "2. " : "");
    }
}

static void put_links(RtText *out, const RtLinks *links, uint32_t cluster)
{
    size_t shown = 0, more = 0;
    for (size_t i = 0; i < links->count; i++) {
        if (!rt_report_link_is_in(links, &links->items[i], cluster))
            continue;
        if (shown++ < LINKS_SHOWN)
            put_link(out, links, &links->items[i]);
        else
            more++;
    }
    if (more != 0)
        rt_text_format(out, "  +%zu more links: --format json has all of them\n", more);
}

static void put_member(RtText *out, const RtLinked *package)
{
    rt_text_format(out, "  - %.*s ", RT_FMT(rt_verdict_name(package->verdict)));
    put_label(out, package);
    if (package->campaign.len != 0) {
        rt_text_add(out, RT_STR("  resembles "));
        put(out, package->campaign);
    }
    for (size_t i = 0; i < package->person_count && i < 2; i++) {
        rt_text_add(out, i == 0 ? RT_STR("  by ") : RT_STR(", "));
        put(out, package->people[i]);
    }
    rt_text_add(out, RT_STR("  "));
    put(out, package->path);
    rt_text_byte(out, '\n');
}

static void put_cluster(RtText *out, const RtLinks *links, size_t at)
{
    const RtCluster *cluster = &links->clusters[at];
    rt_text_format(out, "Cluster %zu: %zu packages, %.*s\n", at + 1, cluster->count,
                   RT_FMT(rt_finding_level_name(cluster->level)));
    for (size_t i = 0; i < cluster->count && i < MEMBERS_SHOWN; i++)
        put_member(out, &links->packages[cluster->members[i]]);
    if (cluster->count > MEMBERS_SHOWN)
        rt_text_format(out, "  +%zu more packages\n", cluster->count - MEMBERS_SHOWN);
    put_links(out, links, (uint32_t)at + 1);
    rt_text_byte(out, '\n');
}

static void write_text(RtText *out, const RtLinks *links)
{
    for (size_t i = 0; i < links->cluster_count; i++)
        put_cluster(out, links, i);
    bool alone = false;
    for (size_t i = 0; i < links->package_count; i++) {
        if (links->packages[i].cluster != 0)
            continue;
        if (!alone)
            rt_text_add(out, RT_STR("In no cluster\n"));
        alone = true;
        put_member(out, &links->packages[i]);
    }
    put_links(out, links, 0);
    rt_text_format(out, "%.*s packages compared, %zu clusters, %zu links\n",
                   RT_FMT(rt_report_count(out->arena, links->examined)), links->cluster_count,
                   links->count);
    if (links->left_out != 0)
        rt_text_format(out, "%llu likely pairs were left out: too many share one thing\n",
                       (unsigned long long)links->left_out);
}

const RtLinkFormat rt_report_graph_text = {
    .name = "text",
    .media_type = "text/plain",
    .title = "clusters and pairs, with both halves, for people",
    .write = write_text,
};
