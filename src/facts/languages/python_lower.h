/* python_lower.h - Python source to the small tree of flow/tree.h.
 *
 * All of Python 3, and what the grammar accepts of Python 2 (print, exec, `except X, e`). Some
 * things are said with other words, so that the value flow needs no notion of them:
 * - the `else` of loops and of `try` stands behind what it belongs to;
 * - a class that derives from Thread or Process and has a `run` gets the `start` that calls it;
 * - a decorator that this file defines (or that calls what it gets: atexit.register, exec) is a
 * call, any other one is evaluated for its effects and forgotten: frameworks register functions,
 * they do not run them;
 * - in a set-up file, classes handed to `cmdclass` and classes derived from a setuptools or
 * distutils command are instantiated and their `run` is called at the end of the file: an install
 * does that. */
#ifndef RT_FACTS_LANGUAGES_PYTHON_LOWER_H
#define RT_FACTS_LANGUAGES_PYTHON_LOWER_H

#include "facts/flow/tree.h"

typedef struct {
    RtStr path;   /* of the layer: setup.py and __main__.py run with __name__ == '__main__' */
    RtStr parsed; /* what the parser gets instead of the source: same length, some bytes made easier
                   * for it (python.c: simplify); empty: the source itself */
    bool is_setup; /* its command classes run at install: setup.py, or a file that calls setup() */
} RtPythonFile;

/* Memory the tree of one file may take: open the arena for it with RT_PYTHON_TREE_BYTES. The
 * lowering stops to add nodes when less than a third is left. */
#define RT_PYTHON_TREE_BYTES ((size_t)192 << 20)

/* Lowers `source`, whose offsets are the layer's, into `arena`. Never NULL; `broken` counts syntax
 * errors. What lies deeper than RT_SYNTAX_DEPTH is a hole. `sink` is asked for time and budget
 * only. */
const RtTree *rt_python_lower(RtArena *arena, RtSink *sink, RtLayerId layer, RtStr source,
                              RtPythonFile file);

#endif
