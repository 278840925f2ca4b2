/* say_facts.h - facts as lines, so that a case can be written as text:
 *     net.request|https://a.invalid/x|GET
 *     code.eval||pipe sh <- net.request install.hook
 * Arguments are parted by bars, empty ones at the end left away; after the arrow stand the kinds of
 * the facts that flowed in. */
#ifndef SUPPORT_SAY_FACTS_H
#define SUPPORT_SAY_FACTS_H

#include "support/fake_sink.h"

RtStr say_fact(FakeSink *fake, const RtFact *fact);
/* All facts from the first, a line each. */
RtStr say_facts(FakeSink *fake);
/* Counts the lines of `wanted` that `said` lacks ("!line": that it has), printing each and then
 * `said`. A wanted line matches a said line that begins with it. */
int miss_facts(const char *name, RtStr said, const char *wanted);

#endif
