/* regex.h - regular expressions on short texts, on bytes, with limits on backtracking: an
 * expression that runs wild does not match. Rules and campaign profiles share it; regex.c is the
 * one file that knows PCRE2. */
#ifndef RT_BASE_REGEX_H
#define RT_BASE_REGEX_H

#include "base/str.h"

/* Room for `count` expressions, each compiled when it is first asked for. NULL when out of memory.
 */
typedef struct RtRegexes RtRegexes;
RtRegexes *rt_regexes_open(size_t count);
void rt_regexes_close(RtRegexes *regexes);
/* True when expression number `index` (text `regex`) matches in `text` at `from` or later; its span
 * is then stored. */
bool rt_regex_find(RtRegexes *regexes, size_t index, RtStr regex, RtStr text, size_t from,
                   size_t *ret_from, size_t *ret_end);
/* Says what is wrong with `regex`, or the empty view. */
RtStr rt_regex_fault(RtArena *arena, RtStr regex);

#endif
