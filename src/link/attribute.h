/* attribute.h - whose methods does a scanned artifact resemble? Runs behind the wall, where the
 * facts and layers are; what it says crosses in the report. docs/ATTRIBUTION.md argues the levels.
 */
#ifndef RT_LINK_ATTRIBUTE_H
#define RT_LINK_ATTRIBUTE_H

#include "link/profile.h"
#include "link/view.h"

/* NULL when nothing reaches consistent-with, or the verdict is below suspicious. The result is the
 * arena's; texts may point into the profiles and the layers. */
const RtAttributions *rt_attribute(const RtProfiles *profiles, const RtLinkView *view,
                                   RtArena *arena);

/* From features to a level, apart for its tests. `traits` are those that were found. */
typedef struct {
    RtAttributionLevel level;
    double points;
    uint32_t families; /* that count: time never does, and scraps below a point do not */
} RtStanding;
RtStanding rt_standing(const RtTrait *traits, size_t count, RtVerdictLevel verdict);

/* Two profiles' methods side by side, 80 columns and more: text for people. */
void rt_profiles_compare(RtText *out, const RtProfile *left, const RtProfile *right,
                         uint32_t columns);

#endif
