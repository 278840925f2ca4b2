/* flow_pattern_builtin.c - what both languages do with regular expressions. */
#include "facts/flow/flow_parts.h"
#include "facts/flow/flow_pattern.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

enum { SEARCH_STEPS = 2000000, MATCHES = 20000 };

typedef struct {
    const RtPattern *pattern;
    RtValue subject;
    size_t at;
    uint64_t budget;
    RtPatternMatch match;
} Search;

/* False: nothing can be said about these operands. */
static bool start(RtRun *run, RtValue pattern, RtValue subject, Search *ret)
{
    const bool text = subject.kind == RT_V_TEXT || subject.kind == RT_V_BYTES;

    if (!text || !rt_flow_known(subject) || !rt_flow_known(pattern) ||
        (pattern.kind != RT_V_REGEX && pattern.kind != RT_V_TEXT && pattern.kind != RT_V_BYTES))
        return false;
    *ret = (Search){ .subject = subject, .budget = SEARCH_STEPS };
    ret->pattern =
        rt_pattern_compile(run->arena, pattern.text->str,
                           pattern.kind == RT_V_REGEX ? pattern.text->flags : (RtStr){ 0 });
    return ret->pattern != NULL;
}

static bool next(RtRun *run, Search *search, bool anchored)
{
    const RtStr text = search->subject.text->str;
    const uint64_t before = search->budget;
    const bool found =
        search->at <= text.len && rt_pattern_find(search->pattern, run->arena, text, search->at,
                                                  anchored, &search->budget, &search->match);

    rt_flow_tick(run, (before - search->budget) / 8);
    if (found)
        search->at = search->match.to[0] > search->match.from[0] ? search->match.to[0]
                                                                 : search->match.to[0] + 1;
    return found;
}

static RtValue piece(RtRun *run, const Search *search, size_t from, size_t to)
{
    const RtStr str = rt_str_sub(search->subject.text->str, from, to - from);
    const RtValue value =
        search->subject.kind == RT_V_BYTES ? rt_flow_bytes(run, str) : rt_flow_text(run, str);

    return rt_flow_with(run, value, search->subject.from);
}

static RtValue group(RtRun *run, const Search *search, size_t at)
{
    if (at >= search->match.groups || search->match.from[at] == RT_NOT_FOUND ||
        search->match.to[at] == RT_NOT_FOUND)
        return run->python ? (RtValue){ .kind = RT_V_NULL } : RT_UNDEFINED;
    return piece(run, search, search->match.from[at], search->match.to[at]);
}

static RtValue groups(RtRun *run, const Search *search)
{
    RtValue list = rt_flow_array(run, search->match.groups);

    for (size_t i = 0; i < search->match.groups; i++)
        rt_flow_push(run, list.array, group(run, search, i));
    return rt_flow_with(run, list, search->subject.from);
}

static RtValue nothing(void) { return (RtValue){ .kind = RT_V_NULL }; }

/* $1, $& and \1 in a replacement */
static void add_replacement(RtRun *run, RtText *out, const Search *search, RtStr with)
{
    const uint8_t mark = run->python ? '\\' : '$';

    for (size_t i = 0; i < with.len; i++) {
        const uint8_t following = i + 1 < with.len ? with.at[i + 1] : 0;
        if (with.at[i] == mark && following >= '1' && following <= '9') {
            const RtStr inner = rt_flow_str(group(run, search, (size_t)(following - '0')));
            rt_text_add(out, inner);
            i++;
        } else if (with.at[i] == '$' && following == '&' && !run->python) {
            rt_text_add(out, rt_flow_str(group(run, search, 0)));
            i++;
        } else {
            rt_text_byte(out, with.at[i]);
        }
    }
}

static RtValue ask(RtRun *run, RtFlowCall *call, RtValue callback, const Search *search)
{
    RtValue args[RT_PATTERN_GROUPS + 1];
    size_t count = 0;

    if (run->python) {
        args[0] = groups(run, search);
        return rt_flow_call_with(run, call->node, callback, RT_UNDEFINED, args, 1);
    }
    for (; count < search->match.groups; count++)
        args[count] = group(run, search, count);
    args[count++] = rt_flow_number((double)search->match.from[0]);
    return rt_flow_call_with(run, call->node, callback, RT_UNDEFINED, args, count);
}

static bool replace(RtRun *run, RtFlowCall *call, Search *search, RtValue with, double limit,
                    RtValue *ret_value)
{
    const RtStr text = search->subject.text->str;
    RtText out = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };
    const RtFlowOrigins *from = rt_flow_unite(run, search->subject.from, with.from);
    bool partial = false;
    size_t done = 0, count = 0;

    for (; (double)count < limit && count < MATCHES && !run->spent && next(run, search, false);
         count++) {
        rt_text_add(&out, rt_str_sub(text, done, search->match.from[0] - done));
        done = search->match.to[0];
        if (with.kind == RT_V_TEXT || with.kind == RT_V_BYTES) {
            add_replacement(run, &out, search, with.text->str);
            partial |= with.text->partial;
        } else {
            const RtValue answer = rt_flow_to_text(run, ask(run, call, with, search));
            rt_text_add(&out, answer.text->str);
            from = rt_flow_unite(run, from, answer.from);
            partial |= answer.text->partial;
        }
    }
    rt_text_add(&out, rt_str_from(text, done));
    *ret_value = search->subject.kind == RT_V_BYTES ? rt_flow_bytes(run, rt_text_str(&out))
                                                    : rt_flow_text(run, rt_text_str(&out));
    if (partial && out.len > 1)
        ret_value->text->partial = true;
    ret_value->from = rt_flow_unite(run, ret_value->from, from);
    return true;
}

bool rt_flow_replace_pattern(RtRun *run, RtFlowCall *call, bool all, RtValue *ret_value)
{
    const RtValue pattern = rt_flow_arg(call, 0), with = rt_flow_arg(call, 1);
    RtValue literal = pattern;
    Search search;

    if (with.kind != RT_V_TEXT && !rt_flow_is_callable(with))
        return false;
    if (pattern.kind == RT_V_TEXT) { /* a text to find, a function to say what instead */
        RtText quoted = { .arena = run->arena };
        for (size_t i = 0; i < pattern.text->str.len; i++) {
            if (pattern.text->str.at[i] < 0x80 &&
                !(pattern.text->str.at[i] >= 'a' && pattern.text->str.at[i] <= 'z') &&
                !(pattern.text->str.at[i] >= 'A' && pattern.text->str.at[i] <= 'Z') &&
                !(pattern.text->str.at[i] >= '0' && pattern.text->str.at[i] <= '9'))
                rt_text_byte(&quoted, '\\');
            rt_text_byte(&quoted, pattern.text->str.at[i]);
        }
        literal = rt_flow_text(run, rt_text_str(&quoted));
    } else {
        all = rt_str_find_byte(pattern.text->flags, 'g') != RT_NOT_FOUND;
    }
    return start(run, literal, call->self, &search) &&
           replace(run, call, &search, with, all ? MATCHES : 1, ret_value);
}

static bool split(RtRun *run, Search *search, RtValue *ret_value)
{
    const RtStr text = search->subject.text->str;
    size_t done = 0;

    *ret_value = rt_flow_array(run, 0);
    while (!run->spent && ret_value->array->count < MATCHES && next(run, search, false)) {
        if (search->match.to[0] == search->match.from[0] &&
            (search->match.from[0] == 0 || search->match.from[0] >= text.len))
            continue;
        rt_flow_push(run, ret_value->array, piece(run, search, done, search->match.from[0]));
        for (size_t i = 1; i < search->match.groups; i++)
            rt_flow_push(run, ret_value->array, group(run, search, i));
        done = search->match.to[0];
    }
    rt_flow_push(run, ret_value->array, piece(run, search, done, text.len));
    return true;
}

bool rt_flow_split_pattern(RtRun *run, RtFlowCall *call, RtValue *ret_value)
{
    Search search;

    return start(run, rt_flow_arg(call, 0), call->self, &search) && split(run, &search, ret_value);
}

static bool all_matches(RtRun *run, Search *search, bool whole, RtValue *ret_value)
{
    *ret_value = rt_flow_array(run, 0);
    while (!run->spent && ret_value->array->count < MATCHES && next(run, search, false)) {
        RtValue one;
        if (whole)
            one = groups(run, search);
        else if (search->match.groups == 1 || !run->python)
            one = group(run, search, 0);
        else if (search->match.groups == 2)
            one = group(run, search, 1);
        else {
            one = rt_flow_array(run, 0);
            for (size_t i = 1; i < search->match.groups; i++)
                rt_flow_push(run, one.array, group(run, search, i));
        }
        rt_flow_push(run, ret_value->array, one);
    }
    return true;
}

BUILTIN(text_match)
{
    const RtValue pattern = rt_flow_arg(call, 0);
    Search search;

    if (!start(run, pattern, call->self, &search))
        return false;
    if (pattern.kind == RT_V_REGEX && rt_str_find_byte(pattern.text->flags, 'g') != RT_NOT_FOUND) {
        all_matches(run, &search, false, ret_value);
        if (ret_value->array->count == 0)
            *ret_value = nothing();
        return true;
    }
    *ret_value = next(run, &search, false) ? groups(run, &search) : nothing();
    return true;
}

BUILTIN(text_match_all)
{
    Search search;

    return start(run, rt_flow_arg(call, 0), call->self, &search) &&
           all_matches(run, &search, true, ret_value);
}

BUILTIN(text_search)
{
    Search search;

    if (!start(run, rt_flow_arg(call, 0), call->self, &search))
        return false;
    *ret_value = rt_flow_number(next(run, &search, false) ? (double)search.match.from[0] : -1);
    return true;
}

BUILTIN(regex_exec)
{
    RtFlowText *regex = call->self.text;
    const bool global = rt_str_find_byte(regex->flags, 'g') != RT_NOT_FOUND;
    Search search;

    if (run->python || !start(run, call->self, rt_flow_arg(call, 0), &search))
        return false;
    search.at = global ? regex->last_index : 0;
    if (next(run, &search, false)) {
        regex->last_index = search.at;
        *ret_value = groups(run, &search);
    } else {
        regex->last_index = 0;
        *ret_value = nothing();
    }
    return true;
}

BUILTIN(regex_test)
{
    Search search;

    if (!start(run, call->self, rt_flow_arg(call, 0), &search))
        return false;
    *ret_value = rt_flow_bool(next(run, &search, false));
    return true;
}

/* re.f(pattern, text) and pattern.f(text) */
static bool python_start(RtRun *run, RtFlowCall *call, size_t subject_at, Search *ret,
                         size_t *ret_shift)
{
    const bool method = call->self.kind == RT_V_REGEX;

    *ret_shift = method ? 0 : 1;
    return start(run, method ? call->self : rt_flow_arg(call, 0),
                 rt_flow_arg(call, subject_at + *ret_shift), ret);
}

BUILTIN(python_sub)
{
    const bool method = call->self.kind == RT_V_REGEX;
    const RtValue with = rt_flow_arg(call, method ? 0 : 1);
    double limit = 0;
    Search search;
    size_t shift;

    if (!python_start(run, call, 1, &search, &shift) ||
        (with.kind != search.subject.kind && !rt_flow_is_callable(with)) ||
        !rt_flow_arg_number(run, call, 2 + shift, 0, &limit))
        return false;
    return replace(run, call, &search, with, limit > 0 ? limit : MATCHES, ret_value);
}

BUILTIN(python_findall)
{
    Search search;
    size_t shift;

    return python_start(run, call, 0, &search, &shift) &&
           all_matches(run, &search, false, ret_value);
}

static bool python_find(RtRun *run, RtFlowCall *call, bool anchored, RtValue *ret_value)
{
    Search search;
    size_t shift;

    if (!python_start(run, call, 0, &search, &shift))
        return false;
    *ret_value = next(run, &search, anchored) ? groups(run, &search) : nothing();
    return true;
}

BUILTIN(python_match) { return python_find(run, call, true, ret_value); }
BUILTIN(python_search) { return python_find(run, call, false, ret_value); }

BUILTIN(python_split)
{
    Search search;
    size_t shift;

    return python_start(run, call, 0, &search, &shift) && split(run, &search, ret_value);
}

BUILTIN(python_compile)
{
    const RtValue pattern = rt_flow_arg(call, 0);

    if ((pattern.kind != RT_V_TEXT && pattern.kind != RT_V_BYTES) || !rt_flow_known(pattern))
        return false;
    *ret_value = pattern;
    ret_value->text = RT_NEW(run->arena, RtFlowText);
    ret_value->text->str = pattern.text->str;
    ret_value->kind = RT_V_REGEX;
    return true;
}

BUILTIN(js_regexp)
{
    const RtValue flags = rt_flow_arg(call, 1);

    if (!python_compile(run, call, ret_value))
        return false;
    if (flags.kind == RT_V_TEXT)
        ret_value->text->flags = flags.text->str;
    return true;
}

/* A match is the array of its groups: m.group(1), m[1] */
BUILTIN(match_group)
{
    double at;

    if (!run->python || !rt_flow_arg_number(run, call, 0, 0, &at) || at < 0 ||
        at >= (double)call->self.array->count)
        return false;
    *ret_value = rt_flow_with(run, call->self.array->items[(size_t)at], call->self.from);
    return true;
}

BUILTIN(match_groups)
{
    *ret_value = rt_flow_array(run, 0);
    for (size_t i = 1; i < call->self.array->count; i++)
        rt_flow_push(run, ret_value->array, call->self.array->items[i]);
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "text.match", text_match },        { "text.matchAll", text_match_all },
    { "text.search", text_search },      { "regex.exec", regex_exec },
    { "regex.test", regex_test },        { "regex.sub", python_sub },
    { "regex.findall", python_findall }, { "regex.match", python_match },
    { "regex.fullmatch", python_match }, { "regex.search", python_search },
    { "regex.split", python_split },     { "array.group", match_group },
    { "array.groups", match_groups },    { "re.sub", python_sub },
    { "re.findall", python_findall },    { "re.match", python_match },
    { "re.search", python_search },      { "re.split", python_split },
    { "re.compile", python_compile },    { "RegExp", js_regexp },
};
const RtFlowBuiltins rt_flow_pattern_builtins = { builtins, RT_COUNT(builtins) };
