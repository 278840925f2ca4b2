/* escape.h - makes untrusted text safe to show (FORMATS 3.2): C0 but tab, DEL and C1 become \xNN,
 * bidi marks, zero-width and tag characters \u{…}, bytes that are not UTF-8 \xNN. Newlines become
 * \n unless kept. */
#ifndef RT_BASE_ESCAPE_H
#define RT_BASE_ESCAPE_H

#include "base/str.h"

void rt_escape_terminal(RtText *out, RtStr text, bool keep_newlines);
RtStr rt_escaped(RtArena *arena, RtStr text);
void rt_escape_html(RtText *out, RtStr text); /* also XML: & < > " ' and what XML 1.0 forbids */
/* http://a.b/ becomes hxxp://a[.]b/ : for people, never for machines. */
void rt_defang(RtText *out, RtStr url);

#endif
