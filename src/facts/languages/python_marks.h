/* python_marks.h - what the text of a Python file gives away without a parse: obfuscators' marks,
 * code behind blanks.
 *
 * Being obfuscated is no accusation; it says where to look. One pass of the cheap lexer. */
#ifndef RT_FACTS_LANGUAGES_PYTHON_MARKS_H
#define RT_FACTS_LANGUAGES_PYTHON_MARKS_H

#include "model/model.h"

/* Emits code.obfuscated and text.hidden facts, at most one of each kind, at the place that showed
 * it first: confusable-names  many long names of O0 or Il alone     lookalike-names  names in
 * mathematical or full-width letters lambda-chain      _ = lambda __ : __import__('zlib')…
 * hex-names        many _0x1a2b names marshal           marshal.loads of a literal huge-literal a
 * string of 16 KiB or more pyarmor hyperion … the runtime or the words an obfuscator leaves coding
 * a source encoding that is a cipher (rot13, utf-7 …): the text is not what runs escapes long
 * strings written as \x.. throughout after-blanks      (text.hidden) code behind 60 or more blanks
 * on a line */
void rt_python_marks(RtStr source, RtLayerId self, RtSink *sink);

#endif
