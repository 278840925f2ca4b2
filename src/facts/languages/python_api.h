/* python_api.h - Python as the value flow sees it: the API table and the traits. */
#ifndef RT_FACTS_LANGUAGES_PYTHON_API_H
#define RT_FACTS_LANGUAGES_PYTHON_API_H

#include "facts/flow/flow.h"

extern const RtFlowApi rt_python_apis[];
extern const size_t rt_python_api_count;
/* Methods of unknown receivers that keep a function for later (RtFlowLanguage.later_methods). */
extern const char *const rt_python_later_methods[];
/* The front end's flow language, api_count left 0 (the table's size is no constant elsewhere): see
 * python.c. */
extern const RtFlowLanguage rt_python_flow;

#endif
