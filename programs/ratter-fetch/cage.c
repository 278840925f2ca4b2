/* cage.c - what is taken from a process that only has to speak to a network. Landlock where the
 * kernel has it; a kernel without it still refuses core dumps, writing and new privileges. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fetch.h"

enum { FILES_MOST = 64, CPU_SECONDS = 600 };

static bool limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit both = { .rlim_cur = value, .rlim_max = value };
    return setrlimit(what, &both) == 0;
}

static void allow_reading(int ruleset, const char *path)
{
    int folder = open(path, O_PATH | O_CLOEXEC);
    struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
        .parent_fd = folder,
    };
    if (folder < 0)
        return; /* not on this system */
    (void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(folder);
}

/* The resolver, the certificates, and the libraries that both open late. */
static bool deny_files(void)
{
    static const char *const readable[] = {
        "/etc", "/usr", "/lib", "/lib64", "/run/systemd/resolve", "/run/resolvconf", "/dev/urandom",
    };
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1)
        return true;
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (abi >= 2)
        rights |= 1ULL << 13; /* refer */
    if (abi >= 3)
        rights |= 1ULL << 14; /* truncate */
    struct landlock_ruleset_attr attr = { .handled_access_fs = rights };
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0)
        return false;
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
        allow_reading(ruleset, readable[i]);
    const char *const named[] = { getenv("SSL_CERT_FILE"), getenv("SSL_CERT_DIR"),
                                  getenv("CURL_CA_BUNDLE") };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i] != NULL)
            allow_reading(ruleset, named[i]);
    bool fine = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return fine;
}

bool fetch_enter_cage(void)
{
    return prctl(PR_SET_PDEATHSIG, 9) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && limit(RLIMIT_CORE, 0) &&
           limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, FILES_MOST) &&
           limit(RLIMIT_CPU, CPU_SECONDS) && deny_files();
}
