/* attribution.c - the names of levels and families. */
#include "model/attribution.h"

RtStr rt_attribution_level_name(RtAttributionLevel level)
{
    switch (level) {
    case RT_UNATTRIBUTED:
        return RT_STR("unattributed");
    case RT_CONSISTENT_WITH:
        return RT_STR("consistent-with");
    case RT_STRONG_LINK:
        return RT_STR("strong");
    case RT_EXACT_MATCH:
        return RT_STR("exact-match");
    }
    return RT_STR("");
}

RtStr rt_trait_family_name(RtTraitFamily family)
{
    static const char *const names[RT_TRAIT_FAMILIES] = { "F1", "F2", "F3", "F4",
                                                          "F5", "F6", "F7", "Neg" };
    return family < RT_TRAIT_FAMILIES ? rt_str_from_c(names[family]) : RT_STR("");
}
