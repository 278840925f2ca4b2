/* walk_test.c - the paths of places, the walk for checkouts and the tables of /proc, on trees made
 * here: links that leave or go in circles, folders too deep, processes half gone. */
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "sweep/sweep.h"

typedef struct {
    RtArena *arena;
    RtPlaces places;
    RtSweep sweep;
    char root[64];
} World;

static void plant(const World *world, const char *path, const char *text)
{
    char full[4096];
    (void)snprintf(full, sizeof full, "%s/%s", world->root, path);
    for (char *slash = strchr(full + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        (void)mkdir(full, 0755);
        *slash = '/';
    }
    FILE *file = fopen(full, "wb");
    assert_non_null(file);
    (void)fwrite(text, 1, strlen(text), file);
    (void)fclose(file);
}

static void link_to(const World *world, const char *target, const char *path)
{
    char full[4096];
    (void)snprintf(full, sizeof full, "%s/%s", world->root, path);
    assert_int_equal(symlink(target, full), 0);
}

static void open_world(World *world, const char *place)
{
    memset(world, 0, sizeof *world);
    memcpy(world->root, "/tmp/ratter-walk-XXXXXX", 24);
    assert_non_null(mkdtemp(world->root));
    world->arena = rt_arena_open((size_t)256 << 20, NULL, NULL);
    world->places.arena = world->arena;
    RtStr text = rt_str_format(world->arena,
                               "id: made-up\ntitle: t\nmeans: m\nsources: [s]\nplaces:\n"
                               "  - {id: a, says: b, level: weak, %s}\n",
                               place);
    assert_int_equal(rt_place_read(&world->places, RT_STR("made-up.yaml"), text, NULL, NULL), 0);
    world->places.regexes = rt_regexes_open(world->places.expressions);
    world->sweep = (RtSweep){ .arena = world->arena,
                              .places = &world->places,
                              .root = rt_str_from_c(world->root),
                              .root_fd = open(world->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
    assert_true(world->sweep.root_fd >= 0);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void close_world(World *world)
{
    close(world->sweep.root_fd);
    rt_regexes_close(world->places.regexes);
    rt_arena_close(world->arena);
    (void)nftw(world->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The paths that were hit, below the root, each with a blank after it. */
static RtStr hits(World *world)
{
    RtText text = { .arena = world->arena };
    rt_sweep_settle(&world->sweep);
    for (size_t i = 0; i < world->sweep.hit_count; i++) {
        RtStr where = world->sweep.hits[i].where, root = world->sweep.root;
        rt_text_add(&text, rt_str_starts(where, root) ? rt_str_from(where, root.len + 1) : where);
        rt_text_byte(&text, ' ');
    }
    return rt_text_str(&text);
}

#define assert_hits(world, text)                                                                   \
    do {                                                                                           \
        RtStr have = hits(world);                                                                  \
        if (!rt_str_equal(have, RT_STR(text)))                                                     \
            fail_msg("hits: %.*s", RT_FMT(have));                                                  \
    } while (0)

static void seek_all(World *world)
{
    const RtPlace *place = &world->places.items[0];
    assert_int_equal(rt_layout_homes(&world->sweep, RT_STR("")).code, RT_OK);
    for (size_t i = 0; i < place->path_count; i++) {
        const RtStr *patterns = NULL;
        size_t count = rt_layout_patterns(&world->sweep, place->paths[i], &patterns);
        for (size_t p = 0; p < count; p++)
            rt_seek(&world->sweep, place, patterns[p], rt_sweep_take);
    }
}

static void patterns_and_links(void **state)
{
    (void)state;
    World world;
    open_world(&world, "check: exists, paths: [~/a*/b, $tmp/x, ~/in, ~/out, ~/round, ~/l/deep]");
    plant(&world, "home/u/a1/b", "");
    plant(&world, "home/u/a2/c", "");
    plant(&world, "home/u/.a3/b", "");
    plant(&world, "Users/v/a4/b", "");
    plant(&world, "Users/v/AppData/Local/Temp/x", "");
    plant(&world, "var/tmp/x", "");
    plant(&world, "etc/inside", "");
    link_to(&world, "/etc/inside", "home/u/in"); /* of the image */
    link_to(&world, "../../../../../../etc/passwd", "home/u/out");
    link_to(&world, "round", "home/u/round");
    plant(&world, "home/u/real/deep", "");
    link_to(&world, "real", "home/u/l");
    link_to(&world, "/", "home/everything"); /* no home: a link is none */
    seek_all(&world);
    assert_hits(&world, "Users/v/AppData/Local/Temp/x Users/v/a4/b home/u/a1/b home/u/in "
                        "home/u/l/deep var/tmp/x ");
    assert_int_equal(world.sweep.home_count, 2);
    close_world(&world);
}

static void links_do_not_leave_the_image(void **state)
{
    (void)state;
    World world;
    open_world(&world, "check: exists, paths: [~/x]");
    plant(&world, "home/u/f", "inside");
    link_to(&world, "/etc", "home/u/host");
    int fd = rt_file_open(world.sweep.root_fd, "home/u/host/passwd", O_RDONLY);
    assert_int_equal(fd, -1);
    fd = rt_file_open_inside(world.sweep.root_fd, "home/u/host/passwd", O_RDONLY);
    assert_int_equal(fd, -1); /* the image has no such file */
    fd = rt_file_open(world.sweep.root_fd, "home/u/f", O_RDONLY);
    assert_true(fd >= 0);
    RtStr bytes = rt_file_read(world.arena, fd, 3);
    assert_true(rt_str_equal(bytes, RT_STR("ins")));
    close(fd);
    close_world(&world);
}

static void checkouts(void **state)
{
    (void)state;
    World world;
    open_world(&world, "check: exists, paths: [$checkout/**/bad.js, $checkout/top.js, "
                       "$checkout/.git/hooks/*]");
    plant(&world, "home/u/p/package.json", "{}");
    plant(&world, "home/u/p/bad.js", "");
    plant(&world, "home/u/p/a/b/bad.js", "");
    plant(&world, "home/u/p/a/top.js", "");
    plant(&world, "home/u/p/top.js", "");
    plant(&world, "home/u/p/node_modules/m/bad.js", "");
    plant(&world, "home/u/q/.git/hooks/post-merge", "");
    plant(&world, "home/u/q/.git/objects/bad.js", "");
    plant(&world, "home/u/q/sub/.git", "gitdir: ../.git/modules/sub\n");
    plant(&world, "home/u/q/sub/top.js", "");
    plant(&world, "home/u/no/bad.js", ""); /* in no project */
    plant(&world, "home/u/.cache/c/package.json", "{}");
    plant(&world, "home/u/.cache/c/bad.js", "");
    plant(&world, "srv/bad.js", "");
    link_to(&world, "..", "home/u/p/up");
    assert_int_equal(rt_layout_homes(&world.sweep, RT_STR("/home/u/")).code, RT_OK);
    RtStr extra = RT_STR("srv");
    rt_checkouts_find(&world.sweep, &extra, 1);
    assert_hits(&world, "home/u/p/a/b/bad.js home/u/p/bad.js home/u/p/top.js "
                        "home/u/q/.git/hooks/post-merge home/u/q/sub/top.js srv/bad.js ");
    assert_int_equal(world.sweep.counts.checkouts, 4);
    assert_int_equal(world.sweep.gap_count, 0);
    close_world(&world);
}

static void too_deep_is_told(void **state)
{
    (void)state;
    World world;
    char path[1024] = "home/u/p";
    open_world(&world, "check: exists, paths: [$checkout/**/bad.js]");
    plant(&world, "home/u/p/package.json", "{}");
    for (int i = 0; i < 40; i++)
        (void)snprintf(path + strlen(path), 8, "/d");
    (void)snprintf(path + strlen(path), 8, "/bad.js");
    plant(&world, path, "");
    assert_int_equal(rt_layout_homes(&world.sweep, RT_STR("home/u")).code, RT_OK);
    rt_checkouts_find(&world.sweep, NULL, 0);
    assert_hits(&world, "");
    assert_int_equal(world.sweep.gap_count, 1);
    assert_true(world.sweep.gaps[0].matters);
    close_world(&world);
}

static void homes(void **state)
{
    (void)state;
    World world;
    open_world(&world, "check: exists, paths: [~/x]");
    assert_int_equal(rt_layout_homes(&world.sweep, RT_STR("")).code, RT_ERR_USAGE);
    assert_int_equal(rt_layout_homes(&world.sweep, RT_STR("/none")).code, RT_ERR_USAGE);
    plant(&world, "home/u/x", "");
    plant(&world, "root/x", "");
    assert_int_equal(rt_layout_homes(&world.sweep, RT_STR("")).code, RT_OK);
    assert_int_equal(world.sweep.home_count, 2);
    assert_true(rt_layout_is_ours(&world.sweep, RT_STR("home/u/x")));
    assert_false(rt_layout_is_ours(&world.sweep, RT_STR("home/uu/x")));
    close_world(&world);
}

#define HEADING                                                                                    \
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout "     \
    "inode\n"
#define REST " 00000000:00000000 00:00000000 00000000  1000        0 "

/* 203.0.113.7:1244 as a little-endian kernel prints it; the same mapped into IPv6. */
static void connections(void **state)
{
    (void)state;
    World world;
    open_world(&world, "check: port, ports: ['1244']");
    plant(&world, "proc/77/comm", "n\377de\n");
    plant(&world, "proc/77/cmdline", "node");
    plant(&world, "proc/77/fd/0", "");
    plant(&world, "proc/78/stat", ""); /* half gone */
    plant(&world, "proc/79x/cmdline", "no process");
    link_to(&world, "socket:[4242]", "proc/77/fd/3");
    plant(&world, "proc/net/tcp",
          HEADING "   0: 0100007F:1F90 077100CB:04DC 01" REST "4242 1\n"
                  "   1: 0100007F:1F90 077100CB:04DC 0A" REST "1 1\n" /* it listens */
                  "   2: 0100007F:1F90 0100007F:04DC 01" REST "1 1\n" /* to itself */
                  "   3: 0100007F:1F90 077100CB:04DD 01" REST "1 1\n" /* another port */
                  "   4: zz 077100CB04DC 01\n   5:\n\n   6: 0100007F:1F90 077100CB:04DC");
    plant(&world, "proc/net/tcp6",
          HEADING
          "   0: 00000000000000000000000000000000:1F90 0000000000000000FFFF0000077100CB:04DC "
          "02" REST "9 1\n");
    RtStr proc = rt_str_format(world.arena, "%s/proc", world.root);
    ratter_engine engine = { .no_jail = true };
    world.sweep.engine = &engine;
    assert_int_equal(rt_processes_run(&world.sweep, proc).code, RT_OK);
    assert_hits(&world, "connection to 203.0.113.7:1244 connection to 203.0.113.7:1244 of process "
                        "77 (n\377de) ");
    assert_int_equal(world.sweep.counts.processes, 1);
    assert_int_equal(world.sweep.counts.connections, 4);
    close_world(&world);
}

static void processes(void **state)
{
    (void)state;
    World world;
    open_world(&world,
               "check: process, match: '(?m)^(?:exe: /tmp/.* \\(deleted\\)|command: x y)$'");
    plant(&world, "proc/5/cmdline", "x");
    plant(&world, "proc/5/comm", "x");
    link_to(&world, "/tmp/x (deleted)", "proc/5/exe");
    plant(&world, "proc/6/cmdline", "z\ncommand: x y"); /* no line of its own */
    plant(&world, "proc/6/comm", "z");
    plant(&world, "proc/7/comm", "kernel"); /* neither program nor arguments */
    RtStr proc = rt_str_format(world.arena, "%s/proc", world.root);
    ratter_engine engine = { .no_jail = true };
    world.sweep.engine = &engine;
    assert_int_equal(rt_processes_run(&world.sweep, proc).code, RT_OK);
    assert_hits(&world, "process 5 (x) ");
    assert_int_equal(rt_processes_run(&world.sweep, RT_STR("/nowhere/proc")).code, RT_OK);
    assert_int_equal(world.sweep.gap_count, 1);
    close_world(&world);
}

/* A file at which the reader dies costs itself: the places of `a` are broken here, so that the
 * child crashes at any JSON. */
static void one_file_hides_no_other(void **state)
{
    (void)state;
    World world;
    open_world(&world,
               "check: json, keys: [a], match: x, paths: [~/*.json]}\n"
               "  - {id: t, says: b, level: weak, check: text, match: x, paths: [~/*.conf]");
    plant(&world, "home/u/a.conf", "x");
    plant(&world, "home/u/b.json", "{}");
    plant(&world, "home/u/c.conf", "1\nx\n");
    plant(&world, "home/u/d.json", "no JSON");
    plant(&world, "home/u/e.conf", "x");
    seek_all(&world);
    const RtStr *patterns = NULL;
    size_t count = rt_layout_patterns(&world.sweep, world.places.items[1].paths[0], &patterns);
    assert_int_equal(count, 1);
    rt_seek(&world.sweep, &world.places.items[1], patterns[0], rt_sweep_take);
    world.places.items[0].keys = NULL;
    (void)signal(SIGSEGV, SIG_DFL); /* the child's, not cmocka's */
    ratter_engine engine = { .no_jail = true };
    world.sweep.engine = &engine;
    assert_int_equal(rt_look_run(&world.sweep).code, RT_OK);
    assert_hits(&world, "home/u/a.conf home/u/c.conf home/u/e.conf ");
    assert_int_equal(world.sweep.hits[1].line, 2);
    assert_int_equal(world.sweep.gap_count, 1);
    assert_true(rt_str_ends(world.sweep.gaps[0].where, RT_STR("home/u/b.json")));
    close_world(&world);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_and_links),
        cmocka_unit_test(links_do_not_leave_the_image),
        cmocka_unit_test(checkouts),
        cmocka_unit_test(too_deep_is_told),
        cmocka_unit_test(homes),
        cmocka_unit_test(connections),
        cmocka_unit_test(processes),
        cmocka_unit_test(one_file_hides_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
