/* flow_python_cipher_builtin.c - ciphers whose key stands in the code, and byte code in a literal.
 *
 * Fernet with a literal key carried 27 % of the malicious families of the development corpus: the
 * payload is seen only when it is decrypted. Objects that hold a key (Fernet, AES, a hash) are
 * instances whose `text` is what they were made of. Layouts: github.com/fernet/spec; PyCryptodome's
 * AES in CBC mode; marshal as python_pyc.h says. */
#include <string.h>

#include "base/base64.h"
#include "base/hash.h"
#include "facts/flow/flow_parts.h"
#include "facts/languages/python_pyc.h"

#define BUILTIN(name) static bool name(RtRun *run, RtFlowCall *call, RtValue *ret_value)

enum { FERNET_HEAD = 25, FERNET_MAC = 32, AES_BLOCK = 16 };

static bool is_text(RtValue value)
{
    return (value.kind == RT_V_TEXT || value.kind == RT_V_BYTES) && rt_flow_known(value);
}

/* An instance of `path` that remembers `text`. */
static RtValue holder(RtRun *run, const char *path, RtValue text, const RtFlowOrigins *from)
{
    RtValue value = rt_flow_native_instance(run, rt_str_from_c(path), from);

    if (value.kind == RT_V_NATIVE)
        value.native->text = text;
    return value;
}

static RtValue held(const RtFlowCall *call)
{
    return call->self.kind == RT_V_NATIVE ? call->self.native->text : RT_UNKNOWN;
}

/* Decrypted, but nobody knows to what. */
static RtValue closed(RtRun *run, RtFlowCall *call, const char *how)
{
    const RtStr text = rt_str_sub(rt_flow_str(rt_flow_arg(call, 0)), 0, 128);
    const RtFlowOrigins *from = rt_flow_call_origins(run, call);
    const uint32_t fact =
        rt_flow_fact2(run, call->node, RT_FACT_DATA_DECODE, rt_str_from_c(how), text, from);

    return rt_flow_unknown(rt_flow_unite(run, from, rt_flow_origin(run, fact)));
}

BUILTIN(fernet)
{
    const RtValue key = rt_flow_named(call, "key", 0);

    if (!is_text(key))
        return false;
    *ret_value = holder(run, "cryptography.fernet.Fernet()", key, rt_flow_call_origins(run, call));
    return true;
}

static bool open_fernet(RtRun *run, RtStr key_text, RtStr token_text, RtStr *ret_plain)
{
    RtStr key, token;
    uint8_t mac[32];

    if (!rt_base64_decode(run->arena, key_text, &key) || key.len != 32 ||
        !rt_base64_decode(run->arena, token_text, &token) ||
        token.len < FERNET_HEAD + AES_BLOCK + FERNET_MAC)
        return false;
    rt_hmac_sha256(rt_str_sub(key, 0, 16), rt_str_sub(token, 0, token.len - FERNET_MAC), mac);
    if (memcmp(mac, token.at + token.len - FERNET_MAC, FERNET_MAC) != 0)
        return false;
    *ret_plain =
        rt_aes_cbc_decrypt(run->arena, rt_str_sub(key, 16, 16), rt_str_sub(token, 9, AES_BLOCK),
                           rt_str_sub(token, FERNET_HEAD, token.len - FERNET_HEAD - FERNET_MAC));
    return ret_plain->len > 0;
}

BUILTIN(fernet_decrypt)
{
    const RtValue key = held(call), token = rt_flow_named(call, "token", 0);
    RtStr plain;

    if (!is_text(key) || !is_text(token) ||
        !open_fernet(run, rt_flow_str(key), rt_flow_str(token), &plain)) {
        *ret_value = closed(run, call, "fernet");
        return true;
    }
    *ret_value = rt_flow_with(run, rt_flow_bytes(run, plain), key.from);
    *ret_value = rt_flow_decoded(run, call->node, "fernet", token, *ret_value);
    return true;
}

BUILTIN(aes_new)
{
    const RtValue key = rt_flow_named(call, "key", 0), mode = rt_flow_named(call, "mode", 1);
    RtValue iv = rt_flow_named(call, "iv", 2);
    RtValue both = rt_flow_array(run, 2);

    if (iv.kind == RT_V_UNDEFINED)
        iv = rt_flow_named(call, "IV", 2);
    if (!is_text(key) || !is_text(iv) || mode.kind != RT_V_NATIVE ||
        !rt_str_ends(mode.native->path, RT_STR("MODE_CBC")))
        return false;
    rt_flow_push(run, both.array, key);
    rt_flow_push(run, both.array, iv);
    *ret_value = holder(run, "Crypto.Cipher.AES.Cipher", both, rt_flow_call_origins(run, call));
    return true;
}

/* The caller takes the padding off by himself: it is put back. */
static RtStr padded(RtRun *run, RtStr plain)
{
    const size_t pad = AES_BLOCK - plain.len % AES_BLOCK;
    uint8_t *copy = rt_arena_bytes(run->arena, plain.len + pad);

    memcpy(copy, plain.at, plain.len);
    memset(copy + plain.len, (int)pad, pad);
    return (RtStr){ copy, plain.len + pad };
}

BUILTIN(aes_decrypt)
{
    const RtValue both = held(call), data = rt_flow_arg(call, 0);
    RtStr plain = { 0 };

    if (both.kind == RT_V_ARRAY && both.array->count == 2 && is_text(data))
        plain = rt_aes_cbc_decrypt(run->arena, rt_flow_str(both.array->items[0]),
                                   rt_flow_str(both.array->items[1]), rt_flow_str(data));
    if (plain.len == 0) {
        *ret_value = closed(run, call, "aes");
        return true;
    }
    *ret_value =
        rt_flow_decoded(run, call->node, "aes", data, rt_flow_bytes(run, padded(run, plain)));
    return true;
}

BUILTIN(unpad)
{
    const RtValue data = rt_flow_arg(call, 0);
    const RtStr bytes = rt_flow_str(data);

    if (!is_text(data) || bytes.len == 0 || bytes.at[bytes.len - 1] > bytes.len)
        return false;
    *ret_value = rt_flow_with(
        run, rt_flow_bytes(run, rt_str_sub(bytes, 0, bytes.len - bytes.at[bytes.len - 1])),
        data.from);
    return true;
}

BUILTIN(sha256)
{
    const RtValue data = rt_flow_arg(call, 0);

    if (!is_text(data))
        return false;
    *ret_value = holder(run, "hashlib.sha256()", data, data.from);
    return true;
}

static bool digest_of(RtRun *run, const RtFlowCall *call, bool hex, RtValue *ret_value)
{
    const RtValue data = held(call);
    uint8_t *digest = rt_arena_bytes(run->arena, 32);

    if (!is_text(data))
        return false;
    rt_sha256(rt_flow_str(data), digest);
    *ret_value = hex ? rt_flow_text(run, rt_hex(run->arena, (RtStr){ digest, 32 }))
                     : rt_flow_bytes(run, (RtStr){ digest, 32 });
    *ret_value = rt_flow_with(run, *ret_value, data.from);
    return true;
}

BUILTIN(digest) { return digest_of(run, call, false, ret_value); }
BUILTIN(hexdigest) { return digest_of(run, call, true, ret_value); }

/* The names and constants of the code become a layer; the table gives the fact. */
BUILTIN(marshal_loads)
{
    const RtValue data = rt_flow_arg(call, 0);
    const RtFlowModule *module = run->frame->module;
    RtStr text;

    (void)ret_value;
    if (!is_text(data) || module->foreign || !module->layer)
        return false;
    text = rt_marshal_text(run->arena, rt_flow_str(data), 0);
    if (text.len > 0)
        run->sink->layer(run->sink, (RtLayer){ .parent = module->layer,
                                               .via = RT_VIA_DECODED,
                                               .name = RT_STR("marshal"),
                                               .bytes = rt_str_copy(run->sink->arena, text),
                                               .source = { call->node->from, call->node->len } });
    return false;
}

static const RtFlowBuiltin items[] = {
    { "cryptography.fernet.Fernet", fernet },
    { "cryptography.fernet.Fernet().decrypt", fernet_decrypt },
    { "Crypto.Cipher.AES.new", aes_new },
    { "Cryptodome.Cipher.AES.new", aes_new },
    { "Crypto.Cipher.AES.Cipher.decrypt", aes_decrypt },
    { "Crypto.Util.Padding.unpad", unpad },
    { "Cryptodome.Util.Padding.unpad", unpad },
    { "hashlib.sha256", sha256 },
    { "hashlib.sha256().digest", digest },
    { "hashlib.sha256().hexdigest", hexdigest },
    { "marshal.loads", marshal_loads },
};

const RtFlowBuiltins rt_flow_python_cipher_builtins = { items, RT_COUNT(items) };
