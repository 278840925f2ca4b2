/* attribution.h - whose methods an artifact resembles, with the evidence for and against. Beside
 * the verdict, never part of it: nothing here raises or lowers one. */
#ifndef RT_MODEL_ATTRIBUTION_H
#define RT_MODEL_ATTRIBUTION_H

#include "model/model.h"

/* How much a resemblance may claim (docs/ATTRIBUTION.md). UNATTRIBUTED is told of a runner-up only.
 */
/* clang-format off */
typedef enum { RT_UNATTRIBUTED, RT_CONSISTENT_WITH, RT_STRONG_LINK, RT_EXACT_MATCH } RtAttributionLevel;
/* clang-format on */
RtStr rt_attribution_level_name(RtAttributionLevel level); /* unattributed consistent-with … */

/* Families of features: what is summed, and capped, together. */
typedef enum {
    RT_TRAIT_EXACT,    /* F1 */
    RT_TRAIT_CODE,     /* F2 */
    RT_TRAIT_PROTOCOL, /* F3 */
    RT_TRAIT_TARGETS,  /* F4 */
    RT_TRAIT_LURE,     /* F5 */
    RT_TRAIT_ACCOUNT,  /* F6 */
    RT_TRAIT_TIME,     /* F7 */
    RT_TRAIT_AGAINST,  /* Neg */
    RT_TRAIT_FAMILIES
} RtTraitFamily;
RtStr rt_trait_family_name(RtTraitFamily family); /* "F1" … "F7" "Neg" */

/* One feature of a profile that was found, or that speaks against it. */
typedef struct {
    RtTraitFamily family;
    double weight; /* negative when it speaks against */
    RtStr id, says;
    RtStr file; /* where it was seen; may be empty */
    uint32_t line;
} RtTrait;

typedef struct {
    RtStr campaign, title, actor; /* id of the profile; its name; who the field says it is */
    RtAttributionLevel level;
    double points; /* after caps */
    RtStr says;    /* the wording: no more than the evidence gives */
    const RtTrait *traits;
    size_t trait_count;
} RtAttribution;

/* Best first; those behind the first are runners-up, or other profiles that reach a level. */
typedef struct RtAttributions {
    const RtAttribution *items;
    size_t count;
} RtAttributions;

/* The points that fill the scale of reports, 0..1. */
#define RT_ATTRIBUTION_FULL 12.0

#endif
