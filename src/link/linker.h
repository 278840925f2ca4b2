/* linker.h - finds which packages belong together, out of their summaries. Pure: no files, no
 * clock; the same packages give the same links in whatever order they come.
 *
 * Built for many: texts are kept once, a resource costs 24 bytes, what too many packages share
 * drops out (rarity), and packages that only resemble each other are compared when something was
 * found in both. 10,000 packages take seconds; docs/MEASUREMENTS.md has the figures. */
#ifndef RT_LINK_LINKER_H
#define RT_LINK_LINKER_H

#include "model/attribution.h"
#include "model/links.h"

typedef struct RtLinker RtLinker;

/* With `halves_only`, what cannot make a conclusive pair is not kept: for scans, which tell no
 * other. NULL when there is no memory. */
RtLinker *rt_linker_open(bool halves_only);
void rt_linker_close(RtLinker *linker); /* accepts NULL */
/* Takes over what it needs of a judged report; one without a summary is ignored. */
void rt_linker_add(RtLinker *linker, const RtReport *report);
size_t rt_linker_count(const RtLinker *linker);
/* Links what was added; the result lives as long as the linker, which takes nothing more. */
const RtLinks *rt_linker_run(RtLinker *linker);

#endif
