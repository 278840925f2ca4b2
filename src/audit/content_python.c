/* content_python.c - what was installed from PyPI: each distribution is the files that its RECORD
 * names (PyPA, "Recording installed projects"), and in a site-packages that is audited itself all
 * files that no RECORD names are one artifact more.
 *
 * RECORD is hostile text: it is taken apart behind the wall, and the paths that come back are
 * believed only as far as they stay inside the folder. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/content.h"
#include "base/base64.h"
#include "base/cursor.h"
#include "base/hash.h"
#include "scan/chore.h"

enum {
    SITES_MOST = 4,
    DISTS_MOST = 5000,
    RECORD_MOST = 8 << 20,
    RECORDS_MOST = 256 << 20, /* of all together */
    FILES_MOST = 200000,      /* of one distribution */
    SUMMED_MOST = 512 << 20,
    NAMES_SHOWN = 5
};

typedef struct {
    RtStr folder, key; /* "left_helper-1.2.3.dist-info", "left-helper 1.2.3" */
    struct Installed {
        RtStr path; /* below the site */
        RtStr sum;  /* "sha256=BASE64URL", or empty */
    } * files;
    size_t file_count, file_capacity;
    bool reaches_out; /* RECORD names files outside of the site */
} Dist;

typedef struct {
    RtArena *arena;
    RtStr path;
    Dist *dists;
    size_t count, capacity;
} Site;

/* ---- behind the wall: numbered RECORDs in, numbered paths out */

static void put_u32(RtText *out, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        rt_text_byte(out, (uint8_t)(number >> (8 * i)));
}

/* Takes the next field of a line of CSV; quotes are doubled inside quotes. */
static RtStr take_field(RtArena *arena, RtStr *line)
{
    RtStr text = *line;
    if (text.len == 0 || text.at[0] != '"') {
        size_t comma = rt_str_find_byte(text, ',');
        *line = rt_str_from(text, comma == RT_NOT_FOUND ? text.len : comma + 1);
        return rt_str_trim(rt_str_sub(text, 0, comma == RT_NOT_FOUND ? text.len : comma));
    }
    RtText field = { .arena = arena };
    size_t i = 1;
    for (; i < text.len; i++) {
        if (text.at[i] == '"' && (i + 1 == text.len || text.at[++i] != '"'))
            break;
        rt_text_byte(&field, text.at[i]);
    }
    *line = rt_str_from(text, i < text.len ? i + 1 : text.len);
    return rt_text_str(&field);
}

static void read_records(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)context;
    RtCursor in = { .rest = bytes };
    while (in.rest.len > 0 && !in.short_read) {
        RtText paths = { .arena = arena, .limit = 32 << 20 };
        put_u32(&paths, rt_take_u32le(&in));
        RtStr rest = rt_take(&in, rt_take_u32le(&in)), line;
        for (uint32_t i = 0; i < FILES_MOST && rt_str_next(&rest, '\n', &line); i++) {
            RtStr path = take_field(arena, &line), sum = take_field(arena, &line);
            if (path.len == 0)
                continue;
            rt_text_add(&paths, path);
            rt_text_byte(&paths, 0);
            rt_text_add(&paths, sum);
            rt_text_byte(&paths, 0);
        }
        rt_chore_say(out, rt_text_str(&paths));
    }
}

static RtErr take_paths(void *taker, RtStr frame)
{
    Site *site = taker;
    RtCursor in = { .rest = frame };
    uint32_t number = rt_take_u32le(&in);
    if (in.short_read || number >= site->count)
        return rt_fail(RT_ERR_FORMAT, "the reader's answer makes no sense");
    Dist *dist = &site->dists[number];
    RtStr rest = rt_str_copy(site->arena, in.rest), path, sum;
    while (dist->file_count < FILES_MOST && rt_str_next(&rest, 0, &path) &&
           rt_str_next(&rest, 0, &sum)) {
        if (path.len == 0)
            continue;
        /* What pip itself writes for an entry point lies in bin. */
        bool is_wrapper = rt_str_starts(path, RT_STR("../../../bin/"));
        if (rt_content_is_tame(path))
            RT_PUSH(site->arena, dist->files, dist->file_count, dist->file_capacity) =
                (struct Installed){ path, sum };
        else
            dist->reaches_out |= !is_wrapper;
    }
    return RT_FINE;
}

/* ---- the folder */

/* "Left_Helper-1.2.3.dist-info": "left-helper 1.2.3" (PEP 503). */
static RtStr key_of(RtArena *arena, RtStr name, RtStr version)
{
    RtText key = { .arena = arena, .limit = 400 };
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.at[i];
        bool parts = c == '-' || c == '_' || c == '.';
        if (!parts)
            rt_text_byte(&key, c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c);
        else if (key.len == 0 || key.at[key.len - 1] != '-')
            rt_text_byte(&key, '-');
    }
    rt_text_byte(&key, ' ');
    rt_text_add(&key, version);
    return rt_text_str(&key);
}

static int by_key(const void *a, const void *b)
{
    return rt_str_compare(((const Dist *)a)->key, ((const Dist *)b)->key);
}

static void list_dists(Site *site)
{
    DIR *dir = opendir(rt_str_c(site->arena, site->path));
    RtStr suffix = RT_STR(".dist-info");
    for (struct dirent *entry; dir && site->count < DISTS_MOST && (entry = readdir(dir));) {
        RtStr name = rt_str_from_c(entry->d_name);
        size_t dash = rt_str_rfind_byte(rt_str_sub(name, 0, name.len - suffix.len), '-');
        if (!rt_str_ends(name, suffix) || dash == RT_NOT_FOUND)
            continue;
        name = rt_str_copy(site->arena, name);
        RtStr version = rt_str_sub(name, dash + 1, name.len - suffix.len - dash - 1);
        RT_PUSH(site->arena, site->dists, site->count, site->capacity) =
            (Dist){ .folder = name,
                    .key = key_of(site->arena, rt_str_sub(name, 0, dash), version) };
    }
    if (dir)
        closedir(dir);
    if (site->count)
        qsort(site->dists, site->count, sizeof *site->dists, by_key);
}

static Dist *find_dist(const Site *site, const RtDependency *item)
{
    Dist wanted = { .key = key_of(site->arena, item->name, item->version) };
    return site->count == 0 ? NULL
                            : bsearch(&wanted, site->dists, site->count, sizeof wanted, by_key);
}

static RtErr load_records(Site *site, bool no_jail)
{
    RtText bundle = { .arena = site->arena };
    for (size_t i = 0; i < site->count && bundle.len < RECORDS_MOST; i++) {
        RtStr path = rt_content_join(
            site->arena, rt_content_join(site->arena, site->path, site->dists[i].folder),
            RT_STR("RECORD"));
        RtStr bytes;
        if (rt_audit_load(site->arena, path, RECORD_MOST, &bytes).code != RT_OK)
            continue;
        put_u32(&bundle, (uint32_t)i);
        put_u32(&bundle, (uint32_t)bytes.len);
        rt_text_add(&bundle, bytes);
    }
    RtChore chore = { .work = read_records,
                      .arena_bytes = 1ULL << 30,
                      .file_limit = RECORDS_MOST + RECORD_MOST,
                      .wall_ms = 60000,
                      .no_jail = no_jail,
                      .take = take_paths,
                      .taker = site };
    return bundle.len == 0 ? RT_FINE : rt_audit_chore(&chore, rt_text_str(&bundle));
}

/* ---- artifacts */

static int by_path(const void *a, const void *b)
{
    return rt_str_compare(((const struct Installed *)a)->path, ((const struct Installed *)b)->path);
}

/* What is there of the files, with the sums of RECORD; a compiled file that is not is nothing to
 * worry about. */
static RtTarget target_of(const Site *site, const Dist *dist, RtStr *ret_sums)
{
    RtTargetEntry *entries = RT_NEW_ARRAY(site->arena, RtTargetEntry, dist->file_count + 1);
    RT_FD root = open(rt_str_c(site->arena, site->path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    size_t count = 0;
    if (dist->file_count)
        qsort(dist->files, dist->file_count, sizeof *dist->files, by_path);
    for (size_t i = 0; i < dist->file_count && root >= 0; i++) {
        struct stat info;
        RtTargetEntry entry = { .path = dist->files[i].path, .kind = RT_GIVEN_UNREADABLE };
        if (fstatat(root, rt_str_c(site->arena, entry.path), &info, AT_SYMLINK_NOFOLLOW) == 0) {
            entry.kind = S_ISREG(info.st_mode) ? RT_GIVEN_FILE : RT_GIVEN_UNREADABLE;
            entry.mode = info.st_mode & 07777;
            entry.size = (uint64_t)info.st_size;
        } else if (rt_str_ends(entry.path, RT_STR(".pyc"))) {
            continue;
        }
        ret_sums[count] = dist->files[i].sum;
        entries[count++] = entry;
    }
    return (RtTarget){ .path = rt_content_join(site->arena, site->path, dist->folder),
                       .root = site->path,
                       .is_tree = true,
                       .fd = -1,
                       .entries = entries,
                       .entry_count = count,
                       .unseen = dist->reaches_out
                                     ? RT_STR("files of it lie outside of site-packages")
                                     : RT_STR("") };
}

static bool has_sum(int fd, RtArena *arena, RtStr sum)
{
    uint8_t digest[32];
    uint64_t bytes = 0;
    RtStr wanted;
    return !rt_base64_decode(arena, rt_str_from(sum, 7), &wanted) || wanted.len != sizeof digest ||
           rt_sha256_fd(fd, digest, &bytes).code != RT_OK ||
           rt_str_equal(wanted, (RtStr){ digest, sizeof digest });
}

typedef struct {
    RtText names;
    size_t count;
} Changed;

static void tell_changed(RtAudit *audit, RtAuditFinding finding, uint32_t item, Changed *changed)
{
    if (changed->count > 0)
        rt_audit_hit(audit, finding, item, "%zu of its files: %.*s%s", changed->count,
                     RT_FMT(rt_text_str(&changed->names)),
                     changed->count > NAMES_SHOWN ? ", ..." : "");
}

static bool is_code(RtStr path)
{
    static const char *const suffixes[] = { ".py", ".pyc", ".pth", ".so", ".pyd", ".sh" };
    for (size_t i = 0; i < RT_COUNT(suffixes); i++)
        if (rt_str_ends(path, rt_str_from_c(suffixes[i])))
            return true;
    return rt_str_has(path, RT_STR(".so.")) || rt_str_find_byte(path, '.') == RT_NOT_FOUND;
}

/* Files whose bytes are not those that were installed; many a machine adds its own authority to a
 * list of certificates, so that data is told apart. A sum that is none, and a file that cannot be
 * read, say nothing. */
static void compare_sums(RtAudit *audit, uint32_t item, const RtTarget *target, const RtStr *sums)
{
    Changed code = { .names = { .arena = audit->arena, .limit = 400 } }, data = code;
    RT_FD root = open(rt_str_c(audit->arena, target->root), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < target->entry_count && root >= 0; i++) {
        if (target->entries[i].kind != RT_GIVEN_FILE || target->entries[i].size > SUMMED_MOST ||
            !rt_str_starts(sums[i], RT_STR("sha256=")))
            continue;
        RT_FD fd = rt_target_open(audit->arena, target, root, i);
        if (fd < 0 || has_sum(fd, audit->arena, sums[i]))
            continue;
        Changed *changed = is_code(target->entries[i].path) ? &code : &data;
        if (changed->count++ < NAMES_SHOWN)
            rt_text_format(&changed->names, "%s%.*s", changed->count > 1 ? ", " : "",
                           RT_FMT(rt_str_sub(target->entries[i].path, 0, 120)));
    }
    tell_changed(audit, RT_AUDIT_INSTALLED_CHANGED, item, &code);
    tell_changed(audit, RT_AUDIT_INSTALLED_DATA, item, &data);
}

static bool add_dist(RtAudit *audit, RtContents *contents, Site *site, const Dist *dist,
                     uint32_t item)
{
    if (dist->file_count == 0)
        return false;
    RtStr *sums = RT_NEW_ARRAY(site->arena, RtStr, dist->file_count + 1);
    RtTarget target = target_of(site, dist, sums);
    if (target.entry_count == 0)
        return false;
    compare_sums(audit, item, &target, sums);
    rt_content_add(contents, target, (struct RtContentOwner){ audit, item, false });
    return true;
}

static bool is_claimed(RtStr *const *files, size_t count, RtStr path)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = rt_str_compare(*files[middle], path);
        if (order == 0)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    return rt_str_compare(**(RtStr *const *)a, **(RtStr *const *)b);
}

/* All that lies in the folder and that no RECORD names: one artifact. */
static void add_rest(RtContents *contents, Site *site)
{
    size_t claimed = 0, capacity = 0;
    RtStr **files = NULL;
    for (size_t i = 0; i < site->count; i++)
        for (size_t k = 0; k < site->dists[i].file_count; k++)
            RT_PUSH(site->arena, files, claimed, capacity) = &site->dists[i].files[k].path;
    if (claimed)
        qsort(files, claimed, sizeof *files, by_name);
    RtTargetList list = { 0 };
    RtTarget rest = { .path = site->path, .root = site->path, .is_tree = true, .fd = -1 };
    RtTargetEntry *entries = NULL;
    size_t count = 0, room = 0;
    if (rt_targets_add(site->arena, site->path, &list).code != RT_OK)
        return;
    for (size_t i = 0; i < list.count; i++) {
        const RtTarget *part = &list.items[i];
        RtStr below = rt_str_from(part->root, site->path.len + 1);
        rest.unseen = part->unseen.len ? part->unseen : rest.unseen;
        for (size_t k = 0; k < part->entry_count; k++) {
            RtTargetEntry entry = part->entries[k];
            entry.path = rt_content_join(site->arena, below, entry.path);
            if (!is_claimed(files, claimed, entry.path))
                RT_PUSH(site->arena, entries, count, room) = entry;
        }
    }
    rest.entries = entries;
    rest.entry_count = count;
    if (count > 0 || rest.unseen.len > 0)
        rt_content_add(contents, rest, (struct RtContentOwner){ 0 });
}

/* A virtual environment of the project, where its clients make one. */
static size_t find_sites(RtAudit *audit, const RtAuditSource *source, RtStr *sites)
{
    static const char *const folders[] = { ".venv", "venv", "env" };
    size_t count = 0;
    if (source->is_site) {
        sites[0] = source->path;
        return 1;
    }
    for (size_t i = 0; i < RT_COUNT(folders) && count < SITES_MOST; i++) {
        RtStr lib = rt_str_format(audit->arena, "%s/lib", folders[i]);
        lib = rt_content_join(audit->arena, source->folder, lib);
        DIR *dir = opendir(rt_str_c(audit->arena, lib));
        for (struct dirent *entry; dir && count < SITES_MOST && (entry = readdir(dir));) {
            RtStr name = rt_str_from_c(entry->d_name);
            if (rt_str_starts(name, RT_STR("python")))
                sites[count++] =
                    rt_content_join(audit->arena, rt_content_join(audit->arena, lib, name),
                                    RT_STR("site-packages"));
        }
        if (dir)
            closedir(dir);
    }
    return count;
}

void rt_content_python(RtAudit *audit, const RtAuditSource *source, RtContents *contents,
                       bool *found)
{
    RtStr sites[SITES_MOST];
    bool asked = source->is_site;
    for (size_t i = 0; i < audit->lock.count && !asked; i++)
        asked = rt_str_equal(audit->lock.items[i].ecosystem, RT_STR("pypi"));
    size_t site_count = asked ? find_sites(audit, source, sites) : 0;
    for (size_t s = 0; s < site_count; s++) {
        Site site = { .arena = audit->arena, .path = sites[s] };
        list_dists(&site);
        RtErr err = load_records(&site, contents->no_jail);
        if (err.code != RT_OK)
            rt_audit_unseen(audit, rt_str_copy(audit->arena, rt_str_from_c(err.text)), site.path);
        for (size_t i = 0; i < audit->lock.count; i++) {
            const RtDependency *item = &audit->lock.items[i];
            const Dist *dist = rt_str_equal(item->ecosystem, RT_STR("pypi")) && !found[i]
                                   ? find_dist(&site, item)
                                   : NULL;
            found[i] |= dist && add_dist(audit, contents, &site, dist, (uint32_t)i + 1);
        }
        if (source->is_site)
            add_rest(contents, &site);
    }
}
