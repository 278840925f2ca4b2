/* flow.h - the value flow all syntax front ends share: an interpreter that is concrete wherever
 * values are known.
 *
 * It runs a lowered tree (tree.h), folds what can be folded, and lets every value carry the facts
 * it came from (its origins). A call of a known API becomes a fact: arguments from the values,
 * `because` from the origins of receiver, arguments and function. What an API means is data of the
 * language: a table of RtFlowApi.
 *
 * Paths. Whatever the file did not define itself is a *native*: a value known by its API path only.
 *   - JavaScript: a free name `x` is the path "x"; require('m'), import('m'), `import … from 'm'`
 * of a module that is no sibling file is "m" ("node:" is dropped; "fs/promises" stays so: alias
 * it). globalThis, global, window, self and top-level `this` are the global object: their member
 * `x` is the path "x".
 *   - Python: a free name `x` is "builtins.x"; `import m`, __import__('m'),
 * importlib.import_module('m') give "m" (dotted modules "os.path"; `from a.b import c` is "a.b.c").
 *   - A member of path p is "p.name", however it was reached: alias, destructuring, computed name,
 * getattr, globals, Reflect.get, a rename on import. In JavaScript p['name'] is the same; in Python
 * p[key] is "p[]".
 *   - The result of calling p (or of `new p`) is "p()" unless the table gives it another name. So
 * an instance method is "socket.socket().connect", or, with .result = "net.Socket" on the maker,
 * "net.Socket.write".
 *   - A last segment "*" matches any one name ("process.env.*"); "*.name" matches a method called
 * on a value of which nothing is known (unknown receivers only): use it for names that mean one
 * thing only.
 *   - .call .apply .bind, Reflect.apply/construct, functools.partial, util.promisify, (0, f),
 * await, promises
 *     (.then .catch .finally) are seen through; `new` makes no difference.
 *
 * Bound here already, no entry needed (an entry adds its fact to them): require and import in all
 * forms, getattr/setattr/globals/locals/vars, Function as `.constructor` of any function, Reflect,
 * Object, Array, String, Number, Math, JSON, Promise, Buffer, Uint8Array, TextDecoder, atob, btoa,
 * unescape, decodeURIComponent, path.join and os.path.join, all methods of strings, bytes, arrays,
 * dicts; Python's pure builtins, base64, binascii, codecs, zlib, gzip, bz2, lzma, struct, string
 * constants. Decoding calls among them emit data.decode and DECODED layers themselves. code.eval
 * entries whose code is known give an EVALUATED layer, and the code runs in place. Tables still
 * give the *facts* of eval, Function, exec, compile, marshal.loads, child_process, … */
#ifndef RT_FACTS_FLOW_FLOW_H
#define RT_FACTS_FLOW_FLOW_H

#include "facts/flow/tree.h"

typedef enum { RT_FLOW_JAVASCRIPT, RT_FLOW_PYTHON } RtFlowDialect;

/* Value of RtFlowApi.kind when calling the path is no fact (aliases, results, feeds). */
#define RT_FLOW_NO_FACT ((uint8_t)RT_FACT_KINDS)

enum { /* RtFlowApi.flags */
       RT_FLOW_ON_READ =
           1 << 0, /* a fact when the path is read, called or not: process.env.*, os.name */
       RT_FLOW_ON_USE =
           1 << 1, /* a fact when the value as a whole is handed on, spread or iterated, not when a
                    * member of it is read: process.env, os.environ */
       RT_FLOW_ALIAS = 1 << 2, /* the path is only another name for the path in `result` */
       RT_FLOW_BINDS =
           1 << 3, /* the fact is the receiver's from now on: what the receiver gives later comes
                    * from it, what FEEDS the receiver goes to it (socket.connect) */
       RT_FLOW_FEEDS =
           1 << 4, /* no fact of its own: its arguments flow into the receiver's fact and fill that
                    * fact's empty args (request.write(body), socket.send(data)); kind NO_FACT */
       RT_FLOW_DEFERS = 1 << 5, /* functions handed to it run when somebody asks, not now
                                   (createServer, app.get) */
       RT_FLOW_CLEANS =
           1 << 6, /* the result tells nothing of the arguments: no origins but the fact (len) */
       RT_FLOW_ON_INDEX = 1 << 7, /* Python "p[]": fact when read by index; on assignment nothing */
       RT_FLOW_ON_WRITE =
           1 << 8, /* a fact when the path is assigned: take "value" is the value, "key" the name
                    * (process.env.*, os.environ[], Module._load, globalThis.fetch) */
};

/* One meaning of one path. Several entries may share a path: each gives its fact; the first
 * `result` counts.
 *
 * args: how each argument of the fact is taken; NULL leaves it empty. Alternatives are separated by
 * '|', the first that is there wins: "0" "1" …      argument by position      "url"        Python
 * keyword argument of that name
 *   "-1"           the last argument by position
 *   "0.url" "$.x"  property (or index) of it  "$"          the last argument that is an object of
 * options
 *   "=GET"         constant text              "this"       the receiver
 *   "key"          last segment of the path, or the index in p[key]       "value"  what is assigned
 * (ON_WRITE) "url:0"        a URL: text, URL object or options (protocol, hostname or host, port,
 * path; url, uri, href) "cmd:0"        a command line: text, or list joined by blanks; a list in
 * the next argument is appended "all:0"        all arguments from 0 on, joined by blanks
 *   "words:detached=$.detached,hidden=$.windowsHide,ignore=$.stdio~ignore"
 *                  the words whose take is true; `~text`: whose text contains it
 *   "path"         the API path itself
 * Text parts that are not known stand as U+FFFC. Texts are cut at 4 KiB.
 *
 * result: what the call (ON_READ: the read) gives, with the fact as origin:
 *   NULL  for a fact: a value of which only the origin is known; without fact: the path "p()" (see
 * above) "a.b" a native of that path              "'text" that text             "0"  argument 0
 * itself callback: paths of the values handed to a function argument, blank-separated, "?" for
 * unknown: "? http.Incoming". All of them carry the fact; a callback gets origins even when this is
 * NULL. */
typedef struct {
    const char *path;
    uint8_t kind; /* RtFactKind or RT_FLOW_NO_FACT */
    const char *args[4];
    const char *result;
    uint16_t flags;
    const char *callback;
} RtFlowApi;

typedef struct {
    const char *name;
    RtFlowDialect dialect;
    const RtFlowApi *apis;
    size_t api_count;
    /* Lowers `source`, the text of `layer` (0: code that has no layer of its own), into `arena`;
     * NULL when it is hopeless. `path`: of the file, empty when there is none. Used for sibling
     * modules and for code that eval gets. */
    const RtTree *(*lower)(RtArena *arena, RtLayerId layer, RtStr path, RtStr source);
    /* True when `method` of a class derived from `base` (an API path,
     * "setuptools.command.install.install") runs without anybody calling it. May be NULL. */
    bool (*runs_at_load)(RtStr base, RtStr method);
    /* Names of methods of unknown receivers that keep their function argument for later: on, get,
     * use, command … ; ends with NULL; may be NULL. A receiver that comes from the network is not
     * asked. */
    const char *const *later_methods;
    /* The text is seen to be computed by the code itself (string tables that are turned until a
     * checksum fits): take many more steps before giving up. */
    bool patient;
} RtFlowLanguage;

/* Runs `tree` (layer `self`) and gives facts (witness RT_SEEN_IN_FLOW) and layers to `sink`. Linear
 * in the tree but for a step budget; never fails: a limit met is an anomaly fact "flow-limit". */
void rt_flow_run(const RtFlowLanguage *language, const RtTree *tree, RtSink *sink);

#endif
