/* literals.h - finds where a quoted string begins and ends around a place in source text, in any
 * language that quotes with ', " or `. Crude (no language is parsed) and bounded: what is found is
 * only ever decoded, not believed. */
#ifndef RT_UNPACK_LITERALS_H
#define RT_UNPACK_LITERALS_H

#include "base/str.h"

/* The offset behind the nearest quote at the left of `at`, not before `floor`; RT_NOT_FOUND when a
 * line break comes first (or `floor` does). *ret_quote is that quote. */
size_t rt_literal_start(RtStr text, size_t at, size_t floor, uint8_t *ret_quote);
/* The offset of the closing `quote` from `at` on (escaped ones skipped), or the text's end, or the
 * first line break unless the quote is ` or tripled. */
size_t rt_literal_end(RtStr text, size_t at, uint8_t quote, bool over_lines);

/* Walks the string literals of at most `longest` bytes on one line: for keys. */
typedef struct {
    RtStr text;
    size_t at;
} RtLiterals;
bool rt_literals_next(RtLiterals *literals, size_t longest, size_t *ret_from, RtStr *ret_body);

#endif
