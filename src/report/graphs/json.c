/* json.c - all of it, for programs. */
#include "base/json.h"
#include "report/graphs.h"
#include "report/record.h"

static void number(RtText *out, const char *key, uint64_t value)
{
    rt_report_json_key(out, key);
    rt_text_format(out, "%llu", (unsigned long long)value);
}

static void points(RtText *out, double value)
{
    rt_report_json_key(out, "points");
    rt_text_format(out, "%.2f", value);
}

static void put_package(RtText *out, const RtLinked *package)
{
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "path", package->path);
    rt_report_json_pair(out, "ecosystem", package->ecosystem);
    rt_report_json_pair(out, "name", package->name);
    rt_report_json_pair(out, "version", package->version);
    rt_report_json_pair(out, "verdict", rt_verdict_name(package->verdict));
    rt_report_json_pair(out, "resembles", package->campaign);
    rt_report_json_key(out, "people");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < package->person_count; i++) {
        rt_report_json_comma(out);
        rt_json_quote(out, package->people[i]);
    }
    rt_text_byte(out, ']');
    number(out, "cluster", package->cluster);
    rt_text_byte(out, '}');
}

static void put_half(RtText *out, const RtLinkHalf *half)
{
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "says", half->says);
    rt_report_json_pair(out, "file", half->file);
    number(out, "line", half->line);
    rt_report_json_pair(out, "phase", rt_phase_name(half->phase));
    rt_text_byte(out, '}');
}

static void put_signal(RtText *out, const RtLinkSignal *signal)
{
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "signal", rt_report_signal_id(out->arena, signal->number));
    rt_report_json_pair(out, "kind", rt_resource_kind_name(signal->kind));
    rt_report_json_pair(out, "what", signal->what);
    points(out, signal->points);
    rt_report_json_key(out, "halves");
    rt_text_byte(out, '[');
    put_half(out, &signal->halves[0]);
    rt_text_byte(out, ',');
    put_half(out, &signal->halves[1]);
    rt_text_add(out, RT_STR("]}"));
}

static void put_link(RtText *out, const RtLink *link)
{
    rt_text_byte(out, '{');
    number(out, "first", link->first);
    number(out, "second", link->second);
    rt_report_json_key(out, "ordered");
    rt_text_add(out, link->is_ordered ? RT_STR("true") : RT_STR("false"));
    rt_report_json_pair(out, "level", rt_finding_level_name(link->level));
    points(out, link->points);
    rt_report_json_key(out, "signals");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < link->signal_count; i++) {
        rt_report_json_comma(out);
        put_signal(out, &link->signals[i]);
    }
    rt_text_add(out, RT_STR("]}"));
}

static void put_cluster(RtText *out, const RtCluster *cluster)
{
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "level", rt_finding_level_name(cluster->level));
    rt_report_json_key(out, "packages");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < cluster->count; i++)
        rt_text_format(out, "%s%u", i ? "," : "", cluster->members[i]);
    rt_text_add(out, RT_STR("]}"));
}

static void write_json(RtText *out, const RtLinks *links)
{
    rt_text_byte(out, '{');
    rt_report_json_pair(out, "schema", RT_STR("ratter-links/1"));
    number(out, "examined", links->examined);
    number(out, "left_out", links->left_out);
    rt_report_json_key(out, "packages");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < links->package_count; i++) {
        rt_report_json_comma(out);
        put_package(out, &links->packages[i]);
    }
    rt_text_byte(out, ']');
    rt_report_json_key(out, "clusters");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < links->cluster_count; i++) {
        rt_report_json_comma(out);
        put_cluster(out, &links->clusters[i]);
    }
    rt_text_byte(out, ']');
    rt_report_json_key(out, "links");
    rt_text_byte(out, '[');
    for (size_t i = 0; i < links->count; i++) {
        rt_report_json_comma(out);
        put_link(out, &links->items[i]);
    }
    rt_text_add(out, RT_STR("]}\n"));
}

const RtLinkFormat rt_report_graph_json = {
    .name = "json",
    .media_type = "application/json",
    .title = "everything, for programs; packages are named by their index",
    .write = write_json,
};
