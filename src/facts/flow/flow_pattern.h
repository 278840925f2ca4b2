/* flow_pattern.h - regular expressions small enough to be safe: for texts that decoders cut and
 * mend.
 *
 * Literals, `.`, classes, anchors, groups, alternation, greedy and lazy repeats, \d \w \s \b, flags
 * i, s, m. No look-around, no back-references: such a pattern does not compile and its result is
 * unknown. Matches bytes; a class or dot takes a whole UTF-8 character. Cost is bounded by `budget`
 * steps per search. */
#ifndef RT_FACTS_FLOW_FLOW_PATTERN_H
#define RT_FACTS_FLOW_FLOW_PATTERN_H

#include "base/str.h"

enum { RT_PATTERN_GROUPS = 16 };
typedef struct RtPattern RtPattern;
typedef struct {
    size_t from[RT_PATTERN_GROUPS],
        to[RT_PATTERN_GROUPS]; /* RT_NOT_FOUND: the group took no part */
    size_t groups;             /* 1: only the whole */
} RtPatternMatch;

/* NULL when the pattern asks for more than this file does. */
const RtPattern *rt_pattern_compile(RtArena *arena, RtStr pattern, RtStr flags);
/* Finds the first match at or after `from`. Takes from *budget; false as well when that is spent
 * (then 0). */
bool rt_pattern_find(const RtPattern *pattern, RtArena *arena, RtStr text, size_t from,
                     bool anchored, uint64_t *budget, RtPatternMatch *ret_match);

#endif
