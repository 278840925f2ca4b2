/* summary.h - what one package shares with the world around it: the places it writes and reads, the
 * ports, hosts and packages it deals with, the shape of its code, the people it names. Two packages
 * are linked by comparing these (docs/LINK.md). Hostile text; part of every report. */
#ifndef RT_MODEL_SUMMARY_H
#define RT_MODEL_SUMMARY_H

#include "model/model.h"

typedef enum {
    RT_RESOURCE_FILE,   /* "$HOME/.x/token", "$TMP/…", "$PROJ/…", "$NM/package/…", "C:/…" */
    RT_RESOURCE_ENV,    /* name of a variable */
    RT_RESOURCE_GLOBAL, /* name of a global */
    RT_RESOURCE_REGISTRY, /* key of the Windows registry */
    RT_RESOURCE_PORT,     /* of this machine */
    RT_RESOURCE_HOST,     /* elsewhere */
    RT_RESOURCE_PACKAGE,  /* name of a package, as its registry has it */
    RT_RESOURCE_CONSTANT, /* wallet, contract, key */
    RT_RESOURCE_README,   /* digest */
    RT_RESOURCE_PERSON,   /* e-mail or account of author, maintainer, publisher */
    RT_RESOURCE_KINDS
} RtResourceKind;
RtStr rt_resource_kind_name(RtResourceKind kind); /* file env global … */

typedef enum {
    RT_DEED_WRITES, /* or sets */
    RT_DEED_READS,  /* or gets */
    RT_DEED_RUNS,   /* or loads as code */
    RT_DEED_PROBES, /* asks whether it exists */
    RT_DEED_LISTENS,
    RT_DEED_CONNECTS,
    RT_DEED_INSTALLS, /* through a package manager, while it runs */
    RT_DEED_REQUIRES, /* in code */
    RT_DEED_DECLARES, /* as a dependency */
    RT_DEED_HOLDS,    /* constant, readme, person: it is in there */
    RT_DEEDS
} RtDeed;
RtStr rt_deed_name(RtDeed deed); /* writes reads runs … */

enum {
    RT_TAINT_FROM_NET = 1 << 0, /* what is written came from the network */
    RT_TAINT_FROM_DECODED = 1 << 1,
    RT_TAINT_TO_NET = 1 << 2, /* what is read is sent */
    RT_TAINT_TO_CODE = 1 << 3,
    RT_TAINT_TO_PROCESS = 1 << 4,
    RT_TAINT_HIDDEN_NAME = 1 << 5, /* the name was decoded or put together */
    RT_TAINT_ALL = (1 << 6) - 1,
};

typedef struct {
    RtResourceKind kind;
    RtDeed deed;
    uint8_t taint; /* RT_TAINT_* */
    RtPhase phase;
    RtStr text; /* in one spelling for all packages */
    RtStr file; /* the first place it was seen */
    uint32_t line;
} RtResource;

/* MinHash of a file's token shape: what is left without names, literals and comments. Two files
 * that differ in those alone have the same slots; the share of equal slots estimates how much of
 * their shape is common (Broder 1997). */
enum { RT_SHAPE_SLOTS = 32 };
typedef struct {
    uint32_t slots[RT_SHAPE_SLOTS];
    uint32_t tokens;
    RtStr file;
} RtShape;

enum { RT_SUMMARY_RESOURCES = 512, RT_SUMMARY_SHAPES = 8, RT_SUMMARY_TEXT = 300 };

typedef struct RtSummary {
    const RtResource *resources;
    size_t resource_count;
    const RtShape *shapes;
    size_t shape_count;
    uint32_t left_out; /* resources beyond RT_SUMMARY_RESOURCES */
} RtSummary;

#endif
