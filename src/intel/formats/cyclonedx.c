/* cyclonedx.c - VEX: a CycloneDX 1.6 document that says which packages carry malware (CWE-506) and
 * in which versions, for tools that hold an SBOM against it. */
#include "intel/formats.h"
#include "intel/names.h"
#include "intel/purl.h"

static RtStr reference_of(RtArena *arena, const RtIntelEntry *entry)
{
    return rt_str_format(arena, "ratter-%.*s", RT_FMT(rt_entry_digest(arena, entry, 12)));
}

static void write_component(RtText *out, const RtIntelEntry *entry)
{
    rt_json_comma(out);
    rt_text_add(out, RT_STR("{\"type\":\"library\""));
    rt_json_pair(out, "bom-ref", reference_of(out->arena, entry));
    rt_json_pair(out, "name", entry->value);
    bool is_single = entry->versions.len > 0 &&
                     rt_str_find_byte(entry->versions, '|') == RT_NOT_FOUND &&
                     entry->versions.at[0] != '<' && entry->versions.at[0] != '>';
    RtStr version = is_single ? entry->versions : (RtStr){ 0 };
    rt_json_pair(out, "version", version);
    rt_json_pair(out, "purl", rt_purl_of(out->arena, entry->ecosystem, entry->value, version));
    rt_text_byte(out, '}');
}

/* Versions as they are, ranges in the notation of "vers". */
static void write_versions(RtText *out, const RtIntelEntry *entry)
{
    RtStr rest = entry->versions, item;
    if (rest.len == 0) {
        rt_text_format(out, "{\"range\":\"vers:%.*s/*\",\"status\":\"affected\"}",
                       RT_FMT(entry->ecosystem));
        return;
    }
    while (rt_str_next(&rest, '|', &item)) {
        bool is_range = item.len > 0 && (item.at[0] == '<' || item.at[0] == '>');
        RtText text = { .arena = out->arena };
        if (is_range)
            rt_text_format(&text, "vers:%.*s/", RT_FMT(entry->ecosystem));
        for (size_t i = 0; i < item.len; i++)
            rt_text_byte(&text, item.at[i] == ' ' ? '|' : item.at[i]);
        rt_json_comma(out);
        rt_text_byte(out, '{');
        rt_json_pair(out, is_range ? "range" : "version", rt_text_str(&text));
        rt_json_pair(out, "status", RT_STR("affected"));
        rt_text_byte(out, '}');
    }
}

static void write_statement(RtText *out, const RtIntelEntry *entry)
{
    RtStr reference = reference_of(out->arena, entry);
    rt_json_comma(out);
    rt_text_byte(out, '{');
    rt_json_pair(out, "bom-ref", rt_str_format(out->arena, "vex-%.*s", RT_FMT(reference)));
    rt_json_pair(out, "id", entry->id.len > 0 ? entry->id : reference);
    rt_json_key(out, "source");
    rt_text_add(out, RT_STR("{\"name\":\"ratter\""));
    if (rt_str_starts(entry->reference, RT_STR("http")))
        rt_json_pair(out, "url", entry->reference);
    rt_text_add(out, RT_STR("}"));
    rt_json_key(out, "ratings");
    rt_text_add(out, RT_STR("[{\"severity\":\"critical\",\"method\":\"other\"}]"));
    rt_json_key(out, "cwes");
    rt_text_add(out, RT_STR("[506]"));
    rt_json_pair(out, "description", RT_STR("Malicious code in the package"));
    rt_json_pair(out, "recommendation",
                 RT_STR("Remove the package; change every secret the machine held"));
    rt_json_key(out, "analysis");
    rt_text_add(out, RT_STR("{\"state\":\"exploitable\",\"response\":[\"can_not_fix\"]"));
    rt_json_pair(out, "detail", entry->summary);
    rt_text_byte(out, '}');
    rt_json_key(out, "affects");
    rt_text_add(out, RT_STR("[{"));
    rt_json_pair(out, "ref", reference);
    rt_json_key(out, "versions");
    rt_text_byte(out, '[');
    write_versions(out, entry);
    rt_text_add(out, RT_STR("]}]}"));
}

static void write_vex(RtIntelExport *what, RtText *out)
{
    RtArena *arena = out->arena;
    RtText all = { .arena = arena };
    for (size_t i = 0; i < what->count; i++)
        rt_text_add(&all, rt_entry_digest(arena, &what->entries[i], 16));
    rt_text_add(out, RT_STR("{\"$schema\":\"http://cyclonedx.org/schema/bom-1.6.schema.json\","
                            "\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\""));
    rt_json_pair(out, "serialNumber",
                 rt_str_format(arena, "urn:uuid:%.*s", RT_FMT(rt_uuid(arena, rt_text_str(&all)))));
    rt_text_add(out, RT_STR(",\"version\":1,\"metadata\":{"));
    rt_json_pair(out, "timestamp", rt_time_text(arena, what->time));
    rt_json_key(out, "tools");
    rt_text_add(out, RT_STR("{\"components\":[{\"type\":\"application\",\"name\":\"ratter\""));
    rt_json_pair(out, "version", what->version);
    rt_text_add(out, RT_STR("}]},\"properties\":[{\"name\":\"ratter:tlp\""));
    rt_json_pair(out, "value", rt_intel_tlp_name(what->tlp));
    rt_text_add(out, RT_STR("}]},\"components\":["));
    for (size_t i = 0; i < what->count; i++)
        if (what->entries[i].kind == RT_INTEL_PACKAGE)
            write_component(out, &what->entries[i]);
    rt_text_add(out, RT_STR("],\"vulnerabilities\":["));
    for (size_t i = 0; i < what->count; i++) {
        if (what->entries[i].kind == RT_INTEL_PACKAGE)
            write_statement(out, &what->entries[i]);
        else
            what->left_out++;
    }
    rt_text_add(out, RT_STR("]}\n"));
}

const RtIntelFormat rt_intel_format_cyclonedx = {
    .name = "cyclonedx",
    .title = "CycloneDX 1.6 VEX: packages that carry malware",
    .write = write_vex,
};
