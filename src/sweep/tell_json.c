/* tell_json.c - the report for machines; docs/sweep.schema.json is the contract, and is tested. */
#include "base/json.h"
#include "ratter/ratter.h"
#include "sweep/tell.h"

static void member(RtText *out, const char *key, RtStr value)
{
    rt_text_format(out, "\"%s\":", key);
    rt_json_quote(out, value);
    rt_text_byte(out, ',');
}

static void member_or_null(RtText *out, const char *key, RtStr value)
{
    if (value.len != 0)
        member(out, key, value);
    else
        rt_text_format(out, "\"%s\":null,", key);
}

static void add_finding(const RtSweep *sweep, const RtSweepHit *hit, bool alone, RtText *out)
{
    const RtFamily *family = &sweep->places->families[hit->place->family];
    rt_text_byte(out, '{');
    if (alone)
        member(out, "schema", RT_STR("ratter-sweep-finding/1"));
    member(out, "place",
           rt_str_format(sweep->arena, "%.*s/%.*s", RT_FMT(family->id), RT_FMT(hit->place->id)));
    member(out, "family", family->title);
    member(out, "level", rt_finding_level_name(hit->level));
    member(out, "says", hit->place->says);
    member(out, "where", hit->where);
    if (hit->line != 0)
        rt_text_format(out, "\"line\":%u,", hit->line);
    else
        rt_text_format(out, "\"line\":null,");
    member_or_null(out, "snippet", hit->snippet);
    member_or_null(out, "exactly", hit->exactly);
    member_or_null(out, "written",
                   hit->when > 0 ? rt_tell_time(sweep->arena, hit->when, true) : RT_STR(""));
    out->len--; /* the last comma */
    rt_text_byte(out, '}');
}

static void add_list_end(RtText *out)
{
    if (out->at[out->len - 1] == ',')
        out->len--;
    rt_text_format(out, "],");
}

static void add_advice(const RtSweep *sweep, RtText *out)
{
    const RtAdvice *steps;
    size_t count = rt_advise(sweep, &steps);
    uint32_t rotate = rt_advise_rotation(sweep);
    rt_text_format(out, "\"advice\":[");
    for (size_t i = 0; i < count; i++) {
        rt_text_byte(out, '{');
        member(out, "title", steps[i].title);
        member(out, "what", steps[i].what);
        out->len--;
        rt_text_format(out, "},");
    }
    add_list_end(out);
    rt_text_format(out, "\"rotate\":[");
    for (int r = 0; r < RT_ROTATIONS; r++) {
        if (!(rotate & 1U << r))
            continue;
        rt_text_byte(out, '{');
        member(out, "id", rt_rotate_word((RtRotate)r));
        member(out, "title", rt_rotate_title((RtRotate)r));
        member(out, "what", rt_rotate_what((RtRotate)r));
        out->len--;
        rt_text_format(out, "},");
    }
    add_list_end(out);
}

static void add_gaps(const RtSweep *sweep, RtText *out)
{
    const RtStr *limits;
    size_t count = rt_sweep_limits(sweep, &limits);
    rt_text_format(out, "\"not_read\":[");
    for (size_t i = 0; i < sweep->gap_count; i++) {
        const RtSweepGap *gap = &sweep->gaps[i];
        rt_text_byte(out, '{');
        member(out, "where", gap->where);
        member(out, "why", gap->why);
        rt_text_format(out, "\"matters\":%s},", gap->matters ? "true" : "false");
    }
    add_list_end(out);
    rt_text_format(out, "\"not_read_more\":%llu,\"limits\":[",
                   (unsigned long long)sweep->gaps_dropped);
    for (size_t i = 0; i < count; i++) {
        rt_json_quote(out, limits[i]);
        rt_text_byte(out, ',');
    }
    add_list_end(out);
}

static void add_document(const RtSweep *sweep, bool with_findings, RtText *out)
{
    const RtSweepCounts *counts = &sweep->counts;
    rt_text_byte(out, '{');
    member(out, "schema", RT_STR("ratter-sweep/1"));
    member(out, "version", RT_STR(RATTER_VERSION));
    member(out, "answer", rt_sweep_answer_word(rt_sweep_answer(sweep)));
    rt_text_format(out, "\"complete\":%s,", rt_sweep_is_complete(sweep) ? "true" : "false");
    member_or_null(out, "root", sweep->root);
    rt_text_format(out, "\"homes\":[");
    for (size_t i = 0; i < sweep->home_count; i++) {
        rt_json_quote(out, rt_sweep_shown(sweep, sweep->homes[i]));
        rt_text_byte(out, ',');
    }
    add_list_end(out);
    if (with_findings) {
        rt_text_format(out, "\"findings\":[");
        for (size_t i = 0; i < sweep->hit_count; i++) {
            add_finding(sweep, &sweep->hits[i], false, out);
            rt_text_byte(out, ',');
        }
        add_list_end(out);
    }
    add_advice(sweep, out);
    add_gaps(sweep, out);
    rt_text_format(out,
                   "\"counts\":{\"places\":%zu,\"files\":%llu,\"checkouts\":%llu,"
                   "\"checkout_files\":%llu,\"packages\":%llu,\"processes\":%llu,"
                   "\"connections\":%llu}}\n",
                   sweep->places->count, (unsigned long long)counts->files,
                   (unsigned long long)counts->checkouts,
                   (unsigned long long)counts->checkout_files, (unsigned long long)counts->packages,
                   (unsigned long long)counts->processes, (unsigned long long)counts->connections);
}

void rt_tell_json(const RtSweep *sweep, RtText *out) { add_document(sweep, true, out); }

void rt_tell_jsonl(const RtSweep *sweep, RtText *out)
{
    for (size_t i = 0; i < sweep->hit_count; i++) {
        add_finding(sweep, &sweep->hits[i], true, out);
        rt_text_byte(out, '\n');
    }
    add_document(sweep, false, out);
}
