/* languages.h - the front ends there are: one per file of this folder without an underscore in its
 * name. */
#ifndef RT_FACTS_LANGUAGES_LANGUAGES_H
#define RT_FACTS_LANGUAGES_LANGUAGES_H

#include "model/model.h"

/* The front end that bids highest for a file of that path and content; NULL when none bids. At
 * equal bids the first by name. */
const RtLanguage *rt_languages_best(RtStr path, RtStr bytes);
/* As rt_languages_best, and the bid (0..100; 0 with NULL). */
const RtLanguage *rt_languages_bid(RtStr path, RtStr bytes, int *ret_bid);
/* The front end whose files are called so, or NULL. */
const RtLanguage *rt_languages_called(RtStr path);
/* All front ends, sorted by name. */
const RtLanguage *const *rt_languages(size_t *ret_count);
/* The front end of that name, or NULL. */
const RtLanguage *rt_languages_find(RtStr name);

#endif
