/* profile.h - campaigns as data: profiles/NAME.yaml, one file per campaign (docs/ATTRIBUTION.md is
 * the language).
 *
 * ratter-pack reads the folder at build time, where a fault ends the build with file and line, and
 * puts it masked inside the program; rt_profiles_open reads that, or a folder of one's own. */
#ifndef RT_LINK_PROFILE_H
#define RT_LINK_PROFILE_H

#include "base/doc_reader.h"
#include "base/regex.h"
#include "model/attribution.h"

typedef enum {
    RT_CLUE_ALL,
    RT_CLUE_ANY,
    RT_CLUE_COUNT, /* at least `number` of the kids */
    RT_CLUE_RULE,  /* a finding of this rule; a `*` at the end stands for the rest */
    RT_CLUE_FACT,  /* a fact whose arguments match */
    RT_CLUE_TEXT,  /* an expression matches in the text of a file that has findings */
    RT_CLUE_FILE,  /* a file's path fits a glob */
    RT_CLUE_FOUND, /* a file with a strong finding fits a glob */
    RT_CLUE_WORDS, /* at least `number` of the words, in facts or in such text */
} RtClueKind;

#define RT_NO_REGEX UINT32_MAX
enum { RT_CLUE_DEPTH = 8, RT_PROFILES_MAX = 64 };

typedef struct RtClue RtClue;
struct RtClue {
    RtClueKind kind;
    uint32_t number;
    RtStr word;     /* RULE, FILE, FOUND */
    uint32_t regex; /* TEXT */
    RtFactKind fact;
    uint32_t args[4]; /* FACT: RT_NO_REGEX where anything will do */
    const RtStr *words;
    size_t word_count;
    const RtClue *kids;
    size_t kid_count;
};

typedef struct {
    RtStr id, says;
    RtTraitFamily family;
    double weight;
    RtClue clue;
} RtFeature;

/* Another campaign this one is mistaken for, and what tells them apart. */
typedef struct {
    RtStr profile, why;
} RtConfusable;

/* How the campaign works, step by step, in the words of rt_method_steps. */
enum { RT_METHOD_STEPS = 8 };
extern const char *const rt_method_steps[RT_METHOD_STEPS];

typedef struct {
    RtStr id, title, actor, caution; /* caution: what is disputed; may be empty */
    RtStr method[RT_METHOD_STEPS];   /* empty where nothing is known */
    const RtStr *names, *sources;
    size_t name_count, source_count;
    const RtConfusable *confusables;
    size_t confusable_count;
    const RtFeature *features;
    size_t feature_count;
} RtProfile;

typedef struct {
    RtArena *arena;
    RtProfile *items; /* sorted by id */
    size_t count, capacity;
    RtStr *expressions;
    size_t expression_count, expression_capacity;
    RtRegexes *regexes;
} RtProfiles;

/* Packs every *.yaml of `folder`; faults go to `say` (may be NULL), and RT_ERR_FORMAT is returned
 * when there was one. */
RtErr rt_profiles_pack(RtArena *arena, RtStr folder, RtDocSay *say, void *context,
                       RtText *ret_pack) RT_MUST_USE;
/* Reads a pack. Its bytes may go afterwards. */
RtErr rt_profiles_open(RtStr pack, RtProfiles **ret_profiles) RT_MUST_USE;
void rt_profiles_close(RtProfiles *profiles); /* accepts NULL */
/* The pack inside this program. */
RtStr rt_profiles_builtin(void);
const RtProfile *rt_profiles_find(const RtProfiles *profiles, RtStr id); /* or NULL */

/* Inside the room: reads one file into `profiles`; the number of faults. */
size_t rt_profile_read(RtProfiles *profiles, RtStr path, RtStr bytes, RtDocSay *say, void *context);
/* Checks what needs all of them (confusables name profiles that exist) and sorts. */
size_t rt_profiles_settle(RtProfiles *profiles, RtDocSay *say, void *context);

#endif
