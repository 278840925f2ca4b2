/* frame.h - a code frame as rustc draws it: the line, a gutter, carets under the span.
 *
 * The line is hostile: it may be a megabyte long, hold escapes, bidi marks, or be no text at all.
 * What is drawn is a window around the span, escaped, cut by display cells and not by bytes. */
#ifndef RT_REPORT_FRAME_H
#define RT_REPORT_FRAME_H

#include "model/model.h"

typedef struct {
    RtStr line;       /* escaped, one line, web addresses made unclickable; cuts are shown as … */
    uint32_t mark_at; /* first display cell of the span in `line` */
    uint32_t mark_len; /* cells of the span, at least 1 */
} RtFrame;

/* Draws the line of `evidence` where its span starts, at most `cells` wide (never under 40): up to
 * 60 cells before the span, the span, up to 60 after. An empty snippet gives an empty line. */
RtFrame rt_report_frame(RtArena *arena, const RtEvidence *evidence, uint32_t cells);

/* Display cells of a character: 0 combining, 2 wide, else 1 (Unicode East Asian Width, coarse). */
uint32_t rt_report_rune_cells(uint32_t rune);

#endif
