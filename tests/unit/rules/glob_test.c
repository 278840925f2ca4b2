/* glob_test.c - which files a rule's patterns mean, and that no pattern runs long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rules/ruleset.h"

static const struct {
    const char *glob, *path;
    bool fits;
} cases[] = {
    { "*.js", "package/lib/a.js", true },
    { "*.js", "package/lib/a.jsx", false },
    { "package.json", "package/package.json", true },
    { "package.json", "package/package.json.bak", false },
    { "lib/*.js", "package/lib/a.js", true },
    { "lib/*.js", "package/lib/deep/a.js", false },
    { "lib/**/*.js", "package/lib/deep/er/a.js", true },
    { "lib/**/*.js", "package/lib/a.js", true },
    { "/index.js", "package/index.js", true },
    { "/index.js", "index.js", true },
    { "/index.js", "package/lib/index.js", false },
    { "**/config/*", "a/b/config/x", true },
    { ".env.*", "package/.env.local", true },
    { "?.py", "a.py", true },
    { "?.py", "/.py", false },
    { "*", "", true },
    { "", "a", false },
};

static void globs_mean_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++)
        if (rt_glob_fits(rt_str_from_c(cases[i].glob), rt_str_from_c(cases[i].path)) !=
            cases[i].fits)
            fail_msg("%s against %s", cases[i].glob, cases[i].path);
}

static void many_stars_cost_little(void **state)
{
    (void)state;
    static char path[200000];
    memset(path, 'a', sizeof path - 1);
    assert_false(rt_glob_fits(RT_STR("*a*a*a*a*a*a*a*a*a*b"), rt_str_from_c(path)));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(globs_mean_files),
                                        cmocka_unit_test(many_stars_cost_little) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
