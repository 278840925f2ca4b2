/* content_fetch.c - fills gaps from registries: npm's archives by the address that the lockfile or
 * npm's convention gives, Python's by the index page of the project, from which the file with one
 * of the lockfile's hashes is taken.
 *
 * Addresses in a lockfile are hostile: one is asked only when it lies on a registry that the person
 * knows (registry.h), and what has no hash in the lockfile is not asked for at all, because nobody
 * could tell whether it is what an install would bring. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/content.h"
#include "audit/fetch.h"
#include "base/json.h"
#include "base/words.h"

enum { ARCHIVE_MOST = 255 << 20, PAGE_MOST = 64 << 20, PAGE_MS = 20000, HASHES_MOST = 256 };

typedef struct {
    RtContentGap *gap;
    uint32_t item; /* 1 + index */
    RtStr page;    /* Python: the index page */
    RtStr url, name;
} Wanted;

typedef struct {
    RtArena *arena;
    RtContents *contents;
    const RtContentSetup *setup;
    Wanted *wanted;
    size_t count, capacity;
    bool asked_npm;
} Fetching;

static const RtDependency *item_of(const Wanted *wanted)
{
    return &wanted->gap->audit->lock.items[wanted->item - 1];
}

static void fail(const Wanted *wanted, RtStr why) { wanted->gap->why[wanted->item - 1] = why; }

/* ---- which address */

static bool is_made_of(RtStr text, const char *also)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.at[i], lower = byte | 0x20;
        if (!(byte >= '0' && byte <= '9') && !(lower >= 'a' && lower <= 'z') &&
            rt_str_find_byte(rt_str_from_c(also), byte) == RT_NOT_FOUND)
            return false;
    }
    return text.len > 0 && text.len < 256 && !rt_str_has(text, RT_STR(".."));
}

/* The lockfile's own address when the person's registry serves it, else where npm's registries keep
 * it: /NAME/-/BASE-VERSION.tgz. */
static RtStr npm_address(const Fetching *fetching, const RtDependency *item)
{
    const RtRegistries *registries = fetching->setup->registries;
    size_t mark = rt_str_find_byte(item->url, '#');
    RtStr url = rt_str_sub(item->url, 0, mark == RT_NOT_FOUND ? item->url.len : mark);
    if (rt_registry_may(registries, "npm", url))
        return url;
    RtStr base = rt_registry_for(registries, "npm", item->name);
    size_t slash = rt_str_find_byte(item->name, '/'), build = rt_str_find_byte(item->version, '+');
    RtStr bare = slash == RT_NOT_FOUND ? item->name : rt_str_from(item->name, slash + 1);
    RtStr version = rt_str_sub(item->version, 0, build == RT_NOT_FOUND ? item->version.len : build);
    if (base.len == 0 || !is_made_of(item->name, "@/._~-") || !is_made_of(bare, "._~-") ||
        !is_made_of(version, ".-"))
        return RT_STR("");
    return rt_str_format(fetching->arena, "%.*s%.*s/-/%.*s-%.*s.tgz", RT_FMT(base),
                         RT_FMT(item->name), RT_FMT(bare), RT_FMT(version));
}

/* npm itself is asked once for its registry when nobody named one. */
static void ask_npm(Fetching *fetching)
{
    RtRegistries *registries = fetching->setup->registries;
    if (fetching->asked_npm || !fetching->setup->ask ||
        rt_registry_for(registries, "npm", RT_STR("x")).len > 0)
        return;
    fetching->asked_npm = true;
    char url[RT_FETCH_URL_MOST];
    if (fetching->setup->ask("npm", url, sizeof url))
        (void)rt_registry_add(registries, "npm", RT_STR(""), rt_str_from_c(url));
}

static void want(Fetching *fetching, Wanted wanted)
{
    const RtDependency *item = item_of(&wanted);
    bool is_npm = rt_str_equal(item->ecosystem, RT_STR("npm"));
    if (!is_npm && !rt_str_equal(item->ecosystem, RT_STR("pypi")))
        return;
    if (item->source != RT_FROM_REGISTRY) {
        fail(&wanted, RT_STR("it comes from no registry"));
        return;
    }
    if (item->integrity_count == 0) {
        fail(&wanted, RT_STR("the lockfile has no hash of it, so that a download proves nothing"));
        return;
    }
    if (is_npm) {
        ask_npm(fetching);
        wanted.url = npm_address(fetching, item);
        wanted.name = rt_content_archive(fetching->arena, item);
    } else {
        RtStr index = rt_registry_for(fetching->setup->registries, "pypi", item->name);
        if (index.len > 0 && is_made_of(item->name, "-"))
            wanted.page =
                rt_str_format(fetching->arena, "%.*s%.*s/", RT_FMT(index), RT_FMT(item->name));
    }
    if (wanted.url.len == 0 && wanted.page.len == 0)
        fail(&wanted, RT_STR("no registry of yours is known for it (your client's configuration, "
                             "or `registries` in ratter.yaml)"));
    else
        RT_PUSH(fetching->arena, fetching->wanted, fetching->count, fetching->capacity) = wanted;
}

static RtFetch request(const Fetching *fetching, RtStr url, uint64_t limit, const char *accept)
{
    RtText headers = { .arena = fetching->arena };
    RtStr credential = rt_registry_header(fetching->setup->registries, url);
    rt_text_format(&headers, "%.*s\n%s", RT_FMT(credential), accept);
    return (RtFetch){ .url = url, .headers = rt_text_str(&headers), .limit = limit, .fd = -1 };
}

/* ---- Python: the page of a project, read behind the wall into lines "SHA256 ADDRESS" */

static void say_file(RtText *out, RtStr digest, RtStr url)
{
    bool is_plain = digest.len == 64 && url.len > 0 && url.len < RT_FETCH_URL_MOST;
    for (size_t i = 0; i < url.len && is_plain; i++)
        is_plain = url.at[i] > ' ' && url.at[i] < 0x7f;
    if (is_plain)
        rt_text_format(out, "%.*s %.*s\n", RT_FMT(rt_str_lower(out->arena, digest)), RT_FMT(url));
}

/* PEP 691 */
static void read_json_page(RtArena *arena, RtStr bytes, RtText *out)
{
    const RtJson *files = rt_json_get(rt_json_read(arena, bytes, NULL), RT_STR("files"));
    for (size_t i = 0; files && files->kind == RT_JSON_ARRAY && i < files->count; i++)
        say_file(out,
                 rt_json_text(rt_json_get(&files->items[i], RT_STR("hashes")), RT_STR("sha256")),
                 rt_json_text(&files->items[i], RT_STR("url")));
}

/* PEP 503: <a href="…#sha256=…"> */
static void read_html_page(RtStr bytes, RtText *out)
{
    RtStr mark = RT_STR("href="), hash = RT_STR("#sha256=");
    for (size_t at; (at = rt_str_find(bytes, mark)) != RT_NOT_FOUND;) {
        bytes = rt_str_from(bytes, at + mark.len);
        uint8_t quote = bytes.len ? bytes.at[0] : 0;
        size_t end = quote == '"' || quote == '\'' ? rt_str_find_byte(rt_str_from(bytes, 1), quote)
                                                   : RT_NOT_FOUND;
        if (end == RT_NOT_FOUND)
            continue;
        RtStr url = rt_str_sub(bytes, 1, end);
        size_t sum = rt_str_find(url, hash);
        if (sum != RT_NOT_FOUND)
            say_file(out, rt_str_sub(url, sum + hash.len, 64), rt_str_sub(url, 0, sum));
        bytes = rt_str_from(bytes, end + 2);
    }
}

static void read_page(RtStr bytes, RtArena *arena, const void *context, RtChoreOut *out)
{
    (void)context;
    RtText lines = { .arena = arena, .limit = 32 << 20 };
    RtStr head = rt_str_trim(rt_str_sub(bytes, 0, 100));
    if (head.len > 0 && head.at[0] == '{')
        read_json_page(arena, bytes, &lines);
    else
        read_html_page(bytes, &lines);
    rt_chore_say(out, rt_text_str(&lines));
}

typedef struct {
    RtArena *arena;
    RtStr lines;
} Page;

static RtErr take_page(void *taker, RtStr frame)
{
    Page *page = taker;
    page->lines = rt_str_copy(page->arena, frame);
    return RT_FINE;
}

static bool is_locked(const RtDependency *item, RtStr digest)
{
    for (uint32_t i = 0; i < item->integrity_count && i < HASHES_MOST; i++)
        if (rt_str_starts(item->integrity[i], RT_STR("sha256:")) &&
            rt_str_equal_nocase(rt_str_from(item->integrity[i], 7), digest))
            return true;
    return false;
}

/* What an install on Linux would most likely take. */
static int rank_of(RtStr name)
{
    if (rt_str_ends(name, RT_STR("-none-any.whl")))
        return 4;
    if (rt_str_ends(name, RT_STR(".whl")))
        return rt_str_has(name, RT_STR("manylinux")) && rt_str_has(name, RT_STR("x86_64")) ? 3 : 1;
    return rt_str_ends(name, RT_STR(".tar.gz")) ? 2 : 0;
}

static void choose_file(const Fetching *fetching, Wanted *wanted, RtStr lines)
{
    RtStr line;
    int best = -1;
    while (rt_str_next(&lines, '\n', &line)) {
        RtStr digest = rt_str_sub(line, 0, 64), to = rt_str_from(line, 65);
        if (to.len == 0 || !is_locked(item_of(wanted), digest))
            continue;
        RtStr url = rt_url_join(fetching->arena, wanted->page, to);
        size_t slash = rt_str_rfind_byte(url, '/');
        RtStr name = rt_str_from(url, slash == RT_NOT_FOUND ? url.len : slash + 1);
        if (rank_of(name) <= best || !is_made_of(name, "._-+%!"))
            continue;
        best = rank_of(name);
        wanted->url = url;
        wanted->name = name;
    }
    if (best < 0) {
        fail(wanted, RT_STR("the index has no file with a hash of the lockfile"));
    } else if (!rt_registry_may(fetching->setup->registries, "pypi", wanted->url)) {
        fail(wanted, rt_str_format(fetching->arena,
                                   "its files lie on %.*s, which no configuration of yours names "
                                   "(`registries` in ratter.yaml)",
                                   RT_FMT(rt_str_sub(rt_audit_host(wanted->url), 0, 100))));
        wanted->url = RT_STR("");
    }
}

static void read_pages(const Fetching *fetching, RtFetch *pages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Page page = { .arena = fetching->arena };
        RtChore chore = { .work = read_page,
                          .arena_bytes = 1ULL << 30,
                          .file_limit = PAGE_MOST,
                          .wall_ms = PAGE_MS,
                          .no_jail = fetching->contents->no_jail,
                          .take = take_page,
                          .taker = &page };
        RtErr err = pages[i].fd >= 0 ? rt_chore_run(&chore, pages[i].fd) : RT_FINE;
        rt_fd_done(&pages[i].fd);
        for (size_t k = 0; k < fetching->count; k++) {
            Wanted *wanted = &fetching->wanted[k];
            if (!rt_str_equal(wanted->page, pages[i].url))
                continue;
            if (pages[i].words.len > 0)
                fail(wanted, rt_str_format(fetching->arena, "its index page: %.*s",
                                           RT_FMT(rt_str_sub(pages[i].words, 0, 200))));
            else if (err.code != RT_OK)
                fail(wanted, rt_str_format(fetching->arena, "its index page: %s", err.text));
            else
                choose_file(fetching, wanted, page.lines);
        }
    }
}

static int compare_requests(const void *a, const void *b)
{
    return rt_str_compare(((const RtFetch *)a)->url, ((const RtFetch *)b)->url);
}

/* Sorts, drops what is there twice, downloads. */
static size_t download(const Fetching *fetching, RtFetch *requests, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(requests, count, sizeof *requests, compare_requests);
    for (size_t i = 0; i < count && kept < RT_FETCH_REQUESTS_MOST; i++)
        if (kept == 0 || !rt_str_equal(requests[kept - 1].url, requests[i].url))
            requests[kept++] = requests[i];
    RtErr err = rt_fetch_all(fetching->arena, fetching->setup->program,
                             fetching->setup->environment, requests, kept);
    for (size_t i = 0; i < kept && err.code != RT_OK; i++)
        if (requests[i].fd < 0)
            requests[i].words = rt_str_copy(fetching->arena, rt_str_from_c(err.text));
    return kept;
}

static void fetch_pages(const Fetching *fetching)
{
    static const char accept[] = "Accept: application/vnd.pypi.simple.v1+json, text/html;q=0.1";
    RtFetch *pages = RT_NEW_ARRAY(fetching->arena, RtFetch, fetching->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < fetching->count; i++)
        if (fetching->wanted[i].page.len > 0)
            pages[count++] = request(fetching, fetching->wanted[i].page, PAGE_MOST, accept);
    read_pages(fetching, pages, download(fetching, pages, count));
}

/* ---- archives */

static void keep(const Fetching *fetching, const Wanted *wanted, RtFetch *archive)
{
    const RtDependency *item = item_of(wanted);
    RtStr shown = rt_audit_purl(fetching->arena, item);
    if (archive->words.len > 0 || archive->fd < 0) {
        fail(wanted, rt_str_format(fetching->arena, "the download failed: %.*s",
                                   RT_FMT(rt_str_sub(archive->words, 0, 200))));
        return;
    }
    if (!rt_content_has_hash(item, archive->fd)) {
        fail(wanted,
             rt_str_format(fetching->arena, "%.*s serves other bytes than the lockfile promises",
                           RT_FMT(rt_str_sub(rt_audit_host(archive->url), 0, 100))));
        return;
    }
    RtTarget target = { .path = shown,
                        .root = shown,
                        .name = wanted->name,
                        .fd = fcntl(archive->fd, F_DUPFD_CLOEXEC, 3) };
    wanted->gap->found[wanted->item - 1] = target.fd >= 0;
    if (target.fd >= 0)
        rt_content_add(fetching->contents, target,
                       (struct RtContentOwner){ wanted->gap->audit, wanted->item, false });
}

static void fetch_archives(const Fetching *fetching)
{
    RtFetch *archives = RT_NEW_ARRAY(fetching->arena, RtFetch, fetching->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < fetching->count; i++)
        if (fetching->wanted[i].url.len > 0)
            archives[count++] = request(fetching, fetching->wanted[i].url, ARCHIVE_MOST, "");
    count = download(fetching, archives, count);
    for (size_t i = 0; i < fetching->count; i++) {
        RtFetch key = { .url = fetching->wanted[i].url };
        RtFetch *archive =
            key.url.len ? bsearch(&key, archives, count, sizeof key, compare_requests) : NULL;
        if (archive)
            keep(fetching, &fetching->wanted[i], archive);
    }
    for (size_t i = 0; i < count; i++)
        rt_fd_done(&archives[i].fd);
}

void rt_content_fetch(RtContents *contents, const RtContentSetup *setup)
{
    Fetching fetching = { .arena = contents->arena, .contents = contents, .setup = setup };
    if (!setup->program)
        return;
    for (size_t k = 0; k < contents->gap_count; k++)
        rt_registry_take_settings(setup->registries, &contents->gaps[k].audit->project);
    for (size_t k = 0; k < contents->gap_count; k++) {
        RtContentGap *gap = &contents->gaps[k];
        for (uint32_t i = 0; i < gap->audit->lock.count; i++)
            if (!gap->found[i])
                want(&fetching, (Wanted){ .gap = gap, .item = i + 1 });
    }
    fetch_pages(&fetching);
    fetch_archives(&fetching);
}
