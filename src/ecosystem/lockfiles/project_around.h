/* project_around.h - shared by the readers of manifests and configuration. */
#ifndef RT_ECOSYSTEM_LOCKFILES_PROJECT_AROUND_H
#define RT_ECOSYSTEM_LOCKFILES_PROJECT_AROUND_H

#include "ecosystem/lockfiles/lock_tree.h"

typedef struct {
    RtArena *arena;
    RtStr manifest, name;
    RtWanted *wanted;
    size_t wanted_count, wanted_capacity;
    RtSetting *settings;
    size_t setting_count, setting_capacity;
    RtLockNote *notes;
    size_t note_count, note_capacity;
    const RtAroundFile *file; /* being read */
} RtAround;

void rt_around_want(RtAround *around, RtStr name, RtStr spec, uint32_t flags, uint32_t line);
void rt_around_set(RtAround *around, const char *client, RtStr key, RtStr value, uint32_t line);
/* The file could not be read whole. */
void rt_around_note(RtAround *around, RtStr what, uint32_t line);
/* The file's tree; what is wrong with it is noted. May be NULL. */
const RtDoc *rt_around_json(RtAround *around);
const RtDoc *rt_around_toml(RtAround *around);
const RtDoc *rt_around_yaml(RtAround *around);
/* One setting per member: key -> text, "key -> {…}" for what is no text. */
void rt_around_set_each(RtAround *around, const char *client, const char *key, const RtDoc *map);

/* The two halves: each reads the file if it is its own kind. */
bool rt_around_manifest(RtStr path);
bool rt_around_settings(RtStr path);
void rt_around_read_manifest(RtAround *around);
void rt_around_read_settings(RtAround *around);

#endif
