/* lookup.c - what one look-up in a store costs: bench/lookup STORE COUNT asks for that many names,
 * half of them known (made by bench/run intel), and prints microseconds per look-up. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "intel/intel.h"

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    RtIntel *intel = NULL;
    uint64_t count = 0, found = 0;
    if (argc != 3 || !rt_str_number(rt_str_from_c(argv[2]), &count) || count == 0)
        return 2;
    RtErr err = rt_intel_open(rt_str_from_c(argv[1]), false, &intel);
    if (err.code != RT_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    RT_ARENA arena = rt_arena_open(64 << 20, NULL, NULL);
    double started = now();
    for (uint64_t i = 0; i < count; i++) {
        const RtIntelEntry *entries = NULL;
        size_t have = 0;
        char name[64];
        int len = snprintf(name, sizeof name, "made-%s-%llu", i % 2 ? "up" : "for-the-bench",
                           (unsigned long long)(i * 7919 % 200000));
        err = rt_intel_package(intel, arena, RT_STR("npm"),
                               (RtStr){ (const uint8_t *)name, (size_t)len }, RT_STR("1.0.0"),
                               &entries, &have);
        if (err.code != RT_OK)
            return 2;
        found += have > 0;
        rt_arena_reset(arena);
    }
    printf("%.2f %llu\n", (now() - started) * 1e6 / (double)count, (unsigned long long)found);
    rt_intel_close(intel);
    return 0;
}
