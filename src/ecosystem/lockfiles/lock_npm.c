/* lock_npm.c - what a package.json asks for, in one form: npm repeats it in its lockfile after
 * normalising it (normalize-package-data: a lone `bin` is called like the package, paths lose their
 * "./", what is optional is no dependency besides), so that the two can be compared. */
#include <stdlib.h>

#include "ecosystem/lockfiles/lock_tree.h"
#include "ecosystem/manifest.h"

enum { LINES_MOST = 20000 };

typedef struct {
    RtArena *arena;
    RtStr *lines;
    size_t count, capacity;
} Asks;

static void add(Asks *asks, const char *what, RtStr name, RtStr value)
{
    if (asks->count < LINES_MOST && rt_str_find_byte(name, '\n') == RT_NOT_FOUND &&
        rt_str_find_byte(value, '\n') == RT_NOT_FOUND)
        RT_PUSH(asks->arena, asks->lines, asks->count, asks->capacity) =
            rt_str_format(asks->arena, "%s %.*s %.*s", what, RT_FMT(rt_str_trim(name)),
                          RT_FMT(rt_str_trim(value)));
}

static void add_needs(Asks *asks, const char *what, const RtDoc *map, const RtDoc *except)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->items[i].kind == RT_DOC_TEXT && !rt_doc_get(except, map->keys[i].text))
            add(asks, what, map->keys[i].text, map->items[i].text);
}

static RtStr plain_path(RtStr path)
{
    while (rt_str_starts(path, RT_STR("./")) || rt_str_starts(path, RT_STR("/")))
        path = rt_str_from(path, path.at[0] == '.' ? 2 : 1);
    return path;
}

static void add_commands(Asks *asks, RtStr name, const RtDoc *bin)
{
    if (!bin)
        return;
    if (bin->kind == RT_DOC_TEXT)
        add(asks, "command", rt_path_name(name), plain_path(bin->text));
    for (size_t i = 0; bin->kind == RT_DOC_MAP && i < bin->count; i++)
        if (bin->items[i].kind == RT_DOC_TEXT)
            add(asks, "command", rt_path_name(bin->keys[i].text), plain_path(bin->items[i].text));
}

static int compare(const void *a, const void *b)
{
    return rt_str_compare(*(const RtStr *)a, *(const RtStr *)b);
}

RtStr rt_npm_asks(RtArena *arena, RtStr name, const RtDoc *manifest)
{
    Asks asks = { .arena = arena };
    const RtDoc *optional = rt_doc_map(manifest, RT_STR("optionalDependencies"));
    add_needs(&asks, "needs", rt_doc_map(manifest, RT_STR("dependencies")), optional);
    add_needs(&asks, "may need", optional, NULL);
    add_commands(&asks, name, rt_doc_get(manifest, RT_STR("bin")));
    if (asks.count)
        qsort(asks.lines, asks.count, sizeof *asks.lines, compare);
    RtText text = { .arena = arena };
    for (size_t i = 0; i < asks.count; i++)
        rt_text_format(&text, "%.*s\n", RT_FMT(asks.lines[i]));
    return rt_text_str(&text);
}
