/* say_lock.c - one line per dependency; what is empty is left away. */
#include "support/say_lock.h"

static void say(RtText *out, const char *key, RtStr value)
{
    if (value.len > 0)
        rt_text_format(out, " %s=%.*s", key, RT_FMT(value));
}

static void say_flags(RtText *out, uint32_t flags)
{
    static const char *const names[] = { "direct", "dev",     "optional", "hook",  "loose",
                                         "plugin", "aliased", "patched",  "narrow" };
    for (size_t i = 0; i < RT_COUNT(names); i++)
        if (flags & 1u << i)
            rt_text_format(out, " +%s", names[i]);
}

static void say_item(RtText *out, const RtLock *lock, const RtDependency *item)
{
    static const char *const sources[] = { "registry", "url", "git", "path", "parent" };
    rt_text_format(out, "%u %.*s %.*s@%.*s %s", item->line, RT_FMT(item->ecosystem),
                   RT_FMT(item->name), RT_FMT(item->version), sources[item->source]);
    say_flags(out, item->flags);
    if (item->parent)
        say(out, "parent", lock->items[item->parent - 1].name);
    say(out, "alias", item->alias);
    say(out, "place", item->place);
    say(out, "url", item->url);
    say(out, "registry", item->registry);
    for (uint32_t i = 0; i < item->integrity_count; i++)
        say(out, "integrity", rt_str_sub(item->integrity[i], 0, 20));
    rt_text_byte(out, '\n');
}

void say_lock(RtText *out, const RtLock *lock)
{
    rt_text_format(out, "%.*s%s%s%.*s\n", RT_FMT(lock->kind), lock->complete ? "" : " (incomplete)",
                   lock->project.len ? " of " : "", RT_FMT(lock->project));
    for (size_t i = 0; i < lock->count; i++)
        say_item(out, lock, &lock->items[i]);
    for (size_t i = 0; i < lock->note_count; i++)
        rt_text_format(out, "note %u %.*s: %.*s\n", lock->notes[i].line,
                       RT_FMT(lock->notes[i].what), RT_FMT(lock->notes[i].detail));
    for (size_t i = 0; i < lock->wanted_count; i++)
        rt_text_format(out, "wants %u %.*s %.*s\n", lock->wanted[i].line,
                       RT_FMT(lock->wanted[i].name), RT_FMT(lock->wanted[i].spec));
}
