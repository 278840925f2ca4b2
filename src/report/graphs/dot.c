/* dot.c - for Graphviz (graphviz.org/doc/info/lang.html): clusters as subgraphs, order as arrows.
 * Names stand in quoted strings; what could end one, or be an escape of Graphviz's own (\N, \l), is
 * escaped twice over. */
#include "base/escape.h"
#include "report/graphs.h"

static void put_quoted(RtText *out, RtStr foreign)
{
    RtStr safe = rt_escaped(out->arena, rt_str_sub(foreign, 0, 200));
    rt_text_byte(out, '"');
    for (size_t i = 0; i < safe.len; i++) {
        if (safe.at[i] == '"' || safe.at[i] == '\\')
            rt_text_byte(out, '\\');
        rt_text_byte(out, safe.at[i]);
    }
    rt_text_byte(out, '"');
}

static void put_node(RtText *out, const RtLinks *links, size_t at, const char *indent)
{
    const RtLinked *package = &links->packages[at];
    rt_text_format(out, "%sp%zu [label=", indent, at);
    put_quoted(out, rt_report_linked_label(out->arena, package));
    rt_text_add(out, RT_STR(", tooltip="));
    put_quoted(out, package->path);
    bool found = package->verdict >= RT_VERDICT_SUSPICIOUS;
    rt_text_format(out, ", color=%s];\n", found ? "firebrick" : "gray40");
}

static void put_edge(RtText *out, const RtLink *link)
{
    RtText label = { .arena = out->arena };
    for (size_t i = 0; i < link->signal_count && i < 3; i++) {
        rt_text_format(&label, "%s%.*s ", i ? ", " : "",
                       RT_FMT(rt_report_signal_id(out->arena, link->signals[i].number)));
        rt_text_add(&label, rt_str_sub(link->signals[i].what, 0, 80));
    }
    rt_text_format(out, "  p%u -> p%u [label=", link->first, link->second);
    put_quoted(out, rt_text_str(&label));
    rt_text_format(out, ", penwidth=%d%s];\n", 1 + (int)link->level,
                   link->is_ordered ? "" : ", dir=none");
}

static void write_dot(RtText *out, const RtLinks *links)
{
    rt_text_add(out, RT_STR("digraph links {\n  node [shape=box];\n"));
    for (size_t i = 0; i < links->cluster_count; i++) {
        rt_text_format(out, "  subgraph cluster_%zu {\n    label=\"cluster %zu, %.*s\";\n", i + 1,
                       i + 1, RT_FMT(rt_finding_level_name(links->clusters[i].level)));
        for (size_t k = 0; k < links->clusters[i].count; k++)
            put_node(out, links, links->clusters[i].members[k], "    ");
        rt_text_add(out, RT_STR("  }\n"));
    }
    for (size_t i = 0; i < links->package_count; i++)
        if (links->packages[i].cluster == 0)
            put_node(out, links, i, "  ");
    for (size_t i = 0; i < links->count; i++)
        put_edge(out, &links->items[i]);
    rt_text_add(out, RT_STR("}\n"));
}

const RtLinkFormat rt_report_graph_dot = {
    .name = "dot",
    .media_type = "text/vnd.graphviz",
    .title = "a graph for Graphviz",
    .write = write_dot,
};
