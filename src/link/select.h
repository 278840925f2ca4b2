/* select.h - the part of the links somebody asked to see. */
#ifndef RT_LINK_SELECT_H
#define RT_LINK_SELECT_H

#include "model/links.h"

typedef struct {
    RtFindingLevel least; /* of a link */
    RtStr campaign;       /* only clusters with a package that resembles it; empty: all */
    RtStr account;        /* only clusters with this author, maintainer, publisher or e-mail */
} RtLinkWish;

/* Links that fit, their packages and clusters, numbered anew. A package that itself fits a campaign
 * or an account stays though nothing is linked to it; otherwise unlinked ones go. The arena's;
 * texts are those of `links`. */
const RtLinks *rt_links_select(RtArena *arena, const RtLinks *links, const RtLinkWish *wish);

#endif
