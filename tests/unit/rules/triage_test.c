/* triage_test.c - which layers are worth a syntax tree: by words, size, phase and role. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "rules/rules.h"

static const struct {
    const char *what, *language;
    uint32_t asks;
    size_t len;
    RtPhase phase;
    uint16_t roles;
    RtVia via;
    bool worth;
} cases[] = {
    { "nothing in it", "javascript", 0, 1000, RT_WHEN_IMPORT, 0, RT_VIA_ENTRY, false },
    { "a declaration", "typescript", RT_ASKS_EVAL | RT_ASKS_NET, 1000, RT_WHEN_IMPORT,
      RT_ROLE_TYPES, RT_VIA_ENTRY, false },
    { "fetches and runs", "javascript", RT_ASKS_EVAL | RT_ASKS_NET, 60000, RT_WHEN_UNKNOWN, 0,
      RT_VIA_ENTRY, true },
    { "only runs, never reached", "javascript", RT_ASKS_EVAL, 60000, RT_WHEN_UNKNOWN, 0,
      RT_VIA_ENTRY, false },
    { "a small entry that starts a process", "javascript", RT_ASKS_PROC, 900, RT_WHEN_IMPORT, 0,
      RT_VIA_ENTRY, true },
    { "a large one", "javascript", RT_ASKS_PROC, 60000, RT_WHEN_IMPORT, 0, RT_VIA_ENTRY, false },
    { "an install script", "javascript", RT_ASKS_FILE, 60000, RT_WHEN_INSTALL, 0, RT_VIA_ENTRY,
      true },
    { "a bundle with every word", "javascript",
      RT_ASKS_EVAL | RT_ASKS_NET | RT_ASKS_DECODE | RT_ASKS_ENV, 900000, RT_WHEN_IMPORT,
      RT_ROLE_BUNDLE, RT_VIA_ENTRY, false },
    { "a bundle with a dead drop", "javascript", RT_ASKS_EVAL | RT_ASKS_NET | RT_ASKS_CHAIN, 900000,
      RT_WHEN_IMPORT, 0, RT_VIA_ENTRY, true },
    { "an obfuscated bundle", "javascript", RT_ASKS_OBFUSCATED, 900000, RT_WHEN_UNKNOWN, 0,
      RT_VIA_ENTRY, true },
    { "hidden text", "javascript", RT_ASKS_HIDDEN, 900000, RT_WHEN_UNKNOWN, 0, RT_VIA_ENTRY, true },
    { "a decoded text with one word", "python", RT_ASKS_NET, 900, RT_WHEN_UNKNOWN, 0,
      RT_VIA_DECODED, true },
    { "a small shell script", "shell", 0, 900, RT_WHEN_UNKNOWN, 0, RT_VIA_ENTRY, true },
    { "a large shell script without a word", "shell", 0, 90000, RT_WHEN_UNKNOWN, 0, RT_VIA_ENTRY,
      false },
    { "a page of PHP", "php", 0, 900, RT_WHEN_UNKNOWN, 0, RT_VIA_ENTRY, true },
};

static void few_layers_are_worth_a_tree(void **state)
{
    (void)state;
    static const uint8_t byte = 'x';
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtLayer layer = { .via = cases[i].via,
                          .bytes = { &byte, cases[i].len },
                          .roles = cases[i].roles,
                          .phase = cases[i].phase,
                          .language = cases[i].language,
                          .interest = cases[i].asks };
        if (rt_rules_worth_parsing(&layer) != cases[i].worth) /* never looks at the bytes */
            fail_msg("%s", cases[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(few_layers_are_worth_a_tree) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
