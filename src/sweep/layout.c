/* layout.c - where things lie on Linux, macOS and Windows: every layout is tried, because an image
 * does not say what it is, and what is not there costs one look. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/file.h"
#include "sweep/sweep.h"

static const char *const tmp_folders[] = {
    "/tmp",
    "/var/tmp",
    "/dev/shm",
    "/private/tmp",
    "/private/var/tmp",
    "/private/var/folders/*/*/T",
    "/Windows/Temp",
    "~/AppData/Local/Temp",
    "~/tmp",
    "~/.cache/tmp",
};
static const char *const editor_folders[] = {
    "~/.config/Code/User",
    "~/.config/Code - Insiders/User",
    "~/.config/Code - OSS/User",
    "~/.config/VSCodium/User",
    "~/.config/Cursor/User",
    "~/.config/Windsurf/User",
    "~/Library/Application Support/Code/User",
    "~/Library/Application Support/Code - Insiders/User",
    "~/Library/Application Support/VSCodium/User",
    "~/Library/Application Support/Cursor/User",
    "~/Library/Application Support/Windsurf/User",
    "~/AppData/Roaming/Code/User",
    "~/AppData/Roaming/Code - Insiders/User",
    "~/AppData/Roaming/VSCodium/User",
    "~/AppData/Roaming/Cursor/User",
    "~/AppData/Roaming/Windsurf/User",
    "~/.vscode-server/data/User",
    "~/.vscode-server/data/Machine",
};

typedef struct {
    RtStr *items;
    size_t count, capacity;
} Patterns;

/* "~/x" once for each home; "/x" once. */
static void add_rooted(const RtSweep *sweep, Patterns *patterns, RtStr path)
{
    if (path.at[0] == '/') {
        RT_PUSH(sweep->arena, patterns->items, patterns->count, patterns->capacity) =
            rt_str_from(path, 1);
        return;
    }
    for (size_t i = 0; i < sweep->home_count; i++)
        RT_PUSH(sweep->arena, patterns->items, patterns->count, patterns->capacity) =
            rt_sweep_join(sweep->arena, sweep->homes[i], rt_str_from(path, 2));
}

size_t rt_layout_patterns(const RtSweep *sweep, RtStr path, const RtStr **ret_patterns)
{
    static const struct {
        const char *word;
        const char *const *folders;
        size_t count;
    } variables[] = { { "$tmp/", tmp_folders, RT_COUNT(tmp_folders) },
                      { "$editor/", editor_folders, RT_COUNT(editor_folders) } };
    Patterns patterns = { 0 };
    if (path.at[0] != '$')
        add_rooted(sweep, &patterns, path);
    for (size_t v = 0; v < RT_COUNT(variables); v++) {
        RtStr word = rt_str_from_c(variables[v].word);
        for (size_t i = 0; rt_str_starts(path, word) && i < variables[v].count; i++)
            add_rooted(sweep, &patterns,
                       rt_str_format(sweep->arena, "%s/%.*s", variables[v].folders[i],
                                     RT_FMT(rt_str_from(path, word.len))));
    }
    *ret_patterns = patterns.items;
    return patterns.count;
}

bool rt_layout_is_below(RtStr path, RtStr folder)
{
    return rt_str_starts(path, folder) && (path.len == folder.len || path.at[folder.len] == '/');
}

bool rt_layout_is_ours(const RtSweep *sweep, RtStr path)
{
    for (size_t i = 0; i < sweep->home_count; i++)
        if (rt_layout_is_below(path, sweep->homes[i]))
            return true;
    return false;
}

static void add_home(RtSweep *sweep, RtStr path)
{
    for (size_t i = 0; i < sweep->home_count; i++)
        if (rt_str_equal(sweep->homes[i], path))
            return;
    if (sweep->home_count == RT_HOMES_MAX)
        rt_sweep_gap(sweep, path, RT_STR("more than 256 home directories"), true);
    else
        sweep->homes[sweep->home_count++] = rt_str_copy(sweep->arena, path);
}

static bool is_folder(const RtSweep *sweep, RtStr path)
{
    struct stat info;
    RT_FD fd = rt_file_open_inside(sweep->root_fd, rt_str_c(sweep->arena, path), O_PATH);
    return fd >= 0 && fstat(fd, &info) == 0 && S_ISDIR(info.st_mode);
}

static void found_home(RtSweep *sweep, const RtPlace *place, const RtFound *found)
{
    (void)place;
    if (S_ISDIR(found->info.st_mode))
        add_home(sweep, found->path);
}

RtErr rt_layout_homes(RtSweep *sweep, RtStr home)
{
    static const char *const usual[] = { "home/*", "Users/*", "root", "var/root" };
    while (home.len > 1 && home.at[home.len - 1] == '/')
        home.len--;
    while (home.len > 0 && home.at[0] == '/')
        home = rt_str_from(home, 1);
    if (home.len != 0 && !is_folder(sweep, home))
        return rt_fail(RT_ERR_USAGE, "there is no home directory %.*s%s",
                       RT_FMT(rt_escaped(sweep->arena, rt_sweep_shown(sweep, home))),
                       sweep->root.len ? "; --home is a path inside --root" : "");
    if (home.len != 0)
        add_home(sweep, home);
    for (size_t i = 0; home.len == 0 && i < RT_COUNT(usual); i++)
        rt_seek(sweep, NULL, rt_str_from_c(usual[i]), found_home);
    if (sweep->home_count == 0)
        return rt_fail(RT_ERR_USAGE, "no home directory below %.*s; name one with --home",
                       RT_FMT(rt_escaped(sweep->arena, rt_sweep_shown(sweep, RT_STR("")))));
    return RT_FINE;
}
