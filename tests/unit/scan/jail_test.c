/* The jail holds: what a worker has no business with ends it, and what it needs still works. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scan/jail.h"

enum { DENIED = 7, ALLOWED = 8, NO_JAIL = 9 };

/* Runs `act` behind the wall; its status: killed by SIGSYS counts as DENIED (sanitizer builds
 * answer EPERM instead). */
static int behind_wall(bool (*act)(void))
{
    RtJailPolicy policy = { .memory_bytes = 1ULL << 30, .cpu_seconds = 5, .files = 64 };
    RtJail *jail = NULL;
    assert_int_equal(rt_jail_open(&policy, &jail).code, RT_OK);
    int pair[2];
    assert_int_equal(pipe(pair), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (rt_jail_enter(jail, pair[1]).code != RT_OK)
            _exit(NO_JAIL);
        _exit(act() ? ALLOWED : DENIED);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(pair[0]);
    close(pair[1]);
    rt_jail_close(jail);
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? DENIED : WTERMSIG(status);
    return WEXITSTATUS(status);
}

static bool opens_file(void) { return open("/etc/passwd", O_RDONLY) >= 0; }
static bool makes_file(void) { return open("/tmp/ratter-jail-test", O_RDWR | O_CREAT, 0600) >= 0; }
static bool makes_socket(void) { return socket(AF_INET, SOCK_STREAM, 0) >= 0; }
static bool forks(void) { return fork() >= 0; }
static bool executes(void)
{
    char *const nothing[] = { NULL };
    execve("/bin/true", nothing, nothing);
    return false;
}
static bool signals_parent(void) { return kill(getppid(), 0) == 0; }
static bool makes_code(void)
{
    return mprotect(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
                    4096, PROT_READ | PROT_EXEC) == 0;
}
static bool reads_standard_input(void)
{
    char byte;
    return read(0, &byte, 1) >= 0;
}
static bool computes(void)
{
    uint8_t *block = malloc(64 << 20);
    if (block == NULL)
        return false;
    memset(block, 7, 64 << 20);
    bool right = block[12345] == 7;
    free(block);
    return right;
}

static void denied(void **state)
{
    assert_int_equal(behind_wall(*(bool (**)(void)) * state), DENIED);
}
static void allowed(void **state)
{
    assert_int_equal(behind_wall(*(bool (**)(void)) * state), ALLOWED);
}

typedef bool (*Act)(void);
static Act acts[] = { opens_file,     makes_file, makes_socket,         forks,   executes,
                      signals_parent, makes_code, reads_standard_input, computes };

static void descriptors_are_closed(void **state)
{
    (void)state;
    assert_int_equal(behind_wall(reads_standard_input),
                     DENIED); /* a number that is no descriptor any more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(denied, &acts[0]), cmocka_unit_test_prestate(denied, &acts[1]),
        cmocka_unit_test_prestate(denied, &acts[2]), cmocka_unit_test_prestate(denied, &acts[3]),
        cmocka_unit_test_prestate(denied, &acts[4]), cmocka_unit_test_prestate(denied, &acts[5]),
        cmocka_unit_test_prestate(denied, &acts[6]), cmocka_unit_test_prestate(allowed, &acts[8]),
        cmocka_unit_test(descriptors_are_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
