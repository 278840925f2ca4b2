/* str.h - what one does with views: compare, search, cut, build. Nothing here depends on the
 * locale. */
#ifndef RT_BASE_STR_H
#define RT_BASE_STR_H

#include "base/arena.h"

RtStr rt_str_from_c(const char *text); /* NULL gives the empty view */
bool rt_str_equal(RtStr a, RtStr b);
bool rt_str_equal_nocase(RtStr a, RtStr b); /* ASCII */
int rt_str_compare(RtStr a, RtStr b);       /* by bytes, shorter first */
bool rt_str_starts(RtStr text, RtStr prefix);
bool rt_str_ends(RtStr text, RtStr suffix);
bool rt_str_ends_nocase(RtStr text, RtStr suffix);
#define RT_NOT_FOUND SIZE_MAX
size_t rt_str_find(RtStr text, RtStr needle); /* offset or RT_NOT_FOUND; linear */
size_t rt_str_find_nocase(RtStr text, RtStr needle);
size_t rt_str_find_byte(RtStr text, uint8_t byte);
size_t rt_str_rfind_byte(RtStr text, uint8_t byte);
/* The line, 1-based, that byte `at` stands in. */
uint32_t rt_str_line(RtStr text, uint64_t at);
bool rt_str_has(RtStr text, RtStr needle);
/* Bytes [from, from+len), cut to what is there; a `from` beyond the end gives the empty view. */
RtStr rt_str_sub(RtStr text, size_t from, size_t len);
RtStr rt_str_from(RtStr text, size_t from); /* the rest from `from` on */
RtStr rt_str_trim(RtStr text);              /* without ASCII blanks at both ends */
/* Cuts the next piece up to `separator` off *rest into *ret_piece; false when *rest was used up. */
bool rt_str_next(RtStr *rest, uint8_t separator, RtStr *ret_piece);
/* Decimal or 0x number of at most 64 bits; false on anything else, overflow included. */
bool rt_str_number(RtStr text, uint64_t *ret_number);
uint64_t rt_str_hash(RtStr text); /* XXH3, for tables in memory; not stable across builds */

RtStr rt_str_copy(RtArena *arena, RtStr text);
RtStr rt_str_lower(RtArena *arena, RtStr text); /* ASCII */
RtStr rt_str_format(RtArena *arena, const char *format, ...) RT_PRINTF(2, 3);
const char *rt_str_c(RtArena *arena,
                     RtStr text); /* NUL-terminated copy, for system calls only; cut at a NUL */

/* A growing text in an arena. `limit` 0 means no ceiling but the arena's; once `limit` is met the
 * rest is dropped and `cut` is set. Start with { .arena = arena, .limit = … }. */
typedef struct {
    RtArena *arena;
    uint8_t *at;
    size_t len, capacity, limit;
    bool cut;
} RtText;
void rt_text_add(RtText *text, RtStr more);
void rt_text_byte(RtText *text, uint8_t byte);
void rt_text_rune(RtText *text, uint32_t rune); /* UTF-8; surrogates and > U+10FFFF become U+FFFD */
void rt_text_format(RtText *text, const char *format, ...) RT_PRINTF(2, 3);
RtStr rt_text_str(const RtText *text);

/* Decodes one UTF-8 character at `at`; returns its length (1..4), or 0 when the bytes are not UTF-8
 * (overlong forms and surrogates count as not). */
size_t rt_utf8_take(RtStr text, size_t at, uint32_t *ret_rune);
bool rt_utf8_is_valid(RtStr text);
/* True when the bytes look like text somebody may run or read: no NUL and few control bytes in the
 * first 4 KiB, or a UTF-16 byte order mark. */
bool rt_str_is_text(RtStr bytes);

#endif
