/* shapes.h - shapes of bytes that the first pass finds beside the words; rules name them as `shape:
 * NAME`. */
#ifndef RT_RULES_SHAPES_H
#define RT_RULES_SHAPES_H

#include "model/model.h"

typedef enum {
    RT_SHAPE_NONE,
    RT_SHAPE_PAD_60,       /* code after 60 or more blanks inside a line */
    RT_SHAPE_PAD_100,      /* … 100 or more */
    RT_SHAPE_PAD_200,      /* … 200 or more, or at the start of a line of 500 bytes and more */
    RT_SHAPE_INVISIBLE,    /* 16 or more invisible characters in a row */
    RT_SHAPE_ESCAPES,      /* 10 or more plain letters written as \x or \u00 escapes */
    RT_SHAPE_NUMBERS,      /* a list of 30 or more small numbers */
    RT_SHAPE_BASE64,       /* 400 or more letters of base64 */
    RT_SHAPE_EXTENSION_ID, /* a browser extension's id: 32 letters a to p */
    RT_SHAPE_TAIL_LINE, /* a line of 2,000 bytes among the last three of a file with lines of 120 */
    RT_SHAPES
} RtShape;

RtStr rt_shape_name(RtShape shape);

/* Which classes a byte belongs to; made once per process. */
typedef struct {
    uint8_t bits[256];
} RtShapeTable;
RtShapeTable rt_shape_table(void);
/* Tells every shape found (in no order) with the offset behind the sign, and returns the RT_ASKS_*
 * bits that follow: BLOB, LONG, HIDDEN, OBFUSCATED, DECODE, SECRET. */
uint32_t rt_shapes_find(const RtShapeTable *shapes, RtStr bytes,
                        void (*found)(void *context, RtShape shape, uint64_t end), void *context);

#endif
