/* terminal.h - what the terminal can and wants: colour, width, a progress line. The only place of
 * the program that reads the environment. */
#ifndef RATTER_TERMINAL_H
#define RATTER_TERMINAL_H

#include "base/str.h"

/* `mode` is auto, always or never (--color), which goes before NO_COLOR, CLICOLOR_FORCE, being a
 * terminal and TERM=dumb, in this order. */
bool terminal_colour(const char *mode, int fd);
/* Columns of the terminal on `fd` (COLUMNS goes first); 0 when it is none. */
unsigned terminal_width(int fd);

/* A line on standard error, redrawn at most ten times a second and wiped before anything else is
 * printed. */
typedef struct {
    RtArena *arena; /* its own: emptied at each drawing */
    bool is_wanted, is_drawn;
    uint64_t next_ms;
} Progress;

/* Wanted only when standard error is a terminal that can, and CI is not set. */
Progress progress_open(RtArena *arena, bool is_allowed);
void progress_draw(Progress *progress, uint64_t done, uint64_t known, const char *current);
void progress_wipe(void *progress);

#endif
