/* flow_codec.h - the codecs decoders lean on, on plain bytes. Each returns false when the input is
 * not of that code. */
#ifndef RT_FACTS_FLOW_FLOW_CODEC_H
#define RT_FACTS_FLOW_FLOW_CODEC_H

#include "base/str.h"

bool rt_codec_hex(RtArena *arena, RtStr text, RtStr *ret_bytes);
bool rt_codec_base32(RtArena *arena, RtStr text, RtStr *ret_bytes);
bool rt_codec_base85(RtArena *arena, RtStr text, bool ascii85, RtStr *ret_bytes);
RtStr rt_codec_base64_text(RtArena *arena, RtStr bytes);
RtStr rt_codec_hex_text(RtArena *arena, RtStr bytes);
RtStr rt_codec_percent(RtArena *arena, RtStr text,
                       bool latin1);                     /* %41 %u0041; latin1: unescape() */
RtStr rt_codec_latin1_text(RtArena *arena, RtStr bytes); /* bytes as characters 0..255 */
bool rt_codec_latin1_bytes(RtArena *arena, RtStr text,
                           RtStr *ret_bytes);          /* the low byte of each character */
RtStr rt_codec_utf8_text(RtArena *arena, RtStr bytes); /* invalid bytes become U+FFFD */
RtStr rt_codec_rot13(RtArena *arena, RtStr text);
/* RFC 1950, 1951 and 1952, told apart by their first bytes; at most `room` bytes. */
bool rt_codec_inflate(RtArena *arena, RtStr packed, size_t room, RtStr *ret_bytes);

#endif
