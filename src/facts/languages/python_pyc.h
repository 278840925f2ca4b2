/* python_pyc.h - compiled Python (.pyc, and bare marshal data as marshal.loads gets it), read and
 * never run.
 *
 * Format: CPython Python/marshal.c and Lib/importlib/_bootstrap_external.py (magic numbers). The
 * layout of a code object changed with 3.0, 3.8 and 3.11; the magic number tells which, bare
 * marshal data is tried with each. */
#ifndef RT_FACTS_LANGUAGES_PYTHON_PYC_H
#define RT_FACTS_LANGUAGES_PYTHON_PYC_H

#include "base/str.h"

/* True when `bytes` begin with the head of a .pyc file; gives the marshal data behind it and the
 * version as major
 * * 100 + minor (311). Never reads beyond `bytes`. */
bool rt_pyc_is(RtStr bytes, RtStr *ret_marshal, uint32_t *ret_version);

/* What the code objects in `marshal` hold, as text: for each one its name, the names it uses, and
 * its constant strings as Python literals, one a line. `version` 0: unknown, all layouts are tried.
 * The empty view when it is no marshal data; what was read before an error when it is cut off. At
 * most 4 MiB of text; nesting to 64. */
RtStr rt_marshal_text(RtArena *arena, RtStr marshal, uint32_t version);

#endif
