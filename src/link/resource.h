/* resource.h - one spelling for the places packages share: what two packages write differently and
 * mean alike must become the same text. */
#ifndef RT_LINK_RESOURCE_H
#define RT_LINK_RESOURCE_H

#include "model/summary.h"

/* A path as code writes it, `.` and `..` folded, with one of these heads: $HOME (~, %USERPROFILE%,
 * the emulator's home …), $TMP, $PROJ (relative, the emulator's project), $NM (inside a
 * node_modules), else an absolute path ("C:/x" on Windows). Empty when a part is unknown, when it
 * is no path, when it climbs out of its head, or names no more than the head. */
RtStr rt_resource_path(RtArena *arena, RtStr raw);

/* The host of a URL or of "host:port", lower case, and its port (0: none written). Empty when a
 * part is unknown. */
RtStr rt_resource_host(RtArena *arena, RtStr url, uint32_t *ret_port);
/* True for this machine: localhost, 127.0.0.0/8, ::1, 0.0.0.0. */
bool rt_resource_is_local(RtStr host);
/* "HKCU\Software\X", "HKEY_CURRENT_USER/Software/X" and "HKCU:/…" become hkcu/software/x; empty for
 * what is no registry key. */
RtStr rt_resource_key(RtArena *arena, RtStr raw);

/* True for what many packages share in good faith (known_resources.list), and for what everybody
 * has: system folders, runtimes' variables. */
bool rt_resource_is_known(RtResourceKind kind, RtStr text);

#endif
