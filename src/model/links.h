/* links.h - which packages belong together: pairs with the evidence of both halves, and the
 * clusters they make (docs/LINK.md). Everything in it is hostile text. */
#ifndef RT_MODEL_LINKS_H
#define RT_MODEL_LINKS_H

#include "model/summary.h"

/* Signals by their number in the threat reference: T-XPKG-01 … 11. */
enum {
    RT_SIGNAL_FILE = 1,   /* one writes it from outside, the other reads it and acts on it */
    RT_SIGNAL_NAME,       /* the same with a variable, a global, a registry key */
    RT_SIGNAL_RUNS,       /* one downloads, the other runs it, or acts only when it is there */
    RT_SIGNAL_CONSTANT,   /* the same rare host, wallet or key */
    RT_SIGNAL_SHAPE,      /* the same loader but for names and literals */
    RT_SIGNAL_PACKAGE,    /* one installs or requires the other by a name it hides */
    RT_SIGNAL_PERSON,     /* the same publisher, maintainer, e-mail */
    RT_SIGNAL_README,     /* the same text about itself */
    RT_SIGNAL_COREQUIRED, /* the same project, and nobody else, asks for both */
    RT_SIGNAL_REGISTRIES, /* the same name in two registries */
    RT_SIGNAL_LISTENS,    /* one listens on this machine, the other connects there */
    RT_SIGNALS
};

/* What one package does with the thing both share. */
typedef struct {
    RtStr says; /* "writes what it got from the network to $HOME/.x" */
    RtStr file; /* in the package */
    uint32_t line;
    RtPhase phase;
} RtLinkHalf;

typedef struct {
    uint8_t number; /* RT_SIGNAL_* */
    double points;  /* base weight by rarity */
    RtResourceKind kind;
    RtStr what;           /* what is shared */
    RtLinkHalf halves[2]; /* of RtLink.first and .second */
} RtLinkSignal;

typedef struct {
    uint32_t first, second; /* packages; when `is_ordered`, `first` must run before `second` */
    bool is_ordered;
    RtFindingLevel level; /* weak, strong; conclusive: one half obtains and stores, the other reads
                             and runs */
    double points;
    const RtLinkSignal *signals; /* strongest first */
    size_t signal_count;
} RtLink;

enum { RT_LINKED_PEOPLE = 8 };
typedef struct {
    RtStr path, ecosystem, name, version;
    RtStr campaign;      /* whose methods it resembles; may be empty */
    const RtStr *people; /* authors, maintainers, publisher; at most RT_LINKED_PEOPLE */
    size_t person_count;
    RtVerdictLevel verdict;
    uint32_t cluster; /* 1 + index; 0: none */
} RtLinked;

/* Packages that links from strong up join. */
typedef struct {
    const uint32_t *members; /* packages, ascending */
    size_t count;
    RtFindingLevel level; /* of its best link */
} RtCluster;

typedef struct RtLinks {
    const RtLinked *packages; /* sorted by path */
    size_t package_count;
    size_t examined;     /* packages that were compared, the unlinked ones included */
    const RtLink *items; /* best first */
    size_t count;
    const RtCluster *clusters; /* largest first */
    size_t cluster_count;
    uint64_t left_out; /* likely pairs that were not looked at: too many share one thing */
} RtLinks;

#endif
