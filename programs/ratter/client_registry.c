/* client_registry.c - runs npm in the root folder, where no project can have a say, and reads one
 * line. */
#include "client_registry.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WAIT_MS = 15000 };

static void become_npm(int out)
{
    int nowhere = open("/dev/null", O_RDWR);
    if (dup2(nowhere, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
        dup2(nowhere, STDERR_FILENO) >= 0 && chdir("/") == 0)
        execlp("npm", "npm", "config", "get", "registry", (char *)NULL);
    _exit(127);
}

/* The first line; its length, or 0. */
static size_t read_line(int in, char *line, size_t size)
{
    size_t len = 0;
    struct pollfd ready = { .fd = in, .events = POLLIN };
    while (len < size && poll(&ready, 1, WAIT_MS) > 0) {
        ssize_t got = read(in, line + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    const char *end = memchr(line, '\n', len);
    return end ? (size_t)(end - line) : 0;
}

int client_registry(const char *client, char *ret_url, size_t size)
{
    int ends[2], status = 0;
    if (strcmp(client, "npm") != 0 || size == 0 || pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    pid_t pid = fork();
    if (pid == 0)
        become_npm(ends[1]);
    close(ends[1]);
    size_t len = pid > 0 ? read_line(ends[0], ret_url, size - 1) : 0;
    close(ends[0]);
    ret_url[len] = '\0';
    if (pid > 0)
        kill(pid, SIGKILL);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return len > 0;
}
