/* words.h - cuts command lines as sh and cmd.exe do: into simple commands, and those into words.
 *
 * Two rooms need it (manifests find the file a script runs, the shell front end follows values),
 * and neither may know the other, so it lives on the floor. No value is guessed: what stands behind
 * `$x` or `%x%` comes from the caller's expander, or stays as written. Source: POSIX.1-2017 XCU 2,
 * cmd.exe's phases as observed. */
#ifndef RT_BASE_WORDS_H
#define RT_BASE_WORDS_H

#include "base/str.h"

typedef enum { RT_SHELL_POSIX, RT_SHELL_CMD } RtShellKind;

/* How a simple command follows the one before it. */
typedef enum {
    RT_JOINT_FIRST,
    RT_JOINT_THEN,
    RT_JOINT_AND,
    RT_JOINT_OR,
    RT_JOINT_PIPE,
    RT_JOINT_BACKGROUND
} RtJoint;

/* One simple command of a line or script. */
typedef struct {
    RtStr text;    /* as written, blanks trimmed; a view into the line */
    RtStr heredoc; /* the body of its here-document; empty when it has none */
    RtJoint joint;
    bool background; /* ends in a single & (POSIX) */
} RtPiece;

/* One word, quotes and escapes removed. */
typedef struct {
    RtStr text;
    bool is_operator; /* a redirection: > >> < <<< 2> &> … ; the next word is its target */
    bool is_quoted;   /* some of it stood in quotes: no keyword, no option of ours */
} RtWord;

/* Says what an expansion is worth. `what` is the text between the marks: "HOME", "x:-y", "1" for
 * variables, the command line for $(…), `…` and <(…). Appends to `out`; appending nothing is fine.
 */
typedef struct {
    void *ctx;
    void (*variable)(void *ctx, RtStr what, RtText *out);
    void (*command)(void *ctx, RtStr what, bool as_file, RtText *out);
} RtExpander;

/* The simple commands of `script` (one line or many), in order. Subshells, groups and the bodies of
 * loops and conditions are flattened; `if`, `then`, `do` … stay as first words. At most `limit`
 * pieces; more are dropped. */
size_t rt_words_pieces(RtArena *arena, RtStr script, RtShellKind kind, size_t limit,
                       const RtPiece **ret_pieces);

/* The words of one simple command. `expander` NULL leaves expansions as written. A word is cut at
 * 256 KiB. */
size_t rt_words_split(RtArena *arena, RtStr command, RtShellKind kind, const RtExpander *expander,
                      const RtWord **ret_words);

/* True when `word` is one of the names in `list`, which blanks part; ASCII letters of either case.
 */
bool rt_word_in(RtStr word, const char *list);

/* Which shell a lone line was written for, by its looks. */
RtShellKind rt_words_guess(RtStr line);

#endif
