/* data_pack.c - see data_pack.h. A pack is path and bytes of each file, each with its length before
 * it, masked one by one. */
#include "base/data_pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mask.h"

static const size_t file_limit = (size_t)256 << 10;

static int compare_files(const void *a, const void *b)
{
    return rt_str_compare(((const RtDataFile *)a)->path, ((const RtDataFile *)b)->path);
}

static RtErr read_one(RtArena *arena, int folder, RtStr above, const char *name, const char *what,
                      RtDataFile *ret_file)
{
    RT_FD fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    RtStr path = rt_str_format(arena, "%.*s/%s", RT_FMT(above), name);
    if (fd < 0 || fstat(fd, &status) != 0)
        return rt_fail(RT_ERR_IO, "cannot read the %s %.*s: %s", what, RT_FMT(path),
                       strerror(errno));
    if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size > file_limit)
        return rt_fail(RT_ERR_FORMAT, "%.*s: a %s is a file of at most 256 KiB", RT_FMT(path),
                       what);
    *ret_file = (RtDataFile){ path, rt_file_read(arena, fd, file_limit) };
    return RT_FINE;
}

RtErr rt_data_list(RtArena *arena, RtStr folder, const char *what, size_t most,
                   const RtDataFile **ret_files, size_t *ret_count)
{
    DIR *list = opendir(rt_str_c(arena, folder));
    if (list == NULL)
        return rt_fail(RT_ERR_IO, "cannot open the %ss folder %.*s: %s", what, RT_FMT(folder),
                       strerror(errno));
    RtErr err = RT_FINE;
    RtDataFile *files = RT_NEW_ARRAY(arena, RtDataFile, most);
    size_t count = 0;
    for (struct dirent *entry; err.code == RT_OK && (entry = readdir(list)) != NULL;) {
        if (entry->d_name[0] == '.' || !rt_str_ends(rt_str_from_c(entry->d_name), RT_STR(".yaml")))
            continue;
        if (count == most)
            err = rt_fail(RT_ERR_FORMAT, "more than %zu %ss in %.*s", most, what, RT_FMT(folder));
        else
            err = read_one(arena, dirfd(list), folder, entry->d_name, what, &files[count++]);
    }
    closedir(list);
    if (err.code == RT_OK && count == 0)
        err = rt_fail(RT_ERR_FORMAT, "no *.yaml in the %ss folder %.*s", what, RT_FMT(folder));
    qsort(files, count, sizeof *files, compare_files);
    *ret_files = files;
    *ret_count = count;
    return err;
}

static void put_part(RtText *out, RtStr part)
{
    for (unsigned i = 0; i < 4; i++)
        rt_text_byte(out, (uint8_t)(part.len >> (8 * i)));
    rt_text_add(out, rt_masked(out->arena, part));
}

void rt_data_put(RtText *pack, const RtDataFile *file)
{
    put_part(pack, file->path);
    put_part(pack, file->bytes);
}

RtDataFile rt_data_take(RtArena *arena, RtCursor *pack)
{
    RtStr path = rt_take(pack, rt_take_u32le(pack));
    RtStr bytes = rt_take(pack, rt_take_u32le(pack));
    return (RtDataFile){ rt_masked(arena, path), rt_masked(arena, bytes) };
}
