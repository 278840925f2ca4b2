/* flow_python_codec_builtin.c - base64, binascii, codecs, zlib and friends, bytes.decode. bz2 and
 * lzma are left to the layers: their streams are found again where the base64 around them was a
 * layer. */
#include "base/base64.h"
#include "facts/flow/flow_codec.h"
#include "facts/flow/flow_parts.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

static bool is_plain(RtValue value)
{
    return (value.kind == RT_V_TEXT || value.kind == RT_V_BYTES) && rt_flow_known(value);
}

typedef bool (*Decoder)(RtRun *run, RtStr in, RtStr *ret_out);

static bool base64(RtRun *run, RtStr in, RtStr *ret_out)
{
    return rt_base64_decode(run->arena, in, ret_out);
}
static bool base32(RtRun *run, RtStr in, RtStr *ret_out)
{
    return rt_codec_base32(run->arena, in, ret_out);
}
static bool base85(RtRun *run, RtStr in, RtStr *ret_out)
{
    return rt_codec_base85(run->arena, in, false, ret_out);
}
static bool ascii85(RtRun *run, RtStr in, RtStr *ret_out)
{
    return rt_codec_base85(run->arena, in, true, ret_out);
}
static bool hex(RtRun *run, RtStr in, RtStr *ret_out)
{
    return rt_codec_hex(run->arena, in, ret_out);
}
static bool inflate(RtRun *run, RtStr in, RtStr *ret_out)
{
    return rt_codec_inflate(run->arena, in, RT_FLOW_TEXT_LIMIT, ret_out);
}

static bool decode(RtRun *run, RtFlowCall *call, const char *how, Decoder decoder,
                   RtValue *ret_value)
{
    const RtValue in = rt_flow_named(call, "s", 0);
    RtStr out;

    if (in.kind == RT_V_UNDEFINED)
        return false;
    if (is_plain(in) && decoder(run, in.text->str, &out)) {
        rt_flow_tick(run, (in.text->str.len + out.len) / 8);
        *ret_value = rt_flow_decoded(run, call->node, how, in, rt_flow_bytes(run, out));
    } else {
        *ret_value = rt_flow_decoded(run, call->node, how, in, RT_UNKNOWN);
        ret_value->from = rt_flow_unite(run, ret_value->from, rt_flow_deep(run, call->node, in));
    }
    return true;
}

BUILTIN(b64decode) { return decode(run, call, "base64", base64, ret_value); }
BUILTIN(b32decode) { return decode(run, call, "base32", base32, ret_value); }
BUILTIN(b85decode) { return decode(run, call, "base85", base85, ret_value); }
BUILTIN(a85decode) { return decode(run, call, "base85", ascii85, ret_value); }
BUILTIN(unhexlify) { return decode(run, call, "hex", hex, ret_value); }
BUILTIN(decompress) { return decode(run, call, "inflate", inflate, ret_value); }

static bool nothing(RtRun *run, RtStr in, RtStr *ret_out)
{
    (void)run;
    (void)in;
    (void)ret_out;
    return false;
}
BUILTIN(bz2) { return decode(run, call, "bzip2", nothing, ret_value); }
BUILTIN(lzma) { return decode(run, call, "lzma", nothing, ret_value); }

BUILTIN(b64encode)
{
    const RtValue in = rt_flow_arg(call, 0);

    if (!is_plain(in))
        return false;
    *ret_value = rt_flow_with(
        run, rt_flow_bytes(run, rt_codec_base64_text(run->arena, in.text->str)), in.from);
    return true;
}

BUILTIN(hexlify)
{
    const RtValue in = call->self.kind == RT_V_BYTES ? call->self : rt_flow_arg(call, 0);
    RtStr out;

    if (!is_plain(in))
        return false;
    out = rt_codec_hex_text(run->arena, in.text->str);
    *ret_value = call->self.kind == RT_V_BYTES ? rt_flow_text(run, out) : rt_flow_bytes(run, out);
    ret_value->from = in.from;
    return true;
}

static bool is_codec(RtValue name, const char *word)
{
    return name.kind == RT_V_TEXT &&
           rt_str_find_nocase(name.text->str, rt_str_from_c(word)) != RT_NOT_FOUND;
}

/* Python's \n \x41 \u0041 \N{…} in a text that is decoded as unicode_escape. */
static RtStr unescape(RtRun *run, RtStr in)
{
    RtText out = { .arena = run->arena, .limit = RT_FLOW_TEXT_LIMIT };

    for (size_t i = 0; i < in.len; i++) {
        const uint8_t c = i + 1 < in.len ? in.at[i + 1] : 0;
        const size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        uint64_t rune;
        if (in.at[i] != '\\' || c == 0) {
            rt_text_byte(&out, in.at[i]);
            continue;
        }
        i++;
        if (digits && rt_str_number(rt_str_format(run->arena, "0x%.*s",
                                                  RT_FMT(rt_str_sub(in, i + 1, digits))),
                                    &rune)) {
            rt_text_rune(&out, (uint32_t)rune);
            i += digits;
        } else {
            rt_text_byte(&out, c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c);
        }
    }
    return rt_text_str(&out);
}

static bool convert(RtRun *run, const RtNode *node, RtValue in, RtValue codec, RtValue *ret_value)
{
    RtStr out;

    if (!is_plain(in))
        return false;
    rt_flow_tick(run, in.text->str.len / 8);
    if (is_codec(codec, "rot")) {
        *ret_value = rt_flow_decoded(run, node, "rot13", in,
                                     rt_flow_text(run, rt_codec_rot13(run->arena, in.text->str)));
    } else if (is_codec(codec, "hex")) {
        if (!rt_codec_hex(run->arena, in.text->str, &out))
            return false;
        *ret_value = rt_flow_decoded(run, node, "hex", in, rt_flow_bytes(run, out));
    } else if (is_codec(codec, "base64") || is_codec(codec, "base_64")) {
        if (!rt_base64_decode(run->arena, in.text->str, &out))
            return false;
        *ret_value = rt_flow_decoded(run, node, "base64", in, rt_flow_bytes(run, out));
    } else if (is_codec(codec, "zip") || is_codec(codec, "zlib")) {
        if (!rt_codec_inflate(run->arena, in.text->str, RT_FLOW_TEXT_LIMIT, &out))
            return false;
        *ret_value = rt_flow_decoded(run, node, "inflate", in, rt_flow_bytes(run, out));
    } else if (is_codec(codec, "escape")) {
        *ret_value = rt_flow_decoded(run, node, "escapes", in,
                                     rt_flow_text(run, unescape(run, in.text->str)));
    } else if (is_codec(codec, "16")) {
        *ret_value = rt_flow_text(run, rt_utf16le_text(run->arena, in.text->str));
    } else if (is_codec(codec, "latin") || is_codec(codec, "8859") || is_codec(codec, "cp1252")) {
        *ret_value = rt_flow_text(run, rt_codec_latin1_text(run->arena, in.text->str));
    } else {
        *ret_value = rt_flow_text(run, rt_codec_utf8_text(run->arena, in.text->str));
    }
    *ret_value = rt_flow_with(run, *ret_value, in.from);
    return true;
}

BUILTIN(bytes_decode)
{
    return convert(run, call->node, call->self, rt_flow_named(call, "encoding", 0), ret_value);
}
BUILTIN(codecs_decode)
{
    return convert(run, call->node, rt_flow_arg(call, 0), rt_flow_named(call, "encoding", 1),
                   ret_value);
}

BUILTIN(text_encode)
{
    const RtValue codec = rt_flow_named(call, "encoding", 0);
    RtStr out = call->self.text->str;

    if (call->self.text->partial)
        return false;
    if (is_codec(codec, "rot")) {
        *ret_value = rt_flow_text(run, rt_codec_rot13(run->arena, out));
        return true;
    }
    if ((is_codec(codec, "latin") || is_codec(codec, "8859")) &&
        !rt_codec_latin1_bytes(run->arena, out, &out))
        return false;
    *ret_value = rt_flow_with(run, rt_flow_bytes(run, out), call->self.from);
    return true;
}

BUILTIN(from_bytes)
{
    const RtValue bytes = rt_flow_named(call, "bytes", 0),
                  order = rt_flow_named(call, "byteorder", 1);
    uint64_t value = 0;

    if (bytes.kind != RT_V_BYTES || bytes.text->str.len > 7)
        return false;
    for (size_t i = 0; i < bytes.text->str.len; i++) {
        const size_t at = is_codec(order, "little") ? bytes.text->str.len - 1 - i : i;
        value = value << 8 | bytes.text->str.at[at];
    }
    *ret_value = rt_flow_with(run, rt_flow_integer(run, (int64_t)value), bytes.from);
    return true;
}

static bool unquote_text(RtRun *run, RtFlowCall *call, RtValue *ret_value)
{
    const RtValue text = rt_flow_arg(call, 0);

    if (text.kind != RT_V_TEXT || !rt_flow_known(text))
        return false;
    *ret_value = rt_flow_with(
        run, rt_flow_text(run, rt_codec_percent(run->arena, text.text->str, false)), text.from);
    return true;
}

static const RtFlowBuiltin builtins[] = {
    { "base64.b64decode", b64decode },
    { "base64.standard_b64decode", b64decode },
    { "base64.urlsafe_b64decode", b64decode },
    { "base64.decodebytes", b64decode },
    { "base64.decodestring", b64decode },
    { "binascii.a2b_base64", b64decode },
    { "base64.b32decode", b32decode },
    { "base64.b16decode", unhexlify },
    { "base64.b85decode", b85decode },
    { "base64.a85decode", a85decode },
    { "base64.b64encode", b64encode },
    { "base64.urlsafe_b64encode", b64encode },
    { "binascii.unhexlify", unhexlify },
    { "binascii.a2b_hex", unhexlify },
    { "binascii.hexlify", hexlify },
    { "binascii.b2a_hex", hexlify },
    { "bytes.hex", hexlify },
    { "builtins.bytes.fromhex", unhexlify },
    { "builtins.bytearray.fromhex", unhexlify },
    { "zlib.decompress", decompress },
    { "gzip.decompress", decompress },
    { "bz2.decompress", bz2 },
    { "lzma.decompress", lzma },
    { "codecs.decode", codecs_decode },
    { "bytes.decode", bytes_decode },
    { "text.decode", bytes_decode },
    { "text.encode", text_encode },
    { "builtins.int.from_bytes", from_bytes },
    { "urllib.parse.unquote", unquote_text },
    { "urllib.unquote", unquote_text },
};
const RtFlowBuiltins rt_flow_python_codec_builtins = { builtins, RT_COUNT(builtins) };
