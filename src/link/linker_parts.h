/* linker_parts.h - inside the linker: its tables, and who fills them. */
#ifndef RT_LINK_LINKER_PARTS_H
#define RT_LINK_LINKER_PARTS_H

#include "link/linker.h"

/* A deed of a package on a text; texts and files are indices, so that a hundred thousand packages
 * fit. */
typedef struct {
    uint32_t package, text, file, line;
    uint8_t kind, deed, taint, phase;
} RtEntry;

typedef struct {
    RtStr text;
    uint8_t kind;          /* RtResourceKind; RT_RESOURCE_KINDS: a file's or a package's name */
    uint32_t first, count; /* of its entries, once they are sorted */
} RtTerm;

typedef struct {
    RtStr path, ecosystem, name, version, campaign;
    uint32_t identity; /* term: all versions of a package have one */
    RtVerdictLevel verdict;
    RtEntry origin; /* where it first asks a host elsewhere; deed HOLDS: it asks none */
} RtMember;

typedef struct {
    RtShape shape;
    uint32_t package;
} RtMemberShape;

/* A pair in the making. */
typedef struct {
    RtLink link;
    RtLinkSignal signals[RT_SIGNALS]; /* by number; points 0: absent */
    RtFindingLevel level;             /* the best that one of them gives alone */
} RtPair;

struct RtLinker {
    RtArena *arena;
    bool halves_only;
    RtMember *members;
    size_t member_count, member_capacity;
    RtEntry *entries;
    size_t entry_count, entry_capacity;
    RtTerm *terms;
    size_t term_count, term_capacity;
    uint32_t *term_slots; /* 1 + index */
    size_t slot_count;
    RtMemberShape *shapes;
    size_t shape_count, shape_capacity;
    RtPair **pairs;
    size_t pair_count, pair_capacity;
    uint32_t *pair_slots;
    size_t pair_slot_count;
    uint64_t left_out;
};

/* The packages that may share a thing before it says nothing any more, and the pairs kept in all.
 */
enum { RT_LINK_HOLDERS = 64, RT_LINK_EVERY = 24, RT_LINK_PAIRS = 100000 };

/* The term of a text, or UINT32_MAX when nobody has it. */
uint32_t rt_linker_term(const RtLinker *linker, uint8_t kind, RtStr text);
/* 1: next to nobody innocent has it … 0: everybody has. */
double rt_linker_rarity(const RtLinker *linker, const RtTerm *term);
/* Finds pairs by what flows from one package to the other; then by likeness, among packages that
 * something was found in; then what supports pairs that are there. */
void rt_pairs_by_flow(RtLinker *linker);
void rt_pairs_by_likeness(RtLinker *linker);
void rt_pairs_support(RtLinker *linker);
/* Level and points from the signals. */
void rt_pair_judge(const RtLinker *linker, RtPair *pair);
/* The pair of two packages, new or known; NULL for one with itself (another version counts), or
 * when there are too many. */
RtPair *rt_linker_pair(RtLinker *linker, uint32_t a, uint32_t b);
/* Adds or improves a signal; `from` is the entry of the one that must run first. `level` is what it
 * says alone. */
void rt_pair_signal(RtLinker *linker, const RtEntry *from, const RtEntry *to, uint8_t number,
                    double points, RtFindingLevel level);
/* The weight of a signal between packages that share something nobody else has. */
double rt_signal_points(uint8_t number);
/* They bear one family name or scope, or one asks for the other openly. */
bool rt_linker_are_kin(const RtLinker *linker, uint32_t a, uint32_t b);
/* The clusters of links from strong up. */
void rt_linker_clusters(const RtLinker *linker, RtLinked *packages, RtLinks *links);

#endif
