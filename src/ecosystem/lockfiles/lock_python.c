/* lock_python.c - what poetry.lock, uv.lock, pdm.lock and pylock.toml have in common. */
#include "ecosystem/lockfiles/lock_python.h"

uint32_t rt_lock_python_add(RtLockWriter *out, const RtDoc *package, RtDependency item)
{
    RtStr name = rt_doc_text(package, RT_STR("name"));
    if (name.len == 0) {
        rt_lock_broken(out, RT_STR("wrong-type"), RT_STR("a package without a name"),
                       package->line);
        return 0;
    }
    item.ecosystem = RT_STR("pypi");
    item.name = rt_lock_pypi_name(out, name);
    item.version = rt_doc_text(package, RT_STR("version"));
    item.line = package->line;
    uint32_t id = rt_lock_add(out, item);
    rt_lock_key(out, item.name, id);
    rt_lock_key(out, rt_lock_pair(out, item.name, item.version), id);
    return id;
}

/* "https://host:1/path" -> "https://host:1" */
static RtStr origin_of(RtStr url)
{
    size_t scheme = rt_str_find(url, RT_STR("://"));
    if (scheme == RT_NOT_FOUND)
        return RT_STR("");
    size_t end = rt_str_find_byte(rt_str_from(url, scheme + 3), '/');
    return end == RT_NOT_FOUND ? url : rt_str_sub(url, 0, scheme + 3 + end);
}

void rt_lock_python_file(RtLockWriter *out, RtDependency *item, const RtDoc *file)
{
    RtStr url = rt_doc_text(file, RT_STR("url"));
    RtStr uploaded = rt_doc_text(file, RT_STR("upload-time")); /* uv and PEP 751 write UTC */
    if (rt_str_compare(uploaded, item->released) > 0)
        item->released = uploaded;
    if (item->url.len == 0)
        item->url = url;
    else if (url.len > 0 && !rt_str_equal(origin_of(url), origin_of(item->url)))
        rt_lock_note(out, RT_STR("files-apart"), url, file->line);
    rt_lock_one_integrity(out, item, rt_doc_text(file, RT_STR("hash")));
    const RtDoc *hashes = rt_doc_map(file, RT_STR("hashes"));
    for (size_t i = 0; i < hashes->count; i++)
        if (hashes->items[i].kind == RT_DOC_TEXT)
            rt_lock_one_integrity(out, item,
                                  rt_str_format(out->arena, "%.*s:%.*s",
                                                RT_FMT(hashes->keys[i].text),
                                                RT_FMT(hashes->items[i].text)));
}

/* "name[extra]>=1; marker" -> the normalised name. */
static RtStr name_in(RtLockWriter *out, RtStr text)
{
    size_t end = 0;
    RtStr ends = RT_STR(" \t[(<>=!~;@,");
    while (end < text.len && rt_str_find_byte(ends, text.at[end]) == RT_NOT_FOUND)
        end++;
    return rt_lock_pypi_name(out, rt_str_sub(text, 0, end));
}

void rt_lock_python_needs(RtLockWriter *out, uint32_t from, const RtDoc *needs)
{
    for (size_t i = 0; needs && needs->kind != RT_DOC_TEXT && i < needs->count; i++) {
        const RtDoc *need = &needs->items[i];
        RtStr name = needs->kind == RT_DOC_MAP   ? needs->keys[i].text
                     : need->kind == RT_DOC_TEXT ? need->text
                                                 : rt_doc_text(need, RT_STR("name"));
        name = name_in(out, name);
        RtStr version = rt_doc_text(need, RT_STR("version"));
        uint32_t to = needs->kind == RT_DOC_LIST && version.len
                          ? rt_lock_find(out, rt_lock_pair(out, name, version))
                          : 0;
        rt_lock_needs(out, from, to ? to : rt_lock_find(out, name));
    }
}
