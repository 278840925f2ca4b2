/* flow_js_codec_builtin.c - atob, Buffer, typed arrays, URI escapes, zlib. */
#include "base/base64.h"
#include "facts/flow/flow_codec.h"
#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

static bool is_plain(RtValue value)
{
    return (value.kind == RT_V_TEXT || value.kind == RT_V_BYTES) && rt_flow_known(value);
}

BUILTIN(atob)
{
    const RtValue text = rt_flow_arg(call, 0);
    RtStr bytes;

    if (!is_plain(text) || !rt_base64_decode(run->arena, text.text->str, &bytes)) {
        *ret_value = rt_flow_decoded(run, call->node, "base64", text, RT_UNKNOWN);
        return true;
    }
    rt_flow_tick(run, bytes.len / 8);
    *ret_value = rt_flow_text(run, rt_codec_latin1_text(run->arena, bytes));
    *ret_value = rt_flow_decoded(run, call->node, "base64", text, *ret_value);
    return true;
}

BUILTIN(btoa)
{
    const RtValue text = rt_flow_arg(call, 0);
    RtStr bytes;

    if (!is_plain(text) || !rt_codec_latin1_bytes(run->arena, text.text->str, &bytes))
        return false;
    *ret_value =
        rt_flow_with(run, rt_flow_text(run, rt_codec_base64_text(run->arena, bytes)), text.from);
    return true;
}

static RtValue writable_bytes(RtRun *run, RtStr bytes)
{
    RtValue value;
    RtFlowBuffer *buffer = RT_NEW(run->arena, RtFlowBuffer);

    bytes = rt_str_copy(run->arena, bytes);
    value = rt_flow_bytes(run, bytes);
    buffer->at = (uint8_t *)(uintptr_t)bytes.at;
    buffer->used = buffer->capacity = bytes.len;
    value.text->buffer = buffer;
    value.text->writable = true;
    return value;
}

static RtStr encoding_of(RtValue value)
{
    return value.kind == RT_V_TEXT ? value.text->str : RT_STR("utf8");
}

static bool bytes_of_list(RtRun *run, RtValue list, RtValue *ret_value)
{
    uint8_t *out = rt_arena_bytes(run->arena, list.array->count + 1);
    double number;

    if (list.array->open)
        return false;
    for (size_t i = 0; i < list.array->count; i++) {
        if (!rt_flow_known(list.array->items[i]) ||
            !rt_flow_to_number(run, list.array->items[i], &number))
            return false;
        out[i] = number == number ? (uint8_t)(int64_t)number : 0;
    }
    rt_flow_tick(run, list.array->count / 8);
    *ret_value = writable_bytes(run, (RtStr){ out, list.array->count });
    ret_value->from = list.from;
    return true;
}

/* Buffer.from(text, encoding), Buffer.from(list) */
BUILTIN(buffer_from)
{
    const RtValue value = rt_flow_arg(call, 0);
    const RtStr encoding = encoding_of(rt_flow_arg(call, 1));
    const bool base64 = rt_str_equal_nocase(encoding, RT_STR("base64")) ||
                        rt_str_equal_nocase(encoding, RT_STR("base64url"));
    const bool hex = rt_str_equal_nocase(encoding, RT_STR("hex"));
    RtStr bytes = { 0 };

    if (value.kind == RT_V_ARRAY)
        return bytes_of_list(run, value, ret_value);
    if (!is_plain(value)) {
        if (!base64 && !hex)
            return false;
        *ret_value = rt_flow_decoded(run, call->node, base64 ? "base64" : "hex", value, RT_UNKNOWN);
        return true;
    }
    rt_flow_tick(run, value.text->str.len / 8);
    if (base64 ? rt_base64_decode(run->arena, value.text->str, &bytes)
               : hex && rt_codec_hex(run->arena, value.text->str, &bytes)) {
        *ret_value = rt_flow_decoded(run, call->node, base64 ? "base64" : "hex", value,
                                     writable_bytes(run, bytes));
        return true;
    }
    if (base64 || hex) {
        *ret_value = rt_flow_decoded(run, call->node, base64 ? "base64" : "hex", value, RT_UNKNOWN);
        return true;
    }
    if (rt_str_equal_nocase(encoding, RT_STR("latin1")) ||
        rt_str_equal_nocase(encoding, RT_STR("binary"))) {
        if (!rt_codec_latin1_bytes(run->arena, value.text->str, &bytes))
            return false;
    } else {
        bytes = value.text->str;
    }
    *ret_value = rt_flow_with(run, writable_bytes(run, bytes), value.from);
    return true;
}

/* buffer.toString(encoding) */
BUILTIN(bytes_to_string)
{
    const RtStr encoding = encoding_of(rt_flow_arg(call, 0));
    const RtStr bytes = call->self.text->str;

    rt_flow_tick(run, bytes.len / 8);
    if (rt_str_equal_nocase(encoding, RT_STR("hex")))
        *ret_value = rt_flow_text(run, rt_codec_hex_text(run->arena, bytes));
    else if (rt_str_equal_nocase(encoding, RT_STR("base64")))
        *ret_value = rt_flow_text(run, rt_codec_base64_text(run->arena, bytes));
    else if (rt_str_equal_nocase(encoding, RT_STR("latin1")) ||
             rt_str_equal_nocase(encoding, RT_STR("binary")))
        *ret_value = rt_flow_text(run, rt_codec_latin1_text(run->arena, bytes));
    else if (rt_str_find_nocase(encoding, RT_STR("16le")) != RT_NOT_FOUND ||
             rt_str_equal_nocase(encoding, RT_STR("ucs2")))
        *ret_value = rt_flow_text(run, rt_utf16le_text(run->arena, bytes));
    else
        *ret_value = rt_flow_text(run, rt_codec_utf8_text(run->arena, bytes));
    ret_value->from = call->self.from;
    return true;
}

BUILTIN(bytes_slice)
{
    const double count = (double)call->self.text->str.len;
    double from, to;

    if (!rt_flow_arg_number(run, call, 0, 0, &from) ||
        !rt_flow_arg_number(run, call, 1, count, &to))
        return false;
    from = from < 0 ? from + count : from;
    to = to < 0 ? to + count : to;
    from = from < 0 ? 0 : from > count ? count : from;
    to = to < from ? from : to > count ? count : to;
    *ret_value = rt_flow_with(
        run,
        writable_bytes(run, rt_str_sub(call->self.text->str, (size_t)from, (size_t)(to - from))),
        call->self.from);
    return true;
}

/* map, forEach, reduce … of a typed array are those of the array of its numbers */
static bool as_array(RtRun *run, RtFlowCall *call, RtStr name, bool back, RtValue *ret_value)
{
    RtFlowCall inner = *call;
    const RtFlowBuiltin *builtin;

    inner.self =
        rt_flow_with(run,
                     (RtValue){ .kind = RT_V_ARRAY,
                                .array = rt_flow_elements(run, call->node, call->self, false) },
                     call->self.from);
    builtin = rt_flow_method(run, inner.self, name);
    if (!builtin || !builtin->run(run, &inner, ret_value))
        return false;
    if (back && ret_value->kind == RT_V_ARRAY)
        return bytes_of_list(run, *ret_value, ret_value);
    return true;
}

BUILTIN(bytes_map) { return as_array(run, call, RT_STR("map"), true, ret_value); }
BUILTIN(bytes_for_each) { return as_array(run, call, RT_STR("forEach"), false, ret_value); }
BUILTIN(bytes_reduce) { return as_array(run, call, RT_STR("reduce"), false, ret_value); }
BUILTIN(bytes_filter) { return as_array(run, call, RT_STR("filter"), true, ret_value); }
BUILTIN(bytes_reverse) { return as_array(run, call, RT_STR("reverse"), true, ret_value); }
BUILTIN(bytes_join) { return as_array(run, call, RT_STR("join"), false, ret_value); }

BUILTIN(char_code_at)
{
    double at;

    if (!rt_flow_arg_number(run, call, 0, 0, &at) || at < 0 ||
        at >= (double)call->self.text->str.len)
        return false;
    *ret_value =
        rt_flow_with(run, rt_flow_number(call->self.text->str.at[(size_t)at]), call->self.from);
    return true;
}

BUILTIN(buffer_concat)
{
    const RtValue list = rt_flow_arg(call, 0);
    RtText out = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };
    const RtFlowOrigins *from;

    if (list.kind != RT_V_ARRAY || list.array->open)
        return false;
    from = rt_flow_deep(run, call->node, list);
    for (size_t i = 0; i < list.array->count; i++) {
        if (list.array->items[i].kind != RT_V_BYTES)
            return false;
        rt_text_add(&out, list.array->items[i].text->str);
    }
    *ret_value = rt_flow_with(run, writable_bytes(run, rt_text_str(&out)), from);
    return true;
}

/* new Uint8Array(n | list | buffer), Buffer.alloc(n) */
BUILTIN(typed_array)
{
    const RtValue from = rt_flow_arg(call, 0);
    double count;

    if (from.kind == RT_V_ARRAY)
        return bytes_of_list(run, from, ret_value);
    if (from.kind == RT_V_BYTES) {
        *ret_value = rt_flow_with(run, writable_bytes(run, from.text->str), from.from);
        return true;
    }
    if (from.kind != RT_V_NUMBER || !rt_flow_to_number(run, from, &count) || count < 0 ||
        count > RT_FLOW_TEXT_LIMIT)
        return false;
    *ret_value = writable_bytes(
        run, (RtStr){ rt_arena_take(run->arena, 1, (size_t)count + 1), (size_t)count });
    return true;
}

BUILTIN(text_decode)
{
    RtFlowCall inner = *call;

    inner.self = rt_flow_arg(call, 0);
    inner.count = 0;
    return inner.self.kind == RT_V_BYTES && bytes_to_string(run, &inner, ret_value);
}

BUILTIN(text_encode)
{
    const RtValue text = rt_flow_arg(call, 0);

    if (!is_plain(text))
        return false;
    *ret_value = rt_flow_with(run, writable_bytes(run, text.text->str), text.from);
    return true;
}

static bool percent(RtRun *run, RtFlowCall *call, bool latin1, RtValue *ret_value)
{
    const RtValue text = rt_flow_arg(call, 0);
    RtStr out;

    if (text.kind != RT_V_TEXT)
        return false;
    rt_flow_tick(run, text.text->str.len / 8);
    out = rt_codec_percent(run->arena, text.text->str, latin1);
    *ret_value = rt_flow_text(run, out);
    if (text.text->partial && out.len > 1)
        ret_value->text->partial = true;
    if (out.len != text.text->str.len)
        *ret_value = rt_flow_decoded(run, call->node, "percent", text, *ret_value);
    ret_value->from = rt_flow_unite(run, ret_value->from, text.from);
    return true;
}

BUILTIN(unescape) { return percent(run, call, true, ret_value); }
BUILTIN(decode_uri) { return percent(run, call, false, ret_value); }

static bool quote(RtRun *run, RtFlowCall *call, const char *keep, RtValue *ret_value)
{
    const RtValue text = rt_flow_to_text(run, rt_flow_arg(call, 0));
    RtText out = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };

    for (size_t i = 0; i < text.text->str.len; i++) {
        const uint8_t c = text.text->str.at[i];
        const bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                           rt_str_find_byte(rt_str_from_c(keep), c) != RT_NOT_FOUND;
        if (plain || text.text->partial)
            rt_text_byte(&out, c);
        else
            rt_text_format(&out, "%%%02X", c);
    }
    *ret_value = rt_flow_text(run, rt_text_str(&out));
    ret_value->text->partial = text.text->partial && out.len > 1;
    ret_value->from = text.from;
    return true;
}

BUILTIN(encode_component) { return quote(run, call, "-_.!~*'()", ret_value); }
BUILTIN(encode_uri) { return quote(run, call, "-_.!~*'();/?:@&=+$,#", ret_value); }
BUILTIN(escape) { return quote(run, call, "@*_+-./", ret_value); }

BUILTIN(inflate)
{
    const RtValue packed = rt_flow_arg(call, 0);
    RtStr bytes;

    if (packed.kind != RT_V_BYTES ||
        !rt_codec_inflate(run->arena, packed.text->str, RT_FLOW_TEXT_LIMIT, &bytes))
        return false;
    rt_flow_tick(run, bytes.len / 4);
    *ret_value = rt_flow_decoded(run, call->node, "inflate", packed, writable_bytes(run, bytes));
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "atob", atob },
    { "btoa", btoa },
    { "Buffer.from", buffer_from },
    { "buffer.Buffer.from", buffer_from },
    { "Buffer", buffer_from },
    { "buffer.Buffer", buffer_from },
    { "Buffer.concat", buffer_concat },
    { "Buffer.alloc", typed_array },
    { "Buffer.allocUnsafe", typed_array },
    { "Uint8Array", typed_array },
    { "Uint8Array.from", typed_array },
    { "Uint8ClampedArray", typed_array },
    { "bytes.toString", bytes_to_string },
    { "bytes.slice", bytes_slice },
    { "bytes.subarray", bytes_slice },
    { "bytes.map", bytes_map },
    { "bytes.forEach", bytes_for_each },
    { "bytes.reduce", bytes_reduce },
    { "bytes.filter", bytes_filter },
    { "bytes.reverse", bytes_reverse },
    { "bytes.join", bytes_join },
    { "bytes.at", char_code_at },
    { "bytes.readUInt8", char_code_at },
    { "TextDecoder().decode", text_decode },
    { "util.TextDecoder().decode", text_decode },
    { "TextEncoder().encode", text_encode },
    { "unescape", unescape },
    { "decodeURIComponent", decode_uri },
    { "decodeURI", decode_uri },
    { "querystring.unescape", decode_uri },
    { "encodeURIComponent", encode_component },
    { "encodeURI", encode_uri },
    { "escape", escape },
    { "zlib.inflateSync", inflate },
    { "zlib.inflateRawSync", inflate },
    { "zlib.gunzipSync", inflate },
    { "zlib.unzipSync", inflate },
    { "pako.inflate", inflate },
    { "pako.ungzip", inflate },
};
const RtFlowBuiltins rt_flow_js_codec_builtins = { builtins, RT_COUNT(builtins) };
