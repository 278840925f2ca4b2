/* javascript_api.h - the JavaScript family as the value flow sees it: the API table and the traits.
 */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_API_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_API_H

#include "facts/flow/flow.h"

extern const RtFlowApi rt_javascript_apis[];
extern const size_t rt_javascript_api_count;
/* Methods of unknown receivers that keep a function for later (RtFlowLanguage.later_methods). */
extern const char *const rt_javascript_later_methods[];

#endif
