/* lock_wire.c - a lock and its project as bytes, and back; the child may have been taken over by
 * what it read, so counts, kinds and references are checked against the bytes that came. */
#include "audit/audit.h"
#include "base/cursor.h"

static void put_item(RtText *out, const RtDependency *item)
{
    const RtStr texts[] = { item->ecosystem, item->name,  item->version,
                            item->alias,     item->place, item->url,
                            item->registry,  item->asks,  item->released };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        rt_put_text(out, texts[i]);
    rt_put_number(out, item->integrity_count);
    for (uint32_t i = 0; i < item->integrity_count; i++)
        rt_put_text(out, item->integrity[i]);
    rt_put_number(out, (uint64_t)item->source);
    rt_put_number(out, item->flags);
    rt_put_number(out, item->line);
    rt_put_number(out, item->parent);
}

static void put_notes(RtText *out, const RtLockNote *notes, size_t count)
{
    rt_put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        rt_put_text(out, notes[i].what);
        rt_put_text(out, notes[i].detail);
        rt_put_number(out, notes[i].line);
    }
}

static void put_wanted(RtText *out, const RtWanted *wanted, size_t count)
{
    rt_put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        rt_put_text(out, wanted[i].name);
        rt_put_text(out, wanted[i].spec);
        rt_put_number(out, wanted[i].flags);
        rt_put_number(out, wanted[i].line);
    }
}

void rt_audit_put(RtText *out, const RtLock *lock, const RtProject *project)
{
    rt_put_text(out, lock->kind);
    rt_put_text(out, lock->project);
    rt_put_number(out, lock->count);
    for (size_t i = 0; i < lock->count; i++)
        put_item(out, &lock->items[i]);
    put_notes(out, lock->notes, lock->note_count);
    put_wanted(out, lock->wanted, lock->wanted_count);
    rt_put_number(out, (uint64_t)lock->wanted_kind);
    rt_put_number(out, lock->complete);
    rt_put_text(out, project->manifest);
    rt_put_text(out, project->name);
    put_wanted(out, project->wanted, project->wanted_count);
    rt_put_number(out, project->setting_count);
    for (size_t i = 0; i < project->setting_count; i++) {
        const RtSetting *setting = &project->settings[i];
        rt_put_text(out, setting->client);
        rt_put_text(out, setting->key);
        rt_put_text(out, setting->value);
        rt_put_text(out, setting->file);
        rt_put_number(out, setting->line);
        rt_put_number(out, setting->is_personal);
    }
    put_notes(out, project->notes, project->note_count);
}

/* ---- and back */

typedef struct {
    RtCursor in;
    RtArena *arena;
} Taker;

static void take_item(Taker *taker, size_t count, RtDependency *item)
{
    RtStr *const texts[] = { &item->ecosystem, &item->name,  &item->version,
                             &item->alias,     &item->place, &item->url,
                             &item->registry,  &item->asks,  &item->released };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        *texts[i] = rt_take_text(&taker->in);
    size_t sums = rt_take_count(&taker->in);
    item->integrity = RT_NEW_ARRAY(taker->arena, RtStr, sums);
    item->integrity_count = (uint32_t)sums;
    for (size_t i = 0; i < sums; i++)
        item->integrity[i] = rt_take_text(&taker->in);
    item->source = (RtDependencySource)rt_take_number(&taker->in, RT_FROM_PARENT);
    item->flags = rt_take_number(&taker->in, UINT32_MAX);
    item->line = rt_take_number(&taker->in, UINT32_MAX);
    item->parent = rt_take_number(&taker->in, count);
}

static const RtLockNote *take_notes(Taker *taker, size_t *ret_count)
{
    size_t count = rt_take_count(&taker->in);
    RtLockNote *notes = RT_NEW_ARRAY(taker->arena, RtLockNote, count);
    for (size_t i = 0; i < count && !taker->in.short_read; i++) {
        notes[i].what = rt_take_text(&taker->in);
        notes[i].detail = rt_take_text(&taker->in);
        notes[i].line = rt_take_number(&taker->in, UINT32_MAX);
    }
    *ret_count = count;
    return notes;
}

static const RtWanted *take_wanted(Taker *taker, size_t *ret_count)
{
    size_t count = rt_take_count(&taker->in);
    RtWanted *wanted = RT_NEW_ARRAY(taker->arena, RtWanted, count);
    for (size_t i = 0; i < count && !taker->in.short_read; i++) {
        wanted[i].name = rt_take_text(&taker->in);
        wanted[i].spec = rt_take_text(&taker->in);
        wanted[i].flags = rt_take_number(&taker->in, UINT32_MAX);
        wanted[i].line = rt_take_number(&taker->in, UINT32_MAX);
    }
    *ret_count = count;
    return wanted;
}

static const RtSetting *take_settings(Taker *taker, size_t *ret_count)
{
    size_t count = rt_take_count(&taker->in);
    RtSetting *settings = RT_NEW_ARRAY(taker->arena, RtSetting, count);
    for (size_t i = 0; i < count && !taker->in.short_read; i++) {
        settings[i].client = rt_take_text(&taker->in);
        settings[i].key = rt_take_text(&taker->in);
        settings[i].value = rt_take_text(&taker->in);
        settings[i].file = rt_take_text(&taker->in);
        settings[i].line = rt_take_number(&taker->in, UINT32_MAX);
        settings[i].is_personal = rt_take_number(&taker->in, 1) != 0;
    }
    *ret_count = count;
    return settings;
}

bool rt_audit_get(RtArena *arena, RtStr bytes, RtLock *ret_lock, RtProject *ret_project)
{
    /* One copy that everything points into. */
    Taker taker = { .in = { .rest = rt_str_copy(arena, bytes) }, .arena = arena };
    RtLock lock = { .kind = rt_take_text(&taker.in) };
    RtProject project = { 0 };
    lock.project = rt_take_text(&taker.in);
    lock.count = rt_take_count(&taker.in);
    if (lock.count > rt_arena_left(arena) / sizeof(RtDependency) / 2)
        return false;
    RtDependency *items = RT_NEW_ARRAY(arena, RtDependency, lock.count);
    for (size_t i = 0; i < lock.count && !taker.in.short_read; i++)
        take_item(&taker, lock.count, &items[i]);
    lock.items = items;
    lock.notes = take_notes(&taker, &lock.note_count);
    lock.wanted = take_wanted(&taker, &lock.wanted_count);
    lock.wanted_kind = (RtWantedKind)rt_take_number(&taker.in, RT_WANTED_OWN);
    lock.complete = rt_take_number(&taker.in, 1) != 0;
    project.manifest = rt_take_text(&taker.in);
    project.name = rt_take_text(&taker.in);
    project.wanted = take_wanted(&taker, &project.wanted_count);
    project.settings = take_settings(&taker, &project.setting_count);
    project.notes = take_notes(&taker, &project.note_count);
    if (taker.in.short_read || taker.in.rest.len != 0)
        return false;
    *ret_lock = lock;
    *ret_project = project;
    return true;
}
