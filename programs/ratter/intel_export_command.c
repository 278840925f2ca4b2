/* intel_export_command.c - ratter intel export and keygen: what leaves this machine. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "intel_command.h"
#include "output.h"

static void say_left_out(void *context, const char *line)
{
    Intel *intel = context;
    fprintf(stderr, "ratter: left out: %s\n", escaped_c(intel->arena, line));
}

static int open_output(Intel *intel, Output *output)
{
    const char *path = intel->values[INTEL_OUTPUT];
    *output = (Output){ .fd = STDOUT_FILENO };
    if (path == NULL)
        return 0;
    RtErr err = output_open(intel->arena, path, output);
    return err.code == RT_OK ? 0 : complain("%s", escaped_c(intel->arena, err.text));
}

static int write_export(Intel *intel, Output *output)
{
    ratter_error error = { 0 };
    ratter_intel_export_result result;
    ratter_intel_export_options options = {
        .format = intel->values[INTEL_FORMAT],
        .tlp = intel->values[INTEL_TLP],
        .source = intel->values[INTEL_SOURCE],
        .findings = intel->values[INTEL_FINDINGS],
        .no_jail = intel->given & 1U << INTEL_NO_JAIL ? 1 : 0,
        .say = say_left_out,
        .context = intel,
    };
    int failed =
        ratter_intel_export(intel->handle, &options, output_write, output, &result, &error);
    bool is_closed = output->is_closed;
    RtErr closed = output_close(output, failed == 0);
    if (is_closed)
        return STATUS_CLOSED_PIPE;
    if (failed != 0)
        return complain("%s", escaped_c(intel->arena, error.text));
    if (closed.code != RT_OK)
        return complain("%s", escaped_c(intel->arena, closed.text));
    if (result.left_out > 0)
        fprintf(stderr,
                "ratter: %llu entries written, %llu left out (marked stricter, victims, people, or "
                "without words in the format)\n",
                (unsigned long long)result.written, (unsigned long long)result.left_out);
    return result.written > 0 ? RATTER_DONE : RATTER_NOTHING;
}

int intel_export(Intel *intel)
{
    ratter_error error = { 0 };
    Output output;
    const char *key = intel->values[INTEL_SIGN], *path = intel->values[INTEL_OUTPUT];
    if (intel->values[INTEL_FORMAT] == NULL)
        return complain("export in which format? --format NAME; ratter help intel lists them");
    if (key != NULL && path == NULL)
        return complain("--sign needs a file to sign: --output FILE");
    int status = intel->values[INTEL_FINDINGS] == NULL ? intel_open(intel, false) : 0;
    if (status == 0)
        status = open_output(intel, &output);
    if (status == 0)
        status = write_export(intel, &output);
    if (status == RATTER_DONE && key != NULL && ratter_intel_sign(path, key, &error) != 0)
        return complain("%s", escaped_c(intel->arena, error.text));
    return status;
}

int intel_keygen(Intel *intel)
{
    ratter_error error = { 0 };
    const char *secret = intel->operands[0];
    const char *public_ = rt_str_c(intel->arena, rt_str_format(intel->arena, "%s.pub", secret));
    if (ratter_intel_keygen(secret, public_, &error) != 0)
        return complain("%s: %s", escaped_c(intel->arena, secret),
                        escaped_c(intel->arena, error.text));
    const char *shown = escaped_c(intel->arena, secret);
    rt_text_format(&intel->out,
                   "%s      signs (ratter intel export --sign); keep it to yourself\n"
                   "%s.pub  checks (ratter intel import --verify); give it away\n",
                   shown, shown);
    return RATTER_DONE;
}
