/* project_around.c - gathers what manifests and configuration say into one RtProject. */
#include "ecosystem/lockfiles/project_around.h"

enum { WANTED_MOST = 100000, SETTINGS_MOST = 20000, NOTES_MOST = 200 };

void rt_around_want(RtAround *around, RtStr name, RtStr spec, uint32_t flags, uint32_t line)
{
    if (name.len > 0 && around->wanted_count < WANTED_MOST)
        RT_PUSH(around->arena, around->wanted, around->wanted_count, around->wanted_capacity) =
            (RtWanted){ .name = name, .spec = spec, .flags = flags, .line = line };
}

void rt_around_set(RtAround *around, const char *client, RtStr key, RtStr value, uint32_t line)
{
    if (key.len > 0 && around->setting_count < SETTINGS_MOST)
        RT_PUSH(around->arena, around->settings, around->setting_count, around->setting_capacity) =
            (RtSetting){ .client = rt_str_from_c(client),
                         .key = rt_str_sub(key, 0, 300),
                         .value = rt_str_sub(value, 0, 1000),
                         .file = around->file->path,
                         .line = line,
                         .is_personal = around->file->is_personal };
}

void rt_around_note(RtAround *around, RtStr what, uint32_t line)
{
    if (around->note_count < NOTES_MOST)
        RT_PUSH(around->arena, around->notes, around->note_count, around->note_capacity) =
            (RtLockNote){ .what = what, .detail = around->file->path, .line = line };
}

static const RtDoc *checked(RtAround *around, const RtDoc *doc, RtDocFault fault)
{
    if (fault.text.len > 0)
        rt_around_note(around, RT_STR("malformed"), fault.line);
    return doc;
}

const RtDoc *rt_around_json(RtAround *around)
{
    RtDocFault fault = { 0 };
    uint32_t duplicates = 0;
    const RtDoc *doc = rt_json_tree(around->arena, around->file->bytes, true, &fault, &duplicates);
    if (duplicates > 0)
        rt_around_note(around, RT_STR("duplicate-keys"), 0);
    return checked(around, doc, fault);
}

const RtDoc *rt_around_toml(RtAround *around)
{
    RtDocFault fault = { 0 };
    const RtDoc *doc = rt_toml_tree(around->arena, around->file->bytes, &fault);
    return checked(around, doc, fault);
}

const RtDoc *rt_around_yaml(RtAround *around)
{
    RtDocFault fault = { 0 };
    if (rt_str_trim(around->file->bytes).len == 0)
        return NULL;
    RtDocOptions options = { .keep_duplicates = true };
    const RtDoc *doc = rt_doc_read_yaml(around->arena, around->file->bytes, &options, &fault);
    return checked(around, doc, fault);
}

void rt_around_set_each(RtAround *around, const char *client, const char *key, const RtDoc *map)
{
    for (size_t i = 0; map && map->kind != RT_DOC_TEXT && i < map->count; i++) {
        const RtDoc *item = &map->items[i];
        RtStr name = map->kind == RT_DOC_MAP ? map->keys[i].text : item->text;
        RtStr value = name;
        if (map->kind == RT_DOC_MAP)
            value = rt_str_format(around->arena, "%.*s -> %.*s", RT_FMT(rt_str_sub(name, 0, 300)),
                                  RT_FMT(item->kind == RT_DOC_TEXT ? item->text : RT_STR("{...}")));
        rt_around_set(around, client, rt_str_from_c(key), value, item->line);
    }
}

RtAroundKind rt_project_kind(RtStr path)
{
    if (rt_around_manifest(path))
        return RT_AROUND_MANIFEST;
    return rt_around_settings(path) ? RT_AROUND_SETTINGS : RT_AROUND_NOTHING;
}

void rt_project_read(RtArena *arena, const RtAroundFile *files, size_t count,
                     RtProject *ret_project)
{
    RtAround around = { .arena = arena };
    for (size_t i = 0; i < count; i++) {
        around.file = &files[i];
        if (rt_around_manifest(files[i].path)) {
            around.manifest = files[i].path;
            rt_around_read_manifest(&around);
        }
        if (rt_around_settings(files[i].path))
            rt_around_read_settings(&around);
    }
    *ret_project = (RtProject){ .manifest = around.manifest,
                                .name = around.name,
                                .wanted = around.wanted,
                                .wanted_count = around.wanted_count,
                                .settings = around.settings,
                                .setting_count = around.setting_count,
                                .notes = around.notes,
                                .note_count = around.note_count };
}
