/* command.h - what one command line does, as it stands in a package script, a task, or a proc.exec
 * fact. */
#ifndef RT_FACTS_LANGUAGES_COMMAND_H
#define RT_FACTS_LANGUAGES_COMMAND_H

#include "model/model.h"

/* Analyses `command` (sh, cmd or PowerShell, told apart by form) and emits what it fetches, pipes,
 * writes, runs and installs, with the span [from, from+len) of `layer` as place and `because` (may
 * be 0) as a reason of every fact. Their phase follows `because`: a hook's command runs when the
 * hook does. Bodies of `node -e`, `python -c`, `powershell -enc` become layers. Nothing happens for
 * a proc.exec that this engine said itself. */
void rt_command_observe(RtStr command, RtLayerId layer, uint64_t from, uint64_t len,
                        RtWitness witness, bool deferred, RtSink *sink, RtFactId because);

#endif
