/* summary.c - the names of resources and deeds. */
#include "model/summary.h"

RtStr rt_resource_kind_name(RtResourceKind kind)
{
    static const char *const names[RT_RESOURCE_KINDS] = { "file",         "env",      "global",
                                                          "registry-key", "port",     "host",
                                                          "package",      "constant", "readme",
                                                          "person" };
    return kind < RT_RESOURCE_KINDS ? rt_str_from_c(names[kind]) : RT_STR("");
}

RtStr rt_deed_name(RtDeed deed)
{
    static const char *const names[RT_DEEDS] = { "writes",   "reads",    "runs",     "probes",
                                                 "listens",  "connects", "installs", "requires",
                                                 "declares", "holds" };
    return deed < RT_DEEDS ? rt_str_from_c(names[deed]) : RT_STR("");
}
