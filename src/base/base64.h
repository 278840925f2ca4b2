/* base64.h - the one decoder of base64 text that more than one room asks for. */
#ifndef RT_BASE_BASE64_H
#define RT_BASE_BASE64_H

#include "base/str.h"

/* Decodes `text` (RFC 4648 §4 and §5 alphabets mixed, blanks and missing padding allowed). False,
 * and nothing in *ret_bytes, when another byte stands in it or fewer than four letters do. The
 * bytes are the arena's. */
bool rt_base64_decode(RtArena *arena, RtStr text, RtStr *ret_bytes);

/* UTF-16LE text as UTF-8 (what `powershell -enc` carries); a lone surrogate becomes U+FFFD. */
RtStr rt_utf16le_text(RtArena *arena, RtStr bytes);

#endif
