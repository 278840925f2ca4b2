/* place.h - where the families leave traces, as data: places/NAME.yaml, one file per family
 * (docs/SWEEP.md is the language).
 *
 * ratter-pack reads the folder at build time, where a fault ends the build with file and line, and
 * puts it masked inside the program. */
#ifndef RT_SWEEP_PLACE_H
#define RT_SWEEP_PLACE_H

#include "base/doc_reader.h"
#include "base/regex.h"
#include "model/model.h"

/* How a place is looked at. */
typedef enum {
    RT_CHECK_EXISTS,      /* its being there is the trace */
    RT_CHECK_TEXT,        /* an expression matches in the file */
    RT_CHECK_JSON,        /* an expression matches in a value of the file */
    RT_CHECK_SCAN,        /* the scan judges the file, or all such files of a checkout together */
    RT_CHECK_LOCKFILE,    /* what a lockfile names, against intelligence */
    RT_CHECK_NODE_TREE,   /* a node_modules: what is installed, against intelligence */
    RT_CHECK_PYTHON_TREE, /* a site-packages: as above */
    RT_CHECK_CACHE_NAMES, /* the path's last name tells package and version, as caches have it */
    RT_CHECK_NPM_CACHE,   /* an entry of npm's cache index */
    RT_CHECK_NPM_LOG,     /* a log of npm: which install scripts ran */
    RT_CHECK_PROCESS,     /* a running process: lines "exe: …", "cwd: …", "command: …" */
    RT_CHECK_PORT,        /* a connection to one of these ports of a public address */
    RT_CHECK_CONNECTION,  /* a connection to an address that intelligence knows */
    RT_CHECKS
} RtCheck;

/* What a thief of this family takes, in the order in which it is to be replaced. */
typedef enum {
#define ITEM(name, word, title, what) RT_ROTATE_##name,
#include "sweep/rotate.list"
#undef ITEM
    RT_ROTATIONS
} RtRotate;

enum { RT_PLACE_PORTS = 32, RT_PLACES_MAX = 4000, RT_FAMILIES_MAX = 64 };

typedef struct {
    RtStr id, says; /* says: what it means that this was found, as a sentence without its end */
    RtCheck check;
    RtFindingLevel level;
    const RtStr *paths; /* "~/…", "/…", "$tmp/…", "$editor/…", "$checkout/GLOB": layout.h */
    size_t path_count;
    RtStr match, unless;  /* expressions; empty: none */
    uint32_t match_index; /* of the compiled one; `unless` is the next */
    const RtStr *keys;    /* JSON: "hooks.*.command", `*` any key or element */
    size_t key_count;
    bool only_files, only_folders; /* EXISTS */
    uint16_t ports[RT_PLACE_PORTS];
    size_t port_count;
    uint32_t family; /* index */
} RtPlace;

typedef struct {
    RtStr id, title, means;
    RtStr caution;   /* to be read before anything is done; may be empty */
    uint32_t rotate; /* 1 << RtRotate */
} RtFamily;

typedef struct {
    RtArena *arena;
    RtFamily *families;
    size_t family_count, family_capacity;
    RtPlace *items;
    size_t count, capacity;
    uint32_t expressions;
    RtRegexes *regexes;
} RtPlaces;

/* Packs every *.yaml of `folder`; faults go to `say` (may be NULL), and RT_ERR_FORMAT is returned
 * when there was one. */
RtErr rt_places_pack(RtArena *arena, RtStr folder, RtDocSay *say, void *context,
                     RtText *ret_pack) RT_MUST_USE;
/* Reads a pack. Its bytes may go afterwards. */
RtErr rt_places_open(RtStr pack, RtPlaces **ret_places) RT_MUST_USE;
void rt_places_close(RtPlaces *places); /* accepts NULL */
/* The pack inside this program. */
RtStr rt_places_builtin(void);

RtStr rt_rotate_word(RtRotate rotate);

/* Inside the room: reads one file; the number of faults. */
size_t rt_place_read(RtPlaces *places, RtStr path, RtStr bytes, RtDocSay *say, void *context);

#endif
