/* reporting.c - outputs of `scan` and `audit`: one voice for wrong values, half-written files and
 * closed pipes. */
#include "reporting.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "terminal.h"

Reporting reporting_open(RtArena *arena, ratter_engine *engine)
{
    Reporting reporting = { .arena = arena, .engine = engine, .format = "text", .colour = "auto" };
    for (size_t i = 0; i <= REPORTING_OUTPUTS; i++)
        reporting.outputs[i].fd = -1;
    return reporting;
}

static bool is_own(const Flag *own, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(own[i].name, name) == 0)
            return true;
    return false;
}

FlagSet reporting_flags(RtArena *arena, const Flag *own, size_t own_count)
{
    size_t option_count = 0, count = 0;
    const ratter_option *options = ratter_options(&option_count);
    Flag *flags = RT_NEW_ARRAY(arena, Flag, own_count + option_count);
    for (; count < own_count; count++)
        flags[count] = own[count];
    for (size_t i = 0; i < option_count; i++) {
        if (is_own(own, own_count, options[i].name))
            continue;
        bool is_verbose = strcmp(options[i].name, "verbose") == 0;
        flags[count++] = (Flag){ options[i].name, is_verbose ? 'v' : 0, options[i].value,
                                 options[i].default_value, options[i].help };
    }
    return (FlagSet){ flags, count };
}

static const char *known_format(const char *name, const char **ret_nearest)
{
    const char *names[64];
    size_t count = 0;
    const ratter_format *formats = ratter_formats(&count);
    if (count > RT_COUNT(names))
        count = RT_COUNT(names);
    for (size_t i = 0; i < count; i++) {
        names[i] = formats[i].name;
        if (strcmp(names[i], name) == 0)
            return names[i];
    }
    *ret_nearest = nearest(name, names, count);
    return NULL;
}

static int check_format(const Reporting *reporting, const char *name)
{
    const char *meant = NULL;
    if (known_format(name, &meant))
        return 0;
    const char *shown = escaped_c(reporting->arena, name);
    if (meant)
        return complain("unknown format %s; did you mean %s?", shown, meant);
    return complain("unknown format %s; ratter scan --help lists them", shown);
}

int reporting_set_format(Reporting *reporting, const char *name)
{
    reporting->format = name;
    return check_format(reporting, name);
}

int reporting_add_file(Reporting *reporting, const char *value)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || !equals[1])
        return complain("-o wants FORMAT=FILE, not %s", escaped_c(reporting->arena, value));
    RtStr format = { (const uint8_t *)value, (size_t)(equals - value) };
    const char *name = rt_str_c(reporting->arena, format), *file = equals + 1;
    if (check_format(reporting, name) != 0)
        return RATTER_FAILED;
    if (strcmp(file, "-") == 0)
        return complain("standard output takes one report: --format %s", name);
    if (reporting->file_count == REPORTING_OUTPUTS)
        return complain("more than %d times -o", REPORTING_OUTPUTS);
    for (size_t i = 0; i < reporting->file_count; i++)
        if (strcmp(reporting->files[i], file) == 0)
            return complain("-o names %s twice", escaped_c(reporting->arena, file));
    reporting->files[reporting->file_count] = file;
    reporting->file_formats[reporting->file_count++] = name;
    return 0;
}

int reporting_set_colour(Reporting *reporting, const char *when)
{
    reporting->colour = when;
    if (strcmp(when, "auto") == 0 || strcmp(when, "always") == 0 || strcmp(when, "never") == 0)
        return 0;
    return complain("--color wants auto, always or never, not %s",
                    escaped_c(reporting->arena, when));
}

int reporting_set_option(Reporting *reporting, const Flag *flag, const char *value)
{
    ratter_error error = { 0 };
    if (strcmp(flag->name, "cache") == 0 || strcmp(flag->name, "no-cache") == 0)
        reporting->cache_chosen = true;
    if (ratter_set(reporting->engine, flag->name, value ? value : "", &error) == 0)
        return 0;
    return complain("%s", escaped_c(reporting->arena, error.text));
}

/* Where nobody said otherwise. Without such a folder everything is simply scanned. */
static void choose_cache(Reporting *reporting)
{
    const char *caches = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    RtStr folder = { 0 };
    ratter_error error;
    if (caches && caches[0] == '/')
        folder = rt_str_format(reporting->arena, "%s/ratter", caches);
    else if (home && home[0] == '/')
        folder = rt_str_format(reporting->arena, "%s/.cache/ratter", home);
    if (folder.len && !reporting->cache_chosen)
        (void)ratter_set(reporting->engine, "cache", rt_str_c(reporting->arena, folder), &error);
}

int reporting_start(Reporting *reporting, void (*before)(void *ctx), void *ctx)
{
    ratter_error error = { 0 };
    choose_cache(reporting);
    Output *standard = &reporting->outputs[REPORTING_OUTPUTS];
    *standard = (Output){ .fd = STDOUT_FILENO, .before = before, .ctx = ctx };
    if (!reporting->quiet &&
        ratter_add_output(reporting->engine, reporting->format,
                          terminal_colour(reporting->colour, STDOUT_FILENO),
                          terminal_width(STDOUT_FILENO), output_write, standard, &error) != 0)
        return complain("%s", escaped_c(reporting->arena, error.text));
    for (size_t i = 0; i < reporting->file_count; i++) {
        Output *output = &reporting->outputs[i];
        RtErr failed = output_open(reporting->arena, reporting->files[i], output);
        if (failed.code != RT_OK)
            return complain("%s", escaped_c(reporting->arena, failed.text));
        if (ratter_add_output(reporting->engine, reporting->file_formats[i], 0, 0, output_write,
                              output, &error) != 0)
            return complain("%s", escaped_c(reporting->arena, error.text));
    }
    return 0;
}

int reporting_finish(Reporting *reporting, bool keep)
{
    int status = 0;
    for (size_t i = 0; i <= REPORTING_OUTPUTS; i++) {
        if (reporting->outputs[i].fd < 0)
            continue;
        RtErr failed = output_close(&reporting->outputs[i], keep);
        if (failed.code != RT_OK)
            status = complain("%s", escaped_c(reporting->arena, failed.text));
    }
    return status;
}

bool reporting_is_closed(const Reporting *reporting)
{
    return reporting->outputs[REPORTING_OUTPUTS].is_closed;
}

bool reporting_is_broken(const Reporting *reporting)
{
    for (size_t i = 0; i <= REPORTING_OUTPUTS; i++)
        if (reporting->outputs[i].error)
            return true;
    return false;
}

void reporting_list_formats(RtText *out)
{
    size_t count = 0;
    const ratter_format *formats = ratter_formats(&count);
    rt_text_format(out, "\nFormats:\n");
    for (size_t i = 0; i < count; i++)
        rt_text_format(out, "  %-8s %s\n", formats[i].name, formats[i].title);
}
