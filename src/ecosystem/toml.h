/* toml.h - the lines of TOML and INI that manifests need: tables, keys, strings and lists of
 * strings.
 *
 * Not a TOML parser: dates, floats and inline tables of tables are passed over as text. Enough for
 * pyproject.toml, Cargo.toml and setup.cfg, and nothing in it recurses. Source: toml.io v1.0.0 */
#ifndef RT_ECOSYSTEM_TOML_H
#define RT_ECOSYSTEM_TOML_H

#include "base/str.h"

typedef struct {
    RtStr rest;
    RtArena *arena;
    bool is_ini; /* setup.cfg, entry_points.txt: no quotes, values go on over indented lines */
    RtStr table; /* "build-system", "tool.poetry.scripts": as written between the brackets */
} RtToml;

/* One `key = value`. */
typedef struct {
    RtStr table, key;
    RtStr value; /* a string's content, unescaped as far as plain; any other value as written */
    const RtStr *items; /* the strings inside, when the value is a list or an inline table */
    size_t item_count;
} RtTomlEntry;

/* The next entry; false at the end. A broken line is passed over. */
bool rt_toml_next(RtToml *toml, RtTomlEntry *ret_entry);

#endif
