/* jail_linux.c - rlimits, Landlock and seccomp (the only file that knows libseccomp).
 *
 * The filter is an allow list that kills the process on anything else: what a worker needs after it
 * started is to read descriptors, answer on its socket, move memory and look at clocks. The BPF
 * program is built once in the parent and only loaded in the child: building it costs 0.6 ms,
 * loading it nothing one can measure (STACK 8). Landlock denies the file system a second time, for
 * kernels whose seccomp might be fooled; its ABI is probed, absence is accepted because the filter
 * has no call that opens anything. Sanitizer builds answer EPERM instead of killing, because the
 * runtime looks at files of its own when it has something to report. */
#include "scan/jail.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/hash.h"

#if defined(__SANITIZE_ADDRESS__)
#define RT_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_SANITIZED true
#endif
#endif
#ifndef RT_SANITIZED
#define RT_SANITIZED false
#endif

struct RtJail {
    RtJailPolicy policy;
    struct sock_fprog program;
};

/* What a worker may ask of the kernel; nothing here opens, connects, executes or signals another
 * process. */
static const int allowed_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(recvfrom),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(lseek),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getrandom),
    SCMP_SYS(sched_yield),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(setitimer),
    SCMP_SYS(uname),
};

static RtErr export_program(scmp_filter_ctx filter, struct sock_fprog *ret_program)
{
    RT_FD file = memfd_create("jail", MFD_CLOEXEC);
    if (file < 0 || seccomp_export_bpf(filter, file) < 0)
        return rt_fail(RT_ERR_JAIL, "cannot build the jail's system call filter: %s",
                       strerror(errno));
    off_t size = lseek(file, 0, SEEK_END);
    if (size <= 0 || (size_t)size % sizeof(struct sock_filter) != 0)
        return rt_fail(RT_ERR_JAIL, "the jail's system call filter has an odd size");
    struct sock_filter *code = malloc((size_t)size);
    if (code == NULL || pread(file, code, (size_t)size, 0) != (ssize_t)size) {
        free(code);
        return rt_fail(RT_ERR_JAIL, "cannot read back the jail's system call filter");
    }
    *ret_program =
        (struct sock_fprog){ .len = (unsigned short)((size_t)size / sizeof *code), .filter = code };
    return RT_FINE;
}

/* mprotect and prctl are allowed in their harmless forms only: no page ever becomes executable. */
static int allow_calls(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < RT_COUNT(allowed_calls); i++) {
        int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed_calls[i], 0);
        if (failed < 0)
            return failed;
    }
    int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, 4 /* PROT_EXEC */, 0));
    if (failed < 0)
        return failed;
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
                            SCMP_A0(SCMP_CMP_EQ, 0x53564d41 /* PR_SET_VMA */, 0));
}

RtErr rt_jail_open(const RtJailPolicy *policy, RtJail **ret_jail)
{
    uint32_t otherwise = RT_SANITIZED ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_KILL_PROCESS;
    scmp_filter_ctx filter = seccomp_init(otherwise);
    if (filter == NULL)
        return rt_fail(RT_ERR_JAIL, "this system has no seccomp; use --no-jail only to debug");
    struct sock_fprog program = { 0 };
    RtErr err = RT_FINE;
    if (allow_calls(filter) < 0)
        err = rt_fail(RT_ERR_JAIL, "cannot build the jail's system call filter");
    else
        err = export_program(filter, &program);
    seccomp_release(filter);
    RT_TRY(err);
    RtJail *jail = calloc(1, sizeof *jail);
    if (jail == NULL) {
        free(program.filter);
        return rt_fail(RT_ERR_IO, "out of memory");
    }
    *jail = (RtJail){ .policy = *policy, .program = program };
    *ret_jail = jail;
    return RT_FINE;
}

void rt_jail_close(RtJail *jail)
{
    if (jail == NULL)
        return;
    free(jail->program.filter);
    free(jail);
}

static int limit(__rlimit_resource_t what, uint64_t value)
{
    struct rlimit both = { .rlim_cur = value, .rlim_max = value };
    return setrlimit(what, &both);
}

static RtErr set_limits(const RtJailPolicy *policy)
{
    bool memory_counts = policy->memory_bytes != 0 && !RT_SANITIZED;
    if (limit(RLIMIT_CORE, 0) != 0 || limit(RLIMIT_FSIZE, 0) != 0 ||
        limit(RLIMIT_NOFILE, policy->files) != 0 ||
        (policy->cpu_seconds != 0 && limit(RLIMIT_CPU, policy->cpu_seconds) != 0) ||
        (memory_counts && limit(RLIMIT_AS, policy->memory_bytes) != 0))
        return rt_fail(RT_ERR_JAIL, "cannot set the jail's resource limits: %s", strerror(errno));
    return RT_FINE;
}

/* An empty ruleset that handles every access right the kernel knows: nothing below any path may be
 * opened. */
static RtErr deny_files(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1)
        return RT_FINE; /* no Landlock here; the filter has no call that opens */
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* ABI 1: 13 rights */
    if (abi >= 2)
        rights |= 1ULL << 13; /* refer */
    if (abi >= 3)
        rights |= 1ULL << 14; /* truncate */
    struct landlock_ruleset_attr attr = { .handled_access_fs = rights };
    RT_FD ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0 || syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        return rt_fail(RT_ERR_JAIL, "cannot enter Landlock: %s", strerror(errno));
    return RT_FINE;
}

/* All but `keep_fd` and standard error, where an assertion may still say its last word. */
static RtErr close_others(int keep_fd)
{
    unsigned keep = (unsigned)keep_fd;
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    if (keep > 3 && syscall(SYS_close_range, 3u, keep - 1, 0) != 0)
        return rt_fail(RT_ERR_JAIL, "cannot close descriptors: %s", strerror(errno));
    if (syscall(SYS_close_range, keep + 1, ~0u, 0) != 0)
        return rt_fail(RT_ERR_JAIL, "cannot close descriptors: %s", strerror(errno));
    return RT_FINE;
}

static int compare_bytes(const void *a, const void *b)
{
    return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* What the C and digest libraries open at first use, opened while it can be: glibc's qsort asks how
 * much memory there is, the digests read a configuration. */
static void warm_up(void)
{
    uint8_t bytes[4096] = { 0 }, digest[32];
    qsort(bytes, sizeof bytes, 1, compare_bytes);
    rt_sha256((RtStr){ bytes, 1 }, digest);
}

RtErr rt_jail_enter(const RtJail *jail, int keep_fd)
{
    warm_up();
    RT_TRY(close_others(keep_fd));
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return rt_fail(RT_ERR_JAIL, "cannot give up privileges: %s", strerror(errno));
    RT_TRY(set_limits(&jail->policy));
    RT_TRY(deny_files());
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &jail->program) != 0)
        return rt_fail(RT_ERR_JAIL, "cannot load the system call filter: %s", strerror(errno));
    return RT_FINE;
}
