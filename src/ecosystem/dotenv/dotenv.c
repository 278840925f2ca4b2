/* dotenv.c - .env files: values that are addresses in disguise. A committed example holds
 * placeholders; lures keep the server their loader asks in base64 there, so that no source file
 * names it (T-OBF-23, T-REPO-10). */
#include "base/base64.h"
#include "base/words.h"
#include "ecosystem/manifest.h"

enum { LINE_LIMIT = 2000 };

static void read_value(RtManifest *manifest, RtStr key, RtStr value)
{
    RtArena *arena = manifest->sink->arena;
    RtStr plain;
    if (rt_word_in(key, "NODE_OPTIONS PYTHONSTARTUP LD_PRELOAD BASH_ENV") && value.len > 0)
        rt_manifest_fact(manifest, RT_FACT_OPEN_HOOK, value, RT_STR("dotenv"), value, key);
    if (value.len < 12 || value.len > 64 * 1024 || !rt_base64_decode(arena, value, &plain))
        return;
    bool address = rt_str_starts(plain, RT_STR("http://")) ||
                   rt_str_starts(plain, RT_STR("https://")) ||
                   rt_str_starts(plain, RT_STR("ws://")) || rt_str_starts(plain, RT_STR("wss://"));
    bool code = rt_str_has(plain, RT_STR("require(")) || rt_str_has(plain, RT_STR("eval("));
    if ((!address && !code) || !rt_str_is_text(plain))
        return;
    size_t from = rt_manifest_locate(manifest, value);
    rt_manifest_fact(manifest, RT_FACT_DATA_DECODE, value, RT_STR("base64 in .env"), plain,
                     RT_STR(""));
    RtLayer layer = {
        .parent = manifest->self, .via = RT_VIA_DECODED, .name = RT_STR("base64"), .bytes = plain
    };
    if (from != RT_NOT_FOUND) {
        layer.source.from = from;
        layer.source.len = value.len;
    }
    manifest->sink->layer(manifest->sink, layer);
}

static bool claims(RtStr path)
{
    RtStr name = rt_path_name(path);
    return rt_str_starts(name, RT_STR(".env")) && !rt_str_equal(name, RT_STR(".envrc"));
}

static void manifest(const RtLayer *layer, RtLayerId self, RtSink *sink)
{
    RtManifest reader = { .sink = sink, .self = self, .text = layer->bytes };
    RtStr rest = layer->bytes, line;
    for (size_t i = 0; i < LINE_LIMIT && rt_str_next(&rest, '\n', &line); i++) {
        size_t equals = rt_str_find_byte(line, '=');
        if (equals == RT_NOT_FOUND || line.at[0] == '#')
            continue;
        RtStr key = rt_str_trim(rt_str_sub(line, 0, equals)),
              value = rt_str_trim(rt_str_from(line, equals + 1));
        size_t comment = rt_str_find(value, RT_STR(" #"));
        value = rt_str_trim(rt_str_sub(value, 0, comment));
        if (value.len >= 2 && (value.at[0] == '"' || value.at[0] == '\'') &&
            value.at[value.len - 1] == value.at[0])
            value = rt_str_sub(value, 1, value.len - 2);
        read_value(&reader, key, value);
    }
}

const RtEcosystem rt_ecosystem_dotenv = { .name = "dotenv",
                                          .claims = claims,
                                          .manifest = manifest };
