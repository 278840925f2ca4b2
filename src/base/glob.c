/* glob.c - file patterns of rules and profiles. Linear: one backtrack point per star, as in Salz's
 * wildmat with memory of the last star only, once for `*` and once for `**`, so that no glob can be
 * made to run long. */
#include "base/glob.h"

static bool fits_whole(RtStr glob, RtStr path)
{
    size_t g = 0, p = 0;
    size_t star_g = RT_NOT_FOUND, star_p = 0, deep_g = RT_NOT_FOUND, deep_p = 0;
    for (;;) {
        if (g < glob.len && glob.at[g] == '*') {
            bool deep = g + 1 < glob.len && glob.at[g + 1] == '*';
            g += deep ? 2 : 1;
            if (deep && g < glob.len && glob.at[g] == '/' && (p == 0 || path.at[p - 1] == '/'))
                g++; /* a/[**]/b fits a/b as well */
            *(deep ? &deep_g : &star_g) = g;
            *(deep ? &deep_p : &star_p) = p;
            if (deep)
                star_g = RT_NOT_FOUND;
            continue;
        }
        if (p == path.len && g == glob.len)
            return true;
        if (p < path.len && g < glob.len &&
            (glob.at[g] == path.at[p] || (glob.at[g] == '?' && path.at[p] != '/'))) {
            g++;
            p++;
            continue;
        }
        if (star_g != RT_NOT_FOUND && star_p < path.len && path.at[star_p] != '/') {
            g = star_g;
            p = ++star_p;
        } else if (deep_g != RT_NOT_FOUND && deep_p < path.len) {
            star_g = RT_NOT_FOUND;
            g = deep_g;
            p = ++deep_p;
        } else {
            return false;
        }
    }
}

/* Below the package's folder: archives have one folder on top (package/, name-1.0/), checkouts have
 * none. Both readings are tried. */
static bool fits_top(RtStr glob, RtStr path)
{
    size_t slash = rt_str_find_byte(path, '/');
    return fits_whole(glob, path) ||
           (slash != RT_NOT_FOUND && fits_whole(glob, rt_str_from(path, slash + 1)));
}

bool rt_glob_fits(RtStr glob, RtStr path)
{
    if (glob.len && glob.at[0] == '/')
        return fits_top(rt_str_from(glob, 1), path);
    size_t names = 1;
    for (size_t i = 0; i < glob.len; i++) {
        if (glob.at[i] == '/')
            names++;
        if (glob.at[i] == '*' && i + 1 < glob.len && glob.at[i + 1] == '*')
            names = SIZE_MAX / 2;
    }
    if (names < SIZE_MAX / 2) {
        size_t at = path.len;
        while (names && at) {
            at--;
            if (path.at[at] == '/' && --names == 0)
                return fits_whole(glob, rt_str_from(path, at + 1));
        }
        return names == 1 && fits_whole(glob, path);
    }
    for (size_t at = 0; at < path.len; at++)
        if ((at == 0 || path.at[at - 1] == '/') && fits_whole(glob, rt_str_from(path, at)))
            return true;
    return false;
}
