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
    RT_DEP_HOOK = 1 << 3,    /* the lockfile says that it runs a script at install */
    RT_DEP_LOOSE = 1 << 4,   /* `version` is a range or empty: nothing pins it */
    RT_DEP_PLUGIN = 1 << 5,  /* runs inside the build or the package manager */
    RT_DEP_ALIASED = 1 << 6, /* whoever needs it asks for it under `alias` in so many words */
    RT_DEP_PATCHED = 1 << 7, /* the client changes it after unpacking: a patch of the project */
    RT_DEP_NARROW = 1 << 8,  /* for some operating systems or processors only */
};

typedef struct {
    RtStr ecosystem; /* purl type: npm pypi composer gem cargo golang maven jsr … */
    RtStr name;      /* as the registry knows it: "@scope/x", "group:artifact", "vendor/x" */
    RtStr version;
    RtStr alias;    /* the name it is installed under when that is another */
    RtStr place;    /* key in the lockfile: "node_modules/a/node_modules/b"; may be empty */
    RtStr url;      /* as written: resolved address, repository, path; may be empty */
    RtStr asks;     /* what its manifest asks for and the commands it brings, one sorted line each
                       ("needs a ^1", "may need b 2", "command x bin/x.js"); empty: not told */
    RtStr released; /* newest time at which a file of it was uploaded, RFC 3339; may be empty */
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

/* What the project asks for by name, before anything is locked. */
typedef struct {
    RtStr name, spec; /* spec as written: "^1.0", "npm:other@2", an address; may be empty */
    uint32_t flags;   /* RT_DEP_DEV, RT_DEP_OPTIONAL */
    uint32_t line;
} RtWanted;

/* One setting of a client's configuration that says where packages come from or what runs. */
typedef struct {
    RtStr client;     /* npm yarn pip uv cargo … */
    RtStr key, value; /* "registry", "@scope:registry", "script-shell" … */
    RtStr file;       /* where it stands, as found */
    uint32_t line;
    bool is_personal; /* of the person's own configuration, not of the project */
} RtSetting;

/* What stands around a lockfile: its manifest and the clients' configuration. */
typedef struct {
    RtStr manifest; /* path of the manifest, as found; empty: there is none */
    RtStr name;     /* of the project, as its manifest has it; may be empty */
    const RtWanted *wanted;
    size_t wanted_count;
    const RtSetting *settings;
    size_t setting_count;
    const RtLockNote *notes; /* of the manifest and the configuration; `detail` names the file */
    size_t note_count;
} RtProject;

/* What RtLock.wanted holds: nothing, names only, every request of the file whoever makes it, or
 * exactly what the project itself asks for. */
typedef enum { RT_WANTED_NOT_TOLD, RT_WANTED_NAMES, RT_WANTED_ALL, RT_WANTED_OWN } RtWantedKind;

typedef struct {
    RtStr path;    /* as found */
    RtStr kind;    /* the reader's name: "npm", "yarn", "pnpm" … */
    RtStr project; /* the name it gives the project itself; may be empty */
    const RtDependency *items;
    size_t count;
    const RtLockNote *notes;
    size_t note_count;
    const RtWanted *wanted; /* what the lockfile says was asked for when it was made */
    size_t wanted_count;
    RtWantedKind wanted_kind;
    bool complete; /* false: some of it could not be read; a note says why */
} RtLock;

#endif
