/* graphml.c - for Gephi, yEd, NetworkX (graphml.graphdrawing.org): nodes and edges with their data.
 */
#include "base/escape.h"
#include "report/graphs.h"

static const char head[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
    "<key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n"
    "<key id=\"path\" for=\"node\" attr.name=\"path\" attr.type=\"string\"/>\n"
    "<key id=\"verdict\" for=\"node\" attr.name=\"verdict\" attr.type=\"string\"/>\n"
    "<key id=\"cluster\" for=\"node\" attr.name=\"cluster\" attr.type=\"int\"/>\n"
    "<key id=\"resembles\" for=\"node\" attr.name=\"resembles\" attr.type=\"string\"/>\n"
    "<key id=\"level\" for=\"edge\" attr.name=\"level\" attr.type=\"string\"/>\n"
    "<key id=\"points\" for=\"edge\" attr.name=\"points\" attr.type=\"double\"/>\n"
    "<key id=\"ordered\" for=\"edge\" attr.name=\"ordered\" attr.type=\"boolean\"/>\n"
    "<key id=\"because\" for=\"edge\" attr.name=\"because\" attr.type=\"string\"/>\n"
    "<graph id=\"links\" edgedefault=\"directed\">\n";

static void data(RtText *out, const char *key, RtStr value)
{
    rt_text_format(out, "<data key=\"%s\">", key);
    rt_escape_html(out, rt_escaped(out->arena, value));
    rt_text_add(out, RT_STR("</data>"));
}

static void put_node(RtText *out, const RtLinks *links, size_t at)
{
    const RtLinked *package = &links->packages[at];
    rt_text_format(out, "<node id=\"p%zu\">", at);
    data(out, "label", rt_report_linked_label(out->arena, package));
    data(out, "path", package->path);
    data(out, "verdict", rt_verdict_name(package->verdict));
    data(out, "cluster", rt_str_format(out->arena, "%u", package->cluster));
    data(out, "resembles", package->campaign);
    rt_text_add(out, RT_STR("</node>\n"));
}

static void put_edge(RtText *out, const RtLink *link, size_t at)
{
    RtText because = { .arena = out->arena };
    for (size_t i = 0; i < link->signal_count; i++) {
        rt_text_format(&because, "%s%.*s ", i ? "; " : "",
                       RT_FMT(rt_report_signal_id(out->arena, link->signals[i].number)));
        rt_text_add(&because, link->signals[i].what);
    }
    rt_text_format(out, "<edge id=\"l%zu\" source=\"p%u\" target=\"p%u\">", at, link->first,
                   link->second);
    data(out, "level", rt_finding_level_name(link->level));
    data(out, "points", rt_str_format(out->arena, "%.2f", link->points));
    data(out, "ordered", link->is_ordered ? RT_STR("true") : RT_STR("false"));
    data(out, "because", rt_text_str(&because));
    rt_text_add(out, RT_STR("</edge>\n"));
}

static void write_graphml(RtText *out, const RtLinks *links)
{
    rt_text_add(out, rt_str_from_c(head));
    for (size_t i = 0; i < links->package_count; i++)
        put_node(out, links, i);
    for (size_t i = 0; i < links->count; i++)
        put_edge(out, &links->items[i], i);
    rt_text_add(out, RT_STR("</graph>\n</graphml>\n"));
}

const RtLinkFormat rt_report_graph_graphml = {
    .name = "graphml",
    .media_type = "application/graphml+xml",
    .title = "a graph for Gephi, yEd and their like",
    .write = write_graphml,
};
