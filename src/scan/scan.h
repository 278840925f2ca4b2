/* scan.h - one artifact, from its bytes to a report; the only room that knows the other rooms.
 *
 * A scan is a value: it lives in one arena, holds every layer and fact, and offers itself to the
 * observers as an RtSink. `pipeline.c` walks the layers, `reach.c` says when each file runs,
 * `trail.c` joins what files carried between facts, `story.c` puts the outcome into an RtReport. */
#ifndef RT_SCAN_SCAN_H
#define RT_SCAN_SCAN_H

#include "facts/emulator/emulator.h"
#include "link/profile.h"
#include "model/model.h"
#include "rules/rules.h"

typedef struct {
    RtLayerId from, to;
} RtEdge;

/* When scripts are run in the mocked world: when the cheap observers ask, every entry point as
 * well, or not at all. */
typedef enum { RT_EMULATE_AUTO, RT_EMULATE_ALWAYS, RT_EMULATE_NEVER } RtEmulatePolicy;

typedef struct {
    RtSink sink; /* first: an RtSink of a scan is the scan */
    const RtRules *rules;
    RtRulesScratch *scratch;
    const RtProfiles *profiles; /* campaigns; NULL: nobody's methods are compared */

    RtLayer *layers; /* [0] unused */
    size_t layer_count, layer_capacity;
    RtHits *hits; /* per layer */
    size_t hits_count, hits_capacity;
    RtFact *facts; /* [0] unused */
    size_t fact_count, fact_capacity;
    RtUnseen *unseen;
    size_t unseen_count, unseen_capacity;
    RtEdge *edges; /* file → file it loads */
    size_t edge_count, edge_capacity;

    struct RtNameTable *names;  /* path → layer */
    struct RtSeenTable *copies; /* (parent, content) → layer */
    uint64_t layer_bytes;       /* all layers that own bytes */
    uint64_t entry_bytes;       /* all entries */
    uint64_t derived_bytes;     /* all other layers, views included */
    uint64_t packed_bytes;      /* of the artifact */
    uint32_t file_count;
    int64_t started_cpu_ms;
    bool has_manifest; /* a package manifest said what runs when */
    size_t reached_layers, reached_facts, reached_edges; /* what reach.c has taken into account */
    bool phase_rose;                                     /* since reach.c last followed all edges */
    RtStr name;
    uint8_t sha256[32]; /* of the artifact, when it is one file */
    bool has_sha256;
    RtEmulator *emulator; /* NULL: nothing is run */
    RtEmulatePolicy emulate;
    struct RtShelf *shelf; /* trees kept for importers: shelf.c */
    bool rehearsed;
    bool traces;           /* the report shall hold a trace */
    uint32_t emulation_ms; /* CPU spent in the mocked world */
    uint32_t rehearsals;   /* scripts that were started there */
    /* Gives back the memory of the artifact's own bytes; called once at most, when no layer is a
     * view into them. */
    void (*release)(void *context);
    void *release_context;
} RtScan;

/* Starts a scan in `arena`. `rules` may be NULL (facts only: tests). */
RtScan *rt_scan_open(RtArena *arena, const RtBudget *budget, const RtRules *rules,
                     RtRulesScratch *scratch, RtStr name);
/* Gives the artifact: one archive or file … */
void rt_scan_give_file(RtScan *scan, RtStr bytes);
/* … or a tree, file by file after rt_scan_give_tree. Bytes must outlive the scan. */
RtLayerId rt_scan_give_tree(RtScan *scan);
void rt_scan_give_entry(RtScan *scan, RtLayerId tree, RtStr path, RtStr bytes, uint32_t mode);
/* Runs everything and gives the report, verdict left UNKNOWN (judging is the parent's). */
RtReport *rt_scan_run(RtScan *scan);

/* Inside the room. */
bool rt_rehearse(RtScan *scan); /* runs what asks for it, once; false when nothing was run */
void rt_scan_release(RtScan *scan, RtLayerId id);
void rt_shelf_open(RtScan *scan); /* sets sink.recall and sink.keep */
void rt_shelf_close(RtScan *scan);
uint32_t rt_scan_ms_left(const RtScan *scan);
uint64_t rt_scan_bytes_left(const RtScan *scan); /* of limit-unpacked-bytes */
RtLayerId rt_scan_find(RtScan *scan, RtLayerId from, RtStr path);
/* The layer that is a file: `id` itself or its nearest ancestor with a path. */
RtLayerId rt_scan_file_of(const RtScan *scan, RtLayerId id);
void rt_scan_names_add(RtScan *scan, RtLayerId id);
void rt_reach_resolve(RtScan *scan);     /* phases and REACHED of files from manifests and edges */
void rt_reach_facts(RtScan *scan);       /* phases of facts from their layers */
void rt_trail_join(RtScan *scan);        /* file.write → exec, read, require of the same path */
RtReport *rt_story_report(RtScan *scan); /* findings, unseen, story */
const struct RtTrace *rt_trace_of(RtScan *scan);
RtStr rt_magic_kind(RtStr bytes);   /* "elf", "png", "gzip" … or empty for text and unknown */
bool rt_magic_is_media(RtStr kind); /* pictures, fonts, sound, film: nothing runs them */
RtStr rt_magic_claimed(RtStr name); /* what the suffix claims, same words, or empty */

#endif
