/* fake_sink.h - a sink that writes down what an observer says and refuses nothing but what the
 * budget refuses. */
#ifndef SUPPORT_FAKE_SINK_H
#define SUPPORT_FAKE_SINK_H

#include "model/model.h"

typedef struct {
    RtSink sink; /* hand &fake->sink to the code under test */
    RtBudget budget;
    RtLayer *layers; /* [0] is none, [1] the artifact */
    size_t layer_count, layer_capacity;
    RtFact *facts; /* [0] is none */
    size_t fact_count, fact_capacity;
    RtStr *unseen;
    size_t unseen_count, unseen_capacity;
    uint32_t ms_left;
} FakeSink;

/* Opens a sink with an arena of its own and `bytes` as layer 1, called `name`. */
FakeSink *fake_sink_open(RtStr name, RtStr bytes);
void fake_sink_close(FakeSink **fake);
#define FAKE_SINK __attribute__((cleanup(fake_sink_close))) FakeSink *

/* The first layer after the artifact with that name, or NULL. */
const RtLayer *fake_sink_layer(const FakeSink *fake, RtStr name);
/* The first layer after the artifact whose bytes are (or hold) `text`, or NULL. */
const RtLayer *fake_sink_layer_of(const FakeSink *fake, RtStr text);
const RtLayer *fake_sink_layer_with(const FakeSink *fake, RtStr text);
/* How many facts are of `kind` with `arg0` as first argument (empty: any). */
size_t fake_sink_facts(const FakeSink *fake, RtFactKind kind, RtStr arg0);
bool fake_sink_was_unseen(const FakeSink *fake, RtStr reason);

#endif
