/* say_facts.c - see say_facts.h. */
#include "support/say_facts.h"

#include <stdio.h>

RtStr say_fact(FakeSink *fake, const RtFact *fact)
{
    RtText out = { .arena = fake->sink.arena };
    size_t last = 4;
    while (last > 0 && fact->args[last - 1].len == 0)
        last--;
    rt_text_add(&out, rt_fact_name(fact->kind));
    for (size_t i = 0; i < last; i++) {
        rt_text_byte(&out, '|');
        for (size_t k = 0; k < fact->args[i].len; k++)
            rt_text_byte(&out, fact->args[i].at[k] == '\n' ? ' ' : fact->args[i].at[k]);
    }
    for (size_t i = 0; i < fact->because_count; i++) {
        const RtFact *because = fake->sink.get_fact(&fake->sink, fact->because[i]);
        rt_text_add(&out, i == 0 ? RT_STR(" <- ") : RT_STR(" "));
        rt_text_add(&out, because ? rt_fact_name(because->kind) : RT_STR("?"));
    }
    return rt_text_str(&out);
}

RtStr say_facts(FakeSink *fake)
{
    RtText out = { .arena = fake->sink.arena };
    for (size_t i = 1; i < fake->fact_count; i++) {
        rt_text_add(&out, say_fact(fake, &fake->facts[i]));
        rt_text_byte(&out, '\n');
    }
    return rt_text_str(&out);
}

static bool has_line(RtStr said, RtStr wanted)
{
    RtStr line;
    while (rt_str_next(&said, '\n', &line))
        if (rt_str_starts(line, wanted))
            return true;
    return false;
}

int miss_facts(const char *name, RtStr said, const char *wanted)
{
    RtStr rest = rt_str_from_c(wanted), line;
    int missing = 0;
    while (rt_str_next(&rest, '\n', &line)) {
        bool negative = rt_str_starts(line, RT_STR("!"));
        RtStr text = negative ? rt_str_from(line, 1) : line;
        if (text.len == 0 || has_line(said, text) != negative)
            continue;
        printf("%s: %s: %.*s\n", name, negative ? "unwanted" : "missing", RT_FMT(text));
        missing++;
    }
    if (missing > 0)
        printf("%s said:\n%.*s\n", name, RT_FMT(said));
    return missing;
}
