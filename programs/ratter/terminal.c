/* terminal.c - colour, width and the progress line (FORMATS 3.2). */
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && value[0];
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || !term[0] || strcmp(term, "dumb") == 0;
}

static bool is_forced(const char *name)
{
    const char *value = getenv(name);
    return value && value[0] && strcmp(value, "0") != 0;
}

bool terminal_colour(const char *mode, int fd)
{
    if (strcmp(mode, "auto") != 0)
        return strcmp(mode, "always") == 0;
    if (is_set("NO_COLOR"))
        return false;
    if (is_forced("CLICOLOR_FORCE") || is_forced("FORCE_COLOR"))
        return true;
    return isatty(fd) && !is_dumb();
}

unsigned terminal_width(int fd)
{
    uint64_t columns = 0;
    if (!isatty(fd))
        return 0;
    if (rt_str_number(rt_str_from_c(getenv("COLUMNS")), &columns) && columns >= 20 &&
        columns < 1000)
        return (unsigned)columns;
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

Progress progress_open(RtArena *arena, bool is_allowed)
{
    bool wanted = is_allowed && isatty(STDERR_FILENO) && !is_dumb() && !is_set("CI");
    return (Progress){ .arena = arena, .is_wanted = wanted };
}

static uint64_t now_ms(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void progress_draw(Progress *progress, uint64_t done, uint64_t known, const char *current)
{
    if (!progress->is_wanted || now_ms() < progress->next_ms)
        return;
    progress->next_ms = now_ms() + 100;
    rt_arena_reset(progress->arena);
    RtText line = { .arena = progress->arena };
    rt_text_format(&line, "scanning %llu", (unsigned long long)done);
    if (known)
        rt_text_format(&line, "/%llu", (unsigned long long)known);
    rt_text_format(&line, "  ");
    rt_escape_terminal(&line, rt_str_from_c(current), false);
    unsigned width = terminal_width(STDERR_FILENO);
    size_t shown = line.len, limit = width > 1 ? width - 1 : 79;
    if (shown > limit)
        shown = limit;
    while (shown > 0 && shown < line.len && (line.at[shown] & 0xC0) == 0x80)
        shown--;
    fprintf(stderr, "\r\033[K%.*s", (int)shown, (const char *)line.at);
    fflush(stderr);
    progress->is_drawn = true;
}

void progress_wipe(void *context)
{
    Progress *progress = context;
    if (!progress->is_drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->is_drawn = false;
}
