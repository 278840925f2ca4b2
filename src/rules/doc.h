/* doc.h - a YAML document as a tree of texts, lists and maps, every node with its line; and the
 * same tree as compact bytes, which is how rules travel inside a pack. */
#ifndef RT_RULES_DOC_H
#define RT_RULES_DOC_H

#include "base/cursor.h"
#include "base/str.h"

typedef enum { RT_DOC_TEXT, RT_DOC_LIST, RT_DOC_MAP } RtDocKind;

typedef struct RtDoc RtDoc;
struct RtDoc {
    RtDocKind kind;
    uint32_t line;     /* 1-based */
    RtStr text;        /* TEXT */
    size_t count;      /* LIST, MAP */
    const RtDoc *keys; /* MAP: texts, in file order */
    const RtDoc *items;
};

/* What was wrong with a file, and where. */
typedef struct {
    uint32_t line;
    RtStr text;
} RtDocFault;

/* The deepest nesting a rule file or a pack may have. */
#define RT_DOC_DEPTH 64

/* Reads one YAML document (libyaml events; aliases, tags and second documents are refused,
 * duplicate keys too). NULL with `ret_fault` set when it is not one. */
const RtDoc *rt_doc_read_yaml(RtArena *arena, RtStr bytes, RtDocFault *ret_fault);

/* The value of `key`, or NULL. */
const RtDoc *rt_doc_get(const RtDoc *map, RtStr key);

void rt_doc_write(RtText *out, const RtDoc *doc);
/* Reads what rt_doc_write wrote; texts point into the cursor's bytes. NULL when the bytes are
 * malformed. */
const RtDoc *rt_doc_read(RtArena *arena, RtCursor *bytes);

#endif
