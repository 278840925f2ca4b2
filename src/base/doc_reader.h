/* doc_reader.h - reads our own data files (profiles, places) strictly: a key nobody knows or a
 * value of the wrong shape is a fault with file and line, because data with a silent mistake
 * accuses somebody, or looks for nothing. */
#ifndef RT_BASE_DOC_READER_H
#define RT_BASE_DOC_READER_H

#include "base/doc.h"

/* Gets each fault as one line "path:line: what". */
typedef void RtDocSay(void *context, RtStr line);

/* Start with { .arena, .path, .say (may be NULL), .context }. */
typedef struct {
    RtArena *arena; /* texts that are read are copied there */
    RtStr path;
    RtDocSay *say;
    void *context;
    size_t faults;
} RtDocReader;

void rt_doc_fault(RtDocReader *reader, uint32_t line, RtStr text);
/* "WHAT 'WORD'"; the word is cut at 80 bytes. */
void rt_doc_fault_word(RtDocReader *reader, uint32_t line, const char *what, RtStr word);
/* A map with these keys only; false (and a fault) when it is no map at all. */
bool rt_doc_check_map(RtDocReader *reader, const RtDoc *doc, const char *what,
                      const char *const *known, size_t count);
/* The text of `key`; a fault when it is missing or empty. */
RtStr rt_doc_need_text(RtDocReader *reader, const RtDoc *map, const char *key);
/* A list of 1 to `most` texts, none empty; NULL with a count of 0 when it is not there. */
const RtStr *rt_doc_read_texts(RtDocReader *reader, const RtDoc *map, const char *key, bool needed,
                               size_t most, size_t *ret_count);

#endif
