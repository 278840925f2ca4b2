/* wording.h - what V8 would have said: loaders compare the texts of errors to tell Node from a
 * sandbox. */
#ifndef RT_FACTS_EMULATOR_WORDING_H
#define RT_FACTS_EMULATOR_WORDING_H

#include "base/str.h"

/* The engine's `message` in V8's words (Node 20), written to `buffer` and cut to fit; the message
 * itself where we know no other words for it. */
const char *rt_v8_words(const char *message, char *buffer, size_t size);

#endif
