/* emulator.h - runs the JavaScript of a package in a mocked world and tells what it did.
 *
 * The scripts run in an embedded engine (engine.h) whose only surroundings are our own scripts
 * (world/): nothing of the machine can be reached. Everything a script can learn there is a marked
 * value; a mark that turns up in a request, a command, a file or an eval is a flow, and the fact
 * says so in `because`. Where bytes are destroyed on the way (XOR, ciphers) a second run with other
 * marks of the same length shows what depends on them. */
#ifndef RT_FACTS_EMULATOR_EMULATOR_H
#define RT_FACTS_EMULATOR_EMULATOR_H

#include "model/model.h"

typedef enum {
    RT_RUN_FILE,   /* as `node FILE`: hooks, bins, a "font" that node is given */
    RT_RUN_IMPORT, /* as require(FILE): entry points, config files, loose scripts */
    RT_RUN_TEXT, /* the layer's bytes as a script of their own: decoded text, the body of `node -e`
                  */
    RT_RUN_COMMAND, /* `command` in a shell at the package's root, as npm and editors do for hooks
                     */
} RtRunKind;

typedef struct {
    RtRunKind kind;
    RtLayerId layer;
    RtPhase phase; /* told with every fact that is not deferred; UNKNOWN leaves it to the scan */
    RtStr hook;    /* "postinstall" when a hook runs it; else empty */
    RtStr command; /* of COMMAND; `layer` is where it stands */
    bool is_second_look; /* reading showed what it does: a spent budget is no gap in the verdict */
} RtEmulationEntry;

typedef struct {
    const RtEmulationEntry *entries;
    size_t count;
    RtLayerId manifest; /* the package.json whose folder is the package's root; 0: the artifact's
                           own root */
    uint32_t cpu_ms;    /* for all entries and worlds together; 0: RT_EMULATION_MS */
} RtEmulation;
enum { RT_EMULATION_MS = 3000 };

typedef struct RtEmulator RtEmulator;

/* Reserves memory; the world itself is built at the first rt_emulate (some 30 ms), or at once by
 * rt_emulator_prepare, which a parent calls before it forks workers that share the image. */
RtErr rt_emulator_open(RtEmulator **ret_emulator) RT_MUST_USE;
RtErr rt_emulator_prepare(RtEmulator *emulator) RT_MUST_USE;
void rt_emulator_close(RtEmulator *emulator); /* accepts NULL */

/* Runs the entries in as many worlds as their behaviour asks for and emits facts (witness RUNNING)
 * and layers (EVALUATED, WRITTEN). What was not run to its end is told by sink->unseen, unless the
 * run was a second look. One at a time per thread. */
void rt_emulate(RtEmulator *emulator, const RtEmulation *emulation, RtSink *sink);

#endif
