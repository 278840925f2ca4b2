/* formats.c - the registry of formats, and what readers and writers of JSON share. */
#include "intel/formats.h"

#include "base/hash.h"
#include "intel/versions.h"

#define PLUG(name) extern const RtIntelFormat rt_intel_format_##name;
#include "intel_formats.list"
#undef PLUG

static const RtIntelFormat *const formats[] = {
#define PLUG(name) &rt_intel_format_##name,
#include "intel_formats.list"
#undef PLUG
};

const RtIntelFormat *const *rt_intel_formats(size_t *ret_count)
{
    *ret_count = RT_COUNT(formats);
    return formats;
}

const RtIntelFormat *rt_intel_format_find(RtStr name)
{
    for (size_t i = 0; i < RT_COUNT(formats); i++)
        if (rt_str_equal(name, rt_str_from_c(formats[i]->name)))
            return formats[i];
    return NULL;
}

const RtIntelFormat *rt_intel_format_for(RtStr name, RtStr bytes)
{
    const RtIntelFormat *best = NULL;
    int highest = 0;
    for (size_t i = 0; i < RT_COUNT(formats); i++) {
        int bid = formats[i]->bid != NULL ? formats[i]->bid(name, bytes) : 0;
        if (bid > highest) {
            highest = bid;
            best = formats[i];
        }
    }
    return best;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* False when `text` is no JSON. */
static bool read_one(RtStr text, RtIntelTaker *to,
                     void (*record)(const RtJson *json, RtIntelTaker *to))
{
    RtJsonOptions options = { .lenient = false };
    if (rt_str_starts(text, RT_STR("\xEF\xBB\xBF")))
        text = rt_str_from(text, 3);
    const RtJson *json = rt_json_read(to->arena, text, &options);
    if (json == NULL)
        return false;
    if (json->kind == RT_JSON_ARRAY)
        for (size_t i = 0; i < json->count; i++)
            record(&json->items[i], to);
    else
        record(json, to);
    return true;
}

void rt_feed_json(RtStr name, RtStr bytes, RtIntelTaker *to,
                  void (*record)(const RtJson *json, RtIntelTaker *to))
{
    if (rt_str_trim(bytes).len == 0) {
        to->bad(to->context, name, "is empty");
        return;
    }
    RtStr rest = rt_str_trim(bytes), line;
    size_t end = rt_str_find_byte(rest, '\n');
    uint8_t last =
        end == RT_NOT_FOUND || end == 0 ? 0 : rt_str_trim(rt_str_sub(rest, 0, end)).at[0];
    bool is_lines = last == '{' && rt_str_ends(rt_str_trim(rt_str_sub(rest, 0, end)), RT_STR("}"));
    if (!is_lines) {
        if (!read_one(rest, to, record))
            to->bad(to->context, name, "is no JSON");
        return;
    }
    for (size_t number = 1; rt_str_next(&rest, '\n', &line); number++) {
        line = rt_str_trim(line);
        if (line.len > 0 && !read_one(line, to, record))
            to->bad(to->context, rt_str_format(to->arena, "line %zu", number), "is no JSON");
    }
}

bool rt_versions_add(RtText *set, const char *bounds, RtStr version)
{
    if (!rt_version_is_plain(version))
        return false;
    if (set->len > 0 && set->at[set->len - 1] != ' ')
        rt_text_byte(set, '|');
    rt_text_add(set, rt_str_from_c(bounds));
    rt_text_add(set, version);
    return true;
}

/* ---- writing ------------------------------------------------------------------------------- */

RtStr rt_uuid(RtArena *arena, RtStr text)
{
    /* The namespace of STIX 2.1 §2.9; SHA-256 in place of SHA-1 would not be version 5. */
    static const uint8_t space[16] = { 0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
                                       0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7 };
    RtText whole = { .arena = arena };
    rt_text_add(&whole, (RtStr){ space, sizeof space });
    rt_text_add(&whole, text);
    RtStr digest = { 0 };
    uint8_t id[16] = { 0 };
    if (rt_digest(arena, RT_STR("sha1"), rt_text_str(&whole), &digest) && digest.len >= sizeof id)
        for (size_t i = 0; i < sizeof id; i++)
            id[i] = digest.at[i];
    id[6] = (uint8_t)((id[6] & 0x0f) | 0x50);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
    RtStr hex = rt_hex(arena, (RtStr){ id, sizeof id });
    return rt_str_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", (const char *)hex.at,
                         (const char *)hex.at + 8, (const char *)hex.at + 12,
                         (const char *)hex.at + 16, (const char *)hex.at + 20);
}

RtStr rt_entry_digest(RtArena *arena, const RtIntelEntry *entry, size_t bytes)
{
    RtText text = { .arena = arena };
    const RtStr parts[] = { rt_intel_kind_name(entry->kind), entry->ecosystem, entry->value,
                            entry->versions, entry->id };
    for (size_t i = 0; i < RT_COUNT(parts); i++) {
        rt_text_add(&text, parts[i]);
        rt_text_byte(&text, 0);
    }
    uint8_t digest[32];
    rt_sha256(rt_text_str(&text), digest);
    return rt_hex(arena, (RtStr){ digest, bytes < sizeof digest ? bytes : sizeof digest });
}

void rt_json_comma(RtText *out)
{
    uint8_t last = out->len > 0 ? out->at[out->len - 1] : '{';
    if (last != '{' && last != '[' && last != ':' && last != '\n')
        rt_text_byte(out, ',');
}

void rt_json_key(RtText *out, const char *key)
{
    rt_json_comma(out);
    rt_text_format(out, "\"%s\":", key);
}

void rt_json_pair(RtText *out, const char *key, RtStr value)
{
    if (value.len == 0)
        return;
    rt_json_key(out, key);
    rt_json_quote(out, value);
}
