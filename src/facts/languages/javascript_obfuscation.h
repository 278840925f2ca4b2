/* javascript_obfuscation.h - how a script hides what it says, seen from its tokens alone.
 *
 * Being obfuscated is no accusation (minifiers, licence checks and games do it); it says where to
 * look. */
#ifndef RT_FACTS_LANGUAGES_JAVASCRIPT_OBFUSCATION_H
#define RT_FACTS_LANGUAGES_JAVASCRIPT_OBFUSCATION_H

#include "facts/languages/javascript_lexer.h"

/* Kinds, in the order of rt_js_obfuscation_name. */
typedef enum {
    RT_JS_OBF_STRING_ARRAY,   /* table of strings rotated until a checksum of parseInt()s fits
                                 (obfuscator.io) */
    RT_JS_OBF_HEX_NAMES,      /* many _0x1a2b names */
    RT_JS_OBF_SHUFFLE,        /* characters swapped back by a seeded modulus walk */
    RT_JS_OBF_JSFUCK,         /* six characters only; aaencode, jjencode */
    RT_JS_OBF_PACKER,         /* eval(function(p,a,c,k,e,d) */
    RT_JS_OBF_HEX_TABLE,      /* replace(/../g … parseInt(…, 16) */
    RT_JS_OBF_ESCAPES,        /* plain letters written as \x.. or \u00.. */
    RT_JS_OBF_FLATTENING,     /* "3|1|0|2".split("|") drives a switch */
    RT_JS_OBF_SELF_DEFENDING, /* (((.+)+)+)+$ */
    RT_JS_OBF_ANTI_DEBUG,     /* constructor("debugger"), while (true) {} made from text */
    RT_JS_OBF_KINDS
} RtJsObfuscation;

#define RT_JS_MARKS 48

typedef struct {
    struct {
        uint32_t count;
        size_t first, last; /* byte span of what was seen */
    } seen[RT_JS_OBF_KINDS];
    bool is[RT_JS_OBF_KINDS]; /* enough was seen */
    uint64_t words, tokens, string_bytes, string_escapes, longest_string;
} RtJsSurvey;

/* One pass of the lexer over `text`. */
void rt_js_survey(RtStr text, RtSink *sink, RtJsSurvey *ret_survey);
const char *rt_js_obfuscation_name(RtJsObfuscation kind);
/* True when what was seen asks for a whole parse even of a larger file. */
bool rt_js_is_obfuscated(const RtJsSurvey *survey);

#endif
