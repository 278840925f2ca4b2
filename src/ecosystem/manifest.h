/* manifest.h - what every manifest reader needs: paths cut apart, facts with their place in the
 * file, and the files a command line would run. */
#ifndef RT_ECOSYSTEM_MANIFEST_H
#define RT_ECOSYSTEM_MANIFEST_H

#include "base/json.h"
#include "model/model.h"

RtStr rt_path_name(RtStr path);   /* "a/b.c" -> "b.c" */
RtStr rt_path_folder(RtStr path); /* "a/b.c" -> "a", "b.c" -> "" */
RtStr rt_path_stem(RtStr path);   /* "a/b.c" -> "b"; a leading dot belongs to the stem */
RtStr rt_path_suffix(RtStr path); /* "a/b.c" -> "c" */
/* True when some folder on the way is called `folder`. */
bool rt_path_has_folder(RtStr path, RtStr folder);
/* True when `path` is `tail` or ends in "/" and `tail`. */
bool rt_path_is(RtStr path, RtStr tail);

/* A manifest being read. Start with { .sink = …, .self = …, .text = layer->bytes }. */
typedef struct {
    RtSink *sink;
    RtLayerId self;
    RtStr text;
    size_t at;     /* facts are looked for from here on: manifests are read in file order */
    size_t spent;  /* bytes searched so far, bounded */
    RtPhase phase; /* when the command being read runs: inline code gets it */
} RtManifest;

/* Adds a fact witnessed by the manifest. Its span is the next place where `anchor` stands after the
 * last one found, else the first; nothing when it stands nowhere (an escaped string). */
RtFactId rt_manifest_fact(RtManifest *manifest, RtFactKind kind, RtStr anchor, RtStr a0, RtStr a1,
                          RtStr a2);
RtFactId rt_manifest_package(RtManifest *manifest, RtStr ecosystem, RtStr name, RtStr version,
                             RtStr description);
void rt_manifest_anomaly(RtManifest *manifest, RtStr what, RtStr detail);

/* Offset of `needle` at or after manifest->at, else from the start; RT_NOT_FOUND when nowhere or
 * when the reader has searched enough. */
size_t rt_manifest_locate(RtManifest *manifest, RtStr needle);

/* True when no folder above holds a sibling of the same file name (at most 8 levels are asked). */
bool rt_manifest_is_root(const RtManifest *manifest, RtStr file_name);

/* The JSON text of a manifest, comments and a BOM allowed; emits anomalies for what is odd. NULL
 * when it is not an object. `is_config`: comments and trailing commas are usual here (VS Code) and
 * no anomaly. */
const RtJson *rt_manifest_json(RtManifest *manifest, bool is_config);

/* Files that `command` names to an interpreter or runs itself, as written; `node -e BODY` bodies
 * become layers. `visit` gets each file with the simple command that runs it. */
typedef void (*RtCommandVisit)(void *ctx, RtStr file, RtStr command);
void rt_manifest_command_files(RtManifest *manifest, RtStr command, RtCommandVisit visit,
                               void *ctx);

/* A layer of code that stands inline in this manifest, named "inline-script." and `suffix`. */
void rt_manifest_inline(RtManifest *manifest, RtStr body, const char *suffix);

/* True when the file such a name promises is a picture, a font, a media file: nothing an
 * interpreter runs. */
bool rt_path_is_asset(RtStr path);

#endif
