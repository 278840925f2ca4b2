/* jail.h - the wall: a process that reads hostile bytes can compute and answer, and nothing else.
 *
 * Two calls, like OpenSSH's ssh-sandbox.h: the parent opens the jail (builds the filter once), each
 * child enters it. Inside there is no network, no file system, no new process, no signal to others;
 * descriptors that were handed in can be read. Entering fails closed: when the policy cannot be set
 * the child must not read anything. */
#ifndef RT_SCAN_JAIL_H
#define RT_SCAN_JAIL_H

#include "base/base.h"

typedef struct RtJail RtJail;

typedef struct {
    uint64_t memory_bytes; /* RLIMIT_AS; 0: leave it */
    uint32_t cpu_seconds;  /* RLIMIT_CPU of the whole process; 0: leave it */
    uint32_t files;        /* RLIMIT_NOFILE */
} RtJailPolicy;

/* Builds the filter. Fails with RT_ERR_JAIL when this system cannot. */
RtErr rt_jail_open(const RtJailPolicy *policy, RtJail **ret_jail) RT_MUST_USE;
void rt_jail_close(RtJail *jail); /* accepts NULL */

/* In the child: closes every descriptor but `keep_fd`, sets the limits, Landlock (where the kernel
 * has it) and seccomp. */
RtErr rt_jail_enter(const RtJail *jail, int keep_fd) RT_MUST_USE;

#endif
