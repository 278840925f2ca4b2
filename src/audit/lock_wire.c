/* lock_wire.c - a lock and its project as bytes, and back; the child may have been taken over by
 * what it read, so counts, kinds and references are checked against the bytes that came. */
#include "audit/audit.h"
#include "base/cursor.h"

static void put_number(RtText *out, uint64_t number)
{
    while (number >= 0x80) {
        rt_text_byte(out, (uint8_t)(number | 0x80));
        number >>= 7;
    }
    rt_text_byte(out, (uint8_t)number);
}

static void put_str(RtText *out, RtStr text)
{
    put_number(out, text.len);
    rt_text_add(out, text);
}

static void put_item(RtText *out, const RtDependency *item)
{
    const RtStr texts[] = { item->ecosystem, item->name, item->version, item->alias,
                            item->place,     item->url,  item->registry };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        put_str(out, texts[i]);
    put_number(out, item->integrity_count);
    for (uint32_t i = 0; i < item->integrity_count; i++)
        put_str(out, item->integrity[i]);
    put_number(out, (uint64_t)item->source);
    put_number(out, item->flags);
    put_number(out, item->line);
    put_number(out, item->parent);
}

static void put_notes(RtText *out, const RtLockNote *notes, size_t count)
{
    put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        put_str(out, notes[i].what);
        put_str(out, notes[i].detail);
        put_number(out, notes[i].line);
    }
}

static void put_wanted(RtText *out, const RtWanted *wanted, size_t count)
{
    put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        put_str(out, wanted[i].name);
        put_str(out, wanted[i].spec);
        put_number(out, wanted[i].flags);
        put_number(out, wanted[i].line);
    }
}

void rt_audit_put(RtText *out, const RtLock *lock, const RtProject *project)
{
    put_str(out, lock->kind);
    put_str(out, lock->project);
    put_number(out, lock->count);
    for (size_t i = 0; i < lock->count; i++)
        put_item(out, &lock->items[i]);
    put_notes(out, lock->notes, lock->note_count);
    put_wanted(out, lock->wanted, lock->wanted_count);
    put_number(out, (uint64_t)lock->wanted_kind);
    put_number(out, lock->complete);
    put_str(out, project->manifest);
    put_str(out, project->name);
    put_wanted(out, project->wanted, project->wanted_count);
    put_number(out, project->setting_count);
    for (size_t i = 0; i < project->setting_count; i++) {
        const RtSetting *setting = &project->settings[i];
        put_str(out, setting->client);
        put_str(out, setting->key);
        put_str(out, setting->value);
        put_str(out, setting->file);
        put_number(out, setting->line);
        put_number(out, setting->is_personal);
    }
    put_notes(out, project->notes, project->note_count);
}

/* ---- and back */

typedef struct {
    RtCursor in;
    RtArena *arena;
} Taker;

static uint32_t take_number(Taker *taker, uint64_t most)
{
    uint64_t number = rt_take_varint(&taker->in);
    if (number > most) {
        taker->in.short_read = true;
        return 0;
    }
    return (uint32_t)number;
}

/* Each item takes a byte at least, so a count beyond the rest is a lie. */
static size_t take_count(Taker *taker)
{
    return taker->in.short_read ? 0 : take_number(taker, taker->in.rest.len);
}

static RtStr take_str(Taker *taker)
{
    size_t len = take_count(taker);
    return rt_take(&taker->in, len);
}

static void take_item(Taker *taker, size_t count, RtDependency *item)
{
    RtStr *const texts[] = { &item->ecosystem, &item->name, &item->version, &item->alias,
                             &item->place,     &item->url,  &item->registry };
    for (size_t i = 0; i < RT_COUNT(texts); i++)
        *texts[i] = take_str(taker);
    size_t sums = take_count(taker);
    item->integrity = RT_NEW_ARRAY(taker->arena, RtStr, sums);
    item->integrity_count = (uint32_t)sums;
    for (size_t i = 0; i < sums; i++)
        item->integrity[i] = take_str(taker);
    item->source = (RtDependencySource)take_number(taker, RT_FROM_PARENT);
    item->flags = take_number(taker, UINT32_MAX);
    item->line = take_number(taker, UINT32_MAX);
    item->parent = take_number(taker, count);
}

static const RtLockNote *take_notes(Taker *taker, size_t *ret_count)
{
    size_t count = take_count(taker);
    RtLockNote *notes = RT_NEW_ARRAY(taker->arena, RtLockNote, count);
    for (size_t i = 0; i < count && !taker->in.short_read; i++) {
        notes[i].what = take_str(taker);
        notes[i].detail = take_str(taker);
        notes[i].line = take_number(taker, UINT32_MAX);
    }
    *ret_count = count;
    return notes;
}

static const RtWanted *take_wanted(Taker *taker, size_t *ret_count)
{
    size_t count = take_count(taker);
    RtWanted *wanted = RT_NEW_ARRAY(taker->arena, RtWanted, count);
    for (size_t i = 0; i < count && !taker->in.short_read; i++) {
        wanted[i].name = take_str(taker);
        wanted[i].spec = take_str(taker);
        wanted[i].flags = take_number(taker, UINT32_MAX);
        wanted[i].line = take_number(taker, UINT32_MAX);
    }
    *ret_count = count;
    return wanted;
}

static const RtSetting *take_settings(Taker *taker, size_t *ret_count)
{
    size_t count = take_count(taker);
    RtSetting *settings = RT_NEW_ARRAY(taker->arena, RtSetting, count);
    for (size_t i = 0; i < count && !taker->in.short_read; i++) {
        settings[i].client = take_str(taker);
        settings[i].key = take_str(taker);
        settings[i].value = take_str(taker);
        settings[i].file = take_str(taker);
        settings[i].line = take_number(taker, UINT32_MAX);
        settings[i].is_personal = take_number(taker, 1) != 0;
    }
    *ret_count = count;
    return settings;
}

bool rt_audit_get(RtArena *arena, RtStr bytes, RtLock *ret_lock, RtProject *ret_project)
{
    /* One copy that everything points into. */
    Taker taker = { .in = { .rest = rt_str_copy(arena, bytes) }, .arena = arena };
    RtLock lock = { .kind = take_str(&taker) };
    RtProject project = { 0 };
    lock.project = take_str(&taker);
    lock.count = take_count(&taker);
    if (lock.count > rt_arena_left(arena) / sizeof(RtDependency) / 2)
        return false;
    RtDependency *items = RT_NEW_ARRAY(arena, RtDependency, lock.count);
    for (size_t i = 0; i < lock.count && !taker.in.short_read; i++)
        take_item(&taker, lock.count, &items[i]);
    lock.items = items;
    lock.notes = take_notes(&taker, &lock.note_count);
    lock.wanted = take_wanted(&taker, &lock.wanted_count);
    lock.wanted_kind = (RtWantedKind)take_number(&taker, RT_WANTED_OWN);
    lock.complete = take_number(&taker, 1) != 0;
    project.manifest = take_str(&taker);
    project.name = take_str(&taker);
    project.wanted = take_wanted(&taker, &project.wanted_count);
    project.settings = take_settings(&taker, &project.setting_count);
    project.notes = take_notes(&taker, &project.note_count);
    if (taker.in.short_read || taker.in.rest.len != 0)
        return false;
    *ret_lock = lock;
    *ret_project = project;
    return true;
}
