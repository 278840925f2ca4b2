/* link.c - the linker over packages made up here: N of them (10,000), each with forty resources as
 * real ones have, one in a hundred suspicious, and a pair in every thousand. Prints the time, the
 * memory and what was found; docs/MEASUREMENTS.md has the figures. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "link/linker.h"

enum { RESOURCES = 40, PLACES = 25000 };

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static uint32_t next(uint32_t *state) { return *state = *state * 1664525u + 1013904223u; }

/* Names follow a long tail: some that everybody has, many that few have. */
static RtStr place(RtArena *arena, uint32_t *state, const char *form)
{
    uint32_t spread = 1u << next(state) % 16;
    return rt_str_format(arena, form, next(state) % spread % PLACES);
}

static void add(RtLinker *linker, RtArena *arena, uint32_t number, uint32_t *state)
{
    static const struct {
        RtResourceKind kind;
        RtDeed deed;
        const char *form;
    } forms[] = { { RT_RESOURCE_FILE, RT_DEED_READS, "$HOME/.config/%u/x.json" },
                  { RT_RESOURCE_FILE, RT_DEED_WRITES, "$HOME/.cache/%u/y" },
                  { RT_RESOURCE_ENV, RT_DEED_READS, "NAME_%u" },
                  { RT_RESOURCE_HOST, RT_DEED_CONNECTS, "h%u.example.invalid" },
                  { RT_RESOURCE_PACKAGE, RT_DEED_DECLARES, "package-%u" },
                  { RT_RESOURCE_PERSON, RT_DEED_HOLDS, "p%u@example.invalid" } };
    RtResource *resources = RT_NEW_ARRAY(arena, RtResource, RESOURCES);
    for (size_t i = 0; i < RESOURCES; i++)
        resources[i] = (RtResource){ .kind = forms[i % 6].kind,
                                     .deed = forms[i % 6].deed,
                                     .text = place(arena, state, forms[i % 6].form),
                                     .file = RT_STR("index.js"),
                                     .line = (uint32_t)i + 1 };
    uint32_t pair = number / 1000;
    if (number % 1000 < 2) {
        resources[0].text = rt_str_format(arena, "$HOME/.pair/%u", pair);
        resources[0].deed = number % 1000 == 0 ? RT_DEED_WRITES : RT_DEED_READS;
        resources[0].taint = number % 1000 == 0 ? RT_TAINT_FROM_NET : RT_TAINT_TO_CODE;
    }
    RtShape shape = { .tokens = 100, .file = RT_STR("index.js") };
    for (size_t i = 0; i < RT_SHAPE_SLOTS; i++)
        shape.slots[i] = next(state) % 4;
    RtSummary summary = { resources, RESOURCES, &shape, 1, 0 };
    RtReport report = { .artifact = { .path = rt_str_format(arena, "p/%u", number),
                                      .ecosystem = RT_STR("npm"),
                                      .name = rt_str_format(arena, "package-%u", number) },
                        .verdict = { .level = number % 100 == 7 ? RT_VERDICT_MALICIOUS
                                                                : RT_VERDICT_CLEAN },
                        .summary = &summary };
    rt_linker_add(linker, &report);
}

int main(int count, char **words)
{
    uint32_t all = count > 1 ? (uint32_t)strtoul(words[1], NULL, 10) : 10000, state = 1;
    RtLinker *linker = rt_linker_open(false);
    double started = now();
    for (uint32_t i = 0; i < all; i++) {
        RT_ARENA arena = rt_arena_open(1 << 20, NULL, NULL);
        add(linker, arena, i, &state);
    }
    double added = now();
    const RtLinks *links = rt_linker_run(linker);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    size_t conclusive = 0;
    for (size_t i = 0; i < links->count; i++)
        conclusive += links->items[i].level == RT_CONCLUSIVE;
    printf("%u packages: %.2f s to add, %.2f s to link, %ld KiB; %zu links, %zu conclusive, %zu "
           "clusters\n",
           all, added - started, now() - added, usage.ru_maxrss, links->count, conclusive,
           links->cluster_count);
    rt_linker_close(linker);
    return 0;
}
