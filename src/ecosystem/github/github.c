/* github.c - workflows: which event runs which command, with which secrets.
 *
 * YAML is read by indentation only: `on:`, `run:` with its block scalar, `uses:`. That is how all
 * workflows are written, and a bounded line reader has no aliases to explode. Source: workflow
 * syntax for GitHub Actions; T-REPO-06, T-WORM-05. */
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { LINE_LIMIT = 20000, STEP_LIMIT = 300, EVENT_BYTES = 256 };

typedef struct {
    RtManifest manifest;
    RtStr rest;
    RtText events;
    bool in_on;
    size_t on_indent, steps;
} Reader;

static size_t indent_of(RtStr line)
{
    size_t at = 0;
    while (at < line.len && line.at[at] == ' ')
        at++;
    return at;
}

/* The value behind `key:` when `text` (a "- " before it allowed) begins with it. */
static bool key_value(RtStr text, const char *key, RtStr *ret_value)
{
    RtStr name = rt_str_from_c(key);
    while (rt_str_starts(text, RT_STR("- ")))
        text = rt_str_trim(rt_str_from(text, 2));
    if (!rt_str_starts(text, name) || text.len <= name.len || text.at[name.len] != ':')
        return false;
    *ret_value = rt_str_trim(rt_str_from(text, name.len + 1));
    return true;
}

static RtStr unquoted(RtStr value)
{
    if (value.len >= 2 && (value.at[0] == '"' || value.at[0] == '\'') &&
        value.at[value.len - 1] == value.at[0])
        return rt_str_sub(value, 1, value.len - 2);
    return value;
}

static void add_event(Reader *reader, RtStr event)
{
    event = unquoted(rt_str_trim(event));
    if (event.len == 0 || reader->events.len > EVENT_BYTES)
        return;
    if (reader->events.len > 0)
        rt_text_byte(&reader->events, ' ');
    rt_text_add(&reader->events, event);
}

static void read_on(Reader *reader, RtStr value)
{
    if (value.len == 0 || value.at[0] == '#')
        return;
    if (value.at[0] != '[' && value.at[0] != '{') {
        add_event(reader, value);
        return;
    }
    RtStr rest = rt_str_sub(value, 1, value.len - 2), piece;
    while (rt_str_next(&rest, ',', &piece))
        add_event(reader, piece);
}

/* The lines of a block scalar deeper than `indent`, their common indentation cut. */
static RtStr read_block(Reader *reader, size_t indent)
{
    RtText out = { .arena = reader->manifest.sink->arena, .limit = 64 * 1024 };
    size_t own = 0;
    while (reader->rest.len > 0) {
        RtStr before = reader->rest, line;
        if (!rt_str_next(&reader->rest, '\n', &line))
            break;
        if (rt_str_trim(line).len > 0) {
            size_t here = indent_of(line);
            if (here <= indent) {
                reader->rest = before;
                break;
            }
            own = own == 0 ? here : own;
            rt_text_add(&out, rt_str_from(line, here < own ? here : own));
        }
        rt_text_byte(&out, '\n');
    }
    return rt_str_trim(rt_text_str(&out));
}

static void step(Reader *reader, RtStr command)
{
    RtStr event = reader->events.len > 0
                      ? rt_str_copy(reader->manifest.sink->arena, rt_text_str(&reader->events))
                      : RT_STR("");
    size_t end = rt_str_find_byte(command, '\n');
    if (command.len > 0 && reader->steps++ < STEP_LIMIT)
        rt_manifest_fact(&reader->manifest, RT_FACT_WORKFLOW_STEP, rt_str_sub(command, 0, end),
                         event, command, RT_STR(""));
}

static void read_line(Reader *reader, RtStr line)
{
    RtStr text = rt_str_trim(line), value;
    size_t indent = indent_of(line);
    if (text.len == 0 || text.at[0] == '#')
        return;
    if (reader->in_on && indent <= reader->on_indent && text.at[0] != '-')
        reader->in_on = false;
    if (reader->in_on && (indent <= reader->on_indent + 4)) {
        size_t colon = rt_str_find_byte(text, ':');
        if (colon != RT_NOT_FOUND || text.at[0] == '-')
            add_event(reader,
                      text.at[0] == '-' ? rt_str_from(text, 1) : rt_str_sub(text, 0, colon));
        return;
    }
    if (indent == 0 && (key_value(text, "on", &value) || key_value(text, "\"on\"", &value) ||
                        key_value(text, "'on'", &value))) {
        read_on(reader, value);
        reader->in_on = value.len == 0;
        return;
    }
    if (rt_str_has(text, RT_STR("toJSON(secrets)")) ||
        rt_str_has(text, RT_STR("toJson(secrets)")) || rt_str_has(text, RT_STR("tojson(secrets)")))
        rt_manifest_anomaly(&reader->manifest, RT_STR("workflow-dumps-secrets"), text);
    if (rt_str_has(text, RT_STR("github.event.pull_request.head")) &&
        rt_str_has(rt_text_str(&reader->events), RT_STR("pull_request_target")) &&
        key_value(text, "ref", &value))
        rt_manifest_anomaly(&reader->manifest, RT_STR("workflow-untrusted-checkout"), text);
    if (key_value(text, "uses", &value) && value.len > 0) {
        value = unquoted(rt_str_sub(value, 0, rt_str_find_byte(value, ' ')));
        size_t at = rt_str_find_byte(value, '@');
        rt_manifest_fact(&reader->manifest, RT_FACT_DEPENDENCY, value, rt_str_sub(value, 0, at),
                         at == RT_NOT_FOUND ? RT_STR("") : rt_str_from(value, at + 1),
                         RT_STR("github-action"));
    } else if (key_value(text, "run", &value) || key_value(text, "script", &value)) {
        bool block = value.len > 0 && (value.at[0] == '|' || value.at[0] == '>');
        size_t dash = text.at[0] == '-' ? 2 : 0;
        step(reader, block ? read_block(reader, indent + dash) : unquoted(value));
    }
}

static bool claims(RtStr path)
{
    bool yaml = rt_str_ends(path, RT_STR(".yml")) || rt_str_ends(path, RT_STR(".yaml"));
    return yaml &&
           (rt_path_is(rt_path_folder(path), RT_STR(".github/workflows")) ||
            rt_path_is(path, RT_STR("action.yml")) || rt_path_is(path, RT_STR(".gitlab-ci.yml")));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    Reader reader = {
        .manifest = { .sink = sink, .self = self, .text = layer->bytes, .phase = RT_WHEN_BUILD },
        .rest = layer->bytes,
        .events = { .arena = sink->arena }
    };
    RtStr line;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&reader.rest, '\n', &line); i++)
        read_line(&reader, line);
}

const RtEcosystem rt_ecosystem_github = { .name = "github",
                                          .claims = claims,
                                          .manifest = manifest };
