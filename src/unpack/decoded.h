/* decoded.h - what all decoders share: is this result worth a layer, and how it becomes one.
 *
 * A decoder tries thousands of strings; nearly all are identifiers, hashes and pictures. What is
 * kept looks like text or begins like something that runs or unpacks. Long or code-like results get
 * a layer each; words ("require", "post") are gathered into one, so that a table of ten thousand
 * strings costs one layer and a rule sees them together. */
#ifndef RT_UNPACK_DECODED_H
#define RT_UNPACK_DECODED_H

#include "model/model.h"

typedef enum {
    RT_LOOKS_NOTHING, /* noise, for all we know */
    RT_LOOKS_MEDIA,   /* a picture, a font, a source map: known and of no interest */
    RT_LOOKS_TEXT,
    RT_LOOKS_BINARY, /* a program, an archive, a compressed stream, byte code */
} RtLooks;

/* `bytes` may be the head of a longer result (then a rune may be cut at its end). */
RtLooks rt_decoded_looks(RtStr bytes);
/* True for text that is made of words: letters dominate, and it is no alphabet or number table. */
bool rt_decoded_is_wordy(RtStr text);
/* True when `text` holds a word that code or commands are made of ("require", "http://", "import
 * "). */
bool rt_decoded_is_telling(RtStr text);

typedef struct {
    RtSink *sink;
    RtLayerId self;
    RtStr name;      /* of the layers */
    uint32_t layers; /* emitted so far; at most RT_DECODED_LAYERS */
    uint32_t word_count;
    RtText words;      /* short results, one a line */
    uint64_t from, to; /* the span they come from */
} RtDecoded;
enum { RT_DECODED_LAYERS = 256 };

RtDecoded rt_decoded_start(const char *name, RtLayerId self, RtSink *sink);
/* Takes one result that [from, from+len) of the layer gave; `bytes` are copied when kept. False
 * when it looks like nothing. */
bool rt_decoded_add(RtDecoded *decoded, uint64_t from, uint64_t len, RtStr bytes);
/* As rt_decoded_add for a result known to be wanted: always a layer. Returns its id, 0 when
 * refused. */
RtLayerId rt_decoded_keep(RtDecoded *decoded, RtStr name, uint64_t from, uint64_t len, RtStr bytes);
/* Emits the gathered words. Call once, at the end. */
void rt_decoded_done(RtDecoded *decoded);

/* UTF-16 (`big`: big-endian) as UTF-8, in the arena; a byte order mark is dropped. */
RtStr rt_decoded_from_utf16(RtArena *arena, RtStr bytes, bool is_big);
/* True when the bytes are UTF-16 of mostly ASCII, or begin with a byte order mark that is to be
 * trusted. */
bool rt_decoded_is_utf16(RtStr bytes, bool trust_mark, bool *ret_is_big);

#endif
