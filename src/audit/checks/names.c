/* names.c - names one slip away from a much used one: a letter more, less, other or swapped, or
 * only other separators. Most such names are honest, so alone this is a note; with a script at
 * install it weighs. The lists are data (data/popular-*.txt). */
#include "audit/audit.h"

enum { SHORTEST = 5, POPULAR_MOST = 4096 };

extern const uint8_t rt_data_popular_npm_start[], rt_data_popular_npm_end[];
extern const uint8_t rt_data_popular_pypi_start[], rt_data_popular_pypi_end[];

typedef struct {
    RtStr names[POPULAR_MOST];
    size_t count;
} Popular;

static const Popular *read_list(RtArena *arena, const uint8_t *from, const uint8_t *to)
{
    Popular *popular = RT_NEW(arena, Popular);
    RtStr rest = { from, (size_t)(to - from) }, line;
    while (rt_str_next(&rest, '\n', &line) && popular->count < POPULAR_MOST)
        if (line.len > 0 && line.at[0] != '#')
            popular->names[popular->count++] = line;
    return popular;
}

/* One insertion, deletion, substitution or swap of neighbours apart (not zero). */
static bool is_one_slip(RtStr a, RtStr b)
{
    if (a.len > b.len) {
        RtStr longer = a;
        a = b;
        b = longer;
    }
    if (b.len - a.len > 1)
        return false;
    size_t at = 0;
    while (at < a.len && a.at[at] == b.at[at])
        at++;
    RtStr left = rt_str_from(a, at), right = rt_str_from(b, at);
    if (a.len != b.len)
        return rt_str_equal(left, rt_str_from(right, 1));
    if (left.len == 0)
        return false;
    if (rt_str_equal(rt_str_from(left, 1), rt_str_from(right, 1)))
        return true;
    return left.len >= 2 && left.at[0] == right.at[1] && left.at[1] == right.at[0] &&
           rt_str_equal(rt_str_from(left, 2), rt_str_from(right, 2));
}

static bool is_joint(uint8_t byte) { return byte == '-' || byte == '_' || byte == '.'; }

/* The same letters with other separators: "socket-io", "crossenv". */
static bool is_rejoined(RtStr a, RtStr b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a.len && is_joint(a.at[i]))
            i++;
        while (j < b.len && is_joint(b.at[j]))
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.at[i++] != b.at[j++])
            return false;
    }
}

static void check(RtAudit *audit, uint32_t id, const Popular *popular)
{
    const RtDependency *item = &audit->lock.items[id - 1];
    RtStr found = { 0 };
    if (item->name.len < SHORTEST || item->name.at[0] == '@' || item->name.len > 100)
        return;
    for (size_t i = 0; i < popular->count; i++) {
        RtStr name = popular->names[i];
        if (rt_str_equal(name, item->name))
            return;
        if (name.len >= SHORTEST && found.len == 0 &&
            (is_one_slip(name, item->name) || is_rejoined(name, item->name)))
            found = name;
    }
    if (found.len > 0)
        rt_audit_hit(audit,
                     item->flags & RT_DEP_HOOK ? RT_AUDIT_IMITATION_HOOK : RT_AUDIT_IMITATION, id,
                     "%.*s looks like %.*s", RT_FMT(item->name), RT_FMT(found));
}

static void run(RtAudit *audit)
{
    const Popular *npm =
        read_list(audit->arena, rt_data_popular_npm_start, rt_data_popular_npm_end);
    const Popular *pypi =
        read_list(audit->arena, rt_data_popular_pypi_start, rt_data_popular_pypi_end);
    for (uint32_t id = 1; id <= audit->lock.count; id++) {
        const RtDependency *item = &audit->lock.items[id - 1];
        if (item->source == RT_FROM_PATH)
            continue;
        if (rt_str_equal(item->ecosystem, RT_STR("npm")))
            check(audit, id, npm);
        else if (rt_str_equal(item->ecosystem, RT_STR("pypi")))
            check(audit, id, pypi);
    }
}

const RtAuditCheck rt_audit_check_names = { .name = "names", .run = run };
