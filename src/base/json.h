/* json.h - JSON read from packages and written in reports; the one file that knows yyjson.
 *
 * The parser accepts any depth and duplicate keys (STACK 5), so the tree is walked with a depth cap
 * and duplicates are counted: they are a confusion trick (a reviewer reads one, npm takes the
 * last). */
#ifndef RT_BASE_JSON_H
#define RT_BASE_JSON_H

#include "base/str.h"

typedef enum {
    RT_JSON_NONE,
    RT_JSON_NULL,
    RT_JSON_BOOL,
    RT_JSON_NUMBER,
    RT_JSON_STRING,
    RT_JSON_ARRAY,
    RT_JSON_OBJECT
} RtJsonKind;

typedef struct RtJson RtJson;
struct RtJson {
    RtJsonKind kind;
    bool truth;    /* BOOL */
    double number; /* NUMBER */
    RtStr text;    /* STRING, unescaped; NUMBER as written */
    size_t count;  /* members of ARRAY or OBJECT */
    size_t at; /* where it stands in the text: its key when it has one, else its first byte when it
                  is a STRING or NUMBER, else 0 */
    const RtStr *keys;   /* OBJECT only */
    const RtJson *items; /* values, in file order */
};

typedef struct {
    uint16_t depth; /* deepest nesting allowed; default 64 when 0 */
    bool lenient;   /* allow comments, trailing commas, BOM: tasks.json, tsconfig, package.json with
                       BOM */
    uint32_t duplicates; /* out: keys that stood twice in one object */
    bool too_deep;       /* out */
    size_t error_at;     /* out: byte of the first error when the result is NULL */
} RtJsonOptions;

/* The tree, in `arena`; strings are copied there. NULL when `text` is not JSON. `options` may be
 * NULL. */
const RtJson *rt_json_read(RtArena *arena, RtStr text, RtJsonOptions *options);
/* The value of the last member called `key`, or NULL (also when `object` is NULL or no object). */
const RtJson *rt_json_get(const RtJson *object, RtStr key);
/* As rt_json_get, its text when it is a string, else the empty view. */
RtStr rt_json_text(const RtJson *object, RtStr key);

/* Writes `text` as a JSON string with quotes: invalid UTF-8 becomes U+FFFD, C0/C1, DEL, bidi and
 * zero-width marks are \u-escaped, so that a report is safe to print to a terminal. */
void rt_json_quote(RtText *out, RtStr text);

#endif
