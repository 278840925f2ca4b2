/* languages_registry.c - the table of front ends, made from the folder
 * (build/generated/facts_languages.list). */
#include "facts/languages/languages.h"

#define PLUG(name) extern const RtLanguage rt_language_##name;
#include "facts_languages.list"
#undef PLUG

static const RtLanguage *const languages[] = {
#define PLUG(name) &rt_language_##name,
#include "facts_languages.list"
#undef PLUG
};

const RtLanguage *const *rt_languages(size_t *ret_count)
{
    *ret_count = RT_COUNT(languages);
    return languages;
}

/* Content and suffix agree: the others, who read the same bytes again, need not be asked. */
enum { SETTLED = 92 };

const RtLanguage *rt_languages_called(RtStr path)
{
    size_t dot = rt_str_rfind_byte(path, '.');
    if (dot == RT_NOT_FOUND || path.len - dot > 6)
        return NULL;
    uint8_t wanted[8] = " ";
    RtStr suffix = rt_str_from(path, dot + 1);
    for (size_t i = 0; i < suffix.len; i++)
        wanted[1 + i] = suffix.at[i];
    wanted[1 + suffix.len] = ' ';
    for (size_t i = 0; i < RT_COUNT(languages); i++)
        if (languages[i]->suffixes != NULL &&
            rt_str_has(rt_str_from_c(languages[i]->suffixes), (RtStr){ wanted, suffix.len + 2 }))
            return languages[i];
    return NULL;
}

const RtLanguage *rt_languages_bid(RtStr path, RtStr bytes, int *ret_bid)
{
    const RtLanguage *best = rt_languages_called(path), *first = best;
    int best_bid = best == NULL ? 0 : best->bid(path, bytes);
    if (best_bid == 0)
        best = NULL;
    for (size_t i = 0; i < RT_COUNT(languages) && best_bid < SETTLED; i++) {
        if (languages[i] == first)
            continue;
        int bid = languages[i]->bid(path, bytes);
        if (bid > best_bid) {
            best = languages[i];
            best_bid = bid;
        }
    }
    *ret_bid = best_bid;
    return best;
}

const RtLanguage *rt_languages_best(RtStr path, RtStr bytes)
{
    int bid;
    return rt_languages_bid(path, bytes, &bid);
}

const RtLanguage *rt_languages_find(RtStr name)
{
    for (size_t i = 0; i < RT_COUNT(languages); i++)
        if (rt_str_equal(rt_str_from_c(languages[i]->name), name))
            return languages[i];
    return NULL;
}
