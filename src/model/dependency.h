/* dependency.h - what a lockfile, a manifest, an SBOM or an installed tree says a project depends
 * on. Plain data: readers (src/ecosystem/lockfiles) fill it behind the wall, the audit judges it.
 * Everything in it is hostile text. */
#ifndef RT_MODEL_DEPENDENCY_H
#define RT_MODEL_DEPENDENCY_H

#include "model/model.h"

/* Where the client takes the bytes from. */
typedef enum {
    RT_FROM_REGISTRY, /* the registry the client is configured for, or `url` on one */
    RT_FROM_URL,      /* an archive at `url` */
    RT_FROM_GIT,      /* a repository; `url` holds the commit, too, when one is pinned */
    RT_FROM_PATH,     /* a folder or archive beside the project, a workspace, a link */
    RT_FROM_PARENT,   /* bundled inside the dependency that needs it */
} RtDependencySource;

enum {
    RT_DEP_DIRECT = 1 << 0, /* the project itself asks for it */
    RT_DEP_DEV = 1 << 1,
    RT_DEP_OPTIONAL = 1 << 2,
    RT_DEP_HOOK = 1 << 3,   /* the lockfile says that it runs a script at install */
    RT_DEP_LOOSE = 1 << 4,  /* `version` is a range or empty: nothing pins it */
    RT_DEP_PLUGIN = 1 << 5, /* runs inside the build or the package manager */
};

typedef struct {
    RtStr ecosystem; /* purl type: npm pypi composer gem cargo golang maven jsr … */
    RtStr name;      /* as the registry knows it: "@scope/x", "group:artifact", "vendor/x" */
    RtStr version;
    RtStr alias;    /* the name it is installed under when that is another */
    RtStr place;    /* key in the lockfile: "node_modules/a/node_modules/b"; may be empty */
    RtStr url;      /* as written: resolved address, repository, path; may be empty */
    RtStr registry; /* base address of its registry when the file names one; may be empty */
    RtStr
        *integrity; /* as written: "sha512-…", "sha256:…", "h1:…"; checksums of one artifact each */
    uint32_t integrity_count;
    RtDependencySource source;
    uint32_t flags;  /* RT_DEP_* */
    uint32_t line;   /* 1-based, in the lockfile */
    uint32_t parent; /* 1 + index of the dependency on a shortest way from the project; 0: direct
                        or not told */
} RtDependency;

/* Something odd that a reader saw and that is no dependency: an extra index, a hook of the package
 * manager, two parts of one file that disagree, a file that is not what its name says. `what` is a
 * term of docs/AUDIT.md ("extra-index", "parts-disagree", "truncated"). */
typedef struct {
    RtStr what, detail;
    uint32_t line;
} RtLockNote;

typedef struct {
    RtStr path; /* as found */
    RtStr kind; /* the reader's name: "package_lock", "yarn", "pnpm" … */
    const RtDependency *items;
    size_t count;
    const RtLockNote *notes;
    size_t note_count;
    bool complete; /* false: some of it could not be read; a note says why */
} RtLock;

#endif
