/* compile.c - a folder of YAML becomes a pack. Runs in ratter-pack at build time, and for --rules
 * DIR. */
#include "rules/ruleset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/pack.h"

enum { FOLDER_DEPTH = 8, FILES_MAX = 5000 };
#define FILE_BYTES_MAX ((size_t)1 << 20)

typedef struct {
    RtStr path, bytes;
} File;

typedef struct {
    RtArena *arena;
    RtStr folder;
    void (*say)(void *context, RtStr fault);
    void *context;
    size_t faults;
    File *files;
    size_t file_count, file_capacity;
} Compiler;

static void say_fault(void *context, RtStr path, uint32_t line, RtStr text)
{
    Compiler *compiler = context;
    compiler->faults++;
    if (compiler->say)
        compiler->say(compiler->context,
                      rt_str_format(compiler->arena, "%.*s/%.*s:%u: %.*s", RT_FMT(compiler->folder),
                                    RT_FMT(path), line, RT_FMT(text)));
}

static RtErr read_file(Compiler *compiler, int folder_fd, const char *name, RtStr path)
{
    RT_FD fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return rt_fail(RT_ERR_IO, "cannot read the rule file %.*s: %s", RT_FMT(path),
                       strerror(errno));
    if (!S_ISREG(status.st_mode))
        return RT_FINE;
    if ((uint64_t)status.st_size > FILE_BYTES_MAX) {
        say_fault(compiler, path, 1, RT_STR("a rule file is at most 1 MiB"));
        return RT_FINE;
    }
    uint8_t *bytes = rt_arena_bytes(compiler->arena, FILE_BYTES_MAX + 1);
    size_t len = 0;
    for (ssize_t got = 1; got > 0 && len <= FILE_BYTES_MAX; len += got > 0 ? (size_t)got : 0)
        if ((got = read(fd, bytes + len, FILE_BYTES_MAX + 1 - len)) < 0)
            return rt_fail(RT_ERR_IO, "cannot read the rule file %.*s: %s", RT_FMT(path),
                           strerror(errno));
    RT_PUSH(compiler->arena, compiler->files, compiler->file_count, compiler->file_capacity) =
        (File){ path, rt_str_copy(compiler->arena, (RtStr){ bytes, len }) };
    return RT_FINE;
}

static RtErr walk(Compiler *compiler, int folder_fd, RtStr above, unsigned depth)
{
    DIR *folder = fdopendir(folder_fd);
    if (!folder) {
        close(folder_fd);
        return rt_fail(RT_ERR_IO, "cannot list the rules folder: %s", strerror(errno));
    }
    RtErr err = RT_FINE;
    for (struct dirent *entry; err.code == RT_OK && (entry = readdir(folder));) {
        RtStr name = rt_str_from_c(entry->d_name);
        RtStr path = rt_str_format(compiler->arena, "%.*s%s%.*s", RT_FMT(above),
                                   above.len ? "/" : "", RT_FMT(name));
        struct stat status;
        if (name.at[0] == '.' || fstatat(folder_fd, entry->d_name, &status, 0) != 0)
            continue;
        if (S_ISDIR(status.st_mode) && depth < FOLDER_DEPTH) {
            int inner =
                openat(folder_fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
            if (inner >= 0)
                err = walk(compiler, inner, path, depth + 1);
        } else if (rt_str_ends(name, RT_STR(".yaml")) && compiler->file_count < FILES_MAX) {
            err = read_file(compiler, folder_fd, entry->d_name, path);
        }
    }
    closedir(folder);
    return err;
}

static int compare_files(const void *a, const void *b)
{
    const File *left = a, *right = b;
    return rt_str_compare(left->path, right->path);
}

/* ---- documents
 * ------------------------------------------------------------------------------------------ */
static bool is_example_key(RtStr key)
{
    return rt_str_equal(key, RT_STR("must_match")) || rt_str_equal(key, RT_STR("must_not_match"));
}

/* The members of `map` that are examples, or those that are not. */
static RtDoc filtered(RtArena *arena, const RtDoc *map, bool examples)
{
    RtDoc kept = { .kind = map->kind, .line = map->line, .text = map->text };
    if (map->kind != RT_DOC_MAP)
        return *map;
    RtDoc *keys = RT_NEW_ARRAY(arena, RtDoc, map->count),
          *items = RT_NEW_ARRAY(arena, RtDoc, map->count);
    for (size_t i = 0; i < map->count; i++) {
        if (is_example_key(map->keys[i].text) != examples)
            continue;
        keys[kept.count] = map->keys[i];
        items[kept.count++] = map->items[i];
    }
    kept.keys = keys;
    kept.items = items;
    return kept;
}

static RtDoc entry_of(RtArena *arena, RtStr path, RtDoc doc)
{
    RtDoc *keys = RT_NEW_ARRAY(arena, RtDoc, 2), *items = RT_NEW_ARRAY(arena, RtDoc, 2);
    keys[0] = (RtDoc){ .text = RT_STR("path"), .line = 1 };
    keys[1] = (RtDoc){ .text = RT_STR("doc"), .line = 1 };
    items[0] = (RtDoc){ .text = path, .line = 1 };
    items[1] = doc;
    return (RtDoc){ .kind = RT_DOC_MAP, .line = 1, .count = 2, .keys = keys, .items = items };
}

static void list_add(RtArena *arena, RtDoc *list, size_t *capacity, RtDoc entry)
{
    RtDoc *items = (RtDoc *)(uintptr_t)list->items;
    RT_PUSH(arena, items, list->count, *capacity) = entry;
    list->items = items;
}

/* Rules of one's own may name the host classes of ours. */
static void borrow_hosts(Compiler *compiler, RtDoc *docs, size_t *capacity)
{
    RtPack pack = { 0 };
    RtStr builtin = rt_rules_builtin();
    if (!builtin.len || rt_pack_read(compiler->arena, builtin, &pack).code != RT_OK)
        return;
    RtCursor cursor = { .rest = pack.docs };
    const RtDoc *theirs = rt_doc_read(compiler->arena, &cursor);
    for (size_t i = 0; theirs && i < theirs->count; i++) {
        const RtDoc *path = rt_doc_get(&theirs->items[i], RT_STR("path"));
        if (path && rt_str_equal(path->text, RT_STR("data/hosts.yaml")))
            list_add(compiler->arena, docs, capacity, theirs->items[i]);
    }
}

/* `whole` is what the files say, `docs` and `examples` its two halves: patterns are numbered alike
 * in both. */
static RtErr make_pack(Compiler *compiler, const RtDoc *whole, const RtDoc *docs,
                       const RtDoc *examples, RtText *ret_pack)
{
    RtRules rules = { .arena = compiler->arena };
    rt_rules_build(&rules, whole, false, say_fault, compiler);
    RtText patterns = { .arena = compiler->arena };
    uint32_t bad = 0;
    RtErr err =
        rt_patterns_compile(rules.patterns, 0, (uint32_t)rules.pattern_count, &patterns, &bad);
    if (err.code != RT_OK) {
        say_fault(compiler, RT_STR("patterns"), bad,
                  rt_str_format(compiler->arena, "%s: %.*s", err.text,
                                RT_FMT(rules.patterns[bad].regex)));
    }
    if (compiler->faults)
        return rt_fail(RT_ERR_FORMAT, "%zu fault%s in the rules below %.*s", compiler->faults,
                       compiler->faults == 1 ? "" : "s", RT_FMT(compiler->folder));
    RtText doc_bytes = { .arena = compiler->arena }, example_bytes = { .arena = compiler->arena };
    rt_doc_write(&doc_bytes, docs);
    rt_doc_write(&example_bytes, examples);
    rt_pack_write(ret_pack, &(RtPack){ rt_text_str(&doc_bytes), rt_text_str(&example_bytes),
                                       rt_text_str(&patterns) });
    return RT_FINE;
}

RtErr rt_rules_compile(RtArena *arena, RtStr folder, void (*say)(void *context, RtStr fault),
                       void *context, RtText *ret_pack)
{
    Compiler compiler = { .arena = arena, .folder = folder, .say = say, .context = context };
    int fd = open(rt_str_c(arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return rt_fail(RT_ERR_IO, "cannot open the rules folder %.*s: %s", RT_FMT(folder),
                       strerror(errno));
    RT_TRY(walk(&compiler, fd, (RtStr){ 0 }, 1));
    if (!compiler.file_count)
        return rt_fail(RT_ERR_FORMAT, "no *.yaml below the rules folder %.*s", RT_FMT(folder));
    qsort(compiler.files, compiler.file_count, sizeof *compiler.files, compare_files);
    RtDoc whole = { .kind = RT_DOC_LIST }, docs = whole, examples = whole;
    size_t whole_capacity = 0, doc_capacity = 0, example_capacity = 0;
    bool has_hosts = false;
    for (size_t i = 0; i < compiler.file_count; i++) {
        const File *file = &compiler.files[i];
        RtDocFault fault = { 0 };
        const RtDoc *doc = rt_doc_read_yaml(arena, file->bytes, NULL, &fault);
        if (!doc) {
            say_fault(&compiler, file->path, fault.line, fault.text);
            continue;
        }
        has_hosts = has_hosts || rt_str_equal(file->path, RT_STR("data/hosts.yaml"));
        list_add(arena, &whole, &whole_capacity, entry_of(arena, file->path, *doc));
        list_add(arena, &docs, &doc_capacity,
                 entry_of(arena, file->path, filtered(arena, doc, false)));
        if (rt_doc_get(doc, RT_STR("must_match")) || rt_doc_get(doc, RT_STR("must_not_match")))
            list_add(arena, &examples, &example_capacity,
                     entry_of(arena, file->path, filtered(arena, doc, true)));
    }
    if (!has_hosts) {
        borrow_hosts(&compiler, &docs, &doc_capacity);
        borrow_hosts(&compiler, &whole, &whole_capacity);
    }
    return make_pack(&compiler, &whole, &docs, &examples, ret_pack);
}
