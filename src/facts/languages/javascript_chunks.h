/* javascript_chunks.h - which parts of a large script are worth a parse. */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_CHUNKS_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_CHUNKS_H

#include "facts/languages/javascript_obfuscation.h"

/* What must stand around a chunk so that it parses. */
typedef enum {
    RT_JS_STATEMENTS,
    RT_JS_EXPRESSION,   /* ( … ) */
    RT_JS_MEMBER,       /* ({ … }) */
    RT_JS_CLASS_MEMBER, /* (class{ … }) */
} RtJsWrap;

typedef struct {
    size_t from, to;
    RtJsWrap wrap;
    bool deferred; /* stands in a function that loading the file does not obviously call */
    uint32_t tokens, weak, strong; /* size, and telling words in it */
} RtJsChunk;

typedef struct {
    const RtJsChunk *chunks; /* in file order, disjoint */
    size_t count;
    bool left_out; /* chunks with telling words did not fit */
} RtJsChunks;

RtJsChunks rt_js_chunks(RtArena *arena, RtStr text, const RtJsSurvey *survey, RtSink *sink);

#endif
