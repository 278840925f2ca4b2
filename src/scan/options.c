/* options.c - one table of options: the command line, its help, the man page and the library take
 * them from here. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scan/cache.h"
#include "scan/engine.h"

typedef enum { NUMBER_32, NUMBER_16, BYTES_64, BYTES_32, SPECIAL } Type;
typedef struct {
    ratter_option shown;
    Type type;
    size_t at; /* offset in RtBudget */
    uint64_t least, most;
} Option;

#define LIMIT(name, what, def, help, type, field, least, most)                                     \
    {                                                                                              \
        { name, what, def, help }, type, offsetof(RtBudget, field), least, most                    \
    }
#define OTHER(name, what, def, help)                                                               \
    {                                                                                              \
        { name, what, def, help }, SPECIAL, 0, 0, 0                                                \
    }
static const Option options[] = {
    OTHER("jobs", "N", "the number of processors", "jailed workers side by side"),
    OTHER("rules", "DIR", NULL, "rules that are added to the built-in ones; same id replaces"),
    OTHER("fail-on", "LEVEL", "malicious",
          "exit 1 from this verdict on: malicious, suspicious, notable, none"),
    OTHER("emulate", "WHEN", "auto", "run scripts in the mocked world: auto, always, never"),
    OTHER("cache", "DIR", NULL,
          "keep verdicts by content in DIR, and do not scan the same content twice"),
    OTHER("no-cache", NULL, NULL, "scan everything anew, and keep nothing"),
    OTHER("no-jail", NULL, NULL, "do not jail the workers (debugging only; the report says so)"),
    OTHER("verbose", NULL, NULL, "tell everything in the text report"),
    LIMIT("limit-input-bytes", "BYTES", "1G", "size of one artifact file", BYTES_64, input_bytes, 1,
          1ULL << 40),
    LIMIT("limit-unpacked-bytes", "BYTES", NULL, "all layers of one artifact together", BYTES_64,
          unpacked_bytes, 1, 1ULL << 40),
    LIMIT("limit-layer-bytes", "BYTES", NULL, "one layer (archive entry, decoded text)", BYTES_64,
          layer_bytes, 1, 1ULL << 40),
    LIMIT("limit-arena-bytes", "BYTES", NULL, "memory of one worker for one artifact", BYTES_64,
          arena_bytes, 1 << 20, 1ULL << 40),
    LIMIT("limit-ratio", "N", NULL, "unpacked to packed size of one container", NUMBER_32, ratio, 2,
          UINT32_MAX),
    LIMIT("limit-entries", "N", NULL, "files of one artifact", NUMBER_32, entries, 1, UINT32_MAX),
    LIMIT("limit-layers", "N", NULL, "layers of one artifact", NUMBER_32, layers, 2, UINT32_MAX),
    LIMIT("limit-facts", "N", NULL, "facts of one artifact", NUMBER_32, facts, 16, UINT32_MAX),
    LIMIT("limit-depth", "N", NULL, "nesting of layers", NUMBER_16, depth, 1, 1000),
    LIMIT("limit-parse-bytes", "BYTES", NULL, "one file given to a syntax front end", BYTES_32,
          parse_bytes, 1024, 1U << 30),
    LIMIT("limit-cpu-ms", "MS", NULL, "processor time for one artifact", NUMBER_32, cpu_ms, 1,
          UINT32_MAX),
    LIMIT("limit-wall-ms", "MS", NULL,
          "time on the wall for one artifact; then its worker is killed", NUMBER_32, wall_ms, 10,
          INT32_MAX),
};

const ratter_option *ratter_options(size_t *count)
{
    static ratter_option shown[RT_COUNT(options)]; /* filled with the same words at every call */
    for (size_t i = 0; i < RT_COUNT(options); i++)
        shown[i] = options[i].shown;
    *count = RT_COUNT(options);
    return shown;
}

static RtErr wrong_value(const char *option, const char *value, const char *wanted)
{
    return rt_fail(RT_ERR_USAGE, "--%s: '%.60s' is not %s", option, value, wanted);
}

/* "64", "64K", "64MiB", "1G": powers of 1024. */
static bool parse_size(RtStr text, uint64_t *ret_size)
{
    uint64_t unit = 1;
    RtStr digits = text;
    if (rt_str_ends_nocase(digits, RT_STR("ib")))
        digits.len -= 2;
    else if (rt_str_ends_nocase(digits, RT_STR("b")))
        digits.len -= 1;
    if (digits.len != 0) {
        size_t at = rt_str_find_byte(RT_STR("kmgt"), digits.at[digits.len - 1] | 0x20);
        if (at != RT_NOT_FOUND) {
            unit <<= 10 * (at + 1);
            digits.len--;
        }
    }
    uint64_t number;
    if (!rt_str_number(digits, &number) || number > UINT64_MAX / unit)
        return false;
    *ret_size = number * unit;
    return true;
}

static RtErr set_limit(ratter_engine *engine, const Option *option, const char *value)
{
    uint64_t number;
    bool sized = option->type == BYTES_64 || option->type == BYTES_32;
    RtStr text = rt_str_from_c(value);
    if (!(sized ? parse_size(text, &number) : rt_str_number(text, &number)))
        return wrong_value(option->shown.name, value, sized ? "a size such as 64M" : "a number");
    if (number < option->least || number > option->most)
        return rt_fail(RT_ERR_USAGE, "--%s: %s is out of range (%llu to %llu)", option->shown.name,
                       value, (unsigned long long)option->least, (unsigned long long)option->most);
    uint8_t *field = (uint8_t *)&engine->budget + option->at;
    if (option->type == BYTES_64) {
        memcpy(field, &number, sizeof number);
    } else if (option->type == NUMBER_16) {
        uint16_t narrow = (uint16_t)number;
        memcpy(field, &narrow, sizeof narrow);
    } else {
        uint32_t narrow = (uint32_t)number;
        memcpy(field, &narrow, sizeof narrow);
    }
    return RT_FINE;
}

static RtErr set_fail_on(ratter_engine *engine, const char *value)
{
    static const struct {
        const char *name;
        RtVerdictLevel level;
    } levels[] = { { "malicious", RT_VERDICT_MALICIOUS },
                   { "suspicious", RT_VERDICT_SUSPICIOUS },
                   { "notable", RT_VERDICT_NOTABLE },
                   { "none", RT_VERDICT_UNKNOWN } };
    for (size_t i = 0; i < RT_COUNT(levels); i++) {
        if (strcmp(value, levels[i].name) == 0) {
            engine->fail_on = levels[i].level;
            return RT_FINE;
        }
    }
    return wrong_value("fail-on", value, "one of malicious, suspicious, notable, none");
}

static RtErr set_emulate(ratter_engine *engine, const char *value)
{
    static const char *const names[] = { "auto", "always", "never" };
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            engine->emulate = (RtEmulatePolicy)i;
            return RT_FINE;
        }
    }
    return wrong_value("emulate", value, "one of auto, always, never");
}

static RtErr set_jobs(ratter_engine *engine, const char *value)
{
    uint64_t jobs;
    if (!rt_str_number(rt_str_from_c(value), &jobs) || jobs < 1 || jobs > 64)
        return wrong_value("jobs", value, "a number from 1 to 64");
    engine->jobs = (uint32_t)jobs;
    return RT_FINE;
}

static RtErr set_cache(ratter_engine *engine, const char *folder)
{
    if (folder != NULL)
        RT_TRY(rt_cache_prepare(rt_str_from_c(folder)));
    free(engine->cache_folder);
    engine->cache_folder = folder == NULL ? NULL : strdup(folder);
    return RT_FINE;
}

static RtErr set_other(ratter_engine *engine, const char *option, const char *value)
{
    if (strcmp(option, "jobs") == 0)
        return set_jobs(engine, value);
    if (strcmp(option, "fail-on") == 0)
        return set_fail_on(engine, value);
    if (strcmp(option, "emulate") == 0)
        return set_emulate(engine, value);
    if (strcmp(option, "cache") == 0)
        return set_cache(engine, value);
    if (strcmp(option, "no-cache") == 0)
        return set_cache(engine, NULL);
    if (strcmp(option, "no-jail") == 0) {
        engine->no_jail = true;
    } else if (strcmp(option, "verbose") == 0) {
        engine->verbose = true;
    } else {
        free(engine->rules_folder);
        engine->rules_folder = strdup(value);
    }
    return RT_FINE;
}

int ratter_set(ratter_engine *engine, const char *option, const char *value, ratter_error *error)
{
    for (size_t i = 0; i < RT_COUNT(options); i++) {
        if (strcmp(option, options[i].shown.name) != 0)
            continue;
        if (options[i].shown.value != NULL && (value == NULL || *value == 0))
            return rt_engine_fail(error, rt_fail(RT_ERR_USAGE, "--%s needs a value (%s)", option,
                                                 options[i].shown.value));
        RtErr err = options[i].type == SPECIAL ? set_other(engine, option, value)
                                               : set_limit(engine, &options[i], value);
        return err.code == RT_OK ? 0 : rt_engine_fail(error, err);
    }
    return rt_engine_fail(error, rt_fail(RT_ERR_USAGE, "unknown option --%.60s", option));
}

void rt_engine_describe(const ratter_engine *engine, RtText *out)
{
    rt_text_format(out, "emulate %d\n", (int)engine->emulate);
    for (size_t i = 0; i < RT_COUNT(options); i++) {
        static const size_t sizes[] = {
            [NUMBER_32] = 4, [NUMBER_16] = 2, [BYTES_64] = 8, [BYTES_32] = 4
        };
        if (options[i].type == SPECIAL)
            continue;
        rt_text_format(out, "%s ", options[i].shown.name);
        rt_text_add(out, (RtStr){ (const uint8_t *)&engine->budget + options[i].at,
                                  sizes[options[i].type] });
    }
}
