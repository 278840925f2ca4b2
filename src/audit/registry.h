/* registry.h - whom content may be asked of: the registries that the person's own clients are
 * configured for or that ratter.yaml names, and the credentials that belong to each. No host is
 * built in, and none that only the audited project names is ever asked. */
#ifndef RT_AUDIT_REGISTRY_H
#define RT_AUDIT_REGISTRY_H

#include "model/dependency.h"

typedef struct {
    RtStr client; /* "npm", "pypi" */
    RtStr scope;  /* "@scope", or empty */
    RtStr url;    /* ends in '/'; no user part */
} RtRegistry;

/* What goes with each request below `place` and nowhere else. */
typedef struct {
    RtStr place;  /* "//host:1/path/" */
    RtStr header; /* "Authorization: …" */
} RtCredential;

typedef struct {
    RtArena *arena;
    const char *(*variable)(const char *name); /* for "${NAME}" in configuration; may be NULL */
    RtRegistry *items;
    size_t count, capacity;
    RtCredential *credentials;
    size_t credential_count, credential_capacity;
} RtRegistries;

/* Adds one; a user part of the address becomes a credential. False when it is no http address. Of
 * two for the same client and scope the first stands, the others' hosts may be asked as well. */
bool rt_registry_add(RtRegistries *registries, const char *client, RtStr scope, RtStr url);
/* Reads a person's .npmrc: registry, @scope:registry, //place/:_authToken, _auth, username and
 * _password. */
void rt_registry_read_npmrc(RtRegistries *registries, RtStr bytes);
/* What the clients are told elsewhere. Of the project's own settings only those whose host is
 * known already are taken: a scope on a registry that the person knows. */
void rt_registry_take_settings(RtRegistries *registries, const RtProject *project);

/* The registry of a package, or empty. */
RtStr rt_registry_for(const RtRegistries *registries, const char *client, RtStr name);
/* True when `url` lies on a host (scheme and port included) of one of the client's registries. */
bool rt_registry_may(const RtRegistries *registries, const char *client, RtStr url);
/* The credential for `url`, or empty: of the longest place that it lies below. */
RtStr rt_registry_header(const RtRegistries *registries, RtStr url);

/* "https://host:1" in lower case, a default port left out; empty when `url` is no plain http
 * address: a user part, a blank, a backslash. */
RtStr rt_url_origin(RtArena *arena, RtStr url);
/* `to` as it is meant on the page `base`; empty when that is no address. */
RtStr rt_url_join(RtArena *arena, RtStr base, RtStr to);

#endif
