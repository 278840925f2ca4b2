/* graphs.c - the registry of the formats links are written in; the build writes report_graphs.list
 * from the names of the files in graphs/. */
#include "report/graphs.h"

#define PLUG(name) extern const RtLinkFormat rt_report_graph_##name;
#include "report_graphs.list"
#undef PLUG

static const RtLinkFormat *const graphs[] = {
#define PLUG(name) &rt_report_graph_##name,
#include "report_graphs.list"
#undef PLUG
};

const RtLinkFormat *rt_report_graph_find(RtStr name)
{
    for (size_t i = 0; i < RT_COUNT(graphs); i++)
        if (rt_str_equal(name, rt_str_from_c(graphs[i]->name)))
            return graphs[i];
    return NULL;
}

const RtLinkFormat *const *rt_report_graphs(size_t *ret_count)
{
    *ret_count = RT_COUNT(graphs);
    return graphs;
}

RtStr rt_report_linked_label(RtArena *arena, const RtLinked *package)
{
    if (package->name.len == 0)
        return package->path;
    return rt_str_format(arena, "%.*s%s%.*s", RT_FMT(package->name),
                         package->version.len != 0 ? "@" : "", RT_FMT(package->version));
}

RtStr rt_report_signal_id(RtArena *arena, uint8_t number)
{
    return rt_str_format(arena, "T-XPKG-%02u", (unsigned)number);
}

RtStr rt_report_signal_title(uint8_t number)
{
    static const char *const titles[RT_SIGNALS] = {
        [RT_SIGNAL_FILE] = "one stores a file, the other reads it and acts on it",
        [RT_SIGNAL_NAME] = "one sets a variable, a global or a key, the other acts on it",
        [RT_SIGNAL_RUNS] = "one downloads what the other runs",
        [RT_SIGNAL_CONSTANT] = "the same rare host, wallet or key",
        [RT_SIGNAL_SHAPE] = "the same code but for names and literals",
        [RT_SIGNAL_PACKAGE] = "one names the other in its code",
        [RT_SIGNAL_PERSON] = "the same author, maintainer or publisher",
        [RT_SIGNAL_README] = "the same README",
        [RT_SIGNAL_COREQUIRED] = "one project, and nobody else, asks for both",
        [RT_SIGNAL_REGISTRIES] = "the same name in two registries",
        [RT_SIGNAL_LISTENS] = "one listens on this machine, the other connects",
    };
    return number < RT_SIGNALS ? rt_str_from_c(titles[number]) : RT_STR("");
}

bool rt_report_link_is_in(const RtLinks *links, const RtLink *link, uint32_t cluster)
{
    uint32_t first = links->packages[link->first].cluster;
    return (first == links->packages[link->second].cluster ? first : 0) == cluster;
}
