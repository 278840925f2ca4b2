/* Which artifacts there are below a path: layouts of node_modules and site-packages, links, cycles,
 * odd names. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "scan/target.h"

static char root[] = "/tmp/ratter-target-XXXXXX";

/* Makes a file with its folders. */
static void make(const char *path)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root, path);
    for (char *slash = strchr(full + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
        *slash = '/';
    }
    int fd = open(full, O_WRONLY | O_CREAT, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

static void make_link(const char *target, const char *path)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root, path);
    assert_int_equal(symlink(target, full), 0);
}

static int set_up(void **state)
{
    (void)state;
    memcpy(root + strlen(root) - 6, "XXXXXX",
           6); /* mkdtemp wants its template anew for every test */
    return mkdtemp(root) == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    return system(command);
}

static RtTargetList list(RtArena *arena, const char *below)
{
    RtTargetList found = { 0 };
    assert_int_equal(rt_targets_add(arena, rt_str_format(arena, "%s%s", root, below), &found).code,
                     RT_OK);
    return found;
}

static const RtTarget *find(const RtTargetList *found, const char *below)
{
    char full[600];
    int len = snprintf(full, sizeof full, "%s%s", root, below);
    for (size_t i = 0; i < found->count; i++) {
        if (rt_str_equal(found->items[i].path, (RtStr){ (const uint8_t *)full, (size_t)len }))
            return &found->items[i];
    }
    return NULL;
}

static void npm_layout(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    make("package.json");
    make(".vscode/tasks.json");
    make("node_modules/a/package.json");
    make("node_modules/a/lib/x.js");
    make("node_modules/a/node_modules/b/package.json");
    make("node_modules/@s/c/package.json");
    make("node_modules/.bin/tool");
    RtTargetList found = list(arena, "");
    assert_int_equal(found.count, 4);
    assert_int_equal(find(&found, "/node_modules/a")->entry_count, 2);
    assert_int_equal(find(&found, "/node_modules/a/node_modules/b")->entry_count, 1);
    assert_non_null(find(&found, "/node_modules/@s/c"));
    const RtTarget *rest = find(&found, "");
    assert_int_equal(rest->entry_count, 3);
    assert_true(rt_str_equal(rest->entries[0].path, RT_STR(".vscode/tasks.json")));
}

static void pnpm_layout_once(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    make("node_modules/.pnpm/a@1.0.0/node_modules/a/package.json");
    make("node_modules/.pnpm/a@1.0.0/node_modules/a/index.js");
    make("node_modules/.modules.yaml");
    make_link(".pnpm/a@1.0.0/node_modules/a", "node_modules/a");
    RtTargetList found = list(arena, "");
    const RtTarget *package = find(&found, "/node_modules/.pnpm/a@1.0.0/node_modules/a");
    assert_non_null(package);
    assert_int_equal(package->entry_count, 2);
    assert_null(find(&found, "/node_modules/a"));
}

static void node_modules_itself(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    make("node_modules/a/package.json");
    make("node_modules/b/package.json");
    RtTargetList found = list(arena, "/node_modules");
    assert_int_equal(found.count, 2);
}

static void site_packages(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    make("lib/site-packages/pkg/__init__.py");
    make("lib/site-packages/pkg-1.0.dist-info/METADATA");
    make("lib/site-packages/evil.pth");
    RtTargetList found = list(arena, "");
    assert_non_null(find(&found, "/lib/site-packages/pkg"));
    assert_non_null(find(&found, "/lib/site-packages/pkg-1.0.dist-info"));
    assert_true(
        rt_str_equal(find(&found, "")->entries[0].path, RT_STR("lib/site-packages/evil.pth")));
}

static void links_are_listed_not_followed(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    make("a/x.js");
    make_link("..", "a/loop");
    make_link("/etc/passwd", "a/out");
    RtTargetList found = list(arena, "");
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].entry_count, 3);
    assert_int_equal(found.items[0].entries[0].kind, RT_GIVEN_LINK);
    assert_true(rt_str_equal(found.items[0].entries[1].link, RT_STR("/etc/passwd")));
    int fd = open(root, O_RDONLY | O_DIRECTORY);
    assert_true(rt_target_open(arena, &found.items[0], fd, 1) < 0); /* a link is not opened */
    int file = rt_target_open(arena, &found.items[0], fd, 2);
    assert_true(file >= 0);
    close(file);
    close(fd);
}

static void git_history_is_left_out(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    make(".git/objects/aa/bb");
    make(".git/hooks/post-checkout");
    make(".git/config");
    make("index.js");
    RtTargetList found = list(arena, "");
    assert_int_equal(found.items[0].entry_count, 3);
}

static void absent_path_fails(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    RtTargetList found = { 0 };
    assert_int_equal(rt_targets_add(arena, rt_str_format(arena, "%s/no", root), &found).code,
                     RT_ERR_IO);
    assert_int_equal(found.count, 0);
}

static void pipes_are_never_opened(void **state)
{
    (void)state;
    RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
    char full[512];
    snprintf(full, sizeof full, "%s/fifo", root);
    assert_int_equal(mkfifo(full, 0600), 0);
    RtTargetList found = list(arena, "");
    assert_int_equal(found.items[0].entries[0].kind, RT_GIVEN_SPECIAL);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(npm_layout),
        CASE(pnpm_layout_once),
        CASE(node_modules_itself),
        CASE(site_packages),
        CASE(links_are_listed_not_followed),
        CASE(git_history_is_left_out),
        CASE(absent_path_fails),
        CASE(pipes_are_never_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
