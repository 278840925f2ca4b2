/* profile.c - a folder of profiles becomes a pack, and a pack becomes profiles.
 *
 * A pack holds the files as they are, masked, so that the markers in them are not found in ratter's
 * own binary by another scanner; parsing them anew costs about two milliseconds a program. */
#include "link/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/mask.h"

static const RtStr magic = { (const uint8_t *)"ratter-profiles1", 16 };
static const size_t file_limit = (size_t)256 << 10, arena_limit = (size_t)64 << 20;

typedef struct {
    RtStr path, bytes;
} File;

static int compare_files(const void *a, const void *b)
{
    return rt_str_compare(((const File *)a)->path, ((const File *)b)->path);
}

static RtErr read_file(RtArena *arena, int folder, RtStr above, const char *name, File *ret_file)
{
    RT_FD fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    RtStr path = rt_str_format(arena, "%.*s/%s", RT_FMT(above), name);
    if (fd < 0 || fstat(fd, &status) != 0)
        return rt_fail(RT_ERR_IO, "cannot read the profile %.*s: %s", RT_FMT(path),
                       strerror(errno));
    if (!S_ISREG(status.st_mode) || (uint64_t)status.st_size > file_limit)
        return rt_fail(RT_ERR_FORMAT, "%.*s: a profile is a file of at most 256 KiB", RT_FMT(path));
    size_t want = (size_t)status.st_size, have = 0;
    uint8_t *bytes = rt_arena_bytes(arena, want);
    while (have < want) {
        ssize_t got = read(fd, bytes + have, want - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    *ret_file = (File){ path, { bytes, have } };
    return RT_FINE;
}

static RtErr list_folder(RtArena *arena, RtStr folder, File *files, size_t *ret_count)
{
    DIR *list = opendir(rt_str_c(arena, folder));
    if (list == NULL)
        return rt_fail(RT_ERR_IO, "cannot open the profiles folder %.*s: %s", RT_FMT(folder),
                       strerror(errno));
    RtErr err = RT_FINE;
    size_t count = 0;
    for (struct dirent *entry; err.code == RT_OK && (entry = readdir(list)) != NULL;) {
        RtStr name = rt_str_from_c(entry->d_name);
        if (entry->d_name[0] == '.' || !rt_str_ends(name, RT_STR(".yaml")))
            continue;
        if (count == RT_PROFILES_MAX)
            err = rt_fail(RT_ERR_FORMAT, "more than %d profiles in %.*s", (int)RT_PROFILES_MAX,
                          RT_FMT(folder));
        else
            err = read_file(arena, dirfd(list), folder, entry->d_name, &files[count++]);
    }
    closedir(list);
    qsort(files, count, sizeof *files, compare_files);
    *ret_count = count;
    return err;
}

static void add_part(RtText *out, RtStr part)
{
    for (unsigned i = 0; i < 4; i++)
        rt_text_byte(out, (uint8_t)(part.len >> (8 * i)));
    rt_text_add(out, rt_masked(out->arena, part));
}

RtErr rt_profiles_pack(RtArena *arena, RtStr folder, RtProfileFault *say, void *context,
                       RtText *ret_pack)
{
    File files[RT_PROFILES_MAX];
    size_t count = 0, faults = 0;
    RT_TRY(list_folder(arena, folder, files, &count));
    if (count == 0)
        return rt_fail(RT_ERR_FORMAT, "no *.yaml in the profiles folder %.*s", RT_FMT(folder));
    RtProfiles trial = { .arena = arena };
    rt_text_add(ret_pack, magic);
    for (size_t i = 0; i < count; i++) {
        faults += rt_profile_read(&trial, files[i].path, files[i].bytes, say, context);
        add_part(ret_pack, files[i].path);
        add_part(ret_pack, files[i].bytes);
    }
    faults += rt_profiles_settle(&trial, say, context);
    return faults == 0 ? RT_FINE
                       : rt_fail(RT_ERR_FORMAT, "%zu fault%s in the profiles of %.*s", faults,
                                 faults == 1 ? "" : "s", RT_FMT(folder));
}

const RtProfile *rt_profiles_find(const RtProfiles *profiles, RtStr id)
{
    for (size_t i = 0; i < profiles->count; i++)
        if (rt_str_equal(profiles->items[i].id, id))
            return &profiles->items[i];
    return NULL;
}

static int compare_profiles(const void *a, const void *b)
{
    return rt_str_compare(((const RtProfile *)a)->id, ((const RtProfile *)b)->id);
}

size_t rt_profiles_settle(RtProfiles *profiles, RtProfileFault *say, void *context)
{
    size_t faults = 0;
    for (size_t i = 0; i < profiles->count; i++) {
        const RtProfile *profile = &profiles->items[i];
        for (size_t k = 0; k < profile->confusable_count; k++) {
            if (rt_profiles_find(profiles, profile->confusables[k].profile) != NULL)
                continue;
            faults++;
            if (say != NULL)
                say(context,
                    rt_str_format(profiles->arena,
                                  "%.*s.yaml:1: alternatives names no profile: '%.*s'",
                                  RT_FMT(profile->id), RT_FMT(profile->confusables[k].profile)));
        }
    }
    if (profiles->count != 0)
        qsort(profiles->items, profiles->count, sizeof *profiles->items, compare_profiles);
    return faults;
}

static RtErr read_pack(RtProfiles *profiles, RtStr pack)
{
    RtCursor in = { .rest = pack };
    size_t faults = 0;
    if (!rt_str_equal(rt_take(&in, magic.len), magic))
        return rt_fail(RT_ERR_FORMAT, "not a pack of profiles of this version");
    while (in.rest.len != 0 && !in.short_read && faults == 0) {
        RtStr path = rt_take(&in, rt_take_u32le(&in));
        RtStr bytes = rt_take(&in, rt_take_u32le(&in));
        if (!in.short_read)
            faults = rt_profile_read(profiles, rt_masked(profiles->arena, path),
                                     rt_masked(profiles->arena, bytes), NULL, NULL);
    }
    if (in.short_read || faults != 0)
        return rt_fail(RT_ERR_FORMAT, "the pack of profiles is damaged; build ratter again");
    (void)rt_profiles_settle(profiles, NULL, NULL);
    profiles->regexes = rt_regexes_open(profiles->expression_count);
    return profiles->regexes == NULL ? rt_fail(RT_ERR_IO, "out of memory") : RT_FINE;
}

RtErr rt_profiles_open(RtStr pack, RtProfiles **ret_profiles)
{
    RtArena *arena = rt_arena_open(arena_limit, NULL, NULL);
    if (arena == NULL)
        return rt_fail(RT_ERR_IO, "out of memory");
    RtProfiles *profiles = RT_NEW(arena, RtProfiles);
    profiles->arena = arena;
    RtErr err = pack.len == 0 ? RT_FINE : read_pack(profiles, pack);
    if (err.code != RT_OK) {
        rt_profiles_close(profiles);
        return err;
    }
    *ret_profiles = profiles;
    return RT_FINE;
}

void rt_profiles_close(RtProfiles *profiles)
{
    if (profiles == NULL)
        return;
    rt_regexes_close(profiles->regexes);
    rt_arena_close(profiles->arena);
}
