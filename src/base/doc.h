/* doc.h - a document as a tree of texts, lists and maps, every node with its line: what YAML, TOML
 * and JSON files of ours and of packages become when the reader must say where something stands.
 * yaml.c is the one file that knows libyaml. */
#ifndef RT_BASE_DOC_H
#define RT_BASE_DOC_H

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

/* The deepest nesting a document may have. */
#define RT_DOC_DEPTH 64

typedef struct {
    uint32_t nodes;       /* most values in one file; 100000 when 0 */
    bool keep_duplicates; /* a key given twice stands twice in the map (else a fault) */
    bool many;            /* several documents: the result is a LIST of them (else a fault) */
} RtDocOptions;

/* Reads YAML (libyaml events; anchors, aliases and tags are refused, so that nothing small grows
 * large). NULL with `ret_fault` set when it is not one document. `options` may be NULL. */
const RtDoc *rt_doc_read_yaml(RtArena *arena, RtStr bytes, const RtDocOptions *options,
                              RtDocFault *ret_fault);

/* The value of `key`, the last when it stands twice, or NULL (also when `map` is NULL or no map).
 */
const RtDoc *rt_doc_get(const RtDoc *map, RtStr key);
/* As rt_doc_get, its text when it is one, else the empty view. */
RtStr rt_doc_text(const RtDoc *map, RtStr key);

#endif
