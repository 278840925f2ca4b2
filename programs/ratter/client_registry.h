/* client_registry.h - asks a package manager which registry it would use. */
#ifndef RATTER_CLIENT_REGISTRY_H
#define RATTER_CLIENT_REGISTRY_H

#include <stddef.h>

/* The address that `npm config get registry` says outside of any project: 1, or 0 when it says none
 * within seconds. Only "npm" can be asked. */
int client_registry(const char *client, char *ret_url, size_t size);

#endif
