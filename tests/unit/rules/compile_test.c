/* compile_test.c - rule files with faults: each is told with its file and line, and none makes a
 * pack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "rules/rules.h"

#define HEAD "id: demo/rule\ntitle: A title\nwhy: Because.\n"
#define TAIL                                                                                       \
    "must_match:\n  - files:\n      a.js: x\n"                                                     \
    "must_not_match:\n  - files:\n      a.js: y\n"
#define WHEN "when:\n  text: 'abc'\n  as: a\n"

static const struct {
    const char *yaml, *says; /* NULL: no fault */
} cases[] = {
    { HEAD "level: strong\n" WHEN TAIL, NULL },
    { HEAD
      "level: strong\nwhen:\n  count: 2\n  of:\n    - text: 'abc'\n    - shape: numbers\n" TAIL,
      NULL },
    { HEAD "level: deadly\n" WHEN TAIL, "no level is called `deadly`" },
    { HEAD "level: strong\nunles: {}\n" WHEN TAIL, "unknown key `unles` in a rule" },
    { HEAD "level: strong\nweight: heavy\n" WHEN TAIL, "is no weight" },
    { HEAD "level: strong\nattack: [T12]\n" WHEN TAIL, "is no ATT&CK technique" },
    { HEAD "level: strong\n" TAIL, "the rule has no `when`" },
    { HEAD "level: strong\n" WHEN, "the rule has no `must_match` example" },
    { HEAD "level: strong\nwhen:\n  fact: net.reqest\n" TAIL,
      "no behaviour is called `net.reqest`" },
    { HEAD "level: strong\nwhen:\n  fact: net.request\n  where: {uri: x}\n" TAIL,
      "`uri` is neither" },
    { HEAD "level: strong\nwhen:\n  fact: net.request\n  where: {url: {host: [nowhere]}}\n" TAIL,
      "no class of hosts is called `nowhere`" },
    { HEAD "level: strong\nwhen:\n  fact: net.request\n  where: {phase: [later]}\n" TAIL,
      "`later` is not one" },
    { HEAD "level: strong\nwhen:\n  all:\n    - fact: net.request\n      as: a\n    - flows: [a, "
           "b]\n" TAIL,
      "nothing above is called `b`" },
    { HEAD "level: strong\nwhen:\n  text: '(abc'\n" TAIL, "demo/rule.yaml:6:" },
    { HEAD "level: strong\nwhen:\n  shape: round\n" TAIL, "no shape is called `round`" },
    { "id: other/name\ntitle: t\nwhy: w\nlevel: weak\n" WHEN TAIL,
      "the id must be the file's place" },
    { HEAD "level: [", "demo/rule.yaml:" },
    { "", "demo/rule.yaml:" },
};

typedef struct {
    char text[4096];
    size_t len;
} Said;

static void hear(void *context, RtStr fault)
{
    Said *said = context;
    int added =
        snprintf(said->text + said->len, sizeof said->text - said->len, "%.*s\n", RT_FMT(fault));
    said->len += added > 0 && (size_t)added < sizeof said->text - said->len ? (size_t)added : 0;
}

static void write_rule(const char *folder, const char *yaml)
{
    char path[256];
    snprintf(path, sizeof path, "%s/demo", folder);
    (void)mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/demo/rule.yaml", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(yaml, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void faults_have_their_place(void **state)
{
    (void)state;
    char folder[] = "/tmp/ratter-rules-XXXXXX", path[256];
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtArena *arena = rt_arena_open((size_t)64 << 20, NULL, NULL);
        RtText pack = { .arena = arena };
        Said said = { .len = 0 };
        write_rule(folder, cases[i].yaml);
        RtErr err = rt_rules_compile(arena, rt_str_from_c(folder), hear, &said, &pack);
        bool fine = cases[i].says ? err.code == RT_ERR_FORMAT && strstr(said.text, cases[i].says)
                                  : err.code == RT_OK && said.len == 0;
        if (!fine)
            fail_msg("case %zu: %s", i, said.text);
        rt_arena_close(arena);
    }
    snprintf(path, sizeof path, "%s/demo/rule.yaml", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/demo", folder);
    rmdir(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(faults_have_their_place) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
